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
	"cmp"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// MetricEffects are all effects on metrics, the worst first, the best last.
var MetricEffects = []MetricEffect{
	MetricOffTarget, MetricWorse, MetricStale, MetricAdded, MetricRemoved, MetricFresh, MetricBetter, MetricOnTarget,
}

// compareMetrics finds the metrics for which something changes.
func compareMetrics(before, after *State) []MetricChange {
	changes := []MetricChange{}
	olds, changed := byName(before.Evaluation.Graph().Metrics()), byName(after.Evaluation.Graph().Metrics())
	eachPair(olds, changed, func(name string, old, now *portfolio.Metric) {
		metric := cmp.Or(now, old)
		c := MetricChange{
			Name: name, Title: string(metric.Spec.Title), Before: metricState(before, old), After: metricState(after, now),
		}
		c.Effects = metricEffects(c.Before, c.After)
		if old != nil && now != nil && old.Spec.Direction == now.Spec.Direction {
			c.Effects = append(c.Effects, valueEffects(c.Before, c.After, now.Spec.Direction == cxv1alpha1.DirectionDecrease)...)
		}
		if sortEffects(c.Effects, MetricEffects); len(c.Effects) > 0 {
			changes = append(changes, c)
		}
	})
	return changes
}

func metricState(s *State, m *portfolio.Metric) *MetricState {
	if m == nil {
		return nil
	}
	status := s.Evaluation.Metrics[m.Name]
	state := &MetricState{Unit: m.Spec.Unit, Fresh: m.Result(cxv1alpha1.ConditionFresh).Reason, OnTarget: m.Result(cxv1alpha1.ConditionOnTarget).Reason}
	if status.Value != nil {
		state.Value = string(*status.Value)
	}
	if status.Latest != nil {
		state.Latest = status.Latest.Date
	}
	if m.Spec.Target != nil {
		state.Target = string(m.Spec.Target.Value.Plain())
	}
	return state
}

func metricEffects(before, after *MetricState) []MetricEffect {
	switch {
	case before == nil:
		return []MetricEffect{MetricAdded}
	case after == nil:
		return []MetricEffect{MetricRemoved}
	}
	effects := flip(before.OnTarget == cxv1alpha1.ReasonTargetMet, after.OnTarget == cxv1alpha1.ReasonTargetMet, MetricOnTarget, MetricOffTarget)
	return append(effects, flip(before.Fresh == cxv1alpha1.ReasonMeasured, after.Fresh == cxv1alpha1.ReasonMeasured, MetricFresh, MetricStale)...)
}

// valueEffects compares the values, where there are two.
func valueEffects(before, after *MetricState, decrease bool) []MetricEffect {
	if before.Value == "" || after.Value == "" {
		return nil
	}
	was, is := cxv1alpha1.Decimal(before.Value).Micros(), cxv1alpha1.Decimal(after.Value).Micros()
	if decrease {
		was, is = -was, -is
	}
	switch {
	case is > was:
		return []MetricEffect{MetricBetter}
	case is < was:
		return []MetricEffect{MetricWorse}
	}
	return nil
}

// flip is the effect of something that becomes so, or is so no more; none where it stays.
func flip[E any](before, after bool, becomes, ceases E) []E {
	switch {
	case after && !before:
		return []E{becomes}
	case before && !after:
		return []E{ceases}
	}
	return nil
}
