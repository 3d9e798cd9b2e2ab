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
	"time"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// slackDays is the number of calendar days from expected to needed; negative when expected is later. 0 where one of
// them is not a date, which the API server does not let through.
func slackDays(needed, expected cxv1alpha1.Date) int32 {
	from, errFrom := time.Parse(time.DateOnly, string(expected))
	to, errTo := time.Parse(time.DateOnly, string(needed))
	if errFrom != nil || errTo != nil {
		return 0
	}
	return int32(to.Sub(from) / (24 * time.Hour))
}
