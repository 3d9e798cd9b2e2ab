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

package warnings

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
)

var (
	requestsTotal = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "journey_operator_warnings_requests_total",
		Help: "Requests for admission that were looked at, by result: evaluated, unevaluated (it would have taken too long; only " +
			"references were looked at), unchanged, unknown (the portfolio is not at hand) or failed. All were allowed.",
	}, []string{"result"})

	requestSeconds = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name:    "journey_operator_warnings_duration_seconds",
		Help:    "How long requests for admission had to wait for warnings.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1},
	})

	warningsTotal = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "journey_operator_warnings_total",
		Help: "Warnings that were given to those who make changes.",
	})
)

func init() {
	metrics.Registry.MustRegister(requestsTotal, requestSeconds, warningsTotal)
	// What has not happened yet shows as zero, so that rates and alerts work from the start.
	for _, o := range outcomes {
		requestsTotal.WithLabelValues(string(o))
	}
}

func observe(result outcome, took time.Duration, warnings int) {
	requestsTotal.WithLabelValues(string(result)).Inc()
	requestSeconds.Observe(took.Seconds())
	warningsTotal.Add(float64(warnings))
}
