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
	"k8s.io/apimachinery/pkg/util/sets"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// ledger keeps, for each object, what is known of its status and what is desired, and tells what differs. It knows no
// queue, no clock and no client: its callers act on what it returns. One lock guards all of it.
type ledger struct {
	mu sync.Mutex
	// accounts are those of the namespaces that hold a portfolio.
	accounts map[string]*account
	// listings counts how often objects were listed anew. A new list can come from another history: from an etcd that was
	// restored, or by a CRD that was changed.
	listings map[part]int
}

// part is what is listed at once: the objects of a kind in a namespace, or in all of them where there is none here.
type part struct {
	kind      *cxv1alpha1.Kind
	namespace string
}

// has tells whether an object is in the part.
func (p part) has(r ref) bool {
	return p.kind == r.kind && (p.namespace == "" || p.namespace == r.Namespace)
}

// account is the portfolio of one namespace.
type account struct {
	entries map[entryKey]*entry
	// stale tells that specs changed since the last snapshot.
	stale bool
	// suspect tells that the namespace may be on its way out: it is new here, or objects were deleted since the last
	// evaluation that was published.
	suspect bool
	// changed is how many objects came, were edited or went since the last snapshot.
	changed int
	// untold are the objects whose status was written since events last spoke of them.
	untold []*entry
}

type entryKey struct {
	kind *cxv1alpha1.Kind
	name string
}

func newLedger() *ledger {
	return &ledger{accounts: map[string]*account{}, listings: map[part]int{}}
}

// change is what follows from an informer's news.
type change struct {
	// changed is how many objects have changed since the last snapshot, if this is one of them. The portfolio must be evaluated again.
	changed int
	// write tells that the object's status must be written.
	write bool
}

// observe takes in an object as an informer has it. The informer's latest word holds, also where it goes back to an earlier
// version: then etcd was restored.
func (l *ledger) observe(object cxv1alpha1.Object) change {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := refOf(object)
	a := l.account(r.Namespace)
	e := a.entries[entryKey{r.kind, r.Name}]
	if e == nil || e.object.GetUID() != object.GetUID() {
		a.remove(e)
		a.add(&entry{ref: r, object: object})
		return change{changed: a.changed}
	}
	var follows change
	if e.renew(object, l.listing(r)) {
		a.note(e)
		follows.changed = a.changed
	}
	// The evaluation to come compares everything. Until then nothing more becomes pending.
	if !a.stale || e.pending {
		follows.write = e.compare()
	}
	return follows
}

// forget drops an object that was deleted.
func (l *ledger) forget(object cxv1alpha1.Object) change {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.find(refOf(object))
	if e == nil {
		return change{}
	}
	a := l.accounts[e.Namespace]
	a.remove(e)
	a.suspect = true
	if len(a.entries) == 0 {
		delete(l.accounts, e.Namespace)
		portfolios.Dec()
	}
	return change{changed: a.changed}
}

// drop forgets the portfolio of a namespace that is no business of the operator any more.
func (l *ledger) drop(namespace string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.accounts[namespace]
	if a == nil {
		return
	}
	for _, e := range a.entries {
		a.remove(e)
	}
	delete(l.accounts, namespace)
	portfolios.Dec()
	for _, k := range cxv1alpha1.Kinds {
		delete(l.listings, part{k, namespace})
	}
}

// absent returns the objects of a part that are not among those that are present.
func (l *ledger) absent(p part, present sets.Set[types.NamespacedName]) []cxv1alpha1.Object {
	l.mu.Lock()
	defer l.mu.Unlock()
	accounts := l.accounts
	if p.namespace != "" {
		accounts = map[string]*account{}
		if a := l.accounts[p.namespace]; a != nil {
			accounts[p.namespace] = a
		}
	}
	var all []cxv1alpha1.Object
	for _, a := range accounts {
		for _, e := range a.entries {
			if p.has(e.ref) && !present.Has(e.NamespacedName) {
				all = append(all, e.object)
			}
		}
	}
	return all
}

// listed notes that a part is listed anew.
func (l *ledger) listed(p part) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.listings[p]++
}

// listing tells how often an object may have been listed. It only grows while there is such an object.
func (l *ledger) listing(r ref) int {
	return l.listings[part{r.kind, ""}] + l.listings[part{r.kind, r.Namespace}]
}

// account finds the portfolio of a namespace, or begins one.
func (l *ledger) account(namespace string) *account {
	a := l.accounts[namespace]
	if a == nil {
		a = &account{entries: map[entryKey]*entry{}, suspect: true}
		l.accounts[namespace] = a
		portfolios.Inc()
	}
	return a
}

func (l *ledger) find(r ref) *entry {
	if a := l.accounts[r.Namespace]; a != nil {
		return a.entries[entryKey{r.kind, r.Name}]
	}
	return nil
}

// note takes in that the spec of an object changed.
func (a *account) note(e *entry) {
	a.stale = true
	if !e.changed {
		e.changed = true
		a.changed++
	}
}

func (a *account) add(e *entry) {
	a.note(e)
	a.entries[entryKey{e.kind, e.Name}] = e
	objects.WithLabelValues(e.kind.Name).Inc()
}

func (a *account) remove(e *entry) {
	if e == nil {
		return
	}
	a.note(e)
	e.gone = true
	e.setPending(false)
	delete(a.entries, entryKey{e.kind, e.Name})
	objects.WithLabelValues(e.kind.Name).Dec()
}

// snapshot is a portfolio at one moment.
type snapshot struct {
	namespace string
	objects   portfolio.Objects
	seen      []sighting
	suspect   bool
}

// sighting is an object of a snapshot, as it was then.
type sighting struct {
	entry   *entry
	object  cxv1alpha1.Object
	edition int
	known   cxv1alpha1.Status
}

// snapshot returns the portfolio of a namespace, or nil where there is none.
func (l *ledger) snapshot(namespace string) *snapshot {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.accounts[namespace]
	if a == nil {
		return nil
	}
	a.stale, a.changed = false, 0
	s := &snapshot{namespace: namespace, seen: make([]sighting, 0, len(a.entries)), suspect: a.suspect}
	for _, e := range a.entries {
		e.changed = false
		s.objects.Add(e.object)
		s.seen = append(s.seen, sighting{e, e.object, e.edition, e.known()})
	}
	return s
}

// publish takes over what an evaluation of a snapshot says of those objects that still are as it saw them. It returns the
// objects whose status must be written.
func (l *ledger) publish(s *snapshot, statuses *portfolio.Statuses) []ref {
	// Comparing takes long, so it is done without the lock.
	desired, differ := make([]cxv1alpha1.Status, len(s.seen)), make([]bool, len(s.seen))
	for i, seen := range s.seen {
		desired[i] = statuses.Of(seen.object)
		differ[i] = differs(desired[i], seen.known)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.accounts[s.namespace]; a != nil && !a.stale {
		a.suspect = false
	}
	var all []ref
	for i, seen := range s.seen {
		e := seen.entry
		if e.gone || e.edition != seen.edition {
			continue
		}
		e.desired = desired[i]
		if known := e.known(); known != seen.known {
			differ[i] = differs(e.desired, known)
		}
		if e.decide(differ[i]) {
			all = append(all, e.ref)
		}
	}
	return all
}

// abandon drops all that is desired in a namespace, so that nothing is written there.
func (l *ledger) abandon(namespace string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.accounts[namespace]; a != nil {
		for _, e := range a.entries {
			e.desired = nil
			e.compare()
		}
		for _, e := range a.untold {
			e.told = nil
		}
		a.untold = nil
	}
}

// pending returns the objects of a kind whose status must be written.
func (l *ledger) pending(k *cxv1alpha1.Kind) []ref {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []ref
	for _, a := range l.accounts {
		for _, e := range a.entries {
			if e.kind == k && e.pending {
				all = append(all, e.ref)
			}
		}
	}
	return all
}

// names returns the namespaces that hold a portfolio.
func (l *ledger) names() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Keys(l.accounts))
}

// write is a status to be written.
type write struct {
	uid            types.UID
	known, desired cxv1alpha1.Status
	entry          *entry
	listing        int
}

// next returns what must be written to an object, if anything.
func (l *ledger) next(r ref) (write, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.find(r)
	if e == nil || !e.pending {
		return write{}, false
	}
	return write{uid: e.object.GetUID(), known: e.known(), desired: e.desired, entry: e, listing: l.listing(r)}, true
}

// result is what came of a write that the API server answered.
type result int

const (
	// taken: what was written is done with.
	taken result = iota
	// refused: the API server answered with another status. To write the same again at once would not help.
	refused
	// doubtful: the answer is older than the informer's word. One of the two is out of date, and the informer will tell which.
	doubtful
)

// written takes in the answer to a write, which the informer will see later.
func (l *ledger) written(w write, object cxv1alpha1.Object) result {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, version := w.entry, object.GetResourceVersion()
	if e.gone {
		return taken
	}
	order := compareVersions(version, e.object.GetResourceVersion())
	if order < 0 || w.listing != l.listing(e.ref) {
		e.compare()
		return doubtful
	}
	e.ahead = nil
	if order > 0 {
		e.ahead = &answer{object.GetStatus(), version, w.listing}
	}
	if e.told == nil {
		e.told = w.known
		a := l.accounts[e.Namespace]
		a.untold = append(a.untold, e)
	}
	e.compare()
	if !e.pending || differs(e.desired, w.desired) {
		return taken // Where something else is desired by now, that is pending.
	}
	e.refusal = &refusal{w.desired, w.listing}
	return refused
}

// news is what changed in the status of an object since events last spoke of it.
type news struct {
	object        cxv1alpha1.Object
	before, after cxv1alpha1.Status
}

// tell returns up to so many news of a portfolio, which are then told. An object that still waits for an evaluation or a write is
// left for later; more tells that some are left.
func (l *ledger) tell(namespace string, limit int) (all []news, more bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.accounts[namespace]
	if a == nil {
		return nil, false
	}
	var left []*entry
	for _, e := range a.untold {
		switch {
		case e.gone:
		case len(all) == limit || e.desired == nil || e.pending:
			left = append(left, e)
		default:
			all = append(all, news{e.object, e.told, e.known()})
			e.told = nil
		}
	}
	a.untold = left
	return all, len(left) > 0
}
