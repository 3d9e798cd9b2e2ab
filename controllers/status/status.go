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

// Package status compares statuses, and keeps since when their conditions hold: for the operator, which writes them, and
// for the plugin, which shows what it would write.
package status

import (
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Equal compares two statuses of a kind by what they say: an empty list equals none, as in JSON, and it does not matter
// since when a condition holds.
func Equal(a, b cxv1alpha1.Status) bool {
	// The operator does this for every object after every evaluation, and conditions are most of a status: these are
	// compared without reflection, which then finds the same list on both sides.
	return slices.EqualFunc(a.GetConditions(), b.GetConditions(), equalCondition) &&
		equality.Semantic.DeepEqual(cxv1alpha1.WithConditions(a, b.GetConditions()), b)
}

func equalCondition(a, b metav1.Condition) bool {
	return a.Type == b.Type && a.Status == b.Status && a.Reason == b.Reason && a.Message == b.Message &&
		a.ObservedGeneration == b.ObservedGeneration
}

// WithTimes returns a copy of a status whose conditions tell since when they hold: as known where the status of a condition
// stays the same, else now.
func WithTimes(desired, known cxv1alpha1.Status, now time.Time) cxv1alpha1.Status {
	before := known.GetConditions()
	conditions := slices.Clone(desired.GetConditions())
	for i := range conditions {
		c := &conditions[i]
		c.LastTransitionTime = metav1.NewTime(now.UTC().Truncate(time.Second))
		if k := meta.FindStatusCondition(before, c.Type); k != nil && k.Status == c.Status {
			c.LastTransitionTime = k.LastTransitionTime
		}
	}
	return cxv1alpha1.WithConditions(desired, conditions)
}
