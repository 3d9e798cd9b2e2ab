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

// Package gaps lists what is missing or does not fit.
package gaps

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

const long = `List what is missing or does not fit, in the order in which a roadmap session would close it: parts
of a journey's starting point, phases without moments, moments that are not elaborated, requirements
without a building block, stages that nobody has planned, roadmap items that deliver nothing,
finished work that is not proven, moments of truth that nobody measures, metrics without recent
samples, references to what does not exist, work that waits for itself, and hypotheses that no
metric judges.

json and yaml print {"gaps": [...]}, in the same order, each with:
  namespace, kind, name   the object that is to be changed
  category                where a session would close it: Strategy, Phase, Elaboration, Grouping,
                          Planning, Delivery, Proof, Measurement, Reference, Cycle or Hypothesis
  reason, message         what is missing, in a word and in a sentence
  subject                 what it is about within the object; absent when that is the object

` + cmdutil.FilesHelp + `

` + cmdutil.ExitHelp + `
Gaps are no failure: the exit code is 0 with and without them.`

const example = `  # What should the next session talk about?
  kubectl journey gaps -f journeys/

  # For a script
  kubectl journey gaps -n webshop -o json`

// Options of the command.
type Options struct{ *cmdutil.InputFlags }

// NewCmd returns the command. Tests pass a runF, which is called instead of run.
func NewCmd(f *cmdutil.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	o := &Options{cmdutil.NewInputFlags(f)}
	command := &cobra.Command{
		Use:     "gaps [-f PATH...]",
		Short:   "What is missing, unassigned, unplanned or dangling",
		Long:    long,
		Example: example,
		RunE: func(command *cobra.Command, args []string) error {
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
	o.AddTo(command, cmdutil.OutputTable, cmdutil.OutputJSON, cmdutil.OutputYAML)
	return command
}

func run(ctx context.Context, o *Options) error {
	return o.Show(ctx, func(w io.Writer, in *cmdutil.Input) error {
		gaps := gapsOf(in)
		if len(gaps) == 0 && o.Output == cmdutil.OutputTable {
			o.Note("there are no gaps")
			return nil
		}
		return printGaps(w, gaps, len(in.Portfolios) > 1, o.Output)
	})
}

// namespacedGap is a gap with the namespace of its portfolio.
type namespacedGap struct {
	Namespace string `json:"namespace"`
	view.Gap  `json:",inline"`
}

func gapsOf(in *cmdutil.Input) []namespacedGap {
	gaps := []namespacedGap{}
	for _, p := range in.Portfolios {
		for _, gap := range view.GapsOf(p.Evaluation) {
			gaps = append(gaps, namespacedGap{Namespace: p.Namespace, Gap: gap})
		}
	}
	return gaps
}

func printGaps(w io.Writer, gaps []namespacedGap, several bool, format string) error {
	document := map[string]any{"gaps": gaps}
	switch format {
	case cmdutil.OutputJSON:
		return cmdutil.PrintJSON(w, document)
	case cmdutil.OutputYAML:
		return cmdutil.PrintYAML(w, document)
	}
	table := &terminal.Table{Headings: []string{"Gap", "Object", "What"}}
	if several {
		table.Headings = append([]string{"Namespace"}, table.Headings...)
	}
	for _, gap := range gaps {
		row := []string{gap.Reason, strings.ToLower(gap.Kind) + "/" + gap.Name, gap.Text}
		if several {
			row = append([]string{gap.Namespace}, row...)
		}
		table.Add(row...)
	}
	return table.Write(w)
}
