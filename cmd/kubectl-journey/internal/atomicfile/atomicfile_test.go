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

package atomicfile

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
)

// TestSetIsAllOrNone has several files. One of them fails, when it is written or when it is published. The folder must be as before.
func TestSetIsAllOrNone(t *testing.T) {
	folder := cmdtest.Folder(t, map[string]string{"a.yaml": "old a", "b.yaml": "old b"})
	before := cmdtest.Files(t, folder)
	write := func(set *Set, name, text string) error {
		return set.Write(filepath.Join(folder, name), func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		})
	}
	for _, test := range []struct {
		given string
		spoil func(t *testing.T, set *Set) error
	}{
		{"a folder that is not there", func(_ *testing.T, set *Set) error { return write(set, "no/such.yaml", "new") }},
		{"a place that is taken", func(t *testing.T, set *Set) error {
			t.Helper()
			taken := filepath.Join(folder, "taken.yaml")
			if err := write(set, "taken.yaml", "new"); err != nil {
				return err
			}
			t.Cleanup(func() { _ = os.RemoveAll(taken) })
			return os.MkdirAll(filepath.Join(taken, "inside"), 0o755)
		}},
	} {
		t.Run("given "+test.given, func(t *testing.T) {
			var set Set
			for _, name := range []string{"a.yaml", "new.yaml", "b.yaml"} {
				if err := write(&set, name, "new"); err != nil {
					t.Fatal(err)
				}
			}
			if err := test.spoil(t, &set); err == nil && set.Publish() == nil {
				t.Error("it went well")
			}
			if err := set.Discard(); err != nil {
				t.Error(err)
			}
			if after := cmdtest.Files(t, folder); after != before {
				t.Errorf("there is now\n%s", after)
			}
		})
	}
}
