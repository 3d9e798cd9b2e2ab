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

// Package spoiltest makes valid objects wrong, at random, for tests of validation.
package spoiltest

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
)

// odd are values that are put in place of others.
var odd = []any{
	nil, true, int64(-1), int64(0), int64(101), int64(1 << 40), 1.5, "", "x", "A B", "2027-02-30", "2027-03-01", "Done", "Must", "http://x", "a",
	strings.Repeat("x", 201), strings.Repeat("é", 150), strings.Repeat("x", 6000), []any{}, []any{"a", "a"}, map[string]any{}, map[string]any{"name": "a"},
}

// Spoil changes something in an object at random, but not its kind. The object may still be valid.
func Spoil(random *rand.Rand, object map[string]any) {
	spec, ok := object["spec"].(map[string]any)
	if !ok || random.IntN(20) == 0 {
		object["metadata"] = map[string]any{"name": []any{"Bad_Name", "a.b", strings.Repeat("x", 254), "default", ""}[random.IntN(5)]}
		return
	}
	spoilIn(random, spec)
}

func spoilIn(random *rand.Rand, value map[string]any) {
	keys := slices.Sorted(maps.Keys(value))
	if len(keys) == 0 || random.IntN(12) == 0 {
		value[[]string{"unknown", "startDate", "finishDate", "promise", "stage"}[random.IntN(5)]] = anyOdd(random)
		return
	}
	key := keys[random.IntN(len(keys))]
	switch child := value[key].(type) {
	case map[string]any:
		if random.IntN(3) > 0 {
			spoilIn(random, child)
			return
		}
	case []any:
		if len(child) > 0 && random.IntN(4) > 0 {
			if inner, ok := child[random.IntN(len(child))].(map[string]any); ok && random.IntN(3) > 0 {
				spoilIn(random, inner)
				return
			}
			value[key] = append(child, runtime.DeepCopyJSONValue(child[0]))
			return
		}
	}
	if random.IntN(5) == 0 {
		delete(value, key)
		return
	}
	value[key] = anyOdd(random)
}

func anyOdd(random *rand.Rand) any {
	return runtime.DeepCopyJSONValue(odd[random.IntN(len(odd))])
}
