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

package evidence

import (
	"math/big"
	"testing"
	"time"
)

// million is one whole, in millionths.
const million = 1_000_000

func day(text string) int {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return int(at.Unix() / (24 * 60 * 60))
}

// on makes samples of whole numbers, one a day from a day on.
func on(first string, values ...int64) []Sample {
	samples := make([]Sample, len(values))
	for n, value := range values {
		samples[n] = Sample{day(first) + n, value * million}
	}
	return samples
}

func TestMerge(t *testing.T) {
	got := Merge(on("2026-03-02", 1, 2), on("2026-03-01", 10, 11, 12, 13), nil, on("2026-03-04", 20, 21))
	want := on("2026-03-01", 10, 1, 2, 13, 21)
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("sample %d: got %v, want %v", n, got[n], want[n])
		}
	}
}

func TestBetween(t *testing.T) {
	s := Merge(on("2028-02-27", 1, 2, 3, 4)) // to 1 March, over a leap day
	for _, test := range []struct {
		after, until string
		want         int
	}{
		{"2028-02-26", "2028-02-27", 1},
		{"2028-02-27", "2028-02-27", 0},
		{"2028-02-28", "2028-02-29", 1},
		{"2028-02-28", "2028-03-01", 2},
		{"2028-03-01", "2028-12-31", 0},
		{"2028-01-01", "2028-12-31", 4},
		{"2028-12-31", "2028-01-01", 0},
	} {
		if got := s.Between(day(test.after), day(test.until)); len(got) != test.want {
			t.Errorf("after %s until %s: got %v, want %d samples", test.after, test.until, got, test.want)
		}
	}
}

func TestAggregate(t *testing.T) {
	const largest = 1_000_000_000_000*million - 1
	large := make([]Sample, 400)
	for n := range large {
		large[n] = Sample{n, largest}
	}
	for name, test := range map[string]struct {
		by      Aggregation
		samples []Sample
		want    int64
	}{
		"mean":                    {Mean, on("2026-01-01", 1, 2, 6), 3 * million},
		"mean of one":             {Mean, on("2026-01-01", 7), 7 * million},
		"mean, a third":           {Mean, on("2026-01-01", 0, 0, 1), 333_333},
		"mean, two thirds":        {Mean, on("2026-01-01", 0, 1, 1), 666_667},
		"mean, half up":           {Mean, []Sample{{1, 0}, {2, 1}}, 1},
		"mean, half down":         {Mean, []Sample{{1, 0}, {2, -1}}, -1},
		"mean of the largest":     {Mean, large, largest},
		"median of one":           {Median, on("2026-01-01", 7), 7 * million},
		"median of two":           {Median, on("2026-01-01", 9, 2), 5_500_000},
		"median, odd":             {Median, on("2026-01-01", 9, 1, 4), 4 * million},
		"median, even":            {Median, on("2026-01-01", 9, 1, 4, 2), 3 * million},
		"median, half up":         {Median, []Sample{{1, 3}, {2, 4}}, 4},
		"median of the largest":   {Median, large, largest},
		"last":                    {Last, on("2026-01-01", 9, 1, 4), 4 * million},
		"last of one":             {Last, on("2026-01-01", 9), 9 * million},
		"mean, below and above 0": {Mean, on("2026-01-01", -3, 3), 0},
	} {
		if got := Round(Series(test.samples).Aggregate(test.by)); got != test.want {
			t.Errorf("%s: got %d, want %d", name, got, test.want)
		}
	}
	if got := Series(nil).Aggregate(Mean); got != nil {
		t.Errorf("of nothing: got %v", got)
	}
}

func TestRound(t *testing.T) {
	for _, test := range []struct{ num, den, want int64 }{
		{0, 1, 0}, {1, 2, 1}, {-1, 2, -1}, {1, 3, 0}, {-1, 3, 0}, {2, 3, 1}, {-2, 3, -1}, {3, 2, 2}, {-3, 2, -2}, {5, 1, 5}, {-5, 1, -5},
	} {
		if got := Round(big.NewRat(test.num, test.den)); got != test.want {
			t.Errorf("%d/%d: got %d, want %d", test.num, test.den, got, test.want)
		}
	}
}

// The work of these tests is finished on 2026-09-01. With windows of 28 days and 14 days to settle, before is from 5 August to 1 September,
// and after from 16 September to 13 October.
const finished = "2026-09-01"

func measure() Measure { return Measure{WindowDays: 28, SettleDays: 14, MinimumSamples: 3} }

func TestJudge(t *testing.T) {
	ones := on("2026-08-30", 1, 1, 1)
	twos := on("2026-09-16", 2, 2, 2)
	for name, test := range map[string]struct {
		change  func(*Measure)
		work    expectation
		today   string
		samples [][]Sample
		want    Verdict
		// before, after and delta in millionths; none where they cannot be told.
		before, after, delta int64
	}{
		"on the day itself":              {today: finished, want: Settling, before: none, after: none, delta: none},
		"before the day":                 {today: "2026-08-31", want: Settling, samples: [][]Sample{ones}, before: none, after: none, delta: none},
		"last day of settling":           {today: "2026-09-15", want: Settling, samples: [][]Sample{ones, twos}, before: million, after: none, delta: none},
		"first day of measuring":         {today: "2026-09-16", want: Measuring, samples: [][]Sample{ones, twos}, before: million, after: none, delta: none},
		"last day of measuring":          {today: "2026-10-13", want: Measuring, samples: [][]Sample{ones, twos}, before: million, after: none, delta: none},
		"first day after measuring":      {today: "2026-10-14", want: Confirmed, samples: [][]Sample{ones, twos}, before: million, after: 2 * million, delta: million},
		"no days to settle":              {change: func(m *Measure) { m.SettleDays = 0 }, today: "2026-09-02", want: Measuring, samples: [][]Sample{ones}, before: million, after: none, delta: none},
		"nothing measured":               {want: NoBaseline, before: none, after: none, delta: none},
		"nothing measured before":        {samples: [][]Sample{twos}, want: NoBaseline, before: none, after: 2 * million, delta: none},
		"nothing measured after":         {samples: [][]Sample{ones}, want: TooFewSamples, before: million, after: none, delta: none},
		"one too few before":             {samples: [][]Sample{ones[:2], twos}, want: NoBaseline, before: none, after: 2 * million, delta: none},
		"one too few after":              {samples: [][]Sample{ones, twos[:2]}, want: TooFewSamples, before: million, after: none, delta: none},
		"baseline":                       {change: baseline(0), samples: [][]Sample{ones[:2], twos}, want: Confirmed, before: 0, after: 2 * million, delta: 2 * million},
		"baseline not needed":            {change: baseline(0), samples: [][]Sample{ones, twos}, want: Confirmed, before: million, after: 2 * million, delta: million},
		"baseline, nothing after":        {change: baseline(0), samples: [][]Sample{ones}, want: TooFewSamples, before: million, after: none, delta: none},
		"first day before":               {samples: [][]Sample{on("2026-08-05", 1), ones[:2], twos}, want: Confirmed, before: million, after: 2 * million, delta: million},
		"day before the first":           {samples: [][]Sample{on("2026-08-04", 1), ones[:2], twos}, want: NoBaseline, before: none, after: 2 * million, delta: none},
		"day after the last before":      {samples: [][]Sample{ones[:2], on("2026-09-02", 1), twos}, want: NoBaseline, before: none, after: 2 * million, delta: none},
		"last day of settling, a sample": {samples: [][]Sample{ones, on("2026-09-15", 2), twos[:2]}, want: TooFewSamples, before: million, after: none, delta: none},
		"last day after":                 {samples: [][]Sample{ones, twos[:2], on("2026-10-13", 2)}, want: Confirmed, before: million, after: 2 * million, delta: million},
		"day after the last after":       {samples: [][]Sample{ones, twos[:2], on("2026-10-14", 2)}, want: TooFewSamples, before: million, after: none, delta: none},
		"confounded":                     {work: expectation{confounded: true}, samples: [][]Sample{ones, twos}, want: Confounded, before: million, after: 2 * million, delta: million},
		"confounded, nothing after":      {work: expectation{confounded: true}, samples: [][]Sample{ones}, want: TooFewSamples, before: million, after: none, delta: none},
		"expected too much":              {work: expectation{delta: million + 1}, samples: [][]Sample{ones, twos}, want: PartialEffect, before: million, after: 2 * million, delta: million},
		"all noise":                      {change: noise(million), work: expectation{delta: million + 1}, samples: [][]Sample{ones, twos}, want: Refuted, before: million, after: 2 * million, delta: million},
		"just above the noise":           {change: noise(million - 1), work: expectation{delta: million + 1}, samples: [][]Sample{ones, twos}, want: PartialEffect, before: million, after: 2 * million, delta: million},
		"expected less than the noise":   {change: noise(3 * million), work: expectation{delta: million}, samples: [][]Sample{ones, twos}, want: Confirmed, before: million, after: 2 * million, delta: million},
		"nothing changed":                {samples: [][]Sample{ones, on("2026-09-16", 1, 1, 1)}, want: Refuted, before: million, after: million, delta: 0},
		"worse":                          {samples: [][]Sample{ones, on("2026-09-16", 0, 0, 0)}, want: Refuted, before: million, after: 0, delta: -million},
		"fewer is better":                {change: decrease, samples: [][]Sample{ones, on("2026-09-16", 0, 0, 0)}, want: Confirmed, before: million, after: 0, delta: million},
		"more is worse":                  {change: decrease, samples: [][]Sample{ones, twos}, want: Refuted, before: million, after: 2 * million, delta: -million},
		"exact, not rounded": {
			// A third more: 333333.33 millionths are above 333333, and below 333334.
			work: expectation{delta: 333_334}, samples: [][]Sample{ones, on("2026-09-16", 1, 1, 2)},
			want: PartialEffect, before: million, after: 1_333_333, delta: 333_333,
		},
		"exact noise": {
			change: noise(333_333), work: expectation{delta: million}, samples: [][]Sample{ones, on("2026-09-16", 1, 1, 2)},
			want: PartialEffect, before: million, after: 1_333_333, delta: 333_333,
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := measure()
			if test.change != nil {
				test.change(&m)
			}
			expected := test.work.delta
			if expected == 0 {
				expected = million
			}
			today := test.today
			if today == "" {
				today = "2026-12-31"
			}
			got := m.EffectOf(day(finished), day(today), Merge(test.samples...))
			if verdict := m.Judge(&got, expected, test.work.confounded); verdict != test.want {
				t.Errorf("verdict: got %d, want %d", verdict, test.want)
			}
			for what, values := range map[string]struct {
				got  *big.Rat
				want int64
			}{"before": {got.Before, test.before}, "after": {got.After, test.after}, "delta": {got.Delta, test.delta}} {
				if rounded := roundedOr(values.got, none); rounded != values.want {
					t.Errorf("%s: got %d, want %d", what, rounded, values.want)
				}
			}
		})
	}
}

// expectation is what a piece of work should bring, a million where it does not say, and whether other work was finished meanwhile.
type expectation struct {
	delta      int64
	confounded bool
}

// none stands for a value that cannot be told.
const none = -1 << 60

func roundedOr(value *big.Rat, otherwise int64) int64 {
	if value == nil {
		return otherwise
	}
	return Round(value)
}

func decrease(m *Measure) { m.Decrease = true }

func baseline(value int64) func(*Measure) { return func(m *Measure) { m.Baseline = &value } }

func noise(value int64) func(*Measure) { return func(m *Measure) { m.Noise = value } }

// TestJudgeOverALeapDay has windows that begin and end on 29 February.
func TestJudgeOverALeapDay(t *testing.T) {
	m := Measure{WindowDays: 1, SettleDays: 0, MinimumSamples: 1}
	samples := Merge(on("2028-02-28", 100, 1, 2, 100))
	got := m.EffectOf(day("2028-02-29"), day("2028-03-02"), samples)
	if m.Judge(&got, million, false) != Confirmed || Round(got.Before) != million || Round(got.After) != 2*million {
		t.Errorf("finished on a leap day: %+v", got)
	}
	got = m.EffectOf(day("2028-02-28"), day("2028-03-01"), samples)
	if m.Judge(&got, million, false) != Refuted || Round(got.After) != million {
		t.Errorf("measured on a leap day: %+v", got)
	}
}

func TestValueOn(t *testing.T) {
	m := measure()
	s := Merge(on("2026-10-25", 100, 2, 4)) // 25 October is 28 days before 22 November
	if got := m.ValueOn(day("2026-11-22"), s); Round(got) != 3*million {
		t.Errorf("the day before the window counts: %v", got)
	}
	if got := m.ValueOn(day("2026-11-21"), s); Round(got) != 106*million/3 {
		t.Errorf("the first day of the window does not count: %v", got)
	}
	if got := m.ValueOn(day("2026-12-31"), s); got != nil {
		t.Errorf("nothing in the window: %v", got)
	}
}
