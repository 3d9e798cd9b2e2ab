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

// Package words writes names and numbers for the messages of the model and its views, so that all of them read alike.
package words

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxNamed is how many objects a message names before it only counts the rest.
const MaxNamed = 5

// Enumerate joins names: "a", "a and b", "a, b and c", or the first few and how many more there are.
func Enumerate(names []string) string { return EnumerateFirst(names, len(names)) }

// EnumerateFirst is Enumerate for a list of which only the first names are at hand, at least MaxNamed of them or all.
func EnumerateFirst(names []string, total int) string {
	more := ""
	if total > MaxNamed {
		more = fmt.Sprintf(" and %d more", total-MaxNamed)
		names = names[:MaxNamed]
	} else if len(names) > 1 {
		more = " and " + names[len(names)-1]
		names = names[:len(names)-1]
	}
	return strings.Join(names, ", ") + more
}

// MaxCycleNamed is how many members of a cycle a message names.
const MaxCycleNamed = 10

// Cycle writes a path that ends where it begins: "a -> b -> a". Of a long one only the first members are at hand.
func Cycle(first []string, length int) string {
	path := slices.Clone(first)
	if length > len(first) {
		path = append(path, fmt.Sprintf("... (%d more)", length-len(first)))
	}
	return strings.Join(append(path, first[0]), " -> ")
}

// Plural writes a count with its noun: "1 moment", "2 moments".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// InSentence writes a title as it stands inside a sentence: with a small first letter, unless the first word is in capitals, as NPS.
func InSentence(title string) string {
	first, size := utf8.DecodeRuneInString(title)
	second, _ := utf8.DecodeRuneInString(title[size:])
	if unicode.IsUpper(second) || unicode.IsDigit(second) {
		return title
	}
	return string(unicode.ToLower(first)) + title[size:]
}

// NamesOf lists the names of objects.
func NamesOf[T interface{ GetName() string }](objects []T) []string {
	if len(objects) == 0 {
		return nil
	}
	names := make([]string, len(objects))
	for i, object := range objects {
		names[i] = object.GetName()
	}
	return names
}
