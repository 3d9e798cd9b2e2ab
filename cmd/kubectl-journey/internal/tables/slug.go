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

package tables

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxSlug is the greatest length of a name that is made of a text. It is that of a label, although names of objects may be longer.
const maxSlug = 63

// spelled are Latin letters that are no plain letter with an accent, and what to write for them.
var spelled = strings.NewReplacer(
	"ß", "ss", "æ", "ae", "Æ", "ae", "œ", "oe", "Œ", "oe", "ø", "o", "Ø", "o", "ł", "l", "Ł", "l", "đ", "d", "Đ", "d",
	"þ", "th", "Þ", "th", "ð", "d", "Ð", "d", "ı", "i", "&", " and ", "'", "", "’", "",
)

// Slug makes a name of a text: lower-case letters, digits and single dashes, at most 63. The same text always gives the same name. If the
// text is too long, or has letters or signs that names cannot have, a sum of the text is added, so that different texts give different
// names. Text without Latin letters and digits gives no name.
func Slug(text string) string {
	var b strings.Builder
	dash, lost := false, false
	previous := ' '
	for _, r := range norm.NFKD.String(spelled.Replace(text)) {
		switch {
		case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(unicode.ToLower(r))
		case unicode.IsMark(r):
		default:
			dash = true
			lost = lost || tells(r, previous)
		}
		previous = r
	}
	slug := b.String()
	if slug == "" || !lost && len(slug) <= maxSlug {
		return slug
	}
	return withDigest(slug, text)
}

// tells whether texts differ by a character that names cannot have: a letter or digit of another script, or a sign as in C++ and C#.
func tells(r, previous rune) bool {
	switch r {
	case '\u2044':
		// The stroke of ½.
		return false
	case '#', '*', '%':
		return unicode.IsLetter(previous) || unicode.IsDigit(previous)
	}
	return unicode.In(r, unicode.Letter, unicode.Number, unicode.Sm, unicode.Sc)
}

// withDigest adds the sum of a text to a name.
func withDigest(slug, text string) string {
	sum := "-" + digest(text)
	if most := maxSlug - len(sum); len(slug) > most {
		slug = slug[:most]
		if at := strings.LastIndexByte(slug, '-'); at > maxSlug/2 {
			slug = slug[:at]
		}
	}
	return strings.TrimRight(slug, "-") + sum
}

// NameOf is Slug, but also makes a name of text in other scripts. Text of signs only gives none.
func NameOf(prefix, text string) string {
	slug := Slug(text)
	if slug == "" && strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return prefix + "-" + digest(text)
	}
	return slug
}

// NameOfTitle makes a name of any title. If another title has that name already, a sum of the title is added.
func NameOfTitle(prefix, title string, isTaken bool) string {
	slug := Slug(title)
	switch {
	case slug == "":
		return prefix + "-" + digest(title)
	case isTaken:
		return withDigest(slug, title)
	}
	return slug
}

// digest is a short sum of a text. The composition of accents makes no difference.
func digest(text string) string {
	sum := sha256.Sum256([]byte(norm.NFC.String(text)))
	return hex.EncodeToString(sum[:4])
}
