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

package root

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

// helpWidth is the number of columns that help has.
const helpWidth = 100

// usage prints how a command is used, like that of cobra. The flags of all commands are left out.
func usage(command *cobra.Command) error {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if command.Runnable() {
		b.WriteString("  " + command.UseLine() + "\n")
	}
	if command.HasAvailableSubCommands() {
		b.WriteString("  " + command.CommandPath() + " [command]\n")
	}
	if command.HasExample() {
		b.WriteString("\nExamples:\n" + command.Example + "\n")
	}
	if command.HasAvailableSubCommands() {
		b.WriteString("\nCommands:\n")
	}
	for _, sub := range command.Commands() {
		if sub.IsAvailableCommand() {
			fmt.Fprintf(&b, "  %-*s %s\n", sub.NamePadding(), sub.Name(), sub.Short)
		}
	}
	b.WriteString("\nFlags:\n" + usages(command.LocalNonPersistentFlags()) + "\n")
	if command.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "Use \"%s [command] --help\" for more about a command.\n", command.CommandPath())
	}
	fmt.Fprintf(&b, "Use \"%s options\" for the flags of all commands, such as --namespace and --context.\n", command.Root().DisplayName())
	_, err := io.WriteString(command.OutOrStderr(), b.String())
	return err
}

func usages(flags *pflag.FlagSet) string { return flags.FlagUsagesWrapped(helpWidth) }

// newOptions prints the flags of all commands. kubectl has a command of that name too.
func newOptions(f *cmdutil.Factory) *cobra.Command {
	return &cobra.Command{
		Use:               "options",
		Short:             "The flags of all commands: which cluster, which namespace, as whom",
		ValidArgsFunction: cobra.NoFileCompletions,
		Args:              cmdutil.NoArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := io.WriteString(f.Out, "All commands have these flags:\n\n"+usages(command.Root().PersistentFlags()))
			return err
		},
	}
}

// onlyCommands refuses an argument that is not the name of a command below this one.
func onlyCommands(command *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	message := fmt.Sprintf("unknown command %q", args[0])
	if suggestions := command.SuggestionsFor(args[0]); len(suggestions) > 0 {
		message += fmt.Sprintf(", did you mean %s?", strings.Join(suggestions, " or "))
	}
	return cmdutil.UsageErrorf(command, "%s", message)
}

// settleHelp replaces the help of cobra, and lets its commands refuse what they do not know.
func settleHelp(root *cobra.Command) {
	root.SetUsageFunc(usage)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, command := range root.Commands() {
		switch command.Name() {
		case "help":
			command.Run, command.RunE = nil, help
		case "completion":
			command.Args = onlyCommands
			command.RunE = func(command *cobra.Command, _ []string) error { return command.Help() }
		}
	}
}

func help(command *cobra.Command, args []string) error {
	about, rest, err := command.Root().Find(args)
	if err != nil {
		return err
	}
	if err := onlyCommands(about, rest); err != nil {
		return err
	}
	about.InitDefaultHelpFlag()
	return about.Help()
}
