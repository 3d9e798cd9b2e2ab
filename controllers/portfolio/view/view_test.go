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

package view_test

import (
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

func expect(t *rapid.T, what string, want, got any) {
	if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// TestViewsOnlyRead builds the views of one evaluation many times at once: they are as when they are built one by one.
func TestViewsOnlyRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		e := portfolio.Evaluate(objects, portfoliotest.Today)
		views := func() []any {
			all := []any{view.GapsOf(e), view.RoadmapOf(e), view.ChainsOf(e), view.MatrixOf(e, false), view.LinksOf(e, true)}
			for _, i := range objects.RoadmapItems {
				reason, err := view.Why(e, cxv1alpha1.RoadmapItemKind, i.Name)
				all = append(all, reason, err)
			}
			return all
		}
		got := make([][]any, 4)
		var group sync.WaitGroup
		for n := range got {
			group.Go(func() { got[n] = views() })
		}
		group.Wait()
		want := views()
		for n := range got {
			expect(t, "views", want, got[n])
		}
	})
}
