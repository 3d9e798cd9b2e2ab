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

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// momentState is what follows for a moment from its requirements.
type momentState struct {
	counts cxv1alpha1.MomentRequirements
	gate   gate
	// expected is the date of the last Must; empty where nothing is awaited or no date can be given.
	expected cxv1alpha1.Date
	// last is the item that is finished then, the first by name of several; nil where there is no date.
	last *Item
	// blockers is what the gate waits for: first what has no date, then the latest first. It holds as many as a status lists, of so many in
	// total.
	blockers      []cxv1alpha1.Blocker
	blockersTotal int32
}

// gate is what is not delivered of the Musts of a moment.
type gate struct {
	// unassigned Musts have no building block and stage that exist.
	unassigned []*Requirement
	// unplanned counts by stage the Musts that no live item delivers.
	unplanned map[*Stage]int
	// deliverers counts by item the Musts that it delivers.
	deliverers map[*Item]int
}

// closed tells whether a Must is still to be delivered.
func (t *gate) closed() bool {
	return len(t.unassigned)+len(t.unplanned)+len(t.deliverers) > 0
}

// schedulable tells whether all that the gate waits for has a date.
func (t *gate) schedulable() bool {
	if len(t.unassigned)+len(t.unplanned) > 0 {
		return false
	}
	for i := range t.deliverers {
		if !i.schedulable {
			return false
		}
	}
	return true
}

// Dropped tells whether the requirement will not be met: it is a Wont.
func (r *Requirement) Dropped() bool { return r.Spec.MoSCoW == cxv1alpha1.MoSCoWWont }

// IsMust tells whether the gate of its moments waits for the requirement.
func (r *Requirement) IsMust() bool { return r.Spec.MoSCoW == cxv1alpha1.MoSCoWMust }

// Delivered tells whether the requirement is met; a dropped one never is.
func (r *Requirement) Delivered() bool { return !r.Dropped() && r.stage != nil && r.stage.delivered }

// deliverer is the live item that will meet the requirement; nil where there is none.
func (r *Requirement) deliverer() *Item {
	if r.Dropped() || r.stage == nil || r.stage.delivered {
		return nil
	}
	return r.stage.by
}

func (r *Requirement) hasSchedulableDeliverer() bool {
	d := r.deliverer()
	return d != nil && d.schedulable
}

// deliveredBy is the item that meets the requirement or has met it; nil where there is none.
func (r *Requirement) deliveredBy() *Item {
	if r.Dropped() || r.stage == nil {
		return nil
	}
	return r.stage.by
}

// State tells how far the requirement is, as a reason of the condition Delivered.
func (r *Requirement) State() string {
	switch {
	case r.Dropped():
		return cxv1alpha1.ReasonDropped
	case r.stage == nil:
		return cxv1alpha1.ReasonUnassigned
	}
	return r.stage.State()
}

// State tells how far the stage is, as a reason of the condition Delivered of the requirements that ask for it.
func (s *Stage) State() string {
	switch {
	case s.delivered:
		return cxv1alpha1.ReasonDelivered
	case s.by == nil:
		return cxv1alpha1.ReasonUnplanned
	}
	return string(s.by.state)
}

// gateMoments finds what each moment waits for, and divides its value.
func (g *Graph) gateMoments() {
	for _, m := range g.moments {
		g.countRequirements(m)
		m.value = g.valueOfMoment(m)
		g.value.addMoment(&m.value)
	}
	for _, r := range g.requirements {
		r.value = g.valueOfRequirement(r)
	}
}

func (g *Graph) countRequirements(m *Moment) {
	c, t := &m.state.counts, &m.state.gate
	for _, r := range m.requirements {
		c.Total++
		state := r.State()
		switch state {
		case cxv1alpha1.ReasonDropped:
			c.Dropped++
			continue
		case cxv1alpha1.ReasonDelivered:
			c.Delivered++
		case cxv1alpha1.ReasonUnassigned:
			c.Unassigned++
		case cxv1alpha1.ReasonUnplanned:
			c.Unplanned++
		}
		if !r.IsMust() {
			continue
		}
		c.Must++
		switch state {
		case cxv1alpha1.ReasonDelivered:
			c.MustDelivered++
		case cxv1alpha1.ReasonUnassigned:
			t.unassigned = append(t.unassigned, r)
		case cxv1alpha1.ReasonUnplanned:
			t.unplanned = counted(t.unplanned, r.stage)
		default:
			t.deliverers = counted(t.deliverers, r.stage.by)
		}
	}
}

func counted[K comparable](counts map[K]int, key K) map[K]int {
	if counts == nil {
		counts = map[K]int{}
	}
	counts[key]++
	return counts
}

// kept is the number of requirements that are not dropped.
func (m *Moment) kept() int32 { return m.state.counts.Total - m.state.counts.Dropped }

// IsBlocked tells whether a Must is still to be delivered.
func (m *Moment) IsBlocked() bool { return m.state.gate.closed() }

// IsRealized tells whether everything that was asked is delivered, and something was.
func (m *Moment) IsRealized() bool { return m.kept() > 0 && m.state.counts.Delivered == m.kept() }

func (m *Moment) isElaborated() bool {
	return m.conditions.of(cxv1alpha1.ConditionElaborated).Status == metav1.ConditionTrue
}

// IsAtRisk tells whether the moment will be late, or cannot be dated.
func (m *Moment) IsAtRisk() bool {
	return m.conditions.of(cxv1alpha1.ConditionAtRisk).Status == metav1.ConditionTrue
}

// soleBlocker is the item that alone blocks the moment; nil where something else does, or nothing.
func (m *Moment) soleBlocker() *Item {
	if m.state.blockersTotal == 1 {
		for i := range m.state.gate.deliverers {
			return i
		}
	}
	return nil
}

// teams that deliver, or have delivered, the requirements of the moment.
func (m *Moment) teams() []string {
	var names []string
	for _, r := range m.requirements {
		if by := r.deliveredBy(); by != nil && by.Spec.Team != "" {
			names = append(names, string(by.Spec.Team))
		}
	}
	return sortedSet(names)
}

// sortedSet sorts names and leaves out repetitions, in place.
func sortedSet(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// capped cuts a list off for a status, and returns its full length beside it. A long list is copied, so that its rest does not stay in
// memory with the status.
func capped[T any](list []T) ([]T, int32) {
	shown := list[:min(len(list), cxv1alpha1.MaxListed)]
	switch {
	case len(list) == 0:
		return nil, 0
	case cap(list) > 2*cxv1alpha1.MaxListed:
		shown = slices.Clone(shown)
	}
	return shown, int32(len(list))
}

// cappedNames is capped for the names of objects.
func cappedNames[T interface{ GetName() string }](objects []T) ([]string, int32) {
	return words.NamesOf(objects[:min(len(objects), cxv1alpha1.MaxListed)]), int32(len(objects))
}
