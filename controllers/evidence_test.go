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
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// TestWritesForEvidence counts at the API server what follows from what machines saw: exactly the statuses that differ, once each,
// and none where a machine only looked again.
func TestWritesForEvidence(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.apply(t, append(readSample(t, "quickstart"), evidence()...)...)
	operator := c.start(t)
	c.wantEvaluated(t, utcToday())
	writes := operator.wantStill(t, c)
	if observed := kindsOf(writes); observed["Observation"] > 0 || observed["Metric"] == 0 {
		t.Errorf("status writes by kind: %v", observed)
	}
	for _, change := range looks(t, c) {
		before := evaluated(c.list(t), utcToday())
		change.make()
		want := differing(before, evaluated(c.list(t), utcToday()))
		c.wantEvaluated(t, utcToday())
		now := operator.wantStill(t, c)
		if diff := cmp.Diff(onceEach(want), since(writes, now)); diff != "" {
			t.Errorf("%s: status writes (-want +got):\n%s", change.name, diff)
		}
		if !slices.Contains(want, change.among) && change.among != "" || change.among == "" && len(want) > 0 {
			t.Errorf("%s: the statuses of %q differ, want that of %q", change.name, want, change.among)
		}
		writes = now
	}
	operator.stop()
	operator = c.start(t)
	c.wantEvaluated(t, utcToday())
	if again := operator.wantStill(t, c); total(again) != total(writes) {
		t.Errorf("a restart wrote %v", since(writes, again))
	}
}

func kindsOf(writes map[string]int) map[string]int {
	all := map[string]int{}
	for id, n := range writes {
		kind, _, _ := strings.Cut(id, "/")
		all[kind] += n
	}
	return all
}

func daysAgo(n int) cxv1alpha1.Date {
	return cxv1alpha1.Date(time.Now().UTC().AddDate(0, 0, -n).Format(time.DateOnly))
}

// evidence goes with the quickstart: a metric, checks of a stage, and what was seen of them and of work in a tracker the day before.
func evidence() []client.Object {
	named := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name} }
	of := func(kind cxv1alpha1.ObservedKind, name cxv1alpha1.ObjectName) cxv1alpha1.ObservationSpec {
		return cxv1alpha1.ObservationSpec{Of: cxv1alpha1.ObservedReference{Kind: kind, Name: name}, ObservedOn: daysAgo(1)}
	}
	calls := &cxv1alpha1.Metric{ObjectMeta: named("calls"), Spec: cxv1alpha1.MetricSpec{
		Title: "Calls about returns", Direction: cxv1alpha1.DirectionDecrease,
		MomentRefs: []cxv1alpha1.ObjectReference{{Name: "hand-in-the-parcel"}},
		Target:     &cxv1alpha1.Target{Value: "100"},
	}}
	block := &cxv1alpha1.BuildingBlock{ObjectMeta: named("desk"), Spec: cxv1alpha1.BuildingBlockSpec{Title: "Desk", Stages: []cxv1alpha1.Stage{{
		Name: "open", DeliveredWhen: []cxv1alpha1.StageCheck{{Name: "runs", APIVersion: "apps/v1", Kind: "Deployment", ObjectName: "desk"}},
	}}}}
	item := &cxv1alpha1.RoadmapItem{ObjectMeta: named("open-the-desk"), Spec: cxv1alpha1.RoadmapItemSpec{
		Title: "Open the desk", State: cxv1alpha1.StateDone, FinishDate: daysAgo(100), Delivers: []cxv1alpha1.StageReference{{Name: "desk"}},
		Hypothesis: &cxv1alpha1.Hypothesis{MetricRef: &cxv1alpha1.ObjectReference{Name: "calls"}, ExpectedDelta: new(cxv1alpha1.Decimal("10"))},
	}}
	policy := &cxv1alpha1.Roadmap{ObjectMeta: named("default"), Spec: cxv1alpha1.RoadmapSpec{
		Proof: cxv1alpha1.ProofRequire, StateFrom: cxv1alpha1.StateFromTracker,
	}}
	measured := &cxv1alpha1.Observation{ObjectMeta: named("metric-calls"), Spec: of("Metric", "calls")}
	measured.Spec.Samples = []cxv1alpha1.Sample{{Date: daysAgo(1), Value: "120"}}
	proven := &cxv1alpha1.Observation{ObjectMeta: named("buildingblock-desk"), Spec: of("BuildingBlock", "desk")}
	proven.Spec.Proofs = []cxv1alpha1.Proof{{Stage: "open", Check: "runs"}}
	tracked := &cxv1alpha1.Observation{ObjectMeta: named("roadmapitem-pay-refunds-daily"), Spec: of("RoadmapItem", "pay-refunds-daily")}
	tracked.Spec.Work = &cxv1alpha1.Work{State: cxv1alpha1.StatePlanned}
	return []client.Object{calls, block, item, policy, measured, proven, tracked}
}

// look is an edit, and one of the objects whose status differs by it; empty where none does.
type look struct {
	namedEdit

	among string
}

// looks are what machines see, one after the other.
func looks(t *testing.T, c *cluster) []look {
	t.Helper()
	sees := func(name, among, observation string, change func(*cxv1alpha1.ObservationSpec)) look {
		return look{namedEdit{name, func() {
			edit(t, c, &cxv1alpha1.Observation{}, observation, func(o *cxv1alpha1.Observation) { change(&o.Spec) })
		}}, among}
	}
	const metric, block, work = "metric-calls", "buildingblock-desk", "roadmapitem-pay-refunds-daily"
	heartbeat := func(o *cxv1alpha1.ObservationSpec) { o.ObservedOn = utcToday() }
	return []look{
		sees("a look at a metric that tells nothing new", "", metric, heartbeat),
		sees("a look at checks that tells nothing new", "", block, heartbeat),
		sees("a look at a tracker that tells nothing new", "", work, heartbeat),
		sees("a sample", "Moment/hand-in-the-parcel", metric, func(o *cxv1alpha1.ObservationSpec) {
			o.Samples = append(o.Samples, cxv1alpha1.Sample{Date: utcToday(), Value: "60"})
		}),
		sees("a sample of another day", "", metric, func(o *cxv1alpha1.ObservationSpec) {
			o.Samples = append(o.Samples, cxv1alpha1.Sample{Date: daysAgo(-3), Value: "1"})
		}),
		sees("a problem", "Moment/hand-in-the-parcel", metric, func(o *cxv1alpha1.ObservationSpec) {
			o.Problem = &cxv1alpha1.Problem{Reason: "Unreachable", Message: "The server does not answer."}
		}),
		sees("the same problem, in other words", "", metric, func(o *cxv1alpha1.ObservationSpec) { o.Problem.Message = "No answer." }),
		sees("no problem", "Moment/hand-in-the-parcel", metric, func(o *cxv1alpha1.ObservationSpec) { o.Problem = nil }),
		sees("a proof", "RoadmapItem/open-the-desk", block, func(o *cxv1alpha1.ObservationSpec) {
			o.Proofs[0].ProvenOn, o.Proofs[0].Holds = utcToday(), true
		}),
		sees("a check that holds no more", "BuildingBlock/desk", block, func(o *cxv1alpha1.ObservationSpec) { o.Proofs[0].Holds = false }),
		sees("work in progress", "RoadmapItem/pay-refunds-daily", work, func(o *cxv1alpha1.ObservationSpec) { o.Work.State = cxv1alpha1.StateInProgress }),
		sees("the tracker's own word for it", "", work, func(o *cxv1alpha1.ObservationSpec) { o.Work.RawState = "Doing" }),
		sees("work done", "BuildingBlock/refunds", work, func(o *cxv1alpha1.ObservationSpec) { o.Work.State = cxv1alpha1.StateDone }),
		{namedEdit{"nobody looks any more", func() {
			o := &cxv1alpha1.Observation{}
			o.Name = work
			c.delete(t, o)
		}}, "RoadmapItem/pay-refunds-daily"},
		{namedEdit{"a metric is deleted", func() {
			m := &cxv1alpha1.Metric{}
			m.Name = "calls"
			c.delete(t, m)
		}}, "RoadmapItem/open-the-desk"},
	}
}
