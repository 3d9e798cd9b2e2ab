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
	"slices"
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
			all := maker{t: t, filler: "x"}.objects(kind, "whole")
			for _, whole := range all {
				if err := c.client.Create(t.Context(), whole.DeepCopy(), client.DryRunAll); err != nil {
					t.Fatalf("an object with every field set: %v", err)
				}
			}
			walk("", schemaOf(definition), func(path string, s *schema) {
				if !isIn(path, "spec") || isOfKubernetes(path) || decidesForm(kind, path) {
					return
				}
				for _, try := range tries(t, path, s) {
					c.try(t, having(t, all, path), path, try)
				}
			})
		})
	}
}

// having returns the first form of an object that has a field.
func having(t *testing.T, all []*unstructured.Unstructured, path string) *unstructured.Unstructured {
	t.Helper()
	for _, object := range all {
		if has(object, path) {
			return object
		}
	}
	t.Fatalf("no form of %s has %s", all[0].GetKind(), path)
	return nil
}

// isOfKubernetes tells whether a field is within a type of Kubernetes' own, which has no bounds.
func isOfKubernetes(path string) bool { return strings.HasPrefix(path, "spec.namespaceSelector.") }

// decidesForm tells whether a field decides which others go with it, so that its values cannot be tried one by one.
func decidesForm(kind, path string) bool {
	for _, f := range forms[kind] {
		if _, decides := f.has[path]; decides {
			return true
		}
	}
	return false
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
	case "Metric spec.baseline.date", "Metric spec.target.date":
		set(t, object, "spec.baseline.date", value)
		set(t, object, "spec.target.date", value)
	case "Observation spec.work.startedDate", "Observation spec.work.finishDate":
		set(t, object, "spec.work.startedDate", value)
		set(t, object, "spec.work.finishDate", value)
	case "RoadmapItem spec.state":
		if value != "Done" {
			set(t, object, "spec.finishDate", nil)
		}
	case "RoadmapItem spec.startDate", "RoadmapItem spec.startedDate", "RoadmapItem spec.targetDate", "RoadmapItem spec.finishDate":
		set(t, object, "spec.startedDate", value)
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
	case s.XIntOrString && isDecimal(s):
		return decimals(path)
	case s.XIntOrString:
		return quantities()
	case path == "spec.interval":
		return intervals()
	case s.Type == "string" && examples[s.Pattern].start != "":
		return formed(s)
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

// isDecimal tells whether a field holds a Decimal, of which the schema says more than of other quantities.
func isDecimal(s *schema) bool {
	return s.XIntOrString && strings.Contains(s.Pattern, "{1,18}u")
}

func decimals(path string) []try {
	all := matching(int64(8), int64(999_999_999_999), "8", "0.5", "+5", "0.000001", "1.5k", "500m", "1u", "2.5M", "1G", "999999999999.999999")
	if path != "spec.noise" && !strings.HasSuffix(path, ".expectedDelta") {
		all = append(all, matching(int64(0), "-0.25", int64(-999_999_999_999))...)
	}
	all = append(all, notMatching("", "high", "1e3", "2Gi", "1T", "1n", "0.0000001", "1000000000000", "0.0001m", "1,5", "1.", ".5", "0x10", "NaN", " 1")...)
	return append(all,
		try{int64(1_000_000_000_000), "too large"},
		try{strings.Repeat("9", 33), "may not be more than 32"},
		try{0.5, "must be of type integer"},
		try{true, "must be of type integer,string"},
	)
}

func intervals() []try {
	const wrong = "interval must be from 1m to 168h"
	return []try{{"1m", ""}, {"168h", ""}, {"1h30m", ""}, {"59s", wrong}, {"168h1s", wrong}, {"-1h", wrong}, {"daily", "Invalid value"}, {int64(5), "must be of type string"}}
}

// example shows what a pattern is for: how a text begins that it takes, others that it takes, and some that it does not.
type example struct {
	start     string
	good, bad []any
}

// examples of the patterns that are not those of names and URLs.
var examples = map[string]example{
	// An apiVersion.
	`^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[a-z0-9]([-a-z0-9]*[a-z0-9])?$`: {"apps/v1",
		[]any{"v1", "apps/v1", "cx.journeyops.dev/v1alpha1"}, []any{"apps/", "/v1", "a/b/c", "Apps/v1", "apps v1", "../v1", "v1\n"}},
	// The name of a kind.
	`^[A-Z][A-Za-z0-9]*$`: {"Kind", []any{"Deployment", "A"}, []any{"deployment", "Deploy ment", "apps/Deployment", "Deployment\n"}},
	// A reason.
	`^[A-Za-z][A-Za-z0-9]*$`: {"Reason", []any{"SourceNotFound", "ok"}, []any{"Not found", "404", "a-b", "é"}},
	// The address of a source.
	`^https?://[^/?#@\s]+[^?#@\s]*$`: {"https://example.com/", []any{"http://prometheus:9090", "https://example.com/jira/"},
		[]any{"example.com", "ftp://example.com", "https://", "https://a:b@example.com", "https://example.com?a=b", "https://example.com#a", "https://example.com/a b"}},
	// A key of a secret.
	`^[-._a-zA-Z0-9]+$`: {"token", []any{"token", "API_KEY", "a.b-c"}, []any{"a b", "a/b", "é"}},
	// A namespace, or all.
	`^(\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?)$`: {"claims", []any{"a", "claims-1"}, []any{"A", "a.b", "**", "-a"}},
}

func formed(s *schema) []try {
	e, most := examples[s.Pattern], int(*s.MaxLength)
	return slices.Concat(matching(e.good...), notMatching(e.bad...), []try{
		{e.start + strings.Repeat("x", most-len(e.start)), ""},
		{e.start + strings.Repeat("x", most-len(e.start)+1), fmt.Sprintf("may not be more than %d", most)},
	})
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
			all := maker{t: t, filler: "x"}.objects(kind, "whole")
			walk("", schemaOf(definition), func(path string, s *schema) {
				for _, name := range s.Required {
					if field := strings.TrimPrefix(path+"."+name, "."); isIn(field, "spec") && !isOfKubernetes(field) {
						c.try(t, having(t, all, field), field, try{nil, "Required value"})
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
