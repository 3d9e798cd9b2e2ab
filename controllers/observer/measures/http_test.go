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

package measures

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
)

const plain = `body.map(e, {'date': e.day, 'value': e.score})`

func TestHTTPAnswers(t *testing.T) {
	t.Parallel()
	known := samples("2026-11-17", "7")
	for name, test := range map[string]struct {
		expression, body string
		want             []cxv1alpha1.Sample
		reason           string
	}{
		"numbers and texts": {
			body: `[{"day":"2026-11-18","score":0.35},{"day":"2026-11-20","score":"0.1234565"},{"day":"2026-11-19","score":-12}]`,
			want: samples("2026-11-17", "7", "2026-11-18", "0.35", "2026-11-19", "-12", "2026-11-20", "0.123457"),
		},
		"a day that is said otherwise now": {body: `[{"day":"2026-11-17","score":8}]`, want: samples("2026-11-17", "8")},
		"a day to come":                    {body: `[{"day":"2026-11-23","score":8}]`, want: known},
		"times and calculations": {
			expression: `body.data.rows.map(r, {'date': timestamp(int(r[0])), 'value': r[1] / 4.0})`,
			body:       `{"data":{"rows":[[1795219200,10]]}}`, want: samples("2026-11-17", "7", "2026-11-21", "2.5"),
		},
		"the day of a time": {
			expression: `[{'date': body.at.substring(0, 10), 'value': double(body.nps)}]`, body: `{"at":"2026-11-21T13:00:00Z","nps":"31.5"}`,
			want: samples("2026-11-17", "7", "2026-11-21", "31.5"),
		},
		"nothing":            {body: `[]`, reason: ReasonNoData},
		"no list":            {expression: `body`, body: `{}`, reason: ReasonExpressionFailed},
		"no maps":            {expression: `body`, body: `[1]`, reason: ReasonExpressionFailed},
		"no value":           {expression: `body`, body: `[{"date":"2026-11-18"}]`, reason: ReasonExpressionFailed},
		"null":               {body: `[{"day":"2026-11-18","score":null}]`, want: known, reason: ReasonNotANumber},
		"a text":             {body: `[{"day":"2026-11-18","score":"n/a"}]`, want: known, reason: ReasonNotANumber},
		"not a number":       {expression: `[{'date': '2026-11-18', 'value': body / 0.0}]`, body: `0`, want: known, reason: ReasonNotANumber},
		"too large":          {body: `[{"day":"2026-11-18","score":1e300}]`, want: known, reason: ReasonValueTooLarge},
		"another form":       {body: `{"secret":"abc"}`, reason: ReasonExpressionFailed},
		"a date that is not": {body: `[{"day":"2026-02-30","score":1}]`, reason: ReasonBadDate},
		"a date of a number": {body: `[{"day":5,"score":1}]`, reason: ReasonBadDate},
		"a day twice":        {body: `[{"day":"2026-11-18","score":1},{"day":"2026-11-18","score":2}]`, reason: ReasonSeveralSeries},
		"no CEL":             {expression: `body.map(`, body: `[]`, reason: ReasonExpressionFailed},
		"a bomb": {
			expression: `body.map(a, body.map(b, body.map(c, body.map(d, a + b + c + d)))).size() > 0 ? body : body`,
			body:       `[` + strings.Repeat(`1,`, 999) + `1]`, reason: ReasonExpressionFailed,
		},
		"a bomb of text": {
			expression: strings.Repeat(`[`, 20) + `body` + strings.Repeat(`].map(s, s + s + s + s)[0]`, 20), body: `"xxxxxxxxxxxxxxxx"`, reason: ReasonExpressionFailed,
		},
		"deep JSON": {body: strings.Repeat(`[`, 1<<17), reason: "BadAnswer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet || r.URL.RawQuery != "query=team%3Dweb%26x" {
					t.Errorf("asked with %s %s", r.Method, r.URL)
				}
				_, _ = w.Write([]byte(test.body))
			})
			source.Spec.Expression = test.expression
			if test.expression == "" {
				source.Spec.Expression = plain
			}
			result := HTTP{}.Look(t.Context(), source, []observer.Target{asks("team=web&x", known...)})[0]
			if diff := cmp.Diff(test.want, result.Samples); diff != "" {
				t.Error(diff)
			}
			reason := ""
			if result.Problem != nil {
				reason = result.Problem.Reason
				if strings.Contains(string(result.Problem.Message), "abc") {
					t.Errorf("the problem has values of the answer: %s", result.Problem.Message)
				}
			}
			if reason != test.reason {
				t.Errorf("got problem %v (%v), want %q", result.Problem, result.Detail, test.reason)
			}
		})
	}
}

func TestHTTPFaults(t *testing.T) {
	t.Parallel()
	wantFaults(t, HTTP{}, cxv1alpha1.SourceSpec{Expression: plain})
}
