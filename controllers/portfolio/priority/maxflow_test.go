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
	"math/rand/v2"
	"testing"
)

// The closure is the largest of the highest total weight, of all sets.
func TestLargestMaximumClosure(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(17, 18))
	var net network // used again and again, as it is meant to be
	for range 5000 {
		n := 1 + r.IntN(9)
		net.reset(n)
		weight := make([]int64, n)
		needs := make([]uint, n)
		for node := range n {
			gain, loss := int64(r.IntN(8)), int64(r.IntN(8))
			weight[node] = gain - loss
			net.setWeight(int32(node), product(gain, 1), product(loss, 1))
			for range r.IntN(3) {
				needed := r.IntN(n) // cycles are fine
				needs[node] |= 1 << needed
				net.require(int32(node), int32(needed))
			}
		}
		best, highest := uint(0), int64(0)
		for set := range uint(1 << n) {
			total, closed := int64(0), true
			for node := range n {
				if set>>node&1 == 1 {
					total += weight[node]
					closed = closed && needs[node]&^set == 0
				}
			}
			if closed && (total > highest || total == highest && bits.OnesCount(set) > bits.OnesCount(best)) {
				best, highest = set, total
			}
		}
		got := uint(0)
		for node, in := range net.largestMaximumClosure() {
			if in {
				got |= 1 << node
			}
		}
		if got != best {
			t.Fatalf("got %b, want %b: weights %v, needs %b", got, best, weight, needs)
		}
	}
}
