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

// Package timeaxis gives days their positions on a line. The unit is a column on a terminal, and a pixel in a picture.
package timeaxis

import (
	"iter"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

const daysPerWeek = 7

// Work is the dates of one piece of work. They may be empty.
type Work struct{ Finish, Target cxv1alpha1.Date }

// Fit returns the first and the last day of a chart. The first day is the Monday of the week of today, since nothing is scheduled before
// today. The chart has at least so many weeks. It ends with the last work, or with a later target. But a target later by more than a quarter
// of the chart does not count: it would leave too little room for all else.
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

// Axis is a line with a scale: so many units are so many days. End is the day after its last day.
type Axis struct {
	First, End cxv1alpha1.Date

	units, days int
}

// New returns the axis from first up to, but without, end.
func New(first, end cxv1alpha1.Date, units, days int) Axis {
	return Axis{First: first, End: end, units: units, days: max(days, 1)}
}

// Position is the unit in which a day begins. It is negative for days before the axis.
func (a Axis) Position(d cxv1alpha1.Date) int {
	length := a.First.DaysUntil(d) * a.units
	if length < 0 {
		length -= a.days - 1 // Go rounds towards 0; this rounds down.
	}
	return length / a.days
}

// Day is the first day in the unit at a position.
func (a Axis) Day(position int) cxv1alpha1.Date {
	return a.First.AddDays(CeilDiv(position*a.days, a.units))
}

// Days is the length of the axis in days.
func (a Axis) Days() int { return a.First.DaysUntil(a.End) }

// Tick is a part of an axis. From is the first day of a month. To is the first day of the month after it.
type Tick struct{ From, To cxv1alpha1.Date }

// Months divides the axis into parts of so many months, beginning with the month of its first day.
func (a Axis) Months(each int) iter.Seq[Tick] { return a.ticks(0, each) }

// CalendarMonths divides the axis into parts of so many months, counted from January. So parts of 3 months are quarters, and parts of 12
// months are years.
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

// monthNumber is the number of a month. It counts from the first month that a Date can hold.
func monthNumber(d cxv1alpha1.Date) int { return cxv1alpha1.Date(cxv1alpha1.MinDate).MonthsUntil(d) }

// CeilDiv divides and rounds up.
func CeilDiv(n, by int) int { return (n + by - 1) / by }
