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
	"math/rand/v2"
	"testing"
)

// portfolio returns a problem like a large portfolio: most jobs wait for a few
// others of the last hundred, atoms wait for one to three jobs near each other,
// and one atom in a thousand, like the gate of a moment, for up to twenty.
func portfolio(jobs, atoms int) Problem {
	r := rand.New(rand.NewPCG(3, 4))
	p := Problem{Before: make([][]int, jobs)}
	for j := range jobs {
		p.Jobs = append(p.Jobs, Job{Name: fmt.Sprintf("job-%05d", r.IntN(1<<30)), Effort: int64(500 + r.IntN(60000))})
		for range r.IntN(3) {
			if j > 0 {
				p.Before[j] = append(p.Before[j], max(0, j-1-r.IntN(100)))
			}
		}
	}
	for range atoms {
		a := Atom{Value: int64(r.IntN(200000))}
		near := r.IntN(jobs)
		count := 1 + r.IntN(3)
		if r.IntN(1000) == 0 {
			count = 1 + r.IntN(20)
		}
		for range count {
			a.Jobs = append(a.Jobs, min(jobs-1, near+r.IntN(50)))
		}
		p.Atoms = append(p.Atoms, a)
	}
	return p
}

// moments is like portfolio, with atoms as moments have them: one in 25 is a gate
// that waits for up to twelve jobs, the others wait for one.
func moments(jobs, atoms int) Problem {
	r := rand.New(rand.NewPCG(19, 20))
	p := portfolio(jobs, 0)
	for i := range atoms {
		a := Atom{Value: int64(r.IntN(200000))}
		near, count := r.IntN(jobs), 1
		if i%25 == 0 {
			a.Value *= 10
			count = 2 + r.IntN(11)
		}
		for range count {
			a.Jobs = append(a.Jobs, min(jobs-1, near+r.IntN(50)))
		}
		p.Atoms = append(p.Atoms, a)
	}
	return p
}

// scattered is like portfolio, with atoms over any jobs and long dependencies.
func scattered(jobs, atoms int) Problem {
	r := rand.New(rand.NewPCG(5, 6))
	p := portfolio(jobs, 0)
	for j := range p.Before {
		if j > 0 && r.IntN(2) == 0 {
			p.Before[j] = append(p.Before[j], r.IntN(j))
		}
	}
	for range atoms {
		a := Atom{Value: int64(r.IntN(200000))}
		for range 1 + r.IntN(3) {
			a.Jobs = append(a.Jobs, r.IntN(jobs))
		}
		p.Atoms = append(p.Atoms, a)
	}
	return p
}

// chain is one chain of jobs with atoms all along it.
func chain(jobs, atoms int) Problem {
	p := portfolio(jobs, atoms)
	for j := range p.Before {
		p.Before[j] = nil
		if j > 0 {
			p.Before[j] = []int{j - 1}
		}
	}
	return p
}

// independent jobs do not wait for each other.
func independent(jobs, atoms int) Problem {
	p := portfolio(jobs, atoms)
	p.Before = nil
	return p
}

func BenchmarkSolve(b *testing.B) {
	for _, shape := range []struct {
		name string
		of   func(jobs, atoms int) Problem
	}{
		{"moments", moments},
		{"portfolio", portfolio},
		{"scattered", scattered},
		{"chain", chain},
		{"independent", independent},
	} {
		for _, jobs := range []int{500, 5000} {
			p := shape.of(jobs, 150000)
			b.Run(fmt.Sprintf("%s/jobs=%d", shape.name, jobs), func(b *testing.B) {
				b.ReportAllocs()
				var r Result
				for b.Loop() {
					var err error
					if r, err = Solve(p); err != nil {
						b.Fatal(err)
					}
				}
				largest := 0
				for _, bundle := range r.Bundles {
					largest = max(largest, len(bundle.Jobs))
				}
				b.ReportMetric(float64(len(r.Bundles)), "bundles")
				b.ReportMetric(float64(largest), "largest")
			})
		}
	}
}
