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
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// bench is an engine whose model is a stub, in a bubble of synctest: time passes only while everything waits. It begins at
// midnight in UTC.
type bench struct {
	*engine
	evaluations []evaluation
	queue       *recordingQueue
	panics      atomic.Bool
	terminates  atomic.Bool
	// began is when the time of evaluations begins.
	began time.Time
}

// evaluation is one that took place.
type evaluation struct {
	// at is when, counted from the beginning.
	at time.Duration
	// day is the day that it was for, and requirements the number that it saw.
	day          cxv1alpha1.Date
	requirements int
}

const firstDay, secondDay = cxv1alpha1.Date("2000-01-01"), cxv1alpha1.Date("2000-01-02")

// onBench runs a test with an engine that has started, where all has been read.
func onBench(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	onBlindBench(t, func(t *testing.T, b *bench) {
		t.Helper()
		b.begin()
		test(t, b)
	})
}

// onBlindBench runs a test with an engine that has started, where nothing has been read.
func onBlindBench(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		options := Options{MaxConcurrentEvaluations: 1}
		options.setDefaults()
		b := &bench{engine: newEngine(logr.Discard(), options), queue: &recordingQueue{}, began: time.Now()}
		b.evaluate = func(objects portfolio.Objects, today cxv1alpha1.Date) outcome {
			b.evaluations = append(b.evaluations, evaluation{time.Since(b.began), today, len(objects.Requirements)})
			if b.panics.Load() {
				panic("oops")
			}
			return outcome{statuses: *evaluateStub(objects)}
		}
		b.terminating = func(context.Context, string) bool { return b.terminates.Load() }
		b.attach(cxv1alpha1.KindNamed(cxv1alpha1.RequirementKind), b.queue)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- b.Start(ctx) }()
		go func() { done <- b.teller.Start(ctx) }()
		synctest.Wait()
		test(t, b)
		cancel()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

// passTime lets time pass, and whatever is due then be done.
func passTime(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// beginTime has the time of evaluations begin now, when all that was before is done.
func (b *bench) beginTime() {
	passTime(time.Minute)
	b.evaluations, b.began = nil, time.Now()
}

// wantEvaluations compares the evaluations since the last call, or since the time began.
func (b *bench) wantEvaluations(t *testing.T, want ...evaluation) {
	t.Helper()
	synctest.Wait()
	for i := range want {
		if want[i].day == "" {
			want[i].day = firstDay
		}
	}
	if diff := cmp.Diff(want, b.evaluations, cmp.AllowUnexported(evaluation{})); diff != "" {
		t.Errorf("evaluations (-want +got):\n%s", diff)
	}
	b.evaluations = nil
}

func (b *bench) wantQueued(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	if diff := cmp.Diff(want, b.queue.added); diff != "" {
		t.Errorf("queued (-want +got):\n%s", diff)
	}
	b.queue.added = nil
}

func (b *bench) wantReady(t *testing.T, want bool) {
	t.Helper()
	if err := b.Ready(nil); (err == nil) != want {
		t.Errorf("ready: %v, want %v", err, want)
	}
}

func TestQuietChangesAreEvaluatedTogether(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// Given an engine at rest, when three changes come 60 ms apart,
		b.beginTime()
		for i := range 3 {
			b.observed(requirement(fmt.Sprint(i), 1, int64(i+1)))
			passTime(60 * time.Millisecond)
		}
		passTime(time.Minute)
		// then they are evaluated together 300 ms after the last one, which came after 120 ms.
		b.wantEvaluations(t, evaluation{at: 420 * time.Millisecond, requirements: 3})
	})
}

func TestBurst(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// Given an engine at rest, when a new object comes every 50 ms for twenty seconds, with a pause of half a second,
		b.beginTime()
		for i := range 400 {
			b.observed(requirement(fmt.Sprint(i), 1, int64(i+1)))
			passTime(50 * time.Millisecond)
			if i == 200 {
				passTime(500 * time.Millisecond)
			}
		}
		passTime(time.Minute)
		// then all are evaluated together a second after the last one.
		b.wantEvaluations(t, evaluation{at: 19950*time.Millisecond + 500*time.Millisecond + time.Second, requirements: 400})
		// And a lone edit is evaluated after 100 ms.
		b.beginTime()
		b.observed(requirement("7", 2, 401))
		passTime(time.Minute)
		b.wantEvaluations(t, evaluation{at: 100 * time.Millisecond, requirements: 400})
	})
}

func TestBurstThatNeverEnds(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.beginTime()
		for i := range 999 {
			b.observed(requirement(fmt.Sprint(i), 1, int64(i+1)))
			passTime(50 * time.Millisecond)
		}
		passTime(time.Minute)
		b.wantEvaluations(t, evaluation{at: 30 * time.Second, requirements: 600}, evaluation{at: 49900*time.Millisecond + time.Second, requirements: 999})
	})
}

func TestListAtTheStartIsNoBurst(t *testing.T) {
	onBlindBench(t, func(t *testing.T, b *bench) {
		for i := range 100 {
			b.observed(requirement(fmt.Sprint(i), 1, int64(i+1)))
		}
		b.begin()
		passTime(time.Minute)
		if len(b.evaluations) != 1 || b.evaluations[0].at > 300*time.Millisecond {
			t.Errorf("evaluations: %v, want one at once", b.evaluations)
		}
	})
}

func TestChangesThatNeverEnd(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// Given an engine at rest, when changes come every 50 ms for one and a half seconds,
		b.beginTime()
		for i := range 30 {
			b.observed(requirement("a", int64(i+1), int64(i+1)))
			passTime(50 * time.Millisecond)
		}
		passTime(time.Minute)
		// then they are evaluated a second after the first, and 100 ms after the last, which came after 1450 ms.
		b.wantEvaluations(t, evaluation{at: time.Second, requirements: 1}, evaluation{at: 1550 * time.Millisecond, requirements: 1})
	})
}

func TestNothingIsEvaluatedBeforeAllIsRead(t *testing.T) {
	onBlindBench(t, func(t *testing.T, b *bench) {
		// Given something that was read, but not all,
		b.observed(requirement("a", 1, 1))
		passTime(time.Hour)
		b.wantEvaluations(t)
		b.wantReady(t, false)
		// when all was, then it is evaluated, and the engine is ready.
		b.begin()
		passTime(200 * time.Millisecond)
		b.wantEvaluations(t, evaluation{at: time.Hour + 100*time.Millisecond, requirements: 1})
		b.wantReady(t, true)
	})
}

func TestReadyWithoutPortfolios(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		passTime(time.Second)
		b.wantReady(t, true)
	})
}

func TestReadyThoughAPortfolioFails(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.panics.Store(true)
		b.observed(requirement("a", 1, 1))
		passTime(time.Second)
		b.wantReady(t, true)
	})
}

func TestFailedEvaluationIsTriedAgain(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// Given an engine at rest, when the model panics for four seconds,
		b.beginTime()
		b.panics.Store(true)
		b.observed(requirement("a", 1, 1))
		passTime(4 * time.Second)
		b.panics.Store(false)
		passTime(time.Hour)
		// then it is called again after 1, 2 and 4 seconds, and its result counts.
		b.wantEvaluations(t,
			evaluation{at: 100 * time.Millisecond, requirements: 1}, evaluation{at: 1100 * time.Millisecond, requirements: 1},
			evaluation{at: 3100 * time.Millisecond, requirements: 1}, evaluation{at: 7100 * time.Millisecond, requirements: 1})
		b.wantQueued(t, "ns/a")
	})
}

func TestDifferingStatusIsQueuedOnce(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.observed(requirement("new", 1, 1))
		b.observed(withStatus(requirement("old", 1, 2), 1))
		passTime(time.Minute)
		b.wantQueued(t, "ns/new")
		b.markAll()
		passTime(time.Minute)
		b.wantQueued(t)
		// A status of somebody else is queued at once.
		b.observed(withStatus(requirement("old", 1, 3), 7))
		b.wantQueued(t, "ns/old")
	})
}

func TestEmptyNamespaceIsForgotten(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.observed(requirement("a", 1, 1))
		b.beginTime()
		b.deleted(requirement("a", 1, 1))
		passTime(time.Minute)
		b.wantEvaluations(t)
		if names := b.ledger.names(); len(names) > 0 {
			t.Errorf("kept the empty namespaces %v", names)
		}
	})
}

func TestNamespaceThatIsBeingReadHoldsUpItselfAlone(t *testing.T) {
	onBlindBench(t, func(t *testing.T, b *bench) {
		// Given three namespaces, of which one has been read, one is being read, and one cannot be read,
		for _, name := range []string{"ns", "slow", "closed"} {
			b.expect(name)
		}
		b.begin()
		b.observed(requirement("a", 1, 1))
		b.observed(requirementIn("slow", "a"))
		b.read("ns")
		b.drop("closed")
		passTime(time.Second)
		// then the first is evaluated, and only the second keeps the engine from being ready,
		b.wantEvaluations(t, evaluation{at: 100 * time.Millisecond, requirements: 1})
		b.wantReady(t, false)
		// until it has been read.
		b.read("slow")
		passTime(time.Second)
		b.wantEvaluations(t, evaluation{at: time.Second + 100*time.Millisecond, requirements: 1})
		b.wantReady(t, true)
	})
}

func TestDroppedNamespace(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// Given a portfolio with something to write, when it is dropped,
		b.observed(requirement("a", 1, 1))
		b.beginTime()
		b.drop("ns")
		passTime(time.Minute)
		// then nothing is left of it,
		b.wantEvaluations(t)
		if refs := b.ledger.pending(cxv1alpha1.KindNamed(cxv1alpha1.RequirementKind)); len(refs)+len(b.ledger.names()) > 0 {
			t.Errorf("there is something to write to %v", refs)
		}
		// and when it comes back, it is evaluated once it has been read as a whole.
		b.expect("ns")
		b.observed(requirement("a", 1, 1))
		passTime(time.Minute)
		b.wantEvaluations(t)
		b.observed(requirement("b", 1, 2))
		b.read("ns")
		passTime(time.Minute)
		b.wantEvaluations(t, evaluation{at: 2*time.Minute + 100*time.Millisecond, requirements: 2})
	})
}

func requirementIn(namespace, name string) *cxv1alpha1.Requirement {
	r := requirement(name, 1, 1)
	r.Namespace = namespace
	return r
}

func TestNewLeaderWritesWhatIsPending(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// Given a follower, which has no queue,
		kind := cxv1alpha1.KindNamed(cxv1alpha1.RequirementKind)
		delete(b.queues, kind)
		b.observed(requirement("a", 1, 1))
		b.observed(withStatus(requirement("b", 1, 2), 1))
		passTime(time.Minute)
		b.wantQueued(t)
		// when it becomes the leader, then it writes what differs.
		b.attach(kind, b.queue)
		b.wantQueued(t, "ns/a")
	})
}

func TestManyWritesLetFewPass(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		for i := range bulk {
			b.observed(requirement(fmt.Sprint(i), 1, int64(i+1)))
		}
		passTime(time.Minute)
		b.observed(requirement("late", 1, bulk+1))
		passTime(time.Minute)
		if want := map[int]int{handler.LowPriority: bulk, 0: 1}; !cmp.Equal(b.queue.priorities, want) {
			t.Errorf("priorities %v, want %v", b.queue.priorities, want)
		}
	})
}

func TestNewDay(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// Given an evaluated portfolio,
		b.observed(requirement("a", 1, 1))
		passTime(time.Minute)
		b.evaluations = nil
		passTime(time.Until(b.began.Add(24*time.Hour - time.Millisecond)))
		b.wantEvaluations(t)
		// when a day begins, then it is evaluated for that.
		passTime(time.Hour)
		b.wantEvaluations(t, evaluation{at: 24*time.Hour + 100*time.Millisecond, day: secondDay, requirements: 1})
	})
}

func TestEvaluationOverMidnight(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// Given an evaluation that takes an hour, from half past eleven at night,
		inner := b.evaluate
		b.evaluate = func(objects portfolio.Objects, today cxv1alpha1.Date) outcome {
			statuses := inner(objects, today)
			time.Sleep(time.Hour)
			return statuses
		}
		passTime(23*time.Hour + 30*time.Minute)
		b.observed(requirement("a", 1, 1))
		// when it ends, then the portfolio is evaluated for the new day.
		passTime(3 * time.Hour)
		b.wantEvaluations(t, evaluation{at: 23*time.Hour + 30*time.Minute + 100*time.Millisecond, requirements: 1},
			evaluation{at: 24*time.Hour + 30*time.Minute + 100*time.Millisecond, day: secondDay, requirements: 1})
	})
}

func TestReadingEndsAfterMidnight(t *testing.T) {
	onBlindBench(t, func(t *testing.T, b *bench) {
		b.observed(requirement("a", 1, 1))
		passTime(25 * time.Hour)
		b.begin()
		passTime(time.Second)
		b.wantEvaluations(t, evaluation{at: 25*time.Hour + 100*time.Millisecond, day: secondDay, requirements: 1})
	})
}

func TestNamespaceThatIsBeingDeleted(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		// Given a portfolio with something to write, when its namespace is being deleted and an object is gone,
		b.observed(requirement("a", 1, 1))
		b.observed(requirement("b", 1, 2))
		b.beginTime()
		b.terminates.Store(true)
		b.deleted(requirement("b", 1, 2))
		passTime(30 * time.Second)
		// then nothing is evaluated or written,
		b.wantEvaluations(t)
		if refs := b.ledger.pending(cxv1alpha1.KindNamed(cxv1alpha1.RequirementKind)); len(refs) > 0 {
			t.Errorf("there is something to write to %v", refs)
		}
		b.wantReady(t, true)
		// and when it is there again, as after a restore of etcd, it is evaluated within a minute.
		b.terminates.Store(false)
		passTime(time.Minute)
		b.wantEvaluations(t, evaluation{at: time.Minute + 100*time.Millisecond, requirements: 1})
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
