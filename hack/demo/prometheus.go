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
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"sigs.k8s.io/yaml"
)

// prometheus is a Prometheus that fetches the manager's metrics as in a cluster: over HTTPS, with the token of a ServiceAccount.
type prometheus struct {
	*process

	address string
}

// prometheusAccount is the ServiceAccount of Prometheus.
const prometheusAccount = "prometheus"

// startPrometheus starts a Prometheus on this machine only, with the alerts.
func (d *demo) startPrometheus(ctx context.Context) error {
	binary, err := d.tool("prometheus")
	if err != nil {
		return err
	}
	if err := d.letPrometheusIn(ctx); err != nil {
		return err
	}
	config, err := d.writePrometheusConfig()
	if err != nil {
		return err
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	data := filepath.Join(d.dir, "prometheus")
	if d.evidence != nil {
		if err := d.backfill(ctx, data); err != nil {
			return err
		}
	}
	command := exec.Command(binary,
		"--config.file="+config,
		"--storage.tsdb.path="+data,
		"--storage.tsdb.retention.time="+retention,
		"--web.listen-address="+address,
	)
	p, err := d.startProcess("Prometheus", command)
	if err != nil {
		return err
	}
	d.prometheus = &prometheus{process: p, address: address}
	return p.waitReady(ctx, "http://"+address+"/-/ready")
}

// tool finds a program of Prometheus: the one that make has built, or that of this machine, such as Debian's.
func (d *demo) tool(name string) (string, error) {
	built := filepath.Join(d.root, "bin", name)
	if _, err := os.Stat(built); err == nil {
		return built, nil
	}
	installed, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("build it with \"make bin/%s\", or install Prometheus: %w", name, err)
	}
	return installed, nil
}

// letPrometheusIn makes a ServiceAccount that may fetch metrics, and writes its token to a file.
func (d *demo) letPrometheusIn(ctx context.Context) error {
	for _, args := range [][]string{
		{"create", "serviceaccount", prometheusAccount, "-n", systemNamespace},
		{
			"create", "clusterrolebinding", "prometheus-reads-journey-operator", "--clusterrole=journey-operator-metrics-reader",
			"--serviceaccount=" + systemNamespace + ":" + prometheusAccount,
		},
	} {
		if err := d.runKubectl(ctx, args...); err != nil {
			return err
		}
	}
	token, err := d.token(ctx, prometheusAccount)
	if err != nil {
		return err
	}
	if err := os.WriteFile(d.prometheusToken(), []byte(token), 0o600); err != nil {
		return fmt.Errorf("writing the token of Prometheus: %w", err)
	}
	return nil
}

func (d *demo) prometheusToken() string { return filepath.Join(d.dir, "prometheus-token") }

// writePrometheusConfig writes the configuration, and beside it the rules of config/prometheus.
func (d *demo) writePrometheusConfig() (path string, err error) {
	rules, err := readRules(filepath.Join(d.root, "config", "prometheus", "rules.yaml"))
	if err != nil {
		return "", err
	}
	const rulesFile = "prometheus-rules.yaml"
	config := map[string]any{
		"global":     map[string]any{"scrape_interval": "5s", "evaluation_interval": "15s"},
		"rule_files": []string{rulesFile},
		"scrape_configs": append(d.figureScrape(), map[string]any{
			"job_name":       "journey-operator",
			"scheme":         "https",
			"honor_labels":   true,
			"authorization":  map[string]any{"credentials_file": d.prometheusToken()},
			"tls_config":     map[string]any{"insecure_skip_verify": true}, // the manager makes up its certificate
			"static_configs": []map[string]any{{"targets": []string{d.metrics}}},
		}),
	}
	path = filepath.Join(d.dir, "prometheus.yaml")
	for file, content := range map[string]any{path: config, filepath.Join(d.dir, rulesFile): rules} {
		data, err := yaml.Marshal(content)
		if err == nil {
			err = os.WriteFile(file, data, 0o600)
		}
		if err != nil {
			return "", fmt.Errorf("writing the configuration of Prometheus: %w", err)
		}
	}
	return path, nil
}

// rules are those of a PrometheusRule, as Prometheus itself has them.
type rules struct {
	Groups []struct {
		Name  string           `json:"name"`
		Rules []map[string]any `json:"rules"`
	} `json:"groups"`
}

func readRules(path string) (*rules, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the alerts: %w", err)
	}
	var object struct {
		Spec rules `json:"spec"`
	}
	if err := yaml.Unmarshal(data, &object); err != nil {
		return nil, fmt.Errorf("reading the alerts in %s: %w", path, err)
	}
	return &object.Spec, nil
}
