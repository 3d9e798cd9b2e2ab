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
	"unicode/utf8"

	// What sigs.k8s.io/yaml uses too, here without its detour over the text of JSON.
	"go.yaml.in/yaml/v2"
)

// decodeQuickly decodes a YAML document to the same value as decode, in half the time. It handles what nearly all documents are made
// of. For all others, and for documents with a fault, it returns false.
func (d document) decodeQuickly() (value any, ok bool) {
	if err := yaml.UnmarshalStrict(d.text, &value); err != nil {
		return nil, false
	}
	return fromYAML(value)
}

// fromYAML turns a value of the YAML library into what the same value in JSON would decode to. It returns false if it cannot.
func fromYAML(value any) (any, bool) {
	switch v := value.(type) {
	case nil, bool:
		return v, true
	case int:
		return int64(v), true
	case string:
		// A !!binary may hold bytes that JSON cannot hold.
		return v, utf8.ValidString(v)
	case []any:
		for i := range v {
			item, ok := fromYAML(v[i])
			if !ok {
				return nil, false
			}
			v[i] = item
		}
		return v, true
	case map[any]any:
		object := make(map[string]any, len(v))
		for key, field := range v {
			name, isText := key.(string)
			converted, ok := fromYAML(field)
			if !ok || !isText || !utf8.ValidString(name) {
				return nil, false
			}
			object[name] = converted
		}
		return object, true
	default:
		// Fractions, dates and large numbers. They may come out different on the way over JSON, so leave them to that.
		return nil, false
	}
}
