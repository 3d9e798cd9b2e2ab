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

package intake

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// row is a row of a sheet after preparation.
type row struct {
	number int
	// cells by the columns of the layout.
	cells []*sheet.Cell
	// fresh are the columns that are read for new objects only.
	fresh map[int]bool
}

// untouched is a cell that does not change its field. An empty cell empties it.
var untouched = &sheet.Cell{}

// text is the text of a cell, without escapes.
func (r *row) text(column int) string {
	if column < 0 {
		return ""
	}
	return sheet.Unescape(sheet.Restore(strings.TrimSpace(r.cells[column].Text)))
}

// set puts text in a cell.
func (r *row) set(column int, text string) {
	if column >= 0 {
		r.cells[column] = textCell(text)
	}
}

// setFresh puts text in a cell that is read for new objects only.
func (r *row) setFresh(column int, text string) {
	r.set(column, text)
	if r.fresh == nil {
		r.fresh = map[int]bool{}
	}
	r.fresh[column] = true
}

func textCell(text string) *sheet.Cell {
	return &sheet.Cell{Text: sheet.InertXLSX(sheet.EscapeBlock(text))}
}

// prepare prepares the rows: HTML becomes text, levels become a title and its parents, mapped words are replaced, and a title that is too
// long moves to the text field.
func (l *layout) prepare(rows []sheet.Row) (notes []string) {
	words := make([]map[string]*Mapping, len(l.columns))
	for i, c := range l.columns {
		if c != nil {
			words[i] = l.wordsOf(i)
		}
	}
	parents := make([]string, len(l.levels))
	passed := 0
	l.rows = make([]row, 0, len(rows))
	for i := range rows {
		r := l.rowOf(&rows[i])
		if l.tracker == azureDevOps {
			l.readHTML(&r)
		}
		if !l.readLevels(&r, parents) {
			passed++
			continue
		}
		if l.tracker == jira {
			l.readIssue(&r, &rows[i])
		}
		for i, of := range words {
			if len(of) > 0 {
				l.translate(&r, i, of)
			}
		}
		l.fitTitle(&r)
		l.rows = append(l.rows, r)
	}
	if passed > 0 {
		notes = append(notes, fmt.Sprintf("%s: passed over %d rows without a %s: they name what the others are part of",
			l.sheet.Label(), passed, l.headings[l.find("title")]))
	}
	if l.shortened > 0 {
		notes = append(notes, fmt.Sprintf("%s: %d titles have more than %d characters: they became the %s, and titles were made of them",
			l.sheet.Label(), l.shortened, tables.MaxTitle, l.table.LongText().Heading))
	}
	if l.made > 0 {
		notes = append(notes, fmt.Sprintf("%s: %d rows have no title: it is made of the %s", l.sheet.Label(), l.made, l.table.LongText().Heading))
	}
	return notes
}

// wordsOf returns the meanings of words in a column: of the mappings first, then of the tracker.
func (l *layout) wordsOf(i int) map[string]*Mapping {
	words := l.words(i, l.mappings.Values)
	if l.tracker == jira && l.columns[i].Field == "moscow" {
		for word, class := range priorities {
			if words[word] == nil {
				words[word] = &Mapping{Right: string(class)}
			}
		}
	}
	return words
}

func (l *layout) rowOf(from *sheet.Row) row {
	r := row{number: from.Number, cells: make([]*sheet.Cell, len(l.columns))}
	for i := range l.width {
		r.cells[i] = from.Cell(i)
	}
	copy(r.cells[l.width:], l.constants)
	return r
}

// translate replaces mapped words: a whole cell, or each item of a list.
func (l *layout) translate(r *row, i int, words map[string]*Mapping) {
	cell := r.cells[i]
	if cell == untouched || cell.Problem != "" || cell.IsDate {
		return
	}
	if m := words[sameWord(r.text(i))]; m != nil {
		m.used = true
		r.cells[i] = &sheet.Cell{Text: sheet.InertXLSX(m.Right)}
		return
	}
	if !l.columns[i].IsList() {
		return
	}
	items := tables.Items(cell.Text)
	found := false
	for n, item := range items {
		if m := words[sameWord(item)]; m != nil {
			m.used, found = true, true
			items[n] = m.Right
		}
	}
	if found {
		r.cells[i] = &sheet.Cell{Text: listText(items)}
	}
}

// listText writes a list. Semicolons in an item are escaped: they do not end it.
func listText(items []string) string {
	for i, item := range items {
		items[i] = strings.ReplaceAll(item, ";", `\u{3b}`)
	}
	return strings.Join(items, "\n")
}

// fitTitle moves a title that is too long to the text field, and makes a short title of it. It also makes a title of the text of a row
// without one.
func (l *layout) fitTitle(r *row) {
	long := l.table.LongText()
	if long == nil || l.find("title") < 0 {
		return
	}
	title, text := l.find("title"), l.find(long.Field)
	switch whole := r.text(title); {
	case utf8.RuneCountInString(whole) > tables.MaxTitle && r.text(text) == "":
		r.set(text, whole)
		r.set(title, titleOfText(whole))
		l.shortened++
	case !l.table.IsDetail() && whole == "" && r.cells[title].Problem == "" && r.text(text) != "":
		r.setFresh(title, titleOfText(r.text(text)))
		l.made++
	}
}

var sentenceEnd = regexp.MustCompile(`[.!?](\s|$)|\n`)

// titleOfText returns the first sentence of a text, cut at a word if it is long.
func titleOfText(text string) string {
	const most = 100
	if end := sentenceEnd.FindStringIndex(text); end != nil {
		text = text[:end[0]]
	}
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	cut := terminal.Beginning(text, most-1)
	if at := strings.LastIndexByte(cut, ' '); at > len(cut)/2 {
		cut = cut[:at]
	}
	return strings.TrimRight(cut, " ,;:-") + "…"
}

// short cuts a text that is long.
func short(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return terminal.Beginning(text, most-1) + "…"
}

// markup matches tags and entities of HTML.
var markup = regexp.MustCompile(`</?[A-Za-z][^<>]*>|&(#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);`)

// readHTML turns the HTML that Azure DevOps exports into text.
func (l *layout) readHTML(r *row) {
	for i, c := range l.columns {
		if c == nil || r.cells[i].Problem != "" || !markup.MatchString(r.cells[i].Text) {
			continue
		}
		mark := "- "
		if c.IsList() {
			mark = ""
		}
		r.set(i, htmlText(r.cells[i].Text, mark))
	}
}

// readLevels sets the title to that of the lowest level, and adds the titles of its parents to the text. It keeps the parents for the next
// rows. It returns false for a row of another level than the mapped one.
func (l *layout) readLevels(r *row, parents []string) bool {
	if len(l.levels) == 0 {
		return true
	}
	lowest := -1
	for n, i := range l.levels {
		if r.text(i) != "" {
			parents[n], lowest = r.text(i), n
			clear(parents[n+1:])
		}
	}
	title := l.find("title")
	if lowest < 0 {
		return true
	}
	if l.isMapped(title) && l.levels[lowest] != title {
		return false
	}
	r.set(title, parents[lowest])
	var above []string
	for _, parent := range parents[:lowest] {
		if parent != "" {
			above = append(above, parent)
		}
	}
	long := l.table.LongText()
	if len(above) == 0 || long == nil {
		return true
	}
	part := "Part of: " + strings.Join(above, " / ")
	text := l.find(long.Field)
	if text >= l.width {
		r.setFresh(text, part)
	} else {
		r.set(text, strings.TrimSpace(r.text(text)+"\n\n"+part))
	}
	return true
}

// isMapped tells whether a mapping says what a column is.
func (l *layout) isMapped(i int) bool {
	_, m := l.meaning(l.headings[i])
	return m != nil
}
