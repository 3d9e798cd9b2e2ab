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
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// keptLines is how many lines of what the go command said are shown when it fails.
const keptLines = 20

// build makes one binary from the module that pins its version.
type build struct {
	name, version string
	pkg           string
	module        string // the folder of the nested module
	ldflags       string
}

func builds(module string, v versions) []build {
	kubernetesFlags := "-s -w " + strings.Join(versionFlags(v.kubernetes), " ")
	return []build{
		{etcdBinary, v.etcd, etcdModule, module, "-s -w"},
		{kubectlBinary, v.kubernetes, kubernetesModule + "/cmd/kubectl", module, kubernetesFlags},
		{apiServerBinary, v.kubernetes, kubernetesModule + "/cmd/kube-apiserver", module, kubernetesFlags},
	}
}

// versionFlags tell Kubernetes its version, as its own build does. Without it the API server does not know which
// APIs to serve.
func versionFlags(version string) []string {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	var flags []string
	for _, pkg := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		flags = append(flags,
			"-X "+pkg+".gitVersion="+version,
			"-X "+pkg+".gitMajor="+parts[0],
			"-X "+pkg+".gitMinor="+parts[1],
			"-X "+pkg+".gitTreeState=clean")
	}
	return flags
}

// run builds in a folder of its own, and moves the finished binary to its place. The folder is new each time: the go
// command of a builder that was killed may still write to an old one.
func (b build) run(ctx context.Context, dir string, report *reporter) error {
	removeAll(filepath.Join(dir, "."+b.name+".*.partial"))
	m := &meter{reporter: report, what: b.name + " " + b.version, started: report.now()}
	work, err := os.MkdirTemp(dir, "."+b.name+".*.partial")
	if err == nil {
		defer removeAll(work)
		stop := m.tick()
		err = b.compile(ctx, work, m)
		stop()
	}
	if err == nil {
		err = os.Rename(filepath.Join(work, b.name), filepath.Join(dir, b.name))
	}
	if err != nil {
		report.clear()
		return fmt.Errorf("building %s %s: %w", b.name, b.version, err)
	}
	report.say(fmt.Sprintf("built %s %s in %s", b.name, b.version, report.now().Sub(m.started).Round(time.Second)))
	return nil
}

// removeAll removes work folders. The compilers of an interrupted go command may write to them for another moment,
// so it tries several times. The next builder removes what is left.
func removeAll(pattern string) {
	folders, _ := filepath.Glob(pattern)
	for _, folder := range folders {
		for range 20 {
			if os.RemoveAll(folder) == nil {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
}

func (b build) compile(ctx context.Context, work string, m *meter) error {
	packages, err := b.goCommand(ctx, m, work, "list", "-mod=readonly", "-deps", b.pkg)
	if err != nil {
		return err
	}
	m.setTotal(strings.Count(packages, "\n"))
	_, err = b.goCommand(ctx, m, work, "build", "-mod=readonly", "-v", "-trimpath", "-buildvcs=false",
		"-ldflags", b.ldflags, "-o", filepath.Join(work, b.name), b.pkg)
	return err
}

func (b build) goCommand(ctx context.Context, m *meter, work string, args ...string) (stdout string, err error) {
	var out bytes.Buffer
	said := &lineWriter{each: func(line string) (keep bool) {
		switch {
		case strings.HasPrefix(line, "go: downloading "):
			m.add(0, 1)
		case strings.ContainsAny(line, " \t:"):
			return true
		default: // -v: the package being compiled
			m.add(1, 0)
		}
		return false
	}}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = b.module
	// The binaries are for this machine, also inside a cross build, and need no C compiler.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH,
		"GOTMPDIR="+work) // An interrupted go command leaves its work behind.
	cmd.Stdout, cmd.Stderr = &out, said
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", explain(err, strings.Join(said.kept, "\n"))
	}
	return out.String(), nil
}

// advice tells what to do when the machine, not the project, is at fault.
var advice = []struct {
	signs []string
	text  string
}{
	{[]string{"no space left on device", "disk quota exceeded"},
		"the disk is full: free about 5 GB where the Go caches and the cache folder are (go env GOCACHE GOMODCACHE)"},
	{[]string{"dial tcp", "no such host", "connection refused", "i/o timeout", "proxyconnect", "module lookup disabled", "TLS handshake"},
		"Go modules cannot be downloaded: connect to the network, set GOPROXY to a proxy that can be reached, or set " +
			assetsVariable + " to a folder with the binaries"},
	{[]string{"requires go >=", "toolchain not available", "invalid go version"},
		"this Go is too old for it: install the version that hack/controlplane/binaries/go.mod names or a newer one, or set GOTOOLCHAIN=auto"},
	{[]string{"signal: killed", "cannot allocate memory", "out of memory"},
		"the machine ran out of memory: free about 3 GB, or build fewer packages at a time with GOFLAGS=-p=1"},
}

// explain returns the error of a failed go command: what to do about it, if that is known, and what go said.
func explain(err error, said string) error {
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("the go command is not on the PATH: install Go, or set %s to a folder with the binaries", assetsVariable)
	}
	for _, a := range advice {
		for _, sign := range a.signs {
			if strings.Contains(said, sign) || strings.Contains(err.Error(), sign) {
				return fmt.Errorf("%s\n%s", a.text, said)
			}
		}
	}
	return fmt.Errorf("the go command failed: %w\n%s", err, said)
}

// lineWriter passes on each line that is written to it, and keeps the last of those for which each returns true.
type lineWriter struct {
	each    func(line string) (keep bool)
	kept    []string
	partial []byte
}

func (w *lineWriter) Write(data []byte) (int, error) {
	w.partial = append(w.partial, data...)
	for {
		line, rest, found := bytes.Cut(w.partial, []byte("\n"))
		if !found {
			return len(data), nil
		}
		w.partial = rest
		if text := string(line); w.each(text) {
			w.kept = append(w.kept, text)
			w.kept = w.kept[max(0, len(w.kept)-keptLines):]
		}
	}
}
