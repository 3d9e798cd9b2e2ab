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

package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/parallel"
)

// StateReader reads states of a portfolio, one after the other. A state comes from files and folders, as for ReadFiles, or from git
// revisions. A document that is the same in several states is read once, and the states share its objects.
type StateReader struct {
	// Stdin is standard input. It can be read only once.
	Stdin io.Reader
	// Namespace is the namespace of objects without one.
	Namespace string

	documents map[[sha256.Size]byte]*Object
}

// text is a file that was read.
type text struct {
	name    string
	content []byte
	// emptiness is the fault to report if the file holds no objects. It is empty if that is no mistake.
	emptiness string
}

// Read reads a state. It reports faults as ReadFiles does.
func (r *StateReader) Read(ctx context.Context, places []string) (*Files, error) {
	return r.read(ctx, places, false)
}

// ReadIfThere reads a state in which a place may not exist yet. A revision without the path has no objects, and that is no fault.
func (r *StateReader) ReadIfThere(ctx context.Context, places []string) (*Files, error) {
	return r.read(ctx, places, true)
}

func (r *StateReader) read(ctx context.Context, places []string, mayLack bool) (*Files, error) {
	texts, missing, faults, err := r.texts(ctx, places, mayLack)
	if err != nil {
		return nil, err
	}
	var documents []document
	order := make([]file, len(texts))
	for n, t := range texts {
		found, problems := splitObjects(t.name, t.content)
		if len(found) == 0 && len(problems) == 0 && t.emptiness != "" {
			problems = append(problems, Fault{Place: Place{File: t.name}, Text: t.emptiness})
		}
		documents = append(documents, found...)
		faults = append(faults, problems...)
		order[n] = file{path: t.name}
	}
	all := harvest{objects: make([]*Object, 0, len(documents)), faults: faults}
	if err := r.readInto(ctx, &all, documents); err != nil {
		return nil, err
	}
	return all.files(places, order, missing)
}

// texts reads the files of all places: first those of the file system, then those of git.
func (r *StateReader) texts(ctx context.Context, places []string, mayLack bool) (texts []text, missing []string, faults []Fault, err error) {
	var paths []string
	var revisions []revision
	for _, place := range places {
		if rev, ok := parseRevision(place); ok {
			revisions = append(revisions, rev)
		} else {
			paths = append(paths, place)
		}
	}
	files, faults := findFiles(paths)
	hintRevisions(ctx, faults)
	for _, f := range files {
		name, content, err := f.read(ctx, r.Stdin)
		if ctx.Err() != nil {
			return nil, nil, nil, ctx.Err()
		}
		if err != nil {
			faults = append(faults, Fault{Place: Place{File: name}, Text: PathProblem(f.path, err)})
			continue
		}
		t := text{name: name, content: content}
		if f.given {
			t.emptiness = f.emptiness()
		}
		texts = append(texts, t)
	}
	seen := map[string]bool{}
	for _, rev := range revisions {
		found, err := rev.read(ctx)
		if err != nil {
			return nil, nil, nil, err
		}
		if len(found) == 0 && !mayLack {
			return nil, nil, nil, rev.lack()
		}
		if len(found) == 0 {
			missing = append(missing, rev.lack().Error()+": taken as empty")
		}
		for _, t := range found {
			if !seen[t.name] {
				seen[t.name] = true
				texts = append(texts, t)
			}
		}
	}
	return texts, missing, faults, nil
}

// readInto makes objects of documents. For documents that it has seen before, it takes the objects of that time. The objects have no
// Content, as those of ReadTyped.
func (r *StateReader) readInto(ctx context.Context, all *harvest, documents []document) error {
	type keyed struct {
		content

		key [sha256.Size]byte
	}
	read, err := parallel.Map(documents, func(d document) (keyed, error) {
		key := d.key(r.Namespace)
		if known := r.documents[key]; known != nil {
			return keyed{content{objects: []*Object{known.at(ctx, d)}}, key}, nil
		}
		read, err := d.read(ctx, func(c candidate) (result[*Object], error) { return c.admitTyped(ctx, r.Namespace) })
		return keyed{read, key}, err
	})
	if err != nil {
		return err
	}
	if r.documents == nil {
		r.documents = make(map[[sha256.Size]byte]*Object, len(documents))
	}
	for i := range read {
		d := &read[i]
		all.add(&d.content)
		// Nearly every document is one object. Only these are shared; lists are read again.
		if len(d.objects) == 1 && len(d.objects[0].from.path) == 0 {
			r.documents[d.key] = d.objects[0]
		}
	}
	return nil
}

// key is the same for documents that give the same object.
func (d document) key(namespace string) [sha256.Size]byte {
	h := sha256.New()
	format := "yaml"
	if d.json {
		format = "json"
	}
	_, _ = io.WriteString(h, format+"\x00"+namespace+"\x00")
	// The text of a document after "---" begins with a line break. It changes nothing, so leave it out.
	_, _ = h.Write(bytes.TrimLeft(d.text, "\r\n"))
	return [sha256.Size]byte(h.Sum(nil))
}

// at returns the same object with another place.
func (o *Object) at(ctx context.Context, d document) *Object {
	moved := *o
	moved.from = &origin{document: d}
	moved.place = moved.from.place
	moved.again = func() (map[string]any, error) { return moved.readAgain(ctx) }
	return &moved
}
