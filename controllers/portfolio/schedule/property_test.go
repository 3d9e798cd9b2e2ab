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

package schedule_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	. "github.com/journeyops/journey-operator/controllers/portfolio/schedule"
)

// forecaster is what *testing.T, *testing.B and *rapid.T share.
type forecaster interface {
	Helper()
	Fatal(args ...any)
}

func forecast(t forecaster, p Problem) []Placement {
	t.Helper()
	placed, err := Forecast(p)
	if err != nil {
		t.Fatal(err)
	}
	return placed
}

func TestForecastMatchesBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, w := drawProblem(t)
		got, want := forecast(t, p), bruteForce(p, w)
		for i := range p.Items {
			if got[i] != want[i] {
				t.Fatalf("%q is placed at %+v, want %+v", p.Items[i].Name, got[i], want[i])
			}
		}
	})
}

func TestCriticalChainFollowsWhatWasWaitedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, w := drawProblem(t)
		placed := forecast(t, p)
		for last := range p.Items {
			chain := CriticalChain(placed, last)
			if chain[len(chain)-1] != last {
				t.Fatalf("the chain of %d ends with %v", last, chain)
			}
			for n, i := range chain {
				waited, _ := waitedForByDates(p, w, placed, i)
				switch {
				case n == 0 && waited != NoItem:
					t.Fatalf("chain %v begins with an item that waited for %d", chain, waited)
				case n > 0 && chain[n-1] != waited:
					t.Fatalf("chain %v has not %d before %d", chain, waited, i)
				}
			}
		}
	})
}

func TestChainsKnowEveryCriticalChain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, _ := drawProblem(t)
		placed := forecast(t, p)
		chains := NewChains(placed)
		for last := range p.Items {
			chain := CriticalChain(placed, last)
			if chains.Len(last) != len(chain) {
				t.Fatalf("chain %v has length %d", chain, chains.Len(last))
			}
			for i := range p.Items {
				if chains.Has(last, i) != slices.Contains(chain, i) {
					t.Fatalf("chain %v has %d: %t", chain, i, chains.Has(last, i))
				}
			}
			most := rapid.IntRange(0, len(chain)+1).Draw(t, "most")
			if end := chains.End(last, most); !slices.Equal(end, chain[max(0, len(chain)-most):]) {
				t.Fatalf("chain %v ends with the %d items %v", chain, most, end)
			}
		}
	})
}

func TestTeamsStayWithinTheirLanes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, w := drawProblem(t)
		type teamDay struct {
			team int
			day  Day
		}
		all, planned := make(map[teamDay]int), make(map[teamDay]int)
		for i, at := range forecast(t, p) {
			for _, d := range daysFrom(w.of(p.Items[i].Team), at.Start, at.Duration) {
				key := teamDay{p.Items[i].Team, d}
				all[key]++
				if !p.Items[i].Started {
					planned[key]++
				}
			}
		}
		for key, n := range planned {
			if key.team != NoTeam && n > 0 && all[key] > p.Teams[key.team].Lanes {
				t.Fatalf("team %d has %d items on %s", key.team, all[key], key.day)
			}
		}
	})
}

func TestPredecessorsFinishFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, w := drawProblem(t)
		placed := forecast(t, p)
		for i, item := range p.Items {
			for b := range allBefore(p, item) {
				if over := overAfter(w, placed, item, b); !item.Started && placed[i].Start <= over {
					t.Fatalf("%q starts on %s, and has to wait for %q until %s",
						item.Name, placed[i].Start, p.Items[b].Name, over)
				}
			}
		}
	})
}

func TestInputOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, _ := drawProblem(t)
		indices := make([]int, len(p.Items))
		for i := range indices {
			indices[i] = i
		}
		from := rapid.Permutation(indices).Draw(t, "from") // new index: old index
		to := make([]int, len(from))
		for n, o := range from {
			to[o] = n
		}
		renumber := func(list []Predecessor) []Predecessor {
			var renumbered []Predecessor
			for _, b := range list {
				renumbered = append(renumbered, Predecessor{to[b.Item], b.LagDays})
			}
			return renumbered
		}
		q := p
		q.Items = nil
		for _, o := range from {
			item := p.Items[o]
			item.Before = renumber(item.Before)
			q.Items = append(q.Items, item)
		}
		before, after := forecast(t, p), forecast(t, q)
		for o, at := range before {
			if at.WaitedFor != NoItem {
				at.WaitedFor = to[at.WaitedFor]
			}
			if at != after[to[o]] {
				t.Fatalf("%q moves from %+v to %+v", p.Items[o].Name, at, after[to[o]])
			}
		}
	})
}

// TestDoneWorkDoesNotDelay takes an item out, as when it is done. What has no
// team, and nothing with a team anywhere before it, then starts no later. (For
// the others Graham's anomalies can make it so.)
func TestDoneWorkDoesNotDelay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, _ := drawProblem(t)
		if len(p.Items) == 0 {
			t.Skip("no items")
		}
		done := rapid.IntRange(0, len(p.Items)-1).Draw(t, "done")
		q := without(p, done)
		before, after := forecast(t, p), forecast(t, q)
		free := make([]bool, len(p.Items))
		for _, i := range byRank(p.Items) {
			free[i] = p.Items[i].Team == NoTeam
			for _, b := range p.Items[i].Before {
				free[i] = free[i] && free[b.Item]
			}
		}
		for i, item := range p.Items {
			now := i
			if i > done {
				now--
			}
			if free[i] && i != done && after[now].Start > before[i].Start {
				t.Fatalf("%q moves from %s to %s", item.Name, before[i].Start, after[now].Start)
			}
		}
	})
}

func without(p Problem, gone int) Problem {
	items := slices.Delete(slices.Clone(p.Items), gone, gone+1)
	for i := range items {
		var before []Predecessor
		for _, b := range items[i].Before {
			switch {
			case b.Item > gone:
				before = append(before, Predecessor{b.Item - 1, b.LagDays})
			case b.Item < gone:
				before = append(before, b)
			}
		}
		items[i].Before = before
	}
	p.Items = items
	return p
}

// TestAmpleLanesAreNoLimit: a team with a lane for everything places items as
// no team does.
func TestAmpleLanesAreNoLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, _ := drawProblem(t)
		for i := range p.Teams {
			p.Teams[i].Lanes = max(1, len(p.Items))
			p.Teams[i].Calendar = Calendar{}
		}
		ample := forecast(t, p)
		p.Items = slices.Clone(p.Items)
		for i := range p.Items {
			p.Items[i].Team = NoTeam
		}
		for i, at := range forecast(t, p) {
			if at.Start != ample[i].Start || at.Finish != ample[i].Finish {
				t.Fatalf("%q is at %+v, and at %+v without teams", p.Items[i].Name, ample[i], at)
			}
		}
	})
}

func FuzzForecast(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(anyProblemIsAnswered))
}

func TestForecastAnswersAnyProblem(t *testing.T) {
	rapid.Check(t, anyProblemIsAnswered)
}

// anyProblemIsAnswered: there is an error or a forecast that holds together, and
// never a panic.
func anyProblemIsAnswered(t *rapid.T) {
	p := drawAnyProblem(t)
	placed, err := Forecast(p)
	if err != nil {
		return
	}
	for i, at := range placed {
		if at.Start < p.Today || at.Finish < at.Start || at.Finish > MaxDay || at.Duration < 1 || at.Duration > MaxDuration {
			t.Fatalf("item %d is at %+v", i, at)
		}
		calendar := p.Calendar
		if team := p.Items[i].Team; team != NoTeam && !isZero(p.Teams[team].Calendar) {
			calendar = p.Teams[team].Calendar
		}
		if last := calendar.Add(at.Start, at.Duration-1); at.Start < MaxDay && at.Finish != last {
			t.Fatalf("item %d is at %+v, and %d workdays later it is %s", i, at, at.Duration-1, last)
		}
		for _, b := range p.Items[i].Before {
			if !p.Items[i].Started && at.Start < MaxDay && at.Start <= placed[b.Item].Finish {
				t.Fatalf("item %d starts at %s, before %d finishes at %s", i, at.Start, b.Item, placed[b.Item].Finish)
			}
		}
		if chain := CriticalChain(placed, i); chain[len(chain)-1] != i || len(chain) > len(placed) {
			t.Fatalf("item %d has chain %v", i, chain)
		}
	}
}

func isZero(c Calendar) bool { return reflect.ValueOf(c).IsZero() }

// drawAnyProblem is a portfolio in which a few numbers are anything.
func drawAnyProblem(t *rapid.T) Problem {
	p, _ := drawProblem(t)
	for range rapid.IntRange(0, 4).Draw(t, "changes") {
		n := rapid.OneOf(
			rapid.Int(),
			rapid.IntRange(-3, 10),
			rapid.SampledFrom([]int{math.MinInt, math.MaxInt, math.MinInt32, math.MaxInt32, int(MaxDay) - 4, int(MaxDay), int(MaxDay) + 1}),
		).Draw(t, "number")
		field := rapid.IntRange(0, 10).Draw(t, "field")
		switch {
		case field == 0:
			p.Today = Day(n)
		case field == 1 && len(p.Teams) > 0:
			p.Teams[0].Lanes = n
		case len(p.Items) > 0:
			item := &p.Items[rapid.IntRange(0, len(p.Items)-1).Draw(t, "item")]
			setNumber(item, field, n)
		}
	}
	return p
}

func setNumber(item *Item, field, n int) {
	switch field {
	case 2:
		item.EffortMilliDays = int64(n)
	case 3:
		item.ProgressPercent = n
	case 4:
		item.VelocityPercent = n
	case 5:
		item.LeadTimeDays = n
	case 6:
		item.NotBefore = Day(n)
	case 7:
		item.Team = n
	case 8:
		item.Before = append(item.Before, Predecessor{Item: n})
	case 9:
		item.Rank = n
	case 10:
		for b := range item.Before {
			item.Before[b].LagDays = n
		}
	}
}
