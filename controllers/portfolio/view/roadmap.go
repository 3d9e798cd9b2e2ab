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

package view

import (
	"cmp"
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// Roadmap is the joint roadmap of a portfolio. Its lists are whole, unlike those of a status. It is there without a Roadmap object too.
type Roadmap struct {
	// AsOf is the day of evaluation.
	AsOf cxv1alpha1.Date `json:"asOf"`
	// Problem says what keeps the planning policy of the Roadmap from being followed; empty when nothing does.
	Problem string `json:"problem,omitempty"`
	// Bundles of items that bring their value together, in the order in which they should be done.
	Bundles []RoadmapBundle `json:"bundles"`
	// Teams with their scheduled items: those of the Roadmap in its order, then others by name, then the items of no team.
	Teams []RoadmapTeam `json:"teams"`
	// Unscheduled holds the live items that cannot be scheduled, by name.
	Unscheduled []UnscheduledItem `json:"unscheduled"`
	// Done holds the finished items, by finish date and name.
	Done []DoneItem `json:"done"`
	// TrackRecord counts what became of the hypotheses of each team's finished work, by team. Absent where no metric judges any.
	TrackRecord []cxv1alpha1.TrackRecord `json:"trackRecord,omitempty"`
	// Value of all moments, in whole points.
	Value cxv1alpha1.Value `json:"value"`
	// Forecast of the customer value that will be there at the end of each month, for the first 50 months.
	Forecast []cxv1alpha1.MonthForecast `json:"forecast"`
	// ForecastTotal is the number of months up to the last one in which something is delivered.
	ForecastTotal int32 `json:"forecastTotal"`
}

// RoadmapBundle is a set of items that bring their value together.
type RoadmapBundle struct {
	// Number is the bundle's place in the order, from 1.
	Number int32 `json:"number"`
	// Score is value a day of effort, with two decimals.
	Score string `json:"score"`
	// Value that the bundle brings, customer and business value weighed, in whole points.
	Value int64 `json:"value"`
	// EffortDays of the bundle, in days with at most three decimals.
	EffortDays string `json:"effortDays"`
	// Finish is the day on which the last of its items is expected; empty when there is no forecast.
	Finish cxv1alpha1.Date `json:"expectedFinish,omitempty"`
	// Items by name, in the order of their rank.
	Items []string `json:"items"`
	// Moments whose gate the bundle completes, by name.
	Moments []string `json:"moments"`
}

// RoadmapTeam is a team with its scheduled items.
type RoadmapTeam struct {
	// Name of the team; empty for the items that have none.
	Name string `json:"name"`
	// Title, Side, Lanes and VelocityPercent are those of the Roadmap; empty and zero for a team that it does not list, which then has no
	// limit.
	Title           string          `json:"title,omitempty"`
	Side            cxv1alpha1.Side `json:"side,omitempty"`
	Lanes           int32           `json:"lanes,omitempty"`
	VelocityPercent int32           `json:"velocityPercent,omitempty"`
	// Holidays are the days to come that only this team has off, in order.
	Holidays []cxv1alpha1.Date `json:"holidays,omitempty"`
	// Items by start, then rank.
	Items []ScheduledItem `json:"items"`
}

// ScheduledItem is a live item that can be scheduled.
type ScheduledItem struct {
	Name  string               `json:"name"`
	Title string               `json:"title"`
	State cxv1alpha1.ItemState `json:"state"`
	// Rank among all scheduled items, from 1.
	Rank int32 `json:"rank"`
	// Bundle of the item, by its number.
	Bundle int32 `json:"bundle"`
	// Score of that bundle.
	Score string `json:"score"`
	// Start and Finish are the first and the last workday that the forecast gives; empty when there is no forecast.
	Start  cxv1alpha1.Date `json:"expectedStart,omitempty"`
	Finish cxv1alpha1.Date `json:"expectedFinish,omitempty"`
	// DurationDays is the number of workdays from start to finish, both included.
	DurationDays int32 `json:"durationDays,omitempty"`
	// Target is the date on which the item should be finished, where one is set.
	Target cxv1alpha1.Date `json:"targetDate,omitempty"`
	// Late tells that the finish is after the target.
	Late bool `json:"late"`
	// LateDays is by how many calendar days.
	LateDays int32 `json:"lateDays,omitempty"`
	// WaitsFor names the live items that come directly before this one.
	WaitsFor []string `json:"waitsFor"`
	// LagDays is how many workdays longer it waits after those of them where it does.
	LagDays map[string]int32 `json:"lagDays,omitempty"`
}

// UnscheduledItem is a live item that cannot be scheduled.
type UnscheduledItem struct {
	Name   string               `json:"name"`
	Title  string               `json:"title"`
	State  cxv1alpha1.ItemState `json:"state"`
	Team   string               `json:"team,omitempty"`
	Target cxv1alpha1.Date      `json:"targetDate,omitempty"`
	// Reason is that of the item's condition Blocked, or NoForecast where there is a problem with the portfolio as a whole.
	Reason string `json:"reason"`
	// Message says it in a sentence.
	Message string `json:"message"`
	// WaitsFor names the live items that come directly before this one.
	WaitsFor []string `json:"waitsFor"`
}

// DoneItem is an item that is finished.
type DoneItem struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Team  string `json:"team,omitempty"`
	// Start is empty where none was set.
	Start  cxv1alpha1.Date `json:"startDate,omitempty"`
	Finish cxv1alpha1.Date `json:"finishDate"`
	Target cxv1alpha1.Date `json:"targetDate,omitempty"`
	// Late tells that it was finished after the target.
	Late bool `json:"late"`
	// LateDays is by how many calendar days.
	LateDays int32 `json:"lateDays,omitempty"`
	// Hypothesis is what a metric says of the work; absent where none judges it.
	Hypothesis *Judgement `json:"hypothesis,omitempty"`
}

// RankedItem is a scheduled item with the name of its team.
type RankedItem struct {
	ScheduledItem

	Team string
}

// ByRank lists the scheduled items of all teams by rank.
func (r *Roadmap) ByRank() []RankedItem {
	var items []RankedItem
	for t := range r.Teams {
		for _, i := range r.Teams[t].Items {
			items = append(items, RankedItem{i, r.Teams[t].Name})
		}
	}
	slices.SortFunc(items, func(a, b RankedItem) int { return cmp.Compare(a.Rank, b.Rank) })
	return items
}

// RoadmapOf returns the joint roadmap.
func RoadmapOf(e *portfolio.Evaluation) *Roadmap {
	g := e.Graph()
	roadmap := &Roadmap{
		AsOf:        g.Today(),
		Bundles:     bundlesOf(g),
		Teams:       teamsOf(g),
		Unscheduled: []UnscheduledItem{},
		Done:        []DoneItem{},
		Value:       g.Value(),
	}
	if ready := g.Result(cxv1alpha1.ConditionReady); ready.Status == metav1.ConditionFalse {
		roadmap.Problem = ready.Message
	}
	roadmap.Forecast, roadmap.ForecastTotal = g.Months()
	roadmap.TrackRecord = g.TrackRecords()
	for _, i := range g.Items() {
		switch {
		case i.IsLive() && i.Priority() == nil:
			roadmap.Unscheduled = append(roadmap.Unscheduled, unscheduledItem(i))
		case i.State() == cxv1alpha1.StateDone:
			roadmap.Done = append(roadmap.Done, doneItem(i))
		}
	}
	slices.SortStableFunc(roadmap.Done, func(a, b DoneItem) int { return cmp.Compare(a.Finish, b.Finish) })
	return roadmap
}

// bundlesOf lists all bundles with all their items and moments.
func bundlesOf(g *portfolio.Graph) []RoadmapBundle {
	bundles := []RoadmapBundle{}
	for _, b := range g.Bundles() {
		bundle := RoadmapBundle{
			Number: b.Number, Score: b.Score, Value: b.Value, EffortDays: b.EffortDays,
			Items: words.NamesOf(b.Items), Moments: append([]string{}, words.NamesOf(b.Moments)...),
		}
		for _, i := range b.Items {
			bundle.Finish = max(bundle.Finish, i.Expected())
		}
		bundles = append(bundles, bundle)
	}
	return bundles
}

// teamsOf lists the teams with their scheduled items. A team that the Roadmap does not list is left out if it has none.
func teamsOf(g *portfolio.Graph) []RoadmapTeam {
	teams := []RoadmapTeam{}
	for _, t := range g.Teams() {
		team := RoadmapTeam{
			Name: string(t.Name), Title: string(t.Title), Side: t.Side, Lanes: t.Lanes, VelocityPercent: t.VelocityPercent,
			Holidays: holidaysToCome(t, g.Today()), Items: []ScheduledItem{},
		}
		for _, i := range t.Items() {
			if i.Priority() != nil {
				team.Items = append(team.Items, scheduledItem(i))
			}
		}
		if len(team.Items) == 0 && !t.IsListed() {
			continue
		}
		slices.SortFunc(team.Items, func(a, b ScheduledItem) int {
			return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Rank, b.Rank))
		})
		teams = append(teams, team)
	}
	return teams
}

func scheduledItem(i *portfolio.Item) ScheduledItem {
	item := ScheduledItem{
		Name: i.Name, Title: string(i.Spec.Title), State: i.State(),
		Rank: i.Priority().Rank, Bundle: i.Priority().Bundle, Score: i.Priority().Score,
		Target:   i.Spec.TargetDate,
		WaitsFor: waitsFor(i),
	}
	for name, days := range i.Lags() {
		if slices.Contains(item.WaitsFor, name) {
			if item.LagDays == nil {
				item.LagDays = map[string]int32{}
			}
			item.LagDays[name] = days
		}
	}
	if s := i.Schedule(); s != nil {
		item.Start, item.Finish, item.DurationDays = s.ExpectedStart, s.ExpectedFinish, s.DurationDays
		item.LateDays = lateDays(item.Target, item.Finish)
		item.Late = item.LateDays > 0
	}
	return item
}

func holidaysToCome(t *portfolio.Team, today cxv1alpha1.Date) []cxv1alpha1.Date {
	days := slices.DeleteFunc(slices.Clone(t.Holidays), func(day cxv1alpha1.Date) bool { return day < today || !day.IsValid() })
	slices.Sort(days)
	return slices.Compact(days)
}

// waitsFor names what comes directly before an item; never nil, so that JSON has a list.
func waitsFor(i *portfolio.Item) []string {
	return append([]string{}, words.NamesOf(i.Before())...)
}

func unscheduledItem(i *portfolio.Item) UnscheduledItem {
	why := i.Result(cxv1alpha1.ConditionBlocked)
	switch {
	case i.Schedulable():
		why.Reason, why.Message = cxv1alpha1.ReasonNoForecast, "The portfolio holds numbers that no roadmap can be computed from."
	case why.Reason == cxv1alpha1.ReasonWaitingForItems:
		// Items can wait for each other and be scheduled: so name those that cannot be.
		stuck := slices.DeleteFunc(slices.Clone(i.Before()), func(b *portfolio.Item) bool { return b.Schedulable() })
		why.Message = fmt.Sprintf("Waits for %s, which cannot be scheduled.", words.Enumerate(words.NamesOf(stuck)))
	}
	return UnscheduledItem{
		Name: i.Name, Title: string(i.Spec.Title), State: i.State(), Team: string(i.Spec.Team),
		Target: i.Spec.TargetDate, Reason: why.Reason, Message: why.Message, WaitsFor: waitsFor(i),
	}
}

func doneItem(i *portfolio.Item) DoneItem {
	late := lateDays(i.Spec.TargetDate, i.Finish())
	return DoneItem{
		Name: i.Name, Title: string(i.Spec.Title), Team: string(i.Spec.Team),
		Start: i.Spec.StartDate, Finish: i.Finish(), Target: i.Spec.TargetDate, Late: late > 0, LateDays: late,
		Hypothesis: judgementOf(i),
	}
}
