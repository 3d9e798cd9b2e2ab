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

// Command chart writes those parts of the Helm chart that follow from the rest of config/: the CRDs, the roles, the alerts, the dashboards, the
// policies of owners, the webhook and the version; and the table of values in its README, which follows from values.yaml.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	yamlv3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"
)

func main() {
	config := flag.String("config", "config", "the folder config of the repository")
	flag.Parse()
	if err := generate(*config); err != nil {
		fmt.Fprintln(os.Stderr, "error: "+err.Error())
		os.Exit(1)
	}
}

// chartFolder is where the chart is, in the folder config.
var chartFolder = filepath.Join("chart", "journey-operator")

func generate(config string) error {
	chart := filepath.Join(config, chartFolder)
	return errors.Join(
		copyFiles(filepath.Join(config, "crd", "bases", "*.yaml"), filepath.Join(chart, "files", "crds")),
		copyFiles(filepath.Join(config, "grafana", "*.json"), filepath.Join(chart, "files", "grafana")),
		copyFiles(filepath.Join(config, "owners", "[pr]*.yaml"), filepath.Join(chart, "files", "owners")),
		copyFiles(filepath.Join(config, "prometheus", "rules.yaml"), filepath.Join(chart, "files", "prometheus")),
		copyFiles(filepath.Join(config, "rbac", "*role.yaml"), filepath.Join(chart, "files", "rbac")),
		copyFiles(filepath.Join(config, "webhook", "[sv]*.yaml"), filepath.Join(chart, "files", "webhook")),
		writeVersion(filepath.Join(config, "manager", "kustomization.yaml"), filepath.Join(chart, "Chart.yaml")),
		writeTable(filepath.Join(chart, "values.yaml"), filepath.Join(chart, "README.md")),
	)
}

// copyFiles makes a folder hold the files that match a pattern, and no others.
func copyFiles(pattern, folder string) error {
	paths, err := filepath.Glob(pattern)
	if err == nil && len(paths) == 0 {
		err = fmt.Errorf("no file matches %s", pattern)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(os.RemoveAll(folder), os.MkdirAll(folder, 0o755)); err != nil {
		return err
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err == nil {
			err = writeFile(filepath.Join(folder, filepath.Base(path)), data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var versions = regexp.MustCompile(`(?m)^(version|appVersion): .*$`)

// writeVersion has the chart be of the version that the image of the manager is of.
func writeVersion(kustomization, chart string) error {
	version, err := imageVersion(kustomization)
	if err != nil {
		return err
	}
	return edit(chart, func(text string) (string, error) {
		return versions.ReplaceAllStringFunc(text, func(line string) string {
			if strings.HasPrefix(line, "appVersion") {
				return "appVersion: " + version
			}
			return "version: " + strings.TrimPrefix(version, "v")
		}), nil
	})
}

// imageVersion is the tag of the one image in a kustomization.
func imageVersion(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	kustomization := &types.Kustomization{}
	if err := yaml.UnmarshalStrict(data, kustomization); err != nil {
		return "", fmt.Errorf("reading %s: %w", path, err)
	}
	if len(kustomization.Images) != 1 || !strings.HasPrefix(kustomization.Images[0].NewTag, "v") {
		return "", fmt.Errorf("%s must name one image, with a version such as v1.2.3 as newTag", path)
	}
	return kustomization.Images[0].NewTag, nil
}

// Between these lines is the table of values.
const (
	tableBegin = "<!-- values -->\n"
	tableEnd   = "<!-- /values -->\n"
)

func writeTable(values, readme string) error {
	rows, err := readRows(values)
	if err != nil {
		return err
	}
	var table strings.Builder
	table.WriteString("| value | default | what it is |\n| --- | --- | --- |\n")
	for _, r := range rows {
		fmt.Fprintf(&table, "| `%s` | `%s` | %s |\n", r.path, r.value, r.text)
	}
	return edit(readme, func(text string) (string, error) {
		before, rest, begins := strings.Cut(text, tableBegin)
		_, after, ends := strings.Cut(rest, tableEnd)
		if !begins || !ends {
			return "", fmt.Errorf("%s has no place for the table of values", readme)
		}
		return before + tableBegin + table.String() + tableEnd + after, nil
	})
}

// row is a value of the chart: its path, its default as JSON, and what it is.
type row struct{ path, value, text string }

// readRows returns the values with a comment. What is inside one of them has no row of its own.
func readRows(path string) ([]row, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	document := &yamlv3.Node{}
	if err := yamlv3.Unmarshal(data, document); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return rowsOf(document.Content[0], "")
}

func rowsOf(mapping *yamlv3.Node, prefix string) ([]row, error) {
	var rows []row
	for n := 0; n < len(mapping.Content); n += 2 {
		key, node := mapping.Content[n], mapping.Content[n+1]
		path := prefix + key.Value
		if key.HeadComment != "" {
			value, err := compactJSON(node)
			if err != nil {
				return nil, fmt.Errorf("the default of %s: %w", path, err)
			}
			rows = append(rows, row{path, value, commentText(key.HeadComment)})
			continue
		}
		if node.Kind != yamlv3.MappingNode || len(node.Content) == 0 {
			return nil, fmt.Errorf("value %s has no comment that says what it is", path)
		}
		inner, err := rowsOf(node, path+".")
		if err != nil {
			return nil, err
		}
		rows = append(rows, inner...)
	}
	return rows, nil
}

func compactJSON(node *yamlv3.Node) (string, error) {
	var value any
	if err := node.Decode(&value); err != nil {
		return "", err
	}
	data, err := json.Marshal(value)
	return string(data), err
}

// commentText is a comment as one line of Markdown.
func commentText(comment string) string {
	var words []string
	for line := range strings.Lines(comment) {
		words = append(words, strings.TrimSpace(strings.TrimPrefix(line, "#")))
	}
	return strings.Join(words, " ")
}

// edit changes the text of a file.
func edit(path string, change func(string) (string, error)) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, err := change(string(data))
	if err != nil {
		return err
	}
	return writeFile(path, []byte(text))
}

func writeFile(path string, data []byte) error {
	return os.WriteFile(path, data, 0o644) //nolint:gosec // It is for everyone.
}
