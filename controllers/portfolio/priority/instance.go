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
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/journeyops/journey-operator/controllers/portfolio/digraph"
)

// instance is a problem in canonical form: jobs are numbered by name, so that
// nothing below depends on the order of the input.
type instance struct {
	given  []int // per job: its index in the problem
	name   []string
	effort []int64
	before digraph.Graph // per job: its direct predecessors, ascending
	order  []int32       // the jobs, each after its predecessors
	atoms  []atom
}

// atom is an Atom of canonical jobs, ascending and without repetition.
type atom struct {
	value int64
	jobs  []int32
}

// newInstance checks p and brings it into canonical form. Atoms without value
// are left out and those that wait for the same jobs are one.
func newInstance(p Problem) (*instance, error) {
	n := len(p.Jobs)
	if len(p.Before) != 0 && len(p.Before) != n {
		return nil, fmt.Errorf("predecessors are given for %d jobs of %d", len(p.Before), n)
	}
	in := &instance{
		given:  make([]int, n),
		name:   make([]string, n),
		effort: make([]int64, n),
		before: make(digraph.Graph, n),
	}
	canonical, err := in.addJobs(p.Jobs)
	if err != nil {
		return nil, err
	}
	if err := in.addOrder(p, canonical); err != nil {
		return nil, err
	}
	if err := in.addAtoms(p, canonical); err != nil {
		return nil, err
	}
	return in, nil
}

// addJobs numbers the jobs by name and returns for each given job its number.
func (in *instance) addJobs(jobs []Job) ([]int32, error) {
	for i := range in.given {
		in.given[i] = i
	}
	slices.SortFunc(in.given, func(a, b int) int { return cmp.Compare(jobs[a].Name, jobs[b].Name) })
	canonical := make([]int32, len(jobs))
	total := int64(0)
	for j, i := range in.given {
		job := jobs[i]
		if j > 0 && in.name[j-1] == job.Name {
			return nil, fmt.Errorf("more than one job is named %q", job.Name)
		}
		if job.Effort <= 0 {
			return nil, fmt.Errorf("job %q has an effort of %d, which is not above 0", job.Name, job.Effort)
		}
		if job.Effort > math.MaxInt64-total {
			return nil, fmt.Errorf("the efforts of all jobs add up to more than %d", int64(math.MaxInt64))
		}
		total += job.Effort
		canonical[i] = int32(j)
		in.name[j], in.effort[j] = job.Name, job.Effort
	}
	return canonical, nil
}

// addOrder takes over who comes before whom, and checks that it can be kept.
func (in *instance) addOrder(p Problem, canonical []int32) error {
	for j, i := range in.given {
		if len(p.Before) == 0 {
			break
		}
		before, err := translate(nil, p.Before[i], canonical)
		if err != nil {
			return fmt.Errorf("job %q: predecessor %w", in.name[j], err)
		}
		in.before[j] = before
	}
	in.order = in.before.Order()
	if len(in.order) == len(in.before) {
		return nil
	}
	cycle := in.before.FindCycle()
	slices.Reverse(cycle[1:]) // each before the next, and the first by name at the start
	var names []string
	for _, j := range cycle {
		names = append(names, fmt.Sprintf("%q", in.name[j]))
	}
	return fmt.Errorf("jobs wait for each other in a cycle: %s", strings.Join(names, ", "))
}

// addAtoms takes over the atoms that are worth something.
func (in *instance) addAtoms(p Problem, canonical []int32) error {
	jobs := 0
	for _, a := range p.Atoms {
		jobs += len(a.Jobs)
	}
	memory := make([]int32, 0, jobs) // of the jobs of all atoms
	in.atoms = make([]atom, 0, len(p.Atoms))
	total := int64(0)
	for i, a := range p.Atoms {
		if a.Value < 0 {
			return fmt.Errorf("atom %d has a value of %d, which is below 0", i, a.Value)
		}
		if len(a.Jobs) == 0 {
			return fmt.Errorf("atom %d waits for no job", i)
		}
		if a.Value > math.MaxInt64-total {
			return fmt.Errorf("the values of all atoms add up to more than %d", int64(math.MaxInt64))
		}
		total += a.Value
		jobs, err := translate(memory[len(memory):], a.Jobs, canonical)
		if err != nil {
			return fmt.Errorf("atom %d: job %w", i, err)
		}
		memory = memory[:len(memory)+len(jobs)]
		if a.Value > 0 {
			in.atoms = append(in.atoms, atom{value: a.Value, jobs: slices.Clip(jobs)})
		}
	}
	in.atoms = mergeAtoms(in.atoms, len(in.effort))
	return nil
}

// translate turns given indices into canonical jobs, ascending and without
// repetition. It appends them to jobs, which is empty.
func translate(jobs []int32, given []int, canonical []int32) ([]int32, error) {
	for _, i := range given {
		if i < 0 || i >= len(canonical) {
			return nil, fmt.Errorf("index %d is not among the %d jobs", i, len(canonical))
		}
		jobs = append(jobs, canonical[i])
	}
	slices.Sort(jobs)
	return slices.Compact(jobs), nil
}

// mergeAtoms sorts atoms of n jobs by what they wait for and makes one of those
// that wait for the same. It takes over the slice.
func mergeAtoms(atoms []atom, n int) []atom {
	// There may be far more atoms than jobs: a counting sort by the first job leaves
	// few to compare.
	end := make([]int, n)
	for _, a := range atoms {
		end[a.jobs[0]]++
	}
	for j := 1; j < n; j++ {
		end[j] += end[j-1]
	}
	sorted := make([]atom, len(atoms))
	begin := slices.Clone(end)
	for _, a := range atoms {
		first := a.jobs[0]
		begin[first]--
		sorted[begin[first]] = a
	}
	for j := range n {
		slices.SortFunc(sorted[begin[j]:end[j]], func(a, b atom) int {
			return slices.Compare(a.jobs[1:], b.jobs[1:])
		})
	}
	merged := atoms[:0]
	for _, a := range sorted {
		if last := len(merged) - 1; last >= 0 && slices.Equal(merged[last].jobs, a.jobs) {
			merged[last].value += a.value
			continue
		}
		merged = append(merged, a)
	}
	return merged
}
