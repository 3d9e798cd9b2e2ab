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

package docs

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

var update = flag.Bool("update", false, "rewrite the outputs in the pages")

// Fenced blocks by the words after the fence: commands that must succeed, commands that must fail, and the output of the commands above.
// Other blocks, such as "sh no-test", are not run.
const (
	infoCommands = "sh"
	infoFailing  = "sh fails"
	infoOutput   = "text"
)

// TestCommands runs the commands of each page, in order, against a real control plane. Each block runs in a new shell, in the root of the
// repository. Each page has a new home folder. For the operator, today is the day for which the samples were written.
func TestCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a control plane")
	}
	// Without the kinds: the install commands below apply them.
	plane, err := controlplane.Start(t.Context(), controlplane.Options{CRDPaths: []string{}, Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := plane.Stop(); err != nil {
			t.Error(err)
		}
	})
	bin := buildCommands(t)
	if output, err := newShell(t, plane, bin).run(t, &block{text: install}); err != nil {
		t.Fatalf("installing: %v\n%s", err, output)
	}
	startOperator(t, plane)
	for _, p := range pages(t) {
		t.Run(filepath.Base(p.path), func(t *testing.T) {
			if !*update {
				t.Parallel()
			}
			if *update {
				defer p.write(t)
			}
			s := newShell(t, plane, bin)
			for n, b := range p.blocks {
				if b.info == infoCommands || b.info == infoFailing {
					s.check(t, p, b, p.outputOf(n))
				}
			}
		})
	}
}

const install = `
kubectl apply --server-side -k config/default
kubectl wait --for=condition=Established --timeout=60s crd --all`

// sampleDay is a clock that starts on the morning of the day for which the samples were written.
type sampleDay struct {
	clock.RealClock
	ahead time.Duration
}

func newSampleDay() sampleDay {
	return sampleDay{ahead: time.Until(time.Date(2026, time.November, 22, 6, 0, 0, 0, time.UTC))}
}

func (c sampleDay) Now() time.Time                  { return time.Now().Add(c.ahead) }
func (c sampleDay) Since(t time.Time) time.Duration { return c.Now().Sub(t) }

func startOperator(t *testing.T, plane *controlplane.ControlPlane) {
	t.Helper()
	klog.SetLogger(logr.Discard())
	ctrl.SetLogger(logr.Discard())
	scheme := runtime.NewScheme()
	if err := errors.Join(clientgoscheme.AddToScheme(scheme), cxv1alpha1.AddToScheme(scheme)); err != nil {
		t.Fatal(err)
	}
	mgr, err := ctrl.NewManager(plane.Config, ctrl.Options{
		Scheme: scheme, Metrics: metricsserver.Options{BindAddress: "0"},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	// A test goes through a page faster than a reader, and events are to be told between its steps.
	options := controllers.Options{Clock: newSampleDay(), EventDelay: 200 * time.Millisecond}
	if _, err := controllers.SetupWithManager(mgr, options); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- mgr.Start(ctx) }()
	// A manager that is told to stop while it starts would never stop.
	select {
	case <-mgr.Elected():
	case err := <-done:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// buildCommands builds the programs that readers need on their PATH.
func buildCommands(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	command := exec.Command("go", "build", "-o", bin, "./cmd/kubectl-journey", "./cmd/manager")
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("building the commands: %v\n%s", err, output)
	}
	return bin
}

// shell runs commands as a reader of a page does.
type shell struct {
	env []string
}

func newShell(t *testing.T, plane *controlplane.ControlPlane, bin string) *shell {
	t.Helper()
	kubectl, err := controlplane.Kubectl(plane.Assets)
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, ".kube"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := plane.WriteKubeconfig(filepath.Join(home, ".kube", "config")); err != nil {
		t.Fatal(err)
	}
	// The home folder is new, so tell the Go command where its caches are.
	known, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE", "GOPATH").Output()
	if err != nil {
		t.Fatal(err)
	}
	folders := strings.Split(string(known), "\n")
	path := strings.Join([]string{bin, filepath.Dir(kubectl), os.Getenv("PATH")}, string(filepath.ListSeparator))
	return &shell{env: append(os.Environ(), "HOME="+home, "KUBECONFIG=", "PATH="+path, "CGO_ENABLED=0", "COLUMNS=100",
		"GOCACHE="+folders[0], "GOMODCACHE="+folders[1], "GOPATH="+folders[2])}
}

// patience is how long to wait until a command prints what is on the page. The operator may need some time.
const patience = time.Minute

// A command that only reads from the cluster is run again, until the operator is done. A command on files would say the same again.
var question = regexp.MustCompile(`^(kubectl (get|describe|explain|auth can-i|events|journey)|manager) `)

// check runs a block of commands and compares the output, if the page has one.
func (s *shell) check(t *testing.T, p *page, b, output *block) {
	t.Helper()
	deadline, pause := time.Now().Add(patience), 300*time.Millisecond
	if *update {
		pause = 3 * time.Second // What the operator has not answered by then is not coming.
	}
	for last := ""; ; time.Sleep(pause) {
		got, err := s.run(t, b)
		again := question.MatchString(b.text) && !strings.Contains(b.text, " -f ") && time.Now().Before(deadline)
		switch {
		case err != nil && !again:
			t.Fatalf("%s:%d: %v\n%s\n%s", p.path, b.line, err, b.text, got)
		case err != nil:
			continue
		case output == nil || got == output.text:
			return
		case *update && (!again || got == last):
			output.text = got
			return
		case !again:
			t.Errorf("%s:%d: the output is another one (-page +got); go test ./hack/docs -update rewrites it\n%s",
				p.path, b.line, cmp.Diff(strings.Split(output.text, "\n"), strings.Split(got, "\n")))
			return
		}
		last = got
	}
}

// Ages differ from run to run. On the page, all things are a few seconds old.
var age = regexp.MustCompile(`(?m)(\s)(\d+[smhd])+$`)

func (s *shell) run(t *testing.T, b *block) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", b.text)
	command.Dir = root
	command.Env = s.env
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	if b.info == infoFailing && errors.As(err, &exit) {
		err = nil
	} else if b.info == infoFailing {
		err = errors.New("this should fail")
	}
	var lines []string
	for line := range strings.Lines(string(output)) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	return age.ReplaceAllString(strings.Trim(strings.Join(lines, "\n"), "\n"), "${1}5s"), err
}

// page is a page of the documentation, in blocks.
type page struct {
	path   string
	blocks []*block
}

// block is a fenced block, or the text between two of them.
type block struct {
	fenced bool
	info   string
	line   int // of the first line of the text
	text   string
}

const root = "../.."

// pages reads all pages that are not generated.
func pages(t *testing.T) []*page {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	paths = slices.DeleteFunc(paths, func(path string) bool { return filepath.Base(path) == "reference.md" })
	all := make([]*page, 0, len(paths)+1)
	for _, path := range append(paths, filepath.Join(root, "README.md")) {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		p := &page{path: path}
		p.parse(string(content))
		all = append(all, p)
	}
	return all
}

const fence = "```"

func (p *page) parse(content string) {
	current := &block{line: 1}
	var lines []string
	end := func(next *block) {
		current.text = strings.Join(lines, "\n")
		if current.fenced || len(lines) > 0 {
			p.blocks = append(p.blocks, current)
		}
		current, lines = next, nil
	}
	for n, line := range strings.Split(strings.TrimSuffix(content, "\n"), "\n") {
		info, isFence := strings.CutPrefix(line, fence)
		switch {
		case isFence && current.fenced:
			end(&block{line: n + 2})
		case isFence:
			end(&block{fenced: true, info: info, line: n + 2})
		default:
			lines = append(lines, line)
		}
	}
	end(nil)
}

// outputOf returns the block with the output of block n, or nil.
func (p *page) outputOf(n int) *block {
	if n+2 < len(p.blocks) && strings.TrimSpace(p.blocks[n+1].text) == "" && p.blocks[n+2].info == infoOutput {
		return p.blocks[n+2]
	}
	return nil
}

func (p *page) write(t *testing.T) {
	t.Helper()
	var content bytes.Buffer
	for _, b := range p.blocks {
		if b.fenced {
			fmt.Fprintf(&content, "%s%s\n%s\n%s\n", fence, b.info, b.text, fence)
		} else {
			fmt.Fprintf(&content, "%s\n", b.text)
		}
	}
	if err := os.WriteFile(p.path, content.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
