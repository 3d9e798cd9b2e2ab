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

package tables

import (
	"os"
	"slices"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
)

// specSchema returns the schema of a kind's spec, from its CustomResourceDefinition.
func specSchema(t *testing.T, kind *kinds.Kind) apiextensionsv1.JSONSchemaProps {
	t.Helper()
	content, err := os.ReadFile("../../../../config/crd/bases/cx.journeyops.dev_" + kind.Plural + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var definition apiextensionsv1.CustomResourceDefinition
	if err := yaml.Unmarshal(content, &definition); err != nil {
		t.Fatal(err)
	}
	return definition.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]
}

// TestEveryFieldHasAColumn checks that each field of a spec has a column, so that export and import lose nothing. New fields need one too.
func TestEveryFieldHasAColumn(t *testing.T) {
	for _, kind := range kinds.All {
		if slices.Contains(withoutTable, kind.Name) {
			continue
		}
		schema := specSchema(t, kind)
		requireColumns(t, Of(kind.Name), &schema, "")
	}
}

// withoutTable are kinds and fields that tables do not hold; docs/spreadsheets.md says so.
var withoutTable = []string{kinds.Metric, kinds.Observation, "Stages deliveredWhen"}

func requireColumns(t *testing.T, table *Table, schema *apiextensionsv1.JSONSchemaProps, prefix string) {
	t.Helper()
	for name := range schema.Properties {
		property := schema.Properties[name]
		path := prefix + name
		i := slices.IndexFunc(table.Columns, func(c Column) bool { return c.Field == path && !c.ImportOnly && c.Computed == nil })
		switch {
		case i >= 0:
			requireType(t, table, &table.Columns[i], &property)
		case property.Type == "object":
			requireColumns(t, table, &property, path+".")
		case slices.Contains(withoutTable, table.Sheet+" "+path):
		case property.Type == "array":
			d := slices.IndexFunc(All, func(other *Table) bool { return other.Kind == table.Kind && other.List == path })
			if d < 0 {
				t.Errorf("%s: %s has no column and no table", table.Sheet, path)
				continue
			}
			requireColumns(t, All[d], property.Items.Schema, "")
		default:
			t.Errorf("%s: %s has no column", table.Sheet, path)
		}
	}
}

// requireType checks that a column has the type of its field, and the same choices.
func requireType(t *testing.T, table *Table, c *Column, property *apiextensionsv1.JSONSchemaProps) {
	t.Helper()
	enum := property.Enum
	want := map[string][]Type{
		"string": {Line, Block, Label, Name, Enum, Day}, "integer": {Whole, Percent}, "boolean": {Flag},
		"array": {Lines, Labels, Names, Lagged, Enums, Days, StageRefs, Named},
	}[property.Type]
	if property.XIntOrString {
		want = []Type{Line}
	}
	if !slices.Contains(want, c.Type) {
		t.Errorf("%s: %s is a %s, and the column has type %d", table.Sheet, c.Field, property.Type, c.Type)
	}
	if property.Type == "array" {
		item := property.Items.Schema
		enum = item.Enum
		known := map[Type][]string{Names: {"name"}, Lagged: {"name", "lagDays"}, StageRefs: {"name", "stage"}, Named: {"name", c.Text}}[c.Type]
		for field := range item.Properties {
			if !slices.Contains(known, field) {
				t.Errorf("%s: field %s of %s has no place in the cell", table.Sheet, field, c.Field)
			}
		}
	}
	var words []string
	for _, word := range enum {
		words = append(words, strings.Trim(string(word.Raw), `"`))
	}
	if !slices.Equal(words, c.Choices) {
		t.Errorf("%s: %s offers %q of %q", table.Sheet, c.Field, c.Choices, words)
	}
	if c.Field == "title" && (property.MaxLength == nil || *property.MaxLength != MaxTitle) {
		t.Errorf("%s: another number than %d characters fits in a title", table.Sheet, MaxTitle)
	}
	if (property.Format == "date") != (c.Type == Day) {
		t.Errorf("%s: %s is a date in one place only", table.Sheet, c.Field)
	}
}

// TestHeadingsAreUnderstood checks that each heading that export writes means its own column for import, and that no two are the same.
func TestHeadingsAreUnderstood(t *testing.T) {
	names := map[string]bool{}
	for _, table := range All {
		if ByName(table.Sheet) != table || ByName(table.File) != table || ByName(strings.ToUpper(strings.ReplaceAll(table.Sheet, " ", "_"))) != table {
			t.Errorf("%s is not found by its name", table.Sheet)
		}
		if names[Normal(table.Sheet)] || IsComputed(table.Sheet) {
			t.Errorf("two sheets are called %s", table.Sheet)
		}
		names[Normal(table.Sheet)] = true
		for i := range table.Columns {
			c := &table.Columns[i]
			if c.Computed != nil {
				if !IsComputedHeading(c.Title()) || table.Find(c.Title()) != nil {
					t.Errorf("%s: %s is not passed over", table.Sheet, c.Title())
				}
				continue
			}
			if table.Find(c.Title()) != c || table.Find(strings.ToLower(strings.ReplaceAll(c.Heading, " ", "_"))) != c {
				t.Errorf("%s: %s means something else", table.Sheet, c.Heading)
			}
			if c.Field != "" && table.Find(c.Field) != c {
				t.Errorf("%s: %s means something else", table.Sheet, c.Field)
			}
			for _, s := range c.Synonyms {
				if table.Find(s) == nil {
					t.Errorf("%s: %s means nothing", table.Sheet, s)
				}
			}
		}
	}
	for _, kind := range kinds.All {
		if ByName(kind.Plural) != Of(kind.Name) || ByName(kind.Name) != Of(kind.Name) {
			t.Errorf("%s is not found by its name", kind.Name)
		}
	}
}

func TestDecode(t *testing.T) {
	asIs := func(_, word string) string { return word }
	column := func(table, field string) *Column { return ByName(table).Find(field) }
	text := func(s string) *sheet.Cell { return &sheet.Cell{Text: s} }
	for _, test := range []struct {
		name   string
		column *Column
		cell   *sheet.Cell
		// want is the text of the value when it is written to a cell again. problem is a part of the error; then want is empty.
		want, problem string
	}{
		{"blanks", column("requirements", "title"), text("  a title \n"), "a title", ""},
		{"a block", column("requirements", "statement"), text("one\ntwo\n"), "one\ntwo\n", ""},
		{"nothing", column("requirements", "moscow"), text(" "), "", ""},
		{"an enum", column("requirements", "moscow"), text("must HAVE"), "Must", ""},
		{"a letter", column("requirements", "moscow"), text("w"), "Wont", ""},
		{"an apostrophe", column("requirements", "moscow"), text("won't have"), "Wont", ""},
		{"an emoji where a long text is cut", column("requirements", "moscow"), text(strings.Repeat("x", 59) + "👍🏽"), "", strings.Repeat("x", 59) + "...\" is not one of"},
		{"two words", column("roadmap items", "state"), text("in progress"), "InProgress", ""},
		{"an ambiguous letter", column("roadmap items", "state"), text("p"), "", `"p" is not one of Proposed, Planned`},
		{"a typing error", column("requirements", "moscow"), text("Mist"), "", `"Mist" is not one of Must, Should, Could, Wont (did you mean Must?)`},
		{"a date", column("moments", "neededBy"), text("2027-03-01"), "2027-03-01", ""},
		{"a date cell", column("moments", "neededBy"), &sheet.Cell{Text: "46447", IsNumber: true, IsDate: true, Date: "2027-03-01"}, "2027-03-01", ""},
		{"a bare number", column("moments", "neededBy"), &sheet.Cell{Text: "46447", IsNumber: true, Date: "2027-03-01"}, "", "write it as text like 2027-03-01"},
		{"a Dutch date", column("moments", "neededBy"), text("01-03-2027"), "", `"01-03-2027" is not a date: write year-month-day`},
		{"a date in words", column("moments", "neededBy"), text("1 mrt 2027"), "", `"1 mrt 2027" is not a date`},
		{"a day that is not there", column("moments", "neededBy"), text("2027-02-29"), "", "2027-02-29: there is no such day"},
		{"a month that is not there", column("moments", "neededBy"), text("2027-13-01T10:00:00Z"), "", "2027-13-01: there is no such day"},
		{"a leap day", column("moments", "neededBy"), text("2028-02-29"), "2028-02-29", ""},
		{"a timestamp", column("moments", "neededBy"), text("2026-07-10T23:13:02Z"), "2026-07-10", ""},
		{"a timestamp of another zone", column("moments", "neededBy"), text("2026-07-10T23:13:02.123+02:00"), "2026-07-10", ""},
		{"a timestamp of Jira", column("moments", "neededBy"), text("2026-07-10T23:13:02.000+0200"), "2026-07-10", ""},
		{"a timestamp with a blank", column("moments", "neededBy"), text("2026-07-10 23:13"), "2026-07-10", ""},
		{"a time of day that is not there", column("moments", "neededBy"), text("2026-07-10T25:13:02Z"), "", "is not a date"},
		{"a date and more", column("moments", "neededBy"), text("2026-07-10 or later"), "", "is not a date"},
		{"a date in the CSV of Jira", column("moments", "neededBy"), text("3/Feb/27 2:05 PM"), "2027-02-03", ""},
		{"holidays with a time of day", column("roadmap policy", "calendar.holidays"), text("2027-01-01T00:00:00Z; 2027-12-25"), "2027-01-01\n2027-12-25", ""},
		{"another word", column("roadmap items", "state"), text("Doing"), "", `"Doing" is not one of Proposed, Planned, InProgress, Done, Cancelled$`},
		{"a word with another beginning", column("requirements", "moscow"), text("Would"), "", `"Would" is not one of Must, Should, Could, Wont$`},
		{"swapped letters", column("requirements", "moscow"), text("Msut"), "", "did you mean Must?"},
		{"a date in a text", column("requirements", "title"), &sheet.Cell{Text: "46447", IsNumber: true, IsDate: true, Date: "2027-03-01"}, "", "holds the date 2027-03-01, and text is expected"},
		{"a number in a text", column("requirements", "externalRef.id"), &sheet.Cell{Text: "0042", Number: 42, IsNumber: true}, "0042", ""},
		{"a number", column("moments", "importance"), &sheet.Cell{Text: "60", Number: 60, IsNumber: true}, "60", ""},
		{"a number as text", column("moments", "importance"), text("60"), "60", ""},
		{"a fraction", column("moments", "importance"), &sheet.Cell{Text: "60.5", Number: 60.5, IsNumber: true}, "", "60.5 is not a whole number"},
		{"thousands", column("stages", "cost"), text("1.200"), "", `"1.200" is not a whole number: write it with digits alone`},
		{"a percentage", column("journeys", "weightPercent"), &sheet.Cell{Text: "0.57", Number: 0.57, IsNumber: true, IsPercent: true}, "57", ""},
		{"a percentage as text", column("journeys", "weightPercent"), text("57 %"), "57", ""},
		{"a percentage elsewhere", column("journeys", "title"), &sheet.Cell{Text: "57%", Number: 0.57, IsNumber: true, IsPercent: true}, "57%", ""},
		{"yes", column("moments", "momentOfTruth"), text("X"), "yes", ""},
		{"neither", column("moments", "momentOfTruth"), text("maybe"), "", `"maybe" is neither yes nor no`},
		{"lines", column("requirements", "acceptanceCriteria"), text("one; or two\n\n three "), "one; or two\nthree", ""},
		{"semicolons", column("requirements", "acceptanceCriteria"), text("one; two;"), "one\ntwo", ""},
		{"labels", column("moments", "channels"), text("Mobile app; e-mail"), "mobile-app\ne-mail", ""},
		{"stages", column("roadmap items", "delivers"), text("refunds / Same day\nlabels"), "refunds/same-day\nlabels", ""},
		{"items to wait for", column("roadmap items", "dependsOn"), text("refunds\nlabels + 1 workday\nscans +10d\nx + 0 days"), "refunds\nlabels + 1 day\nscans + 10 days\nx", ""},
		{"days off of a team", column("teams", "holidays"), text("2026-12-24; 2026-12-31"), "2026-12-24\n2026-12-31", ""},
		{"a stage of nothing", column("roadmap items", "delivers"), text("/weekly"), "", "names no building block"},
		{"named", column("journeys", "channels"), text("web: Website\nMobile app\nphone"), "web: Website\nmobile-app: Mobile app\nphone", ""},
		{"named without a name", column("journeys", "channels"), text("!: x"), "", "no name can be made of this"},
		{"scores", column("roadmap items", "scores"), text("reach: 5; impact: 0.5"), "reach: 5\nimpact: 0.5", ""},
		{"workdays", column("roadmap policy", "calendar.workdays"), text("mon; Tue"), "Mon\nTue", ""},
		{"holidays", column("roadmap policy", "calendar.holidays"), text("2027-01-01\n1/5/27"), "", `"1/5/27" is not a date`},
		{"an error", column("requirements", "title"), &sheet.Cell{Problem: "it holds the error #REF!"}, "", "it holds the error #REF!"},
		{"a formula that is none", column("requirements", "title"), text("'=1+1"), "=1+1", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			value, err := test.column.Decode(test.cell, asIs)
			switch {
			case test.problem != "" && (err == nil || !strings.Contains(err.Error()+"$", test.problem)):
				t.Errorf("got %v and %v, want %s", value, err, test.problem)
			case test.problem == "" && err != nil:
				t.Error(err)
			case test.problem == "" && test.column.Encode(value).Text != test.want:
				t.Errorf("got %v, want %q", value, test.want)
			}
		})
	}
}

func TestSlug(t *testing.T) {
	for text, want := range map[string]string{
		"Hand in the parcel": "hand-in-the-parcel", "REQ-012": "req-012", "  Één & ßüñ, øk! ": "een-and-ssun-ok", "don't": "dont", "日本": "", "½ price": "1-2-price",
		"🎁 gift card": "gift-card", "#12": "12", "A & B": "a-and-b", "e\u0301": "e", "é": "e", "ﬁt ①": "fit-1",
		// Texts that differ in a sign that a name cannot have get a sum.
		"ФТ-1": "1-" + digest("ФТ-1"), "НФТ-1": "1-" + digest("НФТ-1"), "计划 GOST": "gost-" + digest("计划 GOST"), "α-1": "1-" + digest("α-1"),
		"C++": "c-" + digest("C++"), "C#": "c-" + digest("C#"), "A*": "a-" + digest("A*"), "> 5": "5-" + digest("> 5"), "€ 5": "5-" + digest("€ 5"),
		"Я " + strings.Repeat("long words ", 20): "long-words-long-words-long-words-long-words-long-" + digest("Я "+strings.Repeat("long words ", 20)),
		strings.Repeat("long words ", 20):        "long-words-long-words-long-words-long-words-long-" + digest(strings.Repeat("long words ", 20)),
	} {
		got := Slug(text)
		if got != want || len(got) > maxSlug {
			t.Errorf("Slug(%q) = %q, want %q", text, got, want)
		}
	}
	if Slug("C++") == Slug("C#") || Slug("ФТ-1") == Slug("НФТ-1") {
		t.Error("different texts have the same sum")
	}
	for text, want := range map[string]string{"日本": "moment-" + digest("日本"), "Bell": "bell", "!!": "", "🎁": ""} {
		if got := NameOf("moment", text); got != want {
			t.Errorf("NameOf(%q) = %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"日本": "moment-" + digest("日本"), "🎁": "moment-" + digest("🎁"), "A bell": "a-bell-" + digest("A bell")} {
		if got := NameOfTitle("moment", text, true); got != want {
			t.Errorf("NameOfTitle(%q) = %q, want %q", text, got, want)
		}
	}
	if got := NameOfTitle("moment", "A bell!", false); got != "a-bell" {
		t.Errorf("got %q", got)
	}
}
