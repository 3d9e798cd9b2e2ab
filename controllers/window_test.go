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
	const idle, longest = 100 * time.Millisecond, time.Second
	for _, test := range []struct {
		name string
		// given changes at these times, in milliseconds,
		changes []int
		// when it is this time,
		now int
		// then so much is left to wait.
		want time.Duration
	}{
		{"one change waits for the idle time", []int{0}, 0, idle},
		{"another one begins it anew", []int{0, 80}, 90, 90 * time.Millisecond},
		{"quiet for long enough", []int{0, 80}, 180, 0},
		{"changes that never end wait no longer than the longest time", []int{0, 90, 180, 270, 360, 950}, 960, 40 * time.Millisecond},
		{"long past", []int{0}, 5000, -4900 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
			at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
			var w window
			for _, change := range test.changes {
				w = w.with(at(change))
			}
			if got := w.remaining(at(test.now), idle, longest); got != test.want {
				t.Errorf("remaining = %v, want %v", got, test.want)
			}
		})
	}
}
