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
	"fmt"
	"slices"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
)

// remarks tell what people may not expect of how a sheet is read.
func (l *layout) remarks(header int) []string {
	var notes []string
	note := func(format string, args ...any) {
		notes = append(notes, l.sheet.Label()+": "+fmt.Sprintf(format, args...))
	}
	if l.sheet.Hidden {
		note("the sheet is hidden, and is read all the same")
	}
	if l.sheet.Encoding != "" {
		note("read as %s, since it is not UTF-8", l.sheet.Encoding)
	}
	if header > 0 {
		note("passed over what stands above the headings, which are in row %d", l.sheet.Rows[header].Number)
	}
	return notes
}

// remark tells what people may not expect of the rows as a whole: names that depend on their order, and what stays though it has no row.
func (t *taker) remark() {
	for _, l := range t.layouts {
		if len(l.numbered) > 0 {
			t.note("%s: %s have titles that other rows have too: give such rows names, or they change places when the rows do",
				l.sheet.Label(), few(l.numbered))
		}
	}
	for _, l := range t.layouts {
		if len(l.renamed) > 0 {
			t.note("%s: titles that would give the same name: %s: give such rows names", l.sheet.Label(), few(l.renamed))
		}
	}
	for _, name := range kinds.Names() {
		if gone, rows := t.without(name); len(gone) > 0 && len(gone) < rows {
			t.note("there is no row of %s %s: nothing is removed", kinds.ByName(name).Singular, few(gone))
		}
	}
	for _, l := range t.layouts {
		if kept := t.keeping(l); len(kept) > 0 {
			t.note("%s: there is no row of %s %s, whose %s stay as they are", l.sheet.Label(), kinds.ByName(l.table.Kind).Singular, few(kept), l.table.List)
		}
	}
}

func (t *taker) note(format string, args ...any) {
	t.result.Notes = append(t.result.Notes, fmt.Sprintf(format, args...))
}

// few names some of many.
func few(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// without returns the objects of a kind that no row speaks of, and the number of those of which there are rows.
func (t *taker) without(kind string) (names []string, rows int) {
	for k := range t.there {
		if k.kind != kind {
			continue
		}
		if d := t.drafts[k]; d != nil && d.layout != nil {
			rows++
		} else {
			names = append(names, k.name)
		}
	}
	slices.Sort(names)
	return names, rows
}

// keeping returns the objects with a row of their own that have a list, of which a sheet could have rows and has none.
func (t *taker) keeping(l *layout) []string {
	if !l.table.IsDetail() {
		return nil
	}
	var names []string
	for _, d := range t.inOrder() {
		entries, _ := d.shown[l.table.List].([]any)
		if d.kind == l.table.Kind && d.layout != nil && len(entries) > 0 && len(d.details[l.table.List]) == 0 && !d.fields[l.table.List] {
			names = append(names, d.name)
		}
	}
	return names
}
