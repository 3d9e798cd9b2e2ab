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

package portfolio

import (
	"iter"
	"math/bits"
)

// bitset is a set of small numbers.
type bitset []uint64

const wordBits = 64

func newBitset(size int) bitset { return make(bitset, (size+wordBits-1)/wordBits) }

func (b bitset) add(n int) { b[n/wordBits] |= 1 << (n % wordBits) }

// union adds all of other, which has the same size.
func (b bitset) union(other bitset) {
	for i, word := range other {
		b[i] |= word
	}
}

// all yields the numbers from low to high.
func (b bitset) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range b {
			for ; word != 0; word &= word - 1 {
				if !yield(i*wordBits + bits.TrailingZeros64(word)) {
					return
				}
			}
		}
	}
}
