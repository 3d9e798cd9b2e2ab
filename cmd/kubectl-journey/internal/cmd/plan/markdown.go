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
	"strings"
	"unicode/utf16"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

// maxMarkdown is the length that a comment may have; the usual limit is 65536.
const maxMarkdown = 60_000

// marker begins the Markdown of every plan, so that a pipeline can find its comment again.
const marker = "<!-- kubectl-journey-plan -->"

// markdownOf writes a plan as a comment. Lists are cut where the comment would be too long.
func markdownOf(p *diff.Plan) string {
	for _, most := range []int{100, 50, 25, 10, 5, 2} {
		if text := newMarkdown(p, most); lengthOf(text) <= maxMarkdown {
			return text
		}
	}
	return newMarkdown(p, 1)
}

// lengthOf counts characters as platforms do: for some, an emoji is two.
func lengthOf(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// markdown collects a comment. Text of objects is always code, in which Markdown, HTML, mentions, references and commands mean nothing.
type markdown struct {
	strings.Builder

	// most is how many entries a list has.
	most int
}

func newMarkdown(p *diff.Plan, most int) string {
	m := &markdown{most: most}
	m.line("%s", marker)
	m.line("### Journey plan")
	m.line("")
	if len(p.Portfolios) == 0 {
		m.line("Nothing changes: %s and %s hold the same %s.", terminal.MarkdownCode(p.Old), terminal.MarkdownCode(p.New), terminal.Count(int(p.Compared), "object"))
		return m.String()
	}
	m.line("From %s to %s as of %s. **%s**", terminal.MarkdownCode(p.Old), terminal.MarkdownCode(p.New), p.AsOf, verdict(p))
	for n := range p.Portfolios {
		if n == most {
			m.line("")
			m.line("... and %s more.", terminal.Count(len(p.Portfolios)-n, "namespace"))
			break
		}
		m.portfolio(&p.Portfolios[n])
	}
	return m.String()
}

func (m *markdown) line(format string, args ...any) {
	fmt.Fprintf(m, format+"\n", args...)
}

func (m *markdown) portfolio(c *diff.Portfolio) {
	m.line("")
	m.line("#### Namespace %s", terminal.MarkdownCode(c.Namespace))
	m.line("")
	m.line("%s.", objectTally(&c.Objects))
	m.foreign(c)
	if !c.HasEffects() {
		m.line("%s", noEffects)
	}
	// In the order of the text.
	m.moments(c)
	m.value(&c.Value)
	m.teams(c)
	m.metrics(c)
	m.gaps("New gaps", c.Gaps.New)
	m.items(c)
	m.bundles(&c.Bundles)
	m.gaps("Resolved gaps", c.Gaps.Resolved)
	m.objects(&c.Objects)
}

// fold hides what follows behind a summary. The function that it returns ends that.
func (m *markdown) fold(summary string) func() {
	m.line("")
	m.line("<details><summary>%s</summary>", summary)
	m.line("")
	return func() {
		m.line("")
		m.line("</details>")
	}
}

// more tells how many of a list were left out.
func (m *markdown) more(total int) {
	if total > m.most {
		m.line("")
		m.line("... and %d more.", total-m.most)
	}
}

func (m *markdown) table(headings ...string) {
	m.line("| %s |", strings.Join(headings, " | "))
	m.line("|%s", strings.Repeat(" --- |", len(headings)))
}

func (m *markdown) row(cells ...string) { m.line("| %s |", strings.Join(cells, " | ")) }

// icons begin a row. They differ in colour and in their name.
var icons = map[outcome]string{worse: "🔴", neither: "⚪", better: "🟢"}

func (m *markdown) moments(c *diff.Portfolio) {
	if len(c.Moments) == 0 {
		return
	}
	list := momentsInOrder(c)
	list = list[:min(len(list), m.most)]
	m.line("")
	m.line("**Moments**: %s", momentTally(c))
	m.line("")
	m.table("", "Moment", "Title", "What", "Expected", "Needed by")
	for _, moment := range list {
		expected, needed := momentDates(moment)
		m.row(icons[momentOutcome(moment)], terminal.MarkdownCell(moment.Name), terminal.MarkdownCell(moment.Title),
			wordsOf(moment, moment.Effects, momentWord), arrows(expected), arrows(needed))
	}
	m.more(len(c.Moments))
	end := m.fold("Why")
	for _, moment := range list {
		if why := momentWhy(moment); why != "" {
			m.line("- %s: %s", terminal.MarkdownCode(moment.Name), terminal.MarkdownCode(why))
		}
	}
	end()
}

// arrows turns the arrows of a terminal into real ones.
func arrows(text string) string { return strings.ReplaceAll(text, "->", "→") }

func (m *markdown) teams(c *diff.Portfolio) {
	if len(c.Teams) == 0 {
		return
	}
	end := m.fold("Teams: " + teamTally(c))
	m.table("", "Team", "What", "Details")
	for n, t := range teamsInOrder(c) {
		if n == m.most {
			break
		}
		m.row(icons[teamOutcome(t)], terminal.MarkdownCell(t.Name), wordsOf(t, t.Effects, teamWord), terminal.MarkdownCell(arrows(teamDetails(t))))
	}
	m.more(len(c.Teams))
	end()
}

func (m *markdown) metrics(c *diff.Portfolio) {
	if len(c.Metrics) == 0 {
		return
	}
	end := m.fold("Metrics: " + metricTally(c))
	m.table("", "Metric", "Title", "What", "Value")
	for n, metric := range metricsInOrder(c) {
		if n == m.most {
			break
		}
		m.row(icons[metricOutcome(metric)], terminal.MarkdownCell(metric.Name), terminal.MarkdownCell(metric.Title),
			wordsOf(metric, metric.Effects, metricWord), terminal.MarkdownCell(arrows(metricDetails(metric))))
	}
	m.more(len(c.Metrics))
	end()
}

func (m *markdown) foreign(c *diff.Portfolio) {
	list := foreignFields(c)
	if len(list) == 0 {
		return
	}
	end := m.fold("Without the owner: " + terminal.Count(len(list), "object"))
	for _, f := range list[:min(len(list), m.most)] {
		m.line("- %s", terminal.MarkdownCode(f.Text))
	}
	m.more(len(list))
	end()
}

func (m *markdown) gaps(heading string, gaps []diff.Gap) {
	if len(gaps) == 0 {
		return
	}
	end := m.fold(heading + ": " + gapTally(gaps))
	groups := groupGaps(gaps)
	for n, g := range groups {
		if n == m.most {
			break
		}
		m.line("- %s %s: %s", g.reason, terminal.MarkdownCode(g.object()), terminal.MarkdownCode(g.text))
		if len(g.names) > 1 {
			m.line("  %s", terminal.MarkdownCode(firstOf(g.names)))
		}
	}
	m.more(len(groups))
	end()
}

func (m *markdown) value(v *diff.ValueChange) {
	rows := valueRows(v)
	if len(rows) == 0 && len(v.Forecast) == 0 {
		return
	}
	end := m.fold("Customer value" + valueTally(v))
	if len(rows) > 0 {
		m.table("Points", "Before", "After", "Change")
		for _, row := range rows {
			m.row(row...)
		}
		m.line("")
	}
	if len(v.Forecast) > 0 {
		m.line("There by the end of the month: %s", arrows(strings.Join(forecastParts(v.Forecast, m.most), ", ")))
	}
	end()
}

func (m *markdown) items(c *diff.Portfolio) {
	if len(c.Items) == 0 {
		return
	}
	end := m.fold("Roadmap items: " + itemTally(c))
	m.table("", "Item", "Title", "What", "Rank", "Bundle", "Finish", "Target")
	for n, i := range itemsInOrder(c) {
		if n == m.most {
			break
		}
		cells := []string{icons[itemOutcome(i)], terminal.MarkdownCell(i.Name), terminal.MarkdownCell(i.Title)}
		for _, cell := range itemCells(i) {
			cells = append(cells, arrows(cell))
		}
		m.row(cells...)
	}
	m.more(len(c.Items))
	end()
}

func (m *markdown) bundles(b *diff.Bundles) {
	if len(b.New)+len(b.Gone) == 0 {
		return
	}
	end := m.fold("Bundles: " + arrows(arrow(digits(b.Before), digits(b.After))))
	for _, part := range []struct {
		what string
		list []diff.Bundle
	}{{"new", b.New}, {"gone", b.Gone}} {
		for n := range part.list {
			if n == m.most {
				break
			}
			m.line("- %s: %s", part.what, terminal.MarkdownCode(bundleWords(&part.list[n])))
		}
		m.more(len(part.list))
	}
	end()
}

func (m *markdown) objects(o *diff.Objects) {
	if len(o.Changes) == 0 {
		return
	}
	end := m.fold(objectTally(o))
	for n, c := range o.Changes {
		if n == m.most {
			break
		}
		m.line("- %s %s", strings.ToLower(string(c.Change)), terminal.MarkdownCode(strings.ToLower(c.Kind)+"/"+c.Name))
	}
	m.more(len(o.Changes))
	end()
}
