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
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// maxRequest is what etcd takes in one piece by default: 1.5 MiB.
const maxRequest = 3 << 19

// TestFullObjectsFit stores objects with every list and string of spec and status full. It applies them, since an
// object is largest with the record of who applied what. Each character has four bytes, the most there are. (A string
// of nothing but characters that JSON escapes, such as <, is larger still; the API server refuses what that makes too
// large, and nobody writes it.)
func TestFullObjectsFit(t *testing.T) {
	c := theCluster(t)
	for kind := range definitions(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for _, full := range (maker{t: t, full: true, filler: "𝄞"}).objects(kind, "full") {
				spec, status := full.DeepCopy(), full.DeepCopy()
				delete(spec.Object, "status")
				delete(status.Object, "spec")
				c.apply(t, spec)
				c.removeAfter(t, spec)
				if cxv1alpha1.KindNamed(kind).HasStatus {
					err := c.client.Status().Apply(t.Context(), client.ApplyConfigurationFromUnstructured(status), client.FieldOwner("operator"))
					if err != nil {
						t.Fatalf("status: %v", err)
					}
				}
				stored := &unstructured.Unstructured{}
				stored.SetGroupVersionKind(full.GroupVersionKind())
				if err := c.client.Get(t.Context(), client.ObjectKeyFromObject(spec), stored); err != nil {
					t.Fatal(err)
				}
				data, err := stored.MarshalJSON()
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%d bytes, %d%% of what etcd takes", len(data), 100*len(data)/maxRequest)
			}
		})
	}
}

func (c *cluster) apply(t *testing.T, object *unstructured.Unstructured) {
	t.Helper()
	err := c.client.Apply(t.Context(), client.ApplyConfigurationFromUnstructured(object), client.FieldOwner("git"))
	if err != nil {
		t.Fatalf("spec: %v", err)
	}
}
