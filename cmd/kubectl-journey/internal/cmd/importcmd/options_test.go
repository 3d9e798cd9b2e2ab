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

package importcmd

import (
	"slices"
	"testing"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
)

func TestOptions(t *testing.T) {
	o := cmdtest.Options(t, NewCmd, "import", "a.csv", "b.csv", "--into", "x", "--dry-run", "--skip-invalid", "--kind", "stages", "--map", "A=b")
	if !slices.Equal(o.Paths, []string{"a.csv", "b.csv"}) || o.Into != "x" || !o.DryRun || !o.SkipInvalid || o.Kind != "stages" {
		t.Errorf("got %+v", o)
	}
	if len(o.request.Kinds) != 1 || len(o.request.Mappings.Columns) != 1 {
		t.Errorf("it asks for %+v", o.request)
	}
}
