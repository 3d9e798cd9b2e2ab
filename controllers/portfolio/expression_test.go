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

package portfolio

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

const testDay cxv1alpha1.Date = "2026-11-22" // a Sunday

// scored is an item of a published table: its inputs, and the score that the table gives it.
type scored struct {
	name   string
	inputs map[string]string
	score  string
}

func TestPublishedScoreModels(t *testing.T) {
	for _, model := range []struct {
		name, source, value, effort string
		table                       []scored
	}{
		{
			name:   "WSJF",
			source: "Scaled Agile Framework; the examples of K. Rege, WSJF, 2024 (10.5 and 1.9)",
			value:  `scores["business-value"] + scores["time-criticality"] + scores["risk-reduction"]`,
			effort: `scores["job-size"]`,
			table: []scored{
				{"ad-load-bug", map[string]string{"business-value": "7", "time-criticality": "9", "risk-reduction": "5", "job-size": "2"}, "10.50"},
				{"podcast-feed", map[string]string{"business-value": "8", "time-criticality": "3", "risk-reduction": "4", "job-size": "8"}, "1.88"},
			},
		},
		{
			name:   "RICE",
			source: "S. McBride, RICE: simple prioritization for product managers, 2016; the table of the Unified Product Graph",
			value:  `scores.reach * scores.impact * scores.confidence`,
			effort: `scores.effort`,
			table: []scored{
				{"template-library", map[string]string{"reach": "5", "impact": "3", "confidence": "4", "effort": "1"}, "60.00"},
				{"export-to-pdf", map[string]string{"reach": "5", "impact": "2", "confidence": "5", "effort": "1"}, "50.00"},
				{"ai-copilot", map[string]string{"reach": "4", "impact": "5", "confidence": "3", "effort": "2"}, "30.00"},
				{"custom-dashboards", map[string]string{"reach": "2", "impact": "4", "confidence": "3", "effort": "4"}, "6.00"},
				{"real-time-collab", map[string]string{"reach": "3", "impact": "4", "confidence": "2", "effort": "5"}, "4.80"},
			},
		},
		{
			name:   "CD3",
			source: "D. Reinertsen, The principles of product development flow, 2009: cost of delay over duration, the three projects of principle F17",
			value:  `scores["cost-of-delay"]`,
			effort: `scores.duration`,
			table: []scored{
				{"a", map[string]string{"cost-of-delay": "10", "duration": "1"}, "10.00"},
				{"b", map[string]string{"cost-of-delay": "3", "duration": "3"}, "1.00"},
				{"c", map[string]string{"cost-of-delay": "1", "duration": "10"}, "0.10"},
			},
		},
		{
			name: "Wiegers",
			source: "K. Wiegers, First things first: prioritizing requirements, 1999: the chemical tracking system " +
				"(weights: benefit 2, penalty 1, cost 1, risk 0.5; totals: value 155, cost 37, risk 33)",
			value:  `(2.0 * scores.benefit + scores.penalty) * 100.0 / 155.0`,
			effort: `scores.cost * 100.0 / 37.0 + 0.5 * scores.risk * 100.0 / 33.0`,
			table: []scored{
				{"print-safety-data-sheet", wiegers("2", "4", "1", "1"), "1.22"},
				{"query-vendor-order", wiegers("5", "3", "2", "1"), "1.21"},
				{"stockroom-report", wiegers("9", "7", "5", "3"), "0.89"},
				{"container-history", wiegers("5", "5", "3", "2"), "0.87"},
				{"search-vendor-catalogs", wiegers("9", "8", "3", "8"), "0.83"},
				{"hazardous-chemicals", wiegers("3", "9", "3", "4"), "0.68"},
				{"modify-request", wiegers("4", "3", "3", "2"), "0.64"},
				{"laboratory-report", wiegers("6", "2", "4", "3"), "0.59"},
				{"training-database", wiegers("3", "4", "4", "2"), "0.47"},
				{"import-structures", wiegers("7", "4", "9", "7"), "0.33"},
			},
		},
	} {
		t.Run(model.name, func(t *testing.T) {
			objects := Objects{Roadmap: &cxv1alpha1.Roadmap{
				ObjectMeta: metav1.ObjectMeta{Name: "default"},
				Spec:       cxv1alpha1.RoadmapSpec{ValueExpression: model.value, EffortExpression: model.effort},
			}}
			want := map[string]string{}
			for n, row := range model.table {
				objects.RoadmapItems = append(objects.RoadmapItems, scoredItem(row))
				want[row.name] = fmt.Sprintf("rank %d score %s", n+1, row.score)
			}
			got := map[string]string{}
			e := Evaluate(objects, testDay)
			for name, status := range e.RoadmapItems {
				got[name] = fmt.Sprintf("rank %d score %s", status.Priority.Rank, status.Priority.Score)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s\n(-table +got):\n%s", model.source, diff)
			}
			if !meta.IsStatusConditionTrue(e.Roadmap.Conditions, cxv1alpha1.ConditionReady) {
				t.Errorf("Ready: %+v", e.Roadmap.Conditions)
			}
		})
	}
}

func wiegers(benefit, penalty, cost, risk string) map[string]string {
	return map[string]string{"benefit": benefit, "penalty": penalty, "cost": cost, "risk": risk}
}

func scoredItem(row scored) *cxv1alpha1.RoadmapItem {
	item := &cxv1alpha1.RoadmapItem{ObjectMeta: metav1.ObjectMeta{Name: row.name}}
	for name, value := range row.inputs {
		item.Spec.Scores = append(item.Spec.Scores, cxv1alpha1.Score{
			Name: cxv1alpha1.LabelName(name), Value: resource.MustParse(value),
		})
	}
	return item
}

func TestExpressionFaults(t *testing.T) {
	for _, tc := range []struct {
		name, value, effort string
		message             string // what the Roadmap's Ready says; empty when it is True
		score               string // of the item without scores
	}{
		{name: "syntax", value: "scores.reach *", message: "valueExpression does not compile, so the default holds", score: "4.00"},
		{name: "unknown variable", value: "reach", message: "undeclared reference to 'reach'", score: "4.00"},
		{name: "not a number", value: `"high"`, message: "the result is a string, it must be a number", score: "4.00"},
		{name: "missing score", value: "scores.reach", message: "valueExpression of RoadmapItem bare, worth 0: no such key: reach", score: "0.00"},
		{name: "missing score guarded", value: `"reach" in scores ? scores.reach : 7.0`, score: "0.70"},
		{name: "missing score in effort", effort: "scores.days", message: "effortExpression of RoadmapItem bare, as without it: no such key: days", score: "4.00"},
		{name: "division by zero", value: "businessValue / 0.0", message: "divide by zero", score: "0.00"},
		{name: "too large", value: "businessValue * 1e30", message: "above 1000000000", score: "0.00"},
		{name: "negative counts as nothing", value: "-1", score: "0.00"},
		{name: "whole number", value: "20", score: "2.00"},
		{name: "least effort", effort: "0.001", score: "80.00"},
		{
			name:    "too costly",
			value:   `[0,1,2,3,4,5,6,7,8,9].map(a, [0,1,2,3,4,5,6,7,8,9].map(b, [0,1,2,3,4,5,6,7,8,9].map(c, [0,1,2,3,4,5,6,7,8,9].map(d, a)))).size()`,
			message: "cost limit exceeded", score: "0.00",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ten := int32(10)
			item := &cxv1alpha1.RoadmapItem{
				ObjectMeta: metav1.ObjectMeta{Name: "bare"},
				Spec:       cxv1alpha1.RoadmapItemSpec{BusinessValue: 80, EffortDays: &ten},
			}
			e := Evaluate(Objects{
				RoadmapItems: []*cxv1alpha1.RoadmapItem{item},
				Roadmap: &cxv1alpha1.Roadmap{
					ObjectMeta: metav1.ObjectMeta{Name: "default"},
					Spec:       cxv1alpha1.RoadmapSpec{ValueExpression: tc.value, EffortExpression: tc.effort},
				},
			}, testDay)
			ready := meta.FindStatusCondition(e.Roadmap.Conditions, cxv1alpha1.ConditionReady)
			if (ready.Status == metav1.ConditionTrue) != (tc.message == "") || !strings.Contains(ready.Message, tc.message) {
				t.Errorf("Ready = %s %s: %q, want %q", ready.Status, ready.Reason, ready.Message, tc.message)
			}
			if got := e.RoadmapItems["bare"].Priority.Score; got != tc.score {
				t.Errorf("score = %s, want %s", got, tc.score)
			}
		})
	}
}

// TestExpressionsSeeMapsInOrder runs each expression many times, since Go walks over a map in another order each time.
func TestExpressionsSeeMapsInOrder(t *testing.T) {
	for _, c := range []struct{ name, expression, score string }{
		{"keys of a variable", `scores.map(k, k)[0] == "a" ? 1 : 0`, "1.00"},
		{"values of a variable", `scores.map(k, scores[k])[0]`, "5.00"},
		{"filtered keys", `scores[scores.filter(k, scores[k] < 5.0)[0]]`, "4.00"},
		{"strings of a literal", `int({"2": 0, "10": 0, "1": 0}.map(k, k)[0])`, "1.00"},
		{"numbers of a literal", `{20: 0, 3: 0, 10: 0}.map(k, k)[0]`, "3.00"},
		{"keys of several types", `int({"a": 0, 7u: 0, 8: 0, true: 0}.map(k, k)[1])`, "8.00"},
		{"a map in a list", `[{"x": 1, "b": 2, "c": 3}].map(m, m.map(k, m[k])[0])[0]`, "2.00"},
		{"a map in a map", `{"m": scores}["m"].map(k, scores[k])[4]`, "1.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			objects := Objects{
				Roadmap: &cxv1alpha1.Roadmap{
					ObjectMeta: metav1.ObjectMeta{Name: "default"},
					Spec:       cxv1alpha1.RoadmapSpec{ValueExpression: c.expression, EffortExpression: "1"},
				},
				RoadmapItems: []*cxv1alpha1.RoadmapItem{
					scoredItem(scored{name: "item", inputs: map[string]string{"a": "5", "b": "4", "c": "3", "d": "2", "e": "1"}}),
				},
			}
			for range 100 {
				statuses := Evaluate(objects, testDay)
				if priority := statuses.RoadmapItems["item"].Priority; priority == nil || priority.Score != c.score {
					t.Fatalf("priority is %+v, want the score %s; the Roadmap says %+v", priority, c.score, statuses.Roadmap.Conditions)
				}
			}
		})
	}
}
