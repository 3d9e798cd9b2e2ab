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
	"fmt"
	"io"

	ctrl "sigs.k8s.io/controller-runtime"
	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/journeyops/journey-operator/cmd/internal/version"
	"github.com/journeyops/journey-operator/controllers"
)

// newManager makes a manager with everything that the operator does.
func (o *options) newManager(logs io.Writer) (ctrl.Manager, error) {
	mgr, err := o.NewManager(logs)
	if err != nil {
		return nil, err
	}
	ready, err := controllers.SetupWithManager(mgr, controllers.Options{
		Scope:                    controllers.Scope{Names: o.namespaces, Selector: o.selector},
		DebounceIdle:             o.debounceIdle,
		DebounceMax:              o.debounceMax,
		DebounceBurst:            o.debounceBurst,
		EventDelay:               o.eventDelay,
		MaxConcurrentEvaluations: o.maxEvaluations,
		MaxConcurrentWrites:      o.maxWrites,
		Metrics:                  ctrlmetrics.Registry,
		MetricsAllMoments:        o.metricsAllMoments,
		Version:                  version.String(),
		Revision:                 version.Revision(),
		Warnings:                 o.warnings(),
		Lease:                    o.Lease(),
	})
	if err != nil {
		return nil, fmt.Errorf("setting up the controllers: %w", err)
	}
	if err := o.ServeProbes(mgr, ready); err != nil {
		return nil, fmt.Errorf("setting up the probes: %w", err)
	}
	return mgr, nil
}
