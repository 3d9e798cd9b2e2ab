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
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

// jiraFake is a Jira, in the Cloud (version 3 of the API) or in a data center (version 2).
type jiraFake struct {
	t *testing.T
	// issues by key, and the former keys of those that have moved.
	issues map[string]object
	former map[string]string
	// pageSize is the number of issues on a page; 0 means that all are on one.
	pageSize int
	asked    []string
}

func (f *jiraFake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.asked = append(f.asked, r.Method+" "+r.URL.Path)
	several := map[string]func(http.ResponseWriter, *http.Request){"/rest/api/3/issue/bulkfetch": f.bulkfetch, "/rest/api/2/search": f.search}
	if answer, ok := several[r.URL.Path]; ok {
		answer(w, r)
		return
	}
	key := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	if now, ok := f.former[key]; ok {
		key = now
	}
	if issue, ok := f.issues[key]; ok {
		conforms(f.t, "jira", "issue", issue)
		reply200(f.t, w, issue)
		return
	}
	fault := object{"errorMessages": []string{"Issue does not exist or you do not have permission to see it."}, "errors": object{}}
	conforms(f.t, "jira", "error", fault)
	w.WriteHeader(http.StatusNotFound)
	reply200(f.t, w, fault)
}

func (f *jiraFake) bulkfetch(w http.ResponseWriter, r *http.Request) {
	var question struct {
		Keys   []string `json:"issueIdsOrKeys"`
		Fields []string `json:"fields"`
	}
	if err := json.NewDecoder(r.Body).Decode(&question); err != nil || r.Method != http.MethodPost || len(question.Fields) == 0 {
		f.t.Errorf("asked with %s %v: %v", r.Method, question, err)
	}
	issues := []object{}
	for _, key := range question.Keys {
		if now, ok := f.former[key]; ok {
			key = now
		}
		if issue, ok := f.issues[key]; ok {
			issues = append(issues, issue)
		}
	}
	reply200(f.t, w, object{"issues": issues, "issueErrors": []object{}})
}

var quotedKey = regexp.MustCompile(`"([^"]+)"`)

func (f *jiraFake) search(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if r.Method != http.MethodGet || query.Get("validateQuery") != "false" {
		f.t.Errorf("asked with %s %s", r.Method, r.URL)
	}
	issues := []object{}
	for _, match := range quotedKey.FindAllStringSubmatch(query.Get("jql"), -1) {
		if issue, ok := f.issues[match[1]]; ok {
			issues = append(issues, issue)
		}
	}
	total := len(issues)
	start, err := strconv.Atoi(query.Get("startAt"))
	if err != nil {
		f.t.Error(err)
	}
	issues = issues[min(start, total):]
	if f.pageSize > 0 {
		issues = issues[:min(f.pageSize, len(issues))]
	}
	answer := object{"startAt": start, "maxResults": max(f.pageSize, 1), "total": total, "issues": issues}
	conforms(f.t, "jira", "search", answer)
	reply200(f.t, w, answer)
}

// jiraIssueOf is an issue as Jira gives it, in a category.
func jiraIssueOf(t *testing.T, key, status, category string, fields object) object {
	t.Helper()
	issue := recorded(t, "jira", "example")
	all, _ := issue["fields"].(object)
	state, _ := all["status"].(object)
	group, _ := state["statusCategory"].(object)
	state["name"], group["key"] = status, category
	return with(issue, object{"key": key, "fields": with(all, fields)})
}

var jiraRoots = map[string]string{"Cloud": "/rest/api/3", "Data Center": "/rest/api/2"}

// TestJiraStates looks at all that Jira says of an issue.
func TestJiraStates(t *testing.T) {
	t.Parallel()
	changed := object{"statuscategorychangedate": "2026-11-10T23:30:00.000-0500", "resolution": nil, "resolutiondate": nil}
	resolved := func(name string) object {
		return with(changed, object{"resolution": object{"name": name, "self": "https://your-domain.atlassian.net/rest/api/3/resolution/1"}, "resolutiondate": "2026-11-09T12:00:00.000+0000"})
	}
	for name, test := range map[string]struct {
		status, category string
		fields           object
		want             cxv1alpha1.Work
	}{
		"to do":           {"Done soon", "new", changed, cxv1alpha1.Work{State: cxv1alpha1.StatePlanned, RawState: "Done soon", URL: "https://your-domain.atlassian.net/browse/CLM-142"}},
		"in progress":     {"Fertig?", "indeterminate", changed, cxv1alpha1.Work{State: cxv1alpha1.StateInProgress, RawState: "Fertig?", StartedDate: "2026-11-11"}},
		"no date":         {"Doing", "indeterminate", nil, cxv1alpha1.Work{State: cxv1alpha1.StateInProgress, RawState: "Doing"}},
		"no category":     {"Odd", "undefined", changed, cxv1alpha1.Work{State: cxv1alpha1.StatePlanned, RawState: "Odd"}},
		"done":            {"Geschlossen", "done", resolved("Done"), cxv1alpha1.Work{State: cxv1alpha1.StateDone, RawState: "Geschlossen (Done)", FinishDate: "2026-11-09"}},
		"not resolved":    {"Closed", "done", changed, cxv1alpha1.Work{State: cxv1alpha1.StateDone, RawState: "Closed", FinishDate: "2026-11-11"}},
		"done, no date":   {"Closed", "done", nil, cxv1alpha1.Work{State: cxv1alpha1.StateDone, RawState: "Closed", FinishDate: today}},
		"a date of sorts": {"Closed", "done", object{"resolutiondate": "soon"}, cxv1alpha1.Work{State: cxv1alpha1.StateDone, RawState: "Closed", FinishDate: today}},
		"won't do":        {"Done", "done", resolved("Won't Do"), cxv1alpha1.Work{State: cxv1alpha1.StateCancelled, RawState: "Done (Won't Do)"}},
		"duplicate":       {"Done", "done", resolved("duplicate"), cxv1alpha1.Work{State: cxv1alpha1.StateCancelled, RawState: "Done (duplicate)"}},
		"resolved, open":  {"Reopened", "new", resolved("Won't Do"), cxv1alpha1.Work{State: cxv1alpha1.StatePlanned, RawState: "Reopened (Won't Do)"}},
		"a label":         {"To Do", "new", object{"labels": []string{"on-hold"}}, cxv1alpha1.Work{State: cxv1alpha1.StateProposed, RawState: "To Do (on-hold)"}},
		"their own state": {"Parked", "done", resolved("Done"), cxv1alpha1.Work{State: cxv1alpha1.StateProposed, RawState: "Parked (Done)"}},
		"their own word":  {"Closed", "done", resolved("Verworfen"), cxv1alpha1.Work{State: cxv1alpha1.StateCancelled, RawState: "Closed (Verworfen)"}},
	} {
		for kind, root := range jiraRoots {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				fake := &jiraFake{t: t, issues: map[string]object{"CLM-142": jiraIssueOf(t, "CLM-142", test.status, test.category, test.fields)}}
				source := serve(t, root, fake.ServeHTTP)
				source.Spec.StateOverrides = []cxv1alpha1.StateOverride{
					{From: "parked", To: cxv1alpha1.StateProposed}, {From: "on-hold", To: cxv1alpha1.StateProposed}, {From: "verworfen", To: cxv1alpha1.StateCancelled},
				}
				page := strings.TrimSuffix(source.Spec.URL, root) + "/browse/CLM-142"
				for _, result := range lookAt(t, Jira{}, source, "clm-142", page) {
					wantWork(t, result, test.want)
				}
				if len(fake.asked) != 1 {
					t.Errorf("asked %v, want once for both", fake.asked)
				}
			})
		}
	}
}

// TestJiraCategoryUnknown is about a category that Jira does not have today: nobody guesses.
func TestJiraCategoryUnknown(t *testing.T) {
	t.Parallel()
	fake := &jiraFake{t: t, issues: map[string]object{"CLM-1": jiraIssueOf(t, "CLM-1", "Done", "completed", nil)}}
	source := serve(t, "/rest/api/3", fake.ServeHTTP)
	wantProblem(t, source, lookAt(t, Jira{}, source, "CLM-1")[0], ReasonStateUnknown)
}

// TestJiraBatch asks for many issues at once, of which some are not there, and one has moved.
func TestJiraBatch(t *testing.T) {
	t.Parallel()
	for kind, root := range jiraRoots {
		for _, refuses := range []bool{false, true} {
			t.Run(kind, func(t *testing.T) {
				t.Parallel()
				fake := &jiraFake{t: t, pageSize: 2, issues: map[string]object{}, former: map[string]string{"OLD-7": "CLM-3"}}
				var ids []string
				for n := range 4 {
					key := "CLM-" + strconv.Itoa(n+1)
					fake.issues[key] = jiraIssueOf(t, key, "Doing", "indeterminate", nil)
					ids = append(ids, key)
				}
				handler := fake.ServeHTTP
				if refuses {
					// One question for all is refused: each is asked for by itself, so that nobody's wrong id stands in the way of others.
					handler = func(w http.ResponseWriter, r *http.Request) {
						if strings.HasSuffix(r.URL.Path, "/search") || r.Method == http.MethodPost {
							w.WriteHeader(http.StatusBadRequest)
							return
						}
						fake.ServeHTTP(w, r)
					}
				}
				source := serve(t, root, handler)
				results := lookAt(t, Jira{}, source, append(ids, "OLD-7", "CLM-99", "no key")...)
				for _, result := range results[:5] {
					wantWork(t, result, cxv1alpha1.Work{State: cxv1alpha1.StateInProgress, RawState: "Doing"})
				}
				if got := results[4].Work.URL; !strings.HasSuffix(got, "/browse/CLM-3") {
					t.Errorf("the issue that has moved is at %s", got)
				}
				wantProblem(t, source, results[5], ReasonNotFound)
				wantProblem(t, source, results[6], ReasonBadReference)
				alone := slices.DeleteFunc(slices.Clone(fake.asked), func(asked string) bool { return !strings.Contains(asked, "-") })
				if !refuses && len(alone) != 2 {
					t.Errorf("asked %v, want only the missing ones alone", fake.asked)
				}
			})
		}
	}
}

// TestJiraLeavesAlone asks nothing more once Jira has asked for that, also amid a look.
func TestJiraLeavesAlone(t *testing.T) {
	t.Parallel()
	fake := &jiraFake{t: t, issues: map[string]object{"CLM-1": jiraIssueOf(t, "CLM-1", "Doing", "indeterminate", nil)}}
	alone := 0
	source := serve(t, "/rest/api/3", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			alone++
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		fake.ServeHTTP(w, r)
	})
	results := lookAt(t, Jira{}, source, "CLM-1", "CLM-2", "CLM-3")
	wantWork(t, results[0], cxv1alpha1.Work{State: cxv1alpha1.StateInProgress, RawState: "Doing"})
	wantProblem(t, source, results[1], guard.ReasonRateLimited)
	wantProblem(t, source, results[2], guard.ReasonRateLimited)
	if alone != 1 {
		t.Errorf("asked for %d alone", alone)
	}
}

// TestJiraRoots is about the addresses that administrators write.
func TestJiraRoots(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]jira{
		"https://acme.atlassian.net":                   {root: "https://acme.atlassian.net/rest/api/3", host: "acme.atlassian.net", cloud: true},
		"https://acme.atlassian.net/rest/api/3/":       {root: "https://acme.atlassian.net/rest/api/3", host: "acme.atlassian.net", cloud: true},
		"https://api.atlassian.com/ex/jira/11-22":      {root: "https://api.atlassian.com/ex/jira/11-22/rest/api/3", cloud: true},
		"https://jira.example.com":                     {root: "https://jira.example.com/rest/api/2", host: "jira.example.com"},
		"https://example.com/jira/rest/api/2":          {root: "https://example.com/jira/rest/api/2", host: "example.com"},
		"https://atlassian.net.example.com/rest/api/2": {root: "https://atlassian.net.example.com/rest/api/2", host: "atlassian.net.example.com"},
	} {
		got := newJira(observer.Source{Spec: cxv1alpha1.SourceSpec{URL: address}})
		if got.root != want.root || got.host != want.host || got.cloud != want.cloud {
			t.Errorf("%s: got %s %q %t", address, got.root, got.host, got.cloud)
		}
		if _, err := url.Parse(got.root); err != nil {
			t.Error(err)
		}
	}
}
