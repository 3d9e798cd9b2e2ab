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

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/plan"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/render"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
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
	plan.MomentLater: "later", plan.MomentEmptied: "without requirements", plan.MomentAdded: "new",
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
	plan.TeamOverLanes: "over its lanes", plan.TeamMissesTargets: "missing targets", plan.TeamBusyLonger: "busy longer",
	plan.TeamBusyShorter: "free sooner", plan.TeamMeetsTargets: "meeting targets", plan.TeamWithinLanes: "less over its lanes",
}

// evenLater is what was late already, and gets later.
const evenLater = "even later"

func momentWord(c *plan.MomentChange, e plan.MomentEffect) string {
	switch {
	case e == plan.MomentLater && c.Before.AtRisk && c.After.AtRisk:
		return evenLater
	case e == plan.MomentOtherReason:
		return reasonWords[c.After.Reason]
	}
	return momentWords[e]
}

// reasons of a moment that is blocked, the worst first.
var reasons = []string{
	cxv1alpha1.ReasonRequirementsUnassigned, cxv1alpha1.ReasonDependencyCycle, cxv1alpha1.ReasonWorkNotPlanned, cxv1alpha1.ReasonWorkNotCommitted,
	cxv1alpha1.ReasonAwaitingDelivery,
}

// reasonWords say what a moment waits for that waited for something else before.
var reasonWords = map[string]string{
	cxv1alpha1.ReasonRequirementsUnassigned: "unassigned", cxv1alpha1.ReasonDependencyCycle: "in a cycle", cxv1alpha1.ReasonWorkNotPlanned: "unplanned",
	cxv1alpha1.ReasonWorkNotCommitted: "only proposed", cxv1alpha1.ReasonAwaitingDelivery: "committed",
}

func itemWord(c *plan.ItemChange, e plan.ItemEffect) string {
	if e == plan.ItemLater && c.Before.MissesTarget && c.After.MissesTarget {
		return evenLater
	}
	return itemWords[e]
}

// movedWord also tells by how many places an item moves.
func movedWord(c *plan.ItemChange, e plan.ItemEffect) string {
	if e == plan.ItemUp || e == plan.ItemDown {
		return fmt.Sprintf("%s %d", itemWords[e], distance(c.Moved))
	}
	return itemWord(c, e)
}

func teamWord(_ *plan.TeamChange, e plan.TeamEffect) string { return teamWords[e] }

// wordsOf puts the effects of a change into words.
func wordsOf[C, E any](c *C, effects []E, word func(*C, E) string) string {
	list := make([]string, len(effects))
	for i, e := range effects {
		list[i] = word(c, e)
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
	if c.Effects[0] == plan.MomentOtherReason {
		return reasonStanding(c.Before.Reason, c.After.Reason)
	}
	return standingOf(c.Effects, plan.MomentEffects, plan.MomentEmptied, plan.MomentSooner)
}

// reasonStanding compares reasons for which a moment is blocked. Nothing is well as long as the work is not even proposed.
func reasonStanding(before, after string) standing {
	switch at := slices.Index(reasons, after); {
	case at < slices.Index(reasons, before):
		return worse
	case at >= slices.Index(reasons, cxv1alpha1.ReasonWorkNotCommitted):
		return better
	}
	return neither
}

func itemStanding(c *plan.ItemChange) standing {
	return standingOf(c.Effects, plan.ItemEffects, plan.ItemDown, plan.ItemRevived)
}

func teamStanding(c *plan.TeamChange) standing {
	return standingOf(c.Effects, plan.TeamEffects, plan.TeamBusyLonger, plan.TeamBusyShorter)
}

// byEffect lists changes with the worst first; those with the same worst effect as compare has them.
func byEffect[C any, E comparable](changes []C, order []E, effects func(*C) []E, compare func(a, b *C) int) []*C {
	list := make([]*C, len(changes))
	for i := range changes {
		list[i] = &changes[i]
	}
	slices.SortStableFunc(list, func(a, b *C) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, effects(a)[0]), slices.Index(order, effects(b)[0])),
			compare(a, b),
		)
	})
	return list
}

func momentsInOrder(p *plan.Portfolio) []*plan.MomentChange {
	return byEffect(p.Moments, plan.MomentEffects, effectsOfMoment, func(a, b *plan.MomentChange) int {
		return cmp.Or(cmp.Compare(lateness(a), lateness(b)), -cmp.Compare(distance(a.DaysLater), distance(b.DaysLater)))
	})
}

// lateness puts moments that are late before those that only become later.
func lateness(c *plan.MomentChange) int {
	if c.After != nil && c.After.AtRisk {
		return 0
	}
	return 1
}

func effectsOfMoment(c *plan.MomentChange) []plan.MomentEffect { return c.Effects }

func effectsOfItem(c *plan.ItemChange) []plan.ItemEffect { return c.Effects }

func effectsOfTeam(c *plan.TeamChange) []plan.TeamEffect { return c.Effects }

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

// weightOf puts the effects that are more than movement in their order, and all movement behind them but for what was late already.
func weightOf(c *plan.ItemChange) int {
	least := len(plan.ItemEffects)
	for _, e := range c.Effects {
		switch {
		case slices.Contains([]plan.ItemEffect{plan.ItemSooner, plan.ItemUp, plan.ItemDown}, e):
		case e == plan.ItemLater && itemWord(c, e) != evenLater:
		default:
			least = min(least, slices.Index(plan.ItemEffects, e))
		}
	}
	return least
}

func teamsInOrder(p *plan.Portfolio) []*plan.TeamChange {
	return byEffect(p.Teams, plan.TeamEffects, effectsOfTeam, func(*plan.TeamChange, *plan.TeamChange) int { return 0 })
}

func distance(n int32) int { return max(int(n), -int(n)) }

// tally counts changes by what happens to them, the worst first: "2 blocked, 1 late".
func tally[C any, E comparable](changes []C, order []E, effects func(*C) []E, word func(*C, E) string) string {
	counts := newCounter()
	for _, e := range order {
		for i := range changes {
			if slices.Contains(effects(&changes[i]), e) {
				counts.add(strings.TrimPrefix(word(&changes[i], e), "becomes "))
			}
		}
	}
	return counts.String()
}

// counter counts words in the order in which they come.
type counter struct {
	words  []string
	counts map[string]int
}

func newCounter() *counter { return &counter{counts: map[string]int{}} }

func (c *counter) add(word string) {
	if c.counts[word]++; c.counts[word] == 1 {
		c.words = append(c.words, word)
	}
}

func (c *counter) String() string {
	parts := make([]string, len(c.words))
	for i, word := range c.words {
		parts[i] = fmt.Sprintf("%d %s", c.counts[word], word)
	}
	return strings.Join(parts, ", ")
}

func momentTally(p *plan.Portfolio) string {
	return tally(p.Moments, plan.MomentEffects, effectsOfMoment, momentWord)
}

func itemTally(p *plan.Portfolio) string {
	return tally(p.Items, plan.ItemEffects, effectsOfItem, itemWord)
}

func teamTally(p *plan.Portfolio) string {
	return tally(p.Teams, plan.TeamEffects, effectsOfTeam, teamWord)
}

// gapWords say what gaps of a category are; those of the others are something that is missing.
var gapWords = map[view.GapCategory]string{
	view.GapReference: "dangling", view.GapCycle: "cycle", plan.GapPolicy: "policy", view.GapPlanning: "unplanned",
}

func gapTally(gaps []plan.Gap) string {
	counts := newCounter()
	for _, g := range gaps {
		counts.add(cmp.Or(gapWords[view.GapCategory(g.Category)], "missing"))
	}
	return counts.String()
}

// gapGroup is gaps of which there is the same to say.
type gapGroup struct {
	reason, kind, text string
	names              []string
}

// groupGaps brings gaps together of which there is the same to say: twenty requirements of one moment that is gone are one thing to
// read about.
func groupGaps(gaps []plan.Gap) []*gapGroup {
	type key struct{ reason, kind, text string }
	type member struct {
		key
		name string
	}
	known := map[key]*gapGroup{}
	seen := map[member]bool{}
	var groups []*gapGroup
	for _, g := range gaps {
		k := key{g.Reason, g.Kind, g.Text}
		if known[k] == nil {
			known[k] = &gapGroup{reason: g.Reason, kind: strings.ToLower(g.Kind), text: g.Text}
			groups = append(groups, known[k])
		}
		if m := (member{k, g.Name}); !seen[m] {
			seen[m] = true
			known[k].names = append(known[k].names, g.Name)
		}
	}
	return groups
}

// object names what a group is about: one object, or how many of a kind.
func (g *gapGroup) object() string {
	if len(g.names) == 1 {
		return g.kind + "/" + g.names[0]
	}
	return render.Count(len(g.names), g.kind)
}

// objectTally says how many objects differ.
func objectTally(o *plan.Objects) string {
	var parts []string
	for _, part := range []struct {
		n    int32
		what string
	}{{o.Added, "added"}, {o.Changed, "changed"}, {o.Removed, "removed"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", render.Count(int(part.n), "object"), part.what))
		}
	}
	if len(parts) == 0 {
		return "No object differs"
	}
	return strings.Join(parts, ", ")
}

// nothingChanges is all there is to say of a plan in which nothing does.
func nothingChanges(p *plan.Plan) string {
	return fmt.Sprintf("Nothing changes: %s and %s hold the same %s.", p.Old, p.New, render.Count(int(p.Compared), "object"))
}

const noEffects = "Nothing changes for customers and teams."

// findingNouns are what rules find that share a criterion with others.
var findingNouns = map[plan.RuleID]string{
	plan.RuleMomentLate: "moment", plan.RuleItemLate: "item", plan.RuleUnplannedStage: "stage", plan.RuleUnplannedItem: "item", plan.RuleGap: "other",
}

// verdict tells what gets worse, with the number of findings.
func verdict(p *plan.Plan) string {
	counts := map[plan.RuleID]int{}
	for n := range p.Portfolios {
		for _, f := range p.Portfolios[n].Findings {
			counts[f.Rule]++
		}
	}
	var parts []string
	for _, c := range p.Worse {
		parts = append(parts, fmt.Sprintf("%s (%s)", c, findingsOf(c, counts)))
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

// findingsOf counts what meets a criterion: "3", or "1 moment, 2 items" where it is of several rules.
func findingsOf(c plan.Criterion, counts map[plan.RuleID]int) string {
	var number, nouns []string
	for _, rule := range plan.Rules {
		if n := counts[rule.ID]; n > 0 && slices.Contains(rule.Criteria, c) {
			number, nouns = append(number, strconv.Itoa(n)), append(nouns, render.Count(n, findingNouns[rule.ID]))
		}
	}
	if len(number) == 1 {
		return number[0]
	}
	return strings.Join(nouns, ", ")
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
		return fmt.Sprintf(" (%s later)", render.Count(int(n), "day"))
	case n < 0:
		return fmt.Sprintf(" (%s sooner)", render.Count(-int(n), "day"))
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
		expected, needed = dateWords(c.After), render.Date(after.NeededBy)
	case c.After == nil:
		expected, needed = dateWords(c.Before), render.Date(before.NeededBy)
	default:
		expected = arrow(dateWords(c.Before), dateWords(c.After)) + days(c.DaysLater)
		needed = arrow(render.Date(before.NeededBy), render.Date(after.NeededBy))
	}
	return expected, needed
}

// dateWords say when a moment is expected.
func dateWords(s *plan.MomentState) string {
	switch {
	case s.Expected != "":
		return render.Date(s.Expected)
	case s.Blocked == "True":
		return "no date"
	case s.Blocked == "False":
		return "not blocked"
	}
	return "nothing asked"
}

// momentWhy says why a moment stands as it does after the change; there is nothing to say of one that is removed.
func momentWhy(c *plan.MomentChange) string {
	if c.After == nil {
		return ""
	}
	return c.After.Message
}

// itemCells tell of an item what it does, its rank, bundle, finish and target.
func itemCells(c *plan.ItemChange) []string {
	var before, after plan.ItemState
	if c.Before != nil {
		before = *c.Before
	}
	if c.After != nil {
		after = *c.After
	}
	return []string{
		wordsOf(c, c.Effects, movedWord), arrow(rankWords(before.Rank), rankWords(after.Rank)), arrow(rankWords(before.Bundle), rankWords(after.Bundle)),
		arrow(render.Date(before.Finish), render.Date(after.Finish)), itemTarget(c),
	}
}

// itemTarget is the day by which an item should be finished.
func itemTarget(c *plan.ItemChange) string {
	switch {
	case c.Before == nil:
		return render.Date(c.After.Target)
	case c.After == nil:
		return render.Date(c.Before.Target)
	}
	return arrow(render.Date(c.Before.Target), render.Date(c.After.Target))
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
	if c.Before.Started != c.After.Started || c.Before.Lanes != c.After.Lanes || slices.Contains(c.Effects, plan.TeamOverLanes) {
		started, lanes := arrow(digits(c.Before.Started), digits(c.After.Started)), arrow(laneWords(c.Before.Lanes), laneWords(c.After.Lanes))
		parts = append(parts, fmt.Sprintf("in progress %s (%s)", started, lanes))
	}
	if c.Before.BusyUntil != c.After.BusyUntil {
		parts = append(parts, "busy until "+arrow(render.Date(c.Before.BusyUntil), render.Date(c.After.BusyUntil)))
	}
	if len(c.NewlyMissed) > 0 {
		parts = append(parts, "misses the target of "+firstOf(c.NewlyMissed))
	}
	if len(c.NoLongerMissed) > 0 {
		parts = append(parts, "no longer misses the target of "+firstOf(c.NoLongerMissed))
	}
	return strings.Join(parts, "; ")
}

func laneWords(lanes int32) string {
	if lanes == 0 {
		return "no limit"
	}
	return render.Count(int(lanes), "lane")
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

// valueTally tells of the value that is won or lost where that shows most: ": -205 planned, +205 unplanned".
func valueTally(v *plan.ValueChange) string {
	var parts []string
	for _, row := range valueRows(v) {
		parts = append(parts, row[3]+" "+row[0])
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}

// forecastParts has a part for each month at whose end another part of the value is there.
func forecastParts(months []plan.MonthChange, most int) []string {
	var parts []string
	for n, m := range months {
		if n == most {
			parts = append(parts, fmt.Sprintf("and %s more", render.Count(len(months)-n, "month")))
			break
		}
		parts = append(parts, fmt.Sprintf("%s %d%% -> %d%%", m.Month, m.BeforePercent, m.AfterPercent))
	}
	return parts
}

// bundleWords tells of a bundle its place, what it brings and what is in it.
func bundleWords(b *plan.Bundle) string {
	return fmt.Sprintf("bundle %d (%s a day, %s days, expected %s): %s", b.Number, b.Score, b.EffortDays, render.Date(b.Finish), firstOf(b.Items))
}

func digits(n int32) string { return strconv.Itoa(int(n)) }
