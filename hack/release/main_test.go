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

package main

import (
	"archive/tar"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

const (
	root    = "../.."
	version = "v1.2.3"
)

// TestImage builds the image from the repository, and again from another folder that holds only what hack/Dockerfile copies,
// and pushes it to a registry. The digest is always the same. Then it runs the commands of hack/Dockerfile there, and compares.
func TestImage(t *testing.T) {
	flags := os.Getenv("RELEASE_GOFLAGS")
	if flags == "" {
		t.Fatal("RELEASE_GOFLAGS is not set: run make test-release")
	}
	t.Setenv("GOFLAGS", flags)
	t.Setenv("SOURCE_DATE_EPOCH", "1795342530")
	image, err := buildImage(t.Context(), options{
		root: root, version: version, revision: "0123456789ab",
		platforms: []string{"linux/amd64", "linux/arm64"}, created: time.Unix(1795342530, 0).UTC(),
	})
	if err != nil {
		t.Fatal(err)
	}
	want, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}

	stage := readDockerfile(t)
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	tag := strings.TrimPrefix(server.URL, "http://") + "/journey-operator:" + version
	out := filepath.Join(t.TempDir(), "image")
	if err := run(t.Context(), []string{
		"-root", stage.folder, "-version", version, "-revision", "0123456789ab", "-out", out, "-push", tag, "-expect", want.String(),
	}); err != nil {
		t.Fatalf("building the image again, in another folder: %v", err)
	}
	checkLayout(t, out, want)
	checkRegistry(t, tag, want)

	manifest, err := image.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	var platforms []string
	for _, descriptor := range manifest.Manifests {
		platforms = append(platforms, descriptor.Platform.String())
		one, err := image.Image(descriptor.Digest)
		if err != nil {
			t.Fatal(err)
		}
		stage.check(t, one, *descriptor.Platform)
	}
	if got := strings.Join(platforms, " "); got != "linux/amd64 linux/arm64" {
		t.Errorf("platforms: %s", got)
	}
}

// TestBundle builds the image of the bundle twice, and holds it to the files and to bundle.Dockerfile.
func TestBundle(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1795342530")
	folder := filepath.Join(root, "config", "bundle")
	image, err := buildBundle(options{bundle: folder, version: version, created: time.Unix(1795342530, 0).UTC()})
	if err != nil {
		t.Fatal(err)
	}
	want, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}

	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	tag := strings.TrimPrefix(server.URL, "http://") + "/journey-operator-bundle:" + version
	copied, out := filepath.Join(t.TempDir(), "bundle"), t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(t.TempDir(), "bundle.tar.gz")
	if err := run(t.Context(), []string{
		"-bundle", copied, "-version", version, "-out", out, "-archive", archive, "-push", tag, "-expect", want.String(),
	}); err != nil {
		t.Fatalf("building the image again, from a copy: %v", err)
	}
	checkLayout(t, out, want)
	checkRegistry(t, tag, want)

	files := map[string]string{}
	for _, pattern := range []string{"manifests/*.yaml", "metadata/*.yaml"} {
		paths, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v, %v", pattern, paths, err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files["/"+filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path)] = fmt.Sprintf("%x", sha256.Sum256(content))
		}
	}
	if got := unpack(t, image); !maps.Equal(got, files) {
		t.Errorf("in the image are %v, want %v", got, files)
	}
	if out, err := exec.CommandContext(t.Context(), "tar", "-tzf", archive).Output(); err != nil || strings.Count(string(out), "\n") != len(files) {
		t.Errorf("in the archive: %v\n%s", err, out)
	}
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	dockerfile, err := os.ReadFile(filepath.Join(folder, "bundle.Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, label := range regexp.MustCompile(`(?m)^LABEL (\S+)=(\S+)$`).FindAllStringSubmatch(string(dockerfile), -1) {
		if config.Config.Labels[label[1]] != label[2] {
			t.Errorf("the image lacks the label %s=%s: %v", label[1], label[2], config.Config.Labels)
		}
	}
	if got := config.Config.Labels["org.opencontainers.image.version"]; got != version {
		t.Errorf("label of version %s", got)
	}
}

func TestBrokenBundle(t *testing.T) {
	if _, err := buildBundle(options{bundle: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "annotations.yaml") {
		t.Errorf("of an empty folder: got %v", err)
	}
}

func checkLayout(t *testing.T, folder string, want v1.Hash) {
	t.Helper()
	index, err := layout.ImageIndexFromPath(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(index); err != nil {
		t.Errorf("the layout on disk is not sound: %v", err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	if len(manifest.Manifests) != 1 || manifest.Manifests[0].Digest != want {
		t.Errorf("the layout on disk holds %v, want %s", manifest.Manifests, want)
	}
}

func checkRegistry(t *testing.T, tag string, want v1.Hash) {
	t.Helper()
	reference, err := name.ParseReference(tag)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := remote.Head(reference); err != nil || got.Digest != want {
		t.Errorf("the registry has %v, %v, want %s", got, err, want)
	}
}

func TestUnexpectedDigest(t *testing.T) {
	got := v1.Hash{Algorithm: "sha256", Hex: strings.Repeat("0a", 32)}
	if err := expected(got, got.String()); err != nil {
		t.Error(err)
	}
	if err := expected(got, "sha256:1b"); err == nil || !strings.Contains(err.Error(), "not sha256:1b") {
		t.Errorf("got %v", err)
	}
}

// TestVersionOfGo finds that the image, the tests and the release are compiled with the same version of Go.
func TestVersionOfGo(t *testing.T) {
	said := map[string][]string{}
	for path, pattern := range map[string]string{
		"hack/Dockerfile":                `golang:(\S+)`,
		".github/workflows/ci.yaml":      `go-version: (\S+)`,
		".github/workflows/release.yaml": `go-version: (\S+)`,
	} {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1) {
			said[match[1]] = append(said[match[1]], path)
		}
	}
	if len(said) != 1 {
		t.Errorf("they differ: %v", said)
	}
}

// TestActionsArePinned finds each action at a commit, since tags move.
func TestActionsArePinned(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%v, %v", paths, err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`uses: (.*)`).FindAllStringSubmatch(string(text), -1) {
			if !regexp.MustCompile(`^(\./.*|\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$`).MatchString(match[1]) {
				t.Errorf("%s: write %s as owner/name@commit # v1.2.3", path, match[1])
			}
		}
	}
}

// dockerfile is what hack/Dockerfile says.
type dockerfile struct {
	folder                  string // holds what it copies from the repository
	builds                  []string
	flags                   string
	user, path, entry, base string
}

func readDockerfile(t *testing.T) dockerfile {
	t.Helper()
	file, err := os.Open(filepath.Join(root, "hack", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	parsed, err := parser.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil || len(stages) != 2 {
		t.Fatalf("%v: %d stages", err, len(stages))
	}
	d := dockerfile{folder: t.TempDir(), base: stages[1].BaseName}
	if stages[0].Platform != "$BUILDPLATFORM" {
		t.Errorf("it compiles on %q, want $BUILDPLATFORM: elsewhere it is emulated, and slow", stages[0].Platform)
	}
	lex := shell.NewLex('\\')
	expand := func(word string) (string, error) {
		expanded, _, err := lex.ProcessWord(word, shell.EnvsFromSlice([]string{"VERSION=" + version}))
		return expanded, err
	}
	for _, command := range slices.Concat(stages[0].Commands, stages[1].Commands) {
		switch command := command.(type) {
		case *instructions.EnvCommand:
			if err := command.Expand(expand); err != nil {
				t.Fatal(err)
			}
			for _, pair := range command.Env {
				switch pair.Key {
				case "GOFLAGS":
					d.flags = pair.Value
				case "PATH":
					d.path = pair.String()
				}
			}
		case *instructions.CopyCommand:
			if command.From == "" {
				for _, path := range command.SourcePaths {
					copySources(t, d.folder, path)
				}
			}
		case *instructions.RunCommand:
			if line := strings.Join(command.CmdLine, " "); strings.Contains(line, "go build") {
				d.builds = append(d.builds, line)
			}
		case *instructions.UserCommand:
			d.user = command.User
		case *instructions.EntrypointCommand:
			d.entry = strings.Join(command.CmdLine, " ")
		}
	}
	return d
}

// copySources copies what is not in .dockerignore.
func copySources(t *testing.T, to, path string) {
	t.Helper()
	file, err := os.Open(filepath.Join(root, ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	patterns, err := ignorefile.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	ignored, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}
	if err := filepath.WalkDir(filepath.Join(root, path), func(from string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(root, from)
		if err != nil {
			return err
		}
		if skip, err := ignored.MatchesOrParentMatches(relative); err != nil || skip {
			return err
		}
		content, err := os.ReadFile(from)
		target := filepath.Join(to, relative)
		return errors.Join(err, os.MkdirAll(filepath.Dir(target), 0o755), os.WriteFile(target, content, 0o644))
	}); err != nil {
		t.Fatal(err)
	}
}

// check holds the image for a platform to hack/Dockerfile.
func (d dockerfile) check(t *testing.T, image v1.Image, platform v1.Platform) {
	t.Helper()
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if got := config.Config.User; got != d.user || got != user {
		t.Errorf("%s: user %s, and in hack/Dockerfile %s", platform, got, d.user)
	}
	if got := strings.Join(config.Config.Entrypoint, " "); got != d.entry {
		t.Errorf("%s: entrypoint %s, and in hack/Dockerfile %s", platform, got, d.entry)
	}
	if !strings.HasPrefix(d.path, "PATH=/ko-app") || !slices.ContainsFunc(config.Config.Env, func(env string) bool {
		return strings.HasPrefix(env, d.path)
	}) {
		t.Errorf("%s: environment %v, and in hack/Dockerfile %s", platform, config.Config.Env, d.path)
	}
	if got := config.Config.Labels["org.opencontainers.image.version"]; got != version {
		t.Errorf("%s: label of version %s", platform, got)
	}
	if d.base != "scratch" || d.flags != os.Getenv("GOFLAGS") {
		t.Errorf("hack/Dockerfile is based on %s and has GOFLAGS=%s, but the Makefile says %s", d.base, d.flags, os.Getenv("GOFLAGS"))
	}
	programs := unpack(t, image)
	if got := strings.Join(slices.Sorted(maps.Keys(programs)), " "); got != "/ko-app/kubectl-journey /ko-app/manager /ko-app/observer" {
		t.Errorf("%s: it holds %s", platform, got)
	}
	if platform.Architecture != runtime.GOARCH || platform.OS != runtime.GOOS {
		return
	}
	app := t.TempDir()
	for _, line := range d.builds {
		line = strings.ReplaceAll(line, "/ko-app", app)
		build := exec.CommandContext(t.Context(), "sh", "-c", line)
		build.Dir = d.folder
		build.Env = append(os.Environ(), "CGO_ENABLED=0", "TARGETOS="+platform.OS, "TARGETARCH="+platform.Architecture)
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("hack/Dockerfile: %s: %v\n%s", line, err, out)
		}
	}
	for path, sum := range programs {
		program := filepath.Join(app, filepath.Base(path))
		content, err := os.ReadFile(program)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(content)); got != sum {
			t.Errorf("%s: hack/Dockerfile gives other bytes than ko", path)
		}
	}
	for _, arguments := range [][]string{{"manager", "--version"}, {"observer", "--version"}, {"kubectl-journey", "version"}} {
		out, err := exec.CommandContext(t.Context(), filepath.Join(app, arguments[0]), arguments[1:]...).CombinedOutput()
		if err != nil || !strings.Contains(string(out), version) {
			t.Errorf("%v: %v, %s", arguments, err, out)
		}
	}
}

// unpack returns the checksums of the files in an image.
func unpack(t *testing.T, image v1.Image) map[string]string {
	t.Helper()
	content := mutate.Extract(image)
	defer func() { _ = content.Close() }()
	sums := map[string]string{}
	for archive := tar.NewReader(content); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return sums
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		hash := sha256.New()
		if _, err := io.Copy(hash, archive); err != nil {
			t.Fatal(err)
		}
		sums["/"+strings.TrimPrefix(header.Name, "/")] = fmt.Sprintf("%x", hash.Sum(nil))
	}
}
