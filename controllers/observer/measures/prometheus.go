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
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/prometheus/client_golang/api"
	promv1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

const (
	day = 24 * time.Hour
	// queryTimeout is what a Prometheus is told to spend on a query: less than the observer waits.
	queryTimeout = guard.DefaultTimeout - 5*time.Second
	// maxSeries is one more than is good, so that more are noticed and few are sent.
	maxSeries = 2
	// maxEcho is how much of what a Prometheus says about a query people get to see.
	maxEcho = 300
)

// Prometheus asks a Prometheus, or what has its HTTP API.
type Prometheus struct{}

// BatchSize is one: a query is a request.
func (Prometheus) BatchSize() int { return 1 }

// Look asks for the values of a metric, one a day.
func (Prometheus) Look(ctx context.Context, source observer.Source, targets []observer.Target) []observer.Result {
	return []observer.Result{askPrometheus(ctx, source, targets[0])}
}

func askPrometheus(ctx context.Context, source observer.Source, target observer.Target) observer.Result {
	metric := target.Object.(*cxv1alpha1.Metric)
	first := firstDay(metric, source.Today)
	if first >= source.Today {
		return observer.Result{Samples: target.Known.Samples} // No day is over yet.
	}
	statuses := &statusKeeper{next: source.HTTP.Transport}
	client := *source.HTTP
	client.Transport = statuses
	prometheus, err := api.NewClient(api.Config{Address: source.Spec.URL, Client: &client})
	if err != nil {
		return *observer.BadURL(err)
	}
	value, _, err := promv1.NewAPI(prometheus).QueryRange(ctx, metric.Spec.Query,
		promv1.Range{Start: first.Midnight().Add(day), End: source.Today.Midnight(), Step: day},
		promv1.WithTimeout(queryTimeout), promv1.WithLimit(maxSeries))
	if err != nil {
		return prometheusFault(err, statuses.last)
	}
	readings, fault := readingsOf(value)
	if fault != nil {
		return observer.Result{Problem: fault}
	}
	samples, fault := samplesOf(readings)
	return observer.Result{
		Samples: merged(target.Known.Samples, samples, source.Today.AddDays(-openDays), source.Today),
		Problem: fault,
	}
}

// firstDay is the first day to read: that of the baseline, but not longer ago than is kept.
func firstDay(metric *cxv1alpha1.Metric, today cxv1alpha1.Date) cxv1alpha1.Date {
	oldest := today.AddDays(1 - maxDays)
	if b := metric.Spec.Baseline; b != nil && b.Date > oldest {
		return b.Date
	}
	return oldest
}

// readingsOf are the values of an answer, each on the day that its midnight ends.
func readingsOf(value model.Value) ([]reading, *cxv1alpha1.Problem) {
	matrix, ok := value.(model.Matrix)
	switch {
	case !ok:
		return nil, problem(guard.ReasonBadAnswer, "the source does not answer as a Prometheus does")
	case len(matrix) > 1:
		return nil, problem(ReasonSeveralSeries,
			"the query gives several series, and a metric has one number a day: put sum(...) or another aggregation around it")
	case len(matrix) == 0:
		return nil, problem(ReasonNoData, "the query gives no values: no series is of that name, or none has data since the date of the baseline")
	case len(matrix[0].Values) == 0:
		return nil, problem(ReasonNotANumber, "the query gives histograms, not numbers: put histogram_quantile(...) or another function around it")
	}
	readings := make([]reading, len(matrix[0].Values))
	for n, pair := range matrix[0].Values {
		readings[n] = reading{
			date: cxv1alpha1.DateOf(pair.Timestamp.Time().Add(-day)),
			// The shortest text that is this number, as Prometheus writes it.
			text: strconv.FormatFloat(float64(pair.Value), 'f', -1, 64),
		}
	}
	return readings, nil
}

// prometheusFault says what an error means.
func prometheusFault(err error, response *http.Response) observer.Result {
	said := &promv1.Error{}
	switch {
	case !errors.As(err, &said):
		return observer.Result{Problem: guard.Problem(err), Detail: err}
	case said.Type == promv1.ErrBadData:
		return observer.Failed(ReasonBadQuery, "the source does not understand the query: "+echo(said.Msg), err)
	case response != nil && response.StatusCode == http.StatusUnprocessableEntity:
		return observer.Failed(ReasonQueryFailed, "the source cannot evaluate the query: try it in Prometheus itself", err)
	}
	if response != nil {
		if fault, wait := guard.Status(response); fault != nil {
			return observer.Result{Problem: fault, RetryAfter: wait, Detail: fmt.Errorf("%s: %s", said.Type, echo(said.Msg))}
		}
	}
	return observer.Failed(guard.ReasonBadAnswer, "the source does not answer as a Prometheus does", err)
}

// echo is a text of a source for people: one line, and not long.
func echo(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if runes := []rune(text); len(runes) > maxEcho {
		return string(runes[:maxEcho]) + "..."
	}
	return text
}

// statusKeeper remembers the last answer, of which the client tells only a part.
type statusKeeper struct {
	next http.RoundTripper
	last *http.Response
}

// RoundTrip asks one thing.
func (k *statusKeeper) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := k.next.RoundTrip(request)
	k.last = response
	return response, err
}
