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

// This file has what package view may read of an evaluation. Whoever gets a list or a pointer here must not change it.

// Graph returns all objects with what follows for each.
func (e *Evaluation) Graph() *Graph { return e.graph }

// Today is the day of evaluation.
func (g *Graph) Today() cxv1alpha1.Date { return g.today }

// Journeys lists them by name.
func (g *Graph) Journeys() []*Journey { return g.journeys }

// Moments lists them by name.
func (g *Graph) Moments() []*Moment { return g.moments }

// Requirements lists them by name.
func (g *Graph) Requirements() []*Requirement { return g.requirements }

// Blocks lists them by name.
func (g *Graph) Blocks() []*Block { return g.blocks }

// Items lists them by name.
func (g *Graph) Items() []*Item { return g.items }

// Live returns the items that are Proposed, Planned or InProgress, by name.
func (g *Graph) Live() []*Item { return g.live }

// Journey returns the journey of a name; nil where there is none.
func (g *Graph) Journey(name string) *Journey { return g.journeyNamed[name] }

// Moment returns the moment of a name; nil where there is none.
func (g *Graph) Moment(name string) *Moment { return g.momentNamed[name] }

// Requirement returns the requirement of a name; nil where there is none.
func (g *Graph) Requirement(name string) *Requirement {
	at, found := slices.BinarySearchFunc(g.requirements, name, func(r *Requirement, name string) int {
		return strings.Compare(r.Name, name)
	})
	if !found {
		return nil
	}
	return g.requirements[at]
}

// Block returns the building block of a name; nil where there is none.
func (g *Graph) Block(name string) *Block { return g.blockNamed[name] }

// Item returns the roadmap item of a name; nil where there is none.
func (g *Graph) Item(name string) *Item { return g.itemNamed[name] }

// Metrics lists them by name.
func (g *Graph) Metrics() []*Metric { return g.metrics }

// Metric returns the metric of a name; nil where there is none.
func (g *Graph) Metric(name string) *Metric { return g.metricNamed[name] }

// Roadmap is the planning policy; nil where there is none.
func (g *Graph) Roadmap() *cxv1alpha1.Roadmap { return g.roadmap }

// Result of a condition of the Roadmap.
func (g *Graph) Result(condition string) Result { return g.conditions.of(condition) }

// Teams lists those of the Roadmap in its order, with every default filled in, then others by name, then one without a name for the live
// items that have no team.
func (g *Graph) Teams() []*Team { return g.teams }

// KnowsTeam tells whether items can be given to a team: any will do where the Roadmap lists none.
func (g *Graph) KnowsTeam(team cxv1alpha1.LabelName) bool { return g.policy.knows(team) }

// Value of all moments.
func (g *Graph) Value() cxv1alpha1.Value { return *g.value.status() }

// TrackRecords count the verdicts on the finished work of each team, by name; first those on the work of no team, if there are any.
func (g *Graph) TrackRecords() []cxv1alpha1.TrackRecord { return g.trackRecords() }

// Months returns the months to come, with the part of the value that is there at the end of each. These are the first, as many as a status
// lists, of so many in total.
func (g *Graph) Months() (first []cxv1alpha1.MonthForecast, total int32) {
	return g.months, g.monthsTotal
}

// Bundles in the order in which they should be done.
func (g *Graph) Bundles() []Bundle { return g.ranking.bundles }

// Moments of the journey by phase, order and name; those of no known phase last.
func (j *Journey) Moments() []*Moment { return j.moments }

// Counts of the moments.
func (j *Journey) Counts() cxv1alpha1.JourneyMoments { return j.counts }

// Value of the moments.
func (j *Journey) Value() cxv1alpha1.Value { return *j.value.status() }

// Expected is when the last blocked moment is expected; empty where none is blocked, or one has no date.
func (j *Journey) Expected() cxv1alpha1.Date { return j.expected }

// Result of a condition.
func (j *Journey) Result(condition string) Result { return j.conditions.of(condition) }

// Journey of the moment; nil where it does not exist.
func (m *Moment) Journey() *Journey { return m.journey }

// Phase is the index of the moment's phase in its journey; -1 where it does not exist.
func (m *Moment) Phase() int { return m.phase }

// Requirements that ask for something at the moment by name, dropped ones included.
func (m *Moment) Requirements() []*Requirement { return m.requirements }

// Metrics that measure the moment, by name.
func (m *Moment) Metrics() []*Metric { return m.metrics }

// Counts of the requirements.
func (m *Moment) Counts() cxv1alpha1.MomentRequirements { return m.state.counts }

// ProgressPercent is the delivered part of the requirements, weighed by MoSCoW class.
func (m *Moment) ProgressPercent() int32 { return m.value.percentDone() }

// Blockers returns what the Musts wait for: first what has no date, then the latest first. These are as many as a status lists, of so many in
// total.
func (m *Moment) Blockers() (first []cxv1alpha1.Blocker, total int32) {
	return m.state.blockers, m.state.blockersTotal
}

// Chain returns the items that decide when a moment is there, in order of time.
func (g *Graph) Chain(m *Moment) []*Item { return g.chainTo(m.state.last) }

// Expected is the date of the last Must; empty where nothing is awaited or no date can be given.
func (m *Moment) Expected() cxv1alpha1.Date { return m.state.expected }

// Result of a condition; without a reason where the moment does not have it.
func (m *Moment) Result(condition string) Result { return m.conditions.of(condition) }

// Moments of the requirement, in the order of its spec.
func (r *Requirement) Moments() []*Moment { return r.moments }

// Stage that meets the requirement; nil where none is named or it does not exist.
func (r *Requirement) Stage() *Stage { return r.stage }

// Expected is when the requirement will be met; empty where it is, or no date can be given.
func (r *Requirement) Expected() cxv1alpha1.Date {
	if d := r.deliverer(); d != nil {
		return d.Expected()
	}
	return ""
}

// Result of the condition Delivered.
func (r *Requirement) Result() Result { return *r.isDelivered }

// Stages of the block in their order.
func (b *Block) Stages() []*Stage { return b.stages }

// Cycle that a stage of the block is in; nil where there is none.
func (b *Block) Cycle() *Cycle { return b.cycle }

// Result of a condition; without a reason where the block does not have it.
func (b *Block) Result(condition string) Result { return b.conditions.of(condition) }

// Block of the stage.
func (s *Stage) Block() *Block { return s.block }

// Delivered tells whether existing systems do this already, or a Done item has delivered it.
func (s *Stage) Delivered() bool { return s.delivered }

// By is the item that delivers the stage, or has delivered it; nil where there is none.
func (s *Stage) By() *Item { return s.by }

// Checks of the stage, and what is known of them.
func (s *Stage) Checks() []Check { return s.checks }

// HasRegressed tells whether the stage was proven, and is so no more.
func (s *Stage) HasRegressed() bool { return s.hasRegressed() }

// Missing holds what the stage depends on and does not exist.
func (s *Stage) Missing() []cxv1alpha1.StageReference { return s.missing }

// Requirements is the number of those that ask for the stage and are not dropped.
func (s *Stage) Requirements() int { return s.block.usage.stages[s.index].kept }

// Expected is when the stage will be delivered; empty where it is, or no date can be given.
func (s *Stage) Expected() cxv1alpha1.Date {
	if s.by == nil || s.delivered {
		return ""
	}
	return s.by.Expected()
}

// State of the item that counts: what its spec or its tracker says, and where proof is required and lacks, InProgress.
func (i *Item) State() cxv1alpha1.ItemState { return i.state }

// Finish is the day on which the item was finished; empty where it is not Done.
func (i *Item) Finish() cxv1alpha1.Date { return i.finish }

// Delivers returns the stages that the item names and that exist.
func (i *Item) Delivers() []*Stage { return i.delivers }

// Scope returns the undelivered stages that the item names or is the deliverer of, by block and stage.
func (i *Item) Scope() []*Stage { return i.scope }

// Before returns the live items that directly come before this one, by name.
func (i *Item) Before() []*Item { return i.before }

// Unresolved returns the names in dependsOn that are missing or cancelled, sorted.
func (i *Item) Unresolved() []string { return i.unresolved }

// Missing returns what the item names in delivers and does not exist.
func (i *Item) Missing() []cxv1alpha1.StageReference { return i.missing }

// Unplanned returns the stages that must come first and that no live item delivers, and what is missing, sorted.
func (i *Item) Unplanned() []StageKey { return i.unplanned }

// Cycle that the item is in; nil where there is none.
func (i *Item) Cycle() *Cycle { return i.cycle }

// Schedulable tells whether all that comes before the item can be planned.
func (i *Item) Schedulable() bool { return i.schedulable }

// EffortLeft is the part of its own effort that an item has left, in hundredths of a day: before complexity and feasibility.
func (i *Item) EffortLeft() int64 { return i.baseEffort() * (100 - i.progress()) }

// Priority is nil for what cannot be scheduled.
func (i *Item) Priority() *cxv1alpha1.Priority { return i.priority }

// Schedule is nil for what cannot be scheduled.
func (i *Item) Schedule() *cxv1alpha1.Schedule { return i.schedule }

// Items returns the live items of the team, by name.
func (t *Team) Items() []*Item { return t.items }

// Result of a condition; without a reason where the item does not have it.
func (i *Item) Result(condition string) Result { return i.conditions.of(condition) }

// Hypothesis is what a metric says of finished work, as its status has it; nil where none judges it.
func (i *Item) Hypothesis() *cxv1alpha1.HypothesisStatus { return i.hypothesisStatus() }

// Metric judges the hypothesis of the item; nil where none does.
func (i *Item) Metric() *Metric { return i.metric }

// MetricRef names the metric that should judge it; empty where the hypothesis names none.
func (i *Item) MetricRef() string { return i.metricRef() }

// Value of the metric today; nil where there are no samples in its window.
func (m *Metric) Value() *cxv1alpha1.Decimal { return decimalOf(m.value) }

// Change is how much better the value is than the baseline; nil where one of them is not there.
func (m *Metric) Change() *cxv1alpha1.Decimal { return decimalOf(m.change()) }

// Samples of the metric up to today, by date.
func (m *Metric) Samples() []cxv1alpha1.Sample {
	samples := make([]cxv1alpha1.Sample, len(m.samples))
	for n, s := range m.samples {
		samples[n] = cxv1alpha1.Sample{Date: dayDate(s.Day), Value: cxv1alpha1.DecimalOf(s.Value)}
	}
	return samples
}

// Judged lists the Done items whose hypothesis the metric judges, by name.
func (m *Metric) Judged() []*Item { return m.judged }

// Moments that the metric measures, in the order of its spec.
func (m *Metric) Moments() []*Moment { return m.moments }

// Result of a condition; without a reason where the metric does not have it.
func (m *Metric) Result(condition string) Result { return m.conditions.of(condition) }
