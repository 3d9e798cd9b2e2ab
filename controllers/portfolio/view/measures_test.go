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
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// TestMapTellsMetrics has metrics of a journey, of its moments, and of another journey, which are not on its map.
func TestMapTellsMetrics(t *testing.T) {
	metric := func(name string, spec cxv1alpha1.MetricSpec) *cxv1alpha1.Metric {
		return &cxv1alpha1.Metric{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: spec}
	}
	moment := func(name, journey cxv1alpha1.ObjectName) *cxv1alpha1.Moment {
		return &cxv1alpha1.Moment{ObjectMeta: metav1.ObjectMeta{Name: string(name)}, Spec: cxv1alpha1.MomentSpec{
			JourneyRef: cxv1alpha1.ObjectReference{Name: journey}, Phase: "p",
		}}
	}
	daily := cxv1alpha1.MetricSpec{MomentRefs: []cxv1alpha1.ObjectReference{{Name: "a"}, {Name: "other"}}, Target: &cxv1alpha1.Target{Value: "1k"}}
	for n := range 450 {
		daily.Samples = append(daily.Samples, cxv1alpha1.Sample{Date: cxv1alpha1.Date(whyDay).AddDays(-n), Value: "7"})
	}
	e := portfolio.Evaluate(portfolio.Objects{
		Journeys: []*cxv1alpha1.Journey{
			{ObjectMeta: metav1.ObjectMeta{Name: "j"}, Spec: cxv1alpha1.JourneySpec{Phases: []cxv1alpha1.Phase{{Name: "p"}}}},
			{ObjectMeta: metav1.ObjectMeta{Name: "k"}},
		},
		Moments: []*cxv1alpha1.Moment{moment("a", "j"), moment("b", "j"), moment("other", "k")},
		Metrics: []*cxv1alpha1.Metric{
			metric("daily", daily),
			metric("elsewhere", cxv1alpha1.MetricSpec{MomentRefs: []cxv1alpha1.ObjectReference{{Name: "other"}}}),
			metric("whole", cxv1alpha1.MetricSpec{JourneyRef: &cxv1alpha1.ObjectReference{Name: "j"}}),
			metric("whole-other", cxv1alpha1.MetricSpec{JourneyRef: &cxv1alpha1.ObjectReference{Name: "k"}}),
		},
	}, whyDay)
	j, err := view.MapOf(e, "j")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range j.Metrics {
		names = append(names, m.Name)
	}
	for _, difference := range []string{
		cmp.Diff([]string{"daily", "whole"}, names), cmp.Diff([]string{"whole"}, j.WholeJourney),
		cmp.Diff([]string{"daily"}, j.Phases[0].Moments[0].Metrics), cmp.Diff([]string(nil), j.Phases[0].Moments[1].Metrics),
	} {
		if difference != "" {
			t.Errorf("(-want +got):\n%s", difference)
		}
	}
	m := j.Metric("daily")
	if len(m.Samples) != 400 || m.Samples[399].Date != whyDay {
		t.Errorf("%d samples", len(m.Samples))
	}
	if !m.Fresh || *m.Value != "7" || *m.Target != "1000" || m.OnTarget != cxv1alpha1.ReasonBelowTarget {
		t.Errorf("got %+v", m)
	}
	if never := j.Metric("whole"); never.Fresh || never.Freshness != cxv1alpha1.ReasonNeverMeasured || never.Value != nil {
		t.Errorf("got %+v", never)
	}
	if j.Metric("elsewhere") != nil {
		t.Error("a metric of another journey is on the map")
	}
}

func TestRoadmapTellsVerdicts(t *testing.T) {
	r := view.RoadmapOf(portfolio.Evaluate(evidence(), whyDay))
	got := map[string]*view.Judgement{}
	for _, i := range r.Done {
		got[i.Name] = i.Hypothesis
	}
	want := map[string]*view.Judgement{
		"confirmed": {
			Metric: "status-calls", MetricTitle: "Calls about status", Unit: "a week", Verdict: cxv1alpha1.VerdictConfirmed,
			Expected: new(cxv1alpha1.Decimal("100")), Delta: new(cxv1alpha1.Decimal("144")),
			Before: new(cxv1alpha1.Decimal("412")), After: new(cxv1alpha1.Decimal("268")),
			Reason:  cxv1alpha1.ReasonConfirmed,
			Message: "Confirmed: calls about status went from 412 to 268 a week, 144 fewer; expected 100.",
		},
		"refuted": nil, "missing": nil,
	}
	if difference := cmp.Diff(want, got); difference != "" {
		t.Errorf("(-want +got):\n%s", difference)
	}
	if difference := cmp.Diff([]cxv1alpha1.TrackRecord{{Confirmed: 1}}, r.TrackRecord); difference != "" {
		t.Errorf("(-want +got):\n%s", difference)
	}
}
