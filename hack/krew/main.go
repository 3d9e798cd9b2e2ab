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

// Command krew builds a release of the plugin: an archive for each platform of journey.yaml, and that manifest with the
// checksums. The same sources give the same archives. How they are compiled is in GOFLAGS: see the Makefile.
package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

//go:embed journey.yaml
var manifest string

const program = "kubectl-journey"

func main() {
	version := flag.String("version", "", "version of the release, for instance v1.2.3")
	out := flag.String("out", filepath.Join("dist", "krew"), "folder for the archives and the manifest")
	only := flag.String("only", "", "platforms to build, for instance linux_amd64,darwin_arm64, to try a release out. The manifest is complete with all")
	flag.Parse()
	if err := release(*version, *out, platforms(), strings.FieldsFunc(*only, func(r rune) bool { return r == ',' })); err != nil {
		fmt.Fprintln(os.Stderr, "error: "+err.Error())
		os.Exit(1)
	}
}

// platform is an operating system and processor with an archive in the manifest.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "_" + p.arch }

func (p platform) checksum() string { return "{{sha256_" + p.String() + "}}" }

func (p platform) program() string {
	if p.os == "windows" {
		return program + ".exe"
	}
	return program
}

func (p platform) archive() string {
	if p.os == "windows" {
		return program + "_" + p.String() + ".zip"
	}
	return program + "_" + p.String() + ".tar.gz"
}

func platforms() []platform {
	var found []platform
	for _, match := range regexp.MustCompile(`\{\{sha256_(\w+)_(\w+)}}`).FindAllStringSubmatch(manifest, -1) {
		found = append(found, platform{match[1], match[2]})
	}
	return found
}

// release writes an archive for each platform, or only for some, and then the manifest.
func release(version, out string, platforms []platform, only []string) error {
	if !semver.IsValid(version) || semver.Canonical(version) != version {
		return fmt.Errorf("version %q is none of a release: write for instance v1.2.3, and check out its tag first", version)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	filled := strings.ReplaceAll(manifest, "{{version}}", version)
	for _, p := range platforms {
		if len(only) > 0 && !slices.Contains(only, p.String()) {
			fmt.Fprintf(os.Stderr, ">> krew: not built, so the manifest lacks its checksum: %s\n", p)
			continue
		}
		archive := filepath.Join(out, p.archive())
		fmt.Fprintln(os.Stderr, ">> krew: "+archive)
		sum, err := build(p, archive)
		if err != nil {
			return fmt.Errorf("building %s: %w", archive, err)
		}
		filled = strings.ReplaceAll(filled, p.checksum(), sum)
	}
	return os.WriteFile(filepath.Join(out, "journey.yaml"), []byte(filled), 0o644) //nolint:gosec // It is for everyone.
}

// build compiles the plugin for a platform, writes the archive, and returns its checksum.
func build(p platform, archive string) (sum string, err error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", program)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	binary := filepath.Join(dir, p.program())
	compile := exec.Command("go", "build", "-C", root, "-o", binary, "./cmd/"+program) //nolint:gosec // They are our own.
	compile.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch)
	compile.Stderr = os.Stderr
	if err := compile.Run(); err != nil {
		return "", err
	}
	pack := tarball
	if p.os == "windows" {
		pack = zipped
	}
	file, err := os.Create(archive)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	err = pack(io.MultiWriter(file, hash), binary, filepath.Join(root, "LICENSE"))
	return fmt.Sprintf("%x", hash.Sum(nil)), errors.Join(err, file.Close())
}

func moduleRoot() (string, error) {
	path, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("finding the module: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(path))), nil
}

// tarball writes files into an archive: names and contents, but no times and no owners, so that it is reproducible.
func tarball(w io.Writer, files ...string) error {
	compressed := gzip.NewWriter(w)
	archive := tar.NewWriter(compressed)
	for _, path := range files {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		mode := int64(0o644)
		if filepath.Base(path) == program {
			mode = 0o755
		}
		header := &tar.Header{Name: filepath.Base(path), Mode: mode, Size: int64(len(content))}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := archive.Write(content); err != nil {
			return err
		}
	}
	return errors.Join(archive.Close(), compressed.Close())
}

// zipped is the same for Windows, which knows no executable bit.
func zipped(w io.Writer, files ...string) error {
	archive := zip.NewWriter(w)
	for _, path := range files {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := archive.Create(filepath.Base(path))
		if err != nil {
			return err
		}
		if _, err := file.Write(content); err != nil {
			return err
		}
	}
	return archive.Close()
}
