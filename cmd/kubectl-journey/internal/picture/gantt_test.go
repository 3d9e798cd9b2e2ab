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

package picture

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// TestGanttSheets draws roadmaps that are too long for one sheet. Each item must be there once, and the lanes must fit on their sheet.
func TestGanttSheets(t *testing.T) {
	for _, test := range []struct {
		name   string
		teams  []int
		sheets int
	}{
		{"nothing", nil, 1},
		{"idle teams", []int{0, 0}, 1},
		{"just one sheet", []int{60}, 1},
		{"one more", []int{61}, 2},
		{"teams stay together", []int{40, 30, 20}, 2},
		{"a team of three sheets", []int{10, 150, 10}, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, want := roadmapOf(test.teams)
			var got []string
			drawings := GanttSheets(r)
			for _, d := range drawings {
				for _, match := range regexp.MustCompile(`data-item="([^"]*)"`).FindAllStringSubmatch(d.body, -1) {
					got = append(got, match[1])
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("drawn are %v, want %v", got, want)
			}
			if len(drawings) != test.sheets {
				t.Errorf("%d sheets, want %d", len(drawings), test.sheets)
			}
			for n, teams := range sheetsOf(r.Teams) {
				height := 0
				for k := range teams {
					height += laneHeight(&teams[k])
				}
				if height > sheetRoom {
					t.Errorf("the lanes of sheet %d take %d, of %d", n+1, height, sheetRoom)
				}
			}
		})
	}
}

// roadmapOf makes a roadmap in which team n has teams[n] items. It returns the names of all items.
func roadmapOf(teams []int) (r *Roadmap, items []string) {
	r = &Roadmap{Roadmap: &view.Roadmap{AsOf: "2026-11-22"}, Title: "R"}
	for n, count := range teams {
		team := view.RoadmapTeam{Name: fmt.Sprintf("t%d", n)}
		for k := range count {
			name := fmt.Sprintf("i%d-%d", n, k)
			items = append(items, name)
			team.Items = append(team.Items, view.ScheduledItem{Name: name, Title: name, Start: "2026-11-23", Finish: "2026-12-04"})
		}
		r.Teams = append(r.Teams, team)
	}
	return r, items
}
