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

package portfoliometrics_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	. "github.com/journeyops/journey-operator/controllers/portfoliometrics"
)

// sampleDay is the day for which the samples were written.
const sampleDay = cxv1alpha1.Date("2026-11-22")

func sample(tb testing.TB, name string) portfolio.Objects {
	tb.Helper()
	var objects portfolio.Objects
	err := filepath.WalkDir(filepath.Join("..", "..", "config", "samples", name), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for document := range strings.SplitSeq(string(content), "\n---\n") {
			var of metav1.TypeMeta
			if err := yaml.Unmarshal([]byte(document), &of); err != nil {
				return err
			}
			object := cxv1alpha1.KindNamed(of.Kind).New()
			if err := yaml.UnmarshalStrict([]byte(document), object); err != nil {
				return err
			}
			objects.Add(object)
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return objects
}

// collected returns the value of each series of a portfolio, as in "journey_moments{blocked=x,journey=y}", from a collector.
func collected(t *testing.T, samples []Sample) map[string]float64 {
	t.Helper()
	c := NewCollector(func() bool { return true })
	c.Set("ns", samples, time.UnixMilli(1_700_000_000_500), 250*time.Millisecond)
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(c)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			var labels []string
			for _, label := range metric.GetLabel() {
				if label.GetName() != "namespace" {
					labels = append(labels, label.GetName()+"="+label.GetValue())
				} else if label.GetValue() != "ns" {
					t.Errorf("%s is of namespace %s", family.GetName(), label.GetValue())
				}
			}
			values[family.GetName()+"{"+strings.Join(labels, ",")+"}"] = metric.GetGauge().GetValue()
		}
	}
	return values
}

// measured is a portfolio's series but for those of the collector itself, without the evaluation's time.
func measured(t *testing.T, objects portfolio.Objects, allMoments bool) map[string]float64 {
	t.Helper()
	values := collected(t, Measure(portfolio.Evaluate(objects, sampleDay), allMoments))
	delete(values, "journey_operator_last_evaluation_timestamp_seconds{}")
	delete(values, "journey_operator_last_evaluation_duration_seconds{}")
	return values
}

func unix(date cxv1alpha1.Date) float64 { return float64(date.Midnight().Unix()) }

// TestSmallPortfolio is an example that can be followed by hand.
func TestSmallPortfolio(t *testing.T) {
	got := measured(t, sample(t, "quickstart"), false)
	truth := "{journey=return-a-purchase,moment=get-the-money-back"
	want := map[string]float64{
		"journey_moments{blocked=AwaitingDelivery,journey=return-a-purchase}":    1,
		"journey_moments{blocked=MustsDelivered,journey=return-a-purchase}":      1,
		"journey_moments{blocked=WorkNotCommitted,journey=return-a-purchase}":    1,
		"journey_moments_at_risk{journey=return-a-purchase,reason=ForecastLate}": 0,
		"journey_moments_at_risk{journey=return-a-purchase,reason=NoForecast}":   0,
		"journey_moments_realized{journey=return-a-purchase}":                    1,
		"journey_value_points{journey=return-a-purchase,state=delivered}":        60,
		"journey_value_points{journey=return-a-purchase,state=planned}":          250,
		"journey_value_points{journey=return-a-purchase,state=unelaborated}":     0,
		"journey_value_points{journey=return-a-purchase,state=unplanned}":        0,
		// One of the three moments is a moment of truth.
		"journey_moment_blocked" + truth + ",reason=WorkNotCommitted}": 1,
		"journey_moment_expected_timestamp_seconds" + truth + "}":      unix("2027-02-26"),
		"journey_moment_needed_timestamp_seconds" + truth + "}":        unix("2027-04-01"),
		"journey_moment_slack_seconds" + truth + "}":                   34 * 24 * 60 * 60,
		"journey_items{state=Done,team=shop}":                          1,
		"journey_items{state=InProgress,team=integration}":             1,
		"journey_items{state=Planned,team=integration}":                1,
		"journey_items{state=Proposed,team=integration}":               1,
		// 40 % of 8 + 20 days, and 15 and 25 days.
		"journey_team_effort_workdays{team=integration}":              51.2,
		"journey_team_busy_until_timestamp_seconds{team=integration}": unix("2027-02-26"),
		"journey_objects{kind=BuildingBlock}":                         3,
		"journey_objects{kind=Journey}":                               1,
		"journey_objects{kind=Moment}":                                3,
		"journey_objects{kind=Requirement}":                           8,
		"journey_objects{kind=RoadmapItem}":                           4,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAgreesWithStatuses counts the same in the statuses of the large sample.
func TestAgreesWithStatuses(t *testing.T) {
	objects := sample(t, "motor-claim")
	evaluation := portfolio.Evaluate(objects, sampleDay)
	want := map[string]float64{}
	count := func(value float64, series string, args ...any) { want[fmt.Sprintf(series, args...)] += value }
	for _, j := range objects.Journeys {
		status := evaluation.Journeys[j.Name]
		count(0, "journey_moments_at_risk{journey=%s,reason=ForecastLate}", j.Name)
		count(0, "journey_moments_at_risk{journey=%s,reason=NoForecast}", j.Name)
		count(float64(status.Moments.Realized), "journey_moments_realized{journey=%s}", j.Name)
		count(float64(status.Value.Delivered), "journey_value_points{journey=%s,state=delivered}", j.Name)
		count(float64(status.Value.Planned), "journey_value_points{journey=%s,state=planned}", j.Name)
		count(float64(status.Value.Unplanned), "journey_value_points{journey=%s,state=unplanned}", j.Name)
		count(float64(status.Value.Unelaborated), "journey_value_points{journey=%s,state=unelaborated}", j.Name)
	}
	for _, m := range objects.Moments {
		status, labels := evaluation.Moments[m.Name], fmt.Sprintf("journey=%s,moment=%s", m.Spec.JourneyRef.Name, m.Name)
		blocked := meta.FindStatusCondition(status.Conditions, cxv1alpha1.ConditionBlocked)
		count(1, "journey_moments{blocked=%s,journey=%s}", blocked.Reason, m.Spec.JourneyRef.Name)
		if risk := meta.FindStatusCondition(status.Conditions, cxv1alpha1.ConditionAtRisk); risk != nil && risk.Status == metav1.ConditionTrue {
			count(1, "journey_moments_at_risk{journey=%s,reason=%s}", m.Spec.JourneyRef.Name, risk.Reason)
		}
		count(0, "journey_moment_blocked{%s,reason=%s}", labels, blocked.Reason)
		if blocked.Status == metav1.ConditionTrue {
			count(1, "journey_moment_blocked{%s,reason=%s}", labels, blocked.Reason)
		}
		if status.ExpectedDate != "" {
			count(unix(status.ExpectedDate), "journey_moment_expected_timestamp_seconds{%s}", labels)
		}
		if m.Spec.NeededBy != "" {
			count(unix(m.Spec.NeededBy), "journey_moment_needed_timestamp_seconds{%s}", labels)
		}
		if status.SlackDays != nil {
			count(float64(*status.SlackDays)*86400, "journey_moment_slack_seconds{%s}", labels)
		}
	}
	for _, i := range objects.RoadmapItems {
		status := evaluation.RoadmapItems[i.Name]
		count(1, "journey_items{state=%s,team=%s}", i.Spec.State, i.Spec.Team)
		if track := meta.FindStatusCondition(status.Conditions, cxv1alpha1.ConditionOnTrack); track != nil && track.Status == metav1.ConditionFalse {
			count(1, "journey_items_off_track{reason=%s,team=%s}", track.Reason, i.Spec.Team)
		}
	}
	for _, team := range evaluation.Roadmap.Teams {
		if team.BusyUntil != "" {
			count(unix(team.BusyUntil), "journey_team_busy_until_timestamp_seconds{team=%s}", team.Name)
		}
	}
	for object := range objects.All() {
		kind := cxv1alpha1.KindOf(object).Name
		count(1, "journey_objects{kind=%s}", kind)
		ready := meta.FindStatusCondition(evaluation.Of(object).GetConditions(), cxv1alpha1.ConditionReady)
		if ready.Status == metav1.ConditionFalse {
			count(1, "journey_objects_not_ready{kind=%s,reason=%s}", kind, ready.Reason)
		}
	}
	got := measured(t, objects, true)
	for series := range got {
		if strings.HasPrefix(series, "journey_team_effort_workdays{") {
			delete(got, series) // no status tells
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-statuses +metrics):\n%s", diff)
	}
}

// TestTooManyNames checks that what is left out counts all the same.
func TestTooManyNames(t *testing.T) {
	// Given ten too many of journeys, moments of truth and teams, and a moment that is none of truth,
	const count = MaxNames + 10
	var objects portfolio.Objects
	for i := range count {
		name := fmt.Sprintf("x-%03d", i)
		journey := &cxv1alpha1.Journey{ObjectMeta: metav1.ObjectMeta{Name: name}}
		moment := &cxv1alpha1.Moment{ObjectMeta: metav1.ObjectMeta{Name: name}}
		moment.Spec.JourneyRef.Name = cxv1alpha1.ObjectName(name)
		moment.Spec.Importance = 1
		moment.Spec.MomentOfTruth = true
		item := &cxv1alpha1.RoadmapItem{ObjectMeta: metav1.ObjectMeta{Name: name}}
		item.Spec.State = cxv1alpha1.StatePlanned
		item.Spec.Team = cxv1alpha1.LabelName(name)
		item.Spec.EffortDays = new(int32(2))
		objects.Journeys = append(objects.Journeys, journey)
		objects.Moments = append(objects.Moments, moment)
		objects.RoadmapItems = append(objects.RoadmapItems, item)
	}
	plain := &cxv1alpha1.Moment{ObjectMeta: metav1.ObjectMeta{Name: "a-plain-one"}}
	plain.Spec.Importance = 1
	objects.Moments = append(objects.Moments, plain)

	// when they are measured,
	got := measured(t, objects, true)

	// then the first 500 have series of their own, and the others one together.
	for series, want := range map[string]float64{
		"journey_metrics_left_out{of=journeys}":                                     10,
		"journey_metrics_left_out{of=moments}":                                      11,
		"journey_metrics_left_out{of=teams}":                                        10,
		"journey_moments{blocked=NoRequirements,journey=x-000}":                     1,
		"journey_moments{blocked=NoRequirements,journey=}":                          11,
		"journey_value_points{journey=x-000,state=unelaborated}":                    1,
		"journey_value_points{journey=,state=unelaborated}":                         11,
		"journey_items{state=Planned,team=}":                                        10,
		"journey_team_effort_workdays{team=x-000}":                                  2,
		"journey_team_effort_workdays{team=}":                                       20,
		"journey_moment_blocked{journey=x-499,moment=x-499,reason=NoRequirements}":  0,
		"journey_moment_blocked{journey=,moment=x-500,reason=NoRequirements}":       absent,
		"journey_moment_blocked{journey=,moment=a-plain-one,reason=NoRequirements}": absent,
		"journey_moments{blocked=NoRequirements,journey=x-500}":                     absent,
	} {
		if value, exists := got[series]; exists != (want != absent) || exists && value != want {
			t.Errorf("%s is %v (%t), want %v", series, value, exists, want)
		}
	}
}

// absent is the value of a series that is not there.
const absent = -1

// BenchmarkScrape gathers the metrics of many small namespaces, as for a scrape.
func BenchmarkScrape(b *testing.B) {
	samples := Measure(portfolio.Evaluate(sample(b, "quickstart"), sampleDay), false)
	c := NewCollector(func() bool { return true })
	for i := range 2000 {
		c.Set(fmt.Sprintf("ns-%d", i), samples, time.Now(), time.Second)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(c)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := registry.Gather(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(2000*(len(samples)+2)), "series")
}

// BenchmarkMeasure measures the metrics of the large sample, once for each evaluation.
func BenchmarkMeasure(b *testing.B) {
	evaluation := portfolio.Evaluate(sample(b, "motor-claim"), sampleDay)
	b.ReportAllocs()
	for b.Loop() {
		Measure(evaluation, true)
	}
}
