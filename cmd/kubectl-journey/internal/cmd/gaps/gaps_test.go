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

package gaps

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
		{"gaps", []string{"gaps"}},
		{"gaps-json", []string{"gaps", "-o", "json"}},
		{"gaps-yaml", []string{"gaps", "-o", "yaml"}},
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

func TestNoGaps(t *testing.T) {
	got := runOffline(t, "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Roadmap\nmetadata: {name: default}\nspec: {}\n", "gaps", "-f", "-")
	if got.Code != cmdutil.ExitOK || got.Out != "" || got.ErrOut != "note: there are no gaps\n" {
		t.Errorf("got %+v", got)
	}
	got = runOffline(t, "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Roadmap\nmetadata: {name: default}\nspec: {}\n", "gaps", "-f", "-", "-o", "json")
	if got.Out != "{\n    \"gaps\": []\n}\n" {
		t.Errorf("got %q", got.Out)
	}
}
