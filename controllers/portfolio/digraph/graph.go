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

// Package digraph finds orders, cycles and closures in directed graphs. Nodes are numbered from 0, and an edge leads from what waits
// to what comes before it. Nothing is recursive, so a chain can be of any length.
package digraph

import "slices"

// Graph lists for each node the nodes that its edges lead to.
type Graph [][]int32

// Inverse turns all edges round: it lists for each of n nodes the nodes whose edges lead to it, ascending. In a list that
// names a node twice, so does the inverse.
func (g Graph) Inverse(n int) Graph {
	count := make([]int32, n)
	total := 0
	for _, list := range g {
		for _, w := range list {
			count[w]++
		}
		total += len(list)
	}
	memory := make([]int32, total)
	inverse := make(Graph, n)
	for v, c := range count {
		inverse[v], memory = memory[:0:c], memory[c:]
	}
	for v, list := range g {
		for _, w := range list {
			inverse[w] = append(inverse[w], int32(v))
		}
	}
	return inverse
}

// Order lists the nodes, each after those that its edges lead to (Kahn, Topological sorting of large networks, 1962). Nodes in a cycle,
// and those with a path to one, are missing.
func (g Graph) Order() []int32 {
	left := make([]int32, len(g)) // of a node's edges, how many lead to nodes that are not yet listed
	order := make([]int32, 0, len(g))
	for v, list := range g {
		left[v] = int32(len(list))
		if len(list) == 0 {
			order = append(order, int32(v))
		}
	}
	inverse := g.Inverse(len(g))
	for next := 0; next < len(order); next++ {
		for _, v := range inverse[order[next]] {
			if left[v]--; left[v] == 0 {
				order = append(order, v)
			}
		}
	}
	return order
}

// FindCycle returns the nodes of one cycle, each with an edge to the next and the last with one to the first; the lowest node
// comes first. It is nil where there is no cycle.
func (g Graph) FindCycle() []int32 {
	order := g.Order()
	if len(order) == len(g) {
		return nil
	}
	// What is not listed has an edge to something else that is not listed, so a walk along such edges must come round.
	left := make([]bool, len(g))
	for v := range left {
		left[v] = true
	}
	for _, v := range order {
		left[v] = false
	}
	isLeft := func(v int32) bool { return left[v] }
	at := make([]int, len(g)) // the place on the walk, from 1
	var walk []int32
	for v := int32(slices.Index(left, true)); ; {
		if at[v] > 0 {
			cycle := walk[at[v]-1:]
			first := slices.Index(cycle, slices.Min(cycle))
			return slices.Concat(cycle[first:], cycle[:first])
		}
		walk = append(walk, v)
		at[v] = len(walk)
		v = g[v][slices.IndexFunc(g[v], isLeft)]
	}
}

// Components lists the strongly connected components (Tarjan, Depth-first search and linear graph algorithms, 1972), each after those
// that its edges lead to. The nodes of one are in no particular order.
func (g Graph) Components() [][]int32 {
	t := tarjan{graph: g, index: make([]int32, len(g)), low: make([]int32, len(g)), onStack: make([]bool, len(g))}
	t.memory = make([]int32, 0, len(g))
	for v := range g {
		if t.index[v] == 0 {
			t.visit(int32(v))
		}
	}
	return t.found
}

type tarjan struct {
	graph   Graph
	next    int32
	index   []int32 // from 1, in the order of discovery; 0 is not yet found
	low     []int32 // the lowest index that is reachable through the component
	onStack []bool
	stack   []int32
	frames  []frame
	memory  []int32 // of all components
	found   [][]int32
}

// frame is a node whose edges are being followed.
type frame struct {
	node  int32
	edges []int32
}

func (t *tarjan) visit(root int32) {
	t.open(root)
	for len(t.frames) > 0 {
		top := &t.frames[len(t.frames)-1]
		if len(top.edges) > 0 {
			w := top.edges[0]
			top.edges = top.edges[1:]
			switch {
			case t.index[w] == 0:
				t.open(w)
			case t.onStack[w]:
				t.low[top.node] = min(t.low[top.node], t.index[w])
			}
			continue
		}
		v := top.node
		t.frames = t.frames[:len(t.frames)-1]
		if len(t.frames) > 0 {
			parent := t.frames[len(t.frames)-1].node
			t.low[parent] = min(t.low[parent], t.low[v])
		}
		if t.low[v] == t.index[v] {
			t.close(v)
		}
	}
}

func (t *tarjan) open(v int32) {
	t.next++
	t.index[v], t.low[v] = t.next, t.next
	t.stack = append(t.stack, v)
	t.onStack[v] = true
	t.frames = append(t.frames, frame{v, t.graph[v]})
}

func (t *tarjan) close(v int32) {
	start := len(t.stack) - 1
	for t.stack[start] != v {
		start--
	}
	begin := len(t.memory)
	t.memory = append(t.memory, t.stack[start:]...)
	component := slices.Clip(t.memory[begin:])
	for _, w := range component {
		t.onStack[w] = false
	}
	t.stack = t.stack[:start]
	t.found = append(t.found, component)
}
