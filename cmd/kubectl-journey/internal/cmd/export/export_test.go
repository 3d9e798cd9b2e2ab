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

package export

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/xuri/excelize/v2"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/root"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/hostiletest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
)

// commands are those of these tests.
var commands = cmdtest.Commands(func(f *cmdutil.Factory) *cobra.Command { return NewCmd(f, nil) })

func runOffline(tb testing.TB, stdin string, args ...string) cmdtest.Outcome {
	tb.Helper()
	return cmdtest.Run(tb, commands, stdin, args...)
}

// exported returns what export writes to standard output when all is well.
func exported(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	got := runOffline(t, stdin, append([]string{"export"}, args...)...)
	if got.Code != cmdutil.ExitOK {
		t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
	}
	return got.Out
}

func TestExportGolden(t *testing.T) {
	const links = "https://journeys.example.com/{namespace}/{kind}/{name}"
	path := cmdtest.Samples + "quickstart"
	jira := exported(t, "", "-f", path, "-o", outputJiraCSV, "--link-template", links)
	cmdtest.Golden(t, "export-jira-csv", strings.ReplaceAll(jira, "\r\n", "\n"))
	cmdtest.Golden(t, "export-reqif", exported(t, "", "-f", path, "-o", outputReqIF))
	cmdtest.Golden(t, "export-xlsx", dump(t, []byte(exported(t, "", "-f", path))))

	folder := filepath.Join(t.TempDir(), "new", "folder")
	if got := exported(t, "", "-f", path, "-o", cmdutil.OutputCSV, "--out", folder); got != "" {
		t.Errorf("standard output is %q", got)
	}
	cmdtest.Golden(t, "export-csv", strings.ReplaceAll(cmdtest.Files(t, folder), "\r\n", "\n"))
}

// dump gives a workbook as text: its sheets, what they do, and their cells.
func dump(t *testing.T, content []byte) string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	sheets, err := sheet.ReadXLSX("x.xlsx", content)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, s := range sheets {
		panes, err := f.GetPanes(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "==> %s, %d columns and %d rows stay in sight\n", s.Name, panes.XSplit, panes.YSplit)
		rules, err := f.GetDataValidations(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range rules {
			fmt.Fprintf(&b, "  %s offers %s\n", rule.Sqref, rule.Formula1)
		}
		for i := range s.Rows {
			for c := range s.Rows[i].Cells {
				cell := &s.Rows[i].Cells[c]
				text := fmt.Sprintf("%q", cell.Text)
				if cell.IsNumber {
					text = cell.Text
				}
				if cell.IsDate {
					text = cell.Date
				}
				if !cell.IsEmpty() {
					fmt.Fprintf(&b, "%s %s\n", sheet.CellName(c, s.Rows[i].Number), text)
				}
			}
		}
	}
	return b.String()
}

// TestWorkbookIsUsable looks at what a workbook does for those who use it in a session.
func TestWorkbookIsUsable(t *testing.T) {
	f, err := excelize.OpenReader(strings.NewReader(exported(t, "", "-f", cmdtest.Samples+"motor-claim")))
	if err != nil {
		t.Fatal(err)
	}
	filters := map[string]string{}
	for _, name := range f.GetDefinedName() {
		if name.Name == "_xlnm._FilterDatabase" {
			filters[name.Scope] = name.RefersTo
		}
	}
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("'%s'!$A$1:$%s$%d", name, sheet.ColumnName(len(rows[0])-1), len(rows)); filters[name] != want {
			t.Errorf("%s is filtered in %q, want %q", name, filters[name], want)
		}
		for c, heading := range rows[0] {
			width, err := f.GetColWidth(name, sheet.ColumnName(c))
			if err != nil || width < 4 || width > 120 {
				t.Errorf("%s!%s is %v wide (%v)", name, sheet.ColumnName(c), width, err)
			}
			id, err := f.GetCellStyle(name, sheet.CellName(c, 2))
			if err != nil || len(rows) == 1 {
				continue
			}
			style, err := f.GetStyle(id)
			if err != nil {
				t.Fatal(err)
			}
			grey := len(style.Fill.Color) > 0
			if computed := tables.IsComputedHeading(heading) || tables.IsComputed(name) && name != tables.AboutSheet; computed != grey && id != 0 {
				t.Errorf("%s!%s (%s): computed %v, grey %v", name, sheet.ColumnName(c), heading, computed, grey)
			}
		}
	}
}

// TestExportIsDeterministic holds that the same objects and the same day give the same bytes.
func TestExportIsDeterministic(t *testing.T) {
	for _, format := range []string{outputXLSX, outputJiraCSV, outputReqIF} {
		first := exported(t, "", "-f", cmdtest.Samples+"motor-claim", "-o", format)
		if exported(t, "", "-f", cmdtest.Samples+"motor-claim", "-o", format) != first {
			t.Errorf("%s is different each time", format)
		}
		later := exported(t, "", "-f", cmdtest.Samples+"motor-claim", "-o", format, "--as-of", "2027-02-01")
		if (later == first) == (format != outputJiraCSV) {
			t.Errorf("%s: the day makes no difference, or one where it should not", format)
		}
	}
}

func TestExportFaults(t *testing.T) {
	folder := t.TempDir()
	two := `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"a","namespace":"east"},"spec":{"title":"A"}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"a","namespace":"west"},"spec":{"title":"A"}}`
	long := `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Requirement","metadata":{"name":"long"},"spec":{"momentRefs":[{"name":"m"}],"title":"T","moscow":"Must","acceptanceCriteria":[` +
		strings.TrimSuffix(strings.Repeat(`"`+strings.Repeat("x", 1000)+`",`, 40), ",") + `]}}`
	for _, test := range []struct {
		name  string
		stdin string
		args  []string
		code  int
		want  string
	}{
		{"csv without a folder", two, []string{"-o", "csv"}, cmdutil.ExitUsage, "name a folder for them with --out"},
		{"unknown format", two, []string{"-o", "pdf"}, cmdutil.ExitUsage, "choose xlsx, csv, jira-csv, reqif"},
		{"two namespaces", two, nil, cmdutil.ExitFailure, "in namespaces east, west: choose one with -n"},
		{"a link without a name", two, []string{"-o", "jira-csv", "--link-template", "https://x/"}, cmdutil.ExitUsage, "is no URL with {name} in it"},
		{"a script for a link", two, []string{"-o", "jira-csv", "--link-template", "javascript:{name}"}, cmdutil.ExitUsage, "is no URL with {name} in it"},
		{"a link in a workbook", two, []string{"--out", "x.xlsx", "--link-template", "https://x/{name}"}, cmdutil.ExitUsage, "--link-template is for jira-csv"},
		{"nothing to overwrite", two, []string{"-o", "reqif", "--force"}, cmdutil.ExitUsage, "--force is for --out: it overwrites what is there"},
		{"a file for a folder", two, []string{"-n", "east", "-o", "csv", "--out", "export_test.go"}, cmdutil.ExitFailure, "export_test.go is a file: name a folder"},
		{"a folder for a file", two, []string{"-n", "east", "--out", folder}, cmdutil.ExitFailure, "is a folder: name a file"},
		{"no such folder", two, []string{"-n", "east", "--out", filepath.Join(folder, "no", "x.xlsx")}, cmdutil.ExitFailure, "x.xlsx cannot be written: no such file or directory\n"},
		{"too much for a cell", long, nil, cmdutil.ExitFailure, "Requirement long: sheet Requirements: cell J2 would hold 40039 characters, and a cell of a workbook holds 32767: export CSV instead"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := runOffline(t, test.stdin, append([]string{"export", "-f", "-"}, test.args...)...)
			if got.Code != test.code || !strings.Contains(got.ErrOut, test.want) {
				t.Errorf("exit code %d: %s\nwant %d: %s", got.Code, got.ErrOut, test.code, test.want)
			}
		})
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("%v was left behind (%v)", left, err)
	}
}

// TestExportReplacesWholeFiles holds that a file that cannot be made anew stays as it was.
func TestExportReplacesWholeFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.xlsx")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := (&Options{Out: path, Force: true}).write(func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return errors.New("broken")
	})
	if content, _ := os.ReadFile(path); err == nil || string(content) != "old" {
		t.Errorf("got %v and %q", err, content)
	}
	exported(t, "", "-f", cmdtest.Samples+"quickstart", "--out", path, "--force")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v (%v)", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%v was left behind", left)
	}
}

// TestExportIsInert looks at every format as the programs do that read it.
func TestExportIsInert(t *testing.T) {
	input := hostiletest.Exchange(t)
	folder := t.TempDir()
	exported(t, input, "-f", "-", "-o", cmdutil.OutputCSV, "--out", folder)
	jira := exported(t, input, "-f", "-", "-o", outputJiraCSV, "--link-template", "https://x/{name}")
	for _, content := range append(strings.Split(cmdtest.Files(t, folder), "==> ")[1:], jira) {
		text := strings.NewReplacer("\r\n", "\n", "\ufeff", "").Replace(content)
		hostiletest.RequireInert(t, text)
		cmdtest.RequireNoFormulas(t, text)
	}
	for _, markup := range []string{"{html}", "!http", "[~", "\nh1.", "\nbq.", " -struck", "&#123;", "\n* item", "|cell"} {
		requireNoMarkup(t, jira, markup)
	}

	reqif := exported(t, input, "-f", "-", "-o", outputReqIF)
	hostiletest.RequireInert(t, reqif)
	if err := xml.Unmarshal([]byte(reqif), new(struct{ XMLName xml.Name })); err != nil {
		t.Error(err)
	}

	cmdtest.RequireInertWorkbook(t, exported(t, input, "-f", "-"))
}

// quoted are the signs that Jira shows as they are.
var quoted = regexp.MustCompile(`\\.`)

// requireNoMarkup looks for markup in the descriptions of stories.
func requireNoMarkup(t *testing.T, stories, markup string) {
	t.Helper()
	s, err := sheet.ReadCSV("x.csv", []byte(stories))
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(storyHeadings, "Description")
	for i := range s.Rows {
		description := "\n" + quoted.ReplaceAllString(s.Rows[i].Cell(column).Text, "")
		if strings.Contains(description, markup) {
			t.Errorf("%q is markup in %q", markup, description)
		}
	}
}

func TestJiraText(t *testing.T) {
	for text, want := range map[string]string{
		"plain, with - and real-time": "plain, with - and real-time",
		"{html}":                      `\{html\}`,
		"-struck- out":                `\-struck- out`,
		"- item\n# item\n* item":      "\\- item\n\\# item\n\\* item",
		"h1. Title\nbq. h2. x":        "h1&#46; Title\nbq&#46; h2. x",
		"h1.h2. x":                    "h1&#46;h2&#46; x",
		"&#123; a & b":                "&amp;#123; a &amp; b",
		`a\b`:                         `a\\b`,
		"----":                        `\-\-\-\-`,
		"x\x00\u202e":                 `x\\u\{0\}\\u\{202e\}`,
	} {
		if got := jiraText(text); got != want {
			t.Errorf("jiraText(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestJiraLimits holds that Jira refuses no story for what it is called.
func TestJiraLimits(t *testing.T) {
	for text, want := range map[string]string{
		"short": "short", strings.Repeat("x", 255): strings.Repeat("x", 255), strings.Repeat("x", 256): strings.Repeat("x", 254) + "…",
		strings.Repeat("🔔", 200): strings.Repeat("🔔", 127) + "…", strings.Repeat("👍🏽", 100): strings.Repeat("👍🏽", 63) + "…", "=" + strings.Repeat("x", 254): "=" + strings.Repeat("x", 252) + "…",
	} {
		if got := shortened(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// BenchmarkExportXLSX exports a workbook of 150,000 requirements, reading the files included.
func BenchmarkExportXLSX(b *testing.B) {
	folder := b.TempDir()
	large(b, filepath.Join(folder, "large"), 150_000)
	b.Setenv("KUBECONFIG", filepath.Join(folder, "none"))
	for b.Loop() {
		streams := genericiooptions.IOStreams{In: strings.NewReader(""), Out: io.Discard, ErrOut: os.Stderr}
		args := []string{"export", "-f", filepath.Join(folder, "large"), "-o", "xlsx", "--out", filepath.Join(folder, "large.xlsx")}
		if code := root.Run(context.Background(), commands, args, streams, cmdtest.Clock); code != cmdutil.ExitOK {
			b.Fatal("it failed")
		}
		info, err := os.Stat(filepath.Join(folder, "large.xlsx"))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size()), "bytes")
	}
}

// large writes a portfolio with a number of requirements, a moment for each 25 of them, and blocks and work for those. There are many
// files in the folder, as there would be.
func large(b *testing.B, folder string, requirements int) {
	b.Helper()
	if err := os.Mkdir(folder, 0o755); err != nil {
		b.Fatal(err)
	}
	var content bytes.Buffer
	written := 0
	flush := func() {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.json", written)), content.Bytes(), 0o600); err != nil {
			b.Fatal(err)
		}
		content.Reset()
	}
	object := func(kind, name string, spec map[string]any) {
		document, err := json.Marshal(map[string]any{"apiVersion": "cx.journeyops.dev/v1alpha1", "kind": kind, "metadata": map[string]any{"name": name}, "spec": spec})
		if err != nil {
			b.Fatal(err)
		}
		content.Write(append(document, '\n'))
		if written++; written%500 == 0 {
			flush()
		}
	}
	ref := func(format string, n int) map[string]any { return map[string]any{"name": fmt.Sprintf(format, n)} }
	moments, blocks := requirements/25, requirements/250
	for n := range moments / 25 {
		object("Journey", fmt.Sprintf("journey-%d", n), map[string]any{"title": "A journey", "phases": []any{map[string]any{"name": "use"}}})
	}
	for n := range moments {
		object("Moment", fmt.Sprintf("moment-%d", n), map[string]any{"journeyRef": ref("journey-%d", n/25), "phase": "use", "title": "A moment", "importance": 1 + n%100})
	}
	for n := range blocks {
		object("BuildingBlock", fmt.Sprintf("block-%d", n), map[string]any{"title": "A block", "stages": []any{map[string]any{"name": "daily", "effortDays": 5}, map[string]any{"name": "real-time", "effortDays": 8}}})
		object("RoadmapItem", fmt.Sprintf("item-%d", n), map[string]any{"title": "An item", "delivers": []any{ref("block-%d", n)}})
	}
	for n := range requirements {
		object("Requirement", fmt.Sprintf("requirement-%d", n), map[string]any{
			"momentRefs": []any{ref("moment-%d", n/25)}, "title": fmt.Sprintf("Requirement number %d of many", n), "moscow": []string{"Must", "Should", "Could"}[n%3],
			"statement": "The customer sees on the order page where the parcel is, and when it will be there.", "type": "Functional", "buildingBlockRef": ref("block-%d", n%blocks),
			"acceptanceCriteria": []any{"It is there within a second.", "It is right for nine in ten parcels."}, "owner": "Logistics",
		})
	}
	flush()
}

// TestExportKeepsEdits holds that export overwrites only what it would write again, unless it is told to.
func TestExportKeepsEdits(t *testing.T) {
	for _, format := range []string{outputXLSX, cmdutil.OutputCSV, outputJiraCSV, outputReqIF} {
		t.Run(format, func(t *testing.T) {
			folder := t.TempDir()
			args := []string{"export", "-f", cmdtest.Samples + "quickstart", "-o", format, "--out"}
			edited := filepath.Join(folder, "out")
			args = append(args, edited)
			if format == cmdutil.OutputCSV {
				edited = filepath.Join(edited, "requirements.csv")
			}
			first := runOffline(t, "", args...)
			written := cmdtest.Files(t, folder)
			if again := runOffline(t, "", args...); first.Code != cmdutil.ExitOK || again.Code != cmdutil.ExitOK || cmdtest.Files(t, folder) != written {
				t.Fatalf("what is the same was refused: %s%s", first.ErrOut, again.ErrOut)
			}
			if err := os.WriteFile(edited, []byte("mine"), 0o600); err != nil {
				t.Fatal(err)
			}
			if format == cmdutil.OutputCSV {
				// This one is to be written, but not without the others.
				if err := os.Remove(filepath.Join(folder, "out", "moments.csv")); err != nil {
					t.Fatal(err)
				}
			}
			before := cmdtest.Files(t, folder)
			want := "error: there is something else already in " + edited + ", so nothing was written: name another place with --out, or overwrite it with --force"
			if got := runOffline(t, "", args...); got.Code != cmdutil.ExitFailure || !strings.HasPrefix(got.ErrOut, want) || cmdtest.Files(t, folder) != before {
				t.Errorf("exit code %d: %s\nwant %s\n%s", got.Code, got.ErrOut, want, cmdtest.Files(t, folder))
			}
			if got := runOffline(t, "", append(args, "--force")...); got.Code != cmdutil.ExitOK || cmdtest.Files(t, folder) != written {
				t.Errorf("with --force: exit code %d: %s", got.Code, got.ErrOut)
			}
		})
	}
}
