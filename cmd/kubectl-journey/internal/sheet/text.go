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

// Package sheet reads and writes tables of spreadsheets: CSV files and XLSX workbooks. It knows nothing about journeys. It knows rows, cells,
// and text in cells that a program would take for a command.
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

// Empty stands for an empty text where an empty cell or line would mean that there is no text, for instance in a list.
const Empty = `\u{}`

// escaped is how a character is written that must not be in a cell itself. People write \x41 and \u0041 in paths and code, but never this
// form with braces.
var escaped = regexp.MustCompile(`(\\+)u\{([0-9a-f]{0,6})\}`)

// atEscape matches an escape, or text that looks like one, at the beginning of a text.
var atEscape = regexp.MustCompile(`^u\{[0-9a-f]{0,6}\}`)

// reserved matches the form in which workbooks write control characters.
var reserved = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

// Escape makes text fit for a cell. Some characters become visible escapes such as \u{202e}: those that could control a terminal, reorder or
// hide text, those that a workbook cannot hold, blanks at both ends, which people and programs lose, and the characters in also, which
// have a meaning in the cell. Unescape returns exactly the same text again.
func Escape(text, also string) string { return escape(text, also, -1) }

// EscapeBlock is Escape for text of several lines. It keeps a line end at the end, since such text often has one.
func EscapeBlock(text string) string {
	keep := -1
	if trimmed := strings.TrimRightFunc(text, unicode.IsSpace); trimmed != "" && trimmed+"\n" == text {
		keep = len(trimmed)
	}
	return escape(text, "", keep)
}

// EscapeFirst always escapes the first character too. Import takes text with an escape literally. It does not make a name of it, as it does
// of other text.
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
		// Double the backslashes before an escape, or before text that looks like one, so that they differ from the escape's own backslash.
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

// isActive tells whether a character is not inert, and no line end.
func isActive(r rune) bool { return r != '\n' && !terminal.Inert(r) }

// isPlain is a quick check that tells of most text that it needs no escape.
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

// Trim removes the blanks at both ends of a cell. In a block it keeps one line end at the end, as EscapeBlock does.
func Trim(text string, block bool) string {
	trimmed := strings.TrimSpace(text)
	if block && trimmed != "" && strings.HasSuffix(text, trimmed+"\n") {
		return trimmed + "\n"
	}
	return trimmed
}

// formulaSigns are the characters that a spreadsheet takes for the beginning of a formula. East Asian keyboards have full-width ones.
const formulaSigns = "=+-@＝＋－＠"

// InertCSV puts an apostrophe before text that a spreadsheet would run as a formula. It also does so after a line end and a semicolon, since a
// program that reads them as the end of a cell begins a new cell there. Restore removes the apostrophes again.
func InertCSV(text string) string { return eachPart(text, func(int) bool { return true }, "'") }

// InertXLSX does the same for a workbook. There text never is a formula. Only an apostrophe that Restore would remove gets a second one.
func InertXLSX(text string) string {
	return eachPart(text, func(quotes int) bool { return quotes > 0 }, "'")
}

// Restore removes the apostrophes that InertCSV and InertXLSX put there.
func Restore(text string) string {
	return eachPart(text, func(quotes int) bool { return quotes > 0 }, "")
}

// eachPart visits the parts of a text that a spreadsheet might take for a cell. If a part is a formula, or a formula after apostrophes, it
// puts add before it. If add is empty, it removes one apostrophe.
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
