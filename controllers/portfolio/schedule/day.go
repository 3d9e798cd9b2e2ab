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

import "time"

// Day is a calendar day, in days since 1970-01-01, so days compare and subtract
// as numbers. The zero Day is 1970-01-01, a Thursday.
type Day int32

// The days that four-digit years can name. Arithmetic stops at them instead of
// running past: MaxDay means "then or later".
const (
	MinDay Day = -719528 // 0000-01-01
	MaxDay Day = 2932896 // 9999-12-31
)

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday {
	return time.Weekday(floorMod(int64(d)-firstSunday, 7))
}

// String is the day as 2027-03-01, for messages.
func (d Day) String() string {
	return time.Unix(int64(d)*24*60*60, 0).UTC().Format(time.DateOnly)
}

// AddDays is the day n calendar days later, or earlier when n is negative. It
// stops at MinDay and MaxDay.
func (d Day) AddDays(n int) Day {
	return clampDay(saturatingAdd(int64(d), int64(n)))
}

func clampDay(days int64) Day {
	return Day(min(max(days, int64(MinDay)), int64(MaxDay)))
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
