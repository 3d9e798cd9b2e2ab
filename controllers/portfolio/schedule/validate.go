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

package schedule

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/journeyops/journey-operator/controllers/portfolio/digraph"
)

// MaxVelocityPercent is the highest velocity, far above any team's: what a
// 32-bit field of an API can hold.
const MaxVelocityPercent = math.MaxInt32

// validate checks all that placing relies on, but for the ranks.
func validate(p Problem) error {
	if p.Calendar.empty() {
		return errors.New("the calendar has no workday")
	}
	if p.Today < MinDay || p.Today > MaxDay {
		return fmt.Errorf("today, %s, is not from %s to %s", p.Today, MinDay, MaxDay)
	}
	for t, team := range p.Teams {
		if team.Lanes < 1 {
			return fmt.Errorf("team %q (number %d): lanes is %d, it must be at least 1", team.Name, t, team.Lanes)
		}
	}
	names := make(map[string]bool, len(p.Items))
	for i := range p.Items {
		item := &p.Items[i]
		if names[item.Name] {
			return fmt.Errorf("item %q: the name occurs twice", item.Name)
		}
		names[item.Name] = true
		if err := validateItem(item, len(p.Teams), len(p.Items)); err != nil {
			return fmt.Errorf("item %q: %w", item.Name, err)
		}
	}
	return checkAcyclic(p.Items)
}

func validateItem(item *Item, teams, items int) error {
	switch {
	case item.EffortMilliDays < 0:
		return fmt.Errorf("effort is %d, it must be at least 0", item.EffortMilliDays)
	case item.ProgressPercent < 0 || item.ProgressPercent > 100:
		return fmt.Errorf("progress is %d%%, it must be 0 to 100", item.ProgressPercent)
	case item.VelocityPercent < 1 || item.VelocityPercent > MaxVelocityPercent:
		return fmt.Errorf("velocity is %d%%, it must be 1 to %d", item.VelocityPercent, MaxVelocityPercent)
	case item.LeadTimeDays < 0:
		return fmt.Errorf("lead time is %d, it must be at least 0", item.LeadTimeDays)
	case item.Team != NoTeam && (item.Team < 0 || item.Team >= teams):
		return fmt.Errorf("team %d does not exist, there are %d", item.Team, teams)
	}
	for _, b := range item.Before {
		switch {
		case b.Item < 0 || b.Item >= items:
			return fmt.Errorf("the item before it, %d, does not exist, there are %d", b.Item, items)
		case b.LagDays < 0 || b.LagDays > MaxDuration:
			return fmt.Errorf("the lag after item %d is %d, it must be 0 to %d", b.Item, b.LagDays, MaxDuration)
		}
	}
	return nil
}

// checkAcyclic fails when items are before each other in a circle.
func checkAcyclic(items []Item) error {
	before := make(digraph.Graph, len(items))
	for i := range items {
		before[i] = make([]int32, len(items[i].Before))
		for k, b := range items[i].Before {
			before[i][k] = int32(b.Item)
		}
	}
	circle := before.FindCycle()
	if circle == nil {
		return nil
	}
	slices.Reverse(circle[1:]) // each before the next
	var text strings.Builder
	for _, i := range circle {
		fmt.Fprintf(&text, "%q before ", items[i].Name)
	}
	return fmt.Errorf("items are before each other in a circle: %s%q", text.String(), items[circle[0]].Name)
}

// checkRanks fails when an item ranks ahead of another that is before it.
func checkRanks(items []Item, order []int) error {
	place := make([]int, len(items))
	for n, i := range order {
		place[i] = n
	}
	for _, i := range order {
		for _, b := range items[i].Before {
			if place[b.Item] > place[i] {
				return fmt.Errorf("item %q ranks ahead of %q, which is before it", items[i].Name, items[b.Item].Name)
			}
		}
	}
	return nil
}
