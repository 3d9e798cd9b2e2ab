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
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// document is one document of a YAML stream, or a whole JSON file.
type document struct {
	place Place // of its first line
	text  []byte
	json  bool
}

// line is the place in the file of a line of the document. Lines of the document count from 1.
func (d document) line(number int) Place {
	return Place{File: d.place.File, Line: d.place.Line + number - 1}
}

// splitYAML cuts a stream into its documents. It leaves out documents with nothing but comments. As YAML says, a document ends at a
// line that is "---" or "...", or that begins with one of them and white space.
func splitYAML(file string, content []byte) []document {
	var documents []document
	begin, beginLine := 0, 1
	add := func(end int) {
		if text := content[begin:end]; hasContent(text) {
			documents = append(documents, document{place: Place{File: file, Line: beginLine}, text: text})
		}
	}
	for at, line := 0, 1; at < len(content); line++ {
		end := len(content)
		if i := bytes.IndexByte(content[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if isMarker(content[at:end]) {
			add(at)
			// Text after the marker, on the same line, belongs to the next document.
			begin, beginLine = at+len("---"), line
		}
		at = end
	}
	add(len(content))
	return documents
}

func isMarker(line []byte) bool {
	if !bytes.HasPrefix(line, []byte("---")) && !bytes.HasPrefix(line, []byte("...")) {
		return false
	}
	return len(line) == 3 || strings.IndexByte(" \t\r\n", line[3]) >= 0
}

// hasContent tells whether there is more than comments, directives and white space.
func hasContent(text []byte) bool {
	for len(text) > 0 {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte("\n"))
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' && line[0] != '%' {
			return true
		}
	}
	return false
}

var (
	utf8Mark    = []byte{0xef, 0xbb, 0xbf}
	utf16Marks  = [][]byte{{0xff, 0xfe}, {0xfe, 0xff}}
	notUTF8Help = "save the file as UTF-8"
)

// checkEncoding returns the content without a byte order mark. If it is not UTF-8 text, it returns a fault.
func checkEncoding(file string, content []byte) ([]byte, *Fault) {
	content = bytes.TrimPrefix(content, utf8Mark)
	for _, mark := range utf16Marks {
		if bytes.HasPrefix(content, mark) {
			return nil, &Fault{Place: Place{File: file}, Text: "this is UTF-16 text: " + notUTF8Help}
		}
	}
	if utf8.Valid(content) {
		return content, nil
	}
	line := 1
	for i := 0; i < len(content); {
		r, size := utf8.DecodeRune(content[i:])
		if r == utf8.RuneError && size == 1 {
			text := fmt.Sprintf("byte 0x%02x is not UTF-8: %s", content[i], notUTF8Help)
			return nil, &Fault{Place: Place{File: file, Line: line}, Text: text}
		}
		if r == '\n' {
			line++
		}
		i += size
	}
	return content, nil
}
