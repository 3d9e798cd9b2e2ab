//go:build prometheus

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

package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// TestPrometheusEvidence has the whole demo show what was measured and proved: through a real Prometheus, the observer and the manager.
func TestPrometheusEvidence(t *testing.T) {
	// Given the sample, and systems that are as its stages want them.
	d, err := newDemo(filepath.Join("config", "samples", "motor-claim"), "motor-claim", t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.cleanUp(); err != nil {
			t.Error(err)
		}
	})
	d.withPrometheus, d.evidence = true, &evidence{}
	// When the demo has run, and one of the systems has failed.
	var said bytes.Buffer
	if err := d.run(t.Context(), true, &said); err != nil {
		t.Fatal(err)
	}
	// Then values that went through Prometheus give the verdicts of the values in the sample, and the failure shows.
	for _, want := range []string{
		"sms-and-push-messages Confirmed", "from 412 to 268 calls a week, 144 fewer; expected 100", "launch-claim-pages Refuted",
		"guided-damage-form Confounded", "customer-portal AllProven", "claim-status NotProven", "BuildingBlock notifications says so",
	} {
		if !strings.Contains(strings.Join(strings.Fields(said.String()), " "), want) {
			t.Errorf("the demo does not say %q:\n%s", want, said.String())
		}
	}
}
