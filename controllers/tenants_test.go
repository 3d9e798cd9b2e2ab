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

package controllers

import (
	"context"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// tenants are namespaces of one test, and the user that its operator is.
type tenants struct {
	*cluster
	user string
}

// newTenants returns a user who may look at namespaces, and do in none of them what the operator does.
func newTenants(t *testing.T) *tenants {
	t.Helper()
	c := newCluster(t)
	user := strings.ToLower(strings.ReplaceAll(t.Name(), "/", "-"))
	c.config = rest.CopyConfig(c.config)
	c.config.Impersonate = rest.ImpersonationConfig{UserName: user, Groups: []string{"system:authenticated"}}
	i := &tenants{c, user}
	i.allow(t, "namespaces", rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"namespaces"}, Verbs: []string{"get", "list", "watch"}})
	i.bind(t, "namespaces", "")
	i.allow(t, "work",
		rbacv1.PolicyRule{APIGroups: []string{cxv1alpha1.GroupVersion.Group}, Resources: []string{"*"}, Verbs: []string{"list", "watch", "patch"}},
		rbacv1.PolicyRule{APIGroups: []string{"events.k8s.io"}, Resources: []string{"events"}, Verbs: []string{"create", "patch"}})
	return i
}

// tenant creates a namespace with a portfolio.
func (i *tenants) tenant(t *testing.T) *cluster {
	t.Helper()
	c := i.in(t, i.user)
	c.apply(t, readSample(t, "quickstart")...)
	return c
}

// allow creates a role.
func (i *tenants) allow(t *testing.T, name string, rules ...rbacv1.PolicyRule) {
	t.Helper()
	role := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: i.user + "-" + name}, Rules: rules}
	if err := i.Create(t.Context(), role); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = i.Delete(context.Background(), role) })
}

// bind gives the user a role in a namespace, or in all where there is none.
func (i *tenants) bind(t *testing.T, role, namespace string) {
	t.Helper()
	name := i.user + "-" + role
	ref := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: name}
	subjects := []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: "User", Name: i.user}}
	var binding client.Object = &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, RoleRef: ref, Subjects: subjects}
	if namespace == "" {
		binding = &rbacv1.ClusterRoleBinding{ObjectMeta: metav1.ObjectMeta{Name: name}, RoleRef: ref, Subjects: subjects}
	}
	if err := i.Create(t.Context(), binding); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = i.Delete(context.Background(), binding) })
}

// label sets the label of a namespace.
func (i *tenants) label(t *testing.T, c *cluster, value string) {
	t.Helper()
	patch := client.RawPatch("application/merge-patch+json", []byte(`{"metadata": {"labels": {"tenants": "`+value+`"}}}`))
	if err := i.Patch(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: c.namespace}}, patch); err != nil {
		t.Fatal(err)
	}
}

func in(scope Scope) func(*ctrl.Options, *Options) {
	return func(_ *ctrl.Options, options *Options) { options.Scope = scope }
}

func countOf(t *testing.T, state tenantState) int {
	t.Helper()
	var metric dto.Metric
	if err := namespaces.WithLabelValues(string(state)).Write(&metric); err != nil {
		t.Fatal(err)
	}
	return int(metric.GetGauge().GetValue())
}

// TestForbiddenNamespaceHarmsNobody has three namespaces named, of which the operator may not read one.
func TestForbiddenNamespaceHarmsNobody(t *testing.T) {
	i := newTenants(t)
	a, closed, b := i.tenant(t), i.tenant(t), i.tenant(t)
	i.bind(t, "work", a.namespace)
	i.bind(t, "work", b.namespace)
	before := countOf(t, tenantForbidden)
	i.start(t, in(Scope{Names: []string{a.namespace, closed.namespace, b.namespace}}))
	a.wantEvaluated(t, utcToday())
	b.wantEvaluated(t, utcToday())
	if n := len(closed.statusWrites(t)); n > 0 {
		t.Errorf("%d writes in the forbidden namespace", n)
	}
	if !eventually(func() bool { return countOf(t, tenantForbidden) == before+1 }) {
		t.Error("the metric does not tell of the forbidden namespace")
	}
	// It heals by itself.
	i.bind(t, "work", closed.namespace)
	closed.wantEvaluated(t, utcToday())
	if n := countOf(t, tenantForbidden) - before; n != 0 {
		t.Errorf("the metric tells of %d forbidden namespaces", n)
	}
}

// TestNamespaceSelector changes labels while the operator runs: with rights in the whole cluster, and in each namespace.
func TestNamespaceSelector(t *testing.T) {
	for _, wide := range []bool{true, false} {
		t.Run(map[bool]string{true: "wide", false: "narrow"}[wide], func(t *testing.T) {
			i := newTenants(t)
			if wide {
				i.bind(t, "work", "")
			}
			first, late := i.tenant(t), i.tenant(t)
			for _, c := range []*cluster{first, late} {
				if !wide {
					i.bind(t, "work", c.namespace)
				}
			}
			value := i.user
			selector, err := labels.Parse("tenants=" + value)
			if err != nil {
				t.Fatal(err)
			}
			i.label(t, first, value)
			o := i.start(t, in(Scope{Selector: selector}))
			first.wantEvaluated(t, utcToday())
			if n := len(late.statusWrites(t)); n > 0 {
				t.Errorf("%d writes in a namespace without the label", n)
			}

			// A namespace that gains the label is taken up, and followed from then on.
			i.label(t, late, value)
			late.wantEvaluated(t, utcToday())
			late.setImportance(t, 20)
			late.wantEvaluated(t, utcToday())

			// One that loses it is let go, and its statuses are left alone.
			i.label(t, first, "other")
			if !eventually(func() bool { return len(o.ledger.names()) == 1 }) {
				t.Fatal("it was not let go")
			}
			writes := first.statusWrites(t)
			first.setImportance(t, 30)
			late.setImportance(t, 30)
			late.wantEvaluated(t, utcToday())
			time.Sleep(300 * time.Millisecond)
			if more := since(writes, first.statusWrites(t)); len(more) > 0 {
				t.Errorf("wrote %v in a namespace that was let go", more)
			}

			// When it has the label again, it catches up.
			i.label(t, first, value)
			first.wantEvaluated(t, utcToday())
		})
	}
}
