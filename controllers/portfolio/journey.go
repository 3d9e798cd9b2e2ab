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

// maxNextWork is how many items the status of a journey proposes to do next.
const maxNextWork = 10

// evaluateJourney sums up the moments of a journey, and decides its conditions.
func (g *Graph) evaluateJourney(j *Journey) {
	for _, m := range j.moments {
		j.value.addMoment(&m.value)
	}
	j.counts = j.countMoments()
	j.expected = j.expectedDate()
	j.conditions = make(conditions, 0, 10)
	j.conditions.add(cxv1alpha1.ConditionReady, accepted)
	j.conditions.add(cxv1alpha1.ConditionStrategyDefined, j.evaluateStrategy())
	j.conditions.add(cxv1alpha1.ConditionElaborated, j.evaluateElaborated())
	for _, kind := range []string{cxv1alpha1.ConditionGrouped, cxv1alpha1.ConditionPlanned, cxv1alpha1.ConditionRealized} {
		j.conditions.add(kind, j.fromMoments(kind))
	}
	j.conditions.add(cxv1alpha1.ConditionBlocked, j.evaluateBlocked())
	j.conditions.add(cxv1alpha1.ConditionMeasured, j.evaluateMeasured())
	if j.Spec.Review != nil {
		j.conditions.add(cxv1alpha1.ConditionFresh, g.evaluateReview(j))
	}
	if v := j.evaluateAtRisk(); v.Reason != "" {
		j.conditions.add(cxv1alpha1.ConditionAtRisk, v)
	}
}

func (g *Graph) journeyStatus(j *Journey) *cxv1alpha1.JourneyStatus {
	counts, progress := j.counts, j.value.delivered.percentOf(&j.value.total)
	status := &cxv1alpha1.JourneyStatus{
		ObservedGeneration: j.Generation,
		Conditions:         j.conditions.status(j.Generation),
		Moments:            &counts,
		Phases:             j.sumUpPhases(),
		Value:              j.value.status(),
		ProgressPercent:    &progress,
		ExpectedDate:       j.expected,
		NextWork:           j.nextWork,
		NextWorkTotal:      j.nextWorkTotal,
	}
	return status
}

func (j *Journey) countMoments() cxv1alpha1.JourneyMoments {
	counts := cxv1alpha1.JourneyMoments{Total: int32(len(j.moments))}
	for _, m := range j.moments {
		counts.Elaborated += one(m.isElaborated())
		counts.Blocked += one(m.IsBlocked())
		counts.Realized += one(m.IsRealized())
		counts.AtRisk += one(m.IsAtRisk())
	}
	return counts
}

func one(counts bool) int32 {
	if counts {
		return 1
	}
	return 0
}

func (j *Journey) sumUpPhases() []cxv1alpha1.JourneyPhaseStatus {
	phases := make([]cxv1alpha1.JourneyPhaseStatus, len(j.Spec.Phases))
	values := make([]valuation, len(phases))
	teams := make([][]string, len(phases))
	for _, m := range j.moments {
		if m.phase < 0 {
			continue
		}
		p := &phases[m.phase]
		p.Moments++
		p.Blocked += one(m.IsBlocked())
		p.Realized += one(m.IsRealized())
		values[m.phase].addMoment(&m.value)
		teams[m.phase] = append(teams[m.phase], m.teams()...)
	}
	for n := range phases {
		p := &phases[n]
		p.Name = j.Spec.Phases[n].Name
		p.Value = values[n].total.points()
		p.Delivered = values[n].delivered.points()
		p.Teams, p.TeamsTotal = capped(sortedSet(teams[n]))
	}
	return phases
}

// expectedDate is when the last blocked moment is expected; empty when one has no date.
func (j *Journey) expectedDate() cxv1alpha1.Date {
	var last cxv1alpha1.Date
	for _, m := range j.moments {
		if !m.IsBlocked() {
			continue
		}
		if m.state.expected == "" {
			return ""
		}
		last = max(last, m.state.expected)
	}
	return last
}

func (j *Journey) evaluateStrategy() Result {
	if missing := j.MissingStrategy(); len(missing) > 0 {
		return missing[0]
	}
	return isTrue(cxv1alpha1.ReasonDefined, "Personas, brand and channels are there.")
}

// MissingStrategy says of each part of the strategic starting point that it is missing, in the order in which people work on them.
func (j *Journey) MissingStrategy() []Result {
	var missing []Result
	if len(j.Spec.Personas) == 0 {
		missing = append(missing, isFalse(cxv1alpha1.ReasonPersonasMissing, "The journey has no personas: say who goes through it."))
	}
	if brand := j.Spec.Brand; brand == nil || (brand.Vision == "" && len(brand.Values) == 0) {
		missing = append(missing, isFalse(cxv1alpha1.ReasonBrandMissing, "The journey has no brand: say what the company stands for."))
	}
	if len(j.Spec.Channels) == 0 {
		missing = append(missing, isFalse(cxv1alpha1.ReasonChannelsMissing, "The journey has no channels: say where customer and company meet."))
	}
	return missing
}

// EmptyPhases names the phases without moments, in the order of the journey.
func (j *Journey) EmptyPhases() []string {
	filled := make([]bool, len(j.Spec.Phases))
	for _, m := range j.moments {
		if m.phase >= 0 {
			filled[m.phase] = true
		}
	}
	var empty []string
	for n, p := range j.Spec.Phases {
		if !filled[n] {
			empty = append(empty, string(p.Name))
		}
	}
	return empty
}

func (j *Journey) evaluateElaborated() Result {
	if len(j.Spec.Phases) == 0 {
		return isFalse(cxv1alpha1.ReasonPhasesMissing, "The journey has no phases: add them in the order in which customers go through them.")
	}
	if empty := j.EmptyPhases(); len(empty) > 0 {
		return isFalse(cxv1alpha1.ReasonPhaseWithoutMoments, "%s without moments: %s.", words.Plural(len(empty), "phase"), words.Enumerate(empty))
	}
	if waiting := j.momentsWith(func(m *Moment) bool { return !m.isElaborated() }); len(waiting) > 0 {
		return isFalse(cxv1alpha1.ReasonMomentsNotElaborated, "%s not elaborated: %s.", words.Plural(len(waiting), "moment"), words.Enumerate(waiting))
	}
	return isTrue(cxv1alpha1.ReasonElaborated, "Every phase has moments, and every moment is elaborated.")
}

// momentsWith names the moments of the journey for which something holds, by name.
func (j *Journey) momentsWith(holds func(*Moment) bool) []string {
	var names []string
	for _, m := range j.moments {
		if holds(m) {
			names = append(names, m.Name)
		}
	}
	slices.Sort(names)
	return names
}

func noMoments() Result {
	return isUnknown(cxv1alpha1.ReasonNoMoments, "The journey has no moments yet.")
}

// fromMoments sums up a condition of the moments: False if one is False, else Unknown if one is Unknown or there are none. The reason is that
// of the first such moment.
func (j *Journey) fromMoments(kind string) Result {
	if len(j.moments) == 0 {
		return noMoments()
	}
	for _, status := range []metav1.ConditionStatus{metav1.ConditionFalse, metav1.ConditionUnknown} {
		if names := j.momentsWith(func(m *Moment) bool { return m.conditions.of(kind).Status == status }); len(names) > 0 {
			at := slices.IndexFunc(j.moments, func(m *Moment) bool { return m.Name == names[0] })
			v := j.moments[at].conditions.of(kind)
			v.Message = sprintf("%s of %d of %s: %s.", []any{status, len(names), words.Plural(len(j.moments), "moment"), words.Enumerate(names)})
			return v
		}
	}
	v := j.moments[0].conditions.of(kind)
	v.Message = sprintf("True of %s.", []any{allOf(len(j.moments), "moment")})
	return v
}

func allOf(n int, noun string) string {
	if n == 1 {
		return "the one " + noun
	}
	return sprintf("all %s", []any{words.Plural(n, noun)})
}

func (j *Journey) evaluateBlocked() Result {
	switch counts := &j.counts; {
	case counts.Total == 0:
		return noMoments()
	case counts.Blocked > 0:
		return isTrue(cxv1alpha1.ReasonMomentsBlocked, "%d of %s: %s.",
			counts.Blocked, words.Plural(int(counts.Total), "moment"), words.Enumerate(j.momentsWith((*Moment).IsBlocked)))
	}
	return isFalse(cxv1alpha1.ReasonNoMomentBlocked, "No moment is blocked.")
}

// evaluateAtRisk has no reason where no moment has a date by which it is needed.
func (j *Journey) evaluateAtRisk() Result {
	dated := j.momentsWith(func(m *Moment) bool { return m.Spec.NeededBy != "" })
	if len(dated) == 0 {
		return Result{}
	}
	if late := j.momentsWith((*Moment).IsAtRisk); len(late) > 0 {
		return isTrue(cxv1alpha1.ReasonMomentsAtRisk, "%d of %s with a date: %s.",
			len(late), words.Plural(len(dated), "moment"), words.Enumerate(late))
	}
	return isFalse(cxv1alpha1.ReasonOnTrack, "Every moment with a date is on track.")
}
