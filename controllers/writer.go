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
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

const (
	// After a failed write the next attempt is this far off, doubling up to the maximum.
	writeBackoff    = 50 * time.Millisecond
	maxWriteBackoff = time.Minute

	// After a write that the API server did not take as it was. It is tried at once when something else is desired, and when
	// the informer lists the kind anew, as it does when its CRD changed.
	refusalBackoff    = time.Minute
	maxRefusalBackoff = time.Hour

	// writeTimeout bounds one attempt. A write that has begun is finished also when the operator is told to stop.
	writeTimeout = 20 * time.Second

	// failureLogInterval is how often failing writes of one kind are logged as errors: an API server that refuses one
	// write tends to refuse thousands.
	failureLogInterval = time.Minute
)

var (
	errRefused  = errors.New("the API server dropped a part of the status: see that its CRDs are those of this version of the operator")
	errDoubtful = errors.New("the API server's answer is older than what it said before, as after a restore of etcd")
)

// writer is the reconciler of one kind: it writes the statuses that differ.
type writer struct {
	kind     *kind
	ledger   *ledger
	client   client.Client
	recorder events.EventRecorder
	clock    clock.PassiveClock
	// failing and refused say when the next attempt is due.
	failing, refused workqueue.TypedRateLimiter[reconcile.Request]
	failures         failureLog
}

func newWriter(k *kind, l *ledger, c client.Client, recorder events.EventRecorder, clk clock.PassiveClock) *writer {
	return &writer{
		kind: k, ledger: l, client: c, recorder: recorder, clock: clk,
		failing:  workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](writeBackoff, maxWriteBackoff),
		refused:  workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](refusalBackoff, maxRefusalBackoff),
		failures: failureLog{clock: clk},
	}
}

// Reconcile writes the status of an object until it is what is desired. An object that is gone is done with; as long as it is
// there, a failed write is tried again, whatever the failure: also when the API server does not find it, since the informer may
// know of a recreated object before or after the server that answered.
func (w *writer) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	r := ref{w.kind, req.NamespacedName}
	for {
		next, differs := w.ledger.next(r)
		if !differs {
			w.failing.Forget(req)
			w.refused.Forget(req)
			return reconcile.Result{}, nil
		}
		before := w.kind.conditions(next.known)
		after := withTransitionTimes(w.kind.conditions(next.desired), before, w.clock.Now())
		object, err := w.patch(ctx, req.NamespacedName, next.uid, w.kind.withConditions(next.desired, after))
		if err != nil {
			return w.retry(ctx, w.failing.When(req), err), nil
		}
		switch w.ledger.written(r, next, object) {
		case doubtful:
			return w.retry(ctx, w.failing.When(req), errDoubtful), nil
		case refused:
			w.record(object, before)
			return w.retry(ctx, w.refused.When(req), errRefused), nil
		case taken:
			w.record(object, before)
			statusWritesTotal.WithLabelValues(w.kind.name, resultSuccess).Inc()
		}
	}
}

// record tells people what a write changed.
func (w *writer) record(object client.Object, before []metav1.Condition) {
	for _, t := range transitions(before, w.kind.conditions(w.kind.status(object))) {
		w.recorder.Eventf(object, nil, t.eventType, t.reason, eventAction, "%s", t.note)
	}
}

// patch replaces the status of an object, whole, provided that it is the very object that was evaluated and not another
// of the same name. The operator alone writes statuses, each the result of all specs, so there is no version to check:
// whichever write comes last leads to the right end.
func (w *writer) patch(ctx context.Context, key types.NamespacedName, uid types.UID, status any) (client.Object, error) {
	data, err := json.Marshal([]map[string]any{
		{"op": "test", "path": "/metadata/uid", "value": uid},
		{"op": "add", "path": "/status", "value": status},
	})
	if err != nil {
		return nil, fmt.Errorf("encoding the status of %s %s: %w", w.kind.name, key, err)
	}
	object := w.kind.newObject()
	object.SetNamespace(key.Namespace)
	object.SetName(key.Name)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	if err := w.client.Status().Patch(ctx, object, client.RawPatch(types.JSONPatchType, data)); err != nil {
		return nil, fmt.Errorf("writing the status of %s %s: %w", w.kind.name, key, err)
	}
	return object, nil
}

// retry has a write tried again later. Failures are not returned as errors, since controller-runtime would log each of them.
func (w *writer) retry(ctx context.Context, wait time.Duration, err error) reconcile.Result {
	statusWritesTotal.WithLabelValues(w.kind.name, resultError).Inc()
	log := logf.FromContext(ctx).WithValues("retryAfter", wait)
	// An object that was deleted, or recreated, just now: the informers will soon tell.
	expected := apierrors.IsNotFound(err) || apierrors.IsInvalid(err) || errors.Is(err, errDoubtful)
	if (!expected || wait >= time.Second) && w.failures.due() {
		log.Error(err, "Writing a status failed; trying again. More failures of this kind are logged at debug level for a while")
	} else {
		log.V(1).Info("Writing a status failed; trying again", "error", err.Error())
	}
	return reconcile.Result{RequeueAfter: wait}
}

// failureLog tells when it is time to log a failure again.
type failureLog struct {
	clock clock.PassiveClock
	mu    sync.Mutex
	last  time.Time
}

func (f *failureLog) due() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.clock.Now()
	if !f.last.IsZero() && now.Sub(f.last) < failureLogInterval {
		return false
	}
	f.last = now
	return true
}
