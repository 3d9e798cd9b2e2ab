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

// Package daemon has what the processes of the operator, the manager and the observer, have in common: flags, logs, leader election,
// probes, metrics, and how they stop.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/pflag"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/journeyops/journey-operator/cmd/internal/version"
)

// Exit codes.
const (
	ExitOK     = 0
	ExitFailed = 1
	ExitUsage  = 2
)

// Program is one of the processes.
type Program struct {
	Name string
	// About says in the help what it is for.
	About string
	// Options that all have.
	Options *Options
	// Flags are all flags, in groups.
	Flags []FlagGroup
	// Validate tells what is wrong with them.
	Validate func() error
	// NewManager makes a manager with everything that the program does.
	NewManager func(logs io.Writer) (ctrl.Manager, error)
}

// Parse takes over the arguments.
func (p Program) Parse(args []string) error {
	if err := parseFlags(p.Name, p.Flags, args); err != nil {
		return err
	}
	return p.Validate()
}

// Run runs the program with the given arguments until ctx ends.
func (p Program) Run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	switch err := p.Parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		return printHelp(stdout, p.Name, p.About, p.Flags)
	case err != nil:
		return usageError{err}
	case p.Options.Version:
		_, err := fmt.Fprintln(stdout, version.String())
		return err
	}
	mgr, err := p.NewManager(stderr)
	if err != nil {
		return err
	}
	mgr.GetLogger().Info("Starting", "version", version.String())
	if err := untilStopped(ctx, mgr.Start, p.Options.ShutdownTimeout+stopMargin); err != nil {
		return fmt.Errorf("running the %s: %w", p.Name, err)
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

// ExitCode prints the error, if there is one, and returns the exit code of the process.
func (p Program) ExitCode(err error, stderr io.Writer) int {
	if err == nil {
		return ExitOK
	}
	_, _ = fmt.Fprintf(stderr, "%s: %v\n", p.Name, err)
	if usage := (usageError{}); errors.As(err, &usage) {
		_, _ = fmt.Fprintf(stderr, "See %s --help.\n", p.Name)
		return ExitUsage
	}
	return ExitFailed
}
