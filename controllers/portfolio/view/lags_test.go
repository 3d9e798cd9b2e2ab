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
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// TestLagsAndDaysOffAreTold gives team core 24 November off, and lets page wait 3 workdays after events.
func TestLagsAndDaysOffAreTold(t *testing.T) {
	meta := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name} }
	delivers := []cxv1alpha1.StageReference{{Name: "block"}}
	effort := int32(2)
	evaluation := portfolio.Evaluate(portfolio.Objects{
		Roadmap: &cxv1alpha1.Roadmap{ObjectMeta: meta("default"), Spec: cxv1alpha1.RoadmapSpec{Teams: []cxv1alpha1.Team{
			{Name: "core", Holidays: []cxv1alpha1.Date{"2026-11-24", "2026-11-20"}},
		}}},
		BuildingBlocks: []*cxv1alpha1.BuildingBlock{{ObjectMeta: meta("block"), Spec: cxv1alpha1.BuildingBlockSpec{Stages: []cxv1alpha1.Stage{{Name: "all"}}}}},
		RoadmapItems: []*cxv1alpha1.RoadmapItem{
			{ObjectMeta: meta("events"), Spec: cxv1alpha1.RoadmapItemSpec{Team: "core", EffortDays: &effort, Delivers: delivers}},
			{ObjectMeta: meta("page"), Spec: cxv1alpha1.RoadmapItemSpec{
				EffortDays: &effort, Delivers: delivers, DependsOn: []cxv1alpha1.ItemDependency{{Name: "events", LagDays: 3}},
			}},
		},
	}, "2026-11-23")

	reason, err := view.Why(evaluation, cxv1alpha1.RoadmapItemKind, "page")
	if err != nil {
		t.Fatal(err)
	}
	if want := "Expected 2026-12-02: waits 3 workdays after events (team core, until 2026-11-25)."; !strings.Contains(reason.Text, want) {
		t.Errorf("why says %q of the item, want %q", reason.Text, want)
	}
	events := reason.Because[0]
	if want := "Expected 2026-11-25: team core does not work on 2026-11-24."; events.LagDays != 3 || !strings.Contains(events.Text, want) {
		t.Errorf("why says %d days and %q of what is before it, want 3 days and %q", events.LagDays, events.Text, want)
	}
	for _, team := range view.RoadmapOf(evaluation).Teams {
		switch team.Name {
		case "core":
			if !slices.Equal(team.Holidays, []cxv1alpha1.Date{"2026-11-24"}) {
				t.Errorf("the team has %v off, want the day that is to come", team.Holidays)
			}
		case "":
			if lag := team.Items[0].LagDays["events"]; lag != 3 {
				t.Errorf("the item waits %d days longer, want 3", lag)
			}
		}
	}
}
