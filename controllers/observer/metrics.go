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

package observer

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// metrics count what the observer does. Labels are Sources, which only administrators make, and results.
type metrics struct {
	looks  *prometheus.CounterVec
	time   *prometheus.HistogramVec
	writes *prometheus.CounterVec
}

const (
	resultSuccess = "success"
	resultProblem = "problem"
	resultError   = "error"
)

func newMetrics() *metrics {
	m := &metrics{
		looks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "journey_observer_looks_total",
			Help: "Questions of objects that were looked at, by source and result (success or problem).",
		}, []string{"source", "result"}),
		time: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "journey_observer_look_duration_seconds",
			Help:    "How long a look at a source takes, with the wait for its turn.",
			Buckets: []float64{.01, .05, .1, .5, 1, 5, 10, 30, 60, 300},
		}, []string{"source"}),
		writes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "journey_observer_writes_total",
			Help: "Observations written, by result (success, or error, which is tried again).",
		}, []string{"result"}),
	}
	m.writes.WithLabelValues(resultSuccess)
	m.writes.WithLabelValues(resultError)
	return m
}

func (m *metrics) looked(source *cxv1alpha1.Source, took time.Duration, results []Result) {
	name := ""
	if source != nil {
		name = source.Name
	}
	m.time.WithLabelValues(name).Observe(took.Seconds())
	for _, r := range results {
		m.looks.WithLabelValues(name, resultOf(r.Problem == nil, resultProblem)).Inc()
	}
}

func (m *metrics) wrote(err error) { m.writes.WithLabelValues(resultOf(err == nil, resultError)).Inc() }

func resultOf(ok bool, otherwise string) string {
	if ok {
		return resultSuccess
	}
	return otherwise
}

func (m *metrics) register(with prometheus.Registerer, s *scheduler) error {
	for _, collector := range []prometheus.Collector{
		m.looks, m.time, m.writes,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "journey_observer_questions",
			Help: "Questions of objects to sources that are looked at again and again. 0 on a replica that is not the leader.",
		}, func() float64 {
			s.mu.Lock()
			defer s.mu.Unlock()
			return float64(len(s.entries))
		}),
	} {
		if err := with.Register(collector); err != nil {
			return fmt.Errorf("registering the metrics: %w", err)
		}
	}
	return nil
}
