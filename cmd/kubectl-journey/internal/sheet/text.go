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

// Package sheet reads and writes the tables that people keep in spreadsheets: CSV files and XLSX workbooks. It knows nothing of
// journeys, only of rows, cells and the mischief that text in cells can do.
package sheet

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// Empty stands for an empty text where nothing would mean that there is no text at all, as between the lines of a list.
const Empty = `\u{}`

// escaped is how a character stands in a cell that must not stand there by itself. People write \x41 and \u0041 in paths and code, but
// never this with braces.
var escaped = regexp.MustCompile(`(\\+)u\{([0-9a-f]{0,6})\}`)

// atEscape finds an escape, or text that looks like one, at the beginning.
var atEscape = regexp.MustCompile(`^u\{[0-9a-f]{0,6}\}`)

// reserved is how workbooks themselves write control characters.
var reserved = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

// Escape makes text fit for a cell: characters that could steer a terminal, reorder or hide text, or that a workbook cannot hold become
// visible escapes such as \u{202e}, and so do blanks at both ends, which people and programs lose, and the characters in also, which
// mean something in the cell. Unescape gives the text back exactly.
func Escape(text, also string) string { return escape(text, also, -1) }

// EscapeBlock is Escape for texts of several lines: a line end at the end stays as it is, since they often have one.
func EscapeBlock(text string) string {
	keep := -1
	if trimmed := strings.TrimRightFunc(text, unicode.IsSpace); trimmed != "" && trimmed+"\n" == text {
		keep = len(trimmed)
	}
	return escape(text, "", keep)
}

// EscapeFirst escapes the first character too, whatever it is. Text with an escape in it is taken literally, also where other text
// would be made into a name.
func EscapeFirst(text, also string) string {
	if text == "" {
		return Empty
	}
	r, size := utf8.DecodeRuneInString(text)
	return fmt.Sprintf(`\u{%x}`, r) + Escape(text[size:], also)
}

// escape leaves the blank at the position keep alone.
func escape(text, also string, keep int) string {
	if isPlain(text) && (also == "" || !strings.ContainsAny(text, also)) {
		return text
	}
	_, size := utf8.DecodeLastRuneInString(text)
	last := len(text) - size
	var b strings.Builder
	slashes := 0
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if r == '\\' {
			slashes++
			b.WriteByte('\\')
			at += size
			continue
		}
		outer := unicode.IsSpace(r) && (at == 0 || at == last) && at != keep
		must := outer || isActive(r) || strings.ContainsRune(also, r) || r == '_' && reserved.MatchString(text[at:])
		// Backslashes before an escape, or before what looks like one, count double, so that one can tell them from the escape's own.
		if slashes > 0 && (must || atEscape.MatchString(text[at:])) {
			b.WriteString(strings.Repeat(`\`, slashes))
		}
		slashes = 0
		if must {
			fmt.Fprintf(&b, `\u{%x}`, r)
		} else {
			b.WriteString(text[at : at+size])
		}
		at += size
	}
	return b.String()
}

// isActive tells of characters that do something else than print themselves, or end a line.
func isActive(r rune) bool { return r != '\n' && !terminal.Inert(r) }

// isPlain tells of most text, quickly, that nothing in it needs an escape.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == '\\' || c == '_' {
			return false
		}
	}
	return text == "" || text[0] != ' ' && text[len(text)-1] != ' '
}

// Unescape undoes Escape. The text must be trimmed already.
func Unescape(text string) string {
	if !strings.Contains(text, `\u{`) {
		return text
	}
	return escaped.ReplaceAllStringFunc(text, func(found string) string {
		slashes := len(found) - len(strings.TrimLeft(found, `\`))
		name := found[slashes:]
		literal := strings.Repeat(`\`, slashes/2)
		if slashes%2 == 0 {
			return literal + name
		}
		digits := name[len("u{") : len(name)-1]
		if digits == "" {
			return literal
		}
		code, err := strconv.ParseInt(digits, 16, 32)
		if err != nil || !utf8.ValidRune(rune(code)) {
			return found
		}
		return literal + string(rune(code))
	})
}

// IsEscaped tells whether there is an escape in the text.
func IsEscaped(text string) bool { return Unescape(text) != text }

// Trim removes the blanks at both ends of a cell; in a block a single line end at the end is kept, as in Escape.
func Trim(text string, block bool) string {
	trimmed := strings.TrimSpace(text)
	if block && trimmed != "" && strings.HasSuffix(text, trimmed+"\n") {
		return trimmed + "\n"
	}
	return trimmed
}

// formulaSigns are what a spreadsheet takes for the beginning of a formula, also the full-width ones of East Asian keyboards.
const formulaSigns = "=+-@＝＋－＠"

// InertCSV puts an apostrophe before text that a spreadsheet would run as a formula. It does so too after a line end and a semicolon: a
// program that takes those for the end of a cell begins a new one there. Restore undoes it exactly.
func InertCSV(text string) string { return eachPart(text, func(int) bool { return true }, "'") }

// InertXLSX does the same for a workbook, in which text is text: only an apostrophe that Restore would remove gets another one.
func InertXLSX(text string) string {
	return eachPart(text, func(quotes int) bool { return quotes > 0 }, "'")
}

// Restore removes the apostrophes that InertCSV and InertXLSX put there.
func Restore(text string) string {
	return eachPart(text, func(quotes int) bool { return quotes > 0 }, "")
}

// eachPart goes over the parts of a text that a spreadsheet might take for a cell of its own, and in those that are formulas, or
// formulas behind apostrophes, adds an apostrophe or (when add is empty) removes one.
func eachPart(text string, applies func(quotes int) bool, add string) string {
	if !strings.ContainsAny(text, formulaSigns) {
		return text
	}
	var b strings.Builder
	for text != "" {
		part, rest := text, ""
		if end := strings.IndexAny(text, "\n;"); end >= 0 {
			part, rest = text[:end+1], text[end+1:]
		}
		body := strings.TrimLeftFunc(part, unicode.IsSpace)
		formula := strings.TrimLeft(body, "'")
		first, _ := utf8.DecodeRuneInString(formula)
		if quotes := len(body) - len(formula); formula != "" && strings.ContainsRune(formulaSigns, first) && applies(quotes) {
			b.WriteString(part[:len(part)-len(body)] + add)
			if add == "" {
				body = body[1:]
			}
			b.WriteString(body)
		} else {
			b.WriteString(part)
		}
		text = rest
	}
	return b.String()
}
