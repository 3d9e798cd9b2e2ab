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
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestTransitions(t *testing.T) {
	// Conditions are written as Type=Status or Type=Status/Reason here, transitions as Type/Reason.
	for _, test := range []struct {
		name, before, after, want string
	}{
		{"first evaluation, all is well", "", "Ready=True Blocked=False Realized=True AtRisk=False OnTrack=True", ""},
		{"first evaluation, blocked", "", "Blocked=True Realized=False", "Normal/Blocked"},
		{"first evaluation, late", "", "AtRisk=True/ForecastLate", "Warning/Late"},
		{"first evaluation, in a cycle", "", "Ready=False/DependencyCycle Stalled=True/DependencyCycle Blocked=True/DependencyCycle", "Warning/DependencyCycle"},
		{"blocked", "Blocked=False", "Blocked=True", "Normal/Blocked"},
		{"blocked by the first requirement", "Blocked=Unknown", "Blocked=True", "Normal/Blocked"},
		{"blocked by something else", "Blocked=True/WorkNotPlanned", "Blocked=True/AwaitingDelivery", ""},
		{"unblocked", "Blocked=True", "Blocked=False", "Normal/Unblocked"},
		{"nothing is asked any more", "Blocked=True", "Blocked=Unknown", ""},
		{"never was blocked", "Blocked=Unknown", "Blocked=False", ""},
		{"realized", "Realized=False", "Realized=True", "Normal/Realized"},
		{"realized by what was there", "Realized=Unknown", "Realized=True", "Normal/Realized"},
		{"realized no more", "Realized=True", "Realized=False", ""},
		{"unblocked and realized", "Blocked=True Realized=False", "Blocked=False Realized=True", "Normal/Unblocked Normal/Realized"},
		{"a moment becomes late", "AtRisk=False", "AtRisk=True/ForecastLate", "Warning/Late"},
		{"an item becomes late", "OnTrack=True", "OnTrack=False/Overdue", "Warning/Late"},
		{"an item that is late becomes overdue", "OnTrack=False/ForecastLate", "OnTrack=False/Overdue", ""},
		{"a forecast is missing", "OnTrack=True", "OnTrack=False/NoForecast", ""},
		{"a forecast comes, and is late", "AtRisk=True/NoForecast", "AtRisk=True/ForecastLate", "Warning/Late"},
		{"in time again", "AtRisk=True/ForecastLate", "AtRisk=False", ""},
		{"first evaluation, names what is not there", "", "Ready=False/JourneyNotFound Blocked=Unknown", "Warning/NotReady"},
		{"waits for what is not there", "", "Ready=False/StageNotFound Blocked=True/StageNotFound", "Warning/NotReady"},
		{"a name breaks", "Ready=True/Accepted", "Ready=False/JourneyNotFound", "Warning/NotReady"},
		{"another name is broken", "Ready=False/JourneyNotFound", "Ready=False/PhaseNotFound", ""},
		{"a name is there again", "Ready=False/JourneyNotFound", "Ready=True/Accepted", ""},
		{"in a cycle, with a broken name", "", "Ready=False/StageNotFound Blocked=True/DependencyCycle Stalled=True/DependencyCycle",
			"Warning/NotReady Warning/DependencyCycle"},
		{"a moment waits for a cycle", "", "Ready=True/Accepted Blocked=True/DependencyCycle", "Normal/Blocked"},
		{"a cycle closes", "Ready=True", "Ready=False/DependencyCycle Stalled=True/DependencyCycle", "Warning/DependencyCycle"},
		{"a cycle stays", "Stalled=True", "Stalled=True", ""},
		{"a cycle opens", "Stalled=True", "Ready=True", ""},
		{"a hypothesis holds", "HypothesisConfirmed=Unknown/Measuring", "HypothesisConfirmed=True/Confirmed", "Normal/Confirmed"},
		{"a hypothesis does not hold", "HypothesisConfirmed=Unknown/Measuring", "HypothesisConfirmed=False/Refuted", "Normal/Refuted"},
		{"samples are corrected", "HypothesisConfirmed=True/Confirmed", "HypothesisConfirmed=False/Refuted", "Normal/Refuted"},
		{"a hypothesis cannot be judged", "HypothesisConfirmed=Unknown/Measuring", "HypothesisConfirmed=Unknown/Confounded", ""},
		{"first evaluation, all was judged before", "", "HypothesisConfirmed=False/Refuted", ""},
		{"a proof falls", "Proven=True/AllProven", "Proven=False/Regressed", "Warning/Regressed"},
		{"a proof of some falls", "Proven=False/NotProven", "Proven=False/Regressed", "Warning/Regressed"},
		{"first evaluation, a proof has fallen", "", "Proven=False/Regressed", "Warning/Regressed"},
		{"a proof stays down", "Proven=False/Regressed", "Proven=False/Regressed", ""},
		{"a proof comes back", "Proven=False/Regressed", "Proven=True/AllProven", ""},
		{"never proven", "Proven=Unknown/NoProofYet", "Proven=False/NotProven", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, tr := range transitions(conditions(test.before), conditions(test.after)) {
				got = append(got, tr.eventType+"/"+tr.reason)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoteFits(t *testing.T) {
	for _, message := range []string{"short", strings.Repeat("é", 600), "x" + strings.Repeat("é", 600), strings.Repeat("日本", 400)} {
		got := note(message)
		if len(got) > maxNote || len(message) > maxNote && (len(got) < maxNote-6 || !strings.HasSuffix(got, "...")) {
			t.Errorf("a message of %d bytes became %d", len(message), len(got))
		}
		if strings.ToValidUTF8(got, "?") != got {
			t.Errorf("%q was cut inside a character", got)
		}
	}
}

func conditions(text string) []metav1.Condition {
	var list []metav1.Condition
	for field := range strings.FieldsSeq(text) {
		kind, status, _ := strings.Cut(field, "=")
		status, reason, _ := strings.Cut(status, "/")
		list = append(list, metav1.Condition{Type: kind, Status: metav1.ConditionStatus(status), Reason: reason, Message: "So it is."})
	}
	return list
}
