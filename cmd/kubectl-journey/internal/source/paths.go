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
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Stdin is the path that stands for standard input.
const Stdin = "-"

// stdinName is the name of standard input in a Place.
const stdinName = "stdin"

// file is a file to be read.
type file struct {
	// path as people see it.
	path string
	// given tells that the user named this file. Others were found in a folder.
	given bool
	// plain tells that this is known to be a plain file, not a link.
	plain bool
}

// findFiles returns the files in paths, each once. They come in the order of the paths; those of a folder are sorted by name.
func findFiles(paths []string) ([]file, []Fault) {
	var found []file
	var faults []Fault
	seen := map[string]bool{}
	resolved := map[string]string{}
	add := func(f file) {
		if id := identity(f, resolved); !seen[id] {
			seen[id] = true
			found = append(found, f)
		}
	}
	for _, path := range paths {
		if path == Stdin {
			add(file{path: Stdin, given: true})
			continue
		}
		inside, err := expand(path)
		if err != nil {
			faults = append(faults, Fault{Place: Place{File: path}, Text: PathProblem(path, err)})
			continue
		}
		for _, f := range inside {
			add(f)
		}
	}
	return found, faults
}

// identity is the same for two paths that lead to one file. Most files are not links. For those it is enough to resolve links in the
// folder, which is done once for each folder.
func identity(f file, resolved map[string]string) string {
	if f.path == Stdin {
		return f.path
	}
	if !f.plain {
		return resolve(f.path)
	}
	folder, name := filepath.Split(f.path)
	if _, known := resolved[folder]; !known {
		resolved[folder] = resolve(folder)
	}
	return filepath.Join(resolved[folder], name)
}

func resolve(path string) string {
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		path = resolved
	}
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	return path
}

// PathProblem says in plain words why a path cannot be read.
func PathProblem(path string, err error) string {
	switch {
	case strings.HasPrefix(path, "http://"), strings.HasPrefix(path, "https://"):
		return "this is a URL: download it, and give the file or - for standard input"
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file or folder"
	case errors.Is(err, fs.ErrPermission):
		return "you have no permission to read this"
	}
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}

func expand(path string) ([]file, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []file{{path: path, given: true}}, nil
	}
	files, err := walk(path)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errors.New("there are no .yaml, .yml or .json files in this folder")
	}
	return files, nil
}

// walk returns the manifests in a folder and the folders below it. It follows links to files. It does not follow links to folders, since
// they could lead in circles.
func walk(folder string) ([]file, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []file
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		// Hidden files configure tools (.github, .golangci.yml) or are old copies.
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if entry.IsDir() {
			inside, err := walk(path)
			if err != nil {
				return nil, err
			}
			files = append(files, inside...)
			continue
		}
		plain := entry.Type().IsRegular()
		if isManifest(entry.Name()) && (plain || isRegular(path)) {
			files = append(files, file{path: path, plain: plain})
		}
	}
	return files, nil
}

func isManifest(name string) bool {
	name = strings.ToLower(name)
	if name == "kustomization.yaml" || name == "kustomization.yml" {
		return false
	}
	return slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(name))
}

func isRegular(path string) bool {
	info, err := os.Stat(path)
	// Keep a file that Stat fails on: when it is read, the error says why.
	return err != nil || info.Mode().IsRegular()
}

// read returns the content of a file, and its name as in a Place.
func (f file) read(ctx context.Context, stdin io.Reader) (name string, content []byte, err error) {
	if f.path == Stdin {
		content, err = readAll(ctx, stdin)
		return stdinName, content, err
	}
	content, err = os.ReadFile(f.path)
	return f.path, content, err
}

// readAll reads until the end, or until the context ends. A read that waits for the keyboard cannot be stopped, so it is left behind.
func readAll(ctx context.Context, in io.Reader) ([]byte, error) {
	type outcome struct {
		content []byte
		err     error
	}
	done := make(chan outcome, 1)
	go func() {
		content, err := io.ReadAll(in)
		done <- outcome{content, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case read := <-done:
		return read.content, read.err
	}
}

func (f file) emptiness() string {
	if f.path == Stdin {
		return "nothing came in on standard input: expected YAML or JSON"
	}
	return fmt.Sprintf("the file is empty: expected objects of %s", expected())
}
