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
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

// ownersBefore and ownersAfter differ in a field of each side, in fields of both, in order, and in defaults.
const (
	ownersBefore = `apiVersion: cx.journeyops.dev/v1alpha1
kind: RoadmapItem
metadata: {name: scans}
spec: {title: Scans, delivers: [{name: tracking}], businessValue: 10, effortDays: 5}
---
apiVersion: cx.journeyops.dev/v1alpha1
kind: BuildingBlock
metadata: {name: tracking}
spec: {title: Tracking, stages: [{name: daily}]}
`
	ownersAfter = `apiVersion: cx.journeyops.dev/v1alpha1
kind: BuildingBlock
metadata: {name: tracking}
spec: {stages: [{name: daily}], title: Tracking of parcels, complexity: Medium, feasibilityPercent: 100}
---
apiVersion: cx.journeyops.dev/v1alpha1
kind: RoadmapItem
metadata: {name: scans}
spec: {title: Scans, delivers: [{name: tracking}], businessValue: 20, progressPercent: 50}
---
apiVersion: cx.journeyops.dev/v1alpha1
kind: RoadmapItem
metadata: {name: new}
spec: {title: New, delivers: [{name: tracking}], effortDays: 2, businessValue: 0}
`
	ownersOfBoth = "sides: [{name: Marketing, members: [maria]}, {name: IT, members: [ivan, it-team]}]"
)

const (
	valueChanges  = "RoadmapItem scans: a change of spec.businessValue that nobody of Marketing made or approved."
	effortChanges = "RoadmapItem scans: a change of spec.effortDays, spec.progressPercent that nobody of IT made or approved."
	effortIsNew   = "RoadmapItem new: a change of spec.effortDays that nobody of IT made or approved."
)

func TestOwners(t *testing.T) {
	for _, test := range []struct {
		name, owners, by string
		want             []string
	}{
		{"both sides", ownersOfBoth, "maria,it-team", nil},
		{"marketing", ownersOfBoth, "maria", []string{effortIsNew, effortChanges}},
		{"IT", ownersOfBoth, "ivan", []string{valueChanges}},
		{"neither", ownersOfBoth, "maria@example.com", []string{effortIsNew, valueChanges, effortChanges}},
		{"another namespace", "sides: [{name: IT, members: [ivan], namespaces: [other]}]", "maria", nil},
		{"this namespace", "sides: [{name: IT, members: [ivan], namespaces: [other, default]}]", "maria", []string{effortIsNew, effortChanges}},
		{"either of two", "sides: [{name: IT, members: [ivan]}, {name: IT, members: [maria], namespaces: [default]}]", "maria", nil},
		{"fields of its own", "sides: [{name: Product, members: [paul], fields: {BuildingBlock: [title]}}]", "maria",
			[]string{"BuildingBlock tracking: a change of spec.title that nobody of Product made or approved."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			writeAll(t, map[string]string{"old/all.yaml": ownersBefore, "new/all.yaml": ownersAfter, "owners.yaml": test.owners})
			for _, format := range []string{"text", "markdown", "json", "sarif"} {
				got := runOffline(t, "", "plan", "-f", "new", "--against", "old", "--owners", "owners.yaml", "--by", test.by, "-o", format)
				code := cmdutil.ExitOK
				if test.want != nil {
					code = exitWorse
				}
				if got.Code != code {
					t.Errorf("%s: exit code %d, want %d\n%s", format, got.Code, code, got.ErrOut)
				}
				out := strings.Join(strings.Fields(got.Out), " ")
				for _, text := range []string{valueChanges, effortChanges, effortIsNew} {
					if wanted := strings.Contains(strings.Join(test.want, "\n"), text); strings.Contains(out, text) != wanted {
						t.Errorf("%s: %q is said: %t, want %t\n%s", format, text, !wanted, wanted, got.Out)
					}
				}
				for _, text := range test.want {
					if !strings.Contains(out, text) {
						t.Errorf("%s lacks %q:\n%s", format, text, got.Out)
					}
				}
			}
		})
	}
}

func TestOwnersExitCodes(t *testing.T) {
	t.Chdir(t.TempDir())
	writeAll(t, map[string]string{
		"old/all.yaml": ownersBefore, "new/all.yaml": ownersAfter, "owners.yaml": ownersOfBoth,
		"empty.yaml": "", "typo.yaml": "sides: [{name: IT, member: [ivan]}]", "nobody.yaml": "sides: [{name: IT}]", "nameless.yaml": "sides: [{members: [a]}]",
		"other.yaml": "sides: [{name: Product, members: [a]}]", "kind.yaml": "sides: [{name: A, members: [a], fields: {Item: [x]}}]",
		"field.yaml": "sides: [{name: A, members: [a], fields: {RoadmapItem: [effort]}}]",
	})
	for _, test := range []struct {
		args    string
		want    int
		wantErr string
	}{
		{"--owners owners.yaml --by maria", exitWorse, "the change is of fields that nobody of --by owns: have their side approve it"},
		{"--owners owners.yaml --by maria --fail-on late", exitWorse, "nobody of --by owns"},
		{"--owners owners.yaml --by maria --fail-on any", exitWorse, "error: the change is"},
		{"--owners owners.yaml", cmdutil.ExitUsage, "--owners FILE and --by NAME go together"},
		{"--by maria", cmdutil.ExitUsage, "--owners FILE and --by NAME go together"},
		{"--fail-on owners", cmdutil.ExitUsage, "--fail-on owners needs --owners FILE"},
		{"--owners nowhere.yaml --by maria", cmdutil.ExitFailure, "reading --owners: open nowhere.yaml"},
		{"--owners empty.yaml --by maria", cmdutil.ExitFailure, "empty.yaml: it names no sides"},
		{"--owners typo.yaml --by maria", cmdutil.ExitFailure, `unknown field "member"`},
		{"--owners nobody.yaml --by maria", cmdutil.ExitFailure, "side 1: IT has no members"},
		{"--owners nameless.yaml --by maria", cmdutil.ExitFailure, "side 1: it has no name"},
		{"--owners other.yaml --by maria", cmdutil.ExitFailure, "say which fields Product owns"},
		{"--owners kind.yaml --by maria", cmdutil.ExitFailure, `there is no kind "Item"`},
		{"--owners field.yaml --by maria", cmdutil.ExitFailure, `the spec of RoadmapItem has no field "effort"`},
	} {
		got := runOffline(t, "", append([]string{"plan", "-f", "new", "--against", "old"}, strings.Fields(test.args)...)...)
		if got.Code != test.want || !strings.Contains(got.ErrOut, test.wantErr) {
			t.Errorf("%s: exit code %d, want %d and %q:\n%s", test.args, got.Code, test.want, test.wantErr, got.ErrOut)
		}
	}
}

func writeAll(t *testing.T, files map[string]string) {
	t.Helper()
	for path, content := range files {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
