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

// Package cli is the command line of kubectl-journey.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/render"
)

// The exit codes. Pipelines depend on them.
const (
	exitOK = 0
	// exitFailure is for bad input, an object that is not there, a cluster that does not answer.
	exitFailure = 1
	// exitUsage is for a command line that was not understood.
	exitUsage = 2
)

const exitHelp = `Exit codes:
  0  done
  1  bad input, an object that does not exist, or a cluster that cannot be read
  2  a command line that was not understood
Results go to standard output, everything else to standard error.`

// Run runs a command line, without the program's name, and returns its exit code.
func Run(ctx context.Context, args []string, streams genericiooptions.IOStreams) int {
	return run(ctx, args, streams, time.Now)
}

func run(ctx context.Context, args []string, streams genericiooptions.IOStreams, clock func() time.Time) int {
	command := newRoot(streams, clock)
	// Without any, cobra would look for them itself.
	command.SetArgs(append([]string{}, args...))
	err := command.ExecuteContext(ctx)
	var usage *usageError
	var worse *worseError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, syscall.EPIPE):
		// Whoever reads has seen enough, as head does.
		return exitOK
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		printError(streams.ErrOut, errors.New("interrupted"))
		return exitFailure
	case errors.As(err, &usage):
		printError(streams.ErrOut, err)
		_, _ = fmt.Fprintf(streams.ErrOut, "See '%s --help'.\n", usage.command)
		return exitUsage
	case errors.As(err, &worse):
		printError(streams.ErrOut, err)
		return exitWorse
	default:
		printError(streams.ErrOut, err)
		return exitFailure
	}
}

// printError prints what went wrong. Errors of others may repeat what stood in the input.
func printError(w io.Writer, err error) {
	lines := strings.Split(err.Error(), "\n")
	for i := range lines {
		lines[i] = render.Line(lines[i])
	}
	_, _ = fmt.Fprintln(w, "error: "+strings.Join(lines, "\n"))
}

// usageError is a command line that was not understood.
type usageError struct {
	command string
	message string
}

func (e *usageError) Error() string { return e.message }

func usagef(command *cobra.Command, format string, args ...any) error {
	return &usageError{command: command.CommandPath(), message: fmt.Sprintf(format, args...)}
}

const rootLong = `Customer journeys as Kubernetes resources: how they stand, what blocks the moments that matter, and
what is still missing.

Without -f the objects come from the cluster of the current context. With -f they come from files,
and nothing is asked of any cluster: they are defaulted and validated as the API server would do it,
and evaluated with the operator's own model, so the answer is the one that the cluster would give.

` + exitHelp

func newRoot(streams genericiooptions.IOStreams, clock func() time.Time) *cobra.Command {
	flags := genericclioptions.NewConfigFlags(true)
	command := &cobra.Command{
		Use:   "kubectl-journey",
		Short: "See how customer journeys stand, and why",
		Long:  rootLong,
		// As kubectl runs it.
		Annotations:       map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl journey"},
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              onlyCommands,
		RunE:              func(command *cobra.Command, _ []string) error { return command.Help() },
		ValidArgsFunction: cobra.NoFileCompletions,
		// How far a mistyped command may be from the one that was meant.
		SuggestionsMinimumDistance: 2,
	}
	command.SetIn(streams.In)
	command.SetOut(streams.Out)
	command.SetErr(streams.ErrOut)
	command.SetFlagErrorFunc(func(command *cobra.Command, err error) error { return usagef(command, "%s", err) })
	// Nothing is cached, and the flag would print a home folder in the help.
	flags.CacheDir = nil
	flags.AddFlags(command.PersistentFlags())
	newOptions(streams, flags, clock).completeConnection(command)
	command.AddCommand(
		newStatus(newOptions(streams, flags, clock)),
		newWhy(newOptions(streams, flags, clock)),
		newGaps(newOptions(streams, flags, clock)),
		newRoadmap(newOptions(streams, flags, clock)),
		newExport(newOptions(streams, flags, clock)),
		newImport(newOptions(streams, flags, clock)),
		newPlan(newOptions(streams, flags, clock)),
		newMap(newOptions(streams, flags, clock)),
		newMatrix(newOptions(streams, flags, clock)),
		newGraph(newOptions(streams, flags, clock)),
		newVersion(streams),
		newFlagsOfAll(streams),
	)
	settleHelp(command)
	return command
}

// isTerminal tells whether somebody may be waiting at the keyboard for a command that waits for input.
func isTerminal(in io.Reader) bool {
	file, ok := in.(*os.File)
	if !ok {
		return false
	}
	return term.IsTerminal(int(file.Fd()))
}
