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
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/status"
)

const (
	// After a failed write the next attempt is this far off, doubling up to the maximum.
	writeBackoff    = 50 * time.Millisecond
	maxWriteBackoff = time.Minute

	// After a write that the API server did not take as it was, the next attempt is this far off, doubling up to the maximum.
	// It comes at once when something else is desired, and when the informer lists the kind anew, as after a change of the CRD.
	refusalBackoff    = time.Minute
	maxRefusalBackoff = time.Hour

	// writeTimeout bounds one attempt. A write that has begun is finished also when the operator is told to stop, but it must hurry
	// then: the API server may be the reason.
	writeTimeout = 20 * time.Second
	stopTimeout  = 5 * time.Second

	// failureLogInterval is how often failing writes of one kind are logged as errors. Where one fails, thousands may.
	failureLogInterval = time.Minute
)

var (
	errRefused  = errors.New("the API server dropped a part of the status: see that its CRDs are those of this version of the operator")
	errDoubtful = errors.New("the API server's answer is older than what it said before, as after a restore of etcd")
)

// writer is the reconciler of one kind: it writes the statuses that differ.
type writer struct {
	kind    *cxv1alpha1.Kind
	ledger  *ledger
	changes *changeLog
	teller  *teller
	client  client.Client
	clock   clock.PassiveClock
	// wrote is told how each write in a namespace went.
	wrote func(namespace string, err error)
	// failing and refused say when the next attempt is due.
	failing, refused workqueue.TypedRateLimiter[reconcile.Request]
	failures         failureLog
}

func newWriter(k *cxv1alpha1.Kind, e *engine, c client.Client, wrote func(namespace string, err error)) *writer {
	return &writer{
		kind: k, ledger: e.ledger, changes: e.changes, teller: e.teller, client: c, clock: e.clock, wrote: wrote,
		failing:  workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](writeBackoff, maxWriteBackoff),
		refused:  workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](refusalBackoff, maxRefusalBackoff),
		failures: failureLog{clock: e.clock},
	}
}

// Reconcile writes the status of an object until it is the desired one, or the operator stops. A failed write is tried again, whatever the failure,
// as long as the object is in the ledger. That is so for "not found" as well: the informer may hear of a recreated object
// before or after the API server that answered.
func (w *writer) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	r := ref{w.kind, req.NamespacedName}
	for ctx.Err() == nil {
		next, differs := w.ledger.next(r)
		if !differs {
			w.failing.Forget(req)
			w.refused.Forget(req)
			w.changes.settled(r)
			return reconcile.Result{}, nil
		}
		object, err := w.patch(ctx, req.NamespacedName, next.uid, status.WithTimes(next.desired, next.known, w.clock.Now()))
		w.wrote(req.Namespace, err)
		if err != nil {
			return w.retry(ctx, w.failing.When(req), err), nil
		}
		switch w.ledger.written(next, object) {
		case doubtful:
			return w.retry(ctx, w.failing.When(req), errDoubtful), nil
		case refused:
			w.teller.wrote(req.Namespace)
			return w.retry(ctx, w.refused.When(req), errRefused), nil
		case taken:
			w.teller.wrote(req.Namespace)
			statusWritesTotal.WithLabelValues(w.kind.Name, resultSuccess).Inc()
		}
	}
	return reconcile.Result{}, nil
}

// patch replaces the whole status of an object, if it still is the one that was evaluated, and not another of the same name.
// It checks no version: only the operator writes statuses, and each follows from all specs, so the last write is right.
func (w *writer) patch(ctx context.Context, key types.NamespacedName, uid types.UID, desired cxv1alpha1.Status) (cxv1alpha1.Object, error) {
	data, err := json.Marshal([]map[string]any{
		{"op": "test", "path": "/metadata/uid", "value": uid},
		{"op": "add", "path": "/status", "value": desired},
	})
	if err != nil {
		return nil, fmt.Errorf("encoding the status of %s %s: %w", w.kind.Name, key, err)
	}
	object := w.kind.New()
	object.SetNamespace(key.Namespace)
	object.SetName(key.Name)
	attempt, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(stopTimeout, cancel) })()
	if err := w.client.Status().Patch(attempt, object, client.RawPatch(types.JSONPatchType, data)); err != nil {
		return nil, fmt.Errorf("writing the status of %s %s: %w", w.kind.Name, key, err)
	}
	return object, nil
}

// retry has a write tried again later. Failures are not returned as errors, since controller-runtime would log each of them.
func (w *writer) retry(ctx context.Context, wait time.Duration, err error) reconcile.Result {
	statusWritesTotal.WithLabelValues(w.kind.Name, resultError).Inc()
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

// failureLog limits how often failures are logged.
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
