//go:build tj3

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
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/journeyops/journey-operator/controllers/portfolio/schedule"
)

// TestTaskJuggler compares dates with TaskJuggler 3, a project scheduler of
// independent make. It needs the tj3 program (Debian package tj3) and runs only
// when asked to:
//
//	go test -tags tj3 -run TaskJuggler -v ./controllers/portfolio/schedule
//
// The portfolios have one lane a team and at most one item in progress a team,
// as two people of one resource cannot overbook in TaskJuggler. It too places
// tasks one by one, here by priority, but it may interrupt one: a task begins in
// a gap that is too short for it and goes on after what is in the way, where the
// forecast waits for enough days in a row. So TaskJuggler must agree to the day
// with the forecast's rule less "in a row", and wherever that splits no item of
// a portfolio, with the forecast itself.
func TestTaskJuggler(t *testing.T) {
	program, err := exec.LookPath("tj3")
	if err != nil {
		t.Fatal("tj3 is not installed: it is in Debian's package tj3")
	}
	const portfolios = 40
	var items, same, whole int
	for seed := range uint64(portfolios) {
		p, w := tjPortfolio(t, seed)
		got := runTaskJuggler(t, program, p, w)
		split := splitting(p, w)
		placed := forecast(t, p)
		isWhole := true
		for i, item := range p.Items {
			if got[i] != split[i] {
				t.Errorf("portfolio %d, %s: TaskJuggler has %v, the rule with splitting %v", seed, item.Name, got[i], split[i])
			}
			isWhole = isWhole && w.of(item.Team).workdays(split[i]) == placed[i].Duration
		}
		for i, item := range p.Items {
			at := interval{placed[i].Start, placed[i].Finish}
			if at == got[i] {
				same++
			} else if isWhole {
				t.Errorf("portfolio %d, %s: TaskJuggler has %v, the forecast %v", seed, item.Name, got[i], at)
			}
		}
		items += len(p.Items)
		if isWhole {
			whole++
		}
	}
	t.Logf("%d portfolios, %d where TaskJuggler splits no item; %d items, %d on the forecast's dates", portfolios, whole, items, same)
}

// interval is an item's first and last day.
type interval struct {
	start, finish Day
}

func (v interval) String() string {
	return fmt.Sprintf("%s..%s", v.start, v.finish)
}

func (w walker) workdays(v interval) int {
	n := 0
	for d := v.start; d <= v.finish; d++ {
		if w.works(d) {
			n++
		}
	}
	return n
}

// tjPortfolio is a random portfolio that TaskJuggler can express. Every third
// one is without start dates and dependencies, so that nothing leaves a gap.
func tjPortfolio(t *testing.T, seed uint64) (Problem, walker) {
	random := rand.New(rand.NewPCG(seed, 0))
	w := walker{today: day(t, "2027-03-01").AddDays(random.IntN(7)), weekdays: make(map[time.Weekday]bool), holidays: make(map[Day]bool)}
	for _, d := range random.Perm(7)[:3+random.IntN(5)] {
		w.weekdays[time.Weekday(d)] = true
	}
	var weekdays []time.Weekday
	for d := range w.weekdays {
		weekdays = append(weekdays, d)
	}
	var holidays []Day
	for range 20 {
		h := w.today.AddDays(random.IntN(150))
		holidays, w.holidays[h] = append(holidays, h), true
	}
	c, err := NewCalendar(weekdays, holidays)
	if err != nil {
		t.Fatal(err)
	}
	p := Problem{Today: w.today, Calendar: c}
	for i := range 1 + random.IntN(4) {
		p.Teams = append(p.Teams, Team{Name: fmt.Sprint("team", i), Lanes: 1})
	}
	busy := make([]bool, len(p.Teams)) // with an item in progress
	for i := range 10 + random.IntN(30) {
		item := Item{
			Name: fmt.Sprintf("item%02d", i), Rank: i, EffortMilliDays: 1 + random.Int64N(8000),
			VelocityPercent: 100, Team: random.IntN(len(p.Teams)+1) - 1, LeadTimeDays: random.IntN(4),
		}
		if random.IntN(6) == 0 && (item.Team == NoTeam || !busy[item.Team]) {
			item.Started = true
			if item.Team != NoTeam {
				busy[item.Team] = true
			}
		}
		if seed%3 > 0 {
			if random.IntN(8) == 0 {
				item.NotBefore = w.today.AddDays(random.IntN(60))
			}
			for range min(i, random.IntN(3)) {
				item.Before = append(item.Before, Predecessor{Item: random.IntN(i)})
			}
		}
		p.Items = append(p.Items, item)
	}
	for i := range p.Teams {
		own := walker{weekdays: w.weekdays, holidays: maps.Clone(w.holidays)}
		if seed%2 == 0 {
			for range 8 {
				own.holidays[w.today.AddDays(random.IntN(60))] = true
			}
			if p.Teams[i].Calendar, err = NewCalendar(weekdays, slices.Collect(maps.Keys(own.holidays))); err != nil {
				t.Fatal(err)
			}
		}
		w.teams = append(w.teams, own)
	}
	for i := range p.Items {
		for b := range p.Items[i].Before {
			p.Items[i].Before[b].LagDays = max(0, random.IntN(12)-6)
		}
	}
	return p, w
}

// splitting is the forecast's rule, but an item takes the first free days of
// its team, in a row or not.
func splitting(p Problem, w walker) []interval {
	placed := make([]interval, len(p.Items))
	taken := make(map[int]map[Day]bool)
	for t := range p.Teams {
		taken[t] = make(map[Day]bool)
	}
	for _, i := range tjOrder(p.Items) {
		item := p.Items[i]
		d := p.Today
		if !item.Started {
			d = max(d, item.NotBefore)
			for b := range allBefore(p, item) {
				over := placed[b].finish
				for range lagOf(item, b) {
					over = w.onOrAfter(over + 1)
				}
				d = max(d, over+1)
			}
		}
		for left := exactDuration(item); left > 0; d++ {
			if !w.of(item.Team).works(d) || taken[item.Team][d] {
				continue
			}
			if placed[i].start == 0 {
				placed[i].start = d
			}
			placed[i].finish = d
			if item.Team != NoTeam {
				taken[item.Team][d] = true
			}
			left--
		}
	}
	return placed
}

// tjOrder is the order of placing: in progress first, then as they stand, which
// is by rank.
func tjOrder(items []Item) []int {
	var started, planned []int
	for i := range items {
		if items[i].Started {
			started = append(started, i)
		} else {
			planned = append(planned, i)
		}
	}
	return append(started, planned...)
}

// runTaskJuggler writes the portfolio as a project, schedules it, and reads the
// dates back. A working day is from 9 to 17.
func runTaskJuggler(t *testing.T, program string, p Problem, w walker) []interval {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "portfolio.tjp")
	if err := os.WriteFile(file, []byte(project(p, w)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, "--silent", "--no-color", "--output-dir", dir, file).CombinedOutput(); err != nil {
		t.Fatalf("tj3: %v\n%s\n%s", err, out, project(p, w))
	}
	report, err := os.Open(filepath.Join(dir, "dates.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer report.Close()
	lines := csv.NewReader(report)
	lines.Comma = ';'
	rows, err := lines.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	placed := make([]interval, len(p.Items))
	for _, row := range rows {
		i := slices.IndexFunc(p.Items, func(item Item) bool { return item.Name == row[0] })
		if i < 0 {
			continue // the heading, or a start date
		}
		const layout = "2006-01-02-15:04"
		start, err1 := time.Parse(layout, row[1])
		end, err2 := time.Parse(layout, row[2])
		if err1 != nil || err2 != nil {
			t.Fatalf("tj3 reports %v", row)
		}
		// A task may begin at the end of a day and so on the next.
		placed[i] = interval{w.of(p.Items[i].Team).onOrAfter(dayOf(start.Add(7 * time.Hour))), dayOf(end)}
	}
	return placed
}

func dayOf(at time.Time) Day { return Day(at.Unix() / (24 * 60 * 60)) }

func project(p Problem, w walker) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line(`project portfolio "Portfolio" %s +3y {`, p.Today)
	line("  timezone \"UTC\"\n  timingresolution 60min\n  dailyworkinghours 8")
	for d := time.Sunday; d <= time.Saturday; d++ {
		hours := "off"
		if w.weekdays[d] {
			hours = "9:00 - 17:00"
		}
		line("  workinghours %s %s", strings.ToLower(d.String()[:3]), hours)
	}
	line("}")
	for d := range w.holidays {
		line(`leaves holiday "Holiday" %s`, d)
	}
	for i, team := range p.Teams {
		line(`resource %s "%s" {`, team.Name, team.Name)
		for d := range w.teams[i].holidays {
			line(`  leaves holiday "Holiday" %s`, d)
		}
		line("}")
	}
	priority := 1000
	for _, i := range tjOrder(p.Items) {
		item := p.Items[i]
		if !item.Started && item.NotBefore > p.Today {
			line("task from%02d \"Start date\" { start %s }", i, item.NotBefore)
		}
		line("task %s \"%s\" {\n  priority %d", item.Name, item.Name, priority)
		priority--
		if item.Team == NoTeam {
			line("  length %dd", exactDuration(item))
		} else {
			line("  effort %dd\n  allocate %s", exactDuration(item), p.Teams[item.Team].Name)
		}
		var before []string
		if !item.Started {
			for b := range allBefore(p, item) {
				after := p.Items[b].Name
				if lag := lagOf(item, b); lag > 0 {
					after += fmt.Sprintf(" { gaplength %dd }", lag)
				}
				before = append(before, after)
			}
			if item.NotBefore > p.Today {
				before = append(before, fmt.Sprintf("from%02d", i))
			}
		}
		slices.Sort(before)
		if before = slices.Compact(before); len(before) > 0 {
			line("  depends %s", strings.Join(before, ", "))
		} else {
			line("  start %s", p.Today)
		}
		line("}")
	}
	line("taskreport \"dates\" {\n  formats csv\n  columns id, start, end\n  timeformat \"%%Y-%%m-%%d-%%H:%%M\"\n}")
	return b.String()
}
