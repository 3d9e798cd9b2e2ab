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

package intake

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText returns the text of HTML: one line for each paragraph and for each list item, which begins with a mark.
func htmlText(source, mark string) string {
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(source))
	newLine := func() {
		if b.Len() > 0 && !strings.HasSuffix(b.String(), "\n") {
			b.WriteByte('\n')
		}
	}
	hidden := 0
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			// Reading a string does not fail, so this is the end.
			return tidyLines(b.String())
		}
		token := tokens.Token()
		switch {
		case token.DataAtom == atom.Script || token.DataAtom == atom.Style:
			hidden = 0
			if kind == html.StartTagToken {
				hidden = 1
			}
		case hidden > 0:
		case kind == html.TextToken:
			b.WriteString(between(token.Data, b.Len() == 0 || strings.HasSuffix(b.String(), "\n")))
		case token.DataAtom == atom.Li && kind == html.StartTagToken:
			newLine()
			b.WriteString(mark)
		case token.DataAtom == atom.Td && kind == html.EndTagToken:
			b.WriteString(" ")
		case token.DataAtom == atom.Br:
			b.WriteByte('\n')
		case slices.Contains(blocks, token.DataAtom):
			newLine()
		}
	}
}

// between replaces each run of blanks by one blank, also at both ends. At the beginning of a line there is none.
func between(text string, begins bool) string {
	words := strings.Join(strings.Fields(text), " ")
	before, after := "", ""
	if strings.TrimLeftFunc(text, unicode.IsSpace) != text && !begins {
		before = " "
	}
	if words != "" && strings.TrimRightFunc(text, unicode.IsSpace) != text {
		after = " "
	}
	return before + words + after
}

// blocks are the elements that begin and end a line.
var blocks = []atom.Atom{
	atom.P, atom.Div, atom.Ul, atom.Ol, atom.Li, atom.Table, atom.Tr, atom.Pre, atom.Blockquote, atom.Hr, atom.Section, atom.Article,
	atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Dl, atom.Dt, atom.Dd,
}

// tidyLines removes blanks at the ends of lines, and all but one of several empty lines.
func tidyLines(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, line)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
