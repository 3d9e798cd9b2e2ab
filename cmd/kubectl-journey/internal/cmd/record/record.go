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

// Package record writes down a measured value: the command record.
package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/retry"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/inplace"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/samples"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
)

const long = `Write down a measured value of a metric, for a cron job or a pipeline.

The value goes into spec.samples of the metric: without -f in the cluster, with -f in the YAML where
the metric stands, with all comments and the layout kept. Nothing else is changed.

The value is a number with at most six decimals and a decimal point. Write a negative one behind --,
as in "record nps -- -12". A value that is there already changes nothing, so a job may run twice. On
a date with another value --replace is needed. A metric holds 400 samples: the oldest make room.

A metric that a GitOps tool applies belongs in Git: record there with -f, or the tool may take the
value out of the cluster again.

` + cmdutil.ExitHelp

const example = `  # The calls of today, in the cluster
  kubectl journey record status-calls 268 -n webshop

  # Those of last Sunday, in a file for a pull request
  kubectl journey record status-calls 268 --on 2026-11-22 -f journeys/

  # A correction
  kubectl journey record status-calls 271 --on 2026-11-22 -f journeys/ --replace`

// fieldManager is who the cluster has for the writer of samples.
const fieldManager = "kubectl-journey"

// Options of the command.
type Options struct {
	*cmdutil.InputFlags

	Metric  string
	Value   cxv1alpha1.Decimal
	On      cxv1alpha1.Date
	Replace bool
	DryRun  bool
}

// NewCmd returns the command. Tests pass a runF, which is called instead of run.
func NewCmd(f *cmdutil.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	o := &Options{InputFlags: cmdutil.NewInputFlags(f)}
	on := ""
	command := &cobra.Command{
		Use:     "record METRIC VALUE [--on DATE] [-f PATH...]",
		Short:   "Write down a measured value of a metric",
		Long:    long,
		Example: example,
		ValidArgsFunction: func(command *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return o.CompleteName(command, metricKind(), "", word), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(command *cobra.Command, args []string) error {
			if err := o.complete(command, args, on); err != nil {
				return err
			}
			if runF != nil {
				return runF(command.Context(), o)
			}
			return run(command.Context(), o)
		},
	}
	flags := command.Flags()
	flags.StringSliceVarP(&o.Files, "filename", "f", nil, "files and folders (with those below) to change instead of a cluster")
	flags.StringVar(&on, "on", "", "day of the measurement as YYYY-MM-DD (default today, in UTC)")
	flags.BoolVar(&o.Replace, "replace", false, "take the place of another value on the same day")
	flags.BoolVar(&o.DryRun, "dry-run", false, "tell what would change, and write nothing")
	// These only fail for flags that do not exist.
	_ = command.MarkFlagFilename("filename", "yaml", "yml")
	_ = command.RegisterFlagCompletionFunc("on", cobra.NoFileCompletions)
	return command
}

func metricKind() *kinds.Kind { return kinds.ByName(cxv1alpha1.MetricKind) }

func (o *Options) complete(command *cobra.Command, args []string, on string) error {
	if len(args) != 2 {
		return cmdutil.UsageErrorf(command, "give the name of a metric and a value, for instance kubectl journey record status-calls 268")
	}
	o.Metric = args[0]
	if word, name, found := strings.Cut(o.Metric, "/"); found {
		if kinds.Parse(word) != metricKind() {
			return cmdutil.UsageErrorf(command, "%q is no metric: values are recorded for metrics alone", args[0])
		}
		o.Metric = name
	}
	var err error
	if o.Value, err = cxv1alpha1.ParseDecimal(args[1]); err != nil {
		return cmdutil.UsageErrorf(command, "the value %s", err)
	}
	if slices.Contains(o.Files, source.Stdin) {
		return cmdutil.UsageErrorf(command, "standard input cannot be changed: name files with -f")
	}
	o.On = o.Day()
	if on == "" {
		return nil
	}
	if o.On = cxv1alpha1.Date(on); !o.On.IsValid() {
		return cmdutil.UsageErrorf(command, "--on %q is not a day: write YYYY-MM-DD, for instance %s", on, o.Day())
	}
	return nil
}

func run(ctx context.Context, o *Options) error {
	if o.On > o.Day() {
		o.Note("%s is after today in UTC: the value counts from that day on", o.On)
	}
	if len(o.Files) > 0 {
		return o.recordInFiles(ctx)
	}
	return o.recordInCluster(ctx)
}

// outcome is what recording a value comes to.
type outcome struct {
	// before is the list of samples as it was, put has the value, and samples is put without what does not fit.
	before, put, samples samples.List
	// was is another value on that day.
	was     cxv1alpha1.Decimal
	dropped int
}

// isSame tells that the value was there already.
func (c *outcome) isSame() bool { return c.put == nil }

// put puts the value among the samples of a metric.
func (o *Options) put(before samples.List) (*outcome, error) {
	was, found := before.Get(o.On)
	switch {
	case found && was == o.Value:
		return &outcome{before: before, samples: before}, nil
	case found && !o.Replace:
		return nil, fmt.Errorf("metric/%s has %s on %s already: give --replace to record %s instead", o.Metric, was, o.On, o.Value)
	}
	c := &outcome{before: before, put: before.Put(o.On, o.Value), was: was}
	c.samples, c.dropped = c.put.Trim()
	if _, fits := c.samples.Get(o.On); !fits {
		return nil, fmt.Errorf("metric/%s holds %d samples, all of them after %s: there is no room for an older one", o.Metric, samples.Max, o.On)
	}
	return c, nil
}

// tell says what has come of it. where is the place of the metric.
func (o *Options) tell(c *outcome, where string) error {
	if c.isSame() {
		_, err := fmt.Fprintf(o.Out, "metric/%s: %s on %s is there already, so nothing has changed\n", o.Metric, o.Value, o.On)
		return err
	}
	if c.dropped > 0 {
		o.Note("metric/%s holds %d samples at most: the oldest made room (%d)", o.Metric, samples.Max, c.dropped)
	}
	if o.DryRun {
		o.Note("this is a dry run: nothing was written")
	}
	instead := ""
	if c.was != "" {
		instead = fmt.Sprintf(", in place of %s", c.was)
	}
	_, err := fmt.Fprintf(o.Out, "metric/%s: %s on %s, in %s%s\n", o.Metric, o.Value, o.On, where, instead)
	return err
}

func (o *Options) recordInFiles(ctx context.Context) error {
	namespace, given, err := o.FileNamespace()
	if err != nil {
		return err
	}
	files, err := source.ReadManifestsAt(ctx, o.Files, namespace)
	if err != nil {
		return err
	}
	metric, err := o.find(files, namespace, given)
	if err != nil {
		return err
	}
	spec, _ := metric.Raw["spec"].(map[string]any)
	c, err := o.put(samples.Of(spec))
	if err != nil {
		return err
	}
	if !c.isSame() && !o.DryRun {
		spec["samples"] = []any(c.samples)
		changed, err := inplace.Files(files, []inplace.Edit{{Object: metric, Spec: spec}})
		if err != nil {
			return err
		}
		if err := inplace.Write(changed); err != nil {
			return err
		}
	}
	return o.tell(c, metric.Manifest.File.Path)
}

// find looks for the metric in files.
func (o *Options) find(files []*source.ManifestFile, namespace string, given bool) (*source.ManifestObject, error) {
	var found []*source.ManifestObject
	var names []string
	namespaces := map[string]bool{}
	for _, f := range files {
		for _, m := range f.Documents {
			for _, object := range m.Objects {
				if object.Kind != metricKind() || given && object.Namespace != namespace {
					continue
				}
				names = append(names, object.Name)
				if object.Name == o.Metric {
					found = append(found, object)
					namespaces[object.Namespace] = true
				}
			}
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, fmt.Errorf("metric %q is in namespaces %s: choose one with -n", o.Metric, cmdutil.ListNames(namespaces))
	}
	hint := ""
	if meant := kinds.Closest(o.Metric, names); meant != "" {
		hint = fmt.Sprintf(", did you mean %s?", meant)
	}
	return nil, fmt.Errorf("there is no metric %q in these files%s", o.Metric, hint)
}

func (o *Options) recordInCluster(ctx context.Context) error {
	config, err := o.Config.ToRESTConfig()
	if err != nil {
		return fmt.Errorf("reading the kubeconfig (give files with -f to do without a cluster): %w", err)
	}
	namespace, _, err := o.Namespace()
	if err != nil {
		return err
	}
	config = rest.CopyConfig(config)
	config.WarningHandler = rest.NewWarningWriter(o.ErrOut, rest.WarningWriterOptions{Deduplicate: true})
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("connecting to the cluster: %w", err)
	}
	metrics := client.Resource(cxv1alpha1.GroupVersion.WithResource(metricKind().Plural)).Namespace(namespace)
	var c *outcome
	// Somebody else may record at the same time: then the value is put among those that are there by now.
	err = retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		c, err = o.patch(ctx, metrics)
		return err
	})
	switch {
	case apierrors.IsNotFound(err):
		return fmt.Errorf("there is no metric %q in namespace %s: choose a namespace with -n", o.Metric, namespace)
	case err != nil:
		return err
	}
	return o.tell(c, "namespace "+namespace)
}

// patch puts the value among the samples that the cluster has now. It fails with a conflict when somebody else writes the metric meanwhile.
func (o *Options) patch(ctx context.Context, metrics dynamic.ResourceInterface) (*outcome, error) {
	metric, err := metrics.Get(ctx, o.Metric, metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	spec, ok := metric.Object["spec"].(map[string]any)
	if !ok {
		return nil, errors.New("the metric has no spec")
	}
	c, err := o.put(samples.Of(spec))
	if err != nil || c.isSame() {
		return c, err
	}
	patch, err := json.Marshal(c.operations(o.On, metric.GetResourceVersion()))
	if err != nil {
		return nil, err
	}
	options := metav1.PatchOptions{FieldManager: fieldManager}
	if o.DryRun {
		options.DryRun = []string{metav1.DryRunAll}
	}
	if _, err := metrics.Patch(ctx, o.Metric, types.JSONPatchType, patch, options); err != nil {
		return nil, err
	}
	return c, nil
}

// operation is one of a JSON patch.
type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// operations change the one entry, and remove those that do not fit. The version of the object keeps the places of entries from meaning
// others.
func (c *outcome) operations(on cxv1alpha1.Date, version string) []operation {
	all := []operation{{"replace", "/metadata/resourceVersion", version}}
	if len(c.before) == 0 {
		return append(all, operation{"add", "/spec/samples", c.samples})
	}
	at := c.put.Index(on)
	op := "add"
	if c.was != "" {
		op = "replace"
	}
	all = append(all, operation{op, entryPath(at), c.put[at]})
	for i, entry := range slices.Backward(c.put) {
		if _, kept := c.samples.Get(samples.DateOf(entry)); !kept {
			all = append(all, operation{Op: "remove", Path: entryPath(i)})
		}
	}
	return all
}

func entryPath(i int) string { return fmt.Sprintf("/spec/samples/%d", i) }
