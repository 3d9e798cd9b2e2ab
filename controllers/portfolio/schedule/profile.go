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

package schedule

import (
	"slices"
	"sort"
)

// profile is the free capacity of one team over time: a step function of the
// workday's number. Steps are in order, neighbours differ, and the last goes on
// forever with every lane free. A full stretch, however long, is one step.
type profile []step

type step struct {
	from int64 // first workday of the step
	free int   // lanes that no item uses
}

func newProfile(first int64, lanes int) profile {
	return profile{{from: first, free: lanes}}
}

// earliest is the first workday, from the given one on, that begins length
// workdays in a row with a lane free.
func (p profile) earliest(from, length int64) int64 {
	start := from
	for i := p.at(from); ; i++ {
		last := i == len(p)-1
		switch {
		case p[i].free == 0:
			start = p[i+1].from
		case last || p[i+1].from-start >= length:
			return start
		}
	}
}

// take uses a lane on length workdays from start on. Where none is free, which
// only work in progress brings about, the team stays full.
func (p *profile) take(start, length int64) {
	i := p.split(start)
	end := p.split(start + length)
	for ; i < end; i++ {
		(*p)[i].free = max((*p)[i].free-1, 0)
	}
	*p = slices.CompactFunc(*p, func(a, b step) bool { return a.free == b.free })
}

// at is the step that holds the workday.
func (p profile) at(day int64) int {
	return sort.Search(len(p), func(i int) bool { return p[i].from > day }) - 1
}

// split makes a step begin at the workday, and is that step.
func (p *profile) split(day int64) int {
	i := p.at(day)
	if (*p)[i].from == day {
		return i
	}
	*p = slices.Insert(*p, i+1, step{from: day, free: (*p)[i].free})
	return i + 1
}
