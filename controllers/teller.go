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

package controllers

import (
	"context"
	"sync"
	"time"

	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
)

const (
	// maxEventDelay is how long events wait at most after a write while the specs of the portfolio keep changing.
	maxEventDelay = time.Minute
	// tellAtOnce is how many objects are told of before there is a pause: events that come too fast are dropped by their recorder.
	tellAtOnce = 100
	tellPause  = time.Second
)

// teller has events tell what changed in the statuses of a portfolio once its specs are quiet. Until then much that changes only
// follows from the order in which objects are applied: a moment is not blocked as long as its requirements have yet to come.
//
// What a replica has not told when it ends is not told any more.
type teller struct {
	ledger   *ledger
	recorder events.EventRecorder
	clock    clock.WithTicker
	debounce debounce
	// untold holds the namespaces with an open window, and those with something left to tell.
	untold workqueue.TypedDelayingInterface[string]

	// mu guards what follows. It is not held while the ledger is asked.
	mu sync.Mutex
	// windows are the open ones, by namespace. A write opens one, and changed specs keep it open.
	windows map[string]window
}

func newTeller(l *ledger, options Options) *teller {
	longest := max(options.EventDelay, maxEventDelay)
	return &teller{
		ledger:   l,
		clock:    options.Clock,
		debounce: debounce{options.EventDelay, longest, longest},
		untold: workqueue.NewTypedDelayingQueueWithConfig(
			workqueue.TypedDelayingQueueConfig[string]{Name: "events", Clock: options.Clock}),
		windows: map[string]window{},
	}
}

// NeedLeaderElection lets the teller run everywhere. Only the leader writes, so only it has something to tell.
func (*teller) NeedLeaderElection() bool {
	return false
}

// wrote hears that a status was written.
func (t *teller) wrote(namespace string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	w, open := t.windows[namespace]
	t.windows[namespace] = w.with(t.clock.Now(), 1)
	if !open {
		t.untold.AddAfter(namespace, t.debounce.idle)
	}
}

// changed hears that specs changed.
func (t *teller) changed(namespace string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if w, open := t.windows[namespace]; open {
		t.windows[namespace] = w.with(t.clock.Now(), 1)
	}
}

// Start tells until ctx ends.
func (t *teller) Start(ctx context.Context) error {
	defer context.AfterFunc(ctx, t.untold.ShutDown)()
	for {
		namespace, shutdown := t.untold.Get()
		if shutdown {
			return nil
		}
		if wait := t.tell(namespace); wait > 0 {
			t.untold.AddAfter(namespace, wait)
		}
		t.untold.Done(namespace)
	}
}

// tell tells what is new in a namespace, if it is quiet, and returns how long to wait before the next attempt, if there must be one.
func (t *teller) tell(namespace string) (wait time.Duration) {
	if wait := t.close(namespace); wait > 0 {
		return wait
	}
	all, more := t.ledger.tell(namespace, tellAtOnce)
	for _, n := range all {
		for _, tr := range transitions(n.before.GetConditions(), n.after.GetConditions()) {
			t.recorder.Eventf(n.object, nil, tr.eventType, tr.reason, eventAction, "%s", tr.note)
		}
	}
	switch {
	case len(all) == tellAtOnce:
		return tellPause
	case more: // They wait for an evaluation, or for a write that fails.
		return t.debounce.idle
	}
	return 0
}

// close closes the window of a namespace, or returns how long to wait before.
func (t *teller) close(namespace string) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if w, open := t.windows[namespace]; open {
		if wait := w.remaining(t.clock.Now(), t.debounce); wait > 0 {
			return wait
		}
		delete(t.windows, namespace)
	}
	return 0
}
