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

package portfolio_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

// TestHypothesisOracle judges random tables: one metric with short windows and a sample on most days, and some work that was finished
// about then, so that samples lie at the edges of windows, and work in the windows of other work. Live work of the same teams is worth
// what the verdicts leave of it.
func TestHypothesisOracle(t *testing.T) {
	t.Parallel()
	check(t, 10, func(t *rapid.T) { againstRoadmap(t, judged(t)) })
}

// judged makes such a table.
func judged(t *rapid.T) portfolio.Objects {
	value := func(label string) cxv1alpha1.Decimal {
		return pick[cxv1alpha1.Decimal](t, label, "1", "0", "2", "0.5", "333333u", "-1")
	}
	m := &cxv1alpha1.Metric{TypeMeta: metav1.TypeMeta{Kind: "Metric"}, ObjectMeta: named("metric", 0)}
	m.Spec = cxv1alpha1.MetricSpec{
		Title: "Metric", Direction: pick(t, "direction", cxv1alpha1.DirectionIncrease, cxv1alpha1.DirectionDecrease),
		Aggregation: pick(t, "aggregation", cxv1alpha1.AggregationMean, cxv1alpha1.AggregationMedian, cxv1alpha1.AggregationLast),
		WindowDays:  rapid.Int32Range(1, 5).Draw(t, "windowDays"), SettleDays: new(rapid.Int32Range(0, 3).Draw(t, "settleDays")),
		MinimumSamples: rapid.Int32Range(1, 4).Draw(t, "minimumSamples"),
		Noise:          pick[cxv1alpha1.Decimal](t, "noise", "0", "0.5", "1", "0.333333"),
	}
	if rapid.Bool().Draw(t, "baseline") {
		m.Spec.Baseline = &cxv1alpha1.Baseline{Value: value("baseline"), Date: "2026-01-01"}
	}
	today := dayNumber(portfoliotest.Today)
	for ago := range 25 {
		if rapid.IntRange(0, 3).Draw(t, "measured") > 0 {
			m.Spec.Samples = append(m.Spec.Samples, cxv1alpha1.Sample{Date: date(today + 2 - ago), Value: value("sample")})
		}
	}
	objects := portfolio.Objects{Metrics: []*cxv1alpha1.Metric{m}, Roadmap: &cxv1alpha1.Roadmap{TypeMeta: metav1.TypeMeta{Kind: "Roadmap"}}}
	objects.Roadmap.Spec.LearnFromHypotheses = rapid.Bool().Draw(t, "learn")
	for n, team := range []cxv1alpha1.LabelName{"", "alpha", "beta"} {
		block := &cxv1alpha1.BuildingBlock{TypeMeta: metav1.TypeMeta{Kind: "BuildingBlock"}, ObjectMeta: named("block", n)}
		block.Spec.Stages = []cxv1alpha1.Stage{{Name: "only", EffortDays: 2}}
		live := &cxv1alpha1.RoadmapItem{TypeMeta: metav1.TypeMeta{Kind: "RoadmapItem"}, ObjectMeta: named("live", n)}
		live.Spec.Team, live.Spec.Delivers = team, []cxv1alpha1.StageReference{{Name: cxv1alpha1.ObjectName(block.Name)}}
		live.Spec.BusinessValue = pick[int32](t, "businessValue", 10, 7, 100)
		objects.BuildingBlocks, objects.RoadmapItems = append(objects.BuildingBlocks, block), append(objects.RoadmapItems, live)
	}
	for n := range upToSome(t, "items", 1, 4) {
		item := &cxv1alpha1.RoadmapItem{TypeMeta: metav1.TypeMeta{Kind: "RoadmapItem"}, ObjectMeta: named("item", n)}
		item.Spec.State, item.Spec.FinishDate = cxv1alpha1.StateDone, date(today+1-rapid.IntRange(0, 25).Draw(t, "finished"))
		item.Spec.Team = pick[cxv1alpha1.LabelName](t, "team", "", "alpha", "gamma")
		item.Spec.Hypothesis = &cxv1alpha1.Hypothesis{
			MetricRef:     &cxv1alpha1.ObjectReference{Name: cxv1alpha1.ObjectName(m.Name)},
			ExpectedDelta: new(pick[cxv1alpha1.Decimal](t, "expectedDelta", "1", "0.5", "0.333333", "2")),
		}
		objects.RoadmapItems = append(objects.RoadmapItems, item)
	}
	return objects
}

// TestEvidenceIsVaried sees to it that the random portfolios know every answer that evidence can give.
func TestEvidenceIsVaried(t *testing.T) {
	t.Parallel()
	missing := sets.New(strings.Fields(`
		Fresh/Measured Fresh/NeverMeasured Fresh/SourceFailing Fresh/SamplesTooOld
		Fresh/ReviewedInTime Fresh/ReviewOverdue Fresh/NeverReviewed
		OnTarget/TargetMet OnTarget/TargetMissed OnTarget/BelowTarget OnTarget/NoSamples
		Measured/Measured Measured/MetricMissing Measured/MetricStale
		Measured/AllMeasured Measured/MomentsNotMeasured Measured/NoMoments
		Proven/AllProven Proven/Proven Proven/Regressed Proven/NotProven Proven/NoProofYet Delivered/NotProven
		HypothesisConfirmed/MetricNotFound HypothesisConfirmed/NotFinished HypothesisConfirmed/Settling HypothesisConfirmed/Measuring
		HypothesisConfirmed/NoBaseline HypothesisConfirmed/TooFewSamples HypothesisConfirmed/Confounded HypothesisConfirmed/Confirmed
		HypothesisConfirmed/Refuted HypothesisConfirmed/PartialEffect
		StateAgrees/Agrees StateAgrees/TrackerAhead StateAgrees/TrackerBehind StateAgrees/TrackerCancelled StateAgrees/Stale`)...)
	for seed := 0; seed < 500 && len(missing) > 0; seed++ {
		e := portfolio.Evaluate(rapid.Custom(portfoliotest.Objects).Example(seed), portfoliotest.Today)
		for _, status := range e.All() {
			for _, c := range status.GetConditions() {
				missing.Delete(c.Type + "/" + c.Reason)
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("never seen: %v", sets.List(missing))
	}
}

// TestPeopleDecide leaves proofs, trackers and metrics as they are by default, where they report and decide nothing: without
// them all else is the same.
func TestPeopleDecide(t *testing.T) {
	t.Parallel()
	check(t, 5, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		if objects.Roadmap != nil {
			objects.Roadmap.Spec.Proof, objects.Roadmap.Spec.StateFrom, objects.Roadmap.Spec.LearnFromHypotheses = "", "", false
		}
		with := portfolio.Evaluate(objects, portfoliotest.Today)
		bare := portfoliotest.Clone(objects)
		bare.Metrics, bare.Observations = nil, nil
		for _, b := range bare.BuildingBlocks {
			for i := range b.Spec.Stages {
				b.Spec.Stages[i].DeliveredWhen = nil
			}
		}
		for _, i := range bare.RoadmapItems {
			i.Spec.Hypothesis = nil
		}
		without := portfolio.Evaluate(bare, portfoliotest.Today)
		if diff := differences(withoutEvidence(without.Statuses), withoutEvidence(with.Statuses)); diff != "" {
			t.Fatalf("(-without evidence +with):\n%s\n%s", diff, specs(objects))
		}
	})
}

// withoutEvidence leaves of statuses all that says nothing of what was measured, proven or tracked.
func withoutEvidence(all portfolio.Statuses) portfolio.Statuses {
	strip := func(conditions *[]metav1.Condition) {
		for _, of := range []string{
			cxv1alpha1.ConditionMeasured, cxv1alpha1.ConditionProven, cxv1alpha1.ConditionHypothesisConfirmed, cxv1alpha1.ConditionStateAgrees,
		} {
			meta.RemoveStatusCondition(conditions, of)
		}
	}
	all.Metrics = nil
	all.Journeys = eachCopy(all.Journeys, func(s *cxv1alpha1.JourneyStatus) { strip(&s.Conditions) })
	all.Moments = eachCopy(all.Moments, func(s *cxv1alpha1.MomentStatus) {
		s.Metrics, s.MetricsTotal = nil, 0
		strip(&s.Conditions)
	})
	all.BuildingBlocks = eachCopy(all.BuildingBlocks, func(s *cxv1alpha1.BuildingBlockStatus) { strip(&s.Conditions) })
	all.RoadmapItems = eachCopy(all.RoadmapItems, func(s *cxv1alpha1.RoadmapItemStatus) {
		s.Hypothesis = nil
		strip(&s.Conditions)
	})
	if all.Roadmap = all.Roadmap.DeepCopy(); all.Roadmap != nil {
		all.Roadmap.TrackRecord, all.Roadmap.TrackRecordTotal = nil, 0
	}
	return all
}

// TestInertEvidence adds what says nothing today: a look at what does not exist, samples of days to come, and an older look by
// a machine that saw the same.
func TestInertEvidence(t *testing.T) {
	t.Parallel()
	check(t, 5, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		want := encode(t, portfolio.Evaluate(objects, portfoliotest.Today))
		more := portfoliotest.Clone(objects)
		for _, o := range objects.Observations {
			lost := o.DeepCopy()
			lost.Name, lost.Spec.Of.Name = o.Name+"-lost", "lost"
			older := o.DeepCopy()
			older.Name, older.Spec.ObservedOn, older.Spec.Problem = o.Name+"-older", "2026-01-01", nil
			more.Observations = append(more.Observations, lost, older)
		}
		for _, m := range more.Metrics {
			m.Spec.Samples = append(m.Spec.Samples, cxv1alpha1.Sample{Date: "2026-12-31", Value: "7"})
		}
		if got := encode(t, portfolio.Evaluate(more, portfoliotest.Today)); want != got {
			t.Fatalf("%s\n%s", cmp.Diff(want, got), specs(objects))
		}
	})
}

// TestOppositeMetrics turns every metric upside down: what was better is better still, by as much.
func TestOppositeMetrics(t *testing.T) {
	t.Parallel()
	check(t, 5, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		turned := portfoliotest.Clone(objects)
		for _, m := range turned.Metrics {
			if m.Spec.Direction == cxv1alpha1.DirectionIncrease {
				m.Spec.Direction = cxv1alpha1.DirectionDecrease
			} else {
				m.Spec.Direction = cxv1alpha1.DirectionIncrease
			}
			negateAll(m.Spec.Samples)
			if m.Spec.Baseline != nil {
				m.Spec.Baseline.Value = negative(m.Spec.Baseline.Value)
			}
			if m.Spec.Target != nil {
				m.Spec.Target.Value = negative(m.Spec.Target.Value)
			}
		}
		for _, o := range turned.Observations {
			negateAll(o.Spec.Samples)
		}
		was, is := portfolio.Evaluate(objects, portfoliotest.Today).Statuses, portfolio.Evaluate(turned, portfoliotest.Today).Statuses
		if diff := differences(withoutLevels(was), withoutLevels(is)); diff != "" {
			t.Fatalf("%s\n%s", diff, specs(objects))
		}
	})
}

func negative(d cxv1alpha1.Decimal) cxv1alpha1.Decimal { return cxv1alpha1.DecimalOf(-d.Micros()) }

func negateAll(samples []cxv1alpha1.Sample) {
	for i := range samples {
		samples[i].Value = negative(samples[i].Value)
	}
}

// withoutLevels leaves of statuses all but messages and what a value is by itself: what it changed by stays.
func withoutLevels(all portfolio.Statuses) portfolio.Statuses {
	all = withoutMessages(all, cxv1alpha1.RoadmapSpec{})
	for _, s := range all.Metrics {
		s.Latest, s.Value = nil, nil
	}
	for _, s := range all.Moments {
		for i := range s.Metrics {
			s.Metrics[i].Value, s.Metrics[i].Target = nil, nil
		}
	}
	for _, s := range all.RoadmapItems {
		if s.Hypothesis != nil {
			s.Hypothesis.Before, s.Hypothesis.After = nil, nil
		}
	}
	return all
}

// TestMoreProof lets a check that nobody saw hold be proven: nothing that was delivered is so no more, where Done work waits for its proof.
func TestMoreProof(t *testing.T) {
	t.Parallel()
	check(t, 5, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		before := portfolio.Evaluate(objects, portfoliotest.Today)
		for _, o := range objects.Observations {
			for i := range o.Spec.Proofs {
				if rapid.Bool().Draw(t, "proven") {
					o.Spec.Proofs[i].ProvenOn, o.Spec.Proofs[i].Holds = "2026-11-01", true
				}
			}
		}
		after := portfolio.Evaluate(objects, portfoliotest.Today)
		for name, was := range before.BuildingBlocks {
			for i, stage := range was.Stages {
				if stage.Delivered && !after.BuildingBlocks[name].Stages[i].Delivered {
					t.Fatalf("with more proof stage %s of %s is no longer delivered:\n%s", stage.Name, name, specs(objects))
				}
			}
		}
	})
}

// TestStatusesAreValid sends statuses through the API server's own validation, with the largest of numbers.
func TestStatusesAreValid(t *testing.T) {
	t.Parallel()
	validator, err := portfoliotest.NewValidator()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		e := portfolio.Evaluate(objects, portfoliotest.Today)
		for object := range objects.All() {
			status := e.Of(object)
			if status == nil {
				continue
			}
			written := object.DeepCopyObject().(cxv1alpha1.Object)
			setStatus(t, written, status)
			if err := validator.Validate(written); err != nil {
				t.Fatalf("%T %s: %v\n%s", object, object.GetName(), err, specs(objects))
			}
		}
	})
}

// setStatus gives an object a status, with the times that whoever writes it adds.
func setStatus(t *rapid.T, object cxv1alpha1.Object, status cxv1alpha1.Status) {
	text, err := json.Marshal(status)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, object.GetStatus()); err != nil {
		t.Fatal(err)
	}
	conditions := object.GetStatus().GetConditions()
	for i := range conditions {
		conditions[i].LastTransitionTime = metav1.Unix(0, 0)
	}
}
