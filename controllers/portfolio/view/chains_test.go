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

package view_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// TestChainsSayWhatStatusesSay compares the chains with the statuses of moments.
func TestChainsSayWhatStatusesSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := portfolio.Evaluate(portfoliotest.Objects(t), portfoliotest.Today)
		chains := view.ChainsOf(e)
		dated := 0
		for _, status := range e.Moments {
			if status.ExpectedDate != "" {
				dated++
			}
		}
		expect(t, "chains", len(chains), dated)
		for n, c := range chains {
			expect(t, "items", c.Items, e.Moments[c.Moment].CriticalChain)
			expect(t, "expected", c.Expected, e.Moments[c.Moment].ExpectedDate)
			if n > 0 && c.Expected > chains[n-1].Expected {
				t.Fatal("the latest does not come first")
			}
			for _, other := range chains {
				if c.Last && c.Journey == other.Journey && other.Expected > c.Expected {
					t.Fatalf("%s is not the last of its journey: %s is", c.Moment, other.Moment)
				}
			}
		}
	})
}
