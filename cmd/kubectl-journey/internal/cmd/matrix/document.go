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

package matrix

import (
	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// document is a matrix for programs. Most cells of a matrix are empty, so it lists the others, each with the names of its column.
type document struct {
	Namespace string           `json:"namespace"`
	AsOf      cxv1alpha1.Date  `json:"asOf"`
	By        string           `json:"by"`
	Columns   []columnDocument `json:"columns"`
	Rows      []rowDocument    `json:"rows"`
	Total     countDocument    `json:"total"`
}

type columnDocument struct {
	view.MatrixColumn `json:",inline"`

	Total countDocument `json:"total"`
}

type rowDocument struct {
	Block string         `json:"block,omitempty"`
	Title string         `json:"title"`
	Cells []cellDocument `json:"cells"`
	Total countDocument  `json:"total"`
}

type cellDocument struct {
	Journey       string `json:"journey,omitempty"`
	Phase         string `json:"phase,omitempty"`
	Moment        string `json:"moment,omitempty"`
	countDocument `json:",inline"`
}

type countDocument struct {
	Requirements     int `json:"requirements"`
	view.MatrixCount `json:",inline"`
}

func countOf(c view.MatrixCount) countDocument {
	return countDocument{Requirements: c.All(), MatrixCount: c}
}

func documents(matrices []namespacedMatrix) map[string]any {
	documents := []document{}
	for _, m := range matrices {
		documents = append(documents, m.document())
	}
	return map[string]any{"matrices": documents}
}

func (m *namespacedMatrix) document() document {
	document := document{
		Namespace: m.namespace, AsOf: m.AsOf, By: byMoments,
		Columns: []columnDocument{}, Rows: []rowDocument{}, Total: countOf(m.Total),
	}
	if m.ByPhases {
		document.By = byPhases
	}
	for n, column := range m.Columns {
		document.Columns = append(document.Columns, columnDocument{column, countOf(m.Totals[n])})
	}
	for _, r := range m.Rows {
		row := rowDocument{Block: r.Block, Title: r.Title, Cells: []cellDocument{}, Total: countOf(r.Total)}
		for n, count := range r.Cells {
			if c := &m.Columns[n]; count != (view.MatrixCount{}) {
				row.Cells = append(row.Cells, cellDocument{c.Journey, c.Phase, c.Moment, countOf(count)})
			}
		}
		document.Rows = append(document.Rows, row)
	}
	return document
}
