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
	"reflect"
	"regexp"
	"strconv"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/duration"
	jsonvalue "sigs.k8s.io/structured-merge-diff/v6/value"
)

// TypedCell returns the same text as Cell, but for an object and its status as Go types. It needs neither JSON nor the API server's path
// language. These would be most of the work of printing a large portfolio. False means that only Cell can tell.
func (c *Column) TypedCell(object metav1.Object, status any, now time.Time) (string, bool) {
	value, fields := reflect.ValueOf(object).Elem(), c.fields
	if len(fields) > 0 && fields[0].name == "status" {
		value, fields = reflect.ValueOf(status), fields[1:]
	}
	if len(fields) == 0 {
		return "", false
	}
	return c.find(value, fields, now)
}

// part is one step of a path: a field, and if the field is a list, which of its items count.
type part struct {
	name string
	// list tells that the field is a list. The first item counts, or the first one whose field when has the value is.
	list bool
	when string
	is   string
	// every tells that all items count. The cell shows the first one that has the next field.
	every bool
}

var partPattern = regexp.MustCompile(`^\.(\w+)(?:\[(?:(0)|(\*)|\?\(@\.(\w+)=="([^"]*)"\))\])?`)

// parseParts cuts a path into parts. It returns nil for a path that it does not understand.
func parseParts(path string) []part {
	var parts []part
	for path != "" {
		found := partPattern.FindStringSubmatch(path)
		if found == nil {
			return nil
		}
		every, when := found[3] != "", found[4]
		parts = append(parts, part{name: found[1], list: found[2] != "" || every || when != "", when: when, is: found[5], every: every})
		path = path[len(found[0]):]
	}
	return parts
}

// find returns the text of the first field at a path. It is empty if there is none.
func (c *Column) find(value reflect.Value, path []part, now time.Time) (text string, ok bool) {
	if value.Kind() == reflect.Pointer {
		if value.IsNil() {
			return "", true
		}
		value = value.Elem()
	}
	if len(path) == 0 {
		return c.leaf(value, now)
	}
	if value.Kind() != reflect.Struct {
		return "", false
	}
	field, there, known := fieldOf(value, path[0].name)
	if !there {
		return "", known
	}
	if !path[0].list {
		return c.find(field, path[1:], now)
	}
	if field.Kind() != reflect.Slice {
		return "", false
	}
	for i := range field.Len() {
		item := field.Index(i)
		if path[0].when != "" && !hasText(item, path[0].when, path[0].is) {
			continue
		}
		text, ok := c.find(item, path[1:], now)
		if !path[0].every && path[0].when == "" || text != "" || !ok {
			return text, ok
		}
	}
	return "", true
}

func (c *Column) leaf(value reflect.Value, now time.Time) (string, bool) {
	if at, isTime := reflect.TypeAssert[metav1.Time](value); isTime {
		if at.IsZero() {
			return "", true
		}
		return duration.HumanDuration(now.Sub(at.Time)), c.Type == "date"
	}
	switch value.Kind() {
	case reflect.String:
		return value.String(), c.Type != "date"
	case reflect.Bool:
		return strconv.FormatBool(value.Bool()), true
	case reflect.Int, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(value.Int(), 10), true
	default:
		return "", false
	}
}

func hasText(item reflect.Value, name, text string) bool {
	if item.Kind() != reflect.Struct {
		return false
	}
	field, there, _ := fieldOf(item, name)
	return there && field.Kind() == reflect.String && field.String() == text
}

// fieldOf returns the field with a JSON name. there tells whether JSON would have the field: it leaves out empty ones. known tells whether
// the type has such a field.
func fieldOf(value reflect.Value, name string) (field reflect.Value, there, known bool) {
	entry := jsonvalue.TypeReflectEntryOf(value.Type()).Fields()[name]
	if entry == nil {
		return reflect.Value{}, false, false
	}
	field = entry.GetFrom(value)
	return field, !entry.CanOmit(field), true
}
