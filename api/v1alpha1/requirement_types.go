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

// RequirementSpec describes what the business asks for one or more moments.
type RequirementSpec struct {
	// momentRefs names the moments that ask for this requirement, 1 to 50.
	// +required
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=50
	MomentRefs []ObjectReference `json:"momentRefs,omitempty"`

	// title of the requirement, for people. At most 200 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	Title Title `json:"title,omitempty"`

	// statement is the requirement itself, preferably one sentence. At most 5000 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=5000
	Statement string `json:"statement,omitempty"`

	// type of the requirement.
	// +optional
	Type RequirementType `json:"type,omitempty"`

	// moscow is the class of the requirement. The Musts of a moment are its gate: it is blocked while one of them is not
	// delivered. A Wont is dropped.
	// +required
	MoSCoW MoSCoW `json:"moscow,omitempty"`

	// userStory tells who wants what, and why.
	// +optional
	// +structType=atomic
	UserStory *UserStory `json:"userStory,omitempty"`

	// acceptanceCriteria tell when the requirement is met, a sentence each. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	AcceptanceCriteria []Line `json:"acceptanceCriteria,omitempty"`

	// buildingBlockRef names the building block, and the stage of it, that meets the requirement. Without a stage the last
	// stage is meant.
	// +optional
	BuildingBlockRef *StageReference `json:"buildingBlockRef,omitempty"`

	// owner is the person or department that answers for the requirement. At most 200 characters.
	// +optional
	Owner Title `json:"owner,omitempty"`

	// externalRef points to the same requirement in another system.
	// +optional
	ExternalRef *ExternalReference `json:"externalRef,omitempty"`
}

// RequirementType tells what sort of thing is asked.
//
// +kubebuilder:validation:Enum=Functional;Data;Integration;Content;Process;Organisation;Quality
type RequirementType string

// The types of requirement.
const (
	// RequirementFunctional asks for something that a system does.
	RequirementFunctional RequirementType = "Functional"
	// RequirementData asks for data, or for better or fresher data.
	RequirementData RequirementType = "Data"
	// RequirementIntegration asks that systems work together.
	RequirementIntegration RequirementType = "Integration"
	// RequirementContent asks for text, pictures or other content.
	RequirementContent RequirementType = "Content"
	// RequirementProcess asks for a way of working.
	RequirementProcess RequirementType = "Process"
	// RequirementOrganisation asks for people, skills or responsibilities.
	RequirementOrganisation RequirementType = "Organisation"
	// RequirementQuality asks how well something is done.
	RequirementQuality RequirementType = "Quality"
)

// MoSCoW is the class of a requirement.
//
// +kubebuilder:validation:Enum=Must;Should;Could;Wont
type MoSCoW string

// The MoSCoW classes.
const (
	// MoSCoWMust is needed before the moment works at all.
	MoSCoWMust MoSCoW = "Must"
	// MoSCoWShould is important, but the moment works without it.
	MoSCoWShould MoSCoW = "Should"
	// MoSCoWCould is welcome.
	MoSCoWCould MoSCoW = "Could"
	// MoSCoWWont will not be met; it is kept for the record.
	MoSCoWWont MoSCoW = "Wont"
)

// UserStory tells who wants what, and why.
type UserStory struct {
	// as is the role that wants something. At most 200 characters.
	// +optional
	As Title `json:"as,omitempty"`

	// want is what the role wants. At most 1000 characters.
	// +optional
	Want Line `json:"want,omitempty"`

	// soThat is what the role gains. At most 1000 characters.
	// +optional
	SoThat Line `json:"soThat,omitempty"`
}

// RequirementStatus tells where the requirement stands. It follows from the specs in the namespace and today's date alone.
type RequirementStatus struct {
	// conditions of the requirement: Ready and Delivered.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=10
	Conditions []metav1.Condition `json:"conditions,omitempty"`

	// observedGeneration is the metadata.generation that this status speaks of; -1 until the operator has evaluated the
	// object.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// deliveredBy names the roadmap item that delivers the requirement, or has delivered it. Omitted when no item does or
	// did: when nobody has planned it, or when only existing systems do it.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	DeliveredBy string `json:"deliveredBy,omitempty"`

	// value of the requirement: its shares in the values of its moments, in whole points.
	// +optional
	Value *int64 `json:"value,omitempty"`

	// journeys that ask for the requirement, through its moments, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	Journeys []string `json:"journeys,omitempty"`

	// journeysTotal is the number of those journeys.
	// +optional
	JourneysTotal int32 `json:"journeysTotal,omitempty"`

	// expectedDate is when the requirement is expected to be delivered. Omitted when it is delivered already, or when its
	// work is missing or cannot be scheduled.
	// +optional
	ExpectedDate Date `json:"expectedDate,omitempty"`
}

// Requirement is something that the business asks for one or more moments of a journey, with the building block that
// meets it.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=req,categories=cx
// +kubebuilder:selectablefield:JSONPath=`.spec.moscow`
// +kubebuilder:selectablefield:JSONPath=`.spec.type`
// +kubebuilder:selectablefield:JSONPath=`.spec.buildingBlockRef.name`
// +kubebuilder:selectablefield:JSONPath=`.spec.buildingBlockRef.stage`
// +kubebuilder:selectablefield:JSONPath=`.spec.owner`
// +kubebuilder:selectablefield:JSONPath=`.status.deliveredBy`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`,description="Whether the definition is understood and its references resolve"
// +kubebuilder:printcolumn:name="Moscow",type=string,JSONPath=`.spec.moscow`
// +kubebuilder:printcolumn:name="Block",type=string,JSONPath=`.spec.buildingBlockRef.name`
// +kubebuilder:printcolumn:name="Stage",type=string,JSONPath=`.spec.buildingBlockRef.stage`
// +kubebuilder:printcolumn:name="Delivered",type=string,JSONPath=`.status.conditions[?(@.type=="Delivered")].status`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Delivered")].reason`
// +kubebuilder:printcolumn:name="By",type=string,JSONPath=`.status.deliveredBy`,description="The roadmap item that delivers it"
// +kubebuilder:printcolumn:name="Expected",type=string,JSONPath=`.status.expectedDate`
// +kubebuilder:printcolumn:name="Ready reason",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Type",type=string,priority=1,JSONPath=`.spec.type`
// +kubebuilder:printcolumn:name="Value",type=integer,priority=1,JSONPath=`.status.value`
// +kubebuilder:printcolumn:name="Moments",type=string,priority=1,JSONPath=`.spec.momentRefs[*].name`
// +kubebuilder:printcolumn:name="Title",type=string,priority=1,JSONPath=`.spec.title`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type Requirement struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec describes the requirement.
	// +required
	Spec RequirementSpec `json:"spec,omitzero"`

	// status tells where the requirement stands; the operator writes it.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status RequirementStatus `json:"status,omitzero"`
}

// RequirementList is a list of requirements.
//
// +kubebuilder:object:root=true
type RequirementList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitzero"`

	// items of the list.
	Items []Requirement `json:"items"`
}

// RequirementKind is the name of the kind.
const RequirementKind = "Requirement"

// GetSpec returns a pointer to the spec in the object.
func (o *Requirement) GetSpec() any { return &o.Spec }

// GetStatus returns a pointer to the status in the object.
func (o *Requirement) GetStatus() Status { return &o.Status }

// GetConditions returns the conditions of the status.
func (s *RequirementStatus) GetConditions() []metav1.Condition { return s.Conditions }

// SetConditions replaces the conditions of the status.
func (s *RequirementStatus) SetConditions(conditions []metav1.Condition) { s.Conditions = conditions }

// ShallowCopy returns a copy that shares everything that the status points to.
func (s *RequirementStatus) ShallowCopy() Status {
	shared := *s
	return &shared
}
