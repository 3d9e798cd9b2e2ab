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
	"testing"
	"time"
)

func TestWindow(t *testing.T) {
	d := debounce{100 * time.Millisecond, time.Second, 30 * time.Second}
	for _, test := range []struct {
		name string
		// given changes at these times, in milliseconds,
		changes []int
		// each of another object, or not,
		many bool
		// when it is this time,
		now int
		// then so much is left to wait.
		want time.Duration
	}{
		{"one change waits for the idle time", []int{0}, false, 0, d.idle},
		{"another one begins it anew", []int{0, 80}, false, 90, 90 * time.Millisecond},
		{"quiet for long enough", []int{0, 80}, false, 180, 0},
		{"changes that never end wait no longer than the longest time", []int{0, 90, 180, 270, 360, 950}, false, 960, 40 * time.Millisecond},
		{"long past", []int{0}, false, 5000, -4900 * time.Millisecond},
		{"more objects wait longer", []int{0, 80}, true, 80, 200 * time.Millisecond},
		{"up to the longest time", every(80, 20), true, 80 * 20, time.Second},
		{"they may come for long", every(80, 300), true, 80 * 300, time.Second},
		{"but not for ever", every(80, 370), true, 80 * 370, 400 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
			at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
			var w window
			for i, change := range test.changes {
				objects := 1
				if test.many {
					objects = i + 1
				}
				w = w.with(at(change), objects)
			}
			if got := w.remaining(at(test.now), d); got != test.want {
				t.Errorf("remaining = %v, want %v", got, test.want)
			}
		})
	}
}

// every returns times from zero to n times the interval.
func every(interval, n int) []int {
	var times []int
	for i := range n + 1 {
		times = append(times, i*interval)
	}
	return times
}
