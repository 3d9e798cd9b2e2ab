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

package portfolio_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// plan is the second opinion on priority and forecast. It goes on from what the oracle says of a portfolio, and takes the
// definitions by their word: all closed sets, all orders, day after day. That is affordable up to some eight jobs.
type plan struct {
	*oracle

	jobs    []string         // the schedulable live items, by name; each has the bit of its place in a set of jobs
	before  []set            // of each job, everything before it
	efforts []int64          // in thousandths of a day
	atoms   []jobAtom        // of customers and of the business, or of the team's own model
	bundles []bundle         // in order
	rank    map[string]int32 // from 1
	inside  map[string]int   // the place in bundles

	starts, ends map[string]int // the first and the last day of each item that is placed, counted from 1970
	placed       []string       // in the order of placing
}

// set of jobs, one bit each.
type set uint

func (s set) has(job int) bool    { return s>>job&1 == 1 }
func (s set) holds(part set) bool { return part&^s == 0 }

// jobAtom is a value in thousandths of a point that waits for jobs, and for all before them.
type jobAtom struct {
	value    int64
	waitsFor set
}

// bundle is a set of jobs in its order.
type bundle struct {
	jobs          []int
	value, effort int64 // in thousandths
}

func (b bundle) ratio() *big.Rat { return big.NewRat(b.value, b.effort) }

func newRoadmap(objects portfolio.Objects, today cxv1alpha1.Date) *plan {
	p := newJobs(objects, today)
	p.decompose()
	p.schedule()
	return p
}

// rankedRoadmap takes bundles and ranks from the model, since there may be too many to try, and checks only what follows from them.
func rankedRoadmap(objects portfolio.Objects, today cxv1alpha1.Date, e *portfolio.Evaluation) *plan {
	p := newJobs(objects, today)
	order := slices.Clone(p.jobs)
	slices.SortFunc(order, func(a, b string) int {
		return int(e.RoadmapItems[a].Priority.Rank - e.RoadmapItems[b].Priority.Rank)
	})
	var done set
	for len(order) > 0 {
		var next []int
		number := e.RoadmapItems[order[0]].Priority.Bundle
		for len(order) > 0 && e.RoadmapItems[order[0]].Priority.Bundle == number {
			next = append(next, slices.Index(p.jobs, order[0]))
			order = order[1:]
		}
		done = p.addBundle(next, done)
	}
	p.schedule()
	return p
}

// newJobs knows what there is to plan, but not yet in which order.
func newJobs(objects portfolio.Objects, today cxv1alpha1.Date) *plan {
	p := &plan{
		oracle: newOracle(objects, today, map[string]cxv1alpha1.Date{}),
		rank:   map[string]int32{}, inside: map[string]int{},
		starts: map[string]int{}, ends: map[string]int{},
	}
	for name := range p.items {
		if p.schedulable(name) {
			p.jobs = append(p.jobs, name)
		}
	}
	slices.Sort(p.jobs)
	for _, name := range p.jobs {
		p.before = append(p.before, p.setOf(p.withAllBefore(p.befores[name])))
	}
	p.findEfforts()
	p.findAtoms()
	return p
}

func (p *plan) setOf(items names) set {
	var s set
	for job, name := range p.jobs {
		if items[name] {
			s |= 1 << job
		}
	}
	return s
}

// closed adds everything before the jobs of a set.
func (p *plan) closed(s set) set {
	all := s
	for job := range p.jobs {
		if s.has(job) {
			all |= p.before[job]
		}
	}
	return all
}

// thousandths rounds half up.
func thousandths(x *big.Rat) int64 { return round(new(big.Rat).Mul(x, big.NewRat(1000, 1))) }

// Effort

// base is the effort that an item takes when nothing of it is done.
func (p *plan) base(item string) int64 {
	if days := p.items[item].Spec.EffortDays; days != nil {
		return int64(*days)
	}
	stages := p.scopes[item]
	if !p.live(item) {
		stages = p.delivers(item)
	}
	var sum int64
	for s := range stages {
		sum += int64(p.stage(s).EffortDays)
	}
	return sum
}

// left is the part of the base effort that is still to be done.
func (p *plan) left(item string) *big.Rat {
	return new(big.Rat).Mul(big.NewRat(p.base(item), 1), percent(100-p.progress(item)))
}

// complexity of a block, in percent.
func (p *plan) complexity(block string) int32 {
	percents := cxv1alpha1.ComplexityPercents{}
	if p.policy.ComplexityPercent != nil {
		percents = *p.policy.ComplexityPercent
	}
	asked, standard := percents.Medium, int32(125)
	switch p.blocks[block].Spec.Complexity {
	case cxv1alpha1.ComplexityLow:
		asked, standard = percents.Low, 100
	case cxv1alpha1.ComplexityHigh:
		asked, standard = percents.High, 160
	case cxv1alpha1.ComplexityVeryHigh:
		asked, standard = percents.VeryHigh, 200
	default:
	}
	if asked == 0 {
		return standard
	}
	return asked
}

// effort of a job, not rounded and without an expression. The highest complexity is that of the highest percentage, which need not
// be that of the highest grade.
func (p *plan) effort(item string) *big.Rat {
	highest, lowest := int32(0), int32(100)
	for s := range p.delivers(item) {
		highest = max(highest, p.complexity(s.block))
		if feasibility := p.blocks[s.block].Spec.FeasibilityPercent; feasibility != 0 {
			lowest = min(lowest, feasibility)
		}
	}
	if highest == 0 {
		highest = 100 // an item of which no block exists
	}
	effort := new(big.Rat).Mul(p.left(item), percent(highest))
	return atLeastHalf(effort.Quo(effort, percent(lowest)))
}

func atLeastHalf(effort *big.Rat) *big.Rat {
	if half := big.NewRat(1, 2); effort.Cmp(half) < 0 {
		return half
	}
	return effort
}

func (p *plan) findEfforts() {
	formula := formulas[p.policy.EffortExpression]
	for _, item := range p.jobs {
		effort := p.effort(item)
		if formula != nil {
			if result, ok := formula(p.inputs(item)); ok {
				effort = atLeastHalf(new(big.Rat).SetFloat64(result))
			}
		}
		p.efforts = append(p.efforts, thousandths(effort))
	}
}

// Value

// customerAtom is a part of a moment's value that is planned: what it waits for, in requirements, and how much it is.
type customerAtom struct {
	value    *big.Rat
	classes  int64 // the weights of its MoSCoW classes
	waitsFor []string
}

func (p *plan) customerAtoms() []customerAtom {
	var atoms []customerAtom
	for moment := range p.moments {
		for _, requirements := range p.atomsOf(moment) {
			waitsFor := p.outstanding(requirements)
			if len(waitsFor) > 0 && p.allPlanned(waitsFor) {
				atoms = append(atoms, customerAtom{p.atom(requirements, moment), p.classes(requirements), waitsFor})
			}
		}
	}
	return atoms
}

// atomsOf a moment: its gate, and each of the other requirements that are not dropped.
func (p *plan) atomsOf(moment string) [][]string {
	atoms := [][]string{p.gate(moment)}
	for _, r := range p.asked(moment) {
		if p.requirements[r].Spec.MoSCoW != cxv1alpha1.MoSCoWMust {
			atoms = append(atoms, []string{r})
		}
	}
	return atoms
}

func (p *plan) deliverersOf(requirements []string) names {
	all := names{}
	for _, r := range requirements {
		all[p.deliveryOf(r)] = true
	}
	return all
}

func (p *plan) findAtoms() {
	if formula := formulas[p.policy.ValueExpression]; formula != nil {
		p.findAtomsOfModel(formula)
		return
	}
	weights := cxv1alpha1.ValueWeights{}
	if p.policy.Weights != nil {
		weights = *p.policy.Weights
	}
	for _, atom := range p.customerAtoms() {
		value := new(big.Rat).Mul(atom.value, percent(or(weights.Customer, 50)))
		p.atoms = append(p.atoms, jobAtom{thousandths(value), p.setOf(p.deliverersOf(atom.waitsFor))})
	}
	for job, item := range p.jobs {
		value := new(big.Rat).Mul(p.businessValue(item), percent(or(weights.Business, 50)))
		p.atoms = append(p.atoms, jobAtom{thousandths(value), 1 << job})
	}
}

func (p *plan) findAtomsOfModel(formula formula) {
	for job, item := range p.jobs {
		result, ok := formula(p.inputs(item))
		if !ok || result < 0 {
			result = 0
		}
		p.atoms = append(p.atoms, jobAtom{thousandths(new(big.Rat).SetFloat64(result)), 1 << job})
	}
}

// share of a job in the atoms: each is divided over all the jobs that it needs.
func (p *plan) jobShare(job int) *big.Rat {
	sum := new(big.Rat)
	for _, atom := range p.atoms {
		if needed := p.closed(atom.waitsFor); needed.has(job) {
			sum.Add(sum, big.NewRat(atom.value, 1000*int64(p.size(needed))))
		}
	}
	return sum
}

func (p *plan) size(s set) int {
	size := 0
	for job := range p.jobs {
		if s.has(job) {
			size++
		}
	}
	return size
}

// Score models

// inputs of a formula.
type inputs struct {
	customerValue, businessValue, effortDays float64
	scores                                   map[string]float64
}

type formula func(inputs) (result float64, ok bool)

// formulas are the expressions that the oracle knows, in Go. What it does not know does not compile, so the default holds.
var formulas = map[string]formula{
	"customerValue + businessValue":        func(i inputs) (float64, bool) { return i.customerValue + i.businessValue, true },
	"businessValue * 3.0 - effortDays":     func(i inputs) (float64, bool) { return i.businessValue*3 - i.effortDays, true },
	"scores.reach * 2.0":                   func(i inputs) (float64, bool) { return i.scores["reach"] * 2, i.has("reach") },
	`"risk" in scores ? scores.risk : 4.0`: riskOrFour,
	"effortDays * 2.0":                     func(i inputs) (float64, bool) { return i.effortDays * 2, true },
	"effortDays / scores.risk": func(i inputs) (float64, bool) {
		return i.effortDays / i.scores["risk"], i.scores["risk"] != 0
	},
	"scores.reach + scores.risk": func(i inputs) (float64, bool) {
		return i.scores["reach"] + i.scores["risk"], i.has("reach") && i.has("risk")
	},
}

func riskOrFour(i inputs) (float64, bool) {
	if i.has("risk") {
		return i.scores["risk"], true
	}
	return 4, true
}

func (i inputs) has(score string) bool {
	_, ok := i.scores[score]
	return ok
}

// inputs of an item. Its customer value is a share in atoms that are rounded before they are divided, as all atoms.
func (p *plan) inputs(item string) inputs {
	share := new(big.Rat)
	for _, atom := range p.customerAtoms() {
		if needed := p.withAllBefore(p.deliverersOf(atom.waitsFor)); needed[item] {
			share.Add(share, big.NewRat(thousandths(atom.value), 1000*int64(len(needed))))
		}
	}
	in := inputs{
		customerValue: float(share),
		businessValue: float64(p.items[item].Spec.BusinessValue),
		effortDays:    float(big.NewRat(thousandths(p.effort(item)), 1000)),
		scores:        map[string]float64{},
	}
	for _, score := range p.items[item].Spec.Scores {
		in.scores[string(score.Name)] = score.Value.AsApproximateFloat64()
	}
	return in
}

func float(x *big.Rat) float64 {
	f, _ := x.Float64()
	return f
}

// Bundles and ranks

func (p *plan) decompose() {
	var done set
	for p.size(done) < len(p.jobs) {
		done = p.addBundle(p.bestOrder(p.nextBundle(done), done), done)
	}
}

// addBundle is told what is done before it, and tells what is done with it.
func (p *plan) addBundle(jobs []int, done set) set {
	b := bundle{jobs: jobs, value: -p.completed(done)}
	for _, job := range jobs {
		done |= 1 << job
		b.effort += p.efforts[job]
		p.rank[p.jobs[job]] = int32(len(p.rank) + 1)
		p.inside[p.jobs[job]] = len(p.bundles)
	}
	b.value += p.completed(done)
	p.bundles = append(p.bundles, b)
	return done
}

// nextBundle looks through all sets for the one with the highest ratio, the largest of them where several tie.
func (p *plan) nextBundle(done set) set {
	var winner set
	var highest *big.Rat
	for s := set(1); s < 1<<len(p.jobs); s++ {
		if s&done != 0 || !(done | s).holds(p.closed(s)) {
			continue
		}
		ratio := big.NewRat(p.completed(done|s)-p.completed(done), p.effortOf(s))
		better := 1
		if highest != nil {
			better = ratio.Cmp(highest)
		}
		if better > 0 || better == 0 && p.size(s) > p.size(winner) {
			winner, highest = s, ratio
		}
	}
	return winner
}

// completed is the value of all atoms that wait for nothing else.
func (p *plan) completed(done set) int64 {
	var sum int64
	for _, atom := range p.atoms {
		if done.holds(atom.waitsFor) {
			sum += atom.value
		}
	}
	return sum
}

func (p *plan) effortOf(s set) int64 {
	var sum int64
	for job, effort := range p.efforts {
		if s.has(job) {
			sum += effort
		}
	}
	return sum
}

// bestOrder goes through all orders of a bundle, those that are first by names first, and takes the first of the cheapest.
func (p *plan) bestOrder(todo, done set) []int {
	var cheapest *big.Int
	var winner []int
	var extend func(order []int, todo, done set, effort int64, cost *big.Int)
	extend = func(order []int, todo, done set, effort int64, cost *big.Int) {
		if todo == 0 && (cheapest == nil || cost.Cmp(cheapest) < 0) {
			cheapest, winner = cost, slices.Clone(order)
		}
		for job := range p.jobs {
			if !todo.has(job) || !done.holds(p.before[job]) {
				continue
			}
			with, until := done|1<<job, effort+p.efforts[job]
			earned := big.NewInt(p.completed(with) - p.completed(done))
			more := earned.Mul(earned, big.NewInt(until))
			extend(append(order, job), todo&^(1<<job), with, until, more.Add(more, cost))
		}
	}
	extend(nil, todo, done, 0, new(big.Int))
	return winner
}

// The forecast

const secondsADay = 24 * 60 * 60

func dayNumber(d cxv1alpha1.Date) int { return int(day(d).Unix() / secondsADay) }

func date(number int) cxv1alpha1.Date {
	return cxv1alpha1.Date(time.Unix(int64(number)*secondsADay, 0).UTC().Format(time.DateOnly))
}

// worksOn tells whether an item is worked on, on a day: its team may have holidays of its own.
func (p *plan) worksOn(item string, number int) bool {
	team, _ := p.teamOf(item)
	return p.workday(number) && !slices.Contains(team.Holidays, date(number))
}

func (p *plan) workday(number int) bool {
	weekday := time.Weekday((number + 4) % 7) // 1 January 1970 was a Thursday
	calendar := p.policy.Calendar
	if calendar != nil && slices.Contains(calendar.Holidays, date(number)) {
		return false
	}
	if calendar == nil || len(calendar.Workdays) == 0 {
		return weekday != time.Saturday && weekday != time.Sunday
	}
	return slices.Contains(calendar.Workdays, cxv1alpha1.Weekday(weekday.String()[:3]))
}

// team of an item, if the Roadmap lists it.
func (p *plan) teamOf(item string) (cxv1alpha1.Team, bool) {
	name := p.items[item].Spec.Team
	for _, team := range p.policy.Teams {
		if team.Name == name && name != "" {
			return team, true
		}
	}
	return cxv1alpha1.Team{}, false
}

func (p *plan) started(item string) bool { return p.state(item) == cxv1alpha1.StateInProgress }

func (p *plan) duration(item string) int {
	velocity := int32(100)
	if team, ok := p.teamOf(item); ok && team.VelocityPercent != 0 {
		velocity = team.VelocityPercent
	}
	exact := p.left(item)
	exact.Quo(exact, percent(velocity))
	days := int(-floor(exact.Neg(exact))) // rounded up
	if !p.started(item) {
		for s := range p.scopes[item] {
			days = max(days, int(p.stage(s).LeadTimeDays))
		}
	}
	return max(1, days)
}

func (p *plan) schedule() {
	var inProgress, others []string
	for _, b := range p.bundles {
		for _, job := range b.jobs {
			if item := p.jobs[job]; p.started(item) {
				inProgress = append(inProgress, item)
			} else {
				others = append(others, item)
			}
		}
	}
	for _, item := range append(inProgress, others...) {
		p.starts[item], p.ends[item] = p.findDays(item)
		p.finish[item] = date(p.ends[item])
		p.placed = append(p.placed, item)
	}
}

// findDays tries one day after the other.
func (p *plan) findDays(item string) (first, last int) {
	from := dayNumber(p.today)
	if !p.started(item) {
		from = max(from, p.notBefore(item))
	}
	for first = from; ; first++ {
		last, hindrance := p.run(item, first)
		if hindrance == 0 {
			return first, last
		}
		first = hindrance // no run that begins up to there does better
	}
}

// notBefore is the first day that the start date and what comes before an item leave it.
func (p *plan) notBefore(item string) int {
	from := 0
	if start := p.items[item].Spec.StartDate; start != "" {
		from = dayNumber(start)
	}
	for other := range p.withAllBefore(p.befores[item]) {
		from = max(from, p.over(item, other)+1)
	}
	return from
}

// over is the last day on which an item waits for one before it: its last, or as many workdays later as the lag is.
func (p *plan) over(item, before string) int {
	lag := int32(0)
	for _, ref := range p.items[item].Spec.DependsOn {
		if string(ref.Name) == before {
			lag = max(lag, ref.LagDays)
		}
	}
	day := p.ends[before]
	for lag > 0 {
		if day++; p.workday(day) {
			lag--
		}
	}
	return day
}

// run tells the last day of an item that begins on the given day; or else the day that is in the way: the first, because
// nobody works, or the last of those on which the team is full.
func (p *plan) run(item string, first int) (last, hindrance int) {
	if !p.worksOn(item, first) {
		return 0, first
	}
	days := p.duration(item)
	for last = first; ; last++ {
		if !p.worksOn(item, last) {
			continue
		}
		if !p.started(item) && p.full(item, last) {
			return 0, last
		}
		if days--; days == 0 {
			return last, 0
		}
	}
}

// full tells whether the team of an item has as much work as it has lanes.
func (p *plan) full(item string, number int) bool {
	team, ok := p.teamOf(item)
	if !ok {
		return false
	}
	busy := int32(0)
	for _, other := range p.placed {
		if p.items[other].Spec.Team == team.Name && p.starts[other] <= number && number <= p.ends[other] {
			busy++
		}
	}
	return busy >= max(1, team.Lanes)
}

// chain is the critical chain of a moment, the first step first.
func (p *plan) chain(moment string) []string {
	if p.expected(moment) == "" {
		return nil
	}
	last := ""
	for item := range p.deliverersOf(p.outstanding(p.gate(moment))) {
		if last == "" || p.ends[item] > p.ends[last] || p.ends[item] == p.ends[last] && item < last {
			last = item
		}
	}
	var chain []string
	for item := last; item != ""; item = p.waitedFor(item) {
		chain = append(chain, item)
	}
	slices.Reverse(chain)
	return chain
}

// waitedFor is the item for which an item waited until its first workday: of those before it the one that kept it longest; or else one
// of its team that finished on the workday before.
func (p *plan) waitedFor(item string) string {
	previous := p.starts[item] - 1
	for previous >= dayNumber(p.today) && !p.worksOn(item, previous) {
		previous--
	}
	if p.started(item) || previous < dayNumber(p.today) {
		return ""
	}
	before := p.withAllBefore(p.befores[item])
	longest := ""
	for _, other := range p.jobs {
		if before[other] && p.over(item, other) >= previous && (longest == "" || p.over(item, other) > p.over(item, longest)) {
			longest = other
		}
	}
	if longest != "" {
		return longest
	}
	team, limited := p.teamOf(item)
	for _, other := range p.jobs {
		if limited && p.items[other].Spec.Team == team.Name && p.ends[other] == previous {
			return other
		}
	}
	return ""
}

// Statuses

// decimal writes thousandths as days, without zeros at the end.
func decimal(thousandths int64) string {
	whole := fmt.Sprintf("%d.%03d", thousandths/1000, thousandths%1000)
	return strings.TrimRight(strings.TrimRight(whole, "0"), ".")
}

// score of a bundle, with two decimals.
func (b bundle) score() string {
	hundredths := round(new(big.Rat).Mul(b.ratio(), big.NewRat(100, 1)))
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
}

func points(thousandths int64) int64 { return round(big.NewRat(thousandths, 1000)) }

// statuses goes on from those of the oracle: now with ranks, dates and chains.
func (p *plan) statuses() portfolio.Statuses {
	s := p.oracle.statuses()
	for name, item := range s.RoadmapItems {
		item.Order = map[cxv1alpha1.ItemState]int32{cxv1alpha1.StateDone: 1000002, cxv1alpha1.StateCancelled: 1000003}[p.state(name)]
		if item.Order == 0 {
			item.Order = 1000001
		}
	}
	for job, item := range p.jobs {
		s.RoadmapItems[item].Priority = p.priority(job)
		s.RoadmapItems[item].Order = p.rank[item]
		s.RoadmapItems[item].Schedule = &cxv1alpha1.Schedule{
			ExpectedStart: date(p.starts[item]), ExpectedFinish: date(p.ends[item]), DurationDays: int32(p.duration(item)),
		}
	}
	for name, moment := range s.Moments {
		p.completeMoment(name, moment)
	}
	for name, journey := range s.Journeys {
		p.completeJourney(name, journey)
	}
	if s.Roadmap != nil {
		p.completeRoadmap(s.Roadmap)
	}
	return s
}

func (p *plan) priority(job int) *cxv1alpha1.Priority {
	item := p.jobs[job]
	number := p.inside[item]
	return &cxv1alpha1.Priority{
		Rank: p.rank[item], Bundle: int32(number + 1), Score: p.bundles[number].score(),
		EffortDays: decimal(p.efforts[job]), ValueShare: round(p.jobShare(job)),
	}
}

func (p *plan) completeMoment(name string, status *cxv1alpha1.MomentStatus) {
	status.CriticalChain = p.chain(name)
	status.CriticalChainTotal = int32(len(status.CriticalChain))
	for i := range status.BlockedBy {
		blocker := &status.BlockedBy[i]
		blocker.Critical = blocker.Kind == cxv1alpha1.BlockerRoadmapItem && slices.Contains(status.CriticalChain, blocker.Name)
	}
	if needed := p.moments[name].Spec.NeededBy; status.SlackDays != nil {
		status.SlackDays = new(int32(dayNumber(needed) - dayNumber(status.ExpectedDate)))
	}
}

func (p *plan) completeJourney(name string, status *cxv1alpha1.JourneyStatus) {
	for _, b := range p.bundles {
		for _, job := range b.jobs {
			work := cxv1alpha1.NextWork{Name: p.jobs[job], Rank: p.rank[p.jobs[job]], Score: b.score()}
			for _, moment := range p.momentsIn(name) {
				if p.closure(moment)[work.Name] {
					work.Unlocks++
				}
			}
			if work.Unlocks > 0 {
				status.NextWork = append(status.NextWork, work)
				status.NextWorkTotal++
			}
		}
	}
	status.NextWork = status.NextWork[:min(10, len(status.NextWork))]
}

func (p *plan) completeRoadmap(status *cxv1alpha1.RoadmapStatus) {
	for number, b := range p.bundles {
		entry := cxv1alpha1.Bundle{
			Number: int32(number + 1), Score: b.score(), Value: points(b.value), EffortDays: decimal(b.effort),
			ItemsTotal: int32(len(b.jobs)),
		}
		for _, job := range b.jobs {
			entry.Items = append(entry.Items, p.jobs[job])
		}
		entry.Moments, entry.MomentsTotal = listed(p.completedBy(number))
		status.Bundles = append(status.Bundles, entry)
	}
	status.BundlesTotal = int32(len(p.bundles))
	status.Forecast, status.ForecastTotal = p.months()
}

// completedBy tells which moments have their whole gate with this bundle, and not before.
func (p *plan) completedBy(number int) names {
	all := names{}
	for moment := range p.moments {
		waitsFor := p.outstanding(p.gate(moment))
		if len(waitsFor) == 0 || !p.allPlanned(waitsFor) {
			continue
		}
		last := 0
		for item := range p.deliverersOf(waitsFor) {
			last = max(last, p.inside[item])
		}
		if last == number {
			all[moment] = true
		}
	}
	return all
}

// months tells what part of all customer value is there at the end of each month.
func (p *plan) months() (list []cxv1alpha1.MonthForecast, total int32) {
	month := func(d cxv1alpha1.Date) string { return string(d[:len("2006-01")]) }
	earned := map[string]*big.Rat{} // by month
	current, last := month(p.today), month(p.today)
	for _, atom := range p.customerAtoms() {
		latest := cxv1alpha1.Date("")
		for item := range p.deliverersOf(atom.waitsFor) {
			latest = max(latest, p.finish[item])
		}
		if earned[month(latest)] == nil {
			earned[month(latest)] = new(big.Rat)
		}
		earned[month(latest)].Add(earned[month(latest)], atom.value)
		if atom.value.Sign() > 0 {
			last = max(last, month(latest))
		}
	}
	value := noValue()
	for moment := range p.moments {
		value.add(p.momentValue(moment))
	}
	for ; current <= last; current = month(date(dayNumber(cxv1alpha1.Date(current+"-28")) + 4)) {
		if more := earned[current]; more != nil {
			value.delivered.Add(value.delivered, more)
		}
		total++
		if total <= cxv1alpha1.MaxListed {
			list = append(list, cxv1alpha1.MonthForecast{Month: current, DeliveredPercent: value.progress()})
		}
	}
	return list, total
}
