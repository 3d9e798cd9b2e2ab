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
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"sigs.k8s.io/yaml"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/hostiletest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
)

// TestHostileClusterIsInert reads objects that no API server admits: whatever a cluster holds, nobody is harmed by looking at it. plan has
// a test of its own.
func TestHostileClusterIsInert(t *testing.T) {
	for n, text := range hostiletest.Texts {
		text = strings.ToValidUTF8(text, "\ufffd") // as JSON has it
		for name, known := range map[string]map[reflect.Type]string{"valid": hostiletest.Known, "anything": nil} {
			server := hostiletest.Cluster(t, text, known)
			t.Run(fmt.Sprintf("%d %s", n, name), func(t *testing.T) {
				for _, c := range hostileCommands {
					for _, format := range c.formats {
						args := append(strings.Fields(c.command), "--server", server, "-A", "-o", format)
						switch c.about {
						case "":
						case kinds.Journey:
							args = append(args, "--", text)
						default:
							args = append(args, "--", c.about, text)
						}
						got := runOffline(t, "", args...)
						// Of text in place of a date or a state it may well be said that it is none.
						if got.Code != cmdutil.ExitOK && known != nil {
							t.Errorf("%q: exit code %d: %s", args, got.Code, got.ErrOut)
						}
						hostiletest.RequireInert(t, got.ErrOut)
						requireInertFormat(t, c.command, format, got.Out)
						if t.Failed() {
							t.Fatalf("%q", args)
						}
					}
				}
			})
		}
	}
}

// formatsOf are all formats of a command.
func formatsOf(name string) []string {
	for _, command := range Commands(cmdutil.NewFactory(genericiooptions.NewTestIOStreamsDiscard(), cmdtest.Clock)) {
		if command.Name() == name {
			_, list, _ := strings.Cut(command.Flags().Lookup("output").Usage, ": ")
			return strings.Split(list, ", ")
		}
	}
	return nil
}

var hostileCommands = []struct {
	// about is the kind of the object that the command is told to be about; empty for none.
	command, about string
	formats        []string
}{
	{"status", "", []string{cmdutil.OutputTable, cmdutil.OutputWide, cmdutil.OutputJSON, cmdutil.OutputYAML}},
	{"gaps", "", []string{cmdutil.OutputTable, cmdutil.OutputJSON, cmdutil.OutputYAML}},
	{"why", "jny", []string{"tree", cmdutil.OutputJSON, cmdutil.OutputYAML}},
	{"why", "moment", []string{"tree", cmdutil.OutputJSON, cmdutil.OutputYAML}},
	{"why", "requirement", []string{"tree"}},
	{"why", "buildingblock", []string{"tree"}},
	{"why", "roadmapitem", []string{"tree"}},
	{"why roadmap/default", "", []string{"tree"}},
	{"roadmap", "", formatsOf("roadmap")},
	{"map", kinds.Journey, formatsOf("map")},
	{"matrix", "", formatsOf("matrix")},
	{"matrix --by phases", "", formatsOf("matrix")},
	{"graph", "", formatsOf("graph")},
	{"graph --requirements", "", formatsOf("graph")},
	{"graph", "moment", formatsOf("graph")},
	{"export", "", []string{"xlsx", "reqif"}},
	{"export --link-template https://x/{namespace}/{kind}/{name}", "", []string{"jira-csv"}},
}

// requireInertFormat reads an output as the programs do that it is for.
func requireInertFormat(t *testing.T, command, format, text string) {
	t.Helper()
	if text == "" {
		return
	}
	if format == "xlsx" {
		cmdtest.RequireInertWorkbook(t, text)
		return
	}
	hostiletest.RequireInert(t, strings.ReplaceAll(text, "\r\n", "\n"))
	switch format {
	case cmdutil.OutputTable, cmdutil.OutputWide, "tree", cmdutil.OutputText:
		hostiletest.RequireNoCommands(t, text)
	case cmdutil.OutputHTML:
		cmdtest.RequirePage(t, text)
	case cmdutil.OutputSVG:
		cmdtest.RequireHarmless(t, text)
	case "dot":
		cmdtest.RequireDOT(t, text)
	case cmdutil.OutputMermaid:
		if strings.HasPrefix(command, "graph") {
			cmdtest.RequireFlowchart(t, text)
		} else {
			cmdtest.RequireGantt(t, text)
		}
	case cmdutil.OutputCSV, "jira-csv":
		cmdtest.RequireNoFormulas(t, text)
	case "reqif":
		cmdtest.ParsePage(t, text)
	case cmdutil.OutputJSON:
		if !json.Valid([]byte(text)) {
			t.Error("no parser reads this")
		}
	case cmdutil.OutputYAML:
		var parsed any
		if err := yaml.Unmarshal([]byte(text), &parsed); err != nil {
			t.Error(err)
		}
	}
}

// TestHostileAnswersAreInert lets a cluster refuse in every way.
func TestHostileAnswersAreInert(t *testing.T) {
	for n, text := range hostiletest.ForTerminals {
		status := func(code int) map[string]any {
			return map[string]any{
				"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": text, "reason": text, "code": code,
				"details": map[string]any{"name": text, "kind": text, "causes": []any{map[string]any{"reason": text, "message": text, "field": text}}},
			}
		}
		for name, answer := range map[string]func() (int, any){
			"forbidden": func() (int, any) { return http.StatusForbidden, status(http.StatusForbidden) },
			"broken":    func() (int, any) { return http.StatusInternalServerError, text },
			"no JSON":   func() (int, any) { return http.StatusOK, text },
			"no list": func() (int, any) {
				return http.StatusOK, map[string]any{"kind": text, "apiVersion": text, "items": text}
			},
			"no objects": func() (int, any) {
				return http.StatusOK, map[string]any{"kind": "List", "apiVersion": "v1", "items": []any{text}}
			},
			"no spec": func() (int, any) {
				return http.StatusOK, map[string]any{"kind": "JourneyList", "apiVersion": kinds.APIVersion(), "items": []any{
					map[string]any{"kind": "Journey", "apiVersion": kinds.APIVersion(), "metadata": map[string]any{"name": text}, "spec": text},
				}}
			},
		} {
			server := hostiletest.Server(t, func(string) (int, any) { return answer() })
			for _, args := range []string{"status", "status --watch", "export -o reqif", "plan -f ../cmdtest/testdata/shop", "__complete why moment/", "__complete status -n"} {
				got := runOffline(t, "", append(strings.Fields(args), "--server", server, "")...)
				hostiletest.RequireInert(t, got.Out)
				hostiletest.RequireInert(t, got.ErrOut)
				if t.Failed() {
					t.Fatalf("%d %s %s", n, name, args)
				}
			}
		}
	}
}

// TestHostileArgumentsAreInert gives every flag of every command, and every command itself, a hostile value.
func TestHostileArgumentsAreInert(t *testing.T) {
	streams := genericiooptions.NewTestIOStreamsDiscard()
	for _, text := range hostiletest.ForTerminals {
		for _, command := range Commands(cmdutil.NewFactory(streams, time.Now)) {
			command.InheritedFlags()
			lines := [][]string{{command.Name(), "--", text}, {command.Name(), "-f", cmdtest.Shop, "--", text}}
			command.Flags().VisitAll(func(flag *pflag.Flag) {
				// What is kept in files would be kept in those of this folder.
				if flag.Name != "cache-dir" && flag.Name != "out" && flag.Name != "into" {
					lines = append(lines, []string{command.Name(), "--" + flag.Name, text})
				}
			})
			for _, args := range lines {
				got := runOffline(t, "", append(args, "--server", "http://127.0.0.1:1")...)
				hostiletest.RequireInert(t, got.Out)
				hostiletest.RequireInert(t, got.ErrOut)
				if t.Failed() {
					t.Fatalf("%q", args)
				}
			}
		}
	}
}

// TestHostileFilesAreInert reads kubeconfigs, folders and tables that are hostile by name, heading and content.
func TestHostileFilesAreInert(t *testing.T) {
	for _, text := range hostiletest.Texts {
		t.Chdir(t.TempDir())
		name := strings.NewReplacer("/", "", "\x00", "").Replace(text)
		name = strings.ToValidUTF8(name[:min(len(name), 200)], "")
		cell := `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		contents := map[string]string{
			name + ".yaml":     text + ": [\n",
			name + ".json":     `{"kind": "` + text,
			name + ".csv":      fmt.Sprintf("Name,%[1]s,Title\n%[1]s,%[1]s,%[1]s\nx,y,z\n", cell),
			"requirements.csv": fmt.Sprintf("Name,Moments,Title,Moscow,Statement\n%[1]s,%[1]s,%[1]s,%[1]s,%[1]s\nok,m,%[1]s,Must,%[1]s\n", cell),
			"kubeconfig.yaml":  text + ": [\n",
			"other/" + name:    text,
			"new/other.yaml":   "",
		}
		for path, content := range contents {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, args := range [][]string{
			{"status", "-f", name + ".yaml"}, {"status", "-f", name + ".json"}, {"status", "-f", "."}, {"status", "-f", "other"}, {"status", "-f", "other/" + name},
			{"plan", "-f", name + ".yaml", "--against", name + ":" + name}, {"plan", "-f", ".", "--against", "HEAD:" + name},
			{"import", name + ".csv"}, {"import", name + ".csv", "--kind", "moments"}, {"import", name + ".csv", "--kind", "moments", "--skip-invalid"},
			{"import", "requirements.csv"}, {"import", "requirements.csv", "--skip-invalid"},
			{"import", "requirements.csv", "--skip-invalid", "--into", "new", "--dry-run"}, {"import", "requirements.csv", "--skip-invalid", "--into", "new"},
			{"import", "other/" + name}, {"import", "other"}, {"import", name + ".csv", "--into", name + ".json"}, {"import", "requirements.csv", "--map", text + "=" + text},
			{"status", "--kubeconfig", "kubeconfig.yaml"}, {"status", "--kubeconfig", name}, {"export", "-f", "testdata", "--out", name + "/x"},
		} {
			got := runOffline(t, "", args...)
			hostiletest.RequireInert(t, got.Out)
			hostiletest.RequireInert(t, got.ErrOut)
			if t.Failed() {
				t.Fatalf("%q", args)
			}
		}
		written, err := os.ReadFile("new/requirements.yaml")
		if err != nil && !strings.Contains(text, "\x00") { // which no table holds
			t.Error(err)
		}
		hostiletest.RequireInert(t, string(written))
	}
}
