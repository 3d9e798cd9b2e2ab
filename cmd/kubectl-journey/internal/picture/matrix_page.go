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

package picture

import (
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// NamedMatrix is a matrix with the title of its portfolio.
type NamedMatrix struct {
	*view.Matrix

	Title string
}

// MatrixPage writes matrices as an HTML page. A matrix is an HTML table there, so that people can read, search and copy it.
func MatrixPage(w io.Writer, matrices []NamedMatrix) error {
	p := &page{Title: "Traceability matrix"}
	for n, m := range matrices {
		t := matrixTable(m.Matrix)
		t.Title, t.Intro = m.Title, MatrixSummary(m.Matrix)
		if n == 0 {
			t.ID = "words"
			p.Footer = footer(string(m.AsOf))
		}
		p.Sections = append(p.Sections, section{Title: m.Title, Legend: stateLegend(), Tables: []table{t}})
	}
	return p.write(w)
}

func stateLegend() []legendEntry {
	var legend []legendEntry
	for _, s := range states {
		c := &canvas{}
		c.filled(s.class, 1, 1, 24, stripHeight+2)
		legend = append(legend, legendEntry{Picture: small(c, 26, stripHeight+4), Words: s.words})
	}
	return append(legend, legendEntry{Picture: "<strong class=\"bad\">!</strong> ", Words: "something is unplanned"})
}

// small is a small drawing in a line of text. The text beside it says the same.
func small(c *canvas, width, height int) template.HTML {
	//nolint:gosec // All text in a drawing went through inert.
	return template.HTML(fmt.Sprintf(`<svg class="picture small" viewBox="0 0 %d %d" width="%d" height="%d" preserveAspectRatio="none" aria-hidden="true">%s</svg>`,
		width, height, width, height, c.b.String()))
}

func matrixTable(m *view.Matrix) table {
	t := table{Class: "matrix"}
	if m.ByPhases {
		t.Class += " wide"
	}
	t.Head = matrixHeads(m)
	body := tableBody{}
	for n := range m.Rows {
		r := &m.Rows[n]
		row := []cell{{Text: r.Title, Scope: "row", Data: r.Block}}
		for k := range r.Cells {
			row = append(row, countCell(&r.Cells[k], matrixCell, begins(m, k)))
		}
		body.Rows = append(body.Rows, append(row, countCell(&r.Total, matrixTotal, true)))
	}
	t.Bodies = []tableBody{body}
	foot := []cell{{Text: "All", Scope: "row"}}
	for n := range m.Totals {
		foot = append(foot, countCell(&m.Totals[n], matrixCell, begins(m, n)))
	}
	t.Foot = [][]cell{append(foot, countCell(&m.Total, matrixTotal, true))}
	return t
}

// groupLevels returns how columns are grouped: by journey and, below that, by phase.
func groupLevels(m *view.Matrix) []func(*view.MatrixColumn) string {
	levels := []func(*view.MatrixColumn) string{
		func(c *view.MatrixColumn) string { return c.JourneyTitle },
		func(c *view.MatrixColumn) string { return c.PhaseTitle },
	}
	if m.ByPhases {
		levels = levels[:1]
	}
	return levels
}

// columnGroup is a group of neighbouring columns: from column from, up to but without column to.
type columnGroup struct{ from, to int }

func columnGroups(columns []view.MatrixColumn, levels []func(*view.MatrixColumn) string) []columnGroup {
	var groups []columnGroup
	for from := 0; from < len(columns); {
		to := from
		for to < len(columns) && sameGroup(&columns[from], &columns[to], levels) {
			to++
		}
		groups = append(groups, columnGroup{from, to})
		from = to
	}
	return groups
}

// matrixHeads are the head rows of the table: journeys, phases, and the titles of the columns.
func matrixHeads(m *view.Matrix) [][]cell {
	levels := groupLevels(m)
	var rows [][]cell
	for level := range levels {
		var row []cell
		if level == 0 {
			row = append(row, cell{Text: "Building block", Scope: "col", Class: "corner", Rows: len(levels) + 1})
		}
		for _, g := range columnGroups(m.Columns, levels[:level+1]) {
			title := levels[level](&m.Columns[g.from])
			row = append(row, cell{Text: title, Tip: title, Scope: "colgroup", Class: "group", Span: g.to - g.from})
		}
		if level == 0 {
			row = append(row, cell{Text: "All", Scope: "col", Class: "count", Rows: len(levels) + 1})
		}
		rows = append(rows, row)
	}
	var titles []cell
	for n := range m.Columns {
		c := &m.Columns[n]
		head := cell{Text: c.Title(), Tip: c.Title(), Scope: "col", Class: "upright", Data: c.Moment}
		if c.MomentOfTruth {
			star := &canvas{}
			star.mark(signTruth, 9, 9)
			head.Picture, head.Unseen = small(star, 18, 18), " (moment of truth)"
		}
		titles = append(titles, head)
	}
	return append(rows, titles)
}

func sameGroup(a, b *view.MatrixColumn, levels []func(*view.MatrixColumn) string) bool {
	for _, level := range levels {
		if level(a) != level(b) {
			return false
		}
	}
	return true
}

// begins tells whether a phase begins with a column. In a matrix by phases, it tells whether a journey does.
func begins(m *view.Matrix, n int) bool {
	return n == 0 || !sameGroup(&m.Columns[n-1], &m.Columns[n], groupLevels(m))
}

func countCell(count *view.MatrixCount, width int, first bool) cell {
	class := "count"
	if first {
		class += " first"
	}
	if count.All() == 0 {
		return cell{Class: class}
	}
	c := &canvas{}
	c.strip(count, 1, 1, width-2*stripPad-2)
	return cell{
		Text: countText(count), Class: strings.TrimSpace(class + " strong " + countInk(count)), Tip: CountWords(count), Unseen: " " + CountWords(count),
		Picture: small(c, width-2*stripPad, stripHeight+2),
	}
}
