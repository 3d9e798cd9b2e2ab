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
	"cmp"
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

const (
	// gitlabBatch is the number of work items in one look, and gitlabPages the number of pages that they can be on.
	gitlabBatch = 50
	gitlabPages = gitlabBatch
)

// GitLab asks GitLab for work items (issues, tasks, epics) by its GraphQL API, which alone tells the category of a status and where an item
// has moved to: those of one project at a time. Its root is https://gitlab.com/api/v4, or that of another GitLab; it must be 17.8 or later.
type GitLab struct{}

// BatchSize is the number of work items in one look.
func (GitLab) BatchSize() int { return gitlabBatch }

// gitlabRef names a work item.
type gitlabRef struct{ path, iid string }

// gitlabItem is a work item of GitLab's API.
type gitlabItem struct {
	IID           string    `json:"iid"`
	State         string    `json:"state"`
	ClosedAt      time.Time `json:"closedAt"`
	WebURL        string    `json:"webUrl"`
	MovedToURL    string    `json:"movedToWorkItemUrl"`
	DuplicatedURL string    `json:"duplicatedToWorkItemUrl"`
	Widgets       []struct {
		Status *struct {
			Name     string `json:"name"`
			Category string `json:"category"`
		} `json:"status"`
		Assignees *struct {
			Nodes []struct{} `json:"nodes"`
		} `json:"assignees"`
		Labels *struct {
			Nodes []struct {
				Title string `json:"title"`
			} `json:"nodes"`
		} `json:"labels"`
	} `json:"widgets"`
}

// gitlabAnswer is an answer of GitLab's GraphQL API.
type gitlabAnswer struct {
	Data struct {
		Namespace *struct {
			WorkItems struct {
				Nodes    []gitlabItem `json:"nodes"`
				PageInfo struct {
					EndCursor   string `json:"endCursor"`
					HasNextPage bool   `json:"hasNextPage"`
				} `json:"pageInfo"`
			} `json:"workItems"`
		} `json:"namespace"`
	} `json:"data"`
	Errors []struct {
		Message string `json:"message"`
	} `json:"errors"`
}

const (
	// gitlabStatus asks for the status of an item. A GitLab without its parts that are not free does not know what that is.
	gitlabStatus = `
        ... on WorkItemWidgetStatus { status { name category } }`
	gitlabQuery = `query($path: ID!, $iids: [String!], $after: String) {
  namespace(fullPath: $path) {
    workItems(iids: $iids, first: 50, after: $after) {
      nodes {
        iid state closedAt webUrl movedToWorkItemUrl duplicatedToWorkItemUrl
        widgets {
        ... on WorkItemWidgetAssignees { assignees(first: 1) { nodes { id } } }
        ... on WorkItemWidgetLabels { labels { nodes { title } } }` + gitlabStatus + `
        }
      }
      pageInfo { endCursor hasNextPage }
    }
  }
}`
)

// Look asks for work items, those of a project together.
func (GitLab) Look(ctx context.Context, source observer.Source, targets []observer.Target) []observer.Result {
	look := gitlabLook{source: source, host: hostOf(source.Spec.URL), items: map[gitlabRef]*gitlabItem{}, faults: map[string]*observer.Result{}}
	refs := make([]gitlabRef, len(targets))
	for n, target := range targets {
		refs[n], _ = gitlabRefIn(look.host, idOf(target))
	}
	look.read(ctx, refs)
	results := make([]observer.Result, len(targets))
	for n, target := range targets {
		results[n] = look.resultOf(target, refs[n])
	}
	return results
}

// gitlabLook is what a look has found so far.
type gitlabLook struct {
	source observer.Source
	host   string
	// items are those that were asked for; nil where there is none.
	items map[gitlabRef]*gitlabItem
	// faults are those of projects.
	faults map[string]*observer.Result
	// stopped is the fault after which nothing more is asked: the Source wants to be left alone.
	stopped *observer.Result
}

// read reads work items, and those that they have moved to.
func (l *gitlabLook) read(ctx context.Context, refs []gitlabRef) {
	for range maxHops + 1 {
		iids := map[string][]string{}
		for _, ref := range refs {
			if _, known := l.items[ref]; !known && ref.iid != "" && l.faults[ref.path] == nil && !slices.Contains(iids[ref.path], ref.iid) {
				iids[ref.path] = append(iids[ref.path], ref.iid)
			}
		}
		if len(iids) == 0 {
			return
		}
		var moved []gitlabRef
		for path, some := range iids {
			moved = append(moved, l.readProject(ctx, path, some)...)
		}
		refs = moved
	}
}

// readProject reads work items of one project, and returns where they have moved to.
func (l *gitlabLook) readProject(ctx context.Context, path string, iids []string) []gitlabRef {
	if l.stopped != nil {
		l.faults[path] = l.stopped
		return nil
	}
	found, failed := l.ask(ctx, path, iids)
	if failed != nil {
		l.faults[path] = failed
		if failed.RetryAfter > 0 {
			l.stopped = failed
		}
		return nil
	}
	for _, iid := range iids {
		l.items[gitlabRef{path, iid}] = nil
	}
	var moved []gitlabRef
	for n := range found {
		l.items[gitlabRef{path, found[n].IID}] = &found[n]
		if to, ok := gitlabRefIn(l.host, found[n].MovedToURL); ok {
			moved = append(moved, to)
		}
	}
	return moved
}

// ask asks for work items of a project, page by page. Those that it may not see are not among them.
func (l *gitlabLook) ask(ctx context.Context, path string, iids []string) ([]gitlabItem, *observer.Result) {
	query, after := gitlabQuery, ""
	var found []gitlabItem
	for range gitlabPages {
		answer, failed := l.askPage(ctx, query, path, iids, after)
		if failed == nil && len(answer.Errors) > 0 && after == "" {
			query = strings.Replace(query, gitlabStatus, "", 1)
			answer, failed = l.askPage(ctx, query, path, iids, after)
		}
		switch {
		case failed != nil:
			return nil, failed
		case len(answer.Errors) > 0:
			return nil, gitlabRefused(answer)
		case answer.Data.Namespace == nil:
			return nil, nil
		}
		items := answer.Data.Namespace.WorkItems
		found = append(found, items.Nodes...)
		if after = items.PageInfo.EndCursor; !items.PageInfo.HasNextPage || after == "" {
			break
		}
	}
	return found, nil
}

func (l *gitlabLook) askPage(ctx context.Context, query, path string, iids []string, after string) (*gitlabAnswer, *observer.Result) {
	variables := map[string]any{"path": path, "iids": iids}
	if after != "" {
		variables["after"] = after
	}
	answer := &gitlabAnswer{}
	failed := ask(ctx, l.source, http.MethodPost, gitlabRoot(l.source.Spec.URL)+"/api/graphql", map[string]any{"query": query, "variables": variables}, answer)
	return answer, failed
}

func gitlabRefused(answer *gitlabAnswer) *observer.Result {
	return new(observer.Failed(guard.ReasonRefused, "the source does not accept the question: it must be a GitLab of version 17.8 or later",
		errors.New(answer.Errors[0].Message)))
}

// resultOf is what was found of a target.
func (l *gitlabLook) resultOf(target observer.Target, ref gitlabRef) observer.Result {
	if ref.iid == "" {
		return badReference("acme/claims#142, or the address of the issue")
	}
	for range maxHops + 1 {
		item := l.items[ref]
		switch {
		case item == nil && l.faults[ref.path] != nil:
			return *l.faults[ref.path]
		case item == nil:
			return notFound()
		case item.MovedToURL == "":
			return resultOf(l.source, target, item.issue())
		}
		to, ok := gitlabRefIn(l.host, item.MovedToURL)
		if !ok {
			break
		}
		ref = to
	}
	return moved()
}

// issue is what GitLab's words stand for. A closed item is closed whatever its status says, and an open one without a status is in progress
// when somebody has it.
func (raw *gitlabItem) issue() *issue {
	i := &issue{status: strings.ToLower(raw.State), url: raw.WebURL}
	category, assigned := "", false
	for _, widget := range raw.Widgets {
		if widget.Status != nil {
			category, i.resolution = strings.ToUpper(widget.Status.Category), widget.Status.Name
		}
		if widget.Assignees != nil {
			assigned = len(widget.Assignees.Nodes) > 0
		}
		if widget.Labels != nil {
			for _, label := range widget.Labels.Nodes {
				i.labels = append(i.labels, label.Title)
			}
		}
	}
	switch {
	case raw.State == "CLOSED" && raw.DuplicatedURL != "":
		i.state, i.resolution = cxv1alpha1.StateCancelled, cmp.Or(i.resolution, "duplicate")
	case raw.State == "CLOSED" && (category == "CANCELED" || category == "CANCELLED"):
		i.state = cxv1alpha1.StateCancelled
	case raw.State == "CLOSED":
		i.state, i.finished = cxv1alpha1.StateDone, raw.ClosedAt
	case raw.State == "OPEN" && category == "TRIAGE":
		i.state = cxv1alpha1.StateProposed
	case raw.State == "OPEN" && (category == "IN_PROGRESS" || category == "" && assigned):
		i.state = cxv1alpha1.StateInProgress
	case raw.State == "OPEN":
		i.state = cxv1alpha1.StatePlanned
	}
	return i
}

var (
	gitlabID   = regexp.MustCompile(`^([A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,20})#([1-9][0-9]{0,17})$`)
	gitlabPage = regexp.MustCompile(`^([A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,20})/-/(?:issues|work_items|epics)/([1-9][0-9]{0,17})$`)
)

// gitlabRefIn is the work item that an id names. Paths are not told apart by capitals.
func gitlabRefIn(host, id string) (gitlabRef, bool) {
	form := gitlabID
	if path, ok := pathIn(host, id); ok {
		form, id = gitlabPage, strings.TrimPrefix(path, "groups/")
	}
	match := form.FindStringSubmatch(id)
	if match == nil {
		return gitlabRef{}, false
	}
	return gitlabRef{strings.ToLower(match[1]), match[2]}, true
}

// gitlabRoot is the address of a GitLab, by that of its API.
func gitlabRoot(root string) string {
	root = strings.TrimRight(root, "/")
	for _, suffix := range []string{"/api/v4", "/api/graphql", "/api"} {
		if short, ok := strings.CutSuffix(root, suffix); ok {
			return short
		}
	}
	return root
}

var _ observer.Provider = GitLab{}
