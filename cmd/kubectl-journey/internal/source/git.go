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
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/render"
)

// revision is a path as of a git revision, written as git does: main:journeys/ from the root of the repository, main:./journeys/
// from the current folder.
type revision struct{ name, path string }

// drive begins a path of Windows.
var drive = regexp.MustCompile(`^[A-Za-z]:([\\/]|$)`)

// parseRevision tells a git revision of a path from a path: it has a colon, and there is no such file.
func parseRevision(place string) (revision, bool) {
	name, inside, found := strings.Cut(place, ":")
	if !found || strings.HasPrefix(inside, "//") || drive.MatchString(place) {
		return revision{}, false
	}
	if _, err := os.Lstat(place); err == nil {
		return revision{}, false
	}
	return revision{name, inside}, true
}

// IsRevision tells whether a place is a git revision of a path.
func IsRevision(place string) bool {
	_, ok := parseRevision(place)
	return ok
}

func (r revision) String() string { return r.name + ":" + r.path }

// lack says that the revision does not hold the path.
func (r revision) lack() error {
	return fmt.Errorf("revision %s holds no .yaml, .yml or .json files in %s", render.Line(r.name), render.Line(orRoot(r.path)))
}

func orRoot(folder string) string {
	if folder == "" {
		return "its root folder"
	}
	return folder
}

// read returns the files of the revision. It only asks the object database of git: neither the index nor the work tree is looked at.
func (r revision) read(ctx context.Context) ([]text, error) {
	if r.name == "" || strings.HasPrefix(r.name, "-") {
		return nil, fmt.Errorf("%s is neither a file nor a git revision of a path: write for instance main:journeys/", render.Line(r.String()))
	}
	commit, err := r.git(ctx, nil, "rev-parse", "--verify", "--quiet", r.name+"^{commit}")
	if failed, ok := errors.AsType[*gitError](err); ok && failed.message == "" {
		return nil, fmt.Errorf("git knows no revision %s, nor is there a file %s: fetch it first (git fetch origin %[1]s; a shallow clone "+
			"holds few of them), or correct the name", render.Line(r.name), render.Line(r.String()))
	}
	if err != nil {
		return nil, err
	}
	blobs, err := r.blobs(ctx, strings.TrimSpace(string(commit)))
	if err != nil || len(blobs) == 0 {
		return nil, err
	}
	return r.contents(ctx, blobs)
}

// blob is a file in the object database.
type blob struct {
	id, path string
	given    bool
}

// blobs lists the manifests of a commit in the path, by name. As in folders, hidden files are left out, and so are links.
func (r revision) blobs(ctx context.Context, commit string) ([]blob, error) {
	root, err := r.fromRoot(ctx)
	if err != nil {
		return nil, err
	}
	args := []string{"ls-tree", "-r", "-z", "--full-tree", commit}
	if root != "" {
		args = append(args, "--", root)
	}
	list, err := r.git(ctx, nil, args...)
	if err != nil {
		return nil, err
	}
	var blobs []blob
	for entry := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		info, name, _ := strings.Cut(entry, "\t")
		fields := strings.Fields(info)
		if len(fields) != 3 || !strings.HasPrefix(fields[0], "100") {
			continue
		}
		given := name == root
		if given || isVisible(strings.TrimPrefix(name, root)) && isManifest(path.Base(name)) {
			blobs = append(blobs, blob{id: fields[2], path: name, given: given})
		}
	}
	return blobs, nil
}

func isVisible(name string) bool {
	return !slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return strings.HasPrefix(part, ".") })
}

// fromRoot is the path from the root of the repository; empty for the root.
func (r revision) fromRoot(ctx context.Context) (string, error) {
	prefix := ""
	if r.path == "." || r.path == ".." || strings.HasPrefix(r.path, "./") || strings.HasPrefix(r.path, "../") {
		output, err := r.git(ctx, nil, "rev-parse", "--show-prefix")
		if err != nil {
			return "", err
		}
		prefix = strings.TrimSuffix(string(output), "\n")
	}
	joined := path.Join(prefix, r.path)
	if joined == ".." || strings.HasPrefix(joined, "../") || strings.HasPrefix(joined, "/") {
		return "", fmt.Errorf("%s is outside of the repository: write the path from its root folder", render.Line(r.String()))
	}
	if joined == "." {
		return "", nil
	}
	return joined, nil
}

// contents reads files in one go.
func (r revision) contents(ctx context.Context, blobs []blob) ([]text, error) {
	var ids bytes.Buffer
	for _, b := range blobs {
		ids.WriteString(b.id + "\n")
	}
	output, err := r.git(ctx, &ids, "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	in := bufio.NewReader(bytes.NewReader(output))
	texts := make([]text, 0, len(blobs))
	for _, b := range blobs {
		content, err := nextObject(in)
		if err != nil {
			return nil, fmt.Errorf("reading %s of revision %s: %w", render.Line(b.path), render.Line(r.name), err)
		}
		t := text{name: r.name + ":" + b.path, content: content}
		if b.given {
			t.emptiness = file{}.emptiness()
		}
		texts = append(texts, t)
	}
	return texts, nil
}

// nextObject reads an object as cat-file writes it: a line with its id, type and size, and the content.
func nextObject(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(line)
	if len(fields) != 3 {
		return nil, fmt.Errorf("git says %s", render.Line(strings.TrimSpace(line)))
	}
	size, err := strconv.Atoi(fields[2])
	if err != nil {
		return nil, err
	}
	content := make([]byte, size+1)
	if _, err := io.ReadFull(in, content); err != nil {
		return nil, err
	}
	return content[:size], nil
}

// gitError is a git command that failed.
type gitError struct {
	command string
	message string
}

func (e *gitError) Error() string {
	return fmt.Sprintf("git %s failed: %s", e.command, e.message)
}

// git runs a git command that only reads.
func (r revision) git(ctx context.Context, stdin io.Reader, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "git", args...)
	// In its own language, since there is no other that is sure to be there, without locks, and without asking for passwords.
	command.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0")
	command.Stdin = stdin
	var output, problem bytes.Buffer
	command.Stdout, command.Stderr = &output, &problem
	err := command.Run()
	if err == nil {
		return output.Bytes(), nil
	}
	message, _, _ := strings.Cut(strings.TrimSpace(problem.String()), "\n")
	message = render.Line(strings.TrimPrefix(message, "fatal: "))
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return nil, fmt.Errorf("there is no file %s, and to read it as a git revision takes git, which is not installed", render.Line(r.String()))
	case strings.HasPrefix(message, "not a git repository"):
		return nil, fmt.Errorf("there is no file %s, nor is this folder in a git repository of which it could be a revision", render.Line(r.String()))
	}
	if _, exited := errors.AsType[*exec.ExitError](err); !exited {
		message = err.Error()
	}
	return nil, &gitError{args[0], message}
}
