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

package inplace

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
)

// TestWriteSeesOthers holds that what somebody else wrote meanwhile is not lost.
func TestWriteSeesOthers(t *testing.T) {
	folder := cmdtest.Folder(t, map[string]string{"a.yaml": "read", "b.yaml": "read", "c.yaml": "not there before"})
	change := func(name string, isNew bool) *File {
		return &File{Path: filepath.Join(folder, name), Before: []byte("read"), Content: []byte("new"), IsNew: isNew}
	}
	for name, other := range map[string]func() *File{
		"it has changed": func() *File {
			if err := os.WriteFile(filepath.Join(folder, "b.yaml"), []byte("changed"), 0o600); err != nil {
				t.Fatal(err)
			}
			return change("b.yaml", false)
		},
		"it has come": func() *File { return change("c.yaml", true) },
		"it has gone": func() *File { return change("d.yaml", false) },
	} {
		second := other()
		before := cmdtest.Files(t, folder)
		if err := Write([]*File{change("a.yaml", false), second}); err == nil || cmdtest.Files(t, folder) != before {
			t.Errorf("%s: %v\n%s", name, err, cmdtest.Files(t, folder))
		}
	}
	if err := Write([]*File{change("a.yaml", false), change("d.yaml", true)}); err != nil {
		t.Error(err)
	}
}
