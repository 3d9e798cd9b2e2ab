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
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/duration"
	"k8s.io/client-go/util/jsonpath"
)

// Column is a printer column of a kind.
type Column struct {
	// Name is the heading, for instance "Needed by".
	Name string
	// Type is string, integer, boolean or date.
	Type string
	// Wide columns are only in wide tables (-o wide).
	Wide bool

	path *jsonpath.JSONPath
	// fields is the path for TypedCell. It is nil if TypedCell does not understand the path.
	fields []part
}

// Columns returns the printer columns of the kind, without the name.
func (k *Kind) Columns() ([]Column, error) {
	d, err := k.definition()
	if err != nil {
		return nil, err
	}
	var columns []Column
	for _, c := range d.columns {
		path := jsonpath.New(c.Name).AllowMissingKeys(true)
		if err := path.Parse("{" + c.JSONPath + "}"); err != nil {
			return nil, fmt.Errorf("parsing the path of column %s of %s: %w", c.Name, k.Plural, err)
		}
		columns = append(columns, Column{Name: c.Name, Type: c.Type, Wide: c.Priority > 0, path: path, fields: parseParts(c.JSONPath)})
	}
	return columns, nil
}

// Cell returns the text of the column for an object. It is empty if the object has no such field. It does what the API server does for
// kubectl get.
func (c Column) Cell(object map[string]any, now time.Time) string {
	results, err := c.path.FindResults(object)
	if err != nil || len(results) == 0 || len(results[0]) == 0 {
		return ""
	}
	value := results[0][0].Interface()
	if c.Type != "date" {
		return cellText(value)
	}
	text, ok := value.(string)
	if !ok {
		return ""
	}
	var at metav1.Time
	if err := at.UnmarshalQueryParameter(text); err != nil {
		return "<invalid>"
	}
	return duration.HumanDuration(now.Sub(at.Time))
}

func cellText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	default:
		return strings.TrimSpace(fmt.Sprint(v))
	}
}
