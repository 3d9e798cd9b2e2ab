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

// maxSlug is the length of a name that is made of a text: that of a label, though names of objects may be longer.
const maxSlug = 63

// spelled are the letters that have no accent to take off.
var spelled = strings.NewReplacer(
	"ß", "ss", "æ", "ae", "Æ", "ae", "œ", "oe", "Œ", "oe", "ø", "o", "Ø", "o", "ł", "l", "Ł", "l", "đ", "d", "Đ", "d",
	"þ", "th", "Þ", "th", "ð", "d", "Ð", "d", "ı", "i", "&", " and ", "'", "", "’", "",
)

// Slug makes a name of a text: lower-case letters, digits and single dashes, at most 63. The same text always gives the same name, and a
// text too long for one gives a name that says which it was. Text without letters and digits of the Latin alphabet gives none.
func Slug(text string) string {
	var b strings.Builder
	dash := false
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
		}
	}
	slug := b.String()
	if len(slug) <= maxSlug {
		return slug
	}
	sum := "-" + digest(text)
	cut := slug[:maxSlug-len(sum)]
	if at := strings.LastIndexByte(cut, '-'); at > maxSlug/2 {
		cut = cut[:at]
	}
	return strings.TrimRight(cut, "-") + sum
}

// SlugOrDigest makes a name also of text in other alphabets.
func SlugOrDigest(prefix, text string) string {
	if slug := Slug(text); slug != "" {
		return slug
	}
	return prefix + "-" + digest(text)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}
