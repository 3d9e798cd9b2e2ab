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
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/client-go/rest"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/render"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
)

// The output formats.
const (
	outputTable = "table"
	outputWide  = "wide"
	outputTree  = "tree"
	outputJSON  = "json"
	outputYAML  = "yaml"
)

// options are what the commands have in common: where the objects come from, the day of evaluation and the output format.
type options struct {
	genericiooptions.IOStreams
	config *genericclioptions.ConfigFlags
	clock  func() time.Time

	files         []string
	allNamespaces bool
	asOf          string
	output        string
	formats       []string
	// typed tells that the command works on Go types, and asks for the content of an object with JSON when it needs it.
	typed bool
	// notes are those of this round of a watch, and notesBefore those of the round before, which need not be told again.
	notes, notesBefore []string
}

func newOptions(streams genericiooptions.IOStreams, config *genericclioptions.ConfigFlags, clock func() time.Time) *options {
	return &options{IOStreams: streams, config: config, clock: clock}
}

// addFlags adds the flags of the options to a command; the first format is the default.
func (o *options) addFlags(command *cobra.Command, formats ...string) {
	o.formats = formats
	flags := command.Flags()
	flags.StringSliceVarP(&o.files, "filename", "f", nil,
		"files and folders (with those below) to read instead of a cluster, or - for standard input")
	flags.BoolVarP(&o.allNamespaces, "all-namespaces", "A", false, "all namespaces of the cluster")
	flags.StringVar(&o.asOf, "as-of", "", "day of evaluation as YYYY-MM-DD (default today, in UTC)")
	flags.StringVarP(&o.output, "output", "o", formats[0], "output format: "+strings.Join(formats, ", "))
	// These only fail for flags that do not exist.
	_ = command.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(asCompletions(formats), cobra.ShellCompDirectiveNoFileComp))
	_ = command.RegisterFlagCompletionFunc("as-of", cobra.NoFileCompletions)
	_ = command.MarkFlagFilename("filename", "yaml", "yml", "json")
}

func asCompletions(words []string) []cobra.Completion {
	return slices.Clone(words)
}

// input is what a command works on.
type input struct {
	portfolios []*evaluate.Portfolio
	asOf       cxv1alpha1.Date
	now        time.Time
	// fromCluster tells that the objects come from a cluster, which knows their age and status.
	fromCluster bool
}

// read reads the objects and evaluates them. Further paths may follow those of -f, so that a shell can expand a pattern.
func (o *options) read(command *cobra.Command, paths []string) (*input, error) {
	if !slices.Contains(o.formats, o.output) {
		return nil, usagef(command, "output format %q is not known: choose %s", o.output, strings.Join(o.formats, ", "))
	}
	if len(paths) > 0 && len(o.files) == 0 {
		return nil, usagef(command, "unexpected argument %q: name files with -f", paths[0])
	}
	in := &input{now: o.clock().UTC()}
	in.asOf = cxv1alpha1.DateOf(in.now)
	if o.asOf != "" {
		day, err := cxv1alpha1.ParseDate(o.asOf)
		if err != nil {
			return nil, usagef(command, "--as-of %q is not a day: write YYYY-MM-DD, for instance %s", o.asOf, in.asOf)
		}
		in.asOf = day
	}
	files := slices.Concat(o.files, paths)
	// Before anything is printed, which would mix with it.
	defer o.progress(waitingFor(files))()
	if len(files) > 0 {
		objects, err := o.readFiles(command.Context(), files)
		if err != nil {
			return nil, err
		}
		in.portfolios = evaluate.All(objects, in.asOf)
		return in, nil
	}
	objects, err := o.readCluster(command.Context())
	if err != nil {
		return nil, err
	}
	in.fromCluster = true
	in.portfolios = evaluate.All(objects, in.asOf)
	return in, o.noteOutdated(in)
}

func waitingFor(files []string) string {
	switch {
	case len(files) == 0:
		return "reading the cluster"
	case slices.Contains(files, source.Stdin):
		// It would be in the way of who types the input.
		return ""
	default:
		return "reading files"
	}
}

func (o *options) readFiles(ctx context.Context, files []string) ([]*source.Object, error) {
	namespace, given, err := o.namespace()
	if err != nil {
		return nil, err
	}
	if slices.Contains(files, source.Stdin) && isTerminal(o.In) {
		o.note("reading from standard input; end it with Ctrl-D")
	}
	read, err := o.reader()(ctx, files, o.In, namespace)
	if err != nil {
		return nil, err
	}
	for _, text := range read.Notes {
		o.note("%s", text)
	}
	if !given || o.allNamespaces {
		return read.Objects, nil
	}
	return inNamespace(read.Objects, namespace)
}

// reader reads files with what the command needs of them.
func (o *options) reader() func(context.Context, []string, io.Reader, string) (*source.Files, error) {
	if o.typed {
		return source.ReadTyped
	}
	return source.ReadFiles
}

// namespace returns the namespace for objects that have none, and whether the command line names it.
func (o *options) namespace() (namespace string, given bool, err error) {
	if o.config.Namespace != nil && *o.config.Namespace != "" {
		return *o.config.Namespace, true, nil
	}
	namespace, _, err = o.config.ToRawKubeConfigLoader().Namespace()
	if err == nil {
		return namespace, false, nil
	}
	if isSet(o.config.KubeConfig) || isSet(o.config.Context) {
		return "", false, fmt.Errorf("reading the kubeconfig: %w", err)
	}
	// Files can be read without any kubeconfig, so also with a broken one that nobody asked for.
	return "default", false, nil
}

func isSet(flag *string) bool { return flag != nil && *flag != "" }

// inNamespace keeps the objects of one namespace.
func inNamespace(objects []*source.Object, namespace string) ([]*source.Object, error) {
	var kept []*source.Object
	others := map[string]bool{}
	for _, object := range objects {
		if object.Namespace == namespace {
			kept = append(kept, object)
		} else {
			others[object.Namespace] = true
		}
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("the files hold nothing of namespace %s, only of %s", namespace, listNames(others))
	}
	return kept, nil
}

func (o *options) readCluster(ctx context.Context) ([]*source.Object, error) {
	config, err := o.config.ToRESTConfig()
	if err != nil {
		return nil, fmt.Errorf("reading the kubeconfig (give files with -f to do without a cluster): %w", err)
	}
	namespace := ""
	if !o.allNamespaces {
		if namespace, _, err = o.namespace(); err != nil {
			return nil, err
		}
	}
	// Warnings of the API server are for those who write.
	config.WarningHandler = rest.NoWarnings{}
	objects, err := source.ReadCluster(ctx, config, namespace)
	if err != nil {
		return nil, err
	}
	if len(objects) == 0 && namespace != "" {
		return nil, fmt.Errorf("there are no journeys, nor anything of them, in namespace %s: choose one with -n, or all with -A", namespace)
	}
	if len(objects) == 0 {
		return nil, errors.New("there are no journeys, nor anything of them, in this cluster")
	}
	return objects, nil
}

// noteOutdated tells when the operator of the cluster has not caught up. What is printed is right all the same.
func (o *options) noteOutdated(in *input) error {
	if o.asOf != "" {
		return nil
	}
	outdated, total := 0, 0
	for _, p := range in.portfolios {
		n, err := p.Outdated()
		if err != nil {
			return err
		}
		outdated += n
		total += len(p.Objects)
	}
	if outdated > 0 {
		o.note("the cluster shows an older status of %d of %d objects: the operator is still at work, is not running, or is of another version",
			outdated, total)
	}
	return nil
}

func (o *options) note(format string, args ...any) {
	text := render.Line(fmt.Sprintf(format, args...))
	o.notes = append(o.notes, text)
	if !slices.Contains(o.notesBefore, text) {
		_, _ = fmt.Fprintln(o.ErrOut, "note: "+text)
	}
}
