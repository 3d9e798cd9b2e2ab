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
	"math/rand/v2"
	"testing"

	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	apiextensionsvalidation "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
)

// TestQuickCheckIsSure makes objects wrong at random. What the quick check lets pass must be valid for the API server's own code. What
// is valid should pass the quick check.
func TestQuickCheckIsSure(t *testing.T) {
	valid, quick := 0, 0
	eachSpoiled(t, rand.New(rand.NewPCG(3, 4)), func(kind *Kind, a *admission, object map[string]any) {
		pruning.Prune(object, a.structural, true)
		object["apiVersion"], object["kind"] = APIVersion(), kind.Name
		defaulting.Default(object, a.structural)
		errs := apiextensionsvalidation.ValidateCustomResource(nil, object, a.openapi)
		errs = append(errs, listtype.ValidateListSetsAndMaps(nil, a.structural, object)...)
		sure := a.quick(object)
		if sure && len(errs) > 0 {
			t.Fatalf("passed quickly, but is not valid: %v\n%v", errs, object)
		}
		if len(errs) == 0 {
			valid++
		}
		if sure {
			quick++
		}
	})
	if quick < valid*9/10 {
		t.Errorf("only %d of %d valid objects pass quickly", quick, valid)
	}
}
