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
	"fmt"
	"io"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

// How many of each the text lists; JSON has all.
const (
	textMoments = 25
	textItems   = 15
	textBundles = 5
	textTeams   = 25
	textMetrics = 25
	textGaps    = 25
	textMonths  = 12
)

// printText prints a plan for people at a terminal.
func printText(w io.Writer, p *diff.Plan, screen terminal.Screen) error {
	text := &text{terminal.Document{Screen: screen}}
	if len(p.Portfolios) == 0 {
		text.Wrapped("", terminal.Line(nothingChanges(p)))
	}
	for n := range p.Portfolios {
		text.portfolio(p, &p.Portfolios[n])
		text.Line("")
	}
	if len(p.Portfolios) > 0 {
		text.Wrapped("", verdict(p))
	}
	return text.Print(w)
}

// text is the text of a plan.
type text struct{ terminal.Document }

func (t *text) portfolio(p *diff.Plan, c *diff.Portfolio) {
	t.Title(fmt.Sprintf("Plan for %s as of %s", terminal.Line(c.Namespace), p.AsOf))
	t.Wrapped("", fmt.Sprintf("From %s to %s: %s.", terminal.Line(p.Old), terminal.Line(p.New), objectTally(&c.Objects)))
	t.objects(&c.Objects)
	t.foreign(c)
	if !c.HasEffects() {
		t.Line(noEffects)
		return
	}
	// Customers and teams come first, then what has to be mended, and last how the roadmap moves.
	t.moments(c)
	t.value(&c.Value)
	t.teams(c)
	t.metrics(c)
	t.gaps("New gaps", c.Gaps.New)
	t.items(c)
	t.bundles(&c.Bundles)
	t.gaps("Resolved gaps", c.Gaps.Resolved)
}

// objects names the first objects that differ.
func (t *text) objects(o *diff.Objects) {
	for _, change := range []diff.Change{diff.Added, diff.Changed, diff.Removed} {
		var names []string
		for _, c := range o.Changes {
			if c.Change == change {
				names = append(names, strings.ToLower(c.Kind)+"/"+c.Name)
			}
		}
		if len(names) > 0 {
			t.Wrapped(fmt.Sprintf("  %-8s ", strings.ToLower(string(change))), terminal.Line(firstOf(names)))
		}
	}
}

// marked adds a line with the mark of its outcome.
func (t *text) marked(o outcome, text string) {
	first := marks[o] + " "
	for n, line := range terminal.Wrap(text, t.Width-len(first)) {
		switch {
		case n > 0:
			t.Line("  " + line)
		case o == worse:
			t.Line(t.Late(first + line))
		case o == better:
			t.Line(t.Paint(first+line, terminal.FillStarted))
		default:
			t.Line(first + line)
		}
	}
}

// more tells how many of a list were left out.
func (t *text) more(total, most int) {
	if total > most {
		t.Line(fmt.Sprintf("  ... and %d more: -o json has all", total-most))
	}
}

func (t *text) moments(c *diff.Portfolio) {
	if len(c.Moments) == 0 {
		return
	}
	t.Section("Moments: " + momentTally(c))
	for n, m := range momentsInOrder(c) {
		if n == textMoments {
			break
		}
		expected, needed := momentDates(m)
		if needed != "-" {
			expected += ", needed by " + needed
		}
		t.marked(momentOutcome(m), terminal.Line(m.Name+` "`+m.Title+`": `+wordsOf(m, m.Effects, momentWord)))
		t.Wrapped("    ", expected)
		if why := momentWhy(m); why != "" {
			t.Wrapped("    ", terminal.Line(why))
		}
	}
	t.more(len(c.Moments), textMoments)
}

func (t *text) items(c *diff.Portfolio) {
	if len(c.Items) == 0 {
		return
	}
	t.Section("Roadmap items: " + itemTally(c))
	rows := [][]string{{"", "ITEM", "WHAT", "RANK", "BUNDLE", "FINISH"}}
	for n, i := range itemsInOrder(c) {
		if n == textItems {
			break
		}
		rows = append(rows, append([]string{marks[itemOutcome(i)], terminal.Line(i.Name)}, itemCells(i)[:4]...))
	}
	t.table(rows)
	t.more(len(c.Items), textItems)
}

// table prints rows in columns, and where they do not fit cuts the widest column.
func (t *text) table(rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], terminal.Width(cell))
		}
	}
	sum, widest := 0, 0
	for i, width := range widths {
		sum += width + 2
		if width > widths[widest] {
			widest = i
		}
	}
	if sum-2 > t.Width {
		widths[widest] = max(widths[widest]-(sum-2-t.Width), 10)
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(terminal.Pad(terminal.Cut(cell, widths[i]), widths[i]))
			if i == 0 && widths[0] == 1 {
				b.WriteString(" ")
			} else {
				b.WriteString("  ")
			}
		}
		t.Line(b.String())
	}
}

func (t *text) bundles(b *diff.Bundles) {
	if len(b.New)+len(b.Gone) == 0 {
		return
	}
	t.Section("Bundles: " + arrow(digits(b.Before), digits(b.After)))
	for _, part := range []struct {
		mark string
		list []diff.Bundle
	}{{"+ new ", b.New}, {"- gone ", b.Gone}} {
		for n := range part.list {
			if n == textBundles {
				break
			}
			t.Wrapped(part.mark, terminal.Line(bundleWords(&part.list[n])))
		}
		t.more(len(part.list), textBundles)
	}
}

func (t *text) value(v *diff.ValueChange) {
	rows := valueRows(v)
	if len(rows) == 0 && len(v.Forecast) == 0 {
		return
	}
	t.Section("Customer value" + valueTally(v))
	for _, row := range rows {
		t.Line(fmt.Sprintf("%-12s  %s", row[0], arrow(row[1], row[2])))
	}
	if len(v.Forecast) > 0 {
		t.Wrapped("there by the end of ", strings.Join(forecastParts(v.Forecast, textMonths), ", "))
	}
}

func (t *text) teams(c *diff.Portfolio) {
	if len(c.Teams) == 0 {
		return
	}
	t.Section("Teams: " + teamTally(c))
	for n, team := range teamsInOrder(c) {
		if n == textTeams {
			break
		}
		t.marked(teamOutcome(team), terminal.Line(fmt.Sprintf("%s: %s; %s", team.Name, wordsOf(team, team.Effects, teamWord), teamDetails(team))))
	}
	t.more(len(c.Teams), textTeams)
}

func (t *text) metrics(c *diff.Portfolio) {
	if len(c.Metrics) == 0 {
		return
	}
	t.Section("Metrics: " + metricTally(c))
	for n, m := range metricsInOrder(c) {
		if n == textMetrics {
			break
		}
		t.marked(metricOutcome(m), terminal.Line(m.Name+` "`+m.Title+`": `+wordsOf(m, m.Effects, metricWord)+"; "+metricDetails(m)))
	}
	t.more(len(c.Metrics), textMetrics)
}

// foreign lists the changes of fields that others own.
func (t *text) foreign(c *diff.Portfolio) {
	list := foreignFields(c)
	if len(list) == 0 {
		return
	}
	t.Section("Without the owner: " + terminal.Count(len(list), "object"))
	for _, f := range list[:min(len(list), textGaps)] {
		t.Wrapped("  ", terminal.Line(f.Text))
	}
	t.more(len(list), textGaps)
}

func (t *text) gaps(heading string, gaps []diff.Gap) {
	if len(gaps) == 0 {
		return
	}
	t.Section(heading + ": " + gapTally(gaps))
	groups := groupGaps(gaps)
	for n, g := range groups {
		if n == textGaps {
			break
		}
		t.Wrapped("  ", terminal.Line(fmt.Sprintf("%s %s: %s", g.reason, g.object(), g.text)))
		if len(g.names) > 1 {
			t.Wrapped("      ", terminal.Line(firstOf(g.names)))
		}
	}
	t.more(len(groups), textGaps)
}
