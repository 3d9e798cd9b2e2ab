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

// Package manifest writes objects as YAML that is easy to review. It also changes fields in YAML that people wrote, and keeps the rest
// of the text as it is.
package manifest

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
)

// shape is the order in which the fields of an object are written, and their own shapes.
type shape struct {
	keys   []string
	fields map[string]*shape
	// items is the shape of the entries of a list.
	items *shape
}

// field returns the shape of a field. It is nil for an unknown field; a nil shape knows no order.
func (s *shape) field(key string) *shape {
	if s == nil {
		return nil
	}
	return s.fields[key]
}

func (s *shape) entries() *shape {
	if s == nil {
		return nil
	}
	return s.items
}

// rank is the place of a field among all fields. Unknown fields come last.
func (s *shape) rank(key string) int {
	if s == nil {
		return 0
	}
	if i := slices.Index(s.keys, key); i >= 0 {
		return i
	}
	return len(s.keys)
}

// ordered returns the keys of an object in the order in which they are written.
func (s *shape) ordered(object map[string]any) []string {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if d := s.rank(a) - s.rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return keys
}

// shapes of the objects, by kind.
var shapes = sync.OnceValue(func() map[string]*shape {
	byKind := map[string]*shape{}
	for _, kind := range cxv1alpha1.Kinds {
		byKind[kind.Name] = &shape{
			keys: []string{"apiVersion", "kind", "metadata", "spec", "status"},
			fields: map[string]*shape{
				"metadata": {keys: []string{"name", "namespace", "labels", "annotations"}},
				"spec":     shapeOf(reflect.TypeOf(kind.New().GetSpec()).Elem()),
			},
		}
	}
	return byKind
})

// shapeOf takes the order of the fields from the API types. The documentation has the same order.
func shapeOf(t reflect.Type) *shape {
	switch t.Kind() {
	case reflect.Pointer:
		return shapeOf(t.Elem())
	case reflect.Slice:
		return &shape{items: shapeOf(t.Elem())}
	case reflect.Struct:
	default:
		return nil
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Marshaler]()) {
		return nil
	}
	s := &shape{fields: map[string]*shape{}}
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && name == "" {
			inlined := shapeOf(field.Type)
			s.keys = append(s.keys, inlined.keys...)
			maps.Copy(s.fields, inlined.fields)
			continue
		}
		s.keys = append(s.keys, name)
		s.fields[name] = shapeOf(field.Type)
	}
	return s
}

// known returns the shape of the kind that a value names itself. If it names none, that is the expected shape.
func known(value any, expected *shape) *shape {
	object, ok := value.(map[string]any)
	if !ok {
		return expected
	}
	kind, _ := object["kind"].(string)
	if s := shapes()[kind]; s != nil && object["apiVersion"] == kinds.APIVersion() {
		return s
	}
	return expected
}
