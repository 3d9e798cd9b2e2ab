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
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

// shelf is a cluster for simple minds: objects by kind and name.
type shelf map[string]client.Object

func shelfKey(o client.Object) string {
	return o.GetObjectKind().GroupVersionKind().Kind + "/" + o.GetName()
}

// apply puts an object where one of its name was, with the generation that the API server gives it.
func (s shelf) apply(t *rapid.T, o client.Object) {
	o = o.DeepCopyObject().(client.Object)
	o.SetGeneration(1)
	if old := s[shelfKey(o)]; old != nil {
		o.SetGeneration(old.GetGeneration())
		if specText(t, old) != specText(t, o) {
			o.SetGeneration(old.GetGeneration() + 1)
		}
	}
	s[shelfKey(o)] = o
}

// specText is the spec as files have it.
func specText(t *rapid.T, o client.Object) string {
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var content struct{ Spec json.RawMessage }
	if err := json.Unmarshal(data, &content); err != nil {
		t.Fatal(err)
	}
	return string(content.Spec)
}

func (s shelf) objects() []client.Object {
	var list []client.Object
	for _, key := range slices.Sorted(maps.Keys(s)) {
		list = append(list, s[key])
	}
	return list
}

// read reads objects as from a file.
func read(t *rapid.T, objects []client.Object) []*source.Object {
	var stream strings.Builder
	encoder := json.NewEncoder(&stream)
	for _, o := range objects {
		if err := encoder.Encode(o); err != nil {
			t.Fatal(err)
		}
	}
	reader := &source.StateReader{Stdin: strings.NewReader(stream.String()), Namespace: portfoliotest.Namespace}
	found, err := reader.Read(context.Background(), []string{source.Stdin})
	if err != nil {
		t.Fatal(err)
	}
	return found.Objects
}

// stored gives objects the defaults that the API server fills in.
func stored(t *rapid.T, objects []client.Object) []client.Object {
	if len(objects) == 0 {
		return nil
	}
	list := make([]client.Object, len(objects))
	for i, o := range read(t, objects) {
		list[i] = o.Typed.(client.Object)
	}
	return list
}

// TestPlanIsWhatHappens checks that the statuses of which a plan speaks are those that follow from the objects that are there after files
// were applied.
func TestPlanIsWhatHappens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// A default that one side leaves out makes no other generation, so both are as the API server stores them.
		live := stored(t, portfoliotest.List(portfoliotest.Objects(t)))
		files := stored(t, portfoliotest.List(portfoliotest.Objects(t)))
		if len(live) == 0 || len(files) == 0 {
			t.Skip("nothing to apply, or nothing to apply it to")
		}
		// Some files say what is there already.
		for i, o := range files {
			for _, other := range live {
				if shelfKey(o) == shelfKey(other) && rapid.Bool().Draw(t, "unchanged") {
					files[i] = other
				}
			}
		}
		prune := rapid.Bool().Draw(t, "prune")
		before, after := shelf{}, shelf{}
		for _, o := range live {
			o.SetGeneration(int64(rapid.IntRange(1, 3).Draw(t, "generation")))
			before[shelfKey(o)] = o
			after[shelfKey(o)] = o
		}
		for _, o := range files {
			after.apply(t, o)
		}
		if prune {
			applied := shelf{}
			for _, o := range files {
				applied[shelfKey(o)] = after[shelfKey(o)]
			}
			after = applied
		}
		want := portfolio.Evaluate(portfoliotest.FromList(after.objects()), portfoliotest.Today)

		for i, o := range files {
			files[i] = o.DeepCopyObject().(client.Object)
			files[i].SetGeneration(0)
		}
		states := &comparedStates{asOf: portfoliotest.Today, before: read(t, before.objects())}
		states.after = applied(states.before, read(t, files), prune)
		_, got := states.evaluate(byNamespace(states.before)[portfoliotest.Namespace], byNamespace(states.after)[portfoliotest.Namespace])
		if difference := cmp.Diff(want.Statuses, got.Evaluation.Statuses); difference != "" {
			t.Fatalf("the plan is not what happens (-happens +plan):\n%s", difference)
		}
	})
}
