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

package main

import (
	"fmt"
	"os"
	"regexp"
	"syscall"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

var peakMemory = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// BenchmarkObserver has a thousand metrics, in ten namespaces, looked at for the first time, and once more after a restart and a change of
// the Source.
func BenchmarkObserver(b *testing.B) {
	const namespaces, each = 10, 100
	i := install(b)
	prometheus := newFakePrometheus(b)
	i.createSecret(b)
	i.create(b, &cxv1alpha1.Source{ObjectMeta: metav1.ObjectMeta{Name: "prom"}, Spec: cxv1alpha1.SourceSpec{
		Type: cxv1alpha1.SourcePrometheus, URL: prometheus.URL, RequestsPerMinute: 6000,
		SecretRef: &cxv1alpha1.SecretKeyReference{Name: "prom", Key: "token"}, NamespaceSelector: &metav1.LabelSelector{},
	}})
	for n := range namespaces {
		name := fmt.Sprint("tenant-", n)
		i.namespace(b, name, nil)
		for m := range each {
			i.create(b, metric(name, fmt.Sprint("metric-", m), "prom"))
		}
	}
	for b.Loop() {
		for _, name := range []string{"first", "again"} {
			begun, asked := time.Now(), prometheus.asked.Load()
			p := i.start(b)
			eventually(b, "it follows all", func() error {
				return p.get("http://"+p.metrics+"/metrics", fmt.Sprintf("\njourney_observer_questions %d\n", namespaces*each))
			})
			if name == "again" {
				i.edit(b, "prom")
			}
			eventually(b, "it has looked at all", func() error {
				if now := prometheus.asked.Load() - asked; now < namespaces*each {
					return fmt.Errorf("%d requests", now)
				}
				return nil
			})
			b.ReportMetric(time.Since(begun).Seconds(), name+"-s")
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
			if err != nil {
				b.Fatal(err)
			}
			var kilobytes float64
			if match := peakMemory.FindSubmatch(status); match != nil {
				_, _ = fmt.Sscan(string(match[1]), &kilobytes)
			}
			b.ReportMetric(kilobytes/1024, name+"-peak-MiB")
			p.end(b, syscall.SIGTERM)
			b.ReportMetric((p.ProcessState.UserTime() + p.ProcessState.SystemTime()).Seconds(), name+"-cpu-s")
		}
	}
}
