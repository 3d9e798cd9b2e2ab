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

package plan

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/internal/version"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

// commands are those of these tests.
var commands = cmdtest.Commands(func(f *cmdutil.Factory) *cobra.Command { return NewCmd(f, nil) })

func runOffline(tb testing.TB, stdin string, args ...string) cmdtest.Outcome {
	tb.Helper()
	return cmdtest.Run(tb, commands, stdin, args...)
}

// edit is a change of an object in a file: of the first such text after its name.
type edit struct{ file, name, old, new string }

// sampleEdits do a bit of everything to the motor-claim sample.
var sampleEdits = []edit{
	// Work is cancelled that other work depends on.
	{"roadmap-items/planned.yaml", "claim-events", "state: Planned", "state: Cancelled"},
	// Work is finished, so that moments are no longer blocked.
	{"roadmap-items/in-progress.yaml", "towing-case-handover", "state: InProgress\n", "state: Done\n  finishDate: \"2026-11-20\"\n"},
	// Work is started on a team that has its lanes full.
	{"roadmap-items/planned.yaml", "login-with-the-bank", "state: Planned", "state: InProgress"},
	// Two items wait for each other.
	{"roadmap-items/planned.yaml", "consent-register", "state: Planned", "dependsOn:\n    - name: one-owner-per-complaint\n  state: Planned"},
	{"roadmap-items/planned.yaml", "one-owner-per-complaint", "state: Planned", "dependsOn:\n    - name: consent-register\n  state: Planned"},
	// A moment is wanted sooner than it will be there.
	{"moments/repair.yaml", "get-car-back", "neededBy: \"2027-04-01\"", "neededBy: \"2027-01-15\""},
}

// sampleAdditions are a moment and a requirement that is asked of a moment that was ready.
const sampleAdditions = `apiVersion: cx.journeyops.dev/v1alpha1
kind: Moment
metadata:
  name: hear-from-us-after-a-year
spec:
  journeyRef:
    name: motor-claim
  phase: aftercare
  title: Hear from us after a year
  importance: 30
---
apiVersion: cx.journeyops.dev/v1alpha1
kind: Requirement
metadata:
  name: glass-repair-in-the-street
spec:
  momentRefs:
    - name: report-glass-damage
  title: Repair in the street
  moscow: Must
  buildingBlockRef:
    name: no-such-block
`

var motorClaim = cmdtest.Samples + "motor-claim"

// editedSample copies the motor-claim sample and edits it.
func editedSample(t *testing.T, into string) {
	t.Helper()
	if err := os.CopyFS(into, os.DirFS(motorClaim)); err != nil {
		t.Fatal(err)
	}
	for _, e := range sampleEdits {
		path := filepath.Join(into, e.file)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(e.apply(t, string(content))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(into, "added.yaml"), []byte(sampleAdditions), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (e edit) apply(t *testing.T, content string) string {
	t.Helper()
	name := "\n  name: " + e.name + "\n"
	before, after, found := strings.Cut(content, name)
	head, tail, foundToo := strings.Cut(after, e.old)
	if !found || !foundToo {
		t.Fatalf("%s lacks %q of %s", e.file, e.old, e.name)
	}
	return before + name + head + e.new + tail
}

var planFormats = []string{cmdutil.OutputText, outputMarkdown, cmdutil.OutputJSON, outputSARIF}

// TestPlanGolden compares the sample with an edited copy, there and back.
func TestPlanGolden(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	editedSample(t, filepath.Join(dir, "edited"))
	if err := os.CopyFS(filepath.Join(dir, "sample"), os.DirFS(motorClaim)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	outcomes := map[string]cmdtest.Outcome{}
	for _, direction := range []struct{ name, from, to string }{{"there", "sample", "edited"}, {"back", "edited", "sample"}} {
		for _, format := range planFormats {
			outcomes["plan-"+direction.name+"-"+format] = runOffline(t, "", "plan", "-f", direction.to, "--against", direction.from, "-o", format)
		}
	}
	outcomes["plan-same-text"] = runOffline(t, "", "plan", "-f", "sample", "--against", "sample")
	t.Chdir(here)
	for name, got := range outcomes {
		t.Run(name, func(t *testing.T) {
			if got.Code != cmdutil.ExitOK || got.ErrOut != "" {
				t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
			}
			cmdtest.Golden(t, name, strings.ReplaceAll(got.Out, `"version": "`+version.String()+`"`, `"version": "(version)"`))
		})
	}
}

// sampleAndEdited makes a folder with the sample and the edited copy, and goes there.
func sampleAndEdited(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	editedSample(t, filepath.Join(dir, "edited"))
	if err := os.CopyFS(filepath.Join(dir, "sample"), os.DirFS(motorClaim)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
}

// git runs a git command in the current folder, with no settings but its own.
func git(t *testing.T, args ...string) {
	t.Helper()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	if output, err := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=T", "-c", "user.email=t@example.com"}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, output)
	}
}

// TestPlanOfRevisions takes either state from git; all that differs is where they come from.
func TestPlanOfRevisions(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal(err)
	}
	sampleAndEdited(t)
	for _, command := range []string{"init --quiet --initial-branch=main", "add sample", "commit --quiet --message=sample"} {
		git(t, strings.Fields(command)...)
	}
	if err := errors.Join(os.RemoveAll("journeys"), os.Rename("sample", "journeys")); err != nil {
		t.Fatal(err)
	}
	for _, format := range planFormats {
		for _, test := range []struct{ file, revision, from, to string }{
			{"journeys", "main:sample", "journeys", "edited"},
			{"journeys", "main:sample", "edited", "journeys"},
		} {
			want := runOffline(t, "", "plan", "-f", test.to, "--against", test.from, "-o", format)
			named := strings.NewReplacer("journeys", "main:sample")
			got := runOffline(t, "", "plan", "-f", named.Replace(test.to), "--against", named.Replace(test.from), "-o", format)
			replace := "main:sample"
			if format == outputSARIF {
				// Review tools know files.
				replace = "sample"
			}
			if got.Code != cmdutil.ExitOK || cmdtest.Words(want.Out) == nil || strings.Join(cmdtest.Words(got.Out), "\n") != strings.Join(cmdtest.Words(strings.ReplaceAll(want.Out, "journeys", replace)), "\n") {
				t.Errorf("%s from %s to %s (%d): %s\n%s", format, test.from, test.to, got.Code, got.ErrOut, cmp.Diff(want.Out, got.Out))
			}
		}
	}
	got := runOffline(t, "", "plan", "-f", "edited", "--against", "main:not-yet/")
	if got.Code != cmdutil.ExitOK || !strings.Contains(got.ErrOut, "note: revision main holds no .yaml, .yml or .json files in not-yet/: taken as empty") ||
		!strings.Contains(got.Out, "709 objects added.") {
		t.Errorf("a revision without the path: %+v", got)
	}
}

func TestPlanExitCodes(t *testing.T) {
	sampleAndEdited(t)
	compare := func(more ...string) []string { return append([]string{"-f", "edited", "--against", "sample"}, more...) }
	for _, test := range []struct {
		name    string
		args    []string
		want    int
		wantErr string
	}{
		{"no criterion", compare(), cmdutil.ExitOK, ""},
		{"any", compare("--fail-on", "any"), exitWorse, "error: the change makes worse what --fail-on names: blocked, late, gaps, dangling, cycle, unplanned, overcapacity\n"},
		{"two of them", compare("--fail-on", "cycle,blocked"), exitWorse, "names: blocked, cycle\n"},
		{"each by itself", compare("--fail-on", "late", "--fail-on", "gaps"), exitWorse, "names: late, gaps\n"},
		{"nothing changes", []string{"-f", "edited", "--against", "edited", "--fail-on", "any"}, cmdutil.ExitOK, ""},
		{"for the better", []string{"-f", "sample", "--against", "edited", "--fail-on", "dangling,cycle,gaps,unplanned"}, cmdutil.ExitOK, ""},

		{"unknown criterion", compare("--fail-on", "blockd"), cmdutil.ExitUsage, `--fail-on does not know "blockd", did you mean blocked?`},
		{"unknown format", compare("-o", "yaml"), cmdutil.ExitUsage, `output format "yaml" is not known: choose text, markdown, json, sarif`},
		{"bad day", compare("--as-of", "tomorrow"), cmdutil.ExitUsage, "is not a day"},
		{"no state", nil, cmdutil.ExitUsage, "name the new state with -f, the old one with --against, or both"},
		{"argument without -f", []string{"edited"}, cmdutil.ExitUsage, "name files with -f"},
		{"standard input twice", []string{"-f", "-", "--against", "-"}, cmdutil.ExitUsage, "standard input can be read once only"},
		{"prune between files", compare("--prune"), cmdutil.ExitUsage, "--prune is for files that are compared with the cluster"},
		{"prune of nothing", []string{"--against", "sample", "--prune"}, cmdutil.ExitUsage, "--prune is for files that are compared with the cluster"},

		{"missing file", []string{"-f", "nowhere", "--against", "sample"}, cmdutil.ExitFailure, "nowhere: there is no such file or folder"},
		{"missing old file", []string{"-f", "sample", "--against", "nowhere"}, cmdutil.ExitFailure, "nowhere: there is no such file or folder"},
		{"no repository", []string{"-f", "sample", "--against", "main:sample"}, cmdutil.ExitFailure, "nor is this folder in a git repository"},
		{"no cluster", []string{"-f", "sample"}, cmdutil.ExitFailure, "the cluster at http://localhost:8080 cannot be reached"},
		{"other namespace", compare("-n", "elsewhere"), cmdutil.ExitOK, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(t.TempDir()))
			got := runOffline(t, "", append([]string{"plan"}, test.args...)...)
			if got.Code != test.want || !strings.Contains(got.ErrOut, test.wantErr) {
				t.Errorf("exit code %d, standard error:\n%s\nwant %d and %q", got.Code, got.ErrOut, test.want, test.wantErr)
			}
			if (got.Code == cmdutil.ExitOK || got.Code == exitWorse) != (got.Out != "") {
				t.Errorf("printed: %q", got.Out)
			}
		})
	}
	got := runOffline(t, "", "plan", "--help")
	if !strings.Contains(got.Out, "kubectl journey plan") || !strings.Contains(got.Out, "Exit codes:") || !strings.Contains(got.Out, "3  the change") {
		t.Errorf("help:\n%s", got.Out)
	}
}

// TestPlanOfNamespaces compares each namespace by itself.
func TestPlanOfNamespaces(t *testing.T) {
	journey := func(name, namespace, title string) string {
		return fmt.Sprintf("apiVersion: cx.journeyops.dev/v1alpha1\nkind: Journey\nmetadata: {name: %s, namespace: %s}\nspec: {title: %s}\n---\n", name, namespace, title)
	}
	t.Chdir(t.TempDir())
	for file, content := range map[string]string{
		"old.yaml": journey("a", "east", "A") + journey("b", "west", "B") + journey("c", "south", "C"),
		"new.yaml": journey("a", "east", "A") + journey("b", "west", "Other") + journey("c", "north", "C"),
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	headings := func(args ...string) string {
		got := runOffline(t, "", append([]string{"plan", "-f", "new.yaml", "--against", "old.yaml"}, args...)...)
		if got.Code != cmdutil.ExitOK {
			t.Fatal(got.ErrOut)
		}
		return strings.Join(regexp.MustCompile("Plan for [a-z]+|Nothing changes: .*|1 object [a-z]+").FindAllString(got.Out, -1), ", ")
	}
	for _, test := range []struct{ args, want string }{
		{"", "Plan for north, 1 object added, Plan for south, 1 object removed, Plan for west, 1 object changed"},
		{"-A -n west", "Plan for north, 1 object added, Plan for south, 1 object removed, Plan for west, 1 object changed"},
		{"-n west", "Plan for west, 1 object changed"},
		{"-n north", "Plan for north, 1 object added"},
		{"-n east", "Nothing changes: old.yaml and new.yaml hold the same 1 object."},
	} {
		if got := headings(strings.Fields(test.args)...); got != test.want {
			t.Errorf("%q: got %q, want %q", test.args, got, test.want)
		}
	}
}

// TestManyGapsOfOneKind has as many as an import of 100,000 rows makes, and each twice.
func TestManyGapsOfOneKind(t *testing.T) {
	gaps := make([]diff.Gap, 200_000)
	for n := range gaps {
		gaps[n] = diff.Gap{Reason: "Unassigned", Kind: "Requirement", Name: strconv.Itoa(n / 2), Text: "The Must has no building block."}
	}
	groups := groupGaps(gaps)
	if len(groups) != 1 || len(groups[0].names) != len(gaps)/2 {
		t.Errorf("%d groups, the first of %d names", len(groups), len(groups[0].names))
	}
}
