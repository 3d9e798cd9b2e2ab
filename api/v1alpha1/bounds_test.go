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
	"regexp"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// try is a value for one field, and what the API server should say of it: nothing when it is good.
type try struct {
	value any
	want  string
}

// TestEveryBoundIsEnforced takes an object with every field set, and tries the values around the bounds of each field
// of its spec.
func TestEveryBoundIsEnforced(t *testing.T) {
	c := theCluster(t)
	for kind, definition := range definitions(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			whole := maker{t: t, filler: "x"}.object(kind, "whole")
			if err := c.client.Create(t.Context(), whole.DeepCopy(), client.DryRunAll); err != nil {
				t.Fatalf("an object with every field set: %v", err)
			}
			walk("", schemaOf(definition), func(path string, s *schema) {
				if !isIn(path, "spec") {
					return
				}
				for _, try := range tries(t, path, s) {
					c.try(t, whole, path, try)
				}
			})
		})
	}
}

func (c *cluster) try(t *testing.T, whole *unstructured.Unstructured, path string, try try) {
	t.Helper()
	object := whole.DeepCopy()
	set(t, object, path, try.value)
	keepRules(t, object, path, try.value)
	err := c.client.Create(t.Context(), object, client.DryRunAll)
	switch {
	case try.want == "" && err != nil:
		t.Errorf("%s: %s is refused: %v", path, short(try.value), err)
	case try.want != "" && err == nil:
		t.Errorf("%s: %s is accepted, want %q", path, short(try.value), try.want)
	case try.want != "" && (!strings.Contains(err.Error(), try.want) || !strings.Contains(err.Error(), where(path))):
		t.Errorf("%s: %s is refused with %v, want %q", path, short(try.value), err, try.want)
	}
}

// where is how the API server writes a path.
func where(path string) string { return strings.ReplaceAll(path, "[]", "[0]") }

func short(value any) string {
	text := fmt.Sprintf("%#v", value)
	if len(text) > 80 {
		text = text[:80] + "..."
	}
	return text
}

// keepRules changes other fields such that the value tried breaks no rule between fields.
func keepRules(t *testing.T, object *unstructured.Unstructured, path string, value any) {
	t.Helper()
	number, _ := value.(int64)
	switch object.GetKind() + " " + path {
	case "Roadmap spec.weights.customer":
		set(t, object, "spec.weights.business", 100-number)
	case "Roadmap spec.weights.business":
		set(t, object, "spec.weights.customer", 100-number)
	case "RoadmapItem spec.state":
		if value != "Done" {
			set(t, object, "spec.finishDate", nil)
		}
	case "RoadmapItem spec.startDate", "RoadmapItem spec.targetDate", "RoadmapItem spec.finishDate":
		set(t, object, "spec.startDate", value)
		set(t, object, "spec.targetDate", value)
		set(t, object, "spec.finishDate", value)
	}
}

func tries(t *testing.T, path string, s *schema) []try {
	t.Helper()
	switch {
	case s.Type == "integer":
		return numbers(s)
	case s.Type == "array":
		return lists(t, path, s)
	case s.Format == "date":
		return dates()
	case s.Enum != nil:
		return words(t, s)
	case s.XIntOrString:
		return quantities()
	case s.Type == "string":
		return texts(s)
	}
	return nil
}

func numbers(s *schema) []try {
	least, most := int64(*s.Minimum), int64(*s.Maximum)
	tooSmall, tooLarge := fmt.Sprintf("should be greater than or equal to %d", least), fmt.Sprintf("should be less than or equal to %d", most)
	return []try{
		{least - 1, tooSmall},
		{least, ""},
		{most, ""},
		{most + 1, tooLarge},
		{1.5, "must be of type integer"},
		{"1", "must be of type integer"},
	}
}

func lists(t *testing.T, path string, s *schema) []try {
	t.Helper()
	m := maker{t: t, filler: "x"}
	most := int(*s.MaxItems)
	all := []try{
		{m.list(path, s, most), ""},
		{m.list(path, s, most+1), fmt.Sprintf("must have at most %d items", most)},
	}
	if s.Items.Schema.Enum != nil {
		// With only so many values, one too many is one that was there.
		all[1].want = "Duplicate value"
	}
	if s.MinItems != nil {
		all = append(all, try{[]any{}, fmt.Sprintf("should have at least %d items", *s.MinItems)})
	} else {
		all = append(all, try{[]any{}, ""})
	}
	if *s.XListType != "atomic" {
		all = append(all, try{append(m.list(path, s, 1), m.list(path, s, 1)...), "Duplicate value"})
	}
	return all
}

func dates() []try {
	return []try{
		{"2028-02-29", ""},
		{"2027-02-30", "must be of type date"},
		{"2027-13-01", "must be of type date"},
		{"2027-3-1", "must be of type date"},
		{"01-03-2027", "must be of type date"},
		{"2027-03-01T00:00:00Z", "Too long"},
		{"soon", "must be of type date"},
		{"", "must be of type date"},
	}
}

func words(t *testing.T, s *schema) []try {
	t.Helper()
	all := []try{{"Nonsense", "supported values: "}, {"", "supported values: "}}
	for _, value := range enumOf(t, s) {
		all = append(all, try{value, ""}, try{strings.ToLower(value), "supported values: "})
	}
	return all
}

func texts(s *schema) []try {
	start := ""
	if isURL(s) {
		start = "https://"
	}
	most := int(*s.MaxLength)
	all := []try{
		{start + strings.Repeat("x", most-len(start)), ""},
		{start + strings.Repeat("x", most-len(start)+1), fmt.Sprintf("may not be more than %d", most)},
		{start + strings.Repeat("x", 50_000), fmt.Sprintf("may not be more than %d", most)},
	}
	if s.MinLength != nil && s.Pattern == "" {
		all = append(all, try{"", "should be at least 1 chars long"})
	}
	if s.Pattern == "" {
		// Characters count, not bytes.
		all = append(all, try{strings.Repeat("é", most), ""})
	}
	switch {
	case isURL(s):
		all = append(all, matching("https://example.com", "http://example.com/a?b=c")...)
		all = append(all, notMatching("example.com", "ftp://example.com", "javascript:alert(1)//https://", "")...)
	case isObjectName(s):
		all = append(all, matching("a.b", "a-1.b-2.c")...)
		all = append(all, notMatching("a..b", ".a", "a.", "a.-b", "a-.b", "a/b")...)
	case s.Pattern != "":
		all = append(all, notMatching("a.b")...)
	}
	if s.Pattern != "" && !isURL(s) {
		all = append(all, matching("a", "a1", "1", "a-b", "2-way")...)
		all = append(all, notMatching("A", "a b", "-a", "a-", "a_b", "é", "a\n", " ")...)
	}
	return all
}

func quantities() []try {
	all := matching(int64(8), int64(0), int64(-3), "8", "0.5", "-0.25", "+5", "1e3", "1.5k", "500m", "2Gi", strings.Repeat("9", 32))
	// Those that the usual pattern for quantities lets through, but Go cannot read, would keep every client that is
	// written in Go, the operator first, from reading any item at all.
	all = append(all, notMatching("", "high", "1e.5", "1e5.5", "1e400", "1e99999999999999999999", "1,5", "1.", ".5", "0x10", "NaN", " 1")...)
	return append(all,
		try{strings.Repeat("9", 33), "may not be more than 32"},
		try{0.5, "must be of type integer"},
		try{true, "must be of type integer,string"},
	)
}

func matching(values ...any) []try {
	var all []try
	for _, value := range values {
		all = append(all, try{value, ""})
	}
	return all
}

func notMatching(values ...any) []try {
	var all []try
	for _, value := range values {
		all = append(all, try{value, "should match"})
	}
	return all
}

// TestEveryRequiredFieldIsAskedFor takes the required fields away, one by one.
func TestEveryRequiredFieldIsAskedFor(t *testing.T) {
	c := theCluster(t)
	for kind, definition := range definitions(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			whole := maker{t: t, filler: "x"}.object(kind, "whole")
			walk("", schemaOf(definition), func(path string, s *schema) {
				for _, name := range s.Required {
					if field := strings.TrimPrefix(path+"."+name, "."); isIn(field, "spec") {
						c.try(t, whole, field, try{nil, "Required value"})
					}
				}
			})
		})
	}
}

var unanchored = regexp.MustCompile(`^[^^]|[^$]$`)

// TestPatternsAreAnchored finds patterns that are looked for anywhere in a string.
func TestPatternsAreAnchored(t *testing.T) {
	eachField(t, func(kind, path string, s *schema) {
		if s.Pattern != "" && !isURL(s) && unanchored.MatchString(s.Pattern) {
			t.Errorf("%s %s: the pattern %s is not anchored", kind, path, s.Pattern)
		}
	})
}
