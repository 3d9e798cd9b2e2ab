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

package graph

import (
	"slices"
	"testing"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
)

func TestOptions(t *testing.T) {
	o := cmdtest.Options(t, NewCmd, "graph", "bb", "x", "-f", "a", "--depth", "2", "--requirements")
	if o.Target.Kind.Name != kinds.BuildingBlock || o.Target.Name != "x" || o.Depth != 2 || !o.Requirements || !slices.Equal(o.Sources(), []string{"a"}) {
		t.Errorf("got %+v of %+v", o, o.Target)
	}
	if o := cmdtest.Options(t, NewCmd, "graph"); o.Target != nil {
		t.Errorf("without KIND/NAME: %+v", o)
	}
}
