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

package mapcmd

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"pgregory.net/rapid"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
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

func TestGolden(t *testing.T) {
	for _, sample := range []struct{ name, path, journey string }{
		{"shop", cmdtest.Shop, "buy-a-coat"}, {"quickstart", cmdtest.Samples + "quickstart", "return-a-purchase"},
		{"measured", cmdtest.Measured, "check-in"},
	} {
		for name, args := range map[string][]string{"map": {"map", sample.journey}} {
			for _, format := range []string{cmdutil.OutputText, cmdutil.OutputJSON, cmdutil.OutputYAML, cmdutil.OutputHTML, cmdutil.OutputSVG} {
				t.Run(sample.name+" "+name+" "+format, func(t *testing.T) {
					t.Setenv("COLUMNS", "100")
					got := runOffline(t, "", append(args, "-f", sample.path, "-o", format)...)
					if got.Code != cmdutil.ExitOK {
						t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
					}
					cmdtest.Golden(t, name+"-"+sample.name+"-"+format, strings.ReplaceAll(got.Out, "\r\n", "\n"))
				})
			}
		}
	}
}

// TestMapOfAnything draws random portfolios: nothing fails, text keeps its width, pages are well-formed, and documents say what the view
// does.
func TestMapOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		e := portfolio.Evaluate(portfoliotest.Objects(rt), portfoliotest.Today)
		screen := terminal.Screen{Width: rapid.IntRange(60, 200).Draw(rt, "width")}
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
			cmdtest.RequireWidth(rt, text, screen.Width)
			coloured := printed(func(w io.Writer) error {
				return printMap(w, named, cmdutil.OutputText, terminal.Screen{Width: screen.Width, Color: true})
			})
			cmdtest.RequireSameText(rt, text, coloured)
			cmdtest.RequireHarmless(t, printed(func(w io.Writer) error { return printMap(w, named, cmdutil.OutputHTML, screen) }))
			requireMapDocument(rt, e, name)
		}
	})
}

func requireMapDocument(t *rapid.T, e *portfolio.Evaluation, name string) {
	drawn, err := view.MapOf(e, name)
	if err != nil {
		t.Fatal(err)
	}
	var got view.JourneyMap
	cmdtest.ReadBack(t, &struct {
		Namespace        string
		*view.JourneyMap `json:",inline"`
	}{JourneyMap: &got}, func(w io.Writer, format string) error {
		return printMap(w, &namespacedMap{portfoliotest.Namespace, drawn}, format, terminal.Screen{})
	})
	if want, got := asText(t, drawn), asText(t, &got); want != got {
		t.Fatalf("the document of a map says\n%s\nwant\n%s", got, want)
	}
}

func asText(t *rapid.T, value any) string {
	text, err := terminal.JSON(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
