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

package portfoliotest

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

var (
	checkNames = []cxv1alpha1.LabelName{"answers", "runs"}

	// values to choose samples from: few and small, so that ties and changes of exactly what was expected are common.
	values = []cxv1alpha1.Decimal{"2", "1", "3", "0", "-1", "2.5", "0.333333", "350m", "1k", "+2.000001", "3.000000"}
	// extremes are the largest and the smallest of all.
	extremes = []cxv1alpha1.Decimal{"999999999999.999999", "-999.999999999999999G", "1u", "-1u"}
)

// AddEvidence adds metrics, hypotheses, checks and what machines saw to a portfolio without any.
func AddEvidence(t *rapid.T, objects *portfolio.Objects) {
	m := &maker{
		T: t, metrics: names("metric", upTo(t, 4, "metrics")),
		journeys: namesOf(objects.Journeys), moments: namesOf(objects.Moments),
		blocks: namesOf(objects.BuildingBlocks), items: namesOf(objects.RoadmapItems),
	}
	m.addEvidence(objects)
}

func namesOf[O cxv1alpha1.Object](objects []O) []string {
	var all []string
	for _, object := range objects {
		all = append(all, object.GetName())
	}
	return all
}

func (m *maker) addEvidence(objects *portfolio.Objects) {
	for _, j := range objects.Journeys {
		if m.chance(4, "reviewed") {
			j.Spec.Review = &cxv1alpha1.Review{EveryDays: one(m.T, []int32{30, 1, 2, 19, 20, 3660}, "everyDays")}
			j.Spec.Review.LastOn = one(m.T, append([]cxv1alpha1.Date{""}, days...), "lastOn")
		}
	}
	for _, o := range objects.Moments {
		for i := range o.Spec.Insights {
			o.Spec.Insights[i].ValidatedOn = one(m.T, append([]cxv1alpha1.Date{""}, days...), "validatedOn")
		}
	}
	for _, b := range objects.BuildingBlocks {
		for i := range b.Spec.Stages {
			b.Spec.Stages[i].DeliveredWhen = m.checks()
		}
	}
	for _, i := range objects.RoadmapItems {
		m.addHypothesis(&i.Spec)
	}
	if objects.Roadmap == nil && m.chance(6, "roadmap of evidence") {
		objects.Roadmap = &cxv1alpha1.Roadmap{TypeMeta: typeMeta("Roadmap"), ObjectMeta: objectMeta("default")}
	}
	if objects.Roadmap != nil {
		m.addPolicy(&objects.Roadmap.Spec)
	}
	for _, name := range m.metrics {
		objects.Metrics = append(objects.Metrics, m.metric(name))
	}
	for i := range upTo(m.T, 12, "observations") {
		objects.Observations = append(objects.Observations, m.observation(i, objects.BuildingBlocks))
	}
}

func (m *maker) checks() []cxv1alpha1.StageCheck {
	var all []cxv1alpha1.StageCheck
	if m.chance(6, "unchecked") {
		return nil
	}
	for _, name := range checkNames[:between(m.T, 1, len(checkNames), "checks")] {
		all = append(all, cxv1alpha1.StageCheck{Name: name, APIVersion: "apps/v1", Kind: "Deployment", ObjectName: "claims"})
	}
	return all
}

// addHypothesis lets a metric judge an item, which then often was finished not long ago.
func (m *maker) addHypothesis(spec *cxv1alpha1.RoadmapItemSpec) {
	if !m.chance(7, "hypothesis") {
		return
	}
	spec.Hypothesis = &cxv1alpha1.Hypothesis{Statement: "It helps"}
	if m.chance(9, "metricRef") {
		expected := one(m.T, []cxv1alpha1.Decimal{"1", "0.000001", "500m", "2", "1k"}, "expectedDelta")
		spec.Hypothesis.MetricRef = &cxv1alpha1.ObjectReference{Name: m.ref(m.metrics, "metricRef")}
		spec.Hypothesis.ExpectedDelta = &expected
	}
	if m.chance(5, "finished lately") {
		spec.State, spec.StartDate, spec.FinishDate = cxv1alpha1.StateDone, "", ago(between(m.T, 0, 45, "days ago"))
		spec.StartedDate = one(m.T, []cxv1alpha1.Date{"", spec.FinishDate, ago(50)}, "startedDate")
	}
}

func (m *maker) addPolicy(spec *cxv1alpha1.RoadmapSpec) {
	spec.Proof = one(m.T, []cxv1alpha1.ProofPolicy{"", cxv1alpha1.ProofReport, cxv1alpha1.ProofRequire, cxv1alpha1.ProofRequire}, "proof")
	spec.StateFrom = one(m.T, []cxv1alpha1.StateOrigin{
		"", cxv1alpha1.StateFromSpec, cxv1alpha1.StateFromTracker, cxv1alpha1.StateFromTracker,
	}, "stateFrom")
	spec.LearnFromHypotheses = m.chance(5, "learn")
	spec.InsightValidDays = one(m.T, []int32{0, 1, 2, 20, 145, 36500}, "insightValidDays")
}

func (m *maker) metric(name string) *cxv1alpha1.Metric {
	o := &cxv1alpha1.Metric{TypeMeta: typeMeta("Metric"), ObjectMeta: objectMeta(name)}
	o.Spec = cxv1alpha1.MetricSpec{
		Title:          "Metric",
		Direction:      one(m.T, []cxv1alpha1.Direction{cxv1alpha1.DirectionIncrease, cxv1alpha1.DirectionDecrease}, "direction"),
		Aggregation:    one(m.T, []cxv1alpha1.Aggregation{"", cxv1alpha1.AggregationMean, cxv1alpha1.AggregationMedian, cxv1alpha1.AggregationLast}, "aggregation"),
		WindowDays:     one(m.T, []int32{7, 1, 2, 14, 0, 400}, "windowDays"),
		SettleDays:     one(m.T, []*int32{new(int32(2)), new(int32(0)), new(int32(7)), nil}, "settleDays"),
		MinimumSamples: one(m.T, []int32{1, 2, 0, 5}, "minimumSamples"),
		MaxAgeDays:     one(m.T, []int32{0, 1, 2, 5}, "maxAgeDays"),
		Noise:          one(m.T, []cxv1alpha1.Decimal{"", "0", "0.5", "1", "1k"}, "noise"),
		Samples:        m.samples(),
	}
	if m.chance(7, "baseline") {
		o.Spec.Baseline = &cxv1alpha1.Baseline{Value: m.value(), Date: days[0]}
	}
	if m.chance(7, "target") {
		o.Spec.Target = &cxv1alpha1.Target{Value: m.value(), Date: one(m.T, append([]cxv1alpha1.Date{""}, days...), "target date")}
	}
	if m.chance(1, "of a journey") {
		o.Spec.JourneyRef = &cxv1alpha1.ObjectReference{Name: m.ref(m.journeys, "journeyRef")}
		return o
	}
	seen := map[cxv1alpha1.ObjectName]bool{}
	for range between(m.T, 0, 3, "momentRefs") {
		if ref := m.ref(m.moments, "momentRef"); !seen[ref] {
			seen[ref] = true
			o.Spec.MomentRefs = append(o.Spec.MomentRefs, cxv1alpha1.ObjectReference{Name: ref})
		}
	}
	return o
}

// samples draws a series of which some days are missing; it may go on beyond today.
func (m *maker) samples() []cxv1alpha1.Sample {
	var all []cxv1alpha1.Sample
	day := between(m.T, 0, 60, "first sample")
	for range upTo(m.T, 30, "samples") {
		all = append(all, cxv1alpha1.Sample{Date: ago(day), Value: m.value()})
		day -= one(m.T, []int{1, 1, 2, 1, 7}, "gap")
	}
	return all
}

func (m *maker) value() cxv1alpha1.Decimal {
	if between(m.T, 0, 99, "extreme") == 99 {
		return one(m.T, extremes, "value")
	}
	return one(m.T, values, "value")
}

// observation draws what a machine saw of an object, mostly of one that exists. Its name begins with that of the object: an observation
// stays with its object, in whatever portfolio it is.
func (m *maker) observation(index int, blocks []*cxv1alpha1.BuildingBlock) *cxv1alpha1.Observation {
	o := &cxv1alpha1.Observation{TypeMeta: typeMeta("Observation")}
	o.Spec.ObservedOn = ago(one(m.T, []int{0, 1, -1, 7, 8, 40}, "observedOn"))
	if m.chance(2, "problem") {
		o.Spec.Problem = &cxv1alpha1.Problem{Reason: "Unreachable"}
	}
	kind := one(m.T, []cxv1alpha1.ObservedKind{"Metric", "RoadmapItem", "BuildingBlock"}, "kind")
	blind := m.chance(1, "blind") // it saw nothing yet
	o.Spec.Of = cxv1alpha1.ObservedReference{Kind: kind}
	switch kind {
	case "Metric":
		o.Spec.Of.Name = m.ref(m.metrics, "of")
		if !blind {
			o.Spec.Samples = m.samples()
		}
	case "RoadmapItem":
		o.Spec.Of.Name = m.ref(m.items, "of")
		if !blind {
			o.Spec.Work = m.work()
		}
	default:
		o.Spec.Of.Name = m.ref(m.blocks, "of")
		for _, b := range blocks {
			if b.Name == string(o.Spec.Of.Name) && !blind {
				o.Spec.Proofs = m.proofs(b)
			}
		}
	}
	o.ObjectMeta = objectMeta(fmt.Sprintf("%s-%s-%c", strings.ToLower(string(kind)), o.Spec.Of.Name, letter(index)))
	return o
}

func (m *maker) work() *cxv1alpha1.Work {
	work := &cxv1alpha1.Work{State: one(m.T, []cxv1alpha1.ItemState{
		cxv1alpha1.StateDone, cxv1alpha1.StateProposed, cxv1alpha1.StatePlanned, cxv1alpha1.StateInProgress, cxv1alpha1.StateCancelled,
	}, "work")}
	if m.chance(5, "work dated") {
		work.FinishDate = ago(between(m.T, -1, 45, "finishDate"))
	}
	return work
}

// proofs draws what was seen of some of the checks of a block, and of one that it no longer has.
func (m *maker) proofs(b *cxv1alpha1.BuildingBlock) []cxv1alpha1.Proof {
	var all []cxv1alpha1.Proof
	for _, stage := range b.Spec.Stages {
		for _, check := range append([]cxv1alpha1.StageCheck{{Name: "gone"}}, stage.DeliveredWhen...) {
			if m.chance(2, "not looked at") {
				continue
			}
			proof := cxv1alpha1.Proof{Stage: stage.Name, Check: check.Name, Holds: m.chance(6, "holds")}
			if m.chance(8, "proven") {
				proof.ProvenOn = ago(one(m.T, []int{1, 0, -1, 30, 2}, "provenOn"))
			}
			all = append(all, proof)
		}
	}
	return all
}

// ago is the date so many days before today.
func ago(days int) cxv1alpha1.Date {
	today, err := time.Parse(time.DateOnly, string(Today))
	if err != nil {
		panic(err)
	}
	return cxv1alpha1.Date(today.AddDate(0, 0, -days).Format(time.DateOnly))
}
