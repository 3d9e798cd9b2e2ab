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

package cmd

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
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/clustertest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/spoiltest"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

// cluster runs all commands.
type cluster struct{ *clustertest.Cluster }

func (c *cluster) run(args ...string) cmdtest.Outcome { return c.Run(Commands, args...) }

// TestCluster holds the plugin against a real API server, with the operator's controllers.
func TestCluster(t *testing.T) {
	c := &cluster{clustertest.Start(t)}
	t.Run("refuses what the API server refuses", c.testAdmission)
	c.StartControllers(t)
	t.Run("offline equals online", c.testOfflineEqualsOnline)
	t.Run("reads what kubectl reads", c.testReading)
	t.Run("draws what is drawn of files", c.testPictures)
	t.Run("watches and completes", c.testHabits)
	t.Run("completes names", c.testCompletion)
	t.Run("records values", c.testRecord)
}

const mutations = 1000

// testAdmission spoils valid objects at random, and checks that the plugin refuses just what the API server refuses, because of
// the same fields.
func (c *cluster) testAdmission(t *testing.T) {
	const namespace = "admission"
	c.NewNamespace(t, namespace)
	random := rand.New(rand.NewPCG(1, 2))
	var objects []map[string]any
	for seed := range 10 {
		objects = append(objects, clustertest.RandomPortfolio(t, seed)...)
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
	if refused < mutations/4 || refused > mutations*19/20 {
		t.Errorf("%d of %d objects were refused", refused, mutations)
	}
}

// compareAdmission tells whether the API server refuses an object, and fails when the plugin does not agree.
func (c *cluster) compareAdmission(t *testing.T, object map[string]any, namespace string) bool {
	t.Helper()
	kindName, _ := object["kind"].(string)
	online := &unstructured.Unstructured{Object: runtime.DeepCopyJSON(object)}
	created, err := c.ResourceOf(object, namespace).Create(context.Background(), online, metav1.CreateOptions{
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

// testOfflineEqualsOnline applies portfolios, and checks that the cluster comes to the specs and statuses that the plugin gets from the
// files.
func (c *cluster) testOfflineEqualsOnline(t *testing.T) {
	paths := map[string]string{
		"quickstart": cmdtest.Samples + "quickstart",
		"shop":       cmdtest.Shop,
	}
	for seed := range 4 {
		content, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": clustertest.RandomPortfolio(t, 100+seed)})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "objects.json")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		paths[fmt.Sprintf("random-%d", seed)] = path
	}
	kubectl, err := controlplane.Kubectl(c.Plane.Assets)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("motor-claim", func(t *testing.T) {
		c.NewNamespace(t, "motor-claim")
		c.createAll(t, "motor-claim", cmdtest.Samples+"motor-claim")
		if err := c.awaitOffline("motor-claim", cmdtest.Samples+"motor-claim"); err != nil {
			t.Fatal(err)
		}
	})
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		t.Run(name, func(t *testing.T) {
			c.NewNamespace(t, name)
			c.Kubectl(t, kubectl, "apply", "--server-side", "-R", "-n", name, "-f", paths[name])
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
				_, err := c.ResourceOf(object.Object, namespace).Create(context.Background(), object, metav1.CreateOptions{FieldValidation: metav1.FieldValidationStrict})
				return err
			})
		}
	})
	if err := errors.Join(err, tasks.Wait()); err != nil {
		t.Fatal(err)
	}
}

// awaitOffline waits until the cluster says what the plugin gets from the files.
func (c *cluster) awaitOffline(namespace, path string) error {
	deadline := time.Now().Add(time.Minute)
	for {
		offline := c.run("status", "-f", path, "-n", namespace, "-o", "json")
		want, got := clustertest.Content(offline.Out), clustertest.Content(c.ListAll(namespace))
		if offline.Code == cmdutil.ExitOK && reflect.DeepEqual(want, got) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("exit code %d %s\nthe cluster differs (-offline +online):\n%s", offline.Code, offline.ErrOut, cmp.Diff(want, got))
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// testReading checks that what the plugin prints of a cluster is what kubectl prints of it, byte for byte.
func (c *cluster) testReading(t *testing.T) {
	kubectl, err := controlplane.Kubectl(c.Plane.Assets)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"yaml", "json"} {
		got := c.run("status", "-n", "quickstart", "--kind", "moments", "-o", format)
		want := c.Kubectl(t, kubectl, "get", "moments", "-n", "quickstart", "-o", format)
		if diff := cmp.Diff(want, got.Out); diff != "" || got.ErrOut != "" {
			t.Errorf("%s differs from kubectl (-kubectl +plugin): %s\n%s", format, got.ErrOut, diff)
		}
	}
	for _, format := range []string{"table", "wide"} {
		got := c.run("status", "-n", "shop", "--kind", "roadmapitems", "-o", format)
		args := []string{"get", "roadmapitems", "-n", "shop", "--sort-by=.status.order"}
		if format == "wide" {
			args = append(args, "-o", "wide")
		}
		want := strings.ReplaceAll(c.Kubectl(t, kubectl, args...), "\n", "\nroadmapitem/")
		if diff := cmp.Diff(cmdtest.Words(want), cmdtest.Words(got.Out)); diff != "" {
			t.Errorf("%s differs from kubectl (-kubectl +plugin): %s\n%s", format, got.ErrOut, diff)
		}
	}
	if got := c.run("gaps", "-A", "-o", "json"); got.Code != cmdutil.ExitOK || !strings.Contains(got.Out, `"namespace": "shop"`) {
		t.Errorf("gaps of all namespaces: %+v", got)
	}
	if got := c.run("why", "moment/get-the-money-back", "-n", "quickstart"); got.Code != cmdutil.ExitOK || !strings.Contains(got.Out, "refund-on-first-scan") {
		t.Errorf("why in the cluster: %+v", got)
	}
	if got := c.run("status", "-n", "nowhere"); got.Code != cmdutil.ExitFailure || !strings.Contains(got.ErrOut, "in namespace nowhere: choose one with -n") {
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
	c.NewNamespace(t, namespace)
	journey := func(name string) {
		object := map[string]any{
			"apiVersion": kinds.APIVersion(), "kind": kinds.Journey, "metadata": map[string]any{"name": name}, "spec": map[string]any{"title": "J"},
		}
		_, err := c.ResourceOf(object, namespace).Create(t.Context(), &unstructured.Unstructured{Object: object}, metav1.CreateOptions{})
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
		ended <- Run(ctx, []string{"status", "--watch", "-n", namespace, "--kubeconfig", c.Kubeconfig}, streams)
	}()
	c.waitFor(t, &out, "journey/first")
	journey("second")
	c.waitFor(t, &out, "journey/second")
	// What is watched may go away and come back.
	all := c.ResourceOf(map[string]any{"kind": kinds.Journey}, namespace)
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
	got := c.run(cobra.ShellCompNoDescRequestCmd, "why", "--kubeconfig", c.Kubeconfig, "-n", namespace, "jny/t")
	if !strings.HasPrefix(got.Out, "jny/third\n:") {
		t.Errorf("completed to %q", got.Out)
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

// testRecord records values in the cluster and in files: the samples become the same. Writers at the same time lose nothing.
func (c *cluster) testRecord(t *testing.T) {
	const namespace = "record"
	c.NewNamespace(t, namespace)
	const metric = `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Metric","metadata":{"name":"calls"},"spec":{"title":"Calls","direction":"Decrease"}}`
	var object map[string]any
	if err := json.Unmarshal([]byte(metric), &object); err != nil {
		t.Fatal(err)
	}
	metrics := c.ResourceOf(object, namespace)
	if _, err := metrics.Create(t.Context(), &unstructured.Unstructured{Object: object}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "metric.yaml")
	if err := os.WriteFile(file, []byte("apiVersion: cx.journeyops.dev/v1alpha1\nkind: Metric\nmetadata:\n  name: calls\nspec:\n  title: Calls\n  direction: Decrease\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"412", "--on", "2026-11-01"}, {"268.5", "--on", "2026-11-15"}, {"300", "--on", "2026-11-08"}, {"300.0", "--on", "2026-11-08"},
		{"299", "--on", "2026-11-08"}, {"299", "--on", "2026-11-08", "--replace"}, {"1", "--on", "2026-11-02", "--dry-run"},
	} {
		args = append([]string{"record", "calls"}, args...)
		online, offline := c.run(append(args, "-n", namespace)...), runOffline(t, "", append(args, "-f", file)...)
		online.Out = strings.ReplaceAll(online.Out, "namespace "+namespace, file)
		if diff := cmp.Diff(offline, online); diff != "" {
			t.Errorf("%v (-offline +online):\n%s", args, diff)
		}
	}
	if got := c.run("record", "cals", "1", "-n", namespace); got.Code != cmdutil.ExitFailure || !strings.Contains(got.ErrOut, `there is no metric "cals" in namespace record`) {
		t.Errorf("%+v", got)
	}
	var writers errgroup.Group
	for day := range 4 {
		writers.Go(func() error {
			if got := c.run("record", "calls", "1", "--on", fmt.Sprintf("2026-10-0%d", day+1), "-n", namespace); got.Code != cmdutil.ExitOK {
				return errors.New(got.ErrOut)
			}
			return nil
		})
	}
	if err := writers.Wait(); err != nil {
		t.Error(err)
	}
	for day := range 4 {
		runOffline(t, "", "record", "calls", "1", "--on", fmt.Sprintf("2026-10-0%d", day+1), "-f", file)
	}
	written, err := metrics.Get(t.Context(), "calls", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var inFile map[string]any
	if err := utilyaml.Unmarshal(content, &inFile); err != nil {
		t.Fatal(err)
	}
	got, _, _ := unstructured.NestedSlice(written.Object, "spec", "samples")
	want, _, _ := unstructured.NestedFieldNoCopy(inFile, "spec", "samples")
	if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(got)); diff != "" || len(got) != 7 {
		t.Errorf("%d samples (-file +cluster):\n%s", len(got), diff)
	}
}
