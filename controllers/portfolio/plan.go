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
	"cmp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Plan is the joint roadmap of a portfolio, whole: unlike the lists of a status, its lists are not cut off. It follows from the
// same facts, and is there without a Roadmap object too.
type Plan struct {
	// AsOf is the day of evaluation.
	AsOf cxv1alpha1.Date `json:"asOf"`
	// Problem says what keeps the planning policy of the Roadmap from being followed; empty when nothing does.
	Problem string `json:"problem,omitempty"`
	// Bundles of items that bring their value together, in the order in which they should be done.
	Bundles []PlanBundle `json:"bundles"`
	// Teams with their scheduled items: those of the Roadmap in its order, then others by name, then the items of no team.
	Teams []PlanTeam `json:"teams"`
	// Unscheduled holds the live items that cannot be scheduled, by name.
	Unscheduled []PlanUnscheduled `json:"unscheduled"`
	// Done holds the finished items, by finish date and name.
	Done []PlanDone `json:"done"`
	// Value of all moments, in whole points.
	Value cxv1alpha1.Value `json:"value"`
	// Forecast of the customer value that will be there at the end of each month, for the first 50 months.
	Forecast []cxv1alpha1.MonthForecast `json:"forecast"`
	// ForecastTotal is the number of months up to the last one in which something is delivered.
	ForecastTotal int32 `json:"forecastTotal"`
}

// PlanBundle is a set of items that bring their value together.
type PlanBundle struct {
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

// PlanTeam is a team with its scheduled items.
type PlanTeam struct {
	// Name of the team; empty for the items that have none.
	Name string `json:"name"`
	// Title, Side, Lanes and VelocityPercent are those of the Roadmap; empty and zero for a team that it does not list, which then has no
	// limit.
	Title           string          `json:"title,omitempty"`
	Side            cxv1alpha1.Side `json:"side,omitempty"`
	Lanes           int32           `json:"lanes,omitempty"`
	VelocityPercent int32           `json:"velocityPercent,omitempty"`
	// Items by start, then rank.
	Items []PlanItem `json:"items"`
}

// PlanItem is a live item that can be scheduled.
type PlanItem struct {
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
}

// PlanUnscheduled is a live item that cannot be scheduled.
type PlanUnscheduled struct {
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

// PlanDone is an item that is finished.
type PlanDone struct {
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
}

// Plan returns the joint roadmap.
func (e *Evaluation) Plan() *Plan {
	g := e.graph
	plan := &Plan{
		AsOf:        g.today,
		Bundles:     g.planBundles(),
		Teams:       g.planTeams(),
		Unscheduled: []PlanUnscheduled{},
		Done:        []PlanDone{},
		Value:       *g.value.status(),
	}
	if ready := g.conditions.of(cxv1alpha1.ConditionReady); ready.status == metav1.ConditionFalse {
		plan.Problem = ready.message
	}
	plan.Forecast, plan.ForecastTotal = g.months, g.monthsTotal
	for _, i := range g.items {
		switch {
		case i.isLive() && i.priority == nil:
			plan.Unscheduled = append(plan.Unscheduled, g.planUnscheduled(i))
		case i.state == cxv1alpha1.StateDone:
			plan.Done = append(plan.Done, planDone(i))
		}
	}
	slices.SortStableFunc(plan.Done, func(a, b PlanDone) int { return cmp.Compare(a.Finish, b.Finish) })
	return plan
}

// planBundles lists all bundles with all that is in them.
func (g *graph) planBundles() []PlanBundle {
	bundles := make([]PlanBundle, len(g.ranking.bundles))
	for n := range bundles {
		b := &g.ranking.bundles[n]
		bundles[n] = PlanBundle{
			Number: b.number, Score: b.score, Value: b.value, EffortDays: b.effortDays,
			Items: namesOf(b.items), Moments: append([]string{}, namesOf(b.moments)...),
		}
		for _, i := range b.items {
			bundles[n].Finish = max(bundles[n].Finish, i.expectedFinish())
		}
	}
	return bundles
}

// planTeams divides the scheduled items among the teams.
func (g *graph) planTeams() []PlanTeam {
	items := map[string][]PlanItem{}
	for _, i := range g.live {
		if i.priority != nil {
			items[string(i.Spec.Team)] = append(items[string(i.Spec.Team)], g.planItem(i))
		}
	}
	teams := []PlanTeam{}
	add := func(team PlanTeam) {
		team.Items = items[team.Name]
		if team.Items == nil {
			team.Items = []PlanItem{}
		}
		slices.SortFunc(team.Items, func(a, b PlanItem) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Rank, b.Rank)) })
		teams = append(teams, team)
		delete(items, team.Name)
	}
	for _, team := range g.policy.listed {
		add(PlanTeam{
			Name: string(team.Name), Title: string(team.Title), Side: team.Side, Lanes: team.Lanes, VelocityPercent: team.VelocityPercent,
		})
	}
	others := make([]string, 0, len(items))
	for name := range items {
		others = append(others, name)
	}
	// No team comes last, though its name would come first.
	slices.SortFunc(others, func(a, b string) int {
		return cmp.Or(cmp.Compare(one(a == ""), one(b == "")), strings.Compare(a, b))
	})
	for _, name := range others {
		add(PlanTeam{Name: name})
	}
	return teams
}

func (g *graph) planItem(i *item) PlanItem {
	item := PlanItem{
		Name: i.Name, Title: string(i.Spec.Title), State: i.state,
		Rank: i.priority.Rank, Bundle: i.priority.Bundle, Score: i.priority.Score,
		Target:   i.Spec.TargetDate,
		WaitsFor: planWaits(i),
	}
	if s := i.schedule; s != nil {
		item.Start, item.Finish, item.DurationDays = s.ExpectedStart, s.ExpectedFinish, s.DurationDays
		item.LateDays = lateDays(item.Target, item.Finish)
		item.Late = item.LateDays > 0
	}
	return item
}

// planWaits names what comes directly before an item; never nil, so that JSON has a list.
func planWaits(i *item) []string {
	return append([]string{}, namesOf(i.before)...)
}

// lateDays is by how many days a finish is after a target; 0 where it is not, or there is no target.
func lateDays(target, finish cxv1alpha1.Date) int32 {
	return int32(max(0, target.DaysUntil(finish)))
}

func (g *graph) planUnscheduled(i *item) PlanUnscheduled {
	why := i.conditions.of(cxv1alpha1.ConditionBlocked)
	switch {
	case i.schedulable:
		why.reason, why.message = cxv1alpha1.ReasonNoForecast, "The portfolio holds numbers that no roadmap can be computed from."
	case why.reason == cxv1alpha1.ReasonWaitingForItems:
		// To wait for items keeps nothing from being scheduled, so name those that cannot be.
		stuck := slices.DeleteFunc(slices.Clone(i.before), func(b *item) bool { return b.schedulable })
		why.message = sprintf("Waits for %s, which cannot be scheduled.", []any{enumerate(namesOf(stuck))})
	}
	return PlanUnscheduled{
		Name: i.Name, Title: string(i.Spec.Title), State: i.state, Team: string(i.Spec.Team),
		Target: i.Spec.TargetDate, Reason: why.reason, Message: why.message, WaitsFor: planWaits(i),
	}
}

func planDone(i *item) PlanDone {
	late := lateDays(i.Spec.TargetDate, i.Spec.FinishDate)
	return PlanDone{
		Name: i.Name, Title: string(i.Spec.Title), Team: string(i.Spec.Team),
		Start: i.Spec.StartDate, Finish: i.Spec.FinishDate, Target: i.Spec.TargetDate, Late: late > 0, LateDays: late,
	}
}
