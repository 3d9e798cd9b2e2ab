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
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// samples are the manifests of the repository.
func samples(tb testing.TB) []string {
	tb.Helper()
	var texts []string
	for _, root := range []string{"../../../../config", "../cli/testdata/shop"} {
		err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".yaml") && !strings.HasSuffix(path, ".yml") {
				return err
			}
			content, err := os.ReadFile(path)
			for _, d := range splitYAML(path, content) {
				texts = append(texts, string(d.text))
			}
			return err
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	return texts
}

// sameDecoded fails when a document that is decoded quickly comes to something else, or is accepted though it has a fault.
func sameDecoded(t interface{ Fatalf(string, ...any) }, text string) (plain, quick bool) {
	d := document{text: []byte(text)}
	want, faults := d.decodeSlowly()
	check := func(name string, got any) {
		if len(faults) > 0 {
			t.Fatalf("%s takes what has faults: %v\n%q", name, faults, text)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s differs (-want +got):\n%s\n%q", name, cmp.Diff(want, got), text)
		}
	}
	value, plain := decodePlain(d.text)
	if plain {
		check("plain", value)
	}
	other, quick := d.decodeQuickly()
	if quick {
		check("quick", other)
	}
	return plain, quick
}

func TestQuickDecoding(t *testing.T) {
	quick, all := 0, 0
	for _, text := range samples(t) {
		all++
		if _, ok := sameDecoded(t, text); ok {
			quick++
		}
	}
	if all < 20 || quick < all*8/10 {
		t.Errorf("%d of %d documents are decoded quickly", quick, all)
	}
	for _, test := range []struct {
		text  string
		plain bool
	}{
		{"a: b\n", true},
		{"\na: b\n\nc:\n  - d: 1\n    e: \"x: #1\"\n  - f: true\n", true},
		{"a:\n- b\n- c d\ne: f", true},
		{"a:\n  - b:\n      - c\n    d: e\n", true},
		{"a:\n  b:\n    c: Straße, that's it\n  d: 0\n", true},
		{"a: b\n  c: d\n", false},
		{"a: b\n  - c\n", false},
		{"a: b\n- c\n", false},
		{"a:\n  - b\n - c\n", false},
		{"a:\n    b: c\n  d: e\n", false},
		{"a:\n  - b\n    c: d\n", false},
		{"a:\n", false},
		{"a:\nb: c\n", false},
		{"a: b\na: c\n", false},
		{"on: b\n", false},
		{"a: yes\n", false},
		{"a: 010\n", false},
		{"a: 2026-11-22\n", false},
		{"a: 1:30\n", false},
		{"a: b # c\n", false},
		{"a: b: c\n", false},
		{"a: \"b\n  c\"\n", false},
		{"a: \"b\" c\n", false},
		{"a: b\n ...\n", false},
		{"a: b\r\n", false},
		{"a: b\u2028\n", false},
		{"- a\n", false},
		{"a:\n  -\n", false},
		{"a:\n  - - b\n", false},
		{"a:\n  -  b: c\n", false},
	} {
		if plain, _ := sameDecoded(t, test.text); plain != test.plain {
			t.Errorf("%q is plain: %v", test.text, plain)
		}
	}
}

// TestPlainYAMLIsYAML puts lines together at random, which is how nearly valid YAML comes about.
func TestPlainYAMLIsYAML(t *testing.T) {
	plain := 0
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		indent := 0
		for range rapid.IntRange(1, 8).Draw(t, "lines") {
			if rapid.IntRange(0, 9).Draw(t, "jump") == 0 {
				indent = rapid.IntRange(0, 8).Draw(t, "indent")
			}
			b.WriteString(strings.Repeat(" ", max(0, indent)))
			item := rapid.IntRange(0, 3).Draw(t, "item") == 0
			if item {
				b.WriteString("- ")
			}
			key := rapid.SampledFrom([]string{"a", "b", "c", "no", "app.io/x", "d e", ""}).Draw(t, "key")
			value := rapid.SampledFrom([]string{"", "x", "x y", "1", "true", "Null", "\"q: r\"", "\"q", "é", "- z", "x:y", "'s'", "~", "{f: g}", "[h]", "|", "& v"}).Draw(t, "value")
			if key != "" {
				b.WriteString(key + ":" + rapid.SampledFrom([]string{" ", " ", " ", "", "  "}).Draw(t, "space"))
			}
			b.WriteString(value)
			b.WriteString(rapid.SampledFrom([]string{"\n", "\n", "\n", "\n\n", " \n", " # c\n", "\n#\n"}).Draw(t, "end"))
			if value == "" {
				indent += 2
			}
		}
		text := strings.ReplaceAll(b.String(), ": \n", ":\n")
		if ok, _ := sameDecoded(t, text); ok {
			plain++
		}
	})
	t.Logf("%d were plain", plain)
}

// FuzzPlainYAML holds the quick ways against the YAML library.
func FuzzPlainYAML(f *testing.F) {
	for _, text := range samples(f) {
		if len(text) < 2000 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) { sameDecoded(t, text) })
}
