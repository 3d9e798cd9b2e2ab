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

import "strings"

// maxMarkdownText is how many characters of a text are kept in Markdown.
const maxMarkdownText = 400

// MarkdownCode puts any text into a code span. In a code span nothing has a meaning: no Markdown, HTML, mentions (@somebody), references
// (#1), links, emoji names or commands of a platform.
func MarkdownCode(text string) string {
	text = Cut(Line(text), maxMarkdownText)
	if strings.TrimSpace(text) == "" {
		// Markdown has no empty code span.
		return ""
	}
	longest, run := 0, 0
	for _, r := range text {
		if r == '`' {
			run++
		} else {
			run = 0
		}
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// MarkdownCell does the same for a cell of a table. It escapes bars, since a bar would end the cell even in a code span.
func MarkdownCell(text string) string {
	// A backslash before a bar would be taken for the escape of the bar.
	text = strings.ReplaceAll(text, `\|`, `\ |`)
	return strings.ReplaceAll(MarkdownCode(text), "|", `\|`)
}
