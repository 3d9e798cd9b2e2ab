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
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/clustertest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

// TestClusterExchange takes a portfolio to a real cluster by way of a workbook, as "kubectl journey import | kubectl apply" does, and
// holds that what is exported from there is what is exported of the files.
func TestClusterExchange(t *testing.T) {
	c := clustertest.Start(t)
	const namespace = "exchange"
	c.NewNamespace(t, namespace)
	folder := filepath.Join(t.TempDir(), "copy")
	cmdtest.CopySample(t, "motor-claim", folder)
	kubectl, err := controlplane.Kubectl(c.Plane.Assets)
	if err != nil {
		t.Fatal(err)
	}
	documents := imported(t, exportedTo(t, "xlsx", folder), "-n", namespace).Out
	c.Kubectl(t, kubectl, "apply", "--server-side", "-R", "-n", namespace, "-f", cmdtest.Folder(t, map[string]string{"all.yaml": documents}))

	outside := []string{"-f", folder, "-n", namespace, "--as-of", "2026-11-22"}
	inside := []string{"-n", namespace, "--as-of", "2026-11-22", "--kubeconfig", c.Kubeconfig}
	for _, format := range []string{"xlsx", "jira-csv", "reqif"} {
		if exported(t, "", append(inside, "-o", format)...) != exported(t, "", append(outside, "-o", format)...) {
			t.Errorf("%s of the cluster is not that of the files", format)
		}
	}
	fromCluster, fromFiles := t.TempDir(), t.TempDir()
	exported(t, "", append(inside, "-o", cmdutil.OutputCSV, "--out", fromCluster)...)
	exported(t, "", append(outside, "-o", cmdutil.OutputCSV, "--out", fromFiles)...)
	if diff := cmp.Diff(cmdtest.Files(t, fromFiles), cmdtest.Files(t, fromCluster)); diff != "" {
		t.Errorf("csv of the cluster is not that of the files (-files +cluster):\n%s", diff)
	}
	before := cmdtest.Files(t, folder)
	if imported(t, fromCluster, "--into", folder); cmdtest.Files(t, folder) != before {
		t.Error("what comes from the cluster changes the files")
	}
}
