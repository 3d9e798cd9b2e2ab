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

package terminal

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

func day(t *testing.T, text string) cxv1alpha1.Date {
	t.Helper()
	d, err := cxv1alpha1.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// bar makes a bar of proposed work. The target may be empty.
func bar(t *testing.T, start, finish, target string) Bar {
	t.Helper()
	b := Bar{Start: day(t, start), Finish: day(t, finish), Fill: FillProposed}
	if target != "" {
		b.Target = day(t, target)
	}
	return b
}

func TestGantt(t *testing.T) {
	for _, test := range []struct {
		name    string
		today   string
		bar     Bar
		columns int
		want    string
	}{
		{"days, of four weeks at least", "2026-11-25", bar(t, "2026-11-26", "2026-12-01", "2026-12-02"), 40, `
2026
Nov     Dec
· ▼    ·│     ·      ·
  ┊░░░░░░◆
a column is a day`},
		{"weeks of two columns", "2026-11-22", bar(t, "2026-12-07", "2027-02-12", "2027-01-15"), 30, `
2026         2027
Nov Dec      Jan      Feb
·▼· │ · · · ·│· · · · │ ·
 ┊    ░░░░░░░░░░░◆░░░░░░░░
2 columns are a week`},
		{"weeks", "2026-11-22", bar(t, "2026-12-07", "2027-02-12", ""), 15, `
2026  2027
  Dec Jan
▼·│···│····│·
┊  ░░░░░░░░░░
a column is a week`},
		{"months", "2026-11-22", bar(t, "2026-12-07", "2028-02-11", ""), 20, `
  2027
  Jan    Jul     Jan
▼·││││·│││·│││·│││·│
░░░░░░░░░░░░░░░░░░░░
a column is 23 days`},
		{"a target long ago", "2026-11-25", bar(t, "2026-11-25", "2026-11-27", "2026-01-01"), 28, `
2026
Nov     Dec
· ▼    ·│     ·      ·
◀ ░░░
a column is a day`},
		{"a target long after all work", "2026-11-25", bar(t, "2026-11-25", "2026-11-27", "2028-01-01"), 28, `
2026
Nov     Dec
· ▼    ·│     ·      ·
  ░░░                      ▶
a column is a day`},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := NewGantt(day(t, test.today), []Bar{test.bar}, test.columns)
			got := "\n" + strings.Join([]string{g.Years(), g.Months(), g.Ruler(Screen{}), g.Bar(test.bar, Screen{}), g.Scale()}, "\n")
			if got != test.want {
				t.Errorf("got:%s\nwant:%s", got, test.want)
			}
		})
	}
}

// TestGanttFits draws random bars in random widths, with dates up to the last possible one. Each line must fit.
func TestGanttFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		date := func(from cxv1alpha1.Date, label string) cxv1alpha1.Date {
			most := from.DaysUntil(cxv1alpha1.MaxDate)
			if rapid.Bool().Draw(t, label+" near") {
				most = min(most, 800)
			}
			return from.AddDays(rapid.IntRange(0, most).Draw(t, label))
		}
		today := date(cxv1alpha1.MinDate, "today")
		b := Bar{Start: date(today, "start"), Fill: FillPlanned}
		b.Finish = date(b.Start, "finish")
		if rapid.Bool().Draw(t, "targeted") {
			b.Target = date(cxv1alpha1.MinDate, "target")
		}
		columns := rapid.IntRange(1, 300).Draw(t, "columns")
		g := NewGantt(today, []Bar{b}, columns)
		for _, line := range []string{g.Years(), g.Months(), g.Ruler(Screen{}), g.Bar(b, Screen{})} {
			if utf8.RuneCountInString(line) > columns {
				t.Fatalf("%q does not fit in %d columns", line, columns)
			}
		}
		drawn := g.Bar(b, Screen{})
		if b.Target == "" && !strings.ContainsRune(drawn, rune(b.Fill)) {
			t.Fatalf("there is no bar in %q", drawn)
		}
		if b.Target != "" && !strings.ContainsAny(drawn, MarkTarget+MarkTargetBefore+MarkTargetAfter) {
			t.Fatalf("there is no target in %q", drawn)
		}
		for c := range g.columns {
			if got := g.axis.Position(g.axis.Day(c)); got != c && g.axis.Day(c) < cxv1alpha1.MaxDate {
				t.Fatalf("column %d begins on a day of column %d", c, got)
			}
		}
	})
}

func TestScreenOf(t *testing.T) {
	for columns, want := range map[string]int{"": 100, "x": 100, "-1": 100, "80": 80, "20": 60, "100000": 500} {
		s := ScreenOf(&bytes.Buffer{}, func(name string) string {
			return map[string]string{"COLUMNS": columns}[name]
		})
		if s.Width != want || s.Color {
			t.Errorf("with COLUMNS=%q: %+v, want width %d and no colour", columns, s, want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 10, ""},
		{"one two three", 7, "one two|three"},
		{"a word-that-is-long b", 5, "a|word-that-is-long|b"},
		{"1\u00a0kept 2\u00a0too", 8, "1 kept|2 too"},
	} {
		if got := strings.Join(Wrap(test.text, test.width), "|"); got != test.want {
			t.Errorf("%q is wrapped to %q, want %q", test.text, got, test.want)
		}
	}
}
