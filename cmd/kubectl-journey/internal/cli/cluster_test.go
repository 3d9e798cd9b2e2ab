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

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
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
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/spoiltest"
	"github.com/journeyops/journey-operator/controllers"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

// cluster is a real API server.
type cluster struct {
	dynamic.Interface
	plane      *controlplane.ControlPlane
	kubeconfig string
}

// TestCluster holds the plugin against a real API server, with the operator's controllers.
func TestCluster(t *testing.T) {
	c := startCluster(t)
	t.Run("refuses what the API server refuses", c.testAdmission)
	c.startControllers(t)
	t.Run("offline equals online", c.testOfflineEqualsOnline)
	t.Run("reads what kubectl reads", c.testReading)
	t.Run("draws what is drawn of files", c.testPictures)
	t.Run("watches and completes", c.testHabits)
	t.Run("completes names", c.testCompletion)
}

// startCluster starts a control plane, which a short run of the tests does without.
func startCluster(t *testing.T) *cluster {
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
	c := &cluster{plane: plane, kubeconfig: filepath.Join(t.TempDir(), "kubeconfig")}
	if err := plane.WriteKubeconfig(c.kubeconfig); err != nil {
		t.Fatal(err)
	}
	if c.Interface, err = dynamic.NewForConfig(plane.Config); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *cluster) startControllers(t *testing.T) {
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
	mgr, err := ctrl.NewManager(c.plane.Config, ctrl.Options{
		Scheme: scheme, Logger: logr.Discard(), Cache: controllers.CacheOptions(nil),
		Metrics: metricsserver.Options{BindAddress: "0"}, HealthProbeBindAddress: "0",
		Controller: config.Controller{SkipNameValidation: &skip},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := controllers.SetupWithManager(ctx, mgr, controllers.Options{}); err != nil {
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

// run runs a command line against the cluster.
func (c *cluster) run(args ...string) outcome {
	var out, errOut bytes.Buffer
	streams := genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &errOut}
	if args[0] != cobra.ShellCompNoDescRequestCmd {
		// Completion has its own, since the word to be completed comes last.
		args = append(args, "--kubeconfig", c.kubeconfig)
	}
	code := Run(context.Background(), args, streams)
	return outcome{code, out.String(), errOut.String()}
}

func (c *cluster) newNamespace(t *testing.T, name string) {
	t.Helper()
	namespace := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name}}}
	_, err := c.Resource(corev1.SchemeGroupVersion.WithResource("namespaces")).Create(context.Background(), namespace, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *cluster) resource(object map[string]any, namespace string) dynamic.ResourceInterface {
	kind, _ := object["kind"].(string)
	return c.Resource(cxv1alpha1.GroupVersion.WithResource(kinds.ByName(kind).Plural)).Namespace(namespace)
}

// randomPortfolio returns objects as files would have them.
func randomPortfolio(t *testing.T, seed int) []map[string]any {
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

const mutations = 1000

// testAdmission spoils valid objects at random, and checks that the plugin refuses just what the API server refuses, because of
// the same fields.
func (c *cluster) testAdmission(t *testing.T) {
	const namespace = "admission"
	c.newNamespace(t, namespace)
	random := rand.New(rand.NewPCG(1, 2))
	var objects []map[string]any
	for seed := range 10 {
		objects = append(objects, randomPortfolio(t, seed)...)
	}
	refused := 0
	for range mutations {
		object := runtime.DeepCopyJSON(objects[random.IntN(len(objects))])
		for range 1 + random.IntN(2) {
			spoiltest.Spoil(random, object)
		}
		if c.compareAdmission(t, object, namespace) {
			refused++
		}
	}
	// Otherwise the test shows nothing.
	if refused < mutations/4 || refused > mutations*9/10 {
		t.Errorf("%d of %d objects were refused", refused, mutations)
	}
}

// compareAdmission tells whether the API server refuses an object, and fails when the plugin does not agree.
func (c *cluster) compareAdmission(t *testing.T, object map[string]any, namespace string) bool {
	t.Helper()
	kindName, _ := object["kind"].(string)
	online := &unstructured.Unstructured{Object: runtime.DeepCopyJSON(object)}
	created, err := c.resource(object, namespace).Create(context.Background(), online, metav1.CreateOptions{
		DryRun: []string{metav1.DryRunAll}, FieldValidation: metav1.FieldValidationStrict,
	})

	offline := runtime.DeepCopyJSON(object)
	if metadata, ok := offline["metadata"].(map[string]any); ok {
		metadata["namespace"] = namespace
	}
	_, faults, admitErr := kinds.ByName(kindName).Admit(context.Background(), offline)
	if admitErr != nil {
		t.Fatal(admitErr)
	}
	if err == nil {
		if len(faults) > 0 {
			t.Errorf("only the plugin refuses %v: %v", object, faults)
		}
		if diff := cmp.Diff(created.Object["spec"], offline["spec"]); diff != "" {
			t.Errorf("defaults differ for %v (-online +offline):\n%s", object, diff)
		}
		return false
	}
	if len(faults) == 0 {
		t.Errorf("only the API server refuses %v: %v", object, err)
		return true
	}
	if want, got := causes(err), fields(faults); want != nil && !slices.Equal(want, got) {
		t.Errorf("refused because of %q online and %q offline: %v\nonline: %v\noffline: %v", want, got, object, err, faults)
	}
	return true
}

// causes lists the fields that the API server found fault with; nil where it did not even get to validation.
func causes(err error) []string {
	status, ok := err.(apierrors.APIStatus)
	if !ok || status.Status().Reason != metav1.StatusReasonInvalid {
		return nil
	}
	found := map[string]bool{}
	for _, cause := range status.Status().Details.Causes {
		if !strings.Contains(cause.Message, "some validation rules were not checked") {
			found[strings.TrimPrefix(cause.Field, "<nil>")] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func fields(faults []kinds.Fault) []string {
	found := map[string]bool{}
	for _, f := range faults {
		found[f.Field] = true
	}
	return slices.Sorted(maps.Keys(found))
}

const sampleFolder = "../../../../config/samples/"

// testOfflineEqualsOnline applies portfolios, and checks that the cluster comes to the specs and statuses that the plugin gets from the
// files.
func (c *cluster) testOfflineEqualsOnline(t *testing.T) {
	paths := map[string]string{
		"quickstart": sampleFolder + "quickstart",
		"shop":       "testdata/shop",
	}
	for seed := range 4 {
		content, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": randomPortfolio(t, 100+seed)})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "objects.json")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		paths[fmt.Sprintf("random-%d", seed)] = path
	}
	kubectl, err := controlplane.Kubectl(c.plane.Assets)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("motor-claim", func(t *testing.T) {
		c.newNamespace(t, "motor-claim")
		c.createAll(t, "motor-claim", sampleFolder+"motor-claim")
		if err := c.awaitOffline("motor-claim", sampleFolder+"motor-claim"); err != nil {
			t.Fatal(err)
		}
	})
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		t.Run(name, func(t *testing.T) {
			c.newNamespace(t, name)
			c.kubectl(t, kubectl, "apply", "--server-side", "-R", "-n", name, "-f", paths[name])
			if err := c.awaitOffline(name, paths[name]); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// createAll creates the objects in the files of a folder, faster than kubectl, which spares the API server.
func (c *cluster) createAll(t *testing.T, namespace, folder string) {
	t.Helper()
	var tasks errgroup.Group
	tasks.SetLimit(8)
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(content), 4096)
		for {
			object := &unstructured.Unstructured{}
			if err := decoder.Decode(object); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			tasks.Go(func() error {
				_, err := c.resource(object.Object, namespace).Create(context.Background(), object, metav1.CreateOptions{FieldValidation: metav1.FieldValidationStrict})
				return err
			})
		}
	})
	if err := errors.Join(err, tasks.Wait()); err != nil {
		t.Fatal(err)
	}
}

func (c *cluster) kubectl(t *testing.T, path string, args ...string) string {
	t.Helper()
	command := execCommand(t, path, append(args, "--kubeconfig", c.kubeconfig)...)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return string(output)
}

// awaitOffline waits until the cluster says what the plugin gets from the files.
func (c *cluster) awaitOffline(namespace, path string) error {
	deadline := time.Now().Add(time.Minute)
	for {
		offline := c.run("status", "-f", path, "-n", namespace, "-o", "json")
		want, got := content(offline.out), content(c.listAll(namespace))
		if offline.code == cmdutil.ExitOK && reflect.DeepEqual(want, got) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("exit code %d %s\nthe cluster differs (-offline +online):\n%s", offline.code, offline.errOut, cmp.Diff(want, got))
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// listAll lists the objects as the cluster has them, in the order of the plugin.
func (c *cluster) listAll(namespace string) string {
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

// content leaves of a list what must be the same offline and online: all but the metadata that only a cluster has, and since when
// conditions are what they are.
func content(text string) any {
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

// testReading checks that what the plugin prints of a cluster is what kubectl prints of it, byte for byte.
func (c *cluster) testReading(t *testing.T) {
	kubectl, err := controlplane.Kubectl(c.plane.Assets)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"yaml", "json"} {
		got := c.run("status", "-n", "quickstart", "--kind", "moments", "-o", format)
		want := c.kubectl(t, kubectl, "get", "moments", "-n", "quickstart", "-o", format)
		if diff := cmp.Diff(want, got.out); diff != "" || got.errOut != "" {
			t.Errorf("%s differs from kubectl (-kubectl +plugin): %s\n%s", format, got.errOut, diff)
		}
	}
	for _, format := range []string{"table", "wide"} {
		got := c.run("status", "-n", "shop", "--kind", "roadmapitems", "-o", format)
		args := []string{"get", "roadmapitems", "-n", "shop"}
		if format == "wide" {
			args = append(args, "-o", "wide")
		}
		want := strings.ReplaceAll(c.kubectl(t, kubectl, args...), "\n", "\nroadmapitem/")
		if diff := cmp.Diff(words(want), words(got.out)); diff != "" {
			t.Errorf("%s differs from kubectl (-kubectl +plugin): %s\n%s", format, got.errOut, diff)
		}
	}
	if got := c.run("gaps", "-A", "-o", "json"); got.code != cmdutil.ExitOK || !strings.Contains(got.out, `"namespace": "shop"`) {
		t.Errorf("gaps of all namespaces: %+v", got)
	}
	if got := c.run("why", "moment/get-the-money-back", "-n", "quickstart"); got.code != cmdutil.ExitOK || !strings.Contains(got.out, "refund-on-first-scan") {
		t.Errorf("why in the cluster: %+v", got)
	}
	if got := c.run("status", "-n", "nowhere"); got.code != cmdutil.ExitFailure || !strings.Contains(got.errOut, "in namespace nowhere: choose one with -n") {
		t.Errorf("an empty namespace: %+v", got)
	}
}

// syncBuffer can be read while something is written to it.
type syncBuffer struct {
	mutex sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(data []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.Buffer.Write(data)
}

func (b *syncBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.Buffer.String()
}

// testHabits watches a change come by, and completes the name of what is new.
func (c *cluster) testHabits(t *testing.T) {
	const namespace = "habits"
	c.newNamespace(t, namespace)
	journey := func(name string) {
		object := map[string]any{
			"apiVersion": kinds.APIVersion(), "kind": kinds.Journey, "metadata": map[string]any{"name": name}, "spec": map[string]any{"title": "J"},
		}
		_, err := c.resource(object, namespace).Create(t.Context(), &unstructured.Unstructured{Object: object}, metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
	}
	journey("first")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, errOut syncBuffer
	ended := make(chan int, 1)
	go func() {
		streams := genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &errOut}
		ended <- Run(ctx, []string{"status", "--watch", "-n", namespace, "--kubeconfig", c.kubeconfig}, streams)
	}()
	c.waitFor(t, &out, "journey/first")
	journey("second")
	c.waitFor(t, &out, "journey/second")
	// What is watched may go away and come back.
	all := c.resource(map[string]any{"kind": kinds.Journey}, namespace)
	if err := all.DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
		t.Fatal(err)
	}
	c.waitFor(t, &errOut, "note: there are no journeys")
	journey("third")
	c.waitFor(t, &out, "journey/third")
	cancel()
	if code := <-ended; code != cmdutil.ExitOK {
		t.Errorf("Ctrl-C ends it with %d: %s", code, errOut.String())
	}
	got := c.run(cobra.ShellCompNoDescRequestCmd, "why", "--kubeconfig", c.kubeconfig, "-n", namespace, "jny/t")
	if !strings.HasPrefix(got.out, "jny/third\n:") {
		t.Errorf("completed to %q", got.out)
	}
}

func (c *cluster) waitFor(t *testing.T, out *syncBuffer, text string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(out.String(), text); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s does not come: %s", text, out.String())
		}
	}
}

// words leaves out of a table how wide its columns are, and the age, which may pass a second in between.
func words(table string) []string {
	var rows []string
	for line := range strings.Lines(strings.TrimSuffix(table, "roadmapitem/")) {
		var cells []string
		for word := range strings.FieldsSeq(line) {
			if !strings.HasSuffix(word, "s") || strings.Trim(word, "0123456789ms") != "" {
				cells = append(cells, word)
			}
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	return rows
}

func execCommand(t *testing.T, path string, args ...string) *exec.Cmd {
	t.Helper()
	return exec.CommandContext(t.Context(), path, args...)
}
