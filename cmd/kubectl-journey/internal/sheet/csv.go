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
		// A row of one empty cell would else be no row at all.
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
	text, err := toUTF8(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	separator, text := separatorOf(text)
	p := &csvParser{text: text, separator: separator}
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

// toUTF8 finds out how a text is encoded. What is not valid in any Unicode encoding is Windows-1252, which is what Excel in Western
// Europe means by CSV.
func toUTF8(content []byte) (string, error) {
	switch {
	case bytes.HasPrefix(content, markUTF8):
		content = content[len(markUTF8):]
	case bytes.HasPrefix(content, markUTF16LE), looksLikeUTF16(content, 1):
		return decodeUTF16(content, unicode.LittleEndian)
	case bytes.HasPrefix(content, markUTF16BE), looksLikeUTF16(content, 0):
		return decodeUTF16(content, unicode.BigEndian)
	}
	if bytes.HasPrefix(content, []byte("PK\x03\x04")) {
		return "", errors.New("this is a workbook and not CSV: give it the extension .xlsx")
	}
	if at := bytes.IndexByte(content, 0); at >= 0 {
		return "", fmt.Errorf("byte %d is zero, so this is no text: save the table as CSV in UTF-8", at+1)
	}
	if utf8.Valid(content) {
		return string(content), nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(content)
	return string(text), err
}

func decodeUTF16(content []byte, endianness unicode.Endianness) (string, error) {
	text, err := unicode.UTF16(endianness, unicode.UseBOM).NewDecoder().Bytes(content)
	return string(text), err
}

// looksLikeUTF16 tells of UTF-16 without a mark, by the zeros that Western text has in it.
func looksLikeUTF16(content []byte, high int) bool {
	if len(content) < 4 || len(content)%2 != 0 {
		return false
	}
	return content[high] == 0 && content[high+2] == 0 && content[1-high] != 0
}

// separatorOf finds what separates the cells of the first row: what a line "sep=;" before it says, else what occurs most in it.
func separatorOf(text string) (separator byte, rest string) {
	if line, after, _ := strings.Cut(text, "\n"); strings.HasPrefix(strings.ToLower(line), "sep=") && len(strings.TrimRight(line, "\r")) == len("sep=;") {
		// The line counts as a row, so that the numbers of the others stay right.
		return line[len("sep=")], "\n" + after
	}
	counts := map[byte]int{}
	quoted, found := false, false
	for i := range len(text) {
		c := text[i]
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n' && found:
			return mostFrequent(counts), text
		case c == ',', c == ';', c == '\t':
			counts[c]++
			found = true
		case c != '\r' && c != '\n' && c != ' ':
			found = true
		}
	}
	return mostFrequent(counts), text
}

func mostFrequent(counts map[byte]int) byte {
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

// csvParser reads row after row. The reader of the standard library would drop the empty rows, so that those after them got
// other numbers than a spreadsheet shows.
type csvParser struct {
	text      string
	separator byte
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
		cells = append(cells, Cell{Text: text})
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
