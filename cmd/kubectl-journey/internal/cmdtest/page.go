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

package cmdtest

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// Element is a part of a page or picture, as a parser reads it.
type Element struct {
	Name       string
	Attributes map[string]string
	Text       string // without the text of its children
}

// ParsePage reads a page or a picture. It fails if that is not well-formed.
func ParsePage(t *testing.T, text string) []Element {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	if strings.HasPrefix(text, "<!DOCTYPE html>") {
		// With these settings the XML decoder can read HTML: elements without an end, attributes without a value, and entities.
		decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	}
	var all []Element
	var open []int
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := Element{Name: token.Name.Local, Attributes: map[string]string{}}
			for _, a := range token.Attr {
				e.Attributes[a.Name.Local] = a.Value
			}
			open = append(open, len(all))
			all = append(all, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				all[open[len(open)-1]].Text += string(token)
			}
		}
	}
	if len(open) > 0 {
		t.Fatalf("%d elements have no end", len(open))
	}
	return all
}

// Values lists the Values of an attribute.
func Values(elements []Element, attribute string) []string {
	var list []string
	for _, e := range elements {
		if value, has := e.Attributes[attribute]; has {
			list = append(list, value)
		}
	}
	slices.Sort(list)
	return list
}

// allowedElements are the elements that pages and pictures may have. None of them loads or runs anything.
var allowedElements = strings.Fields(`html head meta title style body a main h1 h2 p section figure ul li strong div table thead tbody tfoot tr th td
	bdi span label select option footer svg desc rect line path circle text tspan g`)

// RequireHarmless checks that a page loads nothing and runs nothing, and that no identifier is there twice.
func RequireHarmless(t *testing.T, text string) []Element {
	t.Helper()
	elements := ParsePage(t, text)
	for _, e := range elements {
		if !slices.Contains(allowedElements, e.Name) {
			t.Errorf("there is an element %q", e.Name)
		}
		for name, value := range e.Attributes {
			if strings.HasPrefix(name, "on") || name == "src" || name == "style" || name == "action" {
				t.Errorf("%s has an attribute %s=%q", e.Name, name, value)
			}
			if strings.Contains(name, "href") && value != "#words" {
				t.Errorf("%s leads to %q", e.Name, value)
			}
		}
		if e.Name == "style" && regexp.MustCompile(`(?i)url\(|@import|expression|javascript`).MatchString(e.Text) {
			t.Errorf("the style loads something: %s", e.Text)
		}
	}
	ids := Values(elements, "id")
	if unique := slices.Compact(slices.Clone(ids)); len(unique) != len(ids) {
		t.Errorf("identifiers occur twice: %v", ids)
	}
	return elements
}

// RequirePage checks what every page must have.
func RequirePage(t *testing.T, text string) []Element {
	t.Helper()
	elements := RequireHarmless(t, text)
	if !strings.Contains(text, `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-`) {
		t.Error("the page has no policy")
	}
	for _, want := range []string{`<html lang="en">`, `<h1`, `<main>`, `@page{size:A3 landscape`, `prefers-color-scheme:dark`, `@media print`} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, e := range elements {
		if e.Name == "th" && e.Attributes["scope"] == "" {
			t.Error("a head of a table has no scope")
		}
		if e.Name == "svg" && e.Attributes["aria-labelledby"] == "" && e.Attributes["aria-hidden"] == "" {
			t.Error("a picture has no title")
		}
	}
	return elements
}

// RequireTexts checks that readers see exactly the texts that were written. Only characters that are not inert are escaped.
func RequireTexts(t *testing.T, elements []Element, texts []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, e := range elements {
		seen[e.Text] = true
	}
	for _, text := range texts {
		if !seen[terminal.Line(text)] {
			t.Errorf("nowhere on the page stands %q", text)
		}
	}
}
