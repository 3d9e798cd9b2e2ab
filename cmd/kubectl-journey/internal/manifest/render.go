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

package manifest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"go.yaml.in/yaml/v3"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// width is the column at which long text is folded. With short lines, a review shows the one line that changed.
const width = 100

// Render writes an object as a YAML document, its fields in the order of the documentation.
func Render(object map[string]any) (string, error) {
	lines, err := mapping(object, known(object, nil), 0)
	if err != nil {
		return "", err
	}
	return strings.Join(lines, "\n") + "\n", nil
}

// mapping writes the fields of an object. Each line is indented by so many blanks.
func mapping(object map[string]any, s *shape, indent int) ([]string, error) {
	var lines []string
	for _, key := range s.ordered(object) {
		field, err := keyed(key, object[key], s.field(key), indent)
		if err != nil {
			return nil, err
		}
		lines = append(lines, field...)
	}
	return lines, nil
}

// keyed writes one field.
func keyed(key string, value any, s *shape, indent int) ([]string, error) {
	head, err := keyText(key)
	if err != nil {
		return nil, err
	}
	return after(blanks(indent)+head+":", value, known(value, s), indent)
}

// keyTexts caches keys as they are written in YAML. There are few keys, and a large import writes each of them very often.
var keyTexts sync.Map

func keyText(key string) (string, error) {
	if text, ok := keyTexts.Load(key); ok {
		return text.(string), nil
	}
	text, err := inline(key)
	if err == nil {
		keyTexts.Store(key, text)
	}
	return text, err
}

// item writes one entry of a list.
func item(value any, s *shape, indent int) ([]string, error) {
	object, ok := value.(map[string]any)
	if !ok || len(object) == 0 {
		return after(blanks(indent)+"-", value, s, indent)
	}
	lines, err := mapping(object, known(value, s), indent+2)
	if err != nil {
		return nil, err
	}
	lines[0] = blanks(indent) + "- " + lines[0][indent+2:]
	return lines, nil
}

// after writes a value behind its head: a key or a dash. The head is indented by so many blanks.
func after(head string, value any, s *shape, indent int) ([]string, error) {
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 {
			return []string{head + " {}"}, nil
		}
		inside, err := mapping(v, s, indent+2)
		return append([]string{head}, inside...), err
	case []any:
		if len(v) == 0 {
			return []string{head + " []"}, nil
		}
		lines := []string{head}
		for _, entry := range v {
			inside, err := item(entry, s.entries(), indent+2)
			if err != nil {
				return nil, err
			}
			lines = append(lines, inside...)
		}
		return lines, nil
	case string:
		return textLines(head, v, indent)
	}
	text, err := inline(value)
	return []string{head + " " + text}, err
}

func blanks(n int) string { return strings.Repeat(" ", n) }

// textLines writes text. Short text is on one line, and long text is folded. Text of several lines becomes a block. If a reviewer would
// not see all its characters, it is written with escapes.
func textLines(head, text string, indent int) ([]string, error) {
	switch {
	case !isVisible(text):
		quoted, err := escape(text)
		return []string{head + " " + quoted}, err
	case strings.Contains(text, "\n"):
		return block(head, text, indent)
	}
	plain, err := inline(text)
	if err != nil {
		return nil, err
	}
	if indent+2+uniseg.StringWidth(text) <= width || !canFold(text) {
		return []string{head + " " + plain}, nil
	}
	lines := []string{head + " >-"}
	for _, line := range fold(text, width-indent-2) {
		lines = append(lines, blanks(indent+2)+line)
	}
	return lines, nil
}

// isVisible tells whether people can see all characters of a text.
func isVisible(text string) bool {
	for _, r := range text {
		if r != '\n' && !terminal.Inert(r) || r == utf8.RuneError {
			return false
		}
	}
	return true
}

// escape writes text in double quotes, with escapes for characters that people cannot see.
func escape(text string) (string, error) {
	quoted, err := json.Marshal(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, r := range string(quoted) {
		switch {
		case terminal.Inert(r):
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	// The JSON encoder escapes these for HTML. YAML does not need that, and it is hard to read.
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(b.String()), nil
}

// block writes text of several lines as a YAML block, if YAML can hold it so.
func block(head, text string, indent int) ([]string, error) {
	body := strings.TrimRight(text, "\n")
	first, _, _ := strings.Cut(body, "\n")
	ends := len(text) - len(body)
	if body == "" || ends > 1 || first == "" || strings.HasPrefix(first, " ") || blankLine.MatchString(body) {
		quoted, err := escape(text)
		return []string{head + " " + quoted}, err
	}
	lines := []string{head + " |-"}
	if ends == 1 {
		lines[0] = head + " |"
	}
	for line := range strings.SplitSeq(body, "\n") {
		if line != "" {
			line = blanks(indent+2) + line
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// blankLine matches blanks at the end of a line. Many editors remove them, so a block must not hold them.
var blankLine = regexp.MustCompile(`(?m)[ \t]+$`)

// canFold tells whether text can be broken at its blanks and is still read as the same text.
func canFold(text string) bool {
	return strings.TrimSpace(text) == text && strings.Contains(text, " ")
}

// fold breaks text into lines, at single blanks.
func fold(text string, most int) []string {
	var lines []string
	line := ""
	words := strings.Split(text, " ")
	for i, word := range words {
		switch {
		case i == 0:
			line = word
		case word != "" && words[i-1] != "" && uniseg.StringWidth(line)+1+uniseg.StringWidth(word) > max(most, 20):
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// inline writes a value on one line.
func inline(value any) (string, error) {
	if text, ok := value.(string); ok && (!isVisible(text) || strings.ContainsFunc(text, mustQuote)) {
		return escape(text)
	}
	data, err := yaml.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("writing YAML: %w", err)
	}
	line := strings.TrimSuffix(string(data), "\n")
	if strings.Contains(line, "\n") {
		return escape(fmt.Sprint(value))
	}
	return line, nil
}

// mustQuote tells whether a character needs double quotes. Line ends do. So do characters above U+FFFF, such as emoji: the YAML library
// would write them as numbers.
func mustQuote(r rune) bool { return r == '\n' || r > 0xffff }

// simple matches text that needs no quotes in a list in brackets.
var simple = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ./_-]*$`)

// brackets writes a short list on one line, as [web, phone], if that is possible.
func brackets(items []any) (string, bool) {
	texts := make([]string, len(items))
	for i, entry := range items {
		text, ok := entry.(string)
		if !ok || !simple.MatchString(text) || strings.HasSuffix(text, " ") {
			return "", false
		}
		plain, err := inline(text)
		if err != nil {
			return "", false
		}
		texts[i] = plain
	}
	return "[" + strings.Join(texts, ", ") + "]", true
}

// braces writes a small object on one line, as {date: "2027-03-01", value: 3}, if that is possible.
func braces(value any, s *shape) (string, bool) {
	object, ok := value.(map[string]any)
	if !ok || len(object) == 0 {
		return "", false
	}
	var fields []string
	for _, key := range s.ordered(object) {
		head, err := keyText(key)
		if err != nil || isContainer(object[key]) {
			return "", false
		}
		text, err := inline(object[key])
		if err != nil || strings.ContainsAny(text, "\n,[]{}#") {
			return "", false
		}
		fields = append(fields, head+": "+text)
	}
	return "{" + strings.Join(fields, ", ") + "}", true
}
