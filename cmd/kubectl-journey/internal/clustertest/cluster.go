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

// Package clustertest starts a real API server for tests of commands.
package clustertest

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/client-go/dynamic"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/klog/v2"
	"pgregory.net/rapid"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/root"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/controllers"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

// Cluster is a real API server.
type Cluster struct {
	dynamic.Interface
	Plane      *controlplane.ControlPlane
	Kubeconfig string
}

// Start starts a control plane. With go test -short it skips the test.
func Start(t *testing.T) *Cluster {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a control plane")
	}
	plane, err := controlplane.Start(context.Background(), controlplane.Options{Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := plane.Stop(); err != nil {
			t.Error(err)
		}
	})
	c := &Cluster{Plane: plane, Kubeconfig: filepath.Join(t.TempDir(), "kubeconfig")}
	if err := plane.WriteKubeconfig(c.Kubeconfig); err != nil {
		t.Fatal(err)
	}
	if c.Interface, err = dynamic.NewForConfig(plane.Config); err != nil {
		t.Fatal(err)
	}
	return c
}

// StartControllers starts the controllers of the operator.
func (c *Cluster) StartControllers(t *testing.T) {
	t.Helper()
	ctrl.SetLogger(logr.Discard())
	klog.SetLogger(logr.Discard())
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, cxv1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	skip := true
	mgr, err := ctrl.NewManager(c.Plane.Config, ctrl.Options{
		Scheme: scheme, Logger: logr.Discard(),
		Metrics: metricsserver.Options{BindAddress: "0"}, HealthProbeBindAddress: "0",
		Controller: config.Controller{SkipNameValidation: &skip},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := controllers.SetupWithManager(mgr, controllers.Options{}); err != nil {
		cancel()
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- mgr.Start(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// Run runs a command line against the cluster.
func (c *Cluster) Run(commands root.Commands, args ...string) cmdtest.Outcome {
	var out, errOut bytes.Buffer
	streams := genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &errOut}
	if args[0] != cobra.ShellCompNoDescRequestCmd {
		// The completion command has its own flags: the word to complete must be the last argument.
		args = append(args, "--kubeconfig", c.Kubeconfig)
	}
	code := root.Run(context.Background(), commands, args, streams, time.Now)
	return cmdtest.Outcome{Code: code, Out: out.String(), ErrOut: errOut.String()}
}

// NewNamespace makes a namespace.
func (c *Cluster) NewNamespace(t *testing.T, name string) {
	t.Helper()
	namespace := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name}}}
	_, err := c.Resource(corev1.SchemeGroupVersion.WithResource("namespaces")).Create(context.Background(), namespace, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

// ResourceOf returns the client for the kind of an object, in a namespace.
func (c *Cluster) ResourceOf(object map[string]any, namespace string) dynamic.ResourceInterface {
	kind, _ := object["kind"].(string)
	return c.Resource(cxv1alpha1.GroupVersion.WithResource(kinds.ByName(kind).Plural)).Namespace(namespace)
}

// Kubectl runs a command of the kubectl at a path.
func (c *Cluster) Kubectl(t *testing.T, path string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), path, append(args, "--kubeconfig", c.Kubeconfig)...)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return string(output)
}

// ListAll lists the objects in the cluster, in the order in which the plugin prints them.
func (c *Cluster) ListAll(namespace string) string {
	var items []any
	for _, kind := range kinds.All {
		list, err := c.Resource(cxv1alpha1.GroupVersion.WithResource(kind.Plural)).Namespace(namespace).List(context.Background(), metav1.ListOptions{})
		if err != nil {
			return err.Error()
		}
		for _, object := range list.Items {
			items = append(items, object.Object)
		}
	}
	data, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// RandomPortfolio returns the objects of a random portfolio, as they would be written in files.
func RandomPortfolio(t *testing.T, seed int) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, object := range portfoliotest.List(rapid.Custom(portfoliotest.Objects).Example(seed)) {
		all = append(all, asMap(t, object))
	}
	return all
}

func asMap(t *testing.T, object client.Object) map[string]any {
	t.Helper()
	data, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	var content map[string]any
	if err := utiljson.Unmarshal(data, &content); err != nil {
		t.Fatal(err)
	}
	delete(content, "status")
	metadata, _ := content["metadata"].(map[string]any)
	for field := range metadata {
		if field != "name" {
			delete(metadata, field)
		}
	}
	return content
}

// Content returns the part of a list that must be the same offline and online. It leaves out the metadata that only a cluster has, and the
// times of conditions.
func Content(text string) any {
	var list struct {
		Items []map[string]any `json:"items"`
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return text
	}
	for _, object := range list.Items {
		metadata, _ := object["metadata"].(map[string]any)
		object["metadata"] = map[string]any{"name": metadata["name"], "namespace": metadata["namespace"], "generation": metadata["generation"]}
		status, _ := object["status"].(map[string]any)
		conditions, _ := status["conditions"].([]any)
		for _, entry := range conditions {
			if condition, ok := entry.(map[string]any); ok {
				delete(condition, "lastTransitionTime")
			}
		}
	}
	return list.Items
}
