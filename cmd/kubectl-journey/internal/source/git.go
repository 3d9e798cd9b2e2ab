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
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// revision is a path in a git revision. It is written as for git: main:journeys/ starts at the root of the repository,
// main:./journeys/ at the current folder.
type revision struct{ name, path string }

// drive matches the beginning of a Windows path, such as C:\, which is no revision.
var drive = regexp.MustCompile(`^[A-Za-z]:([\\/]|$)`)

// parseRevision returns the git revision and the path in it. A place is a revision if it has a colon and no file has that name.
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

// IsRevision tells whether a place is a path in a git revision.
func IsRevision(place string) bool {
	_, ok := parseRevision(place)
	return ok
}

// hintRevisions adds a hint where the user gave a git revision without a path.
func hintRevisions(ctx context.Context, faults []Fault) {
	for i := range faults {
		f := &faults[i]
		if _, err := os.Lstat(f.Place.File); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if _, err := (revision{name: f.Place.File}).tree(ctx); err == nil {
			f.Text += fmt.Sprintf(", and of a git revision you have to name a path: %s:journeys/", terminal.Line(f.Place.File))
		}
	}
}

func (r revision) String() string { return r.name + ":" + r.path }

// lack is the error that the path is not in the revision.
func (r revision) lack() error {
	return fmt.Errorf("revision %s holds no .yaml, .yml or .json files in %s", terminal.Line(r.name), terminal.Line(orRoot(r.path)))
}

func orRoot(folder string) string {
	if folder == "" {
		return "its root folder"
	}
	return folder
}

// read returns the files of the revision. They come from the object database of git, not from the index or the work tree.
func (r revision) read(ctx context.Context) ([]text, error) {
	tree, err := r.tree(ctx)
	if failed, ok := errors.AsType[*gitError](err); ok && failed.message == "" {
		if r.name == "HEAD" {
			// HEAD has no commit yet.
			return nil, nil
		}
		return nil, fmt.Errorf("git knows no revision %s, nor is there a file %s: %s", terminal.Line(r.name), terminal.Line(r.String()), r.advice(ctx))
	}
	if err != nil {
		return nil, err
	}
	s := snapshot{r, tree}
	blobs, err := s.blobs(ctx)
	if err != nil || len(blobs) == 0 {
		return nil, err
	}
	return s.contents(ctx, blobs)
}

// fetchable matches names of branches, tags and commits that need no quotes in a command. What may follow, such as ~2, leads to an older
// commit.
var fetchable = regexp.MustCompile(`^(\w[\w./-]*)([~^@].*)?$`)

// advice says how to fetch a revision that git does not know.
func (r revision) advice(ctx context.Context) string {
	const correct = "correct the name"
	parts := fetchable.FindStringSubmatch(r.name)
	remote := r.remote(ctx)
	if parts == nil || remote == "" {
		return correct
	}
	name, older := parts[1], parts[2] != ""
	shallow, err := r.git(ctx, nil, "rev-parse", "--is-shallow-repository")
	isShallow := err == nil && strings.TrimSpace(string(shallow)) == "true"
	_, err = revision{name: name}.tree(ctx)
	if known := err == nil; known && !isShallow {
		return correct
	} else if known {
		return "this is a shallow clone, without older commits: fetch them first with git fetch --unshallow"
	}
	command := "git fetch "
	switch {
	case isShallow && older:
		command += "--unshallow "
	case isShallow:
		command += "--depth=1 "
	}
	// A shallow clone fetches one branch only. To fetch another one, the command must say where to put it.
	if branch, found := strings.CutPrefix(name, remote+"/"); found {
		return fmt.Sprintf("fetch it first with %s%s +refs/heads/%s:refs/remotes/%s, or %s", command, remote, branch, name, correct)
	}
	fetched := strings.Replace(r.String(), name, "FETCH_HEAD", 1)
	return fmt.Sprintf("fetch it first with %s%s %s, and then write %s, or %s", command, remote, name, terminal.Line(fetched), correct)
}

// remote is the remote to fetch from: the one that the revision names, else origin, else any. It is empty if there is none.
func (r revision) remote(ctx context.Context) string {
	output, _ := r.git(ctx, nil, "remote")
	remotes := strings.Fields(string(output))
	for _, remote := range remotes {
		if strings.HasPrefix(r.name, remote+"/") {
			return remote
		}
	}
	if len(remotes) > 0 && !slices.Contains(remotes, "origin") {
		return remotes[0]
	}
	if len(remotes) > 0 {
		return "origin"
	}
	return ""
}

// tree is the id of the root folder of the revision.
func (r revision) tree(ctx context.Context) (string, error) {
	if r.name == "" || strings.HasPrefix(r.name, "-") || strings.ContainsRune(r.path, '\n') {
		return "", fmt.Errorf("%s is neither a file nor a git revision of a path: write for instance main:journeys/", terminal.Line(r.String()))
	}
	id, err := r.git(ctx, nil, "rev-parse", "--verify", "--quiet", r.name+"^{tree}")
	return strings.TrimSpace(string(id)), err
}

// snapshot is a revision with the id of its root folder.
type snapshot struct {
	revision

	tree string
}

// blob is a file in the object database.
type blob struct {
	id, path string
	// link tells that it is a link, which must be followed.
	link bool
	// given tells that the user named this file, and not a folder above it.
	given bool
}

// The modes of entries that are not plain files.
const (
	modeLink      = "120000"
	modeSubmodule = "160000"
)

// blobs lists the manifests of the snapshot in the path, by name. As in folders, it skips hidden files and follows links to files.
func (s snapshot) blobs(ctx context.Context) ([]blob, error) {
	root, err := s.fromRoot(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.follow(ctx, root)
	switch {
	case err != nil:
		return nil, err
	case found.kind == kindBlob:
		return []blob{{id: found.id, path: root, given: true}}, nil
	case found.kind != kindTree:
		return nil, s.explain(ctx, root, found)
	}
	entries, err := s.list(ctx, "-r", found.id)
	if err != nil {
		return nil, err
	}
	var blobs []blob
	for _, e := range entries {
		name := path.Join(root, e.path)
		switch {
		case e.mode == modeSubmodule && isVisible(e.path):
			return nil, s.submodule(name)
		case isVisible(e.path) && isManifest(path.Base(e.path)):
			blobs = append(blobs, blob{id: e.id, path: name, link: e.mode == modeLink})
		}
	}
	return blobs, nil
}

// explain returns why a path cannot be read although something is there, for instance a link to nothing. It returns nil if nothing is
// there.
func (s snapshot) explain(ctx context.Context, root string, found object) error {
	switch {
	case found.kind == kindOutside:
		return fmt.Errorf("%s of revision %s is a link out of the repository, to %s", terminal.Line(root), terminal.Line(s.name), terminal.Line(string(found.content)))
	case strings.ContainsAny(root, "*?["):
		return fmt.Errorf("revision %s has no path %s, and patterns are not looked for in a revision: name the folder", terminal.Line(s.name), terminal.Line(root))
	}
	args := []string{s.tree, "--"}
	for n, r := range root {
		if r == '/' {
			args = append(args, root[:n])
		}
	}
	entries, err := s.list(ctx, append(args, root)...)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.mode == modeSubmodule {
			return s.submodule(e.path)
		}
	}
	return nil
}

func (s snapshot) submodule(name string) error {
	return fmt.Errorf("%s of revision %s is a submodule, which git keeps elsewhere: name a revision of the submodule, in its folder",
		terminal.Line(name), terminal.Line(s.name))
}

// entry is a line of a folder in the object database.
type entry struct{ mode, id, path string }

func (s snapshot) list(ctx context.Context, args ...string) ([]entry, error) {
	output, err := s.git(ctx, nil, append([]string{"ls-tree", "-z", "--full-tree"}, args...)...)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for line := range strings.SplitSeq(strings.TrimSuffix(string(output), "\x00"), "\x00") {
		info, name, _ := strings.Cut(line, "\t")
		if fields := strings.Fields(info); len(fields) == 3 {
			entries = append(entries, entry{fields[0], fields[2], name})
		}
	}
	return entries, nil
}

func isVisible(name string) bool {
	return !slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return strings.HasPrefix(part, ".") })
}

// fromRoot is the path from the root of the repository. It is empty for the root itself.
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
		return "", fmt.Errorf("%s is outside of the repository: write the path from its root folder", terminal.Line(r.String()))
	}
	if joined == "." {
		return "", nil
	}
	return joined, nil
}

// follow looks a path up. It follows links.
func (s snapshot) follow(ctx context.Context, name string) (object, error) {
	output, err := s.git(ctx, strings.NewReader(s.tree+":"+name+"\n"), "cat-file", "--batch-check", "--follow-symlinks")
	if err != nil {
		return object{}, err
	}
	return nextObject(bufio.NewReader(bytes.NewReader(output)), false)
}

// contents reads files with one git command. It skips links to files that are read anyway, and links to folders.
func (s snapshot) contents(ctx context.Context, blobs []blob) ([]text, error) {
	var names bytes.Buffer
	known := make(map[string]bool, len(blobs))
	for _, b := range blobs {
		if b.link {
			names.WriteString(s.tree + ":" + b.path + "\n")
		} else {
			names.WriteString(b.id + "\n")
			known[b.id] = true
		}
	}
	output, err := s.git(ctx, &names, "cat-file", "--batch", "--follow-symlinks")
	if err != nil {
		return nil, err
	}
	in := bufio.NewReader(bytes.NewReader(output))
	texts := make([]text, 0, len(blobs))
	for _, b := range blobs {
		found, err := nextObject(in, true)
		switch {
		case err != nil:
			return nil, fmt.Errorf("reading %s of revision %s: %w", terminal.Line(b.path), terminal.Line(s.name), err)
		case b.link && (found.kind == kindTree || known[found.id]):
			continue
		case found.kind != kindBlob:
			return nil, fmt.Errorf("%s of revision %s cannot be read: git says %s %s", terminal.Line(b.path), terminal.Line(s.name), found.kind,
				terminal.Line(string(found.content)))
		}
		t := text{name: s.name + ":" + b.path, content: found.content}
		if b.given {
			t.emptiness = file{}.emptiness()
		}
		texts = append(texts, t)
	}
	return texts, nil
}

// object is what git has under a name.
type object struct {
	id, kind string
	// content of a file. Of a link to nothing, it is the target of the link.
	content []byte
}

// Kinds of objects. Git gives a reason in place of the kind when there is no object: missing, dangling, loop.
const (
	kindBlob    = "blob"
	kindTree    = "tree"
	kindOutside = "symlink"
)

// nextObject reads an object as git cat-file writes it: a line with its id, kind and size, then the content if that was asked for.
// For a link to nothing, cat-file writes a line with the reason and a size, then the target of the link.
func nextObject(in *bufio.Reader, withContent bool) (object, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return object{}, err
	}
	if strings.HasSuffix(line, " missing\n") {
		return object{kind: "missing"}, nil
	}
	fields := strings.Fields(line)
	if len(fields) != 2 && len(fields) != 3 {
		return object{}, fmt.Errorf("git says %s", terminal.Line(strings.TrimSpace(line)))
	}
	size, err := strconv.Atoi(fields[len(fields)-1])
	if err != nil {
		return object{}, err
	}
	found := object{kind: fields[len(fields)-2]}
	if len(fields) == 3 {
		found.id = fields[0]
	}
	if found.id != "" && !withContent {
		return found, nil
	}
	content := make([]byte, size+1)
	if _, err := io.ReadFull(in, content); err != nil {
		return object{}, err
	}
	found.content = content[:size]
	return found, nil
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
	// In English, the one language that every git has. No locks, since nothing is written. No questions for passwords, since nobody answers.
	command.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0")
	command.Stdin = stdin
	var output, problem bytes.Buffer
	command.Stdout, command.Stderr = &output, &problem
	err := command.Run()
	if err == nil {
		return output.Bytes(), nil
	}
	message, _, _ := strings.Cut(strings.TrimSpace(problem.String()), "\n")
	message = terminal.Line(strings.TrimPrefix(message, "fatal: "))
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return nil, fmt.Errorf("there is no file %s, and to read it as a git revision takes git, which is not installed", terminal.Line(r.String()))
	case strings.HasPrefix(message, "not a git repository"):
		return nil, fmt.Errorf("there is no file %s, nor is this folder in a git repository of which it could be a revision", terminal.Line(r.String()))
	}
	if _, repository, found := strings.Cut(message, "dubious ownership in repository at "); found {
		message += ", since it belongs to somebody else: git config --global --add safe.directory " + repository
	}
	if _, exited := errors.AsType[*exec.ExitError](err); !exited {
		message = err.Error()
	}
	return nil, &gitError{args[0], message}
}

// Repositories finds the path of a file from the root of its git repository. Code review tools name files so. The zero value is ready to
// use.
type Repositories struct {
	// prefixes are the paths from the root of the repository to a folder, by folder. Empty if the folder is in no repository.
	prefixes map[string]string
}

// Path returns the path of a file from the root of its git repository. If it is in no repository, Path returns the path as given.
func (r *Repositories) Path(ctx context.Context, file string) string {
	folder, name := filepath.Split(file)
	prefix, known := r.prefixes[folder]
	if !known {
		prefix = prefixOf(ctx, folder)
		if r.prefixes == nil {
			r.prefixes = map[string]string{}
		}
		r.prefixes[folder] = prefix
	}
	if prefix == "" {
		return file
	}
	return filepath.Join(filepath.FromSlash(prefix), name)
}

// prefixOf asks git for the path from the root of the repository to a folder. It is ./ for the root itself, and empty if there is no
// repository, or no git.
func prefixOf(ctx context.Context, folder string) string {
	command := exec.CommandContext(ctx, "git", "rev-parse", "--show-prefix")
	command.Dir = folder
	// In a hook, git sets GIT_DIR, relative to a folder that is not this one.
	command.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "GIT_DIR=") })
	output, err := command.Output()
	if err != nil {
		return ""
	}
	return "./" + strings.TrimSuffix(string(output), "\n")
}
