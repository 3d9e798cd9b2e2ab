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

// Command notes prints the notes of a release from CHANGELOG.md. It fails where the tree is not ready for that release.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"
)

func main() {
	version := flag.String("version", "", "version of the release, for instance v1.2.3. Of a commit without a tag: what is unreleased")
	root := flag.String("root", ".", "root of the repository")
	flag.Parse()
	notes, err := release(*root, *version)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error: "+err.Error())
		os.Exit(1)
	}
	fmt.Print(notes)
}

func release(root, version string) (string, error) {
	if !semver.IsValid(version) || semver.Canonical(version) != version {
		return "", fmt.Errorf("version %q is none of a release: write for instance v1.2.3, and commit all changes first", version)
	}
	changelog, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		return "", err
	}
	if module.IsPseudoVersion(version) {
		return section(string(changelog), "Unreleased")
	}
	notes, err := section(string(changelog), strings.TrimPrefix(version, "v"))
	return notes, errors.Join(err, named(filepath.Join(root, "config", "manager", "kustomization.yaml"), version))
}

var heading = regexp.MustCompile(`^## \[([^]]+)](?: - \d{4}-\d{2}-\d{2})?$`)

// section returns what the changelog says of a version.
func section(changelog, version string) (string, error) {
	var text strings.Builder
	inside := false
	for line := range strings.Lines(changelog) {
		if found := heading.FindStringSubmatch(strings.TrimSpace(line)); found != nil {
			inside = found[1] == version
		} else if inside {
			text.WriteString(line)
		}
	}
	if notes := strings.TrimSpace(text.String()); notes != "" {
		return notes + "\n", nil
	}
	return "", fmt.Errorf("CHANGELOG.md says nothing of [%s]: give it a section, for instance \"## [%s] - 2026-12-31\"", version, version)
}

const versionLabel = "app.kubernetes.io/version"

// named checks that the manifests are of the version.
func named(path, version string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	kustomization := &types.Kustomization{}
	if err := yaml.UnmarshalStrict(data, kustomization); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	for _, image := range kustomization.Images {
		if image.NewTag != version {
			return fmt.Errorf("%s has newTag %s: make it %s, run make manifests, and commit both", path, image.NewTag, version)
		}
	}
	for _, labels := range kustomization.Labels {
		if found, ok := labels.Pairs[versionLabel]; ok && found != version {
			return fmt.Errorf("%s has label %s: %s: make it %s", path, versionLabel, found, version)
		}
	}
	return nil
}
