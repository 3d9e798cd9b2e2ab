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

package export

import (
	"slices"
	"testing"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
)

func TestOptions(t *testing.T) {
	o := cmdtest.Options(t, NewCmd, "export", "-f", "a", "-o", "jira-csv", "--out", "x.csv", "--force", "--link-template", "https://x/{name}")
	if !slices.Equal(o.Sources(), []string{"a"}) || o.Output != outputJiraCSV || o.Out != "x.csv" || !o.Force || o.LinkTemplate != "https://x/{name}" {
		t.Errorf("got %+v", o)
	}
}
