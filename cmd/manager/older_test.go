//go:build older

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
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/hack/controlplane/controlplanetest"
)

// olderRevision is the commit whose kinds are in config/crd/testdata/older.
const olderRevision = "d41773d302a4623a8407a5ee74a57c3e985a762b"

// TestOlderVersion goes back from this version to an older one, with its own manager, and comes here again. What both versions know is never
// lost, and when the files in Git are applied again, all is as it was.
func TestOlderVersion(t *testing.T) {
	older := checkOutOlder(t)
	i := install(t)
	const namespace, moment = "shop", "hand-in-the-parcel"
	if err := i.Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}); err != nil {
		t.Fatal(err)
	}
	inGit := portfolio(t, namespace)
	kinds, known := readKinds(t, kindsOfThisVersion), readKinds(t, older.kinds())

	// Given a portfolio that this version has evaluated,
	controlplanetest.Apply(t, i, inGit...)
	p := i.start(t)
	eventually(t, "all is evaluated", func() error { return i.evaluated(t, namespace, kinds) })
	p.terminate(t)
	before := i.objects(t, namespace)

	// when the older version is applied over this one, what it does not know is out of sight, and nothing else;
	controlplanetest.Apply(t, i, controlplanetest.Build(t, filepath.Join(older.folder, "config", "default"))...)
	i.waitUntilServed(t, older.kinds())
	rest := pruned(t, before, known)
	if cmp.Equal(before, rest) {
		t.Error("the older version knows all that this one does: going back to it proves little")
	}
	wantSame(t, "the portfolio in the older version", rest, i.objects(t, namespace))

	// its manager takes up edits and new objects, and leaves all specs and the times of what does not change alone;
	p = i.startProgram(t, older.program)
	eventually(t, "the older manager is ready", p.ready)
	i.edit(t, namespace, moment)
	added := i.unstructured(t, newRequirement(namespace, "added"))
	controlplanetest.Apply(t, i, added)
	eventually(t, "the older manager has written", func() error { return i.evaluated(t, namespace, known) })
	p.terminate(t)
	if err := i.Delete(t.Context(), added); err != nil {
		t.Fatal(err)
	}
	during := i.objects(t, namespace)
	rest["Moment/"+moment].(map[string]any)["spec"].(map[string]any)["importance"] = int64(60)
	wantSame(t, "specs with the older manager", specs(rest), specs(during))
	wantTimesKept(t, before, during)

	// and when this version and what is in Git are applied again, all is as it was.
	controlplanetest.Apply(t, i, controlplanetest.Build(t, filepath.Join("..", "..", "config", "default"))...)
	i.waitUntilServed(t, kindsOfThisVersion)
	controlplanetest.Apply(t, i, inGit...)
	i.start(t)
	eventually(t, "all is as it was", func() error {
		if diff := cmp.Diff(timeless(before), timeless(i.objects(t, namespace))); diff != "" {
			return errors.New("-before +after:\n" + diff)
		}
		return i.evaluated(t, namespace, kinds)
	})
}

// portfolio is a small one that has each kind.
func portfolio(t *testing.T, namespace string) []*unstructured.Unstructured {
	t.Helper()
	samples := filepath.Join("..", "..", "config", "samples")
	data, err := os.ReadFile(filepath.Join(samples, "motor-claim", "roadmap.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	roadmap := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(data, roadmap); err != nil {
		t.Fatal(err)
	}
	objects := append(controlplanetest.Build(t, filepath.Join(samples, "quickstart")), roadmap)
	for _, object := range objects {
		object.SetNamespace(namespace)
	}
	return objects
}

// olderVersion is the source of one, and its manager.
type olderVersion struct{ folder, program string }

func (o olderVersion) kinds() string { return filepath.Join(o.folder, "config", "crd", "bases") }

// checkOutOlder builds the older version from the history of this repository. Where a clone ends before it, the oldest manager of the clone has to
// do; the kinds are the same in any case.
func checkOutOlder(t *testing.T) olderVersion {
	t.Helper()
	revision := olderRevision
	if _, err := exec.Command("git", "cat-file", "-e", revision+"^{commit}").CombinedOutput(); err != nil {
		history := strings.Fields(output(t, ".", "git", "rev-list", "HEAD", "--", "."))
		revision = history[len(history)-1]
		t.Logf("This clone lacks commit %s, so the older manager is that of %s. \"git fetch --unshallow\" gets the rest.", olderRevision, revision)
	}
	folder := t.TempDir()
	o := olderVersion{folder: folder, program: filepath.Join(folder, "older-manager")}
	archive := filepath.Join(folder, "archive.tar")
	output(t, filepath.Join("..", ".."), "git", "archive", "--output="+archive, revision)
	output(t, folder, "tar", "-xf", archive)
	if err := os.Remove(archive); err != nil {
		t.Fatal(err)
	}
	for kind, definition := range readKinds(t, olderKinds) {
		data, err := os.ReadFile(filepath.Join(olderKinds, kindFile(definition)))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(o.kinds(), kindFile(definition))
		if there, err := os.ReadFile(path); revision == olderRevision && string(there) != string(data) {
			t.Errorf("config/crd/testdata/older is not of %s: kind %s differs (%v)", revision, kind, err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	output(t, folder, "go", "build", "-trimpath", "-o", o.program, "./cmd/manager")
	return o
}

func output(t *testing.T, dir, name string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Dir = dir
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, out)
	}
	return string(out)
}

// objects are those of a namespace by kind and name, each with its spec and its status.
func (i *installation) objects(t *testing.T, namespace string) map[string]any {
	t.Helper()
	found := map[string]any{}
	for _, field := range []string{"spec", "status"} {
		for key, value := range i.read(t, namespace, field) {
			if found[key] == nil {
				found[key] = map[string]any{}
			}
			if value != nil {
				found[key].(map[string]any)[field] = value
			}
		}
	}
	return found
}

// evaluated tells whether the statuses of all objects of some kinds are of the objects as they are now.
func (i *installation) evaluated(t *testing.T, namespace string, kinds map[string]*apiextensionsv1.CustomResourceDefinition) error {
	t.Helper()
	seen := 0
	for kind, definition := range kinds {
		if _, has := schemaOf(definition).Properties["status"]; !has {
			continue
		}
		list := &unstructured.UnstructuredList{}
		list.SetGroupVersionKind(cxv1alpha1.GroupVersion.WithKind(kind + "List"))
		if err := i.List(t.Context(), list, client.InNamespace(namespace)); err != nil {
			return err
		}
		for _, object := range list.Items {
			observed, _, _ := unstructured.NestedInt64(object.Object, "status", "observedGeneration")
			if observed != object.GetGeneration() {
				return fmt.Errorf("%s %s is of generation %d, and its status of %d", kind, object.GetName(), object.GetGeneration(), observed)
			}
			seen++
		}
	}
	if seen == 0 {
		return errors.New("there are no objects")
	}
	return nil
}

// pruned is a copy of objects without what some kinds do not know.
func pruned(t *testing.T, objects map[string]any, kinds map[string]*apiextensionsv1.CustomResourceDefinition) map[string]any {
	t.Helper()
	known := runtime.DeepCopyJSON(objects)
	for key, object := range known {
		kind, _, _ := strings.Cut(key, "/")
		definition, ok := kinds[kind]
		if !ok {
			continue
		}
		internal := &apiextensions.JSONSchemaProps{}
		if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(schemaOf(definition), internal, nil); err != nil {
			t.Fatal(err)
		}
		structural, err := structuralschema.NewStructural(internal)
		if err != nil {
			t.Fatal(err)
		}
		pruning.Prune(object, structural, false)
	}
	return known
}

// specs are those of objects.
func specs(objects map[string]any) map[string]any {
	found := map[string]any{}
	for key, object := range objects {
		found[key] = object.(map[string]any)["spec"]
	}
	return found
}

// wantTimesKept finds that conditions which hold as before do so since then.
func wantTimesKept(t *testing.T, before, after map[string]any) {
	t.Helper()
	kept := 0
	for key := range before {
		was, is := conditionsOf(before[key]), conditionsOf(after[key])
		for kind, condition := range was {
			if is[kind] == nil || is[kind]["status"] != condition["status"] {
				continue
			}
			if is[kind]["lastTransitionTime"] != condition["lastTransitionTime"] {
				t.Errorf("%s, condition %s: holds since %v, and before that since %v", key, kind, is[kind]["lastTransitionTime"], condition["lastTransitionTime"])
			}
			kept++
		}
	}
	if kept == 0 {
		t.Error("no condition holds as before")
	}
}

func conditionsOf(object any) map[string]map[string]any {
	found := map[string]map[string]any{}
	content, _ := object.(map[string]any)
	list, _, _ := unstructured.NestedSlice(content, "status", "conditions")
	for _, condition := range list {
		one := condition.(map[string]any)
		found[one["type"].(string)] = one
	}
	return found
}

// timeless is a copy of objects without what tells when they were written.
func timeless(objects map[string]any) map[string]any {
	without := runtime.DeepCopyJSON(objects)
	forget(without)
	return without
}

func forget(value any) {
	switch value := value.(type) {
	case map[string]any:
		delete(value, "lastTransitionTime")
		delete(value, "observedGeneration")
		for _, inner := range value {
			forget(inner)
		}
	case []any:
		for _, inner := range value {
			forget(inner)
		}
	}
}

// kindFile is the name of the file of a CRD.
func kindFile(definition *apiextensionsv1.CustomResourceDefinition) string {
	return definition.Spec.Group + "_" + definition.Spec.Names.Plural + ".yaml"
}
