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

// admitQuickly does what Admit does for objects as people write them, a few times as fast. It returns nil for all others and for those
// that have a fault. Then it leaves nothing behind but defaults, which come out the same when they are filled in again.
//
// Nothing needs to be pruned here: the quick check is not sure of anything with an unknown field or a null.
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

// withDefaults returns what of a schema leads to defaults, nil when nothing does. Filling in defaults copies all of the schema that it
// passes on its way through an object.
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

// quickMeta returns metadata that has nothing but a name, a namespace, labels and annotations; of all other it returns nil.
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

// quickTexts returns a map of texts that is not empty: an empty one would not be kept.
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
