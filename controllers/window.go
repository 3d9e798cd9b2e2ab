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

// window collects changes that come close together, so that they are evaluated together.
type window struct {
	first, last time.Time
}

// with returns the window with one more change. The zero window has none.
func (w window) with(change time.Time) window {
	if w.first.IsZero() {
		w.first = change
	}
	w.last = change
	return w
}

// remaining is how long to wait for more changes: until they have been quiet for as long as idle, but no longer than
// longest after the first one.
func (w window) remaining(now time.Time, idle, longest time.Duration) time.Duration {
	return min(w.last.Add(idle).Sub(now), w.first.Add(longest).Sub(now))
}
