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

// Package cmdtest is what tests of several commands need.
package cmdtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Files returns all files in a folder as text, each behind its name.
func Files(tb testing.TB, folder string) string {
	tb.Helper()
	var b strings.Builder
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		fmt.Fprintf(&b, "==> %s\n%s\n", name, content)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// Folder writes files, by name, to a new folder.
func Folder(tb testing.TB, content map[string]string) string {
	tb.Helper()
	folder := tb.TempDir()
	for name, text := range content {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return folder
}
