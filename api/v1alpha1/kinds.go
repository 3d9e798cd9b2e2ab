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

package v1alpha1

import (
	"iter"
	"reflect"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Kinds are the kinds that a portfolio is made of, in the order in which they are shown: from what customers want to the work that
// brings it, and what was measured. This is the only list of them: what is done with every kind goes through it.
var Kinds = []*Kind{
	newKind[Journey, JourneyList](JourneyKind, "journeys", "jny"),
	newKind[Moment, MomentList](MomentKind, "moments", "mom"),
	newKind[Requirement, RequirementList](RequirementKind, "requirements", "req"),
	newKind[BuildingBlock, BuildingBlockList](BuildingBlockKind, "buildingblocks", "bb"),
	newKind[RoadmapItem, RoadmapItemList](RoadmapItemKind, "roadmapitems", "rmi"),
	newKind[Roadmap, RoadmapList](RoadmapKind, "roadmaps", ""),
	newKind[Metric, MetricList](MetricKind, "metrics", "met"),
	newKind[Observation, ObservationList](ObservationKind, "observations", "obs"),
}

// ClusterKinds are the kinds outside any namespace, for administrators. They are not part of a portfolio.
var ClusterKinds = []*Kind{
	newKind[Source, SourceList](SourceKind, "sources", "src"),
}

// AllKinds goes through the kinds of a portfolio and then those of the cluster.
func AllKinds() iter.Seq[*Kind] {
	return func(yield func(*Kind) bool) {
		for _, k := range Kinds {
			if !yield(k) {
				return
			}
		}
		for _, k := range ClusterKinds {
			if !yield(k) {
				return
			}
		}
	}
}

// EvaluatedKinds goes through the kinds that have a status.
func EvaluatedKinds() iter.Seq[*Kind] {
	return func(yield func(*Kind) bool) {
		for _, k := range Kinds {
			if k.HasStatus && !yield(k) {
				return
			}
		}
	}
}

// Kind is a kind of this package.
//
// +kubebuilder:object:generate=false
type Kind struct {
	// Name is the kind as manifests have it, for instance RoadmapItem.
	Name string
	// Singular and Plural are its names in commands and addresses, for instance roadmapitem and roadmapitems.
	Singular, Plural string
	// ShortName is its short name for kubectl, if any, for instance rmi.
	ShortName string
	// HasStatus tells whether the operator writes a status of its objects.
	HasStatus bool
	// New makes an empty object, and NewList an empty list of objects.
	New     func() Object
	NewList func() ObjectList
}

// Object is an object of any kind.
//
// +kubebuilder:object:generate=false
type Object interface {
	metav1.Object
	runtime.Object

	// GetSpec returns a pointer to the spec in the object.
	GetSpec() any
	// GetStatus returns a pointer to the status in the object; nil where the kind has none.
	GetStatus() Status
}

// ObjectList is a list of objects of any kind.
//
// +kubebuilder:object:generate=false
type ObjectList interface {
	metav1.ListInterface
	runtime.Object
}

// Status is a pointer to the status of any kind.
//
// +kubebuilder:object:generate=false
type Status interface {
	GetConditions() []metav1.Condition
	SetConditions(conditions []metav1.Condition)
	// ShallowCopy returns a copy that shares lists and everything else that is pointed to.
	ShallowCopy() Status
}

// WithConditions returns a copy of a status with other conditions. The copy shares everything else with it.
func WithConditions(status Status, conditions []metav1.Condition) Status {
	changed := status.ShallowCopy()
	changed.SetConditions(conditions)
	return changed
}

// KindOf returns the kind of an object.
func KindOf(object Object) *Kind { return kindsByType[reflect.TypeOf(object)] }

// KindNamed returns the kind of a name as manifests have it, or nil.
func KindNamed(name string) *Kind {
	for k := range AllKinds() {
		if k.Name == name {
			return k
		}
	}
	return nil
}

var kindsByType = func() map[reflect.Type]*Kind {
	types := make(map[reflect.Type]*Kind, len(Kinds))
	for k := range AllKinds() {
		types[reflect.TypeOf(k.New())] = k
	}
	return types
}()

// newKind is the kind whose objects and lists are of these types.
func newKind[O, L any, PO interface {
	*O
	Object
}, PL interface {
	*L
	ObjectList
}](name, plural, shortName string) *Kind {
	return &Kind{
		Name: name, Singular: strings.ToLower(name), Plural: plural, ShortName: shortName,
		HasStatus: PO(new(O)).GetStatus() != nil,
		New:       func() Object { return PO(new(O)) },
		NewList:   func() ObjectList { return PL(new(L)) },
	}
}
