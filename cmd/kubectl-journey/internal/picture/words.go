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

package picture

import (
	"fmt"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// Words for the states of things. All pictures use the same words.

// StandingWords says in a word or two in which state a moment is.
func StandingWords(m *view.MapMoment) string {
	switch {
	case m.AtRisk && m.Standing == view.StandingBlocked:
		return "Blocked, at risk"
	case m.AtRisk:
		return "At risk"
	case m.Standing == view.StandingBlocked:
		return "Blocked"
	case m.Standing == view.StandingRealized:
		return "Realized"
	case m.Standing == view.StandingOpen:
		return "Works"
	default:
		return "No requirements yet"
	}
}

// UntilWords says until when a moment is blocked, or that it gets better. It is empty if neither is the case.
func UntilWords(m *view.MapMoment) string {
	switch {
	case m.Standing == view.StandingOpen:
		return "more to come"
	case m.Standing != view.StandingBlocked:
		return ""
	case m.Expected == "":
		return "no date can be given"
	default:
		return "until " + string(m.Expected)
	}
}

// NeededWords says whether a moment will be there when it is needed. It is empty if no date is set, or if there is nothing to wait for.
func NeededWords(m *view.MapMoment) string {
	switch {
	case m.NeededBy == "" || m.Standing == view.StandingRealized || m.Standing == view.StandingOpen:
		return ""
	case m.LateDays > 0:
		return fmt.Sprintf("%s late for %s", terminal.Count(int(m.LateDays), "day"), m.NeededBy)
	case m.AtRisk:
		return "needed by " + string(m.NeededBy)
	default:
		return "in time for " + string(m.NeededBy)
	}
}

// AllWords says all that is known of the state of a moment.
func AllWords(m *view.MapMoment) string {
	words := []string{StandingWords(m)}
	for _, more := range []string{UntilWords(m), NeededWords(m)} {
		if more != "" {
			words = append(words, more)
		}
	}
	if m.Standing != view.StandingNoRequirements {
		words = append(words, fmt.Sprintf("%d%% delivered", m.ProgressPercent))
	}
	return strings.Join(words, ", ")
}

// WaitsForWords says what a moment waits for. It names at most so many things.
func WaitsForWords(m *view.MapMoment, most int) string {
	if len(m.WaitsFor) == 0 {
		return ""
	}
	var titles []string
	for n := range m.WaitsFor[:min(most, len(m.WaitsFor))] {
		titles = append(titles, BlockerWords(&m.WaitsFor[n]))
	}
	words := strings.Join(titles, "; ")
	if more := int(m.WaitsForTotal) - len(titles); more > 0 {
		words += fmt.Sprintf("; and %d more", more)
	}
	return words
}

// BlockerWords names a blocker of a moment. It adds the reason, unless there is just work to be done.
func BlockerWords(b *view.MapBlocker) string {
	switch b.Reason {
	case cxv1alpha1.ReasonUnassigned:
		return b.Title + " (no building block)"
	case cxv1alpha1.ReasonUnplanned:
		return b.Title + " (unplanned)"
	case cxv1alpha1.ReasonNotFound:
		return b.Title + " (does not exist)"
	case cxv1alpha1.ReasonCancelled:
		return b.Title + " (cancelled)"
	default:
		return b.Title
	}
}

// MapSummary says in a sentence in which state a journey is.
func MapSummary(j *view.JourneyMap) string {
	c := j.Moments
	words := fmt.Sprintf("%s: %d realized, %d blocked, %d at risk.", terminal.Count(int(c.Total), "moment"), c.Realized, c.Blocked, c.AtRisk)
	switch {
	case j.Expected != "":
		words += fmt.Sprintf(" The last blocked moment is expected on %s.", j.Expected)
	case c.Blocked > 0:
		words += " When all moments work cannot be told: for some, work is missing."
	}
	return words
}

// percent is a part of a whole in percent, rounded down. It is 0 if the whole is 0.
func percent(part, whole int64) int64 {
	if whole == 0 {
		return 0
	}
	return part * 100 / whole
}
