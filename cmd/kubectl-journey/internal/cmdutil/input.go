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
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
)

// FilesHelp explains -f.
const FilesHelp = `A folder is read with those below it; in it, kustomizations, hidden files, and what is not .yaml,
.yml or .json are passed over. Objects without a namespace get the one of -n, else that of a
--context or --kubeconfig, else "default"; every namespace is a portfolio of its own, and -n picks
one. Everything that is wrong is told at once, with file and line.`

// InputFlags say what a command works on: where the objects come from, the day of evaluation and the output format.
type InputFlags struct {
	*Factory

	Files         []string
	AllNamespaces bool
	AsOf          string
	Output        string
	Watch         bool
	// NeedsContent tells that the command asks for the JSON of every object. The others work on Go types, which are read faster.
	NeedsContent bool

	formats []string
	// paths are arguments that follow those of -f, so that a shell can expand a pattern.
	paths []string
}

// NewInputFlags returns flags with their values for a command.
func NewInputFlags(f *Factory) *InputFlags { return &InputFlags{Factory: f} }

// AddTo adds the flags to a command; the first format is the default.
func (f *InputFlags) AddTo(command *cobra.Command, formats ...string) {
	f.formats = formats
	flags := command.Flags()
	flags.StringSliceVarP(&f.Files, "filename", "f", nil,
		"files and folders (with those below) to read instead of a cluster, or - for standard input")
	flags.BoolVarP(&f.AllNamespaces, "all-namespaces", "A", false, "all namespaces of the cluster")
	flags.StringVar(&f.AsOf, "as-of", "", "day of evaluation as YYYY-MM-DD (default today, in UTC)")
	flags.StringVarP(&f.Output, "output", "o", formats[0], "output format: "+strings.Join(formats, ", "))
	// These only fail for flags that do not exist.
	_ = command.RegisterFlagCompletionFunc("output", CompleteOneOf(formats))
	_ = command.RegisterFlagCompletionFunc("as-of", cobra.NoFileCompletions)
	_ = command.MarkFlagFilename("filename", "yaml", "yml", "json")
}

// Complete checks the flags, and takes what is left of the arguments for paths.
func (f *InputFlags) Complete(command *cobra.Command, paths []string) error {
	f.paths = paths
	switch {
	case f.Watch && len(f.Sources()) > 0:
		return UsageErrorf(command, "--watch is for a cluster: files are read once")
	case !slices.Contains(f.formats, f.Output):
		return UsageErrorf(command, "output format %q is not known: choose %s", f.Output, strings.Join(f.formats, ", "))
	case len(paths) > 0 && len(f.Files) == 0:
		return UsageErrorf(command, "unexpected argument %q: name files with -f", paths[0])
	}
	if f.AsOf != "" && !cxv1alpha1.Date(f.AsOf).IsValid() {
		return UsageErrorf(command, "--as-of %q is not a day: write YYYY-MM-DD, for instance %s", f.AsOf, cxv1alpha1.DateOf(f.Clock()))
	}
	return nil
}

// Sources are the files and folders to read; empty for a cluster.
func (f *InputFlags) Sources() []string { return slices.Concat(f.Files, f.paths) }

// Day is the day of evaluation.
func (f *InputFlags) Day() cxv1alpha1.Date {
	if f.AsOf != "" {
		return cxv1alpha1.Date(f.AsOf)
	}
	return cxv1alpha1.DateOf(f.Clock())
}

// Input is what a command works on.
type Input struct {
	Portfolios []*evaluate.Portfolio
	AsOf       cxv1alpha1.Date
	Now        time.Time
	// FromCluster tells that the objects come from a cluster, which knows their age and status.
	FromCluster bool
}

// Read reads the objects and evaluates them.
func (f *InputFlags) Read(ctx context.Context) (*Input, error) {
	in := &Input{Now: f.Clock().UTC(), AsOf: f.Day()}
	sources := f.Sources()
	// It ends before anything is printed, which would mix with it.
	defer f.Progress(waitingFor(sources))()
	if len(sources) > 0 {
		objects, err := f.readFiles(ctx, sources)
		if err != nil {
			return nil, err
		}
		in.Portfolios = evaluate.All(objects, in.AsOf)
		return in, nil
	}
	objects, err := f.readCluster(ctx)
	if err != nil {
		return nil, err
	}
	in.FromCluster = true
	in.Portfolios = evaluate.All(objects, in.AsOf)
	f.noteOutdated(in)
	return in, nil
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

func (f *InputFlags) readFiles(ctx context.Context, files []string) ([]*source.Object, error) {
	namespace, given, err := f.FileNamespace()
	if err != nil {
		return nil, err
	}
	f.NoteStdin(files)
	reader := source.ReadTyped
	if f.NeedsContent {
		reader = source.ReadFiles
	}
	read, err := reader(ctx, files, f.In, namespace)
	if err != nil {
		return nil, err
	}
	for _, text := range read.Notes {
		f.Note("%s", text)
	}
	if !given || f.AllNamespaces {
		return read.Objects, nil
	}
	return InNamespace(read.Objects, namespace)
}

// NoteStdin tells somebody at a keyboard that standard input is read.
func (f *Factory) NoteStdin(files []string) {
	if slices.Contains(files, source.Stdin) && f.IsInTerminal() {
		f.Note("reading from standard input; end it with Ctrl-D")
	}
}

// InNamespace keeps the objects of one namespace, of which there must be some.
func InNamespace(objects []*source.Object, namespace string) ([]*source.Object, error) {
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
		return nil, fmt.Errorf("the files hold nothing of namespace %s, only of %s", namespace, ListNames(others))
	}
	return kept, nil
}

// namespaceToRead is the one of the cluster, or "" for all.
func (f *InputFlags) namespaceToRead() (string, error) {
	if f.AllNamespaces {
		return "", nil
	}
	namespace, _, err := f.Namespace()
	return namespace, err
}

func (f *InputFlags) readCluster(ctx context.Context) ([]*source.Object, error) {
	config, err := f.Config.ToRESTConfig()
	if err != nil {
		return nil, fmt.Errorf("reading the kubeconfig (give files with -f to do without a cluster): %w", err)
	}
	namespace, err := f.namespaceToRead()
	if err != nil {
		return nil, err
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
func (f *InputFlags) noteOutdated(in *Input) {
	if f.AsOf != "" {
		return
	}
	outdated, total := 0, 0
	for _, p := range in.Portfolios {
		outdated += p.Outdated()
		total += len(p.Objects)
	}
	if outdated > 0 {
		f.Note("the cluster shows an older status of %d of %d objects: the operator is still at work, is not running, or is of another version",
			outdated, total)
	}
}
