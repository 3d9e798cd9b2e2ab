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
	"math/big"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/evidence"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// Metric is a metric with its samples, and what follows from them.
type Metric struct {
	*cxv1alpha1.Metric
	measure evidence.Measure
	// moments that the metric measures, in the order of its spec.
	moments []*Moment
	// samples up to today.
	samples evidence.Series
	// value today, in millionths; nil where there are no samples in the window.
	value *big.Rat
	// failing is the last look at the source, where that failed.
	failing *cxv1alpha1.Observation
	// judged holds the Done items whose hypothesis the metric judges, by name.
	judged     []*Item
	conditions conditions
}

func (g *Graph) addMetrics(objects []*cxv1alpha1.Metric) {
	g.metricNamed = make(map[string]*Metric, len(objects))
	for _, object := range sortedByName(objects) {
		m := &Metric{Metric: object, measure: measureOf(&object.Spec)}
		observed := g.observed.of(cxv1alpha1.MetricKind, m.Name)
		lists := [][]evidence.Sample{samplesOf(object.Spec.Samples)}
		for _, o := range observed {
			lists = append(lists, samplesOf(o.Spec.Samples))
		}
		m.samples = evidence.Merge(lists...).Until(g.today.Day())
		m.value = m.measure.ValueOn(g.today.Day(), m.samples)
		if len(observed) > 0 && observed[0].Spec.Problem != nil {
			m.failing = observed[0]
		}
		g.linkMoments(m)
		g.metrics = append(g.metrics, m)
		g.metricNamed[m.Name] = m
	}
}

// linkMoments finds the moments that a metric measures.
func (g *Graph) linkMoments(m *Metric) {
	for _, ref := range m.Spec.MomentRefs {
		moment := g.momentNamed[string(ref.Name)]
		if moment == nil || slices.Contains(m.moments, moment) {
			continue
		}
		m.moments = append(m.moments, moment)
		moment.metrics = append(moment.metrics, m)
	}
}

// latest is the newest sample; nil where there is none.
func (m *Metric) latest() *evidence.Sample {
	if len(m.samples) == 0 {
		return nil
	}
	return &m.samples[len(m.samples)-1]
}

// evaluateMetric decides the conditions of a metric.
func (g *Graph) evaluateMetric(m *Metric) {
	m.conditions = make(conditions, 0, 3)
	m.conditions.add(cxv1alpha1.ConditionReady, g.evaluateMetricReady(m))
	m.conditions.add(cxv1alpha1.ConditionFresh, g.evaluateFresh(m))
	if m.Spec.Target != nil {
		m.conditions.add(cxv1alpha1.ConditionOnTarget, g.evaluateOnTarget(m))
	}
}

func (m *Metric) isFresh() bool {
	return m.conditions.of(cxv1alpha1.ConditionFresh).Status == metav1.ConditionTrue
}

func (g *Graph) evaluateMetricReady(m *Metric) Result {
	missing := collect(m.Spec.MomentRefs, func(ref cxv1alpha1.ObjectReference) (string, bool) {
		return string(ref.Name), g.momentNamed[string(ref.Name)] == nil
	})
	if len(missing) > 0 {
		return isFalse(cxv1alpha1.ReasonMomentNotFound, "There is no Moment %s: create it, or correct momentRefs.", words.Enumerate(missing))
	}
	if ref := m.Spec.JourneyRef; ref != nil && g.journeyNamed[string(ref.Name)] == nil {
		return isFalse(cxv1alpha1.ReasonJourneyNotFound, "There is no Journey %s: create it, or correct journeyRef.", ref.Name)
	}
	return accepted
}

func (g *Graph) evaluateFresh(m *Metric) Result {
	latest := m.latest()
	if latest == nil {
		return isFalse(cxv1alpha1.ReasonNeverMeasured, "The metric has no samples: type them in, import them, or set sourceRef.")
	}
	if m.failing != nil {
		return isFalse(cxv1alpha1.ReasonSourceFailing, "The last look at the source failed (%s): see Observation %s.",
			m.failing.Spec.Problem.Reason, m.failing.Name)
	}
	maxAge := int(positiveOr(m.Spec.MaxAgeDays, cxv1alpha1.DefaultMaxAgeDays))
	if g.today.Day()-latest.Day > maxAge {
		return isFalse(cxv1alpha1.ReasonSamplesTooOld, "The newest sample is of %s, and counts as recent for %s.",
			dayDate(latest.Day), words.Plural(maxAge, "day"))
	}
	return isTrue(cxv1alpha1.ReasonMeasured, "The newest sample is of %s.", dayDate(latest.Day))
}

func dayDate(day int) cxv1alpha1.Date { return cxv1alpha1.DateOfDay(day) }

func (g *Graph) evaluateOnTarget(m *Metric) Result {
	target := m.Spec.Target
	aim := m.withUnit(ratOf(target.Value))
	if target.Date != "" {
		aim += " by " + string(target.Date)
	}
	switch {
	case m.value == nil:
		return isUnknown(cxv1alpha1.ReasonNoSamples, "The target is %s, and there are no samples of the last %s.",
			aim, words.Plural(m.measure.WindowDays, "day"))
	case m.reachesTarget():
		return isTrue(cxv1alpha1.ReasonTargetMet, "The value is %s, the target %s.", m.withUnit(m.value), aim)
	case target.Date != "" && target.Date < g.today:
		return isFalse(cxv1alpha1.ReasonTargetMissed, "The value is %s, the target was %s.", m.withUnit(m.value), aim)
	}
	return isFalse(cxv1alpha1.ReasonBelowTarget, "The value is %s, the target %s.", m.withUnit(m.value), aim)
}

// reachesTarget tells whether the value is as good as the target; both must be there.
func (m *Metric) reachesTarget() bool { return m.measure.Reaches(m.value, ratOf(m.Spec.Target.Value)) }

func (g *Graph) metricStatus(m *Metric) *cxv1alpha1.MetricStatus {
	status := &cxv1alpha1.MetricStatus{
		ObservedGeneration: m.Generation,
		Conditions:         m.conditions.status(m.Generation),
		Value:              decimalOf(m.value),
		Change:             decimalOf(m.change()),
		Samples:            int32(len(m.samples)),
	}
	if latest := m.latest(); latest != nil {
		status.Latest = &cxv1alpha1.Sample{Date: dayDate(latest.Day), Value: cxv1alpha1.DecimalOf(latest.Value)}
	}
	for _, i := range m.judged[:min(len(m.judged), cxv1alpha1.MaxListed)] {
		status.Hypotheses = append(status.Hypotheses, cxv1alpha1.MetricHypothesis{
			RoadmapItem: i.Name, Verdict: i.hypothesis.verdict(), Delta: decimalOf(i.hypothesis.Delta),
		})
	}
	status.HypothesesTotal = int32(len(m.judged))
	return status
}

// change is how much better the value is than the baseline; nil where one of them is not there.
func (m *Metric) change() *big.Rat {
	if m.value == nil || m.measure.Baseline == nil {
		return nil
	}
	return m.measure.Change(new(big.Rat).SetInt64(*m.measure.Baseline), m.value)
}

// What Measured says of most moments.
var (
	notMeasured = isFalse(cxv1alpha1.ReasonMetricMissing, "No metric measures the moment.")
)

// evaluateMeasured tells whether anybody measures what customers make of the moment.
func (m *Moment) evaluateMeasured() Result {
	if len(m.metrics) == 0 {
		return notMeasured
	}
	var fresh []string
	for _, metric := range m.metrics {
		if metric.isFresh() {
			fresh = append(fresh, metric.Name)
		}
	}
	if len(fresh) == 0 {
		return isFalse(cxv1alpha1.ReasonMetricStale, "None of its metrics is fresh: %s.", words.Enumerate(words.NamesOf(m.metrics)))
	}
	return isTrue(cxv1alpha1.ReasonMeasured, "Measured by %s.", words.Enumerate(fresh))
}

// IsMeasured tells whether the moment has a metric that is fresh.
func (m *Moment) IsMeasured() bool {
	return m.conditions.of(cxv1alpha1.ConditionMeasured).Status == metav1.ConditionTrue
}

// momentMetrics tells where the metrics of a moment stand, as far as a status goes.
func (m *Moment) momentMetrics() ([]cxv1alpha1.MomentMetric, int32) {
	var list []cxv1alpha1.MomentMetric
	for _, metric := range m.metrics[:min(len(m.metrics), cxv1alpha1.MaxListed)] {
		entry := cxv1alpha1.MomentMetric{Name: metric.Name, Value: decimalOf(metric.value)}
		if target := metric.Spec.Target; target != nil {
			entry.Target = decimalOf(ratOf(target.Value))
			if metric.value != nil {
				entry.OnTarget = new(metric.reachesTarget())
			}
		}
		list = append(list, entry)
	}
	return list, int32(len(m.metrics))
}

// evaluateMeasured sums up the moments of truth.
func (j *Journey) evaluateMeasured() Result {
	truths := j.momentsWith(func(m *Moment) bool { return m.Spec.MomentOfTruth })
	if len(truths) == 0 {
		return isUnknown(cxv1alpha1.ReasonNoMoments, "The journey has no moments of truth yet.")
	}
	if blind := j.momentsWith(func(m *Moment) bool { return m.Spec.MomentOfTruth && !m.IsMeasured() }); len(blind) > 0 {
		return isFalse(cxv1alpha1.ReasonMomentsNotMeasured, "%d of %s not measured: %s.",
			len(blind), momentsOfTruth(len(truths)), words.Enumerate(blind))
	}
	return isTrue(cxv1alpha1.ReasonAllMeasured, "Every moment of truth is measured.")
}

func momentsOfTruth(n int) string { return words.Plural(n, "moment") + " of truth" }

// evaluateReview tells whether the next review of the journey is due.
func (g *Graph) evaluateReview(j *Journey) Result {
	review := j.Spec.Review
	if !review.LastOn.IsValid() {
		return isFalse(cxv1alpha1.ReasonNeverReviewed, "The journey was never reviewed: do so, and set review.lastOn.")
	}
	due := review.LastOn.AddDays(int(review.EveryDays))
	if g.today > due {
		return isFalse(cxv1alpha1.ReasonReviewOverdue, "Reviewed on %s; the next review was due by %s.", review.LastOn, due)
	}
	return isTrue(cxv1alpha1.ReasonReviewedInTime, "Reviewed on %s; the next review is due by %s.", review.LastOn, due)
}
