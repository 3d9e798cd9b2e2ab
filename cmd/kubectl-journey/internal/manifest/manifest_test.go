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

package manifest

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	yamlv3 "go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

func decode(t rapid.TB, text string) any {
	t.Helper()
	converted, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	var value any
	if err := kjson.UnmarshalCaseSensitivePreserveInts(converted, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestRender(t *testing.T) {
	object := decode(t, `{"kind": "Moment", "apiVersion": "cx.journeyops.dev/v1alpha1", "metadata": {"namespace": "shop", "name": "x"}, "spec": {
		"neededBy": "2027-03-01", "importance": 60, "momentOfTruth": true, "title": "yes", "owner": "a: b # c", "channels": ["web", "on"], "phase": "p",
		"description": "first\n\n  second\n", "promise": "`+strings.Repeat("a promise that is long, ", 8)+`kept", "journeyRef": {"name": "j"},
		"insights": [{"statement": "\u202eseen", "name": "i", "validated": false}], "touchpoints": [], "experience": {}, "brandValues": null}}`)
	text, err := Render(object.(map[string]any))
	if err != nil {
		t.Fatal(err)
	}
	const want = `apiVersion: cx.journeyops.dev/v1alpha1
kind: Moment
metadata:
  name: x
  namespace: shop
spec:
  journeyRef:
    name: j
  phase: p
  title: "yes"
  description: |
    first

      second
  owner: 'a: b # c'
  promise: >-
    a promise that is long, a promise that is long, a promise that is long, a promise that is long,
    a promise that is long, a promise that is long, a promise that is long, a promise that is long,
    kept
  brandValues: null
  channels:
    - web
    - "on"
  touchpoints: []
  insights:
    - name: i
      statement: "\u202eseen"
      validated: false
  importance: 60
  momentOfTruth: true
  experience: {}
  neededBy: "2027-03-01"
`
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !reflect.DeepEqual(decode(t, text), object) {
		t.Error("what was written is not what is read")
	}
}

// TestReadableTextStaysReadable checks that text of any script is written as it is, and that invisible characters are escaped.
func TestReadableTextStaysReadable(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"an emoji", "🎁 gift card", `"🎁 gift card"`},
		{"an emoji of several characters", "👩🏽\u200d💻 at work", "\"👩🏽\u200d💻 at work\""},
		{"an emoji with quotes", `🎁 "now" \ <b>`, `"🎁 \"now\" \\ <b>"`},
		{"a heart with its style", "❤\ufe0f it", "❤\ufe0f it"},
		{"a flag", "🇳🇱", `"🇳🇱"`},
		{"letters beyond the first plane", "𝒜 𐍈 𠮷", `"𝒜 𐍈 𠮷"`},
		{"Cyrillic", "Вход в кабинет", "Вход в кабинет"},
		{"Chinese", "计划", "计划"},
		{"Arabic", "خطة", "خطة"},
		{"Hindi with its marks", "क्\u200dष", "क्\u200dष"},
		{"a mark on a letter", "e\u0301te\u0301", "e\u0301te\u0301"},
		{"text that turns around", "a \u202eb", `"a \u202eb"`},
		{"text that turns around beside an emoji", "🎁 \u202eb", `"🎁 \u202eb"`},
		{"a tag that nobody sees", "a\U000e0041", `"a\U000e0041"`},
		{"a blank that nobody sees", "a\u3164b", `"a\u3164b"`},
		{"a soft hyphen", "a\u00adb", `"a\u00adb"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			object := map[string]any{"kind": "Requirement", "title": test.text, "labels": []any{test.text}, "deep": map[string]any{test.text: "key"}}
			got, err := Render(object)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range []string{"title: " + test.want + "\n", "- " + test.want + "\n", "  " + test.want + ": key\n"} {
				if !strings.Contains(got, line) {
					t.Errorf("%q is missing in:\n%s", line, got)
				}
			}
			if !reflect.DeepEqual(decode(t, got), any(object)) {
				t.Errorf("what was written is not what is read:\n%s", got)
			}
		})
	}
}

const written = `# The moments.

# First of all, this one.
kind: Moment   # a moment
apiVersion: cx.journeyops.dev/v1alpha1
metadata: {name: x}
spec:
  # Why this title?
  title: Old title  # ask Priya

  importance:   60
  journeyRef:
    name: j
  phase: p
  channels: [web, app] # two of them
  # Touchpoints in the order of the visit
  touchpoints:
  # the first
  - name: page
    channel: web

    valueProposition: >-
      Folded
      text.
  # the second
  -   name: mail
      # by night
      channel: app
  description: |
    # not a comment
    text
  # all of them
  evidence: "Care"   # since May
  # the end of the spec
  promise: 'It''s kept'
  brandValues:
  - "fair"  # the first
  - 'swift'
# the end
`

func TestRewrite(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(spec map[string]any)
		// old is what the change takes out of the document, new is what it puts there. All else stays as it is.
		old, new string
	}{
		{"a text", func(s map[string]any) { s["title"] = "New title" }, "  title: Old title  # ask Priya\n", "  title: New title  # ask Priya\n"},
		{"a number", func(s map[string]any) { s["importance"] = int64(70) }, "  importance:   60\n", "  importance: 70\n"},
		{"a text of lines", func(s map[string]any) { s["description"] = "other\n" }, "    # not a comment\n    text\n", "    other\n"},
		{"a short list", func(s map[string]any) { s["channels"] = []any{"web", "phone"} }, "[web, app]", "[web, phone]"},
		{"a text in quotes", func(s map[string]any) { s["evidence"] = "IT: \"now\"" }, `"Care"`, `"IT: \"now\""`},
		{"an emoji in quotes", func(s map[string]any) { s["evidence"] = "🎁 now" }, `"Care"`, `"🎁 now"`},
		{"an emoji in single quotes", func(s map[string]any) { s["promise"] = "🎁 now" }, "'It''s kept'", `"🎁 now"`},
		{"a text in single quotes", func(s map[string]any) { s["promise"] = "It's not" }, "'It''s kept'", "'It''s not'"},
		{"a text that comes to lines", func(s map[string]any) { s["evidence"] = "one\ntwo" }, "\"Care\"   # since May\n", "|-   # since May\n    one\n    two\n"},
		{"entries in quotes", func(s map[string]any) { s["brandValues"] = []any{"far", "swift"} }, `"fair"`, `"far"`},
		{"a field that goes", func(s map[string]any) { delete(s, "description") }, "  description: |\n    # not a comment\n    text\n", ""},
		{"a field that comes", func(s map[string]any) { s["owner"] = "Care" }, "    text\n", "    text\n  owner: Care\n"},
		{"a field that comes in between", func(s map[string]any) { s["order"] = int64(1) }, "  phase: p\n", "  phase: p\n  order: 1\n"},
		{"a field inside", func(s map[string]any) { s["journeyRef"] = map[string]any{"name": "k"} }, "    name: j\n", "    name: k\n"},
		{"a field of an entry", func(s map[string]any) { touchpoint(s, 1)["channel"] = "phone" }, "      channel: app\n", "      channel: phone\n"},
		{"the first field of an entry", func(s map[string]any) { touchpoint(s, 0)["channel"] = "phone" }, "    channel: web\n", "    channel: phone\n"},
		{"a field that comes to an entry", func(s map[string]any) { touchpoint(s, 1)["valueProposition"] = "News" },
			"      channel: app\n", "      channel: app\n      valueProposition: News\n"},
		{"an entry that comes", func(s map[string]any) {
			s["touchpoints"] = append(s["touchpoints"].([]any), map[string]any{"channel": "web", "name": "chat"})
		}, "      channel: app\n", "      channel: app\n  - name: chat\n    channel: web\n"},
		{"an entry that goes", func(s map[string]any) { s["touchpoints"] = s["touchpoints"].([]any)[:1] },
			"  # the second\n  -   name: mail\n      # by night\n      channel: app\n", ""},
		{"entries in another order", func(s map[string]any) {
			list := s["touchpoints"].([]any)
			s["touchpoints"] = []any{list[1], list[0]}
		}, "  # the first\n  - name: page\n    channel: web\n\n    valueProposition: >-\n      Folded\n      text.\n  # the second\n  -   name: mail\n      # by night\n      channel: app\n",
			"  # the second\n  -   name: mail\n      # by night\n      channel: app\n  # the first\n  - name: page\n    channel: web\n\n    valueProposition: >-\n      Folded\n      text.\n"},
		{"nothing", func(map[string]any) {}, "", ""},
	} {
		for ends, with := range map[string]func(string) string{
			"": func(s string) string { return s }, "Windows": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		} {
			t.Run(test.name+" "+ends, func(t *testing.T) {
				before, after := decode(t, written), decode(t, written)
				test.change(after.(map[string]any)["spec"].(map[string]any))
				got, err := Rewrite(with(written), before, after)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(with(strings.Replace(written, test.old, test.new, 1)), got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(after, decode(t, got)); diff != "" {
					t.Errorf("read again (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestRewriteMerged changes a mapping that merges others.
func TestRewriteMerged(t *testing.T) {
	const bases = "bases:\n  - &s\n    title: Old\n    importance: 50\n  - &u\n    owner: Care\n"
	for _, test := range []struct {
		name, given string
		change      func(spec map[string]any)
		want        string
	}{
		{"a field overrides what is merged", "spec:\n  promise: p\n  <<: *s\n", func(s map[string]any) { s["title"] = "New" },
			"spec:\n  promise: p\n  <<: *s\n  title: New\n"},
		{"a field that overrides already", "spec:\n  <<: *s\n  title: Other\n", func(s map[string]any) { s["title"] = "New" },
			"spec:\n  <<: *s\n  title: New\n"},
		{"a new field beside a list of merges", "spec:\n  <<: [*s, *u]\n  phase: p\n", func(s map[string]any) { s["promise"] = "P" },
			"spec:\n  <<: [*s, *u]\n  phase: p\n  promise: P\n"},
		{"a field overrides one of a list", "spec:\n  <<: [*s, *u]\n  phase: p\n", func(s map[string]any) { s["owner"] = "IT" },
			"spec:\n  <<: [*s, *u]\n  phase: p\n  owner: IT\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := bases + test.given
			before, after := merged(t, text), merged(t, text)
			test.change(after["spec"].(map[string]any))
			got, err := Rewrite(text, before, after)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(bases+test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(after, merged(t, got)); diff != "" {
				t.Errorf("read again (-want +got):\n%s", diff)
			}
		})
	}
}

// merged decodes a document in which fields may override merged ones.
func merged(t *testing.T, text string) map[string]any {
	t.Helper()
	var value map[string]any
	if err := yamlv3.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	normal(value)
	return value
}

// TestRewriteSamples changes entries that have a date for a name. New ones look like the others.
func TestRewriteSamples(t *testing.T) {
	for _, test := range []struct{ name, given, want string }{
		{"in braces", "  - {date: \"2026-11-01\", value: 3}  # holidays\n  - {date: \"2026-11-08\", value: \"4.5\"} # low\n",
			"  - {date: \"2026-11-01\", value: 3}  # holidays\n  - {date: \"2026-11-05\", value: 1}\n  - {date: \"2026-11-08\", value: 7} # low\n"},
		{"on lines", "  # of old\n  - date: \"2026-11-01\"\n    value: 3\n  - date: \"2026-11-08\"\n    value: \"4.5\" # low\n",
			"  # of old\n  - date: \"2026-11-01\"\n    value: 3\n  - date: \"2026-11-05\"\n    value: 1\n  - date: \"2026-11-08\"\n    value: 7 # low\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			const head = "kind: Metric\nspec:\n  samples:\n"
			before, after := decode(t, head+test.given), decode(t, head+test.given)
			spec := after.(map[string]any)["spec"].(map[string]any)
			list := spec["samples"].([]any)
			list[1].(map[string]any)["value"] = int64(7)
			spec["samples"] = []any{list[0], map[string]any{"date": "2026-11-05", "value": int64(1)}, list[1]}
			got, err := Rewrite(head+test.given, before, after)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(head+test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func touchpoint(spec map[string]any, i int) map[string]any {
	return spec["touchpoints"].([]any)[i].(map[string]any)
}

// TestRewriteByHand has documents in which a field cannot be changed without changing something else. They must be refused.
func TestRewriteByHand(t *testing.T) {
	for name, document := range map[string]string{
		"comments in brackets": "spec: {\n  title: Old, # why\n  owner: x\n  }\n",
		"an anchor":            "spec:\n  title: &t Old\n  owner: *t\n",
		"a merge that goes":    "base: &b\n  title: Old\nspec:\n  <<: *b\n  owner: x\n",
		"brackets":             "{spec: {title: Old}}\n",
		"mixed line ends":      "spec:\n  title: Old\r\n  owner: x\n",
	} {
		t.Run(name, func(t *testing.T) {
			before, after := decode(t, document), decode(t, document)
			delete(after.(map[string]any)["spec"].(map[string]any), "title")
			got, err := Rewrite(document, before, after)
			if err == nil && reflect.DeepEqual(decode(t, got), after) {
				t.Errorf("it was changed after all:\n%s", got)
			}
			if err != nil && !errors.Is(err, ErrByHand) {
				t.Error(err)
			}
		})
	}
}

// value draws any value that a manifest may hold.
func value(depth int) *rapid.Generator[any] {
	text := rapid.OneOf(rapid.SampledFrom([]string{"", "x", "yes", "a: b", "# c", " x ", "a\nb", "a\nb\n", "\n", "- a", "2027-01-01", "\u202e", "0x1", "{", "'", "~", "a \nb", "\tx"}),
		rapid.StringN(0, 200, -1))
	scalar := rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 3).Draw(t, "type") {
		case 0:
			return rapid.Int64().Draw(t, "number")
		case 1:
			return rapid.Bool().Draw(t, "flag")
		default:
			return text.Draw(t, "text")
		}
	})
	if depth == 0 {
		return scalar
	}
	return rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 3).Draw(t, "shape") {
		case 0:
			return scalar.Draw(t, "scalar")
		case 1:
			return rapid.SliceOfN(value(depth-1), 0, 3).Draw(t, "list")
		default:
			key := rapid.SampledFrom([]string{"name", "title", "a", "b", "on", "é"})
			return rapid.MapOfN(key, value(depth-1), 0, 4).Draw(t, "object")
		}
	})
}

// TestAnythingIsReadAsItWasWritten checks that any value, once written, is read back as the same value. It also checks that Rewrite can
// change any value into any other.
func TestAnythingIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := map[string]any{"spec": value(3).Draw(t, "before")}
		after := map[string]any{"spec": value(3).Draw(t, "after"), "more": value(1).Draw(t, "more")}
		text, err := Render(before)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(normalized(before), decode(t, text)); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s", diff, text)
		}
		changed, err := Rewrite(text, before, after)
		if err != nil {
			t.Fatalf("%v:\n%s", err, text)
		}
		if diff := cmp.Diff(normalized(after), decode(t, changed)); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s\nbefore:\n%s", diff, changed, text)
		}
	})
}

// normalized turns a value into what the decoder returns for it: all lists are []any.
func normalized(value any) any {
	switch v := value.(type) {
	case map[string]any:
		all := map[string]any{}
		for key := range v {
			all[key] = normalized(v[key])
		}
		return all
	case []any:
		all := []any{}
		for i := range v {
			all = append(all, normalized(v[i]))
		}
		return all
	case string:
		return strings.ToValidUTF8(v, "\ufffd")
	default:
		return v
	}
}
