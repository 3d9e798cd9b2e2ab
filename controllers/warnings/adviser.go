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

// Package warnings tells those who make a change what it does, while the API server admits it. It always allows, never waits
// for long, and says nothing rather than that: what it knows is a courtesy.
package warnings

import (
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/api/equality"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

// Portfolios are those that the operator keeps in memory.
type Portfolios interface {
	// Portfolio returns the objects in a namespace, and whether all of them are known. They are shared: nobody changes them.
	Portfolio(namespace string) ([]cxv1alpha1.Object, bool)
	// Today is the day for which portfolios are evaluated.
	Today() cxv1alpha1.Date
}

const (
	// A session lasts this long after its last request, and after its first. What a dry run asks about does not come, so it
	// must be forgotten before the next dry run asks.
	sessionIdle = 5 * time.Second
	dryRunIdle  = 2 * time.Second
	sessionMax  = 2 * time.Minute
	// maxSessions are kept at a time, and maxObjects in each. Beyond them nothing is said.
	maxSessions = 32
	maxObjects  = 50_000

	// deadline is how long a request waits at most. The API server goes on without an answer after two seconds.
	deadline = time.Second
	// quick is how long an evaluation may take for every request to wait for one, and that no longer than patient.
	quick   = 10 * time.Millisecond
	patient = 2 * quick
	// For a slower one the first requests of a session wait, one at a time, and then one now and again, for this part of the time:
	// so few that a large portfolio is applied in nearly the time that it takes anyway.
	firstWaits  = 5
	waitingPart = 100
	// evaluationOfObject is about how long one takes for each object. It is a guess for before the first evaluation.
	evaluationOfObject = 8 * time.Microsecond
)

// change is an object before and after a request. One of them is nil where it is created or deleted.
type change struct {
	sessionKey

	key           objectKey
	before, after cxv1alpha1.Object
}

// outcome is what became of a request, for the metrics.
type outcome string

const (
	// evaluated: the request was answered with what the change does.
	evaluated outcome = "evaluated"
	// unevaluated: an evaluation would have taken too long. Only references were looked at.
	unevaluated outcome = "unevaluated"
	// unchanged: nothing of the spec changes.
	unchanged outcome = "unchanged"
	// unknown: the portfolio is not at hand, or too much goes on.
	unknown outcome = "unknown"
	// failed: the request is not understood, or the model panicked.
	failed outcome = "failed"
)

var outcomes = []outcome{evaluated, unevaluated, unchanged, unknown, failed}

// adviser finds what changes do. It evaluates one portfolio at a time, away from those that the operator writes from.
type adviser struct {
	portfolios Portfolios
	log        logr.Logger
	// evaluating holds a token while a portfolio is evaluated.
	evaluating chan struct{}

	mu       sync.Mutex
	sessions map[sessionKey]*session
	// recent is the session that was evaluated last. Only it keeps its state, which is large.
	recent *session
	// sweeping tells that sessions which nobody uses will be ended.
	sweeping bool
}

func newAdviser(portfolios Portfolios, log logr.Logger) *adviser {
	return &adviser{
		portfolios: portfolios,
		log:        log,
		evaluating: make(chan struct{}, 1),
		sessions:   map[sessionKey]*session{},
	}
}

// advise tells what a change does.
func (a *adviser) advise(c *change) ([]string, outcome) {
	s := a.session(c)
	if s == nil {
		return nil, unknown
	}
	a.mu.Lock()
	s.touched[c.key] = true
	// The session knows better than the API server what a dry run has changed before.
	if known := s.objects[c.key]; known != nil {
		c.before = known
	}
	if !c.differs() {
		a.mu.Unlock()
		return nil, unchanged
	}
	old, changed := s.around(c)
	s.apply(c)
	a.mu.Unlock()

	findings := dangling(c, old, changed, a.portfolios.Today())
	result := a.evaluateFor(s)
	a.mu.Lock()
	defer a.mu.Unlock()
	// Whoever comes first tells what an evaluation found, also if it took too long for the request that began it.
	findings = append(findings, s.findings...)
	s.findings = nil
	return diff.Warnings(findings), result
}

func (c *change) differs() bool {
	if c.before == nil || c.after == nil {
		return c.before != nil || c.after != nil
	}
	return !equality.Semantic.DeepEqual(c.before.GetSpec(), c.after.GetSpec())
}

// session finds the session of a change, or begins one. There is none where the portfolio is not known.
func (a *adviser) session(c *change) *session {
	now, key := time.Now(), c.sessionKey
	a.mu.Lock()
	a.sweep(now)
	s, full := a.sessions[key], len(a.sessions) >= maxSessions
	if s != nil && key.dryRun && s.touched[c.key] { // Another dry run: each asks once about an object.
		a.end(key, s)
		s = nil
	}
	if s != nil {
		s.last = now
	}
	a.mu.Unlock()
	if s != nil || full {
		return s
	}
	objects, known := a.portfolios.Portfolio(key.namespace)
	if !known || len(objects) > maxObjects {
		return nil
	}
	s = newSession(key.namespace, objects, now)
	a.mu.Lock()
	defer a.mu.Unlock()
	if other := a.sessions[key]; other != nil {
		return other
	}
	a.sessions[key] = s
	if !a.sweeping {
		a.sweeping = true
		time.AfterFunc(sessionIdle, a.sweepAgain)
	}
	return s
}

// sweep ends sessions, with what they hold in memory.
func (a *adviser) sweep(now time.Time) {
	for key, s := range a.sessions {
		if now.Sub(s.last) >= key.idle() || now.Sub(s.began) >= sessionMax {
			a.end(key, s)
		}
	}
}

func (a *adviser) end(key sessionKey, s *session) {
	delete(a.sessions, key)
	if a.recent == s {
		a.recent = nil
	}
	s.state = nil
}

// sweepAgain sweeps until no session is left.
func (a *adviser) sweepAgain() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sweep(time.Now())
	if a.sweeping = len(a.sessions) > 0; a.sweeping {
		time.AfterFunc(sessionIdle, a.sweepAgain)
	}
}

// evaluateFor has the session evaluated for a request, if that may wait for it.
func (a *adviser) evaluateFor(s *session) outcome {
	began := time.Now()
	a.mu.Lock()
	patience := s.beginWaiting(began)
	a.mu.Unlock()
	if patience == 0 {
		return unevaluated
	}
	result := a.evaluateWithin(s, patience)
	a.mu.Lock()
	defer a.mu.Unlock()
	s.endWaiting(began, time.Now())
	return result
}

// evaluateWithin has the session evaluated, together with what others are waiting for, and waits as long as its caller has
// patience.
func (a *adviser) evaluateWithin(s *session, patience time.Duration) outcome {
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case a.evaluating <- struct{}{}:
	case <-timeout.C:
		return unevaluated
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() { <-a.evaluating }()
		done <- a.evaluate(s)
	}()
	select {
	case result := <-done:
		return result
	case <-timeout.C:
		return unevaluated
	}
}

// evaluate compares the session's portfolio with that before its latest changes.
func (a *adviser) evaluate(s *session) (result outcome) {
	defer func() {
		if r := recover(); r != nil {
			a.log.Error(fmt.Errorf("panic: %v", r), "Finding what changes do failed", "namespace", s.namespace, "stack", string(debug.Stack()))
			a.mu.Lock()
			defer a.mu.Unlock()
			s.state = nil
			result = failed
		}
	}()
	a.mu.Lock()
	if len(s.changed) == 0 { // An evaluation for another request has seen them.
		a.mu.Unlock()
		return evaluated
	}
	if a.recent != nil && a.recent != s {
		a.recent.state = nil
	}
	a.recent = s
	state := s.state
	var old portfolio.Objects
	if state == nil {
		old = s.old()
	}
	objects, changed := s.portfolio(), s.changed
	s.changed = map[objectKey]cxv1alpha1.Object{}
	a.mu.Unlock()

	began, today := time.Now(), a.portfolios.Today()
	if state == nil {
		state = diff.Evaluate(old, today)
	}
	after := diff.Evaluate(objects, today)
	findings := diff.Findings(state, after)
	took := time.Since(began)

	a.mu.Lock()
	defer a.mu.Unlock()
	s.took = took
	if a.recent == s {
		s.state = after
	}
	s.findings = append(s.findings, s.worthTelling(findings, changed)...)
	return evaluated
}
