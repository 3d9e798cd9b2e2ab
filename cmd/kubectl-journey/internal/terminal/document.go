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
	"fmt"
	"io"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Document collects lines of text for people. The caller must make text from objects inert before adding it.
type Document struct {
	Screen

	lines []string
}

// Print prints all lines.
func (d *Document) Print(w io.Writer) error {
	_, err := io.WriteString(w, strings.Join(d.lines, "\n")+"\n")
	return err
}

// Line adds a line.
func (d *Document) Line(text string) { d.lines = append(d.lines, strings.TrimRight(text, " ")) }

// Title adds a title. It is underlined; the line is as long as the longest line of the title.
func (d *Document) Title(text string) {
	longest := 0
	for _, line := range Wrap(text, d.Width) {
		d.Line(d.Bold(line))
		longest = max(longest, min(Width(line), d.Width))
	}
	d.Line(d.Bold(strings.Repeat("=", longest)))
}

// Section adds a blank line and a heading.
func (d *Document) Section(heading string) {
	d.Line("")
	d.Line(d.Bold(heading))
}

// Wrapped adds text after a short first part. It is wrapped, and all further lines are indented to stand below the text.
func (d *Document) Wrapped(first, text string) {
	indent := Width(first)
	for n, line := range Wrap(text, d.Width-indent) {
		if n > 0 {
			first = strings.Repeat(" ", indent)
		}
		d.Line(first + line)
	}
}

// Count puts a number before a noun: "1 day", "2 days".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Date returns a date as text, or - if it is no valid date. A cluster may hold anything there, and dates are printed without escapes.
func Date(d cxv1alpha1.Date) string {
	if !d.IsValid() {
		return "-"
	}
	return string(d)
}
