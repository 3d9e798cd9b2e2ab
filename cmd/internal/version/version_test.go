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

package version

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestOfCommit(t *testing.T) {
	const commit = "commit 0123456789abcdef0123456789abcdef01234567\ntime 1795342530\n"
	for _, test := range []struct{ name, text, want string }{
		{"a tag", commit + "describe v1.2.3\n", "v1.2.3"},
		{"a release candidate", commit + "describe v1.2.3-rc.1\n", "v1.2.3-rc.1"},
		{"after a tag", commit + "describe v1.2.3-4-g0123456\n", "v1.2.4-0.20261122101530-0123456789ab"},
		{"after a release candidate", commit + "describe v1.2.3-rc.1-14-g0123456\n", "v1.2.3-rc.1.0.20261122101530-0123456789ab"},
		{"before all tags", commit + "describe \n", "v0.0.0-20261122101530-0123456789ab"},
		{"a tag that is no version", commit + "describe v12-preview\n", "v0.0.0-20261122101530-0123456789ab"},
		{"a checkout", archive, ""},
		{"nothing", "", ""},
	} {
		if got := OfCommit(test.text); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// TestBuilds builds this package in a checkout, and from an archive of it, at a tag and after it.
func TestBuilds(t *testing.T) {
	checkout := t.TempDir()
	root := filepath.Join("..", "..", "..")
	for _, name := range []string{
		"go.mod", "go.sum", ".gitattributes",
		"cmd/internal/version/version.go", "cmd/internal/version/archive.txt", "cmd/internal/version/print/main.go",
	} {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(checkout, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git := func(arguments ...string) string {
		return command(t, checkout, "git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, arguments...)...)
	}
	git("init", "--quiet")
	git("add", ".")
	git("commit", "--quiet", "--message=one")
	git("tag", "v1.2.3")

	const stamped = "-buildvcs=true"
	check := func(name, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	check("checkout of the tag", run(t, checkout, stamped), "v1.2.3")
	check("archive of the tag", run(t, unpacked(t, git)), "v1.2.3")

	git("commit", "--quiet", "--allow-empty", "--message=two")
	want := run(t, checkout, stamped)
	if commit := strings.TrimSpace(git("rev-parse", "--short=12", "HEAD")); !strings.HasPrefix(want, "v1.2.4-0.") || !strings.HasSuffix(want, "-"+commit) {
		t.Errorf("checkout after the tag, at %s: got %s", commit, want)
	}
	check("checkout after the tag, as make asks", ask(t, checkout), want)
	check("archive after the tag", run(t, unpacked(t, git)), want)

	if err := os.WriteFile(filepath.Join(checkout, "new.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	check("changed checkout", run(t, checkout, stamped), want+"+dirty")
	check("changed checkout, as make asks", ask(t, checkout), want+"+dirty")
	const set = "-ldflags=-X github.com/journeyops/journey-operator/cmd/internal/version.override=v9.9.9"
	check("set by the linker", run(t, checkout, set), "v9.9.9")
}

// unpacked is the folder of an archive of HEAD, which is not in any repository.
func unpacked(t *testing.T, git func(...string) string) string {
	t.Helper()
	dir := t.TempDir()
	archive := filepath.Join(dir, "archive.tar")
	git("archive", "--output="+archive, "HEAD")
	command(t, dir, "tar", "-xf", archive)
	return dir
}

// run builds the program in a folder, and returns what it says of itself.
func run(t *testing.T, dir string, flags ...string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "print")
	command(t, dir, "go", append(append([]string{"build", "-o", program}, flags...), "./cmd/internal/version/print")...)
	return strings.TrimSpace(command(t, t.TempDir(), program))
}

// ask returns what it says of a folder.
func ask(t *testing.T, dir string) string {
	t.Helper()
	return strings.TrimSpace(command(t, dir, "go", "run", "./cmd/internal/version/print"))
}

func command(t *testing.T, dir, name string, arguments ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, arguments...)
	c.Dir = dir
	c.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GIT_CONFIG_GLOBAL=/dev/null")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, out)
	}
	return string(out)
}
