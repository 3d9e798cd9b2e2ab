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
	"math"
	"math/big"
	"testing"
)

func TestScore(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		value, effort int64
		want          string
	}{
		{0, 7, "0.00"},
		{1, 200, "0.01"}, // 0.005
		{1, 201, "0.00"},
		{5, 3, "1.67"},
		{2675, 1000, "2.68"},
		{199999, 20000, "10.00"},
		{math.MaxInt64, 1, "9223372036854775807.00"},
		{1, math.MaxInt64, "0.00"},
	} {
		if got := (Bundle{Value: test.value, Effort: test.effort}).Score(); got != test.want {
			t.Errorf("%d over %d: got %s, want %s", test.value, test.effort, got, test.want)
		}
	}
}

func TestPoints(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		share *big.Rat
		want  int64
	}{
		{big.NewRat(0, 1), 0},
		{big.NewRat(1499, 3), 0},
		{big.NewRat(500, 1), 1},
		{big.NewRat(4498, 3), 1},
		{big.NewRat(1500, 1), 2},
		{big.NewRat(math.MaxInt64, 1), 9223372036854776},
	} {
		if got := (Share{exact: test.share}).Points(); got != test.want {
			t.Errorf("%v: got %d, want %d", test.share, got, test.want)
		}
	}
}
