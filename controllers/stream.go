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
	"fmt"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"golang.org/x/sync/semaphore"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/watch"
	toolscache "k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// stream brings the objects of a part to the engine, as the store of a reflector. It keeps none of them: the ledger does.
type stream struct {
	part

	intake *intake
	// synced is closed when all objects have come once.
	synced chan struct{}
	once   sync.Once
	// forbidden is told that the operator may not read the part.
	forbidden func(error)

	// mu is held while objects are taken in.
	mu sync.Mutex
	// listedLate are the namespaces that were listed by themselves, with the version of that list. The stream was behind it then.
	listedLate map[string]string
	// counts are the numbers of objects by namespace, also of those that are not in the scope.
	counts map[string]int
}

func newStream(i *intake, p part, forbidden func(error)) *stream {
	return &stream{
		part: p, intake: i, forbidden: forbidden, synced: make(chan struct{}), listedLate: map[string]string{}, counts: map[string]int{},
	}
}

// run streams until ctx ends.
func (s *stream) run(ctx context.Context) {
	lw := &relister{
		next: listerWatcher{s.intake.client, s.intake.openings, func() client.ObjectList { return s.kind.NewList() },
			client.ListOptions{Namespace: s.namespace}},
		listed: func() { s.intake.engine.ledger.listed(s.part) },
		failed: func(err error) {
			if ctx.Err() == nil {
				s.failed(err)
			}
		},
	}
	runReflector(ctx, lw, s.kind.New(), s)
}

func (s *stream) failed(err error) {
	s.intake.failed(s.kind.Plural, err)
	if apierrors.IsForbidden(err) {
		s.forbidden(err)
	}
}

// runReflector runs a reflector until ctx ends. What fails, its lister and watcher tells of.
func runReflector(ctx context.Context, lw toolscache.ListerWatcher, object runtime.Object, store toolscache.ReflectorStore) {
	silent := logr.Discard()
	toolscache.NewReflectorWithOptions(lw, object, store, toolscache.ReflectorOptions{Logger: &silent, Clock: endingClock{done: ctx.Done()}}).
		RunWithContext(klog.NewContext(ctx, silent))
}

// endingClock is a clock whose waits end early when all ends. A reflector that could not connect waits up to a minute before it looks
// at its context again; so long nobody could stop.
type endingClock struct {
	clock.RealClock

	done <-chan struct{}
}

func (c endingClock) After(d time.Duration) <-chan time.Time {
	over := make(chan time.Time, 1)
	timer := time.NewTimer(d)
	go func() {
		defer timer.Stop()
		select {
		case <-c.done:
			over <- time.Now()
		case now := <-timer.C:
			over <- now
		}
	}()
	return over
}

// listerWatcher lists and watches through a client, a few at a time.
type listerWatcher struct {
	client   client.WithWatch
	openings *semaphore.Weighted
	newList  func() client.ObjectList
	options  client.ListOptions
}

func (lw listerWatcher) ListWithContext(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
	if err := lw.openings.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer lw.openings.Release(1)
	list := lw.newList()
	return list, lw.client.List(ctx, list, lw.with(options))
}

func (lw listerWatcher) WatchWithContext(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
	if err := lw.openings.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer lw.openings.Release(1)
	return lw.client.Watch(ctx, lw.newList(), lw.with(options))
}

// with returns the client's options for a request with the reflector's.
func (lw listerWatcher) with(options metav1.ListOptions) *client.ListOptions {
	all := lw.options
	all.Limit, all.Continue, all.Raw = options.Limit, options.Continue, &options
	return &all
}

// Transformer has the reflector strip what it lists as it comes.
func (s *stream) Transformer() toolscache.TransformFunc {
	return func(in any) (any, error) {
		object, ok := in.(cxv1alpha1.Object)
		if ok && s.intake.serves(object.GetNamespace()) {
			strip(object)
			return object, nil
		}
		if ok {
			return s.stub(object), nil // It will be dropped.
		}
		return in, nil
	}
}

// stub stands for an object of a namespace that is not served, while a list is being read.
func (s *stream) stub(object cxv1alpha1.Object) cxv1alpha1.Object {
	stub := s.kind.New()
	stub.SetNamespace(object.GetNamespace())
	stub.SetName(object.GetName())
	return stub
}

// Add takes in an object that is new.
func (s *stream) Add(in any) error { return s.take(in, 1, s.observed) }

// Update takes in an object that changed.
func (s *stream) Update(in any) error { return s.take(in, 0, s.observed) }

// Delete takes in that an object is gone.
func (s *stream) Delete(in any) error { return s.take(in, -1, s.intake.engine.deleted) }

func (s *stream) observed(object cxv1alpha1.Object) {
	strip(object)
	s.intake.engine.observed(object)
}

// take takes in news of an object, by which there are so many more.
func (s *stream) take(in any, more int, do func(cxv1alpha1.Object)) error {
	object, ok := in.(cxv1alpha1.Object)
	if !ok {
		return fmt.Errorf("a stream of %s brought a %T", s.kind.Plural, in)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count(object.GetNamespace(), more)
	s.intake.mu.RLock()
	defer s.intake.mu.RUnlock()
	if s.intake.servesLocked(object.GetNamespace()) && !s.outdated(object) {
		do(object)
	}
	return nil
}

// count adds to the number of objects of a namespace.
func (s *stream) count(namespace string, more int) {
	if s.counts[namespace] += more; s.counts[namespace] == 0 {
		delete(s.counts, namespace)
	}
}

// holders adds the namespaces that hold objects.
func (s *stream) holders(to sets.Set[string]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.counts {
		to.Insert(name)
	}
}

// outdated tells whether an object is older than a list of its namespace that was made out of turn.
func (s *stream) outdated(object cxv1alpha1.Object) bool {
	version, ok := s.listedLate[object.GetNamespace()]
	if !ok {
		return false
	}
	if compareVersions(object.GetResourceVersion(), version) <= 0 {
		return true
	}
	delete(s.listedLate, object.GetNamespace())
	return false
}

// Replace takes in all objects.
func (s *stream) Replace(all []any, _ string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.listedLate)
	if err := s.replace(s.part, all); err != nil {
		return err
	}
	clear(s.counts)
	for _, in := range all {
		if object, ok := in.(cxv1alpha1.Object); ok {
			s.count(object.GetNamespace(), 1)
		}
	}
	s.once.Do(func() { close(s.synced) })
	return nil
}

func (s *stream) replace(p part, all []any) error {
	s.intake.mu.RLock()
	defer s.intake.mu.RUnlock()
	present := make(sets.Set[types.NamespacedName], len(all))
	for _, in := range all {
		object, ok := in.(cxv1alpha1.Object)
		if !ok {
			return fmt.Errorf("a list of %s holds a %T", s.kind.Plural, in)
		}
		if !s.intake.servesLocked(object.GetNamespace()) {
			continue
		}
		present.Insert(client.ObjectKeyFromObject(object))
		if object.GetUID() == "" {
			continue // A stub: its namespace came into the scope meanwhile, and was listed by itself, later than this.
		}
		strip(object)
		s.intake.engine.observed(object)
	}
	for _, object := range s.intake.engine.ledger.absent(p, present) {
		s.intake.engine.deleted(object)
	}
	return nil
}

// listLate lists one namespace out of turn. The stream waits meanwhile.
func (s *stream) listLate(ctx context.Context, namespace string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.kind.NewList()
	if err := s.intake.client.List(ctx, list, client.InNamespace(namespace)); err != nil {
		return err
	}
	items, err := meta.ExtractListWithAlloc(list)
	if err != nil {
		return fmt.Errorf("reading a list of %s: %w", s.kind.Plural, err)
	}
	all := make([]any, 0, len(items))
	for _, item := range items {
		all = append(all, item)
	}
	if err := s.replace(part{s.kind, namespace}, all); err != nil {
		return err
	}
	s.listedLate[namespace] = list.GetResourceVersion()
	return nil
}

// Resync does nothing: what was taken in stays.
func (*stream) Resync() error { return nil }
