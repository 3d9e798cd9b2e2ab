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

package record

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

func TestOptions(t *testing.T) {
	o := cmdtest.Options(t, NewCmd, "record", "metric/calls", "2.50", "--on", "2026-11-01", "-f", "x.yaml", "--replace", "--dry-run")
	if o.Metric != "calls" || o.Value != "2.5" || o.On != "2026-11-01" || !o.Replace || !o.DryRun {
		t.Errorf("%+v", o)
	}
	if o = cmdtest.Options(t, NewCmd, "record", "calls", "--", "-12"); o.Value != "-12" || o.On != "2026-11-22" {
		t.Errorf("%+v", o)
	}
}

const metric = `# Calls of customers who ask where their claim is.
apiVersion: cx.journeyops.dev/v1alpha1
kind: Metric
metadata: {name: calls}
spec:
  title: Calls
  direction: Decrease
  samples: # every Sunday
    - {date: "2026-11-01", value: 412} # before
    - {date: "2026-11-15", value: "300.5"}
`

func TestFiles(t *testing.T) {
	many := strings.Builder{}
	for i := range 400 {
		fmt.Fprintf(&many, "    - {date: \"%d-%02d-01\", value: 1}\n", 1980+i/12, 1+i%12)
	}
	head, _, _ := strings.Cut(metric, "    - {")
	none, _, _ := strings.Cut(metric, "  samples")
	full := head + many.String()
	for _, test := range []struct {
		name  string
		given string
		args  []string
		code  int
		// old is what goes, new is what comes in its place.
		old, new string
		said     string
	}{
		{"today", metric, []string{"calls", "268"}, 0, "\"300.5\"}\n", "\"300.5\"}\n    - {date: \"2026-11-22\", value: \"268\"}\n", "metric/calls: 268 on 2026-11-22, in a.yaml\n"},
		{"in between", metric, []string{"calls", "0.25", "--on", "2026-11-08"}, 0, "# before\n", "# before\n    - {date: \"2026-11-08\", value: \"0.25\"}\n", "0.25 on 2026-11-08, in a.yaml\n"},
		{"the same", metric, []string{"calls", "300.50", "--on", "2026-11-15"}, 0, "", "", "is there already, so nothing has changed\n"},
		{"another", metric, []string{"calls", "300", "--on", "2026-11-15"}, 1, "", "", "metric/calls has 300.5 on 2026-11-15 already: give --replace to record 300 instead\n"},
		{"a correction", metric, []string{"calls", "300", "--on", "2026-11-15", "--replace"}, 0, "\"300.5\"", "\"300\"", "in place of 300.5\n"},
		{"a dry run", metric, []string{"calls", "268", "--dry-run"}, 0, "", "", "note: this is a dry run: nothing was written\n"},
		{"the first", none, []string{"calls", "268"}, 0, "  direction: Decrease\n",
			"  direction: Decrease\n  samples:\n    - date: \"2026-11-22\"\n      value: \"268\"\n", "268 on 2026-11-22"},
		{"one too many", full, []string{"calls", "2"}, 0, "", "", "the oldest made room (1)\n"},
		{"one too old", full, []string{"calls", "2", "--on", "1970-01-01"}, 1, "", "", "there is no room for an older one\n"},
		{"tomorrow", metric, []string{"calls", "268", "--on", "2027-01-01", "--dry-run"}, 0, "", "", "note: 2027-01-01 is after today in UTC"},
		{"a near miss", metric, []string{"cals", "268"}, 1, "", "", "there is no metric \"cals\" in these files, did you mean calls?\n"},
		{"no number", metric, []string{"calls", "many"}, 2, "", "", "the value \"many\" is not a number such as 268"},
		{"too fine", metric, []string{"calls", "0.1234567"}, 2, "", "", "with at most 6 decimals"},
		{"no day", metric, []string{"calls", "1", "--on", "2026-02-30"}, 2, "", "", "--on \"2026-02-30\" is not a day"},
		{"another kind", metric, []string{"moment/calls", "1"}, 2, "", "", "values are recorded for metrics alone"},
		{"nothing", metric, nil, 2, "", "", "give the name of a metric and a value"},
		{"standard input", metric, []string{"calls", "1", "-f", "-"}, 2, "", "", "standard input cannot be changed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := cmdtest.Folder(t, map[string]string{"a.yaml": test.given})
			t.Chdir(folder)
			args := append([]string{"record"}, test.args...)
			got := runRecord(t, append(args, "-f", "a.yaml")...)
			if got.Code != test.code || !strings.Contains(got.ErrOut+got.Out, test.said) {
				t.Errorf("exit code %d:\n%s%s", got.Code, got.Out, got.ErrOut)
			}
			want := strings.Replace(test.given, test.old, test.new, 1)
			if test.name == "one too many" {
				want = strings.Replace(test.given, "    - {date: \"1980-01-01\", value: 1}\n", "", 1) + "    - {date: \"2026-11-22\", value: \"2\"}\n"
			}
			if diff := cmp.Diff(cmdtest.Files(t, cmdtest.Folder(t, map[string]string{"a.yaml": want})), cmdtest.Files(t, folder)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func runRecord(t *testing.T, args ...string) cmdtest.Outcome {
	t.Helper()
	return cmdtest.Run(t, cmdtest.Commands(func(f *cmdutil.Factory) *cobra.Command { return NewCmd(f, nil) }), "", args...)
}
