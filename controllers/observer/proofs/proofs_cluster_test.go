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
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

const deployments = "/apis/apps/v1/namespaces/web/deployments"

func deployed(name string, edit ...func(*cxv1alpha1.StageCheck)) cxv1alpha1.StageCheck {
	c := cxv1alpha1.StageCheck{Name: cxv1alpha1.LabelName(name), APIVersion: "apps/v1", Kind: "Deployment", ObjectName: "portal"}
	for _, e := range edit {
		e(&c)
	}
	return c
}

func tells(text string) func(*cxv1alpha1.StageCheck) {
	return func(c *cxv1alpha1.StageCheck) { c.Expression = text }
}

func in(namespace, source string) func(*cxv1alpha1.StageCheck) {
	return func(c *cxv1alpha1.StageCheck) {
		c.Namespace = cxv1alpha1.LabelName(namespace)
		if source != "" {
			c.SourceRef = &cxv1alpha1.SourceReference{Name: cxv1alpha1.ObjectName(source)}
		}
	}
}

func widgets() *apiextensionsv1.CustomResourceDefinition {
	return &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: "widgets.example.com"},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: "example.com", Scope: apiextensionsv1.NamespaceScoped,
			Names: apiextensionsv1.CustomResourceDefinitionNames{Plural: "widgets", Singular: "widget", Kind: "Widget", ListKind: "WidgetList"},
			Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{Name: "v1", Served: true, Storage: true, Schema: &apiextensionsv1.CustomResourceValidation{
				OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{Type: "object", XPreserveUnknownFields: new(true)},
			}}},
		},
	}
}

func widget() *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "example.com/v1", "kind": "Widget", "metadata": map[string]any{"namespace": "web", "name": "w"}, "spec": map[string]any{"size": int64(3)},
	}}
}

// TestProofs runs an observer with the rights of config/observer in a real cluster.
func TestProofs(t *testing.T) {
	i := install(t)
	for _, name := range []string{"web", "other"} {
		i.namespace(t, name)
	}
	portal, elsewhere := deployment("web", "portal"), deployment("other", "portal")
	i.create(t, portal, elsewhere, block("web", "portal",
		stage("live", deployed("up"), deployed("two", tells("self.status.readyReplicas == 2 && self.metadata.?managedFields.orValue(1) == 1"))),
		stage("next", deployed("never", tells("self.spec.template.spec.containers[0].image == 'x'"))),
	))
	whole := t
	o := i.run(whole)

	t.Run("missing rights", func(t *testing.T) {
		problem := i.want(t, "web", "buildingblock-portal", ReasonForbidden).Spec.Problem.Message
		_, text, _ := strings.Cut(string(problem), "this ClusterRole: ")
		role := &rbacv1.ClusterRole{}
		if err := yaml.UnmarshalStrict([]byte(text), role); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		i.wantWatches(t, deployments, 0)
		i.grant(t, role)
		i.want(t, "web", "buildingblock-portal", "",
			"live/two false,false the expression fails on Deployment portal in namespace web: it asks for a field that is not there",
			"live/up false,false Deployment portal in namespace web is not ready",
			"next/never false,false the expression is false for Deployment portal in namespace web")
		i.wantWatches(t, deployments, 1)
	})

	never := "next/never false,false the expression is false for Deployment portal in namespace web"
	t.Run("proven, and no more", func(t *testing.T) {
		i.ready(t, portal, 2)
		i.want(t, "web", "buildingblock-portal", "", "live/two true,true ", "live/up true,true ", never)
		i.ready(t, portal, 1)
		i.want(t, "web", "buildingblock-portal", "", "live/two true,false the expression is false for Deployment portal in namespace web",
			"live/up true,false Deployment portal in namespace web is not ready", never)
		i.ready(t, portal, 2)
		i.want(t, "web", "buildingblock-portal", "", "live/two true,true ", "live/up true,true ", never)
	})

	t.Run("a status that is behind", func(t *testing.T) {
		portal.Spec.Paused = true
		if err := i.Update(t.Context(), portal); err != nil {
			t.Fatal(err)
		}
		behind := " Deployment portal in namespace web has changed, and its controller has not seen that yet"
		i.want(t, "web", "buildingblock-portal", "", "live/two true,false"+behind, "live/up true,false"+behind, "next/never false,false"+behind)
		i.ready(t, portal, 2)
		i.want(t, "web", "buildingblock-portal", "", "live/two true,true ", "live/up true,true ", never)
	})

	t.Run("a restart writes nothing", func(t *testing.T) {
		before := i.want(t, "web", "buildingblock-portal", "", "live/two true,true ", "live/up true,true ", never)
		o.stop()
		i.wantWatches(t, deployments, 0)
		o = i.run(whole)
		i.wantWatches(t, deployments, 1)
		eventually(t, "it has looked", func() error {
			if n := o.metric(t, "journey_observer_looks_total"); n < 1 {
				return fmt.Errorf("%v looks", n)
			}
			return nil
		})
		if after := i.want(t, "web", "buildingblock-portal", "", "live/two true,true ", "live/up true,true ", never); after.ResourceVersion != before.ResourceVersion {
			t.Errorf("written again: %v, then %v", before.Spec, after.Spec)
		}
	})

	t.Run("other namespaces", func(t *testing.T) {
		i.ready(t, elsewhere, 2)
		i.create(t, block("web", "curious", stage("s", deployed("c", in("other", "")))), block("web", "guest", stage("s", deployed("c", in("other", "cluster")))))
		message := i.want(t, "web", "buildingblock-curious", ReasonNotAllowed).Spec.Problem.Message
		if !strings.Contains(string(message), "sourceRef") {
			t.Error(message)
		}
		i.want(t, "web", "buildingblock-guest.cluster", "SourceNotAvailable")
		i.wantWatches(t, "/apis/apps/v1/namespaces/other/deployments", 0)
		source := &cxv1alpha1.Source{ObjectMeta: metav1.ObjectMeta{Name: "cluster"}, Spec: cxv1alpha1.SourceSpec{
			Type: cxv1alpha1.SourceKubernetes, NamespaceSelector: &metav1.LabelSelector{},
			Allow: []cxv1alpha1.AllowedKind{{APIVersion: "apps/v1", Kind: "Deployment"}, {APIVersion: "v1", Kind: "Namespace", Namespaces: []string{"other"}}},
		}}
		i.create(t, source)
		i.want(t, "web", "buildingblock-guest.cluster", ReasonNotAllowed)
		source.Spec.Allow[0].Namespaces = []string{"other"}
		source.Spec.Allow[1].Namespaces = []string{"*"}
		if err := i.Update(t.Context(), source); err != nil {
			t.Fatal(err)
		}
		i.want(t, "web", "buildingblock-guest.cluster", "", "s/c true,true ")
		i.create(t, block("web", "namespaces", stage("s", cxv1alpha1.StageCheck{
			Name: "c", APIVersion: "v1", Kind: "Namespace", ObjectName: "other", SourceRef: &cxv1alpha1.SourceReference{Name: "cluster"},
		})))
		i.grant(t, grantOf("", "namespaces"))
		i.want(t, "web", "buildingblock-namespaces.cluster", "", "s/c true,true ")
		source.Spec.NamespaceSelector = nil
		if err := i.Update(t.Context(), source); err != nil {
			t.Fatal(err)
		}
		i.want(t, "web", "buildingblock-guest.cluster", "SourceNotAvailable", "s/c true,true ")
		i.wantWatches(t, "/apis/apps/v1/namespaces/other/deployments", 0)
	})

	t.Run("a kind that comes, goes and comes back", func(t *testing.T) {
		i.grant(t, grantOf("example.com", "widgets"))
		i.create(t, block("web", "widget", stage("s", cxv1alpha1.StageCheck{Name: "c", APIVersion: "example.com/v1", Kind: "Widget", ObjectName: "w"})))
		i.want(t, "web", "buildingblock-widget", "", "s/c false,false the cluster has no kind Widget in this apiVersion")
		crd := widgets()
		i.create(t, crd)
		eventually(t, "the widget is there", func() error { return i.Create(t.Context(), widget()) })
		first := i.want(t, "web", "buildingblock-widget", "", "s/c true,true ")
		i.remove(t, crd)
		eventually(t, "it is seen to be gone", func() error {
			got := &cxv1alpha1.Observation{}
			err := i.Get(t.Context(), client.ObjectKeyFromObject(first), got)
			if err == nil && !got.Spec.Proofs[0].Holds {
				return nil
			}
			return fmt.Errorf("%w: %v", err, got.Spec)
		})
		i.want(t, "web", "buildingblock-widget", "", "s/c true,false the cluster has no kind Widget in this apiVersion")
		i.wantGone(t, crd)
		i.create(t, widgets())
		eventually(t, "the widget is there", func() error { return i.Create(t.Context(), widget()) })
		i.want(t, "web", "buildingblock-widget", "", "s/c true,true ")
	})

	t.Run("watches end with the last check", func(t *testing.T) {
		observation := i.want(t, "web", "buildingblock-widget", "", "s/c true,true ")
		for _, name := range []string{"widget", "curious", "guest", "namespaces", "portal"} {
			i.wantWatches(t, deployments, 1)
			i.remove(t, block("web", name))
		}
		i.wantGone(t, observation)
		i.wantWatches(t, deployments, 0)
		if n := o.metric(t, "journey_observer_watches"); n != 0 {
			t.Errorf("%v watches", n)
		}
		i.mu.Lock()
		defer i.mu.Unlock()
		for path := range i.paths {
			if strings.Contains(path, "secrets") || strings.Contains(path, "configmaps") {
				t.Errorf("it asked for %s", path)
			}
		}
	})
}

// BenchmarkChecks has 2,000 checks of 400 blocks in 20 namespaces looked at, until all of them are proven, and after that for a minute.
func BenchmarkChecks(b *testing.B) {
	const namespaces, blocks, checks = 20, 20, 5
	i := install(b)
	for _, resource := range []string{"deployments", "statefulsets"} {
		i.grant(b, grantOf("apps", resource))
	}
	for n := range namespaces {
		namespace := fmt.Sprintf("n%d", n)
		i.namespace(b, namespace)
		for k := range blocks {
			var all []cxv1alpha1.StageCheck
			for c := range checks {
				name := fmt.Sprintf("d%d-%d", k, c)
				d := deployment(namespace, name)
				i.create(b, d)
				i.ready(b, d, 2)
				check := deployed(name, func(s *cxv1alpha1.StageCheck) { s.ObjectName = cxv1alpha1.ObjectName(name) })
				if c%2 == 1 {
					check.Expression = "self.status.readyReplicas == self.spec.replicas && self.status.conditions.exists(c, c.type == 'Available' && c.status == 'True')"
				}
				all = append(all, check)
			}
			i.create(b, block(namespace, fmt.Sprintf("b%d", k), stage("s", all...)))
		}
	}
	heap := func() float64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc) / (1 << 20)
	}
	cpu := func() float64 {
		var usage syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
			b.Fatal(err)
		}
		return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
	}
	before := heap()
	for b.Loop() {
		asked, used := i.count(), cpu()
		o := i.run(b)
		eventually(b, "all have been looked at", func() error {
			if n := o.metric(b, "journey_observer_looks_total"); n < namespaces*blocks || o.metric(b, "journey_observer_watches") < namespaces {
				return fmt.Errorf("%v looks", n)
			}
			list := &cxv1alpha1.ObservationList{}
			if err := i.List(b.Context(), list); err != nil {
				return err
			}
			proven := 0
			for _, item := range list.Items {
				for _, p := range item.Spec.Proofs {
					if p.Holds {
						proven++
					}
				}
			}
			if proven < namespaces*blocks*checks {
				return fmt.Errorf("%d proven", proven)
			}
			return nil
		})
		b.ReportMetric(float64(i.count()-asked), "requests/start")
		b.ReportMetric(cpu()-used, "cpu-s/start")
		b.StopTimer()
		b.ReportMetric(heap()-before, "MB")
		asked, used = i.count(), cpu()
		time.Sleep(time.Minute)
		b.ReportMetric(float64(i.count()-asked), "requests/min")
		b.ReportMetric(cpu()-used, "cpu-s/min")
		o.stop()
		b.StartTimer()
	}
}
