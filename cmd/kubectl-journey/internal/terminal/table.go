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

package terminal

import (
	"bytes"
	"io"
	"strings"
)

// padding is the number of blanks between columns, as in tables of kubectl.
const padding = 3

// Table is text in columns.
type Table struct {
	Headings []string
	Rows     [][]string
}

// Add adds a row. The text of the cells is made inert.
func (t *Table) Add(cells ...string) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = Line(cell)
	}
	t.Rows = append(t.Rows, row)
}

// Write prints the table as kubectl does: headings in capitals, columns as wide as their widest cell.
func (t *Table) Write(w io.Writer) error {
	headings := make([]string, len(t.Headings))
	for i, heading := range t.Headings {
		headings[i] = strings.ToUpper(heading)
	}
	lines := append([][]string{headings}, t.Rows...)
	widths := make([]int, len(headings))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], Width(cell))
		}
	}
	var b []byte
	for _, line := range lines {
		b = b[:0]
		for i, cell := range line {
			b = append(b, cell...)
			for range widths[i] - Width(cell) + padding {
				b = append(b, ' ')
			}
		}
		b = append(bytes.TrimRight(b, " "), '\n')
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}
