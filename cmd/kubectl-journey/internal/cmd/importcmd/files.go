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

package importcmd

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/inplace"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/intake"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/manifest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/parallel"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// fileChange is a file with its new content.
type fileChange struct {
	inplace.File
	updated, added []*intake.Change
}

// apply writes the changes to the folder: all of them, or none.
func (o *Options) apply(result *intake.Result, files []*source.ManifestFile) error {
	changes, err := o.write(result, files)
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		o.Note("nothing has changed: all %d objects are like that already", len(result.Changes))
		return nil
	}
	if o.DryRun {
		o.Note("this is a dry run: nothing was written")
	}
	for _, c := range changes {
		if err := c.report(o.Out); err != nil {
			return err
		}
	}
	o.noteKustomization(changes)
	return nil
}

// write writes the files, unless it is a dry run, and returns what changes in them.
func (o *Options) write(result *intake.Result, files []*source.ManifestFile) ([]*fileChange, error) {
	defer o.Progress("writing files")()
	changes, err := o.fileChanges(result, files)
	if err != nil || o.DryRun {
		return changes, err
	}
	written := make([]*inplace.File, len(changes))
	for i, c := range changes {
		written[i] = &c.File
	}
	return changes, inplace.Write(written)
}

// maxReported is the number of objects that are named for a file.
const maxReported = 50

func (c *fileChange) report(w io.Writer) error {
	var counts []string
	for _, n := range []struct {
		changes []*intake.Change
		word    string
	}{{c.updated, "changed"}, {c.added, "new"}} {
		if len(n.changes) > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", len(n.changes), n.word))
		}
	}
	if _, err := fmt.Fprintf(w, "%s: %s\n", terminal.Line(c.Path), strings.Join(counts, ", ")); err != nil {
		return err
	}
	for i, change := range slices.Concat(c.updated, c.added) {
		if i == maxReported {
			_, err := fmt.Fprintf(w, "  ... and %d more\n", len(c.updated)+len(c.added)-i)
			return err
		}
		what := "new"
		if change.Existing != nil {
			what = strings.Join(change.Fields, ", ")
		}
		if _, err := fmt.Fprintf(w, "  %s/%s: %s\n", change.Kind.Singular, terminal.Line(change.Name), what); err != nil {
			return err
		}
	}
	return nil
}

// fileChanges returns the new content of each file that changes.
func (o *Options) fileChanges(result *intake.Result, files []*source.ManifestFile) ([]*fileChange, error) {
	changed := map[*source.Manifest][]*intake.Change{}
	added := map[string][]*intake.Change{}
	for _, c := range result.Changes {
		switch {
		case c.Existing == nil:
			path := o.home(c.Kind.Name, files)
			added[path] = append(added[path], c)
		case len(c.Fields) > 0:
			changed[c.Existing.Manifest] = append(changed[c.Existing.Manifest], c)
		}
	}
	var all []*fileChange
	for _, f := range files {
		c := &fileChange{File: inplace.File{Path: f.Path, Before: f.Content}, added: added[f.Path]}
		delete(added, f.Path)
		if err := c.edit(f, changed); err != nil {
			return nil, err
		}
		if len(c.updated)+len(c.added) > 0 {
			all = append(all, c)
		}
	}
	for path, objects := range added {
		c := &fileChange{File: inplace.File{Path: path, IsNew: true}, added: objects}
		if err := c.append(); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *fileChange) int { return strings.Compare(a.Path, b.Path) })
	return all, nil
}

// home returns the file for new objects of a kind: the one that is named after the kind, the only one that holds others, or a new one.
func (o *Options) home(kind string, files []*source.ManifestFile) string {
	own := filepath.Join(o.Into, tables.Of(kind).File+".yaml")
	var holding []string
	for _, f := range files {
		if f.Path == own {
			return own
		}
		isJSON := slices.ContainsFunc(f.Documents, func(m *source.Manifest) bool { return m.JSON })
		holds := slices.ContainsFunc(f.Documents, func(m *source.Manifest) bool {
			return slices.ContainsFunc(m.Objects, func(object *source.ManifestObject) bool { return object.Kind.Name == kind })
		})
		if holds && !isJSON {
			holding = append(holding, f.Path)
		}
	}
	if len(holding) == 1 {
		return holding[0]
	}
	return own
}

// edit changes the documents of a file, and adds the new objects behind them.
func (c *fileChange) edit(f *source.ManifestFile, changed map[*source.Manifest][]*intake.Change) error {
	edits := map[*source.Manifest][]inplace.Edit{}
	for _, m := range f.Documents {
		for _, change := range changed[m] {
			edits[m] = append(edits[m], inplace.Edit{Object: change.Existing, Spec: change.Object["spec"]})
		}
		c.updated = append(c.updated, changed[m]...)
	}
	var err error
	if c.Content, err = inplace.Content(f, edits); err != nil {
		return err
	}
	return c.append()
}

// append adds the new objects at the end of the content, each as a document of its own.
func (c *fileChange) append() error {
	if len(c.added) == 0 {
		return nil
	}
	text, err := rendered(c.added)
	if err != nil {
		return err
	}
	if len(c.Content) > 0 {
		text = separator + text
	}
	if len(c.Content) > 0 && !bytes.HasSuffix(c.Content, []byte("\n")) {
		text = "\n" + text
	}
	if bytes.Contains(c.Content, []byte("\r\n")) {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	c.Content = slices.Concat(c.Content, []byte(text))
	return nil
}

const separator = "---\n"

// rendered are new objects as YAML, each a document of its own.
func rendered(changes []*intake.Change) (string, error) {
	documents, err := parallel.Map(changes, func(c *intake.Change) (string, error) { return manifest.Render(c.Object) })
	return strings.Join(documents, separator), err
}

// noteKustomization says when a kustomization does not list a new file.
func (o *Options) noteKustomization(changes []*fileChange) {
	for _, name := range []string{"kustomization.yaml", "kustomization.yml", "Kustomization"} {
		path := filepath.Join(o.Into, name)
		content, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		for _, c := range changes {
			if c.IsNew && !bytes.Contains(content, []byte(filepath.Base(c.Path))) {
				o.Note("%s does not list %s yet", path, filepath.Base(c.Path))
			}
		}
	}
}
