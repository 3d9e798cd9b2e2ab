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

// BuildingBlockSpec describes a block of similar requirements and the stages in which it is built.
type BuildingBlockSpec struct {
	// title of the block, for people. At most 200 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	Title Title `json:"title,omitempty"`

	// description tells more about the block. At most 5000 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=5000
	Description string `json:"description,omitempty"`

	// sourcing tells how the block comes about.
	// +optional
	Sourcing Sourcing `json:"sourcing,omitempty"`

	// systems in the landscape that the block touches, by name. At most 50.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	Systems []Title `json:"systems,omitempty"`

	// owners of the block, on both sides.
	// +optional
	// +structType=atomic
	Owners *BlockOwners `json:"owners,omitempty"`

	// complexity of the block; it raises the effort that counts in the priority (see complexityPercent of the Roadmap).
	// +optional
	// +kubebuilder:default=Medium
	Complexity Complexity `json:"complexity,omitempty"`

	// feasibilityPercent tells how sure it is that the block can be built, in percent (1-100). The effort that counts in
	// the priority is divided by it.
	// +optional
	// +kubebuilder:default=100
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100
	FeasibilityPercent int32 `json:"feasibilityPercent,omitempty"`

	// stages in which the block is built, in order: each stage builds on the ones before it. 1 to 10, each with its own name.
	// +required
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=10
	// +kubebuilder:validation:XValidation:rule="self.all(s, self.exists_one(t, t.name == s.name))",message="stage names must be unique within the block: rename one of the stages that share a name"
	Stages []Stage `json:"stages,omitempty"`
}

// Sourcing tells how a building block comes about.
//
// +kubebuilder:validation:Enum=Configure;Extend;Build;Buy
type Sourcing string

// The ways to come to a building block.
const (
	// SourcingConfigure sets up what there is.
	SourcingConfigure Sourcing = "Configure"
	// SourcingExtend adds to what there is.
	SourcingExtend Sourcing = "Extend"
	// SourcingBuild makes something new.
	SourcingBuild Sourcing = "Build"
	// SourcingBuy buys something.
	SourcingBuy Sourcing = "Buy"
)

// Complexity of a building block.
//
// +kubebuilder:validation:Enum=Low;Medium;High;VeryHigh
type Complexity string

// The grades of complexity.
const (
	// ComplexityLow is routine work.
	ComplexityLow Complexity = "Low"
	// ComplexityMedium is the default.
	ComplexityMedium Complexity = "Medium"
	// ComplexityHigh has many parts, parties or unknowns.
	ComplexityHigh Complexity = "High"
	// ComplexityVeryHigh is new ground.
	ComplexityVeryHigh Complexity = "VeryHigh"
)

// BlockOwners are the people who answer for a building block, on both sides.
type BlockOwners struct {
	// marketing owner. At most 200 characters.
	// +optional
	Marketing Title `json:"marketing,omitempty"`

	// it owner. At most 200 characters.
	// +optional
	IT Title `json:"it,omitempty"`
}

// Stage of a building block: weekly data, then daily, then real time.
type Stage struct {
	// name of the stage within the block (an RFC 1123 label).
	// +required
	Name LabelName `json:"name,omitempty"`

	// title is how people call the stage. At most 200 characters.
	// +optional
	Title Title `json:"title,omitempty"`

	// description tells more about the stage. At most 5000 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=5000
	Description string `json:"description,omitempty"`

	// effortDays is the work that the stage takes on top of the earlier stages, in working days of a team (0-100000).
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100000
	EffortDays int32 `json:"effortDays,omitempty"`

	// leadTimeDays is the shortest time that the stage takes however many people work on it, in workdays (0-10000): a
	// delivery time of a supplier, a legal term.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=10000
	LeadTimeDays int32 `json:"leadTimeDays,omitempty"`

	// cost of the stage, in whole units of the currency of the portfolio (0-1000000000000). For information.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000000000000
	Cost int64 `json:"cost,omitempty"`

	// available tells that existing systems already do this. It and every earlier stage count as delivered.
	// +optional
	Available bool `json:"available,omitempty"`

	// dependsOn names stages of this or other blocks that must be delivered before this one. At most 20.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=20
	DependsOn []StageReference `json:"dependsOn,omitempty"`

	// deliveredWhen lists checks of objects in the cluster that prove that the stage is there, each with its own name. At most 5.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=5
	DeliveredWhen []StageCheck `json:"deliveredWhen,omitempty"`
}

// StageCheck proves, by an object in the cluster, that a stage is there.
type StageCheck struct {
	// name of the check within the stage (an RFC 1123 label).
	// +required
	Name LabelName `json:"name,omitempty"`

	// apiVersion of the object, such as apps/v1.
	// +required
	APIVersion APIVersion `json:"apiVersion,omitempty"`

	// kind of the object, such as Deployment. Secrets and ConfigMaps are never looked at.
	// +required
	// +kubebuilder:validation:XValidation:rule="!(self in ['Secret', 'ConfigMap'])",message="Secrets and ConfigMaps are never looked at: check the object that uses it"
	Kind KindName `json:"kind,omitempty"`

	// objectName is the name of the object.
	// +required
	ObjectName ObjectName `json:"objectName,omitempty"`

	// namespace of the object. Omitted, that of the building block. Another one needs a sourceRef that allows it.
	// +optional
	Namespace LabelName `json:"namespace,omitempty"`

	// sourceRef names a Source of type Kubernetes that allows to look at this kind. Without it only objects in the block's own namespace are
	// looked at.
	// +optional
	SourceRef *SourceReference `json:"sourceRef,omitempty"`

	// expression is true when the object does what the stage promises: a CEL expression over self, the object. Omitted, the object
	// must be there and ready, as kstatus tells it. At most 1000 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=1000
	Expression string `json:"expression,omitempty"`
}

// BuildingBlockStatus tells which stages are there, and what they mean for customers. It follows from the specs in the
// namespace and today's date alone.
type BuildingBlockStatus struct {
	// conditions of the block: Ready, Planned, Delivered, where a stage has deliveredWhen Proven and, in a dependency cycle, Stalled.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=10
	Conditions []metav1.Condition `json:"conditions,omitempty"`

	// observedGeneration is the metadata.generation that this status speaks of; -1 until the operator has evaluated the
	// object.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// deliveredStage is the highest stage that is there; every earlier one is there too. Omitted when none is.
	// +optional
	DeliveredStage LabelName `json:"deliveredStage,omitempty"`

	// stages tells of each stage where it stands, in the block's order.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=10
	Stages []StageStatus `json:"stages,omitempty"`

	// requirementsTotal is the number of requirements that are grouped in this block, dropped ones included.
	// +optional
	RequirementsTotal int32 `json:"requirementsTotal,omitempty"`

	// moments that ask for something of this block, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	Moments []string `json:"moments,omitempty"`

	// momentsTotal is the number of those moments.
	// +optional
	MomentsTotal int32 `json:"momentsTotal,omitempty"`

	// journeys of those moments, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	Journeys []string `json:"journeys,omitempty"`

	// journeysTotal is the number of those journeys.
	// +optional
	JourneysTotal int32 `json:"journeysTotal,omitempty"`

	// value of the requirements in this block: their shares in the values of their moments, in whole points.
	// +optional
	Value *Value `json:"value,omitempty"`
}

// StageStatus tells where a stage stands.
type StageStatus struct {
	// name of the stage.
	// +required
	Name LabelName `json:"name,omitempty"`

	// delivered tells whether the stage is there.
	// +required
	Delivered bool `json:"delivered"`

	// roadmapItem delivers the stage, or has delivered it. Omitted when no item does.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	RoadmapItem string `json:"roadmapItem,omitempty"`

	// requirements is the number of requirements that ask for this stage, dropped ones included.
	// +required
	Requirements int32 `json:"requirements"`

	// moments is the number of moments whose requirements ask for this stage.
	// +required
	Moments int32 `json:"moments"`

	// value of the requirements that ask for this stage, in whole points; dropped ones have none.
	// +required
	Value int64 `json:"value"`

	// expectedFinish is when the stage is expected. Omitted when it is there, or when its work is missing or cannot be
	// scheduled.
	// +optional
	ExpectedFinish Date `json:"expectedFinish,omitempty"`
}

// BuildingBlock brings similar requirements together and says in which stages they are met.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=bb,categories=cx
// +kubebuilder:selectablefield:JSONPath=`.spec.complexity`
// +kubebuilder:selectablefield:JSONPath=`.spec.sourcing`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`,description="Whether the definition is understood and its references resolve"
// +kubebuilder:printcolumn:name="Stage",type=string,JSONPath=`.status.deliveredStage`,description="The highest stage that is delivered"
// +kubebuilder:printcolumn:name="Delivered",type=string,JSONPath=`.status.conditions[?(@.type=="Delivered")].reason`
// +kubebuilder:printcolumn:name="Planned",type=string,JSONPath=`.status.conditions[?(@.type=="Planned")].reason`
// +kubebuilder:printcolumn:name="Requirements",type=integer,JSONPath=`.status.requirementsTotal`
// +kubebuilder:printcolumn:name="Moments",type=integer,JSONPath=`.status.momentsTotal`
// +kubebuilder:printcolumn:name="Value",type=integer,JSONPath=`.status.value.total`
// +kubebuilder:printcolumn:name="Ready reason",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Complexity",type=string,priority=1,JSONPath=`.spec.complexity`
// +kubebuilder:printcolumn:name="Feasibility",type=integer,priority=1,JSONPath=`.spec.feasibilityPercent`
// +kubebuilder:printcolumn:name="Sourcing",type=string,priority=1,JSONPath=`.spec.sourcing`
// +kubebuilder:printcolumn:name="Open value",type=integer,priority=1,JSONPath=`.status.value.planned`,description="Value that planned work will earn"
// +kubebuilder:printcolumn:name="Proven",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Proven")].reason`,description="Whether objects in the cluster prove its stages"
// +kubebuilder:printcolumn:name="Title",type=string,priority=1,JSONPath=`.spec.title`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type BuildingBlock struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec describes the block.
	// +required
	Spec BuildingBlockSpec `json:"spec,omitzero"`

	// status tells where the block stands; the operator writes it.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status BuildingBlockStatus `json:"status,omitzero"`
}

// BuildingBlockList is a list of building blocks.
//
// +kubebuilder:object:root=true
type BuildingBlockList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitzero"`

	// items of the list.
	Items []BuildingBlock `json:"items"`
}

// BuildingBlockKind is the name of the kind.
const BuildingBlockKind = "BuildingBlock"

// GetSpec returns a pointer to the spec in the object.
func (o *BuildingBlock) GetSpec() any { return &o.Spec }

// GetStatus returns a pointer to the status in the object.
func (o *BuildingBlock) GetStatus() Status { return &o.Status }

// GetConditions returns the conditions of the status.
func (s *BuildingBlockStatus) GetConditions() []metav1.Condition { return s.Conditions }

// SetConditions replaces the conditions of the status.
func (s *BuildingBlockStatus) SetConditions(conditions []metav1.Condition) { s.Conditions = conditions }

// ShallowCopy returns a copy that shares everything that the status points to.
func (s *BuildingBlockStatus) ShallowCopy() Status {
	shared := *s
	return &shared
}
