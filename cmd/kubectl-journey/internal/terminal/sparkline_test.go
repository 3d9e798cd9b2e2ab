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
	"testing"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

func TestSparkline(t *testing.T) {
	values := []cxv1alpha1.Decimal{"1", "2", "3", "8"}
	for want, days := range map[string][]int{
		"": {}, "▄": {0}, "▁█": {0, 1}, "▁▂▃█": {0, 1, 2, 3},
		// The last is far from the others, which share a column.
		"▂  █": {0, 1, 2, 31},
	} {
		var samples []cxv1alpha1.Sample
		for n, day := range days {
			samples = append(samples, cxv1alpha1.Sample{Date: cxv1alpha1.Date("2026-11-01").AddDays(day), Value: values[n]})
		}
		columns := 10
		if len(days) == 4 && days[3] > 3 {
			columns = 4
		}
		if got := Sparkline(samples, columns); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
