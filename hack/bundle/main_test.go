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
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

var configFolder = filepath.Join("..", "..", "config")

// serviceVersion is what OLM reads of a ClusterServiceVersion.
type serviceVersion struct {
	Metadata struct {
		Name        string
		Annotations map[string]string
	}
	Spec struct {
		Version      string
		Description  string
		DisplayName  string
		Provider     struct{ Name, URL string }
		Icon         []struct{ Base64data, Mediatype string }
		InstallModes []struct {
			Type      string
			Supported bool
		}
		CustomResourceDefinitions struct {
			Owned []struct{ Name, Kind, Version, DisplayName, Description string }
		}
		Install struct {
			Strategy string
			Spec     struct {
				Deployments []struct {
					Name string
					Spec appsv1.DeploymentSpec
				}
				Permissions, ClusterPermissions []struct {
					ServiceAccountName string
					Rules              []rbacv1.PolicyRule
				}
			}
		}
	}
}

// TestBundle holds the bundle to config/default.
func TestBundle(t *testing.T) {
	out := t.TempDir()
	if err := generate(configFolder, out); err != nil {
		t.Fatal(err)
	}
	version := &serviceVersion{}
	readYAML(t, filepath.Join(out, "journey-operator.clusterserviceversion.yaml"), version)
	deployment := &appsv1.Deployment{}
	installed := map[string][]rbacv1.PolicyRule{}
	resources, err := build(filepath.Join(configFolder, "default"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range resources.Resources() {
		data, err := r.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		role := &rbacv1.ClusterRole{}
		switch r.GetKind() {
		case "Deployment":
			err = yaml.UnmarshalStrict(data, deployment)
		case "Role", "ClusterRole":
			err = yaml.UnmarshalStrict(data, role)
			installed[r.GetName()] = role.Rules
		}
		if err != nil {
			t.Fatal(err)
		}
	}

	install := version.Spec.Install
	if install.Strategy != "deployment" || len(install.Spec.Deployments) != 1 {
		t.Fatalf("installs %d deployments by strategy %q", len(install.Spec.Deployments), install.Strategy)
	}
	if diff := cmp.Diff(deployment.Spec, install.Spec.Deployments[0].Spec); diff != "" {
		t.Errorf("the Deployment (-config/default +bundle):\n%s", diff)
	}
	across := slices.Concat(installed["journey-operator-manager-role"], installed["journey-operator-metrics-auth-role"])
	if diff := cmp.Diff(across, install.Spec.ClusterPermissions[0].Rules); diff != "" {
		t.Errorf("rights in the cluster (-config/default +bundle):\n%s", diff)
	}
	if diff := cmp.Diff(installed["journey-operator-leader-election-role"], install.Spec.Permissions[0].Rules); diff != "" {
		t.Errorf("rights in the namespace (-config/default +bundle):\n%s", diff)
	}
	image := deployment.Spec.Template.Spec.Containers[0].Image
	if version.Metadata.Name != "journey-operator.v"+version.Spec.Version || !strings.HasSuffix(image, ":v"+version.Spec.Version) {
		t.Errorf("%s is of version %s, and the image is %s", version.Metadata.Name, version.Spec.Version, image)
	}

	var owned, examples []string
	for _, kind := range version.Spec.CustomResourceDefinitions.Owned {
		owned = append(owned, kind.Kind)
		readYAML(t, filepath.Join(out, "customresourcedefinition_"+kind.Name+".yaml"), &map[string]any{})
		if kind.Description == "" || kind.DisplayName == "" || kind.Version == "" {
			t.Errorf("of kind %s OLM knows too little: %+v", kind.Kind, kind)
		}
	}
	var samples []unstructured.Unstructured
	if err := json.Unmarshal([]byte(version.Metadata.Annotations["alm-examples"]), &samples); err != nil {
		t.Fatal(err)
	}
	for _, sample := range samples {
		examples = append(examples, sample.GetKind())
	}
	var kinds []string
	for kind := range cxv1alpha1.AllKinds() {
		kinds = append(kinds, kind.Name)
	}
	slices.Sort(kinds)
	for what, got := range map[string][]string{"owned kinds": owned, "examples": examples} {
		slices.Sort(got)
		if !slices.Equal(kinds, got) {
			t.Errorf("%s: got %v, want %v", what, got, kinds)
		}
	}
}

// TestBundleIsWhole looks for what OLM and catalogs ask of a bundle.
func TestBundleIsWhole(t *testing.T) {
	folder := filepath.Join(configFolder, "bundle")
	metadata := &struct{ Annotations map[string]string }{}
	readYAML(t, filepath.Join(folder, "metadata", "annotations.yaml"), metadata)
	dockerfile, err := os.ReadFile(filepath.Join(folder, "bundle.Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	if len(metadata.Annotations) < 6 {
		t.Errorf("annotations: %v", metadata.Annotations)
	}
	for name, value := range metadata.Annotations {
		if label := fmt.Sprintf("LABEL %s=%s\n", name, value); !strings.Contains(string(dockerfile), label) {
			t.Errorf("bundle.Dockerfile lacks %s", label)
		}
	}

	version := &serviceVersion{}
	manifests := filepath.Join(folder, "manifests")
	readYAML(t, filepath.Join(manifests, "journey-operator.clusterserviceversion.yaml"), version)
	spec := version.Spec
	if spec.DisplayName == "" || spec.Description == "" || spec.Provider.Name == "" || len(spec.Icon) != 1 {
		t.Errorf("catalogs show too little: %+v", spec)
	}
	modes := map[string]bool{}
	for _, mode := range spec.InstallModes {
		modes[mode.Type] = mode.Supported
	}
	if diff := cmp.Diff(map[string]bool{"OwnNamespace": false, "SingleNamespace": false, "MultiNamespace": false, "AllNamespaces": true}, modes); diff != "" {
		t.Errorf("install modes (-want +got):\n%s", diff)
	}

	// What OLM puts beside the Deployment.
	supported := []string{"ClusterServiceVersion", "CustomResourceDefinition", "ClusterRole", "PodDisruptionBudget", "Service"}
	paths, err := filepath.Glob(filepath.Join(manifests, "*.yaml"))
	if err != nil || len(paths) < 8 {
		t.Fatalf("%d manifests: %v", len(paths), err)
	}
	for _, path := range paths {
		object := &unstructured.Unstructured{}
		readYAML(t, path, &object.Object)
		if !slices.Contains(supported, object.GetKind()) || object.GetNamespace() != "" {
			t.Errorf("%s: OLM takes no %s in namespace %q", path, object.GetKind(), object.GetNamespace())
		}
	}
}

func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = yaml.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatalf("reading %s: %v", path, err)
	}
}
