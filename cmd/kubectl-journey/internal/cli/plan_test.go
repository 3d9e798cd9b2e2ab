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

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

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

const motorClaim = samples + "motor-claim"

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

var planFormats = []string{outputText, outputMarkdown, outputJSON, outputSARIF}

// TestPlanGolden compares the sample with an edited copy, there and back.
func TestPlanGolden(t *testing.T) {
	dir := t.TempDir()
	editedSample(t, filepath.Join(dir, "edited"))
	if err := os.CopyFS(filepath.Join(dir, "sample"), os.DirFS(motorClaim)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	outcomes := map[string]outcome{}
	for _, direction := range []struct{ name, from, to string }{{"there", "sample", "edited"}, {"back", "edited", "sample"}} {
		for _, format := range planFormats {
			outcomes["plan-"+direction.name+"-"+format] = runOffline(t, "", "plan", "-f", direction.to, "--against", direction.from, "-o", format)
		}
	}
	outcomes["plan-same-text"] = runOffline(t, "", "plan", "-f", "sample", "--against", "sample")
	t.Chdir(packageFolder)
	for name, got := range outcomes {
		t.Run(name, func(t *testing.T) {
			if got.code != exitOK || got.errOut != "" {
				t.Fatalf("exit code %d: %s", got.code, got.errOut)
			}
			compareGolden(t, name, got.out)
		})
	}
}

// packageFolder is where the tests begin.
var packageFolder, _ = os.Getwd()
