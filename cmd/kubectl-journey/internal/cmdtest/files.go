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

// Package cmdtest has helpers for the tests of several commands.
package cmdtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Repository is the root of the repository. It stays right when a test changes the current folder.
var Repository = repository()

// repository is the nearest folder above the current one with a go.mod. It is empty if a test binary runs as a program in another place.
func repository() string {
	folder, err := os.Getwd()
	if err != nil {
		return ""
	}
	for parent := filepath.Dir(folder); parent != folder; folder, parent = parent, filepath.Dir(parent) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
	}
	return ""
}

// Samples is the folder with the sample portfolios.
var Samples = filepath.Join(Repository, "config", "samples") + string(filepath.Separator)

// Measured is a portfolio with metrics in all states, and finished work with every verdict.
var Measured = filepath.Join(Repository, "cmd", "kubectl-journey", "internal", "cmdtest", "testdata", "measured")

// Shop is a portfolio with objects in all states that they can have.
var Shop = filepath.Join(Repository, "cmd", "kubectl-journey", "internal", "cmdtest", "testdata", "shop")

// Files returns the names and contents of all files in a folder as one text.
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

// CopySample copies a sample portfolio.
func CopySample(tb testing.TB, sample, to string) {
	tb.Helper()
	if err := os.CopyFS(to, os.DirFS(filepath.Join(Samples, sample))); err != nil {
		tb.Fatal(err)
	}
}
