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

// Package intake turns the rows of spreadsheets into objects: it finds out what each column means, what each row is about, and what
// changes by it. Whatever cannot be taken is told by cell.
package intake

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/render"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
)

// place is a cell, or a row as a whole.
type place struct {
	sheet *sheet.Sheet
	// order of the sheet among all.
	order int
	row   int
	// column counts from 0; -1 stands for the row as a whole.
	column  int
	heading string
}

// Fault is something that cannot be taken, and why.
type Fault struct {
	at   place
	text string
}

// String gives the fault on one line, for instance claims.xlsx Requirements!C14 (MoSCoW): "Mst" is not one of Must, Should, Could,
// Wont. Whatever stood in the input is inert in it.
func (f Fault) String() string {
	where := f.at.sheet.Label()
	if f.at.row > 0 {
		where = f.at.sheet.At(f.at.column, f.at.row)
	}
	if f.at.heading != "" {
		where += fmt.Sprintf(" (%s)", f.at.heading)
	}
	return render.Line(where + ": " + f.text)
}

// sorted puts faults in the order of the sheets and their rows, and drops those that say the same of the same cell.
func sorted(faults []Fault) []Fault {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.at.order, b.at.order), cmp.Compare(a.at.row, b.at.row), cmp.Compare(a.at.column, b.at.column))
	})
	return slices.Compact(faults)
}
