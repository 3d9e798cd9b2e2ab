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
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

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

// completeTarget completes KIND/NAME: first the kind, then the names that the files or the cluster have of it. What cannot be read
// completes to nothing.
func (o *options) completeTarget(command *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return o.completeTargetOf(kinds.All)(command, args, word)
}

// completeTargetOf does so for some of the kinds.
func (o *options) completeTargetOf(all []*kinds.Kind) cobra.CompletionFunc {
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
			return o.namesOf(command, parse(args[0]), "", word), cobra.ShellCompDirectiveNoFileComp
		case len(args) > 0:
			return nil, cobra.ShellCompDirectiveDefault
		case !hasSlash:
			return kindPrefixes(all), cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
		}
		kind := parse(kindWord)
		if kind == nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return o.namesOf(command, kind, kindWord+"/", word), cobra.ShellCompDirectiveNoFileComp
	}
}

func kindPrefixes(all []*kinds.Kind) []cobra.Completion {
	var words []cobra.Completion
	for _, kind := range all {
		words = append(words, kind.Singular+"/")
	}
	return words
}

// completeJourney completes the name of a journey.
func (o *options) completeJourney(command *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	prefix := ""
	if strings.HasPrefix(word, journeyPrefix) {
		prefix = journeyPrefix
	}
	return o.namesOf(command, kinds.ByName(kinds.Journey), prefix, word), cobra.ShellCompDirectiveNoFileComp
}

// completeConnection completes the values of the flags that say which cluster, and what of it.
func (o *options) completeConnection(root *cobra.Command) {
	for flag, names := range map[string]func(*cobra.Command) []string{
		"namespace": o.namespaceNames,
		"context":   func(*cobra.Command) []string { return keysOf(o.kubeconfig().Contexts) },
		"cluster":   func(*cobra.Command) []string { return keysOf(o.kubeconfig().Clusters) },
		"user":      func(*cobra.Command) []string { return keysOf(o.kubeconfig().AuthInfos) },
	} {
		// This only fails for flags that do not exist.
		_ = root.RegisterFlagCompletionFunc(flag, func(command *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return offer(names(command), "", word), cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// kubeconfig is empty where none can be read.
func (o *options) kubeconfig() clientcmdapi.Config {
	config, err := o.config.ToRawKubeConfigLoader().RawConfig()
	if err != nil {
		return clientcmdapi.Config{}
	}
	return config
}

func keysOf[T any](values map[string]T) []string { return slices.Collect(maps.Keys(values)) }

// namespaceNames lists those of the files that the command line names, else those of the cluster.
func (o *options) namespaceNames(command *cobra.Command) []string {
	ctx, cancel := completionContext(command)
	defer cancel()
	if files, err := command.Flags().GetStringSlice("filename"); err == nil && len(files) > 0 {
		var names []string
		for _, object := range o.objectsInFiles(ctx, files) {
			names = append(names, object.Namespace)
		}
		return names
	}
	return o.listNames(ctx, corev1.SchemeGroupVersion.WithResource("namespaces"), false)
}

// completionContext ends when nobody waits any longer. Without a terminal there is nobody to ask for a command's context either.
func completionContext(command *cobra.Command) (context.Context, context.CancelFunc) {
	ctx := command.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	return context.WithTimeout(ctx, completionTimeout)
}

// namesOf returns the names of a kind's objects, with a prefix, that begin with a word.
func (o *options) namesOf(command *cobra.Command, kind *kinds.Kind, prefix, word string) []cobra.Completion {
	ctx, cancel := completionContext(command)
	defer cancel()
	if len(o.files) > 0 {
		return offer(o.namesInFiles(ctx, kind), prefix, word)
	}
	return offer(o.listNames(ctx, cxv1alpha1.GroupVersion.WithResource(kind.Plural), true), prefix, word)
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

// completeList completes the last of the words of a list that commas separate.
func completeList(choices []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		before := word[:strings.LastIndex(word, ",")+1]
		return offer(choices, before, word), cobra.ShellCompDirectiveNoFileComp
	}
}

// isShellSign tells of all but what names of contexts, clusters and objects are made of.
func isShellSign(r rune) bool {
	return !strings.ContainsRune("-_./:@+=,%", r) && (!isLetterOrDigit(r) || !render.Inert(r))
}

func (o *options) namesInFiles(ctx context.Context, kind *kinds.Kind) []string {
	namespace, given, err := o.namespace()
	if err != nil {
		return nil
	}
	var names []string
	for _, object := range o.objectsInFiles(ctx, o.files) {
		if object.Kind == kind && (!given || object.Namespace == namespace) {
			names = append(names, object.Name)
		}
	}
	return names
}

func (o *options) objectsInFiles(ctx context.Context, files []string) []*source.Object {
	// Standard input belongs to the command that is being written.
	if slices.Contains(files, source.Stdin) {
		return nil
	}
	namespace, _, err := o.namespace()
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
func (o *options) listNames(ctx context.Context, resource schema.GroupVersionResource, namespaced bool) []string {
	client, namespace, err := o.metadataClient(completionTimeout)
	if err != nil {
		return nil
	}
	if !namespaced {
		namespace = ""
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
