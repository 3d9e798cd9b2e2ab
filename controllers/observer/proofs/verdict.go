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

package proofs

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/cel-go/common/types"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer/expression"
)

// verdict tells whether a check holds, or why that cannot be told.
type verdict struct {
	pending bool
	fault   *fault
	holds   bool
	reason  cxv1alpha1.Sentence
}

func compile(text string) (*expression.Program, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // kstatus decides
	}
	return expression.Compile("self", text)
}

// judge tells whether an object is as a check wants it. Everybody in the portfolio can read the reason, so it has no values of the object:
// nothing of what kstatus and CEL say.
func judge(ctx context.Context, o object, program *expression.Program, s sight) verdict {
	fails := func(format string, args ...any) verdict {
		return verdict{reason: sentence(fmt.Sprintf(format, args...))}
	}
	switch {
	case s.pending || s.fault != nil:
		return verdict{pending: s.pending, fault: s.fault}
	case s.noKind:
		return fails("the cluster has no kind %s in this apiVersion", o.Kind)
	case s.tooLarge:
		return fails("%s is too large to be looked at", o)
	case s.data == "":
		return fails("there is no %s", o)
	}
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON([]byte(s.data)); err != nil {
		return fails("%s cannot be read", o)
	}
	if isBehind(u) {
		return fails("%s has changed, and its controller has not seen that yet", o)
	}
	if program == nil {
		if result, err := status.Compute(u); err != nil || result.Status != status.CurrentStatus {
			return fails("%s is not ready", o)
		}
		return verdict{holds: true}
	}
	switch out, err := program.Run(ctx, u.Object); {
	case err != nil:
		return fails("the expression fails on %s: %s", o, mistake(err))
	case out == types.True:
		return verdict{holds: true}
	case out != types.False:
		return fails("the expression gives neither true nor false for %s", o)
	}
	return fails("the expression is false for %s", o)
}

// sentence cuts a reason to the length that it can have. It has nothing but ASCII in it.
func sentence(text string) cxv1alpha1.Sentence {
	const most = 250
	if len(text) > most {
		text = text[:most-3] + "..."
	}
	return cxv1alpha1.Sentence(text)
}

// isBehind tells whether the status of an object speaks of an older generation.
func isBehind(u *unstructured.Unstructured) bool {
	observed, found, err := unstructured.NestedInt64(u.Object, "status", "observedGeneration")
	return err == nil && found && observed < u.GetGeneration()
}

// mistake says what went wrong in an expression, in words of our own, since those of CEL have values in them.
func mistake(err error) string {
	for _, m := range []struct{ sign, words string }{
		{"cost limit", "it takes too many steps"},
		{"interrupted", "it takes too long"},
		{"no such key", "it asks for a field that is not there"},
		{"index out of", "it asks for an entry that is not there"},
		{"no such overload", "it compares or uses values of the wrong type"},
	} {
		if strings.Contains(err.Error(), m.sign) {
			return m.words
		}
	}
	return "it cannot be evaluated"
}
