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

package schedule_test

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"pgregory.net/rapid"

	. "github.com/journeyops/journey-operator/controllers/portfolio/schedule"
)

// walker is a calendar that is asked one day at a time.
type walker struct {
	today    Day
	weekdays map[time.Weekday]bool
	holidays map[Day]bool
	teams    []walker // those of teams with holidays of their own
}

// of is the calendar in which a team works.
func (w walker) of(team int) walker {
	if team == NoTeam {
		return w
	}
	return w.teams[team]
}

func (w walker) works(d Day) bool {
	weekday := time.Date(1970, 1, 1+int(d), 0, 0, 0, 0, time.UTC).Weekday()
	return w.weekdays[weekday] && !w.holidays[d]
}

func (w walker) onOrAfter(d Day) Day {
	for !w.works(d) {
		d++
	}
	return d
}

func (w walker) onOrBefore(d Day) Day {
	for !w.works(d) {
		d--
	}
	return d
}

// calendar is the same calendar, made in any order and with repetitions.
func (w walker) calendar(t *rapid.T) Calendar {
	var weekdays []time.Weekday
	for d := range w.weekdays {
		weekdays = append(weekdays, d, d)
	}
	var holidays []Day
	for d := range w.holidays {
		holidays = append(holidays, d, d)
	}
	c, err := NewCalendar(weekdays, holidays)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func drawWalker(t *rapid.T) walker {
	w := walker{
		today:    Day(rapid.Int32Range(-700_000, 40_000).Draw(t, "today")),
		weekdays: make(map[time.Weekday]bool),
		holidays: make(map[Day]bool),
	}
	weekdays := rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 1, 7, rapid.ID[int]).Draw(t, "weekdays")
	for _, d := range weekdays {
		w.weekdays[time.Weekday(d)] = true
	}
	holidays := rapid.SliceOfN(rapid.IntRange(-60, 120), 0, 40).Draw(t, "holidays")
	for _, d := range holidays {
		w.holidays[w.today.AddDays(d)] = true
	}
	return w
}

// drawProblem is a small portfolio in which ranks respect the order. An item
// that has not started may be before one that has.
func drawProblem(t *rapid.T) (Problem, walker) {
	w := drawWalker(t)
	p := Problem{Today: w.today, Calendar: w.calendar(t)}
	for i := range rapid.IntRange(0, 4).Draw(t, "teams") {
		team := Team{Name: fmt.Sprint("team-", i), Lanes: rapid.IntRange(1, 3).Draw(t, "lanes")}
		own := walker{today: w.today, weekdays: w.weekdays, holidays: maps.Clone(w.holidays)}
		if rapid.Bool().Draw(t, "has holidays") {
			for _, d := range rapid.SliceOfN(rapid.IntRange(-3, 40), 0, 12).Draw(t, "own holidays") {
				own.holidays[w.today.AddDays(d)] = true
			}
			team.Calendar = own.calendar(t)
		}
		p.Teams, w.teams = append(p.Teams, team), append(w.teams, own)
	}
	names := rapid.Permutation([]string{
		"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t",
	}).Draw(t, "names")
	for _, name := range names[:rapid.IntRange(0, len(names)).Draw(t, "items")] {
		p.Items = append(p.Items, drawItem(t, name, len(p.Teams), p.Today))
	}
	order := byRank(p.Items)
	for n, i := range order {
		for range min(n, rapid.IntRange(0, 3).Draw(t, "predecessors")) {
			p.Items[i].Before = append(p.Items[i].Before, Predecessor{
				Item:    order[rapid.IntRange(0, n-1).Draw(t, "predecessor")],
				LagDays: rapid.SampledFrom([]int{0, 0, 0, 1, 2, 9}).Draw(t, "lag"),
			})
		}
	}
	return p, w
}

func drawItem(t *rapid.T, name string, teams int, today Day) Item {
	item := Item{
		Name:            name,
		EffortMilliDays: rapid.Int64Range(0, 9_000).Draw(t, "effort"),
		VelocityPercent: rapid.SampledFrom([]int{100, 100, 33, 70, 250}).Draw(t, "velocity"),
		ProgressPercent: rapid.SampledFrom([]int{0, 0, 1, 50, 99, 100}).Draw(t, "progress"),
		LeadTimeDays:    rapid.SampledFrom([]int{0, 0, 0, 1, 7}).Draw(t, "lead"),
		NotBefore:       MinDay,
		Started:         rapid.IntRange(0, 3).Draw(t, "started") == 0,
		Team:            rapid.IntRange(NoTeam, teams-1).Draw(t, "team"),
		Rank:            rapid.IntRange(0, 12).Draw(t, "rank"),
	}
	if rapid.IntRange(0, 3).Draw(t, "has start date") == 0 {
		item.NotBefore = today.AddDays(rapid.IntRange(-10, 40).Draw(t, "start date"))
	}
	return item
}

// byRank is the indices of the items, started or not, by rank and then name.
func byRank(items []Item) []int {
	var order []int
	for len(order) < len(items) {
		next := -1
		for i, item := range items {
			if !slices.Contains(order, i) && (next < 0 || item.Rank < items[next].Rank ||
				item.Rank == items[next].Rank && item.Name < items[next].Name) {
				next = i
			}
		}
		order = append(order, next)
	}
	return order
}

// bruteForce is the contract word for word: it tries one start after another,
// and of each start one day after another.
func bruteForce(p Problem, w walker) []Placement {
	placed := make([]Placement, len(p.Items))
	busy := make(map[int]map[Day]int) // per team and day
	for t := range p.Teams {
		busy[t] = make(map[Day]int)
	}
	var order []int
	for _, started := range []bool{true, false} {
		for _, i := range byRank(p.Items) {
			if p.Items[i].Started == started {
				order = append(order, i)
			}
		}
	}
	for _, i := range order {
		item := p.Items[i]
		d := exactDuration(item)
		own := w.of(item.Team)
		start := own.onOrAfter(p.Today)
		for !item.Started && !fits(p, w, busy[item.Team], placed, item, start, d) {
			start = own.onOrAfter(start + 1)
		}
		days := daysFrom(own, start, d)
		if item.Team != NoTeam {
			for _, day := range days {
				busy[item.Team][day]++
			}
		}
		placed[i] = Placement{Start: start, Finish: days[d-1], Duration: d}
	}
	for i := range p.Items {
		placed[i].WaitedFor, placed[i].ForTeam = waitedForByDates(p, w, placed, i)
	}
	return placed
}

// exactDuration is max(1, ceil(base x (100-progress)% / velocity%)), and until
// the item has started at least the lead time.
func exactDuration(item Item) int {
	days := big.NewRat(item.EffortMilliDays, 1000)
	days.Mul(days, big.NewRat(int64(100-item.ProgressPercent), 100))
	days.Quo(days, big.NewRat(int64(item.VelocityPercent), 100))
	d := 1
	for big.NewRat(int64(d), 1).Cmp(days) < 0 {
		d++
	}
	if !item.Started {
		d = max(d, item.LeadTimeDays)
	}
	return d
}

func fits(p Problem, w walker, busy map[Day]int, placed []Placement, item Item, start Day, d int) bool {
	if start < item.NotBefore {
		return false
	}
	for b := range allBefore(p, item) {
		if start <= overAfter(w, placed, item, b) {
			return false
		}
	}
	if item.Team == NoTeam {
		return true
	}
	for _, day := range daysFrom(w.of(item.Team), start, d) {
		if busy[day] >= p.Teams[item.Team].Lanes {
			return false
		}
	}
	return true
}

func daysFrom(w walker, start Day, n int) []Day {
	days := []Day{start}
	for len(days) < n {
		days = append(days, w.onOrAfter(days[len(days)-1]+1))
	}
	return days
}

// allBefore is everything before an item, directly or not.
func allBefore(p Problem, item Item) map[int]bool {
	all := make(map[int]bool)
	for _, b := range item.Before {
		all[b.Item] = true
		for further := range allBefore(p, p.Items[b.Item]) {
			all[further] = true
		}
	}
	return all
}

// overAfter is the day after which an item need not wait for one before it: that
// of its finish, or as many workdays later as the lag is where it names it.
func overAfter(w walker, placed []Placement, item Item, before int) Day {
	over := placed[before].Finish
	for range lagOf(item, before) {
		over = w.onOrAfter(over + 1)
	}
	return over
}

// lagOf is the lag of an item after one before it; there is none where it does
// not name that.
func lagOf(item Item, before int) int {
	lag := 0
	for _, b := range item.Before {
		if b.Item == before {
			lag = max(lag, b.LagDays)
		}
	}
	return lag
}

func waitedForByDates(p Problem, w walker, placed []Placement, i int) (waited int, forTeam bool) {
	item := p.Items[i]
	dayBefore := w.of(item.Team).onOrBefore(placed[i].Start - 1)
	if item.Started || dayBefore < p.Today {
		return NoItem, false
	}
	last, over := NoItem, dayBefore
	for b := range allBefore(p, item) {
		until := overAfter(w, placed, item, b)
		if until > over || until == over && (last == NoItem || p.Items[b].Name < p.Items[last].Name) {
			last, over = b, until
		}
	}
	if last != NoItem {
		return last, false
	}
	for j, other := range p.Items {
		if item.Team != NoTeam && other.Team == item.Team && placed[j].Finish == dayBefore &&
			(last == NoItem || other.Name < p.Items[last].Name) {
			last = j
		}
	}
	return last, last != NoItem
}
