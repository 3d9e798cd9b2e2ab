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

import (
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/resourceversion"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/status"
)

// ref names an object.
type ref struct {
	kind *cxv1alpha1.Kind
	types.NamespacedName
}

func refOf(object cxv1alpha1.Object) ref {
	return ref{cxv1alpha1.KindOf(object), types.NamespacedName{Namespace: object.GetNamespace(), Name: object.GetName()}}
}

// entry is what the ledger holds of one object.
type entry struct {
	ref
	// object is the informer's latest word. It is shared with the informer, and never changed.
	object cxv1alpha1.Object
	// edition grows with every change of the spec.
	edition int
	// changed tells that the object is counted among those that changed since the last snapshot.
	changed bool
	// gone tells that the object was deleted, or replaced by another of the same name.
	gone bool
	// ahead is the answer to the last write, until the informer has seen that.
	ahead *answer
	// desired is the evaluated status of this very edition; nil before there is one.
	desired cxv1alpha1.Status
	// refusal is the last write, where the API server did not take it as it was.
	refusal *refusal
	// pending tells that the desired status differs from the known one. The writer then has the object: in its queue,
	// waiting for another attempt, or being written.
	pending bool
	// told is the status that events last spoke of, if there was a write since.
	told cxv1alpha1.Status
}

// answer is what the API server said to a write.
type answer struct {
	status  cxv1alpha1.Status
	version string
	listing int
}

// refusal is a desired status that the API server answered with another one, as it does when its CRD lacks a field.
type refusal struct {
	desired cxv1alpha1.Status
	listing int
}

// known is the status that the API server has, as far as is known.
func (e *entry) known() cxv1alpha1.Status {
	if e.ahead != nil {
		return e.ahead.status
	}
	return e.object.GetStatus()
}

// renew takes in the informer's latest word, and tells whether the spec changed. The listing says which list it came with.
func (e *entry) renew(object cxv1alpha1.Object, listing int) (edited bool) {
	before := e.object
	e.object = object
	version := object.GetResourceVersion()
	// A version that goes back, or comes from a new list, tells of another history, in which the write may not have been.
	if e.ahead != nil && (compareVersions(version, e.ahead.version) >= 0 ||
		compareVersions(version, before.GetResourceVersion()) < 0 || e.ahead.listing != listing) {
		e.ahead = nil
	}
	if e.refusal != nil && e.refusal.listing != listing {
		e.refusal = nil
		e.setPending(false) // so that it is handed out again
	}
	// After a restore of etcd the same generation can have another spec.
	if object.GetGeneration() == before.GetGeneration() && equality.Semantic.DeepEqual(object.GetSpec(), before.GetSpec()) {
		return false
	}
	e.edition++
	e.desired = nil
	return true
}

// compare updates whether the object is pending, and tells whether its writer must be told.
func (e *entry) compare() (handOut bool) {
	return e.decide(differs(e.desired, e.known()))
}

func differs(desired, known cxv1alpha1.Status) bool {
	return desired != nil && !status.Equal(desired, known)
}

// decide is compare, where the comparison was made already. The writer must be told when the object has just become
// pending, or when something else is desired than what the API server refused.
func (e *entry) decide(differs bool) (handOut bool) {
	was := e.pending
	if e.refusal != nil && (!differs || !status.Equal(e.desired, e.refusal.desired)) {
		e.refusal = nil
		was = false
	}
	e.setPending(differs)
	if e.desired != nil && !differs {
		e.desired = e.known() // One of two equal statuses is enough in memory.
	}
	return differs && !was
}

func (e *entry) setPending(pending bool) {
	gauge := statusWritesPending.WithLabelValues(e.kind.Name)
	switch {
	case pending && !e.pending:
		gauge.Inc()
	case !pending && e.pending:
		gauge.Dec()
	}
	e.pending = pending
}

// compareVersions orders the resource versions of one object. An API server whose versions are no numbers is believed to
// tell its news in order.
func compareVersions(a, b string) int {
	order, err := resourceversion.CompareResourceVersion(a, b)
	if err != nil {
		return 1
	}
	return order
}
