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
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// locate returns the line of a field in the document. If the field is not there, it is the line of the nearest thing around it that is.
// It parses the document once more, so it is called only for documents with a fault.
func (d document) locate(prefix []string, field string) Place {
	var root yaml.Node
	// JSON parses as YAML too, but for rare forms that nobody writes by hand.
	if err := yaml.Unmarshal(d.text, &root); err != nil || len(root.Content) == 0 {
		return d.place
	}
	line := root.Content[0].Line
	node := root.Content[0]
	for _, segment := range append(prefix, segments(field)...) {
		child, at := childOf(node, segment)
		if child == nil {
			break
		}
		node, line = child, at
	}
	return d.line(line)
}

// segments cuts a path such as spec.phases[0].name into spec, phases, 0, name.
func segments(field string) []string {
	return strings.FieldsFunc(field, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
}

// childOf returns a field or an item, and the line on which it begins. For a merged field, that is its line in the merged mapping.
func childOf(node *yaml.Node, segment string) (*yaml.Node, int) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == segment {
				return node.Content[i+1], node.Content[i].Line
			}
		}
		return mergedChild(node, segment)
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(segment); err == nil && i >= 0 && i < len(node.Content) {
			return node.Content[i], node.Content[i].Line
		}
	default: // A scalar has no parts.
	}
	return nil, 0
}

// mergedChild returns a field that comes from a merge key.
func mergedChild(node *yaml.Node, segment string) (*yaml.Node, int) {
	for i := range node.Content {
		if !isMergeKey(node, i) {
			continue
		}
		sources := []*yaml.Node{node.Content[i+1]}
		if sources[0].Kind == yaml.SequenceNode {
			sources = sources[0].Content
		}
		for _, source := range sources {
			if child, line := childOf(source, segment); child != nil {
				return child, line
			}
		}
	}
	return nil, 0
}
