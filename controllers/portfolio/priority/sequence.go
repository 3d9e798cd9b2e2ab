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
	"slices"

	"github.com/journeyops/journey-operator/controllers/portfolio/digraph"
)

// sequence puts the jobs of each bundle into order.
func (in *instance) sequence(bundles []bundle) []bundle {
	s := newSequencer(in)
	atoms := in.atomsByBundle(bundles)
	for i := range bundles {
		slices.Sort(bundles[i].jobs)
		bundles[i].jobs = s.order(bundles[i].jobs, atoms[i])
	}
	return bundles
}

// atomsByBundle returns for each bundle the atoms that it completes, with the jobs
// that they wait for in it. It takes over the atoms of the instance.
func (in *instance) atomsByBundle(bundles []bundle) [][]atom {
	number := make([]int, len(in.effort))
	for i, b := range bundles {
		for _, j := range b.jobs {
			number[j] = i
		}
	}
	completedBy := func(a atom) int {
		last := 0
		for _, j := range a.jobs {
			last = max(last, number[j])
		}
		return last
	}
	count := make([]int, len(bundles))
	for _, a := range in.atoms {
		count[completedBy(a)]++
	}
	atoms := make([][]atom, len(bundles))
	for i, c := range count {
		atoms[i] = make([]atom, 0, c)
	}
	for _, a := range in.atoms {
		last := completedBy(a)
		a.jobs = slices.DeleteFunc(a.jobs, func(j int32) bool { return number[j] != last })
		atoms[last] = append(atoms[last], a)
	}
	return atoms
}

// sequencer orders the jobs of one bundle at a time. Jobs are numbered within the
// bundle, by name.
type sequencer struct {
	*instance
	index   []int32 // per job of the instance: its number
	program subsetProgram
}

func newSequencer(in *instance) *sequencer {
	return &sequencer{instance: in, index: make([]int32, len(in.effort))}
}

// order returns the jobs of a bundle in order, given the atoms that they complete.
func (s *sequencer) order(jobs []int32, atoms []atom) []int32 {
	if len(jobs) == 1 {
		return jobs
	}
	w := s.work(jobs, atoms)
	var order []int32
	if len(jobs) <= maxOptimalJobs {
		order = w.identity()
		w.track(order)
		w.reorder(&s.program, order)
	} else {
		order = w.goodOrder(&s.program)
	}
	for i, j := range order {
		order[i] = jobs[j]
	}
	return order
}

// work returns the jobs and atoms of a bundle, numbered within it.
func (s *sequencer) work(jobs []int32, atoms []atom) *work {
	w := &work{
		effort: make([]int64, len(jobs)),
		before: make(digraph.Graph, len(jobs)),
		atoms:  atoms,
	}
	for i, j := range jobs {
		s.index[j] = int32(i)
	}
	for i, j := range jobs {
		w.effort[i] = s.effort[j]
		for _, before := range s.before[j] {
			if k := s.index[before]; int(k) < len(jobs) && jobs[k] == before {
				w.before[i] = append(w.before[i], k)
			}
		}
	}
	waits := make(digraph.Graph, len(atoms))
	for a := range atoms {
		for i, j := range atoms[a].jobs {
			atoms[a].jobs[i] = s.index[j]
		}
		waits[a] = atoms[a].jobs
	}
	w.atomsOf = waits.Inverse(len(jobs))
	w.after = w.before.Inverse(len(jobs))
	return w
}

// work is one bundle: jobs numbered by name, and the atoms that they complete.
type work struct {
	effort  []int64
	before  digraph.Graph // per job: its direct predecessors
	after   [][]int32     // per job: its direct successors
	atoms   []atom
	atomsOf [][]int32 // per job: the atoms that wait for it

	// Of the order that is being improved:
	position   []int32 // per job: its place
	completion []int32 // per atom: the place of the last of its jobs
	moved      []int32 // atoms that the jobs at hand complete
}

func (w *work) identity() []int32 {
	order := make([]int32, len(w.effort))
	for i := range order {
		order[i] = int32(i)
	}
	return order
}

// cost returns the sum over atoms of value times completion.
func (w *work) cost(order []int32) uint128 {
	done := make([]int64, len(order))
	elapsed := int64(0)
	for _, j := range order {
		elapsed += w.effort[j]
		done[j] = elapsed
	}
	total := uint128{}
	for _, a := range w.atoms {
		completion := int64(0)
		for _, j := range a.jobs {
			completion = max(completion, done[j])
		}
		total = total.add(product(a.value, completion))
	}
	return total
}

// track notes where the jobs are in the order, and where the atoms complete.
func (w *work) track(order []int32) {
	w.position = resized(w.position, len(order))
	for i, j := range order {
		w.position[j] = int32(i)
	}
	w.completion = resized(w.completion, len(w.atoms))
	for a := range w.atoms {
		w.complete(int32(a))
	}
}

// complete notes where an atom completes.
func (w *work) complete(a int32) {
	last := int32(0)
	for _, j := range w.atoms[a].jobs {
		last = max(last, w.position[j])
	}
	w.completion[a] = last
}

// reorder puts consecutive jobs of the order that is tracked, at most 32, into
// their best order, and says whether that is another one.
func (w *work) reorder(program *subsetProgram, window []int32) bool {
	first := w.position[window[0]]
	last := first + int32(len(window)) - 1
	jobs := slices.Clone(window)
	slices.Sort(jobs)
	var number [32]int // per place in the window: the job, by name
	for i, j := range jobs {
		number[w.position[j]-first] = i
	}
	bit := func(j int32) uint32 {
		if p := w.position[j]; p >= first && p <= last {
			return 1 << number[p-first]
		}
		return 0
	}
	program.reset(len(jobs))
	w.moved = w.moved[:0]
	for i, j := range jobs {
		program.effort[i] = w.effort[j]
		for _, before := range w.before[j] {
			program.need[i] |= bit(before)
		}
		for _, a := range w.atomsOf[j] {
			if w.completion[a] != w.position[j] {
				continue
			}
			set := uint32(0)
			for _, k := range w.atoms[a].jobs {
				set |= bit(k)
			}
			program.value[set] += w.atoms[a].value
			w.moved = append(w.moved, a)
		}
	}
	changed := false
	for i, k := range program.optimalOrder() {
		changed = changed || window[i] != jobs[k]
		window[i] = jobs[k]
		w.position[jobs[k]] = first + int32(i)
	}
	if changed {
		for _, a := range w.moved {
			w.complete(a)
		}
	}
	return changed
}
