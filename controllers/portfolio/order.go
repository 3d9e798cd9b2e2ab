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
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/digraph"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// order finds what must come before each live item, which items are in a cycle of that, and which can be scheduled.
func (g *Graph) order() {
	for _, i := range g.live {
		g.findBefore(i)
	}
	before := make(digraph.Graph, len(g.live))
	for n, i := range g.live {
		before[n] = make([]int32, len(i.before))
		for k, b := range i.before {
			before[n][k] = int32(b.live)
		}
	}
	// A component comes after those that it waits for, so one pass is enough.
	g.before, g.components = before, before.Components()
	for _, component := range g.components {
		cyclic := before.IsCyclic(component)
		for _, n := range component {
			i := g.live[n]
			i.schedulable = !cyclic && len(i.unresolved) == 0 && len(i.unplanned) == 0 &&
				!slices.ContainsFunc(i.before, func(b *Item) bool { return !b.schedulable })
		}
		if !cyclic {
			continue
		}
		for n, cycle := range before.Cycles(component, words.MaxCycleNamed) {
			g.live[component[n]].cycle = newCycle(cycle, func(node int32) string { return g.live[node].Name })
		}
	}
}

// findBefore collects what directly comes before an item: (a) what its dependsOn names, (b) the deliverers of the stages that the
// stages in its scope depend on, and (c) the deliverers of earlier stages of the same blocks. Before all these come the stages that it
// should deliver and that do not exist: nobody knows yet what there is to do.
func (g *Graph) findBefore(i *Item) {
	before := map[*Item]bool{}
	for _, ref := range i.Spec.DependsOn {
		needed := g.itemNamed[string(ref.Name)]
		switch {
		case needed == nil || needed.state == cxv1alpha1.StateCancelled:
			i.unresolved = append(i.unresolved, string(ref.Name))
		case needed.IsLive():
			before[needed] = true
		}
	}
	unplanned := map[StageKey]bool{}
	for _, ref := range i.missing {
		unplanned[StageKey{string(ref.Name), string(ref.Stage)}] = true
	}
	for _, s := range i.scope {
		for _, ref := range s.missing {
			unplanned[StageKey{string(ref.Name), string(ref.Stage)}] = true
		}
		for _, needed := range s.dependsOn {
			switch {
			case needed.delivered || needed.by == i:
			case needed.by == nil:
				unplanned[needed.Key()] = true
			default:
				before[needed.by] = true
			}
		}
		for _, earlier := range s.block.stages[s.block.delivered:s.index] {
			// j delivers a later stage, so every earlier one has a deliverer.
			if earlier.by != i && !slices.Contains(i.scope, earlier) {
				before[earlier.by] = true
			}
		}
	}
	i.before = sortedItems(before)
	i.unplanned = sortedKeys(unplanned)
	slices.Sort(i.unresolved)
}

// Lags are how many workdays the item waits longer after each item that it names; nil where it does so after none.
func (i *Item) Lags() map[string]int32 {
	var lags map[string]int32
	for _, ref := range i.Spec.DependsOn {
		if ref.LagDays > 0 {
			if lags == nil {
				lags = map[string]int32{}
			}
			lags[string(ref.Name)] = max(lags[string(ref.Name)], ref.LagDays)
		}
	}
	return lags
}

// Rule is a reason for one item to come before another.
type Rule int

const (
	// RuleDependsOn means that the other item names it in dependsOn.
	RuleDependsOn Rule = iota
	// RuleNeedsStage means that it delivers a stage that a stage in the scope of the other depends on.
	RuleNeedsStage
	// RuleEarlierStage means that it delivers an earlier stage of a block of which the other delivers a later one.
	RuleEarlierStage
)

// WhyAfter tells by which rule an item comes after one that is directly before it: the first that holds. For a rule about stages it also
// tells which of its own stages needs which.
func (i *Item) WhyAfter(before *Item) (rule Rule, own, needed *Stage) {
	if slices.ContainsFunc(i.Spec.DependsOn, func(ref cxv1alpha1.ItemDependency) bool { return string(ref.Name) == before.Name }) {
		return RuleDependsOn, nil, nil
	}
	for _, s := range i.scope {
		for _, needed := range s.dependsOn {
			if !needed.delivered && needed.by == before {
				return RuleNeedsStage, s, needed
			}
		}
	}
	for _, s := range i.scope {
		for _, earlier := range s.block.stages[s.block.delivered:s.index] {
			if earlier.by == before {
				return RuleEarlierStage, s, earlier
			}
		}
	}
	return RuleDependsOn, nil, nil
}

func sortedItems(set map[*Item]bool) []*Item {
	list := make([]*Item, 0, len(set))
	for i := range set {
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b *Item) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func sortedKeys(set map[StageKey]bool) []StageKey {
	list := make([]StageKey, 0, len(set))
	for k := range set {
		list = append(list, k)
	}
	slices.SortFunc(list, StageKey.compare)
	return list
}

// findBlockCycles finds the blocks with a stage that waits for itself through dependsOn and the order of stages.
func (g *Graph) findBlockCycles() {
	var stages []*Stage
	for _, b := range g.blocks {
		stages = append(stages, b.stages...)
	}
	before := make(digraph.Graph, len(stages))
	for n, s := range stages {
		if s.index > 0 {
			before[n] = append(before[n], int32(n-1))
		}
		for _, needed := range s.dependsOn {
			before[n] = append(before[n], int32(needed.number))
		}
		// The cycle that is found must not depend on the order in which a stage names what it needs.
		slices.Sort(before[n])
	}
	for _, component := range before.Components() {
		if !before.IsCyclic(component) {
			continue
		}
		for n, cycle := range before.Cycles(component, words.MaxCycleNamed) {
			if b := stages[component[n]].block; b.cycle == nil {
				b.cycle = newCycle(cycle, func(node int32) string { return stages[node].Key().String() })
			}
		}
	}
}

// Cycle is work that waits for itself.
type Cycle struct {
	// Number is the same for all that is in the same cycle.
	Number int32
	// Path names its members in order, or the first of many.
	Path string
}

func newCycle(c digraph.Cycle, name func(node int32) string) *Cycle {
	names := make([]string, len(c.Nodes))
	for n, node := range c.Nodes {
		names[n] = name(node)
	}
	return &Cycle{c.Of, words.Cycle(names, c.Length)}
}
