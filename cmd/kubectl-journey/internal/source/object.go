/*
Copyright 2026 The journey-operator Authors.

Licensed under the Apache License, Version 2.0 (the "License");
you may not use this file except in compliance with the License.
You may obtain a copy of the License at

    http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing, software
distributed under the License is distributed on an "AS IS" BASIS,
WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
See the License for the specific language governing permissions and
limitations under the License.
*/

// Package source reads portfolios: from files, as kubectl apply and the API server together would read them, or from a cluster.
package source

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/runtime"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
)

// Object is one object of a portfolio, defaulted and valid.
type Object struct {
	Kind      *kinds.Kind
	Namespace string
	Name      string
	// Content is the object as decoded JSON, without status and managed fields. It is nil if only the typed object was read.
	Content map[string]any
	// Typed is the same as a pointer to its Go type, for instance *cxv1alpha1.Moment.
	Typed cxv1alpha1.Object
	// Written is the status in the cluster. It is nil if the object comes from a file.
	Written map[string]any

	// place finds the line of the object. It is a function, since that takes long in a long list. It is nil for objects of a cluster.
	place func() Place
	// from is the document that holds the object. It is nil for objects of a cluster.
	from *origin
	// again reads the content once more, if Content was not kept.
	again func() (map[string]any, error)
}

// origin is the place of an object in a file.
type origin struct {
	document document
	// path leads to the object, if the document is a list.
	path []string
}

func (o *origin) place() Place { return o.document.locate(o.path, "") }

// JSON returns the Content of the object. If that was not kept, it is read once more. The caller must not change it.
func (o *Object) JSON() (map[string]any, error) {
	if o.Content != nil || o.again == nil {
		return o.Content, nil
	}
	return o.again()
}

// readAgain makes the content once more from the text of the file. The typed object is not enough: it does not tell an empty list from
// a list that was left out.
func (o *Object) readAgain(ctx context.Context) (map[string]any, error) {
	for _, c := range o.from.document.candidates().value {
		if c.kind != o.Kind || !slices.Equal(c.path, o.from.path) {
			continue
		}
		_, err := c.complete(ctx, o.Namespace)
		return c.content, err
	}
	return nil, fmt.Errorf("%s %s/%s is not in %s any more", o.Kind.Name, o.Namespace, o.Name, o.Place())
}

// Place is the place of the object in the input. It is the zero Place for objects of a cluster.
func (o *Object) Place() Place {
	if o.place == nil {
		return Place{}
	}
	return o.place()
}

func newObject(kind *kinds.Kind, content map[string]any) (*Object, error) {
	typed, err := typedOf(kind, content)
	if err != nil {
		return nil, fmt.Errorf("reading a %s: %w", kind.Name, err)
	}
	return &Object{
		Kind: kind, Namespace: typed.GetNamespace(), Name: typed.GetName(), Content: content, Typed: typed,
	}, nil
}

// typedOf reads decoded JSON into a Go type. The converter is quick, but takes no number for a Decimal, which is a text in Go; JSON does.
func typedOf(kind *kinds.Kind, content map[string]any) (cxv1alpha1.Object, error) {
	typed := kind.New()
	err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, typed)
	if err == nil {
		return typed, nil
	}
	text, fault := json.Marshal(content)
	typed = kind.New()
	if fault != nil || json.Unmarshal(text, typed) != nil {
		return nil, err
	}
	return typed, nil
}

// describe names an object in a fault. Kind and name may be unknown.
func describe(kind, name string) string {
	if name == "" {
		return kind
	}
	return fmt.Sprintf("%s %q", kind, name)
}
