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

// Package view makes what people look at from an evaluation: why something is as it is, gaps, the joint roadmap, maps of journeys,
// matrices, links and chains. It is as pure as the model, and decides nothing: it shows facts of the model. Its lists are whole, unlike
// those of a status.
package view

import (
	"fmt"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// NotFoundError says that a portfolio does not hold an object.
type NotFoundError struct {
	Kind, Name string
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("there is no %s %q", e.Kind, e.Name)
}

// objectID names an object as commands do, for instance buildingblock/refunds/same-day.
func objectID(kind, name, stage string) string {
	id := strings.ToLower(kind) + "/" + name
	if stage != "" {
		id += "/" + stage
	}
	return id
}

// titleOr is the title of an object, or its name where it has none.
func titleOr(title cxv1alpha1.Title, name string) string {
	if title == "" {
		return name
	}
	return string(title)
}

// lateDays is the number of days from a target to a later finish; 0 where the finish is not later, or there is no target.
func lateDays(target, finish cxv1alpha1.Date) int32 {
	return int32(max(0, target.DaysUntil(finish)))
}
