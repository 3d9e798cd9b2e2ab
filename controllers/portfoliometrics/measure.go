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

package portfoliometrics

import (
	"cmp"
	"maps"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// MaxNames is the number of journeys, of moments and of teams of a namespace that have series of their own.
const MaxNames = 500

const (
	secondsPerDay = 24 * 60 * 60
	// maxLabels is the largest number of labels that a metric has of its own.
	maxLabels = 3
)

// Sample is the value of one series of a namespace.
type Sample struct {
	series

	Value float64
}

// series is a metric with the values of its labels, in their order. What is beyond its labels is empty.
type series struct {
	metric *Metric
	labels [maxLabels]string
}

// Measure computes the metrics of a portfolio, in a stable order. Moments have series of their own when they are moments of
// truth, or when all are asked for.
func Measure(evaluation *portfolio.Evaluation, allMoments bool) []Sample {
	m := &measurement{Evaluation: evaluation, graph: evaluation.Graph(), values: map[series]float64{}}
	m.nameJourneys()
	m.nameTeams()
	m.measureJourneys()
	m.measureMoments()
	m.measureEach(allMoments)
	m.measureItems()
	m.measureTeams()
	m.measureObjects()
	return m.samples()
}

type measurement struct {
	*portfolio.Evaluation

	graph *portfolio.Graph
	// journeys and teams are the names that labels have.
	journeys, teams map[string]bool
	values          map[series]float64
}

func (m *measurement) samples() []Sample {
	samples := make([]Sample, 0, len(m.values))
	for s, value := range m.values {
		samples = append(samples, Sample{s, value})
	}
	slices.SortFunc(samples, func(a, b Sample) int {
		return cmp.Or(cmp.Compare(a.metric.place, b.metric.place), slices.Compare(a.labels[:], b.labels[:]))
	})
	return samples
}

// add counts something. To add nothing shows a series that is zero.
func (m *measurement) add(of *Metric, value float64, labels ...string) {
	m.values[seriesOf(of, labels)] += value
}

// raise lifts the value of a series to at least this one.
func (m *measurement) raise(of *Metric, value float64, labels ...string) {
	s := seriesOf(of, labels)
	m.values[s] = max(m.values[s], value)
}

func seriesOf(metric *Metric, labels []string) series {
	s := series{metric: metric}
	copy(s.labels[:], labels)
	return s
}

func (m *measurement) nameJourneys() {
	names := map[string]bool{}
	for _, j := range m.graph.Journeys() {
		names[j.Name] = true
	}
	m.journeys = m.limited(names, "journeys")
}

func (m *measurement) nameTeams() {
	names := map[string]bool{}
	for _, t := range m.graph.Teams() {
		names[string(t.Name)] = true
	}
	for _, i := range m.graph.Items() {
		names[string(i.Spec.Team)] = true
	}
	delete(names, "")
	m.teams = m.limited(names, "teams")
}

// limited leaves out the names beyond the first ones, and says so.
func (m *measurement) limited(names map[string]bool, of string) map[string]bool {
	if len(names) <= MaxNames {
		return names
	}
	sorted := slices.Sorted(maps.Keys(names))
	for _, name := range sorted[MaxNames:] {
		delete(names, name)
	}
	m.add(leftOut, float64(len(sorted)-MaxNames), of)
	return names
}

func (m *measurement) journeyOf(moment *portfolio.Moment) string {
	if j := moment.Journey(); j != nil {
		return labelIn(m.journeys, j.Name)
	}
	return ""
}

func labelIn(names map[string]bool, name string) string {
	if names[name] {
		return name
	}
	return ""
}

// measureJourneys measures what journeys say of themselves. What has only a few values shows all of them, also those that are zero.
func (m *measurement) measureJourneys() {
	for _, j := range m.graph.Journeys() {
		name := labelIn(m.journeys, j.Name)
		m.addValue(name, j.Value())
		m.add(momentsRealized, 0, name)
		for _, reason := range []string{cxv1alpha1.ReasonForecastLate, cxv1alpha1.ReasonNoForecast} {
			m.add(momentsAtRisk, 0, name, reason)
		}
	}
}

func (m *measurement) addValue(journey string, value cxv1alpha1.Value) {
	m.add(valuePoints, float64(value.Delivered), journey, "delivered")
	m.add(valuePoints, float64(value.Planned), journey, "planned")
	m.add(valuePoints, float64(value.Unplanned), journey, "unplanned")
	m.add(valuePoints, float64(value.Unelaborated), journey, "unelaborated")
}

func (m *measurement) measureMoments() {
	for _, moment := range m.graph.Moments() {
		journey := m.journeyOf(moment)
		m.add(moments, 1, journey, moment.Result(cxv1alpha1.ConditionBlocked).Reason)
		if risk := moment.Result(cxv1alpha1.ConditionAtRisk); risk.Status == metav1.ConditionTrue {
			m.add(momentsAtRisk, 1, journey, risk.Reason)
		}
		if moment.Result(cxv1alpha1.ConditionRealized).Status == metav1.ConditionTrue {
			m.add(momentsRealized, 1, journey)
		}
		if moment.Journey() == nil {
			m.addValue(journey, *m.Moments[moment.Name].Value)
		}
	}
}

// measureEach measures moments one by one. Of too many, moments of truth come first.
func (m *measurement) measureEach(all bool) {
	var of []*portfolio.Moment
	for _, truth := range []bool{true, false} {
		for _, moment := range m.graph.Moments() {
			if moment.Spec.MomentOfTruth == truth && (truth || all) {
				of = append(of, moment)
			}
		}
	}
	if more := len(of) - MaxNames; more > 0 {
		m.add(leftOut, float64(more), "moments")
		of = of[:MaxNames]
	}
	for _, moment := range of {
		m.measureMoment(moment)
	}
}

func (m *measurement) measureMoment(moment *portfolio.Moment) {
	journey, name := m.journeyOf(moment), moment.Name
	blocked := moment.Result(cxv1alpha1.ConditionBlocked)
	var isBlocked float64
	if blocked.Status == metav1.ConditionTrue {
		isBlocked = 1
	}
	m.add(momentBlocked, isBlocked, journey, name, blocked.Reason)
	m.addDate(momentExpected, moment.Expected(), journey, name)
	m.addDate(momentNeeded, moment.Spec.NeededBy, journey, name)
	if slack := m.Moments[name].SlackDays; slack != nil {
		m.add(momentSlack, float64(*slack)*secondsPerDay, journey, name)
	}
}

// addDate shows a date, if there is one.
func (m *measurement) addDate(of *Metric, date cxv1alpha1.Date, labels ...string) {
	if date.IsValid() {
		m.raise(of, float64(date.Midnight().Unix()), labels...)
	}
}

func (m *measurement) measureItems() {
	for _, i := range m.graph.Items() {
		team := labelIn(m.teams, string(i.Spec.Team))
		m.add(items, 1, team, string(i.State()))
		if track := i.Result(cxv1alpha1.ConditionOnTrack); track.Status == metav1.ConditionFalse {
			m.add(itemsOffTrack, 1, team, track.Reason)
		}
	}
}

func (m *measurement) measureTeams() {
	for _, t := range m.graph.Teams() {
		team := labelIn(m.teams, string(t.Name))
		m.addDate(teamBusyUntil, t.BusyUntil(), team)
		m.add(teamEffort, 0, team)
		for _, i := range t.Items() {
			m.add(teamEffort, float64(i.EffortLeft())/100, team)
		}
	}
}

func (m *measurement) measureObjects() {
	for kind, status := range m.All() {
		m.add(objects, 1, kind)
		for _, condition := range status.GetConditions() {
			switch {
			case condition.Type == cxv1alpha1.ConditionReady && condition.Status == metav1.ConditionFalse:
				m.add(objectsNotReady, 1, kind, condition.Reason)
			case condition.Type == cxv1alpha1.ConditionStalled && condition.Status == metav1.ConditionTrue:
				m.add(objectsStalled, 1, kind)
			}
		}
	}
}
