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

import (
	"cmp"
	"container/heap"
)

const (
	// windowJobs is how many consecutive jobs are put into their best order at once.
	windowJobs = 10
	// largeBundle is the number of jobs from which windows are smaller.
	largeBundle = 64
	// largeBundleWindow is the number of their jobs.
	largeBundleWindow = 8
	// maxRounds is how often an order is gone through to improve it.
	maxRounds = 20
	// maxRoundWork bounds the jobs of atoms looked at in all rounds.
	maxRoundWork = 2_000_000
	// maxClosureWork bounds the words compared by closuresForward.
	maxClosureWork = 1 << 23
)

// goodOrder returns a good order of a bundle that is too large for the best one:
// orders that simple rules make from the end and from the start are improved, and
// the better is taken.
func (w *work) goodOrder(program *subsetProgram) []int32 {
	best := w.smithBackward()
	if len(w.atoms) == 0 {
		return best // no order costs anything
	}
	w.improve(program, best)
	if len(w.atoms)*len(w.atoms)*words(len(w.effort)) > maxClosureWork {
		return best
	}
	other := w.closuresForward()
	w.improve(program, other)
	if w.cost(other).less(w.cost(best)) {
		return other
	}
	return best
}

// improve puts one window of consecutive jobs after another into its best order,
// until none can be improved or for a number of rounds.
func (w *work) improve(program *subsetProgram, order []int32) {
	w.track(order)
	size := windowJobs
	if len(order) >= largeBundle {
		size = largeBundleWindow
	}
	step := size / 2
	windows := (len(order)-size+step-1)/step + 1
	// A window needs another look only after a job of it has moved.
	settled := make([]bool, windows)
	for range w.rounds() {
		improved := false
		for i := range settled {
			if settled[i] {
				continue
			}
			settled[i] = true
			window := order[i*step : min(i*step+size, len(order))]
			if !w.reorder(program, window) {
				continue
			}
			improved = true
			if i > 0 {
				settled[i-1] = false
			}
			if i+1 < windows {
				settled[i+1] = false
			}
		}
		if !improved {
			return
		}
	}
}

// rounds returns how often improve may go through the order.
func (w *work) rounds() int {
	each := 1
	for _, a := range w.atoms {
		each += len(a.jobs)
	}
	return min(max(maxRoundWork/each, 1), maxRounds)
}

// smithBackward fills the order from its end: of the jobs that nothing left waits
// for, the one with the lowest ratio of value to effort is last. The value of a
// job is that of the atoms that would then be complete only at the end.
func (w *work) smithBackward() []int32 {
	n := len(w.effort)
	value := make([]int64, n)
	for j, atoms := range w.atomsOf {
		for _, a := range atoms {
			value[j] += w.atoms[a].value
		}
	}
	waits := make([]int, n)
	queue := &smithQueue{}
	for j, after := range w.after {
		waits[j] = len(after)
		if waits[j] == 0 {
			heap.Push(queue, smithJob{int32(j), value[j], w.effort[j]})
		}
	}
	placed := make([]bool, len(w.atoms))
	done := make([]bool, n)
	order := make([]int32, n)
	for at := n - 1; at >= 0; {
		next := heap.Pop(queue).(smithJob)
		j := next.job
		if done[j] || next.value != value[j] {
			continue // it was queued again when its value fell
		}
		done[j] = true
		order[at] = j
		at--
		for _, a := range w.atomsOf[j] {
			if placed[a] {
				continue
			}
			placed[a] = true
			for _, k := range w.atoms[a].jobs {
				value[k] -= w.atoms[a].value
				if !done[k] && waits[k] == 0 {
					heap.Push(queue, smithJob{k, value[k], w.effort[k]})
				}
			}
		}
		for _, i := range w.before[j] {
			waits[i]--
			if waits[i] == 0 {
				heap.Push(queue, smithJob{i, value[i], w.effort[i]})
			}
		}
	}
	return order
}

type smithJob struct {
	job           int32
	value, effort int64
}

// smithQueue is a heap with the lowest ratio first and, of equal ones, the last
// name.
type smithQueue []smithJob

func (q smithQueue) Len() int { return len(q) }
func (q smithQueue) Less(i, j int) bool {
	c := compareRatios(q[i].value, q[i].effort, q[j].value, q[j].effort)
	return cmp.Or(c, cmp.Compare(q[j].job, q[i].job)) < 0
}
func (q smithQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *smithQueue) Push(x any)   { *q = append(*q, x.(smithJob)) }
func (q *smithQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// closuresForward fills the order from its start: of the closures of single atoms,
// the one with the highest ratio of value to remaining effort comes next. The value
// is that of all atoms, not yet complete, that need no more than the closure.
func (w *work) closuresForward() []int32 {
	topological := w.before.Order()
	needs := w.needs(topological)
	value := make([]int64, len(needs))
	effort := make([]int64, len(needs)) // what remains; none once the atom is complete
	for a, need := range needs {
		for j, e := range w.effort {
			if need.has(int32(j)) {
				effort[a] += e
			}
		}
		for b, other := range needs {
			if need.hasAll(other) {
				value[a] += w.atoms[b].value
			}
		}
	}
	done := make([]bool, len(topological))
	order := make([]int32, 0, len(topological))
	for len(order) < len(topological) {
		next := bestRatio(value, effort)
		for _, j := range topological {
			if done[j] || next != none && !needs[next].has(j) {
				continue
			}
			done[j] = true
			order = append(order, j)
			for a, need := range needs {
				if !need.has(j) {
					continue
				}
				effort[a] -= w.effort[j]
				if effort[a] == 0 {
					w.takeOut(a, needs, value)
				}
			}
		}
	}
	return order
}

// takeOut takes the value of an atom out of that of the closures that hold its own.
func (w *work) takeOut(a int, needs []closureSet, value []int64) {
	for b, need := range needs {
		if need.hasAll(needs[a]) {
			value[b] -= w.atoms[a].value
		}
	}
}

// bestRatio returns where the ratio of value to effort is highest, of those with
// effort, or none.
func bestRatio(value, effort []int64) int {
	best := none
	for i := range value {
		if effort[i] > 0 && (best == none || compareRatios(value[i], effort[i], value[best], effort[best]) > 0) {
			best = i
		}
	}
	return best
}

// needs returns for each atom what it needs: its jobs and all before them.
func (w *work) needs(topological []int32) []closureSet {
	size := words(len(w.effort))
	closure := make([]closureSet, len(w.effort))
	for _, j := range topological {
		closure[j] = make(closureSet, size)
		closure[j][j/64] |= 1 << (j % 64)
		for _, i := range w.before[j] {
			closure[j].addAll(closure[i])
		}
	}
	needs := make([]closureSet, len(w.atoms))
	for a, atom := range w.atoms {
		needs[a] = make(closureSet, size)
		for _, j := range atom.jobs {
			needs[a].addAll(closure[j])
		}
	}
	return needs
}

// closureSet is a set of the jobs of a bundle, a bit each.
type closureSet []uint64

// words returns the length of a set of n jobs.
func words(n int) int { return (n + 63) / 64 }

func (s closureSet) has(j int32) bool { return s[j/64]>>(j%64)&1 == 1 }

func (s closureSet) hasAll(t closureSet) bool {
	for i := range s {
		if t[i]&^s[i] != 0 {
			return false
		}
	}
	return true
}

func (s closureSet) addAll(t closureSet) {
	for i := range s {
		s[i] |= t[i]
	}
}
