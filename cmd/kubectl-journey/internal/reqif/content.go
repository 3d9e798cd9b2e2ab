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
	"strconv"

	"k8s.io/apimachinery/pkg/api/meta"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
)

func (w *writer) objects(m *model) {
	for _, j := range m.journeys {
		w.journey(j)
	}
	for _, o := range m.moments {
		w.moment(m, o)
	}
	for _, r := range m.requirements {
		w.requirement(m, r)
	}
	for _, b := range m.blocks {
		w.block(b)
	}
}

func (w *writer) journey(j *cxv1alpha1.Journey) {
	s := &j.Spec
	text := &body{heading: "Success criteria"}
	text.add("", s.Description)
	text.add("Goal: ", string(s.Goal))
	for _, c := range s.SuccessCriteria {
		text.items = append(text.items, or(string(c.Description), string(c.Name)))
	}
	title := string(s.Title)
	w.object(kinds.Journey, w.objectID(kinds.Journey, j.Name), title, map[string]string{foreignID: j.Name, shortName: title, owner: string(s.Owner)}, text)
	for i := range s.Phases {
		p := &s.Phases[i]
		text := &body{heading: "Principles"}
		text.add("Milestone: ", string(p.Milestone))
		for _, principle := range p.Principles {
			text.items = append(text.items, string(principle))
		}
		title := or(string(p.Title), string(p.Name))
		w.object(phase, w.phaseID(j.Name, string(p.Name)), title, map[string]string{foreignID: string(p.Name), shortName: title}, text)
	}
}

func (w *writer) moment(m *model, o *cxv1alpha1.Moment) {
	s := &o.Spec
	text := &body{heading: "Insights"}
	text.add("", s.Description)
	text.add("Promise: ", string(s.Promise))
	for i := range s.Insights {
		text.items = append(text.items, or(string(s.Insights[i].Statement), string(s.Insights[i].Name)))
	}
	state := m.portfolio.Evaluation.Moments[o.Name]
	w.object(kinds.Moment, w.objectID(kinds.Moment, o.Name), string(s.Title), map[string]string{
		foreignID: o.Name, shortName: string(s.Title), owner: string(s.Owner), importance: strconv.Itoa(int(s.Importance)),
		neededBy: string(s.NeededBy), expected: string(state.ExpectedDate), status: reason(state.Conditions, cxv1alpha1.ConditionBlocked),
	}, text)
}

func (w *writer) requirement(m *model, r *cxv1alpha1.Requirement) {
	s := &r.Spec
	text := &body{heading: "Acceptance criteria"}
	text.add("", s.Statement)
	if u := s.UserStory; u != nil {
		text.add("As ", string(u.As))
		text.add("I want ", string(u.Want))
		text.add("So that ", string(u.SoThat))
	}
	for _, c := range s.AcceptanceCriteria {
		text.items = append(text.items, string(c))
	}
	state := m.portfolio.Evaluation.Requirements[r.Name]
	values := map[string]string{
		foreignID: r.Name, shortName: string(s.Title), moscow: string(s.MoSCoW), kind: string(s.Type), owner: string(s.Owner),
		expected: string(state.ExpectedDate), status: reason(state.Conditions, cxv1alpha1.ConditionDelivered),
	}
	if ref := s.ExternalRef; ref != nil {
		values[externalID], values[externalURL] = ref.System+" "+ref.ID, ref.URL
	}
	w.object(kinds.Requirement, w.objectID(kinds.Requirement, r.Name), string(s.Title), values, text)
}

func (w *writer) block(b *cxv1alpha1.BuildingBlock) {
	s := &b.Spec
	text := &body{heading: "Stages"}
	text.add("", s.Description)
	for i := range s.Stages {
		text.items = append(text.items, or(string(s.Stages[i].Title), string(s.Stages[i].Name)))
	}
	values := map[string]string{foreignID: b.Name, shortName: string(s.Title)}
	if s.Owners != nil {
		values[owner] = string(s.Owners.IT)
	}
	w.object(kinds.BuildingBlock, w.objectID(kinds.BuildingBlock, b.Name), string(s.Title), values, text)
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func reason(conditions []metav1.Condition, name string) string {
	if c := meta.FindStatusCondition(conditions, name); c != nil {
		return c.Reason
	}
	return ""
}

// relations writes for which moments a requirement is needed, and which building block meets it.
func (w *writer) relations(m *model) {
	relation := func(name, from, to string) {
		w.identified("SPEC-RELATION", "relation_"+from+"_"+to, "", func() {
			w.in([]string{"SOURCE"}, func() { w.leaf("SPEC-OBJECT-REF", from) })
			w.in([]string{"TARGET"}, func() { w.leaf("SPEC-OBJECT-REF", to) })
			w.in([]string{"TYPE"}, func() { w.leaf("SPEC-RELATION-TYPE-REF", typeID(name)) })
		})
	}
	for _, r := range m.requirements {
		from := w.objectID(kinds.Requirement, r.Name)
		for _, ref := range r.Spec.MomentRefs {
			if name := string(ref.Name); m.isMoment[name] {
				relation(neededFor, from, w.objectID(kinds.Moment, name))
			}
		}
		if ref := r.Spec.BuildingBlockRef; ref != nil && m.isBlock[string(ref.Name)] {
			relation(metBy, from, w.objectID(kinds.BuildingBlock, string(ref.Name)))
		}
	}
}

// specifications writes a specification for each journey, one for the building blocks, and one for objects of no existing journey.
func (w *writer) specifications(m *model) {
	for _, j := range m.journeys {
		w.specification("journey_"+idPart(j.Name), string(j.Spec.Title), func(h *hierarchy) { h.journey(m, j) })
	}
	var adrift []*cxv1alpha1.Moment
	for _, o := range m.moments {
		if !m.hasPlace(o) {
			adrift = append(adrift, o)
		}
	}
	if len(adrift) > 0 || len(m.loose) > 0 {
		w.specification("loose", loose, func(h *hierarchy) {
			for _, o := range adrift {
				h.moment(m, o)
			}
			for _, r := range m.loose {
				h.node(w.objectID(kinds.Requirement, r.Name), nil)
			}
		})
	}
	if len(m.blocks) > 0 {
		w.specification("blocks", blocks, func(h *hierarchy) {
			for _, b := range m.blocks {
				h.node(w.objectID(kinds.BuildingBlock, b.Name), nil)
			}
		})
	}
}

// hasPlace tells whether the journey and the phase of a moment exist.
func (m *model) hasPlace(o *cxv1alpha1.Moment) bool {
	for _, j := range m.journeys {
		if j.Name != string(o.Spec.JourneyRef.Name) {
			continue
		}
		for i := range j.Spec.Phases {
			if j.Spec.Phases[i].Name == o.Spec.Phase {
				return true
			}
		}
	}
	return false
}

func (w *writer) specification(name, title string, inside func(h *hierarchy)) {
	id := "specification_" + idPart(w.namespace) + "_" + name
	w.identified("SPECIFICATION", id, plain(title), func() {
		w.in([]string{"CHILDREN"}, func() { inside(&hierarchy{w: w, path: "node_" + id}) })
		w.in([]string{"TYPE"}, func() { w.leaf("SPECIFICATION-TYPE-REF", typeID("specification")) })
	})
}

// hierarchy writes the tree of a specification. A requirement of several moments is under each of them. So the identifier of a node holds
// its place in the tree.
type hierarchy struct {
	w    *writer
	path string
}

func (h *hierarchy) node(object string, children func(h *hierarchy)) {
	inner := &hierarchy{w: h.w, path: h.path + "_" + object}
	h.w.identified("SPEC-HIERARCHY", inner.path, "", func() {
		if children != nil {
			h.w.in([]string{"CHILDREN"}, func() { children(inner) })
		}
		h.w.in([]string{"OBJECT"}, func() { h.w.leaf("SPEC-OBJECT-REF", object) })
	})
}

func (h *hierarchy) journey(m *model, j *cxv1alpha1.Journey) {
	h.node(h.w.objectID(kinds.Journey, j.Name), nil)
	for i := range j.Spec.Phases {
		p := &j.Spec.Phases[i]
		h.node(h.w.phaseID(j.Name, string(p.Name)), func(h *hierarchy) {
			for _, o := range m.moments {
				if string(o.Spec.JourneyRef.Name) == j.Name && o.Spec.Phase == p.Name {
					h.moment(m, o)
				}
			}
		})
	}
}

func (h *hierarchy) moment(m *model, o *cxv1alpha1.Moment) {
	h.node(h.w.objectID(kinds.Moment, o.Name), func(h *hierarchy) {
		for _, r := range m.byMoment[o.Name] {
			h.node(h.w.objectID(kinds.Requirement, r.Name), nil)
		}
	})
}
