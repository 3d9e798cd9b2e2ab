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

package v1alpha1_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

const (
	maxAnnotations = 262_144
	lastApplied    = "kubectl.kubernetes.io/last-applied-configuration"
)

// says runs kubectl, which must succeed without a complaint, and returns what it says.
func (c *cluster) says(t *testing.T, args ...string) string {
	t.Helper()
	stdout, stderr, err := c.kubectl(t, args...)
	if err != nil || stderr != "" {
		t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, stderr)
	}
	return stdout
}

// TestPlainApplyOfTheDefinitions installs the CRDs as people do who do not know of --server-side.
func TestPlainApplyOfTheDefinitions(t *testing.T) {
	c := theCluster(t)
	_, stderr, err := c.kubectl(t, "apply", "-f", filepath.Join("..", "..", "config", "crd", "bases"))
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	for line := range strings.Lines(stderr) {
		// It says so of what was not made with apply before.
		if !strings.Contains(line, lastApplied) {
			t.Errorf("the API server warns: %s", line)
		}
	}
	crds := &apiextensionsv1.CustomResourceDefinitionList{}
	if err := json.Unmarshal([]byte(c.says(t, "get", "crds", "-o", "json")), crds); err != nil {
		t.Fatal(err)
	}
	if len(crds.Items) != len(minimal) {
		t.Errorf("%d CRDs are installed, want %d", len(crds.Items), len(minimal))
	}
	for i := range crds.Items {
		wantApplied(t, &crds.Items[i])
	}
}

func wantApplied(t *testing.T, definition *apiextensionsv1.CustomResourceDefinition) {
	t.Helper()
	size := 0
	for key, value := range definition.Annotations {
		size += len(key) + len(value)
	}
	if definition.Annotations[lastApplied] == "" || size > maxAnnotations/2 {
		t.Errorf("%s: annotations of %d bytes, want what was applied in less than half of the %d there may be",
			definition.Name, size, maxAnnotations)
	}
	for _, condition := range definition.Status.Conditions {
		bad := condition.Type == apiextensionsv1.NonStructuralSchema && condition.Status == apiextensionsv1.ConditionTrue ||
			condition.Type == apiextensionsv1.Established && condition.Status != apiextensionsv1.ConditionTrue
		if bad {
			t.Errorf("%s: %s is %s: %s", definition.Name, condition.Type, condition.Status, condition.Message)
		}
	}
}

// TestApplyLeavesTheStatusToTheOperator applies an object as it was exported, with a status: in both ways, before and after
// the operator has written its own.
func TestApplyLeavesTheStatusToTheOperator(t *testing.T) {
	c := theCluster(t)
	for name, apply := range map[string][]string{"by-client": {"apply"}, "by-server": {"apply", "--server-side"}} {
		object := patched(t, "Requirement", `{metadata: {name: `+name+`}, status: {observedGeneration: 7}}`)
		file := filepath.Join(t.TempDir(), "object.json")
		if err := os.WriteFile(file, []byte(mustJSON(t, object)), 0o600); err != nil {
			t.Fatal(err)
		}
		apply = append(apply, "-f", file)
		c.says(t, apply...)
		c.removeAfter(t, object)
		wantObserved := func(want string) {
			t.Helper()
			if got := c.says(t, "get", "requirement", name, "-o", "jsonpath={.status.observedGeneration}"); got != want {
				t.Errorf("%s: observedGeneration is %q, want %s", name, got, want)
			}
		}
		wantObserved("-1")
		c.says(t, apply...)
		wantObserved("-1")
		c.says(t, "patch", "requirement", name, "--subresource=status", "--type=json",
			"-p", `[{"op": "add", "path": "/status", "value": {"observedGeneration": 1}}]`)
		c.says(t, apply...)
		wantObserved("1")
	}
}

func TestKubectlExplain(t *testing.T) {
	c := theCluster(t)
	for field, want := range map[string]string{
		"moment":                                  "is a point in a customer journey where customer and company meet.",
		"moment.spec.importance":                  "to the customer, from 1 (hardly matters) to 100 (matters most).",
		"jny.spec.weightPercent":                  "in percent (0-1000).",
		"rmi.spec.state":                          "Proposed, Planned, InProgress, Done or Cancelled.",
		"bb.spec.stages.effortDays":               "in working days of a team (0-100000).",
		"req.status.deliveredBy":                  "names the roadmap item that delivers the requirement",
		"roadmap.spec":                            "planning policy.",
		"met.spec.direction":                      "in which the values get better: Increase or Decrease.",
		"met.spec.samples.value":                  "that was measured.",
		"obs.spec.observedOn":                     "is the day of the last look, in UTC.",
		"src.spec.namespaceSelector":              "tells which namespaces may use the source, by their labels.",
		"rmi.spec.hypothesis.expectedDelta":       "a positive number, in the direction of the metric.",
		"bb.spec.stages.deliveredWhen.expression": "a CEL expression over self, the object.",
		"moment.status.blockedBy.critical":        "tells that the item is on the critical chain",
	} {
		// It breaks lines where the terminal ends.
		text := strings.Join(strings.Fields(c.says(t, "explain", field)), " ")
		if !strings.Contains(text, want) {
			t.Errorf("kubectl explain %s says\n%s\nwant %q", field, text, want)
		}
	}
}

// TestKubectlGet holds on to the names that people type, and the columns that they, and scripts, read.
func TestKubectlGet(t *testing.T) {
	c := theCluster(t)
	for kind := range minimal {
		c.store(t, patched(t, kind, "{}"))
	}
	for _, test := range []struct{ names, columns, wide string }{
		{
			"jny journey journeys", "NAME READY BLOCKED MOMENTS WAITING AT RISK REALIZED PROGRESS EXPECTED NEXT",
			"READY REASON STRATEGY ELABORATED GROUPED PLANNED VALUE MEASURED REVIEWED TITLE",
		},
		{
			"mom moment moments", "NAME READY JOURNEY PHASE BLOCKED REASON BLOCKERS EXPECTED NEEDED BY",
			"READY REASON TRUTH VALUE PROGRESS AT RISK SLACK REALIZED MEASURED TITLE",
		},
		{
			"req requirement requirements", "NAME READY MOSCOW BLOCK STAGE DELIVERED REASON BY EXPECTED",
			"READY REASON TYPE VALUE MOMENTS TITLE",
		},
		{
			"bb buildingblock buildingblocks", "NAME READY STAGE DELIVERED PLANNED REQUIREMENTS MOMENTS VALUE",
			"READY REASON COMPLEXITY FEASIBILITY SOURCING OPEN VALUE PROVEN TITLE",
		},
		{
			"rmi roadmapitem roadmapitems", "NAME READY RANK SCORE STATE TEAM BLOCKED REASON MOMENTS EXPECTED TARGET",
			"READY REASON TRACK BUNDLE SHARE START ON TRACK HYPOTHESIS PROVEN TRACKER TITLE",
		},
		{
			"roadmap roadmaps", "NAME READY BUNDLES NEXT UNPLANNED VALUE DELIVERED",
			"READY REASON PLANNED NO PLAN",
		},
		{
			"met metric metrics", "NAME READY VALUE TARGET UNIT CHANGE FRESH ON TARGET LATEST",
			"READY REASON SAMPLES HYPOTHESES TITLE",
		},
		{
			"obs observation observations", "NAME KIND OF SOURCE OBSERVED STATE PROBLEM",
			"MESSAGE",
		},
		{
			"src source sources", "NAME TYPE URL INTERVAL PER MINUTE",
			"",
		},
	} {
		names := strings.Fields(test.names)
		for _, name := range names {
			wantHeader(t, c.says(t, "get", name), test.columns+" AGE")
		}
		wantHeader(t, c.says(t, "get", names[0], "-o", "wide"), strings.TrimSpace(test.columns+" "+test.wide)+" AGE")
	}
}

func wantHeader(t *testing.T, table, want string) {
	t.Helper()
	header, _, _ := strings.Cut(table, "\n")
	if got := strings.Join(strings.Fields(header), " "); got != want {
		t.Errorf("columns\n%s\nwant\n%s", got, want)
	}
}

// TestKubectlGetCategory asks for all kinds at once.
func TestKubectlGetCategory(t *testing.T) {
	c := theCluster(t)
	var want []string
	for kind := range minimal {
		object := patched(t, kind, "{}")
		c.store(t, object)
		want = append(want, strings.ToLower(kind)+".cx.journeyops.dev/"+object.GetName())
	}
	got := strings.Fields(c.says(t, "get", "cx", "-o", "name"))
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("kubectl get cx lists %v, want %v", got, want)
	}
}

// TestSelectableFields selects by each of the fields that the CRDs offer for it.
func TestSelectableFields(t *testing.T) {
	c := theCluster(t)
	offered := 0
	for _, definition := range definitions(t) {
		offered += len(definition.Spec.Versions[0].SelectableFields)
	}
	tests := []struct{ kind, patch, other, selector string }{
		{"Journey", `spec: {perspective: AsIs}`, `spec: {perspective: ToBe}`, "spec.perspective=AsIs"},
		{"Journey", `spec: {owner: Ann Lee}`, `{}`, "spec.owner=Ann Lee"},
		{"Moment", `spec: {journeyRef: {name: a}}`, `spec: {journeyRef: {name: b}}`, "spec.journeyRef.name=a"},
		{"Moment", `spec: {phase: a}`, `spec: {phase: b}`, "spec.phase=a"},
		{"Moment", `spec: {momentOfTruth: true}`, `{}`, "spec.momentOfTruth=true"},
		{"Moment", `spec: {owner: Sales}`, `{}`, "spec.owner=Sales"},
		{"Requirement", `spec: {moscow: Wont}`, `{}`, "spec.moscow=Wont"},
		{"Requirement", `spec: {type: Data}`, `{}`, "spec.type=Data"},
		{"Requirement", `spec: {buildingBlockRef: {name: a}}`, `{}`, "spec.buildingBlockRef.name=a"},
		{"Requirement", `spec: {buildingBlockRef: {name: a, stage: s}}`, `spec: {buildingBlockRef: {name: a, stage: t}}`, "spec.buildingBlockRef.stage=s"},
		{"Requirement", `spec: {owner: Sales}`, `{}`, "spec.owner=Sales"},
		{"Requirement", `status: {deliveredBy: a}`, `status: {deliveredBy: b}`, "status.deliveredBy=a"},
		{"BuildingBlock", `spec: {complexity: High}`, `{}`, "spec.complexity=High"},
		{"BuildingBlock", `spec: {sourcing: Buy}`, `spec: {sourcing: Build}`, "spec.sourcing=Buy"},
		{"RoadmapItem", `spec: {state: InProgress}`, `{}`, "spec.state=InProgress"},
		{"RoadmapItem", `spec: {team: a}`, `spec: {team: b}`, "spec.team=a"},
		{"RoadmapItem", `spec: {track: IT}`, `{}`, "spec.track=IT"},
		{"RoadmapItem", `spec: {owner: Ann Lee}`, `{}`, "spec.owner=Ann Lee"},
		{"RoadmapItem", `status: {track: IT}`, `status: {track: Marketing}`, "status.track=IT"},
		{"RoadmapItem", `spec: {hypothesis: {metricRef: {name: a}, expectedDelta: 1}}`, `{}`, "spec.hypothesis.metricRef.name=a"},
		{"Metric", `spec: {type: NPS}`, `{}`, "spec.type=NPS"},
		{"Metric", `spec: {owner: Sales}`, `{}`, "spec.owner=Sales"},
		{"Metric", `spec: {journeyRef: {name: a}}`, `spec: {journeyRef: {name: b}}`, "spec.journeyRef.name=a"},
		{"Metric", `spec: {sourceRef: {name: a}, query: up}`, `spec: {sourceRef: {name: b}, query: up}`, "spec.sourceRef.name=a"},
		{"Observation", `{}`, `spec: {of: {kind: RoadmapItem}}`, "spec.of.kind=Metric"},
		{"Observation", `spec: {of: {name: a}}`, `{}`, "spec.of.name=a"},
		{"Observation", `spec: {sourceRef: {name: a}}`, `{}`, "spec.sourceRef.name=a"},
		// A default counts, and what is not set is found as the empty text.
		{"RoadmapItem", `{}`, `spec: {team: b}`, "spec.team=,spec.state=Proposed"},
		{"Moment", `{}`, `spec: {momentOfTruth: true}`, "spec.momentOfTruth!=true"},
	}
	if len(tests) != offered+2 {
		t.Errorf("%d fields are selectable, and %d tried", offered, len(tests)-2)
	}
	for _, test := range tests {
		t.Run(test.kind+" "+test.selector, func(t *testing.T) {
			c.storeWithStatus(t, patched(t, test.kind, test.patch))
			other := patched(t, test.kind, test.other)
			other.SetName("other")
			c.storeWithStatus(t, other)
			got := c.says(t, "get", test.kind, "--field-selector", test.selector, "-o", "jsonpath={.items[*].metadata.name}")
			if want := patched(t, test.kind, "{}").GetName(); got != want {
				t.Errorf("kubectl get %s --field-selector %s selects %q, want %q", test.kind, test.selector, got, want)
			}
		})
	}
}
