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
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yannh/kubeconform/pkg/validator"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

var config = filepath.Join("..", "..", "config")

// newValidator looks for schemas as docs/ci.md tells kubeconform to.
func newValidator(t *testing.T) validator.Validator {
	t.Helper()
	location := filepath.Join(config, "schemas", "{{.Group}}", "{{.ResourceKind}}_{{.ResourceAPIVersion}}.json")
	v, err := validator.New([]string{location}, validator.Opts{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSamples has kubeconform check all samples.
func TestSamples(t *testing.T) {
	v := newValidator(t)
	kinds := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(config, "samples"), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		for _, result := range v.Validate(path, file) {
			if result.Status != validator.Valid && result.Status != validator.Empty {
				t.Errorf("%s: %v", path, result.Err)
				continue
			}
			if signature, err := result.Resource.Signature(); err == nil {
				kinds[signature.Kind] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for kind := range cxv1alpha1.EvaluatedKinds() {
		if !kinds[kind.Name] {
			t.Errorf("no sample of kind %s was checked", kind.Name)
		}
	}
}

func TestWrong(t *testing.T) {
	const right = `apiVersion: cx.journeyops.dev/v1alpha1
kind: Requirement
metadata:
  name: pay-daily
spec:
  title: Pay daily
  moscow: Must
  momentRefs:
  - name: get-the-money-back
`
	for name, test := range map[string]struct{ old, new, want string }{
		"right":                       {"", "", ""},
		"a field that does not exist": {"  title:", "  titel: x\n  title:", "titel"},
		"a nested one":                {"  - name: get", "  - names: x\n    name: get", "names"},
		"a wrong value":               {"Must", "Shall", "moscow"},
		"a missing field":             {"  moscow: Must\n", "", "moscow"},
		"a name in capitals":          {"pay-daily", "Pay-Daily", "metadata/name"},
		"another version":             {"/v1alpha1", "/v1", "could not find schema"},
		"a text for a list":           {"  momentRefs:\n  - name: get-the-money-back\n", "  momentRefs: x\n", "momentRefs"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(right, test.old, test.new, 1)
			results := newValidator(t).Validate("requirement.yaml", io.NopCloser(strings.NewReader(text)))
			if len(results) != 1 {
				t.Fatalf("%d results", len(results))
			}
			switch err := results[0].Err; {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, want an error about %s", err, test.want)
			}
		})
	}
}
