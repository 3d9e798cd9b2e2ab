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

package status

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

func TestEqual(t *testing.T) {
	base := func(change func(*cxv1alpha1.MomentStatus)) *cxv1alpha1.MomentStatus {
		s := &cxv1alpha1.MomentStatus{
			Conditions: []metav1.Condition{{Type: "Ready", Status: "True", Reason: "Accepted", Message: "Fine."}},
			BlockedBy:  []cxv1alpha1.Blocker{{Kind: "Requirement", Name: "a"}},
			SlackDays:  new(int32(3)),
		}
		change(s)
		return s
	}
	for _, test := range []struct {
		name   string
		change func(*cxv1alpha1.MomentStatus)
		equal  bool
	}{
		{"nothing", func(*cxv1alpha1.MomentStatus) {}, true},
		{"since when", func(s *cxv1alpha1.MomentStatus) { s.Conditions[0].LastTransitionTime = metav1.Now() }, true},
		{"an empty list for none", func(s *cxv1alpha1.MomentStatus) { s.Teams = []string{} }, true},
		{"a message", func(s *cxv1alpha1.MomentStatus) { s.Conditions[0].Message = "" }, false},
		{"an observed generation", func(s *cxv1alpha1.MomentStatus) { s.Conditions[0].ObservedGeneration = 2 }, false},
		{"a condition more", func(s *cxv1alpha1.MomentStatus) { s.Conditions = append(s.Conditions, metav1.Condition{Type: "X"}) }, false},
		{"an entry of a list", func(s *cxv1alpha1.MomentStatus) { s.BlockedBy[0].Name = "b" }, false},
		{"zero for none", func(s *cxv1alpha1.MomentStatus) { s.SlackDays = nil }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Equal(base(func(*cxv1alpha1.MomentStatus) {}), base(test.change)); got != test.equal {
				t.Errorf("equal = %v, want %v", got, test.equal)
			}
		})
	}
}

func TestWithTimes(t *testing.T) {
	// Given a status known since long,
	long := metav1.NewTime(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	known := &cxv1alpha1.MomentStatus{Conditions: []metav1.Condition{
		{Type: "Kept", Status: "True", Reason: "Old", LastTransitionTime: long},
		{Type: "Turned", Status: "True", LastTransitionTime: long},
		{Type: "Gone", Status: "True", LastTransitionTime: long},
	}}
	desired := &cxv1alpha1.MomentStatus{Conditions: []metav1.Condition{
		{Type: "Kept", Status: "True", Reason: "New"}, {Type: "Turned", Status: "False"}, {Type: "Added", Status: "True"},
	}}
	// when another is desired now,
	now := time.Date(2026, 11, 22, 12, 0, 0, 5, time.FixedZone("", 3600))
	got := WithTimes(desired, known, now).GetConditions()
	// then only what turned or is new has the time of now, in UTC and whole seconds.
	today := time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC)
	for i, want := range []time.Time{long.Time, today, today} {
		if !got[i].LastTransitionTime.Time.Equal(want) {
			t.Errorf("%s: since %v, want %v", got[i].Type, got[i].LastTransitionTime, want)
		}
	}
	if len(got) != 3 || got[0].Reason != "New" || !desired.Conditions[0].LastTransitionTime.IsZero() {
		t.Errorf("got %v, and desired is now %v", got, desired)
	}
}
