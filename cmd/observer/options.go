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
	"io"

	"github.com/spf13/pflag"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/internal/daemon"
	"github.com/journeyops/journey-operator/controllers/observer"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
	"github.com/journeyops/journey-operator/controllers/observer/measures"
	"github.com/journeyops/journey-operator/controllers/observer/proofs"
	"github.com/journeyops/journey-operator/controllers/observer/trackers"
)

// leaseName is the lease that replicas compete for by default. The leader election role names it.
const leaseName = "journey-observer.cx.journeyops.dev"

// options are what the flags set.
type options struct {
	daemon.Options

	namespace string
	loopback  bool
}

func defaultOptions() *options {
	o := &options{Options: daemon.Defaults(leaseName)}
	o.QPS, o.Burst = 50, 100
	return o
}

// program is the observer as a process.
func (o *options) program() daemon.Program {
	return daemon.Program{
		Name: "observer",
		About: `The observer of journey-operator: it asks Sources (of cx.journeyops.dev) for what Metrics, RoadmapItems and BuildingBlocks
want to know, and writes what they answer to Observations.`,
		Options: &o.Options,
		Flags: []daemon.FlagGroup{
			daemon.NewFlagGroup("Cluster", o.ClusterFlags, o.RateFlags),
			daemon.NewFlagGroup("Sources", o.sourceFlags),
			daemon.NewFlagGroup("Several replicas, and stopping", o.ReplicaFlags),
			daemon.NewFlagGroup("Probes and metrics", o.ServerFlags),
			daemon.NewFlagGroup("Logs and information", o.LogFlags),
		},
		Validate:   o.validate,
		NewManager: o.newManager,
	}
}

func (o *options) sourceFlags(f *pflag.FlagSet) {
	f.StringVar(&o.namespace, "namespace", o.namespace,
		"`name` of the namespace that has the Secrets of Sources: that of the observer itself. Needed")
	f.BoolVar(&o.loopback, "allow-loopback", o.loopback,
		"ask Sources on this machine too. For tests and development only: it lets Sources reach what is meant for the machine alone")
}

func (o *options) validate() error {
	return errors.Join(o.Validate(), o.validateNamespace())
}

func (o *options) validateNamespace() error {
	if o.Version {
		return nil
	}
	return daemon.ValidateNamespace("namespace", o.namespace)
}

// newManager makes a manager with everything that the observer does.
func (o *options) newManager(logs io.Writer) (ctrl.Manager, error) {
	mgr, err := o.NewManager(logs, func(m *ctrl.Options) { m.Cache.DefaultTransform = cache.TransformStripManagedFields() })
	if err != nil {
		return nil, err
	}
	kubernetes, err := proofs.New(mgr.GetConfig(), mgr.GetLogger().WithName("proofs"))
	if err != nil {
		return nil, err
	}
	if err := ctrlmetrics.Registry.Register(kubernetes.Collector()); err != nil {
		return nil, fmt.Errorf("registering the metrics of proofs: %w", err)
	}
	if err := observer.SetupWithManager(mgr, observer.Options{
		Providers: map[cxv1alpha1.SourceType]observer.Provider{
			cxv1alpha1.SourcePrometheus: measures.Prometheus{},
			cxv1alpha1.SourceHTTP:       measures.HTTP{},
			cxv1alpha1.SourceKubernetes: kubernetes,
			cxv1alpha1.SourceGitHub:     trackers.NewGitHub(),
			cxv1alpha1.SourceGitLab:     trackers.GitLab{},
			cxv1alpha1.SourceJira:       trackers.Jira{},
		},
		Namespace: o.namespace,
		Transport: guard.NewTransport(o.loopback),
		UserAgent: daemon.UserAgent(),
		Metrics:   ctrlmetrics.Registry,
	}); err != nil {
		return nil, fmt.Errorf("setting up the observer: %w", err)
	}
	if err := o.ServeProbes(mgr, &healthz.Handler{Checks: map[string]healthz.Checker{"ping": healthz.Ping}}); err != nil {
		return nil, fmt.Errorf("setting up the probes: %w", err)
	}
	return mgr, nil
}
