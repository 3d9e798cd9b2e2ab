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

// Package status shows how all objects stand.
package status

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/parallel"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

const long = `Compute and print the status of journeys, moments, requirements, building blocks and roadmap items.

` + cmdutil.FilesHelp + `

json and yaml print one v1 List of all objects with their status. From files, a generation that is
not given is 1, as in a cluster that just created the object, and conditions count from the
beginning of the day of evaluation.

` + cmdutil.ExitHelp

const example = `  # How do the journeys in this folder stand, once they are applied?
  kubectl journey status -f journeys/

  # Only journeys and moments, with all columns
  kubectl journey status -f journeys/ --kind journeys,moments -o wide

  # What comes out of a kustomization, as of the first of March
  kubectl kustomize overlays/prod | kubectl journey status -f - --as-of 2027-03-01 -o yaml

  # All portfolios in the cluster, and again whenever something has changed
  kubectl journey status -A
  kubectl journey status -A --watch`

// Options of the command.
type Options struct {
	*cmdutil.InputFlags

	// Kinds are those to print.
	Kinds []*kinds.Kind
}

// NewCmd returns the command. Tests pass a runF, which is called instead of run.
func NewCmd(f *cmdutil.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	o := &Options{InputFlags: cmdutil.NewInputFlags(f)}
	var words []string
	command := &cobra.Command{
		Use:     "status [-f PATH...]",
		Short:   "How all objects stand, from files or from a cluster",
		Long:    long,
		Example: example,
		RunE: func(command *cobra.Command, args []string) error {
			var err error
			if o.Kinds, err = parseKinds(command, words); err != nil {
				return err
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
	o.AddWatchTo(command)
	o.AddTo(command, cmdutil.OutputTable, cmdutil.OutputWide, cmdutil.OutputJSON, cmdutil.OutputYAML)
	command.Flags().StringSliceVar(&words, "kind", nil, "print only these kinds (all are evaluated): "+strings.Join(cmdutil.Plurals(), ", "))
	_ = command.RegisterFlagCompletionFunc("kind", cmdutil.CompleteList(cmdutil.Plurals()))
	return command
}

func run(ctx context.Context, o *Options) error {
	return o.Show(ctx, func(w io.Writer, in *cmdutil.Input) error { return printStatus(w, in, o.Output, o.Kinds) })
}

// parseKinds returns the kinds that were asked for, or all.
func parseKinds(command *cobra.Command, words []string) ([]*kinds.Kind, error) {
	if len(words) == 0 {
		return kinds.All, nil
	}
	var chosen []*kinds.Kind
	for _, word := range words {
		kind, err := cmdutil.ParseKind(command, word)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, kind)
	}
	return chosen, nil
}

func printStatus(w io.Writer, in *cmdutil.Input, format string, shown []*kinds.Kind) error {
	switch format {
	case cmdutil.OutputJSON:
		return terminal.ListJSON(w, contents(in, shown))
	case cmdutil.OutputYAML:
		return terminal.ListYAML(w, contents(in, shown))
	default:
		return printTables(w, in, shown, format == cmdutil.OutputWide)
	}
}

// contents returns the objects with their statuses.
func contents(in *cmdutil.Input, shown []*kinds.Kind) []terminal.Item {
	var items []terminal.Item
	for _, p := range in.Portfolios {
		for _, o := range p.Objects {
			if slices.Contains(shown, o.Kind) {
				items = append(items, func() (map[string]any, error) { return p.Content(o) })
			}
		}
	}
	return items
}

// printTables prints a table for each kind that there is, with the columns of kubectl get. Names have their kind before them, so
// that they can be given to "kubectl journey why".
func printTables(w io.Writer, in *cmdutil.Input, shown []*kinds.Kind, wide bool) error {
	separator := ""
	for _, kind := range kinds.All {
		if !slices.Contains(shown, kind) {
			continue
		}
		table, err := tableOf(in, kind, wide)
		if err != nil {
			return err
		}
		if len(table.Rows) == 0 {
			continue
		}
		if _, err := io.WriteString(w, separator); err != nil {
			return err
		}
		separator = "\n"
		if err := table.Write(w); err != nil {
			return err
		}
	}
	return nil
}

func tableOf(in *cmdutil.Input, kind *kinds.Kind, wide bool) (*terminal.Table, error) {
	columns, err := columnsOf(in, kind, wide)
	if err != nil {
		return nil, err
	}
	table := &terminal.Table{}
	several := len(in.Portfolios) > 1
	if several {
		table.Headings = append(table.Headings, "Namespace")
	}
	table.Headings = append(table.Headings, "Name")
	for _, c := range columns {
		table.Headings = append(table.Headings, c.Name)
	}
	for _, p := range in.Portfolios {
		rows, err := rowsOf(in, p, kind, wide)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if several {
				row = append([]string{p.Namespace}, row...)
			}
			table.Add(row...)
		}
	}
	return table, nil
}

func columnsOf(in *cmdutil.Input, kind *kinds.Kind, wide bool) ([]kinds.Column, error) {
	columns, err := kind.Columns()
	return slices.DeleteFunc(columns, func(c kinds.Column) bool {
		// Files do not know when their objects were created.
		return c.Wide && !wide || c.Type == "date" && !in.FromCluster
	}), err
}

// rowsAtOnce is how many rows are worth the columns that each worker needs of its own.
const rowsAtOnce = 1000

func rowsOf(in *cmdutil.Input, p *evaluate.Portfolio, kind *kinds.Kind, wide bool) ([][]string, error) {
	objects := listed(p, kind)
	chunks, err := parallel.Map(slices.Collect(slices.Chunk(objects, rowsAtOnce)), func(chunk []*source.Object) ([][]string, error) {
		columns, err := columnsOf(in, kind, wide)
		if err != nil {
			return nil, err
		}
		rows := make([][]string, len(chunk))
		for i, o := range chunk {
			if rows[i], err = rowOf(in, p, o, columns); err != nil {
				return nil, err
			}
		}
		return rows, nil
	})
	return slices.Concat(chunks...), err
}

// listed are the objects of a kind by name, and roadmap items by rank: what has none comes after, what has ended last.
func listed(p *evaluate.Portfolio, kind *kinds.Kind) []*source.Object {
	var objects []*source.Object
	for _, o := range p.Objects {
		if o.Kind == kind {
			objects = append(objects, o)
		}
	}
	if kind.Name == cxv1alpha1.RoadmapItemKind {
		items := p.Evaluation.RoadmapItems
		slices.SortStableFunc(objects, func(a, b *source.Object) int { return cmp.Compare(items[a.Name].Order, items[b.Name].Order) })
	}
	return objects
}

func rowOf(in *cmdutil.Input, p *evaluate.Portfolio, o *source.Object, columns []kinds.Column) ([]string, error) {
	row := make([]string, 1, len(columns)+1)
	row[0] = o.Kind.Singular + "/" + o.Name
	status := p.Status(o)
	var content map[string]any
	for i := range columns {
		cell, ok := columns[i].TypedCell(o.Typed, status, in.Now)
		if !ok && content == nil {
			var err error
			if content, err = p.Content(o); err != nil {
				return nil, err
			}
		}
		if !ok {
			cell = columns[i].Cell(content, in.Now)
		}
		row = append(row, cell)
	}
	return row, nil
}
