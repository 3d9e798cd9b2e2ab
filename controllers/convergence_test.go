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
	"context"
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

// rapidRuns bounds the runs of a property that needs an API server, unless -rapid.checks says otherwise.
func rapidRuns(t *testing.T, runs int) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	if checks.Value.String() != checks.DefValue {
		return
	}
	if err := flag.Set("rapid.checks", fmt.Sprint(runs)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set("rapid.checks", checks.DefValue) })
}

// TestConvergence applies random portfolios in random order, with edits, reverts, deletes, recreations and renames on the
// way, while the operator works, and now and then restarts. In the end the statuses are those of the final specs.
func TestConvergence(t *testing.T) {
	rapidRuns(t, 12)
	all := newCluster(t)
	everywhere := *all
	everywhere.namespace = ""
	operator := everywhere.start(t)
	rapid.Check(t, func(rt *rapid.T) {
		c := all.in(rt, "convergence")
		// Two portfolios of the same names: what one run of the other changes is an edit, and what it lacks a deletion.
		first, second := portfoliotest.List(portfoliotest.Objects(rt)), portfoliotest.List(portfoliotest.Objects(rt))
		for _, object := range rapid.Permutation(append(first, second...)).Draw(rt, "order") {
			switch rapid.IntRange(0, 9).Draw(rt, "what") {
			case 0:
				c.delete(rt, object)
			case 1: // edited, and reverted
				c.apply(rt, object)
				c.apply(rt, variant(rt, object))
				c.apply(rt, object)
			case 2: // recreated
				c.apply(rt, object)
				c.delete(rt, object)
				c.apply(rt, object)
			case 3: // renamed
				c.apply(rt, object)
				c.delete(rt, object)
				if kindName(object) != "Roadmap" {
					renamed := object.DeepCopyObject().(client.Object)
					renamed.SetName(object.GetName() + "-renamed")
					c.apply(rt, renamed)
				}
			default:
				c.apply(rt, object)
			}
		}
		if rapid.IntRange(0, 3).Draw(rt, "restart") == 0 {
			operator.stop()
			operator = everywhere.start(t)
		}
		c.wantEvaluated(rt, utcToday())
		operator.wantStill(rt, c)
	})
}

// variant is another valid object of the same kind and name. An observation stays with its object.
func variant(t *rapid.T, object client.Object) client.Object {
	for _, other := range portfoliotest.List(portfoliotest.Objects(t)) {
		if kindName(other) != kindName(object) {
			continue
		}
		if was, ok := object.(*cxv1alpha1.Observation); ok {
			is := other.(*cxv1alpha1.Observation)
			if is.Spec.Of.Kind != was.Spec.Of.Kind {
				continue
			}
			is.Spec.Of = was.Spec.Of
		}
		other.SetName(object.GetName())
		return other
	}
	return object
}

// TestRecreatedUnderTheSameName deletes and creates an object so fast that a write to the first may meet the second.
func TestRecreatedUnderTheSameName(t *testing.T) {
	c := newCluster(t)
	operator := c.start(t)
	objects := readSample(t, "quickstart")
	c.apply(t, objects...)
	for range 20 {
		c.delete(t, objects[1])
		c.apply(t, objects[1])
	}
	c.wantEvaluated(t, utcToday())
	operator.wantStill(t, c)
}

// TestTerminatingNamespace deletes a namespace. Without a namespace controller here, the test empties it.
func TestTerminatingNamespace(t *testing.T) {
	c := newCluster(t)
	objects := readSample(t, "quickstart")
	c.apply(t, objects...)
	operator := c.start(t)
	c.wantEvaluated(t, utcToday())
	writes, events := operator.wantStill(t, c), c.events(t)
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: c.namespace}}
	if err := c.Delete(context.Background(), namespace); err != nil {
		t.Fatal(err)
	}
	// The survivors are left alone, whatever is deleted beside them.
	for i, object := range objects {
		if i%2 == 0 {
			c.delete(t, object)
			time.Sleep(50 * time.Millisecond)
		}
	}
	if diff := cmp.Diff(writes, operator.wantStill(t, c)); diff != "" {
		t.Errorf("status writes while the namespace is deleted (-before +after):\n%s", diff)
	}
	if after := c.events(t); after != events {
		t.Errorf("%d events while the namespace is deleted", after-events)
	}
	// So does an operator that starts in the middle of it.
	operator.stop()
	operator = c.start(t)
	if diff := cmp.Diff(writes, operator.wantStill(t, c)); diff != "" {
		t.Errorf("status writes of another operator (-before +after):\n%s", diff)
	}
	for _, object := range objects {
		c.delete(t, object)
	}
	if !eventually(func() bool { return len(operator.ledger.names()) == 0 }) {
		t.Error("the operator still holds the namespace")
	}
}
