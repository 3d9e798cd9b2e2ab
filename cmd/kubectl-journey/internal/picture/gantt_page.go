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
	"io"
	"strconv"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// RoadmapPage writes roadmaps as an HTML page: charts, and tables that say the same in words.
func RoadmapPage(w io.Writer, roadmaps []*Roadmap) error {
	p := &page{Title: "Roadmap", DrawnHeading: true, SectionHeadings: len(roadmaps) > 1}
	for n, r := range roadmaps {
		p.Sections = append(p.Sections, roadmapSection(r, n))
		p.Footer = footer(string(r.AsOf))
	}
	if len(roadmaps) == 1 {
		p.Title = roadmaps[0].Title
	}
	return p.write(w)
}

func roadmapSection(r *Roadmap, number int) section {
	s := section{
		ID: "roadmap-" + strconv.Itoa(number+1), Title: r.Title, Tables: []table{itemTable(r)},
	}
	s.draw(s.ID+"-picture", Gantt(r, Screen), GanttSheets(r)...)
	if number == 0 {
		s.Tables[0].ID = "words"
	}
	if len(r.TrackRecord) > 0 {
		s.add(s.ID+"-verdicts", Verdicts(r, Screen), Verdicts(r, A3))
		s.Tables = append(s.Tables, recordTable(r), verdictTable(r))
	}
	if len(r.Unscheduled) > 0 {
		s.Tables = append(s.Tables, unscheduledTable(r))
	}
	if len(r.Chains) > 0 {
		s.Tables = append(s.Tables, chainTable(r))
		s.Choices, s.style = choicesOf(r, s.ID)
	}
	if len(r.Bundles) > 0 {
		s.Tables = append(s.Tables, bundleTable(r))
	}
	return s
}

// choicesOf returns the choices of chains to highlight, and the style that does it. The page has no script, so that nobody has to trust one.
func choicesOf(r *Roadmap, id string) ([]choice, string) {
	choices := []choice{{Words: "the last moment of each journey, and of all late ones"}}
	var style strings.Builder
	for n := range r.Chains[:min(choosable, len(r.Chains))] {
		c := &r.Chains[n]
		words := fmt.Sprintf("%s (%s", c.Title, c.Expected)
		if c.LateDays > 0 {
			words += fmt.Sprintf(", %s late", terminal.Count(int(c.LateDays), "day"))
		}
		one := choice{ID: fmt.Sprintf("%s-chain-%d", id, n), Words: words + ")"}
		choices = append(choices, one)
		fmt.Fprintf(&style, "#%s:has(#%s:checked) .chain{display:none}\n#%s:has(#%s:checked) .chain.%s{display:inline}\n",
			id, one.ID, id, one.ID, chainClass(n))
	}
	return choices, style.String()
}

func itemTable(r *Roadmap) table {
	t := table{
		Title: "All items in words", Intro: RoadmapSummary(r), Class: "items",
		Head: [][]cell{heads("#", "Item", "State", "Start", "Finish", "Target", "Late", "After")},
	}
	asNumbers(t.Head[0], 0)
	titles := titlesOf(r)
	for n := range r.Teams {
		team := &r.Teams[n]
		body := tableBody{Title: &bodyTitle{Text: TeamTitle(team) + " (" + teamDetails(team) + ")", Span: len(t.Head[0])}}
		for k := range team.Items {
			i := &team.Items[k]
			late := ""
			if i.Late {
				late = terminal.Count(int(i.LateDays), "day")
			}
			row := cells(strconv.Itoa(int(i.Rank)), i.Title, stateWords(i.State), string(i.Start), string(i.Finish), string(i.Target), late,
				strings.Join(named(titles, i.WaitsFor), "; "))
			asNumbers(row, 0)
			row[1].Scope, row[1].Data = "row", i.Name
			for _, at := range []int{3, 4, 5} {
				row[at].Class = "date"
			}
			row[6].Class = "strong bad"
			body.Rows = append(body.Rows, row)
		}
		if len(team.Items) == 0 {
			body.Rows = append(body.Rows, []cell{{Text: "Nothing is scheduled.", Class: "note", Span: len(t.Head[0])}})
		}
		t.Bodies = append(t.Bodies, body)
	}
	return t
}

func stateWords(s cxv1alpha1.ItemState) string {
	if s == cxv1alpha1.StateInProgress {
		return "in progress"
	}
	return strings.ToLower(string(s))
}

// titlesOf are the titles of items by name.
func titlesOf(r *Roadmap) map[string]string {
	titles := map[string]string{}
	for n := range r.Teams {
		for k := range r.Teams[n].Items {
			titles[r.Teams[n].Items[k].Name] = r.Teams[n].Items[k].Title
		}
	}
	for n := range r.Unscheduled {
		titles[r.Unscheduled[n].Name] = r.Unscheduled[n].Title
	}
	return titles
}

func named(titles map[string]string, names []string) []string {
	list := make([]string, len(names))
	for n, name := range names {
		if list[n] = titles[name]; list[n] == "" {
			list[n] = name
		}
	}
	return list
}

func unscheduledTable(r *Roadmap) table {
	t := table{
		Title: "What cannot be scheduled", Class: "unscheduled",
		Head: [][]cell{heads("Item", "State", "Team", "Target", "Why")},
	}
	body := tableBody{}
	for n := range r.Unscheduled {
		i := &r.Unscheduled[n]
		row := cells(i.Title, stateWords(i.State), teamNamed(r.Teams, i.Team), string(i.Target), i.Message)
		row[0].Scope, row[0].Data = "row", i.Name
		row[3].Class, row[4].Class = "date", "bad"
		body.Rows = append(body.Rows, row)
	}
	t.Bodies = []tableBody{body}
	return t
}

func teamNamed(teams []view.RoadmapTeam, name string) string {
	for n := range teams {
		if teams[n].Name == name && name != "" {
			return TeamTitle(&teams[n])
		}
	}
	return name
}

func chainTable(r *Roadmap) table {
	t := table{
		Title: "When moments are there, and what decides it", Class: "chains",
		Intro: "The critical chain of a moment: each item waits for the one before it, or for its team to finish that one.",
		Head:  [][]cell{heads("Moment", "Expected", "Needed by", "Late", "Critical chain")},
	}
	titles := titlesOf(r)
	body := tableBody{}
	for n := range r.Chains {
		c := &r.Chains[n]
		late := ""
		if c.LateDays > 0 {
			late = terminal.Count(int(c.LateDays), "day")
		}
		row := cells(c.Title, string(c.Expected), string(c.NeededBy), late, strings.Join(named(titles, c.Items), " → "))
		row[0].Scope, row[0].Data = "row", c.Moment
		row[1].Class, row[2].Class, row[3].Class = "date", "date", "strong bad"
		body.Rows = append(body.Rows, row)
	}
	t.Bodies = []tableBody{body}
	return t
}

func bundleTable(r *Roadmap) table {
	t := table{
		Title: "Bundles, the most value a day first", Class: "bundles",
		Intro: "A bundle is work that brings its value together.",
		Head:  [][]cell{heads("#", "Value a day", "Value", "Days", "Expected", "Items by rank", "Moments completed")},
	}
	asNumbers(t.Head[0], 0, 1, 2, 3)
	titles, moments := titlesOf(r), map[string]string{}
	for n := range r.Chains {
		moments[r.Chains[n].Moment] = r.Chains[n].Title
	}
	body := tableBody{}
	for n := range r.Bundles {
		b := &r.Bundles[n]
		row := cells(strconv.Itoa(int(b.Number)), b.Score, strconv.FormatInt(b.Value, 10), b.EffortDays, string(b.Finish),
			strings.Join(named(titles, b.Items), "; "), strings.Join(named(moments, b.Moments), "; "))
		asNumbers(row, 0, 1, 2, 3)
		row[0].Scope = "row"
		row[4].Class = "date"
		body.Rows = append(body.Rows, row)
	}
	t.Bodies = []tableBody{body}
	return t
}
