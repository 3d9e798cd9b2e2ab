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

// Most of a portfolio is prose, which the model does not read. The functions here drop it from objects before they are
// kept. Where the model asks only whether there is a text, present stands for it.
const present = "-"

// strip strips an object in place.
func strip(object cxv1alpha1.Object) {
	stripMetadata(object)
	switch o := object.(type) {
	case *cxv1alpha1.Journey:
		stripJourney(o)
	case *cxv1alpha1.Moment:
		stripMoment(o)
	case *cxv1alpha1.Requirement:
		stripRequirement(o)
	case *cxv1alpha1.BuildingBlock:
		stripBuildingBlock(o)
	case *cxv1alpha1.RoadmapItem:
		stripRoadmapItem(o)
	case *cxv1alpha1.Roadmap:
		stripRoadmap(o)
	case *cxv1alpha1.Metric:
		stripMetric(o)
	case *cxv1alpha1.Observation:
		stripObservation(o)
	}
}

// stripMetadata leaves what tells objects and their versions apart.
func stripMetadata(object cxv1alpha1.Object) {
	object.SetManagedFields(nil)
	object.SetAnnotations(nil)
	object.SetLabels(nil)
	object.SetOwnerReferences(nil)
	object.SetFinalizers(nil)
}

func stripJourney(o *cxv1alpha1.Journey) {
	s := &o.Spec
	s.Title, s.Description, s.Goal, s.Owner, s.Perspective, s.SuccessCriteria = "", "", "", "", "", nil
	for i := range s.Personas {
		s.Personas[i] = cxv1alpha1.Persona{Name: s.Personas[i].Name}
	}
	if s.Brand != nil {
		s.Brand.Vision = presence(s.Brand.Vision)
		for i := range s.Brand.Values {
			s.Brand.Values[i].Description = ""
		}
	}
	for i := range s.Channels {
		s.Channels[i].Title = ""
	}
	for i := range s.Phases {
		s.Phases[i] = cxv1alpha1.Phase{Name: s.Phases[i].Name}
	}
}

func stripMoment(o *cxv1alpha1.Moment) {
	s := &o.Spec
	s.Title, s.Description, s.Owner, s.Experience = "", "", "", nil
	s.Promise = presence(s.Promise)
	for i := range s.Touchpoints {
		s.Touchpoints[i].ValueProposition = ""
	}
	for i := range s.Insights {
		in := &s.Insights[i]
		*in = cxv1alpha1.Insight{Name: in.Name, Validated: in.Validated, ValidatedOn: in.ValidatedOn}
	}
}

func stripRequirement(o *cxv1alpha1.Requirement) {
	s := &o.Spec
	s.Title, s.Statement, s.Type, s.Owner = "", "", "", ""
	s.UserStory, s.AcceptanceCriteria, s.ExternalRef = nil, nil, nil
}

func stripBuildingBlock(o *cxv1alpha1.BuildingBlock) {
	s := &o.Spec
	s.Title, s.Description, s.Sourcing, s.Systems, s.Owners = "", "", "", nil, nil
	for i := range s.Stages {
		s.Stages[i].Title, s.Stages[i].Description, s.Stages[i].Cost = "", "", 0
		for n := range s.Stages[i].DeliveredWhen {
			s.Stages[i].DeliveredWhen[n] = cxv1alpha1.StageCheck{Name: s.Stages[i].DeliveredWhen[n].Name}
		}
	}
}

func stripRoadmapItem(o *cxv1alpha1.RoadmapItem) {
	s := &o.Spec
	s.Title, s.Why, s.What, s.How, s.Owner = "", "", "", "", ""
	s.ExternalRef = nil
	if h := s.Hypothesis; h != nil {
		s.Hypothesis = &cxv1alpha1.Hypothesis{MetricRef: h.MetricRef, ExpectedDelta: h.ExpectedDelta}
	}
}

func stripRoadmap(o *cxv1alpha1.Roadmap) {
	for i := range o.Spec.Teams {
		o.Spec.Teams[i].Title = ""
	}
}

func stripMetric(o *cxv1alpha1.Metric) {
	s := &o.Spec
	s.Title, s.Description, s.Owner, s.Type, s.SourceRef, s.Query = "", "", "", "", nil, ""
}

func stripObservation(o *cxv1alpha1.Observation) {
	s := &o.Spec
	s.SourceRef = nil
	if s.Problem != nil {
		s.Problem.Message = ""
	}
	if s.Work != nil {
		s.Work.RawState, s.Work.StartedDate, s.Work.URL = "", "", ""
	}
	for i := range s.Proofs {
		s.Proofs[i].Reason = ""
	}
}

// presence keeps only whether there is a text.
func presence(text cxv1alpha1.Line) cxv1alpha1.Line {
	if text == "" {
		return ""
	}
	return present
}
