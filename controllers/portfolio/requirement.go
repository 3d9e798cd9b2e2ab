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
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

func (g *graph) requirementStatus(r *requirement) *cxv1alpha1.RequirementStatus {
	value := g.value(r)
	points := value.points()
	status := &cxv1alpha1.RequirementStatus{
		ObservedGeneration: r.Generation,
		Conditions: []metav1.Condition{
			condition(cxv1alpha1.ConditionReady, r.Generation, g.judgeRequirementReady(r)),
			condition(cxv1alpha1.ConditionDelivered, r.Generation, g.judgeRequirementDelivered(r)),
		},
		Value: &points,
	}
	if by := r.deliveredBy(); by != nil {
		status.DeliveredBy = by.Name
	}
	if d := r.deliverer(); d != nil {
		status.ExpectedDate = d.expectedFinish()
	}
	status.Journeys, status.JourneysTotal = capped(journeysOf(r.moments))
	return status
}

// journeysOf names the journeys of moments.
func journeysOf(moments []*moment) []string {
	names := make([]string, 0, len(moments))
	for _, m := range moments {
		if m.journey != nil {
			names = append(names, m.journey.Name)
		}
	}
	return sortedSet(names)
}

func (g *graph) judgeRequirementReady(r *requirement) verdict {
	if len(r.moments) < len(r.Spec.MomentRefs) {
		missing := collect(r.Spec.MomentRefs, func(ref cxv1alpha1.ObjectReference) (string, bool) {
			return string(ref.Name), g.momentNamed[string(ref.Name)] == nil
		})
		if len(missing) > 0 {
			return isFalse(cxv1alpha1.ReasonMomentNotFound, "There is no Moment %s: create it, or correct momentRefs.", enumerate(missing))
		}
	}
	if ref := r.Spec.BuildingBlockRef; ref != nil && r.stage == nil {
		return g.judgeStages([]cxv1alpha1.StageReference{*ref}, "buildingBlockRef")
	}
	return isTrue(cxv1alpha1.ReasonAccepted, "The definition is understood and its references resolve.")
}

// judgeStages looks for references to blocks, and then stages, that do not exist. It has no reason where all resolve.
func (g *graph) judgeStages(refs []cxv1alpha1.StageReference, field string) verdict {
	missing := collect(refs, func(ref cxv1alpha1.StageReference) (string, bool) {
		return string(ref.Name), g.blockNamed[string(ref.Name)] == nil
	})
	if len(missing) > 0 {
		return isFalse(cxv1alpha1.ReasonBuildingBlockNotFound,
			"There is no BuildingBlock %s: create it, or correct %s.", enumerate(missing), field)
	}
	missing = collect(refs, func(ref cxv1alpha1.StageReference) (string, bool) {
		return string(ref.Name) + "/" + string(ref.Stage), g.stageOf(ref) == nil
	})
	if len(missing) > 0 {
		return isFalse(cxv1alpha1.ReasonStageNotFound,
			"There is no stage %s: add it to its BuildingBlock, or correct %s.", enumerate(missing), field)
	}
	return verdict{}
}

func (g *graph) judgeRequirementDelivered(r *requirement) verdict {
	switch standing := r.standing(); standing {
	case cxv1alpha1.ReasonDropped:
		return isFalse(standing, "The requirement is a Wont: it will not be met.")
	case cxv1alpha1.ReasonUnassigned:
		if r.Spec.BuildingBlockRef == nil {
			return isFalse(standing, "The requirement has no building block: set buildingBlockRef.")
		}
		return isFalse(standing, "The building block or stage that buildingBlockRef names does not exist.")
	case cxv1alpha1.ReasonDelivered:
		if r.stage.by == nil {
			return isTrue(standing, "Existing systems already do stage %s.", r.stage.key())
		}
		return isTrue(standing, "RoadmapItem %s delivered stage %s on %s.", r.stage.by.Name, r.stage.key(), r.stage.by.Spec.FinishDate)
	case cxv1alpha1.ReasonUnplanned:
		return isFalse(standing, "No live RoadmapItem delivers stage %s.", r.stage.key())
	default:
		return isFalse(standing, "RoadmapItem %s delivers stage %s%s.", r.stage.by.Name, r.stage.key(), r.stage.by.finishWords())
	}
}

// finishWords says when an item is expected, for the end of a sentence.
func (i *item) finishWords() string {
	if finish := i.expectedFinish(); finish != "" {
		return ", expected " + string(finish)
	}
	return ""
}
