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

// Package export writes a portfolio for people and programs that do not read YAML.
package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/atomicfile"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/reqif"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// The output formats that only export has.
const (
	outputXLSX    = "xlsx"
	outputJiraCSV = "jira-csv"
	outputReqIF   = "reqif"
)

const long = `Write a portfolio for people and programs that do not read YAML.

  xlsx      one workbook: a sheet for each kind and for each long list in it (personas, phases,
            touchpoints, insights, stages, teams), building blocks by moment, and the roadmap by
            rank. Headings stay in sight and filter, and cells offer what they may hold. Columns
            marked (computed) say how things stand; import does not read them.
  csv       the same tables, without the last two, as one CSV file each, in the folder that --out
            names (UTF-8, commas).
  jira-csv  the requirements as user stories, for Jira's CSV import. Won'ts stay behind. Each story
            leads back to its moments by name and, with --link-template, by a link.
  reqif     the journeys with their moments and requirements, and the building blocks, as ReqIF 1.0
            for requirements tools.

One namespace is exported at a time. xlsx, jira-csv and reqif go to standard output without --out.
The same objects and the same day give the same bytes. A file that is there with other content is
not overwritten without --force, since edits may be in it; then nothing is written at all.

What is edited in xlsx and csv comes back with "kubectl journey import", whose help says how lists
stand in cells. Text that a spreadsheet would run as a formula is neutralised, with an apostrophe in
CSV; import removes that again. Characters that nobody sees stand there as \u{202e}, and import
reads them as that.

` + cmdutil.ExitHelp

const example = `  # A workbook for the session
  kubectl journey export -f journeys/ -o xlsx --out session.xlsx

  # ... and what was agreed there
  kubectl journey import session.xlsx --into journeys/

  # CSV files, from the cluster
  kubectl journey export -n webshop -o csv --out tables/

  # User stories for Jira that lead back to the moment
  kubectl journey export -f journeys/ -o jira-csv --out stories.csv \
    --link-template 'https://journeys.example.com/{kind}/{name}'

  # For a requirements tool
  kubectl journey export -f journeys/ -o reqif --out journeys.reqif`

// Options of the command.
type Options struct {
	*cmdutil.InputFlags

	// Out is the file to write, or the folder for csv; empty for standard output.
	Out string
	// Force overwrites files that have other content.
	Force bool
	// LinkTemplate is the URL of an object, with names in braces.
	LinkTemplate string
}

// NewCmd returns the command. Tests pass a runF, which is called instead of run.
func NewCmd(f *cmdutil.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	o := &Options{InputFlags: cmdutil.NewInputFlags(f)}
	o.NeedsContent = true
	command := &cobra.Command{
		Use:     "export [-f PATH...] -o FORMAT [--out FILE|DIR]",
		Short:   "Write a workbook, CSV, user stories or ReqIF",
		Long:    long,
		Example: example,
		RunE: func(command *cobra.Command, args []string) error {
			if err := o.check(command); err != nil {
				return err
			}
			if err := o.Complete(command, args); err != nil {
				return err
			}
			if runF != nil {
				return runF(command.Context(), o)
			}
			return run(command.Context(), o)
		},
	}
	o.AddTo(command, outputXLSX, cmdutil.OutputCSV, outputJiraCSV, outputReqIF)
	command.Flags().StringVar(&o.Out, "out", "", "file to write, or the folder for csv")
	command.Flags().BoolVar(&o.Force, "force", false, "overwrite files that hold something else, also edits")
	command.Flags().StringVar(&o.LinkTemplate, "link-template", "",
		"for jira-csv, URL at which people can see an object, with {namespace}, {kind} and {name} in it")
	_ = command.MarkFlagFilename("out") // fails only for a flag that does not exist
	return command
}

func (o *Options) check(command *cobra.Command) error {
	if o.Output == cmdutil.OutputCSV && o.Out == "" {
		return cmdutil.UsageErrorf(command, "csv is one file for each table: name a folder for them with --out")
	}
	if o.Output == outputXLSX && o.Out == "" && o.IsOutTerminal() {
		return cmdutil.UsageErrorf(command, "a workbook is nothing for a terminal: name a file with --out")
	}
	if o.Force && o.Out == "" {
		return cmdutil.UsageErrorf(command, "--force is for --out: it overwrites what is there")
	}
	if o.LinkTemplate == "" {
		return nil
	}
	if o.Output != outputJiraCSV {
		return cmdutil.UsageErrorf(command, "--link-template is for jira-csv")
	}
	if !strings.HasPrefix(o.LinkTemplate, "https://") && !strings.HasPrefix(o.LinkTemplate, "http://") || !strings.Contains(o.LinkTemplate, "{name}") {
		return cmdutil.UsageErrorf(command, "--link-template %q is no URL with {name} in it: write for instance https://journeys.example.com/{kind}/{name}", o.LinkTemplate)
	}
	return nil
}

func run(ctx context.Context, o *Options) error {
	in, err := o.Read(ctx)
	if err != nil {
		return err
	}
	return o.export(in)
}

func (o *Options) export(in *cmdutil.Input) error {
	if len(in.Portfolios) > 1 {
		var names []string
		for _, p := range in.Portfolios {
			names = append(names, p.Namespace)
		}
		return fmt.Errorf("there are several portfolios, in namespaces %s: choose one with -n", strings.Join(names, ", "))
	}
	p := in.Portfolios[0]
	if err := o.writeOut(p, in.AsOf); err != nil {
		return err
	}
	if o.Output == outputJiraCSV {
		o.noteWonts(p)
	}
	return nil
}

func (o *Options) writeOut(p *evaluate.Portfolio, asOf cxv1alpha1.Date) error {
	if o.Out != "" {
		defer o.Progress("writing " + terminal.Line(o.Out))()
	}
	switch o.Output {
	case cmdutil.OutputCSV:
		return o.writeTables(p)
	case outputJiraCSV:
		return o.write(func(w io.Writer) error { return o.writeStories(w, p) })
	case outputReqIF:
		return o.write(func(w io.Writer) error { return reqif.Write(w, p, asOf) })
	default:
		return o.write(func(w io.Writer) error { return writeWorkbook(w, p, asOf) })
	}
}

// link returns where people can see an object, empty without a template.
func (o *Options) link(p *evaluate.Portfolio, kind, name string) string {
	return strings.NewReplacer(
		"{namespace}", url.PathEscape(p.Namespace), "{kind}", url.PathEscape(strings.ToLower(kind)), "{name}", url.PathEscape(name),
	).Replace(o.LinkTemplate)
}

// write writes to the file of --out, or to standard output. A file is there only when it is whole.
func (o *Options) write(do func(w io.Writer) error) error {
	if o.Out == "" {
		return o.Print(do)
	}
	return o.writeFiles(func(set *atomicfile.Set) error { return set.Write(o.Out, do) })
}

// writeFiles writes all files, or none: what others may have edited is only overwritten with --force.
func (o *Options) writeFiles(do func(set *atomicfile.Set) error) (err error) {
	var set atomicfile.Set
	defer func() { err = errors.Join(err, set.Discard()) }()
	if err := do(&set); err != nil {
		return err
	}
	if !o.Force {
		edited, err := set.Changes()
		if err != nil {
			return err
		}
		if len(edited) > 0 {
			return fmt.Errorf("there is something else already in %s, so nothing was written: name another place with --out, or overwrite it with --force "+
				"(edits may be in it; import brings them back)", strings.Join(edited, ", "))
		}
	}
	return set.Publish()
}
