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

// Package sparkline places the samples of a metric in a small chart, for packages terminal and picture.
package sparkline

import (
	"math/bits"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Point of a chart: X from the left, Y from the bottom.
type Point struct{ X, Y int }

// Chart is a line in a box of a width and height.
type Chart struct {
	// Points from left to right, at most one at each X.
	Points []Point
	// Target is the Y of the target; -1 where there is none.
	Target int
}

// Of draws samples that are in order of their dates. The time from the first to the last one takes the whole width, and so do the values, with
// the target, the height. What is at the same X becomes one point: the mean.
func Of(samples []cxv1alpha1.Sample, target *cxv1alpha1.Decimal, width, height int) Chart {
	chart := Chart{Target: -1}
	if len(samples) == 0 {
		return chart
	}
	scale := scaleOf(samples, target, height)
	first, days := samples[0].Date, samples[0].Date.DaysUntil(samples[len(samples)-1].Date)
	sum, count := 0, 0
	for n, s := range samples {
		x := width / 2
		if days > 0 {
			x = first.DaysUntil(s.Date) * width / days
		}
		if last := len(chart.Points) - 1; n == 0 || chart.Points[last].X != x {
			chart.Points, sum, count = append(chart.Points, Point{X: x}), 0, 0
		}
		sum, count = sum+scale.y(s.Value), count+1
		chart.Points[len(chart.Points)-1].Y = (2*sum + count) / (2 * count)
	}
	if target != nil {
		chart.Target = scale.y(*target)
	}
	return chart
}

// scale turns values into heights.
type scale struct {
	low, span uint64
	height    int
}

func scaleOf(samples []cxv1alpha1.Sample, target *cxv1alpha1.Decimal, height int) scale {
	low, high := samples[0].Value.Micros(), samples[0].Value.Micros()
	for _, s := range samples {
		low, high = min(low, s.Value.Micros()), max(high, s.Value.Micros())
	}
	if target != nil {
		low, high = min(low, target.Micros()), max(high, target.Micros())
	}
	return scale{low: uint64(low), span: uint64(high) - uint64(low), height: height}
}

// y is exact: the product of a span and a height can have more than 64 bits.
func (s scale) y(value cxv1alpha1.Decimal) int {
	if s.span == 0 {
		return s.height / 2
	}
	over, product := bits.Mul64(uint64(value.Micros())-s.low, uint64(s.height))
	y, _ := bits.Div64(over, product, s.span)
	return int(y)
}
