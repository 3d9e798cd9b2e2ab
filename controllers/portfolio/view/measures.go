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
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// mapSamples is how many samples of a metric a map has at most, the newest: more than a year of days, and as many as a Metric may hold.
const mapSamples = 400

// MapMetric is a metric as a map shows it.
type MapMetric struct {
	Name      string               `json:"name"`
	Title     string               `json:"title"`
	Unit      string               `json:"unit,omitempty"`
	Direction cxv1alpha1.Direction `json:"direction"`
	// Value today; absent where there are no samples in the metric's window.
	Value *cxv1alpha1.Decimal `json:"value,omitempty"`
	// Change is how much better the value is than the baseline; negative means worse.
	Change *cxv1alpha1.Decimal `json:"change,omitempty"`
	// Target is where the metric should come, and by when.
	Target   *cxv1alpha1.Decimal `json:"target,omitempty"`
	TargetBy cxv1alpha1.Date     `json:"targetDate,omitempty"`
	// OnTarget is the reason of the condition OnTarget; absent where there is no target.
	OnTarget string `json:"onTarget,omitempty"`
	// Fresh tells whether the value can be relied on. Freshness and Message are the reason and the message of that condition.
	Fresh     bool   `json:"fresh"`
	Freshness string `json:"freshness"`
	Message   string `json:"message"`
	// Samples up to today, by date: the newest 400.
	Samples []cxv1alpha1.Sample `json:"samples"`
}

// Metric returns a metric of the map by its name.
func (j *JourneyMap) Metric(name string) *MapMetric {
	at, found := slices.BinarySearchFunc(j.Metrics, name, func(m MapMetric, name string) int { return strings.Compare(m.Name, name) })
	if !found {
		return nil
	}
	return &j.Metrics[at]
}

// measure adds the metrics of the journey and of its moments.
func (j *JourneyMap) measure(g *portfolio.Graph, of *portfolio.Journey) {
	for _, m := range g.Metrics() {
		whole := m.Spec.JourneyRef != nil && string(m.Spec.JourneyRef.Name) == of.Name
		if whole {
			j.WholeJourney = append(j.WholeJourney, m.Name)
		}
		if whole || slices.ContainsFunc(m.Moments(), func(moment *portfolio.Moment) bool { return moment.Journey() == of }) {
			j.Metrics = append(j.Metrics, mapMetric(m))
		}
	}
}

func mapMetric(m *portfolio.Metric) MapMetric {
	fresh := m.Result(cxv1alpha1.ConditionFresh)
	samples := m.Samples()
	metric := MapMetric{
		Name: m.Name, Title: titleOr(m.Spec.Title, m.Name), Unit: m.Spec.Unit, Direction: m.Spec.Direction,
		Value: m.Value(), Change: m.Change(),
		OnTarget: m.Result(cxv1alpha1.ConditionOnTarget).Reason,
		Fresh:    fresh.Status == metav1.ConditionTrue, Freshness: fresh.Reason, Message: fresh.Message,
		Samples: samples[max(0, len(samples)-mapSamples):],
	}
	if target := m.Spec.Target; target != nil {
		metric.Target, metric.TargetBy = new(target.Value.Plain()), target.Date
	}
	return metric
}

// Judgement is what a metric says of the hypothesis of finished work.
type Judgement struct {
	// Metric judges it. MetricTitle and Unit are those of the metric.
	Metric      string `json:"metric"`
	MetricTitle string `json:"metricTitle"`
	Unit        string `json:"unit,omitempty"`

	Verdict cxv1alpha1.Verdict `json:"verdict"`
	// Expected is how much better the metric should have become, Delta how much better it did; negative means worse.
	Expected *cxv1alpha1.Decimal `json:"expectedDelta,omitempty"`
	Delta    *cxv1alpha1.Decimal `json:"delta,omitempty"`
	// Before and After are the values that were compared.
	Before *cxv1alpha1.Decimal `json:"before,omitempty"`
	After  *cxv1alpha1.Decimal `json:"after,omitempty"`
	// Reason is that of the condition HypothesisConfirmed. Message says it in a sentence that begins with the verdict.
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// judgementOf is nil for work that no metric judges.
func judgementOf(i *portfolio.Item) *Judgement {
	h := i.Hypothesis()
	if h == nil {
		return nil
	}
	j := &Judgement{
		Metric: i.Metric().Name, MetricTitle: titleOr(i.Metric().Spec.Title, i.Metric().Name), Unit: i.Metric().Spec.Unit,
		Verdict: h.Verdict, Delta: h.Delta, Before: h.Before, After: h.After,
		Reason: i.Result(cxv1alpha1.ConditionHypothesisConfirmed).Reason, Message: i.ExplainVerdict(),
	}
	if expected := i.Spec.Hypothesis.ExpectedDelta; expected != nil {
		j.Expected = new(expected.Plain())
	}
	return j
}
