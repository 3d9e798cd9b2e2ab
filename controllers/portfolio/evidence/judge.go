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

package evidence

import "math/big"

// Measure is how a metric is read.
type Measure struct {
	// Decrease tells that less is better.
	Decrease    bool
	Aggregation Aggregation
	// WindowDays is the number of days whose samples make a value, SettleDays the number of days after the end of work that do not
	// count, and MinimumSamples the number of samples by which work is judged at least.
	WindowDays, SettleDays, MinimumSamples int
	// Noise is the change that says nothing, in millionths.
	Noise int64
	// Baseline is the value before there were samples, in millionths; nil where there is none.
	Baseline *int64
}

// ValueOn is the value on a day: of the samples of the window that ends with it. Nil where there are none.
func (m *Measure) ValueOn(day int, samples Series) *big.Rat {
	return samples.Between(day-m.WindowDays, day).Aggregate(m.Aggregation)
}

// Change is how much better one value is than another; negative means worse.
func (m *Measure) Change(from, to *big.Rat) *big.Rat {
	if m.Decrease {
		from, to = to, from
	}
	return new(big.Rat).Sub(to, from)
}

// Reaches tells whether a value is as good as another, or better.
func (m *Measure) Reaches(value, target *big.Rat) bool { return m.Change(target, value).Sign() >= 0 }

// Verdict on what was expected of a piece of work, with its reason.
type Verdict int

const (
	// Settling means that the effect is not looked at yet.
	Settling Verdict = iota
	// Measuring means that the samples that tell the effect are still to come.
	Measuring
	// NoBaseline means that nobody knows how it was before.
	NoBaseline
	// TooFewSamples means that nobody knows how it was after.
	TooFewSamples
	// Confounded means that the effect may be that of other work.
	Confounded
	// Confirmed means that the effect is what was expected, or more.
	Confirmed
	// Refuted means that the effect is no more than noise.
	Refuted
	// PartialEffect means that there is an effect, of less than was expected.
	PartialEffect
)

// Effect is what became of a metric around the end of a piece of work.
type Effect struct {
	// Finished is the day on which the work was, and Today the day of which this is known.
	Finished, Today int
	// Before and After are the values of the metric, and Delta is how much better it became. Each is nil where it cannot be told.
	Before, After, Delta *big.Rat
	// SamplesBefore and SamplesAfter are the numbers of samples in the two windows.
	SamplesBefore, SamplesAfter int
}

// EffectBegins is the day after which the effect of work is measured: up to then it settles.
func (m *Measure) EffectBegins(finished int) int { return finished + m.SettleDays }

// EffectEnds is the last day on which the effect of work is measured.
func (m *Measure) EffectEnds(finished int) int { return m.EffectBegins(finished) + m.WindowDays }

// EffectOf tells what became of a metric around the end of a piece of work, as far as that is known today: samples after today do not
// count, and what was after is told when all of it is there.
func (m *Measure) EffectOf(finished, today int, samples Series) Effect {
	samples = samples.Until(today)
	before := samples.Between(finished-m.WindowDays, finished)
	e := Effect{Finished: finished, Today: today, SamplesBefore: len(before), Before: m.enough(before)}
	if e.Before == nil && m.Baseline != nil {
		e.Before = new(big.Rat).SetInt64(*m.Baseline)
	}
	if today <= m.EffectEnds(finished) {
		return e
	}
	after := samples.Between(m.EffectBegins(finished), m.EffectEnds(finished))
	e.SamplesAfter, e.After = len(after), m.enough(after)
	if e.Before != nil && e.After != nil {
		e.Delta = m.Change(e.Before, e.After)
	}
	return e
}

// enough is the value of samples; nil where they are too few to judge by.
func (m *Measure) enough(samples Series) *big.Rat {
	if len(samples) < m.MinimumSamples {
		return nil
	}
	return samples.Aggregate(m.Aggregation)
}

// Judge tells whether an effect is what was expected: how much better the metric should have become, in millionths. An effect is confounded
// when other work was finished while it was measured.
func (m *Measure) Judge(e *Effect, expected int64, confounded bool) Verdict {
	compared := func(limit int64) int { return e.Delta.Cmp(new(big.Rat).SetInt64(limit)) }
	switch {
	case e.Today <= m.EffectBegins(e.Finished):
		return Settling
	case e.Today <= m.EffectEnds(e.Finished):
		return Measuring
	case e.Before == nil:
		return NoBaseline
	case e.After == nil:
		return TooFewSamples
	case confounded:
		return Confounded
	case compared(expected) >= 0:
		return Confirmed
	case compared(m.Noise) <= 0:
		return Refuted
	}
	return PartialEffect
}
