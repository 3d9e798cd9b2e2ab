//go:build browser

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
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

// The pages as Chromium shows them. It is not there on every machine, so these tests have a tag:
//
//	go test -tags browser -run Browser ./cmd/kubectl-journey/internal/cmd
//
// CHROMIUM names the program where it is not "chromium".

// measure tells, in an attribute of the body, how a page came out: how far it is wider than the window, what text of pictures is cut
// by their edges, and the colour of the paper.
const measure = `<script>
addEventListener("load", () => {
	const cut = [];
	for (const svg of document.querySelectorAll("figure:not(.print) svg")) {
		const all = svg.getBoundingClientRect();
		for (const text of svg.querySelectorAll("text")) {
			const box = text.getBoundingClientRect();
			if (box.width && (box.left < all.left - 1 || box.right > all.right + 1 || box.bottom > all.bottom + 1)) cut.push(text.textContent);
		}
	}
	document.body.dataset.measured = JSON.stringify({
		overflow: document.documentElement.scrollWidth - innerWidth,
		paper: getComputedStyle(document.body).backgroundColor,
		focusable: document.querySelectorAll("[tabindex],a[href],select").length,
		cut,
	});
});
</script></body>`

type measured struct {
	Overflow  int
	Paper     string
	Focusable int
	Cut       []string
}

var policy = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`)

func TestBrowser(t *testing.T) {
	motorClaim := cmdtest.Samples + "motor-claim"
	for _, page := range []struct{ name, path, command, want string }{
		{"map", motorClaim, "map motor-claim", "Ben ik verzekerd voor deze schade?"},
		{"small map", motorClaim, "map counterparty-claim", "Horen of jullie betalen"},
		{"map with metrics", cmdtest.Measured, "map check-in", "Guests who recommend us"},
		{"matrix", motorClaim, "matrix", "Integration platform"},
		{"matrix by phases", motorClaim, "matrix --by phases", "Integration platform"},
		{"roadmap", motorClaim, "roadmap", "Digital channels"},
		{"roadmap with verdicts", cmdtest.Measured, "roadmap", "Promised and measured"},
	} {
		t.Run(page.name, func(t *testing.T) {
			text := drawn(t, "", page.command, "-f", page.path, "-o", cmdutil.OutputHTML)
			dom, log := browse(t, text)
			if !strings.Contains(dom, page.want) {
				t.Errorf("the page lacks %q", page.want)
			}
			if strings.Contains(log, "CONSOLE") {
				t.Errorf("the browser complains:\n%s", log)
			}
			for _, dark := range []bool{false, true} {
				var flags []string
				want := "rgb(255, 255, 255)"
				if dark {
					flags, want = []string{"--blink-settings=preferredColorScheme=0"}, "rgb(15, 20, 26)"
				}
				// The policy of the page rightly forbids what measures it.
				got := measurements(t, strings.Replace(policy.ReplaceAllString(text, ""), "</body>", measure, 1), flags...)
				if got.Overflow > 0 {
					t.Errorf("the page is %d pixels wider than the window", got.Overflow)
				}
				if len(got.Cut) > 0 {
					t.Errorf("the edges of pictures cut %q", got.Cut)
				}
				if got.Paper != want {
					t.Errorf("the paper is %s, want %s (dark: %t)", got.Paper, want, dark)
				}
				if got.Focusable == 0 {
					t.Error("nothing can be reached with the keyboard")
				}
			}
		})
	}
}

// TestBrowserRefuses checks that the policy of pages holds: a script that got into one would not run.
func TestBrowserRefuses(t *testing.T) {
	text := drawn(t, "", "map counterparty-claim", "-f", cmdtest.Samples+"motor-claim", "-o", cmdutil.OutputHTML)
	dom, log := browse(t, strings.Replace(text, "</body>", `<script>document.body.dataset.owned=1</script><img src="file:///nowhere.png"><style>body{color:red}</style></body>`, 1))
	if strings.Contains(dom, "data-owned=") {
		t.Error("a script ran")
	}
	for _, what := range []string{"script", "image", "style"} {
		if !strings.Contains(log, what) {
			t.Errorf("the browser did not refuse the %s:\n%s", what, log)
		}
	}
}

// TestBrowserPrints checks on how many sheets of A3 the pages of a large portfolio come out.
func TestBrowserPrints(t *testing.T) {
	for command, want := range map[string]int{
		"map motor-claim": 4, // the map, and all moments and metrics in words
		"matrix":          1, "matrix --by phases": 1,
	} {
		t.Run(command, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "page.pdf")
			runBrowser(t, drawn(t, "", command, "-f", cmdtest.Samples+"motor-claim", "-o", cmdutil.OutputHTML), "--no-pdf-header-footer", "--print-to-pdf="+file)
			printed, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got := len(regexp.MustCompile(`/Type /Page\b`).FindAll(printed, -1)); got != want {
				t.Errorf("%d sheets, want %d", got, want)
			}
		})
	}
}

func measurements(t *testing.T, text string, flags ...string) measured {
	t.Helper()
	dom, _ := browse(t, text, flags...)
	found := regexp.MustCompile(`data-measured="([^"]*)"`).FindStringSubmatch(dom)
	if found == nil {
		t.Fatal("the page was not measured")
	}
	var m measured
	if err := json.Unmarshal([]byte(strings.NewReplacer("&quot;", `"`, "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(found[1])), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// browse opens a page as on a laptop, and returns what came of it and what the browser said.
func browse(t *testing.T, text string, flags ...string) (dom, log string) {
	t.Helper()
	return runBrowser(t, text, append(flags, "--dump-dom")...)
}

func runBrowser(t *testing.T, text string, flags ...string) (out, log string) {
	t.Helper()
	program := os.Getenv("CHROMIUM")
	if program == "" {
		program = "chromium"
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--hide-scrollbars", "--enable-logging=stderr", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--window-size=1366,768", "--virtual-time-budget=2000",
	}, flags...)
	command := exec.CommandContext(t.Context(), program, append(args, "file://"+file)...)
	var stdout, stderr strings.Builder
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	return stdout.String(), stderr.String()
}
