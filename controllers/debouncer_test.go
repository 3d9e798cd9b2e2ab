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
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/utils/clock"
)

// debouncerBench is a debouncer in a bubble of synctest, and what it has handed out.
type debouncerBench struct {
	*debouncer
	began time.Time
	out   []handedOut
	// do is what else is done with a namespace.
	do func(namespace string)
}

// handedOut is a namespace, and when it was handed out.
type handedOut struct {
	at        time.Duration
	namespace string
}

// onDebouncerBench runs a test with a debouncer of two workers that waits for 100 ms, or for a second while changes keep coming.
func onDebouncerBench(t *testing.T, test func(t *testing.T, b *debouncerBench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &debouncerBench{
			debouncer: newDebouncer("test", debounce{100 * time.Millisecond, time.Second, 30 * time.Second}, clock.RealClock{}),
			began:     time.Now(),
			do:        func(string) {},
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			b.run(ctx, 2, func(namespace string) {
				b.mu.Lock()
				b.out = append(b.out, handedOut{time.Since(b.began), namespace})
				b.mu.Unlock()
				b.do(namespace)
			})
		}()
		test(t, b)
		cancel()
		<-done
	})
}

// want lets an hour pass, and compares what was handed out since the last call.
func (b *debouncerBench) want(t *testing.T, want ...handedOut) {
	t.Helper()
	passTime(time.Hour)
	if diff := cmp.Diff(want, b.out, cmp.AllowUnexported(handedOut{})); diff != "" {
		t.Errorf("handed out (-want +got):\n%s", diff)
	}
	b.out, b.began = nil, time.Now()
}

func TestDebouncerGathersChanges(t *testing.T) {
	onDebouncerBench(t, func(t *testing.T, b *debouncerBench) {
		b.changed("a", 1)
		passTime(60 * time.Millisecond)
		b.changed("a", 1)
		b.changed("b", 3)
		b.want(t, handedOut{160 * time.Millisecond, "a"}, handedOut{360 * time.Millisecond, "b"})
		if b.open() > 0 {
			t.Error("a window stays open")
		}
	})
}

func TestDebouncerProlongsOpenWindowsOnly(t *testing.T) {
	onDebouncerBench(t, func(t *testing.T, b *debouncerBench) {
		b.prolong("a")
		b.changed("b", 1)
		passTime(60 * time.Millisecond)
		b.prolong("b")
		b.want(t, handedOut{160 * time.Millisecond, "b"})
	})
}

func TestDebouncerHandsOutAgain(t *testing.T) {
	onDebouncerBench(t, func(t *testing.T, b *debouncerBench) {
		b.again("a", time.Minute)
		b.again("b", time.Minute)
		b.changed("b", 1)
		b.want(t, handedOut{100 * time.Millisecond, "b"}, handedOut{time.Minute, "a"})
	})
}

func TestDebouncerBacksOff(t *testing.T) {
	onDebouncerBench(t, func(t *testing.T, b *debouncerBench) {
		failures := 3
		b.do = func(namespace string) {
			if failures--; failures < 0 {
				b.succeeded(namespace)
			} else {
				b.failed(namespace)
			}
		}
		// What fails is tried again after 1, 2 and 4 seconds,
		b.changed("a", 1)
		b.want(t, handedOut{100 * time.Millisecond, "a"}, handedOut{1100 * time.Millisecond, "a"},
			handedOut{3100 * time.Millisecond, "a"}, handedOut{7100 * time.Millisecond, "a"})
		// and after a success from the beginning.
		failures = 1
		b.changed("a", 1)
		b.want(t, handedOut{100 * time.Millisecond, "a"}, handedOut{1100 * time.Millisecond, "a"})
	})
}

func TestDebouncerHandsOutNothingTwiceAtATime(t *testing.T) {
	onDebouncerBench(t, func(t *testing.T, b *debouncerBench) {
		b.do = func(string) { time.Sleep(time.Minute) }
		b.changed("a", 1)
		passTime(10 * time.Second)
		b.changed("a", 1)
		b.changed("b", 1)
		b.want(t, handedOut{100 * time.Millisecond, "a"}, handedOut{10100 * time.Millisecond, "b"}, handedOut{time.Minute + 100*time.Millisecond, "a"})
	})
}

func TestDebouncerLeavesTheRestAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDebouncer("test", debounce{}, clock.RealClock{})
		ctx, cancel := context.WithCancel(t.Context())
		for _, namespace := range []string{"a", "b", "c"} {
			d.changed(namespace, 1)
		}
		handedOut := 0
		d.run(ctx, 1, func(string) {
			handedOut++
			cancel()
		})
		if handedOut != 1 {
			t.Errorf("handed out %d namespaces, want one", handedOut)
		}
	})
}
