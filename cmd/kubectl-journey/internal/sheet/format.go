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

package sheet

import (
	"math"
	"strconv"
	"strings"

	"github.com/xuri/nfp"
)

// numberFormat is how a cell shows its number.
type numberFormat struct {
	date, percent bool
	// sections of the format code: for positive numbers, negative numbers and zero. nil shows a number as it is.
	sections []section
}

// section is one of the parts of a format code between semicolons.
type section struct {
	tokens []nfp.Token
	// whole and fraction are how many digits may stand before and behind the decimal point.
	whole, fraction int
	thousands       bool
}

// builtIn are the format codes that workbooks do not spell out. Those of dates are told by their numbers.
var builtIn = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)",
	40: "#,##0.00;(#,##0.00)",
}

// maxSections is the number of sections that a format code may have. The parser fails on more.
const maxSections = 4

func formatOf(id int, code string) numberFormat {
	if id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58 {
		return numberFormat{date: true}
	}
	if code == "" {
		code = builtIn[id]
	}
	if code == "" || strings.Count(code, ";") >= maxSections {
		return numberFormat{}
	}
	parser := nfp.NumberFormatParser()
	parsed := parser.Parse(code)
	if len(parsed) == 0 {
		return numberFormat{}
	}
	var f numberFormat
	for _, token := range parsed[0].Items {
		switch token.TType {
		case nfp.TokenTypeDateTimes:
			f.date = f.date || strings.ContainsAny(token.TValue, "yYdD")
		case nfp.TokenTypePercent:
			f.percent = true
		}
	}
	for _, part := range parsed {
		s, ok := sectionOf(part.Items)
		if !ok {
			return numberFormat{date: f.date, percent: f.percent}
		}
		f.sections = append(f.sections, s)
	}
	return f
}

// sectionOf counts the digits of a section. It returns false for formats that are not supported, for instance fractions.
func sectionOf(tokens []nfp.Token) (section, bool) {
	s := section{tokens: tokens}
	point := false
	last := ""
	for _, token := range tokens {
		switch token.TType {
		case nfp.TokenTypeZeroPlaceHolder, nfp.TokenTypeHashPlaceHolder, nfp.TokenTypeDigitalPlaceHolder:
			if strings.Trim(token.TValue, "0#?") != "" {
				return s, false
			}
			if last == nfp.TokenTypeThousandsSeparator {
				s.thousands = true
			}
			if point {
				s.fraction += len(token.TValue)
			} else {
				s.whole += len(token.TValue)
			}
		case nfp.TokenTypeDecimalPoint:
			if point {
				return s, false
			}
			point = true
		case nfp.TokenTypeThousandsSeparator:
		case nfp.TokenTypeLiteral, nfp.TokenTypePercent, nfp.TokenTypeColor, nfp.TokenTypeAlignment, nfp.TokenTypeRepeatsChar, nfp.TokenTypeCurrencyLanguage,
			nfp.TokenTypeTextPlaceHolder:
			// A separator after the digits would divide by a thousand.
			if last == nfp.TokenTypeThousandsSeparator {
				return s, false
			}
		default:
			return s, false
		}
		last = token.TType
	}
	return s, last != nfp.TokenTypeThousandsSeparator && (s.whole > 0 || s.fraction == 0)
}

// maxShown bounds the numbers that are shown in a format: beyond it not all digits are known.
const maxShown = 1e15

// show returns what a cell shows of a number.
func (f *numberFormat) show(value float64) string {
	plain := strconv.FormatFloat(value, 'f', -1, 64)
	if f.date || len(f.sections) == 0 || math.Abs(value) >= maxShown {
		return plain
	}
	s, sign := &f.sections[0], ""
	switch {
	case value < 0 && len(f.sections) > 1:
		s = &f.sections[1]
	case value < 0:
		sign = "-"
	case value == 0 && len(f.sections) > 2:
		s = &f.sections[2]
	}
	if s.whole == 0 && s.fraction == 0 {
		// The section has no digits, as in a format for text.
		return plain
	}
	value = math.Abs(value)
	if f.percent {
		value = roundTo15(value * 100)
	}
	return strings.TrimSpace(sign + s.show(value))
}

// show writes the digits of a number in their places.
func (s *section) show(value float64) string {
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(roundHalfUp(value, s.fraction), 'f', s.fraction, 64), ".")
	if whole == "0" {
		whole = ""
	}
	var b strings.Builder
	left, at, behind := s.whole, 0, false
	for _, token := range s.tokens {
		switch token.TType {
		case nfp.TokenTypeLiteral, nfp.TokenTypePercent:
			b.WriteString(token.TValue)
		case nfp.TokenTypeCurrencyLanguage:
			b.WriteString(currency(token))
		case nfp.TokenTypeDecimalPoint:
			behind = true
			if strings.Trim(fraction, "0") != "" || s.keeps() {
				b.WriteString(".")
			}
		case nfp.TokenTypeZeroPlaceHolder, nfp.TokenTypeHashPlaceHolder, nfp.TokenTypeDigitalPlaceHolder:
			for _, place := range token.TValue {
				if behind {
					if place == '0' || strings.Trim(fraction[at:], "0") != "" {
						b.WriteByte(fraction[at])
					}
					at++
					continue
				}
				s.showPlace(&b, whole, place, left)
				left--
			}
		}
	}
	return b.String()
}

// roundHalfUp rounds as spreadsheets do.
func roundHalfUp(value float64, digits int) float64 {
	const most = 15
	power := math.Pow10(min(digits, most))
	if value*power > 1e15 {
		return value
	}
	return math.Round(roundTo15(value*power)) / power
}

// showPlace writes the digit of one place before the decimal point; left is the number of places from here on. The first place also gets
// the digits that have no place.
func (s *section) showPlace(b *strings.Builder, whole string, place rune, left int) {
	from := len(whole) - left
	switch {
	case left == s.whole && from > 0:
		for i := range from {
			s.digit(b, whole[i], len(whole)-i)
		}
		fallthrough
	case from >= 0:
		s.digit(b, whole[from], left)
	case place == '0':
		s.digit(b, '0', left)
	}
}

// digit writes a digit, and a comma if whole groups of thousands follow; left is the number of digits from here on.
func (s *section) digit(b *strings.Builder, digit byte, left int) {
	b.WriteByte(digit)
	if s.thousands && left > 1 && (left-1)%3 == 0 {
		b.WriteByte(',')
	}
}

// keeps tells whether zeros after the decimal point are shown.
func (s *section) keeps() bool {
	behind := false
	for _, token := range s.tokens {
		behind = behind || token.TType == nfp.TokenTypeDecimalPoint
		if behind && token.TType == nfp.TokenTypeZeroPlaceHolder {
			return true
		}
	}
	return false
}

func currency(token nfp.Token) string {
	for _, part := range token.Parts {
		if part.Token.TType == nfp.TokenSubTypeCurrencyString {
			return part.Token.TValue
		}
	}
	return ""
}
