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
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"k8s.io/utils/lru"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
)

// githubRemembered is the number of answers that are kept to ask whether they still hold. Each is some hundred bytes.
const githubRemembered = 4096

// GitHub asks GitHub for issues and pull requests, one a request: it tells by the ETag of the last answer whether anything is new, and such
// a question costs nothing of what GitHub allows. Its root is https://api.github.com, or https://HOST/api/v3 of a GitHub Enterprise Server.
type GitHub struct {
	seen *lru.Cache
}

// NewGitHub returns a Provider for GitHub.
func NewGitHub() *GitHub { return &GitHub{seen: lru.New(githubRemembered)} }

// BatchSize is one: an issue is a request.
func (*GitHub) BatchSize() int { return 1 }

// githubIssue is an issue of GitHub's API, or a pull request, which it gives as one.
type githubIssue struct {
	HTMLURL     string        `json:"html_url"`
	State       string        `json:"state"`
	StateReason string        `json:"state_reason"`
	Labels      []githubLabel `json:"labels"`
	Assignees   []struct{}    `json:"assignees"`
	CreatedAt   time.Time     `json:"created_at"`
	ClosedAt    time.Time     `json:"closed_at"`
	PullRequest *struct {
		MergedAt time.Time `json:"merged_at"`
	} `json:"pull_request"`
	SubIssues struct {
		Completed int `json:"completed"`
	} `json:"sub_issues_summary"`
}

// githubLabel is a label, of which GitHub's API gives the name alone in places.
type githubLabel struct{ Name string }

// UnmarshalJSON reads a label, whole or as a name.
func (l *githubLabel) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte(`"`)) {
		return json.Unmarshal(data, &l.Name)
	}
	var whole struct {
		Name string `json:"name"`
	}
	err := json.Unmarshal(data, &whole)
	l.Name = whole.Name
	return err
}

// githubSeen is an answer that GitHub can be asked about again.
type githubSeen struct {
	tag   string
	issue *issue
}

// Look asks for an issue.
func (g *GitHub) Look(ctx context.Context, source observer.Source, targets []observer.Target) []observer.Result {
	return []observer.Result{g.look(ctx, source, targets[0])}
}

func (g *GitHub) look(ctx context.Context, source observer.Source, target observer.Target) observer.Result {
	path, ok := githubPath(source.Spec.URL, idOf(target))
	if !ok {
		return badReference("acme/claims#142, or the address of the issue")
	}
	found, failed := g.ask(ctx, source, strings.TrimRight(source.Spec.URL, "/")+path)
	if failed != nil {
		return *failed
	}
	return resultOf(source, target, found)
}

func (g *GitHub) ask(ctx context.Context, source observer.Source, address string) (*issue, *observer.Result) {
	request, failed := observer.NewRequest(ctx, http.MethodGet, address, nil)
	if failed != nil {
		return nil, failed
	}
	request.Header.Set("Accept", "application/vnd.github+json")
	request.Header.Set("X-Github-Api-Version", "2022-11-28")
	// Sources with other credentials may see other issues, so each has answers of its own.
	key := source.Name + " " + address
	last := g.last(key)
	if last.tag != "" {
		request.Header.Set("If-None-Match", last.tag)
	}
	reply, failed := source.Send(request)
	if failed != nil {
		return nil, failed
	}
	switch reply.StatusCode {
	case http.StatusNotModified:
		if last.issue != nil {
			return last.issue, nil
		}
	case http.StatusNotFound, http.StatusGone:
		g.seen.Remove(key)
		return nil, new(notFound())
	}
	if failed := githubRefusal(reply); failed != nil {
		return nil, failed
	}
	var raw githubIssue
	if failed := decodeReply(reply, &raw); failed != nil {
		return nil, failed
	}
	found := raw.issue()
	g.seen.Add(key, githubSeen{reply.Header.Get("ETag"), found})
	return found, nil
}

func (g *GitHub) last(key string) githubSeen {
	value, _ := g.seen.Get(key)
	last, _ := value.(githubSeen)
	return last
}

// githubRefusal says what is wrong with an answer. GitHub says 403 to those who ask too much at a time, and only its text tells them from
// those who may not ask.
func githubRefusal(reply observer.Reply) *observer.Result {
	failed := refusal(reply)
	if failed != nil && reply.StatusCode == http.StatusForbidden && failed.RetryAfter == 0 &&
		bytes.Contains(bytes.ToLower(reply.Data), []byte("rate limit")) {
		reply.StatusCode = http.StatusTooManyRequests
		return refusal(reply)
	}
	return failed
}

// issue is what GitHub's words stand for. GitHub knows open and closed only, so an open issue is in progress when somebody has it, or has
// closed a part of it.
func (raw *githubIssue) issue() *issue {
	i := &issue{status: raw.State, resolution: raw.StateReason, url: raw.HTMLURL}
	for _, label := range raw.Labels {
		i.labels = append(i.labels, label.Name)
	}
	switch {
	case raw.PullRequest != nil:
		raw.pullRequest(i)
	case raw.State == "open" && (len(raw.Assignees) > 0 || raw.SubIssues.Completed > 0):
		i.state = cxv1alpha1.StateInProgress
	case raw.State == "open":
		i.state = cxv1alpha1.StatePlanned
	case raw.State == "closed" && (raw.StateReason == "not_planned" || raw.StateReason == "duplicate"):
		i.state = cxv1alpha1.StateCancelled
	case raw.State == "closed":
		i.state, i.finished = cxv1alpha1.StateDone, raw.ClosedAt
	}
	return i
}

// pullRequest is what the words for a pull request stand for.
func (raw *githubIssue) pullRequest(i *issue) {
	i.started = raw.CreatedAt
	switch {
	case !raw.PullRequest.MergedAt.IsZero():
		i.state, i.resolution, i.finished = cxv1alpha1.StateDone, "merged", raw.PullRequest.MergedAt
	case raw.State == "open":
		i.state = cxv1alpha1.StateInProgress
	case raw.State == "closed":
		i.state = cxv1alpha1.StateCancelled
	}
}

var (
	githubID   = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9_-]*)/([A-Za-z0-9._-]+)#([1-9][0-9]{0,17})$`)
	githubPage = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9_-]*)/([A-Za-z0-9._-]+)/(?:issues|pull)/([1-9][0-9]{0,17})$`)
)

// githubPath is the path of an issue in GitHub's API.
func githubPath(root, id string) (string, bool) {
	form := githubID
	if path, ok := pathIn(githubHost(root), id); ok {
		form, id = githubPage, path
	}
	match := form.FindStringSubmatch(id)
	if len(match) == 0 || match[2] == "." || match[2] == ".." {
		return "", false
	}
	return "/repos/" + match[1] + "/" + match[2] + "/issues/" + match[3], true
}

// githubHost is the host of the pages, by that of the API.
func githubHost(root string) string { return strings.TrimPrefix(hostOf(root), "api.") }

var _ observer.Provider = (*GitHub)(nil)
