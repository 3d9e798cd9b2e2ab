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

package v1alpha1

import (
	"fmt"
	"time"
)

// Date is a calendar day in UTC, written as YYYY-MM-DD, for instance 2027-03-01.
//
// +kubebuilder:validation:Format=date
// +kubebuilder:validation:MinLength=10
// +kubebuilder:validation:MaxLength=10
type Date string

// The first and the last day that a Date can name. Dates compare as texts do. All arithmetic is exact for each day between
// these two, and stops at them: a result of MaxDate means "then or later". Of a text that is not a date, every method gives
// the zero value.
const (
	MinDate = "0000-01-01"
	MaxDate = "9999-12-31"
)

const (
	secondsPerDay = 24 * 60 * 60
	daysPerWeek   = 7
	monthsPerYear = 12
	monthLayout   = "2006-01"

	// More than there are between the ends, so that whoever adds more comes to an end.
	allMonths = 10_000 * monthsPerYear
	allDays   = 10_000 * 366
)

// ParseDate reads a day of the form 2027-03-01. It fails on any other form, and on days that do not exist.
func ParseDate(text string) (Date, error) {
	d := Date(text)
	if _, err := d.parse(); err != nil {
		return "", fmt.Errorf("%q is not a date of the form 2027-03-01: %w", text, err)
	}
	return d, nil
}

// DateOf is the day in UTC that a time falls on.
func DateOf(at time.Time) Date {
	switch year := at.UTC().Year(); {
	case year < 0:
		return MinDate
	case year > 9999:
		return MaxDate
	}
	return Date(at.UTC().Format(time.DateOnly))
}

// DateOfDay is the day with a number, as Day gives it.
func DateOfDay(day int) Date {
	return DateOf(time.Unix(int64(min(max(day, -allDays), allDays))*secondsPerDay, 0))
}

// IsValid tells whether the text is a date. An empty one is not.
func (d Date) IsValid() bool {
	_, err := d.parse()
	return err == nil
}

// Day numbers the days: 1970-01-01 is 0, and the day before it -1.
func (d Date) Day() int {
	at, err := d.parse()
	if err != nil {
		return 0
	}
	return dayOf(at)
}

// DaysUntil is the number of calendar days from this day to another; negative when the other is earlier.
func (d Date) DaysUntil(other Date) int {
	from, to, err := parseBoth(d, other)
	if err != nil {
		return 0
	}
	return dayOf(to) - dayOf(from)
}

// AddDays is the day so many calendar days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date {
	at, err := d.parse()
	if err != nil {
		return ""
	}
	return DateOfDay(dayOf(at) + min(max(n, -allDays), allDays))
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday {
	at, err := d.parse()
	if err != nil {
		return 0
	}
	return at.Weekday()
}

// Monday is the day with which the week of this day begins.
func (d Date) Monday() Date {
	// Sunday is 0, and belongs to the week before.
	return d.AddDays(-((int(d.Weekday()) + daysPerWeek - 1) % daysPerWeek))
}

// Month is the month that the day is in, as 2027-03.
func (d Date) Month() string { return d.Format(monthLayout) }

// MonthsUntil is the number of months from the month of this day to that of another; negative when that is earlier.
func (d Date) MonthsUntil(other Date) int {
	from, to, err := parseBoth(d, other)
	if err != nil {
		return 0
	}
	return (to.Year()-from.Year())*monthsPerYear + int(to.Month()) - int(from.Month())
}

// FirstOfMonth is the first day of the month that is so many months after the one of this day, or before it when n is
// negative.
func (d Date) FirstOfMonth(n int) Date {
	at, err := d.parse()
	if err != nil {
		return ""
	}
	month := at.Month() + time.Month(min(max(n, -allMonths), allMonths))
	return DateOf(time.Date(at.Year(), month, 1, 0, 0, 0, 0, time.UTC))
}

// Format writes the day in a layout of the time package.
func (d Date) Format(layout string) string {
	at, err := d.parse()
	if err != nil {
		return ""
	}
	return at.Format(layout)
}

// Midnight is the time with which the day begins, in UTC.
func (d Date) Midnight() time.Time {
	at, err := d.parse()
	if err != nil {
		return time.Time{}
	}
	return at
}

func (d Date) parse() (time.Time, error) { return time.Parse(time.DateOnly, string(d)) }

// dayOf numbers the day of a midnight. It uses no time.Duration, which ends after 292 years. A midnight is a whole number of
// days from 1970 on, also before it.
func dayOf(midnight time.Time) int { return int(midnight.Unix() / secondsPerDay) }

func parseBoth(a, b Date) (timeA, timeB time.Time, err error) {
	if timeA, err = a.parse(); err != nil {
		return timeA, timeB, err
	}
	timeB, err = b.parse()
	return timeA, timeB, err
}
