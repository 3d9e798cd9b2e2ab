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
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/journeyops/journey-operator/controllers/portfolio/digraph"
)

// names returns the names of jobs.
func names(p Problem, jobs []int) []string {
	var names []string
	for _, j := range jobs {
		names = append(names, p.Jobs[j].Name)
	}
	return names
}

func solve(t testing.TB, p Problem) Result {
	t.Helper()
	r, err := Solve(p)
	if err != nil {
		t.Fatalf("%v\n%+v", err, p)
	}
	return r
}

// Without precedence and with one atom a job, the order is by value over effort
// (Smith 1956), and jobs of equal ratio are one bundle.
func TestSmithsRule(t *testing.T) {
	t.Parallel()
	p := Problem{
		Jobs: []Job{{"low", 10}, {"high", 2}, {"even", 4}, {"idle", 1}, {"again", 8}},
		Atoms: []Atom{
			{Value: 10, Jobs: []int{0}},
			{Value: 20, Jobs: []int{1}},
			{Value: 12, Jobs: []int{2}},
			{Value: 24, Jobs: []int{4}},
		},
	}
	r := solve(t, p)
	var got []string
	for _, b := range r.Bundles {
		got = append(got, strings.Join(names(p, b.Jobs), "+")+" "+b.Score())
	}
	want := []string{"high 10.00", "again+even 3.00", "low 1.00", "idle 0.00"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The example of 1|chains|sum wC in M. Pinedo, Scheduling: Theory, Algorithms, and
// Systems, section 3.1: the chains 1-2-3-4 and 5-6-7.
func TestPublishedChains(t *testing.T) {
	t.Parallel()
	p := Problem{Before: [][]int{nil, {0}, {1}, {2}, nil, {4}, {5}}}
	for j, weight := range []int64{6, 18, 12, 8, 8, 17, 18} {
		effort := []int64{3, 6, 6, 5, 4, 8, 10}[j]
		p.Jobs = append(p.Jobs, Job{Name: string(rune('1' + j)), Effort: effort})
		p.Atoms = append(p.Atoms, Atom{Value: weight, Jobs: []int{j}})
	}
	r := solve(t, p)
	var got []string
	for _, b := range r.Bundles {
		got = append(got, strings.Join(names(p, b.Jobs), "")+" "+b.Score())
	}
	want := []string{"12 2.67", "56 2.08", "3 2.00", "7 1.80", "4 1.60"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// An enabler has the rank of what it makes possible.
func TestEnablerInheritsRank(t *testing.T) {
	t.Parallel()
	p := Problem{
		Jobs:   []Job{{"platform", 10}, {"app", 10}, {"tweak", 10}},
		Atoms:  []Atom{{Value: 60, Jobs: []int{1}}, {Value: 20, Jobs: []int{2}}},
		Before: [][]int{nil, {0}, nil},
	}
	r := solve(t, p)
	if want := []int{1, 2, 3}; !slices.Equal(r.Rank, want) {
		t.Errorf("got ranks %v, want %v", r.Rank, want)
	}
	if want := []int{1, 1, 2}; !slices.Equal(r.Bundle, want) {
		t.Errorf("got bundles %v, want %v", r.Bundle, want)
	}
	for j, want := range []*big.Rat{big.NewRat(30, 1), big.NewRat(30, 1), big.NewRat(20, 1)} {
		if r.Share[j].Rat().Cmp(want) != 0 {
			t.Errorf("%s has a share of %v, want %v", p.Jobs[j].Name, r.Share[j].Rat(), want)
		}
	}
}

// Closures that are larger than what is looked at in one go count in full.
func TestSharesOfLargeClosures(t *testing.T) {
	t.Parallel()
	const n = 2*digraph.Width + 100
	p := Problem{Jobs: make([]Job, n), Before: make([][]int, n)}
	chain := rand.New(rand.NewPCG(21, 22)).Perm(n) // names do not follow the chain
	for at, j := range chain {
		p.Jobs[j] = Job{Name: fmt.Sprintf("job-%04d", j), Effort: 1}
		if at > 0 {
			p.Before[j] = []int{chain[at-1]}
		}
	}
	p.Atoms = []Atom{
		{Value: 1000, Jobs: []int{chain[0], chain[n-1]}}, // all jobs
		{Value: 1, Jobs: []int{chain[n/2-1], chain[5]}},  // the first half
	}
	r := solve(t, p)
	for at, j := range chain {
		want := big.NewRat(1000, n)
		if at < n/2 {
			want.Add(want, big.NewRat(1, n/2))
		}
		if r.Rank[j] != at+1 || r.Share[j].Rat().Cmp(want) != 0 {
			t.Fatalf("job %d of the chain has rank %d and share %v, want share %v", at, r.Rank[j], r.Share[j].Rat(), want)
		}
	}
}

func TestSolveNothing(t *testing.T) {
	t.Parallel()
	r := solve(t, Problem{})
	if len(r.Bundles)+len(r.Bundle)+len(r.Rank)+len(r.Share) != 0 {
		t.Errorf("got %+v, want nothing", r)
	}
}

// Jobs without value are the last bundle, all of them together.
func TestSolveWithoutValue(t *testing.T) {
	t.Parallel()
	p := Problem{
		Jobs:   []Job{{"c", 1}, {"a", 2}, {"b", 3}},
		Atoms:  []Atom{{Value: 0, Jobs: []int{0}}},
		Before: [][]int{nil, {0}, nil},
	}
	r := solve(t, p)
	if len(r.Bundles) != 1 || !slices.Equal(names(p, r.Bundles[0].Jobs), []string{"b", "c", "a"}) {
		t.Errorf("got %+v, want one bundle of b, c, a", r.Bundles)
	}
}

func TestSolveInvalid(t *testing.T) {
	t.Parallel()
	job := func(name string) Job { return Job{Name: name, Effort: 1} }
	two := []Job{job("a"), job("b")}
	for _, test := range []struct {
		name    string
		problem Problem
		want    string
	}{
		{"no effort", Problem{Jobs: []Job{{"a", 0}}}, `job "a" has an effort of 0, which is not above 0`},
		{"negative effort", Problem{Jobs: []Job{{"a", -1}}}, `job "a" has an effort of -1, which is not above 0`},
		{"same name", Problem{Jobs: []Job{job("a"), job("b"), job("a")}}, `more than one job is named "a"`},
		{"efforts overflow", Problem{Jobs: []Job{job("a"), {"b", math.MaxInt64}}}, `the efforts of all jobs add up to more than 9223372036854775807`},
		{"negative value", Problem{Jobs: two, Atoms: []Atom{{Value: -1, Jobs: []int{0}}}}, `atom 0 has a value of -1, which is below 0`},
		{"atom without jobs", Problem{Jobs: two, Atoms: []Atom{{Value: 1}}}, `atom 0 waits for no job`},
		{"atom's job too high", Problem{Jobs: two, Atoms: []Atom{{Value: 1, Jobs: []int{0, 2}}}}, `atom 0: job index 2 is not among the 2 jobs`},
		{"worthless atom's job negative", Problem{Jobs: two, Atoms: []Atom{{Jobs: []int{-1}}}}, `atom 0: job index -1 is not among the 2 jobs`},
		{
			"values overflow",
			Problem{Jobs: two, Atoms: []Atom{{Value: math.MaxInt64, Jobs: []int{0}}, {Value: 1, Jobs: []int{1}}}},
			`the values of all atoms add up to more than 9223372036854775807`,
		},
		{"predecessors of some", Problem{Jobs: two, Before: [][]int{nil}}, `predecessors are given for 1 jobs of 2`},
		{"predecessor too high", Problem{Jobs: two, Before: [][]int{nil, {2}}}, `job "b": predecessor index 2 is not among the 2 jobs`},
		{"predecessor negative", Problem{Jobs: two, Before: [][]int{{-1}, nil}}, `job "a": predecessor index -1 is not among the 2 jobs`},
		{"waits for itself", Problem{Jobs: two, Before: [][]int{nil, {1}}}, `jobs wait for each other in a cycle: "b"`},
		{
			"cycle",
			Problem{Jobs: []Job{job("d"), job("c"), job("b"), job("a")}, Before: [][]int{{1}, {2, 3}, {0}, nil}},
			`jobs wait for each other in a cycle: "b", "c", "d"`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := Solve(test.problem); err == nil || err.Error() != test.want {
				t.Errorf("got error %v, want %s", err, test.want)
			}
		})
	}
}

// Ratios that differ by one part in 2^62 are told apart, and equal ones are not.
func TestSolveAtTheLimits(t *testing.T) {
	t.Parallel()
	const half = math.MaxInt64 / 2
	for value, want := range map[int64][]int{
		half - 2: {1, 2},
		half - 1: {1, 1},
		half:     {1, 1},
	} {
		r := solve(t, Problem{
			Jobs:  []Job{{"a", half}, {"b", half - 1}},
			Atoms: []Atom{{Value: half, Jobs: []int{0}}, {Value: value, Jobs: []int{0, 1}}},
		})
		if !slices.Equal(r.Bundle, want) {
			t.Errorf("with value %d: got bundles %v, want %v", value, r.Bundle, want)
		}
	}
}
