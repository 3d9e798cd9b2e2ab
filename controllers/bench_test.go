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
	"fmt"
	"testing"

	"github.com/go-logr/logr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// BenchmarkPublish compares evaluated statuses with those in the cluster when nothing differs: what an evaluation costs
// beside the model.
func BenchmarkPublish(b *testing.B) {
	for _, count := range []int{15_000, 150_000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			options := Options{}
			options.setDefaults()
			e := newEngine(logr.Discard(), options)
			b.Cleanup(e.dirty.queue.ShutDown)
			for i := range count {
				r := requirement(fmt.Sprint(i), 1, int64(i+1))
				r.Status = *requirementStatus(i)
				e.observed(r)
			}
			for b.Loop() {
				b.StopTimer()
				statuses := portfolio.Statuses{Requirements: map[string]*cxv1alpha1.RequirementStatus{}}
				for i := range count {
					statuses.Requirements[fmt.Sprint(i)] = requirementStatus(i)
				}
				s := e.ledger.snapshot("ns")
				b.StartTimer()
				if differing := e.ledger.publish(s, &statuses); len(differing) > 0 {
					b.Fatalf("%d statuses differ", len(differing))
				}
			}
		})
	}
}

func requirementStatus(i int) *cxv1alpha1.RequirementStatus {
	return &cxv1alpha1.RequirementStatus{
		Conditions: []metav1.Condition{
			{Type: "Ready", Status: "True", ObservedGeneration: 1, Reason: "Accepted", Message: "Every reference resolves."},
			{
				Type: "Delivered", Status: "False", ObservedGeneration: 1, Reason: "Planned",
				Message: fmt.Sprintf("Roadmap item item-%d, which is planned, delivers it.", i%100),
			},
		},
		ObservedGeneration: 1, DeliveredBy: fmt.Sprintf("item-%d", i%100), Value: new(int64(i)),
		Journeys: []string{"one"}, JourneysTotal: 1, ExpectedDate: "2027-03-01",
	}
}
