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

package v1alpha1

import "time"

// The defaults, which hold where an object is silent, and those of the Roadmap also where there is none. The API server
// fills in the same ones: the markers of the types repeat them.
const (
	DefaultWeightPercent             = 100
	DefaultFeasibilityPercent        = 100
	DefaultCustomerWeight            = 50
	DefaultBusinessWeight            = 100 - DefaultCustomerWeight
	DefaultMustWeight                = 3
	DefaultShouldWeight              = 2
	DefaultCouldWeight               = 1
	DefaultMomentOfTruthPercent      = 200
	DefaultUnvalidatedInsightPercent = 50
	DefaultLowPercent                = 100
	DefaultMediumPercent             = 125
	DefaultHighPercent               = 160
	DefaultVeryHighPercent           = 200
	DefaultShortCycleMaxEffortDays   = 10
	DefaultLanes                     = 1
	DefaultVelocityPercent           = 100

	DefaultWindowDays              = 28
	DefaultSettleDays              = 14
	DefaultMinimumSamples          = 3
	DefaultMaxAgeDays              = 35
	DefaultSourceRequestsPerMinute = 60

	// DefaultSourceInterval is the time between two looks at the same thing.
	DefaultSourceInterval = time.Hour

	// NeverEvaluated is the observedGeneration of an object that the operator has not looked at yet. No generation is ever
	// this, so those who wait for a status to catch up go on waiting.
	NeverEvaluated = -1

	DefaultItemState           = StateProposed
	DefaultComplexity          = ComplexityMedium
	DefaultMetricType          = MetricOther
	DefaultAggregation         = AggregationMean
	DefaultNoise       Decimal = "0"
	DefaultProof               = ProofReport
	DefaultStateFrom           = StateFromSpec
)

// DefaultWorkdays are the days of the week on which work is done.
func DefaultWorkdays() []Weekday { return []Weekday{Monday, Tuesday, Wednesday, Thursday, Friday} }
