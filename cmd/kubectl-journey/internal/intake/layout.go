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
	"slices"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
)

// layout is a sheet with the meaning of its columns.
type layout struct {
	sheet    *sheet.Sheet
	order    int
	table    *tables.Table
	tracker  tracker
	mappings *Mappings
	// columns of the sheet, nil for those that are skipped. After these come columns that were added, for instance by --set.
	columns []*tables.Column
	// headings of the sheet. For added columns, the source of their cells.
	headings []string
	// width is the number of columns of the sheet itself.
	width int
	// constants are the cells of the added columns, the same in all rows.
	constants []*sheet.Cell
	// levels are the columns Title 1, Title 2 and so on.
	levels []int
	rows   []row
	// shortened counts titles that were too long. made counts titles that were made of the text of a row without one.
	shortened, made int
	// numbered are names that got a number to be unique.
	numbered []string
	// renamed lists names that got a sum, since an object with another title has the shorter name.
	renamed []string
}

// at is the place of a cell; column -1 is the row as a whole.
func (l *layout) at(row, column int) place {
	p := place{sheet: l.sheet, order: l.order, row: row, column: column}
	if column >= 0 && column < len(l.headings) {
		p.heading = l.headings[column]
	}
	if column >= l.width {
		p.column = -1
	}
	return p
}

// find returns the place of a column in the sheet, or -1.
func (l *layout) find(field string) int {
	return slices.IndexFunc(l.columns, func(c *tables.Column) bool { return c != nil && c.Field == field })
}

// maxHeader is the number of rows in which the headings are looked for: people put titles and notes above a table.
const maxHeader = 20

// layOut finds out what the columns of a sheet mean.
func layOut(s *sheet.Sheet, order int, t *tables.Table, mappings *Mappings) (*layout, []string, []Fault) {
	l := &layout{sheet: s, order: order, table: t, mappings: mappings}
	header := l.header()
	if header < 0 {
		return nil, nil, []Fault{l.noHeadings()}
	}
	row := s.Rows[header]
	l.tracker = trackerOf(&row)
	notes, faults := l.assign(&row)
	notes = append(l.remarks(header), notes...)
	faults = append(faults, l.setConstants()...)
	l.addColumns()
	faults = append(faults, l.checkKeys(row.Number)...)
	faults = append(faults, l.checkMerged(header)...)
	faults = append(faults, l.checkNameless(&row, s.Rows[header+1:])...)
	if len(faults) == 0 {
		notes = append(notes, l.prepare(s.Rows[header+1:])...)
	}
	return l, notes, faults
}

// noHeadings reports that no row has a known heading.
func (l *layout) noHeadings() Fault {
	first := &l.sheet.Rows[0]
	heading := "Heading"
	for i := range first.Cells {
		if text := headingText(&first.Cells[i]); text != "" {
			heading = text
			break
		}
	}
	return Fault{
		at: place{sheet: l.sheet, order: l.order, row: first.Number, column: -1},
		text: fmt.Sprintf("there are no headings of %s here: name the columns, for instance %s, or say with %s what they mean",
			l.table.Sheet, strings.Join(l.table.Headings()[:3], ", "), mapForm(heading, l.table.Headings()[0])),
	}
}

// mapForm shows how a mapping of a column is written.
func mapForm(heading, field string) string {
	const most = 30
	if heading == "" || strings.ContainsAny(heading, "'\n") || len([]rune(heading)) > most {
		heading = "Heading"
	}
	return fmt.Sprintf("--map '%s=%s'", heading, field)
}

func headingText(cell *sheet.Cell) string {
	return sheet.Unescape(sheet.Restore(strings.TrimSpace(cell.Text)))
}

// meaning returns the column of a heading, and the mapping that says so, if any. Mappings come before known headings.
func (l *layout) meaning(heading string) (*tables.Column, *Mapping) {
	for _, exactly := range []bool{true, false} {
		for _, m := range l.mappings.Columns {
			if heading != "" && m.says(l, heading, exactly) {
				return l.table.Find(m.Right), m
			}
		}
	}
	return l.tracker.meaning(l.table, heading), nil
}

// header returns the index of the row of headings, or -1: the first row with the most known headings. Titles and notes above a table fill
// fewer cells than its headings, so a row that fills no more cells than one above it is data.
func (l *layout) header() int {
	best, most, fullest := -1, 0, 0
	for i := range l.sheet.Rows[:min(maxHeader, len(l.sheet.Rows))] {
		known, full := 0, 0
		for c := range l.sheet.Rows[i].Cells {
			heading := headingText(&l.sheet.Rows[i].Cells[c])
			if heading == "" {
				continue
			}
			full++
			if column, mapping := l.meaning(heading); column != nil || mapping != nil || titleLevel(heading) > 0 {
				known++
			}
		}
		if full > fullest && known > most {
			best, most = i, known
		}
		fullest = max(fullest, full)
	}
	return best
}

// assign gives each column of the sheet its meaning.
func (l *layout) assign(row *sheet.Row) (notes []string, faults []Fault) {
	l.width = len(row.Cells)
	l.columns = make([]*tables.Column, l.width)
	l.headings = make([]string, l.width)
	// How sure a meaning is: 3 for a mapping, 2 for the heading itself, 1 for a synonym, 0 for a custom field of a tracker.
	sure := make([]int, l.width)
	var unknown []int
	for i := range row.Cells {
		heading := headingText(&row.Cells[i])
		l.headings[i] = heading
		if heading == "" || tables.IsComputedHeading(heading) {
			continue
		}
		column, mapping := l.meaning(heading)
		switch {
		case mapping != nil:
			mapping.used = true
			sure[i] = 3
			if column == nil && mapping.Right != ignored {
				faults = append(faults, Fault{at: l.at(row.Number, i), text: fmt.Sprintf("%s: %s have no field %q: choose one of %s",
					mapping.given, l.table.Sheet, mapping.Right, strings.Join(l.table.Headings(), ", "))})
			}
		case titleLevel(heading) > 0, l.tracker.reads(l.table, heading):
		case column == nil:
			unknown = append(unknown, i)
		case tables.Normal(column.Heading) == tables.Normal(heading):
			sure[i] = 2
		case !l.tracker.isCustom(heading):
			sure[i] = 1
		}
		l.columns[i] = column
	}
	l.nameIsTitle()
	faults = append(faults, l.settle(row.Number, sure, &unknown)...)
	l.findLevels()
	if len(unknown) > 0 {
		notes = append(notes, l.passedOver(unknown))
	}
	return notes, faults
}

// passedOver reports columns that are not read, and shows how to map one.
func (l *layout) passedOver(columns []int) string {
	names := make([]string, len(columns))
	for n, i := range columns {
		names[n] = fmt.Sprintf("%s (%s)", sheet.ColumnName(i), short(l.headings[i], 30))
	}
	what := "column"
	if len(names) > 1 {
		what = "columns"
	}
	return fmt.Sprintf("%s: passed over %s %s: %s would tell what one means", l.sheet.Label(), what, few(names), mapForm(l.headings[columns[0]], "field"))
}

// setConstants adds a column for each --set.
func (l *layout) setConstants() []Fault {
	var faults []Fault
	for _, m := range l.mappings.Constants {
		var column *tables.Column
		for _, name := range m.names(l) {
			if column = l.table.Find(name); column != nil {
				break
			}
		}
		if column == nil {
			continue
		}
		m.used = true
		switch i := slices.Index(l.columns, column); {
		case i < 0:
			l.add(column, m.given, &sheet.Cell{Text: sheet.InertXLSX(m.Right)})
		case i < l.width:
			faults = append(faults, Fault{at: l.at(0, -1), text: fmt.Sprintf("%s: column %s (%s) says that for each row: pass it over with %s, or leave the option out",
				m.given, sheet.ColumnName(i), l.headings[i], mapForm(l.headings[i], ignored))})
		}
	}
	return faults
}

// add adds a column with the same cell in all rows.
func (l *layout) add(c *tables.Column, from string, constant *sheet.Cell) {
	l.columns = append(l.columns, c)
	l.headings = append(l.headings, from)
	l.constants = append(l.constants, constant)
}

// ensure adds the column of a field if the sheet does not have it.
func (l *layout) ensure(field, from string) {
	if c := l.table.Find(field); c != nil && l.find(field) < 0 {
		l.add(c, from, untouched)
	}
}

// nameIsTitle handles tables with an id and a name: there the name is the title.
func (l *layout) nameIsTitle() {
	title := l.table.Find("title")
	if title == nil || slices.Contains(l.columns, title) {
		return
	}
	var ids, names []int
	for i, c := range l.columns {
		if c == nil || c != l.table.Find("name") {
			continue
		}
		if tables.Normal(l.headings[i]) == "name" {
			names = append(names, i)
		} else {
			ids = append(ids, i)
		}
	}
	if len(ids) == 1 && len(names) == 1 {
		l.columns[names[0]] = title
	}
}

// settle leaves one column for each meaning: the surest.
func (l *layout) settle(row int, sure []int, unknown *[]int) []Fault {
	var faults []Fault
	for i, c := range l.columns {
		if c == nil {
			continue
		}
		for j := i + 1; j < len(l.columns) && l.columns[i] != nil; j++ {
			if l.columns[j] != c {
				continue
			}
			loser := j
			switch {
			case sure[j] > sure[i]:
				loser = i
			case sure[j] == sure[i]:
				faults = append(faults, Fault{at: l.at(row, j), text: fmt.Sprintf("this heading and %q in %s both mean %s: remove one, or pass one over with %s",
					l.headings[i], sheet.CellName(i, row), c.Heading, mapForm(l.headings[j], ignored))})
			}
			l.columns[loser] = nil
			*unknown = append(*unknown, loser)
		}
	}
	return faults
}

// checkKeys reports that no column identifies the rows.
func (l *layout) checkKeys(row int) []Fault {
	var faults []Fault
	need := func(text string) { faults = append(faults, Fault{at: l.at(row, -1), text: text}) }
	hasName, hasTitle := false, false
	for i, c := range l.columns {
		switch {
		case c == nil:
		case c == l.table.Find("name"):
			hasName = true
		case c.Field == "title" && (i < l.width || l.table.LongText() != nil && l.find(l.table.LongText().Field) < l.width):
			hasTitle = true
		}
	}
	if !hasName && !hasTitle {
		need("there is no column Name or Title, by which a row would be known: add one, or say with " + mapForm("", "Title") + " which it is")
	}
	if l.table.IsDetail() && !slices.Contains(l.columns, &l.table.Columns[0]) {
		parent := l.table.Columns[0].Heading
		need(fmt.Sprintf("there is no column %s, which says what each row belongs to: %s", parent, l.remedy(parent)))
	}
	return faults
}

// checkMerged reports merged cells with content in columns that are read: it is unknown which row the content is for.
func (l *layout) checkMerged(header int) []Fault {
	var faults []Fault
	for _, r := range l.sheet.Merged {
		if r.Bottom >= l.sheet.Rows[header].Number && l.reads(r) && !l.cell(r.Left, r.Top).IsEmpty() {
			faults = append(faults, Fault{at: l.at(r.Top, r.Left), text: fmt.Sprintf("cells %s are merged: unmerge them and fill each", r)})
		}
	}
	return faults
}

// reads tells whether any column of a range is read.
func (l *layout) reads(r sheet.Range) bool {
	for column := r.Left; column <= r.Right && column < l.width; column++ {
		if l.columns[column] != nil {
			return true
		}
	}
	return false
}

// cell returns the cell of a column and a row of the sheet.
func (l *layout) cell(column, row int) *sheet.Cell {
	at, found := slices.BinarySearchFunc(l.sheet.Rows, row, func(r sheet.Row, number int) int { return r.Number - number })
	if !found {
		return &sheet.Cell{}
	}
	return l.sheet.Rows[at].Cell(column)
}

// checkNameless reports columns with content and without a heading.
func (l *layout) checkNameless(header *sheet.Row, rows []sheet.Row) []Fault {
	var faults []Fault
	seen := map[int]bool{}
	for i := range rows {
		for c := range rows[i].Cells {
			if rows[i].Cells[c].IsEmpty() || seen[c] || c < l.width && l.headings[c] != "" {
				continue
			}
			seen[c] = true
			at := place{sheet: l.sheet, order: l.order, row: rows[i].Number, column: c}
			faults = append(faults, Fault{at: at, text: fmt.Sprintf("there is something in this column, and no heading in %s: name the column, or empty it",
				sheet.CellName(c, header.Number))})
		}
	}
	return faults
}

// remedy says what to do about a column that is missing.
func (l *layout) remedy(heading string) string {
	return fmt.Sprintf("add it, say with %s which it is, or give all rows the same with --set '%s=...'", mapForm("", heading), heading)
}
