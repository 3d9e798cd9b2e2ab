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
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// repository makes a git repository in a folder of its own, which becomes the current one, and commits files to it.
func repository(t *testing.T, files map[string]string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal(err)
	}
	write(t, files)
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	git(t, "init", "--quiet", "--initial-branch=main")
	git(t, "add", "--all")
	git(t, "-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "--quiet", "--message=one")
}

func git(t *testing.T, args ...string) string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "git", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return string(output)
}

func readState(t *testing.T, places ...string) (*Files, error) {
	t.Helper()
	reader := &StateReader{Stdin: strings.NewReader(""), Namespace: "shop"}
	return reader.Read(context.Background(), places)
}

func TestReadRevision(t *testing.T) {
	repository(t, map[string]string{
		"journeys/a.yaml": journeyA, "journeys/sub/b.yml": journeyB, "journeys/c.json": jsonC, "journeys/.hidden.yaml": "{",
		"journeys/.github/x.yaml": "{", "journeys/kustomization.yaml": "{", "journeys/README.md": "no YAML: {", "journeys2/other.yaml": "{",
		"one.txt": journeyA, "a:b.yaml": journeyA,
	})
	if err := os.Symlink("a.yaml", "journeys/link.yaml"); err != nil {
		t.Fatal(err)
	}
	git(t, "add", "--all")
	git(t, "-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "--quiet", "--message=link")
	// The work tree and the index say something else.
	if err := errors.Join(os.WriteFile("journeys/a.yaml", []byte("{"), 0o600), os.Remove("journeys/c.json")); err != nil {
		t.Fatal(err)
	}
	git(t, "add", "journeys/a.yaml")
	status := git(t, "status", "--porcelain")

	want := []string{"main:journeys/a.yaml:1 a", "main:journeys/c.json:1 c", "main:journeys/sub/b.yml:1 b"}
	for _, test := range []struct {
		name, in, place string
		want            []string
	}{
		{"folder", ".", "main:journeys/", want},
		{"folder without a slash", ".", "main:journeys", want},
		{"from below", "journeys", "main:journeys", want},
		{"from the current folder", "journeys", "main:./", want},
		{"from above it", "journeys/sub", "main:../", want},
		{"a file of any name", ".", "main:one.txt", []string{"main:one.txt:1 a"}},
		{"another way to name it", ".", "HEAD~1:one.txt", []string{"HEAD~1:one.txt:1 a"}},
		{"a path with a colon", ".", "a:b.yaml", []string{"a:b.yaml:1 a"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(test.in)
			read, err := readState(t, test.place)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range read.Objects {
				got = append(got, o.Place().String()+" "+o.Name)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	if again := git(t, "status", "--porcelain"); again != status {
		t.Errorf("the work tree was touched:\n%s\nwas\n%s", again, status)
	}
}

func TestReadRevisionProblems(t *testing.T) {
	repository(t, map[string]string{"journeys/a.yaml": journeyA, "broken/b.yaml": "a: {\n", "empty.yaml": "# nothing\n", "docs/x.md": "x"})
	for _, test := range []struct{ name, place, want string }{
		{"unknown revision", "nowhere:journeys/", "git knows no revision nowhere, nor is there a file nowhere:journeys/: fetch it first (git fetch origin nowhere;"},
		{"unknown path", "main:nothing/", "revision main holds no .yaml, .yml or .json files in nothing/"},
		{"no manifests", "main:docs", "revision main holds no .yaml, .yml or .json files in docs"},
		{"no revision", ":journeys/", ":journeys/ is neither a file nor a git revision of a path: write for instance main:journeys/"},
		{"an option", "--output=x:journeys/", "is neither a file nor a git revision of a path"},
		{"outside", "main:../x", "main:../x is outside of the repository"},
		{"broken", "main:broken/", "main:broken/b.yaml:1: broken YAML"},
		{"empty", "main:empty.yaml", "main:empty.yaml: the file is empty"},
		{"path of Windows", `C:\journeys`, `C:\journeys: there is no such file or folder`},
		{"the same with slashes", "C:/journeys", "C:/journeys: there is no such file or folder"},
		{"URL", "https://example.com/x.yaml", "this is a URL"},
		{"escapes", "\x1b[31m:journeys/", `git knows no revision \x1b[31m`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := readState(t, test.place)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}

	reader := &StateReader{Stdin: strings.NewReader(""), Namespace: "shop"}
	read, err := reader.ReadIfThere(context.Background(), []string{"main:nothing/"})
	if err != nil || len(read.Objects) > 0 || len(read.Notes) != 1 || !strings.Contains(read.Notes[0], "taken as empty") {
		t.Errorf("a path that may be missing: %+v, %v", read, err)
	}
}

func TestReadRevisionWithoutGit(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Run("not a repository", func(t *testing.T) {
		t.Setenv("GIT_CEILING_DIRECTORIES", "/")
		_, err := readState(t, "main:journeys/")
		if err == nil || !strings.Contains(err.Error(), "nor is this folder in a git repository") {
			t.Error(err)
		}
	})
	t.Run("not installed", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		_, err := readState(t, "main:journeys/")
		if err == nil || !strings.Contains(err.Error(), "takes git, which is not installed") {
			t.Error(err)
		}
	})
}

// TestStatesShareObjects checks that a second state has the objects of the first where they are the same, each in its own place.
func TestStatesShareObjects(t *testing.T) {
	list := `{"apiVersion":"v1","kind":"List","items":[` + jsonC + `]}`
	write(t, map[string]string{
		"old/a.yaml": journeyA + "---\n" + journeyB, "new/a.yaml": "# moved\n---\n" + journeyA + "---\n" + strings.ReplaceAll(journeyB, "title: ", "title: Other "),
		"old/c.json": list, "new/c.json": list, "twice/a.yaml": journeyA + "---\n" + journeyA,
	})
	reader := &StateReader{Stdin: strings.NewReader(""), Namespace: "shop"}
	read := func(place string) map[string]*Object {
		found, err := reader.Read(context.Background(), []string{place})
		if err != nil {
			t.Fatal(err)
		}
		named := map[string]*Object{}
		for _, o := range found.Objects {
			named[o.Name] = o
		}
		return named
	}
	changed, old := read("new"), read("old")
	if changed["a"].Typed != old["a"].Typed || changed["b"].Typed == old["b"].Typed {
		t.Error("not just what is the same is shared")
	}
	for name, want := range map[string]string{"a": "old/a.yaml:1", "b": "old/a.yaml", "c": "old/c.json:1"} {
		if got := old[name].Place().String(); !strings.HasPrefix(got, want) {
			t.Errorf("%s is at %s, want %s", name, got, want)
		}
	}
	if got := changed["a"].Place().String(); !strings.HasPrefix(got, "new/a.yaml:") {
		t.Errorf("the new one is at %s", got)
	}
	if _, err := reader.Read(context.Background(), []string{"twice"}); err == nil || !strings.Contains(err.Error(), "it is there twice, also at twice/a.yaml") {
		t.Errorf("objects that are there twice: %v", err)
	}
}

// TestReadLikeReadFiles checks that states are read as ReadFiles reads files.
func TestReadLikeReadFiles(t *testing.T) {
	for _, path := range []string{"../cli/testdata/shop", "../../../../config/samples/motor-claim"} {
		want, err := ReadFiles(context.Background(), []string{path}, strings.NewReader(""), "shop")
		if err != nil {
			t.Fatal(err)
		}
		reader := &StateReader{Stdin: strings.NewReader(""), Namespace: "shop"}
		for range 2 {
			got, err := reader.Read(context.Background(), []string{path})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Objects) != len(want.Objects) || !cmp.Equal(got.Notes, want.Notes) {
				t.Fatalf("%d objects and %q, want %d and %q", len(got.Objects), got.Notes, len(want.Objects), want.Notes)
			}
			for i, o := range want.Objects {
				content, err := got.Objects[i].JSON()
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(o.Content, content); diff != "" || o.Place() != got.Objects[i].Place() {
					t.Fatalf("%s differs at %s:\n%s", o.Name, o.Place(), diff)
				}
			}
		}
	}
}
