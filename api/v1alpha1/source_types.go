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

// SourceSpec describes a place outside the portfolio that the observer may look at.
//
// +kubebuilder:validation:XValidation:rule="(self.type == 'Kubernetes') != has(self.url)",message="every type but Kubernetes needs a url, and Kubernetes has none: it is the observer's own cluster",fieldPath=".url",reason=FieldValueInvalid
// +kubebuilder:validation:XValidation:rule="(self.type == 'HTTP') == has(self.expression)",message="expression goes with type HTTP: set it there, and only there",fieldPath=".expression",reason=FieldValueInvalid
// +kubebuilder:validation:XValidation:rule="has(self.allow) ? self.type == 'Kubernetes' : true",message="allow is for type Kubernetes: remove it",fieldPath=".allow",reason=FieldValueInvalid
// +kubebuilder:validation:XValidation:rule="has(self.secretRef) ? self.type != 'Kubernetes' : true",message="type Kubernetes needs no secret: the observer's own rights hold",fieldPath=".secretRef",reason=FieldValueInvalid
// +kubebuilder:validation:XValidation:rule="has(self.stateOverrides) ? self.type in ['GitHub', 'GitLab', 'Jira'] : true",message="stateOverrides are for trackers (GitHub, GitLab, Jira): remove them",fieldPath=".stateOverrides",reason=FieldValueInvalid
type SourceSpec struct {
	// type of the source: Prometheus and HTTP give measured values, GitHub, GitLab and Jira states of work, Kubernetes proofs.
	// +required
	Type SourceType `json:"type,omitempty"`

	// url of the source: the address of the Prometheus or of the API. For GitHub, GitLab and Jira the root of the API, such as
	// https://api.github.com. At most 2048 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:Pattern=`^https?://[^/?#@\s]+[^?#@\s]*$`
	URL string `json:"url,omitempty"`

	// secretRef names the Secret with the token that the source asks for, in the observer's own namespace.
	// +optional
	// +structType=atomic
	SecretRef *SecretKeyReference `json:"secretRef,omitempty"`

	// namespaceSelector tells which namespaces may use the source, by their labels. Omitted, none may; an empty one ({}) lets all.
	// +optional
	NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector,omitempty"`

	// interval between two looks at the same thing, such as 15m or 6h. At least a minute, at most a week; an hour by default. At most
	// 32 characters.
	// +optional
	// +kubebuilder:default="1h"
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:XValidation:rule="duration(self) >= duration('1m') && duration(self) <= duration('168h')",message="interval must be from 1m to 168h: correct it"
	Interval *metav1.Duration `json:"interval,omitempty"` //nolint:kubeapilinter // People write 15m, as everywhere in GitOps; an integer with a unit would be read wrong.

	// requestsPerMinute is how often the source is asked at most, by all portfolios together (1-6000).
	// +optional
	// +kubebuilder:default=60
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=6000
	RequestsPerMinute int32 `json:"requestsPerMinute,omitempty"`

	// expression of an HTTP source picks the samples from the answer: a CEL expression over body (the JSON of the answer) that gives a list of
	// maps with date (2027-03-01) and value. At most 1000 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1000
	Expression string `json:"expression,omitempty"`

	// stateOverrides give states of the tracker another meaning than their category has. At most 100, each with its own from.
	// +optional
	// +listType=map
	// +listMapKey=from
	// +kubebuilder:validation:MaxItems=100
	StateOverrides []StateOverride `json:"stateOverrides,omitempty"`

	// allow names the kinds of objects that checks of portfolios may look at through a Kubernetes source, and where. At most 50.
	// Secrets and ConfigMaps are never looked at.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	Allow []AllowedKind `json:"allow,omitempty"`
}

// SourceType tells what a source is.
//
// +kubebuilder:validation:Enum=Prometheus;HTTP;GitHub;GitLab;Jira;Kubernetes
type SourceType string

// The types of source.
const (
	// SourcePrometheus gives the values of a PromQL expression, one a day.
	SourcePrometheus SourceType = "Prometheus"
	// SourceHTTP gives the values that an expression picks from the JSON of an answer.
	SourceHTTP SourceType = "HTTP"
	// SourceGitHub gives the state of issues.
	SourceGitHub SourceType = "GitHub"
	// SourceGitLab gives the state of issues.
	SourceGitLab SourceType = "GitLab"
	// SourceJira gives the state of issues.
	SourceJira SourceType = "Jira"
	// SourceKubernetes looks at objects of the observer's own cluster.
	SourceKubernetes SourceType = "Kubernetes"
)

// SecretKeyReference names a key of a Secret in the observer's own namespace.
type SecretKeyReference struct {
	// name of the Secret.
	// +required
	Name ObjectName `json:"name,omitempty"`

	// key in the Secret. At most 253 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^[-._a-zA-Z0-9]+$`
	Key string `json:"key,omitempty"`
}

// StateOverride gives a state of a tracker another meaning.
type StateOverride struct {
	// from is the state in the tracker's own words. Capitals do not matter. At most 200 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	From Title `json:"from,omitempty"`

	// to is the state that it means.
	// +required
	To ItemState `json:"to,omitempty"`
}

// AllowedKind is a kind of objects that checks may look at.
type AllowedKind struct {
	// apiVersion of the kind, such as apps/v1.
	// +required
	APIVersion APIVersion `json:"apiVersion,omitempty"`

	// kind of the objects, such as Deployment.
	// +required
	// +kubebuilder:validation:XValidation:rule="!(self in ['Secret', 'ConfigMap'])",message="Secrets and ConfigMaps are never looked at: allow the object that uses it"
	Kind KindName `json:"kind,omitempty"`

	// namespaces in which the objects may be. Omitted, only the portfolio's own namespace; "*" stands for every namespace, and for objects
	// outside any. At most 100.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:validation:items:Pattern=`^(\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?)$`
	Namespaces []string `json:"namespaces,omitempty"`
}

// Source is a place outside the portfolios that the observer may look at: a Prometheus, a tracker, the cluster itself. Only
// administrators make them.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,shortName=src,categories=cx
// +kubebuilder:printcolumn:name="Type",type=string,JSONPath=`.spec.type`
// +kubebuilder:printcolumn:name="URL",type=string,JSONPath=`.spec.url`
// +kubebuilder:printcolumn:name="Interval",type=string,JSONPath=`.spec.interval`
// +kubebuilder:printcolumn:name="Per minute",type=integer,JSONPath=`.spec.requestsPerMinute`,description="How often it is asked at most"
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type Source struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object's metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec describes the source.
	// +required
	Spec SourceSpec `json:"spec,omitzero"`
}

// SourceList is a list of sources.
//
// +kubebuilder:object:root=true
type SourceList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitzero"`

	// items of the list.
	Items []Source `json:"items"`
}

// SourceKind is the name of the kind.
const SourceKind = "Source"

// GetSpec returns a pointer to the spec in the object.
func (o *Source) GetSpec() any { return &o.Spec }

// GetStatus returns nil: a source has none.
func (o *Source) GetStatus() Status { return nil }
