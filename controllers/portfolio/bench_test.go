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

package portfolio

import (
	"fmt"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

const benchmarkDay = "2026-11-22"

// largePortfolio has so many requirements, 20 a moment and 25 moments a journey, on blocks of three stages and live items that
// depend on each other in chains of five.
func largePortfolio(requirements, items int) Objects {
	var o Objects
	moments := requirements / 20
	for n := range max(1, moments/25) {
		o.Journeys = append(o.Journeys, &cxv1alpha1.Journey{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("journey-%05d", n), Generation: 1},
			Spec: cxv1alpha1.JourneySpec{
				Title:    "Journey",
				Channels: []cxv1alpha1.Channel{{Name: "app"}, {Name: "phone"}},
				Phases:   []cxv1alpha1.Phase{{Name: "before"}, {Name: "during"}, {Name: "after"}},
			},
		})
	}
	for n := range moments {
		o.Moments = append(o.Moments, &cxv1alpha1.Moment{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("moment-%06d", n), Generation: 1},
			Spec: cxv1alpha1.MomentSpec{
				JourneyRef:    cxv1alpha1.ObjectReference{Name: cxv1alpha1.ObjectName(o.Journeys[n/25%len(o.Journeys)].Name)},
				Phase:         o.Journeys[0].Spec.Phases[n%3].Name,
				Title:         "Moment",
				Promise:       "We are there.",
				Channels:      []cxv1alpha1.LabelName{"app"},
				Insights:      []cxv1alpha1.Insight{{Name: "need", Validated: n%2 == 0}},
				Importance:    int32(1 + n*7%100),
				MomentOfTruth: n%5 == 0,
				NeededBy:      cxv1alpha1.Date(fmt.Sprintf("2027-%02d-01", 1+n%12)),
			},
		})
	}
	blocks := items
	for n := range blocks {
		o.BuildingBlocks = append(o.BuildingBlocks, &cxv1alpha1.BuildingBlock{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("block-%05d", n), Generation: 1},
			Spec: cxv1alpha1.BuildingBlockSpec{
				Title: "Block",
				Stages: []cxv1alpha1.Stage{
					{Name: "weekly", EffortDays: 5, Available: n%3 == 0}, {Name: "daily", EffortDays: 8}, {Name: "real-time", EffortDays: 13},
				},
			},
		})
	}
	for n := range items {
		item := &cxv1alpha1.RoadmapItem{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("item-%05d", n), Generation: 1},
			Spec: cxv1alpha1.RoadmapItemSpec{
				Title:         "Item",
				Delivers:      []cxv1alpha1.StageReference{{Name: cxv1alpha1.ObjectName(o.BuildingBlocks[n].Name)}},
				State:         []cxv1alpha1.ItemState{cxv1alpha1.StateProposed, cxv1alpha1.StatePlanned, cxv1alpha1.StateInProgress}[n%3],
				Team:          cxv1alpha1.LabelName(fmt.Sprintf("team-%d", n%10)),
				BusinessValue: int32(n * 13 % 100),
			},
		}
		if n%5 > 0 {
			item.Spec.DependsOn = []cxv1alpha1.ItemDependency{{Name: cxv1alpha1.ObjectName(fmt.Sprintf("item-%05d", n-1))}}
		}
		o.RoadmapItems = append(o.RoadmapItems, item)
	}
	classes := []cxv1alpha1.MoSCoW{
		cxv1alpha1.MoSCoWMust, cxv1alpha1.MoSCoWShould, cxv1alpha1.MoSCoWMust, cxv1alpha1.MoSCoWCould, cxv1alpha1.MoSCoWShould, cxv1alpha1.MoSCoWWont,
	}
	stages := []cxv1alpha1.LabelName{"weekly", "daily", "real-time"}
	for n := range requirements {
		o.Requirements = append(o.Requirements, &cxv1alpha1.Requirement{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("requirement-%07d", n), Generation: 1},
			Spec: cxv1alpha1.RequirementSpec{
				MomentRefs: []cxv1alpha1.ObjectReference{{Name: cxv1alpha1.ObjectName(o.Moments[n/20].Name)}},
				Title:      "Requirement",
				MoSCoW:     classes[n*5%7%len(classes)],
				BuildingBlockRef: &cxv1alpha1.StageReference{
					Name: cxv1alpha1.ObjectName(o.BuildingBlocks[(n/20*3+n%4)%blocks].Name), Stage: stages[n%3],
				},
			},
		})
	}
	teams := make([]cxv1alpha1.Team, 10)
	for n := range teams {
		teams[n] = cxv1alpha1.Team{Name: cxv1alpha1.LabelName(fmt.Sprintf("team-%d", n)), Lanes: 2}
	}
	o.Roadmap = &cxv1alpha1.Roadmap{
		ObjectMeta: metav1.ObjectMeta{Name: "default", Generation: 1},
		Spec:       cxv1alpha1.RoadmapSpec{Teams: teams},
	}
	return o
}

func BenchmarkEvaluate(b *testing.B) {
	for _, size := range []struct{ requirements, items int }{{1_500, 50}, {15_000, 500}, {150_000, 500}, {150_000, 5_000}} {
		objects := largePortfolio(size.requirements, size.items)
		b.Run(fmt.Sprintf("requirements=%d/items=%d", size.requirements, size.items), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Evaluate(objects, benchmarkDay)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(size.requirements), "ns/requirement")
		})
	}
}

// BenchmarkPlan measures priority and forecast alone, on a graph that is resolved.
func BenchmarkPlan(b *testing.B) {
	for _, items := range []int{500, 5_000} {
		g := resolve(largePortfolio(150_000, items), benchmarkDay)
		b.Run(fmt.Sprintf("requirements=150000/items=%d", items), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g.ranking, g.forecast = ranking{}, forecast{}
				g.rank()
				g.forecastJobs()
				g.dateMoments()
			}
		})
	}
}
