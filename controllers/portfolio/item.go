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
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// evaluateItem decides the conditions of an item.
func (g *Graph) evaluateItem(i *Item) {
	i.conditions = make(conditions, 0, 8)
	ready := g.evaluateItemReady(i)
	i.conditions.add(cxv1alpha1.ConditionReady, ready)
	i.conditions.add(cxv1alpha1.ConditionDelivered, g.evaluateItemDelivered(i))
	i.conditions.add(cxv1alpha1.ConditionBlocked, g.evaluateItemBlocked(i, ready))
	// Work that was cancelled is neither late nor on track.
	if i.Spec.TargetDate != "" && i.state != cxv1alpha1.StateCancelled {
		i.conditions.add(cxv1alpha1.ConditionOnTrack, g.evaluateItemOnTrack(i))
	}
	g.evaluateItemEvidence(i)
	if i.cycle != nil {
		i.conditions.add(cxv1alpha1.ConditionStalled, stalled(i.cycle))
	}
}

// evaluateItemEvidence decides the conditions that follow from what machines saw.
func (g *Graph) evaluateItemEvidence(i *Item) {
	if i.said == cxv1alpha1.StateDone {
		if proven := evaluateProven(i.stagesInOrder(), itemProven); proven.Reason != "" {
			i.conditions.add(cxv1alpha1.ConditionProven, proven)
		}
	}
	if i.metricRef() != "" {
		i.conditions.add(cxv1alpha1.ConditionHypothesisConfirmed, g.evaluateHypothesis(i))
	}
	if i.tracked != nil {
		i.conditions.add(cxv1alpha1.ConditionStateAgrees, g.evaluateStateAgrees(i))
	}
}

func (g *Graph) itemStatus(i *Item) *cxv1alpha1.RoadmapItemStatus {
	status := &cxv1alpha1.RoadmapItemStatus{
		ObservedGeneration: i.Generation,
		Conditions:         i.conditions.status(i.Generation),
		Track:              g.trackOf(i),
		Priority:           i.priority,
		Order:              i.order(),
		Schedule:           i.schedule,
		Hypothesis:         i.hypothesisStatus(),
	}
	status.Moments, _ = cappedNames(i.moments)
	status.MomentsTotal = i.momentsTotal
	status.SoleBlockerOf, status.SoleBlockerOfTotal = capped(i.soleBlockerOf)
	status.BlockedBy, status.BlockedByTotal = cappedNames(i.before)
	return status
}

// Expected is empty where the item has no place in the schedule.
func (i *Item) Expected() cxv1alpha1.Date {
	if i.schedule == nil {
		return ""
	}
	return i.schedule.ExpectedFinish
}

// The order of items that have no rank: after all that have one.
const (
	orderUnscheduled = 1_000_001 + iota
	orderDone
	orderCancelled
)

// order is the place of the item in lists: by rank, then what cannot be scheduled, then what has ended.
func (i *Item) order() int32 {
	switch {
	case i.priority != nil:
		return i.priority.Rank
	case i.IsLive():
		return orderUnscheduled
	case i.state == cxv1alpha1.StateDone:
		return orderDone
	}
	return orderCancelled
}

// baseEffort is the work of the whole item, in days: its own figure, or the sum over its scope. Of an item that has ended
// it is the sum over the stages that it names: its scope is empty then, and its track must not change.
func (i *Item) baseEffort() int64 {
	if own := i.Spec.EffortDays; own != nil {
		return int64(*own)
	}
	stages := i.scope
	if !i.IsLive() {
		stages = i.delivers
	}
	var days int64
	for _, s := range stages {
		days += int64(s.EffortDays)
	}
	return days
}

func (g *Graph) trackOf(i *Item) cxv1alpha1.Side {
	switch {
	case i.Spec.Track != "":
		return i.Spec.Track
	case i.baseEffort() <= g.policy.shortCycleDays:
		return cxv1alpha1.SideMarketing
	}
	return cxv1alpha1.SideIT
}

func (g *Graph) evaluateItemReady(i *Item) Result {
	if v := g.missingStages(i.Spec.Delivers, "delivers"); v.Reason != "" {
		return v
	}
	missing := collect(i.Spec.DependsOn, func(ref cxv1alpha1.ItemDependency) (string, bool) {
		return string(ref.Name), g.itemNamed[string(ref.Name)] == nil
	})
	if len(missing) > 0 {
		return isFalse(cxv1alpha1.ReasonDependencyNotFound,
			"There is no RoadmapItem %s: create it, or correct dependsOn.", words.Enumerate(missing))
	}
	if !g.policy.knows(i.Spec.Team) {
		return isFalse(cxv1alpha1.ReasonTeamNotFound, "The Roadmap has no team %s: add it there, or correct team.", i.Spec.Team)
	}
	if i.cycle != nil {
		v := stalled(i.cycle)
		v.Status = metav1.ConditionFalse
		return v
	}
	return accepted
}

func (g *Graph) evaluateItemDelivered(i *Item) Result {
	switch state := i.state; state {
	case cxv1alpha1.StateDone:
		return isTrue(cxv1alpha1.ReasonDone, "Finished on %s.", i.finish)
	case cxv1alpha1.StateCancelled:
		return isFalse(cxv1alpha1.ReasonCancelled, "The work will not be done.")
	case cxv1alpha1.StateInProgress:
		if i.isUnproven() {
			return i.notProven()
		}
		return isFalse(cxv1alpha1.ReasonInProgress, "%d%% done%s.%s", i.Spec.ProgressPercent, i.finishWords(), g.ExplainRank(i))
	case cxv1alpha1.StatePlanned:
		return isFalse(cxv1alpha1.ReasonPlanned, "The work is planned%s.%s", i.finishWords(), g.ExplainRank(i))
	default:
		return isFalse(cxv1alpha1.ReasonProposed, "The work is only proposed%s.%s", i.finishWords(), g.ExplainRank(i))
	}
}

// notProven says of work that is said to be done why it does not count as such.
func (i *Item) notProven() Result {
	return isFalse(cxv1alpha1.ReasonNotProven, "Said to be finished on %s, and not proven. Never held: %s.",
		i.saidFinish, words.Enumerate(checksOf(i.stagesInOrder(), (*Check).neverHeld)))
}

func (g *Graph) evaluateItemBlocked(i *Item, ready Result) Result {
	if !i.IsLive() {
		return isFalse(cxv1alpha1.ReasonFinished, "The item is %s.", i.state)
	}
	if i.cycle != nil {
		return stalled(i.cycle)
	}
	switch ready.Reason {
	case cxv1alpha1.ReasonBuildingBlockNotFound, cxv1alpha1.ReasonStageNotFound, cxv1alpha1.ReasonDependencyNotFound:
		ready.Status = metav1.ConditionTrue
		return ready
	}
	switch {
	case len(i.unresolved) > 0: // What does not exist was told above, so these are there.
		return isTrue(cxv1alpha1.ReasonDependencyCancelled, "Depends on %s, which is cancelled.", words.Enumerate(slices.Compact(slices.Clone(i.unresolved))))
	case len(i.unplanned) > 0:
		keys := make([]string, len(i.unplanned))
		for n, key := range i.unplanned {
			keys[n] = key.String()
		}
		return isTrue(cxv1alpha1.ReasonWaitingForUnplannedWork,
			"Waits for %s that no live RoadmapItem delivers: %s.", words.Plural(len(keys), "stage"), words.Enumerate(keys))
	case len(i.before) > 0:
		return isTrue(cxv1alpha1.ReasonWaitingForItems, "Waits for %s.%s", words.Enumerate(words.NamesOf(i.before)), g.expectation(i))
	}
	return isFalse(cxv1alpha1.ReasonDependenciesMet, "Nothing has to come first.")
}

// expectation says when an item is expected and what decides that.
func (g *Graph) expectation(i *Item) string {
	if why := g.ExplainDate(i); why != "" || i.schedule == nil {
		return why
	}
	return fmt.Sprintf(" Expected %s.", i.schedule.ExpectedFinish)
}

// ExplainDate says when an item is expected, what it waits for until it starts, and when its team is off; empty where that is nothing.
func (g *Graph) ExplainDate(i *Item) string {
	if i.schedule == nil {
		return ""
	}
	var why []string
	if i.waitedFor != "" {
		why = append(why, i.waitedFor)
	}
	if off := g.daysOff(i); len(off) > 0 {
		why = append(why, fmt.Sprintf("team %s does not work on %s", i.Spec.Team, words.Enumerate(off)))
	}
	if len(why) == 0 {
		return ""
	}
	return fmt.Sprintf(" Expected %s: %s.", i.schedule.ExpectedFinish, strings.Join(why, "; "))
}

func (g *Graph) evaluateItemOnTrack(i *Item) Result {
	target, finished, expected := i.Spec.TargetDate, i.finish, i.Expected()
	done := i.state == cxv1alpha1.StateDone
	switch {
	case done && finished <= target:
		return isTrue(cxv1alpha1.ReasonDeliveredOnTime, "Finished on %s, target %s.", finished, target)
	case done:
		return isFalse(cxv1alpha1.ReasonDeliveredLate, "Finished on %s, %s after the target (%s).",
			finished, words.Plural(target.DaysUntil(finished), "day"), target)
	case target < g.today:
		return isFalse(cxv1alpha1.ReasonOverdue, "The target (%s) is past%s.", target, i.finishWords())
	case expected == "":
		return isFalse(cxv1alpha1.ReasonNoForecast, "Target %s, and no date can be given: see Blocked.", target)
	case expected > target:
		return isFalse(cxv1alpha1.ReasonForecastLate, "Expected %s, %s after the target (%s).",
			expected, words.Plural(target.DaysUntil(expected), "day"), target)
	}
	return isTrue(cxv1alpha1.ReasonOnTrack, "Expected %s, target %s.", expected, target)
}
