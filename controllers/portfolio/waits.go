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
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// waits is what moments wait for, directly or not. To list all of it would take time and memory that grow with the square of the work. So
// only the first of each list are kept, and how many there are.
type waits struct {
	// stages that nobody has planned, and then names of items that are missing or cancelled.
	stages  []StageKey
	absent  []string
	missing []digraph.Tally // by moment, of stages and absent

	// items that are in a cycle, then those that are only proposed, then the others; each by name.
	items            []*Item
	cyclic, proposed int             // where the first and the second end
	named            []digraph.Tally // by moment, of items

	// latest holds the live items in the order of blockers.
	latest []*Item
	dated  []digraph.Tally // by moment, of latest
}

// findWaits finds what moments wait for, which moments wait for an item, and what journeys should do next.
func (g *Graph) findWaits() {
	reach := g.reach()
	moments := len(g.live) // where the moments begin among the nodes
	w := &g.waits
	w.missing = g.tallyMissing(reach, moments)
	w.items, w.cyclic, w.proposed = g.inOrderOfConcern()
	w.named = reach.Tallies(labelsOf(w.items, len(g.live)), len(w.items), words.MaxNamed, int32(w.proposed), moments)
	w.latest = slices.Clone(g.live)
	slices.SortFunc(w.latest, compareFinish)
	w.dated = reach.Tallies(labelsOf(w.latest, len(g.live)), len(w.latest), cxv1alpha1.MaxListed, 0, moments)
	g.findNextWork(reach)
	g.findMomentsOfItems()
}

// reach is the graph of the live items, the moments and the journeys, in that order: each waits for what its edges lead to.
func (g *Graph) reach() *digraph.Reach {
	edges := slices.Clone(g.before)
	components := slices.Clone(g.components)
	add := func(waitsFor []int32) {
		components = append(components, []int32{int32(len(edges))})
		edges = append(edges, waitsFor)
	}
	for _, m := range g.moments {
		var deliverers []int32
		for i := range m.state.gate.deliverers {
			deliverers = append(deliverers, int32(i.live))
		}
		add(deliverers)
	}
	for _, j := range g.journeys {
		moments := make([]int32, len(j.moments))
		for n, m := range j.moments {
			moments[n] = int32(len(g.live) + m.number)
		}
		add(moments)
	}
	return digraph.NewReach(edges, components)
}

// labelsOf gives each of the listed items its place in the list as a label.
func labelsOf(list []*Item, live int) digraph.Graph {
	labels := make(digraph.Graph, live)
	memory := make([]int32, len(list))
	for n, i := range list {
		memory[n] = int32(n)
		labels[i.live] = memory[n : n+1 : n+1]
	}
	return labels
}

// tallyMissing counts by moment what is missing: stages that nobody has planned, and items that will not come.
func (g *Graph) tallyMissing(reach *digraph.Reach, moments int) []digraph.Tally {
	w := &g.waits
	for _, i := range g.live {
		w.stages = append(w.stages, i.unplanned...)
		w.absent = append(w.absent, i.unresolved...)
	}
	for _, m := range g.moments {
		for s := range m.state.gate.unplanned {
			w.stages = append(w.stages, s.Key())
		}
	}
	slices.SortFunc(w.stages, StageKey.compare)
	w.stages, w.absent = slices.Compact(w.stages), sortedSet(w.absent)
	stageLabel := func(key StageKey) int32 {
		at, _ := slices.BinarySearchFunc(w.stages, key, StageKey.compare)
		return int32(at)
	}
	labels := make(digraph.Graph, moments+len(g.moments))
	for n, i := range g.live {
		for _, key := range i.unplanned {
			labels[n] = append(labels[n], stageLabel(key))
		}
		for _, name := range i.unresolved {
			at, _ := slices.BinarySearch(w.absent, name)
			labels[n] = append(labels[n], int32(len(w.stages)+at))
		}
	}
	for n, m := range g.moments {
		own := &labels[moments+n]
		for s := range m.state.gate.unplanned {
			*own = append(*own, stageLabel(s.Key()))
		}
		slices.Sort(*own)
	}
	return reach.Tallies(labels, len(w.stages)+len(w.absent), cxv1alpha1.MaxListed, 0, moments)
}

// inOrderOfConcern lists the live items that are in a cycle, then those that are only proposed, then the others, and tells where the
// first and the second end.
func (g *Graph) inOrderOfConcern() (list []*Item, cyclic, proposed int) {
	concern := func(i *Item) int {
		switch {
		case i.cycle != nil:
			return 0
		case i.state == cxv1alpha1.StateProposed:
			return 1
		}
		return 2
	}
	list = slices.Clone(g.live)
	slices.SortStableFunc(list, func(a, b *Item) int { return cmp.Compare(concern(a), concern(b)) })
	end := func(of int) int {
		at, _ := slices.BinarySearchFunc(list, of+1, func(i *Item, of int) int { return cmp.Compare(concern(i), of) })
		return at
	}
	return list, end(0), end(1)
}

// compareFinish puts items without a date first, then the latest.
func compareFinish(a, b *Item) int {
	x, y := a.Expected(), b.Expected()
	return cmp.Or(cmp.Compare(one(x != ""), one(y != "")), strings.Compare(string(y), string(x)), strings.Compare(a.Name, b.Name))
}

// findNextWork finds the best-ranked items that the blocked moments of each journey wait for, and how many moments wait for each.
func (g *Graph) findNextWork(reach *digraph.Reach) {
	ranked := slices.Clone(g.ranking.jobs)
	slices.SortFunc(ranked, func(a, b *Item) int { return cmp.Compare(a.priority.Rank, b.priority.Rank) })
	best := reach.Tallies(labelsOf(ranked, len(g.live)), len(ranked), maxNextWork, 0, len(g.live)+len(g.moments))
	var next []*Item
	place := map[*Item]int32{}
	for n, j := range g.journeys {
		j.nextWorkTotal = int32(best[n].Total)
		for _, rank := range best[n].First {
			i := ranked[rank]
			j.nextWork = append(j.nextWork, cxv1alpha1.NextWork{Name: i.Name, Rank: i.priority.Rank, Score: i.priority.Score})
			if _, known := place[i]; !known {
				place[i] = int32(len(next))
				next = append(next, i)
			}
		}
	}
	for c := range reach.Each(labelsOf(next, len(g.live)), len(next)) {
		for n, j := range g.journeys {
			for k, rank := range best[n].First {
				label := place[ranked[rank]] - c.First
				if label < 0 || label >= digraph.Width {
					continue
				}
				for _, m := range j.moments {
					j.nextWork[k].Unlocks += one(c.Of(int32(len(g.live) + m.number)).Has(label))
				}
			}
		}
	}
}

// findMomentsOfItems finds the moments that wait for each item.
func (g *Graph) findMomentsOfItems() {
	labels := make(digraph.Graph, len(g.live))
	for n, m := range g.moments {
		for i := range m.state.gate.deliverers {
			labels[i.live] = append(labels[i.live], int32(n))
		}
	}
	components := slices.Clone(g.components)
	slices.Reverse(components)
	after := digraph.NewReach(g.before.Inverse(len(g.live)), components)
	for n, tally := range after.Tallies(labels, len(g.moments), cxv1alpha1.MaxListed, 0, 0) {
		i := g.live[n]
		i.momentsTotal = int32(tally.Total)
		for _, m := range tally.First {
			i.moments = append(i.moments, g.moments[m])
		}
	}
}
