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

package trackers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

// defaultRetryAfter is how long a Source is left alone that asks for that, and does not say how long.
const defaultRetryAfter = time.Minute

// newRequest is a request for JSON, with a body of JSON where there is one.
func newRequest(ctx context.Context, method, address string, body any) (*http.Request, *observer.Result) {
	var reader io.Reader = http.NoBody
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return nil, badURL(err)
		}
		reader = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(ctx, method, address, reader)
	if err != nil {
		return nil, badURL(err)
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, nil
}

func badURL(err error) *observer.Result {
	failed := observer.Failed(guard.ReasonUnreachable, "the source has no usable url: an administrator must correct it", err)
	return &failed
}

// reply is the answer to a request, whatever it says.
type reply struct {
	*http.Response
	data []byte
}

// send asks, and reads the answer whole.
func send(source observer.Source, request *http.Request) (reply, *observer.Result) {
	response, err := source.HTTP.Do(request)
	if err != nil {
		return reply{}, &observer.Result{Problem: guard.Problem(err), Detail: err}
	}
	data, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return reply{}, &observer.Result{Problem: guard.Problem(err), Detail: err}
	}
	return reply{response, data}, nil
}

// failed says what is wrong with an answer by its status; nil where nothing is.
func (r reply) failed() *observer.Result {
	fault, wait := guard.Status(r.Response)
	if fault == nil {
		return nil
	}
	if fault.Reason == guard.ReasonRateLimited && wait == 0 {
		wait = defaultRetryAfter
	}
	return &observer.Result{Problem: fault, RetryAfter: wait}
}

// into decodes an answer.
func (r reply) into(value any) *observer.Result {
	if err := json.Unmarshal(r.data, value); err != nil {
		failed := observer.Failed(guard.ReasonBadAnswer, "the source does not answer as such a tracker does: an administrator must look at its url", nil)
		return &failed
	}
	return nil
}

// get asks with GET for a value.
func get(ctx context.Context, source observer.Source, address string, value any) *observer.Result {
	return ask(ctx, source, http.MethodGet, address, nil, value)
}

// ask sends a body, and decodes the answer into a value.
func ask(ctx context.Context, source observer.Source, method, address string, body, value any) *observer.Result {
	request, failed := newRequest(ctx, method, address, body)
	if failed != nil {
		return failed
	}
	answer, failed := send(source, request)
	if failed == nil {
		failed = answer.failed()
	}
	if failed == nil {
		failed = answer.into(value)
	}
	return failed
}
