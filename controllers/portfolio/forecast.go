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

package portfolio

import (
	"fmt"
	"slices"
	"strings"
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
	"github.com/journeyops/journey-operator/controllers/portfolio/schedule"
)

// forecast holds the dates of the jobs.
type forecast struct {
	calendar schedule.Calendar
	// ofTeams holds the calendars of the teams that have holidays of their own.
	ofTeams map[string]schedule.Calendar
	placed  []schedule.Placement
	chains  schedule.Chains
}

// forecastJobs places the jobs on the calendar, and writes down the schedule of each.
func (g *Graph) forecastJobs() {
	jobs := g.ranking.jobs
	if !g.today.IsValid() || len(jobs) == 0 {
		return
	}
	g.forecast = forecast{calendar: calendarOf(g.roadmap), ofTeams: map[string]schedule.Calendar{}}
	for name, team := range g.policy.teams {
		if len(team.Holidays) > 0 {
			g.forecast.ofTeams[name] = calendarOf(g.roadmap, team.Holidays...)
		}
	}
	teams, number := g.scheduleTeams()
	items := make([]schedule.Item, len(jobs))
	for n, i := range jobs {
		items[n] = g.scheduleItem(i, number)
	}
	placed, err := schedule.Forecast(schedule.Problem{Today: dayOf(g.today), Calendar: g.forecast.calendar, Teams: teams, Items: items})
	if err != nil {
		// Only objects that the API server would have refused lead here: they get no dates.
		return
	}
	g.forecast.placed, g.forecast.chains = placed, schedule.NewChains(placed)
	for n, i := range jobs {
		i.schedule = &cxv1alpha1.Schedule{
			ExpectedStart:  dateOf(placed[n].Start),
			ExpectedFinish: dateOf(placed[n].Finish),
			DurationDays:   int32(placed[n].Duration),
		}
	}
	for _, i := range jobs {
		i.waitedFor = g.describeChain(i)
	}
}

func (g *Graph) scheduleTeams() ([]schedule.Team, map[string]int) {
	names := make([]string, 0, len(g.policy.teams))
	for name := range g.policy.teams {
		names = append(names, name)
	}
	slices.Sort(names)
	teams := make([]schedule.Team, len(names))
	number := make(map[string]int, len(names))
	for n, name := range names {
		teams[n] = schedule.Team{Name: name, Lanes: int(g.policy.teams[name].Lanes), Calendar: g.forecast.ofTeams[name]}
		number[name] = n
	}
	return teams, number
}

func (g *Graph) scheduleItem(i *Item, teamNumber map[string]int) schedule.Item {
	s := schedule.Item{
		Name:            i.Name,
		EffortMilliDays: i.baseEffort() * milli,
		ProgressPercent: int(i.progress()),
		VelocityPercent: cxv1alpha1.DefaultVelocityPercent,
		Started:         i.state == cxv1alpha1.StateInProgress,
		NotBefore:       schedule.MinDay,
		Team:            schedule.NoTeam,
		Rank:            int(i.priority.Rank),
	}
	if number, limited := teamNumber[string(i.Spec.Team)]; limited {
		s.Team = number
		s.VelocityPercent = int(g.policy.teams[string(i.Spec.Team)].VelocityPercent)
	}
	if i.Spec.StartDate.IsValid() {
		s.NotBefore = dayOf(i.Spec.StartDate)
	}
	for _, stage := range i.scope {
		s.LeadTimeDays = max(s.LeadTimeDays, int(stage.LeadTimeDays))
	}
	lags := i.Lags()
	for _, b := range i.before {
		s.Before = append(s.Before, schedule.Predecessor{Item: b.job, LagDays: int(lags[b.Name])})
	}
	return s
}

var weekdays = map[cxv1alpha1.Weekday]time.Weekday{
	cxv1alpha1.Monday: time.Monday, cxv1alpha1.Tuesday: time.Tuesday, cxv1alpha1.Wednesday: time.Wednesday,
	cxv1alpha1.Thursday: time.Thursday, cxv1alpha1.Friday: time.Friday,
	cxv1alpha1.Saturday: time.Saturday, cxv1alpha1.Sunday: time.Sunday,
}

// calendarOf reads the calendar of the Roadmap: the workdays by default, without holidays, where it is silent. A team has holidays
// of its own on top of that.
func calendarOf(roadmap *cxv1alpha1.Roadmap, own ...cxv1alpha1.Date) schedule.Calendar {
	var of cxv1alpha1.Calendar
	if roadmap != nil && roadmap.Spec.Calendar != nil {
		of = *roadmap.Spec.Calendar
	}
	days := workdaysOf(of.Workdays)
	if len(days) == 0 {
		days = workdaysOf(cxv1alpha1.DefaultWorkdays())
	}
	// The days of the week are known and not empty, so there is no error to have.
	calendar, _ := schedule.NewCalendar(days, slices.Concat(daysOf(of.Holidays), daysOf(own)))
	return calendar
}

func workdaysOf(names []cxv1alpha1.Weekday) []time.Weekday {
	var days []time.Weekday
	for _, name := range names {
		if day, known := weekdays[name]; known {
			days = append(days, day)
		}
	}
	return days
}

func daysOf(dates []cxv1alpha1.Date) []schedule.Day {
	var days []schedule.Day
	for _, date := range dates {
		if date.IsValid() {
			days = append(days, dayOf(date))
		}
	}
	return days
}

// dateMoments gives each blocked moment its expected date and the item that decides it.
func (g *Graph) dateMoments() {
	for _, m := range g.moments {
		t := &m.state.gate
		if !t.closed() || !t.schedulable() || g.forecast.placed == nil {
			continue
		}
		var last *Item
		for _, i := range m.gateDeliverers() {
			if last == nil || i.Expected() > last.Expected() {
				last = i
			}
		}
		m.state.expected = last.Expected()
		m.state.last = last
	}
}

// chainTo is the critical chain that ends with an item, in order of time; empty where there is none.
func (g *Graph) chainTo(last *Item) []*Item {
	if last == nil {
		return nil
	}
	return g.jobs(schedule.CriticalChain(g.forecast.placed, last.job))
}

// endOfChain names the last items of the critical chain that ends with an item, as many as a status lists, and tells how many there are.
func (g *Graph) endOfChain(last *Item) (names []string, total int32) {
	if last == nil {
		return nil, 0
	}
	chains := &g.forecast.chains
	return words.NamesOf(g.jobs(chains.End(last.job, cxv1alpha1.MaxListed))), int32(chains.Len(last.job))
}

// isCritical tells whether an item is in the critical chain that ends with another.
func (g *Graph) isCritical(i, last *Item) bool {
	return last != nil && i.schedule != nil && g.forecast.chains.Has(last.job, i.job)
}

// jobs are the items of so many jobs.
func (g *Graph) jobs(numbers []int) []*Item {
	items := make([]*Item, len(numbers))
	for n, job := range numbers {
		items[n] = g.ranking.jobs[job]
	}
	return items
}

// maxChainNamed is how many steps of a critical chain a message tells.
const maxChainNamed = 4

// describeChain tells back from an item what each item of its chain waited for: "waits for claims-api (team core, until 2027-02-26), which
// waits for team core to finish identity-link". Empty where the item waited for nothing.
func (g *Graph) describeChain(last *Item) string {
	var steps []string
	for waiting := last; ; {
		at := &g.forecast.placed[waiting.job]
		if at.WaitedFor == schedule.NoItem {
			break
		}
		if len(steps) == maxChainNamed {
			before := g.forecast.chains.Len(waiting.job) - 1
			steps = append(steps, fmt.Sprintf("waits for %s before that", words.Plural(before, "item")))
			break
		}
		if g.startsOnItsDate(waiting) {
			// That another item was finished the day before is a coincidence.
			steps = append(steps, fmt.Sprintf("does not start before %s, its startDate", waiting.Spec.StartDate))
			break
		}
		behind := g.ranking.jobs[at.WaitedFor]
		if at.ForTeam {
			steps = append(steps, fmt.Sprintf("waits for team %s to finish %s", waiting.Spec.Team, behind.Name))
		} else {
			steps = append(steps, fmt.Sprintf("waits %s %s (%suntil %s)", waiting.lagWords(behind), behind.Name, behind.teamWords(), behind.Expected()))
		}
		waiting = behind
	}
	return strings.Join(steps, ", which ")
}

// startsOnItsDate tells whether it is the item's own startDate that keeps it from starting earlier: it starts on the first workday
// from there.
func (g *Graph) startsOnItsDate(i *Item) bool {
	if i.schedule == nil || !i.Spec.StartDate.IsValid() || i.state == cxv1alpha1.StateInProgress {
		return false
	}
	return dateOf(g.forecast.calendarOf(i).OnOrAfter(dayOf(i.Spec.StartDate))) == i.schedule.ExpectedStart
}

// calendarOf is the calendar in which an item is worked on.
func (f *forecast) calendarOf(i *Item) schedule.Calendar {
	if calendar, own := f.ofTeams[string(i.Spec.Team)]; own {
		return calendar
	}
	return f.calendar
}

// daysOff are the holidays of an item's own team, and no one else's, that make it finish later: from when it could start but for them.
func (g *Graph) daysOff(i *Item) []string {
	from := max(g.today, i.Spec.StartDate)
	if number := g.forecast.placed[i.job].WaitedFor; number != schedule.NoItem {
		behind := g.ranking.jobs[number]
		over := g.forecast.calendar.Add(dayOf(behind.Expected())+1, int(i.Lags()[behind.Name]))
		from = max(from, dateOf(over))
	}
	var off []string
	for _, day := range g.policy.teams[string(i.Spec.Team)].Holidays {
		if day >= from && day <= i.Expected() && day.IsValid() && g.forecast.calendar.IsWorkday(dayOf(day)) {
			off = append(off, string(day))
		}
	}
	slices.Sort(off)
	return slices.Compact(off)
}

// lagWords say how long the item waits after another: "for" it, or "10 workdays after" it.
func (i *Item) lagWords(behind *Item) string {
	if days := i.Lags()[behind.Name]; days > 0 {
		return words.Plural(int(days), "workday") + " after"
	}
	return "for"
}

func (i *Item) teamWords() string {
	if i.Spec.Team == "" {
		return ""
	}
	return "team " + string(i.Spec.Team) + ", "
}

// forecastValue finds how much of the customer value will be there at the end of each month, from this month to the last in which
// something is earned.
func (g *Graph) forecastValue() {
	if !g.today.IsValid() {
		return
	}
	earned := map[string]*sum{}
	last := g.today
	g.eachPlannedAtom(func(m *Moment, share int64, deliverers []*Item) {
		var finish cxv1alpha1.Date
		for _, i := range deliverers {
			finish = max(finish, i.Expected())
		}
		if finish == "" {
			return
		}
		month := finish.Month()
		last = max(last, finish)
		if earned[month] == nil {
			earned[month] = &sum{}
		}
		earned[month].add(m.value.weight*share, m.value.shares)
	})
	total, delivered := g.value.total.rat(), g.value.delivered.rat()
	g.monthsTotal = int32(g.today.MonthsUntil(last) + 1)
	g.months = make([]cxv1alpha1.MonthForecast, min(g.monthsTotal, cxv1alpha1.MaxListed))
	for n := range g.months {
		month := g.today.FirstOfMonth(n).Month()
		if s := earned[month]; s != nil {
			delivered.Add(delivered, s.rat())
		}
		g.months[n] = cxv1alpha1.MonthForecast{Month: month, DeliveredPercent: percentOf(delivered, total)}
	}
}

// dayOf and dateOf convert between the days of the API and of the schedule.
func dayOf(d cxv1alpha1.Date) schedule.Day  { return schedule.Day(d.Day()) }
func dateOf(d schedule.Day) cxv1alpha1.Date { return cxv1alpha1.DateOfDay(int(d)) }
