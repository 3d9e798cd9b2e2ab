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

package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// outcome says whether an effect is worse, better or neither.
type outcome int

const (
	worse outcome = iota
	neither
	better
)

// marks begin a line, by outcome.
var marks = map[outcome]string{worse: "-", neither: "~", better: "+"}

var momentWords = map[diff.MomentEffect]string{
	diff.MomentBlocked: "becomes blocked", diff.MomentLate: "late", diff.MomentUndated: "without a date", diff.MomentReopened: "no longer realized",
	diff.MomentLater: "later", diff.MomentEmptied: "without requirements", diff.MomentAdded: "new",
	diff.MomentRemoved: "removed", diff.MomentElaborated: "elaborated", diff.MomentSooner: "sooner", diff.MomentDated: "dated",
	diff.MomentInTime: "in time", diff.MomentUnblocked: "unblocked", diff.MomentRealized: "realized",
}

var itemWords = map[diff.ItemEffect]string{
	diff.ItemUnscheduled: "unschedulable", diff.ItemMissesTarget: "off target", diff.ItemLater: "later", diff.ItemDown: "down",
	diff.ItemReopened: "reopened", diff.ItemCancelled: "cancelled", diff.ItemAdded: "new", diff.ItemRemoved: "removed", diff.ItemRevived: "revived",
	diff.ItemUp: "up", diff.ItemSooner: "sooner", diff.ItemMeetsTarget: "on target", diff.ItemScheduled: "schedulable",
	diff.ItemFinished: "done",
}

var metricWords = map[diff.MetricEffect]string{
	diff.MetricOffTarget: "off target", diff.MetricWorse: "worse", diff.MetricStale: "stale", diff.MetricAdded: "new", diff.MetricRemoved: "removed",
	diff.MetricFresh: "fresh", diff.MetricBetter: "better", diff.MetricOnTarget: "on target",
}

var teamWords = map[diff.TeamEffect]string{
	diff.TeamOverLanes: "over its lanes", diff.TeamMissesTargets: "missing targets", diff.TeamBusyLonger: "busy longer",
	diff.TeamBusyShorter: "free sooner", diff.TeamMeetsTargets: "meeting targets", diff.TeamWithinLanes: "less over its lanes",
}

// evenLater is for what was late before and is later now.
const evenLater = "even later"

func momentWord(c *diff.MomentChange, e diff.MomentEffect) string {
	switch {
	case e == diff.MomentLater && c.Before.AtRisk && c.After.AtRisk:
		return evenLater
	case e == diff.MomentOtherReason:
		return reasonWords[c.After.Reason]
	}
	return momentWords[e]
}

// reasons of a moment that is blocked, the worst first.
var reasons = []string{
	cxv1alpha1.ReasonRequirementsUnassigned, cxv1alpha1.ReasonDependencyCycle, cxv1alpha1.ReasonWorkNotPlanned, cxv1alpha1.ReasonWorkNotCommitted,
	cxv1alpha1.ReasonAwaitingDelivery,
}

// reasonWords say what a moment waits for now, when it waited for something else before.
var reasonWords = map[string]string{
	cxv1alpha1.ReasonRequirementsUnassigned: "unassigned", cxv1alpha1.ReasonDependencyCycle: "in a cycle", cxv1alpha1.ReasonWorkNotPlanned: "unplanned",
	cxv1alpha1.ReasonWorkNotCommitted: "only proposed", cxv1alpha1.ReasonAwaitingDelivery: "committed",
}

func itemWord(c *diff.ItemChange, e diff.ItemEffect) string {
	switch {
	case e == diff.ItemLater && c.Before.MissesTarget && c.After.MissesTarget:
		return evenLater
	case e == diff.ItemOtherVerdict:
		return "hypothesis " + strings.ToLower(cmp.Or(c.After.Verdict, "not judged"))
	}
	return itemWords[e]
}

// movedWord is itemWord with the number of places that an item moves.
func movedWord(c *diff.ItemChange, e diff.ItemEffect) string {
	if e == diff.ItemUp || e == diff.ItemDown {
		return fmt.Sprintf("%s %d", itemWords[e], distance(c.Moved))
	}
	return itemWord(c, e)
}

func metricWord(_ *diff.MetricChange, e diff.MetricEffect) string { return metricWords[e] }

func teamWord(_ *diff.TeamChange, e diff.TeamEffect) string { return teamWords[e] }

// wordsOf puts the effects of a change into words.
func wordsOf[C, E any](c *C, effects []E, word func(*C, E) string) string {
	list := make([]string, len(effects))
	for i, e := range effects {
		list[i] = word(c, e)
	}
	return strings.Join(list, ", ")
}

// outcomeOf is the outcome of the first effect, which is the worst. Effects up to lastBad are worse, those from firstGood on are better.
func outcomeOf[E comparable](effects, order []E, lastBad, firstGood E) outcome {
	switch at := slices.Index(order, effects[0]); {
	case at <= slices.Index(order, lastBad):
		return worse
	case at >= slices.Index(order, firstGood):
		return better
	}
	return neither
}

func momentOutcome(c *diff.MomentChange) outcome {
	if c.Effects[0] == diff.MomentOtherReason {
		return reasonOutcome(c.Before.Reason, c.After.Reason)
	}
	return outcomeOf(c.Effects, diff.MomentEffects, diff.MomentEmptied, diff.MomentSooner)
}

// reasonOutcome compares two reasons for which a moment is blocked. It is never better when the work is not even proposed.
func reasonOutcome(before, after string) outcome {
	switch at := slices.Index(reasons, after); {
	case at < slices.Index(reasons, before):
		return worse
	case at >= slices.Index(reasons, cxv1alpha1.ReasonWorkNotCommitted):
		return better
	}
	return neither
}

func itemOutcome(c *diff.ItemChange) outcome {
	if c.Effects[0] == diff.ItemOtherVerdict {
		return verdictOutcomes[c.After.Verdict]
	}
	return outcomeOf(c.Effects, diff.ItemEffects, diff.ItemDown, diff.ItemRevived)
}

// verdictOutcomes are the outcomes of other verdicts.
var verdictOutcomes = map[string]outcome{
	string(cxv1alpha1.VerdictConfirmed): better, string(cxv1alpha1.VerdictRefuted): worse,
	string(cxv1alpha1.VerdictPending): neither, string(cxv1alpha1.VerdictInconclusive): neither, "": neither,
}

func metricOutcome(c *diff.MetricChange) outcome {
	return outcomeOf(c.Effects, diff.MetricEffects, diff.MetricStale, diff.MetricFresh)
}

func teamOutcome(c *diff.TeamChange) outcome {
	return outcomeOf(c.Effects, diff.TeamEffects, diff.TeamBusyLonger, diff.TeamBusyShorter)
}

// byEffect sorts changes by their worst effect, then by compare.
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

func momentsInOrder(p *diff.Portfolio) []*diff.MomentChange {
	return byEffect(p.Moments, diff.MomentEffects, effectsOfMoment, func(a, b *diff.MomentChange) int {
		return cmp.Or(cmp.Compare(lateness(a), lateness(b)), -cmp.Compare(distance(a.DaysLater), distance(b.DaysLater)))
	})
}

// lateness puts moments that are late before those that only become later.
func lateness(c *diff.MomentChange) int {
	if c.After != nil && c.After.AtRisk {
		return 0
	}
	return 1
}

func effectsOfMoment(c *diff.MomentChange) []diff.MomentEffect { return c.Effects }

func effectsOfItem(c *diff.ItemChange) []diff.ItemEffect { return c.Effects }

func effectsOfMetric(c *diff.MetricChange) []diff.MetricEffect { return c.Effects }

func effectsOfTeam(c *diff.TeamChange) []diff.TeamEffect { return c.Effects }

// itemsInOrder sorts items: first those that do more than move, then those that move farthest.
func itemsInOrder(p *diff.Portfolio) []*diff.ItemChange {
	list := make([]*diff.ItemChange, len(p.Items))
	for i := range p.Items {
		list[i] = &p.Items[i]
	}
	slices.SortStableFunc(list, func(a, b *diff.ItemChange) int {
		return cmp.Or(
			cmp.Compare(weightOf(a), weightOf(b)),
			-cmp.Compare(distance(a.Moved), distance(b.Moved)),
			-cmp.Compare(distance(a.DaysLater), distance(b.DaysLater)),
		)
	})
	return list
}

// weightOf is the place of the worst effect. Items that only move come last, except those that were late already.
func weightOf(c *diff.ItemChange) int {
	least := len(diff.ItemEffects)
	for _, e := range c.Effects {
		switch {
		case slices.Contains([]diff.ItemEffect{diff.ItemSooner, diff.ItemUp, diff.ItemDown}, e):
		case e == diff.ItemLater && itemWord(c, e) != evenLater:
		default:
			least = min(least, slices.Index(diff.ItemEffects, e))
		}
	}
	return least
}

func metricsInOrder(p *diff.Portfolio) []*diff.MetricChange {
	return byEffect(p.Metrics, diff.MetricEffects, effectsOfMetric, func(*diff.MetricChange, *diff.MetricChange) int { return 0 })
}

func teamsInOrder(p *diff.Portfolio) []*diff.TeamChange {
	return byEffect(p.Teams, diff.TeamEffects, effectsOfTeam, func(*diff.TeamChange, *diff.TeamChange) int { return 0 })
}

func distance(n int32) int { return max(int(n), -int(n)) }

// tally counts changes by effect, the worst first: "2 blocked, 1 late".
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

func momentTally(p *diff.Portfolio) string {
	return tally(p.Moments, diff.MomentEffects, effectsOfMoment, momentWord)
}

func itemTally(p *diff.Portfolio) string {
	return tally(p.Items, diff.ItemEffects, effectsOfItem, itemWord)
}

func metricTally(p *diff.Portfolio) string {
	return tally(p.Metrics, diff.MetricEffects, effectsOfMetric, metricWord)
}

func teamTally(p *diff.Portfolio) string {
	return tally(p.Teams, diff.TeamEffects, effectsOfTeam, teamWord)
}

// gapWords name the gaps of a category. In other categories something is missing.
var gapWords = map[view.GapCategory]string{
	view.GapReference: "dangling", view.GapCycle: "cycle", diff.GapPolicy: "policy", view.GapPlanning: "unplanned",
	view.GapProof: "not proven", view.GapMeasurement: "not measured", view.GapHypothesis: "not measured",
}

func gapTally(gaps []diff.Gap) string {
	counts := newCounter()
	for _, g := range gaps {
		counts.add(cmp.Or(gapWords[view.GapCategory(g.Category)], "missing"))
	}
	return counts.String()
}

// gapGroup is gaps with the same text.
type gapGroup struct {
	reason, kind, text string
	names              []string
}

// groupGaps groups gaps with the same text. Twenty requirements of a moment that is gone are one line.
func groupGaps(gaps []diff.Gap) []*gapGroup {
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
	return terminal.Count(len(g.names), g.kind)
}

// objectTally says how many objects differ.
func objectTally(o *diff.Objects) string {
	var parts []string
	for _, part := range []struct {
		n    int32
		what string
	}{{o.Added, "added"}, {o.Changed, "changed"}, {o.Removed, "removed"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", terminal.Count(int(part.n), "object"), part.what))
		}
	}
	if len(parts) == 0 {
		return "No object differs"
	}
	return strings.Join(parts, ", ")
}

// nothingChanges is the text of a plan without any change.
func nothingChanges(p *diff.Plan) string {
	return fmt.Sprintf("Nothing changes: %s and %s hold the same %s.", p.Old, p.New, terminal.Count(int(p.Compared), "object"))
}

const noEffects = "Nothing changes for customers and teams."

// findingNouns name what a rule finds, for rules that share a criterion.
var findingNouns = map[diff.RuleID]string{
	diff.RuleMomentLate: "moment", diff.RuleItemLate: "item", diff.RuleUnplannedStage: "stage", diff.RuleUnplannedItem: "item", diff.RuleGap: "other",
}

// verdict says what gets worse, with the number of findings.
func verdict(p *diff.Plan) string {
	counts := map[diff.RuleID]int{}
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

// findingsOf counts the findings of a criterion: "3", or "1 moment, 2 items" where several rules have it.
func findingsOf(c diff.Criterion, counts map[diff.RuleID]int) string {
	var number, nouns []string
	for _, rule := range diff.Rules {
		if n := counts[rule.ID]; n > 0 && slices.Contains(rule.Criteria, c) {
			number, nouns = append(number, strconv.Itoa(n)), append(nouns, terminal.Count(n, findingNouns[rule.ID]))
		}
	}
	if len(number) == 1 {
		return number[0]
	}
	return strings.Join(nouns, ", ")
}

// arrow writes before and after, or one of them when they are the same.
func arrow(before, after string) string {
	if before == after {
		return after
	}
	return before + " -> " + after
}

func days(n int32) string {
	switch {
	case n > 0:
		return fmt.Sprintf(" (%s later)", terminal.Count(int(n), "day"))
	case n < 0:
		return fmt.Sprintf(" (%s sooner)", terminal.Count(-int(n), "day"))
	}
	return ""
}

// momentDates are the dates of a moment before and after: when it is expected, and when it is needed.
func momentDates(c *diff.MomentChange) (expected, needed string) {
	var before, after diff.MomentState
	if c.Before != nil {
		before = *c.Before
	}
	if c.After != nil {
		after = *c.After
	}
	switch {
	case c.Before == nil:
		expected, needed = dateWords(c.After), terminal.Date(after.NeededBy)
	case c.After == nil:
		expected, needed = dateWords(c.Before), terminal.Date(before.NeededBy)
	default:
		expected = arrow(dateWords(c.Before), dateWords(c.After)) + days(c.DaysLater)
		needed = arrow(terminal.Date(before.NeededBy), terminal.Date(after.NeededBy))
	}
	return expected, needed
}

// dateWords say when a moment is expected.
func dateWords(s *diff.MomentState) string {
	switch {
	case s.Expected != "":
		return terminal.Date(s.Expected)
	case s.Blocked == "True":
		return "no date"
	case s.Blocked == "False":
		return "not blocked"
	}
	return "nothing asked"
}

// momentWhy says why a moment stands as it does after the change; empty for one that is removed.
func momentWhy(c *diff.MomentChange) string {
	if c.After == nil {
		return ""
	}
	return c.After.Message
}

// itemCells are the cells of an item: effects, rank, bundle, finish, target.
func itemCells(c *diff.ItemChange) []string {
	var before, after diff.ItemState
	if c.Before != nil {
		before = *c.Before
	}
	if c.After != nil {
		after = *c.After
	}
	return []string{
		wordsOf(c, c.Effects, movedWord), arrow(rankWords(before.Rank), rankWords(after.Rank)), arrow(rankWords(before.Bundle), rankWords(after.Bundle)),
		arrow(terminal.Date(before.Finish), terminal.Date(after.Finish)), itemTarget(c),
	}
}

// itemTarget is the day by which an item should be finished.
func itemTarget(c *diff.ItemChange) string {
	switch {
	case c.Before == nil:
		return terminal.Date(c.After.Target)
	case c.After == nil:
		return terminal.Date(c.Before.Target)
	}
	return arrow(terminal.Date(c.Before.Target), terminal.Date(c.After.Target))
}

func rankWords(rank int32) string {
	if rank == 0 {
		return "-"
	}
	return strconv.Itoa(int(rank))
}

// metricDetails say what changes for a metric.
func metricDetails(c *diff.MetricChange) string {
	var before, after diff.MetricState
	if c.Before != nil {
		before = *c.Before
	}
	if c.After != nil {
		after = *c.After
	}
	text := arrow(cmp.Or(before.Value, "-"), cmp.Or(after.Value, "-"))
	if unit := cmp.Or(after.Unit, before.Unit); unit != "" {
		text += " " + unit
	}
	if target := cmp.Or(after.Target, before.Target); target != "" {
		text += ", target " + target
	}
	return text
}

// teamDetails say what changes for a team.
func teamDetails(c *diff.TeamChange) string {
	var parts []string
	if c.Before.Started != c.After.Started || c.Before.Lanes != c.After.Lanes || slices.Contains(c.Effects, diff.TeamOverLanes) {
		started, lanes := arrow(digits(c.Before.Started), digits(c.After.Started)), arrow(laneWords(c.Before.Lanes), laneWords(c.After.Lanes))
		parts = append(parts, fmt.Sprintf("in progress %s (%s)", started, lanes))
	}
	if c.Before.BusyUntil != c.After.BusyUntil {
		parts = append(parts, "busy until "+arrow(terminal.Date(c.Before.BusyUntil), terminal.Date(c.After.BusyUntil)))
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
	return terminal.Count(int(lanes), "lane")
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
func valueRows(v *diff.ValueChange) [][]string {
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

// valueTally lists the value that is won or lost: ": -205 planned, +205 unplanned".
func valueTally(v *diff.ValueChange) string {
	var parts []string
	for _, row := range valueRows(v) {
		parts = append(parts, row[3]+" "+row[0])
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}

// forecastParts has a part for each month whose forecast differs.
func forecastParts(months []diff.MonthChange, most int) []string {
	var parts []string
	for n, m := range months {
		if n == most {
			parts = append(parts, fmt.Sprintf("and %s more", terminal.Count(len(months)-n, "month")))
			break
		}
		parts = append(parts, fmt.Sprintf("%s %d%% -> %d%%", m.Month, m.BeforePercent, m.AfterPercent))
	}
	return parts
}

// bundleWords describes a bundle: its place, what it brings, and its items.
func bundleWords(b *diff.Bundle) string {
	return fmt.Sprintf("bundle %d (%s a day, %s days, expected %s): %s", b.Number, b.Score, b.EffortDays, terminal.Date(b.Finish), firstOf(b.Items))
}

func digits(n int32) string { return strconv.Itoa(int(n)) }
