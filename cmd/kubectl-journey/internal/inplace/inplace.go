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

// Package inplace changes objects in the files where they stand. Comments, order and layout stay, and either all files are written or none.
package inplace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/atomicfile"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/manifest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
)

// Edit is a new spec for an object.
type Edit struct {
	Object *source.ManifestObject
	// Spec as it should become, without the defaults.
	Spec any
}

// File is a file with its new content.
type File struct {
	Path string
	// Before is what was read.
	Before, Content []byte
	// IsNew tells that the file is not there yet.
	IsNew bool
}

// Content returns the new content of a file, given the edits of each of its documents.
func Content(f *source.ManifestFile, edits map[*source.Manifest][]Edit) ([]byte, error) {
	var out bytes.Buffer
	at := 0
	for _, m := range f.Documents {
		if len(edits[m]) == 0 {
			continue
		}
		text, err := document(m, edits[m])
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", edits[m][0].Object.Place(), describe(edits[m]), err)
		}
		out.Write(f.Content[at:m.Offset])
		out.WriteString(text)
		at = m.Offset + len(m.Text)
	}
	out.Write(f.Content[at:])
	return out.Bytes(), nil
}

// Files returns the files that change, given all edits.
func Files(files []*source.ManifestFile, edits []Edit) ([]*File, error) {
	byDocument := map[*source.Manifest][]Edit{}
	for _, e := range edits {
		byDocument[e.Object.Manifest] = append(byDocument[e.Object.Manifest], e)
	}
	var changed []*File
	for _, f := range files {
		content, err := Content(f, byDocument)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(content, f.Content) {
			changed = append(changed, &File{Path: f.Path, Before: f.Content, Content: content})
		}
	}
	return changed, nil
}

func describe(edits []Edit) string {
	var names []string
	for _, e := range edits {
		names = append(names, e.Object.Kind.Singular+"/"+e.Object.Name)
	}
	if len(names) > 3 {
		names = append(names[:3], "...")
	}
	return strings.Join(names, ", ")
}

var errJSON = errors.New("objects in JSON are not changed in place: turn the file into YAML first")

// document changes objects in a document, and checks that they, and nothing else, have changed.
func document(m *source.Manifest, edits []Edit) (string, error) {
	if m.JSON {
		return "", errJSON
	}
	before, _ := m.Value()
	after, objects := m.Value()
	for _, e := range edits {
		objects[e.Object.Index()]["spec"] = runtime.DeepCopyJSONValue(e.Spec)
	}
	text, err := manifest.Rewrite(string(m.Text), before, after)
	if err != nil {
		return "", err
	}
	if read, err := m.Decode([]byte(text)); err != nil || !reflect.DeepEqual(read, after) {
		return "", manifest.ErrByHand
	}
	return text, nil
}

// Write writes all files, or none. It stops when somebody else has changed one of them meanwhile.
func Write(files []*File) (err error) {
	var set atomicfile.Set
	defer func() { err = errors.Join(err, set.Discard()) }()
	for _, f := range files {
		if err := os.MkdirAll(filepath.Dir(f.Path), 0o755); err != nil {
			return err
		}
		write := func(w io.Writer) error {
			_, err := w.Write(f.Content)
			return err
		}
		if err := set.Write(f.Path, write); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := f.checkUntouched(); err != nil {
			return err
		}
	}
	return set.Publish()
}

// checkUntouched fails when a file is no longer as it was read.
func (f *File) checkUntouched() error {
	content, err := os.ReadFile(f.Path)
	switch {
	case f.IsNew && errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case f.IsNew || !bytes.Equal(content, f.Before):
		return fmt.Errorf("%s was changed by somebody else meanwhile, so nothing was written: do it again", f.Path)
	}
	return nil
}
