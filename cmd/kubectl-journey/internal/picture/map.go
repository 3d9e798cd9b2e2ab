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

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// Paper is the size of a picture.
type Paper struct {
	width int
	// columns is how many moments fit beside each other.
	columns int
}

// The papers: the screen of a laptop, and A3 in landscape.
var (
	Screen = Paper{width: 1460, columns: 12}
	A3     = Paper{width: 2000, columns: 18}
)

// The measures of a journey map. A long journey is broken into bands, as text is broken into lines. So it fits on a screen and on A3.
const (
	mapLeastWidth = 960
	mapMargin     = 20
	// mapLabels is the width of the names of the rows.
	mapLabels       = 84
	mapColumnAtMost = 230
	mapPad          = 7

	mapBetweenBands = 24

	curveHeight = 126
	curveTop    = 19
	curveStep   = 22
	bestGrade   = 5
	dotRadius   = 9
)

var (
	fontSmall    = font{size: 10}
	fontText     = font{size: 11}
	fontTextBold = font{size: 11, bold: true}
	fontTitle    = font{size: 12, bold: true}
	fontPhase    = font{size: 13, bold: true}
	fontGoal     = font{size: 13}
	fontHeadline = font{size: 26, bold: true}
)

// The distances between the lines of a text.
const (
	leadingSmall    = 13
	leadingText     = 14
	leadingTitle    = 15
	leadingGoal     = 17
	leadingHeadline = 31
)

// Map draws a journey map.
func Map(j *view.JourneyMap, paper Paper) *Drawing {
	d := &mapDrawing{journey: j, bands: bandsOf(j.Phases, paper.columns)}
	for _, p := range j.Phases {
		for n := range p.Moments {
			d.moments = append(d.moments, &p.Moments[n])
		}
	}
	d.width = d.widthOf(paper)
	y := d.wholeJourney(d.header(mapMargin))
	for _, band := range d.bands {
		y = d.band(band, y) + mapBetweenBands
	}
	height := d.legend(y) + mapMargin
	return d.drawing("Journey map: "+j.Title, MapSummary(j)+" As of "+string(j.AsOf)+".", d.width, height)
}

type mapDrawing struct {
	canvas
	journey *view.JourneyMap
	bands   []mapBand
	// moments of all phases, in order.
	moments []*view.MapMoment
	width   int
}

// mapBand is a part of the journey that is drawn in one row, from one side of the paper to the other.
type mapBand struct {
	spans   []mapSpan
	columns int
}

// mapSpan is a phase in a band, or a part of it.
type mapSpan struct {
	phase     *view.MapPhase
	moments   []view.MapMoment
	continued bool
}

// columns is how many columns a span takes. A phase without moments takes one, so that people see that it is empty.
func (s mapSpan) columns() int { return max(1, len(s.moments)) }

// bandsOf divides the phases among bands: as few bands as possible, and as even as possible.
func bandsOf(phases []view.MapPhase, most int) []mapBand {
	spans := spansOf(phases, most)
	type best struct{ bands, squares, from int }
	ways := make([]best, len(spans)+1)
	for to := 1; to <= len(spans); to++ {
		columns := 0
		for from := to - 1; from >= 0; from-- {
			if columns += spans[from].columns(); columns > most && from < to-1 {
				break
			}
			way := best{ways[from].bands + 1, ways[from].squares + columns*columns, from}
			if known := ways[to]; known.bands == 0 || way.bands < known.bands || way.bands == known.bands && way.squares < known.squares {
				ways[to] = way
			}
		}
	}
	var bands []mapBand
	for to := len(spans); to > 0; to = ways[to].from {
		band := mapBand{spans: spans[ways[to].from:to]}
		for _, s := range band.spans {
			band.columns += s.columns()
		}
		bands = append([]mapBand{band}, bands...)
	}
	return bands
}

// spansOf returns the phases as spans. A phase that is too long for a band is cut into even parts.
func spansOf(phases []view.MapPhase, most int) []mapSpan {
	var spans []mapSpan
	for n := range phases {
		p := &phases[n]
		rest, cuts := p.Moments, (len(p.Moments)+most-1)/most
		for cut := range max(1, cuts) {
			size := len(rest)
			if left := cuts - cut; left > 1 {
				size = (len(rest) + left - 1) / left
			}
			spans = append(spans, mapSpan{phase: p, moments: rest[:size], continued: cut > 0})
			rest = rest[size:]
		}
	}
	return spans
}

// widthOf is the width of the drawing. It is less than the width of the paper if the journey is short.
func (d *mapDrawing) widthOf(paper Paper) int {
	columns := 0
	for _, band := range d.bands {
		columns = max(columns, band.columns)
	}
	return max(mapLeastWidth, min(paper.width, 2*mapMargin+mapLabels+columns*mapColumnAtMost))
}

func (d *mapDrawing) inner() int { return d.width - 2*mapMargin }

// figuresWidth is the width of the numbers at the right of the header.
const figuresWidth = 330

func (d *mapDrawing) header(y int) int {
	j := d.journey
	room := d.inner() - figuresWidth - 40
	title := fontHeadline.wrap(j.Title, room, 2)
	d.lines("b s26", mapMargin, y+24, leadingHeadline, title)
	left := y + leadingHeadline*len(title) + 14
	goal := fontGoal.wrap(j.Goal, room, 3)
	d.lines("i s13 soft", mapMargin, left, leadingGoal, goal)
	left += leadingGoal * len(goal)
	right := d.figures(d.width-mapMargin-figuresWidth, y+12)
	return max(left, right) + 6
}

// figures draws how many moments are in which state, and which part of the value is there.
func (d *mapDrawing) figures(x, y int) int {
	c := d.journey.Moments
	for n, figure := range []struct {
		count int32
		word  string
		class string
	}{
		{c.Total, "moments", ""}, {c.Realized, "realized", "good"}, {c.Blocked, "blocked", "warn"}, {c.AtRisk, "at risk", "bad"},
	} {
		at := x + n*figuresWidth/4
		d.text("b s26 "+figure.class, at, y+12, strconv.Itoa(int(figure.count)))
		d.text("soft", at, y+28, figure.word)
	}
	y += 42
	v := d.journey.Value
	if v.Total > 0 {
		d.valueBar(x, y, &v)
	}
	d.text("soft", x, y+26, valueWords(&v))
	until := "As of " + string(d.journey.AsOf)
	if d.journey.Expected != "" {
		until += "; all moments work from " + string(d.journey.Expected)
	}
	d.text("soft", x, y+26+leadingText, until)
	return y + 26 + 2*leadingText
}

func valueWords(v *cxv1alpha1.Value) string {
	if v.Total == 0 {
		return "No customer value yet."
	}
	words := fmt.Sprintf("Customer value: %d%% delivered, %d%% planned", percent(v.Delivered, v.Total), percent(v.Planned, v.Total))
	if v.Unplanned+v.Unelaborated > 0 {
		words += ", rest unplanned"
	}
	return words
}

func (d *mapDrawing) valueBar(x, y int, v *cxv1alpha1.Value) {
	first := int(v.Delivered * figuresWidth / v.Total)
	second := int((v.Delivered + v.Planned) * figuresWidth / v.Total)
	if v.Unplanned+v.Unelaborated == 0 {
		// A rest that comes from rounding must not look like unplanned value.
		second = figuresWidth
	}
	d.rect("unplanned", x+second, y, figuresWidth-second, 10, 0)
	d.rect("planned", x+first, y, second-first, 10, 0)
	d.rect("delivered", x, y, first, 10, 0)
}

// column is a moment and its place in the drawing.
type column struct {
	moment   *view.MapMoment
	x, width int
	// The lines of its texts.
	title, channels, promise []string
	box                      momentBox
	cards                    cards
}

// momentBox is the text in the box with the state of a moment.
type momentBox struct {
	sign                   sign
	class, ink             string
	words                  string
	until, needed, waiting []string
}

func boxOf(m *view.MapMoment, width int) momentBox {
	box := momentBox{words: StandingWords(m)}
	switch {
	case m.AtRisk:
		box.sign, box.class, box.ink = signRisk, "box-bad", "bad"
	case m.Standing == view.StandingBlocked:
		box.sign, box.class, box.ink = signBlocked, "box-warn", "warn"
	case m.Standing == view.StandingRealized:
		box.sign, box.class, box.ink = signDone, "box-good", "good"
	case m.Standing == view.StandingOpen:
		box.sign, box.class, box.ink = signOpen, "box-open", "good"
	default:
		box.sign, box.class, box.ink = signNothing, "box-soft", "soft"
	}
	box.until = fontTextBold.wrap(UntilWords(m), width, 2)
	box.needed = fontText.wrap(NeededWords(m), width, 3)
	if m.Standing == view.StandingOpen {
		box.needed = fontText.wrap(strconv.Itoa(int(m.ProgressPercent))+"% delivered", width, 2)
	}
	titles := 1
	if width > wideBox {
		titles = 2
	}
	if words := WaitsForWords(m, titles); words != "" {
		box.waiting = fontSmall.wrap("Waits for "+words, width, 6)
	}
	return box
}

// The heights of the parts of a box, and of rows that have only one line.
const (
	// wideBox is the width above which a box names two blockers instead of one.
	wideBox    = 120
	boxHead    = 24
	boxFoot    = 6
	signRoom   = 20
	momentHead = 22
	rowGap     = 8
	phaseInset = 14
	phaseArrow = 12
)

// headLines returns the lines beside the sign of a box: one, or two if the words do not fit on one.
func (b *momentBox) headLines(width int) []string {
	return fontTextBold.wrap(b.words, width-signRoom, 2)
}

func (b *momentBox) height(width int) int {
	return boxHead + (len(b.headLines(width))-1)*leadingText + (len(b.until)+len(b.needed))*leadingText + len(b.waiting)*leadingSmall + boxFoot
}

func (d *mapDrawing) columnsOf(band mapBand) []column {
	x := mapMargin + mapLabels
	width := min(mapColumnAtMost, (d.inner()-mapLabels)/max(1, band.columns))
	var columns []column
	for _, span := range band.spans {
		for n := range span.moments {
			m := &span.moments[n]
			room := width - 2*mapPad
			promise := ""
			if m.Promise != "" {
				promise = "“" + m.Promise + "”"
			}
			columns = append(columns, column{
				moment: m, x: x, width: width,
				title:    fontTitle.wrap(m.Title, room, 5),
				channels: fontSmall.wrap(strings.Join(m.Channels, ", "), room, 5),
				promise:  fontText.wrap(promise, room, 9),
				box:      boxOf(m, room-10),
				cards:    d.measures(m, room+4),
			})
			x += width
		}
		if len(span.moments) == 0 {
			columns = append(columns, column{x: x, width: width})
			x += width
		}
	}
	return columns
}

// measures are the cards of a moment. Where anything is measured, a moment that nobody measures says so.
func (d *mapDrawing) measures(m *view.MapMoment, width int) cards {
	c := cardsOf(d.journey, m.Metrics, width)
	if len(c.list) == 0 && len(d.journey.Metrics) > 0 {
		c.note = fontSmall.wrap(notMeasured, width, 2)
	}
	return c
}

// rowHeight is the height of the highest column.
func rowHeight(columns []column, height func(*column) int) int {
	most := 0
	for n := range columns {
		if columns[n].moment != nil {
			most = max(most, height(&columns[n]))
		}
	}
	return most
}

// band draws a band. It returns the y of its end.
func (d *mapDrawing) band(band mapBand, y int) int {
	columns := d.columnsOf(band)
	y += d.phases(band, columns, y)
	top := y - rowGap
	heads := momentHead + rowHeight(columns, func(c *column) int { return len(c.title) * leadingTitle }) + rowGap
	channels := max(leadingText, rowHeight(columns, func(c *column) int { return len(c.channels) * leadingSmall })) + rowGap
	promises := max(leadingText, rowHeight(columns, func(c *column) int { return len(c.promise) * leadingText })) + 2*rowGap
	boxes := rowHeight(columns, func(c *column) int { return c.box.height(c.width - 2*mapPad - 10) })
	right := columns[len(columns)-1].x + columns[len(columns)-1].width
	measures := rowHeight(columns, func(c *column) int { return c.cards.height() })
	if measures > 0 {
		measures += rowGap
	}
	bottom := y + heads + curveHeight + channels + promises + boxes + rowGap + measures
	d.separators(band, columns, top, bottom)

	d.label(y+16, "Moment")
	for n := range columns {
		d.moment(&columns[n], y)
	}
	y += heads
	d.curve(columns, y, right)
	y += curveHeight
	d.label(y+leadingSmall, "Channels")
	for n := range columns {
		d.lines("s10 soft", columns[n].x+mapPad, y+leadingSmall, leadingSmall, columns[n].channels)
	}
	y += channels
	d.line("rule", mapMargin, y, right, y)
	d.label(y+leadingText+2, "Promise")
	for n := range columns {
		d.lines("i", columns[n].x+mapPad, y+leadingText+2, leadingText, columns[n].promise)
	}
	y += promises
	d.label(y+16, "How it stands")
	for n := range columns {
		if columns[n].moment != nil {
			d.standing(&columns[n], y, boxes)
		}
	}
	if y += boxes + rowGap; measures > 0 {
		d.label(y+16, "Measured")
		for n := range columns {
			d.stack(&columns[n].cards, columns[n].x+mapPad-2, y)
		}
	}
	d.line("rule-strong", mapMargin, bottom, right, bottom)
	return bottom
}

func (d *mapDrawing) label(y int, words string) {
	d.lines("b soft", mapMargin, y, leadingText, fontTextBold.wrap(words, mapLabels-mapPad, 2))
}

// phases draws the phases as arrows, with the milestones at their ends.
func (d *mapDrawing) phases(band mapBand, columns []column, y int) int {
	type head struct {
		x, width         int
		title, milestone []string
	}
	var heads []head
	at, titles, milestones := 0, 0, 0
	for _, span := range band.spans {
		first, last := columns[at], columns[at+span.columns()-1]
		at += span.columns()
		h := head{x: first.x, width: last.x + last.width - first.x}
		title := span.phase.Title
		if span.continued {
			title += " (continued)"
		}
		room := h.width - phaseInset - 2*phaseArrow
		h.title = fontPhase.wrap(title, room, 2)
		if span.phase.Milestone != "" {
			h.milestone = fontSmall.wrap("Until: "+span.phase.Milestone, room, 3)
		}
		titles, milestones = max(titles, len(h.title)), max(milestones, len(h.milestone))
		heads = append(heads, h)
	}
	height := 12 + titles*leadingGoal + milestones*leadingSmall
	d.label(y+18, "Phase")
	for _, h := range heads {
		right := h.x + h.width - 3
		d.path("head", "M", h.x, y, "H", right-phaseArrow, "L", right, y+height/2, "L", right-phaseArrow, y+height, "H", h.x, "L", h.x+phaseArrow, y+height/2, "Z")
		d.lines("b s13 headink", h.x+phaseInset+6, y+19, leadingGoal, h.title)
		d.lines("s10 headink", h.x+phaseInset+6, y+19+len(h.title)*leadingGoal-2, leadingSmall, h.milestone)
	}
	return height + rowGap
}

// separators draws lines between columns, and stronger ones between phases.
func (d *mapDrawing) separators(band mapBand, columns []column, top, bottom int) {
	at := 0
	for _, span := range band.spans {
		for n := range span.columns() {
			class := "rule-dots"
			if n == 0 {
				class = "rule"
			}
			d.line(class, columns[at].x, top, columns[at].x, bottom)
			at++
		}
	}
}

// moment writes the number, the mark and the title of a moment.
func (d *mapDrawing) moment(c *column, y int) {
	m := c.moment
	if m == nil {
		d.text("i soft", c.x+mapPad, y+16, "No moments yet")
		return
	}
	x := c.x + mapPad
	d.begin("moment", m.Name, m.Title)
	if m.MomentOfTruth {
		d.circle("fill-truth", x+9, y+9, dotRadius)
		d.mark(signTruth, x+29, y+9)
		if words := "Moment of truth"; fontTextBold.width(words) < c.width-2*mapPad-40 {
			d.text("b s10 truth", x+40, y+13, words)
		}
	} else {
		d.circle("fill-soft", x+9, y+9, dotRadius)
	}
	d.text("b mid s10 onfill", x+9, y+13, strconv.Itoa(m.Number))
	d.lines("b s12", x, y+momentHead+12, leadingTitle, c.title)
	d.end()
}

// gradeY is the y of a grade of experience.
func gradeY(top int, grade int32) int { return top + curveTop + (bestGrade-int(grade))*curveStep }

// curve draws two curves: the experience of the customer now, and the experience that is wanted.
func (d *mapDrawing) curve(columns []column, y, right int) {
	d.rect("panel", mapMargin, y, right-mapMargin, curveHeight, 0)
	d.label(y+16, "Experience")
	for grade := int32(1); grade <= bestGrade; grade++ {
		at := gradeY(y, grade)
		d.line("rule", mapMargin+mapLabels, at, right, at)
		d.text("s10 soft end", mapMargin+mapLabels-5, at+4, strconv.Itoa(int(grade)))
	}
	d.text("s10 soft", mapMargin, gradeY(y, bestGrade)+leadingText+4, "5 delights")
	d.text("s10 soft", mapMargin, gradeY(y, 1)+4, "1 hurts")
	d.shade(columns, y)
	d.experience("wanted", columns, y, func(m *view.MapMoment) int32 { return m.Target })
	d.experience("now", columns, y, func(m *view.MapMoment) int32 { return m.Current })
	for n := range columns {
		if columns[n].moment != nil {
			d.grades(&columns[n], y)
		}
	}
}

// shade fills the area between the two curves.
func (d *mapDrawing) shade(columns []column, y int) {
	for n := range columns[:len(columns)-1] {
		a, b := columns[n].moment, columns[n+1].moment
		if a == nil || b == nil || min(a.Current, a.Target, b.Current, b.Target) == 0 {
			continue
		}
		x, to := columns[n].middle(), columns[n+1].middle()
		half := (x + to) / 2
		d.path("shade", "M", x, gradeY(y, a.Current), "C", half, gradeY(y, a.Current), half, gradeY(y, b.Current), to, gradeY(y, b.Current),
			"V", gradeY(y, b.Target), "C", half, gradeY(y, b.Target), half, gradeY(y, a.Target), x, gradeY(y, a.Target), "Z")
	}
}

// experience draws one curve. At the side of a band, the curve ends half-way to the next moment, which is in another band.
func (d *mapDrawing) experience(class string, columns []column, y int, grade func(*view.MapMoment) int32) {
	for n := range columns {
		m := columns[n].moment
		if m == nil || grade(m) == 0 {
			continue
		}
		x, at := columns[n].middle(), gradeY(y, grade(m))
		if before := d.neighbour(m, -1); n == 0 && before != nil && grade(before) > 0 {
			d.line(class, columns[n].x, (at+gradeY(y, grade(before)))/2, x, at)
		}
		after := d.neighbour(m, 1)
		if after == nil || grade(after) == 0 {
			continue
		}
		to := gradeY(y, grade(after))
		if n == len(columns)-1 {
			d.line(class, x, at, columns[n].x+columns[n].width, (at+to)/2)
			continue
		}
		next := columns[n+1]
		if next.moment == nil {
			continue
		}
		half := (x + next.middle()) / 2
		d.path(class, "M", x, at, "C", half, at, half, to, next.middle(), to)
	}
}

func (c *column) middle() int { return c.x + c.width/2 }

// neighbour is the moment before or after another. It is nil if there is none.
func (d *mapDrawing) neighbour(m *view.MapMoment, step int) *view.MapMoment {
	at := m.Number - 1 + step
	if at < 0 || at >= len(d.moments) {
		return nil
	}
	return d.moments[at]
}

// grades marks the experience now with a filled circle, and the wanted one with an open circle.
func (d *mapDrawing) grades(c *column, y int) {
	m, x := c.moment, c.middle()
	if m.Current > 0 && m.Target > 0 && m.Current != m.Target {
		d.line("gap", x, gradeY(y, m.Current), x, gradeY(y, m.Target))
	}
	if m.Target > 0 {
		r := dotRadius
		if m.Current == m.Target {
			r += 4
		}
		d.circle("wanted-dot", x, gradeY(y, m.Target), r)
		d.text("b mid s10 goal", x, gradeY(y, m.Target)+4, strconv.Itoa(int(m.Target)))
	}
	if m.Current > 0 {
		d.circle("now-dot", x, gradeY(y, m.Current), dotRadius)
		d.text("b mid s10 onfill", x, gradeY(y, m.Current)+4, strconv.Itoa(int(m.Current)))
	}
}

// standing draws the box with the state of a moment.
func (d *mapDrawing) standing(c *column, y, height int) {
	b := &c.box
	x, room := c.x+mapPad-2, c.width-2*mapPad+4
	d.rect(b.class, x, y, room, height, 4)
	d.mark(b.sign, x+14, y+14)
	head := b.headLines(c.width - 2*mapPad - 10)
	d.lines("b "+b.ink, x+signRoom+6, y+18, leadingText, head)
	at := y + boxHead + (len(head)-1)*leadingText + 10
	for _, part := range []struct {
		class   string
		leading int
		lines   []string
	}{
		{"b", leadingText, b.until}, {"", leadingText, b.needed}, {"s10", leadingSmall, b.waiting},
	} {
		d.lines(part.class, x+8, at, part.leading, part.lines)
		at += len(part.lines) * part.leading
	}
}

// legend explains the marks.
func (d *mapDrawing) legend(y int) int {
	x := mapMargin
	entry := func(draw func(x, y int), width int, words string) {
		needed := width + 6 + fontText.width(words) + 22
		if x+needed > d.width-mapMargin && x > mapMargin {
			x, y = mapMargin, y+22
		}
		draw(x, y+8)
		d.text("", x+width+6, y+12, words)
		x += needed
	}
	signed := func(s sign) func(x, y int) { return func(x, y int) { d.mark(s, x+8, y) } }
	entry(func(x, y int) { d.line("now", x, y, x+30, y); d.circle("now-dot", x+15, y, 6) }, 30, "experience now")
	entry(func(x, y int) { d.line("wanted", x, y, x+30, y); d.circle("wanted-dot", x+15, y, 6) }, 30, "experience wanted")
	entry(signed(signTruth), 16, "moment of truth")
	entry(signed(signDone), 16, "realized: all is delivered")
	entry(signed(signOpen), 16, "works: the Musts are delivered")
	entry(signed(signBlocked), 16, "blocked: a Must is not delivered yet")
	entry(signed(signRisk), 16, "at risk: late for its date, or without one")
	entry(signed(signNothing), 16, "nothing is asked yet")
	if len(d.journey.Metrics) > 0 {
		entry(func(x, y int) { d.line("now", x, y, x+26, y); d.circle("now-dot", x+26, y, 4) }, 30, "measured values up to the newest")
		entry(func(x, y int) { d.line("wanted", x, y, x+30, y) }, 30, "target of a metric")
		entry(func(x, y int) { d.rect("box-soft", x, y-6, 30, 12, 2) }, 30, "stale: not measured lately")
	}
	return y + 20
}
