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
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

// TestGitHubStates looks at all that GitHub says of an issue or a pull request.
func TestGitHubStates(t *testing.T) {
	t.Parallel()
	pull := recorded(t, "github", "example")
	open := with(pull, object{"state_reason": nil, "assignees": []object{}})
	delete(open, "pull_request")
	closed := with(open, object{"state": "closed", "closed_at": "2026-11-20T12:00:00Z"})
	request, _ := pull["pull_request"].(object)
	for name, test := range map[string]struct {
		answer object
		want   cxv1alpha1.Work
	}{
		"open":          {open, cxv1alpha1.Work{State: cxv1alpha1.StatePlanned, RawState: "open", URL: "https://github.com/octocat/Hello-World/issues/1347"}},
		"open again":    {with(open, object{"state_reason": "reopened"}), cxv1alpha1.Work{State: cxv1alpha1.StatePlanned, RawState: "open (reopened)"}},
		"somebody's":    {with(open, object{"assignees": []object{{"login": "octocat", "id": 1}}}), cxv1alpha1.Work{State: cxv1alpha1.StateInProgress, RawState: "open"}},
		"done in parts": {with(open, object{"sub_issues_summary": object{"total": 4, "completed": 1, "percent_completed": 25}}), cxv1alpha1.Work{State: cxv1alpha1.StateInProgress, RawState: "open"}},
		"not begun":     {with(open, object{"sub_issues_summary": object{"total": 4, "completed": 0, "percent_completed": 0}}), cxv1alpha1.Work{State: cxv1alpha1.StatePlanned, RawState: "open"}},
		"a label":       {with(open, object{"labels": []any{"bug", object{"name": "On Hold"}}}), cxv1alpha1.Work{State: cxv1alpha1.StateProposed, RawState: "open (On Hold)"}},
		"completed":     {with(closed, object{"state_reason": "completed"}), cxv1alpha1.Work{State: cxv1alpha1.StateDone, RawState: "closed (completed)", FinishDate: "2026-11-20"}},
		"closed":        {closed, cxv1alpha1.Work{State: cxv1alpha1.StateDone, RawState: "closed", FinishDate: "2026-11-20"}},
		"not planned":   {with(closed, object{"state_reason": "not_planned"}), cxv1alpha1.Work{State: cxv1alpha1.StateCancelled, RawState: "closed (not_planned)"}},
		"duplicate":     {with(closed, object{"state_reason": "duplicate"}), cxv1alpha1.Work{State: cxv1alpha1.StateCancelled, RawState: "closed (duplicate)"}},
		"pull request":  {with(pull, object{"state_reason": nil}), cxv1alpha1.Work{State: cxv1alpha1.StateInProgress, RawState: "open", StartedDate: "2011-04-22"}},
		"merged": {
			with(closed, object{"pull_request": with(request, object{"merged_at": "2026-11-19T12:00:00Z"})}),
			cxv1alpha1.Work{State: cxv1alpha1.StateDone, RawState: "closed (merged)", StartedDate: "2011-04-22", FinishDate: "2026-11-19"},
		},
		"closed unmerged": {with(closed, object{"pull_request": request}), cxv1alpha1.Work{State: cxv1alpha1.StateCancelled, RawState: "closed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conforms(t, "github", "schema", test.answer)
			source := serve(t, "", func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/repos/octocat/Hello-World/issues/1347" || r.Method != http.MethodGet {
					t.Errorf("asked with %s %s", r.Method, r.URL)
				}
				reply200(t, w, test.answer)
			})
			source.Spec.StateOverrides = []cxv1alpha1.StateOverride{{From: "on hold", To: cxv1alpha1.StateProposed}}
			for _, id := range []string{"octocat/Hello-World#1347", "http://" + githubHost(source.Spec.URL) + "/octocat/Hello-World/issues/1347"} {
				wantWork(t, lookAt(t, NewGitHub(), source, id)[0], test.want)
			}
		})
	}
}

// TestGitHubRemembers is about answers that still hold: GitHub says so in a few bytes.
func TestGitHubRemembers(t *testing.T) {
	t.Parallel()
	open := recorded(t, "github", "example")
	answer := with(open, object{"assignees": []object{}, "state_reason": nil})
	delete(answer, "pull_request")
	tag, whole := `"1"`, 0
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		whole++
		w.Header().Set("ETag", tag)
		reply200(t, w, answer)
	}
	source := serve(t, "", func(w http.ResponseWriter, r *http.Request) { handler(w, r) })
	github := NewGitHub()
	want := func(state cxv1alpha1.ItemState, asked int) {
		t.Helper()
		if got := lookAt(t, github, source, "acme/claims#1")[0]; got.Work == nil || got.Work.State != state || whole != asked {
			t.Fatalf("got %v %v after %d whole answers, want %s after %d", got.Work, got.Problem, whole, state, asked)
		}
	}
	want(cxv1alpha1.StatePlanned, 1)
	want(cxv1alpha1.StatePlanned, 1)
	// What administrators say meanwhile counts at once.
	source.Spec.StateOverrides = []cxv1alpha1.StateOverride{{From: "open", To: cxv1alpha1.StateProposed}}
	want(cxv1alpha1.StateProposed, 1)
	// Another source has credentials of its own.
	source.Name = "other"
	want(cxv1alpha1.StateProposed, 2)
	tag, answer["state"] = `"2"`, "closed"
	want(cxv1alpha1.StateDone, 3)
	// An issue that is not there any more is no work that is done.
	handler = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }
	wantProblem(t, source, lookAt(t, github, source, "acme/claims#1")[0], ReasonNotFound)
	handler = func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" {
			t.Error("asks whether an answer holds that was taken back")
		}
		w.WriteHeader(http.StatusNotFound)
	}
	wantProblem(t, source, lookAt(t, github, source, "acme/claims#1")[0], ReasonNotFound)
}

// TestGitHubMoved follows an issue to another repository, on the same host.
func TestGitHubMoved(t *testing.T) {
	t.Parallel()
	source := serve(t, "/api/v3", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v3/repos/acme/claims/issues/1" {
			http.Redirect(w, r, "/api/v3/repositories/1300192/issues/7", http.StatusMovedPermanently)
			return
		}
		reply200(t, w, with(recorded(t, "github", "example"), object{"state": "open"}))
	})
	if got := lookAt(t, NewGitHub(), source, "acme/claims#1")[0]; got.Work == nil || got.Work.State != cxv1alpha1.StateInProgress {
		t.Errorf("got %v %v", got.Work, got.Problem)
	}
}

// TestGitHubRefuses is about answers with 403, which has several meanings, and about a token that changes.
func TestGitHubRefuses(t *testing.T) {
	t.Parallel()
	limited := object{"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", "documentation_url": "https://docs.github.com"}
	forbidden := object{"message": "Resource not accessible by personal access token", "documentation_url": "https://docs.github.com", "status": "403"}
	conforms(t, "github", "error", limited)
	conforms(t, "github", "error", forbidden)
	for name, test := range map[string]struct {
		header map[string]string
		answer object
		reason string
		wait   time.Duration
	}{
		"secondary limit":             {nil, limited, guard.ReasonRateLimited, time.Minute},
		"secondary limit with a time": {map[string]string{"Retry-After": "120"}, limited, guard.ReasonRateLimited, 2 * time.Minute},
		"primary limit":               {map[string]string{"X-Ratelimit-Remaining": "0", "X-Ratelimit-Reset": "99999999999"}, limited, guard.ReasonRateLimited, 24 * time.Hour},
		"not allowed":                 {nil, forbidden, guard.ReasonUnauthorized, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var allowed atomic.Bool
			source := serve(t, "", func(w http.ResponseWriter, _ *http.Request) {
				if allowed.Load() {
					reply200(t, w, recorded(t, "github", "example"))
					return
				}
				for key, value := range test.header {
					w.Header().Set(key, value)
				}
				w.WriteHeader(http.StatusForbidden)
				reply200(t, w, test.answer)
			})
			github := NewGitHub()
			result := lookAt(t, github, source, "acme/claims#1")[0]
			wantProblem(t, source, result, test.reason)
			if result.RetryAfter != test.wait {
				t.Errorf("waits for %s, want %s", result.RetryAfter, test.wait)
			}
			allowed.Store(true)
			if result := lookAt(t, github, source, "acme/claims#1")[0]; result.Work == nil {
				t.Errorf("got %v with a token that may", result.Problem)
			}
		})
	}
}
