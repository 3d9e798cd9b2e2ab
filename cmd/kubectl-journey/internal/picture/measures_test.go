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

package picture

import (
	"fmt"
	"strings"
	"testing"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// TestManyMetrics draws a moment with fifty metrics, and one with none: the first are drawn, the rest are counted, and the table has all.
func TestManyMetrics(t *testing.T) {
	j := &view.JourneyMap{AsOf: "2026-11-22", Title: "J", Phases: []view.MapPhase{{Title: "P", Moments: make([]view.MapMoment, 2)}}}
	for n := range 50 {
		name := fmt.Sprintf("metric-%02d", n)
		j.Metrics = append(j.Metrics, view.MapMetric{
			Name: name, Title: strings.Repeat("A long title ", 15), Unit: strings.Repeat("unit", 15), Value: new(cxv1alpha1.Decimal("-999999999999.999999")),
			Target: new(cxv1alpha1.Decimal("0.000001")), Fresh: true, Samples: []cxv1alpha1.Sample{{Date: "2026-11-20", Value: "-999999999999.999999"}},
		})
		j.Phases[0].Moments[0].Metrics = append(j.Phases[0].Moments[0].Metrics, name)
	}
	body := Map(j, Screen).body
	if n := strings.Count(body, "data-metric="); n != mostCards {
		t.Errorf("%d cards, want %d", n, mostCards)
	}
	for _, want := range []string{"and 47 more", notMeasured} {
		if !strings.Contains(body, want) {
			t.Errorf("nowhere is %q", want)
		}
	}
	if rows := metricTable(j).Bodies[0].Rows; len(rows) != 50 {
		t.Errorf("the table has %d rows", len(rows))
	}
}

func TestMetricWords(t *testing.T) {
	samples := []cxv1alpha1.Sample{{Date: "2026-10-13", Value: "268"}}
	for want, m := range map[string]view.MapMetric{
		"Calls: 268 a week, target 300 a week by 2027-01-01: met": {
			Unit: "a week", Value: new(cxv1alpha1.Decimal("268")), Target: new(cxv1alpha1.Decimal("300")), TargetBy: "2027-01-01",
			OnTarget: cxv1alpha1.ReasonTargetMet, Fresh: true, Samples: samples,
		},
		"Calls: 12.5%, target 10%: missed": {
			Unit: "%", Value: new(cxv1alpha1.Decimal("12.5")), Target: new(cxv1alpha1.Decimal("10")), OnTarget: cxv1alpha1.ReasonTargetMissed, Fresh: true,
		},
		"Calls: 3": {Value: new(cxv1alpha1.Decimal("3")), Fresh: true},
		"Calls: 268, target 300, stale: newest of 2026-10-13": {
			Target: new(cxv1alpha1.Decimal("300")), OnTarget: cxv1alpha1.ReasonNoSamples, Freshness: cxv1alpha1.ReasonSamplesTooOld, Samples: samples,
		},
		"Calls: 268, stale: its source fails, newest of 2026-10-13": {Freshness: cxv1alpha1.ReasonSourceFailing, Samples: samples},
		"Calls: no value, never measured":                           {Freshness: cxv1alpha1.ReasonNeverMeasured},
	} {
		m.Title = "Calls"
		if got := MetricWords(&m); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestLongRecord draws a team with more finished work than a picture shows.
func TestLongRecord(t *testing.T) {
	r := &Roadmap{Roadmap: &view.Roadmap{AsOf: "2026-11-22", TrackRecord: []cxv1alpha1.TrackRecord{{Team: "t", Refuted: 30}}}, Title: "R"}
	for n := range 30 {
		name := fmt.Sprintf("item-%02d", n)
		r.Done = append(r.Done, view.DoneItem{
			Name: name, Title: name, Team: "t", Finish: cxv1alpha1.Date("2026-01-01").AddDays(n), Hypothesis: &view.Judgement{Verdict: cxv1alpha1.VerdictRefuted},
		})
	}
	body := Verdicts(r, A3).body
	if n := strings.Count(body, "data-judged="); n != mostJudged {
		t.Errorf("%d items, want %d", n, mostJudged)
	}
	if !strings.Contains(body, "and 18 more, finished earlier") || !strings.Contains(body, "item-29") || strings.Contains(body, "item-00") {
		t.Error("the last finished are not those that are shown")
	}
	if rows := verdictTable(r).Bodies[0].Rows; len(rows) != 30 {
		t.Errorf("the table has %d rows", len(rows))
	}
}
