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

// Package docs tests the documentation. It runs the commands, compares their output, follows links, and checks that all names in the code
// are described. The templates of the API reference are here too.
package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// read returns a page of docs/.
func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// constants returns the values of the string constants in a Go file whose names begin with a prefix.
func constants(t *testing.T, path, prefix string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, path), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, prefix) || len(spec.Values) != 1 {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, value)
		return true
	})
	if len(values) == 0 {
		t.Fatalf("%s has no constants %s...", path, prefix)
	}
	return values
}

// wantNames checks that a page has all of these names, marked as code.
func wantNames(t *testing.T, page, what string, names []string) {
	t.Helper()
	content := read(t, page)
	for _, name := range names {
		if !strings.Contains(content, "`"+name+"`") {
			t.Errorf("docs/%s does not tell of the %s `%s`", page, what, name)
		}
	}
}

func TestEveryConditionAndReasonIsDocumented(t *testing.T) {
	const file = "api/v1alpha1/conditions.go"
	wantNames(t, "concepts.md", "condition", constants(t, file, "Condition"))
	wantNames(t, "concepts.md", "reason", constants(t, file, "Reason"))
}

func TestEveryEventIsDocumented(t *testing.T) {
	wantNames(t, "operations.md", "event", constants(t, "controllers/transitions.go", "Event"))
}

// prometheusRule is what this test reads of config/prometheus/rules.yaml.
type prometheusRule struct {
	Spec struct {
		Groups []struct {
			Rules []struct {
				Alert       string            `json:"alert"`
				Labels      map[string]string `json:"labels"`
				Annotations map[string]string `json:"annotations"`
			} `json:"rules"`
		} `json:"groups"`
	} `json:"spec"`
}

const runbooks = "https://github.com/journeyops/journey-operator/blob/main/docs/monitoring.md"

// Each alert says what is wrong and what to do, and links to its section; each section is of an alert.
func TestEveryAlertHasARunbook(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(root, "config", "prometheus", "rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var rules prometheusRule
	if err := yaml.Unmarshal(content, &rules); err != nil {
		t.Fatal(err)
	}
	var alerts []string
	for _, group := range rules.Spec.Groups {
		for _, rule := range group.Rules {
			alerts = append(alerts, rule.Alert)
			if severity := rule.Labels["severity"]; !slices.Contains([]string{"info", "warning", "critical"}, severity) {
				t.Errorf("%s has the severity %q", rule.Alert, severity)
			}
			for _, name := range []string{"summary", "description"} {
				if rule.Annotations[name] == "" {
					t.Errorf("%s has no %s", rule.Alert, name)
				}
			}
			if want := runbooks + "#" + strings.ToLower(rule.Alert); rule.Annotations["runbook_url"] != want {
				t.Errorf("%s has the runbook %s, want %s", rule.Alert, rule.Annotations["runbook_url"], want)
			}
		}
	}
	var sections []string
	for _, match := range regexp.MustCompile(`(?m)^### (Journey.+)$`).FindAllStringSubmatch(read(t, "monitoring.md"), -1) {
		sections = append(sections, match[1])
	}
	if diff := cmp.Diff(alerts, sections); diff != "" {
		t.Errorf("-config/prometheus/rules.yaml +sections of docs/monitoring.md:\n%s", diff)
	}
}

var expression = regexp.MustCompile("(?m)^\t\t\t(?:value|effort): +`(.*scores.*)`,$")

// The score models on the page must be those that the tests of the model use.
func TestScoreModelsAreThoseThatAreTested(t *testing.T) {
	tests, err := os.ReadFile(filepath.Join(root, "controllers", "portfolio", "expression_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := expression.FindAllStringSubmatch(string(tests), -1)
	if len(found) < 8 {
		t.Fatalf("found only %d expressions", len(found))
	}
	var expressions []string
	for _, match := range found {
		expressions = append(expressions, match[1])
	}
	wantNames(t, "score-models.md", "expression", expressions)
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	unslug  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

func TestLinks(t *testing.T) {
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.fenced {
				continue
			}
			for _, match := range link.FindAllStringSubmatch(b.text, -1) {
				if target := match[1]; !strings.Contains(target, "://") && !resolves(p.path, target) {
					t.Errorf("%s: the link to %s leads nowhere", p.path, target)
				}
			}
		}
	}
}

// resolves tells whether a relative link leads to a file and, if it has a fragment, to a heading in it.
func resolves(from, target string) bool {
	target, anchor, anchored := strings.Cut(target, "#")
	path := from
	if target != "" {
		path = filepath.Join(filepath.Dir(from), target)
	}
	if !anchored {
		_, err := os.Stat(path)
		return err == nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	for _, match := range heading.FindAllStringSubmatch(string(content), -1) {
		if slug := strings.ReplaceAll(unslug.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-"); slug == anchor {
			return true
		}
	}
	return false
}
