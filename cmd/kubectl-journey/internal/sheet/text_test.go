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
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// anyText draws text with characters that need escapes or apostrophes, and with any others.
func anyText() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{
		"=", "+", "-", "@", "'", "''=", "＝", ";", "\n", " ", "\t", "\r", "\r\n", `\`, `\u{41}`, `u{a}`, `\\u{}`, "_x0041_", "_x005F_", "_",
		"\u202e", "\u200b", "\x00", "\x1b[31m", "\u2028", "\u00a0", "é", "👩‍👩‍👧", "\U000e0067", "\ufeff", "\ufffe", "a", "B", "1", ",", `"`, ":", "/",
	})
	return rapid.Custom(func(t *rapid.T) string {
		if rapid.IntRange(0, 3).Draw(t, "any") == 0 {
			return rapid.String().Draw(t, "text")
		}
		return strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
	})
}

// TestEscape checks that text from a cell is the same as before, in all forms of escaping, and that the text in the cell is inert.
func TestEscape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyText().Draw(t, "text")
		also := rapid.SampledFrom([]string{"", "\n", "\n;", "\n;/"}).Draw(t, "also")
		for way, cell := range map[string]string{"line": Escape(text, also), "first": EscapeFirst(text, also)} {
			if trimmed := Trim(cell, false); trimmed != cell || Unescape(trimmed) != text {
				t.Fatalf("%s: %q stands there as %q and comes back as %q", way, text, cell, Unescape(trimmed))
			}
			if strings.ContainsAny(cell, also) {
				t.Fatalf("%s: %q holds one of %q", way, cell, also)
			}
			requireVisible(t, cell)
		}
		block := EscapeBlock(text)
		if got := Unescape(Trim(block, true)); got != text {
			t.Fatalf("block: %q stands there as %q and comes back as %q", text, block, got)
		}
		requireVisible(t, block)
	})
}

func requireVisible(t *rapid.T, cell string) {
	for _, r := range cell {
		if r != '\n' && !terminal.Inert(r) {
			t.Fatalf("%q is not inert in %q", r, cell)
		}
	}
}

// TestInert checks that no part of a cell is a formula, and that Restore returns the text as it was.
func TestInert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := EscapeBlock(anyText().Draw(t, "text"))
		csv := InertCSV(text)
		if Restore(csv) != text || Restore(InertXLSX(text)) != text {
			t.Fatalf("%q comes back as %q from CSV %q, as %q from a workbook %q", text, Restore(csv), csv, Restore(InertXLSX(text)), InertXLSX(text))
		}
		for _, part := range strings.FieldsFunc(csv, func(r rune) bool { return r == '\n' || r == ';' }) {
			body := strings.TrimLeftFunc(part, unicode.IsSpace)
			if first, _ := utf8.DecodeRuneInString(body); body != "" && strings.ContainsRune(formulaSigns, first) {
				t.Fatalf("%q is a formula in %q", part, csv)
			}
		}
	})
}

func TestInertExamples(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                "plain",
		"=1+1":                 "'=1+1",
		"+31 20 123":           "'+31 20 123",
		"'=1":                  "''=1",
		"'t Hof":               "'t Hof",
		"first\n- second\nx":   "first\n'- second\nx",
		"a;=cmd|'/c calc'!A0":  "a;'=cmd|'/c calc'!A0",
		"a = b - c":            "a = b - c",
		"＝HYPERLINK(\"http\")": "'＝HYPERLINK(\"http\")",
		"name: =1; other: - 2": "name: =1; other: - 2",
	} {
		if got := InertCSV(text); got != want {
			t.Errorf("InertCSV(%q) = %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{`C:\users\x86`: `C:\users\x86`, `\u0041`: `\u0041`, `\u{41}`: "A", `\\u{41}`: `\u{41}`, `\u{110000}`: `\u{110000}`} {
		if got := Unescape(text); got != want {
			t.Errorf("Unescape(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestCSVRoundTrip checks that rows read from CSV are those that were written.
func TestCSVRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 4).Draw(t, "width")
		rows := rapid.SliceOfN(rapid.SliceOfN(anyText(), width, width), 1, 4).Draw(t, "rows")
		var b bytes.Buffer
		// The headings tell the separator.
		want := [][]string{append([]string{"Name"}, strings.Split(strings.Repeat("x", width), "")...)}
		for _, row := range rows {
			cells := []string{"n"}
			for _, text := range row {
				cells = append(cells, InertCSV(EscapeBlock(text)))
			}
			want = append(want, cells)
		}
		for _, cells := range want {
			if err := WriteCSV(&b, cells); err != nil {
				t.Fatal(err)
			}
		}
		s, err := ReadCSV("x.csv", b.Bytes())
		if err != nil || len(s.Rows) != len(want) {
			t.Fatalf("%v: %d rows of %d", err, len(s.Rows), len(want))
		}
		for i, cells := range want {
			for c, text := range cells {
				if got := s.Rows[i].Cell(c).Text; got != text {
					t.Fatalf("%s is %q, want %q", CellName(c, i+1), got, text)
				}
			}
		}
	})
}
