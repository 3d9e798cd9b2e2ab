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

package kinds

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestNames checks that the names in the code are those in the CustomResourceDefinitions.
func TestNames(t *testing.T) {
	for rank, k := range All {
		d, err := k.definition()
		if err != nil {
			t.Fatal(err)
		}
		if d.names.Kind != k.Name || d.names.Plural != k.Plural || d.names.Singular != k.Singular || strings.Join(d.names.ShortNames, ",") != k.ShortName {
			t.Errorf("%+v is not what the definition says: %+v", k, d.names)
		}
		if k.Rank != rank || ByName(k.Name) != k {
			t.Errorf("%s is not where it belongs", k.Name)
		}
		if _, err := k.Columns(); err != nil {
			t.Error(err)
		}
	}
}

func TestParse(t *testing.T) {
	for word, want := range map[string]string{
		"Journey": Journey, "jny": Journey, "moments": Moment, "MOM": Moment, "req": Requirement, "bb": BuildingBlock,
		"rmi": RoadmapItem, "roadmap": Roadmap, "roadmaps.cx.journeyops.dev": Roadmap,
		"moment.v1alpha1.cx.journeyops.dev": Moment, "": "", "pod": "", "moment/x": "",
	} {
		got := ""
		if k := Parse(word); k != nil {
			got = k.Name
		}
		if got != want {
			t.Errorf("Parse(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestClosest(t *testing.T) {
	known := []string{"title", "description", "personas", "phases", "Proposed", "Planned", "Done"}
	for word, want := range map[string]string{
		"titel": "title", "Title": "title", "desc-ription": "description", "person": "personas", "zzzzz": "", "": "", strings.Repeat("x", 200): "",
		"doen": "Done", "Donee": "Done", "plan": "Planned", "Planed": "Planned",
		// Other words, and the beginning of several known words.
		"Doing": "", "Don't": "", "p": "", "phone": "",
	} {
		if got := Closest(word, known); got != want {
			t.Errorf("Closest(%q) = %q, want %q", word, got, want)
		}
	}
}

// TestAdmitFaults checks which objects are refused, and with which message. Another test checks that a real API server refuses the same.
func TestAdmitFaults(t *testing.T) {
	metadata := func(name any) map[string]any { return map[string]any{"name": name, "namespace": "shop"} }
	item := func(fields map[string]any) map[string]any {
		spec := map[string]any{"title": "x", "delivers": []any{map[string]any{"name": "b"}}}
		maps.Copy(spec, fields)
		return map[string]any{"metadata": metadata("x"), "spec": spec}
	}
	for _, test := range []struct {
		name   string
		kind   string
		object map[string]any
		want   []string
	}{
		{"no metadata", Journey, map[string]any{"spec": map[string]any{}}, []string{"metadata.name: Required value: every object needs a name"}},
		{"metadata of the wrong type", Journey, map[string]any{"metadata": map[string]any{"name": true}}, []string{
			"metadata.name: must not be of type bool: put it in quotes",
		}},
		{"unknown metadata", Roadmap, map[string]any{"metadata": map[string]any{"name": "default", "namespace": "shop", "lables": 1}}, []string{
			"metadata.lables: unknown field",
		}},
		{"bad name", Roadmap, map[string]any{"metadata": metadata("Default")}, []string{"metadata.name: Invalid value", "a namespace has one Roadmap"}},
		{"unknown field", Journey, map[string]any{"metadata": metadata("x"), "spec": map[string]any{"titel": "x"}}, []string{
			"spec.title: Required value", "spec.titel: unknown field, did you mean title?",
		}},
		{"unknown field in a list", Journey, map[string]any{"metadata": metadata("x"), "spec": map[string]any{
			"title": "x", "phases": []any{map[string]any{"name": "p", "mile-stone": "m"}},
		}}, []string{"spec.phases[0].mile-stone: unknown field, did you mean milestone?"}},
		{"too long", Journey, map[string]any{"metadata": metadata("x"), "spec": map[string]any{"title": strings.Repeat("x", 50_000)}}, []string{
			"spec.title: Too long: may not be more than 200 characters",
		}},
		{"an emoji where a long value is cut", RoadmapItem, item(map[string]any{"state": strings.Repeat("x", 79) + "👍🏽"}), []string{
			`spec.state: Unsupported value: "` + strings.Repeat("x", 79) + `..."`,
		}},
		{"wrong type", Journey, map[string]any{"metadata": metadata("x"), "spec": map[string]any{"title": int64(1)}}, []string{"spec.title: Invalid value"}},
		{"CEL of a list", RoadmapItem, item(map[string]any{"delivers": []any{map[string]any{"name": "b"}, map[string]any{"name": "b"}}}), []string{
			"delivers must name each stage once",
		}},
		{"CEL of the spec", RoadmapItem, item(map[string]any{"state": "Done"}), []string{"spec.finishDate: Invalid value: finishDate goes with state Done"}},
		{"list set", Moment, map[string]any{"metadata": metadata("x"), "spec": map[string]any{
			"title": "x", "phase": "p", "importance": int64(1), "journeyRef": map[string]any{"name": "j"}, "channels": []any{"a", "a"},
		}}, []string{"spec.channels[1]: Duplicate value"}},
		{"no such date", RoadmapItem, item(map[string]any{"targetDate": "2027-02-30"}), []string{"spec.targetDate: Invalid value"}},
		{"all in order", RoadmapItem, item(nil), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := ByName(test.kind)
			test.object["apiVersion"], test.object["kind"] = APIVersion(), k.Name
			_, faults, err := k.Admit(context.Background(), test.object)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range faults {
				got = append(got, f.Field+": "+f.Text)
				if len(f.Text) > 400 {
					t.Errorf("the text is too long: %d", len(f.Text))
				}
			}
			for _, want := range test.want {
				if !slices.ContainsFunc(got, func(text string) bool { return strings.Contains(text, want) }) {
					t.Errorf("%q is missing in %q", want, got)
				}
			}
			if (len(got) == 0) != (len(test.want) == 0) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestAdmitDefaults checks that fields that are left out get the same defaults as from the API server.
func TestAdmitDefaults(t *testing.T) {
	block := map[string]any{
		"apiVersion": APIVersion(), "kind": BuildingBlock,
		"metadata": map[string]any{"name": "x", "namespace": "shop", "creationTimestamp": nil},
		"spec":     map[string]any{"title": "x", "complexity": nil, "stages": []any{map[string]any{"name": "s"}}},
		"status":   map[string]any{"requirementsTotal": int64(3)},
	}
	_, faults, err := ByName(BuildingBlock).Admit(context.Background(), block)
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	spec, _ := block["spec"].(map[string]any)
	if spec["complexity"] != "Medium" || spec["feasibilityPercent"] != int64(100) {
		t.Errorf("defaults are missing: %v", spec)
	}
	if _, found := block["status"]; found {
		t.Error("the status of the file was kept")
	}
	metadata, _ := block["metadata"].(map[string]any)
	if metadata["generation"] != int64(1) {
		t.Errorf("the generation is %v, want 1", metadata["generation"])
	}
	if _, found := metadata["creationTimestamp"]; found {
		t.Error("a creationTimestamp of null was kept")
	}
}
