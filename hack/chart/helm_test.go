//go:build helm

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
	"bytes"
	"errors"
	"io"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// These tests need the programs that "make bin/helm bin/helm-unittest" builds. "make test-helm" runs them.

const (
	release   = "journey-operator"
	namespace = "journey-operator-system"
)

// program runs one of the programs in bin, and returns its output.
func program(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "bin", name))
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), path, args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	stdout, err := command.Output()
	if err != nil {
		return string(stdout), errors.New(name + " " + strings.Join(args, " ") + ": " + err.Error() + "\n" + stderr.String() + string(stdout))
	}
	return string(stdout), nil
}

func helm(t *testing.T, args ...string) string {
	t.Helper()
	output, err := program(t, "helm", args...)
	if err != nil {
		t.Fatal(err)
	}
	return output
}

// objects are those of a stream of YAML, by kind, namespace and name.
func objects(t *testing.T, stream string) map[string]*unstructured.Unstructured {
	t.Helper()
	found := map[string]*unstructured.Unstructured{}
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(stream), 4096)
	for {
		object := &unstructured.Unstructured{}
		err := decoder.Decode(object)
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(object.Object) == 0 {
			continue
		}
		key := object.GetKind() + " " + object.GetNamespace() + "/" + object.GetName()
		if found[key] != nil {
			t.Errorf("%s is there twice", key)
		}
		found[key] = object
	}
}

func kustomized(t *testing.T, folder string) map[string]*unstructured.Unstructured {
	t.Helper()
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := resources.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	return objects(t, string(stream))
}

// switches turn on all that is off by default.
const switches = "metrics.serviceMonitor.enabled=true,metrics.prometheusRule.enabled=true,networkPolicy.enabled=true," +
	"dashboards.enabled=true,warnings.enabled=true,owners.enabled=true"

// TestHelmRendersWhatKustomizeBuilds renders the chart, and the kustomizations that it stands for. They differ in what equalize lists, and in
// nothing else.
func TestHelmRendersWhatKustomizeBuilds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		folder string
		args   []string
	}{
		"by default":           {filepath.Join(configFolder, "default"), nil},
		"with all switches on": {"testdata", []string{"--set", switches}},
	} {
		t.Run(name, func(t *testing.T) {
			want := kustomized(t, test.folder)
			delete(want, "Namespace /"+namespace) // helm install --create-namespace
			got := objects(t, helm(t, append([]string{"template", release, chart, "--namespace", namespace}, test.args...)...))
			if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
				t.Errorf("the objects differ (-kustomize +chart):\n%s", diff)
			}
			for key := range want {
				if got[key] == nil {
					continue
				}
				equalize(want[key].Object)
				equalize(got[key].Object)
				if diff := cmp.Diff(want[key].Object, got[key].Object); diff != "" {
					t.Errorf("%s differs (-kustomize +chart):\n%s", key, diff)
				}
			}
		})
	}
}

// equalize removes what differs on purpose: labels that say who installed an object, which the chart also selects by, since a namespace
// may hold two releases; and the annotation that has Helm keep the kinds.
func equalize(object map[string]any) {
	for key, value := range object {
		inner, ok := value.(map[string]any)
		if !ok {
			continue
		}
		for _, name := range []string{"name", "instance", "version", "managed-by"} {
			delete(inner, "app.kubernetes.io/"+name)
		}
		delete(inner, "helm.sh/chart")
		delete(inner, "helm.sh/resource-policy")
		equalize(inner)
		if key == "labels" && len(inner) == 0 {
			delete(object, key)
		}
	}
}

func TestHelmLint(t *testing.T) {
	t.Parallel()
	helm(t, "lint", "--strict", chart)
	helm(t, "lint", "--strict", chart, "--values", filepath.Join("testdata", "everything.yaml"))
}

// TestHelmUnittest runs the tests that are in the chart.
func TestHelmUnittest(t *testing.T) {
	t.Parallel()
	output, err := program(t, "helm-unittest", "--strict", chart)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(output, " passed, ") {
		t.Errorf("it ran no test:\n%s", output)
	}
}
