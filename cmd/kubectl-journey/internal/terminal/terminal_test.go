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

package terminal

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"
)

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"plain":               "plain",
		"é 日本 👩‍👧 \u200c":     "é 日本 👩‍👧 \u200c",
		"a\nb\tc\r":           "a b c ",
		"\x1b[31mred":         `\x1b[31mred`,
		"\u009b31m":           `\x9b31m`,
		"\u202eabc\u2066":     `\u202eabc\u2066`,
		"a\u200bb\u00adc":     `a\u200bb\xadc`,
		"\U000e0041\u3164":    `\U000e0041\u3164`,
		"not UTF-8: \xff\xfe": "not UTF-8: \ufffd\ufffd",
		"\x00\x7f\u2028":      `\x00\x7f\u2028`,
		"::error::x std::map": `\x3a:error::x std::map`,
		"日::add-mask::a :: b": `日\x3a:add-mask::a :: b`,
		"##vso[task]##[x] ##": `##vso\x5btask]##\x5bx] ##`,
		"a\u034f\u17b4\u2800": `a\u034f\u17b4\u2800`,
		"葛\U000e0100 ❤\ufe0f": "葛\U000e0100 ❤\ufe0f",

		"a" + strings.Repeat("\u0301", maxMarks+1) + "b\u0301": "a" + strings.Repeat("\u0301", maxMarks) + `\u0301b` + "\u0301",
	} {
		if got := Line(text); got != want {
			t.Errorf("Line(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	table := Table{Headings: []string{"Name", "What"}}
	table.Add("a", "x\ny")
	table.Add("é-long-name", "")
	var b strings.Builder
	if err := table.Write(&b); err != nil {
		t.Fatal(err)
	}
	if want := "NAME          WHAT\na             x y\né-long-name\n"; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

// values draws values that JSON can hold.
func values() *rapid.Generator[any] {
	scalars := []*rapid.Generator[any]{
		rapid.Just(any(nil)), rapid.Bool().AsAny(), rapid.Int64().AsAny(), rapid.String().AsAny(),
		rapid.SampledFrom([]string{"yes", "1", "1.0", "null", "~", "2027-01-01", "a: b", "- a", "# a", "<<", "\u202ea", "\u0085", " a\n\nb\n ", "'", `\u202e`, "0x1"}).AsAny(),
	}
	return rapid.OneOf(append(scalars,
		rapid.MapOfN(rapid.OneOf(rapid.String(), rapid.Just("<<")), rapid.OneOf(scalars...), 0, 3).AsAny(),
		rapid.SliceOfN(rapid.OneOf(scalars...), 0, 3).AsAny())...)
}

// TestValuesSurvive checks that JSON and YAML are inert, and that the same values are read back.
func TestValuesSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		object := map[string]any{"a": values().Draw(t, "a"), "b": values().Draw(t, "b")}
		want, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		items := []Item{func() (map[string]any, error) { return object, nil }}
		var asJSON, asYAML strings.Builder
		if err := ListJSON(&asJSON, items); err != nil {
			t.Fatal(err)
		}
		if err := ListYAML(&asYAML, items); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{asJSON.String(), asYAML.String()} {
			if !isInertText(text) {
				t.Fatalf("not inert:\n%q", text)
			}
		}
		fromYAML, err := yaml.YAMLToJSON([]byte(asYAML.String()))
		if err != nil {
			t.Fatalf("%v in\n%s", err, asYAML.String())
		}
		for _, data := range []string{asJSON.String(), string(fromYAML)} {
			var list struct {
				Items []json.RawMessage `json:"items"`
			}
			if err := json.Unmarshal([]byte(data), &list); err != nil {
				t.Fatal(err)
			}
			var value any
			decoder := json.NewDecoder(strings.NewReader(string(list.Items[0])))
			decoder.UseNumber()
			if err := decoder.Decode(&value); err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Fatalf("got\n%s\nwant\n%s\nfrom\n%s", got, want, data)
			}
		}
	})
}

func TestEmptyLists(t *testing.T) {
	var asJSON, asYAML strings.Builder
	if err := ListJSON(&asJSON, nil); err != nil {
		t.Fatal(err)
	}
	if err := ListYAML(&asYAML, nil); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{asJSON.String(), asYAML.String()} {
		var list map[string]any
		if err := yaml.Unmarshal([]byte(text), &list); err != nil {
			t.Fatal(err)
		}
		if items, ok := list["items"].([]any); !ok || len(items) != 0 {
			t.Errorf("no empty list:\n%s", text)
		}
	}
}
