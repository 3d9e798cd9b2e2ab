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
	"strconv"
	"strings"
	"unicode"
)

// Mermaid makes any text safe inside a line of a Mermaid diagram. Letters, digits and harmless punctuation stay. All else becomes an
// entity, which is shown as the character. Text must not begin a statement: put a word before it, since Mermaid cannot quote its
// keywords.
func Mermaid(text string) string {
	var b strings.Builder
	for _, r := range Line(text) {
		if isMermaidText(r) {
			b.WriteRune(r)
		} else {
			b.WriteString("#" + strconv.Itoa(int(r)) + ";")
		}
	}
	return b.String()
}

func isMermaidText(r rune) bool {
	switch r {
	case ' ', '.', ',', '-', '_', '(', ')', '\'', '/':
		return true
	case 'ﬂ':
		// Mermaid marks its own entities with this letter.
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}
