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

package v1alpha1_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

var update = flag.Bool("update", false, "write config/owners/policies.yaml anew")

var ownersFolder = filepath.Join("..", "..", "config", "owners")

// policyOf is what a policy is made of.
type policyOf struct {
	Side, Verb, What string
	// Resources that have fields of the side, sorted, as JSON.
	Resources []string
	// Fields and Absent are maps of CEL, by resource.
	Fields, Absent []string
}

func policies(t *testing.T) []policyOf {
	t.Helper()
	var all []policyOf
	for _, p := range []policyOf{
		{Side: string(cxv1alpha1.SideMarketing), Verb: cxv1alpha1.VerbSetValue, What: "value"},
		{Side: string(cxv1alpha1.SideIT), Verb: cxv1alpha1.VerbSetEffort, What: "effort"},
	} {
		fields, absent := map[string][]string{}, map[string][]string{}
		for _, f := range cxv1alpha1.OwnedFields {
			if string(f.Side) != p.Side {
				continue
			}
			resource := cxv1alpha1.KindNamed(f.Kind).Plural
			fields[resource] = append(fields[resource], inCEL(t, f.Name))
			if f.Absent != nil {
				absent[resource] = append(absent[resource], fmt.Sprintf("%s: dyn(%s)", inCEL(t, f.Name), inCEL(t, f.Absent)))
			}
		}
		p.Resources = slices.Sorted(maps.Keys(fields))
		for _, resource := range p.Resources {
			p.Fields = append(p.Fields, fmt.Sprintf("%s: [%s]", inCEL(t, resource), strings.Join(fields[resource], ", ")))
			p.Absent = append(p.Absent, fmt.Sprintf("%s: dyn({%s})", inCEL(t, resource), strings.Join(absent[resource], ", ")))
		}
		all = append(all, p)
	}
	return all
}

// inCEL writes a value in CEL, which has the numbers of JSON and strings in single quotes.
func inCEL(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), `"`, `'`)
}

var policyTemplate = template.Must(template.New("policies").Funcs(template.FuncMap{"join": strings.Join}).Parse(
	`# Made from the list in api/v1alpha1/owners.go by "go test ./api/v1alpha1 -run Owners -update".
{{- range .}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: journey-operator-{{.Verb}}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
    - apiGroups: [cx.journeyops.dev]
      apiVersions: ["*"]
      operations: [CREATE, UPDATE]
      resources: [{{join .Resources ", "}}]
  variables:
  # The fields of the spec that {{.Side}} answers for.
  - name: fields
    expression: |-
      {
      {{- range .Fields}}
        {{.}},
      {{- end}}
      }[request.resource.resource]
  # What a spec without such a field is taken to have.
  - name: absent
    expression: |-
      {
      {{- range .Absent}}
        {{.}},
      {{- end}}
      }[request.resource.resource]
  - name: before
    expression: "oldObject != null && has(oldObject.spec) ? oldObject.spec : dyn({})"
  - name: after
    expression: "has(object.spec) ? object.spec : dyn({})"
  - name: changed
    expression: |-
      variables.fields.filter(f,
        variables.after[?f].or(variables.absent[?f]) != variables.before[?f].or(variables.absent[?f]))
  validations:
  - expression: |-
      variables.changed.size() == 0 ||
      authorizer.group('cx.journeyops.dev').resource(request.resource.resource).namespace(request.namespace)
        .check('{{.Verb}}').allowed()
    messageExpression: |-
      'only {{.Side}} sets ' + variables.changed.map(f, 'spec.' + f).join(', ') + ': leave this as it is, or ask for a role with the verb {{.Verb}} on '
      + request.resource.resource
    reason: Forbidden
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: journey-operator-{{.Verb}}
spec:
  policyName: journey-operator-{{.Verb}}
  validationActions: [Deny]
{{- end}}
`))

// TestOwnersPoliciesAreMadeFromTheList holds the policies to the list.
func TestOwnersPoliciesAreMadeFromTheList(t *testing.T) {
	var made bytes.Buffer
	if err := policyTemplate.Execute(&made, policies(t)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(ownersFolder, "policies.yaml")
	if *update {
		if err := os.WriteFile(path, made.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	there, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(made.String(), string(there)); diff != "" {
		t.Errorf("%s is not made from the list (-list +file; -update writes it):\n%s", path, diff)
	}
}

// TestOwnersAreFieldsOfTheKinds guards against a name that a rename left behind, and holds the defaults to those of the API
// server.
func TestOwnersAreFieldsOfTheKinds(t *testing.T) {
	all := definitions(t)
	for _, f := range cxv1alpha1.OwnedFields {
		field, found := schemaOf(all[f.Kind]).Properties["spec"].Properties[f.Name]
		if !found {
			t.Errorf("%s has no spec.%s", f.Kind, f.Name)
		}
		if field.Default != nil && string(field.Default.Raw) != mustJSON(t, f.Absent) {
			t.Errorf("%s spec.%s: the default is %s, and the list has %v", f.Kind, f.Name, field.Default.Raw, f.Absent)
		}
	}
}

// owners are real users of the two sides, with the roles and policies of config/owners.
func (c *cluster) owners(t *testing.T) (marketing, it, both client.Client) {
	t.Helper()
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), ownersFolder)
	if err != nil {
		t.Fatal(err)
	}
	for _, resource := range resources.Resources() {
		content, err := resource.Map()
		if err != nil {
			t.Fatal(err)
		}
		object := &unstructured.Unstructured{Object: content}
		if err := c.plain(t).Create(t.Context(), object); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.plain(t).Delete(context.WithoutCancel(t.Context()), object) })
	}
	return c.user(t, "maria", "journey-operator-marketing"), c.user(t, "ivan", "journey-operator-it"),
		c.user(t, "pipeline", "journey-operator-marketing", "journey-operator-it")
}

// plain is a client of the admin for objects of all kinds of the cluster.
func (c *cluster) plain(t *testing.T) client.Client {
	t.Helper()
	plain, err := client.New(c.Config, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// user is a client with a certificate of its own, which may do what roles allow in the namespace.
func (c *cluster) user(t *testing.T, name string, roles ...string) client.Client {
	t.Helper()
	user, err := c.Environment.AddUser(envtest.User{Name: name}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range roles {
		binding := &rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: name + "-" + role, Namespace: namespace},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role},
			Subjects:   []rbacv1.Subject{{Kind: rbacv1.UserKind, APIGroup: rbacv1.GroupName, Name: name}},
		}
		if err := c.plain(t).Create(t.Context(), binding); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.plain(t).Delete(context.WithoutCancel(t.Context()), binding) })
	}
	theirs, err := client.New(user.Config(), client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return theirs
}

// ownersExample are objects with a value in each field that a side answers for.
var ownersExample = map[string]string{
	"Journey":       `{weightPercent: 150}`,
	"Moment":        `{importance: 70, insights: [{name: a, validated: true}], momentOfTruth: true, neededBy: "2027-03-01"}`,
	"Requirement":   `{moscow: Should}`,
	"BuildingBlock": `{complexity: High, feasibilityPercent: 80, stages: [{name: weekly, effortDays: 5}]}`,
	"RoadmapItem":   `{businessValue: 40, effortDays: 5, progressPercent: 20}`,
	"Roadmap": `{momentOfTruthPercent: 300, moscow: {must: 5}, unvalidatedInsightPercent: 40, valueExpression: "1.0", ` +
		`weights: {customer: 60, business: 40}, complexityPercent: {low: 90}, effortExpression: "2.0", ` +
		`shortCycleMaxEffortDays: 5, teams: [{name: web}]}`,
}

// ownersEdits give each of those fields another value.
var ownersEdits = map[string]string{
	"Journey weightPercent": "80", "Moment importance": "20", "Moment insights": `[{name: a}]`,
	"Moment momentOfTruth": "false", "Moment neededBy": "null", "Requirement moscow": "Wont", "RoadmapItem businessValue": "null",
	"Roadmap momentOfTruthPercent": "100", "Roadmap moscow": "{must: 4}", "Roadmap unvalidatedInsightPercent": "10",
	"Roadmap valueExpression": `"3.0"`, "Roadmap weights": "{customer: 10, business: 90}",
	"BuildingBlock complexity": "null", "BuildingBlock feasibilityPercent": "10",
	"BuildingBlock stages": "[{name: weekly, effortDays: 1}]", "RoadmapItem effortDays": "null", "RoadmapItem progressPercent": "90",
	"Roadmap complexityPercent": "{low: 80}", "Roadmap effortExpression": `"1.0"`, "Roadmap shortCycleMaxEffortDays": "1",
	"Roadmap teams": "[]",
}

// TestOwnersOnTheAPIServer tries to change each field as a user of each side, as one of both, and as one of none.
func TestOwnersOnTheAPIServer(t *testing.T) {
	c := theCluster(t)
	marketing, it, both := c.owners(t)
	sides := map[cxv1alpha1.Side]client.Client{cxv1alpha1.SideMarketing: marketing, cxv1alpha1.SideIT: it}
	verbs := map[cxv1alpha1.Side]string{cxv1alpha1.SideMarketing: cxv1alpha1.VerbSetValue, cxv1alpha1.SideIT: cxv1alpha1.VerbSetEffort}
	for kind, spec := range ownersExample {
		c.store(t, patched(t, kind, "spec: "+spec))
	}
	change := func(user client.Client, kind, field, value string) error {
		object := patched(t, kind, "{}")
		patch, err := yaml.YAMLToJSON([]byte(fmt.Sprintf("spec: {%s: %s}", field, value)))
		if err != nil {
			t.Fatal(err)
		}
		return user.Patch(t.Context(), object, client.RawPatch(types.MergePatchType, patch), client.DryRunAll)
	}
	// The API server needs a moment to take policies over.
	awaitDenied(t, func() error { return change(it, "Journey", "weightPercent", "80") })
	awaitDenied(t, func() error { return change(marketing, "BuildingBlock", "feasibilityPercent", "10") })

	for _, f := range cxv1alpha1.OwnedFields {
		value, found := ownersEdits[f.Kind+" "+f.Name]
		if !found {
			t.Errorf("there is no edit of %s spec.%s in this test", f.Kind, f.Name)
			continue
		}
		for side, user := range sides {
			err := change(user, f.Kind, f.Name, value)
			if side == f.Side && err != nil {
				t.Errorf("%s may not change %s spec.%s: %v", side, f.Kind, f.Name, err)
			}
			want := fmt.Sprintf("only %s sets spec.%s: leave this as it is, or ask for a role with the verb %s on %s",
				f.Side, f.Name, verbs[f.Side], cxv1alpha1.KindNamed(f.Kind).Plural)
			if side != f.Side && (!apierrors.IsForbidden(err) || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s changes %s spec.%s: %v, want %q", side, f.Kind, f.Name, err, want)
			}
		}
		if err := change(both, f.Kind, f.Name, value); err != nil {
			t.Errorf("one of both sides may not change %s spec.%s: %v", f.Kind, f.Name, err)
		}
	}
	for side, user := range sides {
		for kind := range ownersExample {
			if field, value := freeField(kind); change(user, kind, field, value) != nil {
				t.Errorf("%s may not change %s spec.%s: %v", side, kind, field, change(user, kind, field, value))
			}
		}
	}
	wantCreated(t, marketing, it)
}

// wantCreated tries to make objects. What a new object says that is not a default, somebody sets.
func wantCreated(t *testing.T, marketing, it client.Client) {
	t.Helper()
	create := func(user client.Client, kind, spec string) error {
		return user.Create(t.Context(), patched(t, kind, "{metadata: {name: made}, spec: "+spec+"}"), client.DryRunAll)
	}
	for _, test := range []struct {
		kind, spec    string
		marketing, it bool
	}{
		{"Journey", "{}", true, true},
		{"Journey", "{weightPercent: 120}", true, false},
		{"Moment", "{}", true, false},
		{"BuildingBlock", "{}", false, true},
		{"RoadmapItem", "{}", true, true},
		{"RoadmapItem", "{businessValue: 3}", true, false},
		{"RoadmapItem", "{effortDays: 3}", false, true},
		{"RoadmapItem", "{businessValue: 3, effortDays: 3}", false, false},
	} {
		for name, user := range map[string]client.Client{"Marketing": marketing, "IT": it} {
			allowed := test.marketing
			if name == "IT" {
				allowed = test.it
			}
			if err := create(user, test.kind, test.spec); allowed && err != nil || !allowed && !apierrors.IsForbidden(err) {
				t.Errorf("%s creates a %s with %s: %v, want it allowed: %t", name, test.kind, test.spec, err, allowed)
			}
		}
	}
}

// freeField is a field of a kind that is for both sides, with a value.
func freeField(kind string) (field, value string) {
	if kind == cxv1alpha1.RoadmapKind {
		return "calendar", "{workdays: [Mon, Tue]}"
	}
	return "title", "Other"
}

func awaitDenied(t *testing.T, try func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err = try(); apierrors.IsForbidden(err) && strings.Contains(err.Error(), "ValidatingAdmissionPolicy") {
			return
		}
	}
	t.Fatalf("the policies do not hold: %v", err)
}

// TestOwnersAreDocumented holds the table of the documentation to the list.
func TestOwnersAreDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "owners.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range cxv1alpha1.Kinds {
		cells := map[cxv1alpha1.Side]string{}
		for _, f := range cxv1alpha1.OwnedFields {
			if f.Kind == kind.Name {
				cells[f.Side] = strings.TrimPrefix(cells[f.Side]+", `"+f.Name+"`", ", ")
			}
		}
		if len(cells) == 0 {
			continue
		}
		row := "| " + kind.Name
		for _, side := range []cxv1alpha1.Side{cxv1alpha1.SideMarketing, cxv1alpha1.SideIT} {
			row += strings.TrimRight(" | "+cells[side], " ")
		}
		if row += " |\n"; !strings.Contains(string(page), row) {
			t.Errorf("docs/owners.md lacks the row\n%s", row)
		}
	}
}
