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

// Package mapcmd draws the map of a journey: the command map.
package mapcmd

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/picture"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

const long = `Draw the map of a journey: the phases across, in each the moments in their order, the experience of
the customer now and as it should become, channels and promises, the moments of truth, and how each
moment stands: realized, blocked, at risk, what it waits for and until when. Where metrics measure
the moments or the journey, it shows of each the value, its history and its target; what was not
measured lately says so. Of a moment it shows three metrics, and how many more there are.

In a terminal it is as wide as that; COLUMNS sets another width. There are no colours where NO_COLOR
is set.

` + cmdutil.PictureHelp + `

json and yaml print one object with:
  namespace, asOf    where the journey is, and the day of evaluation
  name, title, goal, owner moments            total, elaborated, blocked, realized, atRisk value
  total, delivered, planned, unplanned, unelaborated (absent when zero), in whole points
  expectedDate       when the last blocked moment is expected phases[]           name, title,
  milestone, principles[], and moments[]:
    moments[]        number, name, title, owner, promise, importance, momentOfTruth,
                     currentExperience, targetExperience, channels[] (titles), standing (Realized,
                     Open, Blocked or NoRequirements), reason and message (of the condition
                     Blocked), atRisk, lateDays (calendar days), expectedDate, neededBy,
                     progressPercent, blockedByTotal, metrics[] (names of those that measure it;
                     absent when there are none), and the first of blockedBy[]:
      blockedBy[]    kind, name, stage, title, reason, team, requirements, expectedFinish, critical
  wholeJourney[]     names of the metrics of the whole journey; absent when there are none
  metrics[]          all metrics of the journey and its moments: name, title, unit, direction,
                     value, change (how much better than the baseline), target, targetDate,
                     onTarget (the reason of that condition), fresh, freshness and message (of the
                     condition Fresh), samples[] (date, value; the newest 400); absent when there
                     are none
Dates are YYYY-MM-DD. What is not known, or not there, is absent; a list is empty then.

` + cmdutil.FilesHelp + `

` + cmdutil.ExitHelp

const example = `  # The map of a journey, in the terminal
  kubectl journey map return-a-purchase

  # For the wall
  kubectl journey map return-a-purchase -f journeys/ -o html > map.html

  # For the slides
  kubectl journey map return-a-purchase -n webshop -o svg > map.svg

  # What is late, and for how long?
  kubectl journey map return-a-purchase -o json |
    jq -r '.phases[].moments[] | select(.lateDays) | "\(.lateDays) \(.title)"'`

// journeyPrefix may stand before the name, as other commands print it.
const journeyPrefix = "journey/"

// Options of the command.
type Options struct {
	*cmdutil.InputFlags

	// Journey is its name.
	Journey string
}

// NewCmd returns the command. Tests pass a runF, which is called instead of run.
func NewCmd(f *cmdutil.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	o := &Options{InputFlags: cmdutil.NewInputFlags(f)}
	command := &cobra.Command{
		Use:               "map JOURNEY [-f PATH...]",
		Short:             "The journey map: moments, experience, and what they wait for",
		Long:              long,
		Example:           example,
		ValidArgsFunction: completeJourney(o.InputFlags),
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmdutil.UsageErrorf(command, "name a journey, for instance %s motor-claim", command.CommandPath())
			}
			o.Journey = strings.TrimPrefix(args[0], journeyPrefix)
			if err := o.Complete(command, args[1:]); err != nil {
				return err
			}
			if runF != nil {
				return runF(command.Context(), o)
			}
			return run(command.Context(), o)
		},
	}
	o.AddTo(command, cmdutil.OutputText, cmdutil.OutputJSON, cmdutil.OutputYAML, cmdutil.OutputHTML, cmdutil.OutputSVG)
	return command
}

func run(ctx context.Context, o *Options) error {
	in, err := o.Read(ctx)
	if err != nil {
		return err
	}
	journey, err := mapOf(in, o.Journey)
	if err != nil {
		return err
	}
	return o.Print(func(w io.Writer) error { return printMap(w, journey, o.Output, o.Screen()) })
}

// namespacedMap is a map with the namespace of its portfolio.
type namespacedMap struct {
	Namespace        string `json:"namespace"`
	*view.JourneyMap `json:",inline"`
}

// completeJourney completes the name of a journey.
func completeJourney(o *cmdutil.InputFlags) cobra.CompletionFunc {
	return func(command *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveDefault
		}
		prefix := ""
		if strings.HasPrefix(word, journeyPrefix) {
			prefix = journeyPrefix
		}
		return o.CompleteName(command, kinds.ByName(kinds.Journey), prefix, word), cobra.ShellCompDirectiveNoFileComp
	}
}

// mapOf looks the journey up in all portfolios.
func mapOf(in *cmdutil.Input, name string) (*namespacedMap, error) {
	target := &cmdutil.Target{Kind: kinds.ByName(kinds.Journey), Name: name}
	return cmdutil.Find(in, target, func(p *evaluate.Portfolio) (*namespacedMap, error) {
		drawn, err := view.MapOf(p.Evaluation, name)
		return &namespacedMap{p.Namespace, drawn}, err
	})
}

func printMap(w io.Writer, journey *namespacedMap, format string, screen terminal.Screen) error {
	switch format {
	case cmdutil.OutputJSON:
		return cmdutil.PrintJSON(w, journey)
	case cmdutil.OutputYAML:
		return cmdutil.PrintYAML(w, journey)
	case cmdutil.OutputHTML:
		return picture.MapPage(w, journey.JourneyMap)
	case cmdutil.OutputSVG:
		_, err := io.WriteString(w, picture.SVG([]*picture.Drawing{picture.Map(journey.JourneyMap, picture.A3)}))
		return err
	default:
		return printText(w, journey.JourneyMap, screen)
	}
}
