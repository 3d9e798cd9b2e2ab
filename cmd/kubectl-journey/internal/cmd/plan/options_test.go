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

package plan

import (
	"slices"
	"testing"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

func TestOptions(t *testing.T) {
	o := cmdtest.Options(t, NewCmd, "plan", "-f", "a", "--against", "main:a", "--fail-on", "blocked,late")
	if !slices.Equal(o.Sources(), []string{"a"}) || !slices.Equal(o.Against, []string{"main:a"}) || o.Prune ||
		!slices.Equal(o.FailOn, []diff.Criterion{diff.CriterionBlocked, diff.CriterionLate}) {
		t.Errorf("got %+v", o)
	}
	if o := cmdtest.Options(t, NewCmd, "plan", "-f", "a", "--prune", "--fail-on", "any"); !o.Prune || !slices.Equal(o.FailOn, diff.Criteria) {
		t.Errorf("for the cluster: %+v", o)
	}
}
