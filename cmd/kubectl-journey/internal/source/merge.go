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
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// A merge key (<<) takes fields from other mappings. Fields that are written beside << win over merged ones, wherever they are written.
// In a list of mappings to merge, the first one wins. That is what YAML says, and what kustomize does. The YAML library of kubectl does
// not: it refuses a field that is there twice, or takes the last one. So before it reads a document, each merge key gets a name of its
// own. The merge is done here afterwards.

// mergeTag is the tag of a merge key.
const mergeTag = "!!merge"

// mergeMark is the beginning of these names. It holds a NUL, so that no name in a file is the same.
const mergeMark = "<<\x00"

func hasMergeKey(text []byte) bool { return bytes.Contains(text, []byte("<<")) }

// nameMergeKeys gives each merge key of a document a name of its own, which ends with its line number. It adds and removes no lines.
func nameMergeKeys(text []byte) []byte {
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return text // The library that decodes the text will say what is wrong.
	}
	var keys []*yaml.Node
	eachMapping(&root, func(n *yaml.Node) {
		for i := range n.Content {
			if isMergeKey(n, i) {
				keys = append(keys, n.Content[i])
			}
		}
	})
	slices.SortFunc(keys, func(a, b *yaml.Node) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
	lines := lineStarts(text)
	var named bytes.Buffer
	at := 0
	for _, key := range keys {
		begin := lines[key.Line-1]
		for range key.Column - 1 {
			_, size := utf8.DecodeRune(text[begin:])
			begin += size
		}
		// There may be a tag before the key.
		end := begin + bytes.Index(text[begin:], []byte("<<")) + len("<<")
		named.Write(text[at:begin])
		fmt.Fprintf(&named, `"<<\0%09d.%09d"`, key.Line, key.Column)
		at = end
	}
	named.Write(text[at:])
	return named.Bytes()
}

// isMergeKey tells whether n.Content[i], a key or a value of a mapping, is a merge key.
func isMergeKey(n *yaml.Node, i int) bool { return i%2 == 0 && n.Content[i].Tag == mergeTag }

// eachMapping visits all mappings of a document.
func eachMapping(n *yaml.Node, do func(*yaml.Node)) {
	if n.Kind == yaml.MappingNode {
		do(n)
	}
	for _, child := range n.Content {
		eachMapping(child, do)
	}
}

// lineStarts returns where the lines of a text begin. YAML knows more line breaks than other formats.
func lineStarts(text []byte) []int {
	starts := []int{0}
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		at += size
		switch {
		case r == '\r' && at < len(text) && text[at] == '\n':
		case strings.ContainsRune("\n\r\u0085\u2028\u2029", r):
			starts = append(starts, at)
		}
	}
	return starts
}

// merge replaces the named merge keys in a value by the fields that they bring. It returns the lines of merge keys whose value is no
// mapping, and so cannot be merged.
func merge(value any) (wrong []int) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			wrong = append(wrong, merge(item)...)
		}
	case map[string]any:
		var keys []string
		for key, field := range v {
			wrong = append(wrong, merge(field)...)
			if strings.HasPrefix(key, mergeMark) {
				keys = append(keys, key)
			}
		}
		// Of several merge keys in one mapping the last one wins, as with kubectl.
		slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(b, a) })
		for _, key := range keys {
			sources, ok := mergeSources(v[key])
			if !ok {
				wrong = append(wrong, mergeLine(key))
			}
			delete(v, key)
			for _, source := range sources {
				addMissing(v, source)
			}
		}
	}
	return wrong
}

// mergeSources returns the mappings that a merge key names: one, or a list.
func mergeSources(value any) (sources []map[string]any, ok bool) {
	items, isList := value.([]any)
	if !isList {
		items = []any{value}
	}
	for _, item := range items {
		source, ok := item.(map[string]any)
		if !ok {
			return nil, false
		}
		sources = append(sources, source)
	}
	return sources, true
}

func addMissing(to, from map[string]any) {
	for key, field := range from {
		if _, ok := to[key]; !ok {
			to[key] = field
		}
	}
}

func mergeLine(key string) (line int) {
	_, _ = fmt.Sscanf(strings.TrimPrefix(key, mergeMark), "%d", &line)
	return line
}

// noteMerges returns notes about fields with a merge key after them: kubectl apply -f would take the merged field.
func (d document) noteMerges() []string {
	var root yaml.Node
	if d.json || !hasMergeKey(d.text) || yaml.Unmarshal(d.text, &root) != nil {
		return nil
	}
	var notes []string
	eachMapping(&root, func(n *yaml.Node) {
		before := map[string]*yaml.Node{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !isMergeKey(n, i) {
				before[n.Content[i].Value] = n.Content[i+1]
				continue
			}
			place := d.line(n.Content[i].Line)
			for _, name := range overridden(before, n.Content[i:i+2]) {
				notes = append(notes, fmt.Sprintf("%s: %s stands before <<, and counts here; kubectl apply -f would take the merged one: put << first",
					place, terminal.Line(name)))
			}
		}
	})
	return notes
}

// overridden returns the names of the fields that the merge key brings too, with another value.
func overridden(fields map[string]*yaml.Node, mergeKey []*yaml.Node) []string {
	var merged map[string]any
	if err := (&yaml.Node{Kind: yaml.MappingNode, Content: mergeKey}).Decode(&merged); err != nil {
		return nil
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(merged)) {
		var own any
		if fields[name] != nil && fields[name].Decode(&own) == nil && !reflect.DeepEqual(own, merged[name]) {
			names = append(names, name)
		}
	}
	return names
}
