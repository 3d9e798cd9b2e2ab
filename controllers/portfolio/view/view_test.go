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

	"k8s.io/apimachinery/pkg/api/meta"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// TestMapsSayWhatStatusesSay compares the maps of journeys with the statuses of their moments.
func TestMapsSayWhatStatusesSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := portfolio.Evaluate(portfoliotest.Objects(t), portfoliotest.Today)
		for name, journey := range e.Journeys {
			journeyMap, err := view.MapOf(e, name)
			if err != nil {
				t.Fatal(err)
			}
			counts := cxv1alpha1.JourneyMoments{Elaborated: journey.Moments.Elaborated}
			number := 0
			for _, phase := range journeyMap.Phases {
				for _, m := range phase.Moments {
					number++
					expect(t, "number", m.Number, number)
					compareMoment(t, e.Moments[m.Name], m)
					counts.Total++
					counts.Blocked += oneIf(m.Standing == view.StandingBlocked)
					counts.Realized += oneIf(m.Standing == view.StandingRealized)
					counts.AtRisk += oneIf(m.AtRisk)
				}
			}
			expect(t, "counts", counts, *journey.Moments)
		}
		var missing *view.NotFoundError
		if _, err := view.MapOf(e, "nowhere"); !errors.As(err, &missing) {
			t.Fatalf("the map of no journey is %v", err)
		}
	})
}

func oneIf(yes bool) int32 {
	if yes {
		return 1
	}
	return 0
}

func compareMoment(t *rapid.T, status *cxv1alpha1.MomentStatus, m view.MapMoment) {
	expect(t, "blocked", m.Standing == view.StandingBlocked, meta.IsStatusConditionTrue(status.Conditions, cxv1alpha1.ConditionBlocked))
	expect(t, "realized", m.Standing == view.StandingRealized, meta.IsStatusConditionTrue(status.Conditions, cxv1alpha1.ConditionRealized))
	expect(t, "at risk", m.AtRisk, meta.IsStatusConditionTrue(status.Conditions, cxv1alpha1.ConditionAtRisk))
	expect(t, "reason", m.Reason, meta.FindStatusCondition(status.Conditions, cxv1alpha1.ConditionBlocked).Reason)
	expect(t, "expected", m.Expected, status.ExpectedDate)
	expect(t, "progress", m.ProgressPercent, *status.ProgressPercent)
	if late := status.SlackDays != nil && *status.SlackDays < 0; late != (m.LateDays > 0) || late && m.LateDays != -*status.SlackDays {
		t.Fatalf("late by %d days, slack %v", m.LateDays, status.SlackDays)
	}
	expect(t, "number of blockers", len(m.WaitsFor), len(status.BlockedBy))
	for n, b := range m.WaitsFor {
		expect(t, "blocker", b.Blocker, status.BlockedBy[n])
		if b.Title == "" {
			t.Fatalf("blocker %s has no title", b.Name)
		}
	}
}

// TestMatricesCountRequirements counts the requirements of each cell anew, from their specs and statuses.
func TestMatricesCountRequirements(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		e := portfolio.Evaluate(objects, portfoliotest.Today)
		phases := rapid.Bool().Draw(t, "phases")
		m := view.MatrixOf(e, phases)
		column := map[string]string{}
		for _, o := range objects.Moments {
			column[o.Name] = o.Name
			if phases {
				column[o.Name] = phaseOf(objects, o)
			}
		}
		for r := range m.Rows {
			row := &m.Rows[r]
			for n := range row.Cells {
				key := m.Columns[n].Moment
				if phases {
					key = m.Columns[n].Journey + "/" + m.Columns[n].Phase
				}
				expect(t, "cell", row.Cells[n], countOf(e, objects, row.Block, func(names []string) bool {
					return slices.ContainsFunc(names, func(name string) bool { return column[name] == key })
				}))
			}
			expect(t, "row", row.Total, countOf(e, objects, row.Block, func([]string) bool { return true }))
		}
		all := 0
		for r := range m.Rows {
			all += m.Rows[r].Total.All()
		}
		expect(t, "requirements", all, m.Total.All())
		expect(t, "total", m.Total.All()+m.Total.Dropped, len(objects.Requirements))
	})
}

// phaseOf is the key of the column that a moment counts in.
func phaseOf(objects portfolio.Objects, m *cxv1alpha1.Moment) string {
	for _, j := range objects.Journeys {
		if j.Name != string(m.Spec.JourneyRef.Name) {
			continue
		}
		for _, p := range j.Spec.Phases {
			if p.Name == m.Spec.Phase {
				return j.Name + "/" + string(p.Name)
			}
		}
		return j.Name + "/"
	}
	return "/"
}

// countOf counts the requirements that a block meets, or none where it has no name, and whose moments are of interest.
func countOf(e *portfolio.Evaluation, objects portfolio.Objects, block string, of func(moments []string) bool) view.MatrixCount {
	var count view.MatrixCount
	for _, r := range objects.Requirements {
		var moments []string
		for _, ref := range r.Spec.MomentRefs {
			moments = append(moments, string(ref.Name))
		}
		reason := meta.FindStatusCondition(e.Requirements[r.Name].Conditions, cxv1alpha1.ConditionDelivered).Reason
		if grouped(objects, r) != block || !of(moments) {
			continue
		}
		for into, of := range map[*int]string{
			&count.Delivered: cxv1alpha1.ReasonDelivered, &count.InProgress: cxv1alpha1.ReasonInProgress, &count.Planned: cxv1alpha1.ReasonPlanned,
			&count.Proposed: cxv1alpha1.ReasonProposed, &count.Unplanned: cxv1alpha1.ReasonUnplanned, &count.Unassigned: cxv1alpha1.ReasonUnassigned,
			&count.Dropped: cxv1alpha1.ReasonDropped,
		} {
			if reason == of {
				*into++
			}
		}
	}
	return count
}

// grouped is the block of a requirement; empty where it, or its stage, does not exist.
func grouped(objects portfolio.Objects, r *cxv1alpha1.Requirement) string {
	ref := r.Spec.BuildingBlockRef
	for _, b := range objects.BuildingBlocks {
		if ref == nil || b.Name != string(ref.Name) || len(b.Spec.Stages) == 0 {
			continue
		}
		if ref.Stage == "" || slices.ContainsFunc(b.Spec.Stages, func(s cxv1alpha1.Stage) bool { return s.Name == ref.Stage }) {
			return b.Name
		}
	}
	return ""
}

// TestChainsSayWhatStatusesSay compares the chains with the statuses of moments.
func TestChainsSayWhatStatusesSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := portfolio.Evaluate(portfoliotest.Objects(t), portfoliotest.Today)
		chains := view.ChainsOf(e)
		dated := 0
		for _, status := range e.Moments {
			if status.ExpectedDate != "" {
				dated++
			}
		}
		expect(t, "chains", len(chains), dated)
		for n, c := range chains {
			expect(t, "items", c.Items, e.Moments[c.Moment].CriticalChain)
			expect(t, "expected", c.Expected, e.Moments[c.Moment].ExpectedDate)
			if n > 0 && c.Expected > chains[n-1].Expected {
				t.Fatal("the latest does not come first")
			}
			for _, other := range chains {
				if c.Last && c.Journey == other.Journey && other.Expected > c.Expected {
					t.Fatalf("%s is not the last of its journey: %s is", c.Moment, other.Moment)
				}
			}
		}
	})
}

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
