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

package terminal

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Width is how many columns text takes on a terminal. A character of an East Asian script and an emoji take two. An accent on a letter
// takes none.
func Width(text string) int {
	if isPlain(text) {
		return len(text)
	}
	return uniseg.StringWidth(text)
}

// Cut shortens text to at most so many columns.
func Cut(text string, width int) string {
	if Width(text) <= width {
		return text
	}
	return text[:fitting(text, width-1)] + "…"
}

// fitting returns how many bytes of text fit in so many columns. It does not split what people see as one character.
func fitting(text string, width int) int {
	rest, state := text, -1
	for used := 0; rest != ""; {
		_, after, columns, next := uniseg.FirstGraphemeClusterInString(rest, state)
		if used += columns; used > width {
			break
		}
		rest, state = after, next
	}
	return len(text) - len(rest)
}

// Beginning returns the beginning of text, of at most so many code points. It does not split what people see as one character.
func Beginning(text string, most int) string {
	rest, state := text, -1
	for rest != "" {
		character, after, _, next := uniseg.FirstGraphemeClusterInString(rest, state)
		if most -= utf8.RuneCountInString(character); most < 0 {
			break
		}
		rest, state = after, next
	}
	return text[:len(text)-len(rest)]
}

// Pad adds blanks after text, up to so many columns.
func Pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-Width(text)))
}

// PadLeft adds blanks before text, up to so many columns. It is for numbers.
func PadLeft(text string, width int) string {
	return strings.Repeat(" ", max(0, width-Width(text))) + text
}

// pieces breaks a word that does not fit in so many columns. It does so only for scripts without blanks between words.
func pieces(word string, width int) []string {
	if len(word) <= width || Width(word) == uniseg.GraphemeClusterCount(word) {
		return []string{word}
	}
	var all []string
	for Width(word) > width {
		at := fitting(word, width)
		if at == 0 {
			break // Not even one character fits.
		}
		all = append(all, word[:at])
		word = word[at:]
	}
	return append(all, word)
}
