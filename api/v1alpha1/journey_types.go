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

// JourneySpec describes a customer journey: who goes through it, what the brand stands for, and its phases.
type JourneySpec struct {
	// title of the journey, for people. At most 200 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	Title Title `json:"title,omitempty"`

	// description tells more about the journey. At most 5000 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=5000
	Description string `json:"description,omitempty"`

	// goal is the customer's job to be done, in the customer's words. At most 1000 characters.
	// +optional
	Goal Line `json:"goal,omitempty"`

	// perspective tells whether the journey is described as it is today (AsIs) or as it should become (ToBe).
	// +optional
	Perspective Perspective `json:"perspective,omitempty"`

	// owner is the person or department that answers for the journey. At most 200 characters.
	// +optional
	Owner Title `json:"owner,omitempty"`

	// weightPercent is the weight of this journey among the journeys of the namespace, in percent (0-1000). It multiplies
	// the value of all its moments; 0 takes the journey out of the ranking.
	// +optional
	// +kubebuilder:default=100
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000
	WeightPercent *int32 `json:"weightPercent,omitempty"`

	// personas who go through the journey. At most 20, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=20
	Personas []Persona `json:"personas,omitempty"`

	// brand is what the company stands for in this journey.
	// +optional
	// +structType=atomic
	Brand *Brand `json:"brand,omitempty"`

	// successCriteria tell when the journey works for the customer. At most 20, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=20
	SuccessCriteria []SuccessCriterion `json:"successCriteria,omitempty"`

	// channels that fit the personas, such as app, phone or shop. At most 50, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=50
	Channels []Channel `json:"channels,omitempty"`

	// phases of the journey, in the order in which the customer goes through them. At most 30, each with its own name.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=30
	// +kubebuilder:validation:XValidation:rule="self.all(p, self.exists_one(q, q.name == p.name))",message="phase names must be unique within the journey: rename one of the phases that share a name"
	Phases []Phase `json:"phases,omitempty"`

	// review tells how often the journey is reviewed, and when that last happened.
	// +optional
	// +structType=atomic
	Review *Review `json:"review,omitempty"`
}

// Review tells how often something is reviewed.
type Review struct {
	// lastOn is the date of the last review. Omitted, there was none.
	// +optional
	LastOn Date `json:"lastOn,omitempty"`

	// everyDays is how many days may pass until the next one (1-3660).
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=3660
	EveryDays int32 `json:"everyDays,omitempty"`
}

// Perspective tells from where a journey is described.
//
// +kubebuilder:validation:Enum=AsIs;ToBe
type Perspective string

// The perspectives of a journey.
const (
	// PerspectiveAsIs describes the journey as customers live it today.
	PerspectiveAsIs Perspective = "AsIs"
	// PerspectiveToBe describes the journey as it should become.
	PerspectiveToBe Perspective = "ToBe"
)

// Persona is a typical customer.
type Persona struct {
	// name of the persona within the journey (an RFC 1123 label).
	// +required
	Name LabelName `json:"name,omitempty"`

	// title is how people call the persona. At most 200 characters.
	// +optional
	Title Title `json:"title,omitempty"`

	// segment of customers that the persona stands for. At most 200 characters.
	// +optional
	Segment Title `json:"segment,omitempty"`

	// needs of the persona, a sentence of at most 250 characters each. At most 10.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=10
	Needs []Sentence `json:"needs,omitempty"`

	// behaviours of the persona, a sentence of at most 250 characters each. At most 10.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=10
	Behaviours []Sentence `json:"behaviours,omitempty"`

	// insights about the persona, a sentence of at most 250 characters each. At most 10.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=10
	Insights []Sentence `json:"insights,omitempty"`
}

// Brand is what the company stands for.
type Brand struct {
	// vision of the brand. At most 1000 characters.
	// +optional
	Vision Line `json:"vision,omitempty"`

	// values of the brand, to which moments refer by name. At most 20, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=20
	Values []BrandValue `json:"values,omitempty"`
}

// BrandValue is one thing that the brand stands for.
type BrandValue struct {
	// name of the value within the journey (an RFC 1123 label).
	// +required
	Name LabelName `json:"name,omitempty"`

	// description of what the value means for customers. At most 1000 characters.
	// +optional
	Description Line `json:"description,omitempty"`
}

// SuccessCriterion tells when the journey works for the customer.
type SuccessCriterion struct {
	// name of the criterion within the journey (an RFC 1123 label).
	// +required
	Name LabelName `json:"name,omitempty"`

	// description of the criterion, preferably with a measure. At most 1000 characters.
	// +optional
	Description Line `json:"description,omitempty"`
}

// Channel is a way in which customer and company meet.
type Channel struct {
	// name of the channel within the journey (an RFC 1123 label).
	// +required
	Name LabelName `json:"name,omitempty"`

	// title is how people call the channel. At most 200 characters.
	// +optional
	Title Title `json:"title,omitempty"`
}

// Phase is a part of the journey, between two milestones of the customer.
type Phase struct {
	// name of the phase within the journey (an RFC 1123 label).
	// +required
	Name LabelName `json:"name,omitempty"`

	// title is how people call the phase. At most 200 characters.
	// +optional
	Title Title `json:"title,omitempty"`

	// milestone that the customer has reached at the end of the phase. At most 1000 characters.
	// +optional
	Milestone Line `json:"milestone,omitempty"`

	// principles of the experience that the brand wants to give in this phase, a sentence of at most 250 characters each.
	// At most 10.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=10
	Principles []Sentence `json:"principles,omitempty"`
}

// JourneyStatus tells where the journey stands. It follows from the specs in the namespace and today's date alone.
type JourneyStatus struct {
	// conditions of the journey: Ready, the five steps (StrategyDefined, Elaborated, Grouped, Planned, Realized), Blocked, Measured,
	// with a review Fresh and, where a moment has a neededBy date, AtRisk.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=10
	Conditions []metav1.Condition `json:"conditions,omitempty"`

	// observedGeneration is the metadata.generation that this status speaks of; -1 until the operator has evaluated the
	// object.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// moments counts the moments of the journey by where they stand.
	// +optional
	Moments *JourneyMoments `json:"moments,omitempty"`

	// phases sums up each phase of the journey, in the journey's order.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=30
	Phases []JourneyPhaseStatus `json:"phases,omitempty"`

	// value of the journey's moments, in whole points.
	// +optional
	Value *Value `json:"value,omitempty"`

	// progressPercent is the part of the journey's value that is delivered, in percent, rounded down.
	// +optional
	ProgressPercent *int32 `json:"progressPercent,omitempty"`

	// expectedDate is when the last blocked moment is expected. Omitted when none is blocked, or when one has no date.
	// +optional
	ExpectedDate Date `json:"expectedDate,omitempty"`

	// nextWork lists the ten best-ranked roadmap items that moments of this journey wait for, best first.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=10
	NextWork []NextWork `json:"nextWork,omitempty"`

	// nextWorkTotal is the number of ranked roadmap items that moments of this journey wait for.
	// +optional
	NextWorkTotal int32 `json:"nextWorkTotal,omitempty"`
}

// JourneyMoments counts moments by where they stand.
type JourneyMoments struct {
	// total number of moments.
	// +required
	Total int32 `json:"total"`

	// elaborated is the number of moments that are elaborated.
	// +required
	Elaborated int32 `json:"elaborated"`

	// blocked is the number of moments that are blocked.
	// +required
	Blocked int32 `json:"blocked"`

	// realized is the number of moments of which every requirement is delivered.
	// +required
	Realized int32 `json:"realized"`

	// atRisk is the number of moments that will be late, or have no forecast, for the date they are needed by.
	// +required
	AtRisk int32 `json:"atRisk"`
}

// JourneyPhaseStatus sums up a phase.
type JourneyPhaseStatus struct {
	// name of the phase.
	// +required
	Name LabelName `json:"name,omitempty"`

	// moments is the number of moments in the phase.
	// +required
	Moments int32 `json:"moments"`

	// blocked is the number of moments in the phase that are blocked.
	// +required
	Blocked int32 `json:"blocked"`

	// realized is the number of moments in the phase that are realized.
	// +required
	Realized int32 `json:"realized"`

	// value of the moments in the phase, in whole points.
	// +required
	Value int64 `json:"value"`

	// delivered is the part of the value that is delivered, in whole points.
	// +required
	Delivered int64 `json:"delivered"`

	// teams that do the work for the moments in the phase, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=63
	Teams []string `json:"teams,omitempty"`

	// teamsTotal is the number of those teams.
	// +optional
	TeamsTotal int32 `json:"teamsTotal,omitempty"`
}

// NextWork is a roadmap item that is worth doing early for a journey.
type NextWork struct {
	// name of the roadmap item.
	// +required
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name,omitempty"`

	// rank of the item on the roadmap of the namespace, from 1.
	// +required
	Rank int32 `json:"rank,omitempty"`

	// score of the item: points a day, with two decimals.
	// +required
	// +kubebuilder:validation:MaxLength=32
	Score string `json:"score,omitempty"`

	// unlocks is the number of this journey's blocked moments that wait for the item.
	// +required
	Unlocks int32 `json:"unlocks"`
}

// Journey is a customer journey: what a customer goes through to get something done, phase by phase, moment by moment.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=jny,categories=cx
// +kubebuilder:selectablefield:JSONPath=`.spec.perspective`
// +kubebuilder:selectablefield:JSONPath=`.spec.owner`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`,description="Whether the definition is understood and its references resolve"
// +kubebuilder:printcolumn:name="Blocked",type=string,JSONPath=`.status.conditions[?(@.type=="Blocked")].status`
// +kubebuilder:printcolumn:name="Moments",type=integer,JSONPath=`.status.moments.total`
// +kubebuilder:printcolumn:name="Waiting",type=integer,JSONPath=`.status.moments.blocked`,description="Moments that wait for a Must"
// +kubebuilder:printcolumn:name="At risk",type=integer,JSONPath=`.status.moments.atRisk`,description="Moments that will be late for their neededBy date"
// +kubebuilder:printcolumn:name="Realized",type=integer,JSONPath=`.status.moments.realized`
// +kubebuilder:printcolumn:name="Progress",type=integer,JSONPath=`.status.progressPercent`,description="Delivered value, in percent"
// +kubebuilder:printcolumn:name="Expected",type=string,JSONPath=`.status.expectedDate`,description="When the last blocked moment is expected"
// +kubebuilder:printcolumn:name="Next",type=string,JSONPath=`.status.nextWork[0].name`,description="The best-ranked work for this journey"
// +kubebuilder:printcolumn:name="Ready reason",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Strategy",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="StrategyDefined")].status`
// +kubebuilder:printcolumn:name="Elaborated",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Elaborated")].status`
// +kubebuilder:printcolumn:name="Grouped",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Grouped")].status`
// +kubebuilder:printcolumn:name="Planned",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Planned")].status`
// +kubebuilder:printcolumn:name="Value",type=integer,priority=1,JSONPath=`.status.value.total`
// +kubebuilder:printcolumn:name="Measured",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Measured")].reason`
// +kubebuilder:printcolumn:name="Reviewed",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Fresh")].reason`
// +kubebuilder:printcolumn:name="Title",type=string,priority=1,JSONPath=`.spec.title`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type Journey struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec describes the journey.
	// +required
	Spec JourneySpec `json:"spec,omitzero"`

	// status tells where the journey stands; the operator writes it.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status JourneyStatus `json:"status,omitzero"`
}

// JourneyList is a list of journeys.
//
// +kubebuilder:object:root=true
type JourneyList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitzero"`

	// items of the list.
	Items []Journey `json:"items"`
}

// JourneyKind is the name of the kind.
const JourneyKind = "Journey"

// GetSpec returns a pointer to the spec in the object.
func (o *Journey) GetSpec() any { return &o.Spec }

// GetStatus returns a pointer to the status in the object.
func (o *Journey) GetStatus() Status { return &o.Status }

// GetConditions returns the conditions of the status.
func (s *JourneyStatus) GetConditions() []metav1.Condition { return s.Conditions }

// SetConditions replaces the conditions of the status.
func (s *JourneyStatus) SetConditions(conditions []metav1.Condition) { s.Conditions = conditions }

// ShallowCopy returns a copy that shares everything that the status points to.
func (s *JourneyStatus) ShallowCopy() Status {
	shared := *s
	return &shared
}
