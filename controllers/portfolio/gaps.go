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
)

// GapCategory groups gaps by the step of the method in which they are closed.
type GapCategory string

const (
	// GapStrategy is a part of a journey's strategic starting point that is missing.
	GapStrategy GapCategory = "Strategy"
	// GapPhase is a phase without moments, or a journey without phases.
	GapPhase GapCategory = "Phase"
	// GapElaboration is a moment that is not elaborated.
	GapElaboration GapCategory = "Elaboration"
	// GapGrouping is a requirement that has no building block.
	GapGrouping GapCategory = "Grouping"
	// GapPlanning is a stage that is asked for, or waited for, and that no live item delivers.
	GapPlanning GapCategory = "Planning"
	// GapDelivery is a live roadmap item that delivers nothing.
	GapDelivery GapCategory = "Delivery"
	// GapReference is a reference to something that does not exist, or will not come.
	GapReference GapCategory = "Reference"
	// GapCycle is work that waits for itself.
	GapCycle GapCategory = "Cycle"
)

// gapOrder is the order of the categories: that of the method, then what is wrong rather than missing.
var gapOrder = []GapCategory{
	GapStrategy, GapPhase, GapElaboration, GapGrouping, GapPlanning, GapDelivery, GapReference, GapCycle,
}

// Reasons of gaps that are not reasons of conditions too.
const (
	// GapReasonNothingDelivered: all stages that a live item names are delivered already, or do not exist.
	GapReasonNothingDelivered = "NothingDelivered"
	// GapReasonNotElaborated: a moment lacks something of its elaboration.
	GapReasonNotElaborated = "NotElaborated"
)

// Gap is a hole in the portfolio that somebody should close.
type Gap struct {
	Category GapCategory `json:"category"`
	// Reason in CamelCase; where a condition says the same, the reason of that condition.
	Reason string `json:"reason"`
	// Kind and Name of the object to change.
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Subject is what the gap is about within the object: a phase, a stage, the name that does not resolve.
	Subject string `json:"subject,omitempty"`
	// Text says what is missing, in a sentence.
	Text string `json:"message"`
}

// Gaps lists everything that is missing or dangling in the portfolio, in the order of the method's steps and then by kind and
// name.
func (e *Evaluation) Gaps() []Gap {
	f := &gapFinder{graph: e.graph}
	for _, j := range f.journeys {
		f.strategy(j)
		f.phases(j)
	}
	for _, m := range f.moments {
		f.elaboration(m)
		f.momentReferences(m)
	}
	for _, r := range f.requirements {
		f.grouping(r)
	}
	f.planning()
	for _, b := range f.blocks {
		f.blockReferences(b)
	}
	for _, i := range f.items {
		f.delivery(i)
		f.itemReferences(i)
	}
	f.cycles()
	slices.SortStableFunc(f.gaps, compareGaps)
	return f.gaps
}

func compareGaps(a, b Gap) int {
	return cmp.Or(
		cmp.Compare(slices.Index(gapOrder, a.Category), slices.Index(gapOrder, b.Category)),
		strings.Compare(a.Kind, b.Kind),
		strings.Compare(a.Name, b.Name),
	)
}

type gapFinder struct {
	*graph
	gaps []Gap
}

func (f *gapFinder) add(category GapCategory, reason, kind, name, subject, format string, args ...any) {
	f.gaps = append(f.gaps, Gap{
		Category: category, Reason: reason, Kind: kind, Name: name, Subject: subject, Text: sprintf(format, args),
	})
}

func (f *gapFinder) strategy(j *journey) {
	brand := j.Spec.Brand
	if len(j.Spec.Personas) == 0 {
		f.add(GapStrategy, cxv1alpha1.ReasonPersonasMissing, kindJourney, j.Name, "", "The journey has no personas.")
	}
	if brand == nil || (brand.Vision == "" && len(brand.Values) == 0) {
		f.add(GapStrategy, cxv1alpha1.ReasonBrandMissing, kindJourney, j.Name, "", "The journey has no brand.")
	}
	if len(j.Spec.Channels) == 0 {
		f.add(GapStrategy, cxv1alpha1.ReasonChannelsMissing, kindJourney, j.Name, "", "The journey has no channels.")
	}
}

func (f *gapFinder) phases(j *journey) {
	if len(j.Spec.Phases) == 0 {
		f.add(GapPhase, cxv1alpha1.ReasonPhasesMissing, kindJourney, j.Name, "", "The journey has no phases.")
	}
	for n, phase := range j.Spec.Phases {
		if !slices.ContainsFunc(j.moments, func(m *moment) bool { return m.phase == n }) {
			f.add(GapPhase, cxv1alpha1.ReasonPhaseWithoutMoments, kindJourney, j.Name, string(phase.Name),
				"Phase %s has no moments.", phase.Name)
		}
	}
}

func (f *gapFinder) elaboration(m *moment) {
	var missing []string
	for _, part := range []struct {
		name   string
		absent bool
	}{
		{"a promise", m.Spec.Promise == ""},
		{"insights", len(m.Spec.Insights) == 0},
		{"channels", len(m.Spec.Channels) == 0},
		{"requirements", m.kept() == 0},
	} {
		if part.absent {
			missing = append(missing, part.name)
		}
	}
	if len(missing) > 0 {
		f.add(GapElaboration, GapReasonNotElaborated, kindMoment, m.Name, "", "The moment lacks %s.", enumerate(missing))
	}
}

func (f *gapFinder) momentReferences(m *moment) {
	dangling := func(reason, subject, format string, args ...any) {
		f.add(GapReference, reason, kindMoment, m.Name, subject, format, args...)
	}
	if m.journey == nil {
		dangling(cxv1alpha1.ReasonJourneyNotFound, string(m.Spec.JourneyRef.Name), "There is no Journey %s.", m.Spec.JourneyRef.Name)
		return
	}
	if m.phase < 0 {
		dangling(cxv1alpha1.ReasonPhaseNotFound, string(m.Spec.Phase), "Journey %s has no phase %s.", m.journey.Name, m.Spec.Phase)
	}
	for _, name := range m.missingChannels() {
		dangling(cxv1alpha1.ReasonChannelNotFound, name, "Journey %s has no channel %s.", m.journey.Name, name)
	}
	for _, name := range m.missingBrandValues() {
		dangling(cxv1alpha1.ReasonBrandValueNotFound, name, "The brand of Journey %s has no value %s.", m.journey.Name, name)
	}
}

// grouping looks at a requirement: one that names no block is to be grouped, one that names something else than there is has a
// dangling reference.
func (f *gapFinder) grouping(r *requirement) {
	if r.Spec.BuildingBlockRef == nil && !r.dropped() {
		f.add(GapGrouping, cxv1alpha1.ReasonUnassigned, kindRequirement, r.Name, "", "The %s has no building block.", r.Spec.MoSCoW)
	}
	if ref := r.Spec.BuildingBlockRef; ref != nil && r.stage == nil {
		f.stageReference(kindRequirement, r.Name, *ref)
	}
	if len(r.moments) == len(r.Spec.MomentRefs) {
		return
	}
	for _, ref := range r.Spec.MomentRefs {
		if f.momentNamed[string(ref.Name)] == nil {
			f.add(GapReference, cxv1alpha1.ReasonMomentNotFound, kindRequirement, r.Name, string(ref.Name), "There is no Moment %s.", ref.Name)
		}
	}
}

// stageReference adds a reference to a stage that does not exist.
func (f *gapFinder) stageReference(kind, name string, ref cxv1alpha1.StageReference) {
	key := stageKey{string(ref.Name), string(ref.Stage)}
	if f.blockNamed[key.block] == nil {
		f.add(GapReference, cxv1alpha1.ReasonBuildingBlockNotFound, kind, name, key.block, "There is no BuildingBlock %s.", key.block)
		return
	}
	f.add(GapReference, cxv1alpha1.ReasonStageNotFound, kind, name, key.String(), "BuildingBlock %s has no stage %s.", key.block, key.stage)
}

// planning finds the undelivered stages that requirements ask for, or live items wait for, and that nobody delivers.
func (f *gapFinder) planning() {
	waiting := map[stageKey][]string{}
	for _, i := range f.live {
		for _, key := range i.unplanned {
			waiting[key] = append(waiting[key], i.Name)
		}
	}
	for _, b := range f.blocks {
		asked := make([]int, len(b.stages))
		for _, r := range b.requirements {
			if !r.dropped() {
				asked[r.stage.index]++
			}
		}
		for n, s := range b.stages {
			if items := waiting[s.key()]; !s.delivered && s.by == nil && (asked[n] > 0 || len(items) > 0) {
				f.add(GapPlanning, cxv1alpha1.ReasonUnplanned, kindBuildingBlock, b.Name, string(s.Name),
					"No live RoadmapItem delivers stage %s; %s.", s.Name, wanted(asked[n], items))
			}
		}
	}
}

// wanted says who waits for a stage.
func wanted(requirements int, items []string) string {
	var who []string
	if requirements > 0 {
		who = append(who, plural(requirements, "requirement"))
	}
	if len(items) == 1 {
		who = append(who, "RoadmapItem "+items[0])
	} else if len(items) > 1 {
		who = append(who, "RoadmapItems "+enumerate(items))
	}
	verb := " wait for it"
	if requirements+len(items) == 1 {
		verb = " waits for it"
	}
	return strings.Join(who, " and ") + verb
}

func (f *gapFinder) blockReferences(b *block) {
	var seen []cxv1alpha1.StageReference
	for _, s := range b.stages {
		for _, ref := range s.missing {
			if !slices.Contains(seen, ref) {
				seen = append(seen, ref)
				f.stageReference(kindBuildingBlock, b.Name, ref)
			}
		}
	}
}

func (f *gapFinder) delivery(i *item) {
	switch {
	case !i.isLive() || len(i.scope) > 0:
	case len(i.delivers) == 0:
		f.add(GapDelivery, GapReasonNothingDelivered, kindRoadmapItem, i.Name, "", "None of the stages that it delivers exists.")
	default:
		f.add(GapDelivery, GapReasonNothingDelivered, kindRoadmapItem, i.Name, "", "Every stage that it delivers is delivered already.")
	}
}

func (f *gapFinder) itemReferences(i *item) {
	for _, ref := range i.Spec.Delivers {
		if f.stageOf(ref) == nil {
			f.stageReference(kindRoadmapItem, i.Name, ref)
		}
	}
	for _, ref := range i.Spec.DependsOn {
		needed := f.itemNamed[string(ref.Name)]
		switch {
		case needed == nil:
			f.add(GapReference, cxv1alpha1.ReasonDependencyNotFound, kindRoadmapItem, i.Name, string(ref.Name),
				"There is no RoadmapItem %s.", ref.Name)
		case i.isLive() && needed.state == cxv1alpha1.StateCancelled:
			f.add(GapReference, cxv1alpha1.ReasonDependencyCancelled, kindRoadmapItem, i.Name, string(ref.Name),
				"RoadmapItem %s, which it depends on, is cancelled.", ref.Name)
		}
	}
	if !f.policy.knows(i.Spec.Team) {
		f.add(GapReference, cxv1alpha1.ReasonTeamNotFound, kindRoadmapItem, i.Name, string(i.Spec.Team), "The Roadmap has no team %s.", i.Spec.Team)
	}
}

// cycles names each cycle once, at its first member.
func (f *gapFinder) cycles() {
	seen := map[string]bool{}
	add := func(kind, name string, cycle []string) {
		if len(cycle) == 0 {
			return
		}
		members := slices.Clone(cycle)
		id := kind + "\x00" + strings.Join(sortedSet(members), "\x00")
		if !seen[id] {
			seen[id] = true
			f.add(GapCycle, cxv1alpha1.ReasonDependencyCycle, kind, name, "", "It waits for itself: %s.", drawCycle(cycle))
		}
	}
	for _, b := range f.blocks {
		add(kindBuildingBlock, b.Name, b.cycle)
	}
	for _, i := range f.live {
		add(kindRoadmapItem, i.Name, i.cycle)
	}
}
