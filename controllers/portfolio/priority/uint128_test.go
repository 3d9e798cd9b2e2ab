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
	"math/rand/v2"
	"testing"
)

func TestUint128(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 10))
	random := func() int64 { return r.Int64() >> r.IntN(63) }
	for range 10000 {
		a, b, c, d := random(), random(), 1+random()>>1, 1+random()>>1
		x, y := product(a, b), product(c, d)
		bigX := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		bigY := new(big.Int).Mul(big.NewInt(c), big.NewInt(d))
		if x.big().Cmp(bigX) != 0 || x.less(y) != (bigX.Cmp(bigY) < 0) {
			t.Fatal(a, b, c, d)
		}
		sum := x.add(y)
		if sum.big().Cmp(bigX.Add(bigX, bigY)) != 0 || sum.sub(y) != x {
			t.Fatal(a, b, c, d)
		}
		if got, want := compareRatios(a, c, b, d), big.NewRat(a, c).Cmp(big.NewRat(b, d)); got != want {
			t.Fatal(a, b, c, d)
		}
	}
}
