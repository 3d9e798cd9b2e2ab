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
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

const (
	// completionTimeout is how long somebody waits for a shell to complete a word.
	completionTimeout = 3 * time.Second
	// maxCompletions is the number of names that are offered.
	maxCompletions = 500
)

// CompleteTarget completes KIND/NAME of some kinds: first the kind, then the names that the files or the cluster have of it. What cannot
// be read completes to nothing.
func (f *InputFlags) CompleteTarget(all []*kinds.Kind) cobra.CompletionFunc {
	parse := func(word string) *kinds.Kind {
		if kind := kinds.Parse(word); slices.Contains(all, kind) {
			return kind
		}
		return nil
	}
	return func(command *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		kindWord, _, hasSlash := strings.Cut(word, "/")
		switch {
		case len(args) == 1 && !strings.Contains(args[0], "/") && parse(args[0]) != nil:
			return f.CompleteName(command, parse(args[0]), "", word), cobra.ShellCompDirectiveNoFileComp
		case len(args) > 0:
			return nil, cobra.ShellCompDirectiveDefault
		case !hasSlash:
			return kindPrefixes(all), cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
		}
		kind := parse(kindWord)
		if kind == nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return f.CompleteName(command, kind, kindWord+"/", word), cobra.ShellCompDirectiveNoFileComp
	}
}

func kindPrefixes(all []*kinds.Kind) []cobra.Completion {
	var words []cobra.Completion
	for _, kind := range all {
		words = append(words, kind.Singular+"/")
	}
	return words
}

// CompleteConnection completes the values of the flags that say which cluster, and what of it.
func (f *Factory) CompleteConnection(root *cobra.Command) {
	for flag, names := range map[string]func(*cobra.Command) []string{
		"namespace": f.namespaceNames,
		"context":   func(*cobra.Command) []string { return keysOf(f.kubeconfig().Contexts) },
		"cluster":   func(*cobra.Command) []string { return keysOf(f.kubeconfig().Clusters) },
		"user":      func(*cobra.Command) []string { return keysOf(f.kubeconfig().AuthInfos) },
	} {
		// This only fails for flags that do not exist.
		_ = root.RegisterFlagCompletionFunc(flag, func(command *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return offer(names(command), "", word), cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// kubeconfig is empty where none can be read.
func (f *Factory) kubeconfig() clientcmdapi.Config {
	config, err := f.Config.ToRawKubeConfigLoader().RawConfig()
	if err != nil {
		return clientcmdapi.Config{}
	}
	return config
}

func keysOf[T any](values map[string]T) []string { return slices.Collect(maps.Keys(values)) }

// namespaceNames lists those of the files that the command line names, else those of the cluster.
func (f *Factory) namespaceNames(command *cobra.Command) []string {
	ctx, cancel := completionContext(command)
	defer cancel()
	if files, err := command.Flags().GetStringSlice("filename"); err == nil && len(files) > 0 {
		var names []string
		for _, object := range f.objectsInFiles(ctx, files) {
			names = append(names, object.Namespace)
		}
		return names
	}
	return f.listNames(ctx, corev1.SchemeGroupVersion.WithResource("namespaces"), "")
}

// completionContext ends when nobody waits any longer. Without a terminal there is nobody to ask for a command's context either.
func completionContext(command *cobra.Command) (context.Context, context.CancelFunc) {
	ctx := command.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	return context.WithTimeout(ctx, completionTimeout)
}

// CompleteName returns the names of a kind's objects, with a prefix, that begin with a word.
func (f *InputFlags) CompleteName(command *cobra.Command, kind *kinds.Kind, prefix, word string) []cobra.Completion {
	ctx, cancel := completionContext(command)
	defer cancel()
	if len(f.Files) > 0 {
		return offer(f.namesInFiles(ctx, kind), prefix, word)
	}
	namespace, err := f.namespaceToRead()
	if err != nil {
		return nil
	}
	return offer(f.listNames(ctx, cxv1alpha1.GroupVersion.WithResource(kind.Plural), namespace), prefix, word)
}

// offer returns the names, with a prefix, that begin with a word, but for those that a shell could take for more than a name: some
// shells put what is offered on the command line as it is.
func offer(names []string, prefix, word string) []cobra.Completion {
	var words []cobra.Completion
	for _, name := range names {
		if text := prefix + name; strings.HasPrefix(text, word) && strings.IndexFunc(name, isShellSign) < 0 {
			words = append(words, text)
		}
	}
	slices.Sort(words)
	words = slices.Compact(words)
	return words[:min(len(words), maxCompletions)]
}

// CompleteOneOf completes one of some words.
func CompleteOneOf(choices []string) cobra.CompletionFunc {
	return cobra.FixedCompletions(slices.Clone(choices), cobra.ShellCompDirectiveNoFileComp)
}

// CompleteList completes the last of the words of a list that commas separate.
func CompleteList(choices []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		before := word[:strings.LastIndex(word, ",")+1]
		return offer(choices, before, word), cobra.ShellCompDirectiveNoFileComp
	}
}

// isShellSign tells of all but what names of contexts, clusters and objects are made of.
func isShellSign(r rune) bool {
	return !strings.ContainsRune("-_./:@+=,%", r) && (!unicode.IsLetter(r) && !unicode.IsDigit(r) || !terminal.Inert(r))
}

func (f *InputFlags) namesInFiles(ctx context.Context, kind *kinds.Kind) []string {
	namespace, given, err := f.FileNamespace()
	if err != nil {
		return nil
	}
	var names []string
	for _, object := range f.objectsInFiles(ctx, f.Files) {
		if object.Kind == kind && (!given || object.Namespace == namespace) {
			names = append(names, object.Name)
		}
	}
	return names
}

func (f *Factory) objectsInFiles(ctx context.Context, files []string) []*source.Object {
	// Standard input belongs to the command that is being written.
	if slices.Contains(files, source.Stdin) {
		return nil
	}
	namespace, _, err := f.FileNamespace()
	if err != nil {
		return nil
	}
	read, err := source.ReadTyped(ctx, files, nil, namespace)
	if err != nil {
		return nil
	}
	return read.Objects
}

// listNames asks the cluster for names alone, and for one page of them.
func (f *Factory) listNames(ctx context.Context, resource schema.GroupVersionResource, namespace string) []string {
	client, err := f.metadataClient(completionTimeout)
	if err != nil {
		return nil
	}
	list, err := client.Resource(resource).Namespace(namespace).List(ctx, metav1.ListOptions{Limit: maxCompletions})
	if err != nil {
		return nil
	}
	var names []string
	for i := range list.Items {
		names = append(names, list.Items[i].Name)
	}
	return names
}
