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

package terminal

import (
	"fmt"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/timeaxis"
)

// Fill is the character that a bar is made of.
type Fill rune

// The fills and marks of a chart. They differ in shape, so that a chart can be read without colours.
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
	// markToday marks today in the rows of the items.
	markToday = "┊"
)

// Fills are the fills of unfinished items, by state.
var Fills = map[cxv1alpha1.ItemState]Fill{
	cxv1alpha1.StateInProgress: FillStarted,
	cxv1alpha1.StatePlanned:    FillPlanned,
	cxv1alpha1.StateProposed:   FillProposed,
}

// Bar is a row of a chart. Its dates come from the schedule.
type Bar struct {
	Start, Finish cxv1alpha1.Date
	// Target is empty if there is none.
	Target cxv1alpha1.Date
	Fill   Fill
}

// late tells whether a day of the bar is after its target.
func (b Bar) late(d cxv1alpha1.Date) bool { return b.Target != "" && d > b.Target }

const (
	daysPerWeek = 7
	// minWeeks is the shortest time that a chart shows. Otherwise a single short item would fill it.
	minWeeks = 4
)

// Gantt is a chart of bars, with time across.
type Gantt struct {
	axis    timeaxis.Axis
	today   cxv1alpha1.Date
	columns int
	// The scale: perColumns columns stand for perDays days. If there is room, a week is a number of whole columns. Otherwise a column is a
	// number of whole days.
	perColumns, perDays int
}

// NewGantt returns a chart of the bars that is at most so many columns wide.
func NewGantt(today cxv1alpha1.Date, bars []Bar, columns int) Gantt {
	columns = max(columns, 1)
	work := make([]timeaxis.Work, len(bars))
	for i, b := range bars {
		work[i] = timeaxis.Work{Finish: b.Finish, Target: b.Target}
	}
	first, last := timeaxis.Fit(today, minWeeks, work)
	days := (first.DaysUntil(last)/daysPerWeek + 1) * daysPerWeek
	g := Gantt{today: today}
	if each := columns * daysPerWeek / days; each > 1 {
		g.perColumns, g.perDays = min(each, daysPerWeek), daysPerWeek
	} else {
		g.perColumns, g.perDays = 1, timeaxis.CeilDiv(days, columns)
	}
	g.columns = timeaxis.CeilDiv(days*g.perColumns, g.perDays)
	end := first.AddDays(timeaxis.CeilDiv(g.columns*g.perDays, g.perColumns))
	g.axis = timeaxis.New(first, end, g.perColumns, g.perDays)
	return g
}

// ShowsWeeks tells whether each dot on the ruler is the beginning of a week. Otherwise there is a dot in each column.
func (g Gantt) ShowsWeeks() bool { return g.perDays == daysPerWeek }

// Scale says in words how many columns stand for how many days.
func (g Gantt) Scale() string {
	switch {
	case g.perColumns == g.perDays:
		return "a column is a day"
	case g.perColumns > 1:
		return fmt.Sprintf("%d columns are a week", g.perColumns)
	case g.perDays == daysPerWeek:
		return "a column is a week"
	case g.perDays%daysPerWeek == 0:
		return fmt.Sprintf("a column is %d weeks", g.perDays/daysPerWeek)
	default:
		return fmt.Sprintf("a column is %d days", g.perDays)
	}
}

// Steps between labels, in months and in years. The first step is taken with which the labels fit.
var (
	monthSteps = []int{1, 2, 3, 6}
	yearSteps  = []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000}
)

// Years is a line with the name of each year above its beginning.
func (g Gantt) Years() string {
	return g.labels(yearSteps, 12, "2006")
}

// Months is a line with the name of each month above its beginning. It is empty if there are too many months.
func (g Gantt) Months() string {
	return g.labels(monthSteps, 1, "Jan")
}

// labels writes the names of periods of so many months above their beginnings. A year is a period of 12 months.
func (g Gantt) labels(steps []int, months int, layout string) string {
	const daysPerMonth = 30
	room := len(layout) + 1
	for _, step := range steps {
		if step *= months; step*daysPerMonth*g.columns >= room*g.axis.Days() {
			return g.labelsEach(step, layout)
		}
	}
	return ""
}

func (g Gantt) labelsEach(months int, layout string) string {
	line := strings.Repeat(" ", g.columns)
	free := 0
	for tick := range g.axis.CalendarMonths(months) {
		from := max(tick.From, g.axis.First)
		if from == g.axis.First && g.axis.Position(tick.To) <= len(layout) {
			// The period in which the chart begins is named only if there is room before the next one.
			continue
		}
		at := g.axis.Position(from)
		if at+len(layout) > g.columns {
			break
		}
		if at >= free {
			line, free = put(line, at, from.Format(layout)), at+len(layout)+1
		}
	}
	return strings.TrimRight(line, " ")
}

// put overwrites a part of a line. Both texts must be ASCII.
func put(line string, at int, text string) string { return line[:at] + text + line[at+len(text):] }

// Ruler is a line that marks today and the beginnings of months. If there is room, it marks the beginnings of weeks too.
func (g Gantt) Ruler(s Screen) string {
	cells := g.cells()
	for c := range cells {
		day, next := g.axis.Day(c), g.axis.Day(c+1)
		switch {
		case c == g.axis.Position(g.today):
			cells[c] = cell{MarkToday, styleBold}
		case next.AddDays(-1).Month() > day.AddDays(-1).Month():
			cells[c] = cell{MarkMonth, styleFaint}
		case !g.ShowsWeeks() || c%g.perColumns == 0:
			cells[c] = cell{MarkWeek, styleFaint}
		}
	}
	return s.join(cells)
}

// Bar draws the row of a bar, with its target and today.
func (g Gantt) Bar(b Bar, s Screen) string {
	cells := g.cells()
	if c := g.axis.Position(g.today); c < len(cells) {
		cells[c] = cell{markToday, styleFaint}
	}
	for c := max(0, g.axis.Position(b.Start)); c < len(cells) && c <= g.axis.Position(b.Finish); c++ {
		cells[c] = cell{string(b.Fill), fillStyles[b.Fill]}
		if b.late(min(g.axis.Day(c+1).AddDays(-1), b.Finish)) {
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
	switch c := g.axis.Position(b.Target); {
	case c < 0:
		cells[0] = cell{MarkTargetBefore, style}
	case c >= len(cells):
		cells[len(cells)-1] = cell{MarkTargetAfter, style}
	default:
		cells[c] = cell{MarkTarget, style}
	}
	return s.join(cells)
}

func (g Gantt) cells() []cell {
	cells := make([]cell, g.columns)
	for c := range cells {
		cells[c].text = " "
	}
	return cells
}
