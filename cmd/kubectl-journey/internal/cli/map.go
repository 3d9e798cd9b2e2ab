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
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/picture"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/render"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// The output formats of pictures.
const (
	outputHTML = "html"
	outputSVG  = "svg"
)

const pictureHelp = `html prints one page that needs nothing else, neither a network nor scripts: the picture, and tables
that say the same in words. It is laid out for screens, light and dark, and for print on A3. svg
prints the picture alone, for slides and drawing programs.`

const mapLong = `Draw the map of a journey: the phases across, in each the moments in their order, the experience of
the customer now and as it should become, channels and promises, the moments of truth, and how each
moment stands: realized, blocked, at risk, what it waits for and until when.

In a terminal it is as wide as that; COLUMNS sets another width. There are no colours where NO_COLOR
is set.

` + pictureHelp + `

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
                     progressPercent, blockedByTotal, and the first of blockedBy[]:
      blockedBy[]    kind, name, stage, title, reason, team, requirements, expectedFinish, critical
Dates are YYYY-MM-DD. What is not known, or not there, is absent; a list is empty then.

` + filesHelp + `

` + exitHelp

const mapExample = `  # The map of a journey, in the terminal
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

func newMap(o *options) *cobra.Command {
	command := &cobra.Command{
		Use:               "map JOURNEY [-f PATH...]",
		Short:             "The journey map: moments, experience, and what they wait for",
		Long:              mapLong,
		Example:           mapExample,
		ValidArgsFunction: o.completeJourney,
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef(command, "name a journey, for instance %s motor-claim", command.CommandPath())
			}
			name := strings.TrimPrefix(args[0], journeyPrefix)
			in, err := o.read(command, args[1:])
			if err != nil {
				return err
			}
			journey, err := mapOf(in, name)
			if err != nil {
				return err
			}
			out := bufio.NewWriter(o.Out)
			if err := printMap(out, journey, o.output, render.ScreenOf(o.Out, os.Getenv)); err != nil {
				return err
			}
			return out.Flush()
		},
	}
	o.typed = true
	o.addFlags(command, outputText, outputJSON, outputYAML, outputHTML, outputSVG)
	return command
}

// namespacedMap is a map with the namespace of its portfolio.
type namespacedMap struct {
	Namespace             string `json:"namespace"`
	*portfolio.JourneyMap `json:",inline"`
}

// mapOf looks the journey up in all portfolios.
func mapOf(in *input, name string) (*namespacedMap, error) {
	var found *namespacedMap
	var missing *portfolio.NotFoundError
	namespaces := map[string]bool{}
	for _, p := range in.portfolios {
		view, err := p.Evaluation.JourneyMap(name)
		switch {
		case errors.As(err, &missing):
		case err != nil:
			return nil, err
		default:
			found = &namespacedMap{p.Namespace, view}
			namespaces[p.Namespace] = true
		}
	}
	kind := kinds.ByName(kinds.Journey)
	switch len(namespaces) {
	case 1:
		return found, nil
	case 0:
		return nil, fmt.Errorf("there is no journey %q%s", name, suggestName(in.portfolios, kind, name))
	default:
		return nil, fmt.Errorf("journey %q is in namespaces %s: choose one with -n", name, listNames(namespaces))
	}
}

func printMap(w io.Writer, journey *namespacedMap, format string, screen render.Screen) error {
	switch format {
	case outputJSON:
		return printValue(w, journey, render.JSON)
	case outputYAML:
		return printValue(w, journey, render.YAML)
	case outputHTML:
		return picture.MapPage(w, journey.JourneyMap)
	case outputSVG:
		_, err := io.WriteString(w, picture.SVG([]*picture.Drawing{picture.Map(journey.JourneyMap, picture.A3)}))
		return err
	default:
		return printMapText(w, journey.JourneyMap, screen)
	}
}
