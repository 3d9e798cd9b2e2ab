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

// Package atomicfile writes files so that nobody ever sees half a file. Each file is written as a draft beside its place, and then moved
// there. Of several files either all are moved, or none.
package atomicfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Set is a set of files. Either all of them are put in their places, or none.
type Set struct{ all []*draft }

// Write writes a draft for the file at a path.
func (s *Set) Write(path string, do func(w io.Writer) error) error {
	d, err := newDraft(path)
	if err != nil {
		return err
	}
	s.all = append(s.all, d)
	out := bufio.NewWriter(d.file)
	if err := do(out); err != nil {
		return err
	}
	if err := errors.Join(out.Flush(), d.finish()); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// Changes lists the files that exist already, and whose content differs from their draft.
func (s *Set) Changes() ([]string, error) {
	var paths []string
	for _, d := range s.all {
		if d.direct || d.isNew {
			continue
		}
		before, err := os.ReadFile(d.path)
		if err != nil {
			return nil, err
		}
		after, err := os.ReadFile(d.file.Name())
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(before, after) {
			paths = append(paths, d.path)
		}
	}
	return paths, nil
}

// Publish puts all drafts in their places. If one fails, the old content of the others is put back.
func (s *Set) Publish() error {
	for i, d := range s.all {
		if err := d.publish(); err != nil {
			for _, published := range s.all[:i] {
				err = errors.Join(err, published.takeBack())
			}
			return err
		}
	}
	return nil
}

// Discard removes the drafts that were not put in their places.
func (s *Set) Discard() error {
	var err error
	for _, d := range s.all {
		err = errors.Join(err, d.discard())
	}
	return err
}

// draft is the new content of a file, in a file of its own.
type draft struct {
	path string
	file *os.File
	mode os.FileMode
	// before is the old content at the path, if there was a file.
	before []byte
	isNew  bool
	// direct tells that there is no draft: the content was written to its place at once.
	direct bool
	// done tells that the draft is in its place.
	done bool
}

// ordinary are the permissions of a new file, before the umask takes some away.
const ordinary = 0o644

func newDraft(path string) (*draft, error) {
	// If the path is a link, write the file that it leads to.
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	d := &draft{path: path, mode: ordinary, isNew: true}
	if info, err := os.Stat(path); err == nil {
		switch {
		case info.IsDir():
			return nil, fmt.Errorf("%s is a folder: name a file", path)
		case !info.Mode().IsRegular():
			// A pipe or a device cannot be replaced: write to it.
			file, err := os.OpenFile(path, os.O_WRONLY, 0)
			return &draft{path: path, file: file, direct: true}, err
		case info.Mode().Perm()&0o222 == 0:
			return nil, fmt.Errorf("%s is read-only: allow writing to it, or leave it out", path)
		}
		d.mode, d.isNew = info.Mode().Perm(), false
	}
	if err := d.create(); err != nil {
		// The user did not choose the name of the draft, so the error must not show it.
		if pathError, ok := errors.AsType[*fs.PathError](err); ok {
			err = pathError.Err
		}
		return nil, fmt.Errorf("%s cannot be written: %w", path, err)
	}
	return d, nil
}

// create makes the file of the draft, beside the path.
func (d *draft) create() (err error) {
	d.file, err = os.OpenFile(fmt.Sprintf("%s.%d.tmp", d.path, os.Getpid()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, d.mode)
	return err
}

// finish makes sure that the draft is on the disk.
func (d *draft) finish() error {
	if d.direct {
		return d.file.Close()
	}
	return errors.Join(d.file.Sync(), d.file.Close())
}

// publish puts the draft in its place, and keeps the old content.
func (d *draft) publish() (err error) {
	if d.direct {
		return nil
	}
	if !d.isNew {
		if d.before, err = os.ReadFile(d.path); err != nil {
			return err
		}
	}
	if err := os.Rename(d.file.Name(), d.path); err != nil {
		return err
	}
	d.done = true
	return nil
}

// takeBack puts the old content back in its place.
func (d *draft) takeBack() error {
	switch {
	case d.direct:
		return nil
	case d.isNew:
		return os.Remove(d.path)
	}
	d.done = false
	if err := d.create(); err != nil {
		return err
	}
	_, err := d.file.Write(d.before)
	if err := errors.Join(err, d.finish()); err != nil {
		return err
	}
	return d.publish()
}

// discard removes the draft, if it was not put in its place.
func (d *draft) discard() error {
	if d.done || d.direct {
		return nil
	}
	_ = d.file.Close() // it may be closed already
	if err := os.Remove(d.file.Name()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
