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
	"slices"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// momentValue is the value of a moment. A moment weighs W; its requirements that are not dropped share it by their MoSCoW weights,
// which add up to T. The Musts together are one atom, the gate, earned when all of them are delivered; each other
// requirement is an atom of its own.
type momentValue struct {
	weight int64 // W, in micro-points
	shares int64 // T; 0 when the moment has nothing to earn: then W is unelaborated
	// The parts of T by what becomes of the atoms: delivered + planned + unplanned = T.
	delivered, planned, unplanned int64
	// done is the part of T of the requirements that are delivered, whether their atom is earned or not.
	done int64
}

// valuation is an exact sum of values, split by what became of them.
type valuation struct{ total, delivered, planned, unplanned, unelaborated sum }

func (v *valuation) addMoment(w *momentValue) {
	v.total.add(w.weight, 1)
	if w.shares == 0 {
		v.unelaborated.add(w.weight, 1)
		return
	}
	v.delivered.add(w.weight*w.delivered, w.shares)
	v.planned.add(w.weight*w.planned, w.shares)
	v.unplanned.add(w.weight*w.unplanned, w.shares)
}

func (v *valuation) status() *cxv1alpha1.Value {
	return &cxv1alpha1.Value{
		Total:        v.total.points(),
		Delivered:    v.delivered.points(),
		Planned:      v.planned.points(),
		Unplanned:    v.unplanned.points(),
		Unelaborated: v.unelaborated.points(),
	}
}

// weightOf is W: importance x moment of truth x insight x journey weight, in micro-points. A moment of a journey that does
// not exist counts as one of a journey of the default weight.
func (g *Graph) weightOf(m *Moment) int64 {
	truth, insight, journeyWeight := int64(100), g.policy.unvalidatedPercent, int64(cxv1alpha1.DefaultWeightPercent)
	if m.Spec.MomentOfTruth {
		truth = g.policy.truthPercent
	}
	if slices.ContainsFunc(m.Spec.Insights, g.isValidated) {
		insight = 100
	}
	if m.journey != nil {
		journeyWeight = orDefault(m.journey.Spec.WeightPercent, cxv1alpha1.DefaultWeightPercent)
	}
	return int64(m.Spec.Importance) * truth * insight * journeyWeight
}

// isValidated tells whether an insight was tested with customers, and not too long ago.
func (g *Graph) isValidated(i cxv1alpha1.Insight) bool {
	valid := g.policy.insightValidDays
	return i.Validated && (valid == 0 || i.ValidatedOn == "" || i.ValidatedOn.DaysUntil(g.today) <= valid)
}

// valueOfMoment divides the value of a moment over its atoms.
func (g *Graph) valueOfMoment(m *Moment) momentValue {
	w := momentValue{weight: g.weightOf(m)}
	var gate int64
	gateState := earned
	for _, r := range m.requirements {
		if r.Dropped() {
			continue
		}
		share := g.policy.moscow[r.Spec.MoSCoW]
		w.shares += share
		state := r.earning()
		if state == earned {
			w.done += share
		}
		if r.IsMust() {
			gate += share
			gateState = max(gateState, state)
			continue
		}
		w.count(share, state)
	}
	w.count(gate, gateState)
	return w
}

// earning tells whether an atom is earned, will be, or will not be. The worst of its requirements decides.
type earning int

const (
	earned earning = iota
	willEarn
	wontEarn
)

func (w *momentValue) count(share int64, state earning) {
	switch state {
	case earned:
		w.delivered += share
	case willEarn:
		w.planned += share
	case wontEarn:
		w.unplanned += share
	}
}

// percentDone is the part of the MoSCoW weights that is delivered, in percent, rounded down.
func (w *momentValue) percentDone() int32 {
	if w.shares == 0 {
		return 0
	}
	return int32(100 * w.done / w.shares)
}

func (r *Requirement) earning() earning {
	switch {
	case r.Delivered():
		return earned
	case r.hasSchedulableDeliverer():
		return willEarn
	}
	return wontEarn
}

// valueOfRequirement is the sum of the requirement's shares in the values of its moments.
func (g *Graph) valueOfRequirement(r *Requirement) sum {
	var v sum
	if r.Dropped() {
		return v
	}
	for _, m := range r.moments {
		if m.value.shares > 0 {
			v.add(m.value.weight*g.policy.moscow[r.Spec.MoSCoW], m.value.shares)
		}
	}
	return v
}
