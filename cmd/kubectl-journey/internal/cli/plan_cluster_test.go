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
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

// TestPlanCluster holds plans against a real cluster with the operator's controllers.
func TestPlanCluster(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a control plane")
	}
	c := startCluster(t)
	kubectl, err := controlplane.Kubectl(c.plane.Assets)
	if err != nil {
		t.Fatal(err)
	}
	c.startControllers(t)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("golden", func(t *testing.T) { c.testPlanGolden(t, kubectl, here) })
	for seed := range 3 {
		t.Run(fmt.Sprintf("what happens %d", seed), func(t *testing.T) { c.testPlanHappens(t, kubectl, seed) })
	}
}

// testPlanGolden plans the edited sample for a cluster with the sample. But for the names of the states that is what comes of files.
func (c *cluster) testPlanGolden(t *testing.T, kubectl, here string) {
	sampleAndEdited(t)
	c.apply(t, kubectl, "default", "sample")
	for _, test := range []struct {
		golden, old, changed string
		args                 []string
		formats              []string
	}{
		{"there", theCluster, theCluster + " with edited", []string{"-f", "edited"}, planFormats},
		{"back", "edited", theCluster, []string{"--against", "edited"}, []string{outputText, outputMarkdown, outputJSON}},
	} {
		for _, format := range test.formats {
			got := c.run(append(test.args, "plan", "-n", "default", "--as-of", today.Format(time.DateOnly), "-o", format)...)
			want, err := os.ReadFile(filepath.Join(here, "testdata", "golden", "plan-"+test.golden+"-"+format+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(renamed(string(want), format, test.golden, test.old, test.changed), renamed(got.out, format, "", "", "")); diff != "" || got.code != exitOK {
				t.Errorf("%s %s differs from that of files (%d) (-files +cluster): %s\n%s", test.golden, format, got.code, got.errOut, diff)
			}
		}
	}

	predicted := c.predict(t, "default", "edited", false)
	pruned := c.run("plan", "-n", "default", "-f", "edited/roadmap.yaml", "--prune")
	if pruned.code != exitOK || !strings.Contains(pruned.out, "691 objects removed.") {
		t.Errorf("pruned: %+v", pruned)
	}
	all := c.run("plan", "-A", "-f", "sample")
	if all.code != exitOK || all.out != "Nothing changes: the cluster and the cluster with sample hold the same 692 objects.\n" {
		t.Errorf("all namespaces: %+v", all)
	}
	c.apply(t, kubectl, "default", "edited")
	c.await(t, "default", predicted)
	if again := c.run("plan", "-n", "default", "-f", "edited", "--fail-on", "any"); again.code != exitOK || !strings.HasPrefix(again.out, "Nothing changes") {
		t.Errorf("after the apply: %+v", again)
	}
	empty := c.run("plan", "-n", "kube-public", "-f", "sample")
	if empty.code != exitOK || !strings.Contains(empty.out, "692 objects added.") {
		t.Errorf("an empty namespace: %+v", empty)
	}
}

// renamed replaces the names of the states where a format has them; longer names may fill lines otherwise.
func renamed(text, format, golden, old, changed string) string {
	text = strings.ReplaceAll(text, `"version": "`+buildVersion()+`"`, `"version": "(version)"`)
	if golden != "" {
		from, to := "sample", "edited"
		if golden == "back" {
			from, to = to, from
		}
		text = strings.NewReplacer(
			"From "+from+" to "+to+":", "From "+old+" to "+changed+":", "From `"+from+"` to `"+to+"`", "From `"+old+"` to `"+changed+"`",
			`"old": "`+from+`"`, `"old": "`+old+`"`, `"new": "`+to+`"`, `"new": "`+changed+`"`,
		).Replace(text)
	}
	if format == outputText {
		return strings.Join(strings.Fields(text), " ")
	}
	return text
}

// testPlanHappens applies random objects over others, and takes away those that are left; what comes of it has to be what was predicted.
func (c *cluster) testPlanHappens(t *testing.T, kubectl string, seed int) {
	namespace := fmt.Sprintf("happens-%d", seed)
	c.newNamespace(t, namespace)
	t.Chdir(t.TempDir())
	for n, name := range []string{"old.json", "new.json"} {
		content, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": randomPortfolio(t, 1000+2*seed+n)})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	predicted := c.predict(t, namespace, "old.json", false)
	c.apply(t, kubectl, namespace, "old.json")
	c.await(t, namespace, predicted)

	predicted = c.predict(t, namespace, "new.json", false)
	c.apply(t, kubectl, namespace, "new.json")
	c.await(t, namespace, predicted)

	predicted = c.predict(t, namespace, "new.json", true)
	kept := map[objectKey]bool{}
	for _, o := range c.states(t, namespace, "new.json", true).after {
		kept[keyOf(o)] = true
	}
	for _, o := range c.states(t, namespace, "new.json", false).before {
		if !kept[keyOf(o)] {
			if err := c.resource(o.Content, namespace).Delete(context.Background(), o.Name, metav1.DeleteOptions{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	c.await(t, namespace, predicted)
}

func (c *cluster) apply(t *testing.T, kubectl, namespace, path string) {
	t.Helper()
	c.kubectl(t, kubectl, "apply", "--server-side", "-R", "-n", namespace, "-f", path)
}

// states are those that a plan compares.
func (c *cluster) states(t *testing.T, namespace, path string, prune bool) *planStates {
	t.Helper()
	flags := genericclioptions.NewConfigFlags(true)
	flags.KubeConfig, flags.Namespace = &c.kubeconfig, &namespace
	o := &planOptions{options: newOptions(genericiooptions.IOStreams{In: strings.NewReader(""), Out: os.Stdout, ErrOut: os.Stderr}, flags, time.Now), prune: prune}
	command := newPlan(o.options)
	o.files = []string{path}
	command.SetContext(t.Context())
	states, err := o.read(command, nil)
	if err != nil {
		t.Fatal(err)
	}
	return states
}

// predict tells what the cluster will hold after files were applied, with every status.
func (c *cluster) predict(t *testing.T, namespace, path string, prune bool) any {
	t.Helper()
	states := c.states(t, namespace, path, prune)
	items := []any{}
	for _, p := range evaluate.All(states.after, states.asOf) {
		for _, o := range p.Objects {
			items = append(items, withStatus(t, p, o))
		}
	}
	data, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		t.Fatal(err)
	}
	return content(string(data))
}

func withStatus(t *testing.T, p *evaluate.Portfolio, o *source.Object) map[string]any {
	t.Helper()
	object, err := p.Content(o)
	if err != nil {
		t.Fatal(err)
	}
	object["metadata"] = map[string]any{"name": o.Name, "namespace": o.Namespace, "generation": o.Typed.GetGeneration()}
	return object
}

// await waits until the cluster holds what was predicted.
func (c *cluster) await(t *testing.T, namespace string, predicted any) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		diff := cmp.Diff(predicted, content(c.listAll(namespace)))
		if diff == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the cluster is not as predicted (-predicted +cluster):\n%s", diff)
		}
		time.Sleep(200 * time.Millisecond)
	}
}
