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
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	toolscache "k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

const (
	// bulk is the number of writes from which those of one evaluation let smaller ones pass: while a whole portfolio is
	// written for the first time, somebody else's edit still shows at once.
	bulk = 500

	// dayCheckInterval bounds how late a new day is noticed when the machine slept or its clock was set.
	dayCheckInterval = time.Minute

	// After a failed evaluation the next attempt is this far off, doubling up to the maximum.
	evaluationBackoff    = time.Second
	maxEvaluationBackoff = time.Minute
)

// engine holds the portfolios of all namespaces in memory, evaluates those that changed, and tells the writers which
// statuses differ. It runs on every replica, so that a new leader knows at once what is left to write.
type engine struct {
	clock clock.WithTicker
	log   logr.Logger
	// idle and longest are the debounce, see window.
	idle, longest time.Duration
	// workers is the number of portfolios that are evaluated at the same time.
	workers  int
	evaluate func(portfolio.Objects, cxv1alpha1.Date) portfolio.Statuses

	// registered are the informers' handlers, which tell whether they have seen all there was at the start.
	registered []toolscache.ResourceEventHandlerRegistration
	// dirty holds the namespaces with an open window. It never hands out one to two workers at a time.
	dirty workqueue.TypedRateLimitingInterface[string]

	mu         sync.Mutex
	namespaces map[string]*namespace
	queues     map[*kind]priorityqueue.PriorityQueue[reconcile.Request]
	// first are the namespaces that are still without their first evaluation; nil before the informers have synced.
	first sets.Set[string]
}

// namespace is one portfolio.
type namespace struct {
	objects map[*kind]map[string]*entry
	// desired are the statuses of the last evaluation.
	desired portfolio.Statuses
	window  window
}

// entry is an object and what is known of its status.
type entry struct {
	// object as it is in the informer's cache, shared and never changed.
	object client.Object
	// status is the latest that the API server is known to have, and resourceVersion the version of the object that has
	// it. After a write they are ahead of the object, until the informer catches up.
	status          any
	resourceVersion string
	// pending tells that the desired status differs. A pending object is in its kind's queue, waits there for another
	// attempt, or is just being written; so nothing that is pending is ever forgotten.
	pending bool
}

func newEngine(log logr.Logger, options Options) *engine {
	return &engine{
		clock:   options.Clock,
		log:     log,
		idle:    options.DebounceIdle,
		longest: options.DebounceMax,
		workers: options.MaxConcurrentEvaluations,
		evaluate: func(objects portfolio.Objects, today cxv1alpha1.Date) portfolio.Statuses {
			// The statuses without the graph that they came from, which is large.
			return portfolio.Evaluate(objects, today).Statuses
		},
		dirty: workqueue.NewTypedRateLimitingQueueWithConfig(
			workqueue.NewTypedItemExponentialFailureRateLimiter[string](evaluationBackoff, maxEvaluationBackoff),
			workqueue.TypedRateLimitingQueueConfig[string]{Name: "portfolio", Clock: options.Clock}),
		namespaces: map[string]*namespace{},
		queues:     map[*kind]priorityqueue.PriorityQueue[reconcile.Request]{},
	}
}

// NeedLeaderElection lets followers evaluate as well: they are ready to take over.
func (*engine) NeedLeaderElection() bool {
	return false
}

// watch has the informers of all kinds report to the engine. It does not wait for them.
func (e *engine) watch(ctx context.Context, informers cache.Informers) error {
	for _, k := range allKinds {
		informer, err := informers.GetInformer(ctx, k.newObject(), cache.BlockUntilSynced(false))
		if err != nil {
			return fmt.Errorf("watching kind %s (are the CRDs installed?): %w", k.name, err)
		}
		registration, err := informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
			AddFunc:    func(object any) { e.observed(k, object) },
			UpdateFunc: func(_, object any) { e.observed(k, object) },
			DeleteFunc: func(object any) { e.deleted(k, object) },
		})
		if err != nil {
			return fmt.Errorf("watching kind %s: %w", k.name, err)
		}
		e.registered = append(e.registered, registration)
	}
	return nil
}

// Start evaluates portfolios until ctx ends. It waits for all informers first: of a portfolio that is only partly known
// nothing can be said.
func (e *engine) Start(ctx context.Context) error {
	var synced []toolscache.InformerSynced
	for _, registration := range e.registered {
		synced = append(synced, registration.HasSynced)
	}
	// The queue's own goroutines have to end also when the informers never sync.
	defer context.AfterFunc(ctx, e.dirty.ShutDown)()
	if !toolscache.WaitForCacheSync(ctx.Done(), synced...) {
		return nil
	}
	e.setSynced()

	var group sync.WaitGroup
	for range e.workers {
		group.Go(func() {
			for e.evaluateNext() {
			}
		})
	}
	group.Go(func() { e.followDays(ctx) })
	group.Wait()
	return nil
}

// Ready is a readiness check: whether every portfolio that there was at the start has been evaluated.
func (e *engine) Ready(*http.Request) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.first == nil:
		return errors.New("the informers have not synced yet")
	case e.first.Len() > 0:
		return fmt.Errorf("%d portfolios have not been evaluated yet", e.first.Len())
	}
	return nil
}

func (e *engine) setSynced() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.first = sets.KeySet(e.namespaces)
}

// followDays marks all portfolios as dirty whenever a new day begins in UTC.
func (e *engine) followDays(ctx context.Context) {
	day := e.today()
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
		if today := e.today(); today != day {
			day = today
			e.log.Info("A new day begins: evaluating all portfolios", "today", today)
			e.markAll()
		}
	}
}

func (e *engine) today() cxv1alpha1.Date {
	return cxv1alpha1.DateOf(e.clock.Now())
}

func (e *engine) markAll() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for name, ns := range e.namespaces {
		e.mark(name, ns)
	}
}

// mark notes a change in a namespace. The lock is held.
func (e *engine) mark(name string, ns *namespace) {
	if ns.window.mark(e.clock.Now()) {
		e.dirty.AddAfter(name, e.idle)
	}
}

// observed takes in an object as an informer has it.
func (e *engine) observed(k *kind, observed any) {
	object, ok := observed.(client.Object)
	if !ok {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	ns := e.namespace(object.GetNamespace())
	known := ns.objects[k][object.GetName()]
	if known == nil || known.object.GetUID() != object.GetUID() {
		e.remove(k, ns, object.GetName())
		e.insert(k, ns, object)
		e.mark(object.GetNamespace(), ns)
		return
	}
	if object.GetGeneration() != known.object.GetGeneration() {
		e.mark(object.GetNamespace(), ns)
	}
	known.object = object
	known.learn(k, k.status(object), object.GetResourceVersion())
	// An evaluation to come compares everything. Until then somebody else's status is overwritten.
	if !ns.window.isOpen() {
		e.settle(k, ns, object.GetName(), known)
	}
}

// learn takes a status that an informer tells of, unless it is older than what was written since.
func (e *entry) learn(k *kind, status any, version string) {
	order := compareVersions(version, e.resourceVersion)
	// An equal one is the echo of a write: then the informer's is kept, so that there is only one in memory. Where it is
	// not the same, the API server has not taken all that was written (its CRDs are of another version), and writing it
	// again and again would not help.
	if order > 0 || order == 0 && k.same(status, e.status) {
		e.status, e.resourceVersion = status, version
	}
}

// deleted forgets an object that an informer no longer has.
func (e *engine) deleted(k *kind, deleted any) {
	if tombstone, ok := deleted.(toolscache.DeletedFinalStateUnknown); ok {
		deleted = tombstone.Obj
	}
	object, ok := deleted.(client.Object)
	if !ok {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	ns := e.namespace(object.GetNamespace())
	e.remove(k, ns, object.GetName())
	e.mark(object.GetNamespace(), ns)
}

// namespace finds a portfolio, or begins one. The lock is held.
func (e *engine) namespace(name string) *namespace {
	ns := e.namespaces[name]
	if ns == nil {
		ns = &namespace{objects: map[*kind]map[string]*entry{}}
		for _, k := range allKinds {
			ns.objects[k] = map[string]*entry{}
		}
		e.namespaces[name] = ns
		portfolios.Inc()
	}
	return ns
}

func (e *engine) insert(k *kind, ns *namespace, object client.Object) {
	ns.objects[k][object.GetName()] = &entry{
		object: object, status: k.status(object), resourceVersion: object.GetResourceVersion(),
	}
	objects.WithLabelValues(k.name).Inc()
}

func (e *engine) remove(k *kind, ns *namespace, name string) {
	known := ns.objects[k][name]
	if known == nil {
		return
	}
	known.setPending(k, false)
	delete(ns.objects[k], name)
	objects.WithLabelValues(k.name).Dec()
}

// evaluateNext evaluates the next portfolio whose changes have been quiet for long enough. It returns false at the end.
func (e *engine) evaluateNext() bool {
	name, shutdown := e.dirty.Get()
	if shutdown {
		return false
	}
	defer e.dirty.Done(name)

	all, wait := e.snapshot(name)
	switch {
	case wait > 0:
		e.dirty.AddAfter(name, wait)
	case all != nil:
		e.evaluatePortfolio(name, *all)
	}
	return true
}

// snapshot closes the window of a namespace and returns its objects, or how long to wait before. It returns neither when there
// is nothing to do.
func (e *engine) snapshot(name string) (*portfolio.Objects, time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	ns := e.namespaces[name]
	if ns == nil || !ns.window.isOpen() {
		return nil, 0
	}
	if wait := ns.window.remaining(e.clock.Now(), e.idle, e.longest); wait > 0 {
		return nil, wait
	}
	ns.window.close()
	all := &portfolio.Objects{}
	for k, entries := range ns.objects {
		for _, entry := range entries {
			k.collect(all, entry.object)
		}
	}
	return all, 0
}

// evaluatePortfolio evaluates a portfolio and publishes the result. Should the model panic, only this portfolio suffers: it
// keeps the statuses that it has, and is tried again.
func (e *engine) evaluatePortfolio(name string, all portfolio.Objects) {
	defer func() {
		if r := recover(); r != nil {
			e.log.Error(fmt.Errorf("panic: %v", r), "Evaluating a portfolio failed; trying again later",
				"namespace", name, "stack", string(debug.Stack()))
			evaluationsTotal.WithLabelValues(resultPanic).Inc()
			e.retry(name)
		}
	}()
	began := e.clock.Now()
	statuses := e.evaluate(all, e.today())
	took := e.clock.Since(began)
	evaluationSeconds.Observe(took.Seconds())
	evaluationsTotal.WithLabelValues(resultSuccess).Inc()
	e.dirty.Forget(name)
	pending := e.publish(name, statuses)
	e.log.V(1).Info("Evaluated a portfolio", "namespace", name, "took", took, "differing", pending)
}

// retry opens the window of a namespace whose evaluation failed.
func (e *engine) retry(name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if ns := e.namespaces[name]; ns != nil {
		ns.window.mark(e.clock.Now())
		e.dirty.AddRateLimited(name)
	}
}

// publish takes over the result of an evaluation and queues the objects whose status differs; it returns their number.
func (e *engine) publish(name string, statuses portfolio.Statuses) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.first.Delete(name)
	ns := e.namespaces[name]
	if ns == nil {
		return 0
	}
	ns.desired = statuses
	left, total := 0, 0
	differing := map[*kind][]reconcile.Request{}
	for k, entries := range ns.objects {
		left += len(entries)
		for object, entry := range entries {
			if e.compare(k, ns, object, entry) {
				differing[k] = append(differing[k], request(name, object))
				total++
			}
		}
	}
	for k, requests := range differing {
		e.enqueue(k, total, requests...)
	}
	if left == 0 && !ns.window.isOpen() {
		delete(e.namespaces, name)
		portfolios.Dec()
	}
	return total
}

// settle compares the status of one object and queues it if it newly differs. The lock is held.
func (e *engine) settle(k *kind, ns *namespace, name string, entry *entry) {
	if e.compare(k, ns, name, entry) {
		e.enqueue(k, 1, request(entry.object.GetNamespace(), name))
	}
}

// compare updates whether an object is pending, and tells whether it has just become so. The lock is held.
func (e *engine) compare(k *kind, ns *namespace, name string, entry *entry) bool {
	desired := k.desired(&ns.desired, name)
	was := entry.pending
	entry.setPending(k, desired != nil && !k.same(desired, entry.status))
	if desired != nil && !entry.pending {
		// One of two equal statuses is enough in memory.
		k.setDesired(&ns.desired, name, entry.status)
	}
	return entry.pending && !was
}

func (e *entry) setPending(k *kind, pending bool) {
	switch {
	case pending && !e.pending:
		statusWritesPending.WithLabelValues(k.name).Inc()
	case !pending && e.pending:
		statusWritesPending.WithLabelValues(k.name).Dec()
	}
	e.pending = pending
}

func request(namespace, name string) reconcile.Request {
	return reconcile.Request{NamespacedName: types.NamespacedName{Namespace: namespace, Name: name}}
}

// enqueue puts objects of one kind into its queue; batch is the number of writes, of all kinds, that they are part of.
// Without a queue this replica is not the leader. The lock is held.
func (e *engine) enqueue(k *kind, batch int, requests ...reconcile.Request) {
	queue := e.queues[k]
	if queue == nil {
		return
	}
	priority := 0
	if batch >= bulk {
		priority = handler.LowPriority
	}
	queue.AddWithOpts(priorityqueue.AddOpts{Priority: &priority}, requests...)
}

// attach gives the engine the queue of a kind, once this replica is the leader, and puts all that is pending into it.
func (e *engine) attach(k *kind, queue priorityqueue.PriorityQueue[reconcile.Request]) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.queues[k] = queue
	var pending []reconcile.Request
	for name, ns := range e.namespaces {
		for object, entry := range ns.objects[k] {
			if entry.pending {
				pending = append(pending, request(name, object))
			}
		}
	}
	e.enqueue(k, len(pending), pending...)
}

// write is a status to be written.
type write struct {
	uid     types.UID
	known   any
	desired any
}

// next returns what is to be written to an object, if anything.
func (e *engine) next(k *kind, key types.NamespacedName) (write, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	ns := e.namespaces[key.Namespace]
	if ns == nil {
		return write{}, false
	}
	entry := ns.objects[k][key.Name]
	if entry == nil || !entry.pending {
		return write{}, false
	}
	return write{uid: entry.object.GetUID(), known: entry.status, desired: k.desired(&ns.desired, key.Name)}, true
}

// written tells the engine what the API server took, which the informers will see later.
func (e *engine) written(k *kind, key types.NamespacedName, uid types.UID, status any, version string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	ns := e.namespaces[key.Namespace]
	if ns == nil {
		return
	}
	entry := ns.objects[k][key.Name]
	if entry == nil || entry.object.GetUID() != uid {
		return
	}
	if compareVersions(version, entry.resourceVersion) >= 0 {
		entry.status, entry.resourceVersion = status, version
	}
	e.compare(k, ns, key.Name, entry)
	if entry.pending {
		// Something else is desired by now.
		e.enqueue(k, 1, request(key.Namespace, key.Name))
	}
}
