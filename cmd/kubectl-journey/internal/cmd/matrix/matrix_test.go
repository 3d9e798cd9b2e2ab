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
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"pgregory.net/rapid"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// commands are those of these tests.
var commands = cmdtest.Commands(func(f *cmdutil.Factory) *cobra.Command { return NewCmd(f, nil) })

func runOffline(tb testing.TB, stdin string, args ...string) cmdtest.Outcome {
	tb.Helper()
	return cmdtest.Run(tb, commands, stdin, args...)
}

func TestGolden(t *testing.T) {
	for _, sample := range []struct{ name, path string }{
		{"shop", cmdtest.Shop}, {"quickstart", cmdtest.Samples + "quickstart"},
	} {
		for name, args := range map[string][]string{"matrix": {"matrix"}, "matrix-phases": {"matrix", "--by", "phases"}} {
			for _, format := range []string{cmdutil.OutputText, cmdutil.OutputJSON, cmdutil.OutputYAML, cmdutil.OutputCSV, cmdutil.OutputHTML, cmdutil.OutputSVG} {
				t.Run(sample.name+" "+name+" "+format, func(t *testing.T) {
					t.Setenv("COLUMNS", "100")
					got := runOffline(t, "", append(args, "-f", sample.path, "-o", format)...)
					if got.Code != cmdutil.ExitOK {
						t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
					}
					cmdtest.Golden(t, name+"-"+sample.name+"-"+format, strings.ReplaceAll(got.Out, "\r\n", "\n"))
				})
			}
		}
	}
}

// TestMatrixOfAnything draws random portfolios: nothing fails, text keeps its width, pages are well-formed, and documents say what the
// view does.
func TestMatrixOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		e := portfolio.Evaluate(portfoliotest.Objects(rt), portfoliotest.Today)
		screen := terminal.Screen{Width: rapid.IntRange(60, 200).Draw(rt, "width")}
		printed := func(write func(io.Writer) error) string {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				rt.Fatal(err)
			}
			return b.String()
		}
		for _, phases := range []bool{false, true} {
			matrices := []namespacedMatrix{{view.MatrixOf(e, phases), portfoliotest.Namespace}}
			cmdtest.RequireWidth(rt, printed(func(w io.Writer) error { return printMatrices(w, matrices, cmdutil.OutputText, screen) }), screen.Width)
			cmdtest.RequireHarmless(t, printed(func(w io.Writer) error { return printMatrices(w, matrices, cmdutil.OutputHTML, screen) }))
			cmdtest.RequireHarmless(t, printed(func(w io.Writer) error { return printMatrices(w, matrices, cmdutil.OutputSVG, screen) }))
			requireMatrixDocument(rt, matrices[0].Matrix)
		}
	})
}

func requireMatrixDocument(t *rapid.T, m *view.Matrix) {
	var got struct{ Matrices []document }
	cmdtest.ReadBack(t, &got, func(w io.Writer, format string) error {
		return printMatrices(w, []namespacedMatrix{{m, portfoliotest.Namespace}}, format, terminal.Screen{})
	})
	printed := got.Matrices[0]
	if len(printed.Rows) != len(m.Rows) || len(printed.Columns) != len(m.Columns) || printed.Total.MatrixCount != m.Total {
		t.Fatalf("the document of the matrix says\n%+v\nwant\n%+v", printed, m)
	}
	for n, row := range printed.Rows {
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
