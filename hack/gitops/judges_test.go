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

package gitops

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	fluxstatus "github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/apis/kustomize"
	"github.com/fluxcd/pkg/runtime/cel"
	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// verdicts are what the tools say of an object.
type verdicts struct {
	// Kstatus is the word of the library, both the Kubernetes project's and Flux'.
	Kstatus string
	// Expressions is what Flux says by the healthCheckExprs of the documentation.
	Expressions string
	// Argo is what Argo CD says by our script.
	Argo string
}

var (
	inProgress  = verdicts{"InProgress", "InProgress", "Progressing"}
	current     = verdicts{"Current", "Current", "Healthy"}
	failed      = verdicts{"Failed", "Failed", "Degraded"}
	terminating = verdicts{"Terminating", "InProgress", "Progressing"}
)

// judge asks all tools for their verdict on an object.
func judge(t *testing.T, object *unstructured.Unstructured) verdicts {
	t.Helper()
	kubernetes, err := status.Compute(object)
	if err != nil {
		t.Fatal(err)
	}
	flux, err := fluxstatus.Compute(object)
	if err != nil {
		t.Fatal(err)
	}
	if kubernetes.Status.String() != flux.Status.String() {
		t.Errorf("sigs.k8s.io/cli-utils says %s, and fluxcd/cli-utils %s", kubernetes.Status, flux.Status)
	}
	evaluator, err := cel.NewStatusEvaluator(documentedExpressions(t, object.GetKind()))
	if err != nil {
		t.Fatal(err)
	}
	expressions, err := evaluator.Evaluate(t.Context(), object)
	if err != nil {
		t.Fatal(err)
	}
	return verdicts{flux.Status.String(), expressions.Status.String(), argoHealth(t, object).Status}
}

// documentedExpressions are the healthCheckExprs of a kind in the Kustomization that the documentation shows.
func documentedExpressions(t *testing.T, kind string) *kustomize.HealthCheckExpressions {
	t.Helper()
	var kustomization struct {
		Spec struct {
			HealthCheckExprs []kustomize.CustomHealthCheck `json:"healthCheckExprs"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal(documented(t, "healthCheckExprs:"), &kustomization); err != nil {
		t.Fatal(err)
	}
	for _, check := range kustomization.Spec.HealthCheckExprs {
		if check.APIVersion == cxv1alpha1.GroupVersion.String() && check.Kind == kind {
			return &check.HealthCheckExpressions
		}
	}
	t.Fatalf("docs/gitops.md has no healthCheckExprs of %s", kind)
	return nil
}

// documented is the block of YAML in docs/gitops.md that holds a text.
func documented(t *testing.T, text string) []byte {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs", "gitops.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range bytes.Split(page, []byte("```yaml\n"))[1:] {
		block, _, _ = bytes.Cut(block, []byte("```"))
		if bytes.Contains(block, []byte(text)) {
			return block
		}
	}
	t.Fatalf("docs/gitops.md has no block of YAML with %q", text)
	return nil
}

// health is what a script of Argo CD returns.
type health struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

func scriptPath(kind string) string {
	return filepath.Join(root, "config", "argocd", "resource_customizations", cxv1alpha1.GroupVersion.Group, kind, "health.lua")
}

// argoHealth runs the script of a kind as Argo CD does: with no library but those of the language itself and of tables.
func argoHealth(t *testing.T, object *unstructured.Unstructured) health {
	t.Helper()
	script, err := os.ReadFile(scriptPath(object.GetKind()))
	if err != nil {
		t.Fatal(err)
	}
	found, err := runHealth(t.Context(), string(script), object)
	if err != nil {
		t.Fatalf("%s: %v", scriptPath(object.GetKind()), err)
	}
	return found
}

func runHealth(ctx context.Context, script string, object *unstructured.Unstructured) (health, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	state.SetContext(ctx)
	for name, open := range map[string]lua.LGFunction{lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable} {
		if err := state.CallByParam(lua.P{Fn: state.NewFunction(open), Protect: true}, lua.LString(name)); err != nil {
			return health{}, fmt.Errorf("opening library %q: %w", name, err)
		}
	}
	state.SetGlobal("obj", toLua(state, object.Object))
	if err := state.DoString(script); err != nil {
		return health{}, err
	}
	table, ok := state.Get(-1).(*lua.LTable)
	if !ok {
		return health{}, fmt.Errorf("returned %s, not a table", state.Get(-1).Type())
	}
	return health{table.RawGetString("status").String(), table.RawGetString("message").String()}, nil
}

func toLua(state *lua.LState, value any) lua.LValue {
	switch value := value.(type) {
	case bool:
		return lua.LBool(value)
	case int64:
		return lua.LNumber(value)
	case float64:
		return lua.LNumber(value)
	case string:
		return lua.LString(value)
	case []any:
		table := state.NewTable()
		for _, item := range value {
			table.Append(toLua(state, item))
		}
		return table
	case map[string]any:
		table := state.NewTable()
		for name, field := range value {
			table.RawSetString(name, toLua(state, field))
		}
		return table
	default:
		return lua.LNil
	}
}
