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

package diff

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the schema anew")

const schemaPath = "../../../docs/plan.schema.json"

// TestSchema checks that the published schema is the one that is made of the Go types and their comments.
func TestSchema(t *testing.T) {
	s := schemer{types: map[string]*ast.TypeSpec{}, docs: map[string]string{}, values: map[string][]any{}, defs: map[string]any{}}
	for _, file := range []string{"diff.go", "findings.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		s.read(parsed)
	}
	s.define(t, "Plan")
	properties := s.defs["Plan"].(map[string]any)["properties"].(map[string]any)
	properties["apiVersion"].(map[string]any)["const"] = APIVersion
	properties["kind"].(map[string]any)["const"] = Kind
	schema := map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "What kubectl journey plan -o json prints",
		"$ref":    "#/$defs/Plan",
		"$defs":   s.defs,
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schema); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(schemaPath, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(schemaPath)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s differs (-want +got; -update writes it anew):\n%s", schemaPath, diff)
	}
}

// schemer makes a JSON schema of the source code of Go types.
type schemer struct {
	types map[string]*ast.TypeSpec
	docs  map[string]string
	// values are the constants of string types, by type.
	values map[string][]any
	defs   map[string]any
}

func (s *schemer) read(file *ast.File) {
	for _, decl := range file.Decls {
		general, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				s.types[spec.Name.Name] = spec
				s.docs[spec.Name.Name] = describe(general.Doc)
			case *ast.ValueSpec:
				if of, ok := spec.Type.(*ast.Ident); ok && general.Tok == token.CONST {
					value, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
					s.values[of.Name] = append(s.values[of.Name], map[string]any{"const": value, "description": describe(spec.Doc)})
				}
			}
		}
	}
}

func describe(doc *ast.CommentGroup) string {
	return strings.TrimSpace(strings.ReplaceAll(doc.Text(), "\n", " "))
}

func (s *schemer) define(t *testing.T, name string) {
	t.Helper()
	if s.defs[name] != nil {
		return
	}
	def := map[string]any{"description": s.docs[name]}
	s.defs[name] = def
	fields, ok := s.types[name].Type.(*ast.StructType)
	if !ok {
		def["oneOf"] = s.values[name]
		return
	}
	properties, required := map[string]any{}, []string{}
	for _, field := range fields.Fields.List {
		tag, _ := strconv.Unquote(field.Tag.Value)
		key, option, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
		property := s.schemaOf(t, field.Type)
		property["description"] = describe(field.Doc)
		properties[key] = property
		if option == "" {
			required = append(required, key)
		}
	}
	def["type"], def["properties"], def["required"] = "object", properties, required
}

func (s *schemer) schemaOf(t *testing.T, expr ast.Expr) map[string]any {
	t.Helper()
	switch expr := expr.(type) {
	case *ast.StarExpr:
		return s.schemaOf(t, expr.X)
	case *ast.ArrayType:
		return map[string]any{"type": "array", "items": s.schemaOf(t, expr.Elt)}
	case *ast.SelectorExpr:
		if expr.Sel.Name == "Date" {
			return map[string]any{"type": "string", "format": "date"}
		}
	case *ast.Ident:
		switch expr.Name {
		case "string":
			return map[string]any{"type": "string"}
		case "bool":
			return map[string]any{"type": "boolean"}
		case "int32", "int64":
			return map[string]any{"type": "integer"}
		}
		s.define(t, expr.Name)
		return map[string]any{"$ref": "#/$defs/" + expr.Name}
	}
	t.Fatalf("there is no schema for %v", expr)
	return nil
}
