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

package warnings

import (
	"cmp"
	"slices"
	"strings"
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

// sessionKey names the requests that one user makes in one namespace, one soon after the other: most likely what is applied
// together. What a dry run asks about is there for the rest of that dry run only.
type sessionKey struct {
	user, namespace string
	dryRun          bool
}

// idle is how long a session lasts after its last request.
func (k sessionKey) idle() time.Duration {
	if k.dryRun {
		return dryRunIdle
	}
	return sessionIdle
}

// objectKey names an object of a portfolio.
type objectKey struct{ kind, name string }

func keyOf(o cxv1alpha1.Object) objectKey {
	return objectKey{cxv1alpha1.KindOf(o).Name, o.GetName()}
}

// session is the portfolio as it was when the session began, with the session's own changes. So a change is seen by the
// next request, before an informer has it, and changes of others are not mistaken for those of the session.
type session struct {
	namespace   string
	began, last time.Time
	objects     map[objectKey]cxv1alpha1.Object
	// touched are the objects that the session asked about.
	touched map[objectKey]bool
	// created are the objects that were not there when the session began.
	created map[objectKey]bool
	// changed are those that changed since the last evaluation, as they were then; nil where they were not there.
	changed map[objectKey]cxv1alpha1.Object
	// state is that of the last evaluation; nil where it is not kept.
	state *diff.State
	// findings are those that nobody was told yet.
	findings []diff.Finding
	// took is how long the last evaluation took.
	took time.Duration
	// waiting is the number of requests that wait, and first how many of the first may still, however long it takes. Later ones may
	// from the time next.
	waiting, first int
	next           time.Time
}

func newSession(namespace string, objects []cxv1alpha1.Object, now time.Time) *session {
	s := &session{
		namespace: namespace,
		began:     now, last: now, next: now,
		first: firstWaits, took: time.Duration(len(objects)) * evaluationOfObject,
		objects: make(map[objectKey]cxv1alpha1.Object, len(objects)),
		touched: map[objectKey]bool{},
		created: map[objectKey]bool{},
		changed: map[objectKey]cxv1alpha1.Object{},
	}
	for _, o := range objects {
		s.objects[keyOf(o)] = o
	}
	return s
}

// apply takes over a change.
func (s *session) apply(c *change) {
	if _, known := s.changed[c.key]; !known {
		s.changed[c.key] = c.before
	}
	if c.after == nil {
		delete(s.objects, c.key)
		return
	}
	if c.before == nil {
		s.created[c.key] = true
	}
	s.objects[c.key] = c.after
}

// beginWaiting returns how long a request may wait for an evaluation: not at all, if too many would.
func (s *session) beginWaiting(now time.Time) time.Duration {
	patience := deadline
	switch {
	case s.first > 0 && s.waiting == 0:
		s.first--
	case s.took <= quick:
		patience = patient
	case s.waiting > 0 || now.Before(s.next):
		return 0
	}
	s.waiting++
	return patience
}

// endWaiting tells that a request has waited since it began.
func (s *session) endWaiting(began, now time.Time) {
	s.waiting--
	took := now.Sub(began)
	s.next = now.Add(waitingPart * took)
	if took >= deadline { // It was in vain, and will be so again.
		s.first = 0
	}
}

// portfolio returns the session's objects.
func (s *session) portfolio() portfolio.Objects {
	var objects portfolio.Objects
	for _, o := range s.objects {
		objects.Add(o)
	}
	return objects
}

// old returns the session's objects as they were at the last evaluation.
func (s *session) old() portfolio.Objects {
	var objects portfolio.Objects
	for key, o := range s.objects {
		if _, changed := s.changed[key]; !changed {
			objects.Add(o)
		}
	}
	for _, o := range s.changed {
		if o != nil {
			objects.Add(o)
		}
	}
	return objects
}

// worthTelling leaves out what says no more than that a portfolio is applied object by object, and the references that
// each request looks after by itself.
func (s *session) worthTelling(findings []diff.Finding, changed map[objectKey]cxv1alpha1.Object) []diff.Finding {
	return slices.DeleteFunc(findings, func(f diff.Finding) bool {
		key := objectKey{f.Kind, f.Name}
		_, told := changed[key]
		return f.Rule == diff.RuleDanglingReference && told || s.created[key] && !f.IsWrong()
	})
}

// around returns the object of a change and those that it refers to, before the change and after it.
func (s *session) around(c *change) (before, after portfolio.Objects) {
	for _, side := range []struct {
		object  cxv1alpha1.Object
		objects *portfolio.Objects
	}{{c.before, &before}, {c.after, &after}} {
		if side.object == nil {
			continue
		}
		side.objects.Add(side.object)
		for _, key := range references(side.object) {
			if o := s.objects[key]; o != nil && key != c.key {
				side.objects.Add(o)
			}
		}
	}
	return before, after
}

// dangling returns the references of a changed object that newly dangle. It is quick: it looks at those objects alone that
// the object refers to.
func dangling(c *change, before, after portfolio.Objects, today cxv1alpha1.Date) []diff.Finding {
	if c.after == nil {
		return nil
	}
	return slices.DeleteFunc(diff.Findings(diff.Evaluate(before, today), diff.Evaluate(after, today)), func(f diff.Finding) bool {
		return f.Rule != diff.RuleDanglingReference || f.Kind != c.key.kind || f.Name != c.key.name
	})
}

// references names what an object refers to.
func references(object cxv1alpha1.Object) []objectKey {
	var keys []objectKey
	add := func(kind string, name cxv1alpha1.ObjectName) { keys = append(keys, objectKey{kind, string(name)}) }
	switch o := object.(type) {
	case *cxv1alpha1.Moment:
		add(cxv1alpha1.JourneyKind, o.Spec.JourneyRef.Name)
	case *cxv1alpha1.Requirement:
		for _, ref := range o.Spec.MomentRefs {
			add(cxv1alpha1.MomentKind, ref.Name)
		}
		if ref := o.Spec.BuildingBlockRef; ref != nil {
			add(cxv1alpha1.BuildingBlockKind, ref.Name)
		}
	case *cxv1alpha1.BuildingBlock:
		for i := range o.Spec.Stages {
			for _, ref := range o.Spec.Stages[i].DependsOn {
				add(cxv1alpha1.BuildingBlockKind, ref.Name)
			}
		}
	case *cxv1alpha1.RoadmapItem:
		for _, ref := range o.Spec.Delivers {
			add(cxv1alpha1.BuildingBlockKind, ref.Name)
		}
		for _, ref := range o.Spec.DependsOn {
			add(cxv1alpha1.RoadmapItemKind, ref.Name)
		}
		if h := o.Spec.Hypothesis; h != nil && h.MetricRef != nil {
			add(cxv1alpha1.MetricKind, h.MetricRef.Name)
		}
		add(cxv1alpha1.RoadmapKind, "default")
	case *cxv1alpha1.Metric:
		for _, ref := range o.Spec.MomentRefs {
			add(cxv1alpha1.MomentKind, ref.Name)
		}
		if ref := o.Spec.JourneyRef; ref != nil {
			add(cxv1alpha1.JourneyKind, ref.Name)
		}
	}
	slices.SortFunc(keys, func(a, b objectKey) int {
		return cmp.Or(strings.Compare(a.kind, b.kind), strings.Compare(a.name, b.name))
	})
	return slices.Compact(keys)
}
