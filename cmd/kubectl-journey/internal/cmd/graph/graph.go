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

// Package graph draws how moments, blocks and work hang together.
package graph

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// outputDOT is the language of Graphviz.
const outputDOT = "dot"

const long = `Print how everything hangs together as a graph: moments lead to the stages of building blocks that
meet their requirements, stages to the roadmap items that deliver them, and items to what comes
before them. Every arrow leads from what needs something to what it needs.

Requirements are not drawn one by one: an arrow tells how many a moment has at a stage, and how many
of these are Musts. --requirements draws each. With KIND/NAME only what the object needs, and what
needs it, is drawn; --depth says how many steps away. Kinds can be written as for kubectl: moment,
moments, mom; req, bb, rmi, jny.

dot is for Graphviz, mermaid for Markdown viewers, which draw at most 500 arrows unless they are
told otherwise: name an object in a large portfolio.

json and yaml print {"graphs": [...]}, one for each namespace, with:
  namespace, asOf   whose graph it is, and the day of evaluation
  nodes[]           id, kind, name, stage, title, state, group (the journey of a moment, the block
                    of a stage), team, expectedDate, requirements (how many it stands for, or ask
                    for the stage)
  edges[]           from and to (ids of nodes), requirements and musts (how many of them the edge
                    stands for)
An id is KIND/NAME, of a stage KIND/NAME/STAGE, and moment/NAME/unassigned for the requirements of a
moment that have no building block. What is not known, and numbers that are 0, are absent.

` + cmdutil.FilesHelp + `

` + cmdutil.ExitHelp

const example = `  # Everything, as a picture by Graphviz
  kubectl journey graph -f journeys/ | dot -Tsvg > graph.svg

  # What a moment needs, for a page
  kubectl journey graph moment/get-the-money-back -n webshop -o mermaid

  # What is next to a piece of work
  kubectl journey graph rmi/refund-on-first-scan --depth 1

  # A block, with the requirements that it meets
  kubectl journey graph bb/parcel-tracking --requirements -f journeys/

  # What does not exist, but something waits for it?
  kubectl journey graph -A -o json | jq -r '.graphs[].nodes[] | select(.state == "NotFound") | .id'`

// Options of the command.
type Options struct {
	*cmdutil.InputFlags

	// Target is nil for everything.
	Target *cmdutil.Target
	// Depth is how many steps to follow from the target, or 0 for all.
	Depth int
	// Requirements draws each requirement.
	Requirements bool
}

// NewCmd returns the command. Tests pass a runF, which is called instead of run.
func NewCmd(f *cmdutil.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	o := &Options{InputFlags: cmdutil.NewInputFlags(f)}
	command := &cobra.Command{
		Use:               "graph [KIND/NAME] [-f PATH...]",
		Short:             "How moments, blocks and work hang together",
		Long:              long,
		Example:           example,
		ValidArgsFunction: o.CompleteTarget(drawnKinds()),
		RunE: func(command *cobra.Command, args []string) error {
			rest, err := o.parse(command, args)
			if err != nil {
				return err
			}
			if err := o.Complete(command, rest); err != nil {
				return err
			}
			if runF != nil {
				return runF(command.Context(), o)
			}
			return run(command.Context(), o)
		},
	}
	o.AddTo(command, outputDOT, cmdutil.OutputMermaid, cmdutil.OutputJSON, cmdutil.OutputYAML)
	command.Flags().IntVar(&o.Depth, "depth", 0, "with KIND/NAME, how many steps to follow (0 for all)")
	command.Flags().BoolVar(&o.Requirements, "requirements", false, "draw each requirement")
	_ = command.RegisterFlagCompletionFunc("depth", cobra.NoFileCompletions)
	return command
}

func run(ctx context.Context, o *Options) error {
	in, err := o.Read(ctx)
	if err != nil {
		return err
	}
	graphs, err := o.linksOf(in)
	if err != nil {
		return err
	}
	return o.Print(func(w io.Writer) error { return printGraphs(w, graphs, o.Output) })
}

// drawnKinds are those that a graph can be drawn around.
func drawnKinds() []*kinds.Kind {
	return slices.DeleteFunc(slices.Clone(kinds.All), func(kind *kinds.Kind) bool {
		return slices.Contains([]string{kinds.Roadmap, kinds.Metric, kinds.Observation}, kind.Name)
	})
}

// parse reads which object is meant, if any. A first argument without a kind is a path, as a shell expands them.
func (o *Options) parse(command *cobra.Command, args []string) (rest []string, err error) {
	if o.Depth < 0 {
		return nil, cmdutil.UsageErrorf(command, "--depth %d is less than 0", o.Depth)
	}
	if len(args) == 0 {
		return nil, nil
	}
	if word, _, found := strings.Cut(args[0], "/"); len(args) == 1 && kinds.Parse(word) == nil && !found {
		return nil, cmdutil.UsageErrorf(command, "%q is not KIND/NAME: write for instance moment/%s", args[0], args[0])
	}
	if o.Target, rest, err = cmdutil.ParseTarget(command, args); err != nil {
		return nil, err
	}
	if !slices.Contains(drawnKinds(), o.Target.Kind) {
		return nil, cmdutil.UsageErrorf(command, "the %s is not part of the graph: name something else, or nothing for everything", o.Target.Kind.Name)
	}
	return rest, nil
}

// namespacedLinks are the graph of a portfolio.
type namespacedLinks struct {
	*view.Links

	namespace string
}

// linksOf returns the graphs of all portfolios, or what is around one object.
func (o *Options) linksOf(in *cmdutil.Input) ([]namespacedLinks, error) {
	if o.Target == nil {
		var graphs []namespacedLinks
		for _, p := range in.Portfolios {
			graphs = append(graphs, namespacedLinks{view.LinksOf(p.Evaluation, o.Requirements), p.Namespace})
		}
		return graphs, nil
	}
	around, err := cmdutil.Find(in, o.Target, func(p *evaluate.Portfolio) (namespacedLinks, error) {
		links, err := view.LinksAround(p.Evaluation, o.Target.Kind.Name, o.Target.Name, o.Depth, o.Requirements)
		return namespacedLinks{links, p.Namespace}, err
	})
	if err != nil {
		return nil, err
	}
	return []namespacedLinks{around}, nil
}

func printGraphs(w io.Writer, graphs []namespacedLinks, format string) error {
	switch format {
	case cmdutil.OutputJSON:
		return cmdutil.PrintJSON(w, documents(graphs))
	case cmdutil.OutputYAML:
		return cmdutil.PrintYAML(w, documents(graphs))
	case cmdutil.OutputMermaid:
		return cmdutil.PrintLines(w, flowchart(graphs))
	default:
		return cmdutil.PrintLines(w, dot(graphs))
	}
}
