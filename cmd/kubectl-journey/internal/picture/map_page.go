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

	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// MapPage writes a journey map as an HTML page: the picture, and a table that says the same and more in words.
func MapPage(w io.Writer, j *view.JourneyMap) error {
	s := section{Title: j.Title, Tables: []table{mapTable(j)}}
	if len(j.Metrics) > 0 {
		s.Tables = append(s.Tables, metricTable(j))
	}
	s.draw("map", Map(j, Screen), Map(j, A3))
	p := &page{Title: j.Title, DrawnHeading: true, Footer: footer(string(j.AsOf)), Sections: []section{s}}
	return p.write(w)
}

// footer says which program made the page, and for which day.
func footer(asOf string) string {
	return "Made by kubectl journey. All dates follow from the definitions and the day of evaluation, " + asOf + "."
}

// mapTable lists the moments by phase.
func mapTable(j *view.JourneyMap) table {
	t := table{
		ID: "words", Title: "All moments in words", Intro: MapSummary(j), Class: "moments",
		Head: [][]cell{heads("#", "Moment", "Experience", "Channels", "Promise", "How it stands", "Waits for")},
	}
	asNumbers(t.Head[0], 0)
	for n := range j.Phases {
		phase := &j.Phases[n]
		body := tableBody{Title: &bodyTitle{Text: phaseWords(phase), Span: len(t.Head[0])}}
		for k := range phase.Moments {
			body.Rows = append(body.Rows, mapRow(&phase.Moments[k]))
		}
		if len(phase.Moments) == 0 {
			body.Rows = append(body.Rows, []cell{{Text: "No moments yet.", Class: "note", Span: len(t.Head[0])}})
		}
		t.Bodies = append(t.Bodies, body)
	}
	return t
}

func phaseWords(p *view.MapPhase) string {
	words := p.Title
	if p.Milestone != "" {
		words += " – until: " + p.Milestone
	}
	return words
}

func mapRow(m *view.MapMoment) []cell {
	box := boxOf(m, Screen.width)
	title := m.Title
	if m.MomentOfTruth {
		title += " (moment of truth)"
	}
	row := cells(strconv.Itoa(m.Number), title, experienceWords(m), strings.Join(m.Channels, ", "), m.Promise, AllWords(m), WaitsForWords(m, len(m.WaitsFor)))
	asNumbers(row, 0)
	row[1].Scope, row[1].Data = "row", m.Name
	row[5].Class = "strong " + box.ink
	return row
}

func experienceWords(m *view.MapMoment) string {
	switch {
	case m.Current == 0 && m.Target == 0:
		return ""
	case m.Target == 0:
		return fmt.Sprintf("%d now", m.Current)
	case m.Current == 0:
		return fmt.Sprintf("%d wanted", m.Target)
	default:
		return fmt.Sprintf("%d now, %d wanted", m.Current, m.Target)
	}
}

// metricTable lists all metrics of a journey and of its moments.
func metricTable(j *view.JourneyMap) table {
	t := table{
		Title: "What is measured", Intro: "Values that are not fresh say so: do not rely on them.", Class: "metrics",
		Head: [][]cell{heads("Metric", "Measures", "Value", "Change", "Target", "Fresh")},
	}
	asNumbers(t.Head[0], 2, 3)
	measured := map[string][]string{}
	for _, name := range j.WholeJourney {
		measured[name] = append(measured[name], "the whole journey")
	}
	for n := range j.Phases {
		for k := range j.Phases[n].Moments {
			moment := &j.Phases[n].Moments[k]
			for _, name := range moment.Metrics {
				measured[name] = append(measured[name], fmt.Sprintf("%d. %s", moment.Number, moment.Title))
			}
		}
	}
	body := tableBody{}
	for n := range j.Metrics {
		m := &j.Metrics[n]
		row := cells(m.Title, strings.Join(measured[m.Name], "; "), MeasuredWords(m), betterWords(m.Change), TargetWords(m), StaleWords(m))
		asNumbers(row, 2, 3)
		row[0].Scope = "row"
		if m.Fresh {
			row[5].Text = "yes"
		} else {
			row[2].Class, row[5].Class, row[5].Tip = "number note", "note", m.Message
		}
		body.Rows = append(body.Rows, row)
	}
	t.Bodies = []tableBody{body}
	return t
}
