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
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// plugin is what krew reads of a manifest, v1alpha2.
type plugin struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name string `json:"name"`
	} `json:"metadata"`
	Spec struct {
		Version          string `json:"version"`
		Homepage         string `json:"homepage"`
		ShortDescription string `json:"shortDescription"`
		Description      string `json:"description"`
		Platforms        []struct {
			Selector struct {
				MatchLabels map[string]string `json:"matchLabels"`
			} `json:"selector"`
			URI    string `json:"uri"`
			Sha256 string `json:"sha256"`
			Bin    string `json:"bin"`
			Files  []struct {
				From string `json:"from"`
				To   string `json:"to"`
			} `json:"files"`
		} `json:"platforms"`
	} `json:"spec"`
}

func TestManifest(t *testing.T) {
	// As a release fills it in.
	text := strings.ReplaceAll(manifest, "{{version}}", "v1.2.3")
	text = regexp.MustCompile(`\{\{sha256_\w+}}`).ReplaceAllString(text, strings.Repeat("0a", 32))
	var p plugin
	if err := yaml.UnmarshalStrict([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	if p.APIVersion != "krew.googlecontainertools.github.com/v1alpha2" || p.Kind != "Plugin" || p.Metadata.Name != "journey" {
		t.Errorf("it is %s %s %s", p.APIVersion, p.Kind, p.Metadata.Name)
	}
	if p.Spec.Version != "v1.2.3" || p.Spec.Homepage == "" || p.Spec.Description == "" {
		t.Errorf("version, homepage or description: %+v", p.Spec)
	}
	// The index of krew asks for no more than that.
	if s := p.Spec.ShortDescription; s == "" || len(s) > 50 || strings.HasSuffix(s, ".") {
		t.Errorf("short description %q", s)
	}
	var platforms []string
	for _, platform := range p.Spec.Platforms {
		name := platform.Selector.MatchLabels["os"] + "_" + platform.Selector.MatchLabels["arch"]
		platforms = append(platforms, name)
		archive, program := name+".tar.gz", "kubectl-journey"
		if platform.Selector.MatchLabels["os"] == "windows" {
			archive, program = name+".zip", "kubectl-journey.exe"
		}
		want := p.Spec.Homepage + "/releases/download/v1.2.3/kubectl-journey_" + archive
		if platform.URI != want || platform.Bin != program || len(platform.Sha256) != 64 ||
			len(platform.Files) != 2 || platform.Files[0].From != program {
			t.Errorf("%s: %+v", name, platform)
		}
		if !strings.Contains(manifest, "{{sha256_"+name+"}}") {
			t.Errorf("%s has no checksum of its own", name)
		}
	}
	if got := strings.Join(platforms, " "); got != "linux_amd64 linux_arm64 darwin_amd64 darwin_arm64 windows_amd64 windows_arm64" {
		t.Errorf("platforms: %s", got)
	}
}

// TestRelease builds the archive for this machine, and does with it what krew does.
func TestRelease(t *testing.T) {
	out := t.TempDir()
	here := platform{runtime.GOOS, runtime.GOARCH}
	t.Setenv("GOFLAGS", "'-ldflags=-s -w -X github.com/journeyops/journey-operator/cmd/internal/version.override=v1.2.3'")
	if err := release("v1.2.3", out, []platform{here}, nil); err != nil {
		t.Fatal(err)
	}
	filled, err := os.ReadFile(filepath.Join(out, "journey.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	archive, err := os.ReadFile(filepath.Join(out, "kubectl-journey_"+here.String()+".tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(archive)); !strings.Contains(string(filled), sum) || strings.Contains(string(filled), here.checksum()) {
		t.Errorf("the manifest lacks the checksum %s:\n%s", sum, filled)
	}
	files := unpack(t, out, filepath.Join(out, "kubectl-journey_"+here.String()+".tar.gz"))
	if strings.Join(files, " ") != "kubectl-journey LICENSE" {
		t.Errorf("the archive holds %v", files)
	}
	said, err := exec.CommandContext(t.Context(), filepath.Join(out, "kubectl-journey"), "version").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(said), "kubectl-journey v1.2.3 ") {
		t.Errorf("%v: %s", err, said)
	}
}

func unpack(t *testing.T, dir, path string) (names []string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewReader(plain)
	for {
		header, err := archive.Next()
		if err == io.EOF { //nolint:errorlint // As tar documents it.
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, header.Name)
		content, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, header.Name), content, os.FileMode(header.Mode)); err != nil { //nolint:gosec // It is our own archive.
			t.Fatal(err)
		}
	}
}

// TestZipped looks into an archive for Windows.
func TestZipped(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for _, name := range []string{"kubectl-journey.exe", "LICENSE"} {
		paths = append(paths, filepath.Join(dir, name))
		if err := os.WriteFile(filepath.Join(dir, name), []byte("this is "+name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var first, second bytes.Buffer
	if err := errors.Join(zipped(&first, paths...), zipped(&second, paths...)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same files gave two archives")
	}
	archive, err := zip.NewReader(bytes.NewReader(first.Bytes()), int64(first.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var held []string
	for _, name := range []string{"kubectl-journey.exe", "LICENSE"} {
		content, err := fs.ReadFile(archive, name)
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, string(content))
	}
	if got := strings.Join(held, ", "); got != "this is kubectl-journey.exe, this is LICENSE" || len(archive.File) != 2 {
		t.Errorf("the archive holds %s", got)
	}
}

func TestNoRelease(t *testing.T) {
	for _, version := range []string{"", "1.2.3", "v1.2", "v1.2.3 ", "v1.2.3+dirty"} {
		if err := release(version, t.TempDir(), nil, nil); err == nil || !strings.Contains(err.Error(), "v1.2.3") {
			t.Errorf("%q: %v", version, err)
		}
	}
}
