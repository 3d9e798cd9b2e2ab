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

package v1alpha1_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "github.com/journeyops/journey-operator/api/v1alpha1"
)

// TestDefaults holds the defaults in Go against those that the API server fills in.
func TestDefaults(t *testing.T) {
	want := map[string]any{
		"Journey spec.weightPercent":              DefaultWeightPercent,
		"BuildingBlock spec.feasibilityPercent":   DefaultFeasibilityPercent,
		"BuildingBlock spec.complexity":           DefaultComplexity,
		"RoadmapItem spec.state":                  DefaultItemState,
		"Roadmap spec.weights.customer":           DefaultCustomerWeight,
		"Roadmap spec.weights.business":           DefaultBusinessWeight,
		"Roadmap spec.moscow.must":                DefaultMustWeight,
		"Roadmap spec.moscow.should":              DefaultShouldWeight,
		"Roadmap spec.moscow.could":               DefaultCouldWeight,
		"Roadmap spec.momentOfTruthPercent":       DefaultMomentOfTruthPercent,
		"Roadmap spec.unvalidatedInsightPercent":  DefaultUnvalidatedInsightPercent,
		"Roadmap spec.complexityPercent.low":      DefaultLowPercent,
		"Roadmap spec.complexityPercent.medium":   DefaultMediumPercent,
		"Roadmap spec.complexityPercent.high":     DefaultHighPercent,
		"Roadmap spec.complexityPercent.veryHigh": DefaultVeryHighPercent,
		"Roadmap spec.shortCycleMaxEffortDays":    DefaultShortCycleMaxEffortDays,
		"Roadmap spec.calendar.workdays":          DefaultWorkdays(),
		"Roadmap spec.teams[].lanes":              DefaultLanes,
		"Roadmap spec.teams[].velocityPercent":    DefaultVelocityPercent,
		"Roadmap spec.proof":                      DefaultProof,
		"Roadmap spec.stateFrom":                  DefaultStateFrom,
		"Metric spec.type":                        DefaultMetricType,
		"Metric spec.aggregation":                 DefaultAggregation,
		"Metric spec.windowDays":                  DefaultWindowDays,
		"Metric spec.settleDays":                  DefaultSettleDays,
		"Metric spec.minimumSamples":              DefaultMinimumSamples,
		"Metric spec.maxAgeDays":                  DefaultMaxAgeDays,
		"Metric spec.noise":                       DefaultNoise,
		"Source spec.interval":                    "1h",
		"Source spec.requestsPerMinute":           DefaultSourceRequestsPerMinute,
	}
	for kind := range EvaluatedKinds() {
		want[kind.Name+" status"] = map[string]int{"observedGeneration": NeverEvaluated}
	}
	got := map[string]string{}
	for kind, definition := range definitions(t) {
		walk("", schemaOf(definition), func(path string, s *schema) {
			if s.Default != nil {
				got[kind+" "+path] = string(s.Default.Raw)
			}
		})
	}
	texts := map[string]string{}
	for path, value := range want {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
	}
	if diff := cmp.Diff(texts, got); diff != "" {
		t.Errorf("the defaults in Go and in the definitions differ (-Go +definitions):\n%s", diff)
	}
}
