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

// ObservationSpec is what a machine saw of an object: measured values of a Metric, the state of a RoadmapItem's work in a tracker, or
// proofs that stages of a BuildingBlock are there.
//
// +kubebuilder:validation:XValidation:rule="(has(self.samples) ? 1 : 0) + (has(self.work) ? 1 : 0) + (has(self.proofs) ? 1 : 0) <= 1",message="an observation tells one thing: samples, work or proofs, not several",reason=FieldValueInvalid
// +kubebuilder:validation:XValidation:rule="!has(self.samples) || self.of.kind == 'Metric'",message="samples are observed of a Metric: correct of.kind, or remove samples",fieldPath=".samples",reason=FieldValueInvalid
// +kubebuilder:validation:XValidation:rule="!has(self.work) || self.of.kind == 'RoadmapItem'",message="work is observed of a RoadmapItem: correct of.kind, or remove work",fieldPath=".work",reason=FieldValueInvalid
// +kubebuilder:validation:XValidation:rule="!has(self.proofs) || self.of.kind == 'BuildingBlock'",message="proofs are observed of a BuildingBlock: correct of.kind, or remove proofs",fieldPath=".proofs",reason=FieldValueInvalid
type ObservationSpec struct {
	// of names the object that was looked at, in the same namespace.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="an observation stays with its object: create another one"
	Of ObservedReference `json:"of,omitzero"`

	// sourceRef names the Source that was asked. Omitted where the observer looked at its own cluster.
	// +optional
	SourceRef *SourceReference `json:"sourceRef,omitempty"`

	// observedOn is the day of the last look, in UTC. While nothing else changes it moves at most once a day.
	// +required
	ObservedOn Date `json:"observedOn,omitempty"`

	// problem tells why the last look failed. What was seen before stays beside it.
	// +optional
	// +structType=atomic
	Problem *Problem `json:"problem,omitempty"`

	// samples that were measured of a Metric, each with its own date. At most 400.
	// +optional
	// +listType=map
	// +listMapKey=date
	// +kubebuilder:validation:MaxItems=400
	Samples []Sample `json:"samples,omitempty"`

	// work is the state that the tracker gives a RoadmapItem.
	// +optional
	// +structType=atomic
	Work *Work `json:"work,omitempty"`

	// proofs tell of each check of a BuildingBlock whether it held. At most 50.
	// +optional
	// +listType=map
	// +listMapKey=stage
	// +listMapKey=check
	// +kubebuilder:validation:MaxItems=50
	Proofs []Proof `json:"proofs,omitempty"`
}

// ObservedReference names an object that can be observed.
type ObservedReference struct {
	// kind of the object: Metric, RoadmapItem or BuildingBlock.
	// +required
	Kind ObservedKind `json:"kind,omitempty"`

	// name of the object, in the same namespace.
	// +required
	Name ObjectName `json:"name,omitempty"`
}

// ObservedKind is a kind of which something can be observed.
//
// +kubebuilder:validation:Enum=Metric;RoadmapItem;BuildingBlock
type ObservedKind string

// Problem tells why a look failed.
type Problem struct {
	// reason in one CamelCase word, for machines. At most 63 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[A-Za-z][A-Za-z0-9]*$`
	Reason string `json:"reason,omitempty"`

	// message for people: what went wrong, and what to change. At most 1000 characters.
	// +optional
	Message Line `json:"message,omitempty"`
}

// Work is what a tracker says about a piece of work.
//
// +kubebuilder:validation:XValidation:rule="!has(self.startedDate) || !has(self.finishDate) || self.startedDate <= self.finishDate",message="finishDate must not be before startedDate: correct one of them",fieldPath=".finishDate",reason=FieldValueInvalid
type Work struct {
	// state that the tracker's own one stands for.
	// +required
	State ItemState `json:"state,omitempty"`

	// rawState is the state in the tracker's own words. At most 200 characters.
	// +optional
	RawState Title `json:"rawState,omitempty"`

	// startedDate is the day on which the work began.
	// +optional
	StartedDate Date `json:"startedDate,omitempty"`

	// finishDate is the day on which the work was finished.
	// +optional
	FinishDate Date `json:"finishDate,omitempty"`

	// url where people can open the record. At most 2048 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:Pattern=`^https?://`
	URL string `json:"url,omitempty"`
}

// Proof tells whether a check of a stage held.
type Proof struct {
	// stage of the block.
	// +required
	Stage LabelName `json:"stage,omitempty"`

	// check of that stage, by name.
	// +required
	Check LabelName `json:"check,omitempty"`

	// provenOn is the first day on which the check held. Once set it stays.
	// +optional
	ProvenOn Date `json:"provenOn,omitempty"`

	// holds tells whether the check held at the last look.
	// +required
	Holds bool `json:"holds"`

	// reason why the check does not hold, for people. It names what was looked at, and never gives values of it. At most 250 characters.
	// +optional
	Reason Sentence `json:"reason,omitempty"`
}

// Observation is what a machine saw of an object. The observer writes it; people only read it. It has no status: it is one more
// thing from which the statuses of the other kinds follow.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:shortName=obs,categories=cx
// +kubebuilder:selectablefield:JSONPath=`.spec.of.kind`
// +kubebuilder:selectablefield:JSONPath=`.spec.of.name`
// +kubebuilder:selectablefield:JSONPath=`.spec.sourceRef.name`
// +kubebuilder:printcolumn:name="Kind",type=string,JSONPath=`.spec.of.kind`,description="Kind of the object that was looked at"
// +kubebuilder:printcolumn:name="Of",type=string,JSONPath=`.spec.of.name`,description="The object that was looked at"
// +kubebuilder:printcolumn:name="Source",type=string,JSONPath=`.spec.sourceRef.name`
// +kubebuilder:printcolumn:name="Observed",type=string,JSONPath=`.spec.observedOn`
// +kubebuilder:printcolumn:name="State",type=string,JSONPath=`.spec.work.state`,description="The state that the tracker gives the work"
// +kubebuilder:printcolumn:name="Problem",type=string,JSONPath=`.spec.problem.reason`,description="Why the last look failed"
// +kubebuilder:printcolumn:name="Message",type=string,priority=1,JSONPath=`.spec.problem.message`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type Observation struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is what was seen.
	// +required
	Spec ObservationSpec `json:"spec,omitzero"`
}

// ObservationList is a list of observations.
//
// +kubebuilder:object:root=true
type ObservationList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitzero"`

	// items of the list.
	Items []Observation `json:"items"`
}

// ObservationKind is the name of the kind.
const ObservationKind = "Observation"

// GetSpec returns a pointer to the spec in the object.
func (o *Observation) GetSpec() any { return &o.Spec }

// GetStatus returns nil: an observation has none.
func (o *Observation) GetStatus() Status { return nil }
