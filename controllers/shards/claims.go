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

// Package shards tells of namespaces that no operator works in, or more than one.
//
// Several operators can share a cluster, each for the namespaces that it is told. Each leader claims its own: it writes the
// selector of these namespaces to its lease, which it has to renew anyway. Each reads the leases of the others, and compares.
package shards

import (
	"fmt"
	"slices"
	"strings"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/apimachinery/pkg/util/sets"
)

// Annotation is that of a lease with the claim: a label selector of namespaces. An empty one claims all.
const Annotation = "cx.journeyops.dev/claims"

// liveFor is how long a claim holds after its lease was last renewed. A leader that hands over takes less.
const liveFor = time.Minute

// OfNames is the claim on namespaces of these names.
func OfNames(names []string) (labels.Selector, error) {
	in, err := labels.NewRequirement(corev1.LabelMetadataName, selection.In, names)
	if err != nil {
		return nil, fmt.Errorf("claiming namespaces: %w", err)
	}
	return labels.NewSelector().Add(*in), nil
}

// byName tells whether a claim can be judged by the names of namespaces alone.
func byName(claim labels.Selector) bool {
	requirements, _ := claim.Requirements()
	return !slices.ContainsFunc(requirements, func(r labels.Requirement) bool { return r.Key() != corev1.LabelMetadataName })
}

// book has the claims of other operators, from their leases.
type book struct {
	entries map[string]entry
}

type entry struct {
	// version is that of the lease, and since when it was first seen, by the clock of this operator: those of others may be wrong.
	version string
	since   time.Time
	claim   labels.Selector
}

// update takes in all leases but the operator's own.
func (b *book) update(leases []coordinationv1.Lease, now time.Time) {
	before := b.entries
	b.entries = map[string]entry{}
	for i := range leases {
		lease := &leases[i]
		text, claims := lease.Annotations[Annotation]
		claim, err := labels.Parse(text)
		if !claims || err != nil {
			continue
		}
		e := entry{version: lease.ResourceVersion, since: now, claim: claim}
		if known, ok := before[lease.Name]; ok && known.version == e.version {
			e.since = known.since
		}
		b.entries[lease.Name] = e
	}
}

// live returns the claims of those that lead.
func (b *book) live(now time.Time) []labels.Selector {
	var all []labels.Selector
	for _, e := range b.entries {
		if now.Sub(e.since) < liveFor {
			all = append(all, e.claim)
		}
	}
	return all
}

// Findings are the namespaces that are not claimed by exactly one operator.
type Findings struct {
	None, Several sets.Set[string]
}

// judge counts the claims on namespaces. Labels are those of all namespaces, by name; where they are not known, nil, only
// claims by name are counted, and what others may claim is not taken for unclaimed.
func judge(names []string, known map[string]labels.Set, all []labels.Selector) Findings {
	f := Findings{None: sets.New[string](), Several: sets.New[string]()}
	certain := known != nil || !slices.ContainsFunc(all, func(s labels.Selector) bool { return !byName(s) })
	for _, name := range names {
		set, exists := known[name]
		switch {
		case known == nil:
			set = labels.Set{corev1.LabelMetadataName: name}
		case !exists:
			continue // It has just gone.
		}
		n := 0
		for _, claim := range all {
			if (known != nil || byName(claim)) && claim.Matches(set) {
				n++
			}
		}
		if n > 1 {
			f.Several.Insert(name)
		} else if n == 0 && certain {
			f.None.Insert(name)
		}
	}
	return f
}

// and returns what is in both.
func (f Findings) and(other Findings) Findings {
	return Findings{None: f.None.Intersection(other.None), Several: f.Several.Intersection(other.Several)}
}

// shown is how many names a message shows.
const shown = 5

// Some names the first of some namespaces, and says how many more there are.
func Some(names []string) string {
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
