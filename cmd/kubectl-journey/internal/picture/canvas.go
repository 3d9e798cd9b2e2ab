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
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// Drawing is a finished picture.
type Drawing struct {
	// Title and Desc say in words what it shows, for people who cannot see it.
	Title, Desc string

	width, height int
	body          string
}

// canvas collects the shapes of a drawing. Coordinates are whole pixels, so that they are the same on every machine. All text must go
// through inert. Classes and paths need not: they are made in this package.
type canvas struct {
	b strings.Builder
}

// inert makes text safe in elements and attributes of XML and HTML. Such text cannot reorder the text around it either.
func inert(text string) string {
	var b bytes.Buffer
	// Writing to a buffer does not fail.
	_ = xml.EscapeText(&b, []byte(terminal.Line(text)))
	return b.String()
}

func (c *canvas) add(format string, args ...any) {
	fmt.Fprintf(&c.b, format+"\n", args...)
}

func (c *canvas) rect(class string, x, y, w, h, round int) {
	corner := ""
	if round > 0 {
		corner = fmt.Sprintf(` rx="%d"`, round)
	}
	c.add(`<rect class="%s" x="%d" y="%d" width="%d" height="%d"%s/>`, class, x, y, max(0, w), max(0, h), corner)
}

func (c *canvas) line(class string, x1, y1, x2, y2 int) {
	c.add(`<line class="%s" x1="%d" y1="%d" x2="%d" y2="%d"/>`, class, x1, y1, x2, y2)
}

func (c *canvas) circle(class string, x, y, r int) {
	c.add(`<circle class="%s" cx="%d" cy="%d" r="%d"/>`, class, x, y, r)
}

// path draws a path, given as the commands of SVG with their numbers.
func (c *canvas) path(class string, steps ...any) {
	words := make([]string, len(steps))
	for n, step := range steps {
		words[n] = fmt.Sprint(step)
	}
	c.add(`<path class="%s" d="%s"/>`, class, strings.Join(words, " "))
}

// begin opens a group. Its tip shows when somebody points at it. Kind and name identify its object, in the data attribute.
func (c *canvas) begin(kind, name, tip string) {
	c.add(`<g data-%s="%s"><title>%s</title>`, kind, inert(name), inert(tip))
}

func (c *canvas) end() { c.add(`</g>`) }

// text writes a line of text. The class gives its look, and whether x is its beginning, middle or end.
func (c *canvas) text(class string, x, y int, text string) {
	c.add(`<text class="%s" x="%d" y="%d">%s</text>`, class, x, y, inert(text))
}

// lines writes several lines as one text. The first line is at y.
func (c *canvas) lines(class string, x, y, leading int, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(&c.b, `<text class="%s" x="%d" y="%d">`, class, x, y)
	for n, line := range lines {
		if n == 0 {
			fmt.Fprintf(&c.b, `<tspan x="%d">%s</tspan>`, x, inert(line))
		} else {
			// Without the blank, words of two lines would be one word when the text is copied or searched.
			fmt.Fprintf(&c.b, ` <tspan x="%d" dy="%d">%s</tspan>`, x, leading, inert(line))
		}
	}
	c.b.WriteString("</text>\n")
}

// mark draws a sign of about twelve pixels around a point. Signs differ in shape, so that they can be told apart without colours.
func (c *canvas) mark(sign sign, x, y int) {
	switch sign {
	case signDone:
		c.circle("fill-good", x, y, 7)
		c.path("tick", "M", x-3, y, "l 2.5 3 l 4 -6")
	case signOpen:
		c.circle("ring-good", x, y, 6)
		c.circle("fill-good", x, y, 2)
	case signBlocked:
		c.rect("fill-warn", x-6, y-6, 12, 12, 2)
		c.rect("bar-white", x-4, y-1, 8, 2, 0)
	case signRisk:
		c.path("fill-bad", "M", x, y-7, "l 8 14 h -16 z")
		c.path("tick", "M", x, y-2, "v 4 m 0 2 v 1")
	case signNothing:
		c.circle("ring-soft", x, y, 6)
	case signRefuted:
		c.circle("fill-bad", x, y, 7)
		c.path("tick", "M", x-3, y-3, "l 6 6 m 0 -6 l -6 6")
	case signTruth:
		c.path("fill-truth", "M", x, y-8, "l 2.4 5.2 5.6 .6 -4.2 3.8 1.2 5.6 -5 -2.9 -5 2.9 1.2 -5.6 -4.2 -3.8 5.6 -.6 z")
	case signTarget:
		c.path("diamond", "M", x, y-6, "l 6 6 -6 6 -6 -6 z")
	case signTargetLate:
		c.path("diamond-late", "M", x, y-6, "l 6 6 -6 6 -6 -6 z")
	}
}

// sign is a small picture with a meaning.
type sign int

const (
	signDone sign = iota
	signOpen
	signBlocked
	signRisk
	signNothing
	signRefuted
	signTruth
	signTarget
	signTargetLate
)

// drawing returns what was drawn as a Drawing.
func (c *canvas) drawing(title, desc string, width, height int) *Drawing {
	paper := &canvas{}
	paper.rect("paper", 0, 0, width, height, 0)
	return &Drawing{Title: title, Desc: desc, width: width, height: height, body: paper.b.String() + c.b.String()}
}

// narrowWidth is the width below which a drawing is not stretched to the width of the screen. It would look too large.
const narrowWidth = 1200

// element is the drawing as an SVG element. The id must be unique in the page.
func (d *Drawing) element(id, style string) string {
	class := "picture"
	if d.width < narrowWidth {
		class += " narrow"
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="%s" viewBox="0 0 %d %d" role="img" aria-labelledby="%s-title %s-desc">
<title id="%s-title">%s</title>
<desc id="%s-desc">%s</desc>
%s%s</svg>
`, class, d.width, d.height, id, id, id, inert(d.Title), id, inert(d.Desc), style, d.body)
}

// gapBetween is the space between two drawings in one file.
const gapBetween = 40

// SVG returns an SVG file with one or more drawings, one below the other.
func SVG(drawings []*Drawing) string {
	style := "<style>\n" + pictureCSS() + "</style>\n"
	if len(drawings) == 1 {
		d := drawings[0]
		return fileOf(d.element("picture", style), d.width, d.height)
	}
	all := &canvas{}
	var titles []string
	width, height := 0, 0
	for n, d := range drawings {
		if n > 0 {
			height += gapBetween
		}
		titles = append(titles, d.Title)
		all.add(`<g transform="translate(0 %d)" role="img" aria-label="%s">%s</g>`, height, inert(d.Title+". "+d.Desc), d.body)
		width, height = max(width, d.width), height+d.height
	}
	whole := all.drawing(strings.Join(titles, "; "), fmt.Sprintf("%d pictures below each other.", len(drawings)), width, height)
	return fileOf(whole.element("picture", style), width, height)
}

// fileOf makes an SVG file of an element. It sets the size with which viewers open the file.
func fileOf(element string, width, height int) string {
	return strings.Replace(element, "<svg ", fmt.Sprintf(`<svg width="%d" height="%d" `, width, height), 1)
}
