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
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/controllers/observer/expression"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

const (
	// bodyVariable is the name of the answer in expressions, and queryParameter that of the query in requests.
	bodyVariable   = "body"
	queryParameter = "query"
)

// HTTP asks anything that answers JSON.
type HTTP struct{}

// BatchSize is one: a query is a request.
func (HTTP) BatchSize() int { return 1 }

// Look asks for the values of a metric.
func (HTTP) Look(ctx context.Context, source observer.Source, targets []observer.Target) []observer.Result {
	return []observer.Result{askHTTP(ctx, source, targets[0])}
}

func askHTTP(ctx context.Context, source observer.Source, target observer.Target) observer.Result {
	picks, err := expression.Compile(bodyVariable, source.Spec.Expression)
	if err != nil {
		return observer.Failed(ReasonExpressionFailed, "the expression of the source does not compile: an administrator must correct it", err)
	}
	body, failed := getJSON(ctx, source, target.Object.(*cxv1alpha1.Metric).Spec.Query)
	if failed != nil {
		return *failed
	}
	out, err := picks.Run(ctx, body)
	if err != nil {
		return observer.Failed(ReasonExpressionFailed, "the expression of the source fails on the answer to this query: correct the query, "+
			"or have an administrator correct the expression", err)
	}
	readings, fault := readingsIn(out)
	if fault != nil {
		return observer.Result{Problem: fault}
	}
	samples, fault := samplesOf(readings)
	return observer.Result{
		// What such a source says of a day now holds.
		Samples: merged(target.Known.Samples, samples, "", source.Today),
		Problem: fault,
	}
}

// getJSON gets the answer to a query.
func getJSON(ctx context.Context, source observer.Source, query string) (any, *observer.Result) {
	request, failed := observer.NewRequest(ctx, http.MethodGet, source.Spec.URL+"?"+url.Values{queryParameter: {query}}.Encode(), nil)
	if failed != nil {
		return nil, failed
	}
	reply, failed := source.Send(request)
	if failed != nil {
		return nil, failed
	}
	if fault, wait := guard.Status(reply.Response); fault != nil {
		return nil, &observer.Result{Problem: fault, RetryAfter: wait}
	}
	var body any
	if err := json.Unmarshal(reply.Data, &body); err != nil {
		return nil, new(observer.Failed(guard.ReasonBadAnswer, "the source does not answer with JSON", nil))
	}
	return body, nil
}

// readingsIn are the values that an expression gives: a list of maps, each with date and value.
func readingsIn(out ref.Val) ([]reading, *cxv1alpha1.Problem) {
	noList := problem(ReasonExpressionFailed, "the expression of the source does not give a list of maps with date and value: an administrator must correct it")
	list, ok := out.(traits.Lister)
	if !ok {
		return nil, noList
	}
	var readings []reading
	dates := map[cxv1alpha1.Date]bool{}
	for it := list.Iterator(); it.HasNext() == types.True; {
		entry, ok := it.Next().(traits.Mapper)
		if !ok {
			return nil, noList
		}
		r, fault := readingIn(entry)
		switch {
		case fault != nil:
			return nil, fault
		case dates[r.date]:
			return nil, problem(ReasonSeveralSeries, fmt.Sprintf("there are several values for %s, and a metric has one number a day: "+
				"correct the query, or have an administrator correct the expression of the source", r.date))
		}
		dates[r.date] = true
		readings = append(readings, r)
	}
	if len(readings) == 0 {
		return nil, problem(ReasonNoData, "the source has no values for this query")
	}
	return readings, nil
}

func readingIn(entry traits.Mapper) (reading, *cxv1alpha1.Problem) {
	date, found := entry.Find(types.String("date"))
	value, alsoFound := entry.Find(types.String("value"))
	if !found || !alsoFound {
		return reading{}, problem(ReasonExpressionFailed,
			"the expression of the source gives an entry without date or value: an administrator must correct it")
	}
	r := reading{date: dateIn(date), text: textIn(value)}
	if !r.date.IsValid() {
		return reading{}, problem(ReasonBadDate, "the source gives something else than a date such as 2027-03-01: "+
			"correct the query, or have an administrator correct the expression of the source")
	}
	return r, nil
}

// dateIn is the date of a text or a time; no valid one for all else.
func dateIn(value ref.Val) cxv1alpha1.Date {
	switch v := value.(type) {
	case types.String:
		return cxv1alpha1.Date(v)
	case types.Timestamp:
		return cxv1alpha1.DateOf(v.Time)
	}
	return ""
}

// textIn is a number as a text; no number for all else.
func textIn(value ref.Val) string {
	switch v := value.(type) {
	case types.Double:
		return strconv.FormatFloat(float64(v), 'f', -1, 64)
	case types.Int:
		return strconv.FormatInt(int64(v), 10)
	case types.Uint:
		return strconv.FormatUint(uint64(v), 10)
	case types.String:
		return string(v)
	}
	return ""
}
