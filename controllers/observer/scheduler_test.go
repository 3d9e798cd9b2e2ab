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

package observer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	"golang.org/x/time/rate"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// outside is what the scheduler talks to: a Provider that takes some time, and a recorder. Time passes in a bubble of testing/synctest.
type outside struct {
	takes   time.Duration
	answers func(Target) Result

	mu      sync.Mutex
	looked  []string // name and time of each look
	written []string
	begun   time.Time
	failing error // of the recorder
}

func (o *outside) BatchSize() int { return 1 }

func (o *outside) Look(ctx context.Context, _ Source, targets []Target) []Result {
	results := make([]Result, len(targets))
	o.mu.Lock()
	for n, target := range targets {
		o.looked = append(o.looked, fmt.Sprintf("%s/%s at %s", target.Namespace, target.Of.Name, time.Since(o.begun)))
		results[n] = o.answers(target)
	}
	o.mu.Unlock()
	select {
	case <-time.After(o.takes):
	case <-ctx.Done():
		for n := range results {
			results[n] = Failed("TimedOut", "", nil)
		}
	}
	return results
}

func (o *outside) known(context.Context, question) (Known, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return Known{}, o.failing
}

func (o *outside) record(_ context.Context, s sighting) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	reason := "seen"
	if s.result.Problem != nil {
		reason = s.result.Problem.Reason
	}
	o.written = append(o.written, fmt.Sprintf("%s/%s %s", s.Namespace, s.Of.Name, reason))
	return o.failing
}

// looks returns the looks since it was last called.
func (o *outside) looks() []string {
	synctest.Wait()
	o.mu.Lock()
	defer o.mu.Unlock()
	looked := o.looked
	o.looked = nil
	return looked
}

// inBubble runs a test with a scheduler that has started.
func inBubble(t *testing.T, o *outside, test func(t *testing.T, s *scheduler)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o.begun = time.Now()
		s := newScheduler(logr.Discard(), map[cxv1alpha1.SourceType]Provider{cxv1alpha1.SourceHTTP: o}, time.Now)
		s.recorder = o
		s.client = func(*cxv1alpha1.Source, *rate.Limiter) (*http.Client, error) { return http.DefaultClient, nil }
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Start(ctx) }()
		test(t, s)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func testSource(interval time.Duration) *cxv1alpha1.Source {
	return &cxv1alpha1.Source{
		ObjectMeta: metav1.ObjectMeta{Name: "source", UID: "1", Generation: 1},
		Spec: cxv1alpha1.SourceSpec{
			Type: cxv1alpha1.SourceHTTP, URL: "http://source", RequestsPerMinute: 6000, Interval: &metav1.Duration{Duration: interval},
		},
	}
}

// ask has a metric ask a source.
func ask(t *testing.T, s *scheduler, namespace, name, query string, a access, answered bool) {
	t.Helper()
	metric := &cxv1alpha1.Metric{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: types.UID(name)},
		Spec:       cxv1alpha1.MetricSpec{Query: query},
	}
	var asks []asking
	if query != "" {
		metric.Spec.SourceRef = &cxv1alpha1.SourceReference{Name: "source"}
		asks = []asking{{questionsOf(metric)[0], a, answered}}
	}
	of := objectKey{namespace, cxv1alpha1.ObservedReference{Kind: cxv1alpha1.MetricKind, Name: cxv1alpha1.ObjectName(name)}}
	if err := s.follow(t.Context(), of, metric, asks); err != nil {
		t.Error(err)
	}
}

func succeed(Target) Result { return Result{} }

func fail(Target) Result { return Failed("Broken", "it is broken", errors.New("detail")) }

// TestFlood has one namespace ask ten thousand things. The other waits for two looks that have begun, and one more.
func TestFlood(t *testing.T) {
	o := &outside{takes: time.Second, answers: succeed}
	inBubble(t, o, func(t *testing.T, s *scheduler) {
		source := access{source: testSource(time.Hour)}
		for n := range 10_000 {
			ask(t, s, "flood", fmt.Sprint("m", n), "q", source, false)
		}
		time.Sleep(10 * time.Second)
		o.looks()
		ask(t, s, "small", "one", "q", source, false)
		ask(t, s, "small", "two", "q", source, false)
		time.Sleep(4 * time.Second)
		looks := o.looks()
		place := func(name string) int {
			return slices.IndexFunc(looks, func(look string) bool { return len(look) > len(name) && look[:len(name)] == name })
		}
		if one, two := place("small/one"), place("small/two"); one < 0 || one > 2 || two < 0 || two > 4 {
			t.Errorf("looked at %v", looks)
		}
	})
}

func TestTurns(t *testing.T) {
	o := &outside{answers: succeed}
	inBubble(t, o, func(t *testing.T, s *scheduler) {
		source := access{source: testSource(time.Hour)}
		ask(t, s, "web", "new", "q", source, false)
		if looks := o.looks(); !slices.Equal(looks, []string{"web/new at 0s"}) {
			t.Errorf("what is new: %v", looks)
		}
		ask(t, s, "web", "answered", "q", source, true)
		ask(t, s, "web", "new", "q", source, true)
		if looks := o.looks(); len(looks) > 0 {
			t.Errorf("nothing is new: %v", looks)
		}
		time.Sleep(time.Hour)
		if looks := o.looks(); len(looks) != 2 {
			t.Errorf("in an hour: %v", looks)
		}
		time.Sleep(24 * time.Hour)
		if looks := o.looks(); len(looks) != 48 {
			t.Errorf("in a day: %v", looks)
		}
		ask(t, s, "web", "new", "other", source, true)
		source.source = testSource(time.Hour)
		source.source.Generation++
		ask(t, s, "web", "answered", "q", source, true)
		ask(t, s, "web", "new", "other", source, true)
		if looks := o.looks(); len(looks) != 2 && len(looks) != 3 {
			t.Errorf("a question has changed, and a source: %v", looks)
		}
		ask(t, s, "web", "new", "other", source, true)
		o.looks()
		ask(t, s, "web", "new", "other", source, false)
		ask(t, s, "web", "new", "other", source, true)
		if looks := o.looks(); len(looks) != 1 {
			t.Errorf("an answer was deleted: %v", looks)
		}
		s.want(Key{"web", cxv1alpha1.ObservedReference{Kind: cxv1alpha1.MetricKind, Name: "new"}, "source"})
		if looks := o.looks(); len(looks) != 1 {
			t.Errorf("a provider wants a look: %v", looks)
		}
		ask(t, s, "web", "new", "", access{}, false)
		ask(t, s, "web", "answered", "", access{}, false)
		time.Sleep(24 * time.Hour)
		if looks := o.looks(); len(looks) > 0 || len(s.entries)+len(s.lanes)+len(s.objects) > 0 {
			t.Errorf("nothing is asked any more: %v, %v, %v, %v", looks, s.entries, s.lanes, s.objects)
		}
	})
}

func TestBackoff(t *testing.T) {
	o := &outside{answers: fail}
	inBubble(t, o, func(t *testing.T, s *scheduler) {
		ask(t, s, "web", "m", "q", access{source: testSource(time.Hour)}, false)
		time.Sleep(7 * 24 * time.Hour)
		// At 0, then within an hour, and after 2, 4, 8, 16 and then each 24 hours.
		looks := o.looks()
		if len(looks) < 10 || len(looks) > 12 {
			t.Errorf("in a week: %v", looks)
		}
		o.answers = succeed
		time.Sleep(24 * time.Hour)
		o.looks()
		time.Sleep(24 * time.Hour)
		if looks := o.looks(); len(looks) != 24 {
			t.Errorf("well again: %v", looks)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	o := &outside{answers: func(Target) Result {
		return Result{Problem: &cxv1alpha1.Problem{Reason: "RateLimited"}, RetryAfter: 30 * time.Minute}
	}}
	inBubble(t, o, func(t *testing.T, s *scheduler) {
		source := access{source: testSource(time.Minute)}
		ask(t, s, "web", "a", "q", source, false)
		o.looks()
		ask(t, s, "web", "b", "q", source, false)
		ask(t, s, "web", "c", "q", source, false)
		time.Sleep(29 * time.Minute)
		if looks := o.looks(); len(looks) > 0 {
			t.Errorf("asked while it wants to be left alone: %v", looks)
		}
		time.Sleep(2 * time.Minute)
		if looks := o.looks(); len(looks) == 0 || len(looks) > looksAtOnce {
			t.Errorf("asked again: %v", looks)
		}
	})
}

func TestRefusal(t *testing.T) {
	o := &outside{answers: succeed}
	inBubble(t, o, func(t *testing.T, s *scheduler) {
		ask(t, s, "web", "m", "q", refused("SourceNotAvailable", "no"), false)
		if looks := o.looks(); len(looks) > 0 || !slices.Equal(o.written, []string{"web/m SourceNotAvailable"}) {
			t.Errorf("looked at %v, wrote %v", looks, o.written)
		}
		ask(t, s, "web", "m", "q", access{source: testSource(time.Hour)}, true)
		if looks := o.looks(); len(looks) != 1 {
			t.Errorf("allowed now: %v", looks)
		}
	})
}

// TestOutdated has a question change, and go, while it is being looked at: what that look brings says nothing any more.
func TestOutdated(t *testing.T) {
	for name, after := range map[string]struct {
		query string
		want  []string
	}{"changed": {"new", []string{"web/m seen"}}, "gone": {"", nil}} {
		t.Run(name, func(t *testing.T) {
			o := &outside{answers: succeed, takes: time.Minute}
			inBubble(t, o, func(t *testing.T, s *scheduler) {
				source := access{source: testSource(24 * time.Hour)}
				ask(t, s, "web", "m", "old", source, false)
				time.Sleep(30 * time.Second)
				ask(t, s, "web", "m", after.query, source, false)
				time.Sleep(3 * time.Minute)
				synctest.Wait()
				if !slices.Equal(o.written, after.want) {
					t.Errorf("wrote %v, want %v", o.written, after.want)
				}
			})
		})
	}
}

// TestStop has the observer stop during a look, which fails by that. That is no problem of the source.
func TestStop(t *testing.T) {
	o := &outside{answers: succeed, takes: time.Hour}
	inBubble(t, o, func(t *testing.T, s *scheduler) {
		ask(t, s, "web", "m", "q", access{source: testSource(time.Hour)}, false)
		time.Sleep(time.Second)
	})
	if len(o.looked) != 1 || len(o.written) > 0 {
		t.Errorf("looked at %v, wrote %v", o.looked, o.written)
	}
}

func TestPanic(t *testing.T) {
	o := &outside{}
	o.answers = func(Target) Result {
		o.mu.Unlock()
		panic("a bug")
	}
	inBubble(t, o, func(t *testing.T, s *scheduler) {
		ask(t, s, "web", "m", "q", access{source: testSource(time.Hour)}, false)
		synctest.Wait()
		if !slices.Equal(o.written, []string{"web/m InternalError"}) {
			t.Errorf("wrote %v", o.written)
		}
	})
}

// TestWriteFails has the API server refuse: it is tried again soon, and not for ever at once.
func TestWriteFails(t *testing.T) {
	o := &outside{answers: succeed}
	inBubble(t, o, func(t *testing.T, s *scheduler) {
		o.failing = errors.New("away")
		ask(t, s, "web", "m", "q", access{source: testSource(time.Hour)}, false)
		time.Sleep(time.Hour)
		synctest.Wait()
		// What is known cannot be read either, so nobody is asked.
		if len(o.looked) > 0 || len(o.written) > 0 {
			t.Errorf("looked at %v, wrote %v", o.looked, o.written)
		}
		o.failing = nil
		time.Sleep(time.Hour)
		if looks := o.looks(); len(looks) != 1 && len(looks) != 2 {
			t.Errorf("after it is back: %v", looks)
		}
	})
}

// TestSlots: the next turn is after now, within an interval, the same for all times within one, and others have others.
func TestSlots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		interval := time.Duration(rapid.IntRange(1, 10_080).Draw(t, "minutes")) * time.Minute
		now := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "now"), 0)
		key := Key{Namespace: rapid.StringMatching(`[a-z]{1,5}`).Draw(t, "namespace")}
		next := nextSlot(now, interval, key)
		if !next.After(now) || next.Sub(now) > interval {
			t.Errorf("%s after %s, with an interval of %s", next.Sub(now), now, interval)
		}
		if again := nextSlot(next.Add(-time.Nanosecond), interval, key); !again.Equal(next) {
			t.Errorf("%s, and seen from just before %s", next, again)
		}
		if later := nextSlot(next, interval, key); later.Sub(next) != interval {
			t.Errorf("%s from one to the next", later.Sub(next))
		}
	})
	quarters := make([]int, 4)
	now := time.Unix(1_800_000_000, 0)
	for n := range 1000 {
		wait := nextSlot(now, time.Hour, Key{Namespace: fmt.Sprint(n)}).Sub(now)
		quarters[(wait-1)/(15*time.Minute)]++
	}
	if slices.Min(quarters) < 200 {
		t.Errorf("of 1000 looks there are so many in each quarter of an hour: %v", quarters)
	}
}
