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
	"cmp"
	"maps"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// statuses writes down what the oracle knows of a portfolio: conditions without messages, and no ranks, bundles, starts or
// critical chains.
func (o *oracle) statuses() portfolio.Statuses {
	s := portfolio.Statuses{
		Journeys:       map[string]*cxv1alpha1.JourneyStatus{},
		Moments:        map[string]*cxv1alpha1.MomentStatus{},
		Requirements:   map[string]*cxv1alpha1.RequirementStatus{},
		BuildingBlocks: map[string]*cxv1alpha1.BuildingBlockStatus{},
		RoadmapItems:   map[string]*cxv1alpha1.RoadmapItemStatus{},
		Metrics:        map[string]*cxv1alpha1.MetricStatus{},
	}
	for name := range o.journeys {
		s.Journeys[name] = o.journeyStatus(name)
	}
	for name := range o.moments {
		s.Moments[name] = o.momentStatus(name)
	}
	for name := range o.requirements {
		s.Requirements[name] = o.requirementStatus(name)
	}
	for name := range o.blocks {
		s.BuildingBlocks[name] = o.blockStatus(name)
	}
	for name := range o.items {
		s.RoadmapItems[name] = o.itemStatus(name)
	}
	for name := range o.metrics {
		s.Metrics[name] = o.metricStatus(name)
	}
	if o.objects.Roadmap != nil {
		s.Roadmap = o.roadmapStatus()
	}
	return s
}

// result is a condition: its status and reason.
type result struct {
	status metav1.ConditionStatus
	reason string
}

func yes(reason string) result     { return result{metav1.ConditionTrue, reason} }
func no(reason string) result      { return result{metav1.ConditionFalse, reason} }
func unknown(reason string) result { return result{metav1.ConditionUnknown, reason} }

// conditions lists the results by type.
func conditions(results map[string]result, generation int64) []metav1.Condition {
	var all []metav1.Condition
	for _, kind := range slices.Sorted(maps.Keys(results)) {
		v := results[kind]
		all = append(all, metav1.Condition{Type: kind, Status: v.status, Reason: v.reason, ObservedGeneration: generation})
	}
	return all
}

func sorted(set names) []string { return slices.Sorted(maps.Keys(set)) }

// Ready

// stageFault tells what is wrong with references to stages: a missing block goes before a missing stage.
func (o *oracle) stageFault(refs []cxv1alpha1.StageReference) string {
	fault := ""
	for _, ref := range refs {
		switch _, ok := o.find(ref); {
		case o.blocks[string(ref.Name)] == nil:
			return cxv1alpha1.ReasonBuildingBlockNotFound
		case !ok:
			fault = cxv1alpha1.ReasonStageNotFound
		}
	}
	return fault
}

func readyUnless(fault string) result {
	if fault != "" {
		return no(fault)
	}
	return yes(cxv1alpha1.ReasonAccepted)
}

func (o *oracle) momentFault(name string) string {
	spec := o.moments[name].Spec
	journey := o.journeys[string(spec.JourneyRef.Name)]
	if journey == nil {
		return cxv1alpha1.ReasonJourneyNotFound
	}
	phases, channels, values := map[cxv1alpha1.LabelName]bool{}, map[cxv1alpha1.LabelName]bool{}, map[cxv1alpha1.LabelName]bool{}
	for _, phase := range journey.Spec.Phases {
		phases[phase.Name] = true
	}
	for _, channel := range journey.Spec.Channels {
		channels[channel.Name] = true
	}
	if journey.Spec.Brand != nil {
		for _, value := range journey.Spec.Brand.Values {
			values[value.Name] = true
		}
	}
	if !phases[spec.Phase] {
		return cxv1alpha1.ReasonPhaseNotFound
	}
	for _, channel := range spec.Channels {
		if !channels[channel] {
			return cxv1alpha1.ReasonChannelNotFound
		}
	}
	for _, touchpoint := range spec.Touchpoints {
		if touchpoint.Channel != "" && !channels[touchpoint.Channel] {
			return cxv1alpha1.ReasonChannelNotFound
		}
	}
	for _, value := range spec.BrandValues {
		if !values[value] {
			return cxv1alpha1.ReasonBrandValueNotFound
		}
	}
	return ""
}

func (o *oracle) requirementFault(name string) string {
	spec := o.requirements[name].Spec
	for _, ref := range spec.MomentRefs {
		if o.moments[string(ref.Name)] == nil {
			return cxv1alpha1.ReasonMomentNotFound
		}
	}
	if spec.BuildingBlockRef == nil {
		return ""
	}
	return o.stageFault([]cxv1alpha1.StageReference{*spec.BuildingBlockRef})
}

func (o *oracle) blockFault(name string) string {
	var refs []cxv1alpha1.StageReference
	for _, stage := range o.blocks[name].Spec.Stages {
		refs = append(refs, stage.DependsOn...)
	}
	if fault := o.stageFault(refs); fault != "" {
		return fault
	}
	if o.cyclicBlock(name) {
		return cxv1alpha1.ReasonDependencyCycle
	}
	return ""
}

func (o *oracle) itemFault(name string) string {
	spec := o.items[name].Spec
	if fault := o.stageFault(spec.Delivers); fault != "" {
		return fault
	}
	if len(o.missing(name)) > 0 {
		return cxv1alpha1.ReasonDependencyNotFound
	}
	if len(o.policy.Teams) > 0 && spec.Team != "" &&
		!slices.ContainsFunc(o.policy.Teams, func(t cxv1alpha1.Team) bool { return t.Name == spec.Team }) {
		return cxv1alpha1.ReasonTeamNotFound
	}
	if o.cyclic(name) {
		return cxv1alpha1.ReasonDependencyCycle
	}
	return ""
}

// Moments

func (o *oracle) elaborated(moment string) result {
	spec := o.moments[moment].Spec
	switch {
	case spec.Promise == "":
		return no(cxv1alpha1.ReasonPromiseMissing)
	case len(spec.Insights) == 0:
		return no(cxv1alpha1.ReasonInsightMissing)
	case len(spec.Channels) == 0:
		return no(cxv1alpha1.ReasonChannelMissing)
	case len(o.asked(moment)) == 0:
		return no(cxv1alpha1.ReasonRequirementsMissing)
	}
	return yes(cxv1alpha1.ReasonElaborated)
}

func (o *oracle) unassigned(requirement string) bool {
	return o.requirementState(requirement) == cxv1alpha1.ReasonUnassigned
}

func (o *oracle) grouped(moment string) result {
	switch asked := o.asked(moment); {
	case len(asked) == 0:
		return unknown(cxv1alpha1.ReasonNoRequirements)
	case slices.ContainsFunc(asked, o.unassigned):
		return no(cxv1alpha1.ReasonRequirementsUnassigned)
	}
	return yes(cxv1alpha1.ReasonAllGrouped)
}

func (o *oracle) allPlanned(requirements []string) bool {
	return !slices.ContainsFunc(requirements, func(r string) bool { return !o.planned(r) })
}

func (o *oracle) plannedResult(moment string) result {
	switch asked := o.asked(moment); {
	case len(asked) == 0:
		return unknown(cxv1alpha1.ReasonNoRequirements)
	case !o.allPlanned(o.outstanding(asked)):
		return no(cxv1alpha1.ReasonWorkNotPlanned)
	}
	return yes(cxv1alpha1.ReasonFullyPlanned)
}

func (o *oracle) realized(moment string) result {
	switch asked := o.asked(moment); {
	case len(asked) == 0:
		return unknown(cxv1alpha1.ReasonNoRequirements)
	case len(o.outstanding(asked)) > 0:
		return no(cxv1alpha1.ReasonWorkOutstanding)
	}
	return yes(cxv1alpha1.ReasonAllDelivered)
}

func (o *oracle) blocked(moment string) result {
	gate := o.gate(moment)
	outstanding := o.outstanding(gate)
	closure := sorted(o.closure(moment))
	proposed := func(item string) bool { return o.state(item) == cxv1alpha1.StateProposed }
	switch {
	case slices.ContainsFunc(outstanding, o.unassigned):
		return yes(cxv1alpha1.ReasonRequirementsUnassigned)
	case slices.ContainsFunc(closure, o.cyclic):
		return yes(cxv1alpha1.ReasonDependencyCycle)
	case !o.allPlanned(outstanding):
		return yes(cxv1alpha1.ReasonWorkNotPlanned)
	case slices.ContainsFunc(closure, proposed):
		return yes(cxv1alpha1.ReasonWorkNotCommitted)
	case len(outstanding) > 0:
		return yes(cxv1alpha1.ReasonAwaitingDelivery)
	case len(gate) > 0:
		return no(cxv1alpha1.ReasonMustsDelivered)
	case len(o.asked(moment)) > 0:
		return no(cxv1alpha1.ReasonNoMusts)
	}
	return unknown(cxv1alpha1.ReasonNoRequirements)
}

// expected is the latest finish of what the gate of a moment waits for; "" if anything of it has none.
func (o *oracle) expected(moment string) cxv1alpha1.Date {
	outstanding := o.outstanding(o.gate(moment))
	if !o.allPlanned(outstanding) {
		return ""
	}
	latest := cxv1alpha1.Date("")
	for _, r := range outstanding {
		latest = max(latest, o.finish[o.deliveryOf(r)])
	}
	return latest
}

func (o *oracle) atRisk(moment string) result {
	expected := o.expected(moment)
	switch blocked := o.blocked(moment).status; {
	case blocked == metav1.ConditionFalse:
		return no(cxv1alpha1.ReasonDelivered)
	case expected == "":
		return yes(cxv1alpha1.ReasonNoForecast)
	case expected > o.moments[moment].Spec.NeededBy:
		return yes(cxv1alpha1.ReasonForecastLate)
	}
	return no(cxv1alpha1.ReasonOnTrack)
}

func (o *oracle) momentResults(moment string) map[string]result {
	results := map[string]result{
		cxv1alpha1.ConditionReady:      readyUnless(o.momentFault(moment)),
		cxv1alpha1.ConditionElaborated: o.elaborated(moment),
		cxv1alpha1.ConditionGrouped:    o.grouped(moment),
		cxv1alpha1.ConditionPlanned:    o.plannedResult(moment),
		cxv1alpha1.ConditionBlocked:    o.blocked(moment),
		cxv1alpha1.ConditionRealized:   o.realized(moment),
		cxv1alpha1.ConditionMeasured:   o.measured(moment),
	}
	if o.moments[moment].Spec.NeededBy != "" {
		results[cxv1alpha1.ConditionAtRisk] = o.atRisk(moment)
	}
	return results
}

func (o *oracle) momentStatus(name string) *cxv1alpha1.MomentStatus {
	m := o.moments[name]
	all := o.requirementsOf(name)
	states := map[string]int32{}
	for _, r := range all {
		states[o.requirementState(r)]++
	}
	status := &cxv1alpha1.MomentStatus{
		ObservedGeneration: m.Generation,
		Conditions:         conditions(o.momentResults(name), m.Generation),
		Requirements: &cxv1alpha1.MomentRequirements{
			Total:         int32(len(all)),
			Must:          int32(len(o.gate(name))),
			MustDelivered: int32(len(o.gate(name)) - len(o.outstanding(o.gate(name)))),
			Delivered:     states[cxv1alpha1.ReasonDelivered],
			Unassigned:    states[cxv1alpha1.ReasonUnassigned],
			Unplanned:     states[cxv1alpha1.ReasonUnplanned],
			Dropped:       states[cxv1alpha1.ReasonDropped],
		},
		Value:        o.momentValue(name).rounded(),
		ExpectedDate: o.expected(name),
		BlockedBy:    o.blockers(name),
		Metrics:      o.momentMetrics(name),
	}
	status.MetricsTotal = int32(len(status.Metrics))
	status.ProgressPercent = new(o.momentProgress(name))
	if status.ExpectedDate != "" && m.Spec.NeededBy != "" {
		status.SlackDays = new(int32((day(m.Spec.NeededBy).Unix() - day(status.ExpectedDate).Unix()) / 86_400))
	}
	status.BlockedByTotal = int32(len(status.BlockedBy))
	status.RequirementNames, status.RequirementNamesTotal = all, int32(len(all))
	status.BuildingBlocks, status.BuildingBlocksTotal = listed(o.blocksOf(name))
	status.RoadmapItems, status.RoadmapItemsTotal = listed(o.deliveriesOf(name))
	status.Teams, status.TeamsTotal = listed(o.teamsOf(name))
	return status
}

// momentProgress is the delivered part of what is asked; nothing is 0%.
func (o *oracle) momentProgress(moment string) int32 {
	asked := o.asked(moment)
	t := o.classes(asked)
	if t == 0 {
		return 0
	}
	return int32((t - o.classes(o.outstanding(asked))) * 100 / t)
}

func day(d cxv1alpha1.Date) time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		panic(err)
	}
	return t
}

// listed sorts names; small portfolios never reach the cap.
func listed(set names) ([]string, int32) { return sorted(set), int32(len(set)) }

func (o *oracle) blocksOf(moment string) names {
	all := names{}
	for _, r := range o.requirementsOf(moment) {
		if s, ok := o.stageOf(r); ok {
			all[s.block] = true
		}
	}
	return all
}

func (o *oracle) deliveriesOf(moment string) names {
	all := names{}
	for _, r := range o.requirementsOf(moment) {
		all[o.deliveryOf(r)] = true
	}
	delete(all, "")
	return all
}

func (o *oracle) teamsOf(moment string) names {
	all := names{}
	for item := range o.deliveriesOf(moment) {
		all[string(o.items[item].Spec.Team)] = true
	}
	delete(all, "")
	return all
}

// blockers lists all that the gate of a moment waits for.
func (o *oracle) blockers(moment string) []cxv1alpha1.Blocker {
	all := map[cxv1alpha1.Blocker]bool{} // without counts, so that what is met twice is one
	direct := map[cxv1alpha1.Blocker]int32{}
	for _, r := range o.outstanding(o.gate(moment)) {
		blocker := o.blockerOf(r)
		all[blocker] = true
		direct[blocker]++
	}
	for item := range o.closure(moment) {
		all[o.liveBlocker(item)] = true
		for other := range o.missing(item) {
			all[itemBlocker(other, cxv1alpha1.ReasonNotFound)] = true
		}
		for other := range o.cancelled(item) {
			all[itemBlocker(other, cxv1alpha1.ReasonCancelled)] = true // without a team: nobody does the work
		}
		for ref := range o.unplannedWork(item) {
			all[stageBlocker(ref)] = true
		}
	}
	var list []cxv1alpha1.Blocker
	for blocker := range all {
		count := direct[blocker]
		blocker.Requirements = count
		list = append(list, blocker)
	}
	slices.SortFunc(list, func(a, b cxv1alpha1.Blocker) int {
		if a.ExpectedFinish != b.ExpectedFinish && (a.ExpectedFinish == "" || b.ExpectedFinish == "") {
			return cmp.Compare(a.ExpectedFinish, b.ExpectedFinish)
		}
		return cmp.Or(-cmp.Compare(a.ExpectedFinish, b.ExpectedFinish), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Stage, b.Stage))
	})
	return list
}

// blockerOf is what a Must waits for directly.
func (o *oracle) blockerOf(requirement string) cxv1alpha1.Blocker {
	s, ok := o.stageOf(requirement)
	switch {
	case !ok:
		return cxv1alpha1.Blocker{Kind: cxv1alpha1.BlockerRequirement, Name: requirement, Reason: cxv1alpha1.ReasonUnassigned}
	case o.deliverer(s) == "":
		return stageBlocker(o.reference(s))
	}
	return o.liveBlocker(o.deliverer(s))
}

func (o *oracle) liveBlocker(item string) cxv1alpha1.Blocker {
	blocker := itemBlocker(item, string(o.state(item)))
	blocker.Team = string(o.items[item].Spec.Team)
	blocker.ExpectedFinish = o.finish[item]
	return blocker
}

func itemBlocker(item, reason string) cxv1alpha1.Blocker {
	return cxv1alpha1.Blocker{Kind: cxv1alpha1.BlockerRoadmapItem, Name: item, Reason: reason}
}

func stageBlocker(ref cxv1alpha1.StageReference) cxv1alpha1.Blocker {
	return cxv1alpha1.Blocker{
		Kind: cxv1alpha1.BlockerBuildingBlock, Name: string(ref.Name), Stage: string(ref.Stage), Reason: cxv1alpha1.ReasonUnplanned,
	}
}

// Requirements

func (o *oracle) requirementStatus(name string) *cxv1alpha1.RequirementStatus {
	r := o.requirements[name]
	delivered := no(o.requirementState(name))
	if delivered.reason == cxv1alpha1.ReasonDelivered {
		delivered = yes(delivered.reason)
	}
	status := &cxv1alpha1.RequirementStatus{
		ObservedGeneration: r.Generation,
		Conditions: conditions(map[string]result{
			cxv1alpha1.ConditionReady:     readyUnless(o.requirementFault(name)),
			cxv1alpha1.ConditionDelivered: delivered,
		}, r.Generation),
		DeliveredBy: o.deliveryOf(name),
		Value:       new(round(o.shares(name))),
	}
	if o.planned(name) {
		status.ExpectedDate = o.finish[o.deliveryOf(name)]
	}
	status.Journeys, status.JourneysTotal = listed(o.journeysOf(o.momentsOf(name)))
	return status
}

// journeysOf are the journeys of moments, where they exist.
func (o *oracle) journeysOf(moments names) names {
	all := names{}
	for moment := range moments {
		if journey := string(o.moments[moment].Spec.JourneyRef.Name); o.journeys[journey] != nil {
			all[journey] = true
		}
	}
	return all
}

// Building blocks

func (o *oracle) blockStatus(name string) *cxv1alpha1.BuildingBlockStatus {
	b := o.blocks[name]
	results := map[string]result{
		cxv1alpha1.ConditionReady:     readyUnless(o.blockFault(name)),
		cxv1alpha1.ConditionPlanned:   o.blockPlanned(name),
		cxv1alpha1.ConditionDelivered: o.blockDelivered(name),
	}
	if checked := o.checkedOf(name); len(checked) > 0 {
		results[cxv1alpha1.ConditionProven] = o.provenOf(checked, cxv1alpha1.ReasonAllProven)
	}
	if o.cyclicBlock(name) {
		results[cxv1alpha1.ConditionStalled] = yes(cxv1alpha1.ReasonDependencyCycle)
	}
	status := &cxv1alpha1.BuildingBlockStatus{
		ObservedGeneration: b.Generation,
		Conditions:         conditions(results, b.Generation),
		Value:              o.blockValue(name).rounded(),
	}
	if level := o.level(name); level >= 0 {
		status.DeliveredStage = b.Spec.Stages[level].Name
	}
	moments := names{}
	for place := range b.Spec.Stages {
		s := stageAt{name, place}
		status.Stages = append(status.Stages, o.stageStatus(s))
		status.RequirementsTotal += int32(len(o.requirementsFor(s)))
		maps.Copy(moments, o.momentsOfAll(o.requirementsFor(s)))
	}
	status.Moments, status.MomentsTotal = listed(moments)
	status.Journeys, status.JourneysTotal = listed(o.journeysOf(moments))
	return status
}

// requirementsFor are those that ask for exactly this stage, dropped ones too.
func (o *oracle) requirementsFor(s stageAt) names {
	all := names{}
	for r := range o.requirements {
		if asked, ok := o.stageOf(r); ok && asked == s {
			all[r] = true
		}
	}
	return all
}

func (o *oracle) momentsOfAll(requirements names) names {
	all := names{}
	for r := range requirements {
		maps.Copy(all, o.momentsOf(r))
	}
	return all
}

func (o *oracle) stageStatus(s stageAt) cxv1alpha1.StageStatus {
	value := noValue()
	for r := range o.requirementsFor(s) {
		value.total.Add(value.total, o.shares(r))
	}
	status := cxv1alpha1.StageStatus{
		Name:         o.stage(s).Name,
		Delivered:    o.delivered(s),
		Requirements: int32(len(o.requirementsFor(s))),
		Moments:      int32(len(o.momentsOfAll(o.requirementsFor(s)))),
		Value:        round(value.total),
	}
	if status.Delivered {
		status.RoadmapItem = o.deliveredBy(s)
	} else {
		status.RoadmapItem = o.deliverer(s)
		status.ExpectedFinish = o.finish[status.RoadmapItem]
	}
	return status
}

func (o *oracle) blockPlanned(block string) result {
	result := yes(cxv1alpha1.ReasonNothingToPlan)
	for r, requirement := range o.requirements {
		s, ok := o.stageOf(r)
		if !ok || s.block != block || o.delivered(s) || requirement.Spec.MoSCoW == cxv1alpha1.MoSCoWWont {
			continue
		}
		if o.deliverer(s) == "" {
			return no(cxv1alpha1.ReasonStagesUnplanned)
		}
		result = yes(cxv1alpha1.ReasonFullyPlanned)
	}
	return result
}

func (o *oracle) blockDelivered(block string) result {
	switch o.level(block) {
	case len(o.blocks[block].Spec.Stages) - 1:
		return yes(cxv1alpha1.ReasonAllStages)
	case -1:
		return no(cxv1alpha1.ReasonNotStarted)
	}
	return no(cxv1alpha1.ReasonPartlyDelivered)
}

// Roadmap items

func (o *oracle) itemBlocked(item string) result {
	switch {
	case !o.live(item):
		return no(cxv1alpha1.ReasonFinished)
	case o.cyclic(item):
		return yes(cxv1alpha1.ReasonDependencyCycle)
	case o.stageFault(o.items[item].Spec.Delivers) != "":
		return yes(o.stageFault(o.items[item].Spec.Delivers))
	case len(o.missing(item)) > 0:
		return yes(cxv1alpha1.ReasonDependencyNotFound)
	case len(o.cancelled(item)) > 0:
		return yes(cxv1alpha1.ReasonDependencyCancelled)
	case len(o.unplannedWork(item)) > 0:
		return yes(cxv1alpha1.ReasonWaitingForUnplannedWork)
	case len(o.befores[item]) > 0:
		return yes(cxv1alpha1.ReasonWaitingForItems)
	}
	return no(cxv1alpha1.ReasonDependenciesMet)
}

func (o *oracle) onTrack(item string) result {
	spec := o.items[item].Spec
	switch {
	case o.state(item) == cxv1alpha1.StateDone && o.finished(item) <= spec.TargetDate:
		return yes(cxv1alpha1.ReasonDeliveredOnTime)
	case o.state(item) == cxv1alpha1.StateDone:
		return no(cxv1alpha1.ReasonDeliveredLate)
	case spec.TargetDate < o.today:
		return no(cxv1alpha1.ReasonOverdue)
	case !o.schedulable(item):
		return no(cxv1alpha1.ReasonNoForecast)
	case o.finish[item] > spec.TargetDate:
		return no(cxv1alpha1.ReasonForecastLate)
	}
	return yes(cxv1alpha1.ReasonOnTrack)
}

func (o *oracle) itemDelivered(item string) result {
	switch state := o.state(item); {
	case state == cxv1alpha1.StateDone:
		return yes(cxv1alpha1.ReasonDone)
	case o.unproven(item):
		return no(cxv1alpha1.ReasonNotProven)
	default:
		return no(string(state))
	}
}

func (o *oracle) itemResults(item string) map[string]result {
	results := o.evidenceOf(item)
	results[cxv1alpha1.ConditionReady] = readyUnless(o.itemFault(item))
	results[cxv1alpha1.ConditionDelivered] = o.itemDelivered(item)
	results[cxv1alpha1.ConditionBlocked] = o.itemBlocked(item)
	if o.items[item].Spec.TargetDate != "" && o.state(item) != cxv1alpha1.StateCancelled {
		results[cxv1alpha1.ConditionOnTrack] = o.onTrack(item)
	}
	if o.cyclic(item) {
		results[cxv1alpha1.ConditionStalled] = yes(cxv1alpha1.ReasonDependencyCycle)
	}
	return results
}

func (o *oracle) track(item string) cxv1alpha1.Side {
	spec := o.items[item].Spec
	switch {
	case spec.Track != "":
		return spec.Track
	case o.baseEffort(item) <= or(o.policy.ShortCycleMaxEffortDays, 10):
		return cxv1alpha1.SideMarketing
	}
	return cxv1alpha1.SideIT
}

func (o *oracle) itemStatus(name string) *cxv1alpha1.RoadmapItemStatus {
	i := o.items[name]
	moments, sole := names{}, names{}
	for moment := range o.moments {
		if o.closure(moment)[name] {
			moments[moment] = true
		}
		if blockers := o.blockers(moment); len(blockers) == 1 && blockers[0].Kind == cxv1alpha1.BlockerRoadmapItem && blockers[0].Name == name {
			sole[moment] = true
		}
	}
	status := &cxv1alpha1.RoadmapItemStatus{
		ObservedGeneration: i.Generation,
		Conditions:         conditions(o.itemResults(name), i.Generation),
		Track:              o.track(name),
	}
	if h := o.hypothesis(name); h != nil {
		status.Hypothesis = h.status()
	}
	status.Moments, status.MomentsTotal = listed(moments)
	status.SoleBlockerOf, status.SoleBlockerOfTotal = listed(sole)
	status.BlockedBy, status.BlockedByTotal = listed(o.befores[name])
	return status
}

// Journeys

func (o *oracle) momentsIn(journey string) []string {
	var all []string
	for name, m := range o.moments {
		if string(m.Spec.JourneyRef.Name) == journey {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func (o *oracle) strategy(journey string) result {
	spec := o.journeys[journey].Spec
	switch {
	case len(spec.Personas) == 0:
		return no(cxv1alpha1.ReasonPersonasMissing)
	case spec.Brand == nil || spec.Brand.Vision == "" && len(spec.Brand.Values) == 0:
		return no(cxv1alpha1.ReasonBrandMissing)
	case len(spec.Channels) == 0:
		return no(cxv1alpha1.ReasonChannelsMissing)
	}
	return yes(cxv1alpha1.ReasonDefined)
}

func (o *oracle) journeyElaborated(journey string) result {
	phases := o.journeys[journey].Spec.Phases
	moments := o.momentsIn(journey)
	empty := func(phase cxv1alpha1.Phase) bool { return len(o.inPhase(moments, phase.Name)) == 0 }
	switch {
	case len(phases) == 0:
		return no(cxv1alpha1.ReasonPhasesMissing)
	case slices.ContainsFunc(phases, empty):
		return no(cxv1alpha1.ReasonPhaseWithoutMoments)
	case count(moments, o.elaborated, metav1.ConditionFalse) > 0:
		return no(cxv1alpha1.ReasonMomentsNotElaborated)
	}
	return yes(cxv1alpha1.ReasonElaborated)
}

func (o *oracle) inPhase(moments []string, phase cxv1alpha1.LabelName) []string {
	return slices.DeleteFunc(slices.Clone(moments), func(m string) bool { return o.moments[m].Spec.Phase != phase })
}

// count tells for how many of the moments a condition has a status.
func count(moments []string, of func(string) result, status metav1.ConditionStatus) int32 {
	var n int32
	for _, m := range moments {
		if of(m).status == status {
			n++
		}
	}
	return n
}

// fromMoments sums up a condition of the moments: the worst of them.
func fromMoments(moments []string, of func(string) result, good, bad string) result {
	switch {
	case len(moments) == 0:
		return unknown(cxv1alpha1.ReasonNoMoments)
	case count(moments, of, metav1.ConditionFalse) > 0:
		return no(bad)
	case count(moments, of, metav1.ConditionUnknown) > 0:
		return unknown(cxv1alpha1.ReasonNoRequirements)
	}
	return yes(good)
}

func (o *oracle) journeyBlocked(moments []string) result {
	switch {
	case len(moments) == 0:
		return unknown(cxv1alpha1.ReasonNoMoments)
	case count(moments, o.blocked, metav1.ConditionTrue) > 0:
		return yes(cxv1alpha1.ReasonMomentsBlocked)
	}
	return no(cxv1alpha1.ReasonNoMomentBlocked)
}

func (o *oracle) journeyResults(journey string) map[string]result {
	moments := o.momentsIn(journey)
	results := map[string]result{
		cxv1alpha1.ConditionReady:           yes(cxv1alpha1.ReasonAccepted),
		cxv1alpha1.ConditionStrategyDefined: o.strategy(journey),
		cxv1alpha1.ConditionElaborated:      o.journeyElaborated(journey),
		cxv1alpha1.ConditionGrouped:         fromMoments(moments, o.grouped, cxv1alpha1.ReasonAllGrouped, cxv1alpha1.ReasonRequirementsUnassigned),
		cxv1alpha1.ConditionPlanned:         fromMoments(moments, o.plannedResult, cxv1alpha1.ReasonFullyPlanned, cxv1alpha1.ReasonWorkNotPlanned),
		cxv1alpha1.ConditionRealized:        fromMoments(moments, o.realized, cxv1alpha1.ReasonAllDelivered, cxv1alpha1.ReasonWorkOutstanding),
		cxv1alpha1.ConditionBlocked:         o.journeyBlocked(moments),
		cxv1alpha1.ConditionMeasured:        o.journeyMeasured(moments),
	}
	if review := o.journeys[journey].Spec.Review; review != nil {
		results[cxv1alpha1.ConditionFresh] = o.reviewed(*review)
	}
	dated := o.dated(moments)
	switch {
	case count(dated, o.atRisk, metav1.ConditionTrue) > 0:
		results[cxv1alpha1.ConditionAtRisk] = yes(cxv1alpha1.ReasonMomentsAtRisk)
	case len(dated) > 0:
		results[cxv1alpha1.ConditionAtRisk] = no(cxv1alpha1.ReasonOnTrack)
	}
	return results
}

// dated are the moments that are needed by a date.
func (o *oracle) dated(moments []string) []string {
	return slices.DeleteFunc(slices.Clone(moments), func(m string) bool { return o.moments[m].Spec.NeededBy == "" })
}

func (o *oracle) journeyStatus(name string) *cxv1alpha1.JourneyStatus {
	j := o.journeys[name]
	moments := o.momentsIn(name)
	value := o.valueOf(moments)
	status := &cxv1alpha1.JourneyStatus{
		ObservedGeneration: j.Generation,
		Conditions:         conditions(o.journeyResults(name), j.Generation),
		Moments: &cxv1alpha1.JourneyMoments{
			Total:      int32(len(moments)),
			Elaborated: count(moments, o.elaborated, metav1.ConditionTrue),
			Blocked:    count(moments, o.blocked, metav1.ConditionTrue),
			Realized:   count(moments, o.realized, metav1.ConditionTrue),
			AtRisk:     count(o.dated(moments), o.atRisk, metav1.ConditionTrue),
		},
		Value:           value.rounded(),
		ProgressPercent: new(value.progress()),
		ExpectedDate:    o.journeyExpected(moments),
	}
	for _, phase := range j.Spec.Phases {
		status.Phases = append(status.Phases, o.phaseStatus(phase.Name, o.inPhase(moments, phase.Name)))
	}
	return status
}

func (o *oracle) valueOf(moments []string) parts {
	value := noValue()
	for _, m := range moments {
		value.add(o.momentValue(m))
	}
	return value
}

func (o *oracle) journeyExpected(moments []string) cxv1alpha1.Date {
	latest := cxv1alpha1.Date("")
	for _, m := range moments {
		if o.blocked(m).status != metav1.ConditionTrue {
			continue
		}
		if o.expected(m) == "" {
			return ""
		}
		latest = max(latest, o.expected(m))
	}
	return latest
}

func (o *oracle) phaseStatus(name cxv1alpha1.LabelName, moments []string) cxv1alpha1.JourneyPhaseStatus {
	value := o.valueOf(moments).rounded()
	teams := names{}
	for _, m := range moments {
		maps.Copy(teams, o.teamsOf(m))
	}
	status := cxv1alpha1.JourneyPhaseStatus{
		Name:      name,
		Moments:   int32(len(moments)),
		Blocked:   count(moments, o.blocked, metav1.ConditionTrue),
		Realized:  count(moments, o.realized, metav1.ConditionTrue),
		Value:     value.Total,
		Delivered: value.Delivered,
	}
	status.Teams, status.TeamsTotal = listed(teams)
	return status
}

// The Roadmap

func (o *oracle) roadmapStatus() *cxv1alpha1.RoadmapStatus {
	r := o.objects.Roadmap
	status := &cxv1alpha1.RoadmapStatus{
		ObservedGeneration: r.Generation,
		Conditions:         conditions(map[string]result{cxv1alpha1.ConditionReady: yes(cxv1alpha1.ReasonAccepted)}, r.Generation),
		Value:              o.valueOf(slices.Collect(maps.Keys(o.moments))).rounded(),
		UnplannedItems:     new(int32(0)),
		TeamsTotal:         int32(len(r.Spec.Teams)),
		TrackRecord:        o.trackRecord(),
	}
	status.TrackRecordTotal = int32(len(status.TrackRecord))
	for item := range o.items {
		if o.live(item) && !o.schedulable(item) {
			*status.UnplannedItems++
		}
	}
	for _, team := range r.Spec.Teams {
		status.Teams = append(status.Teams, o.teamStatus(team.Name))
	}
	slices.SortFunc(status.Teams, func(a, b cxv1alpha1.TeamStatus) int { return cmp.Compare(a.Name, b.Name) })
	return status
}

func (o *oracle) teamStatus(name cxv1alpha1.LabelName) cxv1alpha1.TeamStatus {
	status := cxv1alpha1.TeamStatus{Name: name}
	for item, i := range o.items {
		if i.Spec.Team == name && o.live(item) {
			status.Items++
			status.BusyUntil = max(status.BusyUntil, o.finish[item])
		}
	}
	return status
}
