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

package v1alpha1_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// minimal is the least that each kind can do with.
var minimal = map[string]string{
	"Journey": `
metadata: {name: buy}
spec: {title: Buy}`,
	"Moment": `
metadata: {name: choose}
spec: {journeyRef: {name: buy}, phase: orient, title: Choose, importance: 1}`,
	"Requirement": `
metadata: {name: compare}
spec: {momentRefs: [{name: choose}], title: Compare, moscow: Must}`,
	"BuildingBlock": `
metadata: {name: catalogue}
spec: {title: Catalogue, stages: [{name: weekly}]}`,
	"RoadmapItem": `
metadata: {name: import}
spec: {title: Import, delivers: [{name: catalogue}]}`,
	"Roadmap": `
metadata: {name: default}`,
	"Metric": `
metadata: {name: calls}
spec: {title: Calls, direction: Decrease}`,
	"Observation": `
metadata: {name: metric-calls}
spec: {of: {kind: Metric, name: calls}, observedOn: 2027-03-01}`,
	"Source": `
metadata: {name: prometheus}
spec: {type: Prometheus, url: "https://prometheus.example.com"}`,
}

// refused are merge patches (RFC 7386) on the minimal objects that must not be accepted, with what people read then.
var refused = map[string][]struct{ patch, want string }{
	"Journey": {
		{`spec: null`, `spec: Required value`},
		{`spec: {title: null}`, `spec.title: Required value`},
		{`spec: {title: ""}`, `spec.title in body should be at least 1 chars long`},
		{`spec: {titel: Buy}`, `unknown field "spec.titel"`},
		{`spec: {phases: [{name: a, titel: A}]}`, `unknown field "spec.phases[0].titel"`},
		{`spec: {phases: [{name: a}, {name: b}, {name: a}]}`,
			`spec.phases: Invalid value: phase names must be unique within the journey: rename one of the phases that share a name`},
		{`spec: {phases: [{title: A}]}`, `spec.phases[0].name: Required value`},
		{`spec: {personas: [{name: a}, {name: a}]}`, `spec.personas[1]: Duplicate value: {"name":"a"}`},
		{`spec: {channels: [{name: Web Shop}]}`, `spec.channels[0].name in body should match '^[a-z0-9]`},
		{`spec: {brand: {values: [{name: a}, {name: a}]}}`, `spec.brand.values[1]: Duplicate value`},
		{`spec: {perspective: toBe}`, `supported values: "AsIs", "ToBe"`},
		{`spec: {weightPercent: -1}`, `spec.weightPercent in body should be greater than or equal to 0`},
		{`spec: {review: {lastOn: 2027-03-01}}`, `spec.review.everyDays: Required value`},
		{`spec: {review: {everyDays: 0}}`, `spec.review.everyDays in body should be greater than or equal to 1`},
		{`spec: {weightPercent: 1001}`, `spec.weightPercent in body should be less than or equal to 1000`},
	},
	"Moment": {
		{`spec: {journeyRef: null}`, `spec.journeyRef: Required value`},
		{`spec: {journeyRef: {name: null}}`, `spec.journeyRef.name: Required value`},
		{`spec: {journeyRef: {name: ""}}`, `spec.journeyRef.name in body should be at least 1 chars long`},
		{`spec: {journeyRef: {name: Buy Online}}`, `spec.journeyRef.name in body should match '^[a-z0-9]`},
		{`spec: {journeyRef: {namespace: other}}`, `unknown field "spec.journeyRef.namespace"`},
		{`spec: {phase: null}`, `spec.phase: Required value`},
		{`spec: {phase: Orient}`, `spec.phase in body should match`},
		{`spec: {importance: null}`, `spec.importance: Required value`},
		{`spec: {importance: 0}`, `spec.importance in body should be greater than or equal to 1`},
		{`spec: {importance: 101}`, `spec.importance in body should be less than or equal to 100`},
		{`spec: {importance: high}`, `spec.importance in body must be of type integer: "string"`},
		{`spec: {experience: {current: 0}}`, `spec.experience.current in body should be greater than or equal to 1`},
		{`spec: {experience: {target: 6}}`, `spec.experience.target in body should be less than or equal to 5`},
		{`spec: {channels: [app, app]}`, `spec.channels[1]: Duplicate value: "app"`},
		{`spec: {insights: [{name: a, kind: Pains}]}`, `supported values: "Pain", "Gain", "Need"`},
		{`spec: {insights: [{name: a, evidence: see wiki}]}`, `spec.insights[0].evidence in body should match '^https?://'`},
		{`spec: {neededBy: 2027-02-30}`, `spec.neededBy in body must be of type date: "2027-02-30"`},
		{`spec: {neededBy: next year}`, `spec.neededBy in body must be of type date: "next year"`},
		{`spec: {insights: [{name: a, validatedOn: 2027-02-30}]}`, `spec.insights[0].validatedOn in body must be of type date`},
	},
	"Requirement": {
		{`spec: {momentRefs: null}`, `spec.momentRefs: Required value`},
		{`spec: {momentRefs: []}`, `spec.momentRefs in body should have at least 1 items`},
		{`spec: {momentRefs: [{name: a}, {name: a}]}`, `spec.momentRefs[1]: Duplicate value: {"name":"a"}`},
		{`spec: {momentRefs: [{name: a}, {name: moment/b}]}`, `spec.momentRefs[1].name in body should match '^[a-z0-9]`},
		{`spec: {buildingBlockRef: {name: catalogue/weekly}}`, `spec.buildingBlockRef.name in body should match '^[a-z0-9]`},
		{`spec: {moscow: null}`, `spec.moscow: Required value`},
		{`spec: {moscow: Won't}`, `supported values: "Must", "Should", "Could", "Wont"`},
		{`spec: {type: Technical}`, `supported values: "Functional", "Data", "Integration", "Content", "Process", "Organisation", "Quality"`},
		{`spec: {buildingBlockRef: {stage: daily}}`, `spec.buildingBlockRef.name: Required value`},
		{`spec: {externalRef: {system: jira}}`, `spec.externalRef.id: Required value`},
	},
	"BuildingBlock": {
		{`spec: {stages: null}`, `spec.stages: Required value`},
		{`spec: {stages: []}`, `spec.stages in body should have at least 1 items`},
		{`spec: {stages: [{name: daily}, {name: weekly}, {name: daily}]}`,
			`spec.stages: Invalid value: stage names must be unique within the block: rename one of the stages that share a name`},
		{`spec: {stages: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}, {name: f}, {name: g}, {name: h}, {name: i}, {name: j}, {name: k}]}`,
			`spec.stages: Too many: 11: must have at most 10 items`},
		{`spec: {stages: [{name: a, effortDays: -1}]}`, `spec.stages[0].effortDays in body should be greater than or equal to 0`},
		{`spec: {stages: [{name: a, dependsOn: [{stage: b}]}]}`, `spec.stages[0].dependsOn[0].name: Required value`},
		{`spec: {stages: [{name: a, dependsOn: [{name: B}]}]}`, `spec.stages[0].dependsOn[0].name in body should match '^[a-z0-9]`},
		{`spec: {stages: [{name: a, deliveredWhen: [{name: up, apiVersion: v1, kind: Secret, objectName: b}]}]}`,
			`spec.stages[0].deliveredWhen[0].kind: Invalid value: "Secret": Secrets and ConfigMaps are never looked at: check the object that uses it`},
		{`spec: {stages: [{name: a, deliveredWhen: [{name: up, apiVersion: v1, kind: ConfigMap, objectName: b}]}]}`, `Secrets and ConfigMaps are never looked at`},
		{`spec: {stages: [{name: a, deliveredWhen: [{name: up, apiVersion: apps/v1, kind: deployments, objectName: b}]}]}`,
			`spec.stages[0].deliveredWhen[0].kind in body should match`},
		{`spec: {stages: [{name: a, deliveredWhen: [{name: up, apiVersion: a/b/c, kind: Deployment, objectName: b}]}]}`,
			`spec.stages[0].deliveredWhen[0].apiVersion in body should match`},
		{`spec: {stages: [{name: a, deliveredWhen: [{name: up, apiVersion: apps/v1, kind: Deployment}]}]}`,
			`spec.stages[0].deliveredWhen[0].objectName: Required value`},
		{`spec: {complexity: Huge}`, `supported values: "Low", "Medium", "High", "VeryHigh"`},
		{`spec: {sourcing: Borrow}`, `supported values: "Configure", "Extend", "Build", "Buy"`},
		{`spec: {feasibilityPercent: 0}`, `spec.feasibilityPercent in body should be greater than or equal to 1`},
		{`spec: {feasibilityPercent: 101}`, `spec.feasibilityPercent in body should be less than or equal to 100`},
		{`spec: {systems: [SAP, SAP]}`, `spec.systems[1]: Duplicate value: "SAP"`},
	},
	"RoadmapItem": {
		{`spec: {delivers: null}`, `spec.delivers: Required value`},
		{`spec: {delivers: []}`, `spec.delivers in body should have at least 1 items`},
		{`spec: {delivers: [{name: a_b}]}`, `spec.delivers[0].name in body should match '^[a-z0-9]`},
		{`spec: {delivers: [{name: a}, {name: a}]}`, `spec.delivers: Invalid value: delivers must name each stage once: remove the duplicate`},
		{`spec: {delivers: [{name: a, stage: s}, {name: b}, {name: a, stage: s}]}`, `delivers must name each stage once: remove the duplicate`},
		{`spec: {state: Done}`, `spec.finishDate: Invalid value: finishDate goes with state Done: set both, or neither`},
		{`spec: {finishDate: 2027-03-01}`, `spec.finishDate: Invalid value: finishDate goes with state Done: set both, or neither`},
		{`spec: {state: Planned, finishDate: 2027-03-01}`, `finishDate goes with state Done: set both, or neither`},
		{`spec: {state: Cancelled, finishDate: 2027-03-01}`, `finishDate goes with state Done: set both, or neither`},
		{`spec: {state: Paused}`, `supported values: "Proposed", "Planned", "InProgress", "Done", "Cancelled"`},
		{`spec: {startDate: 2027-03-02, targetDate: 2027-03-01}`,
			`spec.targetDate: Invalid value: targetDate must not be before startDate: move one of them`},
		{`spec: {state: Done, startDate: 2027-03-02, finishDate: 2027-03-01}`,
			`spec.finishDate: Invalid value: finishDate must not be before startDate: correct one of them`},
		{`spec: {state: Done, startedDate: 2027-03-02, finishDate: 2027-03-01}`,
			`spec.finishDate: Invalid value: finishDate must not be before startedDate: correct one of them`},
		{`spec: {hypothesis: {metricRef: {name: calls}}}`,
			`spec.hypothesis.expectedDelta: Invalid value: metricRef and expectedDelta go together: set both, or neither`},
		{`spec: {hypothesis: {expectedDelta: 1}}`, `metricRef and expectedDelta go together: set both, or neither`},
		{`spec: {hypothesis: {metricRef: {name: calls}, expectedDelta: 0}}`,
			`spec.hypothesis.expectedDelta: Invalid value: 0: expectedDelta must be above 0, whatever the direction of the metric: give it without a sign`},
		{`spec: {hypothesis: {metricRef: {name: calls}, expectedDelta: "-0.5"}}`, `expectedDelta must be above 0`},
		{`spec: {hypothesis: {metricRef: {name: calls}, expectedDelta: 1000000000000}}`,
			`the number is too large: it must be below a million millions, so choose a larger unit`},
		{`spec: {externalRef: {system: jira, id: A-1, sourceRef: {name: Jira}}}`, `spec.externalRef.sourceRef.name in body should match`},
		{`spec: {startDate: 2027-02-30}`, `spec.startDate in body must be of type date: "2027-02-30"`},
		{`spec: {dependsOn: [{name: a}, {name: a}]}`, `spec.dependsOn[1]: Duplicate value: {"name":"a"}`},
		{`spec: {dependsOn: [{name: a.}]}`, `spec.dependsOn[0].name in body should match '^[a-z0-9]`},
		{`spec: {dependsOn: [{lagDays: 1}]}`, `spec.dependsOn[0].name: Required value`},
		{`spec: {dependsOn: [{name: a, lagDays: -1}]}`, `spec.dependsOn[0].lagDays in body should be greater than or equal to 0`},
		{`spec: {dependsOn: [{name: a, lagDays: 1001}]}`, `spec.dependsOn[0].lagDays in body should be less than or equal to 1000`},
		{`spec: {dependsOn: [{name: a, lagDays: 0.5}]}`, `spec.dependsOn[0].lagDays in body must be of type int32`},
		{`spec: {dependsOn: [{name: a}, {name: a, lagDays: 5}]}`, `spec.dependsOn[1]: Duplicate value: {"name":"a"}`},
		{`spec: {progressPercent: 101}`, `spec.progressPercent in body should be less than or equal to 100`},
		{`spec: {track: Sales}`, `supported values: "Marketing", "IT"`},
		{`spec: {scores: [{name: reach, value: high}]}`, `spec.scores[0].value in body should match`},
		{`spec: {scores: [{name: reach, value: 0.5}]}`, `spec.scores[0].value in body must be of type`},
		{`spec: {scores: [{name: reach, value: 1}, {name: reach, value: 2}]}`, `spec.scores[1]: Duplicate value: {"name":"reach"}`},
		{`spec: {why: ` + strings.Repeat("because ", 6250) + `}`, `spec.why: Too long: may not be more than 5000`},
	},
	"Roadmap": {
		{`metadata: {name: mine}`, `a namespace has one Roadmap: name it default`},
		{`spec: {weights: {customer: 70}}`, `spec.weights: Invalid value: customer and business must add up to 100: set both`},
		{`spec: {weights: {customer: 50, business: 51}}`, `customer and business must add up to 100: set both`},
		{`spec: {weights: {customer: 0, business: 0}}`, `customer and business must add up to 100: set both`},
		{`spec: {moscow: {must: 0}}`, `spec.moscow.must in body should be greater than or equal to 1`},
		{`spec: {moscow: {wont: 1}}`, `unknown field "spec.moscow.wont"`},
		{`spec: {complexityPercent: {low: 0}}`, `spec.complexityPercent.low in body should be greater than or equal to 1`},
		{`spec: {calendar: {workdays: []}}`, `spec.calendar.workdays in body should have at least 1 items`},
		{`spec: {calendar: {workdays: [Monday]}}`, `supported values: "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"`},
		{`spec: {calendar: {workdays: [Mon, Mon]}}`, `spec.calendar.workdays[1]: Duplicate value: "Mon"`},
		{`spec: {calendar: {holidays: [2027-02-29]}}`, `spec.calendar.holidays[0] in body must be of type date: "2027-02-29"`},
		{`spec: {teams: [{name: a}, {name: a}]}`, `spec.teams[1]: Duplicate value: {"name":"a"}`},
		{`spec: {teams: [{name: a, holidays: [2027-02-29]}]}`, `spec.teams[0].holidays[0] in body must be of type date: "2027-02-29"`},
		{`spec: {teams: [{name: a, holidays: [2027-03-01T00:00:00Z]}]}`, `spec.teams[0].holidays[0]: Too long: may not be more than 10`},
		{`spec: {teams: [{name: a, lanes: 0}]}`, `spec.teams[0].lanes in body should be greater than or equal to 1`},
		{`spec: {proof: Demand}`, `supported values: "Report", "Require"`},
		{`spec: {stateFrom: Jira}`, `supported values: "Spec", "Tracker"`},
		{`spec: {insightValidDays: -1}`, `spec.insightValidDays in body should be greater than or equal to 0`},
	},
	"Metric": {
		{`spec: {direction: null}`, `spec.direction: Required value`},
		{`spec: {direction: Up}`, `supported values: "Increase", "Decrease"`},
		{`spec: {type: Sales}`, `supported values: "NPS", "CSAT", "CES", "Conversion", "Volume", "Duration", "Other"`},
		{`spec: {momentRefs: [{name: a}], journeyRef: {name: b}}`,
			`spec.journeyRef: Invalid value: a metric measures moments or a whole journey: give momentRefs or journeyRef, not both`},
		{`spec: {momentRefs: [{name: a}, {name: a}]}`, `spec.momentRefs[1]: Duplicate value: {"name":"a"}`},
		{`spec: {sourceRef: {name: a}}`, `spec.query: Invalid value: sourceRef and query go together: set both, or neither`},
		{`spec: {query: up}`, `sourceRef and query go together: set both, or neither`},
		{`spec: {baseline: {value: 1, date: 2027-03-02}, target: {value: 2, date: 2027-03-01}}`,
			`spec.target: Invalid value: the date of the target must not be before that of the baseline: move one of them`},
		{`spec: {baseline: {value: 1}}`, `spec.baseline.date: Required value`},
		{`spec: {target: {date: 2027-03-01}}`, `spec.target.value: Required value`},
		{`spec: {noise: "-1"}`, `spec.noise: Invalid value: "-1": noise must not be negative: give it without a sign`},
		{`spec: {samples: [{date: 2027-03-01, value: 1}, {date: 2027-03-01, value: 2}]}`, `spec.samples[1]: Duplicate value: {"date":"2027-03-01"}`},
		{`spec: {samples: [{date: 2027-02-29, value: 1}]}`, `spec.samples[0].date in body must be of type date`},
		{`spec: {samples: [{date: 2027-03-01}]}`, `spec.samples[0].value: Required value`},
		{`spec: {samples: [{date: 2027-03-01, value: 0.5}]}`, `spec.samples[0].value in body must be of type`},
		{`spec: {samples: [{date: 2027-03-01, value: "0.1234567"}]}`, `spec.samples[0].value in body should match`},
		{`spec: {samples: [{date: 2027-03-01, value: "1e3"}]}`, `spec.samples[0].value in body should match`},
		{`spec: {samples: [{date: 2027-03-01, value: 1T}]}`, `spec.samples[0].value in body should match`},
		{`spec: {samples: [{date: 2027-03-01, value: 1n}]}`, `spec.samples[0].value in body should match`},
		{`spec: {samples: [{date: 2027-03-01, value: "1000000000000"}]}`, `spec.samples[0].value in body should match`},
		{`spec: {samples: [{date: 2027-03-01, value: -1000000000000}]}`,
			`spec.samples[0].value: Invalid value: -1000000000000: the number is too large: it must be below a million millions, so choose a larger unit`},
		{`spec: {windowDays: 0}`, `spec.windowDays in body should be greater than or equal to 1`},
		{`spec: {settleDays: -1}`, `spec.settleDays in body should be greater than or equal to 0`},
	},
	"Observation": {
		{`spec: {of: null}`, `spec.of: Required value`},
		{`spec: {of: {kind: Moment}}`, `supported values: "Metric", "RoadmapItem", "BuildingBlock"`},
		{`spec: {observedOn: null}`, `spec.observedOn: Required value`},
		{`spec: {samples: [{date: 2027-03-01, value: 1}], proofs: [{stage: a, check: b, holds: true}]}`,
			`an observation tells one thing: samples, work or proofs, not several`},
		{`spec: {of: {kind: RoadmapItem}, samples: [{date: 2027-03-01, value: 1}]}`,
			`spec.samples: Invalid value: samples are observed of a Metric: correct of.kind, or remove samples`},
		{`spec: {samples: [{date: 2027-03-01, value: 1000000000000}]}`,
			`the number is too large: it must be below a million millions, so choose a larger unit`},
		{`spec: {work: {state: Done}}`, `spec.work: Invalid value: work is observed of a RoadmapItem: correct of.kind, or remove work`},
		{`spec: {proofs: [{stage: a, check: b, holds: true}]}`,
			`spec.proofs: Invalid value: proofs are observed of a BuildingBlock: correct of.kind, or remove proofs`},
		{`spec: {of: {kind: RoadmapItem}, work: {state: Closed}}`, `supported values: "Proposed", "Planned", "InProgress", "Done", "Cancelled"`},
		{`spec: {of: {kind: RoadmapItem}, work: {state: Done, startedDate: 2027-03-02, finishDate: 2027-03-01}}`,
			`spec.work.finishDate: Invalid value: finishDate must not be before startedDate: correct one of them`},
		{`spec: {of: {kind: BuildingBlock}, proofs: [{stage: a, check: b}]}`, `spec.proofs[0].holds: Required value`},
		{`spec: {of: {kind: BuildingBlock}, proofs: [{stage: a, check: b, holds: true}, {stage: a, check: b, holds: false}]}`, `spec.proofs[1]: Duplicate value`},
		{`spec: {problem: {message: no}}`, `spec.problem.reason: Required value`},
		{`spec: {problem: {reason: Not found}}`, `spec.problem.reason in body should match`},
	},
	"Source": {
		{`spec: {type: Excel}`, `supported values: "Prometheus", "HTTP", "GitHub", "GitLab", "Jira", "Kubernetes"`},
		{`spec: {url: null}`, `spec.url: Invalid value: every type but Kubernetes needs a url, and Kubernetes has none: it is the observer's own cluster`},
		{`spec: {type: Kubernetes}`, `every type but Kubernetes needs a url, and Kubernetes has none: it is the observer's own cluster`},
		{`spec: {url: "ftp://example.com"}`, `spec.url in body should match`},
		{`spec: {url: "https://user:secret@example.com"}`, `spec.url in body should match`},
		{`spec: {url: "https://example.com/?token=secret"}`, `spec.url in body should match`},
		{`spec: {type: HTTP}`, `spec.expression: Invalid value: expression goes with type HTTP: set it there, and only there`},
		{`spec: {expression: body}`, `expression goes with type HTTP: set it there, and only there`},
		{`spec: {allow: [{apiVersion: apps/v1, kind: Deployment}]}`, `spec.allow: Invalid value: allow is for type Kubernetes: remove it`},
		{`spec: {type: Kubernetes, url: null, secretRef: {name: a, key: b}}`,
			`spec.secretRef: Invalid value: type Kubernetes needs no secret: the observer's own rights hold`},
		{`spec: {type: Kubernetes, url: null, allow: [{apiVersion: v1, kind: Secret}]}`,
			`spec.allow[0].kind: Invalid value: "Secret": Secrets and ConfigMaps are never looked at: allow the object that uses it`},
		{`spec: {stateOverrides: [{from: open, to: Planned}]}`,
			`spec.stateOverrides: Invalid value: stateOverrides are for trackers (GitHub, GitLab, Jira): remove them`},
		{`spec: {type: Jira, stateOverrides: [{from: open, to: Planned}, {from: open, to: Done}]}`, `spec.stateOverrides[1]: Duplicate value: {"from":"open"}`},
		{`spec: {interval: 30s}`, `spec.interval: Invalid value: "30s": interval must be from 1m to 168h: correct it`},
		{`spec: {interval: 169h}`, `interval must be from 1m to 168h: correct it`},
		{`spec: {requestsPerMinute: 0}`, `spec.requestsPerMinute in body should be greater than or equal to 1`},
	},
}

// accepted are merge patches on the minimal objects that are fine, with what the spec then is where that is more than
// what was sent. References to what does not exist are fine: Git applies in any order.
var accepted = map[string][]struct{ patch, want string }{
	"Journey": {
		{`{}`, `{title: Buy, weightPercent: 100}`},
		{`spec: {weightPercent: 0}`, ``},
		{`spec: {phases: [{name: b}, {name: a}]}`, `{title: Buy, weightPercent: 100, phases: [{name: b}, {name: a}]}`},
	},
	"Moment": {
		{`{}`, `{journeyRef: {name: buy}, phase: orient, title: Choose, importance: 1}`},
		{`spec: {neededBy: 2028-02-29}`, ``},
		{`spec: {channels: [nowhere], brandValues: [none]}`, ``},
	},
	"Requirement": {
		{`{}`, `{momentRefs: [{name: choose}], title: Compare, moscow: Must}`},
		{`spec: {buildingBlockRef: {name: catalogue}}`, ``},
		{`spec: {buildingBlockRef: {name: nowhere, stage: never}}`, ``},
		{`spec: {buildingBlockRef: {name: v2.catalogue.1}}`, ``},
		{`spec: {momentRefs: [{name: a}, {name: b}]}`, ``},
	},
	"BuildingBlock": {
		{`{}`, `{title: Catalogue, complexity: Medium, feasibilityPercent: 100, stages: [{name: weekly}]}`},
		{`spec: {complexity: VeryHigh, feasibilityPercent: 1}`, ``},
		{`spec: {stages: [{name: weekly, dependsOn: [{name: catalogue, stage: weekly}]}]}`, ``},
	},
	"RoadmapItem": {
		{`{}`, `{title: Import, state: Proposed, delivers: [{name: catalogue}]}`},
		{`spec: {dependsOn: [{name: import}]}`, ``},
		{`spec: {dependsOn: [{name: nowhere}], team: nobody}`, ``},
		{`spec: {dependsOn: [{name: a, lagDays: 0}, {name: b, lagDays: 1000}]}`, ``},
		{`spec: {delivers: [{name: a}, {name: a, stage: s}, {name: a, stage: t}, {name: b, stage: s}]}`, ``},
		{`spec: {state: Done, finishDate: 2027-03-01}`, ``},
		{`spec: {state: Done, startDate: 2027-03-01, finishDate: 2027-03-01, targetDate: 2027-03-01}`, ``},
		{`spec: {state: Done, startDate: 2027-03-01, finishDate: 2027-03-09, targetDate: 2027-03-02}`, ``},
		{`spec: {state: Done, finishDate: 2026-12-31, targetDate: 2026-02-28}`, ``},
		{`spec: {effortDays: 0}`, `{title: Import, state: Proposed, delivers: [{name: catalogue}], effortDays: 0}`},
		{`spec: {scores: [{name: reach, value: 8}, {name: confidence, value: "0.5"}]}`,
			`{title: Import, state: Proposed, delivers: [{name: catalogue}], scores: [{name: reach, value: 8}, {name: confidence, value: "0.5"}]}`},
	},
	"Roadmap": {
		{`{}`, ``},
		{`spec: {}`, `{momentOfTruthPercent: 200, unvalidatedInsightPercent: 50, shortCycleMaxEffortDays: 10, proof: Report, stateFrom: Spec}`},
		{`spec: {weights: {}, moscow: {}, complexityPercent: {}, calendar: {}, teams: [{name: web}]}`, `
momentOfTruthPercent: 200
unvalidatedInsightPercent: 50
shortCycleMaxEffortDays: 10
proof: Report
stateFrom: Spec
weights: {customer: 50, business: 50}
moscow: {must: 3, should: 2, could: 1}
complexityPercent: {low: 100, medium: 125, high: 160, veryHigh: 200}
calendar: {workdays: [Mon, Tue, Wed, Thu, Fri]}
teams: [{name: web, lanes: 1, velocityPercent: 100}]`},
		{`spec: {teams: [{name: web, lanes: 2, velocityPercent: 80, holidays: [2027-03-01, 2026-12-24]}]}`, `
momentOfTruthPercent: 200
unvalidatedInsightPercent: 50
shortCycleMaxEffortDays: 10
proof: Report
stateFrom: Spec
teams: [{name: web, lanes: 2, velocityPercent: 80, holidays: [2027-03-01, 2026-12-24]}]`},
		{`spec: {weights: {customer: 100, business: 0}, moscow: {should: 0, could: 0}, momentOfTruthPercent: 0}`, ``},
		// Whether an expression compiles shows as a condition.
		{`spec: {valueExpression: "nonsense("}`, ``},
	},
	"Metric": {
		{`{}`, `
title: Calls
direction: Decrease
type: Other
aggregation: Mean
windowDays: 28
settleDays: 14
minimumSamples: 3
maxAgeDays: 35
noise: "0"`},
		{`spec: {settleDays: 0, noise: 0, sourceRef: {name: nowhere}, query: "sum(calls)"}`, ``},
		{`spec: {momentRefs: [], journeyRef: {name: nowhere}}`, ``},
		{`spec: {samples: [{date: 2028-02-29, value: 268}, {date: 2027-03-02, value: "0.35"}, {date: 2027-03-01, value: 350m}, {date: 2027-03-03, value: "-999999999999.999999"}]}`, ``},
		{`spec: {baseline: {value: 412, date: 2027-03-01}, target: {value: 300, date: 2027-03-01}}`, ``},
		{`spec: {target: {value: 999999999999}}`, ``},
	},
	"Observation": {
		{`{}`, `{of: {kind: Metric, name: calls}, observedOn: 2027-03-01}`},
		{`spec: {problem: {reason: SourceNotFound}, samples: [{date: 2027-03-01, value: 268}]}`, ``},
		{`spec: {of: {kind: RoadmapItem}, sourceRef: {name: jira}, work: {state: Done, startedDate: 2027-03-01, finishDate: 2027-03-01}}`, ``},
		{`spec: {of: {kind: BuildingBlock}, proofs: [{stage: a, check: b, holds: false, provenOn: 2027-03-01}, {stage: b, check: b, holds: true}]}`, ``},
	},
	"Source": {
		{`{}`, `{type: Prometheus, url: "https://prometheus.example.com", interval: 1h, requestsPerMinute: 60}`},
		{`spec: {type: HTTP, expression: body, namespaceSelector: {}}`, ``},
		{`spec: {type: Kubernetes, url: null, allow: [{apiVersion: apps/v1, kind: Deployment, namespaces: ["*"]}]}`, ``},
		{`spec: {type: Jira, url: "https://example.com/jira", secretRef: {name: a, key: b}, stateOverrides: [{from: In Review, to: InProgress}]}`, ``},
	},
}

func TestRefused(t *testing.T) {
	c := theCluster(t)
	for kind, cases := range refused {
		for _, test := range cases {
			err := c.client.Create(t.Context(), patched(t, kind, test.patch), client.DryRunAll)
			switch {
			case err == nil:
				t.Errorf("%s with %s is accepted, want %q", kind, short(test.patch), test.want)
			case !strings.Contains(err.Error(), test.want):
				t.Errorf("%s with %s is refused with\n%v\nwant\n%s", kind, short(test.patch), err, test.want)
			}
		}
	}
}

func TestAccepted(t *testing.T) {
	c := theCluster(t)
	for kind, cases := range accepted {
		for _, test := range cases {
			object := patched(t, kind, test.patch)
			if err := c.client.Create(t.Context(), object, client.DryRunAll); err != nil {
				t.Errorf("%s with %s: %v", kind, test.patch, err)
				continue
			}
			if test.want == "" {
				continue
			}
			got, want := mustJSON(t, object.Object["spec"]), normalized(t, test.want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s with %s (-want +got):\n%s", kind, test.patch, diff)
			}
		}
	}
}

// TestMinimalObjectsInAnyOrder stores them in the order in which every reference dangles, for real.
func TestMinimalObjectsInAnyOrder(t *testing.T) {
	c := theCluster(t)
	for _, kind := range []string{"RoadmapItem", "Requirement", "Moment", "BuildingBlock", "Journey", "Roadmap", "Metric", "Observation", "Source"} {
		c.store(t, patched(t, kind, "{}"))
	}
}

// TestObservationsStayWithTheirObject tries to move one to another object.
func TestObservationsStayWithTheirObject(t *testing.T) {
	c := theCluster(t)
	observation := patched(t, "Observation", "metadata: {name: moved}")
	c.store(t, observation)
	set(t, observation, "spec.of.name", "other")
	err := c.client.Update(t.Context(), observation)
	if want := "an observation stays with its object: create another one"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("moving an observation gives %v, want %s", err, want)
	}
}

// TestEveryRuleIsTried fails for a rule in a CRD of which no refused object shows that it works and what it says.
func TestEveryRuleIsTried(t *testing.T) {
	rules := 0
	for kind, definition := range definitions(t) {
		walk("", schemaOf(definition), func(path string, s *schema) {
			for _, rule := range s.XValidations {
				rules++
				if rule.Message == "" || !strings.Contains(rule.Message, ": ") {
					t.Errorf("%s %s: the message %q of %s must say what is wrong, a colon, and what to do", kind, path, rule.Message, rule.Rule)
				}
				// What a status holds is the operator's, and rules on changes have tests of their own.
				if isIn(path, "status") || strings.Contains(rule.Rule, "oldSelf") {
					continue
				}
				if !isTried(kind, rule.Message) {
					t.Errorf("%s %s: add an object to refused that breaks %s", kind, path, rule.Rule)
				}
			}
		})
	}
	if rules == 0 {
		t.Error("found no rules at all: this test looks in the wrong place")
	}
}

func isTried(kind, message string) bool {
	for _, test := range refused[kind] {
		if strings.Contains(test.want, message) {
			return true
		}
	}
	return false
}

// store creates an object and removes it when the test is over.
func (c *cluster) store(t *testing.T, object *unstructured.Unstructured) {
	t.Helper()
	if err := c.client.Create(t.Context(), object); err != nil {
		t.Fatalf("%s %s: %v", object.GetKind(), object.GetName(), err)
	}
	c.removeAfter(t, object)
}

// storeWithStatus stores an object, and then its status, which the API server drops when an object is created.
func (c *cluster) storeWithStatus(t *testing.T, object *unstructured.Unstructured) {
	t.Helper()
	status, found := object.Object["status"]
	c.store(t, object)
	if !found {
		return
	}
	object.Object["status"] = status
	if err := c.client.Status().Update(t.Context(), object); err != nil {
		t.Fatalf("%s %s: %v", object.GetKind(), object.GetName(), err)
	}
}

func (c *cluster) removeAfter(t *testing.T, object client.Object) {
	t.Helper()
	t.Cleanup(func() {
		// The test's own context has ended by now.
		if err := c.client.Delete(context.WithoutCancel(t.Context()), object); err != nil {
			t.Errorf("removing %s: %v", object.GetName(), err)
		}
	})
}

// patched is the minimal object of a kind with a merge patch, both in YAML.
func patched(t *testing.T, kind, patch string) *unstructured.Unstructured {
	t.Helper()
	before, err := yaml.YAMLToJSONStrict([]byte(minimal[kind]))
	if err != nil {
		t.Fatal(err)
	}
	change, err := yaml.YAMLToJSONStrict([]byte(patch))
	if err != nil {
		t.Fatalf("%s: %v", patch, err)
	}
	after, err := jsonpatch.MergePatch(before, change)
	if err != nil {
		t.Fatal(err)
	}
	object := &unstructured.Unstructured{Object: map[string]any{}}
	if err := json.Unmarshal(after, &object.Object); err != nil {
		t.Fatal(err)
	}
	object.SetGroupVersionKind(cxv1alpha1.GroupVersion.WithKind(kind))
	object.SetNamespace(namespaceOf(kind))
	return object
}

func normalized(t *testing.T, text string) string {
	t.Helper()
	var value any
	if err := yaml.UnmarshalStrict([]byte(text), &value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return mustJSON(t, value)
}

// mustJSON writes keys in order, so that equal values give equal texts.
func mustJSON(t *testing.T, value any) string {
	t.Helper()
	data, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestNumbersAreAppliedAsTheyAreWritten applies measured values on the server as people write them: as a number and as a text.
func TestNumbersAreAppliedAsTheyAreWritten(t *testing.T) {
	c := theCluster(t)
	metric := patched(t, "Metric", `
metadata: {name: applied}
spec: {baseline: {value: 412, date: 2027-03-01}, samples: [{date: 2027-03-02, value: 268}, {date: 2027-03-03, value: "0.5"}]}`)
	c.apply(t, metric.DeepCopy())
	c.removeAfter(t, metric)
	c.apply(t, metric)
}
