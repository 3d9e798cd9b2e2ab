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

	"github.com/journeyops/journey-operator/controllers/portfolio/digraph"
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
	return endOfChain(placed, last, len(placed))
}

// endOfChain is the last items of a critical chain, at most so many.
func endOfChain(placed []Placement, last, most int) []int {
	if last < 0 || last >= len(placed) {
		return nil
	}
	var chain []int
	for i := last; i != NoItem && len(chain) < most; i = placed[i].WaitedFor {
		chain = append(chain, i)
	}
	slices.Reverse(chain)
	return chain
}

// Chains answers what is asked of the critical chains of all items without
// going through them: together they are as long as the square of the items.
//
// What an item waited for makes the items a forest. In it they are numbered so
// that an item comes just before all that waited for it, directly or not.
type Chains struct {
	placed []Placement
	length []int // per item: of the chain to it
	number []int // per item: in the forest
	under  []int // per item: how many waited for it, and itself
}

// NewChains takes the placements that Forecast gave.
func NewChains(placed []Placement) Chains {
	n := len(placed)
	c := Chains{placed, make([]int, n), make([]int, n), make([]int, n)}
	waitedFor := make(digraph.Graph, n)
	for i := range placed {
		if w := placed[i].WaitedFor; w != NoItem {
			waitedFor[i] = []int32{int32(w)}
		}
	}
	order := waitedFor.Order() // of time
	for _, i := range slices.Backward(order) {
		c.under[i]++
		if w := placed[i].WaitedFor; w != NoItem {
			c.under[w] += c.under[i]
		}
	}
	roots := 0
	next := make([]int, n) // per item: the number of the next that waited for it
	for _, i := range order {
		if w := placed[i].WaitedFor; w == NoItem {
			c.length[i], c.number[i] = 1, roots
			roots += c.under[i]
		} else {
			c.length[i], c.number[i] = c.length[w]+1, next[w]
			next[w] += c.under[i]
		}
		next[i] = c.number[i] + 1
	}
	return c
}

// Len is the length of the chain to the item `last`.
func (c *Chains) Len(last int) int { return c.length[last] }

// Has says whether the chain to the item `last` has the given item.
func (c *Chains) Has(last, item int) bool {
	behind := c.number[last] - c.number[item]
	return behind >= 0 && behind < c.under[item]
}

// End is the last items of the chain to the item `last`, at most so many.
func (c *Chains) End(last, most int) []int { return endOfChain(c.placed, last, most) }
