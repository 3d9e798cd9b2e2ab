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
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"
)

// firstSunday is 1970-01-04, where the weeks of the workday count begin.
const firstSunday = 3

// Calendar tells workdays from other days: a pattern that repeats every week,
// less the holidays. Make one with NewCalendar; the zero Calendar has no
// workday, so it leaves every day as it is and Forecast refuses it.
//
// The workdays are numbered consecutively, so that arithmetic on them is
// arithmetic on their numbers. Between number and date it costs O(log holidays).
type Calendar struct {
	works    [7]bool        // whether each weekday is a workday
	before   [7]int64       // workdays of the week before each weekday
	workdays []time.Weekday // the weekdays that are workdays, in order
	holidays []Day          // that fall on a workday of the week, ascending
	shifted  []int64        // per holiday, the number that the next workday takes in its place
}

// NewCalendar is the calendar in which the given weekdays are worked, but for
// the given holidays. Order and repetition do not matter, nor do holidays on a
// day off. It fails when there is no workday at all, or no such weekday.
func NewCalendar(workdays []time.Weekday, holidays []Day) (Calendar, error) {
	var c Calendar
	for _, w := range workdays {
		if w < time.Sunday || w > time.Saturday {
			return Calendar{}, fmt.Errorf("weekday %d does not exist", int(w))
		}
		c.works[w] = true
	}
	for w := time.Sunday; w <= time.Saturday; w++ {
		c.before[w] = int64(len(c.workdays))
		if c.works[w] {
			c.workdays = append(c.workdays, w)
		}
	}
	if len(c.workdays) == 0 {
		return Calendar{}, errors.New("a calendar needs at least one workday a week")
	}
	for _, h := range holidays {
		if c.works[h.Weekday()] {
			c.holidays = append(c.holidays, h)
		}
	}
	slices.Sort(c.holidays)
	c.holidays = slices.Compact(c.holidays)
	for i, h := range c.holidays {
		c.shifted = append(c.shifted, c.weekdaysBefore(int64(h))-int64(i))
	}
	return c, nil
}

// IsWorkday says whether d is worked.
func (c Calendar) IsWorkday(d Day) bool {
	_, holiday := slices.BinarySearch(c.holidays, d)
	return c.works[d.Weekday()] && !holiday
}

// OnOrAfter is the first workday on or after d, or MaxDay when that lies beyond.
func (c Calendar) OnOrAfter(d Day) Day {
	return c.Add(d, 0)
}

// Next is the first workday after d, or MaxDay when that lies beyond.
func (c Calendar) Next(d Day) Day {
	return c.OnOrAfter(d.AddDays(1))
}

// Add is the workday n workdays after the first one on or after d; before it
// when n is negative. It stops at MinDay and MaxDay.
func (c Calendar) Add(d Day, n int) Day {
	if c.empty() {
		return d
	}
	return c.date(saturatingAdd(c.number(int64(d)), int64(n)))
}

func (c *Calendar) empty() bool {
	return len(c.workdays) == 0
}

// number is the number of the first workday on or after d, a day that may lie
// beyond MaxDay.
func (c *Calendar) number(d int64) int64 {
	holidaysBefore := sort.Search(len(c.holidays), func(i int) bool { return int64(c.holidays[i]) >= d })
	return c.weekdaysBefore(d) - int64(holidaysBefore)
}

// day is the workday with that number. It may lie beyond MaxDay, but never so
// far that arithmetic on it runs over.
func (c *Calendar) day(number int64) int64 {
	const far = 1 << 40
	holidaysBefore := sort.Search(len(c.shifted), func(i int) bool { return c.shifted[i] > number })
	perWeek := int64(len(c.workdays))
	n := number + int64(holidaysBefore)
	week := min(max(floorDiv(n, perWeek), -far), far)
	return firstSunday + 7*week + int64(c.workdays[floorMod(n, perWeek)])
}

// date is the workday with that number, within MinDay and MaxDay.
func (c *Calendar) date(number int64) Day {
	return clampDay(c.day(number))
}

// weekdaysBefore counts the workdays before d by the week's pattern alone,
// from the week of firstSunday on.
func (c *Calendar) weekdaysBefore(d int64) int64 {
	week := floorDiv(d-firstSunday, 7)
	return week*int64(len(c.workdays)) + c.before[floorMod(d-firstSunday, 7)]
}
