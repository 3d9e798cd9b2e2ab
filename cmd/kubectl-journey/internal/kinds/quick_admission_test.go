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

package kinds

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"pgregory.net/rapid"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/spoiltest"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

// TestQuickAdmission makes objects wrong at random. The quick and the slow way must give the same result. If the quick way gives up, the
// object must give the same result in the slow way as if the quick way had not been tried.
func TestQuickAdmission(t *testing.T) {
	admitted, quick := 0, 0
	eachSpoiled(t, rand.New(rand.NewPCG(5, 6)), func(kind *Kind, a *admission, object map[string]any) {
		wasQuick, valid := compareQuick(t, a, kind, object)
		if wasQuick {
			quick++
		}
		if valid {
			admitted++
		}
	})
	if quick == 0 || quick < admitted*7/10 {
		t.Errorf("only %d of %d admitted objects are admitted quickly", quick, admitted)
	}
}

// eachSpoiled calls a function with each object of random portfolios: first as people write it, then made wrong in more and more places.
func eachSpoiled(t *testing.T, random *rand.Rand, do func(kind *Kind, a *admission, object map[string]any)) {
	t.Helper()
	for seed := range 12 {
		for _, typed := range portfoliotest.List(rapid.Custom(portfoliotest.Objects).Example(seed)) {
			original := asWritten(t, typed, random)
			name, _ := original["kind"].(string)
			kind := ByName(name)
			a, err := kind.admission()
			if err != nil {
				t.Fatal(err)
			}
			for n := range 20 {
				object := runtime.DeepCopyJSON(original)
				if n > 0 {
					spoiltest.Spoil(random, object)
				}
				do(kind, a, object)
			}
		}
	}
}

// asWritten is an object as people write it: without status, sometimes with labels.
func asWritten(t *testing.T, typed any, random *rand.Rand) map[string]any {
	t.Helper()
	data, err := json.Marshal(typed)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := utiljson.Unmarshal(data, &object); err != nil {
		t.Fatal(err)
	}
	delete(object, "status")
	written, _ := object["metadata"].(map[string]any)
	metadata := map[string]any{"name": written["name"], "namespace": "default"}
	if random.IntN(2) == 0 {
		metadata["labels"] = map[string]any{"team": "web"}
		metadata["annotations"] = map[string]any{"example.com/note": "x"}
	}
	object["metadata"] = metadata
	return object
}

func compareQuick(t *testing.T, a *admission, kind *Kind, object map[string]any) (wasQuick, valid bool) {
	t.Helper()
	slow := runtime.DeepCopyJSON(object)
	slowMeta, unknown, faults := a.decode(slow)
	if len(faults) == 0 {
		for range unknown {
			faults = append(faults, Fault{})
		}
		faults = append(faults, fieldFaults(a.validate(t.Context(), slow, slowMeta))...)
	}
	attempt := runtime.DeepCopyJSON(object)
	quickMeta := a.admitQuickly(t.Context(), attempt)
	if quickMeta != nil && (len(faults) > 0 || !reflect.DeepEqual(quickMeta, slowMeta) || !reflect.DeepEqual(attempt, slow)) {
		t.Fatalf("admitted quickly, but %v\n%s\n%s", faults, cmp.Diff(slow, attempt), cmp.Diff(slowMeta, quickMeta))
	}
	meta, wholly, err := kind.Admit(t.Context(), object)
	if err != nil || len(wholly) != len(faults) || len(faults) == 0 && (!reflect.DeepEqual(object, slow) || !reflect.DeepEqual(meta, slowMeta)) {
		t.Fatalf("admitted otherwise: %v, %v, want %v\n%s", err, wholly, faults, cmp.Diff(slow, object))
	}
	return quickMeta != nil, len(faults) == 0
}
