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

package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/sets"

	"github.com/journeyops/journey-operator/cmd/internal/daemon"
	"github.com/journeyops/journey-operator/controllers"
)

// leaseName is the lease that replicas compete for by default. The leader election role names it.
const leaseName = "journey-operator.cx.journeyops.dev"

// options are what the flags set.
type options struct {
	daemon.Options

	namespaces []string
	// namespaceSelector is a label selector, and selector what it means.
	namespaceSelector string
	selector          labels.Selector

	debounceIdle   time.Duration
	debounceMax    time.Duration
	debounceBurst  time.Duration
	eventDelay     time.Duration
	maxEvaluations int
	maxWrites      int

	metricsAllMoments bool

	warningsAddress string
	warningsCertDir string
}

func defaultOptions() *options {
	o := &options{
		Options:         daemon.Defaults(leaseName),
		debounceIdle:    controllers.DefaultDebounceIdle,
		debounceMax:     controllers.DefaultDebounceMax,
		debounceBurst:   controllers.DefaultDebounceBurst,
		eventDelay:      controllers.DefaultEventDelay,
		maxEvaluations:  controllers.DefaultMaxConcurrentEvaluations,
		maxWrites:       controllers.DefaultMaxConcurrentWrites,
		warningsAddress: daemon.Off,
	}
	o.QPS, o.Burst = 500, 1000
	return o
}

// program is the manager as a process.
func (o *options) program() daemon.Program {
	return daemon.Program{
		Name: "manager",
		About: `The manager of journey-operator: it evaluates the customer journeys in a cluster (kinds Journey, Moment, Requirement,
BuildingBlock, RoadmapItem and Roadmap of cx.journeyops.dev) and writes what follows to their statuses.`,
		Options: &o.Options,
		Flags: []daemon.FlagGroup{
			daemon.NewFlagGroup("Cluster", o.ClusterFlags, o.scopeFlags, o.RateFlags),
			daemon.NewFlagGroup("Evaluation and writing", o.workFlags),
			daemon.NewFlagGroup("Several replicas, and stopping", o.ReplicaFlags),
			daemon.NewFlagGroup("Probes and metrics", o.ServerFlags, o.metricsFlags),
			daemon.NewFlagGroup("Warnings", o.warningFlags),
			daemon.NewFlagGroup("Logs and information", o.LogFlags),
		},
		Validate:   o.validate,
		NewManager: o.newManager,
	}
}

func (o *options) scopeFlags(f *pflag.FlagSet) {
	f.StringSliceVar(&o.namespaces, "namespaces", o.namespaces,
		"`names` of the namespaces to work in, separated by commas. By default all: each namespace is a portfolio of its own")
	f.StringVar(&o.namespaceSelector, "namespace-selector", o.namespaceSelector,
		"label `selector` of the namespaces to work in, as in tenant=web or cx.journeyops.dev/shard in (a,b). Namespaces are taken "+
			"up and let go as their labels change. Needs the right to list and watch namespaces")
}

func (o *options) workFlags(f *pflag.FlagSet) {
	f.DurationVar(&o.debounceIdle, "debounce-idle", o.debounceIdle,
		"`time` for which a portfolio must be left alone after a change before it is evaluated. After a change of many objects it is so "+
			"many times that, up to --debounce-max")
	f.DurationVar(&o.debounceMax, "debounce-max", o.debounceMax,
		"longest `time` that an evaluation waits while a single object keeps changing. While many do it is so many times that, up to "+
			"--debounce-burst")
	f.DurationVar(&o.debounceBurst, "debounce-burst", o.debounceBurst,
		"longest `time` that an evaluation waits while ever more objects change, so that what is applied together is evaluated once")
	f.DurationVar(&o.eventDelay, "event-delay", o.eventDelay,
		"`time` for which a portfolio must be left alone before events tell what changed in its statuses")
	f.IntVar(&o.maxEvaluations, "max-concurrent-evaluations", o.maxEvaluations,
		"`number` of portfolios evaluated at the same time, at most; each takes one CPU")
	f.IntVar(&o.maxWrites, "max-concurrent-writes", o.maxWrites,
		"`number` of statuses written at the same time, at most, for each of the six kinds")
}

func (o *options) metricsFlags(f *pflag.FlagSet) {
	f.BoolVar(&o.metricsAllMoments, "metrics-all-moments", o.metricsAllMoments,
		"give all moments series of their own, and not only the moments of truth")
}

func (o *options) validate() error {
	return errors.Join(
		o.Validate(),
		o.validateNamespaces(),
		o.validateSelector(),
		daemon.Positive("debounce-idle", o.debounceIdle),
		daemon.Positive("event-delay", o.eventDelay),
		o.validateDebounce(),
		daemon.Positive("max-concurrent-evaluations", o.maxEvaluations),
		daemon.Positive("max-concurrent-writes", o.maxWrites),
		o.validateWarnings(),
	)
}

func (o *options) validateNamespaces() error {
	for _, name := range o.namespaces {
		if err := daemon.ValidateNamespace("namespaces", name); err != nil {
			return err
		}
	}
	o.namespaces = sets.List(sets.New(o.namespaces...))
	return nil
}

func (o *options) validateSelector() error {
	if o.namespaceSelector == "" {
		return nil
	}
	if len(o.namespaces) > 0 {
		return errors.New("--namespaces and --namespace-selector exclude each other: give one of them")
	}
	selector, err := labels.Parse(o.namespaceSelector)
	if err != nil {
		return fmt.Errorf("--namespace-selector: %q is no label selector, as for instance tenant=web: %w", o.namespaceSelector, err)
	}
	o.selector = selector
	return nil
}

func (o *options) validateDebounce() error {
	if o.debounceMax < o.debounceIdle {
		return fmt.Errorf("--debounce-max (%s) must not be shorter than --debounce-idle (%s)", o.debounceMax, o.debounceIdle)
	}
	if o.debounceBurst < o.debounceMax {
		return fmt.Errorf("--debounce-burst (%s) must not be shorter than --debounce-max (%s)", o.debounceBurst, o.debounceMax)
	}
	return nil
}
