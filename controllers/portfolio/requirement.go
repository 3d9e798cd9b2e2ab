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
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// evaluateRequirement decides the conditions of a requirement.
func (g *Graph) evaluateRequirement(r *Requirement) {
	r.isReady = g.evaluateRequirementReady(r)
	r.isDelivered = evaluateRequirementDelivered(r)
}

// requirementStatuses writes the statuses of all requirements. They are by far the most numerous objects of a portfolio, so what they
// hold is allocated together.
func (g *Graph) requirementStatuses() map[string]*cxv1alpha1.RequirementStatus {
	named := make(map[string]*cxv1alpha1.RequirementStatus, len(g.requirements))
	statuses := make([]cxv1alpha1.RequirementStatus, len(g.requirements))
	all := make([]metav1.Condition, 0, 2*len(g.requirements))
	points := make([]int64, len(g.requirements))
	for n, r := range g.requirements {
		first := len(all)
		all = append(all,
			condition(cxv1alpha1.ConditionReady, r.Generation, r.isReady),
			condition(cxv1alpha1.ConditionDelivered, r.Generation, r.isDelivered))
		points[n] = r.value.points()
		statuses[n] = cxv1alpha1.RequirementStatus{
			ObservedGeneration: r.Generation,
			Conditions:         slices.Clip(all[first:]),
			Value:              &points[n],
		}
		g.addLinks(r, &statuses[n])
		named[r.Name] = &statuses[n]
	}
	return named
}

func (g *Graph) addLinks(r *Requirement, status *cxv1alpha1.RequirementStatus) {
	if by := r.deliveredBy(); by != nil {
		status.DeliveredBy = by.Name
	}
	if d := r.deliverer(); d != nil {
		status.ExpectedDate = d.Expected()
	}
	status.Journeys, status.JourneysTotal = capped(journeysOf(r.moments))
}

// journeysOf names the journeys of moments. Most requirements have one moment, and then share its list.
func journeysOf(moments []*Moment) []string {
	if len(moments) == 1 {
		return moments[0].journeyNames
	}
	names := make([]string, 0, len(moments))
	for _, m := range moments {
		if m.journey != nil {
			names = append(names, m.journey.Name)
		}
	}
	return sortedSet(names)
}

func (g *Graph) evaluateRequirementReady(r *Requirement) *Result {
	if len(r.moments) < len(r.Spec.MomentRefs) {
		missing := collect(r.Spec.MomentRefs, func(ref cxv1alpha1.ObjectReference) (string, bool) {
			return string(ref.Name), g.momentNamed[string(ref.Name)] == nil
		})
		if len(missing) > 0 {
			v := isFalse(cxv1alpha1.ReasonMomentNotFound, "There is no Moment %s: create it, or correct momentRefs.", words.Enumerate(missing))
			return &v
		}
	}
	if ref := r.Spec.BuildingBlockRef; ref != nil && r.stage == nil {
		v := g.MissingStage(*ref, "buildingBlockRef")
		return &v
	}
	return &accepted
}

// MissingStage says what is wrong with a reference to a stage in a field. It has no reason where the reference resolves.
func (g *Graph) MissingStage(ref cxv1alpha1.StageReference, field string) Result {
	return g.missingStages([]cxv1alpha1.StageReference{ref}, field)
}

// missingStages looks for references to blocks, and then stages, that do not exist. It has no reason where all resolve.
func (g *Graph) missingStages(refs []cxv1alpha1.StageReference, field string) Result {
	missing := collect(refs, func(ref cxv1alpha1.StageReference) (string, bool) {
		return string(ref.Name), g.blockNamed[string(ref.Name)] == nil
	})
	if len(missing) > 0 {
		return isFalse(cxv1alpha1.ReasonBuildingBlockNotFound,
			"There is no BuildingBlock %s: create it, or correct %s.", words.Enumerate(missing), field)
	}
	missing = collect(refs, func(ref cxv1alpha1.StageReference) (string, bool) {
		return string(ref.Name) + "/" + string(ref.Stage), g.Stage(ref) == nil
	})
	if len(missing) > 0 {
		return isFalse(cxv1alpha1.ReasonStageNotFound,
			"There is no stage %s: add it to its BuildingBlock, or correct %s.", words.Enumerate(missing), field)
	}
	return Result{}
}

// What Delivered says of requirements that no stage is asked to meet.
var (
	dropped    = isFalse(cxv1alpha1.ReasonDropped, "The requirement is a Wont: it will not be met.")
	ungrouped  = isFalse(cxv1alpha1.ReasonUnassigned, "The requirement has no building block: set buildingBlockRef.")
	unassigned = isFalse(cxv1alpha1.ReasonUnassigned, "The building block or stage that buildingBlockRef names does not exist.")
	seeReady   = isFalse(cxv1alpha1.ReasonUnassigned, "%s", see(cxv1alpha1.ConditionReady))
)

func evaluateRequirementDelivered(r *Requirement) *Result {
	switch {
	case r.Dropped():
		return &dropped
	case r.Spec.BuildingBlockRef == nil:
		return &ungrouped
	case r.stage == nil && r.isReady.Reason == cxv1alpha1.ReasonMomentNotFound:
		return &unassigned
	case r.stage == nil:
		return &seeReady
	}
	return &r.stage.result
}

func (g *Graph) evaluateStageDelivered(s *Stage) Result {
	switch {
	case s.delivered && s.by == nil && g.ProvedBy(s) != nil:
		return isTrue(cxv1alpha1.ReasonDelivered, "Checks in the cluster prove stage %s.", g.ProvedBy(s).Key())
	case s.delivered && s.by == nil:
		return isTrue(cxv1alpha1.ReasonDelivered, "Existing systems already do stage %s.", s.Key())
	case s.delivered:
		return isTrue(cxv1alpha1.ReasonDelivered, "RoadmapItem %s delivered stage %s on %s.", s.by.Name, s.Key(), s.by.finish)
	case s.by == nil:
		return isFalse(cxv1alpha1.ReasonUnplanned, "No live RoadmapItem delivers stage %s.", s.Key())
	}
	return isFalse(s.State(), "RoadmapItem %s delivers stage %s%s.", s.by.Name, s.Key(), s.by.finishWords())
}

// finishWords says when an item is expected, for the end of a sentence.
func (i *Item) finishWords() string {
	if finish := i.Expected(); finish != "" {
		return ", expected " + string(finish)
	}
	return ""
}
