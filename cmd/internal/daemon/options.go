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
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Options are what the flags set that all processes have.
type Options struct {
	Kubeconfig string
	QPS        float32
	Burst      int

	LeaderElect             bool
	LeaderElectionNamespace string
	// LeaseName is the lease that replicas compete for. The leader election role names the default one.
	LeaseName       string
	LeaseDuration   time.Duration
	ShutdownTimeout time.Duration

	ProbeAddress   string
	MetricsAddress string
	MetricsSecure  bool
	MetricsCertDir string
	EnableHTTP2    bool

	LogLevel  string
	LogFormat string
	Version   bool
}

// Defaults are the options where no flag is given.
func Defaults(leaseName string) Options {
	return Options{
		LeaseName:       leaseName,
		LeaseDuration:   15 * time.Second,
		ShutdownTimeout: 25 * time.Second,
		ProbeAddress:    ":8081",
		MetricsAddress:  ":8443",
		MetricsSecure:   true,
		LogLevel:        "info",
		LogFormat:       "json",
	}
}

// FlagGroup is a part of the help.
type FlagGroup struct {
	title string
	flags *pflag.FlagSet
}

// NewFlagGroup makes a group of what the functions define, in that order.
func NewFlagGroup(title string, define ...func(*pflag.FlagSet)) FlagGroup {
	flags := pflag.NewFlagSet(title, pflag.ContinueOnError)
	flags.SortFlags = false
	for _, d := range define {
		d(flags)
	}
	return FlagGroup{title, flags}
}

// ClusterFlags say where the cluster is.
func (o *Options) ClusterFlags(f *pflag.FlagSet) {
	f.StringVar(&o.Kubeconfig, "kubeconfig", o.Kubeconfig,
		"`file` that says how to reach the cluster. By default $KUBECONFIG, else the cluster that it runs in, else ~/.kube/config")
}

// RateFlags say how often the API server is asked.
func (o *Options) RateFlags(f *pflag.FlagSet) {
	f.Float32Var(&o.QPS, "kube-api-qps", o.QPS,
		"`number` of requests a second to the API server at most, for each kind. Negative means no limit of its own: the API server has one too")
	f.IntVar(&o.Burst, "kube-api-burst", o.Burst,
		"`number` of requests, for each kind, that may exceed that rate for a moment")
}

// ReplicaFlags are about several replicas, and about stopping.
func (o *Options) ReplicaFlags(f *pflag.FlagSet) {
	f.BoolVar(&o.LeaderElect, "leader-elect", o.LeaderElect,
		"let replicas elect a leader; only the leader writes. Needed as soon as there can be two, as there are for a moment in "+
			"every rolling update")
	f.StringVar(&o.LeaderElectionNamespace, "leader-election-namespace", o.LeaderElectionNamespace,
		"`namespace` of the lease. By default that of the pod, which there is not outside of a cluster")
	f.StringVar(&o.LeaseName, "leader-election-id", o.LeaseName,
		"`name` of the lease. Deployments that work in different namespaces each need one of their own")
	f.DurationVar(&o.LeaseDuration, "leader-election-lease-duration", o.LeaseDuration,
		"`time` after which another replica takes over from a leader that has vanished; at least 3s. A leader that is stopped hands over at once")
	f.DurationVar(&o.ShutdownTimeout, "graceful-shutdown-timeout", o.ShutdownTimeout,
		"`time` to finish writes that have begun after a signal to stop; keep it below the pod's terminationGracePeriodSeconds")
}

// ServerFlags are about what is served.
func (o *Options) ServerFlags(f *pflag.FlagSet) {
	f.StringVar(&o.ProbeAddress, "health-probe-bind-address", o.ProbeAddress,
		"`address` of /healthz and /readyz. 0 turns them off")
	f.StringVar(&o.MetricsAddress, "metrics-bind-address", o.MetricsAddress,
		"`address` of /metrics. 0 turns it off")
	f.BoolVar(&o.MetricsSecure, "metrics-secure", o.MetricsSecure,
		"serve metrics over HTTPS, and only to those whom the API server lets get /metrics (see the metrics-reader role)")
	f.StringVar(&o.MetricsCertDir, "metrics-cert-dir", o.MetricsCertDir,
		"`folder` of tls.crt and tls.key for the metrics. By default a certificate is made up at each start")
	f.BoolVar(&o.EnableHTTP2, "enable-http2", o.EnableHTTP2,
		"let what it serves be fetched over HTTP/2, which has had several denial-of-service vulnerabilities")
}

// LogFlags are about logs and information.
func (o *Options) LogFlags(f *pflag.FlagSet) {
	f.StringVar(&o.LogLevel, "log-level", o.LogLevel, "`level`: error, info or debug")
	f.StringVar(&o.LogFormat, "log-format", o.LogFormat, "`format`: json or console")
	f.BoolVar(&o.Version, "version", o.Version, "print the version and exit")
}

// parseFlags takes over the arguments.
func parseFlags(name string, groups []FlagGroup, args []string) error {
	all := pflag.NewFlagSet(name, pflag.ContinueOnError)
	all.Usage = func() {}
	for _, group := range groups {
		all.AddFlagSet(group.flags)
	}
	if err := all.Parse(args); err != nil {
		return err
	}
	if all.NArg() > 0 {
		return fmt.Errorf("there are only flags, and %q is none", all.Arg(0))
	}
	return nil
}

// Validate tells what is wrong with the options.
func (o *Options) Validate() error {
	return errors.Join(
		Positive("kube-api-burst", o.Burst),
		Positive("graceful-shutdown-timeout", o.ShutdownTimeout),
		o.validateLease(),
		ValidateAddress("health-probe-bind-address", o.ProbeAddress),
		ValidateAddress("metrics-bind-address", o.MetricsAddress),
		oneOf("log-level", o.LogLevel, "error", "info", "debug"),
		oneOf("log-format", o.LogFormat, "json", "console"),
	)
}

func (o *Options) validateLease() error {
	if reasons := validation.NameIsDNSSubdomain(o.LeaseName, false); len(reasons) > 0 {
		return fmt.Errorf("--leader-election-id: %q cannot be the name of a lease: %s", o.LeaseName, strings.Join(reasons, "; "))
	}
	if o.LeaseDuration < 3*time.Second {
		return fmt.Errorf("--leader-election-lease-duration must be at least 3s, not %s", o.LeaseDuration)
	}
	return nil
}

// inClusterNamespace is the file that names the own namespace in a cluster.
const inClusterNamespace = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

// Lease returns the lease that replicas compete for, if they do.
func (o *Options) Lease() client.ObjectKey {
	if !o.LeaderElect {
		return client.ObjectKey{}
	}
	namespace := o.LeaderElectionNamespace
	if namespace == "" {
		// Where it cannot be read, the program has failed before.
		own, _ := os.ReadFile(inClusterNamespace)
		namespace = string(own)
	}
	return client.ObjectKey{Namespace: namespace, Name: o.LeaseName}
}

// Positive tells that a flag must be more than zero.
func Positive[N int | time.Duration](flag string, value N) error {
	if value <= 0 {
		return fmt.Errorf("--%s must be more than zero, not %v", flag, value)
	}
	return nil
}

// Off is the address of what is not served.
const Off = "0"

// ValidateAddress tells what is wrong with the address of what is served.
func ValidateAddress(flag, address string) error {
	if address == Off {
		return nil
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return fmt.Errorf("--%s must be 0, or host and port as in :8443 or 127.0.0.1:8443, not %q", flag, address)
	}
	return nil
}

// ValidateNamespace tells what is wrong with the name of a namespace.
func ValidateNamespace(flag, name string) error {
	if reasons := validation.ValidateNamespaceName(name, false); len(reasons) > 0 {
		return fmt.Errorf("--%s: %q cannot be the name of a namespace: %s", flag, name, strings.Join(reasons, "; "))
	}
	return nil
}

func oneOf(flag, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("--%s must be one of %s, not %q", flag, strings.Join(allowed, ", "), value)
}

// printHelp prints what a program is for, and its flags.
func printHelp(out io.Writer, name, about string, groups []FlagGroup) error {
	var help strings.Builder
	fmt.Fprintf(&help, "%s\n\nUsage:\n  %s [flags]\n", about, name)
	for _, group := range groups {
		fmt.Fprintf(&help, "\n%s:\n%s", group.title, group.flags.FlagUsagesWrapped(120))
	}
	help.WriteString("\nExit codes: 0 stopped as asked, 1 failed, 2 wrong flags.\n")
	_, err := io.WriteString(out, help.String())
	return err
}
