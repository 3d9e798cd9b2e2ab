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

// Package tables defines tables for the kinds of journey-operator: which sheets there are, which columns they have, and how a field is
// written in a cell. Export and import both use it, so that they always mean the same.
package tables

import (
	"strings"
	"unicode"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
)

// Type is the type of a field. It decides how the field is written in a cell.
type Type int

// The types of fields.
const (
	// Line is text, mostly on one line.
	Line Type = iota
	// Block is text of several lines.
	Block
	// Label is the name of something inside an object.
	Label
	// Name is the name of another object.
	Name
	// Enum is one of a few words.
	Enum
	// Whole is a whole number.
	Whole
	// Percent is a whole number of hundredths.
	Percent
	// Flag is yes or no.
	Flag
	// Day is a date.
	Day
	// Lines is a list of texts.
	Lines
	// Labels is a list of labels.
	Labels
	// Names is a list of references to objects.
	Names
	// Lagged is a list of references to objects, each with a number of days to wait after it.
	Lagged
	// Enums is a list of a few words.
	Enums
	// Days is a list of dates.
	Days
	// StageRefs is a list of references to stages of building blocks.
	StageRefs
	// Named is a list of entries with a name and a text.
	Named
)

// Column is a column of a table.
type Column struct {
	// Heading as people read it.
	Heading string
	// Field is the path below the spec, or below the entry of the list that the table is about, for instance userStory.as. It is
	// empty for the name of an object, and for the object that an entry belongs to.
	Field string
	Type  Type
	// Of is the kind of the objects that names refer to.
	Of string
	// Text is the field of a Named entry that holds its text.
	Text string
	// Choices are the words of an enum.
	Choices []string
	// Synonyms of the heading, that people or other programs write.
	Synonyms []string
	// Width in characters.
	Width float64
	// ImportOnly columns are a short form of another sheet. Export writes only that sheet.
	ImportOnly bool
	// Computed is the text of a column that the model computes. Import does not read such columns.
	Computed func(p *evaluate.Portfolio, o *source.Object, entry map[string]any) string
}

// computedMark ends the headings of computed columns.
const computedMark = " (computed)"

// Title is the heading as it is written.
func (c *Column) Title() string {
	if c.Computed != nil {
		return c.Heading + computedMark
	}
	return c.Heading
}

// Table is a sheet or a file of one kind, or of the entries of one of its lists.
type Table struct {
	// Sheet is the name of the sheet, File that of the CSV file without its extension.
	Sheet, File string
	Kind        string
	// List is the field of the spec with the entries. It is empty for the table of the objects themselves.
	List    string
	Columns []Column
	// Synonyms of the sheet's name.
	Synonyms []string
}

// IsDetail tells whether the rows are entries of a list in objects.
func (t *Table) IsDetail() bool { return t.List != "" }

// Keys is the number of columns, from the left, that identify the row.
func (t *Table) Keys() int {
	if t.IsDetail() {
		return 2
	}
	return 1
}

// Normal makes names of sheets and headings comparable: it is the same for names that differ only in case, blanks or signs.
func Normal(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '+', r == '#':
			// Keep these signs, so that C++ is not C, and # is a heading.
			return unicode.ToLower(r)
		case r == '%':
			return 'p'
		default:
			return -1
		}
	}, name)
}

// ByName returns the table for a name of a sheet or file, or nil.
func ByName(name string) *Table {
	normal := Normal(name)
	for _, t := range All {
		if normal == Normal(t.Sheet) || normal == Normal(t.File) {
			return t
		}
		for _, s := range t.Synonyms {
			if normal == Normal(s) {
				return t
			}
		}
	}
	if k := kinds.Parse(name); k != nil {
		return Of(k.Name)
	}
	return nil
}

// Words are the names of all tables, as in names of files, in the order of All.
func Words() []string {
	var words []string
	for _, t := range All {
		words = append(words, t.File)
	}
	return words
}

// Of returns the table of the objects of a kind.
func Of(kind string) *Table {
	for _, t := range All {
		if t.Kind == kind && !t.IsDetail() {
			return t
		}
	}
	return nil
}

// IsComputed tells whether a sheet is one that export writes only for people to look at.
func IsComputed(name string) bool {
	normal := Normal(name)
	return normal == Normal(AboutSheet) || normal == Normal(MatrixSheet) || normal == Normal(RankSheet)
}

// The sheets that are only there to look at.
const (
	AboutSheet  = "About"
	MatrixSheet = "Blocks by moment"
	RankSheet   = "Roadmap by rank"
)

// Find returns the column that a heading means, or nil.
func (t *Table) Find(heading string) *Column {
	normal := Normal(heading)
	if normal == "" {
		return nil
	}
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Computed == nil && normal == Normal(c.Heading) {
			return c
		}
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Computed != nil {
			continue
		}
		if normal == Normal(c.Field) {
			return c
		}
		for _, s := range c.Synonyms {
			if normal == Normal(s) {
				return c
			}
		}
	}
	return nil
}

// MaxTitle is how many characters fit in a title.
const MaxTitle = 200

// LongText returns the column for text that does not fit in a title, or nil.
func (t *Table) LongText() *Column {
	for _, field := range []string{"statement", "description", "what"} {
		if c := t.Find(field); c != nil && c.Type == Block && c.Field == field {
			return c
		}
	}
	return nil
}

// IsComputedHeading tells whether a heading is that of a computed column. Import skips such columns and says nothing.
func IsComputedHeading(heading string) bool {
	return strings.HasSuffix(Normal(heading), Normal(computedMark))
}

// Headings lists the headings of the columns that import reads.
func (t *Table) Headings() []string {
	var headings []string
	for i := range t.Columns {
		if t.Columns[i].Computed == nil {
			headings = append(headings, t.Columns[i].Heading)
		}
	}
	return headings
}
