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

// RoadmapSpec is the planning policy of a namespace. Every field has a default, which also holds when there is no Roadmap.
type RoadmapSpec struct {
	// weights of customer value and business value in the priority, in percent; together 100.
	// +optional
	// +structType=atomic
	Weights *ValueWeights `json:"weights,omitempty"`

	// moscow gives the weight of each MoSCoW class in the value of a moment.
	// +optional
	// +structType=atomic
	MoSCoW *MoSCoWWeights `json:"moscow,omitempty"`

	// momentOfTruthPercent multiplies the value of moments of truth, in percent (0-1000).
	// +optional
	// +kubebuilder:default=200
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000
	MomentOfTruthPercent *int32 `json:"momentOfTruthPercent,omitempty"`

	// unvalidatedInsightPercent multiplies the value of moments without a validated insight, in percent (0-100).
	// +optional
	// +kubebuilder:default=50
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	UnvalidatedInsightPercent *int32 `json:"unvalidatedInsightPercent,omitempty"`

	// complexityPercent multiplies the effort of work on blocks of each complexity, in percent.
	// +optional
	// +structType=atomic
	ComplexityPercent *ComplexityPercents `json:"complexityPercent,omitempty"`

	// shortCycleMaxEffortDays is the largest effort, in days, of an item that is on the Marketing track by itself (0-100000).
	// +optional
	// +kubebuilder:default=10
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100000
	ShortCycleMaxEffortDays *int32 `json:"shortCycleMaxEffortDays,omitempty"`

	// calendar tells on which days work is done.
	// +optional
	// +structType=atomic
	Calendar *Calendar `json:"calendar,omitempty"`

	// teams that do the work. At most 100, each with its own name. When there are any, items must name one of them.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=100
	Teams []Team `json:"teams,omitempty"`

	// valueExpression gives the value of an item in a CEL expression over customerValue, businessValue, effortDays and scores (a
	// map of name to number), for teams that have a score model of their own. At most 2000 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=2000
	ValueExpression string `json:"valueExpression,omitempty"`

	// effortExpression gives the effort of an item, in days, in a CEL expression over the same variables. At most 2000
	// characters.
	// +optional
	// +kubebuilder:validation:MaxLength=2000
	EffortExpression string `json:"effortExpression,omitempty"`

	// proof tells what the checks in deliveredWhen mean: Report only reports them; Require lets a stage with checks count as delivered
	// when they prove it, and not before.
	// +optional
	// +kubebuilder:default=Report
	Proof ProofPolicy `json:"proof,omitempty"`

	// stateFrom tells whose word counts for the state and the dates of an item of which a tracker was asked: that of the Spec or of the
	// Tracker.
	// +optional
	// +kubebuilder:default=Spec
	StateFrom StateOrigin `json:"stateFrom,omitempty"`

	// learnFromHypotheses lets the businessValue of work count for less when the team's earlier hypotheses were refuted.
	// +optional
	LearnFromHypotheses bool `json:"learnFromHypotheses,omitempty"`

	// insightValidDays is how many days an insight counts as validated after its validatedOn (0-36500; 0, the default, for ever).
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=36500
	InsightValidDays int32 `json:"insightValidDays,omitempty"`
}

// ProofPolicy tells what proofs mean.
//
// +kubebuilder:validation:Enum=Report;Require
type ProofPolicy string

// The policies for proofs.
const (
	// ProofReport reports what is proven; delivery is what people say.
	ProofReport ProofPolicy = "Report"
	// ProofRequire takes a stage with checks for delivered when they prove it, and not before.
	ProofRequire ProofPolicy = "Require"
)

// StateOrigin tells whose word counts for the state of work.
//
// +kubebuilder:validation:Enum=Spec;Tracker
type StateOrigin string

// The origins of states.
const (
	// StateFromSpec takes the state that the roadmap item gives.
	StateFromSpec StateOrigin = "Spec"
	// StateFromTracker takes the state that the tracker gives, where it was asked.
	StateFromTracker StateOrigin = "Tracker"
)

// ValueWeights weigh customer value against business value.
//
// +kubebuilder:validation:XValidation:rule="self.customer + self.business == 100",message="customer and business must add up to 100: set both"
type ValueWeights struct {
	// customer is the weight of customer value, in percent (0-100).
	// +optional
	// +kubebuilder:default=50
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	Customer *int32 `json:"customer,omitempty"`

	// business is the weight of business value, in percent (0-100).
	// +optional
	// +kubebuilder:default=50
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	Business *int32 `json:"business,omitempty"`
}

// MoSCoWWeights give the weight of each MoSCoW class; a Wont has none.
type MoSCoWWeights struct {
	// must is the weight of a Must (1-100).
	// +optional
	// +kubebuilder:default=3
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100
	Must int32 `json:"must,omitempty"`

	// should is the weight of a Should (0-100).
	// +optional
	// +kubebuilder:default=2
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	Should *int32 `json:"should,omitempty"`

	// could is the weight of a Could (0-100).
	// +optional
	// +kubebuilder:default=1
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	Could *int32 `json:"could,omitempty"`
}

// ComplexityPercents multiply effort, in percent.
type ComplexityPercents struct {
	// low is the factor for blocks of Low complexity, in percent (1-1000).
	// +optional
	// +kubebuilder:default=100
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000
	Low int32 `json:"low,omitempty"`

	// medium is the factor for blocks of Medium complexity, in percent (1-1000).
	// +optional
	// +kubebuilder:default=125
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000
	Medium int32 `json:"medium,omitempty"`

	// high is the factor for blocks of High complexity, in percent (1-1000).
	// +optional
	// +kubebuilder:default=160
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000
	High int32 `json:"high,omitempty"`

	// veryHigh is the factor for blocks of VeryHigh complexity, in percent (1-1000).
	// +optional
	// +kubebuilder:default=200
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000
	VeryHigh int32 `json:"veryHigh,omitempty"`
}

// Calendar tells on which days work is done.
type Calendar struct {
	// workdays of the week, at least one. Monday to Friday by default.
	// +optional
	// +listType=set
	// +kubebuilder:default={Mon,Tue,Wed,Thu,Fri}
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=7
	Workdays []Weekday `json:"workdays,omitempty"`

	// holidays on which nobody works. At most 500.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=500
	Holidays []Date `json:"holidays,omitempty"`
}

// Weekday is a day of the week.
//
// +kubebuilder:validation:Enum=Mon;Tue;Wed;Thu;Fri;Sat;Sun
type Weekday string

// The days of the week.
const (
	Monday    Weekday = "Mon"
	Tuesday   Weekday = "Tue"
	Wednesday Weekday = "Wed"
	Thursday  Weekday = "Thu"
	Friday    Weekday = "Fri"
	Saturday  Weekday = "Sat"
	Sunday    Weekday = "Sun"
)

// Team that does work.
type Team struct {
	// name of the team, to which roadmap items refer (an RFC 1123 label).
	// +required
	Name LabelName `json:"name,omitempty"`

	// title is how people call the team. At most 200 characters.
	// +optional
	Title Title `json:"title,omitempty"`

	// side of the organisation that the team belongs to: Marketing or IT.
	// +optional
	Side Side `json:"side,omitempty"`

	// lanes is the number of items that the team works on at the same time (1-100).
	// +optional
	// +kubebuilder:default=1
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100
	Lanes int32 `json:"lanes,omitempty"`

	// velocityPercent is how much work a lane does, in percent of a day's work a day (1-1000).
	// +optional
	// +kubebuilder:default=100
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000
	VelocityPercent int32 `json:"velocityPercent,omitempty"`

	// holidays on which nobody of this team works, on top of those of the calendar. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	Holidays []Date `json:"holidays,omitempty"`
}

// RoadmapStatus is the joint roadmap: what to do first, what it brings, and when. It follows from the specs in the namespace and
// today's date alone.
type RoadmapStatus struct {
	// conditions of the Roadmap: Ready.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=10
	Conditions []metav1.Condition `json:"conditions,omitempty"`

	// observedGeneration is the metadata.generation that this status speaks of; -1 until the operator has evaluated the
	// object.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// bundles of items that bring their value together, in the order in which they should be done. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	Bundles []Bundle `json:"bundles,omitempty"`

	// bundlesTotal is the number of bundles.
	// +optional
	BundlesTotal int32 `json:"bundlesTotal,omitempty"`

	// teams of the Roadmap, by name, with the work that they have. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	Teams []TeamStatus `json:"teams,omitempty"`

	// teamsTotal is the number of teams.
	// +optional
	TeamsTotal int32 `json:"teamsTotal,omitempty"`

	// value of all moments in the namespace, in whole points.
	// +optional
	Value *Value `json:"value,omitempty"`

	// unplannedItems is the number of live items that cannot be scheduled.
	// +optional
	UnplannedItems *int32 `json:"unplannedItems,omitempty"`

	// trackRecord tells of each team what became of the hypotheses of its finished work, by name. Work without a team comes first, without a
	// name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	TrackRecord []TrackRecord `json:"trackRecord,omitempty"`

	// trackRecordTotal is the number of teams that finished work with a hypothesis that a metric judges.
	// +optional
	TrackRecordTotal int32 `json:"trackRecordTotal,omitempty"`

	// forecast of the customer value that will be there at the end of each month. At most 50 months.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	Forecast []MonthForecast `json:"forecast,omitempty"`

	// forecastTotal is the number of months up to the last one in which something is delivered.
	// +optional
	ForecastTotal int32 `json:"forecastTotal,omitempty"`
}

// Bundle is a set of items that bring their value together.
type Bundle struct {
	// number of the bundle: its place in the order, from 1.
	// +required
	Number int32 `json:"number,omitempty"`

	// score of the bundle: value a day of effort, with two decimals.
	// +required
	// +kubebuilder:validation:MaxLength=32
	Score string `json:"score,omitempty"`

	// value that the bundle brings, customer and business value weighed, in whole points.
	// +required
	Value int64 `json:"value"`

	// effortDays of the bundle, in days with at most three decimals.
	// +required
	// +kubebuilder:validation:MaxLength=32
	EffortDays string `json:"effortDays,omitempty"`

	// items of the bundle, in the order of their rank. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	Items []string `json:"items,omitempty"`

	// itemsTotal is the number of those items.
	// +optional
	ItemsTotal int32 `json:"itemsTotal,omitempty"`

	// moments whose gate the bundle completes, by name. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	Moments []string `json:"moments,omitempty"`

	// momentsTotal is the number of those moments.
	// +optional
	MomentsTotal int32 `json:"momentsTotal,omitempty"`
}

// TrackRecord counts the verdicts on the hypotheses of a team's finished work.
type TrackRecord struct {
	// team that did the work. Omitted for work without a team.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Team string `json:"team,omitempty"`

	// confirmed is the number of hypotheses that held.
	// +required
	Confirmed int32 `json:"confirmed"`

	// refuted is the number of hypotheses that did not hold.
	// +required
	Refuted int32 `json:"refuted"`

	// inconclusive is the number of hypotheses that cannot be judged, or held in part.
	// +required
	Inconclusive int32 `json:"inconclusive"`

	// pending is the number of hypotheses of which the effect is still being measured.
	// +required
	Pending int32 `json:"pending"`
}

// TeamStatus sums up the work of a team.
type TeamStatus struct {
	// name of the team.
	// +required
	Name LabelName `json:"name,omitempty"`

	// items is the number of live items of the team.
	// +required
	Items int32 `json:"items"`

	// busyUntil is the last day on which the team has scheduled work. Omitted when it has none.
	// +optional
	BusyUntil Date `json:"busyUntil,omitempty"`
}

// MonthForecast tells how much customer value will be there at the end of a month.
type MonthForecast struct {
	// month of the forecast, as YYYY-MM.
	// +required
	// +kubebuilder:validation:MaxLength=7
	Month string `json:"month,omitempty"`

	// deliveredPercent is the part of the total customer value that will be there at the end of the month, in percent,
	// rounded down.
	// +required
	DeliveredPercent int32 `json:"deliveredPercent"`
}

// Roadmap is the planning policy of a namespace, and the joint roadmap that follows from it. It is optional; a namespace has at
// most one, named default.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=cx
// +kubebuilder:validation:XValidation:rule="self.metadata.name == 'default'",message="a namespace has one Roadmap: name it default"
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`,description="Whether the definition is understood and its references resolve"
// +kubebuilder:printcolumn:name="Bundles",type=integer,JSONPath=`.status.bundlesTotal`
// +kubebuilder:printcolumn:name="Next",type=string,JSONPath=`.status.bundles[0].items[0]`,description="The best-ranked item"
// +kubebuilder:printcolumn:name="Unplanned",type=integer,JSONPath=`.status.unplannedItems`,description="Live items that cannot be scheduled"
// +kubebuilder:printcolumn:name="Value",type=integer,JSONPath=`.status.value.total`
// +kubebuilder:printcolumn:name="Delivered",type=integer,JSONPath=`.status.value.delivered`
// +kubebuilder:printcolumn:name="Ready reason",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Planned",type=integer,priority=1,JSONPath=`.status.value.planned`
// +kubebuilder:printcolumn:name="No plan",type=integer,priority=1,JSONPath=`.status.value.unplanned`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type Roadmap struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the planning policy.
	// +optional
	Spec RoadmapSpec `json:"spec,omitzero"`

	// status is the joint roadmap; the operator writes it.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status RoadmapStatus `json:"status,omitzero"`
}

// RoadmapList is a list of Roadmaps.
//
// +kubebuilder:object:root=true
type RoadmapList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitzero"`

	// items of the list.
	Items []Roadmap `json:"items"`
}

// RoadmapKind is the name of the kind.
const RoadmapKind = "Roadmap"

// GetSpec returns a pointer to the spec in the object.
func (o *Roadmap) GetSpec() any { return &o.Spec }

// GetStatus returns a pointer to the status in the object.
func (o *Roadmap) GetStatus() Status { return &o.Status }

// GetConditions returns the conditions of the status.
func (s *RoadmapStatus) GetConditions() []metav1.Condition { return s.Conditions }

// SetConditions replaces the conditions of the status.
func (s *RoadmapStatus) SetConditions(conditions []metav1.Condition) { s.Conditions = conditions }

// ShallowCopy returns a copy that shares everything that the status points to.
func (s *RoadmapStatus) ShallowCopy() Status {
	shared := *s
	return &shared
}
