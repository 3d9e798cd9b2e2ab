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

package sheet

import (
	"fmt"
	"slices"
	"strings"
)

// Sheet is a table as a file holds it.
type Sheet struct {
	// File is the path of the file as it was given.
	File string
	// Name of the sheet in a workbook, or of the CSV file without its extension.
	Name string
	// Rows that hold anything, from top to bottom.
	Rows []Row
	// Merged are the ranges of cells that were made into one.
	Merged []Range
	// Hidden tells that people do not see the sheet.
	Hidden bool
	// Encoding of a file that does not say it, when it had to be guessed.
	Encoding string

	workbook bool
}

// Row is a row of a sheet.
type Row struct {
	// Number counts from 1, as spreadsheets show it.
	Number int
	// Cells from the first column on; those at the end that hold nothing may be missing.
	Cells []Cell
}

// Cell is what a cell holds.
type Cell struct {
	// Text of the cell, also of a number, as people see it.
	Text string
	// Number is the value of a cell that holds one, which IsNumber tells.
	Number   float64
	IsNumber bool
	// IsDate tells of a number that the cell shows as a date; Date is that day, as YYYY-MM-DD.
	IsDate bool
	Date   string
	// IsPercent tells of a number that the cell shows as a percentage: 0.6 for 60%.
	IsPercent bool
	// Problem says why there is no telling what the cell holds, empty when all is well.
	Problem string
}

// IsEmpty tells whether there is nothing in the cell.
func (c *Cell) IsEmpty() bool { return c.Problem == "" && strings.TrimSpace(c.Text) == "" }

// Cell returns the cell of a column, counted from 0.
func (r *Row) Cell(column int) *Cell {
	if column >= len(r.Cells) {
		return &Cell{}
	}
	return &r.Cells[column]
}

// Range is a rectangle of cells, its corners included. Columns count from 0, rows from 1.
type Range struct {
	Left, Top, Right, Bottom int
}

func (r Range) String() string { return CellName(r.Left, r.Top) + ":" + CellName(r.Right, r.Bottom) }

// ColumnName returns the letters of a column, counted from 0.
func ColumnName(column int) string {
	var letters []byte
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		letters = append(letters, byte('A'+(n-1)%26))
	}
	slices.Reverse(letters)
	return string(letters)
}

// CellName names a cell as spreadsheets do, for instance C14. Columns count from 0, rows from 1.
func CellName(column, row int) string { return fmt.Sprintf("%s%d", ColumnName(column), row) }

// Label names the sheet for people: with its file, and in a workbook with its own name.
func (s *Sheet) Label() string {
	if s.workbook {
		return s.File + " " + s.Name
	}
	return s.File
}

// At names a cell, or with a negative column a row, for people: claims.xlsx Requirements!C14.
func (s *Sheet) At(column, row int) string {
	where := fmt.Sprintf("row %d", row)
	if column >= 0 {
		where = CellName(column, row)
	}
	return s.Place(where)
}

// Place names anything in the sheet that has a name already.
func (s *Sheet) Place(where string) string {
	if s.workbook {
		return s.Label() + "!" + where
	}
	return s.Label() + ": " + where
}
