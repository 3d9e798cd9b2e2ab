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

package portfolio

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// ring is a portfolio of so many items of which each depends on the next and the last on the first, and a moment that waits for the
// first.
func ring(size int) Objects {
	o := Objects{
		Moments: []*cxv1alpha1.Moment{{ObjectMeta: metav1.ObjectMeta{Name: "waiting"}}},
		Requirements: []*cxv1alpha1.Requirement{{ObjectMeta: metav1.ObjectMeta{Name: "asked"}, Spec: cxv1alpha1.RequirementSpec{
			MomentRefs: []cxv1alpha1.ObjectReference{{Name: "waiting"}}, MoSCoW: cxv1alpha1.MoSCoWMust,
			BuildingBlockRef: &cxv1alpha1.StageReference{Name: "block-00"},
		}}},
	}
	for n := range size {
		block := fmt.Sprintf("block-%02d", n)
		o.BuildingBlocks = append(o.BuildingBlocks, &cxv1alpha1.BuildingBlock{
			ObjectMeta: metav1.ObjectMeta{Name: block},
			Spec:       cxv1alpha1.BuildingBlockSpec{Stages: []cxv1alpha1.Stage{{Name: "only"}}},
		})
		o.RoadmapItems = append(o.RoadmapItems, &cxv1alpha1.RoadmapItem{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("item-%02d", n)},
			Spec: cxv1alpha1.RoadmapItemSpec{
				Delivers:  []cxv1alpha1.StageReference{{Name: cxv1alpha1.ObjectName(block)}},
				DependsOn: []cxv1alpha1.ItemDependency{{Name: cxv1alpha1.ObjectName(fmt.Sprintf("item-%02d", (n+1)%size))}},
			},
		})
	}
	return o
}

func TestCyclesOfAnySize(t *testing.T) {
	for _, tc := range []struct {
		size int
		path string // as the first item tells it
	}{
		{1, "item-00 -> item-00."},
		{2, "item-00 -> item-01 -> item-00."},
		{50, "item-08 -> item-09 -> ... (40 more) -> item-00."},
	} {
		t.Run(fmt.Sprint(tc.size), func(t *testing.T) {
			e := Evaluate(ring(tc.size), testDay)
			for name, item := range e.RoadmapItems {
				for kind, status := range map[string]metav1.ConditionStatus{
					cxv1alpha1.ConditionReady:   metav1.ConditionFalse,
					cxv1alpha1.ConditionBlocked: metav1.ConditionTrue,
					cxv1alpha1.ConditionStalled: metav1.ConditionTrue,
				} {
					c := meta.FindStatusCondition(item.Conditions, kind)
					if c == nil || c.Status != status || c.Reason != cxv1alpha1.ReasonDependencyCycle {
						t.Errorf("%s of %s is %+v", kind, name, c)
					}
				}
				if item.Priority != nil || item.Schedule != nil {
					t.Errorf("%s has a place on the roadmap", name)
				}
			}
			stalled := meta.FindStatusCondition(e.RoadmapItems["item-00"].Conditions, cxv1alpha1.ConditionStalled)
			if !strings.Contains(stalled.Message, tc.path) {
				t.Errorf("item-00 says %q, want %q in it", stalled.Message, tc.path)
			}
			moment := e.Moments["waiting"]
			blocked := meta.FindStatusCondition(moment.Conditions, cxv1alpha1.ConditionBlocked)
			if blocked.Reason != cxv1alpha1.ReasonDependencyCycle || int(moment.BlockedByTotal) != tc.size {
				t.Errorf("the moment is blocked by %d: %s", moment.BlockedByTotal, blocked.Message)
			}
		})
	}
}

// TestMomentOfTenThousandRequirements holds the status of one moment to its bounds, and to the truth in its totals.
func TestMomentOfTenThousandRequirements(t *testing.T) {
	const size = 10_000
	o := ring(1)
	o.RoadmapItems[0].Spec.DependsOn = nil
	for n := range size {
		r := o.Requirements[0].DeepCopy()
		r.Name = fmt.Sprintf("asked-%05d", n)
		if n%2 == 0 {
			r.Spec.BuildingBlockRef = nil
		}
		o.Requirements = append(o.Requirements, r)
	}
	status := Evaluate(o, testDay).Moments["waiting"]
	if status.RequirementNamesTotal != size+1 || len(status.RequirementNames) != cxv1alpha1.MaxListed {
		t.Errorf("%d names of %d", len(status.RequirementNames), status.RequirementNamesTotal)
	}
	// Half of them each, and the one item that delivers the other half.
	if status.BlockedByTotal != size/2+1 || len(status.BlockedBy) != cxv1alpha1.MaxListed {
		t.Errorf("%d blockers of %d", len(status.BlockedBy), status.BlockedByTotal)
	}
	if want := (cxv1alpha1.MomentRequirements{Total: size + 1, Must: size + 1, Unassigned: size / 2}); *status.Requirements != want {
		t.Errorf("counts are %+v, want %+v", *status.Requirements, want)
	}
	text, err := json.Marshal(status)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > 64<<10 {
		t.Errorf("the status takes %d bytes", len(text))
	}
}
