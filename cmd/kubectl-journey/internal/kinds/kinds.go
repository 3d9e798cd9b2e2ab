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

// Package kinds knows of the kinds of journey-operator what the API server knows: their names, their printer columns, and how to fill in
// defaults and validate objects. All of it comes from the CustomResourceDefinitions, which are built into the program. Each is read only
// when it is needed.
package kinds

import (
	"slices"
	"strings"
	"sync"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// The names of the kinds, for code that is about one of them.
const (
	Journey       = cxv1alpha1.JourneyKind
	Moment        = cxv1alpha1.MomentKind
	Requirement   = cxv1alpha1.RequirementKind
	BuildingBlock = cxv1alpha1.BuildingBlockKind
	RoadmapItem   = cxv1alpha1.RoadmapItemKind
	Roadmap       = cxv1alpha1.RoadmapKind
	Metric        = cxv1alpha1.MetricKind
	Observation   = cxv1alpha1.ObservationKind
)

// Kind is a kind of journey-operator, with what its CustomResourceDefinition says of it.
type Kind struct {
	*cxv1alpha1.Kind

	// Rank is its place among the kinds.
	Rank int

	definition func() (*definition, error)
	admission  func() (*admission, error)
}

// All are the kinds in the order in which they are printed.
var All = newKinds(cxv1alpha1.Kinds)

func newKinds(names []*cxv1alpha1.Kind) []*Kind {
	all := make([]*Kind, len(names))
	for rank, kind := range names {
		k := &Kind{Kind: kind, Rank: rank}
		k.definition = sync.OnceValues(func() (*definition, error) { return readDefinition(k.Plural) })
		k.admission = sync.OnceValues(func() (*admission, error) { return newAdmission(k) })
		all[rank] = k
	}
	return all
}

// APIVersion is the apiVersion of every kind.
func APIVersion() string { return cxv1alpha1.GroupVersion.String() }

// ByName returns the kind with a name as in manifests, or nil.
func ByName(name string) *Kind {
	for _, k := range All {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// Parse returns the kind that a word on a command line names, or nil. As for kubectl, the word is the kind, its singular, its plural or
// a short name, in upper or lower case, with or without the group.
func Parse(name string) *Kind {
	name = strings.ToLower(name)
	name = strings.TrimSuffix(name, "."+cxv1alpha1.GroupVersion.Group)
	name = strings.TrimSuffix(name, "."+cxv1alpha1.GroupVersion.Version)
	for _, k := range All {
		if name == k.Singular || name == k.Plural || k.ShortName != "" && name == k.ShortName {
			return k
		}
	}
	return nil
}

// Names lists the names of the kinds, as in manifests.
func Names() []string {
	var names []string
	for _, k := range All {
		names = append(names, k.Name)
	}
	return names
}

// Words lists all words for kinds that Parse understands, without the group.
func Words() []string {
	var words []string
	for _, k := range All {
		words = append(words, k.Singular, k.Plural)
		if k.ShortName != "" {
			words = append(words, k.ShortName)
		}
	}
	slices.Sort(words)
	return words
}
