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

package priority

import "slices"

// network is the flow network of a maximum closure problem (Picard 1976): nodes
// with a gain or a loss, and arcs without limit from each node to the nodes that
// it needs. The source feeds every gain, the sink takes every loss; a minimum cut
// parts the nodes of a closure of the highest total from the others.
//
// The flow is found by the push-relabel method of Goldberg and Tarjan (A new
// approach to the maximum-flow problem, Journal of the ACM 35, 1988) in the form
// that Cherkassky and Goldberg recommend (On implementing the push-relabel method
// for the maximum flow problem, Algorithmica 19, 1997): highest label first, with
// gap and global relabelling, and the first of its two phases only, since the
// side of the sink is then known.
//
// Its memory is used again from one problem to the next.
type network struct {
	excess []uint128 // per node: flow that has come in and not gone on
	drain  []uint128 // per node: what its arc to the sink still takes
	flow   []uint128 // per arc; the reverse arc takes as much

	tail, head []int32 // per arc

	first []int32   // per node: where its residual arcs begin; one more at the end
	arcs  []halfArc // residual arcs by node
	next  []int32   // per node: the residual arc to look at next

	label   []int32 // per node: at most its distance to the sink; unreachable() if it has none
	members labelLists
	active  activeLists
	queue   []int32
	work    int
}

// halfArc is an arc as one of its ends sees it.
type halfArc struct {
	to int32
	id int32 // of the arc, or its complement if the arc leads here
}

// arc returns the number of the arc.
func (h halfArc) arc() int32 { return h.id ^ h.id>>31 }

// forward says whether the arc comes from here, so that it is never full.
func (h halfArc) forward() bool { return h.id >= 0 }

// reset makes it a network of n nodes without gain, loss or arcs.
func (g *network) reset(n int) {
	g.excess = resized(g.excess, n)
	g.drain = resized(g.drain, n)
	g.tail, g.head = g.tail[:0], g.head[:0]
}

// resized returns a cleared slice of length n, in the memory of s if that is enough.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// setWeight gives the node what it gains less what it loses.
func (g *network) setWeight(node int32, gain, loss uint128) {
	if loss.less(gain) {
		g.excess[node] = gain.sub(loss)
	} else {
		g.drain[node] = loss.sub(gain)
	}
}

// require says that a closure with node holds needed as well.
func (g *network) require(node, needed int32) {
	g.tail = append(g.tail, node)
	g.head = append(g.head, needed)
}

// largestMaximumClosure returns which nodes are in the largest closure of the
// highest total weight. The closures of the highest total are closed under union,
// so there is one that holds all others.
func (g *network) largestMaximumClosure() []bool {
	g.connect()
	g.feedNeighbours()
	g.relabelAll()
	for {
		node, found := g.active.pop()
		if !found {
			break
		}
		g.discharge(node)
		if g.work > 6*len(g.label)+len(g.tail) {
			g.relabelAll()
		}
	}
	// What can still reach the sink is the smallest side that the sink can have.
	g.relabelAll()
	closure := make([]bool, len(g.label))
	for node, label := range g.label {
		closure[node] = label == g.unreachable()
	}
	return closure
}

// feedNeighbours sends gains straight to the losses that they need, the largest
// first. A start that spreads them leaves less to correct.
func (g *network) feedNeighbours() {
	var drains []halfArc
	for node := range g.excess {
		if g.excess[node].isZero() {
			continue
		}
		drains = g.drainsOf(node, drains[:0])
		for _, arc := range drains {
			amount := minimum(g.excess[node], g.drain[arc.to])
			g.excess[node] = g.excess[node].sub(amount)
			g.drain[arc.to] = g.drain[arc.to].sub(amount)
			g.flow[arc.arc()] = g.flow[arc.arc()].add(amount)
			if g.excess[node].isZero() {
				break
			}
		}
	}
}

// drainsOf appends the arcs to what the node needs and can take some, those that can take most first.
func (g *network) drainsOf(node int, arcs []halfArc) []halfArc {
	for _, arc := range g.arcs[g.first[node]:g.first[node+1]] {
		if arc.forward() && !g.drain[arc.to].isZero() {
			arcs = append(arcs, arc)
		}
	}
	slices.SortStableFunc(arcs, func(a, b halfArc) int { return g.drain[b.to].compare(g.drain[a.to]) })
	return arcs
}

// connect lists the residual arcs by node.
func (g *network) connect() {
	n := len(g.excess)
	g.flow = resized(g.flow, len(g.tail))
	g.first = resized(g.first, n+1)
	for a := range g.tail {
		g.first[g.tail[a]]++
		g.first[g.head[a]]++
	}
	end := int32(0)
	for node := range g.first {
		end += g.first[node]
		g.first[node] = end
	}
	g.arcs = resized(g.arcs, 2*len(g.tail))
	place := func(node int32, arc halfArc) {
		g.first[node]--
		g.arcs[g.first[node]] = arc
	}
	for a := range g.tail {
		place(g.tail[a], halfArc{to: g.head[a], id: int32(a)})
		place(g.head[a], halfArc{to: g.tail[a], id: ^int32(a)})
	}
	g.next = resized(g.next, n)
	g.label = resized(g.label, n)
}

// unreachable is the label of nodes from which nothing can reach the sink.
func (g *network) unreachable() int32 { return int32(len(g.label)) + 1 }

// relabelAll sets every label to the exact distance to the sink (global
// relabelling).
func (g *network) relabelAll() {
	g.work = 0
	g.members.reset(len(g.label))
	g.active.reset(len(g.label))
	g.queue = g.queue[:0]
	for node := range g.label {
		g.label[node] = g.unreachable()
		if !g.drain[node].isZero() {
			g.reach(int32(node), 1)
		}
	}
	for at := 0; at < len(g.queue); at++ { //nolint:intrange // the queue grows on the way
		node := g.queue[at]
		for _, arc := range g.arcs[g.first[node]:g.first[node+1]] {
			// The arc from arc.to to node is residual if it is forward, and so seen
			// backward from here, or if it has flow to give back.
			if g.label[arc.to] == g.unreachable() && (!arc.forward() || !g.flow[arc.arc()].isZero()) {
				g.reach(arc.to, g.label[node]+1)
			}
		}
	}
}

// reach labels a node in the course of a global relabelling.
func (g *network) reach(node, label int32) {
	g.label[node] = label
	g.next[node] = g.first[node]
	g.members.add(node, label)
	if !g.excess[node].isZero() {
		g.active.push(node, label)
	}
	g.queue = append(g.queue, node)
}

// discharge pushes the excess of a node on until there is none or the sink can no
// longer be reached.
func (g *network) discharge(node int32) {
	for {
		if g.label[node] == 1 {
			g.pushToSink(node)
		}
		for ; g.next[node] < g.first[node+1] && !g.excess[node].isZero(); g.next[node]++ {
			if arc := g.arcs[g.next[node]]; g.label[arc.to] == g.label[node]-1 {
				g.push(node, arc)
			}
			if g.excess[node].isZero() {
				return // the arc may have room left
			}
		}
		if g.excess[node].isZero() {
			return
		}
		g.relabel(node)
		if g.label[node] == g.unreachable() {
			return
		}
	}
}

func (g *network) pushToSink(node int32) {
	amount := minimum(g.excess[node], g.drain[node])
	g.excess[node] = g.excess[node].sub(amount)
	g.drain[node] = g.drain[node].sub(amount)
}

// push moves as much excess as the arc takes.
func (g *network) push(node int32, arc halfArc) {
	amount := g.excess[node]
	if arc.forward() {
		g.flow[arc.arc()] = g.flow[arc.arc()].add(amount)
	} else {
		amount = minimum(amount, g.flow[arc.arc()])
		if amount.isZero() {
			return
		}
		g.flow[arc.arc()] = g.flow[arc.arc()].sub(amount)
	}
	g.excess[node] = g.excess[node].sub(amount)
	if g.excess[arc.to].isZero() {
		g.active.push(arc.to, g.label[arc.to])
	}
	g.excess[arc.to] = g.excess[arc.to].add(amount)
}

// relabel lifts a node just above the lowest node that it can push to. If it was
// the last with its label, no node above can reach the sink any more (gap
// relabelling).
func (g *network) relabel(node int32) {
	old := g.label[node]
	g.members.remove(node, old)
	if g.members.isEmpty(old) {
		g.label[node] = g.unreachable()
		g.members.drainAbove(old, func(above int32) { g.label[above] = g.unreachable() })
		return
	}
	arcs := g.arcs[g.first[node]:g.first[node+1]]
	g.work += 12 + len(arcs)
	lowest := g.unreachable()
	for i, arc := range arcs {
		if g.label[arc.to] < lowest && (arc.forward() || !g.flow[arc.arc()].isZero()) {
			lowest = g.label[arc.to]
			g.next[node] = g.first[node] + int32(i)
		}
	}
	g.label[node] = min(lowest+1, g.unreachable())
	if g.label[node] < g.unreachable() {
		g.members.add(node, g.label[node])
	}
}

// activeLists holds the nodes with excess by label, as linked lists.
type activeLists struct {
	top     []int32 // per label: a node, or none
	below   []int32 // per node: the next with its label, or none
	highest int32   // no label above has a node
}

const none = -1

func (l *activeLists) reset(n int) {
	l.top = resized(l.top, n+1)
	l.below = resized(l.below, n)
	for i := range l.top {
		l.top[i] = none
	}
	l.highest = 0
}

func (l *activeLists) push(node, label int32) {
	l.below[node] = l.top[label]
	l.top[label] = node
	l.highest = max(l.highest, label)
}

// pop takes a node with the highest label.
func (l *activeLists) pop() (node int32, found bool) {
	for ; l.highest > 0; l.highest-- {
		if node := l.top[l.highest]; node != none {
			l.top[l.highest] = l.below[node]
			return node, true
		}
	}
	return none, false
}

// labelLists holds all nodes that may reach the sink by label, as doubly linked
// lists.
type labelLists struct {
	top          []int32 // per label: a node, or none
	above, below []int32 // per node: its neighbours in the list, or none
	highest      int32   // no label above has a node
}

func (l *labelLists) reset(n int) {
	l.top = resized(l.top, n+1)
	l.above = resized(l.above, n)
	l.below = resized(l.below, n)
	for i := range l.top {
		l.top[i] = none
	}
	l.highest = 0
}

func (l *labelLists) isEmpty(label int32) bool { return l.top[label] == none }

func (l *labelLists) add(node, label int32) {
	top := l.top[label]
	l.above[node], l.below[node] = none, top
	if top != none {
		l.above[top] = node
	}
	l.top[label] = node
	l.highest = max(l.highest, label)
}

func (l *labelLists) remove(node, label int32) {
	above, below := l.above[node], l.below[node]
	if above == none {
		l.top[label] = below
	} else {
		l.below[above] = below
	}
	if below != none {
		l.above[below] = above
	}
}

// drainAbove removes all nodes with a higher label.
func (l *labelLists) drainAbove(label int32, visit func(node int32)) {
	for ; l.highest > label; l.highest-- {
		for node := l.top[l.highest]; node != none; node = l.below[node] {
			visit(node)
		}
		l.top[l.highest] = none
	}
}
