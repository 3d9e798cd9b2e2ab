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
	"slices"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
	"github.com/journeyops/journey-operator/controllers/portfolio/priority"
)

// milli: package priority counts effort and value in thousandths of a day and of a point.
const milli = 1000

// minEffort is the least effort that counts, half a day. Without it what is nearly done would come before everything else.
const minEffort = milli / 2

// ranking is the order in which the jobs are best done. Jobs are the live items that can be scheduled.
type ranking struct {
	// jobs of the problem, by name; item.job is the index in it.
	jobs    []*Item
	problem priority.Problem
	result  priority.Result
	model   *scoreModel
	// bundles in the order in which they should be done.
	bundles []Bundle
}

// Bundle is a set of jobs that bring their value together.
type Bundle struct {
	Number int32 // from 1
	Score  string
	// Value in whole points, customer and business value weighed.
	Value      int64
	EffortDays string
	// Items in the order of their rank.
	Items []*Item
	// named holds the first items by name: one more than a message names, since a message leaves out the item that it is about.
	named []*Item
	// Moments whose gate the bundle completes, by name.
	Moments []*Moment
}

// rank finds bundles and ranks, and writes down the priority of every job.
func (g *Graph) rank() {
	r := &g.ranking
	for _, i := range g.live {
		i.job = -1
		if i.schedulable {
			i.job = len(r.jobs)
			r.jobs = append(r.jobs, i)
		}
	}
	r.problem = g.priorityProblem(r.jobs)
	r.model = newScoreModel(g.roadmap)
	r.model.apply(g, r.jobs, &r.problem)
	result, err := priority.Solve(r.problem)
	if err != nil {
		// Only objects that the API server would have refused lead here: they get no priority.
		r.jobs = nil
		return
	}
	r.result = result
	g.bundle()
	for n, i := range r.jobs {
		i.priority = &cxv1alpha1.Priority{
			Rank:       int32(result.Rank[n]),
			Bundle:     int32(result.Bundle[n]),
			Score:      r.bundles[result.Bundle[n]-1].Score,
			EffortDays: formatMilli(r.problem.Jobs[n].Effort),
			ValueShare: result.Share[n].Points(),
		}
	}
	g.completeMoments()
}

// bundle says of each bundle what it brings.
func (g *Graph) bundle() {
	r := &g.ranking
	r.bundles = make([]Bundle, len(r.result.Bundles))
	for n := range r.bundles {
		b := &r.result.Bundles[n]
		items := make([]*Item, len(b.Jobs))
		for k, job := range b.Jobs {
			items[k] = r.jobs[job]
		}
		r.bundles[n] = Bundle{
			Number: int32(n + 1), Score: b.Score(), Value: wholePoints(b.Value), EffortDays: formatMilli(b.Effort), Items: items,
		}
	}
	for n, i := range r.jobs { // by name
		if b := &r.bundles[r.result.Bundle[n]-1]; len(b.named) <= words.MaxNamed {
			b.named = append(b.named, i)
		}
	}
}

// completeMoments tells of each bundle which moments it completes.
func (g *Graph) completeMoments() {
	for _, m := range g.moments {
		if last := m.completedBy(); last > 0 {
			b := &g.ranking.bundles[last-1]
			b.Moments = append(b.Moments, m)
		}
	}
}

// completedBy is the number of the bundle that completes the gate of a moment; 0 where none does.
func (m *Moment) completedBy() int32 {
	if t := &m.state.gate; !t.closed() || !t.schedulable() {
		return 0
	}
	last := int32(0)
	for i := range m.state.gate.deliverers {
		if i.priority != nil {
			last = max(last, i.priority.Bundle)
		}
	}
	return last
}

// wholePoints rounds thousandths of a point, half up.
func wholePoints(thousandths int64) int64 { return (thousandths + milli/2) / milli }

// priorityProblem says what package priority has to know of the jobs: their effort, what they bring and their order.
func (g *Graph) priorityProblem(jobs []*Item) priority.Problem {
	p := priority.Problem{Jobs: make([]priority.Job, len(jobs)), Before: make([][]int, len(jobs))}
	for n, i := range jobs {
		p.Jobs[n] = priority.Job{Name: i.Name, Effort: g.effortOf(i)}
		for _, b := range i.before {
			// What can be scheduled waits only for what can be scheduled.
			p.Before[n] = append(p.Before[n], b.job)
		}
	}
	p.Atoms = g.customerAtoms(g.policy.customerPercent)
	for n, i := range jobs {
		if value := g.believed(i, int64(i.Spec.BusinessValue)*g.policy.businessPercent*(milli/100)); value > 0 {
			p.Atoms = append(p.Atoms, priority.Atom{Value: value, Jobs: []int{n}})
		}
	}
	return p
}

// effortOf is what is left of the work of an item, raised for the complexity of its blocks and for doubt about their feasibility, in
// thousandths of a day, rounded half up.
func (g *Graph) effortOf(i *Item) int64 {
	complexity, feasibility := int64(100), int64(cxv1alpha1.DefaultFeasibilityPercent)
	for n, s := range i.delivers {
		percent := g.policy.complexityPercent[complexityOf(s.block)]
		feasible := positiveOr(s.block.Spec.FeasibilityPercent, cxv1alpha1.DefaultFeasibilityPercent)
		if n == 0 {
			complexity, feasibility = percent, feasible
			continue
		}
		complexity, feasibility = max(complexity, percent), min(feasibility, feasible)
	}
	// base x (100-progress)% x complexity% / feasibility%, in thousandths: the percentages leave a factor of ten.
	left := i.baseEffort() * (100 - i.progress()) * complexity * 10
	return max(minEffort, (2*left+feasibility)/(2*feasibility))
}

func complexityOf(b *Block) cxv1alpha1.Complexity {
	if b.Spec.Complexity == "" {
		return cxv1alpha1.DefaultComplexity
	}
	return b.Spec.Complexity
}

// progress of an item in percent. Of work that only lacks proof nothing is left.
func (i *Item) progress() int64 {
	if i.isUnproven() {
		return 100
	}
	return int64(min(max(i.Spec.ProgressPercent, 0), 100))
}

// customerAtoms are the planned unearned atoms of all moments. Each is worth this percentage of its value.
func (g *Graph) customerAtoms(percent int64) []priority.Atom {
	var atoms []priority.Atom
	g.eachPlannedAtom(func(m *Moment, share int64, deliverers []*Item) {
		// From micro-points to thousandths, and from percent.
		value, den := m.value.weight*share*percent, m.value.shares*100*(microPoint/milli)
		value = (2*value + den) / (2 * den)
		if value == 0 {
			return
		}
		jobs := make([]int, len(deliverers))
		for n, i := range deliverers {
			jobs[n] = i.job
		}
		atoms = append(atoms, priority.Atom{Value: value, Jobs: jobs})
	})
	return atoms
}

// eachPlannedAtom visits the atoms of moments that are not earned and will be: the gate, and each Should and Could. An
// atom is worth share / T of its moment and waits for the deliverers.
func (g *Graph) eachPlannedAtom(visit func(m *Moment, share int64, deliverers []*Item)) {
	for _, m := range g.moments {
		if m.value.planned == 0 || m.value.weight == 0 {
			continue
		}
		for _, r := range m.requirements {
			if !r.IsMust() && r.hasSchedulableDeliverer() {
				if share := g.policy.moscow[r.Spec.MoSCoW]; share > 0 {
					visit(m, share, []*Item{r.stage.by})
				}
			}
		}
		if t := &m.state.gate; t.closed() && t.schedulable() {
			visit(m, int64(m.state.counts.Must)*g.policy.moscow[cxv1alpha1.MoSCoWMust], m.gateDeliverers())
		}
	}
}

// gateDeliverers are the items that deliver the Musts of the moment, by name.
func (m *Moment) gateDeliverers() []*Item {
	set := make([]*Item, 0, len(m.state.gate.deliverers))
	for i := range m.state.gate.deliverers {
		set = append(set, i)
	}
	slices.SortFunc(set, func(a, b *Item) int { return a.live - b.live })
	return set
}

// formatMilli writes thousandths as a decimal without needless zeros.
func formatMilli(thousandths int64) string {
	text := fmt.Sprintf("%d.%03d", thousandths/milli, thousandths%milli)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// bundleStatuses lists the bundles in order, as far as a status goes.
func (g *Graph) bundleStatuses() ([]cxv1alpha1.Bundle, int32) {
	var list []cxv1alpha1.Bundle
	total := len(g.ranking.bundles)
	for n := range min(total, cxv1alpha1.MaxListed) {
		b := &g.ranking.bundles[n]
		status := cxv1alpha1.Bundle{Number: b.Number, Score: b.Score, Value: b.Value, EffortDays: b.EffortDays}
		status.Items, status.ItemsTotal = cappedNames(b.Items)
		status.Moments, status.MomentsTotal = cappedNames(b.Moments)
		list = append(list, status)
	}
	return list, int32(total)
}

// ExplainRank says why an item has its rank; empty where it has none.
func (g *Graph) ExplainRank(i *Item) string {
	if i.priority == nil {
		return ""
	}
	b := &g.ranking.bundles[i.priority.Bundle-1]
	with := ""
	if len(b.Items) > 1 {
		others := slices.DeleteFunc(slices.Clone(b.named), func(other *Item) bool { return other == i })
		with = "with " + words.EnumerateFirst(words.NamesOf(others), len(b.Items)-1) + " "
	}
	return fmt.Sprintf(" Rank %d: %sit brings %s for %s; nothing smaller brings more a day.",
		i.priority.Rank, with, words.Plural(int(b.Value), "point"), effortWords(b.EffortDays))
}

// effortWords writes an effort in words.
func effortWords(effort string) string {
	if effort == "1" {
		return "1 day"
	}
	return effort + " days"
}
