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

// Package matrix prints which building blocks the moments need.
package matrix

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/picture"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// What the columns of a matrix can be.
const (
	byMoments = "moments"
	byPhases  = "phases"
)

const long = `Print the traceability matrix: building blocks down, moments (or phases) across, and in each cell
how many requirements they have in common and how these stand: delivered, in progress, planned,
proposed, or unplanned. A block that nothing is asked of has an empty row, a moment that asks for
nothing an empty column; what has no building block stands in the last row. Dropped requirements
(Wont) are left out.

In a terminal it is as wide as that, and what does not fit follows below; COLUMNS sets another
width. There are no colours where NO_COLOR is set.

` + cmdutil.PictureHelp + `

csv prints a line for each cell that is not empty: namespace, block, journey, phase, moment, and the
counts.

json and yaml print {"matrices": [...]}, one for each namespace, with:
  namespace, asOf, by   whose matrix it is, the day of evaluation, and what the columns are: moments
                        or phases
  columns[]             journey, phase, moment, journeyTitle, phaseTitle, momentTitle,
                        momentOfTruth, total
  rows[]                block (absent in the row of what has no building block), title, total, and
                        cells[], those that are not empty:
    cells[]             journey, phase, moment, and the counts
  total                 the counts of everything
The counts are requirements (all but the dropped), delivered, inProgress, planned, proposed,
unplanned, unassigned, and dropped.

` + cmdutil.FilesHelp + `

` + cmdutil.ExitHelp

const example = `  # Which blocks do the moments ask something of?
  kubectl journey matrix -f journeys/

  # By phase, as a page
  kubectl journey matrix --by phases -n webshop -o html > matrix.html

  # For a pivot table
  kubectl journey matrix -f journeys/ -o csv > matrix.csv

  # Which moments ask for what nobody has planned?
  kubectl journey matrix -A -o json |
    jq -r '.matrices[].columns[] | select(.total.unplanned > 0) | .moment'`

// Options of the command.
type Options struct {
	*cmdutil.InputFlags

	// By is what the columns are.
	By string
}

// NewCmd returns the command. Tests pass a runF, which is called instead of run.
func NewCmd(f *cmdutil.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	o := &Options{InputFlags: cmdutil.NewInputFlags(f)}
	choices := []string{byMoments, byPhases}
	command := &cobra.Command{
		Use:     "matrix [-f PATH...]",
		Short:   "Which building blocks the moments need, and how that stands",
		Long:    long,
		Example: example,
		RunE: func(command *cobra.Command, args []string) error {
			if !slices.Contains(choices, o.By) {
				return cmdutil.UsageErrorf(command, "--by %q is not known: choose moments or phases", o.By)
			}
			if err := o.Complete(command, args); err != nil {
				return err
			}
			if runF != nil {
				return runF(command.Context(), o)
			}
			return run(command.Context(), o)
		},
	}
	o.AddTo(command, cmdutil.OutputText, cmdutil.OutputJSON, cmdutil.OutputYAML, cmdutil.OutputCSV, cmdutil.OutputHTML, cmdutil.OutputSVG)
	command.Flags().StringVar(&o.By, "by", byMoments, "what the columns are: moments or phases")
	_ = command.RegisterFlagCompletionFunc("by", cmdutil.CompleteOneOf(choices))
	return command
}

func run(ctx context.Context, o *Options) error {
	in, err := o.Read(ctx)
	if err != nil {
		return err
	}
	matrices := matricesOf(in, o.By == byPhases)
	return o.Print(func(w io.Writer) error { return printMatrices(w, matrices, o.Output, o.Screen()) })
}

// namespacedMatrix is a matrix with the namespace of its portfolio.
type namespacedMatrix struct {
	*view.Matrix

	namespace string
}

func matricesOf(in *cmdutil.Input, phases bool) []namespacedMatrix {
	var matrices []namespacedMatrix
	for _, p := range in.Portfolios {
		matrices = append(matrices, namespacedMatrix{view.MatrixOf(p.Evaluation, phases), p.Namespace})
	}
	return matrices
}

func (m *namespacedMatrix) title() string { return "Building blocks of " + m.namespace }

func printMatrices(w io.Writer, matrices []namespacedMatrix, format string, screen terminal.Screen) error {
	switch format {
	case cmdutil.OutputHTML:
		if cells := cellsOf(matrices); cells > mostCells {
			return fmt.Errorf("the matrix has %d cells, more than a page can show: choose --by phases, or another format", cells)
		}
		var named []picture.NamedMatrix
		for _, m := range matrices {
			named = append(named, picture.NamedMatrix{Matrix: m.Matrix, Title: m.title()})
		}
		return picture.MatrixPage(w, named)
	case cmdutil.OutputSVG:
		var drawings []*picture.Drawing
		for _, m := range matrices {
			drawings = append(drawings, picture.Matrix(m.Matrix, m.title()))
		}
		_, err := io.WriteString(w, picture.SVG(drawings))
		return err
	case cmdutil.OutputJSON:
		return cmdutil.PrintJSON(w, documents(matrices))
	case cmdutil.OutputYAML:
		return cmdutil.PrintYAML(w, documents(matrices))
	case cmdutil.OutputCSV:
		return printCSV(w, matrices)
	default:
		return printText(w, matrices, screen)
	}
}

// mostCells is how many cells a browser can show.
const mostCells = 500_000

func cellsOf(matrices []namespacedMatrix) int {
	cells := 0
	for _, m := range matrices {
		cells += len(m.Rows) * len(m.Columns)
	}
	return cells
}

var csvColumns = []string{
	"namespace", "block", "blockTitle", "journey", "phase", "moment", "title",
	"requirements", "delivered", "inProgress", "planned", "proposed", "unplanned", "unassigned",
}

// printCSV prints a line for each cell that is not empty.
func printCSV(w io.Writer, matrices []namespacedMatrix) error {
	rows := [][]string{csvColumns}
	for _, m := range matrices {
		for r := range m.Rows {
			for n := range m.Rows[r].Cells {
				count := &m.Rows[r].Cells[n]
				if count.All() == 0 {
					continue
				}
				c := &m.Columns[n]
				row := []string{m.namespace, m.Rows[r].Block, m.Rows[r].Title, c.Journey, c.Phase, c.Moment, c.Title()}
				for _, n := range []int{
					count.All(), count.Delivered, count.InProgress, count.Planned, count.Proposed, count.Unplanned, count.Unassigned,
				} {
					row = append(row, strconv.Itoa(n))
				}
				rows = append(rows, row)
			}
		}
	}
	return cmdutil.PrintCSV(w, rows)
}
