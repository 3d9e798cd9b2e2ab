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

package observer

import (
	"context"
	"net/http"
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Provider knows how to ask one type of Source.
type Provider interface {
	// BatchSize is the number of targets that one look can take at most.
	BatchSize() int

	// Look asks a source about targets, and returns a Result for each, in the same order. The targets may be of different namespaces; no
	// Result may depend on those of others. It must return soon after ctx has ended. Several looks may run at the same time.
	Look(ctx context.Context, source Source, targets []Target) []Result
}

// Watcher is a Provider that sees changes by itself, and so wants to know what it will be asked. Its methods are called one at a time.
type Watcher interface {
	Provider

	// Start is called once, before anything else. Until ctx ends the Provider may call due to have a target looked at now.
	Start(ctx context.Context, due func(Key))

	// Follow tells that a target will be looked at from now on, or that it or its Source has changed. In the Target, Known is not set.
	Follow(source Source, target Target)

	// Forget tells that a target will not be looked at any more.
	Forget(key Key)
}

// Key tells targets apart: what an object asks one Source.
type Key struct {
	Namespace string
	Of        cxv1alpha1.ObservedReference
	// Source is the name of the Source; "" is the observer's own cluster without a Source.
	Source string
}

// Target is a question of an object to a Source.
type Target struct {
	Key

	// Object that asks: a *Metric, *RoadmapItem or *BuildingBlock. It must not be changed. A BuildingBlock may have checks for other Sources
	// too: those of the Target are the ones for Key.Source.
	Object cxv1alpha1.Object

	// Known is what the last look at this very question brought; empty before the first, and after the question has changed.
	Known Known
}

// Known is what an Observation says already. A Provider builds on it where something must not be taken back: samples that the source has
// lost since, the day of a proof, the day on which work was first seen finished.
type Known struct {
	ObservedOn cxv1alpha1.Date
	Samples    []cxv1alpha1.Sample
	Work       *cxv1alpha1.Work
	Proofs     []cxv1alpha1.Proof
	Problem    *cxv1alpha1.Problem
}

// Source is where to look.
type Source struct {
	// Name of the Source; "" is the observer's own cluster without a Source.
	Name string

	// Spec of the Source; empty for the observer's own cluster without a Source.
	Spec cxv1alpha1.SourceSpec

	// HTTP asks the Source, and only it: see package guard. It waits for its turn by itself and adds the credentials. It is nil for Kubernetes.
	HTTP *http.Client

	// Today is the day of the look, in UTC.
	Today cxv1alpha1.Date
}

// Result is what a look brought: samples, work or proofs, whole, or a problem. With a problem and nothing else, what is known stays. With
// both, both are written: some was seen, and something is wrong.
//
// Everybody in the namespace can read a problem. It says nothing of the Source but its name, no address, no header, and no values of objects.
// It must be the same each time for the same fault, without times or numbers that differ, since each change is written.
type Result struct {
	Samples []cxv1alpha1.Sample
	Work    *cxv1alpha1.Work
	Proofs  []cxv1alpha1.Proof
	Problem *cxv1alpha1.Problem

	// Detail is for administrators: it is logged, with a Problem. It holds no credentials.
	Detail error

	// RetryAfter is how long the Source asked to be left alone. Nobody asks it anything meanwhile.
	RetryAfter time.Duration
}

// Failed is the Result of a look that brought nothing. The detail is for administrators.
func Failed(reason, message string, detail error) Result {
	return Result{Problem: &cxv1alpha1.Problem{Reason: reason, Message: cxv1alpha1.Line(message)}, Detail: detail}
}
