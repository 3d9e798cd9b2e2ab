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

package roadmap

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/hostiletest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// commands are those of these tests.
var commands = cmdtest.Commands(func(f *cmdutil.Factory) *cobra.Command { return NewCmd(f, nil) })

func runOffline(tb testing.TB, stdin string, args ...string) cmdtest.Outcome {
	tb.Helper()
	return cmdtest.Run(tb, commands, stdin, args...)
}

var roadmapFormats = []string{cmdutil.OutputText, cmdutil.OutputJSON, cmdutil.OutputYAML, cmdutil.OutputCSV, cmdutil.OutputMermaid}

func TestRoadmapGolden(t *testing.T) {
	for _, portfolio := range []struct{ name, path string }{
		{"shop", cmdtest.Shop}, {"quickstart", cmdtest.Samples + "quickstart"}, {"motor-claim", cmdtest.Samples + "motor-claim"},
		{"measured", cmdtest.Measured},
	} {
		for _, format := range roadmapFormats {
			t.Run(portfolio.name+" "+format, func(t *testing.T) {
				t.Setenv("COLUMNS", "")
				got := roadmapOf(t, "", "-f", portfolio.path, "-o", format)
				if format == cmdutil.OutputCSV {
					// Git writes the ends of lines in files as it likes.
					if strings.Count(got, "\r\n") != strings.Count(got, "\n") {
						t.Error("a line does not end as RFC 4180 has it")
					}
					got = strings.ReplaceAll(got, "\r\n", "\n")
				}
				cmdtest.Golden(t, "roadmap-"+portfolio.name+"-"+format, got)
			})
		}
		for _, columns := range []string{"80", "140"} {
			t.Run(portfolio.name+" "+columns, func(t *testing.T) {
				t.Setenv("COLUMNS", columns)
				cmdtest.Golden(t, "roadmap-"+portfolio.name+"-"+columns, roadmapOf(t, "", "-f", portfolio.path))
			})
		}
	}
}

func TestPictureGolden(t *testing.T) {
	for name, path := range map[string]string{"shop": cmdtest.Shop, "quickstart": cmdtest.Samples + "quickstart", "measured": cmdtest.Measured} {
		for _, format := range []string{cmdutil.OutputHTML, cmdutil.OutputSVG} {
			t.Run(name+" "+format, func(t *testing.T) {
				cmdtest.Golden(t, "roadmap-"+name+"-"+format, roadmapOf(t, "", "-f", path, "-o", format))
			})
		}
	}
}

// roadmapOf returns what the command prints when all is well.
func roadmapOf(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	got := runOffline(t, stdin, append([]string{"roadmap"}, args...)...)
	if got.Code != cmdutil.ExitOK {
		t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
	}
	return got.Out
}

func TestRoadmapOfNothing(t *testing.T) {
	const journey = `{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"j"},"spec":{"title":"J"}}`
	for format, want := range map[string]string{
		cmdutil.OutputText:    "Nothing is left to do",
		cmdutil.OutputJSON:    `"bundles": []`,
		cmdutil.OutputYAML:    "bundles: []",
		cmdutil.OutputCSV:     "namespace,rank",
		cmdutil.OutputMermaid: "gantt\n",
	} {
		if got := roadmapOf(t, journey, "-f", "-", "-o", format); !strings.Contains(got, want) {
			t.Errorf("%s lacks %q:\n%s", format, want, got)
		}
	}
}

func TestRoadmapsOfNamespaces(t *testing.T) {
	item := func(namespace string) string {
		return fmt.Sprintf(`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"BuildingBlock","metadata":{"name":"b","namespace":%[1]q},`+
			`"spec":{"title":"B","stages":[{"name":"s","title":"S"}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"RoadmapItem","metadata":{"name":"i","namespace":%[1]q},"spec":{"title":"I","delivers":[{"name":"b"}]}}
`, namespace)
	}
	for format, want := range map[string][]string{
		cmdutil.OutputText:    {"Roadmap of east as of 2026-11-22\n====", "\n\nRoadmap of west as of 2026-11-22\n===="},
		cmdutil.OutputJSON:    {`"namespace": "east"`, `"namespace": "west"`},
		cmdutil.OutputCSV:     {"\r\neast,1,", "\r\nwest,1,"},
		cmdutil.OutputMermaid: {"section east, No team", "east_i", "section west, No team", "west_i"},
	} {
		got := roadmapOf(t, item("west")+item("east"), "-A", "-f", "-", "-o", format)
		at := 0
		for _, part := range want {
			next := strings.Index(got[at:], part)
			if next < 0 {
				t.Fatalf("%s lacks %q after byte %d:\n%s", format, part, at, got)
			}
			at += next
		}
	}
}

// TestRoadmapIsInert puts mischief in the titles of items and teams, and reads every output as its readers would.
func TestRoadmapIsInert(t *testing.T) {
	var objects, teams []string
	for n, text := range hostiletest.ForPrograms {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		teams = append(teams, fmt.Sprintf(`{"name":"t%d","title":%s}`, n, quoted))
		objects = append(objects, fmt.Sprintf(
			`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"RoadmapItem","metadata":{"name":"i%[1]d"},`+
				`"spec":{"title":%[2]s,"team":"t%[1]d","delivers":[{"name":"b"}]}}`, n, quoted))
		objects = append(objects, fmt.Sprintf(
			`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"RoadmapItem","metadata":{"name":"u%[1]d"},`+
				`"spec":{"title":%[2]s,"delivers":[{"name":"b"}],"dependsOn":[{"name":"nowhere"}]}}`, n, quoted), judged(t, n, text))
	}
	objects = append(objects,
		`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"BuildingBlock","metadata":{"name":"b"},"spec":{"title":"B","stages":[{"name":"s","title":"S"}]}}`,
		`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Roadmap","metadata":{"name":"default"},"spec":{"teams":[`+strings.Join(teams, ",")+`]}}`)
	input := strings.Join(objects, "\n")
	for _, format := range roadmapFormats {
		t.Run(format, func(t *testing.T) {
			got := roadmapOf(t, input, "-f", "-", "-o", format)
			hostiletest.RequireInert(t, strings.ReplaceAll(got, "\r\n", "\n"))
			switch format {
			case cmdutil.OutputJSON, cmdutil.OutputYAML:
				requireTitles(t, format, got)
			case cmdutil.OutputCSV:
				requireNoFormula(t, got)
			case cmdutil.OutputMermaid:
				cmdtest.RequireGantt(t, got)
			}
		})
	}
}

// judged is finished work whose hypothesis a metric refutes, with a text wherever there may be one.
func judged(t *testing.T, n int, text string) string {
	t.Helper()
	return fmt.Sprintf(`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Metric","metadata":{"name":"m%[1]d"},`+
		`"spec":{"title":%[2]s,"unit":%[3]s,"direction":"Increase","minimumSamples":1,"baseline":{"value":"5","date":"2026-01-01"},`+
		`"samples":[{"date":"2026-09-20","value":"5"}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"RoadmapItem","metadata":{"name":"d%[1]d"},"spec":{"title":%[2]s,"team":"t%[1]d","state":"Done",`+
		`"finishDate":"2026-09-01","delivers":[{"name":"b"}],"hypothesis":{"statement":%[2]s,"metricRef":{"name":"m%[1]d"},"expectedDelta":"1"}}}`, n, hostiletest.Quoted(t, text), hostiletest.QuotedUnit(t, text))
}

// requireTitles checks that a parser reads the very text that was written.
func requireTitles(t *testing.T, format, text string) {
	t.Helper()
	var document struct{ Roadmaps []view.Roadmap }
	err := json.Unmarshal([]byte(text), &document)
	if format == cmdutil.OutputYAML {
		err = yaml.Unmarshal([]byte(text), &document)
	}
	if err != nil {
		t.Fatal(err)
	}
	for n, team := range document.Roadmaps[0].Teams {
		if team.Title != hostiletest.ForPrograms[n] || len(team.Items) != 1 || team.Items[0].Title != hostiletest.ForPrograms[n] {
			t.Errorf("a parser reads %q, want %q", team.Title, hostiletest.ForPrograms[n])
		}
	}
}

func requireNoFormula(t *testing.T, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := 1 + 3*len(hostiletest.ForPrograms); len(rows) != want {
		t.Errorf("%d rows, want %d", len(rows), want)
	}
	cmdtest.RequireNoFormulas(t, text)
}

// TestRoadmapShowsEachItemOnce looks for every item that can be scheduled, in every format and at several widths.
func TestRoadmapShowsEachItemOnce(tt *testing.T) {
	tt.Parallel()
	rapid.Check(tt, func(t *rapid.T) {
		objects := portfoliotest.Objects(t)
		e := portfolio.Evaluate(objects, portfoliotest.Today)
		roadmaps := []namespacedRoadmap{{Namespace: portfoliotest.Namespace, Roadmap: view.RoadmapOf(e), Chains: view.ChainsOf(e)}}
		var want []string
		for name, status := range e.RoadmapItems {
			if status.Schedule != nil {
				want = append(want, name)
			}
		}
		slices.Sort(want)
		expect := func(format string, got []string) {
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Fatalf("%s shows %v, want %v", format, got, want)
			}
		}
		printed := func(format string, screen terminal.Screen) string {
			var b bytes.Buffer
			if err := printRoadmaps(&b, roadmaps, format, screen); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		screen := terminal.Screen{Width: rapid.IntRange(60, 200).Draw(t, "width")}
		cmdtest.RequireHarmless(tt, printed(cmdutil.OutputHTML, screen))
		for _, format := range []string{cmdutil.OutputJSON, cmdutil.OutputYAML} {
			expect(format, namesInDocument(t, printed(format, screen)))
		}
		expect(cmdutil.OutputCSV, namesInCSV(t, printed(cmdutil.OutputCSV, screen)))
		expect(cmdutil.OutputMermaid, namesInMermaid(printed(cmdutil.OutputMermaid, screen)))
		text := printed(cmdutil.OutputText, screen)
		bundles, charts := namesInText(text)
		expect("bundles", bundles)
		expect("charts", charts)
		cmdtest.RequireWidth(t, text, screen.Width)

		screen.Color = true
		cmdtest.RequireSameText(t, text, printed(cmdutil.OutputText, screen))
	})
}

func namesInDocument(t *rapid.T, text string) []string {
	var document struct{ Roadmaps []view.Roadmap }
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	var names, bundled []string
	for _, team := range document.Roadmaps[0].Teams {
		for _, i := range team.Items {
			names = append(names, i.Name)
		}
	}
	for _, bundle := range document.Roadmaps[0].Bundles {
		bundled = append(bundled, bundle.Items...)
	}
	if slices.Sort(names); !slices.Equal(names, slices.Sorted(slices.Values(bundled))) {
		t.Fatalf("teams have %v, bundles %v", names, bundled)
	}
	return names
}

func namesInCSV(t *rapid.T, text string) []string {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, row := range rows[1:] {
		if row[slices.Index(rows[0], "rank")] != "" {
			names = append(names, row[slices.Index(rows[0], "name")])
		}
	}
	return names
}

func namesInMermaid(text string) []string {
	return secondOf(regexp.MustCompile(`(?m)^ {8}\d+\. .* :.*\bdefault_([\w.-]+), \S+, \S+$`).FindAllStringSubmatch(text, -1))
}

func namesInText(text string) (bundles, charts []string) {
	before, after, _ := strings.Cut(text, "\nSchedule by team\n")
	bundles = secondOf(regexp.MustCompile(`\b\d+ (item-[\w-]+)`).FindAllStringSubmatch(before, -1))
	charts = secondOf(regexp.MustCompile(`(?m)^ *\d+ (item-[\w-]+) +(?:InProgress|Planned|Proposed) `).FindAllStringSubmatch(after, -1))
	return bundles, charts
}

func secondOf(matches [][]string) []string {
	var list []string
	for _, match := range matches {
		list = append(list, match[1])
	}
	return list
}
