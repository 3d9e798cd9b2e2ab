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
	"context"
	"encoding/json"
	"time"

	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

// defaultRetryAfter is how long a Source is left alone that asks for that, and does not say how long.
const defaultRetryAfter = time.Minute

// refusal says what is wrong with an answer by its status; nil where nothing is.
func refusal(reply observer.Reply) *observer.Result {
	fault, wait := guard.Status(reply.Response)
	if fault == nil {
		return nil
	}
	if fault.Reason == guard.ReasonRateLimited && wait == 0 {
		wait = defaultRetryAfter
	}
	return &observer.Result{Problem: fault, RetryAfter: wait}
}

// decodeReply decodes an answer into a value.
func decodeReply(reply observer.Reply, value any) *observer.Result {
	if err := json.Unmarshal(reply.Data, value); err != nil {
		return new(observer.Failed(guard.ReasonBadAnswer, "the source does not answer as such a tracker does: an administrator must look at its url", nil))
	}
	return nil
}

// ask sends a body, if there is one, and decodes the answer into a value.
func ask(ctx context.Context, source observer.Source, method, address string, body, value any) *observer.Result {
	request, failed := observer.NewRequest(ctx, method, address, body)
	if failed != nil {
		return failed
	}
	reply, failed := source.Send(request)
	if failed == nil {
		failed = refusal(reply)
	}
	if failed == nil {
		failed = decodeReply(reply, value)
	}
	return failed
}
