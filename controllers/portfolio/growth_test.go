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

package portfolio

import (
	"fmt"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// builder makes portfolios of a shape: the n-th object of a kind is named by its number.
type builder struct{ Objects }

func (b *builder) journey() {
	b.Add(&cxv1alpha1.Journey{
		ObjectMeta: metav1.ObjectMeta{Name: "journey", Generation: 1},
		Spec:       cxv1alpha1.JourneySpec{Title: "Journey", Phases: []cxv1alpha1.Phase{{Name: "phase"}}},
	})
}

func (b *builder) moment() {
	b.Add(&cxv1alpha1.Moment{
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("moment-%05d", len(b.Moments)), Generation: 1},
		Spec: cxv1alpha1.MomentSpec{
			JourneyRef: cxv1alpha1.ObjectReference{Name: "journey"}, Phase: "phase", Title: "Moment", Importance: int32(1 + len(b.Moments)%100),
			NeededBy: "2027-12-31",
		},
	})
}

// block has one stage that takes some days.
func (b *builder) block() {
	b.Add(&cxv1alpha1.BuildingBlock{
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("block-%05d", len(b.BuildingBlocks)), Generation: 1},
		Spec: cxv1alpha1.BuildingBlockSpec{
			Title: "Block", Stages: []cxv1alpha1.Stage{{Name: "only", EffortDays: int32(1 + len(b.BuildingBlocks)%7)}},
		},
	})
}

// item delivers the given blocks and comes after the given items.
func (b *builder) item(state cxv1alpha1.ItemState, blocks, after []int) *cxv1alpha1.RoadmapItem {
	item := &cxv1alpha1.RoadmapItem{
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("item-%05d", len(b.RoadmapItems)), Generation: 1},
		Spec:       cxv1alpha1.RoadmapItemSpec{Title: "Item", State: state},
	}
	for _, n := range blocks {
		ref := cxv1alpha1.StageReference{Name: cxv1alpha1.ObjectName(fmt.Sprintf("block-%05d", n))}
		item.Spec.Delivers = append(item.Spec.Delivers, ref)
	}
	for _, n := range after {
		ref := cxv1alpha1.ItemDependency{Name: cxv1alpha1.ObjectName(fmt.Sprintf("item-%05d", n))}
		item.Spec.DependsOn = append(item.Spec.DependsOn, ref)
	}
	b.Add(item)
	return item
}

// metric has as many samples as it can have.
func (b *builder) metric() {
	m := &cxv1alpha1.Metric{
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("metric-%05d", len(b.Metrics)), Generation: 1},
		Spec: cxv1alpha1.MetricSpec{
			Title: "Metric", Direction: cxv1alpha1.DirectionIncrease, Aggregation: cxv1alpha1.AggregationMedian, WindowDays: maxSamples,
		},
	}
	for k := range maxSamples {
		m.Spec.Samples = append(m.Spec.Samples, cxv1alpha1.Sample{
			Date: cxv1alpha1.Date(benchmarkDay).AddDays(-k), Value: cxv1alpha1.DecimalOf(int64(k * 7919 % 1000 * 1000)),
		})
	}
	b.Add(m)
}

// done is an item that has delivered a block, and is judged by the first metric.
func (b *builder) done(block int) {
	i := b.item(cxv1alpha1.StateDone, []int{block}, nil)
	i.Spec.FinishDate = cxv1alpha1.Date(benchmarkDay).AddDays(-len(b.RoadmapItems) % 1000)
	i.Spec.Hypothesis = &cxv1alpha1.Hypothesis{
		MetricRef: &cxv1alpha1.ObjectReference{Name: "metric-00000"}, ExpectedDelta: new(cxv1alpha1.Decimal("1")),
	}
}

// must asks a block for something, at the given moments.
func (b *builder) must(block int, moments ...int) {
	r := &cxv1alpha1.Requirement{
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("requirement-%06d", len(b.Requirements)), Generation: 1},
		Spec: cxv1alpha1.RequirementSpec{
			Title: "Requirement", MoSCoW: cxv1alpha1.MoSCoWMust,
			BuildingBlockRef: &cxv1alpha1.StageReference{Name: cxv1alpha1.ObjectName(fmt.Sprintf("block-%05d", block))},
		},
	}
	for _, n := range moments {
		ref := cxv1alpha1.ObjectReference{Name: cxv1alpha1.ObjectName(fmt.Sprintf("moment-%05d", n))}
		r.Spec.MomentRefs = append(r.Spec.MomentRefs, ref)
	}
	b.Add(r)
}

// maxLinks is how many other objects one object can name.
const maxLinks = 50

// maxSamples is how many samples a metric can have, and how many days a window.
const maxSamples = 400

// shapes are portfolios of n objects that are linked in the ways that cost most.
var shapes = []struct {
	name string
	of   func(n int) Objects
}{
	{"chain-in-progress", func(n int) Objects { return chainOf(n, cxv1alpha1.StateInProgress, 0) }},
	{"chain-proposed", func(n int) Objects { return chainOf(n, cxv1alpha1.StateProposed, 0) }},
	{"chain-with-value", func(n int) Objects { return chainOf(n, cxv1alpha1.StateProposed, 10) }},
	{"chain-with-rising-value", func(n int) Objects {
		o := chainOf(n, cxv1alpha1.StateProposed, 0)
		for k, i := range o.RoadmapItems {
			i.Spec.BusinessValue = int32(100 * k / n)
		}
		return o
	}},
	{"independent", func(n int) Objects {
		var b builder
		for k := range n {
			b.block()
			b.item(cxv1alpha1.StateProposed, []int{k}, nil)
		}
		return b.Objects
	}},
	{"one-team", func(n int) Objects {
		o := chainOf(n, cxv1alpha1.StateProposed, 10)
		for k, i := range o.RoadmapItems {
			i.Spec.DependsOn, i.Spec.Team = nil, "team"
			i.Spec.StartDate = cxv1alpha1.Date(fmt.Sprintf("%d-%02d-%02d", 2027+k*37%50, 1+k%12, 1+k%28))
		}
		o.Roadmap = &cxv1alpha1.Roadmap{Spec: cxv1alpha1.RoadmapSpec{Teams: []cxv1alpha1.Team{{Name: "team", Lanes: 1}}}}
		return o
	}},
	{"star-in", func(n int) Objects { // all come before the first, by way of a tree: an item names no more than 50 others
		var b builder
		for k := range n {
			b.block()
			var after []int
			for at := maxLinks*k + 1; at <= maxLinks*k+maxLinks && at < n; at++ {
				after = append(after, at)
			}
			b.item(cxv1alpha1.StateProposed, []int{k}, after)
		}
		return b.Objects
	}},
	{"star-out", func(n int) Objects { // the hub comes before all
		var b builder
		for k := range n {
			b.block()
			b.item(cxv1alpha1.StateProposed, []int{k}, []int{0}[:min(k, 1)])
		}
		return b.Objects
	}},
	{"ring", func(n int) Objects {
		o := chainOf(n, cxv1alpha1.StateProposed, 10)
		o.RoadmapItems[0].Spec.DependsOn = []cxv1alpha1.ItemDependency{{Name: cxv1alpha1.ObjectName(o.RoadmapItems[n-1].Name)}}
		return o
	}},
	{"clique", func(n int) Objects { // every item depends on the next ones, around the clock
		return cliques(n, n)
	}},
	{"cliques", func(n int) Objects { return cliques(n, maxLinks) }},
	{"detours", func(n int) Objects { // a ring, and beside each second link a detour of one item
		var b builder
		for k := range n {
			b.block()
			if k%2 == 1 {
				b.item(cxv1alpha1.StateProposed, []int{k}, []int{(k + 1) % n})
			} else {
				b.item(cxv1alpha1.StateProposed, []int{k}, []int{k + 1, (k + 2) % n})
			}
		}
		return b.Objects
	}},
	{"pairs", func(n int) Objects { return cliques(n, 2) }},
	{"block-cycle", func(n int) Objects {
		var b builder
		for k := range n {
			b.block()
			b.BuildingBlocks[k].Spec.Stages[0].DependsOn = []cxv1alpha1.StageReference{
				{Name: cxv1alpha1.ObjectName(fmt.Sprintf("block-%05d", (k+1)%n))},
			}
		}
		return b.Objects
	}},
	{"links", func(n int) Objects { // each requirement names 50 moments, each item comes after the 50 before it
		var b builder
		b.journey()
		for range n {
			b.moment()
		}
		for k := range n {
			b.block()
			var after, moments []int
			for at := max(0, k-maxLinks); at < k; at++ {
				after = append(after, at)
			}
			for at := range maxLinks {
				moments = append(moments, (k+at)%n)
			}
			b.item(cxv1alpha1.StatePlanned, []int{k}, after)
			b.must(k, moments...)
		}
		return b.Objects
	}},
	{"one-moment", func(n int) Objects { // that asks for everything
		var b builder
		b.journey()
		b.moment()
		for k := range n {
			b.block()
			b.item(cxv1alpha1.StatePlanned, []int{k}, nil)
			b.must(k, 0)
		}
		return b.Objects
	}},
	{"one-moment-unplanned", func(n int) Objects {
		var b builder
		b.journey()
		b.moment()
		for k := range n {
			b.block()
			b.must(k, 0)
		}
		return b.Objects
	}},
	{"one-block", func(n int) Objects { // that all items deliver and all moments ask for
		var b builder
		b.journey()
		b.block()
		for k := range n {
			b.moment()
			b.item(cxv1alpha1.StatePlanned, []int{0}, nil)
			b.must(0, k)
		}
		return b.Objects
	}},
	{"moments-along-a-chain", func(n int) Objects {
		o := builder{chainOf(n, cxv1alpha1.StateProposed, 10)}
		o.journey()
		for k := range n {
			o.moment()
			o.must(k, k)
		}
		return o.Objects
	}},
	{"moments-after-a-chain", func(n int) Objects {
		o := builder{chainOf(n, cxv1alpha1.StateProposed, 10)}
		o.journey()
		for k := range n {
			o.moment()
			o.must(n-1, k)
		}
		return o.Objects
	}},
	{"moments-after-unplanned-work", func(n int) Objects { // of which each step of a chain waits for some
		o := builder{chainOf(n, cxv1alpha1.StateProposed, 10)}
		o.journey()
		for k := range n {
			o.BuildingBlocks[k].Spec.Stages[0].DependsOn = []cxv1alpha1.StageReference{{Name: cxv1alpha1.ObjectName(fmt.Sprintf("none-%05d", k))}}
			o.moment()
			o.must(k, k)
		}
		return o.Objects
	}},
	{"journeys-after-a-chain", func(n int) Objects {
		o := builder{chainOf(n, cxv1alpha1.StateProposed, 10)}
		for k := range n {
			o.journey()
			o.Journeys[k].Name = fmt.Sprintf("journey-%05d", k)
			o.moment()
			o.Moments[k].Spec.JourneyRef.Name = cxv1alpha1.ObjectName(o.Journeys[k].Name)
			o.must(n-1, k)
		}
		return o.Objects
	}},
	{"done-on-one-metric", func(n int) Objects { // each with a window full of samples, and all others at about the same time
		var b builder
		b.metric()
		for k := range n {
			b.block()
			b.done(k)
		}
		return b.Objects
	}},
	{"measured", func(n int) Objects { // a metric for every 10 moments and items
		var b builder
		b.journey()
		for k := range n {
			b.moment()
			b.block()
			b.must(k, k)
			b.done(k)
			if k%10 == 0 {
				b.metric()
			}
			metric := b.Metrics[len(b.Metrics)-1]
			metric.Spec.MomentRefs = append(metric.Spec.MomentRefs, cxv1alpha1.ObjectReference{Name: cxv1alpha1.ObjectName(b.Moments[k].Name)})
			b.RoadmapItems[k].Spec.Hypothesis.MetricRef.Name = cxv1alpha1.ObjectName(metric.Name)
		}
		return b.Objects
	}},
	{"expressions", func(n int) Objects {
		o := chainOf(n, cxv1alpha1.StateProposed, 10)
		o.Roadmap = &cxv1alpha1.Roadmap{Spec: cxv1alpha1.RoadmapSpec{ValueExpression: "businessValue", EffortExpression: "effortDays"}}
		return o
	}},
}

// shapeOf finds a shape by its name.
func shapeOf(t testing.TB, name string) func(n int) Objects {
	t.Helper()
	for _, shape := range shapes {
		if shape.name == name {
			return shape.of
		}
	}
	t.Fatalf("there is no shape %s", name)
	return nil
}

// chainOf has n items, each after the one before it.
func chainOf(n int, state cxv1alpha1.ItemState, businessValue int32) Objects {
	var b builder
	for k := range n {
		b.block()
		var after []int
		if k > 0 {
			after = []int{k - 1}
		}
		b.item(state, []int{k}, after).Spec.BusinessValue = businessValue
	}
	return b.Objects
}

// cliques has n items in groups of the given size, each after up to 50 others of its group.
func cliques(n, size int) Objects {
	var b builder
	for k := range n {
		first := k - k%size
		group := min(size, n-first)
		var after []int
		for step := 1; step <= maxLinks && step < group; step++ {
			after = append(after, first+(k-first+step)%group)
		}
		b.block()
		b.item(cxv1alpha1.StateProposed, []int{k}, after)
	}
	return b.Objects
}

// BenchmarkGrowth shows that nothing grows faster than the work: time and memory a object hold still, or nearly so, from one size to
// the next.
func BenchmarkGrowth(b *testing.B) {
	for _, shape := range shapes {
		for _, n := range []int{1_000, 2_000, 4_000, 8_000, 16_000} {
			objects := shape.of(n)
			b.Run(fmt.Sprintf("%s/n=%d", shape.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					Evaluate(objects, benchmarkDay)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/object")
			})
		}
	}
}
