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

package portfoliotest_test

import (
	"testing"

	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

// TestObjectsAreValid sends what is made through the API server's own validation.
func TestObjectsAreValid(t *testing.T) {
	t.Parallel()
	validator, err := portfoliotest.NewValidator()
	if err != nil {
		t.Fatal(err)
	}
	if err := validator.Validate(&cxv1alpha1.RoadmapItem{}); err == nil {
		t.Fatal("an item without anything is not refused, so this proves nothing")
	}
	rapid.Check(t, func(t *rapid.T) {
		for _, object := range portfoliotest.List(portfoliotest.Objects(t)) {
			if err := validator.Validate(object); err != nil {
				t.Fatalf("%T %s: %v", object, object.GetName(), err)
			}
		}
	})
}

// TestListAndClone sees to it that copies are equal and apart.
func TestListAndClone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		list, copies := portfoliotest.List(objects), portfoliotest.List(portfoliotest.Clone(objects))
		again := portfoliotest.List(portfoliotest.FromList(list))
		if len(list) != len(copies) || len(list) != len(again) {
			t.Fatalf("%d objects, %d copies, %d listed again", len(list), len(copies), len(again))
		}
		for i := range list {
			if list[i] == copies[i] || list[i] != again[i] || list[i].GetName() != copies[i].GetName() {
				t.Fatalf("object %d: %v, %v, %v", i, list[i], copies[i], again[i])
			}
		}
	})
}
