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

// Package version prints which version of the plugin this is.
package version

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/internal/version"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
)

// NewCmd returns the command.
func NewCmd(f *cmdutil.Factory) *cobra.Command {
	return &cobra.Command{
		Use:               "version",
		Short:             "The version of this plugin",
		ValidArgsFunction: cobra.NoFileCompletions,
		Args:              cmdutil.NoArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(f.Out, "kubectl-journey %s (%s), API %s\n", version.String(), runtime.Version(), kinds.APIVersion())
			return err
		},
	}
}
