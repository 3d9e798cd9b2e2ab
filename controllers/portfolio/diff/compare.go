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
	"cmp"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// State is one of the two states of a portfolio.
type State struct {
	Objects    portfolio.Objects
	Evaluation *portfolio.Evaluation
}

// Evaluate returns the state of objects on a day.
func Evaluate(objects portfolio.Objects, asOf cxv1alpha1.Date) *State {
	return &State{Objects: objects, Evaluation: portfolio.Evaluate(objects, asOf)}
}

// Compare tells what changes from one state of a portfolio to another.
func Compare(namespace string, before, after *State) Portfolio {
	p := compareEffects(before, after)
	p.Namespace, p.Objects = namespace, compareObjects(before.Objects, after.Objects)
	p.Metrics = compareMetrics(before, after)
	old, changed := view.RoadmapOf(before.Evaluation), view.RoadmapOf(after.Evaluation)
	p.Bundles = compareBundles(old.Bundles, changed.Bundles)
	p.Value = compareValue(old, changed)
	return p
}

// Findings tells what a change makes worse, and nothing else of what Compare does, which takes longer.
func Findings(before, after *State) []Finding {
	p := compareEffects(before, after)
	return p.Findings
}

// compareEffects finds what changes for customers and teams, and what of that is worse.
func compareEffects(before, after *State) Portfolio {
	p := Portfolio{
		Moments: compareMoments(before, after),
		Items:   compareItems(before, after),
		Teams:   compareTeams(before, after),
		Gaps:    compareGaps(before, after),
	}
	p.Findings = findings(&p)
	return p
}

// IsEmpty tells that neither the objects change, nor anything for customers or teams.
func (p *Portfolio) IsEmpty() bool { return len(p.Objects.Changes) == 0 && !p.HasEffects() }

// HasEffects tells that something changes for customers or teams.
func (p *Portfolio) HasEffects() bool {
	return len(p.Moments) > 0 || len(p.Items) > 0 || len(p.Metrics) > 0 || len(p.Bundles.New) > 0 || len(p.Bundles.Gone) > 0 ||
		p.Value.Before != p.Value.After || len(p.Value.Forecast) > 0 || len(p.Teams) > 0 || len(p.Gaps.New) > 0 || len(p.Gaps.Resolved) > 0
}

// compareObjects finds the objects whose spec differs.
func compareObjects(before, after portfolio.Objects) Objects {
	old, changed := byKind(before), byKind(after)
	var changes []ObjectChange
	for _, kind := range cxv1alpha1.Kinds {
		changes = append(changes, specChanges(kind, old[kind], changed[kind])...)
	}
	objects := Objects{Changes: orEmpty(changes)}
	for _, c := range changes {
		switch c.Change {
		case Added:
			objects.Added++
		case Changed:
			objects.Changed++
		case Removed:
			objects.Removed++
		}
	}
	return objects
}

func byKind(objects portfolio.Objects) map[*cxv1alpha1.Kind]map[string]cxv1alpha1.Object {
	all := map[*cxv1alpha1.Kind]map[string]cxv1alpha1.Object{}
	for object := range objects.All() {
		kind := cxv1alpha1.KindOf(object)
		if all[kind] == nil {
			all[kind] = map[string]cxv1alpha1.Object{}
		}
		all[kind][object.GetName()] = object
	}
	return all
}

func specChanges(kind *cxv1alpha1.Kind, before, after map[string]cxv1alpha1.Object) []ObjectChange {
	var changes []ObjectChange
	eachPair(before, after, func(name string, old, changed cxv1alpha1.Object) {
		switch {
		case old == nil:
			changes = append(changes, ObjectChange{Added, kind.Name, name})
		case changed == nil:
			changes = append(changes, ObjectChange{Removed, kind.Name, name})
		// States that were read together share equal objects. For those the pointers are equal, so their specs need no comparison.
		case old != changed && !equality.Semantic.DeepEqual(old.GetSpec(), changed.GetSpec()):
			changes = append(changes, ObjectChange{Changed, kind.Name, name})
		}
	})
	return changes
}

func byName[O metav1.Object](objects []O) map[string]O {
	named := make(map[string]O, len(objects))
	for _, o := range objects {
		named[o.GetName()] = o
	}
	return named
}

// eachPair visits all names in two maps, sorted. If one map lacks a name, its value is the zero value.
func eachPair[V any](before, after map[string]V, visit func(name string, before, after V)) {
	names := slices.Collect(maps.Keys(before))
	for name := range after {
		if _, known := before[name]; !known {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		visit(name, before[name], after[name])
	}
}

// orEmpty replaces nil by an empty list, so that JSON has [] and not null.
func orEmpty[E any](list []E) []E {
	if list == nil {
		return []E{}
	}
	return list
}

func conditionOf(conditions []metav1.Condition, kind string) metav1.Condition {
	if c := meta.FindStatusCondition(conditions, kind); c != nil {
		return *c
	}
	return metav1.Condition{}
}

// compareGaps finds the gaps that open and close. A gap is the same in both states if it is about the same thing. Its text may differ: it
// may count or list things that change elsewhere. Only a cycle with other members is another gap.
func compareGaps(before, after *State) Gaps {
	old, changed := gapsOf(before), gapsOf(after)
	for _, gaps := range [][]Gap{old, changed} {
		// Gaps where something is wrong come before gaps where something is missing.
		slices.SortStableFunc(gaps, func(a, b Gap) int { return cmp.Compare(ruleIndex(gapRule(a)), ruleIndex(gapRule(b))) })
	}
	return Gaps{New: without(changed, old), Resolved: without(old, changed)}
}

func gapKey(g Gap) Gap {
	if g.Category != string(view.GapCycle) {
		g.Text = ""
	}
	return g
}

func without(list, others []Gap) []Gap {
	known := make(map[Gap]bool, len(others))
	for _, g := range others {
		known[gapKey(g)] = true
	}
	return orEmpty(slices.DeleteFunc(slices.Clone(list), func(g Gap) bool { return known[gapKey(g)] }))
}

// GapPolicy is the category of a planning policy that cannot be used. Only plans have this gap: elsewhere the status of the Roadmap
// tells it.
const GapPolicy = "Policy"

// gapsOf lists the gaps of a state. A moment has one gap for each missing part, so that filling in one of several parts closes a gap.
func gapsOf(s *State) []Gap {
	gaps := policyGaps(s)
	for _, g := range view.GapsOf(s.Evaluation) {
		if g.Category != view.GapElaboration {
			gaps = append(gaps, gapOf(g))
			continue
		}
		for _, part := range view.ElaborationGaps(s.Evaluation.Graph().Moment(g.Name)) {
			gaps = append(gaps, gapOf(part))
		}
	}
	return gaps
}

func gapOf(g view.Gap) Gap {
	return Gap{Category: string(g.Category), Reason: g.Reason, Kind: g.Kind, Name: g.Name, Subject: g.Subject, Text: g.Text}
}

// policyGaps returns a gap if the Roadmap is not ready.
func policyGaps(s *State) []Gap {
	if s.Objects.Roadmap == nil {
		return nil
	}
	ready := conditionOf(s.Evaluation.Roadmap.Conditions, cxv1alpha1.ConditionReady)
	if ready.Status == metav1.ConditionTrue {
		return nil
	}
	return []Gap{{Category: GapPolicy, Reason: ready.Reason, Kind: cxv1alpha1.RoadmapKind, Name: s.Objects.Roadmap.Name, Text: ready.Message}}
}

// compareBundles finds the bundles that the change makes and breaks up.
func compareBundles(before, after []view.RoadmapBundle) Bundles {
	return Bundles{
		Before: int32(len(before)), After: int32(len(after)),
		New: bundlesWithout(after, before), Gone: bundlesWithout(before, after),
	}
}

func bundlesWithout(list, others []view.RoadmapBundle) []Bundle {
	known := make(map[string]bool, len(others))
	for n := range others {
		known[bundleKey(&others[n])] = true
	}
	bundles := []Bundle{}
	for n := range list {
		if b := &list[n]; !known[bundleKey(b)] {
			bundles = append(bundles, Bundle{
				Number: b.Number, Score: b.Score, Value: b.Value, EffortDays: b.EffortDays, Finish: b.Finish, Items: b.Items,
			})
		}
	}
	return bundles
}

func bundleKey(b *view.RoadmapBundle) string {
	return strings.Join(slices.Sorted(slices.Values(b.Items)), "\x00")
}

func compareValue(before, after *view.Roadmap) ValueChange {
	return ValueChange{Before: valueOf(before.Value), After: valueOf(after.Value), Forecast: compareForecasts(before.Forecast, after.Forecast)}
}

func valueOf(v cxv1alpha1.Value) Value {
	return Value{Total: v.Total, Delivered: v.Delivered, Planned: v.Planned, Unplanned: v.Unplanned, Unelaborated: v.Unelaborated}
}

func compareForecasts(before, after []cxv1alpha1.MonthForecast) []MonthChange {
	changes := []MonthChange{}
	for n := range max(len(before), len(after)) {
		change := MonthChange{BeforePercent: percentAt(before, n), AfterPercent: percentAt(after, n)}
		// Both forecasts begin with the month of evaluation.
		if n < len(before) {
			change.Month = before[n].Month
		} else {
			change.Month = after[n].Month
		}
		if change.BeforePercent != change.AfterPercent {
			changes = append(changes, change)
		}
	}
	return changes
}

// percentAt is the percentage of the value at the end of a month. After the last month of the forecast it stays the same.
func percentAt(forecast []cxv1alpha1.MonthForecast, month int) int32 {
	if len(forecast) == 0 {
		return 0
	}
	return forecast[min(month, len(forecast)-1)].DeliveredPercent
}

// sortEffects puts effects in the order in which a list has them, the worst first.
func sortEffects[E comparable](effects, order []E) []E {
	slices.SortFunc(effects, func(a, b E) int { return cmp.Compare(slices.Index(order, a), slices.Index(order, b)) })
	return effects
}
