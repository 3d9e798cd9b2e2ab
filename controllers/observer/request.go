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

package observer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

// NewRequest is a request for JSON, with a body of JSON where there is one.
func NewRequest(ctx context.Context, method, address string, body any) (*http.Request, *Result) {
	var reader io.Reader = http.NoBody
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return nil, BadURL(err)
		}
		reader = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(ctx, method, address, reader)
	if err != nil {
		return nil, BadURL(err)
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, nil
}

// BadURL is the Result for a Source of whose url no request can be made.
func BadURL(err error) *Result {
	return new(Failed(guard.ReasonUnreachable, "the source has no usable url: an administrator must correct it", err))
}

// Reply is the answer to a request, read whole, whatever it says.
type Reply struct {
	*http.Response
	Data []byte
}

// Send asks the Source, and reads the answer.
func (s Source) Send(request *http.Request) (Reply, *Result) {
	response, err := s.HTTP.Do(request)
	if err != nil {
		return Reply{}, &Result{Problem: guard.Problem(err), Detail: err}
	}
	data, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		// What is wrong by the status stays so, whatever else it says.
		if fault, _ := guard.Status(response); fault == nil {
			return Reply{}, &Result{Problem: guard.Problem(err), Detail: err}
		}
	}
	return Reply{response, data}, nil
}
