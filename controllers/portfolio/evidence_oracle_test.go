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

package portfolio_test

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Numbers

// suffixes are those of a resource.Quantity that a Decimal may have.
var suffixes = map[string]*big.Rat{
	"u": big.NewRat(1, 1_000_000), "m": big.NewRat(1, 1000), "k": big.NewRat(1000, 1), "M": big.NewRat(1_000_000, 1),
	"G": big.NewRat(1_000_000_000, 1),
}

// number reads a Decimal as a fraction; nothing is 0.
func number(d cxv1alpha1.Decimal) *big.Rat {
	text, factor := string(d), big.NewRat(1, 1)
	for suffix, of := range suffixes {
		if rest, found := strings.CutSuffix(text, suffix); found {
			text, factor = rest, of
		}
	}
	if text == "" {
		return new(big.Rat)
	}
	x, ok := new(big.Rat).SetString(text)
	if !ok {
		panic("no number: " + text)
	}
	return x.Mul(x, factor)
}

// plain writes a fraction with at most 6 decimals, rounded half away from zero; nil for none, and for what is too large for a Decimal.
func plain(x *big.Rat) *cxv1alpha1.Decimal {
	if x == nil {
		return nil
	}
	text := strings.TrimRight(strings.TrimRight(x.FloatString(6), "0"), ".")
	if whole, _, _ := strings.Cut(strings.TrimPrefix(text, "-"), "."); len(whole) > 12 {
		return nil
	}
	if text == "-0" {
		text = "0"
	}
	return new(cxv1alpha1.Decimal(text))
}

// Observations

// observedOn is the day of an observation; what claims to be of a later day is of today.
func (o *oracle) observedOn(observation *cxv1alpha1.Observation) cxv1alpha1.Date {
	return min(observation.Spec.ObservedOn, o.today)
}

// observationsOf lists what was seen of an object, what counts most first: the latest, and of one day the first by name.
func (o *oracle) observationsOf(kind, name string) []*cxv1alpha1.Observation {
	var all []*cxv1alpha1.Observation
	for _, observation := range o.objects.Observations {
		if string(observation.Spec.Of.Kind) == kind && string(observation.Spec.Of.Name) == name {
			all = append(all, observation)
		}
	}
	slices.SortFunc(all, func(a, b *cxv1alpha1.Observation) int {
		return cmp.Or(cmp.Compare(o.observedOn(b), o.observedOn(a)), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// State

// workSeen is the observation that tells the state of an item's work in a tracker; nil where none does.
func (o *oracle) workSeen(item string) *cxv1alpha1.Observation {
	for _, observation := range o.observationsOf("RoadmapItem", item) {
		if observation.Spec.Work != nil {
			return observation
		}
	}
	return nil
}

func orProposed(state cxv1alpha1.ItemState) cxv1alpha1.ItemState {
	return cmp.Or(state, cxv1alpha1.StateProposed)
}

// said is the state that spec or tracker give an item, and the day on which it was finished, before any proof is asked for.
func (o *oracle) said(item string) (state cxv1alpha1.ItemState, finished cxv1alpha1.Date) {
	spec, seen := o.items[item].Spec, o.workSeen(item)
	if o.policy.StateFrom != cxv1alpha1.StateFromTracker || seen == nil {
		return orProposed(spec.State), spec.FinishDate
	}
	return seen.Spec.Work.State, cmp.Or(seen.Spec.Work.FinishDate, o.observedOn(seen))
}

// unproven tells whether an item is said to be Done, but delivers a stage whose proof is asked for and missing.
func (o *oracle) unproven(item string) bool {
	state, _ := o.said(item)
	if o.policy.Proof != cxv1alpha1.ProofRequire || state != cxv1alpha1.StateDone {
		return false
	}
	for s := range o.delivers(item) {
		if o.checked(s) && !o.proven(s) {
			return true
		}
	}
	return false
}

// state of an item, as everything else sees it.
func (o *oracle) state(item string) cxv1alpha1.ItemState { return once(o.states, item, o.findState) }

func (o *oracle) findState(item string) cxv1alpha1.ItemState {
	if o.unproven(item) {
		return cxv1alpha1.StateInProgress
	}
	state, _ := o.said(item)
	return state
}

// finished is the day on which a Done item was finished.
func (o *oracle) finished(item string) cxv1alpha1.Date {
	_, finished := o.said(item)
	return finished
}

// progress of an item, in percent: of what only lacks its proof all is done.
func (o *oracle) progress(item string) int32 {
	if o.unproven(item) {
		return 100
	}
	return o.items[item].Spec.ProgressPercent
}

func (o *oracle) stateAgrees(item string) result {
	seen := o.workSeen(item)
	spec, tracker := orProposed(o.items[item].Spec.State), seen.Spec.Work.State
	grades := []cxv1alpha1.ItemState{cxv1alpha1.StateProposed, cxv1alpha1.StatePlanned, cxv1alpha1.StateInProgress, cxv1alpha1.StateDone}
	switch {
	case seen.Spec.Problem != nil || dayNumber(o.today)-dayNumber(o.observedOn(seen)) > 7:
		return unknown(cxv1alpha1.ReasonStale)
	case spec == tracker:
		return yes(cxv1alpha1.ReasonAgrees)
	case tracker == cxv1alpha1.StateCancelled:
		return no(cxv1alpha1.ReasonTrackerCancelled)
	case spec == cxv1alpha1.StateCancelled && tracker == cxv1alpha1.StateDone:
		return no(cxv1alpha1.ReasonTrackerAhead)
	case spec == cxv1alpha1.StateCancelled || slices.Index(grades, tracker) < slices.Index(grades, spec):
		return no(cxv1alpha1.ReasonTrackerBehind)
	}
	return no(cxv1alpha1.ReasonTrackerAhead)
}

// Proof

// checked tells whether a stage has checks.
func (o *oracle) checked(s stageAt) bool { return len(o.stage(s).DeliveredWhen) > 0 }

// proofOf is what was seen of a check; nil where nobody looked.
func (o *oracle) proofOf(s stageAt, check cxv1alpha1.LabelName) *cxv1alpha1.Proof {
	for _, observation := range o.observationsOf("BuildingBlock", s.block) {
		for _, proof := range observation.Spec.Proofs {
			if proof.Stage == o.stage(s).Name && proof.Check == check {
				return &proof
			}
		}
	}
	return nil
}

// proven tells whether each check of a stage that has some was seen to hold, once.
func (o *oracle) proven(s stageAt) bool {
	for _, check := range o.stage(s).DeliveredWhen {
		proof := o.proofOf(s, check.Name)
		if proof == nil || proof.ProvenOn == "" || proof.ProvenOn > o.today {
			return false
		}
	}
	return o.checked(s)
}

// regressed tells whether a stage is proven, and a check of it holds no more.
func (o *oracle) regressed(s stageAt) bool {
	fails := false
	for _, check := range o.stage(s).DeliveredWhen {
		proof := o.proofOf(s, check.Name)
		fails = fails || proof != nil && !proof.Holds
	}
	return fails && o.proven(s)
}

// looked tells whether anybody looked at a check of a stage.
func (o *oracle) looked(s stageAt) bool {
	return slices.ContainsFunc(o.stage(s).DeliveredWhen, func(check cxv1alpha1.StageCheck) bool { return o.proofOf(s, check.Name) != nil })
}

// provenOf sums up the stages that have checks, of which there is at least one.
func (o *oracle) provenOf(checked []stageAt, good string) result {
	switch {
	case !slices.ContainsFunc(checked, o.looked):
		return unknown(cxv1alpha1.ReasonNoProofYet)
	case slices.ContainsFunc(checked, o.regressed):
		return no(cxv1alpha1.ReasonRegressed)
	case slices.ContainsFunc(checked, func(s stageAt) bool { return !o.proven(s) }):
		return no(cxv1alpha1.ReasonNotProven)
	}
	return yes(good)
}

// checkedOf lists the stages of a block that have checks.
func (o *oracle) checkedOf(block string) []stageAt {
	var all []stageAt
	for place := range o.blocks[block].Spec.Stages {
		if s := (stageAt{block, place}); o.checked(s) {
			all = append(all, s)
		}
	}
	return all
}

// checkedBy lists the stages with checks that an item names.
func (o *oracle) checkedBy(item string) []stageAt {
	var all []stageAt
	for s := range o.delivers(item) {
		if o.checked(s) {
			all = append(all, s)
		}
	}
	return all
}

// Metrics

// direction is s: +1 where more is better, -1 where less is.
func direction(m *cxv1alpha1.Metric) *big.Rat {
	if m.Spec.Direction == cxv1alpha1.DirectionDecrease {
		return big.NewRat(-1, 1)
	}
	return big.NewRat(1, 1)
}

// better is how much better a value is than another.
func better(m *cxv1alpha1.Metric, value, than *big.Rat) *big.Rat {
	difference := new(big.Rat).Sub(value, than)
	return difference.Mul(difference, direction(m))
}

func windowDays(m *cxv1alpha1.Metric) int     { return int(cmp.Or(m.Spec.WindowDays, 28)) }
func settleDays(m *cxv1alpha1.Metric) int     { return int(or(m.Spec.SettleDays, 14)) }
func minimumSamples(m *cxv1alpha1.Metric) int { return int(cmp.Or(m.Spec.MinimumSamples, 3)) }
func maxAgeDays(m *cxv1alpha1.Metric) int     { return int(cmp.Or(m.Spec.MaxAgeDays, 35)) }

// samplesOf are the values of a metric by day, up to today.
func (o *oracle) samplesOf(metric string) map[int]*big.Rat {
	return once(o.samples, metric, o.findSamples)
}

func (o *oracle) findSamples(metric string) map[int]*big.Rat {
	all := map[int]*big.Rat{}
	lists := [][]cxv1alpha1.Sample{o.metrics[metric].Spec.Samples} // what counts most first
	for _, observation := range o.observationsOf("Metric", metric) {
		lists = append(lists, observation.Spec.Samples)
	}
	for _, list := range slices.Backward(lists) {
		for _, sample := range list {
			if sample.Date <= o.today {
				all[dayNumber(sample.Date)] = number(sample.Value)
			}
		}
	}
	return all
}

// latest is the day of the newest sample, where there is one.
func (o *oracle) latest(metric string) int {
	return slices.Max(slices.Collect(maps.Keys(o.samplesOf(metric))))
}

// between lists the samples after the first day up to the last, in order of days.
func (o *oracle) between(metric string, first, last int) []*big.Rat {
	var all []*big.Rat
	for number := first + 1; number <= last; number++ {
		if sample := o.samplesOf(metric)[number]; sample != nil {
			all = append(all, sample)
		}
	}
	return all
}

// aggregate makes one value of samples; nil of none.
func aggregate(m *cxv1alpha1.Metric, samples []*big.Rat) *big.Rat {
	if len(samples) == 0 {
		return nil
	}
	if m.Spec.Aggregation == cxv1alpha1.AggregationLast {
		return samples[len(samples)-1]
	}
	if m.Spec.Aggregation == cxv1alpha1.AggregationMedian {
		samples = slices.SortedFunc(slices.Values(samples), (*big.Rat).Cmp)
		samples = samples[(len(samples)-1)/2 : len(samples)/2+1] // the one in the middle, or the two
	}
	sum := new(big.Rat)
	for _, sample := range samples {
		sum.Add(sum, sample)
	}
	return sum.Quo(sum, big.NewRat(int64(len(samples)), 1))
}

// value of a metric today, not rounded; nil where there is none.
func (o *oracle) value(metric string) *big.Rat {
	m, today := o.metrics[metric], dayNumber(o.today)
	return aggregate(m, o.between(metric, today-windowDays(m), today))
}

func (o *oracle) metricFault(metric string) string {
	spec := o.metrics[metric].Spec
	for _, ref := range spec.MomentRefs {
		if o.moments[string(ref.Name)] == nil {
			return cxv1alpha1.ReasonMomentNotFound
		}
	}
	if spec.JourneyRef != nil && o.journeys[string(spec.JourneyRef.Name)] == nil {
		return cxv1alpha1.ReasonJourneyNotFound
	}
	return ""
}

func (o *oracle) fresh(metric string) result {
	seen := o.observationsOf("Metric", metric)
	switch {
	case len(o.samplesOf(metric)) == 0:
		return no(cxv1alpha1.ReasonNeverMeasured)
	case len(seen) > 0 && seen[0].Spec.Problem != nil:
		return no(cxv1alpha1.ReasonSourceFailing)
	case dayNumber(o.today)-o.latest(metric) > maxAgeDays(o.metrics[metric]):
		return no(cxv1alpha1.ReasonSamplesTooOld)
	}
	return yes(cxv1alpha1.ReasonMeasured)
}

// reached tells whether a value has come to the target.
func (o *oracle) reached(metric string) bool {
	m, value := o.metrics[metric], o.value(metric)
	return value != nil && better(m, value, number(m.Spec.Target.Value)).Sign() >= 0
}

func (o *oracle) onTarget(metric string) result {
	target := o.metrics[metric].Spec.Target
	switch {
	case o.value(metric) == nil:
		return unknown(cxv1alpha1.ReasonNoSamples)
	case o.reached(metric):
		return yes(cxv1alpha1.ReasonTargetMet)
	case target.Date != "" && target.Date < o.today:
		return no(cxv1alpha1.ReasonTargetMissed)
	}
	return no(cxv1alpha1.ReasonBelowTarget)
}

func (o *oracle) metricStatus(name string) *cxv1alpha1.MetricStatus {
	m := o.metrics[name]
	results := map[string]result{
		cxv1alpha1.ConditionReady: readyUnless(o.metricFault(name)),
		cxv1alpha1.ConditionFresh: o.fresh(name),
	}
	if m.Spec.Target != nil {
		results[cxv1alpha1.ConditionOnTarget] = o.onTarget(name)
	}
	status := &cxv1alpha1.MetricStatus{
		ObservedGeneration: m.Generation,
		Conditions:         conditions(results, m.Generation),
		Samples:            int32(len(o.samplesOf(name))),
		Value:              plain(o.value(name)),
	}
	if len(o.samplesOf(name)) > 0 {
		latest := o.latest(name)
		status.Latest = &cxv1alpha1.Sample{Date: date(latest), Value: *plain(o.samplesOf(name)[latest])}
	}
	if value := o.value(name); value != nil && m.Spec.Baseline != nil {
		status.Change = plain(better(m, value, number(m.Spec.Baseline.Value)))
	}
	for _, item := range slices.Sorted(maps.Keys(o.items)) {
		if h := o.hypothesis(item); h != nil && string(o.metricRef(item).Name) == name {
			status.Hypotheses = append(status.Hypotheses, cxv1alpha1.MetricHypothesis{
				RoadmapItem: item, Verdict: h.verdict(), Delta: plain(h.delta),
			})
		}
	}
	status.HypothesesTotal = int32(len(status.Hypotheses))
	return status
}

// Moments and journeys

// metricsOf lists the metrics that measure a moment, by name.
func (o *oracle) metricsOf(moment string) []string {
	var all []string
	for name, m := range o.metrics {
		if slices.ContainsFunc(m.Spec.MomentRefs, func(ref cxv1alpha1.ObjectReference) bool { return string(ref.Name) == moment }) {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func (o *oracle) measured(moment string) result {
	metrics := o.metricsOf(moment)
	switch {
	case slices.ContainsFunc(metrics, func(m string) bool { return o.fresh(m).status == metav1.ConditionTrue }):
		return yes(cxv1alpha1.ReasonMeasured)
	case len(metrics) == 0:
		return no(cxv1alpha1.ReasonMetricMissing)
	}
	return no(cxv1alpha1.ReasonMetricStale)
}

func (o *oracle) momentMetrics(moment string) []cxv1alpha1.MomentMetric {
	var all []cxv1alpha1.MomentMetric
	for _, name := range o.metricsOf(moment) {
		metric := cxv1alpha1.MomentMetric{Name: name, Value: plain(o.value(name))}
		if target := o.metrics[name].Spec.Target; target != nil {
			metric.Target = plain(number(target.Value))
			if metric.Value != nil {
				metric.OnTarget = new(o.reached(name))
			}
		}
		all = append(all, metric)
	}
	return all
}

// journeyMeasured sums up the moments of truth.
func (o *oracle) journeyMeasured(moments []string) result {
	truths := slices.DeleteFunc(slices.Clone(moments), func(m string) bool { return !o.moments[m].Spec.MomentOfTruth })
	switch {
	case len(truths) == 0:
		return unknown(cxv1alpha1.ReasonNoMoments)
	case count(truths, o.measured, metav1.ConditionFalse) > 0:
		return no(cxv1alpha1.ReasonMomentsNotMeasured)
	}
	return yes(cxv1alpha1.ReasonAllMeasured)
}

func (o *oracle) reviewed(review cxv1alpha1.Review) result {
	switch {
	case review.LastOn == "":
		return no(cxv1alpha1.ReasonNeverReviewed)
	case dayNumber(o.today) > dayNumber(review.LastOn)+int(review.EveryDays):
		return no(cxv1alpha1.ReasonReviewOverdue)
	}
	return yes(cxv1alpha1.ReasonReviewedInTime)
}

// validated tells whether an insight counts as validated today.
func (o *oracle) validated(insight cxv1alpha1.Insight) bool {
	if !insight.Validated || insight.ValidatedOn == "" || o.policy.InsightValidDays == 0 {
		return insight.Validated
	}
	return dayNumber(o.today)-dayNumber(insight.ValidatedOn) <= int(o.policy.InsightValidDays)
}

// Hypotheses

// hypothesis is what a metric says about a Done item: the values before and after it, where they can be told, and what follows.
type hypothesis struct {
	before, after, delta *big.Rat
	result
}

// metricRef names the metric that judges an item; nil where none is named.
func (o *oracle) metricRef(item string) *cxv1alpha1.ObjectReference {
	if h := o.items[item].Spec.Hypothesis; h != nil {
		return h.MetricRef
	}
	return nil
}

// hypothesis of a Done item whose metric exists; nil of any other.
func (o *oracle) hypothesis(item string) *hypothesis {
	ref := o.metricRef(item)
	if ref == nil || o.metrics[string(ref.Name)] == nil || o.state(item) != cxv1alpha1.StateDone {
		return nil
	}
	m, f := o.metrics[string(ref.Name)], dayNumber(o.finished(item))
	settled := f + settleDays(m)
	closes := settled + windowDays(m)
	h := &hypothesis{}
	if samples := o.between(m.Name, f-windowDays(m), f); len(samples) >= minimumSamples(m) {
		h.before = aggregate(m, samples)
	} else if m.Spec.Baseline != nil {
		h.before = number(m.Spec.Baseline.Value)
	}
	closed := dayNumber(o.today) > closes
	if samples := o.between(m.Name, settled, closes); closed && len(samples) >= minimumSamples(m) {
		h.after = aggregate(m, samples)
	}
	if h.before != nil && h.after != nil {
		h.delta = better(m, h.after, h.before)
	}
	switch {
	case dayNumber(o.today) <= settled:
		h.result = unknown(cxv1alpha1.ReasonSettling)
	case !closed:
		h.result = unknown(cxv1alpha1.ReasonMeasuring)
	case h.before == nil:
		h.result = unknown(cxv1alpha1.ReasonNoBaseline)
	case h.after == nil:
		h.result = unknown(cxv1alpha1.ReasonTooFewSamples)
	case o.confounded(item, m, f-windowDays(m), closes):
		h.result = unknown(cxv1alpha1.ReasonConfounded)
	case h.delta.Cmp(number(*o.items[item].Spec.Hypothesis.ExpectedDelta)) >= 0:
		h.result = yes(cxv1alpha1.ReasonConfirmed)
	case h.delta.Cmp(number(m.Spec.Noise)) <= 0:
		h.result = no(cxv1alpha1.ReasonRefuted)
	default:
		h.result = unknown(cxv1alpha1.ReasonPartialEffect)
	}
	return h
}

// confounded tells whether other work on the metric was finished after the first day, up to the last.
func (o *oracle) confounded(item string, m *cxv1alpha1.Metric, first, last int) bool {
	for other := range o.items {
		ref := o.metricRef(other)
		if other == item || ref == nil || string(ref.Name) != m.Name || o.state(other) != cxv1alpha1.StateDone {
			continue
		}
		if finished := dayNumber(o.finished(other)); first < finished && finished <= last {
			return true
		}
	}
	return false
}

func (h *hypothesis) verdict() cxv1alpha1.Verdict {
	switch h.reason {
	case cxv1alpha1.ReasonSettling, cxv1alpha1.ReasonMeasuring:
		return cxv1alpha1.VerdictPending
	case cxv1alpha1.ReasonConfirmed:
		return cxv1alpha1.VerdictConfirmed
	case cxv1alpha1.ReasonRefuted:
		return cxv1alpha1.VerdictRefuted
	}
	return cxv1alpha1.VerdictInconclusive
}

func (h *hypothesis) status() *cxv1alpha1.HypothesisStatus {
	return &cxv1alpha1.HypothesisStatus{
		Verdict: h.verdict(), Before: plain(h.before), After: plain(h.after), Delta: plain(h.delta),
	}
}

// hypothesisConfirmed of an item that names a metric.
func (o *oracle) hypothesisConfirmed(item string) result {
	switch h := o.hypothesis(item); {
	case o.metrics[string(o.metricRef(item).Name)] == nil:
		return unknown(cxv1alpha1.ReasonMetricNotFound)
	case h == nil:
		return unknown(cxv1alpha1.ReasonNotFinished)
	default:
		return h.result
	}
}

// evidenceOf an item: its conditions that tell of proof, of the hypothesis and of the tracker.
func (o *oracle) evidenceOf(item string) map[string]result {
	results := map[string]result{}
	if state, _ := o.said(item); state == cxv1alpha1.StateDone && len(o.checkedBy(item)) > 0 {
		results[cxv1alpha1.ConditionProven] = o.provenOf(o.checkedBy(item), cxv1alpha1.ReasonProven)
	}
	if o.metricRef(item) != nil {
		results[cxv1alpha1.ConditionHypothesisConfirmed] = o.hypothesisConfirmed(item)
	}
	if o.workSeen(item) != nil {
		results[cxv1alpha1.ConditionStateAgrees] = o.stateAgrees(item)
	}
	return results
}

// record counts the verdicts on the hypotheses of the Done items of a team; with every, of all items.
func (o *oracle) record(team string, every bool) cxv1alpha1.TrackRecord {
	record := cxv1alpha1.TrackRecord{Team: team}
	for name, item := range o.items {
		h := o.hypothesis(name)
		if h == nil || !every && string(item.Spec.Team) != team {
			continue
		}
		switch h.verdict() {
		case cxv1alpha1.VerdictConfirmed:
			record.Confirmed++
		case cxv1alpha1.VerdictRefuted:
			record.Refuted++
		case cxv1alpha1.VerdictPending:
			record.Pending++
		default:
			record.Inconclusive++
		}
	}
	return record
}

// trackRecord of each team that has finished work with a hypothesis, by name.
func (o *oracle) trackRecord() []cxv1alpha1.TrackRecord {
	teams := names{}
	for name, item := range o.items {
		if o.hypothesis(name) != nil {
			teams[string(item.Spec.Team)] = true
		}
	}
	var all []cxv1alpha1.TrackRecord
	for _, team := range sorted(teams) {
		all = append(all, o.record(team, false))
	}
	return all
}

// businessValue of a live item: what is said of it, less what the team's record takes away where it counts.
func (o *oracle) businessValue(item string) *big.Rat {
	spec := o.items[item].Spec
	value := big.NewRat(int64(spec.BusinessValue), 1)
	if !o.policy.LearnFromHypotheses {
		return value
	}
	record := o.record(string(spec.Team), spec.Team == "")
	if factor := big.NewRat(2*int64(record.Confirmed+1), int64(record.Confirmed+record.Refuted+2)); factor.Cmp(big.NewRat(1, 1)) < 0 {
		value.Mul(value, factor)
	}
	return value
}
