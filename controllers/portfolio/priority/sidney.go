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
)

// bundle is a Bundle of canonical jobs.
type bundle struct {
	jobs   []int32
	value  int64
	effort int64
}

// part is a set of jobs that are still to be taken apart. The atoms are those of
// the instance that the jobs complete; of the jobs that they wait for, only those
// in the part are left, and at least two.
type part struct {
	jobs  []int32
	atoms []atom
}

// decomposition takes an instance apart into bundles.
//
// The whole has some ratio of value to effort. At that price of effort, the
// closure that is worth most either is worth nothing: then no closure has a
// higher ratio, and the whole is a bundle. Or it is worth something: then the
// largest such closure holds exactly the bundles whose ratio is at least that of
// the whole, and both sides can be taken apart by themselves. That is the step of
// Dinkelbach (1967) applied to all bundles at once, as Eisner and Severance (1976)
// do: it takes less than two minimum cuts a bundle, in ever smaller networks.
//
// Jobs that are neither ordered nor share an atom, directly or through others, do
// not affect each other. Each such component is taken apart by itself, and bundles
// of equal ratio are one in the end.
type decomposition struct {
	*instance
	value []int64 // per job: of the atoms that wait for it alone
	part  []int32 // per job: the number of its part
	parts int32   // the number of parts so far
	index []int32 // per job: its place in its part, set where needed
	net   network
	found []bundle
}

// sidneyDecomposition returns the bundles, highest ratio first, with their jobs in
// no particular order.
func (in *instance) sidneyDecomposition() []bundle {
	n := len(in.effort)
	d := &decomposition{
		instance: in,
		value:    make([]int64, n),
		part:     make([]int32, n),
		index:    make([]int32, n),
	}
	// The parts are a stack rather than a recursion: its depth has no bound to rely on.
	parts := []part{d.newPart(slices.Clone(in.order), cloneAtoms(in.atoms))}
	for len(parts) > 0 {
		last := parts[len(parts)-1]
		parts = parts[:len(parts)-1]
		for _, component := range d.components(last) {
			parts = append(parts, d.split(component)...)
		}
	}
	return mergeEqualRatios(d.found)
}

// newPart makes a part of jobs and of atoms of which at least one job is among
// them. It takes over both.
func (d *decomposition) newPart(jobs []int32, atoms []atom) part {
	d.parts++
	for _, j := range jobs {
		d.part[j] = d.parts
	}
	several := atoms[:0]
	for _, a := range atoms {
		a.jobs = slices.DeleteFunc(a.jobs, func(j int32) bool { return d.part[j] != d.parts })
		if len(a.jobs) == 1 {
			d.value[a.jobs[0]] += a.value
			continue
		}
		several = append(several, a)
	}
	return part{jobs: jobs, atoms: several}
}

// cloneAtoms returns atoms whose jobs can be changed.
func cloneAtoms(atoms []atom) []atom {
	clones := slices.Clone(atoms)
	total := 0
	for _, a := range atoms {
		total += len(a.jobs)
	}
	memory := make([]int32, 0, total)
	for _, a := range atoms {
		memory = append(memory, a.jobs...)
	}
	for i, a := range atoms {
		n := len(a.jobs)
		clones[i].jobs, memory = memory[:n:n], memory[n:]
	}
	return clones
}

// components returns the weakly connected components of the part.
func (d *decomposition) components(p part) []part {
	if len(p.jobs) == 1 {
		return []part{p}
	}
	sets := newDisjointSets(len(p.jobs))
	d.number(p.jobs)
	for _, j := range p.jobs {
		for _, i := range d.before[j] {
			if d.part[i] == d.part[j] {
				sets.join(d.index[i], d.index[j])
			}
		}
	}
	for _, a := range p.atoms {
		for _, j := range a.jobs[1:] {
			sets.join(d.index[a.jobs[0]], d.index[j])
		}
	}
	var components []part
	component := make([]int32, len(p.jobs)) // per root: one more than its component
	of := func(j int32) *part {
		root := sets.find(d.index[j])
		if component[root] == 0 {
			components = append(components, part{})
			component[root] = int32(len(components))
		}
		return &components[component[root]-1]
	}
	for _, j := range p.jobs {
		c := of(j)
		c.jobs = append(c.jobs, j)
	}
	for _, a := range p.atoms {
		c := of(a.jobs[0])
		c.atoms = append(c.atoms, a)
	}
	return components
}

// number sets the index of each of the jobs.
func (d *decomposition) number(jobs []int32) {
	for i, j := range jobs {
		d.index[j] = int32(i)
	}
}

// split takes a connected part apart into two, or finds that it is a bundle.
func (d *decomposition) split(p part) []part {
	whole := bundle{jobs: p.jobs}
	for _, j := range p.jobs {
		whole.value += d.value[j]
		whole.effort += d.effort[j]
	}
	for _, a := range p.atoms {
		whole.value += a.value
	}
	if len(p.jobs) == 1 || whole.value == 0 {
		d.found = append(d.found, whole)
		return nil
	}
	closure := d.closureAbove(p, whole.value, whole.effort)
	if !slices.Contains(closure, false) {
		d.found = append(d.found, whole)
		return nil
	}
	var jobs [2][]int32
	var atoms [2][]atom
	side := func(node int) int {
		if closure[node] {
			return 0
		}
		return 1
	}
	for i, j := range p.jobs {
		s := side(i)
		jobs[s] = append(jobs[s], j)
	}
	for i, a := range p.atoms {
		s := side(len(p.jobs) + i)
		atoms[s] = append(atoms[s], a)
	}
	return []part{d.newPart(jobs[0], atoms[0]), d.newPart(jobs[1], atoms[1])}
}

// closureAbove returns which jobs, and after them which atoms, of the part are in
// the largest closure whose value less its effort is highest, at a price of
// value/effort for effort.
func (d *decomposition) closureAbove(p part, value, effort int64) []bool {
	d.number(p.jobs)
	jobs := len(p.jobs)
	d.net.reset(jobs + len(p.atoms))
	part := d.part[p.jobs[0]]
	for i, j := range p.jobs {
		d.net.setWeight(int32(i), product(d.value[j], effort), product(d.effort[j], value))
		for _, before := range d.before[j] {
			if d.part[before] == part {
				d.net.require(int32(i), d.index[before])
			}
		}
	}
	for i, a := range p.atoms {
		node := int32(jobs + i)
		d.net.setWeight(node, product(a.value, effort), uint128{})
		for _, j := range a.jobs {
			d.net.require(node, d.index[j])
		}
	}
	return d.net.largestMaximumClosure()
}

// mergeEqualRatios sorts bundles by ratio, highest first, and makes one of those
// with the same.
func mergeEqualRatios(bundles []bundle) []bundle {
	slices.SortFunc(bundles, func(a, b bundle) int {
		return compareRatios(b.value, b.effort, a.value, a.effort)
	})
	merged := bundles[:0]
	for _, b := range bundles {
		last := len(merged) - 1
		if last < 0 || compareRatios(merged[last].value, merged[last].effort, b.value, b.effort) != 0 {
			merged = append(merged, b)
			continue
		}
		merged[last].jobs = append(merged[last].jobs, b.jobs...)
		merged[last].value += b.value
		merged[last].effort += b.effort
	}
	return merged
}

// disjointSets are sets that can be joined, as trees with their paths halved.
type disjointSets struct{ parent []int32 }

func newDisjointSets(n int) disjointSets {
	s := disjointSets{parent: make([]int32, n)}
	for i := range s.parent {
		s.parent[i] = int32(i)
	}
	return s
}

func (s disjointSets) find(i int32) int32 {
	for s.parent[i] != i {
		s.parent[i] = s.parent[s.parent[i]]
		i = s.parent[i]
	}
	return i
}

func (s disjointSets) join(i, j int32) { s.parent[s.find(i)] = s.find(j) }
