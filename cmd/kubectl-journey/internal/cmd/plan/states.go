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

package plan

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/memory"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

// comparedStates are the two states that a plan compares.
type comparedStates struct {
	asOf cxv1alpha1.Date
	// oldName and newName tell people what the states are.
	oldName, newName string
	before, after    []*source.Object
	// sources are the places of the new state, as they were given.
	sources      []string
	repositories source.Repositories
	// notes tell people what was passed over.
	notes []string
}

// theCluster is the name of a state that comes from a cluster.
const theCluster = "the cluster"

// read reads the two states.
func (o *Options) read(ctx context.Context) (*comparedStates, error) {
	s := &comparedStates{asOf: o.Day(), sources: o.Sources()}
	s.oldName, s.newName = strings.Join(o.Against, ", "), strings.Join(s.sources, ", ")
	o.NoteStdin(slices.Concat(s.sources, o.Against))
	// As kubectl apply would, where the files are compared with the cluster.
	namespaceOf := o.Namespace
	if len(s.sources) > 0 && len(o.Against) > 0 {
		namespaceOf = o.FileNamespace
	}
	namespace, given, err := namespaceOf()
	if err != nil {
		return nil, err
	}
	only := ""
	if given && !o.AllNamespaces {
		only = namespace
	}
	memory.HoldStates(2)
	// In this order, so that the objects that both states have in common are those of the new files.
	files := &source.StateReader{Stdin: o.In, Namespace: namespace}
	if len(s.sources) > 0 {
		if s.after, err = s.keep(files.Read(ctx, s.sources)); err != nil {
			return nil, err
		}
		if only != "" {
			if s.after, err = cmdutil.InNamespace(s.after, only); err != nil {
				return nil, err
			}
		}
	}
	if len(o.Against) > 0 {
		if s.before, err = s.keep(files.ReadIfThere(ctx, o.Against)); err != nil {
			return nil, err
		}
		if only != "" {
			s.before = slices.DeleteFunc(s.before, func(o *source.Object) bool { return o.Namespace != only })
		}
	}
	return s, o.readLive(ctx, s, only)
}

// check refuses flags that contradict each other.
func (o *Options) check(command *cobra.Command) error {
	sources := o.Sources()
	stdins := 0
	for _, place := range slices.Concat(sources, o.Against) {
		if place == source.Stdin {
			stdins++
		}
	}
	switch {
	case len(sources) == 0 && len(o.Against) == 0:
		return cmdutil.UsageErrorf(command, "name the new state with -f, the old one with --against, or both")
	case stdins > 1:
		return cmdutil.UsageErrorf(command, "standard input can be read once only: name - once")
	case (o.Owners == "") != (len(o.By) == 0):
		return cmdutil.UsageErrorf(command, "--owners FILE and --by NAME go together: who made or approved the change")
	case slices.Contains(o.FailOn, diff.CriterionOwners) && o.Owners == "" && len(o.FailOn) < len(diff.Criteria):
		return cmdutil.UsageErrorf(command, "--fail-on owners needs --owners FILE, which says who owns what")
	case o.Prune && (len(o.Against) > 0 || len(sources) == 0):
		return cmdutil.UsageErrorf(command, "--prune is for files that are compared with the cluster; between files everything counts that differs")
	}
	return nil
}

// keep returns what was read from files, and keeps the notes for later.
func (s *comparedStates) keep(read *source.Files, err error) ([]*source.Object, error) {
	if err != nil {
		return nil, err
	}
	s.notes = append(s.notes, read.Notes...)
	return read.Objects, nil
}

// readLive reads the cluster, where the command line names files for one state only.
func (o *Options) readLive(ctx context.Context, s *comparedStates, only string) error {
	if len(s.sources) > 0 && len(o.Against) > 0 {
		return nil
	}
	live, err := o.readNamespaces(ctx, o.namespacesOf(s, only))
	if err != nil {
		return err
	}
	if len(s.sources) == 0 {
		s.newName, s.after = theCluster, live
		return nil
	}
	s.oldName, s.newName = theCluster, theCluster+" with "+s.newName
	if o.Prune {
		s.newName += " and nothing else"
	}
	s.before, s.after = live, applied(live, s.after, o.Prune)
	return nil
}

// namespacesOf lists the namespaces of the cluster to read; "" is all.
func (o *Options) namespacesOf(s *comparedStates, only string) []string {
	switch {
	case o.AllNamespaces:
		return []string{""}
	case only != "":
		return []string{only}
	}
	named := map[string]bool{}
	for _, object := range slices.Concat(s.before, s.after) {
		named[object.Namespace] = true
	}
	return slices.Sorted(maps.Keys(named))
}

func (o *Options) readNamespaces(ctx context.Context, namespaces []string) ([]*source.Object, error) {
	config, err := o.Config.ToRESTConfig()
	if err != nil {
		return nil, fmt.Errorf("reading the kubeconfig (name the old state with --against to do without a cluster): %w", err)
	}
	// Warnings of the API server are for those who write.
	config.WarningHandler = rest.NoWarnings{}
	var objects []*source.Object
	for _, namespace := range namespaces {
		found, err := source.ReadCluster(ctx, config, namespace)
		if err != nil {
			return nil, err
		}
		objects = append(objects, found...)
	}
	return objects, nil
}

// objectKey tells objects apart.
type objectKey struct{ kind, namespace, name string }

func keyOf(o *source.Object) objectKey { return objectKey{o.Kind.Name, o.Namespace, o.Name} }

// applied is what a cluster holds after files were applied: the objects of the files, with their new generations, and those that only the
// cluster has, unless they are pruned.
func applied(live, files []*source.Object, prune bool) []*source.Object {
	known := make(map[objectKey]*source.Object, len(live))
	for _, o := range live {
		known[keyOf(o)] = o
	}
	after := make([]*source.Object, 0, len(files))
	for _, o := range files {
		old := known[keyOf(o)]
		if old != nil && reflect.DeepEqual(old.Typed.GetSpec(), o.Typed.GetSpec()) {
			o.Typed.SetGeneration(old.Typed.GetGeneration())
		} else if old != nil {
			o.Typed.SetGeneration(old.Typed.GetGeneration() + 1)
		}
		after = append(after, o)
		delete(known, keyOf(o))
	}
	if prune {
		return after
	}
	for _, o := range live {
		if known[keyOf(o)] != nil {
			after = append(after, o)
		}
	}
	return after
}

// compare evaluates the states and compares them, each namespace by itself.
func (s *comparedStates) compare() *diff.Plan {
	before, after := byNamespace(s.before), byNamespace(s.after)
	p := &diff.Plan{
		APIVersion: diff.APIVersion, Kind: diff.Kind, AsOf: s.asOf, Old: s.oldName, New: s.newName, Compared: int32(len(s.after)),
		Failed: []diff.Criterion{}, Portfolios: []diff.Portfolio{},
	}
	namespaces := maps.Clone(before)
	maps.Copy(namespaces, after)
	for _, namespace := range slices.Sorted(maps.Keys(namespaces)) {
		old, changed := s.evaluate(before[namespace], after[namespace])
		if difference := diff.Compare(namespace, old, changed); !difference.IsEmpty() {
			p.Portfolios = append(p.Portfolios, difference)
		}
	}
	p.Worse = diff.Worse(p.Portfolios)
	return p
}

// evaluate evaluates both states of a portfolio, at the same time.
func (s *comparedStates) evaluate(before, after portfolio.Objects) (old, changed *diff.State) {
	var both sync.WaitGroup
	both.Go(func() { old = diff.Evaluate(before, s.asOf) })
	both.Go(func() { changed = diff.Evaluate(after, s.asOf) })
	both.Wait()
	return old, changed
}

func byNamespace(objects []*source.Object) map[string]portfolio.Objects {
	all := map[string]portfolio.Objects{}
	for _, o := range objects {
		model := all[o.Namespace]
		model.Add(o.Typed)
		all[o.Namespace] = model
	}
	return all
}

// placesOf returns a function that finds where an object of a portfolio stands in the files of the new state. For one that is not in a
// file, it is the first object that changed and is, else the first of the namespace; else the zero Place.
func (s *comparedStates) placesOf(p *diff.Portfolio) func(kind, name string) source.Place {
	objects := make(map[objectKey]*source.Object)
	var instead []*source.Object
	for _, o := range s.after {
		if o.Namespace == p.Namespace {
			objects[keyOf(o)] = o
			instead = append(instead, o)
		}
	}
	var changed []*source.Object
	for _, c := range p.Objects.Changes {
		if o := objects[objectKey{c.Kind, p.Namespace, c.Name}]; o != nil {
			changed = append(changed, o)
		}
	}
	instead = append(changed, instead...)
	fallback := sync.OnceValue(func() source.Place { return s.firstPlace(instead) })
	return func(kind, name string) source.Place {
		key := objectKey{kind, p.Namespace, name}
		if kind == diff.KindTeam {
			key = objectKey{kinds.Roadmap, p.Namespace, "default"}
		}
		if o := objects[key]; o != nil && s.placeOf(o).File != "" {
			return s.placeOf(o)
		}
		return fallback()
	}
}

// placeOf is where an object stands in a file; the zero Place for one of standard input or a cluster.
func (s *comparedStates) placeOf(o *source.Object) source.Place {
	if place := o.Place(); place.File != "stdin" || !slices.Contains(s.sources, source.Stdin) {
		return place
	}
	return source.Place{}
}

func (s *comparedStates) firstPlace(objects []*source.Object) source.Place {
	for _, o := range objects {
		if place := s.placeOf(o); place.File != "" {
			return place
		}
	}
	return source.Place{}
}

// reviewed is the path of a file as code review tools know it: from the root of the repository, without the name of a git revision.
func (s *comparedStates) reviewed(ctx context.Context, file string) string {
	for _, name := range s.sources {
		if source.IsRevision(name) {
			revision, _, _ := strings.Cut(name, ":")
			if inside, found := strings.CutPrefix(file, revision+":"); found {
				return inside
			}
		}
	}
	return s.repositories.Path(ctx, file)
}
