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

package portfoliometrics

import (
	"maps"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Collector hands out the metrics of all namespaces, on the replica that leads: every replica evaluates every portfolio, and
// sums over all replicas would count each twice.
type Collector struct {
	leading func() bool
	// descriptions of All, in its order.
	descriptions []*prometheus.Desc

	mu         sync.Mutex
	portfolios map[string]*evaluated
}

// evaluated is what the last evaluation of a portfolio says.
type evaluated struct {
	samples []Sample
	at      time.Time
	took    time.Duration
}

// NewCollector returns an empty collector, which hands out something only while this replica leads.
func NewCollector(leading func() bool) *Collector {
	c := &Collector{leading: leading, portfolios: map[string]*evaluated{}}
	for _, m := range All {
		labels := append([]string{"namespace"}, m.Labels...)
		c.descriptions = append(c.descriptions, prometheus.NewDesc(m.Name, m.Help, labels, nil))
	}
	return c
}

// Set takes over what an evaluation says of a namespace.
func (c *Collector) Set(namespace string, samples []Sample, at time.Time, took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.portfolios[namespace] = &evaluated{samples, at, took}
}

// Delete forgets a namespace.
func (c *Collector) Delete(namespace string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.portfolios, namespace)
}

// Describe tells of all metrics.
func (c *Collector) Describe(descriptions chan<- *prometheus.Desc) {
	for _, d := range c.descriptions {
		descriptions <- d
	}
}

// Collect hands out all series.
func (c *Collector) Collect(series chan<- prometheus.Metric) {
	if !c.leading() {
		return
	}
	for namespace, of := range c.all() {
		for i := range of.samples {
			s := &of.samples[i]
			series <- c.gauge(s.metric, s.Value, namespace, s.labels[:len(s.metric.Labels)]...)
		}
		series <- c.gauge(lastEvaluation, float64(of.at.UnixMilli())/1000, namespace)
		series <- c.gauge(lastDuration, of.took.Seconds(), namespace)
	}
}

// all returns the namespaces as they are now. What an evaluation says is never changed, so it is read without the lock.
func (c *Collector) all() map[string]*evaluated {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.portfolios)
}

func (c *Collector) gauge(m *Metric, value float64, namespace string, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(c.descriptions[m.place], prometheus.GaugeValue, value, append([]string{namespace}, labels...)...)
}
