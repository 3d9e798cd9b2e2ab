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

// The defaults of the Roadmap, which hold where it is silent or absent.
const (
	defaultWeightPercent      = 100
	defaultCustomerPercent    = 50
	defaultMust               = 3
	defaultShould             = 2
	defaultCould              = 1
	defaultTruthPercent       = 200
	defaultUnvalidatedPercent = 50
	defaultShortCycleDays     = 10
	defaultFeasibilityPercent = 100
	defaultLanes              = 1
	defaultVelocityPercent    = 100
)

var defaultComplexityPercent = map[cxv1alpha1.Complexity]int64{
	cxv1alpha1.ComplexityLow:      100,
	cxv1alpha1.ComplexityMedium:   125,
	cxv1alpha1.ComplexityHigh:     160,
	cxv1alpha1.ComplexityVeryHigh: 200,
}

// policy is the Roadmap's planning policy with every default filled in.
type policy struct {
	customerPercent    int64
	businessPercent    int64
	moscow             map[cxv1alpha1.MoSCoW]int64
	truthPercent       int64
	unvalidatedPercent int64
	complexityPercent  map[cxv1alpha1.Complexity]int64
	shortCycleDays     int64
	// listed holds the teams of the Roadmap in its order, and teams the same by name. Nil where it lists none: then any team name goes.
	listed []cxv1alpha1.Team
	teams  map[string]cxv1alpha1.Team
}

// newPolicy fills in the defaults again, though the API server did so already: objects can also come from files, and from
// a Roadmap without a spec.
func newPolicy(roadmap *cxv1alpha1.Roadmap) policy {
	p := policy{
		customerPercent:    defaultCustomerPercent,
		businessPercent:    100 - defaultCustomerPercent,
		truthPercent:       defaultTruthPercent,
		unvalidatedPercent: defaultUnvalidatedPercent,
		shortCycleDays:     defaultShortCycleDays,
		complexityPercent:  defaultComplexityPercent,
		moscow: map[cxv1alpha1.MoSCoW]int64{
			cxv1alpha1.MoSCoWMust:   defaultMust,
			cxv1alpha1.MoSCoWShould: defaultShould,
			cxv1alpha1.MoSCoWCould:  defaultCould,
		},
	}
	if roadmap == nil {
		return p
	}
	spec := &roadmap.Spec
	if w := spec.Weights; w != nil {
		p.customerPercent = orDefault(w.Customer, defaultCustomerPercent)
		p.businessPercent = orDefault(w.Business, 100-defaultCustomerPercent)
	}
	if w := spec.MoSCoW; w != nil {
		p.moscow = map[cxv1alpha1.MoSCoW]int64{
			cxv1alpha1.MoSCoWMust:   positiveOr(w.Must, defaultMust),
			cxv1alpha1.MoSCoWShould: orDefault(w.Should, defaultShould),
			cxv1alpha1.MoSCoWCould:  orDefault(w.Could, defaultCould),
		}
	}
	p.truthPercent = orDefault(spec.MomentOfTruthPercent, defaultTruthPercent)
	p.unvalidatedPercent = orDefault(spec.UnvalidatedInsightPercent, defaultUnvalidatedPercent)
	p.shortCycleDays = orDefault(spec.ShortCycleMaxEffortDays, defaultShortCycleDays)
	if c := spec.ComplexityPercent; c != nil {
		p.complexityPercent = map[cxv1alpha1.Complexity]int64{
			cxv1alpha1.ComplexityLow:      positiveOr(c.Low, defaultComplexityPercent[cxv1alpha1.ComplexityLow]),
			cxv1alpha1.ComplexityMedium:   positiveOr(c.Medium, defaultComplexityPercent[cxv1alpha1.ComplexityMedium]),
			cxv1alpha1.ComplexityHigh:     positiveOr(c.High, defaultComplexityPercent[cxv1alpha1.ComplexityHigh]),
			cxv1alpha1.ComplexityVeryHigh: positiveOr(c.VeryHigh, defaultComplexityPercent[cxv1alpha1.ComplexityVeryHigh]),
		}
	}
	if len(spec.Teams) > 0 {
		p.teams = make(map[string]cxv1alpha1.Team, len(spec.Teams))
		for _, team := range spec.Teams {
			team.Lanes = int32(positiveOr(team.Lanes, defaultLanes))
			team.VelocityPercent = int32(positiveOr(team.VelocityPercent, defaultVelocityPercent))
			p.listed = append(p.listed, team)
			p.teams[string(team.Name)] = team
		}
	}
	return p
}

// knows tells whether items can be given to a team.
func (p *policy) knows(team cxv1alpha1.LabelName) bool {
	_, listed := p.teams[string(team)]
	return listed || team == "" || p.teams == nil
}

// orDefault reads a number for which zero has a meaning of its own.
func orDefault(value *int32, fallback int64) int64 {
	if value == nil {
		return fallback
	}
	return int64(*value)
}

// positiveOr reads a number that is at least one when it is set.
func positiveOr(value int32, fallback int64) int64 {
	if value <= 0 {
		return fallback
	}
	return int64(value)
}
