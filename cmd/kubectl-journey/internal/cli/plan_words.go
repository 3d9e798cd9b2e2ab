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

package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/plan"
)

// standing tells whether an effect is for the worse, for the better, or neither.
type standing int

const (
	worse standing = iota
	neither
	better
)

// marks begin a line about something by its standing.
var marks = map[standing]string{worse: "-", neither: "~", better: "+"}

var momentWords = map[plan.MomentEffect]string{
	plan.MomentBlocked: "becomes blocked", plan.MomentLate: "late", plan.MomentUndated: "without a date", plan.MomentReopened: "no longer realized",
	plan.MomentLater: "later", plan.MomentEmptied: "without requirements", plan.MomentOtherReason: "for another reason", plan.MomentAdded: "new",
	plan.MomentRemoved: "removed", plan.MomentElaborated: "elaborated", plan.MomentSooner: "sooner", plan.MomentDated: "dated",
	plan.MomentInTime: "in time", plan.MomentUnblocked: "unblocked", plan.MomentRealized: "realized",
}

var itemWords = map[plan.ItemEffect]string{
	plan.ItemUnscheduled: "unschedulable", plan.ItemMissesTarget: "off target", plan.ItemLater: "later", plan.ItemDown: "down",
	plan.ItemReopened: "reopened", plan.ItemCancelled: "cancelled", plan.ItemAdded: "new", plan.ItemRemoved: "removed", plan.ItemRevived: "revived",
	plan.ItemUp: "up", plan.ItemSooner: "sooner", plan.ItemMeetsTarget: "on target", plan.ItemScheduled: "schedulable",
	plan.ItemFinished: "done",
}

var teamWords = map[plan.TeamEffect]string{
	plan.TeamOverLanes: "over its lanes", plan.TeamMissesTargets: "misses targets", plan.TeamBusyLonger: "busy longer",
	plan.TeamBusyShorter: "busy shorter", plan.TeamMeetsTargets: "meets targets", plan.TeamWithinLanes: "less over its lanes",
}

// wordsOf puts effects into words.
func wordsOf[E comparable](effects []E, words map[E]string) string {
	list := make([]string, len(effects))
	for i, e := range effects {
		list[i] = words[e]
	}
	return strings.Join(list, ", ")
}

// standingOf is that of the first effect, the worst one: those up to a last bad one are for the worse, those from a first good one
// on for the better.
func standingOf[E comparable](effects, order []E, lastBad, firstGood E) standing {
	switch at := slices.Index(order, effects[0]); {
	case at <= slices.Index(order, lastBad):
		return worse
	case at >= slices.Index(order, firstGood):
		return better
	}
	return neither
}

func momentStanding(c *plan.MomentChange) standing {
	return standingOf(c.Effects, plan.MomentEffects, plan.MomentEmptied, plan.MomentSooner)
}

func itemStanding(c *plan.ItemChange) standing {
	return standingOf(c.Effects, plan.ItemEffects, plan.ItemDown, plan.ItemRevived)
}

func teamStanding(c *plan.TeamChange) standing {
	return standingOf(c.Effects, plan.TeamEffects, plan.TeamBusyLonger, plan.TeamBusyShorter)
}

// byEffect lists changes with the worst first.
func byEffect[C any, E comparable](changes []C, order []E, effects func(*C) []E, weight func(*C) int) []*C {
	list := make([]*C, len(changes))
	for i := range changes {
		list[i] = &changes[i]
	}
	slices.SortStableFunc(list, func(a, b *C) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, effects(a)[0]), slices.Index(order, effects(b)[0])),
			-cmp.Compare(weight(a), weight(b)),
		)
	})
	return list
}

func momentsInOrder(p *plan.Portfolio) []*plan.MomentChange {
	return byEffect(p.Moments, plan.MomentEffects, func(c *plan.MomentChange) []plan.MomentEffect { return c.Effects },
		func(c *plan.MomentChange) int { return distance(c.DaysLater) })
}

// itemsInOrder has what is not mere movement first, then those that move farthest.
func itemsInOrder(p *plan.Portfolio) []*plan.ItemChange {
	list := make([]*plan.ItemChange, len(p.Items))
	for i := range p.Items {
		list[i] = &p.Items[i]
	}
	slices.SortStableFunc(list, func(a, b *plan.ItemChange) int {
		return cmp.Or(
			cmp.Compare(weightOf(a), weightOf(b)),
			-cmp.Compare(distance(a.Moved), distance(b.Moved)),
			-cmp.Compare(distance(a.DaysLater), distance(b.DaysLater)),
		)
	})
	return list
}

// weightOf puts the effects that are more than movement in their order, and all movement behind them.
func weightOf(c *plan.ItemChange) int {
	least := len(plan.ItemEffects)
	for _, e := range c.Effects {
		switch e {
		case plan.ItemLater, plan.ItemSooner, plan.ItemUp, plan.ItemDown:
		default:
			least = min(least, slices.Index(plan.ItemEffects, e))
		}
	}
	return least
}

func teamsInOrder(p *plan.Portfolio) []*plan.TeamChange {
	return byEffect(p.Teams, plan.TeamEffects, func(c *plan.TeamChange) []plan.TeamEffect { return c.Effects },
		func(*plan.TeamChange) int { return 0 })
}

func distance(n int32) int { return max(int(n), -int(n)) }

// tally counts changes by effect: "2 become blocked, 1 late".
func tally[C any, E comparable](changes []C, order []E, effects func(*C) []E, words map[E]string) string {
	counts := map[E]int{}
	for i := range changes {
		for _, e := range effects(&changes[i]) {
			counts[e]++
		}
	}
	var parts []string
	for _, e := range order {
		if counts[e] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[e], strings.TrimPrefix(words[e], "becomes ")))
		}
	}
	return strings.Join(parts, ", ")
}

func momentTally(p *plan.Portfolio) string {
	return tally(p.Moments, plan.MomentEffects, func(c *plan.MomentChange) []plan.MomentEffect { return c.Effects }, momentWords)
}

func itemTally(p *plan.Portfolio) string {
	return tally(p.Items, plan.ItemEffects, func(c *plan.ItemChange) []plan.ItemEffect { return c.Effects }, itemWords)
}

// objectTally says how many objects differ.
func objectTally(o *plan.Objects) string {
	var parts []string
	for _, part := range []struct {
		n    int32
		what string
	}{{o.Added, "added"}, {o.Changed, "changed"}, {o.Removed, "removed"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", count(int(part.n), "object"), part.what))
		}
	}
	if len(parts) == 0 {
		return "No object differs"
	}
	return strings.Join(parts, ", ")
}

// nothingChanges is all there is to say of a plan in which nothing does.
func nothingChanges(p *plan.Plan) string {
	return fmt.Sprintf("Nothing changes: %s and %s hold the same %s.", p.Old, p.New, count(int(p.Compared), "object"))
}

const noEffects = "Nothing changes for customers and teams."

// verdict tells what gets worse, with the number of findings.
func verdict(p *plan.Plan) string {
	counts := map[plan.Criterion]int{}
	for n := range p.Portfolios {
		for _, f := range p.Portfolios[n].Findings {
			for _, c := range f.Criteria {
				counts[c]++
			}
		}
	}
	var parts []string
	for _, c := range p.Worse {
		parts = append(parts, fmt.Sprintf("%s (%d)", c, counts[c]))
	}
	if len(parts) == 0 {
		return "Nothing gets worse."
	}
	text := "Worse: " + strings.Join(parts, ", ") + "."
	if len(p.Failed) > 0 {
		text += " --fail-on fails on " + listCriteria(p.Failed) + "."
	}
	return text
}

// arrow tells of a change, or of what stays as it is.
func arrow(before, after string) string {
	if before == after {
		return after
	}
	return before + " -> " + after
}

func days(n int32) string {
	switch {
	case n > 0:
		return fmt.Sprintf(" (%s later)", count(int(n), "day"))
	case n < 0:
		return fmt.Sprintf(" (%s sooner)", count(-int(n), "day"))
	}
	return ""
}

// momentDates are the dates of a moment before and after: when it is expected, and when it is needed.
func momentDates(c *plan.MomentChange) (expected, needed string) {
	var before, after plan.MomentState
	if c.Before != nil {
		before = *c.Before
	}
	if c.After != nil {
		after = *c.After
	}
	switch {
	case c.Before == nil:
		expected, needed = dateWords(c.After), orDash(after.NeededBy)
	case c.After == nil:
		expected, needed = dateWords(c.Before), orDash(before.NeededBy)
	default:
		expected = arrow(dateWords(c.Before), dateWords(c.After)) + days(c.DaysLater)
		needed = arrow(orDash(before.NeededBy), orDash(after.NeededBy))
	}
	return expected, needed
}

// dateWords say when a moment is expected.
func dateWords(s *plan.MomentState) string {
	switch {
	case s.Expected != "":
		return string(s.Expected)
	case s.Blocked == "True":
		return "no date"
	case s.Blocked == "False":
		return "not blocked"
	}
	return "nothing asked"
}

// momentWhy says why a moment stands as it does after the change, or did before it was removed.
func momentWhy(c *plan.MomentChange) string {
	if c.After == nil {
		return c.Before.Message
	}
	return c.After.Message
}

// itemCells tell of an item what it does, its rank, bundle and finish.
func itemCells(c *plan.ItemChange) []string {
	what := wordsOf(c.Effects, itemWords)
	for _, direction := range []string{itemWords[plan.ItemUp], itemWords[plan.ItemDown]} {
		what = strings.Replace(what, direction, fmt.Sprintf("%s %d", direction, distance(c.Moved)), 1)
	}
	var before, after plan.ItemState
	if c.Before != nil {
		before = *c.Before
	}
	if c.After != nil {
		after = *c.After
	}
	return []string{
		what, arrow(rankWords(before.Rank), rankWords(after.Rank)), arrow(rankWords(before.Bundle), rankWords(after.Bundle)),
		arrow(orDash(before.Finish), orDash(after.Finish)),
	}
}

func rankWords(rank int32) string {
	if rank == 0 {
		return "-"
	}
	return strconv.Itoa(int(rank))
}

// teamDetails say what changes for a team.
func teamDetails(c *plan.TeamChange) string {
	var parts []string
	if c.Before.Started != c.After.Started || slices.Contains(c.Effects, plan.TeamOverLanes) || slices.Contains(c.Effects, plan.TeamWithinLanes) {
		lanes := "no limit"
		if c.After.Lanes > 0 {
			lanes = count(int(c.After.Lanes), "lane")
		}
		parts = append(parts, fmt.Sprintf("in progress %s (%s)", arrow(digits(c.Before.Started), digits(c.After.Started)), lanes))
	}
	if c.Before.BusyUntil != c.After.BusyUntil {
		parts = append(parts, "busy until "+arrow(orDash(c.Before.BusyUntil), orDash(c.After.BusyUntil)))
	}
	if len(c.NewlyMissed) > 0 {
		parts = append(parts, "misses the target of "+firstOf(c.NewlyMissed))
	}
	if len(c.NoLongerMissed) > 0 {
		parts = append(parts, "no longer misses the target of "+firstOf(c.NoLongerMissed))
	}
	return strings.Join(parts, "; ")
}

// mostNames is how many names a line lists.
const mostNames = 8

func firstOf(names []string) string {
	if len(names) <= mostNames {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNames], ", "), len(names)-mostNames)
}

// valueRows has a row for each part of the value that differs: its name, before, after and the difference.
func valueRows(v *plan.ValueChange) [][]string {
	var rows [][]string
	for _, part := range []struct {
		name          string
		before, after int64
	}{
		{"delivered", v.Before.Delivered, v.After.Delivered},
		{"planned", v.Before.Planned, v.After.Planned},
		{"unplanned", v.Before.Unplanned, v.After.Unplanned},
		{"unelaborated", v.Before.Unelaborated, v.After.Unelaborated},
		{"total", v.Before.Total, v.After.Total},
	} {
		if part.before != part.after {
			rows = append(rows, []string{
				part.name, strconv.FormatInt(part.before, 10), strconv.FormatInt(part.after, 10), fmt.Sprintf("%+d", part.after-part.before),
			})
		}
	}
	return rows
}

// forecastParts has a part for each month at whose end another part of the value is there.
func forecastParts(months []plan.MonthChange, most int) []string {
	var parts []string
	for n, m := range months {
		if n == most {
			parts = append(parts, fmt.Sprintf("and %s more", count(len(months)-n, "month")))
			break
		}
		parts = append(parts, fmt.Sprintf("%s %d%% -> %d%%", m.Month, m.BeforePercent, m.AfterPercent))
	}
	return parts
}

// bundleWords tells of a bundle its place, what it brings and what is in it.
func bundleWords(b *plan.Bundle) string {
	return fmt.Sprintf("bundle %d (%s a day, %s days, expected %s): %s", b.Number, b.Score, b.EffortDays, orDash(b.Finish), firstOf(b.Items))
}

func digits(n int32) string { return strconv.Itoa(int(n)) }
