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

package portfolio

import (
	"fmt"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// The kinds of objects that a proof speaks of.
const (
	kindJourney       = cxv1alpha1.JourneyKind
	kindMoment        = cxv1alpha1.MomentKind
	kindRequirement   = cxv1alpha1.RequirementKind
	kindBuildingBlock = cxv1alpha1.BuildingBlockKind
	kindRoadmapItem   = cxv1alpha1.RoadmapItemKind
	kindRoadmap       = cxv1alpha1.RoadmapKind
)

// Relation tells how a Reason follows from the one above it.
type Relation string

const (
	// RelationHasMoment leads from a journey to a moment of it.
	RelationHasMoment Relation = "HasMoment"
	// RelationAsksFor leads from a moment to a requirement of its gate.
	RelationAsksFor Relation = "AsksFor"
	// RelationMetBy leads from a requirement to the stage that meets it.
	RelationMetBy Relation = "MetBy"
	// RelationHasStage leads from a building block to a stage of it.
	RelationHasStage Relation = "HasStage"
	// RelationDeliveredBy leads from a stage to the roadmap item that delivers it, or has delivered it.
	RelationDeliveredBy Relation = "DeliveredBy"
	// RelationDependsOn leads from a roadmap item to one that its dependsOn names.
	RelationDependsOn Relation = "DependsOn"
	// RelationNeedsStage leads from a roadmap item to the stage, or the item that delivers the stage, that a stage of its own depends on.
	RelationNeedsStage Relation = "NeedsStage"
	// RelationEarlierStage leads from a roadmap item to the one that delivers an earlier stage of the same block.
	RelationEarlierStage Relation = "EarlierStage"
	// RelationCannotSchedule leads from the Roadmap to a live roadmap item that cannot be scheduled.
	RelationCannotSchedule Relation = "CannotSchedule"
)

// Cut tells why a Reason is not followed further.
type Cut string

const (
	// CutCycle marks what is already above it on the same path: the work waits for itself.
	CutCycle Cut = "Cycle"
	// CutShown marks what has been followed elsewhere in the same proof, before this.
	CutShown Cut = "Shown"
	// CutLimit marks that the proof has become too long or too deep to go on.
	CutLimit Cut = "Limit"
)

// Reason is a node in the proof of why something is as it is: a fact, and the facts that it follows from.
type Reason struct {
	// Kind and Name of the object.
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Stage of the building block that is meant; empty for the block as a whole.
	Stage string `json:"stage,omitempty"`
	// Relation to the reason above; empty at the top.
	Relation Relation `json:"relation,omitempty"`
	// Via says which stages make the relation, where that is not plain from the objects.
	Via string `json:"via,omitempty"`
	// State is the reason of the condition that counts here, or the state of a roadmap item.
	State string `json:"state"`
	// Text says it in a sentence.
	Text string `json:"message,omitempty"`
	// Title of the object, for people.
	Title string `json:"title,omitempty"`
	// Team that does the work, where it is known.
	Team string `json:"team,omitempty"`
	// Expected is the date that the forecast gives.
	Expected cxv1alpha1.Date `json:"expectedDate,omitempty"`
	// Cut is empty where the reason is followed to its end.
	Cut Cut `json:"cut,omitempty"`
	// Because lists what the reason follows from.
	Because []*Reason `json:"because,omitempty"`
	// More is the number of further reasons that Because leaves out.
	More int `json:"more,omitempty"`
}

// NotFoundError says that a portfolio does not hold an object.
type NotFoundError struct {
	Kind, Name string
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("there is no %s %q", e.Kind, e.Name)
}

// The bounds of a proof: how many reasons it has, how many follow directly from one, and how long a path is.
const (
	maxReasons = 2000
	maxBecause = 100
	maxDepth   = 60
)

// Why proves why an object is as it is: a moment through the requirements of its gate, the building blocks and stages that meet
// those, the roadmap items that deliver the stages, and what these wait for in turn. What was followed before is not
// followed again, and the whole is bounded; Cut and More say where it ends early. The only error is a NotFoundError.
func (e *Evaluation) Why(kind, name string) (*Reason, error) {
	p := &prover{graph: e.graph, shown: map[any]bool{}, path: map[*item]bool{}}
	if reason := p.of(kind, name); reason != nil {
		return reason, nil
	}
	return nil, &NotFoundError{Kind: kind, Name: name}
}

// prover builds one proof.
type prover struct {
	*graph
	count int
	depth int
	// shown holds the stages and items that have been followed.
	shown map[any]bool
	// path holds the items between the top and here.
	path map[*item]bool
}

func (p *prover) of(kind, name string) *Reason {
	switch kind {
	case kindJourney:
		if j := p.journeyNamed[name]; j != nil {
			return p.journey(j)
		}
	case kindMoment:
		if m := p.momentNamed[name]; m != nil {
			return p.moment(m)
		}
	case kindRequirement:
		for _, r := range p.requirements {
			if r.Name == name {
				return p.requirement(r)
			}
		}
	case kindBuildingBlock:
		if b := p.blockNamed[name]; b != nil {
			return p.block(b)
		}
	case kindRoadmapItem:
		if i := p.itemNamed[name]; i != nil {
			return p.item(i)
		}
	case kindRoadmap:
		if p.roadmap != nil && p.roadmap.Name == name {
			return p.plan()
		}
	}
	return nil
}

// follow adds to a reason what it follows from, one reason for each of n, within the bounds.
func (p *prover) follow(from *Reason, n int, reason func(int) *Reason) {
	if n == 0 {
		return
	}
	if p.depth == maxDepth {
		from.Cut = CutLimit
		return
	}
	p.depth++
	defer func() { p.depth-- }()
	for k := range n {
		if k == maxBecause || p.count >= maxReasons {
			from.More = n - k
			return
		}
		p.count++
		from.Because = append(from.Because, reason(k))
	}
}

// firstTime tells whether a stage or item was not followed before, and marks it.
func (p *prover) firstTime(node any, reason *Reason) bool {
	if p.shown[node] {
		reason.Cut = CutShown
		return false
	}
	p.shown[node] = true
	return true
}

func (p *prover) journey(j *journey) *Reason {
	verdict := j.conditions.of(cxv1alpha1.ConditionBlocked)
	reason := &Reason{
		Kind: kindJourney, Name: j.Name, Title: string(j.Spec.Title), State: verdict.reason, Text: verdict.message, Expected: j.expected,
	}
	var blocked []*moment
	for _, m := range j.moments {
		if m.isBlocked() {
			blocked = append(blocked, m)
		}
	}
	// Each moment has a proof of its own; all of them together would be too much to read.
	p.follow(reason, len(blocked), func(k int) *Reason { return related(RelationHasMoment, momentReason(blocked[k])) })
	return reason
}

func related(relation Relation, reason *Reason) *Reason {
	reason.Relation = relation
	return reason
}

func momentReason(m *moment) *Reason {
	verdict := m.conditions.of(cxv1alpha1.ConditionBlocked)
	return &Reason{
		Kind: kindMoment, Name: m.Name, Title: string(m.Spec.Title),
		State: verdict.reason, Text: verdict.message, Expected: m.state.expected,
	}
}

// moment follows the Musts that keep the gate closed, or where it is open what opened it.
func (p *prover) moment(m *moment) *Reason {
	reason := momentReason(m)
	var gate []*requirement
	for _, r := range m.requirements {
		if r.isMust() && r.delivered() != m.isBlocked() {
			gate = append(gate, r)
		}
	}
	if c := m.state.counts; m.isBlocked() && c.MustDelivered > 0 {
		reason.Text += fmt.Sprintf(" %d of %s delivered.", c.MustDelivered, plural(int(c.Must), "Must"))
	}
	p.follow(reason, len(gate), func(k int) *Reason { return related(RelationAsksFor, p.requirement(gate[k])) })
	return reason
}

func (p *prover) requirement(r *requirement) *Reason {
	verdict := r.isDelivered
	reason := &Reason{Kind: kindRequirement, Name: r.Name, Title: string(r.Spec.Title), State: verdict.reason}
	if r.stage == nil || r.dropped() {
		reason.Text = verdict.message
	}
	if r.stage == nil && r.Spec.BuildingBlockRef != nil {
		reason.Text = p.judgeStages([]cxv1alpha1.StageReference{*r.Spec.BuildingBlockRef}, "buildingBlockRef").message
	}
	if d := r.deliverer(); d != nil {
		reason.Expected = d.expectedFinish()
	}
	if r.stage != nil && !r.dropped() {
		p.follow(reason, 1, func(int) *Reason { return related(RelationMetBy, p.stage(r.stage)) })
	}
	return reason
}

func (p *prover) stage(s *stage) *Reason {
	reason := &Reason{Kind: kindBuildingBlock, Name: s.block.Name, Stage: string(s.Name), Title: string(s.Title)}
	switch {
	case s.delivered && s.by == nil:
		reason.State, reason.Text = cxv1alpha1.ReasonDelivered, "Existing systems already do this."
	case s.delivered:
		reason.State = cxv1alpha1.ReasonDelivered
	case s.by == nil:
		reason.State, reason.Text = cxv1alpha1.ReasonUnplanned, "No live RoadmapItem delivers it."
	default:
		reason.State, reason.Expected = string(s.by.state), s.by.expectedFinish()
	}
	if s.by != nil && p.firstTime(s, reason) {
		p.follow(reason, 1, func(int) *Reason { return related(RelationDeliveredBy, p.item(s.by)) })
	}
	return reason
}

func (p *prover) block(b *block) *Reason {
	verdict := b.conditions.of(cxv1alpha1.ConditionDelivered)
	reason := &Reason{Kind: kindBuildingBlock, Name: b.Name, Title: string(b.Spec.Title), State: verdict.reason, Text: verdict.message}
	if b.cycle != nil {
		reason.State, reason.Text = cxv1alpha1.ReasonDependencyCycle, stalled(b.cycle).message
	}
	p.follow(reason, len(b.stages), func(k int) *Reason { return related(RelationHasStage, p.stage(b.stages[k])) })
	return reason
}

// item follows what must come before a live item.
func (p *prover) item(i *item) *Reason {
	reason := &Reason{
		Kind: kindRoadmapItem, Name: i.Name, Title: string(i.Spec.Title), State: string(i.state),
		Team: string(i.Spec.Team), Expected: i.expectedFinish(), Text: p.itemText(i),
	}
	if p.path[i] {
		reason.Cut = CutCycle
		return reason
	}
	waits := p.waitsOf(i)
	if len(waits) == 0 || !p.firstTime(i, reason) {
		return reason
	}
	p.path[i] = true
	defer delete(p.path, i)
	p.follow(reason, len(waits), func(k int) *Reason { return waits[k]() })
	return reason
}

// itemText says of an item what the reasons below do not: how far it is, what decides its date, and what it brings.
func (p *prover) itemText(i *item) string {
	switch {
	case !i.isLive():
		return i.conditions.of(cxv1alpha1.ConditionDelivered).message
	case i.cycle != nil:
		return stalled(i.cycle).message
	}
	text := ""
	if i.state == cxv1alpha1.StateInProgress {
		text = fmt.Sprintf("%d%% done.", i.Spec.ProgressPercent)
	}
	if i.schedule != nil && len(p.chainTo(i)) > 1 {
		text += p.expectation(i)
	}
	return strings.TrimSpace(text + p.rankWords(i))
}

// waitsOf lists what an item waits for: first what will not come by itself (unplanned stages, missing and cancelled items),
// then live items.
func (p *prover) waitsOf(i *item) []func() *Reason {
	var waits []func() *Reason
	for _, key := range i.unplanned {
		waits = append(waits, func() *Reason { return p.unplanned(i, key) })
	}
	for _, name := range sortedSet(append([]string(nil), i.unresolved...)) {
		waits = append(waits, func() *Reason { return p.absent(name) })
	}
	for _, before := range i.before {
		waits = append(waits, func() *Reason {
			relation, via := whyBefore(i, before)
			reason := related(relation, p.item(before))
			reason.Via = via
			return reason
		})
	}
	return waits
}

func (p *prover) unplanned(i *item, key stageKey) *Reason {
	reason := &Reason{
		Kind: kindBuildingBlock, Name: key.block, Stage: key.stage, Relation: RelationNeedsStage,
		State: cxv1alpha1.ReasonUnplanned, Text: "No live RoadmapItem delivers it.",
	}
	ref := cxv1alpha1.StageReference{Name: cxv1alpha1.ObjectName(key.block), Stage: cxv1alpha1.LabelName(key.stage)}
	if v := p.judgeStages([]cxv1alpha1.StageReference{ref}, "dependsOn"); v.reason != "" {
		reason.State, reason.Text = v.reason, v.message
	}
	for _, own := range i.scope {
		for _, dependency := range own.DependsOn {
			needed := p.stageOf(dependency)
			if needed != nil && needed.key() == key || needed == nil && dependency == ref {
				reason.Via = fmt.Sprintf("%s needs %s", own.key(), key)
				return reason
			}
		}
	}
	return reason
}

func (p *prover) absent(name string) *Reason {
	reason := &Reason{Kind: kindRoadmapItem, Name: name, Relation: RelationDependsOn, State: p.absence(name)}
	reason.Text = "It does not exist."
	if i := p.itemNamed[name]; i != nil {
		reason.Text, reason.Title = "It is cancelled.", string(i.Spec.Title)
	}
	return reason
}

// whyBefore tells by which rule one item comes before another.
func whyBefore(i, before *item) (relation Relation, via string) {
	for _, ref := range i.Spec.DependsOn {
		if string(ref.Name) == before.Name {
			return RelationDependsOn, ""
		}
	}
	for _, s := range i.scope {
		for _, needed := range s.dependsOn {
			if !needed.delivered && needed.by == before {
				return RelationNeedsStage, fmt.Sprintf("%s needs %s", s.key(), needed.key())
			}
		}
	}
	for _, s := range i.scope {
		for _, earlier := range s.block.stages[s.block.delivered:s.index] {
			if earlier.by == before {
				return RelationEarlierStage, fmt.Sprintf("%s comes before %s", earlier.key(), s.Name)
			}
		}
	}
	return RelationDependsOn, ""
}

// plan follows the live items that cannot be scheduled.
func (p *prover) plan() *Reason {
	var stuck []*item
	for _, i := range p.live {
		if !i.schedulable {
			stuck = append(stuck, i)
		}
	}
	reason := &Reason{Kind: kindRoadmap, Name: p.roadmap.Name, State: cxv1alpha1.ReasonFullyPlanned}
	if len(stuck) == 0 {
		reason.Text = fmt.Sprintf("Every one of %s can be scheduled.", plural(len(p.live), "live item"))
	} else {
		reason.State = cxv1alpha1.ReasonWorkNotPlanned
		reason.Text = fmt.Sprintf("%d of %s cannot be scheduled.", len(stuck), plural(len(p.live), "live item"))
	}
	p.follow(reason, len(stuck), func(k int) *Reason { return related(RelationCannotSchedule, p.item(stuck[k])) })
	return reason
}

// ID names the object as commands do, for instance buildingblock/refunds/same-day.
func (r *Reason) ID() string { return objectID(r.Kind, r.Name, r.Stage) }

func objectID(kind, name, stage string) string {
	id := strings.ToLower(kind) + "/" + name
	if stage != "" {
		id += "/" + stage
	}
	return id
}
