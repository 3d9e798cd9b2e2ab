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

package expression

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
)

func run(t *testing.T, text string, value any) (any, error) {
	t.Helper()
	program, err := Compile("body", text)
	if err != nil {
		return nil, err
	}
	out, err := program.Run(t.Context(), value)
	if err != nil {
		return nil, err
	}
	return out.Value(), nil
}

func body(t *testing.T, text string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestExpressions(t *testing.T) {
	t.Parallel()
	value := body(t, `{"a":[1,2,{"b":"x"}],"n":2.5,"t":"v1.20.3","at":"2026-11-21T13:00:00Z","memory":"1Gi","none":null}`)
	for _, text := range []string{
		`body.a[2].b == 'x' && body.a[2] == {'b': 'x'} && body.a != [1, 2]`,
		`2 in body.a && !(3 in body.a) && 'a' in body && !('z' in body) && body.n in [2.5]`,
		`body.a == [1.0, 2, {'b': 'x'}] && body.n > 2`,
		`body.t.matches('^v1[.][0-9]+') && body.t.startsWith('v1') && body.t.contains('20')`,
		`semver(body.t.substring(1)).isGreaterThan(semver('1.9.0'))`,
		`quantity(body.memory).compareTo(quantity('512Mi')) > 0`,
		`body.at.split('T')[0] == '2026-11-21' && timestamp(body.at).getDayOfWeek() == 6`,
		`body.?missing.orValue(7) == 7 && !has(body.missing) && body.none == null`,
		`body.a.exists(x, x == 1) && body.a.filter(x, type(x) == double).map(x, x * 2.0) == [2.0, 4.0]`,
		`optional.of(body.a) == optional.of(body.a) && (body.t + body.t).size() == 14`,
	} {
		got, err := run(t, text, value)
		if got != true {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`body.`:                          "Syntax error",
		`bodi`:                           "undeclared reference to 'bodi'",
		`body.x`:                         "no such key: x",
		`body + 1`:                       "no such overload",
		`body in 5`:                      "no matching overload",
		`1 in body.t`:                    "no such overload",
		`1 in body.nix`:                  "no such key",
		`body.t.matches(1)`:              "no matching overload",
		`body.t.matches(body.n)`:         "no such overload",
		`body.t.matches('(')`:            "missing closing )",
		`body.t.replace('a', 'b')`:       "replace is not to be had here",
		`[body].map(s, s.t.format([1]))`: "format is not to be had here",
	} {
		if got, err := run(t, text, map[string]any{"t": "x", "n": 1.0}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v, want %q", text, got, err, want)
		}
		if _, again := run(t, text, map[string]any{"t": "x", "n": 1.0}); again == nil || strings.Contains(again.Error(), "\n") {
			t.Errorf("%s: the second time %q", text, again)
		}
	}
}

// TestBombs tries what would take years, or all memory there is.
func TestBombs(t *testing.T) {
	nest := func(levels int, inner, value string) string {
		return strings.Repeat("[", levels) + value + strings.Repeat("].map(s, "+inner+")[0]", levels)
	}
	many := `[` + strings.Repeat(`1,`, 9999) + `1]`
	text := `"` + strings.Repeat("x", 1<<20) + `"`
	for name, test := range map[string]struct{ text, value string }{
		"nested loops":         {`body.map(a, body.map(b, body.map(c, a + b + c)))`, many},
		"a text that doubles":  {nest(30, "s + s", "body"), `"xxxxxxxxxxxxxxxx"`},
		"a list that doubles":  {nest(40, "s + s", "body"), `[1]`},
		"lists that compare":   {`[` + nest(40, "[s, s]", "body") + `].all(s, s == s)`, `1`},
		"lists that differ":    {`[` + nest(40, "[s, s]", "body") + `].all(s, s != s)`, `1`},
		"lists to look in":     {`[` + nest(40, "[s, s]", "body") + `].all(s, s in [s])`, `1`},
		"maps that compare":    {`[` + nest(30, "{'a': s, 'b': s}", "body") + `].all(s, s == s)`, `1`},
		"loops in lists":       {`[` + nest(20, "body.map(i, s)", "body") + `].all(s, s == s)`, `[1,2,3,4,5,6,7,8,9]`},
		"optional values":      {`[` + nest(20, "[optional.of(s), optional.of(s)]", "body") + `].all(s, s == s)`, `1`},
		"a pattern":            {`body.matches('(x?){200}(x?){200}(x?){200}y')`, text},
		"a long pattern":       {`'x'.matches(body)`, text},
		"lengths":              {`[1,2,3,4,5,6,7,8,9].all(i, [1,2,3,4,5,6,7,8,9].all(j, body.size() > 0))`, text},
		"splits":               {`[1,2,3,4,5,6,7,8,9].all(i, body.split('').size() > 0)`, text},
		"texts that compare":   {`[1,2,3,4,5,6,7,8,9].all(i, [1,2,3,4,5,6,7,8,9].all(j, body == body))`, text},
		"numbers that compare": {`[1,2,3,4,5,6,7,8,9].all(i, [1,2,3,4,5,6,7,8,9].all(j, [1,2,3,4,5,6,7,8,9].all(k, [1,2,3].all(l, body.n == body.n))))`, `{"n":[` + strings.Repeat(`1,`, 4000) + `1]}`},
	} {
		t.Run(name, func(t *testing.T) {
			if len(test.text) > 1000 {
				t.Fatalf("%d characters, and an expression has at most 1000", len(test.text))
			}
			value := body(t, test.value)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got, err := run(t, test.text, value)
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Errorf("it ran to its end, and gave a %T", got)
			}
			if taken := after.TotalAlloc - before.TotalAlloc; taken > 256<<20 {
				t.Errorf("it took %d MB before %v", taken>>20, err)
			}
			t.Logf("%d KB: %v", (after.TotalAlloc-before.TotalAlloc)>>10, err)
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := compile("self", `self.status.conditions.exists(c, c.type == 'Available' && c.status == 'True') && self.spec.replicas == self.status.readyReplicas`); err != nil {
			b.Fatal(err)
		}
	}
}
