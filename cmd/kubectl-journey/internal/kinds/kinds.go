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

// Package kinds knows the kinds of journey-operator as the API server does: their names, their printer columns, and how their
// objects are defaulted and validated. All of it comes from the CustomResourceDefinitions that are built into the program,
// and nothing of it is read before it is asked for.
package kinds

import (
	"slices"
	"strings"
	"sync"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// The kinds, in the order in which they are printed: from what customers want to the work that brings it.
const (
	Journey       = "Journey"
	Moment        = "Moment"
	Requirement   = "Requirement"
	BuildingBlock = "BuildingBlock"
	RoadmapItem   = "RoadmapItem"
	Roadmap       = "Roadmap"
)

// Kind is a kind of journey-operator.
type Kind struct {
	// Name is the kind as manifests have it, for instance RoadmapItem.
	Name string
	// Singular and Plural are its names in commands, for instance roadmapitem and roadmapitems.
	Singular, Plural string
	// Short is its short name, if any.
	Short string
	// Rank is its place among the kinds.
	Rank int

	definition func() (*definition, error)
	admission  func() (*admission, error)
}

// All are the kinds in the order in which they are printed. The names repeat what the CustomResourceDefinitions say, so that a
// command line is understood without parsing them; a test holds them together.
var All = []*Kind{
	newKind(0, Journey, "journeys", "jny"),
	newKind(1, Moment, "moments", "mom"),
	newKind(2, Requirement, "requirements", "req"),
	newKind(3, BuildingBlock, "buildingblocks", "bb"),
	newKind(4, RoadmapItem, "roadmapitems", "rmi"),
	newKind(5, Roadmap, "roadmaps", ""),
}

func newKind(rank int, name, plural, short string) *Kind {
	k := &Kind{Name: name, Singular: strings.ToLower(name), Plural: plural, Short: short, Rank: rank}
	k.definition = sync.OnceValues(func() (*definition, error) { return readDefinition(k.Plural) })
	k.admission = sync.OnceValues(func() (*admission, error) { return newAdmission(k) })
	return k
}

// APIVersion is the apiVersion of every kind.
func APIVersion() string { return cxv1alpha1.GroupVersion.String() }

// ByName returns the kind of a name as manifests have it, or nil.
func ByName(name string) *Kind {
	for _, k := range All {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// Parse returns the kind that a command line names in one of the ways that kubectl knows (kind, singular, plural or short
// name, in any case, with or without the group), or nil.
func Parse(name string) *Kind {
	name = strings.ToLower(name)
	name = strings.TrimSuffix(name, "."+cxv1alpha1.GroupVersion.Group)
	name = strings.TrimSuffix(name, "."+cxv1alpha1.GroupVersion.Version)
	for _, k := range All {
		if name == k.Singular || name == k.Plural || k.Short != "" && name == k.Short {
			return k
		}
	}
	return nil
}

// Names lists the kinds as manifests have them.
func Names() []string {
	var names []string
	for _, k := range All {
		names = append(names, k.Name)
	}
	return names
}

// Words lists every word for a kind that Parse understands, but for the group.
func Words() []string {
	var words []string
	for _, k := range All {
		words = append(words, k.Singular, k.Plural)
		if k.Short != "" {
			words = append(words, k.Short)
		}
	}
	slices.Sort(words)
	return words
}
