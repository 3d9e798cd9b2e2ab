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
	"fmt"
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// evaluateMoment finds what blocks a moment, and decides its conditions.
func (g *Graph) evaluateMoment(m *Moment) {
	m.state.blockers, m.state.blockersTotal = g.blockersOf(m)
	if sole := m.soleBlocker(); sole != nil {
		sole.soleBlockerOf = append(sole.soleBlockerOf, m.Name)
	}
	m.conditions = make(conditions, 0, 8)
	m.conditions.add(cxv1alpha1.ConditionReady, m.evaluateReady())
	m.conditions.add(cxv1alpha1.ConditionElaborated, m.evaluateElaborated())
	m.conditions.add(cxv1alpha1.ConditionGrouped, m.evaluateGrouped())
	m.conditions.add(cxv1alpha1.ConditionPlanned, m.evaluatePlanned())
	m.conditions.add(cxv1alpha1.ConditionBlocked, g.evaluateBlocked(m))
	m.conditions.add(cxv1alpha1.ConditionRealized, m.evaluateRealized())
	m.conditions.add(cxv1alpha1.ConditionMeasured, m.evaluateMeasured())
	if m.Spec.NeededBy != "" {
		m.conditions.add(cxv1alpha1.ConditionAtRisk, m.evaluateAtRisk())
	}
}

func (m *Moment) evaluateReady() Result {
	if m.journey == nil {
		return isFalse(cxv1alpha1.ReasonJourneyNotFound,
			"There is no Journey %s: create it, or correct journeyRef.", m.Spec.JourneyRef.Name)
	}
	if m.phase < 0 {
		return isFalse(cxv1alpha1.ReasonPhaseNotFound,
			"Journey %s has no phase %s: add it there, or correct phase.", m.journey.Name, m.Spec.Phase)
	}
	if missing := m.MissingChannels(); len(missing) > 0 {
		return isFalse(cxv1alpha1.ReasonChannelNotFound,
			"Journey %s has no channel %s: add it there, or correct channels and touchpoints.", m.journey.Name, words.Enumerate(missing))
	}
	if missing := m.MissingBrandValues(); len(missing) > 0 {
		return isFalse(cxv1alpha1.ReasonBrandValueNotFound,
			"The brand of Journey %s has no value %s: add it there, or correct brandValues.", m.journey.Name, words.Enumerate(missing))
	}
	return accepted
}

// MissingChannels names the channels of the moment and its touchpoints that its journey does not have, sorted.
func (m *Moment) MissingChannels() []string {
	named := slices.Clone(m.Spec.Channels)
	for _, t := range m.Spec.Touchpoints {
		if t.Channel != "" {
			named = append(named, t.Channel)
		}
	}
	return missingNames(named, func(name cxv1alpha1.LabelName) bool {
		return slices.ContainsFunc(m.journey.Spec.Channels, func(c cxv1alpha1.Channel) bool { return c.Name == name })
	})
}

// MissingBrandValues names the brand values of the moment that its journey does not have, sorted.
func (m *Moment) MissingBrandValues() []string {
	return missingNames(m.Spec.BrandValues, func(name cxv1alpha1.LabelName) bool {
		brand := m.journey.Spec.Brand
		return brand != nil && slices.ContainsFunc(brand.Values, func(v cxv1alpha1.BrandValue) bool { return v.Name == name })
	})
}

func missingNames(names []cxv1alpha1.LabelName, exists func(cxv1alpha1.LabelName) bool) []string {
	var missing []string
	for _, name := range names {
		if !exists(name) {
			missing = append(missing, string(name))
		}
	}
	return sortedSet(missing)
}

func (m *Moment) evaluateElaborated() Result {
	if missing := m.MissingElaboration(); len(missing) > 0 {
		return missing[0]
	}
	return isTrue(cxv1alpha1.ReasonElaborated, "Promise, insights, channels and requirements are there.")
}

// MissingElaboration says of each part of the elaboration that it is missing, in the order in which people work on them.
func (m *Moment) MissingElaboration() []Result {
	var missing []Result
	if m.Spec.Promise == "" {
		missing = append(missing, isFalse(cxv1alpha1.ReasonPromiseMissing, "The moment has no promise: say what the brand promises the customer."))
	}
	if len(m.Spec.Insights) == 0 {
		missing = append(missing, isFalse(cxv1alpha1.ReasonInsightMissing, "The moment has no insights: say what is known of the customer."))
	}
	if len(m.Spec.Channels) == 0 {
		missing = append(missing, isFalse(cxv1alpha1.ReasonChannelMissing, "The moment has no channels: say where it takes place."))
	}
	switch {
	case len(m.requirements) == 0:
		missing = append(missing, isFalse(cxv1alpha1.ReasonRequirementsMissing, "No requirement names the moment: say what it asks of the business."))
	case m.kept() == 0:
		missing = append(missing, isFalse(cxv1alpha1.ReasonRequirementsMissing,
			"Every requirement of the moment is dropped: say what it asks of the business."))
	}
	return missing
}

// noRequirements is what conditions say of a moment at which nothing is asked.
func noRequirements() Result {
	return isUnknown(cxv1alpha1.ReasonNoRequirements, "The moment has no requirements yet.")
}

func (m *Moment) evaluateGrouped() Result {
	if m.kept() == 0 {
		return noRequirements()
	}
	if m.state.counts.Unassigned > 0 {
		unassigned := collect(m.requirements, func(r *Requirement) (string, bool) {
			return r.Name, r.State() == cxv1alpha1.ReasonUnassigned
		})
		return isFalse(cxv1alpha1.ReasonRequirementsUnassigned,
			"%s without a building block that exists: %s.", words.Plural(len(unassigned), "requirement"), words.Enumerate(unassigned))
	}
	return isTrue(cxv1alpha1.ReasonAllGrouped, "Every requirement has a building block.")
}

func (m *Moment) evaluatePlanned() Result {
	if m.kept() == 0 {
		return noRequirements()
	}
	waiting := collect(m.requirements, func(r *Requirement) (string, bool) {
		return r.Name, !r.Dropped() && !r.Delivered() && !r.hasSchedulableDeliverer()
	})
	if len(waiting) > 0 {
		return isFalse(cxv1alpha1.ReasonWorkNotPlanned,
			"%s without work that can be scheduled: %s.", words.Plural(len(waiting), "requirement"), words.Enumerate(waiting))
	}
	return isTrue(cxv1alpha1.ReasonFullyPlanned, "All that is still to be delivered has work that can be scheduled.")
}

func (g *Graph) evaluateBlocked(m *Moment) Result {
	s := &m.state
	switch {
	case m.kept() == 0:
		return noRequirements()
	case s.counts.Must == 0:
		return isFalse(cxv1alpha1.ReasonNoMusts, "None of the requirements is a Must, so nothing blocks the moment.")
	case !s.gate.closed():
		return isFalse(cxv1alpha1.ReasonMustsDelivered, "Every Must is delivered.")
	case len(s.gate.unassigned) > 0:
		return isTrue(cxv1alpha1.ReasonRequirementsUnassigned, "%s without a building block that exists: %s.",
			words.Plural(len(s.gate.unassigned), "Must"), words.Enumerate(words.NamesOf(s.gate.unassigned)))
	}
	w := &g.waits
	named := &w.named[m.number]
	first := make([]string, len(named.First))
	for n, label := range named.First {
		first[n] = w.items[label].Name
	}
	if len(first) > 0 && int(named.First[0]) < w.cyclic {
		return isTrue(cxv1alpha1.ReasonDependencyCycle, "Waits for work that waits for itself: %s.", w.items[named.First[0]].cycle.Path)
	}
	if missing, total := g.missingWork(m); total > 0 {
		return isTrue(cxv1alpha1.ReasonWorkNotPlanned, "Waits for work that nobody has planned: %s.", words.EnumerateFirst(missing, total))
	}
	if named.Low > 0 {
		return isTrue(cxv1alpha1.ReasonWorkNotCommitted, "Waits for work that is only proposed: %s.%s",
			words.EnumerateFirst(first[:min(len(first), named.Low)], named.Low), g.momentExpectation(m))
	}
	return isTrue(cxv1alpha1.ReasonAwaitingDelivery, "Waits for committed work: %s.%s", words.EnumerateFirst(first, named.Total), g.momentExpectation(m))
}

// expectation says when the moment is expected and what decides that.
func (g *Graph) momentExpectation(m *Moment) string {
	if m.state.expected == "" {
		return ""
	}
	last := m.state.last
	why := ""
	if last.waitedFor != "" {
		why = ": it " + last.waitedFor
	}
	return fmt.Sprintf(" Expected %s, when %s is finished%s.", m.state.expected, last.Name, why)
}

// missingWork names what the gate waits for, directly or not, and nobody has planned: the first few, of so many in total.
func (g *Graph) missingWork(m *Moment) (first []string, total int) {
	w := &g.waits
	missing := &w.missing[m.number]
	for _, label := range missing.First[:min(len(missing.First), words.MaxNamed)] {
		if n := int(label) - len(w.stages); n < 0 {
			first = append(first, "stage "+w.stages[label].String())
		} else {
			first = append(first, sprintf("item %s (%s)", []any{w.absent[n], absenceWords[g.absence(w.absent[n])]}))
		}
	}
	return first, missing.Total
}

var absenceWords = map[string]string{
	cxv1alpha1.ReasonNotFound:  "does not exist",
	cxv1alpha1.ReasonCancelled: "cancelled",
}

// absence tells why an item that is depended on will not come: it does not exist, or is cancelled.
func (g *Graph) absence(name string) string {
	if g.itemNamed[name] == nil {
		return cxv1alpha1.ReasonNotFound
	}
	return cxv1alpha1.ReasonCancelled
}

func (m *Moment) evaluateRealized() Result {
	switch {
	case m.kept() == 0:
		return noRequirements()
	case m.IsRealized():
		return isTrue(cxv1alpha1.ReasonAllDelivered, "Every requirement is delivered.")
	}
	return isFalse(cxv1alpha1.ReasonWorkOutstanding, "%d of %s still to be delivered.",
		m.kept()-m.state.counts.Delivered, words.Plural(int(m.kept()), "requirement"))
}

func (m *Moment) evaluateAtRisk() Result {
	needed, expected := m.Spec.NeededBy, m.state.expected
	switch {
	case m.kept() > 0 && !m.IsBlocked():
		return isFalse(cxv1alpha1.ReasonDelivered, "Nothing blocks the moment any more.")
	case expected == "":
		return isTrue(cxv1alpha1.ReasonNoForecast, "Needed by %s, and no date can be given: see Blocked.", needed)
	case expected > needed:
		return isTrue(cxv1alpha1.ReasonForecastLate, "Expected %s, %s after it is needed (%s).",
			expected, words.Plural(needed.DaysUntil(expected), "day"), needed)
	}
	return isFalse(cxv1alpha1.ReasonOnTrack, "Expected %s, needed by %s.", expected, needed)
}

func (g *Graph) momentStatus(m *Moment) *cxv1alpha1.MomentStatus {
	s := &m.state
	counts, progress := s.counts, m.value.percentDone() // copies: a status must not keep the graph in memory
	var value valuation
	value.addMoment(&m.value)
	status := &cxv1alpha1.MomentStatus{
		ObservedGeneration: m.Generation,
		Conditions:         m.conditions.status(m.Generation),
		Requirements:       &counts,
		Value:              value.status(),
		ProgressPercent:    &progress,
		ExpectedDate:       s.expected,
	}
	if m.Spec.NeededBy != "" && s.expected != "" {
		slack := int32(s.expected.DaysUntil(m.Spec.NeededBy))
		status.SlackDays = &slack
	}
	status.BlockedBy, status.BlockedByTotal = s.blockers, s.blockersTotal
	status.CriticalChain, status.CriticalChainTotal = g.endOfChain(s.last)
	status.Metrics, status.MetricsTotal = m.momentMetrics()
	status.RequirementNames, status.RequirementNamesTotal = cappedNames(m.requirements)
	var blocks, items []string
	for _, r := range m.requirements {
		if r.stage != nil {
			blocks = append(blocks, r.stage.block.Name)
		}
		if by := r.deliveredBy(); by != nil {
			items = append(items, by.Name)
		}
	}
	status.BuildingBlocks, status.BuildingBlocksTotal = capped(sortedSet(blocks))
	status.RoadmapItems, status.RoadmapItemsTotal = capped(sortedSet(items))
	status.Teams, status.TeamsTotal = capped(m.teams())
	return status
}

// blockersOf lists what the gate of a moment waits for: first what has no date, then the latest first. It returns as many as a status lists,
// of so many in total.
func (g *Graph) blockersOf(m *Moment) (first []cxv1alpha1.Blocker, total int32) {
	if !m.IsBlocked() {
		return nil, 0
	}
	w, gate := &g.waits, &m.state.gate
	missing, dated := &w.missing[m.number], &w.dated[m.number]
	first = make([]cxv1alpha1.Blocker, 0, min(len(gate.unassigned), cxv1alpha1.MaxListed)+len(missing.First)+len(dated.First))
	for _, r := range gate.unassigned[:min(len(gate.unassigned), cxv1alpha1.MaxListed)] {
		first = append(first, cxv1alpha1.Blocker{
			Kind: cxv1alpha1.BlockerRequirement, Name: r.Name, Reason: cxv1alpha1.ReasonUnassigned, Requirements: 1,
		})
	}
	// How many Musts wait for a stage directly; for the others only other work waits.
	direct := make(map[StageKey]int, len(gate.unplanned))
	for s, n := range gate.unplanned {
		direct[s.Key()] = n
	}
	for _, label := range missing.First {
		if n := int(label) - len(w.stages); n >= 0 {
			first = append(first, cxv1alpha1.Blocker{Kind: cxv1alpha1.BlockerRoadmapItem, Name: w.absent[n], Reason: g.absence(w.absent[n])})
			continue
		}
		key := w.stages[label]
		first = append(first, cxv1alpha1.Blocker{
			Kind: cxv1alpha1.BlockerBuildingBlock, Name: key.Block, Stage: key.Stage,
			Reason: cxv1alpha1.ReasonUnplanned, Requirements: int32(direct[key]),
		})
	}
	for _, label := range dated.First {
		i := w.latest[label]
		first = append(first, cxv1alpha1.Blocker{
			Kind: cxv1alpha1.BlockerRoadmapItem, Name: i.Name, Reason: string(i.state), Team: string(i.Spec.Team),
			Requirements:   int32(gate.deliverers[i]),
			ExpectedFinish: i.Expected(),
			Critical:       g.isCritical(i, m.state.last),
		})
	}
	slices.SortFunc(first, compareBlockers)
	first, _ = capped(first)
	return first, int32(len(gate.unassigned) + missing.Total + dated.Total)
}

func compareBlockers(a, b cxv1alpha1.Blocker) int {
	if a.ExpectedFinish != "" || b.ExpectedFinish != "" {
		return cmp.Or(
			cmp.Compare(rankDate(a.ExpectedFinish), rankDate(b.ExpectedFinish)),
			strings.Compare(string(b.ExpectedFinish), string(a.ExpectedFinish)),
			strings.Compare(a.Name, b.Name),
		)
	}
	return cmp.Or(
		strings.Compare(string(a.Kind), string(b.Kind)),
		strings.Compare(a.Name, b.Name),
		strings.Compare(a.Stage, b.Stage),
		strings.Compare(a.Reason, b.Reason),
	)
}

// rankDate puts what has no date before what has one.
func rankDate(d cxv1alpha1.Date) int {
	if d == "" {
		return 0
	}
	return 1
}
