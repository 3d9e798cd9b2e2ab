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
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// bench is an engine whose model is a stub: a requirement's status is its observed generation and the day.
type bench struct {
	*engine
	// evaluations tells when which evaluation took place, and over how many requirements.
	evaluations []string
	queue       *recordingQueue
	panics      atomic.Bool
	began       time.Time
	synced      atomic.Bool
}

// onBench runs a test in a bubble of synctest, in which time passes only while everything waits.
func onBench(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		options := Options{}
		options.setDefaults()
		options.MaxConcurrentEvaluations = 1
		b := &bench{engine: newEngine(logr.Discard(), options), queue: &recordingQueue{}, began: time.Now()}
		b.synced.Store(true)
		b.registered = []toolscache.ResourceEventHandlerRegistration{registration{&b.synced}}
		b.evaluate = func(objects portfolio.Objects, today cxv1alpha1.Date) portfolio.Statuses {
			b.evaluations = append(b.evaluations, fmt.Sprintf("%v:%d", time.Since(b.began), len(objects.Requirements)))
			if b.panics.Load() {
				panic("oops")
			}
			return stubStatuses(objects, today)
		}
		b.attach(requirements, b.queue)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- b.Start(ctx) }()
		// The informers' first events come before they count as synced; WaitForCacheSync polls.
		test(t, b)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// passTime lets time pass, and whatever is due then be done.
func passTime(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func stubStatuses(objects portfolio.Objects, today cxv1alpha1.Date) portfolio.Statuses {
	statuses := portfolio.Statuses{Requirements: map[string]*cxv1alpha1.RequirementStatus{}}
	for _, r := range objects.Requirements {
		statuses.Requirements[r.Name] = &cxv1alpha1.RequirementStatus{ObservedGeneration: r.Generation, ExpectedDate: today}
	}
	return statuses
}

var moments, requirements = kindNamed("Moment"), kindNamed("Requirement")

// requirement is one as an informer has it. Its status is up to date as of generation observed, and the first day of synctest.
func requirement(name string, generation, version, observed int64) *cxv1alpha1.Requirement {
	r := &cxv1alpha1.Requirement{ObjectMeta: metav1.ObjectMeta{
		Namespace: "ns", Name: name, UID: types.UID("uid-" + name), Generation: generation, ResourceVersion: fmt.Sprint(version),
	}}
	if observed > 0 {
		r.Status = cxv1alpha1.RequirementStatus{ObservedGeneration: observed, ExpectedDate: "2000-01-01"}
	}
	return r
}

func (b *bench) wantEvaluations(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	if diff := cmp.Diff(want, b.evaluations); diff != "" {
		t.Errorf("evaluations (-want +got):\n%s", diff)
	}
	b.evaluations = nil
}

func (b *bench) wantQueued(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	slices.Sort(b.queue.added)
	if diff := cmp.Diff(want, b.queue.added); diff != "" {
		t.Errorf("queued (-want +got):\n%s", diff)
	}
	b.queue.added = nil
}

// next is what a writer would write to a requirement.
func (b *bench) next(name string) (write, bool) {
	return b.ledger.next(newRef(requirements, "ns", name))
}

// answer has the API server take a write, and say which version that made.
func (b *bench) answer(name string, w write, version int64) result {
	object := requirement(name, 1, version, 0)
	object.Status = *w.desired.(*cxv1alpha1.RequirementStatus)
	return b.ledger.written(newRef(requirements, "ns", name), w, object)
}

// write does what a writer does, all being well.
func (b *bench) write(t *testing.T, name string, version int64) {
	t.Helper()
	next, ok := b.next(name)
	if !ok {
		t.Errorf("nothing to write to %s", name)
		return
	}
	if got := b.answer(name, next, version); got != taken {
		t.Errorf("the write to %s: result %d", name, got)
	}
}

func TestDebounce(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// WaitForCacheSync has seen that all is synced by now.
		passTime(time.Second)
		b.began = time.Now()
		for i := range 3 {
			b.observed(requirements, requirement(fmt.Sprint(i), 1, int64(i+1), 0))
			passTime(60 * time.Millisecond)
		}
		passTime(time.Minute)
		b.wantEvaluations(t, "220ms:3")

		b.began = time.Now()
		for i := range 30 {
			b.observed(requirements, requirement("0", int64(i+2), int64(i+4), 0))
			passTime(50 * time.Millisecond)
		}
		passTime(time.Minute)
		b.wantEvaluations(t, "1s:3", "1.55s:3")
	})
}

func TestNothingIsEvaluatedBeforeInformersSync(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.synced.Store(false)
		b.observed(requirements, requirement("a", 1, 1, 0))
		passTime(time.Hour)
		b.wantEvaluations(t)
		if err := b.Ready(nil); err == nil {
			t.Error("ready before the informers have synced")
		}
		// Given that the model fails, the others are served nevertheless.
		b.panics.Store(true)
		b.synced.Store(true)
		passTime(150 * time.Millisecond)
		b.wantEvaluations(t, "1h0m0.1s:1")
		if err := b.Ready(nil); err != nil {
			t.Error(err)
		}
	})
}

func TestReadyWithoutPortfolios(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		passTime(time.Second)
		if err := b.Ready(nil); err != nil {
			t.Error(err)
		}
	})
}

func TestOnlyWhatDiffersIsQueued(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.observed(requirements, requirement("new", 1, 1, 0))
		b.observed(requirements, requirement("old", 1, 2, 1))
		passTime(time.Minute)
		b.wantQueued(t, "ns/new")

		// What is pending is in the queue already, however often it is evaluated.
		b.observed(requirements, requirement("third", 1, 3, 1))
		passTime(time.Minute)
		b.wantQueued(t)

		b.write(t, "new", 4)
		// The echo of the write, and a resync of everything.
		b.observed(requirements, requirement("new", 1, 4, 1))
		for _, r := range []*cxv1alpha1.Requirement{requirement("new", 1, 4, 1), requirement("old", 1, 2, 1)} {
			b.observed(requirements, r)
		}
		b.evaluations = nil
		passTime(time.Minute)
		b.wantQueued(t)
		b.wantEvaluations(t)
	})
}

func TestForeignStatusIsHealed(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.observed(requirements, requirement("a", 1, 1, 1))
		passTime(time.Minute)
		b.evaluations = nil
		foreign := requirement("a", 1, 2, 7)
		b.observed(requirements, foreign)
		b.wantQueued(t, "ns/a")
		b.wantEvaluations(t)
		b.write(t, "a", 3)
		b.observed(requirements, requirement("a", 1, 3, 1))
		b.wantQueued(t)
	})
}

func TestLaggingInformerCausesNoSecondWrite(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.observed(requirements, requirement("a", 1, 1, 0))
		passTime(time.Minute)
		b.wantQueued(t, "ns/a")
		b.write(t, "a", 10)
		// The informer tells of an edit that took place before the write, with the status of that time.
		b.observed(requirements, requirement("a", 2, 5, 0))
		passTime(time.Minute)
		// Its generation is written, and no more.
		b.wantQueued(t, "ns/a")
		b.write(t, "a", 12)
		b.observed(requirements, requirement("a", 2, 10, 1))
		b.observed(requirements, requirement("a", 2, 12, 2))
		passTime(time.Minute)
		b.wantQueued(t)
	})
}

func TestRevertDuringAWrite(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.observed(requirements, requirement("a", 1, 1, 1))
		passTime(time.Minute)
		b.desire("a", 9)
		b.wantQueued(t, "ns/a")
		next, _ := b.next("a")
		// While that is on its way, the old status is desired again: as far as is known, nothing differs.
		b.desire("a", 1)
		b.wantQueued(t)
		if got := b.answer("a", next, 2); got != taken {
			t.Errorf("result %d", got)
		}
		// The writer goes on at once.
		b.write(t, "a", 3)
		b.wantQueued(t)
	})
}

// desire publishes an evaluation in which a requirement's status has an observed generation.
func (b *bench) desire(name string, observed int64) {
	b.enqueue(b.ledger.publish(b.ledger.snapshot("ns"), &portfolio.Statuses{Requirements: map[string]*cxv1alpha1.RequirementStatus{
		name: {ObservedGeneration: observed, ExpectedDate: "2000-01-01"},
	}})...)
}

// TestRefusedStatus has an API server whose CRD lacks a field drop it.
func TestRefusedStatus(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.observed(requirements, requirement("a", 1, 1, 0))
		passTime(time.Minute)
		b.wantQueued(t, "ns/a")
		dropped := func(version int64) *cxv1alpha1.Requirement {
			r := requirement("a", 1, version, 1)
			r.Status.ExpectedDate = ""
			return r
		}
		next, _ := b.next("a")
		if got := b.ledger.written(newRef(requirements, "ns", "a"), next, dropped(2)); got != refused {
			t.Errorf("result %d", got)
		}
		// Neither the echo nor another evaluation has it tried at once.
		b.observed(requirements, dropped(2))
		b.markAll()
		passTime(time.Minute)
		b.wantQueued(t)
		if again, ok := b.next("a"); !ok || !requirements.same(again.desired, next.desired) {
			t.Error("a refused status is forgotten")
		}
		// The CRD changes, and the informer lists the same object again.
		feed{b.engine, requirements}.OnListed()
		b.observed(requirements, dropped(2))
		b.wantQueued(t, "ns/a")
		b.write(t, "a", 3)
		b.observed(requirements, requirement("a", 1, 3, 1))
		passTime(time.Minute)
		b.wantQueued(t)
	})
}

// TestRefusedStatusThatChanges has something else desired than what the API server refused.
func TestRefusedStatusThatChanges(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.observed(requirements, requirement("a", 1, 1, 0))
		passTime(time.Minute)
		b.wantQueued(t, "ns/a")
		next, _ := b.next("a")
		b.ledger.written(newRef(requirements, "ns", "a"), next, requirement("a", 1, 2, 0))
		b.desire("a", 1)
		b.wantQueued(t)
		b.desire("a", 9)
		b.wantQueued(t, "ns/a")
	})
}

func TestRecreatedObjectIsAnother(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.observed(requirements, requirement("a", 1, 1, 0))
		passTime(time.Minute)
		b.wantQueued(t, "ns/a")
		next, _ := b.next("a")
		again := requirement("a", 1, 5, 0)
		again.UID = "another"
		b.observed(requirements, again) // the informer has missed the deletion
		// The answer to a write of the first one.
		b.answer("a", next, 4)
		passTime(time.Minute)
		b.wantQueued(t, "ns/a")
		if next, ok := b.next("a"); !ok || next.uid != "another" {
			t.Errorf("got %+v, %v", next, ok)
		}
	})
}

func TestDeletedIsForgotten(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.observed(requirements, requirement("a", 1, 1, 0))
		b.observed(requirements, requirement("b", 1, 2, 0))
		passTime(time.Minute)
		b.evaluations, b.began = nil, time.Now()
		b.deleted(requirements, requirement("a", 1, 1, 0))
		feed{b.engine, requirements}.OnDelete(toolscache.DeletedFinalStateUnknown{Key: "ns/b", Obj: requirement("b", 1, 2, 0)})
		if _, ok := b.next("a"); ok {
			t.Error("there is something to write to a deleted object")
		}
		passTime(time.Minute)
		b.wantEvaluations(t)
		if names := b.ledger.names(); len(names) > 0 {
			t.Errorf("kept the empty namespaces %v", names)
		}
	})
}

func TestNewLeaderWritesWhatIsPending(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		follower := b.queue
		delete(b.queues, requirements)
		b.observed(requirements, requirement("a", 1, 1, 0))
		b.observed(requirements, requirement("b", 1, 2, 1))
		passTime(time.Minute)
		b.wantQueued(t)
		b.attach(requirements, follower)
		b.wantQueued(t, "ns/a")
	})
}

func TestManyWritesLetFewPass(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		for i := range bulk {
			b.observed(requirements, requirement(fmt.Sprint(i), 1, int64(i+1), 0))
		}
		passTime(time.Minute)
		b.observed(requirements, requirement("late", 1, bulk+1, 0))
		passTime(time.Minute)
		if want := map[int]int{handler.LowPriority: bulk, 0: 1}; !cmp.Equal(b.queue.priorities, want) {
			t.Errorf("priorities %v, want %v", b.queue.priorities, want)
		}
	})
}

func TestPanicIsTriedAgain(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		passTime(time.Second)
		b.began = time.Now()
		b.panics.Store(true)
		b.observed(requirements, requirement("a", 1, 1, 0))
		passTime(4 * time.Second)
		b.panics.Store(false)
		passTime(time.Hour)
		b.wantEvaluations(t, "100ms:1", "1.1s:1", "3.1s:1", "7.1s:1")
		b.wantQueued(t, "ns/a")
	})
}

func TestNewDay(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.observed(requirements, requirement("a", 1, 1, 1))
		passTime(time.Minute)
		b.wantQueued(t)
		b.evaluations = nil
		// Bubbles begin at midnight UTC.
		passTime(time.Until(b.began.Add(24*time.Hour - time.Millisecond)))
		b.wantEvaluations(t)
		passTime(time.Hour)
		b.wantEvaluations(t, "24h0m0.1s:1")
		b.wantQueued(t, "ns/a")
	})
}

// recordingQueue notes what is added to it.
type recordingQueue struct {
	priorityqueue.PriorityQueue[reconcile.Request]
	added      []string
	priorities map[int]int
}

func (q *recordingQueue) AddWithOpts(o priorityqueue.AddOpts, items ...reconcile.Request) {
	if q.priorities == nil {
		q.priorities = map[int]int{}
	}
	for _, item := range items {
		q.added = append(q.added, item.String())
		q.priorities[*o.Priority]++
	}
}

// registration is an informer's, which has synced when it is told so.
type registration struct{ synced *atomic.Bool }

func (r registration) HasSynced() bool                        { return r.synced.Load() }
func (registration) HasSyncedChecker() toolscache.DoneChecker { return nil }
