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
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// ItemEffects are all effects on items, the worst first, the best last.
var ItemEffects = []ItemEffect{
	ItemUnscheduled, ItemMissesTarget, ItemLater, ItemDown, ItemReopened, ItemCancelled, ItemAdded, ItemRemoved, ItemOtherVerdict,
	ItemRevived, ItemUp, ItemSooner, ItemMeetsTarget, ItemScheduled, ItemFinished,
}

// compareItems finds the roadmap items for which something changes.
func compareItems(before, after *State) []ItemChange {
	changes := []ItemChange{}
	moved := movesOf(before, after)
	oldItems, items := byName(before.Evaluation.Graph().Items()), byName(after.Evaluation.Graph().Items())
	eachPair(oldItems, items, func(name string, old, now *portfolio.Item) {
		item := cmp.Or(now, old)
		c := ItemChange{
			Name: name, Title: string(item.Spec.Title), Moved: moved[name], Before: itemState(before, old), After: itemState(after, now),
		}
		if c.Effects = itemEffects(&c); len(c.Effects) == 0 {
			return
		}
		if c.Before != nil && c.After != nil {
			c.DaysLater = int32(c.Before.Finish.DaysUntil(c.After.Finish))
		}
		changes = append(changes, c)
	})
	return changes
}

func itemState(s *State, i *portfolio.Item) *ItemState {
	if i == nil {
		return nil
	}
	status := s.Evaluation.RoadmapItems[i.Name]
	onTrack := conditionOf(status.Conditions, cxv1alpha1.ConditionOnTrack)
	blocked := conditionOf(status.Conditions, cxv1alpha1.ConditionBlocked)
	// The model has the whole message, also where the status says it in another condition.
	state := &ItemState{
		State: string(i.State()), Team: string(i.Spec.Team), Target: i.Spec.TargetDate, Finish: i.Finish(),
		OnTrack: onTrack.Reason, Blocked: blocked.Reason, Message: i.Result(cxv1alpha1.ConditionBlocked).Message,
		MissesTarget: onTrack.Status == metav1.ConditionFalse,
	}
	if p := status.Priority; p != nil {
		state.Rank, state.Bundle, state.Score = p.Rank, p.Bundle, p.Score
	}
	if w := status.Schedule; w != nil {
		state.Start, state.Finish = w.ExpectedStart, w.ExpectedFinish
	}
	if h := status.Hypothesis; h != nil {
		state.Verdict = string(h.Verdict)
	}
	return state
}

// isScheduled tells whether an item is on the roadmap.
func (s *ItemState) isScheduled() bool { return s.Rank > 0 }

// isUnplannable tells whether an item is work to do that cannot be put on the roadmap.
func (s *ItemState) isUnplannable() bool {
	return s.Rank == 0 && s.State != string(cxv1alpha1.StateDone) && s.State != string(cxv1alpha1.StateCancelled)
}

// movesOf returns by how many places items move up. It looks only at items that are on both roadmaps: new and removed items move no other.
func movesOf(before, after *State) map[string]int32 {
	rankOf := func(s *State, name string) int32 {
		if status := s.Evaluation.RoadmapItems[name]; status != nil && status.Priority != nil {
			return status.Priority.Rank
		}
		return 0
	}
	var common []string
	for name := range before.Evaluation.RoadmapItems {
		if rankOf(before, name) > 0 && rankOf(after, name) > 0 {
			common = append(common, name)
		}
	}
	moved := make(map[string]int32, len(common))
	for sign, s := range map[int32]*State{1: before, -1: after} {
		slices.SortFunc(common, func(a, b string) int { return cmp.Compare(rankOf(s, a), rankOf(s, b)) })
		for place, name := range common {
			moved[name] += sign * int32(place)
		}
	}
	return moved
}

func itemEffects(c *ItemChange) []ItemEffect {
	before, after := c.Before, c.After
	switch {
	case before == nil:
		return addedEffects(after)
	case after == nil:
		return []ItemEffect{ItemRemoved}
	}
	var effects []ItemEffect
	switch {
	case before.isScheduled() && after.isScheduled():
		effects = scheduleEffects(c)
	case before.isScheduled():
		effects = append(effects, leaving(after, ItemFinished, ItemCancelled, ItemUnscheduled))
	case after.isScheduled():
		effects = append(effects, leaving(before, ItemReopened, ItemRevived, ItemScheduled))
	}
	effects = append(effects, flip(before.MissesTarget, after.MissesTarget, ItemMissesTarget, ItemMeetsTarget)...)
	if before.Verdict != after.Verdict {
		effects = append(effects, ItemOtherVerdict)
	}
	return sortEffects(effects, ItemEffects)
}

// addedEffects tells what is wrong with a new item from the start.
func addedEffects(after *ItemState) []ItemEffect {
	effects := []ItemEffect{ItemAdded}
	if after.isUnplannable() {
		effects = append(effects, ItemUnscheduled)
	}
	if after.MissesTarget {
		effects = append(effects, ItemMissesTarget)
	}
	return sortEffects(effects, ItemEffects)
}

// leaving returns the effect for an item that leaves the roadmap, or comes back to it. It depends on the state outside the roadmap.
func leaving(outside *ItemState, done, cancelled, unplannable ItemEffect) ItemEffect {
	switch outside.State {
	case string(cxv1alpha1.StateDone):
		return done
	case string(cxv1alpha1.StateCancelled):
		return cancelled
	default:
		return unplannable
	}
}

// scheduleEffects returns the effects of new ranks and dates on an item that is on both roadmaps.
func scheduleEffects(c *ItemChange) []ItemEffect {
	var effects []ItemEffect
	switch {
	case c.Moved < 0:
		effects = append(effects, ItemDown)
	case c.Moved > 0:
		effects = append(effects, ItemUp)
	}
	switch {
	case c.Before.Finish < c.After.Finish:
		effects = append(effects, ItemLater)
	case c.Before.Finish > c.After.Finish:
		effects = append(effects, ItemSooner)
	}
	return effects
}
