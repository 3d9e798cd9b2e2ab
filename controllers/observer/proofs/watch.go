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

package proofs

import (
	"context"
	"encoding/json"
	"maps"
	"time"

	"golang.org/x/time/rate"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"

	"github.com/journeyops/journey-operator/controllers/observer"
)

const (
	// maxObject is the largest object, in bytes of JSON, that is looked at.
	maxObject = 256 << 10
	// gathering is how long a watch waits for more names before it begins. Each name that comes later makes it begin anew.
	gathering = 200 * time.Millisecond
	// beginInterval is how often a watch begins anew for new names, after some times at once.
	beginInterval = 5 * time.Second
	beginsAtOnce  = 5
	// firstRetry and lastRetry are the shortest and the longest wait after a failure; it doubles each time.
	firstRetry = time.Second
	lastRetry  = 2 * time.Minute
	// quietFailures is how many failures in a row are not told, since most are over soon.
	quietFailures = 4
)

// watch sees the objects in one place that checks name.
type watch struct {
	place
	proofs *Proofs
	stop   context.CancelFunc
	// more tells that names have come that are not looked for yet.
	more chan struct{}

	// The lock of Proofs guards the rest.

	named map[string]*named
	// trouble is why nothing can be seen: a fault, or that the cluster has no such kind.
	trouble sight
}

// named is an object that checks name.
type named struct {
	keys sets.Set[observer.Key]
	sight
}

// sight is what can be seen of an object.
type sight struct {
	// pending tells that it has not been looked at yet, fault why it cannot be.
	pending bool
	fault   *fault
	// noKind tells that the cluster has no such kind; tooLarge that the object has more than maxObject.
	noKind, tooLarge bool
	// data is the object as JSON; empty where there is none.
	data string
}

// newWatch begins to watch. The caller holds the lock.
func (p *Proofs) newWatch(at place) *watch {
	ctx, cancel := context.WithCancel(p.running)
	w := &watch{place: at, proofs: p, stop: cancel, more: make(chan struct{}, 1), named: map[string]*named{}}
	go w.run(ctx)
	return w
}

// add has an object looked at for a target. The caller holds the lock.
func (w *watch) add(name string, key observer.Key) {
	n := w.named[name]
	if n == nil {
		n = &named{keys: sets.New[observer.Key](), sight: sight{pending: true}}
		w.named[name] = n
		select {
		case w.more <- struct{}{}:
		default:
		}
	}
	n.keys.Insert(key)
}

// remove undoes add. The caller holds the lock.
func (w *watch) remove(name string, key observer.Key) {
	if n := w.named[name]; n != nil {
		n.keys.Delete(key)
		if len(n.keys) == 0 {
			delete(w.named, name)
		}
	}
}

// see tells what is there of an object. The caller holds the lock.
func (w *watch) see(name string) sight {
	n := w.named[name]
	switch {
	case w.trouble != sight{}:
		return w.trouble
	case n == nil:
		return sight{pending: true}
	}
	return n.sight
}

// run watches until ctx ends.
func (w *watch) run(ctx context.Context) {
	begins := rate.NewLimiter(rate.Every(beginInterval), beginsAtOnce)
	failures := 0
	for {
		pause := max(gathering, begins.Reserve().Delay())
		if failures > 0 {
			pause = max(pause, min(firstRetry<<min(failures-1, 10), lastRetry))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		seen, trouble, err := w.once(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case trouble != sight{}:
			failures++
			w.fail(trouble)
		case err != nil:
			if failures++; failures > quietFailures {
				w.fail(sight{fault: cannotWatch(w.place, err)})
			}
		}
		if seen {
			failures = 0
		}
	}
}

// once finds out whether the place may be watched, and watches until that fails or new names come. It tells whether anything was seen.
func (w *watch) once(ctx context.Context) (seen bool, trouble sight, err error) {
	at, trouble, err := w.proofs.cluster.locate(ctx, w.place)
	if err != nil || trouble != (sight{}) {
		return false, trouble, err
	}
	ctx, cancel := context.WithCancel(klog.NewContext(ctx, w.proofs.log))
	defer cancel()
	s := &store{watch: w, namespace: at.namespace, names: w.names()}
	go func() {
		select {
		case <-w.more:
			cancel()
		case <-ctx.Done():
		}
	}()
	expected := &unstructured.Unstructured{}
	expected.SetGroupVersionKind(w.GroupVersionKind)
	reflector := cache.NewReflectorWithOptions(w.proofs.cluster.listWatch(at), expected, s, cache.ReflectorOptions{Name: "proofs", Logger: &w.proofs.log})
	err = reflector.ListAndWatchWithContext(ctx)
	if ctx.Err() != nil {
		err = nil // New names have come, or the observer stops.
	}
	return s.synced, sight{}, err
}

// names returns the names that a watch which begins now looks for.
func (w *watch) names() sets.Set[string] {
	w.proofs.mu.Lock()
	defer w.proofs.mu.Unlock()
	select {
	case <-w.more:
	default:
	}
	return sets.KeySet(w.named)
}

// fail takes note that nothing can be seen.
func (w *watch) fail(trouble sight) {
	w.proofs.mu.Lock()
	defer w.proofs.mu.Unlock()
	isNew := !trouble.same(w.trouble)
	w.trouble = trouble
	for _, n := range w.named {
		n.sight = sight{pending: true}
		if isNew {
			w.announce(n)
		}
	}
}

// same tells whether two troubles are the same for people.
func (s sight) same(other sight) bool {
	if s.fault != nil && other.fault != nil {
		return s.fault.reason == other.fault.reason && s.fault.message == other.fault.message
	}
	return s == other
}

// replace takes note of all that is there of the names.
func (w *watch) replace(names sets.Set[string], objects map[string]sight) {
	w.proofs.mu.Lock()
	defer w.proofs.mu.Unlock()
	w.trouble = sight{}
	for name := range names {
		w.set(name, objects[name])
	}
}

// change takes note of one object.
func (w *watch) change(name string, s sight) {
	w.proofs.mu.Lock()
	defer w.proofs.mu.Unlock()
	w.set(name, s)
}

func (w *watch) set(name string, s sight) {
	n := w.named[name]
	if n == nil || n.sight == s {
		return
	}
	n.sight = s
	w.announce(n)
}

func (w *watch) announce(n *named) {
	for key := range n.keys {
		w.proofs.announce(key)
	}
}

// store passes on what a reflector sees of some names, and drops the rest.
type store struct {
	*watch

	namespace string
	names     sets.Set[string]
	synced    bool
}

// wants tells whether something is named. The namespace is compared too, in case that a kind which was in none is in one now.
func (s *store) wants(o any) (*unstructured.Unstructured, bool) {
	u, ok := o.(*unstructured.Unstructured)
	return u, ok && u.GetNamespace() == s.namespace && s.names.Has(u.GetName())
}

var _ cache.TransformingStore = (*store)(nil)

func (s *store) Add(o any) error {
	if u, ok := s.wants(o); ok {
		s.change(u.GetName(), sightOf(u))
	}
	return nil
}

func (s *store) Update(o any) error { return s.Add(o) }

func (s *store) Delete(o any) error {
	if u, ok := s.wants(o); ok {
		s.change(u.GetName(), sight{})
	}
	return nil
}

func (s *store) Replace(list []any, _ string) error {
	objects := map[string]sight{}
	for _, o := range list {
		if u, ok := s.wants(o); ok {
			objects[u.GetName()] = sightOf(u)
		}
	}
	s.replace(s.names, objects)
	s.synced = true
	return nil
}

func (s *store) Resync() error { return nil }

// Transformer drops what nobody names while objects still arrive.
func (s *store) Transformer() cache.TransformFunc {
	return func(o any) (any, error) {
		u, ok := s.wants(o)
		if ok || u == nil {
			return o, nil
		}
		bare := &unstructured.Unstructured{}
		bare.SetGroupVersionKind(u.GroupVersionKind())
		bare.SetNamespace(u.GetNamespace())
		bare.SetName(u.GetName())
		bare.SetResourceVersion(u.GetResourceVersion())
		return bare, nil
	}
}

// sightOf keeps an object as text, which takes a fraction of the memory. What changes without the object being another is left out.
func sightOf(u *unstructured.Unstructured) sight {
	content := maps.Clone(u.Object)
	if metadata, ok := content["metadata"].(map[string]any); ok {
		metadata = maps.Clone(metadata)
		delete(metadata, "managedFields")
		delete(metadata, "resourceVersion")
		content["metadata"] = metadata
	}
	data, err := json.Marshal(content)
	if err != nil || len(data) > maxObject {
		return sight{tooLarge: true}
	}
	return sight{data: string(data)}
}
