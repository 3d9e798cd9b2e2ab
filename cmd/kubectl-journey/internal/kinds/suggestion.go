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

package kinds

import (
	"slices"
	"strings"
	"unicode/utf8"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
)

// suggestion is the end of the sentence about an unknown field: the field that was probably meant, if there is one.
func (a *admission) suggestion(path string) string {
	parent, name := a.structural, path
	for {
		head, rest, more := strings.Cut(name, ".")
		if !more {
			break
		}
		parent, name = step(parent, head), rest
		if parent == nil {
			return ""
		}
	}
	var known []string
	for property := range parent.Properties {
		known = append(known, property)
	}
	slices.Sort(known)
	if meant := Closest(name, known); meant != "" {
		return ", did you mean " + meant + "?"
	}
	return ""
}

func step(s *structuralschema.Structural, segment string) *structuralschema.Structural {
	name, _, isItem := strings.Cut(segment, "[")
	property, ok := s.Properties[name]
	if !ok {
		return nil
	}
	if isItem {
		return property.Items
	}
	return &property
}

// Closest returns the known word that was probably meant by a mistyped one. That is the only word that begins with it, or else the only
// one with the fewest differences. It returns nothing if several have as few, or if all differ too much.
func Closest(word string, known []string) string {
	if word == "" || len(word) > 100 {
		return ""
	}
	lower := strings.ToLower(word)
	var begun, nearest []string
	// One in four letters may be wrong. With more, "doing" would be "done".
	least := max(1, (utf8.RuneCountInString(word)+1)/4)
	for _, k := range known {
		other := strings.ToLower(k)
		if strings.HasPrefix(other, lower) {
			begun = append(begun, k)
		}
		switch d := distance(lower, other); {
		case d < least:
			nearest, least = []string{k}, d
		case d == least:
			nearest = append(nearest, k)
		}
	}
	switch {
	case len(begun) == 1:
		return begun[0]
	case len(nearest) == 1:
		return nearest[0]
	}
	return ""
}

// distance is how many letters must be inserted, deleted, replaced or swapped with the next one to get from one word to the other
// (the optimal string alignment distance).
func distance(from, to string) int {
	a, b := []rune(from), []rune(to)
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	before, last, row := rows[0], rows[1], rows[2]
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
