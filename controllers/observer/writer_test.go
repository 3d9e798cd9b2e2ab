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
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

func TestNames(t *testing.T) {
	t.Parallel()
	key := func(name, source string) Key {
		return Key{"web", cxv1alpha1.ObservedReference{Kind: cxv1alpha1.BuildingBlockKind, Name: cxv1alpha1.ObjectName(name)}, source}
	}
	for want, key := range map[string]Key{
		"buildingblock-a":   key("a", ""),
		"buildingblock-a.b": key("a", "b"),
		"buildingblock-a.b-" + digest(key("a.b", "")): key("a.b", ""),
	} {
		if got := nameOf(key); got != want {
			t.Errorf("%v: %s, want %s", key, got, want)
		}
	}
	names := map[string]Key{}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z]([-a-z]{0,120}[a-z])?(\.[a-z]([-a-z]{0,120}[a-z])?)?`)
		k := key(name.Draw(t, "object"), rapid.OneOf(rapid.Just(""), name).Draw(t, "source"))
		got := nameOf(k)
		if problems := validation.IsDNS1123Subdomain(got); len(problems) > 0 {
			t.Errorf("%v: %s: %v", k, got, problems)
		}
		if other, taken := names[got]; taken && other != k {
			t.Errorf("%v and %v are both %s", k, other, got)
		}
		names[got] = k
	})
}

// TestObservations: what a look that failed leaves, and when there is something to write.
func TestObservations(t *testing.T) {
	t.Parallel()
	metric := &cxv1alpha1.Metric{ObjectMeta: metav1.ObjectMeta{Namespace: "web", Name: "calls", UID: "1"}}
	q := question{Key{"web", cxv1alpha1.ObservedReference{Kind: cxv1alpha1.MetricKind, Name: "calls"}, "prom"}, "asked"}
	seen := func(today cxv1alpha1.Date, r Result) sighting {
		return sighting{q, Target{Key: q.Key, Object: metric}, r, today}
	}
	values := []cxv1alpha1.Sample{{Date: "2026-11-20", Value: "1"}, {Date: "2026-11-21", Value: "2"}}
	good := observationOf(seen("2026-11-22", Result{Samples: values}), nil)

	again := observationOf(seen("2026-11-22", Result{Samples: []cxv1alpha1.Sample{values[1], values[0]}}), good)
	if !same(good, again) {
		t.Errorf("the same, in another order:\n%s", cmp.Diff(good, again))
	}
	if same(good, observationOf(seen("2026-11-23", Result{Samples: values}), good)) {
		t.Error("a day has passed, and nothing is written")
	}
	failed := observationOf(seen("2026-11-22", Failed("TimedOut", "no answer", nil)), good)
	if same(good, failed) || cmp.Diff(values, failed.Spec.Samples) != "" || failed.Spec.Problem.Reason != "TimedOut" {
		t.Errorf("after a failure: %+v", failed.Spec)
	}
	if cured := observationOf(seen("2026-11-22", Result{Samples: values}), failed); !same(good, cured) {
		t.Errorf("after the next look: %+v", cured.Spec)
	}

	// Another question has none of these values, but until it has an answer they stay, as the answer to the old one.
	q.asked = "something else"
	unanswered := observationOf(seen("2026-11-22", Failed("TimedOut", "no answer", nil)), good)
	if answers(unanswered, q) || len(unanswered.Spec.Samples) != 2 {
		t.Errorf("the answer to another question: %+v", unanswered)
	}
	if first := observationOf(seen("2026-11-22", Failed("TimedOut", "no answer", nil)), nil); !answers(first, q) || len(first.Spec.Samples) > 0 {
		t.Errorf("no answer: %+v", first)
	}

	metric.UID = "2"
	if q.asked = "asked"; same(good, observationOf(seen("2026-11-22", Result{Samples: values}), good)) {
		t.Error("it has another owner, and nothing is written")
	}
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	check := func(name, source, expression string) cxv1alpha1.StageCheck {
		c := cxv1alpha1.StageCheck{Name: cxv1alpha1.LabelName(name), Expression: expression}
		if source != "" {
			c.SourceRef = &cxv1alpha1.SourceReference{Name: cxv1alpha1.ObjectName(source)}
		}
		return c
	}
	block := func(checks ...cxv1alpha1.StageCheck) *cxv1alpha1.BuildingBlock {
		return &cxv1alpha1.BuildingBlock{
			ObjectMeta: metav1.ObjectMeta{Name: "b"}, Spec: cxv1alpha1.BuildingBlockSpec{Stages: []cxv1alpha1.Stage{{Name: "s"}, {Name: "t", DeliveredWhen: checks}}},
		}
	}
	item := &cxv1alpha1.RoadmapItem{ObjectMeta: metav1.ObjectMeta{Name: "i"}, Spec: cxv1alpha1.RoadmapItemSpec{ExternalRef: &cxv1alpha1.TrackerReference{}}}
	for _, test := range []struct {
		name   string
		object cxv1alpha1.Object
		want   string
	}{
		{"a metric that asks nobody", &cxv1alpha1.Metric{}, ""},
		{"an item that asks nobody", item, ""},
		{"a block without checks", block(), ""},
		{"a block with checks", block(check("a", "", ""), check("b", "prod", ""), check("c", "prod", ""), check("d", "", "")), " prod"},
		{"a moment", &cxv1alpha1.Moment{}, ""},
	} {
		var sources []string
		for _, q := range questionsOf(test.object) {
			sources = append(sources, q.Source)
		}
		if got := strings.Join(sources, " "); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	before, after := questionsOf(block(check("a", "", "x"), check("b", "prod", ""))), questionsOf(block(check("a", "", "y"), check("b", "prod", "")))
	if before[0].asked == after[0].asked || before[1].asked != after[1].asked {
		t.Error("only the question that changed is another")
	}
	deleted := block(check("a", "", ""))
	deleted.DeletionTimestamp = &metav1.Time{}
	if len(questionsOf(deleted)) > 0 {
		t.Error("what is being deleted asks something")
	}
}
