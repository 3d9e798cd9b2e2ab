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

package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// Of what the variables choose.
const (
	ofTeams    = `namespace=~"$namespace"`
	ofJourneys = `namespace=~"$namespace",journey=~"$journey"`
)

var (
	valueColors = map[string]string{"delivered": green, "planned": blue, "unplanned": orange, "unelaborated": gray}
	stateColors = map[string]string{"Done": green, "InProgress": blue, "Planned": yellow, "Proposed": orange, "Cancelled": gray}
)

// roadmap is for the people who hold the roadmap session: what customers have of it, what is late, and who is busy.
func roadmap() *dashboard.DashboardBuilder {
	return newDashboard("journey-roadmap", "Customer journeys: roadmap",
		"For the roadmap session: value, moments of truth, what is late or blocked, and the load of teams.", "now-90d").
		WithVariable(choice("namespace", "Portfolio", "journey_objects")).
		WithVariable(choice("journey", "Journey", `journey_moments{namespace=~"$namespace"}`)).
		WithPanel(number("Value delivered", "Part of the value to customers that is delivered.", "percentunit", steps(blue),
			query{expr: share("delivered")})).
		WithPanel(number("Value planned", "Part of the value to customers that the roadmap will deliver.", "percentunit", steps(blue),
			query{expr: share("planned")})).
		WithPanel(number("Value without a plan", "Part of the value to customers that nothing on the roadmap delivers, or that is not elaborated yet.",
			"percentunit", steps(green, step{0.1, yellow}, step{0.3, orange}), query{expr: share("unplanned|unelaborated")})).
		WithPanel(number("Late moments", "Moments that are expected after the day by which they are needed.", "short", anyIsBad(),
			query{expr: `sum(journey_moments_at_risk{` + ofJourneys + `,reason="ForecastLate"})`})).
		WithPanel(number("Needed, without a date", "Moments that are needed by a day, and that cannot be forecast.", "short", anyIsBad(),
			query{expr: `sum(journey_moments_at_risk{` + ofJourneys + `,reason="NoForecast"})`})).
		WithPanel(number("Overdue items", "Live roadmap items past their target date.", "short", anyIsBad(),
			query{expr: `sum(journey_items_off_track{` + ofTeams + `,reason="Overdue"}) or vector(0)`})).
		WithRow(dashboard.NewRowBuilder("Value")).
		WithPanel(stacked("Value over time", "Points of value to customers, by what became of them.",
			query{`sum by (state) (journey_value_points{` + ofJourneys + `})`, "{{state}}"}).Min(0).Overrides(paint(valueColors))).
		WithPanel(matrix("Value by journey", "Points of value to customers, by what became of them.", "short", "journey", "state",
			query{expr: `sum by (journey, state) (journey_value_points{` + ofJourneys + `})`}).Overrides(paint(valueColors))).
		WithRow(dashboard.NewRowBuilder("Moments")).
		WithPanel(list("Moments of truth",
			"When each is expected, by when it is needed, and why it is blocked. With --metrics-all-moments these are all moments.",
			[]column{
				{field: "namespace", name: "Portfolio"}, {field: "journey", name: "Journey"}, {field: "moment", name: "Moment"},
				{"Value #A", "Expected", []dashboard.DynamicConfigValue{unit(day)}},
				{"Value #B", "Needed by", []dashboard.DynamicConfigValue{unit(day)}},
				{"Value #C", "Days of slack", append(colored(steps(red, step{0, yellow}, step{14, green})), dashboard.DynamicConfigValue{Id: "decimals", Value: 0})},
				{field: "reason", name: "Blocked"},
			},
			query{expr: `1000 * max by (namespace, journey, moment) (journey_moment_expected_timestamp_seconds{` + ofJourneys + `})`},
			query{expr: `1000 * max by (namespace, journey, moment) (journey_moment_needed_timestamp_seconds{` + ofJourneys + `})`},
			query{expr: `max by (namespace, journey, moment) (journey_moment_slack_seconds{` + ofJourneys + `}) / 86400`},
			query{expr: `max by (namespace, journey, moment, reason) (journey_moment_blocked{` + ofJourneys + `}) == 1`},
		)).
		WithPanel(course("Slack of moments of truth", "Days between the expected and the needed date. Below zero it is late.", "d",
			query{`max by (namespace, journey, moment) (journey_moment_slack_seconds{` + ofJourneys + `}) / 86400`, "{{journey}}: {{moment}}"}).
			Thresholds(steps(red, step{0, "transparent"})).
			ThresholdsStyle(common.NewGraphThresholdsStyleConfigBuilder().Mode(common.GraphThresholdsStyleModeArea))).
		WithPanel(stacked("Moments at risk", "Moments that will not make the day by which they are needed.",
			query{`sum by (reason) (journey_moments_at_risk{` + ofJourneys + `})`, "{{reason}}"}).Min(0).
			Overrides(paint(map[string]string{"ForecastLate": red, "NoForecast": orange}))).
		WithPanel(bars("Blocked moments, by reason", "What blocked moments wait for.", "short",
			query{`sum by (blocked) (journey_moments{` + ofJourneys + `,blocked!~"MustsDelivered|NoMusts|NoRequirements"})`, "{{blocked}}"})).
		WithPanel(course("Moments", "All moments, those that are blocked, and those of which everything is delivered.", "short",
			query{`sum(journey_moments{` + ofJourneys + `})`, "all"},
			query{`sum(journey_moments{` + ofJourneys + `,blocked!~"MustsDelivered|NoMusts|NoRequirements"}) or vector(0)`, "blocked"},
			query{`sum(journey_moments_realized{` + ofJourneys + `})`, "realized"}).Min(0).
			Overrides(paint(map[string]string{"all": gray, "blocked": orange, "realized": green}))).
		WithRow(dashboard.NewRowBuilder("Teams")).
		WithPanel(list("Load of teams", "What is left to do in live items, until when, and what is off track.",
			[]column{
				{field: "namespace", name: "Portfolio"}, {field: "team", name: "Team"},
				{field: "Value #A", name: "Days of effort left"},
				{"Value #B", "Busy until", []dashboard.DynamicConfigValue{unit(day)}},
				{field: "Value #C", name: "Items in progress"},
				{"Value #D", "Items off track", colored(anyIsBad())},
			},
			query{expr: `sum by (namespace, team) (journey_team_effort_workdays{` + ofTeams + `})`},
			query{expr: `1000 * max by (namespace, team) (journey_team_busy_until_timestamp_seconds{` + ofTeams + `})`},
			query{expr: `sum by (namespace, team) (journey_items{` + ofTeams + `,state="InProgress"})`},
			query{expr: `sum by (namespace, team) (journey_items_off_track{` + ofTeams + `,reason!="DeliveredLate"})`},
		).Span(12)).
		WithPanel(matrix("Items by team and state", "Roadmap items of each team.", "short", "team", "state",
			query{expr: `sum by (team, state) (label_replace(journey_items{` + ofTeams + `}, "team", "no team", "team", ""))`}).Height(10).Overrides(paint(stateColors))).
		WithPanel(stacked("Items by state", "Roadmap items over time.",
			query{`sum by (state) (journey_items{` + ofTeams + `})`, "{{state}}"}).Min(0).Overrides(paint(stateColors))).
		WithPanel(bars("Items off track, by reason", "Roadmap items that miss their target date.", "short",
			query{`sum by (reason) (journey_items_off_track{` + ofTeams + `})`, "{{reason}}"})).
		WithRow(dashboard.NewRowBuilder("Definitions")).
		WithPanel(list("Not ready", "Objects that refer to something that does not exist. Forecasts leave it out: correct them first.",
			[]column{
				{field: "namespace", name: "Portfolio"}, {field: "kind", name: "Kind"}, {field: "reason", name: "Reason"},
				{field: "Value", name: "Objects"},
			},
			query{expr: `sum by (namespace, kind, reason) (journey_objects_not_ready{` + ofTeams + `})`},
		).Span(12).Height(8).NoValue("All are ready")).
		WithPanel(bars("Objects", "Objects of the portfolio, by kind.", "short",
			query{`sum by (kind) (journey_objects{` + ofTeams + `})`, "{{kind}}"}).Span(8)).
		WithPanel(number("Stalled", "Objects that wait for themselves.", "short", anyIsBad(),
			query{expr: `sum(journey_objects_stalled{` + ofTeams + `}) or vector(0)`}).Height(8))
}

// day is the unit of dates, which are whole days.
const day = "time:YYYY-MM-DD"

// share is the part of all value that is in some states.
func share(states string) string {
	return `sum(journey_value_points{` + ofJourneys + `,state=~"` + states + `"}) / sum(journey_value_points{` + ofJourneys + `})`
}
