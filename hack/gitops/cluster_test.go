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
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/hack/controlplane"
	"github.com/journeyops/journey-operator/hack/controlplane/controlplanetest"
)

// root is the root of the repository.
var root = filepath.Join("..", "..")

// cluster is a namespace of a real API server, as its admin sees it.
type cluster struct {
	client.Client
	plane     *controlplane.ControlPlane
	namespace string
}

func newCluster(t *testing.T, namespace string) *cluster {
	t.Helper()
	plane, c := controlplanetest.Start(t, filepath.Join(root, "config", "crd", "bases"))
	if err := c.Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}); err != nil {
		t.Fatal(err)
	}
	return &cluster{Client: c, plane: plane, namespace: namespace}
}

func (c *cluster) get(t *testing.T, kind string) *unstructured.Unstructured {
	t.Helper()
	object := empty(kind)
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: c.namespace, Name: nameOf(kind)}, object); err != nil {
		t.Fatal(err)
	}
	return object
}

func (c *cluster) create(t *testing.T, kind string, spec map[string]any) {
	t.Helper()
	object := empty(kind)
	object.SetNamespace(c.namespace)
	object.SetName(nameOf(kind))
	object.Object["spec"] = spec
	if err := c.Create(t.Context(), object); err != nil {
		t.Fatal(err)
	}
}

// patch changes an object with a merge patch.
func (c *cluster) patch(t *testing.T, kind, patch string) {
	t.Helper()
	if err := c.Patch(t.Context(), c.get(t, kind), client.RawPatch("application/merge-patch+json", []byte(patch))); err != nil {
		t.Fatalf("changing %s: %v", kind, err)
	}
}

// wantSoon waits for what must hold of an object within the time that a busy machine needs.
func (c *cluster) wantSoon(t *testing.T, kind, what string, holds func(*unstructured.Unstructured) bool) *unstructured.Unstructured {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		object := c.get(t, kind)
		if holds(object) {
			return object
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is not %s: its status is %v", kind, what, object.Object["status"])
		}
	}
}

func empty(kind string) *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(cxv1alpha1.GroupVersion.WithKind(kind))
	return object
}

// nameOf is the name of the one object of a kind.
func nameOf(kind string) string {
	if kind == cxv1alpha1.RoadmapKind {
		return "default"
	}
	return "example"
}

// operator is a running manager.
type operator struct{ *exec.Cmd }

// buildOperator builds the manager and returns the path of the program.
func buildOperator(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "manager")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./cmd/manager")
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the manager: %v\n%s", err, output)
	}
	return program
}

// startOperator runs the manager as the admin.
func (c *cluster) startOperator(t *testing.T, program string) operator {
	t.Helper()
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	if err := c.plane.WriteKubeconfig(kubeconfig); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "--kubeconfig="+kubeconfig, "--health-probe-bind-address=127.0.0.1:0", "--metrics-bind-address=0")
	log := filepath.Join(t.TempDir(), "manager.log")
	file, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() // the process has its own copy of the file
	command.Stdout, command.Stderr = file, file
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		if text, err := os.ReadFile(log); err == nil && t.Failed() {
			t.Logf("the manager says:\n%s", text)
		}
	})
	if err := c.plane.KillAtEnd(command.Process); err != nil {
		t.Fatal(err)
	}
	return operator{command}
}

// stop ends the manager as Kubernetes does, and waits for it.
func (o operator) stop(t *testing.T) {
	t.Helper()
	if err := errors.Join(o.Process.Signal(syscall.SIGTERM), o.Wait()); err != nil {
		t.Fatal(fmt.Errorf("stopping the manager: %w", err))
	}
}
