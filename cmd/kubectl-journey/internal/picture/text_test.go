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

package picture

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

func TestWrap(t *testing.T) {
	f := font{size: 10}
	for _, test := range []struct {
		text        string
		width, most int
		want        []string
	}{
		{"", 100, 3, nil},
		{"short", 100, 3, []string{"short"}},
		{"two words", 40, 3, []string{"two", "words"}},
		{"until 2027-03-01", 60, 3, []string{"until", "2027-03-01"}},
		{"well-known", 40, 3, []string{"well-", "known"}},
		{"Schadeformulier", 60, 3, []string{"Schadefor-", "mulier"}},
		{"👩\u200d👩\u200d👧👩\u200d👩\u200d👧", 24, 3, []string{"👩\u200d👩\u200d👧👩\u200d👩\u200d👧"}},
		{"👩\u200d👩\u200d👧👩\u200d👩\u200d👧", 14, 3, []string{"👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"}},
		{"one two three four", 40, 2, []string{"one two", "three …"}},
	} {
		if got := f.wrap(test.text, test.width, test.most); !slices.Equal(got, test.want) {
			t.Errorf("%q becomes %q, want %q", test.text, got, test.want)
		}
	}
}

// TestWrapKeepsAll checks that lines fit, and that only blanks get lost.
func TestWrapKeepsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := font{size: rapid.IntRange(9, 26).Draw(t, "size"), bold: rapid.Bool().Draw(t, "bold")}
		text := rapid.StringMatching(`[a-zA-Zé日👍🏽 /.\-]{0,80}`).Draw(t, "text")
		width := rapid.IntRange(60, 300).Draw(t, "width")
		lines := f.wrap(text, width, 1000)
		for _, line := range lines {
			if f.width(line) > width {
				t.Fatalf("%q is %d wide, more than %d", line, f.width(line), width)
			}
		}
		without := strings.NewReplacer(" ", "", "-", "")
		if got, want := without.Replace(strings.Join(lines, "")), without.Replace(text); got != want {
			t.Fatalf("%q becomes %q", want, got)
		}
		for _, line := range f.wrap(text, width, 2) {
			if f.width(line) > width {
				t.Fatalf("cut, %q is wider than %d", line, width)
			}
		}
	})
}

// TestBandsHoldAll checks that bands hold each moment once, in order, and that no band has too many columns.
func TestBandsHoldAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(0, 40), 0, 12).Draw(t, "sizes")
		most := rapid.IntRange(1, 20).Draw(t, "most")
		var phases []view.MapPhase
		var want, got []int
		for _, size := range sizes {
			var p view.MapPhase
			for range size {
				want = append(want, len(want)+1)
				p.Moments = append(p.Moments, view.MapMoment{Number: len(want)})
			}
			phases = append(phases, p)
		}
		for _, band := range bandsOf(phases, most) {
			columns := 0
			for _, span := range band.spans {
				columns += span.columns()
				for _, m := range span.moments {
					got = append(got, m.Number)
				}
			}
			if columns > most || columns != band.columns {
				t.Fatalf("a band has %d columns, says %d, and may have %d", columns, band.columns, most)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("drawn are %v, want %v", got, want)
		}
	})
}
