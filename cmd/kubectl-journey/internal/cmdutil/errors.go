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

package cmdutil

import (
	"fmt"

	"github.com/spf13/cobra"
)

// The exit codes. Pipelines depend on them.
const (
	ExitOK = 0
	// ExitFailure is for bad input, an object that is not there, a cluster that does not answer.
	ExitFailure = 1
	// ExitUsage is for a command line that was not understood.
	ExitUsage = 2
)

// ExitHelp ends the help of a command.
const ExitHelp = `Exit codes:
  0  done
  1  bad input, an object that does not exist, or a cluster that cannot be read
  2  a command line that was not understood
Results go to standard output, everything else to standard error.`

// ExitCoder is an error that has an exit code of its own.
type ExitCoder interface {
	error
	ExitCode() int
}

// UsageError is a command line that was not understood.
type UsageError struct {
	// Command has the help that tells how it is meant.
	Command string

	message string
}

func (e *UsageError) Error() string { return e.message }

// UsageErrorf says what is wrong with the command line of a command.
func UsageErrorf(command *cobra.Command, format string, args ...any) error {
	return &UsageError{Command: command.CommandPath(), message: fmt.Sprintf(format, args...)}
}

// NoArguments refuses all arguments.
func NoArguments(command *cobra.Command, args []string) error {
	if len(args) > 0 {
		return UsageErrorf(command, "unexpected argument %q", args[0])
	}
	return nil
}
