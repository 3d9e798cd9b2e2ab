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

// Package cmd is the command line of kubectl-journey. Each command has a package of its own below.
package cmd

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/export"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/gaps"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/graph"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/importcmd"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/mapcmd"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/matrix"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/plan"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/record"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/roadmap"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/root"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/status"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/version"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/why"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

// Commands makes all commands.
func Commands(f *cmdutil.Factory) []*cobra.Command {
	return []*cobra.Command{
		status.NewCmd(f, nil),
		why.NewCmd(f, nil),
		gaps.NewCmd(f, nil),
		roadmap.NewCmd(f, nil),
		export.NewCmd(f, nil),
		importcmd.NewCmd(f, nil),
		plan.NewCmd(f, nil),
		record.NewCmd(f, nil),
		mapcmd.NewCmd(f, nil),
		matrix.NewCmd(f, nil),
		graph.NewCmd(f, nil),
		version.NewCmd(f),
	}
}

// Run runs a command line, without the program's name, and returns its exit code.
func Run(ctx context.Context, args []string, streams genericiooptions.IOStreams) int {
	return root.Run(ctx, Commands, args, streams, time.Now)
}

// completer is the name under which kubectl looks for a program that completes the arguments of this plugin: a link to it.
const completer = "kubectl_complete-journey"

// Arguments returns the arguments of a command line that begins with the name of the program.
func Arguments(commandLine []string) []string {
	name := strings.TrimSuffix(filepath.Base(commandLine[0]), ".exe")
	if name == completer {
		return append([]string{cobra.ShellCompRequestCmd}, commandLine[1:]...)
	}
	return commandLine[1:]
}
