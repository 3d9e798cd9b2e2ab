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

package intake

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
)

// TestMappingFile holds that a file beside a table says the same as the options do, for its own table alone.
func TestMappingFile(t *testing.T) {
	const content = `
kind: requirements
columns:
  Wens: Title
  Prio: MoSCoW
  Opmerking: "-"
values:
  Prio: {High: Must, Yes: Should, 1: Could, Never: Wont}
set:
  Moments: m
sheets:
  Blad2:
    kind: journeys
    columns: {Wens: Goal, Naam: Title}
`
	// given a mapping file of a workbook of which the sheets have odd names
	file, err := ReadMappingFile([]byte(content))
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := file.SheetKinds("x.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	request := &Request{Kinds: kinds, Sheets: []*sheet.Sheet{
		table("Blad1", "Wens|Prio|Opmerking", "A|high|x", "B|yes|", "C|1|"), table("Blad2", "Naam|Wens", "J|fast"),
	}}
	request.Mappings.Add(file.Mappings("x.map.yaml", "x.xlsx"))
	// when it is taken
	got := told(t, take(t, request))
	// then the mappings hold
	const want = `journey/j new {"goal":"fast","title":"J"}
requirement/a new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"A"}
requirement/b new {"momentRefs":[{"name":"m"}],"moscow":"Should","title":"B"}
requirement/c new {"momentRefs":[{"name":"m"}],"moscow":"Could","title":"C"}`
	if got != want {
		t.Errorf("got\n%s", got)
	}
	// and another table knows nothing of them
	request.Sheets[0].File, request.Sheets[1].File = "y.xlsx", "y.xlsx"
	if got := told(t, take(t, request)); strings.Contains(got, "new") {
		t.Errorf("got\n%s", got)
	}
}

func TestMappingFileRefuses(t *testing.T) {
	for _, test := range []struct{ name, content, want string }{
		{"an unknown field", "colums: {}", "line 1: field colums is not known: choose kind, columns, values or set, and sheets at the top"},
		{"an unknown field of a sheet", "sheets:\n  A:\n    sheets: {}\n", "line 3: field sheets is not known"},
		{"a list", "columns: [a, b]", "line 1: cannot unmarshal !!seq into a list of \"key: value\""},
		{"the same key twice", "columns:\n  a: b\n  a: c\n", "line 3: mapping key \"a\" already defined at line 2"},
		{"a column of nothing", "columns: {Remarks: }", "columns: \"Remarks\" has no field: name it, or write \"-\""},
		{"a column of a sheet of nothing", "sheets: {A: {columns: {Remarks: }}}", "sheets: A: columns: \"Remarks\" has no field"},
		{"an unknown kind", "kind: pods", "kind \"pods\" is not known: choose journeys"},
		{"an unknown kind of a sheet", "sheets: {A: {kind: pods}}", "sheets: A: kind \"pods\" is not known"},
		{"several documents", "kind: moments\n---\nkind: journeys\n", "it has several documents"},
		{"no YAML", "{", "did not find expected node content"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file, err := ReadMappingFile([]byte(test.content))
			if err == nil {
				_, err = file.SheetKinds("x.csv")
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	if file, err := ReadMappingFile(nil); err != nil || len(file.Mappings("x", "y").Columns) > 0 {
		t.Errorf("an empty file gives %v", err)
	}
	if file, err := ReadMappingFile([]byte("sheets: {A: }")); err != nil || len(file.Mappings("x", "y").Columns) > 0 {
		t.Errorf("an empty sheet gives %v", err)
	}
}

// TestColumnsThatAreWrong holds that a table of 5,000 rows, each of them wrong, is told in few lines that name the number of rows.
func TestColumnsThatAreWrong(t *testing.T) {
	same, other := []string{"ID|Title|Owner"}, []string{"ID|Title|Journey|Phase|Importance|Needed by"}
	for n := range 5000 {
		same = append(same, fmt.Sprintf("r%d|T%d|", n, n))
		other = append(other, fmt.Sprintf("m%d|T|j|p|5|%d may", n, n))
	}
	for _, test := range []struct {
		name  string
		sheet *sheet.Sheet
		lines int
		want  string
	}{
		{"columns that are missing", table("Requirements", same...), 2, "x.xlsx: there is no column MoSCoW, and all 5000 rows need it"},
		{"each cell in another way", table("Moments", other...), maxTexts + 1, "x.xlsx: F22, F23, F24 and 4977 more (Needed by): these cells cannot be taken either; of the first: \"20 may\" is not a date"},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := take(t, &Request{Sheets: []*sheet.Sheet{test.sheet}})
			if len(result.Faults) != test.lines {
				t.Errorf("it takes %d lines", len(result.Faults))
			}
			if last := result.Faults[len(result.Faults)-1].String(); !strings.HasPrefix(last, test.want) {
				t.Errorf("got %s", last)
			}
		})
	}
}

func TestHTMLText(t *testing.T) {
	for source, want := range map[string]string{
		"<p>All about <b>re</b>turns</p>":                       "All about returns",
		"<div>one</div><div>two<br>three</div>":                 "one\ntwo\nthree",
		"<ul><li>It prints</li>\n<li>It <i>scans</i></li></ul>": "- It prints\n- It scans",
		"a&nbsp;&lt;b&gt; &amp; &eacute;":                       "a <b> & é",
		"<p>a</p><style>p { x }</style><script>y()</script>b":   "a\nb",
		"<table><tr><td>a</td><td>b</td></tr></table>":          "a b",
		"<p>a</p><p></p><p> </p><p>b</p>":                       "a\nb",
		"broken <b and <p>more":                                 "broken more",
		"":                                                      "",
	} {
		if got := htmlText(source, "- "); got != want {
			t.Errorf("%q is %q, want %q", source, got, want)
		}
	}
}

func TestTitleOfText(t *testing.T) {
	for text, want := range map[string]string{
		"The bell rings. Twice.":             "The bell rings",
		"Version 1.2 rings":                  "Version 1.2 rings",
		"one\ntwo":                           "one",
		strings.Repeat("词", 150):             strings.Repeat("词", 99) + "…",
		strings.Repeat("👍🏽", 60):             strings.Repeat("👍🏽", 49) + "…",
		strings.Repeat("a ", 48) + "b, word": strings.Repeat("a ", 48) + "b…",
	} {
		if got := titleOfText(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// FuzzMappingFile takes any bytes for a mapping file.
func FuzzMappingFile(f *testing.F) {
	f.Add([]byte("kind: moments\ncolumns: {a: b}\nvalues: {a: {b: c}}\nset: {a: b}\nsheets: {a: {set: {}}}\n"))
	f.Add([]byte("columns: &a {a: b}\nset: *a\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := ReadMappingFile(content)
		if err != nil {
			return
		}
		_, _ = file.SheetKinds("x.xlsx")
		request := &Request{Sheets: []*sheet.Sheet{table("Requirements", wishHead, "a|A|m|must")}, Namespace: "default"}
		request.Mappings.Add(file.Mappings("x.map.yaml", "x.xlsx"))
		check(t, request, take(t, request))
	})
}

// FuzzHTMLText takes any text for HTML.
func FuzzHTMLText(f *testing.F) {
	f.Add("<ul><li>a</li></ul>&amp;")
	f.Fuzz(func(t *testing.T, source string) {
		if got := htmlText(source, "- "); got != strings.TrimSpace(got) || strings.Contains(got, "\n\n\n") {
			t.Errorf("got %q", got)
		}
	})
}

// TestReadStory holds that no description of anybody else is taken apart.
func TestReadStory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "description")
		if s, ok := readStory(text); ok && !strings.Contains(text, MomentsHeading) {
			t.Fatalf("it holds %+v", s)
		}
	})
	s, ok := readStory("As customer\nI want a \\[bell\\]\n\nIt &amp; rings.\n\n*Acceptance criteria*\n* one; two\n\n*Moments that need this*\n* M (m)\n\n*Building block*: b")
	if !ok || s.as != "customer" || s.want != "a [bell]" || s.statement != "It & rings." || len(s.criteria) != 1 || s.criteria[0] != "one; two" {
		t.Errorf("it holds %+v", s)
	}
}
