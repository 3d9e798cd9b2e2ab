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

package schedule_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "github.com/journeyops/journey-operator/controllers/portfolio/schedule"
)

var (
	mondayToFriday = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	everyDay       = append([]time.Weekday{time.Sunday, time.Saturday}, mondayToFriday...)
)

// day is the date that s names.
func day(t testing.TB, s string) Day {
	t.Helper()
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return Day(at.Unix() / (24 * 60 * 60))
}

func calendar(t testing.TB, workdays []time.Weekday, holidays ...string) Calendar {
	t.Helper()
	var days []Day
	for _, h := range holidays {
		days = append(days, day(t, h))
	}
	c, err := NewCalendar(workdays, days)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDay(t *testing.T) {
	for _, tc := range []struct {
		text    string
		want    Day
		weekday time.Weekday
	}{
		{"1970-01-01", 0, time.Thursday},
		{"1969-12-31", -1, time.Wednesday},
		{"2000-02-29", 11016, time.Tuesday},
		{"2027-03-01", 20878, time.Monday},
		{"0000-01-01", MinDay, time.Saturday},
		{"9999-12-31", MaxDay, time.Friday},
	} {
		if d := day(t, tc.text); d != tc.want || d.String() != tc.text || d.Weekday() != tc.weekday {
			t.Errorf("%s: got %d %s %s, want %d %s", tc.text, d, d, d.Weekday(), tc.want, tc.weekday)
		}
	}
}

func TestAddDaysStopsAtTheEnds(t *testing.T) {
	d := day(t, "2028-02-28")
	for n, want := range map[int]string{
		1: "2028-02-29", 2: "2028-03-01", 366: "2029-02-28", -59: "2027-12-31",
		math.MaxInt: "9999-12-31", math.MinInt: "0000-01-01",
	} {
		if got := d.AddDays(n).String(); got != want {
			t.Errorf("%s.AddDays(%d) = %s, want %s", d, n, got, want)
		}
	}
}

func TestNewCalendarRefuses(t *testing.T) {
	for name, workdays := range map[string][]time.Weekday{
		"no workday":          nil,
		"weekday too large":   {time.Monday, 7},
		"weekday below zero":  {time.Monday, -1},
		"weekday out of sane": {math.MaxInt},
	} {
		if _, err := NewCalendar(workdays, nil); err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}

func TestCalendar(t *testing.T) {
	christmas := calendar(t, mondayToFriday, "2026-12-25", "2026-12-26", "2027-01-01", "2026-12-25")
	for _, tc := range []struct {
		name             string
		calendar         Calendar
		from             string
		workday          bool
		onOrAfter, next  string
		plusFive, minus1 string
	}{
		{"across a year, holidays on a weekend and twice", christmas, "2026-12-24", true, "2026-12-24", "2026-12-28", "2027-01-04", "2026-12-23"},
		{"on a holiday", christmas, "2026-12-25", false, "2026-12-28", "2026-12-28", "2027-01-05", "2026-12-24"},
		{"on a weekend", christmas, "2026-12-27", false, "2026-12-28", "2026-12-28", "2027-01-05", "2026-12-24"},
		{"leap day is a workday", calendar(t, mondayToFriday), "2028-02-28", true, "2028-02-28", "2028-02-29", "2028-03-06", "2028-02-25"},
		{"leap day is a holiday", calendar(t, mondayToFriday, "2028-02-29"), "2028-02-28", true, "2028-02-28", "2028-03-01", "2028-03-07", "2028-02-25"},
		{"every day", calendar(t, everyDay), "2028-02-26", true, "2028-02-26", "2028-02-27", "2028-03-02", "2028-02-25"},
		{"Fridays only", calendar(t, []time.Weekday{time.Friday}), "2027-03-01", false, "2027-03-05", "2027-03-05", "2027-04-09", "2027-02-26"},
		{"holidays before 1970", calendar(t, mondayToFriday, "1969-12-25", "1970-01-01"), "1969-12-24", true, "1969-12-24", "1969-12-26", "1970-01-02", "1969-12-23"},
		{"at the end of time", calendar(t, mondayToFriday), "9999-12-30", true, "9999-12-30", "9999-12-31", "9999-12-31", "9999-12-29"},
		{"beyond the end of time", calendar(t, []time.Weekday{time.Monday}), "9999-12-30", false, "9999-12-31", "9999-12-31", "9999-12-31", "9999-12-27"},
	} {
		d := day(t, tc.from)
		if got := tc.calendar.IsWorkday(d); got != tc.workday {
			t.Errorf("%s: IsWorkday(%s) = %t", tc.name, d, got)
		}
		for call, got := range map[string][2]string{
			"OnOrAfter": {tc.calendar.OnOrAfter(d).String(), tc.onOrAfter},
			"Next":      {tc.calendar.Next(d).String(), tc.next},
			"Add 5":     {tc.calendar.Add(d, 5).String(), tc.plusFive},
			"Add -1":    {tc.calendar.Add(d, -1).String(), tc.minus1},
			"Add max":   {tc.calendar.Add(d, math.MaxInt).String(), "9999-12-31"},
			"Add min":   {tc.calendar.Add(d, math.MinInt).String(), "0000-01-01"},
		} {
			if got[0] != got[1] {
				t.Errorf("%s: %s from %s is %s, want %s", tc.name, call, d, got[0], got[1])
			}
		}
	}
}

func TestHolidaysForYears(t *testing.T) {
	var holidays []Day
	for d := day(t, "2027-01-01"); d <= day(t, "2036-12-31"); d++ {
		holidays = append(holidays, d)
	}
	c, err := NewCalendar(mondayToFriday, holidays)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Add(day(t, "2026-12-31"), 1).String(); got != "2037-01-01" {
		t.Errorf("the workday after ten years off is %s, want 2037-01-01", got)
	}
}

func TestZeroCalendarLeavesDaysAlone(t *testing.T) {
	d := day(t, "2027-03-01")
	if got := (Calendar{}).Add(d, 3); got != d {
		t.Errorf("Add is %s, want %s", got, d)
	}
}

// TestCalendarAgreesWithWalking checks the workday arithmetic against walking
// from day to day with the standard library's dates.
func TestCalendarAgreesWithWalking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		walk := drawWalker(t)
		c := walk.calendar(t)
		from := walk.today.AddDays(rapid.IntRange(-200, 200).Draw(t, "from"))
		if got, want := c.IsWorkday(from), walk.works(from); got != want {
			t.Fatalf("IsWorkday(%s) = %t, want %t", from, got, want)
		}
		d := walk.onOrAfter(from)
		if got := c.OnOrAfter(from); got != d {
			t.Fatalf("OnOrAfter(%s) = %s, want %s", from, got, d)
		}
		if got, want := c.Next(from), walk.onOrAfter(from+1); got != want {
			t.Fatalf("Next(%s) = %s, want %s", from, got, want)
		}
		back := d
		for n := range 100 {
			if got := c.Add(from, n); got != d {
				t.Fatalf("Add(%s, %d) = %s, want %s", from, n, got, d)
			}
			if got := c.Add(from, -n); got != back {
				t.Fatalf("Add(%s, %d) = %s, want %s", from, -n, got, back)
			}
			d, back = walk.onOrAfter(d+1), walk.onOrBefore(back-1)
		}
	})
}
