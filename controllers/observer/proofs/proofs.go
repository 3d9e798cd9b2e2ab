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

// Package proofs looks at objects in the observer's own cluster, to prove that stages of BuildingBlocks are there.
//
//	checks ──places.go──▶ which kind, in which namespace, and whether that is allowed
//	       ──proofs.go──▶ a watch for each of them, shared, counted, and stopped when unused
//	        ──watch.go──▶ the objects that checks name, as JSON, and nothing else
//	      ──verdict.go──▶ whether each check holds
//
// What nobody names is dropped as it arrives, so memory follows the number of checks, and not the size of namespaces.
package proofs

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/workqueue"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
)

const (
	// MaxPlaces is the number of kinds that one portfolio can have watched; one kind in two namespaces counts as two.
	MaxPlaces = 50

	// batch is the number of blocks in one look. They wait together for what has not been seen yet.
	batch = 64
	// patience is how long a look waits for what has not been seen yet.
	patience = 5 * time.Second
	// settling is how long a change waits for others. An object that changes all the time is looked at so often at once, and then at
	// intervals.
	settling       = time.Second
	changesAtOnce  = 10
	changeInterval = 30 * time.Second
)

// Proofs looks at objects for checks. It is an observer.Watcher.
type Proofs struct {
	cluster *cluster
	log     logr.Logger

	running context.Context //nolint:containedctx // watches begin when they are first needed, and end with all others
	changed workqueue.TypedDelayingInterface[observer.Key]

	mu       sync.Mutex
	followed map[observer.Key]*followed
	watches  map[place]*watch
	// used counts what each portfolio has watched.
	used map[string]map[place]int
	// waiting are those that had to be left out, by portfolio.
	waiting map[string]sets.Set[observer.Key]
}

// followed is a target that is looked at again and again.
type followed struct {
	wants, joined sets.Set[object]
	// changes limits the looks at it. announced tells that the next one is on its way.
	changes   *rate.Limiter
	announced bool
}

var _ observer.Watcher = (*Proofs)(nil)

// New returns what looks at the objects of a cluster.
func New(config *rest.Config, log logr.Logger) (*Proofs, error) {
	c, err := newCluster(config)
	if err != nil {
		return nil, fmt.Errorf("setting up the clients for proofs: %w", err)
	}
	return &Proofs{
		cluster:  c,
		log:      log,
		changed:  workqueue.NewTypedDelayingQueue[observer.Key](),
		followed: map[observer.Key]*followed{},
		watches:  map[place]*watch{},
		used:     map[string]map[place]int{},
		waiting:  map[string]sets.Set[observer.Key]{},
	}, nil
}

// Collector counts the watches.
func (p *Proofs) Collector() prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "journey_observer_watches",
		Help: "Kinds of objects that are watched for checks of building blocks; one kind in two namespaces counts as two.",
	}, func() float64 {
		p.mu.Lock()
		defer p.mu.Unlock()
		return float64(len(p.watches))
	})
}

// Start lets watches begin, until ctx ends.
func (p *Proofs) Start(ctx context.Context, due func(observer.Key)) {
	p.running = ctx
	context.AfterFunc(ctx, p.changed.ShutDown)
	go func() {
		for {
			key, closed := p.changed.Get()
			if closed {
				return
			}
			p.changed.Done(key)
			p.mu.Lock()
			if f := p.followed[key]; f != nil {
				f.announced = false
			}
			p.mu.Unlock()
			due(key)
		}
	}()
}

// Follow has the objects that a target names watched.
func (p *Proofs) Follow(source observer.Source, target observer.Target) {
	wants := objectsOf(source, target)
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.followed[target.Key]
	if f == nil {
		f = &followed{joined: sets.New[object](), changes: rate.NewLimiter(rate.Every(changeInterval), changesAtOnce)}
		p.followed[target.Key] = f
	}
	if f.wants.Equal(wants) {
		return
	}
	f.wants = wants
	left := f.joined.Difference(wants)
	p.leave(target.Key, f, left)
	p.join(target.Key, f)
	p.tidy(target.Namespace, left)
	p.announce(target.Key)
}

// Forget ends what only this target needed.
func (p *Proofs) Forget(key observer.Key) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.followed[key]
	if f == nil {
		return
	}
	delete(p.followed, key)
	p.waiting[key.Namespace].Delete(key)
	left := f.joined.Clone()
	p.leave(key, f, left)
	p.tidy(key.Namespace, left)
}

// join adds a target to the watches that it needs, as far as its portfolio may have more.
func (p *Proofs) join(key observer.Key, f *followed) {
	used := p.used[key.Namespace]
	if used == nil {
		used = map[place]int{}
		p.used[key.Namespace] = used
	}
	for _, o := range slices.SortedFunc(maps.Keys(f.wants.Difference(f.joined)), object.compare) {
		if used[o.place] == 0 && len(used) >= MaxPlaces {
			if p.waiting[key.Namespace] == nil {
				p.waiting[key.Namespace] = sets.New[observer.Key]()
			}
			p.waiting[key.Namespace].Insert(key)
			continue
		}
		used[o.place]++
		f.joined.Insert(o)
		w := p.watches[o.place]
		if w == nil {
			w = p.newWatch(o.place)
			p.watches[o.place] = w
		}
		w.add(o.Name, key)
	}
}

// leave removes a target from watches.
func (p *Proofs) leave(key observer.Key, f *followed, left sets.Set[object]) {
	used := p.used[key.Namespace]
	for o := range left {
		f.joined.Delete(o)
		if used[o.place]--; used[o.place] == 0 {
			delete(used, o.place)
		}
		p.watches[o.place].remove(o.Name, key)
	}
}

// tidy stops the watches that nobody needs any more, and lets those join that waited for that.
func (p *Proofs) tidy(namespace string, left sets.Set[object]) {
	for o := range left {
		if w := p.watches[o.place]; w != nil && len(w.named) == 0 {
			w.stop()
			delete(p.watches, o.place)
		}
	}
	if len(p.used[namespace]) == 0 {
		delete(p.used, namespace)
	}
	if len(left) == 0 || len(p.waiting[namespace]) == 0 || len(p.used[namespace]) >= MaxPlaces {
		return
	}
	waited := p.waiting[namespace]
	delete(p.waiting, namespace)
	for _, key := range slices.SortedFunc(maps.Keys(waited), compareKeys) {
		p.join(key, p.followed[key])
		p.announce(key)
	}
}

// announce has a target looked at, but not too often. The caller holds the lock.
func (p *Proofs) announce(key observer.Key) {
	f := p.followed[key]
	if f == nil || f.announced {
		return
	}
	f.announced = true
	p.changed.AddAfter(key, max(settling, f.changes.Reserve().Delay()))
}

// BatchSize is the number of targets in one look.
func (p *Proofs) BatchSize() int { return batch }

// Look tells of each check whether it holds.
func (p *Proofs) Look(ctx context.Context, source observer.Source, targets []observer.Target) []observer.Result {
	wanted := make(map[observer.Key]sets.Set[object], len(targets))
	for _, t := range targets {
		wanted[t.Key] = objectsOf(source, t)
	}
	// Whoever waits in vain says what is known, and looks again when there is something to see.
	_ = wait.PollUntilContextTimeout(ctx, 20*time.Millisecond, patience, true, func(context.Context) (bool, error) {
		return !p.isPending(wanted), nil
	})
	results := make([]observer.Result, len(targets))
	for n, t := range targets {
		results[n] = p.look(ctx, source, t)
	}
	return results
}

// isPending tells whether something that targets name has not been seen yet.
func (p *Proofs) isPending(wanted map[observer.Key]sets.Set[object]) bool {
	for key, objects := range wanted {
		for o := range objects {
			if p.see(key, o).pending {
				return true
			}
		}
	}
	return false
}

// see tells what is there of an object.
func (p *Proofs) see(key observer.Key, o object) sight {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.followed[key]
	switch {
	case f == nil || !f.wants.Has(o):
		return sight{pending: true} // It is about to be followed.
	case !f.joined.Has(o):
		return sight{fault: tooManyPlaces}
	}
	return p.watches[o.place].see(o.Name)
}

// look tells of each check of a target whether it holds. Of what cannot be looked at, it repeats what is known.
func (p *Proofs) look(ctx context.Context, source observer.Source, target observer.Target) observer.Result {
	known := map[checkKey]cxv1alpha1.Proof{}
	for _, proof := range target.Known.Proofs {
		known[checkKey{proof.Stage, proof.Check}] = proof
	}
	var result observer.Result
	var faults []*fault
	for _, check := range checksOf(target) {
		proof, isKnown := known[check.checkKey]
		v := p.verdict(ctx, source, target, check)
		switch {
		case v.pending:
			result.Problem = target.Known.Problem
		case v.fault != nil:
			faults = append(faults, v.fault)
		default:
			isKnown = true
			proof.Stage, proof.Check, proof.Holds, proof.Reason = check.stage, check.check, v.holds, v.reason
			if v.holds && proof.ProvenOn == "" {
				proof.ProvenOn = source.Today
			}
		}
		if isKnown {
			result.Proofs = append(result.Proofs, proof)
		}
	}
	if len(faults) > 0 {
		result.Problem, result.Detail = problemOf(faults)
	}
	return result
}

// verdict tells whether a check holds.
func (p *Proofs) verdict(ctx context.Context, source observer.Source, target observer.Target, check check) verdict {
	o, refusal := objectOf(source, target.Namespace, check.StageCheck)
	if refusal != nil {
		return verdict{fault: refusal}
	}
	program, err := compile(check.Expression)
	if err != nil {
		return verdict{fault: expressionInvalid(check, err)}
	}
	return judge(ctx, o, program, p.see(target.Key, o))
}
