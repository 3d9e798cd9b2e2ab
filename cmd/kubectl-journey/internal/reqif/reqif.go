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

// Package reqif writes a portfolio in the Requirements Interchange Format of the OMG, which requirements tools read (ReqIF 1.0,
// the schema of 2011-04-01).
package reqif

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
)

const (
	namespace = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"
	xhtml     = "http://www.w3.org/1999/xhtml"
)

// The attributes that every object has. Their names are those of the ReqIF implementation guide, which tools know.
const (
	foreignID   = "ReqIF.ForeignID"
	shortName   = "ReqIF.Name"
	longText    = "ReqIF.Text"
	moscow      = "MoSCoW"
	kind        = "Type"
	owner       = "Owner"
	externalID  = "External id"
	externalURL = "External URL"
	status      = "Status"
	neededBy    = "Needed by"
	expected    = "Expected"
	importance  = "Importance"
)

// enums are the attributes whose value is one of a few words.
var enums = map[string][]string{
	moscow: tables.Of(kinds.Requirement).Find("moscow").Choices,
	kind:   tables.Of(kinds.Requirement).Find("type").Choices,
}

// enumOrder is the order in which their types are written.
var enumOrder = []string{moscow, kind}

// objectType is a kind of object, with its attributes in order.
type objectType struct {
	name       string
	attributes []string
}

var objectTypes = []objectType{
	{kinds.Journey, []string{foreignID, shortName, longText, owner}},
	{phase, []string{foreignID, shortName, longText}},
	{kinds.Moment, []string{foreignID, shortName, longText, owner, importance, neededBy, expected, status}},
	{kinds.Requirement, []string{foreignID, shortName, longText, moscow, kind, owner, externalID, externalURL, expected, status}},
	{kinds.BuildingBlock, []string{foreignID, shortName, longText, owner}},
}

// phase is the type of phases. A phase is an object in ReqIF, but only a part of a Journey in the cluster.
const phase = "Phase"

// The relations between objects.
const (
	neededFor = "needed for"
	metBy     = "met by"
)

// The specifications beside the journeys.
const (
	blocks = "Building blocks"
	loose  = "Requirements without a moment"
)

// writer writes elements, and keeps the first error. It writes each element at once, since there may be very many.
type writer struct {
	out     *xml.Encoder
	problem error
	// namespace of the portfolio. It is part of all identifiers, but for those of types, which are the same in every portfolio.
	namespace string
}

// begin opens an element. Its attributes are given as name, value, name, value.
func (w *writer) begin(name string, attributes ...string) {
	start := xml.StartElement{Name: xml.Name{Local: name}}
	for i := 0; i+1 < len(attributes); i += 2 {
		start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: attributes[i]}, Value: attributes[i+1]})
	}
	w.token(start)
}

func (w *writer) end(name string) { w.token(xml.EndElement{Name: xml.Name{Local: name}}) }

func (w *writer) token(t xml.Token) {
	if w.problem == nil {
		w.problem = w.out.EncodeToken(t)
	}
}

// leaf writes an element that holds only text.
func (w *writer) leaf(name, text string) {
	w.begin(name)
	w.token(xml.CharData(text))
	w.end(name)
}

// in writes elements, one inside the other.
func (w *writer) in(names []string, inside func()) {
	for _, name := range names {
		w.begin(name)
	}
	inside()
	for _, name := range slices.Backward(names) {
		w.end(name)
	}
}

// lastChange is the time of the last change, the same for all objects. The schema requires a time, but nobody knows when an object
// changed. With the day of the export, tools would think at each import that everything has changed.
const lastChange = "1970-01-01T00:00:00Z"

// identified writes an element that others can refer to.
func (w *writer) identified(name, id, longName string, inside func(), more ...string) {
	attributes := []string{"IDENTIFIER", id, "LAST-CHANGE", lastChange}
	if longName != "" {
		attributes = append(attributes, "LONG-NAME", longName)
	}
	w.begin(name, append(attributes, more...)...)
	inside()
	w.end(name)
}

func nothing() {}

// Identifiers must be XML names. Names of objects hold letters, digits, '-' and '.', so '_' can separate the parts.
func typeID(name string) string          { return "type_" + idPart(name) }
func attributeID(of, name string) string { return "attribute_" + idPart(of) + "_" + idPart(name) }
func wordID(enum, word string) string    { return "value_" + idPart(enum) + "_" + idPart(word) }

func (w *writer) objectID(kind, name string) string {
	return "object_" + idPart(w.namespace) + "_" + idPart(kind) + "_" + idPart(name)
}

func (w *writer) phaseID(journey, name string) string {
	return w.objectID(phase, journey) + "_" + idPart(name)
}

func idPart(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.':
			return r
		default:
			return '-'
		}
	}, text)
}

// Write writes a portfolio. The file holds the day, but no time of day, so that the same objects give the same bytes. An object keeps its
// identifier, whatever else is in the file.
func Write(out io.Writer, p *evaluate.Portfolio, asOf cxv1alpha1.Date) error {
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return err
	}
	w := &writer{out: xml.NewEncoder(out), namespace: p.Namespace}
	w.out.Indent("", "  ")
	m := modelOf(p)
	w.begin("REQ-IF", "xmlns", namespace, "xmlns:xhtml", xhtml)
	w.in([]string{"THE-HEADER"}, func() { w.header(asOf) })
	w.in([]string{"CORE-CONTENT", "REQ-IF-CONTENT"}, func() {
		w.in([]string{"DATATYPES"}, w.dataTypes)
		w.in([]string{"SPEC-TYPES"}, w.specTypes)
		w.in([]string{"SPEC-OBJECTS"}, func() { w.objects(m) })
		w.in([]string{"SPEC-RELATIONS"}, func() { w.relations(m) })
		w.in([]string{"SPECIFICATIONS"}, func() { w.specifications(m) })
	})
	w.end("REQ-IF")
	if w.problem != nil {
		return fmt.Errorf("writing ReqIF: %w", w.problem)
	}
	if err := w.out.Close(); err != nil {
		return fmt.Errorf("writing ReqIF: %w", err)
	}
	_, err := io.WriteString(out, "\n")
	return err
}

func (w *writer) header(asOf cxv1alpha1.Date) {
	w.begin("REQ-IF-HEADER", "IDENTIFIER", "header_"+idPart(w.namespace))
	w.leaf("COMMENT", "Customer journeys, their moments and requirements, and the building blocks that meet them.")
	w.leaf("CREATION-TIME", string(asOf)+"T00:00:00Z")
	w.leaf("REQ-IF-TOOL-ID", "kubectl-journey")
	w.leaf("REQ-IF-VERSION", "1.0")
	w.leaf("SOURCE-TOOL-ID", "journey-operator")
	w.leaf("TITLE", "Customer journeys of "+plain(w.namespace))
	w.end("REQ-IF-HEADER")
}

// The types of values.
const (
	stringType = "datatype_string"
	xhtmlType  = "datatype_xhtml"
)

func (w *writer) dataTypes() {
	w.identified("DATATYPE-DEFINITION-STRING", stringType, "Text", nothing, "MAX-LENGTH", "32000")
	w.identified("DATATYPE-DEFINITION-XHTML", xhtmlType, "Formatted text", nothing)
	for _, name := range enumOrder {
		w.identified("DATATYPE-DEFINITION-ENUMERATION", "datatype_"+idPart(name), name, func() {
			w.in([]string{"SPECIFIED-VALUES"}, func() {
				for i, word := range enums[name] {
					w.identified("ENUM-VALUE", wordID(name, word), word, func() {
						w.in([]string{"PROPERTIES"}, func() {
							w.begin("EMBEDDED-VALUE", "KEY", fmt.Sprint(i+1), "OTHER-CONTENT", word)
							w.end("EMBEDDED-VALUE")
						})
					})
				}
			})
		})
	}
}

func (w *writer) specTypes() {
	for _, t := range objectTypes {
		w.identified("SPEC-OBJECT-TYPE", typeID(t.name), t.name, func() {
			w.in([]string{"SPEC-ATTRIBUTES"}, func() {
				for _, name := range t.attributes {
					w.attributeDefinition(t.name, name)
				}
			})
		})
	}
	w.identified("SPEC-RELATION-TYPE", typeID(neededFor), neededFor, nothing)
	w.identified("SPEC-RELATION-TYPE", typeID(metBy), metBy, nothing)
	w.identified("SPECIFICATION-TYPE", typeID("specification"), "Specification", nothing)
}

func (w *writer) attributeDefinition(of, name string) {
	form, dataType := formOf(name)
	more := []string{}
	if form == "ENUMERATION" {
		more = []string{"MULTI-VALUED", "false"}
	}
	w.identified("ATTRIBUTE-DEFINITION-"+form, attributeID(of, name), name, func() {
		w.in([]string{"TYPE"}, func() { w.leaf("DATATYPE-DEFINITION-"+form+"-REF", dataType) })
	}, more...)
}

// formOf returns how an attribute is written, and its type of value.
func formOf(name string) (form, dataType string) {
	switch {
	case enums[name] != nil:
		return "ENUMERATION", "datatype_" + idPart(name)
	case name == longText:
		return "XHTML", xhtmlType
	default:
		return "STRING", stringType
	}
}

// object writes an object with its attributes. Attributes without a value are left out.
func (w *writer) object(of, id, title string, values map[string]string, body *body) {
	attributes := objectTypes[slices.IndexFunc(objectTypes, func(t objectType) bool { return t.name == of })].attributes
	w.identified("SPEC-OBJECT", id, plain(title), func() {
		w.in([]string{"VALUES"}, func() {
			for _, name := range attributes {
				form, _ := formOf(name)
				definition := func() {
					w.in([]string{"DEFINITION"}, func() { w.leaf("ATTRIBUTE-DEFINITION-"+form+"-REF", attributeID(of, name)) })
				}
				switch {
				case form == "XHTML" && !body.isEmpty():
					w.begin("ATTRIBUTE-VALUE-XHTML")
					w.in([]string{"THE-VALUE"}, func() { w.body(body) })
					definition()
					w.end("ATTRIBUTE-VALUE-XHTML")
				case values[name] == "":
				case form == "ENUMERATION":
					w.begin("ATTRIBUTE-VALUE-ENUMERATION")
					definition()
					w.in([]string{"VALUES"}, func() { w.leaf("ENUM-VALUE-REF", wordID(name, values[name])) })
					w.end("ATTRIBUTE-VALUE-ENUMERATION")
				default:
					w.begin("ATTRIBUTE-VALUE-STRING", "THE-VALUE", plain(values[name]))
					definition()
					w.end("ATTRIBUTE-VALUE-STRING")
				}
			}
		})
		w.in([]string{"TYPE"}, func() { w.leaf("SPEC-OBJECT-TYPE-REF", typeID(of)) })
	})
}

// plain makes any text valid in XML, and inert.
func plain(text string) string { return sheet.EscapeBlock(text) }

// body is text in paragraphs, and lists with a heading.
type body struct {
	paragraphs []string
	heading    string
	items      []string
}

func (b *body) isEmpty() bool { return len(b.paragraphs) == 0 && len(b.items) == 0 }

// add adds a paragraph, unless it is empty.
func (b *body) add(before, text string) {
	if text != "" {
		b.paragraphs = append(b.paragraphs, before+text)
	}
}

func (w *writer) body(b *body) {
	w.in([]string{"xhtml:div"}, func() {
		for _, p := range b.paragraphs {
			w.paragraph("xhtml:p", p)
		}
		if len(b.items) == 0 {
			return
		}
		w.paragraph("xhtml:p", b.heading)
		w.in([]string{"xhtml:ul"}, func() {
			for _, item := range b.items {
				w.paragraph("xhtml:li", item)
			}
		})
	})
}

func (w *writer) paragraph(element, text string) {
	w.begin(element)
	for i, line := range strings.Split(plain(text), "\n") {
		if i > 0 {
			w.begin("xhtml:br")
			w.end("xhtml:br")
		}
		w.token(xml.CharData(line))
	}
	w.end(element)
}

// model holds the objects to write, and indexes to find them.
type model struct {
	portfolio    *evaluate.Portfolio
	journeys     []*cxv1alpha1.Journey
	moments      []*cxv1alpha1.Moment
	requirements []*cxv1alpha1.Requirement
	blocks       []*cxv1alpha1.BuildingBlock
	isMoment     map[string]bool
	isBlock      map[string]bool
	byMoment     map[string][]*cxv1alpha1.Requirement
	loose        []*cxv1alpha1.Requirement
}

func modelOf(p *evaluate.Portfolio) *model {
	m := &model{portfolio: p, isMoment: map[string]bool{}, isBlock: map[string]bool{}, byMoment: map[string][]*cxv1alpha1.Requirement{}}
	var moments []*source.Object
	for _, o := range p.Objects {
		switch typed := o.Typed.(type) {
		case *cxv1alpha1.Journey:
			m.journeys = append(m.journeys, typed)
		case *cxv1alpha1.Moment:
			moments = append(moments, o)
		case *cxv1alpha1.Requirement:
			m.requirements = append(m.requirements, typed)
		case *cxv1alpha1.BuildingBlock:
			m.blocks = append(m.blocks, typed)
			m.isBlock[o.Name] = true
		}
	}
	tables.SortMoments(p, moments)
	for _, o := range moments {
		if typed, ok := o.Typed.(*cxv1alpha1.Moment); ok {
			m.moments = append(m.moments, typed)
			m.isMoment[o.Name] = true
		}
	}
	for _, r := range m.requirements {
		known := false
		for _, ref := range r.Spec.MomentRefs {
			if name := string(ref.Name); m.isMoment[name] {
				m.byMoment[name] = append(m.byMoment[name], r)
				known = true
			}
		}
		if !known {
			m.loose = append(m.loose, r)
		}
	}
	return m
}
