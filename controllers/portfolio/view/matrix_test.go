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
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

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
