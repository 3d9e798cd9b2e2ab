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

package portfolio_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

// TestTaskJugglerOnSample compares the dates of the sample, with one lane a team, with TaskJuggler 3, a project scheduler of independent
// make. It needs the tj3 program (Debian package tj3) and runs only when asked to:
//
//	go test -tags tj3 -run TaskJuggler -v ./controllers/portfolio
//
// TaskJuggler gets the items in the order of the forecast, with their durations in workdays, what comes before them, their teams and the
// calendar. What it does otherwise is a matter of policy: it may interrupt an item, so that the item begins in a gap that is too short
// for it. So it must agree to the day with the forecast's rule less "in a row", and item by item with the forecast itself, but for
// items that it interrupts and what has another place because of them.
func TestTaskJugglerOnSample(t *testing.T) {
	program, err := exec.LookPath("tj3")
	if err != nil {
		t.Fatal("tj3 is not installed: it is in Debian's package tj3")
	}
	objects := sample(t)
	for i := range objects.Roadmap.Spec.Teams {
		objects.Roadmap.Spec.Teams[i].Lanes = 1
	}
	model := portfolio.Evaluate(objects, portfoliotest.Today)
	p := rankedRoadmap(objects, portfoliotest.Today, model)
	theirs := runTaskJuggler(t, program, p)
	split := splitting(p)
	same, interrupted := 0, false
	for _, item := range p.placed { // in the order of placing, so that an interruption comes before what follows from it
		s := model.RoadmapItems[item].Schedule
		ours := period{dayNumber(s.ExpectedStart), dayNumber(s.ExpectedFinish)}
		interrupted = interrupted || split[item].workdays(p) != int(s.DurationDays)
		switch {
		case theirs[item] != split[item]:
			t.Errorf("%s: TaskJuggler has %v, the rule with interruptions %v", item, theirs[item], split[item])
		case theirs[item] == ours:
			same++
		case !interrupted:
			t.Errorf("%s: TaskJuggler has %v, the forecast %v", item, theirs[item], ours)
		default:
			t.Logf("%s, %d days of %q: TaskJuggler has %v (%d workdays), the forecast %v", item, s.DurationDays,
				p.items[item].Spec.Team, theirs[item], theirs[item].workdays(p), ours)
		}
	}
	t.Logf("%d items, %d on the forecast's dates", len(p.placed), same)
}

// period is the first and the last day of an item.
type period struct{ first, last int }

func (v period) String() string { return fmt.Sprintf("%s..%s", date(v.first), date(v.last)) }

func (v period) workdays(p *plan) int {
	n := 0
	for d := v.first; d <= v.last; d++ {
		if p.workday(d) {
			n++
		}
	}
	return n
}

// splitting is the forecast's rule for one lane a team, but an item takes the first free days of its team, in a row or not.
func splitting(p *plan) map[string]period {
	placed := map[string]period{}
	taken := map[cxv1alpha1.LabelName]map[int]bool{}
	for _, team := range p.policy.Teams {
		taken[team.Name] = map[int]bool{}
	}
	for _, item := range p.placed {
		first := dayNumber(p.today)
		if !p.started(item) {
			first = earliest(p, item, placed)
		}
		team, limited := p.teamOf(item)
		free := func(d int) bool { return p.workday(d) && (!limited || p.started(item) || !taken[team.Name][d]) }
		for !free(first) {
			first++
		}
		v := period{first, first}
		for left := p.duration(item); left > 0; v.last++ {
			if free(v.last) {
				left--
				if limited {
					taken[team.Name][v.last] = true
				}
			}
		}
		v.last--
		placed[item] = v
	}
	return placed
}

// earliest is the first day that today, its start date and what comes before it leave an item.
func earliest(p *plan, item string, placed map[string]period) int {
	first := dayNumber(p.today)
	if start := p.items[item].Spec.StartDate; start != "" {
		first = max(first, dayNumber(start))
	}
	for other := range p.withAllBefore(p.befores[item]) {
		first = max(first, placed[other].last+1)
	}
	return first
}

// runTaskJuggler writes the portfolio as a project, schedules it, and reads the dates back. A working day is from 9 to 17.
func runTaskJuggler(t *testing.T, program string, p *plan) map[string]period {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "portfolio.tjp")
	if err := os.WriteFile(file, []byte(project(p)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, "--silent", "--no-color", "--output-dir", dir, file).CombinedOutput(); err != nil {
		t.Fatalf("tj3: %v\n%s\n%s", err, out, project(p))
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
	placed := map[string]period{}
	for _, row := range rows {
		var n int
		if _, err := fmt.Sscanf(row[0], "item%d", &n); err != nil {
			continue // the heading, or a start date
		}
		const layout = "2006-01-02-15:04"
		start, err1 := time.Parse(layout, row[1])
		end, err2 := time.Parse(layout, row[2])
		if err1 != nil || err2 != nil {
			t.Fatalf("tj3 reports %v", row)
		}
		// A task may begin at the end of a day and so on the next.
		v := period{int(start.Add(7*time.Hour).Unix() / secondsADay), int(end.Unix() / secondsADay)}
		for !p.workday(v.first) {
			v.first++
		}
		placed[p.placed[n]] = v
	}
	return placed
}

// identifier of an entry in the project: TaskJuggler takes no hyphens in names.
func identifier(name cxv1alpha1.LabelName) string {
	return "team_" + strings.ReplaceAll(string(name), "-", "_")
}

func project(p *plan) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line(`project portfolio "Portfolio" %s +9y {`, p.today)
	line("  timezone \"UTC\"\n  timingresolution 60min\n  dailyworkinghours 8")
	for _, weekday := range []string{"mon", "tue", "wed", "thu", "fri"} {
		line("  workinghours %s 9:00 - 17:00", weekday)
	}
	line("  workinghours sat off\n  workinghours sun off\n}")
	for _, holiday := range p.policy.Calendar.Holidays {
		line(`leaves holiday "Holiday" %s`, holiday)
	}
	for _, team := range p.policy.Teams {
		line(`resource %s "%s" {`, identifier(team.Name), team.Name)
		// Items in progress run side by side, whatever the lanes, and while they do the team has no lane left. One resource cannot
		// overbook in TaskJuggler, so they are its leave.
		last := 0
		for _, item := range p.placed {
			if p.started(item) && p.items[item].Spec.Team == team.Name {
				last = max(last, p.ends[item])
			}
		}
		if last > 0 {
			line("  leaves special \"In progress\" %s - %s", p.today, date(last+1))
		}
		line("}")
	}
	for n, item := range p.placed {
		projectTask(p, n, item, line)
	}
	line("taskreport \"dates\" {\n  formats csv\n  columns id, start, end\n  timeformat \"%%Y-%%m-%%d-%%H:%%M\"\n}")
	return b.String()
}

func projectTask(p *plan, n int, item string, line func(string, ...any)) {
	var after []string
	if start := p.items[item].Spec.StartDate; start > p.today && !p.started(item) {
		line(`task from%d "Start date" { start %s }`, n, start)
		after = append(after, fmt.Sprintf("from%d", n))
	}
	line("task item%d \"%s\" {\n  priority %d", n, item, 1000-n)
	if team, limited := p.teamOf(item); limited && !p.started(item) {
		line("  effort %dd\n  allocate %s", p.duration(item), identifier(team.Name))
	} else {
		line("  length %dd", p.duration(item))
	}
	if !p.started(item) {
		before := p.withAllBefore(p.befores[item])
		for m, other := range p.placed {
			if before[other] {
				after = append(after, fmt.Sprintf("item%d", m))
			}
		}
	}
	if len(after) > 0 {
		line("  depends %s", strings.Join(after, ", "))
	} else {
		line("  start %s", p.today)
	}
	line("}")
}
