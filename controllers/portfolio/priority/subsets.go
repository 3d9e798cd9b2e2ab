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
	"math/bits"
)

// maxOptimalJobs is the size up to which the order of a bundle is optimal.
const maxOptimalJobs = 12

// subsetProgram finds the optimal order of a few jobs by dynamic programming over
// the sets that may be done first (Held and Karp, A dynamic programming approach
// to sequencing problems, Journal of SIAM 10, 1962). A set is a bit mask. It takes
// time and memory for 2^n sets.
//
// A job that is done while value V is still to be earned delays all of it by its
// effort: the sum over atoms of value times completion is the sum over jobs of
// effort times V.
type subsetProgram struct {
	effort []int64
	need   []uint32 // per job: the jobs directly before it
	value  []int64  // per set: first of the atoms that need just it, then of those within it
	cost   []uint128
	may    []bool // per set: whether it can be done first
}

// reset makes it a program of n jobs without order and value.
func (s *subsetProgram) reset(n int) {
	s.effort = resized(s.effort, n)
	s.need = resized(s.need, n)
	s.value = resized(s.value, 1<<n)
	s.cost = resized(s.cost, 1<<n)
	s.may = resized(s.may, 1<<n)
}

// optimalOrder returns the jobs in an order of the lowest cost; of several, the
// one that is first when they are compared job by job. Jobs have to be numbered by
// name for that.
func (s *subsetProgram) optimalOrder() []int {
	s.sumValues()
	s.findInitialSets()
	all := uint32(len(s.may) - 1)
	for set := all - 1; set < all; set-- {
		if s.may[set] {
			s.cost[set], _ = s.best(set)
		}
	}
	order := make([]int, 0, len(s.effort))
	for set := uint32(0); set != all; {
		_, job := s.best(set)
		order = append(order, job)
		set |= 1 << job
	}
	return order
}

// sumValues turns the values of atoms that need a set into those of all atoms that
// it completes.
func (s *subsetProgram) sumValues() {
	for job := range s.effort {
		half := 1 << job // sets come in runs without the job and then with it
		for run := s.value; len(run) > 0; run = run[2*half:] {
			without, with := run[:half], run[half:2*half]
			for i, v := range without {
				with[i] += v
			}
		}
	}
}

// findInitialSets finds the sets that hold all that their jobs need.
func (s *subsetProgram) findInitialSets() {
	s.may[0] = true
	for set, may := range s.may {
		if !may {
			continue
		}
		for job, need := range s.need {
			if need&^uint32(set) == 0 {
				s.may[set|1<<job] = true
			}
		}
	}
}

// best returns the lowest cost of the jobs outside the set once it is done, and
// the first job to go on with for that.
func (s *subsetProgram) best(set uint32) (uint128, int) {
	all := uint32(len(s.may) - 1)
	open := s.value[all] - s.value[set]
	lowest, first := infinite, none
	for rest := all &^ set; rest != 0; rest &= rest - 1 {
		job := bits.TrailingZeros32(rest)
		if s.need[job]&^set != 0 {
			continue
		}
		cost := product(s.effort[job], open).add(s.cost[set|1<<job])
		if cost.less(lowest) {
			lowest, first = cost, job
		}
	}
	return lowest, first
}
