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

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

var update = flag.Bool("update", false, "write the golden files anew")

// today is the day of all tests that need no cluster.
var today = time.Date(2026, 11, 22, 23, 59, 0, 0, time.UTC)

// outcome is what a command line came to.
type outcome struct {
	code        int
	out, errOut string
}

// runOffline runs a command line as main does, with no cluster and no kubeconfig in reach.
func runOffline(t testing.TB, stdin string, args ...string) outcome {
	t.Helper()
	t.Setenv("KUBECONFIG", filepath.Join(t.TempDir(), "none"))
	t.Setenv("HOME", t.TempDir())
	var out, errOut bytes.Buffer
	streams := genericiooptions.IOStreams{In: strings.NewReader(stdin), Out: &out, ErrOut: &errOut}
	code := run(context.Background(), args, streams, func() time.Time { return today })
	return outcome{code, out.String(), errOut.String()}
}

func TestGolden(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
	}{
		{"status", []string{"status"}},
		{"status-wide", []string{"status", "-o", "wide"}},
		{"status-json", []string{"status", "-o", "json"}},
		{"status-yaml", []string{"status", "-o", "yaml"}},
		{"status-kinds", []string{"status", "--kind", "mom,journeys"}},
		{"status-later", []string{"status", "--as-of", "2027-02-01", "--kind", "roadmapitems"}},
		{"why-journey", []string{"why", "journey/buy-a-coat"}},
		{"why-journey-empty", []string{"why", "jny/empty"}},
		{"why-moment", []string{"why", "moment/find-my-size"}},
		{"why-moment-json", []string{"why", "moment/find-my-size", "-o", "json"}},
		{"why-moment-yaml", []string{"why", "mom/find-my-size", "-o", "yaml"}},
		{"why-moment-cycle", []string{"why", "moments/pay-at-once"}},
		{"why-requirement", []string{"why", "req", "invoice"}},
		{"why-block", []string{"why", "bb/fitting"}},
		{"why-item", []string{"why", "rmi/measure-on-the-phone"}},
		{"why-roadmap", []string{"why", "roadmap/default"}},
		{"gaps", []string{"gaps"}},
		{"gaps-json", []string{"gaps", "-o", "json"}},
		{"gaps-yaml", []string{"gaps", "-o", "yaml"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := runOffline(t, "", append(test.args, "-f", "testdata/shop")...)
			if got.code != cmdutil.ExitOK {
				t.Fatalf("exit code %d: %s", got.code, got.errOut)
			}
			if want := "note: passed over what is not of cx.journeyops.dev: ConfigMap (v1)\n"; got.errOut != want {
				t.Errorf("standard error is %q, want %q", got.errOut, want)
			}
			compareGolden(t, test.name, got.out)
		})
	}
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("differs from %s (-want +got; -update writes it anew):\n%s", path, diff)
	}
}

// TestRoundTrip reads what status printed: the same must come out again, whatever the format in between.
func TestRoundTrip(t *testing.T) {
	want := runOffline(t, "", "status", "-f", "testdata/shop", "-o", "yaml")
	for _, format := range []string{"yaml", "json"} {
		printed := runOffline(t, "", "status", "-f", "testdata/shop", "-o", format)
		got := runOffline(t, printed.out, "status", "-f", "-", "-o", "yaml")
		if got.code != cmdutil.ExitOK || got.out != want.out {
			t.Errorf("%s is not read as it was printed (%d): %s\n%s", format, got.code, got.errOut, cmp.Diff(want.out, got.out))
		}
	}
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
				if !strings.Contains(got.out, want) {
					t.Errorf("%q is missing in:\n%s", want, got.out)
				}
			}
			if !strings.Contains(got.errOut, test.wantErr) || (test.wantErr == "") != (got.code == cmdutil.ExitOK) {
				t.Errorf("exit code %d, standard error %q, want %q", got.code, got.errOut, test.wantErr)
			}
		})
	}
}

func TestExitCodes(t *testing.T) {
	const shop = "testdata/shop"
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
			if got.code != test.want || !strings.Contains(got.errOut, test.wantErr) {
				t.Errorf("exit code %d, standard error:\n%s\nwant %d and %q", got.code, got.errOut, test.want, test.wantErr)
			}
			if got.code != cmdutil.ExitOK && got.out != "" {
				t.Errorf("printed in spite of the failure: %s", got.out)
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
			code := run(context.Background(), test.args, streams, func() time.Time { return today })
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
			if got := runOffline(t, "", "status", "--server", test.server); got.code != cmdutil.ExitFailure || got.errOut != test.want {
				t.Errorf("exit code %d, standard error:\n%s\nwant:\n%s", got.code, got.errOut, test.want)
			}
		})
	}
}

// TestInterrupted checks that Ctrl-C ends a command that waits for what somebody types.
func TestInterrupted(t *testing.T) {
	for _, args := range [][]string{{"status", "-f", "-"}, {"plan", "-f", "-", "--against", filepath.Join("testdata", "shop")}} {
		ctx, interrupt := context.WithCancel(t.Context())
		in, typing := io.Pipe()
		t.Cleanup(func() { _ = typing.Close() })
		var out, errOut bytes.Buffer
		time.AfterFunc(50*time.Millisecond, interrupt)
		code := run(ctx, args, genericiooptions.IOStreams{In: in, Out: &out, ErrOut: &errOut}, func() time.Time { return today })
		if code != cmdutil.ExitFailure || out.Len() > 0 || errOut.String() != "error: interrupted\n" {
			t.Errorf("%v ended with %d: %s%s", args, code, out.String(), errOut.String())
		}
	}
}

func TestNoGaps(t *testing.T) {
	got := runOffline(t, "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Roadmap\nmetadata: {name: default}\nspec: {}\n", "gaps", "-f", "-")
	if got.code != cmdutil.ExitOK || got.out != "" || got.errOut != "note: there are no gaps\n" {
		t.Errorf("got %+v", got)
	}
	got = runOffline(t, "apiVersion: cx.journeyops.dev/v1alpha1\nkind: Roadmap\nmetadata: {name: default}\nspec: {}\n", "gaps", "-f", "-", "-o", "json")
	if got.out != "{\n    \"gaps\": []\n}\n" {
		t.Errorf("got %q", got.out)
	}
}

// TestHelp checks that help tells people what to type, the exit codes, and fits beside another window.
func TestHelp(t *testing.T) {
	for _, command := range []string{
		"", "status", "why", "gaps", "roadmap", "export", "import", "plan", "map", "matrix", "graph", "version", "options", "completion", "completion bash",
	} {
		t.Run(command, func(t *testing.T) {
			got := runOffline(t, "", append(strings.Fields(command), "--help")...)
			if !strings.Contains(got.out, "kubectl journey") || strings.Contains(got.out, "kubectl-journey ") && !strings.HasPrefix(command, "completion") {
				t.Errorf("does not name the plugin:\n%s", got.out)
			}
			for line := range strings.Lines(got.out) {
				if len(line) > helpWidth+1 {
					t.Errorf("%d columns: %s", len(line)-1, line)
				}
			}
			exits := !slices.Contains([]string{"version", "options", "completion", "completion bash"}, command)
			if exits != strings.Contains(got.out, "Exit codes:") {
				t.Errorf("exit codes:\n%s", got.out)
			}
			if again := runOffline(t, "", append([]string{"help"}, strings.Fields(command)...)...); again.out != got.out {
				t.Errorf("help %s is something else:\n%s", command, again.out)
			}
		})
	}
}

// TestOptions checks that the flags of all commands are told once, and without a folder of whoever asks.
func TestOptions(t *testing.T) {
	got := runOffline(t, "", "options")
	if !strings.Contains(got.out, "--namespace") || strings.Contains(got.out, "cache") {
		t.Errorf("options:\n%s", got.out)
	}
	if status := runOffline(t, "", "status", "--help"); strings.Contains(status.out, "--token") || !strings.Contains(status.out, `"kubectl journey options"`) {
		t.Errorf("help of status:\n%s", status.out)
	}
}
