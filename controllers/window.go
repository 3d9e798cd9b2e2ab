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

import "time"

// debounce says how long changes are gathered before they are acted on. A lone change is acted on soon. Where many objects change,
// as when a portfolio is applied, more will come: both times grow with the number of objects.
type debounce struct {
	// idle is the quiet to wait for after a change; for many objects it is so many times that, up to longest.
	idle time.Duration
	// longest is the wait while changes keep coming; for many objects it is so many times that, up to burst.
	longest, burst time.Duration
}

// window collects changes that come close together.
type window struct {
	first, last time.Time
	// objects is how many objects changed.
	objects int
}

// with returns the window with one more change, by which so many objects have changed. The zero window has none.
func (w window) with(change time.Time, objects int) window {
	if w.first.IsZero() {
		w.first = change
	}
	w.last = change
	w.objects = max(w.objects, objects, 1)
	return w
}

// remaining is how long to wait for more changes.
func (w window) remaining(now time.Time, d debounce) time.Duration {
	quiet, end := min(times(w.objects, d.idle), d.longest), min(times(w.objects, d.longest), d.burst)
	return min(w.last.Add(quiet).Sub(now), w.first.Add(end).Sub(now))
}

func times(n int, d time.Duration) time.Duration {
	return time.Duration(int64(n) * int64(d))
}
