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
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// kind is all that this package needs to know of one of the six kinds. A status is passed around as a pointer to the
// kind's status type.
type kind struct {
	// name as in the objects' kind field.
	name string
	// newObject returns an empty object of the kind.
	newObject func() client.Object
	// transform drops from an object what the model does not read.
	transform toolscache.TransformFunc
	// sameSpec compares the specs of two objects.
	sameSpec func(a, b client.Object) bool
	// status returns the status in an object.
	status func(client.Object) any
	// conditions returns the conditions in a status.
	conditions func(status any) []metav1.Condition
	// withConditions returns a copy of a status with other conditions; it shares everything else.
	withConditions func(status any, conditions []metav1.Condition) any
	// collect adds an object to a portfolio.
	collect func(*portfolio.Objects, client.Object)
	// desired returns the evaluated status of the object of a name, or nil.
	desired func(*portfolio.Statuses, string) any
}

// allKinds are the kinds of a portfolio.
var allKinds = []*kind{
	newKind("Journey", stripJourney,
		func(o *cxv1alpha1.Journey) any { return &o.Spec },
		func(o *cxv1alpha1.Journey) *cxv1alpha1.JourneyStatus { return &o.Status },
		func(s *cxv1alpha1.JourneyStatus) *[]metav1.Condition { return &s.Conditions },
		func(p *portfolio.Objects, o *cxv1alpha1.Journey) { p.Journeys = append(p.Journeys, o) },
		func(s *portfolio.Statuses) map[string]*cxv1alpha1.JourneyStatus { return s.Journeys }),
	newKind("Moment", stripMoment,
		func(o *cxv1alpha1.Moment) any { return &o.Spec },
		func(o *cxv1alpha1.Moment) *cxv1alpha1.MomentStatus { return &o.Status },
		func(s *cxv1alpha1.MomentStatus) *[]metav1.Condition { return &s.Conditions },
		func(p *portfolio.Objects, o *cxv1alpha1.Moment) { p.Moments = append(p.Moments, o) },
		func(s *portfolio.Statuses) map[string]*cxv1alpha1.MomentStatus { return s.Moments }),
	newKind("Requirement", stripRequirement,
		func(o *cxv1alpha1.Requirement) any { return &o.Spec },
		func(o *cxv1alpha1.Requirement) *cxv1alpha1.RequirementStatus { return &o.Status },
		func(s *cxv1alpha1.RequirementStatus) *[]metav1.Condition { return &s.Conditions },
		func(p *portfolio.Objects, o *cxv1alpha1.Requirement) { p.Requirements = append(p.Requirements, o) },
		func(s *portfolio.Statuses) map[string]*cxv1alpha1.RequirementStatus { return s.Requirements }),
	newKind("BuildingBlock", stripBuildingBlock,
		func(o *cxv1alpha1.BuildingBlock) any { return &o.Spec },
		func(o *cxv1alpha1.BuildingBlock) *cxv1alpha1.BuildingBlockStatus { return &o.Status },
		func(s *cxv1alpha1.BuildingBlockStatus) *[]metav1.Condition { return &s.Conditions },
		func(p *portfolio.Objects, o *cxv1alpha1.BuildingBlock) {
			p.BuildingBlocks = append(p.BuildingBlocks, o)
		},
		func(s *portfolio.Statuses) map[string]*cxv1alpha1.BuildingBlockStatus { return s.BuildingBlocks }),
	newKind("RoadmapItem", stripRoadmapItem,
		func(o *cxv1alpha1.RoadmapItem) any { return &o.Spec },
		func(o *cxv1alpha1.RoadmapItem) *cxv1alpha1.RoadmapItemStatus { return &o.Status },
		func(s *cxv1alpha1.RoadmapItemStatus) *[]metav1.Condition { return &s.Conditions },
		func(p *portfolio.Objects, o *cxv1alpha1.RoadmapItem) { p.RoadmapItems = append(p.RoadmapItems, o) },
		func(s *portfolio.Statuses) map[string]*cxv1alpha1.RoadmapItemStatus { return s.RoadmapItems }),
	roadmapKind(),
}

// roadmapKind differs in that a portfolio has one Roadmap at most. The API server admits only the name "default", so
// there is no other to tell apart.
func roadmapKind() *kind {
	k := newKind("Roadmap", stripRoadmap,
		func(o *cxv1alpha1.Roadmap) any { return &o.Spec },
		func(o *cxv1alpha1.Roadmap) *cxv1alpha1.RoadmapStatus { return &o.Status },
		func(s *cxv1alpha1.RoadmapStatus) *[]metav1.Condition { return &s.Conditions },
		func(p *portfolio.Objects, o *cxv1alpha1.Roadmap) { p.Roadmap = o },
		nil)
	k.desired = func(statuses *portfolio.Statuses, _ string) any {
		if statuses.Roadmap == nil {
			return nil
		}
		return statuses.Roadmap
	}
	return k
}

// newKind wraps the functions of one kind, which know its types, in ones that all kinds share.
func newKind[T, S any, O interface {
	*T
	client.Object
}](
	name string,
	strip func(O),
	spec func(O) any,
	status func(O) *S,
	conditions func(*S) *[]metav1.Condition,
	collect func(*portfolio.Objects, O),
	statuses func(*portfolio.Statuses) map[string]*S,
) *kind {
	return &kind{
		name:       name,
		newObject:  func() client.Object { return O(new(T)) },
		transform:  transform(strip),
		sameSpec:   func(a, b client.Object) bool { return equality.Semantic.DeepEqual(spec(a.(O)), spec(b.(O))) },
		status:     func(object client.Object) any { return status(object.(O)) },
		conditions: func(status any) []metav1.Condition { return *conditions(status.(*S)) },
		withConditions: func(status any, list []metav1.Condition) any {
			s := *status.(*S)
			*conditions(&s) = list
			return &s
		},
		collect: func(objects *portfolio.Objects, object client.Object) { collect(objects, object.(O)) },
		desired: func(all *portfolio.Statuses, name string) any {
			if s, ok := statuses(all)[name]; ok {
				return s
			}
			return nil
		},
	}
}
