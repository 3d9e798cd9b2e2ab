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

// Package importcmd turns tables into YAML: the command import.
package importcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/intake"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
)

const long = `Turn the tables of a workbook or of CSV files into YAML.

Each sheet, or CSV file, holds one kind: its name says which (Journeys, Moments, Requirements,
Building blocks, Roadmap items, Roadmap policy), or --kind does. Personas, Phases, Touchpoints,
Insights, Stages and Teams hold the entries of a list, one a row, with the object that they belong
to in a column; Journeys, Building blocks and Roadmap policy also take Phases, Personas, Stages and
Teams in a column of their own, as "name: title". "kubectl journey export" writes tables in this
form to begin with.

Columns are found by their headings, in any order, whatever their case, blanks and underscores;
common other words are known too. A column that is not there leaves its field alone; an empty cell
empties it. Columns that end in (computed) are not read. What a table says in other words, these
tell, all of the form [SHEET.]LEFT=RIGHT:

  --map 'Prio (M/S/C)=MoSCoW'   what a column is; with =- it is passed over
  --value 'Priority:High=Must'  what a word in a column means; an empty word is an empty cell
  --set 'MoSCoW=Should'         what all rows have, in a field for which there is no column

A file beside the table keeps them: wishes.map.yaml is read with wishes.csv. It has the fields
kind, columns, values and set, and for the sheets of a workbook sheets. --mapping names another.
What the command line says comes first.

Tables that Jira and Azure DevOps have exported are known by their headings. Of Jira, the issue key
comes back as the external id, and all that "kubectl journey export -o jira-csv" wrote is read. Of
Azure DevOps, Title 1, Title 2 and so on give the title and what it is part of, and HTML becomes
text.

  names     From the column Name (or ID, Key, Code); what is no name is made into one: REQ-12
            becomes req-12. Signs and letters that a name cannot hold are told by a sum at its end:
            C++ becomes c-f1deb75f. A row without a name is the object that has its title, else a
            new one with a name made of the title. References may be names or titles.
  lists     One item a line in the cell, or on one line items between semicolons. Things with a name
            are written "name: text". Stages are block/stage, or the block alone for its last stage.
            A list with rows of its own becomes what these rows say.
  dates     Cells with a date format, or text like 2027-03-01, also with a time of day behind it.
  titles    A text of more than 200 characters becomes the statement (description, what), and a
            title is made of it; also for rows with a statement and no title.
  yes, no   Also true and false, y and n, 1 and 0, x.
  numbers   Whole ones. Where a percentage is meant, 60, 60% and a cell that shows 60% are the same.
            In a name or a text a number is what the cell shows: 00042 with the format 00000.
  formulas  Their value, as the workbook was saved.

CSV may be separated by commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252.

With --into, objects that are in that folder are changed where they stand: only fields that differ
are written anew, and comments, order and everything else stay. New ones go to the file that holds
others of their kind, or to one file for each kind. Objects are never removed. Without --into, what
comes of the tables goes to standard output.

Every result is validated as the API server would do it. Whatever cannot be taken is told with its
cells and the reason; then nothing is written at all, unless --skip-invalid lets the rest go
through.

` + cmdutil.ExitHelp

const example = `  # Bring back what was agreed on in the session
  kubectl journey import session.xlsx --into journeys/

  # See what that would change
  kubectl journey import session.xlsx --into journeys/ --dry-run

  # A table of an analyst, with headings of its own
  kubectl journey import wishes.csv --kind requirements \
    --map 'Wish=title' --map 'For=moments' --map 'Weight=moscow' --value 'Weight:High=Must' \
    --into journeys/

  # Stories that went through Jira
  kubectl journey import jira.csv --kind requirements --into journeys/

  # All CSV files of a folder, to a cluster
  kubectl journey import tables/ | kubectl apply -f -`

// Options of the command.
type Options struct {
	*cmdutil.Factory

	// Paths are the tables to read.
	Paths []string
	// Into is the folder of YAML files to change; empty for standard output.
	Into        string
	DryRun      bool
	SkipInvalid bool
	// Kind, Columns, Values and Constants are what the command line says of the tables, as it is written there.
	Kind                       string
	Columns, Values, Constants []string
	// Mapping is the file that says more of them.
	Mapping string

	request *intake.Request
}

// NewCmd returns the command. Tests pass a runF, which is called instead of run.
func NewCmd(f *cmdutil.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	o := &Options{Factory: f}
	command := &cobra.Command{
		Use:     "import FILE|DIR... [--into DIR]",
		Short:   "Turn spreadsheets into YAML, or bring their changes back to it",
		Long:    long,
		Example: example,
		RunE: func(command *cobra.Command, args []string) error {
			var err error
			if o.request, err = o.newRequest(command, args); err != nil {
				return err
			}
			o.Paths = args
			if runF != nil {
				return runF(command.Context(), o)
			}
			return run(command.Context(), o)
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.Into, "into", "", "folder of YAML files to change and add to; without it the YAML goes to standard output")
	flags.StringVar(&o.Kind, "kind", "", "what sheets and files hold whose name does not say it, for instance requirements or stages")
	flags.StringArrayVar(&o.Columns, "map", nil, "what a column is, as [sheet.]column=field; with - for the field it is passed over")
	flags.StringArrayVar(&o.Values, "value", nil, "what a word in a column means, as [sheet.]column:word=meaning")
	flags.StringArrayVar(&o.Constants, "set", nil, "what all rows have, as [sheet.]field=text")
	flags.StringVar(&o.Mapping, "mapping", "", "YAML file with mappings; without it the one beside each table, NAME.map.yaml, if there is one")
	flags.BoolVar(&o.DryRun, "dry-run", false, "with --into: tell what would change, and write nothing")
	flags.BoolVar(&o.SkipInvalid, "skip-invalid", false, "leave out the rows that cannot be taken, instead of taking none")
	// These only fail for flags that do not exist.
	_ = command.MarkFlagDirname("into")
	_ = command.RegisterFlagCompletionFunc("kind", cmdutil.CompleteOneOf(tables.Words()))
	_ = command.MarkFlagFilename("mapping", "yaml", "yml")
	for _, flag := range []string{"map", "value", "set"} {
		_ = command.RegisterFlagCompletionFunc(flag, o.completeMapping)
	}
	return command
}

func (o *Options) newRequest(command *cobra.Command, args []string) (*intake.Request, error) {
	if len(args) == 0 {
		return nil, cmdutil.UsageErrorf(command, "name the workbook or the CSV files to import")
	}
	if o.DryRun && o.Into == "" {
		return nil, cmdutil.UsageErrorf(command, "--dry-run tells what would change in a folder: name it with --into")
	}
	request := &intake.Request{}
	if o.Kind != "" {
		table := tables.ByName(o.Kind)
		if table == nil {
			return nil, cmdutil.UsageErrorf(command, "kind %q is not known: choose %s", o.Kind, strings.Join(tables.Words(), ", "))
		}
		request.Kinds = []intake.SheetKind{{Table: table}}
	}
	for _, of := range []struct {
		flag, example string
		texts         []string
		parse         func(option, text string) (*intake.Mapping, error)
		into          *[]*intake.Mapping
	}{
		{"--map", "'Prio=MoSCoW'", o.Columns, intake.ParseMapping, &request.Mappings.Columns},
		{"--value", "'Prio:High=Must'", o.Values, intake.ParseValue, &request.Mappings.Values},
		{"--set", "'MoSCoW=Should'", o.Constants, intake.ParseMapping, &request.Mappings.Constants},
	} {
		for _, text := range of.texts {
			mapping, err := of.parse(of.flag, text)
			if err != nil {
				return nil, cmdutil.UsageErrorf(command, "%s %s, for instance %s %s", of.flag, err, of.flag, of.example)
			}
			*of.into = append(*of.into, mapping)
		}
	}
	return request, nil
}

func run(ctx context.Context, o *Options) error {
	result, files, err := o.compare(ctx, o.request, o.Paths)
	if err != nil {
		return err
	}
	for _, note := range result.Notes {
		o.Note("%s", note)
	}
	if len(result.Faults) > 0 && (!o.SkipInvalid || len(result.Changes) == 0) {
		return rowErrors(result.Faults)
	}
	for _, fault := range result.Faults {
		o.Note("left out: %s", fault)
	}
	if len(result.Changes) == 0 {
		return errors.New("there is nothing to import in these files")
	}
	if o.Into == "" {
		return o.print(result)
	}
	return o.apply(result, files)
}

// compare reads the tables and the files of the folder, and returns what changes.
func (o *Options) compare(ctx context.Context, request *intake.Request, paths []string) (*intake.Result, []*source.ManifestFile, error) {
	defer o.Progress("reading tables")()
	namespace, given, err := o.FileNamespace()
	if err != nil {
		return nil, nil, err
	}
	if given {
		request.Namespace = namespace
	}
	if request.Sheets, err = readSheets(paths); err != nil {
		return nil, nil, err
	}
	if err := o.addMappingFiles(request); err != nil {
		return nil, nil, err
	}
	var files []*source.ManifestFile
	if o.Into != "" {
		if files, err = source.ReadManifests(ctx, o.Into, namespace); err != nil {
			return nil, nil, err
		}
	}
	if request.Existing, err = o.existing(files, namespace, given); err != nil {
		return nil, nil, err
	}
	result, err := intake.Take(ctx, request)
	return result, files, err
}

// rowErrors are all rows that cannot be taken.
type rowErrors []intake.Fault

// Error lists all of them, since each is somebody's work to mend.
func (e rowErrors) Error() string {
	var b strings.Builder
	b.WriteString("these rows cannot be taken, so nothing was written:")
	for _, fault := range e {
		b.WriteString("\n  " + fault.String())
	}
	return b.String()
}

// existing returns the objects of one namespace: the one that is given, or else the only one that there is.
func (o *Options) existing(files []*source.ManifestFile, namespace string, given bool) ([]*source.ManifestObject, error) {
	var objects []*source.ManifestObject
	namespaces := map[string]bool{}
	for _, f := range files {
		for _, m := range f.Documents {
			for _, object := range m.Objects {
				if given && object.Namespace != namespace {
					continue
				}
				namespaces[object.Namespace] = true
				objects = append(objects, object)
			}
		}
	}
	if len(namespaces) > 1 {
		return nil, fmt.Errorf("%s holds objects of several namespaces, %s: choose one with -n", o.Into, cmdutil.ListNames(namespaces))
	}
	return objects, nil
}

// readSheets reads the workbooks and CSV files at paths, and those in folders.
func readSheets(paths []string) ([]*sheet.Sheet, error) {
	var sheets []*sheet.Sheet
	for _, path := range paths {
		files, err := spreadsheets(path)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			found, err := readSpreadsheet(file, content)
			if err != nil {
				return nil, err
			}
			sheets = append(sheets, found...)
		}
	}
	return sheets, nil
}

// extensions of the files that hold tables.
var extensions = []string{".xlsx", ".xlsm", ".csv", ".tsv", ".txt"}

func spreadsheets(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", path, source.PathProblem(path, err))
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, entry := range entries {
		name := strings.ToLower(entry.Name())
		// Spreadsheet programs keep notes about open files beside them, under such names.
		if entry.IsDir() || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || !slices.Contains(extensions, filepath.Ext(name)) {
			continue
		}
		files = append(files, filepath.Join(path, entry.Name()))
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there are no .xlsx or .csv files in %s", path)
	}
	return files, nil
}

func readSpreadsheet(file string, content []byte) ([]*sheet.Sheet, error) {
	switch extension := strings.ToLower(filepath.Ext(file)); {
	case extension == ".xlsx", extension == ".xlsm":
		sheets, err := sheet.ReadXLSX(file, content)
		if err == nil && len(sheets) == 1 && tables.ByName(sheets[0].Name) == nil {
			// The only sheet of a file is often called Sheet1, in one language or another.
			base := filepath.Base(file)
			if name := strings.TrimSuffix(base, filepath.Ext(base)); tables.ByName(name) != nil {
				sheets[0].Name = name
			}
		}
		return sheets, err
	case extension != "" && !slices.Contains(extensions, extension):
		return nil, fmt.Errorf("%s: save it as .xlsx or CSV first", file)
	}
	s, err := sheet.ReadCSV(file, content)
	if err != nil {
		return nil, err
	}
	return []*sheet.Sheet{s}, nil
}

// mappingExtension ends the name of the file with the mappings of a table, instead of its own extension.
const mappingExtension = ".map.yaml"

// addMappingFiles adds what the mapping files of the tables say, behind what the command line says.
func (o *Options) addMappingFiles(request *intake.Request) error {
	done := map[string]bool{}
	for _, s := range request.Sheets {
		if done[s.File] {
			continue
		}
		done[s.File] = true
		path := o.Mapping
		if path == "" {
			path = strings.TrimSuffix(s.File, filepath.Ext(s.File)) + mappingExtension
		}
		content, err := os.ReadFile(path)
		switch {
		case errors.Is(err, os.ErrNotExist) && o.Mapping == "":
			continue
		case err != nil:
			return fmt.Errorf("%s: %s", path, source.PathProblem(path, err))
		}
		file, err := intake.ReadMappingFile(content)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		kinds, err := file.SheetKinds(s.File)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		request.Kinds = append(request.Kinds, kinds...)
		request.Mappings.Add(file.Mappings(path, s.File))
	}
	return nil
}

// completeMapping completes the fields of the kind that --kind names.
func (o *Options) completeMapping(_ *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	table := tables.ByName(o.Kind)
	if table == nil {
		return nil, directive
	}
	var all []cobra.Completion
	left, _, hasField := strings.Cut(word, "=")
	for _, heading := range table.Headings() {
		if hasField {
			all = append(all, left+"="+heading)
		} else {
			all = append(all, heading+"=")
		}
	}
	return all, directive
}

// print writes all objects to standard output.
func (o *Options) print(result *intake.Result) error {
	text, err := rendered(result.Changes)
	if err != nil {
		return err
	}
	_, err = io.WriteString(o.Out, text)
	return err
}
