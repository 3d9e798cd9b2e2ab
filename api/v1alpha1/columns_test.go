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
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// TestColumnsFindTheirFields asks the API server for the table that kubectl get prints of objects with every field set:
// no cell may be empty.
func TestColumnsFindTheirFields(t *testing.T) {
	c := theCluster(t)
	for kind, definition := range definitions(t) {
		filled := map[string]bool{}
		for _, object := range (maker{t: t, filler: "x"}).objects(kind, "shown") {
			c.showAll(t, definition, object)
			table := c.table(t, definition.Spec.Names.Plural, object)
			for i, column := range table.ColumnDefinitions {
				cell := table.Rows[0].Cells[i]
				filled[column.Name] = filled[column.Name] || cell != nil && cell != ""
			}
		}
		for name, found := range filled {
			if !found {
				t.Errorf("%s: the column %s finds nothing in an object that has everything", kind, name)
			}
		}
	}
}

// showAll stores an object with all conditions that the columns show.
func (c *cluster) showAll(t *testing.T, definition *apiextensionsv1.CustomResourceDefinition, object *unstructured.Unstructured) {
	t.Helper()
	status := object.DeepCopy()
	c.store(t, object)
	if !cxv1alpha1.KindNamed(object.GetKind()).HasStatus {
		return
	}
	set(t, status, "status.conditions", conditionsShown(definition))
	status.SetResourceVersion(object.GetResourceVersion())
	if err := c.client.Status().Update(t.Context(), status); err != nil {
		t.Fatalf("%s: %v", object.GetKind(), err)
	}
}

// TestColumnsAreAlike holds the columns of all kinds to the same rules: whether the definition is sound comes first, its reason first
// among the wide ones and the age last, and columns of one name hold the same kind of value.
func TestColumnsAreAlike(t *testing.T) {
	want := map[string]string{
		"Ready":        `.status.conditions[?(@.type=="Ready")].status`,
		"Ready reason": `.status.conditions[?(@.type=="Ready")].reason`,
		"Blocked":      `.status.conditions[?(@.type=="Blocked")].status`,
	}
	for kind, definition := range definitions(t) {
		columns := definition.Spec.Versions[0].AdditionalPrinterColumns
		wide := slices.IndexFunc(columns, func(c apiextensionsv1.CustomResourceColumnDefinition) bool { return c.Priority > 0 })
		if columns[len(columns)-1].Name != "Age" {
			t.Errorf("%s: the last column is %s", kind, columns[len(columns)-1].Name)
		}
		if !cxv1alpha1.KindNamed(kind).HasStatus {
			continue
		}
		if columns[0].Name != "Ready" || columns[wide].Name != "Ready reason" || columns[len(columns)-1].Name != "Age" {
			t.Errorf("%s: the first column is %s, the first wide one %s, the last %s", kind, columns[0].Name, columns[wide].Name, columns[len(columns)-1].Name)
		}
		for n, column := range columns {
			if path, ruled := want[column.Name]; ruled && column.JSONPath != path {
				t.Errorf("%s: the column %s shows %s, want %s", kind, column.Name, column.JSONPath, path)
			}
			if last := n == len(columns)-1; !last && (column.Priority > 0) != (n >= wide) {
				t.Errorf("%s: the column %s is out of place among the wide ones", kind, column.Name)
			}
		}
		_, blocks := schemaOf(definition).Properties["status"].Properties["blockedBy"]
		if shown := slices.ContainsFunc(columns, func(c apiextensionsv1.CustomResourceColumnDefinition) bool { return c.Name == "Blocked" }); blocks && !shown {
			t.Errorf("%s can be blocked, but no column shows it", kind)
		}
	}
}

var conditionType = regexp.MustCompile(`@\.type=="(\w+)"`)

// conditionsShown are conditions of the types that the columns of a kind look for.
func conditionsShown(definition *apiextensionsv1.CustomResourceDefinition) []any {
	seen := map[string]bool{}
	var conditions []any
	for _, column := range definition.Spec.Versions[0].AdditionalPrinterColumns {
		found := conditionType.FindStringSubmatch(column.JSONPath)
		if len(found) == 0 || seen[found[1]] {
			continue
		}
		seen[found[1]] = true
		conditions = append(conditions, map[string]any{
			"type": found[1], "status": "True", "reason": "Shown", "message": "", "lastTransitionTime": "2027-03-01T00:00:00Z",
		})
	}
	return conditions
}

func (c *cluster) table(t *testing.T, resource string, object client.Object) *metav1.Table {
	t.Helper()
	transport, err := rest.HTTPClientFor(c.Config)
	if err != nil {
		t.Fatal(err)
	}
	steps := []string{"apis", cxv1alpha1.GroupVersion.String()}
	if object.GetNamespace() != "" {
		steps = append(steps, "namespaces", object.GetNamespace())
	}
	address, err := url.JoinPath(c.Config.Host, append(steps, resource, object.GetName())...)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
	response, err := transport.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	table := &metav1.Table{}
	if err := json.NewDecoder(response.Body).Decode(table); err != nil {
		t.Fatal(err)
	}
	if len(table.Rows) != 1 {
		t.Fatalf("%s %s: %s, want a table of one row", resource, object.GetName(), response.Status)
	}
	return table
}
