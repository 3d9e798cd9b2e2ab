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

package diff

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// MomentEffects are all effects on moments, the worst first, the best last.
var MomentEffects = []MomentEffect{
	MomentBlocked, MomentLate, MomentUndated, MomentReopened, MomentLater, MomentEmptied, MomentOtherReason,
	MomentAdded, MomentRemoved, MomentElaborated, MomentSooner, MomentDated, MomentInTime, MomentUnblocked, MomentRealized,
}

// compareMoments finds the moments for which something changes.
func compareMoments(before, after *State) []MomentChange {
	changes := []MomentChange{}
	olds, changed := before.Evaluation.Moments, after.Evaluation.Moments
	specs, oldSpecs := byName(after.Objects.Moments), byName(before.Objects.Moments)
	eachPair(olds, changed, func(name string, old, now *cxv1alpha1.MomentStatus) {
		spec := specs[name]
		if spec == nil {
			spec = oldSpecs[name]
		}
		c := MomentChange{
			Name: name, Title: string(spec.Spec.Title), Journey: string(spec.Spec.JourneyRef.Name),
			Before: momentState(oldSpecs[name], old), After: momentState(specs[name], now),
		}
		if c.Effects = momentEffects(c.Before, c.After); len(c.Effects) == 0 {
			return
		}
		if c.Before != nil && c.After != nil {
			c.DaysLater = int32(c.Before.Expected.DaysUntil(c.After.Expected))
		}
		changes = append(changes, c)
	})
	return changes
}

func momentState(m *cxv1alpha1.Moment, status *cxv1alpha1.MomentStatus) *MomentState {
	if m == nil {
		return nil
	}
	blocked := conditionOf(status.Conditions, cxv1alpha1.ConditionBlocked)
	realized := conditionOf(status.Conditions, cxv1alpha1.ConditionRealized)
	return &MomentState{
		Blocked: string(blocked.Status), Reason: blocked.Reason, Message: momentMessage(blocked, realized),
		Realized: realized.Status == metav1.ConditionTrue,
		AtRisk:   conditionOf(status.Conditions, cxv1alpha1.ConditionAtRisk).Status == metav1.ConditionTrue,
		NeededBy: m.Spec.NeededBy, Expected: status.ExpectedDate, CriticalChain: status.CriticalChain,
	}
}

// momentMessage says what a moment waits for. If nothing blocks it, it says what is still to be delivered.
func momentMessage(blocked, realized metav1.Condition) string {
	if blocked.Status == metav1.ConditionFalse && realized.Status == metav1.ConditionFalse {
		return blocked.Message + " " + realized.Message
	}
	return blocked.Message
}

func (s *MomentState) is(blocked metav1.ConditionStatus) bool { return s.Blocked == string(blocked) }

func momentEffects(before, after *MomentState) []MomentEffect {
	switch {
	case before == nil && after.AtRisk:
		return []MomentEffect{MomentLate, MomentAdded}
	case before == nil:
		return []MomentEffect{MomentAdded}
	case after == nil:
		return []MomentEffect{MomentRemoved}
	}
	effects := blockedEffects(before, after)
	switch {
	case !before.Realized && after.Realized:
		effects = append(effects, MomentRealized)
	case before.Realized && !after.Realized:
		effects = append(effects, MomentReopened)
	}
	switch {
	case !before.AtRisk && after.AtRisk:
		effects = append(effects, MomentLate)
	case before.AtRisk && !after.AtRisk:
		effects = append(effects, MomentInTime)
	}
	return sortEffects(effects, MomentEffects)
}

// blockedEffects returns the effects of a change of the condition Blocked. A moment with its first requirements is blocked by them. That
// is not worse than before: every moment begins so.
func blockedEffects(before, after *MomentState) []MomentEffect {
	switch {
	case before.is(metav1.ConditionUnknown) && after.is(metav1.ConditionUnknown):
		return nil
	case before.is(metav1.ConditionUnknown):
		return []MomentEffect{MomentElaborated}
	case after.is(metav1.ConditionUnknown):
		return []MomentEffect{MomentEmptied}
	case !before.is(metav1.ConditionTrue) && after.is(metav1.ConditionTrue):
		return []MomentEffect{MomentBlocked}
	case before.is(metav1.ConditionTrue) && !after.is(metav1.ConditionTrue):
		return []MomentEffect{MomentUnblocked}
	case before.is(metav1.ConditionTrue):
		return waitEffects(before, after)
	}
	return nil
}

// waitEffects returns the effects of a change of the expected date, for a moment that is blocked in both states.
func waitEffects(before, after *MomentState) []MomentEffect {
	var effects []MomentEffect
	switch {
	case before.Expected == after.Expected:
	case after.Expected == "":
		effects = append(effects, MomentUndated)
	case before.Expected == "":
		effects = append(effects, MomentDated)
	case before.Expected < after.Expected:
		effects = append(effects, MomentLater)
	default:
		effects = append(effects, MomentSooner)
	}
	if before.Reason != after.Reason {
		effects = append(effects, MomentOtherReason)
	}
	return effects
}
