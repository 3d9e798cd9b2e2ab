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
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// kubeStateMetrics is a configuration of kube-state-metrics, as far as it is used here.
type kubeStateMetrics struct {
	Kind string `json:"kind"`
	Spec struct {
		Resources []kubeStateResource `json:"resources"`
	} `json:"spec"`
}

type kubeStateResource struct {
	GroupVersionKind struct {
		Group   string `json:"group"`
		Version string `json:"version"`
		Kind    string `json:"kind"`
	} `json:"groupVersionKind"`
	MetricNamePrefix string              `json:"metricNamePrefix"`
	LabelsFromPath   map[string][]string `json:"labelsFromPath"`
	Metrics          []kubeStateMetric   `json:"metrics"`
}

type kubeStateMetric struct {
	Name         string            `json:"name"`
	Help         string            `json:"help"`
	CommonLabels map[string]string `json:"commonLabels"`
	ErrorLogV    int               `json:"errorLogV"`
	Each         struct {
		Type  string          `json:"type"`
		Gauge *kubeStateField `json:"gauge"`
		Info  *kubeStateField `json:"info"`
	} `json:"each"`
}

type kubeStateField struct {
	Path           []string            `json:"path"`
	LabelsFromPath map[string][]string `json:"labelsFromPath"`
	ValueFrom      []string            `json:"valueFrom"`
}

func readKubeStateMetrics(t *testing.T) kubeStateMetrics {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, "config", "kube-state-metrics", "custom-resource-state.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var config kubeStateMetrics
	if err := yaml.UnmarshalStrict(content, &config); err != nil {
		t.Fatal(err)
	}
	return config
}

// TestKubeStateMetricsReadsFieldsThatExist looks up each path in the schema of its kind.
func TestKubeStateMetricsReadsFieldsThatExist(t *testing.T) {
	var kinds []string
	for _, resource := range readKubeStateMetrics(t).Spec.Resources {
		of := resource.GroupVersionKind
		kinds = append(kinds, of.Kind)
		kind := cxv1alpha1.KindNamed(of.Kind)
		if kind == nil || of.Group != cxv1alpha1.GroupVersion.Group || of.Version != cxv1alpha1.GroupVersion.Version {
			t.Errorf("there is no kind %+v", of)
			continue
		}
		schema := schemaOf(t, kind)
		wantPaths(t, of.Kind, schema, resource.LabelsFromPath)
		for _, metric := range resource.Metrics {
			name := of.Kind + " " + metric.Name
			if gauge := metric.Each.Gauge; gauge != nil && metric.Each.Type == "Gauge" {
				target := wantNumbers(t, name, schema, gauge)
				wantPaths(t, name, target, gauge.LabelsFromPath)
			} else if info := metric.Each.Info; info != nil && metric.Each.Type == "Info" {
				wantPaths(t, name, schema, info.LabelsFromPath)
			} else {
				t.Errorf("%s is a %s without its settings", name, metric.Each.Type)
			}
		}
	}
	var want []string
	for kind := range cxv1alpha1.EvaluatedKinds() {
		want = append(want, kind.Name)
	}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}

// wantNumbers checks that a gauge is a number, or the status of a condition. It returns what its labels are paths of.
func wantNumbers(t *testing.T, name string, schema *apiextensionsv1.JSONSchemaProps, gauge *kubeStateField) *apiextensionsv1.JSONSchemaProps {
	t.Helper()
	target := lookUp(schema, gauge.Path)
	if target != nil && target.Type == "array" {
		target = target.Items.Schema
	}
	value := lookUp(target, gauge.ValueFrom)
	switch {
	case value == nil:
		t.Errorf("%s: there is no field %v %v", name, gauge.Path, gauge.ValueFrom)
	case value.Type != "integer" && !value.XIntOrString && !slices.Equal(gauge.Path, []string{"status", "conditions"}):
		t.Errorf("%s: the field %v %v is no number", name, gauge.Path, gauge.ValueFrom)
	}
	return target
}

func wantPaths(t *testing.T, name string, schema *apiextensionsv1.JSONSchemaProps, paths map[string][]string) {
	t.Helper()
	for label, path := range paths {
		if slices.Equal(path, []string{"metadata", "name"}) || slices.Equal(path, []string{"metadata", "namespace"}) {
			continue
		}
		if lookUp(schema, path) == nil {
			t.Errorf("%s: there is no field %v for the label %s", name, path, label)
		}
	}
}

// lookUp returns the schema of a field, or nil.
func lookUp(schema *apiextensionsv1.JSONSchemaProps, path []string) *apiextensionsv1.JSONSchemaProps {
	for _, name := range path {
		if schema == nil {
			return nil
		}
		field, exists := schema.Properties[name]
		if !exists {
			return nil
		}
		schema = &field
	}
	return schema
}

func schemaOf(t *testing.T, kind *cxv1alpha1.Kind) *apiextensionsv1.JSONSchemaProps {
	t.Helper()
	file := fmt.Sprintf("%s_%s.yaml", cxv1alpha1.GroupVersion.Group, kind.Plural)
	content, err := os.ReadFile(filepath.Join(root, "config", "crd", "bases", file))
	if err != nil {
		t.Fatal(err)
	}
	var crd apiextensionsv1.CustomResourceDefinition
	if err := yaml.Unmarshal(content, &crd); err != nil {
		t.Fatal(err)
	}
	return crd.Spec.Versions[0].Schema.OpenAPIV3Schema
}

var kubeStateRow = regexp.MustCompile("(?m)^\\| `(kube_\\w+)` \\|(.*?)\\|")

// TestKubeStateMetricsAreDocumented holds the table in docs/metrics.md to the names and labels of the configuration.
func TestKubeStateMetricsAreDocumented(t *testing.T) {
	configured, documented := map[string]string{}, map[string]string{}
	for _, resource := range readKubeStateMetrics(t).Spec.Resources {
		for _, metric := range resource.Metrics {
			labels := map[string]bool{}
			for label := range metric.CommonLabels {
				labels[label] = true
			}
			for _, field := range []*kubeStateField{metric.Each.Gauge, metric.Each.Info} {
				if field != nil {
					for label := range field.LabelsFromPath {
						labels[label] = true
					}
				}
			}
			configured[resource.MetricNamePrefix+"_"+metric.Name] = listed(labels)
		}
	}
	for _, row := range kubeStateRow.FindAllStringSubmatch(read(t, "metrics.md"), -1) {
		labels := map[string]bool{}
		for label := range strings.SplitSeq(row[2], ",") {
			labels[strings.Trim(label, " `")] = true
		}
		delete(labels, "")
		documented[row[1]] = listed(labels)
	}
	if diff := cmp.Diff(configured, documented); diff != "" {
		t.Errorf("docs/metrics.md (-configuration +page):\n%s", diff)
	}
}

// listed lists labels in order.
func listed(labels map[string]bool) string {
	var names []string
	for label := range labels {
		names = append(names, label)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
