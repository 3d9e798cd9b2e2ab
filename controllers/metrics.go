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
	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// The operator's own metrics, beside those of controller-runtime. Labels are kinds and results only: no label grows with
// the number of objects.
var (
	evaluationsTotal = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "journey_operator_evaluations_total",
		Help: "Evaluations of a namespace's portfolio, by result (success or panic).",
	}, []string{"result"})

	evaluationSeconds = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name:    "journey_operator_evaluation_duration_seconds",
		Help:    "How long it takes to evaluate a namespace's portfolio.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	})

	portfolios = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "journey_operator_portfolios",
		Help: "Namespaces that hold a portfolio.",
	})

	objects = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "journey_operator_objects",
		Help: "Objects in all portfolios, by kind.",
	}, []string{"kind"})

	statusWritesTotal = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "journey_operator_status_writes_total",
		Help: "Status writes, by kind and result (success, or error, which is tried again).",
	}, []string{"kind", "result"})

	statusWritesPending = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "journey_operator_status_writes_pending",
		Help: "Objects whose status in the cluster differs from the evaluated one, by kind. " +
			"A replica that is not the leader sees those that the leader has yet to write.",
	}, []string{"kind"})
)

const (
	resultSuccess = "success"
	resultError   = "error"
	resultPanic   = "panic"
)

func init() {
	metrics.Registry.MustRegister(evaluationsTotal, evaluationSeconds, portfolios, objects, statusWritesTotal, statusWritesPending)
	// What has not happened yet shows as zero, so that rates and alerts work from the start.
	evaluationsTotal.WithLabelValues(resultSuccess)
	evaluationsTotal.WithLabelValues(resultPanic)
	for _, k := range cxv1alpha1.Kinds {
		objects.WithLabelValues(k.Name)
		statusWritesTotal.WithLabelValues(k.Name, resultSuccess)
		statusWritesTotal.WithLabelValues(k.Name, resultError)
		statusWritesPending.WithLabelValues(k.Name)
	}
}
