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
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// TestNumbersAsCellsShowThem holds that the text of a number is what a spreadsheet shows, also in the eyes of another program.
func TestNumbersAsCellsShowThem(t *testing.T) {
	for _, test := range []struct {
		format string
		value  float64
		want   string
	}{
		{"General", 42, "42"}, {"General", 0.5, "0.5"}, {"00000", 42, "00042"}, {"00000", 1234567, "1234567"}, {"00000", 0, "00000"},
		{"0", 2.7, "3"}, {"0.00", 3.14159, "3.14"}, {"0.00", -3, "-3.00"}, {"#,##0", 1234567, "1,234,567"}, {"#,##0", 999, "999"},
		{"#,##0.00", 1200, "1,200.00"}, {"0%", 0.6, "60%"}, {"0.0%", 0.123, "12.3%"}, {`"REQ-"0000`, 12, "REQ-0012"}, {`"R"\-0`, 7, "R-7"},
		{"0.##", 1.5, "1.5"}, {"#,##0;(#,##0)", -1200, "(1,200)"}, {"0.0", 0.25, "0.3"}, {"0.00", 1.005, "1.01"}, {"[Red]0", 5, "5"}, {"000-000", 12345, "012-345"},
		{"0_)", 5, "5"},
	} {
		t.Run(fmt.Sprintf("%s %v", test.format, test.value), func(t *testing.T) {
			// given a workbook of another program, with a number in that format
			f := excelize.NewFile()
			style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &test.format})
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellValue("Sheet1", "A1", test.value); err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellStyle("Sheet1", "A1", "A1", style); err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := f.Write(&b); err != nil {
				t.Fatal(err)
			}
			// when it is read
			sheets, err := ReadXLSX("x.xlsx", b.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			// then the text is what both say that the cell shows, and the number is what it is
			cell := sheets[0].Rows[0].Cell(0)
			if other, err := f.GetCellValue("Sheet1", "A1"); err != nil || cell.Text != test.want || cell.Number != test.value {
				t.Errorf("got %q, want %q; the other program says %q (%v)", cell.Text, test.want, other, err)
			}
		})
	}
}

// TestNumberFormats shows what formats are for, and that those that are not understood leave the number as it is.
func TestNumberFormats(t *testing.T) {
	for _, test := range []struct {
		id            int
		code          string
		date, percent bool
		want          string
	}{
		{id: 0, want: "1234.5"}, {id: 14, date: true, want: "1234.5"}, {id: 9, percent: true, want: "123450%"}, {id: 3, want: "1,235"},
		{id: 200, code: "d mmm yyyy;@", date: true, want: "1234.5"}, {id: 200, code: "[$-413]dd/mm/yy", date: true, want: "1234.5"},
		{id: 200, code: "[h]:mm", want: "1234.5"}, {id: 200, code: `0.00"d"`, want: "1234.50d"}, {id: 200, code: "# ?/?", want: "1234.5"},
		{id: 200, code: "0.00E+00", want: "1234.5"}, {id: 200, code: "0,", want: "1234.5"}, {id: 200, code: "@", want: "1234.5"},
		{id: 200, code: "[>100]0;0.0", want: "1234.5"}, {id: 200, code: "[$€-413] 0", want: "€ 1235"}, {id: 200, code: ";;;;;;", want: "1234.5"},
		{id: 200, code: "#.00", want: "1234.50"}, {id: 200, code: ".00", want: "1234.5"}, {id: 49, want: "1234.5"},
	} {
		f := formatOf(test.id, test.code)
		if got := f.show(1234.5); got != test.want || f.date != test.date || f.percent != test.percent {
			t.Errorf("%d %q shows %q (date %t, percent %t), want %q", test.id, test.code, got, f.date, f.percent, test.want)
		}
	}
}

// TestAnyNumberFormat holds that no format makes the reader fail.
func TestAnyNumberFormat(t *testing.T) {
	part := rapid.SampledFrom([]string{
		"0", "#", "?", ",", ".", "%", ";", "\"", "\\", "_", "*", "[", "]", "$", "-", "/", "E+", "@", "d", "y", "h", "AM/PM", "General", "[Red]", "[>1]", "é", " ", "B", "1",
	})
	rapid.Check(t, func(t *rapid.T) {
		format := formatOf(200, strings.Join(rapid.SliceOfN(part, 0, 12).Draw(t, "code"), ""))
		format.show(rapid.Float64().Draw(t, "number"))
	})
}

// FuzzNumberFormat takes any code for a format.
func FuzzNumberFormat(f *testing.F) {
	for _, code := range []string{"00000", "#,##0.00;[Red](#,##0)", `"REQ-"0000`, "0.0%", "d mmm yyyy;@", "[$€-413] 0", "0;0;0;0;0", "\\", "_", "*", "["} {
		f.Add(code, 1234.5)
	}
	f.Fuzz(func(_ *testing.T, code string, value float64) {
		format := formatOf(200, code)
		format.show(value)
	})
}
