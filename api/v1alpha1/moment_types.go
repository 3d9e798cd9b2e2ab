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

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// MomentSpec describes a moment: a point in the journey where customer and company meet.
type MomentSpec struct {
	// journeyRef names the journey that the moment belongs to.
	// +required
	JourneyRef ObjectReference `json:"journeyRef,omitzero"`

	// phase of the journey that the moment belongs to, by name.
	// +required
	Phase LabelName `json:"phase,omitempty"`

	// order of the moment within its phase: lower comes first, equal ones by name (0-1000000).
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000000
	Order int32 `json:"order,omitempty"`

	// title of the moment, for people. At most 200 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	Title Title `json:"title,omitempty"`

	// description tells more about the moment. At most 5000 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=5000
	Description string `json:"description,omitempty"`

	// owner is the department that answers for the moment. At most 200 characters.
	// +optional
	Owner Title `json:"owner,omitempty"`

	// promise is what the brand promises the customer at this moment. At most 1000 characters.
	// +optional
	Promise Line `json:"promise,omitempty"`

	// brandValues that the moment should make felt: names of values in the journey's brand. At most 20.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=20
	BrandValues []LabelName `json:"brandValues,omitempty"`

	// channels in which the moment takes place: names of channels in the journey. At most 50.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	Channels []LabelName `json:"channels,omitempty"`

	// touchpoints are the concrete things that the customer sees or uses. At most 50, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=50
	Touchpoints []Touchpoint `json:"touchpoints,omitempty"`

	// insights about what customers feel and need at this moment. At most 50, each with its own name.
	// A validated insight lets the moment count in full (see unvalidatedInsightPercent of the Roadmap).
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=50
	Insights []Insight `json:"insights,omitempty"`

	// importance of the moment to the customer, from 1 (hardly matters) to 100 (matters most).
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100
	Importance int32 `json:"importance,omitempty"`

	// momentOfTruth marks the moments that make or break the relation with the customer; they count more (see
	// momentOfTruthPercent of the Roadmap).
	// +optional
	MomentOfTruth bool `json:"momentOfTruth,omitempty"`

	// experience of the customer at this moment, now and as it should become.
	// +optional
	// +structType=atomic
	Experience *Experience `json:"experience,omitempty"`

	// neededBy is the date by which the moment should work for the customer.
	// +optional
	NeededBy Date `json:"neededBy,omitempty"`
}

// Touchpoint is a concrete thing that the customer sees or uses.
type Touchpoint struct {
	// name of the touchpoint within the moment (an RFC 1123 label).
	// +required
	Name LabelName `json:"name,omitempty"`

	// channel of the touchpoint: the name of a channel in the journey.
	// +optional
	Channel LabelName `json:"channel,omitempty"`

	// valueProposition is what the touchpoint brings the customer. At most 1000 characters.
	// +optional
	ValueProposition Line `json:"valueProposition,omitempty"`
}

// InsightKind tells what an insight is about.
//
// +kubebuilder:validation:Enum=Pain;Gain;Need
type InsightKind string

// The kinds of insight.
const (
	// InsightPain is about what bothers customers.
	InsightPain InsightKind = "Pain"
	// InsightGain is about what pleases customers.
	InsightGain InsightKind = "Gain"
	// InsightNeed is about what customers need.
	InsightNeed InsightKind = "Need"
)

// Insight is something known, or supposed, about customers.
type Insight struct {
	// name of the insight within the moment (an RFC 1123 label).
	// +required
	Name LabelName `json:"name,omitempty"`

	// statement of the insight, preferably in the customer's words. At most 1000 characters.
	// +optional
	Statement Line `json:"statement,omitempty"`

	// kind of insight: Pain, Gain or Need.
	// +optional
	Kind InsightKind `json:"kind,omitempty"`

	// source of the insight, for instance an interview round. At most 200 characters.
	// +optional
	Source Title `json:"source,omitempty"`

	// evidence is the URL of the research behind the insight. At most 2048 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:Pattern=`^https?://`
	Evidence string `json:"evidence,omitempty"`

	// validated tells that the insight was tested with customers, and holds.
	// +optional
	Validated bool `json:"validated,omitempty"`

	// validatedOn is the date of that test. The insight counts as validated for as long as insightValidDays of the Roadmap says.
	// +optional
	ValidatedOn Date `json:"validatedOn,omitempty"`
}

// Experience of the customer, on a scale from 1 (bad) to 5 (excellent).
type Experience struct {
	// current experience, 1-5.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=5
	Current int32 `json:"current,omitempty"`

	// target experience, 1-5.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=5
	Target int32 `json:"target,omitempty"`
}

// MomentStatus tells whether the moment is blocked, by what, and until when. It follows from the specs in the namespace and
// today's date alone.
type MomentStatus struct {
	// conditions of the moment: Ready, Elaborated, Grouped, Planned, Blocked, Realized, Measured and, with a neededBy date, AtRisk.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=10
	Conditions []metav1.Condition `json:"conditions,omitempty"`

	// observedGeneration is the metadata.generation that this status speaks of; -1 until the operator has evaluated the
	// object.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// requirements counts the requirements of the moment by where they stand.
	// +optional
	Requirements *MomentRequirements `json:"requirements,omitempty"`

	// value of the moment to customers, in whole points.
	// +optional
	Value *Value `json:"value,omitempty"`

	// progressPercent is the delivered part of the requirements, weighed by MoSCoW class, in percent, rounded down.
	// +optional
	ProgressPercent *int32 `json:"progressPercent,omitempty"`

	// expectedDate is when the last Must of the moment is expected. Omitted when the moment is not blocked, or when work
	// is missing or cannot be scheduled.
	// +optional
	ExpectedDate Date `json:"expectedDate,omitempty"`

	// slackDays is neededBy - expectedDate in calendar days; negative means late.
	// +optional
	SlackDays *int32 `json:"slackDays,omitempty"`

	// blockedBy lists what the Musts of the moment wait for: first what has no expected finish, by kind and name; then the
	// latest expected finish first. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	BlockedBy []Blocker `json:"blockedBy,omitempty"`

	// blockedByTotal is the number of things that the Musts of the moment wait for.
	// +optional
	BlockedByTotal int32 `json:"blockedByTotal,omitempty"`

	// criticalChain lists the roadmap items that decide the expected date, in order of time: each waits for the one before
	// it, or for its team to finish that one; the last is what the moment itself waits for. At most 50, the last ones.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	CriticalChain []string `json:"criticalChain,omitempty"`

	// criticalChainTotal is the number of items in the critical chain.
	// +optional
	CriticalChainTotal int32 `json:"criticalChainTotal,omitempty"`

	// metrics that measure the moment, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	Metrics []MomentMetric `json:"metrics,omitempty"`

	// metricsTotal is the number of metrics that measure the moment.
	// +optional
	MetricsTotal int32 `json:"metricsTotal,omitempty"`

	// requirementNames lists the requirements of the moment, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	RequirementNames []string `json:"requirementNames,omitempty"`

	// requirementNamesTotal is the number of requirements of the moment, dropped ones included.
	// +optional
	RequirementNamesTotal int32 `json:"requirementNamesTotal,omitempty"`

	// buildingBlocks lists the blocks that the requirements of the moment are grouped in, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	BuildingBlocks []string `json:"buildingBlocks,omitempty"`

	// buildingBlocksTotal is the number of those blocks.
	// +optional
	BuildingBlocksTotal int32 `json:"buildingBlocksTotal,omitempty"`

	// roadmapItems lists the items that deliver, or have delivered, the requirements of the moment, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	RoadmapItems []string `json:"roadmapItems,omitempty"`

	// roadmapItemsTotal is the number of those items.
	// +optional
	RoadmapItemsTotal int32 `json:"roadmapItemsTotal,omitempty"`

	// teams of those items, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=63
	Teams []string `json:"teams,omitempty"`

	// teamsTotal is the number of those teams.
	// +optional
	TeamsTotal int32 `json:"teamsTotal,omitempty"`
}

// MomentMetric tells where a metric of a moment stands.
type MomentMetric struct {
	// name of the metric.
	// +required
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name,omitempty"`

	// value of the metric. Omitted when it has no samples in its window.
	// +optional
	Value *Decimal `json:"value,omitempty"`

	// target of the metric. Omitted when it has none.
	// +optional
	Target *Decimal `json:"target,omitempty"`

	// onTarget tells whether the value has reached the target. Omitted without a value or a target.
	// +optional
	OnTarget *bool `json:"onTarget,omitempty"`
}

// MomentRequirements counts requirements by where they stand.
type MomentRequirements struct {
	// total number of requirements, dropped ones included.
	// +required
	Total int32 `json:"total"`

	// must is the number of Musts: the gate of the moment.
	// +required
	Must int32 `json:"must"`

	// mustDelivered is the number of Musts that are delivered.
	// +required
	MustDelivered int32 `json:"mustDelivered"`

	// delivered is the number of requirements that are delivered.
	// +required
	Delivered int32 `json:"delivered"`

	// unassigned is the number of requirements without a building block that exists.
	// +required
	Unassigned int32 `json:"unassigned"`

	// unplanned is the number of requirements whose stage no live roadmap item delivers.
	// +required
	Unplanned int32 `json:"unplanned"`

	// dropped is the number of requirements that will not be met (Wont).
	// +required
	Dropped int32 `json:"dropped"`
}

// BlockerKind is the kind of thing that a moment waits for.
//
// +kubebuilder:validation:Enum=Requirement;BuildingBlock;RoadmapItem
type BlockerKind string

// The kinds of blockers.
const (
	// BlockerRequirement is a Must without a building block.
	BlockerRequirement BlockerKind = "Requirement"
	// BlockerBuildingBlock is a stage that nobody has planned.
	BlockerBuildingBlock BlockerKind = "BuildingBlock"
	// BlockerRoadmapItem is work on the roadmap.
	BlockerRoadmapItem BlockerKind = "RoadmapItem"
)

// Blocker is something that a moment waits for.
type Blocker struct {
	// kind of the blocker: Requirement, BuildingBlock or RoadmapItem.
	// +required
	Kind BlockerKind `json:"kind,omitempty"`

	// name of the blocker.
	// +required
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name,omitempty"`

	// stage of the building block. Only for kind BuildingBlock.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Stage string `json:"stage,omitempty"`

	// reason why it blocks: Unassigned (a requirement), Unplanned (a stage), NotFound or Cancelled, or the state of a live
	// roadmap item (Proposed, Planned, InProgress).
	// +required
	// +kubebuilder:validation:MaxLength=63
	Reason string `json:"reason,omitempty"`

	// team that does the work, where it is known.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Team string `json:"team,omitempty"`

	// requirements is the number of the moment's Musts that wait for this directly; 0 when it only comes before something
	// else.
	// +required
	Requirements int32 `json:"requirements"`

	// expectedFinish is when the roadmap item is expected to be finished.
	// +optional
	ExpectedFinish Date `json:"expectedFinish,omitempty"`

	// critical tells that the item is on the critical chain: the moment comes earlier only when it does.
	// +optional
	Critical bool `json:"critical,omitempty"`
}

// Moment is a point in a customer journey where customer and company meet. Its Musts are its gate: while one of them is not
// delivered the moment is blocked.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=mom,categories=cx
// +kubebuilder:selectablefield:JSONPath=`.spec.journeyRef.name`
// +kubebuilder:selectablefield:JSONPath=`.spec.phase`
// +kubebuilder:selectablefield:JSONPath=`.spec.momentOfTruth`
// +kubebuilder:selectablefield:JSONPath=`.spec.owner`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`,description="Whether the definition is understood and its references resolve"
// +kubebuilder:printcolumn:name="Journey",type=string,JSONPath=`.spec.journeyRef.name`
// +kubebuilder:printcolumn:name="Phase",type=string,JSONPath=`.spec.phase`
// +kubebuilder:printcolumn:name="Blocked",type=string,JSONPath=`.status.conditions[?(@.type=="Blocked")].status`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Blocked")].reason`
// +kubebuilder:printcolumn:name="Blockers",type=integer,JSONPath=`.status.blockedByTotal`,description="How many things it waits for"
// +kubebuilder:printcolumn:name="Expected",type=string,JSONPath=`.status.expectedDate`
// +kubebuilder:printcolumn:name="Needed by",type=string,JSONPath=`.spec.neededBy`
// +kubebuilder:printcolumn:name="Ready reason",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Truth",type=boolean,priority=1,JSONPath=`.spec.momentOfTruth`,description="Moment of truth"
// +kubebuilder:printcolumn:name="Value",type=integer,priority=1,JSONPath=`.status.value.total`
// +kubebuilder:printcolumn:name="Progress",type=integer,priority=1,JSONPath=`.status.progressPercent`
// +kubebuilder:printcolumn:name="At risk",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="AtRisk")].reason`
// +kubebuilder:printcolumn:name="Slack",type=integer,priority=1,JSONPath=`.status.slackDays`,description="Days between expected and needed; negative is late"
// +kubebuilder:printcolumn:name="Realized",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Realized")].status`
// +kubebuilder:printcolumn:name="Measured",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Measured")].reason`
// +kubebuilder:printcolumn:name="Title",type=string,priority=1,JSONPath=`.spec.title`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type Moment struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec describes the moment.
	// +required
	Spec MomentSpec `json:"spec,omitzero"`

	// status tells where the moment stands; the operator writes it.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status MomentStatus `json:"status,omitzero"`
}

// MomentList is a list of moments.
//
// +kubebuilder:object:root=true
type MomentList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitzero"`

	// items of the list.
	Items []Moment `json:"items"`
}

// MomentKind is the name of the kind.
const MomentKind = "Moment"

// GetSpec returns a pointer to the spec in the object.
func (o *Moment) GetSpec() any { return &o.Spec }

// GetStatus returns a pointer to the status in the object.
func (o *Moment) GetStatus() Status { return &o.Status }

// GetConditions returns the conditions of the status.
func (s *MomentStatus) GetConditions() []metav1.Condition { return s.Conditions }

// SetConditions replaces the conditions of the status.
func (s *MomentStatus) SetConditions(conditions []metav1.Condition) { s.Conditions = conditions }

// ShallowCopy returns a copy that shares everything that the status points to.
func (s *MomentStatus) ShallowCopy() Status {
	shared := *s
	return &shared
}
