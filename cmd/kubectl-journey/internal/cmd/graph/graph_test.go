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

package graph

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"pgregory.net/rapid"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
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
	for _, sample := range []struct{ name, path string }{
		{"shop", cmdtest.Shop}, {"quickstart", cmdtest.Samples + "quickstart"},
	} {
		for name, args := range map[string][]string{"graph": {"graph"}, "graph-requirements": {"graph", "--requirements"}} {
			for _, format := range []string{outputDOT, cmdutil.OutputMermaid, cmdutil.OutputJSON, cmdutil.OutputYAML} {
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
	for _, test := range []struct{ name, command string }{
		{"graph-moment", "graph moment/find-my-size"},
		{"graph-moment-near", "graph moment/find-my-size --depth 1"},
		{"graph-requirement", "graph req/invoice"},
		{"graph-block", "graph bb/fitting --requirements"},
		{"graph-item", "graph rmi learn-sizes"},
		{"graph-journey", "graph jny/buy-a-coat"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := runOffline(t, "", append(strings.Fields(test.command), "-f", cmdtest.Shop)...)
			if got.Code != cmdutil.ExitOK {
				t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
			}
			cmdtest.Golden(t, test.name, got.Out)
		})
	}
}

// TestGraphOfAnything draws random portfolios: nothing but a graph comes out, and documents say what the view does.
func TestGraphOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := portfolio.Evaluate(portfoliotest.Objects(t), portfoliotest.Today)
		links := view.LinksOf(e, rapid.Bool().Draw(t, "requirements"))
		var b bytes.Buffer
		if err := printGraphs(&b, []namespacedLinks{{links, portfoliotest.Namespace}}, outputDOT); err != nil {
			t.Fatal(err)
		}
		cmdtest.RequireDOT(t, b.String())
		requireGraphDocument(t, links)
	})
}

func requireGraphDocument(t *rapid.T, links *view.Links) {
	var got struct{ Graphs []document }
	cmdtest.ReadBack(t, &got, func(w io.Writer, format string) error {
		return printGraphs(w, []namespacedLinks{{links, portfoliotest.Namespace}}, format)
	})
	printed := got.Graphs[0]
	at := map[string]int{}
	for n, node := range printed.Nodes {
		if _, known := at[node.ID]; known || node != links.Nodes[n] {
			t.Fatalf("node %d is %+v, want %+v with an id of its own", n, node, links.Nodes[n])
		}
		at[node.ID] = n
	}
	for n, edge := range printed.Edges {
		if got := (view.LinkEdge{From: at[edge.From], To: at[edge.To], Requirements: edge.Requirements, Musts: edge.Musts}); got != links.Edges[n] {
			t.Fatalf("edge %d is %+v, want %+v", n, got, links.Edges[n])
		}
	}
	if len(printed.Nodes) != len(links.Nodes) || len(printed.Edges) != len(links.Edges) {
		t.Fatalf("%d nodes and %d edges, want %d and %d", len(printed.Nodes), len(printed.Edges), len(links.Nodes), len(links.Edges))
	}
}
