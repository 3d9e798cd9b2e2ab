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

package cli

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

var roadmapColumns = []string{
	"namespace", "rank", "bundle", "score", "name", "title", "state", "team", "start", "finish", "durationDays", "target",
	"late", "lateDays", "waitsFor", "reason", "message",
}

// printRoadmapCSV prints a line for each item that is not cancelled.
func printRoadmapCSV(w io.Writer, roadmaps []namespacedRoadmap) error {
	rows := [][]string{roadmapColumns}
	for _, roadmap := range roadmaps {
		for _, i := range byRank(roadmap.Roadmap) {
			rows = append(rows, []string{
				roadmap.Namespace, number(i.Rank), number(i.Bundle), i.Score, i.Name, i.Title, string(i.State), i.team,
				string(i.Start), string(i.Finish), number(i.DurationDays), string(i.Target),
				strconv.FormatBool(i.Late), number(i.LateDays), strings.Join(i.WaitsFor, " "), "", "",
			})
		}
		for _, i := range roadmap.Unscheduled {
			rows = append(rows, []string{
				roadmap.Namespace, "", "", "", i.Name, i.Title, string(i.State), i.Team, "", "", "", string(i.Target),
				"", "", strings.Join(i.WaitsFor, " "), i.Reason, i.Message,
			})
		}
		for _, i := range roadmap.Done {
			rows = append(rows, []string{
				roadmap.Namespace, "", "", "", i.Name, i.Title, string(cxv1alpha1.StateDone), i.Team,
				string(i.Start), string(i.Finish), "", string(i.Target), strconv.FormatBool(i.Late), number(i.LateDays), "", "", "",
			})
		}
	}
	return cmdutil.PrintCSV(w, rows)
}

// teamItem is an item with the name of its team.
type teamItem struct {
	view.ScheduledItem
	team string
}

// byRank lists the scheduled items of all teams in the order of their rank.
func byRank(plan *view.Roadmap) []teamItem {
	var items []teamItem
	for t := range plan.Teams {
		for _, i := range plan.Teams[t].Items {
			items = append(items, teamItem{i, plan.Teams[t].Name})
		}
	}
	slices.SortFunc(items, func(a, b teamItem) int { return cmp.Compare(a.Rank, b.Rank) })
	return items
}

// number leaves out what is zero for want of a number.
func number(n int32) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(int(n))
}
