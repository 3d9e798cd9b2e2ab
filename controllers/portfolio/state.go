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

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// staleTrackerDays is how old the last look at a tracker may be, in days.
const staleTrackerDays = 7

// settleState decides what state an item is in, for all that asks: what its spec says, or with stateFrom the tracker, and then what the policy
// for proofs makes of that. The stages that the item delivers must be known.
func (g *Graph) settleState(i *Item) {
	// The API server fills in the state, files can leave it out.
	i.said, i.saidFinish = cmp.Or(i.Spec.State, cxv1alpha1.DefaultItemState), i.Spec.FinishDate
	i.tracked = trackedWork(g.observed.of(cxv1alpha1.RoadmapItemKind, i.Name))
	if i.tracked != nil && g.policy.stateFromTracker {
		work := i.tracked.Spec.Work
		i.said, i.saidFinish = work.State, cmp.Or(work.FinishDate, lookOf(i.tracked, g.today))
	}
	i.state = i.said
	if i.said == cxv1alpha1.StateDone && slices.ContainsFunc(i.delivers, g.lacksProof) {
		i.state = cxv1alpha1.StateInProgress
	}
	if i.state == cxv1alpha1.StateDone {
		i.finish = i.saidFinish
	}
}

// trackedWork is the observation that tells the state of an item in its tracker; nil where there is none.
func trackedWork(observed []*cxv1alpha1.Observation) *cxv1alpha1.Observation {
	for _, o := range observed {
		if o.Spec.Work != nil {
			return o
		}
	}
	return nil
}

// isUnproven tells whether the item is said to be done, and does not count as such for want of proof.
func (i *Item) isUnproven() bool {
	return i.said == cxv1alpha1.StateDone && i.state != cxv1alpha1.StateDone
}

// howFar orders the states for StateAgrees. Cancelled has no place among them.
var howFar = map[cxv1alpha1.ItemState]int{
	cxv1alpha1.StateProposed:   0,
	cxv1alpha1.StatePlanned:    1,
	cxv1alpha1.StateInProgress: 2,
	cxv1alpha1.StateDone:       3,
}

// evaluateStateAgrees compares the tracker with the spec, whatever the policy makes of them.
func (g *Graph) evaluateStateAgrees(i *Item) Result {
	spec, tracker := cmp.Or(i.Spec.State, cxv1alpha1.DefaultItemState), i.tracked.Spec.Work.State
	if problem := i.tracked.Spec.Problem; problem != nil {
		return isUnknown(cxv1alpha1.ReasonStale, "The last look at the tracker failed (%s): see Observation %s. Before that it said %s.",
			problem.Reason, i.tracked.Name, tracker)
	}
	if look := lookOf(i.tracked, g.today); look.DaysUntil(g.today) > staleTrackerDays {
		return isUnknown(cxv1alpha1.ReasonStale, "The last look at the tracker was on %s, more than %s ago. It said %s.",
			look, words.Plural(staleTrackerDays, "day"), tracker)
	}
	differ := func(reason string) Result { return isFalse(reason, "The tracker says %s, the spec %s.", tracker, spec) }
	switch {
	case tracker == spec:
		return isTrue(cxv1alpha1.ReasonAgrees, "Both say %s.", spec)
	case tracker == cxv1alpha1.StateCancelled:
		return differ(cxv1alpha1.ReasonTrackerCancelled)
	case spec == cxv1alpha1.StateCancelled && tracker != cxv1alpha1.StateDone, howFar[tracker] < howFar[spec]:
		return differ(cxv1alpha1.ReasonTrackerBehind)
	}
	return differ(cxv1alpha1.ReasonTrackerAhead)
}
