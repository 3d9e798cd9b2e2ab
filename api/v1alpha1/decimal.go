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
	"math/big"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Decimal is an exact number with at most 6 decimals, below a million millions (10^12): a measured value, or a difference of two. Objects
// may give it in every form of a resource.Quantity: 268, "0.35", "350m", "12k". Statuses give it in plain decimals ("0.35"), which is a
// resource.Quantity as well. In YAML a number with decimals stands in quotes.
//
// +kubebuilder:validation:XIntOrString
// +kubebuilder:validation:MaxLength=32
// +kubebuilder:validation:Pattern=`^[+-]?([0-9]{1,12}(\.[0-9]{1,6})?|[0-9]{1,18}u|[0-9]{1,15}(\.[0-9]{1,3})?m|[0-9]{1,9}(\.[0-9]{1,9})?k|[0-9]{1,6}(\.[0-9]{1,12})?M|[0-9]{1,3}(\.[0-9]{1,15})?G)$`
// +kubebuilder:validation:XValidation:rule="type(self) != int || (self < 1000000000000 && self > -1000000000000)",message="the number is too large: it must be below a million millions, so choose a larger unit"
type Decimal string

const (
	// microsPerUnit is the smallest step of a Decimal, turned over.
	microsPerUnit = 1_000_000
	decimals      = 6
	// maxMicros is more than any Decimal has.
	maxMicros = 1_000_000_000_000 * microsPerUnit
)

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

func (d Decimal) parse() (int64, error) {
	if strings.ContainsAny(string(d), "eE") {
		return 0, fmt.Errorf("%q is not a number with at most %d decimals: write it without an exponent", string(d), decimals)
	}
	quantity, err := resource.ParseQuantity(string(d))
	if err != nil {
		return 0, fmt.Errorf("%q is not a number such as 268 or 0.35: %w", string(d), err)
	}
	unscaled := new(big.Int).Set(quantity.AsDec().UnscaledBig())
	shift := decimals - int(quantity.AsDec().Scale())
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(shift, -shift))), nil)
	if shift >= 0 {
		unscaled.Mul(unscaled, power)
	} else if _, rest := unscaled.QuoRem(unscaled, power, new(big.Int)); rest.Sign() != 0 {
		return 0, fmt.Errorf("%q has more than %d decimals: round it", string(d), decimals)
	}
	if !unscaled.IsInt64() || unscaled.Int64() >= maxMicros || unscaled.Int64() <= -maxMicros {
		return 0, fmt.Errorf("%q is too large: it must be below a million millions, so choose a larger unit", string(d))
	}
	return unscaled.Int64(), nil
}
