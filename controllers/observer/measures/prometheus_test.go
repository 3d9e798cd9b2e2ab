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
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

// matrix is the answer of a Prometheus: series of a time and a value.
func matrix(series ...[][2]any) map[string]any {
	result := []map[string]any{}
	for n, values := range series {
		result = append(result, map[string]any{"metric": map[string]string{"n": strconv.Itoa(n)}, "values": values})
	}
	return map[string]any{"status": "success", "data": map[string]any{"resultType": "matrix", "result": result}}
}

// at is the midnight that begins a day.
func at(day cxv1alpha1.Date, value string) [2]any { return [2]any{day.Midnight().Unix(), value} }

func TestPrometheusAnswers(t *testing.T) {
	t.Parallel()
	known := samples("2026-11-17", "7")
	for name, test := range map[string]struct {
		answer any
		code   int
		want   []cxv1alpha1.Sample
		reason string
	}{
		"a value belongs to the day that ends with it": {
			answer: matrix([][2]any{at("2026-11-17", "412"), at("2026-11-22", "268.5")}),
			want:   samples("2026-11-16", "412", "2026-11-17", "7", "2026-11-21", "268.5"),
		},
		"a known value stays, but for the last days": {
			answer: matrix([][2]any{at("2026-11-18", "1"), at("2026-11-22", "2")}), want: samples("2026-11-17", "7", "2026-11-21", "2"),
		},
		"rounded": {answer: matrix([][2]any{at("2026-11-22", "0.30000000000000004")}), want: samples("2026-11-17", "7", "2026-11-21", "0.3")},
		"NaN at last": {
			answer: matrix([][2]any{at("2026-11-21", "5"), at("2026-11-22", "NaN")}), want: samples("2026-11-17", "7", "2026-11-20", "5"), reason: ReasonNotANumber,
		},
		"NaN before": {answer: matrix([][2]any{at("2026-11-21", "NaN"), at("2026-11-22", "5")}), want: samples("2026-11-17", "7", "2026-11-21", "5")},
		"infinite":   {answer: matrix([][2]any{at("2026-11-22", "+Inf")}), want: known, reason: ReasonNotANumber},
		"too large":  {answer: matrix([][2]any{at("2026-11-22", "1e+12")}), want: known, reason: ReasonValueTooLarge},
		"empty":      {answer: matrix(), reason: ReasonNoData},
		"histograms": {answer: matrix(nil), reason: ReasonNotANumber},
		"several series": {
			answer: matrix([][2]any{at("2026-11-22", "1")}, [][2]any{at("2026-11-22", "2")}), reason: ReasonSeveralSeries,
		},
		"not a matrix": {
			answer: map[string]any{"status": "success", "data": map[string]any{"resultType": "scalar", "result": at("2026-11-22", "1")}}, reason: guard.ReasonBadAnswer,
		},
		"a query with a mistake": {
			code: 400, answer: map[string]any{"status": "error", "errorType": "bad_data", "error": "parse error:\n\x1b[31munexpected " + strings.Repeat("x", 2000)},
			reason: ReasonBadQuery,
		},
		"a query that fails": {
			code: 422, answer: map[string]any{"status": "error", "errorType": "execution", "error": "too many samples"}, reason: ReasonQueryFailed,
		},
		"not found": {code: 404, answer: "no such page", reason: guard.ReasonRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if test.code != 0 {
					w.WriteHeader(test.code)
				}
				answer(w, test.answer)
			})
			result := Prometheus{}.Look(t.Context(), source, []observer.Target{asks("calls", known...)})[0]
			if diff := cmp.Diff(test.want, result.Samples); diff != "" {
				t.Error(diff)
			}
			reason := ""
			if result.Problem != nil {
				reason = result.Problem.Reason
				if message := string(result.Problem.Message); len(message) > 1000 || strings.ContainsAny(message, "\n\x1b") {
					t.Errorf("the message is not a line for people: %q", message)
				}
			}
			if reason != test.reason {
				t.Errorf("got problem %v, want %q", result.Problem, test.reason)
			}
		})
	}
}

func TestPrometheusFaults(t *testing.T) {
	t.Parallel()
	wantFaults(t, Prometheus{}, cxv1alpha1.SourceSpec{})
}

// TestPrometheusRange looks at what is asked for: from the baseline on, at midnights, and no day that is not over.
func TestPrometheusRange(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ baseline, start, end string }{
		{"2026-11-16", "2026-11-17", "2026-11-22"},
		{"2026-11-21", "2026-11-22", "2026-11-22"},
		{"2020-01-01", "2025-10-20", "2026-11-22"}, // 400 days with today
		{"", "2025-10-20", "2026-11-22"},
		{"2026-11-22", "", ""},
		{"2027-11-22", "", ""},
	} {
		t.Run("from "+test.baseline, func(t *testing.T) {
			t.Parallel()
			asked := ""
			source := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked = fmt.Sprint(r.FormValue("query"), r.FormValue("start"), " ", r.FormValue("end"), " ", r.FormValue("step"))
				answer(w, matrix([][2]any{at("2026-11-22", "1")}))
			})
			target := asks("calls ", samples("2026-11-17", "7")...)
			metric := target.Object.(*cxv1alpha1.Metric)
			if test.baseline == "" {
				metric.Spec.Baseline = nil
			} else {
				metric.Spec.Baseline.Date = cxv1alpha1.Date(test.baseline)
			}
			result := Prometheus{}.Look(t.Context(), source, []observer.Target{target})[0]
			want := ""
			if test.start != "" {
				want = fmt.Sprintf("calls %d %d %d", cxv1alpha1.Date(test.start).Midnight().Unix(), cxv1alpha1.Date(test.end).Midnight().Unix(), int(24*time.Hour/time.Second))
			}
			if asked != want {
				t.Errorf("asked %q, want %q", asked, want)
			}
			if result.Problem != nil || len(result.Samples) == 0 {
				t.Errorf("got %v, %v", result.Samples, result.Problem)
			}
		})
	}
}
