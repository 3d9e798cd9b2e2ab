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
	"math/big"
	"math/bits"
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

// reduceAtoms leaves in each atom only the jobs that are not before another of
// its jobs: those say when it is complete. It returns for each atom the number of
// jobs in its closure.
func (in *instance) reduceAtoms() []int32 {
	redundant := make(map[int][]int32) // per atom
	for closures := range in.eachBlock() {
		for a, atom := range in.atoms {
			for _, i := range atom.jobs {
				if bit := i - closures.First; bit >= 0 && bit < digraph.Width && impliedByAnother(i, bit, atom.jobs, closures) {
					redundant[a] = append(redundant[a], i)
				}
			}
		}
	}
	for a, jobs := range redundant {
		in.atoms[a].jobs = slices.DeleteFunc(in.atoms[a].jobs, func(j int32) bool {
			return slices.Contains(jobs, j)
		})
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

// impliedByAnother says whether another of the jobs has job in its closure, in
// which it is the bit given.
func impliedByAnother(job, bit int32, jobs []int32, closures *digraph.Closures) bool {
	for _, j := range jobs {
		if j != job && closures.Of(j).Has(bit) {
			return true
		}
	}
	return false
}

// shapleyValue returns for each job its share in the value of all atoms, in
// thousandths of a point (Shapley 1953). An atom needs its whole closure, so that
// each job of the closure has the same part in it: these are the unanimity games.
func (in *instance) shapleyValue(closureSize []int32) []*big.Rat {
	groups := groupBySize(closureSize)
	// All shares are kept over one denominator and reduced at the end.
	denominator := big.NewInt(1)
	for _, g := range groups {
		denominator = leastCommonMultiple(denominator, big.NewInt(g.denominator))
	}
	numerator := make([]big.Int, len(in.effort))

	sum := make([]uint128, digraph.Width) // over the denominator of a group, per job of the block
	for closures := range in.eachBlock() {
		for _, g := range groups {
			for _, a := range g.atoms {
				set := union(closures, in.atoms[a].jobs)
				addToMembers(sum, &set, product(in.atoms[a].value, g.denominator/int64(closureSize[a])))
			}
			var factor, term big.Int
			factor.Quo(denominator, big.NewInt(g.denominator))
			for i, s := range sum {
				if !s.isZero() {
					sum[i] = uint128{}
					n := &numerator[int(closures.First)+i]
					n.Add(n, term.Mul(&factor, s.big()))
				}
			}
		}
	}

	share := make([]*big.Rat, len(numerator))
	for j := range numerator {
		share[j] = new(big.Rat).SetFrac(&numerator[j], denominator)
	}
	return share
}

// sizeGroup holds the atoms of some closure sizes, all of which divide the
// denominator.
type sizeGroup struct {
	atoms       []int32
	denominator int64
}

// groupBySize puts atoms with near closure sizes together, as many as have a
// common denominator that fits an int64.
func groupBySize(closureSize []int32) []sizeGroup {
	var bySize [][]int32
	for a, size := range closureSize {
		for int(size) >= len(bySize) {
			bySize = append(bySize, nil)
		}
		bySize[size] = append(bySize[size], int32(a))
	}
	var groups []sizeGroup
	for size, atoms := range bySize {
		if len(atoms) == 0 {
			continue
		}
		if last := len(groups) - 1; last >= 0 {
			g := &groups[last]
			common := leastCommonMultiple(big.NewInt(g.denominator), big.NewInt(int64(size)))
			if common.IsInt64() {
				g.atoms = append(g.atoms, atoms...)
				g.denominator = common.Int64()
				continue
			}
		}
		groups = append(groups, sizeGroup{atoms: atoms, denominator: int64(size)})
	}
	return groups
}

// addToMembers adds value to the sum of each member of the set.
func addToMembers(sum []uint128, set *digraph.Set, value uint128) {
	for w, word := range set {
		for ; word != 0; word &= word - 1 {
			s := &sum[w*64+bits.TrailingZeros64(word)]
			*s = s.add(value)
		}
	}
}

// leastCommonMultiple returns the least common multiple of two positive numbers.
func leastCommonMultiple(a, b *big.Int) *big.Int {
	var multiple, divisor big.Int
	divisor.GCD(nil, nil, a, b)
	return multiple.Mul(a, divisor.Quo(b, &divisor))
}
