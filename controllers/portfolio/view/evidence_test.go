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
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// evidence is a portfolio in which finished work is judged by a metric, and proven by checks.
func evidence() portfolio.Objects {
	calls := &cxv1alpha1.Metric{ObjectMeta: metav1.ObjectMeta{Name: "status-calls"}, Spec: cxv1alpha1.MetricSpec{
		Title: "Calls about status", Unit: "a week", Direction: cxv1alpha1.DirectionDecrease,
		Target: &cxv1alpha1.Target{Value: "300"}, MomentRefs: []cxv1alpha1.ObjectReference{{Name: "wait"}, {Name: "nowhere"}},
	}}
	for n, value := range []cxv1alpha1.Decimal{"410", "412", "414", "266", "268", "270"} {
		date := []cxv1alpha1.Date{"2026-08-05", "2026-08-20", "2026-09-01", "2026-09-16", "2026-10-01", "2026-10-13"}[n]
		calls.Spec.Samples = append(calls.Spec.Samples, cxv1alpha1.Sample{Date: date, Value: value})
	}
	app := &cxv1alpha1.BuildingBlock{ObjectMeta: metav1.ObjectMeta{Name: "app"}}
	for _, name := range []cxv1alpha1.LabelName{"proven", "fallen", "open", "unseen"} {
		app.Spec.Stages = append(app.Spec.Stages, cxv1alpha1.Stage{Name: name, DeliveredWhen: []cxv1alpha1.StageCheck{{Name: "rollout"}}})
	}
	seen := &cxv1alpha1.Observation{ObjectMeta: metav1.ObjectMeta{Name: "buildingblock-app"}, Spec: cxv1alpha1.ObservationSpec{
		Of: cxv1alpha1.ObservedReference{Kind: "BuildingBlock", Name: "app"}, ObservedOn: whyDay,
		Proofs: []cxv1alpha1.Proof{
			{Stage: "proven", Check: "rollout", ProvenOn: "2026-10-01", Holds: true},
			{Stage: "fallen", Check: "rollout", ProvenOn: "2026-10-02", Reason: "It has 0 of 3 replicas."},
			{Stage: "open", Check: "rollout", Reason: "There is no such Deployment."},
		},
	}}
	truth := &cxv1alpha1.Moment{ObjectMeta: metav1.ObjectMeta{Name: "report"}, Spec: cxv1alpha1.MomentSpec{MomentOfTruth: true}}
	wait := &cxv1alpha1.Moment{ObjectMeta: metav1.ObjectMeta{Name: "wait"}, Spec: cxv1alpha1.MomentSpec{MomentOfTruth: true}}
	return portfolio.Objects{
		Moments: []*cxv1alpha1.Moment{truth, wait}, Metrics: []*cxv1alpha1.Metric{calls},
		BuildingBlocks: []*cxv1alpha1.BuildingBlock{app}, Observations: []*cxv1alpha1.Observation{seen},
		RoadmapItems: []*cxv1alpha1.RoadmapItem{
			done("confirmed", "proven", "100", "status-calls"), done("refuted", "fallen", "", ""), done("missing", "open", "5", "nowhere"),
		},
	}
}

// done is an item that was finished on 2026-09-01. Without a metric its hypothesis is text.
func done(name, stage string, delta cxv1alpha1.Decimal, metric cxv1alpha1.ObjectName) *cxv1alpha1.RoadmapItem {
	i := &cxv1alpha1.RoadmapItem{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: cxv1alpha1.RoadmapItemSpec{
		State: cxv1alpha1.StateDone, FinishDate: "2026-09-01", Hypothesis: &cxv1alpha1.Hypothesis{Statement: "Fewer people call."},
		Delivers: []cxv1alpha1.StageReference{{Name: "app", Stage: cxv1alpha1.LabelName(stage)}},
	}}
	if metric != "" {
		i.Spec.Hypothesis.MetricRef, i.Spec.Hypothesis.ExpectedDelta = &cxv1alpha1.ObjectReference{Name: metric}, &delta
	}
	return i
}

func TestWhyTellsVerdictsAndProofs(t *testing.T) {
	e := portfolio.Evaluate(evidence(), whyDay)
	for _, test := range []struct{ kind, name, want string }{
		{"RoadmapItem", "confirmed", `
roadmapitem/confirmed Done; Finished on 2026-09-01. Confirmed: calls about status went from 412 to 268 a week, 144 fewer; expected 100.`},
		{"RoadmapItem", "refuted", `
roadmapitem/refuted Done; Finished on 2026-09-01. Proven before, and no more. Does not hold: rollout of app/fallen.`},
		{"BuildingBlock", "app", `
buildingblock/app PartlyDelivered; 3 of 4 stages delivered, up to open.
  buildingblock/app/proven Delivered; Proven since 2026-10-01.
    roadmapitem/confirmed Done; Finished on 2026-09-01. Confirmed: calls about status went from 412 to 268 a week, 144 fewer; expected 100.
  buildingblock/app/fallen Delivered; Regressed: check rollout held on 2026-10-02, and does not any more (It has 0 of 3 replicas).
    roadmapitem/refuted Done; Finished on 2026-09-01. Proven before, and no more. Does not hold: rollout of app/fallen.
  buildingblock/app/open Delivered; Not proven: check rollout has never held (There is no such Deployment).
    roadmapitem/missing Done; Finished on 2026-09-01. Not proven. Never held: rollout of app/open.
  buildingblock/app/unseen Unplanned; No live RoadmapItem delivers it. Not proven: nobody has looked at check rollout yet.`},
		{"Metric", "status-calls", `
metric/status-calls SamplesTooOld; The newest sample is of 2026-10-13, and counts as recent for 35 days. ` +
			`The target is 300 a week, and there are no samples of the last 28 days.
  roadmapitem/confirmed Confirmed; Confirmed: calls about status went from 412 to 268 a week, 144 fewer; expected 100.`},
	} {
		reason, err := view.Why(e, test.kind, test.name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, written(reason, "\n")); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", test.kind, test.name, diff)
		}
	}
}

// TestWhyTellsWhatWaitsForProof has work that is said to be done, and does not count as such.
func TestWhyTellsWhatWaitsForProof(t *testing.T) {
	objects := evidence()
	objects.Roadmap = &cxv1alpha1.Roadmap{ObjectMeta: metav1.ObjectMeta{Name: "default"}, Spec: cxv1alpha1.RoadmapSpec{Proof: cxv1alpha1.ProofRequire}}
	reason, err := view.Why(portfolio.Evaluate(objects, whyDay), "RoadmapItem", "missing")
	if err != nil {
		t.Fatal(err)
	}
	want := "Said to be finished on 2026-09-01, and not proven. Never held: rollout of app/open."
	if reason.State != "InProgress" || !strings.HasPrefix(reason.Text, want) {
		t.Errorf("got %s: %s", reason.State, reason.Text)
	}
}

// written writes a reason and those that it follows from, a line each.
func written(r *view.Reason, indent string) string {
	text := fmt.Sprintf("%s%s %s; %s", indent, r.ID(), r.State, r.Text)
	for _, because := range r.Because {
		text += written(because, indent+"  ")
	}
	return text
}

func TestGapsOfEvidence(t *testing.T) {
	var got []string
	for _, g := range view.GapsOf(portfolio.Evaluate(evidence(), whyDay)) {
		if slices.Contains([]view.GapCategory{view.GapProof, view.GapMeasurement, view.GapHypothesis}, g.Category) ||
			g.Category == view.GapReference && (g.Kind == cxv1alpha1.MetricKind || g.Reason == cxv1alpha1.ReasonMetricNotFound) {
			got = append(got, fmt.Sprintf("%s %s %s/%s: %s", g.Category, g.Reason, g.Kind, g.Name, g.Text))
		}
	}
	want := []string{
		"Proof NotProven RoadmapItem/missing: It is said to be finished. Not proven. Never held: rollout of app/open.",
		"Proof Regressed RoadmapItem/refuted: It is said to be finished. Proven before, and no more. Does not hold: rollout of app/fallen.",
		"Measurement SamplesTooOld Metric/status-calls: The newest sample is of 2026-10-13, and counts as recent for 35 days.",
		"Measurement MetricMissing Moment/report: No metric measures this moment of truth.",
		"Reference MomentNotFound Metric/status-calls: There is no Moment nowhere.",
		"Reference MetricNotFound RoadmapItem/missing: There is no Metric nowhere.",
		"Hypothesis NotMeasurable RoadmapItem/refuted: No Metric judges its hypothesis: give it a metricRef and an expectedDelta.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
