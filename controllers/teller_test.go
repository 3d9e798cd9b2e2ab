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
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// told is an event, and when it came.
type told struct {
	at   time.Duration
	what string
}

// tellerBench is a teller with a ledger, in a bubble of synctest.
type tellerBench struct {
	*teller
	book
	began   time.Time
	told    []told
	version int64
	// statuses are those in the cluster.
	statuses map[string]cxv1alpha1.RequirementStatus
}

func onTellerBench(t *testing.T, test func(t *testing.T, b *tellerBench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		options := Options{}
		options.setDefaults()
		b := &tellerBench{book: newBook(t), began: time.Now(), statuses: map[string]cxv1alpha1.RequirementStatus{}}
		b.teller = newTeller(b.book.ledger, options)
		b.recorder = b
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- b.Start(ctx) }()
		test(t, b)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// Eventf notes an event, as a recorder.
func (b *tellerBench) Eventf(regarding, _ runtime.Object, _, reason, _, _ string, _ ...any) {
	b.told = append(b.told, told{time.Since(b.began), reason + " " + regarding.(*cxv1alpha1.Requirement).Name})
}

// write has the operator write a status in which Blocked is so to a requirement, of which another spec was applied.
func (b *tellerBench) write(name string, blocked metav1.ConditionStatus) {
	b.edit(name)
	b.statuses[name] = cxv1alpha1.RequirementStatus{Conditions: []metav1.Condition{{Type: cxv1alpha1.ConditionBlocked, Status: blocked}}}
	b.finish(name)
}

// edit applies another spec of a requirement.
func (b *tellerBench) edit(name string) {
	b.version++
	r := requirement(name, b.version, b.version)
	r.Status = b.statuses[name]
	b.observe(r)
	b.changed("ns")
}

// finish evaluates the portfolio, and writes the status of a requirement.
func (b *tellerBench) finish(name string) {
	s := b.snapshot("ns")
	evaluated := portfolio.Statuses{Requirements: map[string]*cxv1alpha1.RequirementStatus{}}
	for name, status := range b.statuses {
		evaluated.Requirements[name] = &status
	}
	b.publish(s, &evaluated)
	w := b.begin(name)
	b.version++
	b.written(w, written(w, b.version))
	b.wrote("ns")
}

func (b *tellerBench) want(t *testing.T, want ...told) {
	t.Helper()
	synctest.Wait()
	if diff := cmp.Diff(want, b.told, cmp.AllowUnexported(told{})); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestEventsWaitForQuiet(t *testing.T) {
	onTellerBench(t, func(t *testing.T, b *tellerBench) {
		b.write("a", metav1.ConditionTrue)
		passTime(9 * time.Second)
		b.changed("ns")
		passTime(time.Minute)
		b.want(t, told{19 * time.Second, "Blocked a"})
	})
}

func TestEventsTellOnlyWhatHasSettled(t *testing.T) {
	onTellerBench(t, func(t *testing.T, b *tellerBench) {
		// What is blocked, then free, then blocked again was blocked once.
		b.write("a", metav1.ConditionTrue)
		passTime(time.Second)
		b.write("a", metav1.ConditionFalse)
		passTime(time.Second)
		b.write("a", metav1.ConditionTrue)
		passTime(time.Minute)
		b.want(t, told{12 * time.Second, "Blocked a"})
		// And what is free for a moment stays what it was.
		b.write("a", metav1.ConditionFalse)
		passTime(time.Second)
		b.write("a", metav1.ConditionTrue)
		passTime(time.Minute)
		b.want(t, told{12 * time.Second, "Blocked a"})
	})
}

func TestEventsWaitNoLongerThanAMinute(t *testing.T) {
	onTellerBench(t, func(t *testing.T, b *tellerBench) {
		b.write("a", metav1.ConditionTrue)
		for range 100 {
			passTime(time.Second)
			b.changed("ns")
		}
		b.want(t, told{time.Minute, "Blocked a"})
	})
}

func TestEventsWaitForTheEvaluation(t *testing.T) {
	onTellerBench(t, func(t *testing.T, b *tellerBench) {
		// Given a written status, when its spec is edited, and the evaluation takes long,
		b.write("a", metav1.ConditionTrue)
		b.edit("a")
		passTime(25 * time.Second)
		// then nothing is told,
		b.want(t)
		// until that is written as well.
		b.statuses["a"] = cxv1alpha1.RequirementStatus{DeliveredBy: "x", Conditions: b.statuses["a"].Conditions}
		b.finish("a")
		passTime(time.Minute)
		b.want(t, told{35 * time.Second, "Blocked a"})
	})
}

func TestManyEventsComeSlowly(t *testing.T) {
	onTellerBench(t, func(t *testing.T, b *tellerBench) {
		for i := range 2*tellAtOnce + 1 {
			b.write(fmt.Sprint(i), metav1.ConditionTrue)
		}
		passTime(time.Minute)
		counts := map[time.Duration]int{}
		for _, e := range b.told {
			counts[e.at]++
		}
		want := map[time.Duration]int{10 * time.Second: tellAtOnce, 11 * time.Second: tellAtOnce, 12 * time.Second: 1}
		if diff := cmp.Diff(want, counts); diff != "" {
			t.Errorf("number of events by time (-want +got):\n%s", diff)
		}
	})
}

func TestNoEventsOfWhatIsGone(t *testing.T) {
	onTellerBench(t, func(t *testing.T, b *tellerBench) {
		b.write("a", metav1.ConditionTrue)
		b.forget(requirement("a", b.version, b.version))
		passTime(time.Minute)
		b.want(t)
	})
}
