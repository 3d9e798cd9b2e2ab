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
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

const namespace = "default"

// cluster is the API server that the tests of this package share, with the CRDs installed.
type cluster struct {
	*controlplane.ControlPlane
	// client refuses unknown fields, as kubectl does.
	client     client.Client
	kubeconfig string
}

var (
	stopCluster  = func() error { return nil }
	startCluster = sync.OnceValues(newCluster)
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := stopCluster(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// theCluster starts the cluster for the first test that asks, so that tests that need none do not wait for it.
func theCluster(t *testing.T) *cluster {
	t.Helper()
	c, err := startCluster()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newCluster() (*cluster, error) {
	plane, err := controlplane.Start(context.Background(), controlplane.Options{Progress: os.Stderr})
	if err != nil {
		return nil, err
	}
	stopCluster = plane.Stop
	scheme := runtime.NewScheme()
	if err := cxv1alpha1.AddToScheme(scheme); err != nil {
		return nil, err
	}
	lenient, err := client.New(plane.Config, client.Options{Scheme: scheme})
	if err != nil {
		return nil, err
	}
	kubeconfig := filepath.Join(plane.Dir(), "kubeconfig")
	return &cluster{
		ControlPlane: plane,
		client:       client.WithFieldValidation(lenient, metav1.FieldValidationStrict),
		kubeconfig:   kubeconfig,
	}, plane.WriteKubeconfig(kubeconfig)
}

// kubectl runs kubectl as people do and returns what it says; with an error, that is what it complains of.
func (c *cluster) kubectl(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	path, err := controlplane.Kubectl(c.Assets)
	if err != nil {
		t.Fatal(err)
	}
	var out, complaints bytes.Buffer
	// The cache of what the server has belongs to this cluster alone.
	args = append([]string{"--kubeconfig", c.kubeconfig, "--cache-dir", filepath.Join(c.Dir(), "kubectl-cache")}, args...)
	command := exec.CommandContext(t.Context(), path, args...)
	command.Stdout, command.Stderr = &out, &complaints
	err = command.Run()
	return out.String(), complaints.String(), err
}
