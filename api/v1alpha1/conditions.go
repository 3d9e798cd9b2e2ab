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

package v1alpha1

// Condition types.
const (
	// ConditionReady tells whether the definition is understood and its references resolve. It never means "not blocked":
	// a GitOps sync is healthy while the business is still waiting. On every kind.
	ConditionReady = "Ready"
	// ConditionStalled is present, and True, only on what no later apply of other objects can heal by itself: a
	// dependency cycle. On roadmap items and building blocks.
	ConditionStalled = "Stalled"
	// ConditionStrategyDefined is the first of the five steps of a journey: personas, brand and channels are there.
	ConditionStrategyDefined = "StrategyDefined"
	// ConditionElaborated is the second step: promise, insight, channels and requirements are there. On journeys and moments.
	ConditionElaborated = "Elaborated"
	// ConditionGrouped is the third step: every requirement has a building block. On journeys and moments.
	ConditionGrouped = "Grouped"
	// ConditionPlanned is the fourth step: work that can be scheduled covers all that is still to be delivered. On
	// journeys, moments and building blocks (where it is about the stages that requirements ask for).
	ConditionPlanned = "Planned"
	// ConditionRealized is the fifth step: all that was asked is delivered. On journeys and moments.
	ConditionRealized = "Realized"
	// ConditionBlocked tells whether customers (journeys, moments) or work (roadmap items) are waiting for something.
	ConditionBlocked = "Blocked"
	// ConditionAtRisk tells whether a moment will be late for its neededBy date. Only on moments that have one, and on
	// journeys that have such a moment.
	ConditionAtRisk = "AtRisk"
	// ConditionDelivered tells whether the thing itself is there. On requirements, building blocks and roadmap items.
	ConditionDelivered = "Delivered"
	// ConditionOnTrack tells whether a roadmap item will make its targetDate. Only on items that have one.
	ConditionOnTrack = "OnTrack"
	// ConditionFresh tells whether what is said is recent: of a metric its newest sample, of a journey with a review its last review.
	ConditionFresh = "Fresh"
	// ConditionOnTarget tells whether a metric has reached its target. Only on metrics that have one.
	ConditionOnTarget = "OnTarget"
	// ConditionMeasured tells whether a moment, or every moment of truth of a journey, has a fresh metric.
	ConditionMeasured = "Measured"
	// ConditionProven tells whether objects in the cluster prove what is said to be there. On building blocks with checks in
	// deliveredWhen, and on Done roadmap items that name a stage with checks.
	ConditionProven = "Proven"
	// ConditionHypothesisConfirmed tells whether finished work brought what was expected. Only on roadmap items whose hypothesis names
	// a metric.
	ConditionHypothesisConfirmed = "HypothesisConfirmed"
	// ConditionStateAgrees tells whether the tracker and the spec agree on the state of a roadmap item. Only where the tracker was asked.
	ConditionStateAgrees = "StateAgrees"
)

// Reasons of Ready. Of several faults, the first in this order is the reason.
const (
	// ReasonAccepted (Ready=True): the definition is understood and every reference resolves.
	ReasonAccepted = "Accepted"
	// ReasonJourneyNotFound (Ready=False): the journey that a moment names does not exist.
	ReasonJourneyNotFound = "JourneyNotFound"
	// ReasonPhaseNotFound (Ready=False): the journey has no phase of the name that a moment gives.
	ReasonPhaseNotFound = "PhaseNotFound"
	// ReasonChannelNotFound (Ready=False): a moment or one of its touchpoints names a channel that the journey lacks.
	ReasonChannelNotFound = "ChannelNotFound"
	// ReasonBrandValueNotFound (Ready=False): a moment names a brand value that the journey lacks.
	ReasonBrandValueNotFound = "BrandValueNotFound"
	// ReasonMomentNotFound (Ready=False): a moment that a requirement names does not exist.
	ReasonMomentNotFound = "MomentNotFound"
	// ReasonBuildingBlockNotFound (Ready=False): a building block that is named does not exist.
	ReasonBuildingBlockNotFound = "BuildingBlockNotFound"
	// ReasonStageNotFound (Ready=False): a building block that is named lacks the stage that is named.
	ReasonStageNotFound = "StageNotFound"
	// ReasonDependencyNotFound (Ready=False): a roadmap item that is named in dependsOn does not exist.
	// On a roadmap item's Blocked=True it says the same.
	ReasonDependencyNotFound = "DependencyNotFound"
	// ReasonTeamNotFound (Ready=False): the Roadmap lists teams, and the item's team is not among them.
	ReasonTeamNotFound = "TeamNotFound"
	// ReasonDependencyCycle (Ready=False, Stalled=True, Blocked=True): work waits for itself. On a moment's Blocked it
	// means that something which the moment waits for is in such a cycle.
	ReasonDependencyCycle = "DependencyCycle"
	// ReasonExpressionInvalid (Ready=False, on a Roadmap): an expression does not compile, or failed for some items.
	ReasonExpressionInvalid = "ExpressionInvalid"
)

// Reasons of StrategyDefined.
const (
	// ReasonDefined (True): personas, brand and channels are there.
	ReasonDefined = "Defined"
	// ReasonPersonasMissing (False): the journey has no personas.
	ReasonPersonasMissing = "PersonasMissing"
	// ReasonBrandMissing (False): the journey says nothing of its brand: neither vision nor values.
	ReasonBrandMissing = "BrandMissing"
	// ReasonChannelsMissing (False): the journey has no channels.
	ReasonChannelsMissing = "ChannelsMissing"
)

// Reasons of Elaborated.
const (
	// ReasonElaborated (True): a moment has its promise, insights, channels and requirements; of a journey every phase
	// has moments and every moment is elaborated.
	ReasonElaborated = "Elaborated"
	// ReasonPhasesMissing (False): the journey has no phases.
	ReasonPhasesMissing = "PhasesMissing"
	// ReasonPhaseWithoutMoments (False): a phase of the journey has no moments.
	ReasonPhaseWithoutMoments = "PhaseWithoutMoments"
	// ReasonMomentsNotElaborated (False): a moment of the journey is not elaborated.
	ReasonMomentsNotElaborated = "MomentsNotElaborated"
	// ReasonPromiseMissing (False): the moment promises the customer nothing.
	ReasonPromiseMissing = "PromiseMissing"
	// ReasonInsightMissing (False): the moment has no customer insight.
	ReasonInsightMissing = "InsightMissing"
	// ReasonChannelMissing (False): the moment has no channel.
	ReasonChannelMissing = "ChannelMissing"
	// ReasonRequirementsMissing (False): the moment has no requirements but dropped ones.
	ReasonRequirementsMissing = "RequirementsMissing"
)

// Reasons of Grouped, Planned and Realized on moments; a journey takes over what its moments say.
const (
	// ReasonAllGrouped (Grouped=True): every requirement has a building block and stage that exist.
	ReasonAllGrouped = "AllGrouped"
	// ReasonRequirementsUnassigned (Grouped=False, Blocked=True): a requirement (for Blocked: a Must) has no building
	// block, or one that does not exist.
	ReasonRequirementsUnassigned = "RequirementsUnassigned"
	// ReasonNoRequirements (Unknown; of a journey: no moment with requirements): nothing is asked yet.
	ReasonNoRequirements = "NoRequirements"
	// ReasonFullyPlanned (Planned=True): all that is still to be delivered has work that can be scheduled.
	ReasonFullyPlanned = "FullyPlanned"
	// ReasonWorkNotPlanned (Planned=False, Blocked=True): something still to be delivered has no work that can be scheduled.
	ReasonWorkNotPlanned = "WorkNotPlanned"
	// ReasonAllDelivered (Realized=True): every requirement that is not dropped is delivered.
	ReasonAllDelivered = "AllDelivered"
	// ReasonWorkOutstanding (Realized=False): a requirement is still to be delivered.
	ReasonWorkOutstanding = "WorkOutstanding"
)

// Reasons of a moment's Blocked, beside RequirementsUnassigned, DependencyCycle, WorkNotPlanned and NoRequirements.
const (
	// ReasonWorkNotCommitted (True): something that the moment waits for is only Proposed.
	ReasonWorkNotCommitted = "WorkNotCommitted"
	// ReasonAwaitingDelivery (True): all the work is committed, and not yet delivered.
	ReasonAwaitingDelivery = "AwaitingDelivery"
	// ReasonMustsDelivered (False): every Must is delivered.
	ReasonMustsDelivered = "MustsDelivered"
	// ReasonNoMusts (False): none of the requirements is a Must.
	ReasonNoMusts = "NoMusts"
)

// Reasons of a journey's conditions about its moments.
const (
	// ReasonMomentsBlocked (Blocked=True): a moment of the journey is blocked.
	ReasonMomentsBlocked = "MomentsBlocked"
	// ReasonNoMomentBlocked (Blocked=False): no moment of the journey is blocked.
	ReasonNoMomentBlocked = "NoMomentBlocked"
	// ReasonNoMoments (Unknown; also of Grouped, Planned and Realized): the journey has no moments.
	ReasonNoMoments = "NoMoments"
	// ReasonMomentsAtRisk (AtRisk=True): a moment of the journey is at risk.
	ReasonMomentsAtRisk = "MomentsAtRisk"
)

// Reasons of AtRisk and OnTrack.
const (
	// ReasonNoForecast (AtRisk=True, OnTrack=False): there is no expected date, since work is missing or cannot be scheduled.
	ReasonNoForecast = "NoForecast"
	// ReasonForecastLate (AtRisk=True, OnTrack=False): the expected date is after the date that was asked.
	ReasonForecastLate = "ForecastLate"
	// ReasonOnTrack (AtRisk=False, OnTrack=True): the expected date is in time.
	ReasonOnTrack = "OnTrack"
	// ReasonDeliveredOnTime (OnTrack=True): finished on or before its target date.
	ReasonDeliveredOnTime = "DeliveredOnTime"
	// ReasonDeliveredLate (OnTrack=False): finished after its target date.
	ReasonDeliveredLate = "DeliveredLate"
	// ReasonOverdue (OnTrack=False): not finished, and the target date is past.
	ReasonOverdue = "Overdue"
)

// Reasons of Delivered. For live work the reason is its state: Proposed, Planned or InProgress.
const (
	// ReasonDelivered (Delivered=True of a requirement; AtRisk=False of a moment): it is there.
	ReasonDelivered = "Delivered"
	// ReasonDropped (False): the requirement is a Wont.
	ReasonDropped = "Dropped"
	// ReasonUnassigned (False): the requirement has no building block, or one that does not exist.
	ReasonUnassigned = "Unassigned"
	// ReasonUnplanned (False): no live roadmap item delivers the stage.
	ReasonUnplanned = "Unplanned"
	// ReasonProposed (False): the work is only proposed.
	ReasonProposed = "Proposed"
	// ReasonPlanned (False): the work is planned.
	ReasonPlanned = "Planned"
	// ReasonInProgress (False): the work has started.
	ReasonInProgress = "InProgress"
	// ReasonAllStages (True): every stage of the building block is delivered.
	ReasonAllStages = "AllStages"
	// ReasonPartlyDelivered (False): some stages of the building block are delivered.
	ReasonPartlyDelivered = "PartlyDelivered"
	// ReasonNotStarted (False): no stage of the building block is delivered.
	ReasonNotStarted = "NotStarted"
	// ReasonDone (True): the roadmap item is finished.
	ReasonDone = "Done"
	// ReasonCancelled (False): the roadmap item will not be done.
	ReasonCancelled = "Cancelled"
)

// Reasons of a building block's Planned, beside FullyPlanned.
const (
	// ReasonNothingToPlan (True): no requirement asks for a stage that is still to be delivered.
	ReasonNothingToPlan = "NothingToPlan"
	// ReasonStagesUnplanned (False): a stage that requirements ask for has no live roadmap item to deliver it.
	ReasonStagesUnplanned = "StagesUnplanned"
)

// Reasons of a roadmap item's Blocked, beside DependencyCycle and DependencyNotFound.
const (
	// ReasonDependencyCancelled (True): an item in dependsOn is cancelled.
	ReasonDependencyCancelled = "DependencyCancelled"
	// ReasonWaitingForUnplannedWork (True): a stage that must come first has no live roadmap item to deliver it.
	ReasonWaitingForUnplannedWork = "WaitingForUnplannedWork"
	// ReasonWaitingForItems (True): live items must come first.
	ReasonWaitingForItems = "WaitingForItems"
	// ReasonDependenciesMet (False): nothing must come first.
	ReasonDependenciesMet = "DependenciesMet"
	// ReasonFinished (False): the item is Done or Cancelled.
	ReasonFinished = "Finished"
)

// Reasons of Fresh.
const (
	// ReasonMeasured (Fresh=True of a metric; Measured=True of a moment): there is a recent sample.
	ReasonMeasured = "Measured"
	// ReasonNeverMeasured (False): the metric has no samples.
	ReasonNeverMeasured = "NeverMeasured"
	// ReasonSourceFailing (False): the last look at the metric's source failed.
	ReasonSourceFailing = "SourceFailing"
	// ReasonSamplesTooOld (False): the newest sample is older than maxAgeDays.
	ReasonSamplesTooOld = "SamplesTooOld"
	// ReasonReviewedInTime (True): the next review of the journey is not yet due.
	ReasonReviewedInTime = "ReviewedInTime"
	// ReasonReviewOverdue (False): the next review of the journey is due.
	ReasonReviewOverdue = "ReviewOverdue"
	// ReasonNeverReviewed (False): the journey was never reviewed.
	ReasonNeverReviewed = "NeverReviewed"
)

// Reasons of OnTarget.
const (
	// ReasonTargetMet (True): the value has reached the target.
	ReasonTargetMet = "TargetMet"
	// ReasonTargetMissed (False): the value has not reached the target, and its date is past.
	ReasonTargetMissed = "TargetMissed"
	// ReasonBelowTarget (False): the value has not reached the target yet.
	ReasonBelowTarget = "BelowTarget"
	// ReasonNoSamples (Unknown): there are no samples in the window.
	ReasonNoSamples = "NoSamples"
)

// Reasons of Measured, beside Measured itself on moments and NoMoments (Unknown: no moments of truth) on journeys.
const (
	// ReasonMetricMissing (False): no metric measures the moment.
	ReasonMetricMissing = "MetricMissing"
	// ReasonMetricStale (False): none of the metrics that measure the moment is fresh.
	ReasonMetricStale = "MetricStale"
	// ReasonAllMeasured (True): every moment of truth of the journey is measured.
	ReasonAllMeasured = "AllMeasured"
	// ReasonMomentsNotMeasured (False): a moment of truth of the journey is not measured.
	ReasonMomentsNotMeasured = "MomentsNotMeasured"
)

// Reasons of Proven.
const (
	// ReasonAllProven (True, of a building block): every stage with checks is proven, and every check holds.
	ReasonAllProven = "AllProven"
	// ReasonProven (True, of a roadmap item): every stage with checks that it names is proven, and every check holds.
	ReasonProven = "Proven"
	// ReasonRegressed (False): a stage is proven, and a check of it holds no more.
	ReasonRegressed = "Regressed"
	// ReasonNotProven (False; also of a roadmap item's Delivered): a check of a stage has never held.
	ReasonNotProven = "NotProven"
	// ReasonNoProofYet (Unknown): nobody has looked at any check.
	ReasonNoProofYet = "NoProofYet"
)

// Reasons of HypothesisConfirmed.
const (
	// ReasonMetricNotFound (Unknown): the metric that the hypothesis names does not exist.
	ReasonMetricNotFound = "MetricNotFound"
	// ReasonNotFinished (Unknown): the work is not Done.
	ReasonNotFinished = "NotFinished"
	// ReasonSettling (Unknown): the work has just ended, and its effect is not looked at yet.
	ReasonSettling = "Settling"
	// ReasonMeasuring (Unknown): the effect is being measured.
	ReasonMeasuring = "Measuring"
	// ReasonNoBaseline (Unknown): there are not enough samples of before the work ended, and the metric has no baseline.
	ReasonNoBaseline = "NoBaseline"
	// ReasonTooFewSamples (Unknown): there are not enough samples of after the work ended.
	ReasonTooFewSamples = "TooFewSamples"
	// ReasonConfounded (Unknown): other work on the same metric ended at about the same time.
	ReasonConfounded = "Confounded"
	// ReasonConfirmed (True): the metric got better by at least what was expected.
	ReasonConfirmed = "Confirmed"
	// ReasonRefuted (False): the metric did not get better by more than its noise.
	ReasonRefuted = "Refuted"
	// ReasonPartialEffect (Unknown): the metric got better, by less than was expected.
	ReasonPartialEffect = "PartialEffect"
)

// Reasons of StateAgrees.
const (
	// ReasonAgrees (True): tracker and spec give the same state.
	ReasonAgrees = "Agrees"
	// ReasonTrackerAhead (False): the tracker gives a later state.
	ReasonTrackerAhead = "TrackerAhead"
	// ReasonTrackerBehind (False): the tracker gives an earlier state.
	ReasonTrackerBehind = "TrackerBehind"
	// ReasonTrackerCancelled (False): the work was cancelled in the tracker.
	ReasonTrackerCancelled = "TrackerCancelled"
	// ReasonStale (Unknown): the last look at the tracker failed, or is long ago.
	ReasonStale = "Stale"
)

// Reasons of an entry of a moment's blockedBy, beside Unassigned, Unplanned, Cancelled and the states of live items.
const (
	// ReasonNotFound: a roadmap item that something depends on does not exist.
	ReasonNotFound = "NotFound"
)
