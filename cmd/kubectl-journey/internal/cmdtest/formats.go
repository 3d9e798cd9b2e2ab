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

package cmdtest

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/hostiletest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
)

// ParseDocument reads the output of -o json or -o yaml. It fails if a list is null.
func ParseDocument(tb rapid.TB, format, text string, into any) {
	tb.Helper()
	if strings.Contains(text, ": null") {
		tb.Fatalf("there is a null:\n%s", text)
	}
	unmarshal := json.Unmarshal
	if format == cmdutil.OutputYAML {
		unmarshal = func(data []byte, into any) error { return yaml.UnmarshalStrict(data, into) }
	}
	if err := unmarshal([]byte(text), into); err != nil {
		tb.Fatal(err)
	}
}

// textsIn lists all texts in a decoded JSON value.
func textsIn(value any) []string {
	var texts []string
	switch v := value.(type) {
	case string:
		texts = append(texts, v)
	case []any:
		for _, item := range v {
			texts = append(texts, textsIn(item)...)
		}
	case map[string]any:
		for _, field := range v {
			texts = append(texts, textsIn(field)...)
		}
	}
	return texts
}

// RequireSameTexts checks that a parser reads exactly the texts that were written.
func RequireSameTexts(tb rapid.TB, format, document string, texts []string) {
	tb.Helper()
	var parsed any
	ParseDocument(tb, format, document, &parsed)
	read := textsIn(parsed)
	for _, text := range texts {
		if !slices.Contains(read, text) {
			tb.Errorf("a parser does not read %q", text)
		}
	}
}

// ReadBack prints a document as JSON or YAML, and reads it.
func ReadBack(tb *rapid.T, into any, write func(w io.Writer, format string) error) {
	format := rapid.SampledFrom([]string{cmdutil.OutputJSON, cmdutil.OutputYAML}).Draw(tb, "format")
	var b bytes.Buffer
	if err := write(&b, format); err != nil {
		tb.Fatal(err)
	}
	ParseDocument(tb, format, b.String(), into)
}

// RequireNoFormulas checks that no cell of a CSV file is a formula. A spreadsheet may read the file with another separator, or without
// quotes, so all of these are tried.
func RequireNoFormulas(tb rapid.TB, text string) {
	tb.Helper()
	for _, cell := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n;\t", r) }) {
		requireText(tb, strings.TrimPrefix(cell, `"`))
	}
	s, err := sheet.ReadCSV("x.csv", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	for i := range s.Rows {
		for c := range s.Rows[i].Cells {
			requireText(tb, s.Rows[i].Cells[c].Text)
		}
	}
}

func requireText(tb rapid.TB, cell string) {
	tb.Helper()
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(cell, unicode.IsSpace))
	if strings.ContainsRune("=+-@＝＋－＠", first) {
		tb.Errorf("a spreadsheet runs %q", cell)
	}
}

// colours matches the codes of colours in text.
var colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// RequireSameText checks that a coloured text is the same text, apart from the codes of colours.
func RequireSameText(tb rapid.TB, text, coloured string) {
	tb.Helper()
	if plain := colours.ReplaceAllString(coloured, ""); plain != text {
		tb.Fatalf("with colours the text is another:\n%s\n%s", plain, text)
	}
}

// RequireWidth checks that no line is longer than width.
func RequireWidth(tb rapid.TB, text string, width int) {
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > width {
			tb.Fatalf("%d columns do not fit in %d: %q", n, width, line)
		}
	}
}

// dotLines and flowLines match the lines that a graph may have. Text in quotes has nothing that could end the quotes, and only entities and
// escapes that this program writes.
var (
	dotQuoted = `"(?:[^"\\&<>]|\\\\|\\"|\\n|&amp;|&lt;|&gt;)*"`
	dotLines  = regexp.MustCompile(`^(?:digraph journeys \{|  (?:graph|node|edge) \[.*\]|  subgraph cluster_\d+_\d+ \{|    graph \[label=` + dotQuoted + `, color="#ccd4db", labeljust=l\]|` +
		` +n\d+_\d+ \[label=` + dotQuoted + `, shape=\w+, style="[\w,]+", fillcolor="#\w+", color="#\w+"\]|  n\d+_\d+ -> n\d+_\d+(?: \[label="\d+(?: \(\d+ Musts?\))?"\])?|  \}|\})$`)
	flowQuoted = `"(?:[^":;#%<>{}\x60_*|\[\]]|: |#\d+;|<br/>)*"`
	flowLines  = regexp.MustCompile(`^(?:flowchart LR|    subgraph g\d+_\d+\[` + flowQuoted + `\]|    end| +n\d+_\d+(?:\(\[|\[/|\[\[|\[)` + flowQuoted + `(?:\]\)|/\]|\]\]|\]):::\w+|` +
		`    n\d+_\d+ -->(?:\|` + flowQuoted + `\|)? n\d+_\d+|    classDef [\w :#,-]+)$`)
)

// RequireDOT checks that text is a graph as this program writes it, and nothing else.
func RequireDOT(tb rapid.TB, text string) {
	tb.Helper()
	requireLines(tb, text, dotLines)
}

// RequireFlowchart does the same for a Mermaid flowchart.
func RequireFlowchart(tb rapid.TB, text string) {
	tb.Helper()
	requireLines(tb, text, flowLines)
}

// ganttLines matches the lines that a Gantt diagram may have. Mermaid would take a word that begins with a keyword or a date for one. The
// characters that are not allowed would be separators, comments or quotes.
var ganttLines = regexp.MustCompile(`^(gantt|    title Roadmaps? ([^:;#%<>"{}\x60]|#\d+;)+|    dateFormat YYYY-MM-DD|    axisFormat %Y-%m-%d|    inclusiveEndDates|` +
	`    section ([^:;#%<>"{}\x60]|#\d+;)+|` +
	`        (\d+|Done(, [a-z ]+)?)\. ([^:;#%<>"{}\x60]|#\d+;)* :(crit, )?(active, |done, )?[\w.-]+_[\w.-]+, \d{4}-\d\d-\d\d, \d{4}-\d\d-\d\d)$`)

// RequireGantt does the same for a Mermaid Gantt diagram.
func RequireGantt(tb rapid.TB, text string) {
	tb.Helper()
	requireLines(tb, text, ganttLines)
}

func requireLines(tb rapid.TB, text string, allowed *regexp.Regexp) {
	tb.Helper()
	for line := range strings.Lines(text) {
		if !allowed.MatchString(strings.TrimSuffix(line, "\n")) {
			tb.Errorf("not a line of a diagram: %q", line)
		}
	}
}

// RequireInertWorkbook checks that the cells of a workbook hold only text.
func RequireInertWorkbook(tb testing.TB, workbook string) {
	tb.Helper()
	sheets, err := sheet.ReadXLSX("x.xlsx", []byte(workbook))
	if err != nil {
		tb.Fatal(err)
	}
	for _, s := range sheets {
		for i := range s.Rows {
			for c := range s.Rows[i].Cells {
				hostiletest.RequireInert(tb, s.Rows[i].Cells[c].Text)
			}
		}
	}
	f, err := excelize.OpenReader(strings.NewReader(workbook))
	if err != nil {
		tb.Fatal(err)
	}
	for _, s := range sheets {
		for i := range s.Rows {
			for c := range s.Rows[i].Cells {
				if formula, err := f.GetCellFormula(s.Name, sheet.CellName(c, s.Rows[i].Number)); err != nil || formula != "" {
					tb.Errorf("%s is the formula %q (%v)", s.At(c, s.Rows[i].Number), formula, err)
				}
			}
		}
	}
}
