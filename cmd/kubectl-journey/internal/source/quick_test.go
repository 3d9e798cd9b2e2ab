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
	for _, root := range []string{"../../../../config", "../cmdtest/testdata/shop"} {
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

// sameDecoded fails if the quick way decodes a document to another value than the slow way, or accepts one with a fault.
func sameDecoded(t interface{ Fatalf(string, ...any) }, text string) (quick bool) {
	d := document{text: []byte(text)}
	want, faults := d.decodeSlowly()
	got, quick := d.decodeQuickly()
	switch {
	case !quick:
	case len(faults) > 0:
		t.Fatalf("what has faults is taken: %v\n%q", faults, text)
	case !reflect.DeepEqual(got, want):
		t.Fatalf("another value (-want +got):\n%s\n%q", cmp.Diff(want, got), text)
	}
	return quick
}

func TestQuickDecoding(t *testing.T) {
	quick, all := 0, 0
	for _, text := range samples(t) {
		all++
		if sameDecoded(t, text) {
			quick++
		}
	}
	if all < 20 || quick < all*8/10 {
		t.Errorf("%d of %d documents are decoded quickly", quick, all)
	}
	for _, text := range []string{
		"a: b\n",
		"\na: b\n\nc:\n  - d: 1\n    e: \"x: #1\"\n  - f: true\n",
		"a:\n- b\n- c d\ne: f",
		"a:\n  - b:\n      - c\n    d: e\n",
		"a:\n  b:\n    c: Straße, that's it\n  d: 0\n",
		"a: b\n  c: d\n",
		"a: b\n  - c\n",
		"a: b\n- c\n",
		"a:\n  - b\n - c\n",
		"a:\n    b: c\n  d: e\n",
		"a:\n  - b\n    c: d\n",
		"a:\n",
		"a:\nb: c\n",
		"a: b\na: c\n",
		"on: b\n",
		"a: yes\n",
		"a: 010\n",
		"a: 2026-11-22\n",
		"a: 1:30\n",
		"a: b # c\n",
		"a: b: c\n",
		"a: \"b\n  c\"\n",
		"a: \"b\" c\n",
		"a: b\n ...\n",
		"a: b\r\n",
		"a: b\u2028\n",
		"- a\n",
		"a:\n  -\n",
		"a:\n  - - b\n",
		"a:\n  -  b: c\n",
	} {
		sameDecoded(t, text)
	}
}

// TestQuickDecodingOfAnything makes documents of random lines. Many of them are nearly valid YAML.
func TestQuickDecodingOfAnything(t *testing.T) {
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
		sameDecoded(t, text)
	})
}

// FuzzQuickDecoding compares the quick way with the slow one.
func FuzzQuickDecoding(f *testing.F) {
	for _, text := range samples(f) {
		if len(text) < 2000 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) { sameDecoded(t, text) })
}
