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

package plan

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

// ownersFile says which side owns which fields.
type ownersFile struct {
	// Sides that own fields. What several of them own, each may change.
	Sides []owner `json:"sides"`
}

// owner is a side, in some namespaces or in all.
type owner struct {
	// Name of the side. Marketing and IT have the fields of api/v1alpha1/owners.go, unless Fields says others.
	Name string `json:"name"`
	// Members are the people and teams of the side, as --by names them.
	Members []string `json:"members"`
	// Namespaces in which this holds; none for all.
	Namespaces []string `json:"namespaces"`
	// Fields of the spec that the side owns, by kind.
	Fields map[string][]string `json:"fields"`
}

func readOwners(path string) (*ownersFile, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading --owners: %w", err)
	}
	var file ownersFile
	if err := yaml.UnmarshalStrict(content, &file); err != nil {
		return nil, fmt.Errorf("reading --owners %s: %w", path, err)
	}
	if len(file.Sides) == 0 {
		return nil, fmt.Errorf("reading --owners %s: it names no sides: give it a list sides, each with a name and members", path)
	}
	for i := range file.Sides {
		if err := file.Sides[i].complete(); err != nil {
			return nil, fmt.Errorf("reading --owners %s: side %d: %w", path, i+1, err)
		}
	}
	return &file, nil
}

// complete checks a side, and gives it its usual fields where it names none.
func (o *owner) complete() error {
	switch {
	case o.Name == "":
		return fmt.Errorf("it has no name: call it %s or %s, or give it fields", cxv1alpha1.SideMarketing, cxv1alpha1.SideIT)
	case len(o.Members) == 0:
		return fmt.Errorf("%s has no members: name the people and teams that --by can name", o.Name)
	}
	if o.Fields == nil {
		o.Fields = map[string][]string{}
		for _, f := range cxv1alpha1.OwnedFields {
			if string(f.Side) == o.Name {
				o.Fields[f.Kind] = append(o.Fields[f.Kind], f.Name)
			}
		}
		if len(o.Fields) == 0 {
			return fmt.Errorf("only %s and %s have fields of their own: say which fields %s owns", cxv1alpha1.SideMarketing, cxv1alpha1.SideIT, o.Name)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(o.Fields)) {
		if err := checkFields(kind, o.Fields[kind]); err != nil {
			return err
		}
	}
	return nil
}

func checkFields(kindName string, names []string) error {
	kind := cxv1alpha1.KindNamed(kindName)
	if kind == nil {
		return fmt.Errorf("there is no kind %q", kindName)
	}
	spec := reflect.TypeOf(kind.New().GetSpec()).Elem()
	var known []string
	for field := range spec.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		known = append(known, name)
	}
	for _, name := range names {
		if slices.Contains(known, name) {
			continue
		}
		meant := ""
		if closest := kinds.Closest(name, known); closest != "" {
			meant = fmt.Sprintf(", did you mean %s?", closest)
		}
		return fmt.Errorf("the spec of %s has no field %q%s", kindName, name, meant)
	}
	return nil
}

// has tells whether the side owns a field there.
func (o *owner) has(namespace, kind, field string) bool {
	return (len(o.Namespaces) == 0 || slices.Contains(o.Namespaces, namespace)) && slices.Contains(o.Fields[kind], field)
}

func (o *owner) isOneOf(by []string) bool {
	return slices.ContainsFunc(o.Members, func(member string) bool { return slices.Contains(by, member) })
}

// checkOwners adds findings where fields change that nobody of --by owns.
func (o *Options) checkOwners(p *diff.Plan, s *comparedStates) error {
	file, err := readOwners(o.Owners)
	if err != nil {
		return err
	}
	before, after := byKey(s.before), byKey(s.after)
	for n := range p.Portfolios {
		portfolio := &p.Portfolios[n]
		for _, c := range portfolio.Objects.Changes {
			key := objectKey{c.Kind, portfolio.Namespace, c.Name}
			if after[key] == nil {
				continue // Who may remove what is a matter of reviews.
			}
			fields, err := changedFields(before[key], after[key])
			if err != nil {
				return err
			}
			for _, f := range file.foreign(key, fields, o.By) {
				portfolio.AddForeignField(c.Kind, c.Name, f.fields, fmt.Sprintf(
					"%s %s: a change of %s that nobody of %s made or approved.", c.Kind, c.Name, f.fields, f.owners))
			}
		}
	}
	p.Worse = diff.Worse(p.Portfolios)
	return nil
}

// foreignChange is a change of fields that have the same owners, both as people read them.
type foreignChange struct{ fields, owners string }

// foreign returns those of the fields that have owners none of whom is among by.
func (f *ownersFile) foreign(key objectKey, fields, by []string) []foreignChange {
	var changes []foreignChange
	for _, field := range fields {
		owners := f.without(key, field, by)
		n := slices.IndexFunc(changes, func(c foreignChange) bool { return c.owners == owners })
		switch {
		case owners == "":
		case n < 0:
			changes = append(changes, foreignChange{"spec." + field, owners})
		default:
			changes[n].fields += ", spec." + field
		}
	}
	return changes
}

// without names the owners of a field, when it has any and none is among by.
func (f *ownersFile) without(key objectKey, field string, by []string) string {
	var names []string
	for i := range f.Sides {
		if side := &f.Sides[i]; side.has(key.namespace, key.kind, field) {
			if side.isOneOf(by) {
				return ""
			}
			names = append(names, side.Name)
		}
	}
	return strings.Join(names, " or ")
}

// changedFields lists the fields of the spec that differ, sorted. An object that is not there has the defaults only.
func changedFields(before, after *source.Object) ([]string, error) {
	old, err := specOf(before)
	if err != nil {
		return nil, err
	}
	changed, err := specOf(after)
	if err != nil {
		return nil, err
	}
	usual, err := usualSpec(after.Kind.Name)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, spec := range []map[string]any{old, changed} {
		for name := range spec {
			names[name] = true
		}
	}
	var fields []string
	for name := range names {
		if !reflect.DeepEqual(valueOr(old, usual, name), valueOr(changed, usual, name)) {
			fields = append(fields, name)
		}
	}
	slices.Sort(fields)
	return fields, nil
}

func valueOr(spec, usual map[string]any, name string) any {
	if value, found := spec[name]; found {
		return value
	}
	return usual[name]
}

func specOf(o *source.Object) (map[string]any, error) {
	if o == nil {
		return nil, nil
	}
	spec, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o.Typed.GetSpec())
	if err != nil {
		return nil, fmt.Errorf("reading the spec of %s %s: %w", o.Kind.Name, o.Name, err)
	}
	return spec, nil
}

// usualSpec has what a spec without a field is taken to have.
func usualSpec(kind string) (map[string]any, error) {
	spec := map[string]any{}
	for _, f := range cxv1alpha1.OwnedFields {
		if f.Kind == kind && f.Absent != nil {
			spec[f.Name] = f.Absent
		}
	}
	data, err := yaml.Marshal(spec)
	if err != nil {
		return nil, fmt.Errorf("reading the defaults of %s: %w", kind, err)
	}
	typed := cxv1alpha1.KindNamed(kind).New().GetSpec()
	if err := yaml.Unmarshal(data, typed); err != nil {
		return nil, fmt.Errorf("reading the defaults of %s: %w", kind, err)
	}
	return runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
}

func byKey(objects []*source.Object) map[objectKey]*source.Object {
	all := make(map[objectKey]*source.Object, len(objects))
	for _, o := range objects {
		all[keyOf(o)] = o
	}
	return all
}

// foreignFields are the findings about fields that others own.
func foreignFields(c *diff.Portfolio) []diff.Finding {
	var list []diff.Finding
	for _, f := range c.Findings {
		if f.Rule == diff.RuleForeignField {
			list = append(list, f)
		}
	}
	return list
}
