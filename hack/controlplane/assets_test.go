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

package controlplane

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestRequiredVersion(t *testing.T) {
	const goMod = `module example.com/x

tool k8s.io/kubernetes // k8s.io/kubernetes v0.0.1

require (
	k8s.io/kubernetes v1.2.3 // indirect
	k8s.io/kubernetes/more v9.9.9
)

require go.etcd.io/etcd/server/v3 v3.6.8

replace k8s.io/api => k8s.io/api v0.2.3
`
	for module, want := range map[string]string{
		kubernetesModule: "v1.2.3",
		etcdModule:       "v3.6.8",
		"k8s.io/api":     "",
	} {
		if got := requiredVersion(goMod, module); got != want {
			t.Errorf("requiredVersion(%s) = %q, want %q", module, got, want)
		}
	}
}

func TestPinnedVersions(t *testing.T) {
	v, err := readVersions(filepath.Join("binaries", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if want := v.kubernetes + "-" + v.etcd + "-" + runtime.GOOS + "-" + runtime.GOARCH; v.folder() != want {
		t.Errorf("folder() = %q, want %q", v.folder(), want)
	}
	// A staging module of another version than Kubernetes itself builds, but not what anybody runs.
	goMod, err := os.ReadFile(filepath.Join("binaries", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	staging := "v0" + strings.TrimPrefix(v.kubernetes, "v1")
	for line := range strings.Lines(string(goMod)) {
		if strings.Contains(line, " => ") && !strings.HasSuffix(strings.TrimSpace(line), " "+staging) {
			t.Errorf("%s is not replaced by %s", strings.TrimSpace(line), staging)
		}
	}
}

func TestReadVersionsSaysWhatIsMissing(t *testing.T) {
	goMod := filepath.Join(t.TempDir(), "go.mod")
	write(t, goMod, "module example.com/x\n")
	if _, err := readVersions(goMod); err == nil || !strings.Contains(err.Error(), kubernetesModule) {
		t.Errorf("got %v, want an error that names %s", err, kubernetesModule)
	}
}

func TestRepoRoot(t *testing.T) {
	// The nested module's go.mod must not pass for the repository's.
	t.Chdir("binaries")
	root, err := repoRoot()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "hack", "controlplane", "assets_test.go")); err != nil {
		t.Errorf("repoRoot() = %s: %v", root, err)
	}
	t.Chdir(t.TempDir())
	if root, err := repoRoot(); err == nil {
		t.Errorf("found the repository at %s from outside of it", root)
	}
}

func TestGivenAssets(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(assetsVariable, dir)
	executable(t, filepath.Join(dir, apiServerBinary))
	if _, err := Assets(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "lacks "+etcdBinary+":") {
		t.Errorf("without etcd: got %v", err)
	}
	executable(t, filepath.Join(dir, etcdBinary))
	if got, err := Assets(t.Context(), nil); err != nil || got != dir {
		t.Errorf("got %s, %v", got, err)
	}
	if _, err := Kubectl(dir); err == nil || !strings.Contains(err.Error(), "no kubectl") {
		t.Errorf("without kubectl: got %v", err)
	}
	executable(t, filepath.Join(dir, kubectlBinary))
	if _, err := Kubectl(dir); err != nil {
		t.Error(err)
	}
	t.Setenv(assetsVariable, "bin")
	if _, err := Assets(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "absolute") {
		t.Errorf("with a relative path: got %v", err)
	}
}

func TestConcurrentBuildersBuildOnce(t *testing.T) {
	b, dir := smallBuild(t, "package main\n\nfunc main() {}\n"), t.TempDir()
	// What a builder that was killed left.
	if err := os.MkdirAll(filepath.Join(dir, ".small.1.partial", "go-build"), 0o700); err != nil {
		t.Fatal(err)
	}
	var told output
	report := newReporter(&told)
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if err := ensure(t.Context(), dir, report, []build{b}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if err := exec.Command(filepath.Join(dir, b.name)).Run(); err != nil {
		t.Errorf("running what was built: %v", err)
	}
	if n := strings.Count(told.String(), "built small v1.0.0"); n != 1 {
		t.Errorf("built %d times, want once:\n%s", n, told.String())
	}
	wantFiles(t, dir, ".lock", "small")
}

func TestFailedBuildLeavesNothing(t *testing.T) {
	b, dir := smallBuild(t, "package main\n\nfunc main() { nonsense }\n"), t.TempDir()
	err := ensure(t.Context(), dir, newReporter(nil), []build{b})
	if err == nil || !strings.Contains(err.Error(), "building small v1.0.0") || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("got %v, want what was built and what the compiler said", err)
	}
	wantFiles(t, dir, ".lock")
}

func TestCancelledBuildLeavesNothing(t *testing.T) {
	t.Setenv("GOCACHE", t.TempDir()) // Without the standard library's packages there is enough to do.
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	b, dir := smallBuild(t, "package main\n\nimport _ \"net/http\"\n\nfunc main() {}\n"), t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if err := ensure(ctx, dir, newReporter(nil), []build{b}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
	wantFiles(t, dir, ".lock")
	wantFiles(t, temp)
}

func TestLockExcludesAndCanBeCancelled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := lockFile(t.Context(), path, func() { t.Error("waited for a free lock") })
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := lockFile(ctx, path, cancel); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	// The second comes through once the first lets go.
	again, err := lockFile(t.Context(), path, unlock)
	if err != nil {
		t.Fatal(err)
	}
	again()
}

func TestExplain(t *testing.T) {
	failed := errors.New("exit status 1")
	for said, want := range map[string]string{
		`go: k8s.io/x@v1: Get "https://proxy": dial tcp: lookup proxy: no such host`: "GOPROXY",
		"k8s.io/x@v1: module lookup disabled by GOPROXY=off":                         "GOPROXY",
		"write /tmp/x: no space left on device":                                      "the disk is full",
		"go: go.mod requires go >= 1.99.0 (running go 1.26.0; GOTOOLCHAIN=local)":    "GOTOOLCHAIN=auto",
		"compile: signal: killed":                                                    "out of memory",
		"x.go:1:1: syntax error":                                                     "the go command failed",
	} {
		if got := explain(failed, said).Error(); !strings.Contains(got, want) || !strings.Contains(got, said) {
			t.Errorf("explain(%q) = %q, want it and %q in it", said, got, want)
		}
	}
	if got := explain(exec.ErrNotFound, "").Error(); !strings.Contains(got, "install Go") {
		t.Errorf("without go: %q", got)
	}
}

func TestProgressInALog(t *testing.T) {
	var told output
	clock := time.Unix(0, 0)
	report := newReporter(&told)
	report.now = func() time.Time { return clock }
	m := &meter{reporter: report, what: "etcd v3.6.8", started: clock}
	m.add(0, 1)
	m.setTotal(4)
	for range 3 {
		clock = clock.Add(10 * time.Second)
		m.add(1, 0)
	}
	report.say("built")
	want := "building etcd v3.6.8: 1 modules downloaded, 0s\n" +
		"building etcd v3.6.8: 2 of at most 4 packages, 20s\n" +
		"built\n"
	if told.String() != want {
		t.Errorf("got\n%swant\n%s", told.String(), want)
	}
}

func TestProgressOnATerminal(t *testing.T) {
	var told output
	report := newReporter(&told)
	report.terminal = true
	report.update("one")
	report.update("too soon")
	report.say("two")
	if want := "\r\x1b[Kone\r\x1b[Ktwo\n"; told.String() != want {
		t.Errorf("got %q, want %q", told.String(), want)
	}
}

func TestLineWriterKeepsTheLastLines(t *testing.T) {
	w := &lineWriter{each: func(line string) bool { return line != "drop" }}
	for range keptLines {
		_, _ = io.WriteString(w, "dr")
		_, _ = io.WriteString(w, "op\nkeep\n")
	}
	_, _ = io.WriteString(w, "last\n")
	if len(w.kept) != keptLines || w.kept[0] != "keep" || w.kept[keptLines-1] != "last" {
		t.Errorf("kept %q", w.kept)
	}
}

// smallBuild is a build of a module without dependencies.
func smallBuild(t *testing.T, source string) build {
	t.Helper()
	module := t.TempDir()
	write(t, filepath.Join(module, "go.mod"), "module example.com/small\n\ngo 1.26.0\n")
	write(t, filepath.Join(module, "main.go"), source)
	return build{name: "small", version: "v1.0.0", pkg: "example.com/small", module: module, ldflags: "-s -w"}
}

func wantFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%s holds %q, want %q", dir, got, want)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func executable(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o700); err != nil { //nolint:gosec // A binary has to be executable.
		t.Fatal(err)
	}
}

// output is a buffer that several goroutines may write to.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
