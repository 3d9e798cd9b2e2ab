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
	"text/tabwriter"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// evidence is what flows back into the portfolio: a Prometheus with a year of values, systems that prove stages, and the observer that
// looks at both.
type evidence struct {
	figures  *figures
	observer *process
}

// Names in config/observer and in the files of the demo.
const (
	observerAccount  = "journey-operator-observer"
	prometheusSource = "prometheus"
	claimsNamespace  = "claims"
	evidenceTimeout  = 2 * time.Minute
)

// evidenceSteps follow when the manager and Prometheus run.
func (d *demo) evidenceSteps() []step {
	return []step{
		{"installing the observer and its Sources (config/observer)", d.installObserver},
		{"applying " + d.relative(d.sample) + " to namespace " + d.namespace + ", and the systems that prove its stages", d.applyEvidence},
		{"starting the observer as its own ServiceAccount", d.startObserver},
		{"waiting until everything is measured and looked at", d.waitObserved},
		{"waiting until every object is evaluated", d.waitEvaluated},
		{"having the manager warn those who make changes (config/webhook)", d.turnOnWarnings},
	}
}

// prepareEvidence starts the systems that have figures.
func (d *demo) prepareEvidence(ctx context.Context) error {
	var err error
	if d.evidence.figures, err = d.readFigures(ctx); err != nil {
		return err
	}
	return d.evidence.figures.serve(ctx)
}

// installObserver applies config/observer on top of config/default, and says what the observer may look at.
func (d *demo) installObserver(ctx context.Context) error {
	overlay, err := d.overlay("with-observer", map[string]any{
		"resources":  []string{filepath.Join(d.root, "config", "default")},
		"components": []string{filepath.Join(d.root, "config", "observer")},
	})
	if err != nil {
		return err
	}
	source, err := yaml.Marshal(map[string]any{
		"apiVersion": cxv1alpha1.GroupVersion.String(), "kind": cxv1alpha1.SourceKind, "metadata": map[string]any{"name": prometheusSource},
		"spec": map[string]any{
			"type": cxv1alpha1.SourcePrometheus, "url": "http://" + d.prometheus.address, "namespaceSelector": map[string]any{}, "interval": "1m",
			"requestsPerMinute": 600,
		},
	})
	if err != nil {
		return fmt.Errorf("writing the Source: %w", err)
	}
	file := filepath.Join(d.dir, "source.yaml")
	if err := os.WriteFile(file, source, 0o600); err != nil {
		return fmt.Errorf("writing the Source: %w", err)
	}
	for _, args := range [][]string{{"-k", overlay}, {"-f", d.evidenceFile("cluster.yaml")}, {"-f", file}} {
		if err := d.runKubectl(ctx, append([]string{"apply", "--server-side"}, args...)...); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) evidenceFile(name string) string {
	return filepath.Join(d.root, "hack", "demo", "evidence", name)
}

// overlay writes a kustomization of the demo's own, and returns its folder. Kustomize wants the folders that it names as relative paths.
func (d *demo) overlay(name string, kustomization map[string]any) (string, error) {
	folder := filepath.Join(d.dir, name)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", fmt.Errorf("making a kustomization: %w", err)
	}
	from, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return "", fmt.Errorf("making a kustomization: %w", err)
	}
	for _, field := range []string{"resources", "components"} {
		paths, _ := kustomization[field].([]string)
		for i := range paths {
			if paths[i], err = relativeFrom(from, paths[i]); err != nil {
				return "", err
			}
		}
	}
	data, err := yaml.Marshal(kustomization)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "kustomization.yaml"), data, 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("making a kustomization: %w", err)
	}
	return folder, nil
}

func relativeFrom(from, path string) (string, error) {
	path, err := filepath.Abs(path)
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err == nil {
		path, err = filepath.Rel(from, path)
	}
	if err != nil {
		return "", fmt.Errorf("making a kustomization: %w", err)
	}
	return path, nil
}

// startObserver starts the observer beside the manager, with the rights of its own ServiceAccount.
func (d *demo) startObserver(ctx context.Context) error {
	kubeconfig := filepath.Join(d.dir, "observer-kubeconfig")
	if err := d.writeKubeconfig(ctx, observerAccount, kubeconfig); err != nil {
		return err
	}
	probes, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	command := exec.Command(filepath.Join(d.programs, "observer"),
		"--kubeconfig="+kubeconfig,
		"--namespace="+systemNamespace,
		"--leader-elect", "--leader-election-namespace="+systemNamespace,
		"--health-probe-bind-address="+probes,
		"--metrics-bind-address=0",
		"--allow-loopback", // the Prometheus is on this machine
	)
	if d.evidence.observer, err = d.startProcess("observer", command); err != nil {
		return err
	}
	return d.evidence.observer.waitReady(ctx, "http://"+probes+"/readyz")
}

// measuredSample is the sample whose metrics have no values of their own, but ask the Prometheus.
func (d *demo) measuredSample() (string, error) {
	var patches []map[string]any
	for _, metric := range d.evidence.figures.metrics {
		patch, err := yaml.Marshal([]map[string]any{
			{"op": "remove", "path": "/spec/samples"},
			{"op": "add", "path": "/spec/sourceRef", "value": map[string]any{"name": prometheusSource}},
			{"op": "add", "path": "/spec/query", "value": query(metric.Name)},
		})
		if err != nil {
			return "", fmt.Errorf("making a kustomization: %w", err)
		}
		patches = append(patches, map[string]any{
			"target": map[string]any{"kind": cxv1alpha1.MetricKind, "name": metric.Name}, "patch": string(patch),
		})
	}
	return d.overlay("measured", map[string]any{"resources": []string{d.sample}, "patches": patches})
}

// applyEvidence applies the portfolio, and the systems that prove its stages.
func (d *demo) applyEvidence(ctx context.Context) error {
	measured, err := d.measuredSample()
	if err != nil {
		return err
	}
	if err := d.applyFolder(ctx, measured); err != nil {
		return err
	}
	systems := d.evidenceFile("systems.yaml")
	if err := d.runKubectl(ctx, "apply", "--server-side", "-f", systems); err != nil {
		return err
	}
	return d.runKubectl(ctx, "apply", "--server-side", "--subresource=status", "-f", systems)
}

// waitObserved waits until each metric has values, and each check of a finished stage has been looked at.
func (d *demo) waitObserved(ctx context.Context) error {
	return d.waitFor(ctx, "everything is observed", func(s *snapshot) bool { return len(s.unobserved()) == 0 })
}

// unobserved names what is not observed yet: metrics without a value ever, and blocks with a check that nobody has looked at.
func (s *snapshot) unobserved() []string {
	var names []string
	for _, m := range s.objects.Metrics {
		if reason := reasonOf(m.Status.Conditions, cxv1alpha1.ConditionFresh); reason == "" || reason == cxv1alpha1.ReasonNeverMeasured {
			names = append(names, "metric/"+m.Name)
		}
	}
	for _, b := range s.objects.BuildingBlocks {
		reason := reasonOf(b.Status.Conditions, cxv1alpha1.ConditionProven)
		if b.Status.ObservedGeneration < 1 || reason == cxv1alpha1.ReasonNoProofYet {
			names = append(names, "buildingblock/"+b.Name)
		}
	}
	return names
}

func reasonOf(conditions []metav1.Condition, name string) string {
	if c := meta.FindStatusCondition(conditions, name); c != nil {
		return c.Reason
	}
	return ""
}

// waitFor waits until the portfolio in the cluster is as wanted.
func (d *demo) waitFor(ctx context.Context, what string, reached func(*snapshot) bool) error {
	ctx, cancel := context.WithTimeout(ctx, evidenceTimeout)
	defer cancel()
	for {
		s, err := d.read(ctx)
		if err != nil && ctx.Err() == nil {
			return err
		}
		if err == nil && reached(s) {
			return nil
		}
		select {
		case <-time.After(pollInterval):
		case <-d.evidence.observer.ended:
			return fmt.Errorf("the observer ended by itself:\n%s", d.evidence.observer.lastLogs())
		case <-ctx.Done():
			return fmt.Errorf("after %s still not: %s; the observer says:\n%s", evidenceTimeout, what, d.evidence.observer.lastLogs())
		}
	}
}

// reportEvidence prints what was measured and proved. Then a system fails, and it prints what the portfolio says of that.
func (d *demo) reportEvidence(ctx context.Context, stdout io.Writer) error {
	s, err := d.read(ctx)
	if err != nil {
		return err
	}
	printVerdicts(stdout, s.objects.RoadmapItems)
	printProofs(stdout, s.objects.BuildingBlocks)

	const block, system = "notifications", "notifications"
	_, _ = fmt.Fprintf(stdout, "\nOne of the two pods that send messages fails (Deployment %s in namespace %s)\n\n", system, claimsNamespace)
	failed := time.Now()
	if err := d.setReady(ctx, system, 1); err != nil {
		return err
	}
	if err := d.waitFor(ctx, "BuildingBlock "+block+" has regressed", func(s *snapshot) bool {
		for _, b := range s.objects.BuildingBlocks {
			if b.Name == block {
				return reasonOf(b.Status.Conditions, cxv1alpha1.ConditionProven) == cxv1alpha1.ReasonRegressed
			}
		}
		return false
	}); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(stdout, "After %.1f s BuildingBlock %s says so: kubectl journey why buildingblock/%s\n\n", time.Since(failed).Seconds(), block, block)
	return d.plugin(ctx, stdout, "why", "buildingblock/"+block, "-n", d.namespace)
}

// setReady sets how many pods of a system are ready, as its controller would.
func (d *demo) setReady(ctx context.Context, system string, replicas int) error {
	status := fmt.Sprintf(`{"status":{"readyReplicas":%d,"availableReplicas":%d}}`, replicas, replicas)
	return d.runKubectl(ctx, "patch", "deployment", system, "-n", claimsNamespace, "--subresource=status", "--type=merge", "-p", status)
}

func printVerdicts(w io.Writer, items []*cxv1alpha1.RoadmapItem) {
	_, _ = fmt.Fprintf(w, "\nWhat finished work brought, as a Prometheus measured it\n\n")
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "ROADMAP ITEM\tVERDICT\tBECAUSE")
	for _, item := range items {
		if item.Status.Hypothesis == nil {
			continue
		}
		c := meta.FindStatusCondition(item.Status.Conditions, cxv1alpha1.ConditionHypothesisConfirmed)
		if c == nil {
			continue
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", item.Name, c.Reason, c.Message)
	}
	_ = table.Flush()
}

func printProofs(w io.Writer, blocks []*cxv1alpha1.BuildingBlock) {
	_, _ = fmt.Fprintf(w, "\nWhat the systems prove\n\n")
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "BUILDING BLOCK\tPROVEN\tBECAUSE")
	for _, b := range blocks {
		if c := meta.FindStatusCondition(b.Status.Conditions, cxv1alpha1.ConditionProven); c != nil {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", b.Name, c.Reason, c.Message)
		}
	}
	_ = table.Flush()
}

// invite tells what to try while the demo is up.
func (e *evidence) invite(w io.Writer) {
	_, _ = fmt.Fprintf(w, `
Have the second pod come back, and see that the proof holds again:
  kubectl patch deployment notifications -n %s --subresource=status --type=merge -p '{"status":{"readyReplicas":2,"availableReplicas":2}}'
  kubectl get buildingblock notifications -o wide
  kubectl get metrics,observations
`, claimsNamespace)
}

// stop ends what shows the evidence.
func (e *evidence) stop() error {
	var errs []error
	if e.observer != nil {
		errs = append(errs, e.observer.stop())
	}
	if e.figures != nil && e.figures.exporter != nil {
		errs = append(errs, e.figures.exporter.Close())
	}
	return errors.Join(errs...)
}
