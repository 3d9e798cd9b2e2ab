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

package status

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

// commands are those of these tests.
var commands = cmdtest.Commands(func(f *cmdutil.Factory) *cobra.Command { return NewCmd(f, nil) })

func runOffline(tb testing.TB, stdin string, args ...string) cmdtest.Outcome {
	tb.Helper()
	return cmdtest.Run(tb, commands, stdin, args...)
}

func TestGolden(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
	}{
		{"status", []string{"status"}},
		{"status-wide", []string{"status", "-o", "wide"}},
		{"status-json", []string{"status", "-o", "json"}},
		{"status-yaml", []string{"status", "-o", "yaml"}},
		{"status-kinds", []string{"status", "--kind", "mom,journeys"}},
		{"status-later", []string{"status", "--as-of", "2027-02-01", "--kind", "roadmapitems"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := runOffline(t, "", append(test.args, "-f", cmdtest.Shop)...)
			if got.Code != cmdutil.ExitOK {
				t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
			}
			if want := "note: passed over what is not of cx.journeyops.dev: ConfigMap (v1)\n"; got.ErrOut != want {
				t.Errorf("standard error is %q, want %q", got.ErrOut, want)
			}
			cmdtest.Golden(t, test.name, got.Out)
		})
	}
}

// TestRoundTrip reads what status printed: the same must come out again, whatever the format in between.
func TestRoundTrip(t *testing.T) {
	want := runOffline(t, "", "status", "-f", cmdtest.Shop, "-o", "yaml")
	for _, format := range []string{"yaml", "json"} {
		printed := runOffline(t, "", "status", "-f", cmdtest.Shop, "-o", format)
		got := runOffline(t, printed.Out, "status", "-f", "-", "-o", "yaml")
		if got.Code != cmdutil.ExitOK || got.Out != want.Out {
			t.Errorf("%s is not read as it was printed (%d): %s\n%s", format, got.Code, got.ErrOut, cmp.Diff(want.Out, got.Out))
		}
	}
}
