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
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

// gitlabFake is a GitLab with the work items of some projects, by path and number.
type gitlabFake struct {
	t     *testing.T
	items map[string]map[string]object
	// pageSize is the number of items on a page; 0 means that all are on one.
	pageSize int
	// free tells that it is a GitLab that does not know a status of work items.
	free bool
	// asked are the paths that were asked for.
	asked []string
}

func (f *gitlabFake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil || r.Method != http.MethodPost || r.URL.Path != "/api/graphql" {
		f.t.Errorf("asked with %s %s: %v", r.Method, r.URL, err)
	}
	var question struct {
		Query     string `json:"query"`
		Variables struct {
			Path  string   `json:"path"`
			IIDs  []string `json:"iids"`
			After string   `json:"after"`
		} `json:"variables"`
	}
	if err := json.Unmarshal(data, &question); err != nil {
		f.t.Error(err)
	}
	if f.free && strings.Contains(question.Query, "WorkItemWidgetStatus") {
		reply200(f.t, w, object{"errors": []object{{"message": "No such type WorkItemWidgetStatus, so it can't be a fragment condition"}}})
		return
	}
	f.asked = append(f.asked, question.Variables.Path)
	items, ok := f.items[question.Variables.Path]
	if !ok {
		reply200(f.t, w, object{"data": object{"namespace": nil}})
		return
	}
	slices.Sort(question.Variables.IIDs)
	nodes := []object{}
	for _, iid := range question.Variables.IIDs {
		if item, ok := items[iid]; ok && iid > question.Variables.After {
			nodes = append(nodes, with(item, object{"iid": iid}))
		}
	}
	page := recorded(f.t, "gitlab", "pageInfo")
	page["hasNextPage"] = f.pageSize > 0 && len(nodes) > f.pageSize
	if page["hasNextPage"] == true {
		nodes = nodes[:f.pageSize]
	}
	if len(nodes) > 0 {
		page["endCursor"] = nodes[len(nodes)-1]["iid"]
	}
	reply200(f.t, w, object{"data": object{"namespace": object{"workItems": object{"nodes": nodes, "pageInfo": page}}}})
}

func status(name, category string) object {
	return object{"status": object{"name": name, "category": category}}
}

var assigned = object{"assignees": object{"nodes": []object{{"id": "gid://gitlab/User/1"}}}}

// TestGitLabStates looks at all that GitLab says of a work item.
func TestGitLabStates(t *testing.T) {
	t.Parallel()
	open := recorded(t, "gitlab", "workItem")
	closed := with(open, object{"state": "CLOSED", "closedAt": "2026-11-20T12:00:00Z"})
	widgets := func(o object, widgets ...object) object { return with(o, object{"widgets": widgets}) }
	nobody := object{"assignees": object{"nodes": []object{}}}
	for name, test := range map[string]struct {
		answer object
		want   cxv1alpha1.Work
	}{
		"open": {open, cxv1alpha1.Work{
			State: cxv1alpha1.StatePlanned, RawState: "open", URL: "https://gitlab.com/gitlab-com/gl-infra/platform/runway/team/-/work_items/756",
		}},
		"nobody's":         {widgets(open, nobody, object{}), cxv1alpha1.Work{State: cxv1alpha1.StatePlanned, RawState: "open"}},
		"somebody's":       {widgets(open, assigned), cxv1alpha1.Work{State: cxv1alpha1.StateInProgress, RawState: "open"}},
		"triage":           {widgets(open, assigned, status("New", "TRIAGE")), cxv1alpha1.Work{State: cxv1alpha1.StateProposed, RawState: "open (New)"}},
		"to do":            {widgets(open, assigned, status("Sprint 5", "TO_DO")), cxv1alpha1.Work{State: cxv1alpha1.StatePlanned, RawState: "open (Sprint 5)"}},
		"in progress":      {widgets(open, status("Done?", "IN_PROGRESS")), cxv1alpha1.Work{State: cxv1alpha1.StateInProgress, RawState: "open (Done?)"}},
		"open but done":    {widgets(open, status("Done", "DONE")), cxv1alpha1.Work{State: cxv1alpha1.StatePlanned, RawState: "open (Done)"}},
		"closed":           {closed, cxv1alpha1.Work{State: cxv1alpha1.StateDone, RawState: "closed", FinishDate: "2026-11-20"}},
		"done":             {widgets(closed, status("Shipped", "DONE")), cxv1alpha1.Work{State: cxv1alpha1.StateDone, RawState: "closed (Shipped)", FinishDate: "2026-11-20"}},
		"cancelled":        {widgets(closed, status("Won't do", "CANCELED")), cxv1alpha1.Work{State: cxv1alpha1.StateCancelled, RawState: "closed (Won't do)"}},
		"duplicate":        {with(closed, object{"duplicatedToWorkItemUrl": "https://gitlab.com/a/b/-/work_items/1"}), cxv1alpha1.Work{State: cxv1alpha1.StateCancelled, RawState: "closed (duplicate)"}},
		"a label":          {widgets(open, object{"labels": object{"nodes": []object{{"title": "On Hold"}}}}), cxv1alpha1.Work{State: cxv1alpha1.StateProposed, RawState: "open (On Hold)"}},
		"a status to them": {widgets(closed, status("On hold", "DONE")), cxv1alpha1.Work{State: cxv1alpha1.StateProposed, RawState: "closed (On hold)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, free := range []bool{false, true} {
				if _, has := test.answer["widgets"]; free && has {
					continue
				}
				fake := &gitlabFake{t: t, free: free, items: map[string]map[string]object{"acme/sub/claims": {"34": test.answer}}}
				source := serve(t, "/api/v4", fake.ServeHTTP)
				source.Spec.StateOverrides = []cxv1alpha1.StateOverride{{From: "on hold", To: cxv1alpha1.StateProposed}}
				page := strings.TrimSuffix(source.Spec.URL, "/api/v4") + "/acme/sub/claims/-/issues/34"
				for _, result := range lookAt(t, GitLab{}, source, "Acme/sub/claims#34", page) {
					wantWork(t, result, test.want)
				}
				if len(fake.asked) != 1 {
					t.Errorf("asked %d times, want once for both", len(fake.asked))
				}
			}
		})
	}
}

// TestGitLabBatch asks for many work items of several projects at once, over several pages, of which some are not there.
func TestGitLabBatch(t *testing.T) {
	t.Parallel()
	item := recorded(t, "gitlab", "workItem")
	fake := &gitlabFake{t: t, pageSize: 2, items: map[string]map[string]object{
		"acme/claims": {"1": item, "2": with(item, object{"state": "CLOSED", "closedAt": nil}), "3": item, "4": item, "5": item},
		"acme/web":    {"1": item},
	}}
	source := serve(t, "", fake.ServeHTTP)
	results := lookAt(t, GitLab{}, source, "acme/claims#1", "acme/hidden#1", "acme/claims#2", "x", "acme/claims#3", "acme/claims#4", "acme/claims#9",
		"acme/web#1", "acme/claims#5", "acme/claims#1")
	for n, want := range []string{"Planned", ReasonNotFound, "Done", ReasonBadReference, "Planned", "Planned", ReasonNotFound, "Planned", "Planned", "Planned"} {
		got := ""
		if results[n].Work != nil {
			got = string(results[n].Work.State)
		}
		if results[n].Problem != nil {
			got += results[n].Problem.Reason
		}
		if got != want {
			t.Errorf("target %d: got %s, want %s", n, got, want)
		}
	}
	if results[2].Work.FinishDate != today {
		t.Errorf("finished on %s", results[2].Work.FinishDate)
	}
	slices.Sort(fake.asked)
	// Five items are on three pages of two.
	if want := []string{"acme/claims", "acme/claims", "acme/claims", "acme/hidden", "acme/web"}; !slices.Equal(fake.asked, want) {
		t.Errorf("asked for %v, want %v", fake.asked, want)
	}
}

// TestGitLabMoved follows work items to other projects of the same GitLab, and nowhere else: the closed one that is left is no work that is done.
func TestGitLabMoved(t *testing.T) {
	t.Parallel()
	fake := &gitlabFake{t: t}
	source := serve(t, "/api/v4", fake.ServeHTTP)
	site := strings.TrimSuffix(source.Spec.URL, "/api/v4")
	item := recorded(t, "gitlab", "workItem")
	to := func(address string) object {
		return with(item, object{"state": "CLOSED", "movedToWorkItemUrl": address})
	}
	fake.items = map[string]map[string]object{
		"a/a": {
			"1": to(site + "/b/b/-/work_items/1"), "2": to("https://elsewhere.example/b/b/-/issues/1"), "3": to(site + "/a/a/-/issues/3"),
			"4": to(site + "/b/b/-/issues/9"), "5": to(site + "/c/c/-/issues/1"),
		},
		"b/b": {"1": to(site + "/groups/c/-/epics/2")},
		"c":   {"2": with(item, object{"widgets": []object{assigned}})},
	}
	results := lookAt(t, GitLab{}, source, "a/a#1", "a/a#2", "a/a#3", "a/a#4", "a/a#5")
	wantWork(t, results[0], cxv1alpha1.Work{State: cxv1alpha1.StateInProgress, RawState: "open"})
	wantProblem(t, source, results[1], ReasonMoved)
	wantProblem(t, source, results[2], ReasonMoved)
	wantProblem(t, source, results[3], ReasonNotFound)
	wantProblem(t, source, results[4], ReasonNotFound)
}

// TestGitLabLeavesAlone asks nothing more once GitLab has asked for that.
func TestGitLabLeavesAlone(t *testing.T) {
	t.Parallel()
	asked := 0
	source := serve(t, "", func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	for _, result := range lookAt(t, GitLab{}, source, "a/a#1", "b/b#1", "c/c#1") {
		wantProblem(t, source, result, guard.ReasonRateLimited)
		if result.RetryAfter != 30*time.Second {
			t.Errorf("waits for %s", result.RetryAfter)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

// TestGitLabTooOld is about a GitLab that does not know the question at all.
func TestGitLabTooOld(t *testing.T) {
	t.Parallel()
	source := serve(t, "", func(w http.ResponseWriter, _ *http.Request) {
		reply200(t, w, object{"errors": []object{{"message": "Field 'movedToWorkItemUrl' doesn't exist on type 'WorkItem'"}}})
	})
	wantProblem(t, source, lookAt(t, GitLab{}, source, "a/a#1")[0], guard.ReasonRefused)
}
