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
	"slices"
	"testing"

	. "github.com/journeyops/journey-operator/controllers/portfolio/schedule"
)

// The published examples below count time from 0, so today is day 0 and every
// day is worked.
func published(t *testing.T, teams []Team, items []Item) Problem {
	return Problem{Calendar: calendar(t, everyDay), Teams: teams, Items: items}
}

// makespan is when the last item is done, and which item that is.
func makespan(placed []Placement) (days, last int) {
	for i, at := range placed {
		if int(at.Finish)+1 > days {
			days, last = int(at.Finish)+1, i
		}
	}
	return days, last
}

// activity is an activity of a published project network: its duration, its
// predecessors by letter, and the earliest start and finish published for it.
type activity struct {
	name     string
	days     int64
	before   string
	earliest [2]int
}

// TestPublishedNetworks compares with textbooks of the critical path method:
// lengths, critical paths, and the earliest start and finish of each activity.
func TestPublishedNetworks(t *testing.T) {
	for _, tc := range []struct {
		source     string
		activities []activity
		length     int
		critical   string
	}{
		{
			"Hillier and Lieberman, Introduction to Operations Research (7th ed., ch. 10): Reliable Construction Co., in weeks",
			[]activity{
				{"A", 2, "", [2]int{0, 2}}, {"B", 4, "A", [2]int{2, 6}}, {"C", 10, "B", [2]int{6, 16}},
				{"D", 6, "C", [2]int{16, 22}}, {"E", 4, "C", [2]int{16, 20}}, {"F", 5, "E", [2]int{20, 25}},
				{"G", 7, "D", [2]int{22, 29}}, {"H", 9, "EG", [2]int{29, 38}}, {"I", 7, "C", [2]int{16, 23}},
				{"J", 8, "FI", [2]int{25, 33}}, {"K", 4, "J", [2]int{33, 37}}, {"L", 5, "J", [2]int{33, 38}},
				{"M", 2, "H", [2]int{38, 40}}, {"N", 6, "KL", [2]int{38, 44}},
			},
			44, "A B C E F J L N",
		}, {
			"Winston, Operations Research: Applications and Algorithms (4th ed., 8.4): Widgetco's new product, in days",
			[]activity{
				{"A", 6, "", [2]int{0, 6}}, {"B", 9, "", [2]int{0, 9}}, {"C", 8, "AB", [2]int{9, 17}},
				{"D", 7, "AB", [2]int{9, 16}}, {"E", 10, "D", [2]int{16, 26}}, {"F", 12, "CE", [2]int{26, 38}},
			},
			38, "B D E F",
		},
	} {
		var items []Item
		for _, a := range tc.activities {
			item := plan(a.name, a.days)
			for _, b := range a.before {
				item.Before = append(item.Before, Predecessor{Item: int(b - 'A')})
			}
			items = append(items, item)
		}
		p := published(t, nil, items)
		placed := forecast(t, p)
		for i, a := range tc.activities {
			if got := [2]int{int(placed[i].Start), int(placed[i].Finish) + 1}; got != a.earliest {
				t.Errorf("%s: %s is at %v, want %v", tc.source, a.name, got, a.earliest)
			}
		}
		length, last := makespan(placed)
		if length != tc.length || chainNames(p, placed, last) != tc.critical {
			t.Errorf("%s: length %d by %s, want %d by %s", tc.source, length, chainNames(p, placed, last), tc.length, tc.critical)
		}
	}
}

// TestGrahamsAnomalies: the nine tasks of Graham, "Bounds on Multiprocessing
// Timing Anomalies" (1969), take 12 on three processors, and longer with a
// fourth processor, with less work, or with fewer dependencies. Graham's lists
// let whatever is ready start first (the parallel scheme), which the serial
// scheme does for the first case when task 9 comes before task 5.
func TestGrahamsAnomalies(t *testing.T) {
	const (
		listed = "123456789"
		ninth  = "123495678"
	)
	for _, tc := range []struct {
		name      string
		order     string
		lanes     int
		less      int64
		afterFour string
		want      int
	}{
		{"three processors", ninth, 3, 0, "5678", 12},
		{"four processors", listed, 4, 0, "5678", 15},
		{"each task shorter by one", listed, 3, 1, "5678", 13},
		{"tasks 5 and 6 no longer after 4", listed, 3, 0, "78", 16},
	} {
		items := make([]Item, 9)
		for i, days := range []int64{3, 2, 2, 2, 4, 4, 4, 4, 9} {
			items[i] = plan(fmt.Sprint(i+1), days-tc.less)
		}
		items[8].Before = after(0)
		for _, task := range tc.afterFour {
			items[task-'1'].Before = after(3)
		}
		for rank, task := range tc.order {
			items[task-'1'] = in(items[task-'1'], rank)
		}
		if got, _ := makespan(forecast(t, published(t, []Team{{Name: "processors", Lanes: tc.lanes}}, items))); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
}

// TestGrahamsBounds: the examples that attain the bounds of list scheduling.
// Any list is within 2-1/m of the optimum (Graham 1966) and longest first
// within 4/3-1/(3m) (Graham 1969). Here m is 3.
func TestGrahamsBounds(t *testing.T) {
	for _, tc := range []struct {
		name string
		days []int64
		want int
	}{
		{"worst list", []int64{1, 1, 1, 1, 1, 1, 3}, 5},
		{"best list", []int64{3, 1, 1, 1, 1, 1, 1}, 3},
		{"longest first", []int64{5, 5, 4, 4, 3, 3, 3}, 11},
		{"optimum", []int64{5, 5, 3, 3, 4, 4, 3}, 9},
	} {
		var items []Item
		for rank, days := range tc.days {
			items = append(items, in(plan(fmt.Sprint(rank), days), rank))
		}
		if got, _ := makespan(forecast(t, published(t, []Team{{Name: "machines", Lanes: 3}}, items))); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
}

// TestJohnsonsFlowShop: the five jobs on two machines of Johnson, "Optimal
// two- and three-stage production schedules with setup times included" (1954),
// take 47 in the optimal order 5 1 4 3 2, and 78 in the reverse.
func TestJohnsonsFlowShop(t *testing.T) {
	times := [][2]int64{{4, 5}, {4, 1}, {30, 4}, {6, 30}, {2, 3}}
	for order, want := range map[string]int{"51432": 47, "23415": 78} {
		var items []Item
		for rank, job := range order {
			first := in(plan(fmt.Sprintf("%c-first", job), times[job-'1'][0]), 2*rank)
			second := in(plan(fmt.Sprintf("%c-second", job), times[job-'1'][1], len(items)), 2*rank+1)
			second.Team = 1
			items = append(items, first, second)
		}
		if got, _ := makespan(forecast(t, published(t, []Team{{Name: "first", Lanes: 1}, {Name: "second", Lanes: 1}}, items))); got != want {
			t.Errorf("order %s: %d, want %d", order, got, want)
		}
	}
}

// ft06 is the job shop of 6 jobs on 6 machines of Fisher and Thompson (1963),
// in Muth and Thompson, "Industrial Scheduling": per job its operations, each
// with machine and time. The shortest schedule takes 55.
var ft06 = [6][6][2]int{
	{{2, 1}, {0, 3}, {1, 6}, {3, 7}, {5, 3}, {4, 6}},
	{{1, 8}, {2, 5}, {4, 10}, {5, 10}, {0, 10}, {3, 4}},
	{{2, 5}, {3, 4}, {5, 8}, {0, 9}, {1, 1}, {4, 7}},
	{{1, 5}, {0, 5}, {2, 5}, {3, 3}, {4, 8}, {5, 9}},
	{{2, 9}, {1, 3}, {4, 5}, {5, 4}, {0, 3}, {3, 1}},
	{{1, 3}, {3, 3}, {5, 9}, {0, 10}, {4, 4}, {2, 1}},
}

// jobShop is ft06 with the operations in the given order: each number is a job,
// and stands for the next operation of that job.
func jobShop(t *testing.T, order []int) Problem {
	var teams []Team
	for m := range 6 {
		teams = append(teams, Team{Name: fmt.Sprint("machine-", m), Lanes: 1})
	}
	var items []Item
	done := make([][]int, 6) // per job, its operations so far
	for rank, job := range order {
		operation := ft06[job][len(done[job])]
		item := in(plan(fmt.Sprintf("%d-%d", job, len(done[job])), int64(operation[1])), rank)
		item.Team = operation[0]
		if n := len(done[job]); n > 0 {
			item.Before = after(done[job][n-1])
		}
		done[job] = append(done[job], len(items))
		items = append(items, item)
	}
	return published(t, teams, items)
}

// TestFisherAndThompsonsJobShop: serial generation reaches the published
// optimum with a good order (some order always does: Kolisch 1996), and no order
// beats it. The critical chain then explains each of the 55 days.
func TestFisherAndThompsonsJobShop(t *testing.T) {
	const optimum = 55
	var best []int
	for _, job := range "232241156461453633254251366214345165" {
		best = append(best, int(job-'1'))
	}
	p := jobShop(t, best)
	placed := forecast(t, p)
	got, last := makespan(placed)
	if got != optimum {
		t.Errorf("the best order takes %d, want %d", got, optimum)
	}
	sum := 0
	for _, i := range CriticalChain(placed, last) {
		sum += placed[i].Duration
	}
	if sum != optimum {
		t.Errorf("the critical chain %s explains %d days of %d", chainNames(p, placed, last), sum, optimum)
	}
	order := slices.Clone(best)
	random := rand.New(rand.NewPCG(5, 5))
	for range 2000 {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		if got, _ := makespan(forecast(t, jobShop(t, order))); got < optimum {
			t.Fatalf("order %v takes %d, less than the optimum of %d", order, got, optimum)
		}
	}
}
