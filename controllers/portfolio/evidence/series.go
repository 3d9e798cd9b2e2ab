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

// Package evidence tells what measured values say: of a metric on a day, and of what a finished piece of work brought. It takes numbers and
// days and returns numbers, in exact arithmetic, and knows nothing of Kubernetes.
package evidence

import (
	"cmp"
	"math/big"
	"slices"
	"sort"
)

// Sample is a value that was measured on a day. Days are counted from any day on, values are in millionths.
type Sample struct {
	Day   int
	Value int64
}

// Series holds samples in the order of their days, at most one a day.
type Series []Sample

// Merge makes one series of several lists of samples. Of several samples of a day the first counts.
func Merge(lists ...[]Sample) Series {
	all := Series(slices.Concat(lists...))
	slices.SortStableFunc(all, func(a, b Sample) int { return cmp.Compare(a.Day, b.Day) })
	return slices.CompactFunc(all, func(a, b Sample) bool { return a.Day == b.Day })
}

// Between returns the samples after one day, up to and with another.
func (s Series) Between(after, until int) Series {
	from, to := s.upTo(after), s.upTo(until)
	return s[from:max(from, to)]
}

// Until returns the samples up to and with a day.
func (s Series) Until(day int) Series { return s[:s.upTo(day)] }

// upTo is the number of samples up to and with a day.
func (s Series) upTo(day int) int {
	return sort.Search(len(s), func(n int) bool { return s[n].Day > day })
}

// Aggregation makes one value of a series.
type Aggregation int

const (
	// Mean is the sum of the values over their number.
	Mean Aggregation = iota
	// Median is the value in the middle, or the mean of the two in the middle.
	Median
	// Last is the newest value.
	Last
)

// Aggregate makes one value of the series, exactly; nil where the series is empty.
func (s Series) Aggregate(by Aggregation) *big.Rat {
	if len(s) == 0 {
		return nil
	}
	switch by {
	case Last:
		return meanOf(s[len(s)-1:])
	case Median:
		sorted := slices.Clone(s)
		slices.SortFunc(sorted, func(a, b Sample) int { return cmp.Compare(a.Value, b.Value) })
		return meanOf(sorted[(len(s)-1)/2 : len(s)/2+1])
	default:
		return meanOf(s)
	}
}

// meanOf adds in a big number: a few values are more than 64 bits hold.
func meanOf(samples []Sample) *big.Rat {
	var sum, value big.Int
	for _, sample := range samples {
		sum.Add(&sum, value.SetInt64(sample.Value))
	}
	return new(big.Rat).SetFrac(&sum, big.NewInt(int64(len(samples))))
}

// Round rounds to a whole number, halves away from zero. Values and their differences are small enough for the result to fit.
func Round(value *big.Rat) int64 {
	// (2|num| + den) / (2 den), and then the sign.
	num := new(big.Int).Abs(value.Num())
	num.Add(num.Lsh(num, 1), value.Denom())
	num.Quo(num, new(big.Int).Lsh(value.Denom(), 1))
	if value.Sign() < 0 {
		num.Neg(num)
	}
	return num.Int64()
}
