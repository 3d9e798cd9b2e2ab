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

package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Reasons of problems that all Sources can have.
const (
	// ReasonUnreachable is for a Source to which no connection can be made, or that breaks it off.
	ReasonUnreachable = "Unreachable"
	// ReasonAddressRefused is for a Source whose address is one that the observer never asks.
	ReasonAddressRefused = "AddressRefused"
	// ReasonRedirected is for a Source that sends to another address.
	ReasonRedirected = "Redirected"
	// ReasonTimedOut is for a Source that does not answer in time.
	ReasonTimedOut = "TimedOut"
	// ReasonTooLarge is for an answer that is too large.
	ReasonTooLarge = "TooLarge"
	// ReasonCredentialsMissing is for a Source whose Secret cannot be used.
	ReasonCredentialsMissing = "CredentialsMissing"
	// ReasonUnauthorized is for a Source that does not accept its credentials.
	ReasonUnauthorized = "Unauthorized"
	// ReasonRateLimited is for a Source that asks to be left alone for a while.
	ReasonRateLimited = "RateLimited"
	// ReasonServerError is for a Source that says that it cannot answer.
	ReasonServerError = "ServerError"
	// ReasonRefused is for a question that the Source does not accept.
	ReasonRefused = "Refused"
	// ReasonBadAnswer is for an answer that is not what such a Source says.
	ReasonBadAnswer = "BadAnswer"
)

// maxRetryAfter bounds how long a Source can have itself left alone.
const maxRetryAfter = 24 * time.Hour

// Problem says what an error of the client means for people. It has no address in it.
func Problem(err error) *cxv1alpha1.Problem {
	var timeout net.Error
	switch {
	case errors.Is(err, errTooLarge):
		return problem(ReasonTooLarge, "the source answers more than the observer reads: ask for less")
	case errors.Is(err, errElsewhere):
		return problem(ReasonRedirected, "the source sends the observer to another address, where it does not go: an administrator must correct its url")
	case errors.Is(err, errRefusedAddress):
		return problem(ReasonAddressRefused, "the source has an address that the observer never asks (of the machine itself, or of a metadata service): "+
			"an administrator must correct its url")
	case errors.Is(err, errCredentials):
		return problem(ReasonCredentialsMissing, "the credentials of the source cannot be read: an administrator must look at its secretRef")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return problem(ReasonTimedOut, "the source does not answer in time")
	}
	return problem(ReasonUnreachable, "the source cannot be reached")
}

// Status says what is wrong with an answer, by its status code, and how long the Source asks to be left alone. The problem is nil where
// the answer is one.
func Status(response *http.Response) (*cxv1alpha1.Problem, time.Duration) {
	code, wait := response.StatusCode, retryAfter(response.Header)
	switch {
	case code >= 200 && code <= 299:
		return nil, 0
	case code == http.StatusTooManyRequests, code == http.StatusForbidden && wait > 0:
		return problem(ReasonRateLimited, "the source asks to be left alone for a while: it has been asked too often"), wait
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return problem(ReasonUnauthorized, fmt.Sprintf("the source does not accept the credentials (HTTP %d): an administrator must look at its secretRef", code)), 0
	case code >= 500:
		return problem(ReasonServerError, fmt.Sprintf("the source cannot answer (HTTP %d)", code)), wait
	}
	return problem(ReasonRefused, fmt.Sprintf("the source does not accept the question (HTTP %d)", code)), 0
}

func problem(reason, message string) *cxv1alpha1.Problem {
	return &cxv1alpha1.Problem{Reason: reason, Message: cxv1alpha1.Line(message)}
}

// retryAfter is how long a Source asks to be left alone: by the header of the standard, or by those of GitHub.
func retryAfter(header http.Header) time.Duration {
	var wait time.Duration
	if value := header.Get("Retry-After"); value != "" {
		if seconds, err := strconv.Atoi(value); err == nil {
			wait = time.Duration(min(seconds, int(maxRetryAfter/time.Second))) * time.Second
		} else if at, err := http.ParseTime(value); err == nil {
			wait = time.Until(at)
		}
	} else if header.Get("X-Ratelimit-Remaining") == "0" {
		if reset, err := strconv.ParseInt(header.Get("X-Ratelimit-Reset"), 10, 64); err == nil {
			wait = time.Until(time.Unix(reset, 0))
		}
	}
	return min(max(wait, 0), maxRetryAfter)
}
