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
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	// sigs.k8s.io/yaml uses this library too, but goes through JSON text first.
	"go.yaml.in/yaml/v2"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/parallel"
)

// Item returns an object of a list. It is called when the object is printed, so that not all objects need to be in memory at once. Several
// items are called at the same time.
type Item func() (map[string]any, error)

// ListYAML prints objects as one v1 List, as kubectl get -o yaml does.
func ListYAML(w io.Writer, items []Item) error {
	out := &errWriter{w: w}
	out.print("apiVersion: v1\nitems:")
	if len(items) == 0 {
		out.print(" []")
	}
	out.print("\n")
	err := inOrder(items, func(object map[string]any) (string, error) {
		// Write it as an item of a list, so that long lines are folded at the same place as by kubectl.
		return YAML([]any{object})
	}, out.print)
	if err != nil {
		return err
	}
	out.print("kind: List\nmetadata:\n  resourceVersion: \"\"\n")
	return out.err
}

// ListJSON prints objects as one v1 List, as kubectl get -o json does.
func ListJSON(w io.Writer, items []Item) error {
	out := &errWriter{w: w}
	out.print("{\n    \"apiVersion\": \"v1\",\n    \"items\": [")
	separator := "\n        "
	err := inOrder(items, func(object map[string]any) (string, error) {
		return inertJSON(object, "        ")
	}, func(text string) {
		out.print(separator)
		out.print(text)
		separator = ",\n        "
	})
	if err != nil {
		return err
	}
	if len(items) > 0 {
		out.print("\n    ")
	}
	out.print("],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n")
	return out.err
}

// itemsAtOnce is how many items are written at the same time, before they are printed. With so many, all processors have work.
const itemsAtOnce = 500

// inOrder writes items in parallel, and prints them in their order.
func inOrder(items []Item, write func(map[string]any) (string, error), emit func(string)) error {
	for chunk := range slices.Chunk(items, itemsAtOnce) {
		texts, err := parallel.Map(chunk, func(item Item) (string, error) {
			object, err := item()
			if err != nil {
				return "", err
			}
			return write(object)
		})
		if err != nil {
			return err
		}
		for _, text := range texts {
			emit(text)
		}
	}
	return nil
}

// JSON returns a value as indented JSON. Characters that are not inert are escaped. A parser reads the same value.
func JSON(value any) (string, error) { return inertJSON(value, "") }

// inertJSON does the work of JSON. It puts a prefix before every line but the first.
func inertJSON(value any, prefix string) (string, error) {
	text, err := plainJSON(value, prefix)
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

// mergeKey is a key that YAML takes for an instruction, unless it is in quotes. The YAML library does not put it in quotes.
const mergeKey = "<<:"

// YAML returns a value as YAML. Characters that are not inert are escaped. The YAML library escapes only some of them. So a value with one
// of the others is written as JSON, which is YAML too.
func YAML(value any) (string, error) {
	data, err := plainYAML(value)
	if err != nil {
		return "", fmt.Errorf("writing YAML: %w", err)
	}
	if isInertText(string(data)) && !bytes.Contains(data, []byte(mergeKey)) {
		return string(data), nil
	}
	if list, ok := value.([]any); ok && len(list) == 1 {
		text, err := flowYAML(list[0], "  ")
		return "- " + text + "\n", err
	}
	text, err := flowYAML(value, "")
	return text + "\n", err
}

// flowYAML returns a value as JSON, but with the escapes of YAML.
func flowYAML(value any, prefix string) (string, error) {
	text, err := plainJSON(value, prefix)
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

// plainYAML writes the same YAML as kubectl.
func plainYAML(value any) ([]byte, error) {
	if isJSON(value) {
		return yaml.Marshal(value)
	}
	data, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	// Decode to a new variable. The decoder would fill the Go type that value has, and look for other field names than those of JSON.
	var decoded any
	if err := utiljson.Unmarshal(data, &decoded); err != nil {
		return nil, err
	}
	return yaml.Marshal(decoded)
}

// isJSON tells whether a value has only types that JSON decodes to.
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

func plainJSON(value any, prefix string) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent(prefix, "    ")
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

// escapeWith escapes characters that are not inert. JSON holds such characters only in strings.
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
