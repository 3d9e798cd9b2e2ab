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
	"math"
	"strconv"
	"testing"
)

// The least contrasts of WCAG 2.2, level AA: for text (1.4.3), and for marks with a meaning (1.4.11).
const (
	textContrast = 4.5
	markContrast = 3
)

// contrast of two colours, as WCAG defines it.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	lighter, darker := luminance(t, a), luminance(t, b)
	if lighter < darker {
		lighter, darker = darker, lighter
	}
	return (lighter + 0.05) / (darker + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	sum := 0.0
	for n, weight := range []float64{0.2126, 0.7152, 0.0722} {
		value, err := strconv.ParseUint(colour[1+2*n:3+2*n], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		part := float64(value) / 255
		if part <= 0.04045 {
			part /= 12.92
		} else {
			part = math.Pow((part+0.055)/1.055, 2.4)
		}
		sum += weight * part
	}
	return sum
}

func TestContrast(t *testing.T) {
	if got := contrast(t, "#000000", "#ffffff"); got != 21 {
		t.Fatalf("the contrast of black and white is %v", got)
	}
	for _, pair := range []struct {
		front, back string
		least       float64
	}{
		{"ink", "paper", textContrast}, {"ink", "panel", textContrast}, {"ink", "goodbg", textContrast}, {"ink", "badbg", textContrast},
		{"ink", "warnbg", textContrast}, {"soft", "paper", textContrast}, {"soft", "panel", textContrast}, {"headink", "head", textContrast},
		{"good", "paper", textContrast}, {"good", "panel", textContrast}, {"good", "goodbg", textContrast},
		{"bad", "paper", textContrast}, {"bad", "panel", textContrast}, {"bad", "badbg", textContrast},
		{"warn", "paper", textContrast}, {"warn", "panel", textContrast}, {"warn", "warnbg", textContrast},
		{"truth", "paper", textContrast}, {"truth", "panel", textContrast}, {"goal", "paper", textContrast}, {"goal", "panel", textContrast},
		{"onfill", "ink", textContrast}, {"onfill", "soft", textContrast}, {"onfill", "truth", textContrast},
		{"start", "paper", markContrast}, {"start", "panel", markContrast}, {"onfill", "start", markContrast},
		{"onfill", "good", markContrast}, {"onfill", "warn", markContrast}, {"onfill", "bad", markContrast},
	} {
		for _, dark := range []bool{false, true} {
			front, back := coloured("$"+pair.front, dark), coloured("$"+pair.back, dark)
			if got := contrast(t, front, back); got < pair.least {
				t.Errorf("%s on %s (dark: %t) has a contrast of %.2f, want %.1f", pair.front, pair.back, dark, got, pair.least)
			}
		}
	}
}

// TestRulesKnowTheirColours checks that all colours in the rules exist.
func TestRulesKnowTheirColours(t *testing.T) {
	if css := pictureCSS(); tokenName.MatchString(css) {
		t.Errorf("unknown colours %v", tokenName.FindAllString(css, -1))
	}
}
