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
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

const ofJobs = `job=~"$job"`

// operator is for those on call: whether statuses follow changes, and if not, what holds them up.
func operator() *dashboard.DashboardBuilder {
	return newDashboard("journey-operator", "journey-operator",
		"For those on call: whether statuses follow changes, and what holds them up.", "now-6h").
		WithVariable(choice("job", "Job", "journey_operator_build_info")).
		WithPanel(number("Leader", "Each job must have a leader: nobody else writes statuses.", "short", steps(red, step{1, green}),
			query{`max by (job) (journey_operator_leader{` + ofJobs + `})`, "{{job}}"}).
			Mappings([]dashboard.ValueMapping{{ValueMap: &dashboard.ValueMap{Type: dashboard.MappingTypeValueToText, Options: map[string]dashboard.ValueMappingResult{
				"0": {Text: new("none")}, "1": {Text: new("yes")},
			}}}})).
		WithPanel(number("Oldest change", "Age of the oldest change that does not show in statuses yet.", "s",
			steps(green, step{60, yellow}, step{300, red}), query{expr: `max(journey_operator_queue_oldest_seconds{` + ofJobs + `})`})).
		WithPanel(number("Change to status", "Time from a change to its last status, for 99 % of the changes of the last hour.", "s",
			steps(green, step{30, yellow}, step{300, red}), query{expr: quantile(0.99, "journey_operator_change_to_status_seconds", "1h") + " >= 0"}).NoValue("no change")).
		WithPanel(number("Failed writes", "Status writes that failed in the last hour. They are tried again.", "short",
			steps(green, step{1, yellow}), query{expr: `round(sum(increase(journey_operator_status_writes_total{` + ofJobs + `,result="error"}[1h])))`})).
		WithPanel(number("Failed evaluations", "Evaluations that failed in the last hour: a bug of the operator.", "short", anyIsBad(),
			query{expr: `round(sum(increase(journey_operator_evaluations_total{` + ofJobs + `,result="panic"}[1h])))`})).
		WithPanel(number("Portfolios", "Namespaces that hold a portfolio.", "short", steps(blue),
			query{expr: `sum(max by (job) (journey_operator_portfolios{` + ofJobs + `}))`})).
		WithPanel(list("Replicas", "What runs, and who leads.",
			[]column{
				{field: "job", name: "Job"}, {field: "instance", name: "Instance"}, {field: "version", name: "Version"},
				{field: "revision", name: "Revision"}, {field: "goversion", name: "Go"}, {field: "Value #B", name: "Leads"},
				{"Value #C", "Running for", []dashboard.DynamicConfigValue{unit("s")}},
			},
			query{expr: `max by (job, instance, version, revision, goversion) (journey_operator_build_info{` + ofJobs + `})`},
			query{expr: `max by (job, instance) (journey_operator_leader{` + ofJobs + `})`},
			query{expr: `time() - max by (job, instance) (process_start_time_seconds{` + ofJobs + `})`},
		).Height(5)).
		WithRow(dashboard.NewRowBuilder("From a change to its status")).
		WithPanel(course("Change to status", "Time from a change seen to the last status written that follows from it.", "s",
			quantiles("journey_operator_change_to_status_seconds")...)).
		WithPanel(course("Oldest change", "Age of the oldest change that waits for an evaluation or a write.", "s",
			query{`max by (instance) (journey_operator_queue_oldest_seconds{` + ofJobs + `})`, "{{instance}}"})).
		WithPanel(course("Status writes", "Status writes a second.", "ops",
			query{`sum by (result) (rate(journey_operator_status_writes_total{` + ofJobs + `}[$__rate_interval]))`, "{{result}}"}).
			Overrides(paint(map[string]string{"success": green, "error": red}))).
		WithPanel(stacked("Pending writes", "Objects whose status in the cluster is not yet the evaluated one.",
			query{`sum by (kind) (max by (job, kind) (journey_operator_status_writes_pending{` + ofJobs + `}))`, "{{kind}}"})).
		WithRow(dashboard.NewRowBuilder("Evaluations")).
		WithPanel(course("Evaluations", "Evaluations a second.", "ops",
			query{`sum by (result) (rate(journey_operator_evaluations_total{` + ofJobs + `}[$__rate_interval]))`, "{{result}}"}).
			Overrides(paint(map[string]string{"success": green, "panic": red}))).
		WithPanel(course("Duration", "How long an evaluation takes.", "s", quantiles("journey_operator_evaluation_duration_seconds")...)).
		WithPanel(course("Oldest evaluations", "Time since the last evaluation of a portfolio: at most a day. The ten oldest.", "s",
			query{`topk(10, time() - max by (namespace) (journey_operator_last_evaluation_timestamp_seconds{` + ofJobs + `}))`, "{{namespace}}"})).
		WithPanel(course("Longest evaluations", "How long the last evaluation of a portfolio took. The ten longest.", "s",
			query{`topk(10, max by (namespace) (journey_operator_last_evaluation_duration_seconds{` + ofJobs + `}))`, "{{namespace}}"})).
		WithPanel(stacked("Objects", "Objects in all portfolios.",
			query{`sum by (kind) (max by (job, kind) (journey_operator_objects{` + ofJobs + `}))`, "{{kind}}"})).
		WithPanel(list("Largest portfolios", "The twenty with the most objects.",
			[]column{{field: "namespace", name: "Portfolio"}, {field: "Value", name: "Objects"}},
			query{expr: `topk(20, sum by (namespace) (journey_objects{` + ofJobs + `}))`}).Span(12).Height(8)).
		WithRow(dashboard.NewRowBuilder("API server and process")).
		WithPanel(course("Requests to the API server", "Requests a second, by answer.", "reqps",
			query{`sum by (code) (rate(rest_client_requests_total{` + ofJobs + `}[$__rate_interval]))`, "{{code}}"})).
		WithPanel(course("Queues", "Objects that wait for a writer.", "short",
			query{`sum by (name) (workqueue_depth{` + ofJobs + `})`, "{{name}}"})).
		WithPanel(course("Memory", "Resident memory.", "bytes",
			query{`max by (instance) (process_resident_memory_bytes{` + ofJobs + `})`, "{{instance}}"}).Min(0).Span(8)).
		WithPanel(course("CPU", "Processors in use.", "short",
			query{`max by (instance) (rate(process_cpu_seconds_total{` + ofJobs + `}[$__rate_interval]))`, "{{instance}}"}).Min(0).Span(8)).
		WithPanel(course("Goroutines", "Many more than usual: something hangs.", "short",
			query{`max by (instance) (go_goroutines{` + ofJobs + `})`, "{{instance}}"}).Min(0).Span(8))
}

func quantiles(histogram string) []query {
	var queries []query
	for _, q := range []float64{0.5, 0.9, 0.99} {
		queries = append(queries, query{quantile(q, histogram, "$__rate_interval"), fmt.Sprintf("%g %%", 100*q)})
	}
	return queries
}

func quantile(q float64, histogram, during string) string {
	return fmt.Sprintf("histogram_quantile(%g, sum by (le) (rate(%s_bucket{%s}[%s])))", q, histogram, ofJobs, during)
}
