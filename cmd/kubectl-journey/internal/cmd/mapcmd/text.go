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

package mapcmd

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/picture"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// printText prints a journey map for people: the experience as a chart over all moments, then the moments by phase.
func printText(w io.Writer, journey *view.JourneyMap, screen terminal.Screen) error {
	text := &document{terminal.Document{Screen: screen}}
	text.Title(terminal.Line(journey.Title))
	if journey.Goal != "" {
		text.Wrapped("", terminal.Line(journey.Goal))
	}
	text.Wrapped("", "As of "+string(journey.AsOf)+". "+picture.MapSummary(journey))
	if len(journey.WholeJourney) > 0 {
		text.Section("The whole journey")
		text.measures("  ", journey, journey.WholeJourney)
	}
	var moments []mappedMoment
	for n := range journey.Phases {
		for k := range journey.Phases[n].Moments {
			moments = append(moments, mappedMoment{&journey.Phases[n].Moments[k], k == 0})
		}
	}
	if len(moments) > 0 {
		text.experience(moments)
	}
	for n := range journey.Phases {
		text.phase(journey, &journey.Phases[n])
	}
	return text.Print(w)
}

// document is the text of a journey map.
type document struct{ terminal.Document }

// mappedMoment is a moment that may be the first of its phase.
type mappedMoment struct {
	*view.MapMoment

	first bool
}

// The marks of the chart of experience.
const (
	markNow    = "●"
	markWanted = "○"
	markBoth   = "◉"

	bestGrade    = 5
	momentWidth  = 4
	gradeColumns = 2
)

// standingMarks say how a moment stands.
var standingMarks = map[view.Standing]string{
	view.StandingRealized: "✓", view.StandingOpen: "+", view.StandingBlocked: "■", view.StandingNoRequirements: "?",
}

const markRisk = "!"

func standingMark(m *view.MapMoment) string {
	if m.AtRisk {
		return markRisk
	}
	return standingMarks[m.Standing]
}

// experience draws what customers feel, now and as wanted. Moments that do not fit on a line come below.
func (t *document) experience(moments []mappedMoment) {
	t.Section("Experience, and how the moments stand")
	for _, line := range terminal.WrapParts([]string{
		markNow + " now", markWanted + " wanted", markBoth + " both", terminal.MarkTruth + " moment of truth", "✓ realized", "+ works, more to come", "■ blocked",
		t.Late(markRisk) + " at risk", "? no requirements",
	}, "   ", t.Width) {
		t.Line(line)
	}
	known := slices.ContainsFunc(moments, func(m mappedMoment) bool { return m.Current+m.Target > 0 })
	most := (t.Width - gradeColumns) / momentWidth
	for len(moments) > 0 {
		part := moments[:min(most, len(moments))]
		moments = moments[len(part):]
		t.Line("")
		for grade := int32(bestGrade); known && grade > 0; grade-- {
			t.chartLine(strconv.Itoa(int(grade)), part, func(m *view.MapMoment) string { return experienceMark(m, grade) })
		}
		t.chartLine("", part, func(m *view.MapMoment) string { return strconv.Itoa(m.Number) })
		t.chartLine("", part, func(m *view.MapMoment) string {
			if m.MomentOfTruth {
				return terminal.MarkTruth
			}
			return ""
		})
		t.chartLine("", part, standingMark)
	}
}

func experienceMark(m *view.MapMoment, grade int32) string {
	switch {
	case m.Current == grade && m.Target == grade:
		return markBoth
	case m.Current == grade:
		return markNow
	case m.Target == grade:
		return markWanted
	case m.Current > 0 && m.Target > 0 && grade > min(m.Current, m.Target) && grade < max(m.Current, m.Target):
		return terminal.MarkWeek
	}
	return ""
}

// chartLine prints a mark for each moment, and a line where a phase begins.
func (t *document) chartLine(label string, moments []mappedMoment, mark func(*view.MapMoment) string) {
	var b strings.Builder
	b.WriteString(terminal.Pad(label, gradeColumns-1))
	for _, m := range moments {
		separator := " "
		if m.first {
			separator = t.Faint(terminal.MarkMonth)
		}
		text := mark(m.MapMoment)
		pad := momentWidth - 1 - terminal.Width(text)
		if text == markRisk {
			text = t.Late(text)
		}
		b.WriteString(separator + strings.Repeat(" ", pad/2+pad%2) + text + strings.Repeat(" ", pad/2))
	}
	t.Line(b.String())
}

// phase lists the moments of a phase.
func (t *document) phase(journey *view.JourneyMap, p *view.MapPhase) {
	t.Line("")
	heading := terminal.Line(p.Title)
	if len(p.Moments) == 0 {
		heading += ": no moments yet"
	}
	for _, line := range terminal.Wrap(heading, t.Width) {
		t.Line(t.Bold(line))
	}
	if p.Milestone != "" {
		t.Wrapped("  until: ", terminal.Line(p.Milestone))
	}
	for n := range p.Moments {
		t.moment(&p.Moments[n])
		t.measures(strings.Repeat(" ", momentIndent)+"measured:  ", journey, p.Moments[n].Metrics)
	}
}

// sparkColumns is how many columns the history of a metric takes at most.
const sparkColumns = 24

// measures lists metrics, each with its history.
func (t *document) measures(first string, journey *view.JourneyMap, names []string) {
	shown, more := picture.ShownMetrics(journey, names)
	for _, m := range shown {
		words := terminal.Line(picture.MetricWords(m))
		if !m.Fresh {
			words = staleMark + " " + words
		}
		t.Wrapped(first, words)
		first = strings.Repeat(" ", terminal.Width(first))
		if len(m.Samples) > 1 {
			t.Line(first + t.Faint(terminal.Sparkline(m.Samples, sparkColumns)))
		}
	}
	if more > 0 {
		t.Line(fmt.Sprintf("%sand %d more", first, more))
	}
}

// staleMark stands before a value that cannot be relied on.
const staleMark = "(!)"

const momentIndent = 9

// moment prints the lines of a moment: the first says what it is, the others the rest.
func (t *document) moment(m *view.MapMoment) {
	title := terminal.Line(m.Title) + " (" + terminal.Line(m.Name) + ")"
	truth := " "
	if m.MomentOfTruth {
		truth = terminal.MarkTruth
	}
	first := fmt.Sprintf("  %3d %s  ", m.Number, truth)
	for n, line := range terminal.Wrap(title, t.Width-momentIndent) {
		if n > 0 {
			first = strings.Repeat(" ", momentIndent)
		}
		t.Line(first + t.Bold(line))
	}
	t.marked(standingMark(m), picture.AllWords(m), m.AtRisk)
	for _, detail := range []struct{ label, text string }{
		{"waits for: ", picture.WaitsForWords(m, len(m.WaitsFor))},
		{"channels:  ", strings.Join(m.Channels, ", ")},
		{"promise:   ", m.Promise},
	} {
		if detail.text != "" {
			t.Wrapped(strings.Repeat(" ", momentIndent)+detail.label, terminal.Line(detail.text))
		}
	}
}

// marked adds a mark and how a moment stands.
func (t *document) marked(mark, words string, late bool) {
	first := strings.Repeat(" ", momentIndent-2) + mark + " "
	for n, line := range terminal.Wrap(words, t.Width-momentIndent) {
		if n > 0 {
			first = strings.Repeat(" ", momentIndent)
		}
		if late {
			line = t.Late(first + line)
		} else {
			line = first + line
		}
		t.Line(line)
	}
}
