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
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	markdowntext "github.com/yuin/goldmark/text"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/hostiletest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

// mentions are text that code hosts and their comments would act upon.
var mentions = append([]string{
	"@everyone", "#1", "!1", "GH-1", "a/b#1", "0123456789abcdef0123456789abcdef01234567", "https://evil.example/", "www.evil.example", "[x](https://evil.example)",
	"![x](https://evil.example/x.png)", "<img src=x onerror=alert(1)>", "</details>", "<!--", "-->", "`", "``", "```\ncode", "` @everyone `", "`|`", "|", `\|`, `\\|`, `\`,
	"/close", "- [ ] x", "# heading", "**bold**", "$x$", ":tada:", "{0}", "{{1}}", "[x](0)", "&lt;script&gt;", "<https://evil.example>", "***", "1. x", "> x", "~~x~~",
}, hostiletest.ForPrograms...)

// TestPlanIsInert puts mischief wherever the API server allows text, and reads every output as its readers would.
func TestPlanIsInert(t *testing.T) {
	var old, changed []string
	add := func(to *[]string, kind, name, spec string, args ...any) {
		*to = append(*to, fmt.Sprintf(`{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":%q,"metadata":{"name":%q},"spec":`, kind, name)+fmt.Sprintf(spec, args...)+"}")
	}
	for n, text := range mentions {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		moment := `{"title":%[1]s,"journeyRef":{"name":"nowhere"},"phase":"p","importance":1}`
		item := `{"title":%[1]s,"delivers":[{"name":"b"}],"state":%[2]q}`
		add(&old, "Moment", fmt.Sprintf("m%d", n), moment, quoted)
		add(&old, "RoadmapItem", fmt.Sprintf("i%d", n), item, quoted, "Planned")
		add(&changed, "Moment", fmt.Sprintf("m%d", n), moment, quoted)
		add(&changed, "Moment", fmt.Sprintf("new%d", n), moment, quoted)
		add(&changed, "Requirement", fmt.Sprintf("r%d", n),
			`{"title":%[1]s,"moscow":"Must","momentRefs":[{"name":"m%[2]d"},{"name":"nowhere"}],"buildingBlockRef":{"name":"nowhere"}}`, quoted, n)
		add(&changed, "RoadmapItem", fmt.Sprintf("i%d", n), `{"title":%[1]s,"delivers":[{"name":"b"}],"dependsOn":[{"name":"nowhere"}]}`, quoted)
	}
	for _, to := range []*[]string{&old, &changed} {
		add(to, "BuildingBlock", "b", `{"title":"B","stages":[{"name":"s","title":"S"}]}`)
	}
	t.Chdir(t.TempDir())
	const oldFile, newFile = "old `@everyone` [x](y) | <b>.json", "new\x1b[31m.json"
	for file, objects := range map[string][]string{oldFile: old, newFile: changed} {
		if err := os.WriteFile(file, []byte(strings.Join(objects, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, format := range planFormats {
		t.Run(format, func(t *testing.T) {
			got := runOffline(t, "", "plan", "-f", newFile, "--against", oldFile, "-o", format)
			if got.Code != cmdutil.ExitOK {
				t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
			}
			hostiletest.RequireInert(t, got.Out)
			hostiletest.RequireInert(t, got.ErrOut)
			switch format {
			case cmdutil.OutputJSON:
				requireSchema(t, got.Out)
				requireMentions(t, got.Out)
			case outputMarkdown:
				requireShown(t, requireMarkdown(t, got.Out))
			case outputSARIF:
				requireSARIF(t, got.Out)
			}
		})
	}
}

// TestHostileClusterIsInert takes objects for the old state that no API server admits.
func TestHostileClusterIsInert(t *testing.T) {
	for n, text := range hostiletest.Texts {
		text = strings.ToValidUTF8(text, "\ufffd") // as JSON has it
		for name, known := range map[string]map[reflect.Type]string{"valid": hostiletest.Known, "anything": nil} {
			server := hostiletest.Cluster(t, text, known)
			for _, format := range planFormats {
				t.Run(fmt.Sprintf("%d %s %s", n, name, format), func(t *testing.T) {
					got := runOffline(t, "", "plan", "-f", cmdtest.Shop, "--prune", "--server", server, "-A", "-o", format)
					// Of text in place of a date or a state it may well be said that it is none.
					if got.Code != cmdutil.ExitOK && known != nil {
						t.Errorf("exit code %d: %s", got.Code, got.ErrOut)
					}
					hostiletest.RequireInert(t, got.ErrOut)
					if got.Out == "" {
						return
					}
					hostiletest.RequireInert(t, got.Out)
					switch format {
					case cmdutil.OutputText:
						hostiletest.RequireNoCommands(t, got.Out)
					case outputMarkdown:
						requireMarkdown(t, got.Out)
					case outputSARIF:
						requireSARIF(t, got.Out)
					case cmdutil.OutputJSON:
						if !json.Valid([]byte(got.Out)) {
							t.Error("no parser reads this")
						}
					}
				})
			}
		}
	}
}

// requireMentions checks that a parser reads the very text that was written.
func requireMentions(t *testing.T, text string) {
	t.Helper()
	var p diff.Plan
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	titles := map[string]string{}
	for _, m := range p.Portfolios[0].Moments {
		titles[m.Name] = m.Title
	}
	for n, want := range mentions {
		if got := titles[fmt.Sprintf("new%d", n)]; got != want {
			t.Errorf("a parser reads %q, want %q", got, want)
		}
	}
}

// requireShown checks that titles are shown as a terminal would show them.
func requireShown(t *testing.T, code []string) {
	t.Helper()
	for _, title := range mentions {
		// A backslash before a bar ends neither the cell nor the code, but takes a space to do so.
		want := strings.ReplaceAll(terminal.Line(title), `\|`, `\ |`)
		if !slices.ContainsFunc(code, func(shown string) bool { return strings.TrimSpace(shown) == strings.TrimSpace(want) }) {
			t.Errorf("%q is not shown", want)
		}
	}
}

// ownText is all that a comment says outside of code: words of our own, numbers and dates.
var ownText = regexp.MustCompile(`^[\w ,:;.()+→🔴⚪🟢%-]*$`)

// ownHTML is the only HTML in a comment.
var ownHTML = regexp.MustCompile(`^(?:<!-- kubectl-journey-plan -->|</details>|<details><summary>[\w ,:;→+-]+</summary>)\n?$`)

// requireMarkdown reads a comment as the Markdown of GitHub, with links that are none but for their looks, and checks that all that comes
// out of objects is within code. It returns what is.
func requireMarkdown(t *testing.T, source string) (code []string) {
	t.Helper()
	if n := lengthOf(source); n > maxMarkdown {
		t.Errorf("the comment has %d characters", n)
	}
	if !strings.HasPrefix(source, marker+"\n") || strings.Count(source, marker) != 1 {
		t.Error("the comment cannot be found again by its marker")
	}
	requireColumns(t, source)
	content := []byte(source)
	document := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(markdowntext.NewReader(content))
	// The walk only fails if the visitor does.
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := node.(type) {
		case *ast.CodeSpan:
			code = append(code, codeOf(n, content))
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			if own := n.Segment.Value(content); !ownText.Match(own) {
				t.Errorf("not inert: %q", own)
			}
		case *ast.HTMLBlock:
			if own := n.Lines().Value(content); !ownHTML.Match(own) {
				t.Errorf("HTML: %q", own)
			}
		case *ast.Document, *ast.Heading, *ast.Paragraph, *ast.TextBlock, *ast.List, *ast.ListItem, *ast.Emphasis,
			*tables.Table, *tables.TableHeader, *tables.TableRow, *tables.TableCell:
		default:
			t.Errorf("there is a %s", node.Kind())
		}
		return ast.WalkContinue, nil
	})
	return code
}

// codeOf is the text of a span of code as it is shown.
func codeOf(span *ast.CodeSpan, source []byte) string {
	var b strings.Builder
	for child := span.FirstChild(); child != nil; child = child.NextSibling() {
		b.Write(child.(*ast.Text).Segment.Value(source))
	}
	return b.String()
}

// requireColumns checks that each row of a table has as many bars as the first: they divide a row before anything else is looked at.
func requireColumns(t *testing.T, source string) {
	t.Helper()
	columns := 0
	for line := range strings.SplitSeq(source, "\n") {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		n := strings.Count(regexp.MustCompile(`\\.`).ReplaceAllString(line, ""), "|")
		if columns > 0 && n != columns {
			t.Errorf("%d bars instead of %d: %q", n, columns, line)
		}
		columns = n
	}
}

// TestPlanMarkdownIsBounded writes plans of which everything is long.
func TestPlanMarkdownIsBounded(t *testing.T) {
	long := strings.Repeat("日本👩`|", 100)
	for _, size := range []struct{ portfolios, entries int }{{1, 3000}, {300, 3}, {40, 400}} {
		p := &diff.Plan{Old: long, New: long, Worse: diff.Criteria, Failed: diff.Criteria}
		for range size.portfolios {
			var c diff.Portfolio
			c.Namespace = long
			for range size.entries {
				c.Moments = append(c.Moments, diff.MomentChange{
					Name: long, Title: long, Effects: diff.MomentEffects, After: &diff.MomentState{Message: long}, Before: &diff.MomentState{},
				})
				c.Items = append(c.Items, diff.ItemChange{
					Name: long, Title: long, Effects: diff.ItemEffects, Before: &diff.ItemState{}, After: &diff.ItemState{},
				})
				c.Teams = append(c.Teams, diff.TeamChange{Name: long, Effects: diff.TeamEffects, NewlyMissed: []string{long, long}})
				c.Gaps.New = append(c.Gaps.New, diff.Gap{Name: long, Text: long})
				c.Gaps.Resolved = append(c.Gaps.Resolved, diff.Gap{Name: long, Text: long})
				c.Bundles.New = append(c.Bundles.New, diff.Bundle{Items: []string{long, long}})
				c.Objects.Changes = append(c.Objects.Changes, diff.ObjectChange{Name: long})
				c.Value.Forecast = append(c.Value.Forecast, diff.MonthChange{Month: "2027-01"})
			}
			p.Portfolios = append(p.Portfolios, c)
		}
		text := markdownOf(p)
		requireMarkdown(t, text)
		if n := lengthOf(text); n > maxMarkdown || n < maxMarkdown/20 {
			t.Errorf("%+v: the comment has %d characters", size, n)
		}
		if strings.Count(text, "<details>") != strings.Count(text, "</details>") {
			t.Error("something that was folded is not closed")
		}
	}
}

func TestMarkdownCode(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " ": "", "a": "`a`", "a`b": "``a`b``", "`": "`` ` ``", "``a": "``` ``a ```", "a\nb": "`a b`", "a|b": "`a|b`",
	} {
		if got := terminal.MarkdownCode(text); got != want {
			t.Errorf("MarkdownCode(%q) = %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"a|b": "`a\\|b`", `\|`: "`\\ \\|`"} {
		if got := terminal.MarkdownCell(text); got != want {
			t.Errorf("MarkdownCell(%q) = %q, want %q", text, got, want)
		}
	}
}
