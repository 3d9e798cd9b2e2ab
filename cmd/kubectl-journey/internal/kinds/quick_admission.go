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

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	apimachineryvalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// admitQuickly does the same as Admit, a few times as fast, for objects as people usually write them. It returns nil for other objects
// and for objects with a fault. Then Admit must start again. It may find defaults filled in, and fills in the same ones.
//
// Nothing needs to be pruned here: the quick check is never sure of an object with an unknown field or a null.
func (a *admission) admitQuickly(ctx context.Context, object map[string]any) *metav1.ObjectMeta {
	written, _ := object["metadata"].(map[string]any)
	meta := quickMeta(written)
	if meta == nil {
		return nil
	}
	if _, there := object["status"]; there {
		return nil
	}
	defaulting.Default(object, a.defaults)
	if !a.quick(object) {
		return nil
	}
	if len(apimachineryvalidation.ValidateObjectMeta(meta, true, apimachineryvalidation.NameIsDNSSubdomain, field.NewPath("metadata"))) > 0 {
		return nil
	}
	if len(a.broken(ctx, object)) > 0 {
		return nil
	}
	written["generation"] = meta.Generation
	return meta
}

// withDefaults returns the part of a schema that has defaults, or nil if there are none. Filling in defaults copies every part of the
// schema that it visits, so a smaller schema is faster.
func withDefaults(s *structuralschema.Structural) *structuralschema.Structural {
	if s == nil || s.AdditionalProperties != nil {
		return s
	}
	pruned := *s
	pruned.Items = withDefaults(s.Items)
	pruned.Properties = map[string]structuralschema.Structural{}
	for name, property := range s.Properties {
		if kept := withDefaults(&property); kept != nil {
			pruned.Properties[name] = *kept
		}
	}
	if s.Default.Object == nil && pruned.Items == nil && len(pruned.Properties) == 0 {
		return nil
	}
	return &pruned
}

// quickMeta returns metadata that has only a name, a namespace, labels and annotations. For other metadata it returns nil.
func quickMeta(written map[string]any) *metav1.ObjectMeta {
	meta := &metav1.ObjectMeta{Generation: 1}
	for name, value := range written {
		ok := false
		switch name {
		case "name":
			meta.Name, ok = value.(string)
		case "namespace":
			meta.Namespace, ok = value.(string)
		case "labels":
			meta.Labels, ok = quickTexts(value)
		case "annotations":
			meta.Annotations, ok = quickTexts(value)
		}
		if !ok {
			return nil
		}
	}
	if meta.Name == "" || meta.Namespace == "" {
		return nil
	}
	return meta
}

// quickTexts returns a map of texts. It refuses an empty one, since the API server does not keep it.
func quickTexts(value any) (map[string]string, bool) {
	object, ok := value.(map[string]any)
	if !ok || len(object) == 0 {
		return nil, false
	}
	texts := make(map[string]string, len(object))
	for name, entry := range object {
		if texts[name], ok = entry.(string); !ok {
			return nil, false
		}
	}
	return texts, true
}
