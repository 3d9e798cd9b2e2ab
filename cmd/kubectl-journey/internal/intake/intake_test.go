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
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
)

// table makes a sheet of lines with cells between bars.
func table(name string, lines ...string) *sheet.Sheet {
	s := &sheet.Sheet{File: "x.xlsx", Name: name}
	for i, line := range lines {
		row := sheet.Row{Number: i + 1}
		for cell := range strings.SplitSeq(line, "|") {
			row.Cells = append(row.Cells, sheet.Cell{Text: cell})
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// there reads objects that are there already.
func there(t testing.TB, documents string) []*source.ManifestObject {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "x.yaml"), []byte(documents), 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := source.ReadManifests(t.Context(), folder, "default")
	if err != nil {
		t.Fatal(err)
	}
	var objects []*source.ManifestObject
	for _, f := range files {
		for _, m := range f.Documents {
			objects = append(objects, m.Objects...)
		}
	}
	return objects
}

func take(t testing.TB, request *Request) *Result {
	t.Helper()
	result, err := Take(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// told gives all of a result as lines: what changes and how it is then, what cannot be taken, and the notes.
func told(t testing.TB, result *Result) string {
	t.Helper()
	var lines []string
	for _, c := range result.Changes {
		spec, err := json.Marshal(c.Object["spec"])
		if err != nil {
			t.Fatal(err)
		}
		what := "new"
		if c.Existing != nil {
			what = fmt.Sprint(c.Fields)
		}
		lines = append(lines, fmt.Sprintf("%s/%s %s %s", c.Kind.Singular, c.Name, what, spec))
	}
	for _, f := range result.Faults {
		lines = append(lines, "fault: "+f.String())
	}
	for _, n := range result.Notes {
		lines = append(lines, "note: "+n)
	}
	return strings.Join(lines, "\n")
}

const (
	wishHead = "Name|Title|Moments|MoSCoW"
	header   = "apiVersion: cx.journeyops.dev/v1alpha1\nkind: "
	bell     = header + "Requirement\nmetadata: {name: bell}\nspec: {title: A bell, moscow: Must, momentRefs: [{name: m}]}\n"
	moment   = header + `Moment
metadata: {name: m}
spec:
  title: Hand in
  journeyRef: {name: j}
  phase: p
  importance: 5
  insights:
  - {name: one, statement: It rings, kind: Need, validated: true}
  - {name: two, statement: It is loud, kind: Pain}
`
)

func parsed(t testing.TB, parse func(option, text string) (*Mapping, error), option string, texts []string) []*Mapping {
	t.Helper()
	var all []*Mapping
	for _, text := range texts {
		m, err := parse(option, text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

func TestTake(t *testing.T) {
	for _, test := range []struct {
		name   string
		sheets []*sheet.Sheet
		there  string
		maps   []string
		values []string
		set    []string
		want   string
	}{
		{
			name:   "a new object",
			sheets: []*sheet.Sheet{table("Requirements", wishHead, "bell|A bell|m|must")},
			want:   `requirement/bell new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"A bell"}`,
		},
		{
			name: "an object that is there", there: bell,
			sheets: []*sheet.Sheet{table("Requirements", wishHead, "bell|A bell|m|could")},
			want:   `requirement/bell [moscow] {"momentRefs":[{"name":"m"}],"moscow":"Could","title":"A bell"}`,
		},
		{
			name: "one that stays as it is", there: bell,
			sheets: []*sheet.Sheet{table("Requirements", wishHead, "bell|A bell|m|MUST HAVE")},
			want:   `requirement/bell [] {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"A bell"}`,
		},
		{
			name: "one that its title tells", there: bell,
			sheets: []*sheet.Sheet{table("Requirements", "Title|Owner", " a BELL|Ann")},
			want:   `requirement/bell [owner title] {"momentRefs":[{"name":"m"}],"moscow":"Must","owner":"Ann","title":"a BELL"}`,
		},
		{
			name: "an emptied cell, and a column that is not there", there: strings.Replace(bell, "title", "owner: Ann, statement: It rings, title", 1),
			sheets: []*sheet.Sheet{table("Requirements", "Name|Owner", "bell|")},
			want:   `requirement/bell [owner] {"momentRefs":[{"name":"m"}],"moscow":"Must","statement":"It rings","title":"A bell"}`,
		},
		{
			name:   "the same title twice",
			sheets: []*sheet.Sheet{table("Requirements", "Title|Moments|MoSCoW", "A bell|m|must", "A bell|m|could")},
			want: `requirement/a-bell new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"A bell"}
requirement/a-bell-2 new {"momentRefs":[{"name":"m"}],"moscow":"Could","title":"A bell"}
note: x.xlsx: a-bell-2 have titles that other rows have too: give such rows names, or they change places when the rows do`,
		},
		{
			name:   "a title in another alphabet",
			sheets: []*sheet.Sheet{table("Requirements", "Title|Moments|MoSCoW", "鈴|m|must")},
			want:   `requirement/requirement-2bd2d5fa new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"鈴"}`,
		},
		{
			name:   "ids in another script",
			sheets: []*sheet.Sheet{table("Requirements", wishHead, "ФТ-1|A|m|must", "НФТ-1|B|m|must", "第一|C|m|must", "C++|D|m|must", "C#|E|m|must", "C|F|m|must")},
			want: `requirement/1-6f1c8e13 new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"A"}
requirement/1-cf59cb56 new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"B"}
requirement/c new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"F"}
requirement/c-04022884 new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"E"}
requirement/c-f1deb75f new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"D"}
requirement/requirement-437683aa new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"C"}`,
		},
		{
			name:   "ids that make one name",
			sheets: []*sheet.Sheet{table("Requirements", wishHead, "REQ 1|A|m|must", "req_1|B|m|must", "req-1|C|m|must")},
			want: `fault: x.xlsx: A3 (Name): Requirement "REQ 1" and "req_1" both make the name "req-1", also in x.xlsx: A2: remove or rename one
fault: x.xlsx: A4 (Name): Requirement "REQ 1" and "req-1" both make the name "req-1", also in x.xlsx: A2: remove or rename one`,
		},
		{
			name: "an id in another script than that of an object that is there", there: strings.ReplaceAll(bell, "{name: bell}", "{name: 1-6f1c8e13}"),
			sheets: []*sheet.Sheet{table("Requirements", wishHead, "НФТ-1|B|m|must")},
			want:   `requirement/1-cf59cb56 new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"B"}`,
		},
		{
			name:   "titles that are alike in the Latin alphabet alone",
			sheets: []*sheet.Sheet{table("Requirements", "Title|Moments|MoSCoW", "Планета GOST|m|must", "计划 GOST|m|must")},
			want: `requirement/gost-5a5965f8 new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"计划 GOST"}
requirement/gost-b2ba0e5a new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"Планета GOST"}`,
		},
		{
			name: "titles that differ in signs alone", there: bell,
			sheets: []*sheet.Sheet{table("Requirements", "Title|Moments|MoSCoW", "C?|m|must", "C!|m|must", "Bell|m|must")},
			want: `requirement/bell-8e80b2b4 new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"Bell"}
requirement/c new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"C?"}
requirement/c-e8587c7a new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"C!"}
note: x.xlsx: titles that would give the same name: "C!" is called c-e8587c7a, since c is "C?", "Bell" is called bell-8e80b2b4, since bell is "A bell": give such rows names`,
		},
		{
			name:   "references to rows further down, by title",
			sheets: []*sheet.Sheet{table("Requirements", "Title|Moments|MoSCoW", "A bell|Hand it in|must"), table("Moments", "ID|Title|Journey|Phase|Importance", "mom 1|Hand it in|j|p|5")},
			want: `moment/mom-1 new {"importance":5,"journeyRef":{"name":"j"},"phase":"p","title":"Hand it in"}
requirement/a-bell new {"momentRefs":[{"name":"mom-1"}],"moscow":"Must","title":"A bell"}`,
		},
		{
			name: "an entry of a list that is there keeps what no column shows", there: moment,
			sheets: []*sheet.Sheet{table("Insights", "Moment|Name|Statement", "Hand in|two|It is too loud", "m|one|It rings")},
			want:   `moment/m [insights] {"importance":5,"insights":[{"kind":"Pain","name":"two","statement":"It is too loud"},{"kind":"Need","name":"one","statement":"It rings","validated":true}],"journeyRef":{"name":"j"},"phase":"p","title":"Hand in"}`,
		},
		{
			name: "a list whose rows are all gone", there: moment,
			sheets: []*sheet.Sheet{table("Moments", "Name|Importance", "m|7"), table("Insights", "Moment|Name|Statement")},
			want: `moment/m [importance] {"importance":7,"insights":[{"kind":"Need","name":"one","statement":"It rings","validated":true},{"kind":"Pain","name":"two","statement":"It is loud"}],"journeyRef":{"name":"j"},"phase":"p","title":"Hand in"}
note: x.xlsx: there is no row of moment m, whose insights stay as they are`,
		},
		{
			name: "objects whose rows are gone", there: bell + "---\n" + strings.ReplaceAll(bell, "bell", "horn") + "---\n" + strings.ReplaceAll(bell, "bell", "drum"),
			sheets: []*sheet.Sheet{table("Requirements", "Name|Title", "bell|A bell", "drum|A drum")},
			want: `requirement/bell [] {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"A bell"}
requirement/drum [] {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"A drum"}
note: there is no row of requirement horn: nothing is removed`,
		},
		{
			name: "headings below something else", sheets: []*sheet.Sheet{table("Requirements", "Wishes of 2027", "what||for whom|", "Title|MoSCoW|Moments|", "A bell|must|m")},
			want: `requirement/a-bell new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"A bell"}
note: x.xlsx: passed over what stands above the headings, which are in row 3`,
		},
		{
			name: "a mapping for one sheet alone", maps: []string{"Requirements.Prio. (1)=moscow", "Wens=title", "Prio. (1)=-"},
			sheets: []*sheet.Sheet{table("Requirements", "Wens|Prio. (1)|Moments", "Een bel|must|m"), table("Blocks", "Name|Wens|Prio. (1)|Stages", "b|B|9|s")},
			want: `requirement/een-bel new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"Een bel"}
buildingblock/b new {"stages":[{"name":"s"}],"title":"B"}`,
		},
		{
			name:   "a row with nothing but a name",
			sheets: []*sheet.Sheet{table("Requirements", wishHead, "Totals")},
			want: `fault: x.xlsx: B2 (Title): title: Required value
fault: x.xlsx: C2 (Moments): momentRefs: Required value
fault: x.xlsx: D2 (MoSCoW): moscow: Required value`,
		},
		{
			name: "all that is wrong with a row, at once", sheets: []*sheet.Sheet{table("Moments", "Name|Title|Journey|Phase|Importance|Needed by", "m|M|j|p|500|soon", "m|M|j|p|5|", "n|N||p|x|")},
			want: `fault: x.xlsx: E2 (Importance): importance: Invalid value: 500: spec.importance in body should be less than or equal to 100
fault: x.xlsx: F2 (Needed by): "soon" is not a date: write year-month-day, for instance 2027-03-01 for the first of March, or give the cell a date format
fault: x.xlsx: A3 (Name): Moment "m" is there twice, also in x.xlsx: A2: remove or rename one
fault: x.xlsx: C4 (Journey): journeyRef: Required value
fault: x.xlsx: E4 (Importance): "x" is not a whole number: write it with digits alone, for instance 1200`,
		},
		{
			name: "words that mean something else", values: []string{"Prio:High=Must", "MoSCoW:medium=should", "Requirements.Prio: low =Could", "Prio:=Wont"},
			sheets: []*sheet.Sheet{table("Requirements", "Name|Title|Moments|Prio", "a|A|m|High", "b|B|m| MEDIUM", "c|C|m|low", "d|D|m|")},
			want: `requirement/a new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"A"}
requirement/b new {"momentRefs":[{"name":"m"}],"moscow":"Should","title":"B"}
requirement/c new {"momentRefs":[{"name":"m"}],"moscow":"Could","title":"C"}
requirement/d new {"momentRefs":[{"name":"m"}],"moscow":"Wont","title":"D"}`,
		},
		{
			name: "words in lists, and words that nobody uses", values: []string{"Moments:web=m", "Moments:shop; or so=n", "Moments:x=y"},
			sheets: []*sheet.Sheet{table("Requirements", wishHead, "a|A|Web; o|must", "b|B|web|must", "c|C|shop; or so|must")},
			want: `requirement/a new {"momentRefs":[{"name":"m"},{"name":"o"}],"moscow":"Must","title":"A"}
requirement/b new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"B"}
requirement/c new {"momentRefs":[{"name":"n"}],"moscow":"Must","title":"C"}
note: --value Moments:x=y: no cell says that`,
		},
		{
			name: "words that are not known, once each", values: []string{"Prio:High=Must"},
			sheets: []*sheet.Sheet{table("Requirements", "Name|Title|Moments|Prio", "a|A|m|high", "b|B|m|Low", "c|C|m|low", "d|D|m|Low", "e|E|m|Low", "f|F|m|Low")},
			want: `requirement/a new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"A"}
fault: x.xlsx: D3, D5, D6 and 1 more (Prio): "Low" is not one of Must, Should, Could, Wont: change it, or say what it means with --value 'Prio:Low=...'
fault: x.xlsx: D4 (Prio): "low" is not one of Must, Should, Could, Wont: change it, or say what it means with --value 'Prio:low=...'`,
		},
		{
			name: "what all rows have", set: []string{"moments=m; n", "Requirements.MoSCoW=should", "Owner=Ann"},
			sheets: []*sheet.Sheet{table("Requirements", "Title", "A bell"), table("Journeys", "Name|Title", "j|J")},
			want: `journey/j new {"owner":"Ann","title":"J"}
requirement/a-bell new {"momentRefs":[{"name":"m"},{"name":"n"}],"moscow":"Should","owner":"Ann","title":"A bell"}`,
		},
		{
			name: "what all rows have, and cannot", set: []string{"MoSCoW=Shuld", "Nothing=1"},
			sheets: []*sheet.Sheet{table("Requirements", "Title|Moments", "A|m", "B|m", "C|m", "D|m")},
			want: `fault: x.xlsx: rows 2, 3, 4 and 1 more (--set MoSCoW=Shuld): "Shuld" is not one of Must, Should, Could, Wont (did you mean Should?)
note: --set Nothing=1: no sheet has such a field`,
		},
		{
			name: "what all rows have, and a column says", set: []string{"MoSCoW=Should"},
			sheets: []*sheet.Sheet{table("Requirements", "Title|Moments|Prio", "A|m|must")},
			want:   `fault: x.xlsx: --set MoSCoW=Should: column C (Prio) says that for each row: pass it over with --map 'Prio=-', or leave the option out`,
		},
		{
			name: "a heading that is a sign", maps: []string{"#=Name"},
			sheets: []*sheet.Sheet{table("Requirements", "#|Title|Moments|MoSCoW|*", "7|A|m|must|")},
			want: `requirement/7 new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"A"}
note: x.xlsx: passed over column E (*): --map '*=field' would tell what one means`,
		},
		{
			name: "the heading to the letter comes first", maps: []string{"wish=-", "Wish=Title", "C=-", "C++=Owner"},
			sheets: []*sheet.Sheet{table("Requirements", "Wish|Moments|MoSCoW|C++|C", "A|m|must|Ann|x")},
			want: `requirement/a new {"momentRefs":[{"name":"m"}],"moscow":"Must","owner":"Ann","title":"A"}
note: --map wish=-: no sheet has that column`,
		},
		{
			name:   "headings that mean nothing, above a row that has one",
			sheets: []*sheet.Sheet{table("Requirements", "Nummer|Omschrijving|Soort", "1|Bank bij de balie|Requirement", "2|Bon|Story")},
			want:   `fault: x.xlsx: row 1: there are no headings of Requirements here: name the columns, for instance Name, Title, Moments, or say with --map 'Nummer=Name' what they mean`,
		},
		{
			name: "a long text for a title",
			sheets: []*sheet.Sheet{table("Requirements", "Name|Title|Moments|MoSCoW", "a|"+strings.Repeat("é", 200)+"|m|must", "b|The bell rings. "+strings.Repeat("It rings. ", 20)+"|m|must",
				"c|"+strings.Repeat("word ", 41)+"|m|must")},
			want: `requirement/a new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"` + strings.Repeat("é", 200) + `"}
requirement/b new {"momentRefs":[{"name":"m"}],"moscow":"Must","statement":"The bell rings. ` + strings.TrimSpace(strings.Repeat("It rings. ", 20)) + `","title":"The bell rings"}
requirement/c new {"momentRefs":[{"name":"m"}],"moscow":"Must","statement":"` + strings.TrimSpace(strings.Repeat("word ", 41)) + `","title":"` + strings.TrimSpace(strings.Repeat("word ", 19)) + `…"}
note: x.xlsx: 2 titles have more than 200 characters: they became the Statement, and titles were made of them`,
		},
		{
			name:   "a long title beside a text",
			sheets: []*sheet.Sheet{table("Requirements", "Name|Title|Moments|MoSCoW|Description", "a|"+strings.Repeat("é", 201)+"|m|must|It rings")},
			want:   `fault: x.xlsx: B2 (Title): title: Too long: may not be more than 200 characters`,
		},
		{
			name: "a text without a title", there: bell,
			sheets: []*sheet.Sheet{table("Requirements", "Name|Moments|MoSCoW|Description", "a|m|must|The bell rings! Twice.", "bell|m|must|Loud")},
			want: `requirement/a new {"momentRefs":[{"name":"m"}],"moscow":"Must","statement":"The bell rings! Twice.","title":"The bell rings"}
requirement/bell [statement] {"momentRefs":[{"name":"m"}],"moscow":"Must","statement":"Loud","title":"A bell"}
note: x.xlsx: 2 rows have no title: it is made of the Statement`,
		},
		{
			name:   "many columns that mean nothing",
			sheets: []*sheet.Sheet{table("Requirements", wishHead+"|Ann's|"+"a heading of many words with no end|x|y|z", "a|A|m|must|||||")},
			want: `requirement/a new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"A"}
note: x.xlsx: passed over columns E (Ann's), F (a heading of many words with …), G (x) and 2 more: --map 'Heading=field' would tell what one means`,
		},
		{
			name: "an issue of Jira", there: strings.ReplaceAll(strings.Replace(bell, "title", "statement: It rings, title", 1), "moscow: Must", "moscow: Could"),
			sheets: []*sheet.Sheet{table("Requirements", "Summary|Issue key|Issue Type|Custom field (External ID)|Custom field (Owner)|Priority|Labels|Labels",
				"A bell|WEB-1|Story|bell|Ann|High||", "New|WEB-2|Story|||Medium|moment-n block-b|moment-o x")},
			want: `requirement/bell [externalRef.id externalRef.system moscow owner] {"externalRef":{"id":"WEB-1","system":"jira"},"momentRefs":[{"name":"m"}],"moscow":"Should","owner":"Ann","statement":"It rings","title":"A bell"}
requirement/new new {"buildingBlockRef":{"name":"b"},"externalRef":{"id":"WEB-2","system":"jira"},"momentRefs":[{"name":"n"},{"name":"o"}],"moscow":"Could","title":"New"}
note: x.xlsx: passed over column C (Issue Type): --map 'Issue Type=field' would tell what one means`,
		},
		{
			name: "a tree of Azure DevOps",
			sheets: []*sheet.Sheet{table("Requirements", "Work Item Type|Title 1|Title 2|Description|Acceptance Criteria|Moments|MoSCoW",
				"Epic|Returns|||| m|Must", "Feature||Labels|<p>As a <b>customer</b></p><p>a &amp; b</p>|<ul><li>It prints</li><li>It scans</li></ul>|m|Must", "Epic|Refunds||5 < 6 > 4||m|Must")},
			maps: []string{"Work Item Type=-"},
			want: `requirement/labels new {"acceptanceCriteria":["It prints","It scans"],"momentRefs":[{"name":"m"}],"moscow":"Must","statement":"As a customer\na \u0026 b\n\nPart of: Returns","title":"Labels"}
requirement/refunds new {"momentRefs":[{"name":"m"}],"moscow":"Must","statement":"5 \u003c 6 \u003e 4","title":"Refunds"}
requirement/returns new {"momentRefs":[{"name":"m"}],"moscow":"Must","title":"Returns"}`,
		},
		{
			name: "one level of a tree", maps: []string{"Title 2=Title"},
			sheets: []*sheet.Sheet{table("Requirements", "Title 1|Title 2|Title 3|Moments|MoSCoW", "Returns|||m|Must", "|Labels||m|Must", "||Print|m|Must", "|Boxes||m|Must")},
			want: `requirement/boxes new {"momentRefs":[{"name":"m"}],"moscow":"Must","statement":"Part of: Returns","title":"Boxes"}
requirement/labels new {"momentRefs":[{"name":"m"}],"moscow":"Must","statement":"Part of: Returns","title":"Labels"}
note: x.xlsx: passed over 2 rows without a Title 2: they name what the others are part of`,
		},
		{
			name:   "no row is taken of a sheet that is not understood",
			sheets: []*sheet.Sheet{table("Requirements", "one|two", "1|2"), table("Moments", "Title|Journey|Phase|Importance", "M|j|p|500")},
			want:   `fault: x.xlsx: row 1: there are no headings of Requirements here: name the columns, for instance Name, Title, Moments, or say with --map 'one=Name' what they mean`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			request := &Request{Sheets: test.sheets, Existing: there(t, test.there)}
			request.Mappings.Columns = parsed(t, ParseMapping, "--map", test.maps)
			request.Mappings.Values = parsed(t, ParseValue, "--value", test.values)
			request.Mappings.Constants = parsed(t, ParseMapping, "--set", test.set)
			if diff := cmp.Diff(test.want, told(t, take(t, request))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestMerged holds that merged cells are only refused where it matters which row they are for.
func TestMerged(t *testing.T) {
	for _, test := range []struct {
		name   string
		merged sheet.Range
		want   string
	}{
		{"above the headings", sheet.Range{Right: 3, Top: 1, Bottom: 1}, ""},
		{"in the headings", sheet.Range{Right: 1, Top: 2, Bottom: 2}, "A2 (Name): cells A2:B2 are merged: unmerge them and fill each"},
		{"across the headings", sheet.Range{Left: 1, Right: 1, Top: 2, Bottom: 3}, "B2 (Title): cells B2:B3 are merged"},
		{"in a column that is read", sheet.Range{Left: 3, Right: 3, Top: 3, Bottom: 4}, "D3 (MoSCoW): cells D3:D4 are merged"},
		{"in one that is not", sheet.Range{Left: 4, Right: 4, Top: 3, Bottom: 4}, ""},
		{"from one that is not to one that is", sheet.Range{Left: 3, Right: 4, Top: 3, Bottom: 3}, "D3 (MoSCoW): cells D3:E3 are merged"},
		{"with nothing in them", sheet.Range{Left: 0, Right: 3, Top: 9, Bottom: 12}, ""},
		{"right of the table", sheet.Range{Left: 7, Right: 9, Top: 3, Bottom: 12}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := table("Requirements", "Wishes", wishHead+"|Theme", "a|A|m|must|loud", "b|B|m|must|")
			s.Merged = []sheet.Range{test.merged}
			var faults []string
			for _, f := range take(t, &Request{Sheets: []*sheet.Sheet{s}}).Faults {
				faults = append(faults, f.String())
			}
			if got := strings.Join(faults, "\n"); !strings.Contains(got, test.want) || (got == "") != (test.want == "") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestRemarks holds that people hear of what they do not see, or may not expect.
func TestRemarks(t *testing.T) {
	s := table("Requirements", wishHead, "a|A|m|must")
	s.Hidden, s.Encoding = true, "Windows-1252"
	got := strings.Join(take(t, &Request{Sheets: []*sheet.Sheet{s}}).Notes, "\n")
	if want := "x.xlsx: the sheet is hidden, and is read all the same\nx.xlsx: read as Windows-1252, since it is not UTF-8"; got != want {
		t.Errorf("got %s", got)
	}
}

// TestManyWithOneTitle holds that names for them are found at once.
func TestManyWithOneTitle(t *testing.T) {
	lines := []string{"Title|Moments|MoSCoW"}
	for range 20_000 {
		lines = append(lines, "A bell|m|must")
	}
	names := map[string]bool{}
	for _, c := range take(t, &Request{Sheets: []*sheet.Sheet{table("Requirements", lines...)}}).Changes {
		names[c.Name] = true
	}
	if len(names) != 20_000 || !names["a-bell-20000"] {
		t.Errorf("there are %d names", len(names))
	}
}

// check looks at a result, whatever it came of: it says something, nothing in it is both taken and refused, all that is taken is what an
// API server takes, and all that is said fits on a line.
func check(t *testing.T, request *Request, result *Result) {
	t.Helper()
	if len(result.Changes)+len(result.Faults)+len(result.Notes) == 0 && result.Rows > 0 {
		t.Error("it says nothing")
	}
	for _, c := range result.Changes {
		if _, problems, err := c.Kind.Admit(t.Context(), runtime.DeepCopyJSON(c.Object)); c.Existing == nil && (err != nil || len(problems) > 0) {
			t.Errorf("%s/%s is not valid: %v %v", c.Kind.Name, c.Name, problems, err)
		}
	}
	for _, f := range result.Faults {
		if text := f.String(); strings.ContainsAny(text, "\n\r\x1b") || !strings.HasPrefix(text, "x.") {
			t.Errorf("a fault is %q", text)
		}
	}
	// The same once more says the same.
	again := take(t, request)
	if diff := cmp.Diff(told(t, result), told(t, again)); diff != "" {
		t.Errorf("the second time:\n%s", diff)
	}
}

// FuzzTakeCSV takes any bytes for a CSV file, of any kind, beside objects that are there.
func FuzzTakeCSV(f *testing.F) {
	for kind, seed := range map[uint8]string{
		0: "Title,Phases\nSend back,Hand in; Settle\n", 3: "Name;Title;Journey;Phase;Importance;Needed by\nm;M;j;p;5;2027-03-01\n",
		5: "Moment,Name,Statement\nm,one,x\nm,one,y\n", 6: "Name,Title,Moments,MoSCoW,As a,Building block,Stage\nbell,=1+1,m,must,x,b,s\n",
		8: "Building block,Title,Effort\nb,A,-5\n", 9: "Title\tDelivers\tState\n\"A\nB\"\tb/s;c\tdone\n",
	} {
		f.Add(kind, []byte(seed))
	}
	for _, seed := range []string{
		"Summary,Issue key,Custom field (External ID),Priority,Labels,Description\nA,W-1,bell,High,moment-m,\"As x\nI want y\n\n*Moments that need this*\n* m\"\n",
		"Work Item Type,Title 1,Title 2,Description,Moments,MoSCoW\nEpic,A,,<p>a&amp;b</p>,m,must\nFeature,,B,,m,must\n",
		"#,Title,Moments,MoSCoW\nC++,\"" + strings.Repeat("long ", 50) + "\",m,must\nФТ-1,A,m,High\n",
	} {
		f.Add(uint8(6), []byte(seed))
	}
	existing := there(f, bell+"---\n"+moment)
	f.Fuzz(func(t *testing.T, kind uint8, content []byte) {
		s, err := sheet.ReadCSV("x.csv", content)
		if err != nil {
			return
		}
		request := &Request{Sheets: []*sheet.Sheet{s}, Existing: existing, Kinds: []SheetKind{{Table: tables.All[int(kind)%len(tables.All)]}}, Namespace: "default"}
		request.Mappings.Values = parsed(t, ParseValue, "--value", []string{"MoSCoW:High=Must", "Priority:=Could"})
		request.Mappings.Constants = parsed(t, ParseMapping, "--set", []string{"Owner=Ann"})
		check(t, request, take(t, request))
	})
}

// FuzzTakeXLSX takes any words of a sheet of a workbook.
func FuzzTakeXLSX(f *testing.F) {
	cell := func(text string) string { return `<c t="inlineStr"><is><t>` + text + `</t></is></c>` }
	head := "<row>" + cell("Title") + cell("Moments") + cell("MoSCoW") + "</row>"
	f.Add("<sheetData>" + head + "<row>" + cell("A bell") + cell("m") + cell("must") + "</row></sheetData>")
	f.Add("<sheetData>" + head + `<row r="3"><c r="A3" t="b"><v>1</v></c><c t="e"><v>#REF!</v></c><c><v>0.6</v></c></row></sheetData><mergeCells><mergeCell ref="A2:B3"/></mergeCells>`)
	f.Fuzz(func(t *testing.T, content string) {
		sheets, err := sheet.ReadXLSX("x.xlsx", workbookOf(t, "<worksheet>"+content+"</worksheet>"))
		if err != nil {
			return
		}
		request := &Request{Sheets: sheets, Namespace: "default"}
		check(t, request, take(t, request))
	})
}

// workbookOf makes a workbook of a sheet Requirements, nothing in it packed.
func workbookOf(t testing.TB, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"_rels/.rels", `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="book.xml"/></Relationships>`},
		{"book.xml", `<workbook><sheets><sheet name="Requirements" id="r1"/></sheets></workbook>`},
		{"_rels/book.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="sheet.xml"/></Relationships>`},
		{"sheet.xml", content},
	} {
		out, err := w.CreateHeader(&zip.FileHeader{Name: part[0]})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write([]byte(part[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestParseMapping(t *testing.T) {
	for text, want := range map[string]string{"a=b": "a→b", "a = b": "a→b", "S.a=b=c": "S.a=b→c", "a.b=-": "a.b→-"} {
		m, err := ParseMapping("--map", text)
		if err != nil || m.Left+"→"+m.Right != want {
			t.Errorf("%q is %+v (%v)", text, m, err)
		}
	}
	for _, text := range []string{"", "a", "=b", "a="} {
		if m, err := ParseMapping("--map", text); err == nil {
			t.Errorf("%q is %+v", text, m)
		}
	}
	for text, want := range map[string]string{"a:b=c": "a:b→c", "a:=c": "a:→c", "a:b=": "a:b→", "a:b=c=d": "a:b=c→d"} {
		m, err := ParseValue("--value", text)
		if err != nil || m.Left+"→"+m.Right != want {
			t.Errorf("%q is %+v (%v)", text, m, err)
		}
	}
	for _, text := range []string{"", "a:b", "a=b", ":a=b", "=a:b"} {
		if m, err := ParseValue("--value", text); err == nil {
			t.Errorf("%q is %+v", text, m)
		}
	}
}
