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

package tables

import (
	"strconv"

	"k8s.io/apimachinery/pkg/api/meta"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
)

// computed makes a column with a text from a status.
func computed(heading string, width float64, of func(p *evaluate.Portfolio, o *source.Object, entry map[string]any) string) Column {
	return Column{Heading: heading, Width: width, Computed: of}
}

// reason of a condition. It is empty if the object does not have the condition.
func reason(conditions []metav1.Condition, name string) string {
	if c := meta.FindStatusCondition(conditions, name); c != nil {
		return c.Reason
	}
	return ""
}

func percent(n *int32) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(int(*n))
}

func value(v *cxv1alpha1.Value) string {
	if v == nil {
		return ""
	}
	return strconv.FormatInt(v.Total, 10)
}

var journeyStatus = []Column{
	computed("Blocked", medium, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return reason(p.Evaluation.Journeys[o.Name].Conditions, cxv1alpha1.ConditionBlocked)
	}),
	computed("Progress", narrow, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return percent(p.Evaluation.Journeys[o.Name].ProgressPercent)
	}),
	computed("Expected", narrow, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return string(p.Evaluation.Journeys[o.Name].ExpectedDate)
	}),
}

var momentStatus = []Column{
	computed("Blocked", medium, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return reason(p.Evaluation.Moments[o.Name].Conditions, cxv1alpha1.ConditionBlocked)
	}),
	computed("Expected", narrow, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return string(p.Evaluation.Moments[o.Name].ExpectedDate)
	}),
	computed("At risk", medium, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return reason(p.Evaluation.Moments[o.Name].Conditions, cxv1alpha1.ConditionAtRisk)
	}),
	computed("Progress", narrow, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return percent(p.Evaluation.Moments[o.Name].ProgressPercent)
	}),
	computed("Value", narrow, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return value(p.Evaluation.Moments[o.Name].Value)
	}),
}

var requirementStatus = []Column{
	computed("Delivery", medium, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return reason(p.Evaluation.Requirements[o.Name].Conditions, cxv1alpha1.ConditionDelivered)
	}),
	computed("Delivered by", wide, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return p.Evaluation.Requirements[o.Name].DeliveredBy
	}),
	computed("Expected", narrow, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return string(p.Evaluation.Requirements[o.Name].ExpectedDate)
	}),
}

var blockStatus = []Column{
	computed("Delivered up to", medium, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return string(p.Evaluation.BuildingBlocks[o.Name].DeliveredStage)
	}),
	computed("Requirements", narrow, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return strconv.Itoa(int(p.Evaluation.BuildingBlocks[o.Name].RequirementsTotal))
	}),
	computed("Moments", narrow, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return strconv.Itoa(int(p.Evaluation.BuildingBlocks[o.Name].MomentsTotal))
	}),
	computed("Value", narrow, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return value(p.Evaluation.BuildingBlocks[o.Name].Value)
	}),
}

// stage returns the status of the stage that a row is about.
func stage(p *evaluate.Portfolio, o *source.Object, entry map[string]any) cxv1alpha1.StageStatus {
	stages := p.Evaluation.BuildingBlocks[o.Name].Stages
	for i := range stages {
		if string(stages[i].Name) == entry["name"] {
			return stages[i]
		}
	}
	return cxv1alpha1.StageStatus{}
}

var stageStatus = []Column{
	computed("Delivered", narrow, func(p *evaluate.Portfolio, o *source.Object, entry map[string]any) string {
		return flagText(stage(p, o, entry).Delivered)
	}),
	computed("Roadmap item", wide, func(p *evaluate.Portfolio, o *source.Object, entry map[string]any) string {
		return stage(p, o, entry).RoadmapItem
	}),
	computed("Expected", narrow, func(p *evaluate.Portfolio, o *source.Object, entry map[string]any) string {
		return string(stage(p, o, entry).ExpectedFinish)
	}),
}

var itemStatus = []Column{
	computed("Rank", narrow, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		if priority := p.Evaluation.RoadmapItems[o.Name].Priority; priority != nil {
			return strconv.Itoa(int(priority.Rank))
		}
		return ""
	}),
	computed("Expected start", narrow, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		if schedule := p.Evaluation.RoadmapItems[o.Name].Schedule; schedule != nil {
			return string(schedule.ExpectedStart)
		}
		return ""
	}),
	computed("Expected finish", narrow, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		if schedule := p.Evaluation.RoadmapItems[o.Name].Schedule; schedule != nil {
			return string(schedule.ExpectedFinish)
		}
		return ""
	}),
	computed("Blocked", medium, func(p *evaluate.Portfolio, o *source.Object, _ map[string]any) string {
		return reason(p.Evaluation.RoadmapItems[o.Name].Conditions, cxv1alpha1.ConditionBlocked)
	}),
}
