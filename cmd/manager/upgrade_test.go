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
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

var (
	kindsOfThisVersion = filepath.Join("..", "..", "config", "crd", "bases")
	olderKinds         = filepath.Join("..", "..", "config", "crd", "testdata", "older")
)

// wantNothingLost runs the manager with kinds that are older, as when they are forgotten in an upgrade, upgrades them, goes back, and
// removes the operator. What people and the operator wrote stays.
func (i *installation) wantNothingLost(t *testing.T) {
	const namespace = "upgraded"
	// Given a portfolio of an older version,
	i.setKinds(t, olderKinds)
	i.sample(t, namespace)
	specs := i.read(t, namespace, "spec")

	// when the new operator comes before the new kinds, it works all the same,
	p := i.start(t)
	eventually(t, "the manager is ready with the older kinds", p.ready)
	eventually(t, "the moment is written with the older kinds", func() error { return i.blocked(t, namespace) })

	// when they come while it runs, it goes on,
	i.setKinds(t, kindsOfThisVersion)
	i.edit(t, namespace, "moment")
	eventually(t, "the edit is seen with the new kinds", func() error { return i.upToDate(t, namespace) })
	specs["Moment/moment"].(map[string]any)["importance"] = int64(60)
	wantSame(t, "specs after the upgrade", specs, i.read(t, namespace, "spec"))
	statuses := i.read(t, namespace, "status")

	// when the kinds are rolled back and upgraded again without it, everything is as it was,
	p.terminate(t)
	i.setKinds(t, olderKinds)
	wantSame(t, "specs after the way back", specs, i.read(t, namespace, "spec"))
	if err := i.blocked(t, namespace); err != nil {
		t.Errorf("the status after the way back: %v", err)
	}
	i.setKinds(t, kindsOfThisVersion)
	wantSame(t, "specs after the second upgrade", specs, i.read(t, namespace, "spec"))
	wantSame(t, "statuses after the second upgrade", statuses, i.read(t, namespace, "status"))

	// and when the operator is removed, its work stays, and objects can be deleted.
	i.removeOperator(t)
	wantSame(t, "specs without the operator", specs, i.read(t, namespace, "spec"))
	wantSame(t, "statuses without the operator", statuses, i.read(t, namespace, "status"))
	moment := newMoment(namespace, "moment")
	if err := i.Delete(t.Context(), moment); err != nil {
		t.Fatal(err)
	}
	if err := i.Get(t.Context(), client.ObjectKeyFromObject(moment), moment); !apierrors.IsNotFound(err) {
		t.Errorf("a deleted moment: got %v, want it to be gone", err)
	}
}

// setKinds replaces the kinds in the cluster with those in a folder, and waits until the API server has taken them.
func (i *installation) setKinds(t *testing.T, folder string) {
	t.Helper()
	for _, want := range readKinds(t, folder) {
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := i.Get(t.Context(), client.ObjectKeyFromObject(want), definition); err != nil {
			t.Fatal(err)
		}
		definition.Spec.Versions = want.Spec.Versions
		if err := i.Update(t.Context(), definition); err != nil {
			t.Fatal(err)
		}
	}
	i.waitUntilServed(t, folder)
}

// waitUntilServed waits until the API server has taken the kinds in a folder.
func (i *installation) waitUntilServed(t *testing.T, folder string) {
	t.Helper()
	kinds := readKinds(t, folder)
	// The versions differ in whether a new object has a status.
	for _, object := range []client.Object{newMoment("default", "probe"), newRequirement("default", "probe")} {
		probe := i.unstructured(t, object)
		want := schemaOf(kinds[probe.GetKind()]).Properties["status"].Default != nil
		eventually(t, probe.GetKind()+" is served as in "+folder, func() error {
			created := probe.DeepCopy()
			if err := i.Create(t.Context(), created, client.DryRunAll); err != nil {
				return err
			}
			if _, has := created.Object["status"]; has != want {
				return fmt.Errorf("whether a new object has a status: %t", has)
			}
			return nil
		})
	}
}

// readKinds returns the CRDs in a folder by the names of their kinds.
func readKinds(t *testing.T, folder string) map[string]*apiextensionsv1.CustomResourceDefinition {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no kinds in %s: %v", folder, err)
	}
	kinds := map[string]*apiextensionsv1.CustomResourceDefinition{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict(data, definition); err != nil {
			t.Fatal(err)
		}
		kinds[definition.Spec.Names.Kind] = definition
	}
	return kinds
}

func schemaOf(definition *apiextensionsv1.CustomResourceDefinition) *apiextensionsv1.JSONSchemaProps {
	return definition.Spec.Versions[0].Schema.OpenAPIV3Schema
}

// unstructured is what people would apply: an object without a status.
func (i *installation) unstructured(t *testing.T, object client.Object) *unstructured.Unstructured {
	t.Helper()
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		t.Fatal(err)
	}
	delete(content, "status")
	converted := &unstructured.Unstructured{Object: content}
	kind, err := i.GroupVersionKindFor(object)
	if err != nil {
		t.Fatal(err)
	}
	converted.SetGroupVersionKind(kind)
	return converted
}

// edit changes a moment.
func (i *installation) edit(t *testing.T, namespace, moment string) {
	t.Helper()
	patch := client.RawPatch("application/merge-patch+json", []byte(`{"spec": {"importance": 60}}`))
	if err := i.Patch(t.Context(), newMoment(namespace, moment), patch); err != nil {
		t.Fatal(err)
	}
}

// upToDate tells whether the statuses of the sample are of the objects as they are now.
func (i *installation) upToDate(t *testing.T, namespace string) error {
	t.Helper()
	moment, requirement := newMoment(namespace, "moment"), newRequirement(namespace, "requirement")
	for _, object := range []cxv1alpha1.Object{moment, requirement} {
		if err := i.Get(t.Context(), client.ObjectKeyFromObject(object), object); err != nil {
			return err
		}
	}
	if moment.Status.ObservedGeneration != moment.Generation || requirement.Status.ObservedGeneration != requirement.Generation {
		return fmt.Errorf("observed generations %d of %d, %d of %d", moment.Status.ObservedGeneration, moment.Generation,
			requirement.Status.ObservedGeneration, requirement.Generation)
	}
	return nil
}

// removeOperator does what docs/install.md tells those who want the operator gone and the journeys not.
func (i *installation) removeOperator(t *testing.T) {
	t.Helper()
	if err := i.Delete(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: systemNamespace}}); err != nil {
		t.Fatal(err)
	}
	installed := client.MatchingLabels{"app.kubernetes.io/name": "journey-operator"}
	for _, object := range []client.Object{&rbacv1.ClusterRoleBinding{}, &rbacv1.ClusterRole{}} {
		if err := i.DeleteAllOf(t.Context(), object, installed); err != nil {
			t.Fatal(err)
		}
	}
	role := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "journey-operator-manager-role"}}
	if err := i.Get(t.Context(), client.ObjectKeyFromObject(role), role); !apierrors.IsNotFound(err) {
		t.Errorf("the role of the operator: got %v, want it to be gone", err)
	}
}

func (i *installation) read(t *testing.T, namespace, field string) map[string]any {
	t.Helper()
	found := map[string]any{}
	for _, kind := range cxv1alpha1.Kinds {
		list := &unstructured.UnstructuredList{}
		list.SetGroupVersionKind(cxv1alpha1.GroupVersion.WithKind(kind.Name + "List"))
		if err := i.List(t.Context(), list, client.InNamespace(namespace)); err != nil {
			t.Fatal(err)
		}
		for _, object := range list.Items {
			found[kind.Name+"/"+object.GetName()] = object.Object[field]
		}
	}
	return found
}

func wantSame(t *testing.T, what string, want, got map[string]any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
		t.Errorf("%s (%d objects, -before +after):\n%s", what, len(want), diff)
	}
}
