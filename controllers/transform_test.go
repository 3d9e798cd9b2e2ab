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
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/randfill"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

// TestStrippedSaysTheSame holds the transforms against the model: what they drop, it does not read.
func TestStrippedSaysTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		whole := portfoliotest.List(objects)
		for i, object := range whole {
			decorate(object, int64(i)+rapid.Int64Range(0, 1000).Draw(t, "seed"))
		}
		var stripped []client.Object
		for _, object := range portfoliotest.List(portfoliotest.Clone(objects)) {
			stripped = append(stripped, stripOne(object))
		}
		want := portfolio.Evaluate(portfoliotest.FromList(whole), portfoliotest.Today).Statuses
		got := portfolio.Evaluate(portfoliotest.FromList(stripped), portfoliotest.Today).Statuses
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("stripped objects evaluate differently (-whole +stripped):\n%s", diff)
		}
	})
}

// TestSampleStripped does the same for the samples.
func TestSampleStripped(t *testing.T) {
	for _, name := range []string{"quickstart", "motor-claim"} {
		whole := readSample(t, name)
		var stripped []client.Object
		for _, object := range readSample(t, name) {
			stripped = append(stripped, stripOne(object))
		}
		want := portfolio.Evaluate(portfoliotest.FromList(whole), portfoliotest.Today).Statuses
		got := portfolio.Evaluate(portfoliotest.FromList(stripped), portfoliotest.Today).Statuses
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: stripped objects evaluate differently (-whole +stripped):\n%s", name, diff)
		}
	}
}

// TestStripsOnce fills every field and drops what is to be dropped, metadata included, twice.
func TestStripsOnce(t *testing.T) {
	filler := randfill.NewWithSeed(1).NilChance(0).NumElements(1, 1).Funcs(
		func(q *resource.Quantity, _ randfill.Continue) { *q = resource.MustParse("1") },
	)
	for _, k := range cxv1alpha1.Kinds {
		object := k.New()
		filler.Fill(object)
		before := len(object.GetManagedFields()) + len(object.GetAnnotations()) + len(object.GetLabels())
		strip(object)
		if before == 0 || len(object.GetManagedFields())+len(object.GetAnnotations())+len(object.GetLabels()) > 0 {
			t.Errorf("%s: metadata: %d before, now %v", k.Name, before, object)
		}
		again := object.DeepCopyObject()
		if strip(object); !cmp.Equal(again, object) {
			t.Errorf("%s: stripping twice differs from once: %v", k.Name, cmp.Diff(again, object))
		}
	}
}

// fataler is what *testing.T and *rapid.T have in common.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

func stripOne(object client.Object) client.Object {
	strip(object.(cxv1alpha1.Object))
	return object
}

// decorate fills texts and metadata that a random portfolio leaves empty, with whatever is not empty.
func decorate(object client.Object, seed int64) {
	object.SetGeneration(seed)
	object.SetLabels(map[string]string{"a": "b"})
	object.SetAnnotations(map[string]string{"a": "b"})
	object.SetManagedFields([]metav1.ManagedFieldsEntry{{Manager: "kubectl"}})
	const text = "Lorem ipsum"
	switch o := object.(type) {
	case *cxv1alpha1.Journey:
		o.Spec.Title, o.Spec.Description, o.Spec.Goal, o.Spec.Owner = text, text, text, text
		o.Spec.SuccessCriteria = []cxv1alpha1.SuccessCriterion{{Name: "a", Description: text}}
		for i := range o.Spec.Phases {
			o.Spec.Phases[i].Title, o.Spec.Phases[i].Milestone = text, text
			o.Spec.Phases[i].Principles = append(o.Spec.Phases[i].Principles, text)
		}
	case *cxv1alpha1.Moment:
		o.Spec.Title, o.Spec.Description, o.Spec.Owner = text, text, text
		o.Spec.Experience = &cxv1alpha1.Experience{Current: 1, Target: 5}
		for i := range o.Spec.Insights {
			o.Spec.Insights[i].Statement, o.Spec.Insights[i].Source, o.Spec.Insights[i].Kind = text, text, cxv1alpha1.InsightPain
		}
	case *cxv1alpha1.Requirement:
		o.Spec.Title, o.Spec.Statement, o.Spec.Type, o.Spec.Owner = text, text, cxv1alpha1.RequirementData, text
		o.Spec.UserStory = &cxv1alpha1.UserStory{As: text}
		o.Spec.AcceptanceCriteria = append(o.Spec.AcceptanceCriteria, text)
		o.Spec.ExternalRef = &cxv1alpha1.ExternalReference{System: text}
	case *cxv1alpha1.BuildingBlock:
		o.Spec.Title, o.Spec.Description, o.Spec.Sourcing = text, text, cxv1alpha1.SourcingBuy
		o.Spec.Systems, o.Spec.Owners = []cxv1alpha1.Title{text}, &cxv1alpha1.BlockOwners{IT: text}
		for i := range o.Spec.Stages {
			o.Spec.Stages[i].Title, o.Spec.Stages[i].Description, o.Spec.Stages[i].Cost = text, text, 1000
		}
	case *cxv1alpha1.RoadmapItem:
		o.Spec.Title, o.Spec.Why, o.Spec.What, o.Spec.How, o.Spec.Owner = text, text, text, text, text
		if o.Spec.Hypothesis == nil {
			o.Spec.Hypothesis = &cxv1alpha1.Hypothesis{}
		}
		o.Spec.Hypothesis.Statement, o.Spec.Hypothesis.Metric = text, text
		o.Spec.ExternalRef = &cxv1alpha1.TrackerReference{ExternalReference: cxv1alpha1.ExternalReference{System: text}}
	case *cxv1alpha1.Roadmap:
		for i := range o.Spec.Teams {
			o.Spec.Teams[i].Title = text
		}
	case *cxv1alpha1.Metric:
		o.Spec.Title, o.Spec.Description, o.Spec.Owner, o.Spec.Type = text, text, text, cxv1alpha1.MetricNPS
		o.Spec.SourceRef, o.Spec.Query = &cxv1alpha1.SourceReference{Name: "prometheus"}, text
	case *cxv1alpha1.Observation:
		o.Spec.SourceRef = &cxv1alpha1.SourceReference{Name: "prometheus"}
		if o.Spec.Problem != nil {
			o.Spec.Problem.Message = text
		}
		if o.Spec.Work != nil {
			o.Spec.Work.RawState, o.Spec.Work.StartedDate, o.Spec.Work.URL = text, "2026-01-01", text
		}
		for i := range o.Spec.Proofs {
			o.Spec.Proofs[i].Reason = text
		}
	}
}
