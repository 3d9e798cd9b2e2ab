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
	"slices"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// TeamEffects are all effects on teams, the worst first, the best last.
var TeamEffects = []TeamEffect{
	TeamOverLanes, TeamMissesTargets, TeamBusyLonger, TeamBusyShorter, TeamMeetsTargets, TeamWithinLanes,
}

// team is a team with its items that miss their target date. missed are those whose forecast is late or whose target date is past.
// offTarget are all of them, also those without a forecast.
type team struct {
	TeamState
	missed    []string
	offTarget []string
}

// over is the number of items in progress beyond the lanes.
func (t *team) over() int32 {
	if t.Lanes == 0 {
		return 0
	}
	return max(0, t.Started-t.Lanes)
}

// teamsOf sums up the live items of each team. A team may be listed in the Roadmap or not. Items without a team are left out: no
// capacity limits them.
func teamsOf(s *State) map[string]*team {
	teams := map[string]*team{}
	for _, t := range s.Evaluation.Graph().Teams() {
		if t.Name == "" {
			continue
		}
		sum := &team{TeamState: TeamState{Lanes: t.Lanes, Items: int32(len(t.Items())), BusyUntil: t.BusyUntil()}}
		for _, i := range t.Items() {
			sum.add(i.Name, itemState(s, i))
		}
		teams[string(t.Name)] = sum
	}
	return teams
}

func (t *team) add(name string, s *ItemState) {
	if s.State == string(cxv1alpha1.StateInProgress) {
		t.Started++
	}
	// An item without a forecast does not count: it does not wait for its team.
	if s.OnTrack == cxv1alpha1.ReasonForecastLate || s.OnTrack == cxv1alpha1.ReasonOverdue {
		t.MissedTargets++
		t.missed = append(t.missed, name)
	}
	if s.MissesTarget {
		t.offTarget = append(t.offTarget, name)
	}
}

// compareTeams finds the teams for which something changes.
func compareTeams(before, after *State) []TeamChange {
	changes := []TeamChange{}
	eachPair(teamsOf(before), teamsOf(after), func(name string, old, now *team) {
		if old == nil {
			old = &team{}
		}
		if now == nil {
			now = &team{}
		}
		c := TeamChange{
			Name: name, Before: old.TeamState, After: now.TeamState,
			NewlyMissed: namesWithout(now.missed, old.offTarget), NoLongerMissed: namesWithout(old.missed, now.offTarget),
		}
		if c.Effects = teamEffects(&c, old.over(), now.over()); len(c.Effects) > 0 {
			changes = append(changes, c)
		}
	})
	return changes
}

func teamEffects(c *TeamChange, before, after int32) []TeamEffect {
	var effects []TeamEffect
	switch {
	case before < after:
		effects = append(effects, TeamOverLanes)
	case before > after:
		effects = append(effects, TeamWithinLanes)
	}
	if len(c.NewlyMissed) > 0 {
		effects = append(effects, TeamMissesTargets)
	}
	if len(c.NoLongerMissed) > 0 {
		effects = append(effects, TeamMeetsTargets)
	}
	switch {
	case c.Before.BusyUntil < c.After.BusyUntil:
		effects = append(effects, TeamBusyLonger)
	case c.Before.BusyUntil > c.After.BusyUntil:
		effects = append(effects, TeamBusyShorter)
	}
	return sortEffects(effects, TeamEffects)
}

func namesWithout(list, others []string) []string {
	known := make(map[string]bool, len(others))
	for _, name := range others {
		known[name] = true
	}
	var names []string
	for _, name := range list {
		if !known[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
