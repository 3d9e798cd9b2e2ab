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

	"pgregory.net/rapid"
)

// drawProblem draws a problem of up to 40 jobs.
func drawProblem(t *rapid.T) Problem {
	seed := rapid.Uint64().Draw(t, "seed")
	jobs := rapid.IntRange(1, 40).Draw(t, "jobs")
	return randomProblem(rand.New(rand.NewPCG(11, seed)), jobs)
}

// drawJob draws the index of a job of p.
func drawJob(t *rapid.T, p Problem, label string) int {
	return rapid.IntRange(0, len(p.Jobs)-1).Draw(t, label)
}

// clone returns a copy of p that can be changed in one place.
func clone(p Problem) Problem {
	return Problem{Jobs: slices.Clone(p.Jobs), Atoms: slices.Clone(p.Atoms), Before: slices.Clone(p.Before)}
}

// scores returns the score of each job, exactly.
func scores(r Result) []*big.Rat {
	scores := make([]*big.Rat, len(r.Bundle))
	for j, b := range r.Bundle {
		scores[j] = big.NewRat(r.Bundles[b-1].Value, r.Bundles[b-1].Effort)
	}
	return scores
}

func mustSolve(t *rapid.T, p Problem) Result {
	r, err := Solve(p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Ranks number the jobs, keep the order between them and the order of bundles;
// bundles add up, and their ratio falls strictly.
func TestOrderIsConsistent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		r := mustSolve(t, p)
		rank, value, effort := 0, int64(0), int64(0)
		for i, b := range r.Bundles {
			for _, j := range b.Jobs {
				if rank++; r.Rank[j] != rank || r.Bundle[j] != i+1 {
					t.Fatalf("job %d has rank %d and bundle %d, want %d and %d", j, r.Rank[j], r.Bundle[j], rank, i+1)
				}
				effort += p.Jobs[j].Effort
			}
			value += b.Value
			effort -= b.Effort
			if i > 0 && compareRatios(b.Value, b.Effort, r.Bundles[i-1].Value, r.Bundles[i-1].Effort) >= 0 {
				t.Fatalf("bundle %d is not below the one before it", i+1)
			}
		}
		for _, a := range p.Atoms {
			value -= a.Value
		}
		if rank != len(p.Jobs) || value != 0 || effort != 0 {
			t.Fatalf("%d jobs of %d, value off by %d, effort off by %d", rank, len(p.Jobs), value, effort)
		}
		for j, before := range p.Before {
			for _, i := range before {
				if r.Rank[i] >= r.Rank[j] {
					t.Fatalf("job %d comes before job %d but has rank %d after %d", i, j, r.Rank[i], r.Rank[j])
				}
			}
		}
	})
}

// The shares add up to the value of all atoms, exactly.
func TestSharesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		sum := new(big.Rat)
		for _, share := range mustSolve(t, p).Share {
			sum.Add(sum, share.Rat())
		}
		for _, a := range p.Atoms {
			sum.Sub(sum, big.NewRat(a.Value, 1))
		}
		if sum.Sign() != 0 {
			t.Fatalf("shares are off by %v", sum)
		}
	})
}

// The order of the input does not matter.
func TestInputOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		n := len(p.Jobs)
		r := rand.New(rand.NewPCG(12, rapid.Uint64().Draw(t, "shuffle")))
		to := r.Perm(n)
		move := func(jobs []int) []int {
			var moved []int
			for _, i := range r.Perm(len(jobs)) {
				moved = append(moved, to[jobs[i]])
			}
			return moved
		}
		q := Problem{Jobs: make([]Job, n), Before: make([][]int, n)}
		for j := range p.Jobs {
			q.Jobs[to[j]] = p.Jobs[j]
			q.Before[to[j]] = move(p.Before[j])
		}
		for _, a := range r.Perm(len(p.Atoms)) {
			q.Atoms = append(q.Atoms, Atom{Value: p.Atoms[a].Value, Jobs: move(p.Atoms[a].Jobs)})
		}
		got, want := mustSolve(t, q), mustSolve(t, p)
		for j := range p.Jobs {
			if got.Rank[to[j]] != want.Rank[j] || got.Bundle[to[j]] != want.Bundle[j] ||
				got.Share[to[j]].Rat().Cmp(want.Share[j].Rat()) != 0 {
				t.Fatalf("job %s differs", p.Jobs[j].Name)
			}
		}
	})
}

// A job that shares no atom and no order with others does not change their score.
func TestUnrelatedJobDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		q := clone(p)
		q.Jobs = append(q.Jobs, Job{Name: "an unrelated job", Effort: rapid.Int64Range(1, 1000).Draw(t, "effort")})
		q.Before = append(q.Before, nil)
		q.Atoms = append(q.Atoms, Atom{Value: rapid.Int64Range(0, 1000).Draw(t, "value"), Jobs: []int{len(p.Jobs)}})
		was, is := scores(mustSolve(t, p)), scores(mustSolve(t, q))
		for j := range was {
			if is[j].Cmp(was[j]) != 0 {
				t.Fatalf("the score of job %d goes from %v to %v", j, was[j], is[j])
			}
		}
	})
}

// A job's score is the highest price of effort at which it is in the largest
// closure that is worth most. More value, or less effort, makes larger closures
// better: whoever's it is, nobody's score falls.
func TestMoreValueLowersNoScore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		q := clone(p)
		q.Atoms = append(q.Atoms, Atom{
			Value: rapid.Int64Range(1, 1000).Draw(t, "value"),
			Jobs:  []int{drawJob(t, p, "job"), drawJob(t, p, "other")},
		})
		was, is := scores(mustSolve(t, p)), scores(mustSolve(t, q))
		for j := range was {
			if is[j].Cmp(was[j]) < 0 {
				t.Fatalf("the score of job %d falls from %v to %v", j, was[j], is[j])
			}
		}
	})
}

// More effort of a job raises nobody's score.
func TestMoreEffortRaisesNoScore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		q := clone(p)
		q.Jobs[drawJob(t, p, "job")].Effort += rapid.Int64Range(1, 1000).Draw(t, "effort")
		was, is := scores(mustSolve(t, p)), scores(mustSolve(t, q))
		for j := range was {
			if is[j].Cmp(was[j]) > 0 {
				t.Fatalf("the score of job %d rises from %v to %v", j, was[j], is[j])
			}
		}
	})
}

// A new dependency never raises the score of the job that waits, and never lowers
// that of the job that it waits for.
func TestDependencyHandsScoreDown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		before := mustSolve(t, p)
		first, second := drawJob(t, p, "job"), drawJob(t, p, "other")
		if before.Rank[first] > before.Rank[second] {
			first, second = second, first
		}
		if first == second {
			t.Skip("a job cannot wait for itself")
		}
		q := clone(p)
		q.Before[second] = append(slices.Clone(q.Before[second]), first)
		was, is := scores(before), scores(mustSolve(t, q))
		if is[second].Cmp(was[second]) > 0 || is[first].Cmp(was[first]) < 0 {
			t.Fatalf("the first goes from %v to %v, the second from %v to %v", was[first], is[first], was[second], is[second])
		}
	})
}

// FuzzSolve solves any problem, valid or not, that a few bytes say.
func FuzzSolve(f *testing.F) {
	f.Add([]byte{3, 1, 2, 3, 0, 1, 1, 0, 2, 9, 0, 2, 5, 1})
	f.Add([]byte{2, 1, 1, 0, 1, 1, 0, 4, 0})
	f.Add([]byte{1, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		next := func() int {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return int(int8(b))
		}
		n := next() & 7
		p := Problem{Before: make([][]int, n)}
		for j := range n {
			p.Jobs = append(p.Jobs, Job{Name: fmt.Sprint(next() % 32), Effort: int64(next())})
			for range next() & 3 {
				p.Before[j] = append(p.Before[j], next())
			}
		}
		for len(data) > 0 {
			a := Atom{Value: int64(next())}
			for range next() & 3 {
				a.Jobs = append(a.Jobs, next())
			}
			p.Atoms = append(p.Atoms, a)
		}
		if r, err := Solve(p); err == nil {
			newOracle(p).check(t, r)
		}
	})
}
