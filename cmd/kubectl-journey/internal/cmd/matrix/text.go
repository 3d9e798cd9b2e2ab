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

package matrix

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/picture"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// printText prints the matrices for people, each under a heading.
func printText(w io.Writer, matrices []namespacedMatrix, screen terminal.Screen) error {
	text := &textDocument{terminal.Document{Screen: screen}}
	for n := range matrices {
		if n > 0 {
			text.Line("")
		}
		text.matrix(&matrices[n])
	}
	return text.Print(w)
}

// textDocument is matrices as text.
type textDocument struct{ terminal.Document }

// The measures of a matrix on a terminal.
const (
	mostNames = 30
	// cellWidth holds a number, its mark and a blank.
	cellWidth     = 5
	markDelivered = "✓"
	markUnplanned = "!"
	markNothing   = "·"
)

func (t *textDocument) matrix(m *namespacedMatrix) {
	t.Title(terminal.Line(m.title()) + " as of " + string(m.AsOf))
	t.Wrapped("", picture.MatrixSummary(m.Matrix))
	t.Line("")
	for _, line := range terminal.WrapParts([]string{
		"A number and the least that its requirements are:", markDelivered + " delivered", t.stateMark(cxv1alpha1.StateInProgress) + " in progress",
		t.stateMark(cxv1alpha1.StatePlanned) + " planned", t.stateMark(cxv1alpha1.StateProposed) + " proposed", t.Late(markUnplanned) + " unplanned",
	}, "  ", t.Width) {
		t.Line(line)
	}
	names := len("All")
	for n := range m.Rows {
		names = max(names, terminal.Width(rowName(&m.Rows[n])))
	}
	names = min(names, mostNames)
	most := max(1, (t.Width-names-cellWidth)/cellWidth)
	for from := 0; from < len(m.Columns) || from == 0; from += most {
		t.Line("")
		t.band(m.Matrix, from, min(from+most, len(m.Columns)), names)
	}
	t.columns(m.Columns)
}

func rowName(r *view.MatrixRow) string {
	if r.Block == "" {
		return "(" + strings.ToLower(r.Title) + ")"
	}
	return terminal.Line(r.Block)
}

func (t *textDocument) stateMark(state cxv1alpha1.ItemState) string {
	fill := terminal.Fills[state]
	return t.Paint(string(fill), fill)
}

// band prints some of the columns; the last band has the totals.
func (t *textDocument) band(m *view.Matrix, from, to, names int) {
	head := []string{terminal.Pad("", names-1)}
	for n := from; n < to; n++ {
		head = append(head, terminal.PadLeft(strconv.Itoa(n+1), cellWidth-1))
	}
	last := to == len(m.Columns)
	if last {
		head = append(head, terminal.PadLeft("All", cellWidth-1))
	}
	t.Line(t.Faint(strings.Join(head, " ")))
	row := func(name string, cells []view.MatrixCount, total *view.MatrixCount) {
		line := []string{terminal.Pad(terminal.Cut(name, names), names)}
		for n := from; n < to; n++ {
			line = append(line, t.cell(&cells[n], ""))
		}
		if last {
			line = append(line, t.cell(total, markNothing))
		}
		t.Line(strings.Join(line, ""))
	}
	for n := range m.Rows {
		row(rowName(&m.Rows[n]), m.Rows[n].Cells, &m.Rows[n].Total)
	}
	row("All", m.Totals, &m.Total)
}

// cell is as wide as all others. Colours come last: they have no width.
func (t *textDocument) cell(c *view.MatrixCount, nothing string) string {
	if c.All() == 0 {
		return terminal.PadLeft(nothing, cellWidth-1) + " "
	}
	return terminal.PadLeft(strconv.Itoa(c.All()), cellWidth-2) + t.least(c) + " "
}

// least is the mark of the requirements that are least advanced.
func (t *textDocument) least(c *view.MatrixCount) string {
	switch {
	case c.Unplanned+c.Unassigned > 0:
		return t.Late(markUnplanned)
	case c.Proposed > 0:
		return t.stateMark(cxv1alpha1.StateProposed)
	case c.Planned > 0:
		return t.stateMark(cxv1alpha1.StatePlanned)
	case c.InProgress > 0:
		return t.stateMark(cxv1alpha1.StateInProgress)
	default:
		return markDelivered
	}
}

// columns tells what the numbers above the columns mean.
func (t *textDocument) columns(columns []view.MatrixColumn) {
	t.Section("Columns")
	for n := range columns {
		c := &columns[n]
		if n == 0 || c.JourneyTitle != columns[n-1].JourneyTitle || c.Moment != "" && c.PhaseTitle != columns[n-1].PhaseTitle {
			group := terminal.Line(c.JourneyTitle)
			if c.Moment != "" {
				group += " / " + terminal.Line(c.PhaseTitle)
			}
			t.Line(t.Bold(terminal.Cut(group, t.Width)))
		}
		truth := " "
		if c.MomentOfTruth {
			truth = terminal.MarkTruth
		}
		name := c.Moment
		if name == "" {
			name = c.Phase
		}
		title := terminal.Line(c.Title())
		if name != "" {
			title += " (" + terminal.Line(name) + ")"
		}
		t.Wrapped(fmt.Sprintf("%4d %s ", n+1, truth), title)
	}
}
