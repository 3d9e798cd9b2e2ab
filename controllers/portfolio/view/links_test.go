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
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// TestLinksSayWhatStatusesSay compares the graph with the statuses.
func TestLinksSayWhatStatusesSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		e := portfolio.Evaluate(objects, portfoliotest.Today)
		own := rapid.Bool().Draw(t, "requirements")
		links := view.LinksOf(e, own)
		needs := map[string][]string{}
		requirements := map[string]int{}
		for _, edge := range links.Edges {
			from, to := links.Nodes[edge.From], links.Nodes[edge.To]
			needs[from.Kind+"/"+from.Name] = append(needs[from.Kind+"/"+from.Name], to.Kind+"/"+to.Name)
			if from.Kind == "Moment" {
				requirements[from.Name] += edge.Requirements
			}
		}
		for name, status := range e.Moments {
			want := int(status.Requirements.Total - status.Requirements.Dropped)
			if own {
				want = int(status.Requirements.Total)
			}
			expect(t, "requirements of "+name, requirements[name], want)
		}
		for name, status := range e.RoadmapItems {
			for _, before := range status.BlockedBy {
				if !slices.Contains(needs["RoadmapItem/"+name], "RoadmapItem/"+before) {
					t.Fatalf("%s waits for %s, and the graph does not say so", name, before)
				}
			}
		}
		requireOnce(t, links)
		around(t, e, objects, links)
	})
}

// requireOnce checks that no object is drawn twice.
func requireOnce(t *rapid.T, links *view.Links) {
	seen := map[string]bool{}
	for _, n := range links.Nodes {
		key := strings.Join([]string{n.Kind, n.Name, n.Stage}, "/")
		if seen[key] && n.Name != "" {
			t.Fatalf("%s is drawn twice", key)
		}
		seen[key] = true
	}
}

// around checks that what is around a moment is a part of the whole, and holds all that it waits for.
func around(t *rapid.T, e *portfolio.Evaluation, objects portfolio.Objects, whole *view.Links) {
	for _, m := range objects.Moments {
		part, err := view.LinksAround(e, "Moment", m.Name, 0, false)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, n := range part.Nodes {
			names[n.Kind+"/"+n.Name] = true
		}
		for _, b := range e.Moments[m.Name].BlockedBy {
			if key := string(b.Kind) + "/" + b.Name; b.Kind != cxv1alpha1.BlockerRequirement && !names[key] {
				t.Fatalf("%s waits for %s, which is not around it", m.Name, key)
			}
		}
		near, err := view.LinksAround(e, "Moment", m.Name, 1, false)
		if err != nil {
			t.Fatal(err)
		}
		if len(near.Nodes) > len(part.Nodes) || len(part.Nodes) > len(whole.Nodes)+len(objects.Moments) {
			t.Fatal("less holds more")
		}
	}
	var missing *view.NotFoundError
	if _, err := view.LinksAround(e, "Moment", "nowhere", 0, false); !errors.As(err, &missing) {
		t.Fatalf("around nothing is %v", err)
	}
}
