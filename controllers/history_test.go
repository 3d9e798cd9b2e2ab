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
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

// TestRestoredEtcd puts etcd back to a snapshot while two replicas run, and edits specs before they see anything of it.
// Versions, generations and statuses go back, and the same numbers come again with other contents.
func TestRestoredEtcd(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		// revisions are added to the restored etcd before anybody can see it.
		revisions int
		// passed has others write until the versions have passed all that the replicas know, before they see anything.
		passed bool
		// settled takes the snapshot when all is written, and not between two writes.
		settled bool
		// handOver stops the leader after the restore.
		handOver bool
	}{
		{name: "between writes"},
		{name: "settled, and passed", settled: true, passed: true},
		{name: "settled, with later revisions and a new leader", settled: true, revisions: 2000, handOver: true},
		{name: "between writes, and passed, with a new leader", passed: true, handOver: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			// Given two replicas, a snapshot, and changes since that are all evaluated,
			c, plane := newControlPlane(t)
			objects := readSample(t, "quickstart")
			c.apply(t, objects...)
			leader, follower := &network{}, &network{}
			operators := []*operator{c.through(leader).start(t, replica(c)), c.through(follower).start(t, replica(c))}
			c.wantEvaluated(t, utcToday())
			c.setImportance(t, 20)
			if test.settled {
				c.wantEvaluated(t, utcToday())
				operators[0].wantStill(t, c)
			}
			snapshot, err := plane.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			c.setImportance(t, 30)
			c.delete(t, objects[len(objects)-1])
			c.wantEvaluated(t, utcToday())
			operators[0].wantStill(t, c)

			lastVersion := c.version(t)

			// when etcd is restored, and specs get the generations that they had, with other contents,
			leader.refuse()
			follower.refuse()
			if err := plane.Restore(snapshot, test.revisions); err != nil {
				t.Fatal(err)
			}
			c.setImportance(t, 40)
			if test.passed {
				c.passVersion(t, lastVersion)
			}
			leader.mend()
			follower.mend()
			if test.handOver {
				operators[0].stop()
				operators = operators[1:]
			}

			// then the statuses are soon those of the specs, without a hail of writes, and stay so.
			before := total(c.statusWrites(t))
			c.wantEvaluated(t, utcToday())
			for _, o := range operators {
				o.wantSeen(t, c)
				o.wantStill(t, c)
			}
			writes := total(c.statusWrites(t))
			if most := 10 * len(objects); writes-before > most {
				t.Errorf("%d writes to heal %d objects", writes-before, len(objects))
			}
			time.Sleep(2 * time.Second)
			if more := total(c.statusWrites(t)) - writes; more > 0 {
				t.Errorf("%d more writes when all was still", more)
			}
			c.wantEvaluated(t, utcToday())
		})
	}
}

// TestRestoredWhileWatching does without edits and without a cut: the replicas see the restore as it happens.
func TestRestoredWhileWatching(t *testing.T) {
	t.Parallel()
	c, plane := newControlPlane(t)
	objects := readSample(t, "quickstart")
	c.apply(t, objects...)
	operator := c.start(t)
	c.wantEvaluated(t, utcToday())
	snapshot, err := plane.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	c.setImportance(t, 30)
	c.wantEvaluated(t, utcToday())
	for range 3 {
		if err := plane.Restore(snapshot, 0); err != nil {
			t.Fatal(err)
		}
		operator.wantSeen(t, c)
		c.wantEvaluated(t, utcToday())
		writes := total(operator.wantStill(t, c))
		time.Sleep(2 * time.Second)
		if more := total(c.statusWrites(t)) - writes; more > 0 {
			t.Errorf("%d more writes when all was still", more)
		}
		c.wantEvaluated(t, utcToday())
	}
}

// TestRolledBackCRD takes fields out of a CRD and gives them back.
func TestRolledBackCRD(t *testing.T) {
	t.Parallel()
	// Given statuses that were written with the field,
	c, _ := newControlPlane(t)
	c.apply(t, readSample(t, "quickstart")...)
	operator := c.start(t)
	c.wantEvaluated(t, utcToday())
	operator.wantStill(t, c)

	// when the API server does not know the field for a while, in which statuses change,
	whole := c.dropStatusField(t, "progressPercent")
	c.setImportance(t, 20)
	if !eventually(func() bool { return len(operator.ledger.pending(cxv1alpha1.KindNamed(cxv1alpha1.MomentKind))) > 0 }) {
		t.Error("the operator did not notice")
	}
	c.wantNoMoreWrites(t)
	c.setSchema(t, whole)

	// then all statuses have it again.
	c.wantEvaluated(t, utcToday())
	operator.wantStill(t, c)
}

// wantNoMoreWrites waits until for two seconds nothing is written. What the API server does not take could be written for ever.
func (c *cluster) wantNoMoreWrites(t *testing.T) {
	t.Helper()
	before, after := -1, total(c.statusWrites(t))
	for range 20 {
		if before == after {
			return
		}
		time.Sleep(2 * time.Second)
		before, after = after, total(c.statusWrites(t))
	}
	t.Error("the writes do not end")
}

// TestRecreatedDuringAnEvaluation edits an object and recreates another while the portfolio is being evaluated.
func TestRecreatedDuringAnEvaluation(t *testing.T) {
	const recreated, edited = "Moment/hand-in-the-parcel", "Moment/get-a-return-label"
	// Given an evaluation of a portfolio that is under way,
	c := newCluster(t)
	objects := readSample(t, "quickstart")
	c.apply(t, objects...)
	began, goOn := make(chan struct{}), make(chan struct{})
	operator := c.startUnready(t, func(_ *ctrl.Options, options *Options) {
		options.evaluate = func(objects portfolio.Objects, today cxv1alpha1.Date) outcome {
			began <- struct{}{}
			<-goOn
			return evaluate(objects, today, false)
		}
	})
	<-began

	// when an object is recreated and another edited before it ends,
	moment := find(objects, recreated).DeepCopyObject().(*cxv1alpha1.Moment)
	c.delete(t, moment)
	moment.Spec.Importance = 1
	c.apply(t, moment)
	edit(t, c, &cxv1alpha1.Moment{}, "get-a-return-label", func(m *cxv1alpha1.Moment) { m.Spec.Importance = 1 })
	operator.wantSeen(t, c)
	goOn <- struct{}{}

	// then the result is written to all others,
	<-began
	want := map[string]int{}
	for _, object := range objects {
		if id(object) != recreated && id(object) != edited {
			want[id(object)] = 1
		}
	}
	if !eventually(func() bool { return cmp.Equal(want, c.statusWrites(t)) }) {
		t.Errorf("status writes (-want +got):\n%s", cmp.Diff(want, c.statusWrites(t)))
	}

	// and the next one to these.
	close(goOn)
	go func() {
		for range began {
		}
	}()
	c.wantEvaluated(t, utcToday())
	writes := operator.wantStill(t, c)
	if writes[recreated] != 1 || writes[edited] != 1 {
		t.Errorf("status writes %v", writes)
	}
	operator.stop()
	close(began)
}

// newControlPlane returns a namespace of a control plane of the test's own.
func newControlPlane(t *testing.T) (*cluster, *controlplane.ControlPlane) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a control plane")
	}
	audit := filepath.Join(t.TempDir(), "audit.log")
	plane, err := controlplane.Start(context.Background(), controlplane.Options{AuditLog: audit})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plane.Stop() })
	c, err := client.New(plane.Config, client.Options{Scheme: scheme})
	if err != nil {
		t.Fatal(err)
	}
	all := &cluster{Client: c, config: plane.Config, audit: audit}
	return all.in(t, "history"), plane
}

// wantSeen waits until the operator has seen all that is in the namespace, as it is.
func (o *operator) wantSeen(t fataler, c *cluster) {
	t.Helper()
	var diff string
	if !eventually(func() bool { diff = cmp.Diff(c.versions(t), o.versions(c.namespace)); return diff == "" }) {
		t.Fatal("the operator has not seen all (-want +got):", diff)
	}
}

// versions are the resource versions of all objects of a namespace as the operator knows them.
func (o *operator) versions(namespace string) map[string]string {
	versions := map[string]string{}
	o.ledger.mu.Lock()
	defer o.ledger.mu.Unlock()
	if a := o.ledger.accounts[namespace]; a != nil {
		for _, e := range a.entries {
			versions[id(e.object.(client.Object))] = e.object.GetResourceVersion()
		}
	}
	return versions
}

// versions are the resource versions of all objects of the namespace.
func (c *cluster) versions(t fataler) map[string]string {
	t.Helper()
	versions := map[string]string{}
	for _, object := range c.list(t) {
		versions[id(object)] = object.GetResourceVersion()
	}
	return versions
}

// through returns the cluster as seen over a network that can be cut.
func (c *cluster) through(n *network) *cluster {
	other := *c
	other.config = rest.CopyConfig(c.config)
	other.config.Wrap(func(next http.RoundTripper) http.RoundTripper { n.next = next; return n })
	return &other
}

// replica lets operators elect a leader, which may be out of reach for half a minute.
func replica(c *cluster) func(*ctrl.Options, *Options) {
	return func(options *ctrl.Options, _ *Options) {
		options.LeaderElection, options.LeaderElectionID, options.LeaderElectionNamespace = true, "test", c.namespace
		options.LeaseDuration, options.RenewDeadline, options.RetryPeriod = new(time.Minute), new(50*time.Second), new(200*time.Millisecond)
		options.LeaderElectionReleaseOnCancel = true
	}
}

// setImportance edits all moments.
func (c *cluster) setImportance(t fataler, importance int32) {
	t.Helper()
	for _, object := range c.list(t) {
		if m, ok := object.(*cxv1alpha1.Moment); ok {
			edit(t, c, &cxv1alpha1.Moment{}, m.Name, func(m *cxv1alpha1.Moment) { m.Spec.Importance = importance })
		}
	}
}

// version makes a new resource version.
func (c *cluster) version(t fataler) int {
	t.Helper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: c.namespace}}
	patch := fmt.Sprintf(`{"metadata":{"annotations":{"now":"%d"}}}`, time.Now().UnixNano())
	if err := c.Patch(context.Background(), namespace, client.RawPatch(types.MergePatchType, []byte(patch))); err != nil {
		t.Fatal(err)
	}
	version, err := strconv.Atoi(namespace.ResourceVersion)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// passVersion makes versions until they have passed one.
func (c *cluster) passVersion(t fataler, version int) {
	t.Helper()
	for {
		if c.version(t) > version+10 {
			return
		}
	}
}

// dropStatusField takes a field out of the status of Moments, and returns the CRD as it was.
func (c *cluster) dropStatusField(t fataler, field string) *apiextensionsv1.CustomResourceDefinition {
	t.Helper()
	crd := &apiextensionsv1.CustomResourceDefinition{}
	if err := c.Get(context.Background(), client.ObjectKey{Name: "moments." + cxv1alpha1.GroupVersion.Group}, crd); err != nil {
		t.Fatal(err)
	}
	without := crd.DeepCopy()
	status := without.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["status"]
	if _, ok := status.Properties[field]; !ok {
		t.Fatal("no such field", field)
	}
	delete(status.Properties, field)
	c.setSchema(t, without)
	return crd
}

// setSchema gives a CRD the schema of another.
func (c *cluster) setSchema(t fataler, of *apiextensionsv1.CustomResourceDefinition) {
	t.Helper()
	crd := &apiextensionsv1.CustomResourceDefinition{}
	if err := c.Get(context.Background(), client.ObjectKeyFromObject(of), crd); err != nil {
		t.Fatal(err)
	}
	crd.Spec = of.Spec
	if err := c.Update(context.Background(), crd); err != nil {
		t.Fatal(err)
	}
}

func find(objects []client.Object, wanted string) client.Object {
	for _, object := range objects {
		if id(object) == wanted {
			return object
		}
	}
	return nil
}
