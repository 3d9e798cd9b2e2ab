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

package render

import (
	"strings"
	"unicode"

	eastasian "golang.org/x/text/width"
)

// Width is how many columns text takes on a terminal: two for the scripts of East Asia and for emoji, none for accents on letters.
func Width(text string) int {
	if isPlain(text) {
		return len(text)
	}
	sum := 0
	for _, r := range text {
		sum += columns(r)
	}
	return sum
}

func columns(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch eastasian.LookupRune(r).Kind() { //nolint:exhaustive // All others are narrow.
	case eastasian.EastAsianWide, eastasian.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Cut shortens text to so many columns.
func Cut(text string, width int) string {
	if Width(text) <= width {
		return text
	}
	return text[:fitting(text, width-1)] + "…"
}

// fitting is the length of the beginning of text that fits in so many columns.
func fitting(text string, width int) int {
	used := 0
	for at, r := range text {
		if used += columns(r); used > width {
			return at
		}
	}
	return len(text)
}

// Pad fills text up to so many columns.
func Pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-Width(text)))
}

// PadLeft does so from the left, as for numbers.
func PadLeft(text string, width int) string {
	return strings.Repeat(" ", max(0, width-Width(text))) + text
}

// pieces breaks a word that does not fit in so many columns, where it is of a script that has no blanks between words.
func pieces(word string, width int) []string {
	if len(word) <= width || Width(word) == len([]rune(word)) {
		return []string{word}
	}
	var all []string
	for Width(word) > width {
		at := fitting(word, width)
		all = append(all, word[:at])
		word = word[at:]
	}
	return append(all, word)
}
