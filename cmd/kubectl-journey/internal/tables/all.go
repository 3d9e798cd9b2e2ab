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
	"slices"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
)

func words[T ~string](values ...T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}

// Widths of columns, in characters.
const (
	narrow  = 11
	medium  = 18
	wide    = 30
	sheetOf = 50
)

func nameColumn(synonyms ...string) Column {
	return Column{
		Heading: "Name", Type: Name, Width: wide,
		Synonyms: append([]string{"ID", "Key", "Code", "Identifier", "Nr", "Number", "metadata.name"}, synonyms...),
	}
}

func titleColumn(synonyms ...string) Column {
	return Column{Heading: "Title", Field: "title", Width: wide, Synonyms: append([]string{"Summary"}, synonyms...)}
}

func parentColumn(heading, kind string, synonyms ...string) Column {
	return Column{Heading: heading, Type: Name, Of: kind, Width: wide, Synonyms: synonyms}
}

func entryColumn(synonyms ...string) Column {
	return Column{Heading: "Name", Field: "name", Type: Label, Width: wide, Synonyms: append([]string{"ID", "Key", "Code"}, synonyms...)}
}

func description() Column {
	return Column{Heading: "Description", Field: "description", Type: Block, Width: sheetOf, Synonyms: []string{"Details", "Notes"}}
}

func owner() Column {
	return Column{Heading: "Owner", Field: "owner", Width: medium, Synonyms: []string{"Responsible", "Department"}}
}

func externalRef() []Column {
	return []Column{
		{Heading: "External system", Field: "externalRef.system", Width: medium, Synonyms: []string{"Tracker", "System"}},
		{Heading: "External id", Field: "externalRef.id", Width: medium, Synonyms: []string{"Issue key", "Ticket"}},
		{Heading: "External URL", Field: "externalRef.url", Width: wide, Synonyms: []string{"URL", "Link"}},
	}
}

var (
	perspectives = words(cxv1alpha1.PerspectiveAsIs, cxv1alpha1.PerspectiveToBe)
	insightKinds = words(cxv1alpha1.InsightPain, cxv1alpha1.InsightGain, cxv1alpha1.InsightNeed)
	moscow       = words(cxv1alpha1.MoSCoWMust, cxv1alpha1.MoSCoWShould, cxv1alpha1.MoSCoWCould, cxv1alpha1.MoSCoWWont)
	types        = words(cxv1alpha1.RequirementFunctional, cxv1alpha1.RequirementData, cxv1alpha1.RequirementIntegration,
		cxv1alpha1.RequirementContent, cxv1alpha1.RequirementProcess, cxv1alpha1.RequirementOrganisation, cxv1alpha1.RequirementQuality)
	sourcing = words(cxv1alpha1.SourcingConfigure, cxv1alpha1.SourcingExtend, cxv1alpha1.SourcingBuild, cxv1alpha1.SourcingBuy)
	grades   = words(cxv1alpha1.ComplexityLow, cxv1alpha1.ComplexityMedium, cxv1alpha1.ComplexityHigh, cxv1alpha1.ComplexityVeryHigh)
	states   = words(cxv1alpha1.StateProposed, cxv1alpha1.StatePlanned, cxv1alpha1.StateInProgress, cxv1alpha1.StateDone, cxv1alpha1.StateCancelled)
	sides    = words(cxv1alpha1.SideMarketing, cxv1alpha1.SideIT)
	proofs   = words(cxv1alpha1.ProofReport, cxv1alpha1.ProofRequire)
	origins  = words(cxv1alpha1.StateFromSpec, cxv1alpha1.StateFromTracker)
	weekdays = words(cxv1alpha1.Monday, cxv1alpha1.Tuesday, cxv1alpha1.Wednesday, cxv1alpha1.Thursday, cxv1alpha1.Friday,
		cxv1alpha1.Saturday, cxv1alpha1.Sunday)
)

// All are the tables in the order in which they are written: from what customers want to the work that brings it.
var All = []*Table{
	{
		Sheet: "Journeys", File: "journeys", Kind: kinds.Journey, Synonyms: []string{"Customer journeys"},
		Columns: slices.Concat([]Column{
			nameColumn(), titleColumn("Journey"), description(),
			{Heading: "Goal", Field: "goal", Width: sheetOf, Synonyms: []string{"Job to be done"}},
			{Heading: "Perspective", Field: "perspective", Type: Enum, Choices: perspectives, Width: narrow},
			owner(),
			{Heading: "Weight %", Field: "weightPercent", Type: Percent, Width: narrow, Synonyms: []string{"Weight"}},
			{Heading: "Brand vision", Field: "brand.vision", Width: sheetOf, Synonyms: []string{"Vision"}},
			{Heading: "Brand values", Field: "brand.values", Type: Named, Text: "description", Width: sheetOf, Synonyms: []string{"Values"}},
			{Heading: "Success criteria", Field: "successCriteria", Type: Named, Text: "description", Width: sheetOf},
			{Heading: "Channels", Field: "channels", Type: Named, Text: "title", Width: wide},
			{Heading: "Last review", Field: "review.lastOn", Type: Day, Width: narrow, Synonyms: []string{"Reviewed on"}},
			{Heading: "Review every days", Field: "review.everyDays", Type: Whole, Width: narrow, Synonyms: []string{"Review interval"}},
			{Heading: "Phases", Field: "phases", Type: Named, Text: "title", Width: wide, ImportOnly: true},
			{Heading: "Personas", Field: "personas", Type: Named, Text: "title", Width: wide, ImportOnly: true},
		}, journeyStatus),
	},
	{
		Sheet: "Personas", File: "personas", Kind: kinds.Journey, List: "personas", Synonyms: []string{"Persona"},
		Columns: []Column{
			parentColumn("Journey", kinds.Journey), entryColumn("Persona"), titleColumn(),
			{Heading: "Segment", Field: "segment", Width: wide},
			{Heading: "Needs", Field: "needs", Type: Lines, Width: sheetOf},
			{Heading: "Behaviours", Field: "behaviours", Type: Lines, Width: sheetOf, Synonyms: []string{"Behaviors"}},
			{Heading: "Insights", Field: "insights", Type: Lines, Width: sheetOf},
		},
	},
	{
		Sheet: "Phases", File: "phases", Kind: kinds.Journey, List: "phases", Synonyms: []string{"Phase"},
		Columns: []Column{
			parentColumn("Journey", kinds.Journey), entryColumn("Phase"), titleColumn(),
			{Heading: "Milestone", Field: "milestone", Width: sheetOf},
			{Heading: "Principles", Field: "principles", Type: Lines, Width: sheetOf, Synonyms: []string{"Experience principles"}},
		},
	},
	{
		Sheet: "Moments", File: "moments", Kind: kinds.Moment, Synonyms: []string{"Moments of truth", "Journey moments"},
		Columns: slices.Concat([]Column{
			nameColumn(), titleColumn("Moment"),
			{Heading: "Journey", Field: "journeyRef.name", Type: Name, Of: kinds.Journey, Width: wide, Synonyms: []string{"journeyRef", "Customer journey"}},
			{Heading: "Phase", Field: "phase", Type: Label, Width: medium},
			{Heading: "Order", Field: "order", Type: Whole, Width: narrow, Synonyms: []string{"Position", "Sequence"}},
			description(), owner(),
			{Heading: "Promise", Field: "promise", Width: sheetOf, Synonyms: []string{"Brand promise"}},
			{Heading: "Brand values", Field: "brandValues", Type: Labels, Width: medium},
			{Heading: "Channels", Field: "channels", Type: Labels, Width: medium},
			{Heading: "Importance", Field: "importance", Type: Whole, Width: narrow},
			{Heading: "Moment of truth", Field: "momentOfTruth", Type: Flag, Width: narrow, Synonyms: []string{"MoT"}},
			{Heading: "Experience now", Field: "experience.current", Type: Whole, Width: narrow, Synonyms: []string{"Current experience", "Experience"}},
			{Heading: "Experience target", Field: "experience.target", Type: Whole, Width: narrow, Synonyms: []string{"Target experience"}},
			{Heading: "Needed by", Field: "neededBy", Type: Day, Width: narrow, Synonyms: []string{"Needed", "Deadline", "Due date"}},
		}, momentStatus),
	},
	{
		Sheet: "Touchpoints", File: "touchpoints", Kind: kinds.Moment, List: "touchpoints", Synonyms: []string{"Touchpoint"},
		Columns: []Column{
			parentColumn("Moment", kinds.Moment), entryColumn("Touchpoint"),
			{Heading: "Channel", Field: "channel", Type: Label, Width: medium},
			{Heading: "Value proposition", Field: "valueProposition", Width: sheetOf},
		},
	},
	{
		Sheet: "Insights", File: "insights", Kind: kinds.Moment, List: "insights", Synonyms: []string{"Insight", "Customer insights"},
		Columns: []Column{
			parentColumn("Moment", kinds.Moment), entryColumn("Insight"),
			{Heading: "Statement", Field: "statement", Width: sheetOf},
			{Heading: "Kind", Field: "kind", Type: Enum, Choices: insightKinds, Width: narrow, Synonyms: []string{"Type"}},
			{Heading: "Source", Field: "source", Width: wide},
			{Heading: "Evidence", Field: "evidence", Width: wide, Synonyms: []string{"URL", "Link"}},
			{Heading: "Validated", Field: "validated", Type: Flag, Width: narrow},
			{Heading: "Validated on", Field: "validatedOn", Type: Day, Width: narrow},
		},
	},
	{
		Sheet: "Requirements", File: "requirements", Kind: kinds.Requirement, Synonyms: []string{"User stories", "Stories", "Business requirements", "Reqs"},
		Columns: slices.Concat([]Column{
			nameColumn("Requirement id", "Req id"), titleColumn("Requirement"),
			{Heading: "Moments", Field: "momentRefs", Type: Names, Of: kinds.Moment, Width: wide, Synonyms: []string{"Moment"}},
			{
				Heading: "Statement", Field: "statement", Type: Block, Width: sheetOf,
				Synonyms: []string{"Description", "Text", "Requirement text"},
			},
			{Heading: "Type", Field: "type", Type: Enum, Choices: types, Width: narrow},
			{Heading: "MoSCoW", Field: "moscow", Type: Enum, Choices: moscow, Width: narrow, Synonyms: []string{"Priority", "Prio"}},
			{Heading: "As a", Field: "userStory.as", Width: medium, Synonyms: []string{"As", "As an", "Role", "Actor"}},
			{Heading: "I want", Field: "userStory.want", Width: wide, Synonyms: []string{"Want", "I want to"}},
			{Heading: "So that", Field: "userStory.soThat", Width: wide, Synonyms: []string{"Benefit"}},
			{Heading: "Acceptance criteria", Field: "acceptanceCriteria", Type: Lines, Width: sheetOf, Synonyms: []string{"Acceptance"}},
			{
				Heading: "Building block", Field: "buildingBlockRef.name", Type: Name, Of: kinds.BuildingBlock, Width: medium,
				Synonyms: []string{"Block", "buildingBlockRef"},
			},
			{Heading: "Stage", Field: "buildingBlockRef.stage", Type: Label, Width: medium},
			owner(),
		}, externalRef(), requirementStatus),
	},
	{
		Sheet: "Building blocks", File: "building-blocks", Kind: kinds.BuildingBlock, Synonyms: []string{"Blocks"},
		Columns: slices.Concat([]Column{
			nameColumn("Building block id"), titleColumn("Building block", "Block"), description(),
			{Heading: "Sourcing", Field: "sourcing", Type: Enum, Choices: sourcing, Width: narrow},
			{Heading: "Systems", Field: "systems", Type: Lines, Width: wide},
			{Heading: "Marketing owner", Field: "owners.marketing", Width: medium},
			{Heading: "IT owner", Field: "owners.it", Width: medium},
			{Heading: "Complexity", Field: "complexity", Type: Enum, Choices: grades, Width: narrow},
			{Heading: "Feasibility %", Field: "feasibilityPercent", Type: Percent, Width: narrow, Synonyms: []string{"Feasibility"}},
			{Heading: "Stages", Field: "stages", Type: Named, Text: "title", Width: wide, ImportOnly: true},
		}, blockStatus),
	},
	{
		Sheet: "Stages", File: "stages", Kind: kinds.BuildingBlock, List: "stages", Synonyms: []string{"Stage", "Building block stages"},
		Columns: slices.Concat([]Column{
			parentColumn("Building block", kinds.BuildingBlock, "Block"), entryColumn("Stage"), titleColumn(), description(),
			{Heading: "Effort days", Field: "effortDays", Type: Whole, Width: narrow, Synonyms: []string{"Effort"}},
			{Heading: "Lead time days", Field: "leadTimeDays", Type: Whole, Width: narrow, Synonyms: []string{"Lead time"}},
			{Heading: "Cost", Field: "cost", Type: Whole, Width: narrow, Synonyms: []string{"Costs"}},
			{Heading: "Available", Field: "available", Type: Flag, Width: narrow},
			{Heading: "Depends on", Field: "dependsOn", Type: StageRefs, Width: wide, Synonyms: []string{"Dependencies"}},
		}, stageStatus),
	},
	{
		Sheet: "Roadmap items", File: "roadmap-items", Kind: kinds.RoadmapItem, Synonyms: []string{"Items", "Work", "Initiatives", "Epics"},
		Columns: slices.Concat([]Column{
			nameColumn("Item id"), titleColumn("Item", "Roadmap item"),
			{Heading: "State", Field: "state", Type: Enum, Choices: states, Width: narrow, Synonyms: []string{"Status"}},
			{Heading: "Team", Field: "team", Type: Label, Width: medium},
			owner(),
			{Heading: "Why", Field: "why", Type: Block, Width: sheetOf},
			{Heading: "What", Field: "what", Type: Block, Width: sheetOf},
			{Heading: "How", Field: "how", Type: Block, Width: sheetOf},
			{Heading: "Delivers", Field: "delivers", Type: StageRefs, Width: wide},
			{Heading: "Depends on", Field: "dependsOn", Type: Lagged, Of: kinds.RoadmapItem, Width: wide, Synonyms: []string{"Dependencies"}},
			{Heading: "Progress %", Field: "progressPercent", Type: Percent, Width: narrow, Synonyms: []string{"Progress"}},
			{Heading: "Business value", Field: "businessValue", Type: Whole, Width: narrow},
			{Heading: "Scores", Field: "scores", Type: Named, Text: "value", Width: medium},
			{Heading: "Effort days", Field: "effortDays", Type: Whole, Width: narrow, Synonyms: []string{"Effort"}},
			{Heading: "Start date", Field: "startDate", Type: Day, Width: narrow, Synonyms: []string{"Start"}},
			{Heading: "Started date", Field: "startedDate", Type: Day, Width: narrow, Synonyms: []string{"Started"}},
			{Heading: "Target date", Field: "targetDate", Type: Day, Width: narrow, Synonyms: []string{"Target", "Due date"}},
			{Heading: "Finish date", Field: "finishDate", Type: Day, Width: narrow, Synonyms: []string{"Finish", "Finished"}},
			{Heading: "Track", Field: "track", Type: Enum, Choices: sides, Width: narrow},
			{Heading: "Hypothesis", Field: "hypothesis.statement", Width: wide},
			{Heading: "Metric", Field: "hypothesis.metric", Width: medium},
			{Heading: "Expected change", Field: "hypothesis.expectedChange", Width: medium},
			{Heading: "Measured by", Field: "hypothesis.metricRef.name", Width: medium, Synonyms: []string{"metricRef"}},
			{Heading: "Expected delta", Field: "hypothesis.expectedDelta", Width: narrow},
		}, externalRef(), []Column{
			{Heading: "External source", Field: "externalRef.sourceRef.name", Width: medium, Synonyms: []string{"sourceRef"}},
		}, itemStatus),
	},
	{
		Sheet: "Roadmap policy", File: "roadmap", Kind: kinds.Roadmap, Synonyms: []string{"Policy"},
		Columns: []Column{
			nameColumn(),
			{Heading: "Customer weight %", Field: "weights.customer", Type: Percent, Width: narrow},
			{Heading: "Business weight %", Field: "weights.business", Type: Percent, Width: narrow},
			{Heading: "Must", Field: "moscow.must", Type: Whole, Width: narrow},
			{Heading: "Should", Field: "moscow.should", Type: Whole, Width: narrow},
			{Heading: "Could", Field: "moscow.could", Type: Whole, Width: narrow},
			{Heading: "Moment of truth %", Field: "momentOfTruthPercent", Type: Percent, Width: narrow},
			{Heading: "Unvalidated insight %", Field: "unvalidatedInsightPercent", Type: Percent, Width: narrow},
			{Heading: "Low complexity %", Field: "complexityPercent.low", Type: Percent, Width: narrow},
			{Heading: "Medium complexity %", Field: "complexityPercent.medium", Type: Percent, Width: narrow},
			{Heading: "High complexity %", Field: "complexityPercent.high", Type: Percent, Width: narrow},
			{Heading: "Very high complexity %", Field: "complexityPercent.veryHigh", Type: Percent, Width: narrow},
			{Heading: "Short cycle max effort days", Field: "shortCycleMaxEffortDays", Type: Whole, Width: narrow},
			{Heading: "Workdays", Field: "calendar.workdays", Type: Enums, Choices: weekdays, Width: narrow},
			{Heading: "Holidays", Field: "calendar.holidays", Type: Days, Width: medium},
			{Heading: "Value expression", Field: "valueExpression", Type: Block, Width: sheetOf},
			{Heading: "Effort expression", Field: "effortExpression", Type: Block, Width: sheetOf},
			{Heading: "Proof", Field: "proof", Type: Enum, Choices: proofs, Width: narrow},
			{Heading: "State from", Field: "stateFrom", Type: Enum, Choices: origins, Width: narrow},
			{Heading: "Learn from hypotheses", Field: "learnFromHypotheses", Type: Flag, Width: narrow},
			{Heading: "Insight valid days", Field: "insightValidDays", Type: Whole, Width: narrow},
			{Heading: "Teams", Field: "teams", Type: Named, Text: "title", Width: wide, ImportOnly: true},
		},
	},
	{
		Sheet: "Teams", File: "teams", Kind: kinds.Roadmap, List: "teams", Synonyms: []string{"Team"},
		Columns: []Column{
			parentColumn("Roadmap", kinds.Roadmap), entryColumn("Team"), titleColumn(),
			{Heading: "Side", Field: "side", Type: Enum, Choices: sides, Width: narrow},
			{Heading: "Lanes", Field: "lanes", Type: Whole, Width: narrow},
			{Heading: "Velocity %", Field: "velocityPercent", Type: Percent, Width: narrow, Synonyms: []string{"Velocity"}},
			{Heading: "Holidays", Field: "holidays", Type: Days, Width: medium, Synonyms: []string{"Days off"}},
		},
	},
}
