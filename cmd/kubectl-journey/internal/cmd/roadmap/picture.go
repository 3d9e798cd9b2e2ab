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

package roadmap

import (
	"io"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/picture"
)

// printPicture draws the roadmaps, as a page or as an SVG.
func printPicture(w io.Writer, roadmaps []namespacedRoadmap, format string) error {
	var drawn []*picture.Roadmap
	for _, r := range roadmaps {
		drawn = append(drawn, &picture.Roadmap{Roadmap: r.Roadmap, Title: "Roadmap of " + r.Namespace, Chains: r.Chains})
	}
	if format == cmdutil.OutputHTML {
		return picture.RoadmapPage(w, drawn)
	}
	var drawings []*picture.Drawing
	for _, r := range drawn {
		drawings = append(drawings, picture.Gantt(r, picture.A3))
		if verdicts := picture.Verdicts(r, picture.A3); verdicts != nil {
			drawings = append(drawings, verdicts)
		}
	}
	_, err := io.WriteString(w, picture.SVG(drawings))
	return err
}
