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
	// Content is the object as JSON has it, without its status and managed fields; nil when only the typed object was read.
	Content map[string]any
	// Typed is the same as a pointer to its Go type, for instance *cxv1alpha1.Moment.
	Typed cxv1alpha1.Object
	// Written is the status that the cluster holds; nil when the object comes from a file.
	Written map[string]any

	// place finds where the object stands, which takes some work in a long list; nil when it comes from a cluster.
	place func() Place
	// from is where the object was read; nil when it comes from a cluster.
	from *origin
	// again reads the content that was not kept.
	again func() (map[string]any, error)
}

// origin is where an object stands in a file.
type origin struct {
	document document
	// path leads to the object in a document that is a list.
	path []string
}

func (o *origin) place() Place { return o.document.locate(o.path, "") }

// JSON returns the object as Content has it, whether or not that was kept. It must not be changed.
func (o *Object) JSON() (map[string]any, error) {
	if o.Content != nil || o.again == nil {
		return o.Content, nil
	}
	return o.again()
}

// readAgain reads the content once more. That takes some time, but it is the same again, with what Go types do not tell: whether an
// empty list was written down.
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

// Place is where the object stands in the input; the zero Place when it comes from a cluster.
func (o *Object) Place() Place {
	if o.place == nil {
		return Place{}
	}
	return o.place()
}

func newObject(kind *kinds.Kind, content map[string]any) (*Object, error) {
	typed := kind.New()
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, typed); err != nil {
		return nil, fmt.Errorf("reading a %s: %w", kind.Name, err)
	}
	return &Object{
		Kind: kind, Namespace: typed.GetNamespace(), Name: typed.GetName(), Content: content, Typed: typed,
	}, nil
}

// describe names an object in a fault, as far as it is known.
func describe(kind, name string) string {
	if name == "" {
		return kind
	}
	return fmt.Sprintf("%s %q", kind, name)
}
