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
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/go-logr/logr"
	uberzap "go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"
	"sigs.k8s.io/controller-runtime/pkg/metrics/filters"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/internal/version"
	"github.com/journeyops/journey-operator/controllers"
)

// newManager makes a manager with everything that the operator does.
func newManager(o *options, logs io.Writer) (ctrl.Manager, error) {
	logger := o.newLogger(logs)
	ctrl.SetLogger(logger)
	klog.SetLogger(logger.WithName("client-go"))
	// Other packages print through log, for example about failed TLS handshakes. That becomes structured as well.
	slog.SetDefault(slog.New(logr.ToSlogHandler(logger)))

	config, err := o.restConfig()
	if err != nil {
		return nil, fmt.Errorf("finding the cluster: %w", err)
	}
	managerOptions, err := o.managerOptions(logger)
	if err != nil {
		return nil, err
	}
	mgr, err := ctrl.NewManager(config, managerOptions)
	if err != nil {
		return nil, fmt.Errorf("setting up the manager: %w", err)
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
		Lease:                    o.lease(),
	})
	if err != nil {
		return nil, fmt.Errorf("setting up the controllers: %w", err)
	}
	if err := o.serveProbes(mgr, ready); err != nil {
		return nil, fmt.Errorf("setting up the probes: %w", err)
	}
	return mgr, nil
}

func (o *options) newLogger(out io.Writer) logr.Logger {
	level := map[string]zapcore.Level{
		"error": zapcore.ErrorLevel, "info": zapcore.InfoLevel, "debug": zapcore.DebugLevel,
	}[o.logLevel]
	encoder := zap.JSONEncoder
	if o.logFormat == "console" {
		encoder = zap.ConsoleEncoder
	}
	readableTime := func(c *zapcore.EncoderConfig) { c.EncodeTime = zapcore.RFC3339NanoTimeEncoder }
	// No stack traces: errors say what was being done to what object, and panics bring their own.
	noStack := zapcore.FatalLevel
	return zap.New(encoder(readableTime), zap.WriteTo(out), zap.Level(uberzap.NewAtomicLevelAt(level)), zap.StacktraceLevel(noStack))
}

func (o *options) restConfig() (*rest.Config, error) {
	var config *rest.Config
	var err error
	if o.kubeconfig != "" {
		config, err = clientcmd.BuildConfigFromFlags("", o.kubeconfig)
	} else {
		config, err = ctrl.GetConfig()
	}
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = o.qps, o.burst
	config.UserAgent = "journey-operator/" + version.String()
	return config, nil
}

func (o *options) managerOptions(logger logr.Logger) (ctrl.Options, error) {
	scheme := runtime.NewScheme()
	// The client-go kinds are for events and leases.
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, cxv1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			return ctrl.Options{}, fmt.Errorf("registering the kinds: %w", err)
		}
	}
	// The proportions of client-go's defaults: 15s, 10s, 2s.
	renewDeadline := o.leaseDuration * 2 / 3
	retryPeriod := o.leaseDuration * 2 / 15
	return ctrl.Options{
		Scheme:                  scheme,
		Logger:                  logger,
		Metrics:                 o.metricsServer(),
		HealthProbeBindAddress:  off, // see serveProbes
		GracefulShutdownTimeout: &o.shutdownTimeout,

		LeaderElection:          o.leaderElect,
		LeaderElectionID:        o.leaseName,
		LeaderElectionNamespace: o.leaderElectionNamespace,
		LeaseDuration:           &o.leaseDuration,
		RenewDeadline:           &renewDeadline,
		RetryPeriod:             new(max(retryPeriod, 100*time.Millisecond)),
		// The process ends when the manager does, so that the next leader need not wait for the lease to expire.
		LeaderElectionReleaseOnCancel: true,
	}, nil
}

func (o *options) metricsServer() metricsserver.Options {
	server := metricsserver.Options{BindAddress: o.metricsAddress, SecureServing: o.metricsSecure, CertDir: o.metricsCertDir}
	if o.metricsSecure {
		server.FilterProvider = filters.WithAuthenticationAndAuthorization
	}
	if !o.enableHTTP2 {
		server.TLSOpts = append(server.TLSOpts, func(c *tls.Config) { c.NextProtos = []string{"http/1.1"} })
	}
	return server
}
