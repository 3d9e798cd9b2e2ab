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
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

var (
	configFolder = filepath.Join("..", "..", "config")
	chart        = filepath.Join(configFolder, chartFolder)
)

// TestGenerate writes a copy of the chart from a copy of config.
func TestGenerate(t *testing.T) {
	config := t.TempDir()
	for _, name := range []string{"crd", "grafana", "manager", "owners", "prometheus", "rbac", "webhook", chartFolder} {
		if err := os.CopyFS(filepath.Join(config, name), os.DirFS(filepath.Join(configFolder, name))); err != nil {
			t.Fatal(err)
		}
	}
	kustomization := filepath.Join(config, "manager", "kustomization.yaml")
	replace(t, kustomization, "newTag: ", "newTag: v7.8.9 # ")
	replace(t, filepath.Join(config, chartFolder, "values.yaml"), "# error, info or debug.\n", "# How\n  # much.\n")
	stale := filepath.Join(config, chartFolder, "files", "crds", "stale.yaml")
	if err := os.WriteFile(stale, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := generate(config); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"Chart.yaml":                                "\nversion: 7.8.9\nappVersion: v7.8.9\n",
		"README.md":                                 "\n| `log.level` | `\"info\"` | How much. |\n",
		"files/rbac/role.yaml":                      "patch",
		"files/prometheus/rules.yaml":               "kind: PrometheusRule\n",
		"files/grafana/roadmap.json":                "\"title\"",
		"files/owners/policies.yaml":                "kind: ValidatingAdmissionPolicyBinding\n",
		"files/owners/roles.yaml":                   "kind: ClusterRole\n",
		"files/webhook/service.yaml":                "kind: Service\n",
		"files/webhook/validating_webhook.yaml":     "kind: ValidatingWebhookConfiguration\n",
		"files/crds/cx.journeyops.dev_moments.yaml": "kind: Moment\n",
	} {
		if text := read(t, filepath.Join(config, chartFolder, path)); !strings.Contains(text, want) {
			t.Errorf("%s lacks %q:\n%s", path, want, text)
		}
	}
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Errorf("a CRD that is no longer in config is still in the chart: %v", err)
	}

	replace(t, kustomization, "v7.8.9", "latest")
	if err := generate(config); err == nil || !strings.Contains(err.Error(), "v1.2.3") {
		t.Errorf("of an image without a version: got %v", err)
	}
	replace(t, kustomization, "latest", "v7.8.9")
	if err := generate(config); err != nil {
		t.Fatal(err)
	}
	replace(t, filepath.Join(config, chartFolder, "values.yaml"), "\nlog:", "\nundocumented: 1\nlog:")
	if err := generate(config); err == nil || !strings.Contains(err.Error(), "undocumented") {
		t.Errorf("of a value without a comment: got %v", err)
	}
}

// TestSchemaHasAllValues compares the names in values.yaml with those in values.schema.json.
func TestSchemaHasAllValues(t *testing.T) {
	rows, err := readRows(filepath.Join(chart, "values.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, r := range rows {
		documented = append(documented, r.path)
	}
	var schema map[string]any
	if err := json.Unmarshal([]byte(read(t, filepath.Join(chart, "values.schema.json"))), &schema); err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, path := range leaves(schema, "") {
		// Helm passes "global" to every chart. Some are a value as a whole.
		if path != "global" && !strings.HasPrefix(path, "resources.") && !strings.HasPrefix(path, "owners.namespaceSelector.") {
			known = append(known, path)
		}
	}
	known = append(known, "resources", "owners.namespaceSelector")
	slices.Sort(documented)
	slices.Sort(known)
	if diff := cmp.Diff(documented, known); diff != "" {
		t.Errorf("-values.yaml +values.schema.json:\n%s", diff)
	}
}

// TestEverythingIsOther holds testdata/everything.yaml, with which the chart is rendered, to values.yaml.
func TestEverythingIsOther(t *testing.T) {
	var values, everything map[string]any
	for path, target := range map[string]*map[string]any{
		filepath.Join(chart, "values.yaml"): &values, filepath.Join("testdata", "everything.yaml"): &everything,
	} {
		if err := yaml.UnmarshalStrict([]byte(read(t, path)), target); err != nil {
			t.Fatal(err)
		}
	}
	for name := range values {
		if _, ok := everything[name]; !ok {
			t.Errorf("testdata/everything.yaml lacks %s", name)
		}
	}
}

// leaves are the paths of the properties that have none of their own.
func leaves(schema map[string]any, prefix string) []string {
	properties, _ := schema["properties"].(map[string]any)
	if len(properties) == 0 {
		return []string{strings.TrimSuffix(prefix, ".")}
	}
	var found []string
	for name, property := range properties {
		found = append(found, leaves(property.(map[string]any), prefix+name+".")...)
	}
	return found
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func replace(t *testing.T, path, from, to string) {
	t.Helper()
	text := read(t, path)
	if !strings.Contains(text, from) {
		t.Fatalf("%s lacks %q", path, from)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(text, from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}
