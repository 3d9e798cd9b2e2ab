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

import (
	"iter"
	"math/bits"
)

// Width is how many labels are looked at in one go. It keeps the memory for closures in proportion to the number of nodes.
const Width = 1024

// Set is a set of labels, of those that are looked at in one go. They are numbered from 0.
type Set [Width / 64]uint64

// Has tells whether a label is in the set.
func (s *Set) Has(label int32) bool { return s[label/64]>>(label%64)&1 == 1 }

// Add puts a label into the set.
func (s *Set) Add(label int32) { s[label/64] |= 1 << (label % 64) }

// Remove takes a label out of the set.
func (s *Set) Remove(label int32) { s[label/64] &^= 1 << (label % 64) }

// AddAll puts all labels of another set into the set.
func (s *Set) AddAll(other *Set) {
	for w := range s {
		s[w] |= other[w]
	}
}

// Len is how many labels the set has.
func (s *Set) Len() int {
	n := 0
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}

// All yields the labels from low to high.
func (s *Set) All() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for w, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(int32(w*64 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

// Reach tells what the nodes of a graph can reach. It takes the square of their number over 64 at worst, and far less where each reaches
// few others.
type Reach struct {
	graph Graph
	order [][]int32
}

// NewReach takes a graph, and its components if they are at hand.
func NewReach(g Graph, components [][]int32) *Reach { return &Reach{g, components} }

// Closures are, for each node, which of some labels the node itself has or one that it can reach.
type Closures struct {
	// First is the number of the label that is 0 in the sets.
	First int32
	sets  []Set
	// filled holds for each node the number of the last pass in which its set was not empty.
	filled []int32
	pass   int32
}

var empty Set

// Of returns the labels of a node.
func (c *Closures) Of(node int32) *Set {
	if c.filled[node] != c.pass {
		return &empty
	}
	return &c.sets[node]
}

// Covers tells whether a label is one of those that are looked at.
func (c *Closures) Covers(label int32) bool { return label >= c.First && label < c.First+Width }

// Each yields the closures for one piece of the labels after another, which are numbered below n. labels lists those of each
// node, ascending; nodes beyond the list have none. What is yielded holds until the next piece.
func (r *Reach) Each(labels Graph, n int) iter.Seq[*Closures] {
	return func(yield func(*Closures) bool) {
		c := &Closures{sets: make([]Set, len(r.graph)), filled: make([]int32, len(r.graph))}
		next := make([]int32, len(labels)) // per node: the first of its labels that is still to come
		for ; int(c.First) < n; c.First += Width {
			c.pass++
			for _, component := range r.order {
				r.fill(c, component, labels, next)
			}
			if !yield(c) {
				return
			}
		}
	}
}

// fill finds the set of a component, which all its nodes share. What it leads to is filled.
func (r *Reach) fill(c *Closures, component []int32, labels Graph, next []int32) {
	first := component[0]
	set := &c.sets[first]
	at := func() *Set {
		if c.filled[first] != c.pass {
			c.filled[first] = c.pass
			*set = Set{}
		}
		return set
	}
	for _, v := range component {
		if int(v) < len(labels) {
			for ; int(next[v]) < len(labels[v]) && labels[v][next[v]] < c.First+Width; next[v]++ {
				at().Add(labels[v][next[v]] - c.First)
			}
		}
		for _, w := range r.graph[v] {
			if w != first && c.filled[w] == c.pass {
				at().AddAll(&c.sets[w])
			}
		}
	}
	if c.filled[first] != c.pass {
		return
	}
	for _, v := range component[1:] {
		c.filled[v] = c.pass
		c.sets[v] = *set
	}
}

// Tally is what a node has of some labels, itself or through what it can reach.
type Tally struct {
	// First are the lowest of the labels.
	First []int32
	// Low is how many of the labels are below a bound, and Total how many there are.
	Low, Total int
}

// Tallies counts the labels of the nodes from one number on, and names the first of each, up to a limit.
func (r *Reach) Tallies(labels Graph, n, limit int, bound int32, from int) []Tally {
	tallies := make([]Tally, len(r.graph)-from)
	for c := range r.Each(labels, n) {
		for k := range tallies {
			if v := int32(from + k); c.filled[v] == c.pass {
				tallies[k].add(&c.sets[v], c.First, limit, bound)
			}
		}
	}
	return tallies
}

func (t *Tally) add(set *Set, first int32, limit int, bound int32) {
	n := set.Len()
	t.Total += n
	if first+Width <= bound {
		t.Low += n
	} else if first < bound {
		for label := range set.All() {
			if first+label >= bound {
				break
			}
			t.Low++
		}
	}
	if len(t.First) == limit {
		return
	}
	for label := range set.All() {
		t.First = append(t.First, first+label)
		if len(t.First) == limit {
			return
		}
	}
}
