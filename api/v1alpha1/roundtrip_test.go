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

package v1alpha1_test

import (
	"encoding/json"
	"math"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	applymetav1 "k8s.io/client-go/applyconfigurations/meta/v1"
	"pgregory.net/rapid"
	"sigs.k8s.io/controller-runtime/pkg/client"
	strictjson "sigs.k8s.io/json"
	"sigs.k8s.io/randfill"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	applyv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1/applyconfiguration/api/v1alpha1"
)

// TestGoTypesHoldAllThatTheSchemasDo reads an object with every field of its schema into the Go type, and writes it again.
func TestGoTypesHoldAllThatTheSchemasDo(t *testing.T) {
	for kind := range definitions(t) {
		for _, sent := range (maker{t: t, filler: "x"}).objects(kind, "whole") {
			if kind == "RoadmapItem" {
				// Go writes 0.5 as 500m, which is the same.
				set(t, sent, "spec.scores[].value", "500m")
			}
			want := mustJSON(t, sent.Object)
			object := cxv1alpha1.KindNamed(kind).New()
			if strict, err := strictjson.UnmarshalStrict([]byte(want), object); err != nil || len(strict) > 0 {
				t.Errorf("%s: %v %v", kind, err, strict)
				continue
			}
			got, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, mustJSON(t, got)); diff != "" {
				t.Errorf("%s (-sent +written again):\n%s", kind, diff)
			}
		}
	}
}

// TestRoundTrip writes Go objects with anything in them, and reads them again.
func TestRoundTrip(t *testing.T) {
	for kind := range cxv1alpha1.AllKinds() {
		rapid.Check(t, func(t *rapid.T) {
			want, got := kind.New(), kind.New()
			filler(rapid.Int64().Draw(t, "seed")).Fill(want)
			data, err := json.Marshal(want)
			if err != nil {
				t.Fatal(err)
			}
			if strict, err := strictjson.UnmarshalStrict(data, got); err != nil || len(strict) > 0 {
				t.Fatalf("%s: %v %v in\n%s", kind.Name, err, strict, data)
			}
			if !equality.Semantic.DeepEqual(want, got) {
				t.Fatalf("%s (-written +read):\n%s", kind.Name, cmp.Diff(want, got))
			}
			if again := got.DeepCopyObject(); !equality.Semantic.DeepEqual(again, got) {
				t.Fatalf("%s (-original +deep copy):\n%s", kind.Name, cmp.Diff(got, again))
			}
		})
	}
}

// filler fills objects with anything that JSON can hold.
func filler(seed int64) *randfill.Filler {
	return randfill.NewWithSeed(seed).NilChance(0.3).NumElements(1, 3).Funcs(
		func(q *resource.Quantity, c randfill.Continue) {
			*q = *resource.NewMilliQuantity(c.Int63(), resource.DecimalSI)
		},
		func(at *metav1.Time, c randfill.Continue) { *at = metav1.Unix(c.Int63n(4e9), 0).Rfc3339Copy() },
		func(fields *metav1.FieldsV1, _ randfill.Continue) { fields.SetRawString(`{"f:spec":{}}`) },
	)
}

// TestQuantitiesThatAreAcceptedCanBeRead guards every client that is written in Go, and the operator first: one object
// that it cannot read would keep it from reading any.
func TestQuantitiesThatAreAcceptedCanBeRead(t *testing.T) {
	root := schemaOf(definitions(t)["RoadmapItem"])
	value := root.Properties["spec"].Properties["scores"].Items.Schema.Properties["value"]
	pattern := value.AllOf[len(value.AllOf)-1].Pattern
	matches := regexp.MustCompile(pattern)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(pattern).Draw(t, "text")
		if len(text) > int(*value.MaxLength) {
			t.Skip("the API server refuses it as too long")
		}
		quantity, err := resource.ParseQuantity(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if number := quantity.AsApproximateFloat64(); math.IsInf(number, 0) || math.IsNaN(number) {
			t.Fatalf("%q is %v", text, number)
		}
		if again := quantity.String(); !matches.MatchString(again) {
			t.Fatalf("Go writes %q as %q, which would be refused", text, again)
		}
	})
}

// TestServerSideApply applies a journey as a GitOps tool does, and its status as a controller does.
func TestServerSideApply(t *testing.T) {
	c := theCluster(t)
	title, phase := cxv1alpha1.Title("Apply"), cxv1alpha1.LabelName("orient")
	spec := applyv1alpha1.Journey("applied", namespace).WithSpec(applyv1alpha1.JourneySpec().
		WithTitle(title).
		WithPhases(applyv1alpha1.Phase().WithName(phase)))
	// Applying fills in what the server has.
	wantSpec := mustJSON(t, spec)
	if err := c.client.Apply(t.Context(), spec, client.FieldOwner("git")); err != nil {
		t.Fatal(err)
	}
	journey := &cxv1alpha1.Journey{ObjectMeta: metav1.ObjectMeta{Name: "applied", Namespace: namespace}}
	c.removeAfter(t, journey)

	since := metav1.Date(2027, time.January, 4, 9, 0, 0, 0, time.Local)
	status := applyv1alpha1.Journey("applied", namespace).WithStatus(applyv1alpha1.JourneyStatus().
		WithConditions(applymetav1.Condition().
			WithType(cxv1alpha1.ConditionReady).
			WithStatus(metav1.ConditionTrue).
			WithReason(cxv1alpha1.ReasonAccepted).
			WithMessage("All references resolve.").
			WithLastTransitionTime(since)).
		WithObservedGeneration(1).
		WithMoments(applyv1alpha1.JourneyMoments().WithTotal(2).WithBlocked(1).WithElaborated(0).WithRealized(0).WithAtRisk(0)).
		WithExpectedDate("2027-03-01"))
	wantStatus := mustJSON(t, status)
	if err := c.client.Status().Apply(t.Context(), status, client.FieldOwner("operator")); err != nil {
		t.Fatal(err)
	}

	if err := c.client.Get(t.Context(), client.ObjectKeyFromObject(journey), journey); err != nil {
		t.Fatal(err)
	}
	want := cxv1alpha1.JourneyStatus{
		Conditions: []metav1.Condition{{Type: cxv1alpha1.ConditionReady, Status: metav1.ConditionTrue,
			Reason: cxv1alpha1.ReasonAccepted, Message: "All references resolve.", LastTransitionTime: since}},
		ObservedGeneration: 1,
		Moments:            &cxv1alpha1.JourneyMoments{Total: 2, Blocked: 1},
		ExpectedDate:       "2027-03-01",
	}
	if diff := cmp.Diff(want, journey.Status); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
	if journey.Spec.Title != title || journey.Generation != 1 {
		t.Errorf("the status changed the spec: title %q, generation %d", journey.Spec.Title, journey.Generation)
	}
	wantOwned(t, journey, wantSpec, wantStatus)
}

// TestEmptyingAStruct applies what a GitOps tool does when the last line of an optional struct goes from Git: first with
// content, then empty.
func TestEmptyingAStruct(t *testing.T) {
	c := theCluster(t)
	journey := &cxv1alpha1.Journey{ObjectMeta: metav1.ObjectMeta{Name: "emptied", Namespace: namespace}}
	c.removeAfter(t, journey)
	apply := func(brand *applyv1alpha1.BrandApplyConfiguration) {
		t.Helper()
		spec := applyv1alpha1.Journey("emptied", namespace).WithSpec(applyv1alpha1.JourneySpec().WithTitle("Emptied").WithBrand(brand))
		if err := c.client.Apply(t.Context(), spec, client.FieldOwner("git")); err != nil {
			t.Fatal(err)
		}
	}
	apply(applyv1alpha1.Brand().WithVision("Close by"))
	apply(applyv1alpha1.Brand())
	if err := c.client.Get(t.Context(), client.ObjectKeyFromObject(journey), journey); err != nil {
		t.Fatal(err)
	}
	if journey.Spec.Brand == nil || journey.Spec.Brand.Vision != "" {
		t.Errorf("brand is %+v, want an empty one", journey.Spec.Brand)
	}
}

// wantOwned compares what each of the two is said to own with what it applied.
func wantOwned(t *testing.T, journey *cxv1alpha1.Journey, spec, status string) {
	t.Helper()
	bySpec, err := applyv1alpha1.ExtractJourney(journey, "git")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(spec, mustJSON(t, bySpec)); diff != "" {
		t.Errorf("what git owns (-applied +extracted):\n%s", diff)
	}
	byStatus, err := applyv1alpha1.ExtractJourneyStatus(journey, "operator")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(status, mustJSON(t, byStatus)); diff != "" {
		t.Errorf("what the operator owns (-applied +extracted):\n%s", diff)
	}
}

// TestSpecAndStatusAreWrittenApart holds that people cannot write a status by accident, nor the operator a spec.
func TestSpecAndStatusAreWrittenApart(t *testing.T) {
	c := theCluster(t)
	for k := range cxv1alpha1.EvaluatedKinds() {
		kind := k.Name
		object := maker{t: t, filler: "x"}.object(kind, "apart")
		object.SetLabels(map[string]string{"from": "people"})
		c.store(t, object)
		if diff := cmp.Diff(map[string]any{"observedGeneration": int64(cxv1alpha1.NeverEvaluated)}, object.Object["status"]); diff != "" {
			t.Errorf("%s: the status of a new object (-want +got):\n%s", kind, diff)
		}
		spec := object.Object["spec"]

		object.Object["status"] = maker{t: t, filler: "x"}.object(kind, "apart").Object["status"]
		object.Object["spec"] = patched(t, kind, "{}").Object["spec"]
		object.SetLabels(nil)
		if err := c.client.Status().Update(t.Context(), object); err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if diff := cmp.Diff(mustJSON(t, spec), mustJSON(t, object.Object["spec"])); diff != "" {
			t.Errorf("%s: writing the status changed the spec (-before +after):\n%s", kind, diff)
		}
		if _, found := object.Object["status"]; !found || object.GetGeneration() != 1 {
			t.Errorf("%s: the status is not there, or the generation is %d", kind, object.GetGeneration())
		}
	}
}
