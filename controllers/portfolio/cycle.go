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

import "slices"

// components finds the strongly connected components of a directed graph of n nodes (Tarjan, Depth-first search and linear
// graph algorithms, 1972), without recursion so that a chain of any length is safe. Every component comes after those that
// its edges lead to, and the nodes of one are in no particular order.
func components(n int, edges func(int) []int) [][]int {
	t := tarjan{edges: edges, index: make([]int, n), low: make([]int, n), onStack: make([]bool, n)}
	for v := range n {
		if t.index[v] == 0 {
			t.visit(v)
		}
	}
	return t.found
}

type tarjan struct {
	edges   func(int) []int
	next    int
	index   []int // from 1, in the order of discovery; 0 is not yet found
	low     []int // the lowest index that is reachable through the component
	onStack []bool
	stack   []int
	found   [][]int
}

// frame is a node whose edges are being followed.
type frame struct {
	node  int
	edges []int
}

func (t *tarjan) visit(root int) {
	frames := []frame{t.open(root)}
	for len(frames) > 0 {
		top := &frames[len(frames)-1]
		if len(top.edges) > 0 {
			w := top.edges[0]
			top.edges = top.edges[1:]
			switch {
			case t.index[w] == 0:
				frames = append(frames, t.open(w))
			case t.onStack[w]:
				t.low[top.node] = min(t.low[top.node], t.index[w])
			}
			continue
		}
		v := top.node
		frames = frames[:len(frames)-1]
		if len(frames) > 0 {
			parent := frames[len(frames)-1].node
			t.low[parent] = min(t.low[parent], t.low[v])
		}
		if t.low[v] == t.index[v] {
			t.close(v)
		}
	}
}

func (t *tarjan) open(v int) frame {
	t.next++
	t.index[v], t.low[v] = t.next, t.next
	t.stack = append(t.stack, v)
	t.onStack[v] = true
	return frame{v, t.edges(v)}
}

func (t *tarjan) close(v int) {
	start := len(t.stack) - 1
	for t.stack[start] != v {
		start--
	}
	component := append([]int(nil), t.stack[start:]...)
	for _, w := range component {
		t.onStack[w] = false
	}
	t.stack = t.stack[:start]
	t.found = append(t.found, component)
}

// cyclesOf finds for every node of a strongly connected component, which it sorts, a cycle through it. A cycle that is found
// serves every node on it, so that one long ring costs no more than one search.
func cyclesOf(component []int, edges func(int) []int) map[int][]int {
	slices.Sort(component)
	cycles := make(map[int][]int, len(component))
	for _, n := range component {
		if cycles[n] != nil {
			continue
		}
		cycle := cycleThrough(n, edges)
		for k, on := range cycle[1:] {
			if cycles[on] == nil {
				cycles[on] = slices.Concat(cycle[k+1:], cycle[1:k+2])
			}
		}
	}
	return cycles
}

// cycleThrough returns the shortest cycle through a node, as the nodes from it back to itself, both ends included; of equally
// short ones the first in the order of edges. Nil where there is none.
func cycleThrough(start int, edges func(int) []int) []int {
	parent := map[int]int{}
	queue := []int{start}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		for _, w := range edges(v) {
			if w == start {
				return pathBack(start, v, parent)
			}
			if _, seen := parent[w]; !seen {
				parent[w] = v
				queue = append(queue, w)
			}
		}
	}
	return nil
}

func pathBack(start, last int, parent map[int]int) []int {
	path := []int{start}
	for v := last; v != start; v = parent[v] {
		path = append(path, v)
	}
	path = append(path, start)
	// Collected from the end; only the inner part has to be turned round.
	for i, j := 1, len(path)-2; i < j; i, j = i+1, j-1 {
		path[i], path[j] = path[j], path[i]
	}
	return path
}
