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
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDraftsAreAllOrNone lets the last of several files fail at each step, and looks for what is left of the others.
func TestDraftsAreAllOrNone(t *testing.T) {
	folder := folderOf(t, map[string]string{"a.yaml": "old a", "b.yaml": "old b"})
	before := files(t, folder)
	write := func(set *drafts, name, text string) error {
		return set.write(filepath.Join(folder, name), func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		})
	}
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, set *drafts) error
	}{
		{"a folder that is not there", func(_ *testing.T, set *drafts) error { return write(set, "no/such.yaml", "new") }},
		{"a place that is taken", func(t *testing.T, set *drafts) error {
			t.Helper()
			taken := filepath.Join(folder, "taken.yaml")
			if err := write(set, "taken.yaml", "new"); err != nil {
				return err
			}
			t.Cleanup(func() { _ = os.RemoveAll(taken) })
			return os.MkdirAll(filepath.Join(taken, "inside"), 0o755)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var set drafts
			for _, name := range []string{"a.yaml", "new.yaml", "b.yaml"} {
				if err := write(&set, name, "new"); err != nil {
					t.Fatal(err)
				}
			}
			if err := test.spoil(t, &set); err == nil && set.publish() == nil {
				t.Error("it went well")
			}
			if err := set.discard(); err != nil {
				t.Error(err)
			}
			if after := files(t, folder); after != before {
				t.Errorf("there is now\n%s", after)
			}
		})
	}
}

// TestExportForgetsTables holds that a table of which nothing is left does not come back with the next import.
func TestExportForgetsTables(t *testing.T) {
	folder := t.TempDir()
	exported(t, "", "-f", samples+"quickstart", "-o", outputCSV, "--out", folder)
	const journey = `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"a"},"spec":{"title":"A"}}`
	exported(t, journey, "-f", "-", "-o", outputCSV, "--out", folder)
	if got := files(t, folder); strings.Contains(got, "return") {
		t.Errorf("there is still\n%s", got)
	}
	imported(t, folder, "--into", t.TempDir())
}
