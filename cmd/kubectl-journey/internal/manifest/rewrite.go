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
	"errors"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ErrByHand means that a field of a document cannot be changed without changing more than was asked.
var ErrByHand = errors.New("anchors, merge keys or an unusual layout keep this from being changed without touching more: change it by hand")

// Rewrite changes a YAML document from one value to another. Fields with the same value in both keep their text to the letter. Comments,
// blank lines and the order of the fields stay too. New fields are put where the order of the documentation has them.
func Rewrite(document string, before, after any) (string, error) {
	text := strings.ReplaceAll(document, "\r\n", "\n")
	windows := text != document
	if windows && strings.ReplaceAll(text, "\n", "\r\n") != document {
		// Some lines end as on Windows and some do not. Afterwards all would end in the same way.
		return "", ErrByHand
	}
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil || len(root.Content) != 1 {
		return "", ErrByHand
	}
	e := &editor{lines: strings.Split(text, "\n")}
	lines, err := e.node(root.Content[0], span{0, len(e.lines)}, before, after, nil)
	if err != nil {
		return "", err
	}
	result := strings.Join(lines, "\n")
	if windows {
		result = strings.ReplaceAll(result, "\n", "\r\n")
	}
	return result, nil
}

// editor holds the lines of a document. Line numbers count from 0 here, and from 1 in nodes.
type editor struct {
	lines []string
}

// span is a range of lines, the last one not included.
type span struct{ from, to int }

func (e *editor) text(s span) []string { return e.lines[s.from:s.to] }

// node rewrites a node. Nothing else is on its lines.
func (e *editor) node(n *yaml.Node, s span, before, after any, sh *shape) ([]string, error) {
	sh = known(after, sh)
	switch after := after.(type) {
	case map[string]any:
		if before, ok := before.(map[string]any); ok && isBlock(n, yaml.MappingNode) {
			return e.mapping(n, s, before, after, sh)
		}
	case []any:
		if before, ok := before.([]any); ok && isBlock(n, yaml.SequenceNode) {
			return e.sequence(n, s, before, after, sh)
		}
	}
	return nil, ErrByHand
}

// isBlock tells whether a node is a mapping or a list that is written on lines of its own, not in braces or brackets.
func isBlock(n *yaml.Node, kind yaml.Kind) bool {
	return n.Kind == kind && n.Style&yaml.FlowStyle == 0 && n.Anchor == "" && len(n.Content) > 0
}

// piece is the lines of a field or an entry. lead is the comments and blank lines before it, body is its own lines.
type piece struct {
	lead, body span
}

// pieces cuts a span into pieces, given the first line of each. tail is the comments and blank lines after the last one.
func (e *editor) pieces(s span, starts []int, indent int) (all []piece, tail span, err error) {
	for i, start := range starts {
		if start < s.from || start >= s.to || i > 0 && start <= starts[i-1] {
			return nil, tail, ErrByHand
		}
		lead := start
		lowest := s.from
		if i > 0 {
			lowest = starts[i-1] + 1
		}
		for lead > lowest && e.isAside(lead-1, indent) {
			lead--
		}
		if i == 0 {
			lead = s.from
		} else {
			all[i-1].body.to = lead
		}
		all = append(all, piece{lead: span{lead, start}, body: span{start, s.to}})
	}
	end := s.to
	for end > starts[len(starts)-1]+1 && e.isAside(end-1, indent) {
		end--
	}
	all[len(all)-1].body.to = end
	return all, span{end, s.to}, nil
}

// isAside tells whether a line is blank, or a comment that is not indented more than the fields.
func (e *editor) isAside(line, indent int) bool {
	text := strings.TrimLeft(e.lines[line], " ")
	if strings.TrimSpace(text) == "" {
		return true
	}
	return strings.HasPrefix(text, "#") && len(e.lines[line])-len(text) <= indent
}

func (e *editor) mapping(n *yaml.Node, s span, before, after map[string]any, sh *shape) ([]string, error) {
	indent := n.Column - 1
	var starts []int
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || key.Column != n.Column {
			return nil, ErrByHand
		}
		starts = append(starts, key.Line-1)
	}
	pieces, tail, err := e.pieces(s, starts, indent)
	if err != nil {
		return nil, err
	}
	added, err := newFields(n, after, sh, indent)
	if err != nil {
		return nil, err
	}
	lines := added[-1]
	for i, p := range pieces {
		key, value := n.Content[2*i], n.Content[2*i+1]
		lines = append(lines, e.text(p.lead)...)
		was, now := before[key.Value], after[key.Value]
		_, stays := after[key.Value]
		switch {
		case isMergeKey(key), stays && reflect.DeepEqual(was, now):
			lines = append(lines, e.text(p.body)...)
		case stays:
			changed, err := e.field(key, value, p.body, was, now, sh.field(key.Value))
			if err != nil {
				return nil, err
			}
			lines = append(lines, changed...)
		case anchored(value):
			return nil, ErrByHand
		}
		lines = append(lines, added[i]...)
	}
	return append(lines, e.text(tail)...), nil
}

// newFields renders the fields that a mapping does not have yet. The key is the number of the field that they follow, or -1 if they come
// first.
func newFields(n *yaml.Node, after map[string]any, sh *shape, indent int) (map[int][]string, error) {
	added := map[int][]string{}
	merged := mergedFields(n)
	for _, key := range sh.ordered(after) {
		inherited, isMerged := merged[key]
		at, found := -1, false
		for i := 0; i < len(n.Content); i += 2 {
			switch other := n.Content[i]; {
			case other.Value == key:
				found = true
			case sh.rank(other.Value) <= sh.rank(key):
				at = i / 2
			case isMerged && isMergeKey(other):
				// It must come after the merge key: kubectl takes what comes last.
				at = i / 2
			}
		}
		if found || isMerged && reflect.DeepEqual(inherited, after[key]) {
			continue
		}
		lines, err := keyed(key, after[key], sh.field(key), indent)
		if err != nil {
			return nil, err
		}
		added[at] = append(added[at], lines...)
	}
	return added, nil
}

func isMergeKey(n *yaml.Node) bool { return n.Tag == "!!merge" }

// mergedFields are the fields that come from merge keys.
func mergedFields(n *yaml.Node) map[string]any {
	merges := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i < len(n.Content); i += 2 {
		if isMergeKey(n.Content[i]) {
			merges.Content = append(merges.Content, n.Content[i], n.Content[i+1])
		}
	}
	var merged map[string]any
	if len(merges.Content) == 0 || merges.Decode(&merged) != nil {
		return nil
	}
	normal(merged)
	return merged
}

// normal gives numbers the same Go type as the decoder of manifests.
func normal(value any) any {
	switch v := value.(type) {
	case int:
		return int64(v)
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = normal(v[key])
		}
	}
	return value
}

// anchored tells whether a node, or a node in it, has an anchor. Then something else in the document may refer to it.
func anchored(n *yaml.Node) bool {
	return n.Anchor != "" || slices.ContainsFunc(n.Content, anchored)
}

// commented tells whether there is a comment inside a node. It would be lost if the node were written again.
func commented(n *yaml.Node) bool {
	return slices.ContainsFunc(n.Content, func(child *yaml.Node) bool {
		return child.HeadComment+child.LineComment+child.FootComment != "" || commented(child)
	})
}

// field rewrites a field whose value changes.
func (e *editor) field(key, value *yaml.Node, s span, before, after any, sh *shape) ([]string, error) {
	if value.Line > key.Line && isContainer(after) {
		inside, err := e.node(value, span{s.from + 1, s.to}, before, after, sh)
		if err == nil {
			return append([]string{e.lines[s.from]}, inside...), nil
		}
	}
	if anchored(value) || commented(value) {
		return nil, ErrByHand
	}
	if items, ok := after.([]any); ok && value.Kind == yaml.SequenceNode && value.Style&yaml.FlowStyle != 0 && len(items) > 0 {
		if list, ok := brackets(items); ok {
			return []string{e.lines[s.from][:key.Column-1+len(key.Value)] + ": " + list + e.comment(s, key, value)}, nil
		}
	}
	lines, err := keyed(key.Value, after, sh, key.Column-1)
	if err != nil {
		return nil, err
	}
	if text, ok := quoted(after, value); ok {
		head, err := keyText(key.Value)
		if err != nil {
			return nil, err
		}
		lines = []string{blanks(key.Column-1) + head + ": " + text}
	}
	lines[0] += e.comment(s, key, value)
	return lines, nil
}

// quoted writes text in the same kind of quotes as the text that it replaces. It returns false if that had no quotes, or if the new text
// would not be readable in them.
func quoted(value any, was *yaml.Node) (string, bool) {
	text, ok := value.(string)
	style := was.Style & (yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle)
	if !ok || was.Kind != yaml.ScalarNode || style == 0 || !isVisible(text) || strings.ContainsFunc(text, mustQuote) {
		return "", false
	}
	data, err := yaml.Marshal(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: style, Value: text})
	line := strings.TrimSuffix(string(data), "\n")
	return line, err == nil && !strings.Contains(line, "\n")
}

// isContainer tells whether a value is an object or a list that is not empty, and so is written on lines of its own.
func isContainer(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		return len(v) > 0
	case []any:
		return len(v) > 0
	}
	return false
}

// comment returns the comment behind a field or an entry, with the blanks before it.
func (e *editor) comment(s span, nodes ...*yaml.Node) string {
	for _, n := range nodes {
		if n.LineComment == "" {
			continue
		}
		for _, line := range e.text(s) {
			if before, ok := strings.CutSuffix(strings.TrimRight(line, " \t"), n.LineComment); ok {
				return before[len(strings.TrimRight(before, " \t")):] + n.LineComment
			}
		}
		return " " + n.LineComment
	}
	return ""
}

func (e *editor) sequence(n *yaml.Node, s span, before, after []any, sh *shape) ([]string, error) {
	indent := n.Column - 1
	starts := e.dashes(s, indent)
	if len(starts) != len(n.Content) || len(before) != len(n.Content) {
		return nil, ErrByHand
	}
	pieces, tail, err := e.pieces(s, starts, indent)
	if err != nil {
		return nil, err
	}
	matches := match(before, after)
	kept := map[int]bool{}
	for _, i := range matches {
		kept[i] = true
	}
	for i, child := range n.Content {
		if !kept[i] && anchored(child) {
			return nil, ErrByHand
		}
	}
	var lines []string
	for j, now := range after {
		i := matches[j]
		if i < 0 {
			fresh, err := e.fresh(n, indent, now, sh.entries())
			if err != nil {
				return nil, err
			}
			lines = append(lines, fresh...)
			continue
		}
		lines = append(lines, e.text(pieces[i].lead)...)
		if reflect.DeepEqual(before[i], now) {
			lines = append(lines, e.text(pieces[i].body)...)
			continue
		}
		changed, err := e.entry(n.Content[i], pieces[i].body, indent, before[i], now, sh.entries())
		if err != nil {
			return nil, err
		}
		lines = append(lines, changed...)
	}
	return append(lines, e.text(tail)...), nil
}

// fresh writes a new entry of a list: in braces, where all others are in braces.
func (e *editor) fresh(n *yaml.Node, indent int, value any, sh *shape) ([]string, error) {
	if !slices.ContainsFunc(n.Content, func(child *yaml.Node) bool { return !isInBraces(child) }) {
		if text, ok := braces(value, known(value, sh)); ok {
			return []string{blanks(indent) + "- " + text}, nil
		}
	}
	return item(value, sh, indent)
}

func isInBraces(n *yaml.Node) bool { return n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle != 0 }

// dashes returns the first line of each entry of a list.
func (e *editor) dashes(s span, indent int) []int {
	var starts []int
	for i := s.from; i < s.to; i++ {
		line := e.lines[i]
		if len(line) <= indent || strings.Trim(line[:indent], " ") != "" || line[indent] != '-' {
			continue
		}
		if len(line) == indent+1 || line[indent+1] == ' ' {
			starts = append(starts, i)
		}
	}
	return starts
}

// match finds for each entry of the new list its entry in the old list: an equal one, else one with the same name, else the one at the
// same place. It is -1 for a new entry.
func match(before, after []any) []int {
	matches := make([]int, len(after))
	used := make([]bool, len(before))
	for j := range matches {
		matches[j] = -1
	}
	try := func(same func(i, j int) bool) {
		for j := range after {
			for i := range before {
				if matches[j] < 0 && !used[i] && same(i, j) {
					matches[j], used[i] = i, true
				}
			}
		}
	}
	try(func(i, j int) bool { return reflect.DeepEqual(before[i], after[j]) })
	try(func(i, j int) bool { name := nameOf(before[i]); return name != "" && name == nameOf(after[j]) })
	try(func(i, j int) bool { return i == j && nameOf(before[i]) == "" && nameOf(after[j]) == "" })
	return matches
}

// nameOf returns the name of an entry, its date if it is known by that, or the name of an object in a list of objects.
func nameOf(value any) string {
	object, ok := value.(map[string]any)
	if !ok {
		return ""
	}
	if metadata, ok := object["metadata"].(map[string]any); ok {
		namespace, _ := metadata["namespace"].(string)
		name, _ := metadata["name"].(string)
		kind, _ := object["kind"].(string)
		return kind + "/" + namespace + "/" + name
	}
	if name, ok := object["name"].(string); ok {
		return name
	}
	date, _ := object["date"].(string)
	return date
}

// entry rewrites an entry whose value changes.
func (e *editor) entry(n *yaml.Node, s span, indent int, before, after any, sh *shape) ([]string, error) {
	if isBlock(n, yaml.MappingNode) && isContainer(after) && n.Line-1 == s.from {
		first := e.lines[s.from]
		e.lines[s.from] = first[:indent] + " " + first[indent+1:]
		lines, err := e.node(n, s, before, after, sh)
		e.lines[s.from] = first
		if err == nil && putDash(lines, indent) {
			return lines, nil
		}
	}
	if anchored(n) || commented(n) {
		return nil, ErrByHand
	}
	lines, err := item(after, sh, indent)
	if err != nil {
		return nil, err
	}
	if text, ok := quoted(after, n); ok {
		lines = []string{blanks(indent) + "- " + text}
	}
	if text, ok := braces(after, known(after, sh)); ok && isInBraces(n) {
		lines = []string{blanks(indent) + "- " + text}
	}
	lines[0] += e.comment(s, n)
	return lines, nil
}

// putDash puts the dash before the first field of an entry.
func putDash(lines []string, indent int) bool {
	for i, line := range lines {
		if text := strings.TrimSpace(line); text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if len(line) <= indent || strings.Trim(line[:indent+1], " ") != "" {
			return false
		}
		lines[i] = line[:indent] + "-" + line[indent+1:]
		return true
	}
	return false
}
