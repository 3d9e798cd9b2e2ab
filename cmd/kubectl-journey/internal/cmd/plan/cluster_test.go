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

package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/internal/version"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/clustertest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

// cluster is a cluster for which changes are planned.
type cluster struct{ *clustertest.Cluster }

func (c *cluster) run(args ...string) cmdtest.Outcome { return c.Run(commands, args...) }

// TestPlanCluster holds plans against a real cluster with the operator's controllers.
func TestPlanCluster(t *testing.T) {
	c := &cluster{clustertest.Start(t)}
	kubectl, err := controlplane.Kubectl(c.Plane.Assets)
	if err != nil {
		t.Fatal(err)
	}
	c.StartControllers(t)
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
		{"back", "edited", theCluster, []string{"--against", "edited"}, []string{cmdutil.OutputText, outputMarkdown, cmdutil.OutputJSON}},
	} {
		for _, format := range test.formats {
			got := c.run(append(test.args, "plan", "-n", "default", "--as-of", cmdtest.Today.Format(time.DateOnly), "-o", format)...)
			want, err := os.ReadFile(filepath.Join(here, "testdata", "golden", "plan-"+test.golden+"-"+format+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			if difference := cmp.Diff(renamed(string(want), format, test.golden, test.old, test.changed), renamed(got.Out, format, "", "", "")); difference != "" || got.Code != cmdutil.ExitOK {
				t.Errorf("%s %s differs from that of files (%d) (-files +cluster): %s\n%s", test.golden, format, got.Code, got.ErrOut, difference)
			}
		}
	}

	predicted := c.predict(t, "default", "edited", false)
	pruned := c.run("plan", "-n", "default", "-f", "edited/roadmap.yaml", "--prune")
	if pruned.Code != cmdutil.ExitOK || !strings.Contains(pruned.Out, "706 objects removed.") {
		t.Errorf("pruned: %+v", pruned)
	}
	all := c.run("plan", "-A", "-f", "sample")
	if all.Code != cmdutil.ExitOK || all.Out != "Nothing changes: the cluster and the cluster with sample hold the same 707 objects.\n" {
		t.Errorf("all namespaces: %+v", all)
	}
	c.apply(t, kubectl, "default", "edited")
	c.await(t, "default", predicted["default"])
	if again := c.run("plan", "-n", "default", "-f", "edited", "--fail-on", "any"); again.Code != cmdutil.ExitOK || !strings.HasPrefix(again.Out, "Nothing changes") {
		t.Errorf("after the apply: %+v", again)
	}
	empty := c.run("plan", "-n", "kube-public", "-f", "sample")
	if empty.Code != cmdutil.ExitOK || !strings.Contains(empty.Out, "707 objects added.") {
		t.Errorf("an empty namespace: %+v", empty)
	}
}

// renamed replaces the names of the states where a format has them; longer names may fill lines otherwise.
func renamed(text, format, golden, old, changed string) string {
	text = strings.ReplaceAll(text, `"version": "`+version.String()+`"`, `"version": "(version)"`)
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
	if format == cmdutil.OutputText {
		return strings.Join(strings.Fields(text), " ")
	}
	return text
}

// testPlanHappens edits two namespaces of a cluster at random, some edits small and some large, half of them with --prune. What comes of
// each has to be what was predicted, in every field of every status.
func (c *cluster) testPlanHappens(t *testing.T, kubectl string, seed int) {
	t.Chdir(t.TempDir())
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	namespaces := []string{fmt.Sprintf("happens-%d-a", seed), fmt.Sprintf("happens-%d-b", seed)}
	files := map[string]map[string]map[string]any{}
	for _, namespace := range namespaces {
		c.NewNamespace(t, namespace)
		files[namespace] = map[string]map[string]any{}
	}
	for step := range 6 {
		var items []map[string]any
		for n, namespace := range namespaces {
			editAtRandom(random, files[namespace], clustertest.RandomPortfolio(t, 1000+100*seed+10*n+step), namespace)
			items = slices.AppendSeq(items, maps.Values(files[namespace]))
		}
		data, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("files.json", data, 0o600); err != nil {
			t.Fatal(err)
		}
		c.testPlanStep(t, kubectl, namespaces, step%2 == 1)
	}
}

// editAtRandom takes away some objects of a namespace, and puts objects of another portfolio there: in the place of others, and new.
func editAtRandom(random *rand.Rand, files map[string]map[string]any, other []map[string]any, namespace string) {
	for _, key := range slices.Sorted(maps.Keys(files)) {
		// An empty namespace would not be read.
		if random.IntN(10) == 0 && len(files) > 1 {
			delete(files, key)
		}
	}
	oneIn := []int{1, 3, 10}[random.IntN(3)]
	for _, object := range other {
		metadata, _ := object["metadata"].(map[string]any)
		metadata["namespace"] = namespace
		if len(files) == 0 || random.IntN(oneIn) == 0 {
			files[fmt.Sprint(object["kind"], "/", metadata["name"])] = object
		}
	}
}

// testPlanStep applies files, with --prune takes away what they lack, and compares what comes of it with the prediction and the plan.
func (c *cluster) testPlanStep(t *testing.T, kubectl string, namespaces []string, prune bool) {
	t.Helper()
	predicted := c.predict(t, "", "files.json", prune)
	args := []string{"plan", "-f", "files.json", "-o", "json"}
	if prune {
		args = append(args, "--prune")
	}
	told := c.run(args...)
	var p diff.Plan
	if err := json.Unmarshal([]byte(told.Out), &p); err != nil {
		t.Fatalf("%v: %s", err, told.ErrOut)
	}
	before := map[string]facts{}
	for _, namespace := range namespaces {
		before[namespace] = c.facts(t, namespace)
	}

	states := c.states(t, "", "files.json", prune)
	c.Kubectl(t, kubectl, "apply", "--server-side", "-f", "files.json")
	kept := map[objectKey]bool{}
	for _, o := range states.after {
		kept[keyOf(o)] = true
	}
	for _, o := range states.before {
		if !kept[keyOf(o)] {
			if err := c.ResourceOf(o.Content, o.Namespace).Delete(context.Background(), o.Name, metav1.DeleteOptions{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, namespace := range namespaces {
		c.await(t, namespace, predicted[namespace])
		want := before[namespace]
		for n := range p.Portfolios {
			if p.Portfolios[n].Namespace == namespace {
				want.apply(&p.Portfolios[n])
			}
		}
		if difference := cmp.Diff(want, c.facts(t, namespace)); difference != "" {
			t.Fatalf("%s is not as planned (-before, and the plan +after):\n%s", namespace, difference)
		}
	}
}

// facts are what a plan tells changes of: how moments and items stand, by name.
type facts struct {
	Moments map[string]momentFacts
	Items   map[string]itemFacts
}

type momentFacts struct {
	Blocked, Expected string
	AtRisk, Realized  bool
}

type itemFacts struct {
	Scheduled bool
	Finish    string
}

// apply makes facts what a plan says that they become.
func (f *facts) apply(p *diff.Portfolio) {
	for _, m := range p.Moments {
		delete(f.Moments, m.Name)
		if s := m.After; s != nil {
			f.Moments[m.Name] = momentFacts{s.Blocked, string(s.Expected), s.AtRisk, s.Realized}
		}
	}
	for _, i := range p.Items {
		delete(f.Items, i.Name)
		if s := i.After; s != nil && s.Rank > 0 {
			f.Items[i.Name] = itemFacts{true, string(s.Finish)}
		} else if s != nil {
			f.Items[i.Name] = itemFacts{}
		}
	}
}

// facts reads the facts of a namespace.
func (c *cluster) facts(t *testing.T, namespace string) facts {
	t.Helper()
	f := facts{map[string]momentFacts{}, map[string]itemFacts{}}
	var list struct{ Items []json.RawMessage }
	if err := json.Unmarshal([]byte(c.ListAll(namespace)), &list); err != nil {
		t.Fatal(err)
	}
	for _, data := range list.Items {
		var kind metav1.TypeMeta
		var moment cxv1alpha1.Moment
		var item cxv1alpha1.RoadmapItem
		if err := json.Unmarshal(data, &kind); err != nil {
			t.Fatal(err)
		}
		switch kind.Kind {
		case kinds.Moment:
			if err := json.Unmarshal(data, &moment); err != nil {
				t.Fatal(err)
			}
			status := func(condition string) string {
				if found := meta.FindStatusCondition(moment.Status.Conditions, condition); found != nil {
					return string(found.Status)
				}
				return ""
			}
			f.Moments[moment.Name] = momentFacts{
				status(cxv1alpha1.ConditionBlocked), string(moment.Status.ExpectedDate),
				status(cxv1alpha1.ConditionAtRisk) == "True", status(cxv1alpha1.ConditionRealized) == "True",
			}
		case kinds.RoadmapItem:
			if err := json.Unmarshal(data, &item); err != nil {
				t.Fatal(err)
			}
			f.Items[item.Name] = itemFacts{}
			if item.Status.Priority != nil {
				f.Items[item.Name] = itemFacts{true, string(item.Status.Schedule.ExpectedFinish)}
			}
		}
	}
	return f
}

func (c *cluster) apply(t *testing.T, kubectl, namespace, path string) {
	t.Helper()
	c.Kubectl(t, kubectl, "apply", "--server-side", "-R", "-n", namespace, "-f", path)
}

// states are those that a plan compares.
func (c *cluster) states(t *testing.T, namespace, path string, prune bool) *comparedStates {
	t.Helper()
	f := cmdutil.NewFactory(genericiooptions.IOStreams{In: strings.NewReader(""), Out: os.Stdout, ErrOut: os.Stderr}, time.Now)
	f.Config.KubeConfig, f.Config.Namespace = &c.Kubeconfig, &namespace
	o := &Options{InputFlags: cmdutil.NewInputFlags(f), Prune: prune}
	o.Files = []string{path}
	states, err := o.read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return states
}

// predict tells what each namespace of the cluster will hold after files were applied, with every status.
func (c *cluster) predict(t *testing.T, namespace, path string, prune bool) map[string]any {
	t.Helper()
	states := c.states(t, namespace, path, prune)
	predicted := map[string]any{}
	for _, p := range evaluate.All(states.after, states.asOf) {
		items := []any{}
		for _, o := range p.Objects {
			items = append(items, withStatus(t, p, o))
		}
		data, err := json.Marshal(map[string]any{"items": items})
		if err != nil {
			t.Fatal(err)
		}
		predicted[p.Namespace] = clustertest.Content(string(data))
	}
	return predicted
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
		difference := cmp.Diff(predicted, clustertest.Content(c.ListAll(namespace)))
		if difference == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the cluster is not as predicted (-predicted +cluster):\n%s", difference)
		}
		time.Sleep(200 * time.Millisecond)
	}
}
