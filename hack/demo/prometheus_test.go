//go:build prometheus

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
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestPrometheus asks a real Prometheus, which watches the manager, the query of each panel and of each alert. Each must have an answer.
func TestPrometheus(t *testing.T) {
	d := startWithPrometheus(t)
	t.Run("alerts", func(t *testing.T) {
		for name, expression := range alertQueries(t, d.root) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				d.prometheus.wantData(t, expression)
			})
		}
	})
	for _, name := range []string{"roadmap", "operator"} {
		t.Run(name, func(t *testing.T) {
			board := readDashboard(t, filepath.Join(d.root, "config", "grafana", name+".json"))
			for title, expression := range board.queries() {
				t.Run(title, func(t *testing.T) {
					t.Parallel()
					d.prometheus.wantData(t, expression)
				})
			}
			for variable, path := range board.variables(t) {
				t.Run("$"+variable, func(t *testing.T) {
					t.Parallel()
					d.prometheus.wantValues(t, path)
				})
			}
		})
	}
}

// startWithPrometheus starts a demo with a good portfolio, and one with everything that can be wrong.
func startWithPrometheus(t *testing.T) *demo {
	t.Helper()
	d, err := newDemo(filepath.Join("config", "samples", "quickstart"), "returns", t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.cleanUp(); err != nil {
			t.Error(err)
		}
	})
	d.withPrometheus = true
	if err := d.run(t.Context(), true, io.Discard); err != nil {
		t.Fatal(err)
	}
	// What changes now, Prometheus sees change.
	d.prometheus.wantData(t, "journey_operator_leader")
	d.namespace, d.sample = "troubled", filepath.Join(d.root, "hack", "demo", "testdata", "troubled")
	for _, do := range []func(context.Context) error{d.apply, d.waitEvaluated} {
		if err := do(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// threshold is how the expression of an alert ends.
var threshold = regexp.MustCompile(` (?:>|<|==) [0-9]+$`)

// alertQueries are the expressions of the alerts. Those on portfolios must fire. The operator itself is well here, so its thresholds are
// left out.
func alertQueries(t *testing.T, root string) map[string]string {
	t.Helper()
	r, err := readRules(filepath.Join(root, "config", "prometheus", "rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	queries := map[string]string{}
	for _, group := range r.Groups {
		for _, rule := range group.Rules {
			expression := rule["expr"].(string)
			if group.Name == "journey-operator" {
				if !threshold.MatchString(expression) {
					t.Errorf("%v does not end with a threshold: %s", rule["alert"], expression)
				}
				expression = threshold.ReplaceAllString(expression, "")
			}
			queries[rule["alert"].(string)] = expression
		}
	}
	return queries
}

// dashboard is what this test reads of one.
type dashboard struct {
	Panels []struct {
		Type, Title string
		Targets     []struct{ Expr, RefID string }
	}
	Templating struct {
		List []struct{ Type, Name, Query string }
	}
}

func readDashboard(t *testing.T, path string) *dashboard {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d := &dashboard{}
	if err := json.Unmarshal(data, d); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return d
}

// chosen stands for what Grafana puts in the place of variables when all is chosen.
var chosen = strings.NewReplacer("$namespace", ".*", "$journey", ".*", "$job", ".*", "$__rate_interval", "5m")

// queries are those of all panels, by title.
func (d *dashboard) queries() map[string]string {
	queries := map[string]string{}
	for i, panel := range d.Panels {
		for _, target := range panel.Targets {
			queries[fmt.Sprintf("%d %s %s", i, panel.Title, target.RefID)] = chosen.Replace(target.Expr)
		}
	}
	return queries
}

var labelValues = regexp.MustCompile(`^label_values\((.+), (\w+)\)$`)

// variables are the requests that Grafana makes for the values of variables.
func (d *dashboard) variables(t *testing.T) map[string]string {
	t.Helper()
	paths := map[string]string{}
	for _, v := range d.Templating.List {
		if v.Type != "query" {
			continue
		}
		parts := labelValues.FindStringSubmatch(v.Query)
		if parts == nil {
			t.Fatalf("the variable %s is not label_values: %s", v.Name, v.Query)
		}
		paths[v.Name] = "/api/v1/label/" + parts[2] + "/values?" + url.Values{"match[]": {chosen.Replace(parts[1])}}.Encode()
	}
	return paths
}

// wantData waits until a query is answered with numbers. Rates need a while.
func (p *prometheus) wantData(t *testing.T, expression string) {
	t.Helper()
	var answer struct {
		Result []struct{ Value [2]any }
	}
	p.ask(t, "/api/v1/query?"+url.Values{"query": {expression}}.Encode(), &answer, func() bool {
		return len(answer.Result) > 0 && !slices.ContainsFunc(answer.Result, func(r struct{ Value [2]any }) bool { return r.Value[1] == "NaN" })
	})
}

func (p *prometheus) wantValues(t *testing.T, path string) {
	t.Helper()
	var values []string
	p.ask(t, path, &values, func() bool { return len(values) > 0 })
}

const answerTimeout = 40 * time.Second

// ask asks until the answer is a good one.
func (p *prometheus) ask(t *testing.T, path string, data any, good func() bool) {
	t.Helper()
	for deadline := time.Now().Add(answerTimeout); ; time.Sleep(pollInterval) {
		body := p.get(t, path)
		answer := struct {
			Status, Error string
			Data          any
		}{Data: data}
		if err := json.Unmarshal(body, &answer); err != nil || answer.Status != "success" {
			t.Fatalf("asked %s, Prometheus answered %s (%v)", path, body, err)
		}
		if good() {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("asked %s, after %s Prometheus still answers %s", path, answerTimeout, body)
		}
	}
}

func (p *prometheus) get(t *testing.T, path string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.address+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
