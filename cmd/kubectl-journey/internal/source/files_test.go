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
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

const (
	journeyA = "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Journey\nmetadata: {name: a}\nspec: {title: A}\n"
	journeyB = "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Journey\nmetadata: {name: b}\nspec: {title: B}\n"
	jsonC    = `{"apiVersion": "cx.journeyops.dev/v1alpha1", "kind": "Journey", "metadata": {"name": "c"}, "spec": {"title": "C"}}`
	jsonD    = `{"apiVersion": "cx.journeyops.dev/v1alpha1", "kind": "Journey", "metadata": {"name": "d"}, "spec": {"title": "D"}}`
)

// write makes a folder with files, and makes it the current folder.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadFiles(t *testing.T) {
	for _, test := range []struct {
		name  string
		files map[string]string
		stdin string
		paths []string
		// want are the names of the objects, each with the line on which it begins.
		want  []string
		notes []string
	}{
		{"a file", map[string]string{"a.yaml": journeyA}, "", []string{"a.yaml"}, []string{"a a.yaml:1"}, nil},
		{"any name when it is given", map[string]string{"a.txt": journeyA}, "", []string{"a.txt"}, []string{"a a.txt:1"}, nil},
		{"a stream", map[string]string{"a.yaml": "# first\n---\n" + journeyA + "--- # second\n" + journeyB + "---\n"}, "", []string{"a.yaml"},
			[]string{"a a.yaml:3", "b a.yaml:8"}, nil},
		{"a stream with directives and ends", map[string]string{"a.yaml": "%YAML 1.1\n---\n" + journeyA + "...\n---\n" + journeyB + "...\n"}, "", []string{"a.yaml"},
			[]string{"a a.yaml:3", "b a.yaml:9"}, nil},
		{"content after the marker", map[string]string{"a.yaml": "--- " + jsonC + "\n---\n" + jsonD}, "", []string{"a.yaml"},
			[]string{"c a.yaml:1", "d a.yaml:3"}, nil},
		{"Windows line ends and a mark", map[string]string{"a.yaml": "\ufeff" + strings.ReplaceAll(journeyA+"---\n"+journeyB, "\n", "\r\n")}, "", []string{"a.yaml"},
			[]string{"a a.yaml:1", "b a.yaml:6"}, nil},
		{"JSON", map[string]string{"c.json": jsonC}, "", []string{"c.json"}, []string{"c c.json:1"}, nil},
		{"JSON that follows JSON", map[string]string{"c.json": jsonC + "\n" + jsonD}, "", []string{"c.json"}, []string{"c c.json:1", "d c.json:2"}, nil},
		{"flow YAML", map[string]string{"a.yaml": "{apiVersion: cx.journeyops.dev/v1alpha1, kind: Journey, metadata: {name: a}, spec: {title: A}}"}, "", []string{"a.yaml"},
			[]string{"a a.yaml:1"}, nil},
		{"a List", map[string]string{"l.json": `{"apiVersion":"v1","kind":"List","items":[` + jsonC + ",\n" + jsonD + "]}"}, "", []string{"l.json"},
			[]string{"c l.json:1", "d l.json:2"}, nil},
		{"a list of one kind", map[string]string{"l.yaml": "apiVersion: cx.journeyops.dev/v1alpha1\nkind: JourneyList\nitems:\n- metadata: {name: e}\n  spec: {title: E}\n"},
			"", []string{"l.yaml"}, []string{"e l.yaml:4"}, nil},
		{"an empty list beside an object", map[string]string{"l.yaml": "apiVersion: v1\nkind: List\nitems: []\n---\n" + journeyA}, "", []string{"l.yaml"},
			[]string{"a l.yaml:5"}, nil},
		{"folders", map[string]string{
			"x/b.yml": journeyB, "x/y/a.yaml": journeyA, "x/c.JSON": jsonC, "x/kustomization.yaml": "resources: []", "x/Kustomization": "resources: []",
			"x/notes.md": "- no", "x/.hidden.yaml": "no", "x/.git/d.yaml": "no", "x/empty.yaml": "# later\n",
		}, "", []string{"x"}, []string{"b x/b.yml:1", "c x/c.JSON:1", "a x/y/a.yaml:1"}, nil},
		{"a file twice", map[string]string{"x/a.yaml": journeyA}, "", []string{"x", "x/a.yaml", "./x/../x"}, []string{"a x/a.yaml:1"}, nil},
		{"standard input", nil, journeyA, []string{"-"}, []string{"a stdin:1"}, nil},
		{"other kinds", map[string]string{"a.yaml": journeyA + "---\nkind: Pod\napiVersion: v1\n---\nkind: Pod\napiVersion: v1\n---\nkind: Moment\napiVersion: example.com/v1\n"},
			"", []string{"a.yaml"}, []string{"a a.yaml:1"}, []string{
				"passed over what is not of cx.journeyops.dev: Moment (example.com/v1), 2 x Pod (v1) (a Moment of journeys has apiVersion cx.journeyops.dev/v1alpha1)",
			}},
		{"sources of administrators", map[string]string{
			"a.yaml": journeyA + "---\nkind: Source\napiVersion: cx.journeyops.dev/v1alpha1\n---\nkind: SourceList\napiVersion: cx.journeyops.dev/v1alpha1\nitems: [{}]\n",
		}, "", []string{"a.yaml"}, []string{"a a.yaml:1"}, nil},
		{"another kind with a long name, and an emoji where it is cut", map[string]string{
			"a.yaml": journeyA + "---\nkind: " + strings.Repeat("x", 99) + "👍🏽\napiVersion: v1\n",
		}, "", []string{"a.yaml"}, []string{"a a.yaml:1"}, []string{
			"passed over what is not of cx.journeyops.dev: " + strings.Repeat("x", 99) + "... (v1)",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			write(t, test.files)
			read, err := ReadFiles(context.Background(), test.paths, strings.NewReader(test.stdin), "shop")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range read.Objects {
				got = append(got, o.Name+" "+o.Place().String())
				if o.Namespace != "shop" {
					t.Errorf("%s is in namespace %q", o.Name, o.Namespace)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("objects (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.notes, read.Notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadFilesFaults(t *testing.T) {
	long := strings.Repeat("x", 50_000)
	for _, test := range []struct {
		name  string
		files map[string]string
		paths []string
		want  []string
	}{
		{"missing", nil, []string{"no/such"}, []string{"no/such: there is no such file or folder"}},
		{"folder without manifests", map[string]string{"x/readme.md": ""}, []string{"x"}, []string{"x: there are no .yaml, .yml or .json files in this folder"}},
		{"empty", map[string]string{"a.yaml": ""}, []string{"a.yaml"}, []string{"a.yaml: the file is empty: expected objects of cx.journeyops.dev/v1alpha1"}},
		{"comments", map[string]string{"a.yaml": "# a\n---\n# b\n"}, []string{"a.yaml"}, []string{"a.yaml: the file is empty"}},
		{"empty JSON", map[string]string{"a.json": ""}, []string{"a.json"}, []string{"a.json: the file is empty"}},
		{"Latin-1", map[string]string{"a.yaml": "# one\n# caf\xe9\n"}, []string{"a.yaml"}, []string{"a.yaml:2: byte 0xe9 is not UTF-8: save the file as UTF-8"}},
		{"UTF-16", map[string]string{"a.yaml": "\xff\xfea\x00"}, []string{"a.yaml"}, []string{"a.yaml: this is UTF-16 text: save the file as UTF-8"}},
		{"Helm template", map[string]string{"a.yaml": "# Moments\n{{- range .Values.moments }}\n---\n" + journeyA + "{{- end }}\n"}, []string{"a.yaml"}, []string{
			"a.yaml:2: this looks like a Helm template: render it first, and read what comes out with -f -, as in helm template CHART | kubectl journey status -f -",
			"a.yaml:8: this looks like a Helm template",
		}},
		{"Helm template of a value", map[string]string{"a.yaml": strings.Replace(journeyA, "title: A", "title: {{ .Values.title }}", 1)}, []string{"a.yaml"}, []string{
			"a.yaml:4: this looks like a Helm template",
		}},
		{"Helm template in quotes", map[string]string{"a.yaml": strings.Replace(journeyA, "name: a", `name: "{{ .Release.Name }}-a"`, 1)}, []string{"a.yaml"}, []string{
			`a.yaml:3: Journey "{{ .Release.Name }}-a": metadata.name: Invalid value: "{{ .Release.Name }}-a": `, "this looks like a Helm template",
		}},
		{"Helm template of JSON", map[string]string{"a.json": "{\n\"kind\": {{ quote .Values.kind }}}"}, []string{"a.json"}, []string{"a.json:2: this looks like a Helm template"}},
		{"braces that are no template", map[string]string{"a.yaml": "kind: {{a}\n"}, []string{"a.yaml"}, []string{"a.yaml:1: broken YAML: did not find expected"}},
		{"binary", map[string]string{"a.yaml": "\x00\x01"}, []string{"a.yaml"}, []string{"a.yaml:1: broken YAML: control characters are not allowed"}},
		{"broken YAML", map[string]string{"a.yaml": journeyA + "---\n# next\nkind: [\n"}, []string{"a.yaml"}, []string{"a.yaml:7: broken YAML: did not find expected node content"}},
		{"tab", map[string]string{"a.yaml": "kind:\n\t- x\n"}, []string{"a.yaml"}, []string{"a.yaml:2: broken YAML: found character that cannot start any token (is there a tab"}},
		{"broken JSON", map[string]string{"a.json": "{\n\"a\": 1,\n}"}, []string{"a.json"}, []string{"a.json:3: broken JSON: invalid character '}'"}},
		{"JSON that ends early", map[string]string{"a.json": "{\n\"a\": 1,\n"}, []string{"a.json"}, []string{"broken JSON: it ends too early"}},
		{"field twice", map[string]string{"a.yaml": "kind: Journey\nmetadata:\n  name: a\n  name: b\n"}, []string{"a.yaml"}, []string{`a.yaml:4: broken YAML: field "name" is there twice: remove one`}},
		{"field twice in JSON", map[string]string{"a.json": `{"kind": "a", "kind": "b"}`}, []string{"a.json"}, []string{`broken JSON: duplicate field "kind"`}},
		{"no object", map[string]string{"a.yaml": "- a\n---\ntext\n---\n5\n"}, []string{"a.yaml"}, []string{
			"a.yaml:1: expected an object with apiVersion, kind and metadata, found a list", "found text", "found a number",
		}},
		{"no kind", map[string]string{"a.yaml": "apiVersion: v1\n---\na: b\n"}, []string{"a.yaml"}, []string{"a.yaml:1: this is no Kubernetes object: it lacks kind", "it lacks apiVersion and kind"}},
		{"wrong version", map[string]string{"a.yaml": strings.Replace(journeyA, "v1alpha1", "v1", 1)}, []string{"a.yaml"}, []string{
			`a.yaml:1: apiVersion "cx.journeyops.dev/v1" is not known: write cx.journeyops.dev/v1alpha1`,
		}},
		{"no version", map[string]string{"a.yaml": strings.Replace(journeyA, "/v1alpha1", "", 1)}, []string{"a.yaml"}, []string{`"cx.journeyops.dev" is not known: write cx.journeyops.dev/v1alpha1`}},
		{"unknown kind", map[string]string{"a.yaml": strings.Replace(journeyA, "Journey", "Jurney", 1)}, []string{"a.yaml"}, []string{
			`a.yaml:2: kind "Jurney" is not known: cx.journeyops.dev has Journey, Moment, Requirement, BuildingBlock, RoadmapItem, Roadmap`,
		}},
		{"items that are no list", map[string]string{"a.yaml": "apiVersion: v1\nkind: List\nitems: {}\n"}, []string{"a.yaml"}, []string{"a.yaml:3: items must be a list, not an object"}},
		{"item that is no object", map[string]string{"a.yaml": "apiVersion: v1\nkind: List\nitems:\n- 1\n"}, []string{"a.yaml"}, []string{"a.yaml:4: expected an object"}},
		{"duplicates", map[string]string{"a.yaml": journeyA, "b.yaml": journeyB + "---\n" + journeyA}, []string{"a.yaml", "b.yaml"}, []string{
			`b.yaml:6: Journey "a": it is there twice, also at a.yaml:1: remove or rename one`,
		}},
		{"duplicates in a list", map[string]string{"a.json": `{"apiVersion":"v1","kind":"List","items":[` + jsonC + ",\n" + jsonC + "]}"}, []string{"a.json"}, []string{
			`a.json:2: Journey "c": it is there twice, also at a.json:1`,
		}},
		{"line of a field", map[string]string{"a.yaml": journeyA + "---\napiVersion: cx.journeyops.dev/v1alpha1\nkind: Journey\nmetadata:\n  name: x\nspec:\n  title: X\n  phases:\n  - name: p\n  - name: Q\n"},
			[]string{"a.yaml"}, []string{`a.yaml:14: Journey "x": spec.phases[1].name: Invalid value: "Q"`}},
		{"line in a list", map[string]string{"a.yaml": "apiVersion: v1\nkind: List\nitems:\n- apiVersion: cx.journeyops.dev/v1alpha1\n  kind: Journey\n  metadata: {name: x}\n  spec:\n    titel: X\n"},
			[]string{"a.yaml"}, []string{`a.yaml:8: Journey "x": spec.titel: unknown field, did you mean title?`}},
		{"very long text", map[string]string{"a.yaml": strings.NewReplacer("A}", long+"}", "name: a", "name: "+long).Replace(journeyA)}, []string{"a.yaml"}, []string{
			"spec.title: Too long", "metadata.name: Invalid value",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			write(t, test.files)
			read, err := ReadFiles(context.Background(), test.paths, strings.NewReader(""), "shop")
			var faults InputErrors
			if !errors.As(err, &faults) || read != nil {
				t.Fatalf("got %v and %v, want faults", read, err)
			}
			text := faults.Error()
			for _, want := range test.want {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing in:\n%s", want, text)
				}
			}
			for line := range strings.SplitSeq(text, "\n") {
				if len(line) > 700 {
					t.Errorf("a line of %d bytes", len(line))
				}
			}
		})
	}
}

func TestFaultsAreBounded(t *testing.T) {
	write(t, map[string]string{"a.yaml": strings.Repeat("a: b\n---\n", 1000)})
	_, err := ReadFiles(context.Background(), []string{"a.yaml"}, strings.NewReader(""), "shop")
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != maxFaults+2 || lines[0] != "the input has 1000 faults, so nothing was evaluated:" || lines[len(lines)-1] != "  ... and 980 more" {
		t.Errorf("got %d lines:\n%s", len(lines), err)
	}
}

func TestLinkedFiles(t *testing.T) {
	// A mounted ConfigMap is a folder with links to files in a hidden folder.
	write(t, map[string]string{"x/..data/a.yaml": journeyA})
	if err := os.Symlink("..data/a.yaml", "x/a.yaml"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(".", "x/loop"); err != nil {
		t.Fatal(err)
	}
	read, err := ReadFiles(context.Background(), []string{"x"}, strings.NewReader(""), "shop")
	if err != nil || len(read.Objects) != 1 {
		t.Errorf("got %v, %v", read, err)
	}
}

// FuzzReadFiles looks for input that makes the reader panic, or for which it returns neither objects nor a fault.
func FuzzReadFiles(f *testing.F) {
	for _, seed := range []string{journeyA, jsonC, journeyA + "---\n" + journeyB, "a: &a [*a]", "? {a: b}\n: c", "--- |\n a", "{", "\xff", "apiVersion: v1\nkind: List\nitems: [1]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		read, err := ReadFiles(context.Background(), []string{Stdin}, strings.NewReader(input), "shop")
		if (err == nil) != (read != nil && len(read.Objects) > 0) {
			t.Errorf("got %v and %v", read, err)
		}
	})
}

// TestReadTyped checks that JSON returns the same content of an object, whether or not ReadTyped left the content out.
func TestReadTyped(t *testing.T) {
	path := "../cmdtest/testdata/shop"
	kept, err := ReadFiles(t.Context(), []string{path}, nil, "shop")
	if err != nil {
		t.Fatal(err)
	}
	typed, err := ReadTyped(t.Context(), []string{path}, nil, "shop")
	if err != nil {
		t.Fatal(err)
	}
	if len(kept.Objects) != len(typed.Objects) {
		t.Fatalf("%d objects, want %d", len(typed.Objects), len(kept.Objects))
	}
	for i, o := range typed.Objects {
		want := kept.Objects[i]
		if o.Content != nil {
			t.Errorf("the content of %s was kept", o.Name)
		}
		got, err := o.JSON()
		if diff := cmp.Diff(want.Content, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", o.Name, err, diff)
		}
		if diff := cmp.Diff(want.Typed, o.Typed); diff != "" || want.Place() != o.Place() {
			t.Errorf("%s at %s, want %s:\n%s", o.Name, o.Place(), want.Place(), diff)
		}
	}
}

// TestItems reads a JSON list twice: as JSON, item by item, and as YAML, as a whole, since all JSON is YAML. Both must give the same
// objects and the same faults, on the same lines.
func TestItems(t *testing.T) {
	list := func(items ...string) string {
		return "{\"apiVersion\": \"v1\",\n\"items\": [\n" + strings.Join(items, ",\n\n") + "],\n\"kind\": \"List\", \"metadata\": {}}"
	}
	nested := list(jsonC)
	for name, content := range map[string]string{
		"two":               list(jsonC, jsonD),
		"the same twice":    list(jsonC, jsonC),
		"a list in a list":  list(nested, jsonD),
		"a typed list":      `{"apiVersion": "cx.journeyops.dev/v1alpha1", "kind": "JourneyList", "items": [` + "\n" + `{"metadata": {"name": "x"}, "spec": {"title": "X"}}]}`,
		"nothing":           list(),
		"null":              list(jsonC, "null", jsonD),
		"a number":          list(jsonC, "3", jsonD),
		"no object":         list(jsonC, "[]"),
		"an unknown field":  list(jsonC, strings.Replace(jsonD, `"title"`, "\n"+`"tilte"`, 1)),
		"no list":           `{"apiVersion": "v1", "kind": "List", "items": {}}`,
		"a field more":      `{"apiVersion": "v1", "kind": "List", "other": 1, "items": [` + jsonC + `]}`,
		"items in a string": `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"a": "\"items\""}}`,
	} {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{"a.json": content, "x/a.yaml": "# As YAML.\n" + content})
			want, wantErr := ReadFiles(t.Context(), []string{"x/a.yaml"}, nil, "shop")
			got, gotErr := ReadFiles(t.Context(), []string{"a.json"}, nil, "shop")
			if diff := cmp.Diff(described(want, wantErr, 1), described(got, gotErr, 0)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// described lists objects and faults with their lines. It leaves out the name of the file, and subtracts the lines before the list.
func described(files *Files, err error, before int) []string {
	var lines []string
	if faults, ok := errors.AsType[InputErrors](err); ok {
		for _, f := range faults {
			lines = append(lines, fmt.Sprintf("%d: %s %s %s", f.Place.Line-before, f.Object, f.Field, strings.ReplaceAll(f.Text, "x/a.yaml:4", "a.json:3")))
		}
		return lines
	}
	if err != nil {
		return []string{strings.ReplaceAll(err.Error(), "x/a.yaml", "a.json")}
	}
	for _, o := range files.Objects {
		lines = append(lines, fmt.Sprintf("%d: %s %v", o.Place().Line-before, o.Name, o.Content))
	}
	return lines
}

// TestDecimals checks that a value is the same, whether it is written as a number or as text.
func TestDecimals(t *testing.T) {
	const samples = "[{date: \"2026-11-01\", value: 412}, {date: \"2026-11-02\", value: \"0.35\"}, {date: \"2026-11-03\", value: \"1.5\"}]"
	write(t, map[string]string{"a.yaml": "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Metric\nmetadata: {name: m}\nspec: {title: M, direction: Increase, samples: " + samples +
		"}\n---\napiVersion: cx.journeyops.dev/v1alpha1\nkind: Observation\nmetadata: {name: o}\nspec: {of: {kind: Metric, name: m}, observedOn: \"2026-11-03\", samples: " + samples + "}\n"})
	read, err := ReadFiles(context.Background(), []string{"a.yaml"}, nil, "shop")
	if err != nil {
		t.Fatal(err)
	}
	want := []cxv1alpha1.Sample{{Date: "2026-11-01", Value: "412"}, {Date: "2026-11-02", Value: "0.35"}, {Date: "2026-11-03", Value: "1.5"}}
	for _, o := range read.Objects {
		got := []cxv1alpha1.Sample(nil)
		switch typed := o.Typed.(type) {
		case *cxv1alpha1.Metric:
			got = typed.Spec.Samples
		case *cxv1alpha1.Observation:
			got = typed.Spec.Samples
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", o.Name, diff)
		}
	}
}
