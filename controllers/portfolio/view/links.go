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
	"cmp"
	"slices"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// Links is a portfolio as a graph. Its objects are nodes, and edges lead from each to what it needs: from a moment to its requirements,
// from a requirement to the stage that meets it, from a stage to the item that delivers it, and from an item to what comes before it.
type Links struct {
	// AsOf is the day of evaluation.
	AsOf cxv1alpha1.Date
	// Nodes in the order of their kinds and of the journeys, then by name.
	Nodes []LinkNode
	// Edges by the nodes that they leave, then by those that they lead to.
	Edges []LinkEdge
}

// LinkNode is a moment, a requirement, a stage of a building block, or a roadmap item.
type LinkNode struct {
	// ID names the node as commands name objects: kind/name, with the stage of a block. It is moment/name/unassigned for the requirements of
	// a moment that have no building block.
	ID string `json:"id"`
	// Kind of the object. A Requirement without a name stands for those of a moment that have no building block.
	Kind string `json:"kind"`
	Name string `json:"name,omitempty"`
	// Stage of the building block; only for that kind.
	Stage string `json:"stage,omitempty"`
	Title string `json:"title"`
	// State is where a moment stands (see Standing), the reason of the condition Delivered of a requirement or a stage, the state of an
	// item, or NotFound for what is named somewhere and does not exist.
	State string `json:"state"`
	// Group is the title of the journey of a moment, or of the block of a stage.
	Group string `json:"group,omitempty"`
	// Team that does the work.
	Team string `json:"team,omitempty"`
	// Expected is the date that the forecast gives.
	Expected cxv1alpha1.Date `json:"expectedDate,omitempty"`
	// Count is the number of requirements that the node stands for, or that ask for the stage; dropped ones do not count.
	Count int `json:"requirements,omitempty"`
}

// LinkEdge leads from what needs something to what it needs. Both are places in the list of nodes.
type LinkEdge struct {
	From, To int
	// Requirements is the number of requirements that the edge stands for, and Musts how many of them are Musts; 0 between other things.
	Requirements, Musts int
}

// LinksOf returns the whole graph. If requirements are asked for, each is a node. If not, those of a moment that the same stage meets are
// one edge.
func LinksOf(e *portfolio.Evaluation, requirements bool) *Links {
	l := &linker{Graph: e.Graph(), links: Links{AsOf: e.Graph().Today()}, nodeAt: map[linkKey]int{}, edgeAt: map[[2]int]int{}}
	l.addMoments()
	if requirements {
		l.addRequirements()
	}
	l.addStages()
	l.addItems()
	l.linkRequirements(requirements)
	l.linkStages()
	l.linkItems()
	slices.SortStableFunc(l.links.Edges, func(a, b LinkEdge) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return &l.links
}

// linkKey identifies a node. The node for the requirements of a moment that have no building block has the name of the moment as its stage.
type linkKey struct{ kind, name, stage string }

func (k linkKey) id() string {
	if k.kind == cxv1alpha1.RequirementKind && k.name == "" {
		return objectID(cxv1alpha1.MomentKind, k.stage, "unassigned")
	}
	return objectID(k.kind, k.name, k.stage)
}

type linker struct {
	*portfolio.Graph
	links  Links
	nodeAt map[linkKey]int
	edgeAt map[[2]int]int
}

func (l *linker) node(key linkKey, node LinkNode) int {
	if at, known := l.nodeAt[key]; known {
		return at
	}
	node.ID, node.Kind, node.Name = key.id(), key.kind, key.name
	if key.kind == cxv1alpha1.BuildingBlockKind {
		node.Stage = key.stage
	}
	l.nodeAt[key] = len(l.links.Nodes)
	l.links.Nodes = append(l.links.Nodes, node)
	return len(l.links.Nodes) - 1
}

// edge returns the edge between two nodes, and adds it where there is none yet.
func (l *linker) edge(from, to int) *LinkEdge {
	at, known := l.edgeAt[[2]int{from, to}]
	if !known {
		at = len(l.links.Edges)
		l.edgeAt[[2]int{from, to}] = at
		l.links.Edges = append(l.links.Edges, LinkEdge{From: from, To: to})
	}
	return &l.links.Edges[at]
}

func (e *LinkEdge) count(r *portfolio.Requirement) {
	e.Requirements++
	if r.IsMust() {
		e.Musts++
	}
}

func (l *linker) addMoments() {
	add := func(m *portfolio.Moment, group string) {
		l.node(linkKey{kind: cxv1alpha1.MomentKind, name: m.Name}, LinkNode{
			Title: titleOr(m.Spec.Title, m.Name), State: string(standingOf(m)), Group: group, Expected: m.Expected(),
		})
	}
	for _, j := range l.Journeys() {
		for _, m := range j.Moments() {
			add(m, titleOr(j.Spec.Title, j.Name))
		}
	}
	for _, m := range l.Moments() {
		if m.Journey() == nil {
			add(m, "")
		}
	}
}

func (l *linker) addRequirements() {
	for _, r := range l.Requirements() {
		l.node(linkKey{kind: cxv1alpha1.RequirementKind, name: r.Name}, LinkNode{
			Title: titleOr(r.Spec.Title, r.Name), State: r.State(), Expected: r.Expected(), Count: 1,
		})
	}
}

func (l *linker) addStages() {
	for _, b := range l.Blocks() {
		for _, s := range b.Stages() {
			l.node(linkKey{cxv1alpha1.BuildingBlockKind, b.Name, string(s.Name)}, LinkNode{
				Title: titleOr(s.Title, string(s.Name)), State: s.State(), Group: titleOr(b.Spec.Title, b.Name),
				Expected: s.Expected(), Count: s.Requirements(),
			})
		}
	}
}

func (l *linker) stageNode(s *portfolio.Stage) int {
	return l.nodeAt[linkKey{cxv1alpha1.BuildingBlockKind, s.Block().Name, string(s.Name)}]
}

func (l *linker) addItems() {
	for _, i := range l.Items() {
		node := LinkNode{Title: titleOr(i.Spec.Title, i.Name), State: string(i.State()), Team: string(i.Spec.Team)}
		if i.IsLive() {
			node.Expected = i.Expected()
		}
		l.node(linkKey{kind: cxv1alpha1.RoadmapItemKind, name: i.Name}, node)
	}
}

// linkRequirements leads from moments to the stages that meet their requirements.
func (l *linker) linkRequirements(own bool) {
	for _, r := range l.Requirements() {
		if own {
			l.linkRequirement(r)
			continue
		}
		if r.Dropped() {
			continue
		}
		for _, m := range r.Moments() {
			from := l.nodeAt[linkKey{kind: cxv1alpha1.MomentKind, name: m.Name}]
			var to int
			if r.Stage() != nil {
				to = l.stageNode(r.Stage())
			} else {
				to = l.node(linkKey{cxv1alpha1.RequirementKind, "", m.Name}, LinkNode{
					Title: "No building block", State: cxv1alpha1.ReasonUnassigned,
				})
				l.links.Nodes[to].Count++
			}
			l.edge(from, to).count(r)
		}
	}
}

func (l *linker) linkRequirement(r *portfolio.Requirement) {
	at := l.nodeAt[linkKey{kind: cxv1alpha1.RequirementKind, name: r.Name}]
	for _, m := range r.Moments() {
		l.edge(l.nodeAt[linkKey{kind: cxv1alpha1.MomentKind, name: m.Name}], at).count(r)
	}
	if r.Stage() != nil {
		l.edge(at, l.stageNode(r.Stage())).count(r)
	}
}

// linkStages leads from stages to the items that deliver them, or have delivered them.
func (l *linker) linkStages() {
	for _, b := range l.Blocks() {
		for _, s := range b.Stages() {
			if s.By() != nil {
				l.edge(l.stageNode(s), l.itemNode(s.By().Name))
			}
		}
	}
}

// itemNode returns the node of an item. An item that does not exist gets one too.
func (l *linker) itemNode(name string) int {
	return l.node(linkKey{kind: cxv1alpha1.RoadmapItemKind, name: name}, LinkNode{Title: name, State: cxv1alpha1.ReasonNotFound})
}

// linkItems leads from items to what comes before them: items, and stages that nobody has planned.
func (l *linker) linkItems() {
	for _, i := range l.Items() {
		from := l.itemNode(i.Name)
		names := words.NamesOf(i.Before())
		for _, ref := range i.Spec.DependsOn {
			names = append(names, string(ref.Name))
		}
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			l.edge(from, l.itemNode(name))
		}
		for _, key := range i.Unplanned() {
			l.edge(from, l.node(linkKey{cxv1alpha1.BuildingBlockKind, key.Block, key.Stage}, LinkNode{
				Title: key.String(), State: cxv1alpha1.ReasonNotFound, Group: key.Block,
			}))
		}
	}
}

// LinksAround returns what an object needs and what needs it, up to depth steps away, or all of it where depth is 0. For a journey these
// are its moments and what they need. The only error is a NotFoundError.
func LinksAround(e *portfolio.Evaluation, kind, name string, depth int, requirements bool) (*Links, error) {
	l := LinksOf(e, requirements || kind == cxv1alpha1.RequirementKind)
	roots, upwards := l.rootsOf(e.Graph(), kind, name)
	if len(roots) == 0 && !exists(e.Graph(), kind, name) {
		return nil, &NotFoundError{Kind: kind, Name: name}
	}
	kept := l.reach(roots, depth, func(edge LinkEdge) (from, to int) { return edge.From, edge.To })
	if upwards {
		for at := range l.reach(roots, depth, func(edge LinkEdge) (from, to int) { return edge.To, edge.From }) {
			kept[at] = true
		}
	}
	return l.keep(kept), nil
}

// rootsOf finds the nodes of an object. upwards tells whether what needs them is to be shown too: of a journey it is not.
func (l *Links) rootsOf(g *portfolio.Graph, kind, name string) (roots []int, upwards bool) {
	for at := range l.Nodes {
		n := &l.Nodes[at]
		if n.Kind == kind && n.Name == name {
			roots = append(roots, at)
		}
		if kind == cxv1alpha1.JourneyKind && n.Kind == cxv1alpha1.MomentKind {
			if m := g.Moment(n.Name); m.Journey() != nil && m.Journey().Name == name {
				roots = append(roots, at)
			}
		}
	}
	return roots, kind != cxv1alpha1.JourneyKind
}

func exists(g *portfolio.Graph, kind, name string) bool {
	return kind == cxv1alpha1.JourneyKind && g.Journey(name) != nil || kind == cxv1alpha1.BuildingBlockKind && g.Block(name) != nil
}

// reach finds the roots and the nodes that edges lead to from there, in up to depth steps, or in any number where depth is 0.
func (l *Links) reach(roots []int, depth int, ends func(LinkEdge) (from, to int)) map[int]bool {
	next := map[int][]int{}
	for _, edge := range l.Edges {
		from, to := ends(edge)
		next[from] = append(next[from], to)
	}
	kept := map[int]bool{}
	for _, at := range roots {
		kept[at] = true
	}
	for step := 0; len(roots) > 0 && (depth == 0 || step < depth); step++ {
		var found []int
		for _, at := range roots {
			for _, to := range next[at] {
				if !kept[to] {
					kept[to] = true
					found = append(found, to)
				}
			}
		}
		roots = found
	}
	return kept
}

// keep returns the part of the graph with only these nodes.
func (l *Links) keep(kept map[int]bool) *Links {
	part := &Links{AsOf: l.AsOf}
	moved := map[int]int{}
	for at := range l.Nodes {
		if kept[at] {
			moved[at] = len(part.Nodes)
			part.Nodes = append(part.Nodes, l.Nodes[at])
		}
	}
	for _, edge := range l.Edges {
		if kept[edge.From] && kept[edge.To] {
			edge.From, edge.To = moved[edge.From], moved[edge.To]
			part.Edges = append(part.Edges, edge)
		}
	}
	return part
}
