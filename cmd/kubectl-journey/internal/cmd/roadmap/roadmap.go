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

// Package roadmap prints the joint roadmap.
package roadmap

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

const long = `Print the joint roadmap: what to do first, what that brings, and when it will be there.

First come the bundles, in the order in which they are best done. A bundle is a set of roadmap items
that together bring more value a day of effort than anything else that is left; its moments are
those whose Musts are all there once it is done. Then comes a chart for each team: the items as the
calendar, the teams' lanes and the order between items let them be done, with today and target
dates. What is not on the roadmap, and why, what became of the promises of finished work, by team,
and the value of all moments come last.

The chart is as wide as the terminal; COLUMNS sets another width. There are no colours where
NO_COLOR is set.

` + cmdutil.FilesHelp + `

json and yaml print {"roadmaps": [...]}, one for each namespace, with:
  namespace, asOf      whose roadmap it is, and the day of evaluation
  problem              what keeps the planning policy from being followed; absent when nothing does
  bundles[]            number, score (value a day of effort), value (points), effortDays,
                       expectedFinish, items[] (by rank), moments[]
  teams[]              name (empty for items without a team), title, side, lanes, velocityPercent,
                       holidays[] (days to come that only this team has off), and items[]:
    items[]            name, title, state, rank, bundle, score, expectedStart, expectedFinish,
                       durationDays (workdays), targetDate, late, lateDays (calendar days),
                       waitsFor[] (the items directly before it), lagDays (how many workdays it
                       waits longer, by the name of the item before it)
  unscheduled[]        name, title, state, team, targetDate, reason, message, waitsFor[]
  done[]               name, title, team, startDate, finishDate, targetDate, late, lateDays, and
                       hypothesis (absent where no metric judges it):
    hypothesis         metric, metricTitle, unit, verdict (Confirmed, Refuted, Inconclusive or
                       Pending), expectedDelta, delta, before, after, reason and message
  trackRecord[]        team, confirmed, refuted, inconclusive, pending: how many hypotheses of its
                       finished work; absent where no metric judges any
  value                total, delivered, planned, unplanned, unelaborated (absent when zero), in
                       whole points
  forecast[]           month, deliveredPercent: the part of the customer value that is there at its
                       end; the first 50 months
  forecastTotal        the number of all months
  chains[]             the work that decides when a moment is there: moment, title, journey,
                       expectedDate, neededBy, lateDays, last (no moment of the journey is expected
                       later), items[] (each waits for the one before it, or for its team)
Dates are YYYY-MM-DD; those that are not known are absent.

csv prints a line for each item, cancelled ones excepted: the scheduled by rank, then those that
cannot be scheduled, then the finished. mermaid prints one Gantt diagram, as Markdown viewers draw
it, with a section for each team; late items are critical, those in progress active, and those that
were finished in the last 90 days done.

html and svg draw the whole: a lane for each team, what waits for what, critical chains, targets and
today; and below it, what was promised and what was measured.
` + cmdutil.PictureHelp + `

` + cmdutil.ExitHelp

const example = `  # The roadmap of these files
  kubectl journey roadmap -f journeys/

  # As it would look on the first of March
  kubectl journey roadmap -f journeys/ --as-of 2027-03-01

  # For a spreadsheet, and for a page
  kubectl journey roadmap -n webshop -o csv > roadmap.csv
  kubectl journey roadmap -n webshop -o mermaid

  # For the wall, and for the slides
  kubectl journey roadmap -n webshop -o html > roadmap.html
  kubectl journey roadmap -n webshop -o svg > roadmap.svg

  # Which items are late?
  kubectl journey roadmap -A -o json | jq -r '.roadmaps[].teams[].items[] | select(.late) | .name'`

// Options of the command.
type Options struct{ *cmdutil.InputFlags }

// NewCmd returns the command. Tests pass a runF, which is called instead of run.
func NewCmd(f *cmdutil.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	o := &Options{cmdutil.NewInputFlags(f)}
	command := &cobra.Command{
		Use:     "roadmap [-f PATH...]",
		Short:   "What to do first, what it brings, and when it will be there",
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
	o.AddTo(command, cmdutil.OutputText, cmdutil.OutputJSON, cmdutil.OutputYAML, cmdutil.OutputCSV, cmdutil.OutputMermaid, cmdutil.OutputHTML, cmdutil.OutputSVG)
	return command
}

func run(ctx context.Context, o *Options) error {
	in, err := o.Read(ctx)
	if err != nil {
		return err
	}
	roadmaps := roadmapsOf(in)
	if len(roadmaps) == 0 && o.Output == cmdutil.OutputText {
		o.Note("there is no roadmap: there are no roadmap items, nor anything else")
		return nil
	}
	return o.Print(func(w io.Writer) error { return printRoadmaps(w, roadmaps, o.Output, o.Screen()) })
}

// namespacedRoadmap is a roadmap with the namespace of its portfolio.
type namespacedRoadmap struct {
	Namespace     string `json:"namespace"`
	*view.Roadmap `json:",inline"`

	Chains []view.MomentChain `json:"chains"`
}

func roadmapsOf(in *cmdutil.Input) []namespacedRoadmap {
	roadmaps := []namespacedRoadmap{}
	for _, p := range in.Portfolios {
		roadmaps = append(roadmaps, namespacedRoadmap{Namespace: p.Namespace, Roadmap: view.RoadmapOf(p.Evaluation), Chains: view.ChainsOf(p.Evaluation)})
	}
	return roadmaps
}

func printRoadmaps(w io.Writer, roadmaps []namespacedRoadmap, format string, screen terminal.Screen) error {
	document := map[string]any{"roadmaps": roadmaps}
	switch format {
	case cmdutil.OutputJSON:
		return cmdutil.PrintJSON(w, document)
	case cmdutil.OutputYAML:
		return cmdutil.PrintYAML(w, document)
	case cmdutil.OutputCSV:
		return printCSV(w, roadmaps)
	case cmdutil.OutputMermaid:
		return printMermaid(w, roadmaps)
	case cmdutil.OutputHTML, cmdutil.OutputSVG:
		return printPicture(w, roadmaps, format)
	default:
		return printText(w, roadmaps, screen)
	}
}
