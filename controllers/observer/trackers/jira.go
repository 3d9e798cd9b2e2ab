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
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

const (
	// jiraBatch is the number of issues in one look, and jiraPages the number of pages that they can be on.
	jiraBatch = 50
	jiraPages = jiraBatch

	jiraCloudAPI  = "/rest/api/3"
	jiraServerAPI = "/rest/api/2"
)

// jiraFields are the fields that tell the state of an issue.
var jiraFields = []string{"status", "resolution", "resolutiondate", "statuscategorychangedate", "labels"}

// Jira asks Jira for issues, many at a time: Jira Cloud (https://SITE.atlassian.net) by its version 3 of the API, and Jira Data Center by
// version 2. What Jira does not give among many it is asked for by itself: it finds issues that have moved by their former key.
type Jira struct{}

// BatchSize is the number of issues in one look.
func (Jira) BatchSize() int { return jiraBatch }

// jiraIssue is an issue of Jira's API.
type jiraIssue struct {
	Key    string `json:"key"`
	Self   string `json:"self"`
	Fields struct {
		Status struct {
			Name     string `json:"name"`
			Category struct {
				Key string `json:"key"`
			} `json:"statusCategory"`
		} `json:"status"`
		Resolution *struct {
			Name string `json:"name"`
		} `json:"resolution"`
		ResolutionDate  jiraTime `json:"resolutiondate"`
		CategoryChanged jiraTime `json:"statuscategorychangedate"`
		Labels          []string `json:"labels"`
	} `json:"fields"`
}

// jiraTime is a time as Jira writes it, 2026-11-20T23:30:00.000+0200; zero for null and for what is none.
type jiraTime time.Time

// UnmarshalText reads a time.
func (t *jiraTime) UnmarshalText(text []byte) error {
	for _, layout := range []string{"2006-01-02T15:04:05.999-0700", time.RFC3339Nano} {
		if parsed, err := time.Parse(layout, string(text)); err == nil {
			*t = jiraTime(parsed)
			break
		}
	}
	return nil
}

// Look asks for issues.
func (Jira) Look(ctx context.Context, source observer.Source, targets []observer.Target) []observer.Result {
	jira := newJira(source)
	keys := make([]string, len(targets))
	var wanted []string
	for n, target := range targets {
		keys[n] = jira.keyIn(idOf(target))
		if keys[n] != "" && !slices.Contains(wanted, keys[n]) {
			wanted = append(wanted, keys[n])
		}
	}
	found := jira.read(ctx, wanted)
	results := make([]observer.Result, len(targets))
	for n, target := range targets {
		answer, ok := found[keys[n]]
		switch {
		case keys[n] == "":
			results[n] = badReference("CLM-142")
		case !ok:
			results[n] = notFound()
		case answer.failed != nil:
			results[n] = *answer.failed
		default:
			results[n] = resultOf(source, target, answer.issue.issue())
		}
	}
	return results
}

// jira is one Jira.
type jira struct {
	source observer.Source
	// root of its API, and host of its pages; "" where that is not known.
	root, host string
	// cloud tells that it is Jira Cloud.
	cloud bool
}

// jiraAnswer is an issue, or why there is none.
type jiraAnswer struct {
	issue  *jiraIssue
	failed *observer.Result
}

func newJira(source observer.Source) jira {
	j := jira{source: source, root: strings.TrimRight(source.Spec.URL, "/"), host: hostOf(source.Spec.URL)}
	shared := j.host == "api.atlassian.com"
	j.cloud = shared || strings.HasSuffix(j.host, ".atlassian.net") || strings.HasSuffix(j.root, jiraCloudAPI)
	if shared {
		j.host = ""
	}
	switch {
	case strings.Contains(j.root, "/rest/api/"):
	case j.cloud:
		j.root += jiraCloudAPI
	default:
		j.root += jiraServerAPI
	}
	return j
}

// read reads issues: all together, and then each by itself that is not among them.
func (j jira) read(ctx context.Context, keys []string) map[string]jiraAnswer {
	found := map[string]jiraAnswer{}
	if len(keys) == 0 {
		return found
	}
	together, failed := j.together(ctx, keys)
	if failed != nil && (failed.Problem.Reason != guard.ReasonRefused || len(keys) == 1) {
		for _, key := range keys {
			found[key] = jiraAnswer{failed: failed}
		}
		return found
	}
	for n := range together {
		found[strings.ToUpper(together[n].Key)] = jiraAnswer{issue: &together[n]}
	}
	var stopped *observer.Result
	for _, key := range keys {
		switch _, ok := found[key]; {
		case ok:
		case stopped != nil:
			found[key] = jiraAnswer{failed: stopped}
		default:
			answer := j.alone(ctx, key)
			if answer.failed != nil && answer.failed.RetryAfter > 0 {
				stopped = answer.failed
			}
			found[key] = answer
		}
	}
	return found
}

// together asks for issues at once.
func (j jira) together(ctx context.Context, keys []string) ([]jiraIssue, *observer.Result) {
	if !j.cloud {
		return j.search(ctx, keys)
	}
	var answer struct {
		Issues []jiraIssue `json:"issues"`
	}
	failed := ask(ctx, j.source, http.MethodPost, j.root+"/issue/bulkfetch", map[string]any{"issueIdsOrKeys": keys, "fields": jiraFields}, &answer)
	return answer.Issues, failed
}

// search asks Jira Data Center, page by page.
func (j jira) search(ctx context.Context, keys []string) ([]jiraIssue, *observer.Result) {
	query := url.Values{
		"jql":    {`key in ("` + strings.Join(keys, `","`) + `") order by key`},
		"fields": {strings.Join(jiraFields, ",")}, "maxResults": {strconv.Itoa(jiraBatch)},
		// Else one key that is not there refuses them all.
		"validateQuery": {"false"},
	}
	var found []jiraIssue
	for range jiraPages {
		query.Set("startAt", strconv.Itoa(len(found)))
		var page struct {
			Total  int         `json:"total"`
			Issues []jiraIssue `json:"issues"`
		}
		if failed := ask(ctx, j.source, http.MethodGet, j.root+"/search?"+query.Encode(), nil, &page); failed != nil {
			return nil, failed
		}
		found = append(found, page.Issues...)
		if len(page.Issues) == 0 || len(found) >= page.Total {
			break
		}
	}
	return found, nil
}

// alone asks for one issue. Where it has moved, Jira answers with it under its new key.
func (j jira) alone(ctx context.Context, key string) jiraAnswer {
	request, failed := observer.NewRequest(ctx, http.MethodGet, j.root+"/issue/"+key+"?fields="+strings.Join(jiraFields, ","), nil)
	if failed != nil {
		return jiraAnswer{failed: failed}
	}
	reply, failed := j.source.Send(request)
	if failed != nil {
		return jiraAnswer{failed: failed}
	}
	if reply.StatusCode == http.StatusNotFound {
		return jiraAnswer{failed: new(notFound())}
	}
	if failed := refusal(reply); failed != nil {
		return jiraAnswer{failed: failed}
	}
	found := &jiraIssue{}
	if failed := decodeReply(reply, found); failed != nil {
		return jiraAnswer{failed: failed}
	}
	return jiraAnswer{issue: found}
}

// jiraCancelled are the resolutions, in small letters, with which Jira's own schemes say that work was given up. Jira has no category for that.
var jiraCancelled = []string{
	"won't do", "won't fix", "wont do", "wont fix", "duplicate", "declined", "cancelled", "canceled", "cannot reproduce", "incomplete", "rejected",
	"abandoned", "obsolete", "invalid",
}

// issue is what Jira's words stand for: the category of the status, and for what is done, whether its resolution says that it was given up.
func (raw *jiraIssue) issue() *issue {
	fields := &raw.Fields
	i := &issue{status: fields.Status.Name, labels: fields.Labels, url: raw.page()}
	if fields.Resolution != nil {
		i.resolution = fields.Resolution.Name
	}
	switch fields.Status.Category.Key {
	case "new", "undefined":
		i.state = cxv1alpha1.StatePlanned
	case "indeterminate":
		i.state, i.started = cxv1alpha1.StateInProgress, time.Time(fields.CategoryChanged)
	case "done":
		i.state, i.finished = cxv1alpha1.StateDone, time.Time(fields.ResolutionDate)
		if i.finished.IsZero() {
			i.finished = time.Time(fields.CategoryChanged)
		}
		if slices.Contains(jiraCancelled, strings.ToLower(strings.ReplaceAll(i.resolution, "’", "'"))) {
			i.state = cxv1alpha1.StateCancelled
		}
	}
	return i
}

// page is where people can open the issue; "" where its address does not tell.
func (raw *jiraIssue) page() string {
	site, _, ok := strings.Cut(raw.Self, "/rest/api/")
	if !ok || strings.HasPrefix(site, "https://api.atlassian.com/") {
		return ""
	}
	return site + "/browse/" + raw.Key
}

var (
	jiraKey  = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,63}-[1-9]\d{0,17}$`)
	jiraPage = regexp.MustCompile(`(?:^|/)browse/([^/]+)$`)
)

// keyIn is the key of the issue that an id names; "" where it names none.
func (j jira) keyIn(id string) string {
	if path, ok := pathIn(j.host, id); ok {
		match := jiraPage.FindStringSubmatch(path)
		if match == nil {
			return ""
		}
		id = match[1]
	}
	id = strings.ToUpper(id)
	if !jiraKey.MatchString(id) {
		return ""
	}
	return id
}

var _ observer.Provider = Jira{}
