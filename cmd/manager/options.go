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
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/sets"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/journeyops/journey-operator/controllers"
)

// leaseName is the lease that replicas compete for by default. The leader election role names it.
const leaseName = "journey-operator.cx.journeyops.dev"

// options are what the flags set.
type options struct {
	kubeconfig string
	namespaces []string
	// namespaceSelector is a label selector, and selector what it means.
	namespaceSelector string
	selector          labels.Selector
	qps               float32
	burst             int

	debounceIdle   time.Duration
	debounceMax    time.Duration
	debounceBurst  time.Duration
	eventDelay     time.Duration
	maxEvaluations int
	maxWrites      int

	leaderElect             bool
	leaderElectionNamespace string
	leaseName               string
	leaseDuration           time.Duration
	shutdownTimeout         time.Duration

	probeAddress   string
	metricsAddress string
	metricsSecure  bool
	metricsCertDir string
	enableHTTP2    bool
	// metricsAllMoments is for the metrics themselves, the others for who gets them.
	metricsAllMoments bool

	warningsAddress string
	warningsCertDir string

	logLevel  string
	logFormat string
	version   bool
}

func defaultOptions() *options {
	return &options{
		qps:             500,
		burst:           1000,
		debounceIdle:    controllers.DefaultDebounceIdle,
		debounceMax:     controllers.DefaultDebounceMax,
		debounceBurst:   controllers.DefaultDebounceBurst,
		eventDelay:      controllers.DefaultEventDelay,
		maxEvaluations:  controllers.DefaultMaxConcurrentEvaluations,
		maxWrites:       controllers.DefaultMaxConcurrentWrites,
		leaseName:       leaseName,
		leaseDuration:   15 * time.Second,
		shutdownTimeout: 25 * time.Second,
		probeAddress:    ":8081",
		metricsAddress:  ":8443",
		metricsSecure:   true,
		warningsAddress: off,
		logLevel:        "info",
		logFormat:       "json",
	}
}

// flagGroup is a part of the help.
type flagGroup struct {
	title string
	flags *pflag.FlagSet
}

func (o *options) flagGroups() []flagGroup {
	group := func(title string, define func(*pflag.FlagSet)) flagGroup {
		flags := pflag.NewFlagSet(title, pflag.ContinueOnError)
		flags.SortFlags = false
		define(flags)
		return flagGroup{title, flags}
	}
	return []flagGroup{
		group("Cluster", o.clusterFlags),
		group("Evaluation and writing", o.workFlags),
		group("Several replicas, and stopping", o.replicaFlags),
		group("Probes and metrics", o.serverFlags),
		group("Warnings", o.warningFlags),
		group("Logs and information", o.logFlags),
	}
}

func (o *options) clusterFlags(f *pflag.FlagSet) {
	f.StringVar(&o.kubeconfig, "kubeconfig", o.kubeconfig,
		"`file` that says how to reach the cluster. By default $KUBECONFIG, else the cluster that the manager runs in, else "+
			"~/.kube/config")
	f.StringSliceVar(&o.namespaces, "namespaces", o.namespaces,
		"`names` of the namespaces to work in, separated by commas. By default all: each namespace is a portfolio of its own")
	f.StringVar(&o.namespaceSelector, "namespace-selector", o.namespaceSelector,
		"label `selector` of the namespaces to work in, as in tenant=web or cx.journeyops.dev/shard in (a,b). Namespaces are taken "+
			"up and let go as their labels change. Needs the right to list and watch namespaces")
	f.Float32Var(&o.qps, "kube-api-qps", o.qps,
		"`number` of requests a second to the API server at most, for each kind. Negative means no limit of the manager's own: "+
			"the API server has one too")
	f.IntVar(&o.burst, "kube-api-burst", o.burst,
		"`number` of requests, for each kind, that may exceed that rate for a moment")
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

func (o *options) replicaFlags(f *pflag.FlagSet) {
	f.BoolVar(&o.leaderElect, "leader-elect", o.leaderElect,
		"let replicas elect a leader; only the leader writes. Needed as soon as there can be two, as there are for a moment in "+
			"every rolling update")
	f.StringVar(&o.leaderElectionNamespace, "leader-election-namespace", o.leaderElectionNamespace,
		"`namespace` of the lease. By default the manager's own, which outside of a cluster it has not")
	f.StringVar(&o.leaseName, "leader-election-id", o.leaseName,
		"`name` of the lease. Deployments that work in different namespaces each need one of their own")
	f.DurationVar(&o.leaseDuration, "leader-election-lease-duration", o.leaseDuration,
		"`time` after which another replica takes over from a leader that has vanished; at least 3s. A leader that is stopped hands over at once")
	f.DurationVar(&o.shutdownTimeout, "graceful-shutdown-timeout", o.shutdownTimeout,
		"`time` to finish writes that have begun after a signal to stop; keep it below the pod's terminationGracePeriodSeconds")
}

func (o *options) serverFlags(f *pflag.FlagSet) {
	f.StringVar(&o.probeAddress, "health-probe-bind-address", o.probeAddress,
		"`address` of /healthz and /readyz, which passes once every portfolio has been evaluated. 0 turns them off")
	f.StringVar(&o.metricsAddress, "metrics-bind-address", o.metricsAddress,
		"`address` of /metrics. 0 turns it off")
	f.BoolVar(&o.metricsSecure, "metrics-secure", o.metricsSecure,
		"serve metrics over HTTPS, and only to those whom the API server lets get /metrics (see the metrics-reader role)")
	f.StringVar(&o.metricsCertDir, "metrics-cert-dir", o.metricsCertDir,
		"`folder` of tls.crt and tls.key for the metrics. By default a certificate is made up at each start")
	f.BoolVar(&o.metricsAllMoments, "metrics-all-moments", o.metricsAllMoments,
		"give all moments series of their own, and not only the moments of truth")
	f.BoolVar(&o.enableHTTP2, "enable-http2", o.enableHTTP2,
		"let metrics and warnings be fetched over HTTP/2, which has had several denial-of-service vulnerabilities")
}

func (o *options) logFlags(f *pflag.FlagSet) {
	f.StringVar(&o.logLevel, "log-level", o.logLevel, "`level`: error, info or debug")
	f.StringVar(&o.logFormat, "log-format", o.logFormat, "`format`: json or console")
	f.BoolVar(&o.version, "version", o.version, "print the version and exit")
}

// parse takes over the arguments.
func (o *options) parse(args []string) error {
	all := pflag.NewFlagSet("manager", pflag.ContinueOnError)
	all.Usage = func() {}
	for _, group := range o.flagGroups() {
		all.AddFlagSet(group.flags)
	}
	if err := all.Parse(args); err != nil {
		return err
	}
	if all.NArg() > 0 {
		return fmt.Errorf("there are only flags, and %q is none", all.Arg(0))
	}
	return o.validate()
}

func (o *options) validate() error {
	return errors.Join(
		o.validateNamespaces(),
		o.validateSelector(),
		positive("debounce-idle", o.debounceIdle),
		positive("event-delay", o.eventDelay),
		o.validateDebounce(),
		positive("max-concurrent-evaluations", o.maxEvaluations),
		positive("max-concurrent-writes", o.maxWrites),
		positive("kube-api-burst", o.burst),
		positive("graceful-shutdown-timeout", o.shutdownTimeout),
		o.validateLease(),
		validateAddress("health-probe-bind-address", o.probeAddress),
		validateAddress("metrics-bind-address", o.metricsAddress),
		o.validateWarnings(),
		oneOf("log-level", o.logLevel, "error", "info", "debug"),
		oneOf("log-format", o.logFormat, "json", "console"),
	)
}

func (o *options) validateNamespaces() error {
	for _, name := range o.namespaces {
		if reasons := validation.ValidateNamespaceName(name, false); len(reasons) > 0 {
			return fmt.Errorf("--namespaces: %q cannot be the name of a namespace: %s", name, strings.Join(reasons, "; "))
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

func (o *options) validateLease() error {
	if reasons := validation.NameIsDNSSubdomain(o.leaseName, false); len(reasons) > 0 {
		return fmt.Errorf("--leader-election-id: %q cannot be the name of a lease: %s", o.leaseName, strings.Join(reasons, "; "))
	}
	if o.leaseDuration < 3*time.Second {
		return fmt.Errorf("--leader-election-lease-duration must be at least 3s, not %s", o.leaseDuration)
	}
	return nil
}

// inClusterNamespace is the file that names the manager's own namespace in a cluster.
const inClusterNamespace = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

// lease returns the lease that replicas compete for, if they do.
func (o *options) lease() client.ObjectKey {
	if !o.leaderElect {
		return client.ObjectKey{}
	}
	namespace := o.leaderElectionNamespace
	if namespace == "" {
		// Where it cannot be read, the manager has failed before.
		own, _ := os.ReadFile(inClusterNamespace)
		namespace = string(own)
	}
	return client.ObjectKey{Namespace: namespace, Name: o.leaseName}
}

func positive[N int | time.Duration](flag string, value N) error {
	if value <= 0 {
		return fmt.Errorf("--%s must be more than zero, not %v", flag, value)
	}
	return nil
}

// off is the address of what is not served.
const off = "0"

func validateAddress(flag, address string) error {
	if address == off {
		return nil
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return fmt.Errorf("--%s must be 0, or host and port as in :8443 or 127.0.0.1:8443, not %q", flag, address)
	}
	return nil
}

func oneOf(flag, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("--%s must be one of %s, not %q", flag, strings.Join(allowed, ", "), value)
}

func (o *options) printHelp(out io.Writer) error {
	var help strings.Builder
	help.WriteString(`The manager of journey-operator: it evaluates the customer journeys in a cluster (kinds Journey, Moment, Requirement,
BuildingBlock, RoadmapItem and Roadmap of cx.journeyops.dev) and writes what follows to their statuses.

Usage:
  manager [flags]
`)
	for _, group := range o.flagGroups() {
		fmt.Fprintf(&help, "\n%s:\n%s", group.title, group.flags.FlagUsagesWrapped(120))
	}
	help.WriteString("\nExit codes: 0 stopped as asked, 1 failed, 2 wrong flags.\n")
	_, err := io.WriteString(out, help.String())
	return err
}
