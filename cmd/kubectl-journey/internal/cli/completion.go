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

package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/render"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
)

const (
	// completionTimeout is how long somebody waits for a shell to complete a word.
	completionTimeout = 3 * time.Second
	// maxCompletions is the number of names that are offered.
	maxCompletions = 500
)

// completeTarget completes KIND/NAME: first the kind, then the names that the files or the cluster have of it. What cannot be read
// completes to nothing.
func (o *options) completeTarget(command *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	kindWord, _, hasSlash := strings.Cut(word, "/")
	switch {
	case len(args) == 1 && !strings.Contains(args[0], "/") && kinds.Parse(args[0]) != nil:
		return o.namesOf(command, kinds.Parse(args[0]), "", word), cobra.ShellCompDirectiveNoFileComp
	case len(args) > 0:
		return nil, cobra.ShellCompDirectiveDefault
	case !hasSlash:
		return kindPrefixes(), cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	}
	kind := kinds.Parse(kindWord)
	if kind == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return o.namesOf(command, kind, kindWord+"/", word), cobra.ShellCompDirectiveNoFileComp
}

func kindPrefixes() []cobra.Completion {
	var words []cobra.Completion
	for _, kind := range kinds.All {
		words = append(words, kind.Singular+"/")
	}
	return words
}

// namesOf returns the names of a kind's objects, with a prefix, that begin with a word.
func (o *options) namesOf(command *cobra.Command, kind *kinds.Kind, prefix, word string) []cobra.Completion {
	// Without a terminal there is nobody to ask for a command's context either.
	ctx := command.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	ctx, cancel := context.WithTimeout(ctx, completionTimeout)
	defer cancel()
	var names []string
	if len(o.files) > 0 {
		names = o.namesInFiles(ctx, kind)
	} else {
		names = o.namesInCluster(ctx, kind)
	}
	var words []cobra.Completion
	for _, name := range names {
		if text := prefix + name; strings.HasPrefix(text, word) && render.Line(text) == text {
			words = append(words, text)
		}
	}
	slices.Sort(words)
	words = slices.Compact(words)
	return words[:min(len(words), maxCompletions)]
}

func (o *options) namesInFiles(ctx context.Context, kind *kinds.Kind) []string {
	// Standard input belongs to the command that is being written.
	if slices.Contains(o.files, source.Stdin) {
		return nil
	}
	namespace, given, err := o.namespace()
	if err != nil {
		return nil
	}
	read, err := source.ReadTyped(ctx, o.files, nil, namespace)
	if err != nil {
		return nil
	}
	var names []string
	for _, object := range read.Objects {
		if object.Kind == kind && (!given || object.Namespace == namespace) {
			names = append(names, object.Name)
		}
	}
	return names
}

// namesInCluster asks for names alone, and for one page of them.
func (o *options) namesInCluster(ctx context.Context, kind *kinds.Kind) []string {
	client, namespace, err := o.metadataClient(completionTimeout)
	if err != nil {
		return nil
	}
	resource := client.Resource(cxv1alpha1.GroupVersion.WithResource(kind.Plural)).Namespace(namespace)
	list, err := resource.List(ctx, metav1.ListOptions{Limit: maxCompletions})
	if err != nil {
		return nil
	}
	var names []string
	for i := range list.Items {
		names = append(names, list.Items[i].Name)
	}
	return names
}
