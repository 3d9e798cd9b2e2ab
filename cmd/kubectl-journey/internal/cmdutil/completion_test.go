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

package cmdutil

import (
	"slices"
	"testing"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/hostiletest"
)

// TestHostileNamesAreNotOffered holds that no shell runs what it completes.
func TestHostileNamesAreNotOffered(t *testing.T) {
	names := append([]string{"$(evil)", "`evil`", "a b", "a;evil", "a|evil", "a&evil", "a>evil", "a*", "a'", `a"`, "a\\", "a\tb", "!a", "#a", "~a"}, hostiletest.ForTerminals...)
	good := []string{"admin@cluster.local", "arn:aws:eks:eu:1:cluster/x", "gke_project_zone", "zürich"}
	if got := offer(append(names, good...), "", ""); !slices.Equal(got, good) {
		t.Errorf("%q are offered, want %q", got, good)
	}
}
