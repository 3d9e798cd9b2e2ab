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
	"maps"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// ledger keeps, for each object, what is known of its status and what is desired, and tells what differs. It knows no
// queue, no clock and no client: its callers act on what it returns. One lock guards all of it.
type ledger struct {
	mu         sync.Mutex
	namespaces map[string]*account
	// listings counts how often the informers of a kind listed their objects. A new list can come from another history: of
	// an etcd that was restored, or of a CRD that was changed.
	listings map[*kind]int
}

// account is the portfolio of one namespace.
type account struct {
	entries map[entryKey]*entry
	// stale tells that specs changed since the last snapshot.
	stale bool
	// suspect tells that the namespace may be about to go: it is new here, or objects were deleted since the last evaluation
	// that was published.
	suspect bool
}

type entryKey struct {
	kind *kind
	name string
}

// entry is one object.
type entry struct {
	// object is the informer's latest word: shared, and never changed.
	object client.Object
	// edition grows with every change of the spec.
	edition int
	// gone tells that the object was deleted, or replaced by another of the same name.
	gone bool
	// ahead is the answer to a write that the informer has not seen yet, if any.
	ahead *answer
	// desired is the evaluated status of this very edition; nil before there is one.
	desired any
	// refusal is the last write that the API server did not take as it was, if any.
	refusal *refusal
	// pending tells that the desired status differs from the known one. The object is then with its writer: in the queue,
	// waiting for another attempt, or being written.
	pending bool
}

// answer is what the API server said after a write.
type answer struct {
	status  any
	version string
	listing int
}

// refusal is a desired status that the API server answered with another one, as it does when its CRD lacks a field.
type refusal struct {
	desired any
	listing int
}

// ref names an object.
type ref struct {
	kind *kind
	types.NamespacedName
}

func newLedger() *ledger {
	return &ledger{namespaces: map[string]*account{}, listings: map[*kind]int{}}
}

// known returns the status that the API server is known to have.
func (e *entry) known(k *kind) any {
	if e.ahead != nil {
		return e.ahead.status
	}
	return k.status(e.object)
}

// change is what follows from an informer's news.
type change struct {
	// specs tells that the portfolio must be evaluated again.
	specs bool
	// differs tells that the object's status must be written.
	differs bool
}

// observe takes in an object as an informer has it. The informer's latest word holds, also where it goes back to an earlier
// version: then etcd was restored.
func (l *ledger) observe(k *kind, object client.Object) change {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.account(object.GetNamespace())
	key := entryKey{k, object.GetName()}
	e := a.entries[key]
	switch {
	case e == nil || e.object.GetUID() != object.GetUID():
		a.remove(key)
		a.entries[key] = &entry{object: object}
		objects.WithLabelValues(k.name).Inc()
		a.stale = true
		return change{specs: true}
	case e.object == object: // a resync
		return change{}
	}
	edited := e.renew(k, object, l.listings[k])
	if edited {
		a.stale = true
	}
	// An evaluation to come compares everything. Until then nothing more becomes pending.
	if a.stale && !e.pending {
		return change{specs: edited}
	}
	return change{specs: edited, differs: e.compare(k)}
}

// renew takes in the informer's latest word of an object, and tells whether its spec is another.
func (e *entry) renew(k *kind, object client.Object, listing int) (edited bool) {
	before := e.object
	e.object = object
	version := object.GetResourceVersion()
	if e.ahead != nil && (e.ahead.listing != listing || compareVersions(version, e.ahead.version) >= 0 ||
		compareVersions(version, before.GetResourceVersion()) < 0) {
		e.ahead = nil
	}
	if e.refusal != nil && e.refusal.listing != listing {
		e.refusal = nil
		e.setPending(k, false) // so that it is handed out again
	}
	// In a restored etcd a generation can be the same number with another spec.
	if object.GetGeneration() == before.GetGeneration() && k.sameSpec(object, before) {
		return false
	}
	e.edition++
	e.desired = nil
	return true
}

// forget drops an object that was deleted, and tells whether it was there.
func (l *ledger) forget(k *kind, object client.Object) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.namespaces[object.GetNamespace()]
	if a == nil || !a.remove(entryKey{k, object.GetName()}) {
		return false
	}
	a.stale, a.suspect = true, true
	if len(a.entries) == 0 {
		delete(l.namespaces, object.GetNamespace())
		portfolios.Dec()
	}
	return true
}

// listed notes that an informer of a kind lists its objects anew.
func (l *ledger) listed(k *kind) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.listings[k]++
}

// account finds the portfolio of a namespace, or begins one.
func (l *ledger) account(namespace string) *account {
	a := l.namespaces[namespace]
	if a == nil {
		a = &account{entries: map[entryKey]*entry{}, suspect: true}
		l.namespaces[namespace] = a
		portfolios.Inc()
	}
	return a
}

func (a *account) remove(key entryKey) bool {
	e := a.entries[key]
	if e == nil {
		return false
	}
	e.gone = true
	e.setPending(key.kind, false)
	delete(a.entries, key)
	objects.WithLabelValues(key.kind.name).Dec()
	return true
}

// compare updates whether an object is pending, and tells whether it has to be handed to its writer: it has just become so,
// or something else is desired than what the API server refused.
func (e *entry) compare(k *kind) bool {
	return e.decide(k, e.desired != nil && !k.same(e.desired, e.known(k)))
}

func (e *entry) decide(k *kind, differs bool) bool {
	was := e.pending
	e.setPending(k, differs)
	if e.refusal != nil && (!differs || !k.same(e.desired, e.refusal.desired)) {
		e.refusal = nil
		was = false
	}
	if e.desired != nil && !differs {
		e.desired = e.known(k) // One of two equal statuses is enough in memory.
	}
	return differs && !was
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

// snapshot is a portfolio at one moment.
type snapshot struct {
	namespace string
	objects   portfolio.Objects
	seen      []sighting
	// suspect tells that the namespace may be about to go.
	suspect bool
}

// sighting is an object of a snapshot: what an evaluation of it speaks of.
type sighting struct {
	entryKey
	entry   *entry
	edition int
	known   any
}

// snapshot returns the portfolio of a namespace, or nil where there is none.
func (l *ledger) snapshot(namespace string) *snapshot {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.namespaces[namespace]
	if a == nil {
		return nil
	}
	a.stale = false
	s := &snapshot{namespace: namespace, seen: make([]sighting, 0, len(a.entries)), suspect: a.suspect}
	for key, e := range a.entries {
		key.kind.collect(&s.objects, e.object)
		s.seen = append(s.seen, sighting{key, e, e.edition, e.known(key.kind)})
	}
	return s
}

// publish takes over what an evaluation of a snapshot says of the objects that are still those it saw. It returns those
// whose status has to be written.
func (l *ledger) publish(s *snapshot, statuses *portfolio.Statuses) []ref {
	// Nearly all comparisons are done here, without the lock.
	desired, differs := make([]any, len(s.seen)), make([]bool, len(s.seen))
	for i, seen := range s.seen {
		desired[i] = seen.kind.desired(statuses, seen.name)
		differs[i] = desired[i] != nil && !seen.kind.same(desired[i], seen.known)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.namespaces[s.namespace]; a != nil && !a.stale {
		a.suspect = false
	}
	var all []ref
	for i, seen := range s.seen {
		e := seen.entry
		if e.gone || e.edition != seen.edition {
			continue
		}
		e.desired = desired[i]
		if e.known(seen.kind) != seen.known {
			differs[i] = e.desired != nil && !seen.kind.same(e.desired, e.known(seen.kind))
		}
		if e.decide(seen.kind, differs[i]) {
			all = append(all, newRef(seen.kind, s.namespace, seen.name))
		}
	}
	return all
}

// abandon drops all that is desired in a namespace.
func (l *ledger) abandon(namespace string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.namespaces[namespace]
	if a == nil {
		return
	}
	for key, e := range a.entries {
		e.desired = nil
		e.compare(key.kind)
	}
}

// pending returns all objects of a kind whose status has to be written.
func (l *ledger) pending(k *kind) []ref {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []ref
	for namespace, a := range l.namespaces {
		for key, e := range a.entries {
			if key.kind == k && e.pending {
				all = append(all, newRef(k, namespace, key.name))
			}
		}
	}
	return all
}

// names returns the namespaces that hold a portfolio.
func (l *ledger) names() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Keys(l.namespaces))
}

func newRef(k *kind, namespace, name string) ref {
	return ref{k, types.NamespacedName{Namespace: namespace, Name: name}}
}

func (l *ledger) find(r ref) *entry {
	if a := l.namespaces[r.Namespace]; a != nil {
		return a.entries[entryKey{r.kind, r.Name}]
	}
	return nil
}

// write is a status to be written.
type write struct {
	uid            types.UID
	known, desired any
	entry          *entry
	listing        int
}

// next returns what has to be written to an object, if anything.
func (l *ledger) next(r ref) (write, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.find(r)
	if e == nil || !e.pending {
		return write{}, false
	}
	return write{uid: e.object.GetUID(), known: e.known(r.kind), desired: e.desired, entry: e, listing: l.listings[r.kind]}, true
}

// result is what came of a write that the API server answered.
type result int

const (
	// taken: the API server has what was written.
	taken result = iota
	// refused: it answered with another status. To write the same again at once would not help.
	refused
	// doubtful: the answer is older than what the informer said. One of the two is out of date; the informer will tell.
	doubtful
)

// written takes in the answer to a write, which the informer will see later.
func (l *ledger) written(r ref, w write, object client.Object) result {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, version, status := w.entry, object.GetResourceVersion(), r.kind.status(object)
	if e.gone {
		return taken
	}
	order := compareVersions(version, e.object.GetResourceVersion())
	if w.listing != l.listings[r.kind] || order < 0 {
		e.compare(r.kind)
		return doubtful
	}
	e.ahead = nil
	if order > 0 {
		e.ahead = &answer{status, version, w.listing}
	}
	e.compare(r.kind)
	if !e.pending || !r.kind.same(e.desired, w.desired) {
		return taken // Where something else is desired by now, that is pending.
	}
	e.refusal = &refusal{w.desired, w.listing}
	return refused
}
