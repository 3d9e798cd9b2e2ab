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

package controllers

import cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"

// Portfolio returns the objects in a namespace as the informers last saw them, and whether all of them are known.
func (e *engine) Portfolio(namespace string) ([]cxv1alpha1.Object, bool) {
	if !e.serves(namespace) {
		return nil, false
	}
	return e.ledger.objects(namespace), true
}

// Today is the day for which portfolios are evaluated.
func (e *engine) Today() cxv1alpha1.Date { return e.date() }

// serves tells whether the objects in a namespace are known.
func (e *engine) serves(string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.first != nil
}

// objects returns those in a namespace.
func (l *ledger) objects(namespace string) []cxv1alpha1.Object {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.accounts[namespace]
	if a == nil {
		return nil
	}
	all := make([]cxv1alpha1.Object, 0, len(a.entries))
	for _, e := range a.entries {
		all = append(all, e.object)
	}
	return all
}
