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
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// sheetLayout is what a sheet says of how it looks.
type sheetLayout struct {
	Fit struct {
		ToPage bool `xml:"fitToPage,attr"`
	} `xml:"sheetPr>pageSetUpPr"`
	Columns []struct {
		Min int `xml:"min,attr"`
		Max int `xml:"max,attr"`
	} `xml:"cols>col"`
	Rows []struct {
		Height float64 `xml:"ht,attr"`
		Custom string  `xml:"customHeight,attr"`
		Text   string  `xml:"c>is>t"`
	} `xml:"sheetData>row"`
}

// readLayout reads that of the first sheet.
func readLayout(t *testing.T, workbook []byte) *sheetLayout {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := archive.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	layout := &sheetLayout{}
	if err := xml.NewDecoder(part).Decode(layout); err != nil {
		t.Fatal(err)
	}
	return layout
}

// TestWorkbookLayout looks at what spreadsheet programs make of a sheet: columns in order, or Excel wants to mend the file; rows as high
// as their text, or LibreOffice shows one line of it, that still grow with what is typed; and paper that is as wide as the sheet.
func TestWorkbookLayout(t *testing.T) {
	book, err := NewWorkbook("Test", "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	var columns []Column
	for i, width := range []float64{30, 30, 10, 50, 50, 10, 5, 5} {
		columns = append(columns, Column{Heading: "Heading " + ColumnName(i), Width: width, HeadingStyle: []Style{Heading, Turned}[i/6]})
	}
	const mischief = `" customHeight="1"`
	texts := []string{"short", "two\nlines", strings.Repeat("word ", 40), strings.Repeat("line\n", 100), mischief}
	if err := book.Begin("A sheet", columns, 1, len(texts)); err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		book.Text(text, Text)
		if err := book.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	layout := readLayout(t, b.Bytes())
	for i, column := range layout.Columns {
		if column.Min != i+1 || column.Max != i+1 {
			t.Errorf("column %d stands at %d", column.Min, i+1)
		}
	}
	for i, want := range []float64{78, 15, 30, 120, excelize.MaxRowHeight, 15} {
		if row := layout.Rows[i]; row.Height != want || row.Custom != "" {
			t.Errorf("row %d is %v high and fixed %q, want %v", i+1, row.Height, row.Custom, want)
		}
	}
	if got := layout.Rows[5].Text; got != mischief {
		t.Errorf("a text has become %q", got)
	}
	if !layout.Fit.ToPage {
		t.Error("it does not fit its pages")
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(f.GetDefinedName(), func(n excelize.DefinedName) bool {
		return n.Name == "_xlnm.Print_Titles" && n.RefersTo == "'A sheet'!$1:$1"
	}) {
		t.Errorf("pages have no headings: %v", f.GetDefinedName())
	}
}

// TestWithout cuts a text at every place where a writer may cut it.
func TestWithout(t *testing.T) {
	const text, want = `<row  ht="1" custom="1"/><row ht="2" custom="1" custom="2"/>`, `<row  ht="1"/><row ht="2" custom="2"/>`
	for first := range text {
		for second := first; second <= len(text); second++ {
			var b strings.Builder
			w := &without{Writer: &b, text: []byte(` custom="1"`)}
			for _, part := range []string{text[:first], text[first:second], text[second:]} {
				if n, err := io.WriteString(w, part); n != len(part) || err != nil {
					t.Fatal(n, err)
				}
			}
			if b.String() != want {
				t.Fatalf("cut at %d and %d, it is %s", first, second, b.String())
			}
		}
	}
}
