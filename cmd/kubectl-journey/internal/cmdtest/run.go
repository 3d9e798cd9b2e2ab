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

package cmdtest

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/root"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Today is the day of all tests that need no cluster.
var Today = time.Date(2026, 11, 22, 23, 59, 0, 0, time.UTC)

// Clock tells it.
func Clock() time.Time { return Today }

// Outcome is what a command line came to.
type Outcome struct {
	Code        int
	Out, ErrOut string
}

// Commands are the commands that some functions make.
func Commands(newCmd ...func(f *cmdutil.Factory) *cobra.Command) root.Commands {
	return func(f *cmdutil.Factory) []*cobra.Command {
		var commands []*cobra.Command
		for _, newOne := range newCmd {
			commands = append(commands, newOne(f))
		}
		return commands
	}
}

// Run runs a command line as main does, with no cluster and no kubeconfig in reach.
func Run(tb testing.TB, commands root.Commands, stdin string, args ...string) Outcome {
	tb.Helper()
	tb.Setenv("KUBECONFIG", filepath.Join(tb.TempDir(), "none"))
	tb.Setenv("HOME", tb.TempDir())
	var out, errOut bytes.Buffer
	streams := genericiooptions.IOStreams{In: strings.NewReader(stdin), Out: &out, ErrOut: &errOut}
	code := root.Run(context.Background(), commands, args, streams, Clock)
	return Outcome{code, out.String(), errOut.String()}
}

// Options are those with which a command runs, given a command line.
func Options[O any](t *testing.T, newCmd func(*cmdutil.Factory, func(context.Context, O) error) *cobra.Command, args ...string) O {
	t.Helper()
	var options O
	got := Run(t, Commands(func(f *cmdutil.Factory) *cobra.Command {
		return newCmd(f, func(_ context.Context, o O) error {
			options = o
			return nil
		})
	}), "", args...)
	if got.Code != cmdutil.ExitOK {
		t.Fatalf("%v: exit code %d: %s", args, got.Code, got.ErrOut)
	}
	return options
}

// Golden compares a text with that of the golden file of a name; -update writes it.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("differs from %s (-want +got; -update writes it anew):\n%s", path, diff)
	}
}

// CommandLines returns the commands of examples, each on one line.
func CommandLines(examples string) []string {
	var lines []string
	for line := range strings.SplitSeq(strings.NewReplacer("\\\n", " ", "|\n", "| ").Replace(examples), "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// Words leaves out of a table how wide its columns are, and the age, which may pass a second in between.
func Words(table string) []string {
	var rows []string
	for line := range strings.Lines(strings.TrimSuffix(table, "roadmapitem/")) {
		var cells []string
		for word := range strings.FieldsSeq(line) {
			if !strings.HasSuffix(word, "s") || strings.Trim(word, "0123456789ms") != "" {
				cells = append(cells, word)
			}
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	return rows
}
