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

// knownPortfolios are those that an engine keeps in memory.
type knownPortfolios struct {
	*engine

	// everywhere tells that the operator works in all namespaces. Else one without objects is most likely not its own.
	everywhere bool
}

// Portfolio returns the objects in a namespace as they were last seen, and whether all of them are known.
func (k knownPortfolios) Portfolio(namespace string) ([]cxv1alpha1.Object, bool) {
	if !k.whole(namespace) {
		return nil, false
	}
	objects := k.ledger.objects(namespace)
	return objects, k.everywhere || len(objects) > 0
}

// Today is the day for which portfolios are evaluated.
func (k knownPortfolios) Today() cxv1alpha1.Date { return k.date() }

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
