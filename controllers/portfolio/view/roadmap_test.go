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
	"cmp"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// TestRoadmapSaysWhatStatusesSay compares the roadmap with the statuses, which are the same but for their bounds; the random portfolios stay
// within those.
func TestRoadmapSaysWhatStatusesSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		e := portfolio.Evaluate(objects, portfoliotest.Today)
		roadmap := view.RoadmapOf(e)
		places := comparePlaces(t, objects, e, roadmap)
		if e.Roadmap == nil {
			return
		}
		var bundles []cxv1alpha1.Bundle
		for _, b := range roadmap.Bundles {
			bundles = append(bundles, cxv1alpha1.Bundle{
				Number: b.Number, Score: b.Score, Value: b.Value, EffortDays: b.EffortDays,
				Items: b.Items, ItemsTotal: int32(len(b.Items)), Moments: b.Moments, MomentsTotal: int32(len(b.Moments)),
			})
		}
		expect(t, "bundles", e.Roadmap.Bundles, bundles)
		expect(t, "value", *e.Roadmap.Value, roadmap.Value)
		expect(t, "forecast", e.Roadmap.Forecast, roadmap.Forecast)
		expect(t, "items not scheduled", int(*e.Roadmap.UnplannedItems), len(roadmap.Unscheduled))
		if broken := e.Roadmap.Conditions[0].Reason == cxv1alpha1.ReasonExpressionInvalid; broken != (roadmap.Problem != "") {
			t.Fatalf("the problem is %q, the condition %v", roadmap.Problem, e.Roadmap.Conditions[0])
		}
		for _, team := range roadmap.Teams {
			for _, i := range team.Items {
				if places[i.Name] != team.Name {
					t.Fatalf("%s is with team %q, want %q", i.Name, team.Name, places[i.Name])
				}
			}
		}
		for n, team := range objects.Roadmap.Spec.Teams {
			if roadmap.Teams[n].Name != string(team.Name) {
				t.Fatalf("team %d is %q, want %q", n, roadmap.Teams[n].Name, team.Name)
			}
		}
	})
}

// comparePlaces checks that each item that is not cancelled has one place, with what its status says, and returns their teams.
func comparePlaces(t *rapid.T, objects portfolio.Objects, e *portfolio.Evaluation, roadmap *view.Roadmap) map[string]string {
	scheduled := map[string]view.ScheduledItem{}
	places := map[string]int{}
	for _, team := range roadmap.Teams {
		for _, i := range team.Items {
			scheduled[i.Name] = i
			places[i.Name]++
		}
		if !slices.IsSortedFunc(team.Items, func(a, b view.ScheduledItem) int { return cmp.Compare(a.Start, b.Start) }) {
			t.Fatalf("the items of team %q are not in the order of their start", team.Name)
		}
	}
	for _, i := range roadmap.Unscheduled {
		places[i.Name]++
		if i.Message == "" || i.Reason == cxv1alpha1.ReasonDependenciesMet {
			t.Fatalf("nothing says why %s cannot be scheduled: %+v", i.Name, i)
		}
	}
	for _, i := range roadmap.Done {
		places[i.Name]++
	}
	teams := map[string]string{}
	for _, object := range objects.RoadmapItems {
		teams[object.Name] = string(object.Spec.Team)
		want := 1
		status := e.RoadmapItems[object.Name]
		if meta.FindStatusCondition(status.Conditions, cxv1alpha1.ConditionDelivered).Reason == cxv1alpha1.ReasonCancelled {
			want = 0
		}
		if places[object.Name] != want {
			t.Fatalf("%s has %d places, want %d", object.Name, places[object.Name], want)
		}
		i, isScheduled := scheduled[object.Name]
		if (status.Schedule != nil) != isScheduled {
			t.Fatalf("%s is scheduled: %t, in the roadmap: %t", object.Name, status.Schedule != nil, isScheduled)
		}
		if !isScheduled {
			continue
		}
		expect(t, "schedule of "+object.Name, *status.Schedule, cxv1alpha1.Schedule{
			ExpectedStart: i.Start, ExpectedFinish: i.Finish, DurationDays: i.DurationDays,
		})
		expect(t, "rank of "+object.Name, status.Priority.Rank, i.Rank)
		expect(t, "blockers of "+object.Name, status.BlockedBy, i.WaitsFor)
		if late := i.Target != "" && i.Finish > i.Target; late != i.Late || late != (i.LateDays > 0) {
			t.Fatalf("%s is late: %t by %d, from %s to %s", object.Name, i.Late, i.LateDays, i.Target, i.Finish)
		}
	}
	return teams
}
