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

package timeaxis

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

func TestFit(t *testing.T) {
	for _, test := range []struct {
		given       string
		today       cxv1alpha1.Date
		work        []Work
		first, last cxv1alpha1.Date
	}{
		{"no work", "2026-11-25", nil, "2026-11-23", "2026-12-20"},
		{"a Sunday", "2026-11-22", nil, "2026-11-16", "2026-12-13"},
		{"longer work", "2026-11-23", []Work{{Finish: "2027-03-02"}, {Finish: "2027-01-01"}}, "2026-11-23", "2027-03-02"},
		{"a target within a quarter of that", "2026-11-23", []Work{{Finish: "2027-03-03", Target: "2027-03-28"}}, "2026-11-23", "2027-03-28"},
		{"a target beyond it", "2026-11-23", []Work{{Finish: "2027-03-03", Target: "2027-03-29"}}, "2026-11-23", "2027-03-03"},
		{"a target that is past", "2026-11-23", []Work{{Finish: "2026-12-01", Target: "2020-01-01"}}, "2026-11-23", "2026-12-20"},
		{"what is no date", "2026-11-23", []Work{{Finish: "9 o'clock", Target: "soon"}}, "2026-11-23", "2026-12-20"},
		{"the end of time", "9999-12-31", []Work{{Finish: cxv1alpha1.MaxDate}}, "9999-12-27", "9999-12-31"},
	} {
		if first, last := Fit(test.today, 4, test.work); first != test.first || last != test.last {
			t.Errorf("given %s: %s to %s, want %s to %s", test.given, first, last, test.first, test.last)
		}
	}
}

func TestMonths(t *testing.T) {
	axis := New("2026-11-23", "2027-06-01", 1, 1)
	for _, test := range []struct {
		name string
		got  []Tick
		want []Tick
	}{
		{"of 3 from its first day", slices.Collect(axis.Months(3)), []Tick{
			{"2026-11-01", "2027-02-01"}, {"2027-02-01", "2027-05-01"}, {"2027-05-01", "2027-08-01"},
		}},
		{"quarters", slices.Collect(axis.CalendarMonths(3)), []Tick{
			{"2026-10-01", "2027-01-01"}, {"2027-01-01", "2027-04-01"}, {"2027-04-01", "2027-07-01"},
		}},
		{"years", slices.Collect(axis.CalendarMonths(12)), []Tick{{"2026-01-01", "2027-01-01"}, {"2027-01-01", "2028-01-01"}}},
	} {
		if !slices.Equal(test.got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, test.got, test.want)
		}
	}
}

// TestPositions checks that positions grow with the days, and that Day returns the first day with a position.
func TestPositions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(1, 400).Draw(t, "days")
		first := cxv1alpha1.Date("2026-11-23").AddDays(rapid.IntRange(-5000, 5000).Draw(t, "first"))
		axis := New(first, first.AddDays(days), rapid.IntRange(1, 2000).Draw(t, "units"), rapid.IntRange(1, 400).Draw(t, "of days"))
		if axis.Position(first) != 0 || axis.Position(first.AddDays(-1)) >= 0 {
			t.Fatalf("the first day is at %d, the one before at %d", axis.Position(first), axis.Position(first.AddDays(-1)))
		}
		for day := range days {
			d := first.AddDays(day)
			at := axis.Position(d)
			if at > axis.Position(d.AddDays(1)) {
				t.Fatalf("%s is behind the day after", d)
			}
			if begin := axis.Day(at); begin > d || axis.Position(begin) < at {
				t.Fatalf("%s is at %d, which begins on %s", d, at, begin)
			}
		}
	})
}
