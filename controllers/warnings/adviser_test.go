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

package warnings

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	dto "github.com/prometheus/client_model/go"
	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

// still is a portfolio that stays as it is.
type still []cxv1alpha1.Object

func (s still) Portfolio(string) ([]cxv1alpha1.Object, bool) { return s, s != nil }

func (still) Today() cxv1alpha1.Date { return "2026-11-22" }

// large is a portfolio of so many requirements.
func large(requirements int) still {
	objects := portfoliotest.Large(requirements)
	return slices.Collect(objects.All())
}

// request is what the API server asks of an object that is applied.
func request(object cxv1alpha1.Object, dryRun bool) admission.Request {
	raw, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	return admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{
		Kind:      metav1.GroupVersionKind(cxv1alpha1.GroupVersion.WithKind(cxv1alpha1.KindOf(object).Name)),
		Namespace: "ns", Name: object.GetName(), Operation: admissionv1.Update, DryRun: &dryRun,
		UserInfo: authenticationv1.UserInfo{Username: "jan"}, Object: runtime.RawExtension{Raw: raw},
	}}
}

func newHandler(portfolios Portfolios) handler {
	return handler{newAdviser(portfolios, logr.Discard())}
}

// ask returns the warnings about an object.
func (h handler) ask(t *testing.T, r admission.Request) string {
	t.Helper()
	response := h.Handle(t.Context(), r)
	if !response.Allowed {
		t.Errorf("%s was not allowed", r.Name)
	}
	return strings.Join(response.Warnings, "\n")
}

// count is how many requests had a result so far.
func count(t *testing.T, o outcome) float64 {
	t.Helper()
	var metric dto.Metric
	if err := requestsTotal.WithLabelValues(string(o)).Write(&metric); err != nil {
		t.Fatal(err)
	}
	return metric.GetCounter().GetValue()
}

func TestSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const dangles = "Requirement requirement-1: There is no BuildingBlock block-99"
		newRequirement, newBlock := request(portfoliotest.LargeRequirement(1, "block-99"), true), request(portfoliotest.LargeBlock(99, 5), true)
		h := newHandler(large(20))
		if got := h.ask(t, newRequirement); !strings.Contains(got, dangles) {
			t.Errorf("got %q", got)
		}
		// What the dry run asked about is there, until it ends.
		h = newHandler(large(20))
		h.ask(t, newBlock)
		if got := h.ask(t, newRequirement); strings.Contains(got, dangles) {
			t.Errorf("got %q", got)
		}
		// The same object again is another dry run.
		if got := h.ask(t, newRequirement); !strings.Contains(got, dangles) {
			t.Errorf("got %q", got)
		}
		h.ask(t, newBlock)
		time.Sleep(dryRunIdle)
		if got := h.ask(t, newRequirement); !strings.Contains(got, dangles) {
			t.Errorf("after a while: got %q", got)
		}
		// Others know nothing of it.
		h.ask(t, newBlock)
		other := newRequirement
		other.UserInfo.Username = "piet"
		if got := h.ask(t, other); !strings.Contains(got, dangles) {
			t.Errorf("of another user: got %q", got)
		}
		// What nobody uses is not kept.
		time.Sleep(2 * sessionIdle)
		synctest.Wait()
		if a := h.adviser; len(a.sessions) > 0 || a.recent != nil || a.sweeping {
			t.Errorf("%d sessions are left", len(a.sessions))
		}
	})
}

// TestBurst applies many objects at once: each request waits for little, and all are looked at.
func TestBurst(t *testing.T) {
	h := newHandler(large(2000))
	before := count(t, evaluated) + count(t, unevaluated)
	var group sync.WaitGroup
	for n := range 200 {
		group.Go(func() {
			got := h.ask(t, request(portfoliotest.LargeRequirement(n, "nowhere"), false))
			if want := fmt.Sprintf("Requirement requirement-%d: There is no BuildingBlock nowhere", n); !strings.Contains(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
	group.Wait()
	if got := count(t, evaluated) + count(t, unevaluated) - before; got != 200 {
		t.Errorf("%v requests were looked at, want 200", got)
	}
}

// TestPatience tells how long requests wait for evaluations that take long.
func TestPatience(t *testing.T) {
	now := time.Now()
	s := newSession("ns", nil, now)
	wait := func(what string, want time.Duration) {
		t.Helper()
		if got := s.beginWaiting(now); got != want {
			t.Errorf("%s: waits for %v, want %v", what, got, want)
		}
	}
	end := func(took time.Duration) { s.endWaiting(now.Add(-took), now) }
	s.took = time.Second
	for n := range firstWaits {
		wait(fmt.Sprintf("request %d", n), deadline)
		wait("another at the same time", 0)
		end(300 * time.Millisecond)
	}
	wait("after the first", 0)
	now = now.Add(30 * time.Second)
	wait("after a hundred times what the last one waited", deadline)
	wait("another at the same time", 0)
	end(time.Second)
	now = now.Add(99 * time.Second)
	wait("too early", 0)
	s.took = quick
	wait("while evaluations are quick", patient)
	wait("another at the same time", patient)

	s = newSession("ns", nil, now)
	s.took = time.Second
	wait("the first request", deadline)
	end(deadline)
	wait("after one has waited in vain", 0)

	if large := newSession("ns", large(15_000), now); large.took <= quick {
		t.Errorf("before it is evaluated, %d objects are taken to be quick", len(large.objects))
	}
}

// broken panics where the model would.
type broken struct{ still }

func (broken) Today() cxv1alpha1.Date { panic("broken") }

func TestAlwaysAllows(t *testing.T) {
	good := request(portfoliotest.LargeRequirement(1, "block-0"), false)
	unreadable, foreign, empty, fresh := good, good, good, request(portfoliotest.LargeRequirement(1, "nowhere"), false)
	unreadable.Object.Raw = []byte("{")
	foreign.Kind.Kind = "Pod"
	empty.Object.Raw = nil
	for _, test := range []struct {
		name       string
		portfolios Portfolios
		request    admission.Request
		want       outcome
	}{
		{"unchanged", large(20), good, unchanged},
		{"not read yet", still(nil), fresh, unknown},
		{"too many objects", make(still, maxObjects+1), fresh, unknown},
		{"unreadable", large(20), unreadable, failed},
		{"of another kind", large(20), foreign, failed},
		{"without an object", large(20), empty, failed},
		{"the model panics", broken{large(20)}, fresh, failed},
	} {
		before := count(t, test.want)
		if got := newHandler(test.portfolios).ask(t, test.request); got != "" {
			t.Errorf("%s: said %q", test.name, got)
		}
		if count(t, test.want) != before+1 {
			t.Errorf("%s: want the result %s", test.name, test.want)
		}
	}
}

// TestPanicInTheBackground has an evaluation panic, which is in a goroutine of its own.
func TestPanicInTheBackground(t *testing.T) {
	a := newAdviser(broken{large(20)}, logr.Discard())
	s := newSession("ns", large(20), time.Now())
	c := &change{key: objectKey{cxv1alpha1.BuildingBlockKind, "block-0"}, after: portfoliotest.LargeBlock(0, 50)}
	c.before = s.objects[c.key]
	s.apply(c)
	if got := a.evaluateWithin(s, deadline); got != failed {
		t.Errorf("got %s", got)
	}
	a.portfolios = large(20)
	s.apply(&change{key: c.key, before: c.after, after: portfoliotest.LargeBlock(0, 500)})
	if got := a.evaluateWithin(s, deadline); got != evaluated || len(s.findings) == 0 {
		t.Errorf("afterwards: got %s, %v", got, s.findings)
	}
}

// BenchmarkApply applies requirements one after the other, as kubectl does.
func BenchmarkApply(b *testing.B) {
	for _, requirements := range []int{500, 15_000} {
		b.Run(fmt.Sprintf("requirements=%d", requirements), func(b *testing.B) {
			h := newHandler(large(requirements))
			for n := 0; b.Loop(); n++ {
				h.Handle(b.Context(), request(portfoliotest.LargeRequirement(n%requirements, cxv1alpha1.ObjectName(fmt.Sprintf("block-%d", n%7))), false))
			}
		})
	}
}

// BenchmarkEdit makes a lone edit: two evaluations and their comparison.
func BenchmarkEdit(b *testing.B) {
	for _, requirements := range []int{500, 15_000} {
		b.Run(fmt.Sprintf("requirements=%d", requirements), func(b *testing.B) {
			objects := large(requirements)
			a := newAdviser(objects, logr.Discard())
			for b.Loop() {
				s := newSession("ns", objects, time.Now())
				c := &change{key: objectKey{cxv1alpha1.BuildingBlockKind, "block-0"}, after: portfoliotest.LargeBlock(0, 500)}
				c.before = s.objects[c.key]
				s.apply(c)
				if a.evaluate(s); len(s.findings) == 0 {
					b.Fatal("nothing was found")
				}
			}
		})
	}
}
