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

package controllers

import (
	"slices"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Reasons of the events that the operator records.
const (
	// EventNotReady (Warning): Ready became False, of any kind. Not for a cycle, which DependencyCycle tells.
	EventNotReady = "NotReady"
	// EventBlocked (Normal): Blocked became True, of a journey, a moment or a roadmap item. Not for a fault that NotReady or
	// DependencyCycle tells.
	EventBlocked = "Blocked"
	// EventUnblocked (Normal): Blocked went from True to False.
	EventUnblocked = "Unblocked"
	// EventRealized (Normal): Realized became True after having been False or Unknown, of a journey or a moment.
	EventRealized = "Realized"
	// EventLate (Warning): AtRisk became True, of a journey or a moment, or OnTrack became False, of a roadmap item. Not
	// when that is for want of a forecast: then work is missing, which Blocked tells.
	EventLate = "Late"
	// EventDependencyCycle (Warning): Stalled became True, of a building block or a roadmap item.
	EventDependencyCycle = "DependencyCycle"
	// EventConfirmed (Normal): HypothesisConfirmed became True, of a roadmap item: it brought what was expected.
	EventConfirmed = "Confirmed"
	// EventRefuted (Normal): HypothesisConfirmed became False, of a roadmap item: it brought nothing.
	EventRefuted = "Refuted"
	// EventRegressed (Warning): what was proven is so no more, of a building block or a roadmap item.
	EventRegressed = "Regressed"
)

const (
	// eventAction is what the operator was doing when it recorded an event.
	eventAction = "Evaluate"
	// maxNote is the length that the API server admits for the note of an event, in bytes.
	maxNote = 1024
)

// transition is a change worth telling people about.
type transition struct {
	eventType, reason, note string
}

// transitions compares the conditions of an object before and after a write. Of an object that had none, as after its first
// evaluation, it tells only what needs attention: not ready, blocked, late, in a cycle, regressed. A fault is told once. A changed
// reason or message alone is no transition.
func transitions(before, after []metav1.Condition) []transition {
	var all []transition
	for _, now := range after {
		was := meta.FindStatusCondition(before, now.Type)
		eventType, reason := eventOf(was, &now, after)
		if reason == "" {
			eventType, reason = evidenceEvent(was, &now)
		}
		if reason != "" {
			all = append(all, transition{eventType, reason, note(now.Message)})
		}
	}
	return all
}

// eventOf is the event of a condition that follows from what people say, one of all; none where nothing is to be told. There may have been
// none before.
func eventOf(was, now *metav1.Condition, all []metav1.Condition) (eventType, reason string) {
	before, isTrue := statusOf(was), now.Status == metav1.ConditionTrue
	became := now.Status != before
	switch now.Type {
	case cxv1alpha1.ConditionReady:
		if became && isNotReady(now) {
			return corev1.EventTypeWarning, EventNotReady
		}
	case cxv1alpha1.ConditionBlocked:
		if became && isBlocked(now, all) {
			return corev1.EventTypeNormal, EventBlocked
		}
		if before == metav1.ConditionTrue && now.Status == metav1.ConditionFalse {
			return corev1.EventTypeNormal, EventUnblocked
		}
	case cxv1alpha1.ConditionRealized:
		if became && isTrue && before != "" {
			return corev1.EventTypeNormal, EventRealized
		}
	case cxv1alpha1.ConditionAtRisk, cxv1alpha1.ConditionOnTrack:
		if isLate(now) && !isLate(was) {
			return corev1.EventTypeWarning, EventLate
		}
	case cxv1alpha1.ConditionStalled:
		if became && isTrue {
			return corev1.EventTypeWarning, EventDependencyCycle
		}
	}
	return "", ""
}

// isNotReady tells whether Ready tells of a fault that Stalled does not.
func isNotReady(ready *metav1.Condition) bool {
	return ready.Status == metav1.ConditionFalse && ready.Reason != cxv1alpha1.ReasonDependencyCycle
}

// isBlocked tells whether something is waited for, and not just for a fault to be mended.
func isBlocked(blocked *metav1.Condition, all []metav1.Condition) bool {
	return blocked.Status == metav1.ConditionTrue && !isFault(all, blocked.Reason)
}

// isFault tells whether a reason is that of Ready or Stalled, which have events of their own.
func isFault(conditions []metav1.Condition, reason string) bool {
	return slices.ContainsFunc(conditions, func(c metav1.Condition) bool {
		return c.Reason == reason && (c.Type == cxv1alpha1.ConditionReady || c.Type == cxv1alpha1.ConditionStalled)
	})
}

// isLate tells whether an AtRisk or OnTrack condition says that a forecast or a finish is late. There may be none.
func isLate(condition *metav1.Condition) bool {
	if condition == nil || condition.Reason == cxv1alpha1.ReasonNoForecast {
		return false
	}
	if condition.Type == cxv1alpha1.ConditionOnTrack {
		return condition.Status == metav1.ConditionFalse
	}
	return condition.Status == metav1.ConditionTrue
}

// evidenceEvent is the event of a condition that follows from what machines saw; none where nothing is to be told. There may have been none
// before.
func evidenceEvent(was, now *metav1.Condition) (eventType, reason string) {
	switch {
	case now.Type == cxv1alpha1.ConditionHypothesisConfirmed && was != nil && was.Status != now.Status:
		return corev1.EventTypeNormal, verdictEvents[now.Status]
	case now.Type == cxv1alpha1.ConditionProven && hasRegressed(now) && !hasRegressed(was):
		return corev1.EventTypeWarning, EventRegressed
	}
	return "", ""
}

// verdictEvents are the reasons of the events of a verdict. Of one that is open there is none.
var verdictEvents = map[metav1.ConditionStatus]string{metav1.ConditionTrue: EventConfirmed, metav1.ConditionFalse: EventRefuted}

// hasRegressed tells whether a Proven condition says that what was proven is so no more. There may be none.
func hasRegressed(condition *metav1.Condition) bool {
	return condition != nil && condition.Reason == cxv1alpha1.ReasonRegressed
}

func statusOf(condition *metav1.Condition) metav1.ConditionStatus {
	if condition == nil {
		return ""
	}
	return condition.Status
}

// note cuts a message to the length of a note, between two characters.
func note(message string) string {
	if len(message) <= maxNote {
		return message
	}
	end := maxNote - len("...")
	for !utf8.RuneStart(message[end]) {
		end--
	}
	return message[:end] + "..."
}
