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

package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"sigs.k8s.io/yaml"
)

// malice is text that tries to steer a terminal, to reorder or hide what stands around it, or to break out of its place.
const malice = "ok \x1b[2J\x1b]0;owned\x07 \u009b31m \u202eevil\u2066 \u200b\u00ad \U000e0041 \u3164 \r\nnew line\ttab \u2028 {{.}} | ├─ 日本 é 👩‍👧"

// TestMaliceIsInert puts malicious text wherever an API server allows text, and looks at every output.
func TestMaliceIsInert(t *testing.T) {
	quoted, err := json.Marshal(malice)
	if err != nil {
		t.Fatal(err)
	}
	objects := fmt.Sprintf(`
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"j","annotations":{"a":%[1]s}},"spec":{"title":%[1]s,"goal":%[1]s,"phases":[{"name":"p","title":%[1]s}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Moment","metadata":{"name":"m"},"spec":{"journeyRef":{"name":%[1]s},"phase":"p","title":%[1]s,"importance":1}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Requirement","metadata":{"name":"r"},"spec":{"momentRefs":[{"name":"m"},{"name":%[1]s}],"title":%[1]s,"moscow":"Must","buildingBlockRef":{"name":%[1]s}}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"BuildingBlock","metadata":{"name":"b"},"spec":{"title":%[1]s,"stages":[{"name":"s","title":%[1]s,"dependsOn":[{"name":%[1]s}]}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"RoadmapItem","metadata":{"name":"i"},"spec":{"title":%[1]s,"delivers":[{"name":"b"}],"dependsOn":[{"name":%[1]s}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"RoadmapItem","metadata":{"name":"k"},"spec":{"title":%[1]s,"delivers":[{"name":"b"}],"state":"Planned"}}
`, quoted)
	for _, command := range []string{
		"status", "status -o wide", "status -o json", "status -o yaml", "gaps", "gaps -o json", "gaps -o yaml",
		"why jny/j", "why mom/m", "why req/r", "why bb/b", "why rmi/i", "why rmi/i -o json", "why rmi/i -o yaml",
	} {
		t.Run(command, func(t *testing.T) {
			got := runOffline(t, objects, append(strings.Fields(command), "-f", "-")...)
			if got.code != exitOK {
				t.Fatalf("exit code %d: %s", got.code, got.errOut)
			}
			requireInert(t, got.out)
			requireInert(t, got.errOut)
			if strings.HasSuffix(command, "json") || strings.HasSuffix(command, "yaml") {
				// It must be the same text for a parser, though.
				var parsed any
				unmarshal := json.Unmarshal
				if strings.HasSuffix(command, "yaml") {
					unmarshal = func(data []byte, into any) error { return yaml.Unmarshal(data, into) }
				}
				if err := unmarshal([]byte(got.out), &parsed); err != nil {
					t.Fatal(err)
				}
				if again := fmt.Sprint(parsed); !strings.Contains(again, malice) {
					t.Errorf("a parser does not read what was written, but:\n%q", again)
				}
			}
		})
	}
}

// TestMaliceInFaultsIsInert does the same to what is refused.
func TestMaliceInFaultsIsInert(t *testing.T) {
	quoted, err := json.Marshal(malice)
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
		if got.code != exitFailure {
			t.Errorf("%s: exit code %d", input, got.code)
		}
		requireInert(t, got.errOut)
	}
	got := runOffline(t, "", "status", "-f", malice)
	requireInert(t, got.errOut)
	got = runOffline(t, "", "why", malice)
	requireInert(t, got.errOut)
}

func requireInert(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		if r == '\n' || unicode.IsGraphic(r) && !strings.ContainsRune("\u034f\u115f\u2800\u3164", r) || r == '\u200d' {
			continue
		}
		t.Errorf("%q is not inert in:\n%q", r, text)
		return
	}
}
