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
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
)

// Request is the input of an import.
type Request struct {
	Sheets []*sheet.Sheet
	// Existing are the objects that are there already.
	Existing []*source.ManifestObject
	Mappings Mappings
	// Kinds say what sheets hold if their names do not. Sheets without a kind are skipped.
	Kinds []SheetKind
	// Namespace of new objects; empty to leave it out.
	Namespace string
}

// SheetKind says what a sheet holds.
type SheetKind struct {
	// File and Sheet are where it is; empty for all.
	File, Sheet string
	Table       *tables.Table
}

// tableOf returns what a sheet holds, or nil.
func (r *Request) tableOf(s *sheet.Sheet) *tables.Table {
	if table := tables.ByName(s.Name); table != nil {
		return table
	}
	for _, k := range r.Kinds {
		if (k.File == "" || k.File == s.File) && (k.Sheet == "" || tables.Normal(k.Sheet) == tables.Normal(s.Name)) {
			return k.Table
		}
	}
	return nil
}

// Change is an object that a row is about.
type Change struct {
	Kind *kinds.Kind
	Name string
	// Existing is the object that is there already; nil for a new one.
	Existing *source.ManifestObject
	// Object as it should become, without the defaults.
	Object map[string]any
	// Fields that differ, in order. An existing object without any stays as it is.
	Fields []string
}

// Result is the output of an import.
type Result struct {
	// Changes by kind and name, all of them valid.
	Changes []*Change
	// Faults are the rows and cells that cannot be taken, in the order of the sheets.
	Faults []Fault
	// Notes say what was skipped, and what people may not expect.
	Notes []string
	// Rows is the number of rows that were read.
	Rows int
}

// taker works on a request.
type taker struct {
	*Request
	result  Result
	faults  []Fault
	layouts []*layout
	drafts  map[key]*draft
	// lacking counts the rows that need a column that their sheet does not have.
	lacking map[lack]int
	// there are the existing objects. names are the names of these and of the rows.
	there map[key]*source.ManifestObject
	names map[key]bool
	// titles are the names of objects by title.
	titles map[key][]string
	// last is the last number that was added to a name to make it unique.
	last map[key]int
}

// key is a name, or a title, of an object of a kind.
type key struct{ kind, name string }

// draft is an object that is being changed.
type draft struct {
	key
	existing *source.ManifestObject
	// spec, without the defaults, is changed. shown has the defaults, as people saw it in the table.
	spec, shown map[string]any
	// row of the object itself, if any, with its id and title as written there.
	row       int
	layout    *layout
	id, title string
	// details are the rows of its lists, by list.
	details map[string][]detail
	fields  map[string]bool
	// faulty: a cell could not be read. partial: a list lacks entries for that reason.
	faulty, partial bool
}

// detail is a row that is about an entry of a list.
type detail struct {
	layout *layout
	row    *row
}

// Take turns the rows of a request into changes and faults. An error means that the program itself is broken, or was stopped.
func Take(ctx context.Context, request *Request) (*Result, error) {
	t := &taker{Request: request, drafts: map[key]*draft{}, there: map[key]*source.ManifestObject{}, names: map[key]bool{}, titles: map[key][]string{}, last: map[key]int{}, lacking: map[lack]int{}}
	for _, o := range request.Existing {
		t.there[key{o.Kind.Name, o.Name}] = o
		t.know(o.Kind.Name, o.Name, titleOf(o.Raw))
	}
	t.layOut()
	named := t.nameRows()
	for i, l := range t.layouts {
		for r := range l.rows {
			t.result.Rows++
			if l.table.IsDetail() {
				t.takeDetail(l, &l.rows[r])
			} else if d := named[i][r]; d != nil {
				t.takeRow(d, &l.rows[r])
			}
		}
	}
	for _, d := range t.inOrder() {
		t.takeEntries(d)
	}
	t.remark()
	if err := t.admit(ctx); err != nil {
		return nil, err
	}
	t.result.Faults = together(t.faults)
	return &t.result, nil
}

func titleOf(object map[string]any) string {
	spec, _ := object["spec"].(map[string]any)
	title, _ := spec["title"].(string)
	return title
}

func (t *taker) know(kind, name, title string) {
	t.names[key{kind, name}] = true
	if title = sameTitle(title); title != "" {
		t.titles[key{kind, title}] = append(t.titles[key{kind, title}], name)
	}
}

// sameTitle gives equal results for titles that differ in case, blanks or the composition of accents only.
func sameTitle(title string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFC.String(title)), " "))
}

func (t *taker) fault(at place, text string) {
	t.faults = append(t.faults, Fault{at: at, text: text})
}

// layOut finds the kind of each sheet and the meaning of its columns.
func (t *taker) layOut() {
	for i, s := range t.Sheets {
		table := t.tableOf(s)
		switch {
		case tables.IsComputed(s.Name):
		case len(s.Rows) == 0:
			t.result.Notes = append(t.result.Notes, s.Label()+": there is nothing in it")
		case table == nil:
			t.result.Notes = append(t.result.Notes, fmt.Sprintf("%s: passed over, since its name says no kind: rename it to one of %s, or give --kind",
				s.Label(), strings.Join(sheetNames(), ", ")))
		default:
			l, notes, faults := layOut(s, i, table, &t.Mappings)
			t.result.Notes = append(t.result.Notes, notes...)
			t.faults = append(t.faults, faults...)
			if len(faults) == 0 {
				t.layouts = append(t.layouts, l)
			}
		}
	}
	// Rows of a sheet that is not understood may be referred to by others, so no row can be checked.
	if len(t.faults) > 0 {
		t.layouts = nil
		return
	}
	t.noteUnused()
}

// noteUnused reports mappings that match nothing.
func (t *taker) noteUnused() {
	for _, unused := range []struct {
		mappings []*Mapping
		text     string
	}{{t.Mappings.Columns, "no sheet has that column"}, {t.Mappings.Values, "no cell says that"}, {t.Mappings.Constants, "no sheet has such a field"}} {
		for _, m := range unused.mappings {
			if !m.used {
				t.note("%s: %s", m.given, unused.text)
			}
		}
	}
}

func sheetNames() []string {
	var names []string
	for _, table := range tables.All {
		names = append(names, table.Sheet)
	}
	return names
}

// nameRows finds the object of each row. It runs first, so that references may point to rows further down.
func (t *taker) nameRows() [][]*draft {
	named := make([][]*draft, len(t.layouts))
	for i, l := range t.layouts {
		if l.table.IsDetail() {
			continue
		}
		named[i] = make([]*draft, len(l.rows))
		for r := range l.rows {
			named[i][r] = t.nameRow(l, &l.rows[r])
		}
	}
	return named
}

func (t *taker) nameRow(l *layout, row *row) *draft {
	at := l.find("")
	titleAt := l.find("title")
	title := row.text(titleAt)
	var name string
	if at >= 0 && !row.cells[at].IsEmpty() {
		made, problem := givenName(l.table.Kind, row.cells[at])
		if problem != "" {
			t.fault(l.at(row.number, at), problem)
			return nil
		}
		name = made
		if other := t.drafts[key{l.table.Kind, name}]; other != nil {
			t.fault(l.at(row.number, at), fmt.Sprintf("%s %s, also in %s: remove or rename one",
				l.table.Kind, twice(name, idText(row.cells[at]), other.id), other.layout.sheet.At(max(other.layout.find(""), 0), other.row)))
			other.faulty = true
			return nil
		}
	} else if problem := row.cells[max(titleAt, 0)].Problem; titleAt >= 0 && problem != "" {
		t.fault(l.at(row.number, titleAt), problem)
		return nil
	} else if name = t.nameOf(l, title); name == "" {
		t.fault(l.at(row.number, max(at, titleAt)), "the row has no name and no title: give it one, or empty the row")
		return nil
	}
	d := t.draft(l.table.Kind, name)
	d.layout, d.row, d.title = l, row.number, title
	if at >= 0 {
		d.id = idText(row.cells[at])
	}
	t.know(l.table.Kind, name, title)
	return d
}

// twice says that two ids give the same name.
func twice(name, id, other string) string {
	if id == other || other == "" {
		return fmt.Sprintf("%q is there twice", name)
	}
	return fmt.Sprintf("%q and %q both make the name %q", other, id, name)
}

func idText(cell *sheet.Cell) string {
	return sheet.Unescape(sheet.Restore(strings.TrimSpace(cell.Text)))
}

// givenName returns the name in a cell, or a name made of its text, or why there is none.
func givenName(kind string, cell *sheet.Cell) (name, problem string) {
	switch {
	case cell.Problem != "":
		return "", cell.Problem
	case cell.IsDate:
		return "", fmt.Sprintf("the cell holds the date %s, and a name is expected: give the cell the format Text and write it again", cell.Date)
	}
	text := idText(cell)
	if isName(text) {
		return text, ""
	}
	if name = tables.NameOf(strings.ToLower(kind), text); name == "" {
		return "", fmt.Sprintf("no name can be made of %q: write lower-case letters, digits and -", text)
	}
	return name, ""
}

func isName(text string) bool { return len(validation.IsDNS1123Subdomain(text)) == 0 }

// nameOf finds a name for a row without one: the name of the only object with its title, or else a name made of the title, which no object
// with another title has. If several rows have the same title, the second gets the number 2, and so on.
func (t *taker) nameOf(l *layout, title string) string {
	kind := l.table.Kind
	if strings.TrimSpace(title) == "" {
		return ""
	}
	if names := t.titles[key{kind, sameTitle(title)}]; len(names) == 1 && t.drafts[key{kind, names[0]}] == nil {
		return names[0]
	}
	base := tables.NameOfTitle(strings.ToLower(kind), title, false)
	if other, taken := t.otherTitle(key{kind, base}, title); taken {
		own := tables.NameOfTitle(strings.ToLower(kind), title, true)
		l.renamed = append(l.renamed, fmt.Sprintf("%q is called %s, since %s is %q", title, own, base, other))
		base = own
	}
	name := base
	for t.drafts[key{kind, name}] != nil {
		t.last[key{kind, base}]++
		suffix := fmt.Sprintf("-%d", t.last[key{kind, base}]+1)
		name = strings.TrimRight(base[:min(len(base), 63-len(suffix))], "-") + suffix
	}
	if name != base {
		l.numbered = append(l.numbered, name)
	}
	return name
}

// otherTitle tells whether an object with another title has a name, and returns that title.
func (t *taker) otherTitle(k key, title string) (other string, taken bool) {
	if d := t.drafts[k]; d != nil {
		return cmp.Or(d.title, d.id), sameTitle(d.title) != sameTitle(title)
	}
	if o := t.there[k]; o != nil {
		other = titleOf(o.Raw)
		return other, sameTitle(other) != sameTitle(title)
	}
	return "", false
}

// resolve returns the name of the object that a word refers to. A word that is a valid name is returned as it is: the object may come
// later. Otherwise it is a title, or an id that a name is made of.
func (t *taker) resolve(kind, word string) string {
	if isName(word) {
		return word
	}
	made := tables.NameOf(strings.ToLower(kind), word)
	if names := t.titles[key{kind, sameTitle(word)}]; !t.names[key{kind, made}] && len(names) > 0 && allSame(names) {
		return names[0]
	}
	if made == "" {
		return word
	}
	return made
}

func allSame(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return name != names[0] })
}

// draft returns the draft of an object. It begins as a copy of the existing object.
func (t *taker) draft(kind, name string) *draft {
	k := key{kind, name}
	if d := t.drafts[k]; d != nil {
		return d
	}
	d := &draft{key: k, spec: map[string]any{}, shown: map[string]any{}, details: map[string][]detail{}, fields: map[string]bool{}}
	if d.existing = t.there[k]; d.existing != nil {
		d.spec = specOf(runtime.DeepCopyJSON(d.existing.Raw))
		d.shown = specOf(d.existing.Content)
	}
	t.drafts[k] = d
	return d
}

func specOf(object map[string]any) map[string]any {
	spec, ok := object["spec"].(map[string]any)
	if !ok {
		return map[string]any{}
	}
	return spec
}

// inOrder returns the drafts by kind and name.
func (t *taker) inOrder() []*draft {
	drafts := slices.Collect(maps.Values(t.drafts))
	slices.SortFunc(drafts, func(a, b *draft) int {
		if d := kinds.ByName(a.kind).Rank - kinds.ByName(b.kind).Rank; d != 0 {
			return d
		}
		return strings.Compare(a.name, b.name)
	})
	return drafts
}

// takeRow reads the cells of a row that is about an object.
func (t *taker) takeRow(d *draft, row *row) {
	for i, c := range d.layout.columns {
		if c == nil || c.Field == "" || row.cells[i] == untouched || row.fresh[i] && d.existing != nil {
			continue
		}
		value, err := c.Decode(row.cells[i], t.resolve)
		if err != nil {
			t.fault(d.layout.at(row.number, i), d.layout.problem(i, row, err))
			d.faulty = true
			continue
		}
		if c.Same(tables.Get(d.shown, c.Field), value) {
			continue
		}
		if c.Type == tables.Named {
			value = merge(c, tables.Get(d.spec, c.Field), value)
		}
		tables.Set(d.spec, c.Field, value)
		d.fields[c.Field] = true
	}
}

// problem says why a cell cannot be read and, for an unknown word, how to map it.
func (l *layout) problem(i int, row *row, err error) string {
	var unknown *tables.ChoiceError
	word := row.text(i)
	if i >= l.width || !errors.As(err, &unknown) || l.columns[i].IsList() || strings.ContainsAny(word+l.headings[i], "'=:\n") || short(word, 30) != word {
		return err.Error()
	}
	return fmt.Sprintf("%s: change it, or say what it means with --value '%s:%s=...'", err, l.headings[i], word)
}

// merge keeps the fields of list entries that the table does not show. It shows their name and one text.
func merge(c *tables.Column, was, now any) any {
	items, ok := now.([]any)
	if !ok {
		return nil
	}
	merged := make([]any, len(items))
	for i, value := range items {
		entry, _ := value.(map[string]any)
		whole := runtime.DeepCopyJSON(entryNamed(was, entry["name"]))
		if whole == nil {
			whole = map[string]any{"name": entry["name"]}
		}
		tables.Set(whole, c.Text, entry[c.Text])
		merged[i] = whole
	}
	return merged
}

// entryNamed returns the entry of a list that has a name, or nil.
func entryNamed(list, name any) map[string]any {
	entries, _ := list.([]any)
	for _, value := range entries {
		if entry, ok := value.(map[string]any); ok && entry["name"] == name {
			return entry
		}
	}
	return nil
}

// takeDetail adds the row of a list entry to the draft of its object.
func (t *taker) takeDetail(l *layout, row *row) {
	parent := &l.table.Columns[0]
	at := slices.Index(l.columns, parent)
	value, err := parent.Decode(row.cells[at], t.resolve)
	if err != nil {
		t.fault(l.at(row.number, at), err.Error())
		return
	}
	name, _ := value.(string)
	if name == "" {
		t.fault(l.at(row.number, at), fmt.Sprintf("the row does not say which %s it belongs to: fill in its name", l.table.Kind))
		return
	}
	k := key{l.table.Kind, name}
	if t.drafts[k] == nil && t.there[k] == nil {
		t.fault(l.at(row.number, at), fmt.Sprintf("there is no %s %q, neither in a sheet nor in a file", l.table.Kind, name))
		return
	}
	d := t.draft(l.table.Kind, name)
	d.details[l.table.List] = append(d.details[l.table.List], detail{l, row})
}

// takeEntries replaces the lists of an object by their rows. A list without rows stays as it is.
func (t *taker) takeEntries(d *draft) {
	for _, list := range slices.Sorted(maps.Keys(d.details)) {
		rows := d.details[list]
		entries := make([]any, 0, len(rows))
		seen := map[any]place{}
		for _, row := range rows {
			entry, ok := t.takeEntry(d, list, row, seen)
			if !ok {
				d.faulty, d.partial = true, true
				continue
			}
			entries = append(entries, entry)
		}
		if !sameList(d.spec[list], entries) {
			d.spec[list] = entries
			d.fields[list] = true
		}
	}
}

func sameList(was any, now []any) bool {
	before, _ := was.([]any)
	return len(before) == len(now) && slices.EqualFunc(before, now, equal)
}

// takeEntry makes a list entry of a row. It begins as a copy of the existing entry with its name.
func (t *taker) takeEntry(d *draft, list string, row detail, seen map[any]place) (map[string]any, bool) {
	l := row.layout
	name, at, ok := t.entryName(l, row.row)
	if !ok {
		return nil, false
	}
	if other, ok := seen[name]; ok {
		t.fault(l.at(row.row.number, at), fmt.Sprintf("%q is there twice for %s %q, also in %s: remove or rename one",
			name, d.kind, d.name, other.sheet.At(other.column, other.row)))
		return nil, false
	}
	seen[name] = l.at(row.row.number, at)
	entry := runtime.DeepCopyJSON(entryNamed(d.spec[list], name))
	if entry == nil {
		entry = map[string]any{"name": name}
	}
	shown := entryNamed(d.shown[list], name)
	fine := true
	for i, c := range l.columns {
		if c == nil || c.Field == "" || c.Field == "name" || row.row.cells[i] == untouched || row.row.fresh[i] && shown != nil {
			continue
		}
		value, err := c.Decode(row.row.cells[i], t.resolve)
		if err != nil {
			t.fault(l.at(row.row.number, i), l.problem(i, row.row, err))
			fine = false
			continue
		}
		if !c.Same(tables.Get(shown, c.Field), value) {
			tables.Set(entry, c.Field, value)
		}
	}
	return entry, fine
}

// entryName returns the name of an entry, and the column that it comes from.
func (t *taker) entryName(l *layout, row *row) (name any, at int, ok bool) {
	at = l.find("name")
	if at < 0 || row.cells[at].IsEmpty() {
		at = l.find("title")
	}
	if at < 0 || row.cells[at].IsEmpty() {
		t.fault(l.at(row.number, max(at, l.find("name"))), "the row has no name: give it one, or empty the row")
		return nil, at, false
	}
	label := tables.Column{Type: tables.Label}
	name, err := label.Decode(row.cells[at], t.resolve)
	if err != nil {
		t.fault(l.at(row.number, at), err.Error())
		return nil, at, false
	}
	return name, at, true
}
