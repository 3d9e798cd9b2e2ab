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

package controlplane

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/tools/setup-envtest/remote"
	published "sigs.k8s.io/controller-runtime/tools/setup-envtest/versions"
)

const (
	// downloadVariable is downloadOff, or the URL of an index to use in the place of that of controller-tools.
	downloadVariable = "CONTROLPLANE_DOWNLOAD"
	downloadOff      = "off"
)

// Far more than there is: an archive has 70 MB, the largest binary in it 110 MB.
const (
	maxArchive = 500 << 20
	maxBinary  = 500 << 20
)

// binaries are those of a control plane.
var binaries = []string{apiServerBinary, etcdBinary, kubectlBinary}

// download fetches the binaries that the project controller-tools makes for envtest.
type download struct {
	index    string
	wanted   published.Concrete
	platform published.Platform

	// It gives up early: whoever has no network waits in vain, and the binaries can be built.
	answer  time.Duration // until the index is there
	silence time.Duration // in which nothing of the archive arrives
	whole   time.Duration // until all of the archive is there
}

// newDownload returns nil if the user wants none.
func newDownload(kubernetes string) (*download, error) {
	d := &download{
		index:    os.Getenv(downloadVariable),
		platform: published.Platform{OS: runtime.GOOS, Arch: runtime.GOARCH},
		answer:   3 * time.Second,
		silence:  10 * time.Second,
		whole:    5 * time.Minute,
	}
	if d.index == downloadOff {
		return nil, nil
	}
	if _, err := fmt.Sscanf(kubernetes, "v%d.%d.%d", &d.wanted.Major, &d.wanted.Minor, &d.wanted.Patch); err != nil {
		return nil, fmt.Errorf("reading the version %q of Kubernetes: %w", kubernetes, err)
	}
	return d, nil
}

// run puts the binaries into a new folder dir, all of them or nothing.
func (d *download) run(ctx context.Context, dir string, report *reporter) error {
	removeAll(dir + ".*.partial") // of those that were killed
	work, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".*.partial")
	if err != nil {
		return fmt.Errorf("making a folder for the control plane's binaries: %w", err)
	}
	defer removeAll(work)
	started := report.now()
	version, err := d.fetch(ctx, filepath.Join(work, "archive"), report)
	report.clear()
	if err != nil {
		return err
	}
	finished := filepath.Join(work, "bin")
	if err := extract(filepath.Join(work, "archive"), finished); err != nil {
		return err
	}
	// What is there already lacks something, or this would not run.
	if err := errors.Join(os.RemoveAll(dir), os.Rename(finished, dir)); err != nil {
		return fmt.Errorf("putting the control plane's binaries in their place: %w", err)
	}
	report.say(fmt.Sprintf("downloaded kube-apiserver, kubectl %s and etcd in %s", version, report.now().Sub(started).Round(time.Second)))
	return nil
}

// fetch writes the archive, whose checksum is that of the index, to a file.
func (d *download) fetch(ctx context.Context, file string, report *reporter) (version published.Concrete, err error) {
	client := &remote.HTTPClient{Log: logr.Discard(), IndexURL: d.index}
	version, item, err := d.choose(ctx, client)
	if err != nil {
		return version, err
	}
	out, err := os.Create(file)
	if err != nil {
		return version, fmt.Errorf("making a file for the archive: %w", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	whole := time.AfterFunc(d.whole, func() { cancel(fmt.Errorf("it is not here after %s", d.whole)) })
	defer whole.Stop()
	silence := time.AfterFunc(d.silence, func() { cancel(fmt.Errorf("nothing came for %s", d.silence)) })
	defer silence.Stop()
	size := 0
	arriving := writerFunc(func(data []byte) (int, error) {
		silence.Reset(d.silence)
		if size += len(data); size > maxArchive {
			return 0, fmt.Errorf("it is larger than %d MB", maxArchive>>20)
		}
		report.update(fmt.Sprintf("downloading kube-apiserver, kubectl %s and etcd: %d MB", version, size>>20))
		return out.Write(data)
	})
	err = client.GetVersion(ctx, version, item, arriving)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return version, fmt.Errorf("fetching %s: %w", item.ArchiveName(version), err)
	}
	return version, nil
}

// choose finds the version that is wanted, or else the newest patch of it: not every patch is published.
func (d *download) choose(ctx context.Context, client *remote.HTTPClient) (published.Concrete, published.PlatformItem, error) {
	answer, cancel := context.WithTimeoutCause(ctx, d.answer, fmt.Errorf("no answer for %s", d.answer))
	defer cancel()
	all, err := client.ListVersions(answer)
	if err != nil {
		if answer.Err() != nil {
			err = context.Cause(answer)
		}
		return published.Concrete{}, published.PlatformItem{}, fmt.Errorf("asking what there is to download: %w", err)
	}
	minor := published.PatchSelector{Major: d.wanted.Major, Minor: d.wanted.Minor, Patch: published.AnyPoint}
	for _, selector := range []published.Selector{d.wanted, minor} {
		for _, set := range all { // the newest first
			i := slices.IndexFunc(set.Platforms, func(p published.PlatformItem) bool { return p.Platform == d.platform })
			if i >= 0 && selector.Matches(set.Version) {
				return set.Version, set.Platforms[i], nil
			}
		}
	}
	return published.Concrete{}, published.PlatformItem{}, fmt.Errorf("there is no Kubernetes %s for %s to download", minor, d.platform)
}

// extract takes the binaries out of an archive, and nothing else that is in there.
func extract(archive, dir string) error {
	file, err := os.Open(archive)
	if err != nil {
		return fmt.Errorf("opening the archive: %w", err)
	}
	defer file.Close()
	if err := os.Mkdir(dir, 0o755); err != nil {
		return fmt.Errorf("making a folder for the archive: %w", err)
	}
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return fmt.Errorf("unzipping the archive: %w", err)
	}
	for entries := tar.NewReader(unzipped); ; {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = extractEntry(entry, entries, dir)
		}
		if err != nil {
			return fmt.Errorf("extracting the archive: %w", err)
		}
	}
	if missing := missingIn(dir, binaries...); len(missing) > 0 {
		return fmt.Errorf("the archive lacks %s", strings.Join(missing, " and "))
	}
	return nil
}

func extractEntry(entry *tar.Header, content io.Reader, dir string) error {
	if !filepath.IsLocal(entry.Name) {
		return fmt.Errorf("the name %q in it leads out of its folder", entry.Name)
	}
	name := path.Base(entry.Name)
	if entry.Typeflag != tar.TypeReg || !slices.Contains(binaries, name) {
		return nil
	}
	if entry.Size > maxBinary {
		return fmt.Errorf("%s is larger than %d MB", name, maxBinary>>20)
	}
	out, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755) //nolint:gosec // A binary has to be executable.
	if err != nil {
		return err
	}
	_, err = io.Copy(out, content)
	return errors.Join(err, out.Close())
}

type writerFunc func(data []byte) (int, error)

func (f writerFunc) Write(data []byte) (int, error) { return f(data) }
