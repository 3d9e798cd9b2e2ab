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
	"strconv"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// The classes of states.
const (
	classDelivered  = "delivered"
	classInProgress = "inprogress"
	classPlanned    = "planned"
	classProposed   = "proposed"
	classUnplanned  = "unplanned"
)

// state is a state of requirements, with its class in drawings.
type state struct {
	words, class string
	count        func(*view.MatrixCount) int
}

// states are all states, from what customers have to what nobody works on.
var states = []state{
	{"delivered", classDelivered, func(c *view.MatrixCount) int { return c.Delivered }},
	{"in progress", classInProgress, func(c *view.MatrixCount) int { return c.InProgress }},
	{"planned", classPlanned, func(c *view.MatrixCount) int { return c.Planned }},
	{"proposed", classProposed, func(c *view.MatrixCount) int { return c.Proposed }},
	{"unplanned", classUnplanned, func(c *view.MatrixCount) int { return c.Unplanned + c.Unassigned }},
}

// CountWords says how many requirements there are in a cell, and in which states.
func CountWords(c *view.MatrixCount) string {
	var parts []string
	for _, s := range states {
		if n := s.count(c); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s.words))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return terminal.Count(c.All(), "requirement") + ": " + strings.Join(parts, ", ")
}

// MatrixSummary says in a sentence what a matrix shows.
func MatrixSummary(m *view.Matrix) string {
	columns := "moment"
	if m.ByPhases {
		columns = "phase"
	}
	blocks := 0
	for n := range m.Rows {
		if m.Rows[n].Block != "" {
			blocks++
		}
	}
	words := fmt.Sprintf("%s, %s. ", terminal.Count(blocks, "building block"), terminal.Count(len(m.Columns), columns))
	if count := CountWords(&m.Total); count != "" {
		words += count + "."
	} else {
		words += "No requirements."
	}
	if m.Total.Dropped > 0 {
		words += fmt.Sprintf(" %d more will not be met (Wont), and are left out.", m.Total.Dropped)
	}
	return words + " A requirement that several " + columns + "s ask for counts once in a total."
}

// The measures of a matrix.
const (
	matrixMargin = 20
	matrixLabels = 250
	matrixCell   = 33
	matrixTotal  = 48
	matrixRow    = 25
	// matrixHead is the space for the titles of columns.
	matrixHead = 170
	// matrixGroup is the height of the names of journeys, and of phases. Each has up to two lines.
	matrixGroup  = 32
	matrixLeast  = 700
	stripHeight  = 6
	stripPad     = 4
	matrixLegend = 26
)

// Matrix draws the matrix of blocks and moments, or phases.
func Matrix(m *view.Matrix, title string) *Drawing {
	d := &matrixDrawing{matrix: m, cell: matrixCell}
	if m.ByPhases {
		d.cell = 2 * matrixCell
	}
	d.columns = d.place()
	d.width = max(matrixLeast, d.right()+matrixTotal+matrixMargin)
	d.text("b s26", matrixMargin, matrixMargin+24, fontHeadline.cut(title, d.width-2*matrixMargin))
	summary := fontText.wrap(MatrixSummary(m)+" As of "+string(m.AsOf)+".", d.width-2*matrixMargin, 3)
	d.lines("soft", matrixMargin, matrixMargin+46, leadingText, summary)
	y := d.legend(matrixMargin + 46 + len(summary)*leadingText)
	heads := len(groupLevels(m)) * matrixGroup
	d.stripes(y + heads + matrixHead)
	y = d.head(y)
	for n := range m.Rows {
		d.row(&m.Rows[n], y)
		y += matrixRow
	}
	y = d.totals(y)
	return d.drawing("Traceability matrix: "+title, MatrixSummary(m)+" As of "+string(m.AsOf)+".", d.width, y+matrixMargin)
}

type matrixDrawing struct {
	canvas
	matrix      *view.Matrix
	width, cell int
	// columns are the x of the beginning of each column, and then of the end of the last one.
	columns []int
}

// place returns where the columns begin. A column that is alone in its phase is wider, so that the name of the phase fits.
func (d *matrixDrawing) place() []int {
	x := matrixMargin + matrixLabels
	places := []int{x}
	for _, g := range columnGroups(d.matrix.Columns, groupLevels(d.matrix)) {
		width := d.cell
		if g.to-g.from == 1 {
			width = 2 * matrixCell
		}
		for range g.to - g.from {
			x += width
			places = append(places, x)
		}
	}
	return places
}

// middle of a column.
func (d *matrixDrawing) middle(n int) int { return (d.columns[n] + d.columns[n+1]) / 2 }
func (d *matrixDrawing) right() int       { return d.columns[len(d.columns)-1] }

func (d *matrixDrawing) legend(y int) int {
	x := matrixMargin
	for _, s := range states {
		d.filled(s.class, x, y, 22, stripHeight+2)
		d.text("", x+28, y+8, s.words)
		x += 28 + fontText.width(s.words) + 20
	}
	d.text("b bad", x, y+8, "!")
	d.text("", x+10, y+8, "something is unplanned")
	return y + matrixLegend
}

// head writes the titles of the journeys, the phases and, below them, the moments. Titles of moments run upwards.
func (d *matrixDrawing) head(y int) int {
	levels := groupLevels(d.matrix)
	bottom := y + len(levels)*matrixGroup + matrixHead + (len(d.matrix.Rows)+1)*matrixRow
	for level := range levels {
		for _, g := range columnGroups(d.matrix.Columns, levels[:level+1]) {
			d.group(g, levels[level](&d.matrix.Columns[g.from]), y, bottom)
		}
		y += matrixGroup
	}
	for n := range d.matrix.Columns {
		d.columnHead(n, y)
	}
	y += matrixHead
	d.text("b soft", matrixMargin, y-6, "Building block")
	d.text("b soft end", d.right()+matrixTotal, y-6, "All")
	d.line("rule-strong", matrixMargin, y, d.width-matrixMargin, y)
	return y
}

// group writes the title of a group of columns above them, and draws a line at its side.
func (d *matrixDrawing) group(g columnGroup, words string, y, bottom int) {
	x, room := d.columns[g.from], d.columns[g.to]-d.columns[g.from]
	d.line("rule", x, y, x, bottom)
	d.add(`<g><title>%s</title>`, inert(words))
	d.rect("head", x+1, y+1, room-2, matrixGroup-2, 2)
	lines := fontSmall.wrap(words, room-10, 2)
	d.lines("s10 headink", x+5, y+matrixGroup/2+4-(len(lines)-1)*leadingSmall/2, leadingSmall, lines)
	d.end()
}

func (d *matrixDrawing) columnHead(n, y int) {
	c := &d.matrix.Columns[n]
	lines := fontText.wrap(c.Title(), matrixHead-14, 2)
	x := d.middle(n) + leadingText/2 - (len(lines)-1)*leadingText/2 - 3
	kind, name := "moment", c.Moment
	if name == "" {
		kind, name = "phase", c.Phase
	}
	d.begin(kind, name, c.Title())
	for _, line := range lines {
		d.add(`<text transform="translate(%d %d) rotate(-90)">%s</text>`, x, y+matrixHead-6, inert(line))
		x += leadingText
	}
	if c.MomentOfTruth {
		d.mark(signTruth, d.middle(n), y+9)
	}
	d.end()
}

// stripes draws a background for every second row, so that the eye can follow a row.
func (d *matrixDrawing) stripes(y int) {
	for n := 1; n < len(d.matrix.Rows); n += 2 {
		d.rect("panel", matrixMargin, y+n*matrixRow, d.right()+matrixTotal-matrixMargin, matrixRow, 0)
	}
}

func (d *matrixDrawing) row(r *view.MatrixRow, y int) {
	d.begin("block", r.Block, r.Title)
	d.text("", matrixMargin+4, y+16, fontText.cut(r.Title, matrixLabels-12))
	d.end()
	for k := range r.Cells {
		d.count(&r.Cells[k], d.middle(k)-d.cell/2, y, d.cell, r.Title+", "+d.matrix.Columns[k].Title()+": ")
	}
	d.count(&r.Total, d.right(), y, matrixTotal, r.Title+": ")
}

// count draws a cell: the number of requirements, and below it how they stand.
func (d *matrixDrawing) count(c *view.MatrixCount, x, y, width int, tip string) {
	if c.All() == 0 {
		return
	}
	d.add(`<g><title>%s</title>`, inert(tip+CountWords(c)))
	d.text("b mid "+countInk(c), x+width/2, y+14, countText(c))
	d.strip(c, x+stripPad, y+matrixRow-stripHeight-2, width-2*stripPad)
	d.end()
}

// countText is the number in a cell. It ends with ! if some of the requirements are not planned.
func countText(c *view.MatrixCount) string {
	if c.Unplanned+c.Unassigned > 0 {
		return strconv.Itoa(c.All()) + "!"
	}
	return strconv.Itoa(c.All())
}

func countInk(c *view.MatrixCount) string {
	switch {
	case c.Unplanned+c.Unassigned > 0:
		return "bad"
	case c.Delivered == c.All():
		return "good"
	}
	return ""
}

// strip draws a line that is divided among the states, by the number of requirements.
func (c *canvas) strip(count *view.MatrixCount, x, y, width int) {
	all, before := count.All(), 0
	for _, s := range states {
		n := s.count(count)
		if n == 0 {
			continue
		}
		from, to := before*width/all, (before+n)*width/all
		c.filled(s.class, x+from, y, to-from, stripHeight)
		before += n
	}
}

// filled draws a bar in the style of a state. In progress has a line along the middle, so that it can be told apart without colours.
func (c *canvas) filled(class string, x, y, width, height int) {
	c.rect(class, x, y, width, height, 0)
	if class == classInProgress {
		c.rect("bar-white", x+1, y+height/2-1, width-2, 2, 0)
	}
}

func (d *matrixDrawing) totals(y int) int {
	d.line("rule-strong", matrixMargin, y, d.width-matrixMargin, y)
	d.text("b", matrixMargin+4, y+16, "All")
	for n := range d.matrix.Totals {
		d.count(&d.matrix.Totals[n], d.middle(n)-d.cell/2, y, d.cell, d.matrix.Columns[n].Title()+": ")
	}
	d.count(&d.matrix.Total, d.right(), y, matrixTotal, "")
	return y + matrixRow
}
