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

package portfoliotest

import (
	"context"
	"fmt"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	apiextensionsvalidation "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/runtime"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/controller-runtime/pkg/client" //nolint:depguard // only the interface of objects, for tests of who reads and writes them
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/config/crd"
)

// Validator checks objects as an API server with the CustomResourceDefinitions does, with its code, and without running one.
type Validator struct {
	kinds map[string]*kindValidator
}

type kindValidator struct {
	structural *structuralschema.Structural
	openapi    apiextensionsvalidation.SchemaValidator
	rules      *cel.Validator
}

// NewValidator reads the CustomResourceDefinitions.
func NewValidator() (*Validator, error) {
	v := &Validator{kinds: map[string]*kindValidator{}}
	files, err := crd.FS.ReadDir("bases")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := crd.FS.ReadFile("bases/" + file.Name())
		if err != nil {
			return nil, err
		}
		var definition apiextensionsv1.CustomResourceDefinition
		if err := yaml.Unmarshal(text, &definition); err != nil {
			return nil, err
		}
		if v.kinds[definition.Spec.Names.Kind], err = newKindValidator(definition.Spec.Versions[0].Schema.OpenAPIV3Schema); err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name(), err)
		}
	}
	return v, nil
}

func newKindValidator(schema *apiextensionsv1.JSONSchemaProps) (*kindValidator, error) {
	props := &apiextensions.JSONSchemaProps{}
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(schema, props, nil); err != nil {
		return nil, err
	}
	structural, err := structuralschema.NewStructural(props)
	if err != nil {
		return nil, err
	}
	openapi, _, err := apiextensionsvalidation.NewSchemaValidator(props)
	if err != nil {
		return nil, err
	}
	return &kindValidator{structural, openapi, cel.NewValidator(structural, true, celconfig.PerCallLimit)}, nil
}

// Validate tells why an API server would refuse an object; nil where it would take it.
func (v *Validator) Validate(object client.Object) error {
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%T", object)
	kind := v.kinds[name[strings.LastIndex(name, ".")+1:]]
	fields["apiVersion"], fields["kind"] = cxv1alpha1.GroupVersion.String(), name[strings.LastIndex(name, ".")+1:]
	defaulting.PruneNonNullableNullsWithoutDefaults(fields, kind.structural)
	defaulting.Default(fields, kind.structural)
	faults := apiextensionsvalidation.ValidateCustomResource(nil, fields, kind.openapi)
	faults = append(faults, listtype.ValidateListSetsAndMaps(nil, kind.structural, fields)...)
	if kind.rules != nil {
		broken, _ := kind.rules.Validate(context.Background(), nil, kind.structural, fields, nil, celconfig.RuntimeCELCostBudget)
		faults = append(faults, broken...)
	}
	return faults.ToAggregate()
}
