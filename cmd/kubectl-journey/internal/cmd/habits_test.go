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
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

func TestCompletion(t *testing.T) {
	for _, test := range []struct {
		args []string
		want []string
	}{
		{[]string{"why", "mo"}, []string{"moment/"}},
		{[]string{"why", "-f", cmdtest.Shop, "mom/find"}, []string{"mom/find-my-size"}},
		{[]string{"why", "-f", cmdtest.Shop, "moment", "find"}, []string{"find-my-size"}},
		{[]string{"why", "-f", "nowhere", "mom/"}, nil},
		{[]string{"why", "-f", "-", "mom/"}, nil},
		{[]string{"why", "pod/"}, nil},
		{[]string{"why", "roadm"}, []string{"roadmapitem/", "roadmap/"}},
		{[]string{"graph", "roadm"}, []string{"roadmapitem/"}},
		{[]string{"graph", "-f", cmdtest.Shop, "bb/f"}, []string{"bb/fitting"}},
		{[]string{"graph", "-f", cmdtest.Shop, "bb", "f"}, []string{"fitting"}},
		{[]string{"graph", "-f", cmdtest.Shop, "roadmap/"}, nil},
		{[]string{"map", "-f", cmdtest.Shop, "b"}, []string{"buy-a-coat"}},
		{[]string{"map", "-f", cmdtest.Shop, "journey/b"}, []string{"journey/buy-a-coat"}},
		{[]string{"map", "-f", cmdtest.Shop, "buy-a-coat", "b"}, nil},
		{[]string{"matrix", "--by", "ph"}, []string{"phases"}},
		{[]string{"matrix", "-f", cmdtest.Shop, "-n", "d"}, []string{"default"}},
		{[]string{"status", "--kubeconfig", "testdata/kubeconfig", "--context", "t"}, []string{"test", "training"}},
		{[]string{"status", "--kubeconfig", "testdata/kubeconfig", "--cluster", "o"}, []string{"office"}},
		{[]string{"status", "--kubeconfig", "testdata/kubeconfig", "--user", "v"}, []string{"visitor"}},
		{[]string{"status", "--kubeconfig", "nowhere", "--context", "t"}, nil},
		{[]string{"status", "--kind", "mo"}, []string{"moments"}},
		{[]string{"status", "--kind", "journeys,mo"}, []string{"journeys,moments"}},
		{[]string{"plan", "--fail-on", "blocked,g"}, []string{"blocked,gaps"}},
		{[]string{"status", "-o", "wi"}, []string{"wide"}},
	} {
		got := runOffline(t, "", append([]string{cobra.ShellCompNoDescRequestCmd}, test.args...)...)
		var words []string
		for line := range strings.Lines(got.Out) {
			if line = strings.TrimSpace(line); !strings.HasPrefix(line, ":") && strings.HasPrefix(line, test.args[len(test.args)-1]) {
				words = append(words, line)
			}
		}
		if strings.Join(words, " ") != strings.Join(test.want, " ") || got.Code != cmdutil.ExitOK {
			t.Errorf("%v: got %q (%+v), want %q", test.args, words, got, test.want)
		}
	}
}

func TestWatchIsForClusters(t *testing.T) {
	got := runOffline(t, "", "status", "--watch", "-f", cmdtest.Shop)
	if got.Code != cmdutil.ExitUsage || !strings.Contains(got.ErrOut, "--watch is for a cluster") {
		t.Errorf("got %+v", got)
	}
}

// TestExamples runs the examples of the commands that the commands which only read give, against a sample instead of the files and the
// cluster that they name. Those of the others have tests with the files that they need.
func TestExamples(t *testing.T) {
	for _, command := range Commands(cmdutil.NewFactory(genericiooptions.NewTestIOStreamsDiscard(), cmdtest.Clock)) {
		if slices.Contains([]string{"export", "import", "plan", "record"}, command.Name()) {
			continue
		}
		for _, line := range cmdtest.CommandLines(command.Example) {
			line, stdin := offlineExample(t, line)
			if got := runOffline(t, stdin, strings.Fields(line)...); got.Code != cmdutil.ExitOK {
				t.Errorf("%s: %s", line, got.ErrOut)
			}
		}
	}
}

// offlineExample returns the arguments of an example, and its standard input, that come to the same without a cluster.
func offlineExample(t *testing.T, line string) (args, stdin string) {
	t.Helper()
	if _, after, found := strings.Cut(line, " | kubectl journey "); found {
		line = "kubectl journey " + after
		stdin = "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Journey\nmetadata: {name: j}\nspec: {title: J}\n"
	}
	line, _, _ = strings.Cut(line, " | ")
	line, _, _ = strings.Cut(line, " > ")
	args, found := strings.CutPrefix(line, "kubectl journey ")
	if !found {
		t.Fatalf("%q does not begin with kubectl journey", line)
	}
	// The cluster test watches.
	args = strings.TrimSuffix(args, " --watch")
	sample := cmdtest.Samples + "quickstart"
	args = strings.ReplaceAll(strings.ReplaceAll(args, "-f journeys/", "-f "+sample), " -n webshop", "")
	if !strings.Contains(args, "-f ") {
		args += " -f " + sample
	}
	return args, stdin
}

// BenchmarkStartUp starts the program as a shell does, the process included. It is to take less than 50 ms.
func BenchmarkStartUp(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "kubectl-journey")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", binary, "../..").CombinedOutput(); err != nil {
		b.Fatalf("%s: %s", err, out)
	}
	for _, args := range []string{"version", "--help"} {
		b.Run(args, func(b *testing.B) {
			for b.Loop() {
				if out, err := exec.CommandContext(b.Context(), binary, args).CombinedOutput(); err != nil {
					b.Fatalf("%s: %s", err, out)
				}
			}
		})
	}
}
