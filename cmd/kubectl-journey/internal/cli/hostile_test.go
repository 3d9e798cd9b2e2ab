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
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/hostiletest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
)

// types of the kinds.
var types = map[string]reflect.Type{
	kinds.Journey: reflect.TypeFor[cxv1alpha1.Journey](), kinds.Moment: reflect.TypeFor[cxv1alpha1.Moment](),
	kinds.Requirement: reflect.TypeFor[cxv1alpha1.Requirement](), kinds.BuildingBlock: reflect.TypeFor[cxv1alpha1.BuildingBlock](),
	kinds.RoadmapItem: reflect.TypeFor[cxv1alpha1.RoadmapItem](), kinds.Roadmap: reflect.TypeFor[cxv1alpha1.Roadmap](),
}

// poisoned gives an object of a kind that has a text everywhere. All have the same name, so all refer to each other.
func poisoned(t *testing.T, kind *kinds.Kind, text string, known map[reflect.Type]string) map[string]any {
	t.Helper()
	value := reflect.New(types[kind.Name]).Elem()
	hostiletest.Poison(value.FieldByName("Spec"), text, known)
	hostiletest.Poison(value.FieldByName("Status"), text, nil)
	data, err := json.Marshal(value.Interface())
	if err != nil {
		t.Fatal(err)
	}
	var content map[string]any
	if err := json.Unmarshal(data, &content); err != nil {
		t.Fatal(err)
	}
	name := text
	if kind.Name == kinds.Roadmap {
		name = "default"
	}
	texts := map[string]any{text: text}
	content["metadata"] = map[string]any{
		"name": name, "namespace": text, "uid": text, "resourceVersion": text, "generateName": text, "labels": texts, "annotations": texts, "finalizers": []any{text},
	}
	return content
}

// poisonedList is all that a hostiletest.Texts cluster has of a kind. What waits for itself is never scheduled, so there is other work too.
func poisonedList(t *testing.T, kind *kinds.Kind, text string, known map[reflect.Type]string) map[string]any {
	t.Helper()
	items := []any{poisoned(t, kind, text, known)}
	if kind.Name == kinds.RoadmapItem {
		for _, state := range []cxv1alpha1.ItemState{cxv1alpha1.StateInProgress, cxv1alpha1.StateDone} {
			free := poisoned(t, kind, text, known)
			free["metadata"].(map[string]any)["name"] = text + string(state)
			spec := free["spec"].(map[string]any)
			delete(spec, "dependsOn")
			spec["state"] = string(state)
			items = append(items, free)
		}
	}
	return map[string]any{"kind": kind.Name + "List", "apiVersion": kinds.APIVersion(), "metadata": map[string]any{"resourceVersion": "1"}, "items": items}
}

// hostileCluster answers every request with what is there for the last part of its path.
func hostileCluster(t *testing.T, answer func(resource string) (code int, body any)) (server string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		code, body := answer(path.Base(r.URL.Path))
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Warning", `299 - "evil \u202e"`)
		w.WriteHeader(code)
		if text, ok := body.(string); ok {
			_, _ = w.Write([]byte(text))
			return
		}
		_ = json.NewEncoder(w).Encode(body)
	}))
	// Every command is a client of its own.
	s.Config.SetKeepAlivesEnabled(false)
	t.Cleanup(s.Close)
	return s.URL
}

// TestHostileClusterIsInert reads objects that no API server admits: whatever a cluster holds, nobody is harmed by looking at it.
func TestHostileClusterIsInert(t *testing.T) {
	for n, text := range hostiletest.Texts {
		text = strings.ToValidUTF8(text, "\ufffd") // as JSON has it
		for name, known := range map[string]map[reflect.Type]string{"valid": hostiletest.Known, "anything": nil} {
			server := hostileCluster(t, func(resource string) (int, any) {
				if kind := kinds.Parse(resource); kind != nil {
					return http.StatusOK, poisonedList(t, kind, text, known)
				}
				return http.StatusNotFound, ""
			})
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
						if got.code != cmdutil.ExitOK && known != nil {
							t.Errorf("%q: exit code %d: %s", args, got.code, got.errOut)
						}
						hostiletest.RequireInert(t, got.errOut)
						requireInertFormat(t, c.command, format, got.out)
						if t.Failed() {
							t.Fatalf("%q", args)
						}
					}
				}
			})
		}
	}
}

var hostileCommands = []struct {
	// about is the kind of the object that the command is told to be about; empty for none.
	command, about string
	formats        []string
}{
	{"status", "", []string{cmdutil.OutputTable, cmdutil.OutputWide, cmdutil.OutputJSON, cmdutil.OutputYAML}},
	{"gaps", "", []string{cmdutil.OutputTable, cmdutil.OutputJSON, cmdutil.OutputYAML}},
	{"why", "jny", []string{outputTree, cmdutil.OutputJSON, cmdutil.OutputYAML}},
	{"why", "moment", []string{outputTree, cmdutil.OutputJSON, cmdutil.OutputYAML}},
	{"why", "requirement", []string{outputTree}},
	{"why", "buildingblock", []string{outputTree}},
	{"why", "roadmapitem", []string{outputTree}},
	{"why roadmap/default", "", []string{outputTree}},
	{"roadmap", "", roadmapFormats},
	{"map", kinds.Journey, pictures[0].formats},
	{"matrix", "", pictures[1].formats},
	{"matrix --by phases", "", pictures[1].formats},
	{"graph", "", pictures[3].formats},
	{"graph --requirements", "", pictures[3].formats},
	{"graph", "moment", pictures[3].formats},
	{"plan -f testdata/shop --prune", "", planFormats},
	{"export", "", []string{outputXLSX, outputReqIF}},
	{"export --link-template https://x/{namespace}/{kind}/{name}", "", []string{outputJiraCSV}},
}

// requireInertFormat reads an output as the programs do that it is for.
func requireInertFormat(t *testing.T, command, format, text string) {
	t.Helper()
	if text == "" {
		return
	}
	if format == outputXLSX {
		requireInertWorkbook(t, text)
		return
	}
	hostiletest.RequireInert(t, strings.ReplaceAll(text, "\r\n", "\n"))
	switch format {
	case cmdutil.OutputTable, cmdutil.OutputWide, outputTree, cmdutil.OutputText:
		requireNoCommands(t, text)
	case cmdutil.OutputHTML:
		requirePage(t, text)
	case cmdutil.OutputSVG:
		requireHarmless(t, text)
	case outputDOT:
		requireLines(t, text, dotLines)
	case cmdutil.OutputMermaid:
		if strings.HasPrefix(command, "graph") {
			requireLines(t, text, flowLines)
		} else {
			requireMermaid(t, text)
		}
	case cmdutil.OutputCSV, outputJiraCSV:
		requireNoFormulas(t, text)
	case outputMarkdown:
		requireMarkdown(t, text)
	case outputSARIF:
		requireSARIF(t, text)
	case outputReqIF:
		parsePage(t, text)
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

// requireNoCommands checks that the runner of a pipeline finds nothing to obey in a log.
func requireNoCommands(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##vso[") || strings.Contains(line, "##[") {
			t.Errorf("a runner would obey %q", line)
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
			server := hostileCluster(t, func(string) (int, any) { return answer() })
			for _, args := range []string{"status", "status --watch", "export -o reqif", "plan -f testdata/shop", "__complete why moment/", "__complete status -n"} {
				got := runOffline(t, "", append(strings.Fields(args), "--server", server, "")...)
				hostiletest.RequireInert(t, got.out)
				hostiletest.RequireInert(t, got.errOut)
				if t.Failed() {
					t.Fatalf("%d %s %s", n, name, args)
				}
			}
		}
	}
}

// TestHostileArgumentsAreInert gives every flag of every command, and every command itself, a hostiletest.Texts value.
func TestHostileArgumentsAreInert(t *testing.T) {
	streams := genericiooptions.NewTestIOStreamsDiscard()
	for _, text := range hostiletest.ForTerminals {
		for _, command := range newRoot(cmdutil.NewFactory(streams, time.Now)).Commands() {
			command.InheritedFlags()
			lines := [][]string{{command.Name(), "--", text}, {command.Name(), "-f", "testdata/shop", "--", text}}
			command.Flags().VisitAll(func(flag *pflag.Flag) {
				// What is kept in files would be kept in those of this folder.
				if flag.Name != "cache-dir" && flag.Name != "out" && flag.Name != "into" {
					lines = append(lines, []string{command.Name(), "--" + flag.Name, text})
				}
			})
			for _, args := range lines {
				got := runOffline(t, "", append(args, "--server", "http://127.0.0.1:1")...)
				hostiletest.RequireInert(t, got.out)
				hostiletest.RequireInert(t, got.errOut)
				if t.Failed() {
					t.Fatalf("%q", args)
				}
			}
		}
	}
}

// TestHostileFilesAreInert reads kubeconfigs, folders and tables that are hostiletest.Texts by name, heading and content.
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
			hostiletest.RequireInert(t, got.out)
			hostiletest.RequireInert(t, got.errOut)
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
