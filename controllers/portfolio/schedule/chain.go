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
	"slices"
)

// waitedFor is what kept an item that could have started earlier from doing so:
// what it had to wait for longest, when that was until its start, or else what
// its team finished on the workday before.
func waitedFor(c *Calendar, team int, s span, before wait, mates map[teamDay]int) (item int, forTeam bool) {
	if before.item != NoItem && c.number(before.until+1) == s.start {
		return before.item, false
	}
	if mate, found := mates[teamDay{team, s.start - 1}]; found {
		return mate, true
	}
	return NoItem, false
}

// teamDay is a workday of a team.
type teamDay struct {
	team int
	day  int64
}

// firstFinished is, per team and workday, the first by name of the items that
// finish then.
func firstFinished(items []Item, spans []span) map[teamDay]int {
	first := make(map[teamDay]int)
	for i := range items {
		if items[i].Team == NoTeam {
			continue
		}
		key := teamDay{items[i].Team, spans[i].finish()}
		if other, found := first[key]; !found || items[i].Name < items[other].Name {
			first[key] = i
		}
	}
	return first
}

// CriticalChain is what made the item finish when it does: the items from one
// that waited for nothing to the item `last`, in order of time, each of which
// the next one waited for. No workday lies between a step's finish and the next
// one's start.
//
// It takes the placements that Forecast gave. It is nil when `last` is not an
// index of them.
func CriticalChain(placed []Placement, last int) []int {
	if last < 0 || last >= len(placed) {
		return nil
	}
	var chain []int
	for i := last; i != NoItem; i = placed[i].WaitedFor {
		chain = append(chain, i)
	}
	slices.Reverse(chain)
	return chain
}
