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
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// secretMemory is how long a Secret is remembered: so many requests need it, and when it changes they take it over soon.
const secretMemory = 30 * time.Second

// secrets reads the credentials of Sources, in the observer's own namespace and nowhere else.
type secrets struct {
	reader    client.Reader
	namespace string
	recent    *cache.Expiring
}

// newSecrets reads with a client that asks the API server for each: the observer may neither list nor watch Secrets.
func newSecrets(reader client.Reader, namespace string) *secrets {
	return &secrets{reader, namespace, cache.NewExpiring()}
}

// of returns what reads the credentials of a Source; nil where it has none.
func (s *secrets) of(source *cxv1alpha1.Source) func(context.Context) (string, error) {
	ref := source.Spec.SecretRef
	if ref == nil {
		return nil
	}
	return func(ctx context.Context) (string, error) {
		if known, ok := s.recent.Get(*ref); ok {
			return known.(string), nil
		}
		secret := &corev1.Secret{}
		if err := s.reader.Get(ctx, client.ObjectKey{Namespace: s.namespace, Name: string(ref.Name)}, secret); err != nil {
			return "", fmt.Errorf("reading Secret %s/%s: %w", s.namespace, ref.Name, err)
		}
		value, ok := secret.Data[ref.Key]
		if !ok {
			return "", fmt.Errorf("there is no key %s in Secret %s/%s", ref.Key, s.namespace, ref.Name)
		}
		s.recent.Set(*ref, string(value), secretMemory)
		return string(value), nil
	}
}
