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
	"math/big"
	"math/bits"
)

// uint128 is an exact non-negative number below 2^128. Products of a value and
// an effort need it: both may be as large as an int64.
type uint128 struct{ hi, lo uint64 }

// infinite is above every sum of products of a value and an effort, which stay
// below 2^126, and far enough below 2^128 for one such sum to be added to it.
var infinite = uint128{hi: 1 << 63}

// product returns a*b. Neither may be negative.
func product(a, b int64) uint128 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return uint128{hi, lo}
}

func (x uint128) add(y uint128) uint128 {
	lo, carry := bits.Add64(x.lo, y.lo, 0)
	hi, _ := bits.Add64(x.hi, y.hi, carry)
	return uint128{hi, lo}
}

// sub returns x-y. y may not be above x.
func (x uint128) sub(y uint128) uint128 {
	lo, borrow := bits.Sub64(x.lo, y.lo, 0)
	hi, _ := bits.Sub64(x.hi, y.hi, borrow)
	return uint128{hi, lo}
}

func (x uint128) compare(y uint128) int {
	return cmp.Or(cmp.Compare(x.hi, y.hi), cmp.Compare(x.lo, y.lo))
}

func (x uint128) less(y uint128) bool {
	return x.hi < y.hi || x.hi == y.hi && x.lo < y.lo
}

func (x uint128) big() *big.Int {
	n := new(big.Int).SetUint64(x.hi)
	return n.Or(n.Lsh(n, 64), new(big.Int).SetUint64(x.lo))
}

func (x uint128) isZero() bool { return x.hi|x.lo == 0 }

func minimum(x, y uint128) uint128 {
	if y.less(x) {
		return y
	}
	return x
}

// compareRatios compares a/b with c/d: -1 below, 0 equal, +1 above. The
// denominators are positive, the numerators not negative.
func compareRatios(a, b, c, d int64) int {
	left, right := product(a, d), product(c, b)
	switch {
	case left.less(right):
		return -1
	case right.less(left):
		return 1
	}
	return 0
}
