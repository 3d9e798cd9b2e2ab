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
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	published "sigs.k8s.io/controller-runtime/tools/setup-envtest/versions"
)

func TestDownload(t *testing.T) {
	for _, test := range []struct {
		name      string
		published []string
		want      string
	}{
		{"the pinned version", []string{"1.36.2", "1.36.3", "1.36.4", "1.37.0"}, "1.36.3"},
		{"else the newest patch of it", []string{"1.35.9", "1.36.0", "1.36.2", "1.37.0"}, "1.36.2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t)
			for _, version := range test.published {
				s.publish("envtest-v"+version+"-linux-amd64.tar.gz", s.archive(t, version))
			}
			dir, told := filepath.Join(t.TempDir(), "downloaded"), &output{}
			if err := s.download().run(t.Context(), dir, newReporter(told)); err != nil {
				t.Fatal(err)
			}
			wantFiles(t, dir, binaries[1], binaries[0], binaries[2])
			said, err := exec.CommandContext(t.Context(), filepath.Join(dir, apiServerBinary)).Output()
			if err != nil || strings.TrimSpace(string(said)) != test.want {
				t.Errorf("what was downloaded says %q (%v), want %q", said, err, test.want)
			}
			if !strings.Contains(told.String(), "downloaded kube-apiserver, kubectl "+test.want) {
				t.Errorf("it does not tell what it downloaded:\n%s", told.String())
			}
			wantFiles(t, filepath.Dir(dir), "downloaded")
		})
	}
}

func TestFailedDownloadLeavesNothing(t *testing.T) {
	const name = "envtest-v1.36.3-linux-amd64.tar.gz"
	for _, test := range []struct {
		name string
		site func(t *testing.T, s *site)
		want string
	}{
		{"no index", func(_ *testing.T, s *site) {
			s.handle("/index.yaml", http.NotFound)
		}, "404"},
		{"an index that is not one", func(_ *testing.T, s *site) {
			s.handle("/index.yaml", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<html>Please log in") })
		}, "unmarshal index"},
		{"an index that hangs", func(_ *testing.T, s *site) {
			s.handle("/index.yaml", hang)
			s.limits.answer = 100 * time.Millisecond
		}, "no answer for 100ms"},
		{"another version", func(t *testing.T, s *site) {
			s.publish("envtest-v1.35.3-linux-amd64.tar.gz", s.archive(t, ""))
		}, "there is no Kubernetes 1.36.* for linux/amd64 to download"},
		{"another architecture", func(t *testing.T, s *site) {
			s.publish("envtest-v1.36.3-linux-arm64.tar.gz", s.archive(t, ""))
		}, "there is no Kubernetes 1.36.* for linux/amd64 to download"},
		{"no archive", func(t *testing.T, s *site) {
			s.publish(name, s.archive(t, ""))
			s.handle("/"+name, http.NotFound)
		}, "404"},
		{"a wrong checksum", func(t *testing.T, s *site) {
			s.publish(name, s.archive(t, ""))
			other := s.archive(t, "other")
			s.handle("/"+name, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(other) })
		}, "checksum mismatch for " + name},
		{"an archive that breaks off", func(t *testing.T, s *site) {
			archive := s.archive(t, "")
			s.publish(name, archive)
			s.handle("/"+name, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", fmt.Sprint(len(archive)))
				_, _ = w.Write(archive[:len(archive)/2])
			})
		}, "unexpected EOF"},
		{"an archive that is half there", func(t *testing.T, s *site) {
			archive := s.archive(t, "")
			s.publish(name, archive[:len(archive)/2])
		}, "extracting the archive: unexpected EOF"},
		{"an archive that hangs", func(t *testing.T, s *site) {
			s.publish(name, s.archive(t, ""))
			s.handle("/"+name, hang)
			s.limits.silence = 100 * time.Millisecond
		}, "fetching " + name + ": nothing came for 100ms"},
		{"an archive that comes too slowly", func(t *testing.T, s *site) {
			s.publish(name, s.archive(t, ""))
			s.handle("/"+name, trickle)
			s.limits.whole = 500 * time.Millisecond
		}, "fetching " + name + ": it is not here after 500ms"},
		{"an archive that is not one", func(_ *testing.T, s *site) {
			s.publish(name, []byte("not an archive"))
		}, "unzipping the archive"},
		{"an archive that lacks a binary", func(t *testing.T, s *site) {
			s.publish(name, packed(t, entry("envtest/etcd", ""), entry("envtest/kubectl", "")))
		}, "the archive lacks kube-apiserver"},
		{"an archive with a link in the place of a binary", func(t *testing.T, s *site) {
			link := tarEntry{header: &tar.Header{Name: "envtest/kube-apiserver", Typeflag: tar.TypeSymlink, Linkname: "/bin/sh"}}
			s.publish(name, packed(t, link, entry("envtest/etcd", ""), entry("envtest/kubectl", "")))
		}, "the archive lacks kube-apiserver"},
		{"an archive that leads out of its folder", func(t *testing.T, s *site) {
			s.publish(name, packed(t, entry("envtest/etcd", ""), entry("../../escaped/etcd", "")))
		}, `the name "../../escaped/etcd" in it leads out of its folder`},
		{"an archive with an absolute path", func(t *testing.T, s *site) {
			s.publish(name, packed(t, entry("/etcd", "")))
		}, `the name "/etcd" in it leads out of its folder`},
		{"an archive with the same binary twice", func(t *testing.T, s *site) {
			s.publish(name, packed(t, entry("envtest/etcd", "one"), entry("envtest/etcd", "two")))
		}, "file exists"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			test.site(t, s)
			dir := filepath.Join(t.TempDir(), "downloaded")
			err := s.download().run(t.Context(), dir, newReporter(nil))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			wantFiles(t, filepath.Dir(dir))
		})
	}
}

func TestDownloadFirst(t *testing.T) {
	s := newSite(t)
	s.publish("envtest-v1.36.3-linux-amd64.tar.gz", s.archive(t, "1.36.3"))
	b, dir, told := smallBuild(t, "package main\n\nfunc main() {}\n"), filepath.Join(t.TempDir(), "cache", "v1"), &output{}
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			got, err := provide(t.Context(), dir, newReporter(told), s.download(), []build{b})
			if err != nil || got != dir+"-downloaded" {
				t.Errorf("got %s, %v; want %s-downloaded", got, err, dir)
			}
		})
	}
	group.Wait()
	if n := s.requests.Load(); n != 3 { // Two of the index, one of the archive.
		t.Errorf("%d requests for three that need the same, want 3", n)
	}
	// A binary that goes missing comes back.
	if err := os.Remove(filepath.Join(dir+"-downloaded", kubectlBinary)); err != nil {
		t.Fatal(err)
	}
	if _, err := provide(t.Context(), dir, newReporter(told), s.download(), []build{b}); err != nil {
		t.Error(err)
	}
	if missing := missingIn(dir+"-downloaded", binaries...); len(missing) > 0 {
		t.Errorf("%v is still missing", missing)
	}
	// Whoever wants none that are downloaded gets none, and what is built needs no download.
	for _, ready := range []*download{nil, s.download()} {
		before := s.requests.Load()
		got, err := provide(t.Context(), dir, newReporter(told), ready, []build{b})
		if err != nil || got != dir || s.requests.Load() != before {
			t.Errorf("got %s, %v after %d requests; want %s after none", got, err, s.requests.Load()-before, dir)
		}
	}
}

func TestBuildWithoutDownload(t *testing.T) {
	s := newSite(t)
	s.handle("/index.yaml", hang)
	s.limits.answer = 100 * time.Millisecond
	b, dir, told := smallBuild(t, "package main\n\nfunc main() {}\n"), filepath.Join(t.TempDir(), "v1"), &output{}
	for range 2 {
		got, err := provide(t.Context(), dir, newReporter(told), s.download(), []build{b})
		if err != nil || got != dir {
			t.Fatalf("got %s, %v", got, err)
		}
	}
	if n := strings.Count(told.String(), "cannot download the control plane (asking what there is to download: no answer for 100ms), so it is built\n"); n != 1 {
		t.Errorf("it said %d times that it cannot download, want once:\n%s", n, told.String())
	}
}

func TestCancelledDownloadBuildsNothing(t *testing.T) {
	s := newSite(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.handle("/index.yaml", func(w http.ResponseWriter, r *http.Request) { cancel(); hang(w, r) })
	b, dir := smallBuild(t, "package main\n\nfunc main() {}\n"), filepath.Join(t.TempDir(), "v1")
	if _, err := provide(ctx, dir, newReporter(nil), s.download(), []build{b}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	wantFiles(t, filepath.Dir(dir), "v1-downloaded.lock")
}

func TestNewDownload(t *testing.T) {
	d, err := newDownload("v1.36.3")
	if want := (published.Concrete{Major: 1, Minor: 36, Patch: 3}); err != nil || d.index != "" || d.wanted != want {
		t.Errorf("got %+v, %v", d, err)
	}
	t.Setenv(downloadVariable, "https://mirror.example.com/index.yaml")
	if d, err := newDownload("v1.36.3"); err != nil || d.index != "https://mirror.example.com/index.yaml" {
		t.Errorf("with an index: got %+v, %v", d, err)
	}
	t.Setenv(downloadVariable, "off")
	if d, err := newDownload("v1.36.3"); err != nil || d != nil {
		t.Errorf("with %s=off: got %+v, %v", downloadVariable, d, err)
	}
}

// site is a web site with an index and archives.
type site struct {
	server   *httptest.Server
	requests atomic.Int32
	limits   struct{ answer, silence, whole time.Duration }

	mu       sync.Mutex
	releases strings.Builder
	handlers map[string]http.HandlerFunc
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{handlers: map[string]http.HandlerFunc{}}
	s.limits.answer, s.limits.silence, s.limits.whole = time.Minute, time.Minute, time.Minute
	s.releases.WriteString("releases:\n")
	s.handle("/index.yaml", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, s.releases.String()) })
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		s.mu.Lock()
		handler := s.handlers[r.URL.Path]
		s.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(s.server.Close)
	return s
}

func (s *site) handle(path string, handler http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[path] = handler
}

func (s *site) publish(name string, archive []byte) {
	version, _, _ := strings.Cut(strings.TrimPrefix(name, "envtest-"), "-")
	fmt.Fprintf(&s.releases, "  %s:\n    %s:\n      hash: %x\n      selfLink: %s/%s\n", version, name, sha512.Sum512(archive), s.server.URL, name)
	s.handle("/"+name, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(archive) })
}

// archive has programs that print a text, and a file that nobody wants.
func (s *site) archive(t *testing.T, text string) []byte {
	t.Helper()
	entries := []tarEntry{entry("controller-tools/envtest/README", "")}
	for _, name := range binaries {
		entries = append(entries, entry("controller-tools/envtest/"+name, "#!/bin/sh\necho "+text+"\n"))
	}
	return packed(t, entries...)
}

func (s *site) download() *download {
	return &download{
		index:    s.server.URL + "/index.yaml",
		wanted:   published.Concrete{Major: 1, Minor: 36, Patch: 3},
		platform: published.Platform{OS: "linux", Arch: "amd64"},
		answer:   s.limits.answer, silence: s.limits.silence, whole: s.limits.whole,
	}
}

// hang does not answer.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// trickle never ends.
func trickle(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		_, _ = fmt.Fprint(w, "byte")
		_ = http.NewResponseController(w).Flush()
		time.Sleep(10 * time.Millisecond)
	}
}

type tarEntry struct {
	header  *tar.Header
	content string
}

func entry(name, content string) tarEntry {
	return tarEntry{&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(content))}, content}
}

func packed(t *testing.T, entries ...tarEntry) []byte {
	t.Helper()
	var data bytes.Buffer
	zipped := gzip.NewWriter(&data)
	archive := tar.NewWriter(zipped)
	for _, e := range entries {
		if err := archive.WriteHeader(e.header); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(e.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}
