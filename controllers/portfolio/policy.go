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

package portfolio

import (
	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// policy is the Roadmap's planning policy with every default filled in.
type policy struct {
	customerPercent    int64
	businessPercent    int64
	moscow             map[cxv1alpha1.MoSCoW]int64
	truthPercent       int64
	unvalidatedPercent int64
	complexityPercent  map[cxv1alpha1.Complexity]int64
	shortCycleDays     int64
	// proofRequired, stateFromTracker and learns tell what evidence decides.
	proofRequired, stateFromTracker, learns bool
	// insightValidDays is how long a validated insight counts as such; 0 for ever.
	insightValidDays int
	// listed holds the teams of the Roadmap in its order, and teams the same by name. Nil where it lists none: then any team name goes.
	listed []cxv1alpha1.Team
	teams  map[string]cxv1alpha1.Team
}

// newPolicy fills in the defaults again, though the API server did so already: objects can also come from files, and from
// a Roadmap without a spec.
func newPolicy(roadmap *cxv1alpha1.Roadmap) policy {
	p := policy{
		customerPercent:    cxv1alpha1.DefaultCustomerWeight,
		businessPercent:    cxv1alpha1.DefaultBusinessWeight,
		truthPercent:       cxv1alpha1.DefaultMomentOfTruthPercent,
		unvalidatedPercent: cxv1alpha1.DefaultUnvalidatedInsightPercent,
		shortCycleDays:     cxv1alpha1.DefaultShortCycleMaxEffortDays,
		complexityPercent: map[cxv1alpha1.Complexity]int64{
			cxv1alpha1.ComplexityLow:      cxv1alpha1.DefaultLowPercent,
			cxv1alpha1.ComplexityMedium:   cxv1alpha1.DefaultMediumPercent,
			cxv1alpha1.ComplexityHigh:     cxv1alpha1.DefaultHighPercent,
			cxv1alpha1.ComplexityVeryHigh: cxv1alpha1.DefaultVeryHighPercent,
		},
		moscow: map[cxv1alpha1.MoSCoW]int64{
			cxv1alpha1.MoSCoWMust:   cxv1alpha1.DefaultMustWeight,
			cxv1alpha1.MoSCoWShould: cxv1alpha1.DefaultShouldWeight,
			cxv1alpha1.MoSCoWCould:  cxv1alpha1.DefaultCouldWeight,
		},
	}
	if roadmap == nil {
		return p
	}
	spec := &roadmap.Spec
	p.proofRequired = spec.Proof == cxv1alpha1.ProofRequire
	p.stateFromTracker = spec.StateFrom == cxv1alpha1.StateFromTracker
	p.learns = spec.LearnFromHypotheses
	p.insightValidDays = int(spec.InsightValidDays)
	if w := spec.Weights; w != nil {
		p.customerPercent = orDefault(w.Customer, cxv1alpha1.DefaultCustomerWeight)
		p.businessPercent = orDefault(w.Business, cxv1alpha1.DefaultBusinessWeight)
	}
	if w := spec.MoSCoW; w != nil {
		p.moscow = map[cxv1alpha1.MoSCoW]int64{
			cxv1alpha1.MoSCoWMust:   positiveOr(w.Must, cxv1alpha1.DefaultMustWeight),
			cxv1alpha1.MoSCoWShould: orDefault(w.Should, cxv1alpha1.DefaultShouldWeight),
			cxv1alpha1.MoSCoWCould:  orDefault(w.Could, cxv1alpha1.DefaultCouldWeight),
		}
	}
	p.truthPercent = orDefault(spec.MomentOfTruthPercent, cxv1alpha1.DefaultMomentOfTruthPercent)
	p.unvalidatedPercent = orDefault(spec.UnvalidatedInsightPercent, cxv1alpha1.DefaultUnvalidatedInsightPercent)
	p.shortCycleDays = orDefault(spec.ShortCycleMaxEffortDays, cxv1alpha1.DefaultShortCycleMaxEffortDays)
	if c := spec.ComplexityPercent; c != nil {
		p.complexityPercent = map[cxv1alpha1.Complexity]int64{
			cxv1alpha1.ComplexityLow:      positiveOr(c.Low, cxv1alpha1.DefaultLowPercent),
			cxv1alpha1.ComplexityMedium:   positiveOr(c.Medium, cxv1alpha1.DefaultMediumPercent),
			cxv1alpha1.ComplexityHigh:     positiveOr(c.High, cxv1alpha1.DefaultHighPercent),
			cxv1alpha1.ComplexityVeryHigh: positiveOr(c.VeryHigh, cxv1alpha1.DefaultVeryHighPercent),
		}
	}
	if len(spec.Teams) > 0 {
		p.teams = make(map[string]cxv1alpha1.Team, len(spec.Teams))
		for _, team := range spec.Teams {
			team.Lanes = int32(positiveOr(team.Lanes, cxv1alpha1.DefaultLanes))
			team.VelocityPercent = int32(positiveOr(team.VelocityPercent, cxv1alpha1.DefaultVelocityPercent))
			p.listed = append(p.listed, team)
			p.teams[string(team.Name)] = team
		}
	}
	return p
}

// knows tells whether an item can have this team: any, where the Roadmap lists none.
func (p *policy) knows(team cxv1alpha1.LabelName) bool {
	_, listed := p.teams[string(team)]
	return listed || team == "" || p.teams == nil
}

// orDefault reads a number that may be 0. Left out, it is the default.
func orDefault(value *int32, fallback int64) int64 {
	if value == nil {
		return fallback
	}
	return int64(*value)
}

// positiveOr reads a number that is at least 1: 0 means that it is left out.
func positiveOr(value int32, fallback int64) int64 {
	if value <= 0 {
		return fallback
	}
	return int64(value)
}
