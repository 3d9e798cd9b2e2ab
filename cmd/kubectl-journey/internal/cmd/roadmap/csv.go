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

package roadmap

import (
	"io"
	"strconv"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

var csvColumns = []string{
	"namespace", "rank", "bundle", "score", "name", "title", "state", "team", "start", "finish", "durationDays", "target",
	"late", "lateDays", "waitsFor", "reason", "message",
}

// printCSV prints a line for each item that is not cancelled.
func printCSV(w io.Writer, roadmaps []namespacedRoadmap) error {
	rows := [][]string{csvColumns}
	for _, roadmap := range roadmaps {
		for _, i := range roadmap.ByRank() {
			rows = append(rows, []string{
				roadmap.Namespace, cmdutil.Number(i.Rank), cmdutil.Number(i.Bundle), i.Score, i.Name, i.Title, string(i.State), i.Team,
				string(i.Start), string(i.Finish), cmdutil.Number(i.DurationDays), string(i.Target),
				strconv.FormatBool(i.Late), cmdutil.Number(i.LateDays), strings.Join(i.WaitsFor, " "), "", "",
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
				string(i.Start), string(i.Finish), "", string(i.Target), strconv.FormatBool(i.Late), cmdutil.Number(i.LateDays), "", "", "",
			})
		}
	}
	return cmdutil.PrintCSV(w, rows)
}
