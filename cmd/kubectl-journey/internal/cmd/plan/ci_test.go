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

package plan

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"sigs.k8s.io/yaml"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/root"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

// snippets returns the YAML on the page about pipelines.
func snippets(t *testing.T) (page string, blocks []string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(cmdtest.Repository, "docs", "ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile("(?s)\n```yaml\n(.*?)```").FindAllStringSubmatch(string(content), -1) {
		blocks = append(blocks, found[1])
	}
	if len(blocks) != 4 { // The last one is an object with its schema.
		t.Fatalf("%d blocks of YAML, want 4", len(blocks))
	}
	return string(content), blocks
}

// The parts of the snippets that tests look at.
type (
	githubJob struct {
		Permissions map[string]string
		Steps       []struct {
			Name, If, Run, Uses string
			With                map[string]any
		}
	}
	gitlabJob struct {
		Variables map[string]any
		Script    []string
	}
)

// readSnippets reads the YAML as those do that it is for.
func readSnippets(t *testing.T) (github githubJob, gitlab gitlabJob, hook string) {
	t.Helper()
	_, blocks := snippets(t)
	var workflow struct{ Jobs map[string]githubJob }
	var jobs map[string]gitlabJob
	var precommit struct {
		Repos []struct{ Hooks []struct{ Entry string } }
	}
	for n, into := range []any{&workflow, &jobs, &precommit} {
		if err := yaml.Unmarshal([]byte(blocks[n]), into); err != nil {
			t.Fatal(err)
		}
	}
	return workflow.Jobs["plan"], jobs["plan journeys"], precommit.Repos[0].Hooks[0].Entry
}

// TestWorkflow checks that the workflow asks for no more than it needs, and lets nobody else's text into a shell.
func TestWorkflow(t *testing.T) {
	job, gitlab, _ := readSnippets(t)
	want := map[string]string{"contents": "read", "pull-requests": "write", "security-events": "write", "actions": "read"}
	if difference := cmp.Diff(want, job.Permissions); difference != "" {
		t.Errorf("permissions (-want +got):\n%s", difference)
	}
	_, blocks := snippets(t)
	if !strings.Contains(blocks[0], "\npermissions: {}\n") || strings.Contains(blocks[0], "pull_request_target") {
		t.Error("the workflow has other permissions than those of its job, or runs with those of the base branch")
	}
	for _, step := range job.Steps {
		if strings.Contains(step.Run, "${{") {
			t.Errorf("step %s has an expression in its script", step.Name)
		}
		if writes := step.Name == "Comment" || strings.Contains(step.Uses, "upload-sarif"); writes != strings.Contains(step.If, "head.repo.fork") {
			t.Errorf("step %s writes, or not, and has the condition %q", step.Name, step.If)
		}
	}
	for name, text := range map[string]string{"GitHub": blocks[0], "GitLab": strings.Join(gitlab.Script, "\n")} {
		if strings.Count(text, `startswith("`+marker+`")`) != 1 {
			t.Errorf("%s does not look for the marker", name)
		}
	}
}

// TestActAsPlugin is not a test: it is how the scripts of pipelines run this very program.
func TestActAsPlugin(*testing.T) {
	if os.Getenv("ACT_AS_PLUGIN") == "" {
		return
	}
	streams := genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr}
	os.Exit(root.Run(context.Background(), commands, flag.Args(), streams, cmdtest.Clock))
}

// programs puts programs on the PATH: this very plugin, and others that only note how they are called. What is commented is kept beside
// the notes, so that the next call finds a comment to edit.
func programs(t *testing.T) (notes string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin, notes := t.TempDir(), t.TempDir()
	comment := "printf '%s\\n' \"$*\" >> \"$NOTES/calls\"\ncase \"$*\" in\n" +
		"*body*@plan.md*) cp plan.md \"$NOTES/comment.md\" ;;\n*/user) echo 7 ;;\n*) ! test -f \"$NOTES/comment.md\" || echo 42 ;;\nesac\n"
	for name, text := range map[string]string{
		"kubectl-journey": fmt.Sprintf("ACT_AS_PLUGIN=1 exec %q -test.run='^TestActAsPlugin$' -- \"$@\"\n", self),
		"go":              "", "apt-get": "", "jq": "cat\n", "gh": comment, "curl": comment,
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range map[string]string{
		"PATH": bin + string(filepath.ListSeparator) + os.Getenv("PATH"), "NOTES": notes, "HOME": bin, "KUBECONFIG": filepath.Join(bin, "none"),
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_SYSTEM": os.DevNull,
	} {
		t.Setenv(name, value)
	}
	return notes
}

// requests makes a repository with a branch to be merged, called change, where somebody else did something to main in the meantime. The
// branch merged is what would come of it, and noop changes nothing of the journeys. It returns the folder of the repository, and the
// commit at which change left main.
func requests(t *testing.T) (origin, base string) {
	t.Helper()
	sampleAndEdited(t)
	origin, err := filepath.Abs("origin")
	if err != nil {
		t.Fatal(err)
	}
	commit := func(message string) {
		git(t, "add", "--all")
		git(t, "commit", "--quiet", "--message="+message)
	}
	if err := errors.Join(os.Mkdir(origin, 0o700), os.Rename("sample", filepath.Join(origin, "journeys"))); err != nil {
		t.Fatal(err)
	}
	t.Chdir(origin)
	git(t, "init", "--quiet", "--initial-branch=main")
	commit("The sample")
	base = revision(t, "HEAD")

	git(t, "switch", "--quiet", "--create=change")
	if err := errors.Join(os.RemoveAll("journeys"), os.CopyFS("journeys", os.DirFS("../edited"))); err != nil {
		t.Fatal(err)
	}
	commit("A change for the worse")

	git(t, "switch", "--quiet", "main")
	if err := os.WriteFile("journeys/meanwhile.yaml", []byte(strings.ReplaceAll(sampleAdditions, "name: ", "name: meanwhile-")), 0o600); err != nil {
		t.Fatal(err)
	}
	commit("Something else")

	git(t, "switch", "--quiet", "--create=noop")
	git(t, "commit", "--quiet", "--allow-empty", "--message=Nothing")
	git(t, "switch", "--quiet", "--create=merged", "main")
	git(t, "merge", "--quiet", "--no-ff", "--message=Merge", "change")
	return origin, base
}

func revision(t *testing.T, name string) string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "git", "rev-parse", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(output))
}

// TestPipelines plays what the page about pipelines has them do, in a clone as they make it: first where nothing changes, then where much
// gets worse.
func TestPipelines(t *testing.T) {
	github, gitlab, _ := readSnippets(t)
	var steps []string
	for _, step := range github.Steps {
		// Each step has a shell of its own.
		if step.Run != "" {
			steps = append(steps, "(\n"+step.Run+"\n)")
		}
	}
	// The output of a step comes back as a variable of the last one.
	githubScript := strings.Replace(strings.Join(steps, "\n"), `exit "$CODE"`, `exit "$(sed -n 's/^code=//p' "$GITHUB_OUTPUT")"`, 1)
	for _, test := range []struct {
		name, script, shell, branch string
		depth                       any
		mergedResults               bool
		edit                        string
	}{
		{"GitHub", githubScript, "-e", "merged", github.Steps[0].With["fetch-depth"], true, "--method PATCH repos/a/b/issues/comments/42 "},
		{"GitLab", strings.Join(gitlab.Script, "\n"), "-eo pipefail", "change", gitlab.Variables["GIT_DEPTH"], false, "--request PUT "},
		{"GitLab with merged results", strings.Join(gitlab.Script, "\n"), "-eo pipefail", "merged", gitlab.Variables["GIT_DEPTH"], true, "--request PUT "},
	} {
		t.Run(test.name, func(t *testing.T) {
			notes := programs(t)
			origin, base := requests(t)
			play := func(branch string) (int, string) {
				folder := cloned(t, origin, branch, test.depth)
				mergeBase, target := base, ""
				if branch == "noop" {
					mergeBase = revision(t, "HEAD^")
				}
				if test.mergedResults {
					target = revision(t, "HEAD^")
				}
				for name, value := range map[string]string{
					"GITHUB_BASE_REF": "main", "GITHUB_REPOSITORY": "a/b", "PULL_REQUEST": "1", "CODE": "",
					"GITHUB_STEP_SUMMARY": filepath.Join(notes, "summary"), "GITHUB_OUTPUT": filepath.Join(folder, "output"),
					"JOURNEY_TOKEN": "x", "CI_API_V4_URL": "https://gitlab.example/api/v4", "CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "1",
					"CI_MERGE_REQUEST_DIFF_BASE_SHA": mergeBase, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": target,
				} {
					t.Setenv(name, value)
				}
				return shell(t, "set "+test.shell+"\n"+test.script)
			}
			if code, output := play("noop"); code != cmdutil.ExitOK {
				t.Fatalf("exit code %d where nothing changes:\n%s", code, output)
			}
			if code, output := play(test.branch); code != exitWorse {
				t.Fatalf("exit code %d where much gets worse:\n%s", code, output)
			}
			calls := contentOf(t, filepath.Join(notes, "calls"))
			if strings.Count(calls, "POST ") != 1 || strings.Count(calls, test.edit) != 1 {
				t.Errorf("not one comment made, and edited:\n%s", calls)
			}
			comment := contentOf(t, filepath.Join(notes, "comment.md"))
			if !strings.HasPrefix(comment, marker+"\n") || !strings.Contains(comment, "report-glass-damage") || strings.Contains(comment, "meanwhile") {
				t.Errorf("the comment:\n%s", comment)
			}
			requireSARIF(t, contentOf(t, "plan.sarif"))
		})
	}
}

// cloned makes a clone of a branch with the last commits, or with 0 all of them, and goes there.
func cloned(t *testing.T, origin, branch string, depth any) (folder string) {
	t.Helper()
	folder = t.TempDir()
	args := []string{"clone", "--quiet", "--branch=" + branch}
	if depth != float64(0) {
		args = append(args, fmt.Sprintf("--depth=%v", depth))
	}
	git(t, append(args, "file://"+filepath.ToSlash(origin), folder)...)
	t.Chdir(folder)
	return folder
}

// shell runs a script, and returns its exit code and all that it says.
func shell(t *testing.T, script string) (int, string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "bash", "-c", script)
	output, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), string(output)
}

func contentOf(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestPreCommit commits with the hook of the page: what makes references dangle is refused, all else goes through.
func TestPreCommit(t *testing.T) {
	_, _, hook := readSnippets(t)
	programs(t)
	origin, _ := requests(t)
	cloned(t, origin, "main", 1)
	if err := os.WriteFile(".git/hooks/pre-commit", []byte("#!/bin/sh\nexec "+hook+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	// With --all, git gives its hooks an index of their own.
	commit := `git -c user.name=T -c user.email=t@example.com commit --all --message=x`
	in("journeys/moments/repair.yaml", "get-car-back", "title: Mijn auto terug", "title: Mijn auto weer terug")(t)
	if code, output := shell(t, commit); code != 0 || !strings.Contains(output, "changed  moment/get-car-back\n"+noEffects) {
		t.Errorf("a harmless commit ends with %d:\n%s", code, output)
	}
	in("journeys/moments/repair.yaml", "get-car-back", "name: motor-claim", "name: no-such-journey")(t)
	if code, output := shell(t, commit); code == 0 || !strings.Contains(output, "names: dangling\n") {
		t.Errorf("a bad commit ends with %d:\n%s", code, output)
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
	for _, rule := range diff.Rules {
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
