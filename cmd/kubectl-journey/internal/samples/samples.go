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

// Package samples keeps the measured values in the spec of a metric: one value a date, in the order of dates, and no more than fit.
package samples

import (
	"slices"
	"strconv"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Max is the number of samples that a metric holds.
const Max = 400

// List is spec.samples as decoded JSON.
type List []any

// Of returns the samples in a spec.
func Of(spec map[string]any) List {
	list, _ := spec["samples"].([]any)
	return list
}

// Get returns the value on a date, and whether there is one.
func (l List) Get(date cxv1alpha1.Date) (cxv1alpha1.Decimal, bool) {
	if i := l.Index(date); i >= 0 {
		return decimal(l[i]), true
	}
	return "", false
}

// Put returns the list with a value on a date. Other entries stay where they are: a new one comes before the first later one.
func (l List) Put(date cxv1alpha1.Date, value cxv1alpha1.Decimal) List {
	list := slices.Clone(l)
	// As text: an API server that tracks who owns a field takes no number there.
	entry := map[string]any{"date": string(date), "value": string(value)}
	if i := list.Index(date); i >= 0 {
		list[i] = entry
		return list
	}
	at := slices.IndexFunc(list, func(other any) bool { return DateOf(other) > date })
	if at < 0 {
		at = len(list)
	}
	return slices.Insert(list, at, any(entry))
}

// Trim drops the oldest samples that do not fit, and returns how many.
func (l List) Trim() (kept List, dropped int) {
	dropped = max(len(l)-Max, 0)
	if dropped == 0 {
		return l, 0
	}
	dates := make([]cxv1alpha1.Date, len(l))
	for i, entry := range l {
		dates[i] = DateOf(entry)
	}
	slices.Sort(dates)
	oldest := dates[dropped]
	return slices.DeleteFunc(slices.Clone(l), func(entry any) bool { return DateOf(entry) < oldest }), dropped
}

// Index is the place of the sample of a date, or -1.
func (l List) Index(date cxv1alpha1.Date) int {
	return slices.IndexFunc(l, func(entry any) bool { return DateOf(entry) == date })
}

// DateOf returns the date of an entry.
func DateOf(entry any) cxv1alpha1.Date {
	object, _ := entry.(map[string]any)
	date, _ := object["date"].(string)
	return cxv1alpha1.Date(date)
}

func decimal(entry any) cxv1alpha1.Decimal {
	object, _ := entry.(map[string]any)
	switch value := object["value"].(type) {
	case string:
		return cxv1alpha1.Decimal(value).Plain()
	case int64:
		return cxv1alpha1.Decimal(strconv.FormatInt(value, 10))
	}
	return ""
}
