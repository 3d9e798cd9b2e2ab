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

// Package timeaxis places days along a line. A terminal measures the line in columns, a picture in pixels.
package timeaxis

import (
	"iter"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

const daysPerWeek = 7

// Work is what an axis has room for. Dates may be empty.
type Work struct{ Finish, Target cxv1alpha1.Date }

// Fit returns the first and the last day of a chart. It begins on the Monday of the week of today, since nothing is scheduled before,
// and has so many weeks at least. It ends with the last work, or with a target that is at most a quarter of the chart later: a target
// far away would squeeze everything else.
func Fit(today cxv1alpha1.Date, weeks int, all []Work) (first, last cxv1alpha1.Date) {
	first = today.Monday()
	last = first.AddDays(weeks*daysPerWeek - 1)
	for _, w := range all {
		if w.Finish.IsValid() {
			last = max(last, w.Finish)
		}
	}
	limit := last.AddDays(first.DaysUntil(last) / 4)
	for _, w := range all {
		if w.Target.IsValid() && w.Target <= limit {
			last = max(last, w.Target)
		}
	}
	return first, last
}

// Axis is a line on which so many units are so many days. It ends before End.
type Axis struct {
	First, End cxv1alpha1.Date

	units, days int
}

// New returns the axis of some days.
func New(first, end cxv1alpha1.Date, units, days int) Axis {
	return Axis{First: first, End: end, units: units, days: max(days, 1)}
}

// Position is where a day begins; below 0 when it is before the axis.
func (a Axis) Position(d cxv1alpha1.Date) int {
	length := a.First.DaysUntil(d) * a.units
	if length < 0 {
		length -= a.days - 1 // Go rounds towards 0.
	}
	return length / a.days
}

// Day is the first day at a position.
func (a Axis) Day(position int) cxv1alpha1.Date {
	return a.First.AddDays(CeilDiv(position*a.days, a.units))
}

// Days is how long the axis is.
func (a Axis) Days() int { return a.First.DaysUntil(a.End) }

// Tick is a part of an axis. It begins with a month, and ends before another.
type Tick struct{ From, To cxv1alpha1.Date }

// Months divides the axis into parts of so many months, beginning with the month of its first day.
func (a Axis) Months(each int) iter.Seq[Tick] { return a.ticks(0, each) }

// CalendarMonths divides the axis into parts of so many months as a calendar does, so that a part of 3 is a quarter and one of 12 is a
// year.
func (a Axis) CalendarMonths(each int) iter.Seq[Tick] {
	return a.ticks(-(monthNumber(a.First) % each), each)
}

func (a Axis) ticks(month, each int) iter.Seq[Tick] {
	return func(yield func(Tick) bool) {
		for ; a.First.FirstOfMonth(month) < a.End; month += each {
			if !yield(Tick{a.First.FirstOfMonth(month), a.First.FirstOfMonth(month + each)}) {
				return
			}
		}
	}
}

// monthNumber numbers months from January of the year 0.
func monthNumber(d cxv1alpha1.Date) int { return cxv1alpha1.Date(cxv1alpha1.MinDate).MonthsUntil(d) }

// CeilDiv divides and rounds up.
func CeilDiv(n, by int) int { return (n + by - 1) / by }
