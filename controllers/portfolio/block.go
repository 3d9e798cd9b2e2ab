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
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// evaluateBlock sums up what requirements ask of a block, and decides its conditions.
func (g *Graph) evaluateBlock(b *Block) {
	for _, s := range b.stages {
		s.result = g.evaluateStageDelivered(s)
	}
	b.usage = usageOf(b)
	b.conditions = make(conditions, 0, 5)
	b.conditions.add(cxv1alpha1.ConditionReady, g.evaluateBlockReady(b))
	b.conditions.add(cxv1alpha1.ConditionPlanned, evaluateBlockPlanned(b))
	b.conditions.add(cxv1alpha1.ConditionDelivered, evaluateBlockDelivered(b))
	if proven := evaluateProven(b.stages, blockProven); proven.Reason != "" {
		b.conditions.add(cxv1alpha1.ConditionProven, proven)
	}
	if b.cycle != nil {
		b.conditions.add(cxv1alpha1.ConditionStalled, stalled(b.cycle))
	}
}

func (g *Graph) blockStatus(b *Block) *cxv1alpha1.BuildingBlockStatus {
	usage := &b.usage
	status := &cxv1alpha1.BuildingBlockStatus{
		ObservedGeneration: b.Generation,
		Conditions:         b.conditions.status(b.Generation),
		RequirementsTotal:  int32(len(b.requirements)),
		Value:              usage.value.status(),
	}
	if b.delivered > 0 {
		status.DeliveredStage = b.stages[b.delivered-1].Name
	}
	for n, s := range b.stages {
		status.Stages = append(status.Stages, usage.stages[n].status(s))
	}
	status.Moments, status.MomentsTotal = capped(usage.moments)
	status.Journeys, status.JourneysTotal = capped(usage.journeys)
	return status
}

// stalled is the condition of what waits for itself.
func stalled(c *Cycle) Result {
	return isTrue(cxv1alpha1.ReasonDependencyCycle, "Waits for itself: %s. Remove one of these dependencies.", c.Path)
}

// usage is what requirements ask of a block.
type usage struct {
	stages            []stageUsage
	moments, journeys []string
	value             valuation
}

// stageUsage is what requirements ask of a stage.
type stageUsage struct {
	requirements int
	kept         int // not dropped
	moments      map[*Moment]bool
	value        sum
}

func usageOf(b *Block) usage {
	u := usage{stages: make([]stageUsage, len(b.stages))}
	moments := map[*Moment]bool{}
	for _, r := range b.requirements {
		s := &u.stages[r.stage.index]
		s.requirements++
		if s.moments == nil {
			s.moments = map[*Moment]bool{}
		}
		for _, m := range r.moments {
			s.moments[m] = true
			moments[m] = true
		}
		if r.Dropped() {
			continue
		}
		s.kept++
		s.value.addSum(&r.value)
		u.value.total.addSum(&r.value)
		switch r.earning() {
		case earned:
			u.value.delivered.addSum(&r.value)
		case willEarn:
			u.value.planned.addSum(&r.value)
		case wontEarn:
			u.value.unplanned.addSum(&r.value)
		}
	}
	for m := range moments {
		u.moments = append(u.moments, m.Name)
		if m.journey != nil {
			u.journeys = append(u.journeys, m.journey.Name)
		}
	}
	u.moments, u.journeys = sortedSet(u.moments), sortedSet(u.journeys)
	return u
}

func (u *stageUsage) status(s *Stage) cxv1alpha1.StageStatus {
	status := cxv1alpha1.StageStatus{
		Name:         s.Name,
		Delivered:    s.delivered,
		Requirements: int32(u.requirements),
		Moments:      int32(len(u.moments)),
		Value:        u.value.points(),
	}
	if s.by != nil {
		status.RoadmapItem = s.by.Name
		if !s.delivered {
			status.ExpectedFinish = s.by.Expected()
		}
	}
	return status
}

func (g *Graph) evaluateBlockReady(b *Block) Result {
	var refs []cxv1alpha1.StageReference
	for _, s := range b.stages {
		refs = append(refs, s.missing...)
	}
	if v := g.missingStages(refs, "dependsOn of the stages"); v.Reason != "" {
		return v
	}
	if b.cycle != nil {
		v := stalled(b.cycle)
		v.Status = metav1.ConditionFalse
		return v
	}
	return accepted
}

func evaluateBlockPlanned(b *Block) Result {
	var open int
	var unplanned []string
	for n, s := range b.stages {
		if s.delivered || b.usage.stages[n].kept == 0 {
			continue
		}
		open++
		if s.by == nil {
			unplanned = append(unplanned, string(s.Name))
		}
	}
	switch {
	case open == 0:
		return isTrue(cxv1alpha1.ReasonNothingToPlan, "No requirement asks for a stage that is still to be delivered.")
	case len(unplanned) > 0:
		return isFalse(cxv1alpha1.ReasonStagesUnplanned,
			"Requirements ask for %s, and no live RoadmapItem delivers it: %s.", words.Plural(len(unplanned), "stage"), words.Enumerate(unplanned))
	}
	return isTrue(cxv1alpha1.ReasonFullyPlanned, "Every stage that requirements ask for is delivered or has a live RoadmapItem.")
}

func evaluateBlockDelivered(b *Block) Result {
	switch b.delivered {
	case len(b.stages):
		return isTrue(cxv1alpha1.ReasonAllStages, "Every stage is delivered.")
	case 0:
		return isFalse(cxv1alpha1.ReasonNotStarted, "No stage is delivered yet.")
	}
	return isFalse(cxv1alpha1.ReasonPartlyDelivered, "%d of %s delivered, up to %s.",
		b.delivered, words.Plural(len(b.stages), "stage"), b.stages[b.delivered-1].Name)
}
