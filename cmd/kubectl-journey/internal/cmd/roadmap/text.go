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

package roadmap

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/picture"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// printText prints the roadmaps for people, each under a heading.
func printText(w io.Writer, roadmaps []namespacedRoadmap, screen terminal.Screen) error {
	text := &document{terminal.Document{Screen: screen}}
	for n, roadmap := range roadmaps {
		if n > 0 {
			text.Line("")
		}
		text.roadmap(roadmap)
	}
	return text.Print(w)
}

// document is the text of roadmaps.
type document struct{ terminal.Document }

func (t *document) roadmap(roadmap namespacedRoadmap) {
	t.Title(fmt.Sprintf("Roadmap of %s as of %s", terminal.Line(roadmap.Namespace), roadmap.AsOf))
	t.Wrapped("", summaryOf(roadmap.Roadmap))
	if roadmap.Problem != "" {
		t.Wrapped("! ", "The Roadmap's planning policy has a problem: "+terminal.Line(roadmap.Problem))
	}
	if len(roadmap.Bundles) > 0 {
		t.bundles(roadmap.Bundles)
		t.charts(roadmap.Roadmap)
	}
	t.unscheduled(roadmap.Unscheduled)
	t.verdicts(roadmap.Roadmap)
	t.value(roadmap.Roadmap)
}

// summaryOf says how much there is to do, until when, and what is wrong with it.
func summaryOf(plan *view.Roadmap) string {
	items, late := 0, 0
	var last cxv1alpha1.Date
	for n := range plan.Teams {
		for i := range plan.Teams[n].Items {
			item := &plan.Teams[n].Items[i]
			items++
			last = max(last, item.Finish)
			if item.Late {
				late++
			}
		}
	}
	unscheduled := ""
	if n := len(plan.Unscheduled); n > 0 {
		unscheduled = fmt.Sprintf(" %s cannot be scheduled.", terminal.Count(n, "item"))
	}
	if items == 0 && unscheduled == "" {
		return "Nothing is left to do: there are no roadmap items that are proposed, planned or in progress."
	}
	if items == 0 {
		return "Nothing is scheduled." + unscheduled
	}
	until := ""
	if last != "" {
		until = fmt.Sprintf("; the last is expected on %s", last)
	}
	return fmt.Sprintf("%s in %s%s. %d late.%s", terminal.Count(items, "item"), terminal.Count(len(plan.Bundles), "bundle"), until, late, unscheduled)
}

// bundles prints a table whose last column is wrapped: it holds the items with their ranks, and the moments.
func (t *document) bundles(bundles []view.RoadmapBundle) {
	t.Section("Bundles, the most value a day first")
	rows := [][]string{{"#", "A DAY", "VALUE", "DAYS", "EXPECTED"}}
	for n := range bundles {
		b := &bundles[n]
		rows = append(rows, []string{
			strconv.Itoa(int(b.Number)), b.Score, strconv.FormatInt(b.Value, 10), b.EffortDays, terminal.Date(b.Finish),
		})
	}
	widths := widthsOf(rows)
	t.Wrapped(numbers(rows[0], widths), "ITEMS BY RANK -> MOMENTS COMPLETED")
	rank := 0
	for n := range bundles {
		b := &bundles[n]
		items := make([]string, len(b.Items))
		for k, name := range b.Items {
			// Ranks go on from one bundle to the next.
			rank++
			items[k] = fmt.Sprintf("%d\u00a0%s", rank, terminal.Line(name))
		}
		first := numbers(rows[n+1], widths)
		t.Wrapped(first, strings.Join(items, ", "))
		if len(b.Moments) > 0 {
			t.Wrapped(strings.Repeat(" ", len(first))+"-> ", enumerateInert(b.Moments))
		}
	}
}

func widthsOf(rows [][]string) []int {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], len(text))
		}
	}
	return widths
}

// numbers sets the columns of numbers flush right.
func numbers(row []string, widths []int) string {
	var b strings.Builder
	for i, text := range row {
		b.WriteString(terminal.PadLeft(text, widths[i]) + "  ")
	}
	return b.String()
}

func enumerateInert(names []string) string {
	inert := make([]string, len(names))
	for i, name := range names {
		inert[i] = terminal.Line(name)
	}
	return strings.Join(inert, ", ")
}

// charts prints a chart for each team, all on the same axis.
func (t *document) charts(plan *view.Roadmap) {
	c := newChart(plan, t.Screen)
	t.Section("Schedule by team")
	for _, line := range terminal.WrapParts(c.legend(plan), "   ", t.Width) {
		t.Line(line)
	}
	for n := range plan.Teams {
		team := &plan.Teams[n]
		t.Line("")
		t.Line(t.Bold(terminal.Cut(teamHeading(team), t.Width)))
		if len(team.Items) == 0 {
			t.Line(c.indent + "Nothing is scheduled.")
			continue
		}
		for _, line := range c.head() {
			t.Line(line)
		}
		for i := range team.Items {
			for _, line := range c.row(&team.Items[i]) {
				t.Line(line)
			}
		}
	}
}

// teamHeading is for instance "Claims core (claims-core, IT, 3 lanes at 90%)".
func teamHeading(team *view.RoadmapTeam) string {
	if team.Name == "" {
		return "No team (no limit)"
	}
	heading, details := "Team "+terminal.Line(team.Name), []string{}
	if team.Title != "" {
		heading, details = terminal.Line(team.Title), append(details, terminal.Line(team.Name))
	}
	if team.Side != "" {
		details = append(details, terminal.Line(string(team.Side)))
	}
	if team.Lanes == 0 {
		details = append(details, "no limit")
	} else {
		details = append(details, fmt.Sprintf("%s at %d%%", terminal.Count(int(team.Lanes), "lane"), team.VelocityPercent))
	}
	if len(team.Holidays) > 0 {
		details = append(details, picture.DaysOff(team))
	}
	return fmt.Sprintf("%s (%s)", heading, strings.Join(details, ", "))
}

// chart lays out the rows of all teams alike. Where the screen is wide enough, the bar of an item stands beside its text, else below
// it: that keeps names whole, so that they can be given to other commands.
type chart struct {
	terminal.Screen
	gantt     terminal.Gantt
	beside    bool
	indent    string
	gap       string // between columns
	rankWidth int
	nameWidth int
	lateWidth int
}

const (
	// leastBeside is how many columns a bar needs to stand beside the text.
	leastBeside = 40
	// longName is what a name may take of a line; longer ones are cut where there is no room.
	longName  = 40
	shortName = 12
	dateWidth = len(time.DateOnly)
)

var stateWidth = len(cxv1alpha1.StateInProgress)

func newChart(plan *view.Roadmap, screen terminal.Screen) *chart {
	c := &chart{Screen: screen, gap: "  ", rankWidth: 1, nameWidth: shortName}
	var bars []terminal.Bar
	for n := range plan.Teams {
		for i := range plan.Teams[n].Items {
			item := &plan.Teams[n].Items[i]
			if bar, dated := barOf(item); dated {
				bars = append(bars, bar)
			}
			c.rankWidth = max(c.rankWidth, len(cmdutil.Number(item.Rank)))
			c.nameWidth = max(c.nameWidth, terminal.Width(terminal.Line(item.Name)))
			c.lateWidth = max(c.lateWidth, len(lateWords(item)))
		}
	}
	today := plan.AsOf
	if !today.IsValid() {
		today = cxv1alpha1.MinDate // Without a day there is no forecast, so nothing is drawn.
	}
	c.indent = strings.Repeat(" ", c.rankWidth+1)
	besideName := min(c.nameWidth, longName)
	if room := screen.Width - c.textWidth(besideName) - len(c.gap); room >= leastBeside {
		c.beside, c.nameWidth = true, besideName
		c.gantt = terminal.NewGantt(today, bars, room)
		return c
	}
	c.gap = " "
	c.nameWidth = max(shortName, min(c.nameWidth, screen.Width-c.textWidth(0)))
	c.gantt = terminal.NewGantt(today, bars, screen.Width-len(c.indent))
	return c
}

// textWidth is what the text of a row takes with names of some width.
func (c *chart) textWidth(names int) int {
	width := len(c.indent) + names + len(c.gap) + stateWidth + len(c.gap) + dateWidth + 1 + dateWidth
	if c.lateWidth > 0 {
		width += len(c.gap) + c.lateWidth
	}
	return width
}

// barOf returns the bar of an item; it has none without a forecast.
func barOf(item *view.ScheduledItem) (bar terminal.Bar, dated bool) {
	bar = terminal.Bar{Start: item.Start, Finish: item.Finish, Fill: terminal.Fills[item.State]}
	if item.Target.IsValid() {
		bar.Target = item.Target
	}
	return bar, item.Start.IsValid() && item.Finish.IsValid()
}

// lateWords say that an item is late; empty when it is not.
func lateWords(item *view.ScheduledItem) string {
	if !item.Late {
		return ""
	}
	return fmt.Sprintf("! late %dd", item.LateDays)
}

// legend explains the chart.
func (c *chart) legend(plan *view.Roadmap) []string {
	fill := func(state cxv1alpha1.ItemState) string {
		f := terminal.Fills[state]
		return c.Paint(strings.Repeat(string(f), 2), f) + " " + string(state)
	}
	parts := []string{
		fill(cxv1alpha1.StateInProgress), fill(cxv1alpha1.StatePlanned), fill(cxv1alpha1.StateProposed),
		terminal.MarkToday + " today, " + string(plan.AsOf),
		terminal.MarkTarget + " target", terminal.MarkTargetBefore + " " + terminal.MarkTargetAfter + " target off the chart",
		c.Late("!") + " late, by calendar days",
	}
	if c.gantt.ShowsWeeks() {
		parts = append(parts, terminal.MarkWeek+" week")
	}
	return append(parts, terminal.MarkMonth+" month", c.gantt.Scale())
}

// head names the columns and labels the axis.
func (c *chart) head() []string {
	names := c.text("#", "ITEM", "STATE", "START", "FINISH", "")
	years, months, ruler := c.Faint(c.gantt.Years()), c.Faint(c.gantt.Months()), c.gantt.Ruler(c.Screen)
	if !c.beside {
		lines := []string{names, c.indent + years}
		if months != "" {
			lines = append(lines, c.indent+months)
		}
		return append(lines, c.indent+ruler)
	}
	blank := terminal.Pad("", c.textWidth(c.nameWidth)+len(c.gap))
	names = terminal.Pad(names, len(blank))
	if months != "" {
		return []string{blank + years, names + months, blank + ruler}
	}
	return []string{blank + years, names + ruler}
}

// row is the text of an item and its bar.
func (c *chart) row(item *view.ScheduledItem) []string {
	late := lateWords(item)
	text := c.text(cmdutil.Number(item.Rank), terminal.Line(item.Name), string(item.State), terminal.Date(item.Start), terminal.Date(item.Finish), late)
	// Colours come last: they have no width.
	pad := terminal.Pad("", c.textWidth(c.nameWidth)+len(c.gap)-terminal.Width(text))
	text = strings.TrimSuffix(text, late) + c.Late(late)
	bar, dated := barOf(item)
	switch {
	case !dated:
		return []string{text}
	case c.beside:
		return []string{text + pad + c.gantt.Bar(bar, c.Screen)}
	default:
		return []string{text, c.indent + c.gantt.Bar(bar, c.Screen)}
	}
}

func (c *chart) text(rank, name, state, start, finish, late string) string {
	text := terminal.PadLeft(rank, c.rankWidth) + " " + terminal.Pad(terminal.Cut(name, c.nameWidth), c.nameWidth) + c.gap +
		terminal.Pad(state, stateWidth) + c.gap + terminal.Pad(start, dateWidth) + " " + terminal.Pad(finish, dateWidth)
	if c.lateWidth > 0 {
		text += c.gap + late
	}
	return text
}

// unscheduled prints what is not on the roadmap, and why.
func (t *document) unscheduled(items []view.UnscheduledItem) {
	if len(items) == 0 {
		return
	}
	t.Section("Not on the roadmap, since it cannot be scheduled")
	for n := range items {
		i := &items[n]
		team := "no team"
		if i.Team != "" {
			team = "team " + terminal.Line(i.Team)
		}
		t.Wrapped("- ", fmt.Sprintf("%s (%s, %s): %s", terminal.Line(i.Name), i.State, team, i.Reason))
		t.Wrapped("  ", terminal.Line(i.Message))
	}
}

// verdictMarks tell verdicts apart without colours.
var verdictMarks = map[cxv1alpha1.Verdict]string{
	cxv1alpha1.VerdictConfirmed: "✓", cxv1alpha1.VerdictRefuted: "✗", cxv1alpha1.VerdictInconclusive: "~", cxv1alpha1.VerdictPending: "?",
}

// verdicts prints what became of the promises of each team.
func (t *document) verdicts(plan *view.Roadmap) {
	records := picture.RecordsOf(plan)
	if len(records) == 0 {
		return
	}
	t.Section("Promised and measured")
	for _, line := range terminal.WrapParts([]string{"✓ confirmed", "✗ refuted", "~ inconclusive", "? not judged yet"}, "   ", t.Width) {
		t.Line(line)
	}
	for n := range records {
		t.Line("")
		heading := terminal.Line(records[n].Title) + " (" + picture.RecordWords(&records[n].TrackRecord) + ")"
		for _, line := range terminal.Wrap(heading, t.Width) {
			t.Line(t.Bold(line))
		}
		for _, i := range records[n].Items {
			t.Wrapped(verdictMarks[i.Hypothesis.Verdict]+" ", terminal.Line(i.Name)+", finished on "+string(i.Finish)+". "+terminal.Line(i.Hypothesis.Message))
		}
	}
}

// value prints what all moments are worth, how much of that is there, and when the rest will be.
func (t *document) value(plan *view.Roadmap) {
	v := plan.Value
	t.Section("Customer value")
	if v.Total == 0 {
		t.Line("No moment has any value yet.")
		return
	}
	rows := []struct {
		name   string
		points int64
		what   string
	}{
		{"delivered", v.Delivered, "customers have it already"},
		{"planned", v.Planned, "comes with the work above"},
		{"unplanned", v.Unplanned, "waits for work that is not there"},
		{"unelaborated", v.Unelaborated, "of moments without requirements"},
		{"total", v.Total, ""},
	}
	width := len(strconv.FormatInt(v.Total, 10))
	for _, row := range rows {
		if row.points == 0 && row.name == "unelaborated" {
			continue
		}
		t.Line(fmt.Sprintf("%-12s  %*d  %3d%%  %s", row.name, width, row.points, row.points*100/v.Total, row.what))
	}
	if months := growth(plan.Forecast); len(months) > 1 ||
		len(months) == 1 && int64(plan.Forecast[0].DeliveredPercent) > v.Delivered*100/v.Total {
		t.Line("")
		t.Wrapped("", "Delivered by the end of each month that brings something:")
		t.Wrapped("  ", strings.Join(months, ", "))
	}
	if left := int(plan.ForecastTotal) - len(plan.Forecast); left > 0 {
		t.Line(fmt.Sprintf("  ... and %s more", terminal.Count(left, "month")))
	}
}

// growth lists the first month, and those that bring something.
func growth(forecast []cxv1alpha1.MonthForecast) []string {
	var months []string
	for n, f := range forecast {
		if n == 0 || f.DeliveredPercent > forecast[n-1].DeliveredPercent {
			months = append(months, fmt.Sprintf("%s\u00a0%d%%", f.Month, f.DeliveredPercent))
		}
	}
	return months
}
