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

package schedule

import (
	"cmp"
	"slices"
)

// waitedFor is, per item, what finished on the workday before it started: of
// the items before it, or when there are none such, of its team. For work in
// progress that is nothing, as no item finishes before it starts.
func waitedFor(items []Item, spans []span) [][]int {
	byName := func(a, b int) int { return cmp.Compare(items[a].Name, items[b].Name) }
	mates := finishedTogether(items, spans, byName)
	waits := make([][]int, len(items))
	for i := range items {
		item := &items[i]
		dayBefore := spans[i].start - 1
		for _, b := range item.Before {
			if spans[b].finish() == dayBefore {
				waits[i] = append(waits[i], b)
			}
		}
		slices.SortFunc(waits[i], byName)
		waits[i] = slices.Compact(waits[i])
		if len(waits[i]) == 0 && item.Team != NoTeam {
			waits[i] = mates[teamDay{item.Team, dayBefore}]
		}
	}
	return waits
}

// teamDay is a workday of a team.
type teamDay struct {
	team int
	day  int64
}

// finishedTogether lists, per team and workday, the items that finish then.
func finishedTogether(items []Item, spans []span, byName func(a, b int) int) map[teamDay][]int {
	finished := make(map[teamDay][]int)
	for i := range items {
		if items[i].Team != NoTeam {
			key := teamDay{items[i].Team, spans[i].finish()}
			finished[key] = append(finished[key], i)
		}
	}
	for key, list := range finished {
		slices.SortFunc(list, byName)
		finished[key] = slices.Clip(list)
	}
	return finished
}

// CriticalChain is what made the item finish when it does: the items from one
// that waited for nothing to the item `last`, in order of time, each of which
// the next one waited for. Of several, the first by name is the step. No
// workday lies between a step's finish and the next one's start.
//
// It takes the placements that Forecast gave for the items. It is nil when
// `last` is not an index of them.
func CriticalChain(items []Item, placed []Placement, last int) []int {
	if last < 0 || last >= len(placed) || len(items) != len(placed) {
		return nil
	}
	byName := func(a, b int) int { return cmp.Compare(items[a].Name, items[b].Name) }
	chain := []int{last}
	for step := placed[last]; len(step.WaitedFor) > 0; {
		next := slices.MinFunc(step.WaitedFor, byName)
		chain = append(chain, next)
		step = placed[next]
	}
	slices.Reverse(chain)
	return chain
}
