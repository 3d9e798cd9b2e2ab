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

// MetricSpec describes a measure of how a journey works for customers: where it was, where it should go, and where its values
// come from.
//
// +kubebuilder:validation:XValidation:rule="!has(self.journeyRef) || !has(self.momentRefs) || size(self.momentRefs) == 0",message="a metric measures moments or a whole journey: give momentRefs or journeyRef, not both",fieldPath=".journeyRef",reason=FieldValueInvalid
// +kubebuilder:validation:XValidation:rule="has(self.sourceRef) == has(self.query)",message="sourceRef and query go together: set both, or neither",fieldPath=".query",reason=FieldValueInvalid
// +kubebuilder:validation:XValidation:rule="!has(self.baseline) || !has(self.target) || !has(self.target.date) || self.baseline.date <= self.target.date",message="the date of the target must not be before that of the baseline: move one of them",fieldPath=".target",reason=FieldValueInvalid
type MetricSpec struct {
	// title of the metric, for people. At most 200 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	Title Title `json:"title,omitempty"`

	// description tells more about the metric. At most 5000 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=5000
	Description string `json:"description,omitempty"`

	// owner is the person or department that answers for the metric. At most 200 characters.
	// +optional
	Owner Title `json:"owner,omitempty"`

	// type of the metric: NPS, CSAT, CES, Conversion, Volume, Duration or Other.
	// +optional
	// +kubebuilder:default=Other
	Type MetricType `json:"type,omitempty"`

	// unit of the values, as people read it: calls a week, days, %. At most 63 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Unit string `json:"unit,omitempty"`

	// direction in which the values get better: Increase or Decrease.
	// +required
	Direction Direction `json:"direction,omitempty"`

	// momentRefs names the moments that the metric measures. At most 50.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=50
	MomentRefs []ObjectReference `json:"momentRefs,omitempty"`

	// journeyRef names the journey that the metric measures as a whole, instead of moments.
	// +optional
	JourneyRef *ObjectReference `json:"journeyRef,omitempty"`

	// baseline is where the metric was before the work began. Values of a source are read from its date on.
	// +optional
	// +structType=atomic
	Baseline *Baseline `json:"baseline,omitempty"`

	// target is where the metric should come.
	// +optional
	// +structType=atomic
	Target *Target `json:"target,omitempty"`

	// aggregation makes one value of the samples of a window: Mean, Median or Last.
	// +optional
	// +kubebuilder:default=Mean
	Aggregation Aggregation `json:"aggregation,omitempty"`

	// windowDays is the number of days whose samples make a value (1-400).
	// +optional
	// +kubebuilder:default=28
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=400
	WindowDays int32 `json:"windowDays,omitempty"`

	// settleDays is the number of days after the end of a piece of work in which its effect is not yet looked at (0-400).
	// +optional
	// +kubebuilder:default=14
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=400
	SettleDays *int32 `json:"settleDays,omitempty"`

	// minimumSamples is the number of samples that a window must have before a hypothesis is judged by it (1-400).
	// +optional
	// +kubebuilder:default=3
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=400
	MinimumSamples int32 `json:"minimumSamples,omitempty"`

	// maxAgeDays is how old the newest sample may be before the metric is stale, in days (1-3660).
	// +optional
	// +kubebuilder:default=35
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=3660
	MaxAgeDays int32 `json:"maxAgeDays,omitempty"`

	// noise is the change that says nothing: a hypothesis whose metric did not get better by more is refuted. At least 0, and 0 by default.
	// +optional
	// +kubebuilder:default="0"
	// +kubebuilder:validation:XValidation:rule="quantity(string(self)).compareTo(quantity('0')) >= 0",message="noise must not be negative: give it without a sign"
	Noise Decimal `json:"noise,omitempty"`

	// sourceRef names the Source that the values are read from, by the observer. Goes with query.
	// +optional
	SourceRef *SourceReference `json:"sourceRef,omitempty"`

	// query that gives the values: a PromQL expression for Prometheus; for HTTP the one parameter of the request. At most 2000
	// characters. Goes with sourceRef.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2000
	Query string `json:"query,omitempty"`

	// samples are values typed in or imported, each with its own date. On the same date they win from those observed. At most 400.
	// +optional
	// +listType=map
	// +listMapKey=date
	// +kubebuilder:validation:MaxItems=400
	Samples []Sample `json:"samples,omitempty"`
}

// MetricType tells what sort of thing is measured.
//
// +kubebuilder:validation:Enum=NPS;CSAT;CES;Conversion;Volume;Duration;Other
type MetricType string

// The types of metric.
const (
	// MetricNPS is the Net Promoter Score.
	MetricNPS MetricType = "NPS"
	// MetricCSAT is customer satisfaction.
	MetricCSAT MetricType = "CSAT"
	// MetricCES is the Customer Effort Score.
	MetricCES MetricType = "CES"
	// MetricConversion is the part of customers who go on.
	MetricConversion MetricType = "Conversion"
	// MetricVolume is a count: calls, claims, complaints.
	MetricVolume MetricType = "Volume"
	// MetricDuration is a length of time.
	MetricDuration MetricType = "Duration"
	// MetricOther is anything else.
	MetricOther MetricType = "Other"
)

// Direction in which a metric gets better.
//
// +kubebuilder:validation:Enum=Increase;Decrease
type Direction string

// The directions.
const (
	// DirectionIncrease is for metrics of which more is better.
	DirectionIncrease Direction = "Increase"
	// DirectionDecrease is for metrics of which less is better.
	DirectionDecrease Direction = "Decrease"
)

// Aggregation makes one value of several samples.
//
// +kubebuilder:validation:Enum=Mean;Median;Last
type Aggregation string

// The ways to aggregate.
const (
	// AggregationMean takes the mean of the samples.
	AggregationMean Aggregation = "Mean"
	// AggregationMedian takes the sample in the middle, or the mean of the two in the middle.
	AggregationMedian Aggregation = "Median"
	// AggregationLast takes the newest sample.
	AggregationLast Aggregation = "Last"
)

// Baseline is where a metric was.
type Baseline struct {
	// value on that date.
	// +required
	Value Decimal `json:"value,omitempty"`

	// date on which the metric had the value.
	// +required
	Date Date `json:"date,omitempty"`
}

// Target is where a metric should come.
type Target struct {
	// value to reach.
	// +required
	Value Decimal `json:"value,omitempty"`

	// date by which it should be reached.
	// +optional
	Date Date `json:"date,omitempty"`
}

// Sample is one measured value.
type Sample struct {
	// date on which the value was measured.
	// +required
	Date Date `json:"date,omitempty"`

	// value that was measured.
	// +required
	Value Decimal `json:"value,omitempty"`
}

// SourceReference names a Source: what the observer reads from.
type SourceReference struct {
	// name of the Source. Sources are cluster-scoped.
	// +required
	Name ObjectName `json:"name,omitempty"`
}

// MetricStatus tells where the metric stands, and what it says about finished work. It follows from the specs in the namespace
// and today's date alone.
type MetricStatus struct {
	// conditions of the metric: Ready, Fresh and, with a target, OnTarget.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=10
	Conditions []metav1.Condition `json:"conditions,omitempty"`

	// observedGeneration is the metadata.generation that this status speaks of; -1 until the operator has evaluated the
	// object.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// latest is the newest sample, up to today.
	// +optional
	Latest *Sample `json:"latest,omitempty"`

	// value is the aggregation of the samples of the last windowDays, today included, with at most 6 decimals. Omitted when there
	// are none.
	// +optional
	Value *Decimal `json:"value,omitempty"`

	// change is how much better the value is than the baseline; negative means worse. Omitted without a value or a baseline.
	// +optional
	Change *Decimal `json:"change,omitempty"`

	// samples is the number of dates with a sample, up to today.
	// +optional
	Samples int32 `json:"samples,omitempty"`

	// hypotheses that the metric judges: one for each finished roadmap item that names it, by name of the item. At most 50.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	Hypotheses []MetricHypothesis `json:"hypotheses,omitempty"`

	// hypothesesTotal is the number of those hypotheses.
	// +optional
	HypothesesTotal int32 `json:"hypothesesTotal,omitempty"`
}

// MetricHypothesis is what a metric says about a finished roadmap item.
type MetricHypothesis struct {
	// roadmapItem whose hypothesis it is.
	// +required
	// +kubebuilder:validation:MaxLength=253
	RoadmapItem string `json:"roadmapItem,omitempty"`

	// verdict on the hypothesis.
	// +required
	Verdict Verdict `json:"verdict,omitempty"`

	// delta is how much better the metric became; negative means worse. Omitted where it cannot be told.
	// +optional
	Delta *Decimal `json:"delta,omitempty"`
}

// Verdict on the hypothesis of a finished roadmap item.
//
// +kubebuilder:validation:Enum=Pending;Confirmed;Refuted;Inconclusive
type Verdict string

// The verdicts.
const (
	// VerdictPending is for work of which the effect is still being measured.
	VerdictPending Verdict = "Pending"
	// VerdictConfirmed is for work that brought what was expected.
	VerdictConfirmed Verdict = "Confirmed"
	// VerdictRefuted is for work that brought nothing.
	VerdictRefuted Verdict = "Refuted"
	// VerdictInconclusive is for work of which the effect cannot be told, or is less than was expected.
	VerdictInconclusive Verdict = "Inconclusive"
)

// Metric is a measure of how moments, or a whole journey, work for customers.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=met,categories=cx
// +kubebuilder:selectablefield:JSONPath=`.spec.type`
// +kubebuilder:selectablefield:JSONPath=`.spec.owner`
// +kubebuilder:selectablefield:JSONPath=`.spec.journeyRef.name`
// +kubebuilder:selectablefield:JSONPath=`.spec.sourceRef.name`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`,description="Whether the definition is understood and its references resolve"
// +kubebuilder:printcolumn:name="Value",type=string,JSONPath=`.status.value`
// +kubebuilder:printcolumn:name="Target",type=string,JSONPath=`.spec.target.value`
// +kubebuilder:printcolumn:name="Unit",type=string,JSONPath=`.spec.unit`
// +kubebuilder:printcolumn:name="Change",type=string,JSONPath=`.status.change`,description="How much better it is than the baseline"
// +kubebuilder:printcolumn:name="Fresh",type=string,JSONPath=`.status.conditions[?(@.type=="Fresh")].reason`
// +kubebuilder:printcolumn:name="On target",type=string,JSONPath=`.status.conditions[?(@.type=="OnTarget")].reason`
// +kubebuilder:printcolumn:name="Latest",type=string,JSONPath=`.status.latest.date`
// +kubebuilder:printcolumn:name="Ready reason",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Samples",type=integer,priority=1,JSONPath=`.status.samples`
// +kubebuilder:printcolumn:name="Hypotheses",type=integer,priority=1,JSONPath=`.status.hypothesesTotal`
// +kubebuilder:printcolumn:name="Title",type=string,priority=1,JSONPath=`.spec.title`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type Metric struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec describes the metric.
	// +required
	Spec MetricSpec `json:"spec,omitzero"`

	// status tells where the metric stands; the operator writes it.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status MetricStatus `json:"status,omitzero"`
}

// MetricList is a list of metrics.
//
// +kubebuilder:object:root=true
type MetricList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitzero"`

	// items of the list.
	Items []Metric `json:"items"`
}

// MetricKind is the name of the kind.
const MetricKind = "Metric"

// GetSpec returns a pointer to the spec in the object.
func (o *Metric) GetSpec() any { return &o.Spec }

// GetStatus returns a pointer to the status in the object.
func (o *Metric) GetStatus() Status { return &o.Status }

// GetConditions returns the conditions of the status.
func (s *MetricStatus) GetConditions() []metav1.Condition { return s.Conditions }

// SetConditions replaces the conditions of the status.
func (s *MetricStatus) SetConditions(conditions []metav1.Condition) { s.Conditions = conditions }

// ShallowCopy returns a copy that shares everything that the status points to.
func (s *MetricStatus) ShallowCopy() Status {
	shared := *s
	return &shared
}
