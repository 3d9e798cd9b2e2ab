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

package trackers

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/time/rate"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

const (
	today        = cxv1alpha1.Date("2026-11-22")
	testTimeout  = 300 * time.Millisecond
	testMaxBytes = 1 << 20
)

// object is JSON.
type object = map[string]any

// with is an object with some fields set.
func with(o, fields object) object {
	o = maps.Clone(o)
	maps.Copy(o, fields)
	return o
}

// published is what a vendor publishes of its API.
func published(t *testing.T, vendor string) map[string]json.RawMessage {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", vendor+".json"))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]json.RawMessage{}
	decode(t, data, &parts)
	return parts
}

func decode(t *testing.T, data []byte, value any) {
	t.Helper()
	if err := json.Unmarshal(data, value); err != nil {
		t.Fatal(err)
	}
}

func recorded(t *testing.T, vendor, part string) object {
	t.Helper()
	o := object{}
	decode(t, published(t, vendor)[part], &o)
	return o
}

// conforms fails the test when an answer is not one that the vendor's API gives, by its published description.
func conforms(t *testing.T, vendor, part string, answer any) {
	t.Helper()
	schema := &spec.Schema{}
	decode(t, published(t, vendor)[part], schema)
	value, ok := generic(t, answer).(object)
	if !ok {
		t.Fatalf("%v is no object", answer)
	}
	// The validator takes null for nothing that is one of several values, though the description says that it can be null.
	maps.DeleteFunc(value, func(field string, v any) bool {
		return v == nil && schema.Properties[field].Nullable && len(schema.Properties[field].Enum) > 0
	})
	result := validate.NewSchemaValidator(schema, nil, "", strfmt.Default).Validate(value)
	for _, err := range result.Errors {
		t.Errorf("the fake answers as %s does not: %v", vendor, err)
	}
}

// generic is a value as it comes out of JSON.
func generic(t *testing.T, value any) any {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	decode(t, data, &out)
	return out
}

// serve starts a tracker and returns it as a Source, whose API is below root.
func serve(t *testing.T, root string, handler http.HandlerFunc) observer.Source {
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
	return observer.Source{Name: "tracker", Spec: cxv1alpha1.SourceSpec{URL: server.URL + root}, HTTP: client, Today: today}
}

// names is a roadmap item that names a record.
func names(id string) observer.Target {
	return observer.Target{Object: &cxv1alpha1.RoadmapItem{
		ObjectMeta: metav1.ObjectMeta{Name: "item"},
		Spec: cxv1alpha1.RoadmapItemSpec{ExternalRef: &cxv1alpha1.TrackerReference{
			ExternalReference: cxv1alpha1.ExternalReference{System: "tracker", ID: id},
		}},
	}}
}

func reply200(t *testing.T, w http.ResponseWriter, value any) {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Error(err)
	}
	_, _ = w.Write(data)
}

func lookAt(t *testing.T, provider observer.Provider, source observer.Source, ids ...string) []observer.Result {
	t.Helper()
	targets := make([]observer.Target, len(ids))
	for n, id := range ids {
		targets[n] = names(id)
	}
	results := provider.Look(t.Context(), source, targets)
	if len(results) != len(targets) {
		t.Fatalf("got %d results of %d targets", len(results), len(targets))
	}
	return results
}

// wantWork compares what was seen, but for the address of the page where none is given.
func wantWork(t *testing.T, result observer.Result, want cxv1alpha1.Work) {
	t.Helper()
	if result.Problem != nil || result.Work == nil {
		t.Fatalf("got problem %v (%v)", result.Problem, result.Detail)
	}
	got := *result.Work
	if want.URL == "" {
		got.URL = ""
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// wantProblem looks for a problem, and that it says nothing that tenants must not read.
func wantProblem(t *testing.T, source observer.Source, result observer.Result, reason string) {
	t.Helper()
	if result.Problem == nil || result.Problem.Reason != reason || result.Work != nil {
		t.Fatalf("got problem %v and work %v, want %s", result.Problem, result.Work, reason)
	}
	address, err := url.Parse(source.Spec.URL)
	if err != nil {
		t.Fatal(err)
	}
	if message := string(result.Problem.Message); strings.Contains(message, "10.1.2.3") || strings.Contains(message, address.Host) {
		t.Errorf("the problem says where the source is: %s", message)
	}
}

// vendors are the providers, with the path of their API and the id of a record.
var vendors = map[string]struct {
	provider observer.Provider
	root, id string
}{
	"GitHub":           {NewGitHub(), "", "acme/claims#142"},
	"GitLab":           {GitLab{}, "/api/v4", "acme/sub/claims#142"},
	"Jira Cloud":       {Jira{}, "/rest/api/3", "CLM-142"},
	"Jira Data Center": {Jira{}, "/rest/api/2", "CLM-142"},
}

// TestFaults looks at trackers that are slow, refuse, or answer with something else.
func TestFaults(t *testing.T) {
	t.Parallel()
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(code)
			_, _ = fmt.Fprint(w, "an internal address, 10.1.2.3")
		}
	}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the client followed to another host") }))
	t.Cleanup(elsewhere.Close)
	faults := map[string]http.HandlerFunc{
		guard.ReasonTimedOut: func(_ http.ResponseWriter, r *http.Request) {
			// A server sees that the client has gone once it has read what it sent.
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		},
		guard.ReasonRedirected:   http.RedirectHandler(elsewhere.URL, http.StatusMovedPermanently).ServeHTTP,
		guard.ReasonRateLimited:  status(http.StatusTooManyRequests),
		guard.ReasonUnauthorized: status(http.StatusUnauthorized),
		guard.ReasonServerError:  status(http.StatusServiceUnavailable),
		guard.ReasonRefused:      status(http.StatusBadRequest),
		guard.ReasonBadAnswer:    func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<html>10.1.2.3") },
		guard.ReasonUnreachable:  func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		guard.ReasonTooLarge: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"data":%q}`, strings.Repeat("x", 2*testMaxBytes))
		},
		// An answer that says nothing is never work that is done.
		ReasonNotFound + "|" + ReasonStateUnknown: func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{}`) },
	}
	for vendor, v := range vendors {
		for reason, handler := range faults {
			t.Run(vendor+" "+reason, func(t *testing.T) {
				t.Parallel()
				source := serve(t, v.root, handler)
				result := lookAt(t, v.provider, source, v.id)[0]
				if result.Problem == nil || !strings.Contains(reason, result.Problem.Reason) {
					t.Fatalf("got %v, want %s", result.Problem, reason)
				}
				wantProblem(t, source, result, result.Problem.Reason)
				if waits := reason == guard.ReasonRateLimited || reason == guard.ReasonServerError; waits != (result.RetryAfter == 90*time.Second) {
					t.Errorf("waits for %s", result.RetryAfter)
				}
			})
		}
	}
}

// TestLeftAlone is about trackers that say only that they want to be left alone.
func TestLeftAlone(t *testing.T) {
	t.Parallel()
	for vendor, v := range vendors {
		source := serve(t, v.root, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) })
		if result := lookAt(t, v.provider, source, v.id)[0]; result.RetryAfter != time.Minute {
			t.Errorf("%s: waits for %s", vendor, result.RetryAfter)
		}
	}
}

// TestReferences looks at ids that are none of the tracker: nobody is asked about them.
func TestReferences(t *testing.T) {
	t.Parallel()
	for vendor, ids := range map[string][]string{
		"GitHub": {
			"", "142", "#142", "acme#142", "acme/claims", "acme/claims#", "acme/claims#0", "acme/claims#1x", "acme/../claims#1", "acme/..#1", "../x#1",
			"acme/claims/issues/142", "https://elsewhere.example/acme/claims/issues/142", "acme/claims?x#1", "acme/cl%2Faims#1", "http://%zz",
		},
		"GitLab": {
			"", "142", "acme#x", "/acme/claims#1", "acme//claims#1", "acme/../claims#1", "https://elsewhere.example/acme/claims/-/issues/1",
			`acme/cl"aims#1`, "acme/claims#01", strings.Repeat("a/", 30) + "a#1",
		},
		"Jira Cloud": {
			"", "142", "CLM", "CLM-", "CLM-0", "CLM-1 or 1=1", `CLM-1"`, "CLM-1/../2", "https://elsewhere.example/browse/CLM-1", "Ä-1", "1A-2",
		},
	} {
		v := vendors[vendor]
		source := serve(t, v.root, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s was asked for %s", vendor, r.URL) })
		for _, id := range ids {
			wantProblem(t, source, lookAt(t, v.provider, source, id)[0], ReasonBadReference)
		}
	}
}

// TestMeaning is about what administrators say that states mean, which goes first.
func TestMeaning(t *testing.T) {
	t.Parallel()
	overrides := []cxv1alpha1.StateOverride{
		{From: "IN REVIEW", To: cxv1alpha1.StateInProgress}, {From: "parked", To: cxv1alpha1.StateProposed}, {From: "Won't do", To: cxv1alpha1.StateCancelled},
	}
	for name, test := range map[string]struct {
		issue issue
		state cxv1alpha1.ItemState
		raw   cxv1alpha1.Title
	}{
		"category":             {issue{state: cxv1alpha1.StatePlanned, status: "Backlog"}, cxv1alpha1.StatePlanned, "Backlog"},
		"status":               {issue{state: cxv1alpha1.StateDone, status: "In Review"}, cxv1alpha1.StateInProgress, "In Review"},
		"no category":          {issue{status: "in review"}, cxv1alpha1.StateInProgress, "in review"},
		"label":                {issue{state: cxv1alpha1.StatePlanned, status: "open", labels: []string{"bug", "Parked"}}, cxv1alpha1.StateProposed, "open (Parked)"},
		"the first that fits":  {issue{status: "open", labels: []string{"parked", "in review"}}, cxv1alpha1.StateInProgress, "open (in review)"},
		"resolution":           {issue{state: cxv1alpha1.StateDone, status: "Closed", resolution: "Won't Do"}, cxv1alpha1.StateCancelled, "Closed (Won't Do)"},
		"the same word twice":  {issue{state: cxv1alpha1.StateDone, status: "Done", resolution: "done"}, cxv1alpha1.StateDone, "Done"},
		"hostile text":         {issue{state: cxv1alpha1.StatePlanned, status: "a\n\x1b\xffb"}, cxv1alpha1.StatePlanned, "a b"},
		"a text without end":   {issue{state: cxv1alpha1.StatePlanned, status: strings.Repeat("ä", 500)}, cxv1alpha1.StatePlanned, cxv1alpha1.Title(strings.Repeat("ä", 200))},
		"nothing to tell from": {issue{}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := observer.Source{Spec: cxv1alpha1.SourceSpec{URL: "https://tracker.example", StateOverrides: overrides}, Today: today}
			result := resultOf(source, names("x"), &test.issue)
			if test.state == "" {
				wantProblem(t, source, result, ReasonStateUnknown)
				return
			}
			want := cxv1alpha1.Work{State: test.state, RawState: test.raw}
			if test.state == cxv1alpha1.StateDone {
				want.FinishDate = today
			}
			wantWork(t, result, want)
		})
	}
}

// TestDays is about the days that a tracker tells, and those that it does not.
func TestDays(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 11, n, 23, 0, 0, 0, time.UTC) }
	known := &cxv1alpha1.Work{State: cxv1alpha1.StateDone, StartedDate: "2026-11-02", FinishDate: "2026-11-12"}
	for name, test := range map[string]struct {
		issue           issue
		known           *cxv1alpha1.Work
		started, finish cxv1alpha1.Date
	}{
		"all told":                 {issue{state: cxv1alpha1.StateDone, started: day(1), finished: day(10)}, known, "2026-11-01", "2026-11-10"},
		"first seen today":         {issue{state: cxv1alpha1.StateDone}, nil, "", today},
		"seen before":              {issue{state: cxv1alpha1.StateDone}, known, "2026-11-02", "2026-11-12"},
		"begun after the end":      {issue{state: cxv1alpha1.StateDone, started: day(20), finished: day(10)}, nil, "", "2026-11-10"},
		"under way":                {issue{state: cxv1alpha1.StateInProgress, finished: day(10)}, known, "2026-11-02", ""},
		"given up":                 {issue{state: cxv1alpha1.StateCancelled, started: day(1), finished: day(10)}, known, "", ""},
		"begun again":              {issue{state: cxv1alpha1.StateInProgress, started: day(15)}, known, "2026-11-15", ""},
		"the day of another place": {issue{state: cxv1alpha1.StateDone, finished: day(10).In(time.FixedZone("", 7200))}, nil, "", "2026-11-10"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := names("x")
			target.Known.Work = test.known
			wantWork(t, resultOf(observer.Source{Today: today}, target, &test.issue),
				cxv1alpha1.Work{State: test.issue.state, StartedDate: test.started, FinishDate: test.finish})
		})
	}
}
