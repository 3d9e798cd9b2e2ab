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

package view

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
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
	// RelationNeedsStage leads from a roadmap item to a stage that one of its own stages depends on, or to the item that delivers it.
	RelationNeedsStage Relation = "NeedsStage"
	// RelationEarlierStage leads from a roadmap item to the one that delivers an earlier stage of the same block.
	RelationEarlierStage Relation = "EarlierStage"
	// RelationDelivers leads from a roadmap item to a stage that it should deliver and that does not exist.
	RelationDelivers Relation = "Delivers"
	// RelationJudges leads from a metric to a finished roadmap item whose hypothesis it judges.
	RelationJudges Relation = "Judges"
	// RelationCannotSchedule leads from the Roadmap to a live roadmap item that cannot be scheduled.
	RelationCannotSchedule Relation = "CannotSchedule"
)

// Cut tells why a Reason is not followed further.
type Cut string

const (
	// CutCycle marks what is already above it on the same path: the work waits for itself.
	CutCycle Cut = "Cycle"
	// CutShown marks what has been shown elsewhere in the same explanation, before this.
	CutShown Cut = "Shown"
	// CutLimit marks that the explanation has become too long or too deep to go on.
	CutLimit Cut = "Limit"
)

// Reason is a node of the tree that explains why something is as it is: a fact, and the facts that it follows from.
type Reason struct {
	// Kind and Name of the object.
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Stage of the building block that is meant; empty for the block as a whole.
	Stage string `json:"stage,omitempty"`
	// Relation to the reason above; empty at the top.
	Relation Relation `json:"relation,omitempty"`
	// LagDays is how many workdays after the object the one above waits longer, where it depends on it.
	LagDays int32 `json:"lagDays,omitempty"`
	// Via says which stages make the relation, where the objects do not say it.
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

// The bounds of an explanation: how many reasons it has, how many follow directly from one, and how long a path is.
const (
	maxReasons = 2000
	maxBecause = 100
	maxDepth   = 60
)

// Why explains why an object is as it is. A moment leads to the requirements of its gate, these to the stages that meet them, those to the
// roadmap items that deliver them, and these to what they wait for. What was shown before is not shown again, and the whole is bounded:
// Cut and More say where it ends early. The only error is a NotFoundError.
func Why(e *portfolio.Evaluation, kind, name string) (*Reason, error) {
	x := &explainer{Graph: e.Graph(), shown: map[any]bool{}, path: map[*portfolio.Item]bool{}}
	if reason := x.of(kind, name); reason != nil {
		return reason, nil
	}
	return nil, &NotFoundError{Kind: kind, Name: name}
}

// explainer builds the tree of reasons of one object.
type explainer struct {
	*portfolio.Graph
	count int
	depth int
	// shown holds the stages and items that have been followed.
	shown map[any]bool
	// path holds the items between the top and here.
	path map[*portfolio.Item]bool
}

func (x *explainer) of(kind, name string) *Reason {
	switch kind {
	case cxv1alpha1.JourneyKind:
		if j := x.Journey(name); j != nil {
			return x.journey(j)
		}
	case cxv1alpha1.MomentKind:
		if m := x.Moment(name); m != nil {
			return x.moment(m)
		}
	case cxv1alpha1.RequirementKind:
		if r := x.Requirement(name); r != nil {
			return x.requirement(r)
		}
	case cxv1alpha1.BuildingBlockKind:
		if b := x.Block(name); b != nil {
			return x.block(b)
		}
	case cxv1alpha1.RoadmapItemKind:
		if i := x.Item(name); i != nil {
			return x.item(i)
		}
	case cxv1alpha1.MetricKind:
		if m := x.Metric(name); m != nil {
			return x.metric(m)
		}
	case cxv1alpha1.RoadmapKind:
		if roadmap := x.Roadmap(); roadmap != nil && roadmap.Name == name {
			return x.roadmap(name)
		}
	}
	return nil
}

// follow adds to a reason the n reasons that it follows from, within the bounds.
func (x *explainer) follow(from *Reason, n int, reason func(int) *Reason) {
	if n == 0 {
		return
	}
	if x.depth == maxDepth {
		from.Cut = CutLimit
		return
	}
	x.depth++
	defer func() { x.depth-- }()
	for k := range n {
		if k == maxBecause || x.count >= maxReasons {
			from.More = n - k
			return
		}
		x.count++
		from.Because = append(from.Because, reason(k))
	}
}

// firstTime tells whether a stage or item is shown for the first time, and marks it. If not, the reason says that it is cut.
func (x *explainer) firstTime(node any, reason *Reason) bool {
	if x.shown[node] {
		reason.Cut = CutShown
		return false
	}
	x.shown[node] = true
	return true
}

func (x *explainer) journey(j *portfolio.Journey) *Reason {
	result := j.Result(cxv1alpha1.ConditionBlocked)
	reason := &Reason{
		Kind: cxv1alpha1.JourneyKind, Name: j.Name, Title: string(j.Spec.Title), State: result.Reason, Text: result.Message, Expected: j.Expected(),
	}
	var blocked []*portfolio.Moment
	for _, m := range j.Moments() {
		if m.IsBlocked() {
			blocked = append(blocked, m)
		}
	}
	// Each moment has an explanation of its own: all of them together would be too much to read.
	x.follow(reason, len(blocked), func(k int) *Reason { return related(RelationHasMoment, momentReason(blocked[k])) })
	return reason
}

func related(relation Relation, reason *Reason) *Reason {
	reason.Relation = relation
	return reason
}

func momentReason(m *portfolio.Moment) *Reason {
	result := m.Result(cxv1alpha1.ConditionBlocked)
	return &Reason{
		Kind: cxv1alpha1.MomentKind, Name: m.Name, Title: string(m.Spec.Title),
		State: result.Reason, Text: result.Message, Expected: m.Expected(),
	}
}

// moment leads to the Musts that are not delivered, or where all are, to these.
func (x *explainer) moment(m *portfolio.Moment) *Reason {
	reason := momentReason(m)
	var gate []*portfolio.Requirement
	for _, r := range m.Requirements() {
		if r.IsMust() && r.Delivered() != m.IsBlocked() {
			gate = append(gate, r)
		}
	}
	if c := m.Counts(); m.IsBlocked() && c.MustDelivered > 0 {
		reason.Text += fmt.Sprintf(" %d of %s delivered.", c.MustDelivered, words.Plural(int(c.Must), "Must"))
	}
	x.follow(reason, len(gate), func(k int) *Reason { return related(RelationAsksFor, x.requirement(gate[k])) })
	return reason
}

func (x *explainer) requirement(r *portfolio.Requirement) *Reason {
	result := r.Result()
	reason := &Reason{Kind: cxv1alpha1.RequirementKind, Name: r.Name, Title: string(r.Spec.Title), State: result.Reason, Expected: r.Expected()}
	if r.Stage() == nil || r.Dropped() {
		reason.Text = result.Message
	}
	if ref := r.Spec.BuildingBlockRef; ref != nil && r.Stage() == nil {
		reason.Text = x.MissingStage(*ref, "buildingBlockRef").Message
	}
	if r.Stage() != nil && !r.Dropped() {
		x.follow(reason, 1, func(int) *Reason { return related(RelationMetBy, x.stage(r.Stage())) })
	}
	return reason
}

func (x *explainer) stage(s *portfolio.Stage) *Reason {
	reason := &Reason{
		Kind: cxv1alpha1.BuildingBlockKind, Name: s.Block().Name, Stage: string(s.Name), Title: string(s.Title),
		State: s.State(), Expected: s.Expected(),
	}
	switch by := s.By(); {
	case by == nil && s.Delivered() && x.ProvedBy(s) != nil:
		reason.Text = fmt.Sprintf("Checks prove %s.", x.ProvedBy(s).Key())
	case by == nil && s.Delivered():
		reason.Text = "Existing systems already do this."
	case by == nil:
		reason.Text = "No live RoadmapItem delivers it."
	case x.firstTime(s, reason):
		x.follow(reason, 1, func(int) *Reason { return related(RelationDeliveredBy, x.item(by)) })
	}
	reason.Text = strings.TrimSpace(reason.Text + " " + proofText(s))
	return reason
}

// proofText says of the checks of a stage whether they prove it; empty where it has none.
func proofText(s *portfolio.Stage) string {
	var since cxv1alpha1.Date
	var faults []string
	for _, c := range s.Checks() {
		since = max(since, c.ProvenOn)
		switch {
		case !c.Seen:
			faults = append(faults, fmt.Sprintf("nobody has looked at check %s yet", c.Name))
		case c.ProvenOn == "":
			faults = append(faults, fmt.Sprintf("check %s has never held%s", c.Name, because(c.Reason)))
		case !c.Holds:
			faults = append(faults, fmt.Sprintf("check %s held on %s, and does not any more%s", c.Name, c.ProvenOn, because(c.Reason)))
		}
	}
	switch {
	case len(s.Checks()) == 0:
		return ""
	case len(faults) == 0:
		return fmt.Sprintf("Proven since %s.", since)
	case s.HasRegressed():
		return fmt.Sprintf("Regressed: %s.", strings.Join(faults, "; "))
	}
	return fmt.Sprintf("Not proven: %s.", strings.Join(faults, "; "))
}

// because puts a reason in brackets, for the middle of a sentence.
func because(reason string) string {
	if reason == "" {
		return ""
	}
	return " (" + strings.TrimSuffix(reason, ".") + ")"
}

// metric leads to the finished items that it judges.
func (x *explainer) metric(m *portfolio.Metric) *Reason {
	fresh, target := m.Result(cxv1alpha1.ConditionFresh), m.Result(cxv1alpha1.ConditionOnTarget)
	reason := &Reason{
		Kind: cxv1alpha1.MetricKind, Name: m.Name, Title: string(m.Spec.Title), State: fresh.Reason,
		Text: strings.TrimSpace(fresh.Message + " " + target.Message),
	}
	if target.Reason != "" && fresh.Status == metav1.ConditionTrue {
		reason.State = target.Reason
	}
	x.follow(reason, len(m.Judged()), func(k int) *Reason {
		i := m.Judged()[k]
		return &Reason{
			Kind: cxv1alpha1.RoadmapItemKind, Name: i.Name, Title: string(i.Spec.Title), Relation: RelationJudges,
			State: i.Result(cxv1alpha1.ConditionHypothesisConfirmed).Reason, Team: string(i.Spec.Team), Text: i.ExplainVerdict(),
		}
	})
	return reason
}

func (x *explainer) block(b *portfolio.Block) *Reason {
	result := b.Result(cxv1alpha1.ConditionDelivered)
	reason := &Reason{Kind: cxv1alpha1.BuildingBlockKind, Name: b.Name, Title: string(b.Spec.Title), State: result.Reason, Text: result.Message}
	if stalled := b.Result(cxv1alpha1.ConditionStalled); stalled.Reason != "" {
		reason.State, reason.Text = stalled.Reason, stalled.Message
	}
	x.follow(reason, len(b.Stages()), func(k int) *Reason { return related(RelationHasStage, x.stage(b.Stages()[k])) })
	return reason
}

// item leads to what must come before it.
func (x *explainer) item(i *portfolio.Item) *Reason {
	reason := &Reason{
		Kind: cxv1alpha1.RoadmapItemKind, Name: i.Name, Title: string(i.Spec.Title), State: string(i.State()),
		Team: string(i.Spec.Team), Expected: i.Expected(), Text: x.itemText(i),
	}
	if x.path[i] {
		reason.Cut = CutCycle
		return reason
	}
	waits := x.waitsOf(i)
	if len(waits) == 0 || !x.firstTime(i, reason) {
		return reason
	}
	x.path[i] = true
	defer delete(x.path, i)
	x.follow(reason, len(waits), func(k int) *Reason { return waits[k]() })
	return reason
}

// itemText says of an item what the reasons below do not: how far it is, what decides its date, and what it brings.
func (x *explainer) itemText(i *portfolio.Item) string {
	switch {
	case !i.IsLive():
		told := []string{i.Result(cxv1alpha1.ConditionDelivered).Message, i.ExplainVerdict(), provenText(i)}
		return strings.Join(slices.DeleteFunc(told, func(text string) bool { return text == "" }), " ")
	case i.Cycle() != nil:
		return i.Result(cxv1alpha1.ConditionStalled).Message
	}
	text := ""
	if i.State() == cxv1alpha1.StateInProgress {
		text = fmt.Sprintf("%d%% done.", i.Spec.ProgressPercent)
	}
	if delivered := i.Result(cxv1alpha1.ConditionDelivered); delivered.Reason == cxv1alpha1.ReasonNotProven {
		text = delivered.Message
	}
	return strings.TrimSpace(text + x.ExplainDate(i) + x.ExplainRank(i))
}

// provenText says of finished work what is wrong with its proof; empty where nothing is.
func provenText(i *portfolio.Item) string {
	if proven := i.Result(cxv1alpha1.ConditionProven); proven.Reason != "" && proven.Status != metav1.ConditionTrue {
		return proven.Message
	}
	return ""
}

// waitsOf lists what an item waits for: first what will not come by itself (unplanned stages, missing and cancelled items),
// then live items.
func (x *explainer) waitsOf(i *portfolio.Item) []func() *Reason {
	var waits []func() *Reason
	for _, key := range i.Unplanned() {
		waits = append(waits, func() *Reason { return x.unplanned(i, key) })
	}
	for _, name := range slices.Compact(slices.Clone(i.Unresolved())) {
		waits = append(waits, func() *Reason { return x.absent(name) })
	}
	for _, before := range i.Before() {
		waits = append(waits, func() *Reason {
			relation, via := whyBefore(i, before)
			reason := related(relation, x.item(before))
			reason.Via, reason.LagDays = via, i.Lags()[before.Name]
			return reason
		})
	}
	return waits
}

func (x *explainer) unplanned(i *portfolio.Item, key portfolio.StageKey) *Reason {
	reason := &Reason{
		Kind: cxv1alpha1.BuildingBlockKind, Name: key.Block, Stage: key.Stage, Relation: RelationNeedsStage,
		State: cxv1alpha1.ReasonUnplanned, Text: "No live RoadmapItem delivers it.",
	}
	ref := cxv1alpha1.StageReference{Name: cxv1alpha1.ObjectName(key.Block), Stage: cxv1alpha1.LabelName(key.Stage)}
	field := "dependsOn"
	if slices.Contains(i.Missing(), ref) {
		field, reason.Relation = "delivers", RelationDelivers
	}
	if missing := x.MissingStage(ref, field); missing.Reason != "" {
		reason.State, reason.Text = missing.Reason, missing.Message
	}
	for _, own := range i.Scope() {
		for _, dependency := range own.DependsOn {
			needed := x.Stage(dependency)
			if needed != nil && needed.Key() == key || needed == nil && dependency == ref {
				reason.Via = fmt.Sprintf("%s needs %s", own.Key(), key)
				return reason
			}
		}
	}
	return reason
}

func (x *explainer) absent(name string) *Reason {
	reason := &Reason{Kind: cxv1alpha1.RoadmapItemKind, Name: name, Relation: RelationDependsOn}
	if i := x.Item(name); i != nil {
		reason.State, reason.Text, reason.Title = cxv1alpha1.ReasonCancelled, "It is cancelled.", string(i.Spec.Title)
	} else {
		reason.State, reason.Text = cxv1alpha1.ReasonNotFound, "It does not exist."
	}
	return reason
}

// whyBefore tells by which rule one item comes before another.
func whyBefore(i, before *portfolio.Item) (relation Relation, via string) {
	switch rule, own, needed := i.WhyAfter(before); rule {
	case portfolio.RuleNeedsStage:
		return RelationNeedsStage, fmt.Sprintf("%s needs %s", own.Key(), needed.Key())
	case portfolio.RuleEarlierStage:
		return RelationEarlierStage, fmt.Sprintf("%s comes before %s", needed.Key(), own.Name)
	default:
		return RelationDependsOn, ""
	}
}

// roadmap leads to the live items that cannot be scheduled.
func (x *explainer) roadmap(name string) *Reason {
	live := x.Live()
	var stuck []*portfolio.Item
	for _, i := range live {
		if !i.Schedulable() {
			stuck = append(stuck, i)
		}
	}
	reason := &Reason{Kind: cxv1alpha1.RoadmapKind, Name: name, State: cxv1alpha1.ReasonFullyPlanned}
	if len(stuck) == 0 {
		reason.Text = fmt.Sprintf("Every one of %s can be scheduled.", words.Plural(len(live), "live item"))
	} else {
		reason.State = cxv1alpha1.ReasonWorkNotPlanned
		reason.Text = fmt.Sprintf("%d of %s cannot be scheduled.", len(stuck), words.Plural(len(live), "live item"))
	}
	x.follow(reason, len(stuck), func(k int) *Reason { return related(RelationCannotSchedule, x.item(stuck[k])) })
	return reason
}

// ID names the object as commands do, for instance buildingblock/refunds/same-day.
func (r *Reason) ID() string { return objectID(r.Kind, r.Name, r.Stage) }
