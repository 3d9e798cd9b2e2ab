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

// The manager is the operator: it keeps the statuses of all customer journeys in a cluster up to date.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/pflag"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/journeyops/journey-operator/cmd/internal/version"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	// SIGTERM and SIGINT end the context; a second one ends the process.
	ctx := ctrl.SetupSignalHandler()
	os.Exit(exitCode(run(ctx, os.Args[1:], os.Stdout, os.Stderr), os.Stderr))
}

// run runs the operator with the given arguments until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o := defaultOptions()
	switch err := o.parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		return o.printHelp(stdout)
	case err != nil:
		return usageError{err}
	case o.version:
		_, err := fmt.Fprintln(stdout, version.String())
		return err
	}
	mgr, err := newManager(o, stderr)
	if err != nil {
		return err
	}
	mgr.GetLogger().Info("Starting", "version", version.String())
	if err := untilStopped(ctx, mgr.Start, o.shutdownTimeout+stopMargin); err != nil {
		return fmt.Errorf("running the manager: %w", err)
	}
	return nil
}

// stopMargin is added to the shutdown timeout, which is for what the manager runs, to give the manager itself time to stop.
const stopMargin = 2 * time.Second

// untilStopped runs start until it returns, but no longer than the limit after ctx ends. A manager of controller-runtime does
// not return when it is told to stop before its caches have synced, as happens while the API server is away.
func untilStopped(ctx context.Context, start func(context.Context) error, limit time.Duration) error {
	ended := make(chan error, 1)
	go func() { ended <- start(ctx) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-ended:
		return err
	case <-time.After(limit):
		return fmt.Errorf("it did not stop within %s", limit)
	}
}

// usageError is a mistake in the arguments.
type usageError struct{ error }

// exitCode prints the error, if there is one, and returns the exit code of the process.
func exitCode(err error, stderr io.Writer) int {
	if err == nil {
		return exitOK
	}
	_, _ = fmt.Fprintf(stderr, "manager: %v\n", err)
	if usage := (usageError{}); errors.As(err, &usage) {
		_, _ = fmt.Fprintln(stderr, "See manager --help.")
		return exitUsage
	}
	return exitFailed
}
