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

package view

import (
	"slices"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// Standing is where a moment stands, in a word.
type Standing string

const (
	// StandingRealized means: everything that was asked is delivered.
	StandingRealized Standing = "Realized"
	// StandingOpen means: nothing blocks the moment, and something that would make it better is still to come.
	StandingOpen Standing = "Open"
	// StandingBlocked means: a Must is still to be delivered.
	StandingBlocked Standing = "Blocked"
	// StandingNoRequirements means: nothing is asked yet.
	StandingNoRequirements Standing = "NoRequirements"
)

// JourneyMap is a journey as people draw it on a wall: its phases in order, and in each its moments.
type JourneyMap struct {
	// AsOf is the day of evaluation.
	AsOf  cxv1alpha1.Date `json:"asOf"`
	Name  string          `json:"name"`
	Title string          `json:"title"`
	Goal  string          `json:"goal,omitempty"`
	Owner string          `json:"owner,omitempty"`
	// Moments counts the moments by where they stand.
	Moments cxv1alpha1.JourneyMoments `json:"moments"`
	// Value of the moments, in whole points.
	Value cxv1alpha1.Value `json:"value"`
	// Expected is when the last blocked moment is expected; empty where none is blocked, or one has no date.
	Expected cxv1alpha1.Date `json:"expectedDate,omitempty"`
	// WholeJourney names the metrics that measure the journey as a whole.
	WholeJourney []string `json:"wholeJourney,omitempty"`
	// Metrics of the journey and of its moments, by name, each once. Absent where nobody measures anything.
	Metrics []MapMetric `json:"metrics,omitempty"`
	// Phases in the order of the journey. A last one without a name holds the moments whose phase the journey does not have, if there are
	// any.
	Phases []MapPhase `json:"phases"`
}

// MapPhase is a phase of a journey.
type MapPhase struct {
	Name       string      `json:"name"`
	Title      string      `json:"title"`
	Milestone  string      `json:"milestone,omitempty"`
	Principles []string    `json:"principles"`
	Moments    []MapMoment `json:"moments"`
}

// MapMoment is a moment of a journey, with all that a map tells of it.
type MapMoment struct {
	// Number counts the moments of the journey, from 1.
	Number        int    `json:"number"`
	Name          string `json:"name"`
	Title         string `json:"title"`
	Owner         string `json:"owner,omitempty"`
	Promise       string `json:"promise,omitempty"`
	Importance    int32  `json:"importance"`
	MomentOfTruth bool   `json:"momentOfTruth"`
	// Current and Target experience, 1 to 5; 0 where they are not known.
	Current int32 `json:"currentExperience,omitempty"`
	Target  int32 `json:"targetExperience,omitempty"`
	// Channels by the titles that the journey gives them.
	Channels []string `json:"channels"`
	Standing Standing `json:"standing"`
	// Reason and Message are those of the condition Blocked.
	Reason  string `json:"reason"`
	Message string `json:"message"`
	// AtRisk tells that the moment will be late for NeededBy, or cannot be dated.
	AtRisk bool `json:"atRisk"`
	// LateDays is by how many calendar days; 0 where it is in time or has no date.
	LateDays int32 `json:"lateDays,omitempty"`
	// Expected is when the last Must is expected; empty where nothing is awaited or no date can be given.
	Expected cxv1alpha1.Date `json:"expectedDate,omitempty"`
	NeededBy cxv1alpha1.Date `json:"neededBy,omitempty"`
	// ProgressPercent is the delivered part of the requirements, weighed by MoSCoW class.
	ProgressPercent int32 `json:"progressPercent"`
	// WaitsFor lists what the Musts wait for: first what has no date, then the latest first. WaitsForTotal is how much that is.
	WaitsFor      []MapBlocker `json:"blockedBy"`
	WaitsForTotal int32        `json:"blockedByTotal"`
	// Metrics names those that measure the moment.
	Metrics []string `json:"metrics,omitempty"`
}

// MapBlocker is something that a moment waits for.
type MapBlocker struct {
	cxv1alpha1.Blocker `json:",inline"`

	// Title of the requirement, of the stage with its block, or of the item; the name of what does not exist.
	Title string `json:"title"`
}

// MapOf returns a journey with its moments. The only error is a NotFoundError.
func MapOf(e *portfolio.Evaluation, name string) (*JourneyMap, error) {
	g := e.Graph()
	j := g.Journey(name)
	if j == nil {
		return nil, &NotFoundError{Kind: cxv1alpha1.JourneyKind, Name: name}
	}
	journey := &JourneyMap{
		AsOf: g.Today(), Name: name, Title: string(j.Spec.Title), Goal: string(j.Spec.Goal), Owner: string(j.Spec.Owner),
		Moments: j.Counts(), Value: j.Value(), Expected: j.Expected(),
		Phases: []MapPhase{},
	}
	for _, p := range j.Spec.Phases {
		phase := MapPhase{
			Name: string(p.Name), Title: titleOr(p.Title, string(p.Name)), Milestone: string(p.Milestone),
			Principles: []string{}, Moments: []MapMoment{},
		}
		for _, principle := range p.Principles {
			phase.Principles = append(phase.Principles, string(principle))
		}
		journey.Phases = append(journey.Phases, phase)
	}
	for n, m := range j.Moments() {
		at := m.Phase()
		if at < 0 {
			at = len(j.Spec.Phases)
		}
		if at == len(journey.Phases) {
			journey.Phases = append(journey.Phases, MapPhase{Title: "No phase of this journey", Principles: []string{}})
		}
		journey.Phases[at].Moments = append(journey.Phases[at].Moments, mapMoment(g, m, n+1))
	}
	journey.measure(g, j)
	return journey, nil
}

func mapMoment(g *portfolio.Graph, m *portfolio.Moment, number int) MapMoment {
	blocked := m.Result(cxv1alpha1.ConditionBlocked)
	blockers, waitsForTotal := m.Blockers()
	moment := MapMoment{
		Number: number, Name: m.Name, Title: titleOr(m.Spec.Title, m.Name), Owner: string(m.Spec.Owner), Promise: string(m.Spec.Promise),
		Importance: m.Spec.Importance, MomentOfTruth: m.Spec.MomentOfTruth,
		Channels: channelTitles(m),
		Standing: standingOf(m), Reason: blocked.Reason, Message: blocked.Message,
		AtRisk:   m.IsAtRisk(),
		LateDays: lateDays(m.Spec.NeededBy, m.Expected()),
		Expected: m.Expected(), NeededBy: m.Spec.NeededBy,
		ProgressPercent: m.ProgressPercent(),
		WaitsFor:        []MapBlocker{}, WaitsForTotal: waitsForTotal,
		Metrics: words.NamesOf(m.Metrics()),
	}
	if x := m.Spec.Experience; x != nil {
		moment.Current, moment.Target = x.Current, x.Target
	}
	for _, b := range blockers {
		moment.WaitsFor = append(moment.WaitsFor, MapBlocker{Blocker: b, Title: blockerTitle(g, b)})
	}
	return moment
}

// standingOf says in a word where a moment stands.
func standingOf(m *portfolio.Moment) Standing {
	switch counts := m.Counts(); {
	case counts.Total == counts.Dropped:
		return StandingNoRequirements
	case m.IsBlocked():
		return StandingBlocked
	case m.IsRealized():
		return StandingRealized
	}
	return StandingOpen
}

// channelTitles lists the titles of the channels of a moment.
func channelTitles(m *portfolio.Moment) []string {
	titles := []string{}
	for _, name := range m.Spec.Channels {
		title := string(name)
		if m.Journey() != nil {
			at := slices.IndexFunc(m.Journey().Spec.Channels, func(c cxv1alpha1.Channel) bool { return c.Name == name })
			if at >= 0 {
				title = titleOr(m.Journey().Spec.Channels[at].Title, title)
			}
		}
		titles = append(titles, title)
	}
	return titles
}

// blockerTitle is the title of what a moment waits for.
func blockerTitle(g *portfolio.Graph, b cxv1alpha1.Blocker) string {
	switch b.Kind {
	case cxv1alpha1.BlockerRequirement:
		if r := g.Requirement(b.Name); r != nil {
			return titleOr(r.Spec.Title, b.Name)
		}
	case cxv1alpha1.BlockerBuildingBlock:
		if block := g.Block(b.Name); block != nil {
			return stageTitle(block, b.Stage)
		}
	case cxv1alpha1.BlockerRoadmapItem:
		if i := g.Item(b.Name); i != nil {
			return titleOr(i.Spec.Title, b.Name)
		}
	}
	return portfolio.StageKey{Block: b.Name, Stage: b.Stage}.String()
}

// stageTitle names a stage with its block.
func stageTitle(b *portfolio.Block, stage string) string {
	title := titleOr(b.Spec.Title, b.Name)
	for _, s := range b.Stages() {
		if string(s.Name) == stage {
			return title + ": " + titleOr(s.Title, stage)
		}
	}
	if stage == "" {
		return title
	}
	return title + ": " + stage
}
