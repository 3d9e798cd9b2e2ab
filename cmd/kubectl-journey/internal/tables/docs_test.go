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
	goflag "flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = goflag.Bool("update", false, "write the tables of the documentation anew")

const (
	page  = "../../../../docs/spreadsheets.md"
	begin = "<!-- The tables below are made by \"go test ./cmd/kubectl-journey/internal/tables -update\". -->\n\n"
)

// TestDocumentation checks that the page about spreadsheets lists all sheets and columns.
func TestDocumentation(t *testing.T) {
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	above, got, found := strings.Cut(string(content), begin)
	if !found {
		t.Fatalf("%s has no place for the tables", page)
	}
	want := documented()
	if *update {
		if err := os.WriteFile(page, []byte(above+begin+want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the tables are others (-want +page; -update writes them anew):\n%s", diff)
	}
}

// documented returns all sheets as Markdown.
func documented() string {
	var b strings.Builder
	for i, t := range All {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "### %s\n\nIn CSV `%s.csv`. Each row is ", t.Sheet, t.File)
		if t.IsDetail() {
			fmt.Fprintf(&b, "an entry of `spec.%s` of a %s.\n", t.List, t.Kind)
		} else {
			fmt.Fprintf(&b, "a %s.\n", t.Kind)
		}
		b.WriteString("\n| column | field | what it takes |\n| --- | --- | --- |\n")
		var computed []string
		for c := range t.Columns {
			column := &t.Columns[c]
			if column.Computed != nil {
				computed = append(computed, column.Heading)
				continue
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", column.Heading, fieldOf(column), column.takes())
		}
		if len(computed) > 0 {
			fmt.Fprintf(&b, "\nComputed: %s.\n", strings.Join(computed, ", "))
		}
	}
	return b.String()
}

func fieldOf(c *Column) string {
	switch {
	case c.Field != "":
		return "`" + c.Field + "`"
	case c.Of != "":
		return ""
	default:
		return "`metadata.name`"
	}
}

// takes says what people may write in the cells of a column.
func (c *Column) takes() string {
	switch c.Type {
	case Line:
		return "text"
	case Block:
		return "text of any number of lines"
	case Label:
		return "name"
	case Name:
		if c.Of != "" {
			return "name or title of a " + c.Of
		}
		return "name; made of the title when empty"
	case Enum:
		return strings.Join(c.Choices, ", ")
	case Whole:
		return "whole number"
	case Percent:
		return "whole percentage"
	case Flag:
		return "yes, no"
	case Day:
		return "date"
	case Lines:
		return "list of texts"
	case Labels:
		return "list of names"
	case Names:
		return "list of names or titles of a " + c.Of
	case Lagged:
		return "list of names or titles of a " + c.Of + ", with \"+ 10 days\" behind one to wait longer"
	case Enums:
		return "list of " + strings.Join(c.Choices, ", ")
	case Days:
		return "list of dates"
	case StageRefs:
		return "list of block/stage"
	case Named:
		return "list of \"name: " + c.Text + "\""
	}
	return ""
}
