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

// Package intake turns the rows of spreadsheets into objects. It finds the meaning of each column, the object of each row, and the fields
// that change. Errors name the cell.
package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// place is a cell, or a row as a whole.
type place struct {
	sheet *sheet.Sheet
	// order of the sheet among all.
	order int
	// row counts from 1; 0 stands for the sheet as a whole.
	row int
	// column counts from 0; -1 stands for the row as a whole.
	column  int
	heading string
}

// Fault is a cell, row or sheet that cannot be imported, and why.
type Fault struct {
	at   place
	text string
	// also lists the other rows of the column with the same fault.
	also []int
}

// maxCells is the number of cells that a fault names.
const maxCells = 3

// String gives the fault on one line, for instance claims.xlsx Requirements!C14 (MoSCoW): "Mst" is not one of Must, Should, Could,
// Wont. Text of the input cannot steer a terminal.
func (f Fault) String() string {
	var b strings.Builder
	switch {
	case f.at.row == 0:
		b.WriteString(f.at.sheet.Label())
	case len(f.also) > 0 && f.at.column < 0:
		b.WriteString(f.at.sheet.Place(fmt.Sprintf("rows %d", f.at.row)))
	default:
		b.WriteString(f.at.sheet.At(f.at.column, f.at.row))
	}
	for _, row := range f.also[:min(len(f.also), maxCells-1)] {
		if f.at.column < 0 {
			fmt.Fprintf(&b, ", %d", row)
		} else {
			b.WriteString(", " + sheet.CellName(f.at.column, row))
		}
	}
	if more := len(f.also) - (maxCells - 1); more > 0 {
		fmt.Fprintf(&b, " and %d more", more)
	}
	if f.at.heading != "" {
		fmt.Fprintf(&b, " (%s)", f.at.heading)
	}
	return terminal.Line(b.String() + ": " + f.text)
}

// maxTexts is the number of different faults that are listed for one column.
const maxTexts = 20

// column is a column of a sheet.
type column struct {
	order, column int
	heading       string
}

// together sorts faults by sheet and row, and merges equal faults of one column. If a column has very many different faults, it lists the
// first ones and merges the rest.
func together(faults []Fault) []Fault {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.at.order, b.at.order), cmp.Compare(a.at.row, b.at.row), cmp.Compare(a.at.column, b.at.column))
	})
	type saying struct {
		column
		text string
	}
	told := map[saying]int{}
	texts := map[column]int{}
	last := map[column]int{}
	var all []Fault
	for _, f := range faults {
		c := column{f.at.order, f.at.column, f.at.heading}
		i, known := told[saying{c, f.text}]
		if !known && texts[c] >= maxTexts && f.at.column >= 0 {
			i, known = last[c]
			if !known {
				last[c] = len(all)
				f.text = "these cells cannot be taken either; of the first: " + f.text
			}
		}
		if !known {
			texts[c]++
			told[saying{c, f.text}] = len(all)
			all = append(all, f)
			continue
		}
		if first := &all[i]; first.at.row != f.at.row && (len(first.also) == 0 || first.also[len(first.also)-1] != f.at.row) {
			first.also = append(first.also, f.at.row)
		}
	}
	return all
}
