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
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNothingIsLeft ends make demo in all ways in which people end it. No process, file or error message may be left.
func TestNothingIsLeft(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a control plane")
	}
	for _, test := range []struct {
		name   string
		signal syscall.Signal
		// to is who gets the signal: all processes of the terminal, make alone, or the demo alone.
		to string
		// when is what the demo has said by then.
		when string
	}{
		{"Ctrl-C", syscall.SIGINT, "all", isUp},
		{"Ctrl-C while it starts", syscall.SIGINT, "all", "building the manager"},
		{"a closed terminal", syscall.SIGHUP, "all", isUp},
		{"kill", syscall.SIGTERM, "make", isUp},
		{"kill -9", syscall.SIGKILL, "demo", isUp},
	} {
		t.Run(test.name, func(t *testing.T) {
			// Given a demo. All its files and processes have this folder in their names.
			folder := t.TempDir()
			command, output := startDemo(t, folder, test.when)
			if test.to == "make" {
				wantWarning(t, contentOf(t, output))
			}
			// When it gets the signal.
			target := map[string]int{"all": -command.Process.Pid, "make": command.Process.Pid, "demo": childOf(t, command.Process.Pid)}[test.to]
			if err := syscall.Kill(target, test.signal); err != nil {
				t.Fatal(err)
			}
			_ = command.Wait()
			// Then nothing of it is left.
			deadline := time.Now().Add(time.Minute)
			for len(processesOf(t, folder)) > 0 {
				if time.Now().After(deadline) {
					t.Fatalf("these processes are left:\n%s", strings.Join(processesOf(t, folder), "\n"))
				}
				time.Sleep(pollInterval)
			}
			if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
				t.Errorf("these files are left: %v (%v)", left, err)
			}
			said := contentOf(t, output)
			for _, noise := range []string{"SetLogger", "goroutine", "Error 1"} {
				if strings.Contains(said, noise) {
					t.Errorf("it says %q:\n%s", noise, said)
				}
			}
		})
	}
}

// wantWarning runs the command of which the demo says that it warns.
func wantWarning(t *testing.T, said string) {
	t.Helper()
	var script []string
	for line := range strings.Lines(said) {
		if strings.HasPrefix(line, "  export ") || strings.Contains(line, "--dry-run=server") {
			script = append(script, line)
		}
	}
	output, err := exec.CommandContext(t.Context(), "sh", "-ec", strings.Join(script, "")).CombinedOutput()
	if err != nil || !strings.Contains(string(output), "Warning: Moment ") {
		t.Errorf("%s: %v\n%s", strings.Join(script, ""), err, output)
	}
}

// isUp is what the demo says when all its steps are done.
const isUp = "The cluster stays up"

// startDemo starts make demo, as a terminal does, and waits until it has said a text.
func startDemo(t *testing.T, folder, text string) (command *exec.Cmd, output string) {
	t.Helper()
	root, err := repoRoot()
	if err != nil {
		t.Fatal(err)
	}
	output = filepath.Join(t.TempDir(), "output")
	file, err := os.Create(output)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	command = exec.Command("make", "demo", "ARGS=--sample=config/samples/quickstart --namespace=returns")
	command.Dir, command.Stdout, command.Stderr = root, file, file
	command.Env = append(os.Environ(), "TMPDIR="+folder)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) })
	deadline := time.Now().Add(5 * time.Minute)
	for !strings.Contains(contentOf(t, output), text) {
		if time.Now().After(deadline) || syscall.Kill(command.Process.Pid, 0) != nil {
			t.Fatalf("the demo does not come up:\n%s", contentOf(t, output))
		}
		time.Sleep(pollInterval)
	}
	return command, output
}

func contentOf(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// processesOf lists the processes with a text in their command line.
func processesOf(t *testing.T, text string) []string {
	t.Helper()
	all, err := exec.CommandContext(t.Context(), "ps", "-eo", "pid=,args=", "-ww").Output()
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for line := range strings.SplitSeq(string(all), "\n") {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

// childOf finds the process that another one waits for.
func childOf(t *testing.T, parent int) int {
	t.Helper()
	all, err := exec.CommandContext(t.Context(), "ps", "-eo", "pid=,ppid=").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(all), "\n") {
		fields := strings.Fields(line)
		if len(fields) == 2 && fields[1] == strconv.Itoa(parent) {
			pid, err := strconv.Atoi(fields[0])
			if err != nil {
				t.Fatal(err)
			}
			return pid
		}
	}
	t.Fatalf("process %d has no child", parent)
	return 0
}
