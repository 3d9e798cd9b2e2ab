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
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

// crowd is a portfolio in which every list overflows: everything is about everything else, eighty of each kind, with names as
// long as an API server lets them be.
func crowd(state cxv1alpha1.ItemState, dependsOn func(i int) []int) portfolio.Objects {
	const size = 80
	var objects portfolio.Objects
	name := func(kind string, i int) string {
		return fmt.Sprintf("%s-%03d-%s", kind, i, strings.Repeat("x", 240-len(kind)))
	}
	meta := func(kind string, i int) metav1.ObjectMeta {
		return metav1.ObjectMeta{Name: name(kind, i), Generation: 1}
	}
	ref := func(kind string, i int) cxv1alpha1.ObjectReference {
		return cxv1alpha1.ObjectReference{Name: cxv1alpha1.ObjectName(name(kind, i))}
	}
	label := cxv1alpha1.LabelName(strings.Repeat("s", 63))
	objects.Journeys = []*cxv1alpha1.Journey{{ObjectMeta: meta("journey", 0)}}
	objects.Roadmap = &cxv1alpha1.Roadmap{ObjectMeta: metav1.ObjectMeta{Name: "default", Generation: 1}}
	for i := range size {
		m := &cxv1alpha1.Moment{ObjectMeta: meta("moment", i)}
		m.Spec = cxv1alpha1.MomentSpec{JourneyRef: ref("journey", i%2), Importance: 10, Phase: label, NeededBy: "2026-12-01"}
		r := &cxv1alpha1.Requirement{ObjectMeta: meta("requirement", i)}
		r.Spec = cxv1alpha1.RequirementSpec{MoSCoW: cxv1alpha1.MoSCoWMust}
		r.Spec.BuildingBlockRef = &cxv1alpha1.StageReference{Name: cxv1alpha1.ObjectName(name("block", i))}
		for n := range 50 {
			r.Spec.MomentRefs = append(r.Spec.MomentRefs, ref("moment", (i+n)%(size+5)))
		}
		b := &cxv1alpha1.BuildingBlock{ObjectMeta: meta("block", i)}
		b.Spec.Stages = []cxv1alpha1.Stage{{Name: label, EffortDays: 10}}
		for n := range 20 {
			b.Spec.Stages[0].DependsOn = append(b.Spec.Stages[0].DependsOn, cxv1alpha1.StageReference{
				Name: cxv1alpha1.ObjectName(name("block", size+n)), Stage: label,
			})
		}
		x := &cxv1alpha1.RoadmapItem{ObjectMeta: meta("item", i)}
		x.Spec = cxv1alpha1.RoadmapItemSpec{State: state, Team: cxv1alpha1.LabelName(fmt.Sprintf("team-%d", i)), TargetDate: "2026-12-01"}
		x.Spec.Delivers = []cxv1alpha1.StageReference{{Name: cxv1alpha1.ObjectName(name("block", i)), Stage: label}}
		for _, other := range dependsOn(i) {
			x.Spec.DependsOn = append(x.Spec.DependsOn, cxv1alpha1.ItemDependency{Name: ref("item", other).Name})
		}
		objects.Moments = append(objects.Moments, m)
		objects.Requirements = append(objects.Requirements, r)
		objects.BuildingBlocks = append(objects.BuildingBlocks, b)
		objects.RoadmapItems = append(objects.RoadmapItems, x)
		objects.Roadmap.Spec.Teams = append(objects.Roadmap.Spec.Teams, cxv1alpha1.Team{Name: x.Spec.Team})
	}
	return objects
}

// withoutUnplanned takes the dangling dependencies away, so that the work can be scheduled.
func withoutUnplanned(objects portfolio.Objects) portfolio.Objects {
	for _, b := range objects.BuildingBlocks {
		b.Spec.Stages[0].DependsOn = nil
	}
	return objects
}

// withEvidence lets eighty metrics measure the same moments, and one of them judge all the work, each of another team.
func withEvidence(objects portfolio.Objects) portfolio.Objects {
	var moments []cxv1alpha1.ObjectReference
	for _, m := range objects.Moments[:50] {
		moments = append(moments, cxv1alpha1.ObjectReference{Name: cxv1alpha1.ObjectName(m.Name)})
	}
	for i, item := range objects.RoadmapItems {
		m := &cxv1alpha1.Metric{ObjectMeta: metav1.ObjectMeta{Name: "metric" + item.Name, Generation: 1}}
		m.Spec = cxv1alpha1.MetricSpec{Direction: cxv1alpha1.DirectionIncrease, MomentRefs: moments, Target: &cxv1alpha1.Target{Value: "1"}}
		if i%2 == 0 {
			m.Spec.Samples = []cxv1alpha1.Sample{{Date: portfoliotest.Today, Value: "1"}}
		}
		for n := range 60 {
			m.Spec.MomentRefs = append(m.Spec.MomentRefs, cxv1alpha1.ObjectReference{Name: cxv1alpha1.ObjectName(fmt.Sprint("gone-", n))})
		}
		objects.Metrics = append(objects.Metrics, m)
		item.Spec.FinishDate = "2026-01-01"
		item.Spec.Hypothesis = &cxv1alpha1.Hypothesis{
			MetricRef:     &cxv1alpha1.ObjectReference{Name: cxv1alpha1.ObjectName(objects.Metrics[0].Name)},
			ExpectedDelta: new(cxv1alpha1.Decimal("1")),
		}
	}
	for _, b := range objects.BuildingBlocks {
		stage := &b.Spec.Stages[0]
		proofs := &cxv1alpha1.Observation{ObjectMeta: metav1.ObjectMeta{Name: "proofs" + b.Name}}
		proofs.Spec.Of = cxv1alpha1.ObservedReference{Kind: "BuildingBlock", Name: cxv1alpha1.ObjectName(b.Name)}
		for n := range 50 {
			check := cxv1alpha1.LabelName(fmt.Sprintf("%02d%s", n, strings.Repeat("c", 61)))
			stage.DeliveredWhen = append(stage.DeliveredWhen, cxv1alpha1.StageCheck{Name: check})
			proofs.Spec.Proofs = append(proofs.Spec.Proofs, cxv1alpha1.Proof{
				Stage: stage.Name, Check: check, ProvenOn: "2026-01-01", Reason: cxv1alpha1.Sentence(strings.Repeat("why ", 60)),
			})
		}
		objects.Observations = append(objects.Observations, proofs)
	}
	return objects
}

// TestLongLists fills every list beyond its bound, and messages with long names.
func TestLongLists(t *testing.T) {
	t.Parallel()
	first := func(i int) []int { // everything waits for the first items
		var all []int
		for n := range min(i, 50) {
			all = append(all, n)
		}
		return all
	}
	ring := func(i int) []int { return []int{(i + 1) % 80} }
	dangling := func(int) []int { return []int{100, 101, 102, 103, 104, 105} }
	none := func(int) []int { return nil }
	for name, objects := range map[string]portfolio.Objects{
		"unplanned":    crowd(cxv1alpha1.StatePlanned, first),
		"ring":         crowd(cxv1alpha1.StatePlanned, ring),
		"dangling":     crowd(cxv1alpha1.StateProposed, dangling),
		"done":         crowd(cxv1alpha1.StateDone, none),
		"cancelled":    crowd(cxv1alpha1.StateCancelled, first),
		"plain ring":   withoutUnplanned(crowd(cxv1alpha1.StatePlanned, ring)),
		"proposed":     withoutUnplanned(crowd(cxv1alpha1.StateProposed, first)),
		"in progress":  withoutUnplanned(crowd(cxv1alpha1.StateInProgress, first)),
		"independent":  withoutUnplanned(crowd(cxv1alpha1.StatePlanned, none)),
		"all the same": withoutUnplanned(crowd("", none)),
		"evidence":     withEvidence(crowd(cxv1alpha1.StateDone, none)),
		"live, judged": withEvidence(withoutUnplanned(crowd(cxv1alpha1.StatePlanned, first))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if fault := misformed(portfolio.Evaluate(objects, portfoliotest.Today)); fault != "" {
				t.Error(fault)
			}
		})
	}
}

// TestHostile evaluates what no API server would let through; offline nothing stands between a file and the model.
func TestHostile(t *testing.T) {
	t.Parallel()
	for name, objects := range hostile() {
		for _, today := range []cxv1alpha1.Date{portfoliotest.Today, "", "tomorrow", "0000-00-00", "9999-12-31"} {
			t.Run(name+" on "+string(today), func(t *testing.T) {
				t.Parallel()
				portfolio.Evaluate(objects, today)
			})
		}
	}
}

func hostile() map[string]portfolio.Objects {
	all := map[string]portfolio.Objects{
		"nothing": {},
		"zero values": {
			Journeys:       []*cxv1alpha1.Journey{{}},
			Moments:        []*cxv1alpha1.Moment{{}},
			Requirements:   []*cxv1alpha1.Requirement{{}},
			BuildingBlocks: []*cxv1alpha1.BuildingBlock{{}},
			RoadmapItems:   []*cxv1alpha1.RoadmapItem{{}},
			Roadmap:        &cxv1alpha1.Roadmap{},
			Metrics:        []*cxv1alpha1.Metric{{}},
			Observations:   []*cxv1alpha1.Observation{{}},
		},
		"references without names": {
			Requirements:   []*cxv1alpha1.Requirement{{Spec: cxv1alpha1.RequirementSpec{MomentRefs: []cxv1alpha1.ObjectReference{{}, {}}, BuildingBlockRef: &cxv1alpha1.StageReference{}}}},
			Moments:        []*cxv1alpha1.Moment{{Spec: cxv1alpha1.MomentSpec{Touchpoints: []cxv1alpha1.Touchpoint{{}}, BrandValues: []cxv1alpha1.LabelName{""}}}},
			BuildingBlocks: []*cxv1alpha1.BuildingBlock{{Spec: cxv1alpha1.BuildingBlockSpec{Stages: []cxv1alpha1.Stage{{DependsOn: []cxv1alpha1.StageReference{{}, {}}}, {}}}}},
			RoadmapItems: []*cxv1alpha1.RoadmapItem{{Spec: cxv1alpha1.RoadmapItemSpec{
				Delivers: []cxv1alpha1.StageReference{{}, {}}, DependsOn: []cxv1alpha1.ItemDependency{{}, {}}, State: "Resting",
				Hypothesis: &cxv1alpha1.Hypothesis{MetricRef: &cxv1alpha1.ObjectReference{}},
			}}},
			Metrics: []*cxv1alpha1.Metric{{Spec: cxv1alpha1.MetricSpec{
				MomentRefs: []cxv1alpha1.ObjectReference{{}, {}}, JourneyRef: &cxv1alpha1.ObjectReference{}, Samples: []cxv1alpha1.Sample{{}, {}},
			}}},
		},
	}
	all["many stages"] = manyStages()
	all["unknown state"] = ofUnknownState()
	all["huge scores"] = scored("9e99")
	all["tiny scores"] = scored("-1e-99")
	for name, n := range map[string]int32{"huge numbers": math.MaxInt32, "negative numbers": math.MinInt32, "minus one": -1} {
		all[name] = numbers(n)
		all[name+" of evidence"] = observed(numbers(n), n, "2026-11-01", "1")
	}
	all["bad dates"] = datesOf("2026-02-31")
	all["far dates"] = datesOf("9999-12-31")
	for _, date := range []cxv1alpha1.Date{"", "2026-02-31", "0000-01-01", "9999-12-31"} {
		all["evidence of "+string(date)] = observed(datesOf(date), 5, date, "1")
	}
	for _, value := range []cxv1alpha1.Decimal{"", "many", "1e999999999", "NaN", "1000000000000", "-999999999999.999999", "0.0000001"} {
		all["values of "+string(value)] = observed(numbers(5), 5, "2026-11-01", value)
	}
	all["twice the same evidence"] = twice(observed(numbers(5), 5, "2026-11-01", "1"))
	all["twice the same"] = twice(numbers(5))
	return all
}

// manyStages is one block of 300 stages that each wait for the next, delivered by as many items.
func manyStages() portfolio.Objects {
	b := &cxv1alpha1.BuildingBlock{ObjectMeta: metav1.ObjectMeta{Name: "b"}}
	objects := portfolio.Objects{BuildingBlocks: []*cxv1alpha1.BuildingBlock{b}}
	for i := range 300 {
		stage := cxv1alpha1.LabelName(fmt.Sprintf("s%d", i))
		next := cxv1alpha1.StageReference{Name: "b", Stage: cxv1alpha1.LabelName(fmt.Sprintf("s%d", (i+1)%300))}
		b.Spec.Stages = append(b.Spec.Stages, cxv1alpha1.Stage{Name: stage, DependsOn: []cxv1alpha1.StageReference{next}})
		item := &cxv1alpha1.RoadmapItem{ObjectMeta: metav1.ObjectMeta{Name: string("item-" + stage)}}
		item.Spec.Delivers = []cxv1alpha1.StageReference{{Name: "b", Stage: stage}}
		objects.RoadmapItems = append(objects.RoadmapItems, item)
	}
	return objects
}

// ofUnknownState has an item that is neither live nor done, but says that it delivers a stage on which another builds.
func ofUnknownState() portfolio.Objects {
	b := &cxv1alpha1.BuildingBlock{ObjectMeta: metav1.ObjectMeta{Name: "b"}}
	b.Spec.Stages = []cxv1alpha1.Stage{{Name: "first"}, {Name: "second"}}
	live := &cxv1alpha1.RoadmapItem{ObjectMeta: metav1.ObjectMeta{Name: "live"}}
	live.Spec.Delivers = []cxv1alpha1.StageReference{{Name: "b", Stage: "second"}}
	resting := &cxv1alpha1.RoadmapItem{ObjectMeta: metav1.ObjectMeta{Name: "resting"}}
	resting.Spec.Delivers, resting.Spec.State = []cxv1alpha1.StageReference{{Name: "b", Stage: "first"}}, "Resting"
	return portfolio.Objects{BuildingBlocks: []*cxv1alpha1.BuildingBlock{b}, RoadmapItems: []*cxv1alpha1.RoadmapItem{live, resting}}
}

// scored is a portfolio whose score model divides by a score, and by nothing.
func scored(score string) portfolio.Objects {
	objects := numbers(5)
	objects.Roadmap.Spec.ValueExpression, objects.Roadmap.Spec.EffortExpression = "1.0 / scores.s", "effortDays * scores.s / 0.0"
	objects.RoadmapItems[0].Spec.Scores[0].Value = resource.MustParse(score)
	return objects
}

// numbers is a small portfolio in which every number is the same.
func numbers(n int32) portfolio.Objects {
	name := metav1.ObjectMeta{Name: "x", Generation: int64(n)}
	return portfolio.Objects{
		Journeys: []*cxv1alpha1.Journey{{ObjectMeta: name, Spec: cxv1alpha1.JourneySpec{WeightPercent: &n}}},
		Moments: []*cxv1alpha1.Moment{{ObjectMeta: name, Spec: cxv1alpha1.MomentSpec{
			JourneyRef: cxv1alpha1.ObjectReference{Name: "x"}, Importance: n, Order: n, MomentOfTruth: true,
		}}},
		Requirements: []*cxv1alpha1.Requirement{{ObjectMeta: name, Spec: cxv1alpha1.RequirementSpec{
			MoSCoW: cxv1alpha1.MoSCoWMust, MomentRefs: []cxv1alpha1.ObjectReference{{Name: "x"}}, BuildingBlockRef: &cxv1alpha1.StageReference{Name: "x"},
		}}},
		BuildingBlocks: []*cxv1alpha1.BuildingBlock{{ObjectMeta: name, Spec: cxv1alpha1.BuildingBlockSpec{
			FeasibilityPercent: n,
			Stages:             []cxv1alpha1.Stage{{Name: "a", EffortDays: n, LeadTimeDays: n, Cost: int64(n)}, {Name: "b", EffortDays: n, LeadTimeDays: n}},
		}}},
		RoadmapItems: []*cxv1alpha1.RoadmapItem{{ObjectMeta: name, Spec: cxv1alpha1.RoadmapItemSpec{
			Delivers: []cxv1alpha1.StageReference{{Name: "x"}}, EffortDays: &n, ProgressPercent: n, BusinessValue: n, Team: "t",
			Scores: []cxv1alpha1.Score{{Name: "s", Value: *resource.NewQuantity(math.MaxInt64, resource.DecimalSI)}},
		}}},
		Roadmap: &cxv1alpha1.Roadmap{ObjectMeta: name, Spec: cxv1alpha1.RoadmapSpec{
			Weights: &cxv1alpha1.ValueWeights{Customer: &n, Business: &n}, MoSCoW: &cxv1alpha1.MoSCoWWeights{Must: n, Should: &n, Could: &n},
			MomentOfTruthPercent: &n, UnvalidatedInsightPercent: &n, ShortCycleMaxEffortDays: &n,
			ComplexityPercent: &cxv1alpha1.ComplexityPercents{Low: n, Medium: n, High: n, VeryHigh: n},
			Teams:             []cxv1alpha1.Team{{Name: "t", Lanes: n, VelocityPercent: n}},
		}},
	}
}

// datesOf is a small portfolio in which every date is the same.
func datesOf(date cxv1alpha1.Date) portfolio.Objects {
	objects := numbers(5)
	objects.Moments[0].Spec.NeededBy = date
	live := &objects.RoadmapItems[0].Spec
	live.StartDate, live.TargetDate = date, date
	done := objects.RoadmapItems[0].DeepCopy()
	done.Name, done.Spec.State, done.Spec.FinishDate = "done", cxv1alpha1.StateDone, date
	done.Spec.Delivers[0].Stage = "a"
	objects.RoadmapItems = append(objects.RoadmapItems, done)
	objects.Roadmap.Spec.Calendar = &cxv1alpha1.Calendar{Workdays: []cxv1alpha1.Weekday{"Someday"}, Holidays: []cxv1alpha1.Date{date}}
	return objects
}

// observed adds evidence to a small portfolio, in which every number is the same, and so is every date and every measured value.
func observed(objects portfolio.Objects, n int32, date cxv1alpha1.Date, value cxv1alpha1.Decimal) portfolio.Objects {
	samples := []cxv1alpha1.Sample{{Date: date, Value: value}, {Date: "2026-11-02", Value: value}, {Date: date, Value: "-" + value}}
	m := &cxv1alpha1.Metric{ObjectMeta: metav1.ObjectMeta{Name: "x"}, Spec: cxv1alpha1.MetricSpec{
		Direction: "Sideways", Aggregation: "Some", WindowDays: n, SettleDays: &n, MinimumSamples: n, MaxAgeDays: n, Noise: value, Samples: samples,
		MomentRefs: []cxv1alpha1.ObjectReference{{Name: "x"}, {Name: "x"}}, JourneyRef: &cxv1alpha1.ObjectReference{Name: "x"},
		Baseline: &cxv1alpha1.Baseline{Value: value, Date: date}, Target: &cxv1alpha1.Target{Value: value, Date: date},
	}}
	objects.Metrics = append(objects.Metrics, m)
	for _, journey := range objects.Journeys {
		journey.Spec.Review = &cxv1alpha1.Review{LastOn: date, EveryDays: n}
	}
	objects.Moments[0].Spec.Insights = []cxv1alpha1.Insight{{Validated: true, ValidatedOn: date}}
	objects.BuildingBlocks[0].Spec.Stages[0].DeliveredWhen = []cxv1alpha1.StageCheck{{Name: "c"}, {Name: "c"}}
	for _, item := range objects.RoadmapItems {
		item.Spec.Hypothesis = &cxv1alpha1.Hypothesis{MetricRef: &cxv1alpha1.ObjectReference{Name: "x"}, ExpectedDelta: &value}
		unexpected := item.DeepCopy()
		unexpected.Name, unexpected.Spec.State, unexpected.Spec.FinishDate = item.Name+"-unexpected", cxv1alpha1.StateDone, date
		unexpected.Spec.Hypothesis.ExpectedDelta = nil
		objects.RoadmapItems = append(objects.RoadmapItems, unexpected)
	}
	policy := &objects.Roadmap.Spec
	policy.Proof, policy.StateFrom, policy.LearnFromHypotheses, policy.InsightValidDays = cxv1alpha1.ProofRequire, cxv1alpha1.StateFromTracker, true, n
	for _, state := range []cxv1alpha1.ItemState{"", "Resting", cxv1alpha1.StateDone, cxv1alpha1.StateCancelled} {
		for _, kind := range []cxv1alpha1.ObservedKind{"", "Metric", "RoadmapItem", "BuildingBlock"} {
			objects.Observations = append(objects.Observations, &cxv1alpha1.Observation{
				ObjectMeta: metav1.ObjectMeta{Name: string("o" + cxv1alpha1.ObservedKind(state) + kind)},
				Spec: cxv1alpha1.ObservationSpec{
					Of: cxv1alpha1.ObservedReference{Kind: kind, Name: "x"}, ObservedOn: date, Problem: &cxv1alpha1.Problem{}, Samples: samples,
					Work:   &cxv1alpha1.Work{State: state, FinishDate: date},
					Proofs: []cxv1alpha1.Proof{{}, {Stage: "a", Check: "c", ProvenOn: date}, {Stage: "a", Check: "c", Holds: true}},
				},
			})
		}
	}
	return objects
}

// twice holds every object two times.
func twice(objects portfolio.Objects) portfolio.Objects {
	again := portfoliotest.Clone(objects)
	objects.Journeys = append(objects.Journeys, again.Journeys...)
	objects.Moments = append(objects.Moments, again.Moments...)
	objects.Requirements = append(objects.Requirements, again.Requirements...)
	objects.BuildingBlocks = append(objects.BuildingBlocks, again.BuildingBlocks...)
	objects.RoadmapItems = append(objects.RoadmapItems, again.RoadmapItems...)
	objects.Metrics = append(objects.Metrics, again.Metrics...)
	objects.Observations = append(objects.Observations, again.Observations...)
	return objects
}

// longExponent finds numbers like 1e999999999, on which Kubernetes' own reading of quantities takes hours; the schema refuses them.
var longExponent = regexp.MustCompile(`[eE][+-]?[0-9.]{3,}`)

// FuzzEvaluate reads a portfolio from JSON, as files are, and evaluates it: nothing may make the model panic, and what it says of
// the same portfolio is the same.
func FuzzEvaluate(f *testing.F) {
	corpus := hostile()
	for _, in := range goldenFiles(f, ".in.yaml") {
		corpus[in], _ = readFile(f, in)
	}
	for _, objects := range corpus {
		text, err := json.Marshal(objects)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if longExponent.Match(text) {
			t.Skip()
		}
		var objects portfolio.Objects
		if json.Unmarshal(text, &objects) != nil || hasNil(objects) {
			t.Skip()
		}
		before := portfoliotest.Clone(objects)
		first := encode(t, portfolio.Evaluate(objects, portfoliotest.Today))
		if again := encode(t, portfolio.Evaluate(before, portfoliotest.Today)); first != again {
			t.Errorf("twice the same gives two things:\n%s\n%s", first, again)
		}
	})
}

// hasNil tells whether a list holds a null, which is no object at all.
func hasNil(objects portfolio.Objects) bool {
	return anyNil(objects.Journeys) || anyNil(objects.Moments) || anyNil(objects.Requirements) ||
		anyNil(objects.BuildingBlocks) || anyNil(objects.RoadmapItems) || anyNil(objects.Metrics) || anyNil(objects.Observations)
}

func anyNil[O any](objects []*O) bool {
	for _, object := range objects {
		if object == nil {
			return true
		}
	}
	return false
}
