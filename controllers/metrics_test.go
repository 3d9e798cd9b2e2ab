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

package controllers

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfoliometrics"
)

// everyMetric gathers all metrics of the operator, with a portfolio that shows each.
func everyMetric(t *testing.T) []*dto.MetricFamily {
	t.Helper()
	var objects portfolio.Objects
	for _, object := range readSample(t, "motor-claim") {
		objects.Add(object)
	}
	// What a good portfolio lacks: a circle, a moment of no journey, and too many moments.
	circle := &cxv1alpha1.RoadmapItem{ObjectMeta: metav1.ObjectMeta{Name: "circle"}}
	circle.Spec.DependsOn = []cxv1alpha1.ItemDependency{{Name: "circle"}}
	objects.Add(circle)
	for i := range portfoliometrics.MaxNames + 1 {
		moment := &cxv1alpha1.Moment{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("moment-%d", i)}}
		moment.Spec.MomentOfTruth = true
		objects.Add(moment)
	}
	options := Options{}
	options.setDefaults()
	e := newEngine(logr.Discard(), options)
	t.Cleanup(e.dirty.queue.ShutDown)
	e.attach(cxv1alpha1.Kinds[0], nil) // so that it leads
	registry := prometheus.NewPedanticRegistry()
	if err := register(registry, e, "v1.2.3", "0123456789ab"); err != nil {
		t.Fatal(err)
	}
	e.collector.Set("claims", e.evaluate(objects, sampleDay).metrics, time.Now(), time.Second)
	families, err := prometheus.Gatherers{registry, metrics.Registry}.Gather()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(families, func(f *dto.MetricFamily) bool { return !strings.HasPrefix(f.GetName(), "journey_") })
}

// sampleDay is the day for which the samples were written.
const sampleDay = cxv1alpha1.Date("2026-11-22")

func TestMetricsAreWellNamed(t *testing.T) {
	problems, err := promlint.NewWithMetricFamilies(everyMetric(t)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Errorf("%s: %s", problem.Metric, problem.Text)
	}
}

var (
	metricRow = regexp.MustCompile("(?m)^\\| `(journey_\\w+)` \\| (\\w+) \\|(.*?)\\|")
	code      = regexp.MustCompile("`(\\w+)`")
)

// TestMetricsAreDocumented holds the tables of docs/metrics.md to the metrics: names, types and labels.
func TestMetricsAreDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "metrics.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented, gathered := map[string]string{}, map[string]string{}
	for _, row := range metricRow.FindAllStringSubmatch(string(page), -1) {
		var labels []string
		for _, label := range code.FindAllStringSubmatch(row[3], -1) {
			labels = append(labels, label[1])
		}
		slices.Sort(labels)
		documented[row[1]] = fmt.Sprint(row[2], labels)
	}
	for _, family := range everyMetric(t) {
		var labels []string
		for _, label := range family.GetMetric()[0].GetLabel() {
			labels = append(labels, label.GetName())
		}
		slices.Sort(labels)
		gathered[family.GetName()] = fmt.Sprint(strings.ToLower(family.GetType().String()), labels)
	}
	for _, m := range portfoliometrics.All {
		if gathered[m.Name] == "" {
			t.Errorf("the portfolio of this test does not show %s", m.Name)
		}
	}
	if diff := cmp.Diff(gathered, documented); diff != "" {
		t.Errorf("docs/metrics.md (-code +page):\n%s", diff)
	}
}

// changesToStatus returns how many changes the histogram counted, and how many seconds they took together.
func changesToStatus(t *testing.T) (count uint64, seconds float64) {
	t.Helper()
	var metric dto.Metric
	if err := changeToStatusSeconds.Write(&metric); err != nil {
		t.Fatal(err)
	}
	return metric.GetHistogram().GetSampleCount(), metric.GetHistogram().GetSampleSum()
}

// wantChanges compares what the histogram counted meanwhile.
func wantChanges(t *testing.T, while func(), count uint64, took time.Duration) {
	t.Helper()
	countBefore, secondsBefore := changesToStatus(t)
	while()
	after, seconds := changesToStatus(t)
	if after-countBefore != count || math.Abs(seconds-secondsBefore-took.Seconds()) > 1e-6 {
		t.Errorf("counted %d changes that took %f s, want %d and %s", after-countBefore, seconds-secondsBefore, count, took)
	}
}

func (b *bench) settled(name string) {
	b.changes.settled(refOf(requirement(name, 1, 1)))
}

func (b *bench) wantOldest(t *testing.T, want time.Duration) {
	t.Helper()
	synctest.Wait()
	if got := b.changes.oldest(); got != want {
		t.Errorf("the oldest change is %s old, want %s", got, want)
	}
}

func TestChangeTakesUntilItsLastStatus(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// Given two changes 50 ms apart, which are evaluated together,
		b.wantOldest(t, 0)
		b.observed(requirement("a", 1, 1))
		passTime(50 * time.Millisecond)
		b.observed(requirement("b", 1, 2))
		b.wantOldest(t, 50*time.Millisecond)
		// when one is written after 1 s, and the other after 3 s, then it is 3 s since the first.
		passTime(950 * time.Millisecond)
		wantChanges(t, func() { b.settled("a") }, 0, 0)
		passTime(2 * time.Second)
		b.wantOldest(t, 3*time.Second)
		wantChanges(t, func() { b.settled("b") }, 1, 3*time.Second)
		b.wantOldest(t, 0)
	})
}

func TestChangeWhileAnotherIsWritten(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// Given a change of two objects that is being written, when there is one of a third object,
		b.observed(requirement("a", 1, 1))
		b.observed(requirement("b", 1, 2))
		passTime(time.Minute)
		b.observed(requirement("c", 1, 3))
		passTime(time.Second)
		// then each counts for itself.
		wantChanges(t, func() { b.settled("c") }, 1, time.Second)
		b.settled("a")
		wantChanges(t, func() { b.settled("b") }, 1, time.Minute+time.Second)
		b.settled("b") // again: nothing
		b.wantOldest(t, 0)
	})
}

func TestChangeThatNeedsNoStatus(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		wantChanges(t, func() {
			b.observed(withStatus(requirement("a", 1, 1), 1))
			passTime(time.Minute)
		}, 0, 0)
		b.wantOldest(t, 0)
	})
}

func TestChangeWhoseEvaluationFails(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.panics.Store(true)
		b.observed(requirement("a", 1, 1))
		passTime(10 * time.Second)
		b.wantOldest(t, 10*time.Second)
		// Its time goes on until it succeeds, which is within a minute.
		b.panics.Store(false)
		passTime(50 * time.Second)
		b.wantOldest(t, time.Minute)
		wantChanges(t, func() { b.settled("a") }, 1, time.Minute)
	})
}

func TestChangesThatAreGone(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// A portfolio without objects, and a namespace that is being deleted, leave nothing behind.
		b.observed(withStatus(requirement("a", 1, 1), 1))
		b.deleted(requirement("a", 1, 1))
		passTime(time.Second)
		b.wantOldest(t, 0)
		b.terminates.Store(true)
		b.observed(requirement("b", 1, 2))
		passTime(time.Second)
		b.wantOldest(t, 0)
	})
}

func TestFollowerKnowsOfEvaluationsOnly(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		kind := cxv1alpha1.KindNamed(cxv1alpha1.RequirementKind)
		delete(b.queues, kind)
		b.observed(requirement("a", 1, 1))
		passTime(50 * time.Millisecond)
		b.wantOldest(t, 50*time.Millisecond)
		passTime(time.Minute)
		b.wantOldest(t, 0)
		// A new leader does not know how long what is pending has been so.
		b.attach(kind, b.queue)
		passTime(time.Second)
		b.wantOldest(t, time.Second)
	})
}

// portfolioSeries counts the series about a namespace.
func (b *bench) portfolioSeries(t *testing.T, namespace string) (count int) {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	if err := registry.Register(b.collector); err != nil {
		t.Fatal(err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				if label.GetName() == "namespace" && label.GetValue() == namespace {
					count++
				}
			}
		}
	}
	return count
}

func TestMetricsOfNamespacesThatComeAndGo(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.observed(requirement("a", 1, 1))
		passTime(time.Minute)
		if b.portfolioSeries(t, "ns") == 0 {
			t.Error("a portfolio has no metrics")
		}
		// A follower has none, so that sums count nothing twice.
		b.mu.Lock()
		queues := b.queues
		b.queues = nil
		b.mu.Unlock()
		if n := b.portfolioSeries(t, "ns"); n > 0 {
			t.Errorf("a follower has %d series of a portfolio", n)
		}
		b.mu.Lock()
		b.queues = queues
		b.mu.Unlock()
		b.deleted(requirement("a", 1, 1))
		passTime(time.Minute)
		if n := b.portfolioSeries(t, "ns"); n > 0 {
			t.Errorf("a namespace that is gone still has %d series", n)
		}
	})
}
