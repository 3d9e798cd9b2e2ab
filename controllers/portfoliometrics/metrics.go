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

// Package portfoliometrics turns an evaluated portfolio into metrics. Measure computes them once for each evaluation, as a
// pure function; the Collector keeps them and hands them out, so that a scrape computes nothing.
package portfoliometrics

// Metric describes a gauge.
type Metric struct {
	Name, Help string
	// Labels are its own. It has the label namespace as well, before them.
	Labels []string

	// place in All.
	place int
}

// All are the metrics of this package, in the order in which they are explained.
var All []*Metric

func define(name, help string, labels ...string) *Metric {
	m := &Metric{Name: name, Help: help, Labels: labels, place: len(All)}
	All = append(All, m)
	return m
}

// Every series is about one namespace. A journey or a team is the empty string where there is none, and for those beyond
// MaxNames, so that sums are right all the same.
var (
	moments = define("journey_moments",
		"Moments by the reason of their Blocked condition. Together they are all moments.", "journey", "blocked")
	momentsAtRisk = define("journey_moments_at_risk",
		"Moments that will not make the date by which they are needed: late (ForecastLate), or without an expected date (NoForecast).",
		"journey", "reason")
	momentsRealized = define("journey_moments_realized",
		"Moments of which every requirement is delivered.", "journey")
	valuePoints = define("journey_value_points",
		"Value of moments to customers, in points, by state: delivered, planned, unplanned or unelaborated. Together they are all value.",
		"journey", "state")
	momentExpected = define("journey_moment_expected_timestamp_seconds",
		"Midnight UTC of the day on which a blocked moment is expected, as a Unix time. None where it has no expected date.",
		"journey", "moment")
	momentNeeded = define("journey_moment_needed_timestamp_seconds",
		"Midnight UTC of the day by which a moment is needed, as a Unix time.", "journey", "moment")
	momentSlack = define("journey_moment_slack_seconds",
		"Whole days from the expected date of a moment to the date by which it is needed, in seconds. Below zero it is late.",
		"journey", "moment")
	momentBlocked = define("journey_moment_blocked",
		"1 where a moment is blocked, else 0, with the reason of its Blocked condition.", "journey", "moment", "reason")
	items = define("journey_items",
		"Roadmap items by state: Proposed, Planned, InProgress, Done or Cancelled.", "team", "state")
	itemsOffTrack = define("journey_items_off_track",
		"Roadmap items that do not make their target date: Overdue, ForecastLate, NoForecast or DeliveredLate.", "team", "reason")
	teamEffort = define("journey_team_effort_workdays",
		"Effort that is left in the live roadmap items of a team, in days of work, before complexity and feasibility.", "team")
	teamBusyUntil = define("journey_team_busy_until_timestamp_seconds",
		"Midnight UTC of the day on which the last live item of a team is expected to be finished, as a Unix time. "+
			"None where no item has a date.", "team")
	objects = define("journey_objects",
		"Objects by kind.", "kind")
	objectsNotReady = define("journey_objects_not_ready",
		"Objects whose Ready condition is False, by its reason.", "kind", "reason")
	objectsStalled = define("journey_objects_stalled",
		"Objects whose Stalled condition is True: they wait for themselves.", "kind")
	leftOut = define("journey_metrics_left_out",
		"Journeys, moments and teams that have no series of their own, since there are too many in the namespace. None where that is nothing.",
		"of")
	lastEvaluation = define("journey_operator_last_evaluation_timestamp_seconds",
		"When the portfolio of a namespace was evaluated last, as a Unix time.")
	lastDuration = define("journey_operator_last_evaluation_duration_seconds",
		"How long the last evaluation of the portfolio of a namespace took.")
)
