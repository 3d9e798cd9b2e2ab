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

package gitops

import (
	"flag"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

var update = flag.Bool("update", false, "rewrite the test data of the scripts for Argo CD with the objects of this run")

// specs are one object of each kind. The moment is blocked: its requirement waits for work that is only proposed.
var specs = map[string]map[string]any{
	cxv1alpha1.JourneyKind: {"title": "Example", "phases": []any{map[string]any{"name": "begin"}}},
	cxv1alpha1.MomentKind: {
		"title": "Example", "journeyRef": map[string]any{"name": "example"}, "phase": "begin", "importance": int64(50),
	},
	cxv1alpha1.RequirementKind: {
		"title": "Example", "moscow": "Must", "momentRefs": []any{map[string]any{"name": "example"}},
		"buildingBlockRef": map[string]any{"name": "example"},
	},
	cxv1alpha1.BuildingBlockKind: {"title": "Example", "stages": []any{map[string]any{"name": "first", "effortDays": int64(5)}}},
	cxv1alpha1.RoadmapItemKind:   {"title": "Example", "delivers": []any{map[string]any{"name": "example"}}},
	cxv1alpha1.RoadmapKind:       {},
	cxv1alpha1.MetricKind: {
		"title": "Example", "direction": "Increase", "journeyRef": map[string]any{"name": "example"},
	},
}

// TestHealth goes through the life of a portfolio with a real API server and the operator, and asks all tools at each step
// what they make of it.
func TestHealth(t *testing.T) {
	c := newCluster(t, "health")
	program := buildOperator(t)
	scenes := newScenes()
	want := func(state string, expected verdicts, kinds ...string) {
		t.Helper()
		for _, kind := range kinds {
			object := c.get(t, kind)
			if diff := cmp.Diff(expected, judge(t, object)); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s\nstatus: %v", kind, state, diff, object.Object["status"])
			}
			scenes.add(t, state, object)
		}
	}

	// Nobody has seen the objects: a sync with the operator down must not pass.
	missing := []string{cxv1alpha1.JourneyKind, cxv1alpha1.BuildingBlockKind}
	dangling := []string{cxv1alpha1.MomentKind, cxv1alpha1.RequirementKind, cxv1alpha1.RoadmapItemKind, cxv1alpha1.MetricKind}
	for _, kind := range append(dangling, cxv1alpha1.RoadmapKind) {
		c.create(t, kind, specs[kind])
	}
	want("unevaluated", inProgress, append(dangling, cxv1alpha1.RoadmapKind)...)

	// What they refer to may still come.
	operator := c.startOperator(t, program)
	for _, kind := range dangling {
		c.wantSoon(t, kind, "dangling", isReady("False"))
	}
	want("dangling", inProgress, dangling...)

	// It comes, and all heals. Blocked is no fault.
	for _, kind := range missing {
		c.create(t, kind, specs[kind])
	}
	for kind := range specs {
		c.wantSoon(t, kind, "accepted", isReady("True"))
	}
	c.wantSoon(t, cxv1alpha1.MomentKind, "blocked", hasCondition(cxv1alpha1.ConditionBlocked, "True"))
	want("accepted", current, kindsOf(specs)...)

	// Nothing but an edit ends a cycle.
	cyclic := []string{cxv1alpha1.BuildingBlockKind, cxv1alpha1.RoadmapItemKind}
	itself := `"dependsOn": [{"name": "example"}]`
	c.patch(t, cxv1alpha1.RoadmapItemKind, `{"spec": {`+itself+`}}`)
	c.patch(t, cxv1alpha1.BuildingBlockKind, `{"spec": {"stages": [{"name": "first", "effortDays": 5, `+itself+`}]}}`)
	for _, kind := range cyclic {
		c.wantSoon(t, kind, "in a cycle", hasCondition(cxv1alpha1.ConditionStalled, "True"))
	}
	want("cycle", failed, cyclic...)
	c.patch(t, cxv1alpha1.RoadmapItemKind, `{"spec": {"dependsOn": null}}`)
	c.patch(t, cxv1alpha1.BuildingBlockKind, `{"spec": {"stages": [{"name": "first", "effortDays": 5}]}}`)
	for _, kind := range cyclic {
		c.wantSoon(t, kind, "healed", isReady("True"))
	}
	want("accepted", current, cyclic...)

	// What is kept by a finalizer is on its way out, however it stands.
	const finalizer = `{"metadata": {"finalizers": ["example.com/wait"]}}`
	for kind := range specs {
		c.patch(t, kind, finalizer)
		if err := c.Delete(t.Context(), c.get(t, kind)); err != nil {
			t.Fatal(err)
		}
		c.wantSoon(t, kind, "evaluated anew", isReady("True"))
	}
	want("deleting", terminating, kindsOf(specs)...)
	for kind := range specs {
		c.patch(t, kind, `{"metadata": {"finalizers": null}}`)
	}

	// The operator is down again: neither new objects nor edits pass.
	for kind := range specs {
		c.create(t, kind, specs[kind])
	}
	for kind := range specs {
		c.wantSoon(t, kind, "accepted", isReady("True"))
	}
	operator.stop(t)
	for kind := range specs {
		c.patch(t, kind, edits[kind])
	}
	want("edited", inProgress, kindsOf(specs)...)
	for _, kind := range missing {
		if err := c.Delete(t.Context(), c.get(t, kind)); err != nil {
			t.Fatal(err)
		}
		c.create(t, kind, specs[kind])
	}
	want("unevaluated", inProgress, missing...)

	if *update {
		scenes.write(t)
	}
}

// edits change the spec of each kind.
var edits = map[string]string{
	cxv1alpha1.JourneyKind:       `{"spec": {"title": "Edited"}}`,
	cxv1alpha1.MomentKind:        `{"spec": {"title": "Edited"}}`,
	cxv1alpha1.RequirementKind:   `{"spec": {"title": "Edited"}}`,
	cxv1alpha1.BuildingBlockKind: `{"spec": {"title": "Edited"}}`,
	cxv1alpha1.RoadmapItemKind:   `{"spec": {"title": "Edited"}}`,
	cxv1alpha1.RoadmapKind:       `{"spec": {"momentOfTruthPercent": 300}}`,
	cxv1alpha1.MetricKind:        `{"spec": {"title": "Edited"}}`,
}

func kindsOf(specs map[string]map[string]any) []string {
	var kinds []string
	for kind := range cxv1alpha1.EvaluatedKinds() {
		if specs[kind.Name] != nil {
			kinds = append(kinds, kind.Name)
		}
	}
	return kinds
}

// isReady tells whether the operator has seen the object as it is, and says this of its Ready.
func isReady(status string) func(*unstructured.Unstructured) bool {
	return hasCondition(cxv1alpha1.ConditionReady, status)
}

func hasCondition(conditionType, status string) func(*unstructured.Unstructured) bool {
	return func(object *unstructured.Unstructured) bool {
		observed, _, _ := unstructured.NestedInt64(object.Object, "status", "observedGeneration")
		conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
		for _, entry := range conditions {
			condition := entry.(map[string]any)
			if condition["type"] == conditionType {
				return condition["status"] == status && observed == object.GetGeneration()
			}
		}
		return false
	}
}

// TestEveryKindIsTested fails for a new kind until it is here.
func TestEveryKindIsTested(t *testing.T) {
	for kind := range cxv1alpha1.EvaluatedKinds() {
		if specs[kind.Name] == nil {
			t.Errorf("there is no %s in this test", kind.Name)
		}
	}
}
