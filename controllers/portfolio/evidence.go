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
	"math/big"
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/evidence"
)

// observations are what machines saw, by the object that they looked at. Of each object those that count first come first: the latest
// look, then the first name.
type observations map[cxv1alpha1.ObservedReference][]*cxv1alpha1.Observation

// readObservations sorts the observations. A look in the future counts as one of today.
func readObservations(objects []*cxv1alpha1.Observation, today cxv1alpha1.Date) observations {
	if len(objects) == 0 {
		return nil
	}
	sorted := slices.Clone(sortedByName(objects))
	slices.SortStableFunc(sorted, func(a, b *cxv1alpha1.Observation) int {
		return strings.Compare(string(lookOf(b, today)), string(lookOf(a, today)))
	})
	all := make(observations, len(sorted))
	for _, o := range sorted {
		all[o.Spec.Of] = append(all[o.Spec.Of], o)
	}
	return all
}

// of returns what was seen of an object.
func (all observations) of(kind cxv1alpha1.ObservedKind, name string) []*cxv1alpha1.Observation {
	return all[cxv1alpha1.ObservedReference{Kind: kind, Name: cxv1alpha1.ObjectName(name)}]
}

// lookOf is the day of the last look.
func lookOf(o *cxv1alpha1.Observation, today cxv1alpha1.Date) cxv1alpha1.Date {
	return min(o.Spec.ObservedOn, today)
}

// samplesOf reads samples. Those without a date are left out.
func samplesOf(list []cxv1alpha1.Sample) []evidence.Sample {
	samples := make([]evidence.Sample, 0, len(list))
	for _, s := range list {
		if s.Date.IsValid() {
			samples = append(samples, evidence.Sample{Day: s.Date.Day(), Value: s.Value.Micros()})
		}
	}
	return samples
}

// decimalOf rounds a value in millionths; nil where there is none, and where it is no Decimal: the difference of two of the largest is not.
func decimalOf(value *big.Rat) *cxv1alpha1.Decimal {
	if value == nil {
		return nil
	}
	micros := evidence.Round(value)
	if max(micros, -micros) > cxv1alpha1.MaxMicros {
		return nil
	}
	return new(cxv1alpha1.DecimalOf(micros))
}

// ratOf is a number in millionths.
func ratOf(value cxv1alpha1.Decimal) *big.Rat { return new(big.Rat).SetInt64(value.Micros()) }

// amount writes a value for people.
func amount(value *big.Rat) string { return string(cxv1alpha1.DecimalOf(evidence.Round(value))) }

// withUnit writes a value with the unit of its metric.
func (m *Metric) withUnit(value *big.Rat) string {
	switch m.Spec.Unit {
	case "":
		return amount(value)
	case "%":
		return amount(value) + "%"
	}
	return amount(value) + " " + m.Spec.Unit
}

// measureOf reads how a metric is to be read, with every default filled in.
func measureOf(spec *cxv1alpha1.MetricSpec) evidence.Measure {
	measure := evidence.Measure{
		Decrease:       spec.Direction == cxv1alpha1.DirectionDecrease,
		Aggregation:    aggregations[cmp.Or(spec.Aggregation, cxv1alpha1.DefaultAggregation)],
		WindowDays:     int(positiveOr(spec.WindowDays, cxv1alpha1.DefaultWindowDays)),
		SettleDays:     int(orDefault(spec.SettleDays, cxv1alpha1.DefaultSettleDays)),
		MinimumSamples: int(positiveOr(spec.MinimumSamples, cxv1alpha1.DefaultMinimumSamples)),
		Noise:          cmp.Or(spec.Noise, cxv1alpha1.DefaultNoise).Micros(),
	}
	if spec.Baseline != nil {
		measure.Baseline = new(spec.Baseline.Value.Micros())
	}
	return measure
}

var aggregations = map[cxv1alpha1.Aggregation]evidence.Aggregation{
	cxv1alpha1.AggregationMean:   evidence.Mean,
	cxv1alpha1.AggregationMedian: evidence.Median,
	cxv1alpha1.AggregationLast:   evidence.Last,
}
