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

package observer

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"golang.org/x/time/rate"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// maxLook bounds a look: it may wait for its turn for several requests, each of which has a time limit of its own.
const maxLook = 15 * time.Minute

// writeTimeout bounds the write of an Observation.
const writeTimeout = 10 * time.Second

// Reasons of problems of the observer itself.
const (
	// ReasonNotSupported is for a type of Source that this observer cannot ask.
	ReasonNotSupported = "NotSupported"
	// ReasonInternalError is for a fault of the observer.
	ReasonInternalError = "InternalError"
)

// recorder keeps what looks bring.
type recorder interface {
	// known is what was seen before of a question.
	known(ctx context.Context, q question) (Known, error)
	// record writes what a look brought, if that says something new.
	record(ctx context.Context, s sighting) error
}

// sighting is what a look brought, of what, and when.
type sighting struct {
	question
	target Target
	result Result
	today  cxv1alpha1.Date
}

// scheduler decides when to look at what, has a Provider look, and passes on what that brings.
type scheduler struct {
	log       logr.Logger
	providers map[cxv1alpha1.SourceType]Provider
	recorder  recorder
	// client makes the client for a Source.
	client  func(source *cxv1alpha1.Source, limiter *rate.Limiter) (*http.Client, error)
	metrics *metrics
	now     func() time.Time

	// started is closed once running is set, with which workers end.
	started chan struct{}
	running context.Context //nolint:containedctx // workers start when their Source is first needed, and end with all others
	workers sync.WaitGroup

	mu      sync.Mutex
	entries map[Key]*entry
	// objects are the keys of entries by the object that asks.
	objects map[objectKey]map[Key]bool
	lanes   map[laneKey]*lane
}

// objectKey tells objects apart.
type objectKey struct {
	Namespace string
	cxv1alpha1.ObservedReference
}

// entry is what the scheduler knows of a question.
type entry struct {
	question
	object cxv1alpha1.Object
	access access
	// answered tells that an Observation had an answer when it was last looked up.
	answered bool
	lane     *lane
	// due is when to look next. wanted asks for a look before that.
	due    time.Time
	wanted bool
	// failures is the number of looks in a row that had a problem.
	failures int
}

func newScheduler(log logr.Logger, providers map[cxv1alpha1.SourceType]Provider, now func() time.Time) *scheduler {
	return &scheduler{
		log:       log,
		providers: providers,
		metrics:   newMetrics(),
		now:       now,
		started:   make(chan struct{}),
		entries:   map[Key]*entry{},
		objects:   map[objectKey]map[Key]bool{},
		lanes:     map[laneKey]*lane{},
	}
}

// Start lets looks begin. It returns when ctx has ended, and with it all looks.
func (s *scheduler) Start(ctx context.Context) error {
	s.running = ctx
	for _, provider := range s.providers {
		if watcher, ok := provider.(Watcher); ok {
			watcher.Start(ctx, s.want)
		}
	}
	close(s.started)
	<-ctx.Done()
	s.mu.Lock()
	for _, l := range s.lanes {
		l.queue.ShutDown()
	}
	s.mu.Unlock()
	s.workers.Wait()
	return nil
}

// asking is a question of an object, with what decides about it.
type asking struct {
	question
	access
	// answered tells that an Observation has an answer to this very question.
	answered bool
}

// follow takes over all that an object asks now. A new question that has an answer already is looked at in its turn. Any other that is new
// or has changed is looked at soon, and what the object asks no more is dropped.
func (s *scheduler) follow(ctx context.Context, of objectKey, object cxv1alpha1.Object, asks []asking) error {
	select {
	case <-s.started:
	case <-ctx.Done():
		return ctx.Err()
	}
	s.mu.Lock()
	before := s.objects[of]
	keys := make(map[Key]bool, len(asks))
	for _, a := range asks {
		s.take(a, object)
		keys[a.Key] = true
	}
	var dropped []Key
	for key := range before {
		if !keys[key] {
			s.drop(key)
			dropped = append(dropped, key)
		}
	}
	if len(keys) > 0 {
		s.objects[of] = keys
	} else {
		delete(s.objects, of)
	}
	s.mu.Unlock()
	if of.Kind == cxv1alpha1.BuildingBlockKind {
		s.tellWatcher(object, asks, dropped)
	}
	return nil
}

// tellWatcher passes on what blocks ask, to the Provider that sees changes by itself.
func (s *scheduler) tellWatcher(object cxv1alpha1.Object, asks []asking, dropped []Key) {
	watcher, ok := s.providers[cxv1alpha1.SourceKubernetes].(Watcher)
	if !ok {
		return
	}
	for _, key := range dropped {
		watcher.Forget(key)
	}
	for _, a := range asks {
		if a.refusal != nil {
			watcher.Forget(a.Key)
		} else {
			watcher.Follow(s.sourceOf(a.source), Target{Key: a.Key, Object: object})
		}
	}
}

// take takes over a question as it is now.
func (s *scheduler) take(a asking, object cxv1alpha1.Object) {
	e := s.entries[a.Key]
	isNew := e == nil
	if isNew {
		e = &entry{}
		s.entries[a.Key] = e
	}
	// An answer that has gone was deleted, so that the question is asked again.
	changed := isNew || e.asked != a.asked || !e.access.equal(a.access) || e.answered && !a.answered
	e.question, e.object, e.access, e.answered = a.question, object, a.access, a.answered
	s.enter(e)
	if changed {
		e.failures, e.wanted = 0, !isNew || !a.answered
		e.due = nextSlot(s.now(), e.lane.interval(), a.Key)
		s.enqueue(e)
	}
}

// drop forgets a question.
func (s *scheduler) drop(key Key) {
	if e := s.entries[key]; e != nil {
		delete(s.entries, key)
		s.leave(e)
	}
}

// enter puts a question into its lane, which it opens if need be.
func (s *scheduler) enter(e *entry) {
	key := laneKey{refused: e.access.refusal != nil}
	if !key.refused {
		key.source = e.Source
	}
	l := s.lanes[key]
	if l == nil {
		l = newLane(key)
		s.lanes[key] = l
		s.work(l)
	}
	l.use(e.access.source)
	if e.lane == l {
		return
	}
	s.leave(e)
	e.lane, l.targets = l, l.targets+1
}

// leave takes a question out of its lane, which it closes if nothing else is in it.
func (s *scheduler) leave(e *entry) {
	if e.lane == nil {
		return
	}
	e.lane.targets--
	if e.lane.targets > 0 {
		return
	}
	e.lane.queue.ShutDown()
	delete(s.lanes, e.lane.key)
}

// enqueue puts a question where its lane finds it in time.
func (s *scheduler) enqueue(e *entry) {
	wait := e.due.Sub(s.now())
	if e.wanted {
		wait = 0
	}
	e.lane.after(e.Key, max(wait, e.lane.pausedUntil.Sub(s.now())))
}

// want has a target looked at now.
func (s *scheduler) want(key Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.entries[key]; e != nil {
		e.wanted = true
		s.enqueue(e)
	}
}

// sourceOf is a Source as Providers see it, without a client.
func (s *scheduler) sourceOf(source *cxv1alpha1.Source) Source {
	today := cxv1alpha1.DateOf(s.now())
	if source == nil {
		return Source{Today: today}
	}
	return Source{Name: source.Name, Spec: source.Spec, Today: today}
}
