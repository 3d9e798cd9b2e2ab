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

// Command schemas writes a JSON schema for each kind, for kubeconform and for editors, from the CRDs. The schemas are strict: a field
// that is not in the CRD is an error. Rules in CEL, which JSON schema cannot tell, are left to the API server and to "kubectl journey".
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"github.com/journeyops/journey-operator/config/crd"
)

func main() {
	out := flag.String("out", filepath.Join("config", "schemas"), "folder for the schemas")
	flag.Parse()
	if err := write(crd.FS, *out); err != nil {
		fmt.Fprintln(os.Stderr, "error: "+err.Error())
		os.Exit(1)
	}
}

// write makes GROUP/KIND_VERSION.json in the folder, for each version of each CRD.
func write(crds fs.FS, out string) error {
	paths, err := fs.Glob(crds, "bases/*.yaml")
	if err != nil {
		return err
	}
	for _, path := range paths {
		data, err := fs.ReadFile(crds, path)
		if err != nil {
			return err
		}
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict(data, definition); err != nil {
			return fmt.Errorf("reading %s: %w", path, err)
		}
		if err := writeKind(definition, out); err != nil {
			return fmt.Errorf("the schema of %s: %w", definition.Spec.Names.Kind, err)
		}
	}
	return nil
}

func writeKind(definition *apiextensionsv1.CustomResourceDefinition, out string) error {
	folder := filepath.Join(out, definition.Spec.Group)
	err := os.MkdirAll(folder, 0o755)
	for _, version := range definition.Spec.Versions {
		schema, failed := kindSchema(definition, &version)
		name := strings.ToLower(definition.Spec.Names.Kind) + "_" + version.Name + ".json"
		err = errors.Join(err, failed, writeJSON(filepath.Join(folder, name), schema))
	}
	return err
}

func writeJSON(path string, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644) //nolint:gosec // It is for everyone.
}

// kindSchema is the schema of whole objects of a kind.
func kindSchema(definition *apiextensionsv1.CustomResourceDefinition, version *apiextensionsv1.CustomResourceDefinitionVersion) (map[string]any, error) {
	data, err := json.Marshal(version.Schema.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	var schema map[string]any
	if err := json.Unmarshal(data, &schema); err != nil {
		return nil, err
	}
	convert(schema)
	properties := schema["properties"].(map[string]any)
	restrict(properties["apiVersion"], definition.Spec.Group+"/"+version.Name)
	restrict(properties["kind"], definition.Spec.Names.Kind)
	properties["metadata"] = metadata()
	required, _ := schema["required"].([]any)
	schema["required"] = append([]any{"apiVersion", "kind", "metadata"}, required...)
	schema["$schema"] = "http://json-schema.org/draft-07/schema#"
	schema["title"] = definition.Spec.Names.Kind
	return schema, nil
}

// restrict allows one value of a string.
func restrict(property any, value string) {
	property.(map[string]any)["enum"] = []string{value}
}

// metadata says what people write in it. Others, such as the API server, add more.
func metadata() map[string]any {
	text := map[string]any{"type": "string"}
	texts := map[string]any{"type": "object", "additionalProperties": text}
	return map[string]any{
		"type":        "object",
		"description": "metadata is the standard metadata of Kubernetes objects.",
		"properties": map[string]any{
			"name": map[string]any{
				"type": "string", "maxLength": 253, "pattern": `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`,
			},
			"generateName": text,
			"namespace":    text,
			"labels":       texts,
			"annotations":  texts,
		},
	}
}

// convert turns a structural schema of a CRD, and all within it, into a strict JSON schema.
func convert(schema map[string]any) {
	_, open := schema["x-kubernetes-preserve-unknown-fields"]
	for keyword := range schema {
		if strings.HasPrefix(keyword, "x-kubernetes-") {
			delete(schema, keyword)
		}
	}
	if properties, ok := schema["properties"].(map[string]any); ok {
		for _, property := range properties {
			convert(property.(map[string]any))
		}
		if _, ok := schema["additionalProperties"]; !ok && !open {
			schema["additionalProperties"] = false
		}
	}
	for _, keyword := range []string{"items", "additionalProperties"} {
		if inner, ok := schema[keyword].(map[string]any); ok {
			convert(inner)
		}
	}
}
