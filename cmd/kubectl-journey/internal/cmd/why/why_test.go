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

package why

import (
	"testing"

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
		{"why-journey", []string{"why", "journey/buy-a-coat"}},
		{"why-journey-empty", []string{"why", "jny/empty"}},
		{"why-moment", []string{"why", "moment/find-my-size"}},
		{"why-moment-json", []string{"why", "moment/find-my-size", "-o", "json"}},
		{"why-moment-yaml", []string{"why", "mom/find-my-size", "-o", "yaml"}},
		{"why-moment-cycle", []string{"why", "moments/pay-at-once"}},
		{"why-requirement", []string{"why", "req", "invoice"}},
		{"why-block", []string{"why", "bb/fitting"}},
		{"why-item", []string{"why", "rmi/measure-on-the-phone"}},
		{"why-roadmap", []string{"why", "roadmap/default"}},
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
