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
	"runtime"

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

	changeToStatusSeconds = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "journey_operator_change_to_status_seconds",
		Help: "How long it takes from a change seen to the last status written that follows from it.",
		// From a change that is evaluated at once to a first sync, and an API server that is away.
		Buckets: []float64{.05, .1, .15, .2, .3, .5, .75, 1, 1.5, 2.5, 5, 10, 30, 60, 300},
	})

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
	metrics.Registry.MustRegister(evaluationsTotal, evaluationSeconds, portfolios, objects, statusWritesTotal, statusWritesPending,
		changeToStatusSeconds)
	// What has not happened yet shows as zero, so that rates and alerts work from the start.
	evaluationsTotal.WithLabelValues(resultSuccess)
	evaluationsTotal.WithLabelValues(resultPanic)
	for _, k := range cxv1alpha1.Kinds {
		objects.WithLabelValues(k.Name)
		if !k.HasStatus {
			continue
		}
		statusWritesTotal.WithLabelValues(k.Name, resultSuccess)
		statusWritesTotal.WithLabelValues(k.Name, resultError)
		statusWritesPending.WithLabelValues(k.Name)
	}
}

// register registers the metrics of one engine: those of its portfolios, and of what it does now.
func register(with prometheus.Registerer, e *engine, version, revision string) error {
	for _, collector := range []prometheus.Collector{
		e.collector,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "journey_operator_leader",
			Help: "1 on the replica that leads, which writes statuses and has the metrics of the portfolios; else 0.",
		}, func() float64 {
			if e.leads() {
				return 1
			}
			return 0
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "journey_operator_queue_oldest_seconds",
			Help: "Age of the oldest change that waits for an evaluation or a write; 0 where there is none. " +
				"A replica that is not the leader knows of evaluations only.",
		}, func() float64 { return e.changes.oldest().Seconds() }),
		buildInfo(version, revision),
	} {
		if err := with.Register(collector); err != nil {
			return fmt.Errorf("registering the metrics: %w", err)
		}
	}
	return nil
}

// buildInfo is always 1: its labels tell what runs.
func buildInfo(version, revision string) prometheus.Collector {
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name:        "journey_operator_build_info",
		Help:        "1, with the version of the operator, the commit that it was built from, and the version of Go.",
		ConstLabels: prometheus.Labels{"version": version, "revision": revision, "goversion": runtime.Version()},
	})
	info.Set(1)
	return info
}
