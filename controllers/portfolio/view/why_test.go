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

package view_test

import (
	"errors"
	"fmt"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

const whyDay = "2026-11-22"

// node names a reason or a blocker.
type node struct{ kind, name, stage string }

// TestWhyLeadsToBlockers checks that the explanation of a moment leads to all that its status says it is blocked by, and to nothing else
// that is still to be done.
func TestWhyLeadsToBlockers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		evaluation := portfolio.Evaluate(portfoliotest.Objects(t), whyDay)
		for name, status := range evaluation.Moments {
			reason, err := view.Why(evaluation, "Moment", name)
			if err != nil {
				t.Fatal(err)
			}
			want := map[node]bool{}
			for _, b := range status.BlockedBy {
				want[node{string(b.Kind), b.Name, b.Stage}] = true
			}
			got := map[node]bool{}
			collectBlockers(reason, got)
			if !bounded(reason) {
				t.Fatalf("the explanation of a small portfolio is cut: %s", name)
			}
			for n := range want {
				if !got[n] {
					t.Errorf("the explanation of %s does not lead to %v", name, n)
				}
			}
			for n := range got {
				if !want[n] {
					t.Errorf("the explanation of %s leads to %v, which does not block it", name, n)
				}
			}
		}
	})
}

// collectBlockers gathers from an explanation what is still to be done: unassigned requirements, unplanned stages, items that are not done.
func collectBlockers(r *view.Reason, found map[node]bool) {
	switch {
	case r.Kind == "Requirement" && r.State == cxv1alpha1.ReasonUnassigned,
		r.Kind == "RoadmapItem" && r.State != string(cxv1alpha1.StateDone),
		r.Kind == "BuildingBlock" && r.State == cxv1alpha1.ReasonUnplanned,
		r.Kind == "BuildingBlock" && (r.State == cxv1alpha1.ReasonBuildingBlockNotFound || r.State == cxv1alpha1.ReasonStageNotFound):
		found[node{r.Kind, r.Name, r.Stage}] = true
	}
	for _, because := range r.Because {
		collectBlockers(because, found)
	}
}

// bounded tells whether nothing was left out for want of room.
func bounded(r *view.Reason) bool {
	if r.More > 0 || r.Cut == view.CutLimit {
		return false
	}
	for _, because := range r.Because {
		if !bounded(because) {
			return false
		}
	}
	return true
}

// TestWhyOfAll explains every object there is: none fails, none is endless.
func TestWhyOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		evaluation := portfolio.Evaluate(objects, whyDay)
		for _, object := range portfoliotest.List(objects) {
			kind := object.GetObjectKind().GroupVersionKind().Kind
			if kind == cxv1alpha1.ObservationKind {
				continue // it explains, and there is nothing to explain
			}
			reason, err := view.Why(evaluation, kind, object.GetName())
			if err != nil {
				t.Fatal(err)
			}
			if reason.Kind != kind || reason.Name != object.GetName() || reason.State == "" || reason.Relation != "" {
				t.Errorf("the explanation of %s %s begins with %+v", kind, object.GetName(), reason)
			}
		}
	})
}

func TestWhyNotFound(t *testing.T) {
	evaluation := portfolio.Evaluate(portfolio.Objects{}, whyDay)
	for _, kind := range []string{"Journey", "Moment", "Requirement", "BuildingBlock", "RoadmapItem", "Roadmap", "Pod"} {
		_, err := view.Why(evaluation, kind, "x")
		var missing *view.NotFoundError
		if !errors.As(err, &missing) || missing.Kind != kind || missing.Name != "x" {
			t.Errorf("%s: got %v", kind, err)
		}
	}
}

// TestWhyIsBounded explains a moment with ten thousand Musts, and one that waits for a chain and for a ring of a thousand items.
func TestWhyIsBounded(t *testing.T) {
	const many = 1000
	moment := func(name string) *cxv1alpha1.Moment {
		return &cxv1alpha1.Moment{ObjectMeta: metav1.ObjectMeta{Name: name}}
	}
	must := func(name, moment, block string) *cxv1alpha1.Requirement {
		r := &cxv1alpha1.Requirement{ObjectMeta: metav1.ObjectMeta{Name: name}}
		r.Spec.MoSCoW = cxv1alpha1.MoSCoWMust
		r.Spec.MomentRefs = []cxv1alpha1.ObjectReference{{Name: cxv1alpha1.ObjectName(moment)}}
		if block != "" {
			r.Spec.BuildingBlockRef = &cxv1alpha1.StageReference{Name: cxv1alpha1.ObjectName(block)}
		}
		return r
	}
	objects := portfolio.Objects{Moments: []*cxv1alpha1.Moment{moment("wide"), moment("deep"), moment("round")}}
	for n := range 10 * many {
		objects.Requirements = append(objects.Requirements, must(fmt.Sprintf("wide-%05d", n), "wide", ""))
	}
	for _, name := range []string{"deep", "round"} {
		objects.Requirements = append(objects.Requirements, must(name, name, name))
		block := &cxv1alpha1.BuildingBlock{ObjectMeta: metav1.ObjectMeta{Name: name}}
		block.Spec.Stages = []cxv1alpha1.Stage{{Name: "only"}}
		objects.BuildingBlocks = append(objects.BuildingBlocks, block)
		for n := range many {
			item := &cxv1alpha1.RoadmapItem{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s-%04d", name, n)}}
			if n == 0 {
				item.Spec.Delivers = []cxv1alpha1.StageReference{{Name: cxv1alpha1.ObjectName(name)}}
			}
			if next := n + 1; next < many || name == "round" {
				item.Spec.DependsOn = []cxv1alpha1.ItemDependency{{Name: cxv1alpha1.ObjectName(fmt.Sprintf("%s-%04d", name, next%many))}}
			}
			objects.RoadmapItems = append(objects.RoadmapItems, item)
		}
	}
	evaluation := portfolio.Evaluate(objects, whyDay)
	for _, name := range []string{"wide", "deep", "round"} {
		reason, err := view.Why(evaluation, "Moment", name)
		if err != nil {
			t.Fatal(err)
		}
		if n := size(reason); n > 3000 || n < 60 {
			t.Errorf("the explanation of %s has %d reasons", name, n)
		}
		if bounded(reason) {
			t.Errorf("the explanation of %s does not say that it is cut", name)
		}
	}
}

func size(r *view.Reason) int {
	n := 1
	for _, because := range r.Because {
		n += size(because)
	}
	return n
}
