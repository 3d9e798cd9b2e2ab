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

package portfolio

import (
	"fmt"
	"reflect"
	"runtime"
	"testing"
	"unsafe"
	"weak"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// nodesOf points weakly at every node of a graph.
func nodesOf(g *Graph) map[string]weak.Pointer[byte] {
	nodes := map[string]weak.Pointer[byte]{}
	add := func(name string, node unsafe.Pointer) { nodes[name] = weak.Make((*byte)(node)) }
	add("graph", unsafe.Pointer(g))
	for _, j := range g.journeys {
		add("journey "+j.Name, unsafe.Pointer(j))
	}
	for _, m := range g.moments {
		add("moment "+m.Name, unsafe.Pointer(m))
	}
	for _, r := range g.requirements {
		add("requirement "+r.Name, unsafe.Pointer(r))
	}
	for _, b := range g.blocks {
		add("block "+b.Name, unsafe.Pointer(b))
		for _, s := range b.stages {
			add("stage "+s.Key().String(), unsafe.Pointer(s))
		}
	}
	for _, i := range g.items {
		add("item "+i.Name, unsafe.Pointer(i))
	}
	return nodes
}

// TestStatusesDoNotKeepTheGraph: statuses outlive the evaluation that made them, which is far larger.
func TestStatusesDoNotKeepTheGraph(t *testing.T) {
	for _, c := range []struct {
		name    string
		objects Objects
	}{
		{"a portfolio in which everything occurs", largePortfolio(3_000, 100)},
		{"a moment with long lists", shapeOf(t, "one-moment")(200)},
		{"a block with long lists", shapeOf(t, "one-block")(200)},
		{"a cycle", shapeOf(t, "ring")(20)},
	} {
		e := Evaluate(c.objects, benchmarkDay)
		nodes, statuses := nodesOf(e.graph), e.Statuses
		runtime.GC()
		runtime.GC()
		for name, node := range nodes {
			if node.Value() != nil {
				t.Errorf("%s: the statuses keep %s in memory", c.name, name)
			}
		}
		runtime.KeepAlive(statuses)
	}
}

// TestStatusesKeepNoMoreThanTheyList: the rest of a list that is cut off would stay in memory behind it.
func TestStatusesKeepNoMoreThanTheyList(t *testing.T) {
	for _, shape := range []string{"one-moment", "one-moment-unplanned", "one-block", "chain-with-value", "moments-after-a-chain", "star-out"} {
		statuses := Evaluate(shapeOf(t, shape)(300), benchmarkDay).Statuses
		eachList(reflect.ValueOf(statuses), shape, func(path string, list reflect.Value) {
			// A list that grew can have room for twice as much.
			if list.Cap() > 2*cxv1alpha1.MaxListed {
				t.Errorf("%s shows %d and keeps %d", path, list.Len(), list.Cap())
			}
		})
	}
}

// eachList visits all lists in a value.
func eachList(value reflect.Value, path string, visit func(path string, list reflect.Value)) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			eachList(value.Elem(), path, visit)
		}
	case reflect.Struct:
		for n := range value.NumField() {
			if field := value.Type().Field(n); field.IsExported() {
				eachList(value.Field(n), path+"."+field.Name, visit)
			}
		}
	case reflect.Map:
		for _, key := range value.MapKeys() {
			eachList(value.MapIndex(key), fmt.Sprintf("%s[%s]", path, key), visit)
		}
	case reflect.Slice:
		visit(path, value)
		for n := range value.Len() {
			eachList(value.Index(n), fmt.Sprintf("%s[%d]", path, n), visit)
		}
	default:
	}
}
