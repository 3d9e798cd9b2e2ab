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

import (
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// RoadmapItemSpec describes a piece of work on the joint roadmap.
//
// +kubebuilder:validation:XValidation:rule="has(self.finishDate) == (self.state == 'Done')",message="finishDate goes with state Done: set both, or neither",fieldPath=".finishDate",reason=FieldValueInvalid
// +kubebuilder:validation:XValidation:rule="!has(self.startDate) || !has(self.targetDate) || self.startDate <= self.targetDate",message="targetDate must not be before startDate: move one of them",fieldPath=".targetDate",reason=FieldValueInvalid
// +kubebuilder:validation:XValidation:rule="!has(self.startDate) || !has(self.finishDate) || self.startDate <= self.finishDate",message="finishDate must not be before startDate: correct one of them",fieldPath=".finishDate",reason=FieldValueInvalid
// +kubebuilder:validation:XValidation:rule="!has(self.startedDate) || !has(self.finishDate) || self.startedDate <= self.finishDate",message="finishDate must not be before startedDate: correct one of them",fieldPath=".finishDate",reason=FieldValueInvalid
type RoadmapItemSpec struct {
	// title of the item, for people. At most 200 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	Title Title `json:"title,omitempty"`

	// why the work is done. At most 5000 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=5000
	Why string `json:"why,omitempty"`

	// what is done. At most 5000 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=5000
	What string `json:"what,omitempty"`

	// how it is done. At most 5000 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=5000
	How string `json:"how,omitempty"`

	// hypothesis that the work puts to the test.
	// +optional
	// +structType=atomic
	Hypothesis *Hypothesis `json:"hypothesis,omitempty"`

	// delivers names the stages of building blocks that the work delivers, 1 to 20. A stage includes the earlier ones of its block
	// that nobody else delivers.
	// +required
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=20
	// +kubebuilder:validation:XValidation:rule="self.all(d, self.exists_one(e, e.name == d.name && (has(e.stage) ? e.stage : '') == (has(d.stage) ? d.stage : '')))",message="delivers must name each stage once: remove the duplicate"
	Delivers []StageReference `json:"delivers,omitempty"`

	// dependsOn names the roadmap items that must be done before this one starts. At most 50.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=50
	DependsOn []ItemDependency `json:"dependsOn,omitempty"`

	// state of the work: Proposed, Planned, InProgress, Done or Cancelled.
	// +optional
	// +kubebuilder:default=Proposed
	State ItemState `json:"state,omitempty"`

	// progressPercent is the part of the work that is done, in percent (0-100).
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	ProgressPercent int32 `json:"progressPercent,omitempty"`

	// team that does the work: the name of a team in the Roadmap, if that lists teams. A team has a limited number of
	// lanes; an item without a team has no capacity limit.
	// +optional
	Team LabelName `json:"team,omitempty"`

	// owner is the person who answers for the work. At most 200 characters.
	// +optional
	Owner Title `json:"owner,omitempty"`

	// businessValue of the work beside what it means for customers, in points (0-100).
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	BusinessValue int32 `json:"businessValue,omitempty"`

	// scores are the inputs of the team's own score model, read by the expressions of the Roadmap. At most 20, each with its
	// own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=20
	Scores []Score `json:"scores,omitempty"`

	// effortDays is the work that the item takes, in working days of a team (0-100000). It overrides the sum of the
	// stages' effort.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100000
	EffortDays *int32 `json:"effortDays,omitempty"`

	// startDate is the date before which the work does not start.
	// +optional
	StartDate Date `json:"startDate,omitempty"`

	// startedDate is the date on which the work really began.
	// +optional
	StartedDate Date `json:"startedDate,omitempty"`

	// targetDate is the date on which the work should be finished.
	// +optional
	TargetDate Date `json:"targetDate,omitempty"`

	// finishDate is the date on which the work was finished. Only and always with state Done.
	// +optional
	FinishDate Date `json:"finishDate,omitempty"`

	// track of the item: Marketing (short-cycle improvements) or IT (the IT agenda). Omitted, it follows from the effort (see
	// shortCycleMaxEffortDays of the Roadmap).
	// +optional
	Track Side `json:"track,omitempty"`

	// externalRef points to the same work in another system.
	// +optional
	ExternalRef *TrackerReference `json:"externalRef,omitempty"`
}

// ItemDependency names a roadmap item in the same namespace that must be done before another one starts.
type ItemDependency struct {
	// name of the RoadmapItem, in the same namespace.
	// +required
	Name ObjectName `json:"name,omitempty"`

	// lagDays is how long to wait after that item is finished, in workdays of the Roadmap's calendar (0-1000, by default 0). It
	// counts for the forecast alone, and no more once that item is Done.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000
	LagDays int32 `json:"lagDays,omitempty"`
}

// TrackerReference points to the same work in a tracker.
type TrackerReference struct {
	ExternalReference `json:",inline"`

	// sourceRef names the Source by which the observer reads the state of the work. Without it nobody looks.
	// +optional
	SourceRef *SourceReference `json:"sourceRef,omitempty"`
}

// Hypothesis that a piece of work puts to the test.
//
// +kubebuilder:validation:XValidation:rule="has(self.metricRef) == has(self.expectedDelta)",message="metricRef and expectedDelta go together: set both, or neither",fieldPath=".expectedDelta",reason=FieldValueInvalid
type Hypothesis struct {
	// statement of what is expected to happen. At most 1000 characters.
	// +optional
	Statement Line `json:"statement,omitempty"`

	// metric that tells whether it happens. At most 200 characters.
	// +optional
	Metric Title `json:"metric,omitempty"`

	// expectedChange of the metric. At most 200 characters.
	// +optional
	ExpectedChange Title `json:"expectedChange,omitempty"`

	// metricRef names the Metric that judges the hypothesis when the work is done. Goes with expectedDelta.
	// +optional
	MetricRef *ObjectReference `json:"metricRef,omitempty"`

	// expectedDelta is how much better the metric becomes: a positive number, in the direction of the metric. Goes with metricRef.
	// +optional
	// +kubebuilder:validation:XValidation:rule="quantity(string(self)).compareTo(quantity('0')) > 0",message="expectedDelta must be above 0, whatever the direction of the metric: give it without a sign"
	ExpectedDelta *Decimal `json:"expectedDelta,omitempty"`
}

// ItemState is the state of a roadmap item.
//
// +kubebuilder:validation:Enum=Proposed;Planned;InProgress;Done;Cancelled
type ItemState string

// The states of a roadmap item. Proposed, Planned and InProgress are live.
const (
	// StateProposed is work that nobody has committed to.
	StateProposed ItemState = "Proposed"
	// StatePlanned is work that is committed.
	StatePlanned ItemState = "Planned"
	// StateInProgress is work that has started.
	StateInProgress ItemState = "InProgress"
	// StateDone is work that is finished.
	StateDone ItemState = "Done"
	// StateCancelled is work that will not be done.
	StateCancelled ItemState = "Cancelled"
)

// Score is an input of the team's own score model.
type Score struct {
	// name of the input within the item, for instance reach.
	// +required
	Name LabelName `json:"name,omitempty"`

	// value of the input: a whole number, or a decimal in quotes ("0.5"). At most 32 characters.
	// +required
	// +kubebuilder:validation:XIntOrString
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^[+-]?[0-9]+(\.[0-9]+)?([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,2})?$`
	Value resource.Quantity `json:"value"`
}

// RoadmapItemStatus tells what the work means for customers, its place on the roadmap and when it is expected. It follows from
// the specs in the namespace and today's date alone.
type RoadmapItemStatus struct {
	// conditions of the item: Ready, Delivered, Blocked, with a targetDate OnTrack, of Done work that names a stage with deliveredWhen Proven,
	// with a metricRef HypothesisConfirmed, where a tracker was asked StateAgrees and, in a dependency cycle, Stalled.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=10
	Conditions []metav1.Condition `json:"conditions,omitempty"`

	// observedGeneration is the metadata.generation that this status speaks of; -1 until the operator has evaluated the
	// object.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// track of the item: that of the spec, else Marketing for short work and IT for the rest.
	// +optional
	Track Side `json:"track,omitempty"`

	// priority of the item. Only for live items that can be scheduled.
	// +optional
	Priority *Priority `json:"priority,omitempty"`

	// order of the item in lists, for kubectl get --sort-by=.status.order: its rank, from 1; else 1000001 while it is live, 1000002 when
	// it is done, and 1000003 when it is cancelled.
	// +optional
	Order int32 `json:"order,omitempty"`

	// schedule of the item. Only for live items that can be scheduled.
	// +optional
	Schedule *Schedule `json:"schedule,omitempty"`

	// hypothesis of the item, judged by its metric. Only of Done work.
	// +optional
	Hypothesis *HypothesisStatus `json:"hypothesis,omitempty"`

	// moments that wait for the item, directly or through other work, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	Moments []string `json:"moments,omitempty"`

	// momentsTotal is the number of those moments.
	// +optional
	MomentsTotal int32 `json:"momentsTotal,omitempty"`

	// soleBlockerOf lists the moments that wait for this item and nothing else, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	SoleBlockerOf []string `json:"soleBlockerOf,omitempty"`

	// soleBlockerOfTotal is the number of those moments.
	// +optional
	SoleBlockerOfTotal int32 `json:"soleBlockerOfTotal,omitempty"`

	// blockedBy lists the live items that come directly before this one, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	BlockedBy []string `json:"blockedBy,omitempty"`

	// blockedByTotal is the number of those items.
	// +optional
	BlockedByTotal int32 `json:"blockedByTotal,omitempty"`
}

// Priority is the place of an item on the roadmap, and why.
type Priority struct {
	// rank of the item among all that can be scheduled, from 1.
	// +required
	Rank int32 `json:"rank,omitempty"`

	// bundle of the item: items of one bundle bring their value together, and bundles are done in order, from 1.
	// +required
	Bundle int32 `json:"bundle,omitempty"`

	// score is the value a day of effort of the item's bundle, with two decimals.
	// +required
	// +kubebuilder:validation:MaxLength=32
	Score string `json:"score,omitempty"`

	// effortDays is the effort that counts in the priority: what is left of the work, raised for complexity and doubt about feasibility, in
	// days with at most three decimals.
	// +required
	// +kubebuilder:validation:MaxLength=32
	EffortDays string `json:"effortDays,omitempty"`

	// valueShare is the item's fair share in the value of all that waits for it, in whole points.
	// +required
	ValueShare int64 `json:"valueShare"`
}

// Schedule tells when an item is expected.
type Schedule struct {
	// expectedStart is the first workday of the item.
	// +required
	ExpectedStart Date `json:"expectedStart,omitempty"`

	// expectedFinish is the last workday of the item.
	// +required
	ExpectedFinish Date `json:"expectedFinish,omitempty"`

	// durationDays is the number of workdays from start to finish, both included.
	// +required
	DurationDays int32 `json:"durationDays,omitempty"`
}

// HypothesisStatus is what the metric says about the hypothesis of finished work.
type HypothesisStatus struct {
	// verdict on the hypothesis.
	// +required
	Verdict Verdict `json:"verdict,omitempty"`

	// before is the value of the metric before the work was finished. Omitted where it cannot be told.
	// +optional
	Before *Decimal `json:"before,omitempty"`

	// after is the value of the metric after the effect has settled. Omitted until it can be told.
	// +optional
	After *Decimal `json:"after,omitempty"`

	// delta is how much better the metric became; negative means worse. Omitted until it can be told.
	// +optional
	Delta *Decimal `json:"delta,omitempty"`
}

// RoadmapItem is a piece of work on the joint roadmap of marketing and IT: it delivers stages of building blocks.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=rmi,categories=cx
// +kubebuilder:selectablefield:JSONPath=`.spec.state`
// +kubebuilder:selectablefield:JSONPath=`.spec.team`
// +kubebuilder:selectablefield:JSONPath=`.spec.track`
// +kubebuilder:selectablefield:JSONPath=`.spec.owner`
// +kubebuilder:selectablefield:JSONPath=`.spec.hypothesis.metricRef.name`
// +kubebuilder:selectablefield:JSONPath=`.status.track`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`,description="Whether the definition is understood and its references resolve"
// +kubebuilder:printcolumn:name="Rank",type=integer,JSONPath=`.status.priority.rank`
// +kubebuilder:printcolumn:name="Score",type=string,JSONPath=`.status.priority.score`,description="Value a day of effort"
// +kubebuilder:printcolumn:name="State",type=string,JSONPath=`.spec.state`
// +kubebuilder:printcolumn:name="Team",type=string,JSONPath=`.spec.team`
// +kubebuilder:printcolumn:name="Blocked",type=string,JSONPath=`.status.conditions[?(@.type=="Blocked")].status`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Blocked")].reason`
// +kubebuilder:printcolumn:name="Moments",type=integer,JSONPath=`.status.momentsTotal`,description="Moments that wait for it"
// +kubebuilder:printcolumn:name="Expected",type=string,JSONPath=`.status.schedule.expectedFinish`
// +kubebuilder:printcolumn:name="Target",type=string,JSONPath=`.spec.targetDate`
// +kubebuilder:printcolumn:name="Ready reason",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Track",type=string,priority=1,JSONPath=`.status.track`
// +kubebuilder:printcolumn:name="Bundle",type=integer,priority=1,JSONPath=`.status.priority.bundle`
// +kubebuilder:printcolumn:name="Share",type=integer,priority=1,JSONPath=`.status.priority.valueShare`,description="Share in the value of all that waits for it"
// +kubebuilder:printcolumn:name="Start",type=string,priority=1,JSONPath=`.status.schedule.expectedStart`
// +kubebuilder:printcolumn:name="On track",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="OnTrack")].reason`
// +kubebuilder:printcolumn:name="Hypothesis",type=string,priority=1,JSONPath=`.status.hypothesis.verdict`
// +kubebuilder:printcolumn:name="Proven",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Proven")].reason`
// +kubebuilder:printcolumn:name="Tracker",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="StateAgrees")].reason`,description="Whether the tracker says the same of the state"
// +kubebuilder:printcolumn:name="Title",type=string,priority=1,JSONPath=`.spec.title`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type RoadmapItem struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec describes the item.
	// +required
	Spec RoadmapItemSpec `json:"spec,omitzero"`

	// status tells where the item stands; the operator writes it.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status RoadmapItemStatus `json:"status,omitzero"`
}

// RoadmapItemList is a list of roadmap items.
//
// +kubebuilder:object:root=true
type RoadmapItemList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitzero"`

	// items of the list.
	Items []RoadmapItem `json:"items"`
}

// RoadmapItemKind is the name of the kind.
const RoadmapItemKind = "RoadmapItem"

// GetSpec returns a pointer to the spec in the object.
func (o *RoadmapItem) GetSpec() any { return &o.Spec }

// GetStatus returns a pointer to the status in the object.
func (o *RoadmapItem) GetStatus() Status { return &o.Status }

// GetConditions returns the conditions of the status.
func (s *RoadmapItemStatus) GetConditions() []metav1.Condition { return s.Conditions }

// SetConditions replaces the conditions of the status.
func (s *RoadmapItemStatus) SetConditions(conditions []metav1.Condition) { s.Conditions = conditions }

// ShallowCopy returns a copy that shares everything that the status points to.
func (s *RoadmapItemStatus) ShallowCopy() Status {
	shared := *s
	return &shared
}
