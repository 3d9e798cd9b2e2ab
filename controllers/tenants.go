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
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
)

// tenant is a namespace in the scope.
type tenant struct {
	state tenantState
	// told is when people were last told that it is forbidden.
	told time.Time
	// stop ends what reads it; done is closed when that has ended.
	stop context.CancelFunc
	done chan struct{}
}

type tenantState string

const (
	// tenantReading: not all of its objects have been read.
	tenantReading tenantState = "reading"
	// tenantWatched: its portfolio is known as a whole, and followed.
	tenantWatched tenantState = "watched"
	// tenantForbidden: the operator may not read it.
	tenantForbidden tenantState = "forbidden"
	// tenantUnwritable: its portfolio is followed, but the operator may not write statuses there.
	tenantUnwritable tenantState = "unwritable"
)

var namespaces = prometheus.NewGaugeVec(prometheus.GaugeOpts{
	Name: "journey_operator_namespaces",
	Help: "Namespaces that --namespaces or --namespace-selector name, by state: watched, reading (not all has been read yet), " +
		"forbidden (the operator may not read it), or unwritable (it may not write statuses there).",
}, []string{"state"})

func init() {
	metrics.Registry.MustRegister(namespaces)
	for _, state := range []tenantState{tenantReading, tenantWatched, tenantForbidden, tenantUnwritable} {
		namespaces.WithLabelValues(string(state))
	}
}

// reader reads a namespace until ctx ends. Initial tells that the namespace was in the scope from the start.
type reader func(ctx context.Context, name string, initial bool)

// followTenants has the namespaces of the scope read, from when they come into the scope until they leave it or ctx ends.
// It returns those that are in it now, and a function that waits until all is over.
func (i *intake) followTenants(ctx context.Context, read reader) (initial []string, wait func()) {
	if i.scope.everywhere() {
		return nil, func() {}
	}
	i.mu.Lock()
	i.tenants = map[string]*tenant{}
	i.mu.Unlock()
	var group sync.WaitGroup
	if i.scope.Selector == nil {
		i.setTenants(ctx, sets.New(i.scope.Names...), read, true)
	} else {
		s := &namespaceStream{intake: i, read: read, ctx: ctx, synced: make(chan struct{})}
		group.Go(s.run)
		select {
		case <-ctx.Done():
		case <-s.synced:
		}
	}
	for _, name := range i.engine.ledger.names() {
		if !i.serves(name) {
			i.engine.drop(name)
		}
	}
	return i.names(tenantReading), func() {
		group.Wait()
		for _, name := range i.names() {
			i.release(name)
		}
	}
}

// setTenants makes these and no others the namespaces in the scope.
func (i *intake) setTenants(ctx context.Context, names sets.Set[string], read reader, initial bool) {
	for _, name := range i.names() {
		if !names.Has(name) {
			i.letGo(name)
		}
	}
	for _, name := range sets.List(names) {
		i.takeUp(ctx, name, read, initial)
	}
}

// takeUp begins to work in a namespace.
func (i *intake) takeUp(ctx context.Context, name string, read reader, initial bool) {
	if i.tenant(name) != nil {
		return
	}
	ctx, stop := context.WithCancel(ctx)
	t := &tenant{state: tenantReading, stop: stop, done: make(chan struct{})}
	i.engine.expect(name)
	i.mu.Lock()
	i.tenants[name] = t
	i.mu.Unlock()
	namespaces.WithLabelValues(string(tenantReading)).Inc()
	if !initial {
		i.log.Info("Taking up a namespace that came into the scope", "namespace", name)
	}
	go func() {
		defer close(t.done)
		read(ctx, name, initial)
	}()
}

// letGo ends the work in a namespace. Its statuses stay as they are.
func (i *intake) letGo(name string) {
	if i.tenant(name) == nil {
		return
	}
	i.log.Info("Letting go of a namespace that left the scope", "namespace", name)
	i.release(name)
	i.engine.drop(name)
}

// release ends the reading of a namespace.
func (i *intake) release(name string) {
	t := i.tenant(name)
	t.stop()
	<-t.done
	i.mu.Lock()
	delete(i.tenants, name)
	i.mu.Unlock()
	namespaces.WithLabelValues(string(t.state)).Dec()
}

func (i *intake) tenant(name string) *tenant {
	i.mu.RLock()
	defer i.mu.RUnlock()
	return i.tenants[name]
}

// names returns the namespaces of the scope that have one of these states, or all.
func (i *intake) names(states ...tenantState) []string {
	i.mu.RLock()
	defer i.mu.RUnlock()
	var names []string
	for _, name := range slices.Sorted(maps.Keys(i.tenants)) {
		if len(states) == 0 || slices.Contains(states, i.tenants[name].state) {
			names = append(names, name)
		}
	}
	return names
}

// serves tells whether the operator works in a namespace.
func (i *intake) serves(name string) bool {
	i.mu.RLock()
	defer i.mu.RUnlock()
	return i.servesLocked(name)
}

func (i *intake) servesLocked(name string) bool {
	return i.scope.everywhere() || i.tenants[name] != nil
}

// wasRead notes that a namespace has been read as a whole.
func (i *intake) wasRead(name string) {
	if i.setState(name, tenantWatched) == tenantForbidden {
		i.log.Info("A namespace that was forbidden can be read now", "namespace", name)
	}
	i.engine.read(name)
}

// forbid notes that a namespace may not be read: it is left out until it may. People are told at once, and then rarely.
func (i *intake) forbid(name string, err error) {
	i.engine.drop(name)
	i.engine.expect(name)
	i.setState(name, tenantForbidden)
	if i.tellNow(name) {
		i.log.Error(err, "A namespace may not be read: it is left out until a RoleBinding there gives the operator its rights", "namespace", name)
	}
}

// tellNow tells whether it is time to tell people that something is forbidden in a namespace.
func (i *intake) tellNow(name string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	t := i.tenants[name]
	now := i.engine.clock.Now()
	if now.Sub(t.told) < forbiddenLogInterval {
		return false
	}
	t.told = now
	return true
}

// wrote takes in what the API server answered to the write of a status: whether that is forbidden in its namespace.
func (i *intake) wrote(name string, err error) {
	from, to := tenantUnwritable, tenantWatched
	switch {
	case apierrors.IsForbidden(err):
		from, to = to, from
	case err != nil:
		return
	}
	if !i.changeState(name, from, to) {
		return
	}
	if to == tenantWatched {
		i.log.Info("Statuses can be written again in a namespace", "namespace", name)
	} else if i.tellNow(name) {
		i.log.Error(err, "Statuses may not be written in a namespace: they wait until a RoleBinding there gives the operator its rights",
			"namespace", name)
	}
}

// changeState changes the state of a namespace, if it is in the scope and has the one state, to the other.
func (i *intake) changeState(name string, from, to tenantState) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	t := i.tenants[name]
	if t == nil || t.state != from {
		return false
	}
	i.setStateLocked(t, to)
	return true
}

func (i *intake) setState(name string, state tenantState) (before tenantState) {
	i.mu.Lock()
	defer i.mu.Unlock()
	t := i.tenants[name]
	before = t.state
	i.setStateLocked(t, state)
	return before
}

func (*intake) setStateLocked(t *tenant, state tenantState) {
	namespaces.WithLabelValues(string(t.state)).Dec()
	namespaces.WithLabelValues(string(state)).Inc()
	t.state = state
}

// namespaceStream follows which namespaces the selector matches, as the store of a reflector.
type namespaceStream struct {
	intake *intake
	read   reader
	ctx    context.Context
	synced chan struct{}
	once   sync.Once
}

func (s *namespaceStream) run() {
	newList := func() client.ObjectList {
		list := &metav1.PartialObjectMetadataList{}
		list.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("NamespaceList"))
		return list
	}
	object := &metav1.PartialObjectMetadata{}
	object.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Namespace"))
	runReflector(s.ctx, &relister{
		next:   listerWatcher{s.intake.client, s.intake.openings, newList, client.ListOptions{LabelSelector: s.intake.scope.Selector}},
		listed: func() {},
		failed: func(err error) {
			if s.ctx.Err() == nil {
				s.intake.failed("namespaces", err)
			}
		},
	}, object, s)
}

// Add takes up a namespace that matches.
func (s *namespaceStream) Add(in any) error { return s.Update(in) }

// Update takes up a namespace that matches.
func (s *namespaceStream) Update(in any) error {
	name, err := nameOf(in)
	if err == nil {
		s.intake.takeUp(s.ctx, name, s.read, false)
	}
	return err
}

// Delete lets go of a namespace that matches no more.
func (s *namespaceStream) Delete(in any) error {
	name, err := nameOf(in)
	if err == nil {
		s.intake.letGo(name)
	}
	return err
}

// Replace takes in all namespaces that match.
func (s *namespaceStream) Replace(all []any, _ string) error {
	names := sets.New[string]()
	for _, in := range all {
		name, err := nameOf(in)
		if err != nil {
			return err
		}
		names.Insert(name)
	}
	initial := false
	select {
	case <-s.synced:
	default:
		initial = true
	}
	s.intake.setTenants(s.ctx, names, s.read, initial)
	s.once.Do(func() { close(s.synced) })
	return nil
}

// Resync does nothing.
func (*namespaceStream) Resync() error { return nil }

func nameOf(in any) (string, error) {
	object, err := meta.Accessor(in)
	if err != nil {
		return "", fmt.Errorf("reading a namespace: %w", err)
	}
	return object.GetName(), nil
}
