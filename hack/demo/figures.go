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
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// figures are the values of the portfolio's metrics, as the systems of the insurer would give them to a Prometheus.
type figures struct {
	metrics  []*cxv1alpha1.Metric
	address  string
	exporter *http.Server
}

const (
	figureName = "claim_figure"
	// backfillBlock is how much time a block of old values may span. By default it is 2 hours, which makes a block of each value.
	backfillBlock = "2000h"
	// retention of the Prometheus: its default is two weeks, and hypotheses look back a year.
	retention = "3y"
)

// query is what a metric asks the Prometheus. Values of the past have no instance, those of now have one; max makes one series of them.
func query(metric string) string {
	return fmt.Sprintf("max(%s{name=%q})", figureName, metric)
}

// readFigures reads the metrics of the sample that have values.
func (d *demo) readFigures(ctx context.Context) (*figures, error) {
	built, err := d.kustomize(ctx, d.sample)
	if err != nil {
		return nil, err
	}
	f := &figures{}
	documents := utilyaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(built)))
	defer documents.Close()
	buffer := make([]byte, len(built))
	for {
		n, err := documents.Read(buffer)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading the sample: %w", err)
		}
		metric := &cxv1alpha1.Metric{}
		if !bytes.Contains(buffer[:n], []byte("\nkind: "+cxv1alpha1.MetricKind+"\n")) {
			continue
		}
		if err := yaml.Unmarshal(buffer[:n], metric); err != nil {
			return nil, fmt.Errorf("reading a metric of the sample: %w", err)
		}
		if len(metric.Spec.Samples) > 0 {
			f.metrics = append(f.metrics, metric)
		}
	}
	if len(f.metrics) == 0 {
		return nil, fmt.Errorf("no metric of %s has samples: take another sample, or leave out --evidence", d.relative(d.sample))
	}
	return f, nil
}

// kustomize builds a kustomization.
func (d *demo) kustomize(ctx context.Context, folder string) ([]byte, error) {
	built, err := exec.CommandContext(ctx, d.kubectl, "kustomize", folder).Output()
	if err != nil {
		if failed, ok := errors.AsType[*exec.ExitError](err); ok {
			return nil, fmt.Errorf("kubectl kustomize %s: %w\n%s", folder, err, failed.Stderr)
		}
		return nil, fmt.Errorf("kubectl kustomize %s: %w", folder, err)
	}
	return built, nil
}

// past is the text that gives all values to a Prometheus, in the OpenMetrics format. The sample of a day is the value at the midnight that
// ends it.
func (f *figures) past() string {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "# TYPE %s gauge\n", figureName)
	for _, metric := range f.metrics {
		for _, sample := range metric.Spec.Samples {
			_, _ = fmt.Fprintf(&b, "%s{name=%q} %s %d\n", figureName, metric.Name, sample.Value.Plain(), sample.Date.AddDays(1).Midnight().Unix())
		}
	}
	b.WriteString("# EOF\n")
	return b.String()
}

// ServeHTTP answers a Prometheus with the newest value of each figure.
func (f *figures) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	_, _ = fmt.Fprintf(w, "# TYPE %s gauge\n", figureName)
	for _, metric := range f.metrics {
		newest := metric.Spec.Samples[0]
		for _, sample := range metric.Spec.Samples {
			if sample.Date > newest.Date {
				newest = sample
			}
		}
		_, _ = fmt.Fprintf(w, "%s{name=%q} %s\n", figureName, metric.Name, newest.Value.Plain())
	}
}

// serve starts the exporter: what a Prometheus asks for the figures of now.
func (f *figures) serve(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("starting the exporter: %w", err)
	}
	f.address = listener.Addr().String()
	f.exporter = &http.Server{Handler: f, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = f.exporter.Serve(listener) }()
	return nil
}

// backfill writes the values of the past into the data of a Prometheus that does not run yet.
func (d *demo) backfill(ctx context.Context, data string) error {
	promtool, err := d.tool("promtool")
	if err != nil {
		return err
	}
	file := filepath.Join(d.dir, "figures.txt")
	if err := os.WriteFile(file, []byte(d.evidence.figures.past()), 0o600); err != nil {
		return fmt.Errorf("writing the values of the past: %w", err)
	}
	command := exec.CommandContext(ctx, promtool, "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration="+backfillBlock, file, data)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("giving Prometheus the values of the past: %w\n%s", err, output)
	}
	return nil
}

// figureScrape is how the Prometheus asks for the figures of now.
func (d *demo) figureScrape() []map[string]any {
	if d.evidence == nil {
		return nil
	}
	return []map[string]any{{
		"job_name": "claims", "static_configs": []map[string]any{{"targets": []string{d.evidence.figures.address}}},
	}}
}
