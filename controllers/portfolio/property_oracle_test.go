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

package portfolio_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

// TestOracle holds the model against a second opinion on thousands of portfolios.
func TestOracle(t *testing.T) {
	t.Parallel()
	check(t, 20, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		got := portfolio.Evaluate(objects, portfoliotest.Today)
		o := newOracle(objects, portfoliotest.Today, finishes(got))
		if diff := differences(o.statuses(), compared(got.Statuses, o.policy)); diff != "" {
			t.Fatalf("(-oracle +model):\n%s\nportfolio:\n%s", diff, specs(objects))
		}
		if !o.valueOf(slices.Collect(maps.Keys(o.moments))).conserved() {
			t.Fatalf("the oracle loses value:\n%s", specs(objects))
		}
	})
}

// check runs a property some times as often as rapid does by itself, or as the command line says.
func check(t *testing.T, times int, property func(*rapid.T)) {
	t.Helper()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if asked || testing.Short() {
		times = 1
	}
	for range times {
		if rapid.Check(t, property); t.Failed() {
			return
		}
	}
}

// finishes are the expected finishes that the model gives its items.
func finishes(e *portfolio.Evaluation) map[string]cxv1alpha1.Date {
	all := map[string]cxv1alpha1.Date{}
	for name, item := range e.RoadmapItems {
		if item.Schedule != nil {
			all[name] = item.Schedule.ExpectedFinish
		}
	}
	return all
}

// compared is the part of statuses that the oracle works out too: all but messages, and what follows from ranks and capacity.
func compared(all portfolio.Statuses, policy cxv1alpha1.RoadmapSpec) portfolio.Statuses {
	all.Journeys = eachCopy(all.Journeys, func(s *cxv1alpha1.JourneyStatus) {
		s.NextWork, s.NextWorkTotal = nil, 0
		s.Conditions = evaluatedConditions(s.Conditions)
	})
	all.Moments = eachCopy(all.Moments, func(s *cxv1alpha1.MomentStatus) {
		s.CriticalChain, s.CriticalChainTotal = nil, 0
		for i := range s.BlockedBy {
			s.BlockedBy[i].Critical = false
		}
		s.Conditions = evaluatedConditions(s.Conditions)
	})
	all.Requirements = eachCopy(all.Requirements, func(s *cxv1alpha1.RequirementStatus) {
		s.Conditions = evaluatedConditions(s.Conditions)
	})
	all.BuildingBlocks = eachCopy(all.BuildingBlocks, func(s *cxv1alpha1.BuildingBlockStatus) {
		s.Conditions = evaluatedConditions(s.Conditions)
	})
	all.RoadmapItems = eachCopy(all.RoadmapItems, func(s *cxv1alpha1.RoadmapItemStatus) {
		s.Priority, s.Order, s.Schedule = nil, 0, nil
		s.Conditions = evaluatedConditions(s.Conditions)
	})
	all.Metrics = eachCopy(all.Metrics, func(s *cxv1alpha1.MetricStatus) {
		s.Conditions = evaluatedConditions(s.Conditions)
	})
	if all.Roadmap = all.Roadmap.DeepCopy(); all.Roadmap != nil {
		all.Roadmap.Bundles, all.Roadmap.BundlesTotal = nil, 0
		all.Roadmap.Forecast, all.Roadmap.ForecastTotal = nil, 0
		all.Roadmap.Conditions = evaluatedConditions(all.Roadmap.Conditions)
		if policy.ValueExpression != "" || policy.EffortExpression != "" {
			all.Roadmap.Conditions[0].Status, all.Roadmap.Conditions[0].Reason = metav1.ConditionTrue, cxv1alpha1.ReasonAccepted
		}
	}
	return all
}

func evaluatedConditions(all []metav1.Condition) []metav1.Condition {
	for i := range all {
		all[i].Message = ""
	}
	slices.SortFunc(all, func(a, b metav1.Condition) int { return strings.Compare(a.Type, b.Type) })
	return all
}

func eachCopy[S interface{ DeepCopy() S }](all map[string]S, change func(S)) map[string]S {
	copies := map[string]S{}
	for name, status := range all {
		copies[name] = status.DeepCopy()
		change(copies[name])
	}
	return copies
}

// differences tells object by object, so that what is equal does not bury what differs.
func differences(want, got portfolio.Statuses) string {
	return differencesOf("Journey", want.Journeys, got.Journeys) +
		differencesOf("Moment", want.Moments, got.Moments) +
		differencesOf("Requirement", want.Requirements, got.Requirements) +
		differencesOf("BuildingBlock", want.BuildingBlocks, got.BuildingBlocks) +
		differencesOf("RoadmapItem", want.RoadmapItems, got.RoadmapItems) +
		differencesOf("Metric", want.Metrics, got.Metrics) +
		differencesOf("Roadmap", map[string]*cxv1alpha1.RoadmapStatus{"default": want.Roadmap},
			map[string]*cxv1alpha1.RoadmapStatus{"default": got.Roadmap})
}

func differencesOf[S any](kind string, want, got map[string]S) string {
	if !slices.Equal(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))) {
		return fmt.Sprintf("%s: statuses of %v, want %v\n", kind, maps.Keys(got), maps.Keys(want))
	}
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(want)) {
		// cmp tells well what differs, but takes long to tell that nothing does.
		if !equality.Semantic.DeepEqual(want[name], got[name]) {
			fmt.Fprintf(&all, "%s %s: %s", kind, name, cmp.Diff(want[name], got[name], cmpopts.EquateEmpty()))
		}
	}
	return all.String()
}

// specs writes a portfolio as people would, one object a line.
func specs(objects portfolio.Objects) string {
	var all strings.Builder
	for _, object := range portfoliotest.List(objects) {
		fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
		if err != nil {
			return err.Error()
		}
		spec, err := json.Marshal(fields["spec"])
		if err != nil {
			return err.Error()
		}
		fmt.Fprintf(&all, "%s %s: %s\n", object.GetObjectKind().GroupVersionKind().Kind, object.GetName(), spec)
	}
	return all.String()
}

// TestOrderOfObjects shuffles the lists, which must change nothing, and nothing in the portfolio may be changed.
func TestOrderOfObjects(t *testing.T) {
	t.Parallel()
	check(t, 5, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		before := portfoliotest.Clone(objects)
		first := portfolio.Evaluate(objects, portfoliotest.Today)
		if !reflect.DeepEqual(objects, before) {
			t.Fatalf("the portfolio was changed: %s", cmp.Diff(before, objects))
		}
		shuffled := portfoliotest.FromList(rapid.Permutation(portfoliotest.List(portfoliotest.Clone(objects))).Draw(t, "shuffled"))
		second := portfolio.Evaluate(shuffled, portfoliotest.Today)
		if want, got := encode(t, first), encode(t, second); want != got {
			t.Fatalf("the order of objects matters:\n%s\n%s", cmp.Diff(want, got), specs(objects))
		}
	})
}

// TestOrderInSets shuffles the lists inside objects whose order means nothing; what a status says of them is the same.
func TestOrderInSets(t *testing.T) {
	t.Parallel()
	check(t, 5, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		want := encode(t, portfolio.Evaluate(objects, portfoliotest.Today))
		turned := portfoliotest.Clone(objects)
		for _, m := range turned.Moments {
			slices.Reverse(m.Spec.Insights)
		}
		for _, r := range turned.Requirements {
			slices.Reverse(r.Spec.MomentRefs)
		}
		for _, b := range turned.BuildingBlocks {
			for i := range b.Spec.Stages {
				slices.Reverse(b.Spec.Stages[i].DependsOn)
				slices.Reverse(b.Spec.Stages[i].DeliveredWhen)
			}
		}
		for _, i := range turned.RoadmapItems {
			slices.Reverse(i.Spec.Delivers)
			slices.Reverse(i.Spec.DependsOn)
			slices.Reverse(i.Spec.Scores)
		}
		for _, m := range turned.Metrics {
			slices.Reverse(m.Spec.MomentRefs)
			slices.Reverse(m.Spec.Samples)
		}
		for _, o := range turned.Observations {
			slices.Reverse(o.Spec.Samples)
			slices.Reverse(o.Spec.Proofs)
		}
		if turned.Roadmap != nil {
			slices.Reverse(turned.Roadmap.Spec.Teams)
		}
		if got := encode(t, portfolio.Evaluate(turned, portfoliotest.Today)); want != got {
			t.Fatalf("the order of references matters:\n%s\n%s", cmp.Diff(want, got), specs(objects))
		}
	})
}

func encode(t interface{ Fatal(...any) }, e *portfolio.Evaluation) string {
	text, err := json.MarshalIndent(e.Statuses, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestForms holds every status to what the API promises of any of them: lists in order and bounded with their full count, messages
// bounded and never empty, value kept but for rounding.
func TestForms(t *testing.T) {
	t.Parallel()
	check(t, 5, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		if fault := misformed(portfolio.Evaluate(objects, portfoliotest.Today)); fault != "" {
			t.Fatalf("%s\n%s", fault, specs(objects))
		}
	})
}
