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

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree writes the two files that a release looks at.
func tree(t *testing.T, changelog, tag string) string {
	t.Helper()
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "config", "manager"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"CHANGELOG.md":                      changelog,
		"config/manager/kustomization.yaml": "images:\n- {name: controller, newTag: " + tag + "}\nlabels:\n- pairs: {app.kubernetes.io/version: v1.2.3}\n",
	} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const changelog = `# Changelog

## [Unreleased]

### Added

- More.

## [1.2.3] - 2026-12-31

### Fixed

- A fault.

## [1.2.2] - 2026-12-01

- Older.
`

func TestNotes(t *testing.T) {
	root := tree(t, changelog, "v1.2.3")
	for version, want := range map[string]string{
		"v1.2.3":                               "### Fixed\n\n- A fault.\n",
		"v1.2.4-0.20261122101530-0123456789ab": "### Added\n\n- More.\n",
	} {
		if got, err := release(root, version); err != nil || got != want {
			t.Errorf("%s: %v, %q", version, err, got)
		}
	}
}

func TestNotReady(t *testing.T) {
	for _, test := range []struct{ name, version, tag, want string }{
		{"no version", "1.2.3", "v1.2.3", "none of a release"},
		{"changes that are not committed", "v1.2.3+dirty", "v1.2.3", "commit all changes"},
		{"no section", "v1.3.0", "v1.3.0", `CHANGELOG.md says nothing of [1.3.0]`},
		{"a label of another version", "v1.2.2", "v1.2.2", "has label app.kubernetes.io/version: v1.2.3: make it v1.2.2"},
		{"manifests of another version", "v1.2.3", "v1.2.2", "has newTag v1.2.2: make it v1.2.3"},
	} {
		if _, err := release(tree(t, changelog, test.tag), test.version); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
}

// TestChangelog looks at the real one: there is always a place for what is unreleased, and the newest release is the version
// that the manifests name.
func TestChangelog(t *testing.T) {
	root := filepath.Join("..", "..")
	data, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	var versions []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "## ") {
			continue
		}
		found := heading.FindStringSubmatch(line)
		if found == nil {
			t.Fatalf("%q is not \"## [1.2.3] - 2026-12-31\"", line)
		}
		versions = append(versions, found[1])
	}
	if len(versions) == 0 || versions[0] != "Unreleased" {
		t.Errorf("its first section is not [Unreleased]: %v", versions)
	}
	// Before the first release, the manifests name what that will be.
	newest := "v0.1.0"
	if len(versions) > 1 {
		newest = "v" + versions[1]
	}
	if err := named(filepath.Join(root, "config", "manager", "kustomization.yaml"), newest); err != nil {
		t.Error(err)
	}
}
