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
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/hostiletest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/picture"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/render"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// pictures are the commands that draw, with %s for a journey, and their formats.
var pictures = []struct {
	name, command string
	formats       []string
}{
	{"map", "map %s", []string{cmdutil.OutputText, cmdutil.OutputJSON, cmdutil.OutputYAML, cmdutil.OutputHTML, cmdutil.OutputSVG}},
	{"matrix", "matrix", []string{cmdutil.OutputText, cmdutil.OutputJSON, cmdutil.OutputYAML, cmdutil.OutputCSV, cmdutil.OutputHTML, cmdutil.OutputSVG}},
	{"matrix-phases", "matrix --by phases", []string{cmdutil.OutputText, cmdutil.OutputJSON, cmdutil.OutputYAML, cmdutil.OutputCSV, cmdutil.OutputHTML, cmdutil.OutputSVG}},
	{"graph", "graph", []string{outputDOT, cmdutil.OutputMermaid, cmdutil.OutputJSON, cmdutil.OutputYAML}},
	{"graph-requirements", "graph --requirements", []string{outputDOT, cmdutil.OutputMermaid, cmdutil.OutputJSON, cmdutil.OutputYAML}},
	{"roadmap", "roadmap", []string{cmdutil.OutputHTML, cmdutil.OutputSVG}},
}

// drawn returns what a command prints when all is well.
func drawn(t *testing.T, stdin, command string, args ...string) string {
	t.Helper()
	got := runOffline(t, stdin, append(strings.Fields(command), args...)...)
	if got.code != cmdutil.ExitOK {
		t.Fatalf("%s: exit code %d: %s", command, got.code, got.errOut)
	}
	return got.out
}

func pictureOf(command, journey string) string { return strings.ReplaceAll(command, "%s", journey) }

func TestPictureGolden(t *testing.T) {
	for _, p := range []struct{ name, path, journey string }{
		{"shop", "testdata/shop", "buy-a-coat"}, {"quickstart", samples + "quickstart", "return-a-purchase"},
	} {
		for _, d := range pictures {
			for _, format := range d.formats {
				t.Run(p.name+" "+d.name+" "+format, func(t *testing.T) {
					t.Setenv("COLUMNS", "100")
					got := drawn(t, "", pictureOf(d.command, p.journey), "-f", p.path, "-o", format)
					compareGolden(t, d.name+"-"+p.name+"-"+format, strings.ReplaceAll(got, "\r\n", "\n"))
				})
			}
		}
	}
	for _, test := range []struct{ name, command string }{
		{"graph-moment", "graph moment/find-my-size"},
		{"graph-moment-near", "graph moment/find-my-size --depth 1"},
		{"graph-requirement", "graph req/invoice"},
		{"graph-block", "graph bb/fitting --requirements"},
		{"graph-item", "graph rmi learn-sizes"},
		{"graph-journey", "graph jny/buy-a-coat"},
	} {
		t.Run(test.name, func(t *testing.T) {
			compareGolden(t, test.name, drawn(t, "", test.command, "-f", "testdata/shop"))
		})
	}
}

// element is a part of a page or picture, as a parser reads it.
type element struct {
	name       string
	attributes map[string]string
	text       string // of its own, without that of its children
}

// parsePage reads a page or a picture, and fails where it is not well-formed.
func parsePage(t *testing.T, text string) []element {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	if strings.HasPrefix(text, "<!DOCTYPE html>") {
		// Of HTML this package needs to know no more than which elements have no end, and what may stand for true.
		decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	}
	var all []element
	var open []int
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			open = append(open, len(all))
			all = append(all, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				all[open[len(open)-1]].text += string(token)
			}
		}
	}
	if len(open) > 0 {
		t.Fatalf("%d elements have no end", len(open))
	}
	return all
}

// values lists the values of an attribute.
func values(elements []element, attribute string) []string {
	var list []string
	for _, e := range elements {
		if value, has := e.attributes[attribute]; has {
			list = append(list, value)
		}
	}
	slices.Sort(list)
	return list
}

// allowedElements are all that pages and pictures are made of. None of them loads or runs anything.
var allowedElements = strings.Fields(`html head meta title style body a main h1 h2 p section figure ul li strong div table thead tbody tfoot tr th td
	bdi span label select option footer svg desc rect line path circle text tspan g`)

// requireHarmless checks that a page loads nothing, runs nothing and says who it is for.
func requireHarmless(t *testing.T, text string) []element {
	t.Helper()
	elements := parsePage(t, text)
	for _, e := range elements {
		if !slices.Contains(allowedElements, e.name) {
			t.Errorf("there is an element %q", e.name)
		}
		for name, value := range e.attributes {
			if strings.HasPrefix(name, "on") || name == "src" || name == "style" || name == "action" {
				t.Errorf("%s has an attribute %s=%q", e.name, name, value)
			}
			if strings.Contains(name, "href") && value != "#words" {
				t.Errorf("%s leads to %q", e.name, value)
			}
		}
		if e.name == "style" && regexp.MustCompile(`(?i)url\(|@import|expression|javascript`).MatchString(e.text) {
			t.Errorf("the style loads something: %s", e.text)
		}
	}
	ids := values(elements, "id")
	if unique := slices.Compact(slices.Clone(ids)); len(unique) != len(ids) {
		t.Errorf("identifiers occur twice: %v", ids)
	}
	return elements
}

// requirePage checks what every page has.
func requirePage(t *testing.T, text string) []element {
	t.Helper()
	elements := requireHarmless(t, text)
	if !strings.Contains(text, `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-`) {
		t.Error("the page has no policy")
	}
	for _, want := range []string{`<html lang="en">`, `<h1`, `<main>`, `@page{size:A3 landscape`, `prefers-color-scheme:dark`, `@media print`} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, e := range elements {
		if e.name == "th" && e.attributes["scope"] == "" {
			t.Error("a head of a table has no scope")
		}
		if e.name == "svg" && e.attributes["aria-labelledby"] == "" && e.attributes["aria-hidden"] == "" {
			t.Error("a picture has no title")
		}
	}
	return elements
}

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
	const path = samples + "motor-claim"
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

	page := requirePage(t, drawn(t, "", "map motor-claim", "-f", path, "-o", cmdutil.OutputHTML))
	requireNames(t, "moments in the pictures of the page", values(page, "data-moment"), twice(moments))
	requireNames(t, "moments in the table", values(page, "data-row"), moments)
	svg := requireHarmless(t, drawn(t, "", "map motor-claim", "-f", path, "-o", cmdutil.OutputSVG))
	requireNames(t, "moments in the picture", values(svg, "data-moment"), moments)

	all, blocks := namesOfStatuses(e.Moments), append([]string{""}, namesOfStatuses(e.BuildingBlocks)...)
	page = requirePage(t, drawn(t, "", "matrix", "-f", path, "-o", cmdutil.OutputHTML))
	requireNames(t, "rows and columns", values(page, "data-row"), slices.Sorted(slices.Values(slices.Concat(all, blocks[1:]))))
	svg = requireHarmless(t, drawn(t, "", "matrix", "-f", path, "-o", cmdutil.OutputSVG))
	requireNames(t, "columns", values(svg, "data-moment"), all)
	requireNames(t, "rows", values(svg, "data-block"), blocks)

	page = requirePage(t, drawn(t, "", "roadmap", "-f", path, "-o", cmdutil.OutputHTML))
	requireNames(t, "items in the pictures of the page", values(page, "data-item"), twice(live))
	svg = requireHarmless(t, drawn(t, "", "roadmap", "-f", path, "-o", cmdutil.OutputSVG))
	requireNames(t, "items in the picture", values(svg, "data-item"), live)

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
	return evaluate.All(read.Objects, cxv1alpha1.Date(today.Format(time.DateOnly)))[0].Evaluation
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
		requireHarmless(t, got)
		if east, west := strings.Index(got, "of east"), strings.Index(got, "of west"); east < 0 || west < east {
			t.Errorf("%s does not show both namespaces in order", command)
		}
	}
	got := drawn(t, input, "graph", "-A", "-f", "-")
	if !strings.Contains(got, `"east: B"`) || !strings.Contains(got, "n2_1 -> n2_2") {
		t.Errorf("the graph is:\n%s", got)
	}
	if failed := runOffline(t, input, "map", "j", "-A", "-f", "-"); failed.code != cmdutil.ExitFailure || !strings.Contains(failed.errOut, "choose one with -n") {
		t.Errorf("got %+v", failed)
	}
}

func TestPictureExitCodes(t *testing.T) {
	const shop = "testdata/shop"
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
		{[]string{"graph", "-f", shop, "mom/find-my-size", "--depth", "-1"}, cmdutil.ExitUsage, "less than 0"},
		{[]string{"graph", "-f", shop, "mom/find-my-sise"}, cmdutil.ExitFailure, "did you mean moment/find-my-size?"},
	} {
		got := runOffline(t, "", test.args...)
		if got.code != test.want || !strings.Contains(got.errOut, test.wantErr) {
			t.Errorf("%v: exit code %d, standard error:\n%s\nwant %d and %q", test.args, got.code, got.errOut, test.want, test.wantErr)
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
			return strings.NewReplacer("TEXT", string(quoted), "NUMBER", fmt.Sprint(n)).Replace(spec)
		}
		channels = append(channels, replace(`{"name":"cNUMBER","title":TEXT}`))
		teams = append(teams, replace(`{"name":"tNUMBER","title":TEXT}`))
		if n < 30 {
			phases = append(phases, replace(`{"name":"pNUMBER","title":TEXT,"milestone":TEXT,"principles":[TEXT]}`))
		}
		add("Moment", replace("mNUMBER"), strings.ReplaceAll(replace(`{"journeyRef":{"name":"j"},"phase":"pPHASE","title":TEXT,"promise":TEXT,"importance":9,"channels":["cNUMBER"],
			"experience":{"current":1,"target":5},"neededBy":"2026-12-01"}`), "PHASE", fmt.Sprint(n%30)))
		add("Requirement", replace("rNUMBER"), replace(`{"momentRefs":[{"name":"mNUMBER"}],"title":TEXT,"moscow":"Must","buildingBlockRef":{"name":"bNUMBER"}}`))
		add("Requirement", replace("sNUMBER"), replace(`{"momentRefs":[{"name":"mNUMBER"}],"title":TEXT,"moscow":"Must","buildingBlockRef":{"name":TEXT}}`))
		add("BuildingBlock", replace("bNUMBER"), replace(`{"title":TEXT,"stages":[{"name":"s","title":TEXT}]}`))
		add("RoadmapItem", replace("iNUMBER"), replace(`{"title":TEXT,"team":"tNUMBER","delivers":[{"name":"bNUMBER"}]}`))
		add("RoadmapItem", replace("uNUMBER"), replace(`{"title":TEXT,"delivers":[{"name":"bNUMBER"}],"dependsOn":[{"name":TEXT}]}`))
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
					requireTexts(t, requirePage(t, got), mischief)
				case cmdutil.OutputSVG:
					requireHarmless(t, got)
				case cmdutil.OutputJSON, cmdutil.OutputYAML:
					requireSameTexts(t, format, got, mischief)
				case cmdutil.OutputCSV:
					requireNoFormulas(t, got)
				case outputDOT:
					requireLines(t, got, dotLines)
				case cmdutil.OutputMermaid:
					requireLines(t, got, flowLines)
				}
			})
		}
	}
}

// requireTexts checks that readers see the very text that was written, but for what terminals must not see.
func requireTexts(t *testing.T, elements []element, texts []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, e := range elements {
		seen[e.text] = true
	}
	for _, text := range texts {
		if !seen[render.Line(text)] {
			t.Errorf("nowhere on the page stands %q", text)
		}
	}
}

// dotLines and flowLines are all that may stand in a graph. In quotes nothing stands that could end them, and no entity or escape that
// this program did not write.
var (
	dotQuoted = `"(?:[^"\\&<>]|\\\\|\\"|\\n|&amp;|&lt;|&gt;)*"`
	dotLines  = regexp.MustCompile(`^(?:digraph journeys \{|  (?:graph|node|edge) \[.*\]|  subgraph cluster_\d+_\d+ \{|    graph \[label=` + dotQuoted + `, color="#ccd4db", labeljust=l\]|` +
		` +n\d+_\d+ \[label=` + dotQuoted + `, shape=\w+, style="[\w,]+", fillcolor="#\w+", color="#\w+"\]|  n\d+_\d+ -> n\d+_\d+(?: \[label="\d+(?: \(\d+ Musts?\))?"\])?|  \}|\})$`)
	flowQuoted = `"(?:[^":;#%<>{}\x60_*|\[\]]|: |#\d+;|<br/>)*"`
	flowLines  = regexp.MustCompile(`^(?:flowchart LR|    subgraph g\d+_\d+\[` + flowQuoted + `\]|    end| +n\d+_\d+(?:\(\[|\[/|\[\[|\[)` + flowQuoted + `(?:\]\)|/\]|\]\]|\]):::\w+|` +
		`    n\d+_\d+ -->(?:\|` + flowQuoted + `\|)? n\d+_\d+|    classDef [\w :#,-]+)$`)
)

func requireLines(t *testing.T, text string, allowed *regexp.Regexp) {
	t.Helper()
	for line := range strings.Lines(text) {
		if !allowed.MatchString(strings.TrimSuffix(line, "\n")) {
			t.Errorf("not a line of a graph: %q", line)
		}
	}
}

// TestPicturesOfAnything draws random portfolios: nothing fails, texts keep their width, and pages are well-formed.
func TestPicturesOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		e := portfolio.Evaluate(portfoliotest.Objects(rt), portfoliotest.Today)
		screen := render.Screen{Width: rapid.IntRange(60, 200).Draw(rt, "width")}
		printed := func(write func(io.Writer) error) string {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				rt.Fatal(err)
			}
			return b.String()
		}
		for name := range e.Journeys {
			journey, err := view.MapOf(e, name)
			if err != nil {
				rt.Fatal(err)
			}
			named := &namespacedMap{portfoliotest.Namespace, journey}
			text := printed(func(w io.Writer) error { return printMap(w, named, cmdutil.OutputText, screen) })
			requireWidth(rt, text, screen.Width)
			coloured := printed(func(w io.Writer) error {
				return printMap(w, named, cmdutil.OutputText, render.Screen{Width: screen.Width, Color: true})
			})
			if plain := regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(coloured, ""); plain != text {
				rt.Fatalf("with colours the text is another:\n%s\n%s", plain, text)
			}
			requireHarmless(t, printed(func(w io.Writer) error { return printMap(w, named, cmdutil.OutputHTML, screen) }))
		}
		for _, phases := range []bool{false, true} {
			matrices := []namespacedMatrix{{view.MatrixOf(e, phases), portfoliotest.Namespace}}
			requireWidth(rt, printed(func(w io.Writer) error { return printMatrices(w, matrices, cmdutil.OutputText, screen) }), screen.Width)
			requireHarmless(t, printed(func(w io.Writer) error { return printMatrices(w, matrices, cmdutil.OutputHTML, screen) }))
			requireHarmless(t, printed(func(w io.Writer) error { return printMatrices(w, matrices, cmdutil.OutputSVG, screen) }))
		}
		roadmap := &picture.Roadmap{Roadmap: view.RoadmapOf(e), Title: "R", Chains: view.ChainsOf(e)}
		requireHarmless(t, printed(func(w io.Writer) error { return picture.RoadmapPage(w, []*picture.Roadmap{roadmap}) }))
		requireLines(t, printed(func(w io.Writer) error {
			return printGraphs(w, []namespacedLinks{{view.LinksOf(e, rapid.Bool().Draw(rt, "requirements")), portfoliotest.Namespace}}, outputDOT)
		}), dotLines)
	})
}
