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
	"errors"
	"io/fs"
	"os"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/parallel"
)

// ManifestFile is a file with objects, for commands that change it.
type ManifestFile struct {
	Path    string
	Content []byte
	// Documents are the documents with objects of journey-operator. Others are left out.
	Documents []*Manifest
}

// Manifest is a document of a file.
type Manifest struct {
	File *ManifestFile
	// Offset and Text are the document's place in the content of the file, and its text.
	Offset int
	Text   []byte
	// JSON tells that the document is JSON, and not YAML.
	JSON bool
	// Objects in the document: one, or several if it is a list.
	Objects []*ManifestObject

	document document
}

// ManifestObject is an object in a document.
type ManifestObject struct {
	*Object
	Manifest *Manifest
	// Raw is the object as it is written in the document, without defaults.
	Raw map[string]any

	index int
}

// Value decodes the document. It returns the value, and the objects in it in the order of Objects. The caller may change both.
func (m *Manifest) Value() (value any, objects []map[string]any) {
	// It was decoded before, so it has no faults.
	value, _ = m.document.decode()
	for _, c := range m.document.expand(value, nil, "").value {
		if c.kind != nil {
			objects = append(objects, c.content)
		}
	}
	return value, objects
}

// Index is the place of the object among those of its document.
func (o *ManifestObject) Index() int { return o.index }

// ReadManifests reads the files in a folder and the folders below it, as ReadFiles does. The folder may be empty or missing. All faults
// are returned together, as InputErrors.
func ReadManifests(ctx context.Context, folder, namespace string) ([]*ManifestFile, error) {
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	found, err := walk(folder)
	if err != nil {
		return nil, InputErrors{{Place: Place{File: folder}, Text: PathProblem(folder, err)}}
	}
	return readManifests(ctx, found, nil, namespace)
}

// ReadManifestsAt does the same for files and folders, which must be there.
func ReadManifestsAt(ctx context.Context, paths []string, namespace string) ([]*ManifestFile, error) {
	found, faults := findFiles(paths)
	return readManifests(ctx, found, faults, namespace)
}

func readManifests(ctx context.Context, found []file, faults []Fault, namespace string) ([]*ManifestFile, error) {
	var files []*ManifestFile
	var documents []*Manifest
	for _, f := range found {
		_, content, err := f.read(ctx, nil)
		if err != nil {
			faults = append(faults, Fault{Place: Place{File: f.path}, Text: PathProblem(f.path, err)})
			continue
		}
		file := &ManifestFile{Path: f.path, Content: content}
		split, problems := splitFile(f.path, content)
		faults = append(faults, problems...)
		at := 0
		for _, d := range split {
			// Documents come in order and do not overlap, so search from the end of the last one.
			at += bytes.Index(content[at:], d.text)
			documents = append(documents, &Manifest{File: file, Offset: at, Text: d.text, JSON: d.json, document: d})
			at += len(d.text)
		}
		files = append(files, file)
	}
	var objects []*Object
	read, err := parallel.Map(documents, func(m *Manifest) (result[[]*ManifestObject], error) { return m.read(ctx, namespace) })
	if err != nil {
		return nil, err
	}
	for _, r := range read {
		faults = append(faults, r.faults...)
		for _, o := range r.value {
			objects = append(objects, o.Object)
		}
	}
	faults = append(faults, duplicates(objects)...)
	if len(faults) > 0 {
		return nil, InputErrors(inOrder(faults, found))
	}
	for _, m := range documents {
		if len(m.Objects) > 0 {
			m.File.Documents = append(m.File.Documents, m)
		}
	}
	return files, nil
}

// read fills in the objects of a document.
func (m *Manifest) read(ctx context.Context, namespace string) (result[[]*ManifestObject], error) {
	decoded := m.document.candidates()
	if len(decoded.faults) > 0 {
		return result[[]*ManifestObject]{faults: decoded.faults}, nil
	}
	_, raw := m.Value()
	var all result[[]*ManifestObject]
	for _, c := range decoded.value {
		if c.kind == nil {
			continue
		}
		admitted, err := c.admit(ctx, namespace)
		if err != nil {
			return result[[]*ManifestObject]{}, err
		}
		all.faults = append(all.faults, admitted.faults...)
		index := len(m.Objects)
		m.Objects = append(m.Objects, &ManifestObject{Object: admitted.value, Manifest: m, Raw: raw[index], index: index})
	}
	if len(all.faults) == 0 {
		all.value = m.Objects
	}
	return all, nil
}

// Decode decodes a new text of the document in the same way as the document itself.
func (m *Manifest) Decode(text []byte) (any, error) {
	d := m.document
	d.text = text
	value, faults := d.decode()
	if len(faults) > 0 {
		return nil, InputErrors(faults)
	}
	return value, nil
}
