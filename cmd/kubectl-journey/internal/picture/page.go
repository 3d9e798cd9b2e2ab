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
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// page is the input of the template of pages. The template escapes all fields that are not of type HTML.
type page struct {
	Title string
	// DrawnHeading tells that the picture shows the title, so that the page need not.
	DrawnHeading bool
	// SectionHeadings tells that there are several sections, each with a picture that shows its title.
	SectionHeadings bool
	Notes           []string
	Sections        []section
	Footer          string

	StyleHash string
	Style     template.CSS
}

// section is a picture, with tables that say the same in words.
type section struct {
	ID, Title string
	Picture   template.HTML
	// Print is the picture for paper, sheet by sheet. It is empty if that is the same picture.
	Print   []template.HTML
	Choices []choice
	Legend  []legendEntry
	Tables  []table
	// style is the style for this section alone.
	style string
}

// choice is one of several things to highlight in a picture.
type choice struct {
	ID, Words string
}

// legendEntry explains a sign.
type legendEntry struct {
	Picture template.HTML
	Words   string
}

type table struct {
	ID, Title, Intro, Class string
	Head                    [][]cell
	Bodies                  []tableBody
	Foot                    [][]cell
}

type tableBody struct {
	Title *bodyTitle
	Rows  [][]cell
}

type bodyTitle struct {
	Text string
	Span int
}

// cell of a table. A cell with a scope is the heading of a row or column.
type cell struct {
	Text, Scope, Class, Tip string
	Span, Rows              int
	// Unseen is text for screen readers. It is not shown.
	Unseen string
	// Picture is a small drawing that says the same as Unseen.
	Picture template.HTML
	// Data identifies the object of the row.
	Data string
}

func heads(words ...string) []cell {
	cells := make([]cell, len(words))
	for n, word := range words {
		cells[n] = cell{Text: word, Scope: "col"}
	}
	return cells
}

func cells(words ...string) []cell {
	list := make([]cell, len(words))
	for n, word := range words {
		list[n] = cell{Text: word}
	}
	return list
}

// asNumbers aligns some cells of a row as numbers.
func asNumbers(row []cell, at ...int) {
	for _, n := range at {
		row[n].Class = "number"
	}
}

//go:embed page.html.tmpl
var pageTemplate string

//go:embed page.css
var pageStyle string

// write prints the page. Its Content-Security-Policy allows nothing to be loaded or run. It allows the style of the page by its hash, and no
// other style.
func (p *page) write(w io.Writer) error {
	parsed, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return err
	}
	styles := []string{"\n" + variables() + pageStyle + pictureCSS()}
	for _, s := range p.Sections {
		styles = append(styles, s.style)
	}
	style := strings.Join(styles, "")
	hash := sha256.Sum256([]byte(style))
	p.Style = template.CSS(style)
	p.StyleHash = "sha256-" + base64.StdEncoding.EncodeToString(hash[:])
	p.clean()
	return parsed.Execute(w, p)
}

// clean makes all text inert, for people who copy it into a terminal. In the page the template makes it inert.
func (p *page) clean() {
	p.Title, p.Footer = terminal.Line(p.Title), terminal.Line(p.Footer)
	cleanAll(p.Notes)
	for n := range p.Sections {
		s := &p.Sections[n]
		s.Title = terminal.Line(s.Title)
		for k := range s.Choices {
			s.Choices[k].Words = terminal.Line(s.Choices[k].Words)
		}
		for k := range s.Tables {
			s.Tables[k].clean()
		}
	}
}

func (t *table) clean() {
	t.Title, t.Intro = terminal.Line(t.Title), terminal.Line(t.Intro)
	cleanRows(t.Head)
	for n := range t.Bodies {
		if title := t.Bodies[n].Title; title != nil {
			title.Text = terminal.Line(title.Text)
		}
		cleanRows(t.Bodies[n].Rows)
	}
	cleanRows(t.Foot)
}

func cleanRows(rows [][]cell) {
	for _, row := range rows {
		for n := range row {
			c := &row[n]
			c.Text, c.Tip, c.Unseen, c.Data = terminal.Line(c.Text), terminal.Line(c.Tip), terminal.Line(c.Unseen), terminal.Line(c.Data)
		}
	}
}

func cleanAll(texts []string) {
	for n := range texts {
		texts[n] = terminal.Line(texts[n])
	}
}

// variables are the colours as CSS variables, for the style of pages.
func variables() string {
	var light, dark strings.Builder
	for _, t := range tokens {
		light.WriteString("--" + t.name + ":" + t.light + ";")
		dark.WriteString("--" + t.name + ":" + t.dark + ";")
	}
	return ":root{" + light.String() + "}\n@media screen and (prefers-color-scheme:dark){:root{" + dark.String() + "}}\n"
}

// draw puts a drawing for the screen into the section, and drawings for paper if these are different. The id must be unique in the page.
func (s *section) draw(id string, screen *Drawing, paper ...*Drawing) {
	s.Picture = embedded(screen, id)
	if len(paper) == 1 && paper[0].body == screen.body {
		return
	}
	for n, sheet := range paper {
		s.Print = append(s.Print, embedded(sheet, fmt.Sprintf("%s-sheet-%d", id, n+1)))
	}
}

// add puts one more drawing below that of the section, and on a sheet of its own.
func (s *section) add(id string, screen, paper *Drawing) {
	s.Picture += embedded(screen, id)
	s.Print = append(s.Print, embedded(paper, id+"-sheet"))
}

// embedded is a drawing as a part of a page.
func embedded(d *Drawing, id string) template.HTML {
	//nolint:gosec // All text in a drawing went through inert.
	return template.HTML(d.element(id, ""))
}
