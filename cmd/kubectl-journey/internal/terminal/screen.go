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
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// Screen is what text is printed on.
type Screen struct {
	// Width in columns.
	Width int
	// Color tells whether colours and bold text may be used.
	Color bool
}

// Widths of screens: that of a file or pipe, and the least and the most that is used of a terminal.
const (
	defaultWidth = 100
	minWidth     = 60
	maxWidth     = 500
)

// ScreenOf returns what a command prints on. If COLUMNS is set, that is the width. Only a terminal gets colours, and none if
// NO_COLOR is set or TERM is dumb.
func ScreenOf(out io.Writer, getenv func(string) string) Screen {
	s := Screen{Width: defaultWidth}
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		s.Color = getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			s.Width = width
		}
	}
	if width, err := strconv.Atoi(getenv("COLUMNS")); err == nil && width > 0 {
		s.Width = width
	}
	s.Width = min(max(s.Width, minWidth), maxWidth)
	return s
}

// style is how text looks on a screen with colours.
type style string

const (
	stylePlain    style = ""
	styleBold     style = "1"
	styleFaint    style = "2"
	styleLate     style = "1;31"
	styleStarted  style = "32"
	stylePlanned  style = "36"
	styleProposed style = "2"
)

var fillStyles = map[Fill]style{FillStarted: styleStarted, FillPlanned: stylePlanned, FillProposed: styleProposed}

// cell is one column of a line.
type cell struct {
	text  string
	style style
}

// join makes a line of cells. It cuts blanks at the end.
func (s Screen) join(cells []cell) string {
	for len(cells) > 0 && cells[len(cells)-1].text == " " {
		cells = cells[:len(cells)-1]
	}
	var b strings.Builder
	for from := 0; from < len(cells); {
		to := from
		var run strings.Builder
		for to < len(cells) && cells[to].style == cells[from].style {
			run.WriteString(cells[to].text)
			to++
		}
		b.WriteString(s.paint(run.String(), cells[from].style))
		from = to
	}
	return b.String()
}

func (s Screen) paint(text string, as style) string {
	if !s.Color || as == stylePlain || text == "" {
		return text
	}
	return "\x1b[" + string(as) + "m" + text + "\x1b[0m"
}

// Bold makes text stand out.
func (s Screen) Bold(text string) string { return s.paint(text, styleBold) }

// Faint makes text less visible.
func (s Screen) Faint(text string) string { return s.paint(text, styleFaint) }

// Late shows text in the style of what is late.
func (s Screen) Late(text string) string { return s.paint(text, styleLate) }

// Paint shows text in the style of bars with a fill.
func (s Screen) Paint(text string, as Fill) string { return s.paint(text, fillStyles[as]) }

// nbsp keeps two words on one line. It is printed as a blank.
const nbsp = "\u00a0"

// Wrap breaks text between words into lines of at most so many columns. A longer word gets a line of its own. No-break spaces become
// blanks.
func Wrap(text string, width int) []string {
	var words []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }) {
		words = append(words, pieces(strings.ReplaceAll(word, nbsp, " "), width)...)
	}
	return WrapParts(words, " ", width)
}

// WrapParts joins parts with a separator, on lines of at most so many columns. Codes of colours do not count as columns.
func WrapParts(parts []string, separator string, width int) []string {
	var lines []string
	line, used := "", 0
	for _, part := range parts {
		needed := Width(colours.ReplaceAllString(part, ""))
		switch {
		case used == 0:
			line, used = part, needed
		case used+len(separator)+needed <= width:
			line += separator + part
			used += len(separator) + needed
		default:
			lines = append(lines, line)
			line, used = part, needed
		}
	}
	return append(lines, line)
}

// colours matches the codes that paint adds to text.
var colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)
