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
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/root"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

// writeLarge writes a portfolio with so many requirements, 20 a moment, on blocks and items that wait for each other in chains of
// five. The one whose number is given is cancelled.
func writeLarge(b *testing.B, into string, requirements, items, cancelled int) {
	b.Helper()
	files := map[string]*strings.Builder{}
	object := func(file, kind, name, spec string, args ...any) {
		if files[file] == nil {
			files[file] = &strings.Builder{}
		}
		fmt.Fprintf(files[file], "---\napiVersion: cx.journeyops.dev/v1alpha1\nkind: %s\nmetadata:\n  name: %s\nspec:\n", kind, name)
		fmt.Fprintf(files[file], spec, args...)
	}
	pick := func(n int, words ...string) string { return words[n%len(words)] }
	moments := requirements / 20
	for n := range max(1, moments/25) {
		object("journeys.yaml", "Journey", fmt.Sprintf("journey-%d", n),
			"  title: Journey\n  channels:\n    - name: app\n  phases:\n    - name: before\n    - name: during\n    - name: after\n")
	}
	for n := range moments {
		object("moments.yaml", "Moment", fmt.Sprintf("moment-%d", n),
			"  title: Moment\n  journeyRef:\n    name: journey-%d\n  phase: %s\n  promise: We are there.\n  channels: [app]\n  importance: %d\n  neededBy: \"2027-%02d-01\"\n",
			n/25, pick(n, "before", "during", "after"), 1+n*7%100, 1+n%12)
	}
	for n := range items {
		object("work.yaml", "BuildingBlock", fmt.Sprintf("block-%d", n),
			"  title: Block\n  stages:\n    - name: weekly\n      effortDays: 5\n    - name: daily\n      effortDays: 8\n    - name: real-time\n      effortDays: 13\n")
		state := pick(n, "Proposed", "Planned", "InProgress")
		if n == cancelled {
			state = "Cancelled"
		}
		object("work.yaml", "RoadmapItem", fmt.Sprintf("item-%d", n),
			"  title: Item\n  delivers:\n    - name: block-%d\n  state: %s\n  team: team-%d\n  businessValue: %d\n", n, state, n%10, n*13%100)
		if n%5 > 0 {
			fmt.Fprintf(files["work.yaml"], "  dependsOn:\n    - name: item-%d\n", n-1)
		}
	}
	for n := range requirements {
		object(fmt.Sprintf("requirements-%03d.yaml", n/1000), "Requirement", fmt.Sprintf("requirement-%d", n),
			"  title: Requirement\n  momentRefs:\n    - name: moment-%d\n  moscow: %s\n  buildingBlockRef:\n    name: block-%d\n    stage: %s\n",
			n/20, pick(n*5%7, "Must", "Should", "Must", "Could", "Should", "Wont"), (n/20*3+n%4)%items, pick(n, "weekly", "daily", "real-time"))
	}
	if err := os.MkdirAll(into, 0o755); err != nil {
		b.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(into, name), []byte(content.String()), 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlan plans the cancellation of an item from files, from reading them to printing.
func BenchmarkPlan(b *testing.B) {
	for _, requirements := range []int{1_500, 15_000, 150_000} {
		b.Run(fmt.Sprintf("requirements=%d", requirements), func(b *testing.B) {
			dir := b.TempDir()
			writeLarge(b, filepath.Join(dir, "old"), requirements, 500, -1)
			writeLarge(b, filepath.Join(dir, "new"), requirements, 500, 7)
			b.ReportAllocs()
			for b.Loop() {
				var out, errOut bytes.Buffer
				streams := genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &errOut}
				args := []string{"plan", "-f", filepath.Join(dir, "new"), "--against", filepath.Join(dir, "old")}
				if code := root.Run(context.Background(), commands, args, streams, cmdtest.Clock); code != cmdutil.ExitOK {
					b.Fatal(errOut.String())
				}
			}
		})
	}
}
