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
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// WriteCSV writes a row as RFC 4180 has it. The cells must be inert already.
func WriteCSV(w io.Writer, cells []string) error {
	var b bytes.Buffer
	for i, cell := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		// A row with one empty cell would be an empty line, which is no row.
		if strings.ContainsAny(cell, ",;\t\"\r\n") || len(cells) == 1 && cell == "" {
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		} else {
			b.WriteString(cell)
		}
	}
	b.WriteString("\r\n")
	_, err := w.Write(b.Bytes())
	return err
}

// ReadCSV reads a CSV file as spreadsheet programs write them: separated by commas, semicolons or tabs, in UTF-8, UTF-16 or
// Windows-1252.
func ReadCSV(file string, content []byte) (*Sheet, error) {
	base := filepath.Base(file)
	s := &Sheet{File: file, Name: strings.TrimSuffix(base, filepath.Ext(base))}
	read, err := decode(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	s.Encoding = read.encoding
	separator, text := separatorOf(read.text)
	p := &csvParser{text: text, separator: separator, damaged: read.damaged}
	for p.more() {
		cells, err := p.row()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if row := (Row{Number: p.rows, Cells: cells}); !isBlank(&row) {
			s.Rows = append(s.Rows, row)
		}
	}
	return s, nil
}

func isBlank(row *Row) bool {
	for i := range row.Cells {
		if !row.Cells[i].IsEmpty() {
			return false
		}
	}
	return true
}

var (
	markUTF8    = []byte{0xef, 0xbb, 0xbf}
	markUTF16LE = []byte{0xff, 0xfe}
	markUTF16BE = []byte{0xfe, 0xff}
)

// decoded is the text of a file.
type decoded struct {
	text string
	// encoding, if it had to be guessed.
	encoding string
	// damaged tells that some characters were lost before. There is U+FFFD in their place.
	damaged bool
}

// decode finds out how a text is encoded. Text that is not valid in any Unicode encoding is Windows-1252, as Excel in Western Europe writes
// CSV. But if most of it is UTF-8, it is UTF-8 with a few faults.
func decode(content []byte) (*decoded, error) {
	content, marked := bytes.CutPrefix(content, markUTF8)
	switch {
	case marked:
	case bytes.HasPrefix(content, markUTF16LE), looksLikeUTF16(content, 1):
		return decodeUTF16(content, unicode.LittleEndian)
	case bytes.HasPrefix(content, markUTF16BE), looksLikeUTF16(content, 0):
		return decodeUTF16(content, unicode.BigEndian)
	}
	if bytes.HasPrefix(content, []byte("PK\x03\x04")) {
		return nil, errors.New("this is a workbook and not CSV: give it the extension .xlsx")
	}
	if at := bytes.IndexByte(content, 0); at >= 0 {
		return nil, fmt.Errorf("byte %d is zero, so this is no text: save the table as CSV in UTF-8", at+1)
	}
	if utf8.Valid(content) {
		return &decoded{text: string(content)}, nil
	}
	if marked || mostlyUTF8(content) {
		return &decoded{text: strings.ToValidUTF8(string(content), string(utf8.RuneError)), damaged: true}, nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(content)
	// Five bytes have no meaning in Windows-1252.
	return &decoded{text: string(text), encoding: "Windows-1252", damaged: bytes.ContainsRune(text, utf8.RuneError)}, err
}

// mostlyUTF8 tells whether most of the characters that are not ASCII are valid UTF-8. In Windows-1252 text hardly any look so.
func mostlyUTF8(content []byte) bool {
	good, bad := 0, 0
	for len(content) > 0 {
		r, size := utf8.DecodeRune(content)
		switch {
		case size > 1:
			good++
		case r == utf8.RuneError:
			bad++
		}
		content = content[size:]
	}
	return good > bad
}

func decodeUTF16(content []byte, endianness unicode.Endianness) (*decoded, error) {
	text, err := unicode.UTF16(endianness, unicode.UseBOM).NewDecoder().Bytes(content)
	return &decoded{text: string(text)}, err
}

// looksLikeUTF16 tells whether text is UTF-16 without a byte order mark. Western text in UTF-16 has many zero bytes.
func looksLikeUTF16(content []byte, high int) bool {
	if len(content) < 4 || len(content)%2 != 0 {
		return false
	}
	return content[high] == 0 && content[high+2] == 0 && content[1-high] != 0
}

// separatorOf finds the separator of the cells. A first line "sep=;" names it. Otherwise it is the one that cuts the most rows into the same
// number of cells. Titles above a table, or commas in text, do not.
func separatorOf(text string) (separator byte, rest string) {
	if line, after, _ := strings.Cut(text, "\n"); strings.HasPrefix(strings.ToLower(line), "sep=") && len(strings.TrimRight(line, "\r")) == len("sep=;") {
		// The line counts as a row, so that the numbers of the others stay right.
		return line[len("sep=")], "\n" + after
	}
	separator = separators[0]
	rows := countSeparators(text)
	mostRows, mostCells := 0, 0
	for i := range separators {
		if rows, cells := agreement(rows, i); rows > mostRows || rows == mostRows && cells > mostCells {
			separator, mostRows, mostCells = separators[i], rows, cells
		}
	}
	return separator, text
}

// separators of cells, the most likely first.
const separators = ",;\t"

// separatorCounts is how often each separator is in a row.
type separatorCounts [len(separators)]int

// countSeparators counts the separators outside quotes in the first rows that have any.
func countSeparators(text string) []separatorCounts {
	const first = 50
	var rows []separatorCounts
	var row separatorCounts
	quoted, begins := false, true
	for at := 0; at < len(text) && len(rows) < first; at++ {
		c := text[at]
		if c == '"' && (quoted || begins) {
			quoted, begins = !quoted, quoted // two quotes are one quote in the text: the cell goes on
			continue
		}
		if quoted {
			continue
		}
		begins = true
		switch i := strings.IndexByte(separators, c); {
		case i >= 0:
			row[i]++
		case c == '\n', c == '\r':
			rows, row = appendCounts(rows, row), separatorCounts{}
		default:
			begins = false
		}
	}
	return appendCounts(rows, row)
}

func appendCounts(rows []separatorCounts, row separatorCounts) []separatorCounts {
	if row == (separatorCounts{}) {
		return rows
	}
	return append(rows, row)
}

// agreement looks for the largest group of rows with equally many of a separator. It returns how many each has, and how many rows these are.
func agreement(rows []separatorCounts, separator int) (most, count int) {
	agreeing := map[int]int{}
	for _, row := range rows {
		n := row[separator]
		if n == 0 {
			continue
		}
		agreeing[n]++
		if agreeing[n] > most || agreeing[n] == most && n > count {
			most, count = agreeing[n], n
		}
	}
	return most, count
}

// csvParser reads row after row. The reader of the standard library drops empty rows. Then the rows after them would have other numbers than
// in a spreadsheet.
type csvParser struct {
	text      string
	separator byte
	damaged   bool
	at        int
	rows      int
}

func (p *csvParser) more() bool { return p.at < len(p.text) }

func (p *csvParser) row() ([]Cell, error) {
	p.rows++
	var cells []Cell
	for {
		text, err := p.cell(len(cells))
		if err != nil {
			return nil, err
		}
		cells = append(cells, p.read(text))
		if !p.more() {
			return cells, nil
		}
		c := p.text[p.at]
		p.at++
		if c == p.separator {
			continue
		}
		if c == '\r' && p.more() && p.text[p.at] == '\n' {
			p.at++
		}
		return cells, nil
	}
}

func (p *csvParser) read(text string) Cell {
	if p.damaged && strings.ContainsRune(text, utf8.RuneError) {
		return Cell{Problem: "some of its characters are lost, since the file mixes encodings: save the table as CSV in UTF-8"}
	}
	return Cell{Text: text}
}

func (p *csvParser) cell(column int) (string, error) {
	if p.more() && p.text[p.at] == '"' {
		return p.quoted(column)
	}
	begin := p.at
	for p.more() && p.text[p.at] != p.separator && p.text[p.at] != '\n' && p.text[p.at] != '\r' {
		p.at++
	}
	return p.text[begin:p.at], nil
}

func (p *csvParser) quoted(column int) (string, error) {
	var b strings.Builder
	p.at++
	for {
		end := strings.IndexByte(p.text[p.at:], '"')
		if end < 0 {
			return "", fmt.Errorf("%s: the quote that begins this cell is never closed: write two quotes for one inside a cell", CellName(column, p.rows))
		}
		b.WriteString(p.text[p.at : p.at+end])
		p.at += end + 1
		if p.more() && p.text[p.at] == '"' {
			b.WriteByte('"')
			p.at++
			continue
		}
		if p.more() && p.text[p.at] != p.separator && p.text[p.at] != '\n' && p.text[p.at] != '\r' {
			return "", fmt.Errorf("%s: there is text after the closing quote: write two quotes for one inside a cell", CellName(column, p.rows))
		}
		return strings.ReplaceAll(b.String(), "\r\n", "\n"), nil
	}
}
