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
	"sync"
	"time"

	"k8s.io/utils/clock"
)

// changeLog measures how long changes take, from when one is seen to when the last status that follows from it is written. A
// change waits in its namespace for an evaluation, and then in the objects to be written. It decides nothing.
type changeLog struct {
	clock clock.PassiveClock

	mu sync.Mutex
	// waiting and evaluating say when the first change of a namespace was seen: of those that wait for an evaluation, and of
	// those that are in one.
	waiting, evaluating map[string]time.Time
	// writing holds what each object that is to be written belongs to.
	writing map[ref]*batch
	batches map[*batch]struct{}
}

// batch is what is to be written for the same changes.
type batch struct {
	since time.Time
	left  int
}

func newChangeLog(clk clock.PassiveClock) *changeLog {
	return &changeLog{
		clock: clk, waiting: map[string]time.Time{}, evaluating: map[string]time.Time{},
		writing: map[ref]*batch{}, batches: map[*batch]struct{}{},
	}
}

// seen notes a change in a namespace.
func (c *changeLog) seen(namespace string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	addFirst(c.waiting, namespace, c.clock.Now())
}

// began notes that the changes of a namespace are being evaluated.
func (c *changeLog) began(namespace string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if since, waits := c.waiting[namespace]; waits {
		delete(c.waiting, namespace)
		addFirst(c.evaluating, namespace, since)
	}
}

// failed notes that the evaluation of a namespace failed: its changes wait for another.
func (c *changeLog) failed(namespace string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if since, began := c.evaluating[namespace]; began {
		delete(c.evaluating, namespace)
		addFirst(c.waiting, namespace, since)
	}
}

// ended notes that the evaluation of a namespace ended, and returns when the first change in it was seen.
func (c *changeLog) ended(namespace string) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	since, began := c.evaluating[namespace]
	if !began {
		return c.clock.Now()
	}
	delete(c.evaluating, namespace)
	return since
}

// toWrite notes objects that are to be written, for changes that were seen then. An object that was to be written already keeps
// its place: both changes are done with when its status stands.
func (c *changeLog) toWrite(since time.Time, refs ...ref) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := &batch{since: since}
	for _, r := range refs {
		if c.writing[r] == nil {
			c.writing[r] = b
			b.left++
		}
	}
	if b.left > 0 {
		c.batches[b] = struct{}{}
	}
}

// settled notes that nothing is left to write to an object.
func (c *changeLog) settled(r ref) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.writing[r]
	if b == nil {
		return
	}
	delete(c.writing, r)
	if b.left--; b.left == 0 {
		delete(c.batches, b)
		changeToStatusSeconds.Observe(c.clock.Since(b.since).Seconds())
	}
}

// oldest is the age of the oldest change that is not done with; zero where there is none.
func (c *changeLog) oldest() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.Now()
	first := now
	for _, waits := range []map[string]time.Time{c.waiting, c.evaluating} {
		for _, since := range waits {
			first = earlier(first, since)
		}
	}
	for b := range c.batches {
		first = earlier(first, b.since)
	}
	return now.Sub(first)
}

// addFirst keeps the earlier time.
func addFirst(times map[string]time.Time, namespace string, at time.Time) {
	if before, known := times[namespace]; known {
		at = earlier(before, at)
	}
	times[namespace] = at
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
