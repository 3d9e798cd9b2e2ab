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
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/render"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// parseDocument reads what -o json and -o yaml print, and fails where a list is null.
func parseDocument(t rapid.TB, format, text string, into any) {
	t.Helper()
	if strings.Contains(text, ": null") {
		t.Fatalf("there is a null:\n%s", text)
	}
	unmarshal := json.Unmarshal
	if format == cmdutil.OutputYAML {
		unmarshal = func(data []byte, into any) error { return yaml.UnmarshalStrict(data, into) }
	}
	if err := unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}

// textsIn lists all texts in what JSON decodes to.
func textsIn(value any) []string {
	var texts []string
	switch v := value.(type) {
	case string:
		texts = append(texts, v)
	case []any:
		for _, item := range v {
			texts = append(texts, textsIn(item)...)
		}
	case map[string]any:
		for _, field := range v {
			texts = append(texts, textsIn(field)...)
		}
	}
	return texts
}

// requireSameTexts checks that a parser reads the very texts that were written.
func requireSameTexts(t *testing.T, format, document string, texts []string) {
	t.Helper()
	var parsed any
	parseDocument(t, format, document, &parsed)
	read := textsIn(parsed)
	for _, text := range texts {
		if !slices.Contains(read, text) {
			t.Errorf("a parser does not read %q", text)
		}
	}
}

// TestPictureDocumentsOfAnything reads the documents of random portfolios back, and holds them to the views that pictures show.
func TestPictureDocumentsOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := portfolio.Evaluate(portfoliotest.Objects(t), portfoliotest.Today)
		for name := range e.Journeys {
			requireMapDocument(t, e, name)
		}
		requireMatrixDocument(t, view.MatrixOf(e, rapid.Bool().Draw(t, "phases")))
		requireGraphDocument(t, view.LinksOf(e, rapid.Bool().Draw(t, "requirements")))
	})
}

// readBack prints a document in either format, and reads it.
func readBack(t *rapid.T, into any, write func(w io.Writer, format string) error) {
	format := rapid.SampledFrom([]string{cmdutil.OutputJSON, cmdutil.OutputYAML}).Draw(t, "format")
	var b bytes.Buffer
	if err := write(&b, format); err != nil {
		t.Fatal(err)
	}
	parseDocument(t, format, b.String(), into)
}

func requireMapDocument(t *rapid.T, e *portfolio.Evaluation, name string) {
	drawn, err := view.MapOf(e, name)
	if err != nil {
		t.Fatal(err)
	}
	var got view.JourneyMap
	readBack(t, &struct {
		Namespace        string
		*view.JourneyMap `json:",inline"`
	}{JourneyMap: &got}, func(w io.Writer, format string) error {
		return printMap(w, &namespacedMap{portfoliotest.Namespace, drawn}, format, render.Screen{})
	})
	if want, got := asText(t, drawn), asText(t, &got); want != got {
		t.Fatalf("the document of a map says\n%s\nwant\n%s", got, want)
	}
}

func asText(t *rapid.T, value any) string {
	text, err := render.JSON(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func requireMatrixDocument(t *rapid.T, m *view.Matrix) {
	var got struct{ Matrices []matrixDocument }
	readBack(t, &got, func(w io.Writer, format string) error {
		return printMatrices(w, []namespacedMatrix{{m, portfoliotest.Namespace}}, format, render.Screen{})
	})
	document := got.Matrices[0]
	if len(document.Rows) != len(m.Rows) || len(document.Columns) != len(m.Columns) || document.Total.MatrixCount != m.Total {
		t.Fatalf("the document of the matrix says\n%+v\nwant\n%+v", document, m)
	}
	for n, row := range document.Rows {
		at := 0
		for _, cell := range row.Cells {
			for m.Rows[n].Cells[at] == (view.MatrixCount{}) {
				at++
			}
			c := m.Columns[at]
			if cell.Journey != c.Journey || cell.Phase != c.Phase || cell.Moment != c.Moment || cell.MatrixCount != m.Rows[n].Cells[at] ||
				cell.Requirements != cell.All() {
				t.Fatalf("cell %d of row %d is %+v, want %+v of %+v", at, n, cell, m.Rows[n].Cells[at], c)
			}
			at++
		}
		for _, rest := range m.Rows[n].Cells[at:] {
			if rest != (view.MatrixCount{}) {
				t.Fatalf("row %d lacks %+v", n, rest)
			}
		}
	}
}

func requireGraphDocument(t *rapid.T, links *view.Links) {
	var got struct{ Graphs []graphDocument }
	readBack(t, &got, func(w io.Writer, format string) error {
		return printGraphs(w, []namespacedLinks{{links, portfoliotest.Namespace}}, format)
	})
	document := got.Graphs[0]
	at := map[string]int{}
	for n, node := range document.Nodes {
		if _, known := at[node.ID]; known || node != links.Nodes[n] {
			t.Fatalf("node %d is %+v, want %+v with an id of its own", n, node, links.Nodes[n])
		}
		at[node.ID] = n
	}
	for n, edge := range document.Edges {
		if got := (view.LinkEdge{From: at[edge.From], To: at[edge.To], Requirements: edge.Requirements, Musts: edge.Musts}); got != links.Edges[n] {
			t.Fatalf("edge %d is %+v, want %+v", n, got, links.Edges[n])
		}
	}
	if len(document.Nodes) != len(links.Nodes) || len(document.Edges) != len(links.Edges) {
		t.Fatalf("%d nodes and %d edges, want %d and %d", len(document.Nodes), len(document.Edges), len(links.Nodes), len(links.Edges))
	}
}
