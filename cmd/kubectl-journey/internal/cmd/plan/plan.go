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

// Package plan tells what a change would do, before it is made.
package plan

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

// The output formats that only plan has.
const (
	outputMarkdown = "markdown"
	outputSARIF    = "sarif"
)

// exitWorse is for a change that makes worse what --fail-on names.
const exitWorse = 3

const long = `Tell what a change would do, before it is made: which moments become blocked, unblocked, late or in
time, what moves on the roadmap, which value is won or lost, what happens to teams, and which gaps
and dangling references are new.

Two states are compared, -f NEW with --against OLD. Each is made of files and folders, or of git
revisions of them such as main:journeys/ (a revision, a colon, and the path from the root of the
repository; main:./journeys/ from the current folder). Of git only the objects are read, neither the
index nor the work tree. What exists as a file is a file, even with a colon in its name. Where
--against names a revision without such files, everything is new.

Without --against the old state is the cluster, and the new one is that cluster once the files are
applied. As with kubectl apply, objects that only the cluster has stay; --prune takes them away. An
object of the files is taken as they have it: fields that they leave out are taken to be absent.
Without -f the new state is the cluster. It is read in the namespaces that the files have objects
in, and with -A in all; -n picks one.

` + cmdutil.FilesHelp + `

Only the specs of objects count; a change of labels or annotations changes nothing. Moments, items
and teams are said to be:

  blocked        a moment that was not blocked becomes so; a new moment, or one that gets its first
                 requirements, does not count
  late           a moment with neededBy is expected after it or has no date, or an item does not
                 meet its targetDate; and before the change it did, was not there, or was expected
                 sooner
  gaps           see kubectl journey gaps: what is new but for dangling and cycle
  dangling       a new reference to what does not exist, or to an item that is cancelled
  cycle          new work that waits for itself
  policy         the Roadmap is not understood any more: an expression does not compile, or fails
                 for some items
  unplanned      a new stage that is asked for and that nobody delivers, or an item that is new or
                 was scheduled, and cannot be scheduled
  owners         with --owners, a field changes that nobody of --by answers for
  overcapacity   a team has more items in progress than lanes, by more than before; or the forecast
                 of one of its items is after its targetDate, or that is past, and was not before

--fail-on takes these words, and any for all of them: where the change makes one of them worse, the
exit code is 3. What was as bad before, what gets better, and what is only moved (a moment that is
later but in time, a team that is busy for longer) never fails.

--owners is for pipelines in which one account applies everything. It names a file that says who
owns which fields; --by names the people and teams who made or approved the change. The exit code is
3 where a field changes and none of them owns it. See docs/owners.md for the file.

text is for a terminal and lists the first of everything. markdown is for a comment on a pull
request, has at most 60000 characters, and begins with <!-- kubectl-journey-plan --> by which it can
be found again. json has everything, as docs/plan.schema.json describes. sarif is SARIF 2.1.0, which
code review tools read: what gets worse, at the lines of the new files, the 5000 most severe
findings.

Exit codes:
  0  done
  1  bad input, or a cluster or git that cannot be read
  2  a command line that was not understood
  3  the change makes worse what --fail-on names, or changes what --by does not own
Results go to standard output, everything else to standard error.`

const example = `  # What would my edits do?
  kubectl journey plan -f journeys/ --against HEAD:journeys/

  # What would applying these files do to the cluster?
  kubectl journey plan -f journeys/ -n webshop

  # For a pull request: a comment, and no merge when customers get stuck
  kubectl journey plan -f journeys/ --against origin/main:journeys/ -o markdown \
    --fail-on blocked,dangling,cycle,policy

  # Did the right side approve?
  kubectl journey plan -f journeys/ --against origin/main:journeys/ --owners owners.yaml --by it

  # What did this quarter bring?
  kubectl journey plan -f main:journeys/ --against v2026.3:journeys/`

// Options of the command.
type Options struct {
	*cmdutil.InputFlags

	// Against is the old state; empty for the cluster.
	Against []string
	// Prune takes away the objects that only the cluster has.
	Prune bool
	// FailOn are the criteria that make the exit code 3.
	FailOn []diff.Criterion
	// Owners is the file that says which side owns which fields; empty for none.
	Owners string
	// By are the people and teams who made or approved the change.
	By []string
}

// NewCmd returns the command. Tests pass a runF, which is called instead of run.
func NewCmd(f *cmdutil.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	o := &Options{InputFlags: cmdutil.NewInputFlags(f)}
	var failOn []string
	command := &cobra.Command{
		Use:     "plan -f NEW... [--against OLD...]",
		Short:   "What a change would do to customers and teams",
		Long:    long,
		Example: example,
		RunE: func(command *cobra.Command, paths []string) error {
			var err error
			if o.FailOn, err = parseCriteria(command, failOn); err != nil {
				return err
			}
			if err := o.Complete(command, paths); err != nil {
				return err
			}
			if err := o.check(command); err != nil {
				return err
			}
			if o.Owners != "" && !slices.Contains(o.FailOn, diff.CriterionOwners) {
				o.FailOn = append(slices.Clone(o.FailOn), diff.CriterionOwners)
			}
			if runF != nil {
				return runF(command.Context(), o)
			}
			return run(command.Context(), o)
		},
	}
	o.AddTo(command, cmdutil.OutputText, outputMarkdown, cmdutil.OutputJSON, outputSARIF)
	flags := command.Flags()
	flags.Lookup("filename").Usage = "the new state: files, folders (with those below), git revisions such as main:journeys/, or - for standard input"
	flags.StringSliceVar(&o.Against, "against", nil, "the old state, likewise (default the cluster)")
	flags.BoolVar(&o.Prune, "prune", false, "take away the objects that only the cluster has")
	flags.StringVar(&o.Owners, "owners", "", "a `file` that says which side owns which fields: fail where a field changes without its owner")
	flags.StringSliceVar(&o.By, "by", nil, "with --owners: the people and teams who made or approved the change")
	flags.StringSliceVar(&failOn, "fail-on", nil, "exit with 3 where the change makes one of these worse: "+strings.Join(failOnWords(), ", "))
	// These only fail for flags that do not exist.
	_ = command.RegisterFlagCompletionFunc("fail-on", cmdutil.CompleteList(failOnWords()))
	return command
}

// failOnAny stands for all criteria.
const failOnAny = "any"

func failOnWords() []string {
	var words []string
	for _, c := range diff.Criteria {
		words = append(words, string(c))
	}
	return append(words, failOnAny)
}

// parseCriteria reads the words of --fail-on.
func parseCriteria(command *cobra.Command, words []string) ([]diff.Criterion, error) {
	var criteria []diff.Criterion
	for _, word := range words {
		if word == failOnAny {
			return diff.Criteria, nil
		}
		if !slices.Contains(diff.Criteria, diff.Criterion(word)) {
			meant := ""
			if closest := kinds.Closest(word, failOnWords()); closest != "" {
				meant = fmt.Sprintf(", did you mean %s?", closest)
			}
			return nil, cmdutil.UsageErrorf(command, "--fail-on does not know %q%s: choose %s", word, meant, strings.Join(failOnWords(), ", "))
		}
		criteria = append(criteria, diff.Criterion(word))
	}
	return criteria, nil
}

func run(ctx context.Context, o *Options) error {
	p, states, err := o.plan(ctx)
	if err != nil {
		return err
	}
	for _, note := range states.notes {
		o.Note("%s", note)
	}
	for _, c := range p.Worse {
		if slices.Contains(o.FailOn, c) {
			p.Failed = append(p.Failed, c)
		}
	}
	if err := o.Print(func(w io.Writer) error { return o.print(ctx, w, p, states) }); err != nil {
		return err
	}
	if len(p.Failed) > 0 {
		return &worseError{p.Failed}
	}
	return nil
}

// plan reads the states and compares them.
func (o *Options) plan(ctx context.Context) (*diff.Plan, *comparedStates, error) {
	if !slices.Contains(slices.Concat(o.Sources(), o.Against), source.Stdin) {
		defer o.Progress("planning")()
	}
	states, err := o.read(ctx)
	if err != nil {
		return nil, nil, err
	}
	p := states.compare()
	if o.Owners != "" {
		if err := o.checkOwners(p, states); err != nil {
			return nil, nil, err
		}
	}
	return p, states, nil
}

// worseError says that a change makes worse what --fail-on names.
type worseError struct{ failed []diff.Criterion }

// ExitCode tells a pipeline that the change is bad; other codes say that it could not be compared.
func (e *worseError) ExitCode() int { return exitWorse }

func (e *worseError) Error() string {
	if slices.Equal(e.failed, []diff.Criterion{diff.CriterionOwners}) {
		return "the change is of fields that nobody of --by owns: have their side approve it, or leave them as they are"
	}
	return "the change makes worse what --fail-on names: " + listCriteria(e.failed)
}

func listCriteria(criteria []diff.Criterion) string {
	words := make([]string, len(criteria))
	for i, c := range criteria {
		words[i] = string(c)
	}
	return strings.Join(words, ", ")
}

// print prints a plan in the format that was asked for.
func (o *Options) print(ctx context.Context, w io.Writer, p *diff.Plan, states *comparedStates) error {
	switch o.Output {
	case cmdutil.OutputJSON:
		return cmdutil.PrintJSON(w, p)
	case outputMarkdown:
		_, err := io.WriteString(w, markdownOf(p))
		return err
	case outputSARIF:
		log, notes := sarifOf(ctx, p, states)
		for _, note := range notes {
			o.Note("%s", note)
		}
		return cmdutil.PrintJSON(w, log)
	default:
		return printText(w, p, o.Screen())
	}
}
