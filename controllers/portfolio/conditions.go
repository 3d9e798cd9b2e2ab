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

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Result is what one condition says.
type Result struct {
	Status  metav1.ConditionStatus
	Reason  string
	Message string
}

// accepted is what Ready says of an object in which nothing is wrong.
var accepted = isTrue(cxv1alpha1.ReasonAccepted, "The definition is understood and its references resolve.")

func isTrue(reason, format string, args ...any) Result {
	return Result{metav1.ConditionTrue, reason, sprintf(format, args)}
}

func isFalse(reason, format string, args ...any) Result {
	return Result{metav1.ConditionFalse, reason, sprintf(format, args)}
}

func isUnknown(reason, format string, args ...any) Result {
	return Result{metav1.ConditionUnknown, reason, sprintf(format, args)}
}

// sprintf does not format what has no arguments, as most messages.
func sprintf(format string, args []any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}

// conditions are the results of all conditions that an object has, in the order of its status.
type conditions []conditionResult

type conditionResult struct {
	kind string
	Result
}

func (c *conditions) add(kind string, v Result) {
	*c = append(*c, conditionResult{kind, v})
}

// of returns the result of a condition. It has no reason where the object does not have the condition.
func (c conditions) of(kind string) Result {
	for n := range c {
		if c[n].kind == kind {
			return c[n].Result
		}
	}
	return Result{}
}

// status writes the conditions of an object down. A fault that several of them have is told once, by Stalled where it is there, as tools
// for GitOps show that one, else by Ready; the others say where.
func (c conditions) status(generation int64) []metav1.Condition {
	list := make([]metav1.Condition, len(c))
	for n := range c {
		result := c[n].Result
		if teller := c.teller(n); teller != c[n].kind {
			result.Message = see(teller)
		}
		list[n] = condition(c[n].kind, generation, &result)
	}
	return list
}

// teller is the condition that tells what the nth one has to say.
func (c conditions) teller(n int) string {
	own := &c[n]
	for _, teller := range []string{cxv1alpha1.ConditionStalled, cxv1alpha1.ConditionReady} {
		if told := c.of(teller); own.kind == teller || told.Reason == own.Reason && told.Message == own.Message {
			return teller
		}
	}
	return own.kind
}

// see is the message of a condition whose fault another one tells.
func see(condition string) string { return "See " + condition + "." }

// condition writes a result down. Its lastTransitionTime stays zero: it depends on history.
func condition(kind string, generation int64, v *Result) metav1.Condition {
	return metav1.Condition{
		Type:               kind,
		Status:             v.Status,
		ObservedGeneration: generation,
		Reason:             v.Reason,
		Message:            bounded(v.Message),
	}
}

// maxMessage is the length in bytes that a message has at most. Only very long names come near it.
const maxMessage = 2000

func bounded(message string) string {
	const more = " ..."
	if len(message) <= maxMessage {
		return message
	}
	return strings.ToValidUTF8(message[:maxMessage-len(more)], "") + more
}

// collect gathers names from a list, each once and sorted, so that messages are stable. name tells whether an entry counts.
func collect[T any](list []T, name func(T) (string, bool)) []string {
	var names []string
	for _, entry := range list {
		if n, ok := name(entry); ok {
			names = append(names, n)
		}
	}
	return sortedSet(names)
}
