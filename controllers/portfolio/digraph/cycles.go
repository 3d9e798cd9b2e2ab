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

package digraph

import "slices"

// Cycle is a cycle through a node, seen from there.
type Cycle struct {
	// Of is the node from which it was found: the same for all nodes that see the same cycle.
	Of int32
	// Nodes are the first of the cycle, beginning with the node that sees it. Each has an edge to the next.
	Nodes []int32
	// Length is how many nodes the cycle has; then it is back at the first.
	Length int
}

// maxSearches bounds the work of Cycles to that of so many searches of all that they search.
const maxSearches = 32

// IsCyclic tells whether the nodes of a component are in a cycle.
func (g Graph) IsCyclic(component []int32) bool {
	return len(component) > 1 || slices.Contains(g[component[0]], component[0])
}

// Cycles finds a cycle through each node of a cyclic component, and names its first nodes, as many as asked for. The result is in the
// order of the component, which is sorted.
//
// The cycle through the lowest node is the shortest, of equally short ones the first in the order of edges. It is that of all nodes on
// it as well; then comes the lowest node that has none yet. In a component where that would take too long, what remains is
// told a way round by the lowest node of all. It may be longer than others, and pass a node twice.
func (g Graph) Cycles(component []int32, named int) []Cycle {
	slices.Sort(component)
	s := newSearch(g, component)
	cycles := make([]Cycle, len(component))
	for n, v := range component {
		if cycles[n].Nodes != nil {
			continue
		}
		if s.looked > maxSearches*s.edges {
			s.goRound(cycles, named)
			break
		}
		ring := s.shortestCycle(v)
		length := len(ring)
		for k := range min(named, length) { // so that the first nodes from any on are in one piece
			ring = append(ring, ring[k])
		}
		for k, on := range ring[:length] {
			if at := s.place[on]; cycles[at].Nodes == nil {
				cycles[at] = Cycle{Of: v, Nodes: slices.Clip(ring[k : k+min(named, length)]), Length: length}
			}
		}
	}
	return cycles
}

// search looks for ways within a component.
type search struct {
	graph     Graph
	component []int32
	place     map[int32]int32 // of the nodes in the component
	inside    Graph           // the edges within the component, between places
	edges     int             // how many there are
	from      []int32         // per place: the place before it on the way
	round     []int32         // per place: the last search that came by
	rounds    int32
	queue     []int32
	looked    int // how many edges were looked at in all searches
}

func newSearch(g Graph, component []int32) *search {
	s := &search{
		graph: g, component: component,
		place:  make(map[int32]int32, len(component)),
		inside: make(Graph, len(component)),
		from:   make([]int32, len(component)),
		round:  make([]int32, len(component)),
	}
	for n, v := range component {
		s.place[v] = int32(n)
	}
	for n, v := range component {
		for _, w := range g[v] {
			if at, inside := s.place[w]; inside {
				s.inside[n] = append(s.inside[n], at)
				s.edges++
			}
		}
	}
	return s
}

// breadthFirst visits the places that can be reached along edges, the nearest first, until it is told to stop. from is then the way.
func (s *search) breadthFirst(start int32, edges Graph, visit func(v, w int32) (stop bool)) {
	s.rounds++
	s.queue = append(s.queue[:0], start)
	for next := 0; next < len(s.queue); next++ {
		v := s.queue[next]
		for _, w := range edges[v] {
			s.looked++
			if visit(v, w) {
				return
			}
			if s.round[w] != s.rounds && w != start {
				s.round[w], s.from[w] = s.rounds, v
				s.queue = append(s.queue, w)
			}
		}
	}
}

// shortestCycle returns the nodes of the shortest cycle through a node, which comes first.
func (s *search) shortestCycle(node int32) []int32 {
	start := s.place[node]
	var ring []int32
	s.breadthFirst(start, s.inside, func(v, w int32) bool {
		if w != start {
			return false
		}
		for ; v != start; v = s.from[v] {
			ring = append(ring, s.component[v])
		}
		ring = append(ring, node)
		return true
	})
	slices.Reverse(ring)
	return ring
}

// goRound gives each node without a cycle the shortest way to the lowest node and from there the shortest way back.
func (s *search) goRound(cycles []Cycle, named int) {
	const lowest = 0
	n := len(s.component)
	never := func(int32, int32) bool { return false }
	s.breadthFirst(lowest, s.inside.Inverse(n), never)
	next := slices.Clone(s.from) // the way to the lowest node
	steps := make([]int, n)      // of both ways
	for _, v := range s.queue[1:] {
		steps[v] = steps[next[v]] + 1
	}
	s.breadthFirst(lowest, s.inside, never)
	back := make([]int, n)
	children := make(Graph, n)
	for _, v := range s.queue[1:] {
		back[v] = back[s.from[v]] + 1
		children[s.from[v]] = append(children[s.from[v]], v)
	}
	// Down the tree of the ways back, so that the way to each node is at hand.
	way := make([]int32, 0, n)
	for stack := []int32{lowest}; len(stack) > 0; {
		v := stack[len(stack)-1]
		stack = append(stack[:len(stack)-1], children[v]...)
		way = append(way[:back[v]], v)
		if cycles[v].Nodes != nil {
			continue
		}
		length := steps[v] + back[v]
		nodes := make([]int32, 0, min(named, length))
		for w := v; w != lowest && len(nodes) < cap(nodes); w = next[w] {
			nodes = append(nodes, s.component[w])
		}
		for k := 0; len(nodes) < cap(nodes); k++ {
			nodes = append(nodes, s.component[way[k]])
		}
		cycles[v] = Cycle{Of: s.component[v], Nodes: nodes, Length: length}
	}
}
