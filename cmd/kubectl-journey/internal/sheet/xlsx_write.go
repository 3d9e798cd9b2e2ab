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
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/rivo/uniseg"
	"github.com/xuri/excelize/v2"
)

// Limits of the cells and sheets of a workbook.
const (
	MaxText    = 32767
	MaxRows    = 1048576
	MaxColumns = maxColumns
)

// Style is how the cells of a column look and what they take.
type Style int

// The styles.
const (
	// Text cells take what is typed for text, whatever it looks like.
	Text Style = iota
	// Number cells hold whole numbers.
	Number
	// Day cells hold dates.
	Day
	// Computed cells are marked as not to be changed.
	Computed
	// Heading cells stand above a column.
	Heading
	// ComputedHeading cells stand above a column of computed cells.
	ComputedHeading
	// Turned cells are headings that are read from below, for narrow columns.
	Turned
	// Count cells hold a small number in the middle.
	Count
	styles
)

// Column is a column of a sheet to be written.
type Column struct {
	Heading string
	// Width in characters.
	Width float64
	// Heading style and cell style.
	HeadingStyle, Style Style
	// Choices that a cell offers, and else refuses. ChoicesFrom names cells that hold them, for instance Journeys!$A$2:$A$9, and only offers.
	Choices     []string
	ChoicesFrom string
}

// Workbook is a workbook that is being written, sheet after sheet and row after row.
type Workbook struct {
	file    *excelize.File
	styles  [styles]int
	sheets  int
	writer  *excelize.StreamWriter
	sheet   string
	columns []Column
	rows    int
	row     []any
	// height of the row, in points, as far as it is known.
	height float64
	// problem is the first one.
	problem error
}

// NewWorkbook begins a workbook. The day, as YYYY-MM-DD, is all that it tells of when it was made.
func NewWorkbook(title, day string) (*Workbook, error) {
	w := &Workbook{file: excelize.NewFile()}
	w.file.SetZipWriter(func(out io.Writer) excelize.ZipWriter { return &flexibleRows{zip.NewWriter(out)} })
	at := day + "T00:00:00Z"
	err := w.file.SetDocProps(&excelize.DocProperties{Title: title, Creator: "kubectl-journey", LastModifiedBy: "kubectl-journey", Created: at, Modified: at})
	if err != nil {
		return nil, fmt.Errorf("describing the workbook: %w", err)
	}
	for style := range styles {
		if w.styles[style], err = w.file.NewStyle(style.format()); err != nil {
			return nil, fmt.Errorf("styling the workbook: %w", err)
		}
	}
	return w, nil
}

// The number formats of spreadsheets: text that stays text, whole numbers, and dates that are read the same everywhere.
const textFormat, wholeFormat = 49, 1

var dayFormat = "yyyy-mm-dd"

// font of all cells, in the size that the heights of the rows are reckoned with.
func font(f excelize.Font) *excelize.Font {
	f.Family, f.Size = "Calibri", 11
	return &f
}

func (s Style) format() *excelize.Style {
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	style := &excelize.Style{Alignment: top, NumFmt: textFormat, Font: font(excelize.Font{})}
	switch s {
	case Number:
		style.NumFmt = wholeFormat
	case Day:
		style.NumFmt, style.CustomNumFmt = 0, &dayFormat
	case Computed:
		style.Fill, style.Font = fill("EDEDED"), font(excelize.Font{Italic: true, Color: "595959"})
	case Heading:
		style.Fill, style.Font = fill("1F4E78"), font(excelize.Font{Bold: true, Color: "FFFFFF"})
	case ComputedHeading:
		style.Fill, style.Font = fill("7F7F7F"), font(excelize.Font{Bold: true, Italic: true, Color: "FFFFFF"})
	case Turned:
		style.Fill, style.Font = fill("7F7F7F"), font(excelize.Font{Bold: true, Color: "FFFFFF"})
		style.Alignment = &excelize.Alignment{TextRotation: 90, Vertical: "bottom", Horizontal: "center", WrapText: true}
	case Count:
		style.NumFmt = wholeFormat
		style.Fill, style.Font = fill("EDEDED"), font(excelize.Font{Color: "595959"})
		style.Alignment = &excelize.Alignment{Vertical: "top", Horizontal: "center"}
	case Text, styles:
	}
	return style
}

// Begin begins a sheet with its headings, of which the first columns stay in sight, and room for the rows that it will hold.
func (w *Workbook) Begin(name string, columns []Column, frozen, rows int) error {
	if err := w.End(); err != nil {
		return err
	}
	if rows+1 > MaxRows || len(columns) > MaxColumns {
		return fmt.Errorf("sheet %s would have %d rows and %d columns, and a sheet holds %d by %d: export CSV instead", name, rows+1, len(columns), MaxRows, MaxColumns)
	}
	err := w.addSheet(name)
	if err != nil {
		return err
	}
	// The writer puts these down as it begins.
	if err := w.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: new(true)}); err != nil {
		return fmt.Errorf("sheet %s: %w", name, err)
	}
	if w.writer, err = w.file.NewStreamWriter(name); err != nil {
		return fmt.Errorf("sheet %s: %w", name, err)
	}
	w.sheet, w.columns, w.rows = name, columns, 0
	w.check(w.layOut(columns, frozen, rows))
	for i := range columns {
		w.Text(columns[i].Heading, columns[i].HeadingStyle)
	}
	return w.EndRow()
}

func (w *Workbook) addSheet(name string) error {
	w.sheets++
	if w.sheets == 1 {
		// A new workbook has a sheet already.
		if err := w.file.SetSheetName(w.file.GetSheetName(0), name); err != nil {
			return fmt.Errorf("sheet %s: %w", name, err)
		}
		return nil
	}
	if _, err := w.file.NewSheet(name); err != nil {
		return fmt.Errorf("sheet %s: %w", name, err)
	}
	return nil
}

// layOut sets what a stream must know before its rows, and what it writes after them.
func (w *Workbook) layOut(columns []Column, frozen, rows int) error {
	// From the right to the left: the library puts each before those that it has, and Excel wants them in order.
	for to := len(columns); to > 0; {
		// Columns alike go together: the library looks at all that are there for each that comes.
		from := to - 1
		for from > 0 && columns[from-1].Width == columns[from].Width && columns[from-1].Style == columns[from].Style {
			from--
		}
		if err := w.writer.SetColWidth(from+1, to, columns[from].Width); err != nil {
			return err
		}
		// Cells below the rows, for what a session adds.
		if err := w.writer.SetColStyle(from+1, to, w.styles[columns[from].Style]); err != nil {
			return err
		}
		to = from
	}
	for i := range columns {
		if err := w.offerChoices(&columns[i], i, rows); err != nil {
			return err
		}
	}
	corner := CellName(frozen, 2)
	pane := "bottomLeft"
	if frozen > 0 {
		pane = "bottomRight"
	}
	if err := w.writer.SetPanes(&excelize.Panes{Freeze: true, XSplit: frozen, YSplit: 1, TopLeftCell: corner, ActivePane: pane}); err != nil {
		return err
	}
	if err := w.layOutPages(); err != nil {
		return err
	}
	all := "A1:" + CellName(len(columns)-1, rows+1)
	return w.file.AutoFilter(w.sheet, all, nil)
}

const paperA3 = 8

// layOutPages makes paper as wide as the sheet, with the headings above each page: some sessions are held around a wall.
func (w *Workbook) layOutPages() error {
	err := w.file.SetPageLayout(w.sheet, &excelize.PageLayoutOptions{
		Size: new(paperA3), Orientation: new("landscape"), FitToWidth: new(1), FitToHeight: new(0),
	})
	if err != nil {
		return err
	}
	return w.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: w.sheet, RefersTo: "'" + w.sheet + "'!$1:$1"})
}

// roomForMore is the number of rows below the last that offer choices too.
const roomForMore = 500

func (w *Workbook) offerChoices(c *Column, column, rows int) error {
	if len(c.Choices) == 0 && c.ChoicesFrom == "" {
		return nil
	}
	rule := excelize.NewDataValidation(true)
	rule.SetSqref(Range{column, 2, column, min(rows+1+roomForMore, MaxRows)}.String())
	if c.ChoicesFrom != "" {
		rule.SetSqrefDropList(c.ChoicesFrom)
		rule.ShowErrorMessage = false
		return w.file.AddDataValidation(w.sheet, rule)
	}
	if err := rule.SetDropList(c.Choices); err != nil {
		return err
	}
	rule.SetError(excelize.DataValidationErrorStyleStop, c.Heading, "Choose one of: "+strings.Join(c.Choices, ", "))
	return w.file.AddDataValidation(w.sheet, rule)
}

func (w *Workbook) check(err error) {
	if w.problem == nil && err != nil {
		w.problem = fmt.Errorf("sheet %s: %w", w.sheet, err)
	}
}

// Text adds a cell with text to the row. The text must be inert already.
func (w *Workbook) Text(text string, style Style) {
	if text == "" {
		w.row = append(w.row, nil)
		return
	}
	if n := len(utf16.Encode([]rune(text))); len(text) > MaxText && n > MaxText {
		where := CellName(len(w.row), w.rows+1)
		w.check(fmt.Errorf("cell %s would hold %d characters, and a cell of a workbook holds %d: export CSV instead", where, n, MaxText))
	}
	if column := len(w.row); column < len(w.columns) {
		w.height = max(w.height, heightOf(text, style, w.columns[column].Width))
	}
	w.row = append(w.row, excelize.Cell{StyleID: w.styles[style], Value: text})
}

const (
	lineHeight = 15
	// filterButton is what a button to filter takes of the width of a heading.
	filterButton = 3
)

// heightOf reckons how high a text stands in a column, in points. Excel would find that out by itself; other programs show one line of
// each row where nothing is said.
func heightOf(text string, style Style, width float64) float64 {
	switch style {
	case Turned:
		return float64(uniseg.StringWidth(text))*7 + lineHeight
	case Heading, ComputedHeading:
		width -= filterButton
	case Text, Number, Day, Computed, Count, styles:
	}
	lines := 0
	for line := range strings.SplitSeq(text, "\n") {
		// Words seldom fill a line to its end.
		lines += 1 + int(float64(uniseg.StringWidth(line))*1.1/width)
	}
	return float64(lines) * lineHeight
}

// Whole adds a cell with a whole number to the row.
func (w *Workbook) Whole(number int64, style Style) {
	w.row = append(w.row, excelize.Cell{StyleID: w.styles[style], Value: number})
}

// Date adds a cell with a day to the row, as text when workbooks do not have that day.
func (w *Workbook) Date(day string, style Style) {
	serial, ok := Serial(day)
	if !ok || style != Day {
		w.Text(day, style)
		return
	}
	w.Whole(int64(serial), Day)
}

// EndRow ends the row.
func (w *Workbook) EndRow() error {
	w.rows++
	w.check(w.writer.SetRow(CellName(0, w.rows), w.row, excelize.RowOpts{Height: min(w.height, excelize.MaxRowHeight)}))
	w.row, w.height = w.row[:0], 0
	return w.problem
}

// End ends the sheet.
func (w *Workbook) End() error {
	if w.writer != nil {
		w.check(w.writer.Flush())
		w.writer = nil
	}
	return w.problem
}

// Write ends the workbook and writes it. The same workbook gives the same bytes.
func (w *Workbook) Write(out io.Writer) error {
	if err := w.End(); err != nil {
		return err
	}
	defer w.file.Close()
	var packed bytes.Buffer
	if _, err := w.file.WriteTo(&packed); err != nil {
		return fmt.Errorf("writing the workbook: %w", err)
	}
	return inOrder(out, packed.Bytes())
}

// flexibleRows lets rows grow with what is typed into them: the library would fix each height that it is given.
type flexibleRows struct{ *zip.Writer }

func (z *flexibleRows) Create(name string) (io.Writer, error) {
	part, err := z.Writer.Create(name)
	return &without{part, []byte(` customHeight="1"`), nil}, err
}

// without writes all but a text, which must not be at the end. In cells it would have its quotes escaped.
type without struct {
	io.Writer
	text []byte
	// held is what may become that text.
	held []byte
}

func (w *without) Write(p []byte) (int, error) {
	all := bytes.ReplaceAll(append(w.held, p...), w.text, nil)
	end := len(all)
	for n := min(len(w.text)-1, end); n > 0; n-- {
		if bytes.HasPrefix(w.text, all[end-n:]) {
			end -= n
			break
		}
	}
	if _, err := w.Writer.Write(all[:end]); err != nil {
		return 0, err
	}
	w.held = append([]byte(nil), all[end:]...)
	return len(p), nil
}

// inOrder writes the parts of a workbook in the order of their names; the library has them in any.
func inOrder(out io.Writer, packed []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return fmt.Errorf("writing the workbook: %w", err)
	}
	// Programs that guess at a file look at its first part.
	rank := func(f *zip.File) string { return strings.TrimPrefix(f.Name, "[Content_Types]") }
	slices.SortFunc(archive.File, func(a, b *zip.File) int { return cmp.Compare(rank(a), rank(b)) })
	ordered := zip.NewWriter(out)
	for _, part := range archive.File {
		if err := ordered.Copy(part); err != nil {
			return fmt.Errorf("writing the workbook: %w", err)
		}
	}
	return ordered.Close()
}
