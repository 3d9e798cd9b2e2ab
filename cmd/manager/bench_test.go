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
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// BenchmarkTenants starts the operator for many namespaces, with rights in the whole cluster (wide) and in each namespace
// (narrow). It tells how long it takes until the operator is ready, and what that has cost: CPU time, also of the API
// server, memory and goroutines.
func BenchmarkTenants(b *testing.B) {
	for _, bench := range []struct {
		name                string
		namespaces, objects int
		narrow              bool
	}{
		{"wide/namespaces=1000/objects=0", 1000, 0, false},
		{"narrow/namespaces=1000/objects=0", 1000, 0, true},
		{"wide/namespaces=2000/objects=10", 2000, 10, false},
		{"narrow/namespaces=2000/objects=10", 2000, 10, true},
	} {
		b.Run(bench.name, func(b *testing.B) {
			i := install(b)
			names := i.tenants(b, bench.namespaces, bench.objects)
			if bench.narrow {
				i.bindOnlyIn(b, names...)
			}
			if bench.objects > 0 {
				i.benchmarkStart(b, names) // writes the statuses, which is not what is measured
				b.ResetTimer()
			}
			for b.Loop() {
				i.benchmarkStart(b, names)
			}
		})
	}
}

// tenants creates namespaces with so many objects each.
func (i *installation) tenants(b *testing.B, count, objects int) []string {
	b.Helper()
	names := make([]string, count)
	var group errgroup.Group
	group.SetLimit(16)
	for n := range names {
		names[n] = fmt.Sprintf("tenant-%04d", n)
		group.Go(func() error {
			all := []client.Object{&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: names[n]}}}
			for o := range objects {
				if o == 0 {
					all = append(all, newMoment(names[n], "moment"))
				} else {
					all = append(all, newRequirement(names[n], fmt.Sprintf("requirement-%d", o)))
				}
			}
			for _, object := range all {
				if err := i.Create(b.Context(), object); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
	return names
}

// benchmarkStart starts the operator until it is ready and idle, and ends it.
func (i *installation) benchmarkStart(b *testing.B, names []string) {
	b.Helper()
	serverBefore := i.serverCPU(b)
	began := time.Now()
	p := i.start(b, "--metrics-secure=false", "--namespaces="+strings.Join(names, ","))
	for p.ready() != nil {
		select {
		case <-p.ended:
			b.Fatal("it ended")
		case <-time.After(50 * time.Millisecond):
		}
	}
	ready := time.Since(began)
	metrics := p.scrape(b)
	b.ReportMetric(ready.Seconds(), "s-to-ready")
	b.ReportMetric(metrics["process_cpu_seconds_total"], "cpu-s")
	b.ReportMetric(i.serverCPU(b)-serverBefore, "server-cpu-s")
	b.ReportMetric(metrics["go_goroutines"], "goroutines")
	b.ReportMetric(metrics["process_resident_memory_bytes"]/1e6, "MB")
	eventually(b, "all is written", func() error {
		for name, value := range p.scrape(b) {
			if strings.HasPrefix(name, "journey_operator_status_writes_pending") && value > 0 {
				return fmt.Errorf("%s %v", name, value)
			}
		}
		return nil
	})
	p.terminate(b)
	if usage, ok := p.ProcessState.SysUsage().(*syscall.Rusage); ok {
		b.ReportMetric(float64(usage.Maxrss)/1e3, "peak-MB")
	}
}

// scrape returns the metrics of the process, by name and labels.
func (p *process) scrape(b *testing.B) map[string]float64 {
	b.Helper()
	_, body, err := p.get("http://"+p.metrics+"/metrics", "")
	if err != nil {
		b.Fatal(err)
	}
	return parseMetrics(body)
}

// serverCPU returns the CPU time in seconds that the API server has used.
func (i *installation) serverCPU(b *testing.B) float64 {
	b.Helper()
	body, err := kubernetes.NewForConfigOrDie(i.config).RESTClient().Get().AbsPath("/metrics").DoRaw(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return parseMetrics(string(body))["process_cpu_seconds_total"]
}

func parseMetrics(text string) map[string]float64 {
	all := map[string]float64{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if number, err := strconv.ParseFloat(value, 64); err == nil {
			all[name] = number
		}
	}
	return all
}
