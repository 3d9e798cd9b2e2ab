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
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

// testPictures checks that what is drawn of a cluster is what is drawn of the files that were applied to it, byte for byte.
func (c *cluster) testPictures(t *testing.T) {
	for _, p := range []struct{ namespace, path, journey string }{
		{"quickstart", cmdtest.Samples + "quickstart", "return-a-purchase"},
		{"shop", cmdtest.Shop, "buy-a-coat"},
		{"motor-claim", cmdtest.Samples + "motor-claim", "motor-claim"},
	} {
		compare := func(command, format string) {
			t.Run(p.namespace+" "+command+" "+format, func(t *testing.T) {
				args := append(strings.Fields(command), "-n", p.namespace, "-o", format, "--as-of", "2026-11-22")
				online := c.run(args...)
				offline := c.run(slices.Concat(args, []string{"-f", p.path})...)
				if online.Code != cmdutil.ExitOK || offline.Code != cmdutil.ExitOK || online.Out == "" {
					t.Fatalf("exit code %d online: %s\nand %d offline: %s", online.Code, online.ErrOut, offline.Code, offline.ErrOut)
				}
				if diff := cmp.Diff(offline.Out, online.Out); diff != "" {
					t.Errorf("the cluster differs (-offline +online):\n%s", diff)
				}
			})
		}
		for _, d := range pictures {
			for _, format := range d.formats {
				compare(pictureOf(d.command, p.journey), format)
			}
		}
		for _, format := range formatsOf("roadmap") {
			compare("roadmap", format)
		}
	}
}

// testCompletion completes names that only the cluster and the kubeconfig know.
func (c *cluster) testCompletion(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"map", "-n", "quickstart", "ret"}, "return-a-purchase"},
		{[]string{"graph", "-n", "quickstart", "bb/ref"}, "bb/refunds"},
		{[]string{"graph", "-A", "moment/get-the"}, "moment/get-the-money-back"},
		{[]string{"matrix", "-n", "quick"}, "quickstart"},
		{[]string{"status", "--namespace", "motor"}, "motor-claim"},
		{[]string{"map", "-n", "nowhere", "ret"}, ""},
	} {
		// The word to be completed must stay the last.
		got := c.run(slices.Concat([]string{cobra.ShellCompNoDescRequestCmd, test.args[0], "--kubeconfig", c.Kubeconfig}, test.args[1:])...)
		if words, _, _ := strings.Cut(got.Out, ":"); strings.TrimSpace(words) != test.want {
			t.Errorf("%v: completed to %q, want %q", test.args, words, test.want)
		}
	}
}
