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
	"fmt"
	"math/rand/v2"
	"testing"

	. "github.com/journeyops/journey-operator/controllers/portfolio/schedule"
)

// BenchmarkForecast times portfolios of 20 teams, and at the largest size one
// team that has every item, with gaps between them that do not fit.
func BenchmarkForecast(b *testing.B) {
	for _, n := range []int{500, 5000} {
		b.Run(fmt.Sprintf("%d-items-20-teams", n), func(b *testing.B) { benchmark(b, portfolio(b, n, 20)) })
	}
	b.Run("5000-items-1-team", func(b *testing.B) { benchmark(b, portfolio(b, 5000, 1)) })
	b.Run("5000-items-1-team-gaps", func(b *testing.B) { benchmark(b, gaps(b, 5000)) })
}

func benchmark(b *testing.B, p Problem) {
	b.ReportAllocs()
	for b.Loop() {
		forecast(b, p)
	}
}

// portfolio is n items of 1 to 60 days with up to three predecessors among the
// fifty before them, a tenth in progress and a tenth with a start date.
func portfolio(t testing.TB, n, teams int) Problem {
	random := rand.New(rand.NewPCG(1, 2))
	p := Problem{Today: day(t, "2027-03-01"), Calendar: calendar(t, mondayToFriday, "2027-04-27", "2027-12-24", "2028-12-25")}
	for i := range teams {
		p.Teams = append(p.Teams, Team{Name: fmt.Sprint("team-", i), Lanes: 1 + i%3})
	}
	for i := range n {
		item := Item{
			Name:            fmt.Sprintf("item-%04d", i),
			EffortMilliDays: 1000 + random.Int64N(60_000),
			VelocityPercent: 80,
			Started:         random.IntN(10) == 0,
			Team:            random.IntN(teams),
			Rank:            i,
		}
		if random.IntN(10) == 0 {
			item.NotBefore = p.Today.AddDays(random.IntN(1000))
		}
		for range min(i, random.IntN(4)) {
			item.Before = append(item.Before, Predecessor{Item: i - 1 - random.IntN(min(i, 50))})
		}
		p.Items = append(p.Items, item)
	}
	return p
}

// gaps has a day of work on every other day, and then items of two days.
func gaps(t testing.TB, n int) Problem {
	p := Problem{Today: day(t, "2027-03-01"), Calendar: calendar(t, mondayToFriday), Teams: []Team{{Name: "team", Lanes: 1}}}
	for i := range n {
		item := in(plan(fmt.Sprintf("item-%04d", i), 2), i)
		if i < n/2 {
			item = notBefore(in(plan(item.Name, 1), i), p.Calendar.Add(p.Today, 2*i+1))
		}
		p.Items = append(p.Items, item)
	}
	return p
}
