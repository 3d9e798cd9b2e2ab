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

package sparkline

import (
	"slices"
	"testing"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

func TestOf(t *testing.T) {
	sample := func(date cxv1alpha1.Date, value cxv1alpha1.Decimal) cxv1alpha1.Sample {
		return cxv1alpha1.Sample{Date: date, Value: value}
	}
	for _, test := range []struct {
		name    string
		samples []cxv1alpha1.Sample
		target  cxv1alpha1.Decimal
		want    []Point
		aim     int
	}{
		{"nothing", nil, "5", nil, -1},
		{"one", []cxv1alpha1.Sample{sample("2026-11-01", "7")}, "", []Point{{5, 10}}, -1},
		{"one above its target", []cxv1alpha1.Sample{sample("2026-11-01", "7")}, "3", []Point{{5, 20}}, 0},
		{"all the same", []cxv1alpha1.Sample{sample("2026-11-01", "7"), sample("2026-11-11", "7")}, "", []Point{{0, 10}, {10, 10}}, -1},
		{"by date", []cxv1alpha1.Sample{sample("2026-11-01", "0"), sample("2026-11-02", "5"), sample("2026-11-11", "10")}, "", []Point{{0, 0}, {1, 10}, {10, 20}}, -1},
		{"the mean at a place", []cxv1alpha1.Sample{
			sample("2026-01-01", "0"), sample("2026-01-02", "10"), sample("2026-12-01", "4"),
		}, "", []Point{{0, 10}, {10, 8}}, -1},
		{"the largest numbers", []cxv1alpha1.Sample{
			sample("2026-11-01", "-999999999999.999999"), sample("2026-11-06", "0"), sample("2026-11-11", "999999999999.999999"),
		}, "", []Point{{0, 0}, {5, 10}, {10, 20}}, -1},
		{"the smallest step", []cxv1alpha1.Sample{sample("2026-11-01", "0"), sample("2026-11-11", "0.000001")}, "", []Point{{0, 0}, {10, 20}}, -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			var target *cxv1alpha1.Decimal
			if test.target != "" {
				target = &test.target
			}
			if got := Of(test.samples, target, 10, 20); !slices.Equal(got.Points, test.want) || got.Target != test.aim {
				t.Errorf("got %v, want %v and target %d", got, test.want, test.aim)
			}
		})
	}
}

// TestOfAYear draws a sample a day: at most one point at each place, and all of them in the box.
func TestOfAYear(t *testing.T) {
	var samples []cxv1alpha1.Sample
	for n := range 400 {
		samples = append(samples, cxv1alpha1.Sample{Date: cxv1alpha1.Date("2025-10-01").AddDays(n), Value: cxv1alpha1.DecimalOf(int64(n * n % 977))})
	}
	points := Of(samples, nil, 30, 24).Points
	if len(points) != 31 || points[0].X != 0 || points[30].X != 30 {
		t.Errorf("%d points from %v to %v", len(points), points[0], points[len(points)-1])
	}
	for n, p := range points {
		if p.X != n || p.Y < 0 || p.Y > 24 {
			t.Errorf("point %d is at %v", n, p)
		}
	}
}
