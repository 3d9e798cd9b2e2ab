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
	"fmt"
	"io"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/picture"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// doneShownDays is for how many days a diagram shows what is finished.
const doneShownDays = 90

// printMermaid prints one Gantt diagram with a section for each team. Every task has its dates, since Mermaid knows no calendars or lanes.
func printMermaid(w io.Writer, roadmaps []namespacedRoadmap) error {
	lines := []string{"gantt"}
	if len(roadmaps) == 1 {
		lines = append(lines, fmt.Sprintf("    title Roadmap of %s as of %s", terminal.Mermaid(roadmaps[0].Namespace), roadmaps[0].AsOf))
	} else if len(roadmaps) > 1 {
		lines = append(lines, fmt.Sprintf("    title Roadmaps as of %s", roadmaps[0].AsOf))
	}
	lines = append(lines, "    dateFormat YYYY-MM-DD", "    axisFormat %Y-%m-%d", "    inclusiveEndDates")
	for _, roadmap := range roadmaps {
		prefix := ""
		if len(roadmaps) > 1 {
			prefix = roadmap.Namespace + ", "
		}
		lines = append(lines, mermaidSections(roadmap, prefix)...)
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

func mermaidSections(roadmap namespacedRoadmap, prefix string) []string {
	var lines []string
	done := recentlyDone(roadmap.Roadmap)
	for t := range roadmap.Teams {
		team := &roadmap.Teams[t]
		var tasks []string
		for _, i := range done[team.Name] {
			tasks = append(tasks, mermaidDone(roadmap.Namespace, i))
		}
		delete(done, team.Name)
		for i := range team.Items {
			if team.Items[i].Start != "" {
				tasks = append(tasks, mermaidTask(roadmap.Namespace, &team.Items[i]))
			}
		}
		if len(tasks) > 0 {
			lines = append(lines, "    section "+terminal.Mermaid(prefix+picture.TeamTitle(team)))
			lines = append(lines, tasks...)
		}
	}
	// The rest was done by teams that have no other work.
	var tasks []string
	for _, i := range roadmap.Done {
		if _, left := done[i.Team]; left && isRecent(roadmap.Roadmap, i) {
			tasks = append(tasks, mermaidDone(roadmap.Namespace, i))
		}
	}
	if len(tasks) > 0 {
		lines = append(append(lines, "    section "+terminal.Mermaid(prefix+"Done by others")), tasks...)
	}
	return lines
}

// recentlyDone lists what was finished lately, by team.
func recentlyDone(plan *view.Roadmap) map[string][]view.DoneItem {
	done := map[string][]view.DoneItem{}
	for _, i := range plan.Done {
		if isRecent(plan, i) {
			done[i.Team] = append(done[i.Team], i)
		}
	}
	return done
}

func isRecent(plan *view.Roadmap, i view.DoneItem) bool {
	return plan.AsOf.IsValid() && i.Finish.IsValid() && i.Finish.DaysUntil(plan.AsOf) <= doneShownDays
}

// mermaidTask is the line of a scheduled item. The rank before the title keeps it from being read as a keyword.
func mermaidTask(namespace string, i *view.ScheduledItem) string {
	marks := ""
	if i.Late {
		marks += "crit, "
	}
	if i.State == cxv1alpha1.StateInProgress {
		marks += "active, "
	}
	return mermaidLine(fmt.Sprintf("%d. %s", i.Rank, i.Title), marks, mermaidID(namespace, i.Name), i.Start, i.Finish)
}

func mermaidDone(namespace string, i view.DoneItem) string {
	start := i.Start
	if start == "" {
		start = i.Finish
	}
	done := "Done. "
	if i.Hypothesis != nil {
		done = fmt.Sprintf("Done, %s. ", picture.VerdictWords(i.Hypothesis.Verdict))
	}
	return mermaidLine(done+i.Title, "done, ", mermaidID(namespace, i.Name), start, i.Finish)
}

func mermaidLine(text, marks, id string, start, finish cxv1alpha1.Date) string {
	return fmt.Sprintf("        %s :%s%s, %s, %s", terminal.Mermaid(text), marks, id, start, finish)
}

// mermaidID makes an identifier. Its underscore tells it from the marks of Mermaid, and no name in Kubernetes has one.
func mermaidID(namespace, name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.':
			return r
		}
		return '_'
	}, namespace+"_"+name)
}
