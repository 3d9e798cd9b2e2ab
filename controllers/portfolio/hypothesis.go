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
	"fmt"
	"maps"
	"math/big"
	"slices"
	"sort"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/evidence"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// hypothesis is what a metric says of finished work.
type hypothesis struct {
	evidence.Effect
	judgement evidence.Verdict
	// others names work on the same metric that was finished at about the same time: the first few, of so many in total.
	others      []string
	othersTotal int
}

var verdicts = map[evidence.Verdict]cxv1alpha1.Verdict{
	evidence.Settling:      cxv1alpha1.VerdictPending,
	evidence.Measuring:     cxv1alpha1.VerdictPending,
	evidence.NoBaseline:    cxv1alpha1.VerdictInconclusive,
	evidence.TooFewSamples: cxv1alpha1.VerdictInconclusive,
	evidence.Confounded:    cxv1alpha1.VerdictInconclusive,
	evidence.Confirmed:     cxv1alpha1.VerdictConfirmed,
	evidence.Refuted:       cxv1alpha1.VerdictRefuted,
	evidence.PartialEffect: cxv1alpha1.VerdictInconclusive,
}

func (h *hypothesis) verdict() cxv1alpha1.Verdict { return verdicts[h.judgement] }

// metricRef names the metric that judges the item's hypothesis; empty where none does.
func (i *Item) metricRef() string {
	if h := i.Spec.Hypothesis; h != nil && h.MetricRef != nil {
		return string(h.MetricRef.Name)
	}
	return ""
}

// expectedDelta is how much better the metric should become, in millionths.
func (i *Item) expectedDelta() int64 {
	if delta := i.Spec.Hypothesis.ExpectedDelta; delta != nil {
		return delta.Micros()
	}
	return 0
}

// judgeHypotheses judges the finished work, and counts the verdicts by team.
func (g *Graph) judgeHypotheses() {
	for _, i := range g.items {
		ref := i.metricRef()
		if ref == "" {
			continue
		}
		i.metric = g.metricNamed[ref]
		if i.metric != nil && i.state == cxv1alpha1.StateDone && i.finish.IsValid() {
			i.metric.judged = append(i.metric.judged, i)
		}
	}
	for _, m := range g.metrics {
		m.judge(g.today)
	}
	g.keepRecords()
}

// judge judges all finished work on the metric. In order of time, what was finished at about the same time is side by side.
func (m *Metric) judge(today cxv1alpha1.Date) {
	byFinish := slices.Clone(m.judged)
	slices.SortStableFunc(byFinish, func(a, b *Item) int { return strings.Compare(string(a.finish), string(b.finish)) })
	finishedBy := func(day int) int {
		return sort.Search(len(byFinish), func(n int) bool { return byFinish[n].finish.Day() > day })
	}
	var effect evidence.Effect
	for n, i := range byFinish {
		finish := i.finish.Day()
		if n == 0 || effect.Finished != finish { // What was finished on the same day has the same windows.
			effect = m.measure.EffectOf(finish, today.Day(), m.samples)
		}
		near := byFinish[finishedBy(finish-m.measure.WindowDays):finishedBy(m.measure.EffectEnds(finish))]
		h := &hypothesis{Effect: effect, othersTotal: len(near) - 1} // the item itself is among them
		for _, other := range near[:min(len(near), words.MaxNamed+1)] {
			if other != i {
				h.others = append(h.others, other.Name)
			}
		}
		h.judgement = m.measure.Judge(&h.Effect, i.expectedDelta(), h.othersTotal > 0)
		i.hypothesis = h
	}
}

// keepRecords counts the verdicts of each team and of all.
func (g *Graph) keepRecords() {
	g.records = map[cxv1alpha1.LabelName]*cxv1alpha1.TrackRecord{}
	for _, m := range g.metrics {
		for _, i := range m.judged {
			team := i.Spec.Team
			if g.records[team] == nil {
				g.records[team] = &cxv1alpha1.TrackRecord{Team: string(team)}
			}
			count(g.records[team], i.hypothesis.verdict())
			count(&g.overall, i.hypothesis.verdict())
		}
	}
}

func count(record *cxv1alpha1.TrackRecord, verdict cxv1alpha1.Verdict) {
	switch verdict {
	case cxv1alpha1.VerdictConfirmed:
		record.Confirmed++
	case cxv1alpha1.VerdictRefuted:
		record.Refuted++
	case cxv1alpha1.VerdictInconclusive:
		record.Inconclusive++
	case cxv1alpha1.VerdictPending:
		record.Pending++
	}
}

// trackRecords lists what became of the hypotheses of each team, by name.
func (g *Graph) trackRecords() []cxv1alpha1.TrackRecord {
	var list []cxv1alpha1.TrackRecord
	for _, team := range slices.Sorted(maps.Keys(g.records)) {
		list = append(list, *g.records[team])
	}
	return list
}

// believed is what is left of a promised value, after what became of earlier promises of the same team: min(1, 2(C+1)/(C+R+2)) of it, with C
// confirmed and R refuted hypotheses, rounded half up. That is the rule of succession, where even odds leave the value as it is. Of work
// without a team all hypotheses count.
func (g *Graph) believed(i *Item, value int64) int64 {
	if !g.policy.learns {
		return value
	}
	record := &g.overall
	if i.Spec.Team != "" {
		record = g.records[i.Spec.Team]
	}
	if record == nil || record.Confirmed >= record.Refuted {
		return value
	}
	num, den := 2*(int64(record.Confirmed)+1), int64(record.Confirmed)+int64(record.Refuted)+2
	return (2*value*num + den) / (2 * den)
}

// evaluateHypothesis tells what became of the item's hypothesis, which must name a metric.
func (g *Graph) evaluateHypothesis(i *Item) Result {
	switch {
	case i.metric == nil:
		return isUnknown(cxv1alpha1.ReasonMetricNotFound, "There is no Metric %s: create it, or correct metricRef.", i.metricRef())
	case i.hypothesis == nil:
		return isUnknown(cxv1alpha1.ReasonNotFinished, "The work is not finished. Metric %s will tell what it brings.", i.metric.Name)
	}
	h, measure := i.hypothesis, &i.metric.measure
	begins, ends := measure.EffectBegins(i.finish.Day()), measure.EffectEnds(i.finish.Day())
	switch h.judgement {
	case evidence.Settling:
		return isUnknown(cxv1alpha1.ReasonSettling, "Finished on %s; the effect on Metric %s settles until %s.", i.finish, i.metric.Name, dayDate(begins))
	case evidence.Measuring:
		return isUnknown(cxv1alpha1.ReasonMeasuring, "Finished on %s; the effect on Metric %s is measured until %s.", i.finish, i.metric.Name, dayDate(ends))
	case evidence.NoBaseline:
		return isUnknown(cxv1alpha1.ReasonNoBaseline, "Metric %s has %s from %s to %s, fewer than %d, and no baseline.",
			i.metric.Name, words.Plural(h.SamplesBefore, "sample"), dayDate(i.finish.Day()-measure.WindowDays+1), i.finish, measure.MinimumSamples)
	case evidence.TooFewSamples:
		return isUnknown(cxv1alpha1.ReasonTooFewSamples, "Metric %s has %s from %s to %s, fewer than %d.",
			i.metric.Name, words.Plural(h.SamplesAfter, "sample"), dayDate(begins+1), dayDate(ends), measure.MinimumSamples)
	case evidence.Confounded:
		return isUnknown(cxv1alpha1.ReasonConfounded, "Other work on Metric %s was finished at about the same time: %s.",
			i.metric.Name, words.EnumerateFirst(h.others, h.othersTotal))
	case evidence.Confirmed:
		return isTrue(cxv1alpha1.ReasonConfirmed, "Metric %s %s.", i.metric.Name, i.effectWords())
	case evidence.Refuted:
		return isFalse(cxv1alpha1.ReasonRefuted, "Metric %s %s.", i.metric.Name, i.effectWords())
	default:
		return isUnknown(cxv1alpha1.ReasonPartialEffect, "Metric %s %s.", i.metric.Name, i.effectWords())
	}
}

// verdictWords begin what people read of a verdict.
var verdictWords = map[cxv1alpha1.Verdict]string{
	cxv1alpha1.VerdictPending:      "Not judged yet",
	cxv1alpha1.VerdictConfirmed:    "Confirmed",
	cxv1alpha1.VerdictRefuted:      "Refuted",
	cxv1alpha1.VerdictInconclusive: "Inconclusive",
}

// ExplainVerdict says what became of the hypothesis of finished work, with the title of the metric: "Confirmed: calls about status went
// from 412 to 268 a week, 144 fewer; expected 100." Empty where nothing judges it.
func (i *Item) ExplainVerdict() string {
	if i.hypothesis == nil {
		return ""
	}
	verdict := verdictWords[i.hypothesis.verdict()]
	switch i.hypothesis.judgement {
	case evidence.Confirmed, evidence.Refuted, evidence.PartialEffect:
		return fmt.Sprintf("%s: %s %s.", verdict, words.InSentence(string(i.metric.Spec.Title)), i.effectWords())
	default:
		return fmt.Sprintf("%s: %s", verdict, words.InSentence(i.conditions.of(cxv1alpha1.ConditionHypothesisConfirmed).Message))
	}
}

// effectWords say what became of the metric: "went from 412 to 268 a week, 144 fewer; expected 100".
func (i *Item) effectWords() string {
	h, m := i.hypothesis, i.metric
	wanted, expected := "more", amount(new(big.Rat).SetInt64(i.expectedDelta()))
	if m.measure.Decrease {
		wanted = "fewer"
	}
	moved := new(big.Rat).Sub(h.After, h.Before)
	if moved.Sign() == 0 {
		return fmt.Sprintf("stayed at %s; expected %s %s", m.withUnit(h.After), expected, wanted)
	}
	direction := "more"
	if moved.Sign() < 0 {
		direction = "fewer"
	}
	if direction != wanted {
		expected += " " + wanted
	}
	return fmt.Sprintf("went from %s to %s, %s %s; expected %s", amount(h.Before), m.withUnit(h.After), amount(moved.Abs(moved)), direction, expected)
}

// hypothesisStatus is nil for work that is not done, or has no metric.
func (i *Item) hypothesisStatus() *cxv1alpha1.HypothesisStatus {
	h := i.hypothesis
	if h == nil {
		return nil
	}
	return &cxv1alpha1.HypothesisStatus{
		Verdict: h.verdict(), Before: decimalOf(h.Before), After: decimalOf(h.After), Delta: decimalOf(h.Delta),
	}
}
