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
	"fmt"
	"runtime/debug"

	"github.com/go-logr/logr"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// look is one entry that is being looked at, as it was when that began.
type look struct {
	entry *entry
	question
	access access
	target Target
}

// work starts the workers of a lane. They end when it is closed.
func (s *scheduler) work(l *lane) {
	if s.running.Err() != nil {
		return
	}
	for range looksAtOnce {
		s.workers.Go(func() {
			for {
				keys := l.take(s.batchSize(l))
				if len(keys) == 0 {
					return
				}
				s.lookAt(s.running, l, keys)
				for _, key := range keys {
					l.queue.Done(key)
				}
			}
		})
	}
}

// batchSize is the number of questions that one look in a lane takes.
func (s *scheduler) batchSize(l *lane) int {
	if provider := s.provider(l); provider != nil {
		return max(1, provider.BatchSize())
	}
	return 1
}

// provider is who asks in a lane; nil where nobody can.
func (s *scheduler) provider(l *lane) Provider {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case l.key.refused:
		return nil
	case l.source == nil:
		return s.providers[cxv1alpha1.SourceKubernetes]
	}
	return s.providers[l.source.Spec.Type]
}

// lookAt looks at those of the keys for which it is time.
func (s *scheduler) lookAt(ctx context.Context, l *lane, keys []Key) {
	ctx, cancel := context.WithTimeout(ctx, maxLook)
	defer cancel()
	looks, source := s.begin(ctx, l, keys)
	if len(looks) == 0 {
		return
	}
	begun := s.now()
	results := s.results(ctx, l, source, looks)
	if s.running.Err() != nil {
		return // Whatever they say, they say it because the observer stops.
	}
	s.metrics.looked(source, s.now().Sub(begun), results)
	for n, k := range looks {
		s.finish(k, results[n])
	}
}

// begin takes those of the keys for which it is time, and puts off the others.
func (s *scheduler) begin(ctx context.Context, l *lane, keys []Key) ([]look, *cxv1alpha1.Source) {
	due, source := s.due(l, keys)
	looks := due[:0]
	for _, k := range due {
		known, err := s.recorder.known(ctx, k.question)
		if err != nil {
			// Without it a Provider would take back what was seen.
			s.again(k, Result{}, fmt.Errorf("reading what is known: %w", err))
			continue
		}
		k.target.Known = known
		looks = append(looks, k)
	}
	return looks, source
}

func (s *scheduler) due(l *lane, keys []Key) ([]look, *cxv1alpha1.Source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	var looks []look
	for _, key := range keys {
		e := s.entries[key]
		switch {
		case e == nil || e.lane != l:
		case e.access.refusal == nil && !e.access.equal(access{source: l.source}):
			// The Source has changed, and this entry is about to be told.
		case now.Before(l.pausedUntil) || now.Before(e.due) && !e.wanted:
			s.enqueue(e)
		default:
			e.wanted = false
			looks = append(looks, look{e, e.question, e.access, Target{Key: key, Object: e.object}})
		}
	}
	return looks, l.source
}

// results has the looks made.
func (s *scheduler) results(ctx context.Context, l *lane, source *cxv1alpha1.Source, looks []look) []Result {
	if refusal := looks[0].access.refusal; refusal != nil {
		// A batch in this lane is of one.
		return []Result{{Problem: refusal}}
	}
	targets := make([]Target, len(looks))
	for n, k := range looks {
		targets[n] = k.target
	}
	asked := s.sourceOf(source)
	failed := func(reason, message string, err error) []Result {
		results := make([]Result, len(looks))
		for n := range results {
			results[n] = Failed(reason, message, err)
		}
		return results
	}
	provider := s.provider(l)
	if provider == nil {
		return failed(ReasonNotSupported, "this observer cannot ask sources of this type", nil)
	}
	if source != nil && source.Spec.URL != "" {
		client, err := s.client(source, l.limiter)
		if err != nil {
			return failed(ReasonSourceInvalid, "the source cannot be asked as it is: an administrator must correct it", err)
		}
		asked.HTTP = client
	}
	results, err := safely(func() []Result { return provider.Look(ctx, asked, targets) })
	if err == nil && len(results) != len(targets) {
		err = fmt.Errorf("%d results of %d targets", len(results), len(targets))
	}
	if err != nil {
		return failed(ReasonInternalError, "the observer has a fault: see its logs", err)
	}
	return results
}

// safely turns a panic into an error, so that what one source answers does not end the looks at all others.
func safely(do func() []Result) (results []Result, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return do(), nil
}

// finish records what a look brought, and decides when to look again.
func (s *scheduler) finish(k look, result Result) {
	if !s.isCurrent(k) {
		return
	}
	log := s.logFor(k)
	if result.Problem != nil {
		log.Info("A look had a problem", "reason", result.Problem.Reason, "message", result.Problem.Message, "detail", errorText(result.Detail))
	}
	// What has been seen is written, also while the observer stops.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.running), writeTimeout)
	defer cancel()
	s.again(k, result, s.recorder.record(ctx, sighting{k.question, k.target, result, cxv1alpha1.DateOf(s.now())}))
}

func (s *scheduler) logFor(k look) logr.Logger {
	return s.log.WithValues("namespace", k.Namespace, "kind", k.Of.Kind, "name", k.Of.Name, "source", k.Source)
}

// isCurrent tells whether a question is still the one that was looked at.
func (s *scheduler) isCurrent(k look) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entries[k.Key] == k.entry && k.entry.asked == k.asked && k.entry.access.equal(k.access)
}

// again puts an entry back into its lane, for the next time. failed is what kept the observer from reading or writing in the cluster.
func (s *scheduler) again(k look, result Result, failed error) {
	if failed != nil {
		s.logFor(k).Error(failed, "An observation could not be kept")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e, now := k.entry, s.now()
	if s.entries[k.Key] != e {
		return
	}
	e.failures++
	switch interval := e.lane.interval(); {
	case failed != nil:
		e.due = now.Add(doubled(writeBackoff, e.failures-1, interval))
	case result.Problem != nil:
		e.due = afterFailures(now, interval, e.failures, k.Key)
	default:
		e.failures = 0
		e.due = nextSlot(now, interval, k.Key)
	}
	if until := now.Add(result.RetryAfter); result.RetryAfter > 0 && until.After(e.lane.pausedUntil) {
		e.lane.pausedUntil = until
	}
	s.enqueue(e)
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
