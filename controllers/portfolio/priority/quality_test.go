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
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// Shapes of problems that have bundles of some size, rather than a bundle a job.
var shapes = []struct {
	name string
	of   func(r *rand.Rand, jobs int) Problem
}{
	{"enablers", enablers},
	{"gates", gates},
	{"chains", chains},
	{"mixed", mixed},
}

func jobsWithoutOrder(r *rand.Rand, n int) Problem {
	p := Problem{Before: make([][]int, n)}
	for j := range n {
		p.Jobs = append(p.Jobs, Job{Name: fmt.Sprintf("job-%03d", j), Effort: int64(500 + r.IntN(40000))})
	}
	return p
}

// enablers has value only behind several jobs without value.
func enablers(r *rand.Rand, n int) Problem {
	p := jobsWithoutOrder(r, n)
	for j := n / 2; j < n; j++ {
		for i := range n / 2 {
			if r.IntN(n/2) < 3 {
				p.Before[j] = append(p.Before[j], i)
			}
		}
		p.Atoms = append(p.Atoms, Atom{Value: int64(r.IntN(100000)), Jobs: []int{j}})
	}
	return p
}

// gates has atoms that wait for many jobs, and no order.
func gates(r *rand.Rand, n int) Problem {
	p := jobsWithoutOrder(r, n)
	for range n {
		p.Atoms = append(p.Atoms, Atom{Value: int64(1 + r.IntN(100000)), Jobs: someJobs(r, n, 2+r.IntN(5))})
	}
	return p
}

// chains has most value at the ends of chains, some of it waiting for others too.
func chains(r *rand.Rand, n int) Problem {
	p := jobsWithoutOrder(r, n)
	for j := range n {
		if j%4 != 0 {
			p.Before[j] = []int{j - 1}
		}
		if j%4 == 3 {
			p.Atoms = append(p.Atoms, Atom{Value: int64(1000 + r.IntN(100000)), Jobs: []int{j, r.IntN(n)}})
		}
		p.Atoms = append(p.Atoms, Atom{Value: int64(r.IntN(5000)), Jobs: []int{j}})
	}
	return p
}

// mixed has any order, and atoms that wait for a few jobs.
func mixed(r *rand.Rand, n int) Problem {
	p := jobsWithoutOrder(r, n)
	for j := 1; j < n; j++ {
		p.Before[j] = someJobs(r, j, r.IntN(3))
	}
	for range 2 * n {
		p.Atoms = append(p.Atoms, Atom{Value: int64(1 + r.IntN(100000)), Jobs: someJobs(r, n, 1+r.IntN(3))})
	}
	return p
}

// someJobs returns some of the first n jobs, perhaps one twice.
func someJobs(r *rand.Rand, n, count int) []int {
	var jobs []int
	for range count {
		jobs = append(jobs, r.IntN(n))
	}
	return jobs
}

// eachBundle calls visit for the bundles of p that have value and from least to
// most jobs.
func eachBundle(t testing.TB, p Problem, least, most int, visit func(*work)) {
	in, err := newInstance(p)
	if err != nil {
		t.Fatal(err)
	}
	in.reduceAtoms()
	bundles := in.sidneyDecomposition()
	atoms := in.atomsByBundle(bundles)
	s := newSequencer(in)
	for i, b := range bundles {
		if n := len(b.jobs); n >= least && n <= most && b.value > 0 {
			slices.Sort(b.jobs)
			visit(s.work(b.jobs, atoms[i]))
		}
	}
}

// costRatio returns how many times the cost of the optimum the heuristic order of
// a bundle costs.
func costRatio(w *work) float64 {
	var program subsetProgram
	optimum := w.before.Order()
	w.track(optimum)
	w.reorder(&program, optimum)
	ratio := new(big.Rat).SetFrac(w.cost(w.goodOrder(&program)).big(), w.cost(optimum).big())
	value, _ := ratio.Float64()
	return value
}

// The order inside bundles that are too large for the optimum is close to it.
func TestGoodOrderIsClose(t *testing.T) {
	t.Parallel()
	for _, shape := range shapes {
		t.Run(shape.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(13, 14))
			for count := 0; count < 25; {
				eachBundle(t, shape.of(r, 12+r.IntN(8)), 13, 15, func(w *work) {
					count++
					if ratio := costRatio(w); ratio > 1.1 {
						t.Errorf("bundle %d costs %.3f times the optimum", count, ratio)
					}
				})
			}
		})
	}
}

// BenchmarkGoodOrder orders bundles of 13 to 18 jobs, and reports how many times
// the optimum their orders cost, on average and at worst.
func BenchmarkGoodOrder(b *testing.B) {
	for _, shape := range shapes {
		b.Run(shape.name, func(b *testing.B) {
			const bundles = 200
			r := rand.New(rand.NewPCG(15, 16))
			var works []*work
			for len(works) < bundles {
				eachBundle(b, shape.of(r, 12+r.IntN(12)), 13, 18, func(w *work) { works = append(works, w) })
			}
			works = works[:bundles]
			sum, worst := 0.0, 0.0
			for _, w := range works {
				ratio := costRatio(w)
				sum += ratio
				worst = max(worst, ratio)
			}
			var program subsetProgram
			i := 0
			for b.Loop() {
				works[i%bundles].goodOrder(&program)
				i++
			}
			b.ReportMetric(sum/bundles, "mean-cost")
			b.ReportMetric(worst, "worst-cost")
		})
	}
}
