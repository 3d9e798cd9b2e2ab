//go:build prometheus

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

package measures

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/time/rate"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

// TestRealPrometheus asks a real Prometheus that holds twenty days: n calls in the first minute of day n, told every five minutes.
func TestRealPrometheus(t *testing.T) {
	first := today.AddDays(-20)
	url := startPrometheus(t, func(write func(name string, at time.Time, value string)) {
		total := 0
		for n := range 20 {
			midnight := first.AddDays(n).Midnight()
			for minute := 0; minute < 24*60; minute += 5 {
				if minute == 5 {
					total += n
				}
				write(`calls_total{topic="status"}`, midnight.Add(time.Duration(minute)*time.Minute), fmt.Sprint(total))
				write(`calls_total{topic="other"}`, midnight.Add(time.Duration(minute)*time.Minute), "0")
			}
		}
		// A value is five minutes old at most, and the last day ends at midnight.
		write(`calls_total{topic="status"}`, today.Midnight(), fmt.Sprint(total))
		write(`calls_total{topic="other"}`, today.Midnight(), "0")
	})
	client, err := guard.NewClient(guard.Options{URL: url, Transport: guard.NewTransport(true), Limiter: rate.NewLimiter(rate.Inf, 1)})
	if err != nil {
		t.Fatal(err)
	}
	source := observer.Source{Spec: cxv1alpha1.SourceSpec{URL: url}, HTTP: client, Today: today}
	look := func(query string, known ...cxv1alpha1.Sample) observer.Result {
		return Prometheus{}.Look(t.Context(), source, []observer.Target{asks(query, known...)})[0]
	}

	var want []cxv1alpha1.Sample
	for day := cxv1alpha1.Date("2026-11-16"); day < today; day = day.AddDays(1) {
		want = append(want, cxv1alpha1.Sample{Date: day, Value: cxv1alpha1.DecimalOf(int64(first.DaysUntil(day)) * 1_000_000)})
	}
	const query = `sum(calls_total{topic="status"} - calls_total{topic="status"} offset 1d)`
	result := look(query)
	if diff := cmp.Diff(want, result.Samples); diff != "" || result.Problem != nil {
		t.Errorf("%v\n%s", result.Problem, diff)
	}
	if diff := cmp.Diff(want, look(query, result.Samples...).Samples); diff != "" {
		t.Errorf("the second look:\n%s", diff)
	}
	for query, reason := range map[string]string{
		`calls_total`:                     ReasonSeveralSeries,
		`nothing_of_that_name`:            ReasonNoData,
		`sum(calls_total) / 0 * 0`:        ReasonNotANumber,
		`sum(calls_total`:                 ReasonBadQuery,
		`calls_total * on(x) calls_total`: ReasonQueryFailed,
		`1e12`:                            ReasonValueTooLarge,
		`sum(max_over_time(calls_total{topic="other"}[1d])) + 0.35`: "",
	} {
		result := look(query)
		got := ""
		if result.Problem != nil {
			got = result.Problem.Reason
		}
		if got != reason {
			t.Errorf("%s: %v (%v), want %q", query, result.Problem, result.Detail, reason)
		}
	}
}

// startPrometheus starts the Prometheus that "make bin/prometheus" has built, with these samples, and returns its address.
func startPrometheus(t *testing.T, fill func(write func(name string, at time.Time, value string))) string {
	t.Helper()
	bin, err := filepath.Abs(filepath.Join("..", "..", "..", "bin"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	series := map[string]*strings.Builder{}
	var names []string
	fill(func(name string, at time.Time, value string) {
		if series[name] == nil {
			series[name] = &strings.Builder{}
			names = append(names, name)
		}
		fmt.Fprintf(series[name], "%s %s %d\n", name, value, at.Unix())
	})
	text := "# TYPE calls counter\n"
	for _, name := range names {
		text += series[name].String()
	}
	input, config, data := filepath.Join(dir, "input"), filepath.Join(dir, "config.yaml"), filepath.Join(dir, "data")
	for path, content := range map[string]string{input: text + "# EOF\n", config: ""} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command(filepath.Join(bin, "promtool"), "tsdb", "create-blocks-from", "openmetrics", input, data).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	prometheus := exec.Command(filepath.Join(bin, "prometheus"), "--config.file="+config, "--storage.tsdb.path="+data,
		"--storage.tsdb.retention.time=10y", "--web.listen-address="+address)
	prometheus.Stderr = t.Output()
	if err := prometheus.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = prometheus.Process.Kill()
		_ = prometheus.Wait()
	})
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if response, err := http.Get("http://" + address + "/-/ready"); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return "http://" + address
			}
		}
	}
	t.Fatal("Prometheus does not become ready")
	return ""
}
