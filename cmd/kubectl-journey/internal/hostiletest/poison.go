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

package hostiletest

import (
	"reflect"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Known are texts that the model understands, by the type of the field.
var Known = map[reflect.Type]string{
	reflect.TypeFor[cxv1alpha1.Date]():            "2027-01-15",
	reflect.TypeFor[cxv1alpha1.MoSCoW]():          string(cxv1alpha1.MoSCoWMust),
	reflect.TypeFor[cxv1alpha1.ItemState]():       string(cxv1alpha1.StatePlanned),
	reflect.TypeFor[cxv1alpha1.Side]():            "IT",
	reflect.TypeFor[cxv1alpha1.Weekday]():         "Sat",
	reflect.TypeFor[cxv1alpha1.Sourcing]():        "Build",
	reflect.TypeFor[cxv1alpha1.Complexity]():      "Low",
	reflect.TypeFor[cxv1alpha1.Perspective]():     "ToBe",
	reflect.TypeFor[cxv1alpha1.InsightKind]():     "Pain",
	reflect.TypeFor[cxv1alpha1.RequirementType](): "Data",
	reflect.TypeFor[cxv1alpha1.MetricType]():      "NPS",
	reflect.TypeFor[cxv1alpha1.Direction]():       "Decrease",
	reflect.TypeFor[cxv1alpha1.Aggregation]():     "Median",
	reflect.TypeFor[cxv1alpha1.Decimal]():         "-350m",
	reflect.TypeFor[cxv1alpha1.ProofPolicy]():     "Require",
	reflect.TypeFor[cxv1alpha1.StateOrigin]():     "Spec",
}

// Poison sets all texts in a value, also those that are still empty. Fields of a type in known get the text from there.
func Poison(value reflect.Value, text string, known map[reflect.Type]string) {
	switch value.Kind() {
	case reflect.String:
		if word, ok := known[value.Type()]; ok {
			value.SetString(word)
			return
		}
		value.SetString(text)
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		Poison(value.Elem(), text, known)
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		Poison(value.Index(0), text, known)
	case reflect.Map:
		key, element := reflect.New(value.Type().Key()).Elem(), reflect.New(value.Type().Elem()).Elem()
		Poison(key, text, known)
		Poison(element, text, known)
		value.Set(reflect.MakeMap(value.Type()))
		value.SetMapIndex(key, element)
	case reflect.Struct:
		switch value.Type() {
		case reflect.TypeFor[metav1.Time](), reflect.TypeFor[resource.Quantity]():
			return
		}
		for _, field := range value.Fields() {
			Poison(field, text, known)
		}
	case reflect.Bool:
	default:
		if value.CanInt() {
			value.SetInt(3)
		}
	}
}
