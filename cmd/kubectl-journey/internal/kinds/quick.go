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

package kinds

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// quickCheck returns true only if a value is surely valid. False means that the API server's own validation must decide. That is ten
// times as slow, since it builds new validators for every value. Nearly all objects are valid, so it is rarely needed.
type quickCheck func(value any) bool

// never is the check for a schema that is not understood here.
func never(any) bool { return false }

// newQuickCheck makes the check of a schema. It understands what the schemas of this project use. If a schema uses anything else, the
// check is never sure.
func newQuickCheck(s *apiextensions.JSONSchemaProps) quickCheck {
	if s != nil && s.XIntOrString {
		return quickIntOrString(s)
	}
	if s == nil || saysMore(s) {
		return never
	}
	switch s.Type {
	case "object":
		return quickObject(s)
	case "array":
		return quickArray(s)
	case "string":
		return quickString(s)
	case "integer":
		return quickInteger(s)
	case "boolean":
		return func(value any) bool { _, ok := value.(bool); return ok }
	default:
		return never
	}
}

// saysMore tells whether a schema uses something that the checks do not understand.
func saysMore(s *apiextensions.JSONSchemaProps) bool {
	return s.Ref != nil || s.Nullable || s.UniqueItems || s.ExclusiveMaximum || s.ExclusiveMinimum || s.MultipleOf != nil ||
		s.MaxProperties != nil || s.MinProperties != nil ||
		len(s.AllOf)+len(s.OneOf)+len(s.AnyOf) > 0 || s.Not != nil ||
		s.AdditionalProperties != nil || len(s.PatternProperties) > 0 || len(s.Dependencies) > 0 || s.AdditionalItems != nil ||
		s.XEmbeddedResource || s.XIntOrString || s.XPreserveUnknownFields != nil
}

// quickIntOrString makes the check of a number that may be written as a text. Every such schema has the same two alternatives.
func quickIntOrString(s *apiextensions.JSONSchemaProps) quickCheck {
	rest := *s
	rest.XIntOrString, rest.AnyOf = false, nil
	if saysMore(&rest) || s.Minimum != nil || s.Maximum != nil || len(s.Enum) > 0 {
		return never
	}
	isText := quickString(&rest)
	return func(value any) bool {
		if _, ok := value.(int64); ok {
			return true
		}
		return isText(value)
	}
}

func quickObject(s *apiextensions.JSONSchemaProps) quickCheck {
	checks := make(map[string]quickCheck, len(s.Properties))
	for name := range s.Properties {
		property := s.Properties[name]
		checks[name] = newQuickCheck(&property)
	}
	return func(value any) bool {
		object, ok := value.(map[string]any)
		if !ok {
			return false
		}
		for _, name := range s.Required {
			if _, there := object[name]; !there {
				return false
			}
		}
		for name, field := range object {
			// Metadata is checked elsewhere, and its schema has no properties.
			if check := checks[name]; check != nil && !check(field) || check == nil && len(checks) > 0 {
				return false
			}
		}
		return true
	}
}

func quickArray(s *apiextensions.JSONSchemaProps) quickCheck {
	if s.Items == nil || s.Items.Schema == nil {
		return never
	}
	check := newQuickCheck(s.Items.Schema)
	isSet, keys := false, []string(nil)
	if s.XListType != nil {
		switch *s.XListType {
		case "atomic":
		case "set":
			isSet = true
		case "map":
			keys = s.XListMapKeys
		default:
			return never
		}
	}
	return func(value any) bool {
		list, ok := value.([]any)
		if !ok || s.MinItems != nil && int64(len(list)) < *s.MinItems || s.MaxItems != nil && int64(len(list)) > *s.MaxItems {
			return false
		}
		for _, item := range list {
			if !check(item) {
				return false
			}
		}
		return !isSet && keys == nil || areDistinct(list, keys)
	}
}

// areDistinct tells whether all items of a list are different texts. With keys, it compares those fields of the items.
func areDistinct(list []any, keys []string) bool {
	seen := make([]string, 0, len(list))
	for _, item := range list {
		text, ok := item.(string)
		if object, isObject := item.(map[string]any); isObject {
			text, ok = keyOf(object, keys)
		}
		if !ok {
			return false
		}
		seen = append(seen, text)
	}
	slices.Sort(seen)
	return len(slices.Compact(seen)) == len(list)
}

// keyOf joins the fields by which an item is known. It has none if one of them is not a text.
func keyOf(object map[string]any, keys []string) (joined string, ok bool) {
	for n, key := range keys {
		text, isText := object[key].(string)
		if !isText {
			return "", false
		}
		if n > 0 {
			joined += "\x00"
		}
		joined += text
	}
	return joined, true
}

func quickString(s *apiextensions.JSONSchemaProps) quickCheck {
	var pattern *regexp.Regexp
	if s.Pattern != "" {
		var err error
		if pattern, err = regexp.Compile(s.Pattern); err != nil {
			return never
		}
	}
	var allowed []string
	for _, value := range s.Enum {
		text, ok := value.(string)
		if !ok {
			return never
		}
		allowed = append(allowed, text)
	}
	if s.Format != "" && s.Format != "date" {
		return never
	}
	return func(value any) bool {
		text, ok := value.(string)
		if !ok || allowed != nil && !slices.Contains(allowed, text) || !hasLength(text, s.MinLength, s.MaxLength) {
			return false
		}
		if s.Format == "date" && !cxv1alpha1.Date(text).IsValid() {
			return false
		}
		return pattern == nil || pattern.MatchString(text)
	}
}

// hasLength tells whether the number of characters of a text is within limits.
func hasLength(text string, least, most *int64) bool {
	n := int64(len(text))
	if least != nil && n < *least || most != nil && n > *most || least != nil && *least > 1 {
		n = int64(utf8.RuneCountInString(text))
	}
	return (least == nil || n >= *least) && (most == nil || n <= *most)
}

func quickInteger(s *apiextensions.JSONSchemaProps) quickCheck {
	if len(s.Enum) > 0 {
		return never
	}
	lowest, highest := float64(math.MinInt64), float64(math.MaxInt64)
	if strings.EqualFold(s.Format, "int32") {
		lowest, highest = math.MinInt32, math.MaxInt32
	}
	if s.Minimum != nil {
		lowest = max(lowest, *s.Minimum)
	}
	if s.Maximum != nil {
		highest = min(highest, *s.Maximum)
	}
	return func(value any) bool {
		n, ok := value.(int64)
		return ok && float64(n) >= lowest && float64(n) <= highest
	}
}
