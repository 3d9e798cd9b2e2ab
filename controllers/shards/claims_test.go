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

package shards

import (
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/sets"
)

func TestJudge(t *testing.T) {
	parse := func(texts ...string) []labels.Selector {
		t.Helper()
		var all []labels.Selector
		for _, text := range texts {
			selector, err := labels.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, selector)
		}
		return all
	}
	byNames, err := OfNames([]string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]labels.Set{}
	for name, tenant := range map[string]string{"a": "web", "b": "shop", "c": ""} {
		known[name] = labels.Set{"kubernetes.io/metadata.name": name, "tenant": tenant}
	}
	names := []string{"a", "b", "c", "gone"}
	for _, test := range []struct {
		name          string
		known         map[string]labels.Set
		claims        []labels.Selector
		none, several []string
	}{
		{"one operator for all", known, parse(""), nil, nil},
		{"two for all", known, parse("", ""), nil, []string{"a", "b", "c"}},
		{"a shard each", known, parse("tenant=web", "tenant=shop", "tenant="), nil, nil},
		{"overlap and gap", known, parse("tenant=web", "tenant in (web, shop)"), []string{"c"}, []string{"a"}},
		{"names and a selector", known, append(parse("tenant=web"), byNames), []string{"c"}, []string{"a"}},
		{"only names, labels unknown", nil, append(parse("kubernetes.io/metadata.name=a"), byNames), []string{"c", "gone"}, []string{"a"}},
		{"a selector, labels unknown", nil, append(parse("tenant="), byNames), nil, nil},
	} {
		got := judge(names, test.known, test.claims)
		if !got.None.Equal(sets.New(test.none...)) || !got.Several.Equal(sets.New(test.several...)) {
			t.Errorf("%s: none %v, several %v", test.name, sets.List(got.None), sets.List(got.Several))
		}
	}
}

// TestClaimEndsWithItsLeader has a lease that is not renewed any more.
func TestClaimEndsWithItsLeader(t *testing.T) {
	leaseWith := func(name string, annotations map[string]string) coordinationv1.Lease {
		return coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Name: name, ResourceVersion: "1", Annotations: annotations}}
	}
	lease := leaseWith("b", map[string]string{Annotation: "tenant=web"})
	silent := leaseWith("of something else", nil)
	wrong := leaseWith("c", map[string]string{Annotation: "!!"})
	var b book
	now := time.Now()
	look := func() int {
		b.update([]coordinationv1.Lease{lease, silent, wrong}, now)
		return len(b.live(now))
	}
	if n := look(); n != 1 {
		t.Errorf("%d claims at first", n)
	}
	now = now.Add(liveFor - time.Second)
	if n := look(); n != 1 {
		t.Errorf("%d claims while the lease may still be renewed", n)
	}
	lease.ResourceVersion = "2"
	look()
	now = now.Add(liveFor - time.Second)
	if n := look(); n != 1 {
		t.Errorf("%d claims after the lease was renewed", n)
	}
	now = now.Add(time.Second)
	if n := look(); n != 0 {
		t.Errorf("%d claims of a leader that is gone", n)
	}
}

func TestSome(t *testing.T) {
	if got := Some([]string{"a", "b", "c", "d", "e", "f", "g"}); got != "a, b, c, d, e and 2 more" {
		t.Error(got)
	}
}
