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

package terminal

import (
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sparkline"
)

// levels are the heights of a line in text, from low to high.
var levels = [...]string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}

// Sparkline draws samples as a line of text that is at most so many columns wide. A column without samples is blank.
func Sparkline(samples []cxv1alpha1.Sample, columns int) string {
	var b strings.Builder
	next := 0
	for _, p := range sparkline.Of(samples, nil, min(columns, len(samples))-1, len(levels)-1).Points {
		b.WriteString(strings.Repeat(" ", p.X-next) + levels[p.Y])
		next = p.X + 1
	}
	return b.String()
}
