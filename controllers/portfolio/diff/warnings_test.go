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

package diff

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWarnings(t *testing.T) {
	gap := func(name, says string) Finding {
		f := findingOf(RuleDanglingReference, "Requirement", name, "Requirement "+name+": "+says, "")
		f.Reason = "BuildingBlockNotFound"
		return f
	}
	moment := func(n int) Finding {
		return findingOf(RuleMomentLate, "Moment", fmt.Sprint(n), fmt.Sprintf("Moment %d becomes late", n), "It waits.")
	}
	for _, test := range []struct {
		name     string
		findings []Finding
		want     []string
	}{
		{"nothing", nil, nil},
		{"explanations are left out", []Finding{moment(1), moment(2)}, []string{"Moment 1 becomes late", "Moment 2 becomes late"}},
		{
			"the same gap is one line", []Finding{gap("a", "There is no x"), gap("b", "There is no y"), gap("c", "There is no x")},
			[]string{"Requirements a and c: There is no x", "Requirement b: There is no y"},
		},
		{
			"long names",
			[]Finding{gap(strings.Repeat("é", 200), "There is no x")},
			[]string{"Requirement " + strings.Repeat("é", 120) + "…"},
		},
	} {
		if got := Warnings(test.findings); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}

	var many []Finding
	for n := range 12 {
		many = append(many, moment(n))
	}
	if got := Warnings(many[:10]); len(got) != 10 || got[9] != "Moment 9 becomes late" {
		t.Errorf("of ten: got %q", got)
	}
	if got := Warnings(many); len(got) != 10 || got[9] != "and 3 more, which kubectl journey plan tells" {
		t.Errorf("of twelve: got %q", got)
	}
}

func TestCut(t *testing.T) {
	for shift := range 4 {
		line := cut(strings.Repeat("a", shift) + strings.Repeat("😀", 100))
		if len(line) > maxWarningBytes || len(line) < maxWarningBytes-6 || !utf8.ValidString(line) {
			t.Errorf("%d bytes: %q", len(line), line)
		}
	}
}
