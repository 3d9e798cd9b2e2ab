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

package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	// What sigs.k8s.io/yaml uses too, here without its detour over the text of JSON.
	"go.yaml.in/yaml/v2"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// ListYAML prints objects as one v1 List, as kubectl get -o yaml does. next returns them one by one and then nil, so that
// they need not all be there at once.
func ListYAML(w io.Writer, next func() (map[string]any, error)) error {
	out := &errWriter{w: w}
	out.print("apiVersion: v1\nitems:")
	empty := true
	for {
		object, err := next()
		if err != nil {
			return err
		}
		if object == nil {
			break
		}
		// As the item of a list, so that long lines are folded where kubectl folds them.
		text, err := YAML([]any{object})
		if err != nil {
			return err
		}
		if empty {
			out.print("\n")
			empty = false
		}
		out.print(text)
	}
	if empty {
		out.print(" []\n")
	}
	out.print("kind: List\nmetadata:\n  resourceVersion: \"\"\n")
	return out.err
}

// ListJSON prints objects as one v1 List, as kubectl get -o json does.
func ListJSON(w io.Writer, next func() (map[string]any, error)) error {
	out := &errWriter{w: w}
	out.print("{\n    \"apiVersion\": \"v1\",\n    \"items\": [")
	separator := "\n"
	for {
		object, err := next()
		if err != nil {
			return err
		}
		if object == nil {
			break
		}
		text, err := JSON(object)
		if err != nil {
			return err
		}
		out.print(separator + "        " + indent(text, "        "))
		separator = ",\n"
	}
	if separator != "\n" {
		out.print("\n    ")
	}
	out.print("],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n")
	return out.err
}

// indent puts a prefix before every line but the first and empty ones.
func indent(text, prefix string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		if i > 0 && line != "" {
			lines[i] = prefix + line
		}
	}
	return strings.Join(lines, "\n")
}

// JSON gives a value as indented JSON in which every character that could do something to a terminal is escaped; what a parser
// reads is the same.
func JSON(value any) (string, error) {
	text, err := plainJSON(value)
	if err != nil {
		return "", err
	}
	return escapeWith(text, func(r rune) string {
		if r < 0x10000 {
			return fmt.Sprintf(`\u%04x`, r)
		}
		r -= 0x10000
		return fmt.Sprintf(`\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
	}), nil
}

// YAML gives a value as YAML in which every character that could do something to a terminal is escaped. The YAML library does that for
// some of them only, so a value with one of the others is written in the JSON style, which is YAML too.
func YAML(value any) (string, error) {
	data, err := plainYAML(value)
	if err != nil {
		return "", fmt.Errorf("writing YAML: %w", err)
	}
	if isInertText(string(data)) {
		return string(data), nil
	}
	if list, ok := value.([]any); ok && len(list) == 1 {
		text, err := flowYAML(list[0])
		return "- " + indent(text, "  ") + "\n", err
	}
	text, err := flowYAML(value)
	return text + "\n", err
}

// flowYAML gives a value in the JSON style, with the escapes of YAML.
func flowYAML(value any) (string, error) {
	text, err := plainJSON(value)
	if err != nil {
		return "", err
	}
	return escapeWith(text, func(r rune) string {
		if r < 0x10000 {
			return fmt.Sprintf(`\u%04x`, r)
		}
		return fmt.Sprintf(`\U%08x`, r)
	}), nil
}

// plainYAML writes what kubectl would.
func plainYAML(value any) ([]byte, error) {
	if isJSON(value) {
		return yaml.Marshal(value)
	}
	data, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	// Into a variable of its own: the decoder would fill what value points to, and YAML knows other names for its fields.
	var decoded any
	if err := utiljson.Unmarshal(data, &decoded); err != nil {
		return nil, err
	}
	return yaml.Marshal(decoded)
}

// isJSON tells whether a value is made of what JSON decodes to.
func isJSON(value any) bool {
	switch v := value.(type) {
	case nil, bool, int64, string:
		return true
	case map[string]any:
		for _, field := range v {
			if !isJSON(field) {
				return false
			}
		}
		return true
	case []any:
		for _, item := range v {
			if !isJSON(item) {
				return false
			}
		}
		return true
	default:
		return false
	}
}

func plainJSON(value any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "    ")
	if err := encoder.Encode(value); err != nil {
		return "", fmt.Errorf("writing JSON: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

func isInertText(text string) bool {
	for _, r := range text {
		if r != '\n' && !isInert(r) {
			return false
		}
	}
	return true
}

// escapeWith escapes what is not inert. In JSON that only stands in strings.
func escapeWith(text string, escape func(rune) string) string {
	if isInertText(text) {
		return text
	}
	var b strings.Builder
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		if r == '\n' || isInert(r) {
			b.WriteString(text[:size])
		} else {
			b.WriteString(escape(r))
		}
		text = text[size:]
	}
	return b.String()
}

// errWriter keeps the first error.
type errWriter struct {
	w   io.Writer
	err error
}

func (e *errWriter) print(text string) {
	if e.err == nil {
		_, e.err = io.WriteString(e.w, text)
	}
}
