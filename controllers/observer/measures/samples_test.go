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
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/time/rate"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

const today = cxv1alpha1.Date("2026-11-22")

// limits of the requests in tests: faults come soon.
const (
	testTimeout  = 300 * time.Millisecond
	testMaxBytes = 1 << 20
)

func TestDecimalOf(t *testing.T) {
	for text, want := range map[string]string{
		"268": "268", "0.1": "0.1", "-0.1": "-0.1", "+5": "5", "0": "0", "-0": "0",
		"0.0000005": "0.000001", "-0.0000005": "-0.000001", // half away from zero
		"0.00000049999": "0", "-0.00000049999": "0",
		"2.6749995": "2.675", "1234567.1234565": "1234567.123457",
		"999999999999.9999994": "999999999999.999999",
		"999999999999.9999995": "too large", "1000000000000": "too large", "-1000000000000": "too large", strings.Repeat("9", 300): "too large",
		"NaN": "no number", "+Inf": "no number", "-Inf": "no number", "Inf": "no number", "": "no number", "1e3": "no number", "1/3": "no number",
		"0x10": "no number", "1_000": "no number", "1 2": "no number", strings.Repeat("1", 500): "no number",
	} {
		got, err := decimalOf(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "is "+want) {
				t.Errorf("%.20s: %v, want %s", text, err, want)
			}
			continue
		}
		if string(got) != want {
			t.Errorf("%.20s: %s, want %s", text, got, want)
		}
	}
}

// TestDecimalOfIsNearest holds the rounding to what it means: no other number of six decimals is nearer, and of two that are as near it is
// the one that is further from zero.
func TestDecimalOfIsNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{1,11}\.[0-9]{1,12}`).Draw(t, "text")
		got, err := decimalOf(text)
		if err != nil {
			t.Fatal(err)
		}
		exact, _ := new(big.Rat).SetString(text)
		distance := func(micros int64) *big.Rat {
			d := new(big.Rat).Sub(exact, big.NewRat(micros, 1_000_000))
			return d.Abs(d)
		}
		for _, step := range []int64{-1, 1} {
			other := got.Micros() + step
			switch distance(other).Cmp(distance(got.Micros())) {
			case -1:
				t.Errorf("%s became %s, and %d millionths are nearer", text, got, other)
			case 0:
				if new(big.Int).Abs(big.NewInt(other)).Cmp(new(big.Int).Abs(big.NewInt(got.Micros()))) > 0 {
					t.Errorf("%s became %s, and %d millionths are as near and further from zero", text, got, other)
				}
			}
		}
	})
}

func samples(pairs ...string) []cxv1alpha1.Sample {
	var list []cxv1alpha1.Sample
	for n := 0; n < len(pairs); n += 2 {
		list = append(list, cxv1alpha1.Sample{Date: cxv1alpha1.Date(pairs[n]), Value: cxv1alpha1.Decimal(pairs[n+1])})
	}
	return list
}

func TestMerged(t *testing.T) {
	known := samples("2025-10-19", "1", "2025-10-18", "1", "2026-11-18", "1", "2026-11-19", "1", "2026-11-20", "1")
	read := samples("2026-11-17", "2", "2026-11-18", "2", "2026-11-20", "2", "2026-11-21", "2", "2026-11-22", "2", "2026-11-23", "2")
	// What was known stays up to the day before open, also where it is not read any more; what is too old or still to come is left out.
	want := samples("2025-10-19", "1", "2026-11-17", "2", "2026-11-18", "1", "2026-11-19", "1", "2026-11-20", "2", "2026-11-21", "2", "2026-11-22", "2")
	if diff := cmp.Diff(want, merged(known, read, "2026-11-20", today)); diff != "" {
		t.Error(diff)
	}
}

// TestReadingAgainChangesNothing: whatever is known, what comes of a reading is what comes of reading the same again.
func TestReadingAgainChangesNothing(t *testing.T) {
	list := rapid.Custom(func(t *rapid.T) []cxv1alpha1.Sample {
		days := rapid.SliceOfDistinct(rapid.IntRange(-450, 3), func(d int) int { return d }).Draw(t, "days")
		var list []cxv1alpha1.Sample
		for _, d := range days {
			list = append(list, cxv1alpha1.Sample{Date: today.AddDays(d), Value: cxv1alpha1.DecimalOf(rapid.Int64Range(-5, 5).Draw(t, "value"))})
		}
		return list
	})
	rapid.Check(t, func(t *rapid.T) {
		open := today.AddDays(-rapid.IntRange(0, 3).Draw(t, "open"))
		read := list.Draw(t, "read")
		once := merged(list.Draw(t, "known"), read, open, today)
		if len(once) > 400 {
			t.Errorf("%d samples, and an Observation holds 400", len(once))
		}
		if diff := cmp.Diff(once, merged(once, read, open, today)); diff != "" {
			t.Error(diff)
		}
	})
}

// serve starts a server, and returns the Source that it is.
func serve(t *testing.T, handler http.HandlerFunc) observer.Source {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := guard.NewClient(guard.Options{
		URL: server.URL, Transport: guard.NewTransport(true), Limiter: rate.NewLimiter(rate.Inf, 1), Timeout: testTimeout, MaxBytes: testMaxBytes,
		UserAgent: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return observer.Source{Name: "source", Spec: cxv1alpha1.SourceSpec{URL: server.URL}, HTTP: client, Today: today}
}

// asks is a metric that asks, with what is known of it.
func asks(query string, known ...cxv1alpha1.Sample) observer.Target {
	return observer.Target{
		Object: &cxv1alpha1.Metric{
			ObjectMeta: metav1.ObjectMeta{Name: "calls"},
			Spec:       cxv1alpha1.MetricSpec{Query: query, Baseline: &cxv1alpha1.Baseline{Date: "2026-11-16", Value: "412"}},
		},
		Known: observer.Known{Samples: known},
	}
}

func answer(w http.ResponseWriter, value any) {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	_, _ = w.Write(data)
}

// faults are those that every source can have, by the reason that they lead to.
func faults(t *testing.T) map[string]http.HandlerFunc {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the client followed to another host")
	}))
	t.Cleanup(elsewhere.Close)
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(code)
			_, _ = fmt.Fprint(w, "an internal address, 10.1.2.3")
		}
	}
	return map[string]http.HandlerFunc{
		guard.ReasonTooLarge: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`"`))
			block := []byte(strings.Repeat("x", 1<<16))
			for range 100 << 20 / len(block) {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
			t.Error("the client read all 100 MB")
		},
		guard.ReasonTimedOut: func(_ http.ResponseWriter, r *http.Request) {
			// A server notices that the client has gone once it has read what that sent.
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		},
		guard.ReasonRedirected:   http.RedirectHandler(elsewhere.URL, http.StatusFound).ServeHTTP,
		guard.ReasonRateLimited:  status(http.StatusTooManyRequests),
		guard.ReasonUnauthorized: status(http.StatusUnauthorized),
		guard.ReasonServerError:  status(http.StatusServiceUnavailable),
		guard.ReasonBadAnswer:    func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<html>10.1.2.3") },
		guard.ReasonUnreachable:  func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
}

func wantFaults(t *testing.T, provider observer.Provider, spec cxv1alpha1.SourceSpec) {
	t.Helper()
	for reason, handler := range faults(t) {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			source := serve(t, handler)
			spec := spec
			spec.URL = source.Spec.URL
			source.Spec = spec
			result := provider.Look(t.Context(), source, []observer.Target{asks("calls", samples("2026-11-20", "5")...)})[0]
			if result.Problem == nil || result.Problem.Reason != reason || len(result.Samples) > 0 {
				t.Fatalf("got %v and %v, want %s and no samples", result.Problem, result.Samples, reason)
			}
			address := strings.TrimPrefix(spec.URL, "http://")
			if message := string(result.Problem.Message); strings.Contains(message, "10.1.2.3") || strings.Contains(message, address) {
				t.Errorf("the problem says where the source is: %s", message)
			}
			if waits := reason == guard.ReasonRateLimited || reason == guard.ReasonServerError; waits != (result.RetryAfter == 90*time.Second) {
				t.Errorf("waits for %s", result.RetryAfter)
			}
		})
	}
}
