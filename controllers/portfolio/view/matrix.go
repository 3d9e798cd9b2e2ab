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

package view

import (
	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// Matrix counts what each moment, or phase, asks of each building block, and how far that is.
type Matrix struct {
	// AsOf is the day of evaluation.
	AsOf cxv1alpha1.Date
	// ByPhases tells that the columns are phases.
	ByPhases bool
	// Columns are the moments, or the phases, in the order of their journeys. Moments of no journey or phase that exists come last.
	Columns []MatrixColumn
	// Rows are the building blocks by name. A last one without a name counts what has no block that exists, if anything does.
	Rows []MatrixRow
	// Totals of the columns, and Total of all. A requirement of several moments counts once in each.
	Totals []MatrixCount
	Total  MatrixCount
}

// MatrixColumn is a moment, or a phase.
type MatrixColumn struct {
	// Journey, Phase and Moment are names; Moment is empty in a matrix by phases, Journey and Phase where they do not exist.
	Journey string `json:"journey,omitempty"`
	Phase   string `json:"phase,omitempty"`
	Moment  string `json:"moment,omitempty"`
	// JourneyTitle, PhaseTitle and MomentTitle are for people.
	JourneyTitle  string `json:"journeyTitle"`
	PhaseTitle    string `json:"phaseTitle"`
	MomentTitle   string `json:"momentTitle,omitempty"`
	MomentOfTruth bool   `json:"momentOfTruth"`
}

// Title of what the column is about.
func (c *MatrixColumn) Title() string {
	if c.Moment != "" {
		return c.MomentTitle
	}
	return c.PhaseTitle
}

// MatrixRow is a building block.
type MatrixRow struct {
	Block, Title string
	// Cells, one for each column.
	Cells []MatrixCount
	// Total of the row. It also counts requirements of which no moment exists.
	Total MatrixCount
}

// MatrixCount counts requirements by how far they are.
type MatrixCount struct {
	Delivered  int `json:"delivered"`
	InProgress int `json:"inProgress"`
	Planned    int `json:"planned"`
	Proposed   int `json:"proposed"`
	Unplanned  int `json:"unplanned"`
	Unassigned int `json:"unassigned"`
	// Dropped ones count in nothing else.
	Dropped int `json:"dropped"`
}

// All is the number of requirements that are not dropped.
func (c MatrixCount) All() int {
	return c.Delivered + c.InProgress + c.Planned + c.Proposed + c.Unplanned + c.Unassigned
}

func (c *MatrixCount) add(state string) {
	switch state {
	case cxv1alpha1.ReasonDropped:
		c.Dropped++
	case cxv1alpha1.ReasonDelivered:
		c.Delivered++
	case cxv1alpha1.ReasonInProgress:
		c.InProgress++
	case cxv1alpha1.ReasonPlanned:
		c.Planned++
	case cxv1alpha1.ReasonProposed:
		c.Proposed++
	case cxv1alpha1.ReasonUnplanned:
		c.Unplanned++
	case cxv1alpha1.ReasonUnassigned:
		c.Unassigned++
	}
}

// MatrixOf returns the matrix of building blocks and moments, or phases.
func MatrixOf(e *portfolio.Evaluation, byPhases bool) *Matrix {
	g := e.Graph()
	columns, columnOf := matrixColumns(g, byPhases)
	matrix := &Matrix{AsOf: g.Today(), ByPhases: byPhases, Columns: columns, Totals: make([]MatrixCount, len(columns))}
	rowOf := make(map[*portfolio.Block]int, len(g.Blocks()))
	for n, b := range g.Blocks() {
		rowOf[b] = n
		matrix.Rows = append(matrix.Rows, MatrixRow{Block: b.Name, Title: titleOr(b.Spec.Title, b.Name), Cells: make([]MatrixCount, len(columns))})
	}
	unassigned := MatrixRow{Title: "No building block", Cells: make([]MatrixCount, len(columns))}
	for _, r := range g.Requirements() {
		row := &unassigned
		if r.Stage() != nil {
			row = &matrix.Rows[rowOf[r.Stage().Block()]]
		}
		state := r.State()
		row.Total.add(state)
		matrix.Total.add(state)
		seen := map[int]bool{}
		for _, m := range r.Moments() {
			if at := columnOf[m]; !seen[at] {
				seen[at] = true
				row.Cells[at].add(state)
				matrix.Totals[at].add(state)
			}
		}
	}
	// What is dropped needs no building block.
	if unassigned.Total.All() > 0 {
		matrix.Rows = append(matrix.Rows, unassigned)
	}
	return matrix
}

// matrixColumns makes a column of each moment, or phase. columnOf says in which column a moment counts.
func matrixColumns(g *portfolio.Graph, byPhases bool) (columns []MatrixColumn, columnOf map[*portfolio.Moment]int) {
	columnOf = make(map[*portfolio.Moment]int, len(g.Moments()))
	add := func(m *portfolio.Moment, column MatrixColumn) {
		if byPhases {
			column.Moment, column.MomentTitle, column.MomentOfTruth = "", "", false
			if last := len(columns) - 1; last >= 0 && columns[last] == column {
				columnOf[m] = last
				return
			}
		}
		columnOf[m] = len(columns)
		columns = append(columns, column)
	}
	for _, j := range g.Journeys() {
		for at, phase := range j.Spec.Phases {
			if byPhases {
				columns = append(columns, MatrixColumn{
					Journey: j.Name, JourneyTitle: titleOr(j.Spec.Title, j.Name),
					Phase: string(phase.Name), PhaseTitle: titleOr(phase.Title, string(phase.Name)),
				})
			}
			for _, m := range j.Moments() {
				if m.Phase() == at {
					add(m, matrixColumn(m))
				}
			}
		}
		for _, m := range j.Moments() {
			if m.Phase() < 0 {
				add(m, matrixColumn(m))
			}
		}
	}
	for _, m := range g.Moments() {
		if m.Journey() == nil {
			add(m, matrixColumn(m))
		}
	}
	return columns, columnOf
}

func matrixColumn(m *portfolio.Moment) MatrixColumn {
	column := MatrixColumn{
		Moment: m.Name, MomentTitle: titleOr(m.Spec.Title, m.Name), MomentOfTruth: m.Spec.MomentOfTruth,
		JourneyTitle: "No journey", PhaseTitle: "No phase",
	}
	if m.Journey() != nil {
		column.Journey, column.JourneyTitle = m.Journey().Name, titleOr(m.Journey().Spec.Title, m.Journey().Name)
		if m.Phase() >= 0 {
			phase := &m.Journey().Spec.Phases[m.Phase()]
			column.Phase, column.PhaseTitle = string(phase.Name), titleOr(phase.Title, string(phase.Name))
		}
	}
	return column
}
