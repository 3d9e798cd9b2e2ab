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
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
)

// Mappings say what unknown words of a table mean. Of several mappings for the same thing, the first counts.
type Mappings struct {
	// Columns map headings to fields, Values map words in a column to others, and Constants give all rows the same in a field.
	Columns, Values, Constants []*Mapping
}

// Mapping is written [sheet.]left=right: column=field, column:word=meaning, or field=text.
type Mapping struct {
	Left, Right string
	// File is the path of the only table that it is for; empty for all.
	File string

	// given is the option or the place in a file, for messages.
	given string
	used  bool
}

// ignored is the field of columns that are not read.
const ignored = "-"

// ParseMapping reads left=right, the text of an option.
func ParseMapping(option, text string) (*Mapping, error) {
	at := strings.LastIndex(text, "=")
	if at < 1 || at == len(text)-1 {
		return nil, fmt.Errorf("%q is not of the form left=right", text)
	}
	return &Mapping{Left: strings.TrimSpace(text[:at]), Right: strings.TrimSpace(text[at+1:]), given: option + " " + text}, nil
}

// ParseValue reads column:word=meaning. An empty word or meaning is an empty cell.
func ParseValue(option, text string) (*Mapping, error) {
	at := strings.LastIndex(text, "=")
	if at < 1 || strings.IndexByte(text[:at], ':') < 1 {
		return nil, fmt.Errorf("%q is not of the form column:word=meaning", text)
	}
	return &Mapping{Left: strings.TrimSpace(text[:at]), Right: strings.TrimSpace(text[at+1:]), given: option + " " + text}, nil
}

// Add adds mappings with a lower rank than those that are there.
func (m *Mappings) Add(more *Mappings) {
	m.Columns = append(m.Columns, more.Columns...)
	m.Values = append(m.Values, more.Values...)
	m.Constants = append(m.Constants, more.Constants...)
}

// MappingFile is the file in which the mappings of a table are kept.
type MappingFile struct {
	TableMapping `yaml:",inline"`
	// Sheets are the mappings of single sheets of a workbook, by the name of the sheet.
	Sheets map[string]*TableMapping `yaml:"sheets"`
}

// TableMapping is what a mapping file says of a table.
type TableMapping struct {
	// Kind is what the table holds, as --kind.
	Kind string `yaml:"kind"`
	// Columns are fields by heading; "-" skips a column.
	Columns map[string]string `yaml:"columns"`
	// Values are meanings by heading and word.
	Values map[string]map[string]string `yaml:"values"`
	// Set is the text of all rows by field.
	Set map[string]string `yaml:"set"`
}

// SheetKinds returns the kinds that a mapping file gives for the table at a path and for its sheets.
func (f *MappingFile) SheetKinds(path string) ([]SheetKind, error) {
	var all []SheetKind
	add := func(sheetName, kind string) error {
		if kind == "" {
			return nil
		}
		table := tables.ByName(kind)
		if table == nil {
			return fmt.Errorf("kind %q is not known: choose %s", kind, strings.Join(tables.Words(), ", "))
		}
		all = append(all, SheetKind{File: path, Sheet: sheetName, Table: table})
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(f.Sheets)) {
		if err := add(name, f.Sheets[name].Kind); err != nil {
			return nil, fmt.Errorf("sheets: %s: %w", name, err)
		}
	}
	return all, add("", f.Kind)
}

// ReadMappingFile reads a mapping file. Unknown fields are errors.
func ReadMappingFile(content []byte) (*MappingFile, error) {
	var file MappingFile
	d := yaml.NewDecoder(bytes.NewReader(content))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, plainYAML(err)
	}
	if err := d.Decode(&struct{}{}); !errors.Is(err, io.EOF) {
		return nil, errors.New("it has several documents: keep one")
	}
	for name, of := range file.Sheets {
		if of == nil {
			file.Sheets[name] = &TableMapping{}
			continue
		}
		if err := of.check(); err != nil {
			return nil, fmt.Errorf("sheets: %s: %w", name, err)
		}
	}
	return &file, file.check()
}

func (t *TableMapping) check() error {
	for _, heading := range slices.Sorted(maps.Keys(t.Columns)) {
		if t.Columns[heading] == "" {
			return fmt.Errorf("columns: %q has no field: name it, or write \"-\" to pass the column over", heading)
		}
	}
	return nil
}

// plainYAML rewrites an error of the YAML library in the words of the mapping file.
func plainYAML(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = strings.TrimPrefix(text, "unmarshal errors:\n  ")
	for _, name := range []string{"intake.MappingFile", "intake.TableMapping"} {
		text = strings.ReplaceAll(text, " not found in type "+name, " is not known: choose kind, columns, values or set, and sheets at the top")
		text = strings.ReplaceAll(text, " into "+name, "")
	}
	text = strings.ReplaceAll(text, "map[string]map[string]string", "words by heading")
	text = strings.ReplaceAll(text, "map[string]string", "a list of \"key: value\"")
	return errors.New(strings.ReplaceAll(text, "\n  ", "; "))
}

// Mappings returns the mappings of a file for a table at a path.
func (f *MappingFile) Mappings(name, table string) *Mappings {
	all := &Mappings{}
	for _, sheetName := range slices.Sorted(maps.Keys(f.Sheets)) {
		all.Add(f.Sheets[sheetName].mappings(name, table, sheetName+"."))
	}
	all.Add(f.mappings(name, table, ""))
	return all
}

func (t *TableMapping) mappings(name, table, prefix string) *Mappings {
	all := &Mappings{}
	mapping := func(list, left, right string) *Mapping {
		return &Mapping{Left: prefix + left, Right: right, File: table, given: fmt.Sprintf("%s: %s: %s", name, list, left)}
	}
	for _, heading := range slices.Sorted(maps.Keys(t.Columns)) {
		all.Columns = append(all.Columns, mapping("columns", heading, t.Columns[heading]))
	}
	for _, heading := range slices.Sorted(maps.Keys(t.Values)) {
		for _, word := range slices.Sorted(maps.Keys(t.Values[heading])) {
			m := mapping("values", heading+":"+word, t.Values[heading][word])
			// This table need not use all words of the file.
			m.used = true
			all.Values = append(all.Values, m)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(t.Set)) {
		all.Constants = append(all.Constants, mapping("set", field, t.Set[field]))
	}
	return all
}

// names lists what the left side may name in a sheet: all of it, or the part after the name of the sheet and a dot. Both parts may have
// dots of their own.
func (m *Mapping) names(l *layout) []string {
	if m.File != "" && m.File != l.sheet.File {
		return nil
	}
	names := []string{m.Left}
	for at, r := range m.Left {
		if r == '.' && tables.Normal(m.Left[:at]) == tables.Normal(l.sheet.Name) {
			names = append(names, m.Left[at+1:])
		}
	}
	return names
}

// says tells whether the left side is a heading: exactly, or except for case, blanks and signs.
func (m *Mapping) says(l *layout, heading string, exactly bool) bool {
	return slices.ContainsFunc(m.names(l), func(name string) bool {
		if exactly {
			return strings.TrimSpace(name) == heading
		}
		return tables.Normal(name) != "" && tables.Normal(name) == tables.Normal(heading)
	})
}

// isColumn tells whether a name is the heading or the field of a column.
func (l *layout) isColumn(name string, i int) bool {
	name = strings.TrimSpace(name)
	return name == l.headings[i] || tables.Normal(name) != "" && tables.Normal(name) == tables.Normal(l.headings[i]) || l.table.Find(name) == l.columns[i]
}

// words returns what the words in a column mean.
func (l *layout) words(i int, mappings []*Mapping) map[string]*Mapping {
	words := map[string]*Mapping{}
	for _, m := range mappings {
		for _, name := range m.names(l) {
			for at, r := range name {
				if r != ':' || !l.isColumn(name[:at], i) {
					continue
				}
				if word := sameWord(name[at+1:]); words[word] == nil {
					words[word] = m
				}
			}
		}
	}
	return words
}

// sameWord gives equal results for words that differ in case or blanks only.
func sameWord(word string) string { return strings.ToLower(strings.Join(strings.Fields(word), " ")) }
