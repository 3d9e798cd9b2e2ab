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

package observer

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Reasons of problems that keep a Source from being asked.
const (
	// ReasonSourceNotAvailable is for a Source that does not exist, or that the namespace may not use. Which of the two, the namespace
	// is not told.
	ReasonSourceNotAvailable = "SourceNotAvailable"
	// ReasonWrongSourceType is for a Source of a type that the kind of object cannot ask.
	ReasonWrongSourceType = "WrongSourceType"
	// ReasonSourceInvalid is for a Source that cannot be asked as it is.
	ReasonSourceInvalid = "SourceInvalid"
)

// access tells whether and how a question can be asked.
type access struct {
	// source that is asked; nil for the observer's own cluster without a Source.
	source *cxv1alpha1.Source
	// refusal says why nothing is asked; nil where something is.
	refusal *cxv1alpha1.Problem
}

// equal tells whether another decision is the same.
func (a access) equal(b access) bool {
	sameSource := a.source == b.source || a.source != nil && b.source != nil && a.source.UID == b.source.UID && a.source.Generation == b.source.Generation
	sameRefusal := a.refusal == b.refusal || a.refusal != nil && b.refusal != nil && *a.refusal == *b.refusal
	return sameSource && sameRefusal
}

// sources decides who may ask what.
type sources struct {
	client.Reader
}

// accessTo decides on one question.
func (s sources) accessTo(ctx context.Context, key Key) (access, error) {
	if key.Source == "" {
		return access{}, nil
	}
	source := &cxv1alpha1.Source{}
	switch err := s.Get(ctx, client.ObjectKey{Name: key.Source}, source); {
	case apierrors.IsNotFound(err):
		return notAvailable(key), nil
	case err != nil:
		return access{}, fmt.Errorf("reading Source %s: %w", key.Source, err)
	}
	allowed, err := s.allows(ctx, source, key.Namespace)
	switch {
	case err != nil:
		return access{}, err
	case !allowed:
		return notAvailable(key), nil
	case !typesFor[key.Of.Kind].Has(source.Spec.Type):
		return refused(ReasonWrongSourceType, fmt.Sprintf("Source %s has type %s, which a %s cannot ask: name another one in sourceRef",
			key.Source, source.Spec.Type, key.Of.Kind)), nil
	}
	return access{source: source}, nil
}

// allows tells whether a namespace may use a source.
func (s sources) allows(ctx context.Context, source *cxv1alpha1.Source, namespace string) (bool, error) {
	selector, err := metav1.LabelSelectorAsSelector(source.Spec.NamespaceSelector)
	if err != nil {
		// As if it selected nothing: nobody may use what cannot be understood.
		return false, nil //nolint:nilerr // the schema lets only administrators make this mistake, and nobody is let in by it
	}
	if selector.Empty() {
		return true, nil
	}
	meta := &metav1.PartialObjectMetadata{}
	meta.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Namespace"))
	if err := s.Get(ctx, client.ObjectKey{Name: namespace}, meta); err != nil {
		return false, client.IgnoreNotFound(err)
	}
	return selector.Matches(labels.Set(meta.Labels)), nil
}

func notAvailable(key Key) access {
	return refused(ReasonSourceNotAvailable, fmt.Sprintf("there is no Source %s that this namespace may use: correct the name in sourceRef, "+
		"or ask an administrator for it", key.Source))
}

func refused(reason, message string) access {
	return access{refusal: &cxv1alpha1.Problem{Reason: reason, Message: cxv1alpha1.Line(message)}}
}
