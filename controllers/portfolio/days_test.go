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
	"testing"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/schedule"
)

func TestDaysOfTheScheduleAreThoseOfTheAPI(t *testing.T) {
	for date, day := range map[cxv1alpha1.Date]schedule.Day{
		cxv1alpha1.MinDate: schedule.MinDay, cxv1alpha1.MaxDate: schedule.MaxDay, "1970-01-01": 0, "2027-03-01": 20878,
	} {
		if dayOf(date) != day || dateOf(day) != date || day.String() != string(date) || day.Weekday() != date.Weekday() {
			t.Errorf("%s is day %d of the schedule, %s, want day %d", date, dayOf(date), dateOf(day), day)
		}
	}
}
