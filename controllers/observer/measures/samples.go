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

// Package measures asks Sources for the values of Metrics.
//
// A sample belongs to a day, and is the value at the midnight (UTC) that ends it. So a day has no sample before it is over, and a query
// such as sum(increase(calls_total[1d])) tells what happened on that day.
package measures

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Reasons of problems with values.
const (
	// ReasonNoData is for an answer without values.
	ReasonNoData = "NoData"
	// ReasonSeveralSeries is for a query that gives more than one number a day.
	ReasonSeveralSeries = "SeveralSeries"
	// ReasonNotANumber is for a value that is no number.
	ReasonNotANumber = "NotANumber"
	// ReasonValueTooLarge is for a value that no sample can hold.
	ReasonValueTooLarge = "ValueTooLarge"
	// ReasonBadQuery is for a query that the source does not understand.
	ReasonBadQuery = "BadQuery"
	// ReasonQueryFailed is for a query that the source cannot evaluate.
	ReasonQueryFailed = "QueryFailed"
	// ReasonExpressionFailed is for an expression of a Source that does not work, or not on this answer.
	ReasonExpressionFailed = "ExpressionFailed"
	// ReasonBadDate is for a date that is none.
	ReasonBadDate = "BadDate"
)

const (
	// maxDays is how far back values are read and kept: as many as an Observation holds.
	maxDays = 400
	// openDays is the number of days after which a value stays as it was read. Values of a Prometheus come late by a little; and when it
	// drops its oldest data, queries over several days give other values for the days at the edge.
	openDays = 2
)

// reading is a value as a source has it.
type reading struct {
	date cxv1alpha1.Date
	// text is the value in decimals, or what there is in its place.
	text string
}

// Faults of values.
var (
	errNotANumber = errors.New("is no number")
	errTooLarge   = errors.New("is too large: it must be below a million millions, so choose a larger unit")
)

// samplesOf are the readings that are numbers, and what is wrong with the newest one if it is none.
func samplesOf(readings []reading) ([]cxv1alpha1.Sample, *cxv1alpha1.Problem) {
	var samples []cxv1alpha1.Sample
	var newest reading
	var fault error
	for _, r := range readings {
		value, err := decimalOf(r.text)
		if err == nil {
			samples = append(samples, cxv1alpha1.Sample{Date: r.date, Value: value})
		}
		if r.date >= newest.date {
			newest, fault = r, err
		}
	}
	if fault == nil {
		return samples, nil
	}
	reason := ReasonNotANumber
	if errors.Is(fault, errTooLarge) {
		reason = ReasonValueTooLarge
	}
	return samples, problem(reason, fmt.Sprintf("the value of %s %v", newest.date, fault))
}

// micros is the number of the smallest steps of a Decimal in 1.
var micros = big.NewRat(1_000_000, 1)

// maxDigits bounds what is taken for a number, so that exponents such as 1e999999999 do not take all memory. A float64 has fewer.
const maxDigits = 400

// decimalOf is the number of a text, rounded half away from zero to six decimals.
func decimalOf(text string) (cxv1alpha1.Decimal, error) {
	if len(text) > maxDigits || strings.ContainsAny(text, "eEpPxXbBoO_/") {
		return "", errNotANumber
	}
	number, ok := new(big.Rat).SetString(text)
	if !ok {
		return "", errNotANumber
	}
	number.Mul(number, micros)
	rounded := roundHalfAway(number)
	if !rounded.IsInt64() || rounded.CmpAbs(maxMicros) > 0 {
		return "", errTooLarge
	}
	return cxv1alpha1.DecimalOf(rounded.Int64()), nil
}

// maxMicros is the largest Decimal, in its smallest steps.
var maxMicros = big.NewInt(cxv1alpha1.MaxMicros)

func roundHalfAway(number *big.Rat) *big.Int {
	half := big.NewRat(1, 2)
	if number.Sign() < 0 {
		half.Neg(half)
	}
	number.Add(number, half)
	return new(big.Int).Quo(number.Num(), number.Denom()) // towards zero
}

// merged are the samples known and read, by date. Of two on one date the known one stays if it is from before open, else the one that was
// read holds. Of all, those of the last days are kept: as many as an Observation holds.
func merged(known, read []cxv1alpha1.Sample, open, today cxv1alpha1.Date) []cxv1alpha1.Sample {
	values := make(map[cxv1alpha1.Date]cxv1alpha1.Decimal, len(known)+len(read))
	for _, s := range read {
		values[s.Date] = s.Value
	}
	for _, s := range known {
		if _, again := values[s.Date]; !again || s.Date < open {
			values[s.Date] = s.Value
		}
	}
	oldest := today.AddDays(1 - maxDays)
	samples := make([]cxv1alpha1.Sample, 0, len(values))
	for date, value := range values {
		if date >= oldest && date <= today {
			samples = append(samples, cxv1alpha1.Sample{Date: date, Value: value})
		}
	}
	slices.SortFunc(samples, func(a, b cxv1alpha1.Sample) int { return strings.Compare(string(a.Date), string(b.Date)) })
	return samples
}

func problem(reason, message string) *cxv1alpha1.Problem {
	return &cxv1alpha1.Problem{Reason: reason, Message: cxv1alpha1.Line(message)}
}
