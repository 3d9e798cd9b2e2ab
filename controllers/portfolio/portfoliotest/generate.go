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

// Package portfoliotest makes random portfolios for tests.
package portfoliotest

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

const (
	// Today is the day on which the portfolios are made: their dates lie around it. It is a Sunday.
	Today cxv1alpha1.Date = "2026-11-22"

	// Namespace of all objects.
	Namespace = "default"

	// nowhere is the name of what does not exist, whatever its kind.
	nowhere = "nowhere"
)

// days to choose dates from, sorted: past, today and future, workdays, weekends and the turn of the year.
var days = []cxv1alpha1.Date{
	"2026-06-30", "2026-11-02", "2026-11-20", "2026-11-21", Today, "2026-11-23", "2026-11-24", "2026-12-01",
	"2026-12-24", "2027-01-04", "2027-03-01", "2028-02-29",
}

var (
	phaseNames   = []cxv1alpha1.LabelName{"orient", "buy", "use"}
	channelNames = []cxv1alpha1.LabelName{"app", "phone", "shop"}
	valueNames   = []cxv1alpha1.LabelName{"honest", "near", "quick"}
	stageNames   = []cxv1alpha1.LabelName{"weekly", "daily", "live", "ahead"}
	teamNames    = []cxv1alpha1.LabelName{"alpha", "beta", "gamma"}
	scoreNames   = []cxv1alpha1.LabelName{"reach", "risk"}
)

// Objects makes a small random portfolio that an API server accepts: each object is valid by itself. References mostly
// resolve, but some dangle; work mostly can be scheduled, but in some portfolios anything may wait for anything, itself too.
// Fields that have a default are sometimes left to it. Most portfolios have evidence: metrics, hypotheses, checks, and what
// machines saw.
func Objects(t *rapid.T) portfolio.Objects {
	objects := WithoutEvidence(t)
	if between(t, 0, 9, "evidence") > 2 {
		AddEvidence(t, &objects)
	}
	return objects
}

// WithoutEvidence makes such a portfolio of what people say alone.
func WithoutEvidence(t *rapid.T) portfolio.Objects {
	m := &maker{
		T:            t,
		journeys:     names("journey", upTo(t, 3, "journeys")),
		moments:      names("moment", upTo(t, 8, "moments")),
		requirements: names("requirement", upTo(t, 15, "requirements")),
		blocks:       names("block", upTo(t, 5, "blocks")),
		items:        names("item", upTo(t, 8, "items")),
		// Half of the portfolios are in order, so that long chains of work that can be scheduled occur as well.
		tame: rapid.Bool().Draw(t, "tame"),
	}
	for range m.blocks {
		m.stages = append(m.stages, stageNames[:between(t, 1, 4, "stages")])
	}
	return m.objects()
}

// maker draws one portfolio. It knows the names of all objects before it makes the first, so anything may refer to anything.
type maker struct {
	*rapid.T

	journeys, moments, requirements, blocks, items, metrics []string
	stages                                                  [][]cxv1alpha1.LabelName // of each block
	tame                                                    bool
}

func (m *maker) objects() portfolio.Objects {
	var objects portfolio.Objects
	for _, name := range m.journeys {
		objects.Journeys = append(objects.Journeys, m.journey(name))
	}
	for _, name := range m.moments {
		objects.Moments = append(objects.Moments, m.moment(name))
	}
	for _, name := range m.requirements {
		objects.Requirements = append(objects.Requirements, m.requirement(name))
	}
	for i := range m.blocks {
		objects.BuildingBlocks = append(objects.BuildingBlocks, m.block(i))
	}
	for i := range m.items {
		objects.RoadmapItems = append(objects.RoadmapItems, m.item(i))
	}
	if m.chance(6, "roadmap") {
		objects.Roadmap = m.roadmap()
	}
	return objects
}

func (m *maker) journey(name string) *cxv1alpha1.Journey {
	j := &cxv1alpha1.Journey{TypeMeta: typeMeta("Journey"), ObjectMeta: objectMeta(name)}
	j.Spec = cxv1alpha1.JourneySpec{Title: "Journey"}
	if m.chance(5, "weighted") {
		j.Spec.WeightPercent = new(one(m.T, []int32{100, 0, 50, 33, 1000}, "weightPercent"))
	}
	if m.chance(8, "personas") {
		j.Spec.Personas = []cxv1alpha1.Persona{{Name: "anna"}}
	}
	if m.chance(9, "brand") {
		j.Spec.Brand = &cxv1alpha1.Brand{}
		if m.chance(5, "vision") {
			j.Spec.Brand.Vision = "Near when it matters"
		}
		for _, value := range m.most(valueNames, "values") {
			j.Spec.Brand.Values = append(j.Spec.Brand.Values, cxv1alpha1.BrandValue{Name: value})
		}
	}
	for _, channel := range m.most(channelNames, "channels") {
		j.Spec.Channels = append(j.Spec.Channels, cxv1alpha1.Channel{Name: channel})
	}
	for _, phase := range m.most(phaseNames, "phases") {
		j.Spec.Phases = append(j.Spec.Phases, cxv1alpha1.Phase{Name: phase})
	}
	return j
}

func (m *maker) moment(name string) *cxv1alpha1.Moment {
	o := &cxv1alpha1.Moment{TypeMeta: typeMeta("Moment"), ObjectMeta: objectMeta(name)}
	o.Spec = cxv1alpha1.MomentSpec{
		JourneyRef:    cxv1alpha1.ObjectReference{Name: m.ref(m.journeys, "journeyRef")},
		Phase:         one(m.T, phaseNames, "phase"),
		Order:         one(m.T, []int32{0, 1, 2}, "order"),
		Title:         "Moment",
		Importance:    one(m.T, []int32{50, 1, 7, 90, 100}, "importance"),
		MomentOfTruth: rapid.Bool().Draw(m.T, "momentOfTruth"),
	}
	if m.chance(8, "promise") {
		o.Spec.Promise = "You know where you stand"
	}
	o.Spec.BrandValues = m.some(valueNames, "brandValues")
	o.Spec.Channels = m.some(channelNames, "channels")
	if m.chance(3, "touchpoint") {
		o.Spec.Touchpoints = []cxv1alpha1.Touchpoint{{Name: "screen", Channel: one(m.T, []cxv1alpha1.LabelName{"", "app", "phone"}, "channel")}}
	}
	if m.chance(8, "insights") {
		for _, name := range []cxv1alpha1.LabelName{"waiting", "doubt"}[:between(m.T, 1, 2, "insights")] {
			o.Spec.Insights = append(o.Spec.Insights, cxv1alpha1.Insight{Name: name, Validated: rapid.Bool().Draw(m.T, "validated")})
		}
	}
	if m.chance(5, "needed") {
		o.Spec.NeededBy = one(m.T, days, "neededBy")
	}
	return o
}

func (m *maker) requirement(name string) *cxv1alpha1.Requirement {
	r := &cxv1alpha1.Requirement{TypeMeta: typeMeta("Requirement"), ObjectMeta: objectMeta(name)}
	r.Spec = cxv1alpha1.RequirementSpec{
		Title: "Requirement",
		MoSCoW: one(m.T, []cxv1alpha1.MoSCoW{
			cxv1alpha1.MoSCoWMust, cxv1alpha1.MoSCoWShould, cxv1alpha1.MoSCoWCould, cxv1alpha1.MoSCoWWont,
			cxv1alpha1.MoSCoWMust, cxv1alpha1.MoSCoWMust, cxv1alpha1.MoSCoWShould,
		}, "moscow"),
	}
	seen := map[cxv1alpha1.ObjectName]bool{}
	for range between(m.T, 1, 3, "momentRefs") {
		if ref := m.ref(m.moments, "momentRef"); !seen[ref] {
			seen[ref] = true
			r.Spec.MomentRefs = append(r.Spec.MomentRefs, cxv1alpha1.ObjectReference{Name: ref})
		}
	}
	if m.chance(9, "assigned") {
		r.Spec.BuildingBlockRef = new(m.stage(len(m.blocks), "buildingBlockRef"))
	}
	return r
}

func (m *maker) block(index int) *cxv1alpha1.BuildingBlock {
	b := &cxv1alpha1.BuildingBlock{TypeMeta: typeMeta("BuildingBlock"), ObjectMeta: objectMeta(m.blocks[index])}
	b.Spec = cxv1alpha1.BuildingBlockSpec{
		Title: "Block",
		Complexity: one(m.T, []cxv1alpha1.Complexity{
			"", cxv1alpha1.ComplexityLow, cxv1alpha1.ComplexityMedium, cxv1alpha1.ComplexityHigh, cxv1alpha1.ComplexityVeryHigh,
		}, "complexity"),
		FeasibilityPercent: one(m.T, []int32{0, 100, 75, 33, 1}, "feasibilityPercent"),
	}
	for _, name := range m.stages[index] {
		stage := cxv1alpha1.Stage{
			Name:         name,
			EffortDays:   one(m.T, []int32{5, 0, 1, 12, 40, 300}, "effortDays"),
			LeadTimeDays: one(m.T, []int32{0, 0, 3, 60}, "leadTimeDays"),
			Available:    m.chance(1, "available"),
		}
		earlier := m.earlier(index, len(m.blocks))
		for earlier > 0 && len(stage.DependsOn) < 3 && m.chance(2, "depends") {
			stage.DependsOn = append(stage.DependsOn, m.stage(earlier, "dependsOn"))
		}
		b.Spec.Stages = append(b.Spec.Stages, stage)
	}
	return b
}

func (m *maker) item(index int) *cxv1alpha1.RoadmapItem {
	i := &cxv1alpha1.RoadmapItem{TypeMeta: typeMeta("RoadmapItem"), ObjectMeta: objectMeta(m.items[index])}
	i.Spec = cxv1alpha1.RoadmapItemSpec{
		Title: "Item",
		State: one(m.T, []cxv1alpha1.ItemState{
			cxv1alpha1.StatePlanned, cxv1alpha1.StateProposed, cxv1alpha1.StateInProgress, cxv1alpha1.StateDone, cxv1alpha1.StateCancelled,
			"", cxv1alpha1.StatePlanned, cxv1alpha1.StateInProgress,
		}, "state"),
		ProgressPercent: one(m.T, []int32{0, 0, 25, 99, 100}, "progressPercent"),
		BusinessValue:   one(m.T, []int32{0, 10, 37, 100}, "businessValue"),
		Track:           one(m.T, []cxv1alpha1.Side{"", "", cxv1alpha1.SideMarketing, cxv1alpha1.SideIT}, "track"),
		Team:            one(m.T, append([]cxv1alpha1.LabelName{""}, teamNames...), "team"),
	}
	seen := map[cxv1alpha1.StageReference]bool{}
	for range between(m.T, 1, 3, "delivers") {
		if ref := m.stage(len(m.blocks), "delivers"); !seen[ref] {
			seen[ref] = true
			i.Spec.Delivers = append(i.Spec.Delivers, ref)
		}
	}
	dependsOn := map[cxv1alpha1.ObjectName]bool{}
	earlier := m.earlier(index, len(m.items))
	for earlier > 0 && len(dependsOn) < 3 && m.chance(3, "depends") {
		if ref := m.ref(m.items[:earlier], "dependsOn"); !dependsOn[ref] {
			dependsOn[ref] = true
			lag := one(m.T, []int32{0, 0, 0, 1, 7}, "lagDays")
			i.Spec.DependsOn = append(i.Spec.DependsOn, cxv1alpha1.ItemDependency{Name: ref, LagDays: lag})
		}
	}
	if m.chance(3, "effort") {
		i.Spec.EffortDays = new(one(m.T, []int32{10, 0, 1, 11, 250}, "effortDays"))
	}
	for _, name := range m.some(scoreNames, "scores") {
		value := one(m.T, []string{"3", "0.5", "100m", "0", "12"}, "score")
		i.Spec.Scores = append(i.Spec.Scores, cxv1alpha1.Score{Name: name, Value: resource.MustParse(value)})
	}
	m.dates(&i.Spec)
	return i
}

// dates draws the dates of an item, in order: the start first, then target and finish not before it.
func (m *maker) dates(spec *cxv1alpha1.RoadmapItemSpec) {
	start := 0
	if m.chance(3, "starts") {
		start = between(m.T, 0, len(days)-1, "startDate")
		spec.StartDate = days[start]
	}
	if m.chance(4, "targeted") {
		spec.TargetDate = one(m.T, days[start:], "targetDate")
	}
	if spec.State == cxv1alpha1.StateDone {
		spec.FinishDate = one(m.T, days[start:], "finishDate")
	}
}

func (m *maker) roadmap() *cxv1alpha1.Roadmap {
	r := &cxv1alpha1.Roadmap{TypeMeta: typeMeta("Roadmap"), ObjectMeta: objectMeta("default")}
	if m.chance(6, "teams") {
		for _, name := range m.most(teamNames, "teams") {
			r.Spec.Teams = append(r.Spec.Teams, cxv1alpha1.Team{
				Name:            name,
				Side:            one(m.T, []cxv1alpha1.Side{"", cxv1alpha1.SideMarketing, cxv1alpha1.SideIT}, "side"),
				Lanes:           one(m.T, []int32{0, 1, 2, 100}, "lanes"),
				VelocityPercent: one(m.T, []int32{0, 100, 80, 1, 1000}, "velocityPercent"),
				Holidays:        one(m.T, [][]cxv1alpha1.Date{nil, nil, {"2026-12-24", "2026-11-23", "2026-11-24"}, days[6:]}, "holidays"),
			})
		}
	}
	if m.chance(5, "odd") {
		m.oddPolicy(&r.Spec)
	}
	return r
}

// oddPolicy draws values at the edges of what is allowed.
func (m *maker) oddPolicy(spec *cxv1alpha1.RoadmapSpec) {
	if m.chance(5, "weights") {
		customer := one(m.T, []int32{50, 0, 100, 1, 70}, "customer")
		spec.Weights = &cxv1alpha1.ValueWeights{Customer: new(customer), Business: new(100 - customer)}
	}
	if m.chance(5, "moscow") {
		spec.MoSCoW = &cxv1alpha1.MoSCoWWeights{
			Must:   one(m.T, []int32{0, 1, 7, 100}, "must"),
			Should: one(m.T, []*int32{nil, new(int32(0)), new(int32(5))}, "should"),
			Could:  one(m.T, []*int32{nil, new(int32(0)), new(int32(100))}, "could"),
		}
	}
	spec.MomentOfTruthPercent = one(m.T, []*int32{nil, new(int32(0)), new(int32(1000)), new(int32(133))}, "momentOfTruthPercent")
	spec.UnvalidatedInsightPercent = one(m.T, []*int32{nil, new(int32(0)), new(int32(100)), new(int32(7))}, "unvalidatedInsightPercent")
	spec.ShortCycleMaxEffortDays = one(m.T, []*int32{nil, new(int32(0)), new(int32(50))}, "shortCycleMaxEffortDays")
	if m.chance(4, "complexity") {
		percent := func(label string) int32 { return one(m.T, []int32{0, 1, 100, 1000}, label) }
		spec.ComplexityPercent = &cxv1alpha1.ComplexityPercents{
			Low: percent("low"), Medium: percent("medium"), High: percent("high"), VeryHigh: percent("veryHigh"),
		}
	}
	if m.chance(4, "calendar") {
		spec.Calendar = &cxv1alpha1.Calendar{
			Workdays: one(m.T, [][]cxv1alpha1.Weekday{nil, {cxv1alpha1.Sunday}, {cxv1alpha1.Monday, cxv1alpha1.Saturday}}, "workdays"),
			Holidays: m.mostDays(),
		}
	}
	spec.ValueExpression = one(m.T, []string{"", "", "", "customerValue + businessValue", "scores.reach * 2.0", "customerValue +"}, "valueExpression")
	spec.EffortExpression = one(m.T, []string{"", "", "", "effortDays * 2.0", "effortDays / scores.risk", "nonsense"}, "effortExpression")
}

// stage draws a reference to a stage of one of the first so many blocks; sometimes the block or the stage does not exist, and
// sometimes the stage is left out.
func (m *maker) stage(blocks int, label string) cxv1alpha1.StageReference {
	name := m.ref(m.blocks[:blocks], label)
	stages := stageNames
	for i, block := range m.blocks {
		if string(name) == block {
			stages = m.stages[i]
		}
	}
	choice := between(m.T, 0, len(stages)+1, label+" stage")
	switch {
	case choice < len(stages):
		return cxv1alpha1.StageReference{Name: name, Stage: stages[choice]}
	case choice > len(stages) && m.chance(1, label+" odd"):
		return cxv1alpha1.StageReference{Name: name, Stage: nowhere}
	default:
		return cxv1alpha1.StageReference{Name: name}
	}
}

// ref draws one of the names; seldom, or if there is none, the name of what does not exist.
func (m *maker) ref(names []string, label string) cxv1alpha1.ObjectName {
	if len(names) == 0 || rapid.IntRange(0, 29).Draw(m.T, label+" dangles") == 29 {
		return nowhere
	}
	return cxv1alpha1.ObjectName(one(m.T, names, label))
}

// earlier tells how many of the objects an object may depend on: those before it where all is in order, else all.
func (m *maker) earlier(index, all int) int {
	if m.tame {
		return index
	}
	return all
}

// chance is true about so many times in ten; false is the simpler case.
func (m *maker) chance(inTen int, label string) bool {
	return rapid.IntRange(0, 9).Draw(m.T, label) >= 10-inTen
}

// most draws which of the names an owner has: mostly all of them.
func (m *maker) most(names []cxv1alpha1.LabelName, label string) []cxv1alpha1.LabelName {
	if m.chance(7, label) {
		return names
	}
	return names[:between(m.T, 0, len(names), label)]
}

// some draws a few of the names.
func (m *maker) some(names []cxv1alpha1.LabelName, label string) []cxv1alpha1.LabelName {
	first := between(m.T, 0, len(names), label)
	last := between(m.T, first, min(first+2, len(names)), label)
	return append([]cxv1alpha1.LabelName(nil), names[first:last]...)
}

func (m *maker) mostDays() []cxv1alpha1.Date {
	return append([]cxv1alpha1.Date(nil), days[between(m.T, 0, len(days), "holidays"):]...)
}

func one[E any](t *rapid.T, choices []E, label string) E {
	return rapid.SampledFrom(choices).Draw(t, label)
}

func between(t *rapid.T, lowest, highest int, label string) int {
	return rapid.IntRange(lowest, highest).Draw(t, label)
}

// upTo draws a size: mostly large, since small portfolios have little to tell.
func upTo(t *rapid.T, highest int, label string) int {
	return max(between(t, 0, highest, label), between(t, 0, highest, label))
}

// names gives objects letters in a mixed order, so that making them one by one does not sort them.
func names(kind string, count int) []string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf("%s-%c", kind, letter(i))
	}
	return all
}

func letter(i int) rune { return 'a' + rune(i*7%26) }

func typeMeta(kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: cxv1alpha1.GroupVersion.String(), Kind: kind}
}

func objectMeta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: Namespace, Generation: 1}
}
