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

package evaluate

import (
	"encoding/json"
	"testing"
	"time"

	utiljson "k8s.io/apimachinery/pkg/util/json"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

// TestTypedCells compares the two ways to make a cell, with random portfolios: from Go types, and from JSON with the API server's path
// language.
func TestTypedCells(t *testing.T) {
	now := time.Date(2026, 11, 22, 23, 59, 0, 0, time.UTC)
	full := 0
	for seed := range 30 {
		var objects []*source.Object
		portfolio := rapid.Custom(portfoliotest.Objects).Example(seed)
		for typed := range portfolio.All() {
			data, err := json.Marshal(typed)
			if err != nil {
				t.Fatal(err)
			}
			object := &source.Object{Kind: kinds.ByName(cxv1alpha1.KindOf(typed).Name), Name: typed.GetName(), Typed: typed}
			if err := utiljson.Unmarshal(data, &object.Content); err != nil {
				t.Fatal(err)
			}
			objects = append(objects, object)
		}
		for _, p := range All(objects, "2026-11-22") {
			for _, o := range p.Objects {
				full += compareCells(t, p, o, now)
			}
		}
	}
	if full < 1000 {
		t.Errorf("only %d cells hold something", full)
	}
}

func compareCells(t *testing.T, p *Portfolio, o *source.Object, now time.Time) (full int) {
	t.Helper()
	columns, err := o.Kind.Columns()
	if err != nil {
		t.Fatal(err)
	}
	content, err := p.Content(o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range columns {
		want := columns[i].Cell(content, now)
		got, ok := columns[i].TypedCell(o.Typed, p.Status(o), now)
		if !ok || got != want {
			t.Fatalf("%s of %s %s: %q (%v), want %q", columns[i].Name, o.Kind.Name, o.Name, got, ok, want)
		}
		if got != "" {
			full++
		}
	}
	return full
}
