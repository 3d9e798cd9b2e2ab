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

// Package trackers reads the state of work from GitHub, GitLab and Jira.
//
// A Provider knows how its tracker is asked, and what the tracker's own states stand for: an issue. All else is the same for each, and in
// this file and request.go: what administrators say that states mean (stateOverrides), the days, and what can go wrong.
//
// States are told by their category, never by the name of a column: columns are renamed, and named in every language.
package trackers

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
)

// Reasons of problems with work.
const (
	// ReasonBadReference is for an externalRef whose id is not one of the tracker.
	ReasonBadReference = "BadReference"
	// ReasonNotFound is for a record that is not there, or that the credentials of the Source may not see.
	ReasonNotFound = "NotFound"
	// ReasonMoved is for a record that has moved to where it cannot be followed.
	ReasonMoved = "Moved"
	// ReasonStateUnknown is for a state of which nobody has said what it means.
	ReasonStateUnknown = "StateUnknown"
)

const (
	maxTitle = 200
	maxURL   = 2048
	// maxHops is how often a record is followed that has moved.
	maxHops = 3
)

// issue is what a tracker says of a piece of work.
type issue struct {
	// state that the category of the tracker's own one stands for; empty where the tracker has no category for it.
	state cxv1alpha1.ItemState
	// status is the tracker's own word for it, and resolution the one for why it is closed.
	status, resolution string
	// labels that people gave it.
	labels []string
	// started and finished are when the work began and ended; zero where the tracker does not tell.
	started, finished time.Time
	// url where people can open it.
	url string
}

// resultOf is what an issue says about a target.
func resultOf(source observer.Source, target observer.Target, i *issue) observer.Result {
	state, label := meaningOf(source.Spec.StateOverrides, i)
	if state == "" {
		return observer.Failed(ReasonStateUnknown, "the state of the record has a category that the observer does not know: "+
			"an administrator must say in stateOverrides of the source what it means", nil)
	}
	work := &cxv1alpha1.Work{State: state, RawState: rawState(i, label)}
	if isLink(i.url) {
		work.URL = i.url
	}
	setDays(work, i, target.Known.Work, source.Today)
	return observer.Result{Work: work}
}

// meaningOf is the state that an issue has by the first override that fits its status, resolution or labels, else by its category. Where a
// label decides, it is the second result.
func meaningOf(overrides []cxv1alpha1.StateOverride, i *issue) (cxv1alpha1.ItemState, string) {
	for _, override := range overrides {
		is := func(word string) bool { return word != "" && strings.EqualFold(word, string(override.From)) }
		if is(i.status) || is(i.resolution) {
			return override.To, ""
		}
		if n := slices.IndexFunc(i.labels, is); n >= 0 {
			return override.To, i.labels[n]
		}
	}
	return i.state, ""
}

// rawState is the state in the tracker's own words, with what tells more about it.
func rawState(i *issue, label string) cxv1alpha1.Title {
	text := i.status
	if more := cmp.Or(label, i.resolution); more != "" && !strings.EqualFold(more, text) {
		text += " (" + more + ")"
	}
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxTitle {
		text = string(runes[:maxTitle])
	}
	return cxv1alpha1.Title(text)
}

// setDays sets when the work began and was finished. A day that the tracker does not tell stays as it was first seen, so that it does not
// move with each look.
func setDays(work *cxv1alpha1.Work, i *issue, known *cxv1alpha1.Work, today cxv1alpha1.Date) {
	if known == nil {
		known = &cxv1alpha1.Work{}
	}
	if work.State == cxv1alpha1.StateInProgress || work.State == cxv1alpha1.StateDone {
		work.StartedDate = cmp.Or(dayOf(i.started), known.StartedDate)
	}
	if work.State == cxv1alpha1.StateDone {
		work.FinishDate = cmp.Or(dayOf(i.finished), known.FinishDate, today)
	}
	if work.FinishDate != "" && work.StartedDate > work.FinishDate {
		work.StartedDate = ""
	}
}

func dayOf(t time.Time) cxv1alpha1.Date {
	if t.IsZero() {
		return ""
	}
	return cxv1alpha1.DateOf(t)
}

func isLink(text string) bool {
	return len(text) <= maxURL && (strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://"))
}

// idOf is the record that a roadmap item names.
func idOf(target observer.Target) string {
	if item, ok := target.Object.(*cxv1alpha1.RoadmapItem); ok && item.Spec.ExternalRef != nil {
		return strings.TrimSpace(item.Spec.ExternalRef.ID)
	}
	return ""
}

// hostOf is the host of an address, in small letters; "" where there is none.
func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(parsed.Host)
}

// pathIn is the path of the page that an id is the address of; false where the id is no address. A page of another host than the tracker's
// has no path in it. Without a host, that of the tracker is not known, and any will do.
func pathIn(host, id string) (string, bool) {
	if !isLink(id) {
		return "", false
	}
	page, err := url.Parse(id)
	if err != nil || host != "" && !strings.EqualFold(page.Host, host) {
		return "", true
	}
	return strings.Trim(page.Path, "/"), true
}

func badReference(example string) observer.Result {
	return observer.Failed(ReasonBadReference, "externalRef.id is not the id of a record in this source: write one such as "+example, nil)
}

func notFound() observer.Result {
	return observer.Failed(ReasonNotFound, "the source has no such record, or its credentials may not see it: correct externalRef.id, "+
		"or have an administrator look at the source", nil)
}

func moved() observer.Result {
	return observer.Failed(ReasonMoved, "the record has moved to where the observer does not follow it: correct externalRef.id", nil)
}
