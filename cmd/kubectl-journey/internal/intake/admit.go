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

package intake

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/parallel"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
)

func equal(a, b any) bool { return reflect.DeepEqual(a, b) }

// admit validates each changed object as the API server would. The valid ones become changes, the others faults.
func (t *taker) admit(ctx context.Context) error {
	drafts := t.inOrder()
	admitted, err := parallel.Map(drafts, func(d *draft) (admission, error) { return t.change(ctx, d) })
	if err != nil {
		return err
	}
	told := map[place]bool{}
	for _, f := range t.faults {
		told[f.at] = true
	}
	for i, d := range drafts {
		a := &admitted[i]
		for _, problem := range a.problems {
			at := d.where(problem.Field)
			if missing, isMissing := d.lack(problem, &at); isMissing {
				t.lacking[missing]++
			} else if !d.faulty || at.column >= 0 && !told[at.place] {
				// A cell that could not be read was reported already, and may be the cause of this problem.
				t.fault(at.place, problemText(problem, &at))
			}
		}
		if !d.faulty && len(a.problems) == 0 {
			t.result.Changes = append(t.result.Changes, a.change)
		}
	}
	t.tellLacking()
	return ctx.Err()
}

// tellLacking reports each missing column once, with the number of rows that need it.
func (t *taker) tellLacking() {
	for _, l := range t.layouts {
		for i := range l.table.Columns {
			column := &l.table.Columns[i]
			if rows := t.lacking[lack{l, column}]; rows > 0 {
				t.fault(l.at(0, -1), fmt.Sprintf("there is no column %s, and %s: %s", column.Heading, needIt(rows, len(l.rows)), l.remedy(column.Heading)))
			}
		}
	}
}

func needIt(rows, all int) string {
	switch rows {
	case 1:
		return "a row needs it"
	case all:
		return fmt.Sprintf("all %d rows need it", rows)
	}
	return fmt.Sprintf("%d rows need it", rows)
}

// admission is the result of validating a draft: the change, and what the API server would refuse.
type admission struct {
	change   *Change
	problems []kinds.Fault
}

func (t *taker) change(ctx context.Context, d *draft) (admission, error) {
	if d.partial {
		// A list lacks entries, so validation would report problems that are not there.
		return admission{}, nil
	}
	kind := kinds.ByName(d.kind)
	c := &Change{Kind: kind, Name: d.name, Existing: d.existing}
	for field := range d.fields {
		c.Fields = append(c.Fields, field)
	}
	slices.Sort(c.Fields)
	if d.existing != nil {
		c.Object = runtime.DeepCopyJSON(d.existing.Raw)
	} else {
		metadata := map[string]any{"name": d.name}
		if t.Namespace != "" {
			metadata["namespace"] = t.Namespace
		}
		c.Object = map[string]any{"apiVersion": kinds.APIVersion(), "kind": d.kind, "metadata": metadata}
	}
	if len(d.spec) > 0 || d.existing == nil || c.Object["spec"] != nil {
		c.Object["spec"] = d.spec
	}
	if d.existing != nil && len(c.Fields) == 0 {
		return admission{change: c}, nil
	}
	admitted := runtime.DeepCopyJSON(c.Object)
	if metadata, ok := admitted["metadata"].(map[string]any); ok && metadata["namespace"] == nil {
		// Validation needs a namespace. Any will do.
		metadata["namespace"] = "default"
	}
	_, problems, err := kind.Admit(ctx, admitted)
	return admission{c, problems}, err
}

// problemText is the message of the API server, with the field.
func problemText(problem kinds.Fault, at *origin) string {
	if at.path == "" {
		return problem.Text
	}
	return at.path + ": " + problem.Text
}

// lack is a column that a sheet does not have.
type lack struct {
	layout *layout
	column *tables.Column
}

// lack returns the column of a required value, if the sheet does not have that column.
func (d *draft) lack(problem kinds.Fault, at *origin) (lack, bool) {
	if at.column >= 0 || at.heading != "" || at.layout == nil || !strings.HasPrefix(problem.Text, "Required value") {
		return lack{}, false
	}
	columns := at.layout.table.Columns
	i := slices.IndexFunc(columns, func(c tables.Column) bool { return c.Field == at.path || strings.HasPrefix(c.Field, at.path+".") })
	if i < 0 || columns[i].Computed != nil || columns[i].Field == "" {
		return lack{}, false
	}
	return lack{at.layout, &columns[i]}, true
}

// origin is the cell or row that a field comes from.
type origin struct {
	place
	layout *layout
	// path of the field inside the object or list entry of the row.
	path string
}

// where returns the cell that a field comes from, or else the row of the object.
func (d *draft) where(field string) origin {
	path := strings.TrimPrefix(strings.TrimPrefix(field, "spec"), ".")
	if list, rest, ok := strings.Cut(path, "["); ok && len(d.details[list]) > 0 {
		number, inside, _ := strings.Cut(rest, "]")
		if i, err := strconv.Atoi(number); err == nil && i < len(d.details[list]) {
			row := d.details[list][i]
			inside = strings.TrimPrefix(inside, ".")
			return origin{row.layout.at(row.row.number, row.layout.column(inside)), row.layout, inside}
		}
	}
	if d.layout != nil {
		column := d.layout.column(path)
		if field == "metadata.name" {
			column = d.layout.find("")
		}
		return origin{d.layout.at(d.row, column), d.layout, path}
	}
	for _, rows := range d.details {
		return origin{rows[0].layout.at(rows[0].row.number, -1), nil, path}
	}
	return origin{path: path}
}

// column returns the column of a field, of a part of it, or of the field that contains it; -1 if there is none.
func (l *layout) column(path string) int {
	for path != "" {
		at := l.find(path)
		if at < 0 {
			at = slices.IndexFunc(l.columns, func(c *tables.Column) bool { return c != nil && strings.HasPrefix(c.Field, path+".") })
		}
		if at >= 0 && (at < l.width || l.constants[at-l.width] != untouched) {
			return at
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return -1
}
