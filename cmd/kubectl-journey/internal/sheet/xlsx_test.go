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
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// made writes a workbook of one sheet with the library, as spreadsheet programs would.
func made(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadXLSX(t *testing.T) {
	day := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	content := made(t, func(f *excelize.File) {
		style := func(s *excelize.Style) int {
			id, err := f.NewStyle(s)
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		dutch, text, zeros := "d mmm yyyy;@", "[Red]0.00\"d\"", "00000"
		for cell, c := range map[string]struct {
			value any
			style int
		}{
			"A1": {"text", 0}, "B1": {12.5, 0}, "C1": {day, 0}, "D1": {true, 0}, "E1": {0.6, style(&excelize.Style{NumFmt: 9})},
			"F1": {46447, style(&excelize.Style{CustomNumFmt: &dutch})}, "G1": {1.5, style(&excelize.Style{CustomNumFmt: &text})},
			"H1": {123, style(&excelize.Style{CustomNumFmt: &zeros})}, "I1": {0.1 + 0.2, 0}, "J1": {"  two\nlines ", 0},
		} {
			if err := f.SetCellValue("Sheet1", cell, c.value); err != nil {
				t.Fatal(err)
			}
			if c.style > 0 {
				if err := f.SetCellStyle("Sheet1", cell, cell, c.style); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := f.SetCellFormula("Sheet1", "A5", "1+1"); err != nil {
			t.Fatal(err)
		}
		if err := f.MergeCell("Sheet1", "B5", "C6"); err != nil {
			t.Fatal(err)
		}
	})
	sheets, err := ReadXLSX("folder/x.xlsx", content)
	if err != nil || len(sheets) != 1 || len(sheets[0].Rows) != 2 {
		t.Fatalf("got %v and %v", sheets, err)
	}
	s := sheets[0]
	row := &s.Rows[0]
	for column, want := range []Cell{
		{Text: "text"},
		{Text: "12.5", Number: 12.5, IsNumber: true},
		{Text: "46447", Number: 46447, IsNumber: true, IsDate: true, Date: "2027-03-01"},
		{Text: "TRUE"},
		{Text: "60%", Number: 0.6, IsNumber: true, IsPercent: true},
		{Text: "46447", Number: 46447, IsNumber: true, IsDate: true, Date: "2027-03-01"},
		{Text: "1.50d", Number: 1.5, IsNumber: true},
		{Text: "00123", Number: 123, IsNumber: true},
		{Text: "0.3", Number: 0.3, IsNumber: true},
		{Text: "  two\nlines "},
	} {
		got := *row.Cell(column)
		if !got.IsDate {
			got.Date = ""
		}
		if got != want {
			t.Errorf("%s: got %+v, want %+v", CellName(column, 1), got, want)
		}
	}
	if cell := s.Rows[1].Cell(0); s.Rows[1].Number != 5 || !strings.Contains(cell.Problem, "the formula in it has no value") {
		t.Errorf("got %+v", s.Rows[1])
	}
	if len(s.Merged) != 1 || s.Merged[0].String() != "B5:C6" {
		t.Errorf("merged: %v", s.Merged)
	}
	if got := s.At(2, 5); got != "folder/x.xlsx Sheet1!C5" {
		t.Errorf("a cell is called %s", got)
	}
}

// raw makes a workbook of a sheet in the words of the file itself.
func raw(t testing.TB, workbook, rows string, more map[string]string) []byte {
	t.Helper()
	parts := map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook>` + workbook + `<sheets><sheet name="Sheet1" id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="sheet.xml"/><Relationship Id="r2" Type="x/styles" Target="styles.xml"/><Relationship Id="r3" Type="x/sharedStrings" Target="strings.xml"/></Relationships>`,
		"xl/styles.xml":              `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
		"xl/strings.xml":             `<sst><si><t>plain</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>hint</t></rPh></si></sst>`,
		"xl/sheet.xml":               `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`,
	}
	maps.Copy(parts, more)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range parts {
		if text == "" {
			continue
		}
		// Not packed, so that a fuzz test sees what it changes.
		part, err := w.CreateHeader(&zip.FileHeader{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadRawXLSX(t *testing.T) {
	content := raw(t, `<workbookPr date1904="1"/>`, `<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c s="1"><v>44985.5</v></c><c t="str"><v>a_x005F_x0041__x0041_</v></c></row>
		<row r="4"><c r="B4" t="str"><f>A1&amp;"x"</f><v>value</v></c><c r="C4" t="e"><v>#REF!</v></c><c t="s"><v>9</v></c><c t="d"><v>2027-03-01T12:00</v></c></row>`, nil)
	sheets, err := ReadXLSX("x.xlsx", content)
	if err != nil {
		t.Fatal(err)
	}
	first, second := sheets[0].Rows[0], sheets[0].Rows[1]
	if first.Cell(0).Text != "plain" || first.Cell(1).Text != "rich text" || first.Cell(2).Date != "2027-03-01" || first.Cell(3).Text != "a_x0041_A" || second.Number != 4 {
		t.Errorf("got %+v and %+v", first, second)
	}
	if second.Cell(1).Text != "value" || second.Cell(4).Text != "2027-03-01" {
		t.Errorf("got %+v", second)
	}
	for column, want := range map[int]string{2: "the error #REF!", 3: "its text is missing"} {
		if got := second.Cell(column).Problem; !strings.Contains(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestReadBrokenXLSX(t *testing.T) {
	for _, test := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"CSV", []byte("a,b\n"), "this is no XLSX workbook"},
		{"an old or encrypted one", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "this is an old (.xls) or an encrypted workbook"},
		{"another archive", raw(t, "", "", map[string]string{"_rels/.rels": ""}), "this is no XLSX workbook"},
		{"no sheet", raw(t, "", "", map[string]string{"xl/sheet.xml": ""}), "sheet Sheet1: the workbook lacks its part xl/sheet.xml"},
		{"broken sheet", raw(t, "", "<row><c", nil), "sheet Sheet1: part xl/sheet.xml is broken"},
		{"rows out of order", raw(t, "", `<row r="5"/><row r="2"/>`, nil), "sheet Sheet1: row 2 comes after row 5"},
		{"too many columns", raw(t, "", `<row r="1"><c r="ZZZ1"><v>1</v></c></row>`, nil), "sheet Sheet1: row 1 has more than 16384 columns"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := ReadXLSX("folder/x.xlsx", test.content); err == nil || !strings.Contains(err.Error(), "folder/x.xlsx: "+test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// TestXLSXRoundTrip holds that text, numbers and days come back from a workbook as they were written.
func TestXLSXRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(anyText(), 1, 5).Draw(t, "texts")
		number := rapid.Int64Range(-1e15, 1e15).Draw(t, "number")
		day := time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 2_000_000).Draw(t, "day")).Format(time.DateOnly)
		book, err := NewWorkbook("Test", "2026-11-22")
		if err != nil {
			t.Fatal(err)
		}
		columns := []Column{{Heading: "=Text", Width: 10}, {Heading: "Number", Width: 10, Style: Number}, {Heading: "Day", Width: 10, Style: Day}}
		if err := book.Begin("Sheet", columns, 1, len(texts)); err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			book.Text(InertXLSX(EscapeBlock(text)), Text)
			book.Whole(number, Number)
			book.Date(day, Day)
			if err := book.EndRow(); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if err := book.Write(&b); err != nil {
			t.Fatal(err)
		}
		sheets, err := ReadXLSX("x.xlsx", b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			row := sheets[0].Rows[i+1]
			got := Unescape(Restore(Trim(row.Cell(0).Text, true)))
			if got != text || row.Cell(1).Number != float64(number) || !row.Cell(2).IsDate || row.Cell(2).Date != day {
				t.Fatalf("%q, %d and %s come back as %+v", text, number, day, row)
			}
		}
	})
}

func TestWorkbookLimits(t *testing.T) {
	book, err := NewWorkbook("Test", "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	if err := book.Begin("Sheet", []Column{{Heading: "Text", Width: 10}}, 0, MaxRows); err == nil || !strings.Contains(err.Error(), "export CSV instead") {
		t.Errorf("too many rows: %v", err)
	}
	if err := book.Begin("Sheet", []Column{{Heading: "Text", Width: 10}}, 0, 1); err != nil {
		t.Fatal(err)
	}
	book.Text(strings.Repeat("é", MaxText+1), Text)
	if err := book.EndRow(); err == nil || !strings.Contains(err.Error(), "sheet Sheet: cell A2 would hold 32768 characters") {
		t.Errorf("too much text: %v", err)
	}
}

// FuzzReadXLSX looks for parts of a workbook that make the reader panic.
func FuzzReadXLSX(f *testing.F) {
	f.Add(`<row><c t="s"><v>0</v></c></row>`, `<si><r><t>rich </t></r></si>`, `<numFmts><numFmt numFmtId="9" formatCode="yyyy"/></numFmts><cellXfs><xf numFmtId="9"/></cellXfs>`)
	f.Add(`<row r="4"><c r="B4" t="str"><f>A1</f><v>x</v></c><c r="C4" t="e"><v>#REF!</v></c><c s="1"><v>46447</v></c></row>`, "", `<cellXfs><xf/><xf numFmtId="14"/></cellXfs>`)
	f.Fuzz(func(t *testing.T, rows, texts, styles string) {
		content := raw(t, "", rows, map[string]string{"xl/strings.xml": "<sst>" + texts + "</sst>", "xl/styles.xml": "<styleSheet>" + styles + "</styleSheet>"})
		if _, err := ReadXLSX("x.xlsx", content); err != nil && !strings.HasPrefix(err.Error(), "x.xlsx: ") {
			t.Error(err)
		}
	})
}

// TestSpoiledXLSX does the same with workbooks of which some bytes are wrong or missing.
func TestSpoiledXLSX(t *testing.T) {
	content := made(t, func(f *excelize.File) {
		if err := f.SetSheetRow("Sheet1", "A1", &[]any{"Title", 1.5, true, time.Now()}); err != nil {
			t.Fatal(err)
		}
	})
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		spoiled := slices.Clone(content)
		for range 1 + random.IntN(4) {
			spoiled[random.IntN(len(spoiled))] = byte(random.IntN(256))
		}
		if random.IntN(4) == 0 {
			spoiled = spoiled[:random.IntN(len(spoiled))]
		}
		if _, err := ReadXLSX("x.xlsx", spoiled); err != nil && !strings.HasPrefix(err.Error(), "x.xlsx: ") {
			t.Error(err)
		}
	}
}
