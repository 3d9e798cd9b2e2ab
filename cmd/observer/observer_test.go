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
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/client"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

const (
	systemNamespace = "journey-operator-system"
	serviceAccount  = "journey-operator-observer"
	beObserver      = "JOURNEY_OPERATOR_TEST_OBSERVER"
	token           = "the-token-of-the-source"
)

// TestMain is the observer itself in the processes that the tests start.
func TestMain(m *testing.M) {
	if os.Getenv(beObserver) != "" {
		main()
		return
	}
	logf.SetLogger(logr.Discard())
	os.Exit(m.Run())
}

// installation is a cluster with config/default and config/observer in it.
type installation struct {
	client.Client
	config     *rest.Config
	scheme     *runtime.Scheme
	kubeconfig string // of the observer's ServiceAccount
}

// install starts a control plane and applies config/default with config/observer as it is, so that the very roles of a deployment are tested.
func install(t testing.TB) *installation {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a control plane")
	}
	// kustomize brings the CRDs.
	plane, err := controlplane.Start(context.Background(), controlplane.Options{CRDPaths: []string{}, Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plane.Stop() })
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, cxv1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	c, err := client.New(plane.Config, client.Options{Scheme: scheme})
	if err != nil {
		t.Fatal(err)
	}
	i := &installation{Client: c, config: plane.Config, scheme: scheme}
	dir, err := os.MkdirTemp(".", "observer-") //nolint:usetesting // Kustomize takes no absolute paths, so it must be near config.
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	kustomization := "resources: [../../../config/default]\ncomponents: [../../../config/observer]\nsortOptions: {order: legacy}\n"
	if err := os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(kustomization), 0o600); err != nil {
		t.Fatal(err)
	}
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, resource := range resources.Resources() {
		data, err := resource.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		object := &unstructured.Unstructured{}
		if err := yaml.Unmarshal(data, object); err != nil {
			t.Fatal(err)
		}
		if err := i.Create(t.Context(), object, client.FieldValidation(metav1.FieldValidationStrict)); err != nil {
			t.Fatalf("%s %s: %v", resource.GetKind(), resource.GetName(), err)
		}
	}
	i.kubeconfig = i.writeKubeconfig(t)
	eventually(t, "the CRDs are served", func() error {
		return errors.Join(i.List(t.Context(), &cxv1alpha1.SourceList{}), i.List(t.Context(), &cxv1alpha1.ObservationList{}))
	})
	return i
}

func (i *installation) namespace(t testing.TB, name string, labels map[string]string) {
	t.Helper()
	i.create(t, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}})
}

func (i *installation) create(t testing.TB, objects ...client.Object) {
	t.Helper()
	for _, o := range objects {
		if err := i.Create(t.Context(), o); err != nil {
			t.Fatalf("%T %s: %v", o, o.GetName(), err)
		}
	}
}

// createSecret makes the Secret with the token of the source.
func (i *installation) createSecret(t testing.TB) {
	t.Helper()
	i.create(t, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: "prom"}, StringData: map[string]string{"token": token + "\n"}})
}

func (i *installation) writeKubeconfig(t testing.TB) string {
	t.Helper()
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: serviceAccount}}
	request := &authenticationv1.TokenRequest{}
	if err := i.SubResource("token").Create(t.Context(), account, request); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(clientcmdapi.Config{
		Clusters:       map[string]*clientcmdapi.Cluster{"c": {Server: i.config.Host, CertificateAuthorityData: i.config.CAData}},
		AuthInfos:      map[string]*clientcmdapi.AuthInfo{"u": {Token: request.Status.Token}},
		Contexts:       map[string]*clientcmdapi.Context{"x": {Cluster: "c", AuthInfo: "u"}},
		CurrentContext: "x",
	}, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// process is a running observer.
type process struct {
	*exec.Cmd
	probes, metrics string
	logs            *logs
	ended           chan struct{}
	err             error
}

// start runs the observer as it is deployed, with its own ServiceAccount and leader election, but that Sources may be on this machine.
func (i *installation) start(t testing.TB) *process {
	t.Helper()
	deployment := &appsv1.Deployment{}
	if err := i.Get(t.Context(), client.ObjectKey{Namespace: systemNamespace, Name: serviceAccount}, deployment); err != nil {
		t.Fatal(err)
	}
	p := &process{probes: freeAddress(t), metrics: freeAddress(t), logs: &logs{}, ended: make(chan struct{})}
	args := []string{
		"--kubeconfig=" + i.kubeconfig, "--leader-election-namespace=" + systemNamespace,
		"--health-probe-bind-address=" + p.probes, "--metrics-bind-address=" + p.metrics, "--metrics-secure=false", "--allow-loopback",
	}
	for _, arg := range deployment.Spec.Template.Spec.Containers[0].Args {
		args = append(args, strings.ReplaceAll(arg, "$(NAMESPACE)", systemNamespace))
	}
	p.Cmd = exec.Command(os.Args[0], args...)
	p.Env = append(os.Environ(), beObserver+"=1")
	p.Stderr = p.logs
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.err = p.Wait(); close(p.ended) }()
	t.Cleanup(func() {
		p.end(t, syscall.SIGKILL)
		if t.Failed() {
			t.Logf("logs of the observer:\n%s", p.logs)
		}
		if strings.Contains(p.logs.String(), token) {
			t.Error("the logs have the token of the source")
		}
	})
	return p
}

func (p *process) end(t testing.TB, signal syscall.Signal) {
	t.Helper()
	_ = p.Process.Signal(signal)
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		t.Fatal("does not end")
	}
}

// fakePrometheus answers every query with the same values, to those who have the token.
type fakePrometheus struct {
	*httptest.Server

	value  atomic.Value
	broken atomic.Bool
	asked  atomic.Int64
}

func newFakePrometheus(t testing.TB) *fakePrometheus {
	f := &fakePrometheus{}
	f.value.Store("268.5")
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.asked.Add(1)
		switch {
		case r.Header.Get("Authorization") != "Bearer "+token:
			w.WriteHeader(http.StatusUnauthorized)
		case f.broken.Load():
			w.WriteHeader(http.StatusInternalServerError)
		case strings.Contains(r.FormValue("query"), "elsewhere"):
			t.Error("a namespace that may not use the source had it asked")
		default:
			_, _ = fmt.Fprintf(w, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[%s,"412"],[%s,%q]]}]}}`,
				r.FormValue("start"), r.FormValue("end"), f.value.Load())
		}
	}))
	t.Cleanup(f.Close)
	return f
}

func metric(namespace, name, source string) *cxv1alpha1.Metric {
	return &cxv1alpha1.Metric{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Spec: cxv1alpha1.MetricSpec{
			Title: cxv1alpha1.Title(name), Direction: cxv1alpha1.DirectionDecrease, Query: "sum(calls)",
			Baseline:  &cxv1alpha1.Baseline{Date: cxv1alpha1.DateOf(time.Now()).AddDays(-9), Value: "412"},
			SourceRef: &cxv1alpha1.SourceReference{Name: cxv1alpha1.ObjectName(source)},
		},
	}
}

func (i *installation) observation(t *testing.T, namespace, name string) (*cxv1alpha1.Observation, error) {
	t.Helper()
	o := &cxv1alpha1.Observation{}
	return o, i.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: name}, o)
}

// wantObservation waits until an Observation says what it should.
func (i *installation) wantObservation(t *testing.T, namespace, name, reason string, values ...cxv1alpha1.Decimal) *cxv1alpha1.Observation {
	t.Helper()
	var o *cxv1alpha1.Observation
	eventually(t, fmt.Sprintf("Observation %s/%s has %v and problem %q", namespace, name, values, reason), func() error {
		var err error
		if o, err = i.observation(t, namespace, name); err != nil {
			return err
		}
		got := ""
		if o.Spec.Problem != nil {
			got = o.Spec.Problem.Reason
		}
		var had []cxv1alpha1.Decimal
		for _, s := range o.Spec.Samples {
			had = append(had, s.Value)
		}
		if got != reason || !slices.Equal(had, values) {
			return fmt.Errorf("it has %v, %v", had, o.Spec.Problem)
		}
		return nil
	})
	return o
}

// edit changes a Source, which has everything that asks it looked at again.
func (i *installation) edit(t testing.TB, name string) {
	t.Helper()
	source := &cxv1alpha1.Source{}
	if err := i.Get(t.Context(), client.ObjectKey{Name: name}, source); err != nil {
		t.Fatal(err)
	}
	source.Spec.RequestsPerMinute--
	if err := i.Update(t.Context(), source); err != nil {
		t.Fatal(err)
	}
}

// TestObserver runs the observer as deployed: what it writes, when, and that it may do nothing else.
func TestObserver(t *testing.T) {
	i := install(t)
	prometheus := newFakePrometheus(t)
	i.namespace(t, "web", map[string]string{"tenant": "web"})
	i.namespace(t, "elsewhere", nil)
	elsewhere := metric("elsewhere", "calls", "prom")
	elsewhere.Spec.Query = "elsewhere"
	foreign := &cxv1alpha1.Observation{
		ObjectMeta: metav1.ObjectMeta{Namespace: "web", Name: "metric-foreign.prom"},
		Spec: cxv1alpha1.ObservationSpec{
			Of: cxv1alpha1.ObservedReference{Kind: cxv1alpha1.MetricKind, Name: "foreign"}, ObservedOn: "2026-01-01",
			Samples: []cxv1alpha1.Sample{{Date: "2026-01-01", Value: "1"}},
		},
	}
	i.createSecret(t)
	i.create(t,
		&cxv1alpha1.Source{ObjectMeta: metav1.ObjectMeta{Name: "prom"}, Spec: cxv1alpha1.SourceSpec{
			Type: cxv1alpha1.SourcePrometheus, URL: prometheus.URL, RequestsPerMinute: 6000,
			SecretRef:         &cxv1alpha1.SecretKeyReference{Name: "prom", Key: "token"},
			NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"tenant": "web"}},
		}},
		foreign, metric("web", "calls", "prom"), metric("web", "foreign", "prom"), elsewhere, metric("web", "typo", "prmo"),
	)
	p := i.start(t)
	eventually(t, "it is ready", func() error { return p.get("http://"+p.probes+"/readyz", "") })

	first := i.wantObservation(t, "web", "metric-calls.prom", "", "412", "268.5")
	owner := &cxv1alpha1.Metric{}
	if err := i.Get(t.Context(), client.ObjectKey{Namespace: "web", Name: "calls"}, owner); err != nil {
		t.Fatal(err)
	}
	if len(first.OwnerReferences) != 1 || first.OwnerReferences[0].UID != owner.UID || *first.OwnerReferences[0].BlockOwnerDeletion {
		t.Errorf("owned by %v", first.OwnerReferences)
	}
	i.wantObservation(t, "elsewhere", "metric-calls.prom", "SourceNotAvailable")
	typo := i.wantObservation(t, "web", "metric-typo.prmo", "SourceNotAvailable")

	t.Run("it may do nothing else", func(t *testing.T) { i.wantLeastPrivilege(t, first) })

	whole := t // The observer goes on after the subtest that starts it.
	t.Run("a second look and a second life write nothing", func(t *testing.T) {
		for range 2 {
			asked := prometheus.asked.Load()
			i.edit(t, "prom")
			eventually(t, "it has looked again", func() error {
				// The metrics calls and foreign, once each: another namespace asks nothing.
				if now := prometheus.asked.Load(); now < asked+2 {
					return fmt.Errorf("%d requests", now-asked)
				}
				return nil
			})
			p.end(t, syscall.SIGKILL)
			// The next one need not wait until the lease expires.
			if err := i.Delete(t.Context(), &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: leaseName}}); err != nil {
				t.Fatal(err)
			}
			p = i.start(whole)
			eventually(t, "it follows all questions", func() error { return p.get("http://"+p.metrics+"/metrics", "\njourney_observer_questions 4\n") })
		}
		again := i.wantObservation(t, "web", "metric-calls.prom", "", "412", "268.5")
		if again.ResourceVersion != first.ResourceVersion {
			t.Errorf("written again:\n%s", cmp.Diff(first, again))
		}
	})

	t.Run("what others made is left alone", func(t *testing.T) {
		o, err := i.observation(t, "web", foreign.Name)
		if err != nil || o.ResourceVersion != foreign.ResourceVersion {
			t.Errorf("%v, %s", err, cmp.Diff(foreign, o))
		}
	})

	t.Run("a failure leaves the values", func(t *testing.T) {
		prometheus.broken.Store(true)
		i.edit(t, "prom")
		i.wantObservation(t, "web", "metric-calls.prom", "ServerError", "412", "268.5")
		prometheus.broken.Store(false)
		prometheus.value.Store("269")
		i.edit(t, "prom")
		i.wantObservation(t, "web", "metric-calls.prom", "", "412", "269")
	})

	t.Run("a token that changes", func(t *testing.T) {
		i.update(t, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: "prom"}}, func(o client.Object) {
			o.(*corev1.Secret).Data["other"] = []byte("wrong")
		})
		for key, reason := range map[string]string{"other": "Unauthorized", "none": "CredentialsMissing"} {
			i.update(t, &cxv1alpha1.Source{ObjectMeta: metav1.ObjectMeta{Name: "prom"}}, func(o client.Object) {
				o.(*cxv1alpha1.Source).Spec.SecretRef.Key = key
			})
			i.wantObservation(t, "web", "metric-calls.prom", reason, "412", "269")
		}
		i.update(t, &cxv1alpha1.Source{ObjectMeta: metav1.ObjectMeta{Name: "prom"}}, func(o client.Object) {
			o.(*cxv1alpha1.Source).Spec.SecretRef.Key = "token"
		})
		i.wantObservation(t, "web", "metric-calls.prom", "", "412", "269")
	})

	t.Run("a namespace that gets and loses its label", func(t *testing.T) {
		label := func(labels map[string]string) {
			i.update(t, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "web"}}, func(o client.Object) { o.SetLabels(labels) })
		}
		label(nil)
		i.wantObservation(t, "web", "metric-calls.prom", "SourceNotAvailable", "412", "269")
		label(map[string]string{"tenant": "web"})
		i.wantObservation(t, "web", "metric-calls.prom", "", "412", "269")
	})

	t.Run("a question that changes or goes", func(t *testing.T) {
		i.update(t, metric("web", "typo", ""), func(o client.Object) { o.(*cxv1alpha1.Metric).Spec.SourceRef.Name = "prom" })
		i.wantObservation(t, "web", "metric-typo.prom", "", "412", "269")
		i.wantGone(t, typo)
		i.update(t, metric("web", "calls", ""), func(o client.Object) {
			spec := &o.(*cxv1alpha1.Metric).Spec
			spec.SourceRef, spec.Query = nil, ""
		})
		i.wantGone(t, first)
		if _, err := i.observation(t, "web", foreign.Name); err != nil {
			t.Error(err)
		}
	})

	t.Run("graceful stop", func(t *testing.T) {
		p.end(t, syscall.SIGTERM)
		if p.err != nil {
			t.Errorf("ended with %v", p.err)
		}
		for line := range strings.Lines(p.logs.String()) {
			if !strings.HasPrefix(line, "{") {
				t.Errorf("a log line that is not JSON: %s", line)
			}
		}
	})

	t.Run("the Deployment is restricted", func(t *testing.T) {
		deployment := &appsv1.Deployment{}
		if err := i.Get(t.Context(), client.ObjectKey{Namespace: systemNamespace, Name: serviceAccount}, deployment); err != nil {
			t.Fatal(err)
		}
		pod := &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: "observer", Labels: deployment.Spec.Template.Labels},
			Spec:       deployment.Spec.Template.Spec,
		}
		if err := i.Create(t.Context(), pod); err != nil {
			t.Errorf("the observer's pod is refused: %v", err)
		}
	})
}

func (i *installation) update(t *testing.T, o client.Object, change func(client.Object)) {
	t.Helper()
	if err := i.Get(t.Context(), client.ObjectKeyFromObject(o), o); err != nil {
		t.Fatal(err)
	}
	change(o)
	if err := i.Update(t.Context(), o); err != nil {
		t.Fatal(err)
	}
}

func (i *installation) wantGone(t *testing.T, o *cxv1alpha1.Observation) {
	t.Helper()
	eventually(t, "Observation "+o.Name+" is gone", func() error {
		if _, err := i.observation(t, o.Namespace, o.Name); !apierrors.IsNotFound(err) {
			return fmt.Errorf("it is there (%w)", err)
		}
		return nil
	})
}

// wantLeastPrivilege holds the observer to writing Observations, and to the Secrets of its own namespace, one by one.
func (i *installation) wantLeastPrivilege(t *testing.T, own *cxv1alpha1.Observation) {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", i.kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	observer, err := client.New(config, client.Options{Scheme: i.scheme})
	if err != nil {
		t.Fatal(err)
	}
	i.create(t, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "web", Name: "theirs"}})
	ctx := t.Context()
	calls := metric("web", "calls", "prom")
	nothing := client.RawPatch("application/merge-patch+json", []byte("{}"))
	if err := observer.Get(ctx, client.ObjectKey{Namespace: systemNamespace, Name: "prom"}, &corev1.Secret{}); err != nil {
		t.Errorf("reading a secret of its own namespace: %v", err)
	}
	for what, err := range map[string]error{
		"reading a secret elsewhere":      observer.Get(ctx, client.ObjectKey{Namespace: "web", Name: "theirs"}, &corev1.Secret{}),
		"listing secrets":                 observer.List(ctx, &corev1.SecretList{}),
		"listing secrets of its own":      observer.List(ctx, &corev1.SecretList{}, client.InNamespace(systemNamespace)),
		"reading config maps":             observer.List(ctx, &corev1.ConfigMapList{}),
		"changing a namespace":            observer.Patch(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "web"}}, nothing),
		"reading pods":                    observer.List(ctx, &corev1.PodList{}),
		"patching a metric":               observer.Patch(ctx, calls.DeepCopy(), nothing),
		"patching the status of a metric": observer.Status().Patch(ctx, calls.DeepCopy(), nothing),
		"deleting a metric":               observer.Delete(ctx, calls.DeepCopy()),
		"changing a source":               observer.Patch(ctx, &cxv1alpha1.Source{ObjectMeta: metav1.ObjectMeta{Name: "prom"}}, nothing),
		"updating an observation":         observer.Update(ctx, own.DeepCopy()),
		"reading moments":                 observer.List(ctx, &cxv1alpha1.MomentList{}),
		"reading another lease":           observer.Get(ctx, client.ObjectKey{Namespace: systemNamespace, Name: "other"}, &coordinationv1.Lease{}),
	} {
		if !apierrors.IsForbidden(err) {
			t.Errorf("%s: got %v, want it to be forbidden", what, err)
		}
	}
	i.wantWritesOnly(t, "observations", "leases", "events", "selfsubjectaccessreviews", "subjectaccessreviews", "tokenreviews", "selfsubjectrulesreviews", "selfsubjectreviews")
}

// wantWritesOnly asks the API server for all rules that hold for the observer, and looks for any that lets it write something else.
func (i *installation) wantWritesOnly(t *testing.T, resources ...string) {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", i.kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	observer, err := client.New(config, client.Options{Scheme: i.scheme})
	if err != nil {
		t.Fatal(err)
	}
	for _, namespace := range []string{systemNamespace, "web"} {
		review := &authorizationv1.SelfSubjectRulesReview{Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: namespace}}
		if err := observer.Create(t.Context(), review); err != nil {
			t.Fatal(err)
		}
		if len(review.Status.ResourceRules) == 0 {
			t.Fatal("there are no rules")
		}
		for _, rule := range review.Status.ResourceRules {
			reads := !slices.ContainsFunc(rule.Verbs, func(verb string) bool { return !slices.Contains([]string{"get", "list", "watch"}, verb) })
			for _, resource := range rule.Resources {
				if !reads && !slices.Contains(resources, resource) {
					t.Errorf("in %s it may %v %v", namespace, rule.Verbs, resource)
				}
			}
		}
	}
}

// get fetches something that is served, and looks for a text in it.
func (p *process) get(url, want string) error {
	response, err := http.Get(url)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || !strings.Contains(string(body), want)) {
		err = fmt.Errorf("%s without %q", response.Status, want)
	}
	return err
}

type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func eventually(t testing.TB, what string, check func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err = check(); err == nil {
			return
		}
	}
	t.Fatalf("waited in vain until %s: %v", what, err)
}

func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

func TestWrongFlags(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"":                                     `--namespace: "" cannot be the name of a namespace`,
		"--namespace=A":                        `--namespace: "A" cannot be the name of a namespace`,
		"--namespace=a --kube-api-burst=0":     "--kube-api-burst must be more than zero",
		"--namespace=a --nope":                 "unknown flag: --nope",
		"--namespace=a --kubeconfig=none/none": "none/none",
	} {
		program := defaultOptions().program()
		err := program.Run(t.Context(), strings.Fields(args), nil, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", args, err, want)
		}
	}
	var help bytes.Buffer
	if err := defaultOptions().program().Run(t.Context(), []string{"--help"}, &help, nil); err != nil || !strings.Contains(help.String(), "--allow-loopback") {
		t.Errorf("%v, %s", err, help.String())
	}
}
