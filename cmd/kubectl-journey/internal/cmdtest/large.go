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

package cmdtest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// largeFiles makes a portfolio with so many requirements, and calls a function with the YAML of each object. A moment has 20 requirements,
// and a journey 25 moments. There are 500 blocks with three stages each, and 500 items.
func largeFiles(requirements int, write func(kind string, n int, text string)) {
	const blocks = 500
	object := func(kind string, n int, format string, args ...any) {
		write(kind, n, fmt.Sprintf("apiVersion: cx.journeyops.dev/v1alpha1\nkind: "+kind+"\nmetadata:\n"+format, args...))
	}
	moments := max(1, requirements/20)
	for n := range max(1, moments/25) {
		object("Journey", n, `  name: journey-%05d
spec:
  title: Bring back what does not fit
  channels:
    - name: app
    - name: phone
  phases:
    - name: before
    - name: during
    - name: after
`, n)
	}
	for n := range moments {
		object("Moment", n, `  name: moment-%06d
spec:
  journeyRef:
    name: journey-%05d
  phase: %s
  title: Get the money back
  promise: The money is back before you have sent the parcel.
  channels: [app]
  insights:
    - name: need
      statement: I want to know when the money is back, because I pay rent on the first.
      validated: %v
  importance: %d
  neededBy: "2027-%02d-01"
`, n, n/25, []string{"before", "during", "after"}[n%3], n%2 == 0, 1+n*7%100, 1+n%12)
	}
	classes := []string{"Must", "Should", "Must", "Could", "Should", "Wont"}
	stages := []string{"weekly", "daily", "real-time"}
	for n := range moments * 20 {
		object("Requirement", n, `  name: requirement-%07d
spec:
  momentRefs:
    - name: moment-%06d
  title: Show when the refund of parcel %d arrives
  statement: The customer sees, in the app and on the phone, on which day the money will be there.
  type: Data
  moscow: %s
  buildingBlockRef:
    name: block-%05d
    stage: %s
`, n, n/20, n, classes[n*5%7%len(classes)], (n/20*3+n%4)%blocks, stages[n%3])
	}
	for n := range blocks {
		object("BuildingBlock", n, `  name: block-%05d
spec:
  title: Refunds
  stages:
    - name: weekly
      effortDays: 5
      available: %v
    - name: daily
      effortDays: 8
    - name: real-time
      effortDays: 13
`, n, n%3 == 0)
	}
	for n := range blocks {
		order := ""
		if n%5 > 0 {
			order = fmt.Sprintf("  dependsOn:\n    - name: item-%05d\n", n-1)
		}
		object("RoadmapItem", n, `  name: item-%05d
spec:
  title: Refund on the first scan
  delivers:
    - name: block-%05d
  state: %s
  team: team-%d
  businessValue: %d
%s`, n, n, []string{"Proposed", "Planned", "InProgress"}[n%3], n%10, n*13%100, order)
	}
}

// LargeFiles writes the portfolio as one stream, and as a folder with a file for each object.
func LargeFiles(tb testing.TB, dir string, requirements int) (stream, folder string) {
	tb.Helper()
	var all bytes.Buffer
	stream, folder = filepath.Join(dir, "all.yaml"), filepath.Join(dir, "files")
	write := func(path string, content []byte) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	largeFiles(requirements, func(kind string, n int, text string) {
		if all.Len() > 0 {
			all.WriteString("---\n")
		}
		all.WriteString(text)
		// A thousand files in each folder, as people would do it.
		inside := filepath.Join(folder, kind, fmt.Sprintf("%03d", n/1000))
		if n%1000 == 0 {
			if err := os.MkdirAll(inside, 0o700); err != nil {
				tb.Fatal(err)
			}
		}
		write(filepath.Join(inside, fmt.Sprintf("%06d.yaml", n)), []byte(text))
	})
	write(stream, all.Bytes())
	return stream, folder
}
