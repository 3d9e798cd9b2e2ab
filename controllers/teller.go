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
	"time"

	"k8s.io/client-go/tools/events"
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
	// untold hands out the namespaces with something to tell: a write opens their window, and changed specs keep it open.
	untold *debouncer
}

func newTeller(l *ledger, options Options) *teller {
	longest := max(options.EventDelay, maxEventDelay)
	return &teller{
		ledger: l,
		untold: newDebouncer("events", debounce{options.EventDelay, longest, longest}, options.Clock),
	}
}

// NeedLeaderElection lets the teller run everywhere. Only the leader writes, so only it has something to tell.
func (*teller) NeedLeaderElection() bool {
	return false
}

// wrote hears that a status was written.
func (t *teller) wrote(namespace string) {
	t.untold.changed(namespace, 1)
}

// changed hears that specs changed.
func (t *teller) changed(namespace string) {
	t.untold.prolong(namespace)
}

// Start tells until ctx ends.
func (t *teller) Start(ctx context.Context) error {
	t.untold.run(ctx, 1, t.tell)
	return nil
}

// tell tells what is new in a namespace. What is left is told later.
func (t *teller) tell(namespace string) {
	all, more := t.ledger.tell(namespace, tellAtOnce)
	for _, n := range all {
		for _, tr := range transitions(n.before.GetConditions(), n.after.GetConditions()) {
			t.recorder.Eventf(n.object, nil, tr.eventType, tr.reason, eventAction, "%s", tr.note)
		}
	}
	switch {
	case len(all) == tellAtOnce:
		t.untold.again(namespace, tellPause)
	case more: // They wait for an evaluation, or for a write that fails.
		t.untold.again(namespace, t.untold.debounce.idle)
	}
}
