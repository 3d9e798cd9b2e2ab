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
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	yamlv3 "go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"
)

const mergeBases = "s: &s {a: 1, b: {c: 2}}\nu: &u {a: 5, d: 6}\nw: &w {<<: *u, d: 7}\n"

func TestMerge(t *testing.T) {
	for _, test := range []struct{ name, given, want string }{
		{"nothing beside it", "{<<: *s}", `{"a":1,"b":{"c":2}}`},
		{"a field after it", "{<<: *s, a: 3}", `{"a":3,"b":{"c":2}}`},
		{"a field before it", "{a: 3, <<: *s}", `{"a":3,"b":{"c":2}}`},
		{"objects are not mixed", "{<<: *s, b: {e: 1}}", `{"a":1,"b":{"e":1}}`},
		{"of a list the first", "{<<: [*s, *u]}", `{"a":1,"b":{"c":2},"d":6}`},
		{"of a list the first, and a field", "{d: 8, <<: [*s, *u], a: 3}", `{"a":3,"b":{"c":2},"d":8}`},
		{"a merge of what is merged", "{<<: *w}", `{"a":5,"d":7}`},
		{"an object that stands there", "{a: 3, <<: {a: 4, f: 5}}", `{"a":3,"f":5}`},
		{"an empty list", "{a: 3, <<: []}", `{"a":3}`},
		{"two merge keys", "{<<: *s, <<: *u}", `{"a":5,"b":{"c":2},"d":6}`},
		{"inside what is merged over", "{<<: *s, b: {<<: *u, a: 9}}", `{"a":1,"b":{"a":9,"d":6}}`},
		{"over lines", "\n  a: 3\n  # é\n  <<: # why\n    - *s\n    - f: 5\n", `{"a":3,"b":{"c":2},"f":5}`},
		{"with its tag", "{é: 1, !!merge <<: *s, a: 3}", `{"a":3,"b":{"c":2},"é":1}`},
		{"in quotes it is a field", `{"<<": {a: 1}, a: 3}`, `{"<<":{"a":1},"a":3}`},
		{"as a value it is text", "{a: <<, b: [<<]}", `{"a":"<<","b":["<<"]}`},
		{"in text", "{a: \"x << y\", <<: *s}", `{"a":"x << y","b":{"c":2}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			value, faults := document{text: []byte(mergeBases + "x: " + test.given)}.decode()
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			var want any
			if err := json.Unmarshal([]byte(test.want), &want); err != nil {
				t.Fatal(err)
			}
			got := value.(map[string]any)["x"]
			if diff := cmp.Diff(asFloats(t, want), asFloats(t, got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMergeFaults(t *testing.T) {
	for _, test := range []struct{ name, given, want string }{
		{"a field twice", "a: 1\nx:\n  b: 1\n  <<: {a: 1}\n  b: 2\n", `a.yaml:14: broken YAML: field "b" is there twice: remove one`},
		{"a merged field twice", "x:\n  <<: {a: 1, a: 2}\n", `a.yaml:11: broken YAML: field "a" is there twice: remove one`},
		{"a number", "a: 1\nx:\n  a: 2\n  <<: 5\n", "a.yaml:13: broken YAML: << takes an object or a list of objects, for instance <<: *name"},
		{"nothing", "x: {a: 2, <<: }\n", "a.yaml:10: broken YAML: << takes an object or a list of objects, for instance <<: *name"},
		{"a list of text", "x: {a: 2, <<: [b]}\n", "a.yaml:10: broken YAML: << takes an object or a list of objects, for instance <<: *name"},
		{"itself", "x: &x {a: 2, <<: *x}\n", "a.yaml:10: broken YAML: anchor 'x' value contains itself"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, faults := document{place: Place{File: "a.yaml", Line: 10}, text: []byte(test.given)}.decode()
			if len(faults) != 1 || faults[0].String() != test.want {
				t.Errorf("got %v, want %s", faults, test.want)
			}
		})
	}
}

// sources are values of a merge key.
var sources = []string{"*s", "*u", "*w", "[*s, *u]", "[*u, *s]", "[*w, *s]", "[]", "{<<: *s, a: 1}"}

// anyMapping draws a mapping with some of the fields a to d and a merge key. The merge key is the first key if first is set.
func anyMapping(t *rapid.T, first bool) string {
	var fields []string
	for _, name := range []string{"a", "b", "c", "d"} {
		if rapid.Bool().Draw(t, name) {
			fields = append(fields, fmt.Sprintf("%s: %d", name, rapid.IntRange(10, 20).Draw(t, "value")))
		}
	}
	merge := "<<: " + rapid.SampledFrom(sources).Draw(t, "sources")
	at := 0
	if !first {
		at = rapid.IntRange(0, len(fields)).Draw(t, "at")
	}
	fields = slices.Insert(fields, at, merge)
	return mergeBases + "x: {" + strings.Join(fields, ", ") + "}\n"
}

func decoded(t *rapid.T, text string) any {
	value, faults := document{text: []byte(text)}.decode()
	if len(faults) > 0 {
		t.Fatalf("%v in\n%s", faults, text)
	}
	return asFloats(t, value)
}

func asFloats(t interface{ Fatal(...any) }, value any) any {
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var same any
	if err := json.Unmarshal(data, &same); err != nil {
		t.Fatal(err)
	}
	return same
}

// TestMergeAsKubectl compares merges with those of the library of kubectl apply -f. It takes the last value of a field, so the merge key
// comes first here.
func TestMergeAsKubectl(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyMapping(t, true)
		var want any
		if err := yaml.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, decoded(t, text)); diff != "" {
			t.Fatalf("(-kubectl +got):\n%s\n%s", diff, text)
		}
	})
}

// TestMergeAsKustomize compares merges in any order with those of the library of kustomize (kubectl apply -k), which does what YAML says.
func TestMergeAsKustomize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyMapping(t, false)
		var want any
		if err := yamlv3.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(asFloats(t, want), decoded(t, text)); diff != "" {
			t.Fatalf("(-kustomize +got):\n%s\n%s", diff, text)
		}
	})
}

const mergingList = `apiVersion: v1
kind: List
items:
- apiVersion: cx.journeyops.dev/v1alpha1
  kind: Moment
  metadata: {name: m}
  spec: &s
    title: M
    journeyRef: {name: j}
    phase: p
    importance: %d
- apiVersion: cx.journeyops.dev/v1alpha1
  kind: Moment
  metadata: {name: o}
  spec:
    title: O
    <<: [*s]
`

func TestMergedFieldsAreFound(t *testing.T) {
	write(t, map[string]string{"a.yaml": fmt.Sprintf(mergingList, 101)})
	_, err := ReadFiles(context.Background(), []string{"a.yaml"}, nil, "shop")
	want := "the input has 2 faults, so nothing was evaluated:\n" +
		`  a.yaml:11: Moment "m": spec.importance: Invalid value: 101: spec.importance in body should be less than or equal to 100` + "\n" +
		`  a.yaml:11: Moment "o": spec.importance: Invalid value: 101: spec.importance in body should be less than or equal to 100`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestMergeNotes(t *testing.T) {
	write(t, map[string]string{"a.yaml": "---\n" + fmt.Sprintf(mergingList, 50)})
	read, err := ReadFiles(context.Background(), []string{"a.yaml"}, nil, "shop")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a.yaml:18: title stands before <<, and counts here; kubectl apply -f would take the merged one: put << first"}
	if diff := cmp.Diff(want, read.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}
