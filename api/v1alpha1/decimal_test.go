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

package v1alpha1

import (
	"encoding/json"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"
)

// notDecimals are no Decimals, though some of them are numbers, and most even a resource.Quantity.
var notDecimals = []string{
	"", "-", "+", ".", "5.", ".5", "--5", "+-5", "1e3", "1E3", "1E", "1.0e0", "1Ki", "1n", "1T", "0.5T", "1P", "1 ", " 1", "1\n", "1_000", "1,5", "0x10",
	"1mm", "1um", "uuu", "k", "1k.5", "1.2.3", "0.0000001", "0.5000000", "0.9999999999", "1.5u", "0.0005m", "1000000000000", "-1000000000000",
	"1000000000k", "1000000M", "1000G", "0000000000000", "NaN", "Inf", "٣", "½", "1\x00",
}

// TestDecimals reads each form of a number.
func TestDecimals(t *testing.T) {
	for text, want := range map[string]struct {
		plain  Decimal
		micros int64
	}{
		"268": {"268", 268_000_000}, "+268": {"268", 268_000_000}, "-268": {"-268", -268_000_000}, "007": {"7", 7_000_000},
		"0": {"0", 0}, "-0": {"0", 0}, "-0.000000": {"0", 0}, "0u": {"0", 0},
		"0.35": {"0.35", 350_000}, "0.350000": {"0.35", 350_000}, "350m": {"0.35", 350_000}, "350000u": {"0.35", 350_000}, "-0.000001": {"-0.000001", -1},
		"0.001m": {"0.000001", 1}, "1u": {"0.000001", 1}, "0.000000001k": {"0.000001", 1}, "0.000000000001M": {"0.000001", 1},
		"0.000000000000001G": {"0.000001", 1}, "12k": {"12000", 12_000_000_000}, "1.5M": {"1500000", 1_500_000_000_000},
		"999999999999.999999": {"999999999999.999999", MaxMicros}, "-999.999999999999999G": {"-999999999999.999999", -MaxMicros},
		"999999999999999999u": {"999999999999.999999", MaxMicros},
	} {
		plain, err := ParseDecimal(text)
		if err != nil || plain != want.plain || Decimal(text).Micros() != want.micros || Decimal(text).Plain() != want.plain {
			t.Errorf("%q: %s (%v), %d millionths, want %v", text, plain, err, Decimal(text).Micros(), want)
		}
	}
	for _, text := range notDecimals {
		if plain, err := ParseDecimal(text); err == nil || Decimal(text).Micros() != 0 || Decimal(text).Plain() != Decimal(text) {
			t.Errorf("%q was read as %s", text, plain)
		}
	}
	for micros, want := range map[int64]Decimal{
		math.MinInt64: "-9223372036854.775808", math.MaxInt64: "9223372036854.775807", -1: "-0.000001", 10: "0.00001", 1_000_000: "1",
	} {
		if got := DecimalOf(micros); got != want {
			t.Errorf("%d millionths are %s, want %s", micros, got, want)
		}
	}
}

// TestDecimalsInJSON reads numbers with quotes and without.
func TestDecimalsInJSON(t *testing.T) {
	for text, want := range map[string]Decimal{`268`: "268", `"350m"`: "350m", `-1`: "-1", `0.35`: "0.35", `"\u0031"`: "1"} {
		var got Decimal
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is read as %q (%v), want %q", text, got, err, want)
		}
	}
	for _, text := range []string{`true`, `{}`, `[1]`, `"1`, `1 2`} {
		var got Decimal
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is read as %q", text, got)
		}
	}
}

// decimalSchema tells what the CustomResourceDefinition takes for a Decimal, given as text.
func decimalSchema(t testing.TB) func(string) bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "config", "crd", "bases", GroupVersion.Group+"_metrics.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	definition := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(text, definition); err != nil {
		t.Fatal(err)
	}
	value := definition.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"].Properties["baseline"].Properties["value"]
	pattern, longest := regexp.MustCompile(value.Pattern), *value.MaxLength
	return func(text string) bool { return int64(len(text)) <= longest && pattern.MatchString(text) }
}

// checkDecimal holds what is read of a text to the schema, to fractions, and to what Kubernetes makes of it.
func checkDecimal(t interface{ Fatalf(string, ...any) }, accepted func(string) bool, text string) {
	plain, err := ParseDecimal(text)
	if accepted(text) != (err == nil) {
		t.Fatalf("%q: the schema takes it: %t, reading it: %v", text, accepted(text), err)
	}
	if err != nil {
		return
	}
	quantity, err := resource.ParseQuantity(text)
	if err != nil {
		t.Fatalf("%q is no quantity: %v", text, err)
	}
	if again := resource.MustParse(string(plain)); quantity.Cmp(again) != 0 {
		t.Fatalf("%q is the quantity %s, in plain decimals %s", text, quantity.String(), plain)
	}
	exact, ok := new(big.Rat).SetString(string(plain))
	if micros := big.NewRat(Decimal(text).Micros(), 1_000_000); !ok || exact.Cmp(micros) != 0 || exact.Cmp(rational(text)) != 0 {
		t.Fatalf("%q is %s and %s millionths, in plain decimals %s", text, rational(text), micros, plain)
	}
	if !accepted(string(plain)) || DecimalOf(Decimal(text).Micros()) != plain || plain.Plain() != plain {
		t.Fatalf("%q in plain decimals is %s, and that is %s", text, plain, plain.Plain())
	}
	if value := string(plain); strings.Contains(value, ".") && strings.HasSuffix(value, "0") || value == "-0" {
		t.Fatalf("%q in plain decimals is %s, which could be shorter", text, plain)
	}
}

// rational is the value of a Decimal by its definition.
func rational(text string) *big.Rat {
	factors := map[string]*big.Rat{
		"u": big.NewRat(1, 1_000_000), "m": big.NewRat(1, 1000), "": big.NewRat(1, 1), "k": big.NewRat(1000, 1), "M": big.NewRat(1_000_000, 1),
		"G": big.NewRat(1_000_000_000, 1),
	}
	digits := strings.TrimRight(text, "umkMG")
	value, ok := new(big.Rat).SetString(digits)
	if !ok {
		return nil
	}
	return value.Mul(value, factors[text[len(digits):]])
}

// TestDecimalsAgree writes numbers in every way that comes near to a Decimal: what the schema takes is read, and nothing else is.
func TestDecimalsAgree(t *testing.T) {
	accepted := decimalSchema(t)
	written := rapid.StringMatching(`[+-]?[0-9]{0,20}(\.[0-9]{0,17})?(|[unmkMGTEe]|Ki|e3)`)
	rapid.Check(t, func(t *rapid.T) { checkDecimal(t, accepted, written.Draw(t, "text")) })
}

func FuzzDecimal(f *testing.F) {
	accepted := decimalSchema(f)
	for _, text := range append(notDecimals, "268", "-0.35", "350m", "+12k", "999999999999.999999", "999.999999999999999G", "-0") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkDecimal(t, accepted, text) })
}
