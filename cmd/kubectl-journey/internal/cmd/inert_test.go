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

package cmd

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/hostiletest"
)

// TestMaliceIsInert puts malicious text wherever an API server allows text, and looks at every output.
func TestMaliceIsInert(t *testing.T) {
	quoted, err := json.Marshal(hostiletest.Malice)
	if err != nil {
		t.Fatal(err)
	}
	objects := fmt.Sprintf(`
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"j","annotations":{"a":%[1]s}},"spec":{"title":%[1]s,"goal":%[1]s,"phases":[{"name":"p","title":%[1]s}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Moment","metadata":{"name":"m"},"spec":{"journeyRef":{"name":"nowhere"},"phase":"p","title":%[1]s,"importance":1}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Requirement","metadata":{"name":"r"},"spec":{"momentRefs":[{"name":"m"},{"name":"nowhere"}],"title":%[1]s,"moscow":"Must","buildingBlockRef":{"name":"nowhere"}}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"BuildingBlock","metadata":{"name":"b"},"spec":{"title":%[1]s,"stages":[{"name":"s","title":%[1]s,"dependsOn":[{"name":"nowhere"}]}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"RoadmapItem","metadata":{"name":"i"},"spec":{"title":%[1]s,"delivers":[{"name":"b"}],"dependsOn":[{"name":"nowhere"}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"RoadmapItem","metadata":{"name":"k"},"spec":{"title":%[1]s,"delivers":[{"name":"b"}],"state":"Planned"}}
`, quoted)
	for _, command := range []string{
		"status", "status -o wide", "status -o json", "status -o yaml", "gaps", "gaps -o json", "gaps -o yaml",
		"why jny/j", "why mom/m", "why req/r", "why bb/b", "why rmi/i", "why rmi/i -o json", "why rmi/i -o yaml",
	} {
		t.Run(command, func(t *testing.T) {
			got := runOffline(t, objects, append(strings.Fields(command), "-f", "-")...)
			if got.Code != cmdutil.ExitOK {
				t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
			}
			hostiletest.RequireInert(t, got.Out)
			hostiletest.RequireInert(t, got.ErrOut)
			if strings.HasSuffix(command, "json") || strings.HasSuffix(command, "yaml") {
				// It must be the same text for a parser, though. Gaps tell only of names.
				var parsed any
				unmarshal := json.Unmarshal
				if strings.HasSuffix(command, "yaml") {
					unmarshal = func(data []byte, into any) error { return yaml.Unmarshal(data, into) }
				}
				if err := unmarshal([]byte(got.Out), &parsed); err != nil {
					t.Fatal(err)
				}
				if again := fmt.Sprint(parsed); !strings.Contains(again, hostiletest.Malice) && !strings.HasPrefix(command, "gaps") {
					t.Errorf("a parser does not read what was written, but:\n%q", again)
				}
			}
		})
	}
}

// TestMaliceInFaultsIsInert does the same to what is refused.
func TestMaliceInFaultsIsInert(t *testing.T) {
	quoted, err := json.Marshal(hostiletest.Malice)
	if err != nil {
		t.Fatal(err)
	}
	for _, input := range []string{
		`{"apiVersion":%s,"kind":"Journey"}`,
		`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":%s}`,
		`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":%s}}`,
		`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"x"},"spec":{%s:1}}`,
		`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"x"},"spec":{"title":"x","perspective":%s}}`,
		`{"apiVersion":"apps/v1","kind":%s}`,
		`%s`, `{%s`,
	} {
		got := runOffline(t, fmt.Sprintf(input, quoted), "status", "-f", "-")
		if got.Code != cmdutil.ExitFailure {
			t.Errorf("%s: exit code %d", input, got.Code)
		}
		hostiletest.RequireInert(t, got.ErrOut)
	}
	got := runOffline(t, "", "status", "-f", hostiletest.Malice)
	hostiletest.RequireInert(t, got.ErrOut)
	got = runOffline(t, "", "why", hostiletest.Malice)
	hostiletest.RequireInert(t, got.ErrOut)
}
