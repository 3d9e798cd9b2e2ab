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
	"testing"

	"pgregory.net/rapid"
)

// separateChains is a problem of chains without ties between them: the value of each
// atom is all that matters.
func separateChains(lengths ...int) (p Problem, last []int) {
	for _, length := range lengths {
		for at := range length {
			n := len(p.Jobs)
			p.Jobs = append(p.Jobs, Job{Name: fmt.Sprintf("job-%05d", n), Effort: 1})
			p.Before = append(p.Before, nil)
			if at > 0 {
				p.Before[n] = []int{n - 1}
			}
		}
		last = append(last, len(p.Jobs)-1)
	}
	return p, last
}

// primes have a product that does not fit an int64, so that shares over them
// are not computed as fractions.
var primes = []int{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59}

// TestSharesRoundExactly: given shares on the edge between two points, and just
// beside it, when they are rounded down in between, then points and floats are
// still those of the fraction.
func TestSharesRoundExactly(t *testing.T) {
	p, last := separateChains(primes...)
	values := make([]int64, len(primes))
	for n, prime := range primes {
		beside := []int64{0, -1, 1, 7}[n%4]
		values[n] = 500*int64(1+n%5)*int64(prime) + beside
	}
	for n, job := range last {
		p.Atoms = append(p.Atoms, Atom{Value: values[n], Jobs: []int{job}})
	}
	// A third and a sixth, each rounded down, are a half.
	longest := len(primes) - 1
	firstJob := last[longest] - primes[longest] + 1
	p.Atoms[longest] = Atom{Value: 1000, Jobs: []int{firstJob + 2}}
	p.Atoms = append(p.Atoms, Atom{Value: 1000, Jobs: []int{firstJob + 5}})
	r := solve(t, p)
	for n, job := range last[:longest] {
		want := big.NewRat(values[n], int64(primes[n]))
		share := r.Share[job]
		if share.Rat().Cmp(want) != 0 {
			t.Errorf("the share of %d is %v, want %v", n, share.Rat(), want)
		}
		if share.exact != nil {
			t.Errorf("the share of %d is a fraction from the start", n)
		}
		checkRounding(t, share)
	}
	first := r.Share[firstJob]
	if want := big.NewRat(500, 1); first.Rat().Cmp(want) != 0 || first.Points() != 1 || first.Float64() != 0.5 {
		t.Errorf("a third and a sixth are %v, %d points, %v", first.Rat(), first.Points(), first.Float64())
	}
}

func checkRounding(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, share Share,
) {
	t.Helper()
	exact := Share{exact: share.Rat()}
	if share.Points() != exact.Points() || share.Float64() != exact.Float64() {
		t.Fatalf("share %v is %d points, %v, want %d, %v", share.Rat(), share.Points(), share.Float64(), exact.Points(), exact.Float64())
	}
}

// TestSharesAreThoseOfFractions gives many atoms to chains of large sizes.
func TestSharesAreThoseOfFractions(t *testing.T) {
	p, _ := separateChains(primes...)
	rapid.Check(t, func(t *rapid.T) {
		p := p
		p.Atoms = nil
		total := new(big.Rat)
		for range rapid.IntRange(1, 30).Draw(t, "atoms") {
			a := Atom{Value: rapid.Int64Range(0, 1<<40).Draw(t, "value")}
			for range rapid.IntRange(1, 3).Draw(t, "jobs") {
				a.Jobs = append(a.Jobs, rapid.IntRange(0, len(p.Jobs)-1).Draw(t, "job"))
			}
			p.Atoms = append(p.Atoms, a)
			total.Add(total, big.NewRat(a.Value, 1))
		}
		shares, err := Shares(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, share := range shares {
			total.Sub(total, share.Rat())
			checkRounding(t, share)
		}
		if total.Sign() != 0 {
			t.Fatalf("shares are off by %v", total)
		}
	})
}
