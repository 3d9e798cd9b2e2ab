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

package controllers

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/retry"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/status"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

// One control plane serves all tests of the package; each works in a namespace of its own.
var shared struct {
	once  sync.Once
	plane *controlplane.ControlPlane
	// audit is the API server's log of all requests.
	audit string
	err   error
}

var scheme = func() *runtime.Scheme {
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, cxv1alpha1.AddToScheme, apiextensionsv1.AddToScheme} {
		if err := add(s); err != nil {
			panic(err)
		}
	}
	return s
}()

func TestMain(m *testing.M) {
	// Informers that lose their watch on purpose need not tell.
	klog.SetLogger(logr.Discard())
	logf.SetLogger(logr.Discard())
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "controllers-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	shared.audit = filepath.Join(dir, "audit.log")
	// Tests that take long mostly wait for a control plane, so more of them than there are CPUs run side by side.
	if err := flag.Set("test.parallel", "3"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if shared.plane != nil {
		if err := shared.plane.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}

// cluster is a namespace of a real API server, as its admin sees it.
type cluster struct {
	client.Client
	config    *rest.Config
	namespace string
	audit     string
}

// newCluster returns a new namespace, named after the test.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a control plane")
	}
	shared.once.Do(func() {
		shared.plane, shared.err = controlplane.Start(context.Background(), controlplane.Options{AuditLog: shared.audit, Progress: os.Stderr})
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	c, err := client.New(shared.plane.Config, client.Options{Scheme: scheme})
	if err != nil {
		t.Fatal(err)
	}
	name := strings.ToLower(strings.NewReplacer("/", "-", "_", "-", "#", "-").Replace(t.Name()))
	all := &cluster{Client: c, config: shared.plane.Config, audit: shared.audit}
	return all.in(t, name)
}

// in creates another namespace.
func (c *cluster) in(t fataler, namespace string) *cluster {
	t.Helper()
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: namespace + "-"}}
	if err := c.Create(context.Background(), ns); err != nil {
		t.Fatal(err)
	}
	other := *c
	other.namespace = ns.Name
	return &other
}

// apply creates objects, or replaces their specs, several at a time.
func (c *cluster) apply(t fataler, objects ...client.Object) {
	t.Helper()
	var group errgroup.Group
	group.SetLimit(8)
	for _, object := range objects {
		group.Go(func() error {
			if err := c.applyOne(object); err != nil {
				return fmt.Errorf("applying %s %s: %w", kindName(object), object.GetName(), err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}

// applyOne does without server-side apply, which makes null of an object that loses its last field.
func (c *cluster) applyOne(object client.Object) error {
	object = object.DeepCopyObject().(client.Object)
	object.SetNamespace(c.namespace)
	object.SetResourceVersion("")
	object.SetUID("")
	err := c.Create(context.Background(), object)
	if !apierrors.IsAlreadyExists(err) {
		return err
	}
	return retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		stored := cxv1alpha1.KindOf(object.(cxv1alpha1.Object)).New()
		if err := c.Get(context.Background(), client.ObjectKeyFromObject(object), stored); err != nil {
			return err
		}
		object.SetResourceVersion(stored.GetResourceVersion())
		return c.Update(context.Background(), object)
	})
}

func (c *cluster) delete(t fataler, object client.Object) {
	t.Helper()
	object = object.DeepCopyObject().(client.Object)
	object.SetNamespace(c.namespace)
	if err := client.IgnoreNotFound(c.Delete(context.Background(), object)); err != nil {
		t.Fatal(err)
	}
}

// edit changes the spec of an object.
func edit[O client.Object](t fataler, c *cluster, object O, name string, change func(O)) {
	t.Helper()
	key := client.ObjectKey{Namespace: c.namespace, Name: name}
	if err := c.Get(context.Background(), key, object); err != nil {
		t.Fatal(err)
	}
	patch := client.MergeFrom(object.DeepCopyObject().(client.Object))
	change(object)
	if err := c.Patch(context.Background(), object, patch); err != nil {
		t.Fatal(err)
	}
}

// list returns all objects of the namespace as they are stored.
func (c *cluster) list(t fataler) []client.Object {
	t.Helper()
	var all []client.Object
	for _, k := range cxv1alpha1.Kinds {
		list := k.NewList()
		if err := c.List(context.Background(), list, client.InNamespace(c.namespace)); err != nil {
			t.Fatal(err)
		}
		if err := meta.EachListItem(list, func(object runtime.Object) error {
			all = append(all, object.(client.Object))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func kindName(object client.Object) string {
	return cxv1alpha1.KindOf(object.(cxv1alpha1.Object)).Name
}

// id names an object of a namespace.
func id(object client.Object) string {
	return kindName(object) + "/" + object.GetName()
}

// evaluated returns the statuses that the model gives the objects, by id.
func evaluated(objects []client.Object, today cxv1alpha1.Date) map[string]cxv1alpha1.Status {
	statuses := portfolio.Evaluate(portfoliotest.FromList(objects), today).Statuses
	all := map[string]cxv1alpha1.Status{}
	for _, object := range objects {
		if evaluated := statuses.Of(object.(cxv1alpha1.Object)); evaluated != nil {
			all[id(object)] = evaluated
		}
	}
	return all
}

// differing returns the ids of those statuses that are not the same, or not in both.
func differing(a, b map[string]cxv1alpha1.Status) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(b)) {
		if a[id] == nil || !status.Equal(a[id], b[id]) {
			ids = append(ids, id)
		}
	}
	return ids
}

func utcToday() cxv1alpha1.Date {
	return cxv1alpha1.Date(time.Now().UTC().Format(time.DateOnly))
}

// wantEvaluated waits until the statuses in the cluster are those that the model gives the specs in the cluster.
func (c *cluster) wantEvaluated(t fataler, today cxv1alpha1.Date) {
	t.Helper()
	var objects []client.Object
	var left []string
	if !eventually(func() bool {
		objects = c.list(t)
		stored := map[string]cxv1alpha1.Status{}
		for _, object := range objects {
			stored[id(object)] = object.(cxv1alpha1.Object).GetStatus()
		}
		left = differing(stored, evaluated(objects, today))
		return len(left) == 0
	}) {
		first := objects[slices.IndexFunc(objects, func(o client.Object) bool { return id(o) == left[0] })]
		t.Fatal(fmt.Sprintf("of %d objects %d have not the status that follows from the specs; the first, %s (-want +got):\n%s",
			len(objects), len(left), left[0], cmp.Diff(evaluated(objects, today)[left[0]], first.(cxv1alpha1.Object).GetStatus())))
	}
}

// eventually polls for something that should be true soon, less and less often, so that looking does not slow down what is
// looked at.
func eventually(condition func() bool) bool {
	wait := 5 * time.Millisecond
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(wait) {
		if condition() {
			return true
		}
		wait = min(wait*3/2, time.Second)
	}
	return condition()
}

// statusWrites counts the status writes that the API server accepted in the namespace, by object.
func (c *cluster) statusWrites(t fataler) map[string]int {
	t.Helper()
	kinds := map[string]string{}
	for _, k := range cxv1alpha1.Kinds {
		kinds[k.Plural] = k.Name
	}
	writes := map[string]int{}
	c.eachAudited(t, func(e auditEvent) {
		if e.ObjectRef.Subresource == "status" && e.Verb != "get" && e.ResponseStatus.Code == 200 {
			writes[kinds[e.ObjectRef.Resource]+"/"+e.ObjectRef.Name]++
		}
	})
	return writes
}

// events counts the events that were recorded in the namespace, repetitions included.
func (c *cluster) events(t fataler) int {
	t.Helper()
	n := 0
	c.eachAudited(t, func(e auditEvent) {
		if e.ObjectRef.Resource == "events" && (e.Verb == "create" || e.Verb == "patch") {
			n++
		}
	})
	return n
}

// auditEvent is what the tests read of an entry of the API server's audit log.
type auditEvent struct {
	Verb      string
	UserAgent string
	ObjectRef struct {
		Resource, Namespace, Name, Subresource string
	}
	ResponseStatus struct{ Code int }
}

func (c *cluster) eachAudited(t fataler, f func(auditEvent)) {
	t.Helper()
	file, err := os.Open(c.audit)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return // the rest of the line is just being written
		}
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(line, []byte(`"namespace":"`+c.namespace+`"`)) {
			continue
		}
		var event auditEvent
		if err := json.Unmarshal(line, &event); err != nil {
			t.Fatal(fmt.Errorf("reading the audit log: %w: %s", err, line))
		}
		f(event)
	}
}

// since returns how often each object was written after an earlier count.
func since(before, after map[string]int) map[string]int {
	news := map[string]int{}
	for id, n := range after {
		if n > before[id] {
			news[id] = n - before[id]
		}
	}
	return news
}

func total(writes map[string]int) int {
	n := 0
	for _, count := range writes {
		n += count
	}
	return n
}

// onceEach are the writes of one write an object.
func onceEach(ids []string) map[string]int {
	writes := map[string]int{}
	for _, id := range ids {
		writes[id] = 1
	}
	return writes
}

// operator is a running manager.
type operator struct {
	*engine
	ready http.Handler
	stop  func()
}

// start runs an operator for the namespace (or for all of them, where there is none) until the end of the test.
func (c *cluster) start(t *testing.T, change ...func(*ctrl.Options, *Options)) *operator {
	t.Helper()
	o := c.startUnready(t, change...)
	if !eventually(func() bool { return o.Ready(nil) == nil }) {
		t.Fatal(o.Ready(nil))
	}
	return o
}

// startUnready does not wait until the operator is ready.
func (c *cluster) startUnready(t *testing.T, change ...func(*ctrl.Options, *Options)) *operator {
	t.Helper()
	var namespaces []string
	if c.namespace != "" {
		namespaces = []string{c.namespace}
	}
	managerOptions := ctrl.Options{
		Scheme:     scheme,
		Logger:     logr.Discard(),
		Metrics:    metricsserver.Options{BindAddress: "0"},
		Controller: config.Controller{SkipNameValidation: new(true)},
	}
	// Short, for the tests' sake.
	options := Options{
		Scope:        Scope{Names: namespaces},
		DebounceIdle: 20 * time.Millisecond, DebounceMax: 200 * time.Millisecond, DebounceBurst: time.Second, EventDelay: 100 * time.Millisecond,
	}
	for _, f := range change {
		f(&managerOptions, &options)
	}
	mgr, err := ctrl.NewManager(rest.CopyConfig(c.config), managerOptions)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	e, ready, err := setup(mgr, options)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- mgr.Start(ctx) }()
	o := &operator{engine: e, ready: ready}
	o.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(fmt.Errorf("running the manager: %w", err))
		}
	})
	t.Cleanup(o.stop)
	return o
}

// setDebounce changes the debounce.
func (o *operator) setDebounce(idle, longest time.Duration) {
	o.dirty.mu.Lock()
	defer o.dirty.mu.Unlock()
	o.dirty.debounce = debounce{idle, longest, longest}
}

// wantStill waits until the operator has nothing left to do, and then for a while to see that it does nothing more.
func (o *operator) wantStill(t fataler, c *cluster) map[string]int {
	t.Helper()
	if !eventually(o.isIdle) {
		t.Fatal("the operator does not come to rest")
	}
	writes := c.statusWrites(t)
	time.Sleep(3*o.dirty.debounce.idle + 100*time.Millisecond)
	after := c.statusWrites(t)
	if more := since(writes, after); len(more) > 0 || !o.isIdle() {
		t.Fatal("it was still, and then wrote", more)
	}
	return after
}

// isIdle tells whether nothing is dirty or pending.
func (o *operator) isIdle() bool {
	open := o.dirty.open()
	for _, k := range cxv1alpha1.Kinds {
		open += len(o.ledger.pending(k))
	}
	return open == 0
}

// readSample reads the objects of a folder of config/samples.
func readSample(t fataler, name string) []client.Object {
	t.Helper()
	var objects []client.Object
	err := filepath.WalkDir(filepath.Join("..", "config", "samples", name), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		documents := yaml.NewYAMLReader(bufio.NewReader(file))
		for {
			document, err := documents.Read()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			object, err := decode(document)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			if object != nil {
				objects = append(objects, object)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func decode(document []byte) (client.Object, error) {
	var typeMeta metav1.TypeMeta
	if err := yaml.Unmarshal(document, &typeMeta); err != nil || typeMeta.Kind == "" {
		return nil, err
	}
	object, err := scheme.New(typeMeta.GroupVersionKind())
	if err != nil {
		return nil, err
	}
	return object.(client.Object), yaml.UnmarshalStrict(document, object)
}
