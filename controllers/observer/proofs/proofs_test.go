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

package proofs

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
)

func TestWhatChecksMayLookAt(t *testing.T) {
	t.Parallel()
	allow := func(kind string, namespaces ...string) observer.Source {
		return observer.Source{Name: "cluster", Spec: cxv1alpha1.SourceSpec{Allow: []cxv1alpha1.AllowedKind{
			{APIVersion: "v1", Kind: "Pod"}, {APIVersion: "apps/v1", Kind: cxv1alpha1.KindName(kind), Namespaces: namespaces},
		}}}
	}
	own := observer.Source{}
	for name, test := range map[string]struct {
		source          observer.Source
		kind, namespace string
		// want is where it looks: the namespace, with "*" where the object may also be in none; "" where it may not.
		want string
	}{
		"own namespace":                      {own, "Deployment", "", "web"},
		"own namespace, named":               {own, "Deployment", "web", "web"},
		"another one":                        {own, "Deployment", "other", ""},
		"Secret":                             {own, "Secret", "", ""},
		"allowed in the own namespace":       {allow("Deployment"), "Deployment", "", "web"},
		"not allowed elsewhere":              {allow("Deployment"), "Deployment", "other", ""},
		"allowed elsewhere":                  {allow("Deployment", "other"), "Deployment", "other", "other"},
		"allowed elsewhere only":             {allow("Deployment", "other"), "Deployment", "", ""},
		"another kind":                       {allow("Deployment", "*"), "StatefulSet", "", ""},
		"allowed everywhere":                 {allow("Deployment", "*"), "Deployment", "other", "other"},
		"allowed everywhere, also outside":   {allow("Deployment", "*"), "Deployment", "", "web*"},
		"a Secret that is allowed":           {allow("Secret", "*"), "Secret", "", ""},
		"a ConfigMap that is allowed":        {allow("ConfigMap", "*"), "ConfigMap", "web", ""},
		"a kind that another entry is about": {allow("Deployment", "*"), "Pod", "other", ""},
	} {
		o, refusal := objectOf(test.source, "web", cxv1alpha1.StageCheck{
			APIVersion: "apps/v1", Kind: cxv1alpha1.KindName(test.kind), ObjectName: "x", Namespace: cxv1alpha1.LabelName(test.namespace),
		})
		got := o.Namespace
		if o.outside {
			got += "*"
		}
		if got != test.want || (refusal == nil) != (test.want != "") {
			t.Errorf("%s: %q, %v, want %q", name, got, refusal, test.want)
		}
	}
}

// TestMissingRights reads the message as people do.
func TestMissingRights(t *testing.T) {
	t.Parallel()
	forbidden := func(group, resource string) *fault {
		return &fault{reason: ReasonForbidden, missing: schema.GroupResource{Group: group, Resource: resource}}
	}
	var many []*fault
	for n := range 50 {
		many = append(many, forbidden("apps", "deployments"), forbidden("", "pods"), forbidden(fmt.Sprintf("g%d.example.com", n), "widgets"))
	}
	for _, faults := range [][]*fault{many, many[:1], {forbidden(strings.Repeat("a", 63)+"."+strings.Repeat("b", 63)+"."+strings.Repeat("c", 61), strings.Repeat("r", 63))}} {
		problem, _ := problemOf(faults)
		_, text, _ := strings.Cut(string(problem.Message), "ClusterRole: ")
		role := &rbacv1.ClusterRole{}
		if err := yaml.UnmarshalStrict([]byte(text), role); err != nil || len(problem.Message) > 1000 {
			t.Fatalf("%v, %d: %s", err, len(problem.Message), problem.Message)
		}
		if role.Kind != "ClusterRole" || role.Labels[AggregationLabel] != "true" || len(role.Rules) == 0 {
			t.Errorf("%+v", role)
		}
		for _, rule := range role.Rules {
			if strings.Join(rule.Verbs, ",") != "get,list,watch" {
				t.Errorf("%+v", rule)
			}
		}
	}
}

// TestVerdicts never tells a value of the object.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	o := object{place{GroupVersionKind: schema.GroupVersionKind{Group: "g", Version: "v1", Kind: "Thing"}, Namespace: "web"}, "x"}
	thing := func(status string) sight {
		return sight{data: `{"apiVersion":"g/v1","kind":"Thing","metadata":{"name":"x","namespace":"web","generation":3},"spec":{"token":"s3cret","n":[1,2,3]},"status":` + status + `}`}
	}
	fine := thing(`{"observedGeneration":3}`)
	for name, test := range map[string]struct {
		expression string
		sight      sight
		want       string
	}{
		"pending":              {"", sight{pending: true}, "pending"},
		"not there":            {"true", sight{}, "there is no Thing x in namespace web"},
		"no kind":              {"true", sight{noKind: true}, "the cluster has no kind Thing in this apiVersion"},
		"too large":            {"true", sight{tooLarge: true}, "Thing x in namespace web is too large to be looked at"},
		"current":              {"", fine, ""},
		"stalled":              {"", thing(`{"conditions":[{"type":"Stalled","status":"True","message":"s3cret"}]}`), "Thing x in namespace web is not ready"},
		"not ready":            {"", thing(`{"conditions":[{"type":"Ready","status":"False","message":"s3cret","reason":"s3cret"}]}`), "Thing x in namespace web is not ready"},
		"behind":               {"", thing(`{"observedGeneration":2}`), "Thing x in namespace web has changed, and its controller has not seen that yet"},
		"behind, with CEL":     {"true", thing(`{"observedGeneration":2}`), "Thing x in namespace web has changed, and its controller has not seen that yet"},
		"true":                 {"self.spec.token == 's3cret' && self.spec.n[0] == 1", fine, ""},
		"false":                {"self.spec.token == 'x'", fine, "the expression is false for Thing x in namespace web"},
		"no bool":              {"self.spec.token", fine, "the expression gives neither true nor false for Thing x in namespace web"},
		"a key that is secret": {"self[self.spec.token] == 1", fine, "the expression fails on Thing x in namespace web: it asks for a field that is not there"},
		"a secret number":      {"int(self.spec.token) == 1", fine, "the expression fails on Thing x in namespace web: it cannot be evaluated"},
		"a secret duration":    {"duration(self.spec.token) == duration('1s')", fine, "the expression fails on Thing x in namespace web: it cannot be evaluated"},
		"a secret index":       {"self.spec.n[7] == 1", fine, "the expression fails on Thing x in namespace web: it asks for an entry that is not there"},
		"a bomb": {"self.spec.n.all(a, self.spec.n.all(b, self.spec.n.all(c, self.spec.n.all(d, self.spec.n.all(e, self.spec.n.all(f, self.spec.n.all(g, " +
			"self.spec.n.all(h, self.spec.n.all(i, self.spec.n.all(j, self.spec.n.all(k, self.spec.n.all(l, a + b + c + d + e + f + g + h + i + j + k + l > 0))))))))))))",
			fine, "the expression fails on Thing x in namespace web: it takes too many steps"},
	} {
		program, err := compile(test.expression)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		v := judge(t.Context(), o, program, test.sight)
		got := string(v.reason)
		if v.pending {
			got = "pending"
		}
		if got != test.want || v.holds != (got == "") || strings.Contains(got, "s3cret") {
			t.Errorf("%s: %+v, want %q", name, v, test.want)
		}
	}
	o.Name, o.Kind, o.Namespace = strings.Repeat("n", 253), strings.Repeat("K", 63), strings.Repeat("s", 63)
	program, err := compile("self.a == 1")
	if err != nil {
		t.Fatal(err)
	}
	if v := judge(t.Context(), o, program, fine); len(v.reason) > 250 {
		t.Errorf("%d characters", len(v.reason))
	}
}

// unconnected is a Proofs that has no cluster, and watches nothing.
func unconnected(t *testing.T) *Proofs {
	t.Helper()
	p, err := New(&rest.Config{Host: "http://127.0.0.1:1"}, logr.Discard())
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	p.running = ended
	return p
}

func target(namespace, name string, checks ...cxv1alpha1.StageCheck) observer.Target {
	return observer.Target{
		Key:    observer.Key{Namespace: namespace, Of: cxv1alpha1.ObservedReference{Kind: cxv1alpha1.BuildingBlockKind, Name: cxv1alpha1.ObjectName(name)}},
		Object: block(namespace, name, stage("s", checks...)),
	}
}

// TestManyKinds has a portfolio ask for more kinds than it may, while others are not held up by that.
func TestManyKinds(t *testing.T) {
	t.Parallel()
	p := unconnected(t)
	defer p.changed.ShutDown()
	kind := func(n int) cxv1alpha1.StageCheck {
		return cxv1alpha1.StageCheck{Name: "c", APIVersion: "g/v1", Kind: cxv1alpha1.KindName(fmt.Sprintf("K%d", n)), ObjectName: "x"}
	}
	for n := range MaxPlaces + 2 {
		p.Follow(observer.Source{}, target("web", fmt.Sprintf("b%d", n), kind(n)))
	}
	again := target("web", "again", kind(0))
	p.Follow(observer.Source{}, again)
	p.Follow(observer.Source{}, target("other", "b", kind(0)))
	reason := func(t observer.Target) string {
		for o := range objectsOf(observer.Source{}, t) {
			if s := p.see(t.Key, o); s.fault != nil {
				return s.fault.reason
			}
		}
		return ""
	}
	want := func(t *testing.T, watches int, reasons map[int]string) {
		t.Helper()
		if len(p.watches) != watches {
			t.Errorf("%d watches, want %d", len(p.watches), watches)
		}
		for n, want := range reasons {
			if got := reason(target("web", fmt.Sprintf("b%d", n), kind(n))); got != want {
				t.Errorf("block %d: %q, want %q", n, got, want)
			}
		}
	}
	want(t, MaxPlaces+1, map[int]string{0: "", MaxPlaces - 1: "", MaxPlaces: ReasonTooManyKinds, MaxPlaces + 1: ReasonTooManyKinds})
	// The kind is still needed by another block.
	p.Forget(target("web", "b0").Key)
	want(t, MaxPlaces+1, map[int]string{MaxPlaces: ReasonTooManyKinds})
	p.Forget(again.Key)
	want(t, MaxPlaces+1, map[int]string{MaxPlaces: "", MaxPlaces + 1: ReasonTooManyKinds})
	for n := range MaxPlaces + 2 {
		p.Forget(target("web", fmt.Sprintf("b%d", n)).Key)
	}
	p.Forget(target("other", "b").Key)
	if len(p.watches)+len(p.followed)+len(p.used) > 0 {
		t.Errorf("left: %v, %v, %v", p.watches, p.followed, p.used)
	}
}

// TestFlapping has an object change ten times a second, for ten minutes.
func TestFlapping(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := unconnected(t)
		nothing := p.running
		looks := make(chan observer.Key, 1000)
		p.Start(t.Context(), func(key observer.Key) { looks <- key })
		p.running = nothing
		key := target("web", "b").Key
		p.Follow(observer.Source{}, target("web", "b", deployed("c")))
		for range 6000 {
			time.Sleep(100 * time.Millisecond)
			p.mu.Lock()
			p.announce(key)
			p.mu.Unlock()
		}
		if n := len(looks); n < 10 || n > 40 {
			t.Errorf("%d looks", n)
		}
		p.changed.ShutDown()
		time.Sleep(time.Hour)
	})
}

// TestObjectsAreKeptSmall keeps of an object what checks can need.
func TestObjectsAreKeptSmall(t *testing.T) {
	t.Parallel()
	u := widget()
	u.SetManagedFields(nil)
	u.Object["metadata"].(map[string]any)["managedFields"] = []any{map[string]any{"manager": "m"}}
	u.SetResourceVersion("7")
	var kept map[string]any
	if err := json.Unmarshal([]byte(sightOf(u).data), &kept); err != nil {
		t.Fatal(err)
	}
	metadata := kept["metadata"].(map[string]any)
	if metadata["managedFields"] != nil || metadata["resourceVersion"] != nil || metadata["name"] != "w" || u.GetResourceVersion() != "7" {
		t.Errorf("%v", kept)
	}
	u.Object["spec"].(map[string]any)["text"] = strings.Repeat("x", maxObject)
	if s := sightOf(u); !s.tooLarge || s.data != "" {
		t.Error("a large object is kept")
	}
}
