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

package view_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// TestGapsAgreeWithConditions checks that there is a gap where a condition says so, and no other.
func TestGapsAgreeWithConditions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		evaluation := portfolio.Evaluate(objects, whyDay)
		gaps := view.GapsOf(evaluation)
		has := func(kind, name string, categories ...view.GapCategory) bool {
			return slices.ContainsFunc(gaps, func(g view.Gap) bool {
				return g.Kind == kind && g.Name == name && slices.Contains(categories, g.Category)
			})
		}
		agree := func(kind, name string, conditions []metav1.Condition, conditionType string, categories ...view.GapCategory) {
			t.Helper()
			c := meta.FindStatusCondition(conditions, conditionType)
			if says := c != nil && c.Status == metav1.ConditionFalse; says != has(kind, name, categories...) {
				t.Errorf("%s %s: %s is %+v, but among %v there is %v", kind, name, conditionType, c, categories, gaps)
			}
		}
		for name, s := range evaluation.Journeys {
			agree("Journey", name, s.Conditions, cxv1alpha1.ConditionStrategyDefined, view.GapStrategy)
			elaborated := meta.FindStatusCondition(s.Conditions, cxv1alpha1.ConditionElaborated)
			phases := elaborated.Reason == cxv1alpha1.ReasonPhasesMissing || elaborated.Reason == cxv1alpha1.ReasonPhaseWithoutMoments
			if phases != has("Journey", name, view.GapPhase) {
				t.Errorf("journey %s: %+v, but the gaps are %v", name, elaborated, gaps)
			}
		}
		for name, s := range evaluation.Moments {
			agree("Moment", name, s.Conditions, cxv1alpha1.ConditionReady, view.GapReference)
			agree("Moment", name, s.Conditions, cxv1alpha1.ConditionElaborated, view.GapElaboration)
		}
		for name, s := range evaluation.Requirements {
			agree("Requirement", name, s.Conditions, cxv1alpha1.ConditionReady, view.GapReference)
			delivered := meta.FindStatusCondition(s.Conditions, cxv1alpha1.ConditionDelivered)
			if unassigned := delivered.Reason == cxv1alpha1.ReasonUnassigned; unassigned && !has("Requirement", name, view.GapGrouping, view.GapReference) {
				t.Errorf("requirement %s is unassigned, but the gaps are %v", name, gaps)
			}
		}
		for name, s := range evaluation.BuildingBlocks {
			planned := meta.FindStatusCondition(s.Conditions, cxv1alpha1.ConditionPlanned)
			if planned.Status == metav1.ConditionFalse && !has("BuildingBlock", name, view.GapPlanning) {
				t.Errorf("block %s has unplanned stages, but the gaps are %v", name, gaps)
			}
			if ready := meta.FindStatusCondition(s.Conditions, cxv1alpha1.ConditionReady); ready.Status == metav1.ConditionFalse &&
				ready.Reason != cxv1alpha1.ReasonDependencyCycle && !has("BuildingBlock", name, view.GapReference) {
				t.Errorf("block %s: %+v, but the gaps are %v", name, ready, gaps)
			}
		}
		for name, s := range evaluation.RoadmapItems {
			ready := meta.FindStatusCondition(s.Conditions, cxv1alpha1.ConditionReady)
			if ready.Status == metav1.ConditionFalse && ready.Reason != cxv1alpha1.ReasonDependencyCycle && !has("RoadmapItem", name, view.GapReference) {
				t.Errorf("item %s: %+v, but the gaps are %v", name, ready, gaps)
			}
		}
		if again := view.GapsOf(portfolio.Evaluate(objects, whyDay)); cmp.Diff(gaps, again) != "" {
			t.Errorf("the gaps differ from one time to the next: %s", cmp.Diff(gaps, again))
		}
	})
}

func TestGapsOfNothing(t *testing.T) {
	if gaps := view.GapsOf(portfolio.Evaluate(portfolio.Objects{}, whyDay)); len(gaps) != 0 {
		t.Errorf("got %v", gaps)
	}
}

// TestGapsNameCyclesOnce checks that a ring is one gap, however many are in it.
func TestGapsNameCyclesOnce(t *testing.T) {
	item := func(name, after string) *cxv1alpha1.RoadmapItem {
		i := &cxv1alpha1.RoadmapItem{ObjectMeta: metav1.ObjectMeta{Name: name}}
		i.Spec.DependsOn = []cxv1alpha1.ItemDependency{{Name: cxv1alpha1.ObjectName(after)}}
		return i
	}
	objects := portfolio.Objects{RoadmapItems: []*cxv1alpha1.RoadmapItem{item("a", "b"), item("b", "c"), item("c", "a"), item("self", "self")}}
	var got []string
	for _, gap := range view.GapsOf(portfolio.Evaluate(objects, whyDay)) {
		if gap.Category == view.GapCycle {
			got = append(got, gap.Name+": "+gap.Text)
		}
	}
	want := []string{"a: It waits for itself: a -> b -> c -> a.", "self: It waits for itself: self -> self."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cycles (-want +got):\n%s", diff)
	}
}
