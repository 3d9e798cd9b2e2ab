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

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/journeyops/journey-operator/hack/controlplane"
)

// TestUnderKubectl installs the plugin as users do. Then kubectl must run it, and complete its arguments.
func TestUnderKubectl(t *testing.T) {
	if testing.Short() {
		t.Skip("needs kubectl")
	}
	assets, err := controlplane.Assets(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	kubectl, err := controlplane.Kubectl(assets)
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.Symlink("kubectl-journey", filepath.Join(bin, "kubectl_complete-journey")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	run := func(args ...string) string {
		out, err := exec.CommandContext(t.Context(), kubectl, args...).Output()
		if err != nil {
			t.Fatalf("kubectl %v: %v", args, err)
		}
		return string(out)
	}
	shop := filepath.Join("internal", "cmdtest", "testdata", "shop")
	if got := run("journey", "why", "-f", shop, "mom/find-my-size"); !strings.HasPrefix(got, "moment/find-my-size") {
		t.Errorf("kubectl journey why printed\n%s", got)
	}
	if got, _, _ := strings.Cut(run("__complete", "journey", "why", "-f", shop, "mom/find"), "\n"); got != "mom/find-my-size" {
		t.Errorf("the first name for kubectl journey why mom/find is %q", got)
	}
}
