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

package v1alpha1_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// maker makes an object that follows a schema, with every field set.
type maker struct {
	t *testing.T
	// full fills every list, string and number up to its maximum; otherwise a list has one entry and a string is short.
	full bool
	// filler is the character that strings are filled with, where any is allowed.
	filler string
}

const (
	// maxMessage is more than the controllers write in a condition, which names a handful of objects.
	maxMessage = 4096
	// maxName is the length of the longest name of an object, and so of a string in a status without a bound of its own.
	maxName = 253
)

// form is one of the forms of a kind of which the fields do not go together: what it lacks, and has instead of what the maker makes.
type form struct {
	lacks []string
	has   map[string]any
}

// forms of the kinds that have more than one.
var forms = map[string][]form{
	"Metric": {
		{lacks: []string{"spec.journeyRef"}},
		{lacks: []string{"spec.momentRefs"}},
	},
	"Observation": {
		{lacks: []string{"spec.work", "spec.proofs"}, has: map[string]any{"spec.of.kind": "Metric"}},
		{lacks: []string{"spec.samples", "spec.proofs"}, has: map[string]any{"spec.of.kind": "RoadmapItem"}},
		{lacks: []string{"spec.samples", "spec.work"}, has: map[string]any{"spec.of.kind": "BuildingBlock"}},
	},
	"Source": {
		{lacks: []string{"spec.allow", "spec.stateOverrides"}, has: map[string]any{"spec.type": "HTTP"}},
		{lacks: []string{"spec.allow", "spec.expression"}, has: map[string]any{"spec.type": "Jira"}},
		{lacks: []string{"spec.url", "spec.secretRef", "spec.stateOverrides", "spec.expression"}, has: map[string]any{"spec.type": "Kubernetes"}},
	},
}

// object makes one of a kind, in its first form. The rules between its fields are met too.
func (m maker) object(kind, name string) *unstructured.Unstructured {
	m.t.Helper()
	return m.objects(kind, name)[0]
}

// objects makes one of each form of a kind.
func (m maker) objects(kind, name string) []*unstructured.Unstructured {
	m.t.Helper()
	whole := m.whole(kind, name)
	if forms[kind] == nil {
		return []*unstructured.Unstructured{whole}
	}
	var all []*unstructured.Unstructured
	for n, f := range forms[kind] {
		object := whole.DeepCopy()
		object.SetName(fmt.Sprintf("%s-%d", name, n))
		for path, value := range f.has {
			set(m.t, object, path, value)
		}
		for _, path := range f.lacks {
			set(m.t, object, path, nil)
		}
		all = append(all, object)
	}
	return all
}

// whole makes one of a kind with every field set, whether they go together or not.
func (m maker) whole(kind, name string) *unstructured.Unstructured {
	m.t.Helper()
	root := schemaOf(definitions(m.t)[kind])
	object := &unstructured.Unstructured{Object: map[string]any{}}
	for _, part := range []string{"spec", "status"} {
		property, has := root.Properties[part]
		if !has {
			continue
		}
		object.Object[part] = m.value(part, &property, 0)
	}
	object.SetGroupVersionKind(cxv1alpha1.GroupVersion.WithKind(kind))
	object.SetNamespace(namespaceOf(kind))
	object.SetName(name)
	switch kind {
	case "Roadmap":
		object.SetName("default")
		set(m.t, object, "spec.weights.customer", int64(50))
		set(m.t, object, "spec.weights.business", int64(50))
	case "RoadmapItem":
		set(m.t, object, "spec.state", "Done")
		set(m.t, object, "spec.hypothesis.expectedDelta", m.positive())
	case "Metric":
		set(m.t, object, "spec.noise", m.positive())
	case "Source":
		set(m.t, object, "spec.interval", "168h0m0s")
	}
	return object
}

// value makes the entry with this index of a list, or any other value (index 0).
func (m maker) value(path string, s *schema, index int) any {
	switch {
	case path == "spec.namespaceSelector":
		// A type of Kubernetes' own.
		return map[string]any{"matchLabels": map[string]any{"team": "claims"}}
	case s.XIntOrString:
		return m.quantity(s)
	case s.Type == "object":
		fields := map[string]any{}
		for name, property := range s.Properties {
			fields[name] = m.value(path+"."+name, &property, index)
		}
		return fields
	case s.Type == "array":
		return m.list(path, s, m.count(s))
	case s.Type == "integer":
		return m.number(s)
	case s.Type == "boolean":
		return true
	case s.Type == "string":
		return m.text(path, s, index)
	}
	m.t.Fatalf("%s is of type %q, of which there is no example", path, s.Type)
	return nil
}

func (m maker) count(s *schema) int {
	if m.full {
		return int(*s.MaxItems)
	}
	return 1
}

func (m maker) list(path string, s *schema, count int) []any {
	var entries []any
	for i := range count {
		entries = append(entries, m.value(path+"[]", s.Items.Schema, i))
	}
	return entries
}

func (m maker) quantity(s *schema) string {
	switch {
	case m.full && isDecimal(s):
		return "-" + m.positive()
	case m.full:
		return "-" + strings.Repeat("9", 30) + "G"
	}
	return "0.5"
}

func (m maker) positive() string {
	if m.full {
		return "999999999999.999999"
	}
	return "0.5"
}

func (m maker) number(s *schema) int64 {
	switch {
	case m.full && s.Maximum != nil:
		return int64(*s.Maximum)
	case m.full && s.Format == "int64":
		return math.MaxInt64
	case m.full:
		return math.MaxInt32
	default:
		return 1
	}
}

func (m maker) text(path string, s *schema, index int) string {
	switch {
	case s.Enum != nil:
		values := enumOf(m.t, s)
		return values[index%len(values)]
	case s.Format == "date":
		return time.Date(2027, 3, 1+index, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	case s.Format == "date-time":
		return "2027-03-01T00:00:00Z"
	case strings.HasPrefix(path, "status.conditions[]"):
		return m.conditionText(path, index)
	case examples[s.Pattern].start != "":
		return m.padded(examples[s.Pattern].start+fmt.Sprint(index), s, "x")
	case isURL(s):
		return m.padded("https://example.com/", s, m.filler)
	case s.Pattern != "" || isIn(path, "status"):
		// What a status says beside its messages are names, numbers and reasons.
		return m.padded(fmt.Sprintf("a%03d", index), s, "x")
	default:
		return m.padded(fmt.Sprintf("A%03d", index), s, m.filler)
	}
}

func (m maker) conditionText(path string, index int) string {
	switch {
	case strings.HasSuffix(path, ".message") && m.full:
		return strings.Repeat("x", maxMessage)
	case strings.HasSuffix(path, ".type"):
		return fmt.Sprintf("Type%d", index)
	default:
		return "Text"
	}
}

// padded makes a string as long as it may be, in characters.
func (m maker) padded(start string, s *schema, filler string) string {
	length := int64(maxName)
	if s.MaxLength != nil {
		length = *s.MaxLength
	}
	if !m.full {
		return start
	}
	return start + strings.Repeat(filler, int(length)-len(start))
}

// set gives the field at a path a value; nil takes the field away. Of a list it means the first entry.
func set(t *testing.T, object *unstructured.Unstructured, path string, value any) {
	t.Helper()
	steps := strings.Split(path, ".")
	node := object.Object
	for _, step := range steps[:len(steps)-1] {
		name, isList := strings.CutSuffix(step, "[]")
		next := node[name]
		if isList {
			next = next.([]any)[0]
		}
		node = next.(map[string]any)
	}
	name, isList := strings.CutSuffix(steps[len(steps)-1], "[]")
	switch {
	case isList:
		node[name].([]any)[0] = value
	case value == nil:
		delete(node, name)
	default:
		node[name] = value
	}
}

// has tells whether an object has the field at a path. Of a list the first entry counts.
func has(object *unstructured.Unstructured, path string) bool {
	var node any = object.Object
	for step := range strings.SplitSeq(path, ".") {
		name, isList := strings.CutSuffix(step, "[]")
		fields, _ := node.(map[string]any)
		node = fields[name]
		if entries, _ := node.([]any); isList && len(entries) > 0 {
			node = entries[0]
		}
		if node == nil {
			return false
		}
	}
	return true
}

// namespaceOf is where objects of a kind are: nowhere when it is a kind of the cluster.
func namespaceOf(kind string) string {
	if slices.ContainsFunc(cxv1alpha1.ClusterKinds, func(k *cxv1alpha1.Kind) bool { return k.Name == kind }) {
		return ""
	}
	return namespace
}
