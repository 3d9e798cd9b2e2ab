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
	"time"

	"golang.org/x/time/rate"
	"k8s.io/client-go/util/workqueue"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

const (
	// looksAtOnce is the number of looks at one Source at the same time.
	looksAtOnce = 2
	// requestBurst is the number of requests that may leave at once when a Source has not been asked for a while.
	requestBurst = 5
)

// laneKey tells lanes apart. All questions that are refused share one: nobody is asked for them.
type laneKey struct {
	source  string
	refused bool
}

// lane is the way to one Source: what is due there, and how often it may be asked.
type lane struct {
	key     laneKey
	queue   workqueue.TypedDelayingInterface[Key]
	limiter *rate.Limiter
	// taking has something in it while a worker takes a batch, which only one does at a time.
	taking chan struct{}

	// The scheduler's lock guards the rest.

	// source as it was last seen; nil where there is none.
	source *cxv1alpha1.Source
	// targets is the number of targets that belong here.
	targets int
	// pausedUntil is when the Source may be asked again that asked to be left alone.
	pausedUntil time.Time
}

func newLane(key laneKey) *lane {
	return &lane{
		key:    key,
		taking: make(chan struct{}, 1),
		queue: workqueue.NewTypedDelayingQueueWithConfig(workqueue.TypedDelayingQueueConfig[Key]{
			Queue: workqueue.NewTypedWithConfig(workqueue.TypedQueueConfig[Key]{Queue: newFairQueue()}),
		}),
		limiter: rate.NewLimiter(rate.Inf, requestBurst),
	}
}

// use takes over a Source as it is now.
func (l *lane) use(source *cxv1alpha1.Source) {
	l.source = source
	if source == nil {
		return
	}
	perMinute := source.Spec.RequestsPerMinute
	if perMinute == 0 {
		perMinute = cxv1alpha1.DefaultSourceRequestsPerMinute
	}
	l.limiter.SetLimit(rate.Every(time.Minute / time.Duration(perMinute)))
	l.limiter.SetBurst(min(requestBurst, int(perMinute)))
}

// interval between two looks at the same thing.
func (l *lane) interval() time.Duration {
	if l.source == nil || l.source.Spec.Interval == nil || l.source.Spec.Interval.Duration <= 0 {
		return cxv1alpha1.DefaultSourceInterval
	}
	return l.source.Spec.Interval.Duration
}

// take waits until something is due, and takes up to so many keys. It returns none when the lane is closed.
func (l *lane) take(most int) []Key {
	l.taking <- struct{}{}
	defer func() { <-l.taking }()
	var keys []Key
	for len(keys) == 0 || len(keys) < most && l.queue.Len() > 0 {
		key, closed := l.queue.Get()
		if closed {
			break
		}
		keys = append(keys, key)
	}
	return keys
}

// after puts a key into the queue at its time.
func (l *lane) after(key Key, wait time.Duration) {
	if wait <= 0 {
		l.queue.Add(key)
		return
	}
	l.queue.AddAfter(key, wait)
}
