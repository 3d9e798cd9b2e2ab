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
	"math/big"
	"math/bits"
	"slices"
)

// microPoint is the unit in which the weight of a moment is a whole number: three factors of it are percentages.
const microPoint = 1_000_000

// sum is an exact sum of fractions, in micro-points. The requirements of a moment all share one denominator and few
// different ones occur in a portfolio, so adding up by denominator is far cheaper than adding rationals. The zero value is 0.
type sum struct {
	parts []part   // by denominator
	carry *big.Rat // what did not fit in the parts any more
}

// part is numerator / denominator, both not negative.
type part struct{ num, den int64 }

// add adds num/den; den is positive, num is not negative.
func (s *sum) add(num, den int64) {
	if num == 0 {
		return
	}
	at, found := slices.BinarySearchFunc(s.parts, den, func(p part, den int64) int {
		switch {
		case p.den < den:
			return -1
		case p.den > den:
			return 1
		}
		return 0
	})
	if !found {
		s.parts = slices.Insert(s.parts, at, part{num, den})
		return
	}
	p := &s.parts[at]
	if total, overflow := bits.Add64(uint64(p.num), uint64(num), 0); overflow == 0 && total <= 1<<62 {
		p.num = int64(total)
		return
	}
	if s.carry == nil {
		s.carry = new(big.Rat)
	}
	s.carry.Add(s.carry, big.NewRat(p.num, p.den))
	p.num = num
}

// addSum adds another sum.
func (s *sum) addSum(other *sum) {
	for _, p := range other.parts {
		s.add(p.num, p.den)
	}
	if other.carry != nil {
		if s.carry == nil {
			s.carry = new(big.Rat)
		}
		s.carry.Add(s.carry, other.carry)
	}
}

// rat is the sum in micro-points.
func (s *sum) rat() *big.Rat {
	total := new(big.Rat)
	for _, p := range s.parts {
		total.Add(total, big.NewRat(p.num, p.den))
	}
	if s.carry != nil {
		total.Add(total, s.carry)
	}
	return total
}

// points is the sum in whole points, rounded half up.
func (s *sum) points() int64 {
	const fits = 1 << 61 / microPoint
	switch {
	case len(s.parts) == 0 && s.carry == nil:
		return 0
	case len(s.parts) == 1 && s.carry == nil && s.parts[0].den < fits && s.parts[0].num < 1<<60:
		den := s.parts[0].den * microPoint
		return (2*s.parts[0].num + den) / (2 * den)
	}
	return roundHalfUp(s.rat(), microPoint)
}

// percentOf is the part of total that the sum makes up, in percent, rounded down; 0 of nothing.
func (s *sum) percentOf(total *sum) int32 {
	return percentOf(s.rat(), total.rat())
}

// roundHalfUp divides a rational that is not negative by unit and rounds to the nearest whole number, halves up.
func roundHalfUp(value *big.Rat, unit int64) int64 {
	num := new(big.Int).Lsh(value.Num(), 1)
	den := new(big.Int).Mul(value.Denom(), big.NewInt(unit))
	num.Add(num, den)
	return num.Div(num, den.Lsh(den, 1)).Int64()
}

// percentOf is a part of a whole in percent, rounded down; 0 of nothing.
func percentOf(part, whole *big.Rat) int32 {
	if whole.Sign() == 0 {
		return 0
	}
	percent := new(big.Rat).Quo(part, whole)
	percent.Mul(percent, big.NewRat(100, 1))
	return int32(new(big.Int).Div(percent.Num(), percent.Denom()).Int64())
}
