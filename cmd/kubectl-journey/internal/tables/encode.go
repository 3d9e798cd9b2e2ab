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

package tables

import (
	"fmt"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
)

// Value is the content of a cell.
type Value struct {
	// Text of the cell, with escapes. It is not inert yet.
	Text string
	// IsNumber tells that the text is a whole number, IsDay that it is a date.
	IsNumber, IsDay bool
}

// Get returns the field of a column from a spec, or from an entry of a list. It is nil if there is none.
func Get(from map[string]any, field string) any {
	for {
		head, rest, more := strings.Cut(field, ".")
		if !more {
			return from[head]
		}
		inside, ok := from[head].(map[string]any)
		if !ok {
			return nil
		}
		from, field = inside, rest
	}
}

// Set sets a field in a spec or an entry. With nil it removes the field, and objects that are then empty.
func Set(in map[string]any, field string, value any) {
	head, rest, more := strings.Cut(field, ".")
	if !more {
		if value == nil {
			delete(in, head)
		} else {
			in[head] = value
		}
		return
	}
	inside, ok := in[head].(map[string]any)
	if !ok {
		if value == nil {
			return
		}
		inside = map[string]any{}
		in[head] = inside
	}
	Set(inside, rest, value)
	if len(inside) == 0 {
		delete(in, head)
	}
}

// Encode returns the cell for the value of a field. It is empty if the value is missing or empty.
func (c *Column) Encode(value any) Value {
	switch c.Type {
	case Whole, Percent:
		return Value{Text: number(value), IsNumber: value != nil}
	case Flag:
		if yes, ok := value.(bool); ok {
			return Value{Text: flagText(yes)}
		}
		return Value{}
	case Day:
		return Value{Text: sheet.Escape(text(value), ""), IsDay: true}
	case Block:
		return Value{Text: sheet.EscapeBlock(text(value))}
	case Name:
		return Value{Text: nameText(text(value), "")}
	case Lines, Labels, Enums, Days:
		return Value{Text: c.lines(value, func(item any, also string) string { return lineText(text(item), also) })}
	case Names:
		return Value{Text: c.lines(value, func(item any, also string) string { return nameText(text(entry(item)["name"]), also) })}
	case Lagged:
		return Value{Text: c.lines(value, laggedText)}
	case StageRefs:
		return Value{Text: c.lines(value, stageText)}
	case Named:
		return Value{Text: c.lines(value, c.namedText)}
	case Line, Label, Enum:
	}
	return Value{Text: sheet.Escape(text(value), "")}
}

func text(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return number(value)
	}
}

func number(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

func flagText(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func entry(value any) map[string]any {
	e, _ := value.(map[string]any)
	return e
}

// lines writes a list, one item on each line. If there is only one item, a semicolon in it is escaped: import would split the item there.
func (c *Column) lines(value any, one func(item any, also string) string) string {
	items, _ := value.([]any)
	also := "\n"
	if len(items) == 1 {
		also = "\n;"
	}
	all := make([]string, len(items))
	for i, item := range items {
		all[i] = one(item, also)
	}
	return strings.Join(all, "\n")
}

func lineText(text, also string) string {
	if text == "" {
		return sheet.Empty
	}
	return sheet.Escape(text, also)
}

// nameText writes the name of an object. A name that is not valid gets an escape, so that import does not change it to a valid one.
func nameText(name, also string) string {
	if name == "" || len(validation.IsDNS1123Subdomain(name)) == 0 {
		return name
	}
	return sheet.EscapeFirst(name, also)
}

// laggedText writes "name", or "name + 10 days" when there is a wait after it.
func laggedText(item any, also string) string {
	ref := entry(item)
	name := nameText(text(ref["name"]), also+"+")
	switch days := number(ref["lagDays"]); days {
	case "", "0":
		return name
	case "1":
		return name + " + 1 day"
	default:
		return name + " + " + days + " days"
	}
}

func stageText(item any, also string) string {
	ref := entry(item)
	name, stage := nameText(text(ref["name"]), also+"/"), nameText(text(ref["stage"]), also)
	if stage == "" {
		return name
	}
	return name + "/" + stage
}

func (c *Column) namedText(item any, also string) string {
	e := entry(item)
	name, inside := nameText(text(e["name"]), also+":"), sheet.Escape(text(e[c.Text]), also)
	if inside == "" {
		return name
	}
	return name + ": " + inside
}
