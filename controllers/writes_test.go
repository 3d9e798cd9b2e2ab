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
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// patiently has a debounce that is long enough for all that a test applies to be evaluated together.
func patiently(_ *ctrl.Options, options *Options) {
	options.DebounceIdle, options.DebounceMax, options.DebounceBurst = time.Second, time.Second, time.Minute
}

// TestWrites counts at the API server: one write an object for a new portfolio, then exactly those that differ.
func TestWrites(t *testing.T) {
	t.Parallel()
	for _, sample := range []string{"quickstart", "motor-claim"} {
		t.Run(sample, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			operator := c.start(t, patiently)
			objects := readSample(t, sample)

			c.apply(t, objects...)
			began := time.Now()
			c.wantEvaluated(t, utcToday())
			t.Logf("%d objects evaluated and written %v after the last was applied", len(objects), time.Since(began))
			writes := operator.wantStill(t, c)
			var all []string
			for id := range evaluated(objects, utcToday()) {
				all = append(all, id)
			}
			if diff := cmp.Diff(onceEach(all), writes); diff != "" {
				t.Fatalf("status writes for a new portfolio (-want +got):\n%s", diff)
			}

			operator.setDebounce(20*time.Millisecond, 200*time.Millisecond)
			// One at a time, edits of every kind.
			for _, change := range edits(t, c) {
				before := evaluated(c.list(t), utcToday())
				change.make()
				after := evaluated(c.list(t), utcToday())
				want := differing(before, after)
				c.wantEvaluated(t, utcToday())
				now := operator.wantStill(t, c)
				if diff := cmp.Diff(onceEach(want), since(writes, now)); diff != "" {
					t.Errorf("%s: status writes (-want +got):\n%s", change.name, diff)
				}
				t.Logf("%s: %d of %d statuses differ", change.name, len(want), len(after))
				writes = now
			}

			operator.stop()
			operator = c.start(t)
			c.wantEvaluated(t, utcToday())
			if again := operator.wantStill(t, c); total(again) != total(writes) {
				t.Errorf("a restart wrote %v", since(writes, again))
			}
		})
	}
}

type namedEdit struct {
	name string
	make func()
}

// edits are changes to a portfolio of at least one object of most kinds.
func edits(t *testing.T, c *cluster) []namedEdit {
	t.Helper()
	first := func(kind string, fits func(client.Object) bool) string {
		for _, object := range c.list(t) {
			if kindName(object) == kind && fits(object) {
				return object.GetName()
			}
		}
		t.Fatal("there is no such " + kind)
		return ""
	}
	anyOne := func(client.Object) bool { return true }
	moment, journey := first("Moment", anyOne), first("Journey", anyOne)
	grouped := first("Requirement", func(o client.Object) bool { return o.(*cxv1alpha1.Requirement).Spec.BuildingBlockRef != nil })
	planned := first("RoadmapItem", func(o client.Object) bool {
		return o.(*cxv1alpha1.RoadmapItem).Spec.State == cxv1alpha1.StatePlanned
	})
	return []namedEdit{
		{"a title", func() {
			edit(t, c, &cxv1alpha1.Moment{}, moment, func(m *cxv1alpha1.Moment) { m.Spec.Title += "!" })
		}},
		{"a label", func() {
			edit(t, c, &cxv1alpha1.Moment{}, moment, func(m *cxv1alpha1.Moment) { m.Labels = map[string]string{"a": "b"} })
		}},
		{"work is done", func() {
			edit(t, c, &cxv1alpha1.RoadmapItem{}, planned, func(i *cxv1alpha1.RoadmapItem) {
				i.Spec.State, i.Spec.FinishDate, i.Spec.ProgressPercent = cxv1alpha1.StateDone, utcToday(), 100
				i.Spec.StartDate = ""
			})
		}},
		{"a requirement is no longer grouped", func() {
			edit(t, c, &cxv1alpha1.Requirement{}, grouped, func(r *cxv1alpha1.Requirement) { r.Spec.BuildingBlockRef = nil })
		}},
		{"the importance of a moment", func() {
			edit(t, c, &cxv1alpha1.Moment{}, moment, func(m *cxv1alpha1.Moment) { m.Spec.Importance = 100 - m.Spec.Importance + 1 })
		}},
		{"a requirement is deleted", func() {
			r := &cxv1alpha1.Requirement{}
			r.Name = grouped
			c.delete(t, r)
		}},
		{"a journey is deleted", func() {
			j := &cxv1alpha1.Journey{}
			j.Name = journey
			c.delete(t, j)
		}},
	}
}

// TestFirstSync applies a portfolio one object after the other, as kubectl does. It is evaluated once all are there (a slow machine may
// pause on the way), and no event tells what only followed from the order.
func TestFirstSync(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	operator := c.start(t, func(_ *ctrl.Options, options *Options) {
		options.DebounceIdle, options.DebounceMax, options.DebounceBurst = DefaultDebounceIdle, DefaultDebounceMax, DefaultDebounceBurst
		options.EventDelay = 3 * time.Second
	})
	objects := readSample(t, "motor-claim")
	began := time.Now()
	for _, object := range objects {
		c.apply(t, object)
	}
	took := time.Since(began)
	c.wantEvaluated(t, utcToday())
	writes := operator.wantStill(t, c)
	t.Logf("%d objects applied in %v: %d writes", len(objects), took, total(writes))
	if total(writes)*10 > len(objects)*13 {
		t.Errorf("%d writes for %d objects", total(writes), len(objects))
	}
	want := map[string]bool{}
	for id, status := range evaluated(c.list(t), utcToday()) {
		for _, tr := range transitions(nil, status.GetConditions()) {
			want[tr.reason+" "+id] = true
		}
	}
	got := map[string]bool{}
	if !eventually(func() bool {
		for key := range c.told(t) {
			got[key] = true
		}
		return len(got) >= len(want)
	}) || len(want) == 0 {
		t.Errorf("%d events, want %d", len(got), len(want))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestForeignStatusIsOverwritten plays a stale leader, or a person with an editor.
func TestForeignStatusIsOverwritten(t *testing.T) {
	c := newCluster(t)
	c.apply(t, readSample(t, "quickstart")...)
	operator := c.start(t)
	c.wantEvaluated(t, utcToday())
	writes := operator.wantStill(t, c)

	moment := &cxv1alpha1.Moment{}
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: c.namespace, Name: "hand-in-the-parcel"}, moment); err != nil {
		t.Fatal(err)
	}
	moment.Status = cxv1alpha1.MomentStatus{ObservedGeneration: 99}
	if err := c.Status().Update(t.Context(), moment); err != nil {
		t.Fatal(err)
	}
	c.wantEvaluated(t, utcToday())
	want := map[string]int{"Moment/hand-in-the-parcel": 2} // ours and theirs
	if diff := cmp.Diff(want, since(writes, operator.wantStill(t, c))); diff != "" {
		t.Errorf("status writes (-want +got):\n%s", diff)
	}
}

// TestTransitionTimesInTheCluster holds lastTransitionTime to its rule, across a restart.
func TestTransitionTimesInTheCluster(t *testing.T) {
	c := newCluster(t)
	c.apply(t, readSample(t, "quickstart")...)
	yesterday := newShiftedClock(-24 * time.Hour)
	operator := c.start(t, func(_ *ctrl.Options, options *Options) { options.Clock = yesterday })
	c.wantEvaluated(t, cxv1alpha1.Date(yesterday.Now().UTC().Format(time.DateOnly)))
	operator.wantStill(t, c)
	operator.stop()
	c.start(t)
	// Its only requirements are dropped: Blocked goes, Ready stays.
	edit(t, c, &cxv1alpha1.Moment{}, "hand-in-the-parcel", func(m *cxv1alpha1.Moment) { m.Spec.JourneyRef.Name = "nowhere" })
	c.wantEvaluated(t, utcToday())
	moment := &cxv1alpha1.Moment{}
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: c.namespace, Name: "hand-in-the-parcel"}, moment); err != nil {
		t.Fatal(err)
	}
	ready := meta.FindStatusCondition(moment.Status.Conditions, cxv1alpha1.ConditionReady)
	blocked := meta.FindStatusCondition(moment.Status.Conditions, cxv1alpha1.ConditionBlocked)
	if age := time.Since(ready.LastTransitionTime.Time); ready.Status != "False" || age > time.Hour {
		t.Errorf("Ready is %s since %v", ready.Status, age)
	}
	if age := time.Since(blocked.LastTransitionTime.Time); blocked.Status != "True" || age < time.Hour {
		t.Errorf("Blocked is %s since %v", blocked.Status, age)
	}
}

// shiftedClock runs beside the real one, and can jump.
type shiftedClock struct {
	clock.RealClock

	offset atomic.Int64
}

func newShiftedClock(offset time.Duration) *shiftedClock {
	c := &shiftedClock{}
	c.offset.Store(int64(offset))
	return c
}

func (c *shiftedClock) Now() time.Time {
	return c.RealClock.Now().Add(time.Duration(c.offset.Load()))
}

func (c *shiftedClock) Since(t time.Time) time.Duration {
	return c.Now().Sub(t)
}

// NewTimer makes one that fires early, after which all that waits looks at the clock again.
func (c *shiftedClock) NewTimer(d time.Duration) clock.Timer {
	return c.RealClock.NewTimer(min(d, 50*time.Millisecond))
}

// TestMidnight lets a day begin in UTC: what depends on the date changes, and nothing else is written.
func TestMidnight(t *testing.T) {
	c := newCluster(t)
	c.apply(t, readSample(t, "quickstart")...)
	noon := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	const today, tomorrow = "2027-03-01", "2027-03-02"
	// An item that should be finished today is overdue tomorrow.
	due := &cxv1alpha1.RoadmapItem{Spec: cxv1alpha1.RoadmapItemSpec{
		Title: "Due", State: cxv1alpha1.StateInProgress, TargetDate: today,
		Delivers: []cxv1alpha1.StageReference{{Name: "nowhere"}},
	}}
	due.Name = "due"
	c.apply(t, due)
	shifted := newShiftedClock(time.Until(noon))
	operator := c.start(t, func(_ *ctrl.Options, options *Options) { options.Clock = shifted })
	c.wantEvaluated(t, today)
	writes := operator.wantStill(t, c)
	want := differing(evaluated(c.list(t), today), evaluated(c.list(t), tomorrow))
	if len(want) == 0 || len(want) == len(writes) {
		t.Fatalf("%d of %d statuses depend on the day, which shows nothing", len(want), len(writes))
	}
	shifted.offset.Add(int64(12 * time.Hour))
	c.wantEvaluated(t, tomorrow)
	if diff := cmp.Diff(onceEach(want), since(writes, operator.wantStill(t, c))); diff != "" {
		t.Errorf("status writes at midnight (-want +got):\n%s", diff)
	}
}

func TestEvents(t *testing.T) {
	c := newCluster(t)
	c.apply(t, readSample(t, "quickstart")...)
	operator := c.start(t)
	c.wantEvaluated(t, utcToday())
	operator.wantStill(t, c)

	// All the work is done: what was blocked is free, and realized.
	for _, object := range c.list(t) {
		if item, ok := object.(*cxv1alpha1.RoadmapItem); ok && item.Spec.State != cxv1alpha1.StateDone {
			edit(t, c, &cxv1alpha1.RoadmapItem{}, item.Name, func(i *cxv1alpha1.RoadmapItem) {
				i.Spec.State, i.Spec.StartDate, i.Spec.FinishDate = cxv1alpha1.StateDone, "", utcToday()
			})
		}
	}
	c.wantEvaluated(t, utcToday())
	cycle := &cxv1alpha1.RoadmapItem{Spec: cxv1alpha1.RoadmapItemSpec{
		Title: "Waits for itself", State: cxv1alpha1.StatePlanned,
		Delivers:  []cxv1alpha1.StageReference{{Name: "nowhere"}},
		DependsOn: []cxv1alpha1.ItemDependency{{Name: "itself-in-two-steps"}},
	}}
	cycle.Name = "itself"
	other := cycle.DeepCopy()
	other.Name, other.Spec.DependsOn[0].Name = "itself-in-two-steps", "itself"
	c.apply(t, cycle, other)

	want := map[string]string{
		"Blocked Moment/hand-in-the-parcel":   corev1.EventTypeNormal,
		"Unblocked Moment/hand-in-the-parcel": corev1.EventTypeNormal,
		"Realized Moment/hand-in-the-parcel":  corev1.EventTypeNormal,
		"Unblocked Journey/return-a-purchase": corev1.EventTypeNormal,
		"Realized Journey/return-a-purchase":  corev1.EventTypeNormal,
		"DependencyCycle RoadmapItem/itself":  corev1.EventTypeWarning,
	}
	var got map[string]string
	if !eventually(func() bool {
		got = c.told(t)
		for key, eventType := range want {
			if got[key] != eventType {
				return false
			}
		}
		return true
	}) {
		t.Errorf("events: %v, want at least %v", got, want)
	}
	// What was realized from the start is no news.
	if _, told := got["Realized Moment/get-a-return-label"]; told {
		t.Error("a moment that was realized when it was first evaluated had an event")
	}
}

// told returns the types of the events in the namespace, by reason and object.
func (c *cluster) told(t *testing.T) map[string]string {
	t.Helper()
	list := &eventsv1.EventList{}
	if err := c.List(context.Background(), list, client.InNamespace(c.namespace)); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range list.Items {
		all[e.Reason+" "+e.Regarding.Kind+"/"+e.Regarding.Name] = e.Type
		if e.ReportingController != EventReporter || e.Action != eventAction || e.Note == "" || e.Regarding.UID == types.UID("") {
			t.Errorf("incomplete event %+v", e)
		}
	}
	return all
}
