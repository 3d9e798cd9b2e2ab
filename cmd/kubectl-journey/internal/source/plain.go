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

package source

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainYAML reads the YAML that tools and careful people write: maps and lists in block style, one entry a line, with values that are
// plain text, small whole numbers, true, false, or text in double quotes without escapes. Whatever else a document has, be it a
// comment, makes it give up; then the YAML library decides. So there is nothing here to know of YAML but that these few lines
// mean the same in it, which a fuzz test holds against the library. It takes a tenth of the library's time, and the texts
// share one piece of memory.
type plainYAML struct {
	rest string
	// indent and line are those of the line to be read next; line has neither indentation nor end.
	indent int
	line   string
	ok     bool
}

// maxDepth is how deep a document may be for plainYAML.
const maxDepth = 20

// decodePlain reads a document that is a map.
func decodePlain(text []byte) (map[string]any, bool) {
	p := &plainYAML{rest: string(text), ok: true}
	p.next()
	if p.indent != 0 || p.line == "" {
		return nil, false
	}
	value := p.mapping(0, 0)
	return value, p.ok && p.line == ""
}

func (p *plainYAML) fail() { p.ok, p.line, p.rest = false, "", "" }

// next goes to the next line that is not empty. At the end the line is empty.
func (p *plainYAML) next() {
	p.line, p.indent = "", -1
	for p.rest != "" && p.line == "" {
		p.line, p.rest, _ = strings.Cut(p.rest, "\n")
	}
	if p.line == "" {
		return
	}
	text := strings.TrimLeft(p.line, " ")
	p.indent, p.line = len(p.line)-len(text), text
	if text == "" || strings.HasSuffix(text, " ") {
		p.fail()
	}
}

// mapping reads the entries with an indentation.
func (p *plainYAML) mapping(indent, depth int) map[string]any {
	object := make(map[string]any, 4)
	for p.ok && p.indent == indent && !isItem(p.line) {
		key, value, found := strings.Cut(p.line, ":")
		if _, twice := object[key]; !found || twice || !isPlainKey(key) {
			p.fail()
			return nil
		}
		if value == "" {
			object[key] = p.below(indent, depth)
			continue
		}
		if value[0] != ' ' {
			p.fail()
			return nil
		}
		object[key] = p.scalar(value[1:], indent)
	}
	// An entry between this level and the one above belongs to neither.
	return object
}

// below reads what stands below a key: a list or a map.
func (p *plainYAML) below(indent, depth int) any {
	p.next()
	switch {
	case depth == maxDepth || p.indent < indent:
	case isItem(p.line):
		return p.list(p.indent, indent, depth+1)
	case p.indent > indent:
		value := p.mapping(p.indent, depth+1)
		p.ends(indent)
		return value
	}
	// A null among others.
	p.fail()
	return nil
}

// ends checks that what follows something inside an entry belongs to that entry's level, or one further out.
func (p *plainYAML) ends(indent int) {
	if p.indent > indent {
		p.fail()
	}
}

func isItem(line string) bool { return strings.HasPrefix(line, "- ") }

// list reads the items with an indentation. The list may stand right below its key.
func (p *plainYAML) list(indent, parent, depth int) any {
	var items []any
	for p.ok && p.indent == indent && isItem(p.line) {
		p.line = p.line[len("- "):]
		switch key, value, found := strings.Cut(p.line, ":"); {
		case strings.HasPrefix(p.line, " "), isItem(p.line):
			p.fail()
		case found && isPlainKey(key) && (value == "" || value[0] == ' '):
			p.indent = indent + len("- ")
			items = append(items, p.mapping(p.indent, depth))
			p.ends(indent)
		default:
			items = append(items, p.scalar(p.line, indent))
		}
	}
	p.ends(parent)
	return items
}

// scalar reads a value, and goes to the next line, which must not continue it.
func (p *plainYAML) scalar(text string, indent int) any {
	value, ok := plainScalar(text)
	if !ok {
		p.fail()
		return nil
	}
	p.next()
	p.ends(indent)
	return value
}

func plainScalar(text string) (any, bool) {
	switch {
	case text == "true":
		return true, true
	case text == "false":
		return false, true
	case text == "":
		return nil, false
	case text[0] == '"':
		return quotedText(text)
	case '0' <= text[0] && text[0] <= '9':
		return wholeNumber(text)
	}
	return text, isPlainText(text)
}

// quotedText reads a text in double quotes on one line.
func quotedText(text string) (any, bool) {
	inside, closed := strings.CutSuffix(text[1:], `"`)
	if !closed {
		return nil, false
	}
	for _, r := range inside {
		if r == '"' || r == '\\' || !isPlainRune(r) && !strings.ContainsRune(":#[]{}`", r) {
			return nil, false
		}
	}
	return inside, true
}

// wholeNumber reads a number that no number base, date or time could be meant by.
func wholeNumber(text string) (any, bool) {
	if len(text) > 9 || len(text) > 1 && text[0] == '0' {
		return nil, false
	}
	var n int64
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return nil, false
		}
		n = 10*n + int64(text[i]-'0')
	}
	return n, true
}

// isPlainText tells whether a text without quotes is just that.
func isPlainText(text string) bool {
	if first, _ := utf8.DecodeRuneInString(text); !unicode.IsLetter(first) || isSpecial(text) {
		return false
	}
	for _, r := range text {
		if !isPlainRune(r) {
			return false
		}
	}
	return true
}

// isPlainRune tells whether a character means nothing to YAML, neither within plain text nor in quotes.
func isPlainRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= ' ' && r < 0x7f && !strings.ContainsRune(":#[]{}`\\", r)
	}
	return r < 0xd800 && unicode.IsLetter(r)
}

// maxKey is the length of a key, far below what YAML allows.
const maxKey = 100

func isPlainKey(key string) bool {
	if key == "" || len(key) > maxKey || isSpecial(key) {
		return false
	}
	for i := range len(key) {
		c := key[i]
		isLetter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		isOther := '0' <= c && c <= '9' || c == '-' || c == '.' || c == '/'
		if !isLetter && (i == 0 || !isOther) {
			return false
		}
	}
	return true
}

// isSpecial tells whether YAML takes a word for something else than text. All such words that begin with a letter are short.
func isSpecial(word string) bool {
	if len(word) > len("false") {
		return false
	}
	switch strings.ToLower(word) {
	case "y", "yes", "n", "no", "on", "off", "true", "false", "null", "nan", "inf":
		return true
	}
	return false
}
