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

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

const usage = `Usage: make demo ARGS="[flags]"

Starts a local control plane with the operator and a sample portfolio, prints what they say, and stays up until Ctrl-C. Nothing is left
behind but the binaries of the control plane, in your cache folder.

`

func main() {
	log.SetLogger(logr.Discard()) // envtest logs what it returns as an error too
	// A terminal that is closed sends SIGHUP.
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// A second Ctrl-C ends the program at once.
	context.AfterFunc(ctx, restore)
	os.Exit(exitCode(run(ctx, os.Args[1:], os.Stdout, os.Stderr), os.Stderr))
}

func exitCode(err error, stderr io.Writer) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	case errors.Is(err, context.Canceled):
		_, _ = fmt.Fprintln(stderr, "Interrupted; everything is cleaned up.")
		return 130
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
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return errUsage // flag has printed it
	case flags.NArg() > 0:
		_, _ = fmt.Fprintf(stderr, "unexpected argument %q\n", flags.Arg(0))
		flags.Usage()
		return errUsage
	}

	d, err := newDemo(*sample, *namespace, stderr)
	if err != nil {
		return err
	}
	d.withPrometheus = *withPrometheus
	err = d.run(ctx, *once, stdout)
	return errors.Join(err, d.cleanUp())
}
