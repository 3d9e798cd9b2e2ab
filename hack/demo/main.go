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

// Command demo shows the operator at work on this machine. It starts a control plane, installs the operator as in a cluster, runs the
// manager with the rights of its ServiceAccount, applies a sample portfolio, and prints what people want to see in a roadmap session.
// With --context it does so in a cluster that is there, and leaves that as it was.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

const usage = `Usage: make demo ARGS="[flags]"

Starts a local control plane with the operator and a sample portfolio, prints what they say, and stays up until Ctrl-C. Nothing is left
behind but the binaries of the control plane, in your cache folder.

With --context it uses that cluster of your kubeconfig instead: it makes the kinds that are missing and a namespace, runs the operator on
this machine for that namespace alone, and in the end removes what it made. It stops before it makes anything where the operator is
installed, the namespace exists, or the kinds are of another version.

`

func main() {
	log.SetLogger(logr.Discard()) // envtest logs what it returns as an error too
	// A terminal that is closed sends SIGHUP, and its shell another one. Whoever reads the output may end first: that is SIGPIPE.
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	// A second Ctrl-C ends the program at once. Other signals do not: cleaning up goes on.
	context.AfterFunc(ctx, func() { signal.Reset(os.Interrupt) })
	code := exitCode(run(ctx, os.Args[1:], os.Stdout, os.Stderr), os.Stderr)
	if code == interrupted {
		// To make, a program that exits has failed, and one that dies of a signal was interrupted.
		signal.Reset(os.Interrupt)
		_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
		time.Sleep(time.Second)
	}
	os.Exit(code)
}

// interrupted is the exit code of what Ctrl-C ended before it was done.
const interrupted = 130

func exitCode(err error, stderr io.Writer) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	case errors.Is(err, context.Canceled):
		_, _ = fmt.Fprintln(stderr, "Interrupted; everything is cleaned up.")
		return interrupted
	default:
		_, _ = fmt.Fprintln(stderr, "Error:", err)
		return 1
	}
}

var errUsage = errors.New("wrong usage")

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = io.WriteString(stderr, usage)
		flags.PrintDefaults()
	}
	once := flags.Bool("once", false, "end by itself when everything has been shown")
	sample := flags.String("sample", "config/samples/motor-claim", "`folder` of the portfolio to apply, a kustomization")
	namespace := flags.String("namespace", "motor-claim", "`name` of the namespace to apply it to")
	withPrometheus := flags.Bool("prometheus", false, "start a Prometheus that watches the operator, too; the first time it is built, for some minutes")
	kubeContext := flags.String("context", "", "`name` of a context of your kubeconfig: use that cluster, and start none")
	keep := flags.Bool("keep", false, "leave in that cluster what the demo made there")
	withEvidence := flags.Bool("evidence", false,
		"start a Prometheus with a year of values, systems that prove stages, and the observer, which looks at both; implies --prometheus")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return errUsage // flag has printed it
	case flags.NArg() > 0:
		_, _ = fmt.Fprintf(stderr, "unexpected argument %q\n", flags.Arg(0))
		flags.Usage()
		return errUsage
	case *kubeContext != "" && (*withPrometheus || *withEvidence):
		_, _ = fmt.Fprintln(stderr, "--prometheus and --evidence do not go with --context: they look at a local control plane only")
		return errUsage
	case *kubeContext == "" && *keep:
		_, _ = fmt.Fprintln(stderr, "--keep needs --context: nothing is left of a local control plane")
		return errUsage
	}

	d, err := newDemo(*sample, *namespace, stderr)
	if err != nil {
		return err
	}
	d.withPrometheus = *withPrometheus || *withEvidence
	if *withEvidence {
		d.evidence = &evidence{}
	}
	if *kubeContext != "" {
		d.existing = &existing{context: *kubeContext, keep: *keep}
	}
	return d.runAndCleanUp(ctx, *once, stdout)
}
