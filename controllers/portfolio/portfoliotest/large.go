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

package portfoliotest

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// Large makes a portfolio of one journey with so many requirements. 20 of them ask for each moment, and all of those wait for the
// same block, which one item delivers. An API server accepts all objects.
func Large(requirements int) portfolio.Objects {
	var objects portfolio.Objects
	objects.Journeys = []*cxv1alpha1.Journey{{
		ObjectMeta: metav1.ObjectMeta{Name: "journey"},
		Spec:       cxv1alpha1.JourneySpec{Title: "Journey", Phases: []cxv1alpha1.Phase{{Name: "after"}}},
	}}
	for n := range (requirements + 19) / 20 {
		objects.Moments = append(objects.Moments, &cxv1alpha1.Moment{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("moment-%d", n)},
			Spec: cxv1alpha1.MomentSpec{
				Title: "Moment", JourneyRef: cxv1alpha1.ObjectReference{Name: "journey"}, Phase: "after",
				Importance: int32(1 + n*7%100), NeededBy: "2028-01-01",
			},
		})
		objects.BuildingBlocks = append(objects.BuildingBlocks, LargeBlock(n, int32(5+n%20)))
		objects.RoadmapItems = append(objects.RoadmapItems, &cxv1alpha1.RoadmapItem{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("item-%d", n)},
			Spec: cxv1alpha1.RoadmapItemSpec{
				Title: "Item", State: cxv1alpha1.StatePlanned, Team: cxv1alpha1.LabelName(fmt.Sprintf("team-%d", n%10)),
				Delivers: []cxv1alpha1.StageReference{{Name: blockName(n)}},
			},
		})
	}
	for n := range requirements {
		objects.Requirements = append(objects.Requirements, LargeRequirement(n, blockName(n/20)))
	}
	return objects
}

func blockName(n int) cxv1alpha1.ObjectName {
	return cxv1alpha1.ObjectName(fmt.Sprintf("block-%d", n))
}

// LargeBlock makes the block of a number of a large portfolio, with one stage that takes so many days.
func LargeBlock(n int, days int32) *cxv1alpha1.BuildingBlock {
	return &cxv1alpha1.BuildingBlock{
		ObjectMeta: metav1.ObjectMeta{Name: string(blockName(n))},
		Spec: cxv1alpha1.BuildingBlockSpec{
			Title: "Block", Stages: []cxv1alpha1.Stage{{Name: "daily", EffortDays: days}},
		},
	}
}

// LargeRequirement makes the requirement of a number of a large portfolio, which waits for a block.
func LargeRequirement(n int, block cxv1alpha1.ObjectName) *cxv1alpha1.Requirement {
	return &cxv1alpha1.Requirement{
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("requirement-%d", n)},
		Spec: cxv1alpha1.RequirementSpec{
			Title: "Requirement", MoSCoW: cxv1alpha1.MoSCoWMust,
			MomentRefs:       []cxv1alpha1.ObjectReference{{Name: cxv1alpha1.ObjectName(fmt.Sprintf("moment-%d", n/20))}},
			BuildingBlockRef: &cxv1alpha1.StageReference{Name: block},
		},
	}
}
