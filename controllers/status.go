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
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/resourceversion"
)

// same compares statuses of the kind by what they say: an empty list equals none, as in JSON, and it does not matter
// since when a condition holds. Conditions, which are most of a status, are compared without reflection: this is done for
// every object after every evaluation.
func (k *kind) same(a, b any) bool {
	return slices.EqualFunc(k.conditions(a), k.conditions(b), sameCondition) &&
		equality.Semantic.DeepEqual(k.withConditions(a, nil), k.withConditions(b, nil))
}

func sameCondition(a, b metav1.Condition) bool {
	return a.Type == b.Type && a.Status == b.Status && a.Reason == b.Reason && a.Message == b.Message &&
		a.ObservedGeneration == b.ObservedGeneration
}

// withTransitionTimes returns the desired conditions with the time since when they have their status: as known for those
// whose status does not change, else now.
func withTransitionTimes(desired, known []metav1.Condition, now time.Time) []metav1.Condition {
	conditions := make([]metav1.Condition, len(desired))
	for i, condition := range desired {
		condition.LastTransitionTime = metav1.NewTime(now.UTC().Truncate(time.Second))
		if k := meta.FindStatusCondition(known, condition.Type); k != nil && k.Status == condition.Status {
			condition.LastTransitionTime = k.LastTransitionTime
		}
		conditions[i] = condition
	}
	return conditions
}

// compareVersions orders the resource versions of one object. An API server whose versions are no numbers is believed
// to tell its news in order.
func compareVersions(a, b string) int {
	order, err := resourceversion.CompareResourceVersion(a, b)
	if err != nil {
		return 1
	}
	return order
}
