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

package reqif

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
)

// odd is a portfolio with references to nothing, with empty objects, and with text that XML cannot hold.
const odd = `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"a.b"},"spec":{"title":"<J> & \u0000 \u202e ]]>","phases":[{"name":"p"},{"name":"q"}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"a"},"spec":{"title":"J","phases":[{"name":"b"}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Moment","metadata":{"name":"m.1"},"spec":{"journeyRef":{"name":"a.b"},"phase":"p","title":"M","importance":1,"description":"one\n\ntwo\ufffe"}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Moment","metadata":{"name":"1"},"spec":{"journeyRef":{"name":"none"},"phase":"p","title":"M","importance":1}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Requirement","metadata":{"name":"r"},"spec":{"momentRefs":[{"name":"m.1"},{"name":"1"}],"title":"R","moscow":"Must","buildingBlockRef":{"name":"none"}}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Requirement","metadata":{"name":"s"},"spec":{"momentRefs":[{"name":"no-such"}],"title":"R\r\n\t","moscow":"Wont","type":"Data","acceptanceCriteria":["","x\ny"],"externalRef":{"system":"s","id":"\u0007"}}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Roadmap","metadata":{"name":"default"}}
`

// portfolios returns the portfolios for the tests: the samples, one full of odd things, and one that is nearly empty.
func portfolios(t *testing.T) map[string]string {
	t.Helper()
	folder := t.TempDir()
	paths := map[string]string{
		"quickstart": "../../../../config/samples/quickstart", "motor-claim": "../../../../config/samples/motor-claim",
		"odd": filepath.Join(folder, "odd.json"), "empty": filepath.Join(folder, "empty.json"),
	}
	empty := `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Roadmap","metadata":{"name":"default"}}`
	for path, content := range map[string]string{paths["odd"]: odd, paths["empty"]: empty} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return paths
}

func write(t *testing.T, path string) []byte {
	t.Helper()
	return writeOf(t, path, "shop", "2026-11-22")
}

func writeOf(t *testing.T, path, namespace string, asOf cxv1alpha1.Date) []byte {
	t.Helper()
	read, err := source.ReadFiles(context.Background(), []string{path}, nil, namespace)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, evaluate.All(read.Objects, asOf)[0], asOf); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// element is an element of a document.
type element struct {
	name     string
	attrs    map[string]string
	text     string
	children []*element
}

func parse(t *testing.T, document []byte) *element {
	t.Helper()
	root := &element{}
	stack := []*element{root}
	d := xml.NewDecoder(bytes.NewReader(document))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root.children[0]
		}
		if err != nil {
			t.Fatal(err)
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attrs: map[string]string{}}
			if want := namespace; token.Name.Space != want && token.Name.Space != xhtml {
				t.Fatalf("%s is of namespace %q", token.Name.Local, token.Name.Space)
			}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(token)
		}
	}
}

func (e *element) each(do func(*element)) {
	do(e)
	for _, child := range e.children {
		child.each(do)
	}
}

// child returns the element at a path below another.
func (e *element) child(path ...string) *element {
	for _, name := range path {
		i := slices.IndexFunc(e.children, func(c *element) bool { return c.name == name })
		if i < 0 {
			return &element{}
		}
		e = e.children[i]
	}
	return e
}

func (e *element) childNames() string {
	var names []string
	for _, c := range e.children {
		names = append(names, c.name)
	}
	return strings.Join(names, " ")
}

// sequences are the children of an element in the order that the schema requires.
var sequences = map[string]string{
	"REQ-IF":           "THE-HEADER CORE-CONTENT",
	"THE-HEADER":       "REQ-IF-HEADER",
	"CORE-CONTENT":     "REQ-IF-CONTENT",
	"REQ-IF-HEADER":    "COMMENT CREATION-TIME REQ-IF-TOOL-ID REQ-IF-VERSION SOURCE-TOOL-ID TITLE",
	"REQ-IF-CONTENT":   "DATATYPES SPEC-TYPES SPEC-OBJECTS SPEC-RELATIONS SPECIFICATIONS",
	"SPEC-OBJECT":      "VALUES TYPE",
	"SPEC-RELATION":    "SOURCE TARGET TYPE",
	"SPECIFICATION":    "CHILDREN TYPE",
	"ENUM-VALUE":       "PROPERTIES",
	"PROPERTIES":       "EMBEDDED-VALUE",
	"SPEC-OBJECT-TYPE": "SPEC-ATTRIBUTES",
}

// required are the attributes that the schema requires.
var required = map[string][]string{
	"REQ-IF-HEADER": {"IDENTIFIER"}, "EMBEDDED-VALUE": {"KEY", "OTHER-CONTENT"}, "ATTRIBUTE-VALUE-STRING": {"THE-VALUE"},
	"DATATYPE-DEFINITION-STRING": {"MAX-LENGTH"}, "ATTRIBUTE-DEFINITION-ENUMERATION": {"MULTI-VALUED"},
}

// identified matches the elements that have an identifier and a time of change.
var identified = regexp.MustCompile(`^(DATATYPE-DEFINITION-(STRING|XHTML|ENUMERATION)|ENUM-VALUE|SPEC-OBJECT-TYPE|SPEC-RELATION-TYPE|SPECIFICATION-TYPE|` +
	`ATTRIBUTE-DEFINITION-(STRING|XHTML|ENUMERATION)|SPEC-OBJECT|SPEC-RELATION|SPECIFICATION|SPEC-HIERARCHY)$`)

var ncName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9._-]*$`)

// TestStructure checks what the schema requires. It also checks what a schema cannot require: references lead to elements of the right type.
func TestStructure(t *testing.T) {
	for name, path := range portfolios(t) {
		t.Run(name, func(t *testing.T) {
			root := parse(t, write(t, path))
			byID := map[string]*element{}
			root.each(func(e *element) {
				if want, ok := sequences[e.name]; ok && e.childNames() != want {
					t.Errorf("%s holds %s, want %s", e.name, e.childNames(), want)
				}
				for _, attr := range required[e.name] {
					if _, ok := e.attrs[attr]; !ok {
						t.Errorf("%s lacks %s", e.name, attr)
					}
				}
				if identified.MatchString(e.name) && e.attrs["LAST-CHANGE"] != lastChange {
					t.Errorf("%s was changed at %q", e.name, e.attrs["LAST-CHANGE"])
				}
				id, ok := e.attrs["IDENTIFIER"]
				if identified.MatchString(e.name) && !ok {
					t.Errorf("%s lacks an identifier", e.name)
				}
				if !ok {
					return
				}
				if !ncName.MatchString(id) {
					t.Errorf("%q is no identifier", id)
				}
				if byID[id] != nil {
					t.Errorf("identifier %s is there twice", id)
				}
				byID[id] = e
			})
			root.each(func(e *element) {
				if want, isRef := strings.CutSuffix(e.name, "-REF"); isRef && (byID[e.text] == nil || byID[e.text].name != want) {
					t.Errorf("%s %s leads nowhere", e.name, e.text)
				}
			})
			requireValues(t, root, byID)
			requireEverything(t, root)
		})
	}
}

// requireValues checks that objects have only values of their type, each once.
func requireValues(t *testing.T, root *element, byID map[string]*element) {
	t.Helper()
	for _, object := range root.child("CORE-CONTENT", "REQ-IF-CONTENT", "SPEC-OBJECTS").children {
		allowed := byID[object.child("TYPE", "SPEC-OBJECT-TYPE-REF").text].child("SPEC-ATTRIBUTES").children
		seen := map[string]bool{}
		for _, value := range object.child("VALUES").children {
			definition := value.child("DEFINITION").children[0].text
			if seen[definition] || !slices.Contains(allowed, byID[definition]) {
				t.Errorf("%s has a value %s too many", object.attrs["IDENTIFIER"], definition)
			}
			seen[definition] = true
		}
	}
}

// requireEverything checks that each object is in a specification. A requirement of several moments may be there several times.
func requireEverything(t *testing.T, root *element) {
	t.Helper()
	placed := map[string]bool{}
	root.child("CORE-CONTENT", "REQ-IF-CONTENT", "SPECIFICATIONS").each(func(e *element) {
		if e.name == "SPEC-OBJECT-REF" {
			placed[e.text] = true
		}
	})
	for _, object := range root.child("CORE-CONTENT", "REQ-IF-CONTENT", "SPEC-OBJECTS").children {
		if !placed[object.attrs["IDENTIFIER"]] {
			t.Errorf("%s is in no specification", object.attrs["IDENTIFIER"])
		}
	}
}

func TestWriteIsDeterministic(t *testing.T) {
	for name, path := range portfolios(t) {
		if !bytes.Equal(write(t, path), write(t, path)) {
			t.Errorf("%s is different each time", name)
		}
	}
}

// identifiers returns the identifiers of a document, without those of types, which are the same in every portfolio.
func identifiers(t *testing.T, document []byte) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	parse(t, document).each(func(e *element) {
		isCommon := regexp.MustCompile(`^(DATATYPE|ENUM|ATTRIBUTE)-|-TYPE$`).MatchString(e.name)
		if id, ok := e.attrs["IDENTIFIER"]; ok && !isCommon {
			found[id] = true
		}
	})
	return found
}

// TestIdentifiers checks that two portfolios share no identifier, and that an object keeps its own when other objects come and go.
func TestIdentifiers(t *testing.T) {
	for name, path := range portfolios(t) {
		shop := identifiers(t, writeOf(t, path, "shop", "2026-11-22"))
		for id := range identifiers(t, writeOf(t, path, "shop-2", "2026-11-22")) {
			if shop[id] {
				t.Errorf("%s: %s is in both namespaces", name, id)
			}
		}
	}
	folder := t.TempDir()
	fewer, all := filepath.Join(folder, "fewer.json"), filepath.Join(folder, "all.json")
	for path, content := range map[string]string{fewer: strings.Join(strings.SplitAfter(odd, "\n")[1:], ""), all: odd} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	left, before := identifiers(t, write(t, fewer)), identifiers(t, write(t, all))
	for id := range left {
		if strings.HasPrefix(id, "object_") && !before[id] {
			t.Errorf("%s is new where a journey is gone", id)
		}
	}
}

// TestDaysChangeNothing checks that only the header depends on the day.
func TestDaysChangeNothing(t *testing.T) {
	path := portfolios(t)["odd"]
	today, tomorrow := writeOf(t, path, "shop", "2026-11-22"), writeOf(t, path, "shop", "2026-11-23")
	if got := strings.ReplaceAll(string(tomorrow), "<CREATION-TIME>2026-11-23", "<CREATION-TIME>2026-11-22"); got != string(today) {
		t.Errorf("(-today +tomorrow):\n%s", cmp.Diff(string(today), got))
	}
}
