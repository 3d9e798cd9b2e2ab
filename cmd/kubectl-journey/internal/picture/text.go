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

package picture

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// SVG does not wrap text, so lines are broken here. The width of text depends on the fonts of the reader's computer. The widths here are
// those of Helvetica, Arial and Liberation Sans, which are nearly the same. A margin is added for other fonts.

// milliEm is the unit of the widths of characters: a thousandth of the size of the font.
const milliEm = 1000

// asciiWidths are the widths of the ASCII characters, beginning with the space.
var asciiWidths = [...]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

const (
	letterWidth = 600
	// wideWidth is the width of characters of East Asian scripts, and of emoji.
	wideWidth = 1000
	firstWide = 0x1100
	// marginPercent allows for wider fonts, boldPercent for bold text. 100 is the width in asciiWidths.
	marginPercent = 106
	boldPercent   = 107
)

func runeWidth(r rune) int {
	switch {
	case r >= ' ' && int(r-' ') < len(asciiWidths):
		return asciiWidths[r-' ']
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		return 0
	case r >= firstWide && !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Greek, r):
		return wideWidth
	default:
		return letterWidth
	}
}

// font is the size of text, and whether it is bold.
type font struct {
	size int
	bold bool
}

// width is the width of text in pixels, rounded up.
func (f font) width(text string) int {
	sum := 0
	for character := range characters(text) {
		sum += characterWidth(character)
	}
	sum = sum * f.size * marginPercent / 100
	if f.bold {
		sum = sum * boldPercent / 100
	}
	return (sum + milliEm - 1) / milliEm
}

// characters returns the characters of a text as people see them. An emoji of several code points is one of them.
func characters(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		state := -1
		for text != "" {
			var character string
			if len(text) > 1 && text[0] < utf8.RuneSelf && text[1] < utf8.RuneSelf {
				// The fast way, for most text: two ASCII characters are never joined.
				character, text, state = text[:1], text[1:], -1
			} else {
				character, text, _, state = uniseg.FirstGraphemeClusterInString(text, state)
			}
			if !yield(character) {
				return
			}
		}
	}
}

func characterWidth(character string) int {
	first, size := utf8.DecodeRuneInString(character)
	if size < len(character) && uniseg.StringWidth(character) > 1 {
		return wideWidth
	}
	return runeWidth(first)
}

// wrap breaks text into lines of at most so many pixels. If there are more than most lines, the rest is cut and the last line ends with
// "…". A word that is too long is broken after a hyphen, or anywhere if it has none.
func (f font) wrap(text string, width, most int) []string {
	var lines []string
	line := ""
	for _, part := range parts(text) {
		switch {
		case f.width(line+strings.TrimRight(part, " ")) <= width:
			line += part
		default:
			if line != "" {
				lines = append(lines, strings.TrimRight(line, " "))
			}
			var full []string
			full, line = f.breakAnywhere(part, width)
			lines = append(lines, full...)
		}
	}
	if line = strings.TrimRight(line, " "); line != "" {
		lines = append(lines, line)
	}
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] = f.cut(lines[most-1]+" …", width)
	}
	return lines
}

// parts cuts text where a line may end: after blanks and hyphens.
func parts(text string) []string {
	var list []string
	from := 0
	text = strings.Join(strings.Fields(text), " ")
	for at, r := range text {
		next := at + utf8.RuneLen(r)
		if next >= len(text) || r != ' ' && r != '-' && r != '/' || r == '-' && isDigit(text[next]) {
			continue
		}
		list = append(list, text[from:next])
		from = next
	}
	if from < len(text) {
		list = append(list, text[from:])
	}
	return list
}

// isDigit tells whether a byte is a digit. Hyphens between digits are no place to break a line: they are in dates.
func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// leastBroken is how many letters of a broken word must be on each line.
const leastBroken = 3

// breakAnywhere breaks a word that is too long into full lines that end with a hyphen. The rest begins the next line.
func (f font) breakAnywhere(word string, width int) (full []string, rest string) {
	left := slices.Collect(characters(word))
	for f.width(strings.TrimRight(strings.Join(left, ""), " ")) > width {
		n := 1
		for n+1 < len(left) && f.width(strings.Join(left[:n+1], "")+"-") <= width {
			n++
		}
		if after := len(left) - n; after < leastBroken && n > 2*leastBroken {
			n -= leastBroken - after
		}
		hyphen := ""
		if n < len(left) && isLetter(left[n-1]) && isLetter(left[n]) {
			hyphen = "-"
		}
		full = append(full, strings.Join(left[:n], "")+hyphen)
		left = left[n:]
		if len(left) <= 1 {
			break
		}
	}
	return full, strings.Join(left, "")
}

func isLetter(character string) bool {
	first, _ := utf8.DecodeRuneInString(character)
	return unicode.IsLetter(first)
}

// cut shortens text to at most so many pixels.
func (f font) cut(text string, width int) string {
	if f.width(text) <= width {
		return text
	}
	kept := slices.Collect(characters(strings.TrimRight(text, " …")))
	for len(kept) > 0 && f.width(strings.Join(kept, "")+"…") > width {
		kept = kept[:len(kept)-1]
	}
	return strings.TrimRight(strings.Join(kept, ""), " ,.") + "…"
}
