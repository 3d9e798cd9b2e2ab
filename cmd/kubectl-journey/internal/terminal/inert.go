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

// Package terminal prints tables, trees, charts and lists of objects. All text from objects is made inert: it cannot control a terminal,
// and cannot reorder or hide the text around it.
package terminal

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many marks one letter may have. No language needs more. Many marks would cover the lines above and below.
const maxMarks = 8

// Line makes any text safe to print on a line of a terminal. White space becomes a space. Control characters, and characters that reorder
// or hide text, become visible escapes such as \x1b and \u202e. Bytes that are not UTF-8 become U+FFFD. Text that the runner of a CI
// pipeline would take for a command gets an escape in it, so that it is none.
func Line(text string) string {
	text = breakCommands(text)
	if isPlain(text) {
		return text
	}
	var b strings.Builder
	marks := 0
	for _, r := range text {
		if marks++; !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
		}
		switch {
		case r == '\n', r == '\r', r == '\t':
			b.WriteByte(' ')
		case isInert(r) && marks <= maxMarks:
			b.WriteRune(r)
		default:
			b.WriteString(escape(r))
		}
	}
	return b.String()
}

// command matches the beginning of a command to the runner of a CI pipeline. Runners look for commands in what a job prints, even in the
// middle of a line: ::error:: (GitHub, Forgejo), ##vso[ (Azure), ##[ (both), ##teamcity[.
var command = regexp.MustCompile(`(?:^|\W)::\w|##\w*\[`)

func breakCommands(text string) string {
	if !strings.Contains(text, "::") && !strings.Contains(text, "##") {
		return text
	}
	return command.ReplaceAllStringFunc(text, func(begin string) string {
		if before, isBracket := strings.CutSuffix(begin, "["); isBracket {
			return before + escape('[')
		}
		return strings.Replace(begin, "::", escape(':')+":", 1)
	})
}

// isPlain is a quick check that tells of most text that nothing needs to be escaped.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] >= 0x7f {
			return false
		}
	}
	return true
}

// isInert does the work of Inert.
func isInert(r rune) bool {
	switch r {
	case '\u200c', '\u200d':
		// Joiners have no width, but words in Persian and Hindi need them, and so do emoji.
		return true
	case '\u2800':
		// A braille pattern without dots is a symbol, but nobody can see it.
		return false
	case utf8.RuneError:
		return true
	}
	// Some letters (Hangul fillers) and marks cannot be seen either.
	return unicode.IsGraphic(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

func escape(r rune) string {
	switch {
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}
