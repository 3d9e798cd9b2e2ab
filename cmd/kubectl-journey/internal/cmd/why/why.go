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

// Package why explains why an object is as it is.
package why

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// outputTree is the tree of reasons.
const outputTree = "tree"

const long = `Prove why an object is as it is, as a tree: a moment through the Musts that keep it blocked, the
building blocks and stages that meet these, the roadmap items that deliver the stages, and what
those wait for in turn. Finished work tells what its metric says of it and whether it is proven; a
metric leads to the work that it judges.

What was shown before is not shown again ("as above"), and work that waits for itself ends in "a
cycle". Kinds can be written as for kubectl: moment, moments, mom; req, bb, rmi, jny,
met.

json and yaml print the object, and below it likewise all that it follows from:
  kind, name, stage, title   what it is; stage where one of a building block is meant
  state, message             how that stands, as the reason of its condition or the state of a
                             roadmap item, and in a sentence
  team, expectedDate         who does the work, and when the forecast has it finished
  relation, via              what it has to do with what is above it, and by which stages
  lagDays                    how many workdays later the one above may start, where it says so
  because[], more            what it follows from, and how many of these are left out
  cut                        why it goes no further: Shown (before), Cycle or Limit
What is not known, or not there, is absent.

` + cmdutil.FilesHelp + `

` + cmdutil.ExitHelp

const example = `  # Why is this moment blocked?
  kubectl journey why moment/get-the-money-back

  # The same from files
  kubectl journey why mom/get-the-money-back -f journeys/

  # What does this work wait for?
  kubectl journey why rmi/refund-on-first-scan -n webshop`

// Options of the command.
type Options struct {
	*cmdutil.InputFlags
	*cmdutil.Target
}

// NewCmd returns the command. Tests pass a runF, which is called instead of run.
func NewCmd(f *cmdutil.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	o := &Options{InputFlags: cmdutil.NewInputFlags(f)}
	command := &cobra.Command{
		Use:               "why KIND/NAME [-f PATH...]",
		Short:             "Why an object is as it is: the proof as a tree",
		Long:              long,
		Example:           example,
		ValidArgsFunction: o.CompleteTarget(explained()),
		RunE: func(command *cobra.Command, args []string) error {
			target, rest, err := cmdutil.ParseTarget(command, args)
			if err != nil {
				return err
			}
			if !target.Kind.HasStatus {
				return cmdutil.UsageErrorf(command, "an %s is what was seen, and follows from nothing: ask for the object that it is of", target.Kind.Name)
			}
			o.Target = target
			if err := o.Complete(command, rest); err != nil {
				return err
			}
			if runF != nil {
				return runF(command.Context(), o)
			}
			return run(command.Context(), o)
		},
	}
	o.AddTo(command, outputTree, cmdutil.OutputJSON, cmdutil.OutputYAML)
	return command
}

// explained are the kinds of which something follows from other objects.
func explained() []*kinds.Kind {
	return slices.DeleteFunc(slices.Clone(kinds.All), func(kind *kinds.Kind) bool { return !kind.HasStatus })
}

func run(ctx context.Context, o *Options) error {
	in, err := o.Read(ctx)
	if err != nil {
		return err
	}
	reason, err := cmdutil.Find(in, o.Target, func(p *evaluate.Portfolio) (*view.Reason, error) {
		return view.Why(p.Evaluation, o.Kind.Name, o.Name)
	})
	if err != nil {
		return err
	}
	return o.Print(func(w io.Writer) error { return printReason(w, reason, o.Output) })
}

func printReason(w io.Writer, reason *view.Reason, format string) error {
	switch format {
	case cmdutil.OutputJSON:
		return cmdutil.PrintJSON(w, reason)
	case cmdutil.OutputYAML:
		return cmdutil.PrintYAML(w, reason)
	default:
		return terminal.Tree(w, nodeOf(reason))
	}
}

// relations put into words how a reason follows from the one above it.
var relations = map[view.Relation]string{
	view.RelationHasMoment:      "",
	view.RelationAsksFor:        "needs ",
	view.RelationMetBy:          "met by ",
	view.RelationHasStage:       "stage ",
	view.RelationDeliveredBy:    "delivered by ",
	view.RelationDependsOn:      "depends on ",
	view.RelationNeedsStage:     "waits for ",
	view.RelationEarlierStage:   "comes after ",
	view.RelationDelivers:       "delivers ",
	view.RelationJudges:         "judges ",
	view.RelationCannotSchedule: "",
}

func nodeOf(r *view.Reason) *terminal.Node {
	node := &terminal.Node{Lines: []string{headline(r)}}
	// What was shown above was explained there.
	if r.Text != "" && r.Cut != view.CutShown && r.Cut != view.CutCycle {
		node.Lines = append(node.Lines, r.Text)
	}
	for _, because := range r.Because {
		node.Children = append(node.Children, nodeOf(because))
	}
	if r.More > 0 {
		node.Children = append(node.Children, &terminal.Node{Lines: []string{fmt.Sprintf("... and %d more", r.More)}})
	}
	return node
}

// headline gives a reason on one line: what, how it stands, for people, and by whom and until when.
func headline(r *view.Reason) string {
	line := relations[r.Relation] + r.ID() + ": " + r.State
	var details []string
	if r.Team != "" {
		details = append(details, "team "+r.Team)
	}
	if r.Expected != "" {
		details = append(details, "expected "+string(r.Expected))
	}
	if r.LagDays > 0 {
		details = append(details, "then a wait of "+terminal.Count(int(r.LagDays), "workday"))
	}
	if r.Via != "" {
		details = append(details, "since "+r.Via)
	}
	if len(details) > 0 {
		line += " (" + strings.Join(details, ", ") + ")"
	}
	if r.Title != "" {
		line += ` "` + r.Title + `"`
	}
	switch r.Cut {
	case view.CutCycle:
		line += " <- a cycle: it waits for itself"
	case view.CutShown:
		line += " (as above)"
	case view.CutLimit:
		line += " ... (too deep to show: ask for this object)"
	}
	return line
}
