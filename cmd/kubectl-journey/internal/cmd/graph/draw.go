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

package graph

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// group is a box around nodes: a journey or a building block.
type group struct {
	kind, title string
	nodes       []int
}

// groupsOf puts the moments of a journey together, and the stages of a block. Other nodes are alone. The order stays.
func groupsOf(links *view.Links) []group {
	var groups []group
	for at := range links.Nodes {
		n := &links.Nodes[at]
		key := n.Group
		if n.Kind == kinds.BuildingBlock {
			key = n.Name
		}
		last := len(groups) - 1
		if last >= 0 && groups[last].kind == n.Kind && key != "" && groups[last].title != "" && groupKey(links, groups[last]) == key {
			groups[last].nodes = append(groups[last].nodes, at)
			continue
		}
		groups = append(groups, group{kind: n.Kind, title: n.Group, nodes: []int{at}})
	}
	return groups
}

func groupKey(links *view.Links, g group) string {
	first := &links.Nodes[g.nodes[0]]
	if first.Kind == kinds.BuildingBlock {
		return first.Name
	}
	return first.Group
}

// nodeLines say on a few lines what a node is and how it stands.
func nodeLines(n *view.LinkNode) []string {
	if n.Name == "" {
		return []string{n.Title, terminal.Count(n.Count, "requirement")}
	}
	lines := []string{nodeKind(n) + ": " + n.Title}
	if n.Kind != kinds.BuildingBlock && n.Name != n.Title {
		lines = append(lines, n.Name)
	}
	state := stateText(n.State)
	if n.Expected != "" {
		state += ", until " + string(n.Expected)
	}
	if n.Team != "" {
		state += ", team " + n.Team
	}
	lines = append(lines, state)
	if n.Count > 0 && n.Kind == kinds.BuildingBlock {
		lines = append(lines, terminal.Count(n.Count, "requirement"))
	}
	return lines
}

func nodeKind(n *view.LinkNode) string {
	switch n.Kind {
	case kinds.BuildingBlock:
		return "Stage"
	case kinds.RoadmapItem:
		return "Item"
	default:
		return n.Kind
	}
}

var stateTexts = map[string]string{
	cxv1alpha1.ReasonInProgress:         "in progress",
	cxv1alpha1.ReasonNotFound:           "does not exist",
	cxv1alpha1.ReasonUnassigned:         "no building block",
	string(view.StandingOpen):           "works, more to come",
	string(view.StandingNoRequirements): "no requirements yet",
}

func stateText(state string) string {
	if text, known := stateTexts[state]; known {
		return text
	}
	return strings.ToLower(state)
}

func edgeLabel(e view.LinkEdge, requirements bool) string {
	if e.Requirements == 0 || requirements {
		return ""
	}
	label := strconv.Itoa(e.Requirements)
	if e.Musts > 0 {
		label += " (" + terminal.Count(e.Musts, "Must") + ")"
	}
	return label
}

// hasRequirements tells whether requirements are drawn one by one.
func hasRequirements(links *view.Links) bool {
	for n := range links.Nodes {
		if links.Nodes[n].Kind == kinds.Requirement && links.Nodes[n].Name != "" {
			return true
		}
	}
	return false
}

// classOf is how a node looks, by its state. Borders differ too, for those who do not see colours.
func classOf(n *view.LinkNode) string {
	switch n.State {
	case string(view.StandingRealized), cxv1alpha1.ReasonDelivered, cxv1alpha1.ReasonDone:
		return "done"
	case string(view.StandingOpen), cxv1alpha1.ReasonInProgress:
		return "started"
	case cxv1alpha1.ReasonPlanned:
		return "planned"
	case cxv1alpha1.ReasonProposed:
		return "proposed"
	case string(view.StandingBlocked):
		return "blocked"
	case cxv1alpha1.ReasonUnplanned, cxv1alpha1.ReasonUnassigned, cxv1alpha1.ReasonNotFound, cxv1alpha1.ReasonCancelled:
		return "missing"
	default:
		return "dropped"
	}
}

// classes are the looks, in the order in which they are declared.
var classes = []struct{ name, fill, line, style string }{
	{"done", "#e0f4e6", "#1a7439", "solid"},
	{"started", "#d6e8fb", "#0b5cad", "bold"},
	{"planned", "#eef5fd", "#0b5cad", "solid"},
	{"proposed", "#ffffff", "#0b5cad", "dashed"},
	{"blocked", "#fff1d6", "#8a4b00", "bold"},
	{"missing", "#fcebe9", "#b3261e", "dashed"},
	{"dropped", "#f3f6f8", "#55616d", "dotted"},
}

// dotShapes tell the kinds apart.
var dotShapes = map[string]string{
	kinds.Moment: "box", kinds.Requirement: "note", kinds.BuildingBlock: "component", kinds.RoadmapItem: "box",
}

// dot prints one graph. Identifiers are numbers, so text stands in quoted labels only.
func dot(graphs []namespacedLinks) []string {
	lines := []string{
		"digraph journeys {",
		"  graph [rankdir=LR, ranksep=1.2, nodesep=0.15, fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, bgcolor=white]",
		"  node [fontname=\"Helvetica,Arial,sans-serif\", fontsize=10, fontcolor=\"#1b2229\", style=filled, fillcolor=white, margin=\"0.12,0.06\"]",
		"  edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=9, color=\"#55616d\", fontcolor=\"#55616d\", arrowsize=0.7, tailport=e, headport=w]",
	}
	for g, links := range graphs {
		nodeID := func(at int) string { return fmt.Sprintf("n%d_%d", g+1, at+1) }
		for n, box := range groupsOf(links.Links) {
			indent := "  "
			if box.title != "" {
				title := box.title
				if len(graphs) > 1 {
					title = links.namespace + ": " + title
				}
				lines = append(lines, fmt.Sprintf("  subgraph cluster_%d_%d {", g+1, n+1),
					"    graph [label="+dotText([]string{title})+`, color="#ccd4db", labeljust=l]`)
				indent = "    "
			}
			for _, at := range box.nodes {
				lines = append(lines, indent+nodeID(at)+" "+dotNode(&links.Nodes[at]))
			}
			if box.title != "" {
				lines = append(lines, "  }")
			}
		}
		own := hasRequirements(links.Links)
		for _, e := range links.Edges {
			line := "  " + nodeID(e.From) + " -> " + nodeID(e.To)
			if label := edgeLabel(e, own); label != "" {
				line += " [label=" + dotText([]string{label}) + "]"
			}
			lines = append(lines, line)
		}
	}
	return append(lines, "}")
}

func dotNode(n *view.LinkNode) string {
	for _, class := range classes {
		if class.name == classOf(n) {
			style := "filled," + class.style
			if n.Kind == kinds.Moment {
				style += ",rounded"
			}
			return fmt.Sprintf("[label=%s, shape=%s, style=%q, fillcolor=%q, color=%q]",
				dotText(nodeLines(n)), dotShapes[n.Kind], style, class.fill, class.line)
		}
	}
	return "[label=" + dotText(nodeLines(n)) + "]"
}

// dotText quotes lines for DOT. A backslash would begin an escape, some of which stand for other things; an ampersand would begin an entity.
func dotText(lines []string) string {
	quoted := make([]string, len(lines))
	for n, line := range lines {
		quoted[n] = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(terminal.Line(line))
	}
	return `"` + strings.Join(quoted, `\n`) + `"`
}

// flowchart prints one flowchart. Identifiers are numbers, so text stands in quoted labels only.
func flowchart(graphs []namespacedLinks) []string {
	lines := []string{"flowchart LR"}
	for g, links := range graphs {
		nodeID := func(at int) string { return fmt.Sprintf("n%d_%d", g+1, at+1) }
		for n, box := range groupsOf(links.Links) {
			indent := "    "
			if box.title != "" {
				title := nodeGroup(box) + " " + box.title
				if len(graphs) > 1 {
					title = links.namespace + ", " + title
				}
				lines = append(lines, fmt.Sprintf("    subgraph g%d_%d[%s]", g+1, n+1, mermaidText([]string{title})))
				indent = "        "
			}
			for _, at := range box.nodes {
				node := &links.Nodes[at]
				open, end := mermaidShape(node)
				lines = append(lines, fmt.Sprintf("%s%s%s%s%s:::%s", indent, nodeID(at), open, mermaidText(nodeLines(node)), end, classOf(node)))
			}
			if box.title != "" {
				lines = append(lines, "    end")
			}
		}
		own := hasRequirements(links.Links)
		for _, e := range links.Edges {
			arrow := " --> "
			if label := edgeLabel(e, own); label != "" {
				arrow = " -->|" + mermaidText([]string{label}) + "| "
			}
			lines = append(lines, "    "+nodeID(e.From)+arrow+nodeID(e.To))
		}
	}
	for _, class := range classes {
		style := fmt.Sprintf("    classDef %s fill:%s,stroke:%s,color:#1b2229", class.name, class.fill, class.line)
		switch class.style {
		case "bold":
			style += ",stroke-width:3px"
		case "dashed":
			style += ",stroke-dasharray:5 3"
		case "dotted":
			style += ",stroke-dasharray:2 3"
		}
		lines = append(lines, style)
	}
	return lines
}

func nodeGroup(g group) string {
	if g.kind == kinds.BuildingBlock {
		return "Building block"
	}
	return kinds.Journey
}

// mermaidShape tells the kinds apart.
func mermaidShape(n *view.LinkNode) (open, end string) {
	switch n.Kind {
	case kinds.Moment:
		return "([", "])"
	case kinds.Requirement:
		return "[/", "/]"
	case kinds.BuildingBlock:
		return "[[", "]]"
	default:
		return "[", "]"
	}
}

// mermaidJoint is a character without a width. Mermaid looks for icons (fa:fa-star), formulas ($$x$$) and its own entities once it has
// read those that stand for other characters, so these marks must not be next to what follows them.
const mermaidJoint = "#8204;"

// mermaidText quotes lines for a flowchart. Some viewers read labels as Markdown, so what begins a list or emphasis becomes an entity too:
// dots, hyphens and the like that do not stand inside a word.
func mermaidText(lines []string) string {
	quoted := make([]string, len(lines))
	for n, line := range lines {
		quoted[n] = mermaidWords(terminal.Line(line))
	}
	return `"` + strings.Join(quoted, "<br/>") + `"`
}

func mermaidWords(line string) string {
	runes := []rune(line)
	var b strings.Builder
	for n, r := range runes {
		if r == ':' && n+1 < len(runes) && runes[n+1] == ' ' {
			// Only a colon inside a word can call for an icon.
			b.WriteRune(r)
			continue
		}
		if strings.ContainsRune(":$ﬂ", r) {
			b.WriteString("#" + strconv.Itoa(int(r)) + ";" + mermaidJoint)
			continue
		}
		inWord := n > 0 && n+1 < len(runes) && isWord(runes[n-1]) && isWord(runes[n+1])
		if strings.ContainsRune("._-()/'", r) && (!inWord || r == '_') {
			b.WriteString("#" + strconv.Itoa(int(r)) + ";")
			continue
		}
		b.WriteString(terminal.Mermaid(string(r)))
	}
	return b.String()
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
