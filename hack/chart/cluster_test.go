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
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/hack/controlplane/controlplanetest"
)

func TestMain(m *testing.M) {
	logf.SetLogger(logr.Discard())
	os.Exit(m.Run())
}

const (
	portfolio = "returns"
	manager   = "journey-operator-controller-manager"
)

// cluster is a control plane that Helm installs into.
type cluster struct {
	client.Client
	kubeconfig string
	authority  string // file with a certificate in PEM
}

func startCluster(t *testing.T) *cluster {
	t.Helper()
	plane, c := controlplanetest.Start(t)
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	if err := plane.WriteKubeconfig(kubeconfig); err != nil {
		t.Fatal(err)
	}
	authority := filepath.Join(t.TempDir(), "ca.crt")
	if err := os.WriteFile(authority, plane.Config.CAData, 0o600); err != nil {
		t.Fatal(err)
	}
	return &cluster{c, kubeconfig, authority}
}

func (c *cluster) helm(t *testing.T, args ...string) {
	t.Helper()
	// Nothing of the reader's own Helm: no plugins, no repositories.
	home := filepath.Dir(c.kubeconfig)
	helm(t, append(args, "--kubeconfig", c.kubeconfig, "--namespace", namespace, "--registry-config", filepath.Join(home, "registry.json"),
		"--repository-config", filepath.Join(home, "repositories.yaml"), "--repository-cache", home)...)
}

// TestHelmInCluster installs the chart of an older version, and upgrades, rolls back, uninstalls and installs it. Through all of this, the
// kinds, the portfolio and its statuses stay.
func TestHelmInCluster(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	older := filepath.Join(t.TempDir(), "journey-operator")
	if err := os.CopyFS(older, os.DirFS(chart)); err != nil {
		t.Fatal(err)
	}
	if err := copyFiles(filepath.Join(configFolder, "crd", "testdata", "older", "*.yaml"), filepath.Join(older, "files", "crds")); err != nil {
		t.Fatal(err)
	}

	c.helm(t, "install", release, older, "--create-namespace")
	before := c.createPortfolio(t)
	c.wantKinds(t, filepath.Join(older, "files", "crds"))

	c.helm(t, "upgrade", release, chart, "--set", "replicas=2,networkPolicy.enabled=true,dashboards.enabled=true,owners.enabled=true",
		"--set", "warnings.enabled=true,warnings.certManager.enabled=false", "--set-file", "warnings.caBundle="+c.authority)
	c.wantKinds(t, filepath.Join(chart, "files", "crds"))
	c.wantPortfolio(t, before)
	deployment := &appsv1.Deployment{}
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: manager}, deployment); err != nil || *deployment.Spec.Replicas != 2 {
		t.Errorf("after the upgrade: %v, %v replicas", err, deployment.Spec.Replicas)
	}
	c.wantSwitchedOn(t)

	c.helm(t, "rollback", release, "1")
	c.wantKinds(t, filepath.Join(older, "files", "crds"))
	c.wantPortfolio(t, before)

	c.helm(t, "uninstall", release)
	c.wantKinds(t, filepath.Join(older, "files", "crds"))
	c.wantPortfolio(t, before)
	for _, object := range []client.Object{
		&appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: manager}},
		&corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: manager}},
		&rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "journey-operator-manager-role"}},
		&rbacv1.ClusterRoleBinding{ObjectMeta: metav1.ObjectMeta{Name: "journey-operator-manager-rolebinding"}},
	} {
		if err := c.Get(t.Context(), client.ObjectKeyFromObject(object), object); !apierrors.IsNotFound(err) {
			t.Errorf("after the uninstallation %T %s: got %v, want none", object, object.GetName(), err)
		}
	}

	c.helm(t, "install", release, chart)
	c.wantKinds(t, filepath.Join(chart, "files", "crds"))
	c.wantPortfolio(t, before)

	t.Run("from kustomize", func(t *testing.T) {
		c.helm(t, "uninstall", release)
		controlplanetest.Apply(t, c, controlplanetest.Build(t, filepath.Join(configFolder, "default"))...)
		// Its selector is another, and cannot change.
		if err := c.Delete(t.Context(), deployment); err != nil {
			t.Fatal(err)
		}
		c.helm(t, "install", release, chart, "--take-ownership")
		c.wantPortfolio(t, before)
		c.helm(t, "uninstall", release)
		c.wantPortfolio(t, before)
	})
}

// wantSwitchedOn looks for what the upgrade turned on. The API server has checked the expressions in it.
func (c *cluster) wantSwitchedOn(t *testing.T) {
	t.Helper()
	for _, object := range []client.Object{
		&admissionregistrationv1.ValidatingAdmissionPolicy{ObjectMeta: metav1.ObjectMeta{Name: "journey-operator-set-value"}},
		&admissionregistrationv1.ValidatingAdmissionPolicy{ObjectMeta: metav1.ObjectMeta{Name: "journey-operator-set-effort"}},
		&admissionregistrationv1.ValidatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: "journey-operator-warnings"}},
		&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "journey-operator-dashboards"}},
	} {
		if err := c.Get(t.Context(), client.ObjectKeyFromObject(object), object); err != nil {
			t.Errorf("after the upgrade: %v", err)
		}
	}
}

// createPortfolio applies a sample, writes the status of a moment as the operator does, and returns all of it.
func (c *cluster) createPortfolio(t *testing.T) []unstructured.Unstructured {
	t.Helper()
	if err := c.Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: portfolio}}); err != nil {
		t.Fatal(err)
	}
	for _, object := range kustomized(t, filepath.Join(configFolder, "samples", "quickstart")) {
		object.SetNamespace(portfolio)
		var err error
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
			// Until the API server serves the kind.
			if err = c.Create(t.Context(), object); err == nil {
				break
			}
		}
		if err != nil {
			t.Fatalf("creating %s: %v", object.GetName(), err)
		}
		status := []byte(`{"status": {"observedGeneration": 1, "conditions": [{"type": "Ready", "status": "True", "reason": "Accepted",
			"message": "Written before the upgrade.", "lastTransitionTime": "2026-11-22T06:00:00Z"}]}}`)
		if err := c.Status().Patch(t.Context(), object, client.RawPatch("application/merge-patch+json", status)); err != nil {
			t.Fatalf("writing the status of %s: %v", object.GetName(), err)
		}
	}
	return c.readPortfolio(t)
}

func (c *cluster) readPortfolio(t *testing.T) []unstructured.Unstructured {
	t.Helper()
	var all []unstructured.Unstructured
	for _, kind := range cxv1alpha1.Kinds {
		list := &unstructured.UnstructuredList{}
		list.SetGroupVersionKind(cxv1alpha1.GroupVersion.WithKind(kind.Name + "List"))
		err := c.List(t.Context(), list, client.InNamespace(portfolio))
		if meta.IsNoMatchError(err) {
			continue // A kind that came later: the older version has none of it.
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, list.Items...)
	}
	return all
}

func (c *cluster) wantPortfolio(t *testing.T, want []unstructured.Unstructured) {
	t.Helper()
	if len(want) < 10 {
		t.Errorf("a portfolio of %d objects proves nothing", len(want))
	}
	if diff := cmp.Diff(want, c.readPortfolio(t)); diff != "" {
		t.Errorf("the portfolio changed:\n%s", diff)
	}
}

// wantKinds compares the CRDs in the cluster with those in a folder.
func (c *cluster) wantKinds(t *testing.T, folder string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no kinds in %s: %v", folder, err)
	}
	for _, file := range files {
		want, got := &apiextensionsv1.CustomResourceDefinition{}, &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict([]byte(read(t, file)), want); err != nil {
			t.Fatal(err)
		}
		kind := want.Spec.Names.Kind
		if err := c.Get(t.Context(), client.ObjectKeyFromObject(want), got); err != nil {
			t.Errorf("kind %s: %v", kind, err)
			continue
		}
		if diff := cmp.Diff(want.Spec.Versions, got.Spec.Versions); diff != "" {
			t.Errorf("kind %s is not that of %s:\n%s", kind, folder, diff)
		}
		if got.Annotations["helm.sh/resource-policy"] != "keep" {
			t.Errorf("kind %s would go with the release", kind)
		}
	}
}
