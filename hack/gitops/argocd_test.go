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

package gitops

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// healthTests is health_test.yaml beside a script, as Argo CD's own tests read it.
type healthTests struct {
	Tests []healthTest `json:"tests"`
}

type healthTest struct {
	HealthStatus health `json:"healthStatus"`
	InputPath    string `json:"inputPath"`
}

// TestArgoScripts does what Argo CD's tests will do with the folders.
func TestArgoScripts(t *testing.T) {
	for kind := range cxv1alpha1.EvaluatedKinds() {
		folder := filepath.Dir(scriptPath(kind.Name))
		var tests healthTests
		readYAML(t, filepath.Join(folder, "health_test.yaml"), &tests)
		if len(tests.Tests) < 4 {
			t.Errorf("%s has only %d tests", folder, len(tests.Tests))
		}
		for _, test := range tests.Tests {
			object := &unstructured.Unstructured{}
			readYAML(t, filepath.Join(folder, test.InputPath), &object.Object)
			if object.GetKind() != kind.Name {
				t.Errorf("%s is of kind %s", test.InputPath, object.GetKind())
			}
			if diff := cmp.Diff(test.HealthStatus, argoHealth(t, object)); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", kind.Name, test.InputPath, diff)
			}
		}
	}
}

// TestArgoScriptsAreOne holds what is configured, and what the documentation shows, to one script for all kinds.
func TestArgoScriptsAreOne(t *testing.T) {
	options := krusty.MakeDefaultOptions()
	resources, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), filepath.Join(root, "config", "argocd"))
	if err != nil {
		t.Fatal(err)
	}
	built, err := resources.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	var configMap corev1.ConfigMap
	if err := yaml.UnmarshalStrict(built, &configMap); err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(scriptPath(cxv1alpha1.JourneyKind))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for kind := range cxv1alpha1.EvaluatedKinds() {
		want["resource.customizations.health."+cxv1alpha1.GroupVersion.Group+"_"+kind.Name] = string(script)
	}
	if diff := cmp.Diff(want, configMap.Data); diff != "" {
		t.Errorf("config/argocd (-want +got):\n%s", diff)
	}

	var shown struct {
		Data map[string]string `json:"data"`
	}
	if err := yaml.Unmarshal(documented(t, "resource.customizations: |"), &shown); err != nil {
		t.Fatal(err)
	}
	var customizations map[string]map[string]string
	if err := yaml.Unmarshal([]byte(shown.Data["resource.customizations"]), &customizations); err != nil {
		t.Fatal(err)
	}
	wantShown := map[string]map[string]string{cxv1alpha1.GroupVersion.Group + "/*": {"health.lua": string(script)}}
	if diff := cmp.Diff(wantShown, customizations); diff != "" {
		t.Errorf("docs/gitops.md (-want +got):\n%s", diff)
	}
}

func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(data, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if bytes.Contains(data, []byte("\t")) {
		t.Errorf("%s has tabs", path)
	}
}

// scenes are objects in the states that a test brought them to, by kind and state.
type scenes map[string]map[string]*unstructured.Unstructured

func newScenes() scenes { return scenes{} }

func (s scenes) add(t *testing.T, state string, object *unstructured.Unstructured) {
	t.Helper()
	if s[object.GetKind()] == nil {
		s[object.GetKind()] = map[string]*unstructured.Unstructured{}
	}
	if s[object.GetKind()][state] == nil {
		s[object.GetKind()][state] = lasting(object)
	}
}

// lasting is an object without what is different in each run.
func lasting(object *unstructured.Unstructured) *unstructured.Unstructured {
	const then = "2026-11-22T09:00:00Z"
	metadata := map[string]any{"name": object.GetName(), "namespace": object.GetNamespace(), "generation": object.GetGeneration()}
	if object.GetDeletionTimestamp() != nil {
		metadata["deletionTimestamp"] = then
		metadata["finalizers"] = []any{object.GetFinalizers()[0]}
	}
	object.Object["metadata"] = metadata
	conditions, _, _ := unstructured.NestedFieldNoCopy(object.Object, "status", "conditions")
	list, _ := conditions.([]any)
	for _, condition := range list {
		condition.(map[string]any)["lastTransitionTime"] = then
	}
	return object
}

// write makes test data of them, with what the scripts now say of each.
func (s scenes) write(t *testing.T) {
	t.Helper()
	for kind, states := range s {
		folder := filepath.Dir(scriptPath(kind))
		var tests healthTests
		for _, state := range slices.Sorted(maps.Keys(states)) {
			path := fmt.Sprintf("testdata/%s.yaml", state)
			tests.Tests = append(tests.Tests, healthTest{argoHealth(t, states[state]), path})
			writeYAML(t, filepath.Join(folder, path), states[state].Object)
		}
		writeYAML(t, filepath.Join(folder, "health_test.yaml"), tests)
	}
}

func writeYAML(t *testing.T, path string, value any) {
	t.Helper()
	data, err := yaml.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
