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
	"fmt"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/config/crd"
)

// definition is what a CustomResourceDefinition says of its one version.
type definition struct {
	names   apiextensionsv1.CustomResourceDefinitionNames
	schema  *apiextensions.JSONSchemaProps
	columns []apiextensionsv1.CustomResourceColumnDefinition
}

func readDefinition(plural string) (*definition, error) {
	path := "bases/" + cxv1alpha1.GroupVersion.Group + "_" + plural + ".yaml"
	content, err := crd.FS.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the built-in definition of %s: %w", plural, err)
	}
	var resource apiextensionsv1.CustomResourceDefinition
	if err := yaml.Unmarshal(content, &resource); err != nil {
		return nil, fmt.Errorf("parsing the built-in definition of %s: %w", plural, err)
	}
	for i := range resource.Spec.Versions {
		version := &resource.Spec.Versions[i]
		if version.Name != cxv1alpha1.GroupVersion.Version {
			continue
		}
		d := &definition{names: resource.Spec.Names, columns: version.AdditionalPrinterColumns, schema: &apiextensions.JSONSchemaProps{}}
		err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(version.Schema.OpenAPIV3Schema, d.schema, nil)
		if err != nil {
			return nil, fmt.Errorf("converting the built-in schema of %s: %w", plural, err)
		}
		return d, nil
	}
	return nil, fmt.Errorf("the built-in definition of %s lacks version %s", plural, cxv1alpha1.GroupVersion.Version)
}
