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
	"math/bits"
)

const (
	// smallBundle is the number of jobs up to which closuresForward is tried too.
	smallBundle = 64
	// smallBundleAtoms is the same for the number of atoms.
	smallBundleAtoms = 256
	// smallBundleWindow is how many jobs are put into order at once.
	smallBundleWindow = 10
	// largeBundleWindow is the same in bundles that are not small.
	largeBundleWindow = 8
	// maxRounds is how often an order is gone through to improve it.
	maxRounds = 20
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
	if len(w.effort) > smallBundle || len(w.atoms) > smallBundleAtoms {
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
	size := smallBundleWindow
	if len(order) > smallBundle {
		size = largeBundleWindow
	}
	step := size / 2
	windows := (len(order)-size+step-1)/step + 1
	// A window needs another look only after a job of it has moved.
	settled := make([]bool, windows)
	for range maxRounds {
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
// the one with the highest ratio of the value that it completes to its remaining
// effort comes next. It is for up to 64 jobs: sets of them are bit masks.
func (w *work) closuresForward() []int32 {
	topological := topologicalOrder(w.before)
	needs := w.closures(topological)
	order := make([]int32, 0, len(topological))
	for done := uint64(0); len(order) < len(topological); {
		next := w.bestClosure(needs, done)
		for _, j := range topological {
			if next>>j&1 == 1 {
				order = append(order, j)
			}
		}
		done |= next
	}
	return order
}

// closures returns for each atom what it needs: its jobs and all before them.
func (w *work) closures(topological []int32) []uint64 {
	closure := make([]uint64, len(w.effort))
	for _, j := range topological {
		closure[j] = 1 << j
		for _, i := range w.before[j] {
			closure[j] |= closure[i]
		}
	}
	needs := make([]uint64, len(w.atoms))
	for a, atom := range w.atoms {
		for _, j := range atom.jobs {
			needs[a] |= closure[j]
		}
	}
	return needs
}

// bestClosure returns the jobs, of those not done, that closuresForward does next.
// Once all atoms are complete, these are all that are left.
func (w *work) bestClosure(needs []uint64, done uint64) uint64 {
	best := uint64(0)
	bestValue, bestEffort := int64(0), int64(1)
	for _, need := range needs {
		rest := need &^ done
		if rest == 0 {
			continue
		}
		value, effort := int64(0), int64(0)
		for b, other := range needs {
			if other&^done != 0 && other&^(done|need) == 0 {
				value += w.atoms[b].value
			}
		}
		for jobs := rest; jobs != 0; jobs &= jobs - 1 {
			effort += w.effort[bits.TrailingZeros64(jobs)]
		}
		if compareRatios(value, effort, bestValue, bestEffort) > 0 {
			best, bestValue, bestEffort = rest, value, effort
		}
	}
	if best == 0 {
		return (1<<len(w.effort) - 1) &^ done
	}
	return best
}
