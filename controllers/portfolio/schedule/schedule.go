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
	Name     string
	Lanes    int      // at least 1
	Calendar Calendar // the days on which the team works; the zero Calendar stands for that of the problem
}

// Predecessor is an item that has to be finished before another one starts.
type Predecessor struct {
	Item    int // index in Problem.Items
	LagDays int // workdays of the problem's calendar to wait after its finish, 0 to MaxDuration
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
	Before          []Predecessor
	Rank            int // place in the order; of equal ranks the first name comes first
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

	// WaitedFor is what kept the item from starting a workday earlier: of all
	// that is before it what finished last, counted with the lag, or when that
	// does not reach up to Start, an item of its team that finished on the
	// workday before. Of several it is the first by name. It is NoItem for an
	// item that has started, or that waited for nothing.
	WaitedFor int
	// ForTeam says that WaitedFor is not before this item: its team had no lane
	// free until then.
	ForTeam bool
}

// Forecast places every item, in the order of Problem.Items, by serial schedule
// generation. Items in progress come first, then the others, each group by rank.
//
// The workdays of an item are those of its team. An item in progress runs from
// the first of them on or after today. It uses a lane of its team, be one free
// or not, and waits for nothing. Another starts on the first that is not before
// today or NotBefore, is after the finish of all items before it, directly or
// not, and after the lag of those that it names, and from which its team has a
// lane free on each workday of its duration.
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
	spans, before := generate(&p, order)
	mates := firstFinished(p.Items, spans)
	placed := make([]Placement, len(p.Items))
	for i, s := range spans {
		calendar := p.calendarOf(p.Items[i].Team)
		placed[i] = Placement{Start: calendar.date(s.start), Finish: clampDay(s.lastDay), Duration: int(s.length)}
		placed[i].WaitedFor = NoItem
		if s.start > calendar.number(int64(p.Today)) {
			placed[i].WaitedFor, placed[i].ForTeam = waitedFor(calendar, p.Items[i].Team, s, before[i], mates)
		}
	}
	return placed, nil
}

// calendarOf is the calendar in which a team works.
func (p *Problem) calendarOf(team int) *Calendar {
	if team == NoTeam || p.Teams[team].Calendar.empty() {
		return &p.Calendar
	}
	return &p.Teams[team].Calendar
}

// span is a run of consecutive workdays, by their numbers in the calendar of
// the item's team.
type span struct {
	start, length int64
	lastDay       int64 // the day of the last of them
}

func newSpan(c *Calendar, start, length int64) span {
	return span{start, length, c.day(start + length - 1)}
}

func (s span) finish() int64 {
	return s.start + s.length - 1
}

// wait is an item that another has to wait for: until the end of a day.
type wait struct {
	item  int // NoItem when there is nothing to wait for
	until int64
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
// not, what takes longest, the first by name on a tie.
func generate(p *Problem, order []int) (spans []span, before []wait) {
	free := make([]profile, len(p.Teams))
	for t, team := range p.Teams {
		free[t] = newProfile(p.calendarOf(t).number(int64(p.Today)), team.Lanes)
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
			calendar := p.calendarOf(item.Team)
			place(i, newSpan(calendar, calendar.number(int64(p.Today)), duration(item)))
		}
	}
	before = make([]wait, len(p.Items))
	for _, i := range order {
		item := &p.Items[i]
		before[i] = p.longest(item, spans, before)
		if item.Started {
			continue
		}
		calendar := p.calendarOf(item.Team)
		from := max(int64(p.Today), int64(item.NotBefore))
		if before[i].item != NoItem {
			from = max(from, before[i].until+1)
		}
		start, length := calendar.number(from), duration(item)
		if item.Team != NoTeam {
			start = free[item.Team].earliest(start, length)
		}
		place(i, newSpan(calendar, start, length))
	}
	return spans, before
}

// longest is what an item has to wait for longest. Work in progress did not
// wait: what is before that can finish after it, and so is waited for as well,
// but its lag is not.
func (p *Problem) longest(item *Item, spans []span, before []wait) wait {
	longest := wait{item: NoItem}
	consider := func(w wait) {
		switch {
		case w.item == NoItem:
		case longest.item == NoItem, w.until > longest.until,
			w.until == longest.until && p.Items[w.item].Name < p.Items[longest.item].Name:
			longest = w
		}
	}
	for _, b := range item.Before {
		until := spans[b.Item].lastDay
		if b.LagDays > 0 && !item.Started {
			until = p.Calendar.day(p.Calendar.number(until+1) + int64(b.LagDays) - 1)
		}
		consider(wait{b.Item, until})
		if p.Items[b.Item].Started {
			consider(before[b.Item])
		}
	}
	return longest
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
