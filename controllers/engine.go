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
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfoliometrics"
)

const (
	// bulk is the number of writes of one evaluation from which they have a low priority. So an edit shows at once, also while
	// a whole portfolio is written for the first time.
	bulk = 500

	// dayCheckInterval bounds how late a new day is noticed when the machine slept or its clock was set.
	dayCheckInterval = time.Minute

	// terminatingInterval is how often a namespace that is being deleted is looked at again.
	terminatingInterval = time.Minute
)

// outcome is what an evaluation says of a portfolio.
type outcome struct {
	statuses portfolio.Statuses
	metrics  []portfoliometrics.Sample
}

// engine decides when a portfolio is evaluated: when its specs have been quiet for a moment, and when a day begins. It
// runs on every replica, so that a new leader knows at once what is left to write.
type engine struct {
	ledger *ledger
	clock  clock.WithTicker
	log    logr.Logger
	// workers is the number of portfolios that are evaluated at the same time.
	workers  int
	evaluate func(portfolio.Objects, cxv1alpha1.Date) outcome
	// changes measures how long changes take, and collector has the metrics of the portfolios.
	changes   *changeLog
	collector *portfoliometrics.Collector
	// terminating tells whether a namespace is being deleted.
	terminating func(ctx context.Context, namespace string) bool

	// teller hears of changed specs, since events wait until there are no more.
	teller *teller

	// dirty hands out the namespaces whose specs have changed.
	dirty *debouncer

	// mu guards what follows. It is not held while the ledger is asked.
	mu sync.Mutex
	// today is the date in UTC, the same for all evaluations.
	today cxv1alpha1.Date
	// reading are the namespaces that have not been read as a whole.
	reading sets.Set[string]
	// first are the namespaces that wait for their first evaluation; nil before it is known which there are.
	first sets.Set[string]
	// queues are those of the writers, while this replica is the leader.
	queues map[*cxv1alpha1.Kind]priorityqueue.PriorityQueue[reconcile.Request]
}

func newEngine(log logr.Logger, options Options) *engine {
	ledger := newLedger()
	e := &engine{
		ledger:      ledger,
		clock:       options.Clock,
		log:         log,
		workers:     options.MaxConcurrentEvaluations,
		evaluate:    options.evaluate,
		changes:     newChangeLog(options.Clock),
		terminating: func(context.Context, string) bool { return false },
		dirty:       newDebouncer("portfolio", debounce{options.DebounceIdle, options.DebounceMax, options.DebounceBurst}, options.Clock),
		teller:      newTeller(ledger, options),
		reading:     sets.New[string](),
		queues:      map[*cxv1alpha1.Kind]priorityqueue.PriorityQueue[reconcile.Request]{},
	}
	e.collector = portfoliometrics.NewCollector(e.leads)
	return e
}

// NeedLeaderElection lets followers evaluate as well: they are ready to take over.
func (*engine) NeedLeaderElection() bool {
	return false
}

// begin tells the engine that all namespaces have been read as a whole, but for those that it expects.
func (e *engine) begin() {
	names := e.ledger.names()
	e.mu.Lock()
	if e.first == nil {
		e.first = sets.New(names...).Union(e.reading)
	}
	e.mu.Unlock()
	for _, namespace := range names {
		e.mark(namespace, 1)
	}
}

// read tells the engine that a namespace has been read as a whole. Before, its portfolio is not evaluated.
func (e *engine) read(namespace string) {
	e.mu.Lock()
	e.reading.Delete(namespace)
	e.mu.Unlock()
	e.mark(namespace, 1)
}

// expect tells the engine that a namespace is about to be read.
func (e *engine) expect(namespace string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.reading.Insert(namespace)
}

// drop has the engine forget a namespace that is no longer read. Its statuses stay as they are.
func (e *engine) drop(namespace string) {
	e.ledger.drop(namespace)
	e.mu.Lock()
	e.reading.Delete(namespace)
	e.first.Delete(namespace)
	e.mu.Unlock()
	e.mark(namespace, 1)
}

// whole tells whether a namespace has been read as a whole.
func (e *engine) whole(namespace string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.first != nil && !e.reading.Has(namespace)
}

func (e *engine) observed(object cxv1alpha1.Object) {
	change := e.ledger.observe(object)
	e.changed(object.GetNamespace(), change)
	if change.write {
		e.enqueue(e.clock.Now(), refOf(object))
	}
}

func (e *engine) deleted(object cxv1alpha1.Object) {
	e.changed(object.GetNamespace(), e.ledger.forget(object))
}

func (e *engine) changed(namespace string, change change) {
	if change.changed > 0 {
		e.mark(namespace, change.changed)
		e.teller.changed(namespace)
	}
}

// Start evaluates portfolios until ctx ends.
func (e *engine) Start(ctx context.Context) error {
	e.checkDay()
	var group sync.WaitGroup
	group.Go(func() { e.followDays(ctx) })
	e.dirty.run(ctx, e.workers, func(namespace string) { e.evaluateNamespace(ctx, namespace) })
	group.Wait()
	return nil
}

// Ready is a readiness check: it passes when every portfolio that was there at the start has been evaluated. A failed
// evaluation counts too, so that one bad portfolio does not keep the operator from serving the others.
func (e *engine) Ready(*http.Request) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.first == nil:
		return errors.New("the portfolios have not been read yet")
	case e.first.Len() > 0:
		return fmt.Errorf("%d portfolios have not been evaluated yet", e.first.Len())
	}
	return nil
}

// followDays marks all portfolios as dirty whenever a new day begins in UTC.
func (e *engine) followDays(ctx context.Context) {
	for {
		now := e.clock.Now().UTC()
		midnight := now.Truncate(24 * time.Hour).Add(24 * time.Hour)
		timer := e.clock.NewTimer(min(midnight.Sub(now), dayCheckInterval))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C():
		}
		e.checkDay()
	}
}

// checkDay begins a new day if it is time. Evaluations that began before are done again.
func (e *engine) checkDay() {
	today := e.date()
	e.mu.Lock()
	began := e.today != "" && today != e.today
	e.today = today
	e.mu.Unlock()
	if began {
		e.log.Info("A new day begins: evaluating all portfolios", "today", today)
		e.markAll()
	}
}

func (e *engine) date() cxv1alpha1.Date {
	return cxv1alpha1.DateOf(e.clock.Now())
}

// day is the one to evaluate for. When another begins, all portfolios are marked.
func (e *engine) day() cxv1alpha1.Date {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.today
}

func (e *engine) markAll() {
	for _, namespace := range e.ledger.names() {
		e.mark(namespace, 1)
	}
}

// mark notes a change in a namespace, by which so many objects have changed. What is listed for the first time is no burst.
func (e *engine) mark(namespace string, objects int) {
	if !e.whole(namespace) {
		objects = 1
	}
	e.changes.seen(namespace)
	e.dirty.changed(namespace, objects)
}

// evaluateNamespace evaluates the portfolio of a namespace. Where there is none, or not all of it has been read, it is forgotten.
func (e *engine) evaluateNamespace(ctx context.Context, namespace string) {
	e.changes.began(namespace)
	var s *snapshot
	whole := e.whole(namespace)
	if whole {
		s = e.ledger.snapshot(namespace)
	}
	if s != nil {
		e.evaluateSnapshot(ctx, s)
	} else {
		e.changes.ended(namespace)
		e.collector.Delete(namespace)
	}
	if whole {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.first.Delete(namespace)
	}
}

// evaluateSnapshot evaluates a portfolio and publishes the result. If the model panics, only this portfolio suffers: it
// keeps the statuses that it has, and is tried again. A namespace that is being deleted is left alone.
func (e *engine) evaluateSnapshot(ctx context.Context, s *snapshot) {
	if s.suspect && e.terminating(ctx, s.namespace) {
		e.log.V(1).Info("Leaving a namespace alone that is being deleted", "namespace", s.namespace)
		e.ledger.abandon(s.namespace)
		e.changes.ended(s.namespace)
		e.dirty.again(s.namespace, terminatingInterval)
		return
	}
	defer func() {
		if r := recover(); r != nil {
			e.log.Error(fmt.Errorf("panic: %v", r), "Evaluating a portfolio failed; trying again later",
				"namespace", s.namespace, "stack", string(debug.Stack()))
			evaluationsTotal.WithLabelValues(resultPanic).Inc()
			e.changes.failed(s.namespace)
			e.dirty.failed(s.namespace)
		}
	}()
	began := e.clock.Now()
	result := e.evaluate(s.objects, e.day())
	took := e.clock.Since(began)
	evaluationSeconds.Observe(took.Seconds())
	evaluationsTotal.WithLabelValues(resultSuccess).Inc()
	e.dirty.succeeded(s.namespace)
	e.collector.Set(s.namespace, result.metrics, e.clock.Now(), took)
	differing := e.ledger.publish(s, &result.statuses)
	e.enqueue(e.changes.ended(s.namespace), differing...)
	e.log.V(1).Info("Evaluated a portfolio", "namespace", s.namespace, "took", took, "differing", len(differing))
}

// enqueue puts objects into the queues of their kinds, to be written for changes that were seen then. Without a queue this
// replica is not the leader.
func (e *engine) enqueue(seen time.Time, refs ...ref) {
	if !e.leads() {
		return
	}
	e.changes.toWrite(seen, refs...)
	priority := 0
	if len(refs) >= bulk {
		priority = handler.LowPriority
	}
	requests := map[*cxv1alpha1.Kind][]reconcile.Request{}
	for _, r := range refs {
		requests[r.kind] = append(requests[r.kind], reconcile.Request{NamespacedName: r.NamespacedName})
	}
	for k, requests := range requests {
		e.mu.Lock()
		queue := e.queues[k]
		e.mu.Unlock()
		if queue != nil {
			queue.AddWithOpts(priorityqueue.AddOpts{Priority: &priority}, requests...)
		}
	}
}

// attach gives the engine the queue of a kind, once this replica is the leader, and puts all that is pending into it.
func (e *engine) attach(k *cxv1alpha1.Kind, queue priorityqueue.PriorityQueue[reconcile.Request]) {
	e.mu.Lock()
	e.queues[k] = queue
	e.mu.Unlock()
	e.enqueue(e.clock.Now(), e.ledger.pending(k)...)
}

// leads tells whether this replica is the leader: then it has queues.
func (e *engine) leads() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.queues) > 0
}
