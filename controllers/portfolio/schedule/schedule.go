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

// Package schedule forecasts when work is done: it places items, in a given
// order and after the items before them, on the workdays of teams that have so
// many lanes each, and tells what every item waited for.
//
// The method is the serial schedule generation scheme of resource-constrained
// project scheduling (Kelley 1963; Kolisch 1996): items are taken one at a time
// in a fixed order, and each goes to the earliest stretch where its predecessors
// are finished and a lane is free on every day. An item may fill a gap that
// those placed earlier left, but never moves them. With nothing scarce that is
// the critical path method's forward pass (Kelley and Walker 1959). The critical
// chain (Goldratt 1997) is the critical path that counts waiting for people too.
//
// A schedule of this kind answers the order it was given, it does not look for
// the shortest one. Like every list schedule it has Graham's anomalies (1969):
// with more lanes, less work or fewer dependencies some item may finish later.
//
//   - Kelley, J. E. and Walker, M. R. (1959). Critical-path planning and scheduling.
//   - Kelley, J. E. (1963). The critical-path method: resources planning and scheduling.
//   - Graham, R. L. (1969). Bounds on multiprocessing timing anomalies.
//   - Kolisch, R. (1996). Serial and parallel resource-constrained project scheduling methods revisited.
//   - Goldratt, E. M. (1997). Critical Chain.
package schedule

import (
	"cmp"
	"math/bits"
	"slices"
)

// MaxDuration is the longest duration, in workdays: all the days from 1970-01-01
// to MaxDay. Longer ones are cut to it, which changes no date of a forecast that
// is made since then.
const MaxDuration = int(MaxDay) + 1

// NoTeam is the Team of an item without capacity limit.
const NoTeam = -1

// NoItem is what an item waited for that waited for nothing.
const NoItem = -1

// Team is a group of people that works on up to Lanes items at a time.
type Team struct {
	Name  string
	Lanes int // at least 1
}

// Item is a piece of work to place.
type Item struct {
	Name            string // unique in the problem; breaks ties
	EffortMilliDays int64  // base effort in thousandths of a day, at least 0
	ProgressPercent int    // share of the effort that is done, 0 to 100
	VelocityPercent int    // effort done per workday, 1 to MaxVelocityPercent; 100 without a team
	LeadTimeDays    int    // least duration in workdays, at least 0; counts until the item has started
	Started         bool   // in progress
	NotBefore       Day    // no start before this day, unless started; MinDay when there is none
	Team            int    // index in Problem.Teams, or NoTeam
	Before          []int  // the items directly before this one, as indices in Problem.Items
	Rank            int    // place in the order; of equal ranks the first name comes first
}

// Problem is what a forecast depends on. Nothing in it is changed.
type Problem struct {
	Today    Day // MinDay to MaxDay
	Calendar Calendar
	Teams    []Team
	Items    []Item
}

// Placement is where the forecast puts an item.
//
// Dates beyond MaxDay show as MaxDay, be it a workday or not. Order and
// capacity hold beyond it all the same, and WaitedFor counts the true days.
type Placement struct {
	Start    Day // first workday of the item
	Finish   Day // last workday of the item
	Duration int // in workdays, 1 to MaxDuration

	// WaitedFor is an item that finished on the workday before Start: one that
	// is before this one, or when there is none such, one of its team. Of
	// several it is the first by name. It is NoItem for an item that has
	// started, or that waited for nothing.
	WaitedFor int
	// ForTeam says that WaitedFor is not before this item: its team had no lane
	// free until then.
	ForTeam bool
}

// Forecast places every item, in the order of Problem.Items, by serial schedule
// generation. Items in progress come first, then the others, each group by rank.
//
// An item in progress runs from the first workday on or after today. It uses a
// lane of its team, be one free or not, and waits for nothing. Another starts on
// the first workday that is not before today or NotBefore, is after the finish
// of all items before it, directly or not, and from which its team has a lane
// free on each workday of its duration.
//
// It fails when the calendar has no workday, a number is outside its limits, an
// index points nowhere, a name occurs twice, items are before each other in a
// circle, or an item ranks ahead of another that is before it. The error names
// the item, and of several faults it is always the same one.
//
// The time grows with the square of a team's items at worst, and the memory
// with the number of items; the lengths of items do not matter.
func Forecast(p Problem) ([]Placement, error) {
	if err := validate(p); err != nil {
		return nil, err
	}
	order := rankOrder(p.Items)
	if err := checkRanks(p.Items, order); err != nil {
		return nil, err
	}
	spans, before := generate(p, order)
	mates := firstFinished(p.Items, spans)
	placed := make([]Placement, len(p.Items))
	for i, s := range spans {
		placed[i] = Placement{
			Start:    p.Calendar.date(s.start),
			Finish:   p.Calendar.date(s.finish()),
			Duration: int(s.length),
		}
		placed[i].WaitedFor, placed[i].ForTeam = waitedFor(p.Items[i].Team, s, before[i], spans, mates)
	}
	return placed, nil
}

// span is a run of consecutive workdays, by their numbers in the calendar.
type span struct {
	start, length int64
}

func (s span) finish() int64 {
	return s.start + s.length - 1
}

// rankOrder is the order of the items by rank and then by name.
func rankOrder(items []Item) []int {
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(items[a].Rank, items[b].Rank), cmp.Compare(items[a].Name, items[b].Name))
	})
	return order
}

// generate is the serial schedule generation scheme. Besides the spans it
// returns what each item had to wait for: of all that is before it, directly or
// not, what finishes last, the first by name on a tie, or NoItem.
func generate(p Problem, order []int) (spans []span, before []int) {
	today := p.Calendar.number(p.Today)
	free := make([]profile, len(p.Teams))
	for t, team := range p.Teams {
		free[t] = newProfile(today, team.Lanes)
	}
	spans = make([]span, len(p.Items))
	place := func(i int, s span) {
		spans[i] = s
		if team := p.Items[i].Team; team != NoTeam {
			free[team].take(s.start, s.length)
		}
	}
	for _, i := range order {
		if item := &p.Items[i]; item.Started {
			place(i, span{today, duration(item)})
		}
	}
	later := func(a, b int) int {
		switch {
		case a == NoItem:
			return b
		case b == NoItem:
			return a
		}
		c := cmp.Or(cmp.Compare(spans[b].finish(), spans[a].finish()), cmp.Compare(p.Items[a].Name, p.Items[b].Name))
		if c <= 0 {
			return a
		}
		return b
	}
	before = make([]int, len(p.Items))
	last := make([]int, len(p.Items)) // of an item and all before it, what finishes last
	for _, i := range order {
		item := &p.Items[i]
		before[i] = NoItem
		for _, b := range item.Before {
			before[i] = later(before[i], last[b])
		}
		if item.Started {
			// It did not wait, so what is before it can finish after it.
			last[i] = later(i, before[i])
			continue
		}
		s := span{max(today, p.Calendar.number(item.NotBefore)), duration(item)}
		if before[i] != NoItem {
			s.start = max(s.start, spans[before[i]].finish()+1)
		}
		if item.Team != NoTeam {
			s.start = free[item.Team].earliest(s.start, s.length)
		}
		place(i, s)
		last[i] = i
	}
	return spans, before
}

// duration is the item's length in workdays: the effort that is left over the
// velocity, rounded up, at least a day, and until it starts at least its lead time.
func duration(item *Item) int64 {
	const perDay = 1000 // thousandths of a day; the two percentages cancel out
	hi, lo := bits.Mul64(uint64(item.EffortMilliDays), uint64(100-item.ProgressPercent))
	// The quotient fits, as hi is less than 100 and so less than the divisor.
	d, rest := bits.Div64(hi, lo, perDay*uint64(item.VelocityPercent))
	if rest > 0 {
		d++
	}
	if !item.Started {
		d = max(d, uint64(item.LeadTimeDays))
	}
	return int64(min(max(d, 1), uint64(MaxDuration)))
}
