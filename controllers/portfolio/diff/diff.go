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

// Package diff compares two evaluations of a portfolio. The result, a plan, tells what a change does to customers and teams. The same two
// states always give the same plan. The plan of the way back says the opposite.
package diff

import (
	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// The version and kind of a plan in JSON. Within a version fields may be added, but names and meanings of fields do not change.
const (
	APIVersion = "cli.cx.journeyops.dev/v1alpha1"
	Kind       = "Plan"
)

// Plan is what a change does. Dates are YYYY-MM-DD; those that are not known are absent.
type Plan struct {
	// APIVersion of this document: cli.cx.journeyops.dev/v1alpha1.
	APIVersion string `json:"apiVersion"`
	// Kind of this document: Plan.
	Kind string `json:"kind"`
	// AsOf is the day as of which both states are evaluated.
	AsOf cxv1alpha1.Date `json:"asOf"`
	// Old names the state before the change, for people.
	Old string `json:"old"`
	// New names the state after the change, for people.
	New string `json:"new"`
	// Compared is the number of objects in the new state.
	Compared int32 `json:"compared"`
	// Worse lists what the change makes worse, each once: the words of --fail-on, in its order.
	Worse []Criterion `json:"worse"`
	// Failed lists those of them that --fail-on asked for.
	Failed []Criterion `json:"failed"`
	// Portfolios that differ, by namespace; empty when nothing changes.
	Portfolios []Portfolio `json:"portfolios"`
}

// Portfolio is what a change does in one namespace.
type Portfolio struct {
	// Namespace of the portfolio.
	Namespace string `json:"namespace"`
	// Objects that were added, changed and removed.
	Objects Objects `json:"objects"`
	// Moments for which something changes, by name.
	Moments []MomentChange `json:"moments"`
	// Items of the roadmap for which something changes, by name.
	Items []ItemChange `json:"items"`
	// Metrics for which something changes, by name.
	Metrics []MetricChange `json:"metrics"`
	// Bundles of the roadmap.
	Bundles Bundles `json:"bundles"`
	// Value of all moments.
	Value ValueChange `json:"value"`
	// Teams for which something changes, by name.
	Teams []TeamChange `json:"teams"`
	// Gaps that are new or resolved.
	Gaps Gaps `json:"gaps"`
	// Findings are what the change makes worse, the most severe first.
	Findings []Finding `json:"findings"`
}

// Objects counts and lists the objects of which the spec differs. Labels and annotations change nothing.
type Objects struct {
	// Added is the number of objects that only the new state has.
	Added int32 `json:"added"`
	// Changed is the number of objects with another spec.
	Changed int32 `json:"changed"`
	// Removed is the number of objects that only the old state has.
	Removed int32 `json:"removed"`
	// Changes lists all of them, by kind and name.
	Changes []ObjectChange `json:"changes"`
}

// ObjectChange is an object of which the spec differs.
type ObjectChange struct {
	// Change of the object.
	Change Change `json:"change"`
	// Kind of the object.
	Kind string `json:"kind"`
	// Name of the object.
	Name string `json:"name"`
}

// Change tells how an object differs.
type Change string

const (
	// Added is an object that only the new state has.
	Added Change = "Added"
	// Changed is an object with another spec.
	Changed Change = "Changed"
	// Removed is an object that only the old state has.
	Removed Change = "Removed"
)

// MomentChange is what changes for customers in one moment.
type MomentChange struct {
	// Name of the moment.
	Name string `json:"name"`
	// Title of the moment.
	Title string `json:"title"`
	// Journey that the moment belongs to.
	Journey string `json:"journey"`
	// Effects on the moment, at least one.
	Effects []MomentEffect `json:"effects"`
	// DaysLater is by how many calendar days it is expected later, negative when sooner; absent where it lacks a date before or after.
	DaysLater int32 `json:"daysLater,omitempty"`
	// Before is how the moment stands in the old state; absent when it is new.
	Before *MomentState `json:"before,omitempty"`
	// After is how the moment stands in the new state; absent when it is removed.
	After *MomentState `json:"after,omitempty"`
}

// MomentEffect is a way in which a moment changes.
type MomentEffect string

const (
	// MomentBlocked means that it was not blocked, and becomes so.
	MomentBlocked MomentEffect = "Blocked"
	// MomentLate means that it becomes at risk: late, or without a date, where it is needed by one.
	MomentLate MomentEffect = "Late"
	// MomentUndated means that it stays blocked, and loses its expected date.
	MomentUndated MomentEffect = "Undated"
	// MomentReopened means that all its requirements were delivered, and are no more.
	MomentReopened MomentEffect = "Reopened"
	// MomentLater means that it stays blocked, and is expected later.
	MomentLater MomentEffect = "Later"
	// MomentEmptied means that it has no requirements any more.
	MomentEmptied MomentEffect = "Emptied"
	// MomentOtherReason means that it stays blocked, for another reason.
	MomentOtherReason MomentEffect = "OtherReason"
	// MomentAdded means that it is new; it may be late from the start.
	MomentAdded MomentEffect = "Added"
	// MomentRemoved means that it is there no more.
	MomentRemoved MomentEffect = "Removed"
	// MomentElaborated means that it gets its first requirements.
	MomentElaborated MomentEffect = "Elaborated"
	// MomentSooner means that it stays blocked, and is expected sooner.
	MomentSooner MomentEffect = "Sooner"
	// MomentDated means that it stays blocked, and gets an expected date.
	MomentDated MomentEffect = "Dated"
	// MomentInTime means that it is at risk no more.
	MomentInTime MomentEffect = "InTime"
	// MomentUnblocked means that it was blocked, and is no more.
	MomentUnblocked MomentEffect = "Unblocked"
	// MomentRealized means that all its requirements become delivered.
	MomentRealized MomentEffect = "Realized"
)

// MomentState is how a moment stands in one of the states.
type MomentState struct {
	// Blocked is the status of the condition Blocked: True, False or Unknown.
	Blocked string `json:"blocked"`
	// Reason of the condition Blocked.
	Reason string `json:"reason"`
	// Message of the condition Blocked: what it waits for, and until when. Where it waits for nothing, what is still to be delivered.
	Message string `json:"message"`
	// Realized tells whether all its requirements are delivered.
	Realized bool `json:"realized"`
	// AtRisk tells whether it is late, or has no date, where it is needed by one.
	AtRisk bool `json:"atRisk"`
	// NeededBy is the day on which it should be there.
	NeededBy cxv1alpha1.Date `json:"neededBy,omitempty"`
	// Expected is the day on which it will be there.
	Expected cxv1alpha1.Date `json:"expectedDate,omitempty"`
	// CriticalChain names the roadmap items that decide that day, in order of time, the last 50.
	CriticalChain []string `json:"criticalChain,omitempty"`
}

// ItemChange is what changes for a roadmap item.
type ItemChange struct {
	// Name of the item.
	Name string `json:"name"`
	// Title of the item.
	Title string `json:"title"`
	// Effects on the item, at least one.
	Effects []ItemEffect `json:"effects"`
	// Moved is by how many places it goes up among the items that are on both roadmaps, negative when down. Items that come and go move
	// no other.
	Moved int32 `json:"moved,omitempty"`
	// DaysLater is by how many calendar days it finishes later, negative when sooner; absent where it lacks a date before or after.
	DaysLater int32 `json:"daysLater,omitempty"`
	// Before is how the item stands in the old state; absent when it is new.
	Before *ItemState `json:"before,omitempty"`
	// After is how the item stands in the new state; absent when it is removed.
	After *ItemState `json:"after,omitempty"`
}

// ItemEffect is a way in which a roadmap item changes.
type ItemEffect string

const (
	// ItemUnscheduled means that it was on the roadmap or is new, and cannot be scheduled.
	ItemUnscheduled ItemEffect = "Unscheduled"
	// ItemMissesTarget means that its target date, that it met or did not have, is missed.
	ItemMissesTarget ItemEffect = "MissesTarget"
	// ItemLater means that it stays on the roadmap, and finishes later.
	ItemLater ItemEffect = "Later"
	// ItemDown means that it moves down the roadmap.
	ItemDown ItemEffect = "Down"
	// ItemReopened means that it was done, and is work again.
	ItemReopened ItemEffect = "Reopened"
	// ItemCancelled means that it was on the roadmap, and is cancelled.
	ItemCancelled ItemEffect = "Cancelled"
	// ItemAdded means that it is new; it may be unschedulable or off target from the start.
	ItemAdded ItemEffect = "Added"
	// ItemRemoved means that it is there no more.
	ItemRemoved ItemEffect = "Removed"
	// ItemRevived means that it was cancelled, and is on the roadmap.
	ItemRevived ItemEffect = "Revived"
	// ItemUp means that it moves up the roadmap.
	ItemUp ItemEffect = "Up"
	// ItemSooner means that it stays on the roadmap, and finishes sooner.
	ItemSooner ItemEffect = "Sooner"
	// ItemMeetsTarget means that its target date is missed no more.
	ItemMeetsTarget ItemEffect = "MeetsTarget"
	// ItemOtherVerdict means that its metric judges its hypothesis otherwise.
	ItemOtherVerdict ItemEffect = "OtherVerdict"
	// ItemScheduled means that it could not be scheduled, and now is on the roadmap.
	ItemScheduled ItemEffect = "Scheduled"
	// ItemFinished means that it was on the roadmap, and is done.
	ItemFinished ItemEffect = "Finished"
)

// ItemState is how a roadmap item stands in one of the states.
type ItemState struct {
	// State of the item: Proposed, Planned, InProgress, Done or Cancelled.
	State string `json:"state"`
	// Team that does the work.
	Team string `json:"team,omitempty"`
	// Rank on the roadmap, from 1; absent for an item that is not on it.
	Rank int32 `json:"rank,omitempty"`
	// Bundle on the roadmap, from 1; absent for an item that is not on it.
	Bundle int32 `json:"bundle,omitempty"`
	// Score of the bundle: value a day of effort.
	Score string `json:"score,omitempty"`
	// Start is the first workday that the forecast gives.
	Start cxv1alpha1.Date `json:"expectedStart,omitempty"`
	// Finish is the last workday that the forecast gives; of an item that is done, the day on which it was.
	Finish cxv1alpha1.Date `json:"expectedFinish,omitempty"`
	// Target is the day by which it should be finished.
	Target cxv1alpha1.Date `json:"targetDate,omitempty"`
	// OnTrack is the reason of the condition OnTrack, where there is a target.
	OnTrack string `json:"onTrack,omitempty"`
	// MissesTarget tells whether the condition OnTrack is False, and the item is not cancelled.
	MissesTarget bool `json:"missesTarget"`
	// Blocked is the reason of the condition Blocked.
	Blocked string `json:"blocked"`
	// Message of the condition Blocked.
	Message string `json:"message"`
	// Verdict of its metric on the hypothesis of an item that is done: Pending, Confirmed, Refuted or Inconclusive.
	Verdict string `json:"verdict,omitempty"`
}

// MetricChange is what changes for a metric.
type MetricChange struct {
	// Name of the metric.
	Name string `json:"name"`
	// Title of the metric.
	Title string `json:"title"`
	// Effects on the metric, at least one.
	Effects []MetricEffect `json:"effects"`
	// Before is how the metric stands in the old state; absent when it is new.
	Before *MetricState `json:"before,omitempty"`
	// After is how the metric stands in the new state; absent when it is removed.
	After *MetricState `json:"after,omitempty"`
}

// MetricEffect is a way in which a metric changes.
type MetricEffect string

const (
	// MetricOffTarget means that it had reached its target, and has not.
	MetricOffTarget MetricEffect = "OffTarget"
	// MetricWorse means that its value becomes worse.
	MetricWorse MetricEffect = "Worse"
	// MetricStale means that it had a recent sample, and has none, or that its source fails.
	MetricStale MetricEffect = "Stale"
	// MetricAdded means that it is new.
	MetricAdded MetricEffect = "Added"
	// MetricRemoved means that it is there no more.
	MetricRemoved MetricEffect = "Removed"
	// MetricFresh means that it gets a recent sample.
	MetricFresh MetricEffect = "Fresh"
	// MetricBetter means that its value becomes better.
	MetricBetter MetricEffect = "Better"
	// MetricOnTarget means that it reaches its target.
	MetricOnTarget MetricEffect = "OnTarget"
)

// MetricState is how a metric stands in one of the states.
type MetricState struct {
	// Value of the metric; absent when there are no samples in its window.
	Value string `json:"value,omitempty"`
	// Unit of its values.
	Unit string `json:"unit,omitempty"`
	// Target that it should reach.
	Target string `json:"target,omitempty"`
	// Latest is the date of the newest sample.
	Latest cxv1alpha1.Date `json:"latest,omitempty"`
	// Fresh is the reason of the condition Fresh.
	Fresh string `json:"fresh"`
	// OnTarget is the reason of the condition OnTarget, where there is a target.
	OnTarget string `json:"onTarget,omitempty"`
}

// Bundles tells which bundles the change makes and breaks up. A bundle is known by its items.
type Bundles struct {
	// Before is the number of bundles in the old state.
	Before int32 `json:"before"`
	// After is the number of bundles in the new state.
	After int32 `json:"after"`
	// New are the bundles that only the new state has, in its order.
	New []Bundle `json:"new"`
	// Gone are the bundles that only the old state has, in its order.
	Gone []Bundle `json:"gone"`
}

// Bundle is a set of roadmap items that bring their value together.
type Bundle struct {
	// Number is the bundle's place in the order, from 1.
	Number int32 `json:"number"`
	// Score is value a day of effort, with two decimals.
	Score string `json:"score"`
	// Value that the bundle brings, in whole points.
	Value int64 `json:"value"`
	// EffortDays of the bundle.
	EffortDays string `json:"effortDays"`
	// Finish is the day on which the last of its items is expected.
	Finish cxv1alpha1.Date `json:"expectedFinish,omitempty"`
	// Items by name, in the order of their rank.
	Items []string `json:"items"`
}

// ValueChange is the value of all moments before and after.
type ValueChange struct {
	// Before is the value in the old state.
	Before Value `json:"before"`
	// After is the value in the new state.
	After Value `json:"after"`
	// Forecast holds the months at whose end another part of the value will be there. What is there stays there after the
	// last month of a forecast.
	Forecast []MonthChange `json:"forecast"`
}

// Value of moments, in whole points.
type Value struct {
	// Total is the sum of the others.
	Total int64 `json:"total"`
	// Delivered is what customers have already.
	Delivered int64 `json:"delivered"`
	// Planned is what comes with the work on the roadmap.
	Planned int64 `json:"planned"`
	// Unplanned is what waits for work that is not on it.
	Unplanned int64 `json:"unplanned"`
	// Unelaborated is the value of moments without requirements.
	Unelaborated int64 `json:"unelaborated"`
}

// MonthChange is the part of the customer value that will be there at the end of a month.
type MonthChange struct {
	// Month as YYYY-MM.
	Month string `json:"month"`
	// BeforePercent is the part in the old state.
	BeforePercent int32 `json:"beforePercent"`
	// AfterPercent is the part in the new state.
	AfterPercent int32 `json:"afterPercent"`
}

// TeamChange is what changes for a team.
type TeamChange struct {
	// Name of the team.
	Name string `json:"name"`
	// Effects on the team, at least one.
	Effects []TeamEffect `json:"effects"`
	// NewlyMissed names the live items of the team that miss their target date in the new state only: the forecast is after it, or it is
	// past. In the old state they were on track, or did not exist.
	NewlyMissed []string `json:"newlyMissed,omitempty"`
	// NoLongerMissed names the items that missed their target date in the old state only.
	NoLongerMissed []string `json:"noLongerMissed,omitempty"`
	// Before is how the team stands in the old state.
	Before TeamState `json:"before"`
	// After is how the team stands in the new state.
	After TeamState `json:"after"`
}

// TeamEffect is a way in which a team changes.
type TeamEffect string

const (
	// TeamOverLanes means that more items are in progress than the team has lanes, by more than before.
	TeamOverLanes TeamEffect = "OverLanes"
	// TeamMissesTargets means that some of its items miss their target date, and did not before: the forecast is after it, or it is past.
	TeamMissesTargets TeamEffect = "MissesTargets"
	// TeamBusyLonger means that the last of its items finishes later.
	TeamBusyLonger TeamEffect = "BusyLonger"
	// TeamBusyShorter means that the last of its items finishes sooner.
	TeamBusyShorter TeamEffect = "BusyShorter"
	// TeamMeetsTargets means that some of its items no longer miss their target date.
	TeamMeetsTargets TeamEffect = "MeetsTargets"
	// TeamWithinLanes means that fewer items are in progress beyond the lanes that the team has.
	TeamWithinLanes TeamEffect = "WithinLanes"
)

// TeamState is how a team stands in one of the states.
type TeamState struct {
	// Lanes of the team; absent when the Roadmap does not list it, so that it has no limit.
	Lanes int32 `json:"lanes,omitempty"`
	// Items is the number of items that are proposed, planned or in progress.
	Items int32 `json:"items"`
	// Started is the number of items in progress.
	Started int32 `json:"started"`
	// MissedTargets is the number of these items whose forecast is after their target date, or whose target date is past.
	MissedTargets int32 `json:"missedTargets"`
	// BusyUntil is the day on which the last of them is expected.
	BusyUntil cxv1alpha1.Date `json:"busyUntil,omitempty"`
}

// Gaps tells which gaps the change opens and closes.
type Gaps struct {
	// New are the gaps that only the new state has, what is wrong before what is missing.
	New []Gap `json:"new"`
	// Resolved are the gaps that only the old state has.
	Resolved []Gap `json:"resolved"`
}

// Gap is a hole in the portfolio that somebody should close.
type Gap struct {
	// Category of the gap: Strategy, Phase, Elaboration, Grouping, Planning, Delivery, Proof, Measurement, Reference,
	// Cycle, Hypothesis or Policy.
	Category string `json:"category"`
	// Reason in CamelCase.
	Reason string `json:"reason"`
	// Kind of the object to change.
	Kind string `json:"kind"`
	// Name of the object to change.
	Name string `json:"name"`
	// Subject is what the gap is about within the object.
	Subject string `json:"subject,omitempty"`
	// Text says what is missing, in a sentence.
	Text string `json:"message"`
}

// Finding is something that the change makes worse.
type Finding struct {
	// Rule that found it.
	Rule RuleID `json:"rule"`
	// Level of the rule.
	Level Level `json:"level"`
	// Criteria of --fail-on that it meets; empty for a note.
	Criteria []Criterion `json:"criteria"`
	// Kind of the object that it is about, or Team.
	Kind string `json:"kind"`
	// Name of the object that it is about.
	Name string `json:"name"`
	// Reason of the gap that it is about, if it is about one.
	Reason string `json:"reason,omitempty"`
	// Subject is what it is about within the object.
	Subject string `json:"subject,omitempty"`
	// Headline is the message without what explains it, and without the full stop.
	Headline string `json:"headline"`
	// Text says it in a sentence or two.
	Text string `json:"message"`
}
