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
	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// matrixDocument is a matrix for programs. Most cells of a matrix are empty, so it lists the others, each with the names of its column.
type matrixDocument struct {
	Namespace string                 `json:"namespace"`
	AsOf      cxv1alpha1.Date        `json:"asOf"`
	By        string                 `json:"by"`
	Columns   []matrixColumnDocument `json:"columns"`
	Rows      []matrixRowDocument    `json:"rows"`
	Total     matrixCountDocument    `json:"total"`
}

type matrixColumnDocument struct {
	view.MatrixColumn `json:",inline"`

	Total matrixCountDocument `json:"total"`
}

type matrixRowDocument struct {
	Block string               `json:"block,omitempty"`
	Title string               `json:"title"`
	Cells []matrixCellDocument `json:"cells"`
	Total matrixCountDocument  `json:"total"`
}

type matrixCellDocument struct {
	Journey             string `json:"journey,omitempty"`
	Phase               string `json:"phase,omitempty"`
	Moment              string `json:"moment,omitempty"`
	matrixCountDocument `json:",inline"`
}

type matrixCountDocument struct {
	Requirements     int `json:"requirements"`
	view.MatrixCount `json:",inline"`
}

func matrixCountOf(c view.MatrixCount) matrixCountDocument {
	return matrixCountDocument{Requirements: c.All(), MatrixCount: c}
}

func matrixDocuments(matrices []namespacedMatrix) map[string]any {
	documents := []matrixDocument{}
	for _, m := range matrices {
		documents = append(documents, m.document())
	}
	return map[string]any{"matrices": documents}
}

func (m *namespacedMatrix) document() matrixDocument {
	document := matrixDocument{
		Namespace: m.namespace, AsOf: m.AsOf, By: byMoments,
		Columns: []matrixColumnDocument{}, Rows: []matrixRowDocument{}, Total: matrixCountOf(m.Total),
	}
	if m.ByPhases {
		document.By = byPhases
	}
	for n, column := range m.Columns {
		document.Columns = append(document.Columns, matrixColumnDocument{column, matrixCountOf(m.Totals[n])})
	}
	for _, r := range m.Rows {
		row := matrixRowDocument{Block: r.Block, Title: r.Title, Cells: []matrixCellDocument{}, Total: matrixCountOf(r.Total)}
		for n, count := range r.Cells {
			if c := &m.Columns[n]; count != (view.MatrixCount{}) {
				row.Cells = append(row.Cells, matrixCellDocument{c.Journey, c.Phase, c.Moment, matrixCountOf(count)})
			}
		}
		document.Rows = append(document.Rows, row)
	}
	return document
}
