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
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/hostiletest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// pictures are the commands that draw, with %s for a journey, and their formats.
var pictures = []struct {
	name, command string
	formats       []string
}{
	{"map", "map %s", formatsOf("map")},
	{"matrix", "matrix", formatsOf("matrix")},
	{"matrix-phases", "matrix --by phases", formatsOf("matrix")},
	{"graph", "graph", formatsOf("graph")},
	{"graph-requirements", "graph --requirements", formatsOf("graph")},
	{"roadmap", "roadmap", []string{cmdutil.OutputHTML, cmdutil.OutputSVG}},
}

// drawn returns what a command prints when all is well.
func drawn(t *testing.T, stdin, command string, args ...string) string {
	t.Helper()
	got := runOffline(t, stdin, append(strings.Fields(command), args...)...)
	if got.Code != cmdutil.ExitOK {
		t.Fatalf("%s: exit code %d: %s", command, got.Code, got.ErrOut)
	}
	return got.Out
}

func pictureOf(command, journey string) string { return strings.ReplaceAll(command, "%s", journey) }

func namesOfStatuses[T any](statuses map[string]T) []string {
	return slices.Sorted(maps.Keys(statuses))
}

// twice lists each name twice: a page holds a picture for the screen and one for print.
func twice(names []string) []string {
	list := slices.Concat(names, names)
	slices.Sort(list)
	return list
}

func requireNames(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s are %v, want %v", what, got, want)
	}
}

// TestPicturesOfMotorClaim looks for every object of a large portfolio in its pictures.
func TestPicturesOfMotorClaim(t *testing.T) {
	path := cmdtest.Samples + "motor-claim"
	e := evaluated(t, path)
	var moments, items, waiting []string
	for _, phase := range mustMap(t, e, "motor-claim").Phases {
		for n := range phase.Moments {
			moments = append(moments, phase.Moments[n].Name)
		}
	}
	for _, team := range view.RoadmapOf(e).Teams {
		for n := range team.Items {
			items = append(items, team.Items[n].Name)
		}
	}
	for _, i := range view.RoadmapOf(e).Unscheduled {
		waiting = append(waiting, i.Name)
	}
	slices.Sort(moments)
	live := slices.Sorted(slices.Values(slices.Concat(items, waiting)))

	page := cmdtest.RequirePage(t, drawn(t, "", "map motor-claim", "-f", path, "-o", cmdutil.OutputHTML))
	requireNames(t, "moments in the pictures of the page", cmdtest.Values(page, "data-moment"), twice(moments))
	requireNames(t, "moments in the table", cmdtest.Values(page, "data-row"), moments)
	svg := cmdtest.RequireHarmless(t, drawn(t, "", "map motor-claim", "-f", path, "-o", cmdutil.OutputSVG))
	requireNames(t, "moments in the picture", cmdtest.Values(svg, "data-moment"), moments)

	all, blocks := namesOfStatuses(e.Moments), append([]string{""}, namesOfStatuses(e.BuildingBlocks)...)
	page = cmdtest.RequirePage(t, drawn(t, "", "matrix", "-f", path, "-o", cmdutil.OutputHTML))
	requireNames(t, "rows and columns", cmdtest.Values(page, "data-row"), slices.Sorted(slices.Values(slices.Concat(all, blocks[1:]))))
	svg = cmdtest.RequireHarmless(t, drawn(t, "", "matrix", "-f", path, "-o", cmdutil.OutputSVG))
	requireNames(t, "columns", cmdtest.Values(svg, "data-moment"), all)
	requireNames(t, "rows", cmdtest.Values(svg, "data-block"), blocks)

	page = cmdtest.RequirePage(t, drawn(t, "", "roadmap", "-f", path, "-o", cmdutil.OutputHTML))
	requireNames(t, "items in the pictures of the page", cmdtest.Values(page, "data-item"), twice(live))
	svg = cmdtest.RequireHarmless(t, drawn(t, "", "roadmap", "-f", path, "-o", cmdutil.OutputSVG))
	requireNames(t, "items in the picture", cmdtest.Values(svg, "data-item"), live)

	graph := drawn(t, "", "graph", "-f", path)
	for _, name := range namesOfStatuses(e.RoadmapItems) {
		if n := strings.Count(graph, `\n`+name+`\n`); n != 1 {
			t.Errorf("the graph shows item %s %d times", name, n)
		}
	}
}

// evaluated is what the model says of files.
func evaluated(t *testing.T, path string) *portfolio.Evaluation {
	t.Helper()
	read, err := source.ReadFiles(t.Context(), []string{path}, strings.NewReader(""), "default")
	if err != nil {
		t.Fatal(err)
	}
	return evaluate.All(read.Objects, cxv1alpha1.Date(cmdtest.Today.Format(time.DateOnly)))[0].Evaluation
}

func mustMap(t *testing.T, e *portfolio.Evaluation, name string) *view.JourneyMap {
	t.Helper()
	drawn, err := view.MapOf(e, name)
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

// TestPicturesTellNamespacesApart draws two portfolios at once.
func TestPicturesTellNamespacesApart(t *testing.T) {
	object := func(kind, name, namespace, spec string) string {
		return fmt.Sprintf(`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":%q,"metadata":{"name":%q,"namespace":%q},"spec":%s}`+"\n", kind, name, namespace, spec)
	}
	input := ""
	for _, namespace := range []string{"west", "east"} {
		input += object("BuildingBlock", "b", namespace, `{"title":"B","stages":[{"name":"s","title":"S"}]}`) +
			object("RoadmapItem", "i", namespace, `{"title":"I","delivers":[{"name":"b"}]}`) +
			object("Journey", "j", namespace, `{"title":"J","phases":[{"name":"p","title":"P"}]}`)
	}
	for _, command := range []string{"matrix -o html", "matrix -o svg", "roadmap -o html", "roadmap -o svg"} {
		got := drawn(t, input, command, "-A", "-f", "-")
		cmdtest.RequireHarmless(t, got)
		if east, west := strings.Index(got, "of east"), strings.Index(got, "of west"); east < 0 || west < east {
			t.Errorf("%s does not show both namespaces in order", command)
		}
	}
	got := drawn(t, input, "graph", "-A", "-f", "-")
	if !strings.Contains(got, `"east: B"`) || !strings.Contains(got, "n2_1 -> n2_2") {
		t.Errorf("the graph is:\n%s", got)
	}
	if failed := runOffline(t, input, "map", "j", "-A", "-f", "-"); failed.Code != cmdutil.ExitFailure || !strings.Contains(failed.ErrOut, "choose one with -n") {
		t.Errorf("got %+v", failed)
	}
}

func TestPictureExitCodes(t *testing.T) {
	shop := cmdtest.Shop
	for _, test := range []struct {
		args    []string
		want    int
		wantErr string
	}{
		{[]string{"map"}, cmdutil.ExitUsage, "name a journey"},
		{[]string{"map", "buy-a-coat", "-f", shop, "-o", "png"}, cmdutil.ExitUsage, "choose text, json, yaml, html, svg"},
		{[]string{"map", "journey/buy-a-coat", "-f", shop}, cmdutil.ExitOK, ""},
		{[]string{"map", "buy-a-cot", "-f", shop}, cmdutil.ExitFailure, `there is no journey "buy-a-cot", did you mean journey/buy-a-coat?`},
		{[]string{"matrix", "-f", shop, "--by", "teams"}, cmdutil.ExitUsage, "choose moments or phases"},
		{[]string{"graph", "-f", shop, "pod/x"}, cmdutil.ExitUsage, `kind "pod" is not known`},
		{[]string{"graph", "-f", shop, "find-my-size"}, cmdutil.ExitUsage, "write for instance moment/find-my-size"},
		{[]string{"graph", "-f", shop, "roadmap/default"}, cmdutil.ExitUsage, "not part of the graph"},
		{[]string{"graph", "-f", shop, "metric/calls"}, cmdutil.ExitUsage, "the Metric is not part of the graph"},
		{[]string{"graph", "-f", shop, "obs/calls"}, cmdutil.ExitUsage, "the Observation is not part of the graph"},
		{[]string{"why", "-f", shop, "obs/calls"}, cmdutil.ExitUsage, "an Observation is what was seen, and follows from nothing: ask for the object that it is of"},
		{[]string{"graph", "-f", shop, "mom/find-my-size", "--depth", "-1"}, cmdutil.ExitUsage, "less than 0"},
		{[]string{"graph", "-f", shop, "mom/find-my-sise"}, cmdutil.ExitFailure, "did you mean moment/find-my-size?"},
	} {
		got := runOffline(t, "", test.args...)
		if got.Code != test.want || !strings.Contains(got.ErrOut, test.wantErr) {
			t.Errorf("%v: exit code %d, standard error:\n%s\nwant %d and %q", test.args, got.Code, got.ErrOut, test.want, test.wantErr)
		}
	}
}

// TestPicturesAreInert puts mischief wherever an API server allows text, and reads every picture as its readers would.
func TestPicturesAreInert(t *testing.T) {
	mischief := append(slices.Clone(hostiletest.ForPrograms), `</title><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style><style>*{display:none}`,
		`{{.}}`, `<!--`, `]]>`, `&lt;b&gt;`, `\N \G \" \`, `"]; evil [label="`, `end`, `1. a list`, `- a list`, `_em_ **strong**`, `fa:fa-bomb`, `$$x^2$$`,
		`</svg>`, `<foreignObject>`, `%%{init: {"securityLevel":"loose"}}%%`, `:::done`, `-->|x|`, `x"]:::done --> n1_1["y`)
	var objects, phases, channels, teams []string
	add := func(kind, name, spec string) {
		objects = append(objects, fmt.Sprintf(`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":%q,"metadata":{"name":%q},"spec":%s}`, kind, name, spec))
	}
	for n, text := range mischief {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		replace := func(spec string) string {
			return strings.NewReplacer("TEXT", string(quoted), "UNIT", hostiletest.QuotedUnit(t, text), "NUMBER", fmt.Sprint(n)).Replace(spec)
		}
		channels = append(channels, replace(`{"name":"cNUMBER","title":TEXT}`))
		teams = append(teams, replace(`{"name":"tNUMBER","title":TEXT}`))
		if n < 30 {
			phases = append(phases, replace(`{"name":"pNUMBER","title":TEXT,"milestone":TEXT,"principles":[TEXT]}`))
		}
		add("Moment", replace("mNUMBER"), strings.ReplaceAll(replace(`{"journeyRef":{"name":"j"},"phase":"pPHASE","title":TEXT,"promise":TEXT,"importance":9,"channels":["cNUMBER"],
			"experience":{"current":1,"target":5},"neededBy":"2026-12-01"}`), "PHASE", fmt.Sprint(n%30)))
		add("Requirement", replace("rNUMBER"), replace(`{"momentRefs":[{"name":"mNUMBER"}],"title":TEXT,"moscow":"Must","buildingBlockRef":{"name":"bNUMBER"}}`))
		add("Requirement", replace("sNUMBER"), replace(`{"momentRefs":[{"name":"mNUMBER"}],"title":TEXT,"moscow":"Must","buildingBlockRef":{"name":"nowhere"}}`))
		add("BuildingBlock", replace("bNUMBER"), replace(`{"title":TEXT,"stages":[{"name":"s","title":TEXT}]}`))
		add("RoadmapItem", replace("iNUMBER"), replace(`{"title":TEXT,"team":"tNUMBER","delivers":[{"name":"bNUMBER"}]}`))
		add("Metric", replace("kNUMBER"), replace(`{"title":TEXT,"unit":UNIT,"direction":"Increase","momentRefs":[{"name":"mNUMBER"}],"minimumSamples":1,
			"baseline":{"value":"5","date":"2026-01-01"},"target":{"value":"9"},"samples":[{"date":"2026-09-20","value":"5"},{"date":"2026-11-20","value":"7"}]}`))
		add("RoadmapItem", replace("dNUMBER"), replace(`{"title":TEXT,"team":"tNUMBER","state":"Done","finishDate":"2026-09-01","delivers":[{"name":"cNUMBER"}],
			"hypothesis":{"statement":TEXT,"metricRef":{"name":"kNUMBER"},"expectedDelta":"1"}}`))
		add("RoadmapItem", replace("uNUMBER"), replace(`{"title":TEXT,"delivers":[{"name":"bNUMBER"}],"dependsOn":[{"name":"nowhere"}]}`))
	}
	add("Journey", "j", fmt.Sprintf(`{"title":%q,"goal":%q,"channels":[%s],"phases":[%s]}`,
		mischief[len(mischief)-1], `"><script>alert(1)</script>`, strings.Join(channels[:min(50, len(channels))], ","), strings.Join(phases, ",")))
	add("Roadmap", "default", `{"teams":[`+strings.Join(teams[:min(50, len(teams))], ",")+`]}`)
	input := strings.Join(objects, "\n")
	for _, d := range pictures {
		for _, format := range d.formats {
			t.Run(d.name+" "+format, func(t *testing.T) {
				got := drawn(t, input, pictureOf(d.command, "j"), "-f", "-", "-o", format)
				hostiletest.RequireInert(t, strings.ReplaceAll(got, "\r\n", "\n"))
				switch format {
				case cmdutil.OutputHTML:
					cmdtest.RequireTexts(t, cmdtest.RequirePage(t, got), mischief)
				case cmdutil.OutputSVG:
					cmdtest.RequireHarmless(t, got)
				case cmdutil.OutputJSON, cmdutil.OutputYAML:
					cmdtest.RequireSameTexts(t, format, got, mischief)
				case cmdutil.OutputCSV:
					cmdtest.RequireNoFormulas(t, got)
				case "dot":
					cmdtest.RequireDOT(t, got)
				case cmdutil.OutputMermaid:
					cmdtest.RequireFlowchart(t, got)
				}
			})
		}
	}
}
