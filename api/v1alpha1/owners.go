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

package v1alpha1

// The verbs that the admission policies of config/owners ask for: who may change what a side answers for.
const (
	// VerbSetValue is for what marketing answers for: what things are worth to customers and to the business.
	VerbSetValue = "set-value"
	// VerbSetEffort is for what IT answers for: what work takes.
	VerbSetEffort = "set-effort"
)

// OwnedField is a field of a spec that one side answers for.
//
// +kubebuilder:object:generate=false
type OwnedField struct {
	// Kind that has the field.
	Kind string
	// Name of the field in the spec. All below it belongs to it.
	Name string
	// Side that answers for it.
	Side Side
	// Absent is the value that a spec without the field is taken to have, if any.
	Absent any
}

// OwnedFields are all fields that one side answers for, by side. This is the only list of them: the admission policies are
// made of it, and the plugin goes through it. All other fields are for both.
var OwnedFields = []OwnedField{
	{JourneyKind, "weightPercent", SideMarketing, DefaultWeightPercent},
	{MomentKind, "importance", SideMarketing, nil},
	{MomentKind, "insights", SideMarketing, nil},
	{MomentKind, "momentOfTruth", SideMarketing, false},
	{MomentKind, "neededBy", SideMarketing, nil},
	{RequirementKind, "moscow", SideMarketing, nil},
	{RoadmapItemKind, "businessValue", SideMarketing, 0},
	{RoadmapKind, "momentOfTruthPercent", SideMarketing, DefaultMomentOfTruthPercent},
	{RoadmapKind, "moscow", SideMarketing, nil},
	{RoadmapKind, "unvalidatedInsightPercent", SideMarketing, DefaultUnvalidatedInsightPercent},
	{RoadmapKind, "valueExpression", SideMarketing, nil},
	{RoadmapKind, "weights", SideMarketing, nil},

	{BuildingBlockKind, "complexity", SideIT, DefaultComplexity},
	{BuildingBlockKind, "feasibilityPercent", SideIT, DefaultFeasibilityPercent},
	{BuildingBlockKind, "stages", SideIT, nil},
	{RoadmapItemKind, "effortDays", SideIT, nil},
	{RoadmapItemKind, "progressPercent", SideIT, 0},
	{RoadmapKind, "complexityPercent", SideIT, nil},
	{RoadmapKind, "effortExpression", SideIT, nil},
	{RoadmapKind, "shortCycleMaxEffortDays", SideIT, DefaultShortCycleMaxEffortDays},
	{RoadmapKind, "teams", SideIT, nil},
}
