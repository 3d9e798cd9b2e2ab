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
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

func (g *Graph) roadmapStatus() *cxv1alpha1.RoadmapStatus {
	generation := g.roadmap.Generation
	var unplanned int32
	for _, i := range g.live {
		unplanned += one(!i.schedulable)
	}
	status := &cxv1alpha1.RoadmapStatus{
		ObservedGeneration: generation,
		Conditions:         g.conditions.status(generation),
		Value:              g.value.status(),
		UnplannedItems:     &unplanned,
	}
	status.Bundles, status.BundlesTotal = g.bundleStatuses()
	status.Forecast, status.ForecastTotal = g.months, g.monthsTotal
	status.TrackRecord, status.TrackRecordTotal = capped(g.trackRecords())
	status.Teams, status.TeamsTotal = capped(g.teamStatuses())
	return status
}

// maxFaultsTold is how many faults of expressions a message tells.
const maxFaultsTold = 3

func (g *Graph) evaluateRoadmapReady() Result {
	faults := g.ranking.model.faults
	if len(faults) == 0 {
		return isTrue(cxv1alpha1.ReasonAccepted, "The planning policy is understood.")
	}
	more := ""
	if len(faults) > maxFaultsTold {
		more = fmt.Sprintf("; and %d more", len(faults)-maxFaultsTold)
		faults = faults[:maxFaultsTold]
	}
	return isFalse(cxv1alpha1.ReasonExpressionInvalid, "%s%s.", strings.Join(faults, "; "), more)
}

// teamStatuses sums up the live work of each team of the Roadmap, by name.
func (g *Graph) teamStatuses() []cxv1alpha1.TeamStatus {
	teams := make([]cxv1alpha1.TeamStatus, len(g.policy.listed))
	for n, t := range g.teams[:len(teams)] {
		teams[n] = cxv1alpha1.TeamStatus{Name: t.Name, Items: int32(len(t.items)), BusyUntil: t.BusyUntil()}
	}
	slices.SortFunc(teams, func(a, b cxv1alpha1.TeamStatus) int { return strings.Compare(string(a.Name), string(b.Name)) })
	return teams
}
