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

// Mapping says what a heading means where its own words do not.
type Mapping struct {
	// Sheet is the name of the sheet or of the CSV file; empty for all.
	Sheet, Heading string
	// Field is the heading or the path of the field; "-" for a column to be passed over.
	Field string

	given string
	used  bool
}

// ignored is the field of columns that are to be passed over.
const ignored = "-"

// ParseMapping reads sheet.column=field, or column=field for all sheets that have such a column.
func ParseMapping(text string) (*Mapping, error) {
	at := strings.LastIndex(text, "=")
	if at < 1 || at == len(text)-1 {
		return nil, fmt.Errorf("%q is not of the form sheet.column=field", text)
	}
	return &Mapping{Heading: strings.TrimSpace(text[:at]), Field: strings.TrimSpace(text[at+1:]), given: text}, nil
}

// applies tells whether a mapping speaks of a heading of a sheet.
func (m *Mapping) applies(sheetName, heading string) bool {
	if tables.Normal(m.Heading) == tables.Normal(heading) {
		return true
	}
	// Either part may have dots of its own.
	for at, r := range m.Heading {
		if r == '.' && tables.Normal(m.Heading[:at]) == tables.Normal(sheetName) && tables.Normal(m.Heading[at+1:]) == tables.Normal(heading) {
			return true
		}
	}
	return false
}

// layout is a sheet of which the columns are understood.
type layout struct {
	sheet *sheet.Sheet
	order int
	table *tables.Table
	// columns by their place in the sheet; nil for those that are passed over.
	columns []*tables.Column
	// headings as they stand there.
	headings []string
	rows     []sheet.Row
	// numbered are the names that got a number, since others had them already.
	numbered []string
	// renamed say which names were made otherwise, since another title has the name that the title would give.
	renamed []string
}

// at is the place of a cell; column -1 is the row as a whole.
func (l *layout) at(row, column int) place {
	p := place{sheet: l.sheet, order: l.order, row: row, column: column}
	if column >= 0 && column < len(l.headings) {
		p.heading = l.headings[column]
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
func layOut(s *sheet.Sheet, order int, t *tables.Table, mappings []*Mapping) (*layout, []string, []Fault) {
	l := &layout{sheet: s, order: order, table: t}
	header := l.header(mappings)
	if header < 0 {
		return nil, nil, []Fault{{
			at:   place{sheet: s, order: order, row: s.Rows[0].Number, column: -1},
			text: fmt.Sprintf("there are no headings of %s here: name the columns, for instance %s", t.Sheet, strings.Join(t.Headings()[:3], ", ")),
		}}
	}
	row := s.Rows[header]
	l.rows = s.Rows[header+1:]
	notes, faults := l.assign(&row, mappings)
	notes = append(l.remarks(header), notes...)
	faults = append(faults, l.checkKeys(row.Number)...)
	faults = append(faults, l.checkMerged(header)...)
	faults = append(faults, l.checkNameless(&row)...)
	return l, notes, faults
}

// meaning returns the column that a heading stands for, by the mappings or by its own words, and the mapping that says so.
func (l *layout) meaning(heading string, mappings []*Mapping) (*tables.Column, *Mapping) {
	for _, m := range mappings {
		if m.applies(l.sheet.Name, heading) {
			return l.table.Find(m.Field), m
		}
	}
	return l.table.Find(heading), nil
}

// header returns the number of the row with the headings, or -1: the first with the most headings that mean something.
func (l *layout) header(mappings []*Mapping) int {
	best, most := -1, 0
	for i := range l.sheet.Rows[:min(maxHeader, len(l.sheet.Rows))] {
		known := 0
		for c := range l.sheet.Rows[i].Cells {
			heading := strings.TrimSpace(l.sheet.Rows[i].Cells[c].Text)
			if column, mapping := l.meaning(heading, mappings); column != nil || mapping != nil {
				known++
			}
		}
		if known > most {
			best, most = i, known
		}
	}
	return best
}

// assign gives each column of the sheet its meaning.
func (l *layout) assign(row *sheet.Row, mappings []*Mapping) (notes []string, faults []Fault) {
	l.columns = make([]*tables.Column, len(row.Cells))
	l.headings = make([]string, len(row.Cells))
	// How sure a meaning is: 3 for a mapping, 2 for the heading itself, 1 for another word for it.
	sure := make([]int, len(row.Cells))
	var unknown []string
	for i := range row.Cells {
		heading := sheet.Unescape(sheet.Restore(strings.TrimSpace(row.Cells[i].Text)))
		l.headings[i] = heading
		if heading == "" || tables.IsComputedHeading(heading) {
			continue
		}
		column, mapping := l.meaning(heading, mappings)
		switch {
		case mapping != nil:
			mapping.used = true
			sure[i] = 3
			if column == nil && mapping.Field != ignored {
				faults = append(faults, Fault{l.at(row.Number, i), fmt.Sprintf("--map %s: %s have no field %q: choose one of %s",
					mapping.given, l.table.Sheet, mapping.Field, strings.Join(l.table.Headings(), ", "))})
			}
		case column == nil:
			unknown = append(unknown, fmt.Sprintf("%s (%s)", sheet.ColumnName(i), heading))
		case tables.Normal(column.Heading) == tables.Normal(heading):
			sure[i] = 2
		default:
			sure[i] = 1
		}
		l.columns[i] = column
	}
	l.nameIsTitle()
	faults = append(faults, l.settle(row.Number, sure, &unknown)...)
	if len(unknown) > 0 {
		notes = append(notes, fmt.Sprintf("%s: passed over columns %s: --map tells what they mean", l.sheet.Label(), strings.Join(unknown, ", ")))
	}
	return notes, faults
}

// nameIsTitle understands tables with an id and a name, where the name is what is called a title here.
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

// settle lets one column of the sheet have each meaning: the one that is most sure of it.
func (l *layout) settle(row int, sure []int, unknown *[]string) []Fault {
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
				faults = append(faults, Fault{l.at(row, j), fmt.Sprintf("this heading and %q in %s both mean %s: remove one, or say with --map which to pass over (=-)",
					l.headings[i], sheet.CellName(i, row), c.Heading)})
			}
			l.columns[loser] = nil
			*unknown = append(*unknown, fmt.Sprintf("%s (%s)", sheet.ColumnName(loser), l.headings[loser]))
		}
	}
	return faults
}

// checkKeys tells when there is nothing to know the rows by.
func (l *layout) checkKeys(row int) []Fault {
	var faults []Fault
	need := func(text string) { faults = append(faults, Fault{l.at(row, -1), text}) }
	hasName, hasTitle := false, false
	for _, c := range l.columns {
		switch {
		case c == nil:
		case c == l.table.Find("name"):
			hasName = true
		case c.Field == "title":
			hasTitle = true
		}
	}
	if !hasName && !hasTitle {
		need("there is no column Name or Title, by which a row would be known: add one, or say with --map which it is")
	}
	if l.table.IsDetail() && !slices.Contains(l.columns, &l.table.Columns[0]) {
		need(fmt.Sprintf("there is no column %s, which says what each row belongs to: add it, or say with --map which it is", l.table.Columns[0].Heading))
	}
	return faults
}

// checkMerged tells of merged cells with something in them, in columns that are read: which of their rows it is for, nobody can say.
func (l *layout) checkMerged(header int) []Fault {
	var faults []Fault
	for _, r := range l.sheet.Merged {
		if r.Bottom >= l.sheet.Rows[header].Number && l.reads(r) && !l.cell(r.Left, r.Top).IsEmpty() {
			faults = append(faults, Fault{l.at(r.Top, r.Left), fmt.Sprintf("cells %s are merged: unmerge them and fill each", r)})
		}
	}
	return faults
}

// reads tells whether any column of a range has a meaning.
func (l *layout) reads(r sheet.Range) bool {
	for column := r.Left; column <= r.Right && column < len(l.columns); column++ {
		if l.columns[column] != nil {
			return true
		}
	}
	return false
}

// cell returns that of a column and a row, wherever that is in the sheet.
func (l *layout) cell(column, row int) *sheet.Cell {
	at, found := slices.BinarySearchFunc(l.sheet.Rows, row, func(r sheet.Row, number int) int { return r.Number - number })
	if !found {
		return &sheet.Cell{}
	}
	return l.sheet.Rows[at].Cell(column)
}

// checkNameless tells of cells below which there is something and above which there is no heading.
func (l *layout) checkNameless(header *sheet.Row) []Fault {
	var faults []Fault
	seen := map[int]bool{}
	for i := range l.rows {
		for c := range l.rows[i].Cells {
			if l.rows[i].Cells[c].IsEmpty() || seen[c] || c < len(l.headings) && l.headings[c] != "" {
				continue
			}
			seen[c] = true
			faults = append(faults, Fault{l.at(l.rows[i].Number, c), fmt.Sprintf("there is something in this column, and no heading in %s: name the column, or empty it",
				sheet.CellName(c, header.Number))})
		}
	}
	return faults
}
