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

// Package root is the command above all others: it has the flags that all have, the help, and the exit codes.
package root

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// Commands makes the commands below the root.
type Commands func(f *cmdutil.Factory) []*cobra.Command

// Run runs a command line, without the program's name, and returns its exit code.
func Run(ctx context.Context, commands Commands, args []string, streams genericiooptions.IOStreams, clock func() time.Time) int {
	f := cmdutil.NewFactory(streams, clock)
	command := NewCmd(f, commands(f))
	// Without any, cobra would look for them itself.
	command.SetArgs(append([]string{}, args...))
	err := command.ExecuteContext(ctx)
	var usage *cmdutil.UsageError
	var other cmdutil.ExitCoder
	switch {
	case err == nil:
		return cmdutil.ExitOK
	case errors.Is(err, syscall.EPIPE):
		// Whoever reads has seen enough, as head does.
		return cmdutil.ExitOK
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		printError(streams.ErrOut, errors.New("interrupted"))
		return cmdutil.ExitFailure
	case errors.As(err, &usage):
		printError(streams.ErrOut, err)
		_, _ = fmt.Fprintf(streams.ErrOut, "See '%s --help'.\n", usage.Command)
		return cmdutil.ExitUsage
	case errors.As(err, &other):
		printError(streams.ErrOut, err)
		return other.ExitCode()
	default:
		printError(streams.ErrOut, err)
		return cmdutil.ExitFailure
	}
}

// printError prints what went wrong. Errors of others may repeat what stood in the input.
func printError(w io.Writer, err error) {
	lines := strings.Split(err.Error(), "\n")
	for i := range lines {
		lines[i] = terminal.Line(lines[i])
	}
	_, _ = fmt.Fprintln(w, "error: "+strings.Join(lines, "\n"))
}

const rootLong = `Customer journeys as Kubernetes resources: how they stand, what blocks the moments that matter, and
what is still missing.

Without -f the objects come from the cluster of the current context. With -f they come from files,
and nothing is asked of any cluster: they are defaulted and validated as the API server would do it,
and evaluated with the operator's own model, so the answer is the one that the cluster would give.

` + cmdutil.ExitHelp

// NewCmd returns the root with the commands below it.
func NewCmd(f *cmdutil.Factory, commands []*cobra.Command) *cobra.Command {
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
	command.SetIn(f.In)
	command.SetOut(f.Out)
	command.SetErr(f.ErrOut)
	command.SetFlagErrorFunc(func(command *cobra.Command, err error) error { return cmdutil.UsageErrorf(command, "%s", err) })
	f.Config.AddFlags(command.PersistentFlags())
	f.CompleteConnection(command)
	command.AddCommand(commands...)
	command.AddCommand(newOptions(f))
	settleHelp(command)
	return command
}
