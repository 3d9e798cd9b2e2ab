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
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// What package view may read of an evaluation. Nothing that is returned here may be changed.

type (
	// Graph is all objects with what follows for each.
	Graph = graph
	// Journey is a node of the evaluation.
	Journey = journey
	// Moment is a node of the evaluation.
	Moment = moment
	// Requirement is a node of the evaluation.
	Requirement = requirement
	// Block is a node of the evaluation.
	Block = block
	// Stage is a node of the evaluation.
	Stage = stage
	// Item is a node of the evaluation.
	Item = item
	// Team is a node of the evaluation.
	Team = team
	// StageKey names a stage.
	StageKey = stageKey
	// Bundle is a set of items that bring their value together.
	Bundle = bundle
	// Cycle is work that waits for itself.
	Cycle = cycle
	// Result is the outcome of a condition.
	Result = verdict
)

// Graph returns all objects with what follows for each.
func (e *Evaluation) Graph() *Graph { return e.graph }

// Today is the day of evaluation.
func (g *graph) Today() cxv1alpha1.Date { return g.today }

// Journeys by name.
func (g *graph) Journeys() []*Journey { return g.journeys }

// Moments by name.
func (g *graph) Moments() []*Moment { return g.moments }

// Requirements by name.
func (g *graph) Requirements() []*Requirement { return g.requirements }

// Blocks by name.
func (g *graph) Blocks() []*Block { return g.blocks }

// Items by name.
func (g *graph) Items() []*Item { return g.items }

// Live returns the items that are Proposed, Planned or InProgress, by name.
func (g *graph) Live() []*Item { return g.live }

// Journey returns the journey of a name; nil where there is none.
func (g *graph) Journey(name string) *Journey { return g.journeyNamed[name] }

// Moment returns the moment of a name; nil where there is none.
func (g *graph) Moment(name string) *Moment { return g.momentNamed[name] }

// Requirement returns the requirement of a name; nil where there is none.
func (g *graph) Requirement(name string) *Requirement {
	at, found := slices.BinarySearchFunc(g.requirements, name, func(r *requirement, name string) int {
		return strings.Compare(r.Name, name)
	})
	if !found {
		return nil
	}
	return g.requirements[at]
}

// Block returns the building block of a name; nil where there is none.
func (g *graph) Block(name string) *Block { return g.blockNamed[name] }

// Item returns the roadmap item of a name; nil where there is none.
func (g *graph) Item(name string) *Item { return g.itemNamed[name] }

// Stage returns the stage that a reference means; nil where it does not exist.
func (g *graph) Stage(ref cxv1alpha1.StageReference) *Stage { return g.stageOf(ref) }

// Roadmap is the planning policy; nil where there is none.
func (g *graph) Roadmap() *cxv1alpha1.Roadmap { return g.roadmap }

// Result of a condition of the Roadmap.
func (g *graph) Result(condition string) Result { return g.conditions.of(condition) }

// Teams returns those of the Roadmap in its order, with every default filled in, then others by name, then one without a name for the
// live items that have no team.
func (g *graph) Teams() []*Team { return g.teams }

// KnowsTeam tells whether items can be given to a team: any will do where the Roadmap lists none.
func (g *graph) KnowsTeam(team cxv1alpha1.LabelName) bool { return g.policy.knows(team) }

// Value of all moments.
func (g *graph) Value() cxv1alpha1.Value { return *g.value.status() }

// Months returns how much of the value is there at the end of each month to come: the first of them, as many as a status lists, and how many there are.
func (g *graph) Months() (first []cxv1alpha1.MonthForecast, total int32) {
	return g.months, g.monthsTotal
}

// Bundles in the order in which they should be done.
func (g *graph) Bundles() []Bundle { return g.ranking.bundles }

// Moments of the journey by phase, order and name; those of no known phase last.
func (j *journey) Moments() []*Moment { return j.moments }

// Counts of the moments.
func (j *journey) Counts() cxv1alpha1.JourneyMoments { return j.counts }

// Value of the moments.
func (j *journey) Value() cxv1alpha1.Value { return *j.value.status() }

// Expected is when the last blocked moment is expected; empty where none is blocked, or one has no date.
func (j *journey) Expected() cxv1alpha1.Date { return j.expected }

// Result of a condition.
func (j *journey) Result(condition string) Result { return j.conditions.of(condition) }

// Journey of the moment; nil where it does not exist.
func (m *moment) Journey() *Journey { return m.journey }

// Phase is the index of the moment's phase in its journey; -1 where it does not exist.
func (m *moment) Phase() int { return m.phase }

// Requirements that ask for something at the moment by name, dropped ones included.
func (m *moment) Requirements() []*Requirement { return m.requirements }

// Counts of the requirements.
func (m *moment) Counts() cxv1alpha1.MomentRequirements { return m.state.counts }

// ProgressPercent is the delivered part of the requirements, weighed by MoSCoW class.
func (m *moment) ProgressPercent() int32 { return m.worth.percentDone() }

// Blockers is what the Musts wait for, what has no date first, then the latest first: as many as a status lists, and how many there are.
func (m *moment) Blockers() (first []cxv1alpha1.Blocker, total int32) {
	return m.state.blockers, m.state.blockersTotal
}

// Chain returns the items that decide when a moment is there, in order of time.
func (g *graph) Chain(m *moment) []*Item { return g.chainTo(m.state.last) }

// Expected is the date of the last Must; empty where nothing is awaited or no date can be given.
func (m *moment) Expected() cxv1alpha1.Date { return m.state.expected }

// Result of a condition; without a reason where the moment does not have it.
func (m *moment) Result(condition string) Result { return m.conditions.of(condition) }

// Moments of the requirement, in the order of its spec.
func (r *requirement) Moments() []*Moment { return r.moments }

// Stage that meets the requirement; nil where none is named or it does not exist.
func (r *requirement) Stage() *Stage { return r.stage }

// Expected is when the requirement will be met; empty where it is, or no date can be given.
func (r *requirement) Expected() cxv1alpha1.Date {
	if d := r.deliverer(); d != nil {
		return d.expectedFinish()
	}
	return ""
}

// Delivered is what the condition Delivered says.
func (r *requirement) Result() Result { return *r.isDelivered }

// Stages of the block in their order.
func (b *block) Stages() []*Stage { return b.stages }

// Cycle of stages that the block has one in; nil where there is none.
func (b *block) Cycle() *Cycle { return b.cycle }

// Result of a condition; without a reason where the block does not have it.
func (b *block) Result(condition string) Result { return b.conditions.of(condition) }

// Block of the stage.
func (s *stage) Block() *Block { return s.block }

// Delivered tells whether existing systems do this already, or a Done item has delivered it.
func (s *stage) Delivered() bool { return s.delivered }

// By is the item that delivers the stage, or has delivered it; nil where there is none.
func (s *stage) By() *Item { return s.by }

// Key names the stage.
func (s *stage) Key() StageKey { return s.key() }

// Missing holds what the stage depends on and does not exist.
func (s *stage) Missing() []cxv1alpha1.StageReference { return s.missing }

// Requirements is the number of those that ask for the stage and are not dropped.
func (s *stage) Requirements() int { return s.block.usage.stages[s.index].kept }

// Expected is when the stage will be delivered; empty where it is, or no date can be given.
func (s *stage) Expected() cxv1alpha1.Date {
	if s.by == nil || s.delivered {
		return ""
	}
	return s.by.expectedFinish()
}

// State of the item; Proposed where the spec does not say.
func (i *item) State() cxv1alpha1.ItemState { return i.state }

// Delivers returns the stages that the item names and that exist.
func (i *item) Delivers() []*Stage { return i.delivers }

// Scope returns the undelivered stages that the item names or is the deliverer of, by block and stage.
func (i *item) Scope() []*Stage { return i.scope }

// Before returns the live items that directly come before this one, by name.
func (i *item) Before() []*Item { return i.before }

// Unresolved returns the names in dependsOn that are missing or cancelled, sorted.
func (i *item) Unresolved() []string { return i.unresolved }

// Unplanned returns the stages that must come first and that no live item delivers, sorted.
func (i *item) Unplanned() []StageKey { return i.unplanned }

// Cycle that the item is in; nil where there is none.
func (i *item) Cycle() *Cycle { return i.cycle }

// Schedulable tells whether all that comes before the item can be planned.
func (i *item) Schedulable() bool { return i.schedulable }

// Priority is nil for what cannot be scheduled.
func (i *item) Priority() *cxv1alpha1.Priority { return i.priority }

// Schedule is nil for what cannot be scheduled.
func (i *item) Schedule() *cxv1alpha1.Schedule { return i.schedule }

// Expected is when the item is expected to be finished; empty where it has no place in the schedule.
func (i *item) Expected() cxv1alpha1.Date { return i.expectedFinish() }

// Items returns the live items of the team, by name.
func (t *team) Items() []*Item { return t.items }

// Result of a condition; without a reason where the item does not have it.
func (i *item) Result(condition string) Result { return i.conditions.of(condition) }
