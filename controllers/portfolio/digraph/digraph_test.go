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

package digraph_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	. "github.com/journeyops/journey-operator/controllers/portfolio/digraph"
)

// drawGraph has a few nodes with any edges between them, also to themselves and twice the same.
func drawGraph(t *rapid.T) Graph {
	n := rapid.IntRange(0, 12).Draw(t, "nodes")
	g := make(Graph, n)
	for v := range g {
		for range rapid.IntRange(0, 2).Draw(t, "edges") {
			g[v] = append(g[v], int32(rapid.IntRange(0, n-1).Draw(t, "edge")))
		}
	}
	return g
}

// reachable tells for each node to which nodes there is a way of one edge or more.
func reachable(g Graph) [][]bool {
	reach := make([][]bool, len(g))
	for v := range g {
		reach[v] = make([]bool, len(g))
		stack := slices.Clone(g[v])
		for len(stack) > 0 {
			w := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if !reach[v][w] {
				reach[v][w] = true
				stack = append(stack, g[w]...)
			}
		}
	}
	return reach
}

func TestInverseTurnsEdgesRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		inverse := g.Inverse(len(g))
		for v := range g {
			for w := range g {
				forth, back := countOf(g[v], int32(w)), countOf(inverse[w], int32(v))
				if forth != back {
					t.Fatalf("%d edges lead from %d to %d, and %d back", forth, v, w, back)
				}
			}
		}
	})
}

func countOf(list []int32, node int32) int {
	n := 0
	for _, v := range list {
		if v == node {
			n++
		}
	}
	return n
}

func TestOrderListsWhatEdgesLeadToFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		reach, order := reachable(g), g.Order()
		for v := range g {
			waitsForACycle := reach[v][v]
			for w := range g {
				waitsForACycle = waitsForACycle || reach[v][w] && reach[w][w]
			}
			at := slices.Index(order, int32(v))
			if (at < 0) != waitsForACycle {
				t.Fatalf("%d has place %d in order %v", v, at, order)
			}
			for _, w := range g[v] {
				if at >= 0 && slices.Index(order, w) > at {
					t.Fatalf("%d comes before %d in order %v", v, w, order)
				}
			}
		}
	})
}

func TestFindCycle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		cycle := g.FindCycle()
		if (cycle == nil) != (len(g.Order()) == len(g)) {
			t.Fatalf("found cycle %v", cycle)
		}
		if cycle != nil {
			checkCycle(t, g, cycle)
			if cycle[0] != slices.Min(cycle) {
				t.Fatalf("cycle %v does not begin with its lowest node", cycle)
			}
		}
	})
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func checkCycle(t fataler, g Graph, nodes []int32) {
	t.Helper()
	for k, v := range nodes {
		if next := nodes[(k+1)%len(nodes)]; !slices.Contains(g[v], next) {
			t.Fatalf("there is no edge from %d to %d in cycle %v", v, next, nodes)
		}
	}
}

func TestComponentsReachEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		reach := reachable(g)
		place := make([]int, len(g))
		for n, component := range g.Components() {
			for _, v := range component {
				place[v] = n
			}
			if cyclic := reach[component[0]][component[0]]; g.IsCyclic(component) != cyclic {
				t.Fatalf("component %v is cyclic: %t", component, cyclic)
			}
		}
		for v := range g {
			for w := range g {
				if v != w && reach[v][w] && (place[v] == place[w]) != reach[w][v] {
					t.Fatalf("%d and %d are in components %d and %d", v, w, place[v], place[w])
				}
				if reach[v][w] && place[w] > place[v] {
					t.Fatalf("%d leads to %d, which comes later", v, w)
				}
			}
		}
	})
}

func TestCycles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		for _, component := range g.Components() {
			if !g.IsCyclic(component) {
				continue
			}
			cycles, short := g.Cycles(component, len(g)), g.Cycles(component, 2)
			members := map[int32][]int32{}
			for n, c := range cycles {
				if c.Nodes[0] != component[n] || len(c.Nodes) != c.Length {
					t.Fatalf("node %d sees cycle %+v", component[n], c)
				}
				checkCycle(t, g, c.Nodes)
				sorted := slices.Sorted(slices.Values(c.Nodes))
				if other, known := members[c.Of]; known && !slices.Equal(other, sorted) {
					t.Fatalf("cycle %d has members %v and %v", c.Of, other, sorted)
				}
				members[c.Of] = sorted
				if s := short[n]; s.Of != c.Of || s.Length != c.Length || !slices.Equal(s.Nodes, c.Nodes[:min(2, c.Length)]) {
					t.Fatalf("cycle %+v begins with %+v", c, s)
				}
			}
			if c := cycles[0]; c.Length != shortest(g, c.Nodes[0]) {
				t.Fatalf("the shortest cycle through %d is %+v", c.Nodes[0], c)
			}
		}
	})
}

// shortest is the length of the shortest cycle through a node.
func shortest(g Graph, node int32) int {
	now := map[int32]bool{node: true}
	for length := 1; ; length++ {
		next := map[int32]bool{}
		for v := range now {
			for _, w := range g[v] {
				next[w] = true
			}
		}
		if next[node] {
			return length
		}
		now = next
	}
}

// detours is a ring in which each even node also leads to the next but one, so that each odd node has a long cycle of its own.
func detours(n int) Graph {
	g := make(Graph, n)
	for v := range g {
		g[v] = []int32{int32((v + 1) % n)}
		if v%2 == 0 {
			g[v] = append(g[v], int32((v+2)%n))
		}
	}
	return g
}

func TestCyclesOfManyLongOnesAreToldAWayRound(t *testing.T) {
	const n = 1000
	g := detours(n)
	component := g.Components()[0]
	cycles, short := g.Cycles(component, 2*n), g.Cycles(component, 3)
	seen := map[int32]bool{}
	for v, c := range cycles {
		if c.Nodes[0] != int32(v) || len(c.Nodes) != c.Length {
			t.Fatalf("node %d sees cycle %+v", v, c)
		}
		checkCycle(t, g, c.Nodes)
		if !slices.Equal(short[v].Nodes, c.Nodes[:3]) {
			t.Fatalf("cycle %+v begins with %+v", c, short[v])
		}
		seen[c.Of] = true
	}
	if len(seen) < n/2 {
		t.Errorf("there are %d cycles, and each second node has one of its own", len(seen))
	}
}

func TestTalliesCountWhatCanBeReached(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		reach := reachable(g)
		// So many labels that they are looked at in several goes.
		n := rapid.SampledFrom([]int{0, 1, 5, Width - 1, Width, Width + 1, 3*Width + 7}).Draw(t, "labels")
		labels := make(Graph, rapid.IntRange(0, len(g)).Draw(t, "nodes with labels"))
		for v := range labels {
			for range rapid.IntRange(0, min(n, 5)).Draw(t, "labels of a node") {
				labels[v] = append(labels[v], int32(rapid.IntRange(0, n-1).Draw(t, "label")))
			}
			slices.Sort(labels[v])
			labels[v] = slices.Compact(labels[v])
		}
		bound, limit := int32(rapid.IntRange(0, n).Draw(t, "bound")), rapid.IntRange(0, 6).Draw(t, "limit")
		from := rapid.IntRange(0, len(g)).Draw(t, "from")
		r := NewReach(g, g.Components())
		for k, tally := range r.Tallies(labels, n, limit, bound, from) {
			var all []int32
			for w := range labels {
				if v := from + k; v == w || reach[v][w] {
					all = append(all, labels[w]...)
				}
			}
			slices.Sort(all)
			all = slices.Compact(all)
			low, _ := slices.BinarySearch(all, bound)
			if tally.Total != len(all) || tally.Low != low || !slices.Equal(tally.First, all[:min(limit, len(all))]) {
				t.Fatalf("node %d has %+v of the labels %v", from+k, tally, all)
			}
		}
		for c := range r.Each(labels, n) {
			for v := range g {
				for label := range c.Of(int32(v)).All() {
					if !c.Of(int32(v)).Has(label) || int(c.First+label) >= n {
						t.Fatalf("node %d has label %d", v, c.First+label)
					}
				}
			}
		}
	})
}
