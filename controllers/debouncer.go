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

	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
)

const (
	// What failed is handed out again after this time, doubling up to the maximum.
	failureBackoff    = time.Second
	maxFailureBackoff = time.Minute
)

// debouncer gathers changes, and hands out the namespaces in which they have been quiet for long enough. It never hands out one to
// two workers at a time.
type debouncer struct {
	debounce debounce
	clock    clock.PassiveClock
	// queue holds the namespaces with an open window, and those to be handed out again.
	queue workqueue.TypedRateLimitingInterface[string]

	mu sync.Mutex
	// windows are the open ones, by namespace.
	windows map[string]window
}

// newDebouncer returns a debouncer. Its name is that of its queue in metrics.
func newDebouncer(name string, d debounce, c clock.WithTicker) *debouncer {
	return &debouncer{
		debounce: d,
		clock:    c,
		queue: workqueue.NewTypedRateLimitingQueueWithConfig(
			workqueue.NewTypedItemExponentialFailureRateLimiter[string](failureBackoff, maxFailureBackoff),
			workqueue.TypedRateLimitingQueueConfig[string]{Name: name, Clock: c}),
		windows: map[string]window{},
	}
}

// changed opens the window of a namespace, or keeps it open, for a change by which so many objects have changed.
func (d *debouncer) changed(namespace string, objects int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.gather(namespace, objects) {
		d.queue.AddAfter(namespace, d.debounce.idle)
	}
}

// prolong keeps the window of a namespace open, if it is.
func (d *debouncer) prolong(namespace string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, open := d.windows[namespace]; open {
		d.gather(namespace, 1)
	}
}

// failed has a namespace handed out again after the backoff.
func (d *debouncer) failed(namespace string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gather(namespace, 1)
	d.queue.AddRateLimited(namespace)
}

// succeeded has the backoff of a namespace begin anew.
func (d *debouncer) succeeded(namespace string) {
	d.queue.Forget(namespace)
}

// again has a namespace handed out after this time, unless changes have it handed out before.
func (d *debouncer) again(namespace string, wait time.Duration) {
	d.queue.AddAfter(namespace, wait)
}

// gather adds a change to the window of a namespace, and tells whether that was open.
func (d *debouncer) gather(namespace string, objects int) (wasOpen bool) {
	w, open := d.windows[namespace]
	d.windows[namespace] = w.with(d.clock.Now(), objects)
	return open
}

// close closes the window of a namespace, or returns how long to wait before.
func (d *debouncer) close(namespace string) (wait time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if w, open := d.windows[namespace]; open {
		if wait := w.remaining(d.clock.Now(), d.debounce); wait > 0 {
			return wait
		}
		delete(d.windows, namespace)
	}
	return 0
}

// run hands out namespaces to so many workers, until ctx ends. Those that are left then are left alone.
func (d *debouncer) run(ctx context.Context, workers int, do func(namespace string)) {
	defer context.AfterFunc(ctx, d.queue.ShutDown)()
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for d.runNext(ctx, do) {
			}
		})
	}
	group.Wait()
}

func (d *debouncer) runNext(ctx context.Context, do func(namespace string)) bool {
	namespace, shutdown := d.queue.Get()
	if shutdown {
		return false
	}
	defer d.queue.Done(namespace)
	if ctx.Err() != nil {
		return false
	}
	if wait := d.close(namespace); wait > 0 {
		d.queue.AddAfter(namespace, wait)
	} else {
		do(namespace)
	}
	return true
}

// open is the number of open windows.
func (d *debouncer) open() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.windows)
}
