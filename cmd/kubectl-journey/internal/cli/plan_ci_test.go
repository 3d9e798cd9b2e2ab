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
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"k8s.io/cli-runtime/pkg/genericiooptions"
	"sigs.k8s.io/yaml"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/plan"
)

// snippets returns the YAML on the page about pipelines.
func snippets(t *testing.T) (page string, blocks []string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repositoryRoot, "docs", "ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile("(?s)\n```yaml\n(.*?)```").FindAllStringSubmatch(string(content), -1) {
		blocks = append(blocks, found[1])
	}
	if len(blocks) != 3 {
		t.Fatalf("%d blocks of YAML, want 3", len(blocks))
	}
	return string(content), blocks
}

// script returns what a pipeline would have a shell do.
type script struct{ name, text string }

func scripts(t *testing.T) []script {
	t.Helper()
	_, blocks := snippets(t)
	var github struct {
		Jobs map[string]struct{ Steps []struct{ Name, Run string } }
	}
	var gitlab map[string]struct{ Script []string }
	var precommit struct {
		Repos []struct{ Hooks []struct{ Entry string } }
	}
	for n, into := range []any{&github, &gitlab, &precommit} {
		if err := yaml.Unmarshal([]byte(blocks[n]), into); err != nil {
			t.Fatal(err)
		}
	}
	var steps []string
	for _, step := range github.Jobs["plan"].Steps {
		// Each step has a shell of its own.
		if step.Run != "" {
			steps = append(steps, "(\n"+step.Run+"\n)")
		}
	}
	return []script{
		{"GitHub", strings.Join(steps, "\n")},
		{"GitLab", strings.Join(gitlab["plan journeys"].Script, "\n")},
		{"pre-commit", precommit.Repos[0].Hooks[0].Entry},
	}
}

// TestActAsPlugin is not a test: it is how the scripts of pipelines run this very program.
func TestActAsPlugin(*testing.T) {
	if os.Getenv("ACT_AS_PLUGIN") == "" {
		return
	}
	streams := genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr}
	os.Exit(run(context.Background(), flag.Args(), streams, func() time.Time { return today }))
}

// pipeline makes a repository with a branch to be merged, and programs to be run there.
func pipeline(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	sampleAndEdited(t)
	if err := os.Rename("sample", "journeys"); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{
		"init --quiet --initial-branch=main", "add journeys", "commit --quiet --message=sample", "update-ref refs/remotes/origin/main HEAD",
	} {
		git(t, strings.Fields(command)...)
	}
	bin := t.TempDir()
	plugin := fmt.Sprintf("#!/bin/sh\nACT_AS_PLUGIN=1 exec %q -test.run='^TestActAsPlugin$' -- \"$@\"\n", self)
	for name, text := range map[string]string{
		"kubectl-journey": plugin,
		"kubectl":         "#!/bin/sh\nshift\nexec kubectl-journey \"$@\"\n",
		"go":              "#!/bin/sh\n",
		"gh":              "#!/bin/sh\ncp plan.md comment.md\n",
		"curl":            "#!/bin/sh\ncp plan.md comment.md\n",
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	for name, value := range map[string]string{
		"GITHUB_BASE_REF": "main", "GITHUB_STEP_SUMMARY": "summary.md", "GITHUB_OUTPUT": "output", "CODE": "", "JOURNEY_TOKEN": "x",
		"CI_MERGE_REQUEST_DIFF_BASE_SHA": "HEAD", "KUBECONFIG": filepath.Join(bin, "none"), "HOME": bin,
	} {
		t.Setenv(name, value)
	}
}

// TestSnippets runs what the page about pipelines has pipelines do: on a change for the worse, on one that does nothing, and where the base
// branch has no journeys yet.
func TestSnippets(t *testing.T) {
	for _, s := range scripts(t) {
		t.Run(s.name, func(t *testing.T) {
			pipeline(t)
			// The output of a step comes back as a variable of the last one.
			text := "set -e\n" + strings.Replace(s.text, `exit "$CODE"`, `exit "$(sed -n 's/^code=//p' output)"`, 1)
			play := func() (int, string) {
				command := execCommand(t, "sh", "-c", text)
				output, err := command.CombinedOutput()
				if err != nil && command.ProcessState == nil {
					t.Fatal(err)
				}
				return command.ProcessState.ExitCode(), string(output)
			}
			if code, output := play(); code != exitOK {
				t.Errorf("exit code %d where nothing changes:\n%s", code, output)
			}
			if err := os.RemoveAll("journeys"); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename("edited", "journeys"); err != nil {
				t.Fatal(err)
			}
			_ = os.Remove("output")
			code, output := play()
			if code != exitWorse {
				t.Errorf("exit code %d where much gets worse:\n%s", code, output)
			}
			if s.name == "pre-commit" {
				return
			}
			comment, err := os.ReadFile("comment.md")
			if err != nil || !strings.HasPrefix(string(comment), planMarker+"\n") || !strings.Contains(string(comment), "report-glass-damage") {
				t.Errorf("the comment: %v\n%s", err, comment)
			}
			log, err := os.ReadFile("plan.sarif")
			if err != nil {
				t.Fatal(err)
			}
			requireSARIF(t, string(log))
		})
	}
}

// TestPageOfPlans checks that the page explains every word of --fail-on, and every rule as it is.
func TestPageOfPlans(t *testing.T) {
	page, _ := snippets(t)
	for _, word := range failOnWords() {
		if !strings.Contains(page, "\n| `"+word+"` | ") {
			t.Errorf("%s is not explained", word)
		}
	}
	for _, rule := range plan.Rules {
		var words []string
		for _, c := range rule.Criteria {
			words = append(words, "`"+string(c)+"`")
		}
		row := strings.TrimRight(fmt.Sprintf("| %#q | %s | %s", rule.ID, rule.Level, strings.Join(words, ", ")), " ") + " |\n"
		if !strings.Contains(page, row) {
			t.Errorf("the page lacks %q", row)
		}
	}
}
