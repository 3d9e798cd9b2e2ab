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
	"maps"
	"slices"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Team is a team with its live items. Of a team that the Roadmap does not list only the name is known. The name is empty for the items that
// have no team.
type Team struct {
	cxv1alpha1.Team

	// items holds the live items of the team, by name.
	items []*Item
}

// addTeams divides the live items among the teams: those of the Roadmap in its order, then others by name, then the items of no team.
func (g *Graph) addTeams() {
	items := map[cxv1alpha1.LabelName][]*Item{}
	for _, i := range g.live {
		items[i.Spec.Team] = append(items[i.Spec.Team], i)
	}
	add := func(of cxv1alpha1.Team) {
		g.teams = append(g.teams, &Team{Team: of, items: items[of.Name]})
		delete(items, of.Name)
	}
	for _, listed := range g.policy.listed {
		add(listed)
	}
	for _, name := range slices.Sorted(maps.Keys(items)) {
		if name != "" {
			add(cxv1alpha1.Team{Name: name})
		}
	}
	if len(items[""]) > 0 {
		add(cxv1alpha1.Team{})
	}
}

// IsListed tells whether the Roadmap lists the team, so that its capacity is limited.
func (t *Team) IsListed() bool { return t.Lanes > 0 }

// BusyUntil is when the last of the items is expected to be finished; empty where none has a date.
func (t *Team) BusyUntil() cxv1alpha1.Date {
	var last cxv1alpha1.Date
	for _, i := range t.items {
		last = max(last, i.Expected())
	}
	return last
}
