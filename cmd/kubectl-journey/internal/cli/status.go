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
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/parallel"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/render"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
)

const filesHelp = `A folder is read with those below it; in it, kustomizations, hidden files, and what is not .yaml,
.yml or .json are passed over. Objects without a namespace get the one of -n, else that of the
kubeconfig, else "default"; every namespace is a portfolio of its own, and -n picks one. Everything
that is wrong is told at once, with file and line.`

const statusLong = `Compute and print the status of journeys, moments, requirements, building blocks and roadmap items.

` + filesHelp + `

json and yaml print one v1 List of all objects with their status. From files, a generation that is
not given is 1, as in a cluster that just created the object, and conditions count from the
beginning of the day of evaluation.

` + exitHelp

const statusExample = `  # How do the journeys in this folder stand, once they are applied?
  kubectl journey status -f journeys/

  # Only journeys and moments, with all columns
  kubectl journey status -f journeys/ --kind journeys,moments -o wide

  # What comes out of a kustomization, as of the first of March
  kubectl kustomize overlays/prod | kubectl journey status -f - --as-of 2027-03-01 -o yaml

  # All portfolios in the cluster, and again whenever something has changed
  kubectl journey status -A
  kubectl journey status -A --watch`

func newStatus(o *options) *cobra.Command {
	var only []string
	var watch *bool
	command := &cobra.Command{
		Use:     "status [-f PATH...]",
		Short:   "How all objects stand, from files or from a cluster",
		Long:    statusLong,
		Example: statusExample,
		RunE: func(command *cobra.Command, args []string) error {
			shown, err := parseKinds(command, only)
			if err != nil {
				return err
			}
			return o.repeat(command, args, *watch, func(w io.Writer, in *input) error {
				return printStatus(w, in, o.output, shown)
			})
		},
	}
	watch = addWatch(command)
	o.typed = true
	o.addFlags(command, outputTable, outputWide, outputJSON, outputYAML)
	command.Flags().StringSliceVar(&only, "kind", nil, "print only these kinds (all are evaluated): "+strings.Join(plurals(), ", "))
	_ = command.RegisterFlagCompletionFunc("kind", completeList(plurals()))
	return command
}

func plurals() []string {
	var names []string
	for _, kind := range kinds.All {
		names = append(names, kind.Plural)
	}
	return names
}

// parseKinds returns the kinds that were asked for, or all.
func parseKinds(command *cobra.Command, words []string) ([]*kinds.Kind, error) {
	if len(words) == 0 {
		return kinds.All, nil
	}
	var chosen []*kinds.Kind
	for _, word := range words {
		kind := kinds.Parse(word)
		if kind == nil {
			return nil, unknownKind(command, word)
		}
		chosen = append(chosen, kind)
	}
	return chosen, nil
}

func unknownKind(command *cobra.Command, word string) error {
	if meant := kinds.Closest(word, kinds.Words()); meant != "" {
		return usagef(command, "kind %q is not known, did you mean %s?", word, meant)
	}
	return usagef(command, "kind %q is not known: choose %s", word, strings.Join(plurals(), ", "))
}

func printStatus(w io.Writer, in *input, format string, shown []*kinds.Kind) error {
	switch format {
	case outputJSON:
		return render.ListJSON(w, contents(in, shown))
	case outputYAML:
		return render.ListYAML(w, contents(in, shown))
	default:
		return printTables(w, in, shown, format == outputWide)
	}
}

// contents returns the objects with their statuses.
func contents(in *input, shown []*kinds.Kind) []render.Item {
	var items []render.Item
	for _, p := range in.portfolios {
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
func printTables(w io.Writer, in *input, shown []*kinds.Kind, wide bool) error {
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

func tableOf(in *input, kind *kinds.Kind, wide bool) (*render.Table, error) {
	columns, err := columnsOf(in, kind, wide)
	if err != nil {
		return nil, err
	}
	table := &render.Table{}
	several := len(in.portfolios) > 1
	if several {
		table.Headings = append(table.Headings, "Namespace")
	}
	table.Headings = append(table.Headings, "Name")
	for _, c := range columns {
		table.Headings = append(table.Headings, c.Name)
	}
	for _, p := range in.portfolios {
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

func columnsOf(in *input, kind *kinds.Kind, wide bool) ([]kinds.Column, error) {
	columns, err := kind.Columns()
	return slices.DeleteFunc(columns, func(c kinds.Column) bool {
		// Files do not know when their objects were created.
		return c.Wide && !wide || c.Type == "date" && !in.fromCluster
	}), err
}

// rowsAtOnce is how many rows are worth the columns that each worker needs of its own.
const rowsAtOnce = 1000

func rowsOf(in *input, p *evaluate.Portfolio, kind *kinds.Kind, wide bool) ([][]string, error) {
	var objects []*source.Object
	for _, o := range p.Objects {
		if o.Kind == kind {
			objects = append(objects, o)
		}
	}
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

func rowOf(in *input, p *evaluate.Portfolio, o *source.Object, columns []kinds.Column) ([]string, error) {
	row := make([]string, 1, len(columns)+1)
	row[0] = o.Kind.Singular + "/" + o.Name
	status := p.Status(o)
	var content map[string]any
	for i := range columns {
		cell, ok := columns[i].TypedCell(o.Typed, status, in.now)
		if !ok && content == nil {
			var err error
			if content, err = p.Content(o); err != nil {
				return nil, err
			}
		}
		if !ok {
			cell = columns[i].Cell(content, in.now)
		}
		row = append(row, cell)
	}
	return row, nil
}

// listNames joins the names in a set for a sentence.
func listNames(set map[string]bool) string {
	names := slices.Sorted(maps.Keys(set))
	const most = 10
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
