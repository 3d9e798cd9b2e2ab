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

package view_test

import (
	"errors"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// TestMapsSayWhatStatusesSay compares the maps of journeys with the statuses of their moments.
func TestMapsSayWhatStatusesSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := portfolio.Evaluate(portfoliotest.Objects(t), portfoliotest.Today)
		for name, journey := range e.Journeys {
			journeyMap, err := view.MapOf(e, name)
			if err != nil {
				t.Fatal(err)
			}
			counts := cxv1alpha1.JourneyMoments{Elaborated: journey.Moments.Elaborated}
			number := 0
			for _, phase := range journeyMap.Phases {
				for _, m := range phase.Moments {
					number++
					expect(t, "number", m.Number, number)
					compareMoment(t, e.Moments[m.Name], m)
					counts.Total++
					counts.Blocked += oneIf(m.Standing == view.StandingBlocked)
					counts.Realized += oneIf(m.Standing == view.StandingRealized)
					counts.AtRisk += oneIf(m.AtRisk)
				}
			}
			expect(t, "counts", counts, *journey.Moments)
		}
		var missing *view.NotFoundError
		if _, err := view.MapOf(e, "nowhere"); !errors.As(err, &missing) {
			t.Fatalf("the map of no journey is %v", err)
		}
	})
}

func oneIf(yes bool) int32 {
	if yes {
		return 1
	}
	return 0
}

func compareMoment(t *rapid.T, status *cxv1alpha1.MomentStatus, m view.MapMoment) {
	expect(t, "blocked", m.Standing == view.StandingBlocked, meta.IsStatusConditionTrue(status.Conditions, cxv1alpha1.ConditionBlocked))
	expect(t, "realized", m.Standing == view.StandingRealized, meta.IsStatusConditionTrue(status.Conditions, cxv1alpha1.ConditionRealized))
	expect(t, "at risk", m.AtRisk, meta.IsStatusConditionTrue(status.Conditions, cxv1alpha1.ConditionAtRisk))
	expect(t, "reason", m.Reason, meta.FindStatusCondition(status.Conditions, cxv1alpha1.ConditionBlocked).Reason)
	expect(t, "expected", m.Expected, status.ExpectedDate)
	expect(t, "progress", m.ProgressPercent, *status.ProgressPercent)
	if late := status.SlackDays != nil && *status.SlackDays < 0; late != (m.LateDays > 0) || late && m.LateDays != -*status.SlackDays {
		t.Fatalf("late by %d days, slack %v", m.LateDays, status.SlackDays)
	}
	expect(t, "number of blockers", len(m.WaitsFor), len(status.BlockedBy))
	for n, b := range m.WaitsFor {
		expect(t, "blocker", b.Blocker, status.BlockedBy[n])
		if b.Title == "" {
			t.Fatalf("blocker %s has no title", b.Name)
		}
	}
}
