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
	"fmt"
	"strconv"
	"strings"
)

// Decimal is an exact number with at most 6 decimals, below a million millions (10^12): a measured value, or a difference of two. Objects
// may give it in every form of a resource.Quantity: 268, "0.35", "350m", "12k". Statuses give it in plain decimals ("0.35"), which is a
// resource.Quantity as well. In YAML a number with decimals stands in quotes.
//
// +kubebuilder:validation:Type=""
// +kubebuilder:validation:XIntOrString
// +kubebuilder:validation:MaxLength=32
// +kubebuilder:validation:Pattern=`^[+-]?([0-9]{1,12}(\.[0-9]{1,6})?|[0-9]{1,18}u|[0-9]{1,15}(\.[0-9]{1,3})?m|[0-9]{1,9}(\.[0-9]{1,9})?k|[0-9]{1,6}(\.[0-9]{1,12})?M|[0-9]{1,3}(\.[0-9]{1,15})?G)$`
// +kubebuilder:validation:XValidation:rule="type(self) != int || (self < 1000000000000 && self > -1000000000000)",message="the number is too large: it must be below a million millions, so choose a larger unit"
type Decimal string

const (
	// microsPerUnit is the smallest step of a Decimal, turned over.
	microsPerUnit = 1_000_000
	decimals      = 6
	// MaxMicros is the largest Decimal, in millionths; the smallest is -MaxMicros.
	MaxMicros = 1_000_000_000_000*microsPerUnit - 1
	// microsDigits is the number of its digits.
	microsDigits = 18
)

// decimalsOf is how many digits may follow the point, by suffix: as many as leave a whole number of millionths. Before it may stand what is
// left of microsDigits. The pattern of Decimal says the same.
var decimalsOf = map[string]int{"u": 0, "m": 3, "": decimals, "k": 9, "M": 12, "G": 15}

// DecimalOf is the number of so many millionths, in plain decimals without zeros at the end.
func DecimalOf(micros int64) Decimal {
	sign, magnitude := "", uint64(micros)
	if micros < 0 {
		sign, magnitude = "-", -magnitude
	}
	whole := sign + strconv.FormatUint(magnitude/microsPerUnit, 10)
	part := strings.TrimRight(fmt.Sprintf("%0*d", decimals, magnitude%microsPerUnit), "0")
	if part == "" {
		return Decimal(whole)
	}
	return Decimal(whole + "." + part)
}

// ParseDecimal reads a number in any form that a Decimal has, and gives it in plain decimals. It fails on any other text, and on
// numbers that are too large or have too many decimals.
func ParseDecimal(text string) (Decimal, error) {
	micros, err := Decimal(text).parse()
	if err != nil {
		return "", err
	}
	return DecimalOf(micros), nil
}

// Micros is the number in millionths; 0 where the text is not a Decimal.
func (d Decimal) Micros() int64 {
	micros, err := d.parse()
	if err != nil {
		return 0
	}
	return micros
}

// Plain is the number in plain decimals; the text itself where it is not a Decimal.
func (d Decimal) Plain() Decimal {
	plain, err := ParseDecimal(string(d))
	if err != nil {
		return d
	}
	return plain
}

// UnmarshalJSON reads a number or a text.
func (d *Decimal) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, (*string)(d))
	}
	var number json.Number
	if err := json.Unmarshal(data, &number); err != nil {
		return err
	}
	*d = Decimal(number)
	return nil
}

// parse reads the digits before and after the point as one number of millionths.
func (d Decimal) parse() (int64, error) {
	unsigned, negative := strings.CutPrefix(string(d), "-")
	if !negative {
		unsigned = strings.TrimPrefix(unsigned, "+")
	}
	number := strings.TrimRight(unsigned, "umkMG")
	places, known := decimalsOf[unsigned[len(number):]]
	whole, part, pointed := strings.Cut(number, ".")
	micros, digits := int64(0), known && whole != "" && len(whole) <= microsDigits-places && len(part) <= places && pointed == (part != "")
	for _, group := range [2]string{whole, part} {
		for n := 0; digits && n < len(group); n++ {
			digits = '0' <= group[n] && group[n] <= '9'
			micros = 10*micros + int64(group[n]-'0')
		}
	}
	if !digits {
		return 0, fmt.Errorf("%q is not a number such as 268, 0.35 or 12k, with at most %d decimals, below a million millions and without an exponent",
			string(d), decimals)
	}
	for range places - len(part) {
		micros *= 10
	}
	if negative {
		micros = -micros
	}
	return micros, nil
}
