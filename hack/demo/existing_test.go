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
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

// TestExistingCluster runs the demo against a cluster that is there already: another control plane.
func TestExistingCluster(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a control plane")
	}
	log.SetLogger(logr.Discard()) // as main does
	c := startCluster(t)

	t.Run("removes all that it made, after Ctrl-C", func(t *testing.T) {
		before := c.contents(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		said := &output{done: "The demo stays up until Ctrl-C", then: cancel}
		if err := c.newDemo(t, said).runAndCleanUp(ctx, false, said); err != nil {
			t.Errorf("%v\n%s", err, said)
		}
		for _, want := range []string{"19 objects are evaluated", "return-a-purchase", "Gaps (kubectl journey gaps)"} {
			if !strings.Contains(said.String(), want) {
				t.Errorf("it does not say %q:\n%s", want, said)
			}
		}
		if after := c.contents(t); !slices.Equal(after, before) {
			t.Errorf("the cluster has %q, before it had %q", after, before)
		}
	})
	t.Run("leaves a namespace that is there", func(t *testing.T) {
		namespace := c.make(t, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "returns"}})
		c.wantRefused(t, "there is a namespace returns already")
		c.remove(t, namespace)
	})
	t.Run("leaves an operator in peace", func(t *testing.T) {
		operator := c.make(t, deployment("operator", "default"))
		c.wantRefused(t, "the operator is installed in this cluster (deployment operator in namespace default)")
		c.remove(t, operator)
	})
	t.Run("takes no sample that reaches out of the namespace", func(t *testing.T) {
		c.wantRefused(t, "which the demo does not make in a cluster of yours", func(d *demo) { d.sample = filepath.Join(d.root, "config", "rbac") })
	})
	t.Run("knows the contexts", func(t *testing.T) {
		c.wantRefused(t, "your kubeconfig has no context other", func(d *demo) { d.existing.context = "other" })
	})
	t.Run("keeps what it is told to", func(t *testing.T) {
		said := &output{}
		d := c.newDemo(t, said)
		d.existing.keep = true
		if err := d.runAndCleanUp(t.Context(), true, said); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		if !strings.Contains(said.String(), "kubectl --context=somewhere delete namespace returns\n") || !strings.Contains(said.String(), "delete crd journeys.cx.journeyops.dev ") {
			t.Errorf("it does not tell how to remove what it kept:\n%s", said)
		}
		journey := &cxv1alpha1.Journey{}
		if err := c.Get(t.Context(), client.ObjectKey{Namespace: "returns", Name: "return-a-purchase"}, journey); err != nil || journey.Status.Moments == nil {
			t.Errorf("the journey that was kept: %+v, %v", journey.Status, err)
		}
		c.remove(t, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "returns"}})
	})
	// From here on the kinds are there.
	t.Run("uses kinds that are the same, and leaves them", func(t *testing.T) {
		before := c.contents(t)
		said := &output{}
		if err := c.newDemo(t, said).runAndCleanUp(t.Context(), true, said); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		if after := c.contents(t); !slices.Equal(after, before) {
			t.Errorf("the cluster has %q, before it had %q", after, before)
		}
	})
	t.Run("leaves a kind that others use by now", func(t *testing.T) {
		kind := &apiextensionsv1.CustomResourceDefinition{ObjectMeta: metav1.ObjectMeta{Name: "journeys.cx.journeyops.dev"}}
		if err := c.Get(t.Context(), client.ObjectKeyFromObject(kind), kind); err != nil {
			t.Fatal(err)
		}
		e := &existing{client: c}
		if why, err := e.usedByOthers(t.Context(), kind); why != "" || err != nil {
			t.Errorf("nobody else uses it, but got %q, %v", why, err)
		}
		journey := c.make(t, &cxv1alpha1.Journey{
			ObjectMeta: metav1.ObjectMeta{Name: "ours", Namespace: "default"}, Spec: cxv1alpha1.JourneySpec{Title: "Ours"},
		})
		if why, err := e.usedByOthers(t.Context(), kind); why != "there are objects of it in namespace default" || err != nil {
			t.Errorf("somebody has an object of it, but got %q, %v", why, err)
		}
		c.remove(t, journey)
		kind.Labels = map[string]string{"ours": "true"}
		if err := c.Update(t.Context(), kind, client.FieldOwner("helm")); err != nil {
			t.Fatal(err)
		}
		if why, err := e.usedByOthers(t.Context(), kind); why != "helm has changed it" || err != nil {
			t.Errorf("somebody has changed it, but got %q, %v", why, err)
		}
	})
	t.Run("takes no kinds of another version", func(t *testing.T) {
		kind := &apiextensionsv1.CustomResourceDefinition{}
		if err := c.Get(t.Context(), client.ObjectKey{Name: "moments.cx.journeyops.dev"}, kind); err != nil {
			t.Fatal(err)
		}
		kind.Spec.Versions[0].AdditionalPrinterColumns = nil
		if err := c.Update(t.Context(), kind); err != nil {
			t.Fatal(err)
		}
		c.wantRefused(t, "the kind Moment (moments.cx.journeyops.dev) in this cluster is of another version")
	})
}

func TestWrongUsage(t *testing.T) {
	for args, want := range map[string]string{
		"--keep":                        "--keep needs --context",
		"--context=kind-x --prometheus": "--prometheus and --evidence do not go with --context",
		"--context=kind-x --evidence":   "--prometheus and --evidence do not go with --context",
		"kind-x":                        `unexpected argument "kind-x"`,
	} {
		var said bytes.Buffer
		err := run(t.Context(), strings.Fields(args), &said, &said)
		if exitCode(err, &said) != 2 || !strings.Contains(said.String(), want) {
			t.Errorf("%s: got %v and %q, want %q", args, err, said.String(), want)
		}
	}
}

// cluster is one of the user's.
type cluster struct {
	client.Client

	programs string // so that several demos build them once
}

// startCluster starts a control plane that the current context of the kubeconfig does not name.
func startCluster(t *testing.T) *cluster {
	t.Helper()
	plane, err := controlplane.Start(t.Context(), controlplane.Options{CRDPaths: []string{}, Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plane.Stop() })
	path := filepath.Join(plane.Dir(), "kubeconfig")
	if err := plane.WriteKubeconfig(path); err != nil {
		t.Fatal(err)
	}
	config, err := clientcmd.LoadFromFile(path)
	if err != nil {
		t.Fatal(err)
	}
	config.Contexts["somewhere"], config.CurrentContext = config.Contexts[config.CurrentContext], ""
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KUBECONFIG", path)
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, appsv1.AddToScheme, apiextensionsv1.AddToScheme, cxv1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	c, err := client.New(plane.Config, client.Options{Scheme: scheme})
	if err != nil {
		t.Fatal(err)
	}
	go removeNamespaces(t.Context(), c)
	return &cluster{Client: c, programs: t.TempDir()}
}

// removeNamespaces does what the controller manager of a cluster does: it empties and removes deleted namespaces.
func removeNamespaces(ctx context.Context, c client.Client) {
	for ; ctx.Err() == nil; time.Sleep(pollInterval) {
		var namespaces corev1.NamespaceList
		_ = c.List(ctx, &namespaces)
		for i := range namespaces.Items {
			namespace := &namespaces.Items[i]
			if namespace.DeletionTimestamp.IsZero() {
				continue
			}
			for _, kind := range cxv1alpha1.Kinds {
				_ = c.DeleteAllOf(ctx, kind.New(), client.InNamespace(namespace.Name))
			}
			namespace.Spec.Finalizers = nil
			_ = c.SubResource("finalize").Update(ctx, namespace)
		}
	}
}

// newDemo makes a demo in the cluster.
func (c *cluster) newDemo(t *testing.T, said *output) *demo {
	t.Helper()
	d, err := newDemo("config/samples/quickstart", "returns", said)
	if err != nil {
		t.Fatal(err)
	}
	d.existing, d.programs = &existing{context: "somewhere"}, c.programs
	return d
}

// wantRefused wants the demo to stop before it changes anything.
func (c *cluster) wantRefused(t *testing.T, want string, changes ...func(*demo)) {
	t.Helper()
	before, said := c.contents(t), &output{}
	d := c.newDemo(t, said)
	for _, change := range changes {
		change(d)
	}
	if err := d.runAndCleanUp(t.Context(), true, said); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q:\n%s", err, want, said)
	}
	if after := c.contents(t); !slices.Equal(after, before) {
		t.Errorf("the cluster has %q, before it had %q", after, before)
	}
}

// contents are the namespaces and kinds, each with what tells whether it was changed.
func (c *cluster) contents(t *testing.T) []string {
	t.Helper()
	var namespaces corev1.NamespaceList
	var kinds apiextensionsv1.CustomResourceDefinitionList
	if err := c.List(t.Context(), &namespaces); err != nil {
		t.Error(err)
	}
	if err := c.List(t.Context(), &kinds); err != nil {
		t.Error(err)
	}
	var all []string
	for i := range namespaces.Items {
		all = append(all, "namespace "+namespaces.Items[i].Name)
	}
	for i := range kinds.Items {
		all = append(all, "kind "+kinds.Items[i].Name+" "+kinds.Items[i].ResourceVersion)
	}
	return all
}

func (c *cluster) make(t *testing.T, object client.Object) client.Object {
	t.Helper()
	if err := c.Create(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	return object
}

func (c *cluster) remove(t *testing.T, object client.Object) {
	t.Helper()
	if err := c.Delete(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	err := poll(t.Context(), func() (bool, error) {
		err := c.Get(t.Context(), client.ObjectKeyFromObject(object), object)
		return err != nil, client.IgnoreNotFound(err)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func deployment(name, namespace string) *appsv1.Deployment {
	labels := map[string]string{"app.kubernetes.io/name": "journey-operator"}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace, Labels: labels},
		Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "manager", Image: "manager"}}},
			},
		},
	}
}

// output is what a demo says. When it has said done, then is called.
type output struct {
	done string
	then func()

	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(data []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.then != nil && bytes.Contains(data, []byte(o.done)) {
		o.then()
	}
	return o.text.Write(data)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
