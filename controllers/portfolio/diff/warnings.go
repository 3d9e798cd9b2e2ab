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
	"unicode/utf8"

	"github.com/journeyops/journey-operator/controllers/portfolio/internal/words"
)

// The API server and its clients cut warnings that are longer, and responses that have more of them.
const (
	maxWarnings     = 10
	maxWarningBytes = 256
)

// wrong are the rules of what is wrong of an object that is new, too. What else is found of new objects only tells that those
// around them have yet to come.
var wrong = []RuleID{RuleDanglingReference, RuleDependencyCycle, RulePolicyInvalid}

// IsWrong tells whether a finding says that something is wrong, rather than worse than it was.
func (f *Finding) IsWrong() bool { return slices.Contains(wrong, f.Rule) }

// Warnings says findings in lines for those who make a change, the most severe first. The same gap of several objects is one
// line. Lines, and their number, are small enough for an API server to pass them on.
func Warnings(findings []Finding) []string {
	groups := groupFindings(findings)
	var lines []string
	for n, g := range groups {
		if n == maxWarnings-1 && len(groups) > maxWarnings {
			return append(lines, fmt.Sprintf("and %d more, which kubectl journey plan tells", len(groups)-n))
		}
		lines = append(lines, cut(g.String()))
	}
	return lines
}

// findingGroup is findings that say the same of several objects of a kind.
type findingGroup struct {
	kind, says string
	names      []string
}

func groupFindings(findings []Finding) []*findingGroup {
	type key struct {
		rule       RuleID
		kind, says string
	}
	known := map[key]*findingGroup{}
	var groups []*findingGroup
	for n := range findings {
		f := &findings[n]
		k := key{f.Rule, f.Kind, f.Headline}
		if f.Reason != "" { // a gap
			k.says = strings.TrimPrefix(f.Headline, f.Kind+" "+f.Name+": ")
		}
		if known[k] == nil {
			known[k] = &findingGroup{kind: k.kind, says: k.says}
			groups = append(groups, known[k])
		}
		if f.Reason != "" {
			known[k].names = append(known[k].names, f.Name)
		}
	}
	return groups
}

func (g *findingGroup) String() string {
	switch len(g.names) {
	case 0:
		return g.says
	case 1:
		return fmt.Sprintf("%s %s: %s", g.kind, g.names[0], g.says)
	default:
		return fmt.Sprintf("%ss %s: %s", g.kind, words.Enumerate(g.names), g.says)
	}
}

// cut shortens a line to the bytes that a warning may have.
func cut(line string) string {
	const ellipsis = "…"
	if len(line) <= maxWarningBytes {
		return line
	}
	end := maxWarningBytes - len(ellipsis)
	for !utf8.RuneStart(line[end]) {
		end--
	}
	return line[:end] + ellipsis
}
