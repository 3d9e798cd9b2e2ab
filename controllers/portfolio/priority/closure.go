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
	"iter"
	"slices"

	"github.com/journeyops/journey-operator/controllers/portfolio/digraph"
)

// eachBlock yields, for one block of jobs after another, which jobs of the block
// are in the closure of each job: the job itself and everything before it,
// directly or not.
func (in *instance) eachBlock() iter.Seq[*digraph.Closures] {
	n := len(in.effort)
	single := make([]int32, n)
	labels, components := make(digraph.Graph, n), make([][]int32, n)
	for j := range n {
		single[j] = int32(j)
		labels[j] = single[j : j+1 : j+1]
	}
	for k, j := range in.order {
		components[k] = labels[j]
	}
	return digraph.NewReach(in.before, components).Each(labels, n)
}

// union returns what the closures of the jobs hold together.
func union(closures *digraph.Closures, jobs []int32) digraph.Set {
	set := *closures.Of(jobs[0])
	for _, j := range jobs[1:] {
		set.AddAll(closures.Of(j))
	}
	return set
}

// strictUnion returns what is before any of the jobs.
func strictUnion(closures *digraph.Closures, jobs []int32) digraph.Set {
	var set digraph.Set
	for _, j := range jobs {
		before := *closures.Of(j)
		if closures.Covers(j) {
			before.Remove(j - closures.First)
		}
		set.AddAll(&before)
	}
	return set
}

// reduceAtoms leaves in each atom only the jobs that are not before another of
// its jobs: those say when it is complete. It returns for each atom the number of
// jobs in its closure.
func (in *instance) reduceAtoms() []int32 {
	redundant := make(map[int][]int32) // per atom
	for closures := range in.eachBlock() {
		for a, atom := range in.atoms {
			if len(atom.jobs) < 2 || !slices.ContainsFunc(atom.jobs, closures.Covers) {
				continue
			}
			before := strictUnion(closures, atom.jobs)
			for _, i := range atom.jobs {
				if closures.Covers(i) && before.Has(i-closures.First) {
					redundant[a] = append(redundant[a], i)
				}
			}
		}
	}
	drop := make([]bool, len(in.effort))
	for a, jobs := range redundant {
		for _, j := range jobs {
			drop[j] = true
		}
		in.atoms[a].jobs = slices.DeleteFunc(in.atoms[a].jobs, func(j int32) bool { return drop[j] })
		for _, j := range jobs {
			drop[j] = false
		}
	}
	if len(redundant) > 0 {
		in.atoms = mergeAtoms(in.atoms, len(in.effort))
	}

	size := make([]int32, len(in.atoms))
	for closures := range in.eachBlock() {
		for a, atom := range in.atoms {
			set := union(closures, atom.jobs)
			size[a] += int32(set.Len())
		}
	}
	return size
}
