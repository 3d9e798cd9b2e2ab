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

package diff

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// states draws a portfolio before and after an edit. The edit removes objects, adds some, and replaces some by others of the same name.
func states(t *rapid.T) (before, after *State) {
	old := portfoliotest.Objects(t)
	other := portfoliotest.Objects(t)
	return Evaluate(old, portfoliotest.Today), Evaluate(edited(t, old, other), portfoliotest.Today)
}

// edited draws which objects of the old portfolio stay, and which objects of the other one are added or replace old ones.
func edited(t *rapid.T, old, other portfolio.Objects) portfolio.Objects {
	type key struct{ kind, name string }
	keyOf := func(o client.Object) key { return key{o.GetObjectKind().GroupVersionKind().Kind, o.GetName()} }
	objects := map[key]client.Object{}
	for _, o := range portfoliotest.List(old) {
		// Most objects stay.
		if rapid.IntRange(0, 19).Draw(t, "remove") < 19 {
			objects[keyOf(o)] = o
		}
	}
	oneIn := rapid.SampledFrom([]int{10, 3, 1}).Draw(t, "replace one in")
	for _, o := range portfoliotest.List(other) {
		if rapid.IntRange(1, oneIn).Draw(t, "replace") == 1 {
			objects[keyOf(o)] = o
		}
	}
	return portfoliotest.FromList(slices.Collect(maps.Values(objects)))
}

// TestNothingChanges compares portfolios with themselves. The plan must be empty.
func TestNothingChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		p := Compare("default", Evaluate(objects, portfoliotest.Today), Evaluate(portfoliotest.Clone(objects), portfoliotest.Today))
		if !p.IsEmpty() || len(p.Findings) > 0 {
			t.Fatalf("something changes: %+v", p)
		}
	})
}

// TestThereAndBack checks that the plan from after to before is the opposite of the plan from before to after.
func TestThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := states(t)
		there, back := Compare("default", before, after), Compare("default", after, before)
		// The journey of a moment is that of the later state, so it differs between the two plans.
		ignored := cmp.Options{cmpopts.IgnoreFields(Portfolio{}, "Findings"), cmpopts.IgnoreFields(MomentChange{}, "Journey")}
		if diff := cmp.Diff(opposite(there), plain(back), ignored); diff != "" {
			t.Fatalf("the way back is another (-opposite +back):\n%s", diff)
		}
	})
}

var opposites = map[any]any{}

func init() {
	for a, b := range map[any]any{
		Added: Removed, Changed: Changed,
		MomentBlocked: MomentUnblocked, MomentLate: MomentInTime, MomentUndated: MomentDated, MomentReopened: MomentRealized,
		MomentLater: MomentSooner, MomentEmptied: MomentElaborated, MomentOtherReason: MomentOtherReason, MomentAdded: MomentRemoved, ItemOtherVerdict: ItemOtherVerdict,
		MetricOffTarget: MetricOnTarget, MetricWorse: MetricBetter, MetricStale: MetricFresh, MetricAdded: MetricRemoved,
		ItemUnscheduled: ItemScheduled, ItemMissesTarget: ItemMeetsTarget, ItemLater: ItemSooner, ItemDown: ItemUp,
		ItemReopened: ItemFinished, ItemCancelled: ItemRevived, ItemAdded: ItemRemoved,
		TeamOverLanes: TeamWithinLanes, TeamMissesTargets: TeamMeetsTargets, TeamBusyLonger: TeamBusyShorter,
	} {
		opposites[a], opposites[b] = b, a
	}
}

// plain keeps of a new moment or item only the effect that it is new. What is wrong with it from the start has no opposite in the plan of
// the way back.
func plain(p Portfolio) Portfolio {
	for i := range p.Moments {
		if p.Moments[i].Before == nil {
			p.Moments[i].Effects = []MomentEffect{MomentAdded}
		}
	}
	for i := range p.Items {
		if p.Items[i].Before == nil {
			p.Items[i].Effects = []ItemEffect{ItemAdded}
		}
	}
	return p
}

func oppositeEffects[E comparable](effects, order []E) []E {
	list := make([]E, len(effects))
	for i, e := range effects {
		list[i] = opposites[e].(E)
	}
	return sortEffects(list, order)
}

func opposite(p Portfolio) Portfolio {
	p = plain(p)
	p.Objects.Added, p.Objects.Removed = p.Objects.Removed, p.Objects.Added
	for i := range p.Objects.Changes {
		c := &p.Objects.Changes[i]
		c.Change = opposites[c.Change].(Change)
	}
	for i := range p.Moments {
		c := &p.Moments[i]
		c.Before, c.After, c.DaysLater, c.Effects = c.After, c.Before, -c.DaysLater, oppositeEffects(c.Effects, MomentEffects)
	}
	for i := range p.Items {
		c := &p.Items[i]
		c.Before, c.After, c.DaysLater, c.Moved, c.Effects = c.After, c.Before, -c.DaysLater, -c.Moved, oppositeEffects(c.Effects, ItemEffects)
	}
	for i := range p.Metrics {
		c := &p.Metrics[i]
		c.Before, c.After, c.Effects = c.After, c.Before, oppositeEffects(c.Effects, MetricEffects)
	}
	for i := range p.Teams {
		c := &p.Teams[i]
		c.Before, c.After, c.NewlyMissed, c.NoLongerMissed = c.After, c.Before, c.NoLongerMissed, c.NewlyMissed
		c.Effects = oppositeEffects(c.Effects, TeamEffects)
	}
	for i := range p.Value.Forecast {
		c := &p.Value.Forecast[i]
		c.BeforePercent, c.AfterPercent = c.AfterPercent, c.BeforePercent
	}
	p.Bundles = Bundles{Before: p.Bundles.After, After: p.Bundles.Before, New: p.Bundles.Gone, Gone: p.Bundles.New}
	p.Value.Before, p.Value.After = p.Value.After, p.Value.Before
	p.Gaps.New, p.Gaps.Resolved = p.Gaps.Resolved, p.Gaps.New
	return p
}

// TestNothingIsMissed checks that all that a plan says of the new state is true, and that nothing changes that the plan does not mention.
func TestNothingIsMissed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := states(t)
		p := Compare("default", before, after)
		requireMoments(t, &p, before, after)
		requireItems(t, &p, before, after)
		requireMetrics(t, &p, before, after)
		requireGaps(t, &p, before, after)
		if want := valueOf(view.RoadmapOf(after.Evaluation).Value); p.Value.After != want {
			t.Fatalf("the value is %+v, want %+v", p.Value.After, want)
		}
		requireFindings(t, &p)
	})
}

func requireMoments(t *rapid.T, p *Portfolio, before, after *State) {
	changed := map[string]*MomentState{}
	for i := range p.Moments {
		changed[p.Moments[i].Name] = p.Moments[i].After
	}
	olds := byName(before.Objects.Moments)
	for _, m := range after.Objects.Moments {
		want := momentState(m, after.Evaluation.Moments[m.Name])
		if got, told := changed[m.Name]; told {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("moment %s is not as the plan says (-want +got):\n%s", m.Name, diff)
			}
			continue
		}
		old := momentState(olds[m.Name], before.Evaluation.Moments[m.Name])
		// Messages may differ though nothing has an effect: they may name other work.
		ignored := cmpopts.IgnoreFields(MomentState{}, "Message", "CriticalChain", "NeededBy")
		if want.Blocked == "False" {
			ignored = cmpopts.IgnoreFields(MomentState{}, "Message", "CriticalChain", "NeededBy", "Reason")
		}
		if diff := cmp.Diff(old, want, ignored); diff != "" {
			t.Fatalf("the plan does not tell how moment %s changes (-before +after):\n%s", m.Name, diff)
		}
	}
}

func requireItems(t *rapid.T, p *Portfolio, before, after *State) {
	changed := map[string]*ItemState{}
	for i := range p.Items {
		changed[p.Items[i].Name] = p.Items[i].After
	}
	for _, i := range after.Evaluation.Graph().Items() {
		want := itemState(after, i)
		if got, told := changed[i.Name]; told {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("item %s is not as the plan says (-want +got):\n%s", i.Name, diff)
			}
			continue
		}
		old := itemState(before, before.Evaluation.Graph().Item(i.Name))
		if old == nil || old.isScheduled() != want.isScheduled() || old.MissesTarget != want.MissesTarget || want.isScheduled() && old.Finish != want.Finish ||
			old.Verdict != want.Verdict {
			t.Fatalf("the plan does not tell how item %s changes: %+v, %+v", i.Name, old, want)
		}
	}
}

func requireMetrics(t *rapid.T, p *Portfolio, before, after *State) {
	changed := map[string]*MetricState{}
	for i := range p.Metrics {
		changed[p.Metrics[i].Name] = p.Metrics[i].After
	}
	for _, m := range after.Evaluation.Graph().Metrics() {
		want := metricState(after, m)
		if got, told := changed[m.Name]; told {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("metric %s is not as the plan says (-want +got):\n%s", m.Name, diff)
			}
			continue
		}
		was := before.Evaluation.Graph().Metric(m.Name)
		old := metricState(before, was)
		if old == nil || old.Value != want.Value && old.Value != "" && want.Value != "" && was.Spec.Direction == m.Spec.Direction {
			t.Fatalf("the plan does not tell how metric %s changes: %+v, %+v", m.Name, old, want)
		}
	}
}

// TestMeasuring adds samples, with which a target is reached and a hypothesis holds.
func TestMeasuring(t *testing.T) {
	calls := &cxv1alpha1.Metric{ObjectMeta: metav1.ObjectMeta{Name: "calls"}, Spec: cxv1alpha1.MetricSpec{
		Title: "Calls", Unit: "a week", Direction: cxv1alpha1.DirectionDecrease, WindowDays: 1, SettleDays: new(int32(0)), MinimumSamples: 1,
		Target: &cxv1alpha1.Target{Value: "300"}, Baseline: &cxv1alpha1.Baseline{Value: "412", Date: "2026-01-01"},
		Samples: []cxv1alpha1.Sample{{Date: "2026-11-22", Value: "310"}},
	}}
	tracking := &cxv1alpha1.RoadmapItem{ObjectMeta: metav1.ObjectMeta{Name: "tracking"}, Spec: cxv1alpha1.RoadmapItemSpec{
		State: cxv1alpha1.StateDone, FinishDate: "2026-11-20",
		Hypothesis: &cxv1alpha1.Hypothesis{MetricRef: &cxv1alpha1.ObjectReference{Name: "calls"}, ExpectedDelta: new(cxv1alpha1.Decimal("100"))},
	}}
	measured := calls.DeepCopy()
	measured.Spec.Samples = []cxv1alpha1.Sample{{Date: "2026-11-21", Value: "305"}, {Date: "2026-11-22", Value: "268"}}
	of := func(m *cxv1alpha1.Metric) *State {
		return Evaluate(portfolio.Objects{Metrics: []*cxv1alpha1.Metric{m}, RoadmapItems: []*cxv1alpha1.RoadmapItem{tracking}}, "2026-11-22")
	}
	p := Compare("default", of(calls), of(measured))
	wantMetrics := []MetricChange{{
		Name: "calls", Title: "Calls", Effects: []MetricEffect{MetricBetter, MetricOnTarget},
		Before: &MetricState{Value: "310", Unit: "a week", Target: "300", Latest: "2026-11-22", Fresh: "Measured", OnTarget: "BelowTarget"},
		After:  &MetricState{Value: "268", Unit: "a week", Target: "300", Latest: "2026-11-22", Fresh: "Measured", OnTarget: "TargetMet"},
	}}
	if diff := cmp.Diff(wantMetrics, p.Metrics); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	if len(p.Items) != 1 || !slices.Equal(p.Items[0].Effects, []ItemEffect{ItemOtherVerdict}) ||
		p.Items[0].Before.Verdict != "Inconclusive" || p.Items[0].After.Verdict != "Confirmed" {
		t.Errorf("items: %+v", p.Items)
	}
}

func requireGaps(t *rapid.T, p *Portfolio, before, after *State) {
	gaps := map[Gap]bool{}
	for _, g := range gapsOf(before) {
		gaps[gapKey(g)] = true
	}
	for _, g := range p.Gaps.Resolved {
		delete(gaps, gapKey(g))
	}
	for _, g := range p.Gaps.New {
		gaps[gapKey(g)] = true
	}
	want := map[Gap]bool{}
	for _, g := range gapsOf(after) {
		want[gapKey(g)] = true
	}
	if diff := cmp.Diff(want, gaps); diff != "" {
		t.Fatalf("the gaps are not as the plan says (-want +got):\n%s", diff)
	}
}

// requireFindings checks that each finding fits its rule, and that findings are sorted.
func requireFindings(t *rapid.T, p *Portfolio) {
	for n, f := range p.Findings {
		rule := ruleOf(f.Rule)
		if f.Level != rule.Level || len(f.Criteria) != len(rule.Criteria) || f.Text == "" || f.Name == "" {
			t.Fatalf("%+v is not of its rule", f)
		}
		if n > 0 && slices.Index(levels, p.Findings[n-1].Level) > slices.Index(levels, f.Level) {
			t.Fatal("the findings are not in order")
		}
	}
}

// TestRules checks that each criterion has a rule.
func TestRules(t *testing.T) {
	met := map[Criterion]bool{}
	for n, rule := range Rules {
		for _, c := range rule.Criteria {
			met[c] = true
		}
		if (len(rule.Criteria) == 0) != (rule.Level == LevelNote) || n > 0 && slices.Index(levels, Rules[n-1].Level) > slices.Index(levels, rule.Level) {
			t.Errorf("rule %s is of the wrong level, or out of order", rule.ID)
		}
	}
	for _, c := range Criteria {
		if !met[c] {
			t.Errorf("no rule is for %s", c)
		}
	}
}
