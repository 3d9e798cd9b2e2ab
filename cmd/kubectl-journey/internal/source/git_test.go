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
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// repository makes a git repository in a new folder, makes that the current folder, and commits files.
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
	// The work tree and the index have other content than the commit.
	if err := errors.Join(os.WriteFile("journeys/a.yaml", []byte("{"), 0o600), os.Remove("journeys/c.json")); err != nil {
		t.Fatal(err)
	}
	git(t, "add", "journeys/a.yaml")
	status := git(t, "status", "--porcelain")

	git(t, "tag", "v1")
	git(t, "-c", "user.name=T", "-c", "user.email=t@example.com", "tag", "--annotate", "--message=x", "v2")
	git(t, "branch", "feature/slash")
	want := []string{"main:journeys/a.yaml:1 a", "main:journeys/c.json:1 c", "main:journeys/sub/b.yml:1 b"}
	for _, test := range []struct {
		name string
		// in is the current folder, from the root of the repository.
		in, place string
		// want are the places of the objects, each with the name of the object.
		want []string
	}{
		{"folder", ".", "main:journeys/", want},
		{"folder without a slash", ".", "main:journeys", want},
		{"from below", "journeys", "main:journeys", want},
		{"from the current folder", "journeys", "main:./", want},
		{"from above it", "journeys/sub", "main:../", want},
		{"a file of any name", ".", "main:one.txt", []string{"main:one.txt:1 a"}},
		{"another way to name it", ".", "HEAD~1:one.txt", []string{"HEAD~1:one.txt:1 a"}},
		{"a path with a colon", ".", "a:b.yaml", []string{"a:b.yaml:1 a"}},
		{"a tag", ".", "v1:one.txt", []string{"v1:one.txt:1 a"}},
		{"a tag with a message", ".", "v2:one.txt", []string{"v2:one.txt:1 a"}},
		{"a branch with a slash", ".", "feature/slash:one.txt", []string{"feature/slash:one.txt:1 a"}},
		{"a commit by the day", ".", "main@{0}:one.txt", []string{"main@{0}:one.txt:1 a"}},
		{"a tree", ".", "main^{tree}:one.txt", []string{"main^{tree}:one.txt:1 a"}},
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
		{"unknown revision", "nowhere:journeys/", "git knows no revision nowhere, nor is there a file nowhere:journeys/: correct the name"},
		{"unknown path", "main:nothing/", "revision main holds no .yaml, .yml or .json files in nothing/"},
		{"no manifests", "main:docs", "revision main holds no .yaml, .yml or .json files in docs"},
		{"no revision", ":journeys/", ":journeys/ is neither a file nor a git revision of a path: write for instance main:journeys/"},
		{"an option", "--output=x:journeys/", "is neither a file nor a git revision of a path"},
		{"outside", "main:../x", "main:../x is outside of the repository"},
		{"an absolute path", "main:/journeys", "main:/journeys is outside of the repository"},
		{"no path", "main", "main: there is no such file or folder, and of a git revision you have to name a path: main:journeys/"},
		{"a pattern", "main:journeys/*.yaml", "patterns are not looked for in a revision: name the folder"},
		{"lines", "main:a\nb", `main:a b is neither a file nor a git revision`},
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

// requireState checks which objects a state has, and on which lines.
func requireState(t *testing.T, place string, want ...string) {
	t.Helper()
	read, err := readState(t, place)
	if err != nil {
		t.Fatalf("%s: %v", place, err)
	}
	var got []string
	for _, o := range read.Objects {
		got = append(got, o.Place().String()+" "+o.Name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", place, diff)
	}
}

// TestReadRevisionLinks checks that links in a revision are followed as in the file system.
func TestReadRevisionLinks(t *testing.T) {
	repository(t, map[string]string{"journeys/a.yaml": journeyA, "common/my jôurney.yaml": journeyB})
	for name, target := range map[string]string{
		"journeys/b.yaml": "../common/my jôurney.yaml", "journeys/again.yaml": "a.yaml", "journeys/folder.yaml": "../common", "linked": "journeys",
		"one.yaml": "journeys/b.yaml", "out": "/journeys", "broken/x.yaml": "nowhere", "outside/x.yaml": "/x.yaml", "loop/x.yaml": "x.yaml",
	} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.Symlink(target, name)); err != nil {
			t.Fatal(err)
		}
	}
	git(t, "add", "--all")
	git(t, "-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "--quiet", "--message=links")
	requireState(t, "journeys", "journeys/a.yaml:1 a", "journeys/b.yaml:1 b")
	requireState(t, "main:journeys", "main:journeys/a.yaml:1 a", "main:journeys/b.yaml:1 b")
	requireState(t, "main:linked", "main:linked/a.yaml:1 a", "main:linked/b.yaml:1 b")
	requireState(t, "main:linked/b.yaml", "main:linked/b.yaml:1 b")
	requireState(t, "main:one.yaml", "main:one.yaml:1 b")
	for place, want := range map[string]string{
		"main:out": "out of revision main is a link out of the repository, to /journeys", "main:broken": "broken/x.yaml of revision main cannot be read: git says dangling",
		"main:outside": "outside/x.yaml of revision main cannot be read: git says symlink /x.yaml", "main:loop": "git says loop",
		"main:broken/x.yaml": "revision main holds no .yaml, .yml or .json files in broken/x.yaml",
	} {
		if _, err := readState(t, place); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", place, err, want)
		}
	}
}

// TestReadRevisionElsewhere reads from repositories of other shapes: without a work tree, with several, in one another, without a commit,
// with names of all sorts, and from within a hook.
func TestReadRevisionElsewhere(t *testing.T) {
	const name = "my jôurneys/\"quoted\" 'a' b.yaml"
	repository(t, map[string]string{name: journeyA, "journeys/big.yaml": journeyA + strings.Repeat("# "+strings.Repeat("x", 1000)+"\n", 2000)})
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("names", func(t *testing.T) {
		requireState(t, "main:my jôurneys/", "main:"+name+":1 a")
		requireState(t, "main:"+name, "main:"+name+":1 a")
	})
	t.Run("large file", func(t *testing.T) { requireState(t, "main:journeys", "main:journeys/big.yaml:1 a") })
	t.Run("bare", func(t *testing.T) {
		bare := t.TempDir()
		git(t, "clone", "--quiet", "--bare", here, bare)
		t.Chdir(bare)
		requireState(t, "main:journeys", "main:journeys/big.yaml:1 a")
		requireState(t, "main:./journeys", "main:journeys/big.yaml:1 a")
	})
	t.Run("worktree", func(t *testing.T) {
		tree := filepath.Join(t.TempDir(), "tree")
		git(t, "worktree", "add", "--quiet", "-b", "other", tree)
		t.Chdir(filepath.Join(tree, "journeys"))
		requireState(t, "main:./", "main:journeys/big.yaml:1 a")
		requireState(t, "other:journeys", "other:journeys/big.yaml:1 a")
	})
	t.Run("submodule", func(t *testing.T) {
		t.Chdir(t.TempDir())
		git(t, "init", "--quiet", "--initial-branch=main")
		git(t, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", here, "shared/sub")
		git(t, "-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "--quiet", "--message=sub")
		for _, place := range []string{"main:shared/sub/journeys", "main:shared/sub", "main:shared"} {
			if _, err := readState(t, place); err == nil || !strings.Contains(err.Error(), "shared/sub of revision main is a submodule") {
				t.Errorf("%s: %v", place, err)
			}
		}
		t.Chdir("shared/sub")
		requireState(t, "HEAD:journeys", "HEAD:journeys/big.yaml:1 a")
	})
	t.Run("no commit", func(t *testing.T) {
		t.Chdir(t.TempDir())
		git(t, "init", "--quiet")
		reader := &StateReader{Stdin: strings.NewReader(""), Namespace: "shop"}
		read, err := reader.ReadIfThere(context.Background(), []string{"HEAD:journeys/"})
		if err != nil || len(read.Objects) > 0 || len(read.Notes) != 1 {
			t.Errorf("%+v, %v", read, err)
		}
	})
	t.Run("somebody else's", func(t *testing.T) {
		t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
		if _, err := readState(t, "HEAD:journeys"); err == nil || !strings.Contains(err.Error(), "git config --global --add safe.directory '"+here) {
			t.Error(err)
		}
	})
	t.Run("hook", func(t *testing.T) {
		// Git sets these variables for hooks.
		t.Setenv("GIT_DIR", ".git")
		t.Setenv("GIT_INDEX_FILE", filepath.Join(here, ".git", "next-index-1.lock"))
		requireState(t, "HEAD:journeys", "HEAD:journeys/big.yaml:1 a")
	})
}

// advised matches the command that an error tells the user to run, and the revision to write afterwards.
var advised = regexp.MustCompile(`with (git fetch [^,]+)(?:, and then write ([^,]+))?`)

// TestReadRevisionFromShallowClone follows the advice of the error in a clone that lacks the revision. Then the revision must be found.
func TestReadRevisionFromShallowClone(t *testing.T) {
	repository(t, map[string]string{"journeys/a.yaml": journeyA})
	commit := func(name, content string) string {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		git(t, "add", "--all")
		git(t, "-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "--quiet", "--message="+name)
		return strings.TrimSpace(git(t, "rev-parse", "HEAD"))
	}
	git(t, "tag", "v1")
	second := commit("journeys/b.yaml", journeyB)
	git(t, "switch", "--quiet", "--create=feature/x")
	commit("journeys/c.json", jsonC)
	commit("journeys/d.json", jsonD)
	origin, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	one, two, three := "a", "a b", "a b c"
	for _, test := range []struct {
		name string
		// given a clone that was made with this option
		clone string
		// when this place is read, and then again as the error advises
		place string
		// then it has these objects
		want string
	}{
		{"branch of the remote", "--depth=1", "origin/main:journeys/", two},
		{"older commit of the remote", "--depth=1", "origin/main~1:journeys/", one},
		{"branch", "--depth=1", "main:journeys/", two},
		{"older than the branch", "--depth=1", "main^:journeys/", one},
		{"tag", "--depth=1", "v1:journeys/", one},
		{"commit", "--depth=1", second + ":journeys/", two},
		{"the commit before", "--depth=1", "HEAD^:journeys/", three},
		{"branch with a slash", "--depth=1", "origin/feature/x~2:journeys/", two},
		{"branch, in a clone of all commits of another one", "--single-branch", "origin/main:journeys/", two},
		{"tag, in a clone of all commits without tags", "--no-tags", "v1:journeys/", one},
	} {
		t.Run(test.name, func(t *testing.T) {
			clone := filepath.Join(t.TempDir(), "clone")
			git(t, "clone", "--quiet", "--branch=feature/x", test.clone, "file://"+filepath.ToSlash(origin), clone)
			t.Chdir(clone)
			_, err := readState(t, test.place)
			if err == nil {
				t.Fatal("the clone has it")
			}
			found := advised.FindStringSubmatch(err.Error())
			if found == nil {
				t.Fatalf("no advice: %v", err)
			}
			git(t, strings.Fields(found[1])[1:]...)
			place := test.place
			if found[2] != "" {
				place = found[2]
			}
			read, err := readState(t, place)
			if err != nil {
				t.Fatalf("after %s: %v", found[0], err)
			}
			var got []string
			for _, o := range read.Objects {
				got = append(got, o.Name)
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("after %s: %s, want %s", found[0], got, test.want)
			}
		})
	}
	git(t, "clone", "--quiet", "file://"+filepath.ToSlash(origin), filepath.Join(t.TempDir(), "whole"))
	if _, err := readState(t, "HEAD~9:journeys/"); err == nil || !strings.HasSuffix(err.Error(), ": correct the name") {
		t.Errorf("a commit before the first: %v", err)
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

// TestStatesShareObjects checks that two states share the objects that are the same in both, and that each state has its own places.
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
	for _, path := range []string{"../cmdtest/testdata/shop", "../../../../config/samples/motor-claim"} {
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
