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

package render

import (
	"fmt"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Fill is the character that a bar is made of.
type Fill rune

// The fills and marks of a chart. No meaning hangs on colour alone.
const (
	FillStarted  Fill = '█'
	FillPlanned  Fill = '▒'
	FillProposed Fill = '░'

	MarkToday        = "▼"
	MarkTarget       = "◆"
	MarkTargetBefore = "◀"
	MarkTargetAfter  = "▶"
	MarkWeek         = "·"
	MarkMonth        = "│"
	MarkTruth        = "★"
	// markToday is today in the rows below.
	markToday = "┊"
)

// Fills are the fills of items that are not finished, by their state.
var Fills = map[cxv1alpha1.ItemState]Fill{
	cxv1alpha1.StateInProgress: FillStarted,
	cxv1alpha1.StatePlanned:    FillPlanned,
	cxv1alpha1.StateProposed:   FillProposed,
}

// Bar is a row of a chart. The dates are those of the schedule.
type Bar struct {
	Start, Finish cxv1alpha1.Date
	// Target is empty where there is none.
	Target cxv1alpha1.Date
	Fill   Fill
}

// late tells whether a day of the bar is after its target.
func (b Bar) late(d cxv1alpha1.Date) bool { return b.Target != "" && d > b.Target }

const (
	daysPerWeek = 7
	// minWeeks is the least that a chart shows: a single short item would else fill it.
	minWeeks = 4
)

// Axis divides time into columns. It begins on the Monday of the week of today, since nothing is scheduled before it.
type Axis struct {
	first, today cxv1alpha1.Date
	columns      int
	// So many columns are so many days. Where there is room weeks are whole columns, else columns are whole days.
	perColumns, perDays int
}

// NewAxis fits the bars in so many columns, or a few less. A target that is much later than all work is not fitted in: it would squeeze
// everything else.
func NewAxis(today cxv1alpha1.Date, bars []Bar, columns int) Axis {
	columns = max(columns, 1)
	a := Axis{first: today.Monday(), today: today}
	last := max(today, a.first.AddDays(minWeeks*daysPerWeek-1))
	for _, b := range bars {
		last = max(last, b.Finish)
	}
	last = lastTarget(bars, last, last.AddDays(a.first.DaysUntil(last)/4))
	weeks := a.first.DaysUntil(last)/daysPerWeek + 1
	if each := columns / weeks; each > 1 {
		a.perColumns, a.perDays = min(each, daysPerWeek), daysPerWeek
	} else {
		a.perColumns, a.perDays = 1, ceilDiv(weeks*daysPerWeek, columns)
	}
	a.columns = ceilDiv(weeks*daysPerWeek*a.perColumns, a.perDays)
	return a
}

// lastTarget is the last of the targets up to a limit, or last where that is later.
func lastTarget(bars []Bar, last, limit cxv1alpha1.Date) cxv1alpha1.Date {
	for _, b := range bars {
		if b.Target != "" && b.Target <= limit {
			last = max(last, b.Target)
		}
	}
	return last
}

func ceilDiv(n, by int) int { return (n + by - 1) / by }

// column is where a day lies; below 0 or from a.columns on where it is off the chart.
func (a Axis) column(d cxv1alpha1.Date) int {
	if d < a.first {
		return -1
	}
	return a.first.DaysUntil(d) * a.perColumns / a.perDays
}

// day is the first day of a column.
func (a Axis) day(column int) cxv1alpha1.Date {
	return a.first.AddDays(ceilDiv(column*a.perDays, a.perColumns))
}

// ShowsWeeks tells whether each dot on the ruler begins a week; else there is one a column.
func (a Axis) ShowsWeeks() bool { return a.perDays == daysPerWeek }

// Scale says how wide time is.
func (a Axis) Scale() string {
	switch {
	case a.perColumns == a.perDays:
		return "a column is a day"
	case a.perColumns > 1:
		return fmt.Sprintf("%d columns are a week", a.perColumns)
	case a.perDays == daysPerWeek:
		return "a column is a week"
	case a.perDays%daysPerWeek == 0:
		return fmt.Sprintf("a column is %d weeks", a.perDays/daysPerWeek)
	default:
		return fmt.Sprintf("a column is %d days", a.perDays)
	}
}

// The steps in which months and years are labelled: the first whose labels fit.
var (
	monthSteps = []int{1, 2, 3, 6}
	yearSteps  = []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000}
)

// Years is a line with the years where they begin.
func (a Axis) Years() string {
	return a.labels(yearSteps, 12, "2006")
}

// Months is a line with the months where they begin; empty where they are too many to name.
func (a Axis) Months() string {
	return a.labels(monthSteps, 1, "Jan")
}

// labels writes names of months, or of years as twelve of them, where they begin.
func (a Axis) labels(steps []int, months int, layout string) string {
	const daysPerMonth = 30
	room := len(layout) + 1
	days := a.first.DaysUntil(a.day(a.columns))
	for _, step := range steps {
		if step *= months; step*daysPerMonth*a.columns >= room*days {
			return a.labelsEach(step, layout)
		}
	}
	return ""
}

func (a Axis) labelsEach(months int, layout string) string {
	line := strings.Repeat(" ", a.columns)
	begin := monthNumber(a.first)
	// What the chart begins in the midst of is named as well, where there is room before the next.
	free := 0
	next := begin - begin%months + months
	if len(layout) <= a.columns && a.column(firstOf(next)) > len(layout) {
		line, free = put(line, 0, a.first.Format(layout)), len(layout)+1
	}
	for ; ; next += months {
		at := a.column(firstOf(next))
		if at+len(layout) > a.columns || firstOf(next) >= cxv1alpha1.MaxDate {
			return strings.TrimRight(line, " ")
		}
		if at >= free {
			line, free = put(line, at, firstOf(next).Format(layout)), at+len(layout)+1
		}
	}
}

// monthNumber numbers months from the year 0.
func monthNumber(d cxv1alpha1.Date) int { return cxv1alpha1.Date(cxv1alpha1.MinDate).MonthsUntil(d) }

// firstOf is the first day of a month; the last day that there is where it is too far away.
func firstOf(month int) cxv1alpha1.Date {
	return cxv1alpha1.Date(cxv1alpha1.MinDate).FirstOfMonth(month)
}

// put writes plain text over a line of plain text.
func put(line string, at int, text string) string { return line[:at] + text + line[at+len(text):] }

// Ruler is a line that marks today, the beginnings of months and, where there is room, those of weeks.
func (a Axis) Ruler(s Screen) string {
	cells := a.cells()
	for c := range cells {
		day, next := a.day(c), a.day(c+1)
		switch {
		case c == a.column(a.today):
			cells[c] = cell{MarkToday, styleBold}
		case next.AddDays(-1).Month() > day.AddDays(-1).Month():
			cells[c] = cell{MarkMonth, styleFaint}
		case !a.ShowsWeeks() || c%a.perColumns == 0:
			cells[c] = cell{MarkWeek, styleFaint}
		}
	}
	return s.join(cells)
}

// Bar draws a bar with its target and today.
func (a Axis) Bar(b Bar, s Screen) string {
	cells := a.cells()
	if c := a.column(a.today); c < len(cells) {
		cells[c] = cell{markToday, styleFaint}
	}
	for c := max(0, a.column(b.Start)); c < len(cells) && c <= a.column(b.Finish); c++ {
		cells[c] = cell{string(b.Fill), fillStyles[b.Fill]}
		if b.late(min(a.day(c+1).AddDays(-1), b.Finish)) {
			cells[c].style = styleLate
		}
	}
	if b.Target == "" {
		return s.join(cells)
	}
	style := styleBold
	if b.late(b.Finish) {
		style = styleLate
	}
	switch c := a.column(b.Target); {
	case c < 0:
		cells[0] = cell{MarkTargetBefore, style}
	case c >= len(cells):
		cells[len(cells)-1] = cell{MarkTargetAfter, style}
	default:
		cells[c] = cell{MarkTarget, style}
	}
	return s.join(cells)
}

func (a Axis) cells() []cell {
	cells := make([]cell, a.columns)
	for c := range cells {
		cells[c].text = " "
	}
	return cells
}
