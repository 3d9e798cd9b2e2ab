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
	"math/big"
	"math/bits"
	"slices"

	"github.com/journeyops/journey-operator/controllers/portfolio/digraph"
)

// Share is a job's share in the value of atoms. It is exact.
type Share struct {
	exact *big.Rat // nil when it is left to be computed
	sums  *shareSums
	job   int32
}

// shareSums are the shares of all jobs, rounded down.
//
// Written as a fraction, a share can have a denominator with as many digits as
// there are jobs: all of them together take the square of the jobs. So sums
// are in 2^-64 thousandths of a point. They are too low by less than one of those
// for each atom, which hardly ever matters; where it does, the fraction is
// computed.
type shareSums struct {
	low     []uint128     // per job
	after   digraph.Graph // per job: its direct successors
	atomsOf digraph.Graph // per job: the atoms that wait for it
	value   []int64       // per atom
	size    []int32       // per atom: the number of jobs in its closure
}

// Points returns the share in whole points, rounded half up.
func (s Share) Points() int64 {
	if s.sums != nil {
		low, high := s.bounds()
		if points := low.wholePoints(); points == high.wholePoints() {
			return points
		}
	}
	points := new(big.Rat).Mul(s.Rat(), big.NewRat(1, 1000))
	return roundHalfUp(points).Int64()
}

// wholePoints rounds 2^-64 thousandths of a point to whole points, half up.
func (x uint128) wholePoints() int64 { return int64((x.hi + 500) / 1000) }

// Float64 returns the share in points, as the nearest number that there is.
func (s Share) Float64() float64 {
	nearest := func(thousandths *big.Rat) float64 {
		points, _ := thousandths.Quo(thousandths, big.NewRat(1000, 1)).Float64()
		return points
	}
	if s.sums != nil {
		low, high := s.bounds()
		unit := new(big.Int).Lsh(big.NewInt(1), 64)
		points := nearest(new(big.Rat).SetFrac(low.big(), unit))
		if points == nearest(new(big.Rat).SetFrac(high.big(), unit)) {
			return points
		}
	}
	return nearest(new(big.Rat).Set(s.Rat()))
}

// bounds are what the share is at least and at most.
func (s Share) bounds() (low, high uint128) {
	low = s.sums.low[s.job]
	return low, low.add(uint128{lo: uint64(len(s.sums.value))})
}

// Rat returns the share in thousandths of a point.
func (s Share) Rat() *big.Rat {
	if s.exact != nil {
		return s.exact
	}
	share := new(big.Rat)
	for size, value := range s.sums.bySize(s.job) {
		share.Add(share, big.NewRat(value, int64(size)))
	}
	return share
}

// bySize sums up the values of the atoms that need a job, by the sizes of their
// closures.
func (s *shareSums) bySize(job int32) map[int32]int64 {
	values := make(map[int32]int64)
	counted := make(map[int32]bool) // atoms
	seen := map[int32]bool{job: true}
	for queue := []int32{job}; len(queue) > 0; queue = queue[1:] {
		for _, a := range s.atomsOf[queue[0]] {
			if !counted[a] {
				counted[a] = true
				values[s.size[a]] += s.value[a]
			}
		}
		for _, j := range s.after[queue[0]] {
			if !seen[j] {
				seen[j] = true
				queue = append(queue, j)
			}
		}
	}
	return values
}

// shapleyValue returns for each job its share in the value of all atoms
// (Shapley 1953). An atom needs its whole closure, so that each job of the
// closure has the same part in it: these are the unanimity games.
func (in *instance) shapleyValue(closureSize []int32) []Share {
	shares := make([]Share, len(in.effort))
	if denominator, fits := commonDenominator(closureSize); fits {
		sums := in.sumParts(func(a int) uint128 { return product(in.atoms[a].value, denominator/int64(closureSize[a])) })
		den := big.NewInt(denominator)
		for j, sum := range sums {
			shares[j].exact = new(big.Rat).SetFrac(sum.big(), den)
		}
		return shares
	}
	jobsOf, value := make(digraph.Graph, len(in.atoms)), make([]int64, len(in.atoms))
	for a, atom := range in.atoms {
		jobsOf[a], value[a] = atom.jobs, atom.value
	}
	sums := &shareSums{
		low: in.sumParts(func(a int) uint128 { return quotient(in.atoms[a].value, closureSize[a]) }),
		// Both are copies, since the atoms are taken apart later.
		after: in.before.Inverse(len(in.effort)), atomsOf: jobsOf.Inverse(len(in.effort)),
		value: value, size: closureSize,
	}
	for j := range shares {
		shares[j] = Share{sums: sums, job: int32(j)}
	}
	return shares
}

// sumParts returns for each job the sum over the atoms that need it of what an
// atom gives to each.
func (in *instance) sumParts(partOf func(a int) uint128) []uint128 {
	parts := make([]uint128, len(in.atoms))
	for a := range parts {
		parts[a] = partOf(a)
	}
	sums := make([]uint128, len(in.effort))
	for closures := range in.eachBlock() {
		for a, atom := range in.atoms {
			set := union(closures, atom.jobs)
			addToMembers(sums[closures.First:], &set, parts[a])
		}
	}
	return sums
}

// addToMembers adds value to the sum of each member of the set.
func addToMembers(sums []uint128, set *digraph.Set, value uint128) {
	for w, word := range set {
		for ; word != 0; word &= word - 1 {
			s := &sums[w*64+bits.TrailingZeros64(word)]
			*s = s.add(value)
		}
	}
}

// quotient returns value/size in units of 2^-64, rounded down.
func quotient(value int64, size int32) uint128 {
	hi, rest := uint64(value)/uint64(size), uint64(value)%uint64(size)
	lo, _ := bits.Div64(rest, 0, uint64(size))
	return uint128{hi, lo}
}

// commonDenominator returns the least common multiple of sizes, if it fits.
func commonDenominator(sizes []int32) (denominator int64, fits bool) {
	multiple := big.NewInt(1)
	for _, size := range slices.Compact(slices.Sorted(slices.Values(sizes))) {
		multiple = leastCommonMultiple(multiple, big.NewInt(int64(size)))
		if !multiple.IsInt64() {
			return 0, false
		}
	}
	return multiple.Int64(), true
}

// leastCommonMultiple returns the least common multiple of two positive numbers.
func leastCommonMultiple(a, b *big.Int) *big.Int {
	var multiple, divisor big.Int
	divisor.GCD(nil, nil, a, b)
	return multiple.Mul(a, divisor.Quo(b, &divisor))
}
