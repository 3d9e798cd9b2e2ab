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

package importcmd

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/xuri/excelize/v2"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/export"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/root"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/status"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/hostiletest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/manifest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
)

// commands are those of these tests: what is imported was exported before, and is looked at after.
var commands = cmdtest.Commands(
	func(f *cmdutil.Factory) *cobra.Command { return export.NewCmd(f, nil) },
	func(f *cmdutil.Factory) *cobra.Command { return NewCmd(f, nil) },
	func(f *cmdutil.Factory) *cobra.Command { return status.NewCmd(f, nil) },
)

func runOffline(tb testing.TB, stdin string, args ...string) cmdtest.Outcome {
	tb.Helper()
	return cmdtest.Run(tb, commands, stdin, args...)
}

// imported runs import, and wants all to be well.
func imported(t *testing.T, args ...string) cmdtest.Outcome {
	t.Helper()
	got := runOffline(t, "", append([]string{"import"}, args...)...)
	if got.Code != cmdutil.ExitOK {
		t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
	}
	return got
}

// exportedTo exports a folder in a format that import reads, and returns the path.
func exportedTo(t *testing.T, format, folder string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out."+format)
	exported(t, "", "-f", folder, "-o", format, "--out", out)
	return out
}

// specsIn reads a folder, and returns the specs of the objects that tables hold, by kind and name, with nothing empty in them.
func specsIn(t rapid.TB, folder string) map[string]any {
	t.Helper()
	read, err := source.ReadFiles(context.Background(), []string{folder}, nil, "default")
	if err != nil {
		t.Fatal(err)
	}
	specs := map[string]any{}
	for _, o := range read.Objects {
		if tables.Of(o.Kind.Name) != nil {
			specs[o.Kind.Name+"/"+o.Name] = withoutEmpty(o.Content["spec"])
		}
	}
	return specs
}

// withoutEmpty leaves out what is empty: in this API it means the same as what is absent. Numbers that may stand in quotes do.
func withoutEmpty(value any) any {
	switch v := value.(type) {
	case map[string]any:
		all := map[string]any{}
		for key, field := range v {
			if field = withoutEmpty(field); field != nil {
				all[key] = field
			}
			if key == "value" {
				all[key] = fmt.Sprint(v[key])
			}
		}
		if len(all) > 0 {
			return all
		}
	case []any:
		var all []any
		for _, item := range v {
			if text, ok := item.(string); ok && text == "" {
				all = append(all, "")
				continue
			}
			all = append(all, withoutEmpty(item))
		}
		if len(all) > 0 {
			return all
		}
	case string:
		if v != "" {
			return v
		}
	default:
		return v
	}
	return nil
}

// TestExportImport holds that what was exported and not touched changes nothing when it comes back, and that all of it is there.
func TestExportImport(t *testing.T) {
	for _, sample := range []string{"quickstart", "motor-claim"} {
		for _, format := range []string{"xlsx", cmdutil.OutputCSV} {
			t.Run(sample+" "+format, func(t *testing.T) {
				folder := filepath.Join(t.TempDir(), "copy")
				cmdtest.CopySample(t, sample, folder)
				before := cmdtest.Files(t, folder)
				out := exportedTo(t, format, folder)
				got := imported(t, out, "--into", folder)
				if diff := cmp.Diff(before, cmdtest.Files(t, folder)); diff != "" || got.Out != "" {
					t.Errorf("something has changed:\n%s%s", got.Out, diff)
				}
				fresh := filepath.Join(t.TempDir(), "fresh")
				imported(t, out, "--into", fresh)
				if diff := cmp.Diff(withoutEvidence(specsIn(t, folder)), specsIn(t, fresh)); diff != "" {
					t.Errorf("(-exported +imported):\n%s", diff)
				}
				again := cmdtest.Files(t, fresh)
				if imported(t, out, "--into", fresh); cmdtest.Files(t, fresh) != again {
					t.Error("importing it once more has changed something")
				}
			})
		}
	}
}

// withoutEvidence takes out what no table has: metrics, and the checks of stages.
func withoutEvidence(specs map[string]any) map[string]any {
	maps.DeleteFunc(specs, func(name string, _ any) bool { return strings.HasPrefix(name, cxv1alpha1.MetricKind+"/") })
	for _, spec := range specs {
		dropField(spec, "deliveredWhen")
	}
	return specs
}

func dropField(value any, name string) {
	switch v := value.(type) {
	case map[string]any:
		delete(v, name)
		for _, field := range v {
			dropField(field, name)
		}
	case []any:
		for _, item := range v {
			dropField(item, name)
		}
	}
}

// TestMischiefComesBack does the same to text that was made to get lost.
func TestMischiefComesBack(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "all.json"), []byte(hostiletest.Exchange(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"xlsx", cmdutil.OutputCSV} {
		fresh := filepath.Join(t.TempDir(), "fresh")
		imported(t, exportedTo(t, format, folder), "--into", fresh)
		if diff := cmp.Diff(specsIn(t, folder), specsIn(t, fresh)); diff != "" {
			t.Errorf("%s (-exported +imported):\n%s", format, diff)
		}
		hostiletest.RequireInert(t, cmdtest.Files(t, fresh))
	}
}

// anyObject gives an object of any kind that an API server takes, with anything in its fields.
func anyObject(t *rapid.T, table *tables.Table, name string) map[string]any {
	spec := anyEntry(t, table, map[string]any{})
	for _, detail := range tables.All {
		if detail.Kind != table.Kind || !detail.IsDetail() {
			continue
		}
		for n := range rapid.IntRange(0, 2).Draw(t, detail.List) {
			entries, _ := spec[detail.List].([]any)
			spec[detail.List] = append(entries, anyEntry(t, detail, map[string]any{"name": fmt.Sprintf("entry-%d", n)}))
		}
	}
	return map[string]any{"apiVersion": kinds.APIVersion(), "kind": table.Kind, "metadata": map[string]any{"name": name}, "spec": spec}
}

func anyEntry(t *rapid.T, table *tables.Table, entry map[string]any) map[string]any {
	if table.Kind == kinds.Roadmap && !table.IsDetail() && rapid.Bool().Draw(t, "weights") {
		// These must add up.
		entry["weights"] = map[string]any{"customer": int64(40), "business": int64(60)}
	}
	for i := range table.Columns {
		c := &table.Columns[i]
		if strings.HasPrefix(c.Field, "weights.") || c.Computed != nil || c.ImportOnly || c.Field == "" || c.Field == "name" {
			continue
		}
		if always := slices.Contains([]string{"title", "momentRefs", "moscow", "delivers", "importance", "phase", "journeyRef.name"}, c.Field); always || rapid.Bool().Draw(t, c.Field) {
			tables.Set(entry, c.Field, anyValue(t, c))
		}
	}
	return entry
}

func anyValue(t *rapid.T, c *tables.Column) any {
	text := rapid.OneOf(rapid.SampledFrom(hostiletest.ForExchange), rapid.StringN(0, 60, 200)).Draw(t, "text")
	list := func(one func(n int) any) any {
		items := []any{}
		for n := range rapid.IntRange(1, 3).Draw(t, "items") {
			items = append(items, one(n))
		}
		return items
	}
	name := func(n int) string { return fmt.Sprintf("name.%d-%d", rapid.IntRange(0, 9).Draw(t, "name"), n) }
	switch c.Type {
	case tables.Label:
		return "label"
	case tables.Name:
		return name(0)
	case tables.Enum:
		return rapid.SampledFrom(c.Choices).Draw(t, "choice")
	case tables.Whole, tables.Percent:
		return rapid.Int64Range(1, 5).Draw(t, "number")
	case tables.Flag:
		return rapid.Bool().Draw(t, "flag")
	case tables.Day:
		return rapid.SampledFrom([]string{"2027-03-01", "1899-12-31", "9999-12-31"}).Draw(t, "day")
	case tables.Lines:
		return list(func(n int) any { return fmt.Sprintf("%s%d", text, n) })
	case tables.Labels:
		return list(func(n int) any { return fmt.Sprintf("label-%d", n) })
	case tables.Enums:
		return []any{c.Choices[0]}
	case tables.Days:
		return []any{"2027-01-01", "2027-12-25"}
	case tables.Names:
		return list(func(n int) any { return map[string]any{"name": name(n)} })
	case tables.Lagged:
		return list(func(n int) any {
			if n == 0 {
				return map[string]any{"name": name(n)}
			}
			return map[string]any{"name": name(n), "lagDays": int64(n)}
		})
	case tables.StageRefs:
		return list(func(n int) any { return map[string]any{"name": name(n), "stage": "s"} })
	case tables.Named:
		return list(func(n int) any {
			if c.Text == "value" {
				return map[string]any{"name": fmt.Sprintf("n%d", n), "value": rapid.SampledFrom([]any{"0.5", int64(7), "-1"}).Draw(t, "score")}
			}
			return map[string]any{"name": fmt.Sprintf("n%d", n), c.Text: text}
		})
	case tables.Line, tables.Block:
	}
	return text
}

// TestAnythingComesBack does the same to any objects.
func TestAnythingComesBack(t *testing.T) {
	t.Setenv("KUBECONFIG", filepath.Join(t.TempDir(), "none"))
	base := t.TempDir()
	inTables := slices.DeleteFunc(kinds.Names(), func(name string) bool { return tables.Of(name) == nil })
	runs := 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		place := filepath.Join(base, fmt.Sprint(runs))
		folder, fresh := filepath.Join(place, "old"), filepath.Join(place, "fresh")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		for n := range rapid.IntRange(1, 4).Draw(t, "objects") {
			table := tables.Of(rapid.SampledFrom(inTables).Draw(t, "kind"))
			name := fmt.Sprintf("object-%d", n)
			if table.Kind == kinds.Roadmap {
				name = "default"
			}
			object := anyObject(t, table, name)
			copied := map[string]any{}
			data, err := json.Marshal(object)
			if err != nil || json.Unmarshal(data, &copied) != nil {
				t.Fatal(err)
			}
			text, err := manifest.Render(object)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, table.File+name+".yaml")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			// What an API server would not take is none of ours.
			if _, err := source.ReadFiles(context.Background(), []string{path}, nil, "default"); err != nil {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
		}
		if len(matches(t, folder)) == 0 {
			t.Skip("no object that an API server takes")
		}
		call := func(args ...string) {
			var out, errOut bytes.Buffer
			streams := genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &errOut}
			if code := root.Run(context.Background(), commands, args, streams, cmdtest.Clock); code != cmdutil.ExitOK {
				t.Fatalf("%v: exit code %d: %s", args, code, errOut.String())
			}
		}
		format := rapid.SampledFrom([]string{"xlsx", cmdutil.OutputCSV}).Draw(t, "format")
		table := filepath.Join(place, "out."+format)
		before := specsIn(t, folder)
		call("export", "-f", folder, "-o", format, "--out", table)
		call("import", table, "--into", fresh)
		if diff := cmp.Diff(before, specsIn(t, fresh)); diff != "" {
			t.Fatalf("into an empty folder (-exported +imported):\n%s", diff)
		}
		stamps := map[string]string{}
		for _, path := range matches(t, folder) {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			stamps[path] = string(content)
		}
		call("import", table, "--into", folder)
		for path, was := range stamps {
			if content, err := os.ReadFile(path); err != nil || string(content) != was {
				t.Fatalf("%s has changed (%v):\n%s", path, err, cmp.Diff(was, string(content)))
			}
		}
	})
}

func matches(t *rapid.T, folder string) []string {
	paths, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

const wishesBefore = `# What customers asked for.
apiVersion: cx.journeyops.dev/v1alpha1
kind: Requirement
metadata:
  name: bell
  labels: {keep: me}
spec:
  # Asked for twice.
  title: A bell   # loud
  moscow: Could
  momentRefs:
  - name: hand-in   # the counter
  acceptanceCriteria:
    - It rings.
    # and:
    - It stops.
---
apiVersion: cx.journeyops.dev/v1alpha1
kind: Requirement
metadata: {name: other}
spec: {title: Other, moscow: Must, momentRefs: [{name: hand-in}]}
`

const wishesAfter = `# What customers asked for.
apiVersion: cx.journeyops.dev/v1alpha1
kind: Requirement
metadata:
  name: bell
  labels: {keep: me}
spec:
  # Asked for twice.
  title: A bell   # loud
  moscow: Must
  momentRefs:
  - name: hand-in   # the counter
  - name: pay
  userStory:
    as: customer
  acceptanceCriteria:
    - It rings loudly.
    # and:
    - It stops.
  buildingBlockRef:
    name: counters
---
apiVersion: cx.journeyops.dev/v1alpha1
kind: Requirement
metadata: {name: other}
spec: {title: Other, moscow: Must, momentRefs: [{name: hand-in}]}
---
apiVersion: cx.journeyops.dev/v1alpha1
kind: Requirement
metadata:
  name: a-chair
spec:
  momentRefs:
    - name: hand-in
  title: A chair
  moscow: Should
  acceptanceCriteria:
    - Soft
    - Red; or blue
`

// TestImportGolden shows what comes of a workbook without a folder, with an empty one, and with one that differs.
func TestImportGolden(t *testing.T) {
	place := t.TempDir()
	fresh, old := filepath.Join(place, "new"), filepath.Join(place, "old")
	cmdtest.CopySample(t, "quickstart", old)
	workbook := exportedTo(t, "xlsx", old)
	cmdtest.Golden(t, "import", imported(t, workbook).Out)
	into := func(folder string) string {
		return strings.ReplaceAll(imported(t, workbook, "--into", folder).Out, place+string(filepath.Separator), "")
	}
	cmdtest.Golden(t, "import-into-new", into(fresh)+cmdtest.Files(t, fresh))
	for name, change := range map[string][2]string{"requirements.yaml": {"Must", "Could"}, "journey.yaml": {"title: ", "title: Not "}} {
		path := filepath.Join(old, name)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(content), change[0], change[1])), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmdtest.Golden(t, "import-into-old", into(old))
}

// TestImportInPlace changes some fields of one object and adds another, from a table of an analyst.
func TestImportInPlace(t *testing.T) {
	table := "ID;Name;PRIORITY;moment;As_a;Building Block;Acceptance criteria;Remarks\r\n" +
		"Bell;A bell;must have;\"hand-in\r\npay\";customer;Counters;\"It rings loudly.\nIt stops.\";why?\r\n" +
		";;;;;;;\r\n" +
		";A chair;should;hand-in;;;\"Soft\r\nRed; or blue\";\r\n"
	folder := cmdtest.Folder(t, map[string]string{"wishes.yaml": wishesBefore, "Kustomization": "resources: [wishes.yaml]\n"})
	sheets := cmdtest.Folder(t, map[string]string{"requirements.csv": table})
	file := filepath.Join(sheets, "requirements.csv")

	dry := imported(t, file, "--into", folder, "--dry-run")
	if content, _ := os.ReadFile(filepath.Join(folder, "wishes.yaml")); string(content) != wishesBefore {
		t.Error("a dry run has written something")
	}
	got := imported(t, sheets, "--into", folder)
	want := fmt.Sprintf("%s: 1 changed, 1 new\n  requirement/bell: acceptanceCriteria, buildingBlockRef.name, momentRefs, moscow, userStory.as\n  requirement/a-chair: new\n",
		filepath.Join(folder, "wishes.yaml"))
	if got.Out != want || dry.Out != want {
		t.Errorf("it says\n%s, and dry\n%s, want\n%s", got.Out, dry.Out, want)
	}
	if want := "note: " + file + ": passed over column H (Remarks): --map 'Remarks=field' would tell what one means\n"; got.ErrOut != want {
		t.Errorf("standard error is %q, want %q", got.ErrOut, want)
	}
	content, err := os.ReadFile(filepath.Join(folder, "wishes.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wishesAfter, string(content)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if again := imported(t, sheets, "--into", folder); !strings.Contains(again.ErrOut, "nothing has changed") {
		t.Errorf("it does not settle: %s", again.Out)
	}
}

// TestImportReads shows tables that are odd, and clear all the same.
func TestImportReads(t *testing.T) {
	for _, test := range []struct {
		name  string
		files map[string]string
		args  []string
		want  []string
		note  string
	}{
		{"names of titles", map[string]string{"requirements.csv": "Title,Moments,MoSCoW\nÉén bel!,m,must\nÉén bel!,m,could\n" + strings.Repeat("very ", 20) + "long,m,must\n"}, nil,
			[]string{"name: een-bel\n", "name: een-bel-2\n", "name: very-very-very-very-very-very-very-very-very-very-"}, "een-bel-2 have titles that other rows have too"},
		{"references by title", map[string]string{
			"moments.csv":      "ID,Name,Journey,Phase,Importance\nMOM_1,Hand in the parcel,Send back,Hand in,70\n",
			"requirements.csv": "Title,Moments,MoSCoW\nA bell,Hand in the parcel,must\nA chair,MOM_1,must\n",
			"journeys.csv":     "Title,Phases\nSend back,Hand in; Settle\n",
		}, nil, []string{"journeyRef:\n    name: send-back\n", "phase: hand-in\n", "- name: mom-1\n", "- name: hand-in\n      title: Hand in\n"}, ""},
		{"titles above the table", map[string]string{"requirements.csv": "Wishes of 2027,,\n,,\nTitle,Moments,MoSCoW\nA bell,m,must\n"}, nil, []string{"title: A bell\n"}, "passed over what stands above the headings, which are in row 3"},
		{"odd headings", map[string]string{"x.csv": "Wens;Waarvoor;Klasse (M/S/C/W);Datum\nEen bel;m;M;1\n"},
			[]string{"--kind", "req", "--map", "x.Wens=title", "--map", "Waarvoor=momentRefs", "--map", "Klasse (M/S/C/W)=MoSCoW", "--map", "Datum=-"}, []string{"title: Een bel\n", "moscow: Must\n"}, ""},
		{"a mapping that nobody needs", map[string]string{"requirements.csv": "Title,Moments,MoSCoW\nA bell,m,must\n"}, []string{"--map", "Prio=moscow"}, []string{"A bell"}, "--map Prio=moscow: no sheet has that column"},
		{"a sheet of something else", map[string]string{"budget.csv": "a,b\n1,2\n", "requirements.csv": "Title,Moments,MoSCoW\nA bell,m,must\n"}, nil, []string{"A bell"}, "budget.csv: passed over, since its name says no kind"},
		{"an empty sheet", map[string]string{"moments.csv": "", "requirements.csv": "Title,Moments,MoSCoW\nA bell,m,must\n"}, nil, []string{"A bell"}, "moments.csv: there is nothing in it"},
		{"Windows-1252", map[string]string{"requirements.csv": "Title;Moments;MoSCoW\nCaf\xe9 \x80;m;must\n"}, nil, []string{"title: Café €\n"}, "read as Windows-1252, since it is not UTF-8"},
		{"stages", map[string]string{
			"building-blocks.csv": "Title\nRefunds\n",
			"stages.csv":          "Building block,Title,Effort,Available\nRefunds,Weekly,,x\nrefunds,Same day,25,no\n",
		}, nil, []string{"stages:\n    - name: weekly\n      title: Weekly\n      available: true\n    - name: same-day\n      title: Same day\n      effortDays: 25\n      available: false\n"}, ""},
		{"a namespace", map[string]string{"requirements.csv": "Title,Moments,MoSCoW\nA bell,m,must\n"}, []string{"-n", "shop"}, []string{"name: a-bell\n  namespace: shop\n"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := imported(t, append([]string{cmdtest.Folder(t, test.files)}, test.args...)...)
			for _, want := range test.want {
				if !strings.Contains(got.Out, want) {
					t.Errorf("%q is missing in:\n%s", want, got.Out)
				}
			}
			if !strings.Contains(got.ErrOut, test.note) || test.note == "" && got.ErrOut != "" {
				t.Errorf("standard error is %q, want %q", got.ErrOut, test.note)
			}
			if again := runOffline(t, got.Out, "status", "-f", "-"); again.Code != cmdutil.ExitOK {
				t.Errorf("it is not valid: %s", again.ErrOut)
			}
		})
	}
}

// TestImportRefuses shows what is refused, and that the sentence names the cell.
func TestImportRefuses(t *testing.T) {
	const head = "Name,Title,Moments,MoSCoW,Building block,Stage\n"
	for _, test := range []struct {
		name  string
		files map[string]string
		args  []string
		want  []string
	}{
		{"duplicate ids", map[string]string{"requirements.csv": head + "a,A,m,Must\nb,B,m,Must\nA,C,m,Must\n"}, nil,
			[]string{`requirements.csv: A4 (Name): Requirement "a" and "A" both make the name "a", also in `, "requirements.csv: A2: remove or rename one"}},
		{"missing headings", map[string]string{"requirements.csv": "one,two\n1,2\n"}, nil, []string{"requirements.csv: row 1: there are no headings of Requirements here: name the columns, for instance Name, Title, Moments"}},
		{"nothing to know rows by", map[string]string{"requirements.csv": "Moments,MoSCoW\nm,Must\n"}, nil, []string{"row 1: there is no column Name or Title, by which a row would be known"}},
		{"nothing to belong to", map[string]string{"stages.csv": "Name,Effort\na,1\n"}, nil, []string{"stages.csv: row 1: there is no column Building block, which says what each row belongs to"}},
		{"a column without a heading", map[string]string{"requirements.csv": "Title,Moments,MoSCoW\nA,m,Must,what?\n"}, nil, []string{"requirements.csv: D2: there is something in this column, and no heading in D1"}},
		{"a heading twice", map[string]string{"requirements.csv": "Title,Moments,MoSCoW,Moscow\nA,m,Must,Must\n"}, nil, []string{`requirements.csv: D1 (Moscow): this heading and "MoSCoW" in C1 both mean MoSCoW`}},
		{"an unknown word", map[string]string{"requirements.csv": head + "a,A,m,Mist\n"}, nil, []string{`requirements.csv: D2 (MoSCoW): "Mist" is not one of Must, Should, Could, Wont (did you mean Must?)`}},
		{"a Dutch date", map[string]string{"moments.csv": "Title,Journey,Phase,Importance,Needed by\nA,j,p,5,01-03-2027\n"}, nil, []string{`moments.csv: E2 (Needed by): "01-03-2027" is not a date: write year-month-day, for instance 2027-03-01`}},
		{"what the API server refuses", map[string]string{"moments.csv": "Title,Journey,Phase,Importance\nA,j,p,500\n"}, nil, []string{"moments.csv: D2 (Importance): importance: Invalid value: 500"}},
		{"a field that is missing", map[string]string{"requirements.csv": "Title,Moments\nA,m\n"}, nil, []string{"requirements.csv: there is no column MoSCoW, and a row needs it: add it, say with --map 'Heading=MoSCoW' which it is"}},
		{"a stage without a block", map[string]string{"requirements.csv": head + "a,A,m,Must,,weekly\n"}, nil, []string{"requirements.csv: E2 (Building block): buildingBlockRef.name: Required value"}},
		{"a rule of several fields", map[string]string{"roadmap-items.csv": "Title,Delivers,State\nA,b,done\n"}, nil, []string{"roadmap-items.csv: row 2: finishDate: Invalid value: finishDate goes with state Done"}},
		{"an entry", map[string]string{"building-blocks.csv": "Title\nA\n", "stages.csv": "Building block,Name,Effort days\na,one,1\na,two,-5\n"}, nil, []string{"stages.csv: C3 (Effort days): effortDays: Invalid value: -5"}},
		{"an entry twice", map[string]string{"building-blocks.csv": "Title\nA\n", "stages.csv": "Building block,Name\na,one\na, one\n"}, nil, []string{`stages.csv: B3 (Name): "one" is there twice for BuildingBlock "a", also in `}},
		{"an entry of nothing", map[string]string{"stages.csv": "Building block,Name\nnone,one\n,two\n"}, nil, []string{`stages.csv: A2 (Building block): there is no BuildingBlock "none", neither in a sheet nor in a file`, "stages.csv: A3 (Building block): the row does not say which BuildingBlock it belongs to"}},
		{"a row without a name", map[string]string{"requirements.csv": head + ",,m,Must\n"}, nil, []string{"requirements.csv: B2 (Title): the row has no name and no title"}},
		{"a name of signs", map[string]string{"requirements.csv": head + "!!,A,m,Must\n"}, nil, []string{`requirements.csv: A2 (Name): no name can be made of "!!"`}},
		{"an unknown field", map[string]string{"requirements.csv": head + "a,A,m,Must\n"}, []string{"--map", "MoSCoW=prio2"}, []string{`requirements.csv: D1 (MoSCoW): --map MoSCoW=prio2: Requirements have no field "prio2": choose one of Name, Title`}},
		{"malicious text", map[string]string{"requirements.csv": head + "a,A,m,\x1b[31m\u202e\n"}, nil, []string{`D2 (MoSCoW): "\x1b[31m\u202e" is not one of`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			into := filepath.Join(t.TempDir(), "into")
			got := runOffline(t, "", append([]string{"import", cmdtest.Folder(t, test.files), "--into", into}, test.args...)...)
			if got.Code != cmdutil.ExitFailure || got.Out != "" {
				t.Errorf("exit code %d, and it says %q", got.Code, got.Out)
			}
			for _, want := range test.want {
				if !strings.Contains(got.ErrOut, want) {
					t.Errorf("%q is missing in:\n%s", want, got.ErrOut)
				}
			}
			hostiletest.RequireInert(t, got.ErrOut)
			if _, err := os.Stat(into); err == nil {
				t.Error("something was written")
			}
		})
	}
}

// TestImportRefusesWorkbooks does the same for what only workbooks can do wrong.
func TestImportRefusesWorkbooks(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(f *excelize.File) error
		want  string
	}{
		{"merged cells", func(f *excelize.File) error { return f.MergeCell("Requirements", "C2", "C3") }, "x.xlsx Requirements!C2 (Moments): cells C2:C3 are merged: unmerge them and fill each"},
		{"a formula without a value", func(f *excelize.File) error { return f.SetCellFormula("Requirements", "B4", "1+1") }, "x.xlsx Requirements!B4 (Title): the formula in it has no value"},
		{"a date for a text", func(f *excelize.File) error {
			return f.SetCellValue("Requirements", "B2", time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC))
		}, "x.xlsx Requirements!B2 (Title): the cell holds the date 2027-03-01, and text is expected"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := excelize.NewFile()
			if err := f.SetSheetName("Sheet1", "Requirements"); err != nil {
				t.Fatal(err)
			}
			for n, row := range [][]any{{"Name", "Title", "Moments", "MoSCoW"}, {"a", "A", "m", "Must"}, {"b", "B", "m", "Must"}} {
				if err := f.SetSheetRow("Requirements", fmt.Sprintf("A%d", n+1), &row); err != nil {
					t.Fatal(err)
				}
			}
			if err := test.spoil(f); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "x.xlsx")
			if err := f.SaveAs(path); err != nil {
				t.Fatal(err)
			}
			got := runOffline(t, "", "import", path)
			if got.Code != cmdutil.ExitFailure || !strings.Contains(got.ErrOut, test.want) {
				t.Errorf("exit code %d: %s\nwant %s", got.Code, got.ErrOut, test.want)
			}
		})
	}
}

// TestImportTwice holds that a second table overwrites no other object, whatever the script of its ids.
func TestImportTwice(t *testing.T) {
	for _, test := range []struct{ name, first, second string }{
		{"Cyrillic ids", "ID,Title,Moments,MoSCoW\nФТ-1,Вход в кабинет,m,Must\n", "ID,Title,Moments,MoSCoW\nНФТ-1,Ответ за две секунды,m,Should\n"},
		{"Chinese ids", "ID,Title,Moments,MoSCoW\n需求-1,A,m,Must\n", "ID,Title,Moments,MoSCoW\n計劃-1,B,m,Should\n"},
		{"Greek ids", "ID,Title,Moments,MoSCoW\nΑ1,A,m,Must\n", "ID,Title,Moments,MoSCoW\nΒ1,B,m,Should\n"},
		{"signs", "ID,Title,Moments,MoSCoW\nC++,A,m,Must\n", "ID,Title,Moments,MoSCoW\nC,B,m,Should\n"},
		{"titles that are alike but for signs", "Title,Moments,MoSCoW\nC++,m,Must\n", "Title,Moments,MoSCoW\nC,m,Should\n"},
		{"titles that make one name", "Title,Moments,MoSCoW\nA bell!,m,Must\n", "Title,Moments,MoSCoW\nA béll,m,Should\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			into := filepath.Join(t.TempDir(), "into")
			imported(t, cmdtest.Folder(t, map[string]string{"requirements.csv": test.first}), "--into", into)
			before := specsIn(t, into)
			imported(t, cmdtest.Folder(t, map[string]string{"requirements.csv": test.second}), "--into", into)
			after := specsIn(t, into)
			if len(before) != 1 || len(after) != 2 {
				t.Fatalf("there are %d objects, and then %d", len(before), len(after))
			}
			for name, spec := range before {
				if diff := cmp.Diff(spec, after[name]); diff != "" {
					t.Errorf("%s has changed:\n%s", name, diff)
				}
			}
		})
	}
}

func TestImportSkipsInvalid(t *testing.T) {
	sheets := cmdtest.Folder(t, map[string]string{"requirements.csv": "Name,Title,Moments,MoSCoW\na,A,m,Must\nb,B,m,Mist\nc,C,m,Could\n"})
	into := filepath.Join(t.TempDir(), "into")
	got := imported(t, sheets, "--into", into, "--skip-invalid")
	if want := `note: left out: ` + filepath.Join(sheets, "requirements.csv") + `: D3 (MoSCoW): "Mist" is not one of`; !strings.HasPrefix(got.ErrOut, want) {
		t.Errorf("standard error is %q, want %q", got.ErrOut, want)
	}
	specs := specsIn(t, into)
	if len(specs) != 2 || specs["Requirement/b"] != nil {
		t.Errorf("got %v", specs)
	}
}

// TestImportLeavesAlone shows files that cannot be changed in place, and stay as they are.
func TestImportLeavesAlone(t *testing.T) {
	const object = `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Requirement","metadata":{"name":"a"},"spec":{"title":"A","moscow":"Must","momentRefs":[{"name":"m"}]}}`
	const anchors = "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Requirement\nmetadata: {name: a}\nspec:\n  title: &t A\n  owner: *t\n  moscow: Must\n  momentRefs: [{name: m}]\n"
	for _, test := range []struct{ name, file, content, want string }{
		{"JSON", "a.json", object, "a.json:1: requirement/a: objects in JSON are not changed in place"},
		{"anchors", "a.yaml", anchors, "a.yaml:1: requirement/a: anchors, merge keys or an unusual layout"},
		{"invalid", "a.yaml", strings.Replace(anchors, "Must", "Mist", 1), `a.yaml:7: Requirement "a": spec.moscow`},
		{"two namespaces", "a.json", object + strings.Replace(object, `"name":"a"`, `"name":"a","namespace":"b"`, 1), "holds objects of several namespaces, b, default: choose one with -n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := cmdtest.Folder(t, map[string]string{test.file: test.content})
			sheets := cmdtest.Folder(t, map[string]string{"requirements.csv": "Name,Title,Moments,MoSCoW\na,Other,m,Must\nnew,New,m,Must\n"})
			before := cmdtest.Files(t, folder)
			got := runOffline(t, "", "import", sheets, "--into", folder)
			if got.Code != cmdutil.ExitFailure || !strings.Contains(got.ErrOut, test.want) || cmdtest.Files(t, folder) != before {
				t.Errorf("exit code %d: %s\nwant %s", got.Code, got.ErrOut, test.want)
			}
		})
	}
}

func TestImportUsage(t *testing.T) {
	for _, test := range []struct {
		args []string
		code int
		want string
	}{
		{nil, cmdutil.ExitUsage, "name the workbook or the CSV files to import"},
		{[]string{"x.csv", "--dry-run"}, cmdutil.ExitUsage, "name it with --into"},
		{[]string{"nowhere.csv"}, cmdutil.ExitFailure, "nowhere.csv: there is no such file or folder"},
		{[]string{"x.csv", "--kind", "pods"}, cmdutil.ExitUsage, `kind "pods" is not known: choose journeys, personas, phases`},
		{[]string{"x.csv", "--map", "title"}, cmdutil.ExitUsage, `--map "title" is not of the form left=right, for instance --map 'Prio=MoSCoW'`},
		{[]string{"x.csv", "--value", "High=Must"}, cmdutil.ExitUsage, `--value "High=Must" is not of the form column:word=meaning, for instance --value 'Prio:High=Must'`},
		{[]string{"x.csv", "--set", "Must"}, cmdutil.ExitUsage, `--set "Must" is not of the form left=right, for instance --set 'MoSCoW=Should'`},
		{[]string{writtenTo(t, "x.csv", "a"), "--mapping", "nowhere.yaml"}, cmdutil.ExitFailure, "nowhere.yaml: there is no such file or folder"},
		{[]string{writtenTo(t, "x.csv", "a"), "--mapping", writtenTo(t, "bad.yaml", "colums: {}")}, cmdutil.ExitFailure, "bad.yaml: line 1: field colums is not known"},
		{[]string{"import_test.go"}, cmdutil.ExitFailure, "import_test.go: save it as .xlsx or CSV first"},
		{[]string{t.TempDir()}, cmdutil.ExitFailure, "there are no .xlsx or .csv files in"},
	} {
		got := runOffline(t, "", append([]string{"import"}, test.args...)...)
		if got.Code != test.code || !strings.Contains(got.ErrOut, test.want) {
			t.Errorf("%v: exit code %d: %s", test.args, got.Code, got.ErrOut)
		}
	}
}

// writtenTo writes a file, and returns its path.
func writtenTo(t *testing.T, name, content string) string {
	t.Helper()
	return filepath.Join(cmdtest.Folder(t, map[string]string{name: content}), name)
}

// TestImportMappingFile holds that the file beside a table is read, and that the command line comes first.
func TestImportMappingFile(t *testing.T) {
	const table = "Wens;Prio;Bron\nEen bel;Hoog;Ann\nEen stoel;Laag;Bob\n"
	const mapping = "kind: requirements\ncolumns: {Wens: Title, Prio: MoSCoW, Bron: \"-\"}\nvalues: {Prio: {Hoog: Must, Laag: Could}}\nset: {Moments: m}\n"
	// given a table and a mapping file beside it
	folder := cmdtest.Folder(t, map[string]string{"wensen.csv": table, "wensen.map.yaml": mapping, "budget.csv": "Wens\nx\n"})
	// when the folder is imported
	got := imported(t, folder)
	// then the file holds, for this table alone
	for _, want := range []string{"title: Een bel\n  moscow: Must\n", "title: Een stoel\n  moscow: Could\n", "- name: m\n"} {
		if !strings.Contains(got.Out, want) {
			t.Errorf("%q is missing in:\n%s", want, got.Out)
		}
	}
	if !strings.Contains(got.ErrOut, "budget.csv: passed over") || strings.Contains(got.ErrOut, "wensen.csv") {
		t.Errorf("standard error is %q", got.ErrOut)
	}
	// and what the command line says comes first
	got = imported(t, filepath.Join(folder, "wensen.csv"), "--value", "Prio:Hoog=Should", "--set", "Moments=o")
	if !strings.Contains(got.Out, "moscow: Should\n") || !strings.Contains(got.Out, "moscow: Could\n") || !strings.Contains(got.Out, "- name: o\n") {
		t.Errorf("got\n%s", got.Out)
	}
	// and a mapping file may be elsewhere
	got = imported(t, writtenTo(t, "x.csv", table), "--mapping", filepath.Join(folder, "wensen.map.yaml"))
	if !strings.Contains(got.Out, "title: Een bel\n") {
		t.Errorf("got\n%s", got.Out)
	}
}

// TestJiraRoundTrip holds that stories that export wrote, and that went through Jira, bring back their keys and nothing else.
func TestJiraRoundTrip(t *testing.T) {
	for _, sample := range []string{"quickstart", "motor-claim"} {
		t.Run(sample, func(t *testing.T) {
			// given a portfolio, and its stories
			folder := filepath.Join(t.TempDir(), "copy")
			cmdtest.CopySample(t, sample, folder)
			exportedStories := exported(t, "", "-f", folder, "-o", "jira-csv")
			before := specsIn(t, folder)
			// when they are read as they are
			args := []string{"--kind", "requirements", "--into", folder}
			got := imported(t, append([]string{writtenTo(t, "stories.csv", exportedStories)}, args...)...)
			// then nothing changes
			if got.Out != "" {
				t.Errorf("something has changed:\n%s", got.Out)
			}
			// when they come back from Jira, which has headings of its own and gives keys
			imported(t, append([]string{writtenTo(t, "jira.csv", throughJira(t, exportedStories))}, args...)...)
			// then the keys are there, and the rest is as it was
			after := specsIn(t, folder)
			keys := 0
			for name, spec := range after {
				spec := spec.(map[string]any)
				if ref, ok := spec["externalRef"].(map[string]any); ok && ref["system"] == "jira" && strings.HasPrefix(ref["id"].(string), "WEB-") {
					keys++
				}
				delete(spec, "externalRef")
				delete(before[name].(map[string]any), "externalRef")
			}
			if want := strings.Count(exportedStories, ",Story,"); keys != want {
				t.Errorf("%d of %d keys came back", keys, want)
			}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("(-before +after):\n%s", diff)
			}
		})
	}
}

// throughJira gives stories as Jira exports them again.
func throughJira(t *testing.T, stories string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(stories)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	for n, cells := range rows {
		added := []string{fmt.Sprint(10_000 + n), "To Do", "25/Nov/26 4:12 PM"}
		for i, heading := range rows[0] {
			switch {
			case n > 0 && heading == "Issue Key":
				cells[i] = fmt.Sprintf("WEB-%d", n)
			case n > 0 && heading == "Description":
				cells[i] = strings.ReplaceAll(cells[i], "\n", "\r\n")
			}
		}
		if n == 0 {
			added = []string{"Issue id", "Status", "Created"}
			cells = slices.Clone(cells)
			for i, heading := range cells {
				cells[i] = map[string]string{"Issue Key": "Issue key", "External ID": "Custom field (External ID)", "Owner": "Custom field (Owner)"}[heading]
				if cells[i] == "" {
					cells[i] = heading
				}
			}
		}
		if err := w.Write(append(cells, added...)); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return b.String()
}

// BenchmarkImport imports a table of 100,000 requirements into an empty folder, and once more into the one that it made.
func BenchmarkImport(b *testing.B) {
	var table strings.Builder
	table.WriteString("Title;Moments;MoSCoW;Statement;Acceptance criteria\n")
	for n := range 100_000 {
		fmt.Fprintf(&table, "Requirement number %d;moment-%d;must;The customer sees where the parcel is.;\"It is there within a second.\nIt is right.\"\n", n, n/25)
	}
	folder := b.TempDir()
	file := filepath.Join(folder, "requirements.csv")
	if err := os.WriteFile(file, []byte(table.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	b.Setenv("KUBECONFIG", filepath.Join(folder, "none"))
	into := filepath.Join(folder, "into")
	for b.Loop() {
		if err := os.RemoveAll(into); err != nil {
			b.Fatal(err)
		}
		for range 2 {
			var out, errOut bytes.Buffer
			streams := genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &errOut}
			if code := root.Run(context.Background(), commands, []string{"import", file, "--into", into}, streams, cmdtest.Clock); code != cmdutil.ExitOK {
				b.Fatal(errOut.String())
			}
		}
	}
}

// TestImportInPlaceEverywhere changes a title in each kind of file that people keep objects in, and nothing else.
func TestImportInPlaceEverywhere(t *testing.T) {
	const object = "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Requirement\nmetadata: {name: bell}\nspec:\n  # loud\n  title: \"Old\"   # for now\n\n  moscow: Must\n  momentRefs: [ {name: m} ]\n"
	list := "# all of them\nkind: List\napiVersion: v1\nitems:\n- kind: ConfigMap\n  apiVersion: v1\n  metadata: {name: x}\n# bells\n- " +
		strings.TrimSuffix(strings.ReplaceAll(object, "\n", "\n  "), "  ") + "# the end\n"
	for name, content := range map[string]string{
		"alone": object, "Windows": strings.ReplaceAll(object, "\n", "\r\n"), "list": list, "no line end": strings.TrimSuffix(object, "\n"), "mark": "\ufeff" + object,
		"several": "# first\n---\nkind: ConfigMap\napiVersion: v1\n---\n" + object + "...\n---\n# nothing\n", "anchors": strings.Replace(object, "Must\n", "&m Must\n", 1) + "  type: &t Data\n  owner: *t\n",
	} {
		t.Run(name, func(t *testing.T) {
			folder, elsewhere := t.TempDir(), cmdtest.Folder(t, map[string]string{"linked.yaml": content})
			path := filepath.Join(folder, "link.yaml")
			if err := os.Symlink(filepath.Join(elsewhere, "linked.yaml"), path); err != nil {
				t.Fatal(err)
			}
			imported(t, cmdtest.Folder(t, map[string]string{"requirements.csv": "Name,Title\nbell,A bell: new\n"}), "--into", folder)
			got, err := os.ReadFile(filepath.Join(elsewhere, "linked.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Replace(content, `"Old"`, `"A bell: new"`, 1), string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 {
				t.Errorf("the link is gone (%v)", err)
			}
		})
	}
}

// TestImportWritesAllOrNothing holds that no file is written when one of them cannot be.
func TestImportWritesAllOrNothing(t *testing.T) {
	bell := func(name string) string {
		return "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Requirement\nmetadata: {name: " + name + "}\nspec: {title: Old, moscow: Must, momentRefs: [{name: m}]}\n"
	}
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, path string)
		want  string
	}{
		{"read-only", func(t *testing.T, path string) {
			t.Helper()
			if err := os.Chmod(path, 0o444); err != nil {
				t.Fatal(err)
			}
		}, "b.yaml is read-only"},
		{"mixed line ends", func(t *testing.T, path string) {
			t.Helper()
			if err := os.WriteFile(path, []byte(strings.Replace(bell("b"), "\n", "\r\n", 1)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "b.yaml:1: requirement/b: anchors, merge keys or an unusual layout"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := cmdtest.Folder(t, map[string]string{"a.yaml": bell("a"), "b.yaml": bell("b"), "c.yaml": bell("c")})
			test.spoil(t, filepath.Join(folder, "b.yaml"))
			before := cmdtest.Files(t, folder)
			got := runOffline(t, "", "import", cmdtest.Folder(t, map[string]string{"requirements.csv": "Name,Title\na,New\nb,New\nc,New\n"}), "--into", folder)
			if got.Code != cmdutil.ExitFailure || !strings.Contains(got.ErrOut, test.want) || cmdtest.Files(t, folder) != before {
				t.Errorf("exit code %d: %s\n%s", got.Code, got.ErrOut, cmdtest.Files(t, folder))
			}
		})
	}
}

// TestExportForgetsTables holds that a table of which nothing is left does not come back with the next import.
func TestExportForgetsTables(t *testing.T) {
	folder := t.TempDir()
	exported(t, "", "-f", cmdtest.Samples+"quickstart", "-o", cmdutil.OutputCSV, "--out", folder)
	const journey = `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"a"},"spec":{"title":"A"}}`
	exported(t, journey, "-f", "-", "-o", cmdutil.OutputCSV, "--out", folder, "--force")
	if got := cmdtest.Files(t, folder); strings.Contains(got, "return") {
		t.Errorf("there is still\n%s", got)
	}
	imported(t, folder, "--into", t.TempDir())
}

// TestExamples runs the examples of the help, on a copy of a sample.
func TestExamples(t *testing.T) {
	t.Chdir(t.TempDir())
	cmdtest.CopySample(t, "quickstart", "journeys")
	if err := os.WriteFile("wishes.csv", []byte("Wish;For;Weight\nA bell;Hand in the parcel;could\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("jira.csv", []byte("Summary,Issue key,Labels\nReceipt by email after the scan,WEB-11,x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var examples string
	for _, command := range commands(cmdutil.NewFactory(genericiooptions.NewTestIOStreamsDiscard(), cmdtest.Clock)) {
		if command.Name() != "status" {
			examples += command.Example + "\n"
		}
	}
	for _, line := range cmdtest.CommandLines(examples) {
		line = strings.Replace(line, "-n webshop", "-f journeys/", 1)
		line, _, _ = strings.Cut(line, " | ")
		args := shellWords(strings.TrimPrefix(line, "kubectl journey "))
		if got := runOffline(t, "", args...); got.Code != cmdutil.ExitOK {
			t.Errorf("%s: exit code %d: %s", line, got.Code, got.ErrOut)
		}
	}
}

// shellWords cuts a command line as a shell would.
func shellWords(line string) []string {
	var all []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			all = append(all, part)
			continue
		}
		all = append(all, strings.Fields(part)...)
	}
	return all
}

func exported(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	got := runOffline(t, stdin, append([]string{"export"}, args...)...)
	if got.Code != cmdutil.ExitOK {
		t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
	}
	return got.Out
}
