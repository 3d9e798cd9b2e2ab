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
	"fmt"
	"io/fs"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

// TestRoadmapOracle holds ranks, bundles, dates and chains against brute force, on portfolios in which nearly all work can be planned.
func TestRoadmapOracle(t *testing.T) {
	t.Parallel()
	check(t, 10, func(t *rapid.T) { againstRoadmap(t, plannable(t)) })
}

// TestRoadmapOracleOfAnything does so on portfolios in which anything may be wrong.
func TestRoadmapOracleOfAnything(t *testing.T) {
	t.Parallel()
	check(t, 5, func(t *rapid.T) { againstRoadmap(t, withinAges(portfoliotest.Objects(t))) })
}

// TestRoadmapOracleOfEvidence does so where work is proven, followed in trackers and judged by metrics.
func TestRoadmapOracleOfEvidence(t *testing.T) {
	t.Parallel()
	check(t, 5, func(t *rapid.T) {
		objects := plannable(t)
		portfoliotest.AddEvidence(t, &objects)
		againstRoadmap(t, objects)
	})
}

// TestRoadmapOracleOfScoreModels does so with expressions of the team's own.
func TestRoadmapOracleOfScoreModels(t *testing.T) {
	t.Parallel()
	check(t, 2, func(t *rapid.T) {
		objects := plannable(t)
		if objects.Roadmap == nil {
			objects.Roadmap = &cxv1alpha1.Roadmap{TypeMeta: metav1.TypeMeta{Kind: "Roadmap"}, ObjectMeta: metav1.ObjectMeta{Name: "default", Generation: 1}}
		}
		objects.Roadmap.Spec.ValueExpression = pick(t, "valueExpression", "", "customerValue + businessValue", "businessValue * 3.0 - effortDays",
			"scores.reach * 2.0", `"risk" in scores ? scores.risk : 4.0`)
		objects.Roadmap.Spec.EffortExpression = pick(t, "effortExpression", "", "effortDays * 2.0", "effortDays / scores.risk",
			"scores.reach + scores.risk")
		againstRoadmap(t, objects)
	})
}

// TestRoadmapOracleOfSample does so on the sample of a whole company: it has too much work to try all orders, but all that follows from the
// order is checked, with the lanes that the teams have and with one a team.
func TestRoadmapOracleOfSample(t *testing.T) {
	for _, lanes := range []int32{0, 1} {
		t.Run(fmt.Sprint(lanes), func(t *testing.T) {
			objects := sample(t)
			if lanes > 0 {
				for i := range objects.Roadmap.Spec.Teams {
					objects.Roadmap.Spec.Teams[i].Lanes = lanes
				}
			}
			got := portfolio.Evaluate(objects, portfoliotest.Today)
			p := rankedRoadmap(objects, portfoliotest.Today, got)
			if len(p.jobs) < 30 {
				t.Errorf("only %v can be scheduled", p.jobs)
			}
			if diff := differences(p.statuses(), withoutMessages(got.Statuses, p.policy)); diff != "" {
				t.Errorf("(-oracle +model):\n%s", diff)
			}
		})
	}
}

// sample reads the portfolio of an insurer.
func sample(t *testing.T) portfolio.Objects {
	t.Helper()
	var all []client.Object
	root := filepath.Join("..", "..", "config", "samples", "motor-claim")
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil {
			all = append(all, portfoliotest.List(decode(t, text))...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return portfoliotest.FromList(all)
}

func againstRoadmap(t *rapid.T, objects portfolio.Objects) {
	got := portfolio.Evaluate(objects, portfoliotest.Today)
	p := newRoadmap(objects, portfoliotest.Today)
	if diff := differences(p.statuses(), withoutMessages(got.Statuses, p.policy)); diff != "" {
		t.Fatalf("(-oracle +model):\n%s\nportfolio:\n%s", diff, specs(objects))
	}
}

// withoutMessages leaves all of the statuses but what is for people, and whether the Roadmap takes its expressions.
func withoutMessages(all portfolio.Statuses, policy cxv1alpha1.RoadmapSpec) portfolio.Statuses {
	full := compared(all, policy)
	full.Journeys = eachCopy(full.Journeys, func(*cxv1alpha1.JourneyStatus) {})
	for name, s := range full.Journeys {
		s.NextWork, s.NextWorkTotal = all.Journeys[name].NextWork, all.Journeys[name].NextWorkTotal
	}
	for name, s := range full.Moments {
		s.BlockedBy = all.Moments[name].BlockedBy
		s.CriticalChain, s.CriticalChainTotal = all.Moments[name].CriticalChain, all.Moments[name].CriticalChainTotal
	}
	for name, s := range full.RoadmapItems {
		s.Priority, s.Order, s.Schedule = all.RoadmapItems[name].Priority, all.RoadmapItems[name].Order, all.RoadmapItems[name].Schedule
	}
	if full.Roadmap != nil {
		full.Roadmap.Bundles, full.Roadmap.BundlesTotal = all.Roadmap.Bundles, all.Roadmap.BundlesTotal
		full.Roadmap.Forecast, full.Roadmap.ForecastTotal = all.Roadmap.Forecast, all.Roadmap.ForecastTotal
	}
	return full
}

// withinAges keeps work from taking thousands of years, which would be right but long to count day by day.
func withinAges(objects portfolio.Objects) portfolio.Objects {
	if objects.Roadmap != nil {
		for i := range objects.Roadmap.Spec.Teams {
			if team := &objects.Roadmap.Spec.Teams[i]; team.VelocityPercent == 1 {
				team.VelocityPercent = 30
			}
		}
	}
	return objects
}

// plannable makes a portfolio of few and small numbers, so that ties and gaps that just fit are common, in which nearly all work
// can be planned.
func plannable(t *rapid.T) portfolio.Objects {
	m := roadmapMaker{T: t, blocks: upToSome(t, "blocks", 1, 4), moments: upToSome(t, "moments", 1, 4)}
	for range m.blocks {
		m.stages = append(m.stages, rapid.IntRange(1, 3).Draw(t, "stages"))
	}
	objects := portfolio.Objects{Journeys: []*cxv1alpha1.Journey{{
		TypeMeta: metav1.TypeMeta{Kind: "Journey"}, ObjectMeta: named("journey", 0),
		Spec: cxv1alpha1.JourneySpec{Title: "Journey", Phases: []cxv1alpha1.Phase{{Name: "use"}}, Channels: []cxv1alpha1.Channel{{Name: "app"}}},
	}}}
	for i := range m.moments {
		objects.Moments = append(objects.Moments, m.moment(i))
	}
	for i := range upToSome(t, "requirements", 0, 8) {
		objects.Requirements = append(objects.Requirements, m.requirement(i))
	}
	for i := range m.blocks {
		objects.BuildingBlocks = append(objects.BuildingBlocks, m.block(i))
	}
	for i := range upToSome(t, "items", 0, 7) {
		objects.RoadmapItems = append(objects.RoadmapItems, m.item(i))
	}
	if rapid.IntRange(0, 9).Draw(t, "roadmap") > 0 {
		objects.Roadmap = m.roadmap()
	}
	return objects
}

type roadmapMaker struct {
	*rapid.T

	blocks, moments int
	stages          []int // of each block
}

func (m roadmapMaker) moment(i int) *cxv1alpha1.Moment {
	return &cxv1alpha1.Moment{TypeMeta: metav1.TypeMeta{Kind: "Moment"}, ObjectMeta: named("moment", i), Spec: cxv1alpha1.MomentSpec{
		JourneyRef: cxv1alpha1.ObjectReference{Name: "journey-a"}, Phase: "use", Title: "Moment",
		Importance:    pick[int32](m.T, "importance", 12, 1, 3, 24, 100),
		MomentOfTruth: rapid.Bool().Draw(m.T, "truth"),
		Insights:      []cxv1alpha1.Insight{{Name: "need", Validated: rapid.IntRange(0, 3).Draw(m.T, "validated") > 0}},
		NeededBy:      pick[cxv1alpha1.Date](m.T, "neededBy", "", "2026-11-26", "2026-12-04"),
	}}
}

func (m roadmapMaker) requirement(i int) *cxv1alpha1.Requirement {
	r := &cxv1alpha1.Requirement{TypeMeta: metav1.TypeMeta{Kind: "Requirement"}, ObjectMeta: named("requirement", i)}
	r.Spec = cxv1alpha1.RequirementSpec{
		Title: "Requirement", BuildingBlockRef: new(m.stage("of")),
		MoSCoW: pick(m.T, "moscow", cxv1alpha1.MoSCoWMust, cxv1alpha1.MoSCoWMust, cxv1alpha1.MoSCoWShould, cxv1alpha1.MoSCoWCould),
	}
	first := rapid.IntRange(0, m.moments-1).Draw(m.T, "for")
	for moment := first; moment < m.moments && (moment == first || rapid.IntRange(0, 2).Draw(m.T, "also") == 0); moment++ {
		r.Spec.MomentRefs = append(r.Spec.MomentRefs, cxv1alpha1.ObjectReference{Name: cxv1alpha1.ObjectName(named("moment", moment).Name)})
	}
	return r
}

func (m roadmapMaker) block(i int) *cxv1alpha1.BuildingBlock {
	b := &cxv1alpha1.BuildingBlock{TypeMeta: metav1.TypeMeta{Kind: "BuildingBlock"}, ObjectMeta: named("block", i)}
	b.Spec = cxv1alpha1.BuildingBlockSpec{
		Title:              "Block",
		Complexity:         pick(m.T, "complexity", cxv1alpha1.ComplexityLow, cxv1alpha1.ComplexityLow, cxv1alpha1.ComplexityHigh),
		FeasibilityPercent: pick[int32](m.T, "feasibility", 100, 100, 50, 70),
	}
	for place := range m.stages[i] {
		stage := cxv1alpha1.Stage{
			Name:         stageName(place),
			EffortDays:   pick[int32](m.T, "effort", 2, 0, 1, 3, 4, 20),
			LeadTimeDays: pick[int32](m.T, "leadTime", 0, 0, 0, 5),
			Available:    rapid.IntRange(0, 19).Draw(m.T, "available") == 19,
		}
		if i > 0 && rapid.IntRange(0, 5).Draw(m.T, "depends") == 5 {
			other := rapid.IntRange(0, i-1).Draw(m.T, "on")
			stage.DependsOn = []cxv1alpha1.StageReference{{Name: cxv1alpha1.ObjectName(named("block", other).Name), Stage: stageName(0)}}
		}
		b.Spec.Stages = append(b.Spec.Stages, stage)
	}
	return b
}

func (m roadmapMaker) item(i int) *cxv1alpha1.RoadmapItem {
	item := &cxv1alpha1.RoadmapItem{TypeMeta: metav1.TypeMeta{Kind: "RoadmapItem"}, ObjectMeta: named("item", i)}
	item.Spec = cxv1alpha1.RoadmapItemSpec{
		Title: "Item", Delivers: []cxv1alpha1.StageReference{m.stage("delivers")},
		State: pick(m.T, "state", cxv1alpha1.StatePlanned, cxv1alpha1.StateProposed, cxv1alpha1.StatePlanned, cxv1alpha1.StatePlanned,
			cxv1alpha1.StateInProgress, cxv1alpha1.StateInProgress, cxv1alpha1.StateDone),
		ProgressPercent: pick[int32](m.T, "progress", 0, 0, 0, 50, 90),
		BusinessValue:   pick[int32](m.T, "businessValue", 0, 0, 2, 4, 10),
		Team:            pick[cxv1alpha1.LabelName](m.T, "team", "", "alpha", "alpha", "beta", "gamma"),
		StartDate:       pick[cxv1alpha1.Date](m.T, "startDate", "", "", "", "", "2026-11-25", "2026-11-29"),
		TargetDate:      pick[cxv1alpha1.Date](m.T, "targetDate", "", "2026-11-30"),
	}
	if item.Spec.StartDate == "" && item.Spec.TargetDate == "" {
		item.Spec.TargetDate = pick[cxv1alpha1.Date](m.T, "targetDate", "", "2026-11-22", "2026-11-24")
	}
	if item.Spec.State == cxv1alpha1.StateDone {
		item.Spec.StartDate, item.Spec.FinishDate = "", "2026-11-20"
	}
	if other := m.stage("delivers"); other != item.Spec.Delivers[0] {
		item.Spec.Delivers = append(item.Spec.Delivers, other)
	}
	for other := range i {
		if rapid.IntRange(0, 4).Draw(m.T, "depends") == 4 {
			item.Spec.DependsOn = append(item.Spec.DependsOn, cxv1alpha1.ItemDependency{
				Name: cxv1alpha1.ObjectName(named("item", other).Name), LagDays: pick[int32](m.T, "lag", 0, 0, 0, 1, 6),
			})
		}
	}
	if rapid.IntRange(0, 3).Draw(m.T, "effort") == 3 {
		item.Spec.EffortDays = new(pick[int32](m.T, "effortDays", 4, 0, 1, 2))
	}
	for _, name := range []cxv1alpha1.LabelName{"reach", "risk"} {
		if rapid.IntRange(0, 4).Draw(m.T, "scored") > 0 {
			value := resource.MustParse(pick(m.T, "score", "2", "1", "0.5", "0", "8"))
			item.Spec.Scores = append(item.Spec.Scores, cxv1alpha1.Score{Name: name, Value: value})
		}
	}
	return item
}

func (m roadmapMaker) roadmap() *cxv1alpha1.Roadmap {
	r := &cxv1alpha1.Roadmap{TypeMeta: metav1.TypeMeta{Kind: "Roadmap"}, ObjectMeta: metav1.ObjectMeta{Name: "default", Generation: 1}}
	for _, name := range []cxv1alpha1.LabelName{"alpha", "beta"} {
		r.Spec.Teams = append(r.Spec.Teams, cxv1alpha1.Team{
			Name: name, Lanes: pick[int32](m.T, "lanes", 1, 1, 2), VelocityPercent: pick[int32](m.T, "velocity", 100, 100, 150, 60),
			Holidays: pick(m.T, "own holidays", nil, nil, []cxv1alpha1.Date{"2026-11-24"}, []cxv1alpha1.Date{"2026-12-02", "2026-11-23", "2026-11-22", "2026-11-26"}),
		})
	}
	if rapid.Bool().Draw(m.T, "holidays") {
		r.Spec.Calendar = &cxv1alpha1.Calendar{Holidays: []cxv1alpha1.Date{"2026-11-23", "2026-11-27", "2026-12-25"}}
	}
	return r
}

// stage draws a stage that exists.
func (m roadmapMaker) stage(label string) cxv1alpha1.StageReference {
	block := rapid.IntRange(0, m.blocks-1).Draw(m.T, label)
	return cxv1alpha1.StageReference{
		Name:  cxv1alpha1.ObjectName(named("block", block).Name),
		Stage: stageName(rapid.IntRange(0, m.stages[block]-1).Draw(m.T, label)),
	}
}

func stageName(place int) cxv1alpha1.LabelName {
	return []cxv1alpha1.LabelName{"weekly", "daily", "live"}[place]
}

// named gives an object a letter, in an order that is not that of making them.
func named(kind string, i int) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: fmt.Sprintf("%s-%c", kind, 'a'+rune(i*5%26)), Generation: 1}
}

func pick[E any](t *rapid.T, label string, choices ...E) E {
	return rapid.SampledFrom(choices).Draw(t, label)
}

// upToSome draws a size: mostly large, since small portfolios have little to tell.
func upToSome(t *rapid.T, label string, lowest, highest int) int {
	return max(rapid.IntRange(lowest, highest).Draw(t, label), rapid.IntRange(lowest, highest).Draw(t, label))
}

// TestPlannableIsValid sends the portfolios of few and small numbers through the API server's own validation.
func TestPlannableIsValid(t *testing.T) {
	t.Parallel()
	validator, err := portfoliotest.NewValidator()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		for _, object := range portfoliotest.List(plannable(t)) {
			if err := validator.Validate(object); err != nil {
				t.Fatalf("%T %s: %v", object, object.GetName(), err)
			}
		}
	})
}

// ranked lists the items that the model ranks, by name.
func ranked(e *portfolio.Evaluation) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(e.RoadmapItems)) {
		if e.RoadmapItems[name].Priority != nil {
			all = append(all, name)
		}
	}
	return all
}

// drawItem draws one of the items of a portfolio, by name; nil if there are none.
func drawItem(t *rapid.T, objects portfolio.Objects, names []string) *cxv1alpha1.RoadmapItem {
	if len(names) == 0 {
		return nil
	}
	name := rapid.SampledFrom(names).Draw(t, "item")
	return objects.RoadmapItems[slices.IndexFunc(objects.RoadmapItems, func(i *cxv1alpha1.RoadmapItem) bool { return i.Name == name })]
}

// TestMoreEffort makes one item more work: its bundle has the same others before it or more of them, so it never starts earlier.
func TestMoreEffort(t *testing.T) {
	t.Parallel()
	check(t, 2, func(t *rapid.T) {
		objects := plannable(t)
		before := portfolio.Evaluate(objects, portfoliotest.Today)
		item := drawItem(t, objects, ranked(before))
		if item == nil {
			return
		}
		base := newOracle(objects, portfoliotest.Today, nil).baseEffort(item.Name)
		item.Spec.EffortDays = new(base + rapid.Int32Range(0, 30).Draw(t, "more"))
		after := portfolio.Evaluate(objects, portfoliotest.Today)
		earlier, later := inEarlierBundles(before, item.Name), inEarlierBundles(after, item.Name)
		for name := range earlier {
			if !later[name] {
				t.Fatalf("%s of %d days came after %v, of %d days after %v:\n%s", item.Name, base, sorted(earlier),
					*item.Spec.EffortDays, sorted(later), specs(objects))
			}
		}
		if was, is := score(t, before, item.Name), score(t, after, item.Name); is.Cmp(was) > 0 {
			t.Fatalf("%s of %d days scores %s, of %d days %s:\n%s", item.Name, base, was, *item.Spec.EffortDays, is, specs(objects))
		}
	})
}

// baseEffort of an item in whole days.
func (o *oracle) baseEffort(item string) int32 { return int32((&plan{oracle: o}).base(item)) }

func inEarlierBundles(e *portfolio.Evaluation, item string) names {
	all := names{}
	for _, other := range ranked(e) {
		if e.RoadmapItems[other].Priority.Bundle < e.RoadmapItems[item].Priority.Bundle {
			all[other] = true
		}
	}
	return all
}

func score(t *rapid.T, e *portfolio.Evaluation, item string) *big.Rat {
	x, ok := new(big.Rat).SetString(e.RoadmapItems[item].Priority.Score)
	if !ok {
		t.Fatalf("no number: %q", e.RoadmapItems[item].Priority.Score)
	}
	return x
}

// TestFinishedItem finishes an item where there is capacity for everything: no moment becomes later for it.
func TestFinishedItem(t *testing.T) {
	t.Parallel()
	check(t, 2, func(t *rapid.T) {
		objects := withoutTeams(anyPortfolio(t))
		before := portfolio.Evaluate(objects, portfoliotest.Today)
		item := drawItem(t, objects, liveItems(objects))
		if item == nil {
			return
		}
		item.Spec.State, item.Spec.StartDate, item.Spec.FinishDate = cxv1alpha1.StateDone, "", portfoliotest.Today
		after := portfolio.Evaluate(objects, portfoliotest.Today)
		for name, was := range before.Moments {
			is := after.Moments[name]
			if was.ExpectedDate == "" || meta.IsStatusConditionFalse(is.Conditions, cxv1alpha1.ConditionBlocked) {
				continue
			}
			if is.ExpectedDate == "" || is.ExpectedDate > was.ExpectedDate {
				t.Fatalf("without %s moment %s is expected %q, after %q:\n%s", item.Name, name, is.ExpectedDate, was.ExpectedDate, specs(objects))
			}
		}
	})
}

// anyPortfolio has no evidence, of which some changes from day to day, or waits for proof.
func anyPortfolio(t *rapid.T) portfolio.Objects {
	if rapid.Bool().Draw(t, "any") {
		return withinAges(portfoliotest.WithoutEvidence(t))
	}
	return plannable(t)
}

func withoutTeams(objects portfolio.Objects) portfolio.Objects {
	for _, item := range objects.RoadmapItems {
		item.Spec.Team = ""
	}
	return objects
}

func liveItems(objects portfolio.Objects) []string {
	var all []string
	for _, item := range objects.RoadmapItems {
		if item.Spec.State != cxv1alpha1.StateDone && item.Spec.State != cxv1alpha1.StateCancelled {
			all = append(all, item.Name)
		}
	}
	return all
}

// TestUnrelatedItem adds work that has nothing to do with the rest: the rest keeps scores, efforts and shares, and its order.
func TestUnrelatedItem(t *testing.T) {
	t.Parallel()
	check(t, 2, func(t *rapid.T) {
		objects := anyPortfolio(t)
		before := portfolio.Evaluate(objects, portfoliotest.Today)
		block := &cxv1alpha1.BuildingBlock{ObjectMeta: metav1.ObjectMeta{Name: "unrelated"}}
		block.Spec.Stages = []cxv1alpha1.Stage{{Name: "only", EffortDays: rapid.Int32Range(0, 20).Draw(t, "effort")}}
		item := &cxv1alpha1.RoadmapItem{ObjectMeta: metav1.ObjectMeta{Name: pick(t, "name", "aaa", "item-m", "zzz")}}
		item.Spec.Delivers = []cxv1alpha1.StageReference{{Name: "unrelated"}}
		item.Spec.BusinessValue = rapid.Int32Range(0, 20).Draw(t, "businessValue")
		objects.BuildingBlocks = append(objects.BuildingBlocks, block)
		objects.RoadmapItems = append(objects.RoadmapItems, item)
		after := portfolio.Evaluate(objects, portfoliotest.Today)
		for _, name := range ranked(before) {
			was, is := *before.RoadmapItems[name].Priority, *after.RoadmapItems[name].Priority
			was.Rank, was.Bundle, is.Rank, is.Bundle = 0, 0, 0, 0
			if was != is {
				t.Fatalf("%s: %s\n%s", name, cmp.Diff(was, is), specs(objects))
			}
		}
	})
}

// TestPlannedValue adds up: what the bundles bring is what is planned, weighed, and so are the shares of the items. All are rounded
// one by one, so that they may differ by half a point each.
func TestPlannedValue(t *testing.T) {
	t.Parallel()
	check(t, 2, func(t *rapid.T) {
		objects := plannable(t)
		if objects.Roadmap == nil {
			return
		}
		objects.Roadmap.Spec.Weights = &cxv1alpha1.ValueWeights{Customer: new(int32(100)), Business: new(int32(0))}
		e := portfolio.Evaluate(objects, portfoliotest.Today)
		var bundles, shares int64
		for _, b := range e.Roadmap.Bundles {
			bundles += b.Value
		}
		items := ranked(e)
		for _, name := range items {
			shares += e.RoadmapItems[name].Priority.ValueShare
		}
		for _, sum := range []struct {
			of    string
			value int64
			parts int
		}{{"bundles", bundles, len(e.Roadmap.Bundles)}, {"shares", shares, len(items)}} {
			if off := sum.value - e.Roadmap.Value.Planned; 2*max(off, -off) > int64(sum.parts)+2 {
				t.Fatalf("%d points are planned, the %d %s add up to %d:\n%s", e.Roadmap.Value.Planned, sum.parts, sum.of, sum.value, specs(objects))
			}
		}
	})
}

// TestNightWithoutWork lets a day pass on which nobody works: nothing moves, so not a byte changes. (Target dates that pass are at other days.)
func TestNightWithoutWork(t *testing.T) {
	t.Parallel()
	check(t, 2, func(t *rapid.T) {
		objects := plannable(t)
		saturday := portfolio.Evaluate(objects, "2026-11-28")
		sunday := portfolio.Evaluate(objects, "2026-11-29")
		if want, got := encode(t, saturday), encode(t, sunday); want != got {
			t.Fatalf("a Saturday passed:\n%s\n%s", cmp.Diff(want, got), specs(objects))
		}
	})
}

// TestDayPasses lets a day pass: of the statuses only dates change, and what is said of them.
func TestDayPasses(t *testing.T) {
	t.Parallel()
	check(t, 2, func(t *rapid.T) {
		objects := anyPortfolio(t)
		today := portfoliotest.Today
		for range 4 {
			tomorrow := date(dayNumber(today) + 1)
			was, is := portfolio.Evaluate(objects, today), portfolio.Evaluate(objects, tomorrow)
			if diff := differences(undated(was.Statuses), undated(is.Statuses)); diff != "" {
				t.Fatalf("from %s to %s:\n%s\n%s", today, tomorrow, diff, specs(objects))
			}
			today = tomorrow
		}
	})
}

// undated leaves of statuses what has nothing to do with dates.
func undated(all portfolio.Statuses) portfolio.Statuses {
	all = withoutMessages(all, cxv1alpha1.RoadmapSpec{})
	for _, s := range all.Journeys {
		s.ExpectedDate, s.Moments.AtRisk = "", 0
		meta.RemoveStatusCondition(&s.Conditions, cxv1alpha1.ConditionAtRisk)
	}
	all.Moments = eachCopy(all.Moments, func(s *cxv1alpha1.MomentStatus) {
		s.ExpectedDate, s.SlackDays, s.CriticalChain, s.CriticalChainTotal = "", nil, nil, 0
		meta.RemoveStatusCondition(&s.Conditions, cxv1alpha1.ConditionAtRisk)
		for i := range s.BlockedBy {
			s.BlockedBy[i].ExpectedFinish, s.BlockedBy[i].Critical = "", false
		}
		slices.SortFunc(s.BlockedBy, func(a, b cxv1alpha1.Blocker) int {
			return strings.Compare(fmt.Sprint(a.Kind, a.Name, a.Stage), fmt.Sprint(b.Kind, b.Name, b.Stage))
		})
	})
	for _, s := range all.Requirements {
		s.ExpectedDate = ""
	}
	for _, s := range all.BuildingBlocks {
		for i := range s.Stages {
			s.Stages[i].ExpectedFinish = ""
		}
	}
	all.RoadmapItems = eachCopy(all.RoadmapItems, func(s *cxv1alpha1.RoadmapItemStatus) {
		if s.Schedule != nil {
			s.Schedule.ExpectedStart, s.Schedule.ExpectedFinish = "", ""
		}
		meta.RemoveStatusCondition(&s.Conditions, cxv1alpha1.ConditionOnTrack)
	})
	if all.Roadmap != nil {
		all.Roadmap.Forecast, all.Roadmap.ForecastTotal = nil, 0
		for i := range all.Roadmap.Teams {
			all.Roadmap.Teams[i].BusyUntil = ""
		}
	}
	return all
}

// TestDayPassesWithCapacity lets a day pass where there is capacity for everything: what is not finished moves by a workday, or stays
// where a start date or slack holds it. (Where teams are full an item may also come earlier, in a gap that another leaves.)
func TestDayPassesWithCapacity(t *testing.T) {
	t.Parallel()
	check(t, 2, func(t *rapid.T) {
		objects := withoutTeams(anyPortfolio(t))
		p := newJobs(objects, portfoliotest.Today)
		today := cxv1alpha1.Date("2026-11-24")
		was, is := portfolio.Evaluate(objects, today), portfolio.Evaluate(objects, date(dayNumber(today)+1))
		for _, name := range ranked(was) {
			finish := was.RoadmapItems[name].Schedule.ExpectedFinish
			next := dayNumber(finish) + 1
			for !p.workday(next) {
				next++
			}
			if got := is.RoadmapItems[name].Schedule.ExpectedFinish; got != finish && got != date(next) {
				t.Fatalf("%s is expected %s, the day after %s:\n%s", name, finish, got, specs(objects))
			}
		}
	})
}

// TestRoadmapInAnyOrder shuffles the objects where ties are common.
func TestRoadmapInAnyOrder(t *testing.T) {
	t.Parallel()
	check(t, 2, func(t *rapid.T) {
		objects := plannable(t)
		want := encode(t, portfolio.Evaluate(objects, portfoliotest.Today))
		shuffled := portfoliotest.FromList(rapid.Permutation(portfoliotest.List(objects)).Draw(t, "shuffled"))
		if got := encode(t, portfolio.Evaluate(shuffled, portfoliotest.Today)); want != got {
			t.Fatalf("the order of objects matters:\n%s\n%s", cmp.Diff(want, got), specs(objects))
		}
	})
}
