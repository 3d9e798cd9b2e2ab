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
	"math/big"
	"slices"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// oracle is a second opinion on what a portfolio means, written from the definitions alone and as naively as they allow: names,
// sets, fractions and brute force. It knows nothing of how the model works, so that the two seldom share a mistake. What
// follows from ranks and capacity is not worked out here: the oracle takes the expected finish of each item as given.
type oracle struct {
	objects      portfolio.Objects
	today        cxv1alpha1.Date
	journeys     map[string]*cxv1alpha1.Journey
	moments      map[string]*cxv1alpha1.Moment
	requirements map[string]*cxv1alpha1.Requirement
	blocks       map[string]*cxv1alpha1.BuildingBlock
	items        map[string]*cxv1alpha1.RoadmapItem
	metrics      map[string]*cxv1alpha1.Metric
	policy       cxv1alpha1.RoadmapSpec

	finish map[string]cxv1alpha1.Date // of items, as given

	scopes  map[string]stages // of all items
	befores map[string]names  // of live items, directly before them

	// Answers that are asked for again and again.
	states       map[string]cxv1alpha1.ItemState
	levels       map[string]int
	deliverers   map[stageAt]string
	schedulables map[string]bool
	closures     map[string]names
	cyclics      map[string]bool
	samples      map[string]map[int]*big.Rat
}

// once remembers the answer to a question.
func once[Q comparable, A any](answers map[Q]A, question Q, find func(Q) A) A {
	answer, known := answers[question]
	if !known {
		answer = find(question)
		answers[question] = answer
	}
	return answer
}

// stageAt is a stage of a block by its place, from 0.
type stageAt struct {
	block string
	place int
}

type (
	stages = map[stageAt]bool
	names  = map[string]bool
)

func newOracle(objects portfolio.Objects, today cxv1alpha1.Date, finish map[string]cxv1alpha1.Date) *oracle {
	o := &oracle{
		objects: objects, today: today, finish: finish,
		journeys:     map[string]*cxv1alpha1.Journey{},
		moments:      map[string]*cxv1alpha1.Moment{},
		requirements: map[string]*cxv1alpha1.Requirement{},
		blocks:       map[string]*cxv1alpha1.BuildingBlock{},
		items:        map[string]*cxv1alpha1.RoadmapItem{},
		metrics:      map[string]*cxv1alpha1.Metric{},
		scopes:       map[string]stages{},
		befores:      map[string]names{},
		states:       map[string]cxv1alpha1.ItemState{},
		levels:       map[string]int{},
		deliverers:   map[stageAt]string{},
		schedulables: map[string]bool{},
		closures:     map[string]names{},
		cyclics:      map[string]bool{},
		samples:      map[string]map[int]*big.Rat{},
	}
	for _, x := range objects.Journeys {
		o.journeys[x.Name] = x
	}
	for _, x := range objects.Moments {
		o.moments[x.Name] = x
	}
	for _, x := range objects.Requirements {
		o.requirements[x.Name] = x
	}
	for _, x := range objects.BuildingBlocks {
		o.blocks[x.Name] = x
	}
	for _, x := range objects.RoadmapItems {
		o.items[x.Name] = x
	}
	for _, x := range objects.Metrics {
		o.metrics[x.Name] = x
	}
	if objects.Roadmap != nil {
		o.policy = objects.Roadmap.Spec
	}
	for name := range o.items {
		o.scopes[name] = o.scope(name)
	}
	for name := range o.items {
		if o.live(name) {
			o.befores[name] = o.directlyBefore(name)
		}
	}
	return o
}

// find looks up a reference to a stage; without a stage it means the block's last.
func (o *oracle) find(ref cxv1alpha1.StageReference) (stageAt, bool) {
	block, ok := o.blocks[string(ref.Name)]
	if !ok || len(block.Spec.Stages) == 0 {
		return stageAt{}, false
	}
	if ref.Stage == "" {
		return stageAt{block.Name, len(block.Spec.Stages) - 1}, true
	}
	for place, stage := range block.Spec.Stages {
		if stage.Name == ref.Stage {
			return stageAt{block.Name, place}, true
		}
	}
	return stageAt{}, false
}

func (o *oracle) stage(s stageAt) cxv1alpha1.Stage { return o.blocks[s.block].Spec.Stages[s.place] }

func (o *oracle) live(item string) bool {
	return o.state(item) != cxv1alpha1.StateDone && o.state(item) != cxv1alpha1.StateCancelled
}

// delivers tells which stages an item names that exist.
func (o *oracle) delivers(item string) stages {
	all := stages{}
	for _, ref := range o.items[item].Spec.Delivers {
		if s, ok := o.find(ref); ok {
			all[s] = true
		}
	}
	return all
}

// level is the delivered level of a block: the place of the highest stage that is there, or -1.
func (o *oracle) level(block string) int { return once(o.levels, block, o.findLevel) }

func (o *oracle) findLevel(block string) int {
	level := -1
	for place, stage := range o.blocks[block].Spec.Stages {
		if stage.Available || o.policy.Proof == cxv1alpha1.ProofRequire && o.proven(stageAt{block, place}) {
			level = max(level, place)
		}
	}
	for item := range o.items {
		if o.state(item) != cxv1alpha1.StateDone {
			continue
		}
		for s := range o.delivers(item) {
			if s.block == block {
				level = max(level, s.place)
			}
		}
	}
	return level
}

func (o *oracle) delivered(s stageAt) bool { return s.place <= o.level(s.block) }

// sufficient is the lowest stage that an item names which includes the given one.
func (o *oracle) sufficient(item string, s stageAt) (int, bool) {
	lowest, found := 0, false
	for named := range o.delivers(item) {
		if named.block == s.block && named.place >= s.place && (!found || named.place < lowest) {
			lowest, found = named.place, true
		}
	}
	return lowest, found
}

// best picks the candidate that comes first by the ways to compare, in turn; "" without candidates.
func best(candidates []string, compare ...func(a, b string) int) string {
	winner := ""
	for n, candidate := range candidates {
		if n == 0 {
			winner = candidate
			continue
		}
		for _, by := range append(compare, compareStrings) {
			if c := by(candidate, winner); c != 0 {
				if c < 0 {
					winner = candidate
				}
				break
			}
		}
	}
	return winner
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// deliverer of an undelivered stage, or "".
func (o *oracle) deliverer(s stageAt) string { return once(o.deliverers, s, o.findDeliverer) }

func (o *oracle) findDeliverer(s stageAt) string {
	if o.delivered(s) {
		return ""
	}
	var candidates []string
	for item := range o.items {
		if _, ok := o.sufficient(item, s); ok && o.live(item) {
			candidates = append(candidates, item)
		}
	}
	advance := map[cxv1alpha1.ItemState]int{cxv1alpha1.StateInProgress: 1, cxv1alpha1.StatePlanned: 2, cxv1alpha1.StateProposed: 3}
	return best(candidates,
		func(a, b string) int { return o.compareSufficient(a, b, s) },
		func(a, b string) int { return advance[o.state(a)] - advance[o.state(b)] })
}

// deliveredBy is the Done item that delivered a stage, or "".
func (o *oracle) deliveredBy(s stageAt) string {
	var candidates []string
	for item := range o.items {
		if _, ok := o.sufficient(item, s); ok && o.state(item) == cxv1alpha1.StateDone {
			candidates = append(candidates, item)
		}
	}
	return best(candidates,
		func(a, b string) int { return o.compareSufficient(a, b, s) },
		func(a, b string) int {
			return compareStrings(string(o.finished(a)), string(o.finished(b)))
		})
}

func (o *oracle) compareSufficient(a, b string, s stageAt) int {
	placeOfA, _ := o.sufficient(a, s)
	placeOfB, _ := o.sufficient(b, s)
	return placeOfA - placeOfB
}

// scope of an item: the undelivered stages it names plus those it is the deliverer of.
func (o *oracle) scope(item string) stages {
	all := stages{}
	for s := range o.delivers(item) {
		if !o.delivered(s) {
			all[s] = true
		}
	}
	for name, block := range o.blocks {
		for place := range block.Spec.Stages {
			if s := (stageAt{name, place}); o.deliverer(s) == item {
				all[s] = true
			}
		}
	}
	return all
}

// directlyBefore tells which live items come directly before a live one.
func (o *oracle) directlyBefore(item string) names {
	before := names{}
	for s := range o.scopes[item] {
		for _, ref := range o.stage(s).DependsOn { // (b)
			if other, ok := o.find(ref); ok {
				before[o.deliverer(other)] = true
			}
		}
		for place := range s.place { // (c)
			if earlier := (stageAt{s.block, place}); !o.scopes[item][earlier] {
				before[o.deliverer(earlier)] = true
			}
		}
	}
	delete(before, "") // what has no deliverer
	delete(before, item)
	for _, ref := range o.items[item].Spec.DependsOn { // (a), where an item may name itself: a cycle of one
		if other := string(ref.Name); o.items[other] != nil && o.live(other) {
			before[other] = true
		}
	}
	return before
}

// withAllBefore adds everything that comes before the items of a set.
func (o *oracle) withAllBefore(items names) names {
	all := names{}
	for item := range items {
		all[item] = true
	}
	for {
		size := len(all)
		for item := range all {
			for before := range o.befores[item] {
				all[before] = true
			}
		}
		if len(all) == size {
			return all
		}
	}
}

// cyclic tells whether a live item comes before itself.
func (o *oracle) cyclic(item string) bool {
	return once(o.cyclics, item, func(string) bool { return o.withAllBefore(o.befores[item])[item] })
}

// cyclicBlock tells whether a stage of the block comes after itself by dependsOn and by the order of stages in a block.
func (o *oracle) cyclicBlock(block string) bool {
	for place := range o.blocks[block].Spec.Stages {
		if o.comesAfterItself(stageAt{block, place}) {
			return true
		}
	}
	return false
}

func (o *oracle) comesAfterItself(s stageAt) bool {
	reached := o.stagesBefore(s)
	for {
		size := len(reached)
		for r := range reached {
			for before := range o.stagesBefore(r) {
				reached[before] = true
			}
		}
		if len(reached) == size {
			return reached[s]
		}
	}
}

func (o *oracle) stagesBefore(s stageAt) stages {
	before := stages{}
	if s.place > 0 {
		before[stageAt{s.block, s.place - 1}] = true
	}
	for _, ref := range o.stage(s).DependsOn {
		if other, ok := o.find(ref); ok {
			before[other] = true
		}
	}
	return before
}

// missing and cancelled tell which items in dependsOn are unresolved.
func (o *oracle) missing(item string) names {
	all := names{}
	for _, ref := range o.items[item].Spec.DependsOn {
		if o.items[string(ref.Name)] == nil {
			all[string(ref.Name)] = true
		}
	}
	return all
}

func (o *oracle) cancelled(item string) names {
	all := names{}
	for _, ref := range o.items[item].Spec.DependsOn {
		if other := string(ref.Name); o.items[other] != nil && o.state(other) == cxv1alpha1.StateCancelled {
			all[other] = true
		}
	}
	return all
}

// unplannedWork is what an item waits for that nobody delivers, or should deliver and does not exist: block and stage, as known.
func (o *oracle) unplannedWork(item string) map[cxv1alpha1.StageReference]bool {
	all := map[cxv1alpha1.StageReference]bool{}
	for _, ref := range o.items[item].Spec.Delivers {
		if _, ok := o.find(ref); !ok {
			all[ref] = true
		}
	}
	for s := range o.scopes[item] {
		for _, ref := range o.stage(s).DependsOn {
			other, ok := o.find(ref)
			switch {
			case !ok:
				all[ref] = true
			case !o.delivered(other) && o.deliverer(other) == "":
				all[o.reference(other)] = true
			}
		}
	}
	return all
}

func (o *oracle) reference(s stageAt) cxv1alpha1.StageReference {
	return cxv1alpha1.StageReference{Name: cxv1alpha1.ObjectName(s.block), Stage: o.stage(s).Name}
}

func (o *oracle) schedulable(item string) bool {
	return once(o.schedulables, item, o.findSchedulable)
}

func (o *oracle) findSchedulable(item string) bool {
	if item == "" || !o.live(item) {
		return false
	}
	for other := range o.withAllBefore(names{item: true}) {
		if o.cyclic(other) || len(o.missing(other)) > 0 || len(o.cancelled(other)) > 0 || len(o.unplannedWork(other)) > 0 {
			return false
		}
	}
	return true
}

// requirementState is how far a requirement is: the reason of its Delivered condition.
func (o *oracle) requirementState(requirement string) string {
	spec := o.requirements[requirement].Spec
	if spec.MoSCoW == cxv1alpha1.MoSCoWWont {
		return cxv1alpha1.ReasonDropped
	}
	s, ok := o.stageOf(requirement)
	switch {
	case !ok:
		return cxv1alpha1.ReasonUnassigned
	case o.delivered(s):
		return cxv1alpha1.ReasonDelivered
	case o.deliverer(s) == "":
		return cxv1alpha1.ReasonUnplanned
	}
	return string(o.state(o.deliverer(s)))
}

// stageOf is the stage that a requirement asks for, also of a dropped one.
func (o *oracle) stageOf(requirement string) (stageAt, bool) {
	ref := o.requirements[requirement].Spec.BuildingBlockRef
	if ref == nil {
		return stageAt{}, false
	}
	return o.find(*ref)
}

// deliveryOf is the item that delivers or has delivered a requirement, or "".
func (o *oracle) deliveryOf(requirement string) string {
	s, ok := o.stageOf(requirement)
	switch {
	case !ok || o.requirementState(requirement) == cxv1alpha1.ReasonDropped:
		return ""
	case o.delivered(s):
		return o.deliveredBy(s)
	}
	return o.deliverer(s)
}

func (o *oracle) planned(requirement string) bool {
	return o.requirementState(requirement) != cxv1alpha1.ReasonDelivered && o.schedulable(o.deliveryOf(requirement))
}

// requirementsOf lists the requirements of a moment by name: all of them.
func (o *oracle) requirementsOf(moment string) []string {
	var all []string
	for name, r := range o.requirements {
		if slices.ContainsFunc(r.Spec.MomentRefs, func(ref cxv1alpha1.ObjectReference) bool { return string(ref.Name) == moment }) {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func (o *oracle) momentsOf(requirement string) names {
	all := names{}
	for _, ref := range o.requirements[requirement].Spec.MomentRefs {
		if o.moments[string(ref.Name)] != nil {
			all[string(ref.Name)] = true
		}
	}
	return all
}

// asked lists the requirements of a moment that are not dropped; gate its Musts.
func (o *oracle) asked(moment string) []string {
	return slices.DeleteFunc(o.requirementsOf(moment), func(r string) bool {
		return o.requirements[r].Spec.MoSCoW == cxv1alpha1.MoSCoWWont
	})
}

func (o *oracle) gate(moment string) []string {
	return slices.DeleteFunc(o.requirementsOf(moment), func(r string) bool {
		return o.requirements[r].Spec.MoSCoW != cxv1alpha1.MoSCoWMust
	})
}

func (o *oracle) outstanding(requirements []string) []string {
	return slices.DeleteFunc(slices.Clone(requirements), func(r string) bool { return o.requirementState(r) == cxv1alpha1.ReasonDelivered })
}

// closure is what a moment waits for: the deliverers of its undelivered gate and everything before them.
func (o *oracle) closure(moment string) names { return once(o.closures, moment, o.findClosure) }

func (o *oracle) findClosure(moment string) names {
	direct := names{}
	for _, r := range o.outstanding(o.gate(moment)) {
		if item := o.deliveryOf(r); item != "" {
			direct[item] = true
		}
	}
	return o.withAllBefore(direct)
}

// parts is a value that is not rounded yet.
type parts struct{ total, delivered, planned, unplanned, unelaborated *big.Rat }

func noValue() parts {
	return parts{new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)}
}

func (p parts) add(q parts) {
	p.total.Add(p.total, q.total)
	p.delivered.Add(p.delivered, q.delivered)
	p.planned.Add(p.planned, q.planned)
	p.unplanned.Add(p.unplanned, q.unplanned)
	p.unelaborated.Add(p.unelaborated, q.unelaborated)
}

func (p parts) conserved() bool {
	sum := new(big.Rat)
	for _, part := range []*big.Rat{p.delivered, p.planned, p.unplanned, p.unelaborated} {
		sum.Add(sum, part)
	}
	return sum.Cmp(p.total) == 0
}

func (p parts) rounded() *cxv1alpha1.Value {
	return &cxv1alpha1.Value{
		Total: round(p.total), Delivered: round(p.delivered), Planned: round(p.planned), Unplanned: round(p.unplanned),
		Unelaborated: round(p.unelaborated),
	}
}

// progress is the delivered part in percent, rounded down; of nothing it is 0.
func (p parts) progress() int32 {
	if p.total.Sign() == 0 {
		return 0
	}
	part := new(big.Rat).Quo(p.delivered, p.total)
	return int32(floor(part.Quo(part, percent(1))))
}

// round rounds half up to a whole number.
func round(x *big.Rat) int64 { return floor(new(big.Rat).Add(x, big.NewRat(1, 2))) }

func floor(x *big.Rat) int64 { return new(big.Int).Div(x.Num(), x.Denom()).Int64() }

func percent(of int32) *big.Rat { return big.NewRat(int64(of), 100) }

func or(value *int32, standard int32) int32 {
	if value == nil {
		return standard
	}
	return *value
}

// weight of a moment: W.
func (o *oracle) weight(moment string) *big.Rat {
	spec := o.moments[moment].Spec
	w := big.NewRat(int64(spec.Importance), 1)
	if spec.MomentOfTruth {
		w.Mul(w, percent(or(o.policy.MomentOfTruthPercent, 200)))
	}
	if !slices.ContainsFunc(spec.Insights, o.validated) {
		w.Mul(w, percent(or(o.policy.UnvalidatedInsightPercent, 50)))
	}
	if journey := o.journeys[string(spec.JourneyRef.Name)]; journey != nil {
		w.Mul(w, percent(or(journey.Spec.WeightPercent, 100)))
	}
	return w
}

// class is the weight of a requirement in the value of its moments: w.
func (o *oracle) class(requirement string) int64 {
	weights := cxv1alpha1.MoSCoWWeights{}
	if o.policy.MoSCoW != nil {
		weights = *o.policy.MoSCoW
	}
	switch o.requirements[requirement].Spec.MoSCoW {
	case cxv1alpha1.MoSCoWMust:
		if weights.Must == 0 {
			return 3
		}
		return int64(weights.Must)
	case cxv1alpha1.MoSCoWShould:
		return int64(or(weights.Should, 2))
	case cxv1alpha1.MoSCoWCould:
		return int64(or(weights.Could, 1))
	default:
		return 0
	}
}

// classes is the sum of the weights of requirements; of what a moment asks: T.
func (o *oracle) classes(requirements []string) int64 {
	var sum int64
	for _, r := range requirements {
		sum += o.class(r)
	}
	return sum
}

// share of a requirement in the value of a moment.
func (o *oracle) share(requirement, moment string) *big.Rat {
	return o.atom([]string{requirement}, moment)
}

// atom is what requirements are worth together in a moment.
func (o *oracle) atom(requirements []string, moment string) *big.Rat {
	t := o.classes(o.asked(moment))
	if t == 0 {
		return new(big.Rat)
	}
	return new(big.Rat).Mul(o.weight(moment), big.NewRat(o.classes(requirements), t))
}

// shares of a requirement in all its moments.
func (o *oracle) shares(requirement string) *big.Rat {
	sum := new(big.Rat)
	for moment := range o.momentsOf(requirement) {
		sum.Add(sum, o.share(requirement, moment))
	}
	return sum
}

// momentValue tells which atoms of a moment are earned, planned and not.
func (o *oracle) momentValue(moment string) parts {
	value := noValue()
	value.total.Set(o.weight(moment))
	if o.classes(o.asked(moment)) == 0 {
		value.unelaborated.Set(value.total)
		return value
	}
	atoms := [][]string{o.gate(moment)}
	for _, r := range o.asked(moment) {
		if o.requirements[r].Spec.MoSCoW != cxv1alpha1.MoSCoWMust {
			atoms = append(atoms, []string{r})
		}
	}
	for _, atom := range atoms {
		part := o.partOf(value, o.outstanding(atom))
		part.Add(part, o.atom(atom, moment))
	}
	return value
}

// partOf tells where value belongs that waits for these requirements.
func (o *oracle) partOf(value parts, waitsFor []string) *big.Rat {
	if len(waitsFor) == 0 {
		return value.delivered
	}
	for _, r := range waitsFor {
		if !o.planned(r) {
			return value.unplanned
		}
	}
	return value.planned
}

// blockValue is that of the requirements in a block, each by how far it is.
func (o *oracle) blockValue(block string) parts {
	value := noValue()
	for r := range o.requirements {
		if s, ok := o.stageOf(r); ok && s.block == block {
			shares := o.shares(r)
			value.total.Add(value.total, shares)
			part := o.partOf(value, o.outstanding([]string{r}))
			part.Add(part, shares)
		}
	}
	return value
}
