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

package schedule

import (
	"fmt"
	"time"
)

// dateLayout is RFC 3339's full-date, the form of `format: date`.
const dateLayout = "2006-01-02"

// Date is a calendar day, in days since 1970-01-01 (UTC), so days compare and
// subtract as numbers. The zero Date is 1970-01-01.
type Date int32

// The days that four-digit years can name. Arithmetic stops at them instead of
// running past: a date that prints as 9999-12-31 means "then or later".
const (
	MinDate Date = -719528 // 0000-01-01
	MaxDate Date = 2932896 // 9999-12-31
)

// ParseDate reads a day of the form 2027-03-01. It fails on any other form and
// on days that do not exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date of the form 2027-03-01: %w", s, err)
	}
	return DateOf(t), nil
}

// DateOf is the UTC day that t falls on.
func DateOf(t time.Time) Date {
	return clampDate(floorDiv(t.Unix(), 24*60*60))
}

// String is the day as 2027-03-01.
func (d Date) String() string {
	return d.midnight().Format(dateLayout)
}

// Month is the day's month as 2027-03.
func (d Date) Month() string {
	return d.midnight().Format("2006-01")
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday {
	return time.Weekday(floorMod(int64(d)-firstSunday, 7))
}

// AddDays is the day n calendar days later, or earlier when n is negative. It
// stops at MinDate and MaxDate.
func (d Date) AddDays(n int) Date {
	return clampDate(saturatingAdd(int64(d), int64(n)))
}

func (d Date) midnight() time.Time {
	return time.Unix(int64(d)*24*60*60, 0).UTC()
}

func clampDate(days int64) Date {
	return Date(min(max(days, int64(MinDate)), int64(MaxDate)))
}

// saturatingAdd is a+n for an a that is far from the ends of int64.
func saturatingAdd(a, n int64) int64 {
	const limit = 1 << 62
	return a + min(max(n, -limit), limit)
}

// floorDiv and floorMod divide by a positive b and round down, also below zero.
func floorDiv(a, b int64) int64 {
	return (a - floorMod(a, b)) / b
}

func floorMod(a, b int64) int64 {
	return ((a % b) + b) % b
}
