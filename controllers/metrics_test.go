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
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
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
	t.Cleanup(e.dirty.ShutDown)
	e.attach(cxv1alpha1.Kinds[0], nil) // so that it leads
	registry := prometheus.NewPedanticRegistry()
	if err := register(registry, e, "v1.2.3"); err != nil {
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
	metricRow = regexp.MustCompile("(?m)^\\| `(journey_\\w+)` \\| (\\w+) \\| (.*?) \\|")
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
