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
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// splitFile cuts the content of a file into documents.
func splitFile(file string, content []byte) ([]document, []Fault) {
	content, fault := checkEncoding(file, content)
	if fault != nil {
		return nil, []Fault{*fault}
	}
	// YAML may begin with a brace as well. So a file is JSON if its name says so, or if it parses as JSON.
	if isJSONName(file) || bytes.HasPrefix(bytes.TrimSpace(content), []byte("{")) {
		documents, fault := splitJSON(file, content)
		if fault == nil {
			return documents, nil
		}
		if isJSONName(file) {
			return nil, broken(content, Place{File: file, Line: 1}, []Fault{*fault})
		}
	}
	return splitYAML(file, content), nil
}

var newline = []byte("\n")

func isJSONName(file string) bool { return strings.HasSuffix(strings.ToLower(file), ".json") }

// splitJSON cuts a file into JSON values. A file may hold several, one after the other, as for kubectl.
func splitJSON(file string, content []byte) ([]document, *Fault) {
	var documents []document
	decoder := json.NewDecoder(bytes.NewReader(content))
	// Count only the lines since the last value, not from the beginning of the file each time.
	line, counted := 1, int64(0)
	for {
		var value json.RawMessage
		err := decoder.Decode(&value)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, &Fault{Place: Place{File: file, Line: jsonLine(content, decoder.InputOffset(), err)}, Text: jsonProblem(err)}
		}
		begin := decoder.InputOffset() - int64(len(value))
		line += bytes.Count(content[counted:begin], newline)
		counted = begin
		documents = append(documents, document{place: Place{File: file, Line: line}, text: value, json: true})
	}
}

// splitObjects is splitFile, with each item of a JSON list as a document of its own.
func splitObjects(file string, content []byte) ([]document, []Fault) {
	split, faults := splitFile(file, content)
	documents := make([]document, 0, len(split))
	for _, d := range split {
		documents = append(documents, d.items()...)
	}
	return documents, faults
}

// items returns the items of a JSON list as documents, so that they need not all be decoded at once. A document that is no list stays
// whole. So does a list that is empty or has a fault.
func (d document) items() []document {
	if !d.json || !bytes.Contains(d.text, []byte(`"items"`)) {
		return []document{d}
	}
	var list struct {
		APIVersion string            `json:"apiVersion"`
		Kind       string            `json:"kind"`
		Metadata   json.RawMessage   `json:"metadata"`
		Items      []json.RawMessage `json:"items"`
	}
	strict, err := kjson.UnmarshalStrict(d.text, &list)
	isNull := func(item json.RawMessage) bool { return string(item) == "null" }
	if err != nil || len(strict) > 0 || list.APIVersion != "v1" || list.Kind != "List" ||
		len(list.Items) == 0 || slices.ContainsFunc(list.Items, isNull) {
		return []document{d}
	}
	documents := make([]document, len(list.Items))
	line, at := d.place.Line, 0
	for i, item := range list.Items {
		begin := at + bytes.Index(d.text[at:], item)
		line += bytes.Count(d.text[at:begin], newline)
		at = begin + len(item)
		documents[i] = document{place: Place{File: d.place.File, Line: line}, text: d.text[begin:at], json: true}
		line += bytes.Count(documents[i].text, newline)
	}
	return documents
}

func jsonLine(content []byte, offset int64, err error) int {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = syntax.Offset
	}
	offset = min(max(offset, 0), int64(len(content)))
	return 1 + bytes.Count(content[:offset], newline)
}

func jsonProblem(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "broken JSON: it ends too early"
	}
	return "broken JSON: " + strings.TrimPrefix(err.Error(), "json: ")
}

// decode returns the value of a document as the API machinery would see it: objects are map[string]any, whole numbers int64.
func (d document) decode() (any, []Fault) {
	if !d.json {
		if value, ok := d.decodeQuickly(); ok {
			return value, nil
		}
	}
	return d.decodeSlowly()
}

// decodeSlowly decodes any document, and returns its faults.
func (d document) decodeSlowly() (any, []Fault) {
	text := d.text
	if !d.json {
		if hasMergeKey(text) {
			text = nameMergeKeys(text)
		}
		converted, err := yaml.YAMLToJSONStrict(text)
		if err != nil {
			return nil, broken(d.text, d.place, d.yamlFaults(err))
		}
		text = converted
	}
	var value any
	strict, err := kjson.UnmarshalStrict(text, &value)
	if err != nil {
		return nil, []Fault{{Place: d.place, Text: jsonProblem(err)}}
	}
	var faults []Fault
	for _, problem := range strict {
		faults = append(faults, Fault{Place: d.place, Text: "broken JSON: " + problem.Error()})
	}
	if !d.json && hasMergeKey(d.text) {
		for _, line := range merge(value) {
			faults = append(faults, Fault{Place: d.line(line), Text: "broken YAML: << takes an object or a list of objects, for instance <<: *name"})
		}
	}
	return value, faults
}

// yamlLine matches a message of the YAML parser that begins with a line number.
var yamlLine = regexp.MustCompile(`^line (\d+): (.*)$`)

// yamlFaults returns what the YAML parser says, with the line in the file instead of the line in the document.
func (d document) yamlFaults(err error) []Fault {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	message = strings.TrimPrefix(message, "unmarshal errors:\n")
	var faults []Fault
	for line := range strings.SplitSeq(message, "\n") {
		fault := Fault{Place: d.place, Text: strings.TrimSpace(line)}
		if found := yamlLine.FindStringSubmatch(fault.Text); found != nil {
			if number, err := strconv.Atoi(found[1]); err == nil {
				fault.Place = d.line(number)
			}
			fault.Text = found[2]
		}
		fault.Text = fmt.Sprintf("broken YAML: %s", yamlHint(fault.Text))
		faults = append(faults, fault)
	}
	return faults
}

// helmAction matches an action of a Helm template, such as {{ .Values.title }}.
var helmAction = regexp.MustCompile(`\{\{-?\s*(/\*|\$|\.[A-Z]|(if|else|end|range|with|include|template|define|block|toYaml|tpl|required|default|quote)\b)`)

// broken returns the faults of a text that cannot be read. If the text is a Helm template, it returns only one fault that says so.
func broken(text []byte, place Place, faults []Fault) []Fault {
	found := helmAction.FindIndex(text)
	if found == nil {
		return faults
	}
	place.Line += bytes.Count(text[:found[0]], newline)
	return []Fault{{Place: place, Text: helmHint}}
}

const helmHint = "this looks like a Helm template: render it first, and read what comes out with -f -, as in helm template CHART | kubectl journey status -f -"

var yamlDuplicate = regexp.MustCompile(`^key "(.*)" already set in map$`)

// yamlHint explains the usual cause of a message of the parser.
func yamlHint(text string) string {
	if found := yamlDuplicate.FindStringSubmatch(text); found != nil {
		return fmt.Sprintf("field %q is there twice: remove one", found[1])
	}
	switch text {
	case "found character that cannot start any token":
		return text + " (is there a tab, or an unquoted @ or `?)"
	case "mapping values are not allowed in this context":
		return text + " (put text that holds a colon in quotes)"
	default:
		return text
	}
}
