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

// Package portfolio is the model: the objects of one namespace in, their statuses out. It is pure: no client, no clock,
// no status read, so the same objects and the same day give the same statuses, byte for byte, in a cluster and offline.
package portfolio

import (
	"iter"

	"k8s.io/apimachinery/pkg/runtime"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Objects is a portfolio: all objects of one namespace, in any order, each name at most once a kind. Of each object only
// the spec and the metadata's name and generation are read; nothing is changed or kept beyond the evaluation.
type Objects struct {
	Journeys       []*cxv1alpha1.Journey
	Moments        []*cxv1alpha1.Moment
	Requirements   []*cxv1alpha1.Requirement
	BuildingBlocks []*cxv1alpha1.BuildingBlock
	RoadmapItems   []*cxv1alpha1.RoadmapItem
	// Roadmap is the planning policy, or nil where there is none: then every default holds.
	Roadmap *cxv1alpha1.Roadmap
	Metrics []*cxv1alpha1.Metric
	// Observations are what machines saw of the others.
	Observations []*cxv1alpha1.Observation
}

// Add puts an object where its kind belongs; one of another kind is left out.
func (o *Objects) Add(object runtime.Object) {
	switch typed := object.(type) {
	case *cxv1alpha1.Journey:
		o.Journeys = append(o.Journeys, typed)
	case *cxv1alpha1.Moment:
		o.Moments = append(o.Moments, typed)
	case *cxv1alpha1.Requirement:
		o.Requirements = append(o.Requirements, typed)
	case *cxv1alpha1.BuildingBlock:
		o.BuildingBlocks = append(o.BuildingBlocks, typed)
	case *cxv1alpha1.RoadmapItem:
		o.RoadmapItems = append(o.RoadmapItems, typed)
	case *cxv1alpha1.Roadmap:
		o.Roadmap = typed
	case *cxv1alpha1.Metric:
		o.Metrics = append(o.Metrics, typed)
	case *cxv1alpha1.Observation:
		o.Observations = append(o.Observations, typed)
	}
}

// All goes through the objects, kind by kind.
func (o *Objects) All() iter.Seq[cxv1alpha1.Object] {
	return func(yield func(cxv1alpha1.Object) bool) {
		_ = yieldAll(o.Journeys, yield) && yieldAll(o.Moments, yield) && yieldAll(o.Requirements, yield) &&
			yieldAll(o.BuildingBlocks, yield) && yieldAll(o.RoadmapItems, yield) && (o.Roadmap == nil || yield(o.Roadmap)) &&
			yieldAll(o.Metrics, yield) && yieldAll(o.Observations, yield)
	}
}

func yieldAll[O cxv1alpha1.Object](objects []O, yield func(cxv1alpha1.Object) bool) bool {
	for _, object := range objects {
		if !yield(object) {
			return false
		}
	}
	return true
}

// Statuses holds the status of every object of a portfolio that has one, by its name. They are complete but for the
// lastTransitionTime of conditions, which is zero: it depends on history, so whoever writes them sets it.
type Statuses struct {
	Journeys       map[string]*cxv1alpha1.JourneyStatus
	Moments        map[string]*cxv1alpha1.MomentStatus
	Requirements   map[string]*cxv1alpha1.RequirementStatus
	BuildingBlocks map[string]*cxv1alpha1.BuildingBlockStatus
	RoadmapItems   map[string]*cxv1alpha1.RoadmapItemStatus
	// Roadmap is nil where there is none.
	Roadmap *cxv1alpha1.RoadmapStatus
	Metrics map[string]*cxv1alpha1.MetricStatus
}

// Of returns the status of an object by its kind and name, or nil where there is none.
func (s *Statuses) Of(object cxv1alpha1.Object) cxv1alpha1.Status {
	name := object.GetName()
	switch object.(type) {
	case *cxv1alpha1.Journey:
		return find(s.Journeys, name)
	case *cxv1alpha1.Moment:
		return find(s.Moments, name)
	case *cxv1alpha1.Requirement:
		return find(s.Requirements, name)
	case *cxv1alpha1.BuildingBlock:
		return find(s.BuildingBlocks, name)
	case *cxv1alpha1.RoadmapItem:
		return find(s.RoadmapItems, name)
	case *cxv1alpha1.Roadmap:
		if s.Roadmap != nil {
			return s.Roadmap
		}
	case *cxv1alpha1.Metric:
		return find(s.Metrics, name)
	}
	return nil
}

// All goes through the statuses with the name of their kind, kind by kind; those of a kind in no order.
func (s *Statuses) All() iter.Seq2[string, cxv1alpha1.Status] {
	return func(yield func(string, cxv1alpha1.Status) bool) {
		_ = yieldStatuses(cxv1alpha1.JourneyKind, s.Journeys, yield) &&
			yieldStatuses(cxv1alpha1.MomentKind, s.Moments, yield) &&
			yieldStatuses(cxv1alpha1.RequirementKind, s.Requirements, yield) &&
			yieldStatuses(cxv1alpha1.BuildingBlockKind, s.BuildingBlocks, yield) &&
			yieldStatuses(cxv1alpha1.RoadmapItemKind, s.RoadmapItems, yield) &&
			(s.Roadmap == nil || yield(cxv1alpha1.RoadmapKind, s.Roadmap)) &&
			yieldStatuses(cxv1alpha1.MetricKind, s.Metrics, yield)
	}
}

func yieldStatuses[S cxv1alpha1.Status](kind string, statuses map[string]S, yield func(string, cxv1alpha1.Status) bool) bool {
	for _, status := range statuses {
		if !yield(kind, status) {
			return false
		}
	}
	return true
}

// find returns a plain nil where there is no status: an interface that holds a nil pointer is not nil.
func find[S cxv1alpha1.Status](statuses map[string]S, name string) cxv1alpha1.Status {
	if status, known := statuses[name]; known {
		return status
	}
	return nil
}

// Evaluation is a portfolio with everything that follows from it on one day.
type Evaluation struct {
	Statuses

	graph *Graph
}

// Evaluate computes the statuses of all objects of a portfolio as of today, a day in UTC. It never fails: whatever is wrong with
// the objects shows in their conditions.
func Evaluate(objects Objects, today cxv1alpha1.Date) *Evaluation {
	g := resolve(objects, today)
	return &Evaluation{Statuses: g.statuses(), graph: g}
}

// statuses writes down what the graph says.
func (g *Graph) statuses() Statuses {
	s := Statuses{
		Journeys:       make(map[string]*cxv1alpha1.JourneyStatus, len(g.journeys)),
		Moments:        make(map[string]*cxv1alpha1.MomentStatus, len(g.moments)),
		BuildingBlocks: make(map[string]*cxv1alpha1.BuildingBlockStatus, len(g.blocks)),
		RoadmapItems:   make(map[string]*cxv1alpha1.RoadmapItemStatus, len(g.items)),
		Metrics:        make(map[string]*cxv1alpha1.MetricStatus, len(g.metrics)),
	}
	for _, m := range g.metrics {
		s.Metrics[m.Name] = g.metricStatus(m)
	}
	for _, m := range g.moments {
		s.Moments[m.Name] = g.momentStatus(m)
	}
	s.Requirements = g.requirementStatuses()
	for _, b := range g.blocks {
		s.BuildingBlocks[b.Name] = g.blockStatus(b)
	}
	for _, i := range g.items {
		s.RoadmapItems[i.Name] = g.itemStatus(i)
	}
	for _, j := range g.journeys {
		s.Journeys[j.Name] = g.journeyStatus(j)
	}
	if g.roadmap != nil {
		s.Roadmap = g.roadmapStatus()
	}
	return s
}
