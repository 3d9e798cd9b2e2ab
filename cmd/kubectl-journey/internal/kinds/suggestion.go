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

// suggestion ends the sentence about an unknown field with the field that was probably meant, if there is one.
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

// Closest returns the known word that differs least from a word, or nothing where all differ too much to be meant.
func Closest(word string, known []string) string {
	// A name is seldom mistyped in more than a third of its letters.
	best, least := "", max(1, (utf8.RuneCountInString(word)+1)/3)+1
	if word == "" || len(word) > 100 {
		return ""
	}
	for _, k := range known {
		if strings.HasPrefix(k, word) {
			return k
		}
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance: how many letters must be inserted, deleted or replaced to get from one word to the other.
func distance(from, to string) int {
	a, b := []rune(from), []rune(to)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
