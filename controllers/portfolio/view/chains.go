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

package view

import (
	"cmp"
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// MomentChain is the work that decides when a moment is there.
type MomentChain struct {
	Moment string `json:"moment"`
	Title  string `json:"title"`
	// Journey is empty where it does not exist.
	Journey  string          `json:"journey,omitempty"`
	Expected cxv1alpha1.Date `json:"expectedDate"`
	NeededBy cxv1alpha1.Date `json:"neededBy,omitempty"`
	// LateDays is by how many calendar days the moment comes after NeededBy.
	LateDays int32 `json:"lateDays,omitempty"`
	// Last tells that no moment of the journey is expected later.
	Last bool `json:"last"`
	// Items in order of time: each waits for the one before it, or for its team to finish that one.
	Items []string `json:"items"`
}

// ChainsOf returns the critical chain of each moment that has an expected date: the latest first, then by name.
func ChainsOf(e *portfolio.Evaluation) []MomentChain {
	moments := e.Graph().Moments()
	last := map[*portfolio.Journey]cxv1alpha1.Date{}
	for _, m := range moments {
		if m.Journey() != nil {
			last[m.Journey()] = max(last[m.Journey()], m.Expected())
		}
	}
	chains := []MomentChain{}
	for _, m := range moments {
		if m.Expected() == "" {
			continue
		}
		chain := MomentChain{
			Moment: m.Name, Title: titleOr(m.Spec.Title, m.Name),
			Expected: m.Expected(), NeededBy: m.Spec.NeededBy, LateDays: lateDays(m.Spec.NeededBy, m.Expected()),
			Items: append([]string{}, words.NamesOf(e.Graph().Chain(m))...),
		}
		if m.Journey() != nil {
			chain.Journey, chain.Last = m.Journey().Name, m.Expected() == last[m.Journey()]
		}
		chains = append(chains, chain)
	}
	slices.SortFunc(chains, func(a, b MomentChain) int {
		return cmp.Or(strings.Compare(string(b.Expected), string(a.Expected)), strings.Compare(a.Moment, b.Moment))
	})
	return chains
}
