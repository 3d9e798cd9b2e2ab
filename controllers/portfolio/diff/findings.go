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

package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// Criterion is a word of --fail-on: something that a change can make worse.
type Criterion string

const (
	// CriterionBlocked means that a moment that was not blocked becomes so.
	CriterionBlocked Criterion = "blocked"
	// CriterionLate means that a moment or an item is late, or later still.
	CriterionLate Criterion = "late"
	// CriterionGaps means that there is a new gap that is neither a dangling reference nor a cycle.
	CriterionGaps Criterion = "gaps"
	// CriterionDangling means that there is a new reference to what does not exist or will not come.
	CriterionDangling Criterion = "dangling"
	// CriterionCycle means that there is new work that waits for itself.
	CriterionCycle Criterion = "cycle"
	// CriterionPolicy means that the planning policy of the Roadmap is understood no more.
	CriterionPolicy Criterion = "policy"
	// CriterionUnplanned means that there is a new stage without work, or work that cannot be scheduled.
	CriterionUnplanned Criterion = "unplanned"
	// CriterionOverCapacity means that a team has more in progress than it has lanes, or misses more target dates.
	CriterionOverCapacity Criterion = "overcapacity"
	// CriterionOwners means that a field changes that neither who made the change nor who approved it may change.
	CriterionOwners Criterion = "owners"
)

// Criteria are all words of --fail-on but "any", in their order.
var Criteria = []Criterion{
	CriterionBlocked, CriterionLate, CriterionGaps, CriterionDangling, CriterionCycle, CriterionPolicy, CriterionUnplanned,
	CriterionOverCapacity, CriterionOwners,
}

// Level is how severe a finding is.
type Level string

const (
	// LevelError means that customers wait longer than promised, or that the portfolio contradicts itself.
	LevelError Level = "error"
	// LevelWarning means that there is work to do before it becomes an error.
	LevelWarning Level = "warning"
	// LevelNote means that it is good to know. Nothing needs to be done.
	LevelNote Level = "note"
)

var levels = []Level{LevelError, LevelWarning, LevelNote}

// RuleID names a rule.
type RuleID string

const (
	// RuleMomentBlocked finds moments that become blocked.
	RuleMomentBlocked RuleID = "moment-blocked"
	// RuleMomentLate finds moments that become late, or later still.
	RuleMomentLate RuleID = "moment-late"
	// RuleDanglingReference finds new references to what does not exist or will not come.
	RuleDanglingReference RuleID = "dangling-reference"
	// RuleDependencyCycle finds new work that waits for itself.
	RuleDependencyCycle RuleID = "dependency-cycle"
	// RulePolicyInvalid finds a Roadmap whose expressions no longer work.
	RulePolicyInvalid RuleID = "policy-invalid"
	// RuleForeignField finds fields of a side that others change. Only those who compare two states know who does.
	RuleForeignField RuleID = "foreign-field"
	// RuleItemLate finds roadmap items that miss their target date, or miss it by more than before.
	RuleItemLate RuleID = "item-late"
	// RuleUnplannedStage finds new stages without work.
	RuleUnplannedStage RuleID = "unplanned-stage"
	// RuleUnplannedItem finds work that cannot be scheduled.
	RuleUnplannedItem RuleID = "unplanned-item"
	// RuleOverCapacity finds teams that have too much to do.
	RuleOverCapacity RuleID = "team-over-capacity"
	// RuleGap finds new gaps of other kinds.
	RuleGap RuleID = "gap"
	// RuleNotMeasured finds new gaps of evidence: what nobody measures.
	RuleNotMeasured RuleID = "not-measured"
	// RuleMomentLater finds moments that are expected later without being late.
	RuleMomentLater RuleID = "moment-later"
	// RuleMomentReopened finds moments that are no longer realized.
	RuleMomentReopened RuleID = "moment-reopened"
	// RuleBusyLonger finds teams whose last item finishes later.
	RuleBusyLonger RuleID = "team-busy-longer"
)

// Rule is a way to find what a change makes worse.
type Rule struct {
	ID       RuleID
	Level    Level
	Criteria []Criterion
	// Short and Full describe the rule. Help says what to do about a finding.
	Short, Full, Help string
}

// Rules are all rules, in the order of their findings.
var Rules = []Rule{
	{
		RuleMomentBlocked, LevelError,
		[]Criterion{CriterionBlocked},
		"A moment becomes blocked",
		"A moment of a customer journey was not blocked before the change, and is after it.",
		"Look at the Musts that the moment now waits for with: kubectl journey why moment/NAME",
	},
	{
		RuleMomentLate, LevelError,
		[]Criterion{CriterionLate},
		"A moment becomes late",
		"A moment is expected after the day on which it is needed, or has no date; before the change it was in time, did not exist, or was less late.",
		"Move the work of its critical chain up, or agree on another neededBy.",
	},
	{
		RuleDanglingReference, LevelError,
		[]Criterion{CriterionDangling},
		"A reference dangles",
		"The change leaves a reference to something that does not exist, or to work that is cancelled.",
		"Correct the name, or add what it refers to.",
	},
	{
		RuleDependencyCycle, LevelError,
		[]Criterion{CriterionCycle},
		"Work waits for itself",
		"The change makes roadmap items or stages depend on each other in a circle, so that none of them can be scheduled.",
		"Remove one of the dependencies.",
	},
	{
		RulePolicyInvalid, LevelError,
		[]Criterion{CriterionPolicy},
		"The planning policy is not understood",
		"The Roadmap is not Ready after the change: an expression does not compile, so that the default holds, or fails for roadmap items, which are then worth 0.",
		"Correct the expression, or give the roadmap items the scores that it asks for.",
	},
	{
		RuleForeignField, LevelError,
		[]Criterion{CriterionOwners},
		"Somebody else's field changes",
		"The change is of a field that one side answers for, and nobody of that side made or approved it.",
		"Have the side that owns the field approve the change, or leave the field as it is.",
	},
	{
		RuleItemLate, LevelWarning,
		[]Criterion{CriterionLate},
		"A roadmap item misses its target date",
		"A roadmap item is expected after its target date, or without a date; before the change it was on track, did not exist, or was less late.",
		"Move the work up, or agree on another targetDate.",
	},
	{
		RuleUnplannedStage, LevelWarning,
		[]Criterion{CriterionGaps, CriterionUnplanned},
		"Nobody delivers a stage",
		"After the change requirements or roadmap items wait for a stage of a building block that no live roadmap item delivers.",
		"Plan a roadmap item that delivers the stage.",
	},
	{
		RuleUnplannedItem, LevelWarning,
		[]Criterion{CriterionUnplanned},
		"Work cannot be scheduled",
		"A roadmap item is not on the roadmap after the change, since it waits for what is missing, cancelled or not planned; before the change it was, or did not exist.",
		"Look at what it waits for with: kubectl journey why roadmapitem/NAME",
	},
	{
		RuleOverCapacity, LevelWarning,
		[]Criterion{CriterionOverCapacity},
		"A team is over its capacity",
		"After the change a team has more items in progress than lanes, by more than before, or items that newly miss their target date.",
		"Start less at a time, give work to another team, or agree on other dates.",
	},
	{
		RuleGap, LevelWarning,
		[]Criterion{CriterionGaps},
		"Something is missing",
		"The change opens a gap: a part of a journey, a moment or the grouping is missing that was there, or that belongs to what is new.",
		"Fill the gap, or leave it to the next session.",
	},
	{
		RuleNotMeasured, LevelNote,
		nil,
		"Nobody measures it",
		"After the change there is a moment of truth without a metric, a metric without recent samples, or a hypothesis that no metric judges.",
		"Add a metric, or samples to it, or give the hypothesis a metricRef.",
	},
	{
		RuleMomentLater, LevelNote,
		nil,
		"A moment is expected later",
		"A moment that stays blocked is expected later than before the change, or loses its date, without being late.",
		"Tell those who wait for it.",
	},
	{
		RuleMomentReopened, LevelNote,
		nil,
		"A moment is no longer realized",
		"All requirements of a moment were delivered before the change, and are not after it.",
		"Plan the requirements that were added.",
	},
	{
		RuleBusyLonger, LevelNote,
		nil,
		"A team is busy for longer",
		"The last roadmap item of a team finishes later than before the change.",
		"Tell the team.",
	},
}

func ruleOf(id RuleID) *Rule {
	return &Rules[slices.IndexFunc(Rules, func(r Rule) bool { return r.ID == id })]
}

// finder collects what a change makes worse.
type finder struct{ findings []Finding }

func (f *finder) add(id RuleID, kind, name, headline, details string) {
	f.findings = append(f.findings, findingOf(id, kind, name, headline, details))
}

// findingOf makes a finding of a sentence without its full stop, and of what may follow on it.
func findingOf(id RuleID, kind, name, headline, details string) Finding {
	rule := ruleOf(id)
	text := headline + "."
	if details != "" {
		text += " " + details
	}
	return Finding{Rule: id, Level: rule.Level, Criteria: orEmpty(rule.Criteria), Kind: kind, Name: name, Headline: headline, Text: text}
}

// findings lists what a change makes worse.
func findings(p *Portfolio) []Finding {
	f := &finder{findings: []Finding{}}
	for n := range p.Moments {
		f.moment(&p.Moments[n])
	}
	for _, g := range p.Gaps.New {
		f.gap(g)
	}
	for n := range p.Items {
		f.item(&p.Items[n])
	}
	for n := range p.Teams {
		f.team(&p.Teams[n])
	}
	sortFindings(f.findings)
	return f.findings
}

func sortFindings(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(levels, a.Level), slices.Index(levels, b.Level)), cmp.Compare(ruleIndex(a.Rule), ruleIndex(b.Rule)))
	})
}

// AddForeignField adds the finding that an object has changes in fields that others answer for.
func (p *Portfolio) AddForeignField(kind, name, fields, text string) {
	finding := findingOf(RuleForeignField, kind, name, strings.TrimSuffix(text, "."), "")
	finding.Subject = fields
	p.Findings = append(p.Findings, finding)
	sortFindings(p.Findings)
}

func ruleIndex(id RuleID) int {
	return slices.IndexFunc(Rules, func(r Rule) bool { return r.ID == id })
}

func (f *finder) moment(c *MomentChange) {
	if c.After == nil {
		return
	}
	add := func(id RuleID, details, format string, args ...any) {
		f.add(id, cxv1alpha1.MomentKind, c.Name, fmt.Sprintf(format, args...), details)
	}
	if slices.Contains(c.Effects, MomentBlocked) {
		add(RuleMomentBlocked, c.After.Message, "Moment %s becomes blocked", c.Name)
	}
	switch waits := waitsLonger(c.Before, c.After); {
	case c.After.AtRisk && (c.Before == nil || !c.Before.AtRisk):
		add(RuleMomentLate, c.After.Message, "Moment %s becomes late: %s, needed by %s", c.Name, expectation(c), c.After.NeededBy)
	case c.After.AtRisk && waits:
		add(RuleMomentLate, c.After.Message, "Moment %s is later still: %s, needed by %s", c.Name, expectation(c), c.After.NeededBy)
	case waits:
		add(RuleMomentLater, c.After.Message, "Moment %s has to wait longer: %s", c.Name, expectation(c))
	}
	if slices.Contains(c.Effects, MomentReopened) {
		add(RuleMomentReopened, "", "Moment %s is no longer realized", c.Name)
	}
}

// waitsLonger tells whether a moment is blocked in both states, and is expected later or has lost its expected date.
func waitsLonger(before, after *MomentState) bool {
	if before == nil {
		return false
	}
	effects := momentEffects(before, after)
	return slices.Contains(effects, MomentLater) || slices.Contains(effects, MomentUndated)
}

// expectation says when a moment is expected now, and when it was expected before.
func expectation(c *MomentChange) string {
	now := "no date can be given"
	if c.After.Expected != "" {
		now = "expected " + string(c.After.Expected)
	}
	if c.Before == nil || c.Before.Expected == "" || c.Before.Expected == c.After.Expected {
		return now
	}
	return fmt.Sprintf("%s, was %s", now, c.Before.Expected)
}

func (f *finder) gap(g Gap) {
	finding := findingOf(gapRule(g), g.Kind, g.Name, fmt.Sprintf("%s %s: %s", g.Kind, g.Name, strings.TrimSuffix(g.Text, ".")), "")
	finding.Reason, finding.Subject = g.Reason, g.Subject
	f.findings = append(f.findings, finding)
}

// gapRule is the rule that finds a gap.
func gapRule(g Gap) RuleID {
	switch view.GapCategory(g.Category) {
	case view.GapReference:
		return RuleDanglingReference
	case view.GapCycle:
		return RuleDependencyCycle
	case GapPolicy:
		return RulePolicyInvalid
	case view.GapPlanning:
		return RuleUnplannedStage
	case view.GapMeasurement, view.GapHypothesis:
		return RuleNotMeasured
	default:
		return RuleGap
	}
}

func (f *finder) item(c *ItemChange) {
	before, after := c.Before, c.After
	if after == nil {
		return
	}
	if after.isUnplannable() && (before == nil || before.isScheduled()) {
		f.add(RuleUnplannedItem, cxv1alpha1.RoadmapItemKind, c.Name, fmt.Sprintf("RoadmapItem %s cannot be scheduled", c.Name), after.Message)
	}
	if after.MissesTarget && (before == nil || !before.MissesTarget || before.Finish != "" && (after.Finish == "" || before.Finish < after.Finish)) {
		f.add(RuleItemLate, cxv1alpha1.RoadmapItemKind, c.Name, fmt.Sprintf("RoadmapItem %s misses its target date %s: %s", c.Name, after.Target, finish(before, after)), "")
	}
}

func finish(before, after *ItemState) string {
	now := "no date can be given"
	switch {
	case after.State == string(cxv1alpha1.StateDone):
		now = "finished " + string(after.Finish)
	case after.Finish != "":
		now = "expected " + string(after.Finish)
	}
	if before == nil || before.Finish == "" || before.Finish == after.Finish {
		return now
	}
	return fmt.Sprintf("%s, was %s", now, before.Finish)
}

func (f *finder) team(c *TeamChange) {
	var why []string
	if slices.Contains(c.Effects, TeamOverLanes) {
		lanes := "lanes"
		if c.After.Lanes == 1 {
			lanes = "lane"
		}
		why = append(why, fmt.Sprintf("has %d items in progress on %d %s", c.After.Started, c.After.Lanes, lanes))
	}
	if len(c.NewlyMissed) > 0 {
		why = append(why, "misses the target dates of "+some(c.NewlyMissed))
	}
	if len(why) > 0 {
		f.add(RuleOverCapacity, KindTeam, c.Name, fmt.Sprintf("Team %s %s", c.Name, strings.Join(why, " and ")), "")
		return
	}
	if slices.Contains(c.Effects, TeamBusyLonger) {
		until := fmt.Sprintf("Team %s is busy until %s", c.Name, c.After.BusyUntil)
		if c.Before.BusyUntil != "" {
			until += fmt.Sprintf(", was until %s", c.Before.BusyUntil)
		}
		f.add(RuleBusyLonger, KindTeam, c.Name, until, "")
	}
}

// KindTeam is the kind in findings about teams. A team is no object of its own, but part of the Roadmap.
const KindTeam = "Team"

// maxNamed is how many names a text lists.
const maxNamed = 5

func some(names []string) string {
	if len(names) <= maxNamed {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNamed], ", "), len(names)-maxNamed)
}

// Worse lists the criteria that findings meet, each once.
func Worse(portfolios []Portfolio) []Criterion {
	met := map[Criterion]bool{}
	for n := range portfolios {
		for _, f := range portfolios[n].Findings {
			for _, c := range f.Criteria {
				met[c] = true
			}
		}
	}
	worse := []Criterion{}
	for _, c := range Criteria {
		if met[c] {
			worse = append(worse, c)
		}
	}
	return worse
}
