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

package daemon

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
	"sigs.k8s.io/controller-runtime/pkg/metrics/filters"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/internal/version"
)

// NewManager makes a manager that does nothing yet.
func (o *Options) NewManager(logs io.Writer, more ...func(*ctrl.Options)) (ctrl.Manager, error) {
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
	for _, change := range more {
		change(&managerOptions)
	}
	mgr, err := ctrl.NewManager(config, managerOptions)
	if err != nil {
		return nil, fmt.Errorf("setting up the manager: %w", err)
	}
	return mgr, nil
}

func (o *Options) newLogger(out io.Writer) logr.Logger {
	level := map[string]zapcore.Level{
		"error": zapcore.ErrorLevel, "info": zapcore.InfoLevel, "debug": zapcore.DebugLevel,
	}[o.LogLevel]
	encoder := zap.JSONEncoder
	if o.LogFormat == "console" {
		encoder = zap.ConsoleEncoder
	}
	readableTime := func(c *zapcore.EncoderConfig) { c.EncodeTime = zapcore.RFC3339NanoTimeEncoder }
	// No stack traces: errors say what was being done to what object, and panics bring their own.
	noStack := zapcore.FatalLevel
	return zap.New(encoder(readableTime), zap.WriteTo(out), zap.Level(uberzap.NewAtomicLevelAt(level)), zap.StacktraceLevel(noStack))
}

// UserAgent is what the processes call themselves in requests.
func UserAgent() string { return "journey-operator/" + version.String() }

func (o *Options) restConfig() (*rest.Config, error) {
	var config *rest.Config
	var err error
	if o.Kubeconfig != "" {
		config, err = clientcmd.BuildConfigFromFlags("", o.Kubeconfig)
	} else {
		config, err = ctrl.GetConfig()
	}
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = o.QPS, o.Burst
	config.UserAgent = UserAgent()
	return config, nil
}

func (o *Options) managerOptions(logger logr.Logger) (ctrl.Options, error) {
	scheme := runtime.NewScheme()
	// The client-go kinds are for events and leases.
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, cxv1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			return ctrl.Options{}, fmt.Errorf("registering the kinds: %w", err)
		}
	}
	// The proportions of client-go's defaults: 15s, 10s, 2s.
	renewDeadline := o.LeaseDuration * 2 / 3
	retryPeriod := o.LeaseDuration * 2 / 15
	return ctrl.Options{
		Scheme:                  scheme,
		Logger:                  logger,
		Metrics:                 o.metricsServer(),
		HealthProbeBindAddress:  Off, // see ServeProbes
		GracefulShutdownTimeout: &o.ShutdownTimeout,

		LeaderElection:          o.LeaderElect,
		LeaderElectionID:        o.LeaseName,
		LeaderElectionNamespace: o.LeaderElectionNamespace,
		LeaseDuration:           &o.LeaseDuration,
		RenewDeadline:           &renewDeadline,
		RetryPeriod:             new(max(retryPeriod, 100*time.Millisecond)),
		// The process ends when the manager does, so that the next leader need not wait for the lease to expire.
		LeaderElectionReleaseOnCancel: true,
	}, nil
}

func (o *Options) metricsServer() metricsserver.Options {
	server := metricsserver.Options{BindAddress: o.MetricsAddress, SecureServing: o.MetricsSecure, CertDir: o.MetricsCertDir}
	if o.MetricsSecure {
		server.FilterProvider = filters.WithAuthenticationAndAuthorization
	}
	if !o.EnableHTTP2 {
		server.TLSOpts = append(server.TLSOpts, func(c *tls.Config) { c.NextProtos = []string{"http/1.1"} })
	}
	return server
}
