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
	"cmp"
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// Check is a check of a stage, and what is known of it.
type Check struct {
	Name string
	// ProvenOn is the first day on which the check held; empty where it never has.
	ProvenOn cxv1alpha1.Date
	// Seen tells that somebody has looked at it, Holds that it held at the last look, and Reason why it did not.
	Seen, Holds bool
	Reason      string
}

func (c *Check) neverHeld() bool { return c.ProvenOn == "" }

func (c *Check) doesNotHold() bool { return !c.Holds }

// isProven tells whether every check of the stage has held once. A stage without checks is not proven.
func (s *Stage) isProven() bool {
	return s.hasChecks() && !slices.ContainsFunc(s.checks, func(c Check) bool { return c.neverHeld() })
}

// hasRegressed tells whether a stage that was proven is so no more.
func (s *Stage) hasRegressed() bool {
	return s.isProven() && slices.ContainsFunc(s.checks, func(c Check) bool { return c.doesNotHold() })
}

// proveBlocks finds what the checks of all stages say.
func (g *Graph) proveBlocks() {
	for _, b := range g.blocks {
		if !slices.ContainsFunc(b.stages, (*Stage).hasChecks) {
			continue
		}
		seen := proofsOf(g.observed.of(cxv1alpha1.BuildingBlockKind, b.Name))
		for _, s := range b.stages {
			g.readChecks(s, seen)
		}
	}
}

func (s *Stage) hasChecks() bool { return len(s.DeliveredWhen) > 0 }

type checkKey struct{ stage, check cxv1alpha1.LabelName }

// proofsOf finds the entry of each check that counts: that of the first observation that has one.
func proofsOf(observed []*cxv1alpha1.Observation) map[checkKey]*cxv1alpha1.Proof {
	proofs := map[checkKey]*cxv1alpha1.Proof{}
	for _, o := range observed {
		for n := range o.Spec.Proofs {
			p := &o.Spec.Proofs[n]
			key := checkKey{p.Stage, p.Check}
			if proofs[key] == nil {
				proofs[key] = p
			}
		}
	}
	return proofs
}

// readChecks tells of each check of a stage what was seen, by name of the check. A day to come proves nothing yet.
func (g *Graph) readChecks(s *Stage, seen map[checkKey]*cxv1alpha1.Proof) {
	for n := range s.DeliveredWhen {
		check := Check{Name: string(s.DeliveredWhen[n].Name)}
		if p := seen[checkKey{s.Name, s.DeliveredWhen[n].Name}]; p != nil {
			check.Seen, check.Holds, check.Reason = true, p.Holds, string(p.Reason)
			if p.ProvenOn.IsValid() && p.ProvenOn <= g.today {
				check.ProvenOn = p.ProvenOn
			}
		}
		s.checks = append(s.checks, check)
	}
	slices.SortFunc(s.checks, func(a, b Check) int { return strings.Compare(a.Name, b.Name) })
}

// isDeliveredByProof tells whether the stage is delivered since its checks prove it.
func (g *Graph) isDeliveredByProof(s *Stage) bool { return g.policy.proofRequired && s.isProven() }

// lacksProof tells whether the stage counts as delivered only when its checks prove it, and they do not.
func (g *Graph) lacksProof(s *Stage) bool {
	return g.policy.proofRequired && s.hasChecks() && !s.isProven()
}

// ProvedBy is the first stage that delivers a stage by proof: it or a later one; nil where existing systems do, or there is none.
func (g *Graph) ProvedBy(s *Stage) *Stage {
	for _, later := range s.block.stages[s.index:] {
		switch {
		case later.Available:
			return nil
		case g.isDeliveredByProof(later):
			return later
		}
	}
	return nil
}

// evaluateProven sums up the stages with checks among some. It has no reason where none has checks.
func evaluateProven(stages []*Stage, proven Result) Result {
	checked, seen := false, false
	var fallen []string
	for _, s := range stages {
		checked = checked || s.hasChecks()
		seen = seen || slices.ContainsFunc(s.checks, func(c Check) bool { return c.Seen })
		if s.hasRegressed() {
			fallen = append(fallen, checksOf([]*Stage{s}, (*Check).doesNotHold)...)
		}
	}
	unproven := checksOf(stages, (*Check).neverHeld)
	switch {
	case !checked:
		return Result{}
	case !seen:
		return isUnknown(cxv1alpha1.ReasonNoProofYet, "Nobody has looked yet: %s.", words.Enumerate(unproven))
	case len(fallen) > 0:
		return isFalse(cxv1alpha1.ReasonRegressed, "Proven before, and no more. Does not hold: %s.", words.Enumerate(fallen))
	case len(unproven) > 0:
		return isFalse(cxv1alpha1.ReasonNotProven, "Not proven. Never held: %s.", words.Enumerate(unproven))
	}
	return proven
}

// What Proven says where all is well.
var (
	blockProven = isTrue(cxv1alpha1.ReasonAllProven, "Every stage with checks is proven, and every check holds.")
	itemProven  = isTrue(cxv1alpha1.ReasonProven, "Every stage with checks that the item names is proven, and every check holds.")
)

// stagesInOrder are the stages that the item delivers, by block and stage.
func (i *Item) stagesInOrder() []*Stage {
	return slices.SortedFunc(slices.Values(i.delivers), func(a, b *Stage) int { return cmp.Compare(a.number, b.number) })
}

// checksOf names the checks of stages for which something holds, as people read them: rollout of claims-api/live.
func checksOf(stages []*Stage, holds func(*Check) bool) []string {
	var names []string
	for _, s := range stages {
		for n := range s.checks {
			if holds(&s.checks[n]) {
				names = append(names, s.checks[n].Name+" of "+s.Key().String())
			}
		}
	}
	return names
}
