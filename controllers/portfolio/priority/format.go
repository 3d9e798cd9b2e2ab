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
)

// Score returns the ratio of the bundle's value to its effort, in points per day,
// with two decimals rounded half up. The effort has to be above 0, as it is in
// every bundle of a Result.
func (b Bundle) Score() string {
	hundredths := new(big.Rat).SetFrac64(b.Value, b.Effort)
	hundredths.Mul(hundredths, big.NewRat(100, 1))
	return new(big.Rat).SetFrac(roundHalfUp(hundredths), big.NewInt(100)).FloatString(2)
}

// roundHalfUp returns the whole number closest to x, which is not negative, and
// the upper of two that are equally close.
func roundHalfUp(x *big.Rat) *big.Int {
	y := new(big.Rat).Add(x, big.NewRat(1, 2))
	return new(big.Int).Quo(y.Num(), y.Denom())
}
