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

package v1alpha1_test

import (
	"reflect"
	"slices"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	runtimeschema "k8s.io/apimachinery/pkg/runtime/schema"

	. "github.com/journeyops/journey-operator/api/v1alpha1"
)

// TestKindsAreThoseOfTheCluster holds the list of kinds against the CustomResourceDefinitions.
func TestKindsAreThoseOfTheCluster(t *testing.T) {
	all := definitions(t)
	if count := len(Kinds) + len(ClusterKinds); count != len(all) {
		t.Errorf("there are %d kinds, and %d definitions", count, len(all))
	}
	for k := range AllKinds() {
		definition := all[k.Name]
		if definition == nil {
			t.Errorf("%s has no definition", k.Name)
			continue
		}
		if namespaced := slices.Contains(Kinds, k); namespaced != (definition.Spec.Scope == apiextensionsv1.NamespaceScoped) {
			t.Errorf("%s is of scope %s", k.Name, definition.Spec.Scope)
		}
		if _, has := schemaOf(definition).Properties["status"]; has != k.HasStatus {
			t.Errorf("%s has a status: %t by its definition, %t here", k.Name, has, k.HasStatus)
		}
		names := definition.Spec.Names
		if k.Plural != names.Plural || k.Singular != names.Singular || k.ShortName != "" != (len(names.ShortNames) > 0) ||
			k.ShortName != "" && !slices.Equal(names.ShortNames, []string{k.ShortName}) {
			t.Errorf("%s is called %+v by its definition, and %s, %s, %q here", k.Name, names, k.Singular, k.Plural, k.ShortName)
		}
	}
}

func TestKindsOfObjects(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	for k := range AllKinds() {
		for name, object := range map[string]runtime.Object{k.Name: k.New(), k.Name + "List": k.NewList()} {
			known, _, err := scheme.ObjectKinds(object)
			if want := GroupVersion.WithKind(name); err != nil || !slices.Equal(known, []runtimeschema.GroupVersionKind{want}) {
				t.Errorf("the scheme has %v for %T, want %s", known, object, want)
			}
		}
		if KindOf(k.New()) != k || KindNamed(k.Name) != k || KindNamed(k.Plural) != nil {
			t.Errorf("%s is not found", k.Name)
		}
		if spec, ok := reflect.TypeOf(k.New()).Elem().FieldByName("Spec"); !ok || reflect.TypeOf(k.New().GetSpec()) != reflect.PointerTo(spec.Type) {
			t.Errorf("%s: the spec is a %T", k.Name, k.New().GetSpec())
		}
	}
}

// TestStatusesShareAnInterface changes conditions through it.
func TestStatusesShareAnInterface(t *testing.T) {
	for k := range EvaluatedKinds() {
		object := k.New()
		one, two := []metav1.Condition{{Type: "One"}}, []metav1.Condition{{Type: "Two"}}
		status := object.GetStatus()
		status.SetConditions(one)
		changed := WithConditions(status, two)
		if !slices.Equal(object.GetStatus().GetConditions(), one) || !slices.Equal(changed.GetConditions(), two) {
			t.Errorf("%s: the status has %v, its copy %v", k.Name, object.GetStatus().GetConditions(), changed.GetConditions())
		}
	}
}
