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

package v1alpha1_test

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/config/crd"
)

type schema = apiextensionsv1.JSONSchemaProps

// maxCRDBytes keeps a CRD well below the 262,144 bytes that annotations may take, since a plain kubectl apply keeps a
// copy of what it applies in one.
const maxCRDBytes = 200 << 10

// definitions returns the CRD of each kind, as it is deployed.
func definitions(t *testing.T) map[string]*apiextensionsv1.CustomResourceDefinition {
	t.Helper()
	files, err := fs.Glob(crd.FS, "bases/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]*apiextensionsv1.CustomResourceDefinition{}
	for _, file := range files {
		data, err := crd.FS.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > maxCRDBytes {
			t.Errorf("%s has %d bytes, want at most %d", file, len(data), maxCRDBytes)
		}
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict(data, definition); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		kinds[definition.Spec.Names.Kind] = definition
	}
	if len(kinds) != len(minimal) {
		t.Fatalf("there are CRDs of %d kinds, and minimal objects of %d: every kind needs one", len(kinds), len(minimal))
	}
	return kinds
}

func schemaOf(definition *apiextensionsv1.CustomResourceDefinition) *schema {
	return definition.Spec.Versions[0].Schema.OpenAPIV3Schema
}

// walk visits a schema and all below it, in order of their paths. An entry of a list has the path of the list and [].
func walk(path string, s *schema, visit func(path string, s *schema)) {
	visit(path, s)
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		walk(strings.TrimPrefix(path+"."+name, "."), &property, visit)
	}
	if s.Items != nil {
		walk(path+"[]", s.Items.Schema, visit)
	}
}

// eachField visits what this project has defined: of the conditions, which are Kubernetes' own, only the list.
func eachField(t *testing.T, visit func(kind, path string, s *schema)) {
	t.Helper()
	for kind, definition := range definitions(t) {
		walk("", schemaOf(definition), func(path string, s *schema) {
			if (isIn(path, "spec") || isIn(path, "status")) && !strings.HasPrefix(path, "status.conditions[]") && !isOfKubernetes(path) {
				visit(kind, path, s)
			}
		})
	}
}

func isIn(path, part string) bool {
	return path == part || strings.HasPrefix(path, part+".")
}

func TestDefinitionsFollowTheConventions(t *testing.T) {
	for kind, definition := range definitions(t) {
		if !slices.Equal(definition.Spec.Names.Categories, []string{"cx"}) {
			t.Errorf("%s: categories %v", kind, definition.Spec.Names.Categories)
		}
		if len(definition.Spec.Versions) != 1 {
			t.Fatalf("%s: %d versions; the tests of this package look at one", kind, len(definition.Spec.Versions))
		}
		version := definition.Spec.Versions[0]
		if version.Schema.OpenAPIV3Schema.Description == "" {
			t.Errorf("%s is not explained", kind)
		}
		if !cxv1alpha1.KindNamed(kind).HasStatus {
			continue
		}
		if version.Subresources == nil || version.Subresources.Status == nil {
			t.Errorf("%s has no status subresource", kind)
		}
		conditions := version.Schema.OpenAPIV3Schema.Properties["status"].Properties["conditions"]
		if conditions.XListType == nil || *conditions.XListType != "map" || !slices.Equal(conditions.XListMapKeys, []string{"type"}) {
			t.Errorf("%s: the conditions are not a map by type", kind)
		}
		if generation := version.Schema.OpenAPIV3Schema.Properties["status"].Properties["observedGeneration"]; generation.Format != "int64" {
			t.Errorf("%s: status.observedGeneration is missing, or of format %q", kind, generation.Format)
		}
	}
}

func TestFieldsFollowTheConventions(t *testing.T) {
	camelCase := regexp.MustCompile(`^[A-Z][A-Za-z]*$`)
	eachField(t, func(kind, path string, s *schema) {
		if s.Type == "number" {
			t.Errorf("%s %s is a float", kind, path)
		}
		if strings.HasPrefix(path, "status.") && strings.HasSuffix(path, ".phase") {
			t.Errorf("%s %s: conditions say it better than a phase", kind, path)
		}
		if s.Type == "array" && s.MaxItems == nil {
			t.Errorf("%s %s has no maxItems", kind, path)
		}
		if s.Type == "array" && s.XListType == nil {
			t.Errorf("%s %s has no list type, so that server-side apply cannot tell how to merge it", kind, path)
		}
		if s.Type == "object" && s.AdditionalProperties != nil {
			t.Errorf("%s %s is a map", kind, path)
		}
		if strings.HasPrefix(path, "spec.") && s.Type == "object" && len(s.Required) == 0 && ptr.Deref(s.XMapType, "") != "atomic" && !strings.HasSuffix(path, "[]") {
			t.Errorf("%s %s can be empty and is not atomic, so that server-side apply of an emptied one would make it null", kind, path)
		}
		if s.XPreserveUnknownFields != nil {
			t.Errorf("%s %s keeps unknown fields", kind, path)
		}
		if isText(s) && s.MaxLength == nil && s.Enum == nil {
			t.Errorf("%s %s is a string without maxLength or enum", kind, path)
		}
		if isIn(path, "spec") && s.Type == "integer" && (s.Minimum == nil || s.Maximum == nil) {
			t.Errorf("%s %s is a number without minimum or maximum", kind, path)
		}
		for _, value := range enumOf(t, s) {
			if !camelCase.MatchString(value) {
				t.Errorf("%s %s: the value %s is not in CamelCase", kind, path, value)
			}
		}
	})
}

// TestListsWithACountBesideThem holds on to the promise that a list that is cut says how long it really is.
func TestListsWithACountBesideThem(t *testing.T) {
	for kind, definition := range definitions(t) {
		walk("", schemaOf(definition), func(path string, s *schema) {
			for name, property := range s.Properties {
				_, counted := s.Properties[name+"Total"]
				if isIn(path, "status") && property.Type == "array" && *property.MaxItems == 50 && !counted {
					t.Errorf("%s %s.%s holds at most 50, but there is no %sTotal", kind, path, name, name)
				}
			}
		})
	}
}

func TestEveryFieldIsExplained(t *testing.T) {
	eachField(t, func(kind, path string, s *schema) {
		name := path[strings.LastIndex(path, ".")+1:]
		if strings.HasSuffix(name, "[]") {
			return // The list is explained.
		}
		text := s.Description
		switch {
		case text == "":
			t.Errorf("%s %s is not explained", kind, path)
		case !strings.HasSuffix(text, ".") || len(strings.Fields(text)) < 3:
			t.Errorf("%s %s: %q is not a sentence", kind, path, text)
		case !strings.HasPrefix(text, name) || unicode.IsLetter(rune(text[len(name)])):
			t.Errorf("%s %s: %q does not begin with the name of the field", kind, path, text)
		}
	})
}

// TestEveryNumberHasAUnit and the next one keep the bounds of the schema in the words that people read.
func TestEveryNumberHasAUnit(t *testing.T) {
	unit := regexp.MustCompile(`percent|points|days|units|number of|from 1|metadata\.generation|\d-\d`)
	eachField(t, func(kind, path string, s *schema) {
		if s.Type == "integer" && !unit.MatchString(s.Description) {
			t.Errorf("%s %s: %q names neither a unit nor a range", kind, path, s.Description)
		}
	})
}

func TestEveryBoundIsExplained(t *testing.T) {
	eachField(t, func(kind, path string, s *schema) {
		if !isIn(path, "spec") || strings.HasSuffix(path, "[]") {
			return
		}
		var bounds []string
		if s.Minimum != nil && s.Maximum != nil {
			bounds = append(bounds, fmt.Sprint(int64(*s.Minimum)), fmt.Sprint(int64(*s.Maximum)))
		}
		if s.MaxItems != nil && s.Items.Schema.Enum == nil {
			bounds = append(bounds, strconv.FormatInt(*s.MaxItems, 10))
		}
		// Names and dates have a form of their own.
		if s.MaxLength != nil && (s.Pattern == "" || isURL(s)) && s.Format == "" && *s.MaxLength != 253 {
			bounds = append(bounds, strconv.FormatInt(*s.MaxLength, 10))
		}
		for _, bound := range bounds {
			if !regexp.MustCompile(`\b` + bound + `\b`).MatchString(s.Description) {
				t.Errorf("%s %s: %q does not name the bound %s", kind, path, s.Description, bound)
			}
		}
	})
}

func isText(s *schema) bool { return s.Type == "string" || s.XIntOrString }

func isURL(s *schema) bool { return s.Pattern == `^https?://` }

// isObjectName tells whether a field names an object, which may have dots in its name.
func isObjectName(s *schema) bool { return s.Pattern != "" && ptr.Deref(s.MaxLength, 0) == 253 }

func enumOf(t *testing.T, s *schema) []string {
	t.Helper()
	var values []string
	for _, value := range s.Enum {
		text, err := strconv.Unquote(string(value.Raw))
		if err != nil {
			t.Fatalf("the value %s of an enum: %v", value.Raw, err)
		}
		values = append(values, text)
	}
	return values
}
