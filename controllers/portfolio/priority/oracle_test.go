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
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// oracle answers problems of a few jobs by the definitions alone: it looks at
// every set of jobs and at every order. Sets are bit masks.
type oracle struct {
	Problem
	closures []uint // per job: itself and all before it
}

func newOracle(p Problem) oracle {
	o := oracle{Problem: p, closures: make([]uint, len(p.Jobs))}
	for range p.Jobs { // as many rounds as the longest chain can have jobs
		for j := range p.Jobs {
			o.closures[j] |= 1 << j
			if len(p.Before) > 0 {
				for _, i := range p.Before[j] {
					o.closures[j] |= 1<<i | o.closures[i]
				}
			}
		}
	}
	return o
}

func (o oracle) all() uint { return 1<<len(o.Jobs) - 1 }

func (o oracle) closed(set uint) bool {
	for j, closure := range o.closures {
		if set>>j&1 == 1 && closure&^set != 0 {
			return false
		}
	}
	return true
}

// value returns the value of all atoms that the set completes.
func (o oracle) value(set uint) int64 {
	total := int64(0)
	for _, a := range o.Atoms {
		if maskOf(a.Jobs)&^set == 0 {
			total += a.Value
		}
	}
	return total
}

func (o oracle) effort(set uint) int64 {
	total := int64(0)
	for j, job := range o.Jobs {
		if set>>j&1 == 1 {
			total += job.Effort
		}
	}
	return total
}

func maskOf(jobs []int) uint {
	mask := uint(0)
	for _, j := range jobs {
		mask |= 1 << j
	}
	return mask
}

// bundles returns the Sidney decomposition, by looking at every set for each.
func (o oracle) bundles() []uint {
	var bundles []uint
	for done := uint(0); done != o.all(); {
		best, bestRatio := uint(0), new(big.Rat)
		for set := done + 1; set <= o.all(); set++ {
			if set&done != done || !o.closed(set) {
				continue
			}
			ratio := big.NewRat(o.value(set)-o.value(done), o.effort(set&^done))
			c := ratio.Cmp(bestRatio)
			if best == 0 || c > 0 || c == 0 && bits.OnesCount(set) > bits.OnesCount(best) {
				best, bestRatio = set, ratio
			}
		}
		bundles = append(bundles, best&^done)
		done = best
	}
	return bundles
}

// bestOrder returns the order of the set, after all of done, that has the lowest
// cost and then comes first by names. It tries every order.
func (o oracle) bestOrder(done, set uint) []int {
	byName := make([]int, len(o.Jobs))
	for i := range byName {
		byName[i] = i
	}
	slices.SortFunc(byName, func(a, b int) int { return cmp.Compare(o.Jobs[a].Name, o.Jobs[b].Name) })

	var best []int
	var lowest uint128
	var extend func(order []int, now uint, elapsed int64, cost uint128)
	extend = func(order []int, now uint, elapsed int64, cost uint128) {
		if best != nil && !cost.less(lowest) {
			return
		}
		if now == done|set {
			best, lowest = slices.Clone(order), cost
			return
		}
		for _, j := range byName {
			if set&^now>>j&1 == 1 && o.closures[j]&^(now|1<<j) == 0 {
				next, after := now|1<<j, elapsed+o.Jobs[j].Effort
				extend(append(order, j), next, after, cost.add(product(after, o.value(next)-o.value(now))))
			}
		}
	}
	extend(nil, done, 0, uint128{})
	return best
}

// shares returns the Shapley shares straight from their closed form.
func (o oracle) shares() []*big.Rat {
	shares := make([]*big.Rat, len(o.Jobs))
	for j := range shares {
		shares[j] = new(big.Rat)
	}
	for _, a := range o.Atoms {
		closure := uint(0)
		for _, j := range a.Jobs {
			closure |= o.closures[j]
		}
		for j := range shares {
			if closure>>j&1 == 1 {
				shares[j].Add(shares[j], big.NewRat(a.Value, int64(bits.OnesCount(closure))))
			}
		}
	}
	return shares
}

// check compares a result with the definitions.
func (o oracle) check(t testing.TB, r Result) {
	t.Helper()
	want := o.bundles()
	if len(r.Bundles) != len(want) {
		t.Fatalf("%d bundles, want %d\n%+v\n%+v", len(r.Bundles), len(want), o.Problem, r)
	}
	done := uint(0)
	rank := 0
	for i, b := range r.Bundles {
		if got := maskOf(b.Jobs); got != want[i] {
			t.Fatalf("bundle %d holds %b, want %b\n%+v", i+1, got, want[i], o.Problem)
		}
		next := done | want[i]
		if got, want := b.Value, o.value(next)-o.value(done); got != want {
			t.Fatalf("bundle %d has value %d, want %d\n%+v", i+1, got, want, o.Problem)
		}
		if got, want := b.Effort, o.effort(want[i]); got != want {
			t.Fatalf("bundle %d has effort %d, want %d\n%+v", i+1, got, want, o.Problem)
		}
		if want := o.bestOrder(done, want[i]); !slices.Equal(b.Jobs, want) {
			t.Fatalf("bundle %d has order %v, want %v\n%+v", i+1, b.Jobs, want, o.Problem)
		}
		for _, j := range b.Jobs {
			rank++
			if r.Bundle[j] != i+1 || r.Rank[j] != rank {
				t.Fatalf("job %d has bundle %d and rank %d, want %d and %d", j, r.Bundle[j], r.Rank[j], i+1, rank)
			}
		}
		done = next
	}
	for j, want := range o.shares() {
		if r.Share[j].Rat().Cmp(want) != 0 {
			t.Fatalf("job %d has share %v, want %v\n%+v", j, r.Share[j].Rat(), want, o.Problem)
		}
	}
}

// randomProblem returns a problem of n jobs. Numbers are often small, so that ties
// are frequent, and sometimes too large for their products to fit an int64.
func randomProblem(r *rand.Rand, n int) Problem {
	p := Problem{Jobs: make([]Job, n), Before: make([][]int, n)}
	names := r.Perm(n)
	topological := r.Perm(n)
	density := r.Float64()
	largest := []int{1, 3, 10, 1000, 1e15}[r.IntN(5)]
	for at, j := range topological {
		p.Jobs[j] = Job{Name: fmt.Sprintf("job-%02d", names[j]), Effort: int64(1 + r.IntN(largest))}
		for _, i := range topological[:at] {
			if r.Float64() < density/2 {
				p.Before[j] = append(p.Before[j], i)
			}
		}
	}
	widest := 1 + r.IntN(n)
	for range r.IntN(2*n + 1) {
		a := Atom{Value: int64(r.IntN(largest + 1))}
		for range 1 + r.IntN(widest) {
			a.Jobs = append(a.Jobs, r.IntN(n))
		}
		p.Atoms = append(p.Atoms, a)
	}
	return p
}

func TestSolveAgainstDefinitions(t *testing.T) {
	t.Parallel()
	cases := 30000
	if testing.Short() {
		cases = 3000
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range cases {
		p := randomProblem(r, 1+r.IntN(7))
		result, err := Solve(p)
		if err != nil {
			t.Fatal(err)
		}
		newOracle(p).check(t, result)
	}
}
