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

// LabelName names an entry of a list inside one object (a phase, a channel, a stage, ...). It follows the rules of an
// RFC 1123 label: lower-case letters, digits and '-', at most 63 characters.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=63
// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
type LabelName string

// ObjectName is the name of another object in the same namespace. It follows the rules of an RFC 1123 subdomain, as the names of
// all objects do: lower-case letters, digits, '-' and '.', at most 253 characters.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=253
// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
type ObjectName string

// APIVersion is the group and version of a kind, such as apps/v1, or v1 for the core group.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=317
// +kubebuilder:validation:Pattern=`^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
type APIVersion string

// KindName is the name of a kind, such as Deployment.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=63
// +kubebuilder:validation:Pattern=`^[A-Z][A-Za-z0-9]*$`
type KindName string

// Title is one line of text for people, at most 200 characters.
//
// +kubebuilder:validation:MaxLength=200
type Title string

// Line is a short text for people, at most 1000 characters.
//
// +kubebuilder:validation:MaxLength=1000
type Line string

// Sentence is one sentence for people, at most 250 characters.
//
// +kubebuilder:validation:MaxLength=250
type Sentence string

// ObjectReference names one object of a known kind in the same namespace.
type ObjectReference struct {
	// name of the object, in the same namespace.
	// +required
	Name ObjectName `json:"name,omitempty"`
}

// StageReference names a stage of a BuildingBlock in the same namespace.
type StageReference struct {
	// name of the BuildingBlock, in the same namespace.
	// +required
	Name ObjectName `json:"name,omitempty"`

	// stage of that block. Omitted, it means the block's last stage.
	// +optional
	Stage LabelName `json:"stage,omitempty"`
}

// ExternalReference points to the same thing in another system, such as an issue tracker.
type ExternalReference struct {
	// system that holds the other record, for instance jira. At most 63 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	System string `json:"system,omitempty"`

	// id of the record in that system, for instance CLM-142. At most 253 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	ID string `json:"id,omitempty"`

	// url where people can open the record. At most 2048 characters.
	// +optional
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:Pattern=`^https?://`
	URL string `json:"url,omitempty"`
}

// Side is the side of the organisation that does a piece of work.
//
// +kubebuilder:validation:Enum=Marketing;IT
type Side string

// The sides of a roadmap.
const (
	// SideMarketing stands for the short-cycle improvements that marketing makes by itself.
	SideMarketing Side = "Marketing"
	// SideIT stands for the IT agenda.
	SideIT Side = "IT"
)

// Value tells what customer value there is and how much of it has been earned, in points (importance x moment of truth x
// insight x journey weight, see the concepts in the documentation), each rounded half up to whole points.
// Before rounding, total = delivered + planned + unplanned + unelaborated.
type Value struct {
	// total value, in whole points.
	// +required
	Total int64 `json:"total"`

	// delivered is the part that customers have already, in whole points.
	// +required
	Delivered int64 `json:"delivered"`

	// planned is the part that waits only for work that can be scheduled, in whole points.
	// +required
	Planned int64 `json:"planned"`

	// unplanned is the part that waits for work that nobody has planned, or that cannot be scheduled, in whole points.
	// +required
	Unplanned int64 `json:"unplanned"`

	// unelaborated is the value of moments that have no requirements yet, in whole points. Omitted when zero.
	// +optional
	Unelaborated int64 `json:"unelaborated,omitempty"`
}

// MaxListed is the number of entries that a list in a status holds at most; the full count stands beside it.
const MaxListed = 50
