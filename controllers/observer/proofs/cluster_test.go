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

package proofs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

func TestMain(m *testing.M) {
	// Watches that end with their kind need not tell.
	klog.SetLogger(logr.Discard())
	logf.SetLogger(logr.Discard())
	os.Exit(m.Run())
}

// installation is a cluster with the roles of config/observer in it.
type installation struct {
	client.Client
	config *rest.Config
	scheme *runtime.Scheme
	*requests
}

func install(tb testing.TB) *installation {
	tb.Helper()
	if testing.Short() {
		tb.Skip("needs a control plane")
	}
	plane, err := controlplane.Start(context.Background(), controlplane.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = plane.Stop() })
	i := &installation{scheme: runtime.NewScheme(), requests: &requests{watches: map[string]int{}, paths: map[string]int{}}}
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, apiextensionsv1.AddToScheme, cxv1alpha1.AddToScheme} {
		if err := add(i.scheme); err != nil {
			tb.Fatal(err)
		}
	}
	if i.Client, err = client.New(plane.Config, client.Options{Scheme: i.scheme}); err != nil {
		tb.Fatal(err)
	}
	for _, file := range []string{"role.yaml", "role_binding.yaml", "proofs_role.yaml"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "config", "observer", file))
		if err != nil {
			tb.Fatal(err)
		}
		for document := range strings.SplitSeq(string(data), "\n---\n") {
			object := &unstructured.Unstructured{}
			if err := yaml.Unmarshal([]byte(document), object); err != nil {
				tb.Fatal(err)
			}
			i.create(tb, object)
		}
	}
	i.config = rest.CopyConfig(plane.Config)
	i.config.QPS, i.config.Burst = 50, 100
	i.config.Impersonate = rest.ImpersonationConfig{
		UserName: "system:serviceaccount:journey-operator-system:journey-operator-observer",
		Groups:   []string{"system:serviceaccounts", "system:authenticated"},
	}
	i.config.Wrap(func(next http.RoundTripper) http.RoundTripper { return i.through(next) })
	return i
}

// requests counts those of the observer.
type requests struct {
	mu      sync.Mutex
	watches map[string]int
	paths   map[string]int
	total   int
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// countedBody tells when an answer has ended.
type countedBody struct {
	io.ReadCloser
	once sync.Once
	end  func()
}

func (b *countedBody) Close() error {
	b.once.Do(b.end)
	return b.ReadCloser.Close()
}

func (q *requests) through(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		path := r.URL.Path
		q.mu.Lock()
		q.paths[r.Method+" "+path]++
		q.total++
		q.mu.Unlock()
		response, err := next.RoundTrip(r)
		if err == nil && r.URL.Query().Get("watch") == "true" {
			q.add(path, 1)
			response.Body = &countedBody{ReadCloser: response.Body, end: func() { q.add(path, -1) }}
		}
		return response, err
	})
}

func (q *requests) add(path string, n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.watches[path] += n
}

func (q *requests) watching(path string) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.watches[path]
}

func (q *requests) count() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.total
}

// running is an observer.
type running struct {
	*Proofs

	stop    func()
	metrics *prometheus.Registry
}

// run starts an observer with the rights of config/observer.
func (i *installation) run(tb testing.TB) *running {
	tb.Helper()
	mgr, err := ctrl.NewManager(i.config, ctrl.Options{
		Scheme: i.scheme, Logger: logr.Discard(), Metrics: metricsserver.Options{BindAddress: "0"}, Controller: config.Controller{SkipNameValidation: new(true)},
	})
	if err != nil {
		tb.Fatal(err)
	}
	p, err := New(i.config, logr.Discard())
	if err != nil {
		tb.Fatal(err)
	}
	registry := prometheus.NewRegistry()
	if err := observer.SetupWithManager(mgr, observer.Options{
		Providers: map[cxv1alpha1.SourceType]observer.Provider{cxv1alpha1.SourceKubernetes: p}, Namespace: "journey-operator-system", Metrics: registry,
	}); err != nil {
		tb.Fatal(err)
	}
	registry.MustRegister(p.Collector())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- mgr.Start(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			tb.Error(err)
		}
	})
	tb.Cleanup(stop)
	return &running{p, stop, registry}
}

// metric is the sum of a metric over its labels.
func (r *running) metric(tb testing.TB, name string) float64 {
	tb.Helper()
	families, err := r.metrics.Gather()
	if err != nil {
		tb.Fatal(err)
	}
	sum := 0.0
	for _, family := range families {
		if family.GetName() == name {
			for _, m := range family.GetMetric() {
				sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return sum
}

func (i *installation) create(tb testing.TB, objects ...client.Object) {
	tb.Helper()
	for _, o := range objects {
		if err := i.Create(context.Background(), o); err != nil {
			tb.Fatalf("%T %s: %v", o, o.GetName(), err)
		}
	}
}

func (i *installation) remove(tb testing.TB, o client.Object) {
	tb.Helper()
	if err := i.Delete(context.Background(), o); err != nil {
		tb.Fatal(err)
	}
}

func (i *installation) namespace(tb testing.TB, name string) {
	tb.Helper()
	i.create(tb, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}})
}

// grant lets the observer look at what a ClusterRole says, as the controller of Kubernetes does that aggregates ClusterRoles.
func (i *installation) grant(tb testing.TB, role *rbacv1.ClusterRole) {
	tb.Helper()
	i.create(tb, role)
	all := &rbacv1.ClusterRole{}
	if err := i.Get(context.Background(), client.ObjectKey{Name: "journey-operator-observer-proofs"}, all); err != nil {
		tb.Fatal(err)
	}
	selector, err := metav1.LabelSelectorAsSelector(&all.AggregationRule.ClusterRoleSelectors[0])
	if err != nil || !selector.Matches(labels.Set(role.Labels)) {
		tb.Fatalf("%v: %v is not aggregated", err, role.Labels)
	}
	all.Rules = append(all.Rules, role.Rules...)
	if err := i.Update(context.Background(), all); err != nil {
		tb.Fatal(err)
	}
}

func grantOf(group, resource string) *rbacv1.ClusterRole {
	return &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{Name: "grant-" + resource, Labels: map[string]string{AggregationLabel: "true"}},
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{group}, Resources: []string{resource}, Verbs: []string{"get", "list", "watch"}}},
	}
}

// stage is one with checks.
func stage(name string, checks ...cxv1alpha1.StageCheck) cxv1alpha1.Stage {
	return cxv1alpha1.Stage{Name: cxv1alpha1.LabelName(name), Title: cxv1alpha1.Title(name), DeliveredWhen: checks}
}

func block(namespace, name string, stages ...cxv1alpha1.Stage) *cxv1alpha1.BuildingBlock {
	return &cxv1alpha1.BuildingBlock{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Spec:       cxv1alpha1.BuildingBlockSpec{Title: cxv1alpha1.Title(name), Stages: stages},
	}
}

func deployment(namespace, name string) *appsv1.Deployment {
	return &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Spec: appsv1.DeploymentSpec{
		Replicas: new(int32(2)),
		Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": name}},
		Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": name}},
			Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "example.com/secret-image:v1"}}},
		},
	}}
}

// ready sets the status of a Deployment, as if so many of its pods were ready.
func (i *installation) ready(tb testing.TB, d *appsv1.Deployment, replicas int32) {
	tb.Helper()
	available := corev1.ConditionFalse
	if replicas == *d.Spec.Replicas {
		available = corev1.ConditionTrue
	}
	d.Status = appsv1.DeploymentStatus{
		ObservedGeneration: d.Generation, Replicas: *d.Spec.Replicas, UpdatedReplicas: *d.Spec.Replicas,
		ReadyReplicas: replicas, AvailableReplicas: replicas,
		Conditions: []appsv1.DeploymentCondition{
			{Type: appsv1.DeploymentAvailable, Status: available, Reason: "Secret-Reason", Message: "a secret message"},
			{Type: appsv1.DeploymentProgressing, Status: corev1.ConditionTrue, Reason: "NewReplicaSetAvailable"},
		},
	}
	if err := i.Status().Update(context.Background(), d); err != nil {
		tb.Fatal(err)
	}
}

// want waits until an Observation says what it should: one text for each proof, and the reason of a problem.
func (i *installation) want(tb testing.TB, namespace, name, problem string, proofs ...string) *cxv1alpha1.Observation {
	tb.Helper()
	o := &cxv1alpha1.Observation{}
	eventually(tb, fmt.Sprintf("Observation %s/%s", namespace, name), func() error {
		*o = cxv1alpha1.Observation{}
		if err := i.Get(context.Background(), client.ObjectKey{Namespace: namespace, Name: name}, o); err != nil {
			return err
		}
		var got []string
		for _, p := range o.Spec.Proofs {
			got = append(got, fmt.Sprintf("%s/%s %t,%t %s", p.Stage, p.Check, p.ProvenOn != "", p.Holds, p.Reason))
		}
		reason := ""
		if o.Spec.Problem != nil {
			reason = o.Spec.Problem.Reason
		}
		if a, b := strings.Join(got, "\n"), strings.Join(proofs, "\n"); a != b || reason != problem {
			return fmt.Errorf("got\n%s\nwith %v, want\n%s\nwith %s", a, o.Spec.Problem, b, problem)
		}
		return nil
	})
	if data, err := yaml.Marshal(o); err != nil || strings.Contains(strings.ToLower(string(data)), "secret-") || strings.Contains(string(data), "a secret") {
		tb.Errorf("%v: values of objects are told:\n%s", err, data)
	}
	return o
}

func eventually(tb testing.TB, what string, check func() error) {
	tb.Helper()
	var err error
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if err = check(); err == nil {
			return
		}
	}
	tb.Fatalf("waited in vain: %s: %v", what, err)
}

func (i *installation) wantWatches(tb testing.TB, path string, n int) {
	tb.Helper()
	eventually(tb, "watches of "+path, func() error {
		if got := i.watching(path); got != n {
			return fmt.Errorf("%d, want %d", got, n)
		}
		return nil
	})
}

func (i *installation) wantGone(tb testing.TB, o client.Object) {
	tb.Helper()
	eventually(tb, "it is gone", func() error {
		err := i.Get(context.Background(), client.ObjectKeyFromObject(o), o)
		if apierrors.IsNotFound(err) {
			return nil
		}
		return errors.Join(err, errors.New("it is still there"))
	})
}
