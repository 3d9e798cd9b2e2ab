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

package tables

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
)

// Row is a row of a table: an object, or an entry of a list in an object.
type Row struct {
	Object *source.Object
	// Spec of the object, and the entry. In the table of the objects, the entry is the spec.
	Spec, Entry map[string]any
}

// Rows goes over the rows of a table.
func (t *Table) Rows(p *evaluate.Portfolio) iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		for _, o := range t.objects(p) {
			spec, _ := o.Content["spec"].(map[string]any)
			if !t.IsDetail() {
				if !yield(&Row{o, spec, spec}) {
					return
				}
				continue
			}
			entries, _ := spec[t.List].([]any)
			for _, e := range entries {
				if !yield(&Row{o, spec, entry(e)}) {
					return
				}
			}
		}
	}
}

// Count returns the number of rows of a table.
func (t *Table) Count(p *evaluate.Portfolio) int {
	n := 0
	for range t.Rows(p) {
		n++
	}
	return n
}

// objects returns the objects of the table's kind: moments in the order in which customers meet them, others by name.
func (t *Table) objects(p *evaluate.Portfolio) []*source.Object {
	var objects []*source.Object
	for _, o := range p.Objects {
		if o.Kind.Name == t.Kind {
			objects = append(objects, o)
		}
	}
	if t.Kind == kinds.Moment {
		SortMoments(p, objects)
	}
	return objects
}

// SortMoments sorts moments in the order in which customers meet them: by journey, by phase, and by their order in the phase.
func SortMoments(p *evaluate.Portfolio, moments []*source.Object) {
	type place struct{ journey, phase string }
	phases := map[place]int{}
	for _, o := range p.Objects {
		if journey, ok := o.Typed.(*cxv1alpha1.Journey); ok {
			for i := range journey.Spec.Phases {
				phases[place{journey.Name, string(journey.Spec.Phases[i].Name)}] = i - len(journey.Spec.Phases)
			}
		}
	}
	slices.SortStableFunc(moments, func(a, b *source.Object) int {
		x, okX := a.Typed.(*cxv1alpha1.Moment)
		y, okY := b.Typed.(*cxv1alpha1.Moment)
		if !okX || !okY {
			return 0
		}
		journeys := cmp.Compare(x.Spec.JourneyRef.Name, y.Spec.JourneyRef.Name)
		before := phases[place{string(x.Spec.JourneyRef.Name), string(x.Spec.Phase)}]
		after := phases[place{string(y.Spec.JourneyRef.Name), string(y.Spec.Phase)}]
		return cmp.Or(journeys, cmp.Compare(before, after), cmp.Compare(x.Spec.Order, y.Spec.Order), strings.Compare(a.Name, b.Name))
	})
}

// Cells returns the values of a row, one for each column that is written.
func (t *Table) Cells(p *evaluate.Portfolio, row *Row) []Value {
	values := make([]Value, 0, len(t.Columns))
	for i := range t.Columns {
		c := &t.Columns[i]
		switch {
		case c.ImportOnly:
		case c.Computed != nil:
			values = append(values, Value{Text: sheet.Escape(c.Computed(p, row.Object, row.Entry), "")})
		case c.Field == "":
			// The name of the object itself, or of the one that the entry belongs to.
			values = append(values, Value{Text: nameText(row.Object.Name, "")})
		default:
			values = append(values, c.Encode(Get(row.Entry, c.Field)))
		}
	}
	return values
}

// Written returns the columns that are written.
func (t *Table) Written() []*Column {
	var columns []*Column
	for i := range t.Columns {
		if !t.Columns[i].ImportOnly {
			columns = append(columns, &t.Columns[i])
		}
	}
	return columns
}
