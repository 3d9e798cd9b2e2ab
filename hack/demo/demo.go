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
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"k8s.io/client-go/rest"

	"github.com/journeyops/journey-operator/hack/controlplane"
)

// demo holds all that runs in the demo.
type demo struct {
	root      string // of the repository
	sample    string
	namespace string
	started   time.Time
	progress  io.Writer
	// withPrometheus is whether a Prometheus watches.
	withPrometheus bool
	// evidence is nil where nothing is measured and proved.
	evidence *evidence

	// existing is nil where the demo starts a control plane.
	existing *existing

	folder     *controlplane.Folder // for everything temporary
	dir        string               // its path
	programs   string               // where the manager and the plugin are built
	kubectl    string
	kubeconfig string // the admin's, or the user's
	config     *rest.Config
	plane      *controlplane.ControlPlane
	manager    *process
	metrics    string // the manager's address
	warnings   *warnings
	firstItem  string // what to do first; empty where there is nothing
	prometheus *prometheus
}

func newDemo(sample, namespace string, progress io.Writer) (*demo, error) {
	root, err := repoRoot()
	if err != nil {
		return nil, err
	}
	if !filepath.IsAbs(sample) {
		if _, err := os.Stat(sample); err != nil {
			sample = filepath.Join(root, sample)
		}
	}
	if info, err := os.Stat(sample); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("there is no folder %s: name one with --sample", sample)
	}
	folder, err := controlplane.NewFolder("journey-demo-")
	if err != nil {
		return nil, err
	}
	return &demo{
		root: root, sample: sample, namespace: namespace, started: time.Now(), progress: progress,
		folder: folder, dir: folder.Dir(), programs: folder.Dir(), kubeconfig: filepath.Join(folder.Dir(), "kubeconfig"),
	}, nil
}

// repoRoot returns the root of the checkout. The demo builds and installs what is there.
func repoRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the repository: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "config", "default", "kustomization.yaml")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("this is not a checkout of journey-operator: run the demo in one")
		}
		dir = parent
	}
}

// say prints what the demo does now.
func (d *demo) say(format string, args ...any) {
	_, _ = fmt.Fprintf(d.progress, "[%5.1fs] %s\n", time.Since(d.started).Seconds(), fmt.Sprintf(format, args...))
}

// step is one of those that the demo takes.
type step struct {
	what string
	do   func(context.Context) error
}

func (d *demo) steps() []step {
	if d.existing != nil {
		return d.existingSteps()
	}
	steps := []step{
		{"building the manager and the plugin, and starting a control plane", d.prepare},
		{"installing the operator's kinds and roles (config/default)", d.install},
		{"starting the manager as its own ServiceAccount", d.startManager},
	}
	if d.evidence != nil {
		steps = append(steps, step{"having the systems of the insurer tell their figures", d.prepareEvidence})
	}
	if d.withPrometheus {
		steps = append(steps, step{"starting Prometheus", d.startPrometheus})
	}
	if d.evidence != nil {
		return append(steps, d.evidenceSteps()...)
	}
	return append(steps,
		step{"applying " + d.relative(d.sample) + " to namespace " + d.namespace, d.apply},
		step{"waiting until every object is evaluated", d.waitEvaluated},
		step{"having the manager warn those who make changes (config/webhook)", d.turnOnWarnings},
	)
}

// runAndCleanUp leaves nothing behind.
func (d *demo) runAndCleanUp(ctx context.Context, once bool, stdout io.Writer) error {
	err := d.run(ctx, once, stdout)
	left := d.cleanUp()
	if left != nil && errors.Is(err, context.Canceled) {
		return left
	}
	return errors.Join(err, left)
}

// run does all steps. Then it waits for the end of ctx, unless once is set.
func (d *demo) run(ctx context.Context, once bool, stdout io.Writer) error {
	for _, step := range d.steps() {
		d.say("%s", step.what)
		if err := step.do(ctx); err != nil {
			if ctx.Err() != nil {
				return context.Canceled
			}
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	d.say("done")
	if err := d.report(ctx, stdout); err != nil {
		if ctx.Err() != nil {
			return context.Canceled
		}
		return err
	}
	if d.evidence != nil {
		if err := d.reportEvidence(ctx, stdout); err != nil {
			return err
		}
	}
	if once {
		return nil
	}
	d.invite(stdout)
	select {
	case <-ctx.Done():
		d.say("stopping")
		return nil
	case <-d.manager.ended:
		return fmt.Errorf("the manager ended by itself: %s", d.manager.lastLogs())
	}
}

// invite tells what to try while the demo is up.
func (d *demo) invite(stdout io.Writer) {
	if d.existing != nil {
		_, _ = fmt.Fprintf(stdout, `
The demo stays up until Ctrl-C. In another terminal:

  export KUBECONFIG=%s PATH=%s:$PATH
  kubectl get cx
  kubectl journey why moment/NAME
`, d.kubeconfig, d.programs)
		return
	}
	_, _ = fmt.Fprintf(stdout, `
The cluster stays up until Ctrl-C. In another terminal:

  export KUBECONFIG=%s PATH=%s:%s:$PATH
  kubectl get cx -n %s
  kubectl journey why moment/NAME -n %s
`, d.kubeconfig, d.programs, filepath.Dir(d.kubectl), d.namespace, d.namespace)
	if d.firstItem != "" {
		_, _ = fmt.Fprintf(stdout, `
Warnings tell what a change does, for example what it would do to cancel %s:

  kubectl get roadmapitem %s -o yaml | sed 's/^  state: .*/  state: Cancelled/' | kubectl apply --server-side --dry-run=server -f -
`, d.firstItem, d.firstItem)
	}
	if d.prometheus != nil {
		_, _ = fmt.Fprintf(stdout, `
Prometheus is at http://%s. It has no pages: ask it with promtool, or let a Grafana with config/grafana read it.

  bin/promtool query instant http://%s 'sum by (state) (journey_value_points)'
`, d.prometheus.address, d.prometheus.address)
	}
	if d.evidence != nil {
		d.evidence.invite(stdout)
	}
}

// relative shortens a path to one relative to the current folder.
func (d *demo) relative(path string) string {
	if relative, err := filepath.Rel(d.root, path); err == nil && !strings.HasPrefix(relative, "..") {
		return relative
	}
	return path
}

// prepare builds the binaries while the control plane starts.
func (d *demo) prepare(ctx context.Context) error {
	assets, err := controlplane.Assets(ctx, d.progress)
	if err != nil {
		return err
	}
	if d.kubectl, err = controlplane.Kubectl(assets); err != nil {
		return err
	}
	var workers sync.WaitGroup
	var buildErr, startErr error
	workers.Go(func() { buildErr = d.build(ctx) })
	workers.Go(func() { startErr = d.startPlane(ctx) })
	workers.Wait()
	return errors.Join(buildErr, startErr)
}

func (d *demo) build(ctx context.Context) error {
	programs := []string{"build", "-o", d.programs + string(filepath.Separator), "./cmd/manager", "./cmd/kubectl-journey"}
	if d.evidence != nil {
		programs = append(programs, "./cmd/observer")
	}
	command := exec.CommandContext(ctx, "go", programs...)
	command.Dir = d.root
	// Its temporary files go with the folder, however the demo ends.
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOTMPDIR="+d.dir)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("building the manager and the plugin: %w\n%s", err, output)
	}
	return nil
}

func (d *demo) startPlane(ctx context.Context) error {
	// When ctx ends, the manager must stop before the control plane. So the control plane gets ctx only while it starts.
	starting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, cancel)
	plane, err := controlplane.Start(starting, controlplane.Options{
		CRDPaths: []string{}, // the installation applies them
		Progress: d.progress,
	})
	if err != nil {
		return err
	}
	stop()
	d.plane, d.config = plane, plane.Config
	return plane.WriteKubeconfig(d.kubeconfig)
}

// cleanUp stops all that was started, in reverse order, and removes the files.
func (d *demo) cleanUp() error {
	var errs []error
	if d.evidence != nil {
		errs = append(errs, d.evidence.stop())
	}
	if d.prometheus != nil {
		errs = append(errs, d.prometheus.stop())
	}
	if d.manager != nil {
		errs = append(errs, d.manager.stop())
	}
	if d.existing != nil {
		errs = append(errs, d.leave())
	}
	if d.plane != nil {
		errs = append(errs, d.plane.Stop())
	}
	errs = append(errs, d.folder.Remove())
	return errors.Join(errs...)
}
