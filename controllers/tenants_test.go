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
	"net/http"
	"net/http/httptest"
	"slices"
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

// unbind takes the role for the work from the user in a namespace.
func (i *tenants) unbind(t *testing.T, namespace string) {
	t.Helper()
	binding := &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: i.user + "-work"}}
	if err := i.Delete(t.Context(), binding); err != nil {
		t.Fatal(err)
	}
}

// readyText returns what a ready operator answers to a probe.
func (o *operator) readyText(t *testing.T) string {
	t.Helper()
	w := httptest.NewRecorder()
	o.ready.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody))
	if w.Code != http.StatusOK {
		t.Errorf("unready: %d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// wantText waits until a ready operator answers to a probe what has these words, and lacks those.
func (o *operator) wantText(t *testing.T, words, absent []string) {
	t.Helper()
	var text string
	if !eventually(func() bool {
		text = o.readyText(t)
		missing := slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
		return !missing && !slices.ContainsFunc(absent, func(word string) bool { return strings.Contains(text, word) })
	}) {
		t.Errorf("the readiness text has not %q, or has %q: %s", words, absent, text)
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
	o := i.start(t, in(Scope{Names: []string{a.namespace, closed.namespace, b.namespace}}))
	a.wantEvaluated(t, utcToday())
	b.wantEvaluated(t, utcToday())
	if n := len(closed.statusWrites(t)); n > 0 {
		t.Errorf("%d writes in the forbidden namespace", n)
	}
	if !eventually(func() bool { return countOf(t, tenantForbidden) == before+1 }) {
		t.Error("the metric does not tell of the forbidden namespace")
	}
	o.wantText(t, []string{"ok\nnote: namespaces that may not be read, for want of a RoleBinding there: " + closed.namespace}, nil)
	// It heals by itself.
	i.bind(t, "work", closed.namespace)
	closed.wantEvaluated(t, utcToday())
	if n := countOf(t, tenantForbidden) - before; n != 0 {
		t.Errorf("the metric tells of %d forbidden namespaces", n)
	}
	o.wantText(t, []string{"ok"}, []string{"note"})
}

// TestRoleBindingRemoved takes the rights in a namespace while the operator works there, and gives them back.
func TestRoleBindingRemoved(t *testing.T) {
	i := newTenants(t)
	a, b := i.tenant(t), i.tenant(t)
	i.bind(t, "work", a.namespace)
	i.bind(t, "work", b.namespace)
	o := i.start(t, in(Scope{Names: []string{a.namespace, b.namespace}}))
	a.wantEvaluated(t, utcToday())
	b.wantEvaluated(t, utcToday())

	i.unbind(t, a.namespace)
	a.setImportance(t, 20)
	o.wantText(t, []string{"ok\nnote: namespaces where statuses may not be written, for want of a RoleBinding there: " + a.namespace}, []string{b.namespace})
	b.setImportance(t, 20)
	b.wantEvaluated(t, utcToday())

	i.bind(t, "work", a.namespace)
	a.wantEvaluated(t, utcToday())
	o.wantText(t, []string{"ok"}, []string{"note"})
}

// TestTwoShards runs two operators, each for the namespaces of its label.
func TestTwoShards(t *testing.T) {
	i := newTenants(t)
	i.bind(t, "work", "")
	i.allow(t, "leases", rbacv1.PolicyRule{
		APIGroups: []string{"coordination.k8s.io"}, Resources: []string{"leases"}, Verbs: []string{"get", "list", "create", "update"},
	})
	i.bind(t, "leases", i.namespace)
	labelled := func(name, shard string) *cluster {
		t.Helper()
		c := i.in(t, name)
		c.apply(t, readSample(t, "quickstart")...)
		i.label(t, c, shard)
		return c
	}
	a, b, both := labelled("shard-a", "shard-a"), labelled("shard-b", "shard-b"), labelled("shard-both", "shard-both")
	// Other tests have namespaces that no shard works in as well. The first are named.
	nobodys := labelled("aaa-nobodys", "nobodys")
	shard := func(name string) *operator {
		t.Helper()
		selector, err := labels.Parse("tenants in (shard-both, " + name + ")")
		if err != nil {
			t.Fatal(err)
		}
		return i.start(t, func(m *ctrl.Options, options *Options) {
			m.LeaderElection, m.LeaderElectionReleaseOnCancel = true, true
			m.LeaderElectionNamespace, m.LeaderElectionID = i.namespace, name
			options.Scope = Scope{Selector: selector}
			options.Lease = client.ObjectKey{Namespace: i.namespace, Name: name}
			options.claimsInterval = 200 * time.Millisecond
		})
	}
	operators := []*operator{shard("shard-a"), shard("shard-b")}

	// Each works in its own; both tell what is wrong.
	for _, c := range []*cluster{a, b, both} {
		c.wantEvaluated(t, utcToday())
	}
	for _, o := range operators {
		o.wantText(t, []string{"that more than one operator works in: " + both.namespace, "that no operator works in: " + nobodys.namespace}, nil)
		if n := len(o.ledger.names()); n != 2 {
			t.Errorf("a shard holds %d portfolios, not its own and the shared one", n)
		}
	}
	if n := len(nobodys.statusWrites(t)); n > 0 {
		t.Errorf("%d writes in nobody's namespace", n)
	}

	// It heals by labels.
	i.label(t, both, "shard-a")
	i.label(t, nobodys, "shard-b")
	nobodys.wantEvaluated(t, utcToday())
	for _, o := range operators {
		o.wantText(t, nil, []string{"more than one", nobodys.namespace})
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
