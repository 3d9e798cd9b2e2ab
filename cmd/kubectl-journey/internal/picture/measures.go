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
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sparkline"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// mostCards is how many metrics a picture shows of a moment or a journey. The table of a page lists all.
const mostCards = 3

// ShownMetrics returns the metrics of these names that are shown, and how many more there are.
func ShownMetrics(j *view.JourneyMap, names []string) (shown []*view.MapMetric, more int) {
	for _, name := range names[:min(mostCards, len(names))] {
		if m := j.Metric(name); m != nil {
			shown = append(shown, m)
		}
	}
	return shown, len(names) - len(shown)
}

// notMeasured is what stands in the place of the metrics of a moment that has none.
const notMeasured = "not measured"

// AmountWords writes a value with its unit.
func AmountWords(value cxv1alpha1.Decimal, unit string) string {
	switch unit {
	case "":
		return string(value)
	case "%":
		return string(value) + unit
	}
	return string(value) + " " + unit
}

// MeasuredWords say what the value of a metric is: today's, or else the latest one.
func MeasuredWords(m *view.MapMetric) string {
	switch {
	case m.Value != nil:
		return AmountWords(*m.Value, m.Unit)
	case len(m.Samples) > 0:
		return AmountWords(m.Samples[len(m.Samples)-1].Value, m.Unit)
	}
	return "no value"
}

var targetWords = map[string]string{
	cxv1alpha1.ReasonTargetMet: ": met", cxv1alpha1.ReasonTargetMissed: ": missed", cxv1alpha1.ReasonBelowTarget: ": not met yet",
}

// TargetWords say where a metric should come, and whether it is there. It is empty where there is no target.
func TargetWords(m *view.MapMetric) string {
	if m.Target == nil {
		return ""
	}
	words := "target " + AmountWords(*m.Target, m.Unit)
	if m.TargetBy != "" {
		words += " by " + string(m.TargetBy)
	}
	return words + targetWords[m.OnTarget]
}

// StaleWords say why a value cannot be relied on. It is empty where it can.
func StaleWords(m *view.MapMetric) string {
	switch {
	case m.Fresh:
		return ""
	case len(m.Samples) == 0:
		return "never measured"
	case m.Freshness == cxv1alpha1.ReasonSourceFailing:
		return fmt.Sprintf("stale: its source fails, newest of %s", m.Samples[len(m.Samples)-1].Date)
	}
	return fmt.Sprintf("stale: newest of %s", m.Samples[len(m.Samples)-1].Date)
}

// MetricWords say all that a card shows.
func MetricWords(m *view.MapMetric) string {
	words := []string{m.Title + ": " + MeasuredWords(m)}
	for _, more := range []string{TargetWords(m), StaleWords(m)} {
		if more != "" {
			words = append(words, more)
		}
	}
	return strings.Join(words, ", ")
}

// The measures of a card.
const (
	cardInset   = 6
	cardLine    = 24
	cardBetween = 6
	// cardGrain is how far the points of its line are apart, in pixels: a line of every day would be a blot.
	cardGrain = 3
)

var fontValue = font{size: 13, bold: true}

// metricCard is a metric with the lines of its texts.
type metricCard struct {
	metric                      *view.MapMetric
	width                       int
	title, value, target, stale []string
}

func cardOf(m *view.MapMetric, width int) metricCard {
	room := width - 2*cardInset
	return metricCard{
		metric: m, width: width,
		title:  fontSmall.wrap(m.Title, room, 2),
		value:  fontValue.wrap(MeasuredWords(m), room, 3),
		target: fontSmall.wrap(TargetWords(m), room, 3),
		stale:  fontSmall.wrap(StaleWords(m), room, 3),
	}
}

func (c *metricCard) height() int {
	height := 2*cardInset + (len(c.title)+len(c.target)+len(c.stale))*leadingSmall + len(c.value)*leadingGoal
	if len(c.metric.Samples) > 0 {
		height += cardLine + cardInset
	}
	return height
}

// cardLook is the class of the box of a card, and that of its text. What is stale is grey, and says so.
func cardLook(m *view.MapMetric) (box, ink string) {
	switch {
	case !m.Fresh:
		return "box-soft", " soft"
	case m.OnTarget == cxv1alpha1.ReasonTargetMet:
		return "box-good", ""
	case m.OnTarget == cxv1alpha1.ReasonTargetMissed:
		return "box-bad", ""
	}
	return "rule", ""
}

// card draws a metric: its title, value, history and target.
func (d *mapDrawing) card(c *metricCard, x, y int) {
	m := c.metric
	box, ink := cardLook(m)
	d.begin("metric", m.Name, MetricWords(m))
	d.rect(box, x, y, c.width, c.height(), 4)
	x, y = x+cardInset, y+cardInset
	d.lines("s10"+ink, x, y+10, leadingSmall, c.title)
	y += len(c.title) * leadingSmall
	d.lines("b s13"+ink, x, y+13, leadingGoal, c.value)
	y += len(c.value) * leadingGoal
	if len(m.Samples) > 0 {
		d.history(m, x, y+3, c.width-2*cardInset)
		y += cardLine + cardInset
	}
	d.lines("s10"+ink, x, y+10, leadingSmall, c.target)
	y += len(c.target) * leadingSmall
	d.lines("i s10"+ink, x, y+10, leadingSmall, c.stale)
	d.end()
}

// history draws the samples of a metric as a line that ends in a dot, and its target as a dashed line.
func (d *mapDrawing) history(m *view.MapMetric, x, y, width int) {
	chart := sparkline.Of(m.Samples, m.Target, width/cardGrain, cardLine)
	line, dot := "now", "now-dot"
	if !m.Fresh {
		line, dot = "link", "fill-soft"
	}
	bottom := y + cardLine
	if chart.Target >= 0 {
		d.line("wanted", x, bottom-chart.Target, x+width, bottom-chart.Target)
	}
	steps := make([]any, 0, 3*len(chart.Points))
	for n, p := range chart.Points {
		step := "L"
		if n == 0 {
			step = "M"
		}
		steps = append(steps, step, x+p.X*cardGrain, bottom-p.Y)
	}
	if len(chart.Points) > 1 {
		d.path(line, steps...)
	}
	last := chart.Points[len(chart.Points)-1]
	d.circle(dot, x+last.X*cardGrain, bottom-last.Y, 4)
}

// cards are the metrics of a moment, or of a journey, that are shown.
type cards struct {
	list []metricCard
	// note tells what is not shown, in lines.
	note []string
}

func cardsOf(j *view.JourneyMap, names []string, width int) cards {
	shown, more := ShownMetrics(j, names)
	var c cards
	for _, m := range shown {
		c.list = append(c.list, cardOf(m, width))
	}
	if more > 0 {
		c.note = fontSmall.wrap(fmt.Sprintf("and %d more", more), width, 2)
	}
	return c
}

// height of the cards below each other.
func (c *cards) height() int {
	height := len(c.note) * leadingSmall
	for n := range c.list {
		height += c.list[n].height() + cardBetween
	}
	return height
}

// stack draws cards below each other.
func (d *mapDrawing) stack(c *cards, x, y int) {
	for n := range c.list {
		d.card(&c.list[n], x, y)
		y += c.list[n].height() + cardBetween
	}
	d.lines("i s10 soft", x, y+10, leadingSmall, c.note)
}

// wholeJourney draws the metrics of the journey as a whole, beside each other. It returns the y of their end.
func (d *mapDrawing) wholeJourney(y int) int {
	if len(d.journey.WholeJourney) == 0 {
		return y
	}
	c := cardsOf(d.journey, d.journey.WholeJourney, mapColumnAtMost)
	d.label(y+16, "Whole journey")
	x, height := mapMargin+mapLabels, 2*leadingText
	for n := range c.list {
		d.card(&c.list[n], x, y)
		x += mapColumnAtMost + cardBetween
		height = max(height, c.list[n].height())
	}
	d.lines("i s10 soft", x, y+10, leadingSmall, c.note)
	return y + height + mapBetweenBands/2
}
