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
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// maxPart is the size to which one part of a workbook may unpack: enough for a million rows, and a bound on what a small file can
// make of itself.
const maxPart = 2 << 30

// maxCells bounds the columns, as spreadsheets themselves do.
const maxColumns = 16384

// ReadXLSX reads the sheets of a workbook, one after the other from beginning to end, so that also large ones fit in memory. It says of each
// cell what a person sees in it: of a formula its value, of a number that is shown as a date the date.
func ReadXLSX(file string, content []byte) ([]*Sheet, error) {
	sheets, err := readWorkbook(file, content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return sheets, nil
}

// workbook is what the sheets of a file have in common.
type workbook struct {
	parts    map[string]*zip.File
	strings  []string
	styles   []numberFormat
	date1904 bool
}

const notAWorkbook = "this is no XLSX workbook: save it as one (.xlsx), or as CSV"

func readWorkbook(file string, content []byte) ([]*Sheet, error) {
	if bytes.HasPrefix(content, []byte{0xd0, 0xcf, 0x11, 0xe0}) {
		return nil, errors.New("this is an old (.xls) or an encrypted workbook: save it as .xlsx without a password")
	}
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, errors.New(notAWorkbook)
	}
	w := &workbook{parts: map[string]*zip.File{}}
	for _, f := range archive.File {
		w.parts[strings.ToLower(f.Name)] = f
	}
	main := w.mainPart()
	if main == "" {
		return nil, errors.New(notAWorkbook)
	}
	listed, err := w.sheetList(main)
	if err != nil {
		return nil, err
	}
	related, err := w.relations(main)
	if err != nil {
		return nil, err
	}
	for _, r := range related {
		switch path.Base(r.Type) {
		case "sharedStrings":
			err = w.readStrings(r.Target)
		case "styles":
			err = w.readStyles(r.Target)
		}
		if err != nil {
			return nil, err
		}
	}
	var sheets []*Sheet
	for _, entry := range listed {
		r, ok := related[entry.Relation]
		if !ok || path.Base(r.Type) != "worksheet" {
			continue // a chart on a sheet of its own
		}
		s := &Sheet{File: file, Name: entry.Name, Hidden: strings.HasSuffix(strings.ToLower(entry.State), "hidden"), workbook: true}
		if err := w.readSheet(s, r.Target); err != nil {
			return nil, fmt.Errorf("sheet %s: %w", entry.Name, err)
		}
		sheets = append(sheets, s)
	}
	return sheets, nil
}

// relation leads from one part to another.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

func (w *workbook) mainPart() string {
	related, err := w.relations("")
	if err != nil {
		return ""
	}
	for _, r := range related {
		if path.Base(r.Type) == "officeDocument" && w.parts[strings.ToLower(r.Target)] != nil {
			return r.Target
		}
	}
	return ""
}

// relations returns those of a part by their identifiers, with targets as paths in the file.
func (w *workbook) relations(part string) (map[string]relation, error) {
	var all struct {
		Relations []relation `xml:"Relationship"`
	}
	list := "_rels/.rels"
	if part != "" {
		list = path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
	}
	if err := w.unmarshal(list, &all); err != nil {
		return nil, err
	}
	byID := map[string]relation{}
	for _, r := range all.Relations {
		if target, absolute := strings.CutPrefix(r.Target, "/"); absolute {
			r.Target = target
		} else {
			r.Target = path.Join(path.Dir(part), r.Target)
		}
		byID[r.ID] = r
	}
	return byID, nil
}

// sheetEntry is a sheet in the list of the workbook.
type sheetEntry struct {
	Name     string `xml:"name,attr"`
	Relation string `xml:"id,attr"`
	State    string `xml:"state,attr"`
}

func (w *workbook) sheetList(main string) ([]sheetEntry, error) {
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []sheetEntry `xml:"sheets>sheet"`
	}
	if err := w.unmarshal(main, &book); err != nil {
		return nil, err
	}
	w.date1904 = book.Properties.Date1904 == "1" || book.Properties.Date1904 == "true"
	return book.Sheets, nil
}

func (w *workbook) open(part string) (io.ReadCloser, error) {
	f := w.parts[strings.ToLower(part)]
	if f == nil {
		return nil, fmt.Errorf("the workbook lacks its part %s: open it in a spreadsheet program and save it anew", part)
	}
	if f.UncompressedSize64 > maxPart {
		return nil, fmt.Errorf("part %s is larger than %d bytes: split the workbook", part, maxPart)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("part %s: %w", part, err)
	}
	return r, nil
}

func (w *workbook) unmarshal(part string, into any) error {
	r, err := w.open(part)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := xml.NewDecoder(io.LimitReader(r, maxPart)).Decode(into); err != nil {
		return brokenPart(part, err)
	}
	return nil
}

func brokenPart(part string, err error) error {
	return fmt.Errorf("part %s is broken (%w): open the workbook in a spreadsheet program and save it anew", part, err)
}

// eachElement calls a function for every element of a name in a part. The function may decode the element.
func (w *workbook) eachElement(part string, do func(d *xml.Decoder, start *xml.StartElement) error) error {
	r, err := w.open(part)
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(io.LimitReader(r, maxPart))
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return brokenPart(part, err)
		}
		if start, ok := token.(xml.StartElement); ok {
			if err := do(d, &start); err != nil {
				return err
			}
		}
	}
}

// text reads the text of an element up to its end, with what is in elements t below it when it has any; phonetic hints (rPh) are left
// out.
func text(d *xml.Decoder, start *xml.StartElement) (string, error) {
	var b strings.Builder
	depth, phonetic := 1, 0
	inText := start.Name.Local == "t" || start.Name.Local == "v"
	for depth > 0 {
		token, err := d.RawToken()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			if t.Name.Local == "rPh" {
				phonetic = depth
			}
			inText = t.Name.Local == "t" && phonetic == 0
		case xml.EndElement:
			if depth == phonetic {
				phonetic = 0
			}
			depth--
			inText = false
		case xml.CharData:
			if inText {
				b.Write(t)
			}
		}
	}
	return b.String(), nil
}

var controlCharacter = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

// plain undoes how workbooks write control characters, for instance _x000D_.
func plain(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var units []uint16
	for text != "" {
		found := controlCharacter.FindStringSubmatchIndex(text)
		if found == nil {
			units = append(units, utf16.Encode([]rune(text))...)
			break
		}
		units = append(units, utf16.Encode([]rune(text[:found[0]]))...)
		// Four hexadecimal digits always fit.
		code, _ := strconv.ParseUint(text[found[2]:found[3]], 16, 16)
		units = append(units, uint16(code))
		text = text[found[1]:]
	}
	return string(utf16.Decode(units))
}

func (w *workbook) readStrings(part string) error {
	return w.eachElement(part, func(d *xml.Decoder, start *xml.StartElement) error {
		if start.Name.Local != "si" {
			return nil
		}
		value, err := text(d, start)
		if err != nil {
			return brokenPart(part, err)
		}
		w.strings = append(w.strings, plain(value))
		return nil
	})
}

func (w *workbook) readStyles(part string) error {
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Styles []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := w.unmarshal(part, &sheet); err != nil {
		return err
	}
	codes := map[int]string{}
	for _, f := range sheet.Formats {
		codes[f.ID] = f.Code
	}
	for _, s := range sheet.Styles {
		w.styles = append(w.styles, formatOf(s.Format, codes[s.Format]))
	}
	return nil
}

func (w *workbook) readSheet(s *Sheet, part string) error {
	row := Row{}
	finish := func() {
		if row.Number > 0 && !isBlank(&row) {
			s.Rows = append(s.Rows, row)
		}
	}
	err := w.eachElement(part, func(d *xml.Decoder, start *xml.StartElement) error {
		switch start.Name.Local {
		case "row":
			finish()
			next := Row{Number: row.Number + 1}
			if n, err := strconv.Atoi(attribute(start, "r")); err == nil {
				next.Number = n
			}
			if next.Number <= row.Number {
				return fmt.Errorf("row %d comes after row %d: open the workbook in a spreadsheet program and save it anew", next.Number, row.Number)
			}
			row = next
		case "c":
			return w.readCell(d, start, part, &row)
		case "mergeCell":
			if r, ok := parseRange(attribute(start, "ref")); ok {
				s.Merged = append(s.Merged, r)
			}
		}
		return nil
	})
	finish()
	return err
}

func attribute(start *xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (w *workbook) readCell(d *xml.Decoder, start *xml.StartElement, part string, row *Row) error {
	column := len(row.Cells)
	if at, _, ok := parseCellName(attribute(start, "r")); ok {
		column = at
	}
	raw := rawCell{kind: attribute(start, "t"), style: attribute(start, "s")}
	if err := raw.read(d); err != nil {
		return brokenPart(part, err)
	}
	cell := w.cell(&raw)
	if cell.Text == "" && cell.Problem == "" {
		return nil
	}
	if column >= maxColumns {
		return fmt.Errorf("row %d has more than %d columns", row.Number, maxColumns)
	}
	for len(row.Cells) <= column {
		row.Cells = append(row.Cells, Cell{})
	}
	row.Cells[column] = cell
	return nil
}

// rawCell is a cell as the file has it.
type rawCell struct {
	kind, style string
	value       string
	hasValue    bool
	formula     bool
}

// read reads what is in a cell, up to its end.
func (c *rawCell) read(d *xml.Decoder) error {
	for {
		token, err := d.RawToken()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "c" {
				return nil
			}
		case xml.StartElement:
			switch t.Name.Local {
			case "v", "is":
				if c.value, err = text(d, &t); err != nil {
					return err
				}
				c.hasValue = true
			case "f":
				c.formula = true
			}
		}
	}
}

func (w *workbook) cell(raw *rawCell) Cell {
	if raw.formula && !raw.hasValue {
		return Cell{Problem: "the formula in it has no value: let a spreadsheet program compute and save it, or write the value itself"}
	}
	switch raw.kind {
	case "s":
		n, err := strconv.Atoi(raw.value)
		if err != nil || n < 0 || n >= len(w.strings) {
			return Cell{Problem: "its text is missing in the workbook: open it in a spreadsheet program and save it anew"}
		}
		return Cell{Text: w.strings[n]}
	case "str", "inlineStr":
		return Cell{Text: plain(raw.value)}
	case "b":
		if raw.value == "1" {
			return Cell{Text: "TRUE"}
		}
		return Cell{Text: "FALSE"}
	case "e":
		return Cell{Problem: fmt.Sprintf("it holds the error %s: mend the formula, or write the value itself", raw.value)}
	case "d":
		day, _, _ := strings.Cut(raw.value, "T")
		return Cell{Text: day}
	}
	return w.number(raw)
}

func (w *workbook) number(raw *rawCell) Cell {
	if raw.value == "" {
		return Cell{}
	}
	value, err := strconv.ParseFloat(raw.value, 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		return Cell{Problem: fmt.Sprintf("%q is no number, though the workbook says so", raw.value)}
	}
	var style numberFormat
	if n, err := strconv.Atoi(raw.style); err == nil && n >= 0 && n < len(w.styles) {
		style = w.styles[n]
	}
	// Spreadsheets keep fifteen digits; the rest is noise of the binary number.
	rounded := roundTo15(value)
	cell := Cell{Text: style.show(rounded), Number: rounded, IsNumber: true, IsDate: style.date, IsPercent: style.percent}
	cell.Date = w.day(value)
	return cell
}

func roundTo15(value float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 15, 64), 64)
	if err != nil {
		return value
	}
	return rounded
}

// FirstSerial and lastSerial bound the days that workbooks can number reliably: from 1900-03-01, since Lotus 1-2-3 and all after it took
// 1900 for a leap year, to the end of 9999.
const (
	FirstSerial = 61
	lastSerial  = 2958465
)

// epoch is the day before day 1, for days from FirstSerial on.
const epoch cxv1alpha1.Date = "1899-12-30"

// day returns the day that a number stands for, empty when there is none.
func (w *workbook) day(value float64) string {
	if w.date1904 {
		value += 1462
	}
	if value < FirstSerial || value >= lastSerial+1 {
		return ""
	}
	return string(epoch.AddDays(int(value)))
}

// Serial returns the number by which workbooks know a day, and whether they have one for it.
func Serial(day string) (int, bool) {
	serial := epoch.DaysUntil(cxv1alpha1.Date(day))
	return serial, serial >= FirstSerial && serial <= lastSerial
}

func parseRange(ref string) (Range, bool) {
	from, to, _ := strings.Cut(ref, ":")
	left, top, okFrom := parseCellName(from)
	right, bottom, okTo := parseCellName(to)
	return Range{left, top, right, bottom}, okFrom && okTo
}

// parseCellName reads a name such as C14. Columns count from 0, rows from 1.
func parseCellName(name string) (column, row int, ok bool) {
	name = strings.ReplaceAll(name, "$", "")
	digits := strings.IndexAny(name, "0123456789")
	if digits < 1 || digits > 3 {
		return 0, 0, false
	}
	for _, letter := range strings.ToUpper(name[:digits]) {
		if letter < 'A' || letter > 'Z' {
			return 0, 0, false
		}
		column = column*26 + int(letter-'A') + 1
	}
	row, err := strconv.Atoi(name[digits:])
	return column - 1, row, err == nil && row > 0
}
