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

package portfolio_test

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// maxMessage bounds the messages of conditions, which people read in a terminal. The Kubernetes API allows 32768.
const maxMessage = 2000

// sortedLists are the lists of names that are in the order of names; criticalChain and the items of a bundle tell an order of work.
var sortedLists = []string{
	"RequirementNames", "BuildingBlocks", "RoadmapItems", "Teams", "Moments", "Journeys", "SoleBlockerOf", "BlockedBy",
}

// reasonForm is what the Kubernetes API accepts as a reason.
var reasonForm = regexp.MustCompile(`^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$`)

// misformed tells the first thing that is wrong with the form of statuses, whatever they say; "" where nothing is.
func misformed(e *portfolio.Evaluation) string {
	for kind, statuses := range map[string]any{
		"Journey": e.Journeys, "Moment": e.Moments, "Requirement": e.Requirements, "BuildingBlock": e.BuildingBlocks,
		"RoadmapItem": e.RoadmapItems, "Metric": e.Metrics, "Roadmap": map[string]*cxv1alpha1.RoadmapStatus{"default": e.Roadmap},
	} {
		for entries := reflect.ValueOf(statuses).MapRange(); entries.Next(); {
			if entries.Value().IsNil() {
				continue
			}
			if fault := misformedStruct(entries.Value().Elem()); fault != "" {
				return fmt.Sprintf("%s %s: %s", kind, entries.Key(), fault)
			}
		}
	}
	return ""
}

func misformedStruct(status reflect.Value) string {
	for i := range status.NumField() {
		name, field := status.Type().Field(i).Name, status.Field(i)
		if fault := misformedField(status, name, field); fault != "" {
			return name + ": " + fault
		}
	}
	return ""
}

func misformedField(status reflect.Value, name string, field reflect.Value) string {
	switch value := field.Interface().(type) {
	case []metav1.Condition:
		return misformedConditions(value)
	case []string:
		if fault := misformedList(status, name, field.Len()); fault != "" {
			return fault
		}
		inOrder := slices.IsSorted(value) && len(slices.Compact(slices.Clone(value))) == len(value)
		if slices.Contains(sortedLists, name) && !inOrder {
			return fmt.Sprintf("not sorted: %q", value)
		}
	case *cxv1alpha1.Value:
		return misformedValue(value)
	case cxv1alpha1.Date:
		if value != "" && !regexp.MustCompile(`^\d{4}-\d\d-\d\d$`).MatchString(string(value)) {
			return fmt.Sprintf("no date: %q", value)
		}
	default:
		if field.Kind() != reflect.Slice {
			return ""
		}
		if fault := misformedList(status, name, field.Len()); fault != "" {
			return fault
		}
		for i := range field.Len() {
			if fault := misformedStruct(field.Index(i)); fault != "" {
				return fault
			}
		}
	}
	return ""
}

// misformedList holds a list to its bound and to the count beside it, if it has one.
func misformedList(status reflect.Value, name string, length int) string {
	most := cxv1alpha1.MaxListed
	if name == "NextWork" {
		most = 10
	}
	total := status.FieldByName(name + "Total")
	switch {
	case length > most:
		return fmt.Sprintf("%d entries", length)
	case total.IsValid() && length != min(int(total.Int()), most):
		return fmt.Sprintf("%d entries of %d", length, total.Int())
	}
	return ""
}

func misformedConditions(all []metav1.Condition) string {
	seen := map[string]bool{}
	for _, c := range all {
		switch {
		case seen[c.Type]:
			return "twice " + c.Type
		case !reasonForm.MatchString(c.Reason):
			return fmt.Sprintf("%s: reason %q", c.Type, c.Reason)
		case c.Message == "" || len(c.Message) > maxMessage || c.Message != strings.TrimSpace(c.Message):
			return fmt.Sprintf("%s: a message of %d bytes: %q", c.Type, len(c.Message), c.Message)
		case !c.LastTransitionTime.IsZero():
			return c.Type + ": has a time"
		}
		seen[c.Type] = true
	}
	return ""
}

// misformedValue allows that each of the parts is half a point off.
func misformedValue(v *cxv1alpha1.Value) string {
	if v == nil {
		return ""
	}
	difference := v.Total - v.Delivered - v.Planned - v.Unplanned - v.Unelaborated
	if difference < -2 || difference > 2 || min(v.Total, v.Delivered, v.Planned, v.Unplanned, v.Unelaborated) < 0 {
		return fmt.Sprintf("the parts are not the total: %+v", *v)
	}
	return ""
}
