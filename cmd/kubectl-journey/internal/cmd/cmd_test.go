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

package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd/root"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

func runOffline(tb testing.TB, stdin string, args ...string) cmdtest.Outcome {
	tb.Helper()
	return cmdtest.Run(tb, Commands, stdin, args...)
}

func TestNamespaces(t *testing.T) {
	dir := t.TempDir()
	journey := func(name, namespace string) string {
		return "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Journey\nmetadata: {name: " + name + namespace + "}\nspec: {title: J}\n---\n"
	}
	content := journey("here", "") + journey("there", ", namespace: b") + journey("both", ", namespace: default") + journey("both", ", namespace: b")
	path := filepath.Join(dir, "all.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		args    []string
		want    []string
		wantErr string
	}{
		{"all", []string{"status"}, []string{"NAMESPACE", "b  ", "default  ", "journey/here", "journey/there"}, ""},
		{"one of the files", []string{"status", "-n", "b"}, []string{"journey/there", "journey/here"}, ""},
		{"the default", []string{"status", "-n", "default"}, []string{"journey/here"}, ""},
		{"all in spite of -n", []string{"status", "-A", "-n", "c"}, []string{"c  ", "b  "}, ""},
		{"why in one", []string{"why", "journey/there"}, []string{"journey/there: NoMoments"}, ""},
		{"why in two", []string{"why", "journey/both"}, nil, `journey "both" is in namespaces b, default: choose one with -n`},
		{"why in the one chosen", []string{"why", "journey/both", "-n", "default"}, []string{"journey/both"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := runOffline(t, "", append(test.args, "-f", path)...)
			for _, want := range test.want {
				if !strings.Contains(got.Out, want) {
					t.Errorf("%q is missing in:\n%s", want, got.Out)
				}
			}
			if !strings.Contains(got.ErrOut, test.wantErr) || (test.wantErr == "") != (got.Code == cmdutil.ExitOK) {
				t.Errorf("exit code %d, standard error %q, want %q", got.Code, got.ErrOut, test.wantErr)
			}
		})
	}
}

func TestExitCodes(t *testing.T) {
	shop := cmdtest.Shop
	for _, test := range []struct {
		name    string
		args    []string
		stdin   string
		want    int
		wantErr string
	}{
		{"help", []string{"--help"}, "", cmdutil.ExitOK, ""},
		{"nothing", nil, "", cmdutil.ExitOK, ""},
		{"version", []string{"version"}, "", cmdutil.ExitOK, ""},
		{"completion", []string{"completion", "bash"}, "", cmdutil.ExitOK, ""},
		{"pattern of a shell", []string{"status", "-f", shop + "/moments.yaml", shop + "/work.yml"}, "", cmdutil.ExitOK, ""},
		{"file within a folder given too", []string{"status", "-f", shop, "-f", shop + "/work.yml"}, "", cmdutil.ExitOK, "passed over"},

		{"unknown command", []string{"statsu"}, "", cmdutil.ExitUsage, `unknown command "statsu", did you mean status?`},
		{"unknown flag", []string{"status", "--frob"}, "", cmdutil.ExitUsage, "unknown flag: --frob"},
		{"unknown format", []string{"status", "-f", shop, "-o", "xml"}, "", cmdutil.ExitUsage, `output format "xml" is not known: choose table, wide, json, yaml`},
		{"bad day", []string{"gaps", "-f", shop, "--as-of", "22-11-2026"}, "", cmdutil.ExitUsage, "write YYYY-MM-DD"},
		{"argument without -f", []string{"gaps", shop}, "", cmdutil.ExitUsage, "name files with -f"},
		{"unknown kind", []string{"status", "-f", shop, "--kind", "momets"}, "", cmdutil.ExitUsage, `kind "momets" is not known, did you mean moments?`},
		{"why of nothing", []string{"why"}, "", cmdutil.ExitUsage, "name an object as KIND/NAME"},
		{"why of no kind", []string{"why", "find-my-size", "-f", shop}, "", cmdutil.ExitUsage, "write for instance moment/find-my-size"},
		{"why of no name", []string{"why", "moment/"}, "", cmdutil.ExitUsage, "which moment? Write moment/NAME"},
		{"why of an unknown kind", []string{"why", "pod/x"}, "", cmdutil.ExitUsage, `kind "pod" is not known`},
		{"help with nothing known", []string{"help", "stats"}, "", cmdutil.ExitUsage, `unknown command "stats", did you mean status?`},
		{"help with too much", []string{"help", "plan", "x"}, "", cmdutil.ExitUsage, `unknown command "x"`},
		{"unknown shell", []string{"completion", "csh"}, "", cmdutil.ExitUsage, `unknown command "csh"`},
		{"options of what", []string{"options", "x"}, "", cmdutil.ExitUsage, `unexpected argument "x"`},
		{"version of what", []string{"version", "x"}, "", cmdutil.ExitUsage, `unexpected argument "x"`},

		{"why of a near miss", []string{"why", "mom/find-my-sise", "-f", shop}, "", cmdutil.ExitFailure, `there is no moment "find-my-sise", did you mean moment/find-my-size?`},
		{"why of another kind", []string{"why", "mom/fitting", "-f", shop}, "", cmdutil.ExitFailure, "did you mean buildingblock/fitting?"},
		{"missing file", []string{"status", "-f", "nowhere"}, "", cmdutil.ExitFailure, "nowhere: there is no such file or folder"},
		{"URL", []string{"status", "-f", "https://example.com/x.yaml"}, "", cmdutil.ExitFailure, "this is a URL: download it"},
		{"empty input", []string{"status", "-f", "-"}, " \n# nothing\n", cmdutil.ExitFailure, "stdin: nothing came in on standard input"},
		{"other kinds only", []string{"status", "-f", "-"}, "apiVersion: v1\nkind: Pod\n", cmdutil.ExitFailure, "only other kinds: Pod (v1)"},
		{"wrong namespace", []string{"status", "-f", shop, "-n", "x", "-f", "-"}, "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Roadmap\nmetadata: {name: default, namespace: other}\nspec: {}\n", cmdutil.ExitOK, ""},
		{"no cluster", []string{"status"}, "", cmdutil.ExitFailure, "give files with -f"},
		{"no such kubeconfig", []string{"status", "--kubeconfig", "nowhere", "-f", shop}, "", cmdutil.ExitFailure, "reading the kubeconfig"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := runOffline(t, test.stdin, test.args...)
			if got.Code != test.want || !strings.Contains(got.ErrOut, test.wantErr) {
				t.Errorf("exit code %d, standard error:\n%s\nwant %d and %q", got.Code, got.ErrOut, test.want, test.wantErr)
			}
			if got.Code != cmdutil.ExitOK && got.Out != "" {
				t.Errorf("printed in spite of the failure: %s", got.Out)
			}
		})
	}
}

// TestFilesIgnoreTheKubeconfig holds that files say the same to everybody: only the command line puts them in another namespace.
func TestFilesIgnoreTheKubeconfig(t *testing.T) {
	const journey = `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"j"},"spec":{"title":"J"}}`
	const config = `{"apiVersion":"v1","kind":"Config","contexts":[{"name":"c","context":{"cluster":"c","namespace":"elsewhere"}}],` +
		`"clusters":[{"name":"c","cluster":{"server":"https://192.0.2.1"}}],"current-context":"c"}`
	t.Chdir(cmdtest.Folder(t, map[string]string{"journey.json": journey, "config": config, "none.json": strings.ReplaceAll(journey, `"j"`, `"k"`)}))
	t.Setenv("KUBECONFIG", "config")
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"status", []string{"status", "-f", "journey.json", "-o", "json"}, `"namespace": "default"`},
		{"plan", []string{"plan", "-f", "journey.json", "--against", "none.json"}, "Plan for default "},
		{"export", []string{"export", "-f", "journey.json", "-o", "reqif"}, `"object_default_Journey_j"`},
		{"a namespace that is named", []string{"status", "-f", "journey.json", "-o", "json", "-n", "shop"}, `"namespace": "shop"`},
		{"a context that is named", []string{"status", "-f", "journey.json", "-o", "json", "--context", "c"}, `"namespace": "elsewhere"`},
		{"a kubeconfig that is named", []string{"status", "-f", "journey.json", "-o", "json", "--kubeconfig", "config"}, `"namespace": "elsewhere"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out, errOut bytes.Buffer
			streams := genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &errOut}
			code := root.Run(context.Background(), Commands, test.args, streams, cmdtest.Clock)
			if code != cmdutil.ExitOK || !strings.Contains(out.String(), test.want) {
				t.Errorf("exit code %d: %s\nit lacks %s:\n%s", code, errOut.String(), test.want, out.String())
			}
		})
	}
}

// TestUnreadableCluster has a server that refuses, and one that is not there. What is told names no request, nor a kind by chance.
func TestUnreadableCluster(t *testing.T) {
	refuse := func(status metav1.Status) string {
		status.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Status"}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(int(status.Code))
			_ = json.NewEncoder(w).Encode(status)
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	journeys := cxv1alpha1.GroupVersion.WithResource("journeys").GroupResource()
	for _, test := range []struct{ name, server, want string }{
		{"absent", "http://127.0.0.1:1", "error: the cluster at http://127.0.0.1:1 cannot be reached (dial tcp 127.0.0.1:1: connect: connection refused): check the context, or give files with -f\n"},
		{"stranger", refuse(apierrors.NewUnauthorized("Unauthorized").Status()), "error: the cluster does not know who you are: log in again, or choose another context\n"},
		{"forbidden", refuse(apierrors.NewForbidden(journeys, "", errors.New("no role")).Status()), "error: listing journeys: journeys.cx.journeyops.dev is forbidden: no role\n"},
		{"no definitions", refuse(apierrors.NewNotFound(journeys, "").Status()), "error: the cluster does not know journeys.cx.journeyops.dev: install the operator's CustomResourceDefinitions, or give files with -f\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := runOffline(t, "", "status", "--server", test.server); got.Code != cmdutil.ExitFailure || got.ErrOut != test.want {
				t.Errorf("exit code %d, standard error:\n%s\nwant:\n%s", got.Code, got.ErrOut, test.want)
			}
		})
	}
}

// TestInterrupted checks that Ctrl-C ends a command that waits for what somebody types.
func TestInterrupted(t *testing.T) {
	for _, args := range [][]string{{"status", "-f", "-"}, {"plan", "-f", "-", "--against", cmdtest.Shop}} {
		ctx, interrupt := context.WithCancel(t.Context())
		in, typing := io.Pipe()
		t.Cleanup(func() { _ = typing.Close() })
		var out, errOut bytes.Buffer
		time.AfterFunc(50*time.Millisecond, interrupt)
		code := root.Run(ctx, Commands, args, genericiooptions.IOStreams{In: in, Out: &out, ErrOut: &errOut}, cmdtest.Clock)
		if code != cmdutil.ExitFailure || out.Len() > 0 || errOut.String() != "error: interrupted\n" {
			t.Errorf("%v ended with %d: %s%s", args, code, out.String(), errOut.String())
		}
	}
}

// TestHelp checks that help tells people what to type, the exit codes, and fits beside another window.
func TestHelp(t *testing.T) {
	for _, command := range []string{
		"", "status", "why", "gaps", "roadmap", "export", "import", "plan", "record", "map", "matrix", "graph", "version", "options", "completion", "completion bash",
	} {
		t.Run(command, func(t *testing.T) {
			got := runOffline(t, "", append(strings.Fields(command), "--help")...)
			if !strings.Contains(got.Out, "kubectl journey") || strings.Contains(got.Out, "kubectl-journey ") && !strings.HasPrefix(command, "completion") {
				t.Errorf("does not name the plugin:\n%s", got.Out)
			}
			for line := range strings.Lines(got.Out) {
				if len(line) > 100+1 {
					t.Errorf("%d columns: %s", len(line)-1, line)
				}
			}
			exits := !slices.Contains([]string{"version", "options", "completion", "completion bash"}, command)
			if exits != strings.Contains(got.Out, "Exit codes:") {
				t.Errorf("exit codes:\n%s", got.Out)
			}
			if again := runOffline(t, "", append([]string{"help"}, strings.Fields(command)...)...); again.Out != got.Out {
				t.Errorf("help %s is something else:\n%s", command, again.Out)
			}
		})
	}
}

// TestOptions checks that the flags of all commands are told once, and without a folder of whoever asks.
func TestOptions(t *testing.T) {
	got := runOffline(t, "", "options")
	if !strings.Contains(got.Out, "--namespace") || strings.Contains(got.Out, "cache") {
		t.Errorf("options:\n%s", got.Out)
	}
	if status := runOffline(t, "", "status", "--help"); strings.Contains(status.Out, "--token") || !strings.Contains(status.Out, `"kubectl journey options"`) {
		t.Errorf("help of status:\n%s", status.Out)
	}
}
