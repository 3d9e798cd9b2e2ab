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
	"slices"
	"testing"
)

func TestWidth(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "name": 4, "été": 3, "e\u0301te\u0301": 3, "荷物を渡す": 10, "ﾊﾝｶｸ": 4, "ＡＢ": 4, "한국어": 6, "ok ✅ 📦": 8, "Ω ★ █ →": 7, "می\u200cشود": 5,
		// Emoji of several code points: a family, a flag, a skin tone, a heart with its variation selector.
		"👩\u200d👩\u200d👧": 2, "🇳🇱": 2, "👍🏽": 2, "❤\ufe0f": 2, "🏳\ufe0f\u200d🌈": 2, "नमस्ते": 4, "각": 2,
	} {
		if got := Width(text); got != want {
			t.Errorf("Width(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestCutAndPad(t *testing.T) {
	for _, test := range []struct {
		text string
		cut  string
		pad  string
	}{
		{"name", "name", "name "},
		{"longer", "long…", "longer"},
		{"荷物", "荷物", "荷物 "},
		{"荷物を", "荷物…", "荷物を"},
		{"a荷物を", "a荷…", "a荷物を"},
		{"e\u0301te\u0301 en", "e\u0301te\u0301 …", "e\u0301te\u0301 en"},
		{"👩\u200d👩\u200d👧 a", "👩\u200d👩\u200d👧 a", "👩\u200d👩\u200d👧 a "},
		{"abc👩\u200d👩\u200d👧de", "abc…", "abc👩\u200d👩\u200d👧de"},
		{"🇳🇱🇧🇪🇩🇪", "🇳🇱🇧🇪…", "🇳🇱🇧🇪🇩🇪"},
	} {
		if got := Cut(test.text, 5); got != test.cut {
			t.Errorf("Cut(%q) = %q, want %q", test.text, got, test.cut)
		}
		if got := Pad(test.text, 5); got != test.pad {
			t.Errorf("Pad(%q) = %q, want %q", test.text, got, test.pad)
		}
	}
}

func TestBeginning(t *testing.T) {
	for _, test := range []struct {
		name, text string
		most       int
		want       string
	}{
		{"nothing", "", 3, ""},
		{"a text that fits", "abc", 3, "abc"},
		{"a text that is too long", "abcd", 3, "abc"},
		{"no room", "abcd", 0, ""},
		{"a character of two code points that fits", "ab👍🏽c", 4, "ab👍🏽"},
		{"a character of two code points that does not fit", "ab👍🏽c", 3, "ab"},
		{"an accent that does not fit", "abe\u0301", 3, "ab"},
		{"a family that does not fit", "👩\u200d👩\u200d👧", 4, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Beginning(test.text, test.most); got != test.want {
				t.Errorf("Beginning(%q, %d) = %q, want %q", test.text, test.most, got, test.want)
			}
		})
	}
}

func TestWrapWithoutBlanks(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"荷物を渡すと証明書が届く", []string{"荷物を渡す", "と証明書が", "届く"}},
		{"ab 荷物を渡すと", []string{"ab", "荷物を渡す", "と"}},
		{"👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽", []string{"👍🏽👍🏽👍🏽👍🏽👍🏽", "👍🏽"}},
		{"e\u0301-accents-are-no-such-script", []string{"e\u0301-accents-are-no-such-script"}},
		{"a-name-that-is-long in one piece", []string{"a-name-that-is-long", "in one", "piece"}},
	} {
		if got := Wrap(test.text, 10); !slices.Equal(got, test.want) {
			t.Errorf("Wrap(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestWrapWhereNothingFits(t *testing.T) {
	if got := Wrap("荷物", 1); !slices.Equal(got, []string{"荷物"}) {
		t.Errorf("got %q", got)
	}
}
