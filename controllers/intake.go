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

	"github.com/go-logr/logr"
	"golang.org/x/sync/semaphore"
	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/shards"
)

const (
	// A namespace that the operator may not read is tried again after this time, doubling up to the maximum.
	forbiddenBackoff    = time.Second
	maxForbiddenBackoff = 30 * time.Second

	// maxOpenings is the number of lists and watches that are opened at the same time. Thousands at once would keep the API server
	// from answering anything else, renewals of the lease among them.
	maxOpenings = 16

	// forbiddenLogInterval is how often such a namespace is told of again.
	forbiddenLogInterval = time.Hour
)

// Scope says in which namespaces the operator works: in all, in those of these names, or in those whose labels match.
type Scope struct {
	Names    []string
	Selector labels.Selector
}

// everywhere tells whether the scope is all namespaces.
func (s Scope) everywhere() bool {
	return len(s.Names) == 0 && s.Selector == nil
}

// claim returns the selector of these namespaces.
func (s Scope) claim() (labels.Selector, error) {
	switch {
	case s.Selector != nil:
		return s.Selector, nil
	case len(s.Names) > 0:
		return shards.OfNames(s.Names)
	default:
		return labels.Everything(), nil
	}
}

// intake has the objects of the namespaces of a scope read, and follows which namespaces these are.
//
// It reads wide, or narrow. Wide is one stream a kind, from all namespaces: what is not in the scope is dropped as it comes.
// That costs the same for one namespace and for thousands, and takes rights in the whole cluster. Where the operator has
// them not, it reads narrow: a stream for each kind and namespace. Then one namespace that it may not read concerns no other.
type intake struct {
	engine *engine
	client client.WithWatch
	scope  Scope
	log    logr.Logger
	// failures limits how often failing streams are logged.
	failures failureLog
	// openings limits how many lists and watches are opened at the same time.
	openings *semaphore.Weighted

	// mu guards what follows. An object of a namespace is taken in with it held, so that none is after the namespace was let go.
	mu sync.RWMutex
	// tenants are the namespaces in the scope, unless that is all namespaces.
	tenants map[string]*tenant
	// wide are the streams of all namespaces, while there are such.
	wide []*stream
}

func newIntake(e *engine, c client.WithWatch, scope Scope, log logr.Logger) *intake {
	return &intake{
		engine: e, client: c, scope: scope, log: log, failures: failureLog{clock: e.clock}, openings: semaphore.NewWeighted(maxOpenings),
	}
}

// NeedLeaderElection lets followers read as well.
func (*intake) NeedLeaderElection() bool {
	return false
}

// Start reads until ctx ends.
func (i *intake) Start(ctx context.Context) error {
	for ctx.Err() == nil {
		if i.scope.everywhere() || i.mayReadAll(ctx) {
			i.readWide(ctx)
		} else {
			i.readNarrow(ctx)
		}
	}
	return nil
}

// mayReadAll asks whether the operator may list and watch all kinds in all namespaces.
func (i *intake) mayReadAll(ctx context.Context) bool {
	for _, k := range cxv1alpha1.Kinds {
		for _, verb := range []string{"list", "watch"} {
			review := &authorizationv1.SelfSubjectAccessReview{Spec: authorizationv1.SelfSubjectAccessReviewSpec{
				ResourceAttributes: &authorizationv1.ResourceAttributes{Group: cxv1alpha1.GroupVersion.Group, Resource: k.Plural, Verb: verb},
			}}
			// Whoever may not even ask reads narrow: that works with any rights.
			if err := i.ask(ctx, review); err != nil || !review.Status.Allowed {
				i.log.Info("Reading each namespace by itself, for want of rights in the whole cluster", "verb", verb, "resource", k.Plural)
				return false
			}
		}
	}
	return true
}

// ask creates a review, again and again while the API server does not answer.
func (i *intake) ask(ctx context.Context, review client.Object) error {
	var err error
	_ = wait.PollUntilContextCancel(ctx, time.Second, true, func(ctx context.Context) (bool, error) {
		err = i.client.Create(ctx, review)
		if err == nil || apierrors.IsForbidden(err) {
			return true, nil
		}
		i.failed("access reviews", err)
		return false, nil
	})
	return err
}

// readWide reads all namespaces at once, until ctx ends or that is forbidden.
func (i *intake) readWide(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var streams []*stream
	began := make(chan struct{})
	initial, finish := i.followTenants(ctx, func(ctx context.Context, name string, initial bool) {
		select {
		case <-ctx.Done():
		case <-began:
			if !initial {
				i.readLate(ctx, name, streams)
			}
		}
	})
	defer finish()
	defer cancel()
	var group sync.WaitGroup
	defer group.Wait()
	for _, k := range cxv1alpha1.Kinds {
		s := newStream(i, part{kind: k}, func(error) {
			if !i.scope.everywhere() {
				cancel() // and see which rights there are
			}
		})
		streams = append(streams, s)
		group.Go(func() { s.run(ctx) })
	}
	for _, s := range streams {
		select {
		case <-ctx.Done():
			return
		case <-s.synced:
		}
	}
	for _, name := range initial {
		i.wasRead(name)
	}
	i.setWide(streams)
	defer i.setWide(nil)
	i.engine.begin()
	close(began)
	<-ctx.Done()
}

func (i *intake) setWide(streams []*stream) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.wide = streams
}

// holders returns the namespaces that hold objects, as far as the operator can see.
func (i *intake) holders() []string {
	i.mu.RLock()
	streams := i.wide
	i.mu.RUnlock()
	if streams == nil {
		return i.engine.ledger.names()
	}
	all := sets.New[string]()
	for _, s := range streams {
		s.holders(all)
	}
	return all.UnsortedList()
}

// notes says in sentences which namespaces may not be read, or written.
func (i *intake) notes() []string {
	var notes []string
	for _, state := range []struct {
		tenantState
		text string
	}{
		{tenantForbidden, "namespaces that may not be read, for want of a RoleBinding there: "},
		{tenantUnwritable, "namespaces where statuses may not be written, for want of a RoleBinding there: "},
	} {
		if names := i.names(state.tenantState); len(names) > 0 {
			notes = append(notes, state.text+shards.Some(names))
		}
	}
	return notes
}

// readLate lists the objects of a namespace that came into the scope when all namespaces had been read. The streams tell
// what happens to them from then on.
func (i *intake) readLate(ctx context.Context, name string, streams []*stream) {
	backoff := newForbiddenBackoff()
	for _, s := range streams {
		for {
			err := s.listLate(ctx, name)
			if err == nil {
				break
			}
			i.failed(name, err)
			if !sleep(ctx, backoff.Step()) {
				return
			}
		}
	}
	i.wasRead(name)
}

// readNarrow reads each namespace by itself, until ctx ends.
func (i *intake) readNarrow(ctx context.Context) {
	began := make(chan struct{})
	_, finish := i.followTenants(ctx, func(ctx context.Context, name string, _ bool) {
		select {
		case <-ctx.Done():
		case <-began:
			i.readTenant(ctx, name)
		}
	})
	defer finish()
	i.engine.begin()
	close(began)
	<-ctx.Done()
}

// readTenant reads a namespace by itself until ctx ends. Where that is forbidden, it is tried again and again.
func (i *intake) readTenant(ctx context.Context, name string) {
	backoff := newForbiddenBackoff()
	for ctx.Err() == nil {
		err := i.readOnce(ctx, name, &backoff)
		if ctx.Err() != nil {
			return
		}
		i.forbid(name, err)
		sleep(ctx, backoff.Step())
	}
}

// readOnce reads a namespace by itself until ctx ends, or that is forbidden: then it says why. One kind comes after the
// other, so that a forbidden namespace costs one request at a time.
func (i *intake) readOnce(ctx context.Context, name string, backoff *wait.Backoff) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel(nil)
	for _, k := range cxv1alpha1.Kinds {
		s := newStream(i, part{k, name}, cancel)
		group.Go(func() { s.run(ctx) })
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-s.synced:
		}
	}
	*backoff = newForbiddenBackoff()
	i.wasRead(name)
	<-ctx.Done()
	return context.Cause(ctx)
}

func newForbiddenBackoff() wait.Backoff {
	return wait.Backoff{Duration: forbiddenBackoff, Factor: 2, Jitter: .2, Steps: 100, Cap: maxForbiddenBackoff}
}

// sleep waits, and tells whether ctx goes on.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// failed logs that a stream of something failed, once in a while. Streams try again by themselves.
func (i *intake) failed(what string, err error) {
	if apierrors.IsResourceExpired(err) || apierrors.IsTooManyRequests(err) {
		return // All in a day's work.
	}
	if i.failures.due() {
		i.log.Error(err, "Reading failed; trying again. More failures are logged at debug level for a while", "what", what)
	} else {
		i.log.V(1).Info("Reading failed; trying again", "what", what, "error", err.Error())
	}
}
