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

package v1alpha1_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "github.com/journeyops/journey-operator/api/v1alpha1"
)

func TestDateParts(t *testing.T) {
	for _, want := range []struct {
		date, monday, month string
		day                 int
		weekday             time.Weekday
	}{
		{"1970-01-01", "1969-12-29", "1970-01", 0, time.Thursday},
		{"1969-12-31", "1969-12-29", "1969-12", -1, time.Wednesday},
		{"2000-02-29", "2000-02-28", "2000-02", 11016, time.Tuesday},
		{"2027-03-01", "2027-03-01", "2027-03", 20878, time.Monday},
		{"2027-03-07", "2027-03-01", "2027-03", 20884, time.Sunday},
		{"0000-01-01", "0000-01-01", "0000-01", -719528, time.Saturday},
		{"0001-01-01", "0001-01-01", "0001-01", -719162, time.Monday},
		{"9999-12-31", "9999-12-27", "9999-12", 2932896, time.Friday},
	} {
		d, err := ParseDate(want.date)
		if err != nil {
			t.Fatal(err)
		}
		if d.Day() != want.day || d.Weekday() != want.weekday || d.Month() != want.month || string(d.Monday()) != want.monday {
			t.Errorf("%s is day %d, a %s of %s in the week of %s; want day %d, a %s of %s in the week of %s", d,
				d.Day(), d.Weekday(), d.Month(), d.Monday(), want.day, want.weekday, want.month, want.monday)
		}
		if got := DateOfDay(want.day); got != d {
			t.Errorf("day %d is %s, want %s", want.day, got, d)
		}
		if got := d.Format("2 Jan 2006"); got != d.Midnight().Format("2 Jan 2006") {
			t.Errorf("%s is formatted as %s", d, got)
		}
	}
}

// notDates are texts that no method may take for a day.
var notDates = []string{
	"", "2027", "2027-03", "2027-3-1", "2027-02-29", "2100-02-29", "2027-13-01", "2027-00-10", "2027-04-31",
	"2027-03-01T00:00:00Z", " 2027-03-01", "2027-03-01 ", "10000-01-01", "-001-01-01", "01-03-2027", "2027/03/01",
}

func TestNotADate(t *testing.T) {
	const good Date = "2027-03-01"
	for _, text := range notDates {
		if d, err := ParseDate(text); err == nil {
			t.Errorf("ParseDate(%q) = %s, want an error", text, d)
		}
		d := Date(text)
		if d.IsValid() || d.Day() != 0 || d.DaysUntil(good) != 0 || good.DaysUntil(d) != 0 || d.AddDays(1) != "" ||
			d.Weekday() != time.Sunday || d.Monday() != "" || d.Month() != "" || d.MonthsUntil(good) != 0 || good.MonthsUntil(d) != 0 ||
			d.FirstOfMonth(0) != "" || d.Format("2006") != "" || !d.Midnight().IsZero() {
			t.Errorf("%q counts as a day", text)
		}
	}
}

func TestDateOf(t *testing.T) {
	amsterdam := time.FixedZone("", 2*60*60)
	for _, test := range []struct {
		at   time.Time
		want Date
	}{
		{time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), "2027-03-01"},
		{time.Date(2027, 3, 1, 23, 59, 59, 999999999, time.UTC), "2027-03-01"},
		{time.Date(2027, 3, 1, 1, 59, 59, 0, amsterdam), "2027-02-28"},
		{time.Date(1969, 12, 31, 23, 0, 0, 0, time.UTC), "1969-12-31"},
		{time.Date(10000, 1, 1, 1, 0, 0, 0, amsterdam), "9999-12-31"},
		{time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC), MaxDate},
		{time.Date(-20000, 1, 1, 0, 0, 0, 0, time.UTC), MinDate},
	} {
		if got := DateOf(test.at); got != test.want {
			t.Errorf("DateOf(%s) = %s, want %s", test.at, got, test.want)
		}
	}
}

// TestDaysAreExact counts over more years than a time.Duration can hold.
func TestDaysAreExact(t *testing.T) {
	for _, test := range []struct {
		from, to Date
		want     int
	}{
		{"2026-11-22", "2319-03-04", 106752},
		{"2026-11-22", "9999-12-31", 2912117},
		{"9999-12-31", "2026-11-22", -2912117},
		{"0001-01-01", "9999-12-31", 3652058},
		{"2028-02-28", "2028-03-01", 2},
		{"2100-02-28", "2100-03-01", 1},
	} {
		if got := test.from.DaysUntil(test.to); got != test.want {
			t.Errorf("from %s to %s there are %d days, want %d", test.from, test.to, got, test.want)
		}
	}
}

func TestArithmeticStopsAtTheEnds(t *testing.T) {
	const d Date = "2028-02-28"
	for n, want := range map[int]Date{
		0: d, 1: "2028-02-29", 2: "2028-03-01", 366: "2029-02-28", -59: "2027-12-31",
		math.MaxInt: MaxDate, math.MinInt: MinDate, math.MaxInt32: MaxDate,
	} {
		if got := d.AddDays(n); got != want {
			t.Errorf("%s.AddDays(%d) = %s, want %s", d, n, got, want)
		}
	}
	for n, want := range map[int]Date{
		0: "2028-02-01", 1: "2028-03-01", 11: "2029-01-01", -2: "2027-12-01", 95662: "9999-12-01", 95663: MaxDate,
		math.MaxInt: MaxDate, math.MinInt: MinDate,
	} {
		if got := d.FirstOfMonth(n); got != want {
			t.Errorf("%s.FirstOfMonth(%d) = %s, want %s", d, n, got, want)
		}
	}
	for n, want := range map[int]Date{math.MaxInt: MaxDate, math.MinInt: MinDate, 2932897: MaxDate, -719529: MinDate} {
		if got := DateOfDay(n); got != want {
			t.Errorf("DateOfDay(%d) = %s, want %s", n, got, want)
		}
	}
}

func drawDate(t *rapid.T, label string) Date {
	return Date(MinDate).AddDays(rapid.IntRange(0, Date(MinDate).DaysUntil(MaxDate)).Draw(t, label))
}

// TestDatesAgreeWithWalking checks against the calendar of the standard library, walked day by day.
func TestDatesAgreeWithWalking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := drawDate(t, "from")
		at, err := time.Parse(time.DateOnly, string(from))
		if err != nil {
			t.Fatal(err)
		}
		year, month := at.Year(), at.Month()
		for n := range 800 {
			walked := at.AddDate(0, 0, n)
			if walked.Year() > 9999 {
				break
			}
			to := Date(walked.Format(time.DateOnly))
			months := (walked.Year()-year)*12 + int(walked.Month()-month)
			if from.AddDays(n) != to || to.AddDays(-n) != from || from.DaysUntil(to) != n || to.DaysUntil(from) != -n ||
				to.Weekday() != walked.Weekday() || from.MonthsUntil(to) != months || to.Month() != walked.Format("2006-01") ||
				string(from.FirstOfMonth(months)) != walked.Format("2006-01")+"-01" {
				t.Fatalf("%d days after %s it is %s, and not %s", n, from, from.AddDays(n), to)
			}
		}
	})
}

// TestDatesAddUp holds over any distance.
func TestDatesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawDate(t, "a"), drawDate(t, "b"), drawDate(t, "c")
		days := a.DaysUntil(b)
		if a.AddDays(days) != b || days+b.DaysUntil(c) != a.DaysUntil(c) || a.MonthsUntil(b)+b.MonthsUntil(c) != a.MonthsUntil(c) {
			t.Fatalf("%s, %s and %s do not add up", a, b, c)
		}
		if a < b != (days > 0) || DateOfDay(a.Day()) != a {
			t.Fatalf("%s and %s are not in order", a, b)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, text := range append(notDates, "2027-03-01", "2028-02-29", MinDate, MaxDate) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := ParseDate(text); err == nil && (DateOfDay(d.Day()) != Date(text) || d < MinDate || d > MaxDate) {
			t.Errorf("%q is day %d, %s", text, d.Day(), d)
		}
	})
}
