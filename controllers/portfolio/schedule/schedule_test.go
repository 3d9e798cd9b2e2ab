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
	"math"
	"slices"
	"strings"
	"testing"

	. "github.com/journeyops/journey-operator/controllers/portfolio/schedule"
)

// plan is an item of so many days, in no team and first in the order.
func plan(name string, days int64, before ...int) Item {
	return Item{Name: name, EffortMilliDays: days * 1000, VelocityPercent: 100, Team: NoTeam, Before: after(before...)}
}

func after(items ...int) []Predecessor {
	var list []Predecessor
	for _, i := range items {
		list = append(list, Predecessor{Item: i})
	}
	return list
}

// lagged makes an item wait longer after all that is before it.
func lagged(item Item, days int) Item {
	for b := range item.Before {
		item.Before[b].LagDays = days
	}
	return item
}

// in gives the item to the first team, at that place in the order.
func in(item Item, rank int) Item {
	item.Team, item.Rank = 0, rank
	return item
}

func started(item Item) Item {
	item.Started = true
	return item
}

func notBefore(item Item, d Day) Item {
	item.NotBefore = d
	return item
}

func chainNames(p Problem, placed []Placement, last int) string {
	var names []string
	for _, i := range CriticalChain(placed, last) {
		names = append(names, p.Items[i].Name)
	}
	return strings.Join(names, " ")
}

// TestForecast has a case for each rule. Today is a Monday with a holiday on
// the Thursday; the team has the given lanes. Each want is an item's start,
// finish and critical chain.
func TestForecast(t *testing.T) {
	march := func(d int) Day { return day(t, fmt.Sprintf("2027-03-%02d", d)) }
	for _, tc := range []struct {
		name  string
		today Day
		lanes int
		items []Item
		want  []string
	}{
		{
			"nothing", march(1), 1,
			nil, nil,
		}, {
			"days off do not count", march(1), 1,
			[]Item{plan("a", 5)},
			[]string{"03-01 03-08 a"},
		}, {
			"today is a day off", march(6), 1,
			[]Item{plan("a", 1), started(plan("b", 2))},
			[]string{"03-08 03-08 a", "03-08 03-09 b"},
		}, {
			"after all before it", march(1), 1,
			[]Item{plan("a", 1), plan("b", 2), plan("c", 1, 0, 1, 1)},
			[]string{"03-01 03-01 a", "03-01 03-02 b", "03-03 03-03 b c"},
		}, {
			"a tie goes to the first name", march(1), 1,
			[]Item{plan("b", 2), plan("a", 2), plan("c", 1, 0, 1)},
			[]string{"03-01 03-02 b", "03-01 03-02 a", "03-03 03-03 a c"},
		}, {
			"one lane, by rank", march(1), 1,
			[]Item{in(plan("a", 1), 2), in(plan("b", 2), 1)},
			[]string{"03-03 03-03 b a", "03-01 03-02 b"},
		}, {
			"equal ranks go by name", march(1), 1,
			[]Item{in(plan("b", 1), 1), in(plan("a", 2), 1)},
			[]string{"03-03 03-03 a b", "03-01 03-02 a"},
		}, {
			"two lanes", march(1), 2,
			[]Item{in(plan("a", 1), 1), in(plan("b", 2), 2), in(plan("c", 1), 3)},
			[]string{"03-01 03-01 a", "03-01 03-02 b", "03-02 03-02 a c"},
		}, {
			"a predecessor comes before a team mate of an earlier name", march(1), 1,
			[]Item{in(plan("a", 1), 1), plan("z", 1), in(plan("c", 1, 1), 2)},
			[]string{"03-01 03-01 a", "03-01 03-01 z", "03-02 03-02 z c"},
		}, {
			"not before a start date, which may be a day off", march(1), 1,
			[]Item{notBefore(plan("a", 1), march(6)), notBefore(plan("b", 1), march(1)-400)},
			[]string{"03-08 03-08 a", "03-01 03-01 b"},
		}, {
			"a gap is filled by what fits in it, not by what does not", march(1), 1,
			[]Item{
				in(notBefore(plan("a", 1), march(3)), 1), in(plan("b", 3), 2),
				in(plan("c", 2), 3), in(plan("d", 1), 4),
			},
			[]string{"03-03 03-03 c a", "03-05 03-09 c a b", "03-01 03-02 c", "03-10 03-10 c a b d"},
		}, {
			"work in progress runs at once: beside each other, before what it depends on, whatever its start date", march(1), 1,
			[]Item{
				in(started(plan("a", 2)), 1), in(started(plan("b", 1, 3)), 9),
				in(started(notBefore(plan("c", 1), march(20))), 5), in(plan("d", 1), 2),
			},
			[]string{"03-01 03-02 a", "03-01 03-01 b", "03-01 03-01 c", "03-03 03-03 a d"},
		}, {
			"work in progress beyond the lanes leaves no lane until enough of it is done", march(1), 2,
			[]Item{
				in(started(plan("a", 1)), 1), in(started(plan("b", 2)), 2), in(started(plan("c", 2)), 3),
				in(started(plan("d", 6)), 4), in(plan("e", 1), 5),
			},
			[]string{"03-01 03-01 a", "03-01 03-02 b", "03-01 03-02 c", "03-01 03-09 d", "03-03 03-03 b e"},
		}, {
			"what is after work in progress waits for it", march(1), 1,
			[]Item{started(plan("a", 2)), in(plan("b", 1, 0), 1)},
			[]string{"03-01 03-02 a", "03-03 03-03 a b"},
		}, {
			"what is after work in progress waits for what is before that too", march(1), 1,
			[]Item{plan("a", 3), started(plan("b", 1, 0)), started(plan("c", 2, 1)), plan("d", 1, 2)},
			[]string{"03-01 03-03 a", "03-01 03-01 b", "03-01 03-02 c", "03-05 03-05 a d"},
		}, {
			"the chain goes by dates: a start date that happens to follow counts as waiting", march(1), 1,
			[]Item{plan("a", 1), notBefore(plan("b", 1, 0), march(2)), notBefore(plan("c", 1, 1), march(5))},
			[]string{"03-01 03-01 a", "03-02 03-02 a b", "03-05 03-05 c"},
		}, {
			"items of no team never wait for each other", march(1), 1,
			[]Item{plan("a", 1), notBefore(plan("b", 1), march(2))},
			[]string{"03-01 03-01 a", "03-02 03-02 b"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := Problem{
				Today: tc.today, Calendar: calendar(t, mondayToFriday, "2027-03-04"),
				Teams: []Team{{Name: "team", Lanes: tc.lanes}}, Items: tc.items,
			}
			placed := forecast(t, p)
			var got []string
			for i, at := range placed {
				got = append(got, fmt.Sprintf("%s %s %s", at.Start.String()[5:], at.Finish.String()[5:], chainNames(p, placed, i)))
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tc.want, "\n"))
			}
		})
	}
}

func TestDuration(t *testing.T) {
	for _, tc := range []struct {
		name               string
		milliDays          int64
		progress, velocity int
		lead               int
		started            bool
		want               int
	}{
		{"whole days", 3000, 0, 100, 0, false, 3},
		{"a part of a day counts as a day", 3001, 0, 100, 0, false, 4},
		{"at least a day", 0, 0, 100, 0, false, 1},
		{"all done is still a day", 9000, 100, 100, 0, true, 1},
		{"what is done does not count", 10_000, 75, 100, 0, true, 3},
		{"exactly", 10_000, 70, 100, 0, true, 3},
		{"where floats say 3.0000000000000004", 300, 0, 10, 0, false, 3},
		{"the least part of a day", 1001, 99, 1, 0, true, 2},
		{"slower", 3000, 0, 30, 0, false, 10},
		{"faster", 3000, 0, 200, 0, false, 2},
		{"the lead time is longer", 3000, 0, 100, 60, false, 60},
		{"the lead time is shorter", 3000, 0, 100, 2, false, 3},
		{"the lead time is past", 3000, 0, 100, 60, true, 3},
		{"long", 10_000_000, 0, 100, 0, false, 10_000},
		{"100000 days at 1%", 100_000_000, 0, 1, 0, false, MaxDuration},
		{"as much effort as there is", math.MaxInt64, 0, 1, 0, false, MaxDuration},
		{"as much, nearly done and fast", math.MaxInt64, 99, MaxVelocityPercent, 0, false, 4_294_968},
		{"as long a lead time as there is", 0, 0, 100, math.MaxInt, false, MaxDuration},
	} {
		item := Item{
			EffortMilliDays: tc.milliDays, ProgressPercent: tc.progress, VelocityPercent: tc.velocity,
			LeadTimeDays: tc.lead, Started: tc.started, Team: NoTeam,
		}
		placed := forecast(t, Problem{Calendar: calendar(t, everyDay), Items: []Item{item}})
		want := min(tc.want, MaxDuration)
		if at := placed[0]; at.Duration != want || int(at.Finish-at.Start)+1 != want {
			t.Errorf("%s: takes %d days, from %s to %s, want %d", tc.name, at.Duration, at.Start, at.Finish, want)
		}
	}
}

// TestTeamCalendars has a case for each rule about a team's own holidays and
// about lags. Today is Monday; the team is off from Tuesday to Thursday.
func TestTeamCalendars(t *testing.T) {
	for _, tc := range []struct {
		name  string
		items []Item
		want  []string
	}{
		{
			"the team's days off do not count",
			[]Item{in(plan("a", 3), 0), plan("b", 3)},
			[]string{"03-01 03-08 a", "03-01 03-03 b"},
		}, {
			"nor for work in progress",
			[]Item{in(started(plan("a", 2)), 0)},
			[]string{"03-01 03-05 a"},
		}, {
			"a chain goes on over days off",
			[]Item{in(plan("a", 1), 0), in(plan("b", 1), 1), plan("c", 2), in(plan("d", 1, 2), 2)},
			[]string{"03-01 03-01 a", "03-05 03-05 a b", "03-01 03-02 c", "03-08 03-08 a b d"},
		}, {
			"what finishes on a day off of the team is waited for",
			[]Item{plan("a", 3), in(plan("b", 1, 0), 0)},
			[]string{"03-01 03-03 a", "03-05 03-05 a b"},
		}, {
			"a lag is of workdays of the calendar",
			[]Item{plan("a", 1), lagged(plan("b", 1, 0), 2), in(lagged(plan("c", 1, 0), 2), 0)},
			[]string{"03-01 03-01 a", "03-04 03-04 a b", "03-05 03-05 a c"},
		}, {
			"a lag goes over the weekend",
			[]Item{plan("a", 4), lagged(plan("b", 1, 0), 3)},
			[]string{"03-01 03-04 a", "03-10 03-10 a b"},
		}, {
			"the longest wait counts, not the last finish",
			[]Item{plan("a", 1), plan("b", 4), func() Item {
				c := plan("c", 1, 0, 1)
				c.Before[0].LagDays = 5
				return c
			}()},
			[]string{"03-01 03-01 a", "03-01 03-04 b", "03-09 03-09 a c"},
		}, {
			"work in progress does not wait, and hands on what is before it without its lag",
			[]Item{plan("a", 3), lagged(started(plan("b", 1, 0)), 5), lagged(plan("c", 1, 1), 1)},
			[]string{"03-01 03-03 a", "03-01 03-01 b", "03-04 03-04 a c"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := Problem{
				Today: day(t, "2027-03-01"), Calendar: calendar(t, mondayToFriday), Items: tc.items,
				Teams: []Team{{
					Name: "team", Lanes: 1, Calendar: calendar(t, mondayToFriday, "2027-03-02", "2027-03-03", "2027-03-04"),
				}},
			}
			placed := forecast(t, p)
			var got []string
			for i, at := range placed {
				got = append(got, fmt.Sprintf("%s %s %s", at.Start.String()[5:], at.Finish.String()[5:], chainNames(p, placed, i)))
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tc.want, "\n"))
			}
		})
	}
}

// TestBeyondTheLastDate: one absurd item stands at the end of time, with what
// waits for it, and everything else keeps its dates.
func TestBeyondTheLastDate(t *testing.T) {
	p := Problem{
		Today: day(t, "2027-03-01"), Calendar: calendar(t, mondayToFriday),
		Teams: []Team{{Name: "stuck", Lanes: 1}, {Name: "other", Lanes: 1}},
		Items: []Item{
			in(plan("absurd", math.MaxInt64/1000), 0),
			in(plan("behind", 3), 0),
			plan("next", 3, 1),
			plan("elsewhere", 3),
			notBefore(plan("last-day", 1), MaxDay),
			notBefore(plan("too-late", 1), math.MaxInt32),
		},
	}
	placed := forecast(t, p)
	for i, want := range []string{
		"2027-03-01 9999-12-31 absurd",
		"9999-12-31 9999-12-31 absurd behind",
		"9999-12-31 9999-12-31 absurd behind next",
		"2027-03-01 2027-03-03 elsewhere",
		"9999-12-31 9999-12-31 last-day",
		"9999-12-31 9999-12-31 too-late",
	} {
		if got := fmt.Sprint(placed[i].Start, " ", placed[i].Finish, " ", chainNames(p, placed, i)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestLongHorizon: ten items of 10,000 days each in one lane.
func TestLongHorizon(t *testing.T) {
	p := Problem{Today: day(t, "2027-03-01"), Calendar: calendar(t, mondayToFriday, "2030-01-01"), Teams: []Team{{Name: "team", Lanes: 1}}}
	for i := range 10 {
		p.Items = append(p.Items, in(plan(fmt.Sprint(i), 10_000), i))
	}
	placed := forecast(t, p)
	// 100,000 workdays are 20,000 weeks, and the holiday moves the last day from a Friday to a Monday.
	if got, want := placed[9].Finish, day(t, "2027-03-01").AddDays(7*20_000); got != want {
		t.Errorf("the last finishes on %s, want %s", got, want)
	}
}

func TestForecastRefuses(t *testing.T) {
	good := func() Problem {
		return Problem{
			Today: day(t, "2027-03-01"), Calendar: calendar(t, mondayToFriday), Teams: []Team{{Name: "core", Lanes: 1}},
			Items: []Item{in(plan("a", 1), 1), in(plan("b", 1, 0), 2), in(plan("c", 1, 1), 3)},
		}
	}
	forecast(t, good())
	for _, tc := range []struct {
		name  string
		spoil func(p *Problem)
		want  string
	}{
		{"no calendar", func(p *Problem) { p.Calendar = Calendar{} }, "no workday"},
		{"today before the first day", func(p *Problem) { p.Today = MinDay - 1 }, "today"},
		{"today after 9999", func(p *Problem) { p.Today = MaxDay + 1 }, "today"},
		{"no lanes", func(p *Problem) { p.Teams[0].Lanes = 0 }, `team "core"`},
		{"negative lanes", func(p *Problem) { p.Teams[0].Lanes = math.MinInt }, `team "core"`},
		{"name twice", func(p *Problem) { p.Items[2].Name = "a" }, `"a": the name occurs twice`},
		{"negative effort", func(p *Problem) { p.Items[1].EffortMilliDays = -1 }, `"b": effort is -1`},
		{"negative progress", func(p *Problem) { p.Items[1].ProgressPercent = -1 }, `"b": progress is -1%`},
		{"progress over 100", func(p *Problem) { p.Items[1].ProgressPercent = 101 }, `"b": progress is 101%`},
		{"no velocity", func(p *Problem) { p.Items[1].VelocityPercent = 0 }, `"b": velocity is 0%`},
		{"velocity too high", func(p *Problem) { p.Items[1].VelocityPercent = math.MaxInt }, `"b": velocity`},
		{"negative lead time", func(p *Problem) { p.Items[1].LeadTimeDays = -1 }, `"b": lead time is -1`},
		{"team below none", func(p *Problem) { p.Items[1].Team = -2 }, `"b": team -2`},
		{"team beyond the list", func(p *Problem) { p.Items[1].Team = 1 }, `"b": team 1`},
		{"predecessor below zero", func(p *Problem) { p.Items[1].Before = after(-1) }, `"b": the item before it, -1,`},
		{"predecessor beyond the list", func(p *Problem) { p.Items[1].Before = after(3) }, `"b": the item before it, 3,`},
		{"negative lag", func(p *Problem) { p.Items[1].Before = []Predecessor{{0, -1}} }, `"b": the lag after item 0 is -1,`},
		{"lag beyond all days", func(p *Problem) { p.Items[1].Before = []Predecessor{{0, MaxDuration + 1}} }, `"b": the lag after item 0 is 2932898,`},
		{"before itself", func(p *Problem) { p.Items[1].Before = after(1) }, `circle: "b" before "b"`},
		{"circle", func(p *Problem) { p.Items[0].Before = after(2) }, `circle: "a" before "b" before "c" before "a"`},
		{"circle through work in progress", func(p *Problem) { p.Items[0].Before = after(1); p.Items[0].Started = true }, `"a" before "b" before "a"`},
		{"circle beside other items", func(p *Problem) { p.Items[1].Before = after(0, 2) }, `circle: "b" before "c" before "b"`},
		{"ranks against the order", func(p *Problem) { p.Items[2].Rank = 0 }, `"c" ranks ahead of "b"`},
		{"ranks of work in progress against the order", func(p *Problem) { p.Items[2].Rank, p.Items[2].Started = 0, true }, `"c" ranks ahead of "b"`},
		{"names against the order", func(p *Problem) { p.Items[2].Rank = 2; p.Items[2].Name = "Z" }, `"Z" ranks ahead of "b"`},
	} {
		p := good()
		tc.spoil(&p)
		if placed, err := Forecast(p); err == nil || placed != nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v and error %v, want an error with %s", tc.name, placed, err, tc.want)
		}
	}
}

func TestCriticalChainOfNothing(t *testing.T) {
	items := []Item{plan("a", 1)}
	placed := forecast(t, Problem{Calendar: calendar(t, everyDay), Items: items})
	for _, last := range []int{-1, 1} {
		if chain := CriticalChain(placed, last); chain != nil {
			t.Errorf("item %d has chain %v, want none", last, chain)
		}
	}
}

func TestForecastChangesNothing(t *testing.T) {
	p := Problem{
		Today: day(t, "2027-03-01"), Calendar: calendar(t, mondayToFriday), Teams: []Team{{Name: "core", Lanes: 1}},
		Items: []Item{in(plan("b", 1), 1), in(plan("a", 1), 1), in(plan("c", 1, 0, 1, 0), 3)},
	}
	forecast(t, p)
	if got := p.Items[2].Before; p.Items[0].Name != "b" || !slices.Equal(got, after(0, 1, 0)) {
		t.Errorf("the items are now %+v", p.Items)
	}
}
