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
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
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
	// GapProof is finished work that no check in the cluster proves, or proves no more.
	GapProof GapCategory = "Proof"
	// GapMeasurement is a moment of truth that nobody measures, or a metric without recent samples.
	GapMeasurement GapCategory = "Measurement"
	// GapHypothesis is a hypothesis that no metric judges.
	GapHypothesis GapCategory = "Hypothesis"
	// GapReference is a reference to something that does not exist, or will not come.
	GapReference GapCategory = "Reference"
	// GapCycle is work that waits for itself.
	GapCycle GapCategory = "Cycle"
)

// gapOrder is the order of the categories: that of the method, then what is wrong rather than missing, and last what would be good to have.
var gapOrder = []GapCategory{
	GapStrategy, GapPhase, GapElaboration, GapGrouping, GapPlanning, GapDelivery, GapProof, GapMeasurement, GapReference, GapCycle,
	GapHypothesis,
}

// Reasons of gaps that are not reasons of conditions too.
const (
	// GapReasonNothingDelivered: all stages that a live item names are delivered already, or do not exist.
	GapReasonNothingDelivered = "NothingDelivered"
	// GapReasonNotElaborated: a moment lacks something of its elaboration.
	GapReasonNotElaborated = "NotElaborated"
	// GapReasonNotMeasurable: a hypothesis is text alone, so that no metric can judge it.
	GapReasonNotMeasurable = "NotMeasurable"
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

// GapsOf lists everything that is missing or dangling in the portfolio, in the order of the method's steps and then by kind and
// name.
func GapsOf(e *portfolio.Evaluation) []Gap {
	f := &gapFinder{Graph: e.Graph()}
	for _, j := range f.Journeys() {
		f.strategy(j)
		f.phases(j)
	}
	for _, m := range f.Moments() {
		f.elaboration(m)
		f.momentReferences(m)
		f.measurement(m)
	}
	for _, r := range f.Requirements() {
		f.grouping(r)
	}
	f.planning()
	for _, b := range f.Blocks() {
		f.blockReferences(b)
	}
	for _, i := range f.Items() {
		f.delivery(i)
		f.itemReferences(i)
		f.proof(i)
		f.hypothesis(i)
	}
	for _, m := range f.Metrics() {
		f.staleness(m)
		f.metricReferences(m)
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
	*portfolio.Graph
	gaps []Gap
}

func (f *gapFinder) add(category GapCategory, reason, kind, name, subject, format string, args ...any) {
	f.gaps = append(f.gaps, Gap{
		Category: category, Reason: reason, Kind: kind, Name: name, Subject: subject, Text: fmt.Sprintf(format, args...),
	})
}

// partNames names what is missing, by the reason of the condition that says so.
var partNames = map[string]string{
	cxv1alpha1.ReasonPersonasMissing:     "personas",
	cxv1alpha1.ReasonBrandMissing:        "brand",
	cxv1alpha1.ReasonChannelsMissing:     "channels",
	cxv1alpha1.ReasonPromiseMissing:      "a promise",
	cxv1alpha1.ReasonInsightMissing:      "insights",
	cxv1alpha1.ReasonChannelMissing:      "channels",
	cxv1alpha1.ReasonRequirementsMissing: "requirements",
}

func (f *gapFinder) strategy(j *portfolio.Journey) {
	for _, part := range j.MissingStrategy() {
		f.add(GapStrategy, part.Reason, cxv1alpha1.JourneyKind, j.Name, "", "The journey has no %s.", partNames[part.Reason])
	}
}

func (f *gapFinder) phases(j *portfolio.Journey) {
	if len(j.Spec.Phases) == 0 {
		f.add(GapPhase, cxv1alpha1.ReasonPhasesMissing, cxv1alpha1.JourneyKind, j.Name, "", "The journey has no phases.")
	}
	for _, phase := range j.EmptyPhases() {
		f.add(GapPhase, cxv1alpha1.ReasonPhaseWithoutMoments, cxv1alpha1.JourneyKind, j.Name, phase, "Phase %s has no moments.", phase)
	}
}

func (f *gapFinder) elaboration(m *portfolio.Moment) {
	var missing []string
	for _, part := range m.MissingElaboration() {
		missing = append(missing, partNames[part.Reason])
	}
	if len(missing) > 0 {
		f.add(GapElaboration, GapReasonNotElaborated, cxv1alpha1.MomentKind, m.Name, "", "The moment lacks %s.", words.Enumerate(missing))
	}
}

// ElaborationGaps has a gap for each part that a moment lacks, where GapsOf has one for all of them.
func ElaborationGaps(m *portfolio.Moment) []Gap {
	var gaps []Gap
	for _, part := range m.MissingElaboration() {
		gaps = append(gaps, Gap{
			Category: GapElaboration, Reason: part.Reason, Kind: cxv1alpha1.MomentKind, Name: m.Name,
			Text: fmt.Sprintf("The moment lacks %s.", partNames[part.Reason]),
		})
	}
	return gaps
}

func (f *gapFinder) momentReferences(m *portfolio.Moment) {
	dangling := func(reason, subject, format string, args ...any) {
		f.add(GapReference, reason, cxv1alpha1.MomentKind, m.Name, subject, format, args...)
	}
	if m.Journey() == nil {
		dangling(cxv1alpha1.ReasonJourneyNotFound, string(m.Spec.JourneyRef.Name), "There is no Journey %s.", m.Spec.JourneyRef.Name)
		return
	}
	if m.Phase() < 0 {
		dangling(cxv1alpha1.ReasonPhaseNotFound, string(m.Spec.Phase), "Journey %s has no phase %s.", m.Journey().Name, m.Spec.Phase)
	}
	for _, name := range m.MissingChannels() {
		dangling(cxv1alpha1.ReasonChannelNotFound, name, "Journey %s has no channel %s.", m.Journey().Name, name)
	}
	for _, name := range m.MissingBrandValues() {
		dangling(cxv1alpha1.ReasonBrandValueNotFound, name, "The brand of Journey %s has no value %s.", m.Journey().Name, name)
	}
}

// grouping finds a requirement that names no block, or names what does not exist.
func (f *gapFinder) grouping(r *portfolio.Requirement) {
	if r.Spec.BuildingBlockRef == nil && !r.Dropped() {
		f.add(GapGrouping, cxv1alpha1.ReasonUnassigned, cxv1alpha1.RequirementKind, r.Name, "", "The %s has no building block.", r.Spec.MoSCoW)
	}
	if ref := r.Spec.BuildingBlockRef; ref != nil && r.Stage() == nil {
		f.stageReference(cxv1alpha1.RequirementKind, r.Name, *ref)
	}
	if len(r.Moments()) == len(r.Spec.MomentRefs) {
		return
	}
	for _, ref := range r.Spec.MomentRefs {
		if f.Moment(string(ref.Name)) == nil {
			f.add(GapReference, cxv1alpha1.ReasonMomentNotFound, cxv1alpha1.RequirementKind, r.Name, string(ref.Name), "There is no Moment %s.", ref.Name)
		}
	}
}

// stageReference adds a gap for a reference to a stage that does not exist.
func (f *gapFinder) stageReference(kind, name string, ref cxv1alpha1.StageReference) {
	key := portfolio.StageKey{Block: string(ref.Name), Stage: string(ref.Stage)}
	if f.Block(key.Block) == nil {
		f.add(GapReference, cxv1alpha1.ReasonBuildingBlockNotFound, kind, name, key.Block, "There is no BuildingBlock %s.", key.Block)
		return
	}
	f.add(GapReference, cxv1alpha1.ReasonStageNotFound, kind, name, key.String(), "BuildingBlock %s has no stage %s.", key.Block, key.Stage)
}

// planning finds the undelivered stages that requirements ask for, or live items wait for, and that nobody delivers.
func (f *gapFinder) planning() {
	waiting := map[portfolio.StageKey][]string{}
	for _, i := range f.Live() {
		for _, key := range i.Unplanned() {
			waiting[key] = append(waiting[key], i.Name)
		}
	}
	for _, b := range f.Blocks() {
		for _, s := range b.Stages() {
			items, requirements := waiting[s.Key()], s.Requirements()
			if !s.Delivered() && s.By() == nil && requirements+len(items) > 0 {
				f.add(GapPlanning, cxv1alpha1.ReasonUnplanned, cxv1alpha1.BuildingBlockKind, b.Name, string(s.Name),
					"No live RoadmapItem delivers stage %s; %s.", s.Name, wanted(requirements, items))
			}
		}
	}
}

// wanted says who waits for a stage, for instance "2 requirements and RoadmapItem rollout wait for it".
func wanted(requirements int, items []string) string {
	var who []string
	if requirements > 0 {
		who = append(who, words.Plural(requirements, "requirement"))
	}
	if len(items) == 1 {
		who = append(who, "RoadmapItem "+items[0])
	} else if len(items) > 1 {
		who = append(who, "RoadmapItems "+words.Enumerate(items))
	}
	verb := " wait for it"
	if requirements+len(items) == 1 {
		verb = " waits for it"
	}
	return strings.Join(who, " and ") + verb
}

func (f *gapFinder) blockReferences(b *portfolio.Block) {
	var seen []cxv1alpha1.StageReference
	for _, s := range b.Stages() {
		for _, ref := range s.Missing() {
			if !slices.Contains(seen, ref) {
				seen = append(seen, ref)
				f.stageReference(cxv1alpha1.BuildingBlockKind, b.Name, ref)
			}
		}
	}
}

func (f *gapFinder) delivery(i *portfolio.Item) {
	switch {
	case !i.IsLive() || len(i.Scope()) > 0:
	case len(i.Delivers()) == 0:
		f.add(GapDelivery, GapReasonNothingDelivered, cxv1alpha1.RoadmapItemKind, i.Name, "", "None of the stages that it delivers exists.")
	default:
		f.add(GapDelivery, GapReasonNothingDelivered, cxv1alpha1.RoadmapItemKind, i.Name, "", "Every stage that it delivers is delivered already.")
	}
}

func (f *gapFinder) itemReferences(i *portfolio.Item) {
	for _, ref := range i.Spec.Delivers {
		if f.Stage(ref) == nil {
			f.stageReference(cxv1alpha1.RoadmapItemKind, i.Name, ref)
		}
	}
	for _, ref := range i.Spec.DependsOn {
		needed := f.Item(string(ref.Name))
		switch {
		case needed == nil:
			f.add(GapReference, cxv1alpha1.ReasonDependencyNotFound, cxv1alpha1.RoadmapItemKind, i.Name, string(ref.Name),
				"There is no RoadmapItem %s.", ref.Name)
		case i.IsLive() && needed.State() == cxv1alpha1.StateCancelled:
			f.add(GapReference, cxv1alpha1.ReasonDependencyCancelled, cxv1alpha1.RoadmapItemKind, i.Name, string(ref.Name),
				"RoadmapItem %s, which it depends on, is cancelled.", ref.Name)
		}
	}
	if !f.KnowsTeam(i.Spec.Team) {
		f.add(GapReference, cxv1alpha1.ReasonTeamNotFound, cxv1alpha1.RoadmapItemKind, i.Name, string(i.Spec.Team), "The Roadmap has no team %s.", i.Spec.Team)
	}
}

// proof finds finished work that is not proven, or no more.
func (f *gapFinder) proof(i *portfolio.Item) {
	if proven := i.Result(cxv1alpha1.ConditionProven); proven.Reason != "" && proven.Status != metav1.ConditionTrue {
		f.add(GapProof, proven.Reason, cxv1alpha1.RoadmapItemKind, i.Name, "", "It is said to be finished. %s", proven.Message)
	}
}

// measurement finds a moment of truth without a metric. Those whose metrics are stale are told of at the metrics.
func (f *gapFinder) measurement(m *portfolio.Moment) {
	if m.Spec.MomentOfTruth && len(m.Metrics()) == 0 {
		f.add(GapMeasurement, cxv1alpha1.ReasonMetricMissing, cxv1alpha1.MomentKind, m.Name, "", "No metric measures this moment of truth.")
	}
}

func (f *gapFinder) staleness(m *portfolio.Metric) {
	if fresh := m.Result(cxv1alpha1.ConditionFresh); fresh.Status != metav1.ConditionTrue {
		f.add(GapMeasurement, fresh.Reason, cxv1alpha1.MetricKind, m.Name, "", "%s", fresh.Message)
	}
}

func (f *gapFinder) metricReferences(m *portfolio.Metric) {
	for _, ref := range m.Spec.MomentRefs {
		if f.Moment(string(ref.Name)) == nil {
			f.add(GapReference, cxv1alpha1.ReasonMomentNotFound, cxv1alpha1.MetricKind, m.Name, string(ref.Name), "There is no Moment %s.", ref.Name)
		}
	}
	if ref := m.Spec.JourneyRef; ref != nil && f.Journey(string(ref.Name)) == nil {
		f.add(GapReference, cxv1alpha1.ReasonJourneyNotFound, cxv1alpha1.MetricKind, m.Name, string(ref.Name), "There is no Journey %s.", ref.Name)
	}
}

// hypothesis finds a hypothesis that no metric judges, or one that does not exist.
func (f *gapFinder) hypothesis(i *portfolio.Item) {
	switch ref := i.MetricRef(); {
	case ref != "" && i.Metric() == nil:
		f.add(GapReference, cxv1alpha1.ReasonMetricNotFound, cxv1alpha1.RoadmapItemKind, i.Name, ref, "There is no Metric %s.", ref)
	case ref == "" && i.Spec.Hypothesis != nil && i.State() != cxv1alpha1.StateCancelled:
		f.add(GapHypothesis, GapReasonNotMeasurable, cxv1alpha1.RoadmapItemKind, i.Name, "",
			"No Metric judges its hypothesis: give it a metricRef and an expectedDelta.")
	}
}

// cycles names each cycle once, at its first member.
func (f *gapFinder) cycles() {
	type id struct {
		kind   string
		number int32
	}
	seen := map[id]bool{}
	add := func(kind, name string, cycle *portfolio.Cycle) {
		if cycle == nil || seen[id{kind, cycle.Number}] {
			return
		}
		seen[id{kind, cycle.Number}] = true
		f.add(GapCycle, cxv1alpha1.ReasonDependencyCycle, kind, name, "", "It waits for itself: %s.", cycle.Path)
	}
	for _, b := range f.Blocks() {
		add(cxv1alpha1.BuildingBlockKind, b.Name, b.Cycle())
	}
	for _, i := range f.Live() {
		add(cxv1alpha1.RoadmapItemKind, i.Name, i.Cycle())
	}
}
