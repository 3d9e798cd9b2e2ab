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

package portfolio

import (
	"cmp"
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/digraph"
)

// Graph is a portfolio with its references resolved to pointers, and with all facts that follow. Every list is in the order of names, unless
// it says otherwise, so that nothing depends on the order in which objects came.
type Graph struct {
	today   cxv1alpha1.Date
	policy  policy
	roadmap *cxv1alpha1.Roadmap

	journeys     []*Journey
	moments      []*Moment
	requirements []*Requirement
	blocks       []*Block
	items        []*Item
	metrics      []*Metric
	// live holds the items that are Proposed, Planned or InProgress; item.live is the index in it.
	live  []*Item
	teams []*Team
	// before holds what directly comes before each live item, and components which of them are in a cycle together; both as indices in
	// live.
	before     digraph.Graph
	components [][]int32

	journeyNamed map[string]*Journey
	momentNamed  map[string]*Moment
	blockNamed   map[string]*Block
	itemNamed    map[string]*Item
	metricNamed  map[string]*Metric

	observed observations
	// records count the verdicts on hypotheses of finished work by team, and overall those of all.
	records map[cxv1alpha1.LabelName]*cxv1alpha1.TrackRecord
	overall cxv1alpha1.TrackRecord

	ranking  ranking
	forecast forecast
	waits    waits
	// value of all moments.
	value valuation
	// months to come and the part of the value that is there at the end of each: the first of them, as many as a status lists, and how
	// many there are.
	months      []cxv1alpha1.MonthForecast
	monthsTotal int32
	// conditions of the Roadmap.
	conditions conditions
}

// Journey is a journey with its moments.
type Journey struct {
	*cxv1alpha1.Journey
	// moments in the order of the journey: by phase, order and name; those of no known phase last.
	moments []*Moment
	counts  cxv1alpha1.JourneyMoments
	value   valuation
	// expected is when the last blocked moment is expected; empty when one has no date.
	expected cxv1alpha1.Date
	// nextWork lists the best-ranked items that the blocked moments wait for, as many as a status lists, of so many in total.
	nextWork      []cxv1alpha1.NextWork
	nextWorkTotal int32
	conditions    conditions
}

// Moment is a moment with what is asked at it, and what follows from that.
type Moment struct {
	*cxv1alpha1.Moment
	journey *Journey // nil where it does not exist
	// journeyNames is the name of the journey, as a list.
	journeyNames []string
	phase        int // index in the journey's phases; -1 where it does not exist
	number       int // index in graph.moments
	// requirements that ask for something at this moment, dropped ones included.
	requirements []*Requirement
	// metrics that measure the moment.
	metrics    []*Metric
	value      momentValue
	state      momentState
	conditions conditions
}

// Requirement is a requirement with its moments and the stage that meets it.
type Requirement struct {
	*cxv1alpha1.Requirement
	moments []*Moment
	// stage that meets the requirement; nil where none is named or it does not exist.
	stage *Stage
	// value is the sum of the requirement's shares in the values of its moments.
	value sum
	// isReady and isDelivered are the results of its two conditions. Requirements share them where they are equal: no objects of a
	// portfolio are more numerous.
	isReady, isDelivered *Result
}

// Block is a building block with its stages.
type Block struct {
	*cxv1alpha1.BuildingBlock
	stages []*Stage
	// delivered is the number of stages that are delivered: the first so many.
	delivered    int
	requirements []*Requirement
	// cycle that a stage of the block is in; nil where there is none.
	cycle      *Cycle
	usage      usage
	conditions conditions
}

// Stage is a stage of a block. It is delivered when existing systems already do it, or when a Done item delivered it or a later one, or,
// where the policy asks for proof, when checks prove it or a later one.
type Stage struct {
	*cxv1alpha1.Stage
	block *Block
	index int
	// number of the stage in the portfolio, counting block by block.
	number    int
	delivered bool
	// by is the item that delivers the stage: the deliverer where it is not delivered, else the Done item that delivered it;
	// nil where there is none.
	by *Item
	// dependsOn holds the stages that must come first, in the order of the spec.
	dependsOn []*Stage
	// missing holds what dependsOn names and does not exist.
	missing []cxv1alpha1.StageReference
	// checks of the stage by name, and what is known of them.
	checks []Check
	// result is what Delivered says of the requirements that ask for the stage.
	result Result
}

// Item is a roadmap item with what it delivers, what it waits for, and its place on the roadmap.
type Item struct {
	*cxv1alpha1.RoadmapItem
	// state and finish are what counts, and said and saidFinish what the spec or the tracker says: Done work that must be proven, and is
	// not, counts as InProgress.
	state, said        cxv1alpha1.ItemState
	finish, saidFinish cxv1alpha1.Date
	// tracked is the observation that tells the state in the tracker; nil where there is none.
	tracked *cxv1alpha1.Observation
	// metric judges the hypothesis of the item; nil where none does. What it says is nil for work that is not done.
	metric     *Metric
	hypothesis *hypothesis
	// live is the index in graph.live; -1 where the item is Done or Cancelled.
	live int
	// delivers holds the stages that the item names and that exist.
	delivers []*Stage
	// missing holds what the item names in delivers and does not exist.
	missing []cxv1alpha1.StageReference
	// scope holds the undelivered stages that the item names or is the deliverer of, by block and stage.
	scope []*Stage
	// before holds the live items that directly come before this one.
	before []*Item
	// unresolved holds the names in dependsOn that are missing or cancelled.
	unresolved []string
	// unplanned holds the stages that must come first and that no live item delivers, and those that it delivers itself and that do
	// not exist.
	unplanned []StageKey
	// cycle that the item is in; nil where there is none.
	cycle       *Cycle
	schedulable bool
	// moments whose closure holds the item: the first of them, as many as a status lists, and how many there are.
	moments      []*Moment
	momentsTotal int32
	// soleBlockerOf names the moments that wait for this item and nothing else.
	soleBlockerOf []string
	// job is the index of the item among the jobs of the ranking; -1 for what cannot be scheduled.
	job int
	// priority and schedule are nil for what cannot be scheduled.
	priority *cxv1alpha1.Priority
	schedule *cxv1alpha1.Schedule
	// waitedFor says what the item waits for until it starts; empty where it waits for nothing.
	waitedFor  string
	conditions conditions
}

// StageKey names a stage. In a reference to what does not exist Stage can be empty.
type StageKey struct{ Block, Stage string }

func (k StageKey) String() string {
	if k.Stage == "" {
		return k.Block
	}
	return k.Block + "/" + k.Stage
}

func (k StageKey) compare(other StageKey) int {
	return cmp.Or(strings.Compare(k.Block, other.Block), strings.Compare(k.Stage, other.Stage))
}

// Key names the stage.
func (s *Stage) Key() StageKey { return StageKey{s.block.Name, string(s.Name)} }

// IsLive tells whether there is still work to do on the item.
func (i *Item) IsLive() bool { return i.live >= 0 }

// resolve builds the graph: each step settles facts that the next ones need. When it is done, nothing is left to decide.
func resolve(objects Objects, today cxv1alpha1.Date) *Graph {
	g := &Graph{today: today, policy: newPolicy(objects.Roadmap), roadmap: objects.Roadmap}
	g.observed = readObservations(objects.Observations, today)
	g.addJourneys(objects.Journeys)
	g.addMoments(objects.Moments)
	g.addBlocks(objects.BuildingBlocks)
	g.proveBlocks()
	g.addItems(objects.RoadmapItems)
	g.addMetrics(objects.Metrics)
	g.judgeHypotheses()
	g.addTeams()
	g.addRequirements(objects.Requirements)
	g.deliver()
	g.order()
	g.findBlockCycles()
	g.gateMoments()
	g.rank()
	g.forecastJobs()
	g.dateMoments()
	g.findWaits()
	g.forecastValue()
	g.evaluateConditions()
	return g
}

// evaluateConditions decides the conditions of all objects. Those of a moment follow from those of its metrics,
// and those of a journey from those of its moments.
func (g *Graph) evaluateConditions() {
	for _, m := range g.metrics {
		g.evaluateMetric(m)
	}
	for _, b := range g.blocks {
		g.evaluateBlock(b)
	}
	for _, i := range g.items {
		g.evaluateItem(i)
	}
	for _, r := range g.requirements {
		g.evaluateRequirement(r)
	}
	for _, m := range g.moments {
		g.evaluateMoment(m)
	}
	for _, j := range g.journeys {
		g.evaluateJourney(j)
	}
	if g.roadmap != nil {
		g.conditions.add(cxv1alpha1.ConditionReady, g.evaluateRoadmapReady())
	}
}

// sortedByName returns the objects in the order of their names, without touching the caller's list.
func sortedByName[T interface{ GetName() string }](objects []T) []T {
	byName := func(a, b T) int { return strings.Compare(a.GetName(), b.GetName()) }
	if slices.IsSortedFunc(objects, byName) {
		return objects
	}
	sorted := slices.Clone(objects)
	slices.SortFunc(sorted, byName)
	return sorted
}

func (g *Graph) addJourneys(objects []*cxv1alpha1.Journey) {
	g.journeyNamed = make(map[string]*Journey, len(objects))
	for _, object := range sortedByName(objects) {
		j := &Journey{Journey: object}
		g.journeys = append(g.journeys, j)
		g.journeyNamed[j.Name] = j
	}
}

func (g *Graph) addMoments(objects []*cxv1alpha1.Moment) {
	g.momentNamed = make(map[string]*Moment, len(objects))
	g.moments = make([]*Moment, 0, len(objects))
	for _, object := range sortedByName(objects) {
		m := &Moment{Moment: object, phase: -1, number: len(g.moments)}
		g.moments = append(g.moments, m)
		g.momentNamed[m.Name] = m
		if m.journey = g.journeyNamed[string(m.Spec.JourneyRef.Name)]; m.journey != nil {
			m.phase = slices.IndexFunc(m.journey.Spec.Phases, func(p cxv1alpha1.Phase) bool { return p.Name == m.Spec.Phase })
			m.journey.moments = append(m.journey.moments, m)
			m.journeyNames = []string{m.journey.Name}
		}
	}
	for _, j := range g.journeys {
		slices.SortStableFunc(j.moments, func(a, b *Moment) int {
			// The unsigned view of -1 is the largest phase.
			return cmp.Or(cmp.Compare(uint(a.phase), uint(b.phase)), cmp.Compare(a.Spec.Order, b.Spec.Order))
		})
	}
}

func (g *Graph) addBlocks(objects []*cxv1alpha1.BuildingBlock) {
	g.blockNamed = make(map[string]*Block, len(objects))
	number := 0
	for _, object := range sortedByName(objects) {
		b := &Block{BuildingBlock: object}
		for i := range object.Spec.Stages {
			b.stages = append(b.stages, &Stage{Stage: &object.Spec.Stages[i], block: b, index: i, number: number})
			number++
		}
		g.blocks = append(g.blocks, b)
		g.blockNamed[b.Name] = b
	}
	for _, b := range g.blocks {
		for _, s := range b.stages {
			for _, ref := range s.DependsOn {
				if needed := g.Stage(ref); needed != nil {
					s.dependsOn = append(s.dependsOn, needed)
				} else {
					s.missing = append(s.missing, ref)
				}
			}
		}
	}
}

// Stage resolves a reference to a stage; without a stage it means the block's last one. Nil where it does not exist.
func (g *Graph) Stage(ref cxv1alpha1.StageReference) *Stage {
	b := g.blockNamed[string(ref.Name)]
	if b == nil || len(b.stages) == 0 {
		return nil
	}
	if ref.Stage == "" {
		return b.stages[len(b.stages)-1]
	}
	for _, s := range b.stages {
		if s.Name == ref.Stage {
			return s
		}
	}
	return nil
}

func (g *Graph) addItems(objects []*cxv1alpha1.RoadmapItem) {
	g.itemNamed = make(map[string]*Item, len(objects))
	for _, object := range sortedByName(objects) {
		i := &Item{RoadmapItem: object, live: -1}
		for _, ref := range object.Spec.Delivers {
			switch s := g.Stage(ref); {
			case s == nil:
				i.missing = append(i.missing, ref)
			case !slices.Contains(i.delivers, s):
				i.delivers = append(i.delivers, s)
			}
		}
		g.settleState(i)
		switch i.state {
		case cxv1alpha1.StateProposed, cxv1alpha1.StatePlanned, cxv1alpha1.StateInProgress:
			i.live = len(g.live)
			g.live = append(g.live, i)
		case cxv1alpha1.StateDone, cxv1alpha1.StateCancelled:
		}
		g.items = append(g.items, i)
		g.itemNamed[i.Name] = i
	}
}

func (g *Graph) addRequirements(objects []*cxv1alpha1.Requirement) {
	nodes := make([]Requirement, len(objects))
	g.requirements = make([]*Requirement, len(objects))
	for i, object := range sortedByName(objects) {
		r := &nodes[i]
		r.Requirement = object
		g.requirements[i] = r
		for _, ref := range object.Spec.MomentRefs {
			m := g.momentNamed[string(ref.Name)]
			if m == nil || slices.Contains(r.moments, m) {
				continue
			}
			r.moments = append(r.moments, m)
			m.requirements = append(m.requirements, r)
		}
		if ref := object.Spec.BuildingBlockRef; ref != nil {
			if r.stage = g.Stage(*ref); r.stage != nil {
				r.stage.block.requirements = append(r.stage.block.requirements, r)
			}
		}
	}
}

// deliver finds out whether each stage is delivered, and which item delivers it or has delivered it.
func (g *Graph) deliver() {
	offers := g.offers()
	for _, b := range g.blocks {
		for _, s := range b.stages {
			if s.Available || g.isDeliveredByProof(s) || slices.ContainsFunc(offers[b], func(o offer) bool { return o.done() && o.stage == s }) {
				b.delivered = s.index + 1
			}
		}
		for _, s := range b.stages {
			s.delivered = s.index < b.delivered
			s.by = bestOffer(offers[b], s)
		}
	}
	for _, i := range g.items {
		i.scope = slices.DeleteFunc(slices.Clone(i.delivers), func(s *Stage) bool { return s.delivered })
	}
	for _, b := range g.blocks {
		for _, s := range b.stages[b.delivered:] {
			if s.by != nil && !slices.Contains(s.by.scope, s) {
				s.by.scope = append(s.by.scope, s)
			}
		}
	}
	for _, i := range g.items {
		slices.SortFunc(i.scope, func(a, b *Stage) int { return cmp.Compare(a.number, b.number) })
	}
}

// offer is an item that delivers a stage, and with it what is before it.
type offer struct {
	item  *Item
	stage *Stage
}

func (o offer) done() bool { return o.item.state == cxv1alpha1.StateDone }

// offers lists by block what live and Done items deliver of it.
func (g *Graph) offers() map[*Block][]offer {
	offers := make(map[*Block][]offer, len(g.blocks))
	for _, i := range g.items {
		if !i.IsLive() && i.state != cxv1alpha1.StateDone {
			continue
		}
		for _, s := range i.delivers {
			offers[s.block] = append(offers[s.block], offer{i, s})
		}
	}
	return offers
}

// bestOffer picks the item that delivers a stage among the live ones, or that has delivered it among the Done ones:
// the lowest stage that suffices, then the most advanced state or the earliest finish, then the first name.
func bestOffer(offers []offer, s *Stage) *Item {
	var best *offer
	for n := range offers {
		o := &offers[n]
		if o.done() != s.delivered || o.stage.index < s.index {
			continue
		}
		if best == nil || compareOffers(*o, *best) < 0 {
			best = o
		}
	}
	if best == nil {
		return nil
	}
	return best.item
}

func compareOffers(a, b offer) int {
	return cmp.Or(
		cmp.Compare(a.stage.index, b.stage.index),
		cmp.Compare(advance[b.item.state], advance[a.item.state]),
		strings.Compare(string(a.item.finish), string(b.item.finish)),
		strings.Compare(a.item.Name, b.item.Name),
	)
}

// advance tells how far live work is.
var advance = map[cxv1alpha1.ItemState]int{
	cxv1alpha1.StateProposed:   0,
	cxv1alpha1.StatePlanned:    1,
	cxv1alpha1.StateInProgress: 2,
}
