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

package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // The home of a schema, see sarifPackage.
	"github.com/xeipuuv/gojsonschema"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

// TestPlanFollowsFormats checks that the golden files are what their formats ask for.
func TestPlanFollowsFormats(t *testing.T) {
	for _, name := range []string{"plan-there", "plan-back"} {
		for format, require := range map[string]func(*testing.T, string){
			cmdutil.OutputJSON: requireSchema, outputSARIF: requireSARIF, outputMarkdown: func(t *testing.T, text string) { requireMarkdown(t, text) },
		} {
			content, err := os.ReadFile(filepath.Join("testdata", "golden", name+"-"+format+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			require(t, string(content))
		}
	}
}

// requireSchema checks a plan against the schema in the documentation. Fields that the schema does not have are wrong too.
func requireSchema(t *testing.T, text string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(cmdtest.Repository, "docs", "plan.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	var value any
	if err := json.Unmarshal(content, &schema); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	v := &schemaValidator{T: t, defs: schema["$defs"].(map[string]any)}
	v.check("plan", schema, value)
}

// schemaValidator knows as much of JSON schemas as the one of plans uses.
type schemaValidator struct {
	*testing.T

	defs map[string]any
}

func (v *schemaValidator) check(path string, schema map[string]any, value any) {
	v.Helper()
	if ref, ok := schema["$ref"].(string); ok {
		v.check(path, v.defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any), value)
		return
	}
	if choices, ok := schema["oneOf"].([]any); ok {
		if !slices.ContainsFunc(choices, func(c any) bool { return c.(map[string]any)["const"] == value }) {
			v.Errorf("%s is none of the words: %v", path, value)
		}
		return
	}
	if want, ok := schema["const"]; ok && want != value {
		v.Errorf("%s is %v, want %v", path, value, want)
	}
	valid := false
	switch schema["type"] {
	case "object":
		valid = v.checkObject(path, schema, value)
	case "array":
		var list []any
		list, valid = value.([]any)
		for _, item := range list {
			v.check(path+"[]", schema["items"].(map[string]any), item)
		}
	case "string":
		var text string
		text, valid = value.(string)
		if schema["format"] == "date" {
			valid = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`).MatchString(text)
		}
	case "integer":
		var number float64
		number, valid = value.(float64)
		valid = valid && number == float64(int64(number))
	case "boolean":
		_, valid = value.(bool)
	}
	if !valid {
		v.Errorf("%s is %v, want %v", path, value, schema["type"])
	}
}

func (v *schemaValidator) checkObject(path string, schema map[string]any, value any) bool {
	v.Helper()
	object, valid := value.(map[string]any)
	properties := schema["properties"].(map[string]any)
	for key, field := range object {
		if property, known := properties[key].(map[string]any); known {
			v.check(path+"."+key, property, field)
		} else {
			v.Errorf("%s.%s is not in the schema", path, key)
		}
	}
	for _, key := range schema["required"].([]any) {
		if _, found := object[key.(string)]; !found {
			v.Errorf("%s.%s is missing", path, key)
		}
	}
	return valid
}

// sarifPackage holds the schema of SARIF 2.1.0 that OASIS publishes, as a constant of its own.
const sarifPackage = "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

var sarifSchema = sync.OnceValues(func() (*gojsonschema.Schema, error) {
	here := build.Default
	here.Dir = cmdtest.Repository
	found, err := here.Import(sarifPackage, cmdtest.Repository, build.FindOnly)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(found.Dir, "schema.go"), nil, 0)
	if err != nil {
		return nil, err
	}
	text, err := strconv.Unquote(file.Decls[0].(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
	if err != nil {
		return nil, err
	}
	return gojsonschema.NewSchema(gojsonschema.NewStringLoader(text))
})

// requireSARIFSchema checks a log against the schema. What that does not have is wrong too.
func requireSARIFSchema(t *testing.T, text string) {
	t.Helper()
	schema, err := sarifSchema()
	if err != nil {
		t.Fatal(err)
	}
	result, err := schema.Validate(gojsonschema.NewStringLoader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range result.Errors() {
		t.Error(problem)
	}
}

// TestSARIFSchema checks that the schema tells a log from what is none.
func TestSARIFSchema(t *testing.T) {
	schema, err := sarifSchema()
	if err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(filepath.Join("testdata", "golden", "plan-there-sarif.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, spoil := range []struct{ old, new string }{
		{`"version": "2.1.0"`, `"version": "2.1"`}, {`"level": "error"`, `"level": "fatal"`}, {`"startLine": `, `"startLine": -`}, {`"name": "kubectl-journey",`, ``},
		{`"columnKind"`, `"columns"`}, {`"ruleIndex": `, `"ruleIndex": "x`},
	} {
		text := strings.ReplaceAll(string(good), spoil.old, spoil.new)
		result, err := schema.Validate(gojsonschema.NewStringLoader(text))
		if text == string(good) || err == nil && result.Valid() {
			t.Errorf("a log with %s is valid", spoil.new)
		}
	}
}

// requireSARIF checks what SARIF 2.1.0, and GitHub and GitLab in it, ask of a log.
func requireSARIF(t *testing.T, text string) {
	t.Helper()
	requireSARIFSchema(t, text)
	var log sarifLog
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || !strings.HasSuffix(log.Schema, "sarif-2.1.0.json") || len(log.Runs) != 1 {
		t.Fatalf("no log of one run: %+v", log)
	}
	driver := log.Runs[0].Tool.Driver
	if driver.Name == "" || driver.Version == "" || log.Runs[0].Results == nil {
		t.Errorf("the run lacks something: %+v", driver)
	}
	ids := map[string]bool{}
	for _, rule := range driver.Rules {
		if ids[rule.ID] || rule.ShortDescription.Text == "" || rule.FullDescription.Text == "" || rule.Help.Text == "" {
			t.Errorf("rule %s is there twice or not described", rule.ID)
		}
		ids[rule.ID] = true
		requireLevel(t, rule.DefaultConfiguration.Level)
	}
	fingerprints := map[string]bool{}
	if n := len(log.Runs[0].Results); n > maxSARIF {
		t.Errorf("%d results are more than are shown", n)
	}
	for _, result := range log.Runs[0].Results {
		requireLevel(t, result.Level)
		if result.RuleIndex < 0 || result.RuleIndex >= len(driver.Rules) || driver.Rules[result.RuleIndex].ID != result.RuleID {
			t.Errorf("%s is not rule %d", result.RuleID, result.RuleIndex)
		}
		// Braces begin a placeholder, and brackets a link.
		plain := regexp.MustCompile(`\{\{|\}\}|\\[\\\[\]]`).ReplaceAllString(result.Message.Text, "")
		if plain == "" || strings.ContainsAny(plain, "{}[]\\") {
			t.Errorf("the message is not plain: %q", result.Message.Text)
		}
		id := result.PartialFingerprints["primaryLocationLineHash"]
		if id == "" || fingerprints[id] || id != result.PartialFingerprints["journeyPlan/v1"]+":1" {
			t.Errorf("%s has the fingerprint of another: %s", result.Message.Text, id)
		}
		fingerprints[id] = true
		requireLocation(t, result)
	}
}

func requireLevel(t *testing.T, level string) {
	t.Helper()
	if !slices.Contains([]diff.Level{diff.LevelError, diff.LevelWarning, diff.LevelNote}, diff.Level(level)) {
		t.Errorf("%q is not a level", level)
	}
}

func requireLocation(t *testing.T, result sarifResult) {
	t.Helper()
	if len(result.Locations) != 1 || len(result.Locations[0].LogicalLocations) != 1 {
		t.Fatalf("%s: no location", result.Message.Text)
	}
	physical := result.Locations[0].PhysicalLocation
	uri, err := url.Parse(physical.ArtifactLocation.URI)
	if err != nil || uri.IsAbs() || uri.Path == "" || physical.Region.StartLine < 1 {
		t.Errorf("%s: bad location %+v, %v", result.Message.Text, physical, err)
	}
}

// TestPlanLocations checks that findings are where the objects begin.
func TestPlanLocations(t *testing.T) {
	sampleAndEdited(t)
	var log sarifLog
	if err := json.Unmarshal([]byte(runOffline(t, "", "plan", "-f", "edited", "--against", "sample", "-o", "sarif").Out), &log); err != nil {
		t.Fatal(err)
	}
	for _, result := range log.Runs[0].Results {
		name := result.Locations[0].LogicalLocations[0].Name
		if strings.Contains(result.Locations[0].LogicalLocations[0].FullyQualifiedName, "/Team/") {
			name = "default"
		}
		physical := result.Locations[0].PhysicalLocation
		content, err := os.ReadFile(physical.ArtifactLocation.URI)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(content), "\n")[physical.Region.StartLine-1:]
		if !strings.HasPrefix(lines[0], "apiVersion:") || !slices.Contains(lines[:4], "  name: "+name) {
			t.Errorf("%s is not at %s:%d, but %q", name, physical.ArtifactLocation.URI, physical.Region.StartLine, lines[:4])
		}
	}
}

// TestPlanSARIFIsBounded plans more findings than code review tools take.
func TestPlanSARIFIsBounded(t *testing.T) {
	t.Chdir(t.TempDir())
	var b strings.Builder
	for n := range maxSARIF {
		fmt.Fprintf(&b, `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Moment","metadata":{"name":"m%d","namespace":%q},`+
			`"spec":{"title":"M","journeyRef":{"name":"none"},"phase":"p","importance":1}}`+"\n", n, []string{"east", "west"}[n%2])
	}
	if err := errors.Join(os.WriteFile("new.json", []byte(b.String()), 0o600),
		os.WriteFile("old.json", []byte(`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"j"},"spec":{"title":"J"}}`), 0o600)); err != nil {
		t.Fatal(err)
	}
	got := runOffline(t, "", "plan", "-f", "new.json", "--against", "old.json", "-o", "sarif")
	if want := "note: the 5000 most severe of 25000 findings are in the log: -o json has all\n"; got.Code != cmdutil.ExitOK || got.ErrOut != want {
		t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
	}
	requireSARIF(t, got.Out)
	if n := strings.Count(got.Out, `"ruleId": "dangling-reference"`); n != maxSARIF {
		t.Errorf("%d of the most severe findings are there, want %d", n, maxSARIF)
	}
}

// TestPlanLocationsFromAnywhere checks that files are named from the root of the repository, wherever the command runs and however they
// are given.
func TestPlanLocationsFromAnywhere(t *testing.T) {
	sampleAndEdited(t)
	outside, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Mkdir("repository", 0o700), os.CopyFS("repository/journeys", os.DirFS("sample"))); err != nil {
		t.Fatal(err)
	}
	t.Chdir("repository")
	git(t, "init", "--quiet", "--initial-branch=main")
	git(t, "add", "--all")
	git(t, "commit", "--quiet", "--message=The sample")
	if err := errors.Join(os.RemoveAll("journeys"), os.CopyFS("journeys", os.DirFS("../edited")), os.Symlink("journeys", "linked")); err != nil {
		t.Fatal(err)
	}
	files := func(folder string, args ...string) map[string]bool {
		t.Chdir(folder)
		got := runOffline(t, "", append([]string{"plan", "-o", "sarif"}, args...)...)
		if got.Code != cmdutil.ExitOK {
			t.Fatalf("%v: exit code %d: %s", args, got.Code, got.ErrOut)
		}
		requireSARIF(t, got.Out)
		var log sarifLog
		if err := json.Unmarshal([]byte(got.Out), &log); err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, result := range log.Runs[0].Results {
			found[result.Locations[0].PhysicalLocation.ArtifactLocation.URI] = true
		}
		return found
	}
	repository := filepath.Join(outside, "repository")
	want := files(repository, "-f", "journeys", "--against", "HEAD:journeys")
	if !want["journeys/moments/repair.yaml"] {
		t.Fatalf("from the root: %v", want)
	}
	for _, test := range []struct {
		name, folder string
		args         []string
	}{
		{"the folder itself", "repository/journeys", []string{"-f", ".", "--against", "HEAD:./"}},
		{"from below", "repository/journeys/moments", []string{"-f", "..", "--against", "HEAD:../"}},
		{"an absolute path", "repository/journeys", []string{"-f", repository + "/journeys", "--against", "HEAD:journeys"}},
		{"through a link", "repository", []string{"-f", "linked/", "--against", "HEAD:journeys"}},
		{"from outside", ".", []string{"-f", "repository/journeys", "--against", "sample"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if difference := cmp.Diff(want, files(filepath.Join(outside, test.folder), test.args...)); difference != "" {
				t.Errorf("(-want +got):\n%s", difference)
			}
		})
	}
	t.Run("in a hook", func(t *testing.T) {
		t.Setenv("GIT_DIR", ".git")
		if difference := cmp.Diff(want, files(repository, "-f", "journeys", "--against", "HEAD:journeys")); difference != "" {
			t.Errorf("(-want +got):\n%s", difference)
		}
	})
}

// TestPlanSARIFWithoutFiles plans what comes from standard input: nothing of it can be shown at a line of a file.
func TestPlanSARIFWithoutFiles(t *testing.T) {
	const journey = `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"j"},"spec":{"title":"J","phases":[{"name":"p"}]}}`
	const moment = `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Moment","metadata":{"name":"m"},"spec":{"title":"M","journeyRef":{"name":"j"},"phase":"q","importance":1}}`
	t.Chdir(t.TempDir())
	for name, content := range map[string]string{"journey.json": journey, "stdin": moment} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name, stdin string
		files       []string
		at, note    string
	}{
		{"all from standard input", journey + moment, []string{"-"}, "",
			"note: left out of the log, since GitHub refuses one that has any: 5 findings about no file; -o json has all\n"},
		{"one of them, which then is at the file", moment, []string{"journey.json", "-"}, "journey.json", ""},
		{"a file that is called so", journey, []string{"stdin"}, "stdin", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := []string{"plan", "-o", "sarif", "--against", "journey.json"}
			for _, file := range test.files {
				args = append(args, "-f", file)
			}
			got := runOffline(t, test.stdin, args...)
			if got.Code != cmdutil.ExitOK || got.ErrOut != test.note {
				t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
			}
			requireSARIF(t, got.Out)
			if n := strings.Count(got.Out, `"uri": "`+test.at+`"`); (n > 0) != (test.at != "") || strings.Count(got.Out, `"ruleId"`) != n {
				t.Errorf("%d findings are at %s:\n%s", n, test.at, got.Out)
			}
		})
	}
}

func TestFileURI(t *testing.T) {
	for path, want := range map[string]string{
		"a/b.yaml": "a/b.yaml", "a b/ü.yaml": "a%20b/%C3%BC.yaml", "a:b.yaml": "./a:b.yaml", "/tmp/a.yaml": "file:///tmp/a.yaml", "a#b?c%.yaml": "a%23b%3Fc%25.yaml",
	} {
		if got := fileURI(path); got != want {
			t.Errorf("fileURI(%q) = %q, want %q", path, got, want)
		}
	}
}
